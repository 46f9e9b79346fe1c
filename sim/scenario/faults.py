"""What rules between fields are made of: a fault, and ways to read a plain tree of mappings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.scenario.derived import grids_of_size
from sim.scenario.parameters import default, is_number


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        field: the field, as ``grid.grids``.
        given: its value.
        allowed: in words what it may be.
        names: where a name is wanted, all valid ones.
    """

    field: str
    given: Any
    allowed: str
    names: tuple[str, ...] = ()


class Wrong:
    """Stands for a field that is wrong by itself: rules that rest on it have nothing to say."""


def value_at(tree: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a path like ``grid.grids``, None where nothing does."""
    place: Any = tree
    for name in path.split("."):
        if isinstance(place, Wrong):
            return place
        place = place.get(name) if isinstance(place, Mapping) else None
    return place


def without_wrong(tree: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """Return the tree with a mark in place of the fields at some paths, so that no rule judges by them."""
    marked = dict(tree)
    for path in paths:
        place: dict[str, Any] = marked
        *parents, last = path.split(".")
        for name in parents:
            inner = place.get(name)
            if not isinstance(inner, Mapping):
                # A place in a list, or in what is no mapping: the whole of it is wrong.
                last = name
                break
            place[name] = dict(inner)
            place = place[name]
        place[last] = Wrong()
    return marked


def number_at(tree: Mapping[str, Any], path: str, otherwise: float | None = None) -> float | None:
    """Return the number at a path; ``otherwise`` where nothing stands there, None where it is no number."""
    value = value_at(tree, path)
    if value is None:
        return otherwise
    return value if is_number(value) else None


def households(tree: Mapping[str, Any]) -> float | None:
    """Return the expected number of households, None where nobody lives in the town."""
    residents = number_at(tree, "people.residents")
    size = number_at(tree, "people.household_size_mean", default("household_size_mean"))
    return None if not residents or not size or size < 1 else residents / size


def grids(tree: Mapping[str, Any]) -> float | None:
    """Return the number of grids, stated or derived from the households in one."""
    if value_at(tree, "grid.grids") is not None:
        return number_at(tree, "grid.grids")
    homes = households(tree)
    in_one = number_at(tree, "grid.households_per_grid", default("households_per_grid"))
    return None if homes is None or in_one is None or in_one < 1 else grids_of_size(homes, in_one)


def grids_field(tree: Mapping[str, Any]) -> str:
    """Return the field by which a scenario says how many grids there are."""
    return "grid.grids" if value_at(tree, "grid.grids") is not None else "grid.households_per_grid"
