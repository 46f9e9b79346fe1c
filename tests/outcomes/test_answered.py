"""The rule of what counts as reached in time."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.codes import Answer
from sim.engine.clock import MINUTE
from sim.outcomes import outcomes
from sim.outcomes.answered import is_open, judged, minutes, within_share

END = 120.0


def test_a_call_given_up_or_turned_away_is_missed_at_once(hand: Any) -> None:
    young = {"received": END - 0.5 * MINUTE, "ready": END - 0.4 * MINUTE}
    open_, gone, lost = (young | {"answer": answer} for answer in (Answer.WAITING, Answer.RENEGED, Answer.LOST))
    taken = hand.records(calls=[hand.answered(1.0, travel=1.0), open_, gone, lost])
    assert judged(taken, 5.0).tolist() == [True, False, True, True]
    assert is_open(taken).tolist() == [False, True, False, False]
    assert within_share(taken, 5.0) == pytest.approx(1 / 3)
    values = outcomes(taken)
    assert (values["calls_unanswered"], values["calls_open_at_end"]) == (3.0, 1.0)


def test_a_call_held_to_no_minutes_is_not_judged(hand: Any) -> None:
    taken = hand.records(calls=[hand.answered(1.0, travel=1.0), hand.answered(2.0, travel=1.0)])
    assert within_share(taken, np.array([np.nan, 5.0])) == 1.0
    assert judged(taken, np.array([np.nan, 5.0])).tolist() == [False, True]


CALLS = st.lists(
    st.tuples(st.sampled_from(["reached", "open", "reneged", "lost"]), st.floats(0.0, 30.0), st.floats(0.0, 30.0)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=CALLS, one=st.floats(0.1, 20.0), other=st.floats(0.1, 20.0))
def test_more_minutes_never_make_it_less_once_all_are_old_enough(
    hand: Any, calls: list[tuple[str, float, float]], one: float, other: float
) -> None:
    rows: list[dict[str, Any]] = []
    for kind, travel, age in calls:
        received = END - (age + 60.0) * MINUTE
        row: dict[str, Any] = {"received": received, "ready": received}
        if kind == "reached":
            row |= {"dispatched": received, "departed": received, "arrived": received + travel * MINUTE}
            row |= {"answer": Answer.DONE}
        elif kind != "open":
            row |= {"answer": Answer.RENEGED if kind == "reneged" else Answer.LOST}
        rows.append(row)
    taken = hand.records(calls=rows)
    short, long = sorted((one, other))
    assert within_share(taken, short) <= within_share(taken, long)
    reached = sum(kind == "reached" and travel <= long - 1e-6 for kind, travel, _ in calls)
    assert within_share(taken, long) >= reached / len(calls) - 1e-12


@pytest.mark.parametrize("limit", [1, 3, 5])
def test_one_three_five_minutes_are_what_they_say(hand: Any, limit: int) -> None:
    name = "within_1_minute_share" if limit == 1 else f"within_{limit}_minutes_share"
    calls = []
    for taken_minutes in (limit - 0.01, limit + 0.01):
        arrived = 1.0 + taken_minutes * MINUTE
        calls.append({"received": 1.0, "ready": 1.0, "dispatched": 1.0, "departed": 1.0, "arrived": arrived})
    taken = hand.records(calls=[row | {"answer": Answer.DONE} for row in calls])
    assert outcomes(taken)[name] == 0.5


def test_a_call_reached_in_the_very_minutes_is_reached_in_time(hand: Any) -> None:
    taken = hand.records(calls=[hand.answered(1.0, travel=3.0)])
    assert within_share(taken, float(minutes(taken, "response")[0])) == 1.0
