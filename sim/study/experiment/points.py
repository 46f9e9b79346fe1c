"""The points of an experiment: each design row as a scenario, all of them valid, or everything that is wrong."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sim.scenario import Mistake, Scenario, ScenarioError, canonical, scenario_hash
from sim.study.experiment.base import Base, read_base, scenario_at
from sim.study.experiment.branching import branch_problem
from sim.study.experiment.checking import base_values, mistakes_in
from sim.study.experiment.jobs import Point
from sim.study.experiment.machinery import place_of
from sim.study.experiment.parts import ExperimentError, Scalar
from sim.study.experiment.sampling import design_rows, same, unit_sample
from sim.study.experiment.schema import Experiment
from sim.study.runner.branching import before_branch

LONGEST_NAME = 80
LONGEST_VALUES = 120
WORDS = {"title", "description", "outcomes", "budget", "records"}  # on which no run depends


def sound_base(experiment: Experiment) -> Base:
    """Return the base of an experiment that has no mistake besides those that only its points could show.

    Raises:
        ExperimentError: everything that is wrong.
    """
    base, found = read_base(experiment)
    found = found + mistakes_in(experiment, base)
    if base is None or found:
        raise ExperimentError(sorted(found, key=lambda one: (one.file, one.line)))
    return base


def design_points(experiment: Experiment) -> list[Point]:
    """Return the points of an experiment's design, in its order; all scenarios are valid.

    Raises:
        ExperimentError: everything that is wrong with the experiment, or with any of its points.
    """
    base = sound_base(experiment)
    places = {one.name: place_of(experiment.root, ("factors", str(row))) for row, one in enumerate(experiment.factors)}
    points: list[Point] = []
    bad: dict[tuple[str, str], list[tuple[int, dict[str, Scalar], Mistake]]] = {}
    day = experiment.warm_up_days
    before = None if day is None else canonical(before_branch(base.scenario, day))
    for number, values in enumerate(
        design_rows(experiment.design, experiment.factors, base_values(experiment.factors, base.known))
    ):
        try:
            scenario = scenario_at(base, experiment.factors, values, places)
            check_branch(experiment, before, scenario)
        except ScenarioError as problem:
            for one in problem.mistakes:
                bad.setdefault((one.field, one.allowed), []).append((number, values, one))
            continue
        points.append(Point(number, values, named(scenario, experiment, number, values)))
    if bad:
        raise ExperimentError(bad_points(cases) for cases in bad.values())
    return points


def check_branch(experiment: Experiment, before: dict[str, Any] | None, scenario: Scenario) -> None:
    """Make sure that a point may share the warm-up.

    Raises:
        ScenarioError: it may not.
    """
    if before is None or experiment.warm_up_days is None:
        return
    problem = branch_problem(before, scenario, experiment.warm_up_days)
    if problem is not None:
        here = place_of(experiment.root, ("warm_up_days",))
        raise ScenarioError([Mistake(here.file, here.line, "warm_up_days", *problem)])


def bad_points(cases: list[tuple[int, dict[str, Scalar], Mistake]]) -> Mistake:
    """Return one mistake for all points that show it: the first with its values, and how many others."""
    number, values, first = cases[0]
    others = len(cases) - 1
    more = f" and {others} other point{'s' if others > 1 else ''}" if others else ""
    field = f"point {number}{more} ({values_text(values)}): {first.field}".removesuffix(": ")
    given = list(dict.fromkeys(one.given for _, _, one in cases))
    several = f", {given[-1]}" if len(given) == 2 else f" ... {given[-1]} ({len(given)} values)"
    return Mistake(
        first.file,
        first.line,
        field,
        first.given + (several if len(given) > 1 else ""),
        first.allowed + remedy_of(first),
        first.nearest,
    )


def remedy_of(problem: Mistake) -> str:
    """Return what to write into the experiment where a scenario's own words do not say it; "" where they do."""
    if problem.allowed == "a valid integer":
        return " (`whole: true` on a factor that has a range)"
    if problem.given == "nothing" and problem.field.startswith("interventions."):
        return " (under `settings` of a factor of that intervention)"
    return ""


def values_text(values: dict[str, Scalar]) -> str:
    """Return a point's values in words, as ``density 8, mediators 2``; cut where they are many."""
    text = ", ".join(f"{name} {value}" for name, value in values.items())
    return text if len(text) <= LONGEST_VALUES else text[: LONGEST_VALUES - 4] + " ..."


def named(scenario: Scenario, experiment: Experiment, number: int, values: dict[str, Scalar]) -> Scenario:
    """Return a point's scenario with a name and a title of its own; neither changes its hash."""
    ending = f"-p{number}"
    name = experiment.name[: LONGEST_NAME - len(ending)].rstrip("-") + ending
    return scenario.model_copy(update={"name": name, "title": values_text(values)})


def design_record(experiment: Experiment) -> dict[str, Any]:
    """Return a design as an analysis needs it: its kind and settings, names of factors, and the sample.

    ``sample`` holds a row in the unit cube for each point, in the order of points, which for Saltelli's and Morris's
    designs is SALib's; None for designs that are not drawn.
    """
    sample = unit_sample(experiment.design, len(experiment.factors))
    return {
        **experiment.design.model_dump(mode="json", exclude={"rows", "file"}),
        "factors": [one.name for one in experiment.factors],
        "sample": None if sample is None else [[float(place) for place in row] for row in sample],
    }


def study_record(experiment: Experiment) -> dict[str, Any]:
    """Return an experiment as plain JSON for its analysis: its fields, and the design as ``design_record`` has it.

    ``base_point`` is the number of the point that others are compared with.
    """
    tree = experiment.model_dump(mode="json", by_alias=True)
    return {**tree, "design": design_record(experiment), "base_point": base_point(experiment)}


def base_point(experiment: Experiment) -> int:
    """Return the number of the point that others are compared with.

    It is the one that ``precision`` names, else the one at which every factor is as in the base scenario, else the
    first. The value of a factor that adds an intervention counts as the base's where it is the factor's first.

    Raises:
        ExperimentError: the experiment has mistakes.
    """
    if experiment.precision is not None and experiment.precision.base is not None:
        return experiment.precision.base
    start = base_values(experiment.factors, sound_base(experiment).known)
    rows = design_rows(experiment.design, experiment.factors, start)
    alike = (number for number, row in enumerate(rows) if all(same(row[name], start[name]) for name in start))
    return next(alike, 0)


def experiment_hash(experiment: Experiment) -> str:
    """Return the SHA-256 of what an experiment runs, 64 hexadecimal digits.

    The base scenario counts by its content. Title, description, outcomes shown, records kept and budget do not count:
    no run depends on them.

    Raises:
        ExperimentError: the base cannot be used, or the experiment has mistakes.
    """
    tree = experiment.model_dump(mode="json", by_alias=True, exclude=WORDS | {"base", "set_"})
    tree["base"] = scenario_hash(sound_base(experiment).scenario)
    text = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
