"""What the exact hypercube and its approximation share: the question they are asked and the figures they answer with.

Units are numbered 0..N-1 and may each have a service rate of their own; atoms are the places that calls come from. A
call goes to the first free unit in its atom's order of preference. Service is exponential and includes whatever travel
keeps a unit busy; its rate depends on the unit, not on the atom.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.response.analytic.checks import Values, finite_rates

type Numbers = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Deployment:
    """Units, the atoms they answer, and who is asked first.

    Attributes:
        call_rates: calls of each atom in a unit of time, shape (atoms,).
        preferences: numbers of all units in the order in which they are asked, for each atom, shape (atoms, units).
        service_rates: calls that each unit would finish in a unit of time if it never rested, shape (units,).
        queue: calls that find all units busy wait, first come first served, without end; otherwise they are lost.

    Raises:
        ValueError: what is wrong with any of them, all at once.
    """

    call_rates: Values
    preferences: Numbers
    service_rates: Values
    queue: bool

    def __post_init__(self) -> None:
        rates = finite_rates("call_rates", self.call_rates)
        service = finite_rates("service_rates", self.service_rates)
        orders = np.asarray(self.preferences)
        wrong = []
        if rates.sum() == 0.0:
            wrong.append("call_rates: at least one atom must have calls")
        if (service == 0.0).any():
            wrong.append(f"service_rates: unit {int(np.argmin(service))} never finishes a call")
        if orders.shape != (len(rates), len(service)):
            wrong.append(f"preferences: the shape must be {(len(rates), len(service))}, not {orders.shape}")
        elif bad := np.flatnonzero((np.sort(orders, axis=1) != np.arange(len(service))).any(axis=1)).tolist():
            wrong.append(f"preferences: each atom must name every unit once; atoms {bad[:5]} do not")
        if wrong:
            raise ValueError("; ".join(wrong))
        object.__setattr__(self, "call_rates", rates)
        object.__setattr__(self, "service_rates", service)
        object.__setattr__(self, "preferences", orders.astype(np.int64))

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.service_rates)

    @property
    def total_rate(self) -> float:
        """Calls of all atoms in a unit of time."""
        return float(self.call_rates.sum())

    @property
    def has_no_steady_state(self) -> bool:
        """Whether calls wait and come at least as fast as all units together finish them."""
        return self.queue and self.total_rate >= float(self.service_rates.sum())


def nearest_first(times: Values) -> Numbers:
    """Return each atom's units from the nearest on, the lower number first among equals, shape (atoms, units).

    Args:
        times: travel times from each unit's post to each atom, shape (atoms, units).
    """
    return np.argsort(times, axis=1, kind="stable")


@dataclass(frozen=True)
class Performance:
    """How a deployment does in the long run.

    Attributes:
        deployment: what was asked.
        immediate: share of all calls that come from an atom and are answered by a unit at once, shape (atoms, units).
        all_busy: share of the calls that find all units busy, and so wait or are lost.
        someone_waits: probability that at least one call waits; 0 where calls are lost. Larson's P(Q), while his P(Q')
            is ``all_busy``.
        workloads: share of time that each unit is busy, shape (units,).
        mean_wait: mean wait over all calls, in the unit of time of the rates; 0 where calls are lost, infinite where
            there is no steady state.
    """

    deployment: Deployment
    immediate: Values
    all_busy: float
    someone_waits: float
    workloads: Values
    mean_wait: float

    @property
    def queued(self) -> Values:
        """Share of all calls that come from an atom, wait, and are answered by a unit, shape (atoms, units).

        Whoever is free first takes the call that waited longest, wherever it is from; service being exponential, that
        is unit n with probability service rate n over the sum of all.
        """
        asked = self.deployment
        if not asked.queue:
            return np.zeros_like(self.immediate)
        by_atom = asked.call_rates / asked.call_rates.sum()
        by_unit = asked.service_rates / asked.service_rates.sum()
        return np.asarray(self.all_busy * np.outer(by_atom, by_unit))

    @property
    def dispatches(self) -> Values:
        """Share of the answered calls that come from an atom and are answered by a unit, shape (atoms, units)."""
        answered = self.immediate + self.queued
        return np.asarray(answered / answered.sum())

    @property
    def own_share(self) -> float:
        """Share of the calls answered at once that the unit asked first answers; NaN where none is."""
        first = np.take_along_axis(self.immediate, self.deployment.preferences[:, :1], axis=1)
        total = float(self.immediate.sum())
        return float(first.sum()) / total if total > 0.0 else math.nan


@dataclass(frozen=True)
class TravelTimes:
    """Mean travel times of answered calls; NaN where there are none.

    Attributes:
        by_unit: of each unit, shape (units,).
        by_atom: to each atom, shape (atoms,).
        region: over all calls.
    """

    by_unit: Values
    by_atom: Values
    region: float


def travel_times(performance: Performance, from_posts: Values, between_atoms: Values | None = None) -> TravelTimes:
    """Return mean travel times, each dispatch with its share among all.

    A call answered at once is answered from the unit's post (with a moving patrol: from where it is on average). A
    call that waited is answered by a unit that has just finished another: Larson (1974) lets it start from that call's
    atom, drawn with the atoms' shares of the calls, which needs the times between atoms. Without them it starts from
    the unit's post, as for units that are back at once.

    Args:
        performance: exact or approximate.
        from_posts: times from units to atoms, shape (atoms, units).
        between_atoms: times from atoms (rows) to atoms (columns), shape (atoms, atoms).

    Raises:
        ValueError: a matrix of another shape.
    """
    atoms, units = performance.immediate.shape
    times = np.asarray(from_posts, dtype=np.float64)
    if times.shape != (atoms, units):
        raise ValueError(f"from_posts must have the shape {(atoms, units)}, not {times.shape}")
    times_of_queued = times
    if between_atoms is not None:
        ways = np.asarray(between_atoms, dtype=np.float64)
        if ways.shape != (atoms, atoms):
            raise ValueError(f"between_atoms must have the shape {(atoms, atoms)}, not {ways.shape}")
        rates = performance.deployment.call_rates
        times_of_queued = np.broadcast_to((rates / rates.sum() @ ways)[:, None], times.shape)
    queued = performance.queued
    answered = performance.immediate + queued
    travelled = performance.immediate * times + queued * times_of_queued
    with np.errstate(invalid="ignore"):
        return TravelTimes(
            by_unit=travelled.sum(axis=0) / answered.sum(axis=0),
            by_atom=travelled.sum(axis=1) / answered.sum(axis=1),
            region=float(travelled.sum() / answered.sum()),
        )
