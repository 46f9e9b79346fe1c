"""Beats: a closed round of streets through each post, of about the length that a scenario states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.spatial import cKDTree

from sim.scenario import BEAT_STOPS

if TYPE_CHECKING:
    from sim.town import Town

Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.int64]]

SIZES = np.linspace(0.4, 3.0, 14)  # radii tried, as multiples of that of a round on open ground
RIGHT_ANGLE_DETOUR = 4.0 / np.pi  # mean metres along right-angle streets for each straight metre


def detour(town: Town) -> float:
    """Return the metres driven for each straight metre."""
    if town.plane is None:
        return town.statistics().circuity
    return RIGHT_ANGLE_DETOUR if town.plane.metric == "right_angle" else 1.0


def lay_beats(town: Town, posts: Rows, beat_metres: float) -> list[list[int]]:
    """Return for each post the nodes of a round through it, in order, the post first.

    The stops lie on a hexagon around the post, each at the nearest node open to access. Its radius is the one, of
    some tried, whose round comes nearest to ``beat_metres``, straight lines taken times the town's mean detour.
    A round of one node only, in a town that has no others, is no beat.
    """
    roads = town.roads
    open_nodes = np.flatnonzero(roads.open_to_access)
    places = np.column_stack((roads.x_metres, roads.y_metres))
    angles = 2.0 * np.pi * np.arange(BEAT_STOPS - 1) / (BEAT_STOPS - 1)
    hexagon = np.column_stack((np.cos(angles), np.sin(angles)))
    if len(open_nodes) < 2:
        return [[post] for post in posts.tolist()]
    tree = cKDTree(places[open_nodes])
    straight_metres = beat_metres / detour(town)
    radii = SIZES * straight_metres / BEAT_STOPS  # post, six sides of the hexagon less one, and back: seven radii
    rounds = []
    for post in posts.tolist():
        _, found = tree.query(places[post] + radii[:, None, None] * hexagon[None, :, :])
        tried = [list(dict.fromkeys([post, *open_nodes[row].tolist()])) for row in found]
        lengths = [round_metres(places, stops) for stops in tried]
        rounds.append(tried[int(np.argmin(np.abs(np.array(lengths) - straight_metres)))])
    return rounds


def round_metres(places: Floats, stops: list[int]) -> float:
    """Return the straight metres from stop to stop and back to the first."""
    path = places[[*stops, stops[0]]]
    return float(np.hypot(*np.diff(path, axis=0).T).sum())
