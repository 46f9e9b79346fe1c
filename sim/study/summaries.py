"""What a comparison keeps of each run besides its outcomes: a sample of calls, weekly series, districts, the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.engine.clock import HOURS_A_DAY, WEEK
from sim.engine.compiled import allocating
from sim.engine.draws import uniform
from sim.outcomes import Records, Story, age_minutes, by_district, given_up, story_of, unit_time, worth_telling
from sim.purposes import Purpose

if TYPE_CHECKING:
    from sim.town import Town

CALL_COLUMNS = (
    "x_metres",
    "y_metres",
    "response_minutes",
    "queue_minutes",
    "travel_minutes",
    "district",
)
SERIES_KEYS = ("day", "date", "district")
MEANS = ("true_tension_sum",)
MOST_STREETS = 20_000


@allocating
def sample_draws(seed: int, addresses: Any, draws: Any) -> None:
    """Write the draw of each call, by its address, that decides whether a report shows it."""
    for row in range(len(addresses)):
        draws[row] = uniform(seed, Purpose.REPORT_SAMPLE, addresses[row], 0)


def call_sample(records: Records, seed: int, most: int) -> pd.DataFrame:
    """Return at most ``most`` calls, those with the smallest draws at their addresses, in the order of receipt.

    A call that happens in two scenarios has one address, so scenarios with one seed show the same calls.
    """
    addresses = records.column("calls", "address")
    draws = np.empty(len(addresses))
    sample_draws(seed, addresses, draws)
    chosen = np.sort(np.argsort(draws, kind="stable")[:most])
    frame = pd.DataFrame({name: records.column("calls", name)[chosen] for name in CALL_COLUMNS})
    received = records.column("calls", "received_day")[chosen]
    frame["hour"] = np.minimum((received % 1.0) * HOURS_A_DAY, HOURS_A_DAY - 1).astype(np.int64)
    frame["given_up"] = given_up(records)[chosen]
    frame["watched_minutes"] = age_minutes(records)[chosen]
    for name in ("source", "priority"):
        frame[name] = np.array(records.words("calls", name), dtype=object)[chosen]
    return frame


def weekly_series(records: Records) -> pd.DataFrame:
    """Return sums by week and district, with the week's first day and its number of days in the run."""
    table = records["series"]
    districts = records["districts"].num_rows
    days = table.num_rows // districts
    first = np.arange(0, days, int(WEEK))
    lengths = np.diff(np.append(first, days))
    columns: dict[str, Any] = {
        "day": np.repeat(first, districts),
        "days": np.repeat(lengths, districts),
        "district": np.tile(np.arange(districts), len(first)),
    }
    for name in table.column_names:
        if name not in SERIES_KEYS and days:
            values = records.column("series", name).reshape(days, districts).astype(np.float64)
            sums = np.add.reduceat(values, first, axis=0)
            columns[name] = (sums / lengths[:, None] if name in MEANS else sums).ravel()
    return pd.DataFrame(columns)


def district_frame(records: Records) -> pd.DataFrame:
    """Return the figures of each district side by side."""
    frame = pd.DataFrame(by_district(records))
    frame.insert(1, "name", records["districts"].column("name").to_pylist())
    return frame


def unit_frame(records: Records) -> pd.DataFrame:
    """Return the ledger of patrol units by group and status: columns group, status, hours."""
    return pd.DataFrame(unit_time(records))


def telling_story(records: Records) -> Story | None:
    """Return the story of the dispute that was handled most often; None where none ever was."""
    dispute = worth_telling(records).get("most_handled")
    return None if dispute is None else story_of(records, dispute)


def street_map(town: Town, most: int = MOST_STREETS) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    """Return the streets as lines from place to place for a map's background.

    Each street once, whatever its directions; in a large town the faster kinds of road first.

    Returns:
        ``x`` and ``y`` in metres, each of shape (streets, 2).
    """
    roads = town.roads
    ends = np.sort(np.column_stack([roads.tail, roads.head]), axis=1)
    order = np.lexsort((ends[:, 1], ends[:, 0], roads.road_class))
    _, first = np.unique(ends[order], axis=0, return_index=True)
    kept = ends[order][np.sort(first)[:most]]
    return {"x": roads.x_metres[kept], "y": roads.y_metres[kept]}
