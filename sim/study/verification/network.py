"""The case of a real network, whose data are not shipped: Manhattan's roads and eight ambulance stations.

Data: JEMSS (Apache-2.0; roads from OpenStreetMap, ODbL), folder ``jemss-manhattan`` with ``roads.zip`` and
``stations_1.csv``; arc times are in days, mode 1 is driving with lights and sirens.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.build import town_of
from sim.scenario import Scenario
from sim.study.twin.observed import window_of
from sim.study.verification.cases import PRINTED_4, Case, Reference
from sim.town import snap_places

if TYPE_CHECKING:
    from sim.model import TownModel

FOLDER = "jemss-manhattan"
CALLS_PER_DAY = 20_000
MINUTES_A_DAY = 1440.0
WITHIN = {1.0: 0.0227, 3.0: 0.3061, 5.0: 0.8154}
SOURCE = "manhattan"
REFERENCES = (
    Reference("travel", "travel", 3.7191, "minutes", PRINTED_4),
    Reference("travel_p90", "travel_p90", 5.4431, "minutes", PRINTED_4),
    *(
        Reference("within", f"within_{limit:g}", share, "share", PRINTED_4, {"minutes": limit})
        for limit, share in WITHIN.items()
    ),
)
TOWN: dict[str, Any] = {
    "kind": "csv",
    "node_columns": {"id": "index", "x": "x", "y": "y", "open_to_access": "offRoadAccess"},
    "arc_columns": {"tail": "fromNode", "head": "toNode", "seconds": "mode_1"},
    "time_unit": "days",
}


def has_manhattan(data: Path) -> bool:
    """Decide whether a folder holds the data."""
    return (data / FOLDER / "roads.zip").is_file() and (data / FOLDER / "stations_1.csv").is_file()


def manhattan(data: Path) -> Case:
    """Return the case: a unit at each station that is back at once, calls from all nodes open to access alike.

    Raises:
        TownError: the road files cannot be used.
        OSError: the file of stations cannot be read.
    """
    roads = data / FOLDER / "roads.zip"
    town = {**TOWN, "nodes_file": str(roads / "nodes.csv"), "arcs_file": str(roads / "arcs.csv")}
    bare = scenario(town, [])
    built = town_of(bare).roads
    with (data / FOLDER / "stations_1.csv").open(encoding="utf-8") as lines:
        next(lines)  # a line about the source
        places = np.array([(float(row["x"]), float(row["y"])) for row in csv.DictReader(lines)])
    nodes, _ = snap_places(built, *built.to_metres(*places.T))
    names = [str(built.node_ids[node]) for node in nodes]
    return Case("manhattan", SOURCE, times_from_stations, REFERENCES, scenario(town, names))


def scenario(town: dict[str, Any], posts: list[str]) -> Scenario:
    """Return the scenario with a unit at each post; without posts, one unit anywhere."""
    group: dict[str, Any] = {"name": "patrol", "units": max(len(posts), 1), "shift_hours": 24.0}
    stream = {
        "name": "calls",
        "per_day": float(CALLS_PER_DAY),
        "call_taking_seconds": 0.0,
        "scene": {"law": "constant", "mean_minutes": 0.0},
    }
    return Scenario.model_validate(
        {
            "name": "manhattan",
            "calendar": {"days": 1},
            "town": town,
            "calls": {"background": False, "streams": [stream]},
            "response": {
                "groups": [group | ({"post_nodes": posts} if posts else {})],
                "travel": {"back": "at_once", "counts_as_busy": False},
                "queue": {"capacity": 0},
            },
            "parameters": {"turn_out_seconds": 0.0, "emergency_speed_factor": 1.0},
        }
    )


def times_from_stations(model: TownModel) -> dict[str, float]:
    """Return the driving times of a run: mean, the time that 90 % stay within, and shares within minutes."""
    calls = window_of(model.run(), warm_up=0.0).calls
    # Units start from their posts and work no time on scene, so late arrivals count as well as others.
    minutes = (calls["arrived"] - calls["departed"]) * MINUTES_A_DAY
    within = {f"within_{limit:g}": float((minutes <= limit).mean()) for limit in WITHIN}
    return {"travel": float(minutes.mean()), "travel_p90": float(np.percentile(minutes, 90)), **within}
