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
from sim.outcomes.chronicle import Chronicle, NoDisputeError, Story, story_of
from sim.outcomes.equity import LEAST_EVENTS, by_district
from sim.outcomes.files import (
    StoreError,
    parquet_table,
    read_records,
    staged_folder,
    store_error,
    write_records,
    write_tables,
)
from sim.outcomes.levels import LEVELS, OFFICES
from sim.outcomes.moments import Moment
from sim.outcomes.outcome import Outcome
from sim.outcomes.published import ALL, BookLine, published
from sim.outcomes.readings import READINGS
from sim.outcomes.records import TABLES, Records, records, records_of
from sim.outcomes.settlements import concluded, mediation_cases
from sim.outcomes.units import ON_DUTY, unit_time
from sim.outcomes.worth_telling import REASONS, worth_telling

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
    "REASONS",
    "RESPONSE_HEADLINE",
    "TABLES",
    "BookLine",
    "Chronicle",
    "Moment",
    "Names",
    "NoDisputeError",
    "Outcome",
    "Records",
    "StoreError",
    "Story",
    "UnknownOutcomeError",
    "age_minutes",
    "by_district",
    "concluded",
    "describe",
    "find_outcome",
    "given_up",
    "headline",
    "markdown_table",
    "meaningful",
    "mediation_cases",
    "outcomes",
    "parquet_table",
    "published",
    "read_records",
    "records",
    "records_of",
    "staged_folder",
    "store_error",
    "story_of",
    "unit_time",
    "worth_telling",
    "write_records",
    "write_tables",
]
