"""Studies: one run with its record, and many runs compared."""

from sim.study.comparing import MOST_CALLS, ComparisonError, compare
from sim.study.comparison import Change, Comparison, Effect, Failure, ParameterUse, changes
from sim.study.containment import RING_COLUMNS, NoContainmentError, sweep_containment
from sim.study.effects import effects, verdict
from sim.study.gathering import Progress
from sim.study.run import RunResult, read_run_record, run_folder, run_one, to_json
from sim.study.statistics import Paired, bootstrap, holm, paired, replications_needed
from sim.study.usage import parameters_used

__all__ = [
    "MOST_CALLS",
    "RING_COLUMNS",
    "Change",
    "Comparison",
    "ComparisonError",
    "Effect",
    "Failure",
    "NoContainmentError",
    "Paired",
    "ParameterUse",
    "Progress",
    "RunResult",
    "bootstrap",
    "changes",
    "compare",
    "effects",
    "holm",
    "paired",
    "parameters_used",
    "read_run_record",
    "replications_needed",
    "run_folder",
    "run_one",
    "sweep_containment",
    "to_json",
    "verdict",
]
