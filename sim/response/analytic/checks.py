"""Refusals that the closed forms share; what they refuse is a mistake of the caller, not of a model."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

type Values = np.ndarray[Any, np.dtype[np.float64]]


def require_count(name: str, value: int, least: int = 1) -> None:
    """Refuse what is no whole number of at least ``least``.

    Raises:
        ValueError: it is not.
    """
    if int(value) != value or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, not {value}")


def require_positive(**values: float) -> None:
    """Refuse any value that is not positive and finite, naming all of them at once.

    Raises:
        ValueError: at least one is not.
    """
    wrong = [f"{name} = {value}" for name, value in values.items() if not 0.0 < value < math.inf]
    if wrong:
        raise ValueError(f"must be positive and finite: {', '.join(wrong)}")


def require_not_negative(**values: float) -> None:
    """Refuse any value that is negative, infinite or NaN, naming all of them at once.

    Raises:
        ValueError: at least one is.
    """
    wrong = [f"{name} = {value}" for name, value in values.items() if not 0.0 <= value < math.inf]
    if wrong:
        raise ValueError(f"must be finite and not negative: {', '.join(wrong)}")


def finite_rates(name: str, values: Any) -> Values:
    """Return rates as a vector of float64.

    Raises:
        ValueError: they are no vector, or one of them is negative or not finite.
    """
    rates = np.asarray(values, dtype=np.float64)
    if rates.ndim != 1 or len(rates) == 0:
        raise ValueError(f"{name} must be a vector with at least one rate, not of shape {rates.shape}")
    if not (np.isfinite(rates) & (rates >= 0.0)).all():
        raise ValueError(f"{name} must be finite and not negative: {rates}")
    return rates
