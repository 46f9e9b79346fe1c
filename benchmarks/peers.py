"""Calls a second of one dispatch model in gridtown, SimPy and Ciw, in the same run.

The model: 40 crews at random places of a square of 10 km; calls at random places and moments; the nearest idle crew, as
the crow flies, drives there at 40 km/h and stays an exponential time of 20 minutes on average; then it is idle at its
place again. Calls that find nobody idle wait in turn. Crews are busy about 60 % of the time, driving included.

Each program takes its turn, again and again, and its best turn counts, in processor time; what all compute must agree.
Compilation, the
building of the model and imports do not count; gridtown's records, every call and dispatch with its times, do.

Run it as ``python benchmarks/peers.py``. It prints and keeps; it asserts nothing.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import ciw
import numpy as np
import simpy
from measuring import keep

from sim.codes import Status
from sim.engine.clock import MINUTE
from sim.model import TownModel
from sim.response import ledger_at
from sim.scenario import Scenario
from sim.town import Town

UNITS = 40
SIDE_KM = 10.0
KM_A_MINUTE = 40.0 / 60.0
SCENE_MINUTES = 20.0
CALLS_A_MINUTE = 0.6 * UNITS / (SCENE_MINUTES + 2.0)  # the mean drive takes about 2 minutes
LATTICE = 20  # nodes a side that carry the posts of gridtown's plane
CALLS = {"gridtown": 500_000, "SimPy": 60_000, "Ciw": 30_000}
TURNS = 5


class Turn(NamedTuple):
    """What one turn of a program found and took."""

    calls_a_second: float
    response_minutes: float
    busy: float


def post_cells() -> list[tuple[int, int]]:
    """Return column and row of each crew's post on the lattice, the same for all programs."""
    cells = random.Random(1).sample(range(LATTICE * LATTICE), UNITS)
    return [(cell % LATTICE, cell // LATTICE) for cell in cells]


def posts() -> list[tuple[float, float]]:
    """Return the crews' places in km."""
    step = SIDE_KM / LATTICE
    return [((column + 0.5) * step, (row + 0.5) * step) for column, row in post_cells()]


def simpy_turn(seed: int) -> Turn:
    """Run the model as a process for each call."""
    luck = random.Random(seed)
    world = simpy.Environment()
    crews = simpy.Resource(world, UNITS)
    idle = posts()
    response: list[float] = []
    busy = 0.0

    def answer(here: tuple[float, float]) -> Any:
        nonlocal busy
        received = world.now
        with crews.request() as turn:
            yield turn
            crew = min(idle, key=lambda post: math.dist(post, here))
            idle.remove(crew)
            sent = world.now
            yield world.timeout(math.dist(crew, here) / KM_A_MINUTE)
            response.append(world.now - received)
            yield world.timeout(luck.expovariate(1.0 / SCENE_MINUTES))
            busy += world.now - sent
            idle.append(crew)

    def calls() -> Any:
        for _ in range(CALLS["SimPy"]):
            yield world.timeout(luck.expovariate(CALLS_A_MINUTE))
            world.process(answer((SIDE_KM * luck.random(), SIDE_KM * luck.random())))

    world.process(calls())
    began = time.process_time()
    world.run()
    spent = time.process_time() - began
    return Turn(len(response) / spent, sum(response) / len(response), busy / UNITS / world.now)


class Caller(ciw.Individual):  # type: ignore[misc] # untyped
    """A call with its place."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.place = (SIDE_KM * random.random(), SIDE_KM * random.random())
        self.drive = 0.0


class DriveAndScene(ciw.dists.Distribution):  # type: ignore[misc] # untyped
    """The time that a call keeps its crew: from the crew's place, and on scene."""

    def __init__(self, places: list[tuple[float, float]]) -> None:
        super().__init__()
        self.places = places

    def sample(self, t: Any = None, ind: Any = None) -> float:
        """Return the minutes of a call whose crew is chosen."""
        del t
        ind.drive = math.dist(self.places[ind.server.id_number - 1], ind.place) / KM_A_MINUTE
        return float(ind.drive + random.expovariate(1.0 / SCENE_MINUTES))


def ciw_turn(seed: int) -> Turn:
    """Run the model as one queue whose servers are taken in the order of their distance."""
    places = posts()
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(CALLS_A_MINUTE)],
        service_distributions=[DriveAndScene(places)],
        number_of_servers=[UNITS],
        server_priority_functions=[lambda server, call: math.dist(places[server.id_number - 1], call.place)],
    )
    ciw.seed(seed)
    world = ciw.Simulation(network, individual_class=Caller)
    began = time.process_time()
    world.simulate_until_max_customers(CALLS["Ciw"])
    spent = time.process_time() - began
    done = world.nodes[-1].all_individuals
    response = sum(one.data_records[0].waiting_time + one.drive for one in done) / len(done)
    return Turn(len(done) / spent, response, float(world.transitive_nodes[0].server_utilisation))


def plane_scenario(calls: int) -> Scenario:
    """Return gridtown's scenario of the model for about so many calls."""
    stream = {
        "name": "calls",
        "per_day": CALLS_A_MINUTE / MINUTE,
        "scene": {"law": "exponential", "mean_minutes": SCENE_MINUTES},
        "call_taking_seconds": 0,
    }
    names = [f"{column + 1}/{row + 1}" for column, row in post_cells()]
    return Scenario.model_validate(
        {
            "name": "peers",
            "calendar": {"days": max(1, round(calls * MINUTE / CALLS_A_MINUTE))},
            "town": {"kind": "plane", "area_km2": SIDE_KM**2, "speed_kmh": 60.0 * KM_A_MINUTE, "lattice": LATTICE},
            "calls": {"streams": [stream]},
            "response": {
                "groups": [{"name": "crews", "units": UNITS, "post_nodes": names, "shift_hours": 24}],
                "travel": {"back": "at_once"},
            },
            "parameters": {"turn_out_seconds": 0.0, "emergency_speed_factor": 1.0},
        }
    )


def gridtown_turn(seed: int, scenario: Scenario, town: Town) -> Turn:
    """Run the model as a scenario."""
    model = TownModel(scenario, seed=seed, town=town)
    began = time.process_time()
    model.run()
    spent = time.process_time() - began
    calls = model.world.calls[: int(model.world.state[0].call_rows)]
    days = ledger_at(model.world.units, float(model.time))
    busy = days[:, [Status.TO_SCENE, Status.ON_SCENE]].sum() / days.sum()
    response = float(np.nanmean(calls["arrived"] - calls["received"])) / MINUTE
    return Turn(len(calls) / spent, response, float(busy))


def main() -> None:
    """Print what each program does a second, what it found, and the ratios."""
    scenario = plane_scenario(CALLS["gridtown"])
    town = TownModel(plane_scenario(1000), seed=1).run().town  # compiles the rules
    programs: dict[str, Callable[[int], Turn]] = {
        "gridtown": lambda seed: gridtown_turn(seed, scenario, town),
        "SimPy": simpy_turn,
        "Ciw": ciw_turn,
    }
    turns: dict[str, list[Turn]] = {name: [] for name in programs}
    for turn in range(TURNS):
        for name, program in programs.items():
            turns[name].append(program(turn + 1))
    figures: dict[str, float] = {}
    for name, done in turns.items():
        figures[f"{name}: calls a second"] = max(one.calls_a_second for one in done)
        figures[f"{name}: mean response, minutes"] = float(np.mean([one.response_minutes for one in done]))
        figures[f"{name}: share of time busy"] = float(np.mean([one.busy for one in done]))
    for peer in ("SimPy", "Ciw"):
        figures[f"times as fast as {peer}"] = figures["gridtown: calls a second"] / figures[f"{peer}: calls a second"]
    keep("peers", figures)


if __name__ == "__main__":
    main()
