"""Whether a response has a steady state at all: the figures of the twin that have no meaning where it has none."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.codes import PRIORITIES
from sim.study.twin.assumptions import EVERYTHING, Broken
from sim.study.twin.demand import Demand
from sim.study.twin.formulas import Figure
from sim.study.twin.load import Load

if TYPE_CHECKING:
    from sim.scenario import Scenario


def reasons_without_steady_state(scenario: Scenario, demand: Demand, load: Load) -> Iterator[Broken]:
    """Yield why the twin's figures have no steady state: too much work that waits for ever, or hours without crews.

    The waits of urgent calls stay finite under any work of less urgent ones (Cobham), so that ``classes`` are not
    touched by too much work: their own formula says which waits grow without end. Where crews are away at some hours
    and every call waits for them, the mean number of busy units still is the work that comes in.
    """
    lasting = lasting_share(scenario, demand)
    overload = lasting > 0.0 and load.per_unit * lasting >= 1.0
    if overload:
        yield Broken("overload", EVERYTHING - {"classes"}, {"load": load.per_unit})
    if math.isinf(load.worst_hour):
        yield Broken("no_crews", EVERYTHING if lasting < 1.0 else EVERYTHING - {"load"})


def lasting_share(scenario: Scenario, demand: Demand) -> float:
    """Return the share of the calls that wait for a unit however long it takes; 0 where the queue can be full."""
    queue, total = scenario.response.queue, float(demand.by_priority.sum())
    if queue.capacity is not None or total == 0.0:
        return 0.0
    patience = [*queue.renege_minutes, *[None] * PRIORITIES][:PRIORITIES]
    return float(demand.by_priority[[minutes is None for minutes in patience]].sum()) / total


def without_meaning(figures: Sequence[Figure], reasons: Sequence[Broken]) -> list[Figure]:
    """Return the figures, infinite where one of the reasons leaves them without a steady state."""
    touched = frozenset[str]().union(*(reason.touches for reason in reasons))
    return [replace(one, twin=math.inf) if one.family in touched else one for one in figures]
