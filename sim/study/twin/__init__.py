"""The analytic twin of a scenario: closed forms and the hypercube, held beside the simulated response."""

from sim.study.twin.assumptions import Broken
from sim.study.twin.formulas import Figure
from sim.study.twin.judging import LEVEL, Verdict, judge
from sim.study.twin.load import Load
from sim.study.twin.twin import Line, Twin, hold_beside_twin, look

__all__ = ["LEVEL", "Broken", "Figure", "Line", "Load", "Twin", "Verdict", "hold_beside_twin", "judge", "look"]
