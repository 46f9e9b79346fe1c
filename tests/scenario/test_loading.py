from __future__ import annotations

import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.scenario import CsvTown, Scenario, ScenarioError, load_scenario, scenario_hash

Write = Callable[..., Path]

CSV_TOWN = """\
town:
  kind: csv
  nodes_file: {nodes}
  arcs_file: {nodes}
  townships: 2
  communities: 5
people: {{residents: 5000}}
mediation: {{mediators: 3}}
response: {{units: 9}}
"""


@pytest.fixture
def refused(catalogue: Any) -> Callable[..., list[str]]:
    """Load a file and return the fields of its mistakes."""

    def load(path: Path, *overrides: str) -> list[str]:
        with pytest.raises(ScenarioError) as caught:
            load_scenario(path, catalogue=catalogue, overrides=overrides)
        return [mistake.field for mistake in caught.value.mistakes]

    return load


def test_a_child_says_only_what_differs(write: Write, valid: str, catalogue: Any) -> None:
    write(valid, "base.yaml")
    child = write("extends: base.yaml\npeople: {merchants: 7}\ninterventions: []\n", "child.yaml")
    scenario = load_scenario(child, catalogue=catalogue)
    assert (scenario.name, scenario.title) == ("child", "A small town")
    assert (scenario.people.residents, scenario.people.merchants) == (5000, 7)
    assert scenario.interventions == ()


def test_a_chain_equals_its_flat_form(write: Write, valid: str, catalogue: Any) -> None:
    write(valid, "a.yaml")
    write("extends: a.yaml\nresponse: {units: 12}\n", "sub/b.yaml")
    write(valid, "sub/a.yaml")
    chain = write("extends: sub/b.yaml\ngrid: {households_per_grid: 300}\n", "c.yaml")
    flat = write(valid.replace("units: 9", "units: 12") + "grid: {households_per_grid: 300.0}\n", "flat.yaml")
    hashes = {scenario_hash(load_scenario(path, catalogue=catalogue)) for path in (chain, flat)}
    assert len(hashes) == 1


def test_another_way_to_count_grids_replaces_the_parents(write: Write, valid: str, catalogue: Any) -> None:
    write(valid + "grid: {grids: 20, workers: 40}\n", "base.yaml")
    child = write("extends: base.yaml\ngrid: {households_per_grid: 200}\n", "child.yaml")
    scenario = load_scenario(child, catalogue=catalogue)
    assert (scenario.grid.grids, scenario.grid.households_per_grid, scenario.grid.workers) == (None, 200, 40)
    on_command_line = load_scenario(child, catalogue=catalogue, overrides=["grid.grids=10", "grid.workers_per_grid=2"])
    assert on_command_line.grid.grids == 10
    assert on_command_line.grid.households_per_grid is None
    assert (on_command_line.grid.workers, on_command_line.grid.workers_per_grid) == (None, 2)


def test_both_ways_in_one_file_are_a_mistake(write: Write, valid: str, refused: Callable[..., list[str]]) -> None:
    path = write(valid + "grid: {grids: 20, households_per_grid: 200}\n")
    assert refused(path) == ["grid.households_per_grid"]


def test_another_kind_of_town_drops_the_fields_of_the_first(write: Write, valid: str, catalogue: Any) -> None:
    write(valid, "base.yaml")
    write("", "streets.graphml")
    child = write("extends: base.yaml\ntown: {kind: graphml, file: streets.graphml}\n", "child.yaml")
    town = load_scenario(child, catalogue=catalogue).town
    assert (town.kind, town.townships) == ("graphml", 2)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_cycles_are_refused(write: Write, refused: Callable[..., list[str]], length: int) -> None:
    for row in range(length):
        path = write(f"extends: town{(row + 1) % length}.yaml\n", f"town{row}.yaml")
    assert refused(path) == ["extends"]


def test_a_cycle_through_a_link_is_refused(write: Write, tmp_path: Path, refused: Callable[..., list[str]]) -> None:
    path = write("extends: b.yaml\n", "a.yaml")
    (tmp_path / "b.yaml").symlink_to(path)
    assert refused(path) == ["extends"]


def test_a_very_long_chain_is_refused(write: Write, refused: Callable[..., list[str]]) -> None:
    for row in range(40):
        path = write(f"extends: town{row - 1}.yaml\n", f"town{row}.yaml")
    assert refused(path) == ["extends"]


@pytest.mark.parametrize(
    "given", ["../base.yaml", "/etc/passwd", "missing.yaml", "3", "[a]", "'a\\0b'", "folder", "''"]
)
def test_what_extends_may_name(
    write: Write, tmp_path: Path, valid: str, refused: Callable[..., list[str]], given: str
) -> None:
    write(valid, "base.yaml")
    (tmp_path / "inner" / "folder").mkdir(parents=True)
    assert refused(write(f"extends: {given}\n", "inner/town.yaml")) == ["extends"]


def test_a_shipped_scenario_may_be_extended_by_name(write: Write, catalogue: Any) -> None:
    scenario = load_scenario(write("extends: classroom\nresponse: {units: 7}\n"), catalogue=catalogue)
    assert (scenario.people.residents, scenario.response.units) == (5000, 7)


def test_mistakes_of_a_parent_are_told_at_the_parent(write: Write, valid: str, catalogue: Any) -> None:
    write(valid.replace("units: 9", "units: -9"), "base.yaml")
    child = write("extends: base.yaml\npeople: {residents: x}\n", "child.yaml")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(child, catalogue=catalogue)
    found = [(Path(mistake.file).name, mistake.line, mistake.field) for mistake in caught.value.mistakes]
    assert found == [("base.yaml", 13, "response.units"), ("child.yaml", 2, "people.residents")]


def test_an_unreadable_parent_does_not_hide_the_childs_mistakes(
    write: Write, refused: Callable[..., list[str]]
) -> None:
    path = write("extends: none.yaml\npeople: {residens: 5}\n")
    assert refused(path) == ["extends", "people.residens"]


def test_data_files_are_found_beside_the_file_that_names_them(write: Write, catalogue: Any, tmp_path: Path) -> None:
    write("id,x,y\n", "sub/data/nodes.csv")
    write(CSV_TOWN.format(nodes="data/nodes.csv"), "sub/base.yaml")
    town = load_scenario(write("extends: sub/base.yaml\n"), catalogue=catalogue).town
    assert isinstance(town, CsvTown)
    assert town.nodes_file == (tmp_path / "sub/data/nodes.csv").resolve()


def test_a_member_of_a_zip_file(write: Write, catalogue: Any, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "roads.zip", "w") as archive:
        archive.writestr("nodes.csv", "id,x,y\n")
    scenario = load_scenario(write(CSV_TOWN.format(nodes="roads.zip/nodes.csv")), catalogue=catalogue)
    before = scenario_hash(scenario)
    with zipfile.ZipFile(tmp_path / "roads.zip", "a") as archive:
        archive.writestr("more.csv", "id\n")
    assert scenario_hash(scenario) != before, "data count by content"


@pytest.mark.parametrize(
    "given", ["../nodes.csv", "/etc/hostname", "link.csv", "missing.csv", "nodes.csv/../../nodes.csv"]
)
def test_data_files_stay_in_the_folder_tree(
    write: Write, tmp_path: Path, refused: Callable[..., list[str]], given: str
) -> None:
    write("id,x,y\n", "nodes.csv")
    path = write(CSV_TOWN.format(nodes=given), "inner/town.yaml")
    (tmp_path / "inner/link.csv").symlink_to(tmp_path / "nodes.csv")
    assert refused(path) == ["town.nodes_file", "town.arcs_file"]


def test_the_command_line_may_name_any_file(write: Write, tmp_path: Path, catalogue: Any) -> None:
    outside = write("id,x,y\n", "nodes.csv")
    path = write(CSV_TOWN.format(nodes="nodes.csv"), "inner/town.yaml")
    write("id,x,y\n", "inner/nodes.csv")
    town = load_scenario(path, catalogue=catalogue, overrides=[f"town.nodes_file={outside}"]).town
    assert isinstance(town, CsvTown)
    assert (town.nodes_file, town.arcs_file) == (outside.resolve(), (tmp_path / "inner/nodes.csv").resolve())


def test_data_files_with_equal_content_have_one_hash(write: Write, catalogue: Any) -> None:
    hashes = set()
    for folder in ("a", "b"):
        write("id,x,y\n", f"{folder}/nodes.csv")
        hashes.add(
            scenario_hash(
                load_scenario(write(CSV_TOWN.format(nodes="nodes.csv"), f"{folder}/t.yaml"), catalogue=catalogue)
            )
        )
    assert len(hashes) == 1


def test_a_name_from_a_file_with_an_odd_name(write: Write, valid: str, catalogue: Any) -> None:
    assert load_scenario(write(valid, "My Town (2).yaml"), catalogue=catalogue).name == "my-town-2"
    assert load_scenario(write(valid, "邵阳.yaml"), catalogue=catalogue).name == "scenario"


def test_scenarios_travel_between_processes(catalogue: Any) -> None:
    scenario = load_scenario("classroom", catalogue=catalogue)
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_scenarios_are_values(write: Write, valid: str, catalogue: Any) -> None:
    first, second = (load_scenario(write(valid), catalogue=catalogue) for _ in range(2))
    assert first == second
    assert isinstance(first, Scenario)
    with pytest.raises(ValueError, match="frozen"):
        setattr(first.people, "residents", 3)  # noqa: B010 (the check under test happens at run time)
