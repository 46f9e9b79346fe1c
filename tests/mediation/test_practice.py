"""Queue disciplines, fatigue, agreements that are not kept, and the hand-over, each against what it must come to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.codes import STAGES, Category, Channel, State
from sim.mediation.queues import expected_sessions
from sim.mediation.settling import case_settlement_probability, has_lasting_tie, session_settles_probability
from sim.model import TownModel

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]

# So many chances that a right share lies outside a test's interval once in a million draws.
RARE = 1e-6
SLOWLY = {"report_per_day": [0.02] * 9}  # so that the queue is now long, now short


@pytest.fixture
def office(tiny_model: Maker, quiet: dict[str, Any]) -> Maker:
    """Return a function that gives the finished run of one township office to which disputes are reported at once."""

    def run(
        group: dict[str, Any] | None = None,
        parameters: dict[str, Any] | None = None,
        stages: tuple[int, ...] = (4,),
        count: int = 300,
        days: int = 60,
        levers: Any = None,
        **mediation: Any,
    ) -> TownModel:
        model = tiny_model(
            calendar={"days": days},
            people={"residents": 900},
            grid={"visits_per_worker_per_day": 0.0},
            mediation={
                "mediators": 0,
                "offices": [{"name": "one", "level": "township", "mediators": 2, **(group or {})}],
                **mediation,
            },
            parameters={
                **quiet,
                "report_per_day": [0.2] * 9,
                "grid_stage_limit": 1,
                "sessions_most": 1,
                "mediation_skill_slope": 0.0,
                "mediation_delay_slope": 0.0,
                **(parameters or {}),
            },
            levers=levers,
        )
        for number in range(count):
            model.begin_dispute(number, number + 401, Category.LENDING, stages[number % len(stages)])
        return model.run()

    return run


def first_sessions(model: TownModel, rows: Rows) -> list[tuple[float, int, list[int]]]:
    """Return moment and case of each first session with the cases that waited then, in the order in which they came."""
    cases, sessions = rows(model, "cases"), rows(model, "sessions")
    began = {int(one["case"]): float(one["start"]) for one in sessions if one["number"] == 1}
    came = np.argsort(cases["assigned"], kind="stable")
    found = []
    for case, start in sorted(began.items(), key=lambda one: one[1]):
        waiting = [int(row) for row in came if cases["assigned"][row] < start <= began.get(int(row), np.inf)]
        found.append((start, case, waiting))
    return found


def test_the_most_urgent_is_taken_first_and_of_one_stage_who_came_first(office: Maker, rows: Rows) -> None:
    model = office({"queue": "most_urgent", "mediators": 1}, SLOWLY, stages=(2, 3, 5, 7), days=120)
    stage, dispute = rows(model, "disputes")["stage"], rows(model, "cases")["dispute"]
    met = [one for one in first_sessions(model, rows) if len(one[2]) > 3]
    assert len(met) > 40
    for _, case, waiting in met:
        assert case == max(waiting, key=lambda row: stage[dispute[row]]), "max gives the first of the highest"
    assert len({int(stage[dispute[case]]) for _, case, _ in met}) > 1


def test_the_shortest_is_taken_first_by_the_sessions_to_be_expected(office: Maker, rows: Rows) -> None:
    group = {"queue": "shortest", "mediators": 1}
    parameters = SLOWLY | {"sessions_most": 4, "mediation_stage_slope": -0.6}
    model = office(group, parameters, stages=(2, 4, 6, 8), days=120)
    record = model.world.parameters[0]
    disputes, cases = rows(model, "disputes"), rows(model, "cases")

    def rank(row: int) -> int:
        one = disputes[cases["dispute"][row]]
        whole = case_settlement_probability(record, one.stage, 0.0, has_lasting_tie(one.tie), 0.0, 0.0)
        expected = expected_sessions(session_settles_probability(whole, 4), 4.0)
        return min(int((expected - 1.0) / 3.0 * STAGES), STAGES - 1)

    # Cases that come back for another session wait too: only among those that wait for their first is order known.
    met = [one for one in first_sessions(model, rows) if len(one[2]) > 3]
    assert len(met) > 30
    for _, case, waiting in met:
        assert case == min(waiting, key=rank)
    assert len({rank(case) for _, case, _ in met}) > 1


def test_expected_sessions_are_the_mean_of_a_cut_geometric_number() -> None:
    chances = np.arange(1, 6)
    for each in (0.1, 0.5, 0.9):
        probability = each * (1 - each) ** (chances - 1)
        probability[-1] = (1 - each) ** 4
        assert expected_sessions(each, 5.0) == pytest.approx((chances * probability).sum())


def test_fatigue_settles_fewer_of_the_same_cases_and_most_where_mediators_are_busy(office: Maker, rows: Rows) -> None:
    held, settled = [], []
    for slope in (0.0, -0.1, -1.0):
        cases = rows(office(parameters={"mediation_fatigue_slope": slope}), "cases")
        first = cases[(cases["handling"] == 1) & ~np.isnan(cases["closed"])]
        held.append(set(first["dispute"].tolist()))
        settled.append(set(first["dispute"][first["true_settled"] == 1].tolist()))
    of_all = set.intersection(*held)
    assert len(of_all) > 100
    assert settled[2] & of_all < settled[1] & of_all < settled[0] & of_all
    shares = []
    for mediators in (1, 40):
        cases = rows(office({"mediators": mediators}, {"mediation_fatigue_slope": -0.1}), "cases")
        held = ~np.isnan(cases["acted"]) & ~np.isnan(cases["closed"])
        shares.append(float(cases["true_settled"][held].mean()))
    assert shares[0] < shares[1] - 0.05


@pytest.mark.parametrize(("confirmed", "expected"), [(0.0, 0.4), (1.0, 0.1), (0.5, 0.25)])
def test_agreements_are_broken_as_often_as_said_and_less_where_confirmed(
    office: Maker, rows: Rows, confirmed: float, expected: float
) -> None:
    parameters = {
        "mediation_settlement_probability": 1.0,
        "breach_probability": [0.4] * len(Category),
        "breach_days_mean": [3.0] * len(Category),
        "confirmed_breach_factor": 0.25,
    }
    model = office({"mediators": 40}, parameters, count=400, court={"confirmation_share": confirmed})
    disputes = rows(model, "disputes")
    settled = disputes[(disputes["settled"] == 1) & (disputes["parent"] < 0)]
    assert len(settled) == 400
    assert stats.binomtest(int(settled["breached"].sum()), 400, expected).pvalue > RARE
    assert stats.binomtest(int(settled["confirmed"].sum()), 400, confirmed).pvalue > RARE
    children = disputes[disputes["parent"] >= 0]
    assert set(children["parent"].tolist()) <= set(np.flatnonzero(disputes["breached"]).tolist())
    parents = disputes[children["parent"]]
    early = parents["ended"] < 30.0
    assert stats.kstest((children["born"] - parents["ended"])[early], stats.expon(scale=3.0).cdf).pvalue > RARE


def petitioned(office: Maker, levers: Any = None, **way: Any) -> TownModel:
    """Return a run in which every dispute goes to petition, and every petition is handed to mediation."""
    return office(
        {"mediators": 40},
        {"report_per_day": [0.0] * 9, "petition_per_day": [0.1] * 9},
        count=450,
        days=120,
        levers=levers,
        petition_share=1.0,
        hand_over={"petition": way},
    )


def test_what_is_handed_over_arrives_after_an_exponential_time_or_is_lost(office: Maker, rows: Rows) -> None:
    model = petitioned(office, delay_days=5.0, loss=0.3)
    cases, disputes = rows(model, "cases"), rows(model, "disputes")
    sent = cases["source"] == Channel.PETITION
    lost = (cases["lost"] == 1) & sent
    assert stats.binomtest(int(lost.sum()), int(sent.sum()), 0.3).pvalue > RARE
    assert np.isnan(cases["assigned"][lost]).all()
    assert (cases["closed"][lost] == cases["opened"][lost]).all()
    assert (disputes["state"][cases["dispute"][lost]] != State.IN_MEDIATION).all()
    arrived = sent & ~lost & (cases["opened"] < 50.0)
    delay = cases["assigned"][arrived] - cases["opened"][arrived]
    assert len(delay) > 150
    assert stats.kstest(delay, stats.expon(scale=5.0).cdf).pvalue > RARE
    assert model.world.hand_overs["sent"].sum() == sent.sum()
    assert model.world.hand_overs["lost"].sum() == lost.sum()


def test_levers_change_the_hand_over_and_the_practice_on_their_dates_only(office: Maker, rows: Rows) -> None:
    quick = [("hand_over", {"sources": ["petition"], "delay_days": 0.0, "loss": 0.0, "from_day": 10, "until_day": 20})]
    cases = rows(petitioned(office, quick, delay_days=5.0, loss=0.5), "cases")
    on = (cases["opened"] >= 10.0) & (cases["opened"] < 20.0)
    assert (cases["assigned"][on] == cases["opened"][on]).all()
    assert not cases["lost"][on].any()
    assert cases["lost"][~on].mean() > 0.3
    none = [("mediation_practice", {"petition_share": 0.0, "from_day": 10, "until_day": 20})]
    opened = rows(petitioned(office, none), "cases")["opened"]
    assert (opened < 10.0).sum() > 50
    assert (opened >= 20.0).sum() > 5
    assert not ((opened >= 10.0) & (opened < 20.0)).any()
