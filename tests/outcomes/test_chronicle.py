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
    Affair,
    Answer,
    Channel,
    Colour,
    Finding,
    OfficeKind,
    OrganisationKind,
    Source,
    State,
)
from sim.engine.clock import HOUR
from sim.model import TownModel
from sim.outcomes import Chronicle, Names, NoDisputeError, Records, records, records_of, story_of, worth_telling
from sim.outcomes.chronicle import NEVER, band_of, chain_of, chronicle_of
from sim.world import DTYPES, World, empty_table

OPENINGS = (
    *("passed_up", "found", "found_seconded", "found_hand_over", "found_volunteer", "referred", "petitioned"),
    *("brought", "opened", "filed", "back_to_court", "given_by_court"),
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
        ({"opened": 5.0}, "opened"),
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


def records_at(hand: Any, world: World, names: Names | None = None) -> Records:
    """Return the records of a world that a test has changed."""
    return records_of(world, hand.calendar, HORIZON, names)


def told(chronicle: Chronicle, key: str) -> dict[str, Any]:
    """Return the facts of a chronicle's only moment of a key."""
    (found,) = [moment for moment in chronicle.moments if moment.key == key]
    return dict(found.facts)


OPEN = {"born": 2.0, "found": 3.0, "handlings": 1, "state": State.IN_MEDIATION}
WITH_OFFICE = {"channel": Channel.TOWNSHIP, "office": 0}


@pytest.mark.parametrize(
    ("how", "key"),
    [
        (Finding.VISIT, "found"),
        (Finding.SECONDED, "found_seconded"),
        (Finding.HAND_OVER, "found_hand_over"),
        (Finding.VOLUNTEER, "found_volunteer"),
    ],
)
def test_it_is_told_by_whom_the_grid_learned_of_it(hand: Any, how: Finding, key: str) -> None:
    chronicle = of(hand, disputes=[OPEN], cases=[{"opened": 3.0, "discovered": 1, "found_how": how}])
    assert told(chronicle, key) == {"channel": "grid"}


@pytest.mark.parametrize("kind", OfficeKind)
def test_an_office_is_told_by_its_kind(hand: Any, kind: OfficeKind) -> None:
    world = hand.world(disputes=[OPEN], cases=[{"opened": 3.0, **WITH_OFFICE}])
    world.office_groups["kind"] = kind
    chronicle = chronicle_of(records_at(hand, world), 0)
    assert told(chronicle, "opened") == {"channel": "township", "kind": kind.name.lower()}


@pytest.mark.parametrize("kind", OrganisationKind)
def test_a_collective_dispute_with_an_organisation(hand: Any, kind: OrganisationKind) -> None:
    disputes = [{"born": float(day), "organisation": 0, "cause": 4, "party_a": 3} for day in (2, 3, 5)]
    world = hand.world(disputes=[*disputes, {"born": 6.0}])
    organisations = empty_table(DTYPES["organisations"], 1)
    organisations["kind"] = kind
    found = records_at(hand, world._replace(organisations=organisations))
    chronicle = chronicle_of(found, 0)
    word = kind.name.lower()
    assert told(chronicle, "born_against") == {
        "district": "district 1",
        "organisation": word,
        "category": "neighbour",
    }
    assert told(chronicle, "collective") == {"count": 3, "organisation": word}
    assert "collective" not in keys(chronicle_of(found, 3))
    assert worth_telling(found)["collective"] in (0, 1, 2)


def test_a_private_affair_is_heard_of_and_no_case_opened(hand: Any) -> None:
    seen = {"affair": Affair.PRIVATE, "true_affair": Affair.BIG, "state": State.LEFT_ALONE}
    for by, key in ((Channel.GRID, "heard_by_grid"), (Channel.SELF, "heard_by_self")):
        chronicle = of(hand, disputes=[{**OPEN, "handlings": 0, "found_by": by, **seen}])
        assert key in keys(chronicle)
        assert told(chronicle, "sorted_wrong") == {"affair": "private", "true_affair": "big"}
    other = {**OPEN, "handlings": 3, "born": 1.0}
    assert worth_telling(hand.records(disputes=[other, {**OPEN, **seen}, other]))["misread"] == 1


@pytest.mark.parametrize(
    ("seen", "so", "key"),
    [
        (Colour.RED, Colour.RED, "graded_right"),
        (Colour.GREEN, Colour.ORANGE, "graded_missed"),
        (Colour.RED, Colour.YELLOW, "graded_false"),
        (Colour.BLUE, Colour.YELLOW, "graded_wrong"),
        (Colour.ORANGE, Colour.RED, "graded_wrong"),
    ],
)
def test_a_colour_is_told_beside_the_risk(hand: Any, seen: Colour, so: Colour, key: str) -> None:
    chronicle = of(hand, disputes=[{**OPEN, "colour": seen, "true_colour": so}])
    assert told(chronicle, key) == {"colour": seen.name.lower(), "true_colour": so.name.lower()}


def test_the_six_steps_of_a_grid_case_are_told_where_they_lie_apart(hand: Any) -> None:
    stamps = {"reported": 3.0, "opened": 3.0, "assigned": 3.5, "acted": 4.0, "fed_back": 5.0, "closed": 8.0}
    case = {**stamps, "recorded_settled": 1, "true_settled": 1, "listed": 1, "urgent": 1}
    chronicle = of(hand, disputes=[hand.settled(Channel.GRID, 2.0, 4.5, handlings=1)], cases=[case])
    assert keys(chronicle)[2:] == [
        "opened",
        "put_first",
        "listed",
        "assigned",
        "acted",
        "settled",
        "fed_back",
        "closed_settled",
        "six_steps",
        "books_say_settled_was_settled",
        "books_later",
    ]
    assert told(chronicle, "assigned")["delay_days"] == 0.5
    assert told(chronicle, "six_steps") == {"length_days": 5.0}
    assert told(chronicle, "books_later") == {"apart_days": 3.5}


def test_departments_that_a_grid_called(hand: Any) -> None:
    case = {"opened": 3.0, "assigned": 3.0, "acted": 4.0, "fed_back": 7.0, "closed": 7.0}
    ended = hand.settled(Channel.GRID, 2.0, 7.0, handlings=1)
    joint = {**case, "joined": Channel.TOWNSHIP, "true_settled": 1, "recorded_settled": 1}
    chronicle = of(hand, disputes=[ended], cases=[joint])
    assert keys(chronicle)[-4:-1] == ["acted", "joined", "settled_jointly"]
    assert told(chronicle, "joined") == {"channel": "township"}


def test_a_hand_over_takes_its_time_or_loses_the_case(hand: Any) -> None:
    first = {"opened": 3.0, "passed_up": 1, "closed": 4.0}
    second = {"opened": 4.0, "passed_from": 0, "source": Channel.GRID, **WITH_OFFICE}
    late = of(hand, disputes=[OPEN], cases=[first, {**second, "assigned": 6.0}])
    assert keys(late)[2:5] == ["opened", "passed_up", "arrived"]
    assert told(late, "arrived")["delay_days"] == 2.0
    gone = {**second, "lost": 1, "closed": 4.0}
    lost = hand.records(disputes=[OPEN], cases=[first, gone])
    assert keys(chronicle_of(lost, 0))[2:] == ["opened", "passed_up", "lost", "still_open", "books_no_result", "sums"]
    assert worth_telling(lost) == {"most_handled": 0}
    refused = of(hand, disputes=[OPEN], cases=[first, {**second, "office": -1, "refused": 1, "closed": 4.0}])
    assert "refused" in keys(refused)


def test_who_sat_at_a_session_and_who_travelled(hand: Any) -> None:
    case = {"opened": 3.0, "assigned": 3.0, "acted": 4.0, "sessions": 1, **WITH_OFFICE}
    session = {"start": 4.0, "end": 4.1, "team": 0, "people": 3, "trip": HOUR, "party_travel_hours": 2.0}
    world = hand.world(disputes=[OPEN], cases=[case], sessions=[session])
    world = world._replace(teams=empty_table(DTYPES["teams"], 1))
    found = records_at(hand, world, Names(teams=["three-chiefs"]))
    chronicle = chronicle_of(found, 0)
    assert told(chronicle, "team") == {"team": "three-chiefs", "count": 2}
    assert told(chronicle, "mediator_came")["travel_days"] == pytest.approx(2 * HOUR)
    assert told(chronicle, "parties_came")["travel_days"] == pytest.approx(2 * HOUR)
    world.sessions["people"][0] = 1
    assert told(chronicle_of(records_at(hand, world), 0), "team_missing") == {"team": "team 1"}
    world.office_groups["kind"] = OfficeKind.ONLINE
    assert "met_online" in keys(chronicle_of(records_at(hand, world), 0))


@pytest.mark.parametrize(("heard", "key"), [(30.0, "ruled_at_once"), (20.0, "ruled")])
def test_a_filing_that_mediation_does_not_settle_is_ruled(hand: Any, heard: float, key: str) -> None:
    filing = {"opened": 3.0, "channel": Channel.COURT, "passed_up": 1, "closed": 3.0}
    given = {"opened": 3.0, "passed_from": 0, "source": Channel.COURT, "closed": 10.0, "withdrawn": 1, **WITH_OFFICE}
    again = {"opened": 10.0, "passed_from": 1, "channel": Channel.COURT, "acted": heard, "closed": 30.0}
    ended = {"state": State.ENDED, "end_channel": Channel.COURT, "ended": 30.0, "handlings": 3}
    found = hand.records(disputes=[{"born": 2.0, "found": 3.0, **ended}], cases=[filing, given, again])
    chronicle = chronicle_of(found, 0)
    course = ["filed", "given_by_court", "closed_taken_back", "back_to_court", "heard", key, "books_ruled", "sums"]
    assert keys(chronicle)[2:] == course
    assert told(chronicle, key) == {"age_days": 28.0}


def test_a_case_is_closed_since_one_of_the_two_went_to_court(hand: Any) -> None:
    first = {"opened": 3.0, "closed": 5.0, "withdrawn": 1, **WITH_OFFICE}
    filing = {"opened": 5.0, "channel": Channel.COURT}
    chronicle = of(hand, disputes=[{**OPEN, "state": State.IN_COURT}], cases=[first, filing])
    assert keys(chronicle)[2:5] == ["opened", "filed", "closed_for_court"]


def test_a_petition_that_is_handed_to_mediation(hand: Any) -> None:
    case = {"opened": 3.0, "source": Channel.PETITION, **WITH_OFFICE}
    assert "petitioned" in keys(of(hand, disputes=[OPEN], cases=[case]))
    assert "referred" in keys(of(hand, disputes=[OPEN], cases=[{**case, "source": Channel.POLICE}]))


def test_an_agreement_that_is_confirmed_and_not_kept(hand: Any) -> None:
    first = hand.settled(Channel.TOWNSHIP, 2.0, 5.0, confirmed=1, breached=1)
    found = hand.records(disputes=[first, {"born": 9.0, "parent": 0}])
    assert "confirmed" in keys(chronicle_of(found, 0))
    assert told(chronicle_of(found, 1), "relapsed_breached") == {"since_days": 4.0}


def test_what_a_target_did_to_the_books(hand: Any) -> None:
    early = {"opened": 3.0, "closed": 5.0, "closed_early": 1, "withdrawn": 1, "recorded_settled": 1, **WITH_OFFICE}
    ended = {"state": State.ENDED, "end_channel": Channel.SELF, "ended": 15.0, "advised": 2, "not_booked": 1}
    chronicle = of(hand, disputes=[{**OPEN, **ended}], cases=[early])
    assert keys(chronicle)[3:] == [
        "closed_early",
        "faded",
        "advised",
        "not_booked",
        "books_say_settled_was_unsettled",
        "books_elsewhere",
        "books_sooner",
    ]
    assert told(chronicle, "books_elsewhere") == {"channel": "township", "kind": "committee", "end": "self"}
    only_advice = of(hand, disputes=[{**OPEN, **ended, "handlings": 0}])
    assert keys(only_advice)[-1] == "books_advice"


def test_calls_in_a_row_are_told_as_one(hand: Any) -> None:
    days = (4.0, 5.0, 9.0)
    for calmed, key in ((0, "calls_in_vain"), (1, "calls_calmed")):
        calls = [hand.answered(day, dispute=0, defused=calmed, travel=day) for day in days]
        chronicle = of(hand, disputes=[{**OPEN, "calls": 3}], calls=calls)
        facts = told(chronicle, key)
        assert (facts["count"], facts["until_day"], facts["calmed"]) == (3, 9.0, 3 * calmed)
        assert facts["slowest_minutes"] - facts["fastest_minutes"] == pytest.approx(5.0)
    apart = [hand.answered(day, dispute=0) for day in days]
    chronicle = of(hand, disputes=[{**OPEN, "calls": 3, "reached_4": 7.0}], calls=apart)
    assert keys(chronicle).count("call_in_vain") == 3
