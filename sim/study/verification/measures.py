"""What is measured in the textbook cases: each measure runs a fresh model to its end and returns figures by id."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.codes import Geometry
from sim.engine.clock import MINUTE
from sim.engine.compiled import from_python, rule
from sim.response import advance
from sim.study.twin.observed import Window, observe, window_of
from sim.study.twin.orders import orders_asked

if TYPE_CHECKING:
    from sim.model import TownModel

LONGER_THAN = 0.5  # mean services, which are minutes in the cases that ask
LONGEST_RETURN = 2000  # steps: on 36 nodes the chance of a longer return is below one in a billion
SETTLED = 0.3  # share of a run that is left out where service is long


def queue(model: TownModel) -> dict[str, float]:
    """Return the figures of waiting and losing calls."""
    return observe(model.run(), LONGER_THAN)


def units(model: TownModel) -> dict[str, float]:
    """Return those, and the share of calls answered at once by the unit asked first."""
    found = queue(model)
    asked = orders_asked(model, window_of(model)).values()
    found["first_choice"] = sum(one.firsts for one in asked) / sum(one.at_once for one in asked)
    return found


def states(model: TownModel) -> dict[str, float]:
    """Return those, and the share of time in each set of busy units while no call waits."""
    return units(model) | shares_of_states(window_of(model))


def shares_of_states(window: Window) -> dict[str, float]:
    """Return the share of a window's time in each set of busy units, the last unit first, and with calls waiting."""
    sent = window.dispatches
    left = np.where(np.isnan(sent["cleared"]), window.end, sent["cleared"])
    started = np.where(np.isnan(window.calls["dispatched"]), window.end, window.calls["dispatched"])
    waited = started > window.calls["ready"]
    bits = 1 << np.asarray(sent["unit"], dtype=np.int64)
    waiting = 1 << window.units  # a step above all sets of units
    moments = [sent["dispatched"], left, window.calls["ready"][waited], started[waited]]
    steps = [bits, -bits, np.full(int(waited.sum()), waiting), np.full(int(waited.sum()), -waiting)]
    when = np.clip(np.concatenate(moments), window.start, window.end)
    order = np.argsort(when, kind="stable")
    held = np.diff(np.append(when[order], window.end))
    states = np.cumsum(np.concatenate(steps)[order])
    shares = {
        f"state_{state:0{window.units}b}": float(held[states == state].sum()) / window.days for state in range(waiting)
    }
    return {**shares, "state_queue": float(held[states >= waiting].sum()) / window.days}


def nearest(model: TownModel) -> dict[str, float]:
    """Return distances, and that to the nearest unit over the root of the area for each."""
    found = observe(model.run())
    area = float(model.world.orders[0].side_metres) ** 2
    free = len(model.world.units) - found["busy"]
    return {**found, "coefficient": found["metres"] * math.sqrt(free / area)}


def nearest_of_busy(model: TownModel) -> dict[str, float]:
    """Return distances where service is long, and the run takes a while to settle."""
    return observe(model.run(), warm_up=SETTLED)


def of_side(model: TownModel) -> dict[str, float]:
    """Return the mean distance over the side of the square."""
    return {"of_side": observe(model.run())["metres"] / float(model.world.orders[0].side_metres)}


@rule
def count_visits(world: Any, row: int, start: float, step: float, visits: Any) -> None:
    """Write where a unit on random patrol is after each step of a walk whose arcs all take one step."""
    for number in range(len(visits)):
        advance(world, row, start + number * step)
        visits[number] = world.units[row].node


def random_walk(model: TownModel) -> dict[str, float]:
    """Return the mean share of steps at a node, and the mean steps until the same unit is back, by degree."""
    world, arcs = model.run().world, model.world.arcs
    if world.orders[0].geometry != Geometry.ROADS:
        raise ValueError("a walk needs roads")
    step = float(arcs["seconds"][0]) / 60.0 * MINUTE
    degree = world.nodes["end_arc"] - world.nodes["first_arc"]
    count = math.floor(0.9 * float(model.time) / step)
    walks = np.empty((len(world.units), count), dtype=np.int64)
    for row in range(len(walks)):
        # In the middle of a step the node ahead is where the step ends.
        from_python(count_visits)(world, row, 0.1 * float(model.time) + 0.5 * step, step, walks[row])
    found = {}
    for kind in (2, 3, 4):
        nodes = np.flatnonzero(degree == kind).tolist()
        found[f"visits_{kind}"] = float(np.isin(walks, nodes).mean()) / len(nodes)
        found[f"return_{kind}"] = float(np.concatenate([gaps(walk, node) for walk in walks for node in nodes]).mean())
    return found


def gaps(walk: Any, node: int) -> Any:
    """Return the steps from each visit of a node to the next one.

    Only of visits so long before the walk's end that the next one is all but sure to be seen: the long ones among all
    gaps would be cut off more often than the short ones.
    """
    visits = np.flatnonzero(walk == node)
    return np.diff(visits)[visits[:-1] < len(walk) - LONGEST_RETURN]


def rounds(model: TownModel) -> dict[str, float]:
    """Return the mean minutes between the ends of two stops at a hot spot, after the first round."""
    middle = float(model.time) + 0.5 * model.calendar.days
    model.run_until(middle)
    first = model.world.spots.copy()
    last = model.run().world.spots
    stops = last["visits"] - first["visits"]
    return {"interval": float(((last["visited"] - first["visited"]) / stops).mean()) / MINUTE}
