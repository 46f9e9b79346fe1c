"""Addressed draws: the published generator, uniform and independent, the same compiled and as plain Python."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.engine.draws import (
    exponential,
    lognormal,
    normal,
    philox,
    pick,
    uniform,
    uniform_pair,
    unit_interval,
    whole_below,
    words_at,
)

COUNT = 20_000
SEEDS = st.integers(0, 2**63 - 1)

# Random123, kat_vectors: philox4x32 with 10 rounds. Counter, key, answer.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]

PRINT_DRAWS = """
from sim.engine import clock, draws
profile = clock.cumulative_profile([0, 1, 2, 0] * 6)
for address in range(60):
    where = (2**61 + 7, 41, address * 10**14, address)
    found = [draws.uniform(*where), *draws.uniform_pair(*where), draws.exponential(*where), draws.normal(*where)]
    found += [draws.lognormal(*where, 2.0, 0.8), clock.later_by_profile(3.3, found[0], profile)]
    print(*[float(value).hex() for value in found])
"""


def sample(draw: Any, *more: float, seed: int = 7, purpose: int = 3) -> Any:
    """Return many draws at neighbouring addresses."""
    return np.array([draw(seed, purpose, entity, 0, *more) for entity in range(COUNT)])


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_the_generator_gives_the_published_answers(counter: Any, key: Any, answer: Any, plain: Any) -> None:
    words = [np.uint64(word) for word in (*key, *counter)]
    assert tuple(int(word) for word in philox(*words)) == answer
    assert tuple(int(word) for word in plain(philox)(*words)) == answer


def test_an_address_fills_key_and_counter() -> None:
    seed, purpose, entity, occasion = 0x0123456789ABCDEF, 0xAB, 0x0FEDCBA987654321, 0xDEADBEEF
    words = [0x89ABCDEF, 0x01234567, 0x87654321, 0x0FEDCBA9, 0xDEADBEEF, 0xAB000000]
    expected = philox(*[np.uint64(word) for word in words])
    assert words_at(seed, purpose, entity, occasion) == expected


@given(SEEDS, st.integers(0, 255), SEEDS, st.integers(0, 2**32 - 1), st.sampled_from(["seed", "who", "when", "why"]))
def test_every_part_of_an_address_matters(seed: int, purpose: int, entity: int, occasion: int, part: str) -> None:
    changed = {
        "seed": (seed ^ 1, purpose, entity, occasion),
        "who": (seed, purpose, entity ^ (1 << 40), occasion),
        "when": (seed, purpose, entity, occasion ^ (1 << 31)),
        "why": (seed, purpose ^ 1, entity, occasion),
    }[part]
    assert uniform(seed, purpose, entity, occasion) != uniform(*changed)
    assert uniform(seed, purpose, entity, occasion) == uniform(seed, purpose, entity, occasion)


def test_the_unit_interval_is_open_and_fine() -> None:
    ones, none = np.uint64(0xFFFFFFFF), np.uint64(0)
    assert unit_interval(none, none) == 2.0**-53
    assert 1.0 - 2.0**-52 < unit_interval(ones, ones) < 1.0
    assert unit_interval(np.uint64(0x80000000), none) == pytest.approx(0.5, abs=2.0**-52)
    assert unit_interval(none, np.uint64(1 << 12)) - unit_interval(none, none) == 2.0**-52


def test_draws_are_uniform_and_independent_of_neighbouring_addresses() -> None:
    by_entity = sample(uniform)
    by_occasion = np.array([uniform(7, 3, 5, occasion) for occasion in range(COUNT)])
    first, second = np.array([uniform_pair(7, 3, entity, 0) for entity in range(COUNT)]).T
    assert np.array_equal(first, by_entity), "the first of a pair is the single draw"
    for draws in (by_entity, by_occasion, second):
        assert stats.kstest(draws, "uniform").pvalue > 0.001
    for one, other in ((first, second), (by_entity[:-1], by_entity[1:]), (by_entity, by_occasion)):
        cells, _, _ = np.histogram2d(one, other, bins=10, range=[[0, 1], [0, 1]])
        assert stats.chisquare(cells.ravel()).pvalue > 0.001


def test_seeds_and_purposes_do_not_correlate() -> None:
    base = sample(uniform)
    for other in (sample(uniform, seed=8), sample(uniform, purpose=4), sample(uniform, seed=7 + 2**32)):
        assert abs(np.corrcoef(base, other)[0, 1]) < 4.0 / math.sqrt(COUNT)


def test_exponential_and_normal_follow_their_distributions() -> None:
    assert stats.kstest(sample(exponential), "expon").pvalue > 0.001
    assert stats.kstest(sample(normal), "norm").pvalue > 0.001


def test_lognormal_keeps_its_mean_whatever_the_spread() -> None:
    for sigma in (0.3, 0.8):
        draws = sample(lognormal, 2.0, sigma)
        error = 2.0 * math.sqrt(math.expm1(sigma**2) / COUNT)
        assert abs(draws.mean() - 2.0) < 4.0 * error
        standard = (np.log(draws / 2.0) + sigma**2 / 2) / sigma
        assert stats.kstest(standard, "norm").pvalue > 0.001
    assert lognormal(7, 3, 1, 0, 2.0, 0.0) == 2.0


def test_compiled_draws_equal_plain_python_to_the_last_bit() -> None:
    def printed(disabled: str) -> str:
        environment = {**os.environ, "NUMBA_DISABLE_JIT": disabled}
        command = [sys.executable, "-W", "error", "-c", PRINT_DRAWS]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    compiled, interpreted = printed("0"), printed("1")
    assert compiled.count("0x") == 60 * 7
    assert compiled == interpreted


@given(st.integers(1, 10**9), st.floats(2.0**-53, 1.0 - 2.0**-53))
def test_whole_below_stays_below_and_is_even(bound: int, draw: float) -> None:
    found = whole_below(bound, draw)
    assert 0 <= found < bound
    assert found / bound <= draw * (1 + 1e-12)
    assert (found + 1) / bound >= draw * (1 - 1e-12)


def test_whole_below_at_its_edges() -> None:
    assert [whole_below(3, draw) for draw in (0.0, 0.3333, 0.3334, 0.6666, 0.6667, 1.0)] == [0, 0, 1, 1, 2, 2]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20), st.floats(2.0**-53, 1.0 - 2.0**-53))
def test_pick_takes_the_share_in_which_the_draw_falls(shares: list[float], draw: float) -> None:
    if sum(shares) < 1e-6:
        shares[0] = 1.0
    found = pick(np.array(shares), draw)
    edges = np.concatenate(([0.0], np.cumsum(shares))) / sum(shares)
    assert edges[found] <= draw + 1e-9
    assert edges[found + 1] >= draw - 1e-9


def test_pick_never_takes_a_share_of_nothing() -> None:
    shares = np.array([0.0, 2.0, 0.0, 6.0, 0.0])
    assert [pick(shares, draw) for draw in (2.0**-53, 0.2499, 0.2501, 1.0 - 2.0**-53)] == [1, 1, 3, 3]
    counts = np.bincount([pick(shares, draw) for draw in sample(uniform)], minlength=5)
    assert counts[[0, 2, 4]].sum() == 0
    assert stats.binomtest(int(counts[1]), COUNT, 0.25).pvalue > 0.001
