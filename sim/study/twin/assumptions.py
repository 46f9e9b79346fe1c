"""What the closed forms assume and a scenario does not do: the reasons for which a twin's figure may be off.

Each is found from the scenario, not from how far off the figure is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from sim.codes import Geometry
from sim.scenario import waits_for_ever
from sim.study.twin.demand import Demand
from sim.study.twin.load import Load
from sim.study.twin.setting import Setting

if TYPE_CHECKING:
    from sim.scenario import Scenario

type Family = Literal["load", "queue", "classes", "hypercube", "distance", "coverage"]

QUEUES: frozenset[Family] = frozenset(("queue", "classes", "hypercube"))
WAYS: frozenset[Family] = frozenset(("distance", "coverage"))
EVERYTHING: frozenset[Family] = QUEUES | WAYS | {"load"}
EVEN = 0.02  # rates and variations that differ by less are taken as equal


@dataclass(frozen=True)
class Broken:
    """An assumption that does not hold.

    Attributes:
        id: of its words.
        touches: the families of figures that rest on it.
        about: what its words need.
    """

    id: str
    touches: frozenset[Family]
    about: Mapping[str, float] = field(default_factory=dict)


def broken_assumptions(scenario: Scenario, setting: Setting, demand: Demand, load: Load) -> list[Broken]:
    """Return every assumption of the twin that a scenario breaks."""
    found = [
        *of_calls(scenario, setting, demand),
        *of_service(scenario, setting, demand, load),
        *of_crews(scenario, setting, load),
        *of_dispatch(scenario),
        *of_places(scenario, setting),
    ]
    return found if waits_for_ever(scenario) else [touching_work(one) for one in found]


def touching_work(one: Broken) -> Broken:
    """Return an assumption where calls go without a unit: what moves their number moves the work done."""
    return replace(one, touches=one.touches | {"load"}) if "queue" in one.touches else one


def of_calls(scenario: Scenario, setting: Setting, demand: Demand) -> Iterator[Broken]:
    """Yield what is wrong about independent calls at one rate that want one unit each."""
    if demand.from_runs > 0.0:
        yield Broken("calls_from_runs", EVERYTHING, {"share": demand.from_runs})
    mean = float(demand.by_hour.mean())
    if mean > 0.0 and demand.by_hour.max() > (1.0 + EVEN) * mean:
        about = {"most": float(demand.by_hour.max()) / mean, "fewest": float(demand.by_hour.min()) / mean}
        yield Broken("rates_vary", QUEUES | WAYS, about)
    if demand.several > 0.0:
        yield Broken("several_units", QUEUES, {"share": demand.several})
    if scenario.interventions:
        yield Broken("policies", EVERYTHING, {"n": len(scenario.interventions)})


def of_service(scenario: Scenario, setting: Setting, demand: Demand, load: Load) -> Iterator[Broken]:
    """Yield what is wrong about exponential service with one mean, whoever serves."""
    if abs(demand.variation - 1.0) > EVEN:
        # Lost calls depend on the mean only (Erlang); what the units' own order does to them is another matter.
        loses = scenario.response.queue.capacity == 0
        about = {"variation": demand.variation, "factor": (1.0 + demand.variation**2) / 2.0}
        yield Broken("not_exponential", frozenset(("hypercube",)) if loses else QUEUES, about)
    if load.travel_minutes > 0.0:
        share = load.travel_minutes / load.service_minutes
        yield Broken("travel_in_service", QUEUES, {"share": share, "minutes": load.travel_minutes})
    drives_back = scenario.response.travel.back == "drive" and setting.geometry != Geometry.NONE
    if drives_back and not scenario.response.dispatch.on_the_move:
        yield Broken("return_in_service", EVERYTHING)
    means = [kind.scene_minutes for kind in setting.kinds if kind.per_day > 0.0 and kind.scene_minutes > 0.0]
    if means and max(means) > (1.0 + EVEN) * min(means) and (demand.by_priority > 0.0).sum() > 1:
        yield Broken("means_differ", frozenset(("classes",)), {"least": min(means), "most": max(means)})


def of_crews(scenario: Scenario, setting: Setting, load: Load) -> Iterator[Broken]:
    """Yield what is wrong about a fixed number of units that are all alike."""
    if load.most > load.fewest:
        about = {"fewest": load.fewest, "most": load.most, "servers": load.servers}
        yield Broken("crews_vary", EVERYTHING - {"load"}, about)
    elif not setting.is_steady:
        yield Broken("crews_change", frozenset(("hypercube",)), {"units": setting.units, "servers": load.servers})
    groups = scenario.response.all_groups()
    if any(group.break_ is not None for group in groups):
        yield Broken("breaks", EVERYTHING)
    if any(group.duty is not None for group in groups):
        yield Broken("duties", EVERYTHING - {"load"})
    if any(group.aid is not None for group in groups):
        yield Broken("aid", QUEUES | WAYS)
    if any(group.priorities is not None or group.own_sector_only for group in groups):
        yield Broken("limited_units", QUEUES | WAYS)
    if scenario.response.containment is not None and scenario.response.containment.flights_per_year > 0.0:
        yield Broken("containment", EVERYTHING)


def of_dispatch(scenario: Scenario) -> Iterator[Broken]:
    """Yield what is wrong about a call that takes a free unit if there is one and keeps it."""
    dispatch, queue = scenario.response.dispatch, scenario.response.queue
    if any(dispatch.keep_free):
        yield Broken("keep_free", QUEUES | WAYS)
    if dispatch.redirect:
        yield Broken("redirect", frozenset(("queue", "classes", "distance", "coverage")))
    if dispatch.preempt:
        yield Broken("preempt", frozenset(("queue", "hypercube")))
    if any(minutes is not None for minutes in queue.step_up_minutes):
        yield Broken("step_up", frozenset(("classes",)))
    if any(minutes is not None for minutes in queue.renege_minutes):
        yield Broken("patience", frozenset(("classes", "hypercube")))
        if queue.capacity is not None or len(set(queue.renege_minutes)) > 1:
            yield Broken("patience_differs", frozenset(("queue",)))
    if queue.capacity:
        yield Broken("capacity", frozenset(("classes", "hypercube")))
    if dispatch.policy != "nearest":
        yield Broken("not_nearest", WAYS)
    if scenario.response.cover.rule != "none":
        yield Broken("cover", WAYS | {"hypercube"})


def of_places(scenario: Scenario, setting: Setting) -> Iterator[Broken]:
    """Yield what is wrong about calls and free units that lie at random over an even area."""
    if setting.geometry == Geometry.NONE:
        return
    if setting.geometry == Geometry.ROADS:
        yield Broken("roads", WAYS)
    elif not setting.wrap:
        yield Broken("edges", WAYS)
    streams = scenario.calls.streams
    if scenario.people.residents or any(stream.places.kind != "uniform" for stream in streams) or scenario.calls.log:
        yield Broken("calls_uneven", WAYS)
    groups = scenario.response.all_groups()
    if any(group.mode != "random" for group in groups):
        yield Broken("units_placed", WAYS)
    if scenario.response.travel.back == "drive" and any(group.mode == "at_post" for group in groups):
        yield Broken("on_the_way_back", frozenset(("hypercube",)))
    if len({group.speed_factor for group in groups}) > 1:
        yield Broken("speeds_differ", WAYS | {"hypercube"})
