"""Running the audit: each city's preset, scaled down where it is large, with swept parameters, beside its claims."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.build import town_of
from sim.interventions import catalogue
from sim.outcomes import records
from sim.scenario import FIELD_OF, Scenario, from_canonical, parameter_table, value_at, written_tree
from sim.study.audit.claims import Claim, claims
from sim.study.audit.findings import Audit, Finding, Size, Sweep
from sim.study.audit.judging import judge, judge_input, spread
from sim.study.audit.measures import measure
from sim.study.audit.scaling import NotScalableError, scaled_down, setting_at, with_fields
from sim.study.comparing import jobs_used
from sim.study.comparison import Failure
from sim.study.gathering import Progress
from sim.study.measuring import Measured, Measurement, measure_all
from sim.study.provenance import command_line, hash_of_source, machine, moment, versions
from sim.study.usage import parameters_used

if TYPE_CHECKING:
    from sim.model import TownModel

MOST_RESIDENTS = 100_000
SWEEP_REPLICATIONS = 2  # a sweep asks how far a figure moves, not how precisely it is known
ENDS = ("low", "high")
UNSOURCED = "N"


class AuditError(ValueError):
    """An audit cannot be made as asked; the message says why."""


@dataclass(frozen=True)
class Part:
    """The runs of one city over one length of time: its preset as written, made small, as it is and swept.

    Attributes:
        given: what the user named it by.
        tree: the preset as its file has it.
        asked: the claims that it answers.
        days: length of the runs.
        smaller: fields by which it was made small.
    """

    given: str
    tree: Mapping[str, Any]
    asked: tuple[Claim, ...]
    days: int
    smaller: Mapping[str, Any]

    def scenario(self, label: str, fields: Mapping[str, Any]) -> Scenario:
        """Return the scenario with some more fields changed, under a name of its own."""
        everything = {**self.smaller, "calendar.days": self.days, **fields}
        name = f"{self.tree['name']}-{self.days}{label}"
        return from_canonical(with_fields(self.tree, {**everything, "name": name}), catalogue=catalogue())

    def replay(self, fields: Mapping[str, Any], seed: int) -> str:
        """Return the command that makes one of its runs."""
        everything = {**self.smaller, "calendar.days": self.days, **fields}
        words = [word for path, value in everything.items() for word in ("--set", f"{path}={value}")]
        return shlex.join(["gridtown", "run", self.given, "--seed", str(seed), *words])


def audit(
    scenarios: Sequence[str | Path] = (),
    replications: int = 5,
    jobs: int | None = None,
    tell: Callable[[Progress], None] | None = None,
    *,
    days: int | None = None,
    residents: int = MOST_RESIDENTS,
    sweep: bool = True,
) -> Audit:
    """Hold the articles' claims beside simulated books and truth.

    Args:
        scenarios: files or library names; each answers the claims about the preset whose name it has. All claims where
            left out.
        replications: of each city, seeds 1, 2, ...
        jobs: processes at once.
        tell: told of every step.
        days: simulated instead of the time that a claim runs over; counts are scaled up.
        residents: of which at most are simulated; a larger city is scaled down, its counts scaled up again.
        sweep: whether parameters are swept.

    Raises:
        AuditError: no claim is about a scenario, or it cannot be scaled down.
        ScenarioError: a scenario has mistakes.
    """
    asked, trees = chosen(scenarios)
    parts = parts_of(asked, trees, days, residents)
    seeds = tuple(range(1, replications + 1))
    wanted = [one for part in parts for one in measurements(part, seeds, sweep=sweep)]
    made: list[Measured | Failure] = []
    if wanted:
        at_once = jobs_used(jobs, [one.scenario for one in wanted], len(seeds))
        made = measure_all(wanted, at_once, tell or (lambda _: None))
    figures = by_scenario(made)
    found = {finding.claim.id: finding for part in parts for finding in findings_of(part, figures)}
    found |= {claim.id: without_runs(claim, trees) for claim in asked if not claim.recorded}
    return Audit(
        findings=tuple(found[claim.id] for claim in asked),
        seeds=seeds,
        runs=len(made),
        failures=tuple(one for one in made if isinstance(one, Failure)),
        provenance={
            "versions": versions(),
            **machine(),
            "source_hash": hash_of_source(),
            "made": moment(),
            "command": command_line(),
        },
    )


def chosen(scenarios: Sequence[str | Path]) -> tuple[list[Claim], dict[str, tuple[str, dict[str, Any]]]]:
    """Return the claims to be answered, and by preset what names it and its tree.

    Raises:
        AuditError: no claim is about one of the scenarios.
        ScenarioError: a scenario cannot be read.
    """
    known = list(dict.fromkeys(claim.scenario for claim in claims() if claim.scenario))
    named = [(str(given), written_tree(given)) for given in scenarios or known]
    trees = {str(tree["name"]): (given, tree) for given, tree in named}
    strange = [name for name in trees if name not in known]
    if strange:
        raise AuditError(
            f"no claim is about {strange[0]!r}; there are claims about: {', '.join(known)} (a file of your own answers "
            "for one of these when it has its name, as in `name: daye`)"
        )
    return [claim for claim in claims() if not scenarios or claim.scenario in trees], trees


def parts_of(
    asked: Sequence[Claim], trees: Mapping[str, tuple[str, dict[str, Any]]], days: int | None, residents: int
) -> list[Part]:
    """Return the runs that are needed: for each city one part for each length of time.

    Raises:
        AuditError: a city is too large and cannot be scaled down.
    """
    groups: dict[tuple[str, int], list[Claim]] = {}
    for claim in asked:
        if claim.recorded:
            groups.setdefault((claim.scenario, days or claim.days), []).append(claim)
    parts = []
    for (name, length), answered in groups.items():
        given, tree = trees[name]
        try:
            smaller = scaled_down(tree, residents)
        except NotScalableError as problem:
            raise AuditError(f"{name}: {problem}; give --residents a larger number") from problem
        parts.append(Part(given, tree, tuple(answered), length, smaller))
    return parts


def ends_of(parameter: str, end: str) -> dict[str, Any]:
    """Return the field that sets a parameter, all elements of a list, to an end of its range."""
    value = getattr(parameter_table()[parameter], end)
    return {FIELD_OF.get(parameter, f"parameters.{parameter}"): list(value) if isinstance(value, tuple) else value}


def label_of(parameter: str, end: str) -> str:
    """Return what the name of a swept scenario adds to the city's."""
    return f"-{parameter.replace('_', '-')}-{end}"


def measurements(part: Part, seeds: Sequence[int], *, sweep: bool) -> list[Measurement]:
    """Return the runs of a part: as it is with all seeds, and each swept parameter at both ends with the first ones."""
    ids = sorted({id_ for claim in part.asked for id_ in (claim.recorded, claim.true)})
    swept = sorted({one for claim in part.asked for one in claim.sweeps}) if sweep else []
    variants: list[tuple[str, dict[str, Any], Sequence[int]]] = [("", {}, seeds)]
    variants += [(label_of(one, end), ends_of(one, end), seeds[:SWEEP_REPLICATIONS]) for one in swept for end in ENDS]
    town = town_of(part.scenario("", {}))
    return [
        Measurement(part.scenario(label, fields), seed, partial(figures_of, ids=ids), town, part.replay(fields, seed))
        for label, fields, chosen_seeds in variants
        for seed in chosen_seeds
    ]


def figures_of(model: TownModel, ids: Sequence[str]) -> dict[str, float]:
    """Run a model and return some figures of its records by id."""
    found = records(model.run())
    return {id_: measure(found, id_) for id_ in ids}


def by_scenario(made: Sequence[Measured | Failure]) -> dict[str, list[dict[str, float]]]:
    """Return the figures of the runs that finished, by scenario in the order of their seeds."""
    figures: dict[str, list[dict[str, float]]] = {}
    for one in made:
        if isinstance(one, Measured):
            figures.setdefault(one.scenario, []).append(one.value)
    return figures


def findings_of(part: Part, figures: Mapping[str, list[dict[str, float]]]) -> list[Finding]:
    """Return what the runs of a part say of its claims."""
    base = part.scenario("", {})
    uses = parameters_used(base)
    size = Size(
        residents=int(value_at(part.tree, "people.residents") or 0),
        simulated=base.people.residents,
        days=part.days,
        unsourced=sum(one.status == UNSOURCED for one in uses),
        parameters=len(uses),
        assumptions=len(base.assumptions),
    )

    def values(label: str, id_: str) -> list[float]:
        return [one[id_] for one in figures.get(f"{part.tree['name']}-{part.days}{label}", [])]

    return [finding_of(claim, size, values) for claim in part.asked]


def finding_of(claim: Claim, size: Size, values: Callable[[str, str], list[float]]) -> Finding:
    """Return what runs say of a claim; ``values`` gives a figure's values by label of the scenario and id."""
    factor = 1.0 if claim.is_share else size.residents / size.simulated * claim.days / size.days
    most = 1.0 if claim.is_share else math.inf
    recorded, true = (spread(values("", id_), factor, most) for id_ in (claim.recorded, claim.true))
    sweeps = tuple(
        Sweep(
            one,
            parameter_table()[one].status,
            *(spread(values(label_of(one, end), claim.recorded), factor, most).mean for end in ENDS),
        )
        for one in claim.sweeps
        if values(label_of(one, ENDS[0]), claim.recorded) or values(label_of(one, ENDS[1]), claim.recorded)
    )
    verdict = judge(claim, recorded, [value for one in sweeps for value in (one.low, one.high)])
    return Finding(claim, verdict, None, recorded, true, sweeps, size)


def without_runs(claim: Claim, trees: Mapping[str, tuple[str, Mapping[str, Any]]]) -> Finding:
    """Return the finding on a claim that is an input of its preset, or that cannot be compared."""
    if not claim.setting:
        return Finding(claim, "not_comparable")
    value = setting_at(trees[claim.scenario][1], claim.setting)
    return Finding(claim, judge_input(claim, value), value)
