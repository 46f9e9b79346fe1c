"""gridtown: an agent-based simulation of city-level governance.

A script needs ``from sim import TownModel, load``; everything else is in the folders. Both wait for their first use
before they import anything, so that ``gridtown --help`` does not wait for the compiler.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.model import TownModel
    from sim.scenario import Scenario

__all__ = ["TownModel", "load"]


def load(scenario: str | Path, *overrides: str) -> Scenario:
    """Return a scenario of the library by its name, or of a file by its path.

    Args:
        scenario: for example ``"classroom"`` or ``Path("my-town.yaml")``.
        overrides: fields to set on top, as ``"grid.households_per_grid=200"``.

    Raises:
        ScenarioError: there is no such scenario, or it has mistakes; the message lists all of them.
    """
    from sim.interventions import catalogue
    from sim.scenario import load_scenario

    return load_scenario(scenario, catalogue=catalogue(), overrides=overrides)


def __getattr__(name: str) -> Any:
    """Import ``TownModel`` when it is first asked for."""
    if name == "TownModel":
        from sim.model import TownModel

        return TownModel
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
