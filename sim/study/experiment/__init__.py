"""Experiments: designed sets of scenarios, read from files, and the runs that they ask for."""

from sim.study.experiment.designs import DESIGNS, MOST_POINTS
from sim.study.experiment.editor import experiment_schema
from sim.study.experiment.factors import Factor
from sim.study.experiment.forecast import Counts, Forecast, Sample, check_budget, count_runs, forecast
from sim.study.experiment.jobs import Job, Point, jobs_of
from sim.study.experiment.library import experiments, find_experiment
from sim.study.experiment.loading import load_experiment, make_experiment
from sim.study.experiment.parts import ExperimentError, Scalar
from sim.study.experiment.points import base_point, design_points, design_record, experiment_hash, study_record
from sim.study.experiment.reading import model_of, read_tree
from sim.study.experiment.rounds import Rounds
from sim.study.experiment.running import points_frame, run_experiment
from sim.study.experiment.schema import Budget, Experiment, Precision
from sim.study.experiment.stopping import Reached, next_replications, reached

__all__ = [
    "DESIGNS",
    "MOST_POINTS",
    "Budget",
    "Counts",
    "Experiment",
    "ExperimentError",
    "Factor",
    "Forecast",
    "Job",
    "Point",
    "Precision",
    "Reached",
    "Rounds",
    "Sample",
    "Scalar",
    "base_point",
    "check_budget",
    "count_runs",
    "design_points",
    "design_record",
    "experiment_hash",
    "experiment_schema",
    "experiments",
    "find_experiment",
    "forecast",
    "jobs_of",
    "load_experiment",
    "make_experiment",
    "model_of",
    "next_replications",
    "points_frame",
    "reached",
    "read_tree",
    "run_experiment",
    "study_record",
]
