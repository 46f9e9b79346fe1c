"""Streams of calls have the rates that they state, by hour and day, and share their luck."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from calling import calling_world, run_calls
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.codes import NOBODY, PRIORITIES, Source
from sim.engine.clock import MINUTE, SECOND
from sim.engine.compiled import from_python
from sim.response.laws import call_taking_days, scene_days
from sim.response.streams import ADDRESS_SHIFT, day_ratio, draw_priority

DAYS = 60
HOURS = [0.4, 0.3, 0.2, 0.2, 0.0, 0.3, 0.5, 0.8, 1.0, 1.1, 1.2, 1.2, 1.3, 1.2, 1.1, 1.1, 1.2, 1.4, 1.6, 1.8, 1.9, 1.7]
HOURS += [1.2, 0.8]
WEEKDAYS = [1.0, 1.2, 0.0, 0.8, 1.5, 2.0, 0.5]


def one(**fields: Any) -> dict[str, Any]:
    """Return calls of one stream."""
    return {"streams": [{"name": "a", "per_day": 200, **fields}]}


def by_hour(calls: Any) -> Any:
    """Return the number of calls in each hour of the day."""
    return np.bincount((calls["received"] % 1.0 * 24).astype(int), minlength=24)


def fits(counts: Any, expected: Any) -> bool:
    """Decide whether Poisson counts are those expected; where none is expected there must be none."""
    counts, expected = np.asarray(counts), np.asarray(expected, dtype=np.float64)
    some = expected > 0.0
    away = ((counts - expected)[some] ** 2 / expected[some]).sum()
    return bool((counts[~some] == 0).all() and stats.chi2.sf(away, int(some.sum())) > 0.001)


def test_a_stream_has_its_rate_by_hour_and_weekday() -> None:
    world = calling_world(one(hour_weights=HOURS, weekday_weights=WEEKDAYS), days=DAYS)
    calls = run_calls(world)
    factors = np.array(WEEKDAYS)[np.arange(DAYS) % 7] / np.mean(WEEKDAYS)
    assert fits(np.bincount(calls["received"].astype(int), minlength=DAYS), 200.0 * factors)
    assert fits(by_hour(calls), 200.0 * factors.sum() * np.array(HOURS) / sum(HOURS))
    assert world.state[0].bounds_broken == 0
    assert world.streams[3].number > len(calls), "some potential calls are rejected"


def test_an_even_stream_is_a_plain_poisson_process() -> None:
    world = calling_world(one(), days=DAYS)
    calls = run_calls(world)
    assert world.streams[3].number == len(calls), "nothing is rejected where every day is alike"
    gaps = np.diff(calls["received"])
    assert stats.kstest(gaps * 200.0, "expon").pvalue > 0.01
    assert abs(np.corrcoef(gaps[:-1], gaps[1:])[0, 1]) < 0.03


def test_residents_call_at_the_tables_rate_by_hour_and_day() -> None:
    factors = 1.0 + 0.3 * np.sin(np.arange(DAYS) / 3.0)
    rate: dict[str, Any] = {"background_calls_per_1000_per_year": 365.0 * 200.0, "call_hour_weight": HOURS}
    world = calling_world({}, days=DAYS, residents=1000, day_factors=factors, **rate)
    calls = run_calls(world)
    assert fits(np.bincount(calls["received"].astype(int), minlength=DAYS), 200.0 * factors)
    assert fits(by_hour(calls), 200.0 * factors.sum() * np.array(HOURS) / sum(HOURS))
    assert world.state[0].bounds_broken == 0
    assert set(calls["source"].tolist()) == {Source.BACKGROUND.value}
    assert stats.binomtest(int((calls["priority"] == 0).sum()), len(calls), 0.3).pvalue > 0.001
    seconds = (calls["ready"] - calls["received"])[:-20] / SECOND
    assert stats.kstest(seconds, stats.gamma(2.0, scale=83.0 / 2.0).cdf).pvalue > 0.001


def test_a_rate_above_its_bound_is_counted() -> None:
    world = calling_world({}, residents=1000, background_calls_per_1000_per_year=3650.0)
    world.days["call_factor"] = 1.1
    run_calls(world)
    assert world.state[0].bounds_broken == world.streams[0].number > 0


@pytest.mark.parametrize(
    ("calls", "residents"),
    [
        ({}, 0),
        ({"background": False}, 1000),
        ({"background": True}, 0),
    ],
)
def test_without_residents_or_background_there_are_no_calls(calls: dict[str, Any], residents: int) -> None:
    assert len(run_calls(calling_world(calls, residents=residents))) == 0


def test_streams_do_not_touch_each_other() -> None:
    first, second = {"name": "a", "per_day": 40}, {"name": "b", "per_day": 60, "places": {"kind": "uniform"}}
    together = run_calls(calling_world({"streams": [first, second]}, residents=500, days=5))
    alone = run_calls(calling_world({"streams": [first]}, days=5))
    own = together[together["stream"] == 3]
    for name in ("address", "node", "priority", "received", "ready"):
        assert np.array_equal(own[name], alone[name], equal_nan=True)
    assert len(set(together["address"].tolist())) == len(together)


def test_fewer_calls_on_a_weekday_are_some_of_the_same() -> None:
    many = run_calls(calling_world(one(weekday_weights=[1, 1, 1, 1, 1, 1, 2]), days=14))
    few = run_calls(calling_world(one(per_day=187.5, weekday_weights=[0.5, 1, 1, 1, 1, 1, 2]), days=14))
    kept = np.isin(many["address"], few["address"])
    assert np.array_equal(many["received"][kept], few["received"])
    assert 0.3 < 1.0 - kept[many["received"] % 7.0 < 1.0].mean() < 0.7
    assert kept[many["received"] % 7.0 >= 1.0].all()


def test_the_addresses_of_all_streams_lie_below_those_of_disputes() -> None:
    streams = [{"name": f"s{number}", "per_day": 1} for number in range(200)]
    world = calling_world({"streams": streams}, days=1)
    addresses = world.streams["address"]
    assert addresses[0] == 0
    assert (np.diff(addresses) == 1 << ADDRESS_SHIFT).all()
    assert addresses[-1] + (1 << ADDRESS_SHIFT) <= 1 << 48


def test_calls_of_a_stream_have_its_priorities_units_and_times() -> None:
    scene = {"law": "gamma", "shape": 2.0, "mean_minutes": 12}
    fields = {"priority_shares": [0.2, 0.0, 0.5, 0.3], "units": 3, "scene": scene, "call_taking_seconds": 60}
    world = calling_world(one(**fields))
    calls = run_calls(world)
    shares = np.bincount(calls["priority"], minlength=4)
    assert shares[1] == 0
    assert stats.chisquare(shares[[0, 2, 3]], len(calls) * np.array([0.2, 0.5, 0.3])).pvalue > 0.01
    assert set(calls["units_wanted"].tolist()) == {3}
    assert set(calls["source"].tolist()) == {Source.STREAM.value}
    assert set(calls["log_row"].tolist()) == {NOBODY}
    minutes = [from_python(scene_days)(world, row, 0) / MINUTE for row in range(len(calls))]
    assert stats.kstest(minutes, stats.gamma(2.0, scale=6.0).cdf).pvalue > 0.01
    taken = [from_python(call_taking_days)(world, 3, int(address)) / SECOND for address in calls["address"]]
    assert np.mean(taken) == pytest.approx(60.0, rel=0.1)
    known = ~np.isnan(calls["ready"])
    assert known.mean() > 0.99
    assert np.allclose((calls["received"] + np.array(taken) * SECOND)[known], calls["ready"][known], rtol=0, atol=1e-12)


def test_without_call_taking_a_call_is_ready_at_once() -> None:
    calls = run_calls(calling_world(one(call_taking_seconds=0)))
    assert np.array_equal(calls["ready"], calls["received"])


@pytest.mark.parametrize(
    ("scene", "mean"),
    [
        (None, 25.0),
        ({"law": "constant", "mean_minutes": 7}, 7.0),
        ({"law": "exponential", "mean_minutes": 7}, 7.0),
        ({"law": "lognormal", "mean_minutes": 7, "sigma": 0.1}, 7.0),
        ({"law": "empirical", "minutes": [1, 3]}, 2.0),
    ],
)
def test_the_law_on_scene_is_the_scenarios(scene: Any, mean: float) -> None:
    world = calling_world(one() if scene is None else one(scene=scene))
    assert world.streams[3].scene_days / MINUTE == pytest.approx(mean)
    count = len(run_calls(world))
    found = np.mean([from_python(scene_days)(world, row, 0) for row in range(count)]) / MINUTE
    assert found == pytest.approx(mean, rel=0.1)


def test_observed_minutes_may_stand_in_a_file(tmp_path: Any) -> None:
    file = tmp_path / "minutes.csv"
    file.write_text("who,took\na,5\nb,7.5\n")
    scene = {"law": "empirical", "file": file, "column": "took"}
    world = calling_world(one(scene=scene))
    assert (world.numbers["value"] / MINUTE).tolist() == pytest.approx([5.0, 7.5])
    file.write_text("who,took\na,5\nb,-1\nc,long\n")
    with pytest.raises(Exception, match=r"minutes\.csv:3: took is -1") as caught:
        calling_world(one(scene=scene))
    assert "minutes.csv:4: took is 'long'" in str(caught.value)
    file.write_text("who,minutes\na,5\n")
    with pytest.raises(Exception, match=r"name the right one as calls\.streams\.0\.scene\.column"):
        calling_world(one(scene=scene))


@settings(max_examples=40)
@given(
    shares=st.lists(st.integers(0, 5), min_size=1, max_size=PRIORITIES).filter(any),
    weekdays=st.lists(st.floats(0.0, 10.0), min_size=7, max_size=7).filter(lambda given: sum(given) > 0.1),
)
def test_draws_stay_within_what_a_stream_allows(shares: list[int], weekdays: list[float]) -> None:
    parts = [share / sum(shares) for share in shares]
    world = calling_world(one(priority_shares=parts, weekday_weights=weekdays), days=7, rows=10)
    drawn = {from_python(draw_priority)(world, 3, address) for address in range(60)}
    assert drawn <= {priority for priority, share in enumerate(shares) if share > 0}
    ratios = [from_python(day_ratio)(world, 3, day + 0.5) for day in range(7)]
    assert max(ratios) == pytest.approx(1.0)
    assert min(ratios) >= 0.0
    mean_rate = world.streams[3].bound_per_day * np.mean(ratios)
    assert mean_rate == pytest.approx(200.0)
