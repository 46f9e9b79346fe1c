"""What happened to one dispute, from its first quarrel to its end, read from a run's records.

A chronicle holds moments in the order of time. Each says only what a column of the records says: its key names the
sentence, its facts are values of columns or differences of two. The words are for whoever tells it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np

from sim.outcomes.chronicle_books import around_the_books, books, readings, sums
from sim.outcomes.chronicle_cases import case_course, case_end, closing_of, marks
from sim.outcomes.moments import MEDIATION, Moment, Row, cases_of, has_come, is_later, row_of, rows_of, with_whom
from sim.outcomes.records import Records
from sim.outcomes.tables import NOT_ONE as PERSON

NEVER = ("reneged", "lost")  # answers of a call to which nobody came
ANSWERED = ("call_calmed", "call_in_vain")
TOLD_TOGETHER = 3  # answered calls in a row from which on they are told as one
ONE_LOSES, BOTH_LOSE = 4, 7  # the stages at which Glasl's second and third level begin


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
    cases, calls = cases_of(records, dispute), rows_of(records, "calls", dispute)
    moments = [
        *beginning(records, about),
        *hearing_of_it(about, cases),
        *climbing(about),
        *(moment for call in calls for moment in call_moments(about, call)),
        *handling(records, about, cases, calls),
    ]
    # Sorting is stable: of what happens at one moment, causes stand before what follows from them.
    moments = together(sorted(moments, key=lambda moment: moment.day))
    last = moments[-1].day
    return Chronicle(
        dispute,
        (
            *moments,
            *readings(about, last),
            *marks(cases, last),
            *around_the_books(about, cases, last),
            *books(about, cases, last),
            *sums(about, cases, last),
        ),
    )


def handling(records: Records, about: Row, cases: Sequence[Row], calls: Sequence[Row]) -> Iterator[Moment]:
    """Tell of all cases and of the dispute's end: a case's closing after what it follows from, before the next case."""
    after = []
    for case in cases:
        yield from case_course(records, about, case, cases, calls)
        follows = closing_of(about, case, cases).startswith("closed_for_court")
        if follows or case["recorded_closed_day"] == about["true_ended_day"]:
            after.append(case)
        else:
            yield from case_end(about, case, cases)
    yield from ending(records, about, cases)
    for case in after:
        yield from case_end(about, case, cases)


def together(moments: Sequence[Moment]) -> list[Moment]:
    """Return moments with several answered calls in a row, with nothing else between them, told as one."""
    made: list[Moment] = []
    for answered, run in groupby(moments, key=lambda moment: moment.key in ANSWERED):
        listed = list(run)
        made += [calls_together(listed)] if answered and len(listed) >= TOLD_TOGETHER else listed
    return made


def calls_together(calls: Sequence[Moment]) -> Moment:
    """Return the moment that tells several answered calls at once."""
    minutes = [float(call.facts["response_minutes"]) for call in calls]
    calmed = sum(call.key == "call_calmed" for call in calls)
    key = "calls_in_vain" if not calmed else "calls_calmed" if calmed == len(calls) else "calls"
    facts = {"count": len(calls), "until_day": calls[-1].day, "calmed": calmed}
    return Moment(calls[0].day, key, {**facts, "fastest_minutes": min(minutes), "slowest_minutes": max(minutes)})


def beginning(records: Records, about: Row) -> Iterator[Moment]:
    """Tell who fell out over what, or that it came back, and at which stage."""
    born = float(about["true_born_day"])
    if about["parent"] >= 0:
        before = row_of(records, "disputes", int(about["parent"]))
        key = "relapsed_breached" if before["true_breached"] else "relapsed"
        yield Moment(born, key, {"since_days": born - float(before["true_ended_day"])})
    else:
        yield from falling_out(records, about, born)
    yield Moment(born, "began", {"stage": about["true_first_stage"], "band": band_of(about["true_first_stage"])})
    if about["true_visits_missed"]:
        found = float(about["recorded_found_day"])
        day = found if has_come(found) else end_of(records, about)
        key = "missed" if has_come(found) else "never_found"
        yield Moment(day, key, {"count": about["true_visits_missed"]})


def falling_out(records: Records, about: Row, born: float) -> Iterator[Moment]:
    """Tell who fell out, with a person or an organisation, over what, and how many others by the same cause."""
    district = records["districts"].column("name")[about["district"]].as_py()
    kind = about["organisation_kind"]
    other = {"tie": about["tie"]} if kind == PERSON else {"organisation": kind}
    facts = {"district": district, **other, "category": about["category"]}
    key = "born" if kind == PERSON else "born_against"
    yield Moment(born, f"{key}_migrant" if about["party_a_migrant"] else key, facts)
    if kind != PERSON and about["cause"] >= 0:
        count = int(np.count_nonzero(records.column("disputes", "cause") == about["cause"]))
        yield Moment(born, "collective", {"count": count, "organisation": kind})


def hearing_of_it(about: Row, cases: Sequence[Row]) -> Iterator[Moment]:
    """Tell who learned of a dispute where no case came of it at that moment and no other sentence tells it."""
    found, by = float(about["recorded_found_day"]), about["recorded_found_by"]
    if by in ("grid", "self") and has_come(found) and all(case["recorded_opened_day"] != found for case in cases):
        yield Moment(found, f"heard_by_{by}", {})


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


def ending(records: Records, about: Row, cases: Sequence[Row]) -> Iterator[Moment]:
    """Tell how a dispute ended, or where it stands when the records end."""
    ended, born = float(about["true_ended_day"]), float(about["true_born_day"])
    channel, stage = about["true_end_channel"], about["true_last_stage"]
    if not has_come(ended):
        yield Moment(records.fact("elapsed_days"), "still_open", {"state": about["true_state"], "stage": stage})
    elif about["true_settled"]:
        yield from settlement(records, about, cases)
    elif channel == "court" and (ruling := ruling_of(cases, ended)):
        yield Moment(ended, ruling, {"age_days": ended - born})
    else:
        key = "faded" if channel == "self" else "ended"
        yield Moment(ended, key, {"channel": channel, "age_days": ended - born, "stage": stage})


def settlement(records: Records, about: Row, cases: Sequence[Row]) -> Iterator[Moment]:
    """Tell with whose help the two came to an agreement, and whether the court confirmed it."""
    ended, age = float(about["true_ended_day"]), about["true_ended_day"] - about["true_born_day"]
    by = [case for case in cases if case["true_settled"] and case["channel"] == about["true_end_channel"]]
    who = with_whom(by[-1]) if by else {"channel": about["true_end_channel"]}
    joined = bool(by) and by[-1]["joined"] in MEDIATION
    yield Moment(ended, "settled_jointly" if joined else "settled", {**who, "age_days": float(age)})
    if about["recorded_confirmed"]:
        yield Moment(ended, "confirmed", {})


def ruling_of(cases: Sequence[Row], ended: float) -> str:
    """Return whether the court ruled at its hearing or later; nothing where it had no case."""
    ruled = [case for case in cases if case["channel"] == "court" and case["recorded_closed_day"] == ended]
    if not ruled:
        return ""
    return "ruled" if is_later(ended, float(ruled[-1]["recorded_acted_day"])) else "ruled_at_once"
