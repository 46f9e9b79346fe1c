"""A town as a function, and its factors as other programs sample them."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from SALib.sample import latin
from SALib.sample import sobol as sobol_sample

from sim import load
from sim.study import ema_model, run_one, salib_problem
from sim.study.bridges import town_function
from sim.study.experiment import ExperimentError

TINY = """\
name: tiny
calendar: {days: 12}
town: {kind: synthetic, area_km2: 0.5, townships: 1, communities: 2, road_nodes: 40}
people: {residents: 400}
grid: {grids: 4}
mediation: {mediators: 2}
response: {units: 3}
parameters: {dispute_rate_per_1000_per_year: 3000}
"""
FACTORS: list[dict[str, Any]] = [
    {"name": "mediators", "field": "mediation.mediators", "low": 1, "high": 6, "whole": True},
    {
        "name": "rate",
        "field": "parameters.dispute_rate_per_1000_per_year",
        "low": 300,
        "high": 6000,
        "scale": "log",
    },
    {"name": "rounds", "field": "grid.rounds", "levels": ["rota", "random"]},
]
OUTCOMES = ("true_disputes_per_1000", "visits_per_household")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("bridges") / "tiny.yaml"
    file.write_text(TINY, encoding="utf-8")
    return str(file)


def test_a_town_is_a_function(tiny: str) -> None:
    town = pickle.loads(pickle.dumps(town_function(tiny, FACTORS, OUTCOMES, (1, 2))))
    found = town(mediators=np.int64(3), rate=np.float64(900.0), rounds="random")
    changed = ["mediation.mediators=3", "parameters.dispute_rate_per_1000_per_year=900", "grid.rounds=random"]
    scenario = load(Path(tiny), *changed)
    runs = [run_one(scenario, seed).outcomes for seed in (1, 2)]
    assert found == {id_: np.mean([run[id_] for run in runs]) for id_ in OUTCOMES}


def test_salib_samples_and_evaluates(tiny: str) -> None:
    problem, evaluate = salib_problem(tiny, FACTORS, OUTCOMES)
    assert problem["names"] == ["mediators", "rate", "rounds"]
    assert problem["bounds"] == [[0.501, 6.499], [0.0, 1.0], [0.0, 1.0]]
    values = evaluate(latin.sample(problem, 4, seed=1))
    assert values.shape == (4, 2)
    assert np.isfinite(values).all()
    town = town_function(tiny, FACTORS, OUTCOMES, (1,))
    assert town.at([2.4, 0.0, 0.9]) == {"mediators": 2, "rate": pytest.approx(300.0), "rounds": "random"}
    assert town.at([6.499, 1.0, 0.49]) == {"mediators": 6, "rate": pytest.approx(6000.0), "rounds": "rota"}


def test_one_outcome_is_a_vector(tiny: str) -> None:
    problem, evaluate = salib_problem(tiny, FACTORS[1:2], OUTCOMES[:1])
    sample = sobol_sample.sample(problem, 2, calc_second_order=False, seed=1)
    assert evaluate(sample).shape == (len(sample),)


@pytest.mark.filterwarnings("ignore")
def test_ema_workbench_runs_it(tiny: str) -> None:
    from ema_workbench import perform_experiments

    model = ema_model(tiny, FACTORS, OUTCOMES, levers=["mediators"])
    assert [one.name for one in model.levers] == ["mediators"]
    table, outcomes = perform_experiments(model, 2, 2)
    assert len(table) == 4
    assert set(table["rounds"].astype(str)) <= {"rota", "random"}
    assert table["rate"].between(300, 6000).all()
    assert np.isfinite(outcomes["true_disputes_per_1000"]).all()


def test_mistakes_are_told_at_once(tiny: str) -> None:
    with pytest.raises(ExperimentError, match="mediatorz"):
        salib_problem(tiny, [{"name": "m", "field": "mediation.mediatorz", "low": 1, "high": 2}], OUTCOMES)
    with pytest.raises(ExperimentError, match="no_outcome"):
        ema_model(tiny, FACTORS, ["no_outcome"])
