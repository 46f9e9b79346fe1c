"""Treatment: quality by skill, hurry and waiting; it moves trust and climbing, and nothing at size zero."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playing import town_fingerprint

from sim.codes import Category, Channel, State
from sim.disputes.escalation import climb_rate
from sim.disputes.treatment import contact_quality, note_treatment, promptness
from sim.engine.compiled import compiled, from_python
from sim.model import TownModel
from sim.scenario import parameters_record

Maker = Callable[..., TownModel]
SIZES = {"treatment_trust_gain": 0.1, "climb_treatment_gain": 0.5}


@compiled
def climbing(world: Any, row: int) -> Any:
    """Return a dispute's rate of climbing now."""
    return climb_rate(world, world.disputes[row], 0.0)


@given(skill=st.floats(-3, 3), more=st.floats(0, 2), waited=st.floats(0, 100), longer=st.floats(0, 50))
def test_skill_helps_and_hurry_and_waiting_harm(skill: float, more: float, waited: float, longer: float) -> None:
    parameters = parameters_record({})[0]
    quality = contact_quality(parameters, skill, False, waited)
    assert -1.0 <= quality <= 1.0
    assert contact_quality(parameters, skill + more, False, waited) >= quality
    assert contact_quality(parameters, skill, True, waited) <= quality
    assert contact_quality(parameters, skill, False, waited + longer) <= quality


def test_the_best_wait_is_none_and_the_half_is_neither_good_nor_bad() -> None:
    assert promptness(0.0, 7.0) == 1.0
    assert promptness(7.0, 7.0) == 0.0
    assert promptness(7e9, 7.0) == pytest.approx(-1.0)


@given(quality=st.floats(-1, 1), channel=st.sampled_from([Channel.GRID, Channel.TOWNSHIP, Channel.POLICE]))
def test_treatment_moves_trust_of_both_in_that_channel_and_the_rate_of_climbing(
    sized: TownModel, quality: float, channel: Channel
) -> None:
    world = sized.world
    names = {Channel.GRID: "trust_grid", Channel.TOWNSHIP: "trust_mediation", Channel.POLICE: "trust_police"}
    for name in names.values():
        world.residents[name] = 0.5
    world.queue[0].row = 0
    world.disputes[0].treatment = 0.0
    before = climbing(world, 0)
    from_python(note_treatment)(world, 0, channel, quality, 0.0)
    for name in names.values():
        moved = 0.1 * quality if name == names[channel] else 0.0
        assert world.residents[name][[10, 20]] == pytest.approx(np.full(2, 0.5 + moved), abs=1e-6)
        assert (world.residents[name][[11, 21]] == np.float32(0.5)).all()
    assert climbing(world, 0) == pytest.approx(before * (1.0 - 0.5 * quality), rel=1e-5)


@pytest.fixture(scope="module")
def sized(tiny_model: Maker, quiet: dict[str, Any]) -> TownModel:
    """Return a model with one dispute between residents 10 and 20, in which treatment counts."""
    model = tiny_model(parameters={**quiet, **SIZES, "climb_per_day": [0.1] * 9})
    model.begin_dispute(10, 20, Category.NEIGHBOUR, 2)
    return model


def test_at_size_zero_the_inner_numbers_change_nothing(tiny_model: Maker) -> None:
    inner = {"treatment_skill_gain": 0.5, "treatment_hurry_loss": 0.5, "treatment_waiting_half_days": 2.0}
    zero = {"treatment_trust_gain": 0.0, "climb_treatment_gain": 0.0, "police_treatment_half_minutes": 3.0}
    one, other = (tiny_model(parameters=parameters).run().world for parameters in ({}, {**inner, **zero}))
    assert town_fingerprint(one, "treatment") == town_fingerprint(other, "treatment")
    treated = other.disputes[: int(other.state[0].dispute_rows)]["treatment"]
    assert (treated != 0).any()


def test_treatment_that_counts_changes_trust_in_a_run(tiny_model: Maker) -> None:
    plain, counts = (tiny_model(parameters=parameters).run().world for parameters in ({}, SIZES))
    ended = counts.disputes["state"] == State.ENDED
    assert (np.abs(counts.disputes["treatment"][ended]) <= 1.0).all()
    assert not np.array_equal(plain.residents["trust_grid"], counts.residents["trust_grid"])
    assert not np.array_equal(plain.residents["trust_mediation"], counts.residents["trust_mediation"])
