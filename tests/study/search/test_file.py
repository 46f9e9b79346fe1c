"""Search files: read whole, or refused with every mistake at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.study.experiment import ExperimentError
from sim.study.search import Asked, Objective, Target, load_search

TINY = """\
name: tiny
calendar: {days: 20}
town: {kind: synthetic, area_km2: 0.5, townships: 1, communities: 2, road_nodes: 40}
people: {residents: 400}
grid: {grids: 4}
mediation: {mediators: 2}
response: {units: 3}
parameters: {dispute_rate_per_1000_per_year: 3000}
"""
SEARCH = """\
title: Enough mediators
base: tiny.yaml
factors:
  - {name: mediators, field: mediation.mediators, low: 1, high: 4, whole: true}
  - {name: grids, field: grid.grids, levels: [2, 4, 8]}
objectives:
  - {outcome: cost_total_yuan}
targets:
  - {outcome: recorded_found_share, at_least: 0.2, probability: 0.8}
replications: {first: 2, most: 4, check: 5, finalists: 2}
budget: {runs: 60}
seed: 11
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (tmp_path / "enough.yaml").write_text(SEARCH, encoding="utf-8")
    return tmp_path / "enough.yaml"


def test_a_file_is_a_search(file: Path) -> None:
    plan = load_search(file)
    search = plan.search
    assert (search.name, search.title) == ("enough", "Enough mediators")
    assert search.objectives == [Objective("cost_total_yuan", "minimise")]
    assert search.targets == [Target("recorded_found_share", 0.2, at_most=False, probability=0.8)]
    assert (search.first, search.most, search.check, search.finalists) == (2, 4, 5, 2)
    assert (search.runs, search.seed) == (60, 11)
    assert [factor.name for factor in search.factors] == ["mediators", "grids"]


def test_points_are_scenarios(file: Path) -> None:
    plan = load_search(file)
    few, many = {"mediators": 1, "grids": 2}, {"mediators": 4, "grids": 8}
    points = plan.points([Asked(5, few, 1), Asked(9, many, 1), Asked(5, few, 2)])
    assert [point.scenario.grid.grids for point in points] == [2, 8, 2]
    assert [point.scenario.mediation.mediators for point in points] == [1, 4, 1]


def test_all_mistakes_at_their_lines(file: Path) -> None:
    wrong = SEARCH.replace("mediation.mediators", "mediation.mediatorz")
    wrong = wrong.replace("cost_total_yuan", "cost_totl_yuan").replace(
        "probability: 0.8", "probability: 0.8, at_most: 3"
    )
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(ExperimentError) as refused:
        load_search(file)
    assert "either at_most or at_least" in str(refused.value)
    file.write_text(wrong.replace(", at_most: 3", ""), encoding="utf-8")
    with pytest.raises(ExperimentError) as refused:
        load_search(file)
    lines = str(refused.value).splitlines()
    assert len(lines) == 2
    assert "enough.yaml:4: factors.0.field" in lines[0]
    assert 'did you mean "mediation.mediators"' in lines[0] or "mediators" in lines[0]
    assert "enough.yaml:7: objectives.0.outcome" in lines[1]
    assert 'did you mean "cost_total_yuan"' in lines[1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("budget: {runs: 60}", "", "budget"),
        ("low: 1, high: 4, whole: true", "whole: true", "levels"),
        ("probability: 0.8", "probability: 1.5", "probability"),
        ("cost_total_yuan", "calls", "minimise or maximise"),
        ("most: 4", "most: 1", "most"),
        ("seed: 11", "sead: 11", "seed"),
        ("base: tiny.yaml", "base: tiney.yaml", "tiney"),
    ],
)
def test_what_makes_no_search_is_refused(file: Path, old: str, new: str, said: str) -> None:
    file.write_text(SEARCH.replace(old, new), encoding="utf-8")
    with pytest.raises(ExperimentError, match=said):
        load_search(file)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="nothing"):
        load_search(tmp_path / "nothing.yaml")
