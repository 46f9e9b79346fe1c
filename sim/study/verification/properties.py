"""What must hold of every run besides numbers: balanced books, luck that scenarios share, cuts that leave no trace."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.codes import Answer
from sim.interventions import catalogue
from sim.response import ledger_at
from sim.scenario import load_scenario
from sim.study.verification.exact import Check

if TYPE_CHECKING:
    from sim.model import TownModel
    from sim.world import World

ROUNDING = 1e-6  # days, of sums over a run
LEVER_DAY = 100
CUT_DAY = 37.4
SMALL = (
    "people.residents=400",
    "people.merchants=10",
    "town.road_nodes=24",
    "town.communities=2",
    "grid.households_per_grid=40",
    "calendar.days=120",
    "parameters.dispute_rate_per_1000_per_year=1500",
)
OPEN = (Answer.RECEIVED, Answer.WAITING, Answer.ASSIGNED, Answer.ON_SCENE)


def with_books(measure: Callable[[TownModel], Mapping[str, float]], model: TownModel) -> dict[str, float]:
    """Return a measure's figures, and how many entries in the finished run's books do not balance."""
    return {**measure(model), "books": float(broken_entries(model))}


def broken_entries(model: TownModel) -> int:
    """Count calls and units whose books do not balance at the end of a run.

    A call has one end at most, its moments are in order, and it waits in the queue or not as its state says; a unit's
    time in all states is the run's, and in none negative.
    """
    world, horizon = model.world, float(model.time)
    calls = world.calls[: int(world.state[0].call_rows)]
    answers = calls["answer"]
    is_open = np.isin(answers, OPEN)
    has_end = calls["cleared"] <= horizon
    if not world.orders[0].travel_is_busy:
        # A unit that is free again before it would have arrived ends its call with an arrival still to come.
        has_end |= ~is_open & (calls["cleared"] == calls["arrived"])
    wrong = is_open & has_end & (calls["units_engaged"] == 0)
    wrong |= ~is_open & ~has_end
    wrong |= np.isin(answers, (Answer.LOST, Answer.RENEGED)) & (calls["units_sent"] > 0)
    wrong |= (answers == Answer.DONE) & ~(calls["arrived"] >= calls["departed"])
    for before, after in (("received", "ready"), ("ready", "dispatched"), ("dispatched", "departed")):
        wrong |= calls[after] < calls[before]
    days = ledger_at(world.units, horizon)
    broken = (np.abs(days.sum(axis=1) - horizon) > ROUNDING) | (days < -ROUNDING).any(axis=1)
    queued = int(calls["queued"].sum()) != int(world.state[0].waiting_calls)
    return int(wrong.sum()) + int(broken.sum()) + int(queued)


def property_checks() -> list[Check]:
    """Return the checks of shared luck and of cutting a run, made on a small town; each counts differences."""
    base, doubled, idle = (model_with(lever) for lever in ("", "factor: 2.0", "factor: 1.0"))
    for model in (base, doubled):
        model.run_until(LEVER_DAY - ROUNDING)
    before = differences(base.world, doubled.world)
    for model in (base, doubled, idle):
        model.run()
    acted = differences(base.world, doubled.world)
    return [
        Check("same_before_lever", 0.0, float(before), 0.0),
        Check("lever_acts", 1.0, float(acted > 0), 0.0),
        Check("same_with_idle_lever", 0.0, float(differences(base.world, idle.world)), 0.0),
        Check("same_when_cut", 0.0, float(differences(base.world, cut_run())), 0.0),
    ]


def model_with(lever: str) -> TownModel:
    """Return a fresh model of the small town, with the lever of grid density as told, or without one."""
    from sim.model import TownModel

    levers = f"interventions=[{{name: grid_density, {lever}, from_day: {LEVER_DAY}}}]" if lever else "interventions=[]"
    return TownModel(load_scenario("classroom", overrides=(*SMALL, levers), catalogue=catalogue()), seed=1)


def cut_run() -> World:
    """Return the world after a run that was saved on its way, forgotten, and resumed."""
    model = model_with("")
    model.run_until(CUT_DAY)
    with tempfile.TemporaryDirectory() as folder:
        model.save(Path(folder) / "state")
        resumed = type(model).resume(Path(folder) / "state")
    return resumed.run().world


def differences(first: World, second: World) -> int:
    """Count the rows of disputes, cases, sessions and calls that two worlds do not have in common."""
    found = 0
    for table in ("dispute", "case", "session", "call"):
        rows = [int(world.state[0][f"{table}_rows"]) for world in (first, second)]
        one, other = (getattr(world, f"{table}s")[: min(rows)] for world in (first, second))
        found += max(rows) - min(rows)
        unlike = np.zeros(min(rows), dtype=bool)
        for name in one.dtype.names or ():
            a, b = one[name], other[name]
            same = (a == b) | ((a != a) & (b != b))  # noqa: PLR0124 - only NaN differs from itself
            unlike |= ~same.reshape(len(unlike), -1).all(axis=1)
        found += int(unlike.sum())
    return found
