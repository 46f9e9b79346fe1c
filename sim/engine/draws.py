"""Addressed random draws: every number is a pure function of (seed, purpose, entity, occasion).

The generator is Philox4x32-10, a counter-based generator: J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw
(2011), "Parallel random numbers: as easy as 1, 2, 3", Proceedings of SC11. The seed is the key; purpose, entity and
occasion are the counter. Nothing is streamed, so no draw depends on which other draws were made, in which order or
in which process: two scenarios with one seed share their luck wherever their worlds coincide.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.compiled import compiled

LOW_WORD = np.uint64(0xFFFFFFFF)
WORD_BITS = np.uint64(32)
MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
PURPOSE_SHIFT = np.uint64(24)
PURPOSE_BITS = np.uint64(8)
HIGH_SHIFT = np.uint64(20)
LOW_SHIFT = np.uint64(12)
ROUNDS = 10
TWO_TO_MINUS_52 = 2.0**-52


@compiled
def philox(key_0: Any, key_1: Any, c0: Any, c1: Any, c2: Any, c3: Any) -> tuple[Any, Any, Any, Any]:
    """Return the four 32-bit words (each in a uint64) of Philox4x32-10 for a key and a counter of 32-bit words."""
    for _ in range(ROUNDS):
        product_0 = MULTIPLIER_0 * c0
        product_1 = MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (product_1 >> WORD_BITS) ^ c1 ^ key_0,
            product_1 & LOW_WORD,
            (product_0 >> WORD_BITS) ^ c3 ^ key_1,
            product_0 & LOW_WORD,
        )
        key_0 = (key_0 + WEYL_0) & LOW_WORD
        key_1 = (key_1 + WEYL_1) & LOW_WORD
    return c0, c1, c2, c3


@compiled
def words_at(seed: Any, purpose: Any, entity: Any, occasion: Any) -> tuple[Any, Any, Any, Any]:
    """Return the four random words at an address.

    ``seed`` and ``entity`` are whole numbers below 2**63, ``occasion`` and ``purpose`` below 2**32. The lowest eight
    bits of the purpose come first in its word, the others after them.
    """
    key = np.uint64(seed)
    who = np.uint64(entity)
    when = np.uint64(occasion)
    what = np.uint64(purpose)
    return philox(
        key & LOW_WORD,
        key >> WORD_BITS,
        who & LOW_WORD,
        who >> WORD_BITS,
        when & LOW_WORD,
        ((what << PURPOSE_SHIFT) | (what >> PURPOSE_BITS)) & LOW_WORD,
    )


@compiled
def unit_interval(high: Any, low: Any) -> float:
    """Return a float strictly between 0 and 1 made of 52 bits of two words."""
    return float(((high << HIGH_SHIFT) | (low >> LOW_SHIFT)) + 0.5) * TWO_TO_MINUS_52


@compiled
def uniform(seed: Any, purpose: Any, entity: Any, occasion: Any) -> float:
    """Return the uniform draw in (0, 1) at an address."""
    high, low, _, _ = words_at(seed, purpose, entity, occasion)
    return unit_interval(high, low)


@compiled
def uniform_pair(seed: Any, purpose: Any, entity: Any, occasion: Any) -> tuple[float, float]:
    """Return two independent uniform draws in (0, 1) at one address."""
    a, b, c, d = words_at(seed, purpose, entity, occasion)
    return unit_interval(a, b), unit_interval(c, d)


@compiled
def exponential(seed: Any, purpose: Any, entity: Any, occasion: Any) -> float:
    """Return an exponential draw of mean 1 at an address."""
    return -math.log(uniform(seed, purpose, entity, occasion))


@compiled
def normal(seed: Any, purpose: Any, entity: Any, occasion: Any) -> float:
    """Return a standard normal draw at an address (Box and Muller 1958)."""
    radius, angle = uniform_pair(seed, purpose, entity, occasion)
    return math.sqrt(-2.0 * math.log(radius)) * math.cos(2.0 * math.pi * angle)


@compiled
def lognormal(seed: Any, purpose: Any, entity: Any, occasion: Any, mean: float, sigma: float) -> float:
    """Return a lognormal draw with the given mean and standard deviation ``sigma`` of its logarithm."""
    return mean * math.exp(sigma * normal(seed, purpose, entity, occasion) - 0.5 * sigma * sigma)


@compiled
def whole_below(bound: int, draw: float) -> int:
    """Return a whole number 0..bound-1 from a uniform draw in (0, 1)."""
    return min(int(draw * bound), bound - 1)


@compiled
def pick(shares: Any, draw: float) -> int:
    """Return the index chosen by a uniform draw from an array of shares (non-negative, not all zero)."""
    total = 0.0
    for share in shares:
        total += share
    left = draw * total
    for index in range(len(shares)):
        left -= shares[index]
        if left < 0.0:
            return index
    return len(shares) - 1
