"""What a run counts of itself: its state, its days and the daily series."""

from __future__ import annotations

import numpy as np

from sim.codes import PRIORITIES, Category

STATE = np.dtype(
    [
        ("seed", "i8"),
        ("now", "f8"),  # moment of the event being handled
        ("events", "i8"),  # handled so far
        ("dispute_rows", "i8"),  # rows in use of the growing tables
        ("case_rows", "i8"),
        ("session_rows", "i8"),
        ("call_rows", "i8"),
        ("employment_booked", "f8"),  # up to when the staff's days of employment are booked
        ("begun_by_hand", "i8"),  # disputes begun through a face
        ("friction_number", "i8"),  # number of the next potential friction
        ("dispatch_rows", "i8"),
        ("friction_hours", "f8", (25,)),  # share of a day's frictions before each full hour
        ("friction_bound_per_day", "f8"),  # fixed bound of the thinned frictions
        ("friction_ratio_bound", "f8"),
        ("bounds_broken", "i8"),  # times a rate exceeded its stream's bound: must stay 0
        ("room", "i8"),  # rows that every growing table keeps free before an event
        ("waiting_calls", "i8"),  # heads of the queue of waiting calls, by priority below
        ("waiting_first", "i4", (PRIORITIES,)),
        ("waiting_last", "i4", (PRIORITIES,)),
        ("free_units", "i8"),  # units that can be sent now, those from across a border left out
        ("idle_units", "i8"),  # rows of ``idle`` in use
        ("grid_visit_quota", "f8"),  # visits a grid worker aims at on a working day
        ("circuity", "f8"),  # walked metres per straight metre, measured on the town's roads
    ],
    align=True,
)

DAYS = np.dtype(
    [
        ("workday", "i1"),
        ("friction_factor", "f8"),  # weekday times month, mean about 1
        ("call_factor", "f8"),
        ("category_factor", "f8", (len(Category),)),  # on friction_factor, by category
    ],
    align=True,
)

# One row for each district and day: row = day * districts + district. Counts of that day.
SERIES = np.dtype(
    [
        ("true_born", "i4"),
        ("true_settled", "i4"),
        ("true_ended", "i4"),
        ("true_reached_4", "i4"),
        ("true_reached_7", "i4"),
        ("true_violence", "i4"),
        ("true_tension_sum", "f8"),  # over residents, at the day's end
        ("recorded_found", "i4"),
        ("recorded_opened", "i4"),
        ("recorded_closed", "i4"),
        ("recorded_settled", "i4"),
        ("recorded_advice", "i4"),  # disputes booked as advice instead of a case
        ("true_not_booked", "i4"),  # known disputes of which no case was opened, for the sake of a target
        ("true_closed_early", "i4"),
        ("gradings", "i4"),
        ("recorded_alarms", "i4"),  # gradings orange or red
        ("true_alarms", "i4"),  # gradings of disputes that were orange or red
        ("true_alarms_missed", "i4"),
        ("true_false_alarms", "i4"),
        ("visits", "i4"),
        ("follow_ups", "i4"),  # of the visits: those that a colour asked for
        ("true_false_follow_ups", "i4"),  # of these: those for a false alarm
        ("sessions", "i4"),
        ("calls", "i4"),
        ("answered", "i4"),
        ("response_minutes_sum", "f8"),
        ("within_1", "i4"),
        ("within_3", "i4"),
        ("within_5", "i4"),
    ],
    align=True,
)
