"""From the values of runs to effects: paired differences, Holm's correction and a verdict in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from sim.outcomes import CATALOGUE, Outcome
from sim.study.comparison import Effect, Verdict
from sim.study.statistics import ALPHA, Paired, bootstrap, holm, paired, replications_needed

PRECISION = 0.05  # half-width wanted, as a share of the base's mean


def verdict(difference: float, p_corrected: float, better: str, alpha: float = ALPHA) -> Verdict:
    """Return what may be said of a difference after correction.

    Args:
        difference: option minus base.
        p_corrected: Holm's p; NaN where there was no test.
        better: the outcome's direction, ``lower``, ``higher`` or ``none``.
        alpha: the error allowed over all outcomes together.
    """
    if math.isnan(p_corrected):
        return "undefined"
    if p_corrected >= alpha or difference == 0.0:
        return "no difference seen"
    if better == "none":
        return "different"
    return "better" if (difference < 0.0) == (better == "lower") else "worse"


def effects(
    values: Mapping[str, Mapping[str, Sequence[float]]],
    base: str,
    options: Sequence[str],
    shown: Sequence[str],
    precision: float = PRECISION,
) -> list[Effect]:
    """Return the effect of every option on every outcome: those shown first, by option, then all others.

    Holm's correction runs over all shown outcomes of all options. An outcome that is not shown is corrected over
    all outcomes of all options, so that looking further costs what it should.

    Where luck has no part in a pair of scenarios, as where both replay one log with crews at posts, their replications
    are one history told again and again: it counts as one pair, of which nothing can be judged.

    Args:
        values: by scenario and outcome, one value for each seed, in one order of seeds; NaN where there is none.
        base: name of the base scenario.
        options: names of the others.
        shown: ids of the outcomes that the comparison shows.
        precision: wanted half-width as a share of the base's mean.
    """
    others = [id_ for id_ in CATALOGUE if id_ not in set(shown)]
    told_apart = {option: is_left_to_chance(values[base]) or is_left_to_chance(values[option]) for option in options}
    used = {option: slice(None) if told_apart[option] else slice(1) for option in options}
    pairs = {
        (option, id_): paired(values[base][id_][used[option]], values[option][id_][used[option]])
        for ids in (shown, others)
        for option in options
        for id_ in ids
    }
    every = holm([pair.p_value for pair in pairs.values()])
    corrected = dict(zip(pairs, every, strict=True))
    family = [key for key in pairs if key[1] in set(shown)]
    within_family = holm([pairs[key].p_value for key in family])
    corrected |= dict(zip(family, within_family, strict=True))
    return [
        effect(
            CATALOGUE[id_],
            option,
            pair,
            float(corrected[option, id_]),
            bootstrap(values[base][id_][used[option]], values[option][id_][used[option]])
            if CATALOGUE[id_].quantile
            else (np.nan, np.nan),
            precision,
        )
        for (option, id_), pair in pairs.items()
    ]


def is_left_to_chance(runs: Mapping[str, Sequence[float]]) -> bool:
    """Decide whether any outcome differs between the runs of a scenario; ``runs`` has a value for each, by outcome."""
    return any(len(np.unique(np.asarray(figures, dtype=np.float64))) > 1 for figures in runs.values())


def effect(
    outcome: Outcome, option: str, pair: Paired, p_holm: float, bootstrapped: tuple[float, float], precision: float
) -> Effect:
    """Return one effect with its verdict."""
    return Effect(
        outcome=outcome.id,
        option=option,
        base_mean=pair.base_mean,
        option_mean=pair.option_mean,
        difference=pair.difference,
        low=pair.low,
        high=pair.high,
        p_value=pair.p_value,
        p_holm=p_holm,
        variance_ratio=pair.variance_ratio,
        replications=pair.pairs,
        verdict=verdict(pair.difference, p_holm, outcome.better),
        low_bootstrap=bootstrapped[0],
        high_bootstrap=bootstrapped[1],
        replications_needed=replications_needed(pair.deviation, precision * abs(pair.base_mean)),
    )
