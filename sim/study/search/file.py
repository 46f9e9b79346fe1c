"""Search files: what a user writes to look for the cheapest mix of levers. Factors are those of experiment files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.outcomes import CATALOGUE
from sim.scenario import Count, Mistake, nearest_name
from sim.study.experiment import Experiment, ExperimentError, Factor, Point, design_points, model_of, read_tree
from sim.study.experiment.designs import Table
from sim.study.experiment.loading import experiment_of
from sim.study.experiment.machinery import Node, mistake_at, place_of, tree_of
from sim.study.experiment.parts import Number, Seed, Slug, StudyPart
from sim.study.search.wanted import Asked, Direction, Objective, Search, Target

OF_EXPERIMENTS = ("name", "title", "base", "set", "factors", "seed")
DIRECTIONS: dict[str, Direction] = {"lower": "minimise", "higher": "maximise"}
MOST_RUNS = 1_000_000


class ObjectivePart(StudyPart):
    """An outcome to be made as small or as large as can be."""

    outcome: str = Field(..., description="Outcome by its id; its mean over luck counts.")
    direction: Direction | None = Field(
        default=None, description="minimise or maximise; empty: the outcome's own direction of better."
    )


class TargetPart(StudyPart):
    """A limit that single runs must keep with a probability."""

    outcome: str = Field(..., description="Outcome by its id.")
    at_most: Number | None = Field(default=None, description="Upper limit, in the outcome's unit.")
    at_least: Number | None = Field(default=None, description="Lower limit, in the outcome's unit.")
    probability: Annotated[Number, Field(gt=0.0, lt=1.0)] = Field(
        default=0.9, description="Share of runs, differing by luck only, in which the limit must be kept."
    )

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if (self.at_most is None) == (self.at_least is None):
            raise PydanticCustomError("one_of", "either at_most or at_least, not both and not neither")
        return self


class Runs(StudyPart):
    """How many runs points get."""

    first: Annotated[Count, Field(ge=2, le=1000)] = Field(default=3, description="Of a point when it is first tried.")
    most: Annotated[Count, Field(ge=2, le=10_000)] = Field(default=12, description="Of a point during the search.")
    check: Annotated[Count, Field(ge=2, le=10_000)] = Field(
        default=20, description="Of each finalist afterwards, with fresh seeds."
    )
    finalists: Annotated[Count, Field(ge=1, le=100)] = Field(default=3, description="Points that are re-checked.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.most < self.first:
            raise PydanticCustomError("order", "most that is no less than first")
        return self


class SearchBudget(StudyPart):
    """The most that a search may take."""

    runs: Annotated[Count, Field(ge=1, le=MOST_RUNS)] = Field(
        ..., description="Runs in all, the re-check and those already in the store included."
    )


class SearchFile(StudyPart):
    """A search: which levers, what they should bring about, and how many runs it may take."""

    name: Slug = Field(default=..., description="Short name; left out: the file's name.")
    title: str = Field(default="", max_length=200, description="One line for reports.")
    description: str = Field(default="", description="What is asked, and why so.")
    base: str = Field(..., min_length=1, max_length=1000, description="Scenario: the name of a shipped one, or a file.")
    set_: dict[str, Any] = Field(default_factory=dict, alias="set", description="Fields of the base to set, by path.")
    factors: tuple[Factor, ...] = Field(..., min_length=1, max_length=50, description="The levers and their values.")
    objectives: tuple[ObjectivePart, ...] = Field(
        ..., min_length=1, max_length=4, description="What is to be made small or large; several ask for a frontier."
    )
    targets: tuple[TargetPart, ...] = Field(default=(), max_length=20, description="Limits, all of which must be kept.")
    replications: Runs = Field(default_factory=Runs, description="How many runs points get.")
    seed: Seed = Field(default=1, description="Seed of the first replication, and of the search's own draws.")
    budget: SearchBudget = Field(..., description="The most that the search may take.")
    kind: Literal["search"] = Field(default="search", description="What the file is.")


@dataclass(frozen=True)
class SearchPlan:
    """A search file without mistakes.

    Attributes:
        search: what is wanted.
        experiment: base and factors, from which points' scenarios are made.
        file: the file's content, for the record.
    """

    search: Search
    experiment: Experiment
    file: dict[str, Any]

    def points(self, asked: Sequence[Asked]) -> list[Point]:
        """Return the point with its scenario for each of some runs, in their order.

        Raises:
            ExperimentError: values of the factors make no scenario; the message says which.
        """
        rows = {one.point: one.factors for one in asked}
        design = Table(kind="table", rows=tuple(dict(row) for row in rows.values()))
        made = design_points(self.experiment.model_copy(update={"design": design}))
        by_number = dict(zip(rows, made, strict=True))
        return [by_number[one.point] for one in asked]


def load_search(path: str | Path) -> SearchPlan:
    """Return the search of a file.

    Raises:
        ExperimentError: all mistakes at once; nothing was run.
    """
    root = read_tree(Path(path), "a search file")
    made, mistakes = model_of(SearchFile, root)
    if made is None:
        raise ExperimentError(sorted(mistakes, key=lambda one: one.line))
    mistakes = outcome_mistakes(made, root)
    try:
        experiment = experiment_of(as_experiment(root))
    except ExperimentError as problem:
        raise ExperimentError(sorted([*mistakes, *problem.mistakes], key=lambda one: one.line)) from problem
    if mistakes:
        raise ExperimentError(mistakes)
    return SearchPlan(search_of(made, experiment), experiment, made.model_dump(mode="json", by_alias=True))


def as_experiment(root: Node) -> Node:
    """Return a search's base and factors as the tree of an experiment, each field at its line."""
    fields = root.content if isinstance(root.content, dict) else {}
    kept = {name: node for name, node in fields.items() if name in OF_EXPERIMENTS}
    # Any design that wants a range or levels of every factor will do: points are chosen as the search goes.
    design = tree_of({"kind": "latin-hypercube", "points": 2}, root.place, "design", [])
    return Node({**kept, "design": design, "replications": Node(1, root.place)}, root.place)


def outcome_mistakes(made: SearchFile, root: Node) -> list[Mistake]:
    """Return what is wrong with the outcomes that a search names, and with its budget."""
    found = []
    named = [("objectives", row, one.outcome) for row, one in enumerate(made.objectives)]
    named += [("targets", row, one.outcome) for row, one in enumerate(made.targets)]
    for part, row, id_ in named:
        if id_ not in CATALOGUE:
            here, field = place_of(root, (part, str(row), "outcome")), f"{part}.{row}.outcome"
            allowed = "the id of an outcome (`gridtown outcomes` lists them)"
            found.append(mistake_at(here, field, id_, allowed, nearest_name(id_, CATALOGUE)))
    for row, one in enumerate(made.objectives):
        if one.direction is None and one.outcome in CATALOGUE and CATALOGUE[one.outcome].better == "none":
            here, field = place_of(root, ("objectives", str(row))), f"objectives.{row}.direction"
            allowed = f"minimise or maximise: {one.outcome} has no direction of its own"
            found.append(mistake_at(here, field, None, allowed))
    return found


def search_of(made: SearchFile, experiment: Experiment) -> Search:
    """Return what a file wants; factors have their ranges filled in."""
    runs = made.replications
    return Search(
        name=made.name,
        factors=experiment.factors,
        objectives=[
            Objective(one.outcome, one.direction or DIRECTIONS[CATALOGUE[one.outcome].better])
            for one in made.objectives
        ],
        targets=[target_of(one) for one in made.targets],
        runs=made.budget.runs,
        first=runs.first,
        most=runs.most,
        check=runs.check,
        finalists=runs.finalists,
        seed=made.seed,
        title=made.title,
    )


def target_of(one: TargetPart) -> Target:
    """Return a target as a search knows it."""
    if one.at_most is not None:
        return Target(one.outcome, one.at_most, True, one.probability)
    return Target(one.outcome, float(one.at_least or 0.0), False, one.probability)
