"""In which order units are asked for a call, where that order is fixed: the question that the hypercube answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse.csgraph import dijkstra

from sim.codes import Geometry, Policy
from sim.engine.clock import MINUTE, SECOND
from sim.study.twin.observed import Window
from sim.town import driving_graph, plane_metres

if TYPE_CHECKING:
    from sim.model import TownModel
    from sim.scenario import Scenario

type Values = np.ndarray[Any, np.dtype[np.float64]]
type Order = tuple[int, ...]

MOST_UNITS = 60
MOST_CALLS = 5_000  # of a run that are looked at


@dataclass(frozen=True)
class Asked:
    """Calls that ask the units in one order.

    Attributes:
        calls: their number.
        minutes: sum of the driving times from each unit's post, shape (units,).
        firsts: calls of those answered at once that the unit asked first answered.
        at_once: calls answered at once.
    """

    calls: int
    minutes: Values
    firsts: int
    at_once: int


def has_fixed_orders(scenario: Scenario, units: int) -> bool:
    """Decide whether a place always asks the same units in the same order: units at posts, or a list."""
    response = scenario.response
    groups = response.all_groups()
    plain = all(
        group.mode == "at_post" and group.aid is None and not group.own_sector_only and group.priorities is None
        for group in groups
    )
    listed = response.dispatch.policy == "preference"
    posted = response.travel.back != "stay"
    return plain and units <= MOST_UNITS and (listed or posted)


def orders_asked(model: TownModel, window: Window) -> dict[Order, Asked]:
    """Return the orders in which a run's calls asked the units, with how many asked so and how far the posts are."""
    calls = window.calls[:MOST_CALLS]
    if len(calls) == 0:
        return {}
    minutes = minutes_from_posts(model, calls)
    orders = asked_orders(model, calls, minutes)
    kinds, which = np.unique(orders, axis=0, return_inverse=True)
    which = which.ravel()
    at_once = np.asarray(calls["dispatched"] == calls["ready"])
    first = at_once & (calls["unit"] == orders[:, 0])
    count = [np.bincount(which, chosen, len(kinds)) for chosen in (np.ones(len(calls)), first, at_once)]
    return {
        tuple(order.tolist()): Asked(
            int(count[0][row]), minutes[which == row].sum(axis=0), int(count[1][row]), int(count[2][row])
        )
        for row, order in enumerate(kinds)
    }


def minutes_from_posts(model: TownModel, calls: Any) -> Values:
    """Return the driving times from every unit's post to each call, shape (calls, units)."""
    world, units = model.world, model.world.units
    orders, factor = world.orders[0], float(world.parameters[0].emergency_speed_factor)
    posts = world.posts[units["home_post"]]
    speed = factor * world.groups["speed_factor"][units["group"]]
    if orders.geometry == Geometry.NONE:
        return np.zeros((len(calls), len(units)))
    if orders.geometry == Geometry.ROADS:
        nodes, which = np.unique(calls["node"], return_inverse=True)
        places, whose = np.unique(posts["node"], return_inverse=True)
        seconds = dijkstra(driving_graph(model.town.roads), indices=places)[:, nodes]
        return np.asarray(seconds[whose.ravel()][:, which.ravel()].T / speed * (SECOND / MINUTE))
    bent = orders.geometry == Geometry.RIGHT_ANGLE
    metres = np.array(
        [
            [plane_metres(post.x_metres, post.y_metres, x, y, orders.side_metres, bent, orders.wrap) for post in posts]
            for x, y in zip(calls["x_metres"].tolist(), calls["y_metres"].tolist(), strict=True)
        ]
    )
    return np.asarray(metres / (orders.plane_metres_per_second * speed) * (SECOND / MINUTE))


def asked_orders(model: TownModel, calls: Any, minutes: Values) -> Any:
    """Return the units in the order in which each call asks them, shape (calls, units)."""
    world = model.world
    policy = world.orders[0].policy
    if policy == Policy.PREFERENCE:
        sectors = world.sectors[world.nodes["sector"][calls["node"]]]
        return world.lists["row"][sectors["first"][:, None] + np.arange(len(world.units))]
    if policy == Policy.SECTOR_FIRST:
        foreign = world.units["sector"][None, :] != world.nodes["sector"][calls["node"]][:, None]
        minutes = minutes + foreign * (1.0 + minutes.max(initial=0.0))
    return np.argsort(minutes, axis=1, kind="stable")


def merged(runs: Iterable[dict[Order, Asked]]) -> dict[Order, Asked]:
    """Return the orders of several runs together."""
    together: dict[Order, Asked] = {}
    for one in runs:
        for order, asked in one.items():
            before = together.get(order)
            together[order] = (
                asked
                if before is None
                else Asked(
                    before.calls + asked.calls,
                    before.minutes + asked.minutes,
                    before.firsts + asked.firsts,
                    before.at_once + asked.at_once,
                )
            )
    return together
