"""What a user writes: scenario files, their fields, and the parameter table."""

from sim.scenario.canonical import canonical, intervention_name, parameter_values, scenario_hash
from sim.scenario.checking import from_canonical, load_scenario
from sim.scenario.derived import (
    FEWEST_NODES_GIVEN,
    LEAST_NODES_A_COMMUNITY,
    default_nodes,
    default_posts,
    expected_records,
    grid_count,
    worker_count,
)
from sim.scenario.editor import json_schema
from sim.scenario.library import library
from sim.scenario.memory import estimate_bytes, expected_households, expected_rows
from sim.scenario.mistakes import Mistake, ScenarioError
from sim.scenario.parameters import Parameter, default, is_number, parameter_table, parameters_record
from sim.scenario.response import TargetsPart
from sim.scenario.schema import CsvTown, GraphmlTown, Scenario, SyntheticTown

__all__ = [
    "FEWEST_NODES_GIVEN",
    "LEAST_NODES_A_COMMUNITY",
    "CsvTown",
    "GraphmlTown",
    "Mistake",
    "Parameter",
    "Scenario",
    "ScenarioError",
    "SyntheticTown",
    "TargetsPart",
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
    "intervention_name",
    "is_number",
    "json_schema",
    "library",
    "load_scenario",
    "parameter_table",
    "parameter_values",
    "parameters_record",
    "scenario_hash",
    "worker_count",
]
