import json
import math
from pathlib import Path
from typing import Any

import pytest

import sim.study.run as run_module
from sim.interventions import catalogue
from sim.model import TownModel
from sim.outcomes import CATALOGUE, TABLES, StoreError, outcomes, read_records
from sim.scenario import canonical, scenario_hash
from sim.study import read_run_record, run_folder, run_one, to_json


def strict(text: str) -> Any:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_a_run_leaves_records_and_a_record_of_itself(street: Any, tmp_path: Path) -> None:
    scenario = street()
    result = run_one(scenario, 7, tmp_path, command="gridtown run street --seed 7")
    assert result.folder == tmp_path / f"street-{scenario_hash(scenario)[:8]}-seed7"
    assert result.folder == run_folder(scenario, 7, tmp_path)
    record = strict((result.folder / "run.json").read_text(encoding="utf-8"))
    assert record["scenario"] == json.loads(json.dumps(canonical(scenario)))
    assert record["scenario_hash"] == scenario_hash(scenario)
    assert (record["seed"], record["command"]) == (7, "gridtown run street --seed 7")
    assert {"gridtown", "mesa", "numpy", "numba", "pandas", "python"} <= set(record["versions"])
    assert {"platform", "processor", "source_hash", "started", "finished", "seconds"} <= set(record)
    assert record["started"].endswith("Z")
    assert set(record["outcomes"]) == set(CATALOGUE)


def test_a_run_whose_bounds_broke_gives_no_figures_and_no_files(street: Any, tmp_path: Path) -> None:
    def broken() -> TownModel:
        model = TownModel(street(), seed=1)
        model.world.state["bounds_broken"] = 1
        return model.run()

    with pytest.raises(RuntimeError, match="1 rates exceeded their bound"):
        run_one(street(), 1, tmp_path, finished=broken)
    assert list(tmp_path.iterdir()) == []


def test_outcomes_can_be_recomputed_from_the_files_alone(street: Any, tmp_path: Path) -> None:
    result = run_one(street(), 3, tmp_path)
    assert result.folder is not None
    again = outcomes(read_records(result.folder))
    stored = read_run_record(result.folder)["outcomes"]
    for id_ in CATALOGUE:
        assert again[id_] == pytest.approx(result.outcomes[id_], rel=1e-12, nan_ok=True), id_
        assert stored[id_] == pytest.approx(result.outcomes[id_], rel=1e-12, nan_ok=True), id_


def test_the_same_run_gives_the_same_bytes_and_may_be_written_again(street: Any, tmp_path: Path) -> None:
    first = run_one(street(), 3, tmp_path / "one").folder
    second = run_one(street(), 3, tmp_path / "two").folder
    assert first is not None
    assert second is not None
    names = sorted(path.name for path in first.glob("*.parquet"))
    assert names == sorted(f"{name}.parquet" for name in TABLES)
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
    assert run_one(street(), 3, tmp_path / "one").folder == first


def test_a_different_run_is_not_overwritten_and_nothing_is_run(
    street: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run_one(street(), 3, tmp_path)
    assert result.folder is not None
    file = result.folder / "run.json"
    file.write_text(to_json({**read_run_record(result.folder), "source_hash": "older"}), encoding="utf-8")
    before = file.read_text(encoding="utf-8")
    monkeypatch.setattr(run_module, "run_model", lambda *_: pytest.fail("must not run"))
    with pytest.raises(StoreError, match=r"holds a different run \(source hash\)"):
        run_one(street(), 3, tmp_path)
    assert file.read_text(encoding="utf-8") == before


def test_a_different_run_may_be_replaced_when_asked_for(street: Any, tmp_path: Path) -> None:
    folder = run_folder(street(), 3, tmp_path)
    folder.mkdir()
    (folder / "run.json").write_text("not JSON", encoding="utf-8")
    with pytest.raises(StoreError, match="holds a different run"):
        run_one(street(), 3, tmp_path)
    assert run_one(street(), 3, tmp_path, replace=True).folder == folder
    assert read_run_record(folder)["seed"] == 3


def test_damaged_run_records_are_named(tmp_path: Path) -> None:
    for text, words in (("{", "damaged"), ("[]", "no run record"), ('{"outcomes": 3}', "no run record")):
        (tmp_path / "run.json").write_text(text, encoding="utf-8")
        with pytest.raises(StoreError, match=words):
            read_run_record(tmp_path)


def test_json_has_null_for_what_is_undefined() -> None:
    assert strict(to_json({"a": math.nan, "b": [math.inf, 1.5], "c": "纠纷"})) == {
        "a": None,
        "b": [None, 1.5],
        "c": "纠纷",
    }
    assert to_json({"b": 1, "a": 2}) == to_json({"a": 2, "b": 1})


def test_workers_hired_half_way_cost_half_a_run(street: Any) -> None:
    lever = catalogue()["grid_density"].model_validate({"factor": 2.0, "from_day": 30.0})
    half = run_one(street("half-way", interventions=(lever,)), 1).outcomes
    none, all_along = (run_one(street("other", levers), 1).outcomes for levers in (None, {"grid_density": 2.0}))
    assert half["cost_grid_yuan"] == pytest.approx((none["cost_grid_yuan"] + all_along["cost_grid_yuan"]) / 2.0)
    assert half["grid_workers"] == pytest.approx(1.5 * none["grid_workers"])
