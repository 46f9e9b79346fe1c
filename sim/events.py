"""Every kind of event: what the domains say to each other through the queue.

An event's ``row`` is a row of the table named in the comment. Events of one moment are taken in the order of
these numbers.
"""

from __future__ import annotations

from enum import IntEnum


class Kind(IntEnum):
    """A kind of event in the compiled queue."""

    DAY_ENDS = 0  # row: the day; the daily series are closed
    FRICTION = 1  # row: 0; a potential friction, which becomes a dispute or not
    DISPUTE_MOVES = 2  # disputes; the first of its competing risks has come
    RELAPSE = 3  # disputes; a settled dispute comes back as a new one
    WORKER_FREE = 4  # workers; a task is finished or the working day starts
    CASE_READY = 5  # cases; a case is due for (another) session and joins its office's queue
    OFFICE_OPENS = 6  # offices; idle mediators take waiting cases
    SESSION_ENDS = 7  # sessions
    STREAM_CALL = 8  # streams; a potential call that no dispute causes
    CALL_READY = 9  # calls; call-taking is over, a unit may be sent
    UNIT_ARRIVES = 10  # units; the unit reaches the scene
    UNIT_CLEARS = 11  # units; the unit leaves the scene
    UNIT_AT_POST = 12  # units; the unit is back at its post
    SHIFT_STARTS = 13  # units
    SHIFT_ENDS = 14  # units
    # What one domain tells another at the same moment:
    DISPUTE_FOUND = 15  # disputes; a visit has found it, by whom is the event's version
    DISPUTE_CALLS = 16  # disputes; a party calls the police
    CASE_ASSIGNED = 17  # cases; a new case is in the hands of its channel
    CASE_CLOSED = 18  # cases; its channel has closed it
    CASE_ACTED = 20  # cases; its channel has begun to act on it
    DISPUTE_CHANGED = 21  # disputes; its rates are set anew; its clocks keep what is left on them
    # More of the response:
    LOGGED_CALL = 22  # log; the next call of a recorded log
    CALL_RENEGES = 23  # calls; whoever called gives up waiting
    CALL_STEPS_UP = 24  # calls; a waiting call becomes more urgent
    PATROL_MOVES = 25  # units; the next thing that a unit on patrol does
    BREAK_STARTS = 26  # units
    BREAK_ENDS = 27  # units
    DUTY_CHANGES = 28  # units; a duty at fixed hours begins or ends
    SPOTS_RENEWED = 29  # groups; a group's hot spots are found anew
    FLIGHT_STARTS = 30  # flights; somebody flees from a scene
    ALARM = 31  # flights; a containment is ordered
    FLIGHT_CROSSES = 32  # flights; the fleeing reach a point of a ring, or the exit
    RING_REACHED = 33  # units; a unit closes a point of a ring
    RING_LEFT = 34  # units; a unit is released from its point
    CALL_GIVEN_UP = 35  # calls; nobody came: whoever called gave up, or was turned away
    # More of disputes:
    OFFSPRING = 60  # disputes; a potential friction near this dispute, which the event's version numbers
    CAUSE_BRINGS = 61  # causes; the next party comes forward, which the event's version numbers
    # More of the grids:
    VOLUNTEER_TELLS = 65  # disputes; a volunteer of a micro-grid has heard of it
    CASE_STEPS = 66  # cases; a step of the closed loop is due, which one is the event's version
    JOINT_HANDLED = 67  # cases; the departments called to the place have done what they could
    CASE_LISTED = 68  # cases; an open case has become old
    HELPER_FREE = 69  # helpers; seconded staff come, or have finished a visit
    # More of mediation, and the court:
    MEDIATOR_BACK = 70  # sessions; whoever held it is back at the office from the parties' home
    COURT_HEARS = 71  # cases; the hearing of a case before the court
    PRE_LITIGATION_ENDS = 72  # cases; what the court assigned to mediation returns to it
    TEAM_READY = 73  # cases; after all ends of sessions: somebody wanted for a joint session may be free now
    # Triage and books:
    DISPUTE_VISITED = 80  # disputes; a grid worker has visited a party to a graded dispute
    FOLLOW_UP_DUE = 81  # disputes; its colour asks for another visit
    CASE_DUE = 82  # cases; the day by which a target wants it closed
