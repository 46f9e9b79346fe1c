"""A grid worker's working day: cases first, then follow-up visits, visits in the order of the rota, and paperwork.

A task may begin while the day lasts; what runs over is overtime. More cases therefore mean fewer visits, and fewer
visits mean later discovery.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, Colour, State, Task
from sim.engine.clock import HOUR, MINUTE, next_opening
from sim.engine.compiled import compiled, rule
from sim.engine.draws import uniform
from sim.engine.maths import logistic, logit
from sim.engine.queue import push
from sim.events import Kind
from sim.grid.cases import finish_case, take_case
from sim.grid.follow_ups import join_follow_ups, take_follow_up
from sim.purposes import Purpose
from sim.world import daily, join_line

METRES_A_KM = 1000.0


@compiled
def closing_hour(parameters: Any) -> float:
    """Return the hour of the day at which grid workers stop."""
    return min(parameters.work_start_hour + parameters.work_hours_per_day, 24.0)


@compiled
def visits_due(quota: float, day: int) -> int:
    """Return how many visits a worker aims at on a day, so that a fractional quota is met over days."""
    return int(math.floor(quota * (day + 1)) - math.floor(quota * day))


@rule
def next_household(world: Any, worker_row: int) -> int:
    """Return the next household of the worker's grid in the order of the rota, or -1 in an empty grid."""
    worker = world.workers[worker_row]
    grid = world.grids[worker.grid]
    count = grid.end_household - grid.first_household
    if count <= 0:
        return NOBODY
    worker.rota_place = (worker.rota_place + 1) % count
    return int(grid.first_household + worker.rota_place)


@rule
def walking_days(world: Any, from_household: int, to_household: int) -> float:
    """Return the time on foot between two homes: straight line x the roads' circuity / walking speed."""
    here = world.nodes[world.households[from_household].node]
    there = world.nodes[world.households[to_household].node]
    east, north = here.x_metres - there.x_metres, here.y_metres - there.y_metres
    kilometres = math.sqrt(east * east + north * north) * world.state[0].circuity / METRES_A_KM
    return kilometres / world.parameters[0].walking_speed_kmh * HOUR


@rule
def call_again(world: Any, worker_row: int, when: float) -> None:
    """Void the worker's pending event and schedule the next moment at which the worker is free."""
    worker = world.workers[worker_row]
    worker.version += 1
    if when < np.inf:
        push(world.queue, when, Kind.WORKER_FREE, worker_row, worker.version)


@rule
def place_of(world: Any, worker_row: int) -> int:
    """Return the household of the rota at which a worker is."""
    worker = world.workers[worker_row]
    return int(world.grids[worker.grid].first_household + max(worker.rota_place, 0))


@rule
def set_out(world: Any, worker_row: int, before: int, household: int, now: float) -> None:
    """Send a worker from one household on a visit to another, and schedule when it will be done."""
    worker = world.workers[worker_row]
    worker.task, worker.task_row, worker.task_start = Task.VISIT, household, now
    takes = walking_days(world, before, household) + world.parameters[0].visit_minutes * MINUTE
    call_again(world, worker_row, now + takes)


@rule
def begin_work(world: Any, worker_row: int, now: float) -> None:
    """Choose what an idle worker does next, and schedule when it will be done."""
    parameters = world.parameters[0]
    worker = world.workers[worker_row]
    worker.task = Task.NONE
    if not worker.active:
        return
    opens, closes = parameters.work_start_hour, closing_hour(parameters)
    opening = next_opening(now, world.days, opens, closes)
    if opening > now:
        call_again(world, worker_row, opening)
        return
    if worker.today != int(now):
        worker.today = int(now)
        worker.visits_today = 0
    case_row = take_case(world, worker_row, now)
    if case_row != NOBODY:
        worker.task, worker.task_row, worker.task_start = Task.CASE, case_row, now
        call_again(world, worker_row, now + parameters.grid_case_hours * HOUR)
        return
    follow_up = take_follow_up(world, worker_row, now)
    if follow_up != NOBODY:
        home = world.residents[world.disputes[follow_up].party_a].household
        set_out(world, worker_row, place_of(world, worker_row), home, now)
        return
    if worker.visits_today < visits_due(world.state[0].grid_visit_quota, worker.today):
        before = place_of(world, worker_row)
        household = next_household(world, worker_row)
        if household != NOBODY:
            set_out(world, worker_row, before, household, now)
            return
    # Paperwork until the evening; a new case still interrupts it (see on_case_for_grid).
    call_again(world, worker_row, next_opening(math.floor(now) + 1.0, world.days, opens, closes))


@rule
def discovery_probability(world: Any, row: int) -> float:
    """Return the probability that a visit finds a hidden dispute of its household.

    logit p = logit(base) + gain x (stage - 1) + trust gain x (trust of party a in the grid - mean trust). No source
    gives the base: it is swept.
    """
    parameters = world.parameters[0]
    dispute = world.disputes[row]
    trust = np.float64(world.residents[dispute.party_a].trust_grid)
    return logistic(
        logit(parameters.discovery_probability)
        + parameters.discovery_stage_gain * (dispute.stage - 1)
        + parameters.discovery_trust_gain * (trust - parameters.trust_mean)
    )


@rule
def finish_visit(world: Any, worker_row: int, household_row: int, now: float) -> None:
    """Book a visit, look for each hidden dispute of the household, and have its graded ones graded again."""
    household = world.households[household_row]
    household.visits += 1
    worker = world.workers[worker_row]
    worker.visits += 1
    daily(world, household.community, now).visits += 1
    row = household.first_dispute
    while row != NOBODY:
        dispute = world.disputes[row]
        if dispute.state == State.HIDDEN:
            luck = uniform(world.state[0].seed, Purpose.VISIT_FINDS, dispute.address, dispute.visits_missed)
            if luck < discovery_probability(world, row):
                push(world.queue, now, Kind.DISPUTE_FOUND, row, 0)
            else:
                dispute.visits_missed += 1
        elif dispute.colour != Colour.NONE:
            push(world.queue, now, Kind.DISPUTE_VISITED, row, 0)
        at_home_of_a = world.residents[dispute.party_a].household == household_row
        row = dispute.next_a if at_home_of_a else dispute.next_b


@rule
def book_hours(world: Any, worker_row: int, now: float) -> None:
    """Add the finished task's hours to the worker's account, and those after closing to the overtime."""
    worker = world.workers[worker_row]
    hours = (now - worker.task_start) / HOUR
    if worker.task == Task.VISIT:
        worker.visit_hours += hours
    else:
        worker.case_hours += hours
    closes = math.floor(worker.task_start) + closing_hour(world.parameters[0]) * HOUR
    worker.overtime_hours += max(now - max(closes, worker.task_start), 0.0) / HOUR


@rule
def on_worker_free(world: Any, worker_row: int, now: float) -> None:
    """Finish the worker's task, if any, and begin the next."""
    worker = world.workers[worker_row]
    if worker.task != Task.NONE:
        book_hours(world, worker_row, now)
        if worker.task == Task.VISIT:
            finish_visit(world, worker_row, worker.task_row, now)
            worker.visits_today += 1
        else:
            finish_case(world, worker.task_row, now)
            worker.cases += 1
    begin_work(world, worker_row, now)


@rule
def on_case_for_grid(world: Any, case_row: int, now: float) -> None:
    """Put a case into the queue of the least loaded worker of its household's grid, and wake an idle one."""
    case = world.cases[case_row]
    home = world.residents[world.disputes[case.dispute].party_a].household
    worker_row = least_loaded(world, world.households[home].grid)
    join_backlog(world, worker_row, case_row, now)
    if world.workers[worker_row].task == Task.NONE:
        begin_work(world, worker_row, now)


@rule
def on_follow_up_due(world: Any, row: int, now: float) -> None:
    """Put a follow-up visit on the list of the least loaded worker of the dispute's grid, and wake an idle one."""
    home = world.residents[world.disputes[row].party_a].household
    worker_row = least_loaded(world, world.households[home].grid)
    join_follow_ups(world, worker_row, row)
    if world.workers[worker_row].task == Task.NONE:
        begin_work(world, worker_row, now)


@rule
def join_backlog(world: Any, worker_row: int, case_row: int, now: float) -> None:
    """Append a case to a worker's queue; urgent ones go first."""
    case = world.cases[case_row]
    case.worker = worker_row
    if math.isnan(case.assigned):
        case.assigned = now
    join_line(world, world.workers[worker_row], case_row)


@rule
def least_loaded(world: Any, grid: int) -> int:
    """Return the worker of a grid with the fewest cases, waiting or in hand (the first of equals)."""
    best, fewest = NOBODY, np.iinfo(np.int64).max
    row = world.grids[grid].first_worker
    while row != NOBODY:
        waiting = 1 if world.workers[row].task == Task.CASE else 0
        case_row = world.workers[row].first_case
        while case_row != NOBODY:
            waiting += 1
            case_row = world.cases[case_row].next
        if waiting < fewest:
            best, fewest = row, waiting
        row = world.workers[row].next_in_grid
    return int(best)
