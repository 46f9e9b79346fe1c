"""What a user writes: scenario files, their fields, and the parameter table."""

from sim.scenario.calls import CallLog, CallPlaces, CallsPart, CallStream, LogColumns, SceneLaw
from sim.scenario.canonical import canonical, intervention_name, parameter_values, scenario_hash
from sim.scenario.checking import from_canonical, load_scenario, written_tree
from sim.scenario.counts import value_at
from sim.scenario.derived import (
    BEAT_STOPS,
    EVERY_DAY,
    FEWEST_NODES_GIVEN,
    FULL,
    LEAST_NODES_A_COMMUNITY,
    GroupRows,
    crew_days,
    default_nodes,
    default_posts,
    drives_beats,
    grid_count,
    group_rows,
    levers_named,
    post_count,
    spot_settings,
    surge_crews,
    unit_rows,
    waits_for_ever,
    worker_count,
)
from sim.scenario.editor import json_schema
from sim.scenario.expected import expected_calls, expected_records
from sim.scenario.fields import Count, Day
from sim.scenario.library import library
from sim.scenario.memory import estimate_bytes, expected_households, expected_posts, expected_rows
from sim.scenario.mistakes import Mistake, ScenarioError, nearest_name
from sim.scenario.osm_file import OsmFileError, highways, osm_buffer, things_in
from sim.scenario.parameters import FIELD_OF, Parameter, default, is_number, parameter_table, parameters_record
from sim.scenario.response import CoverPart, HotSpotsPart, ShiftPart, TargetsPart, UnitGroup
from sim.scenario.schema import CsvTown, GraphmlTown, LoadedTown, OsmTown, PlaneTown, Scenario, SyntheticTown

__all__ = [
    "BEAT_STOPS",
    "EVERY_DAY",
    "FEWEST_NODES_GIVEN",
    "FIELD_OF",
    "FULL",
    "LEAST_NODES_A_COMMUNITY",
    "CallLog",
    "CallPlaces",
    "CallStream",
    "CallsPart",
    "Count",
    "CoverPart",
    "CsvTown",
    "Day",
    "GraphmlTown",
    "GroupRows",
    "HotSpotsPart",
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
    "ShiftPart",
    "SyntheticTown",
    "TargetsPart",
    "UnitGroup",
    "canonical",
    "crew_days",
    "default",
    "default_nodes",
    "default_posts",
    "drives_beats",
    "estimate_bytes",
    "expected_calls",
    "expected_households",
    "expected_posts",
    "expected_records",
    "expected_rows",
    "from_canonical",
    "grid_count",
    "group_rows",
    "highways",
    "intervention_name",
    "is_number",
    "json_schema",
    "levers_named",
    "library",
    "load_scenario",
    "nearest_name",
    "osm_buffer",
    "parameter_table",
    "parameter_values",
    "parameters_record",
    "post_count",
    "scenario_hash",
    "spot_settings",
    "surge_crews",
    "things_in",
    "unit_rows",
    "value_at",
    "waits_for_ever",
    "worker_count",
    "written_tree",
]
