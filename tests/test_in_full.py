"""All parts of disputes, grids, mediation, triage and books at once: balanced, saved, and nothing at size zero."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from balance import check_books, check_lists
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from in_full import BOOKS, DISPUTES, GRID, MEDIATION, PARTS, SHORT, TRIAGE
from worlds import fingerprint

from sim.codes import Channel
from sim.model import TownModel

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]

ROOT = Path(__file__).resolve().parents[1]
CALM = {name: value for name, value in PARTS.items() if name in ("calendar", "people", "town")}
SIZE_ZERO: list[tuple[str, dict[str, Any]]] = [
    ("grid_density", {"factor": 1.0}),
    ("grid_layout", {"layout": "sectors", "townships_share": 0.0}),
    ("grid_rounds", {"rounds": "random", "townships_share": 0.0}),
    ("grid_hours", {"activity_factor": 1.0}),
    ("micro_grids", {"hear_per_day": 0.0}),
    ("whistle", {"at_once_per_township": 0}),
    ("case_list", {"after_days": 2.0, "townships_share": 0.0}),
    ("grid_campaign", {"share": 0.0, "weekdays": ["mon"]}),
    ("seconded_staff", {"staff": 0, "visits_per_day": 5.0, "weekdays": ["mon"]}),
    ("mediators", {"factor": 1.0}),
    ("hand_over", {"delay_days": 0.0, "loss": 0.0}),
    ("mediation_practice", {"pass_up_share": 0.0, "petition_share": 0.0}),
    ("colour_grading", {"grading": TRIAGE["grading"], "enabled": False}),
    ("three_affairs", {"enabled": False}),
    ("recording_target", {"target": {"kind": "settlement_rate", "size": 0.0}}),
    ("patrol_surge", {"factor": 1.0, "dates": ["2023-01-10"]}),
]
PLAIN_RUN = (
    "import sys; sys.path[:0] = sys.argv[1:]; import conftest, in_full, worlds; from sim.model import TownModel\n"
    "parts = in_full.SHORT | {'parameters': conftest.BUSY | in_full.SHORT['parameters']}\n"
    "scenario = conftest.scenario_of(**parts)\n"
    "print(worlds.fingerprint(TownModel(scenario, seed=1, town=conftest.town_for(scenario.town)).run()))"
)


def differing(one: TownModel, other: TownModel) -> list[str]:
    """Return the names of the tables in which two worlds differ."""
    return [
        name for name, table in one.world._asdict().items() if getattr(other.world, name).tobytes() != table.tobytes()
    ]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chosen=st.fixed_dictionaries(
        {},
        optional={
            "disputes": st.just(DISPUTES),
            "grid": st.just(GRID),
            "mediation": st.just(MEDIATION),
            "triage": st.just(TRIAGE),
            "books": st.just(BOOKS),
        },
    ),
    seed=st.integers(1, 10_000),
    relapse=st.sampled_from([0.0, 0.5, 1.0]),
    moments=st.sets(st.floats(0.1, 20.0), min_size=1, max_size=4),
)
def test_books_balance_at_every_moment_of_random_scenarios(
    tiny_model: Maker, rows: Rows, chosen: dict[str, Any], seed: int, relapse: float, moments: set[float]
) -> None:
    parameters = PARTS["parameters"] | {"relapse_probability": relapse, "relapse_days_mean": 2.0}
    if not chosen.get("disputes"):
        parameters = {name: value for name, value in parameters.items() if not name.startswith("collective_")}
    plain = {name: PARTS[name] for name in ("town", "people")} | {"calendar": {**PARTS["calendar"], "days": 20}}
    model = tiny_model(seed, **plain, **chosen, parameters=parameters)
    for moment in sorted({*moments, 20.0}):
        model.run_until(moment)
        check_books(model.world, rows(model, "disputes"), rows(model, "cases"))
        check_lists(model.world, rows(model, "disputes"))
        check_ends(rows(model, "disputes"), rows(model, "cases"))


def check_ends(disputes: Any, cases: Any) -> None:
    """Compare where disputes ended with the cases that settled them or on which the court ruled."""
    ended_by = {channel: int((disputes["end_channel"] == channel).sum()) for channel in Channel}
    handled = (cases["true_settled"] == 1) & (cases["withdrawn"] == 0)
    for channel in (Channel.GRID, Channel.COMMUNITY, Channel.TOWNSHIP, Channel.COUNTY, Channel.CITY):
        assert ended_by[channel] == (handled & (cases["channel"] == channel)).sum(), channel.name


@pytest.mark.parametrize("moment", [3.21, 12.3, 20.0])
def test_a_run_with_everything_is_saved_and_goes_on_as_unbroken(
    tiny_model: Maker, whole: TownModel, tmp_path: Path, moment: float
) -> None:
    model = tiny_model(1, **PARTS)
    model.run_until(moment)
    model.save(tmp_path / "state.npz")
    assert fingerprint(TownModel.resume(tmp_path / "state.npz").run()) == fingerprint(whole)


@pytest.fixture(scope="module")
def whole(tiny_model: Maker) -> TownModel:
    """The finished run with everything."""
    return tiny_model(1, **PARTS).run()


def test_everything_that_is_switched_on_happens(whole: TownModel, rows: Rows) -> None:
    disputes, cases = rows(whole, "disputes"), rows(whole, "cases")
    assert set(cases["channel"].tolist()) >= {
        Channel.GRID,
        Channel.COMMUNITY,
        Channel.TOWNSHIP,
        Channel.CITY,
        Channel.COURT,
    }
    for column in ("closed_early", "lost", "passed_up", "withdrawn", "true_settled", "recorded_settled"):
        assert cases[column].sum() > 0, column
    for column in ("advised", "not_booked", "violence", "settled", "calls", "visits_missed", "colour", "affair"):
        assert disputes[column].sum() > 0, column


def test_without_compilation_the_run_is_the_same(tiny_model: Maker) -> None:
    compiled = tiny_model(1, **SHORT).run()
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    paths = [str(ROOT / "tests" / "kit"), str(ROOT / "tests")]
    done = subprocess.run(
        [sys.executable, "-c", PLAIN_RUN, *paths], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[-1] == fingerprint(compiled)


@pytest.mark.parametrize("lever", SIZE_ZERO, ids=lambda one: one[0])
def test_a_lever_of_size_zero_changes_nothing(tiny_model: Maker, plain: TownModel, lever: Any) -> None:
    assert differing(plain, tiny_model(1, **CALM, levers=[lever]).run()) == []


@pytest.fixture(scope="module")
def plain(tiny_model: Maker) -> TownModel:
    """The finished run of the same town with no part switched on."""
    return tiny_model(
        1, **{name: value for name, value in PARTS.items() if name in ("calendar", "people", "town")}
    ).run()
