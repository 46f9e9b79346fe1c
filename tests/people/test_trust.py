"""Trust: one number for each channel, moved within 0..1."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.codes import Channel
from sim.engine.compiled import from_python
from sim.people import move_trust, trust_in
from sim.world import World

FIELD_OF = {Channel.GRID: "trust_grid", Channel.POLICE: "trust_police", Channel.TOWNSHIP: "trust_mediation"}
FIELD_OF |= {Channel.COMMUNITY: "trust_mediation", Channel.COUNTY: "trust_mediation"}


@pytest.fixture(scope="module")
def world(tiny_world: Callable[..., World]) -> World:
    return tiny_world(people={"residents": 20}, grid={"grids": 2})


@given(channel=st.sampled_from(sorted(FIELD_OF)), start=st.floats(0, 1), amount=st.floats(-1.5, 1.5))
def test_trust_moves_in_its_channel_only(world: World, channel: Channel, start: float, amount: float) -> None:
    fields = set(FIELD_OF.values())
    for field in fields:
        world.residents[field][4] = start
    from_python(move_trust)(world, 4, int(channel), amount)
    moved = min(max(start + amount, 0.0), 1.0)
    assert from_python(trust_in)(world, 4, int(channel)) == pytest.approx(moved, abs=1e-6)
    assert world.residents[FIELD_OF[channel]][4] == pytest.approx(moved, abs=1e-6)
    for field in fields - {FIELD_OF[channel]}:
        assert world.residents[field][4] == pytest.approx(start, abs=1e-6)
