"""The store: finished runs by the hash of what makes them, so that none is ever run twice."""

from sim.study.store.experiments import UnknownExperimentError, UnknownVersionError
from sim.study.store.identity import model_version, named, run_id
from sim.study.store.store import DEFAULT_STORE, KEPT_TABLES, STORE_FORMAT, Store

__all__ = [
    "DEFAULT_STORE",
    "KEPT_TABLES",
    "STORE_FORMAT",
    "Store",
    "UnknownExperimentError",
    "UnknownVersionError",
    "model_version",
    "named",
    "run_id",
]
