"""The command in this process, and a scenario that takes no time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sim.cli import app

TINY = """\
name: tiny
title: A tiny town
calendar: {days: 12}
town: {kind: synthetic, area_km2: 0.5, townships: 1, communities: 2, road_nodes: 40}
people: {residents: 500}
grid: {grids: 4}
mediation: {mediators: 2}
response: {units: 3}
"""
OPTION = """\
extends: tiny.yaml
name: tiny-grids
title: The tiny town with smaller grids
interventions:
  - {name: grid_density, factor: 2.0, from_day: 2}
"""
CALLS = """\
name: calls
title: Calls and nobody who lives there
calendar: {days: 6}
town: {kind: synthetic, area_km2: 0.5, townships: 1, communities: 2, road_nodes: 40}
calls:
  streams: [{name: alarms, per_day: 60, units: 2, scene: {law: exponential, mean_minutes: 24}}]
response:
  groups:
    - {name: cars, units: 6, posts: 2, mode: random}
    - {name: walkers, units: 3, crew: 1, shifts: [{units: 3, start_hour: 8, hours: 8}]}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with a scenario and an option to compare it with."""
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (tmp_path / "tiny-grids.yaml").write_text(OPTION, encoding="utf-8")
    (tmp_path / "calls.yaml").write_text(CALLS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.fixture
def gridtown(folder: Path) -> Callable[..., Result]:
    """Return the command: ``gridtown("run", "tiny.yaml")``."""
    assert folder.is_dir()
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [str(one) for one in arguments], catch_exceptions=False)
