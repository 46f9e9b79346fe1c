"""What the twin is told of a scenario beside its file: what follows from building its town and laying out its crews."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.codes import Geometry
from sim.engine.clock import MINUTE, SECOND
from sim.response import analytic
from sim.study.twin.demand import Kind, kinds_of
from sim.study.twin.duty import Values, on_duty

if TYPE_CHECKING:
    from sim.model import TownModel

METRES_A_KM = 1000.0


@dataclass(frozen=True)
class Setting:
    """A response as the twin sees it.

    Attributes:
        kinds: of calls.
        duty: units on duty by hour of the week, shape (168,).
        units: all of the town's own, on duty or not.
        geometry: how the time of ways is found.
        area: of the town, square metres.
        metres_per_minute: of a unit on its way to a call on a plane; NaN on roads, where it differs from way to way.
        wrap: the plane has no edges.
    """

    kinds: tuple[Kind, ...]
    duty: Values
    units: int
    geometry: Geometry
    area: float
    metres_per_minute: float
    wrap: bool

    @property
    def metric(self) -> analytic.Metric:
        """How the closed forms of space measure: roads count as a grid of streets."""
        return analytic.Metric.EUCLIDEAN if self.geometry == Geometry.STRAIGHT else analytic.Metric.RIGHT_ANGLE

    @property
    def mean_duty(self) -> float:
        """Mean number of units on duty."""
        return float(self.duty.mean())

    @property
    def servers(self) -> int:
        """The whole number of units with which formulas reckon."""
        return max(1, round(self.mean_duty))

    @property
    def is_steady(self) -> bool:
        """Whether the same number of units is on duty at every hour, the whole day by whole shifts."""
        return bool(self.duty.min() == self.duty.max() == self.units)


def setting_of(model: TownModel) -> Setting:
    """Return what the twin is told of a model, before or after its run."""
    world, plane = model.world, model.town.plane
    orders, parameters = world.orders[0], world.parameters[0]
    own = world.groups["aid"][world.units["group"]] == 0
    speed = math.nan
    area = model.town.statistics().area_km2 * METRES_A_KM**2
    if plane is not None:
        speed = float(orders.plane_metres_per_second * parameters.emergency_speed_factor) * MINUTE / SECOND
        area = float(plane.side_metres) ** 2
    return Setting(
        kinds=kinds_of(model),
        duty=on_duty(world),
        units=int(own.sum()),
        geometry=Geometry(orders.geometry),
        area=area,
        metres_per_minute=speed,
        wrap=bool(orders.wrap),
    )
