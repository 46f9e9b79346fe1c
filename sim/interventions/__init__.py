"""Interventions: one file for each family of levers, and the catalogue of all that are known by name."""

from sim.interventions.base import Intervention, Switch
from sim.interventions.books import ColourGrading, RecordingTarget, SmallMatters, ThreeAffairs
from sim.interventions.catalogue import CatalogueError, catalogue
from sim.interventions.grids import GridDensity
from sim.interventions.mediators import Mediators
from sim.interventions.patrol import PatrolMode, PatrolSurge, PatrolTiming

__all__ = [
    "CatalogueError",
    "ColourGrading",
    "GridDensity",
    "Intervention",
    "Mediators",
    "PatrolMode",
    "PatrolSurge",
    "PatrolTiming",
    "RecordingTarget",
    "SmallMatters",
    "Switch",
    "ThreeAffairs",
    "catalogue",
]
