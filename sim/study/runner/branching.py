"""Warm-ups: the days before any option begins are run once for each seed, and every option goes on from there.

A branched run is the unbranched one to the last digit. That holds where two things do: no intervention that differs
acts before the day, and both scenarios lay out the same tables (an intervention may need rows of its own from the
start, such as the crews of a surge). So the points of a study that share both share a warm-up. It is run under the
first of them, whose later interventions do nothing yet.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sim.engine.files import cache_home
from sim.model import TownModel
from sim.saving import SavedStateError, load_state
from sim.scenario import (
    Scenario,
    drives_beats,
    group_rows,
    helper_count,
    intervention_name,
    order_layers,
    scenario_hash,
    spot_settings,
)
from sim.study.provenance import hash_of_source
from sim.study.warm import alone

if TYPE_CHECKING:
    from sim.town import Town

MOST_BYTES = 4 * 2**30


def before_branch(scenario: Scenario, day: int) -> Scenario:
    """Return all that a run depends on before a day: the scenario without interventions that begin later."""
    early = tuple(
        lever
        for lever in scenario.interventions
        if getattr(lever, "enabled", True) and getattr(lever, "from_day", 0.0) < day
    )
    return scenario.model_copy(update={"interventions": early})


def warm_up_key(scenario: Scenario, day: int) -> str:
    """Return a hash that two scenarios share only if their runs of one seed are the same up to a day."""
    spots = [spot_settings(scenario, group) for group in scenario.response.all_groups()]
    layout: list[Any] = [
        scenario_hash(before_branch(scenario, day)),
        hash_of_source(),
        day,
        # An intervention's kind sets its lever once at the start, also where none of them acts.
        list(dict.fromkeys(intervention_name(lever) for lever in scenario.interventions)),
        helper_count(scenario),
        order_layers(scenario),
        [list(group_rows(scenario, group)) for group in scenario.response.all_groups()],
        [drives_beats(scenario, group) for group in scenario.response.all_groups()],
        [None if one is None else one.model_dump(mode="json") for one in spots],
    ]
    return hashlib.sha256(json.dumps(layout, sort_keys=True).encode()).hexdigest()[:32]


def warm_up_file(scenario: Scenario, seed: int, day: int) -> Path:
    """Return where the state of a warm-up is kept on this machine."""
    return cache_home() / "gridtown" / "warm-ups" / f"{warm_up_key(scenario, day)}-{seed}.npz"


def before(day: int) -> float:
    """Return the last moment before a day, so that what begins with the day is still to come."""
    return math.nextafter(float(day), 0.0)


def branched_run(scenario: Scenario, seed: int, day: int, town: Town) -> TownModel:
    """Return the model of a scenario after its last day, gone on from a warm-up where there is one.

    The first to need a warm-up makes it; others on the same machine wait for it, though not for the days after it.
    Where it can be neither kept nor read, the whole run is made, which comes to the same.
    """
    model = warm_model(scenario, seed, day, town) if 0 < day < scenario.calendar.days else None
    return (TownModel(scenario, seed=seed, town=town) if model is None else model).run()


def warm_model(scenario: Scenario, seed: int, day: int, town: Town) -> TownModel | None:
    """Return a model after its warm-up, made now or before; None where that can be neither kept nor read."""
    path = warm_up_file(scenario, seed, day)
    with suppress(OSError, SavedStateError):
        with alone(path.with_suffix(".lock")):
            if not path.exists():
                return made_warm(scenario, seed, day, town, path)
        return go_on(scenario, path, town)
    return None


def made_warm(scenario: Scenario, seed: int, day: int, town: Town, path: Path) -> TownModel:
    """Return a model after its warm-up and keep its state for the others, if the disk lets it."""
    model = TownModel(scenario, seed=seed, town=town)
    model.run_until(before(day))
    with suppress(OSError):
        make_room(path.parent)
        model.save(path)
    return model


def go_on(scenario: Scenario, path: Path, town: Town) -> TownModel:
    """Return a model of a scenario in the state that a warm-up was saved in.

    Raises:
        SavedStateError: the file is damaged.
    """

    class Branch(TownModel):
        """A model that goes on from a state under a scenario of its own."""

        @classmethod
        def from_saved(cls, saved: Scenario, *state: Any) -> Self:
            del saved  # it has the same early interventions and the same layout: its key says so
            return super().from_saved(scenario, *state)

    with suppress(OSError):
        os.utime(path)  # the oldest are removed first
    return load_state(Branch, path, town)


def make_room(folder: Path) -> None:
    """Remove the warm-ups that were used longest ago, beyond what they may take together."""
    files = sorted(folder.glob("*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    total = 0
    for path in files:
        total += path.stat().st_size
        if total > MOST_BYTES:
            path.unlink(missing_ok=True)
            path.with_suffix(".lock").unlink(missing_ok=True)
