"""The interventions that a scenario may name: the project's own and those of installed packages."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from sim.interventions.base import Intervention
from sim.interventions.books import ColourGrading, RecordingTarget, SmallMatters, ThreeAffairs
from sim.interventions.grid_work import (
    CaseList,
    GridCampaign,
    GridHours,
    GridRounds,
    LayoutOfGrids,
    MicroGrids,
    SecondedStaff,
    Whistle,
)
from sim.interventions.grids import GridDensity
from sim.interventions.mediation import HandOver, MediationOffices, MediationPractice
from sim.interventions.mediators import Mediators
from sim.interventions.patrol import PatrolMode, PatrolSurge, PatrolTiming
from sim.interventions.self_governance import SelfGovernance

ENTRY_POINTS = "gridtown.interventions"
OWN: tuple[type[Intervention], ...] = (
    SelfGovernance,
    GridDensity,
    LayoutOfGrids,
    GridRounds,
    GridHours,
    MicroGrids,
    Whistle,
    CaseList,
    GridCampaign,
    SecondedStaff,
    Mediators,
    MediationOffices,
    HandOver,
    MediationPractice,
    ThreeAffairs,
    ColourGrading,
    SmallMatters,
    RecordingTarget,
    PatrolTiming,
    PatrolSurge,
    PatrolMode,
)


class CatalogueError(ValueError):
    """An installed package offers an intervention that cannot be used; the message names it and says what to do."""


def offered(entry: EntryPoint) -> type[Intervention]:
    """Return the intervention class that an installed package offers.

    Raises:
        CatalogueError: it cannot be imported, is no intervention, or has no name.
    """
    origin = f"entry point {entry.name!r} ({entry.value})"
    try:
        kind = entry.load()
    except (ImportError, AttributeError) as problem:
        raise CatalogueError(f"{origin} cannot be loaded: {problem}; mend or remove its package") from problem
    if not (isinstance(kind, type) and issubclass(kind, Intervention)):
        raise CatalogueError(f"{origin} is no subclass of Intervention; mend or remove its package")
    if not isinstance(getattr(kind, "name", None), str):
        raise CatalogueError(f"{origin} has no name; mend or remove its package")
    return kind


def catalogue() -> dict[str, type[Intervention]]:
    """Return every known intervention class by name.

    A package adds one through the entry point group ``gridtown.interventions``.

    Raises:
        CatalogueError: an entry point names something that is no intervention, or a name that is taken.
    """
    known = {kind.name: kind for kind in OWN}
    for entry in entry_points(group=ENTRY_POINTS):
        kind = offered(entry)
        if kind.name in known:
            raise CatalogueError(
                f"entry point {entry.name!r} ({entry.value}) takes the name {kind.name!r}, which is in use; "
                "remove one of the packages"
            )
        known[kind.name] = kind
    return known
