"""What reads scenario files reads experiment files too: text with lines, paths of fields, mistakes with places."""

from sim.scenario.checking import Catalogue, field_names, mistake_of, names_within, scenario_from
from sim.scenario.library import find_scenario
from sim.scenario.loading import containing_file, read_scenario, readable_name, with_files, with_name
from sim.scenario.merging import ALTERNATIVES, with_value
from sim.scenario.mistakes import Place, mistake_at, one_of
from sim.scenario.text import Node, place_of, plain_scalar, python_tree, read_file, tree_of

__all__ = [
    "ALTERNATIVES",
    "Catalogue",
    "Node",
    "Place",
    "containing_file",
    "field_names",
    "find_scenario",
    "mistake_at",
    "mistake_of",
    "names_within",
    "one_of",
    "place_of",
    "plain_scalar",
    "python_tree",
    "read_file",
    "read_scenario",
    "readable_name",
    "scenario_from",
    "tree_of",
    "with_files",
    "with_name",
    "with_value",
]
