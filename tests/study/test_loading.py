"""Experiments as frames."""

from pathlib import Path

import pandas as pd
import pytest
from made_up_runs import name_of, record_of

from sim.outcomes import StoreError
from sim.study import Store, UnknownExperimentError, load, study_of

FACTORS = [
    {"name": "calls", "field": "grid.grids", "levels": [4, 8]},
    {"name": "mode", "field": "response.mode", "levels": {"still": 1, "round": 2}},
    {"name": "rate", "field": "parameters.x", "low": 1.0, "high": 10.0, "whole": True, "scale": "log"},
]
POINTS = pd.DataFrame({"point": [0, 1], "calls": [4, 8], "mode": ["still", "round"], "rate": [1, 10]})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(str(tmp_path / "store"))
    made.prepare()
    about = {
        "title": "Three factors",
        "factors": FACTORS,
        "design": {"kind": "factorial"},
        "outcomes": ["queued_share"],
        "base_point": 1,
    }
    folder = made.experiments.begin("three", "0" * 10, about, POINTS)
    made.experiments.plan(folder, [(n % 2, n // 2, 1 + n // 2, name_of(n)) for n in range(4)])
    for number in range(3):
        made.write(name_of(number), record_of(number))
    return made


def test_a_factor_called_like_an_outcome_keeps_its_column(store: Store) -> None:
    frame = load(store, "three")
    assert frame.columns.tolist() == [
        *("experiment", "point", "replication", "seed", "run", "calls", "mode", "rate", "queued_share")
    ]
    assert frame["calls"].tolist() == [4, 4, 8]
    with store.connect() as connection:
        row = connection.sql("select factor_calls, calls from results order by point, replication").fetchall()
    assert row == [(4, 0.0), (4, 2.0), (8, 1.0)]


def test_all_experiments_stand_in_one_frame(store: Store) -> None:
    other = store.experiments.begin("other", "1" * 10, {}, pd.DataFrame({"point": [0], "share": [0.5]}))
    store.experiments.plan(other, [(0, 0, 1, name_of(0))])
    frame = load(store)
    assert frame["experiment"].tolist() == ["other-11111111", *["three-00000000"] * 3]
    assert frame.columns.tolist().index("share") < frame.columns.tolist().index("queued_share")


def test_an_experiment_without_finished_runs_is_an_empty_frame(store: Store) -> None:
    store.experiments.begin("other", "1" * 10, {}, pd.DataFrame({"point": [0], "share": [0.5]}))
    assert len(load(store, "other")) == 0
    assert "share" in load(store, "other").columns


def test_a_study_is_what_analyses_take(store: Store) -> None:
    study = study_of(store.address, "three")
    assert (study.name, study.title, study.base_point) == ("three", "Three factors", 1)
    assert study.design == {"kind": "factorial"}
    assert study.outcomes == ["queued_share"]
    calls, mode, rate = study.factors
    assert (calls.levels, calls.low, calls.scale) == ([4, 8], None, "linear")
    assert mode.levels == ["still", "round"]
    assert (rate.low, rate.high, rate.whole, rate.scale, rate.levels) == (1.0, 10.0, True, "log", None)
    assert study.frame.equals(load(store, "three"))


def test_what_is_not_there_is_said(tmp_path: Path, store: Store) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        load(str(tmp_path / "nowhere"))
    with pytest.raises(UnknownExperimentError, match="no experiment 'four'; there: three-00000000"):
        study_of(store, "four")


def test_an_empty_store_gives_an_empty_frame(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "empty"))
    store.prepare()
    assert load(store).columns.tolist() == ["experiment", "point", "replication", "seed", "run"]
