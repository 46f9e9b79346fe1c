"""Many options against the base and against each other: paired differences over shared seeds, Holm's correction."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from sim.study.analysis.study import AnalysisError, Responses, Study, outcome_of, responses
from sim.study.effects import PRECISION, effect
from sim.study.statistics import ALPHA, LEVEL, bootstrap, estimate, holm, paired

if TYPE_CHECKING:
    import pandas as pd

MOST_POINTS_EACH_OTHER = 40  # more give pairs of which Holm's correction leaves nothing to see


def point_means(study: Study, outcomes: Sequence[str] | None = None, level: float = LEVEL) -> pd.DataFrame:
    """Return each point's mean of each outcome with its t interval, one row for each.

    Columns: outcome, point, replications, mean, deviation, low, high (in the outcome's unit; NaN below two runs).
    """
    import pandas as pd

    rows = []
    for id_ in outcomes or study.outcomes:
        found = responses(study, id_)
        for point, values in zip(found.points, found.values, strict=True):
            rows.append({"outcome": id_, "point": point, **asdict(estimate(values, level))})
    return pd.DataFrame(rows)


def against_base(
    study: Study,
    outcomes: Sequence[str] | None = None,
    base: int | None = None,
    precision: float = PRECISION,
) -> pd.DataFrame:
    """Return the paired difference of every point from the base, for every outcome.

    Holm's correction runs over all rows of the table. Pairs are runs of one seed; a seed that one of the two lacks is
    left out.

    Args:
        study: the runs.
        outcomes: ids; those that the study shows when left out.
        base: number of the reference point; the study's when left out.
        precision: wanted half-width as a share of the base's mean, for ``replications_needed``.

    Returns:
        One row for each outcome and point: outcome, point, base, and the fields of ``sim.study.Effect``.

    Raises:
        AnalysisError: the base has no runs.
    """
    reference = study.base_point if base is None else base
    pairs = [
        (id_, found, reference, point)
        for id_, found in ((id_, responses(study, id_)) for id_ in outcomes or study.outcomes)
        for point in found.points
        if point != reference
    ]
    return compared(study, pairs, precision)


def against_each_other(
    study: Study, outcomes: Sequence[str] | None = None, precision: float = PRECISION
) -> pd.DataFrame:
    """Return the paired difference of every two points, for every outcome; else as ``against_base``.

    Raises:
        AnalysisError: there are more points than can be told apart so.
    """
    ids = list(outcomes or study.outcomes)
    count = study.frame["point"].nunique()
    if count > MOST_POINTS_EACH_OTHER:
        raise AnalysisError(
            f"{study.name} has {count} points; at most {MOST_POINTS_EACH_OTHER} are compared with each other: "
            "choose some of them, or compare with the base"
        )
    pairs = [
        (id_, found, first, second)
        for id_, found in ((id_, responses(study, id_)) for id_ in ids)
        for first, second in itertools.combinations(found.points, 2)
    ]
    return compared(study, pairs, precision)


def compared(study: Study, pairs: Sequence[tuple[str, Responses, int, int]], precision: float) -> pd.DataFrame:
    """Return the effects of pairs (outcome, its values, reference, option), corrected all together."""
    import pandas as pd

    def row(found: Responses, point: int) -> Sequence[float]:
        if point not in found.points:
            raise AnalysisError(f"point {point} of {study.name} has no finished run to compare with")
        return list(found.values[found.points.index(point)])

    summaries = [paired(row(found, first), row(found, second)) for _, found, first, second in pairs]
    corrected = holm([one.p_value for one in summaries])
    rows = []
    for (id_, found, first, second), summary, p_holm in zip(pairs, summaries, corrected, strict=True):
        outcome = outcome_of(id_)
        ends = bootstrap(row(found, first), row(found, second)) if outcome.quantile else (np.nan, np.nan)
        made = effect(outcome, str(second), summary, float(p_holm), ends, precision)
        fields = {name: value for name, value in asdict(made).items() if name not in ("outcome", "option")}
        rows.append({"outcome": id_, "point": second, "base": first, **fields})
    return pd.DataFrame(rows)


def contenders(study: Study, outcome: str, better: str | None = None, alpha: float = ALPHA) -> list[int]:
    """Return the points that may be the best in an outcome: those no worse than the best mean, as far as can be told.

    A point is left out where its paired difference from the one with the best mean survives Holm's correction over
    all points. The best mean was chosen for being best, so the list errs towards too short when replications are few.

    Args:
        study: the runs.
        outcome: its id.
        better: ``lower`` or ``higher``; the outcome's own direction when left out.
        alpha: the error allowed over all points together.

    Raises:
        AnalysisError: the outcome has no direction of better, or no value anywhere.
    """
    direction = better or outcome_of(outcome).better
    if direction == "none":
        raise AnalysisError(f"{outcome} has no direction of better: say whether lower or higher is better")
    found = responses(study, outcome)
    means = found.means() * (1.0 if direction == "lower" else -1.0)
    if not np.isfinite(means).any():
        raise AnalysisError(f"{outcome} is not defined in any run of {study.name}")
    best = int(np.nanargmin(means))
    tests = [paired(found.values[best], values) for values in found.values]
    p_values = holm([np.nan if row == best else one.p_value for row, one in enumerate(tests)])
    kept = [row == best or not p_values[row] < alpha for row in range(len(tests))]
    return [point for point, kept_, mean in zip(found.points, kept, means, strict=True) if kept_ and np.isfinite(mean)]
