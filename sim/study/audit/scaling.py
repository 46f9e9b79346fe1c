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
AREAS = {"community": "communities", "township": "townships", "county": "counties"}
STAFF = "staff"  # of a party seconded to the grids
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
            smaller[path] = divided(given, factor, up=path in ROUNDED_UP)
    return smaller | smaller_offices(tree, smaller, factor) | smaller_parties(tree, factor)


def divided(count: float, factor: float, *, up: bool = False) -> int:
    """Return a count divided by a factor and rounded, 1 at least."""
    return max(math.ceil(count / factor) if up else round(count / factor), 1)


def smaller_offices(tree: Mapping[str, Any], smaller: Mapping[str, Any], factor: float) -> dict[str, Any]:
    """Return the fields that make a list of groups of offices smaller: mediators, and offices where they are counted.

    A group keeps one mediator and one office at least, and has no more offices than the smaller town has areas.
    """
    groups = value_at(tree, "mediation.offices")
    fields: dict[str, Any] = {}
    for row, group in enumerate(groups if isinstance(groups, list) else ()):
        place = f"mediation.offices.{row}"
        if group["mediators"]:
            fields[f"{place}.mediators"] = divided(group["mediators"], factor)
        if group.get("number") is not None:
            areas = smaller.get(f"town.{AREAS.get(group['level'])}", 1)
            fields[f"{place}.number"] = min(divided(group["number"], factor), areas)
    return fields


def smaller_parties(tree: Mapping[str, Any], factor: float) -> dict[str, Any]:
    """Return the fields that make parties of seconded staff smaller."""
    levers = tree.get("interventions") or []
    return {
        f"interventions.{row}.{STAFF}": divided(lever[STAFF], factor)
        for row, lever in enumerate(levers)
        if lever.get(STAFF)
    }


def with_fields(tree: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a tree with the values at some paths replaced, lists counted from 0; the tree itself stays as it is."""
    changed = dict(tree)
    for path, value in fields.items():
        first, _, rest = path.partition(".")
        changed[first] = replaced(changed.get(first), rest, value)
    return changed


def replaced(given: Any, path: str, value: Any) -> Any:
    """Return what stands in place of ``given`` where the value at a path in it is replaced; "" for all of it."""
    if not path:
        return value
    if not isinstance(given, list):
        return with_fields(given or {}, {path: value})
    place, _, rest = path.partition(".")
    return [replaced(one, rest, value) if row == int(place) else one for row, one in enumerate(given)]


def setting_at(tree: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a path, None where nothing does; a part in a list goes by its name, as in
    ``mediation.offices.online.mediators``.
    """
    place: Any = tree
    for name in path.split("."):
        if isinstance(place, list):
            place = next((one for one in place if one.get("name") == name), None)
        else:
            place = place.get(name) if isinstance(place, Mapping) else None
    return place
