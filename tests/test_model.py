"""The Mesa model: what a Mesa user expects of it, and what its levers do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import TownModel
from sim.agents import GridWorker, Mediator, PatrolUnit, Resident, tension_column
from sim.codes import Category, State
from sim.scenario import Scenario

Tiny = Callable[..., Scenario]
GRIDS = ("grid_density", {"factor": 2.0, "from_day": 3})
MEDIATORS = ("mediators", {"factor": 3.0, "from_day": 3, "until_day": 6})


def test_all_four_kinds_are_there(tiny_scenario: Tiny) -> None:
    model = TownModel(tiny_scenario())
    counts = {kind: len(agents) for kind, agents in model.agents_by_type.items()}
    assert counts == {Resident: 500, GridWorker: 4, Mediator: 2, PatrolUnit: 3}
    assert model.agent_types == list(counts)
    assert len(model.agents) == sum(counts.values())
    identifiers = model.agents.get("unique_id")
    assert len(set(identifiers)) == len(identifiers)


def test_staff_that_a_lever_hires_and_lets_go_comes_and_goes_with_mesa(tiny_scenario: Tiny) -> None:
    model = TownModel(tiny_scenario(levers=[GRIDS, MEDIATORS]))
    counts = []
    for day in (2, 4, 7):
        model.run_until(day)
        counts.append((len(model.agents_by_type[GridWorker]), len(model.agents_by_type[Mediator])))
    assert counts == [(4, 2), (8, 6), (8, 2)]


def test_a_dispute_begun_by_hand_runs_by_the_rules(tiny_scenario: Tiny) -> None:
    quiet = {"dispute_rate_per_1000_per_year": 0.0, "fade_per_day": [5.0] * 9}
    model = TownModel(tiny_scenario(parameters=quiet), seed=4)
    first, second = model.agents_by_type[Resident].to_list()[:2]
    row = first.quarrel(second, Category.LENDING, stage=2)
    dispute = model.world.disputes[row]
    assert (dispute.stage, dispute.category, dispute.state) == (2, Category.LENDING, State.HIDDEN)
    model.run()
    assert model.world.disputes[row].state == State.ENDED
    assert model.world.state[0].dispute_rows == 1


@pytest.mark.parametrize(("other", "stage", "message"), [(0, 1, "themselves"), (1, 0, "stage 0"), (1, 10, "stage 10")])
def test_impossible_disputes_are_refused(tiny_scenario: Tiny, other: int, stage: int, message: str) -> None:
    model = TownModel(tiny_scenario())
    with pytest.raises(ValueError, match=message):
        model.begin_dispute(0, other, Category.NEIGHBOUR, stage)
    assert model.world.state[0].dispute_rows == 0


def test_tension_of_faces_column_and_series_agree(tiny_scenario: Tiny) -> None:
    model = TownModel(tiny_scenario(parameters={"dispute_rate_per_1000_per_year": 3000.0}), seed=2)
    model.run_until(10)
    column = tension_column(model)
    faces = np.array(model.agents_by_type[Resident].get("tension"))
    np.testing.assert_allclose(faces, column, rtol=1e-12)
    districts = len(model.world.districts)
    last_day = model.world.series["true_tension_sum"][9 * districts : 10 * districts].sum()
    assert last_day == pytest.approx(column.sum(), rel=1e-4)


def test_the_town_may_be_shared_by_models(tiny_scenario: Tiny) -> None:
    first = TownModel(tiny_scenario(), seed=1)
    second = TownModel(tiny_scenario(), seed=1, town=first.town)
    assert first.run().world.state == second.run().world.state


def test_running_past_the_calendar_changes_nothing_more(tiny_scenario: Tiny) -> None:
    model = TownModel(tiny_scenario(), seed=1).run()
    events = int(model.world.state[0].events)
    model.run_for(10)
    assert int(model.world.state[0].events) == events


def test_run_model_ends_with_the_calendar(tiny_scenario: Tiny) -> None:
    model = TownModel(tiny_scenario(), seed=1)
    model.run_model()
    assert (model.time, model.running) == (40.0, False)


def test_a_name_in_place_of_a_scenario_is_explained() -> None:
    with pytest.raises(TypeError, match=r"TownModel\(load\('classroom'\)\)"):
        TownModel("classroom")  # type: ignore[arg-type]
