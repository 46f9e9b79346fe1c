"""Interventions: one file for each family of levers, and the catalogue of all that are known by name."""

from sim.interventions.base import Intervention, Switch
from sim.interventions.books import ColourGrading, RecordingTarget, SmallMatters, ThreeAffairs
from sim.interventions.catalogue import ENTRY_POINTS, CatalogueError, catalogue
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

__all__ = [
    "ENTRY_POINTS",
    "CaseList",
    "CatalogueError",
    "ColourGrading",
    "GridCampaign",
    "GridDensity",
    "GridHours",
    "GridRounds",
    "HandOver",
    "Intervention",
    "LayoutOfGrids",
    "MediationOffices",
    "MediationPractice",
    "Mediators",
    "MicroGrids",
    "PatrolMode",
    "PatrolSurge",
    "PatrolTiming",
    "RecordingTarget",
    "SecondedStaff",
    "SmallMatters",
    "Switch",
    "ThreeAffairs",
    "Whistle",
    "catalogue",
]
