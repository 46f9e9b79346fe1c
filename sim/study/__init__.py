"""Studies: one run with its record, and many runs compared."""

from sim.study.audit import Audit, AuditError, Claim, Finding, Size, Spread, Sweep, audit, claims
from sim.study.comparing import MOST_CALLS, ComparisonError, compare, jobs_used
from sim.study.comparison import Change, Comparison, Effect, Failure, ParameterUse, changes
from sim.study.containment import RING_COLUMNS, NoContainmentError, sweep_containment
from sim.study.effects import effects, verdict
from sim.study.gathering import Progress
from sim.study.loading import load, study_of
from sim.study.near_repeat import NearRepeat, fit_near_repeat
from sim.study.overview import experiments_in, point_table, runs_in
from sim.study.run import LOG_FILE, RunResult, read_run_record, run_folder, run_one, to_json
from sim.study.runner import Ending, Runnable, SchedulerError, run_jobs
from sim.study.statistics import Estimate, Paired, bootstrap, estimate, holm, paired, replications_needed
from sim.study.store import DEFAULT_STORE, Store, UnknownExperimentError, model_version, named, run_id
from sim.study.twin import Line, Twin, hold_beside_twin
from sim.study.usage import parameters_used
from sim.study.verification import (
    Case,
    Check,
    Reference,
    Row,
    Verification,
    all_cases,
    exact_checks,
    has_manhattan,
    manhattan,
    property_checks,
    run_cases,
)

__all__ = [
    "DEFAULT_STORE",
    "LOG_FILE",
    "MOST_CALLS",
    "RING_COLUMNS",
    "Audit",
    "AuditError",
    "Case",
    "Change",
    "Check",
    "Claim",
    "Comparison",
    "ComparisonError",
    "Effect",
    "Ending",
    "Estimate",
    "Failure",
    "Finding",
    "Line",
    "NearRepeat",
    "NoContainmentError",
    "Paired",
    "ParameterUse",
    "Progress",
    "Reference",
    "Row",
    "RunResult",
    "Runnable",
    "SchedulerError",
    "Size",
    "Spread",
    "Store",
    "Sweep",
    "Twin",
    "UnknownExperimentError",
    "Verification",
    "all_cases",
    "audit",
    "bootstrap",
    "changes",
    "claims",
    "compare",
    "effects",
    "estimate",
    "exact_checks",
    "experiments_in",
    "fit_near_repeat",
    "has_manhattan",
    "hold_beside_twin",
    "holm",
    "jobs_used",
    "load",
    "manhattan",
    "model_version",
    "named",
    "paired",
    "parameters_used",
    "point_table",
    "property_checks",
    "read_run_record",
    "replications_needed",
    "run_cases",
    "run_folder",
    "run_id",
    "run_jobs",
    "run_one",
    "runs_in",
    "study_of",
    "sweep_containment",
    "to_json",
    "verdict",
]
