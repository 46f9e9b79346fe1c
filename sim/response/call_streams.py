"""The tables of where calls come from: residents, disputes, a log, and the scenario's streams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.codes import PRIORITIES, Law
from sim.engine.clock import MINUTE, SECOND, YEAR, cumulative_profile
from sim.response.call_places import lattice_order, weights_of
from sim.response.calls import BACKGROUND_STREAM, DISPUTE_STREAM, FIRST_STREAM, LOG_STREAM
from sim.response.places import Places
from sim.response.pools import Pools
from sim.response.streams import ADDRESS_SHIFT
from sim.town import Problem, Problems, TownError, numbers, read_cells
from sim.world import LOG, STREAMS, Table, empty_table

if TYPE_CHECKING:
    from sim.response.call_log import CallLogData
    from sim.scenario import CallsPart, CallStream, SceneLaw
    from sim.town import Town

LAWS = {
    "constant": Law.CONSTANT,
    "exponential": Law.EXPONENTIAL,
    "lognormal": Law.LOGNORMAL,
    "gamma": Law.GAMMA,
    "empirical": Law.EMPIRICAL,
}
EVEN_HOURS = [1.0] * 24
EVEN_WEEKDAYS = [1.0] * 7


@dataclass
class Laying:
    """What the laying of streams has at hand.

    Attributes:
        parameters: the record of parameters.
        pools: for places, weights and observed times.
        problems: everything found wrong so far.
        open_nodes: where the list of nodes open to access lies, once a stream has asked for it.
        lattice: the same for the nodes of a plane.
    """

    parameters: Any
    pools: Pools
    problems: list[Problem]
    open_nodes: tuple[int, int] | None = None
    lattice: tuple[int, int] | None = None


def lay_streams(
    calls: CallsPart, town: Town, parameters: Any, days: Table, residents: int, pools: Pools, log: CallLogData | None
) -> dict[str, Table]:
    """Return the tables ``streams`` and ``log`` of a new world.

    Args:
        calls: the part of a scenario that says where calls come from.
        town: roads, and the plane where it is one.
        parameters: a record of parameters; those of background calls, of call-taking and of scenes are read.
        days: the table of days, with the factor of each on residents' calls.
        residents: how many there are; nobody means no background calls.
        pools: gets places, weights and observed times.
        log: the recorded log, or None.

    Raises:
        TownError: everything that is wrong with files and names of nodes.
    """
    laying = Laying(parameters, pools, [])
    streams = empty_table(STREAMS, FIRST_STREAM + len(calls.streams))
    streams["address"] = np.arange(len(streams)) << ADDRESS_SHIFT
    streams["hours"] = cumulative_profile(EVEN_HOURS)
    streams["day_share"] = 1.0
    streams["units_wanted"] = 1
    streams["taking_law"] = Law.ERLANG_2
    streams["taking_days"] = parameters.call_taking_seconds * SECOND
    streams["priority_share"] = 1.0
    streams["scene_law"] = Law.LOGNORMAL
    streams["scene_days"] = parameters.scene_minutes_background * MINUTE
    streams["scene_shape"] = parameters.scene_sigma
    streams["scene_days"][DISPUTE_STREAM] = parameters.scene_minutes_dispute * MINUTE
    lay_background(streams[BACKGROUND_STREAM], parameters, days, residents if calls.background else 0)
    if calls.log is not None:
        lay_scene(streams[LOG_STREAM], calls.log.scene, "calls.log.scene", laying)
    for number, stream in enumerate(calls.streams):
        lay_stream(streams[FIRST_STREAM + number], stream, f"calls.streams.{number}", town, laying)
    if laying.problems:
        raise TownError(laying.problems)
    return {"streams": streams, "log": empty_table(LOG, 0) if log is None else log.table(pools)}


def lay_background(row: Any, parameters: Any, days: Table, residents: int) -> None:
    """Write the row of residents' calls without a dispute: from home, by hour, weekday and month.

    The bound is the mean rate times the largest factor that a day of the calendar has.
    """
    per_day = residents * parameters.background_calls_per_1000_per_year / 1000.0 / YEAR
    row.bound_per_day = per_day * float(days["call_factor"].max())
    row.hours[:] = cumulative_profile(parameters.call_hour_weight)
    row.by_day = 1
    row.places = Places.HOMES
    row.priority_share[0] = parameters.urgent_share


def lay_stream(row: Any, stream: CallStream, field: str, town: Town, laying: Laying) -> None:
    """Write the row of one of the scenario's streams."""
    weekdays = np.asarray(stream.weekday_weights or EVEN_WEEKDAYS, dtype=np.float64)
    row.bound_per_day = stream.per_day * float(weekdays.max() / weekdays.mean())
    row.day_share[:] = weekdays / weekdays.max()
    row.hours[:] = cumulative_profile(stream.hour_weights or EVEN_HOURS)
    row.units_wanted = stream.units
    row.priority_share[:] = summed_shares(stream.priority_shares)
    if stream.call_taking_seconds is not None:
        row.taking_days = stream.call_taking_seconds * SECOND
    lay_scene(row, stream.scene, f"{field}.scene", laying)
    lay_places(row, stream, f"{field}.places", town, laying)


def summed_shares(shares: Sequence[float]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return for each priority the share of calls that are at least as urgent, shape (PRIORITIES,)."""
    summed = np.ones(PRIORITIES)
    summed[: len(shares) - 1] = np.cumsum(shares)[:-1]
    return summed


def lay_scene(row: Any, law: SceneLaw | None, field: str, laying: Laying) -> None:
    """Write a stream's law of the time on scene; without one it is that of calls which no dispute causes."""
    if law is None:
        return
    row.scene_law = LAWS[law.law]
    if law.mean_minutes is not None:
        row.scene_days = law.mean_minutes * MINUTE
    if law.law == "gamma":
        row.scene_shape = law.shape
    elif law.sigma is not None:
        row.scene_shape = law.sigma
    if law.law == "empirical":
        minutes = observed_minutes(law, field, laying.problems)
        row.scene_days = np.mean(minutes) * MINUTE if len(minutes) else 0.0
        row.scene_first, row.scene_end = laying.pools.add_numbers(np.asarray(minutes) * MINUTE)


def observed_minutes(law: SceneLaw, field: str, problems: list[Problem]) -> Sequence[float]:
    """Return the observed times of an empirical law; what is wrong with its file is noted."""
    if law.minutes is not None:
        return law.minutes
    found = Problems(str(law.file))
    cells = read_cells(Path(str(law.file)), {"minutes": law.column}, found, f"name the right one as {field}.column")
    minutes = numbers(cells, "minutes", found)
    for line, value in zip(cells.lines, minutes, strict=True):
        if value < 0.0:
            found.add(f"{law.column} is {value:g}", "write minutes of 0 or more", line)
    problems += found.found
    return minutes


def lay_places(row: Any, stream: CallStream, field: str, town: Town, laying: Laying) -> None:
    """Write where a stream's calls come from."""
    if stream.places.kind == "residents":
        row.places = Places.HOMES
    elif stream.places.kind == "weights":
        row.places = Places.WEIGHTS
        nodes, weights = weights_of(stream.places, field, town.roads, laying.problems)
        row.first_place, row.end_place = laying.pools.add_rows(nodes)
        row.first_number, _ = laying.pools.add_numbers(np.cumsum(weights) / max(weights.sum(), 1e-300))
    elif town.plane is not None:
        row.places = Places.PLANE
        if laying.lattice is None:
            laying.lattice = laying.pools.add_rows(lattice_order(town.roads))
        row.first_place, row.end_place = laying.lattice
    else:
        row.places = Places.NODES
        if laying.open_nodes is None:
            laying.open_nodes = laying.pools.add_rows(np.flatnonzero(town.roads.open_to_access))
        row.first_place, row.end_place = laying.open_nodes
