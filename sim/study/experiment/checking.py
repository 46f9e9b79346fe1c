"""What is wrong between the fields of an experiment: factors that name no field, ranges, designs, outcomes, budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.outcomes import CATALOGUE
from sim.scenario import Mistake, nearest_name
from sim.study.experiment.base import Base
from sim.study.experiment.designs import MOST_POINTS, OneAtATime, Table, kind_of
from sim.study.experiment.factors import Factor
from sim.study.experiment.machinery import ALTERNATIVES, Catalogue, mistake_at, one_of, place_of
from sim.study.experiment.parts import Scalar
from sim.study.experiment.paths import no_field, no_field_of, parameter_at, range_at, value_in
from sim.study.experiment.ranges import range_mistakes
from sim.study.experiment.sampling import count_points
from sim.study.experiment.schema import Experiment
from sim.study.store.experiments import RUN_COLUMNS


def wrong(experiment: Experiment, field: str, given: Any, allowed: str, nearest: str = "") -> Mistake:
    """Return a mistake at the line of a field of an experiment's file."""
    return mistake_at(place_of(experiment.root, tuple(field.split("."))), field, given, allowed, nearest)


def told(experiment: Experiment, field: str, given: str, allowed: str) -> Mistake:
    """Return a mistake of which what was given is told in words, and is no value."""
    here = place_of(experiment.root, tuple(field.split(".")))
    return Mistake(here.file, here.line, field, given, allowed)


def with_table_ranges(factors: tuple[Factor, ...]) -> tuple[Factor, ...]:
    """Return the factors with what the parameter table knows of them: ends of ranges, and what is counted."""
    return tuple(map(with_table_range, factors))


def with_table_range(one: Factor) -> Factor:
    """Return a factor with the parameter table's range where it says nothing else."""
    known = range_at(one.field) if one.intervention is None else None
    if known is None or one.levels is not None:
        return one
    parameter = parameter_at(one.field)
    whole = one.whole or (parameter is not None and parameter[0].whole)
    low = known[0] if one.low is None else one.low
    high = known[1] if one.high is None else one.high
    return one.model_copy(update={"low": low, "high": high, "whole": whole})


def name_mistakes(experiment: Experiment) -> list[Mistake]:
    """Return what is wrong with the names of factors and outcomes; queries tell no capital letters from small ones."""
    found = []
    seen: set[str] = set()
    for row, one in enumerate(experiment.factors):
        field = f"factors.{row}.name"
        if one.name.lower() in seen:
            found.append(wrong(experiment, field, one.name, "a name that no other factor has"))
        elif one.name.lower() in RUN_COLUMNS:
            allowed = "a name that is no column of the tables of runs"
            found.append(wrong(experiment, field, one.name, allowed))
        seen.add(one.name.lower())
    named = [(f"outcomes.{row}", id_) for row, id_ in enumerate(experiment.outcomes)]
    named += [
        (f"precision.outcomes.{id_}", id_) for id_ in (experiment.precision.outcomes if experiment.precision else ())
    ]
    allowed = "the id of an outcome (`gridtown outcomes` lists them)"
    return found + [
        wrong(experiment, field, id_, allowed, nearest_name(id_, CATALOGUE))
        for field, id_ in named
        if id_ not in CATALOGUE
    ]


def field_mistakes(experiment: Experiment, base: Base) -> list[Mistake]:
    """Return what is wrong with the fields that factors name."""
    found = []
    for row, one in enumerate(experiment.factors):
        if one.intervention is not None:
            found += lever_mistakes(experiment, row, one, base.levers)
        elif (problem := no_field(one.field, base.plain, base.levers)) is not None:
            field = f"factors.{row}.field"
            found.append(wrong(experiment, field, problem.given, problem.allowed, problem.nearest))
        if one.intervention is None and one.settings:
            allowed = "only with `intervention`, whose other fields these are"
            found.append(wrong(experiment, f"factors.{row}.settings", one.settings, allowed))
    return found + overlap_mistakes(experiment)


def lever_mistakes(experiment: Experiment, row: int, one: Factor, known: Catalogue) -> list[Mistake]:
    """Return what is wrong with a factor that adds an intervention."""
    if one.intervention is None or one.intervention not in known:
        field = f"factors.{row}.intervention"
        nearest = nearest_name(one.intervention, known)
        return [wrong(experiment, field, one.intervention, one_of(list(known)), nearest)]
    model = known[one.intervention]
    found = []
    for field, name in [("field", one.field), *((f"settings.{name}", name) for name in one.settings)]:
        problem = no_field_of(model, name.split(".")[0])
        if problem is not None:
            found.append(wrong(experiment, f"factors.{row}.{field}", problem.given, problem.allowed, problem.nearest))
    return found


def overlap_mistakes(experiment: Experiment) -> list[Mistake]:
    """Return which factors set the same thing twice."""
    found = []
    set_by: dict[tuple[str | None, str], str] = {}
    settings: dict[tuple[str, str], Any] = {}
    for row, one in enumerate(experiment.factors):
        for (lever, path), other in set_by.items():
            if lever == one.intervention and (touch(path, one.field) or ALTERNATIVES_OF.get(path) == one.field):
                allowed = f"a field that the factor {other} does not set already ({path})"
                found.append(wrong(experiment, f"factors.{row}.field", one.field, allowed))
                break
        set_by[one.intervention, one.field] = one.name
        for name, value in one.settings.items() if one.intervention else ():
            if settings.setdefault((str(one.intervention), name), value) != value:
                allowed = f"the same value of {name} as the other factors of {one.intervention} have"
                found.append(wrong(experiment, f"factors.{row}.settings.{name}", value, allowed))
    for row, one in enumerate(experiment.factors):
        for name in one.settings if one.intervention else ():
            if any(lever == one.intervention and touch(path, name) for lever, path in set_by):
                allowed = "a field that no factor sets"
                found.append(wrong(experiment, f"factors.{row}.settings.{name}", name, allowed))
    return found


ALTERNATIVES_OF = {field: f"{field.rsplit('.', 1)[0]}.{other}" for field, other in ALTERNATIVES.items()}


def touch(one: str, other: str) -> bool:
    """Decide whether two paths are one, or one of them lies within the other."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def base_values(factors: tuple[Factor, ...], known: Mapping[str, Any]) -> dict[str, Scalar]:
    """Return each factor's value at the base point: its own ``base``, the base scenario's value, or its first one."""
    values: dict[str, Scalar] = {}
    for one in factors:
        there = value_in(known, one.field) if one.intervention is None else None
        first = one.choices[0] if one.choices else one.low if one.low is not None else 0.0
        if one.base is not None:
            values[one.name] = one.base
        elif isinstance(one.levels, Mapping):
            alike = [name for name, value in one.levels.items() if value == there]
            values[one.name] = alike[0] if alike else first
        else:
            values[one.name] = there if isinstance(there, bool | int | float | str) else first
    return values


def design_mistakes(experiment: Experiment, base: Mapping[str, Scalar]) -> list[Mistake]:
    """Return what is wrong with a design: too many points, too many runs, rows that do not fit the factors."""
    design = experiment.design
    if isinstance(design, Table):
        found = table_mistakes(experiment, design)
        if found:
            return found
    points = count_points(design, experiment.factors, base)
    if points > MOST_POINTS:
        allowed = f"a design of at most {MOST_POINTS:,} points (fewer levels or factors, or a latin-hypercube)"
        return [told(experiment, "design", f"{kind_of(design)} of {points:,} points", allowed)]
    found = []
    if isinstance(design, OneAtATime) and points < 2:
        found.append(told(experiment, "design", "the base point alone", "factors with values besides that of the base"))
    precision = experiment.precision
    if precision is not None and precision.base is not None and precision.base >= points:
        allowed = f"the number of a point, from 0 to {points - 1}"
        found.append(wrong(experiment, "precision.base", precision.base, allowed))
    if precision is not None and points < 2:
        found.append(
            told(experiment, "precision", "one point", "at least two points: a precision is that of differences")
        )
    runs, most = points * experiment.most_replications, experiment.budget.runs
    if most is not None and runs > most:
        given = f"{points:,} points x {experiment.most_replications:,} replications = {runs:,} runs"
        allowed = f"at most the budget's {most:,} runs (fewer points or replications, or a larger budget.runs)"
        found.append(told(experiment, "budget.runs", given, allowed))
    return found


def table_mistakes(experiment: Experiment, design: Table) -> list[Mistake]:
    """Return what is wrong with a table's rows."""
    names = [one.name for one in experiment.factors]
    if design.rows is None:
        return [wrong(experiment, "design", None, "either file or rows, the points one by one")]
    found = []
    for row, values in enumerate(design.rows):
        field = f"design.rows.{row}"
        for name in values:
            if name not in names:
                allowed = f"the name of a factor: {one_of(names)}"
                found.append(wrong(experiment, f"{field}.{name}", name, allowed, nearest_name(name, names)))
        missing = [name for name in names if name not in values]
        if missing:
            found.append(told(experiment, field, f"no {', '.join(missing)}", "a value for each factor"))
        for one in experiment.factors:
            value = values.get(one.name)
            if value is not None and not is_in(one, value):
                found.append(wrong(experiment, f"{field}.{one.name}", value, values_words(one)))
    return found


def is_in(factor: Factor, value: Scalar) -> bool:
    """Decide whether a value is one of a factor's own levels or lies in its range, where it has any."""
    if factor.choices is not None:
        return any(isinstance(value, bool) == isinstance(one, bool) and value == one for one in factor.choices)
    if factor.low is None or factor.high is None:
        return True
    is_one = isinstance(value, int | float) and not isinstance(value, bool)
    return is_one and factor.low <= float(value) <= factor.high and not (factor.whole and float(value) % 1)


def values_words(factor: Factor) -> str:
    """Return in words which values a factor takes."""
    if factor.choices is not None:
        return f"a level of {factor.name}: {one_of([str(one) for one in factor.choices])}"
    kind = "a whole number" if factor.whole else "a number"
    return f"{kind} from {factor.low:g} to {factor.high:g}"


def mistakes_in(experiment: Experiment, base: Base | None) -> list[Mistake]:
    """Return everything that is wrong between an experiment's fields, its base included; no scenario is made."""
    found = name_mistakes(experiment)
    if base is not None:
        found += field_mistakes(experiment, base)
    ranges = range_mistakes(experiment)
    if base is None or ranges:
        return found + ranges
    return found + design_mistakes(experiment, base_values(experiment.factors, base.known))
