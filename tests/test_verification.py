"""What must hold for every run: same seed same records, resumed equals uncut, shared luck, balanced books."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import fingerprint, used

from sim import TownModel, load
from sim.agents import GridWorker, Resident
from sim.codes import NOBODY, Answer, Channel, State, Status
from sim.outcomes import outcomes, records
from sim.response import ledger_at
from sim.scenario import Scenario, parameter_table
from sim.world import DTYPES, World

TINY = (
    "people.residents=400",
    "people.merchants=10",
    "town.road_nodes=24",
    "town.communities=2",
    "grid.households_per_grid=40",
    "mediation.mediators=2",
    "response.units=6",
    "response.posts=1",
    "calendar.days=40",
    # Busy enough that every kind of event happens in a few hundred people.
    "parameters.dispute_rate_per_1000_per_year=3000",
    "parameters.relapse_probability=0.5",
    "parameters.relapse_days_mean=5",
)


def tiny(*more: str) -> Scenario:
    """Return a town of 400 residents in which everything happens."""
    return load("classroom", *TINY, *more)


def fingerprint_in_another_process(overrides: Sequence[str], seed: int, **environment: str) -> str:
    """Return the fingerprint of a finished run made by a fresh interpreter with more environment variables."""
    program = (
        "import json, sys; sys.path[:0] = json.loads(sys.argv[1])\n"
        "from test_verification import TINY\n"
        "from worlds import fingerprint\n"
        "from sim import TownModel, load\n"
        "model = TownModel(load('classroom', *json.loads(sys.argv[2])), seed=int(sys.argv[3])).run()\n"
        "print(fingerprint(model))"
    )
    here = Path(__file__).parent
    paths = [str(here), str(here / "kit"), str(here.parent)]
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(paths), json.dumps(list(overrides)), str(seed)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_another_process_and_hash_seed_give_the_same_records(hash_seed: str) -> None:
    here = fingerprint(TownModel(tiny(), seed=3).run())
    assert fingerprint_in_another_process(TINY, 3, PYTHONHASHSEED=hash_seed) == here


def test_plain_python_gives_the_same_records_as_compiled_code() -> None:
    short = (*TINY, "calendar.days=12", "people.residents=250", "people.merchants=5")
    here = fingerprint(TownModel(load("classroom", *short), seed=5).run())
    assert fingerprint_in_another_process(short, 5, NUMBA_DISABLE_JIT="1") == here


def test_no_field_hides_behind_an_attribute_of_records() -> None:
    """Plain Python reads ``row.size`` as NumPy's own attribute, compiled code as the field."""
    own = set(dir(np.record))
    for name, dtype in DTYPES.items():
        assert not own & set(dtype.names or ()), name
    assert not own & set(parameter_table())


def test_another_seed_gives_other_records() -> None:
    assert fingerprint(TownModel(tiny(), seed=1).run()) != fingerprint(TownModel(tiny(), seed=2).run())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.floats(0.01, 39.99), seed=st.integers(1, 3))
def test_a_run_cut_anywhere_and_resumed_equals_the_uncut_run(
    tmp_path_factory: pytest.TempPathFactory, cut: float, seed: int
) -> None:
    scenario = tiny()
    path = tmp_path_factory.mktemp("saved") / "state.npz"
    uncut = TownModel(scenario, seed=seed).run()
    model = TownModel(scenario, seed=seed)
    model.run_until(cut)
    model.save(path)
    resumed = TownModel.resume(path).run()
    assert resumed.time == uncut.time
    assert resumed.steps == uncut.steps
    assert fingerprint(resumed) == fingerprint(uncut)


LEVERS = {
    "grid_density": "{name: grid_density, factor: 2.0, from_day: 20}",
    "mediators": "{name: mediators, factor: 3.0, from_day: 20}",
    "patrol_timing": "{name: patrol_timing, profile: demand, from_day: 20}",
}


@pytest.mark.parametrize("lever", LEVERS)
@pytest.mark.parametrize("cut", [10, 20, 30])
def test_a_run_with_a_dated_lever_can_be_cut_before_at_and_after_its_day(tmp_path: Path, lever: str, cut: int) -> None:
    scenario = tiny(f"interventions=[{LEVERS[lever]}]")
    uncut = TownModel(scenario, seed=2).run()
    model = TownModel(scenario, seed=2)
    model.run_until(cut)
    model.save(tmp_path / "state.npz")
    assert fingerprint(TownModel.resume(tmp_path / "state.npz").run()) == fingerprint(uncut)


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_changes_nothing_before_its_day_and_something_after(lever: str) -> None:
    plain, changed = TownModel(tiny(), seed=4), TownModel(tiny(f"interventions=[{LEVERS[lever]}]"), seed=4)
    for model in (plain, changed):
        model.run_until(20 - 1e-6)
    assert fingerprint(plain) == fingerprint(changed)
    assert fingerprint(plain.run()) != fingerprint(changed.run())


@pytest.mark.parametrize(
    "nothing",
    [
        "{name: grid_density, factor: 1.0}",
        "{name: mediators, factor: 1.0, from_day: 10}",
        "{name: patrol_timing, profile: demand, share: 0.0}",
        "{name: grid_density, factor: 3.0, enabled: false}",
    ],
)
def test_a_lever_of_size_zero_changes_nothing_at_all(nothing: str) -> None:
    plain = TownModel(tiny(), seed=7).run()
    assert fingerprint(TownModel(tiny(f"interventions=[{nothing}]"), seed=7).run()) == fingerprint(plain)


def test_a_lever_that_is_switched_off_again_gives_its_staff_back() -> None:
    scenario = tiny("interventions=[{name: grid_density, factor: 2, from_day: 5, until_day: 15}]")
    model = TownModel(scenario, seed=1)
    before = len(model.world.grids)
    model.run_until(10)
    assert len(model.world.grids) == 2 * before
    model.run_until(20)
    assert len(model.world.grids) == before
    assert int(model.world.workers["active"].sum()) == before


SIZES = st.fixed_dictionaries(
    {
        "people.residents": st.integers(150, 900),
        "grid.households_per_grid": st.integers(4, 20),
        "mediation.mediators": st.integers(0, 6),
        "response.units": st.integers(1, 8),
        "response.shift_hours": st.sampled_from([6, 8, 12, 24]),
        "parameters.dispute_rate_per_1000_per_year": st.sampled_from([0, 250, 4000]),
        "parameters.discovery_probability": st.sampled_from([0, 0.3, 1]),
        "parameters.background_calls_per_1000_per_year": st.sampled_from([0, 105, 5000]),
        "parameters.police_referral_probability": st.sampled_from([0, 0.5, 1]),
        "parameters.sessions_most": st.integers(1, 4),
        "interventions": st.sampled_from(["[]", *(f"[{lever}]" for lever in LEVERS.values())]),
    }
)


@settings(max_examples=25, deadline=None)
@given(sizes=SIZES, seed=st.integers(1, 10_000))
def test_the_books_balance_in_every_scenario(sizes: dict[str, object], seed: int) -> None:
    overrides = [*TINY, "people.merchants=0", *(f"{field}={value}" for field, value in sizes.items())]
    model = TownModel(load("classroom", *overrides), seed=seed)
    for day in (13, 26, 40):
        model.run_until(day)
        disputes_balance(model)
        cases_balance(model)
        calls_balance(model)
        units_balance(model)
        series_balance(model)


def disputes_balance(model: TownModel) -> None:
    """Every dispute has one state, ends once at most and after its birth, and is known only after it was born."""
    disputes = used(model.world, "disputes")
    ended = disputes["state"] == State.ENDED
    assert np.isin(disputes["state"], [state.value for state in State]).all()
    assert (np.isfinite(disputes["ended"]) == ended).all()
    assert ((disputes["end_channel"] != Channel.NONE) == ended).all()
    assert (disputes["ended"][ended] >= disputes["born"][ended]).all()
    known = np.isfinite(disputes["found"])
    assert (disputes["found"][known] >= disputes["born"][known]).all()
    assert known.sum() <= len(disputes)
    assert (disputes["stage"] >= 1).all()
    assert (disputes["stage"] <= disputes["peak_stage"]).all()
    assert (disputes["party_a"] != disputes["party_b"]).all()
    assert len(np.unique(disputes["address"])) == len(disputes)
    assert model.world.state[0].bounds_broken == 0
    open_rows = set(np.flatnonzero(~ended).tolist())
    assert listed_disputes(model.world) == open_rows


def listed_disputes(world: World) -> set[int]:
    """Return the disputes found in the households' lists; each list must end."""
    found = set()
    for home, head in enumerate(world.households["first_dispute"].tolist()):
        row, steps = head, 0
        while row != NOBODY:
            found.add(row)
            dispute = world.disputes[row]
            row = int(dispute.next_a if world.residents[dispute.party_a].household == home else dispute.next_b)
            steps += 1
            assert steps <= len(world.disputes)
    return found


def cases_balance(model: TownModel) -> None:
    """The six steps come in order; a dispute in a channel's hands has exactly one open case, any other has none."""
    cases, disputes = used(model.world, "cases"), used(model.world, "disputes")
    for earlier, later in (
        ("reported", "opened"),
        ("opened", "assigned"),
        ("assigned", "acted"),
        ("acted", "fed_back"),
    ):
        both = np.isfinite(cases[earlier]) & np.isfinite(cases[later])
        assert (cases[later][both] >= cases[earlier][both]).all()
    closed = np.isfinite(cases["closed"])
    assert (cases["recorded_settled"][~closed] == 0).all()
    assert (cases["true_settled"] <= cases["recorded_settled"])[closed & (cases["withdrawn"] == 0)].all()
    open_cases = np.bincount(cases["dispute"][~closed], minlength=len(disputes))
    in_hands = np.isin(disputes["state"], [State.IN_GRID, State.IN_MEDIATION])
    assert (open_cases == in_hands).all()
    sessions = used(model.world, "sessions")
    assert (sessions["end"] >= sessions["start"]).all()
    busy = model.world.mediators["session"]
    assert len(np.unique(busy[busy >= 0])) == (busy >= 0).sum()


def calls_balance(model: TownModel) -> None:
    """A call is waiting, under way or answered; its time stamps come in order."""
    calls = used(model.world, "calls")
    steps = ["received", "ready", "dispatched", "departed", "arrived", "cleared"]
    for earlier, later in pairwise(steps):
        both = np.isfinite(calls[later])
        assert np.isfinite(calls[earlier][both]).all()
        assert (calls[later][both] >= calls[earlier][both]).all()
    assert np.isin(calls["answer"], [answer.value for answer in Answer]).all()
    assert (np.isfinite(calls["cleared"]) == (calls["answer"] == Answer.DONE)).all()
    assert int((calls["answer"] == Answer.WAITING).sum()) == int(model.world.state[0].waiting_calls)


def units_balance(model: TownModel) -> None:
    """Every unit's time is accounted for: what it spent in each status adds up to the time that has passed."""
    units = model.world.units
    spent = ledger_at(units, float(model.time))
    assert (spent >= 0.0).all()
    np.testing.assert_allclose(spent.sum(axis=1), float(model.time), rtol=0, atol=1e-9)
    busy = np.isin(units["status"], [Status.TO_SCENE, Status.ON_SCENE])
    assert ((units["call"] != NOBODY) == busy).all()


def series_balance(model: TownModel) -> None:
    """The daily series say the same as the records."""
    series, disputes, calls = model.world.series, used(model.world, "disputes"), used(model.world, "calls")
    cases = used(model.world, "cases")
    assert int(series["true_born"].sum()) == len(disputes)
    assert int(series["true_ended"].sum()) == int((disputes["state"] == State.ENDED).sum())
    assert int(series["recorded_found"].sum()) == int(np.isfinite(disputes["found"]).sum())
    assert int(series["recorded_opened"].sum()) == len(cases)
    assert int(series["recorded_closed"].sum()) == int(np.isfinite(cases["closed"]).sum())
    assert int(series["recorded_settled"].sum()) == int(cases["recorded_settled"].sum())
    assert int(series["calls"].sum()) == len(calls)
    assert int(series["visits"].sum()) == int(model.world.workers["visits"].sum())
    assert int(series["sessions"].sum()) == len(used(model.world, "sessions"))


def test_pairs_with_shared_luck_have_far_less_noise_than_unpaired_runs() -> None:
    option = "interventions=[{name: grid_density, factor: 2.0}]"
    values = {}
    for name, extra in (("base", ()), ("option", (option,))):
        scenario = load("classroom", *extra)
        town = TownModel(scenario, seed=1).town
        runs = [outcomes(records(TownModel(scenario, seed=seed, town=town).run())) for seed in range(1, 17)]
        values[name] = {what: np.array([run[what] for run in runs]) for what in runs[0]}
    for what, at_least in (
        ("true_share_reached_stage_4", 3.0),
        ("dispute_calls", 3.0),
        ("response_minutes_mean", 10.0),
    ):
        base, changed = values["base"][what], values["option"][what]
        paired = np.var(changed - base, ddof=1)
        assert paired > 0, f"{what}: the lever changes nothing, so the test says nothing"
        factor = (np.var(base, ddof=1) + np.var(changed, ddof=1)) / paired
        assert factor > at_least, f"{what}: the variance of a paired difference is only {factor:.1f} times smaller"


def test_a_lever_that_floods_every_office_at_once_stays_within_the_tables() -> None:
    flood = tiny(
        "people.residents=3000",
        "town.communities=20",
        "town.road_nodes=80",
        "grid.households_per_grid=20",
        "mediation.mediators=20",
        "mediation.offices=community",
        "parameters.grid_stage_limit=1",
        "parameters.grid_pass_up_probability=1",
        "parameters.discovery_probability=0.9",
        "interventions=[{name: mediators, factor: 50, from_day: 22.45}]",
    )
    model = TownModel(flood, seed=1).run()
    assert int(model.world.mediators["active"].sum()) == 1000
    disputes_balance(model)
    cases_balance(model)


def test_visits_beside_the_rota_fill_no_table_and_use_no_quota() -> None:
    model = TownModel(tiny(), seed=1)
    model.run_until(10.4)
    worker = model.agents_by_type[GridWorker].to_list()[0]
    before = int(worker.record.visits_today)
    home = model.agents_by_type[Resident].to_list()[0]
    for _ in range(6000):
        worker.visit(home)
    assert int(worker.record.visits_today) == before
    model.run()
    cases_balance(model)


def test_a_lost_event_stops_the_run() -> None:
    model = TownModel(tiny(), seed=1)
    model.world.queue[0].version = 1
    with pytest.raises(RuntimeError, match="1 events found no room"):
        model.run_until(1)


def waiting_cases_that_climbed(gain: float) -> tuple[float, Any]:
    """Return the share of early disputes that climbed while their case waited in vain, and those disputes."""
    quiet = [
        f"parameters.{risk}_per_day={[0.0] * 9}" for risk in ("fall", "fade", "call", "violence", "court", "petition")
    ]
    scenario = load(
        "classroom",
        *TINY,
        *quiet,
        "calendar.days=32",
        "people.residents=4000",
        "town.road_nodes=60",
        "mediation.mediators=0",
        f"parameters.climb_per_day={[0.0] * 3 + [0.02] + [0.0] * 5}",
        f"parameters.report_per_day={[1000.0] * 9}",
        f"parameters.first_stage_share={[0, 0, 0, 1, 0, 0, 0, 0, 0]}",
        f"parameters.climb_gain_per_waiting_week={gain}",
        "parameters.climb_factor_in_case=1",
        "parameters.climb_tension_gain=0",
        f"parameters.climb_category_factor={[1.0] * 15}",
        "parameters.relapse_probability=0",
    )
    disputes = used(TownModel(scenario, seed=1).run().world, "disputes")
    early = disputes[disputes["born"] < 4.0]
    return float((early["peak_stage"] > 4).mean()), early


@pytest.mark.parametrize("gain", [0.0, 0.5, 2.0])
def test_waiting_for_a_mediator_stirs_a_dispute_up(gain: float) -> None:
    climbed, early = waiting_cases_that_climbed(gain)
    weeks = (32.0 - early["born"]) / 7.0
    # The rate is 0.02 a day x (1 + gain x weeks waited): its integral gives the share that has climbed by the end.
    expected = float((1.0 - np.exp(-0.02 * 7.0 * (weeks + gain * weeks**2 / 2.0))).mean())
    error = float(np.sqrt(expected * (1 - expected) / len(early)))
    # Rates are set once a day while a case waits: at most half a day of waiting behind.
    assert abs(climbed - expected) < 3.5 * error + 0.02 * gain


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_more_mediators_never_lengthen_the_mean_wait(seed: int) -> None:
    waits = []
    for factor in (1, 2, 4):
        scenario = tiny(f"interventions=[{{name: mediators, factor: {factor}}}]", "mediation.mediators=1")
        cases = used(TownModel(scenario, seed=seed).run().world, "cases")
        mediated = cases[cases["channel"] != Channel.GRID]
        waits.append(float(np.nanmean(mediated["acted"] - mediated["opened"])))
    assert waits[0] >= waits[1] >= waits[2]


def test_records_of_two_equal_runs_are_equal_tables() -> None:
    first, second = (records(TownModel(tiny(), seed=9).run()) for _ in range(2))
    for name, table in first.tables.items():
        assert table.to_pandas().equals(second.tables[name].to_pandas()), name
