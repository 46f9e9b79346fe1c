"""Targets that press on the books: the books balance at every moment, and truth changes only through lost handling."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.codes import NOBODY, Category, Channel, State
from sim.disputes.handling import chances
from sim.model import TownModel
from sim.scenario import TargetPart

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]

KINDS = ("settlement_rate", "closed_in_time", "fewer_opened", "cut")
LIVELY = {"report_per_day": [0.1] * 9, "first_stage_share": [0.2] * 5 + [0.0] * 4}
TRUE_SERIES = ("true_born", "true_settled", "true_ended", "true_reached_4", "true_reached_7", "true_violence")


def target(kind: str, size: float, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "size": size, "within_days": 5.0, **fields}


@pytest.fixture(scope="module")
def pressed(tiny_model: Maker) -> Maker:
    """Return a function that gives a finished run in which targets press on the books."""

    def make(*targets: dict[str, Any], until: float | None = None, **parts: Any) -> TownModel:
        parts["parameters"] = {**LIVELY, "gloss_probability": 0.3, **parts.get("parameters", {})}
        model = tiny_model(books={"targets": list(targets)}, **parts)
        model.run_until(until or model.calendar.days)
        return model

    return make


def same(one: TownModel, other: TownModel) -> list[str]:
    """Return the names of the tables in which two runs differ."""
    return [
        name for name, table in one.world._asdict().items() if getattr(other.world, name).tobytes() != table.tobytes()
    ]


def recorded_rate(model: TownModel, rows: Rows) -> float:
    """Return the share of cases closed and not passed up that the books call settled."""
    cases = rows(model, "cases")
    own = ~np.isnan(cases["closed"]) & (cases["passed_up"] == 0)
    own &= (cases["withdrawn"] == 0) | (cases["closed_early"] == 1)
    return float(cases["recorded_settled"][own].mean())


@pytest.mark.parametrize("kind", KINDS)
def test_a_target_of_size_zero_changes_nothing(pressed: Maker, kind: str) -> None:
    assert same(pressed(), pressed(target(kind, 0.0))) == []


@given(kind=st.sampled_from(KINDS), size=st.floats(0, 1), cut=st.floats(0.01, 1))
def test_a_targets_chances_make_up_its_size(kind: Any, size: float, cut: float) -> None:
    one = TargetPart.model_validate({"kind": kind, "size": size, **({"cut": cut} if kind == "cut" else {})})
    made = chances(one)
    assert all(0.0 <= chance <= 1.0 for chance in made.values())
    wanted = size * cut if kind == "cut" else size
    if kind in ("cut", "fewer_opened"):
        kept = (1.0 - made["not_open"]) * (1.0 - made["advise"])
        assert 1.0 - kept == pytest.approx(wanted, abs=1e-12)
    else:
        assert set(made.values()) == {wanted}


def test_targets_act_together_independently(pressed: Maker) -> None:
    ways = [target("settlement_rate", 0.5, ways=["gloss"]), target("settlement_rate", 0.5, ways=["gloss"])]
    early = target("closed_in_time", 0.25, within_days=9.0)
    handling = pressed(*ways, early, target("closed_in_time", 0.0, within_days=1.0), until=0.5).world.handling[0]
    assert handling.gloss == pytest.approx(0.75)
    assert handling.close_early == pytest.approx(0.25)
    assert handling.close_days == 9.0


def test_glossing_raises_the_rate_and_nothing_else(pressed: Maker, rows: Rows) -> None:
    runs = [pressed(target("settlement_rate", size, ways=["gloss"])) for size in (0.0, 0.3, 0.7, 1.0)]
    rates = [recorded_rate(model, rows) for model in runs]
    assert rates == sorted(rates)
    assert rates[0] < rates[-1] == 1.0
    settled = [rows(model, "cases")["recorded_settled"] for model in runs]
    for less, more in pairwise(settled):
        assert (more >= less).all(), "no case that less pressure has settled is open again under more"
    for model in runs[1:]:
        assert same(runs[0], model) == ["handling", "cases", "series"]
        for column in TRUE_SERIES:
            assert np.array_equal(runs[0].world.series[column], model.world.series[column])


@pytest.mark.parametrize(("kind", "fields"), [("fewer_opened", {}), ("cut", {"cut": 0.4})])
def test_so_many_fewer_are_opened(many: Maker, rows: Rows, kind: str, fields: dict[str, Any]) -> None:
    for size in (0.5, 1.0):
        model = many(500, days=9, report_per_day=[2.0] * 9)
        part = TargetPart.model_validate(target(kind, size, **fields))
        made = chances(part)
        model.world.handling["not_open"], model.world.handling["advise"] = made["not_open"], made["advise"]
        model.run_until(0.2)
        disputes = rows(model, "disputes")
        contacts = int((disputes["handlings"] + disputes["not_booked"] + disputes["advised"]).sum())
        kept = int(disputes["handlings"].sum())
        expected = 1.0 - size * fields.get("cut", 1.0)
        assert contacts > 100
        assert kept == len(rows(model, "cases"))
        assert stats.binomtest(kept, contacts, expected).pvalue > 0.001 if expected else kept == 0
        halves = int(disputes["advised"].sum()), int(disputes["not_booked"].sum())
        assert stats.binomtest(halves[0], sum(halves), 0.5).pvalue > 0.001


def test_what_is_not_opened_is_left_alone_and_may_come_back(pressed: Maker, rows: Rows) -> None:
    model = pressed(target("fewer_opened", 1.0))
    disputes = rows(model, "disputes")
    assert model.world.state[0].case_rows == 0
    assert (disputes["not_booked"] + disputes["advised"]).max() > 1, "it was brought again"
    known = disputes[~np.isnan(disputes["found"])]
    assert set(known["state"].tolist()) == {State.LEFT_ALONE, State.ENDED}
    series = model.world.series
    assert series["recorded_advice"].sum() == disputes["advised"].sum() > 0
    assert series["true_not_booked"].sum() == disputes["not_booked"].sum() > 0


def test_a_case_closed_early_goes_on_and_is_booked_anew(pressed: Maker, rows: Rows) -> None:
    model = pressed(target("closed_in_time", 1.0), mediation={"mediators": 0}, calendar={"days": 80})
    disputes, cases = rows(model, "disputes"), rows(model, "cases")
    early = cases[cases["closed_early"] == 1]
    assert len(early) > 10
    assert early["closed"] == pytest.approx(early["opened"] + 5.0)
    assert (early["recorded_settled"] == 1).all()
    assert (early["true_settled"] == 0).all()
    ended = disputes["ended"][early["dispute"]]
    assert (np.isnan(ended) | (ended > early["closed"])).all()
    again = [case for case in early if (cases["opened"][cases["dispute"] == case.dispute] > case.closed).any()]
    assert again, "some come back as a new case of the same dispute"
    assert model.world.series["true_closed_early"].sum() == len(early)
    young = ~np.isnan(cases["closed"]) & (cases["closed"] - cases["opened"] > 5.0 + 1e-9)
    assert not young.any(), "no case is older in the books"


def check_books(model: TownModel, rows: Rows) -> None:
    """Hold the books of this moment beside themselves, the series and the disputes that they name."""
    disputes, cases, series = rows(model, "disputes"), rows(model, "cases"), model.world.series
    total = {name: int(series[name].sum()) for name in series.dtype.names or () if series.dtype[name].kind == "i"}
    assert min(int(series[name].min()) for name in total) >= 0
    closed = ~np.isnan(cases["closed"])
    elsewhere = (cases["withdrawn"] == 1) & (cases["closed_early"] == 0) & (cases["passed_up"] == 0)
    still_open = int((~closed).sum())
    assert total["recorded_opened"] == len(cases) == still_open + int((closed & ~elsewhere).sum()) + elsewhere.sum()
    assert total["recorded_closed"] == closed.sum()
    assert total["recorded_settled"] == cases["recorded_settled"].sum() <= closed.sum()
    assert total["true_closed_early"] == cases["closed_early"].sum()
    assert ((cases["dispute"] >= 0) & (cases["dispute"] < len(disputes))).all()
    assert np.array_equal(np.bincount(cases["dispute"], minlength=len(disputes)), disputes["handlings"])
    assert sorted(np.flatnonzero(~closed).tolist()) == sorted(disputes["case"][disputes["case"] != NOBODY].tolist())
    assert (cases["opened"] >= disputes["found"][cases["dispute"]]).all(), "no case of what nobody knows"
    settling = cases[(cases["true_settled"] == 1) & closed & (cases["withdrawn"] == 0)]
    assert (disputes["settled"][settling["dispute"]] == 1).all()
    assert len(set(settling["dispute"].tolist())) == len(settling)
    by_case = np.isin(disputes["end_channel"], [Channel.GRID, Channel.COMMUNITY, Channel.TOWNSHIP])
    assert by_case.sum() == len(settling)


@settings(max_examples=12)
@given(
    sizes=st.lists(st.sampled_from([0.0, 0.2, 0.6, 1.0]), min_size=4, max_size=4),
    within=st.floats(0.5, 20),
    triage=st.booleans(),
    grading=st.booleans(),
    mediators=st.integers(0, 3),
    seed=st.integers(1, 1000),
)
def test_the_books_balance_at_every_moment(
    tiny_model: Maker,
    rows: Rows,
    sizes: list[float],
    within: float,
    triage: bool,
    grading: bool,
    mediators: int,
    seed: int,
) -> None:
    targets = [target(kind, size) | {"within_days": within} for kind, size in zip(KINDS, sizes, strict=True)]
    every = {"grading": {"categories": [category.name.lower() for category in Category]}} if grading else {}
    model = tiny_model(
        seed=seed,
        calendar={"days": 20},
        people={"residents": 300},
        mediation={"mediators": mediators},
        triage={"three_affairs": triage, **every},
        books={"targets": targets},
        parameters=LIVELY,
    )
    for moment in (3.3, 6.45, 11.0, 16.7, 20.0):
        model.run_until(moment)
        check_books(model, rows)
