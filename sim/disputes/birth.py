"""Birth of disputes: potential frictions under a fixed bound, each accepted or rejected.

Potential frictions are a Poisson process whose rate no policy can change. Number k has its moment, resident,
category and acceptance draw from its own address, so two policies accept or reject the *same* points (thinning;
Lewis and Shedler 1979). The hour's profile enters by a change of time, everything else by the acceptance ratio.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, STAGES, Category, Risk, State, Tie
from sim.disputes.escalation import reconsider, wind_clocks
from sim.disputes.lists import enlist
from sim.engine.clock import YEAR, later_by_profile
from sim.engine.compiled import rule
from sim.engine.draws import exponential, pick, uniform, whole_below
from sim.engine.queue import push
from sim.events import Kind
from sim.people import add_tension, largest_temper, other_party, tension_at
from sim.purposes import Purpose
from sim.town import presence_factor
from sim.world import daily

# With whom one quarrels over what: structure of the model, not a number to sweep.
TIE_OF_CATEGORY = {
    Category.NEIGHBOUR: Tie.NEIGHBOUR,
    Category.MARRIAGE_FAMILY: Tie.HOUSEHOLD,
    Category.PROPERTY_MANAGEMENT: Tie.MARKET,
    Category.WAGES_LABOUR: Tie.WORK,
    Category.CONSUMER: Tie.MARKET,
    Category.MEDICAL: Tie.STRANGER,
    Category.ROAD_TRAFFIC: Tie.STRANGER,
    Category.LAND_HOUSING: Tie.NEIGHBOUR,
    Category.LENDING: Tie.KIN,
    Category.DAMAGES: Tie.NEIGHBOUR,
    Category.INHERITANCE_ELDER_CARE: Tie.KIN,
    Category.SCHOOL: Tie.STRANGER,
    Category.ENVIRONMENT: Tie.MARKET,
    Category.COLLECTIVE_ECONOMIC: Tie.MARKET,
    Category.PUBLIC_ORDER: Tie.STRANGER,
}
TIES = np.array([TIE_OF_CATEGORY[category] for category in Category], dtype=np.int64)
RELAPSE_STEP = 1 << 40  # a relapse's address is its parent's plus this; frictions are numbered below it


def bound_frictions(world: Any) -> None:
    """Set the fixed bound of potential frictions, in ``world.state``, from the parameters and the calendar.

    The ratio bound is the largest possible factor on the mean rate: day factor x temper x tension.
    """
    parameters, state = world.parameters[0], world.state[0]
    state.friction_ratio_bound = (
        float(world.days["friction_factor"].max())
        * largest_temper(float(parameters.temper_sigma))
        * (1.0 + parameters.friction_tension_gain)
    )
    per_day = len(world.residents) * parameters.dispute_rate_per_1000_per_year / 1000.0 / YEAR
    # The published rate holds at the starting mean tension, not at none.
    at_start = 1.0 + parameters.friction_tension_gain * parameters.initial_tension_mean
    state.friction_bound_per_day = per_day / at_start * state.friction_ratio_bound


@rule
def next_friction(world: Any, now: float) -> None:
    """Schedule the potential friction whose number is next."""
    state = world.state[0]
    if state.friction_bound_per_day <= 0.0:
        return
    gap = exponential(state.seed, Purpose.FRICTION_GAP, state.friction_number, 0) / state.friction_bound_per_day
    push(world.queue, later_by_profile(now, gap, state.friction_hours), Kind.FRICTION, 0, 0)


@rule
def friction_ratio(world: Any, resident: int, now: float) -> float:
    """Return the factor on the mean rate of frictions of a resident.

    day x temper x (1 + gain x tension) x presence of police at the resident's home, which can only lower it
    """
    gain = world.parameters[0].friction_tension_gain
    temper = np.float64(world.residents[resident].temper)
    calm = presence_factor(world, world.households[world.residents[resident].household].node, now)
    return world.days[int(now)].friction_factor * temper * (1.0 + gain * tension_at(world, resident, now)) * calm


@rule
def on_friction(world: Any, now: float) -> None:
    """Turn a potential friction into a dispute or not, and schedule the next one."""
    state = world.state[0]
    number = state.friction_number
    resident = whole_below(len(world.residents), uniform(state.seed, Purpose.FRICTION_RESIDENT, number, 0))
    if not world.residents[resident].adult:
        # A child's quarrels are the household head's disputes.
        resident = world.households[world.residents[resident].household].first_resident
    ratio = friction_ratio(world, resident, now) / state.friction_ratio_bound
    if ratio > 1.0 + 1e-9:
        state.bounds_broken += 1
    if uniform(state.seed, Purpose.FRICTION_ACCEPT, number, 0) < ratio:
        be_born(world, number, resident, now)
    state.friction_number = number + 1
    next_friction(world, now)


@rule
def be_born(world: Any, number: int, resident: int, now: float) -> None:
    """Open the dispute of an accepted friction and raise both parties' tension."""
    parameters = world.parameters[0]
    seed = world.state[0].seed
    category = pick(parameters.category_share, uniform(seed, Purpose.FRICTION_CATEGORY, number, 0))
    stage = 1 + pick(parameters.first_stage_share, uniform(seed, Purpose.FRICTION_STAGE, number, 0))
    other, tie = other_party(world, resident, TIES[category], number)
    home = world.residents[other].household
    if not world.residents[other].adult and home != world.residents[resident].household:
        other = world.households[home].first_resident
    add_tension(world, resident, parameters.tension_per_friction, now)
    add_tension(world, other, parameters.tension_per_friction, now)
    begin_dispute(world, number, NOBODY, category, tie, stage, resident, other, now)


@rule
def begin_dispute(
    world: Any, address: int, parent: int, category: int, tie: int, stage: int, party_a: int, party_b: int, now: float
) -> int:
    """Append a hidden dispute, enlist it at its parties' homes, start its clocks, and return its row.

    ``tie`` is how the two parties are in fact related, which need not be the usual tie of the category.
    """
    row = world.state[0].dispute_rows
    world.state[0].dispute_rows += 1
    dispute = world.disputes[row]
    dispute.address = address
    dispute.parent = parent
    dispute.category = category
    dispute.tie = tie
    dispute.first_stage = stage
    dispute.stage = stage
    dispute.peak_stage = stage
    dispute.state = State.HIDDEN
    dispute.party_a = party_a
    dispute.party_b = party_b
    dispute.community = world.households[world.residents[party_a].household].community
    dispute.case = NOBODY
    dispute.call = NOBODY
    dispute.pending_risk = Risk.CLIMB
    dispute.born = now
    dispute.found = np.nan
    dispute.reached_4 = now if stage >= 4 else np.nan
    dispute.reached_7 = now if stage >= 7 else np.nan
    dispute.turned_violent = np.nan
    dispute.ended = np.nan
    today = daily(world, dispute.community, now)
    today.true_born += 1
    if stage >= 4:
        today.true_reached_4 += 1
    if stage >= 7:
        today.true_reached_7 += 1
    enlist(world, row)
    wind_clocks(world, row, now)
    reconsider(world, row, now)
    return row


@rule
def on_relapse(world: Any, settled: int, now: float) -> None:
    """Let a settled dispute come back, hidden again, at the stage at which it was settled."""
    old = world.disputes[settled]
    begin_dispute(
        world,
        old.address + RELAPSE_STEP,
        settled,
        old.category,
        old.tie,
        min(old.stage, STAGES),
        old.party_a,
        old.party_b,
        now,
    )
