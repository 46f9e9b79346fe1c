"""What two parts make of each other: grids redrawn at midday, triage and hand-over, targets and the court."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from in_full import FOUR, PARTS, TRIAGE

from sim.codes import NOBODY, Category, Channel, Finding, State, Task
from sim.model import TownModel

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]

BUSY = {"report_per_day": [0.1] * 9}


@pytest.mark.parametrize("factor", [0.5, 0.25])
def test_who_is_let_go_on_a_visit_still_has_a_grid_that_is_there(tiny_model: Maker, factor: float) -> None:
    parts: dict[str, Any] = {"grid": {"grids": 8, "visits_per_worker_per_day": 60.0}, "calendar": {"days": 12}}
    model, moment = tiny_model(**parts), 0.0
    # The first working morning on which one of those who will go is on a visit.
    while not (model.world.workers["task"][round(8 * factor) :] == Task.VISIT).any():
        moment += 0.01
        model.run_until(moment)
    lever = ("grid_density", {"factor": factor, "from_day": moment})
    model = tiny_model(**parts, levers=[lever])
    model.run_until(moment + 1e-6)
    workers = model.world.workers
    last = (workers["task"] == Task.VISIT) & (workers["active"] == 0)
    assert last.any()
    assert np.array_equal(workers["grid"][last], model.world.households["grid"][workers["task_row"][last]])
    assert (workers["grid"][workers["task"] == Task.VISIT] < len(model.world.grids)).all()
    before = workers["visits"][last].copy()
    assert (model.run().world.workers["visits"][: len(last)][last] == before + 1).all()


def test_the_speaker_of_an_organisation_is_no_party_by_person(tiny_model: Maker, quiet: Any, rows: Rows) -> None:
    parts: dict[str, Any] = {name: PARTS[name] for name in ("calendar", "town", "people", "disputes")}
    parameters = {
        **quiet,
        "report_per_day": [0.1] * 9,
        "collective_causes_per_100000_per_year": 40_000.0,
        "trust_gain_settled": 0.1,
        "trust_loss_unsettled": 0.1,
        "treatment_trust_gain": 0.1,
    }
    model = tiny_model(3, **parts, parameters=parameters)
    start = model.world.residents.copy()
    disputes = rows(model.run(), "disputes")
    assert len(disputes) > 20
    assert (disputes["organisation"] != NOBODY).all()
    world = model.world
    speakers = np.setdiff1d(world.organisations["speaker"][disputes["organisation"]], disputes["party_a"])
    parties = np.unique(disputes["party_a"])
    for column in ("trust_grid", "trust_mediation"):
        assert np.array_equal(world.residents[column][speakers], start[column][speakers]), column
    assert (world.residents["trust_mediation"][parties] != start["trust_mediation"][parties]).any()
    alone = np.setdiff1d(world.residents["household"][speakers], world.residents["household"][parties])
    assert len(alone)
    assert (world.households["first_dispute"][alone] == NOBODY).all()


def test_volunteers_hear_of_every_kind_of_dispute(tiny_model: Maker, quiet: Any, rows: Rows) -> None:
    parts = {name: PARTS[name] for name in ("calendar", "town", "people", "disputes")}
    parameters = {
        **quiet,
        "dispute_rate_per_1000_per_year": 4000.0,
        "collective_causes_per_100000_per_year": 20_000.0,
        "friction_tension_gain": 0.0,
    }
    grid = {"visits_per_worker_per_day": 0.0, "micro_grids": {"households": 20, "hear_per_day": 2.0}}
    disputes = rows(tiny_model(2, **parts, grid=grid, parameters=parameters).run(), "disputes")
    old = disputes[disputes["born"] < 30.0]
    of_causes = old["cause"] != NOBODY
    assert of_causes.sum() > 10
    for kind in (of_causes, ~of_causes):
        assert (~np.isnan(old["found"][kind])).mean() > 0.95


def test_a_list_that_lists_nothing_changes_nothing_for_volunteers(tiny_model: Maker) -> None:
    parts = {name: PARTS[name] for name in ("calendar", "town", "people", "disputes")}
    grid = {"micro_grids": {"households": 20, "hear_per_day": 0.05}}
    plain = tiny_model(1, **parts, grid=grid).run().world
    listed = (
        tiny_model(1, **parts, grid=grid, levers=[("case_list", {"after_days": 3000.0, "from_day": 3})]).run().world
    )
    for table in ("disputes", "cases", "residents", "series"):
        assert getattr(plain, table).tobytes() == getattr(listed, table).tobytes(), table


def test_an_office_without_a_mediator_passes_its_cases_to_one_that_has_some(tiny_model: Maker, rows: Rows) -> None:
    offices = [
        {"name": "village", "level": "community", "mediators": 1},
        {"name": "town", "level": "township", "mediators": 4},
    ]
    model = tiny_model(town=FOUR, mediation={"mediators": 0, "offices": offices}, parameters=BUSY).run()
    cases = rows(model, "cases")
    mediated = cases[cases["office"] != NOBODY]
    staffed = model.world.offices["first_mediator"] != NOBODY
    assert (~staffed).sum() == 3
    assert len(mediated) > 20
    assert staffed[mediated["office"]].all()
    assert {Channel.COMMUNITY, Channel.TOWNSHIP} <= set(mediated["channel"].tolist())


def test_a_group_that_takes_reports_and_grid_cases_is_no_specialist(tiny_model: Maker, rows: Rows) -> None:
    offices = [
        {"name": "town", "level": "township", "mediators": 4, "sources": ["report", "grid", "mediation"]},
        {"name": "village", "level": "community", "mediators": 8},
    ]
    cases = rows(tiny_model(town=FOUR, mediation={"mediators": 0, "offices": offices}, parameters=BUSY).run(), "cases")
    mediated = cases[cases["office"] != NOBODY]
    assert len(mediated) > 20
    assert (mediated["channel"] == Channel.COMMUNITY).all(), "in the village before the town"


def test_no_filing_is_lost_to_a_target(tiny_model: Maker, quiet: Any, rows: Rows) -> None:
    model = tiny_model(
        calendar={"days": 120},
        mediation={
            "mediators": 0,
            "offices": [{"name": "one", "level": "township", "mediators": 2}],
            "court": {"pre_litigation_share": 1.0, "limit_days": 30.0},
        },
        books={"targets": [{"kind": "closed_in_time", "size": 1.0, "within_days": 2.0}]},
        parameters={**quiet, "court_per_day": [0.3] * 9, "court_hearing_days": 3.0, "court_ruling_days": 2.0},
    )
    for number in range(60):
        model.begin_dispute(number, number + 200, Category.LENDING, 4)
    disputes, cases = rows(model.run(), "disputes"), rows(model, "cases")
    assert (cases["source"] == Channel.COURT).sum() == 60
    assert not cases["closed_early"].any()
    assert (disputes["state"] == State.ENDED).all()


def test_what_the_grid_finds_and_sorts_upward_is_handed_over(tiny_model: Maker, rows: Rows) -> None:
    model = tiny_model(
        town=FOUR,
        grid={"visits_per_worker_per_day": 20.0},
        triage=TRIAGE,
        mediation={
            "mediators": 0,
            "offices": [{"name": "one", "level": "township", "mediators": 4}],
            "hand_over": {"grid": {"loss": 1.0}},
        },
        parameters={"report_per_day": [0.0] * 9, "police_referral_probability": 0.0, "discovery_probability": 0.9},
    ).run()
    cases = rows(model, "cases")
    to_office = cases[cases["channel"] != Channel.GRID]
    assert len(to_office) > 20
    assert (to_office["source"] == Channel.GRID).all()
    assert to_office["lost"].all()
    assert set(to_office["found_how"].tolist()) <= {Finding.VISIT, Finding.NONE}


def test_a_dispute_that_nobody_takes_is_not_referred_at_every_visit(tiny_model: Maker, rows: Rows) -> None:
    colours = {
        name: {"visits_per_month": 30, "refer_up": name in ("orange", "red")}
        for name in ("blue", "green", "yellow", "orange", "red")
    }
    model = tiny_model(
        calendar={"days": 60},
        grid={"visits_per_worker_per_day": 30.0},
        triage={"grading": {"categories": TRIAGE["grading"]["categories"], "colours": colours}},
        mediation={
            "mediators": 0,
            "offices": [{"name": "one", "level": "township", "mediators": 2, "categories": ["school"]}],
        },
        parameters={"report_per_day": [0.0] * 9, "police_referral_probability": 0.0, "discovery_probability": 0.9,
                    "first_stage_share": [0, 0, 0, 0.25, 0.25, 0.25, 0.25, 0, 0]},
    ).run()  # fmt: skip
    assert model.world.series["gradings"].sum() > 100
    cases = rows(model, "cases")
    refused = np.bincount(cases["dispute"][cases["refused"] == 1], minlength=1)
    assert refused.max() <= 5, "at most one for each rise of the colour"
    assert (refused > 0).sum() > 10


def test_how_many_one_group_has_changes_nobody_else_of_another(tiny_model: Maker) -> None:
    def skills(first: int) -> list[float]:
        offices = [
            {"name": "one", "level": "township", "mediators": first},
            {"name": "two", "level": "city", "mediators": 3},
        ]
        mediators = tiny_model(mediation={"mediators": 0, "offices": offices}).world.mediators
        return list(mediators["skill"][mediators["group"] == 1])

    assert skills(2) == skills(5)
