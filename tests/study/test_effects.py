import math

import numpy as np
import pytest

from sim.outcomes import CATALOGUE, HEADLINE
from sim.study import Effect, effects, verdict

SEEDS = 8
SHOWN = ("response_minutes_mean", "response_minutes_p90", "true_settled_share", "grid_workers")


def noise(key: int) -> np.ndarray:
    return np.random.Generator(np.random.Philox(key=key)).normal(0.0, 0.01, SEEDS)


def values(**moved: float) -> dict[str, list[float]]:
    """Return eight values of each outcome around 10, some of them moved."""
    return {
        id_: list(10.0 + noise(number) + moved.get(id_, 0.0) + (0.1 * noise(1000 + number) if id_ in moved else 0.0))
        for number, id_ in enumerate(CATALOGUE)
    }


def found(**moved: float) -> dict[str, Effect]:
    given = {"base": values(), "option": values(**moved)}
    return {one.outcome: one for one in effects(given, "base", ["option"], SHOWN)}


def test_the_verdict_follows_the_outcome_s_direction() -> None:
    by_id = found(response_minutes_mean=-1.0, response_minutes_p90=1.0, true_settled_share=1.0, grid_workers=1.0)
    assert [by_id[id_].verdict for id_ in SHOWN] == ["better", "worse", "better", "different"]


def test_equal_runs_show_no_difference() -> None:
    by_id = found()
    assert {one.verdict for one in by_id.values()} == {"no difference seen"}
    assert {one.p_value for one in by_id.values()} == {1.0}


@pytest.mark.parametrize("better", ["lower", "higher", "none"])
def test_without_a_test_nothing_is_said(better: str) -> None:
    assert verdict(-3.0, math.nan, better) == "undefined"
    assert verdict(-3.0, 0.06, better) == "no difference seen"
    assert verdict(0.0, 0.0, better) == "no difference seen"


def test_one_replication_gives_a_difference_and_no_verdict() -> None:
    given = {name: {id_: [value] for id_ in CATALOGUE} for name, value in (("base", 1.0), ("option", 3.0))}
    first = effects(given, "base", ["option"], SHOWN)[0]
    assert (first.difference, first.verdict) == (2.0, "undefined")


def test_replications_without_any_luck_are_one_history() -> None:
    same = {name: {id_: [value] * SEEDS for id_ in CATALOGUE} for name, value in (("base", 1.0), ("option", 3.0))}
    assert {one.verdict for one in effects(same, "base", ["option"], SHOWN)} == {"undefined"}
    assert {one.replications for one in effects(same, "base", ["option"], SHOWN)} == {1}
    same["option"]["calls"][0] = 4.0
    by_id = {one.outcome: one for one in effects(same, "base", ["option"], SHOWN)}
    assert by_id["grid_workers"].verdict == "different", "one outcome that chance moves tells the runs apart"


def test_shown_outcomes_come_first_by_option_and_are_one_family() -> None:
    given = {"base": values(), "one": values(grid_workers=0.002), "two": values(grid_workers=0.002)}
    listed = effects(given, "base", ["one", "two"], SHOWN)
    family = listed[: 2 * len(SHOWN)]
    assert [(one.option, one.outcome) for one in family] == [(name, id_) for name in ("one", "two") for id_ in SHOWN]
    assert len(listed) == 2 * len(CATALOGUE)
    smallest = min(family, key=lambda one: one.p_value)
    assert smallest.p_holm == pytest.approx(min(smallest.p_value * len(family), 1.0))


def test_an_outcome_that_is_not_shown_is_corrected_over_all() -> None:
    moved = {"base": values(), "option": values(calls=-0.002)}
    hidden = next(one for one in effects(moved, "base", ["option"], SHOWN) if one.outcome == "calls")
    shown = next(one for one in effects(moved, "base", ["option"], ("calls",)) if one.outcome == "calls")
    assert hidden.p_value == shown.p_value
    assert shown.p_holm == pytest.approx(shown.p_value)
    assert hidden.p_holm == pytest.approx(min(shown.p_value * len(CATALOGUE), 1.0))


def test_only_quantiles_have_a_bootstrap_interval() -> None:
    by_id = found(response_minutes_p90=1.0)
    quantile = by_id["response_minutes_p90"]
    assert quantile.low_bootstrap == pytest.approx(quantile.low, abs=0.02)
    assert math.isnan(by_id["calls"].low_bootstrap)


def test_replications_needed_come_from_the_spread_of_differences() -> None:
    by_id = found(response_minutes_mean=-1.0)
    assert by_id["response_minutes_mean"].replications_needed == 2.0
    assert set(HEADLINE) <= set(by_id)
