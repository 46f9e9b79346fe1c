"""The road graph as a sparse matrix of driving times, for SciPy's searches when a run is set up or looked at.

What the loop asks while it runs is in ``sim.town.ways``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from sim.town.network import Roads


def driving_graph(roads: Roads, *, backwards: bool = False) -> csr_array[Any, tuple[int, int]]:
    """Return the seconds between adjacent nodes as a sparse matrix [from, to]; of parallel arcs the fastest counts.

    ``backwards`` turns every arc round, so that a search from a node finds the times to it.
    """
    tail, head = (roads.head, roads.tail) if backwards else (roads.tail, roads.head)
    order = np.lexsort((roads.seconds, head, tail))
    tail, head = tail[order], head[order]
    fastest = np.ones(len(order), dtype=bool)
    fastest[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    arcs = (roads.seconds[order][fastest], (tail[fastest], head[fastest]))
    return csr_array(arcs, shape=(len(roads), len(roads)))
