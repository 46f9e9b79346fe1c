"""How long a trip of ordinary people takes: along fastest ways by the traffic of the hour, or along a plane's lines."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import Geometry
from sim.engine.clock import HOURS_A_DAY, SECOND
from sim.engine.compiled import rule
from sim.town.plane import plane_metres
from sim.town.ways import TICKS_PER_SECOND, driving


@rule
def trip_days(world: Any, start: int, end: int, now: float) -> float:
    """Return the days that the way from one node to another takes now; 0 where ways take no time or there is none."""
    orders = world.orders[0]
    if start == end or orders.geometry == Geometry.NONE:
        return 0.0
    day = int(now)
    hour = min(int((now - day) * HOURS_A_DAY), 23)
    of_week = (orders.first_weekday + day) % 7 * 24 + hour
    slower = float(orders.pace_of_hour[of_week])
    if orders.geometry == Geometry.ROADS:
        first = int(np.int64(orders.pattern_of_hour[of_week]) * len(world.nodes))
        ticks, _ = driving(world.ways, world.out_labels, world.in_labels, first + start, first + end)
        return max(ticks, 0) * (SECOND / TICKS_PER_SECOND) * slower
    a, b = world.nodes[start], world.nodes[end]
    bent = orders.geometry == Geometry.RIGHT_ANGLE
    metres = plane_metres(a.x_metres, a.y_metres, b.x_metres, b.y_metres, orders.side_metres, bent, orders.wrap)
    return float(metres * slower / orders.plane_metres_per_second * SECOND)
