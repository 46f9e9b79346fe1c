"""The four kinds of Mesa agents: faces of the tables, in sets that behave as Mesa's do."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import mesa
import numpy as np
import pytest

from sim.agents import Face, FaceSet, GridWorker, Mediator, PatrolUnit, Resident, tension_column
from sim.codes import Category, Status, Task, Tie
from sim.model import TownModel

RESIDENTS = 300


@pytest.fixture
def model(tiny_model: Callable[..., TownModel]) -> TownModel:
    """Return a model on its twelfth day, in the morning."""
    town = tiny_model(people={"residents": RESIDENTS}, calendar={"days": 30})
    town.run_until(12.4)
    return town


def test_all_four_kinds_are_there(model: TownModel) -> None:
    assert set(model.agent_types) == {Resident, GridWorker, Mediator, PatrolUnit}
    counts = {kind: len(agents) for kind, agents in model.agents_by_type.items()}
    assert counts == {Resident: RESIDENTS, GridWorker: 4, Mediator: 2, PatrolUnit: 3}
    assert len(model.agents) == sum(counts.values())
    everybody = list(model.agents)
    assert len(everybody) == len(set(everybody)) == len(model.agents)
    assert all(isinstance(agent, mesa.Agent) for agent in everybody)
    for kind, count in counts.items():
        assert len(model.agents.select(agent_type=kind)) == count


def test_ids_are_distinct_and_rows_are_known(model: TownModel) -> None:
    ids = model.agents.get("unique_id")
    assert len(set(ids)) == len(ids)
    assert ids[:RESIDENTS] == list(range(1, RESIDENTS + 1))
    for kind in model.agent_types:
        assert model.agents.select(agent_type=kind).get("row") == list(range(len(model.agents_by_type[kind])))


def test_faces_of_one_row_are_equal(model: TownModel, tiny_model: Callable[..., TownModel]) -> None:
    one, same = Resident(model, 7), Resident(model, 7)
    assert one == same
    assert one is not same
    assert hash(one) == hash(same)
    assert len({one, same, Resident(model, 8)}) == 2
    assert one != Resident(model, 8)
    assert one != Resident(tiny_model(people={"residents": RESIDENTS}), 7), "another town's resident"
    worker = model.agents_by_type[GridWorker].to_list()[1]
    assert worker != Mediator.__new__(Mediator)
    assert len({Face.__hash__(face) for face in model.agents}) == len(model.agents)
    assert repr(one) == "<Resident 7>"


def test_membership(model: TownModel, tiny_model: Callable[..., TownModel]) -> None:
    assert Resident(model, 0) in model.agents
    assert Resident(model, RESIDENTS) not in model.agents
    assert Resident(tiny_model(), 0) not in model.agents
    assert "somebody" not in model.agents
    worker = model.agents_by_type[GridWorker].to_list()[0]
    assert worker in model.agents
    assert worker not in model.agents_by_type[Resident]


def test_select_agg_get_and_map_agree_with_columns(model: TownModel) -> None:
    people = model.agents_by_type[Resident]
    adults = people.select(lambda person: person.adult)
    assert len(adults) == model.world.residents["adult"].sum()
    assert people.get("household") == model.world.residents["household"].tolist()
    assert people.agg("tension", np.mean) == pytest.approx(tension_column(model).mean(), rel=1e-6)
    assert people.agg("trust_grid", max) == pytest.approx(model.world.residents["trust_grid"].max())
    assert sum(people.map(lambda person, more: person.adult + more, 1)) == len(adults) + RESIDENTS
    assert len(people.select(at_most=10)) == 10
    assert len(people.select(at_most=0.5)) == RESIDENTS // 2
    assert model.agents.select().to_list() == model.agents.to_list()


def test_groupby(model: TownModel) -> None:
    groups = model.agents_by_type[Resident].groupby("community")
    home = model.world.households["community"][model.world.residents["household"]]
    assert groups.count() == {row: int((home == row).sum()) for row in set(home.tolist())}
    tension = groups.agg("tension", sum)
    for row, total in tension.items():
        assert total == pytest.approx(tension_column(model)[home == row].sum(), rel=1e-6)
    assert model.agents.groupby(lambda agent: type(agent).__name__).count()["Mediator"] == 2


def test_do_and_sort(model: TownModel) -> None:
    seen: list[int] = []
    people = model.agents_by_type[Resident]
    assert people.do(lambda person: seen.append(person.row)) is people
    assert seen == list(range(RESIDENTS))
    by_tension = people.sort("tension").get("tension")
    assert by_tension == sorted(by_tension, reverse=True)
    by_row = people.sort(lambda person: -person.row, ascending=True)
    assert by_row.get("row") == list(range(RESIDENTS))[::-1]
    assert people.get("row") == list(range(RESIDENTS)), "the model's own order stays"


def test_shuffle_is_a_permutation_of_the_models_own_luck(model: TownModel) -> None:
    people = model.agents_by_type[Resident]
    model.random.seed(5)
    first = people.shuffle().get("row")
    assert sorted(first) == list(range(RESIDENTS))
    assert first != list(range(RESIDENTS))
    model.random.seed(5)
    seen: list[int] = []
    people.shuffle_do(lambda person: seen.append(person.row))
    assert seen == first
    copy = people.select()
    assert copy.shuffle(inplace=True) is copy
    assert sorted(copy.get("row")) == list(range(RESIDENTS))


def test_the_models_set_cannot_be_changed_but_a_copy_can(model: TownModel) -> None:
    person = Resident(model, 3)
    for change in ("add", "discard", "remove"):
        with pytest.raises(TypeError, match="take a copy with select"):
            getattr(model.agents, change)(person)
    copy = model.agents.select(agent_type=Resident)
    copy.remove(person)
    assert person not in copy
    with pytest.raises(KeyError):
        copy.remove(person)
    copy.discard(person)
    copy.add(person)
    assert copy.to_list()[-1] == person
    assert len(copy) == RESIDENTS
    assert len(model.agents_by_type[Resident]) == RESIDENTS


def test_an_empty_set_needs_luck(model: TownModel) -> None:
    with pytest.raises(ValueError, match="needs a random number generator"):
        FaceSet([])
    assert len(FaceSet([], Random(1))) == 0
    assert len(model.agents.select(lambda agent: False)) == 0


def test_tension_through_a_face_goes_by_the_rules(model: TownModel) -> None:
    person = Resident(model, 11)
    district = model.world.districts[person.district]
    person.tension = 0.75
    assert person.tension == pytest.approx(0.75)
    assert district.tension_day == model.time
    assert district.tension_sum == pytest.approx(tension_column(model).sum(), abs=1e-4)
    person.tension = 0.0
    assert person.tension == 0.0


def test_a_faces_tension_decays_with_the_models_time(
    tiny_model: Callable[..., TownModel], quiet: dict[str, Any]
) -> None:
    model = tiny_model(parameters={**quiet, "tension_half_life_days": 6.0})
    person = Resident(model, 11)
    person.tension = 0.8
    model.run_until(6)
    assert person.tension == pytest.approx(0.4)
    model.run_until(9)
    assert person.tension == pytest.approx(0.4 * 0.5**0.5)
    assert person.tension == pytest.approx(tension_column(model)[11])


def test_a_face_reads_its_own_row(model: TownModel) -> None:
    world = model.world
    for row in (0, 57, RESIDENTS - 1):
        person = Resident(model, row)
        household = world.households[world.residents[row].household]
        assert (person.node, person.community, person.grid) == (household.node, household.community, household.grid)
        assert person.district == world.communities[person.community].district
        record = world.residents[row]
        assert (person.adult, person.migrant, person.merchant) == (record.adult, record.migrant, record.merchant)
    for number, worker in enumerate(model.agents_by_type[GridWorker]):
        assert (worker.grid, worker.visits, worker.cases) == tuple(world.workers[number][["grid", "visits", "cases"]])
        assert worker.task == Task(world.workers[number].task)
    for number, mediator in enumerate(model.agents_by_type[Mediator]):
        row = world.mediators[number]
        assert (mediator.office, mediator.skill, mediator.sessions) == (row.office, row.skill, row.sessions)
        assert mediator.in_session == (row.session >= 0)
    for number, unit in enumerate(model.agents_by_type[PatrolUnit]):
        row = world.units[number]
        assert (unit.status, unit.node, unit.answered) == (Status(row.status), row.node, row.answered)
        assert unit.shift_start_hour == row.shift_start_hour


def test_ties_are_faces_and_mutual(model: TownModel) -> None:
    person = Resident(model, 42)
    ties = person.ties
    assert set(ties) == {Tie.HOUSEHOLD, Tie.NEIGHBOUR, Tie.WORK, Tie.KIN, Tie.MARKET}
    for kind, others in ties.items():
        for other in others:
            assert person in other.ties[kind]


def test_a_quarrel_begins_a_dispute_that_runs_by_the_rules(model: TownModel) -> None:
    before = int(model.world.state[0].dispute_rows)
    one, other = Resident(model, 5), Resident(model, 90)
    row = one.quarrel(other, Category.LENDING, 4)
    assert row == before
    dispute = model.world.disputes[row]
    assert (dispute.party_a, dispute.party_b, dispute.category, dispute.stage) == (5, 90, Category.LENDING, 4)
    assert (dispute.born, dispute.reached_4) == (model.time, model.time)
    again = other.quarrel(one)
    assert model.world.disputes[again].category == Category.NEIGHBOUR
    assert model.world.disputes[again].address == dispute.address + 1
    model.run()
    assert model.world.disputes[row].rings.sum() > 0


def test_quarrels_fill_and_enlarge_the_tables(tiny_model: Callable[..., TownModel]) -> None:
    model = tiny_model(parameters={"dispute_rate_per_1000_per_year": 0.0})
    room = len(model.world.disputes)
    people = model.agents_by_type[Resident].to_list()
    for number in range(room + 10):
        people[number % 500].quarrel(people[(number + 1) % 500])
    assert len(model.world.disputes) > room
    born = model.world.disputes[: room + 10]
    assert np.array_equal(born["party_a"], np.arange(room + 10) % 500)
    assert int(model.world.state[0].dispute_rows) == room + 10


@pytest.mark.parametrize(("other", "stage", "message"), [(5, 1, "themselves"), (6, 0, "Glasl"), (6, 10, "Glasl")])
def test_impossible_quarrels_are_refused(model: TownModel, other: int, stage: int, message: str) -> None:
    before = int(model.world.state[0].dispute_rows)
    with pytest.raises(ValueError, match=message):
        Resident(model, 5).quarrel(Resident(model, other), stage=stage)
    assert int(model.world.state[0].dispute_rows) == before


def test_a_visit_beside_the_rota(model: TownModel) -> None:
    worker, person = model.agents_by_type[GridWorker].to_list()[0], Resident(model, 20)
    home = model.world.households[person.household]
    visits, of_home = worker.visits, int(home.visits)
    worker.visit(person)
    assert (worker.visits, int(home.visits)) == (visits + 1, of_home + 1)


def test_staff_comes_and_goes_with_the_levers(model: TownModel) -> None:
    first = model.agents_by_type[GridWorker].to_list()
    model.set_grid_factor(2.0)
    assert [worker.row for worker in model.agents_by_type[GridWorker]] == list(range(8))
    assert model.agents_by_type[GridWorker].to_list()[:4] == first
    model.set_grid_factor(0.5)
    assert [worker.row for worker in model.agents_by_type[GridWorker]] == [0, 1]
    model.set_mediator_factor(0.0)
    assert Mediator not in model.agents_by_type or len(model.agents_by_type[Mediator]) == 0
    ids = model.agents.get("unique_id")
    assert len(set(ids)) == len(ids) == RESIDENTS + 2 + 3


def whole_towns_mean(model: Any) -> float:
    """Return the mean tension of a model's residents, as a data collector asks for it."""
    return float(tension_column(model).mean())


def test_mesas_data_collector_works(model: TownModel) -> None:
    collector = mesa.DataCollector(model_reporters={"tension": whole_towns_mean})
    for _ in range(3):
        collector.collect(model)
        model.step()
    frame = collector.get_model_vars_dataframe()
    assert len(frame) == 3
    assert frame["tension"].between(0, 1).all()


@pytest.mark.parametrize("value", [float("nan"), -0.1, 5, "high", None])
def test_impossible_tension_is_refused(model: TownModel, value: Any) -> None:
    before = Resident(model, 3).tension
    with pytest.raises(ValueError, match="from 0 to 1"):
        Resident(model, 3).tension = value
    assert Resident(model, 3).tension == before


def test_a_face_refuses_what_the_next_face_would_not_know(model: TownModel) -> None:
    person = Resident(model, 3)
    with pytest.raises(AttributeError, match="'note'"):
        person.note = 1
    with pytest.raises(AttributeError, match="'tenson'"):
        person.tenson = 0.7
    with pytest.raises(TypeError, match="cannot be removed"):
        person.remove()


def test_sets_can_be_indexed_and_sliced(model: TownModel) -> None:
    people = model.agents_by_type[Resident]
    assert people[0] == Resident(model, 0)
    assert people[-1] == Resident(model, len(people) - 1)
    assert people[2:4] == [Resident(model, 2), Resident(model, 3)]
