"""The codes that tables store: categories, stages, states and channels, in the words of the glossary."""

from __future__ import annotations

from enum import IntEnum

STAGES = 9  # Glasl (1982): 1-3 both can win, 4-6 one loses, 7-9 both lose
NOBODY = -1  # "no row" in a field that names a row


class Category(IntEnum):
    """What a dispute is about."""

    NEIGHBOUR = 0
    MARRIAGE_FAMILY = 1
    PROPERTY_MANAGEMENT = 2
    WAGES_LABOUR = 3
    CONSUMER = 4
    MEDICAL = 5
    ROAD_TRAFFIC = 6
    LAND_HOUSING = 7
    LENDING = 8
    DAMAGES = 9
    INHERITANCE_ELDER_CARE = 10
    SCHOOL = 11
    ENVIRONMENT = 12
    COLLECTIVE_ECONOMIC = 13
    PUBLIC_ORDER = 14


class Tie(IntEnum):
    """How two parties are related."""

    HOUSEHOLD = 0
    NEIGHBOUR = 1
    WORK = 2
    KIN = 3
    MARKET = 4
    STRANGER = 5


class Risk(IntEnum):
    """What may happen next to an open dispute; each risk has a clock of its own."""

    CLIMB = 0
    FALL = 1
    FADE = 2
    REPORT = 3
    CALL = 4
    VIOLENCE = 5
    COURT = 6
    PETITION = 7


RISKS = len(Risk)


class State(IntEnum):
    """Where a dispute is; exactly one at every moment."""

    HIDDEN = 0  # no channel knows of it
    IN_GRID = 1  # a case with a grid worker
    IN_MEDIATION = 2  # a case with a mediation office
    LEFT_ALONE = 3  # known to a channel, in no channel's hands
    ENDED = 4


class Channel(IntEnum):
    """A way in which a dispute is handled, and where it ends."""

    NONE = 0
    SELF = 1
    GRID = 2
    COMMUNITY = 3
    TOWNSHIP = 4
    COUNTY = 5
    CITY = 6
    COURT = 7
    POLICE = 8
    PETITION = 9


class Source(IntEnum):
    """What caused a call."""

    BACKGROUND = 0
    DISPUTE = 1


class Status(IntEnum):
    """What a patrol unit is doing."""

    OFF_DUTY = 0
    AT_POST = 1
    TO_SCENE = 2  # turn-out and travel
    ON_SCENE = 3
    RETURNING = 4


class Task(IntEnum):
    """What a grid worker is doing."""

    NONE = 0
    VISIT = 1
    CASE = 2


class Answer(IntEnum):
    """How far a call has come."""

    RECEIVED = 0
    WAITING = 1
    ASSIGNED = 2
    ON_SCENE = 3
    DONE = 4
