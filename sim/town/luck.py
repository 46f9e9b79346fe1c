"""Columns of addressed draws for the generator: number i of stage s depends on (seed, s, i) alone."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from scipy.special import ndtri

from sim.engine.compiled import allocating
from sim.engine.draws import uniform
from sim.purposes import Purpose
from sim.town.network import Floats


class Stage(IntEnum):
    """What the generator draws; the occasion of the draw's address."""

    OUTLINE = 1
    VILLAGE_PLACE = 2
    VILLAGE_KEPT = 3
    VILLAGE_SIZE = 4
    TURN = 5
    JITTER_X = 6
    JITTER_Y = 7
    RAGGED = 8
    HOMES = 9
    RIVER = 10
    TREE = 11
    DEAD_END = 12
    WAY_ROUND = 13
    BEND = 14
    ONE_WAY = 15
    DIRECTION = 16


@allocating
def fill(column: Any, seed: int, occasion: int) -> None:
    """Fill a column with the uniform draws of one stage."""
    for row in range(len(column)):
        column[row] = uniform(seed, Purpose.TOWN, row, occasion)


def uniforms(seed: int, stage: Stage, count: int) -> Floats:
    """Return ``count`` uniform draws in (0, 1) of one stage."""
    column = np.empty(count)
    fill(column, seed, int(stage))
    return column


def normals(seed: int, stage: Stage, count: int) -> Floats:
    """Return ``count`` standard normal draws of one stage."""
    return np.asarray(ndtri(uniforms(seed, stage, count)), dtype=np.float64)
