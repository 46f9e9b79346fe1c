"""What a world holds, as a hash: equal hashes are equal runs."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from sim import TownModel
from sim.saved_columns import GROWING
from sim.world import World

SCRATCH = ("aim", "candidates")  # written before they are read, at every search


def used(world: World, name: str) -> Any:
    """Return the rows in use of a table: growing ones have room to spare, of a size that a cut may change."""
    table = np.asarray(getattr(world, name))
    if name == "queue":
        events = table[1 : int(world.queue[0].row) + 1]
        return np.sort(events, order=["time", "kind", "row", "version"])
    return table[: int(world.state[0][GROWING[name]])] if name in GROWING else table


def fingerprint(model: TownModel) -> str:
    """Return a hash over every field of every row of a model's world."""
    digest = hashlib.sha256()
    for name in World._fields:
        if name in SCRATCH:
            continue
        table = used(model.world, name)
        for field in table.dtype.names or ():
            digest.update(f"{name}.{field}".encode())
            digest.update(np.ascontiguousarray(table[field]).tobytes())
    return digest.hexdigest()
