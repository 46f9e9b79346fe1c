"""What an experiment is: the model behind an experiment file, with a description for every field."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario import Count
from sim.study.experiment.designs import Design
from sim.study.experiment.factors import Factor
from sim.study.experiment.machinery import Node, Place, tree_of
from sim.study.experiment.parts import Number, Seed, Slug, StudyPart

MOST_REPLICATIONS = 100_000
MOST_FACTORS = 200


class Precision(StudyPart):
    """Replications until paired differences with the base point are known well enough."""

    outcomes: Annotated[dict[str, Annotated[Number, Field(gt=0)]], Field(min_length=1, max_length=50)] = Field(
        ...,
        description="Half-width of the 95 % interval of the paired difference to reach, by outcome, in its unit.",
    )
    at_least: Count = Field(default=4, ge=2, le=MOST_REPLICATIONS, description="Replications of every point at least.")
    at_most: Count = Field(default=100, ge=2, le=MOST_REPLICATIONS, description="And at most.")
    base: Annotated[Count, Field(ge=0)] | None = Field(
        default=None,
        description="Number of the point that the others are compared with; empty: the one that is as the base "
        "scenario, or the first.",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.at_most < self.at_least:
            raise PydanticCustomError("order", "at_most that is no less than at_least")
        return self


class Budget(StudyPart):
    """The most that an experiment may take; one that would take more is refused before anything runs."""

    runs: Count | None = Field(default=None, ge=1, description="Runs, those already in the store included.")
    hours: Annotated[Number, Field(gt=0)] | None = Field(
        default=None, description="Hours from start to end, by a timed sample, for what is still to be run."
    )
    gigabytes: Annotated[Number, Field(gt=0)] | None = Field(
        default=None, description="Gigabytes in the store, by the same sample, for what is still to be run."
    )


class Experiment(StudyPart):
    """A designed set of scenarios, each run with the same seeds."""

    name: Slug = Field(
        default=..., description="Short name in small letters, digits and hyphens; left out: the file's name."
    )
    title: str = Field(default="", max_length=200, description="One line for reports.")
    description: str = Field(default="", description="What is asked, and why so.")
    base: str = Field(..., min_length=1, max_length=1000, description="Scenario: the name of a shipped one, or a file.")
    set_: dict[str, Any] = Field(
        default_factory=dict, alias="set", description="Fields of the base to set, by path, as --set does."
    )
    factors: tuple[Factor, ...] = Field(
        ..., min_length=1, max_length=MOST_FACTORS, description="What is changed from point to point."
    )
    design: Design = Field(..., description="Which points are run.")
    replications: Annotated[Count, Field(ge=1, le=MOST_REPLICATIONS)] | None = Field(
        default=None, description="Runs of each point, with seeds that all points share."
    )
    precision: Precision | None = Field(default=None, description="Instead of replications: a precision to reach.")
    seed: Seed = Field(default=1, description="Seed of the first replication; the others follow it.")
    warm_up_days: Annotated[Count, Field(ge=1, le=3660)] | None = Field(
        default=None,
        description="Days that are run once for each seed, under the base; every point goes on from there.",
    )
    outcomes: tuple[str, ...] = Field(
        default=(), max_length=200, description="Outcomes that reports show; empty: the headline. All are stored."
    )
    records: Literal["none", "tables"] = Field(
        default="none", description="none: outcomes and daily series are kept of each run; tables: all of its tables."
    )
    budget: Budget = Field(default_factory=Budget, description="The most that it may take.")

    _root: Node | None = PrivateAttr(default=None)

    @property
    def root(self) -> Node:
        """The file's tree, which knows the line of every value; for one made in Python a tree without lines."""
        if self._root is not None:
            return self._root
        return tree_of(self.model_dump(mode="json", by_alias=True), Place(self.name), "", [])

    def written_in(self, root: Node) -> Self:
        """Return the same experiment with the tree that it was read from."""
        copied = self.model_copy()
        copied._root = root
        return copied

    @property
    def most_replications(self) -> int:
        """Runs of each point, where a precision is to be reached the most of them."""
        return self.precision.at_most if self.precision is not None else self.replications or 1

    @property
    def first_replications(self) -> int:
        """Runs of each point that are made in any case."""
        return self.precision.at_least if self.precision is not None else self.replications or 1

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.replications is None) == (self.precision is None):
            raise PydanticCustomError("one_of", "either replications or precision, not both and not neither")
        return self
