"""Balanced books: at every moment of random towns each dispute is in one state, and counts and lists agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.codes import NOBODY, Channel, State
from sim.model import TownModel

type Maker = Callable[..., TownModel]

IN_HAND = (State.IN_GRID, State.IN_MEDIATION)
PARTS = st.fixed_dictionaries(
    {},
    optional={
        "contagion": st.fixed_dictionaries({"branching_ratio": st.floats(0.0, 0.8)}),
        "organisations": st.just({}),
        "lunar_new_year": st.booleans(),
        "categories": st.just({"wages_labour": {"rate_per_1000_per_year": 900}}),
    },
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=PARTS,
    seed=st.integers(1, 1000),
    collective=st.booleans(),
    mediators=st.integers(0, 3),
    reports=st.floats(0.0, 0.2),
    relapse=st.floats(0.0, 1.0),
    treatment=st.sampled_from([0.0, 0.1]),
)
def test_books_balance_at_every_moment(
    tiny_model: Maker,
    rows: Any,
    parts: dict[str, Any],
    seed: int,
    collective: bool,
    mediators: int,
    reports: float,
    relapse: float,
    treatment: float,
) -> None:
    disputes = {**parts, "collective": collective and "organisations" in parts}
    parameters = {"report_per_day": [reports] * 9, "relapse_probability": relapse, "relapse_days_mean": 2.0}
    parameters |= {"treatment_trust_gain": treatment, "climb_treatment_gain": treatment}
    parameters |= {"collective_causes_per_100000_per_year": 10_000.0}
    model = tiny_model(
        seed, calendar={"days": 24}, mediation={"mediators": mediators}, disputes=disputes, parameters=parameters
    )
    for moment in (0.5, 3.2, 9.9, 17.0, 24.0):
        model.run_until(moment)
        check_books(model.world, rows(model, "disputes"), rows(model, "cases"))
        check_lists(model.world, rows(model, "disputes"))


def check_books(world: Any, disputes: Any, cases: Any) -> None:
    """Compare the disputes' states with their cases, their moments and the daily series."""
    ended = disputes["state"] == State.ENDED
    in_hand = np.isin(disputes["state"], IN_HAND)
    assert np.isin(disputes["state"], list(State)).all()
    assert np.array_equal(ended, ~np.isnan(disputes["ended"]))
    assert np.array_equal(ended, disputes["end_channel"] != Channel.NONE)
    assert np.array_equal(in_hand, disputes["case"] != NOBODY)
    assert np.isnan(disputes["found"][disputes["state"] == State.HIDDEN]).all()
    assert not np.isnan(disputes["found"][in_hand]).any()
    assert not (disputes["settled"] & ~ended).any()
    opened = cases[disputes["case"][in_hand]]
    assert np.array_equal(opened["dispute"], np.flatnonzero(in_hand))
    assert np.isnan(opened["closed"]).all()
    assert np.isnan(cases["closed"]).sum() == in_hand.sum(), "an open case is that of one dispute"
    assert np.array_equal(np.bincount(cases["dispute"], minlength=len(disputes)), disputes["handlings"])
    for column, count in {
        "true_born": len(disputes),
        "true_ended": ended.sum(),
        "true_settled": disputes["settled"].sum(),
        "true_violence": disputes["violence"].sum(),
        "true_reached_4": (~np.isnan(disputes["reached_4"])).sum(),
        "true_reached_7": (~np.isnan(disputes["reached_7"])).sum(),
        "recorded_found": (~np.isnan(disputes["found"])).sum(),
        "recorded_opened": len(cases),
        "recorded_closed": (~np.isnan(cases["closed"])).sum(),
        "recorded_settled": cases["recorded_settled"].sum(),
    }.items():
        assert world.series[column].sum() == count, column


def check_lists(world: Any, disputes: Any) -> None:
    """Compare the households' lists with the open disputes of their members."""
    homes = world.residents["household"]
    expected: dict[int, set[int]] = {}
    for row in np.flatnonzero(disputes["state"] != State.ENDED).tolist():
        for party in (disputes["party_a"][row], disputes["party_b"][row]):
            expected.setdefault(int(homes[party]), set()).add(row)
    for household in range(len(world.households)):
        listed = []
        row = int(world.households["first_dispute"][household])
        while row != NOBODY:
            listed.append(row)
            at_a = homes[disputes["party_a"][row]] == household
            row = int(disputes["next_a" if at_a else "next_b"][row])
        assert len(listed) == len(set(listed))
        assert set(listed) == expected.get(household, set())


def test_the_check_sees_a_dispute_that_is_lost(tiny_model: Maker, rows: Any) -> None:
    model = tiny_model(calendar={"days": 10}).run()
    world, disputes, cases = model.world, rows(model, "disputes"), rows(model, "cases")
    lost = int(np.flatnonzero(disputes["state"] != State.ENDED)[0])
    world.households["first_dispute"][world.residents["household"][disputes["party_a"][lost]]] = NOBODY
    with pytest.raises(AssertionError):
        check_lists(world, disputes)
    world.series["true_born"][0] += 1
    with pytest.raises(AssertionError, match="true_born"):
        check_books(world, disputes, cases)
