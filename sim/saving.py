"""Saving a run and going on with it.

The file is a zip of arrays (NumPy's ``.npz``, read without pickle) and one JSON text. It holds every table that a run
can change; those that follow from the scenario alone are laid out anew. So the resumed run is the uncut one to the last
byte. It is tied to the source it was written with: another version of the
rules would go on differently, and says so instead.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import mediation, response
from sim.build import SPARE_ROWS, town_of, working_days
from sim.codes import NOBODY, Channel, Mode, Task
from sim.disputes import lay_frictions
from sim.engine.clock import Calendar
from sim.engine.compiled import source_hash
from sim.engine.files import replacing
from sim.events import Kind
from sim.interventions import catalogue
from sim.saved_columns import CHANGED, CODES, EVENT_ROWS, GROWING, LAID_OUT, MOST_ROOM, POINTS, RANGES
from sim.scenario import (
    Scenario,
    ScenarioError,
    canonical,
    from_canonical,
    helper_count,
    is_number,
    offices_of,
    order_layers,
    parameters_record,
    run_parameters,
)
from sim.world import DTYPES, Table, World

if TYPE_CHECKING:
    from sim.model import TownModel
    from sim.town import Town

FORMAT = 1


type Tables = dict[str, Table]


def is_count(value: object, most: int = 2**63 - 1) -> bool:
    """Decide whether a value is a whole number of 0 or more."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


# What a saved state must say about itself.
ABOUT: dict[str, Callable[[Any], bool]] = {
    "seed": is_count,
    "time": lambda value: is_number(value) and value >= 0,
    "steps": is_count,
    "bases": lambda value: isinstance(value, list) and len(value) == 2 and all(map(is_count, value)),
    "words": lambda value: (
        isinstance(value, dict)
        and value.keys() == {"name", "title"}
        and all(isinstance(v, str) for v in value.values())
    ),
    "scenario": lambda value: isinstance(value, dict),
}


class SavedStateError(ValueError):
    """A saved state cannot be used; the message says why and what to do."""


def save_state(model: TownModel, path: Path) -> None:
    """Write a model's state to ``path`` by way of a temporary name, so that it is there whole or not at all.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    path = Path(path)
    about = {
        "format": FORMAT,
        "source": source_hash(),
        "seed": model.seed,
        "time": float(model.time),
        "steps": model.steps,
        "bases": [model.base_grids, model.base_workers],
        # The canonical form has no words; the name and title say whose records these are.
        "words": {"name": model.plan.name, "title": model.plan.title},
        "scenario": canonical(model.plan),
    }
    tables = {name: np.asarray(table) for name, table in model.world._asdict().items() if name not in LAID_OUT}
    with replacing(path) as file:
        np.savez(file, allow_pickle=False, about=np.array(json.dumps(about)), **tables)


def read_state(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a saved state says about itself, and its tables.

    Raises:
        SavedStateError: the file is no saved state, is damaged, or was written by another version.
    """
    try:
        with np.load(path, allow_pickle=False) as saved:
            about = json.loads(str(saved["about"]))
            refuse_other_version(path, about)
            names = [name for name in World._fields if name not in LAID_OUT]
            tables = {name: saved[name].view(np.recarray) for name in names}
    except FileNotFoundError:
        raise SavedStateError(f"{path} does not exist") from None
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError) as error:
        if isinstance(error, SavedStateError):
            raise
        if not zipfile.is_zipfile(path):  # numpy would advise to unpickle it, which is never done
            raise SavedStateError(f"{path} is no saved state") from error
        raise SavedStateError(f"{path} is no saved state, or is damaged ({error})") from error
    refuse_other_words(path, about)
    refuse_other_columns(path, tables)
    return about, tables


def refuse_other_columns(path: Path, tables: Tables) -> None:
    """Refuse tables whose columns are not the world's: the rules would read other memory than they mean."""
    known = {"parameters": parameters_record({}).dtype, **DTYPES}
    wrong = [name for name, table in tables.items() if np.dtype(table.dtype.descr) != np.dtype(known[name].descr)]
    wrong += [name for name, table in tables.items() if table.ndim != 1]
    if wrong:
        raise SavedStateError(f"{path} is damaged: other columns than expected in {', '.join(wrong)}")


def refuse_other_version(path: Path, about: Any) -> None:
    """Refuse a state that other rules have written: it would go on differently."""
    if not isinstance(about, dict):
        raise SavedStateError(f"{path} is no saved state, or is damaged (it says nothing about itself)")
    if about.get("format") != FORMAT or about.get("source") != source_hash():
        raise SavedStateError(f"{path} was saved by another version of gridtown; run the scenario again from its start")


def refuse_other_words(path: Path, about: Any) -> None:
    """Refuse a state that does not say about itself what going on takes."""
    wrong = [name for name, fits in ABOUT.items() if not (isinstance(about, dict) and fits(about.get(name)))]
    if wrong:
        raise SavedStateError(f"{path} is damaged: it does not say {', '.join(wrong)} as expected")


def wrong_counts(scenario: Scenario, about: dict[str, Any], tables: Tables) -> list[str]:
    """Return the tables that have not the rows that the scenario, or another table, gives them."""
    town, days = scenario.town, scenario.calendar.days
    areas = {"community": town.communities, "township": town.townships, "county": town.counties}
    districts = areas[scenario.records.district]
    expected: dict[str, tuple[int, ...]] = {
        "parameters": (1,),
        "state": (1,),
        "handling": (1,),
        "days": (days,),
        "residents": (scenario.people.residents,),
        "communities": (town.communities,),
        "districts": (districts,),
        "regimes": (town.townships,),
        "helpers": (helper_count(scenario),),
        "visit_order": (2 * len(tables["households"]) * order_layers(scenario),),
        "offices": (sum(offices_of(town, group) for group in scenario.mediation.all_groups()),),
        "serving": (town.communities * len(scenario.mediation.all_groups()),),
        "hand_overs": (len(Channel),),
        "practice": (1,),
        "series": (days * districts,),
    }
    wrong = [name for name, shape in expected.items() if tables[name].shape != shape]
    lived_in = ("households", "grids") if scenario.people.residents else ()
    wrong += [name for name in (*lived_in, "queue") if len(tables[name]) == 0]
    if wrong:
        return wrong
    if tables["parameters"].tobytes() != run_parameters(scenario).tobytes():
        wrong.append("parameters")
    if tables["state"][0].seed != about["seed"] or not about["time"] <= days:
        wrong.append("state")
    return wrong


def wrong_values(scenario: Scenario, tables: Tables) -> list[str]:
    """Return the columns that lead out of the tables they point to, as ``residents.household``.

    The rules are compiled without checks of bounds: such a column would let them read and write other memory.
    """
    state = tables["state"][0]
    rows = {name: len(table) for name, table in tables.items()} | CODES
    rows |= {"townships": scenario.town.townships, "counties": scenario.town.counties}
    rows["grid_ends"] = rows["grids"] + 1
    rows["day_ends"] = rows["days"] + 1
    rows["patterns"] = max(1, rows["ways"] // rows["nodes"])
    for name, count in GROWING.items():
        used = int(state[count])
        if not 0 <= used <= rows[name]:
            return [f"state.{count}"]
        rows[name] = used
    wrong = []
    for name, columns in POINTS.items():
        used_part = tables[name][: rows[name]]
        for column, (target, least) in columns.items():
            if outside(used_part[column], least, rows[target]):
                wrong.append(f"{name}.{column}")
    for name, first, end, target in RANGES:
        starts, ends = tables[name][first], tables[name][end]
        if (starts < 0).any() or (ends < starts).any() or (ends > rows[target]).any():
            wrong += [f"{name}.{first}", f"{name}.{end}"]
    workers = tables["workers"]
    # A worker who was let go still has the number of a grid that may be gone; no rule follows it.
    if outside(workers["grid"][workers["active"] != 0], 0, rows["grids"]):
        wrong.append("workers.grid")
    for task, target in ((Task.VISIT, "households"), (Task.CASE, "cases")):
        if outside(workers["task_row"][workers["task"] == task], 0, rows[target]):
            wrong.append("workers.task_row")
    homes = tables["households"]
    if ((homes["members"] < 1) | (homes["first_resident"] + homes["members"].astype("i8") > rows["residents"])).any():
        wrong.append("households.members")
    waiting = (state.waiting_first, state.waiting_last)
    if state.waiting_calls != 0 and any(outside(heads, NOBODY, rows["calls"]) for heads in waiting):
        wrong.append("state.waiting_calls")
    units = tables["units"]
    stops = np.where(units["mode"] == Mode.BEAT, rows["lists"], rows["spots"])
    if ((units["goal"] < NOBODY) | (units["goal"] >= stops)).any():
        wrong.append("units.goal")
    mediators = tables["mediators"]
    staff = np.bincount(mediators["office"][mediators["active"] == 1].clip(0)).max(initial=0)
    if not SPARE_ROWS + staff <= state.room <= MOST_ROOM:
        wrong.append("state.room")
    return wrong + wrong_regimes(tables, rows) + wrong_idle(tables) + wrong_events(tables, rows)


def wrong_regimes(tables: Tables, rows: dict[str, int]) -> list[str]:
    """Return the columns by which a township's layers or micro-grids, or a seconded person's grid, would be missed."""
    regimes, helpers = tables["regimes"], tables["helpers"]
    starts = regimes["starts"].astype(np.int64)
    ends = regimes["first_grid"] + starts.max(axis=1, initial=0)
    homes = regimes["end_household"].astype(np.int64) - regimes["first_household"]
    unfit = (regimes["first_grid"] < 0) | (ends > rows["grids"]) | (np.diff(starts) < 0).any(axis=1) | (homes < 1)
    wrong = ["regimes.starts"] if unfit[regimes["layers"] > 0].any() else []
    wrong += ["regimes.micro_grid_households"] if (regimes["micro_grid_households"] < 1).any() else []
    wrong += ["helpers.grid"] if ((helpers["active"] != 0) & (helpers["grid"] < 0)).any() else []
    return wrong


def wrong_idle(tables: Tables) -> list[str]:
    """Return the list of idle units where units and list do not name each other."""
    places = tables["units"]["idle_place"]
    listed = np.flatnonzero(places != NOBODY)
    in_use = tables["idle"]["row"][: max(0, int(tables["state"][0].idle_units))]
    if len(listed) != tables["state"][0].idle_units or outside(places[listed], 0, len(in_use)):
        return ["idle.row"]
    return [] if np.array_equal(in_use[places[listed]], listed) else ["idle.row"]


def outside(values: Any, least: int, end: int) -> bool:
    """Decide whether any value lies below ``least``, or is ``end`` or more."""
    return bool(((values < least) | (values >= end)).any())


def wrong_events(tables: Tables, rows: dict[str, int]) -> list[str]:
    """Return the columns of the event queue that name no kind of event, no row or a moment that is over."""
    queue = tables["queue"]
    held = int(queue[0].row)
    if not 0 <= held < len(queue):
        return ["queue.row"]
    events = queue[1 : held + 1]
    if not np.isin(events["kind"], [int(kind) for kind in EVENT_ROWS]).all():
        return ["queue.kind"]
    rows_of_kind = np.zeros(max(EVENT_ROWS) + 1, dtype=np.int64)
    for kind, target in EVENT_ROWS.items():
        rows_of_kind[kind] = rows[target]
    most = rows_of_kind[events["kind"]]
    wrong = ["queue.row"] if ((events["row"] < 0) | (events["row"] >= most)).any() else []
    at_rings = events[np.isin(events["kind"], (Kind.RING_REACHED, Kind.RING_LEFT))]
    if not wrong and len(at_rings):
        units = tables["units"][at_rings["row"]]
        meant = units["version"] == at_rings["version"]
        if (meant & ((units["flight"] == NOBODY) | (units["check_point"] == NOBODY))).any():
            wrong.append("units.flight")
    # Written so that a moment that is no number is refused too.
    if not (events["time"] >= tables["state"][0].now).all() or not tables["state"][0].now >= 0:
        wrong.append("queue.time")
    return wrong


def load_state[Model: "TownModel"](kind: type[Model], path: Path, town: Town | None = None) -> Model:
    """Return a model of a saved state.

    Args:
        kind: of the model.
        path: of the saved state.
        town: one built before from the same settings; built anew when left out.

    Raises:
        SavedStateError: as ``read_state``; or the scenario cannot be used here, the tables do not fit it, or a row
            number leads nowhere.
    """
    about, tables = read_state(path)
    try:
        scenario = from_canonical({**about["scenario"], **about["words"]}, catalogue=catalogue())
    except ScenarioError as problem:
        raise SavedStateError(f"{path} holds a scenario that cannot be used here: {problem}") from problem
    town = town_of(scenario) if town is None else town
    calendar = Calendar(scenario.calendar.start_date, scenario.calendar.days)
    log = response.read_log(scenario, town, calendar)
    parameters = run_parameters(scenario)[0]
    days = working_days(calendar, parameters)
    laid = response.lay_out(
        scenario, town, parameters=parameters, calendar=calendar, days=days, log=log, seed=about["seed"]
    )
    laid |= mediation.lay_groups(scenario.mediation, parameters)
    people = (tables[name] for name in ("residents", "households", "communities"))
    laid |= lay_frictions(
        scenario, laid["nodes"], *people, parameters=parameters, calendar=calendar, seed=about["seed"]
    )
    if len(laid["nodes"]) != len(tables["nodes"]):
        raise SavedStateError(f"{path} was saved with another road network than the files now hold")
    tables |= {name: laid[name] for name in LAID_OUT}
    wrong = wrong_layout(tables, laid) or wrong_counts(scenario, about, tables) or wrong_values(scenario, tables)
    if wrong:
        raise SavedStateError(f"{path} is damaged: values that cannot be in {', '.join(wrong)}")
    world = World(**tables)
    response.find_hubs(world)
    return kind.from_saved(scenario, about, world, town, log)


def wrong_layout(tables: Tables, laid: Tables) -> list[str]:
    """Return what is not as the scenario lays it out: counts, and columns that no run changes."""
    wrong = [
        name
        for name in ("units", "idle", "spots", "streams", "flights", "ring_points")
        if len(tables[name]) != len(laid[name])
    ]
    if wrong:
        return wrong
    return [
        f"{name}.{column}"
        for name, changed in CHANGED.items()
        for column in laid[name].dtype.names or ()
        if column not in changed and not np.array_equal(tables[name][column], laid[name][column], equal_nan=True)
    ]
