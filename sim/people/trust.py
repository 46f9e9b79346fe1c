"""Trust in a channel, 0..1: moved by how the channel's last contact ended, and read by the next report."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import Channel
from sim.engine.compiled import rule


@rule
def trust_in(world: Any, resident: int, channel: int) -> float:
    """Return a resident's trust in the grid, the police or (any other channel) mediation."""
    row = world.residents[resident]
    if channel == Channel.GRID:
        return np.float64(row.trust_grid)
    if channel == Channel.POLICE:
        return np.float64(row.trust_police)
    return np.float64(row.trust_mediation)


@rule
def move_trust(world: Any, resident: int, channel: int, amount: float) -> None:
    """Raise or lower a resident's trust in a channel; it stays within 0..1.

    The direction is found (procedural justice: Mazerolle et al. 2013), the size is a free parameter.
    """
    trust = np.float32(min(max(trust_in(world, resident, channel) + amount, 0.0), 1.0))
    row = world.residents[resident]
    if channel == Channel.GRID:
        row.trust_grid = trust
    elif channel == Channel.POLICE:
        row.trust_police = trust
    else:
        row.trust_mediation = trust
