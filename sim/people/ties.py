"""Ties: the contacts between persons, computed when needed and stored nowhere.

A resident has about eleven: the household (everybody in it), the neighbours (the households before and after in the
order along the streets), two workmates in the township, one of the kin in the county and one acquaintance in the
town. The last four pair residents through a keyed bijection P of the block's numbers (rounds of multiply and fold):
r's partner is P^-1(P(r) xor 1). That is symmetric, random, constant in time and takes no memory; with the clustered
household and neighbour ties it makes a small world (Watts and Strogatz 1998).

Who is tied to how many is a modelling choice (10.8 each on average, as measured at the default household size); no
source gives it for these towns.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, Tie
from sim.engine.compiled import compiled, from_python, rule
from sim.engine.draws import uniform_pair, whole_below, words_at
from sim.purposes import Purpose

ROUNDS = 4  # one for each of the keys
WORK_LAYERS = 2
LAYER_WORK = 0
LAYER_KIN = 2
LAYER_ACQUAINTANCE = 3


@compiled
def bits_for(size: int) -> int:
    """Return the bits of the smallest range 0..2**bits-1 that holds 0..size-1; at least one."""
    bits = 1
    while (1 << bits) < size:
        bits += 1
    return bits


@compiled
def inverse_of(odd: int, mask: int) -> int:
    """Return the inverse of an odd number modulo a power of two, ``mask`` + 1 (Newton's iteration)."""
    inverse = odd & mask
    for _ in range(5):  # each doubles the bits that are right, from three on
        inverse = (inverse * ((2 - odd * inverse) & mask)) & mask
    return inverse


@compiled
def scramble(number: int, size: int, keys: Any, backwards: bool) -> int:
    """Map 0..size-1 onto itself, forwards or backwards, under four keys of 32 bits.

    Rounds of (times an odd number, plus a number, upper half folded onto the lower) are bijections of a range of a
    power of two; a value outside 0..size-1 is mapped on until it falls inside (cycle walking: twice at most, on
    average). ``size`` is at most 2**31, so that no product leaves 64 bits.
    """
    bits = bits_for(size)
    mask = (1 << bits) - 1
    fold = (bits + 1) // 2
    value = number
    while True:
        for step in range(ROUNDS):
            if backwards:
                key = keys[ROUNDS - 1 - step]
                odd = ((key >> 1) | 1) & mask
                value ^= value >> fold
                value = (((value - (key ^ (key >> 7))) & mask) * inverse_of(odd, mask)) & mask
            else:
                key = keys[step]
                odd = ((key >> 1) | 1) & mask
                value = (value * odd + (key ^ (key >> 7))) & mask
                value ^= value >> fold
        if value < size:
            return value


@compiled
def partner(seed: int, layer: int, first: int, end: int, resident: int) -> int:
    """Return the resident paired with ``resident`` in a layer over the block of rows first..end-1, or -1."""
    size = end - first
    if size < 2:
        return NOBODY
    a, b, c, d = words_at(seed, Purpose.TIE, first, layer)
    keys = (np.int64(a), np.int64(b), np.int64(c), np.int64(d))
    other = scramble(resident - first, size, keys, False) ^ 1
    if other >= size:
        return NOBODY
    return first + scramble(other, size, keys, True)


@rule
def block_of(world: Any, resident: int, layer: int) -> tuple[int, int]:
    """Return the rows first..end of the residents among whom a layer pairs: township, county or town."""
    communities = world.communities
    home = communities[world.households[world.residents[resident].household].community]
    if layer < LAYER_KIN:
        return home.township_first_resident, home.township_end_resident
    if layer == LAYER_KIN:
        return home.county_first_resident, home.county_end_resident
    return 0, len(world.residents)


@rule
def tie_in_layer(world: Any, resident: int, layer: int) -> int:
    """Return the resident's tie in a paired layer, or -1 where there is none (workmates are adults)."""
    first, end = block_of(world, resident, layer)
    other = partner(world.state[0].seed, layer, first, end, resident)
    if other != NOBODY and layer < LAYER_KIN and not (world.residents[resident].adult and world.residents[other].adult):
        return NOBODY
    return other


@rule
def neighbour_household(world: Any, household: int, after: bool) -> int:
    """Return the household before or after in the order along the streets, or -1 at a community's edge."""
    community = world.communities[world.households[household].community]
    other = household + 1 if after else household - 1
    if other < community.first_household or other >= community.end_household:
        return NOBODY
    return other


@rule
def head_of(world: Any, household: int) -> int:
    """Return a household's first resident, who is an adult."""
    return int(world.households[household].first_resident)


@rule
def merchant_of(world: Any, community: int, draw: float) -> int:
    """Return one of a community's merchants (heads of evenly spaced households), or -1 where there is none."""
    row = world.communities[community]
    if row.merchants == 0:
        return NOBODY
    place = whole_below(row.merchants, draw)
    households = row.end_household - row.first_household
    return head_of(world, row.first_household + (place * households) // row.merchants)


@rule
def other_in_household(world: Any, resident: int, draw: float) -> int:
    """Return another member of the resident's household, or -1 for somebody who lives alone."""
    household = world.households[world.residents[resident].household]
    if household.members < 2:
        return NOBODY
    other = household.first_resident + whole_below(household.members - 1, draw)
    return int(other + 1 if other >= resident else other)


@rule
def other_party(world: Any, resident: int, tie: int, number: int) -> tuple[int, int]:
    """Return with whom a resident quarrels, for a kind of tie, and how they are in fact tied; never the resident.

    Where the resident has no such tie, kin, then a neighbour, then the next resident of the town stand in.
    The draw is addressed by the number of the friction.
    """
    first_draw, second_draw = uniform_pair(world.state[0].seed, Purpose.FRICTION_OTHER_PARTY, number, 0)
    home = world.residents[resident].household
    other, used = NOBODY, tie
    if tie == Tie.HOUSEHOLD:
        other = other_in_household(world, resident, first_draw)
    elif tie == Tie.WORK:
        other = tie_in_layer(world, resident, LAYER_WORK + whole_below(WORK_LAYERS, first_draw))
    elif tie == Tie.MARKET:
        other = merchant_of(world, world.households[home].community, first_draw)
    elif tie == Tie.STRANGER:
        other = whole_below(len(world.residents), first_draw)
    if tie == Tie.KIN or (other == NOBODY and tie != Tie.NEIGHBOUR):
        other, used = tie_in_layer(world, resident, LAYER_KIN), Tie.KIN.value
    if other in (NOBODY, resident):
        beside = neighbour_household(world, home, second_draw < 0.5)
        if beside == NOBODY:
            beside = neighbour_household(world, home, second_draw >= 0.5)
        if beside != NOBODY:
            other, used = head_of(world, beside), Tie.NEIGHBOUR.value
        else:
            other, used = (resident + 1) % len(world.residents), Tie.STRANGER.value
    return int(other), int(used)


def ties_of(world: Any, resident: int) -> dict[Tie, list[int]]:
    """Return all of a resident's ties, by kind; acquaintances count as MARKET."""
    household = world.households[world.residents[resident].household]
    first, size = int(household.first_resident), int(household.members)
    neighbours: list[int] = []
    for after in (False, True):
        beside = from_python(neighbour_household)(world, int(world.residents[resident].household), after)
        if beside != NOBODY:
            start = int(world.households[beside].first_resident)
            neighbours.extend(range(start, start + int(world.households[beside].members)))
    paired = from_python(tie_in_layer)
    layers = {
        Tie.WORK: [paired(world, resident, LAYER_WORK + layer) for layer in range(WORK_LAYERS)],
        Tie.KIN: [paired(world, resident, LAYER_KIN)],
        Tie.MARKET: [paired(world, resident, LAYER_ACQUAINTANCE)],
    }
    found = {kind: [int(other) for other in others if other != NOBODY] for kind, others in layers.items()}
    return {
        Tie.HOUSEHOLD: [other for other in range(first, first + size) if other != resident],
        Tie.NEIGHBOUR: neighbours,
        **found,
    }
