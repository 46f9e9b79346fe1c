"""Staff seconded from units, who join the grids on some days: they visit households and handle no cases."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from sim.codes import NOBODY, Finding
from sim.engine.clock import HOUR, HOURS_A_DAY, MINUTE
from sim.engine.compiled import rule
from sim.engine.queue import push
from sim.events import Kind
from sim.grid.order import next_household
from sim.grid.rounds import closing_hour, visits_due
from sim.grid.visits import look_for_disputes, walking_days
from sim.purposes import Purpose
from sim.world import HELPERS, Table, World, empty_table


class HelperParty(NamedTuple):
    """Staff that a unit sends to the grids.

    Attributes:
        staff: how many.
        visits_per_day: of each.
        townships: rows of the townships whose grids they join, spread evenly.
    """

    staff: int
    visits_per_day: float
    townships: frozenset[int]


def hire_helpers(count: int) -> Table:
    """Return rows for seconded staff, none of whom has come yet."""
    helpers = empty_table(HELPERS, count)
    for column in ("grid", "household", "last_household", "today"):
        helpers[column] = NOBODY
    return helpers


def post_helpers(world: World, parties: list[HelperParty], now: float) -> None:
    """Have the seconded staff of a day come, and send the others back.

    Args:
        world: its table of helpers has a row for each; the queue has room for an event for each.
        parties: who comes; rows are taken in order.
        now: the moment.
    """
    helpers = world.helpers
    helpers["active"] = 0
    helpers["version"] += 1
    first = 0
    township_of = world.communities["township"][world.grids["community"]]
    opens = math.floor(now) + float(world.parameters[0].work_start_hour) * HOUR
    for count, quota, townships in parties:
        grids = np.flatnonzero(np.isin(township_of, sorted(townships)))
        rows = np.arange(first, first + count)
        first += count
        if not len(grids):
            continue
        helpers["grid"][rows] = grids[np.arange(count) * len(grids) // max(count, 1)]
        helpers["quota"][rows] = quota
        helpers["active"][rows] = 1
        helpers["household"][rows] = helpers["last_household"][rows] = NOBODY
        for row in rows.tolist():
            push(world.queue, max(opens, now), Kind.HELPER_FREE.value, row, int(helpers["version"][row]))


@rule
def on_helper_free(world: Any, row: int, now: float) -> None:
    """Finish the visit under way, if any, and go to the next household while the day and the quota last."""
    helper = world.helpers[row]
    if helper.household != NOBODY:
        helper.visits += 1
        helper.visits_today += 1
        helper.visit_hours += (now - helper.start) / HOUR
        helper.last_household = helper.household
        helper.household = NOBODY
        layer = world.grids[helper.grid].layer
        look_for_disputes(world, helper.last_household, layer, Finding.SECONDED.value, now)
    if helper.today != int(now):
        helper.today = int(now)
        helper.visits_today = 0
        helper.days += 1
    late = (now - math.floor(now)) * HOURS_A_DAY >= closing_hour(world.parameters[0])
    if late or helper.visits_today >= visits_due(helper.quota, helper.today):
        return
    household = next_household(world, helper.grid, Purpose.HELPER_PICK, row, helper.visits, now)
    if household == NOBODY:
        return
    before = household if helper.last_household == NOBODY else helper.last_household
    helper.household, helper.start = household, now
    takes = walking_days(world, before, household) + world.parameters[0].visit_minutes * MINUTE
    push(world.queue, now + takes, Kind.HELPER_FREE, row, helper.version)
