"""What is wrong with the values that factors take: levels and ranges, one by one and against the design."""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario import Mistake, is_number
from sim.study.experiment.designs import OF_LEVELS, OF_TABLE, kind_of
from sim.study.experiment.factors import Factor
from sim.study.experiment.machinery import mistake_at, place_of
from sim.study.experiment.schema import Experiment

LEVELS_WORDS = "levels, the values to take one by one"
RANGE_WORDS = "levels, or a range by low and high (only parameters of the table have a range of their own)"


def range_mistakes(experiment: Experiment) -> list[Mistake]:
    """Return what is wrong with the values of all factors."""
    kind = kind_of(experiment.design)
    return [
        mistake_at(place_of(experiment.root, ("factors", str(row), field)), f"factors.{row}.{field}", given, allowed)
        for row, one in enumerate(experiment.factors)
        for field, given, allowed in [*own_faults(one), *design_faults(one, kind), *base_faults(one)]
    ]


def own_faults(one: Factor) -> list[tuple[str, object, str]]:
    """Return what is wrong with a factor's values whatever the design: field, given, allowed."""
    found: list[tuple[str, object, str]] = []
    if one.levels is not None:
        levels = [(isinstance(level, bool), level) for level in one.levels]
        if len(set(levels)) < len(levels):
            found.append(("levels", "a level twice", "each level once"))
        found += [
            (name, value, "left out: a factor has levels or a range")
            for name, value in (("low", one.low), ("high", one.high))
            if value is not None
        ]
        found += [("whole", True, "only with a range")] if one.whole else []
        found += [("scale", one.scale, "only with a range")] if one.scale != "linear" else []
        return found
    if one.low is None or one.high is None:
        missing = "high" if one.high is None else "low"
        return [(missing, None, "both ends of the range")] if (one.low is None) != (one.high is None) else []
    if one.low >= one.high:
        found.append(("high", one.high, f"a number above low ({one.low:g})"))
    if one.scale == "log" and one.low <= 0:
        found.append(("low", one.low, "a number above 0 on a log scale"))
    if one.whole:
        ends = (("low", one.low), ("high", one.high))
        found += [(name, value, "a whole number, as `whole` says") for name, value in ends if value % 1]
    return found


def design_faults(one: Factor, kind: str) -> list[tuple[str, object, str]]:
    """Return what a design wants of a factor and does not have."""
    if kind in OF_TABLE:
        return []
    if kind in OF_LEVELS and one.levels is None:
        return [("levels", None, f"{LEVELS_WORDS}: a {kind} design has no ranges")]
    if one.levels is None and one.low is None and one.high is None:
        return [("levels", None, RANGE_WORDS)]
    return []


def base_faults(one: Factor) -> list[tuple[str, object, str]]:
    """Return what is wrong with a factor's value at the base point."""
    if one.base is None:
        return []
    if isinstance(one.levels, Mapping) and one.base not in one.levels:
        return [("base", one.base, f"the name of a level: {', '.join(one.levels)}")]
    if one.has_range and not is_number(one.base):
        return [("base", one.base, "a number")]
    return []
