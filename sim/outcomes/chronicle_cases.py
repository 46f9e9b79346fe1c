"""The moments of a dispute's cases: how each came up, what was done with it, and what was written at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sim.engine.clock import HOUR
from sim.outcomes.moments import MEDIATION, Facts, Moment, Row, has_come, is_later, row_of, with_whom
from sim.outcomes.records import Records

TOLD_TRAVEL = 1.0  # hours of travel of both parties from which on it is told


def case_course(records: Records, about: Row, case: Row, calls: Sequence[Row]) -> Iterator[Moment]:
    """Tell of a case until its end: how it came up, its way to whoever has it, how long it waited, its sessions."""
    opened, who = float(case["recorded_opened_day"]), with_whom(case)
    yield Moment(opened, opening_of(about, case, calls), who)
    if case["urgent"] and case["channel"] != "court":
        yield Moment(opened, "put_first", {})
    if case["listed"] and case["channel"] == "grid":
        yield Moment(opened, "listed", {})
    yield from arrival(case, who)
    sessions = np.flatnonzero(records.column("sessions", "case") == case["case"])
    acted = float(case["recorded_acted_day"])
    if has_come(acted) and not len(sessions):
        key = "heard" if case["channel"] == "court" else "acted"
        yield Moment(acted, key, {**who, "waited_days": acted - opened})
    if case["joined"] in MEDIATION:
        yield Moment(acted if has_come(acted) else opened, "joined", {"channel": case["joined"]})
    for row in sessions:
        session = row_of(records, "sessions", int(row))
        yield session_moment(session, who, opened)
        if session["number"] == 1:
            yield from company(session, who)


def opening_of(about: Row, case: Row, calls: Sequence[Row]) -> str:
    """Return how a case came up, as far as the records say it."""
    opened, passed = case["recorded_opened_day"], case["passed_from"] >= 0
    if case["channel"] == "court":
        return "back_to_court" if passed else "filed"
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
    return "opened"


def arrival(case: Row, who: Facts) -> Iterator[Moment]:
    """Tell of the way of a case to whoever has it, where it took time or went wrong."""
    opened, assigned = float(case["recorded_opened_day"]), float(case["recorded_assigned_day"])
    if case["lost"]:
        yield Moment(opened, "lost", {})
    elif case["refused"]:
        yield Moment(opened, "refused", {})
    elif is_later(assigned, opened):
        key = "assigned" if case["channel"] == "grid" else "arrived"
        yield Moment(assigned, key, {**who, "delay_days": assigned - opened})


def session_moment(session: Row, who: Facts, opened: float) -> Moment:
    """Return what is told of a session: the first with its wait, each with its length once it is over."""
    start, hours = float(session["start_day"]), float(session["hours"])
    facts: Facts = {**who}
    if session["number"] == 1:
        facts["waited_days"] = start - opened
        key = "first_session"
    else:
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
        yield Moment(fed_back, "fed_back", {})
    if not has_come(closed):
        return
    if key := closing_of(about, case, cases):
        yield Moment(closed, key, with_whom(case))
    if is_stamped_apart(case):
        yield Moment(closed, "six_steps", {"length_days": closed - float(case["recorded_reported_day"])})


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
    """Return why a case was closed before its channel was done: the court took it back, or up, or all was over."""
    suits = [one for one in cases if one["channel"] == "court"]
    if any(one["passed_from"] == case["case"] for one in suits):
        return "closed_taken_back"
    if any(one["recorded_opened_day"] == case["recorded_closed_day"] for one in suits):
        return "closed_for_court"
    return "closed_withdrawn"
