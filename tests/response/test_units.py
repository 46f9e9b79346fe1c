"""Units: the ledger balances, nothing has a negative duration, every call ends in one of the ways there are."""

from __future__ import annotations

import functools
from itertools import pairwise

import numpy as np
import pytest
from playing import at, busy, call, line, play

from sim.codes import NOBODY, Answer, Leg, Status
from sim.engine.clock import MINUTE, SECOND
from sim.model import TownModel
from sim.response import ledger_at
from sim.world import Table

MOMENTS = ("received", "ready", "dispatched", "departed", "arrived", "cleared")
HORIZON = 3.0


@functools.cache
def model() -> TownModel:
    """Return the busy run, which tests only look at."""
    return busy(HORIZON)


def calls() -> Table:
    """Return the calls received in the busy run."""
    return model().world.calls[: model().world.state[0].call_rows].view(np.recarray)


def dispatches() -> Table:
    """Return the units sent in the busy run."""
    return model().world.dispatches[: model().world.state[0].dispatch_rows].view(np.recarray)


def test_ledger_adds_up_to_the_time_elapsed() -> None:
    ledger = ledger_at(model().world.units, HORIZON)
    assert ledger.min() >= 0.0
    assert ledger.sum(axis=1) == pytest.approx(np.full(7, HORIZON), abs=1e-9)
    for status in (Status.OFF_DUTY, Status.TO_SCENE, Status.ON_SCENE, Status.RETURNING, Status.ON_BREAK):
        assert ledger[:, status].sum() > 0.0, "every status of a unit at its post must occur in this run"


def test_ledger_agrees_with_the_units_sent() -> None:
    ledger = ledger_at(model().world.units, HORIZON)
    sent = dispatches()
    assert (sent["leg"] == Leg.REDIRECTED).any()
    over = np.where(np.isnan(sent["arrived"]), np.where(np.isnan(sent["cleared"]), HORIZON, sent["cleared"]), 0.0)
    there = ~np.isnan(sent["arrived"])
    over[there] = sent["arrived"][there]
    assert (over - sent["dispatched"]).sum() == pytest.approx(ledger[:, Status.TO_SCENE].sum())
    left = np.where(np.isnan(sent["cleared"]), HORIZON, sent["cleared"])
    assert (left - sent["arrived"])[there].sum() == pytest.approx(ledger[:, Status.ON_SCENE].sum())
    assert model().world.units["answered"].sum() == there.sum()


def test_every_call_is_answered_waiting_or_open() -> None:
    found = calls()
    known = {
        Answer.RECEIVED: ("received",),
        Answer.WAITING: MOMENTS[:2],
        Answer.ASSIGNED: MOMENTS[:4],
        Answer.ON_SCENE: MOMENTS[:5],
        Answer.DONE: MOMENTS,
    }
    assert np.isin(found["answer"], list(known)).all()
    for state, moments in known.items():
        rows = found[found["answer"] == state]
        for moment in MOMENTS:
            assert np.isnan(rows[moment]).all() == (moment not in moments) or len(rows) == 0
    assert (found["answer"] == Answer.WAITING).sum() == model().world.state[0].waiting_calls
    assert ((found["unit"] != NOBODY) == (found["answer"] >= Answer.ASSIGNED)).all()
    held = model().world.units[model().world.units["call"] != NOBODY]
    assert np.isin(found["answer"], (Answer.ASSIGNED, Answer.ON_SCENE)).sum() == len(held)
    assert np.isin(held["status"], (Status.TO_SCENE, Status.ON_SCENE)).all()


def test_no_duration_is_negative() -> None:
    for before, after in pairwise(MOMENTS):
        passed = calls()[after] - calls()[before]
        assert (passed[~np.isnan(passed)] >= 0.0).all(), (before, after)
    assert (dispatches()["metres"] >= 0.0).all()


def test_no_call_waits_while_a_unit_is_free() -> None:
    stepped = busy(0.1)
    waited = 0
    for step in range(11, 300):
        stepped.run_until(step * 0.01)
        statuses = stepped.world.units["status"]
        free = np.isin(statuses, (Status.AT_POST, Status.RETURNING, Status.PATROLLING, Status.DWELLING))
        assert stepped.world.state[0].free_units == free.sum()
        if stepped.world.state[0].waiting_calls:
            waited += 1
            assert not free.any()
    assert waited, "the run must have a queue to show anything"


def test_series_count_the_calls_of_their_day() -> None:
    day = calls()["received"].astype(int)
    minutes = (calls()["arrived"] - calls()["received"]) / MINUTE
    for number in range(int(HORIZON)):
        row = model().world.series[number]
        todays = minutes[day == number]
        answered = todays[~np.isnan(todays)]
        assert row.calls == len(todays)
        assert row.answered == len(answered)
        assert row.response_minutes_sum == pytest.approx(answered.sum())
        for limit in (1, 3, 5):
            assert row[f"within_{limit}"] == (answered <= limit).sum()
    assert model().world.series["calls"].sum() == len(calls())


def test_the_whole_round_of_a_unit_is_in_its_ledger() -> None:
    day = play(line(3), [at(0)], [call(60, 2, scene=25)], parameters={"turn_out_seconds": 30.0})
    spent = ledger_at(day.units, 1.0)[0]
    assert spent[Status.TO_SCENE] == pytest.approx(2 * MINUTE + 30 * SECOND)
    assert spent[Status.ON_SCENE] == pytest.approx(25 * MINUTE)
    assert spent[Status.RETURNING] == pytest.approx(2 * MINUTE)
    assert day.units["driven_metres"].tolist() == [1000.0]
