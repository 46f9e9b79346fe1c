"""The page: a template, in which no figure stands, filled with what the runs gave."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent
NUMBERS, TEMPLATE = "numbers.json", "walk.md.j2"
UNKNOWN = "–"
DIGITS = 6  # kept of every number; more would tell of the machine, not of the model


def rounded(value: Any) -> Any:
    """Return nested data with numbers to so many significant digits, and None in place of NaN and infinities."""
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(key): rounded(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(child) for child in value]
    if isinstance(value, int):
        return value
    return float(f"{float(value):.{DIGITS}g}") if math.isfinite(value) else None


def number(value: float | None, places: int = 2) -> str:
    """Return a number with so many decimals and thousands set off."""
    return UNKNOWN if value is None else without_minus_zero(f"{value:,.{places}f}")


def percent(value: float | None, places: int = 1) -> str:
    """Return a share in percent, without the sign."""
    return UNKNOWN if value is None else number(100.0 * value, places)


def signed(value: float | None, places: int = 2) -> str:
    """Return a difference with its sign."""
    return UNKNOWN if value is None else without_minus_zero(f"{value:+,.{places}f}")


def without_minus_zero(text: str) -> str:
    """Return a number that rounds to nothing without a sign."""
    return text if any(digit in text for digit in "123456789") else text.lstrip("+-")


def difference(one: Mapping[str, Any], places: int = 2, scale: float = 1.0) -> str:
    """Return a paired difference with the ends of its interval."""
    parts = [None if one[key] is None else scale * one[key] for key in ("difference", "low", "high")]
    return f"{signed(parts[0], places)} ({signed(parts[1], places)} to {signed(parts[2], places)})"


def page(numbers: Mapping[str, Any], folder: str) -> str:
    """Return the page.

    Args:
        numbers: as ``numbers.json`` has them.
        folder: with the figures, as the page's links name it.
    """
    made = Environment(
        loader=FileSystemLoader(HERE),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - a page of text, not of HTML
    )
    made.filters |= {"number": number, "percent": percent, "signed": signed, "difference": difference}
    return made.get_template(TEMPLATE).render(numbers, folder=folder)


def read_numbers(folder: Path) -> dict[str, Any]:
    """Return the numbers that a folder holds.

    Raises:
        OSError: there are none.
        ValueError: they are damaged.
    """
    found: dict[str, Any] = json.loads((folder / NUMBERS).read_text(encoding="utf-8"))
    return found
