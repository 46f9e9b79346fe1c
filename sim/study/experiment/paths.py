"""Whether a path names a field of a scenario, what stands there, and over which range the parameter table sweeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from sim.scenario import FIELD_OF, Parameter, Scenario, nearest_name, parameter_table
from sim.study.experiment.machinery import Catalogue, names_within, one_of

WORDS_ONLY = ("name", "title", "description", "sources", "assumptions", "extends")  # nothing in a run depends on them


@dataclass(frozen=True)
class NoField:
    """Why a path names no field.

    Attributes:
        given: the part of the path that is wrong.
        allowed: what may stand there.
        nearest: the valid name nearest to it, or "".
    """

    given: str
    allowed: str
    nearest: str = ""


def no_field(path: str, tree: Any, catalogue: Catalogue) -> NoField | None:
    """Return why a path names no field of a scenario; None where it does, or where only its value will tell.

    Args:
        path: as ``--set`` names it.
        tree: what the scenario's file says, as plain mappings.
        catalogue: known interventions.
    """
    steps = tuple(path.split("."))
    if not all(steps):
        return NoField(path, "a field, as grid.grids or parameters.climb_tension_gain")
    if steps[0] in WORDS_ONLY:
        return NoField(steps[0], "a field on which runs depend")
    if steps[0] == "parameters":
        return no_parameter(steps[1:])
    if steps[0] == "interventions":
        return no_lever(steps[1:], tree, catalogue)
    for depth, step in enumerate(steps):
        try:
            names = [name for name in names_within(Scenario, steps[:depth], tree) if name not in WORDS_ONLY]
        except IndexError:  # what holds no fields of its own: a list of numbers, a mapping by name
            return None
        if names and step not in names and not step.isdecimal():
            return NoField(step, f"a field: {one_of(names)}", nearest_name(step, names))
    return None


def no_parameter(steps: tuple[str, ...]) -> NoField | None:
    """Return why a path within ``parameters`` names none."""
    table = parameter_table()
    name = steps[0] if steps else ""
    if name not in table:
        return NoField(name, "the id of a parameter (`gridtown parameters` lists them)", nearest_name(name, table))
    if name in FIELD_OF:
        return NoField(f"parameters.{name}", f"this parameter as {FIELD_OF[name]}", FIELD_OF[name])
    one = table[name]
    if len(steps) == 2 and row_in(one, steps[1]) is not None:
        return None
    if len(steps) > 1:
        wanted = f"a number from 0 to {one.length - 1}, one for each {one.index}" if one.length else "nothing more"
        return NoField(".".join(steps[1:]), wanted)
    return None


def row_in(one: Parameter, step: str) -> int | None:
    """Return which number of a parameter's list a step of a path means; None where it means none."""
    return int(step) if step in map(str, range(one.length)) else None


def no_lever(steps: tuple[str, ...], tree: Any, catalogue: Catalogue) -> NoField | None:
    """Return why a path within ``interventions`` names no field of one that the base has."""
    given = (tree.get("interventions") if isinstance(tree, Mapping) else None) or []
    if not steps or not isinstance(given, list):
        return None
    if not steps[0].isdecimal() or int(steps[0]) >= len(given):
        wanted = "the number of one of the base's interventions" if given else "nothing here: the base has none"
        return NoField(steps[0], f"{wanted} (to add one, name it as `intervention` of the factor)")
    name = given[int(steps[0])].get("name") if isinstance(given[int(steps[0])], Mapping) else None
    if len(steps) == 1 or name not in catalogue:
        return None
    return no_field_of(catalogue[str(name)], steps[1])


def no_field_of(model: type[BaseModel], name: str) -> NoField | None:
    """Return why a name is no field of an intervention."""
    names = list(model.model_fields)
    return None if name in names else NoField(name, f"a field: {one_of(names)}", nearest_name(name, names))


def parameter_at(path: str) -> tuple[Parameter, int | None] | None:
    """Return the parameter that a path sets, and the place in its list; None where it sets none."""
    table, steps = parameter_table(), path.split(".")
    if steps[0] == "parameters" and len(steps) > 1 and steps[1] in table:
        one = table[steps[1]]
        return one, row_in(one, steps[2]) if len(steps) == 3 else None
    return next(((table[name], None) for name, field in FIELD_OF.items() if field == path), None)


def range_at(path: str) -> tuple[float, float] | None:
    """Return the range over which the parameter table sweeps what a path sets; None where it has none."""
    found = parameter_at(path)
    if found is None:
        return None
    one, row = found
    ends = [end[row] if isinstance(end, tuple) and row is not None else end for end in (one.low, one.high)]
    low, high = ends
    return None if isinstance(low, tuple) or isinstance(high, tuple) else (low, high)


def value_in(tree: Any, path: str) -> Any:
    """Return what stands at a path of plain mappings and lists; None where nothing does."""
    for step in path.split("."):
        if isinstance(tree, Mapping):
            tree = tree.get(step)
        elif isinstance(tree, list) and step.isdecimal() and int(step) < len(tree):
            tree = tree[int(step)]
        else:
            return None
    return tree
