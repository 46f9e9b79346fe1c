"""From a file to one of our models, or to everything that is wrong with it, each mistake at its line.

Experiments are read this way, and any other file of a study that holds factors.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.scenario import Mistake, nearest_name
from sim.study.experiment.machinery import (
    Node,
    Place,
    field_names,
    mistake_at,
    mistake_of,
    one_of,
    place_of,
    python_tree,
    read_file,
    readable_name,
    with_name,
)
from sim.study.experiment.parts import ExperimentError

type Kinds = Mapping[str, Mapping[str, type[BaseModel]]]  # by field: its models by their ``kind``


def read_tree(path: Path, what: str = "an experiment file") -> Node:
    """Return the tree of a file, named after it where it has no name of its own.

    Raises:
        ExperimentError: it is no file, no YAML, or no mapping.
    """
    place = Place(readable_name(path), 1, Path(os.path.realpath(path)).parent)
    root, mistakes = read_file(path, place)
    if root is not None and not isinstance(root.content, dict):
        mistakes.append(mistake_at(root.place, "", python_tree(root), "a mapping of fields, one on each line"))
    if root is None or mistakes:
        said = (one.allowed.replace("a scenario file", what) for one in mistakes)
        raise ExperimentError(
            dataclasses.replace(one, allowed=words) for one, words in zip(mistakes, said, strict=True)
        )
    return with_name(root, path)


def model_of[Model: BaseModel](
    model: type[Model], root: Node, kinds: Kinds | None = None
) -> tuple[Model | None, list[Mistake]]:
    """Return what a tree describes, or all that is wrong with its fields.

    Args:
        model: the kind of file.
        root: the file's tree.
        kinds: fields whose model depends on their ``kind``.
    """
    try:
        return model.model_validate(python_tree(root)), []
    except ValidationError as error:
        found = [mistake_in(dict(one), root, model, kinds or {}) for one in error.errors()]
    return None, list(dict.fromkeys(found))


def mistake_in(error: dict[str, Any], root: Node, model: type[BaseModel], kinds: Kinds) -> Mistake:
    """Return one of Pydantic's errors as a mistake."""
    loc = tuple(str(step) for step in error["loc"])
    if loc and loc[0] in kinds:
        models = kinds[loc[0]]
        if len(loc) > 1 and loc[1] in models:
            loc = (loc[0], *loc[2:])  # Pydantic tells the kind
        kind = error["type"]
        if kind in ("union_tag_invalid", "union_tag_not_found"):
            return kind_mistake(error["input"], loc[0], root, models)
        if kind == "extra_forbidden":
            given = python_tree(root)[loc[0]]
            names = field_names(models[given["kind"]])
            allowed = f"a field of {given['kind']}: {one_of(names)}"
            return mistake_at(place_of(root, loc), ".".join(loc), loc[-1], allowed, nearest_name(loc[-1], names))
    return mistake_of({**error, "loc": loc}, root, model, ())


def kind_mistake(given: Any, field: str, root: Node, models: Mapping[str, type[BaseModel]]) -> Mistake:
    """Return the mistake of a part whose kind is none."""
    kind = given.get("kind") if isinstance(given, dict) else None
    names = list(models)
    nearest = nearest_name(kind, [name.replace("-", "_") for name in names]).replace("_", "-")
    return mistake_at(place_of(root, (field, "kind")), f"{field}.kind", kind, one_of(names), nearest)
