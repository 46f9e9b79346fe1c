"""``gridtown check``."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from typer.testing import Result

from sim.commands.check import hours_words, round_number
from sim.interventions import catalogue

Command = Callable[..., Result]


def test_says_what_would_be_built(gridtown: Command) -> None:
    done = gridtown("check", "tiny.yaml", "tiny-grids.yaml")
    assert done.exit_code == 0
    for words in ("A tiny town", "500 residents", "1 county, 1 township, 2 communities", "3 crews of 2", "12 days"):
        assert words in done.stdout
    assert "grid_density: factor 2, from day 2" in done.stdout
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80


def test_crews_are_told_by_group(gridtown: Command) -> None:
    groups = "response.groups=[{name: foot, units: 4}, {name: night, units: 2}]"
    assert "9 crews (patrol 3, foot 4, night 2)" in gridtown("check", "tiny.yaml", "--set", groups).stdout
    alone = gridtown("check", "tiny.yaml", "--set", groups, "--set", "response.units=0")
    assert "6 crews (foot 4, night 2)" in alone.stdout


def test_runs_nothing(gridtown: Command, folder: Path) -> None:
    before = sorted(path.name for path in folder.iterdir())
    gridtown("check", "tiny.yaml")
    assert sorted(path.name for path in folder.iterdir()) == before


def test_uncovered_hours_are_told(gridtown: Command) -> None:
    night = "response.patrol_timing={profile: weights, weights: [" + ",".join(["0"] * 8 + ["1"] * 16) + "]}"
    done = gridtown("check", "tiny.yaml", "--set", "response.shift_hours=2", "--set", night)
    assert done.exit_code == 0
    assert "No crew covers 00:00-" in done.stdout


def test_a_policy_that_begins_too_late_is_told(gridtown: Command) -> None:
    late = ("--set", "interventions=[{name: mediators, factor: 2, from_day: 9999}]")
    told = "mediators begins on day 9999, after the run's"
    assert told in " ".join(gridtown("check", "tiny.yaml", *late).stdout.split())
    assert told in " ".join(gridtown("run", "tiny.yaml", *late).stderr.split())
    assert told not in gridtown("check", "tiny.yaml").stdout


def test_all_mistakes_of_all_files(gridtown: Command, folder: Path) -> None:
    (folder / "wrong.yaml").write_text("extends: tiny.yaml\npeopel: {}\n")
    (folder / "worse.yaml").write_text("extends: tiny.yaml\nresponse: {units: 0}\n")
    done = gridtown("check", "wrong.yaml", "tiny.yaml", "worse.yaml")
    assert done.exit_code == 2
    assert "wrong.yaml:2: peopel" in done.stderr
    assert 'did you mean "people"?' in done.stderr
    assert "worse.yaml:2: response.units: given 0" in done.stderr
    assert "2 mistakes in 2 scenarios; nothing was run" in done.stderr
    assert "A tiny town" in done.stdout


def test_json(gridtown: Command, folder: Path) -> None:
    (folder / "wrong.yaml").write_text("extends: tiny.yaml\npeopel: {}\n")
    done = gridtown("check", "tiny.yaml", "wrong.yaml", "--set", "people.residents=600", "--json")
    assert done.exit_code == 2
    told = json.loads(done.stdout)
    assert told["scenarios"][0]["scenario"]["people"]["residents"] == 600
    assert len(told["scenarios"][0]["hash"]) == 64
    assert [mistake["field"] for mistake in told["mistakes"]] == ["peopel"]


def test_a_broken_network_is_a_mistake(gridtown: Command, folder: Path) -> None:
    (folder / "nodes.csv").write_text("id,x,y\n1,0,0\n2,0,100\n")
    (folder / "arcs.csv").write_text("tail,head\n1,2\n2,9\n")
    (folder / "net.yaml").write_text(
        "extends: tiny.yaml\ntown: {kind: csv, nodes_file: nodes.csv, arcs_file: arcs.csv, coordinates: metres,"
        " area_km2: null, road_nodes: null}\n"
    )
    done = gridtown("check", "net.yaml")
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_spans_of_hours() -> None:
    every_day = [
        span for day in range(7) for span in ((24.0 * day + 3, 24.0 * day + 5.5), (24.0 * day + 23, 24.0 * day + 24))
    ]
    assert hours_words(every_day) == "03:00-05:30, 23:00-24:00"
    assert hours_words([(0.0, 168.0)]) == "00:00-24:00"
    assert hours_words([(3.0, 5.0)]) == "Mon 03:00 to 05:00"
    assert hours_words([(118.0, 122.25), (160.0, 168.0)]) == "Fri 22:00 to Sat 02:15, Sun 16:00 to 24:00"
    over_midnight = [(0.0, 2.0), *((24.0 * day + 22, 24.0 * day + 26) for day in range(6)), (166.0, 168.0)]
    assert hours_words(over_midnight) == "00:00-02:00, 22:00-24:00"
    assert [round_number(count) for count in (1234, 98, 0)] == [1200, 98, 0]


def test_counts_that_hang_on_drawn_households_are_called_so(gridtown: Command) -> None:
    drawn = "--set", "grid={grids: null, households_per_grid: 40}"
    assert "about 5 with about 5 grid workers" in gridtown("check", "tiny.yaml", *drawn).stdout
    assert "about 5 with 20 grid workers" in gridtown("check", "tiny.yaml", *drawn, "--set", "grid.workers=20").stdout
    assert "4 with 4 grid workers" in gridtown("check", "tiny.yaml", "--set", "grid={grids: 4}").stdout
    # A lever's additional grids are no part of the town as it begins.
    assert "4 with 4 grid workers" in gridtown("check", "tiny-grids.yaml", "--set", "grid={grids: 4}").stdout


def test_a_wrong_field_is_told_without_its_consequences(gridtown: Command) -> None:
    done = gridtown("check", "tiny.yaml", "--set", "people.residents=-1")
    assert done.exit_code == 2
    assert "people.residents: given -1" in done.stderr
    assert "1 mistake in 1 scenario" in done.stderr


def test_a_faulty_package_ends_in_one_line(gridtown: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def entry_points(**_group: str) -> list[EntryPoint]:
        return [EntryPoint("odd", "json:loads", "gridtown.interventions")]

    monkeypatch.setitem(catalogue.__globals__, "entry_points", entry_points)
    for command in (("check", "tiny.yaml"), ("schema",), ("run", "tiny.yaml")):
        done = gridtown(*command)
        assert done.exit_code == 2
        assert done.stderr.count("\n") == 1
        assert "entry point 'odd' (json:loads) is no subclass of Intervention" in done.stderr
