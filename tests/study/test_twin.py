"""A scenario beside its twin: loads, figures, and a warning for each assumption that does not hold."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import TownModel, load
from sim.response import analytic
from sim.scenario import Scenario
from sim.study import Twin, hold_beside_twin
from sim.study.twin.assumptions import broken_assumptions
from sim.study.twin.demand import Demand, demand_of
from sim.study.twin.duty import covered
from sim.study.twin.formulas import class_figures
from sim.study.twin.load import Load, load_of
from sim.study.twin.observed import observe
from sim.study.twin.orders import has_fixed_orders
from sim.study.twin.setting import Setting, setting_of
from sim.study.twin.steady import reasons_without_steady_state

PLANE: dict[str, Any] = {
    "name": "plane",
    "calendar": {"days": 4},
    "town": {"kind": "plane", "area_km2": 36.0, "metric": "right_angle", "edges": "wrap", "speed_kmh": 40.0},
    "calls": {
        "background": False,
        "streams": [
            {
                "name": "calls",
                "per_day": 300.0,
                "call_taking_seconds": 0.0,
                "scene": {"law": "exponential", "mean_minutes": 20.0},
            }
        ],
    },
    "response": {
        "groups": [{"name": "patrol", "units": 10, "posts": 4, "shift_hours": 24.0, "mode": "random"}],
        "travel": {"back": "stay"},
    },
    "parameters": {"turn_out_seconds": 0.0, "emergency_speed_factor": 1.0},
}


def plane(**parts: Any) -> Scenario:
    """Return ten units on a plane, with fields of its parts replaced."""
    tree = {**PLANE, **{name: {**PLANE.get(name, {}), **fields} for name, fields in parts.items()}}
    return Scenario.model_validate(tree)


def patrol(**fields: Any) -> list[dict[str, Any]]:
    return [{**PLANE["response"]["groups"][0], **fields}]


def stream(**fields: Any) -> dict[str, Any]:
    return {"streams": [{**PLANE["calls"]["streams"][0], **fields}]}


def reckoned(scenario: Scenario, turn_out: float = 0.0) -> tuple[Setting, Demand, Load]:
    """Return what the twin reckons before any run."""
    setting = setting_of(TownModel(scenario, seed=1))
    demand = demand_of(setting.kinds, {f"stream_{row}": 0.0 for row in range(len(setting.kinds))})
    return setting, demand, load_of(scenario, setting, demand, {"travel": 3.0, "turn_out": turn_out})


def broken(scenario: Scenario) -> set[str]:
    return {one.id for one in broken_assumptions(scenario, *reckoned(scenario))}


def figures(twin: Twin) -> dict[str, Any]:
    return {line.figure.id: line for line in twin.lines}


# --- load ---------------------------------------------------------------------------------------------------------


def test_the_load_is_calls_times_service_over_units() -> None:
    _, demand, load = reckoned(load_scenario_of("queue-4"))
    assert demand.calls_per_day == pytest.approx(4320.0)
    assert (load.scene_minutes, load.travel_minutes, load.travel_from) == (1.0, 0.0, "none")
    assert load.offered == pytest.approx(3.0)
    assert load.per_unit == pytest.approx(0.75)


def load_scenario_of(name: str, *settings: str) -> Scenario:
    return load(name, *settings)


def test_travel_on_a_plane_agrees_with_the_load_that_it_makes() -> None:
    setting, demand, load = reckoned(plane())
    free = 10.0 - load.offered
    metres = analytic.square_root_law(36e6, free, analytic.Metric.RIGHT_ANGLE)
    assert load.travel_from == "law"
    assert load.travel_minutes == pytest.approx(metres / (40_000.0 / 60.0))
    assert load.offered == pytest.approx(300.0 * (20.0 + load.travel_minutes) / 1440.0)
    assert setting.metres_per_minute == pytest.approx(40_000.0 / 60.0)
    _, _, without = reckoned(plane(response={"travel": {"back": "stay", "counts_as_busy": False}}))
    assert without.offered == pytest.approx(300.0 * 20.0 / 1440.0)
    assert demand.variation == pytest.approx(1.0)


def test_turning_out_counts_where_travel_counts() -> None:
    _, _, none = reckoned(load_scenario_of("queue-4"), turn_out=0.25)
    assert (none.travel_minutes, none.travel_from) == (0.25, "turn_out")
    assert none.offered == pytest.approx(3.75)
    _, _, law = reckoned(plane(), turn_out=0.5)
    assert law.travel_minutes > 0.5 + reckoned(plane())[2].travel_minutes
    _, _, apart = reckoned(plane(response={"travel": {"back": "stay", "counts_as_busy": False}}), turn_out=0.5)
    assert apart.travel_minutes == 0.0


def test_time_to_turn_out_is_part_of_the_simulated_service() -> None:
    twin = hold_beside_twin(load("queue-4", "calendar.days=4", "parameters.turn_out_seconds=15"), 8)
    assert twin.load is not None
    # Units that come from another scene do not turn out, about half of them here.
    assert 0.05 < twin.load.travel_minutes < 0.2
    assert figures(twin)["busy"].verdict == "agrees"


def test_profiles_make_the_worst_hour() -> None:
    weights = [1.0] * 24
    weights[20] = 4.0
    _, demand, load = reckoned(plane(calls=stream(hour_weights=weights)))
    assert load.worst_at % 24 == 20
    assert load.worst_hour == pytest.approx(load.per_unit * 4.0 * 24.0 / 27.0)
    assert demand.by_hour.mean() == pytest.approx(demand.requests_per_day)


def test_a_shift_that_passes_the_weeks_end_covers_its_hours() -> None:
    assert covered(0.0, 24.0)[:24].sum() == 24.0
    late = covered(166.5, 4.0)
    assert late.sum() == pytest.approx(4.0)
    assert late[166] == pytest.approx(0.5)
    assert late[:2].tolist() == [1.0, 1.0]
    assert late[2] == pytest.approx(0.5)


def test_units_on_duty_by_hour() -> None:
    shifts = [
        {"units": 6, "start_hour": 8.0, "hours": 12.0},
        {"units": 4, "start_hour": 20.0, "hours": 12.0, "weekdays": ["sat"]},
    ]
    setting, _, load = reckoned(plane(response={"groups": patrol(shifts=shifts)}))
    assert setting.duty[8:20].tolist() == [6.0] * 12
    assert setting.duty[5 * 24 + 20 : 6 * 24 + 8].tolist() == [4.0] * 12
    assert setting.duty.sum() == pytest.approx(6 * 12 * 7 + 4 * 12)
    assert (load.fewest, load.most) == (0.0, 6.0)
    assert math.isinf(load.worst_hour)


def test_scene_laws_have_their_moments() -> None:
    laws = {
        "lognormal": ({"law": "lognormal", "mean_minutes": 20.0, "sigma": 0.5}, math.sqrt(math.expm1(0.25))),
        "gamma": ({"law": "gamma", "mean_minutes": 20.0, "shape": 4.0}, 0.5),
        "constant": ({"law": "constant", "mean_minutes": 20.0}, 0.0),
        "empirical": ({"law": "empirical", "minutes": [10.0, 30.0]}, 0.5),
    }
    for law, (scene, variation) in laws.items():
        _, demand, _ = reckoned(plane(calls=stream(scene=scene)))
        assert demand.scene_minutes == pytest.approx(20.0), law
        assert demand.variation == pytest.approx(variation), law


def test_two_streams_mix_their_moments() -> None:
    first = {**PLANE["calls"]["streams"][0], "scene": {"law": "constant", "mean_minutes": 10.0}}
    second = {
        **first,
        "name": "others",
        "per_day": 100.0,
        "units": 3,
        "scene": {"law": "constant", "mean_minutes": 20.0},
    }
    _, demand, _ = reckoned(plane(calls={"streams": [first, second]}))
    assert demand.calls_per_day == pytest.approx(400.0)
    assert demand.requests_per_day == pytest.approx(600.0)
    assert demand.scene_minutes == pytest.approx(15.0)
    assert demand.variation == pytest.approx(5.0 / 15.0)
    assert demand.several == pytest.approx(0.25)


# --- assumptions --------------------------------------------------------------------------------------------------


def test_a_scenario_as_assumed_breaks_nothing() -> None:
    assert broken(load_scenario_of("queue-10")) == set()
    assert broken(load_scenario_of("busy-units")) == set()


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({"calls": stream(hour_weights=[0.0] * 12 + [1.0] * 12)}, "rates_vary"),
        ({"calls": stream(weekday_weights=[1.0] * 5 + [3.0] * 2)}, "rates_vary"),
        ({"calls": stream(scene={"law": "constant", "mean_minutes": 20.0})}, "not_exponential"),
        ({"calls": stream(units=2)}, "several_units"),
        ({"calls": stream(places={"kind": "weights", "weights": {"1/1": 1.0}})}, "calls_uneven"),
        ({"response": {"groups": patrol(shift_hours=8.0)}}, "crews_vary"),
        ({"response": {"groups": patrol(shift_hours=12.0)}}, "crews_change"),
        ({"response": {"groups": patrol(mode="at_post")}}, "units_placed"),
        ({"response": {"groups": patrol(mode="at_post"), "travel": {}}}, "on_the_way_back"),
        ({"response": {"groups": patrol(**{"break": {"minutes": 30.0, "after_hours": 4.0}})}}, "breaks"),
        ({"response": {"groups": patrol(priorities=[0])}}, "limited_units"),
        ({"response": {"groups": [*patrol(), *patrol(name="aid", aid={"delay_minutes": 5.0})]}}, "aid"),
        ({"response": {"groups": [*patrol(), *patrol(name="foot", speed_factor=0.2)]}}, "speeds_differ"),
        ({"response": {"dispatch": {"keep_free": [0, 2]}}}, "keep_free"),
        ({"response": {"dispatch": {"redirect": True}}}, "redirect"),
        ({"response": {"dispatch": {"preempt": True}}}, "preempt"),
        ({"response": {"dispatch": {"policy": "sector_first"}}}, "not_nearest"),
        ({"response": {"dispatch": {"on_the_move": False}, "travel": {}}}, "return_in_service"),
        ({"response": {"queue": {"step_up_minutes": [None, 5.0]}}}, "step_up"),
        ({"response": {"queue": {"renege_minutes": [5.0]}}}, "patience"),
        ({"response": {"queue": {"renege_minutes": [5.0, 9.0]}}}, "patience_differs"),
        ({"response": {"queue": {"capacity": 3}}}, "capacity"),
        ({"response": {"cover": {"rule": "coverage"}}}, "cover"),
        ({"town": {"edges": "walls"}}, "edges"),
    ],
)
def test_each_broken_assumption_is_found(parts: dict[str, Any], found: str) -> None:
    before, after = broken(plane()), broken(plane(**parts))
    assert before == {"travel_in_service"}
    assert found in after


def test_a_town_breaks_what_streets_and_people_break() -> None:
    scenario = load("classroom", "calendar.days=20")
    twin = hold_beside_twin(scenario, 2)
    found = {one.id for one in twin.broken}
    assert found >= {"calls_from_runs", "rates_vary", "not_exponential", "travel_in_service", "roads", "calls_uneven"}
    assert found >= {"units_placed", "crews_change"}
    assert twin.load is not None
    assert twin.load.travel_from == "runs"
    assert not twin.failures


# --- beside the runs ----------------------------------------------------------------------------------------------


def test_a_load_of_more_than_one_is_told_with_its_figure_and_runs() -> None:
    scenario = load("queue-4", "calls.streams.0.per_day=6912", "calendar.days=2")
    twin = hold_beside_twin(scenario, 3)
    assert [one.id for one in twin.unsteady] == ["overload"]
    assert twin.unsteady[0].about == pytest.approx({"load": 1.2})
    assert not twin.failures
    found = figures(twin)
    assert {line.verdict for line in twin.lines} == {"unsteady"}
    assert found["wait"].simulated.mean > 30.0
    longer = hold_beside_twin(load("queue-4", "calls.streams.0.per_day=6912", "calendar.days=4"), 3)
    assert figures(longer)["wait"].simulated.mean > 1.5 * found["wait"].simulated.mean


def test_losing_calls_bears_any_load() -> None:
    scenario = load("loss-4", "calls.streams.0.per_day=6912", "calendar.days=4")
    twin = hold_beside_twin(scenario, 10)
    assert twin.unsteady == []
    found = figures(twin)
    assert found["lost"].figure.twin == pytest.approx(analytic.erlang_b(4, 4.8))
    assert found["lost"].verdict == "agrees"
    assert found["busy"].verdict == "agrees"


def test_hours_without_crews_leave_nothing_steady_but_the_work() -> None:
    shifts = [{"units": 10, "start_hour": 6.0, "hours": 18.0}]
    twin = hold_beside_twin(plane(response={"groups": patrol(shifts=shifts), "travel": {"back": "stay"}}), 2)
    assert [one.id for one in twin.unsteady] == ["no_crews"]
    verdicts = {line.figure.id: line.verdict for line in twin.lines}
    assert verdicts.pop("busy") != "unsteady", "every call is answered in the end"
    assert {"wait", "none_free", "metres", "within"} <= set(verdicts)
    assert set(verdicts.values()) == {"unsteady"}
    lost = hold_beside_twin(plane(response={"groups": patrol(shifts=shifts), "queue": {"capacity": 0}}), 2)
    assert {line.verdict for line in lost.lines} == {"unsteady"}


def unsteady(scenario: Scenario) -> list[str]:
    _, demand, load = reckoned(scenario)
    return [one.id for one in reasons_without_steady_state(scenario, demand, load)]


def test_what_nobody_waits_for_without_end_is_steady_at_any_load() -> None:
    busy = {"per_day": 900.0, "priority_shares": [0.5, 0.5]}
    _, _, load = reckoned(plane(calls=stream(**busy)))
    assert 1.0 < load.per_unit < 2.0
    assert unsteady(plane(calls=stream(**busy))) == ["overload"]
    for queue in ({"capacity": 5}, {"renege_minutes": [9.0, 9.0]}, {"renege_minutes": [None, 9.0]}):
        assert unsteady(plane(calls=stream(**busy), response={"queue": queue})) == [], queue
    patient = {"per_day": 900.0, "priority_shares": [0.9, 0.1]}
    assert unsteady(plane(calls=stream(**patient), response={"queue": {"renege_minutes": [None, 9.0]}})) == ["overload"]


def test_urgent_calls_keep_their_waits_where_others_wait_without_end() -> None:
    scenario = load("priorities", "calls.streams.0.per_day=240")
    _, demand, its_load = reckoned(scenario)
    waits = {figure.about["priority"]: figure.twin for figure in class_figures(scenario, demand, its_load)}
    assert its_load.per_unit > 1.0
    assert math.isinf(waits[2])
    assert math.isfinite(waits[0])
    impatient = load("priorities", "calls.streams.0.per_day=240", "response.queue.renege_minutes=[5, 5, 5]")
    assert list(class_figures(impatient, demand, its_load)) == []


def test_the_work_done_depends_on_the_crews_where_calls_go_without_one() -> None:
    def touching(**queue: Any) -> dict[str, frozenset[Any]]:
        scenario = plane(response={"groups": patrol(shift_hours=8.0), "queue": queue})
        return {one.id: one.touches for one in broken_assumptions(scenario, *reckoned(scenario))}

    assert "load" not in touching()["crews_vary"]
    assert "load" in touching(capacity=0)["crews_vary"]
    assert "load" in touching(capacity=9)["crews_vary"]
    assert "load" in touching(renege_minutes=[5.0])["crews_vary"]


def test_more_units_are_reckoned_with_than_are_busy_where_more_are_there() -> None:
    shifts = [{"units": 3, "start_hour": 0.0, "hours": 24.0}, {"units": 1, "start_hour": 0.0, "hours": 9.6}]
    scenario = plane(
        calls=stream(per_day=216.0),
        response={"groups": patrol(units=4, shifts=shifts), "travel": {"back": "stay", "counts_as_busy": False}},
    )
    _, _, its_load = reckoned(scenario)
    assert its_load.offered == pytest.approx(3.0)
    assert its_load.per_unit == pytest.approx(3.0 / 3.4)
    assert its_load.servers == 4


def test_one_log_has_no_interval_and_never_differs(tmp_path: Path) -> None:
    rows = [
        f"2024-01-{1 + day:02d} {hour:02d}:{minute:02d}:00,1/1,2024-01-{1 + day:02d} {hour:02d}:{minute:02d}:30"
        f",2024-01-{1 + day:02d} {hour:02d}:{minute + 9:02d}:30,60"
        for day in range(2)
        for hour in range(24)
        for minute in range(0, 60, 10)
    ]
    (tmp_path / "calls.csv").write_text("\n".join(["received,node,on_scene,closed,call_taking_seconds", *rows]) + "\n")
    columns = {name: name for name in ("received", "node", "on_scene", "closed", "call_taking_seconds")}
    log = {"file": tmp_path / "calls.csv", "time_zone": "UTC", "columns": columns}
    calls = {"background": False, "streams": [], "log": log}
    calendar = {"start_date": "2024-01-01", "days": 2}
    twin = hold_beside_twin(plane(calls=calls, calendar=calendar, response={"groups": patrol(mode="at_post")}), 2)
    assert twin.demand is not None
    assert twin.demand.from_log == 1.0
    found = figures(twin)
    assert [line for line in twin.lines if line.verdict != "one_log"] == []
    assert found["busy"].simulated.mean > 0.5
    assert math.isnan(found["busy"].simulated.low)
    assert found["wait"].simulated.mean == 0.0


def test_nobody_waits_is_a_mean_wait_of_zero() -> None:
    twin = hold_beside_twin(load("queue-10", "calls.streams.0.per_day=144", "calendar.days=1"), 3)
    wait, none_free = figures(twin)["wait"], figures(twin)["none_free"]
    assert wait.simulated.mean == wait.simulated.low == 0.0
    assert 0.0 < wait.figure.twin < wait.simulated.high < math.inf
    assert wait.simulated.high / wait.figure.twin == pytest.approx(none_free.simulated.high / none_free.figure.twin)
    assert wait.verdict == none_free.verdict == "agrees" or wait.verdict == "wide"


def test_service_that_is_not_exponential_makes_erlang_c_differ_and_says_why() -> None:
    scenario = load("queue-4", "calls.streams.0.scene={law: constant, mean_minutes: 1}", "calendar.days=6")
    found = figures(hold_beside_twin(scenario, 10))
    assert found["wait"].verdict == "differs"
    assert found["wait"].ratio == pytest.approx(0.5, abs=0.06)
    assert found["wait"].broken == ("not_exponential",)
    assert found["busy"].verdict == "agrees"
    assert found["busy"].broken == ()


def test_classes_and_impatience_have_their_own_forms() -> None:
    classes = hold_beside_twin(load("priorities", "calendar.days=100"), 10)
    waits = [line for line in classes.lines if line.figure.id == "wait_of_priority"]
    assert [line.figure.twin for line in waits] == pytest.approx([4.4950, 7.1920, 24.4528], abs=1e-4)
    assert {line.verdict for line in waits} <= {"agrees", "wide"}
    gone = figures(hold_beside_twin(load("reneging", "calendar.days=2"), 10))
    assert gone["reneged"].figure.twin == pytest.approx(analytic.reneging(4, 5.0, 2.0).reneged)
    assert gone["reneged"].verdict == "agrees"
    assert gone["busy"].verdict == "agrees"


def test_the_hypercube_answers_where_orders_are_fixed() -> None:
    twin = hold_beside_twin(load("three-units-queue", "calendar.days=8"), 10)
    found = figures(twin)
    assert found["busiest"].figure.twin == pytest.approx(0.5574, abs=2e-3)
    assert found["busiest"].figure.about["unit"] == 1
    assert {found[name].verdict for name in ("busiest", "idlest", "first_choice")} == {"agrees"}
    assert has_fixed_orders(load("three-units-queue"), 3)
    assert not has_fixed_orders(plane(), 10)


def test_free_units_at_random_are_as_near_as_the_law_says() -> None:
    found = figures(hold_beside_twin(load("busy-units"), 6))
    assert found["metres"].figure.about["free"] == pytest.approx(160.0)
    assert found["metres"].figure.twin == pytest.approx(0.5 * math.sqrt(400e6 / 160.0))
    assert found["metres"].verdict == "agrees"
    assert found["metres_spread"].figure.twin > found["metres"].figure.twin


def test_figures_of_a_run_add_up() -> None:
    model = TownModel(load("three-units-loss", "calendar.days=3"), seed=1).run()
    found = observe(model)
    assert found["busy"] == pytest.approx(sum(found[f"busy_{unit}"] for unit in range(3)))
    assert found["busy"] == pytest.approx(1.5 * (1.0 - found["lost"]), rel=0.05)
    assert found["none_free"] == found["lost"]
    assert found["wait"] == 0.0
    assert found["calls"] == pytest.approx(2160 * 2.7, rel=0.1)


def test_a_scenario_without_calls_has_no_figures() -> None:
    twin = hold_beside_twin(load("hot-spot-rounds"), 2)
    assert twin.lines == []
    assert twin.load is not None
    assert twin.load.offered == 0.0


def test_a_failed_run_is_told_and_the_others_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    real = TownModel.run

    def failing(model: TownModel) -> TownModel:
        if model.seed == 2:
            raise RuntimeError("a rate exceeded its bound")
        return real(model)

    monkeypatch.setattr(TownModel, "run", failing)
    twin = hold_beside_twin(load("loss-2", "calendar.days=1"), 3)
    assert [(one.seed, one.type) for one in twin.failures] == [(2, "RuntimeError")]
    assert "--seed 2" in twin.failures[0].command
    assert twin.lines[0].simulated.replications == 2
    assert np.isfinite(twin.lines[0].simulated.low)
