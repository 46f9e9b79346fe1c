"""``gridtown verify``: what it prints, what it refuses, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from sim import study
from sim.study import Case, Reference, all_cases
from sim.study.verification import measures

Command = Callable[..., Result]
CHOSEN = ("loss-2", "three-units-loss")


@pytest.fixture
def few_cases(monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    """Let the command run two cases only."""
    chosen = [case for case in all_cases() if case.scenario in CHOSEN]
    monkeypatch.setattr(study, "all_cases", lambda: chosen)
    return chosen


def widest(text: str) -> int:
    return max(len(line.rstrip()) for line in text.splitlines())


def test_cases_are_shown_beside_what_must_come_out(gridtown: Command, few_cases: list[Case], folder: Path) -> None:
    done = gridtown("verify", "--replications", "10", "--days", "6", "--jobs", "1", "--out", folder / "out")
    assert done.exit_code == 0, done.stdout
    assert widest(done.stdout) <= 80
    figures = sum(len(case.references) for case in few_cases)
    assert f"{figures} of {figures} references lie in their 99 % interval." in done.stdout
    assert "45 of 45 agree" in done.stdout
    assert "Erlang 1917" in done.stdout
    assert "calls lost" in done.stdout
    assert "--data" in done.stdout, "what was not run is named"
    written = json.loads((folder / "out" / "verification.json").read_text(encoding="utf-8"))
    assert written["all_agree"] is True
    assert written["runs"] == 10 * len(CHOSEN)
    row = written["rows"][0]
    assert row["low"] <= row["reference"] <= row["high"]


def test_a_case_that_is_wrong_ends_with_1(gridtown: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = (Reference("lost", "lost", 0.25, "share"), Reference("busy", "busy", 0.8, "units"))
    monkeypatch.setattr(study, "all_cases", lambda: [Case("loss-2", "erlang", measures.queue, wrong)])
    done = gridtown("verify", "--replications", "5", "--days", "4", "--jobs", "1")
    assert done.exit_code == 1
    assert "differs by -" in done.stdout
    assert "1 of 2 references" in done.stdout
    told = json.loads(gridtown("verify", "--replications", "5", "--days", "4", "--jobs", "1", "--json").stdout)
    assert told["all_agree"] is False
    assert [row["verdict"] for row in told["rows"]] == ["differs", "agrees"]


def test_a_scenario_is_shown_beside_its_twin(gridtown: Command) -> None:
    done = gridtown("verify", "queue-4", "--replications", "4", "--days", "2", "--jobs", "1")
    assert done.exit_code == 0
    assert widest(done.stdout) <= 80
    assert "0.75 for each unit on duty" in done.stdout
    assert "mean wait" in done.stdout
    assert "The scenario is as the twin assumes." in done.stdout


def test_a_load_of_more_than_one_is_warned_of_and_runs(gridtown: Command) -> None:
    asked = ("verify", "queue-4", "--set", "calls.streams.0.per_day=6912", "--replications", "3", "--days", "1")
    done = gridtown(*asked, "--jobs", "1")
    assert done.exit_code == 0
    assert "the load is 1.20 for each unit" in done.stdout
    assert "no steady" in done.stdout
    told: dict[str, Any] = json.loads(gridtown(*asked, "--jobs", "1", "--json").stdout)
    assert told["steady_state"] is False
    assert [one["id"] for one in told["unsteady"]] == ["overload"]
    assert told["load"]["per_unit"] == pytest.approx(1.2)
    assert {line["verdict"] for line in told["figures"]} == {"unsteady"}


def test_broken_assumptions_are_told_in_words(gridtown: Command) -> None:
    done = gridtown("verify", "tiny.yaml", "--replications", "2", "--jobs", "1")
    assert done.exit_code == 0
    assert widest(done.stdout) <= 80
    assert "Ways lie on an even grid of streets; here on a road network." in done.stdout
    told = json.loads(gridtown("verify", "tiny.yaml", "--replications", "2", "--jobs", "1", "--json").stdout)
    assert {"roads", "rates_vary", "calls_uneven"} <= {one["id"] for one in told["assumptions"]}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--replications", "1"), "2 or more"),
        (("queue-4", "--data", "."), "--data is for the textbook cases"),
        (("--set", "a=1"), "--set is for a SCENARIO"),
        (("--data", "."), "jemss-manhattan"),
        (("no-such-town",), "no such file or name"),
        (("queue-4", "--days", "5000"), "calendar.days"),
    ],
)
def test_what_makes_no_sense_is_refused(gridtown: Command, arguments: tuple[str, ...], message: str) -> None:
    done = gridtown("verify", *arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert not done.stdout


LOGGED = """\
name: logged
calendar: {start_date: 2024-01-01, days: 1}
town: {kind: plane, area_km2: 4.0, edges: wrap}
calls:
  background: false
  log:
    file: calls.csv
    time_zone: UTC
    columns: {received: received, node: node, call_taking_seconds: taking, on_scene: on_scene, closed: closed}
response:
  groups: [{name: patrol, units: 2, shift_hours: 24.0, mode: at_post}]
"""


def test_a_log_without_chance_is_shown_without_an_interval(gridtown: Command, folder: Path) -> None:
    hours = [f"2024-01-01 {hour:02d}" for hour in range(24)]
    rows = [f"{hour}:00:00,1/1,60,{hour}:01:30,{hour}:21:30" for hour in hours]
    (folder / "calls.csv").write_text("\n".join(["received,node,taking,on_scene,closed", *rows]) + "\n")
    (folder / "logged.yaml").write_text(LOGGED)
    done = gridtown("verify", "logged.yaml", "--replications", "2", "--jobs", "1")
    assert done.exit_code == 0, done.stderr
    assert widest(done.stdout) <= 80
    assert "One log: no interval." in done.stdout
    assert " 0 differ" in done.stdout


def test_losing_calls_is_steady_at_any_load(gridtown: Command) -> None:
    asked = ("verify", "loss-4", "--set", "calls.streams.0.per_day=6912", "--replications", "2", "--days", "1")
    told = json.loads(gridtown(*asked, "--jobs", "1", "--json").stdout)
    assert told["load"]["per_unit"] == pytest.approx(1.2)
    assert (told["steady_state"], told["unsteady"]) == (True, [])
