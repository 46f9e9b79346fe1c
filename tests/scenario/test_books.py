"""Triage and targets as a scenario says them: what fits, and what is refused with its place and a remedy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest

from sim.codes import Category
from sim.scenario import CATEGORY_NAMES, CategoryName, Mistake, Scenario, from_canonical
from sim.scenario.books import WAYS, ColoursPart, TargetPart
from sim.scenario.canonical import canonical

type Load = Callable[..., Scenario]
type Mistakes = Callable[..., list[Mistake]]

GRADING = """\
triage:
  three_affairs: true
  grading:
    categories: [marriage_family, neighbour]
    colours:
      blue: {visits_per_month: 0}
      green: {visits_per_month: 0}
      yellow: {visits_per_month: 1}
      orange: {visits_per_month: 2, first_in_queue: true}
      red: {visits_per_month: 4, first_in_queue: true, refer_up: true}
books:
  targets:
    - {kind: settlement_rate, size: 0.5, ways: [gloss]}
    - {kind: cut, size: 1, cut: 0.3}
"""


def test_a_scenario_says_colours_and_targets(load: Load, valid: str, catalogue: Any) -> None:
    scenario = load(valid + GRADING)
    grading = scenario.triage.grading
    assert scenario.triage.three_affairs
    assert grading is not None
    assert grading.categories == ("marriage_family", "neighbour")
    assert grading.colours.red.refer_up
    assert not grading.colours.orange.refer_up
    assert [target.kind for target in scenario.books.targets] == ["settlement_rate", "cut"]
    assert from_canonical(canonical(scenario), catalogue=catalogue).books == scenario.books


def test_nothing_is_sorted_graded_or_pressed_unless_said(load: Load, valid: str) -> None:
    scenario = load(valid)
    assert not scenario.triage.three_affairs
    assert scenario.triage.grading is None
    assert scenario.books.targets == ()


def test_left_out_colours_bring_more_with_each_step(load: Load, valid: str) -> None:
    grading = load(valid + "triage: {grading: {}}\n").triage.grading
    assert grading is not None
    visits = [getattr(grading.colours, name).visits_per_month for name in ColoursPart.model_fields]
    assert visits == sorted(visits)
    assert grading.categories == ("marriage_family",)


@pytest.mark.parametrize(
    ("change", "field", "remedy"),
    [
        (("marriage_family, neighbour", "marriage"), "triage.grading.categories.0", "marriage_family"),
        (("[marriage_family, neighbour]", "[]"), "triage.grading.categories", "at least 1"),
        (("      red: {visits_per_month: 4, first_in_queue: true, refer_up: true}\n", ""), "colours.red", "a value"),
        (("blue: {visits_per_month: 0}", "blue: {}"), "colours.blue.visits_per_month", "a value"),
        (("visits_per_month: 1}", "visits_per_month: -1}"), "colours.yellow.visits_per_month", "greater than or equal"),
        (("size: 0.5", "size: 1.5"), "books.targets.0.size", "less than or equal to 1"),
        (("size: 0.5", "size: -0.1"), "books.targets.0.size", "greater than or equal to 0"),
        (("cut: 0.3", "cut: 1.3"), "books.targets.1.cut", "less than or equal to 1"),
        (("kind: cut, size: 1, cut: 0.3", "kind: cuts, size: 1"), "books.targets.1.kind", "cut"),
        (("ways: [gloss]", "ways: [not_open]"), "books.targets.0", "gloss"),
        (("ways: [gloss]", "cut: 0.5"), "books.targets.0", "only with kind cut"),
        (("three_affairs: true", "three_affair: true"), "triage.three_affair", "three_affairs"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(
    mistakes: Mistakes, valid: str, change: tuple[str, str], field: str, remedy: str
) -> None:
    assert change[0] in GRADING
    found = mistakes(valid + GRADING.replace(*change))
    assert any(field in one.field and remedy in f"{one.allowed} {one.nearest}" and one.line > 16 for one in found), [
        (one.field, one.allowed, one.line) for one in found
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("triage_sensitivity", 1.2),
        ("triage_specificity", -0.1),
        ("grading_sensitivity", 2),
        ("grading_specificity", "no"),
        ("grading_risk_from", [1.0, 2.0, 3.0]),
        ("triage_big_stage", [0.0] * 15),
        ("triage_private_stage", [10.0] * 15),
    ],
)
def test_errors_of_readings_lie_between_0_and_1(mistakes: Mistakes, valid: str, name: str, value: Any) -> None:
    found = mistakes(f"{valid}parameters: {{{name}: {value}}}\n")
    assert [one.field for one in found] == [f"parameters.{name}"]
    assert found[0].line > 16


def test_all_mistakes_are_told_at_once(mistakes: Mistakes, valid: str) -> None:
    wrong = GRADING.replace("size: 0.5", "size: 7").replace("neighbour]", "neighbor]").replace("month: 2", "month: 99")
    assert len(mistakes(valid + wrong)) == 3


def test_categories_are_those_of_the_model() -> None:
    assert get_args(CategoryName) == CATEGORY_NAMES == tuple(one.name.lower() for one in Category)


def test_every_kind_of_target_has_ways() -> None:
    for kind, ways in WAYS.items():
        assert TargetPart(kind=kind, size=0.5).ways_used == ways
        assert TargetPart(kind=kind, size=0.5, ways=(ways[-1], ways[-1])).ways_used == (ways[-1],)
