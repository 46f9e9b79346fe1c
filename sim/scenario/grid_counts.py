"""What must hold between the fields of a scenario's grids, and between its levers on them and the calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sim.scenario.categories import CATEGORY_NAMES
from sim.scenario.faults import Fault, Wrong, grids, grids_field, number_at, value_at

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario


def sector_categories(tree: Mapping[str, Any]) -> list[tuple[int, list[Any]]] | None:
    """Return the row and categories of each sector, None where they cannot be read."""
    sectors = value_at(tree, "grid.sectors")
    if not isinstance(sectors, list | tuple):
        return None
    found = []
    for row, sector in enumerate(sectors):
        categories = sector.get("categories") if isinstance(sector, Mapping) else None
        if not isinstance(categories, list | tuple):
            return None
        found.append((row, list(categories)))
    return found


def sectors_fit(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse sectors that share a category or leave one out, the layout without sectors, and grids too few for them."""
    sectors = sector_categories(tree) or []
    if isinstance(value_at(tree, "grid.sectors"), Wrong):
        return
    if not sectors and value_at(tree, "grid.layout") == "sectors":
        yield Fault("grid.sectors", None, "a list of sectors, since grid.layout is sectors")
    owner: dict[Any, int] = {}
    for row, categories in sectors:
        for category in categories:
            if category in owner:
                allowed = f"in one sector only; it is in grid.sectors.{owner[category]} too"
                yield Fault(f"grid.sectors.{row}.categories", category, allowed)
            owner[category] = row
    missing = [name for name in CATEGORY_NAMES if name not in owner]
    if sectors and missing:
        yield Fault("grid.sectors", len(sectors), f"a sector for every category; without one: {', '.join(missing)}")
    count, townships = grids(tree), number_at(tree, "town.townships", 1.0)
    if sectors and count is not None and townships is not None and count < townships * len(sectors):
        field = grids_field(tree)
        words = f"to make at least {len(sectors)} grids, one for each sector, in each of {townships:,g} townships"
        yield Fault(field, value_at(tree, field), words)


def workers_have_grids(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse grid workers where nobody lives: they would have no grid, and a grid no household."""
    if number_at(tree, "people.residents", 0.0) != 0:
        return
    for field in ("grid.workers", "grid.grids"):
        if number_at(tree, field):
            yield Fault(field, value_at(tree, field), "to be left out where people.residents is 0: no households")


def grid_lever_faults(scenario: Scenario) -> Iterator[Fault]:
    """Yield what is wrong between levers on the grids and the rest: dates that do not come, sectors that are not."""
    calendar = scenario.calendar
    first, end = calendar.start_date, calendar.start_date + timedelta(days=calendar.days)
    for row, lever in enumerate(scenario.interventions):
        name = getattr(type(lever), "name", "")
        if name in ("grid_campaign", "seconded_staff"):
            for date in getattr(lever, "dates", None) or ():
                if not first <= date < end:
                    allowed = f"a date of the calendar, {first} to {end - timedelta(days=1)}"
                    yield Fault(f"interventions.{row}.dates", str(date), allowed)
        if name == "grid_layout" and getattr(lever, "layout", "") == "sectors" and not scenario.grid.sectors:
            yield Fault(f"interventions.{row}.layout", "sectors", "to be used only where grid.sectors lists them")
