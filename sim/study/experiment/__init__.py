"""Experiments: designed sets of scenarios, read from files, and the runs that they ask for."""

from sim.study.experiment.designs import DESIGNS, MOST_POINTS
from sim.study.experiment.factors import Factor
from sim.study.experiment.jobs import Job, Point, jobs_of
from sim.study.experiment.library import experiments, find_experiment
from sim.study.experiment.loading import load_experiment, make_experiment
from sim.study.experiment.parts import ExperimentError, Scalar
from sim.study.experiment.points import design_points, design_record, experiment_hash
from sim.study.experiment.reading import model_of, read_tree
from sim.study.experiment.schema import Budget, Experiment, Precision

__all__ = [
    "DESIGNS",
    "MOST_POINTS",
    "Budget",
    "Experiment",
    "ExperimentError",
    "Factor",
    "Job",
    "Point",
    "Precision",
    "Scalar",
    "design_points",
    "design_record",
    "experiment_hash",
    "experiments",
    "find_experiment",
    "jobs_of",
    "load_experiment",
    "make_experiment",
    "model_of",
    "read_tree",
]
