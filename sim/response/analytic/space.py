"""How far the nearest free unit is, and whom it reaches in time, if units and calls lie at random in an area.

Areas, lengths and densities share one unit of length. Two metrics: as the crow flies, and along a grid of streets
whose directions are those of the axes. In both the ball of radius r has the area b r^2, b = pi and 2.

Source: P. Kolesar and E. H. Blum (1973), "Square root laws for fire engine response distances", Management Science 19;
for the square R. C. Larson and A. R. Odoni (1981), Urban Operations Research, chapter 3. The finite forms on a torus
follow from the ball's area and are checked by simulation.
"""

from __future__ import annotations

import enum
import math
from itertools import pairwise

import numpy as np

from sim.response.analytic.checks import Values, require_count, require_not_negative, require_positive
from sim.response.analytic.erlang import busy_distribution


class Metric(enum.Enum):
    """How distance is measured; the value is the area of the ball of radius 1."""

    EUCLIDEAN = math.pi
    RIGHT_ANGLE = 2.0


def square_root_law(area: float, free: float, metric: Metric) -> float:
    """Return the mean distance to the nearest of so many free units, k sqrt(area / free).

    k = sqrt(pi / b) / 2: .6267 right-angle, .5 Euclidean. Exact for units scattered as a Poisson process over an
    endless plane, with ``free`` the mean number in the area. With busy units Kolesar and Blum put the mean number of
    free ones here; as 1 / sqrt is convex the true mean over a changing number is longer (Jensen), see
    ``distance_with_busy_units``.

    Raises:
        ValueError: the area or the number is not positive and finite.
    """
    require_positive(area=area, free=free)
    return math.sqrt(math.pi / metric.value) / 2.0 * math.sqrt(area / free)


def share_within(reach: float, density: float, metric: Metric) -> float:
    """Return the share of places that have a free unit within reach, 1 - exp(-b density reach^2).

    Args:
        reach: speed times time.
        density: mean number of free units in a unit of area, scattered as a Poisson process over an endless plane.
        metric: right-angle gives 1 - exp(-2 g v^2 t^2), Euclidean 1 - exp(-pi g v^2 t^2).

    Raises:
        ValueError: either is negative or not finite.
    """
    require_not_negative(reach=reach, density=density)
    return -math.expm1(-metric.value * density * reach**2)


def density_needed(share: float, reach: float, metric: Metric) -> float:
    """Return the free units in a unit of area for which this share of places lies within reach of one.

    The inverse of ``share_within``: -ln(1 - share) / (b reach^2).

    Raises:
        ValueError: the share is not in [0, 1), or the reach is not positive and finite.
    """
    require_positive(reach=reach)
    if not 0.0 <= share < 1.0:
        raise ValueError(f"the share must be at least 0 and below 1, not {share}: no density reaches every place")
    return -math.log1p(-share) / (metric.value * reach**2)


def ball_share(radius: float, metric: Metric) -> float:
    """Return the share of a square torus of side 1 that lies within a radius of a point.

    b r^2 up to r = 1/2; beyond, the ball meets itself round the torus and its corners are cut off.
    """
    require_not_negative(radius=radius)
    if radius <= 0.5:
        return metric.value * radius**2
    if radius >= _farthest(metric):
        return 1.0
    if metric is Metric.RIGHT_ANGLE:
        return 1.0 - 2.0 * (1.0 - radius) ** 2
    half_chord = math.sqrt(radius**2 - 0.25)
    return math.pi * radius**2 - 4.0 * (radius**2 * math.acos(0.5 / radius) - 0.5 * half_chord)


def _farthest(metric: Metric) -> float:
    """Return the longest distance on a square torus of side 1."""
    return 1.0 if metric is Metric.RIGHT_ANGLE else math.sqrt(0.5)


def share_within_on_torus(reach: float, area: float, units: int, metric: Metric) -> float:
    """Return the share of places within reach of the nearest of n units placed at random on a square torus. Exact.

    1 - (1 - F)^n with F the ball's share of the area; ``share_within`` is its limit for many units in a large area.
    """
    require_positive(area=area)
    require_count("units", units)
    return 1.0 - (1.0 - ball_share(reach / math.sqrt(area), metric)) ** units


def distance_on_torus(area: float, units: int, metric: Metric) -> float:
    """Return the mean distance from a random place to the nearest of n units placed at random on a square torus.

    The integral of (1 - F(r))^n over r, exact for every n: no edge, and the ball that meets itself round the torus is
    counted once, which few units need (with one unit the square-root law gives .6267 where the mean is .5 of the side).
    """
    from scipy.integrate import quad

    require_positive(area=area)
    require_count("units", units)

    def beyond(radius: float) -> float:
        return max(1.0 - ball_share(radius, metric), 0.0) ** units

    # Nearly all of the integral lies within a few times the square-root law's distance.
    bounds = sorted({0.0, min(6.0 * square_root_law(1.0, units, metric), 0.5), 0.5, _farthest(metric)})
    pieces = [quad(beyond, low, high)[0] for low, high in pairwise(bounds)]
    return math.sqrt(area) * math.fsum(pieces)


def distance_with_busy_units(area: float, units: int, load: float, metric: Metric, *, queue: bool) -> float:
    """Return the mean distance of answered calls if the free ones among n units are at random places on a torus.

    The mean of ``distance_on_torus`` over the number of free units that a call finds: Erlang's probabilities, which
    rest on busy times that do not depend on the distance. A call that waited is answered by the one unit that came
    free, at a random place from it. Where calls are lost the mean is over those that are not.

    Who is busy must tell nothing of where the free ones are, as with units that roam. At fixed posts a unit with much
    ground of its own is busier than others; simulated ways (two thirds busy, right-angle) are then longer, by .3 % with
    4 units at random posts and by 2 % with 12. The hypercube takes that into account.

    ``square_root_law`` at the mean number of free units takes 1 / sqrt of a mean where this takes a mean of 1 / sqrt,
    which is longer (Jensen); against that, few units on a torus are nearer than the law says. Both gaps close as units
    grow at a fixed workload: at .6 from 40 units on this is the longer one, by less than .2 % at 1,000.

    Args:
        area: of the torus.
        units: all of them, free or busy.
        load: calls' rate times the mean time a unit is busy, in erlangs.
        metric: of the distance.
        queue: calls that find all units busy wait; otherwise they are lost.

    Raises:
        ValueError: an area, a number or a load out of range.
    """
    met = units_met(units, load, queue=queue)
    return float(met @ [distance_on_torus(area, count, metric) for count in range(1, units + 1)])


def share_within_with_busy_units(
    reach: float, area: float, units: int, load: float, metric: Metric, *, queue: bool
) -> float:
    """Return the share of answered calls whose unit comes from within reach; waiting before it sets out not counted.

    The mean of ``share_within_on_torus`` over the number of free units that a call finds; arguments and assumptions as
    for ``distance_with_busy_units``.
    """
    met = units_met(units, load, queue=queue)
    return float(met @ [share_within_on_torus(reach, area, count, metric) for count in range(1, units + 1)])


def units_met(units: int, load: float, *, queue: bool) -> Values:
    """Return the probability that an answered call has 1, 2, ..., n units to choose from, shape (units,).

    A call that waited has one: the first that comes free.
    """
    busy = busy_distribution(units, load, queue=queue)
    choice = np.array(busy[-2::-1])
    if queue:
        choice[0] += busy[-1]
    return np.asarray(choice / choice.sum())


def distance_from_centre(area: float, metric: Metric) -> float:
    """Return the mean distance between a square's centre and a random place: .3826 Euclidean, .5 right-angle x side.

    (sqrt 2 + ln(1 + sqrt 2)) / 6 and 1/2. It is that of one unit anywhere on a torus.
    """
    require_positive(area=area)
    share = 0.5 if metric is Metric.RIGHT_ANGLE else (math.sqrt(2.0) + math.asinh(1.0)) / 6.0
    return share * math.sqrt(area)


def distance_at_random(area: float, metric: Metric) -> float:
    """Return the mean distance between two random places of a square: .5214 Euclidean, 2/3 right-angle x side.

    (2 + sqrt 2 + 5 ln(1 + sqrt 2)) / 15 and 2/3.
    """
    require_positive(area=area)
    share = 2.0 / 3.0 if metric is Metric.RIGHT_ANGLE else (2.0 + math.sqrt(2.0) + 5.0 * math.asinh(1.0)) / 15.0
    return share * math.sqrt(area)
