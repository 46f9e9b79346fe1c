"""The offered load: calls times the time that each keeps a unit, over the units on duty.

A call keeps a unit for its time on scene and, where travel counts as busy, for turning out and driving. On a plane the
driving time is that of the square-root law at the mean number of free units, which in turn depends on the load: the two
are brought into agreement by going round. On roads it is taken from the runs, and so is the time of turning out
everywhere, since units that are on patrol, or come from another scene, need none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.codes import Geometry
from sim.response import analytic
from sim.study.twin.demand import Demand
from sim.study.twin.setting import Setting

if TYPE_CHECKING:
    from sim.scenario import Scenario

type TravelSource = Literal["none", "law", "runs", "turn_out"]

MINUTES_A_DAY = 1440.0
ROUNDS = 200
CLOSE = 1e-10


@dataclass(frozen=True)
class Load:
    """How much work comes to the units.

    Attributes:
        scene_minutes: mean time on scene.
        travel_minutes: mean time of turning out and driving that counts as busy.
        travel_from: where that time is from.
        offered: erlangs, that is units busy on average if none were ever short.
        servers: units with which formulas reckon; more than ``offered`` where the units on duty are.
        per_unit: offered load over the mean number of units on duty.
        fewest: units on duty at the hour with the fewest.
        most: at the hour with the most.
        worst_hour: load per unit at the hour of the week at which it is highest; infinite where nobody is on duty.
        worst_at: that hour, 0 = Monday 0:00.
    """

    scene_minutes: float
    travel_minutes: float
    travel_from: TravelSource
    offered: float
    servers: int
    per_unit: float
    fewest: float
    most: float
    worst_hour: float
    worst_at: int

    @property
    def service_minutes(self) -> float:
        """Mean time that a call keeps a unit."""
        return self.scene_minutes + self.travel_minutes


def load_of(scenario: Scenario, setting: Setting, demand: Demand, observed: Mapping[str, float]) -> Load:
    """Return the load of a scenario.

    Args:
        scenario: its ``response`` says whether travel counts as busy.
        setting: of the scenario.
        demand: of the scenario.
        observed: means over the runs; ``turn_out`` is read, and on roads ``travel``.
    """
    travel, source = busy_travel(scenario, setting, demand, observed)
    offered = demand.requests_per_day * (demand.scene_minutes + travel) / MINUTES_A_DAY
    by_hour = [
        (rate * offered / demand.requests_per_day / units if units > 0.0 else math.inf) if rate > 0.0 else 0.0
        for rate, units in zip(demand.by_hour, setting.duty, strict=True)
    ]
    worst = max(range(len(by_hour)), key=by_hour.__getitem__)
    return Load(
        scene_minutes=demand.scene_minutes,
        travel_minutes=travel,
        travel_from=source,
        offered=offered,
        servers=max(setting.servers, math.floor(offered) + 1) if offered < setting.mean_duty else setting.servers,
        per_unit=offered / setting.mean_duty if setting.mean_duty > 0.0 else math.inf,
        fewest=float(setting.duty.min()),
        most=float(setting.duty.max()),
        worst_hour=by_hour[worst],
        worst_at=worst,
    )


def busy_travel(
    scenario: Scenario, setting: Setting, demand: Demand, observed: Mapping[str, float]
) -> tuple[float, TravelSource]:
    """Return the mean minutes of turning out and driving that count as busy, and where they are from."""
    if not scenario.response.travel.counts_as_busy or demand.requests_per_day == 0.0:
        return 0.0, "none"
    turn_out = observed["turn_out"]
    if setting.geometry == Geometry.NONE:
        return turn_out, "turn_out" if turn_out > 0.0 else "none"
    if math.isnan(setting.metres_per_minute):
        return observed["travel"] + turn_out, "runs"
    return travel_by_law(setting, demand, turn_out), "law"


def travel_by_law(setting: Setting, demand: Demand, turn_out: float) -> float:
    """Return the mean minutes of turning out and driving on a plane at which load and free units agree.

    The more units are busy, the farther the next one is, and the longer it is busy: a fixed point, found by going
    halfway to the next value each time. Where nobody is ever free, a call is answered by the one unit that comes free.
    """
    per_minute = demand.requests_per_day / MINUTES_A_DAY
    travel = turn_out
    for _ in range(ROUNDS):
        offered = per_minute * (demand.scene_minutes + travel)
        free = max(setting.servers - offered, 1.0)
        metres = analytic.square_root_law(setting.area, free, setting.metric)
        following = turn_out + metres / setting.metres_per_minute
        if abs(following - travel) <= CLOSE * following:
            break
        travel = 0.5 * (travel + following)
    return travel
