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
    # grids: entity is a worker and occasion a day or visit, or entity is the dispute's address
    WORKER_PRESENT = 240
    VISIT_PICK = 241
    HELPER_PICK = 242
    HAND_OVER_LOST = 243
    VOLUNTEER_HEARS = 244
    JOINT_SETTLES = 245
    # reports: entity is the call's address
    REPORT_SAMPLE = 81
    # mediation and court: entity is the dispute's address, occasion counts its handlings or sessions
    MEDIATION_PASSES_UP = 270
    HAND_OVER = 271
    TEAM_WANTED = 272
    BREACH = 273
    COURT_ASSIGNS = 274
    COURT_HEARING = 275
    COURT_SAME_DAY = 276
    COURT_RULING = 277
    COURT_CONFIRMS = 278
    PETITION_ASSIGNED = 279
    # frictions near a dispute: entity is the dispute's address, occasion numbers them
    OFFSPRING_GAP = 200
    OFFSPRING_PLACE = 201
    OFFSPRING_RESIDENT = 202
    OFFSPRING_ADDRESS = 203
    # organisations: entity is the dispute's address
    ORGANISATION = 210
    # causes of collective disputes: entity is the number of the cause, occasion numbers its parties
    CAUSE_GAP = 220
    CAUSE_ORGANISATION = 221
    CAUSE_PARTIES = 222
    CAUSE_JOINS = 223
    CAUSE_RESIDENT = 224
    # triage and books: entity is the dispute's address, occasion counts its sortings, gradings, contacts or cases
    TRIAGE_READING = 300
    GRADING_READING = 301
    BOOKS_AVOIDED = 302
    BOOKS_CLOSED_EARLY = 303
