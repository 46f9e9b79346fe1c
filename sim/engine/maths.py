"""Small compiled functions that several rules need."""

from __future__ import annotations

import math

from sim.engine.compiled import compiled

LEAST = 1e-12


@compiled
def logit(probability: float) -> float:
    """Return the log odds of a probability, kept finite at 0 and 1."""
    inside = min(max(probability, LEAST), 1.0 - LEAST)
    return math.log(inside / (1.0 - inside))


@compiled
def logistic(log_odds: float) -> float:
    """Return the probability of log odds."""
    if log_odds >= 0.0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    raised = math.exp(log_odds)
    return raised / (1.0 + raised)
