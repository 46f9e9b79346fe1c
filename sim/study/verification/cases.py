"""The textbook cases that a simulated response must reproduce: a shipped scenario, a measure, and what must come out.

References are published numbers where there are some, with the digits that were printed; else closed forms. The source
of each stands with its case.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.interventions import catalogue
from sim.response import analytic
from sim.scenario import load_scenario
from sim.study.verification import measures

if TYPE_CHECKING:
    from sim.model import TownModel
    from sim.scenario import Scenario

PRINTED_5 = 0.5e-5  # half a unit of the last of five digits
PRINTED_4 = 0.5e-4
PRINTED_6 = 0.5e-6


@dataclass(frozen=True)
class Reference:
    """A number that must come out.

    Attributes:
        id: of its words.
        observed: the figure of a run that must have it.
        value: the reference.
        unit: of it; "share" is 0 to 1.
        rounding: half a unit of the last digit to which it was printed, 0 for a closed form.
        about: what its words need.
    """

    id: str
    observed: str
    value: float
    unit: str
    rounding: float = 0.0
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A scenario and what it must give.

    Attributes:
        scenario: name.
        source: key of the words that say where the references come from.
        measure: runs a fresh model and returns its figures.
        references: what must come out.
        given: the scenario; None takes that of the library.
    """

    scenario: str
    source: str
    measure: Callable[[TownModel], Mapping[str, float]]
    references: tuple[Reference, ...]
    given: Scenario | None = None

    def load(self, days: int | None) -> Scenario:
        """Return the scenario, with another number of days where one is wanted.

        Raises:
            ScenarioError: the number of days is not allowed.
        """
        settings = () if days is None else (f"calendar.days={days}",)
        if self.given is not None:
            return self.given
        return load_scenario(self.scenario, overrides=settings, catalogue=catalogue())


def all_cases() -> list[Case]:
    """Return every case, in the order in which they are shown."""
    return [*queues(), *losses(), *disciplines(), *three_units(), twelve_units(), *space(), *patrols()]


# Servers: load, Erlang B, Erlang C, mean wait.
ERLANG = {
    2: (1.0, 0.20000, 0.33333, 0.33333),
    4: (3.0, 0.20611, 0.50943, 0.50943),
    10: (8.0, 0.12166, 0.40918, 0.20459),
}


def queues() -> Iterator[Case]:
    """Yield the queues M/M/c."""
    limit = measures.LONGER_THAN
    for servers, (load, _, waits, mean) in ERLANG.items():
        longer = waits * math.exp(-(servers - load) * limit)
        references = (
            Reference("none_free", "none_free", waits, "share", PRINTED_5),
            Reference("wait", "wait", mean, "services", PRINTED_5),
            Reference("wait_longer", "wait_longer", longer, "share", PRINTED_5, {"minutes": limit}),
        )
        yield Case(f"queue-{servers}", "erlang", measures.queue, references)


def losses() -> Iterator[Case]:
    """Yield the loss systems, with exponential and with lognormal service."""
    for law in ("", "-lognormal"):
        for servers, (_, blocked, _, _) in ERLANG.items():
            reference = Reference("lost", "lost", blocked, "share", PRINTED_5)
            yield Case(f"loss-{servers}{law}", "erlang", measures.queue, (reference,))


def disciplines() -> Iterator[Case]:
    """Yield the queues in which some calls go before others, or give up."""
    cobham = [
        Reference("wait_of_priority", f"wait_{priority}", wait, "minutes", PRINTED_4, {"priority": priority})
        for priority, wait in enumerate((4.4950, 7.1920, 24.4528))
    ]
    yield Case("priorities", "cobham", measures.queue, tuple(cobham))
    waits = analytic.waits_with_preemption(4, np.array([1.8, 1.2]), 1.0)
    bondi = [
        Reference("unserved_of_priority", f"unserved_{priority}", wait, "services", about={"priority": priority})
        for priority, wait in enumerate(waits.tolist())
    ]
    yield Case("preemption", "bondi", measures.queue, tuple(bondi))
    stepped = [
        Reference("wait_of_priority", f"wait_{priority}", 0.50943, "services", PRINTED_5, {"priority": priority})
        for priority in (0, 1)
    ]
    yield Case("step-up", "erlang", measures.queue, tuple(stepped))
    impatient = analytic.reneging(4, 5.0, 2.0)
    palm = (
        Reference("none_free", "none_free", impatient.waits, "share"),
        Reference("reneged", "reneged", impatient.reneged, "share"),
        Reference("wait_reneging", "wait", impatient.mean_wait, "services"),
    )
    yield Case("reneging", "palm", measures.queue, palm)


# States of three units, the third first, while no call waits.
LARSON_STATES = {
    "000": 0.210526,
    "001": 0.136690,
    "010": 0.088633,
    "011": 0.094887,
    "100": 0.090466,
    "101": 0.088945,
    "110": 0.053011,
    "111": 0.118421,
}


def three_units() -> Iterator[Case]:
    """Yield Larson's three units, with a queue and with loss."""
    queued = [0.5574, 0.4734, 0.4693]
    lost = [0.49791, 0.40263, 0.39797]
    first = Reference("first_choice", "first_choice", 0.63647, "share", PRINTED_5)
    states = [
        Reference("state", f"state_{name}", share, "share", PRINTED_6, {"state": name})
        for name, share in LARSON_STATES.items()
    ]
    waiting = Reference("someone_waits", "state_queue", 0.118421, "share", PRINTED_6)
    loads = [workload(unit, share, PRINTED_4) for unit, share in enumerate(queued)]
    yield Case("three-units-queue", "larson", measures.states, (*loads, waiting, *states, first))
    loads = [workload(unit, share, PRINTED_5) for unit, share in enumerate(lost)]
    blocked = Reference("lost", "lost", 0.13433, "share", PRINTED_5)
    yield Case("three-units-loss", "larson", measures.states, (*loads, blocked, first))


def workload(unit: int, share: float, rounding: float = 0.0) -> Reference:
    """Return the reference of a unit's share of time at work."""
    return Reference("workload", f"busy_{unit}", share, "share", rounding, {"unit": unit + 1})


def twelve_units_deployment() -> analytic.Deployment:
    """Return what the shipped scenario of twelve units asks the hypercube, numbered from 0."""
    scenario = load_scenario("twelve-units", catalogue={})
    weights, preferences = scenario.calls.streams[0].places.weights, scenario.response.dispatch.preferences
    if weights is None or preferences is None:
        raise ValueError("twelve-units must give weights and preferences")
    return analytic.Deployment(
        call_rates=np.array(list(weights.values())),
        preferences=np.array([preferences[name] for name in weights]) - 1,
        service_rates=np.ones(scenario.response.unit_count),
        queue=True,
    )


def twelve_units() -> Case:
    """Return the largest hypercube that is solved exactly; the busiest and the idlest unit stand for all."""
    exact = analytic.exact_performance(twelve_units_deployment())
    extremes = int(np.argmax(exact.workloads)), int(np.argmin(exact.workloads))
    references = (
        *(workload(unit, float(exact.workloads[unit])) for unit in extremes),
        Reference("none_free", "none_free", exact.all_busy, "share"),
        Reference("first_choice", "first_choice", exact.own_share, "share"),
    )
    return Case("twelve-units", "larson", measures.units, references)


def space() -> Iterator[Case]:
    """Yield the cases of distance and reach on a plane."""
    metric = analytic.Metric.EUCLIDEAN
    yield Case(
        "square-root",
        "kolesar",
        measures.nearest,
        (Reference("coefficient", "coefficient", analytic.square_root_law(1.0, 1.0, metric), "1"),),
    )
    reach = {1.0: 0.2212, 3.0: 0.8946, 5.0: 0.9981}
    yield Case(
        "coverage",
        "kolesar",
        measures.nearest,
        (
            Reference("coefficient", "coefficient", 0.6267, "1", PRINTED_4),
            Reference("travel", "travel", 1.7725, "minutes", PRINTED_4),
            *(
                Reference("within", f"within_{limit:g}", share, "share", PRINTED_4, {"minutes": limit})
                for limit, share in reach.items()
            ),
        ),
    )
    yield Case(
        "busy-units",
        "kolesar",
        measures.nearest_of_busy,
        (
            Reference("busy", "busy", 240.0, "units"),
            Reference(
                "metres", "metres", analytic.square_root_law(400e6, 160.0, metric), "metres", about={"free": 160.0}
            ),
        ),
    )
    for name, share in (("one-at-centre", 0.3826), ("one-at-random", 0.5214), ("one-at-random-right-angle", 2.0 / 3.0)):
        printed = PRINTED_4 if share < 0.6 else 0.0
        yield Case(name, "larson_odoni", measures.of_side, (Reference("of_side", "of_side", share, "1", printed),))


def patrols() -> Iterator[Case]:
    """Yield the cases of patrol without calls."""
    visits = [
        Reference("visits_by_degree", f"visits_{degree}", degree / 120.0, "share", about={"degree": degree})
        for degree in (2, 3, 4)
    ]
    returns = [
        Reference("return", f"return_{degree}", 120.0 / degree, "steps", about={"degree": degree}) for degree in (2, 4)
    ]
    yield Case("random-walk", "kac", measures.random_walk, (*visits, *returns))
    drives, dwell = np.array([5.0, 7.0, 6.0]), 12.5
    cycle = analytic.interval_of_rounds(drives, np.full(3, dwell))
    yield Case("hot-spot-rounds", "rounds", measures.rounds, (Reference("interval", "interval", cycle, "minutes"),))
