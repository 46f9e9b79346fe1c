"""The codes that tables store: categories, stages, states and channels, in the words of the glossary."""

from __future__ import annotations

from enum import IntEnum

STAGES = 9  # Glasl (1982): 1-3 both can win, 4-6 one loses, 7-9 both lose
NOBODY = -1  # "no row" in a field that names a row
PRIORITIES = 9  # of calls, 0 the most urgent


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


CATEGORIES = len(Category)


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


class OrganisationKind(IntEnum):
    """What kind of organisation a dispute may be against."""

    FIRM = 0
    HOSPITAL = 1
    PROPERTY_MANAGER = 2
    LENDER = 3
    SCHOOL = 4


ORGANISATION_KINDS = len(OrganisationKind)


class State(IntEnum):
    """Where a dispute is; exactly one at every moment."""

    HIDDEN = 0  # no channel knows of it
    IN_GRID = 1  # a case with a grid worker
    IN_MEDIATION = 2  # a case with a mediation office
    LEFT_ALONE = 3  # known to a channel, in no channel's hands
    ENDED = 4
    IN_COURT = 5  # a case before the court


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


class OfficeKind(IntEnum):
    """What kind of place a mediation office is; the words are those of the scenario."""

    COMMITTEE = 0
    ONE_STOP = 1
    NAMED_ROOM = 2
    BACKPACK = 3  # mediators travel to the parties
    SPECIALIST = 4
    ONLINE = 5
    LITIGATION_SOURCE = 6
    POLICE_STATION = 7
    MASS_CASES = 8


class Discipline(IntEnum):
    """Which of the waiting cases an office takes next; the words are those of the scenario."""

    FIRST_COME = 0
    MOST_URGENT = 1
    SHORTEST = 2


class Affair(IntEnum):
    """How a known dispute is sorted: whose matter it is (three-affairs triage)."""

    NONE = 0  # not sorted
    BIG = 1  # of the government: township or higher
    SMALL = 2  # of the grid or the village
    PRIVATE = 3  # of the parties or the market


class Colour(IntEnum):
    """The risk that a known dispute is graded at (five-colour warning)."""

    NONE = 0  # not graded
    BLUE = 1
    GREEN = 2
    YELLOW = 3
    ORANGE = 4
    RED = 5


ALERT = Colour.ORANGE  # the first colour that counts as an alarm


class FollowUp(IntEnum):
    """How far the next follow-up visit to a graded dispute has come."""

    NONE = 0
    AWAITED = 1  # its day will come
    LISTED = 2  # due, on a grid worker's list


class Source(IntEnum):
    """What caused a call."""

    BACKGROUND = 0  # residents' other reasons
    DISPUTE = 1
    STREAM = 2  # a stream of the scenario
    LOG = 3  # a recorded log


class Status(IntEnum):
    """What a patrol unit is doing."""

    OFF_DUTY = 0
    AT_POST = 1
    TO_SCENE = 2  # turn-out and travel
    ON_SCENE = 3
    RETURNING = 4  # on its way to a post
    PATROLLING = 5  # driving on patrol
    DWELLING = 6  # stopping on patrol, at a hot spot
    ON_BREAK = 7
    TO_RING = 8  # on its way to a check point of a containment
    AT_RING = 9


STATUSES = len(Status)


class Mode(IntEnum):
    """What a patrol unit does while it has no call."""

    AT_POST = 0
    RANDOM = 1
    BEAT = 2
    HOT_SPOTS = 3


class Tier(IntEnum):
    """The level that a patrol unit belongs to."""

    STATION = 0
    DISTRICT = 1
    CITY = 2


class Policy(IntEnum):
    """Which of the free units is sent."""

    NEAREST = 0
    SECTOR_FIRST = 1
    PREFERENCE = 2


class Reason(IntEnum):
    """Why a unit was sent to a call."""

    NONE = 0
    NEAREST = 1  # it arrives first of all free units
    OWN_SECTOR = 2
    PREFERRED = 3
    QUEUED = 4  # the call was the next to be served when the unit came free
    REDIRECTED = 5  # the unit was under way to a less urgent call
    PREEMPTED = 6  # the unit left the scene of a less urgent call
    SECOND = 7  # a further unit of a call that wants several
    AID = 8  # from across a border


class Back(IntEnum):
    """What a unit does after a call."""

    DRIVE = 0
    AT_ONCE = 1
    STAY = 2


class Geometry(IntEnum):
    """How the time of a way is found."""

    ROADS = 0
    STRAIGHT = 1  # on a plane, along a straight line
    RIGHT_ANGLE = 2  # on a plane, along right-angle streets
    NONE = 3  # ways take no time


class Law(IntEnum):
    """The law of a time."""

    CONSTANT = 0
    EXPONENTIAL = 1
    LOGNORMAL = 2
    GAMMA = 3
    EMPIRICAL = 4
    ERLANG_2 = 5


class Cover(IntEnum):
    """How bare posts are covered."""

    NONE = 0
    TABLE = 1
    COVERAGE = 2


class PlaceClass(IntEnum):
    """What kind of place a node is, for the reading of 1-3-5 by place."""

    CENTRE = 0
    TOWN = 1
    COUNTRY = 2


class Leg(IntEnum):
    """How a unit's dispatch to a call ended."""

    UNDER_WAY = 0
    ON_SCENE = 1
    CLEARED = 2
    REDIRECTED = 3  # called off on the way, to a more urgent call
    PREEMPTED = 4  # called off on scene


class Ring(IntEnum):
    """The border that a ring of check points closes; the words are those of the scenario."""

    TOWNSHIP = 0
    COUNTY = 1
    EDGE = 2  # of the map


RING_KINDS = len(Ring)


class FlightEnd(IntEnum):
    """How a flight from a scene ended."""

    UNDER_WAY = 0
    CAUGHT = 1  # stopped at a check point
    ESCAPED = 2  # out of the map


class Task(IntEnum):
    """What a grid worker is doing."""

    NONE = 0
    VISIT = 1
    CASE = 2
    PAPER = 3  # of the case just handled
    CAMPAIGN = 4


class Layout(IntEnum):
    """Which matters the workers of a grid have."""

    ALL_IN_ONE = 0
    SECTORS = 1  # one sector's each; the sectors' grids overlap


class Rounds(IntEnum):
    """In which order grid workers visit the households of their grid."""

    ROTA = 0
    RISK_FIRST = 1
    RANDOM = 2


ORDERS_OF_VISITS = len(Rounds)


class Finding(IntEnum):
    """By whom the grid learned of a dispute."""

    NONE = 0  # the grid did not find it: a party, a call or another office brought it
    VISIT = 1
    SECONDED = 2  # a visit of staff seconded from a unit
    HAND_OVER = 3  # a visit of another sector's worker, who handed it over
    VOLUNTEER = 4  # a volunteer of a micro-grid told the grid worker


class Step(IntEnum):
    """A step of the closed loop that comes some days after the one before."""

    ASSIGNED = 0
    FED_BACK = 1
    FILED = 2


class Answer(IntEnum):
    """How far a call has come."""

    RECEIVED = 0
    WAITING = 1
    ASSIGNED = 2
    ON_SCENE = 3
    DONE = 4
    RENEGED = 5  # gave up waiting
    LOST = 6  # turned away: the queue was full
