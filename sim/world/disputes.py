"""Disputes, what they come from, the cases that channels make of them, and sessions."""

from __future__ import annotations

import numpy as np

from sim.codes import ORGANISATION_KINDS, RISKS

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
        ("confirmed", "i1"),  # the court has confirmed the agreement
        ("breached", "i1"),  # the agreement will not be kept
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
        ("affair", "i1"),  # as last sorted
        ("true_affair", "i1"),  # what it was when it was last sorted
        ("sortings", "i2"),
        ("colour", "i1"),  # as last graded
        ("referred_colour", "i1"),  # the highest at which it was given to a higher level
        ("true_colour", "i1"),  # what it was when it was last graded
        ("gradings", "i2"),
        ("follow_up", "i1"),  # how far the next follow-up visit has come
        ("next_follow_up", "i4"),  # link of a grid worker's list of follow-up visits due
        ("not_booked", "i2"),  # times that a channel that knew of it opened no case, for the sake of a target
        ("advised", "i2"),  # times that it was booked as advice instead of a case
        ("found_by", "i1"),  # channel: GRID by a visit, SELF by a party's report, POLICE by a call
        ("born", "f8"),
        ("found", "f8"),  # first known to any channel
        ("reached_4", "f8"),
        ("reached_7", "f8"),
        ("turned_violent", "f8"),  # its first act of violence
        ("ended", "f8"),
        ("organisation", "i4"),  # that party b speaks for, or -1
        ("cause", "i4"),  # of a collective dispute, or -1
        ("treatment", "f4"),  # quality of the last contact with a channel, -1..1; 0 before the first
    ],
    align=True,
)

CASES = np.dtype(
    [
        ("dispute", "i4"),
        ("channel", "i1"),  # GRID, the office's level, or COURT
        ("source", "i1"),  # channel that handed it over, SELF for a party's report
        ("worker", "i4"),
        ("office", "i4"),
        ("next", "i4"),  # link of the queue it waits in
        ("passed_from", "i4"),  # the case in a lower channel that was passed up, or -1
        ("handling", "i4"),  # which of its dispute's cases it is, from 1
        ("urgent", "i1"),  # goes before others in queues
        ("discovered", "i1"),  # opened by a visit (1) or by a report, a call or passing up (0)
        ("found_how", "i1"),  # by whom the grid learned of it
        ("joined", "i1"),  # channel whose departments were called to the place, or NONE
        ("listed", "i1"),  # on the list of old cases
        ("next_listed", "i4"),
        ("sessions", "i4"),
        ("team", "i4"),  # joint session that it gets, row of teams, or -1
        ("put_off", "f8"),  # since when it waits for its team
        ("reported", "f8"),  # the six steps of the closed loop
        ("opened", "f8"),
        ("assigned", "f8"),
        ("acted", "f8"),
        ("fed_back", "f8"),
        ("closed", "f8"),
        ("true_settled", "i1"),
        ("recorded_settled", "i1"),
        ("passed_up", "i1"),
        ("closed_early", "i1"),  # booked as settled, to meet a target, while it goes on
        # Its channel is to drop it: the dispute ended elsewhere before the channel was done, or it was closed early,
        # or passed up at once for its colour.
        ("withdrawn", "i1"),
        ("lost", "i1"),  # handed over and never arrived
        ("refused", "i1"),  # no office takes it
        ("hurried", "i1"),  # another case waited while this one was dealt with
        ("skill", "f4"),  # of who held it, in standard deviations from the mean; 0 in the grid
    ],
    align=True,
)

SESSIONS = np.dtype(
    [
        ("case", "i4"),
        ("mediator", "i4"),
        ("team", "i4"),  # row of teams, or -1
        ("people", "i4"),  # of the offices, the mediator included
        ("gain", "f8"),  # logit that those who joined bring
        ("number", "i4"),  # 1 for a case's first session
        ("start", "f8"),
        ("end", "f8"),
        ("settled", "i1"),
        ("trip", "f8"),  # days of the mediator's way, one way
        ("party_travel_hours", "f8"),  # of both parties, there and back
    ],
    align=True,
)

# One row for each category.
CATEGORIES = np.dtype(
    [
        ("hour_factor", "f8", (24,)),  # rate of frictions at an hour, as a multiple of the general profile's
        ("organisation", "i1"),  # kind of organisation that its disputes may be against, or -1
        ("organisation_tie", "i1"),  # how a party is related to it
    ],
    align=True,
)

# One row for each node of the roads: who lives there.
HOMES = np.dtype(
    [
        ("first_household", "i4"),
        ("end_household", "i4"),
        ("density_factor", "f8"),  # on the rate of frictions of those who live there, mean 1 over residents
    ],
    align=True,
)

# How disputes raise the rate of frictions near them; one row, none where they do not.
CONTAGION = np.dtype(
    [
        ("branching_ratio", "f8"),  # disputes that a dispute brings about on average
        ("decay_per_day", "f8"),
        ("kernel_metres", "f8"),
        ("x_metres", "f8"),  # south-west corner of the square cells in which homes are looked for
        ("y_metres", "f8"),
        ("cell_metres", "f8"),
        ("columns", "i8"),
        ("bands", "i8"),
    ],
    align=True,
)

# Square cells row by row from the south-west: nodes first..end-1 of ``cell_nodes`` lie in them and have homes.
CELLS = np.dtype([("first", "i4"), ("end", "i4")], align=True)
CELL_NODES = np.dtype([("node", "i4")], align=True)

# Firms, hospitals and others that people have disputes with, by kind and then by area.
ORGANISATIONS = np.dtype(
    [
        ("kind", "i1"),
        ("community", "i4"),  # where it is
        ("node", "i4"),
        ("speaker", "i4"),  # the resident who speaks for it
    ],
    align=True,
)

# One row for each community: by kind, rows first..end-1 of ``organisations`` serve it.
SERVED = np.dtype([("first", "i4", (ORGANISATION_KINDS,)), ("end", "i4", (ORGANISATION_KINDS,))], align=True)

# Causes of collective disputes in the order of their starts, drawn before the run.
CAUSES = np.dtype(
    [
        ("start", "f8"),
        ("gap_days", "f8"),  # mean time between two parties
        ("organisation", "i4"),
        ("parties", "i4"),
        ("first_resident", "i4"),  # the parties live within this range
        ("end_resident", "i4"),
        ("category", "i1"),
    ],
    align=True,
)
