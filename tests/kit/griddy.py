"""Scenario fields that tests of grids share."""

from __future__ import annotations

from typing import Any

from sim.codes import Category

NAMES = [category.name.lower() for category in Category]


def sectors(*shares: float) -> list[dict[str, Any]]:
    """Return sectors with these shares, the categories dealt out among them in turn."""
    count = len(shares)
    return [
        {"name": f"sector-{row}", "categories": NAMES[row::count], "share": share} for row, share in enumerate(shares)
    ]
