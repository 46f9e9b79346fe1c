"""Towns that are built once for all runs that share them."""

from __future__ import annotations

import json
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.build import town_of
from sim.scenario import Scenario, canonical
from sim.town import Town

MOST_TOWNS = 2


def town_key(scenario: Scenario) -> str:
    """Return what a town follows from: its settings, its files as they are now, and the driving speeds."""
    tree = canonical(scenario)
    speeds = {name: value for name, value in tree["parameters"].items() if name.startswith("speed_")}
    return json.dumps([tree["town"], stamps(tree["town"]), speeds], sort_keys=True)


def stamps(tree: Any) -> list[list[int]]:
    """Return size and time of change of every file that a part of a scenario names."""
    if isinstance(tree, dict):
        return [stamp for inner in tree.values() for stamp in stamps(inner)]
    if isinstance(tree, list):
        return [stamp for inner in tree for stamp in stamps(inner)]
    with suppress(OSError, ValueError):
        if isinstance(tree, str) and "/" in tree and Path(tree).is_file():
            about = Path(tree).stat()
            return [[about.st_size, about.st_mtime_ns]]
    return []


class Towns:
    """The towns used last; building one again takes seconds for a city."""

    def __init__(self, most: int = MOST_TOWNS) -> None:
        self.most = most
        self.built: OrderedDict[str, Town] = OrderedDict()

    def of(self, scenario: Scenario) -> Town:
        """Return a scenario's town; its table of driving times comes from the disk, where it is kept for all.

        Raises:
            TownError: its road network cannot be used.
        """
        key = town_key(scenario)
        if key not in self.built:
            while len(self.built) >= self.most:
                self.built.popitem(last=False)
            self.built[key] = town_of(scenario)
        self.built.move_to_end(key)
        return self.built[key]


TOWNS = Towns()
