"""``gridtown check``."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from typer.testing import Result

from sim.commands.check import round_number
from sim.commands.check_response import hours_words
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
    told = gridtown("check", "tiny.yaml", "--set", groups).stdout
    for words in ("patrol: 3 crews of 2", "foot: 4 crews of 2", "night: 2 crews of 2"):
        assert words in told
    alone = gridtown("check", "tiny.yaml", "--set", groups, "--set", "response.units=0")
    assert "foot: 4 crews" in alone.stdout
    assert "patrol:" not in alone.stdout


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


def test_a_response_alone_is_told_by_its_calls_and_groups(gridtown: Command) -> None:
    done = gridtown("check", "calls.yaml")
    assert done.exit_code == 0, done.output
    words = " ".join(done.stdout.split())
    assert "people none: a response alone" in words
    assert "alarms: 60 a day, 24 min on scene, 2 units each" in words
    assert "cars: 6 crews of 2, driving at random, shifts of 8 hours, 2 posts" in words
    assert "walkers: 3 crews of 1, at post, 1 shift, 1 post" in words
    assert "some 360 calls;" in words
    for absent in ("residents in", "0 crews", "grid workers", "mediators", "disputes", "offered load"):
        assert absent not in words


def test_load_is_calls_times_units_times_minutes_over_crews_on_duty(gridtown: Command) -> None:
    (told,) = json.loads(gridtown("check", "calls.yaml", "--json").stdout)["scenarios"]
    assert told["load"]["offered"] == pytest.approx(60 * 2 * 24 / 1440)
    assert told["load"]["on_duty"] == pytest.approx((6 * 8 + 3 * 8) / 24)
    assert told["load"]["per_unit"] == pytest.approx(2 / 3)
    assert told["households"] == told["grids"] == told["mediators"] == 0
    assert told["posts"] == sum(group["posts"] for group in told["groups"]) == 3


@pytest.mark.parametrize(("queue", "words"), [("{}", "no steady state"), ("{capacity: 0}", "calls are lost")])
def test_more_work_than_can_be_done_is_told(gridtown: Command, queue: str, words: str) -> None:
    many = ("--set", "calls.streams.0.per_day=90", "--set", f"response.queue={queue}")
    said = " ".join(gridtown("check", "calls.yaml", *many).stdout.split())
    assert "The offered load is 1.00 for each unit on duty" in said
    assert words in said


def test_residents_calls_and_those_of_disputes_are_counted(gridtown: Command) -> None:
    (told,) = json.loads(gridtown("check", "tiny.yaml", "--json").stdout)["scenarios"]
    assert [flow["origin"] for flow in told["calls"]] == ["background", "dispute"]
    assert told["expected_calls"] == pytest.approx(sum(flow["per_day"] for flow in told["calls"]) * 12, abs=0.5)


def test_a_log_is_read_and_its_notes_are_told(gridtown: Command, folder: Path) -> None:
    (folder / "log.csv").write_text("when,x,y\n2023-01-02 03:00,0,0\n2023-01-02 04:00,10,0\n2024-01-01 00:00,0,0\n")
    log = "{file: log.csv, time_zone: none, coordinates: metres, columns: {received: when, x: x, y: y}}"
    done = gridtown("check", "calls.yaml", "--set", f"calls.log={log}")
    words = " ".join(done.stdout.split())
    assert "2 calls of the log log.csv" in words
    assert "1 calls left out: outside the run's days" in words
    assert "some 360 calls;" in words
    (folder / "log.csv").write_text("when,x,y\nyesterday,0,0\n")
    wrong = gridtown("check", "calls.yaml", "--set", f"calls.log={log}")
    assert wrong.exit_code == 2
    assert "log.csv:2" in wrong.stderr


def test_names_of_nodes_are_looked_up_all_at_once(gridtown: Command) -> None:
    places = "calls.streams.0.places={kind: weights, weights: {nowhere: 1}}"
    done = gridtown("check", "calls.yaml", "--set", places, "--set", "response.groups.1.post_nodes=[neverland]")
    assert done.exit_code == 2
    assert "nowhere" in done.stderr
    assert "neverland" in done.stderr
