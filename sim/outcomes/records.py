"""The records of a run: every table from which all outcomes, reports and pages are computed.

Columns whose name begins with ``true_`` hold what happened, those with ``recorded_`` what the books say; the two
are never one column. Plain names hold what both agree on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from sim.engine.clock import Calendar
from sim.outcomes.answers import (
    Names,
    decode_calls,
    decode_dispatches,
    decode_spots,
    decode_targets,
    decode_units,
)
from sim.outcomes.flights import decode_flights
from sim.outcomes.places import (
    decode_districts,
    decode_hand_overs,
    decode_mediators,
    decode_offices,
    decode_run,
    decode_series,
    decode_workers,
)
from sim.outcomes.tables import decode_cases, decode_disputes, decode_sessions
from sim.outcomes.words import Column, named, places_of, says
from sim.scenario import TargetsPart
from sim.world import World

TABLES = (
    "disputes",
    "cases",
    "sessions",
    "calls",
    "dispatches",
    "series",
    "districts",
    "workers",
    "mediators",
    "offices",
    "hand_overs",
    "units",
    "flights",
    "spots",
    "targets",
    "run",
)


@dataclass(frozen=True)
class Records:
    """All records of one run, by table.

    Attributes:
        tables: Arrow tables, one for each name in ``TABLES``; each column is one piece.
    """

    tables: dict[str, pa.Table]

    def __getitem__(self, table: str) -> pa.Table:
        """Return a table by name."""
        return self.tables[table]

    def column(self, table: str, name: str) -> Column:
        """Return a column of numbers or truth values as an array, shape (rows,)."""
        return np.asarray(one_piece(self.tables[table], name).to_numpy(zero_copy_only=False))

    def says(self, table: str, name: str, *words: str) -> Column:
        """Return where a column of words holds one of ``words``, shape (rows,)."""
        return says(one_piece(self.tables[table], name), *words)

    def places(self, table: str, name: str, words: Sequence[str]) -> Column:
        """Return the place in ``words`` of each value of a column of words, shape (rows,); -1 for others."""
        return places_of(one_piece(self.tables[table], name), words)

    def words(self, table: str, name: str) -> list[str]:
        """Return a column of words as a list."""
        column = one_piece(self.tables[table], name)
        if not isinstance(column, pa.DictionaryArray):
            return [str(word) for word in column.to_pylist()]
        listed = np.array(column.dictionary.to_pylist(), dtype=object)
        return [str(word) for word in listed[column.indices.to_numpy(zero_copy_only=False)]] if len(column) else []

    def fact(self, name: str) -> float:
        """Return a number from the table ``run``."""
        return float(self.tables["run"].column(name)[0].as_py())

    def frame(self, table: str) -> Any:
        """Return a table as a pandas frame; words become categories."""
        return self.tables[table].to_pandas()


def one_piece(table: pa.Table, name: str) -> pa.Array:
    """Return a column as one array, whatever number of pieces it has."""
    column = table.column(name)
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


class Run(Protocol):
    """What records need of a model (``sim.model.TownModel``); ``log`` is a recorded log of calls, or None."""

    world: World
    calendar: Calendar
    plan: Any
    town: Any
    log: Any
    time: Any


def records(model: Run) -> Records:
    """Return the records of a model up to its present moment."""
    response, offices = model.plan.response, model.plan.mediation.all_groups()
    names = Names(
        districts=district_names(model.town.administration, model.plan.records.district),
        streams=[stream.name for stream in model.plan.calls.streams],
        groups=[group.name for group in response.all_groups()],
        offices=[group.name for group in offices],
        teams=[team.name for group in offices for team in group.teams],
    )
    if model.log is not None:
        names = replace(names, types=model.log.types, logged_minutes=model.log.recorded_response_minutes)
    return records_of(model.world, model.calendar, float(model.time), names, response.targets)


def district_names(administration: Any, level: str) -> list[str]:
    """Return the names of a town's communities, townships or counties, in the order of their rows."""
    return list(getattr(administration, f"{level}_names"))


def records_of(
    world: World, calendar: Calendar, horizon: float, names: Names | None = None, targets: TargetsPart | None = None
) -> Records:
    """Return the records of a world up to a moment.

    Args:
        world: the tables; they are copied where needed and never changed.
        calendar: the dates.
        horizon: the moment, in days, up to which the world has been run.
        names: of districts, streams, groups and a log's types; numbered where left out.
        targets: the minutes of 1-3-5; the scenario's defaults where left out.
    """
    names = names or Names()
    districts = named(names.districts, len(world.districts), "district")
    return Records(
        {
            "disputes": decode_disputes(world, horizon),
            "cases": decode_cases(world, horizon),
            "sessions": decode_sessions(world, horizon, names.teams),
            "calls": decode_calls(world, horizon, names),
            "dispatches": decode_dispatches(world, horizon),
            "series": decode_series(world, calendar, horizon),
            "districts": decode_districts(world, districts, horizon),
            "workers": decode_workers(world, horizon),
            "mediators": decode_mediators(world, horizon),
            "offices": decode_offices(world, horizon, named(names.offices, len(world.office_groups), "group")),
            "hand_overs": decode_hand_overs(world),
            "units": decode_units(world, horizon, names),
            "flights": decode_flights(world, horizon),
            "spots": decode_spots(world, names),
            "targets": decode_targets(targets or TargetsPart()),
            "run": decode_run(world, calendar, horizon),
        }
    )
