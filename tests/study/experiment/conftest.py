"""Experiment files about a town that takes no time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.scenario import Mistake
from sim.study.experiment import Experiment, ExperimentError, design_points, load_experiment, make_experiment

TINY = """\
name: tiny
title: A tiny town
calendar: {days: 12}
town: {kind: synthetic, area_km2: 0.5, townships: 1, communities: 2, road_nodes: 40}
people: {residents: 500}
grid: {grids: 4}
mediation: {mediators: 2}
response: {units: 3}
interventions:
  - {name: grid_hours, activity_factor: 1.5}
"""
EXPERIMENT = """\
title: Grids and mediators
base: tiny.yaml
factors:
  - {name: density, field: grid.grids, levels: [4, 8]}
  - {name: mediators, field: mediation.mediators, levels: [1, 2, 3]}
design: {kind: factorial}
replications: 2
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file beside the tiny scenario and return its path."""
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")

    def write_file(text: str, name: str = "study.yaml") -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write_file


@pytest.fixture
def load(write: Callable[..., Path]) -> Callable[[str], Experiment]:
    """Return the experiment of a text."""
    return lambda text: load_experiment(write(text))


@pytest.fixture
def made(write: Callable[..., Path]) -> Callable[..., Experiment]:
    """Return an experiment about the tiny town from its fields; those left out are those of a small factorial."""
    folder = write(TINY, "tiny.yaml").parent

    def make(**fields: Any) -> Experiment:
        usual = {
            "base": "tiny.yaml",
            "factors": [{"name": "density", "field": "grid.grids", "levels": [4, 8]}],
            "design": {"kind": "factorial"},
        }
        if "precision" not in fields:
            fields = {"replications": 2, **fields}
        return make_experiment({**usual, **fields}, folder)

    return make


@pytest.fixture
def mistakes(write: Callable[..., Path]) -> Callable[[str], list[Mistake]]:
    """Return all mistakes of an experiment's text, those of its points included."""

    def find(text: str) -> list[Mistake]:
        with pytest.raises(ExperimentError) as caught:
            design_points(load_experiment(write(text)))
        return list(caught.value.mistakes)

    return find
