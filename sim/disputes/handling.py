"""From a scenario's words on triage and targets to the levers that the rules read."""

from __future__ import annotations

from collections.abc import Sequence

from sim.codes import Category, Colour
from sim.scenario import GradingPart, Scenario, TargetPart
from sim.world import HANDLING, Table, empty_table

AROUND = ("advise", "not_open")  # ways that keep a dispute out of the books


def lay_handling(scenario: Scenario, grid_stage_limit: float) -> Table:
    """Return the table of levers of triage and books, one row, as a scenario sets them without interventions."""
    handling = empty_table(HANDLING, 1)
    set_triage(handling, scenario.triage.three_affairs)
    set_grading(handling, scenario.triage.grading)
    set_stage_limit(handling, grid_stage_limit)
    set_pressure(handling, scenario.books.targets)
    return handling


def set_triage(handling: Table, on: bool) -> None:
    """Have known disputes sorted into big, small and private affairs from now on, or not."""
    handling["triage"] = on


def set_stage_limit(handling: Table, limit: float) -> None:
    """Have the grid handle matters up to a stage from now on."""
    handling["grid_stage_limit"] = limit


def set_grading(handling: Table, part: GradingPart | None) -> None:
    """Have known disputes graded as a part says from now on, or not at all; colours once given then bring nothing."""
    for column in ("graded", "visits_per_month", "first_in_queue", "refer_up"):
        handling[column] = 0
    if part is None:
        return
    for name in part.categories:
        handling["graded"][0, Category[name.upper()]] = 1
    for colour in list(Colour)[Colour.BLUE :]:
        action = getattr(part.colours, colour.name.lower())
        handling["visits_per_month"][0, colour] = action.visits_per_month
        handling["first_in_queue"][0, colour] = action.first_in_queue
        handling["refer_up"][0, colour] = action.refer_up


def chances(target: TargetPart) -> dict[str, float]:
    """Return with what probability a target bends each kind of entry, by way.

    Of the ways around the books each takes an equal share of the target's size, which together make it up: the
    second acts only on what the first has left.
    """
    size = target.pressed_share
    used = target.ways_used
    made: dict[str, float] = {way: size for way in used if way not in AROUND}
    around = [way for way in AROUND if way in used]
    if len(around) == 1:
        made[around[0]] = size
    elif around:
        made["not_open"] = size / 2.0
        made["advise"] = size / 2.0 / (1.0 - size / 2.0)
    return made


def set_pressure(handling: Table, targets: Sequence[TargetPart]) -> None:
    """Let targets press on the books from now on; several act independently of each other.

    Of several days by which cases are to be closed the earliest counts.
    """
    found = [(target, chances(target)) for target in targets]
    for way in ("gloss", "not_open", "advise", "close_early"):
        honest = 1.0
        for _, made in found:
            honest *= 1.0 - made.get(way, 0.0)
        handling[way] = 1.0 - honest
    handling["close_days"] = min(
        (one.within_days for one, made in found if made.get("close_early", 0.0) > 0), default=0
    )
