"""Intake: what is done with a dispute that has come to be known, or was brought again."""

from __future__ import annotations

import math
from typing import Any

from sim.codes import NOBODY, Affair, Channel, State
from sim.disputes.books import open_case, turn_away, withdraw_case
from sim.disputes.grading import grade
from sim.disputes.routing import goes_up, route
from sim.disputes.triage import sort_affair
from sim.engine.compiled import rule
from sim.people import move_trust


@rule
def lose_trust(world: Any, row: int, channel: int) -> None:
    """Lower both parties' trust in a channel that has left them with their dispute.

    Who speaks for an organisation does so by office, and trusts no less for it.
    """
    dispute = world.disputes[row]
    loss = world.parameters[0].trust_loss_unsettled
    move_trust(world, dispute.party_a, channel, -loss)
    if dispute.organisation == NOBODY:
        move_trust(world, dispute.party_b, channel, -loss)


@rule
def take_on(world: Any, row: int, channel: int, discovered: bool, now: float) -> None:
    """Open a case for a dispute in a channel, unless the pressure of a target keeps it out of the books.

    What a grid worker has found and another channel is to have comes from the grid, with its hand-over's delay and
    loss.
    """
    if turn_away(world, row, now):
        lose_trust(world, row, channel)
        return
    case_row = open_case(world, row, channel, NOBODY, discovered, now)
    if discovered and channel != Channel.GRID:
        world.cases[case_row].source = Channel.GRID


@rule
def admit(world: Any, row: int, usual: int, discovered: bool, now: float) -> None:
    """Sort and grade a dispute that has come to be known, and give it to its channel.

    Without triage and grading that is the ``usual`` one. A private affair is left to the parties: no case, unless its
    colour sends it upward.
    """
    sort_affair(world, row)
    grade(world, row, now)
    if goes_up(world, row):
        note_referral(world, row)
    elif world.disputes[row].affair == Affair.PRIVATE:
        return
    take_on(world, row, route(world, row, usual), discovered, now)


@rule
def note_referral(world: Any, row: int) -> None:
    """Remember the highest colour at which a dispute was given to a higher level."""
    dispute = world.disputes[row]
    dispute.referred_colour = max(dispute.referred_colour, dispute.colour)


@rule
def refer_upward(world: Any, row: int, now: float) -> None:
    """Give a dispute whose colour asks for it to the township: from nobody's hands, or from those of the grid.

    A case on which the grid already acts, or which mediation has, stays where it is.
    """
    note_referral(world, row)
    dispute = world.disputes[row]
    case_row = dispute.case
    if case_row == NOBODY:
        take_on(world, row, Channel.TOWNSHIP, True, now)
        return
    case = world.cases[case_row]
    case.urgent = world.handling[0].first_in_queue[dispute.colour]
    if dispute.state == State.IN_GRID and math.isnan(case.acted):
        withdraw_case(world, row, now)
        case.passed_up = 1
        open_case(world, row, Channel.TOWNSHIP, case_row, False, now)
