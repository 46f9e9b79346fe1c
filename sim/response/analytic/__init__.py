"""The analytic twin's mathematics: closed forms and exact solutions that a simulated response can be held against.

Pure functions of numbers and arrays; they know no world and no scenario. Each says what it assumes.
"""

from sim.response.analytic.approximation import approximate_performance, choice_probabilities
from sim.response.analytic.cobham import waits_with_preemption, waits_without_preemption
from sim.response.analytic.deployment import Deployment, Performance, TravelTimes, nearest_first, travel_times
from sim.response.analytic.erlang import (
    busy_distribution,
    erlang_b,
    erlang_c,
    mean_free,
    mean_queue,
    mean_wait,
    waits_longer,
)
from sim.response.analytic.hypercube import MOST_UNITS, exact_performance, state_probabilities
from sim.response.analytic.limited import LimitedQueue, Reneging, limited_queue, reneging
from sim.response.analytic.patrol import (
    interval_of_rounds,
    mean_return,
    shares_by_degree,
    stationary_shares,
    walk_of,
)
from sim.response.analytic.space import (
    Metric,
    density_needed,
    distance_at_random,
    distance_from_centre,
    distance_on_torus,
    distance_with_busy_units,
    share_within,
    share_within_on_torus,
    share_within_with_busy_units,
    square_root_law,
)

__all__ = [
    "MOST_UNITS",
    "Deployment",
    "LimitedQueue",
    "Metric",
    "Performance",
    "Reneging",
    "TravelTimes",
    "approximate_performance",
    "busy_distribution",
    "choice_probabilities",
    "density_needed",
    "distance_at_random",
    "distance_from_centre",
    "distance_on_torus",
    "distance_with_busy_units",
    "erlang_b",
    "erlang_c",
    "exact_performance",
    "interval_of_rounds",
    "limited_queue",
    "mean_free",
    "mean_queue",
    "mean_return",
    "mean_wait",
    "nearest_first",
    "reneging",
    "share_within",
    "share_within_on_torus",
    "share_within_with_busy_units",
    "shares_by_degree",
    "square_root_law",
    "state_probabilities",
    "stationary_shares",
    "travel_times",
    "waits_longer",
    "waits_with_preemption",
    "waits_without_preemption",
    "walk_of",
]
