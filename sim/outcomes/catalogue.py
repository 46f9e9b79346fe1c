"""All outcomes in one list, and the few that every comparison shows."""

from __future__ import annotations

from difflib import get_close_matches

from sim.outcomes import (
    books,
    burden,
    containment,
    cost,
    disputes,
    equity,
    grids,
    levels,
    mediation,
    people,
    queueing,
    readings,
    response,
    settlements,
    staff,
    triage,
    units,
)
from sim.outcomes.measures import UNDEFINED
from sim.outcomes.outcome import Outcome
from sim.outcomes.records import Records

FAMILIES = (
    disputes,
    books,
    settlements,
    mediation,
    levels,
    triage,
    response,
    readings,
    queueing,
    units,
    containment,
    people,
    staff,
    grids,
    equity,
    burden,
    cost,
)
CATALOGUE: dict[str, Outcome] = {outcome.id: outcome for family in FAMILIES for outcome in family.OUTCOMES}

# Benefit, burden, equity and cost side by side; Holm's correction runs over these.
HEADLINE: tuple[str, ...] = (
    "true_disputes_per_1000",
    "recorded_found_share",
    "recorded_found_in_30_days_share",
    "true_settled_share",
    "settlement_gap",
    "true_share_reached_stage_7",
    "mediation_waiting_days",
    "response_minutes_mean",
    "response_minutes_p90",
    "within_place_target_share",
    "within_priority_target_share",
    "tension_mean",
    "response_p90_gap",
    "response_hour_gap",
    "found_share_gap",
    "visits_per_household",
    "cost_total_yuan",
)

# The headline where nobody lives and calls are all there is.
RESPONSE_HEADLINE: tuple[str, ...] = (
    "calls",
    "response_minutes_mean",
    "response_minutes_p90",
    "urgent_response_minutes_p90",
    "queue_minutes_mean",
    "travel_minutes_mean",
    "queued_share",
    "calls_unanswered",
    "within_place_target_share",
    "within_tier_targets_share",
    "within_priority_target_share",
    "unit_load",
    "unit_utilisation",
    "unit_hours_on_duty",
    "response_p90_gap",
    "response_hour_gap",
    "cost_police_yuan",
)

OF_PEOPLE = ("disputes", "people")  # groups of outcomes that need residents
# Outcomes outside the group of the response that say something where nobody lives.
OF_RESPONSE = (
    "containment_unit_hours",
    "districts_by_response",
    "response_p90_gap",
    "response_p90_gini",
    "response_hour_gap",
    "response_night_minutes_mean",
    "cost_police_yuan",
)


class UnknownOutcomeError(ValueError):
    """An id names no outcome; the message lists the nearest."""


def outcomes(records: Records) -> dict[str, float]:
    """Return every outcome of a run by id; an undefined one is NaN, as those of people are where nobody lives."""
    deserted = records.fact("residents") == 0
    return {
        id_: UNDEFINED if deserted and outcome.group in OF_PEOPLE else outcome.measure(records)
        for id_, outcome in CATALOGUE.items()
    }


def headline(*, peopled: bool) -> tuple[str, ...]:
    """Return the few outcomes to show of towns with residents, or of those where nobody lives."""
    return HEADLINE if peopled else RESPONSE_HEADLINE


def meaningful(*, peopled: bool) -> tuple[str, ...]:
    """Return all outcomes that towns with residents have, or those of the response where nobody lives."""
    ids = (id_ for id_, one in CATALOGUE.items() if peopled or one.group == "response" or id_ in OF_RESPONSE)
    return tuple(ids)


def find_outcome(id_: str) -> Outcome:
    """Return an outcome by id.

    Raises:
        UnknownOutcomeError: there is none of that name.
    """
    if id_ not in CATALOGUE:
        near = get_close_matches(id_, CATALOGUE, n=3, cutoff=0.5)
        hint = f"; nearest: {', '.join(near)}" if near else ""
        raise UnknownOutcomeError(f"there is no outcome {id_!r}{hint}")
    return CATALOGUE[id_]


def describe() -> list[dict[str, str]]:
    """Return what there is to know about each outcome, a row each, in the order of the catalogue."""
    return [
        {
            "id": outcome.id,
            "title": outcome.title,
            "unit": outcome.unit,
            "better": outcome.better,
            "group": outcome.group,
            "kind": outcome.kind,
            "definition": outcome.definition,
        }
        for outcome in CATALOGUE.values()
    ]


def markdown_table() -> str:
    """Return the catalogue as it stands in ``docs/outcomes.md``: a table for each group."""
    lines: list[str] = []
    for group in dict.fromkeys(outcome.group for outcome in CATALOGUE.values()):
        lines += [f"## {group.capitalize()}", "", "| id | unit | better | kind | definition |", "| --- " * 5 + "|"]
        lines += [
            f"| `{one.id}` | {one.unit} | {one.better} | {one.kind} | **{one.title}.** {one.definition} |"
            for one in CATALOGUE.values()
            if one.group == group
        ]
        lines.append("")
    return "\n".join(lines)
