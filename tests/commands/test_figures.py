"""Numbers as tables show them."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sim.commands.figures import console, decimals, figure, gigabytes, place, print_json, short, signed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (math.nan, "-"),
        (0.01234, "0.0123"),
        (1.0, "1.00"),
        (12.34, "12.3"),
        (123.4, "123"),
        (1234567.0, "1,234,567"),
        (-0.5, "-0.500"),
        (0.00000123, "1.23e-06"),
    ],
)
def test_figure(value: float, text: str) -> None:
    assert figure(value) == text


@given(some.floats(min_value=1e-6, max_value=1e9))
def test_a_figure_keeps_three_digits(value: float) -> None:
    assert float(figure(value).replace(",", "")) == pytest.approx(value, rel=0.006)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(1.256, 2, "+1.26"), (-0.004, 2, "0"), (math.nan, 2, "-"), (-1234.5, 0, "-1,234"), (-2.5e-8, 9, "-2.5e-08")],
)
def test_signed(value: float, places: int, text: str) -> None:
    assert signed(value, places) == text


def test_decimals_follow_the_size() -> None:
    assert [decimals(size, 2) for size in (0.0075, 0.5, 3.0, 500.0, 0.0, math.inf)] == [4, 2, 1, 0, 0, 0]


def test_short_and_gigabytes() -> None:
    assert [short(value) for value in (120.0, 0.05, 2_000_000.0)] == ["120", "0.05", "2,000,000"]
    assert [gigabytes(count) for count in (2_400_000_000, 250_000_000)] == ["2.4 GB", "250 MB"]


def test_json_has_no_nan(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"a": [math.nan, 1.5], "b": {"c": (math.inf,)}})
    assert json.loads(capsys.readouterr().out) == {"a": [None, 1.5], "b": {"c": [None]}}


def test_a_console_takes_brackets_as_they_are() -> None:
    lines = console()
    lines.file = io.StringIO()
    lines.print("a [bold] title :smile:")
    assert lines.file.getvalue() == "a [bold] title :smile:\n"


def test_places_are_relative_below_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert place(tmp_path / "a" / "b") == "a/b"
    assert place(tmp_path.parent / "c") == str(tmp_path.parent / "c")
