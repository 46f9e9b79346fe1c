"""From an experiment file, or from plain mappings, to an experiment without mistakes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.scenario import Mistake
from sim.study.experiment.checking import with_table_ranges
from sim.study.experiment.designs import DESIGNS, Table
from sim.study.experiment.library import find_experiment
from sim.study.experiment.machinery import Node, Place, mistake_at, place_of, readable_name, tree_of
from sim.study.experiment.parts import ExperimentError
from sim.study.experiment.points import sound_base
from sim.study.experiment.reading import model_of, read_tree
from sim.study.experiment.sampling import read_rows
from sim.study.experiment.schema import Experiment

MOST_TABLE_BYTES = 64 * 1024 * 1024


def load_experiment(path: str | Path) -> Experiment:
    """Return the experiment of a file.

    Ranges that the parameter table knows are filled in, and the rows of a table's file are read. That every point is a
    valid scenario is for ``design_points`` to find out.

    Args:
        path: an experiment file, or the name of a shipped experiment.

    Raises:
        ExperimentError: all mistakes at once; nothing was run.
    """
    return experiment_of(read_tree(find_experiment(path)))


def make_experiment(tree: Mapping[str, Any], folder: Path | None = None) -> Experiment:
    """Return the experiment of plain mappings, with the same checks as one of a file.

    Args:
        tree: the fields, as a file has them.
        folder: from which relative paths go out; the working folder when left out.

    Raises:
        ExperimentError: all mistakes at once.
    """
    mistakes: list[Mistake] = []
    name = str(tree.get("name", "experiment"))
    root = tree_of({"name": name, **tree}, Place(name, 0, folder), "", mistakes)
    if mistakes:
        raise ExperimentError(mistakes)
    return experiment_of(root)


def experiment_of(root: Node) -> Experiment:
    """Return the experiment of a tree.

    Raises:
        ExperimentError: all mistakes at once.
    """
    made, mistakes = model_of(Experiment, root, {"design": DESIGNS})
    if made is None:
        raise ExperimentError(sorted(mistakes, key=lambda one: one.line))
    experiment = made.written_in(root)
    experiment = experiment.model_copy(update={"factors": with_table_ranges(experiment.factors)})
    design = experiment.design
    if isinstance(design, Table) and design.file is not None:
        table, mistakes = with_rows(design, root)
        if mistakes:
            raise ExperimentError(mistakes)
        experiment = experiment.model_copy(update={"design": table})
    sound_base(experiment)
    return experiment


def with_rows(design: Table, root: Node) -> tuple[Table, list[Mistake]]:
    """Return a table with the rows of its file, and what is wrong with that file."""
    here = place_of(root, ("design", "file"))
    given = str(design.file)
    if design.rows is not None:
        return design, [mistake_at(here, "design.file", given, "either file or rows, the points one by one")]
    file = Path(os.path.realpath((here.folder or Path.cwd()) / given))
    try:
        if file.stat().st_size > MOST_TABLE_BYTES:
            allowed = f"at most {MOST_TABLE_BYTES // 1024**2} MB"
            return design, [mistake_at(here, "design.file", "a larger file", allowed)]
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as problem:
        words = getattr(problem, "strerror", None) or "no text in UTF-8"
        return design, [mistake_at(here, "design.file", given, f"a CSV file that can be read ({words})")]
    columns, rows, wrong = read_rows(text)
    name = readable_name(file)
    if wrong:
        allowed = f"{len(columns)} columns, each once, and a value in every cell"
        return design, [Mistake(name, line, "", words, allowed) for line, words in wrong]
    if not rows:
        return design, [Mistake(name, 0, "", "no row", "a line of factors' names, and a line for each point")]
    return design.model_copy(update={"rows": tuple(rows)}), []
