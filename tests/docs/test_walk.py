"""The walk through one city: its numbers are those of the runs, its files fit together, and it can be made again."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from walk_calls import concentration, fitted_sigma, half_share, kind_of, read_log, weekday_weights
from walk_page import page, read_numbers, rounded
from walk_places import cell_rates, node_weights
from walk_runs import crossing

from tests.pages import ROOT

WALK = ROOT / "docs" / "walk"
PAGE = ROOT / "docs" / "walk.md"
DATA = ROOT.parent / "shared" / "data"
ROADS, CALLS = DATA / "jemss-manhattan", DATA / "milwaukee-cfs-2018-05"
needs_data = pytest.mark.skipif(
    not (ROADS.is_dir() and CALLS.is_dir()),
    reason="needs ../shared/data/jemss-manhattan and milwaukee-cfs-2018-05 beside the repository",
)


def test_the_page_holds_the_numbers_of_the_runs() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(read_numbers(WALK), "walk")


def test_no_number_is_written_by_hand() -> None:
    text = (WALK / "walk.md.j2").read_text(encoding="utf-8")
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", text, flags=re.DOTALL).replace("1-3-5", "")
    figures = [line for line in bare.splitlines() if re.search(r"\d", line)]
    # Which limits are meant, not what came out.
    named = ("90 %", "95 %", "within 1 minute", "within 3 minutes", "within 5 minutes")
    left = [line for line in figures if re.search(r"\d", re.sub("|".join(named), "", line))]
    assert left == []


def test_every_figure_is_there_and_shown() -> None:
    shown = set(re.findall(r"\(walk/([\w-]+\.svg)\)", PAGE.read_text(encoding="utf-8")))
    assert shown == {path.name for path in WALK.glob("*.svg")}
    assert all(path.read_text(encoding="utf-8").startswith("<svg xmlns=") for path in WALK.glob("*.svg"))


def test_the_calls_of_the_scenario_are_those_of_the_page() -> None:
    text = (WALK / "calls.yaml").read_text(encoding="utf-8")
    for kind in ("quarrels", "others"):
        assert f"per_day: {read_numbers(WALK)['log'][kind]['per_day']}" in text


def log_file(folder: Path, rows: list[tuple[str, str, float, float]]) -> Path:
    """Write a log of (time, nature, latitude, longitude) and return its folder."""
    table = pd.DataFrame(rows, columns=["time", "nature", "latitude", "longitude"])
    table.to_csv(folder / "calls.csv.gz", index=False)
    return folder


def test_an_incomplete_day_is_left_out_and_makes_no_weekday_quiet(tmp_path: Path) -> None:
    days = [f"2018-05-{day:02d}" for day in range(1, 15)]
    rows = [(f"{day} 10:00:00", "FIGHT", 43.0, -87.9) for day in days for _ in range(4)]
    log = read_log(log_file(tmp_path, rows[:-3]))
    assert log.days_left_out == {"2018-05-14": 1}
    assert log.whole_days == 13
    assert weekday_weights(log.of("quarrels")) == [1.0] * 7


def test_rows_outside_the_city_have_no_place(tmp_path: Path) -> None:
    rows = [("2018-05-01 10:00:00", "FIGHT", 43.0, -87.9)] * 5 + [("2018-05-01 11:00:00", "THEFT", 13.0, 77.6)]
    log = read_log(log_file(tmp_path, rows))
    assert (log.misplaced, log.cells, log.counts("quarrels").tolist()) == (1, 1, [5])


def test_kinds_of_natures() -> None:
    assert kind_of(pd.Series(["FIGHT", "TRAFFIC STOP", "THEFT"])).tolist() == ["quarrels", "police", "others"]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60).filter(any))
def test_concentration_rises_from_nothing_to_all_and_bulges(counts: list[int]) -> None:
    points = np.linspace(0.0, 1.0, 11)
    found = concentration(counts, points)
    assert found[0] == 0.0
    assert found[-1] == pytest.approx(1.0)
    assert np.all(np.diff(found) >= -1e-12)
    assert np.all(found >= points - 1e-12)
    assert concentration(counts, np.array([half_share(counts)]))[0] >= 0.5 - 1e-12


def test_places_of_equal_counts_make_half_by_half() -> None:
    assert half_share([3] * 10) == 0.5
    assert half_share([100, *[1] * 9]) == 0.1


@settings(max_examples=5, deadline=None)
@given(st.floats(0.4, 1.5))
def test_the_fit_gives_back_the_law(sigma: float) -> None:
    chance = np.random.default_rng(7)
    rates = 2.0 * np.exp(sigma * chance.standard_normal(8000) - 0.5 * sigma**2)
    assert fitted_sigma(chance.poisson(rates)) == pytest.approx(sigma, abs=0.08)


def test_weights_share_a_cells_rate_among_its_open_nodes() -> None:
    cells = np.array([0, 1, -1, 1, 2, 0])
    weights = node_weights(cells, 1.0)
    assert weights[2] == 0.0
    assert np.bincount(cells[cells >= 0], weights[cells >= 0]) == pytest.approx(cell_rates(3, 1.0))
    assert cell_rates(1000, 1.2).mean() == pytest.approx(1.0)
    assert cell_rates(50, 0.0) == pytest.approx(np.ones(50))


@given(st.floats(-1.0, 1.0), st.floats(0.1, 2.0), st.floats(11.0, 89.0))
def test_a_falling_line_crosses_where_it_is_nought(bend: float, slope: float, place: float) -> None:
    points = [10.0, place + bend, 90.0]
    assert crossing(points, [slope * (place - point) for point in points]) == pytest.approx(place)


def test_lines_on_one_side_do_not_cross() -> None:
    assert np.isnan(crossing([10.0, 30.0, 90.0], [0.3, 0.2, 0.1]))
    assert np.isnan(crossing([10.0, 30.0, 90.0], [-0.3, -0.2, -0.1]))


def test_the_response_is_the_sum_of_its_parts_at_every_turn_out() -> None:
    for ways in read_numbers(WALK)["turn_out"]["effects"].values():
        for one in ways.values():
            parts = one["turn_out_minutes_mean"]["difference"] + one["travel_minutes_mean"]["difference"]
            assert one["response_minutes_mean"]["difference"] == pytest.approx(parts, abs=0.005)


def test_numbers_are_kept_as_json_knows_them() -> None:
    kept = rounded({"a": [1.23456789, float("nan")], "b": {"c": np.float64(0.5)}, "d": "x", "e": True, "f": 12345678})
    assert json.loads(json.dumps(kept)) == {"a": [1.23457, None], "b": {"c": 0.5}, "d": "x", "e": True, "f": 12345678}


@needs_data
@pytest.mark.slow
def test_it_can_be_made_from_the_data(tmp_path: Path) -> None:
    out = tmp_path / "walk"
    options = ["--roads", str(ROADS), "--calls", str(CALLS), "--out", str(out), "--days", "2", "--replications", "1"]
    done = subprocess.run(
        [sys.executable, str(WALK / "make.py"), *options],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    made, kept = read_numbers(out), read_numbers(WALK)
    assert made["log"] == kept["log"]
    assert made["roads"] == kept["roads"]
    assert (out / "calls.yaml").read_text("utf-8") == (WALK / "calls.yaml").read_text("utf-8")
    assert made["patrols"]["failures"] == 0
    effects: dict[str, Any] = made["patrols"]["effects"]
    assert effects["random"]["calls"]["difference"] == effects["hot-spots"]["calls"]["difference"] == 0.0
    assert out.with_suffix(".md").read_text("utf-8") == page(made, "walk")
