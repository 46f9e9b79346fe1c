"""Morris's figures beside SALib's, and what luck alone does to them."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from SALib.analyze import morris as salib_analysis
from SALib.sample import morris as salib_sample

from sim.study.analysis import AnalysisError, StudyFactor, morris, responses

FACTORS = [StudyFactor("a", 0.0, 1.0), StudyFactor("b", 10.0, 20.0), StudyFactor("c", 1.0, 100.0, scale="log")]
UNIT = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}


def sample(trajectories: int, seed: int = 1) -> list[tuple[float, float, float]]:
    unit = salib_sample.sample(UNIT, trajectories, 4, seed=seed)
    return [(a, 10.0 + 10.0 * b, 100.0**c) for a, b, c in unit]


def truth(a: float, b: float, c: float) -> float:
    return 8.0 * a + (b - 10.0) * a + 0.0 * c


def test_without_noise_they_are_salibs(made_up: Any) -> None:
    points = sample(12)
    study: Any = made_up(points, FACTORS, truth, noise=0.0, shared=5.0, kind="morris")
    table: Any = morris(study, "y").set_index("factor")
    unit = salib_sample.sample(UNIT, 12, 4, seed=1)
    theirs = salib_analysis.analyze(UNIT, unit, responses(study, "y").means(), num_levels=4)
    for row, name in enumerate("abc"):
        assert table.loc[name, "mu"] == pytest.approx(float(theirs["mu"][row]), abs=1e-9)
        assert table.loc[name, "mu_star"] == pytest.approx(float(theirs["mu_star"][row]), abs=1e-9)
        assert table.loc[name, "sigma"] == pytest.approx(float(theirs["sigma"][row]), abs=1e-6)
    assert table.loc["a", "noise"] == pytest.approx(0.0, abs=1e-9)
    assert table.loc["c", "influential"] is np.False_ or not table.loc["c", "influential"]


def test_noise_is_told_from_influence(made_up: Any) -> None:
    false_alarms, found = [], []
    for key in range(30):
        study: Any = made_up(sample(8, key), FACTORS, truth, seeds=8, noise=2.0, key=key, kind="morris")
        table: Any = morris(study, "y", resamples=300).set_index("factor")
        false_alarms.append(bool(table.loc["c", "influential"]))
        found.append(bool(table.loc["a", "influential"]))
    assert np.mean(false_alarms) <= 0.25
    assert np.mean(found) >= 0.95


def test_sigma_has_the_noise_taken_off(made_up: Any) -> None:
    tables: Any = [
        morris(made_up(sample(20, key), FACTORS, truth, seeds=4, noise=3.0, key=key), "y", resamples=50).set_index(
            "factor"
        )
        for key in range(20)
    ]
    assert np.mean([one.loc["c", "sigma_seen"] for one in tables]) > 2.0
    squared = np.mean([one.loc["c", "sigma"] ** 2 for one in tables])
    assert squared < 0.4 * np.mean([one.loc["c", "sigma_seen"] ** 2 for one in tables])


def test_steps_lost_to_rounding_are_left_out(made_up: Any) -> None:
    whole = [StudyFactor("a", 0.0, 1.0), StudyFactor("n", 1, 2, whole=True)]
    unit = salib_sample.sample({"num_vars": 2, "names": ["a", "n"], "bounds": [[0, 1]] * 2}, 10, 4, seed=2)
    points = [(a, float(round(1 + n))) for a, n in unit]
    table: Any = morris(made_up(points, whole, lambda a, n: a + n, noise=0.0, shared=0.0), "y").set_index("factor")
    assert table.loc["n", "mu"] == pytest.approx(1.0)
    assert table.loc["n", "trajectories"] <= 10


def test_seeds_that_few_trajectories_have_drop_no_others(made_up: Any) -> None:
    """Points with more replications than the rest, as a precision asks for, leave the figures of the shared seeds."""
    points = sample(6)
    study: Any = made_up(points, FACTORS, truth, seeds=4)
    frame = study.frame
    # Four points of the first trajectory have two seeds more than all others, and one run of the second failed.
    more = dataclasses.replace(study, frame=frame[(frame["seed"] <= 2) | (frame["point"] < 4)])
    table: Any = morris(more, "y")
    assert table["trajectories"].tolist() == [6] * 3
    assert table["replications"].tolist() == [2] * 3
    gap = dataclasses.replace(more, frame=more.frame[(more.frame["seed"] != 1) | (more.frame["point"] != 5)])
    table = morris(gap, "y")
    assert sorted(table["trajectories"]) == [5, 5, 6]  # two of its steps end at that point
    with pytest.raises(AnalysisError, match="not defined along most"):
        morris(dataclasses.replace(study, frame=frame.assign(y=frame["y"].where(frame["point"] < 8))), "y")


def test_one_seed_cannot_tell(made_up: Any) -> None:
    table: Any = morris(made_up(sample(6), FACTORS, truth, seeds=1), "y")
    assert table["influential"].tolist() == [None] * 3
    assert table["floor"].isna().all()


def test_what_is_no_sample_is_refused(made_up: Any) -> None:
    points = sample(4)
    with pytest.raises(AnalysisError, match="read whole"):
        morris(made_up(points[:-1], FACTORS, truth), "y")
    with pytest.raises(AnalysisError, match="more than one factor"):
        morris(made_up([points[0], points[9], *points[2:]], FACTORS, truth), "y")
