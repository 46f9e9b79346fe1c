"""What containment achieves against the alarm's delay and the number of units: runs that differ in nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.codes import Ring
from sim.study.run import run_one

if TYPE_CHECKING:
    from sim.outcomes import Records
    from sim.scenario import Scenario
    from sim.town import Town

RING_COLUMNS = tuple(ring.name.lower() for ring in Ring)  # from the scene outwards


class NoContainmentError(ValueError):
    """A scenario says nothing of flights and rings, so there is nothing to be varied."""


def with_containment(scenario: Scenario, alarm_delay_minutes: float, units: int) -> Scenario:
    """Return a scenario with another alarm delay and another number of units for a containment.

    Raises:
        NoContainmentError: it has no containment.
    """
    part = scenario.response.containment
    if part is None:
        raise NoContainmentError(f"{scenario.name} has no response.containment; add one with its flights_per_year")
    changed = part.model_copy(update={"alarm_delay_minutes": alarm_delay_minutes, "units": units})
    return scenario.model_copy(update={"response": scenario.response.model_copy(update={"containment": changed})})


def count_ends(records: Records) -> dict[str, int]:
    """Return how many flights of a run are over, and how many of them were caught at each kind of ring."""
    counts = {"flights": int(np.count_nonzero(~records.says("flights", "true_end", "under_way")))}
    return counts | {ring: int(np.count_nonzero(records.says("flights", "caught_at", ring))) for ring in RING_COLUMNS}


def sweep_containment(
    scenario: Scenario,
    alarm_delays_minutes: Sequence[float],
    units: Sequence[int],
    seeds: Sequence[int] = (1,),
    town: Town | None = None,
) -> pd.DataFrame:
    """Return how flights ended for each alarm delay and number of units, over all seeds together.

    All runs of a seed have the same flights.

    Args:
        scenario: with a containment, whose own delay and units are replaced.
        alarm_delays_minutes: delays to be tried.
        units: numbers of units to be tried.
        seeds: of the runs.
        town: one built before from the same settings.

    Returns:
        A row for each delay and number of units: ``alarm_delay_minutes``, ``units``, ``flights`` (those over by the
        run's end), and how many were caught at each ring: ``township``, ``county``, ``edge``.

    Raises:
        NoContainmentError: the scenario has no containment.
    """
    rows = []
    for count in units:
        for delay in alarm_delays_minutes:
            changed = with_containment(scenario, delay, count)
            ends = pd.DataFrame([count_ends(run_one(changed, seed, town=town).records) for seed in seeds])
            rows.append({"alarm_delay_minutes": float(delay), "units": int(count), **ends.sum().to_dict()})
    return pd.DataFrame(rows)
