"""Disputes, the cases that channels make of them, and sessions."""

from __future__ import annotations

import numpy as np

from sim.codes import RISKS

DISPUTES = np.dtype(
    [
        ("address", "i8"),  # of its draws: does not depend on any policy
        ("parent", "i4"),  # the settled dispute that came back as this one, or -1
        ("category", "i1"),
        ("tie", "i1"),
        ("first_stage", "i1"),
        ("stage", "i1"),
        ("peak_stage", "i1"),
        ("state", "i1"),
        ("end_channel", "i1"),
        ("settled", "i1"),  # ended by an agreement
        ("party_a", "i4"),
        ("party_b", "i4"),
        ("next_a", "i4"),  # links of the lists of the two parties' households
        ("next_b", "i4"),
        ("community", "i4"),  # of party a
        ("case", "i4"),  # the open case, or -1
        ("call", "i4"),  # the open call, or -1
        ("pending_risk", "i1"),  # the risk whose clock rings next
        ("left", "f4", (RISKS,)),  # on each risk's clock: what is left of its unit exponential
        ("rate", "f4", (RISKS,)),  # at which each clock has run since ``set_at``, 1/day
        ("rings", "i2", (RISKS,)),  # times that each clock has rung
        ("set_at", "f8"),
        ("version", "i4"),
        ("visits_missed", "i4"),  # visits to a party's household that did not find it
        ("handlings", "i4"),  # cases opened for it, in any channel
        ("calls", "i4"),
        ("violence", "i4"),
        ("found_by", "i1"),  # channel: GRID by a visit, SELF by a party's report, POLICE by a call
        ("born", "f8"),
        ("found", "f8"),  # first known to any channel
        ("reached_4", "f8"),
        ("reached_7", "f8"),
        ("turned_violent", "f8"),  # its first act of violence
        ("ended", "f8"),
    ],
    align=True,
)

CASES = np.dtype(
    [
        ("dispute", "i4"),
        ("channel", "i1"),  # GRID or the office's level
        ("worker", "i4"),
        ("office", "i4"),
        ("next", "i4"),  # link of the queue it waits in
        ("passed_from", "i4"),  # the case in a lower channel that was passed up, or -1
        ("discovered", "i1"),  # opened by a visit (1) or by a report, a call or passing up (0)
        ("sessions", "i4"),
        ("reported", "f8"),  # the six steps of the closed loop
        ("opened", "f8"),
        ("assigned", "f8"),
        ("acted", "f8"),
        ("fed_back", "f8"),
        ("closed", "f8"),
        ("true_settled", "i1"),
        ("recorded_settled", "i1"),
        ("passed_up", "i1"),
        ("withdrawn", "i1"),  # the dispute ended elsewhere before the channel was done
    ],
    align=True,
)

SESSIONS = np.dtype(
    [
        ("case", "i4"),
        ("mediator", "i4"),
        ("number", "i4"),  # 1 for a case's first session
        ("start", "f8"),
        ("end", "f8"),
        ("settled", "i1"),
    ],
    align=True,
)
