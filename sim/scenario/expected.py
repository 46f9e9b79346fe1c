"""How many rows a run's growing tables will have, known before it runs: what its tables begin with."""

from __future__ import annotations

import gzip
import io
import zlib

from sim.engine.units import YEAR
from sim.scenario.network_size import marks_in, marks_in_file
from sim.scenario.parameters import default
from sim.scenario.schema import Scenario

# Rows of the books for each dispute: room for what the books have held in the shipped scenarios, no rule of the model.
CASES_A_DISPUTE = 0.15
CALLS_A_DISPUTE = 0.15


def expected_records(scenario: Scenario) -> dict[str, float]:
    """Return how many rows the growing tables have at the end of a run, about, by table.

    The found rates are those at mean tension; tension can raise frictions above them. Of a log all rows are counted,
    also those that lie outside the run's days.
    """

    def rows(rate: str) -> float:
        per_year = float(scenario.parameters.get(rate, default(rate))) * scenario.people.residents / 1000.0
        return per_year * scenario.calendar.days / YEAR

    disputes = rows("dispute_rate_per_1000_per_year")
    background = rows("background_calls_per_1000_per_year") if scenario.calls.background else 0.0
    days = scenario.calendar.days
    streams = sum(stream.per_day for stream in scenario.calls.streams) * days
    further = sum((stream.units - 1) * stream.per_day for stream in scenario.calls.streams) * days
    calls = background + CALLS_A_DISPUTE * disputes + streams + logged_calls(scenario)
    return {
        "disputes": disputes,
        "cases": CASES_A_DISPUTE * disputes,
        "sessions": CASES_A_DISPUTE * disputes,
        "calls": calls,
        "dispatches": calls + further,
    }


def logged_calls(scenario: Scenario) -> int:
    """Return at most how many calls the scenario's log holds; lines are counted, not read.

    A log that cannot be read counts as empty: its reader says what is wrong with it.
    """
    log = scenario.calls.log
    if log is None:
        return 0
    if log.file.suffix.lower() != ".gz":
        return marks_in_file(log.file, b"\n")[0] + 1
    try:
        with gzip.open(log.file) as stream:
            return marks_in(io.BufferedReader(stream), [b"\n"])[0] + 1
    except (OSError, EOFError, zlib.error):
        return 0
