from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.scenario import Mistake, Scenario, estimate_bytes, memory
from sim.world import DTYPES


def test_every_table_of_the_world_is_counted(load: Callable[..., Scenario], valid: str) -> None:
    assert set(memory.expected_rows(load(valid))) == set(DTYPES)


def test_a_resident_costs_at_least_its_rows(load: Callable[..., Scenario], valid: str) -> None:
    few, many = (estimate_bytes(load(valid, f"people.residents={count}")) for count in (100_000, 1_100_000))
    assert 1_000_000 * DTYPES["residents"].itemsize < many - few < 1_000_000 * 400


@pytest.mark.parametrize(
    "override",
    [
        "calendar.days=3650",
        "people.residents=100000",
        "response.posts=9",
        "town.road_nodes=2000",
        "records.district=community",
        "interventions.0.factor=50",
        "parameters.dispute_rate_per_1000_per_year=5000",
        "parameters.background_calls_per_1000_per_year=5000",
    ],
)
def test_what_makes_a_run_larger_is_seen(load: Callable[..., Scenario], valid: str, override: str) -> None:
    assert estimate_bytes(load(valid, override)) > estimate_bytes(load(valid))


def test_what_does_not_fit_is_refused(
    mistakes: Callable[..., list[Mistake]], valid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 100_000_000)
    (mistake,) = mistakes(valid)
    assert (mistake.field, mistake.line, mistake.given) == ("people.residents", 8, "5000")
    assert "0.1 GB available" in mistake.allowed


@pytest.mark.parametrize(
    "override", ["parameters.dispute_rate_per_1000_per_year=1e9", "parameters.background_calls_per_1000_per_year=1e9"]
)
def test_rates_that_fill_any_memory_are_refused(
    mistakes: Callable[..., list[Mistake]], valid: str, override: str
) -> None:
    assert "GB" in mistakes(valid, "people.residents=20000000", "grid.households_per_grid=400", override)[0].allowed


def test_available_memory_is_what_the_machine_has() -> None:
    assert 10_000_000 < memory.available_bytes() < 10**15
