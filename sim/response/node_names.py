"""Finding nodes by the names that a scenario gives them; every name that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.scenario import nearest_name
from sim.town import Problem, TownError

if TYPE_CHECKING:
    from sim.town import Roads

Rows = np.ndarray[Any, np.dtype[np.int64]]

MOST_NEAREST = 5  # unknown names for which the nearest is looked up: each takes a look at all names


class NodeNames:
    """The names of a town's nodes, and all that was found wrong with a scenario's use of them."""

    def __init__(self, roads: Roads) -> None:
        self._row_of = {name: row for row, name in enumerate(roads.node_ids)}
        self._problems: list[Problem] = []
        self._looked_up = 0

    def __contains__(self, name: object) -> bool:
        return name in self._row_of

    def row(self, name: str) -> int:
        """Return the row of a node that is known to exist."""
        return self._row_of[name]

    def rows(self, field: str, names: Iterable[str]) -> Rows:
        """Return the rows of named nodes; unknown names are noted and left out."""
        found = []
        for name in names:
            row = self._row_of.get(name)
            if row is None:
                self._note_unknown(field, name)
            else:
                found.append(row)
        return np.array(found, dtype=np.int64)

    def _note_unknown(self, field: str, name: str) -> None:
        nearest = ""
        if self._looked_up < MOST_NEAREST:
            self._looked_up += 1
            nearest = nearest_name(name, self._row_of)
        guess = f'; did you mean "{nearest}"?' if nearest else ""
        self.note(f'{field}: the town has no node "{name}"{guess}', "give the name of a node of the town")

    def note(self, message: str, remedy: str) -> None:
        """Note something else that is wrong."""
        self._problems.append(Problem(message, remedy))

    def missing_from(self, names: Iterable[str]) -> list[str]:
        """Return the nodes of the town that are not among some names, in the order of the town."""
        given = set(names)
        return [name for name in self._row_of if name not in given]

    def refuse_if_any(self) -> None:
        """Raise all that was noted as one TownError."""
        if self._problems:
            raise TownError(self._problems)
