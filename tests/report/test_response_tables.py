"""Tables of the response: three readings of 1-3-5, and what became of calls and units."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.outcomes import CATALOGUE, READINGS
from sim.report.numbers import Numbers
from sim.report.response_tables import FIGURES, WITHIN, figures, minutes_of, overloads, readings
from sim.report.scheme import players
from sim.report.wording import load_words
from sim.scenario import TargetsPart
from sim.study import Comparison

WORDS = load_words()


def test_every_reading_has_its_lines_and_minutes(usual: Comparison) -> None:
    parts = readings(usual, players(usual, WORDS), WORDS)
    assert [part.heading for part in parts] == [
        "Any call",
        "By class of place",
        "By tier of the unit",
        "By type of call (its priority)",
    ]
    assert [line.remark for line in parts[0].lines] == ["1 min", "3 min", "5 min"]
    assert [(line.title, line.remark) for line in parts[1].lines] == [
        ("All together", "each its own"),
        ("Centre", "1 min"),
        ("Town", "3 min"),
        ("Country", "5 min"),
    ]
    assert [line.remark for line in parts[3].lines] == ["each its own", "1 min", "3 min", "each its own"]
    assert all(len(line.values) == 3 for part in parts for line in part.lines)


def test_a_reading_shows_the_mean_over_replications(build: Any, scenario: Any) -> None:
    comparison = build([scenario("more", 2.0)], {"more": {"within_city_target_share": 0.25}})
    parts = readings(comparison, players(comparison, WORDS), WORDS)
    base, more = parts[2].lines[3].values
    of = comparison.runs.query("outcome == 'within_city_target_share'").groupby("scenario")["value"].mean()
    assert float(base.removesuffix("\N{NO-BREAK SPACE}%")) == pytest.approx(100.0 * of["street"], abs=0.06)
    assert float(more.removesuffix("\N{NO-BREAK SPACE}%")) == pytest.approx(100.0 * of["more"], abs=0.06)


def test_what_no_run_defines_is_left_out(build: Any, scenario: Any) -> None:
    none_of_it = [*READINGS["tier"].values(), "within_town_target_share", "aid_share"]
    comparison = build([scenario("more", 2.0)], undefined=none_of_it)
    everyone = players(comparison, WORDS)
    parts = readings(comparison, everyone, WORDS)
    assert [part.heading for part in parts] == ["Any call", "By class of place", "By type of call (its priority)"]
    assert [line.title for line in parts[1].lines] == ["All together", "Centre", "Country"]
    titles = [line.title for part in figures(comparison, everyone, WORDS) for line in part.lines]
    assert CATALOGUE["aid_share"].title not in titles
    assert CATALOGUE["queued_share"].title in titles


def test_minutes_are_those_of_the_class() -> None:
    targets = TargetsPart(by_priority=(2.0,), by_place={"centre": 4.0})
    assert minutes_of(targets, "priority", "routine") == 2.0
    assert minutes_of(targets, "priority", "others") is None
    assert minutes_of(targets, "place", "centre") == 4.0
    assert minutes_of(targets, "place", "town") is None
    assert minutes_of(targets, "tier", "city") == 5.0
    assert minutes_of(targets, "tier", "all") is None


def test_every_figure_is_an_outcome() -> None:
    assert {id_ for ids in FIGURES.values() for id_ in ids} | set(WITHIN.values()) <= set(CATALOGUE)


def test_an_overload_is_said_only_of_calls_that_wait_for_ever(build: Any, scenario: Any) -> None:
    too_much = {"unit_load": 0.7}
    waits = scenario("waits", 2.0)
    loses = scenario("loses", 2.0, response={"units": 4, "queue": {"capacity": 3}})
    leaves = scenario("leaves", 2.0, response={"units": 4, "queue": {"renege_minutes": [10.0]}})
    comparison = build([waits, loses, leaves], dict.fromkeys(("waits", "loses", "leaves"), too_much))
    (sentence,) = overloads(comparison, players(comparison, WORDS), WORDS)
    assert sentence.startswith("A · ")
    of = comparison.runs.query("scenario == 'waits' and outcome == 'unit_load'")["value"].mean()
    assert f"ask for {Numbers(WORDS).plain(of)}" in sentence
    assert "no steady state" in sentence


def test_a_comparison_without_runs_has_no_tables(build: Any, scenario: Any) -> None:
    comparison = build([scenario("more", 2.0)], undefined=list(CATALOGUE))
    everyone = players(comparison, WORDS)
    assert readings(comparison, everyone, WORDS) == []
    assert figures(comparison, everyone, WORDS) == []
    assert overloads(comparison, everyone, WORDS) == []
    assert math.isnan(float(comparison.runs["value"].max()))
