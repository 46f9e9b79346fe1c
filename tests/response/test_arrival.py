"""The chance that an arrival defuses a dispute: closed form, and monotone in stage and delay."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playing import at, line, stage

from sim.codes import NOBODY
from sim.engine.clock import MINUTE
from sim.engine.compiled import from_python
from sim.response import defuses


def chance(world: Any, stage: int, minutes: float) -> float:
    """Return the chance at a stage after a response time."""
    call = world.calls[0]
    call.dispute, call.stage, call.received, call.arrived = 0, stage, 2.0, 2.0 + minutes * MINUTE
    return from_python(defuses)(world, 0)


def test_closed_form() -> None:
    world = stage(line(2), [at(0)], [], parameters={"defuse_probability": 0.4}).world
    assert chance(world, 5, 0.0) == pytest.approx(0.4)
    assert chance(world, 5, 10.0) == pytest.approx(0.2)
    assert chance(world, 5, 30.0) == pytest.approx(0.05)
    odds = 0.4 / 0.6 * math.exp(-0.3 * 3)
    assert chance(world, 8, 0.0) == pytest.approx(odds / (1.0 + odds))
    assert chance(world, 8, 5.0) == pytest.approx(odds / (1.0 + odds) * math.sqrt(0.5))


def test_no_dispute_nothing_to_defuse() -> None:
    world = stage(line(2), [at(0)], []).world
    chance(world, 5, 0.0)
    world.calls[0].dispute = NOBODY
    assert from_python(defuses)(world, 0) == 0.0


@settings(max_examples=50)
@given(severity=st.integers(1, 8), minutes=st.floats(0.0, 300.0), more=st.floats(0.0, 60.0))
def test_later_and_higher_is_never_better(severity: int, minutes: float, more: float) -> None:
    world = stage(line(2), [at(0)], []).world
    here = chance(world, severity, minutes)
    assert 0.0 < here <= 1.0
    assert chance(world, severity, minutes + more) <= here + 1e-12
    assert chance(world, severity + 1, minutes) < here
