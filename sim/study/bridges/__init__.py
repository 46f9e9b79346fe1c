"""Bridges to other programs: the model as one of EMA Workbench's, and as a SALib problem."""

from sim.study.bridges.ema import ema_model
from sim.study.bridges.salib import salib_problem
from sim.study.bridges.towns import TownFunction, town_function

__all__ = ["TownFunction", "ema_model", "salib_problem", "town_function"]
