"""A run that goes on from a shared warm-up is the unbranched run to the last byte."""

import fcntl
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hamlets import hamlet

from sim.build import town_of
from sim.model import TownModel
from sim.outcomes import records
from sim.scenario import Scenario
from sim.study.runner.branching import MOST_BYTES, branched_run, make_room, warm_up_file, warm_up_key

DAY = 3
LATE: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "nothing": [],
    "grids": [("grid_density", {"factor": 2.0, "from_day": DAY})],
    "grids-later": [("grid_density", {"factor": 0.5, "from_day": DAY + 1.5})],
    "mediators": [("mediators", {"factor": 2.0, "from_day": DAY, "until_day": DAY + 2})],
    "mode": [("patrol_mode", {"mode": "beat", "from_day": DAY})],
    "spots": [("patrol_mode", {"mode": "hot_spots", "from_day": DAY})],
    "surge": [("patrol_surge", {"factor": 2.0, "from_day": DAY + 1})],
    "risk": [("grid_rounds", {"rounds": "risk_first", "from_day": DAY})],
    "seconded": [("seconded_staff", {"staff": 3, "visits_per_day": 5.0, "from_day": DAY})],
    "early-too": [("mediators", {"factor": 2.0, "from_day": 1}), ("grid_density", {"factor": 2.0, "from_day": DAY})],
}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.study.runner.branching.cache_home", lambda: tmp_path)


def same_records(one: TownModel, other: TownModel) -> None:
    mine, theirs = records(one).tables, records(other).tables
    assert mine.keys() == theirs.keys()
    for name, table in mine.items():
        pd.testing.assert_frame_equal(table.to_pandas(), theirs[name].to_pandas(), check_exact=True, obj=name)


@pytest.mark.parametrize("levers", LATE.values(), ids=LATE.keys())
def test_a_branched_run_is_the_unbranched_one(levers: list[tuple[str, dict[str, Any]]]) -> None:
    scenario = hamlet(levers)
    town = town_of(scenario)
    whole = TownModel(scenario, seed=5, town=town).run()
    first = branched_run(scenario, 5, DAY, town)  # makes the warm-up
    assert warm_up_file(scenario, 5, DAY).exists()
    second = branched_run(scenario, 5, DAY, town)  # goes on from it
    assert second.town is town
    same_records(whole, first)
    same_records(whole, second)


def test_options_of_other_sizes_share_a_warm_up_and_stay_themselves() -> None:
    def option(factor: float, from_day: float = DAY) -> Scenario:
        return hamlet([("mediators", {"factor": factor, "from_day": from_day})])

    town = town_of(option(2.0))
    branched_run(option(2.0), 5, DAY, town)
    made = warm_up_file(option(2.0), 5, DAY)
    stamp = made.stat().st_ino
    for other in (option(4.0), option(0.5), option(3.0, DAY + 1)):
        assert warm_up_file(other, 5, DAY) == made
        same_records(TownModel(other, seed=5, town=town).run(), branched_run(other, 5, DAY, town))
    assert made.stat().st_ino == stamp


def test_what_acts_before_or_lays_out_other_tables_has_a_warm_up_of_its_own() -> None:
    keys = {warm_up_key(hamlet(levers), DAY) for levers in LATE.values()}
    assert len(keys) == len(LATE) - 1  # the two kinds of grid density share theirs
    assert warm_up_key(hamlet(), DAY) != warm_up_key(hamlet(), DAY + 1)
    assert warm_up_key(hamlet(), DAY) != warm_up_key(hamlet(people={"residents": 301}), DAY)
    assert warm_up_key(hamlet(name="other"), DAY) == warm_up_key(hamlet(), DAY)


def test_a_damaged_warm_up_is_no_loss() -> None:
    scenario = hamlet()
    town = town_of(scenario)
    path = warm_up_file(scenario, 5, DAY)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no state")
    same_records(TownModel(scenario, seed=5, town=town).run(), branched_run(scenario, 5, DAY, town))


def test_others_do_not_wait_for_the_days_after_a_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = hamlet()
    whole = TownModel.run
    lock = warm_up_file(scenario, 5, DAY).with_suffix(".lock")

    def run(self: TownModel) -> TownModel:
        with lock.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # BlockingIOError where somebody holds it
        return whole(self)

    monkeypatch.setattr(TownModel, "run", run)
    for _ in range(2):
        assert branched_run(scenario, 5, DAY, town_of(scenario)).time == scenario.calendar.days


def test_what_goes_wrong_after_a_warm_up_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = hamlet()
    runs: list[TownModel] = []

    def fails(self: TownModel) -> TownModel:
        runs.append(self)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(TownModel, "run", fails)
    with pytest.raises(OSError, match="No space"):
        branched_run(scenario, 5, DAY, town_of(scenario))
    assert len(runs) == 1  # and not once more from the start


def test_a_day_outside_the_run_branches_nothing() -> None:
    scenario = hamlet()
    assert branched_run(scenario, 5, 6, town_of(scenario)).time == 6
    assert not warm_up_file(scenario, 5, 6).exists()


def test_the_oldest_warm_ups_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_BYTES > 10**9
    monkeypatch.setattr("sim.study.runner.branching.MOST_BYTES", 25)
    import os

    for age, name in enumerate(("new", "middle", "old")):
        (tmp_path / f"{name}.npz").write_bytes(b"x" * 10)
        os.utime(tmp_path / f"{name}.npz", (1000 - age, 1000 - age))
    make_room(tmp_path)
    assert sorted(path.stem for path in tmp_path.glob("*.npz")) == ["middle", "new"]
