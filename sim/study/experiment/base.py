"""The base of an experiment: the scenario's tree with the experiment's own settings, and scenarios made of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.interventions import catalogue
from sim.scenario import Mistake, Scenario, ScenarioError, canonical
from sim.study.experiment.factors import Factor
from sim.study.experiment.machinery import (
    Catalogue,
    Node,
    Place,
    find_scenario,
    place_of,
    python_tree,
    read_scenario,
    scenario_from,
    tree_of,
    with_files,
    with_value,
)
from sim.study.experiment.parts import Scalar
from sim.study.experiment.paths import parameter_at, value_in
from sim.study.experiment.schema import Experiment


@dataclass(frozen=True)
class Base:
    """What all points are made of.

    Attributes:
        tree: the scenario's tree, the experiment's settings on it.
        scenario: what it describes.
        plain: the tree as plain mappings.
        known: everything that a run of it depends on, defaults filled in.
        levers: known interventions by name, looked up once: that reads a file of every installed package.
    """

    tree: Node
    scenario: Scenario
    plain: dict[str, Any]
    known: dict[str, Any]
    levers: Catalogue


def base_file(experiment: Experiment) -> Path:
    """Return the file of the base: one beside the experiment's file, in the working folder, or of the library.

    Raises:
        ScenarioError: there is none.
    """
    folder = experiment.root.place.folder
    if folder is not None and (folder / experiment.base).is_file():
        return folder / experiment.base
    return find_scenario(experiment.base)


def read_base(experiment: Experiment) -> tuple[Base | None, list[Mistake]]:
    """Return the base of an experiment, or all that is wrong with it."""
    root = experiment.root
    try:
        file = base_file(experiment)
    except ScenarioError as problem:
        here = place_of(root, ("base",))
        return None, [
            dataclasses.replace(one, file=here.file, line=here.line, field="base", given=f'"{experiment.base}"')
            for one in problem.mistakes
        ]
    mistakes: list[Mistake] = []
    tree, whole = read_scenario(file, (), mistakes)
    if tree is None:
        return None, mistakes
    for path, value in experiment.set_.items():
        tree, found = set_value(tree, path, value, place_of(root, ("set", path)))
        mistakes += found
    levers = catalogue()
    try:
        scenario = scenario_from(with_files(tree, mistakes), levers, mistakes, whole)
    except ScenarioError as problem:
        return None, list(problem.mistakes)
    return Base(tree, scenario, python_tree(tree), canonical(scenario), levers), []


def set_value(tree: Node, path: str, value: Any, place: Place) -> tuple[Node, list[Mistake]]:
    """Return the tree with a value at a path, as ``--set`` would put it there, and what stood in its way."""
    mistakes: list[Mistake] = []
    node = tree_of(value, place, path, mistakes)
    tree, found = with_value(with_whole_list(tree, path, place), tuple(path.split(".")), node)
    return tree, mistakes + found


def with_whole_list(tree: Node, path: str, place: Place) -> Node:
    """Return the tree with the table's list in place where a path sets one number of a list that the tree has not."""
    found = parameter_at(path)
    if found is None or found[1] is None or not isinstance(found[0].default, tuple):
        return tree
    whole = ".".join(path.split(".")[:2])
    if value_in(python_tree(tree), whole) is not None:
        return tree
    return with_value(tree, tuple(whole.split(".")), tree_of(list(found[0].default), place, whole, []))[0]


def scenario_at(base: Base, factors: Sequence[Factor], values: dict[str, Scalar], places: dict[str, Place]) -> Scenario:
    """Return the scenario of a point; its name and title are the base's.

    Args:
        base: what the factors change.
        factors: all of them, in order; fields of the scenario are set before interventions are added.
        values: of each factor, by name, as tables hold it.
        places: where each factor was written.

    Raises:
        ScenarioError: these values make no scenario.
    """
    tree, mistakes = base.tree, list[Mistake]()
    for factor in factors:
        if factor.intervention is None:
            tree, found = set_value(tree, factor.field, factor.setting(values[factor.name]), places[factor.name])
            mistakes += found
    added = added_levers(factors, values, places, mistakes)
    if added:
        given = tree.content.get("interventions") if isinstance(tree.content, dict) else None
        before = list(given.content) if given is not None and isinstance(given.content, list) else []
        listed = Node([*before, *added], next(iter(places.values())))
        fields = tree.content if isinstance(tree.content, dict) else {}
        tree = Node({**fields, "interventions": listed}, tree.place)
    return scenario_from(with_files(tree, mistakes), base.levers, mistakes)


def added_levers(
    factors: Sequence[Factor], values: dict[str, Scalar], places: dict[str, Place], mistakes: list[Mistake]
) -> list[Node]:
    """Return the interventions that factors add, each once, with the fields that its factors and settings give it."""
    made: dict[str, Node] = {}
    for factor in factors:
        if factor.intervention is None:
            continue
        place = places[factor.name]
        name = factor.intervention
        node = made.get(name, tree_of({"name": name}, place, "", mistakes))
        given = {**factor.settings, factor.field: factor.setting(values[factor.name])}
        for field, value in given.items():
            inner = tree_of(value, place, field, mistakes)
            node, found = with_value(node, tuple(field.split(".")), inner)
            mistakes += found
        made[name] = node
    return list(made.values())
