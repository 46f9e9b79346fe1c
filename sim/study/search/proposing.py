"""Which points to try next: Optuna's TPE sampler, told all that is known of the points so far each time.

Points gain runs after they were first tried, and a finished trial of Optuna's cannot be changed. So each round begins
with a fresh Optuna study that holds every point with its present means: nothing rests on a lucky first impression.
"""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.analysis import FactorLike, coded, decoded, is_numeric, span
from sim.study.search.archive import Archive, Tried
from sim.study.search.wanted import Value

if TYPE_CHECKING:
    import optuna

MOST_COMBINATIONS = 20_000  # so many points of a finite space are listed, to find those not yet tried
STEP = 0.2  # of a range: the longest step from a point in front
ATTEMPTS = 3  # proposals for each point wanted before the rest is drawn at random


def distribution(factor: FactorLike) -> optuna.distributions.BaseDistribution:
    """Return a factor as Optuna takes it."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if factor.levels is not None:
        # Levels are told apart by their place: a number may be equal to a truth value.
        levels = list(factor.levels)
        if is_numeric(factor):
            return IntDistribution(0, len(levels) - 1)
        return CategoricalDistribution(tuple(range(len(levels))))
    low, high = span(factor)
    is_log = factor.scale == "log"
    if factor.whole:
        return IntDistribution(math.ceil(low), math.floor(high), log=is_log and low >= 1)
    return FloatDistribution(low, high, log=is_log)


def to_value(factor: FactorLike, param: Any) -> Value:
    """Return a factor's value from Optuna's."""
    if factor.levels is not None:
        levels = ordered(factor)
        value: Value = levels[int(param)]
        return value
    return int(param) if factor.whole else float(param)


def to_param(factor: FactorLike, value: Value) -> Any:
    """Return Optuna's value from a factor's."""
    return ordered(factor).index(value) if factor.levels is not None else value


def ordered(factor: FactorLike) -> list[Any]:
    """Return a factor's levels: numbers ascending, others as given."""
    levels = list(factor.levels or ())
    return sorted(levels) if is_numeric(factor) else levels


def combinations(factors: Sequence[FactorLike]) -> int | None:
    """Return how many points there are; None where a factor takes any number of a range."""
    count = 1
    for factor in factors:
        if factor.levels is not None:
            count *= len(factor.levels)
        elif factor.whole:
            low, high = span(factor)
            count *= math.floor(high) - math.ceil(low) + 1
        else:
            return None
    return count


def every_point(factors: Sequence[FactorLike]) -> list[dict[str, Value]]:
    """Return all points of a finite space."""
    axes = []
    for factor in factors:
        if factor.levels is not None:
            axes.append(ordered(factor))
        else:
            low, high = span(factor)
            axes.append(list(range(math.ceil(low), math.floor(high) + 1)))
    names = [factor.name for factor in factors]
    return [dict(zip(names, values, strict=True)) for values in itertools.product(*axes)]


class Proposals:
    """Proposes points for a search."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.factors = list(archive.search.factors)
        self.distributions = {factor.name: distribution(factor) for factor in self.factors}
        self.draws = np.random.Generator(np.random.Philox(key=archive.search.seed))
        self.round = 0
        count = combinations(self.factors)
        self.everywhere = every_point(self.factors) if count is not None and count <= MOST_COMBINATIONS else None

    def next(self, count: int, start: int, front: Sequence[Tried] = ()) -> list[dict[str, Value]]:
        """Return at most so many points that have not been tried; none when there are no more.

        Half of them lie one step from a point in front: the sampler finds the region, the steps find its best corner.

        Args:
            count: how many are wanted.
            start: before so many points are known, they are drawn evenly at random.
            front: the best points so far.
        """
        self.round += 1
        found: dict[tuple[Value, ...], dict[str, Value]] = {}
        if len(self.archive.points) >= start:
            for factors in self._beside(front):
                if self.archive.known(factors) is None and len(found) < count // 2:
                    found.setdefault(self.archive.key(factors), factors)
        study = self._study(start)
        for _ in range(ATTEMPTS * count):
            trial = study.ask(self.distributions)
            factors = {one.name: to_value(one, trial.params[one.name]) for one in self.factors}
            if self.archive.known(factors) is None:
                found.setdefault(self.archive.key(factors), factors)
            if len(found) == count:
                break
        return [*found.values(), *self._others(found, count - len(found))]

    def _beside(self, front: Sequence[Tried]) -> list[dict[str, Value]]:
        """Return points that differ from one in front in one factor, in random order."""
        moves: list[dict[str, Value]] = []
        for point in front:
            for factor in self.factors:
                value = point.factors[factor.name]
                moves += [{**point.factors, factor.name: other} for other in self._steps(factor, value)]
        return [moves[row] for row in self.draws.permutation(len(moves))]

    def _steps(self, factor: FactorLike, value: Value) -> list[Value]:
        """Return the values of a factor next to one of its values; of a range, one on either side."""
        if factor.levels is not None:
            levels = ordered(factor)
            row = levels.index(value)
            return levels[max(row - 1, 0) : row] + levels[row + 1 : row + 2] if is_numeric(factor) else levels
        place = float(coded(factor, [value])[0])
        length = STEP * float(self.draws.random())
        ends = np.clip([place - length, place + length], 0.0, 1.0)
        if not factor.whole:
            return [float(one) for one in decoded(factor, ends)]
        low, high = span(factor)
        return [one for one in (int(value) - 1, int(value) + 1) if low <= one <= high]

    def _others(self, found: Mapping[tuple[Value, ...], Any], count: int) -> list[dict[str, Value]]:
        """Return points of a finite space that have not been tried, where the sampler comes back to known ones."""
        if self.everywhere is None or count <= 0:
            return []
        new = [one for one in self.everywhere if self.archive.known(one) is None and self.archive.key(one) not in found]
        return [new[row] for row in self.draws.permutation(len(new))[:count]]

    def _study(self, start: int) -> optuna.Study:
        """Return an Optuna study that knows every point with what is known of it now."""
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        search = self.archive.search
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            sampler = optuna.samplers.TPESampler(
                seed=(search.seed * 1_000_003 + self.round) % 2**32,
                multivariate=True,
                n_startup_trials=start,
                constant_liar=True,
            )
        study = optuna.create_study(directions=["minimize"] * len(search.objectives), sampler=sampler)
        spreads = self.archive.spreads()
        trials = [self._trial(point, spreads) for point in self.archive.points]
        study.add_trials([one for one in trials if one is not None])
        return study

    def _trial(self, point: Tried, spreads: Mapping[str, float]) -> optuna.trial.FrozenTrial | None:
        """Return a point as a finished trial; None where an objective is undefined."""
        import optuna

        costs = self.archive.costs(point)
        if costs is None:
            return None
        misses = self.archive.shortfalls(point, spreads)
        return optuna.trial.create_trial(
            values=costs,
            params={one.name: to_param(one, point.factors[one.name]) for one in self.factors},
            distributions=self.distributions,
            constraints={str(row): miss for row, miss in enumerate(misses)},
        )
