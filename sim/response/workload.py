"""How much work a scenario's calls are for its crews, known before anything is run: calls, minutes on scene, load.

How long units drive is known only from a run, so that the load told here is the least that a run will have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.clock import MINUTE
from sim.response.call_streams import observed_minutes
from sim.response.rota import HOURS_A_WEEK
from sim.response.timing import wished_rota
from sim.scenario import expected_calls
from sim.town import Problem, TownError

if TYPE_CHECKING:
    from sim.response.call_log import CallLogData
    from sim.scenario import Scenario, SceneLaw

MINUTES_A_DAY = 1440.0


@dataclass(frozen=True)
class Flow:
    """Calls of one origin.

    Attributes:
        origin: ``background``, ``dispute``, ``log`` or ``stream``.
        name: of the stream, or the origin again.
        per_day: mean number of calls a day.
        units: mean number of units that a call wants.
        scene_minutes: mean time on scene of a unit.
    """

    origin: str
    name: str
    per_day: float
    units: float
    scene_minutes: float

    @property
    def offered(self) -> float:
        """Units on scene on average, if none were ever short."""
        return self.per_day * self.units * self.scene_minutes / MINUTES_A_DAY


def flows_of(scenario: Scenario, parameters: Any, log: CallLogData | None) -> list[Flow]:
    """Return the calls of a scenario by where they come from, those left out that never come.

    Args:
        scenario: its ``calls`` are read, and how many people live there.
        parameters: a record of parameters.
        log: the recorded log that it replays, or None.

    Raises:
        TownError: files of observed times on scene cannot be used.
    """
    problems: list[Problem] = []
    days = scenario.calendar.days
    usual = float(parameters.scene_minutes_background)
    counts = expected_calls(scenario)
    found = [
        Flow("background", "background", counts["background"] / days, 1.0, usual),
        Flow("dispute", "dispute", counts["dispute"] / days, 1.0, float(parameters.scene_minutes_dispute)),
    ]
    for number, stream in enumerate(scenario.calls.streams):
        minutes = scene_minutes(stream.scene, usual, f"calls.streams.{number}.scene", problems)
        found.append(Flow("stream", stream.name, stream.per_day, float(stream.units), minutes))
    if scenario.calls.log is not None and log is not None:
        minutes = scene_minutes(scenario.calls.log.scene, usual, "calls.log.scene", problems)
        found.append(flow_of_log(log, minutes, days))
    if problems:
        raise TownError(problems)
    return [flow for flow in found if flow.per_day > 0.0]


def scene_minutes(law: SceneLaw | None, usual: float, field: str, problems: list[Problem]) -> float:
    """Return the mean of a law of the time on scene, the usual one where there is no law; bad files are noted."""
    if law is None:
        return usual
    if law.mean_minutes is not None:
        return float(law.mean_minutes)
    minutes = observed_minutes(law, field, problems)
    return float(np.mean(minutes)) if len(minutes) else usual


def flow_of_log(log: CallLogData, usual: float, days: int) -> Flow:
    """Return the calls of a log; ``usual`` is the mean time on scene, in minutes, where a row does not say."""
    wanted = np.maximum(log.rows["units_wanted"].astype(np.float64), 1.0)
    minutes = np.asarray(log.rows["scene_days"], dtype=np.float64) / MINUTE
    minutes[np.isnan(minutes)] = usual
    return Flow("log", "log", len(wanted) / days, float(wanted.mean()), float(wanted @ minutes / wanted.sum()))


def mean_on_duty(scenario: Scenario, parameters: Any) -> float:
    """Return the mean number of the town's own units on duty over the week, as the scenario's own timing has it."""
    return float(sum(hours_a_week(scenario, parameters))) / HOURS_A_WEEK


def hours_a_week(scenario: Scenario, parameters: Any) -> Iterator[float]:
    """Yield the unit-hours of a week of each of the town's own groups."""
    for group in scenario.response.all_groups():
        if group.aid is None:
            yield wished_rota(scenario, group, parameters).unit_hours()
