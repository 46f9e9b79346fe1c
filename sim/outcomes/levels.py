"""Outcomes of where disputes end: at which level, in truth and by the books."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.outcomes.measures import ratio
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records

# From the parties upward; the books know nothing of what ends by itself.
LEVELS: dict[str, str] = {
    "self": "by themselves",
    "grid": "in the grid",
    "community": "in the village or community",
    "township": "in the township",
    "county": "in the county",
    "city": "in the city",
    "court": "in court",
    "police": "with the police",
    "petition": "in a petition",
}
OFFICES = ("grid", "community", "township", "county", "city")  # which keep books of cases
OUTSIDE = ("court", "police", "petition")  # which know what ends with them
VILLAGE = ("grid", "community")


def true_endings(records: Records, *levels: str) -> float:
    """Return how many disputes ended at one of ``levels``."""
    return float(np.count_nonzero(records.says("disputes", "true_end_channel", *levels)))


def recorded_endings(records: Records, *levels: str) -> float:
    """Return how many endings the books of ``levels`` hold: cases recorded as settled, and what ended with others.

    A case closed early that was booked anew and settled again counts twice, as it does in the books.
    """
    settled = records.column("cases", "recorded_settled")
    booked = settled & records.says("cases", "channel", *(level for level in levels if level in OFFICES))
    elsewhere = tuple(level for level in levels if level in OUTSIDE)
    return float(np.count_nonzero(booked)) + true_endings(records, *elsewhere)


def true_share(level: str) -> Callable[[Records], float]:
    """Return what computes the share of all true endings that a level has."""
    return lambda records: ratio(true_endings(records, level), true_endings(records, *LEVELS))


def recorded_share(level: str) -> Callable[[Records], float]:
    """Return what computes the share of all recorded endings that a level has."""
    known = (*OFFICES, *OUTSIDE)
    return lambda records: ratio(recorded_endings(records, level), recorded_endings(records, *known))


def in_village(count: Callable[..., float]) -> Callable[[Records], float]:
    """Return what computes the share that village and grid have of what ends with anybody but the parties."""
    return lambda records: ratio(count(records, *VILLAGE), count(records, *OFFICES, *OUTSIDE))


OUTCOMES = (
    *(
        Outcome(
            id=f"true_ended_{level}_share",
            unit="share",
            better="none",
            title=f"True endings {words}",
            definition=f"Disputes that ended {words} / disputes that ended at any level by the run's end.",
            group="disputes",
            kind="true",
            measure=true_share(level),
        )
        for level, words in LEVELS.items()
    ),
    *(
        Outcome(
            id=f"recorded_ended_{level}_share",
            unit="share",
            better="none",
            title=f"Recorded endings {LEVELS[level]}",
            definition=(
                f"Endings that the books place {LEVELS[level]} / all recorded endings: cases recorded as settled by "
                "their channel, and disputes that ended in court, with the police or in a petition. A case closed "
                "early and booked anew counts each time."
            ),
            group="disputes",
            kind="recorded",
            measure=recorded_share(level),
        )
        for level in (*OFFICES, *OUTSIDE)
    ),
    Outcome(
        id="true_ended_in_village_share",
        unit="share",
        better="none",
        title="In the village before the town",
        definition=(
            "Disputes that ended in the grid or the village / disputes that ended with a grid worker, an office, the "
            "police, a court or a petition. What ends by itself is left out."
        ),
        group="disputes",
        kind="true",
        measure=in_village(true_endings),
    ),
    Outcome(
        id="recorded_ended_in_village_share",
        unit="share",
        better="none",
        title="In the village before the town, by the books",
        definition="Endings that the books place in the grid or the village / all recorded endings.",
        group="disputes",
        kind="recorded",
        measure=in_village(recorded_endings),
    ),
)
