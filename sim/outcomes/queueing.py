"""Outcomes of the queue: which calls wait, which never get a unit, and what becomes of units under way."""

from __future__ import annotations

import numpy as np

from sim.outcomes.answered import is_open, minutes
from sim.outcomes.measures import mean, ratio, share
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.words import PRIORITIES, Column


def is_ready(records: Records) -> Column:
    """Return which calls' call-taking was over by the run's end."""
    return ~np.isnan(records.column("calls", "ready_day"))


def share_of_ready(records: Records, hits: Column) -> float:
    """Return the share of the calls ready for dispatch for which something holds."""
    return share(hits[is_ready(records)])


def queued(records: Records) -> Column:
    """Return which calls had to wait for a unit, also in vain."""
    return (minutes(records, "queue") > 0.0) | records.says("calls", "answer", "waiting", "reneged")


def answered_share(records: Records, answer: str) -> float:
    """Return the share of the calls ready for dispatch that ended in one way."""
    return share_of_ready(records, records.says("calls", "answer", answer))


def stepped_up(records: Records) -> Column:
    """Return which calls became more urgent while they waited."""
    first, last = (records.places("calls", name, PRIORITIES) for name in ("first_priority", "priority"))
    return last < first


def queue_met(records: Records) -> float:
    """Return the mean number of calls that a call found waiting when it became ready."""
    return mean(records.column("calls", "queue_met")[is_ready(records)].astype(np.float64))


def unanswered_calls(records: Records) -> float:
    """Return how many calls no unit had reached by the run's end."""
    return float(np.count_nonzero(np.isnan(minutes(records, "response"))))


def called_off_share(records: Records, leg: str) -> float:
    """Return the share of the calls to which a unit was sent that lost one to a more urgent call."""
    call = records.column("dispatches", "call")
    lost = np.unique(call[records.says("dispatches", "leg", leg)])
    return ratio(float(len(lost)), float(len(np.unique(call))))


def first_unit_is_of(records: Records, *, aid: bool) -> Column:
    """Return which answered calls had a first unit of the town, or one from across its border."""
    helped = records.says("calls", "reason", "aid")
    return ~np.isnan(minutes(records, "response")) & (helped if aid else ~helped)


def aid_share(records: Records) -> float:
    """Return the share of answered calls whose first unit came from across a border."""
    return share(first_unit_is_of(records, aid=True)[~np.isnan(minutes(records, "response"))])


def cross_sector_share(records: Records) -> float:
    """Return the share of calls answered first by a unit of another sector than the place's."""
    unit, sector = records.column("calls", "unit"), records.column("calls", "sector")
    chosen = first_unit_is_of(records, aid=False) & (unit >= 0)
    return share(records.column("units", "sector")[unit[chosen]] != sector[chosen])


OUTCOMES = (
    Outcome(
        id="queued_share",
        unit="share",
        better="lower",
        title="Calls that had to queue",
        definition=(
            "Calls that had to wait for a unit when call-taking was over, also in vain / calls whose call-taking was "
            "over by the run's end. Calls turned away by a full queue did not wait."
        ),
        group="response",
        kind="neutral",
        measure=lambda records: share_of_ready(records, queued(records)),
    ),
    Outcome(
        id="queue_met_mean",
        unit="calls",
        better="lower",
        title="Queue met",
        definition="Mean number of calls that a call found waiting when its call-taking was over.",
        group="response",
        kind="neutral",
        measure=queue_met,
    ),
    Outcome(
        id="reneged_share",
        unit="share",
        better="lower",
        title="Calls given up",
        definition="Calls whose caller gave up waiting / calls whose call-taking was over by the run's end.",
        group="response",
        kind="neutral",
        measure=lambda records: answered_share(records, "reneged"),
    ),
    Outcome(
        id="lost_share",
        unit="share",
        better="lower",
        title="Calls turned away",
        definition="Calls turned away by a full queue / calls whose call-taking was over by the run's end.",
        group="response",
        kind="neutral",
        measure=lambda records: answered_share(records, "lost"),
    ),
    Outcome(
        id="stepped_up_share",
        unit="share",
        better="none",
        title="Calls stepped up",
        definition="Calls that became more urgent while they waited / calls whose call-taking was over by the end.",
        group="response",
        kind="neutral",
        measure=lambda records: share_of_ready(records, stepped_up(records)),
    ),
    Outcome(
        id="redirected_share",
        unit="share",
        better="none",
        title="Calls that lost a unit on its way",
        definition="Calls from which a unit under way was called to a more urgent call / calls to which one was sent.",
        group="response",
        kind="neutral",
        measure=lambda records: called_off_share(records, "redirected"),
    ),
    Outcome(
        id="preempted_share",
        unit="share",
        better="none",
        title="Calls that lost a unit on scene",
        definition="Calls whose scene a unit left for a more urgent call / calls to which a unit was sent.",
        group="response",
        kind="neutral",
        measure=lambda records: called_off_share(records, "preempted"),
    ),
    Outcome(
        id="cross_sector_share",
        unit="share",
        better="none",
        title="Calls answered from another sector",
        definition=(
            "Calls whose first unit belonged to another sector than the call's place / calls answered by the town's "
            "own units."
        ),
        group="response",
        kind="neutral",
        measure=cross_sector_share,
    ),
    Outcome(
        id="aid_share",
        unit="share",
        better="none",
        title="Calls answered from across the border",
        definition="Calls whose first unit came from across the border (mutual aid) / answered calls.",
        group="response",
        kind="neutral",
        measure=aid_share,
    ),
    Outcome(
        id="calls_unanswered",
        unit="calls",
        better="lower",
        title="Calls not reached",
        definition="Calls that no unit had reached by the run's end: given up, turned away or still open.",
        group="response",
        kind="neutral",
        measure=unanswered_calls,
    ),
    Outcome(
        id="calls_open_at_end",
        unit="calls",
        better="lower",
        title="Calls still open at the end",
        definition=(
            "Calls that still waited for a unit, or for its arrival, at the run's end: neither reached, nor given up, "
            "nor turned away."
        ),
        group="response",
        kind="neutral",
        measure=lambda records: float(np.count_nonzero(is_open(records))),
    ),
)
