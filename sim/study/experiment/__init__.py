"""Experiments: designed sets of scenarios, read from files, and the runs that they ask for."""

from sim.study.experiment.designs import DESIGNS, MOST_POINTS
from sim.study.experiment.factors import Factor
from sim.study.experiment.jobs import Job, Point, jobs_of
from sim.study.experiment.parts import ExperimentError, Scalar
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
    "jobs_of",
]
