"""Outcomes of mediation by kind and level of office; of joint sessions, trips, hand-over, agreements and court."""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.codes import OfficeKind
from sim.outcomes.disputes import begun_early
from sim.outcomes.measures import UNDEFINED, mean, ratio, restricted_mean, share
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.settlements import MEDIATION, RELAPSED_WITHIN, WAIT_WATCHED, concluded, wait_over
from sim.outcomes.staff import sessions_hours_owed
from sim.outcomes.words import Column

KINDS = tuple(kind.name.lower() for kind in OfficeKind)


def offices_that(records: Records, column: str, word: str) -> Column:
    """Return which offices are of a kind or at a level, shape (offices,)."""
    return records.says("offices", column, word)


def belongs(records: Records, table: str, offices: Column) -> Column:
    """Return which rows of cases or mediators belong to some offices."""
    office = records.column(table, "office")
    return np.asarray((office >= 0) & np.append(offices, False)[office])


def waiting_days(records: Records, column: str, word: str) -> float:
    """Return the restricted mean over 30 days of the wait for the first session in offices of a kind or level."""
    mine = belongs(records, "cases", offices_that(records, column, word))
    watched = mine & begun_early(records, "recorded_opened_day", WAIT_WATCHED, "cases")
    days = wait_over(records) - records.column("cases", "recorded_opened_day")
    return restricted_mean(days[watched], WAIT_WATCHED)


def settled_share(records: Records, column: str, word: str) -> float:
    """Return the share of concluded cases that truly settled in offices of a kind or level."""
    mine = belongs(records, "cases", offices_that(records, column, word)) & concluded(records)
    return share(records.column("cases", "true_settled")[mine])


def utilisation(records: Records, column: str, word: str) -> float:
    """Return the share of their opening hours that mediators of a kind or level spend in sessions and on the way."""
    mine = belongs(records, "mediators", offices_that(records, column, word))
    spent = records.column("mediators", "hours") + records.column("mediators", "travel_hours")
    return ratio(float(spent[mine].sum()), float(sessions_hours_owed(records)[mine].sum()))


def lost_share(records: Records) -> float:
    """Return the share of cases handed over to mediation that never arrived."""
    sent, lost = (float(records.column("hand_overs", name).sum()) for name in ("sent", "lost"))
    return ratio(lost, sent)


def court_days(records: Records) -> float:
    """Return the mean days from filing to ruling of the cases on which the court ruled."""
    ruled = records.says("cases", "channel", "court") & ~records.column("cases", "withdrawn")
    ruled &= ~records.column("cases", "passed_up")
    days = records.column("cases", "recorded_closed_day") - records.column("cases", "recorded_opened_day")
    return mean(days[ruled])


def breach_share(records: Records) -> float:
    """Return the share of mediated settlements that came back within 90 days since the agreement was not kept."""
    parent = records.column("disputes", "parent")
    ended = records.column("disputes", "true_ended_day")
    children = np.flatnonzero(parent >= 0)
    back = np.full(len(ended), np.nan)
    back[parent[children]] = records.column("disputes", "true_born_day")[children]
    mediated = records.column("disputes", "true_settled") & records.says("disputes", "true_end_channel", *MEDIATION)
    watched = mediated & begun_early(records, "true_ended_day", RELAPSED_WITHIN)
    broken = records.column("disputes", "true_breached") & (back - ended <= RELAPSED_WITHIN)
    return share(broken[watched])


def session_sum(records: Records, column: str) -> float:
    """Return the sum of a column over all sessions begun, or NaN where there is none."""
    return float(records.column("sessions", column).sum()) if records["sessions"].num_rows else UNDEFINED


def by_office(column: str, word: str) -> tuple[Outcome, ...]:
    """Return wait, settlement and utilisation of the offices of one kind or level."""
    which = f"{word.replace('_', ' ')} offices" if column == "kind" else f"{word} level"
    return (
        Outcome(
            id=f"{word}_waiting_days",
            unit="days",
            better="lower",
            title=f"Waiting for mediation, {which}",
            definition=f"As `mediation_waiting_days`, over the cases of offices of this {column}.",
            group="disputes",
            kind="recorded",
            measure=partial(waiting_days, column=column, word=word),
        ),
        Outcome(
            id=f"true_{word}_settled_share",
            unit="share",
            better="higher",
            title=f"Cases truly settled, {which}",
            definition=f"As `true_case_settled_share`, over the cases of offices of this {column}.",
            group="disputes",
            kind="true",
            measure=partial(settled_share, column=column, word=word),
        ),
        Outcome(
            id=f"{word}_utilisation",
            unit="share",
            better="none",
            title=f"Utilisation of mediators, {which}",
            definition=(
                f"Hours in sessions, led or joined, and on the way / opening hours while employed, over the mediators "
                f"of offices of this {column}. Sessions may go on after closing time."
            ),
            group="staff",
            kind="neutral",
            measure=partial(utilisation, column=column, word=word),
        ),
    )


OUTCOMES = (
    *(outcome for kind in KINDS for outcome in by_office("kind", kind)),
    *(outcome for level in MEDIATION for outcome in by_office("level", level)),
    Outcome(
        id="true_breach_in_90_days_share",
        unit="share",
        better="lower",
        title="Agreements broken within 90 days",
        definition=(
            "Among settlements in mediation at least 90 days before the run's end: those that came back at most 90 "
            "days later because the agreement was not kept."
        ),
        group="disputes",
        kind="true",
        measure=breach_share,
    ),
    Outcome(
        id="hand_over_lost_share",
        unit="share",
        better="lower",
        title="Lost in hand-over",
        definition=(
            "Cases that never arrived / cases handed to mediation by grid, police, petition, court or another office. "
            "One-stop centres and rooms in police stations lose none and are not counted."
        ),
        group="disputes",
        kind="true",
        measure=lost_share,
    ),
    Outcome(
        id="court_days_mean",
        unit="days",
        better="lower",
        title="Days in court",
        definition="Mean days from filing to ruling, over court cases with a ruling by the run's end.",
        group="disputes",
        kind="recorded",
        measure=court_days,
    ),
    Outcome(
        id="party_travel_hours",
        unit="hours",
        better="lower",
        title="Parties' hours on the way to mediation",
        definition="Both parties' trips from home to the office and back, over all sessions begun.",
        group="burden",
        kind="neutral",
        measure=partial(session_sum, column="party_travel_hours"),
    ),
    Outcome(
        id="mediator_travel_hours",
        unit="hours",
        better="lower",
        title="Mediators' hours on the way",
        definition="Trips of backpack mediators to party a's home and back, over all sessions begun.",
        group="staff",
        kind="neutral",
        measure=partial(session_sum, column="mediator_travel_hours"),
    ),
    Outcome(
        id="mediation_team_hours",
        unit="hours",
        better="none",
        title="Hours of people who join sessions",
        definition="Hours of sessions ended of those who joined the mediator in a team (1+X, three chiefs).",
        group="staff",
        kind="neutral",
        measure=lambda records: float(records.column("mediators", "team_hours").sum()),
    ),
)
