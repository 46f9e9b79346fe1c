"""Outcomes: the records of a run and the numbers computed from them."""

from sim.outcomes.answered import age_minutes, given_up
from sim.outcomes.answers import FIXED_STREAMS, Names
from sim.outcomes.catalogue import (
    CATALOGUE,
    HEADLINE,
    RESPONSE_HEADLINE,
    UnknownOutcomeError,
    describe,
    find_outcome,
    headline,
    markdown_table,
    meaningful,
    outcomes,
)
from sim.outcomes.equity import LEAST_EVENTS, by_district
from sim.outcomes.files import StoreError, read_records, staged_folder, store_error, write_records, write_tables
from sim.outcomes.levels import LEVELS, OFFICES
from sim.outcomes.outcome import Outcome
from sim.outcomes.published import ALL, BookLine, published
from sim.outcomes.readings import READINGS
from sim.outcomes.records import TABLES, Records, records, records_of
from sim.outcomes.units import ON_DUTY, unit_time

__all__ = [
    "ALL",
    "CATALOGUE",
    "FIXED_STREAMS",
    "HEADLINE",
    "LEAST_EVENTS",
    "LEVELS",
    "OFFICES",
    "ON_DUTY",
    "READINGS",
    "RESPONSE_HEADLINE",
    "TABLES",
    "BookLine",
    "Names",
    "Outcome",
    "Records",
    "StoreError",
    "UnknownOutcomeError",
    "age_minutes",
    "by_district",
    "describe",
    "find_outcome",
    "given_up",
    "headline",
    "markdown_table",
    "meaningful",
    "outcomes",
    "published",
    "read_records",
    "records",
    "records_of",
    "staged_folder",
    "store_error",
    "unit_time",
    "write_records",
    "write_tables",
]
