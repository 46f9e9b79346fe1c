"""Outcomes of people: tension and trust."""

from __future__ import annotations

from sim.outcomes.measures import mean, ratio
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records


def tension_mean(records: Records) -> float:
    """Return the mean tension over residents and the days that are over."""
    return mean(records.column("series", "true_tension_sum")) * ratio(
        records["districts"].num_rows, records.fact("residents")
    )


def mean_over_residents(records: Records, what: str) -> float:
    """Return the mean of tension or of a trust over all residents at the run's end."""
    return ratio(float(records.column("districts", f"true_{what}_sum").sum()), records.fact("residents"))


OUTCOMES = (
    Outcome(
        id="tension_mean",
        unit="index",
        better="lower",
        title="Tension over the run",
        definition="Mean over the days that are over of the mean tension (0..1) of residents at the day's end.",
        group="people",
        kind="true",
        measure=tension_mean,
    ),
    Outcome(
        id="tension_end",
        unit="index",
        better="lower",
        title="Tension at the end",
        definition="Mean tension (0..1) of residents at the run's end.",
        group="people",
        kind="true",
        measure=lambda records: mean_over_residents(records, "tension"),
    ),
    Outcome(
        id="trust_grid_mean",
        unit="index",
        better="higher",
        title="Trust in the grid",
        definition="Mean trust (0..1) of residents in grid workers at the run's end.",
        group="people",
        kind="true",
        measure=lambda records: mean_over_residents(records, "trust_grid"),
    ),
    Outcome(
        id="trust_mediation_mean",
        unit="index",
        better="higher",
        title="Trust in mediation",
        definition="Mean trust (0..1) of residents in mediation at the run's end.",
        group="people",
        kind="true",
        measure=lambda records: mean_over_residents(records, "trust_mediation"),
    ),
    Outcome(
        id="trust_police_mean",
        unit="index",
        better="higher",
        title="Trust in the police",
        definition="Mean trust (0..1) of residents in the police at the run's end.",
        group="people",
        kind="true",
        measure=lambda records: mean_over_residents(records, "trust_police"),
    ),
)
