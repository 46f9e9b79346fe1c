"""Self-governance of villages and communities: rules of their own, councils and talks in the yard."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from sim.codes import Category
from sim.interventions.base import InTownships
from sim.scenario import CategoryName

if TYPE_CHECKING:
    from sim.model import TownModel


class SelfGovernance(InTownships):
    """Fewer frictions become disputes, and open ones end sooner by themselves, in communities that govern themselves.

    No source says by how much: both sizes are free and are to be swept. Of several such levers the factors multiply.
    """

    name: ClassVar[str] = "self_governance"

    friction_factor: float = Field(
        default=1.0, ge=0, le=1, description="Share of frictions that still become disputes under the village rules."
    )
    fade_factor: float = Field(
        default=1.0, ge=0, le=100, description="Rate of ending by itself, as a multiple, thanks to councils and talks."
    )
    categories: tuple[CategoryName, ...] | None = Field(
        default=None, min_length=1, max_length=len(Category), description="Categories that it is about; empty: all."
    )

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        """Give every community the product of the factors of all levers that act there now."""
        townships = model.world.communities["township"]
        friction = np.ones((len(townships), len(Category)))
        fade = np.ones_like(friction)
        for lever in model.active(cls):
            there = np.isin(townships, list(lever.townships(int(townships.max()) + 1, model.time)))
            about = [Category[name.upper()] for name in lever.categories or ()] or list(Category)
            friction[np.ix_(there, about)] *= lever.friction_factor
            fade[np.ix_(there, about)] *= lever.fade_factor
        model.set_self_governance(friction, fade)
