"""A city made small enough to be run often: every count divided by one number, so that people for each of them stay."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sim.scenario import value_at

# Counts that grow with a city. Levels of the administration are rounded so that each has at least one of the next.
COUNTS = (
    "people.merchants",
    "town.counties",
    "town.townships",
    "town.communities",
    "town.road_nodes",
    "grid.grids",
    "grid.workers",
    "mediation.mediators",
    "response.units",
    "response.posts",
)
AREA = "town.area_km2"
ROUNDED_UP = (
    "response.units",
    "grid.workers",
)  # rounded down, a small town would have nobody for its last grid or shift


class NotScalableError(ValueError):
    """A scenario cannot be made smaller; the message says why."""


def scaled_down(tree: Mapping[str, Any], most: int) -> dict[str, Any]:
    """Return the fields, by path, that make a scenario one of at most ``most`` residents; none where it is that small.

    Args:
        tree: the scenario as its file has it.
        most: residents of the smaller one.

    Raises:
        NotScalableError: its streets are not generated, or it lists groups of units, which have places of their own.
    """
    residents = value_at(tree, "people.residents") or 0
    if residents <= most:
        return {}
    if value_at(tree, "town.kind") != "synthetic":
        raise NotScalableError("only a generated town can be scaled down; this one has a road network of its own")
    if value_at(tree, "response.groups"):
        raise NotScalableError("a scenario that lists groups of units cannot be scaled down")
    factor = residents / most
    smaller: dict[str, Any] = {"people.residents": most, AREA: value_at(tree, AREA) / factor}
    for path in COUNTS:
        given = value_at(tree, path)
        if given is not None:
            count = given / factor
            smaller[path] = max(math.ceil(count) if path in ROUNDED_UP else round(count), 1)
    return smaller


def with_fields(tree: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a tree with the values at some paths replaced; the tree itself stays as it is."""
    changed = dict(tree)
    for path, value in fields.items():
        first, _, rest = path.partition(".")
        changed[first] = with_fields(changed.get(first) or {}, {rest: value}) if rest else value
    return changed
