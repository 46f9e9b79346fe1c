"""What a run shows of its response, in the twin's terms: how long calls wait, how busy units are, how far they come.

Figures are taken over the calls that come in after a warm-up, since every run begins with all units free. A call that
still waits when the run ends counts with the time that it has waited.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.codes import PRIORITIES, Answer
from sim.engine.clock import MINUTE

if TYPE_CHECKING:
    from sim.model import TownModel
    from sim.world import Table

type Days = np.ndarray[Any, np.dtype[np.float64]]
type Rows = np.ndarray[Any, np.dtype[np.int64]]
type Flags = np.ndarray[Any, np.dtype[np.bool_]]

WARM_UP = 0.1  # share of a run that is left out
LIMITS_MINUTES = (1.0, 3.0, 5.0)


@dataclass(frozen=True)
class Window:
    """The part of a run that is looked at.

    Attributes:
        start: end of the warm-up, days.
        end: of the run, days.
        calls: those received within it.
        rows: their numbers.
        dispatches: all rows of units sent.
        units: number of units.
    """

    start: float
    end: float
    calls: Table
    rows: Rows
    dispatches: Table
    units: int

    @property
    def days(self) -> float:
        """Its length."""
        return self.end - self.start


def window_of(model: TownModel, warm_up: float = WARM_UP) -> Window:
    """Return the part of a finished run that is looked at."""
    world, end = model.world, float(model.time)
    calls: Any = world.calls[: int(world.state[0].call_rows)]
    sent: Any = world.dispatches[: int(world.state[0].dispatch_rows)]
    start = warm_up * end
    rows = np.flatnonzero((calls["received"] >= start) & (calls["ready"] <= end))
    return Window(start, end, calls[rows], rows, sent, len(world.units))


def waits(window: Window) -> Days:
    """Return each call's days from its readiness to its first unit, its loss, its giving up, or the run's end."""
    calls = window.calls
    left = np.where(np.isnan(calls["dispatched"]), calls["cleared"], calls["dispatched"])
    return np.asarray(np.minimum(np.where(np.isnan(left), window.end, left), window.end) - calls["ready"])


def is_answer(window: Window, answer: Answer) -> Flags:
    """Return which calls have come to an answer."""
    return np.asarray(window.calls["answer"] == answer)


def let_in(window: Window) -> Flags:
    """Return which calls were not turned away."""
    return ~is_answer(window, Answer.LOST)


def found_none_free(window: Window) -> Flags:
    """Return which calls had to wait, or were turned away, because no unit could be sent."""
    calls = window.calls
    return np.asarray(~let_in(window) | ~(calls["dispatched"] == calls["ready"]))


def busy_days(window: Window) -> Days:
    """Return the days within the window that each unit was sent to calls, from dispatch to release, shape (units,)."""
    sent = window.dispatches
    left = np.where(np.isnan(sent["cleared"]), window.end, sent["cleared"])
    within = np.minimum(left, window.end) - np.maximum(sent["dispatched"], window.start)
    return np.bincount(sent["unit"], np.maximum(within, 0.0), minlength=window.units)


def mean(values: Any) -> float:
    """Return a mean, NaN of nothing."""
    return float(np.mean(values)) if len(values) else math.nan


def queue_figures(window: Window, longer_than_minutes: float) -> dict[str, float]:
    """Return what became of calls at their readiness; waits are over the calls that were let in, in minutes."""
    waited, entered = waits(window) / MINUTE, let_in(window)
    none_free = found_none_free(window)
    found = {
        "calls": float(len(window.calls)),
        "calls_per_day": len(window.calls) / window.days,
        "none_free": mean(none_free),
        "lost": mean(~entered),
        "reneged": mean(is_answer(window, Answer.RENEGED)),
        "wait": mean(waited[entered]),
        "wait_longer": mean(waited[entered] > longer_than_minutes),
    }
    priorities = window.calls["first_priority"]
    for priority in range(PRIORITIES):
        chosen = entered & (priorities == priority)
        found[f"wait_{priority}"] = mean(waited[chosen])
        found[f"calls_per_day_{priority}"] = float((priorities == priority).sum()) / window.days
    return found


def unserved_figures(window: Window) -> dict[str, float]:
    """Return each priority's mean minutes without a unit between readiness and end, interruptions included.

    Over calls that want one unit and are done.
    """
    calls, sent = window.calls, window.dispatches
    held = np.zeros(int(window.rows.max(initial=-1)) + 1)
    known = sent[(sent["call"] < len(held)) & ~np.isnan(sent["cleared"])]
    np.add.at(held, known["call"], known["cleared"] - known["dispatched"])
    minutes = (calls["cleared"] - calls["ready"] - held[window.rows]) / MINUTE
    done = is_answer(window, Answer.DONE) & (calls["units_wanted"] == 1)
    priorities = calls["first_priority"]
    return {f"unserved_{one}": mean(minutes[done & (priorities == one)]) for one in range(PRIORITIES)}


def unit_figures(window: Window) -> dict[str, float]:
    """Return the mean number of busy units, and the share of the time for which each is busy."""
    busy = busy_days(window) / window.days
    return {"busy": float(busy.sum()), **{f"busy_{unit}": float(share) for unit, share in enumerate(busy)}}


def way_figures(window: Window) -> dict[str, float]:
    """Return how far and how long first units drive, from turning out to the scene, and whom they reach in time."""
    calls = window.calls
    reached = calls[~np.isnan(calls["arrived"]) & (calls["arrived"] <= window.end)]
    minutes = (reached["arrived"] - reached["departed"]) / MINUTE
    within = {f"within_{limit:g}": mean(minutes <= limit) for limit in LIMITS_MINUTES}
    metres = reached["travel_metres"]
    return {
        "metres": mean(metres),
        "travel": mean(minutes),
        "turn_out": mean((reached["departed"] - reached["dispatched"]) / MINUTE),
        "metres_per_minute": float(metres.sum() / minutes.sum()) if minutes.sum() > 0.0 else math.nan,
        **within,
    }


def stream_figures(model: TownModel, window: Window) -> dict[str, float]:
    """Return how often each stream calls, and how long its calls keep a unit on scene: mean and variation, minutes."""
    found = {}
    sent = window.dispatches
    done = sent[~np.isnan(sent["arrived"]) & (sent["cleared"] <= window.end)]
    of_stream = model.world.calls["stream"][done["call"]]
    minutes = (done["cleared"] - done["arrived"]) / MINUTE
    for stream in range(len(model.world.streams)):
        times = minutes[of_stream == stream]
        found[f"stream_{stream}"] = float((window.calls["stream"] == stream).sum()) / window.days
        found[f"scene_{stream}"] = mean(times)
        found[f"scene_variation_{stream}"] = float(times.std() / times.mean()) if times.sum() > 0.0 else math.nan
    return found


def observe(model: TownModel, longer_than_minutes: float = 5.0, warm_up: float = WARM_UP) -> dict[str, float]:
    """Return all figures of a finished run by id."""
    window = window_of(model, warm_up)
    return {
        **queue_figures(window, longer_than_minutes),
        **unserved_figures(window),
        **unit_figures(window),
        **way_figures(window),
        **stream_figures(model, window),
    }
