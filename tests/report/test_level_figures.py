"""The drawing of endings by level shows the means of the runs, and leaves out levels at which nothing ends."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from sim.report.drawing import drawing_style
from sim.report.level_figures import among_somebody, level_shares, levels
from sim.report.scheme import Player
from sim.report.wording import load_words
from sim.study import Comparison

PLAYER = Player("street", "Base", "Our street", "Our street", "#0072B2", "o", ())
EMPTY = Player("lane", "A", "Lane", "Lane", "#D55E00", "s", ())


def compared(*rows: tuple[str, int, str, float]) -> Comparison:
    table = pd.DataFrame(rows, columns=["scenario", "seed", "outcome", "value"])
    return cast("Comparison", SimpleNamespace(runs=table))


@pytest.fixture
def comparison() -> Comparison:
    return compared(
        ("street", 1, "true_ended_self_share", 0.8),
        ("street", 2, "true_ended_self_share", 0.6),
        ("street", 1, "true_ended_grid_share", 0.3),
        ("street", 1, "recorded_ended_grid_share", 1.0),
        ("street", 1, "true_ended_city_share", float("nan")),
        ("lane", 1, "true_ended_self_share", float("nan")),
    )


def test_shares_are_means_over_runs(comparison: Comparison) -> None:
    shares = level_shares(comparison, PLAYER, "true")
    assert shares["self"] == pytest.approx(0.7)
    assert shares["grid"] == 0.3
    assert shares["city"] == shares["court"] == 0.0
    assert level_shares(comparison, PLAYER, "recorded")["grid"] == 1.0


def test_truth_and_books_are_shares_of_what_ended_with_somebody() -> None:
    shares = among_somebody({"self": 0.6, "grid": 0.3, "city": 0.1})
    assert shares == {"grid": pytest.approx(0.75), "city": pytest.approx(0.25)}
    assert among_somebody({"self": 1.0, "grid": 0.0}) == {"grid": 0.0}


def test_scenarios_in_which_something_ended_are_drawn(comparison: Comparison) -> None:
    words = load_words()
    with drawing_style():
        drawn: list[Any] = levels(comparison, [PLAYER, EMPTY], words)
    (one,) = drawn
    for text in (">grid<", "what happened", "the books", "of what ended with somebody", "30 % of all"):
        assert text in str(one.svg).replace("\xa0", " "), text
    assert "In the village before the town: 100 % in truth, 100 % by the books." in str(one.svg).replace("\xa0", " ")
    assert ">city<" not in str(one.svg)
