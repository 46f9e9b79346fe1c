"""Chronicles of what offices did: who found it, who had it, how it was read, and what the books made of it."""

from __future__ import annotations

from typing import Any

import pytest

from sim.codes import Affair, Channel, Colour, Finding, OfficeKind, OrganisationKind, State
from sim.engine.clock import HOUR
from sim.outcomes import Chronicle, Names, Records, records_of, worth_telling
from sim.outcomes.chronicle import chronicle_of
from sim.world import DTYPES, World, empty_table

HORIZON = 120.0


def keys(chronicle: Chronicle) -> list[str]:
    return [moment.key for moment in chronicle.moments]


def of(hand: Any, **events: Any) -> Chronicle:
    return chronicle_of(hand.records(**events), 0)


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
    world = hand.world(disputes=[OPEN], cases=[{"opened": 3.0, "source": Channel.SELF, **WITH_OFFICE}])
    world.office_groups["kind"] = kind
    chronicle = chronicle_of(records_at(hand, world), 0)
    assert told(chronicle, "brought") == {"channel": "township", "kind": kind.name.lower()}


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
        "assigned",
        "acted",
        "settled",
        "fed_back",
        "closed_settled",
        "six_steps",
        "put_first",
        "listed",
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
    filed_later = {**case, "joined": Channel.TOWNSHIP, "passed_up": 1, "fed_back": 8.0, "closed": 9.0}
    passed = {"opened": 7.0, "passed_from": 0, "source": Channel.GRID, **WITH_OFFICE}
    course = keys(of(hand, disputes=[{**OPEN, "handlings": 2}], cases=[filed_later, passed]))
    assert course[course.index("joined") :][:4] == ["joined", "joint_in_vain", "passed_up", "fed_back"]
    ongoing = {"opened": 3.0, "assigned": 3.0, "acted": 4.0, "joined": Channel.TOWNSHIP}
    for more, key in (
        ({}, "joint_open"),
        ({"closed": 7.0, "passed_up": 1}, "joint_in_vain"),
        ({"closed": 5.0, "withdrawn": 1}, "joint_too_late"),
    ):
        assert [one for one in keys(of(hand, disputes=[OPEN], cases=[{**ongoing, **more}])) if "joint" in one] == [key]


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
    course = ["filed", "given_by_court", "taken_back", "heard", key, "books_ruled", "sums"]
    assert keys(chronicle)[2:] == course
    assert told(chronicle, key) == {"age_days": 28.0}
    assert told(chronicle, "taken_back") == {"channel": "township", "kind": "committee"}
    assert told(chronicle, "heard") == {"channel": "court", "waited_days": heard - 10.0, "since": "returned"}
    assert told(chronicle, "sums") == {"cases": 1, "filings": 1, "sessions": 0, "calls": 0}


def test_a_filing_lost_on_its_way_to_mediation_stays_with_the_court(hand: Any) -> None:
    filing = {"opened": 3.0, "channel": Channel.COURT, "passed_up": 1, "closed": 3.0}
    gone = {"opened": 3.0, "passed_from": 0, "source": Channel.COURT, "closed": 3.0, "lost": 1, **WITH_OFFICE}
    again = {"opened": 3.0, "passed_from": 1, "channel": Channel.COURT}
    dispute = {**OPEN, "state": State.IN_COURT, "handlings": 3}
    chronicle = of(hand, disputes=[dispute], cases=[filing, gone, again])
    assert keys(chronicle)[2:6] == ["filed", "given_by_court", "lost_to_court", "still_open"]


def test_a_case_is_closed_since_one_of_the_two_went_to_court(hand: Any) -> None:
    first = {"opened": 3.0, "closed": 5.0, "withdrawn": 1, **WITH_OFFICE}
    filing = {"opened": 5.0, "channel": Channel.COURT}
    for arrived, key in (({"assigned": 3.0}, "closed_for_court"), ({}, "closed_for_court_on_the_way")):
        chronicle = of(hand, disputes=[{**OPEN, "state": State.IN_COURT}], cases=[{**first, **arrived}, filing])
        assert keys(chronicle)[2:5] == ["opened", "filed", key]


def test_a_case_that_was_over_before_it_arrived(hand: Any) -> None:
    ended = {"state": State.ENDED, "end_channel": Channel.SELF, "ended": 5.0}
    case = {"opened": 3.0, "closed": 5.0, "withdrawn": 1, **WITH_OFFICE}
    chronicle = of(hand, disputes=[{**OPEN, **ended}], cases=[case])
    assert keys(chronicle)[2:5] == ["opened", "faded", "closed_withdrawn_on_the_way"]


def test_a_case_waits_since_the_last_that_is_told_of_it(hand: Any) -> None:
    case = {"opened": 3.0, "sessions": 1, "source": Channel.GRID, **WITH_OFFICE}
    for assigned, since, waited in ((3.0, "opened", 2.0), (4.0, "arrived", 1.0)):
        sessions = [{"start": 5.0, "end": 5.1}]
        chronicle = of(hand, disputes=[OPEN], cases=[{**case, "assigned": assigned}], sessions=sessions)
        (first,) = [moment for moment in chronicle.moments if moment.key.startswith("first_session")]
        assert (first.facts["since"], first.facts["waited_days"]) == (since, waited)


def test_who_brings_a_case_again_is_told(hand: Any) -> None:
    first = {"opened": 3.0, "assigned": 3.0, "closed": 4.0, "source": Channel.SELF}
    chronicle = of(hand, disputes=[{**OPEN, "handlings": 2}], cases=[first, {**first, "opened": 6.0, "closed": 8.0}])
    assert [key for key in keys(chronicle) if key.startswith("brought")] == ["brought", "brought_again"]


@pytest.mark.parametrize(
    ("found", "key"),
    [
        ({}, "fed_back"),
        ({"discovered": 1, "found_how": Finding.VISIT}, "fed_back_parties"),
        ({"discovered": 1, "found_how": Finding.VOLUNTEER}, "fed_back_volunteer"),
    ],
)
def test_who_is_told_what_came_of_a_case(hand: Any, found: dict[str, Any], key: str) -> None:
    case = {"opened": 3.0, "assigned": 3.0, "acted": 4.0, "fed_back": 5.0, "closed": 8.0, **found}
    assert key in keys(of(hand, disputes=[OPEN], cases=[case]))


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
        "advised_at_another_time",
        "not_booked_at_another_time",
        "books_say_settled_was_unsettled",
        "books_elsewhere",
        "books_sooner",
    ]
    assert told(chronicle, "books_elsewhere") == {"channel": "township", "kind": "committee", "end": "self"}
    only_advice = of(hand, disputes=[{**OPEN, **ended, "handlings": 0}])
    assert keys(only_advice)[-3:] == ["advised", "not_booked", "books_advice"]


def test_which_case_the_books_mean_is_told(hand: Any) -> None:
    early = {"opened": 3.0, "closed": 5.0, "closed_early": 1, "withdrawn": 1, "recorded_settled": 1, **WITH_OFFICE}
    later = {"opened": 6.0, "assigned": 6.0, "acted": 7.0, "closed": 7.0, "recorded_settled": 1, "true_settled": 1}
    by_grid = hand.settled(Channel.GRID, 2.0, 7.0, handlings=2)
    assert told(of(hand, disputes=[by_grid], cases=[early, later]), "books_say_settled_by_case") == {"channel": "grid"}
    by_police = hand.settled(Channel.POLICE, 2.0, 7.0, handlings=1)
    said = told(of(hand, disputes=[by_police], cases=[early]), "books_say_settled_was_later")
    assert said == {"channel": "township", "kind": "committee"}


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
