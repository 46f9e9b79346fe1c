"""How many orders go to a worker at once, and what comes of those that went together."""

from typing import Any

import pytest
from hamlets import asked_for
from hypothesis import given
from hypothesis import strategies as st

from sim.study import Store, run_jobs
from sim.study.runner import dispatch
from sim.study.runner.orders import Made


@given(
    orders=st.integers(1, 5000),
    room=st.integers(2, 200),
    seconds=st.lists(st.floats(1e-4, 1e4), min_size=1, max_size=20),
)
def test_bundles_are_a_second_of_work_and_grow_small_towards_the_end(
    orders: int, room: int, seconds: list[float]
) -> None:
    pace = dispatch.Pace(orders)
    assert pace.bundle(room) == 1  # nobody knows yet
    for one in seconds:
        pace.took(Made("", "finished", one))
    pace.took(Made("", "finished", 0.0))  # was there already
    mean = sum(seconds) / len(seconds)
    handed = []
    while pace.left > 0:
        handed.append(min(pace.bundle(room), pace.left))
        pace.left -= handed[-1]
    assert sum(handed) == orders
    assert handed == sorted(handed, reverse=True)
    assert max(handed) * mean <= max(mean, dispatch.BUNDLE_SECONDS * (1 + 1e-9))
    assert max(handed) <= max(1, orders / room)  # so that everybody has something to do
    assert handed[-1] == 1


def faulty() -> dispatch.Call:
    """Return what stands in for runs of which one raises what it should have caught; it travels by value."""

    def call(orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if any(order["seed"] == 30 for order in orders):
            raise ZeroDivisionError("a defect")
        return [{"run": order["run"], "state": "finished", "seconds": 0.01} for order in orders]

    return call


def test_a_defect_is_told_of_its_own_run_only(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "CALL", faulty())
    ending = run_jobs(store, asked_for(1, 60), workers=1)
    assert ending.finished == 59
    (failed,) = ending.failed
    assert (failed.seed, failed.type) == (30, "ZeroDivisionError")
