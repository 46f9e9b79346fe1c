"""The interventions that a scenario may name: the project's own and those of installed packages."""

from __future__ import annotations

from importlib.metadata import entry_points

from sim.interventions.base import Intervention
from sim.interventions.grids import GridDensity
from sim.interventions.mediators import Mediators
from sim.interventions.patrol import PatrolTiming

ENTRY_POINTS = "gridtown.interventions"
OWN: tuple[type[Intervention], ...] = (GridDensity, Mediators, PatrolTiming)


def catalogue() -> dict[str, type[Intervention]]:
    """Return every known intervention class by name.

    A package adds one through the entry point group ``gridtown.interventions``.

    Raises:
        ValueError: an entry point names something that is no intervention, or a name that is taken.
    """
    known = {kind.name: kind for kind in OWN}
    for entry in entry_points(group=ENTRY_POINTS):
        kind = entry.load()
        if not (isinstance(kind, type) and issubclass(kind, Intervention)):
            raise ValueError(f"entry point {entry.name!r} ({entry.value}) is no subclass of Intervention")
        if kind.name in known:
            raise ValueError(f"entry point {entry.name!r} takes the name {kind.name!r}, which is in use")
        known[kind.name] = kind
    return known
