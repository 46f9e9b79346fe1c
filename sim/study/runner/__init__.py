"""The runner: many jobs on Dask, into a store."""

from sim.study.runner.cluster import SchedulerError, workers_at
from sim.study.runner.orders import Ending, Runnable
from sim.study.runner.running import run_jobs

__all__ = ["Ending", "Runnable", "SchedulerError", "run_jobs", "workers_at"]
