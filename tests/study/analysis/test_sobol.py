"""Sobol indices of functions whose indices are known, under noise and without."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from SALib.analyze import sobol as salib_analysis
from SALib.sample import sobol as salib_sample
from SALib.test_functions import Ishigami, Sobol_G

from sim.study.analysis import AnalysisError, StudyFactor, responses, sobol

PI = math.pi
ISHIGAMI = [StudyFactor(name, -PI, PI) for name in "abc"]
# Of Ishigami and Homma (1990) with a = 7, b = 0.1.
FIRST, TOTAL, VARIANCE = [0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437], 13.8446


def sample(factors: list[StudyFactor], n: int, second: bool) -> np.ndarray[Any, Any]:
    bounds = [[factor.low, factor.high] for factor in factors]
    problem = {"num_vars": len(factors), "names": [factor.name for factor in factors], "bounds": bounds}
    return np.asarray(salib_sample.sample(problem, n, calc_second_order=second, seed=7))


def ishigami(*values: float) -> float:
    return float(Ishigami.evaluate(np.array([values]))[0])


def g_function(*values: float) -> float:
    return float(Sobol_G.evaluate(np.array([values]), a=np.array([0.0, 1.0, 4.5, 9.0]))[0])


def test_ishigami_under_noise(made_up: Any) -> None:
    points = sample(ISHIGAMI, 1024, second=False)
    study: Any = made_up(points, ISHIGAMI, ishigami, seeds=4, noise=6.0, kind="saltelli", second_order=False)
    found: Any = sobol(study, "y", resamples=100)
    table: Any = found.factors.set_index("factor")
    for row, name in enumerate("abc"):
        assert table.loc[name, "first"] == pytest.approx(FIRST[row], abs=0.08)
        assert table.loc[name, "total"] == pytest.approx(TOTAL[row], abs=0.08)
        assert table.loc[name, "total_low"] <= TOTAL[row] <= table.loc[name, "total_high"]
    # Left in, the noise would be taken for interaction.
    assert table.loc["b", "total_seen"] > TOTAL[1] + 0.1
    assert found.variance == pytest.approx(VARIANCE, rel=0.15)
    # Luck that all points share belongs to single runs, but not to the differences between points.
    luck = np.var(np.diff(responses(study, "y").values, axis=1)) / 2.0
    assert found.noise_variance == pytest.approx(36.0 + float(np.var(shared_luck(study), ddof=1)), rel=0.1)
    assert luck > 30.0
    assert found.noise_share == pytest.approx(found.noise_variance / (found.noise_variance + found.variance))
    assert found.noise_share_of_mean == pytest.approx(9.0 / (9.0 + VARIANCE), abs=0.06)


def shared_luck(study: Any) -> Any:
    return responses(study, "y").values.mean(axis=0)


def test_g_function_under_noise(made_up: Any) -> None:
    factors = [StudyFactor(name, 0.0, 1.0) for name in "wxyz"]
    study: Any = made_up(
        sample(factors, 1024, second=False),
        factors,
        g_function,
        seeds=3,
        noise=0.4,
        kind="saltelli",
        second_order=False,
    )
    parts = np.array([1.0 / (3.0 * (1.0 + a) ** 2) for a in (0.0, 1.0, 4.5, 9.0)])
    variance = float(np.prod(1.0 + parts) - 1.0)
    totals = parts * np.prod(1.0 + parts) / (1.0 + parts) / variance
    table: Any = sobol(study, "y", resamples=60).factors.set_index("factor")
    for name, first, total in zip("wxyz", parts / variance, totals, strict=True):
        assert table.loc[name, "first"] == pytest.approx(first, abs=0.1)
        assert table.loc[name, "total"] == pytest.approx(total, abs=0.1)
    assert table.loc["z", "total_seen"] > table.loc["z", "total"]


def test_without_noise_they_are_salibs(made_up: Any) -> None:
    study: Any = made_up(
        sample(ISHIGAMI, 256, second=True), ISHIGAMI, ishigami, seeds=1, noise=0.0, shared=0.0, second_order=True
    )
    found: Any = sobol(study, "y", resamples=50)
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[-PI, PI]] * 3}
    theirs = salib_analysis.analyze(problem, responses(study, "y").means(), seed=1)
    table: Any = found.factors.set_index("factor")
    for row, name in enumerate("abc"):
        assert table.loc[name, "total"] == pytest.approx(float(theirs["ST"][row]), rel=1e-6)
        assert table.loc[name, "first"] == pytest.approx(float(theirs["S1"][row]), abs=0.01)
    pairs: Any = found.pairs.set_index(["first_factor", "second_factor"])["index"]
    assert pairs["a", "c"] == pytest.approx(float(theirs["S2"][0, 2]), abs=0.02)
    assert math.isnan(found.noise_variance)
    assert math.isnan(found.noise_share)


def test_pairs_have_the_noise_taken_off(made_up: Any) -> None:
    study: Any = made_up(
        sample(ISHIGAMI, 512, second=True), ISHIGAMI, ishigami, seeds=4, noise=3.0, kind="saltelli", second_order=True
    )
    pairs: Any = sobol(study, "y", resamples=60).pairs.set_index(["first_factor", "second_factor"])
    assert pairs.loc[("a", "c"), "low"] <= 0.2437 <= pairs.loc[("a", "c"), "high"]
    assert pairs.loc[("a", "b"), "low"] <= 0.0 <= pairs.loc[("a", "b"), "high"]


def test_missing_runs_cost_their_blocks_only(made_up: Any) -> None:
    study: Any = made_up(sample(ISHIGAMI, 64, second=False), ISHIGAMI, ishigami, seeds=2, kind="saltelli")
    holed = type(study)(study.frame.drop(index=12), study.factors, study.design, ["y"], "made-up")
    found: Any = sobol(holed, "y", resamples=20)
    assert (found.blocks, found.dropped) == (63, 1)
    cut = type(study)(study.frame[study.frame["point"] < 11], study.factors, study.design, ["y"], "made-up")
    with pytest.raises(AnalysisError, match="no whole Saltelli sample"):
        sobol(cut, "y")


def test_nothing_to_share_out(made_up: Any) -> None:
    flat = made_up(sample(ISHIGAMI, 16, second=False), ISHIGAMI, lambda *_: 3.0, noise=0.0, shared=0.0)
    with pytest.raises(AnalysisError, match="the same at all points"):
        sobol(flat, "y")
