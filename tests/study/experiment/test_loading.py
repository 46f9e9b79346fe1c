"""Experiment files are read whole, or refused with everything that is wrong, each at its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import Mistake, parameter_table
from sim.study.experiment import Experiment, ExperimentError, experiments, load_experiment, make_experiment

Load = Callable[[str], Experiment]
Find = Callable[[str], list[Mistake]]

HEAD = "base: tiny.yaml\nreplications: 2\ndesign: {kind: factorial}\nfactors:\n"
GOOD = HEAD + "  - {name: density, field: grid.grids, levels: [4, 8]}\n"


def at_line(found: list[Mistake], line: int) -> list[Mistake]:
    return [one for one in found if one.line == line]


def test_a_file_is_read(load: Load) -> None:
    read = load(GOOD + "title: Grids\nset: {calendar.days: 5}\n")
    assert read.name == "study"
    assert read.title == "Grids"
    assert read.factors[0].choices == (4, 8)
    assert read.set_ == {"calendar.days": 5}
    assert read.first_replications == read.most_replications == 2


def test_ranges_of_the_parameter_table_are_filled_in(load: Load) -> None:
    read = load(
        "base: tiny.yaml\nreplications: 1\ndesign: {kind: latin-hypercube, points: 4}\nfactors:\n"
        "  - {name: a, field: parameters.climb_tension_gain}\n"
        "  - {name: b, field: people.migrant_share, high: 0.4}\n"
        "  - {name: c, field: parameters.climb_per_day.3}\n"
        "  - {name: d, field: parameters.sessions_most}\n"
    )
    table = parameter_table()
    a, b, c, d = read.factors
    assert (a.low, a.high) == (table["climb_tension_gain"].low, table["climb_tension_gain"].high)
    assert (b.low, b.high) == (table["migrant_share"].low, 0.4)
    low, high = table["climb_per_day"].low, table["climb_per_day"].high
    assert isinstance(low, tuple)
    assert isinstance(high, tuple)
    assert (c.low, c.high) == (low[3], high[3])
    assert d.whole
    assert not a.whole


def test_all_mistakes_are_told_at_once_and_at_their_lines(mistakes: Find) -> None:
    found = mistakes(
        "base: tiny.yaml\n"
        "replications: 2\n"
        "outcomes: [respons_minutes_mean]\n"
        "design: {kind: factorial}\n"
        "factors:\n"
        "  - {name: density, field: grid.gridz, levels: [4, 8]}\n"
        "  - {name: density, field: mediation.mediators, low: 3, high: 1}\n"
        "  - {name: p, field: parameters.discovery_probabilty, levels: [0.2]}\n"
        "  - {name: w, intervention: whistel, field: at_once_per_township, levels: [1]}\n"
        "  - {name: x, intervention: whistle, field: at_onse, levels: [1]}\n"
        "  - {name: run, field: people.residents, levels: [500, 500]}\n"
    )
    assert {(one.line, one.nearest) for one in found} >= {
        (3, "response_minutes_mean"),
        (6, "grids"),
        (8, "discovery_probability"),
        (9, "whistle"),
    }
    assert {one.line for one in found} == {3, 6, 7, 8, 9, 10, 11}
    fields = {one.field for one in found}
    assert {"factors.1.name", "factors.1.high", "factors.1.levels", "factors.5.name", "factors.5.levels"} <= fields
    assert all(one.file.endswith("study.yaml") for one in found)


@pytest.mark.parametrize(
    ("text", "line", "field", "words"),
    [
        (GOOD.replace("factorial", "factrial"), 3, "design.kind", "factorial"),
        (GOOD.replace("{kind: factorial}", "{points: 3}"), 3, "design.kind", "latin-hypercube"),
        (GOOD.replace("{kind: factorial}", "{kind: factorial, points: 3}"), 3, "design.points", "field of factorial"),
        (GOOD.replace("factorial", "sobol-sequence, points: 100"), 3, "design.points", "power of 2"),
        (GOOD.replace("factorial", "morris, trajectories: 4, levels: 5"), 3, "design.levels", "multiple of 2"),
        (GOOD.replace("replications: 2", "replication: 2"), 2, "replication", "replications"),
        (GOOD.replace("replications: 2\n", ""), 1, "", "either replications or precision"),
        (GOOD + "precision: {outcomes: {true_disputes: 1}}\n", 1, "", "either replications or precision"),
        (GOOD + "seed: -1\n", 6, "seed", "greater than or equal to 0"),
        (GOOD.replace("[4, 8]", "[4, [8]]"), 5, "factors.0.levels", "a number, a word"),
        (GOOD.replace("[4, 8]", "[]"), 5, "factors.0.levels", "list of single values"),
        (GOOD.replace("levels: [4, 8]", "low: 4"), 5, "factors.0.high", "both ends"),
        (GOOD.replace("[4, 8]", "[4, 8], low: 1"), 5, "factors.0.low", "levels or a range"),
        (GOOD.replace("[4, 8]", "[4, 8], settings: {a: 1}"), 5, "factors.0.settings", "intervention"),
        (GOOD.replace("density", "Seed"), 5, "factors.0.name", "no column of the tables"),
        (GOOD + "  - {name: Density, field: response.units, levels: [2]}\n", 6, "factors.1.name", "no other factor"),
        (GOOD.replace("grid.grids", "title"), 5, "factors.0.field", "on which runs depend"),
        (GOOD.replace("grid.grids", "interventions.3.factor"), 5, "factors.0.field", "number of one of the base's"),
        (GOOD.replace("grid.grids", "interventions.0.factor"), 5, "factors.0.field", "activity_factor"),
        (GOOD.replace("grid.grids", "parameters.migrant_share"), 5, "factors.0.field", "people.migrant_share"),
        (GOOD.replace("grid.grids", "parameters.climb_per_day.9"), 5, "factors.0.field", "from 0 to 8"),
        (GOOD.replace("grid.grids", "parameters.sessions_most.1"), 5, "factors.0.field", "nothing more"),
        (GOOD.replace("grid.grids", "grid..grids"), 5, "factors.0.field", "a field, as"),
        (GOOD.replace("tiny.yaml", "tinny"), 1, "base", "scenario"),
        (GOOD + "set: {calendar.dayz: 5}\n", 6, "calendar.dayz", "days"),
        (GOOD + "budget: {runs: 3}\n", 6, "budget.runs", "budget's 3 runs"),
        (GOOD + "  - {name: b, field: grid.households_per_grid, levels: [9]}\n", 6, "factors.1.field", "density"),
        (GOOD + "  - {name: b, field: grid, levels: {x: {grids: 3}}}\n", 6, "factors.1.field", "density"),
    ],
)
def test_one_mistake_is_told_with_place_and_remedy(
    text: str, line: int, field: str, words: str, mistakes: Find
) -> None:
    found = mistakes(text)
    fitting = [one for one in found if one.line == line and one.field == field]
    assert fitting, found
    assert any(words in f"{one.allowed} {one.nearest}" for one in fitting), fitting


def test_settings_of_one_intervention_must_agree(mistakes: Find) -> None:
    lever = "  - {{name: {}, intervention: grid_density, field: {}, levels: [1], settings: {{from_day: {}}}}}\n"
    found = mistakes(HEAD + lever.format("a", "factor", 3) + lever.format("b", "until_day", 4))
    assert [one.field for one in found] == ["factors.1.settings.from_day"]
    found = mistakes(HEAD + lever.format("a", "factor", 3) + lever.format("b", "from_day", 3))
    assert {one.field for one in found} == {"factors.0.settings.from_day", "factors.1.settings.from_day"}
    found = mistakes(HEAD + lever.format("a", "factor", 3) + lever.format("b", "factor", 3))
    assert [one.field for one in found] == ["factors.1.field"]


def test_a_design_too_large_to_hold_is_refused_by_its_number(mistakes: Find) -> None:
    levels = f"[{', '.join(str(level) for level in range(1, 101))}]"
    fields = ["grid.visits_per_worker_per_day", "mediation.mediators", "response.units", "people.merchants"]
    lines = "".join(f"  - {{name: f{row}, field: {field}, levels: {levels}}}\n" for row, field in enumerate(fields))
    (found,) = mistakes(HEAD + lines)
    assert found.field == "design"
    assert "100,000,000 points" in found.given


def test_mistakes_of_the_base_keep_their_own_file(write: Callable[..., Path]) -> None:
    write("town: {kind: synthetic}\n", "broken.yaml")
    with pytest.raises(ExperimentError) as caught:
        load_experiment(write(GOOD.replace("tiny.yaml", "broken.yaml")))
    assert {Path(one.file).name for one in caught.value.mistakes} == {"broken.yaml"}


def test_what_is_no_experiment_file(write: Callable[..., Path], tmp_path: Path) -> None:
    for text, words in (("- a\n", "a mapping of fields"), ("a: [", "YAML"), ("a: &x 1\n", "anchors")):
        with pytest.raises(ExperimentError, match=words):
            load_experiment(write(text))
    with pytest.raises(ExperimentError, match="an experiment file"):
        load_experiment(tmp_path)
    with pytest.raises(ExperimentError, match=r'did you mean "density-mediators-patrol"'):
        load_experiment("density_mediators_patrol")


def test_no_more_than_a_screenful_is_printed() -> None:
    factors = [{"name": f"f{row}", "field": f"grid.g{row}", "levels": [1]} for row in range(60)]
    with pytest.raises(ExperimentError) as caught:
        make_experiment({"base": "classroom", "factors": factors, "design": {"kind": "factorial"}, "replications": 1})
    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "... and 40 more"


def test_rows_of_a_table_come_from_a_file(load: Load, write: Callable[..., Path]) -> None:
    text = HEAD.replace("{kind: factorial}", "{kind: table, file: points.csv}")
    text += "  - {name: density, field: grid.grids}\n  - {name: patrol, field: response.patrol_timing.profile}\n"
    write("density, patrol\n4, flat\n\n8.0, demand\n", "points.csv")
    read = load(text)
    assert read.design.model_dump()["rows"] == ({"density": 4, "patrol": "flat"}, {"density": 8, "patrol": "demand"})


@pytest.mark.parametrize(
    ("table", "file", "line", "words"),
    [
        ("density\n4\nx\n5,6\n", "points.csv", 4, "2 cells"),
        ("density\n4\n.inf\n", "points.csv", 3, "finite"),
        ("density,density\n4,4\n", "points.csv", 1, "a column twice"),
        ("density\n", "points.csv", 0, "no row"),
        ("densty\n4\n", "study.yaml", 3, "densty"),
    ],
)
def test_a_table_that_does_not_fit(
    table: str, file: str, line: int, words: str, mistakes: Find, write: Callable[..., Path]
) -> None:
    write(table, "points.csv")
    text = HEAD.replace("{kind: factorial}", "{kind: table, file: points.csv}")
    found = mistakes(text + "  - {name: density, field: grid.grids}\n")
    assert (Path(found[0].file).name, found[0].line) == (file, line)
    assert words in found[0].given


def test_a_table_that_cannot_be_read(mistakes: Find) -> None:
    text = HEAD.replace("{kind: factorial}", "{kind: table, file: nowhere.csv}")
    (found,) = mistakes(text + "  - {name: density, field: grid.grids}\n")
    assert (found.line, found.field) == (3, "design.file")
    (found,) = mistakes(HEAD.replace("factorial", "table") + "  - {name: density, field: grid.grids}\n")
    assert "file or rows" in found.allowed


def test_rows_out_of_a_factors_values_are_refused(mistakes: Find) -> None:
    text = HEAD.replace("{kind: factorial}", "{kind: table, rows: [{a: 5, b: 2.5}, {a: 4, b: 9}, {a: 4}]}")
    text += "  - {name: a, field: grid.grids, levels: [4, 8]}\n"
    text += "  - {name: b, field: mediation.mediators, low: 1, high: 6, whole: true}\n"
    found = mistakes(text)
    fields = [one.field for one in found]
    assert fields == ["design.rows.0.a", "design.rows.0.b", "design.rows.1.b", "design.rows.2"]
    assert "no b" in found[-1].given


def test_shipped_experiments_are_found_by_name() -> None:
    assert {"density-mediators-patrol", "daye-density-mediators-patrol"} <= experiments().keys()
    assert load_experiment("density-mediators-patrol").base == "classroom"


@given(st.text(alphabet="{}[]:,-&*!|>'\"\n\t abc019.#%@", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever stands in a file, it is an experiment or a list of mistakes."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.yaml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ExperimentError):
            load_experiment(path)
