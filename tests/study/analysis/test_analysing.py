"""Every kind of design has its tables; what cannot be made is noted and the rest is there."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import pytest
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample

from sim.study.analysis import Analysis, AnalysisError, Note, Study, StudyFactor, analyse, factors_changed

A, B = StudyFactor("a", levels=[1, 2, 3]), StudyFactor("b", levels=[0, 1])
RANGES = [StudyFactor("a", 0.0, 1.0), StudyFactor("b", 0.0, 1.0)]
UNIT = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0.0, 1.0]] * 2}


def plane(a: float, b: float) -> float:
    return 10.0 * a + b


@pytest.fixture
def factorial(made_up: Any) -> Any:
    return made_up(list(itertools.product([1, 2, 3], [0, 1])), [A, B], plane, outcome="calls", kind="factorial")


def test_a_factorial(factorial: Study) -> None:
    made: Any = analyse(factorial)
    assert set(made.tables) == {"points", "base", "pairs", "contrasts", "levels", "variance"}
    assert not made.notes


def test_seeds_and_pairs_that_are_left_out_are_noted(factorial: Study, made_up: Any) -> None:
    frame = factorial.frame
    less = dataclasses.replace(factorial, frame=frame[(frame["point"] != 3) | (frame["seed"] > 1)])
    (note,) = analyse(less).notes
    assert (note.part, note.outcome) == ("contrasts", "calls")
    assert "3 of 4 seeds" in note.reason
    many: Any = made_up([(row, 0) for row in range(13)], [StudyFactor("a", 0, 12), B], plane, outcome="calls")
    made = analyse(many)
    assert "pairs" not in made.tables
    (note,) = made.notes
    assert note.part == "pairs"
    assert note.reason.startswith("13 points are compared with the base only")


def test_one_at_a_time(made_up: Any) -> None:
    study: Any = made_up([(2, 0), (1, 0), (3, 0), (2, 1)], [A, B], plane, outcome="queued_share", kind="one-at-a-time")
    made: Any = analyse(study)
    assert set(made.tables) == {"points", "base", "pairs"}
    assert made.best["queued_share"] == [1]
    assert factors_changed(study) == {0: [], 1: ["a"], 2: ["a"], 3: ["b"]}


def test_notes_of_one_reason_are_told_together() -> None:
    notes = (Note("sobol", "x", "why"), Note("sobol", "y", "because"), Note("sobol", "z", "why"))
    made: Any = Analysis(None, "saltelli", {}, notes=notes)  # type: ignore[arg-type]
    assert made.gathered_notes() == [("sobol", ["x", "z"], "why"), ("sobol", ["y"], "because")]


def test_morris_and_saltelli(made_up: Any) -> None:
    points = morris_sample.sample(UNIT, 6, 4, seed=1)
    assert set(analyse(made_up(points, RANGES, plane, kind="morris")).tables) == {"points", "morris"}
    points = sobol_sample.sample(UNIT, 8, calc_second_order=True, seed=1)
    made: Any = analyse(
        made_up(points, RANGES, plane, kind="saltelli", second_order=True), limits={"y": {"at_least": 8.0}}
    )
    assert {"points", "sobol", "sobol_pairs", "sobol_noise", "surfaces", "boxes"} <= set(made.tables)
    assert made.discoveries["y"].limit == 8.0


def test_what_cannot_be_made_is_noted(made_up: Any) -> None:
    points = np.linspace(0.0, 1.0, 12).reshape(6, 2)
    made: Any = analyse(made_up(points, RANGES, plane, kind="latin-hypercube"))
    assert [(note.part, note.outcome) for note in made.notes if note.part == "surface"] == [("surface", "y")]
    assert len(made.tables["points"]) == 6


def test_an_experiment_that_names_no_outcomes_shows_the_headline(factorial: Study) -> None:
    frame = factorial.frame.rename(columns={"calls": "tension_mean"})
    nameless = Study(frame, factorial.factors, factorial.design, [], "made-up")
    assert list(analyse(nameless).tables["points"]["outcome"].unique()) == ["tension_mean"]
    with pytest.raises(AnalysisError, match="names no outcomes"):
        analyse(Study(factorial.frame, factorial.factors, factorial.design, [], "made-up"))


def test_one_point_is_nothing_to_compare(made_up: Any) -> None:
    made: Any = analyse(made_up([(1, 0)], [A, B], plane))
    assert [note.part for note in made.notes] == ["base"]
