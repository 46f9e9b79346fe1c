"""How many rows a run's growing tables will have, known before it runs: what its tables begin with."""

from __future__ import annotations

import gzip
import io
import zlib

from sim.engine.units import YEAR
from sim.scenario.disputes import dispute_rate
from sim.scenario.network_size import marks_in, marks_in_file
from sim.scenario.parameters import default
from sim.scenario.schema import Scenario

# Rows of the books for each dispute: room for what the books have held in the shipped scenarios, no rule of the model.
CASES_A_DISPUTE = 0.15
CALLS_A_DISPUTE = 0.15


def per_run(scenario: Scenario, rate: float) -> float:
    """Return how often in a run happens what has this rate for 1,000 residents and a year."""
    return rate * scenario.people.residents / 1000.0 * scenario.calendar.days / YEAR


def expected_causes(scenario: Scenario) -> float:
    """Return how many causes of collective disputes a run has, about."""
    if not scenario.disputes.collective:
        return 0.0
    name = "collective_causes_per_100000_per_year"
    return per_run(scenario, float(scenario.parameters.get(name, default(name))) / 100.0)


def expected_disputes(scenario: Scenario) -> float:
    """Return how many disputes a run has, about, those of collective causes included."""
    name = "collective_parties_mean"
    parties = float(scenario.parameters.get(name, default(name)))
    return per_run(scenario, dispute_rate(scenario)) + parties * expected_causes(scenario)


def expected_calls(scenario: Scenario) -> dict[str, float]:
    """Return how many calls a run has, about, by where they come from: ``background``, ``dispute`` and ``log``.

    Those of the scenario's streams are theirs to say. Of a log all rows are counted, also those that lie outside the
    run's days.
    """
    name = "background_calls_per_1000_per_year"
    background = float(scenario.parameters.get(name, default(name)))
    return {
        "background": per_run(scenario, background) if scenario.calls.background else 0.0,
        "dispute": CALLS_A_DISPUTE * expected_disputes(scenario),
        "log": float(logged_calls(scenario)),
    }


def expected_records(scenario: Scenario) -> dict[str, float]:
    """Return how many rows the growing tables have at the end of a run, about, by table.

    The found rates are those at mean tension; tension can raise frictions above them.
    """
    disputes = expected_disputes(scenario)
    days = scenario.calendar.days
    streams = sum(stream.per_day for stream in scenario.calls.streams) * days
    further = sum((stream.units - 1) * stream.per_day for stream in scenario.calls.streams) * days
    calls = sum(expected_calls(scenario).values()) + streams
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
