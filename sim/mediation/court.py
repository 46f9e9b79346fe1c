"""The court: filings are assigned to mediation first or heard; a ruling comes that same day or later.

Only where the scenario has ``mediation.court``; otherwise going to court ends a dispute at once.
"""

from __future__ import annotations

from typing import Any

from sim.codes import NOBODY, Channel
from sim.engine.compiled import rule
from sim.engine.draws import lognormal, uniform
from sim.engine.queue import push
from sim.events import Kind
from sim.mediation.choosing import best_office
from sim.purposes import Purpose


@rule
def is_assigned_to_mediation(world: Any, case_row: int) -> bool:
    """Draw whether the court has a new filing mediated first; not what returns, nor what no office would take."""
    case = world.cases[case_row]
    dispute = world.disputes[case.dispute]
    luck = uniform(world.state[0].seed, Purpose.COURT_ASSIGNS, dispute.address, dispute.handlings)
    if case.passed_from != NOBODY or luck >= world.practice[0].pre_litigation_share:
        return False
    least = Channel.COMMUNITY.value
    return best_office(world, case.dispute, least, Channel.COURT.value, False) != NOBODY


@rule
def on_case_for_court(world: Any, case_row: int, now: float) -> None:
    """Assign a filing to mediation, or set its hearing after a lognormal time of mean ``court_hearing_days``."""
    case = world.cases[case_row]
    case.assigned = now
    if is_assigned_to_mediation(world, case_row):
        case.passed_up = 1
        push(world.queue, now, Kind.CASE_CLOSED, case_row, 0)
        return
    parameters = world.parameters[0]
    days = court_days(world, case_row, Purpose.COURT_HEARING.value, parameters.court_hearing_days)
    push(world.queue, now + days, Kind.COURT_HEARS, case_row, 0)


@rule
def court_days(world: Any, case_row: int, purpose: int, mean: float) -> float:
    """Return the days that a step of the court takes: lognormal with this mean and sigma ``court_days_sigma``."""
    dispute = world.disputes[world.cases[case_row].dispute]
    sigma = world.parameters[0].court_days_sigma
    return lognormal(world.state[0].seed, purpose, dispute.address, dispute.handlings, mean, sigma)


@rule
def on_court_hears(world: Any, case_row: int, now: float) -> None:
    """Hold the hearing; the ruling comes that same day, or after a lognormal time of mean ``court_ruling_days``."""
    case = world.cases[case_row]
    if case.withdrawn:
        return
    case.acted = now
    push(world.queue, now, Kind.CASE_ACTED, case_row, 0)
    dispute = world.disputes[case.dispute]
    luck = uniform(world.state[0].seed, Purpose.COURT_SAME_DAY, dispute.address, dispute.handlings)
    days = 0.0
    if luck >= world.practice[0].same_day_share:
        days = court_days(world, case_row, Purpose.COURT_RULING.value, world.parameters[0].court_ruling_days)
    push(world.queue, now + days, Kind.CASE_CLOSED, case_row, 0)
