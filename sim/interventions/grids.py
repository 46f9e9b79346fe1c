"""Grid density: more and smaller grids, or fewer and larger ones, each with its workers."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sim.interventions.base import Intervention

if TYPE_CHECKING:
    from sim.model import TownModel


class GridDensity(Intervention):
    """Multiplies the number of grids; workers a grid stay the same, so staff and its cost grow along."""

    name: ClassVar[str] = "grid_density"

    factor: float = Field(
        ..., gt=0, le=100, description="Number of grids as a multiple of the scenario's: 2 makes grids half as large."
    )

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        """Redraw the grids for the product of all active factors."""
        model.set_grid_factor(prod(lever.factor for lever in model.active(cls)))
