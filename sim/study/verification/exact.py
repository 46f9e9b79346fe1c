"""The twin's own formulas against published numbers, to the digits that were printed: what is held beside a simulation
must itself be right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.response import analytic
from sim.study.verification.cases import (
    ERLANG,
    LARSON_STATES,
    PRINTED_4,
    PRINTED_5,
    PRINTED_6,
    twelve_units_deployment,
)

PRINTED_3 = 0.5e-3
PRINTED_2 = 0.5e-2
LARSON_APPROXIMATION = 0.02  # his own bound, relative, for the mean error of the workloads


@dataclass(frozen=True)
class Check:
    """A published number beside the formula's.

    Attributes:
        id: what it is.
        published: as printed.
        computed: by this package.
        slack: half a unit of the last digit printed, or the bound that was stated.
    """

    id: str
    published: float
    computed: float
    slack: float

    @property
    def agrees(self) -> bool:
        """Whether the two are one number as far as it was printed."""
        return abs(self.computed - self.published) <= self.slack * (1.0 + 1e-9)


def exact_checks() -> list[Check]:
    """Return every check of a formula."""
    return [*erlang_checks(), *cobham_checks(), *hypercube_checks(), *space_checks(), *walk_checks()]


def erlang_checks() -> Iterator[Check]:
    """Yield Erlang B and C and the mean wait of the three queues."""
    for servers, (load, blocked, waits, mean) in ERLANG.items():
        yield Check(f"erlang_b_{servers}", blocked, analytic.erlang_b(servers, load), PRINTED_5)
        yield Check(f"erlang_c_{servers}", waits, analytic.erlang_c(servers, load), PRINTED_5)
        yield Check(f"mean_wait_{servers}", mean, analytic.mean_wait(servers, load), PRINTED_5)


def cobham_checks() -> Iterator[Check]:
    """Yield Cobham's waits of three priorities."""
    waits = analytic.waits_without_preemption(4, 0.1 * np.array([0.2, 0.3, 0.5]), 30.0)
    for priority, (published, computed) in enumerate(zip((4.4950, 7.1920, 24.4528), waits.tolist(), strict=True)):
        yield Check(f"cobham_{priority}", published, computed, PRINTED_4)


def three_units(*, queue: bool) -> analytic.Deployment:
    """Return Larson's three units, numbered from 0."""
    return analytic.Deployment(
        call_rates=np.array([0.50, 0.25, 0.35, 0.40]),
        preferences=np.array([[0, 1, 2], [0, 2, 1], [1, 0, 2], [2, 0, 1]]),
        service_rates=np.ones(3),
        queue=queue,
    )


def hypercube_checks() -> Iterator[Check]:
    """Yield Larson's figures of three units, and how far his approximation is from twelve units solved exactly."""
    waiting, losing = (analytic.exact_performance(three_units(queue=queue)) for queue in (True, False))
    states = analytic.state_probabilities(three_units(queue=True))
    for unit, published in enumerate((0.5574, 0.4734, 0.4693)):
        yield Check(f"workload_queue_{unit + 1}", published, float(waiting.workloads[unit]), PRINTED_4)
    for unit, published in enumerate((0.49791, 0.40263, 0.39797)):
        yield Check(f"workload_loss_{unit + 1}", published, float(losing.workloads[unit]), PRINTED_5)
    for name, published in LARSON_STATES.items():
        yield Check(f"state_{name}", published, float(states[int(name, 2)]), PRINTED_6)
    yield Check("someone_waits", 0.118421, waiting.someone_waits, PRINTED_6)
    yield Check("lost", 0.13433, losing.all_busy, PRINTED_5)
    yield Check("own_share_queue", 0.63647, waiting.own_share, PRINTED_5)
    yield Check("own_share_loss", 0.63647, losing.own_share, PRINTED_5)
    twelve = twelve_units_deployment()
    exact, near = analytic.exact_performance(twelve).workloads, analytic.approximate_performance(twelve).workloads
    yield Check("approximation_of_twelve", 0.0, float(np.abs(near / exact - 1.0).mean()), LARSON_APPROXIMATION)


def space_checks() -> Iterator[Check]:
    """Yield the constants of distance, and the shares that free units reach in time at 30 km/h."""
    euclidean, right_angle = analytic.Metric.EUCLIDEAN, analytic.Metric.RIGHT_ANGLE
    yield Check("nearest_straight", 0.5, analytic.square_root_law(1.0, 1.0, euclidean), PRINTED_4)
    yield Check("nearest_right_angle", 0.6267, analytic.square_root_law(1.0, 1.0, right_angle), PRINTED_4)
    yield Check("from_centre", 0.3826, analytic.distance_from_centre(1.0, euclidean), PRINTED_4)
    yield Check("at_random_straight", 0.5214, analytic.distance_at_random(1.0, euclidean), PRINTED_4)
    yield Check("at_random_right_angle", 2.0 / 3.0, analytic.distance_at_random(1.0, right_angle), PRINTED_6)
    yield Check("mean_minutes", 1.7725, analytic.square_root_law(1.0, 0.5, right_angle) / 0.5, PRINTED_4)
    for minutes, share, needed, slack in (
        (1, 0.2212, 5.99, PRINTED_2),
        (3, 0.8946, 0.666, PRINTED_3),
        (5, 0.9981, 0.240, PRINTED_3),
    ):
        reach = 0.5 * minutes
        yield Check(f"within_{minutes}", share, analytic.share_within(reach, 0.5, right_angle), PRINTED_4)
        yield Check(f"needed_{minutes}", needed, analytic.density_needed(0.95, reach, right_angle), slack)


def walk_checks() -> Iterator[Check]:
    """Yield the mean return times of a walk on a grid of six by six."""
    row, column = np.divmod(np.arange(36), 6)
    apart = np.abs(row[:, None] - row) + np.abs(column[:, None] - column)
    returns = analytic.mean_return(analytic.stationary_shares(analytic.walk_of((apart == 1).astype(float))))
    yield Check("return_corner", 60.0, float(returns[0]), PRINTED_6)
    yield Check("return_inside", 30.0, float(returns[7]), PRINTED_6)
