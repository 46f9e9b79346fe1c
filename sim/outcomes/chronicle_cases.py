"""The moments of a dispute's cases: how each came up, what was done with it, and what was written at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sim.engine.clock import HOUR
from sim.outcomes.moments import MEDIATION, Facts, Moment, Row, has_come, is_later, row_of, with_whom
from sim.outcomes.records import Records

TOLD_TRAVEL = 1.0  # hours of travel of both parties from which on it is told


def case_course(
    records: Records, about: Row, case: Row, cases: Sequence[Row], calls: Sequence[Row]
) -> Iterator[Moment]:
    """Tell of a case until its end: how it came up, its way to whoever has it, how long it waited, its sessions."""
    opened, who = float(case["recorded_opened_day"]), with_whom(case)
    opening = opening_of(about, case, cases, calls)
    yield Moment(opened, opening, with_whom(sent_from(case, cases)) if opening == "taken_back" else who)
    yield from arrival(case, cases, who)
    since, waited_from = wait_of(case, opening)
    sessions = np.flatnonzero(records.column("sessions", "case") == case["case"])
    acted = float(case["recorded_acted_day"])
    if has_come(acted) and not len(sessions):
        key = "heard" if case["channel"] == "court" else "acted"
        yield Moment(acted, key, {**who, "waited_days": acted - waited_from, "since": since})
    if case["joined"] in MEDIATION:
        yield from joint_handling(records, about, case, cases, acted if has_come(acted) else opened)
    for row in sessions:
        session = row_of(records, "sessions", int(row))
        first: Facts = {"waited_days": float(session["start_day"]) - waited_from, "since": since}
        yield session_moment(session, {**who, **first} if session["number"] == 1 else who)
        if session["number"] == 1:
            yield from company(session, who)


def wait_of(case: Row, opening: str) -> tuple[str, float]:
    """Return since what, and since which moment, a case is told to have waited: the last that a sentence names."""
    opened, assigned = float(case["recorded_opened_day"]), float(case["recorded_assigned_day"])
    if is_later(assigned, opened):
        return ("assigned" if case["channel"] == "grid" else "arrived"), assigned
    if case["channel"] == "court":
        return ("returned" if opening in ("taken_back", "back_to_court") else "filed"), opened
    if opening in ("passed_up", "given_by_court", "petitioned"):
        return "handed_over", opened
    return "opened", opened


def joint_handling(records: Records, about: Row, case: Row, cases: Sequence[Row], called: float) -> Iterator[Moment]:
    """Tell that departments were called, and what came of it where the dispute's end does not tell that."""
    yield Moment(called, "joined", {"channel": case["joined"]})
    closed = float(case["recorded_closed_day"])
    if not has_come(closed):
        if not has_come(float(about["true_ended_day"])):
            yield Moment(records.fact("elapsed_days"), "joint_open", {})
    elif not case["withdrawn"] and not case["true_settled"]:
        # What was not settled is passed up at that moment; the grid's own file of it is closed later.
        passed = [float(one["recorded_opened_day"]) for one in cases if one["passed_from"] == case["case"]]
        yield Moment(min([closed, *passed]), "joint_in_vain", {})


def sent_from(case: Row, cases: Sequence[Row]) -> Row:
    """Return the case from which a case was passed."""
    return next(one for one in cases if one["case"] == case["passed_from"])


def back_in_court(case: Row, cases: Sequence[Row]) -> str:
    """Return how the court came to have a case again: it was lost on the way, taken back, or sent back."""
    before = sent_from(case, cases)
    if before["lost"]:
        return "lost_to_court"
    return "taken_back" if before["withdrawn"] else "back_to_court"


def opening_of(about: Row, case: Row, cases: Sequence[Row], calls: Sequence[Row]) -> str:
    """Return how a case came up, as far as the records say it."""
    opened, passed = case["recorded_opened_day"], case["passed_from"] >= 0
    if case["channel"] == "court":
        return back_in_court(case, cases) if passed else "filed"
    if passed:
        return "given_by_court" if case["source"] == "court" else "passed_up"
    if case["discovered"]:
        return "found" if case["found_how"] in ("none", "visit") else f"found_{case['found_how']}"
    if case["source"] == "police" or any(call["arrived_day"] == opened for call in calls):
        return "referred"
    if case["source"] == "petition":
        return "petitioned"
    if about["recorded_found_by"] == "self" and about["recorded_found_day"] == opened:
        return "brought"
    if case["source"] == "self":
        return "brought_again" if case["case"] != cases[0]["case"] else "brought"
    return "opened"


def goes_back(case: Row, cases: Sequence[Row]) -> bool:
    """Decide whether the court has a case again that it gave away."""
    return any(one["channel"] == "court" and one["passed_from"] == case["case"] for one in cases)


def arrival(case: Row, cases: Sequence[Row], who: Facts) -> Iterator[Moment]:
    """Tell of the way of a case to whoever has it, where it took time or went wrong."""
    opened, assigned = float(case["recorded_opened_day"]), float(case["recorded_assigned_day"])
    if case["lost"]:
        if not goes_back(case, cases):
            yield Moment(opened, "lost", {})
    elif case["refused"]:
        yield Moment(opened, "refused", {})
    elif is_later(assigned, opened):
        key = "assigned" if case["channel"] == "grid" else "arrived"
        yield Moment(assigned, key, {**who, "delay_days": assigned - opened})


def session_moment(session: Row, given: Facts) -> Moment:
    """Return what is told of a session: its number unless it is the first, and its length once it is over."""
    start, hours = float(session["start_day"]), float(session["hours"])
    facts: Facts = {**given}
    key = "first_session"
    if session["number"] > 1:
        facts["number"] = session["number"]
        key = "session"
    if not has_come(hours):
        return Moment(start, f"{key}_open", facts)
    return Moment(start, key, {**facts, "length_days": hours * HOUR})


def company(session: Row, who: Facts) -> Iterator[Moment]:
    """Tell who sat at a session beside the mediator, and who travelled."""
    start, others = float(session["start_day"]), int(session["people"]) - 1
    if session["team_name"] != "none":
        key, count = ("team", {"count": others}) if others > 0 else ("team_missing", {})
        yield Moment(start, key, {"team": session["team_name"], **count})
    if session["mediator_travel_hours"] > 0.0:
        yield Moment(start, "mediator_came", {"travel_days": float(session["mediator_travel_hours"]) * HOUR})
    if who.get("kind") == "online":
        yield Moment(start, "met_online", {})
    elif session["party_travel_hours"] >= TOLD_TRAVEL:
        yield Moment(start, "parties_came", {"travel_days": float(session["party_travel_hours"]) * HOUR})


def case_end(about: Row, case: Row, cases: Sequence[Row]) -> Iterator[Moment]:
    """Tell what was written at a case's end, and when, where another moment does not tell it."""
    fed_back, closed = float(case["recorded_fed_back_day"]), float(case["recorded_closed_day"])
    waits_for_file = not has_come(closed) or is_later(closed, fed_back)
    if case["channel"] == "grid" and has_come(fed_back) and waits_for_file:
        yield Moment(fed_back, fed_back_to(case), {})
    if not has_come(closed):
        return
    if key := closing_of(about, case, cases):
        yield Moment(closed, key, with_whom(case))
    if case["joined"] in MEDIATION and case["withdrawn"]:
        yield Moment(closed, "joint_too_late", {})
    if is_stamped_apart(case):
        yield Moment(closed, "six_steps", {"length_days": closed - float(case["recorded_reported_day"])})


def fed_back_to(case: Row) -> str:
    """Return who was told what came of a grid case: those who had brought it, or a volunteer who told of it."""
    if not case["discovered"]:
        return "fed_back"
    return "fed_back_volunteer" if case["found_how"] == "volunteer" else "fed_back_parties"


def is_stamped_apart(case: Row) -> bool:
    """Decide whether a grid case went through its six steps with times between them that no one acted in."""
    if case["channel"] != "grid" or case["withdrawn"]:
        return False
    opened, assigned = case["recorded_opened_day"], case["recorded_assigned_day"]
    return is_later(assigned, opened) or is_later(case["recorded_closed_day"], case["recorded_fed_back_day"])


def closing_of(about: Row, case: Row, cases: Sequence[Row]) -> str:
    """Return what is told of a case's closing; nothing where another moment tells it."""
    if case["true_closed_early"]:
        return "closed_early"
    if case["withdrawn"]:
        return withdrawal_of(about, case, cases)
    if case["passed_up"] or case["lost"] or case["refused"] or case["channel"] == "court":
        return ""
    if case["recorded_settled"]:
        at_the_end = case["true_settled"] and about["true_ended_day"] == case["recorded_closed_day"]
        return "" if at_the_end else "closed_settled" if case["true_settled"] else "closed_glossed"
    return "closed_unsaid" if case["true_settled"] else "closed_unsettled"


def withdrawal_of(about: Row, case: Row, cases: Sequence[Row]) -> str:
    """Return why a case was closed before its channel was done: one went to court, or all was over.

    Nothing where the court took it back: how the court came to have it again tells that.
    """
    if goes_back(case, cases):
        return ""
    way = "_on_the_way" if is_on_the_way(case) else ""
    filed = (one["recorded_opened_day"] for one in cases if one["channel"] == "court")
    return f"closed_for_court{way}" if case["recorded_closed_day"] in filed else f"closed_withdrawn{way}"


def is_on_the_way(case: Row) -> bool:
    """Decide whether a case of an office was closed before it had reached the office."""
    return case["channel"] in MEDIATION and not has_come(float(case["recorded_assigned_day"]))


def marks(cases: Sequence[Row], day: float) -> Iterator[Moment]:
    """Tell of cases what has no moment in the records: that a colour put them first, that they came on the list."""
    first = sum(bool(case["urgent"]) and case["channel"] != "court" for case in cases)
    listed = sum(bool(case["listed"]) and case["channel"] == "grid" for case in cases)
    for key, count in (("put_first", first), ("listed", listed)):
        if count:
            yield Moment(day, key, {"count": count})
