"""Three-affairs triage: a known dispute is sorted into big, small and private affairs, and the sorting errs.

Big matters go to government, small ones to the grid or the village, private ones are left to the parties or the
market. What a matter is follows from its category, its stage and violence; an officer reads it with stated errors.
"""

from __future__ import annotations

from typing import Any

from sim.codes import Affair
from sim.engine.compiled import compiled, rule
from sim.engine.draws import uniform
from sim.purposes import Purpose

READINGS = 2  # of one sorting: whether the affair is big, whether it is private


@rule
def true_affair(world: Any, row: int) -> int:
    """Return what a dispute is: big from a stage of its category on, or once violent; private up to another stage."""
    parameters = world.parameters[0]
    dispute = world.disputes[row]
    if dispute.violence > 0 or dispute.stage >= parameters.triage_big_stage[dispute.category]:
        return Affair.BIG
    if dispute.stage <= parameters.triage_private_stage[dispute.category]:
        return Affair.PRIVATE
    return Affair.SMALL


@compiled
def reads(truth: bool, luck: float, sensitivity: float, specificity: float) -> bool:
    """Decide whether a reading says yes: with the sensitivity where it is so, else with 1 - specificity."""
    return bool(luck < (sensitivity if truth else 1.0 - specificity))


@rule
def read_affair(world: Any, row: int) -> int:
    """Return what an officer takes a dispute for: first whether it is big, then, if it seems not, whether private.

    A big affair that was not seen as such is taken for a small one. A dispute that comes back is never called private
    a second time: leaving it alone has failed.
    """
    parameters = world.parameters[0]
    dispute = world.disputes[row]
    seed = world.state[0].seed
    sortings = int(dispute.sortings)
    luck_big = uniform(seed, Purpose.TRIAGE_READING, dispute.address, READINGS * sortings)
    luck_private = uniform(seed, Purpose.TRIAGE_READING, dispute.address, READINGS * sortings + 1)
    sensitivity, specificity = parameters.triage_sensitivity, parameters.triage_specificity
    if reads(dispute.true_affair == Affair.BIG, luck_big, sensitivity, specificity):
        return Affair.BIG
    left_before = dispute.affair == Affair.PRIVATE
    if dispute.true_affair == Affair.BIG or left_before:
        return Affair.SMALL
    if reads(dispute.true_affair == Affair.PRIVATE, luck_private, sensitivity, specificity):
        return Affair.PRIVATE
    return Affair.SMALL


@rule
def sort_affair(world: Any, row: int) -> None:
    """Sort a dispute that has come to be known, or was brought again, where there is triage."""
    dispute = world.disputes[row]
    if not world.handling[0].triage:
        dispute.affair = Affair.NONE
        return
    dispute.true_affair = true_affair(world, row)
    dispute.affair = read_affair(world, row)
    dispute.sortings += 1
