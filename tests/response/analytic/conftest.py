"""Deployments to try the hypercube and its approximation on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim.response.analytic import Deployment, nearest_first


@pytest.fixture(scope="session")
def published() -> Callable[[bool], Deployment]:
    """Return the published three units with four groups of atoms, waiting or lost."""
    preferences = np.array([(1, 2, 3), (1, 3, 2), (2, 1, 3), (3, 1, 2)]) - 1
    return lambda queue: Deployment(np.array([0.50, 0.25, 0.35, 0.40]), preferences, np.ones(3), queue)


@pytest.fixture(scope="session")
def town_of() -> Callable[..., tuple[Deployment, np.ndarray]]:
    """Return units and atoms at random places of a square, the nearest first, and the distances (atoms, units)."""

    def make(
        seed: int, units: int, workload: float, *, queue: bool, alike: bool = True
    ) -> tuple[Deployment, np.ndarray]:
        draws = np.random.default_rng(seed)
        atoms = int(draws.integers(units, 60))
        distances = np.abs(draws.random((1, units, 2)) - draws.random((atoms, 1, 2))).sum(axis=2)
        service = np.ones(units) if alike else draws.uniform(0.5, 2.0, units)
        rates = draws.random(atoms)
        rates *= workload * service.sum() / rates.sum()
        return Deployment(rates, nearest_first(distances), service, queue), distances

    return make
