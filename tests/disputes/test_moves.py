"""What happens to a dispute: each of its own moves, and what police and channels do to it, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.codes import NOBODY, Channel, Finding, Risk, State
from sim.disputes import call_address, on_call_made, on_dispute_found, on_dispute_moves, on_police_arrival
from sim.disputes.moves import CALL_NUMBER_SHIFT
from sim.engine.compiled import from_python
from sim.events import Kind
from sim.model import TownModel
from sim.people import ties_of

HEAT = 0.1
SPREAD = 0.01
RELIEF = 0.25
NOW = 2.5

type Maker = Callable[..., TownModel]


@pytest.fixture
def model(many: Maker, request: pytest.FixtureRequest) -> TownModel:
    """Return a model with one hidden dispute between residents 0 and 301, all tension 0.4."""
    parameters = {
        "tension_per_climb": HEAT,
        "tension_spread_to_ties": SPREAD,
        "tension_relief_settlement": RELIEF,
        "trust_gain_settled": 0.125,
        "trust_mean": 0.5,
        "tension_half_life_days": 1e6,
        **getattr(request, "param", {}),
    }
    model = many(1, stage=3, **parameters)
    model.world.residents["tension"] = 0.4
    return model


def move(model: TownModel, risk: Risk, stage: int = 3) -> Any:
    """Let a risk of the dispute come, and return the dispute."""
    dispute = model.world.disputes[0]
    dispute.stage = dispute.peak_stage = stage
    dispute.pending_risk = risk
    from_python(on_dispute_moves)(model.world, 0, NOW)
    return dispute


def pending(model: TownModel) -> list[tuple[int, int]]:
    """Return kind and row of the events of this moment that concern disputes, cases or calls."""
    queue = model.world.queue[1 : int(model.world.queue[0].row) + 1]
    return [(int(event.kind), int(event.row)) for event in queue if event.time == NOW]


@pytest.mark.parametrize(("stage", "above"), [(1, 2), (3, 4), (6, 7), (8, 9)])
def test_climbing_raises_stage_and_peak_and_heats_parties_and_their_ties(
    model: TownModel, stage: int, above: int
) -> None:
    dispute = move(model, Risk.CLIMB, stage)
    assert (dispute.stage, dispute.peak_stage) == (above, above)
    assert np.array_equal([dispute.reached_4 == NOW, dispute.reached_7 == NOW], [above >= 4, above >= 7])
    today = model.world.series[int(NOW)]
    assert (today.true_reached_4, today.true_reached_7) == (int(above >= 4), int(above >= 7))
    times = np.zeros(len(model.world.residents))
    for party in (0, 301):
        times[party] += HEAT / SPREAD
        ties = ties_of(model.world, party)
        for kind, others in ties.items():
            if kind.name in ("WORK", "KIN", "MARKET"):
                for other in others:
                    times[other] += 1
    assert model.world.residents["tension"] == pytest.approx(0.4 + SPREAD * times, abs=1e-4)
    assert (int(Kind.DISPUTE_CHANGED), 0) in pending(model)


def test_falling_lowers_the_stage_and_keeps_the_peak(model: TownModel) -> None:
    dispute = move(model, Risk.FALL, 5)
    assert (dispute.stage, dispute.peak_stage) == (4, 5)
    assert (model.world.residents["tension"] == np.float32(0.4)).all()


@pytest.mark.parametrize(
    ("risk", "channel"),
    [(Risk.FADE, Channel.SELF), (Risk.COURT, Channel.COURT), (Risk.PETITION, Channel.PETITION)],
)
def test_ending_closes_the_dispute_and_voids_its_clocks(model: TownModel, risk: Risk, channel: Channel) -> None:
    version = int(model.world.disputes[0].version)
    dispute = move(model, risk)
    assert (dispute.state, dispute.end_channel, dispute.settled, dispute.ended) == (State.ENDED, channel, 0, NOW)
    assert dispute.version > version
    assert pending(model) == []
    assert np.isnan(dispute.found) == (risk == Risk.FADE)
    for party in (0, 301):
        assert model.world.households[model.world.residents[party].household].first_dispute == NOBODY
    assert model.world.series[int(NOW)].true_ended == 1


@pytest.mark.parametrize(("stage", "channel"), [(3, Channel.GRID), (4, Channel.COMMUNITY)])
def test_a_report_opens_a_case_in_the_channel_of_the_stage(model: TownModel, stage: int, channel: Channel) -> None:
    dispute = move(model, Risk.REPORT, stage)
    case = model.world.cases[int(dispute.case)]
    assert (case.channel, case.dispute, case.discovered) == (channel, 0, 0)
    assert (case.reported, case.opened) == (NOW, NOW)
    assert dispute.state == (State.IN_GRID if channel == Channel.GRID else State.IN_MEDIATION)
    assert (dispute.found, dispute.found_by) == (NOW, Channel.SELF)
    assert (int(Kind.CASE_ASSIGNED), int(dispute.case)) in pending(model)


@pytest.mark.parametrize("risk", [Risk.CALL, Risk.VIOLENCE])
def test_a_call_is_made_once_until_it_is_answered(model: TownModel, risk: Risk) -> None:
    dispute = move(model, risk)
    assert (int(Kind.DISPUTE_CALLS), 0) in pending(model)
    assert (dispute.found, dispute.found_by) == (NOW, Channel.POLICE)
    assert dispute.violence == (risk == Risk.VIOLENCE)
    assert np.isnan(dispute.turned_violent) == (risk == Risk.CALL)
    before = int(dispute.address)
    assert from_python(call_address)(model.world, 0) == before + (1 << CALL_NUMBER_SHIFT)
    from_python(on_call_made)(model.world, 0, 5, NOW)
    assert (dispute.call, dispute.calls) == (5, 1)
    assert from_python(call_address)(model.world, 0) == before + (2 << CALL_NUMBER_SHIFT)
    again = move(model, risk)
    assert pending(model).count((int(Kind.DISPUTE_CALLS), 0)) == 1
    assert again.violence == 2 * (risk == Risk.VIOLENCE)


def test_the_first_to_learn_of_it_is_kept(model: TownModel) -> None:
    move(model, Risk.CALL)
    from_python(on_dispute_found)(model.world, 0, Finding.VISIT, NOW + 1)
    dispute = model.world.disputes[0]
    assert (dispute.found, dispute.found_by) == (NOW, Channel.POLICE)
    assert model.world.series["recorded_found"].sum() == 1
    assert dispute.state == State.LEFT_ALONE
    assert dispute.case == NOBODY, "what is known is not found again"


def test_a_visit_finds_a_dispute_once(model: TownModel) -> None:
    for moment in (NOW, NOW + 1):
        from_python(on_dispute_found)(model.world, 0, Finding.VISIT, moment)
    dispute = model.world.disputes[0]
    assert (dispute.found, dispute.found_by, dispute.state) == (NOW, Channel.GRID, State.IN_GRID)
    assert model.world.cases[int(dispute.case)].discovered == 1
    assert int(model.world.state[0].case_rows) == 1


def arrive(model: TownModel, defuse: float, stage: int = 5) -> Any:
    """Let police arrive with a probability to defuse, and return the dispute."""
    dispute = model.world.disputes[0]
    dispute.stage, dispute.call = stage, 0
    model.world.calls[0].address = 99
    from_python(on_police_arrival)(model.world, 0, 0, defuse, NOW)
    return dispute


@pytest.mark.parametrize(
    "model", [{"police_settlement_probability": 0.0, "police_referral_probability": 0.0}], indirect=True
)
@pytest.mark.parametrize(("defuse", "stage", "after"), [(0.0, 5, 5), (1.0, 5, 4), (1.0, 1, 1)])
def test_police_calm_by_a_stage_or_not(model: TownModel, defuse: float, stage: int, after: int) -> None:
    dispute = arrive(model, defuse, stage)
    assert (dispute.stage, dispute.call, dispute.case) == (after, NOBODY, NOBODY)
    assert model.world.calls[0].defused == defuse
    assert dispute.state == State.HIDDEN
    assert (int(Kind.DISPUTE_CHANGED), 0) in pending(model)


@pytest.mark.parametrize(
    "model", [{"police_settlement_probability": 1.0, "police_referral_probability": 1.0}], indirect=True
)
def test_police_may_settle_on_the_spot(model: TownModel) -> None:
    trust = model.world.residents["trust_police"][[0, 301]].copy()
    dispute = arrive(model, 1.0)
    assert (dispute.state, dispute.end_channel, dispute.settled) == (State.ENDED, Channel.POLICE, 1)
    assert dispute.case == NOBODY
    assert model.world.residents["tension"][[0, 301]] == pytest.approx(0.4 * (1 - RELIEF), abs=1e-4)
    assert model.world.residents["trust_police"][[0, 301]] == pytest.approx(trust + 0.125)
    assert arrive(model, 1.0).ended == NOW, "an ended dispute is left as it is"


@pytest.mark.parametrize(
    "model", [{"police_settlement_probability": 0.0, "police_referral_probability": 1.0}], indirect=True
)
@pytest.mark.parametrize("stage", [6, 2])
def test_police_may_refer_to_mediation(model: TownModel, stage: int) -> None:
    dispute = arrive(model, 0.0, stage)
    assert model.world.cases[int(dispute.case)].channel == Channel.COMMUNITY
    cases = int(model.world.state[0].case_rows)
    arrive(model, 0.0, stage)
    assert int(model.world.state[0].case_rows) == cases, "what is in hand is not referred"
