"""What a user writes: scenario files, their fields, and the parameter table."""

from sim.scenario.canonical import canonical, intervention_name, parameter_values, scenario_hash
from sim.scenario.checking import from_canonical, load_scenario
from sim.scenario.derived import (
    BEAT_STOPS,
    EVERY_DAY,
    FEWEST_NODES_GIVEN,
    LEAST_NODES_A_COMMUNITY,
    GroupRows,
    crew_days,
    default_nodes,
    default_posts,
    drives_beats,
    expected_records,
    grid_count,
    group_rows,
    levers_named,
    post_count,
    spot_settings,
    surge_crews,
    unit_rows,
    worker_count,
)
from sim.scenario.fields import Count, Day
from sim.scenario.editor import json_schema
from sim.scenario.library import library
from sim.scenario.memory import estimate_bytes, expected_households, expected_rows
from sim.scenario.mistakes import Mistake, ScenarioError, nearest_name
from sim.scenario.parameters import Parameter, default, is_number, parameter_table, parameters_record
from sim.scenario.response import HotSpotsPart, ShiftPart, UnitGroup
from sim.scenario.schema import CsvTown, GraphmlTown, Scenario, SyntheticTown

__all__ = [
    "BEAT_STOPS",
    "EVERY_DAY",
    "FEWEST_NODES_GIVEN",
    "LEAST_NODES_A_COMMUNITY",
    "Count",
    "CsvTown",
    "Day",
    "GraphmlTown",
    "GroupRows",
    "HotSpotsPart",
    "Mistake",
    "Parameter",
    "Scenario",
    "ScenarioError",
    "ShiftPart",
    "SyntheticTown",
    "UnitGroup",
    "canonical",
    "crew_days",
    "default",
    "default_nodes",
    "default_posts",
    "drives_beats",
    "estimate_bytes",
    "expected_households",
    "expected_records",
    "expected_rows",
    "from_canonical",
    "grid_count",
    "group_rows",
    "intervention_name",
    "is_number",
    "json_schema",
    "levers_named",
    "library",
    "load_scenario",
    "nearest_name",
    "parameter_table",
    "parameter_values",
    "parameters_record",
    "post_count",
    "scenario_hash",
    "spot_settings",
    "surge_crews",
    "unit_rows",
    "worker_count",
]
