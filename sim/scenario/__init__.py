"""What a user writes: scenario files, their fields, and the parameter table."""

from sim.scenario.calls import CallLog, CallPlaces, CallsPart, CallStream, LogColumns, SceneLaw
from sim.scenario.canonical import canonical, intervention_name, parameter_values, scenario_hash
from sim.scenario.checking import from_canonical, load_scenario
from sim.scenario.derived import (
    FEWEST_NODES_GIVEN,
    LEAST_NODES_A_COMMUNITY,
    default_nodes,
    default_posts,
    grid_count,
    worker_count,
)
from sim.scenario.editor import json_schema
from sim.scenario.expected import expected_records
from sim.scenario.library import library
from sim.scenario.memory import estimate_bytes, expected_households, expected_rows
from sim.scenario.mistakes import Mistake, ScenarioError
from sim.scenario.osm_file import OsmFileError, highways, osm_buffer, things_in
from sim.scenario.parameters import Parameter, default, is_number, parameter_table, parameters_record
from sim.scenario.schema import CsvTown, GraphmlTown, LoadedTown, OsmTown, PlaneTown, Scenario, SyntheticTown

__all__ = [
    "FEWEST_NODES_GIVEN",
    "LEAST_NODES_A_COMMUNITY",
    "CallLog",
    "CallPlaces",
    "CallStream",
    "CallsPart",
    "CsvTown",
    "GraphmlTown",
    "LoadedTown",
    "LogColumns",
    "Mistake",
    "OsmFileError",
    "OsmTown",
    "Parameter",
    "PlaneTown",
    "Scenario",
    "ScenarioError",
    "SceneLaw",
    "SyntheticTown",
    "canonical",
    "default",
    "default_nodes",
    "default_posts",
    "estimate_bytes",
    "expected_households",
    "expected_records",
    "expected_rows",
    "from_canonical",
    "grid_count",
    "highways",
    "intervention_name",
    "is_number",
    "json_schema",
    "library",
    "load_scenario",
    "osm_buffer",
    "parameter_table",
    "parameter_values",
    "parameters_record",
    "scenario_hash",
    "things_in",
    "worker_count",
]
