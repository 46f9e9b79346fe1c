"""A grid worker's working day: cases first, then follow-up visits, visits in the order of the rounds, and paperwork.

A task may begin while the day lasts; what runs over is overtime. After closing, a worker who has just finished a task
still begins waiting cases for as long as the regime's overtime allows. More cases therefore mean fewer visits, and
fewer visits mean later discovery. On a day on which a campaign takes some of the hours, they come first, cases have the
rest, and there are no other visits. A worker who is absent for a day lets the cases wait.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, Task
from sim.engine.clock import HOUR, MINUTE, next_opening
from sim.engine.compiled import compiled, rule
from sim.engine.draws import uniform
from sim.engine.queue import push
from sim.events import Kind
from sim.grid.backlog import grid_of_dispute, least_loaded, take_case
from sim.grid.cases import finish_case
from sim.grid.follow_ups import join_follow_ups, take_follow_up
from sim.grid.order import next_household
from sim.grid.visits import finish_visit, walking_days
from sim.purposes import Purpose


@compiled
def closing_hour(parameters: Any) -> float:
    """Return the hour of the day at which grid workers stop."""
    return min(parameters.work_start_hour + parameters.work_hours_per_day, 24.0)


@compiled
def visits_due(quota: float, day: int) -> int:
    """Return how many visits a worker aims at on a day, so that a fractional quota is met over days."""
    return int(math.floor(quota * (day + 1)) - math.floor(quota * day))


@rule
def regime_of_worker(world: Any, worker_row: int) -> Any:
    """Return the regime of a worker's township."""
    community = world.grids[world.workers[worker_row].grid].community
    return world.regimes[world.communities[community].township]


@rule
def opening_after(world: Any, now: float) -> float:
    """Return the first moment at or after ``now`` at which grid workers work."""
    parameters = world.parameters[0]
    return next_opening(now, world.days, parameters.work_start_hour, closing_hour(parameters))


@rule
def works_on(world: Any, worker_row: int, day: int) -> bool:
    """Decide whether a worker works on a working day: drawn for each day with the regime's activity rate."""
    rate = regime_of_worker(world, worker_row).activity_rate
    if rate >= 1.0 or world.workers[worker_row].today == day:
        return True
    return bool(uniform(world.state[0].seed, Purpose.WORKER_PRESENT, worker_row, day) < rate)


@rule
def next_work(world: Any, worker_row: int, now: float) -> float:
    """Return the first moment at or after ``now`` within the hours of a day on which the worker works."""
    opening = opening_after(world, now)
    while opening < np.inf and not works_on(world, worker_row, int(opening)):
        opening = opening_after(world, math.floor(opening) + 1.0)
    return opening


@rule
def stays_on(world: Any, worker_row: int, now: float) -> bool:
    """Decide whether a worker who has just finished a task after closing may begin a waiting case today."""
    if world.workers[worker_row].today != int(now):
        return False
    latest = closing_hour(world.parameters[0]) + regime_of_worker(world, worker_row).overtime_hours_most
    return bool((now - math.floor(now)) * 24.0 < min(latest, 24.0))


@rule
def call_again(world: Any, worker_row: int, when: float) -> None:
    """Void the worker's pending event and schedule the next moment at which the worker is free."""
    worker = world.workers[worker_row]
    worker.version += 1
    if when < np.inf:
        push(world.queue, when, Kind.WORKER_FREE, worker_row, worker.version)


@rule
def begin_task(world: Any, worker_row: int, task: int, row: int, days: float, now: float) -> None:
    """Put a worker to a task that lasts so many days."""
    worker = world.workers[worker_row]
    worker.task, worker.task_row, worker.task_start = task, row, now
    call_again(world, worker_row, now + days)


@rule
def begin_case(world: Any, worker_row: int, now: float) -> bool:
    """Put a worker to the next waiting case; return whether there is one."""
    case_row = take_case(world, worker_row, now)
    if case_row == NOBODY:
        return False
    begin_task(world, worker_row, Task.CASE, case_row, world.parameters[0].grid_case_hours * HOUR, now)
    return True


@rule
def begin_visit(world: Any, worker_row: int, now: float) -> bool:
    """Send a worker to the next household, if the day's visits are not done; return whether there is one."""
    worker = world.workers[worker_row]
    if worker.visits_today >= visits_due(world.state[0].grid_visit_quota, worker.today):
        return False
    grid = world.grids[worker.grid]
    before = grid.first_household + max(worker.rota_place, 0)
    household = next_household(world, worker.grid, Purpose.VISIT_PICK, worker_row, worker.visits, now)
    if household == NOBODY:
        return False
    worker.rota_place = household - grid.first_household
    takes = walking_days(world, before, household) + world.parameters[0].visit_minutes * MINUTE
    begin_task(world, worker_row, Task.VISIT, household, takes, now)
    return True


@rule
def begin_follow_up(world: Any, worker_row: int, now: float) -> bool:
    """Send a worker to a party of a graded dispute whose visit is due; return whether there is one."""
    row = take_follow_up(world, worker_row, now)
    if row == NOBODY:
        return False
    worker = world.workers[worker_row]
    before = world.grids[worker.grid].first_household + max(worker.rota_place, 0)
    home = world.residents[world.disputes[row].party_a].household
    takes = walking_days(world, before, home) + world.parameters[0].visit_minutes * MINUTE
    begin_task(world, worker_row, Task.VISIT, home, takes, now)
    return True


@rule
def begin_day(world: Any, worker_row: int, now: float) -> bool:
    """Note that a worker has come today; return whether a campaign takes the first hours."""
    worker = world.workers[worker_row]
    if worker.today == int(now):
        return False
    worker.today = int(now)
    worker.visits_today = 0
    worker.days_worked += 1
    share = regime_of_worker(world, worker_row).campaign_share
    if share <= 0.0:
        return False
    parameters = world.parameters[0]
    hours = share * (closing_hour(parameters) - parameters.work_start_hour)
    begin_task(world, worker_row, Task.CAMPAIGN, NOBODY, hours * HOUR, now)
    return True


@rule
def begin_work(world: Any, worker_row: int, now: float) -> None:
    """Choose what an idle worker does next, and schedule when it will be done."""
    worker = world.workers[worker_row]
    finished = worker.task
    worker.task = Task.NONE
    if not worker.active:
        return
    paper_hours = world.parameters[0].grid_paperwork_hours
    if finished == Task.CASE and paper_hours > 0.0:
        begin_task(world, worker_row, Task.PAPER, worker.task_row, paper_hours * HOUR, now)
        return
    opening = next_work(world, worker_row, now)
    if opening > now:
        if finished == Task.NONE or not stays_on(world, worker_row, now) or not begin_case(world, worker_row, now):
            call_again(world, worker_row, opening)
        return
    if begin_day(world, worker_row, now) or begin_case(world, worker_row, now):
        return
    if begin_follow_up(world, worker_row, now):
        return
    if regime_of_worker(world, worker_row).campaign_share <= 0.0 and begin_visit(world, worker_row, now):
        return
    # Paperwork until the evening; a new case still interrupts it (see ``on_case_due``).
    call_again(world, worker_row, next_work(world, worker_row, math.floor(now) + 1.0))


@rule
def book_hours(world: Any, worker_row: int, now: float) -> None:
    """Add the finished task's hours to the worker's account, and those after closing to the overtime."""
    worker = world.workers[worker_row]
    hours = (now - worker.task_start) / HOUR
    if worker.task == Task.VISIT:
        worker.visit_hours += hours
    elif worker.task == Task.CASE:
        worker.case_hours += hours
    elif worker.task == Task.PAPER:
        worker.paper_hours += hours
    else:
        worker.campaign_hours += hours
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
        elif worker.task == Task.CASE:
            finish_case(world, worker.task_row, now)
            worker.cases += 1
    begin_work(world, worker_row, now)


@rule
def wake(world: Any, worker_row: int, now: float) -> None:
    """Let a worker who does nothing that could not wait look for work."""
    if world.workers[worker_row].task == Task.NONE:
        begin_work(world, worker_row, now)


@rule
def on_follow_up_due(world: Any, row: int, now: float) -> None:
    """Put a follow-up visit on the list of the least loaded worker of the dispute's grid, and wake an idle one."""
    worker_row = least_loaded(world, grid_of_dispute(world, row))
    join_follow_ups(world, worker_row, row)
    wake(world, worker_row, now)
