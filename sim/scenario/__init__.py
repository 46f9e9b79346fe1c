"""What a user writes: scenario files, their fields, and the parameter table."""

from sim.scenario.parameters import Parameter, default, parameter_table, parameters_record
from sim.scenario.schema import CsvTown, GraphmlTown, Scenario, SyntheticTown

__all__ = [
    "CsvTown",
    "GraphmlTown",
    "Parameter",
    "Scenario",
    "SyntheticTown",
    "default",
    "parameter_table",
    "parameters_record",
]
