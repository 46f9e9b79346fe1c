"""Response surfaces that fit, that do not, and that say so."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import qmc

from sim.study.analysis import AnalysisError, StudyFactor, response_surface

X, Y = StudyFactor("x", 0.0, 1.0), StudyFactor("y2", 10.0, 20.0)


def points(count: int) -> list[tuple[float, float]]:
    return [(a, 10.0 + 10.0 * b) for a, b in qmc.LatinHypercube(2, rng=3).random(count)]


def bowl(x: float, y: float) -> float:
    return 4.0 * (x - 0.5) ** 2 + (y - 10.0) * x


def test_a_bowl_is_found(made_up: Any) -> None:
    surface: Any = response_surface(made_up(points(40), [X, Y], bowl, seeds=3, noise=0.3), "y", "quadratic")
    assert surface.fits
    assert surface.explained_of_signal > 0.95
    assert surface.noise == pytest.approx(0.3 / math.sqrt(3), rel=0.4)
    table: Any = pd.DataFrame({"x": [0.2, 0.9], "y2": [12.0, 18.0]})
    truth = np.array([bowl(0.2, 12.0), bowl(0.9, 18.0)])
    guess: Any = surface.predict(table)["mean"].to_numpy()
    assert guess[1] - guess[0] == pytest.approx(truth[1] - truth[0], abs=0.5)


def test_a_wave_needs_a_gaussian_process(made_up: Any) -> None:
    study: Any = made_up(
        points(60), [X, Y], lambda x, y: 5.0 * math.sin(9.0 * x) + 0.1 * y, seeds=2, noise=0.2, shared=0.0
    )
    surface: Any = response_surface(study, "y")
    assert surface.method == "gaussian process"
    assert surface.fits
    assert surface.candidates["quadratic"] > 3.0 * surface.candidates["gaussian process"]
    doubt = surface.predict(pd.DataFrame({"x": [0.5], "y2": [15.0]}))["deviation"].iloc[0]
    assert 0.0 < doubt < 1.5


def test_noise_alone_does_not_fit(made_up: Any) -> None:
    surface: Any = response_surface(made_up(points(40), [X, Y], lambda *_: 0.0, seeds=3), "y", "quadratic")
    assert not surface.fits
    assert "no more than luck" in surface.verdict


def test_what_cannot_be_learnt_does_not_fit(made_up: Any) -> None:
    def rough(x: float, y: float) -> float:
        return 10.0 * math.sin(90.0 * x) * math.cos(40.0 * y)

    surface: Any = response_surface(made_up(points(30), [X, Y], rough, seeds=3, noise=0.1), "y", "quadratic")
    assert not surface.fits
    assert "at points left out" in surface.verdict


def test_levels_without_order(made_up: Any) -> None:
    rounds = StudyFactor("rounds", levels=["rota", "random", "risk"])
    places = [(a, ("rota", "random", "risk")[row % 3]) for row, (a, _) in enumerate(points(45))]
    truth = {"rota": 0.0, "random": 5.0, "risk": -5.0}
    study: Any = made_up(places, [X, rounds], lambda x, kind: 3.0 * x + truth[kind], noise=0.2, shared=0.0)
    surface: Any = response_surface(study, "y", "quadratic")
    guess: Any = surface.predict(pd.DataFrame({"x": [0.5, 0.5], "rounds": ["random", "risk"]}))["mean"]
    assert guess.iloc[0] - guess.iloc[1] == pytest.approx(10.0, abs=0.5)


def test_too_little_is_refused(made_up: Any) -> None:
    with pytest.raises(AnalysisError, match="at least 8"):
        response_surface(made_up(points(5), [X, Y], bowl), "y")
    with pytest.raises(AnalysisError, match="the same at all points"):
        response_surface(made_up(points(12), [X, Y], lambda *_: 1.0, noise=0.0, shared=0.0), "y")
