"""Numbers as a table shows them, and consoles that print what they are given."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.words import say

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

MOST_DECIMALS = 6


def console(*, errors: bool = False) -> Console:
    """Return a console that takes brackets, numbers and colons in texts for what they are."""
    from rich.console import Console

    class Plain(Console):
        """A console that leaves it to the command how to end when nobody reads on."""

        def on_broken_pipe(self) -> None:
            """Pass the error on instead of ending with the code of a failed run."""
            raise BrokenPipeError

    return Plain(stderr=errors, markup=False, highlight=False, emoji=False)


def table(*, narrow: bool = False) -> Table:
    """Return an empty table in the house's one style: no lines but one below the head."""
    from rich import box
    from rich.table import Table

    style = box.Box("    \n    \n \u2500  \n    \n    \n    \n    \n    \n")
    return Table(box=style, show_edge=False, pad_edge=False, padding=(0, 1 if narrow else 2, 0, 0))


def print_json(value: Any, other: Callable[[Any], Any] | None = None) -> None:
    """Print strict JSON on standard output; NaN and infinities become null.

    Args:
        value: nested data.
        other: gives plain data for a value of a kind that JSON does not know; such a value is a fault when left out.

    Raises:
        TypeError: a value is of such a kind.
    """
    text = json.dumps(finite(value), indent=2, ensure_ascii=False, allow_nan=False, default=other)
    sys.stdout.write(text + "\n")


def finite(value: Any) -> Any:
    """Return nested data with None in place of every number that is not finite."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): finite(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [finite(child) for child in value]
    return value


def decimals(size: float, digits: int = 3) -> int:
    """Return how many decimals show a number of this size with so many significant digits."""
    if not math.isfinite(size) or size == 0.0:
        return 0
    return max(0, digits - 1 - math.floor(math.log10(abs(size))))


def figure(value: float) -> str:
    """Return a number with three significant digits, more where it is a large one: ``0.0123``, ``1.23``, ``12,345``."""
    if math.isnan(value):
        return say("none")
    places = decimals(value)
    return "0" if value == 0.0 else f"{value:,.{places}f}" if places <= MOST_DECIMALS else f"{value:.2e}"


def short(value: float) -> str:
    """Return a number as it would be written by hand: ``120``, ``0.05``."""
    return say("none") if math.isnan(value) else f"{value:,g}" if abs(value) < 1e6 else f"{value:,.0f}"


def signed(value: float, places: int) -> str:
    """Return a difference with its sign and so many decimals; one that rounds to nothing is 0.

    A tiny one is written with its power of ten.
    """
    if math.isnan(value):
        return say("none")
    text = f"{value:+,.{places}f}" if places <= MOST_DECIMALS else f"{value:+.1e}"
    return "0" if not any(digit in text for digit in "123456789") else text


def gigabytes(count: int) -> str:
    """Return a number of bytes in MB or GB."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def unit_words(unit: str) -> str:
    """Return an outcome's unit as a reader should see it; a share and an index are numbers from 0 to 1."""
    return say("unit.share") if unit in ("share", "index") else unit


def place(path: Path) -> str:
    """Return a path as the user would type it here: relative where it lies below the working folder."""
    here, real = os.path.realpath(Path.cwd()), os.path.realpath(path)
    return os.path.relpath(real, here) if real.startswith(here + os.sep) else str(path)
