"""Places of a call log on the town's map: by the name of a node, by coordinates, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.response.call_places import OPEN_WANTED, name_another, node_rows
from sim.response.log_rows import Floats, LogRows
from sim.town import TownError, refused, snap_places, whole_name

if TYPE_CHECKING:
    from sim.scenario import CallLog
    from sim.town import Town

FARTHEST_METRES = 1e8


class LogPlaces:
    """Where the calls of a log come from, shape (rows,) each; NaN and -1 in rows that are wrong or not used.

    Attributes:
        node: where a unit leaves the road.
        x, y: of the place, metres on the town's map.
        access: metres between the road and the place; 0 on a plane, where units drive everywhere.
    """

    def __init__(self, rows: LogRows, town: Town, settings: CallLog) -> None:
        """Find the places; rows without any, with unknown or closed nodes, or too far from the roads are wrong."""
        self.rows, self.town, self.settings = rows, town, settings
        self.node = np.full(len(rows), -1, dtype=np.int64)
        self.x, self.y = self._coordinates()
        self.access = rows.numbers("access_metres", 0.0, FARTHEST_METRES)
        self._take_named_nodes()
        self._refuse_placeless()
        if town.plane is not None:
            self._refuse_outside(town.plane.side_metres)
        self._snap()
        self._measure_access()

    def _coordinates(self) -> tuple[Floats, Floats]:
        """Return x and y in metres, NaN where a row gives none."""
        lonlat = self.settings.coordinates == "lonlat"
        x = self.rows.numbers("x", *((-180.0, 180.0) if lonlat else (-FARTHEST_METRES, FARTHEST_METRES)))
        y = self.rows.numbers("y", *((-90.0, 90.0) if lonlat else (-FARTHEST_METRES, FARTHEST_METRES)))
        if not lonlat or np.isnan(x).all():
            return x, y
        try:
            return self.town.roads.to_metres(x, y)
        except ValueError as error:
            raise self._unplaced() from error

    def _unplaced(self) -> TownError:
        """Return the error for degrees in a town that lies nowhere on the globe."""
        return refused(
            str(self.settings.file),
            "holds degrees, but the town's own places are metres",
            "set calls.log.coordinates: metres, or name nodes",
        )

    def _take_named_nodes(self) -> None:
        """Take the nodes that rows name; their places hold where a row has no coordinates."""
        if not self.rows.has("node"):
            return
        roads = self.town.roads
        known = node_rows(roads)
        for row, text in self.rows.filled("node"):
            node = known.get(whole_name(text))
            if node is None:
                self.rows.refuse(row, f"node {text[:40]!r} is no node of the town", name_another(text, known))
            elif not roads.open_to_access[node]:
                self.rows.refuse(row, f"node {text[:40]!r} is closed to access", OPEN_WANTED)
            else:
                self.node[row] = node
                if np.isnan(self.x[row]) or np.isnan(self.y[row]):
                    self.x[row], self.y[row] = roads.x_metres[node], roads.y_metres[node]

    def _refuse_placeless(self) -> None:
        """Refuse rows that name neither a node nor both coordinates."""
        for row in self.rows.left:
            if np.isnan(self.x[row]) or np.isnan(self.y[row]):
                self.rows.refuse(row, "the row has no place", "give a node, or both coordinates")

    def _refuse_outside(self, side: float) -> None:
        """Refuse places outside a plane's square."""
        for row in self.rows.left:
            if not (0.0 <= self.x[row] <= side and 0.0 <= self.y[row] <= side):
                self.rows.refuse(
                    row,
                    f"the place ({self.x[row]:,.0f}, {self.y[row]:,.0f}) lies outside the plane",
                    f"give metres from 0 to {side:,.0f}",
                )

    def _snap(self) -> None:
        """Let rows without a node use the nearest one that is open to access, if it is near enough."""
        wanted = [row for row in self.rows.left if self.node[row] < 0]
        if not wanted:
            return
        found, metres = snap_places(self.town.roads, self.x[wanted], self.y[wanted])
        self.node[wanted] = found
        if self.town.plane is not None:
            return
        for row, far in zip(wanted, metres.tolist(), strict=True):
            self._refuse_far(row, far)

    def _refuse_far(self, row: int, metres: float) -> None:
        """Refuse a place farther from the roads than a log may have any."""
        if metres > self.settings.farthest_metres:
            self.rows.refuse(
                row,
                f"the place lies {metres:,.0f} m from the nearest open node, "
                f"more than {self.settings.farthest_metres:,.0f}",
                "mend the place (x is the longitude or the way east), or raise calls.log.farthest_metres",
            )

    def _measure_access(self) -> None:
        """Measure the way off the road where a row does not say it."""
        left = np.array([row for row in self.rows.left if np.isnan(self.access[row])], dtype=np.int64)
        if self.town.plane is not None:
            self.access[left] = 0.0
            return
        roads = self.town.roads
        node = self.node[left]
        self.access[left] = np.hypot(self.x[left] - roads.x_metres[node], self.y[left] - roads.y_metres[node])
        for row in left.tolist():
            self._refuse_far(row, float(self.access[row]))
