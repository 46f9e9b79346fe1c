"""Where calls come from, as a scenario says it: what fits, what is refused, and the files that it names."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from sim.scenario import (
    CallLog,
    CallsPart,
    CsvTown,
    GraphmlTown,
    LogColumns,
    Mistake,
    Scenario,
    ScenarioError,
    canonical,
    estimate_bytes,
    expected_records,
    expected_rows,
    from_canonical,
    load_scenario,
    scenario_hash,
)
from sim.scenario.checking import models_in
from sim.scenario.loading import FILE_FIELDS

Write = Callable[..., Path]
Load = Callable[..., Scenario]

CALLS = """\
calls:
  streams:
    - {name: alarms, per_day: 2, places: {kind: weights, file: data/weights.csv}}
    - {name: walks, per_day: 3, scene: {law: empirical, file: data/minutes.csv}}
  log:
    file: data/calls.csv
    scene: {law: empirical, file: data/minutes.csv}
"""
DATA = {
    "data/weights.csv": "node,weight\nn1,1\n",
    "data/minutes.csv": "minutes\n5\n",
    "data/calls.csv": "id,received\n1,2024-01-01\n2,2024-01-01\n",
}


@pytest.fixture
def with_data(write: Write, valid: str) -> Path:
    """Write a scenario that names data files in every place of its calls."""
    for name, text in DATA.items():
        write(text, name)
    return write(valid + CALLS)


def test_data_files_of_calls_are_found_beside_the_scenario(with_data: Path, catalogue: Any, tmp_path: Path) -> None:
    calls = load_scenario(with_data, catalogue=catalogue).calls
    first, second = calls.streams
    assert calls.log is not None
    assert calls.log.scene is not None
    assert second.scene is not None
    data = (tmp_path / "data").resolve()
    assert (calls.log.file, first.places.file) == (data / "calls.csv", data / "weights.csv")
    assert second.scene.file == calls.log.scene.file == data / "minutes.csv"


@pytest.mark.parametrize("name", list(DATA))
def test_data_files_of_calls_count_by_content(with_data: Path, catalogue: Any, write: Write, name: str) -> None:
    before = scenario_hash(load_scenario(with_data, catalogue=catalogue))
    assert scenario_hash(load_scenario(with_data, catalogue=catalogue)) == before
    write(DATA[name] + "3,2024-01-01\n", name)
    assert scenario_hash(load_scenario(with_data, catalogue=catalogue)) != before


def test_the_place_of_data_files_does_not_count(write: Write, valid: str, catalogue: Any) -> None:
    hashes = set()
    for folder in ("a", "b"):
        for name, text in DATA.items():
            write(text, f"{folder}/{name}")
        hashes.add(scenario_hash(load_scenario(write(valid + CALLS, f"{folder}/town.yaml"), catalogue=catalogue)))
    assert len(hashes) == 1


def test_data_files_that_are_not_there_are_told_with_their_field(write: Write, valid: str, catalogue: Any) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(write(valid + CALLS), catalogue=catalogue)
    fields = {mistake.field for mistake in caught.value.mistakes}
    assert fields == {
        "calls.log.file",
        "calls.log.scene.file",
        "calls.streams.0.places.file",
        "calls.streams.1.scene.file",
    }


def test_the_canonical_form_can_be_read_back(with_data: Path, catalogue: Any) -> None:
    scenario = load_scenario(with_data, catalogue=catalogue)
    again = from_canonical(canonical(scenario), catalogue=catalogue)
    assert again.calls == scenario.calls
    assert scenario_hash(again) == scenario_hash(scenario)


def path_fields(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Yield the fields of a model that name files, as FILE_FIELDS writes them."""
    for name, field in model.model_fields.items():
        annotation = str(field.annotation)
        place = f"{before}{name}" + (".*" if annotation.startswith("tuple") else "")
        if "Path" in annotation:
            yield f"{before}{name}"
        for part in models_in(field.annotation):
            yield from path_fields(part, f"{place}.")


def test_every_field_that_names_a_file_is_known_as_one() -> None:
    found = set(path_fields(CallsPart, "calls.")) | set(path_fields(CsvTown, "town."))
    assert found | set(path_fields(GraphmlTown, "town.")) <= set(FILE_FIELDS)


def test_a_runs_own_log_needs_nothing_but_its_name() -> None:
    log = CallLog.model_validate({"file": "calls.csv"})
    assert (log.time_zone, log.coordinates) == ("none", "metres")
    columns = log.columns.model_dump(by_alias=True)
    assert columns == {name: name for name in columns}
    assert CallLog.model_validate({"file": "calls.csv", "columns": None}) == log
    other = CallLog.model_validate({"file": "calls.csv", "columns": {"node": "n"}, "time_zone": "UTC"})
    assert (other.coordinates, other.columns.received, other.columns.id) == ("lonlat", "received", None)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"columns": {"node": "n"}}, "time_zone"),
        ({"columns": {"received": "t"}, "time_zone": "UTC"}, "the column node, or the columns x and y"),
        ({"columns": {"x": "lon"}, "time_zone": "UTC"}, "the column node, or the columns x and y"),
        ({"columns": {"node": "n"}, "time_zone": "UTC", "types": ["A"]}, "columns.type, since types are named"),
        ({"columns": {"node": "n"}, "time_zone": "UTC", "priorities": {"A": 1}}, "columns.priority or columns.type"),
        ({"priorities": {"A": 9}}, "less than 9"),
        ({"town_time_zone": "UTC"}, "time_zone, since town_time_zone is given"),
        ({"columns": {"node": " "}, "time_zone": "UTC"}, "a name"),
    ],
)
def test_what_does_not_fit_together_in_a_log_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        CallLog.model_validate({"file": "calls.csv", **fields})
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("zone", "nearest"), [("Asia/Shangai", "Asia/Shanghai"), ("utc+8", ""), ("Amerika/Chicago", "America/Chicago")]
)
def test_unknown_time_zones_are_refused(
    mistakes: Callable[..., list[Mistake]], write: Write, valid: str, zone: str, nearest: str
) -> None:
    write("received,n\n", "calls.csv")
    log = f"calls: {{log: {{file: calls.csv, columns: {{node: n}}, time_zone: {zone}}}}}\n"
    (mistake,) = mistakes(valid + log)
    assert (mistake.field, mistake.nearest) == ("calls.log.time_zone", nearest)


def test_nobody_calls_from_home_where_nobody_lives(mistakes: Callable[..., list[Mistake]], valid: str) -> None:
    streams = "calls: {streams: [{name: a, per_day: 1}, {name: b, per_day: 1, places: {kind: residents}}]}\n"
    empty = valid.replace("5000", "0").replace("merchants: 100", "merchants: 0").replace("mediators: 3", "mediators: 0")
    (mistake,) = mistakes(empty + streams)
    assert mistake.field == "calls.streams.1.places.kind"
    assert mistake.line == empty.count("\n") + 1


def test_a_town_without_residents_may_have_calls(load: Load, valid: str) -> None:
    empty = valid.replace("5000", "0").replace("merchants: 100", "merchants: 0").replace("mediators: 3", "mediators: 0")
    scenario = load(empty + "calls: {streams: [{name: a, per_day: 7}]}\n")
    assert expected_records(scenario)["calls"] == pytest.approx(7 * 365)


def test_a_misspelt_field_of_a_stream_has_a_nearest_name(mistakes: Callable[..., list[Mistake]], valid: str) -> None:
    (mistake,) = mistakes(valid + "calls: {streams: [{name: a, per_day: 1, place: {kind: uniform}}]}\n")
    assert (mistake.field, mistake.nearest) == ("calls.streams.0.place", "places")


def test_the_books_expected(load: Load, valid: str) -> None:
    rates = "dispute_rate_per_1000_per_year=100", "background_calls_per_1000_per_year=40"
    days = "calendar.days=73", "people.residents=5000"
    chosen = *days, *(f"parameters.{rate}" for rate in rates)
    expected = expected_records(load(valid, *chosen))
    found = [expected[table] for table in ("disputes", "cases", "sessions", "calls")]
    assert found == pytest.approx([100.0, 15.0, 15.0, 55.0])
    quiet = expected_records(load(valid, *chosen, "calls.background=false"))
    assert quiet["calls"] == pytest.approx(15.0)
    streams = "calls: {streams: [{name: a, per_day: 2}, {name: b, per_day: 3.5}]}\n"
    assert expected_records(load(valid + streams, *chosen))["calls"] == pytest.approx(55.0 + 5.5 * 73)


@pytest.mark.parametrize("packed", [False, True])
def test_the_rows_of_a_log_are_counted(write: Write, load: Load, valid: str, packed: bool) -> None:
    text = b"id,received\n" + b"1,2024-01-01\n" * 5000
    name = "calls.csv.gz" if packed else "calls.csv"
    write(gzip.compress(text) if packed else text, name)
    scenario = load(valid + f"calls: {{background: false, log: {{file: {name}}}}}\n")
    without = load(valid + "calls: {background: false}\n")
    more = expected_records(scenario)["calls"] - expected_records(without)["calls"]
    assert 5000 <= more <= 5002
    assert expected_rows(scenario)["log"] == more
    assert estimate_bytes(scenario) > estimate_bytes(without)
    if packed:
        write(gzip.compress(text)[:-30], name)
        assert expected_rows(scenario)["log"] == 0


def test_columns_are_all_described() -> None:
    assert all(field.description for field in LogColumns.model_fields.values())
