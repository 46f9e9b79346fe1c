"""Outcomes of 1-3-5 under three readings: a call is held to the minutes of its place, of each tier, or of its type.

Which minutes those are is the scenario's (``response.targets``); the table ``targets`` of the records keeps them.
"""

from __future__ import annotations

import numpy as np

from sim.codes import PlaceClass, Tier
from sim.outcomes.answered import JUDGED, MINUTES_A_DAY, age_minutes, is_open, minutes, within_share
from sim.outcomes.measures import UNDEFINED, share
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records
from sim.outcomes.words import PRIORITIES, Column, words_of

PLACES, TIERS = words_of(PlaceClass), words_of(Tier)
OTHERS = PRIORITIES[2:]
# For each reading the classes of calls with the outcome of each; the first line of each is all classes together.
READINGS: dict[str, dict[str, str]] = {
    "place": {
        "all": "within_place_target_share",
        "centre": "within_centre_target_share",
        "town": "within_town_target_share",
        "country": "within_country_target_share",
    },
    "tier": {
        "all": "within_tier_targets_share",
        "station": "within_station_target_share",
        "district": "within_district_target_share",
        "city": "within_city_target_share",
    },
    "priority": {
        "all": "within_priority_target_share",
        "urgent": "within_urgent_target_share",
        "routine": "within_routine_target_share",
        "others": "within_other_target_share",
    },
}


def target(records: Records, reading: str, word: str) -> float:
    """Return the minutes of a class of calls under a reading; NaN where the scenario sets none."""
    chosen = (np.array(records.words("targets", "reading")) == reading) & (
        np.array(records.words("targets", "word")) == word
    )
    return float(records.column("targets", "minutes")[chosen][0])


def limits(records: Records, reading: str, column: str, words: tuple[str, ...]) -> Column:
    """Return the minutes to which each call is held by a column of words, shape (calls,)."""
    by_word = np.array([target(records, reading, word) for word in words])
    return by_word[records.places("calls", column, words)]


def within_place_share(records: Records, *classes: str) -> float:
    """Return the share of calls reached within the minutes of their class of place."""
    limit = limits(records, "place", "place_class", PLACES)
    return within_share(records, limit, records.says("calls", "place_class", *(classes or PLACES)))


def within_priority_share(records: Records, *priorities: str) -> float:
    """Return the share of calls reached within the minutes of the priority with which they came in."""
    limit = limits(records, "priority", "first_priority", PRIORITIES)
    return within_share(records, limit, records.says("calls", "first_priority", *(priorities or PRIORITIES)))


def present(records: Records) -> list[str]:
    """Return the tiers that have units and minutes to be held to."""
    known = set(records.words("units", "tier"))
    return [tier for tier in TIERS if tier in known and not np.isnan(target(records, "tier", tier))]


def tier_minutes(records: Records, tier: str) -> Column:
    """Return the minutes from each call's receipt to the first arrival of a unit of a tier, NaN without one."""
    unit, call = records.column("dispatches", "unit"), records.column("dispatches", "call")
    mine = records.says("units", "tier", tier)[unit]
    received = records.column("calls", "received_day")
    until = (records.column("dispatches", "arrived_day") - received[call]) * MINUTES_A_DAY
    first = np.full(len(received), np.inf)
    np.fmin.at(first, call[mine], until[mine])
    return np.where(np.isinf(first), np.nan, first)


def within_tiers_share(records: Records, *tiers: str) -> float:
    """Return the share of calls at which a unit of every tier named was on scene within the tier's minutes.

    Tiers without units are passed over; NaN where none is left.
    """
    asked = [tier for tier in tiers or TIERS if tier in present(records)]
    if not asked:
        return UNDEFINED
    # A call is judged once it is over, or older than the longest of the minutes.
    over = records.says("calls", "answer", "done") | (~is_open(records) & np.isnan(minutes(records, "response")))
    within = np.ones(records["calls"].num_rows, dtype=bool)
    late = np.zeros_like(within)
    for tier in asked:
        limit = target(records, "tier", tier)
        hit = tier_minutes(records, tier) <= limit
        within &= hit
        late |= ~hit & (over | (age_minutes(records) > limit))
    return share(within[within | late])


def outcome(id_: str, title: str, held: str, reading: str, *words: str) -> Outcome:
    """Return the outcome of one line of a reading.

    Args:
        id_: of the outcome.
        title: of it.
        held: which calls are counted, and within what.
        reading: ``place``, ``tier`` or ``priority``.
        words: the classes counted; all when left out.
    """
    measures = {"place": within_place_share, "tier": within_tiers_share, "priority": within_priority_share}
    measure = measures[reading]
    return Outcome(
        id=id_,
        unit="share",
        better="higher",
        title=title,
        definition=f"{held} / calls that can be judged. {JUDGED}",
        group="response",
        kind="neutral",
        measure=lambda records: measure(records, *words),
    )


PLACE = "Calls{} reached within the minutes of the class of their place (response.targets.by_place)"
TIER = (
    "Calls with a unit of the tier {} on scene within that tier's minutes (response.targets.by_tier), undefined where "
    "the town has no such unit; a call that is over without one counts as not within"
)
PRIORITY = (
    "Calls{} reached within the minutes of their type, that is of the priority with which they came in "
    "(response.targets.by_priority)"
)

OUTCOMES = (
    outcome("within_place_target_share", "1-3-5 by place", PLACE.format(""), "place"),
    *(
        outcome(
            f"within_{word}_target_share", f"1-3-5 by place: {word}", PLACE.format(f" from the {word}"), "place", word
        )
        for word in PLACES
    ),
    outcome(
        "within_tier_targets_share",
        "1-3-5 by tier",
        "Calls with a unit of each tier on scene within that tier's minutes (response.targets.by_tier), over the tiers "
        "of which the town has units; a call that is over without one of them counts as not within",
        "tier",
    ),
    *(
        outcome(f"within_{word}_target_share", f"1-3-5 by tier: {word}", TIER.format(word), "tier", word)
        for word in TIERS
    ),
    outcome("within_priority_target_share", "1-3-5 by type of call", PRIORITY.format(""), "priority"),
    *(
        outcome(
            f"within_{word}_target_share",
            f"1-3-5 by type: {word}",
            PRIORITY.format(f", {word} ones,"),
            "priority",
            word,
        )
        for word in PRIORITIES[:2]
    ),
    outcome(
        "within_other_target_share",
        "1-3-5 by type: all others",
        PRIORITY.format(", less urgent than routine ones,"),
        "priority",
        *OTHERS,
    ),
)
