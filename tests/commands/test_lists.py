"""``gridtown schema``, ``scenarios``, ``outcomes`` and ``parameters``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

from sim.outcomes import CATALOGUE, HEADLINE
from sim.scenario import library, parameter_table

Command = Callable[..., Result]


def test_schema_is_printed_or_written(gridtown: Command, folder: Path) -> None:
    printed = json.loads(gridtown("schema").stdout)
    assert "grid_density" in json.dumps(printed)
    assert gridtown("schema", "--out", "a/schema.json").exit_code == 0
    assert json.loads((folder / "a" / "schema.json").read_text()) == printed
    assert [path.name for path in (folder / "a").iterdir()] == ["schema.json"]
    refused = gridtown("schema", "--out", "tiny.yaml/s.json")
    assert refused.exit_code == 2
    assert "cannot write tiny.yaml" in refused.stderr


def test_scenarios_are_all_listed(gridtown: Command) -> None:
    done = gridtown("scenarios")
    assert all(name in done.stdout for name in library())
    assert "Classroom town" in done.stdout
    told = {one["name"]: one for one in json.loads(gridtown("scenarios", "--json").stdout)["scenarios"]}
    assert told.keys() == library().keys()
    assert told["classroom"]["residents"] == 5000


def test_outcomes_are_listed_and_defined(gridtown: Command) -> None:
    listed = gridtown("outcomes").stdout
    assert all(id_ in listed for id_ in CATALOGUE)
    assert sum(line.startswith("*") for line in listed.splitlines()) == len(HEADLINE)
    defined = gridtown("outcomes", "settlement_gap").stdout
    assert CATALOGUE["settlement_gap"].definition.split()[0] in defined
    assert "response_minutes_p90" not in defined
    told = json.loads(gridtown("outcomes", "--json").stdout)["outcomes"]
    assert [one["id"] for one in told] == list(CATALOGUE)


def test_an_unknown_outcome(gridtown: Command) -> None:
    done = gridtown("outcomes", "setlement_gap")
    assert done.exit_code == 2
    assert "settlement_gap" in done.stderr


def test_parameters_with_their_sources(gridtown: Command) -> None:
    shown = gridtown("parameters").stdout
    assert all(id_ in shown for id_ in parameter_table())
    assert max(len(line.rstrip()) for line in shown.splitlines()) <= 80
    told = json.loads(gridtown("parameters", "--status", "n", "--json").stdout)["parameters"]
    assert {one["status"] for one in told} == {"N"}
    assert len(told) == sum(one.status == "N" for one in parameter_table().values())


def test_a_scenarios_own_values(gridtown: Command, folder: Path) -> None:
    (folder / "own.yaml").write_text(
        "extends: tiny.yaml\npeople: {migrant_share: 0.35}\nparameters: {tension_half_life_days: 14}\n"
    )
    shown = gridtown("parameters", "own.yaml").stdout
    assert "migrant_share  0.35 (default 0.2) share" in shown
    assert "tension_half_life_days  14 (default 30) days" in shown
    assert "households_per_grid  by count (default" in shown
    told = {one["id"]: one for one in json.loads(gridtown("parameters", "own.yaml", "--json").stdout)["parameters"]}
    assert told["migrant_share"]["changed"]
    assert not told["adult_share"]["changed"]


def test_an_unknown_status(gridtown: Command) -> None:
    done = gridtown("parameters", "--status", "Q")
    assert done.exit_code == 2
    assert "F, D, M or N" in done.stderr
