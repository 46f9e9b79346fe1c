"""The twin's figures: what closed forms and the hypercube say of a scenario, each to be held beside the runs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.codes import Geometry
from sim.response import analytic
from sim.scenario import waits_for_ever
from sim.study.twin.assumptions import Family
from sim.study.twin.demand import Demand
from sim.study.twin.load import MINUTES_A_DAY, Load
from sim.study.twin.observed import LIMITS_MINUTES
from sim.study.twin.orders import Asked, Order
from sim.study.twin.setting import Setting

if TYPE_CHECKING:
    from sim.scenario import Scenario

LONGER_THAN_MINUTES = 5.0


@dataclass(frozen=True)
class Figure:
    """One figure of the twin.

    Attributes:
        id: of its words.
        family: what it rests on.
        twin: its value; infinite where it grows without end, or there is no steady state.
        unit: of it; "share" is 0 to 1.
        observed: the id under which a run shows the same.
        about: what its words need.
    """

    id: str
    family: Family
    twin: float
    unit: str
    observed: str
    about: Mapping[str, float] = field(default_factory=dict)


def twin_figures(
    scenario: Scenario,
    setting: Setting,
    demand: Demand,
    load: Load,
    asked: Mapping[Order, Asked],
    observed: Mapping[str, float],
) -> list[Figure]:
    """Return all figures that the twin has for a scenario, those that need no place first.

    Where there is no steady state some are numbers without a meaning; ``without_meaning`` finds those.
    """
    if demand.calls_per_day == 0.0:
        return []
    return [
        *queue_figures(scenario, demand, load),
        *class_figures(scenario, demand, load),
        *hypercube_figures(scenario, setting, load, asked),
        *way_figures(scenario, setting, load, observed),
    ]


def patience_of(scenario: Scenario) -> float | None:
    """Return the mean patience in minutes where every waiting caller has the same, None where callers wait for ever."""
    given = [minutes for minutes in scenario.response.queue.renege_minutes if minutes is not None]
    return sum(given) / len(given) if given else None


def queue_figures(scenario: Scenario, demand: Demand, load: Load) -> Iterator[Figure]:
    """Yield the figures of units that are all alike: Erlang B and C, a bounded queue, or callers who give up."""
    servers, offered, service = load.servers, load.offered, load.service_minutes
    capacity, patience = scenario.response.queue.capacity, patience_of(scenario)
    if patience is not None and capacity is None:
        impatient = analytic.reneging(servers, offered, patience, service)
        yield Figure("busy", "load", offered * (1.0 - impatient.reneged), "units", "busy")
        yield Figure("none_free", "queue", impatient.waits, "share", "none_free")
        yield Figure("reneged", "queue", impatient.reneged, "share", "reneged")
        yield Figure("wait_reneging", "queue", impatient.mean_wait, "minutes", "wait")
    elif capacity is not None:
        limited = analytic.limited_queue(servers, capacity, offered, service)
        yield Figure("busy", "load", offered * (1.0 - limited.refused), "units", "busy")
        yield Figure("lost", "queue", limited.refused, "share", "lost")
        if capacity:
            none_free = float(limited.states[servers:].sum())
            yield Figure("none_free", "queue", none_free, "share", "none_free")
            yield Figure("wait_limited", "queue", limited.mean_wait, "minutes", "wait")
    else:
        yield Figure("busy", "load", offered, "units", "busy")
        yield Figure("none_free", "queue", analytic.erlang_c(servers, offered), "share", "none_free")
        yield Figure("wait", "queue", analytic.mean_wait(servers, offered, service), "minutes", "wait")
        longer = analytic.waits_longer(servers, offered, LONGER_THAN_MINUTES, service)
        yield Figure("wait_longer", "queue", longer, "share", "wait_longer", {"minutes": LONGER_THAN_MINUTES})


def class_figures(scenario: Scenario, demand: Demand, load: Load) -> Iterator[Figure]:
    """Yield the mean wait of each priority, where there are several and no call is lost.

    With pre-emption the closed form holds for two priorities; of more, for the most urgent. Where callers give up it
    knows nothing of a load of 1 or more, which they bear.
    """
    rates = demand.by_priority / MINUTES_A_DAY
    present = np.flatnonzero(rates > 0.0)
    if len(present) < 2 or scenario.response.queue.capacity == 0:
        return
    if load.per_unit >= 1.0 and not waits_for_ever(scenario):
        return
    share = demand.requests_per_day / demand.calls_per_day
    chosen = rates[present] * share
    if not scenario.response.dispatch.preempt:
        waits = analytic.waits_without_preemption(load.servers, chosen, load.service_minutes)
        name = "wait_of_priority"
    else:
        waits = analytic.waits_with_preemption(load.servers, chosen, load.service_minutes)
        waits = waits if len(present) == 2 else waits[:1]
        name = "unserved_of_priority"
    for priority, wait in zip(present.tolist(), waits.tolist(), strict=False):
        observed = ("wait_" if name == "wait_of_priority" else "unserved_") + str(priority)
        yield Figure(name, "classes", wait, "minutes", observed, {"priority": priority})


def hypercube_figures(
    scenario: Scenario, setting: Setting, load: Load, asked: Mapping[Order, Asked]
) -> Iterator[Figure]:
    """Yield what the hypercube says where places ask the same units in the same order at every hour.

    Exact up to 12 units, by Larson's approximation beyond.
    """
    queue = scenario.response.queue
    if not asked or not setting.is_steady or queue.capacity not in (None, 0) or queue.renege_minutes:
        return
    orders = list(asked)
    counts = np.array([asked[order].calls for order in orders], dtype=np.float64)
    rate = load.offered / load.service_minutes
    deployment = analytic.Deployment(
        call_rates=counts / counts.sum() * rate,
        preferences=np.array(orders),
        service_rates=np.full(setting.units, 1.0 / load.service_minutes),
        queue=queue.capacity is None,
    )
    exact = setting.units <= analytic.MOST_UNITS
    found = analytic.exact_performance(deployment) if exact else analytic.approximate_performance(deployment)
    about = {"units": setting.units, "exact": float(exact)}
    busiest, idlest = int(np.argmax(found.workloads)), int(np.argmin(found.workloads))
    for name, unit in (("busiest", busiest), ("idlest", idlest)):
        about_unit = {**about, "unit": unit + 1}
        yield Figure(name, "hypercube", float(found.workloads[unit]), "share", f"busy_{unit}", about_unit)
    yield Figure("first_choice", "hypercube", found.own_share, "share", "first_choice", about)
    if setting.geometry != Geometry.NONE:
        minutes = np.array([asked[order].minutes for order in orders]) / counts[:, None]
        region = analytic.travel_times(found, minutes).region
        yield Figure("travel_from_posts", "hypercube", region, "minutes", "travel", about)


def way_figures(scenario: Scenario, setting: Setting, load: Load, observed: Mapping[str, float]) -> Iterator[Figure]:
    """Yield how far the nearest free unit is and whom it reaches in time, with units at random over an even area."""
    if setting.geometry == Geometry.NONE:
        return
    waits = scenario.response.queue.capacity != 0
    free = max(analytic.mean_free(load.servers, load.offered, queue=waits), 1.0)
    area, metric = setting.area, setting.metric
    about = {"free": free}
    law = analytic.square_root_law(area, free, metric)
    yield Figure("metres", "distance", law, "metres", "metres", about)
    spread = analytic.distance_with_busy_units(area, load.servers, load.offered, metric, queue=waits)
    yield Figure("metres_spread", "distance", spread, "metres", "metres", about)
    speed = setting.metres_per_minute
    if math.isnan(speed):
        speed = observed["metres_per_minute"]
    if math.isnan(speed):
        return
    for minutes in LIMITS_MINUTES:
        reach = speed * minutes
        share = analytic.share_within(reach, free / area, metric)
        yield Figure("within", "coverage", share, "share", f"within_{minutes:g}", {"minutes": minutes, **about})
