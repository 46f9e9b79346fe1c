"""Runs without a model: what the store keeps does not depend on where the numbers come from."""

from __future__ import annotations

from typing import Any


def record_of(number: int, **about: Any) -> dict[str, Any]:
    return {
        "scenario_name": "made-up",
        "seed": number,
        "scenario": {"calendar": {"days": 30}},
        "model_version": "0123456789abcdef",
        "versions": {"gridtown": "0.1.0"},
        "started": "2026-01-01T00:00:00Z",
        "finished": "2026-01-01T00:00:01Z",
        "seconds": 1.0,
        "command": "gridtown experiment x",
        "outcomes": {"calls": float(number), "queued_share": float("nan") if number % 2 else 0.25},
        **about,
    }


def name_of(number: int) -> str:
    return f"{number * 2654435761 % 2**32:08x}{number:024x}"
