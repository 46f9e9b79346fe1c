"""Offices of many kinds side by side: who takes what, teams, hand-over, court; nothing lost, neutral at size 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest
from in_full import EVERY_KIND, FOUR, LIVELY
from in_full import MEDIATION as EVERYTHING

from sim.codes import NOBODY, Category, Channel, State
from sim.engine.compiled import from_python
from sim.events import Kind
from sim.mediation import office_for
from sim.model import TownModel
from sim.scenario import Scenario, ScenarioError, from_canonical, untaken_categories
from sim.scenario.mediation import KindName
from sim.world import World

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]


@pytest.fixture(scope="module")
def everything(tiny_model: Maker) -> TownModel:
    """A run of 25 days with every kind of office and every mechanism."""
    return tiny_model(calendar={"days": 25}, town=FOUR, mediation=EVERYTHING, parameters=LIVELY).run()


def one_group(**fields: Any) -> dict[str, Any]:
    """Return the mediation of one group of township offices."""
    return {"mediators": 0, "offices": [{"name": "one", "level": "township", "mediators": 2, **fields}]}


def books(model: TownModel) -> list[bytes]:
    """Return all that the records of disputes, cases, sessions and the daily series hold, column by column."""
    world, state = model.world, model.world.state[0]
    tables = [world.disputes[: state.dispute_rows], world.cases[: state.case_rows]]
    tables += [world.sessions[: state.session_rows], world.series]
    return [np.ascontiguousarray(table[name]).tobytes() for table in tables for name in table.dtype.names or ()]


def test_at_their_neutral_values_all_mechanisms_leave_the_records_as_they_are(tiny_model: Maker) -> None:
    neutral = {
        **one_group(teams=[{"name": "none", "members": {"own": 1}, "share": 0.0}], queue_limit=10**6),
        "pass_up_share": 0.0,
        "petition_share": 0.0,
        "hand_over": {"police": {"delay_days": 0.0, "loss": 0.0}},
    }
    levers = [("hand_over", {"delay_days": 0.0, "loss": 0.0}), ("mediation_practice", {"pass_up_share": 0.0})]
    risks = {name: LIVELY[name] for name in ("court_per_day", "petition_per_day", "report_per_day")}
    plain = tiny_model(calendar={"days": 20}, parameters=risks).run()
    switched = tiny_model(calendar={"days": 20}, mediation=neutral, parameters=risks, levers=levers).run()
    assert plain.world.state[0].session_rows > 3
    assert books(plain) == books(switched)


def test_no_case_and_no_dispute_is_ever_lost(everything: TownModel, rows: Rows) -> None:
    model = everything
    cases, disputes = rows(model, "cases"), rows(model, "disputes")
    opened = np.isnan(cases["closed"])
    assert set(cases["source"].tolist()) >= {Channel.SELF, Channel.GRID, Channel.COURT, Channel.PETITION}
    assert cases["lost"].sum() > 0
    for row, dispute in enumerate(disputes):
        mine = np.flatnonzero((cases["dispute"] == row) & opened)
        assert mine.tolist() == ([] if dispute.case == NOBODY else [dispute.case]), "one open case at most, its own"
        in_hands = dispute.state in (State.IN_GRID, State.IN_MEDIATION, State.IN_COURT)
        assert in_hands == (dispute.case != NOBODY)
        assert (dispute.state == State.ENDED) == (not np.isnan(dispute.ended))
    assert (cases["closed"][~opened] >= cases["opened"][~opened]).all()
    # Whatever an office has is in its queue, in a session, or on its way there by an event.
    world = model.world
    queued: set[int] = set()
    for office in world.offices:
        for head in office.first_case:
            place = int(head)
            while place != NOBODY:
                queued.add(place)
                place = int(world.cases[place].next)
    pending = world.queue[1 : int(world.queue[0].row) + 1]
    on_the_way = np.isin(pending["kind"], [Kind.CASE_READY, Kind.TEAM_READY, Kind.CASE_CLOSED, Kind.COURT_HEARS])
    sessions = pending["row"][pending["kind"] == Kind.SESSION_ENDS]
    held = set(world.sessions["case"][sessions].tolist()) | set(pending["row"][on_the_way].tolist())
    mediated = np.flatnonzero(opened & (cases["channel"] != Channel.GRID))
    assert set(mediated.tolist()) <= queued | held
    busy = world.mediators["session"][world.mediators["session"] != NOBODY]
    assert (world.sessions["end"][busy] + world.sessions["trip"][busy] >= 25.0 - 1e-9).all(), "nobody is held for ever"


def test_everything_is_saved_and_goes_on(tiny_model: Maker, everything: TownModel, tmp_path: Any) -> None:
    model = tiny_model(calendar={"days": 25}, town=FOUR, mediation=EVERYTHING, parameters=LIVELY)
    model.run_until(12.3)
    model.save(tmp_path / "state.npz")
    assert books(TownModel.resume(tmp_path / "state.npz").run()) == books(everything)


@pytest.mark.parametrize(
    ("category", "source", "least", "wanted"),
    [
        (Category.MEDICAL, Channel.SELF, Channel.COMMUNITY, {"medical", "source"}),
        (Category.LENDING, Channel.GRID, Channel.COMMUNITY, {"village"}),
        (Category.LENDING, Channel.GRID, Channel.TOWNSHIP, {"stop"}),
        (Category.LENDING, Channel.POLICE, Channel.COMMUNITY, {"police"}),
        (Category.LENDING, Channel.COURT, Channel.TOWNSHIP, {"online"}),
        (Category.COLLECTIVE_ECONOMIC, Channel.GRID, Channel.COMMUNITY, {"mass"}),
        (Category.NEIGHBOUR, Channel.GRID, Channel.COMMUNITY, {"bag"}),
        (Category.LENDING, Channel.COMMUNITY, Channel.COUNTY, {None}),
    ],
)
def test_specialists_go_before_general_offices_and_villages_before_towns(
    tiny_model: Maker, category: Category, source: Channel, least: Channel, wanted: set[str | None]
) -> None:
    model = tiny_model(town=FOUR, mediation=EVERYTHING)
    row = model.begin_dispute(0, 301, category, 4)
    world = model.world
    world.disputes[row].case = 0
    world.cases[0].source = source
    office = from_python(office_for)(world, row, int(least))
    names = [group.name for group in model.plan.mediation.all_groups()]
    assert (None if office == NOBODY else names[world.offices["group"][office]]) in wanted


def test_a_full_office_passes_on_and_the_first_takes_what_all_refuse(tiny_model: Maker) -> None:
    model = tiny_model(town=FOUR, mediation=EVERYTHING)
    row = model.begin_dispute(0, 301, Category.LENDING, 4)
    world = model.world
    world.disputes[row].case = 0
    world.cases[0].source = Channel.GRID
    first = from_python(office_for)(world, row, int(Channel.COMMUNITY))
    world.offices["waiting"][first] = 2
    second = from_python(office_for)(world, row, int(Channel.COMMUNITY))
    assert world.offices["channel"][[first, second]].tolist() == [Channel.COMMUNITY, Channel.TOWNSHIP]
    assert world.offices["passed_on"][first] == 1
    above_all = int(Channel.CITY) + 1
    assert from_python(office_for)(world, row, above_all) == second, "a case that no office has had comes down to one"
    world.cases[0].source = Channel.CITY
    assert from_python(office_for)(world, row, above_all) == NOBODY, "one that an office passed up does not"


def test_a_complete_team_waits_and_all_its_people_are_busy_together(tiny_model: Maker, quiet: Any, rows: Rows) -> None:
    team = {"name": "chiefs", "members": {"second": 1, "third": 1}, "complete": True, "wait_days": 30.0}
    groups = [
        {"name": "one", "level": "township", "mediators": 2, "teams": [team]},
        {"name": "second", "level": "township", "mediators": 1, "categories": ["school"]},
        {"name": "third", "level": "city", "mediators": 1, "categories": ["school"], "start_hour": 11, "hours": 3},
    ]
    parameters = {**quiet, "report_per_day": [0.1] * 9, "grid_stage_limit": 3}
    model = tiny_model(mediation={"mediators": 0, "offices": groups}, parameters=parameters)
    for number in range(40):
        model.begin_dispute(number, number + 200, Category.LENDING, 4)
    sessions = rows(model.run(), "sessions")
    assert len(sessions) > 15
    assert (sessions["people"] == 3).all()
    order = np.sort(sessions, order="start")
    assert (order["start"][1:] >= order["end"][:-1] - 1e-9).all(), "there is one head of each office"
    done = sessions["end"] < 40.0
    hours = 24 * (sessions["end"] - sessions["start"])[done].sum()
    assert model.world.mediators["team_hours"][2:].tolist() == pytest.approx([hours, hours])


def test_backpack_mediators_travel_and_are_away_meanwhile(tiny_model: Maker, quiet: Any, rows: Rows) -> None:
    parameters = {**quiet, "report_per_day": [0.3] * 9, "grid_stage_limit": 3}
    model = tiny_model(mediation=one_group(kind="backpack", mediators=1), parameters=parameters)
    for number in range(60):
        model.begin_dispute(number, number + 200, Category.LENDING, 4)
    sessions = rows(model.run(), "sessions")
    assert (sessions["trip"] > 0).sum() > 10
    assert sessions["party_travel_hours"].sum() == 0.0
    back = (sessions["end"] + sessions["trip"])[:-1]
    assert (sessions["start"][1:] - sessions["trip"][1:] >= back - 1e-9).all()
    travelled = 48 * sessions["trip"][sessions["end"] < 40.0].sum()
    assert model.world.mediators["travel_hours"][0] == pytest.approx(travelled)


def test_filings_take_their_time_and_a_ruling_that_same_day_shortens(tiny_model: Maker, quiet: Any, rows: Rows) -> None:
    days = []
    for share in (0.0, 1.0):
        court = {**one_group(), "court": {"same_day_share": share}}
        parameters = {**quiet, "court_per_day": [0.2] * 9, "court_hearing_days": 10.0, "court_ruling_days": 8.0}
        model = tiny_model(calendar={"days": 120}, mediation=court, parameters=parameters)
        for number in range(80):
            model.begin_dispute(number, number + 200, Category.LENDING, 4)
        cases, disputes = rows(model.run(), "cases"), rows(model, "disputes")
        assert (disputes["end_channel"] == Channel.COURT).all()
        assert (cases["channel"] == Channel.COURT).all()
        assert len(cases) == 80, "no dispute is filed again while it is in court, nor after its end"
        days.append(cases["closed"] - cases["opened"])
    assert days[0].mean() == pytest.approx(18.0, rel=0.25)
    assert days[1].mean() == pytest.approx(10.0, rel=0.25)
    assert (days[1] < days[0]).all()


def test_what_mediation_does_not_settle_in_time_returns_to_court(tiny_model: Maker, quiet: Any, rows: Rows) -> None:
    court = {**one_group(mediators=0), "court": {"pre_litigation_share": 1.0, "limit_days": 6.0}}
    parameters = {**quiet, "court_per_day": [0.2] * 9, "court_hearing_days": 2.0, "court_ruling_days": 1.0}
    model = tiny_model(calendar={"days": 90}, mediation=court, parameters=parameters)
    for number in range(50):
        model.begin_dispute(number, number + 200, Category.LENDING, 4)
    cases = rows(model.run(), "cases")
    assigned = cases[cases["channel"] == Channel.TOWNSHIP]
    assert (assigned["source"] == Channel.COURT).all()
    assert assigned["closed"] - assigned["opened"] == pytest.approx(np.full(50, 6.0))
    back = cases[(cases["channel"] == Channel.COURT) & (cases["passed_from"] != NOBODY)]
    assert len(back) == 50
    assert (rows(model, "disputes")["end_channel"] == Channel.COURT).all()


def test_unsettled_cases_go_up_level_by_level(tiny_model: Maker, quiet: Any, rows: Rows) -> None:
    levels = ("community", "township", "city")
    offices = [{"name": level, "level": level, "mediators": 20} for level in levels]
    parameters = {**quiet, "report_per_day": [0.5] * 9, "grid_stage_limit": 3, "sessions_most": 1}
    parameters |= {"mediation_settlement_probability": 0.0}
    model = tiny_model(
        calendar={"days": 20},
        mediation={"mediators": 0, "offices": offices, "pass_up_share": 1.0},
        parameters=parameters,
    )
    model.begin_dispute(0, 200, Category.LENDING, 4)
    cases = rows(model.run(), "cases")[:3]
    assert cases["channel"].tolist() == [Channel.COMMUNITY, Channel.TOWNSHIP, Channel.CITY]
    assert cases["passed_up"].tolist() == [1, 1, 0]


def test_a_closed_group_takes_no_new_cases_until_its_dates(tiny_model: Maker, rows: Rows) -> None:
    lever = ("mediation_offices", {"groups": ["one"], "from_day": 20.0})
    model = tiny_model(mediation=one_group(), parameters=LIVELY, levers=[lever]).run()
    cases = rows(model, "cases")
    mediated = cases[cases["channel"] >= Channel.COMMUNITY]
    assert mediated["refused"][mediated["opened"] < 20].all()
    late = mediated[mediated["opened"] > 20]
    assert len(late) > 10
    assert not late["refused"].any()


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"mediators": 3, "offices": [EVERY_KIND[0]]}, "mediation", "left out with a list of offices"),
    (one_group(level=None), "mediation.offices.0.level", "community"),
    ({"mediators": 0, "offices": [{"name": "one", "mediators": 1}]}, "mediation.offices.0.level", "a value"),
    (one_group(hours=0), "mediation.offices.0.hours", "greater than 0"),
    (one_group(weekdays=[]), "mediation.offices.0.weekdays", "at least 1"),
    (one_group(kind="comittee"), "mediation.offices.0.kind", "committee"),
    (one_group(categories=["lendin"]), "mediation.offices.0.categories.0", "lending"),
    (one_group(kind="specialist"), "mediation.offices.0", "categories"),
    (one_group(number=3), "mediation.offices.0.number", "at most 1"),
    (one_group(mediators=501), "mediation.offices.0.mediators", "people.residents"),
    (one_group(least_stage=5, most_stage=4), "mediation.offices.0", "most_stage"),
    (one_group(teams=[{"name": "a", "members": {"nobody": 1}}]), "mediation", "nobody not among"),
    ({"pass_up_share": 1.5}, "mediation.pass_up_share", "less than or equal to 1"),
    ({"hand_over": {"police": {"loss": -0.1}}}, "mediation.hand_over.police.loss", "greater than or equal to 0"),
    ({"court": {"same_day_share": 2}}, "mediation.court.same_day_share", "less than or equal to 1"),
]


@pytest.mark.parametrize(("part", "field", "remedy"), BAD)
def test_bad_input_is_refused_with_place_and_remedy(
    tiny_scenario: Callable[..., Scenario], part: dict[str, Any], field: str, remedy: str
) -> None:
    tree = tiny_scenario().model_dump(mode="json", by_alias=True, exclude={"interventions"})
    with pytest.raises(ScenarioError) as refused:
        from_canonical({**tree, "mediation": part}, catalogue={})
    assert any(one.field == field and remedy in str(one) for one in refused.value.mistakes), str(refused.value)


def test_categories_that_nobody_takes_are_told(tiny_scenario: Callable[..., Scenario]) -> None:
    assert untaken_categories(tiny_scenario()) == []
    only = tiny_scenario(mediation=one_group(kind="specialist", categories=["medical", "school"]))
    untaken = untaken_categories(only)
    assert len(untaken) == len(Category) - 2
    assert not {"medical", "school"} & set(untaken)


def test_every_kind_in_the_scenario_has_its_code(tiny_world: Callable[..., World]) -> None:
    groups = [
        {"name": f"g{number}", "level": "city", "kind": kind, "mediators": 1, "categories": ["school"]}
        for number, kind in enumerate(get_args(KindName))
    ]
    world = tiny_world(mediation={"mediators": 0, "offices": groups})
    assert world.office_groups["kind"].tolist() == list(range(len(groups)))
