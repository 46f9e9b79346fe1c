"""From the town part of a scenario to a town."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.town.csv_network import csv_town
from sim.town.graphml import graphml_town
from sim.town.network import Town
from sim.town.osm_network import osm_town
from sim.town.plane import plane_town
from sim.town.streets import Speeds
from sim.town.synthetic import synthetic_town

if TYPE_CHECKING:
    from sim.scenario import CsvTown, GraphmlTown, OsmTown, PlaneTown, SyntheticTown


def default_speeds() -> Speeds:
    """Return the speeds of the parameter table."""
    from sim.scenario import default

    kinds = ("trunk", "main", "street", "lane")
    return Speeds(*(float(default(f"speed_{kind}_kmh")) for kind in kinds))


def build_town(
    settings: SyntheticTown | CsvTown | GraphmlTown | OsmTown | PlaneTown, seed: int = 1, speeds: Speeds | None = None
) -> Town:
    """Return the town that a scenario's ``town`` part describes.

    Args:
        settings: the town part of a scenario.
        seed: of the generator, a whole number from 0 to 2**63 - 1; only a generated town depends on it.
            Replications of a scenario share one town, so the runs' seeds do not go in here.
        speeds: ordinary driving speeds by kind of road; those of the parameter table when left out.

    Raises:
        TownError: everything that is wrong with the network or the counts, with file and line.
    """
    chosen = speeds or default_speeds()
    if settings.kind == "csv":
        return csv_town(settings, chosen)
    if settings.kind == "graphml":
        return graphml_town(settings, chosen)
    if settings.kind == "osm":
        return osm_town(settings, chosen)
    if settings.kind == "plane":
        return plane_town(settings)
    return synthetic_town(settings, seed, chosen)
