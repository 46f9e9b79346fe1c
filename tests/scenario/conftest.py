"""A small catalogue of interventions, a valid scenario, and a way to write files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.scenario import Mistake, Scenario, ScenarioError, load_scenario


class Lever(BaseModel):
    """What every intervention has."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    from_day: float = Field(default=0.0, ge=0, description="Day from which it acts.")
    until_day: float | None = Field(default=None, gt=0, description="Day from which it no longer acts.")
    enabled: bool = Field(default=True, description="False switches it off.")


class Density(Lever):
    """More and smaller grids."""

    name: ClassVar[str] = "grid_density"
    factor: float = Field(..., gt=0, description="Number of grids as a multiple.")


class Timing(Lever):
    """When crews begin."""

    name: ClassVar[str] = "patrol_timing"
    profile: Literal["flat", "demand", "weights"] = Field(..., description="What the hours follow.")
    weights: list[float] | None = Field(default=None, description="Weights of your own.")
    weekday_weights: list[float] | None = Field(default=None, description="Weights of weekdays.")
    share: float = Field(default=1.0, ge=0, le=1, description="How far to go.")

    @model_validator(mode="after")
    def _weights_fit(self) -> Timing:
        if (self.weights is not None) != (self.profile == "weights"):
            raise ValueError("weights are given exactly when profile is weights")
        return self


class Surge(Lever):
    """More crews on some days."""

    name: ClassVar[str] = "patrol_surge"
    factor: float = Field(..., ge=1, description="Number of crews as a multiple.")
    holidays: bool = Field(default=False, description="True: on holidays only.")
    groups: tuple[str, ...] | None = Field(default=None, description="Names of groups.")

    def concerns(self, group: str) -> bool:
        """Decide whether it acts on a group."""
        return self.groups is None or group in self.groups


CATALOGUE: dict[str, type[BaseModel]] = {"grid_density": Density, "patrol_timing": Timing, "patrol_surge": Surge}

VALID = """\
title: A small town
town:
  kind: synthetic
  area_km2: 4
  townships: 2
  communities: 5
people:
  residents: 5000
  merchants: 100
mediation:
  mediators: 3
response:
  units: 9
interventions:
  - name: grid_density
    factor: 2
"""


@pytest.fixture
def catalogue() -> dict[str, type[BaseModel]]:
    return CATALOGUE


@pytest.fixture
def valid() -> str:
    return VALID


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file below the test's folder and return its path."""

    def write_file(text: str | bytes, name: str = "town.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write_file


@pytest.fixture
def load(write: Callable[..., Path]) -> Callable[..., Scenario]:
    """Load a scenario from its text."""

    def load_text(text: str | bytes, *overrides: str) -> Scenario:
        return load_scenario(write(text), catalogue=CATALOGUE, overrides=overrides)

    return load_text


@pytest.fixture
def mistakes(load: Callable[..., Scenario]) -> Callable[..., list[Mistake]]:
    """Return all mistakes of a scenario's text."""

    def find(text: str | bytes, *overrides: str) -> list[Mistake]:
        with pytest.raises(ScenarioError) as caught:
            load(text, *overrides)
        return list(caught.value.mistakes)

    return find


@pytest.fixture
def fields() -> dict[str, Any]:
    """Return the least that a scenario must say."""
    return {
        "town": {"kind": "synthetic", "area_km2": 4, "townships": 2, "communities": 5},
        "people": {"residents": 5000},
        "mediation": {"mediators": 3},
        "response": {"units": 9},
    }
