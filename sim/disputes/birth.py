"""Birth of disputes: potential frictions under a fixed bound, each accepted or rejected.

Potential frictions are a Poisson process whose rate no policy can change. Number k has its moment, resident,
category and acceptance draw from its own address, so two policies accept or reject the *same* points (thinning;
Lewis and Shedler 1979). The hour's profile enters by a change of time, everything else by the acceptance ratio.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, STAGES, Category, Risk, State, Tie
from sim.disputes.collective import collective_address, next_party, party_of
from sim.disputes.contagion import bound_of_offspring, next_offspring, offspring_address, resident_near
from sim.disputes.escalation import reconsider, wind_clocks
from sim.disputes.lists import enlist, homes_of, strike_off_at
from sim.disputes.organisations import organisation_for
from sim.engine.clock import HOURS_A_DAY, YEAR, later_by_profile
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
# A relapse's address is its parent's plus this. Below it: frictions from 0, parties to causes from 2**38, disputes
# begun by hand from 2**39, offspring from 3 * 2**38.
RELAPSE_STEP = 1 << 40


def bound_frictions(world: Any) -> None:
    """Set the fixed bound of potential frictions, in ``world.state``, from the parameters and the calendar.

    The ratio bound is the largest possible factor on the mean rate: day and hour factor x temper x tension x density.
    """
    parameters, state = world.parameters[0], world.state[0]
    by_day = (world.days["friction_factor"][:, None] * world.days["category_factor"]).max(axis=0)
    by_hour = world.categories["hour_factor"].max(axis=1)
    occurs = parameters.category_share > 0.0
    state.friction_ratio_bound = (
        float((by_day * by_hour)[occurs].max())
        * largest_temper(float(parameters.temper_sigma))
        * (1.0 + parameters.friction_tension_gain)
        * float(world.homes["density_factor"].max(initial=0.0))
    )
    per_day = len(world.residents) * parameters.dispute_rate_per_1000_per_year / 1000.0 / YEAR
    # The published rate holds at the starting mean tension, not at none.
    at_start = 1.0 + parameters.friction_tension_gain * parameters.initial_tension_mean
    by_itself = 1.0 - float(world.contagion["branching_ratio"].sum())
    state.friction_bound_per_day = per_day / at_start * state.friction_ratio_bound * by_itself


@rule
def next_friction(world: Any, now: float) -> None:
    """Schedule the potential friction whose number is next."""
    state = world.state[0]
    if state.friction_bound_per_day <= 0.0:
        return
    gap = exponential(state.seed, Purpose.FRICTION_GAP, state.friction_number, 0) / state.friction_bound_per_day
    push(world.queue, later_by_profile(now, gap, state.friction_hours), Kind.FRICTION, 0, 0)


@rule
def friction_ratio(world: Any, resident: int, category: int, heat: float, now: float) -> float:
    """Return the factor on the mean rate of frictions of a resident in a category.

    day x temper x heat x presence of police at the resident's home, which can only lower it
    x the category's own factor of the day and of the hour x density of the home x self-governance of the community
    """
    temper = np.float64(world.residents[resident].temper)
    home = world.households[world.residents[resident].household]
    node, rules = home.node, world.communities[home.community].friction_factor[category]
    calm = presence_factor(world, node, now)
    day = int(now)
    hour = min(int((now - day) * HOURS_A_DAY), HOURS_A_DAY - 1)
    today = world.days[day]
    general = today.friction_factor * temper * heat * calm
    season = today.category_factor[category] * world.categories[category].hour_factor[hour]
    return general * season * world.homes[node].density_factor * rules


@rule
def on_friction(world: Any, now: float) -> None:
    """Turn a potential friction into a dispute or not, and schedule the next one."""
    state = world.state[0]
    number = state.friction_number
    resident = whole_below(len(world.residents), uniform(state.seed, Purpose.FRICTION_RESIDENT, number, 0))
    resident = responsible(world, resident)
    heat = 1.0 + world.parameters[0].friction_tension_gain * tension_at(world, resident, now)
    consider_friction(world, number, resident, heat, state.friction_ratio_bound, now)
    state.friction_number = number + 1
    next_friction(world, now)


@rule
def on_offspring(world: Any, parent: int, number: int, now: float) -> None:
    """Turn a potential friction near a dispute into a dispute or not, and schedule the dispute's next one.

    Tension has no part in it: the branching ratio says what a dispute brings about, by whatever way, and with tension
    on top a heated town would have more than one offspring from each dispute, and no end.
    """
    next_offspring(world, parent, number + 1, now)
    resident = responsible(world, resident_near(world, parent, number))
    consider_friction(world, offspring_address(world, parent, number), resident, 1.0, bound_of_offspring(world), now)


@rule
def on_cause_brings(world: Any, cause: int, number: int, now: float) -> None:
    """Let the next party to a collective dispute come forward; who speaks for the other side does not."""
    next_party(world, cause, number + 1, now)
    resident = responsible(world, party_of(world, cause, number))
    organisation = world.causes[cause].organisation
    if resident != world.organisations[organisation].speaker:
        address, category = collective_address(cause, number), world.causes[cause].category
        row = begin_against(world, address, category, resident, organisation, now)
        world.disputes[row].cause = cause


@rule
def responsible(world: Any, resident: int) -> int:
    """Return who has the dispute of a resident's friction: a child's quarrels are the household head's disputes."""
    if world.residents[resident].adult:
        return resident
    return int(world.households[world.residents[resident].household].first_resident)


@rule
def consider_friction(world: Any, number: int, resident: int, heat: float, bound: float, now: float) -> None:
    """Turn a potential friction of a resident, addressed by its number, into a dispute or not.

    ``heat`` is what the resident's tension makes of the rate, ``bound`` the most that the whole ratio can be.
    """
    state = world.state[0]
    category = pick(world.parameters[0].category_share, uniform(state.seed, Purpose.FRICTION_CATEGORY, number, 0))
    ratio = friction_ratio(world, resident, category, heat, now) / bound
    if ratio > 1.0 + 1e-9:
        state.bounds_broken += 1
    if uniform(state.seed, Purpose.FRICTION_ACCEPT, number, 0) < ratio:
        next_offspring(world, be_born(world, number, category, resident, now), 0, now)


@rule
def be_born(world: Any, number: int, category: int, resident: int, now: float) -> int:
    """Open the dispute of an accepted friction, raise both parties' tension, and return its row."""
    organisation = organisation_for(world, category, resident, number)
    if organisation != NOBODY:
        return begin_against(world, number, category, resident, organisation, now)
    other, tie = other_party(world, resident, TIES[category], number)
    home = world.residents[other].household
    if not world.residents[other].adult and home != world.residents[resident].household:
        other = world.households[home].first_resident
    tension = world.parameters[0].tension_per_friction
    add_tension(world, resident, tension, now)
    add_tension(world, other, tension, now)
    return begin_dispute(world, number, NOBODY, category, tie, first_stage(world, number), resident, other, now)


@rule
def begin_against(world: Any, address: int, category: int, resident: int, organisation: int, now: float) -> int:
    """Open a dispute of a resident with an organisation and return its row; only the resident's tension rises."""
    add_tension(world, resident, world.parameters[0].tension_per_friction, now)
    tie, speaker = world.categories[category].organisation_tie, world.organisations[organisation].speaker
    row = begin_dispute(world, address, NOBODY, category, tie, first_stage(world, address), resident, speaker, now)
    against_organisation(world, row, organisation)
    return row


@rule
def against_organisation(world: Any, row: int, organisation: int) -> None:
    """Make a dispute that has just begun one with an organisation: it is not one at the speaker's home."""
    home_a, home_b = homes_of(world, row)
    if home_b != home_a:
        strike_off_at(world, row, home_b)
    world.disputes[row].organisation = organisation


@rule
def first_stage(world: Any, address: int) -> int:
    """Return the stage at which a dispute begins."""
    return 1 + pick(
        world.parameters[0].first_stage_share, uniform(world.state[0].seed, Purpose.FRICTION_STAGE, address, 0)
    )


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
    dispute.organisation = NOBODY
    dispute.cause = NOBODY
    dispute.next_follow_up = NOBODY
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
    stage = min(old.stage, STAGES)
    address = old.address + RELAPSE_STEP
    row = begin_dispute(world, address, settled, old.category, old.tie, stage, old.party_a, old.party_b, now)
    if world.disputes[settled].organisation != NOBODY:
        against_organisation(world, row, world.disputes[settled].organisation)
    world.disputes[row].cause = world.disputes[settled].cause
