"""What an audit finds: a verdict on each claim, with the figures on which it rests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.study.audit.claims import Claim
from sim.study.audit.judging import Spread, Verdict
from sim.study.comparison import Failure


@dataclass(frozen=True)
class Size:
    """How a city was simulated.

    Attributes:
        residents: of the city's preset.
        simulated: residents of the runs.
        days: that the runs lasted.
        unsourced: parameters without a source.
        parameters: of the model in all.
        assumptions: that the preset marks.
    """

    residents: int
    simulated: int
    days: int
    unsourced: int
    parameters: int
    assumptions: int


@dataclass(frozen=True)
class Sweep:
    """The mean recorded figure with one parameter, or all elements of a list, at each end of its range.

    Attributes:
        parameter: its id.
        status: of its source: F, D, M or N.
        low: figure at the low end, NaN where undefined.
        high: figure at the high end.
    """

    parameter: str
    status: str
    low: float
    high: float


@dataclass(frozen=True)
class Finding:
    """What the audit found of a claim.

    Attributes:
        claim: what is said.
        verdict: where that lies.
        given: the preset's figure, for an input.
        recorded: what the simulated books say, for the city and the time of the claim; None where nothing was run.
        true: what happened in the simulated city.
        sweeps: of the parameters on which the recorded figure rests.
        size: how the city was simulated.
    """

    claim: Claim
    verdict: Verdict
    given: float | None = None
    recorded: Spread | None = None
    true: Spread | None = None
    sweeps: tuple[Sweep, ...] = ()
    size: Size | None = None


@dataclass(frozen=True)
class Audit:
    """All findings, with what they were made with.

    Attributes:
        findings: in the order of the table of claims.
        seeds: of the replications.
        runs: made in all, swept ones included.
        failures: those that did not finish.
        provenance: versions, platform, moment, hash of the rules.
    """

    findings: tuple[Finding, ...]
    seeds: tuple[int, ...]
    runs: int
    failures: tuple[Failure, ...]
    provenance: Mapping[str, Any]
