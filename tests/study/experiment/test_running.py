"""Experiments run into a store for real: by design, by precision, and on from where they stand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from made_up_runs import record_of

from sim.study.experiment import Experiment, Rounds, design_points, run_experiment
from sim.study.experiment.running import finished_frame
from sim.study.loading import load, study_of
from sim.study.store import Store, run_id

Made = Callable[..., Experiment]
ID = "tension_mean"
BUSY = {"calendar.days": 10, "parameters.dispute_rate_per_1000_per_year": 3000}


def test_rounds_ask_until_the_precision_is_reached(made: Made) -> None:
    plan = made(precision={"outcomes": {ID: 1.0}, "at_least": 4, "at_most": 9})
    points = design_points(plan)
    noisy = [0.0, 30.0, -30.0, 60.0, -60.0, 5.0, 7.0, 9.0, -9.0]

    def frame() -> pd.DataFrame:
        count = max(rounds.asked.values())
        rows = [(point, row, noisy[row] * point) for point in (0, 1) for row in range(count)]
        return pd.DataFrame(rows, columns=["point", "replication", ID])

    rounds = Rounds(plan, points, frame)
    asked = [(job.point, job.replication) for job in rounds.first()]
    assert len(asked) == 8
    while more := rounds.further():
        asked += [(job.point, job.replication) for job in more]
    assert sorted(asked) == [(point, row) for point in (0, 1) for row in range(9)]
    assert rounds.asked == {0: 9, 1: 9}


def test_replications_by_number_have_no_further_round(made: Made) -> None:
    plan = made()
    rounds = Rounds(plan, design_points(plan), pd.DataFrame)
    assert len(list(rounds.first())) == 4
    assert rounds.further() == []


def test_a_store_without_finished_runs_has_no_outcome_yet(made: Made, tmp_path: Path) -> None:
    plan = made(precision={"outcomes": {ID: 1.0}, "at_least": 2, "at_most": 4})
    points = design_points(plan)
    store = Store(str(tmp_path / "store"))
    store.prepare()
    frame = finished_frame(store, plan, points, {0: 2, 1: 2})
    assert (len(frame), frame.columns.tolist()) == (0, ["point", "replication", ID])
    store.write(run_id(points[0].scenario, plan.seed), record_of(1))  # of which that outcome is not known
    frame = finished_frame(store, plan, points, {0: 2, 1: 2})
    assert frame[["point", "replication"]].to_numpy().tolist() == [[0, 0]]
    assert frame[ID].isna().all()
    rounds = Rounds(plan, points, lambda: finished_frame(store, plan, points, rounds.asked))
    asked = len(list(rounds.first()))
    while more := rounds.further():
        asked += len(more)
    assert asked == 8  # what fails is asked for up to the most


def test_an_experiment_runs_into_a_store_and_is_not_run_twice(made: Made, tmp_path: Path) -> None:
    rows = [{"density": 4}, {"density": 8}, {"density": 4}]
    plan = made(
        name="twice",
        factors=[{"name": "density", "field": "grid.grids"}],
        design={"kind": "table", "rows": rows},
        set=BUSY,
        precision={"outcomes": {ID: 1e-12}, "at_least": 2, "at_most": 4},
        outcomes=[ID],
    )
    store = str(tmp_path / "store")
    steps: list[Any] = []
    ending = run_experiment(plan, store, workers=1, progress=steps.append)
    assert (ending.failed, ending.skipped, ending.stopped) == ([], 0, False)
    assert ending.finished == 8  # two different scenarios, four seeds each
    frame = load(store, "twice")
    # The third point is the base again, so nothing more is asked of it than at first.
    assert frame.groupby("point").size().to_dict() == {0: 4, 1: 4, 2: 2}
    assert frame.query("point == 0 and replication < 2")["run"].tolist() == frame.query("point == 2")["run"].tolist()
    assert sorted(set(frame["seed"])) == [1, 2, 3, 4]
    assert steps[-1].done == steps[-1].total == 8
    again = run_experiment(plan, store, workers=1)
    assert (again.finished, again.skipped) == (0, 8)
    study = study_of(store, "twice")
    assert study.base_point == 0
    assert study.outcomes == [ID]
    assert [factor.name for factor in study.factors] == ["density"]
    assert study.design["kind"] == "table"
    assert len(Store(store).finished()) == 8
