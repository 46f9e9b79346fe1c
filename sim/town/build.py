"""From the town part of a scenario to a town."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.town.network import Town
from sim.town.streets import Speeds
from sim.town.synthetic import synthetic_town

if TYPE_CHECKING:
    from sim.scenario import CsvTown, GraphmlTown, SyntheticTown


def default_speeds() -> Speeds:
    """Return the speeds of the parameter table."""
    from sim.scenario import default

    kinds = ("trunk", "main", "street", "lane")
    return Speeds(*(float(default(f"speed_{kind}_kmh")) for kind in kinds))


def build_town(settings: SyntheticTown | CsvTown | GraphmlTown, seed: int, speeds: Speeds | None = None) -> Town:
    """Return the town that a scenario's ``town`` part describes.

    Args:
        settings: the town part of a scenario.
        seed: of the generator; a loaded network does not depend on it.
        speeds: ordinary driving speeds by kind of road; those of the parameter table when left out.

    Raises:
        TownError: everything that is wrong with the network or the counts, with file and line.
    """
    chosen = speeds or default_speeds()
    return synthetic_town(settings, seed, chosen)
