"""Weights of Manhattan's nodes: calls as unequal between places as in Milwaukee, the places dealt by chance."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from walk_calls import cells_of, normal_points

if TYPE_CHECKING:
    from sim.town import Roads

type Rows = np.ndarray[Any, np.dtype[np.int64]]
type Values = np.ndarray[Any, np.dtype[np.float64]]

DEAL_SEED = 20180501  # which places are hot is dealt once, for all runs


def node_cells(roads: Roads) -> Rows:
    """Return the cell, counted from 0, of each node open to access; -1 for the others. Cells are as in the log.

    Raises:
        ValueError: the roads have no longitudes and latitudes.
    """
    if roads.lon is None or roads.lat is None:
        raise ValueError("the roads need longitudes and latitudes")
    cells = np.full(len(roads), -1, dtype=np.int64)
    is_open = roads.open_to_access
    cells[is_open] = np.unique(cells_of(roads.lon[is_open], roads.lat[is_open]), return_inverse=True)[1]
    return cells


def heat_of_cells(count: int) -> Values:
    """Return how hot each cell is, in standard deviations of the logarithm: a fixed deal of evenly spaced values."""
    return np.random.default_rng(DEAL_SEED).permutation(normal_points(count))


def cell_rates(count: int, sigma: float) -> Values:
    """Return the rate of each cell: lognormal, with a mean of 1."""
    rates = np.exp(sigma * heat_of_cells(count))
    return np.asarray(rates / rates.mean())


def node_weights(cells: Rows, sigma: float) -> Values:
    """Return the weight of each node: its cell's rate, shared evenly by the cell's nodes; 0 for closed ones."""
    is_open = cells >= 0
    sizes = np.bincount(cells[is_open])
    weights = np.zeros(len(cells))
    weights[is_open] = (cell_rates(len(sizes), sigma) / sizes)[cells[is_open]]
    return weights


def write_weights(roads: Roads, weights: Values, file: Path) -> None:
    """Write a file of places as a scenario reads it: node and weight."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream, lineterminator="\n")
        lines.writerow(("node", "weight"))
        lines.writerows(
            (name, f"{weight:.5g}") for name, weight in zip(roads.node_ids, weights, strict=True) if weight > 0.0
        )
