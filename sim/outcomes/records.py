"""The records of a run: every table from which all outcomes, reports and pages are computed.

Columns whose name begins with ``true_`` hold what happened, those with ``recorded_`` what the books say; the two
are never one column. Plain names hold what both agree on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from sim.engine.clock import Calendar
from sim.outcomes.flights import decode_flights
from sim.outcomes.places import (
    decode_districts,
    decode_mediators,
    decode_run,
    decode_series,
    decode_workers,
)
from sim.outcomes.tables import decode_calls, decode_cases, decode_disputes, decode_sessions, decode_units
from sim.outcomes.words import Column, says
from sim.world import World

TABLES = (
    "disputes",
    "cases",
    "sessions",
    "calls",
    "series",
    "districts",
    "workers",
    "mediators",
    "units",
    "flights",
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
    """What records need of a model (``sim.model.TownModel``)."""

    world: World
    calendar: Calendar
    plan: Any
    town: Any
    time: Any


def records(model: Run) -> Records:
    """Return the records of a model up to its present moment."""
    return records_of(
        model.world,
        model.calendar,
        float(model.time),
        officers=int(model.plan.response.crew),
        district_names=district_names(model.town.administration, model.plan.records.district),
    )


def district_names(administration: Any, level: str) -> list[str]:
    """Return the names of a town's communities, townships or counties, in the order of their rows."""
    return list(getattr(administration, f"{level}_names"))


def records_of(
    world: World, calendar: Calendar, horizon: float, *, officers: int = 2, district_names: list[str] | None = None
) -> Records:
    """Return the records of a world up to a moment.

    Args:
        world: the tables; they are copied where needed and never changed.
        calendar: the dates.
        horizon: the moment, in days, up to which the world has been run.
        officers: people in a patrol unit's crew.
        district_names: in the order of the districts' rows; numbered where left out.
    """
    names = district_names or [f"district {row + 1}" for row in range(len(world.districts))]
    return Records(
        {
            "disputes": decode_disputes(world, horizon),
            "cases": decode_cases(world, horizon),
            "sessions": decode_sessions(world, horizon),
            "calls": decode_calls(world, horizon),
            "series": decode_series(world, calendar, horizon),
            "districts": decode_districts(world, names, horizon),
            "workers": decode_workers(world, horizon),
            "mediators": decode_mediators(world, horizon),
            "units": decode_units(world, horizon, officers),
            "flights": decode_flights(world, horizon),
            "run": decode_run(world, calendar, horizon),
        }
    )
