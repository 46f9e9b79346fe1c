"""What happens to a dispute: its own moves, and what the channels tell it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY, STAGES, Channel, Risk, State
from sim.disputes.books import close_early, end_handling, is_closed_early, open_case, withdraw_case
from sim.disputes.escalation import reconsider, run_clocks, wind_clock
from sim.disputes.grading import grade
from sim.disputes.intake import admit, lose_trust, refer_upward, take_on
from sim.disputes.lists import strike_off
from sim.disputes.returns import schedule_return
from sim.disputes.routing import channel_of_stage, goes_up
from sim.disputes.treatment import arrival_quality, case_quality, note_treatment
from sim.engine.compiled import compiled, rule
from sim.engine.draws import uniform
from sim.engine.queue import push
from sim.events import Kind
from sim.people import add_tension, move_trust, relieve, tie_in_layer
from sim.purposes import Purpose
from sim.world import daily

CALL_NUMBER_SHIFT = 48  # addresses of disputes stay below 2**48 (256 relapses of one friction)
SPREAD_LAYERS = 4  # the paired layers of ties: two of work, kin, acquaintance


@rule
def on_dispute_moves(world: Any, row: int, now: float) -> None:
    """Carry out the risk whose clock has rung."""
    dispute = world.disputes[row]
    risk = dispute.pending_risk
    run_clocks(world, row, now)
    dispute.rings[risk] += 1
    wind_clock(world, row, risk)
    if risk == Risk.CLIMB:
        climb(world, row, now)
    elif risk == Risk.FALL:
        dispute.stage -= 1
    elif risk == Risk.FADE:
        end_dispute(world, row, Channel.SELF, False, now)
        return
    elif risk == Risk.REPORT:
        become_known(world, row, Channel.SELF, now)
        admit(world, row, channel_of_stage(world, dispute.stage), False, now)
    elif risk == Risk.COURT:
        become_known(world, row, Channel.COURT, now)
        if not world.practice[0].court:
            end_dispute(world, row, Channel.COURT, False, now)
            return
        withdraw_case(world, row, now)
        open_case(world, row, Channel.COURT, NOBODY, False, now)
    elif risk == Risk.PETITION:
        become_known(world, row, Channel.PETITION, now)
        if not is_petition_handed_over(world, row):
            end_dispute(world, row, Channel.PETITION, False, now)
            return
        if dispute.case == NOBODY:
            take_on(world, row, Channel.COMMUNITY, False, now)
            if dispute.case != NOBODY:
                world.cases[dispute.case].source = Channel.PETITION
    else:
        if risk == Risk.VIOLENCE:
            if dispute.violence == 0:
                dispute.turned_violent = now
            dispute.violence += 1
            daily(world, dispute.community, now).true_violence += 1
            heat(world, row, now)
        if dispute.call == NOBODY:
            become_known(world, row, Channel.POLICE, now)
            grade(world, row, now)
            push(world.queue, now, Kind.DISPUTE_CALLS, row, 0)
            return
    reconsider(world, row, now)


@rule
def is_petition_handed_over(world: Any, row: int) -> bool:
    """Draw whether a petition is handed to mediation, which goes on where it is at work, instead of ending there."""
    dispute = world.disputes[row]
    occasion = dispute.rings[Risk.PETITION.value]
    luck = uniform(world.state[0].seed, Purpose.PETITION_ASSIGNED, dispute.address, occasion)
    return bool(luck < world.practice[0].petition_share)


@rule
def on_call_made(world: Any, row: int, call_row: int, now: float) -> None:
    """Tie a dispute to the call that it has just caused; until it is answered there is no second one."""
    world.disputes[row].call = call_row
    world.disputes[row].calls += 1
    reconsider(world, row, now)


@rule
def on_call_given_up(world: Any, row: int, now: float) -> None:
    """Let a dispute go on whose call nobody will answer; its parties may call again."""
    world.disputes[row].call = NOBODY
    if world.disputes[row].state != State.ENDED:
        reconsider(world, row, now)


@rule
def call_address(world: Any, row: int) -> int:
    """Return the address of a dispute's next call: its own address with the call's number in the high bits."""
    dispute = world.disputes[row]
    return dispute.address + (np.int64(dispute.calls + 1) << CALL_NUMBER_SHIFT)


@rule
def climb(world: Any, row: int, now: float) -> None:
    """Raise a dispute by a stage and heat its parties."""
    dispute = world.disputes[row]
    dispute.stage = min(dispute.stage + 1, STAGES)
    dispute.peak_stage = max(dispute.peak_stage, dispute.stage)
    today = daily(world, dispute.community, now)
    if dispute.stage >= 4 and math.isnan(dispute.reached_4):
        dispute.reached_4 = now
        today.true_reached_4 += 1
    if dispute.stage >= 7 and math.isnan(dispute.reached_7):
        dispute.reached_7 = now
        today.true_reached_7 += 1
    heat(world, row, now)


@rule
def heat(world: Any, row: int, now: float) -> None:
    """Raise the tension of both parties and, weakly, of their ties."""
    dispute = world.disputes[row]
    parameters = world.parameters[0]
    for party in (dispute.party_a, dispute.party_b):
        if party == dispute.party_b and dispute.organisation != NOBODY:
            break  # who speaks for an organisation does so by office
        add_tension(world, party, parameters.tension_per_climb, now)
        if parameters.tension_spread_to_ties > 0.0:
            for layer in range(SPREAD_LAYERS):
                other = tie_in_layer(world, party, layer)
                if other != NOBODY:
                    add_tension(world, other, parameters.tension_spread_to_ties, now)


@rule
def become_known(world: Any, row: int, by: int, now: float) -> None:
    """Note who first learned of a dispute, and when; later discoveries change nothing."""
    dispute = world.disputes[row]
    if math.isnan(dispute.found):
        dispute.found = now
        dispute.found_by = by
        if dispute.state == State.HIDDEN:
            dispute.state = State.LEFT_ALONE
        daily(world, dispute.community, now).recorded_found += 1


@rule
def end_dispute(world: Any, row: int, channel: int, settled: bool, now: float) -> None:
    """End a dispute once and for all; a settlement may relapse, as a new dispute."""
    dispute = world.disputes[row]
    parameters = world.parameters[0]
    dispute.state = State.ENDED
    dispute.end_channel = channel
    dispute.settled = settled
    dispute.ended = now
    dispute.version += 1
    strike_off(world, row)
    withdraw_case(world, row, now)
    today = daily(world, dispute.community, now)
    today.true_ended += 1
    if not settled:
        return
    today.true_settled += 1
    for party in (dispute.party_a, dispute.party_b):
        if party == dispute.party_b and dispute.organisation != NOBODY:
            break  # who speaks for an organisation does so by office
        relieve(world, party, parameters.tension_relief_settlement, now)
        move_trust(world, party, channel, parameters.trust_gain_settled)
    schedule_return(world, row, now)


@rule
def on_dispute_found(world: Any, row: int, how: int, now: float) -> None:
    """Take on a dispute that the grid has just found, unless it is sorted or graded, in the grid.

    ``how`` (``Finding``) says by whom.
    """
    if world.disputes[row].state == State.HIDDEN:
        become_known(world, row, Channel.GRID, now)
        admit(world, row, Channel.GRID, True, now)
        if world.disputes[row].case != NOBODY:
            world.cases[world.disputes[row].case].found_how = how
        reconsider(world, row, now)


@rule
def on_dispute_visited(world: Any, row: int, now: float) -> None:
    """Grade a known dispute again after a visit to one of its parties, and refer it upward if its colour asks for it.

    One that is in nobody's hands is referred when its colour is higher than ever before, not at every visit or false
    alarm after offices have failed.
    """
    if world.disputes[row].state in (State.ENDED, State.HIDDEN):
        return
    grade(world, row, now)
    dispute = world.disputes[row]
    if goes_up(world, row) and (dispute.case != NOBODY or dispute.colour > dispute.referred_colour):
        refer_upward(world, row, now)
        reconsider(world, row, now)


@rule
def on_case_due(world: Any, case_row: int, now: float) -> None:
    """Close a case in the books, or not, whose target's day has come; the dispute goes on, in nobody's hands."""
    if is_closed_early(world, case_row):
        row, channel = world.cases[case_row].dispute, world.cases[case_row].channel
        close_early(world, case_row, now)
        lose_trust(world, row, channel)
        reconsider(world, row, now)


@rule
def on_case_acted(world: Any, case_row: int, now: float) -> None:
    """Let a dispute's rates change now that somebody acts on its case, unless the case was closed at that moment."""
    if math.isnan(world.cases[case_row].closed):
        reconsider(world, world.cases[case_row].dispute, now)


@rule
def on_case_closed(world: Any, case_row: int, now: float) -> None:
    """Draw the consequence of a closed case: settled, passed up, or left alone."""
    case = world.cases[case_row]
    row = case.dispute
    dispute = world.disputes[row]
    if case.withdrawn or not math.isnan(case.closed):
        return
    end_handling(world, case_row, now)
    dispute.case = NOBODY
    if not math.isnan(case.acted):
        note_treatment(world, row, case.channel, case_quality(world, case_row), now)
    if case.true_settled:
        end_dispute(world, row, case.channel, True, now)
        return
    if case.channel == Channel.COURT and not case.passed_up:
        end_dispute(world, row, Channel.COURT, False, now)
        return
    if case.source == Channel.COURT:
        open_case(world, row, Channel.COURT, case_row, False, now)
    elif case.passed_up:
        open_case(world, row, channel_above(case.channel), case_row, False, now)
    else:
        dispute.state = State.LEFT_ALONE
        lose_trust(world, row, case.channel)
    reconsider(world, row, now)


@compiled
def channel_above(channel: int) -> int:
    """Return the least level that may take what a channel hands on: a village's for the grid and the court."""
    return channel + 1 if Channel.COMMUNITY <= channel <= Channel.CITY else Channel.COMMUNITY.value


@rule
def on_pre_litigation_ends(world: Any, case_row: int, now: float) -> None:
    """Let a filing that mediation has not settled within the court's limit return to the court."""
    case = world.cases[case_row]
    if not math.isnan(case.closed):
        return
    row = case.dispute
    withdraw_case(world, row, now)
    open_case(world, row, Channel.COURT, case_row, False, now)
    reconsider(world, row, now)


@rule
def on_police_arrival(world: Any, row: int, call_row: int, defuse_probability: float, now: float) -> None:
    """Let the police defuse a dispute or not: settle it on the spot, calm it by a stage; or refer it to mediation."""
    dispute = world.disputes[row]
    if dispute.state == State.ENDED:
        return
    parameters = world.parameters[0]
    call = world.calls[call_row]
    dispute.call = NOBODY
    note_treatment(world, row, Channel.POLICE, arrival_quality(world, call_row, now), now)
    seed = world.state[0].seed
    if uniform(seed, Purpose.CALL_DEFUSE, call.address, 0) < defuse_probability:
        call.defused = 1
        if uniform(seed, Purpose.CALL_DEFUSE, call.address, 1) < parameters.police_settlement_probability:
            end_dispute(world, row, Channel.POLICE, True, now)
            return
        dispute.stage = max(dispute.stage - 1, 1)
    refer = uniform(seed, Purpose.CALL_REFER, call.address, 0) < parameters.police_referral_probability
    if refer and dispute.case == NOBODY:
        take_on(world, row, Channel.COMMUNITY, False, now)
        if dispute.case != NOBODY:
            world.cases[dispute.case].source = Channel.POLICE
    reconsider(world, row, now)
