"""What a random draw is for: the second part of its address, so that no two rules share a number."""

from __future__ import annotations

from enum import IntEnum


class Purpose(IntEnum):
    """A purpose of draws. Numbers are part of the model's version: add at the end, never renumber."""

    # town and people: entity is a node, household or resident
    TOWN = 1
    HOUSEHOLD_SIZE = 2
    AGE = 4
    MIGRANT = 5
    TEMPER = 6
    TRUST = 7
    INITIAL_TENSION = 8
    TIE = 9
    # frictions: entity is the number of the potential friction
    FRICTION_GAP = 20
    FRICTION_RESIDENT = 21
    FRICTION_CATEGORY = 22
    FRICTION_ACCEPT = 23
    FRICTION_OTHER_PARTY = 24
    FRICTION_STAGE = 25
    # disputes: entity is the dispute's address, occasion counts its moves, visits or sessions
    RISK_CLOCK = 30
    VISIT_FINDS = 34
    GRID_SETTLES = 35
    BOOKS_GLOSS = 37
    SESSION_SETTLES = 38
    SESSION_HOURS = 39
    SESSION_GAP = 40
    RELAPSE = 41
    # mediators and workers: entity is the row
    MEDIATOR_SKILL = 50
    # calls: entity is the call's address
    CALL_GAP = 60
    CALL_PLACE = 61
    CALL_ACCEPT = 62
    CALL_URGENT = 63
    CALL_TAKING = 64
    CALL_SCENE = 65
    CALL_DEFUSE = 66
    CALL_REFER = 67
    CALL_PATIENCE = 68
    CALL_ROAD_OFFSET = 69
    # patrols: entity is the unit, occasion counts its moves
    PATROL_TURN = 90
    PATROL_SPOT = 91
    # flights: entity is the number of the flight
    FLIGHT_GAP = 100
    FLIGHT_PLACE = 101
    FLIGHT_EXIT = 102
    FLIGHT_STOPPED = 103
    # reports: entity is the call's address
    REPORT_SAMPLE = 81
    # triage and books: entity is the dispute's address, occasion counts its sortings, gradings, contacts or cases
    TRIAGE_READING = 300
    GRADING_READING = 301
    BOOKS_AVOIDED = 302
    BOOKS_CLOSED_EARLY = 303
