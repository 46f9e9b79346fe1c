import math
import shlex
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim.study.comparing as comparing_module
import sim.study.replication as replication_module
from sim.build import town_of
from sim.outcomes import CATALOGUE, HEADLINE, StoreError, UnknownOutcomeError
from sim.scenario import parameter_table
from sim.study import ComparisonError, Progress, compare, run_folder, run_one
from sim.town import TownError


@pytest.fixture(scope="module")
def shared() -> dict[str, Any]:
    """Keep one comparison for the tests that only look at it."""
    return {}


@pytest.fixture
def seen(street: Any, shared: dict[str, Any]) -> Any:
    if not shared:
        steps: list[Progress] = []
        options = [street("half-grids", {"grid_density": 2.0}), street("no-change", {"grid_density": 1.0})]
        shared["comparison"] = compare(street(), options, 3, seed=5, jobs=1, progress=steps.append, command="typed")
        shared["steps"] = steps
    return shared["comparison"]


def test_every_run_and_outcome_has_a_row(seen: Any) -> None:
    assert (seen.base, seen.options, seen.seeds) == ("street", ["half-grids", "no-change"], [5, 6, 7])
    assert list(seen.runs.columns) == ["scenario", "seed", "outcome", "value"]
    assert len(seen.runs) == 3 * 3 * len(CATALOGUE)
    assert seen.failures == []
    assert list(seen.scenarios) == ["street", "half-grids", "no-change"]


def test_a_run_of_the_comparison_is_the_run_alone(seen: Any, street: Any) -> None:
    alone = run_one(street("half-grids", {"grid_density": 2.0}), 6).outcomes
    rows = seen.runs[(seen.runs.scenario == "half-grids") & (seen.runs.seed == 6)]
    for id_, value in zip(rows.outcome, rows.value, strict=True):
        assert value == pytest.approx(alone[id_], nan_ok=True, rel=0, abs=0), id_


def test_a_lever_of_size_zero_changes_nothing_at_all(seen: Any) -> None:
    effects = [one for one in seen.effects if one.option == "no-change"]
    assert {one.verdict for one in effects} <= {"no difference seen", "undefined"}
    assert {one.difference for one in effects if one.verdict != "undefined"} == {0.0}
    assert {one.verdict for one in effects if one.outcome in ("true_disputes", "response_minutes_mean")} == {
        "no difference seen"
    }


def test_twice_the_grids_cost_twice_the_workers(seen: Any) -> None:
    cost = next(one for one in seen.effects if one.option == "half-grids" and one.outcome == "cost_grid_yuan")
    assert cost.option_mean == pytest.approx(2.0 * cost.base_mean)
    assert (cost.verdict, cost.p_value) == ("worse", 0.0)


def test_shown_outcomes_are_the_headline(seen: Any) -> None:
    assert seen.shown == list(HEADLINE)
    assert [one.outcome for one in seen.effects[: len(HEADLINE)]] == list(HEADLINE)


def test_changes_name_the_lever(seen: Any) -> None:
    paths = {change.path: change.option for change in seen.changes["half-grids"]}
    assert paths["interventions.0.factor"] == 2.0
    assert all(path.startswith("interventions.") for path in paths)


def test_calls_series_districts_and_roads_are_there_for_a_report(seen: Any, street: Any) -> None:
    run = run_one(street(), 5)
    calls = seen.calls[(seen.calls.scenario == "street") & (seen.calls.seed == 5)]
    assert len(calls) == run.outcomes["calls"]
    assert set(calls.hour) <= set(range(24))
    series = seen.series[(seen.series.scenario == "street") & (seen.series.seed == 5)]
    assert series.calls.sum() == run.outcomes["calls"]
    assert series.true_born.sum() == run.outcomes["true_disputes"]
    assert sorted(set(series.day)) == list(range(0, 60, 7))
    assert set(series[series.day == 56].days) == {4}
    districts = seen.districts[(seen.districts.scenario == "street") & (seen.districts.seed == 5)]
    assert districts.disputes.sum() == run.outcomes["true_disputes"]
    assert districts.residents.sum() == 900
    assert seen.roads["x"].shape == seen.roads["y"].shape
    town = town_of(street())
    streets = {tuple(sorted(pair)) for pair in zip(town.roads.tail.tolist(), town.roads.head.tolist(), strict=True)}
    assert seen.roads["x"].shape == (len(streets), 2)


def test_one_dispute_of_the_bases_first_run_can_be_told(seen: Any, street: Any) -> None:
    assert seen.story is not None
    seed, story = seen.story
    assert seed == seen.seeds[0]
    found = run_one(street(), seed).records
    handled = found.column("disputes", "recorded_cases") + found.column("disputes", "recorded_calls")
    first = story.chapters[0].dispute
    assert handled[first] == handled[found.column("disputes", "parent") < 0].max()


def test_calls_shown_are_a_sample_that_scenarios_share(street: Any) -> None:
    from sim.study.summaries import call_sample

    one, two = (
        call_sample(run_one(scenario, 5).records, 5, 40)
        for scenario in (street(), street("more-mediators", {"mediators": 4.0}))
    )
    assert len(one) == len(two) == 40
    places = [set(map(tuple, frame[["x_metres", "y_metres", "hour"]].to_numpy().tolist())) for frame in (one, two)]
    assert len(places[0] & places[1]) > len(places[0]) / 2


def test_parameters_are_listed_with_what_they_rest_on(seen: Any) -> None:
    assert [one.id for one in seen.parameters] == list(parameter_table())
    rate = next(one for one in seen.parameters if one.id == "dispute_rate_per_1000_per_year")
    assert (rate.value, rate.status) == (1500.0, "D")
    assert rate.default != rate.value
    profile = next(one for one in seen.parameters if one.id == "friction_hour_weight")
    assert len(profile.value) == 24
    size = next(one for one in seen.parameters if one.id == "household_size_mean")
    assert size.value == pytest.approx(2.62)


def test_provenance_says_how_to_make_it_again(seen: Any) -> None:
    assert seen.provenance["command"] == "typed"
    assert set(seen.provenance["scenario_hashes"]) == {"street", "half-grids", "no-change"}
    assert seen.provenance["jobs"] == 1


def test_progress_ends_with_all_done(seen: Any, shared: dict[str, Any]) -> None:
    steps = shared["steps"]
    assert (steps[-1].done, steps[-1].total, steps[-1].failed) == (9, 9, 0)
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert [step.step for step in steps[:2]] == ["compiling", "building"]
    assert (steps[-1].step, set(steps[-1].about)) == ("finished", {"scenario", "seed", "seconds"})


def test_the_town_is_built_once_for_all_that_share_it(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Any] = []

    def building(scenario: Any) -> Any:
        built.append(scenario)
        return town_of(scenario)

    monkeypatch.setattr(comparing_module, "town_of", building)
    compare(street(), [street("other", {"mediators": 2.0})], 2, jobs=1)
    assert len(built) == 1


def test_several_processes_give_what_one_gives(seen: Any, street: Any, tmp_path: Path) -> None:
    options = [street("half-grids", {"grid_density": 2.0}), street("no-change", {"grid_density": 1.0})]
    several = compare(street(), options, 3, seed=5, jobs=2, folder=tmp_path)
    pd.testing.assert_frame_equal(several.runs, seen.runs)
    pd.testing.assert_frame_equal(several.calls, seen.calls)
    pd.testing.assert_frame_equal(several.series, seen.series)
    assert str(several.effects) == str(seen.effects)
    assert all(run_folder(option, seed, tmp_path).is_dir() for option in options for seed in (5, 6, 7))
    assert several.provenance["jobs"] == 2


def test_a_failed_replication_is_a_value_and_the_rest_goes_on(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(scenario: Any, seed: int, *rest: Any, **more: Any) -> Any:
        if scenario.name == "other" and seed == 2:
            raise ZeroDivisionError("a planted defect")
        return run_one(scenario, seed, *rest, **more)

    monkeypatch.setattr(replication_module, "run_one", failing)
    named = ["my town.yaml", "--set", "interventions=[{name: mediators, factor: 2}]"]
    options = [street("other", {"mediators": 2.0})]
    found = compare(street(), options, 3, jobs=1, arguments={"other": shlex.join(named)})
    assert len(found.failures) == 1
    failure = found.failures[0]
    assert (failure.scenario, failure.seed, failure.type) == ("other", 2, "ZeroDivisionError")
    assert failure.message == "a planted defect"
    assert "in failing" in failure.trace
    assert shlex.split(failure.command) == ["gridtown", "run", *named, "--seed", "2"]
    assert {one.replications for one in found.effects if one.outcome == "true_disputes"} == {2}
    assert len(found.runs) == 5 * len(CATALOGUE)


def test_when_all_fail_there_is_still_a_comparison(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: Any, **__: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(replication_module, "run_one", failing)
    found = compare(street(), [street("other")], 2, jobs=1)
    assert len(found.failures) == 4
    assert found.failures[0].message == "MemoryError; use fewer --jobs, or a machine with more memory"
    assert {one.verdict for one in found.effects} == {"undefined"}
    assert len(found.runs) == len(found.calls) == 0


def test_a_town_that_cannot_be_built_fails_its_runs_only(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def building(scenario: Any) -> Any:
        if scenario.town.townships == 1:
            raise TownError([])
        return town_of(scenario)

    monkeypatch.setattr(comparing_module, "town_of", building)
    place = {"kind": "synthetic", "area_km2": 1.0, "townships": 1, "communities": 4, "road_nodes": 80}
    found = compare(street(), [street("elsewhere", town=place)], 2, jobs=1)
    assert [(one.scenario, one.seed, one.type) for one in found.failures] == [
        ("elsewhere", 1, "TownError"),
        ("elsewhere", 2, "TownError"),
    ]
    assert set(found.runs.scenario) == {"street"}


def test_an_interrupt_passes_through(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> Any:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(replication_module, "run_one", interrupted)
    with pytest.raises(KeyboardInterrupt):
        compare(street(), [street("other")], 2, jobs=1)


def test_what_makes_no_comparison_is_refused_before_anything_runs(
    street: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replication_module, "run_one", lambda *_, **__: pytest.fail("must not run"))
    with pytest.raises(ComparisonError, match="two scenarios are named 'street'"):
        compare(street(), [street()])
    with pytest.raises(ComparisonError, match="at least one option"):
        compare(street(), [])
    with pytest.raises(ComparisonError, match="replications is 0"):
        compare(street(), [street("other")], 0)
    with pytest.raises(UnknownOutcomeError, match="nearest: calls"):
        compare(street(), [street("other")], shown=["cals"])
    run_folder(street("other"), 2, tmp_path).mkdir()
    with pytest.raises(StoreError, match="different run"):
        compare(street(), [street("other")], 3, folder=tmp_path)


def test_jobs_are_bounded_by_runs_and_by_memory(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert comparing_module.jobs_used(8, [street(), street("other")], 3) == 6
    assert comparing_module.jobs_used(0, [street()], 3) == 1
    monkeypatch.setattr(comparing_module, "estimate_bytes", lambda _: 10**18)
    assert comparing_module.jobs_used(8, [street()], 8) == 1


def test_common_luck_makes_paired_differences_far_less_noisy(seen: Any) -> None:
    ratios = [one.variance_ratio for one in seen.effects if one.outcome in ("true_disputes", "calls")]
    known = [ratio for ratio in ratios if not math.isnan(ratio)]
    assert not known or np.median(known) > 1.0
