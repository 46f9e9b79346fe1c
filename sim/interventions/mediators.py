"""Mediator counts: more or fewer mediators in the offices."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sim.interventions.base import Intervention

if TYPE_CHECKING:
    from sim.model import TownModel


class Mediators(Intervention):
    """Multiplies the number of mediators; they are shared out among the offices by residents."""

    name: ClassVar[str] = "mediators"

    factor: float = Field(..., ge=0, le=100, description="Number of mediators as a multiple of the scenario's.")

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        """Hire or let go for the product of all active factors."""
        model.set_mediator_factor(prod(lever.factor for lever in model.active(cls)))
