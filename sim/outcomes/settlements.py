"""Outcomes of how disputes end: true settlements by channel, what the books say of them, waiting and relapse."""

from __future__ import annotations

import numpy as np

from sim.outcomes.disputes import begun_early
from sim.outcomes.measures import mean, restricted_mean, share
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.words import Column

MEDIATION = ("community", "township", "county", "city")
SETTLED_WITHIN = 90.0
RELAPSED_WITHIN = 90.0
WAIT_WATCHED = 30.0


def settled_share(records: Records, *channels: str) -> float:
    """Return the share of all disputes that truly settled, in one of ``channels`` where any are given."""
    settled = records.column("disputes", "true_settled")
    return share(settled & records.says("disputes", "true_end_channel", *channels) if channels else settled)


def ended_in_share(records: Records, channel: str) -> float:
    """Return the share of all disputes that ended in a channel."""
    return share(records.says("disputes", "true_end_channel", channel))


def open_share(records: Records) -> float:
    """Return the share of all disputes that had not ended."""
    return share(~records.says("disputes", "true_state", "ended"))


def settled_soon_share(records: Records) -> float:
    """Return the share of disputes that truly settled within 90 days of birth."""
    days = records.column("disputes", "true_ended_day") - records.column("disputes", "true_born_day")
    settled = records.column("disputes", "true_settled") & (days <= SETTLED_WITHIN)
    return share(settled[begun_early(records, "true_born_day", SETTLED_WITHIN)])


def days_to_settlement(records: Records) -> float:
    """Return the mean days from birth to a true settlement."""
    days = records.column("disputes", "true_ended_day") - records.column("disputes", "true_born_day")
    return mean(days[records.column("disputes", "true_settled")])


def relapse_share(records: Records) -> float:
    """Return the share of true settlements that came back within 90 days."""
    ended = records.column("disputes", "true_ended_day")
    parent = records.column("disputes", "parent")
    relapses = np.flatnonzero(parent >= 0)
    back = np.full(len(ended), np.nan)
    back[parent[relapses]] = records.column("disputes", "true_born_day")[relapses]
    settled = records.column("disputes", "true_settled")
    observed = settled & begun_early(records, "true_ended_day", RELAPSED_WITHIN)
    return share((back - ended <= RELAPSED_WITHIN)[observed])


def concluded(records: Records) -> Column:
    """Return which cases grid and offices closed as their own: not withdrawn, passed up, lost or refused."""
    closed = ~np.isnan(records.column("cases", "recorded_closed_day"))
    done = closed & ~records.column("cases", "withdrawn") & ~records.column("cases", "passed_up")
    nobodys = records.column("cases", "lost") | records.column("cases", "refused")
    return done & ~nobodys & ~records.says("cases", "channel", "court")


def case_share(records: Records, column: str) -> float:
    """Return the share of concluded cases that are settled by the column's account."""
    return share(records.column("cases", column)[concluded(records)])


def settlement_gap(records: Records) -> float:
    """Return the recorded minus the true share of concluded cases settled."""
    return case_share(records, "recorded_settled") - case_share(records, "true_settled")


def mediation_cases(records: Records) -> Column:
    """Return which cases belong to mediation offices; those lost on the way or refused by all belong to none."""
    nobodys = records.column("cases", "lost") | records.column("cases", "refused")
    return records.says("cases", "channel", *MEDIATION) & ~nobodys


def wait_over(records: Records) -> Column:
    """Return the day on which each case's wait was over, NaN while it waits.

    A case withdrawn before its first session is closed without one; its wait was over then.
    """
    return np.fmin(records.column("cases", "recorded_acted_day"), records.column("cases", "recorded_closed_day"))


def mediation_waiting_days(records: Records) -> float:
    """Return the restricted mean over 30 days of the days that a mediation case waits for its first session."""
    watched = mediation_cases(records) & begun_early(records, "recorded_opened_day", WAIT_WATCHED, "cases")
    return restricted_mean((wait_over(records) - records.column("cases", "recorded_opened_day"))[watched], WAIT_WATCHED)


def ended_in(records: Records, channel: str) -> float:
    """Return how many disputes ended in a channel."""
    return float(np.count_nonzero(records.says("disputes", "true_end_channel", channel)))


OUTCOMES = (
    Outcome(
        id="true_settled_share",
        unit="share",
        better="higher",
        title="Disputes truly settled",
        definition=(
            "Disputes ended by a true agreement, in any channel, by the run's end / all disputes born; those "
            "still open count as not settled."
        ),
        group="disputes",
        kind="true",
        measure=settled_share,
    ),
    Outcome(
        id="true_settled_by_grid_share",
        unit="share",
        better="none",
        title="Truly settled in the grid",
        definition="Disputes truly settled by grid workers / all disputes born.",
        group="disputes",
        kind="true",
        measure=lambda records: settled_share(records, "grid"),
    ),
    Outcome(
        id="true_settled_by_mediation_share",
        unit="share",
        better="none",
        title="Truly settled in mediation",
        definition="Disputes truly settled in a mediation office of any level / all disputes born.",
        group="disputes",
        kind="true",
        measure=lambda records: settled_share(records, *MEDIATION),
    ),
    Outcome(
        id="true_settled_by_police_share",
        unit="share",
        better="none",
        title="Truly settled by the police",
        definition="Disputes truly settled on the spot by a patrol unit / all disputes born.",
        group="disputes",
        kind="true",
        measure=lambda records: settled_share(records, "police"),
    ),
    Outcome(
        id="true_faded_share",
        unit="share",
        better="none",
        title="Ended by themselves",
        definition="Disputes that ended by themselves, without an agreement / all disputes born.",
        group="disputes",
        kind="true",
        measure=lambda records: ended_in_share(records, "self"),
    ),
    Outcome(
        id="true_open_share",
        unit="share",
        better="lower",
        title="Still open",
        definition=(
            "Disputes that had not ended by the run's end / all disputes born. Settled, ended by themselves, "
            "in court, in petition and still open add up to 1."
        ),
        group="disputes",
        kind="true",
        measure=open_share,
    ),
    Outcome(
        id="true_settled_in_90_days_share",
        unit="share",
        better="higher",
        title="Truly settled within 90 days",
        definition=(
            "Among disputes born at least 90 days before the run's end: those truly settled at most 90 days "
            "after birth. The end cuts nothing off."
        ),
        group="disputes",
        kind="true",
        measure=settled_soon_share,
    ),
    Outcome(
        id="days_to_settlement",
        unit="days",
        better="lower",
        title="Days to settlement",
        definition=(
            "Mean days from birth to a true settlement, over the disputes truly settled by the run's end. Those "
            "not settled do not count: read it beside the share settled within 90 days."
        ),
        group="disputes",
        kind="true",
        measure=days_to_settlement,
    ),
    Outcome(
        id="recorded_settled_share",
        unit="share",
        better="higher",
        title="Cases recorded as settled",
        definition=(
            "Cases whose books say settled / concluded cases (closed, neither withdrawn nor passed up): the "
            "rate that offices publish."
        ),
        group="disputes",
        kind="recorded",
        measure=lambda records: case_share(records, "recorded_settled"),
    ),
    Outcome(
        id="true_case_settled_share",
        unit="share",
        better="higher",
        title="Cases truly settled",
        definition="Cases that truly settled / concluded cases (closed, neither withdrawn nor passed up).",
        group="disputes",
        kind="true",
        measure=lambda records: case_share(records, "true_settled"),
    ),
    Outcome(
        id="settlement_gap",
        unit="share",
        better="lower",
        title="Recorded minus true settlement",
        definition="Share of concluded cases recorded as settled minus the share truly settled.",
        group="disputes",
        kind="neutral",
        measure=settlement_gap,
    ),
    Outcome(
        id="mediation_waiting_days",
        unit="days",
        better="lower",
        title="Waiting for mediation",
        definition=(
            "Restricted mean over 30 days: among cases that mediation offices opened at least 30 days before the "
            "run's end, the mean of the days until the first session, cut at 30. One still waiting counts as 30; "
            "one withdrawn before its first session (the dispute had ended) counts until then."
        ),
        group="disputes",
        kind="recorded",
        measure=mediation_waiting_days,
    ),
    Outcome(
        id="relapse_in_90_days_share",
        unit="share",
        better="lower",
        title="Relapses within 90 days",
        definition=(
            "Among true settlements at least 90 days before the run's end: those whose dispute came back at "
            "most 90 days later."
        ),
        group="disputes",
        kind="true",
        measure=relapse_share,
    ),
    Outcome(
        id="court_cases",
        unit="disputes",
        better="lower",
        title="Court cases",
        definition="Disputes that ended in court.",
        group="disputes",
        kind="recorded",
        measure=lambda records: ended_in(records, "court"),
    ),
    Outcome(
        id="petitions",
        unit="disputes",
        better="lower",
        title="Petitions",
        definition="Disputes that ended in a petition.",
        group="disputes",
        kind="recorded",
        measure=lambda records: ended_in(records, "petition"),
    ),
)
