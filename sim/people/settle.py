"""Settling the town: households along the streets, residents in households, from addressed draws.

Households are numbered in the order of the town's nodes, so that neighbours have neighbouring numbers, a grid is a
range of numbers, and a resident's ties lie close together in memory.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.codes import NOBODY
from sim.engine.compiled import compiled
from sim.engine.draws import exponential, normal, uniform
from sim.purposes import Purpose
from sim.world import COMMUNITIES, HOUSEHOLDS, RESIDENTS, Table, empty_table

LARGEST_HOUSEHOLD = 8
FLOAT_32_STEP = 1e-6  # more than rounding to 32 bits can add
TEMPER_BOUND = 2.5  # where the lognormal law of temper is cut, before it is scaled back to mean 1


@compiled
def normal_share_below(x: float) -> float:
    """Return the standard normal distribution function."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


@compiled
def temper_scale(sigma: float) -> float:
    """Return the factor that gives a lognormal law of mean 1, cut at ``TEMPER_BOUND``, its mean 1 back."""
    if sigma <= 0.0:
        return 1.0
    cut = math.log(TEMPER_BOUND)
    below = normal_share_below(cut / sigma - 0.5 * sigma)
    above = TEMPER_BOUND * (1.0 - normal_share_below(cut / sigma + 0.5 * sigma))
    return 1.0 / (below + above)


def largest_temper(sigma: float) -> float:
    """Return the largest factor of temper; part of the fixed bound of potential frictions."""
    return TEMPER_BOUND * temper_scale(sigma) * (1.0 + FLOAT_32_STEP)


@compiled
def household_size(mean: float, draw: float) -> int:
    """Return 1 + a Poisson number of mean ``mean - 1``, at most 8, from a uniform draw."""
    rate = mean - 1.0
    term = math.exp(-rate)
    total = term
    size = 1
    while draw > total and size < LARGEST_HOUSEHOLD:
        term = term * rate / size
        total += term
        size += 1
    return size


@compiled
def count_households(residents: int, mean: float, seed: int) -> int:
    """Return into how many households the residents fall."""
    left = residents
    count = 0
    while left > 0:
        left -= household_size(mean, uniform(seed, Purpose.HOUSEHOLD_SIZE, count, 0))
        count += 1
    return count


@compiled
def fill_households(households: Any, residents: Any, parameters: Any, mean: float, seed: int) -> None:
    """Give every household its residents: the first is an adult, the others by the share of adults."""
    adult_share_of_others = max(0.0, (parameters.adult_share * mean - 1.0) / (mean - 1.0)) if mean > 1.0 else 1.0
    resident = 0
    for row in range(len(households)):
        household = households[row]
        size = min(household_size(mean, uniform(seed, Purpose.HOUSEHOLD_SIZE, row, 0)), len(residents) - resident)
        household.first_resident = resident
        household.members = size
        household.first_dispute = NOBODY
        for rank in range(size):
            person = residents[resident]
            person.household = row
            person.adult = rank == 0 or uniform(seed, Purpose.AGE, resident, 0) < adult_share_of_others
            resident += 1


@compiled
def give_character(households: Any, residents: Any, parameters: Any, migrant_share: float, seed: int) -> None:
    """Draw migrant flag (one for each household), temper, trust in each channel and the first tension."""
    sigma = parameters.temper_sigma
    scale = temper_scale(sigma)
    for row in range(len(residents)):
        person = residents[row]
        migrant = uniform(seed, Purpose.MIGRANT, person.household, 0) < migrant_share
        person.migrant = migrant
        temper = math.exp(sigma * normal(seed, Purpose.TEMPER, row, 0) - 0.5 * sigma * sigma)
        person.temper = np.float32(min(temper, TEMPER_BOUND) * scale)
        mean = parameters.trust_mean - (parameters.migrant_trust_gap if migrant else 0.0)
        person.trust_grid = np.float32(
            min(max(mean + parameters.trust_spread * normal(seed, Purpose.TRUST, row, 0), 0.0), 1.0)
        )
        person.trust_mediation = np.float32(
            min(max(mean + parameters.trust_spread * normal(seed, Purpose.TRUST, row, 1), 0.0), 1.0)
        )
        person.trust_police = np.float32(
            min(max(mean + parameters.trust_spread * normal(seed, Purpose.TRUST, row, 2), 0.0), 1.0)
        )
        first = parameters.initial_tension_mean * exponential(seed, Purpose.INITIAL_TENSION, row, 0)
        person.tension = np.float32(min(first, 1.0))
        person.tension_day = np.float32(0.0)


def place_along_nodes(count: int, weight: Any) -> np.ndarray[Any, np.dtype[np.int32]]:
    """Return the node of each of ``count`` households, ascending, in proportion to the nodes' weights."""
    edges = np.cumsum(np.asarray(weight, dtype=np.float64))
    shares = (np.arange(count) + 0.5) / count * edges[-1]
    return np.minimum(np.searchsorted(edges, shares, side="right"), len(edges) - 1).astype(np.int32)


def range_starts(values: Any, count: int) -> tuple[Any, Any]:
    """Return first and one-past-last positions of each of 0..count-1 in an ascending array."""
    numbers = np.arange(count)
    return np.searchsorted(values, numbers, side="left"), np.searchsorted(values, numbers, side="right")


def settle_people(
    town: Any, *, residents: int, mean_size: float, migrant_share: float, merchants: int, parameters: Any, seed: int
) -> tuple[Table, Table, Table]:
    """Return the tables of residents, households and communities (without district and office).

    Args:
        town: a ``sim.town.Town``; its nodes are ordered by community.
        residents: how many people live in the town.
        mean_size: mean persons in a household, at least 1.
        migrant_share: share of households that are migrants, 0..1.
        merchants: how many residents keep a shop or a firm, spread over communities by residents.
        parameters: the row of the parameter table.
        seed: the run's seed.
    """
    homes = empty_table(HOUSEHOLDS, count_households(residents, mean_size, seed))
    people = empty_table(RESIDENTS, residents)
    fill_households(homes, people, parameters, mean_size, seed)
    give_character(homes, people, parameters, migrant_share, seed)
    homes["node"] = place_along_nodes(len(homes), town.weight)
    administration = town.administration
    homes["community"] = administration.node_community[homes["node"]]
    communities = lay_communities(administration, homes, people)
    spread_merchants(communities, merchants)
    mark_merchants(communities, homes, people)
    return people, homes, communities


def lay_communities(administration: Any, homes: Table, people: Table) -> Table:
    """Return the table of communities with the ranges of households and residents in each."""
    community_township = np.asarray(administration.community_township)
    township_county = np.asarray(administration.township_county)
    communities = empty_table(COMMUNITIES, len(community_township))
    communities["township"] = community_township
    communities["county"] = township_county[community_township]
    first, end = range_starts(homes["community"], len(communities))
    communities["first_household"], communities["end_household"] = first, end
    edges = np.append(homes["first_resident"], len(people))
    communities["first_resident"], communities["end_resident"] = edges[first], edges[end]
    for level in ("township", "county"):
        firsts, ends = range_starts(communities[level], int(communities[level].max()) + 1)
        communities[f"{level}_first_resident"] = communities["first_resident"][firsts][communities[level]]
        communities[f"{level}_end_resident"] = communities["end_resident"][ends - 1][communities[level]]
    communities["friction_factor"], communities["fade_factor"] = 1.0, 1.0
    return communities


def spread_merchants(communities: Table, merchants: int) -> None:
    """Give each community its part of the merchants, by households and largest remainders, exact in total."""
    households = (communities["end_household"] - communities["first_household"]).astype(np.int64)
    communities["merchants"] = apportion(min(merchants, int(households.sum())), households)


def apportion(total: int, weights: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Share a whole number out by weights with largest remainders (Hamilton); none gets more than its weight."""
    if total == 0:
        return np.zeros(len(weights), dtype=np.int64)
    weights = np.asarray(weights, dtype=np.float64)
    exact = total * weights / weights.sum()
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def mark_merchants(communities: Table, homes: Table, people: Table) -> None:
    """Set the merchant flag of the heads that ``merchant_of`` chooses from."""
    for row in communities[communities["merchants"] > 0]:
        households = row.end_household - row.first_household
        chosen = row.first_household + np.arange(row.merchants, dtype=np.int64) * households // row.merchants
        people["merchant"][homes["first_resident"][chosen]] = 1
