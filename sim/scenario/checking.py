"""From a tree to a scenario, or to everything that is wrong with it, each mistake at its line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sim.scenario.counts import count_faults
from sim.scenario.faults import Fault
from sim.scenario.grid_counts import grid_lever_faults
from sim.scenario.library import find_scenario
from sim.scenario.loading import read_scenario
from sim.scenario.memory import memory_faults
from sim.scenario.mistakes import Mistake, Place, ScenarioError, mistake_at, nearest_name, one_of
from sim.scenario.schema import TOWN_KINDS, Scenario, parameter_faults
from sim.scenario.text import Node, place_of, python_tree, tree_of

Catalogue = Mapping[str, type[BaseModel]]
Keys = tuple[str, ...]

KINDS = tuple(TOWN_KINDS)
PYDANTIC_WORDS = (
    ("Input should be a valid dictionary or instance of ", "a mapping of fields"),
    ("Input should be a valid dictionary or object to extract fields from", "a mapping of fields"),
    ("Input should be an object", "a mapping of fields"),
    ("Input should be a valid tuple", "a list"),
    ("Input should be a valid string", "text"),
    ("Input should be ", ""),
    ("Value error, ", ""),
)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that a field's type mentions."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models_in(inner)


def field_names(model: type[BaseModel]) -> list[str]:
    """Return a model's fields as a file writes them."""
    return [field.alias or name for name, field in model.model_fields.items()]


def names_within(model: type[BaseModel], path: Keys, tree: Any) -> list[str]:
    """Return the valid names of fields of the mapping at a path, [] where any name will do."""
    for name in path:
        if name.isdecimal() and isinstance(tree, list) and int(name) < len(tree):
            tree = tree[int(name)]
            continue
        fields = {field.alias or own: field for own, field in model.model_fields.items()}
        if name not in fields:
            return []
        inner = list(models_in(fields[name].annotation))
        tree = tree.get(name) if isinstance(tree, dict) else None
        kind = tree.get("kind") if isinstance(tree, dict) else None
        model = TOWN_KINDS[str(kind)] if name == "town" and kind in KINDS else inner[0]
    return [*field_names(model), "extends"] if model is Scenario else field_names(model)


def in_words(message: str) -> str:
    """Return what is allowed, from one of Pydantic's messages."""
    for theirs, ours in PYDANTIC_WORDS:
        if message.startswith(theirs):
            return ours if ours.startswith("a mapping") else ours + message.removeprefix(theirs)
    return message[:1].lower() + message[1:]


def mistake_of(error: Any, root: Node, model: type[BaseModel], before: Keys) -> Mistake:
    """Return one of Pydantic's errors as a mistake; ``before`` is the path of the model in the file."""
    loc = tuple(str(step) for step in error["loc"])
    if not before and loc[:1] == ("town",) and loc[1:2] and loc[1] in KINDS:
        loc = (loc[0], *loc[2:])
    if not before and loc[:2] == ("mediation", "offices"):
        loc = (*loc[:2], *loc[3:])  # Pydantic says in which form the offices were given
    path, kind, given = (*before, *loc), error["type"], error["input"]
    place, field = place_of(root, path), ".".join(path)
    if kind == "extra_forbidden" and path == ("extends",):
        return mistake_at(place, field, given, "in a file only, where it names the file to build on")
    if kind == "string_pattern_mismatch":
        return mistake_at(place, field, given, "small letters, digits and single hyphens between them")
    if kind == "extra_forbidden":
        names = names_within(model, loc[:-1], python_tree(root))
        names = ["name", *names] if before else names
        return mistake_at(place, field, loc[-1], f"a field: {one_of(names)}", nearest_name(loc[-1], names))
    if kind == "missing":
        return mistake_at(place, field, None, "a value; this field must be given")
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        tag = given.get("kind") if isinstance(given, dict) else None
        return mistake_at(
            place_of(root, (*path, "kind")), f"{field}.kind", tag, one_of(KINDS), nearest_name(tag, KINDS)
        )
    if kind == "literal_error":
        choices = [word.strip("'") for word in error["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        return mistake_at(place, field, given, one_of(choices), nearest_name(given, choices))
    return mistake_at(place, field, given, in_words(error["msg"]))


def mistake_of_fault(fault: Fault, root: Node) -> Mistake:
    """Return what is wrong between fields as a mistake at the field's line."""
    nearest = nearest_name(fault.given, fault.names) if fault.names else ""
    return mistake_at(place_of(root, tuple(fault.field.split("."))), fault.field, fault.given, fault.allowed, nearest)


def known_kind(tree: Any) -> Any:
    """Return the tree with a mistaken kind of town put right, so that the town's other fields can be looked at."""
    town = tree.get("town")
    if isinstance(town, dict) and town.get("kind") not in KINDS:
        return {**tree, "town": {**town, "kind": nearest_name(town.get("kind"), KINDS) or KINDS[0]}}
    return tree


def field_mistakes(tree: dict[str, Any], root: Node, whole: bool) -> tuple[Scenario | None, list[Mistake]]:
    """Return the scenario without its interventions, or all that is wrong with its other fields.

    ``whole`` is False where part of the tree could not be read, so that what is missing has no default.
    """
    rest = {name: value for name, value in tree.items() if name != "interventions"}
    try:
        return Scenario.model_validate(rest), []
    except ValidationError as error:
        errors = error.errors()
    found = [mistake_of(one, root, Scenario, ()) for one in errors if one["type"] != "faults"]
    mended = known_kind(rest)
    if mended is not rest:
        try:
            Scenario.model_validate(mended)
        except ValidationError as error:
            # Without a sure kind only fields that are there can be judged.
            town = [one for one in error.errors() if one["loc"][:1] == ("town",) and one["type"] != "missing"]
            found += [mistake_of(one, tree_root(root, mended), Scenario, ()) for one in town]
    parameters = tree.get("parameters")
    wrong = [mistake.field for mistake in found]
    faults = count_faults(tree, wrong) + (parameter_faults(parameters) if isinstance(parameters, dict) else [])
    if whole and not found and not faults:
        # What contradicts a default is seen only where the defaults are filled in.
        faults = [fault for one in errors if one["type"] == "faults" for fault in one["ctx"]["faults"]]
    return None, found + [mistake_of_fault(fault, root) for fault in faults]


def tree_root(root: Node, tree: dict[str, Any]) -> Node:
    """Return the root with another kind of town, places kept."""
    fields = dict(root.content) if isinstance(root.content, dict) else {}
    town = fields["town"]
    inner = dict(town.content) if isinstance(town.content, dict) else {}
    return Node(
        {**fields, "town": Node({**inner, "kind": Node(tree["town"]["kind"], town.place)}, town.place)}, root.place
    )


def read_interventions(given: Any, root: Node, catalogue: Catalogue) -> tuple[list[BaseModel], list[Mistake]]:
    """Return the interventions of a list, and all that is wrong with it."""
    place = place_of(root, ("interventions",))
    if given is None:
        return [], []
    if not isinstance(given, list):
        return [], [mistake_at(place, "interventions", given, "a list of interventions, each with its name")]
    made: list[BaseModel] = []
    mistakes: list[Mistake] = []
    for row, entry in enumerate(given):
        path = ("interventions", str(row))
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(entry, dict):
            wanted = "a mapping: the intervention's name and its fields"
            mistakes.append(mistake_at(place_of(root, path), ".".join(path), entry, wanted))
        elif not isinstance(name, str) or name not in catalogue:
            names = list(catalogue)
            where = place_of(root, (*path, "name"))
            mistakes.append(
                mistake_at(where, f"interventions.{row}.name", name, one_of(names), nearest_name(name, names))
            )
        else:
            fields = {field: value for field, value in entry.items() if field != "name"}
            try:
                # In JSON's strict mode a number is a number and a date may be text.
                made.append(catalogue[name].model_validate_json(json.dumps(fields), strict=True))
            except ValidationError as error:
                mistakes += [mistake_of(one, root, catalogue[name], path) for one in error.errors()]
    return made, mistakes


def lever_faults(scenario: Scenario) -> list[Fault]:
    """Return what is wrong between the interventions and the rest: groups and dates that are not there."""
    names = tuple(group.name for group in scenario.response.all_groups())
    offices = tuple(group.name for group in scenario.mediation.all_groups())
    found = []
    for row, lever in enumerate(scenario.interventions):
        if getattr(lever, "name", "") == "mediation_offices":
            found += [
                Fault(f"interventions.{row}.groups", name, f"a group of offices: {one_of(offices)}", offices)
                for name in getattr(lever, "groups", ())
                if name not in offices
            ]
            continue
        if scenario.mediation.court is None:
            found += [
                Fault(f"interventions.{row}.{name}", getattr(lever, name), "only where mediation.court is given")
                for name in ("pre_litigation_share", "same_day_share", "confirmation_share")
                if getattr(lever, name, None) is not None
            ]
        found += [
            Fault(f"interventions.{row}.groups", name, f"a group of units: {one_of(names)}", names)
            for name in getattr(lever, "groups", None) or ()
            if name not in names
        ]
        if getattr(lever, "holidays", False) and not scenario.calendar.holidays:
            found.append(Fault(f"interventions.{row}.holidays", True, "only where calendar.holidays lists some dates"))
    return found + list(grid_lever_faults(scenario))


def scenario_from(root: Node, catalogue: Catalogue, mistakes: list[Mistake], whole: bool = True) -> Scenario:
    """Return the scenario of a tree.

    Args:
        root: the tree.
        catalogue: known interventions, by name.
        mistakes: what was found wrong before.
        whole: False where part of the tree could not be read: then what is missing is not held against it.

    Raises:
        ScenarioError: everything that is wrong, what was found before included.
    """
    tree = python_tree(root)
    scenario, found = field_mistakes(tree, root, whole)
    interventions, more = read_interventions(tree.get("interventions"), root, catalogue)
    known = {(mistake.file, mistake.line, mistake.field) for mistake in mistakes}
    found = [mistake for mistake in found + more if whole or mistake.given != "nothing"]
    found = [mistake for mistake in found if (mistake.file, mistake.line, mistake.field) not in known]
    if scenario is not None:
        scenario = scenario.model_copy(update={"interventions": tuple(interventions)})
        if not found and not mistakes:
            found = [mistake_of_fault(fault, root) for fault in lever_faults(scenario) or memory_faults(scenario)]
    if scenario is None or found or mistakes:
        raise ScenarioError(sorted(mistakes + found, key=lambda mistake: (mistake.file, mistake.line)))
    return scenario


def load_scenario(path: str | Path, *, catalogue: Catalogue, overrides: Sequence[str] = ()) -> Scenario:
    """Return the scenario of a file, with everything it extends and the command line's values.

    Args:
        path: a scenario file, or the name of a shipped scenario.
        catalogue: known interventions: a Pydantic model for each name.
        overrides: ``path=value`` each, as ``grid.households_per_grid=200``; the value is read as in a file.

    Raises:
        ScenarioError: all mistakes at once; nothing was run and no memory was taken.
    """
    mistakes: list[Mistake] = []
    root, whole = read_scenario(find_scenario(path), overrides, mistakes)
    if root is None:
        raise ScenarioError(mistakes)
    return scenario_from(root, catalogue, mistakes, whole)


def written_tree(path: str | Path, *, overrides: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a scenario file says, all that it extends included, as plain mappings; its fields are not checked.

    For what is to be changed before it is a scenario: a city too large for the machine, to be scaled down first. What
    comes of it goes through ``from_canonical``.

    Raises:
        ScenarioError: the file or one that it extends cannot be read, or a value of the command line has no place.
    """
    mistakes: list[Mistake] = []
    root, _ = read_scenario(find_scenario(path), overrides, mistakes)
    if root is None or mistakes:
        raise ScenarioError(mistakes)
    tree: dict[str, Any] = python_tree(root)
    return tree


def from_canonical(tree: Mapping[str, Any], *, catalogue: Catalogue, name: str = "scenario") -> Scenario:
    """Return the scenario of plain mappings, such as ``canonical`` makes: the way back from a run's record.

    Args:
        tree: the fields, as JSON has them.
        catalogue: known interventions.
        name: the scenario's name where the tree has none; mistakes name it as their file.

    Raises:
        ScenarioError: all mistakes at once.
    """
    mistakes: list[Mistake] = []
    root = tree_of({"name": name, **tree}, Place(name), "", mistakes)
    return scenario_from(root, catalogue, mistakes)
