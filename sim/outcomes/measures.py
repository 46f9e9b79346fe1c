"""Means, shares, quantiles and inequality that say "undefined" (NaN) where there is nothing to measure."""

from __future__ import annotations

import numpy as np

from sim.outcomes.words import Column

UNDEFINED = float("nan")


def ratio(part: float, whole: float) -> float:
    """Return part / whole, or NaN where the whole is 0 or unknown."""
    return float(part) / float(whole) if whole > 0 else UNDEFINED


def share(hits: Column) -> float:
    """Return the share of true values of a mask, or NaN for an empty one."""
    return ratio(float(np.count_nonzero(hits)), float(len(hits)))


def mean(values: Column) -> float:
    """Return the mean of the values that are there (not NaN), or NaN if none is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else UNDEFINED


def restricted_mean(days: Column, limit: float) -> float:
    """Return the mean of the days waited for something, each cut at ``limit``; NaN (never came) counts as the limit.

    The restricted mean survival time: with things watched for at least ``limit`` days, neither what came late nor
    what never came is left out, so that a policy cannot gain by making slow things not happen. NaN for no days.
    """
    return float(np.fmin(days, limit).mean()) if len(days) else UNDEFINED


def quantile(values: Column, level: float) -> float:
    """Return a quantile (linear between order statistics) of the values that are there, or NaN if none is."""
    known = values[~np.isnan(values)]
    return float(np.quantile(known, level)) if len(known) else UNDEFINED


def gap(values: Column) -> float:
    """Return the largest minus the smallest of the values that are there, or NaN for fewer than two."""
    known = values[~np.isnan(values)]
    return float(known.max() - known.min()) if len(known) > 1 else UNDEFINED


def gini(values: Column) -> float:
    """Return the Gini coefficient of the values that are there, each counted once.

    G = sum over i, j of abs(x_i - x_j) / (2 n^2 mean): 0 where all are equal, (n - 1) / n where one has everything.
    NaN for fewer than two values, or where they sum to 0.
    """
    known = np.sort(values[~np.isnan(values)])
    count, total = len(known), float(known.sum())
    if count < 2 or total <= 0.0:
        return UNDEFINED
    ranks = np.arange(1, count + 1)
    return max(float(2.0 * np.dot(ranks, known) / (count * total) - (count + 1) / count), 0.0)


def shares_by_district(hits: Column, district: Column, districts: int, least: int) -> Column:
    """Return the share of true values in each district, shape (districts,), NaN below ``least`` values."""
    counts = np.bincount(district, minlength=districts)
    found = np.bincount(district, weights=hits.astype(np.float64), minlength=districts)
    return np.where(counts >= least, found / np.maximum(counts, 1), UNDEFINED)


def means_by_group(values: Column, group: Column, groups: int, least: int) -> Column:
    """Return the mean of the known values in each group, shape (groups,), NaN below ``least`` known values."""
    known = ~np.isnan(values)
    counts = np.bincount(group[known], minlength=groups)
    sums = np.bincount(group[known], weights=values[known], minlength=groups)
    return np.where(counts >= least, sums / np.maximum(counts, 1), UNDEFINED)


def quantiles_by_district(values: Column, district: Column, districts: int, level: float, least: int) -> Column:
    """Return a quantile of the known values in each district, shape (districts,), NaN below ``least`` values."""
    known = ~np.isnan(values)
    values, district = values[known], district[known]
    order = np.argsort(district, kind="stable")
    borders = np.searchsorted(district[order], np.arange(1, districts))
    groups = np.split(values[order], borders)
    return np.array([np.quantile(group, level) if len(group) >= least else UNDEFINED for group in groups])
