"""Which experiments may share a warm-up: those whose points are one world until the day at which they branch."""

from __future__ import annotations

from typing import Any

from sim.scenario import Scenario, canonical
from sim.study.runner.branching import before_branch

OTHER_WORLD = (
    "points that differ from the base by interventions from day {day} only, since all share the days before (a factor "
    "may be the field of an `intervention`; or leave out warm_up_days)"
)
REMEDY = "let interventions begin then (settings: {{from_day: {day}}}), or leave out warm_up_days"


def branch_problem(base: dict[str, Any], scenario: Scenario, day: int) -> tuple[str, str] | None:
    """Return why a point's run may not branch from the base's on a day, as what was given and what is allowed.

    Args:
        base: of the base, the canonical form of what ``before_branch`` gives.
        scenario: of the point.
        day: of the branch.
    """
    mine = canonical(before_branch(scenario, day))
    remedy = REMEDY.format(day=day)
    if scenario.calendar.days <= day:
        return f"a run of {scenario.calendar.days} days", f"a run longer than the warm-up of {day} days"
    parts = [name for name in mine if name != "interventions" and mine[name] != base[name]]
    if parts:
        return f"another {', '.join(parts)} than the base's", OTHER_WORLD.format(day=day)
    if mine["interventions"] != base["interventions"]:
        names = [one["name"] for one in mine["interventions"] if one not in base["interventions"]]
        names = names or [one["name"] for one in base["interventions"] if one not in mine["interventions"]]
        what = ", ".join(dict.fromkeys(names)) or "another order of interventions"
        return f"{what} before day {day}", f"what differs from the base from day {day} on only: {remedy}"
    return None
