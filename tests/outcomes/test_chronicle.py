"""Chronicles: every moment follows from a column, and no column's event is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.codes import (
    Answer,
    Channel,
    Source,
    State,
)
from sim.model import TownModel
from sim.outcomes import Chronicle, NoDisputeError, Records, records, story_of, worth_telling
from sim.outcomes.chronicle import NEVER, band_of, chain_of, chronicle_of

OPENINGS = (
    *("passed_up", "found", "found_seconded", "found_hand_over", "found_volunteer", "referred", "petitioned"),
    *("brought", "brought_again", "opened", "filed", "back_to_court", "taken_back", "lost_to_court"),
    "given_by_court",
)
CALLS_TOGETHER = ("calls", "calls_calmed", "calls_in_vain")
HORIZON = 120.0


def keys(chronicle: Chronicle) -> list[str]:
    return [moment.key for moment in chronicle.moments]


def of(hand: Any, **events: Any) -> Chronicle:
    return chronicle_of(hand.records(**events), 0)


def assert_follows_from_the_columns(found: Records, dispute: int) -> None:
    """Hold a chronicle beside the columns, counted anew."""
    chronicle = chronicle_of(found, dispute)
    about = found.frame("disputes").iloc[dispute]
    cases = found.frame("cases").query(f"dispute == {dispute}")
    calls = found.frame("calls").query(f"dispute == {dispute}")
    sessions = found.frame("sessions")
    said = Counter(keys(chronicle))
    days = [moment.day for moment in chronicle.moments]
    assert days == sorted(days)
    assert min(days) == about["true_born_day"]
    assert not np.isnan(days).any()
    assert said["born"] + said["born_migrant"] == int(about["parent"] < 0)
    assert said["relapsed"] == int(about["parent"] >= 0)
    assert sum(said[key] for key in OPENINGS) == len(cases) == about["recorded_cases"]
    assert sum(count for key, count in said.items() if key.startswith("found")) == cases["discovered"].sum()
    assert said["passed_up"] == (cases["passed_from"] >= 0).sum()
    runs = [moment.facts for moment in chronicle.moments if moment.key in CALLS_TOGETHER]
    together, calmed = (sum(int(facts[name]) for facts in runs) for name in ("count", "calmed"))
    assert sum(count for key, count in said.items() if key.startswith("call_")) + together == len(calls)
    assert said["call_unanswered"] == calls["answer"].isin(NEVER).sum()
    assert said["call_calmed"] + calmed == calls["true_defused"].sum()
    begun = sessions["case"].isin(cases["case"]).sum()
    assert sum(count for key, count in said.items() if "session" in key) == begun
    assert said["closed_withdrawn"] == cases["withdrawn"].sum()
    own = cases[~cases["withdrawn"] & ~cases["passed_up"] & cases["recorded_closed_day"].notna()]
    assert said["closed_glossed"] == (own["recorded_settled"] & ~own["true_settled"]).sum()
    assert said["closed_unsettled"] == (~own["recorded_settled"] & ~own["true_settled"]).sum()
    assert said["violent"] == int(about["true_violence"] > 0)
    assert said["missed"] + said["never_found"] == int(about["true_visits_missed"] > 0)
    late = [about[f"true_reached_{stage}_day"] > about["true_born_day"] for stage in (4, 7)]
    assert said["reached"] == sum(late)
    ended = about["true_state"] == "ended"
    assert said["still_open"] == int(not ended)
    assert said["settled"] == int(about["true_settled"])
    assert said["settled"] + said["faded"] + said["ended"] == int(ended)
    apart = sum(said[key] for key in ("books_elsewhere", "books_later", "books_sooner"))
    assert sum(count for key, count in said.items() if key.startswith("books_")) == 1 + apart
    settled_in_books = cases[cases["recorded_settled"]]
    if not ended or settled_in_books.empty:
        assert apart == 0
    else:
        elsewhere = settled_in_books.iloc[-1]["channel"] != about["true_end_channel"]
        assert said["books_elsewhere"] == int(elsewhere)
    if not len(cases):
        assert said["books_calls"] == int(about["recorded_calls"] > 0)
        assert said["books_nothing"] <= int(np.isnan(about["recorded_found_day"]))


def test_a_dispute_nobody_hears_of(hand: Any) -> None:
    ended = {"state": State.ENDED, "end_channel": Channel.SELF, "ended": 9.0}
    chronicle = of(hand, disputes=[{"born": 2.0, "stage": 2, "visits_missed": 2, **ended}])
    assert keys(chronicle) == ["born_migrant", "began", "never_found", "faded", "books_nothing"]
    assert chronicle.moments[0].facts == {"district": "district 1", "tie": "household", "category": "neighbour"}
    assert chronicle.moments[3].facts == {"channel": "self", "age_days": 7.0, "stage": 2}


def test_a_withdrawn_case_is_told_after_the_end_that_withdrew_it(hand: Any) -> None:
    dispute = {"born": 2.0, "found": 3.0, "found_by": Channel.SELF, "state": State.ENDED, "handlings": 1}
    case = {"opened": 3.0, "closed": 5.0, "withdrawn": 1}
    chronicle = of(hand, disputes=[{**dispute, "end_channel": Channel.COURT, "ended": 5.0}], cases=[case])
    assert keys(chronicle)[2:] == ["brought", "ended", "closed_withdrawn", "books_no_result"]


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"passed_from": 0}, "passed_up"),
        ({"discovered": 1}, "found"),
        ({"opened": 7.0}, "referred"),
        ({"opened": 4.0}, "brought"),
        ({"opened": 5.0, "source": Channel.GRID}, "opened"),
        ({"opened": 5.0, "source": Channel.SELF}, "brought"),
    ],
)
def test_a_case_came_up_as_the_records_say(hand: Any, fields: dict[str, Any], key: str) -> None:
    call = hand.answered(6.0, dispute=0, source=Source.DISPUTE) | {"arrived": 7.0}
    dispute = {"born": 2.0, "found": 4.0, "found_by": Channel.SELF, "handlings": 1, "calls": 1, "state": State.IN_GRID}
    chronicle = of(hand, disputes=[dispute], cases=[{"opened": 5.0, **fields}], calls=[call])
    assert [one for one in keys(chronicle) if one in OPENINGS] == [key]


@pytest.mark.parametrize(
    ("recorded", "true", "key"),
    [(1, 0, "closed_glossed"), (0, 0, "closed_unsettled"), (0, 1, "closed_unsaid"), (1, 1, "closed_settled")],
)
def test_what_was_written_is_told_beside_what_was(hand: Any, recorded: int, true: int, key: str) -> None:
    case = {"opened": 3.0, "closed": 5.0, "recorded_settled": recorded, "true_settled": true}
    chronicle = of(hand, disputes=[{"born": 2.0, "found": 3.0, "handlings": 1}], cases=[case])
    assert [one for one in keys(chronicle) if one.startswith("closed_")] == [key]
    said = "settled" if recorded else "unsettled"
    assert keys(chronicle)[-1] == f"books_say_{said}_was_unsettled"


def test_a_settlement_is_told_once(hand: Any) -> None:
    case = {"opened": 3.0, "acted": 4.0, "closed": 5.0, "recorded_settled": 1, "true_settled": 1}
    chronicle = of(hand, disputes=[hand.settled(Channel.GRID, 2.0, 5.0, handlings=1)], cases=[case])
    assert keys(chronicle)[-3:] == ["acted", "settled", "books_say_settled_was_settled"]


def test_police_who_come_too_late(hand: Any) -> None:
    call = hand.answered(6.0, dispute=0)
    ended = {"state": State.ENDED, "end_channel": Channel.SELF, "ended": 6.001}
    chronicle = of(hand, disputes=[{"born": 2.0, "found": 6.0, "calls": 1, **ended}], calls=[call])
    assert "call_over" in keys(chronicle)


def test_a_chain_is_the_same_from_each_of_its_disputes(hand: Any) -> None:
    first, second = hand.settled(Channel.GRID, 2.0, 5.0), hand.settled(Channel.POLICE, 9.0, 11.0, parent=0)
    found = hand.records(disputes=[first, {"born": 3.0}, second, {"born": 30.0, "parent": 2}])
    assert [chain_of(found, one) for one in range(4)] == [[0, 2, 3], [1], [0, 2, 3], [0, 2, 3]]
    (back,) = [moment for moment in chronicle_of(found, 2).moments if moment.key == "relapsed"]
    assert back.facts == {"since_days": 4.0}
    assert worth_telling(found)["relapsed"] == 0


def test_a_dispute_that_is_not_there(hand: Any) -> None:
    with pytest.raises(NoDisputeError, match="0 to 1"):
        story_of(hand.records(disputes=[{"born": 1.0}, {"born": 2.0}]), 2)
    with pytest.raises(NoDisputeError, match="no disputes"):
        story_of(hand.records(), 0)


def test_levels_are_those_of_glasl() -> None:
    bands = [band_of(stage) for stage in range(1, 10)]
    assert bands == ["both_can_win"] * 3 + ["one_loses"] * 3 + ["both_lose"] * 3


def test_the_offer_names_each_dispute_once(hand: Any) -> None:
    wrong = {"dispute": 1, "opened": 3.0, "closed": 5.0, "recorded_settled": 1}
    disputes = [{"born": 1.0}, {"born": 2.0, "handlings": 1}, {"born": 3.0, "violence": 2, "turned_violent": 4.0}]
    assert worth_telling(hand.records(disputes=disputes, cases=[wrong])) == {
        "most_handled": 1,
        "longest": 0,
        "violent": 2,
    }
    assert worth_telling(hand.records()) == {}


@st.composite
def histories(draw: Any) -> dict[str, Any]:
    """Draw a dispute with cases and calls whose moments are in any order that time allows."""
    moments = st.floats(0.0, HORIZON + 20.0)
    flag = st.integers(0, 1)
    born = draw(st.floats(0.0, HORIZON - 1.0))
    later = st.one_of(st.just(float("nan")), moments.map(lambda day: max(day, born)))
    count = st.integers(0, 3)
    cases = [
        {
            "opened": max(draw(moments), born) % HORIZON,
            "acted": draw(later),
            "closed": draw(later),
            **{
                name: draw(flag)
                for name in ("discovered", "recorded_settled", "true_settled", "withdrawn", "passed_up")
            },
        }
        for _ in range(draw(count))
    ]
    calls = [
        {"dispute": 0, "received": born + 0.1, "arrived": draw(later), "answer": draw(st.sampled_from(list(Answer)))}
        for _ in range(draw(count))
    ]
    ended = draw(later)
    dispute = {
        "born": born,
        "found": draw(later),
        "reached_4": draw(later),
        "ended": ended,
        "state": State.ENDED if ended <= HORIZON else draw(st.sampled_from(list(State)[:-1])),
        "end_channel": draw(st.sampled_from(list(Channel))),
        "settled": draw(flag),
        "handlings": len(cases),
        "calls": len(calls),
        "visits_missed": draw(count),
    }
    return {"disputes": [dispute], "cases": cases, "calls": calls}


@given(history=histories())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_history_is_too_odd_to_be_told(hand: Any, history: dict[str, Any]) -> None:
    chronicle = of(hand, **history)
    days = [moment.day for moment in chronicle.moments]
    assert days == sorted(days)
    assert max(days) <= HORIZON
    assert sum(key in OPENINGS for key in keys(chronicle)) == len(history["cases"])


@given(seed=st.integers(0, 2**32), slow=st.sampled_from([0.2, 1.0, 3.0]))
@settings(max_examples=6)
def test_chronicles_of_random_runs_follow_from_the_columns(
    tiny_model: Callable[..., TownModel], seed: int, slow: float
) -> None:
    parameters = {"relapse_probability": 0.4, "relapse_days_mean": 3.0, "grid_case_hours": 3.0 * slow}
    model = tiny_model(seed=seed, parameters=parameters, calendar={"days": 20}).run()
    found = records(model)
    count = found["disputes"].num_rows
    chosen = {*worth_telling(found).values(), *range(0, count, max(count // 25, 1))}
    assert chosen
    for dispute in chosen:
        assert_follows_from_the_columns(found, dispute)
