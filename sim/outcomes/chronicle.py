"""What happened to one dispute, from its first quarrel to its end, read from a run's records.

A chronicle holds moments in the order of time. Each says only what a column of the records says: its key names the
sentence, its facts are values of columns or differences of two. The words are for whoever tells it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from sim.engine.clock import HOUR
from sim.outcomes.records import Records

NEVER = ("reneged", "lost")  # answers of a call to which nobody came
ONE_LOSES, BOTH_LOSE = 4, 7  # the stages at which Glasl's second and third level begin

type Row = Mapping[str, Any]


@dataclass(frozen=True)
class Moment:
    """Something that happened.

    Attributes:
        day: since the start of the run.
        key: of the sentence that tells it.
        facts: what the sentence needs: words of the records (``channel``), counts, ``..._days``, ``..._hours`` and
            ``..._minutes``.
    """

    day: float
    key: str
    facts: Mapping[str, str | int | float]


@dataclass(frozen=True)
class Chronicle:
    """One dispute's moments in the order of time; a relapse is a dispute, and so a chronicle, of its own."""

    dispute: int
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class Story:
    """A dispute with all its relapses.

    Attributes:
        start: the date of day 0.
        chapters: the first quarrel, then each relapse.
    """

    start: date
    chapters: tuple[Chronicle, ...]


class NoDisputeError(ValueError):
    """A run has no dispute of a number; the message says which there are."""


def story_of(records: Records, dispute: int) -> Story:
    """Return the story to which a dispute belongs, from the first quarrel of its chain to the last relapse.

    Raises:
        NoDisputeError: there is no such dispute.
    """
    count = records["disputes"].num_rows
    if not 0 <= dispute < count:
        allowed = f"a number from 0 to {count - 1}" if count else "none, for the run has no disputes"
        raise NoDisputeError(f"there is no dispute {dispute}; allowed: {allowed}")
    start: date = records["run"].column("start_date")[0].as_py()
    return Story(start, tuple(chronicle_of(records, one) for one in chain_of(records, dispute)))


def chain_of(records: Records, dispute: int) -> list[int]:
    """Return the disputes of which each is the relapse of the one before, with ``dispute`` among them."""
    parents = records.column("disputes", "parent")
    first = dispute
    while parents[first] >= 0:
        first = int(parents[first])
    chain = [first]
    while len(later := np.flatnonzero(parents == chain[-1])):
        chain.append(int(later[0]))
    return chain


def chronicle_of(records: Records, dispute: int) -> Chronicle:
    """Return the moments of one dispute."""
    about = row_of(records, "disputes", dispute)
    cases, calls = rows_of(records, "cases", dispute), rows_of(records, "calls", dispute)
    moments = [
        *beginning(records, about),
        *climbing(about),
        *(moment for call in calls for moment in call_moments(about, call)),
        *ending(records, about),
        *(moment for case in cases for moment in case_moments(records, about, case, calls)),
    ]
    # Sorting is stable: of what happens at one moment, causes stand before what follows from them.
    moments.sort(key=lambda moment: moment.day)
    last = moments[-1].day
    return Chronicle(dispute, (*moments, *books(about, cases, last), *sums(about, cases, last)))


def row_of(records: Records, table: str, row: int) -> dict[str, Any]:
    """Return a row of a table: words as text, moments as floats (NaN where there is none)."""
    taken = records[table].slice(row, 1).to_pylist()[0]
    return {name: float("nan") if value is None else value for name, value in taken.items()}


def rows_of(records: Records, table: str, dispute: int) -> list[dict[str, Any]]:
    """Return the rows of a table that belong to a dispute."""
    return [row_of(records, table, int(row)) for row in np.flatnonzero(records.column(table, "dispute") == dispute)]


def has_come(day: float) -> bool:
    """Decide whether a moment lies within the run."""
    return not np.isnan(day)


def beginning(records: Records, about: Row) -> Iterator[Moment]:
    """Tell who fell out over what, or that it came back, and at which stage."""
    born = float(about["true_born_day"])
    if about["parent"] >= 0:
        settled = float(records.column("disputes", "true_ended_day")[about["parent"]])
        yield Moment(born, "relapsed", {"since_days": born - settled})
    else:
        district = records["districts"].column("name")[about["district"]].as_py()
        facts = {"district": district, "tie": about["tie"], "category": about["category"]}
        yield Moment(born, "born_migrant" if about["party_a_migrant"] else "born", facts)
    yield Moment(born, "began", {"stage": about["true_first_stage"], "band": band_of(about["true_first_stage"])})
    if about["true_visits_missed"]:
        found = float(about["recorded_found_day"])
        day = found if has_come(found) else end_of(records, about)
        key = "missed" if has_come(found) else "never_found"
        yield Moment(day, key, {"count": about["true_visits_missed"]})


def end_of(records: Records, about: Row) -> float:
    """Return the moment at which a dispute ended, or the records do."""
    ended = float(about["true_ended_day"])
    return ended if has_come(ended) else records.fact("elapsed_days")


def band_of(stage: int) -> str:
    """Return the level of Glasl's (1982) model to which a stage belongs: 1-3, 4-6 or 7-9."""
    return "both_can_win" if stage < ONE_LOSES else "one_loses" if stage < BOTH_LOSE else "both_lose"


def climbing(about: Row) -> Iterator[Moment]:
    """Tell of the climb over the bounds of Glasl's levels, and of violence."""
    for stage in (ONE_LOSES, BOTH_LOSE):
        reached = float(about[f"true_reached_{stage}_day"])
        if has_come(reached) and reached > about["true_born_day"]:
            yield Moment(reached, "reached", {"stage": stage, "band": band_of(stage)})
    if about["true_violence"]:
        yield Moment(float(about["true_turned_violent_day"]), "violent", {"count": about["true_violence"]})


def call_moments(about: Row, call: Row) -> Iterator[Moment]:
    """Tell of a call, how long it took until somebody came, and what that changed."""
    received, arrived = float(call["received_day"]), float(call["arrived_day"])
    if call["answer"] in NEVER:
        yield Moment(received, "call_unanswered", {"answer": call["answer"]})
    elif not has_come(arrived):
        yield Moment(received, "call_open", {})
    else:
        over = about["true_ended_day"] < arrived
        key = "call_over" if over else "call_calmed" if call["true_defused"] else "call_in_vain"
        yield Moment(received, key, {"response_minutes": float(call["response_minutes"])})


def case_moments(records: Records, about: Row, case: Row, calls: list[dict[str, Any]]) -> Iterator[Moment]:
    """Tell of a case: how it came up, how long it waited, its sessions, and what was written when it was closed."""
    channel, opened = case["channel"], float(case["recorded_opened_day"])
    yield Moment(opened, opening_of(about, case, calls), {"channel": channel})
    sessions = np.flatnonzero(records.column("sessions", "case") == case["case"])
    acted = float(case["recorded_acted_day"])
    if has_come(acted) and not len(sessions):
        yield Moment(acted, "acted", {"channel": channel, "waited_days": acted - opened})
    for row in sessions:
        yield session_moment(row_of(records, "sessions", int(row)), channel, opened)
    closed = float(case["recorded_closed_day"])
    if has_come(closed) and (key := closing_of(about, case)):
        yield Moment(closed, key, {"channel": channel})


def opening_of(about: Row, case: Row, calls: list[dict[str, Any]]) -> str:
    """Return how a case came up, as far as the records say it."""
    opened = case["recorded_opened_day"]
    if case["passed_from"] >= 0:
        return "passed_up"
    if case["discovered"]:
        return "found"
    if any(call["arrived_day"] == opened for call in calls):
        return "referred"
    if about["recorded_found_by"] == "self" and about["recorded_found_day"] == opened:
        return "brought"
    return "opened"


def session_moment(session: Row, channel: str, opened: float) -> Moment:
    """Return what is told of a session: the first with its wait, each with its length once it is over."""
    start, hours = float(session["start_day"]), float(session["hours"])
    facts: dict[str, str | int | float] = {"channel": channel}
    if session["number"] == 1:
        facts["waited_days"] = start - opened
        key = "first_session"
    else:
        facts["number"] = session["number"]
        key = "session"
    if not has_come(hours):
        return Moment(start, f"{key}_open", facts)
    return Moment(start, key, {**facts, "length_days": hours * HOUR})


def closing_of(about: Row, case: Row) -> str:
    """Return what is told of a case's closing; nothing where another moment tells it."""
    if case["withdrawn"]:
        return "closed_withdrawn"
    if case["passed_up"]:
        return ""
    if case["recorded_settled"]:
        at_the_end = case["true_settled"] and about["true_ended_day"] == case["recorded_closed_day"]
        return "" if at_the_end else "closed_settled" if case["true_settled"] else "closed_glossed"
    return "closed_unsaid" if case["true_settled"] else "closed_unsettled"


def ending(records: Records, about: Row) -> Iterator[Moment]:
    """Tell how a dispute ended, or where it stands when the records end."""
    ended, born = float(about["true_ended_day"]), float(about["true_born_day"])
    channel, stage = about["true_end_channel"], about["true_last_stage"]
    if not has_come(ended):
        yield Moment(records.fact("elapsed_days"), "still_open", {"state": about["true_state"], "stage": stage})
    elif about["true_settled"]:
        yield Moment(ended, "settled", {"channel": channel, "age_days": ended - born})
    else:
        key = "faded" if channel == "self" else "ended"
        yield Moment(ended, key, {"channel": channel, "age_days": ended - born, "stage": stage})


def books(about: Row, cases: list[dict[str, Any]], day: float) -> Iterator[Moment]:
    """Tell whether the books say of the dispute what became of it."""
    concluded = [
        case
        for case in cases
        if has_come(case["recorded_closed_day"]) and not case["withdrawn"] and not case["passed_up"]
    ]
    settled = about["true_settled"]
    if not cases:
        calls = about["recorded_calls"]
        key = "books_calls" if calls else "books_ended" if has_come(about["recorded_found_day"]) else "books_nothing"
        yield Moment(day, key, {"count": calls} if calls else {})
    elif concluded:
        said = "settled" if any(case["recorded_settled"] for case in concluded) else "unsettled"
        truth = "settled" if settled else "unsettled"
        yield Moment(day, f"books_say_{said}_was_{truth}", {})
    elif any(not has_come(case["recorded_closed_day"]) for case in cases):
        yield Moment(day, "books_open", {})
    else:
        yield Moment(day, "books_no_result", {})


def sums(about: Row, cases: list[dict[str, Any]], day: float) -> Iterator[Moment]:
    """Tell what a dispute took in all, where that was more than one thing."""
    facts = {
        "cases": len(cases),
        "sessions": sum(int(case["sessions"]) for case in cases),
        "calls": int(about["recorded_calls"]),
    }
    if sum(facts.values()) > 1:
        yield Moment(day, "sums", facts)
