"""Mediation: groups of offices, offices, mediators, teams, hand-over between channels, and the court's practice."""

from __future__ import annotations

import numpy as np

from sim.codes import STAGES, Category, Channel

RANKS = STAGES + 1  # of waiting cases; an office takes those of rank 0, the urgent ones, first

OFFICE_GROUPS = np.dtype(
    [
        ("kind", "i1"),
        ("channel", "i1"),  # level: community, township, county or city
        ("special", "i1"),  # takes some categories or sources only, and so goes before the others
        ("parties_travel", "i1"),
        ("mediators_travel", "i1"),
        ("at_once", "i1"),  # hand-over to it takes no time and loses nothing
        ("category", "i1", (len(Category),)),  # whether it takes the category
        ("source", "i1", (len(Channel),)),  # whether it takes cases that the channel hands over
        ("least_stage", "i1"),
        ("most_stage", "i1"),
        ("by_weekday", "i1"),  # open by ``weekday``, else on working days
        ("weekday", "i1", (7,)),  # 0 = Monday
        ("opens", "f8"),  # hour of the day
        ("closes", "f8"),
        ("discipline", "i1"),
        ("queue_limit", "i8"),
        ("exponential", "i1"),  # law of session hours, else lognormal
        ("session_hours", "f8"),
        ("sessions_most", "f8"),
        ("skill_mean", "f8"),
        ("skill_sigma", "f8"),
        ("first_team", "i4"),
        ("end_team", "i4"),  # one past the last
        ("yuan_per_case", "f8"),
        ("yuan_per_hour", "f8"),
    ],
    align=True,
)

OFFICES = np.dtype(
    [
        ("group", "i4"),
        ("channel", "i1"),  # the group's
        ("township", "i4"),
        ("node", "i4"),
        ("working", "i1"),  # takes new cases
        ("first_mediator", "i4"),  # mediators of an office form a list through mediators.next_in_office
        ("first_case", "i4", (RANKS,)),  # a queue for each rank
        ("last_case", "i4", (RANKS,)),
        ("waiting", "i4"),  # cases in the queues, those withdrawn since included
        ("passed_on", "i8"),  # cases that went elsewhere because the queue was full
        ("opening_due", "i1"),  # an OFFICE_OPENS event is in the queue
    ],
    align=True,
)

# Which office of a group people of a community go to; row = community * groups + group.
SERVING = np.dtype([("office", "i4")], align=True)

MEDIATORS = np.dtype(
    [
        ("office", "i4"),
        ("group", "i4"),
        ("next_in_office", "i4"),
        ("next_in_team", "i4"),  # the next of those who hold the same session, or -1
        ("active", "i1"),
        ("session", "i4"),  # the session being held, or -1
        ("skill", "f8"),  # standard deviations from the mean mediator
        ("sessions", "i8"),  # led
        ("hours", "f8"),  # of sessions, led or joined
        ("team_hours", "f8"),  # of sessions joined
        ("travel_hours", "f8"),
        ("recent_hours", "f8"),  # at ``recent_at``; fade from there
        ("recent_at", "f8"),
        ("employed_days", "f8"),  # up to ``state.employment_booked``
    ],
    align=True,
)

TEAMS = np.dtype(
    [
        ("least_stage", "i1"),
        ("complete", "i1"),  # the session waits until all are free
        ("share", "f8"),
        ("gain", "f8"),  # logit, with the whole team present
        ("wait_days", "f8"),
        ("first_member", "i4"),
        ("end_member", "i4"),  # one past the last
        ("people", "i4"),  # wanted beside the mediator
    ],
    align=True,
)

TEAM_MEMBERS = np.dtype([("group", "i4"), ("people", "i4")], align=True)  # group -1: the office's own

HAND_OVERS = np.dtype(
    [
        ("delay_days", "f8"),
        ("loss", "f8"),
        ("sent", "i8"),
        ("lost", "i8"),
    ],
    align=True,
)

PRACTICE = np.dtype(
    [
        ("pass_up_share", "f8"),
        ("petition_share", "f8"),
        ("court", "i1"),  # court cases take time
        ("pre_litigation_share", "f8"),
        ("limit_days", "f8"),
        ("same_day_share", "f8"),
        ("confirmation_share", "f8"),
    ],
    align=True,
)
