"""``gridtown check``: what scenarios would build, or everything that is wrong with them; nothing is run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.commands.check_mediation import mediation_notes, switched_on
from sim.commands.check_response import (
    calls_words,
    groups_words,
    hours_words,
    load_words,
    log_notes,
    overload_words,
    response_figures,
    things_read,
)
from sim.commands.ending import BAD_INPUT, DONE, complain
from sim.commands.figures import console, gigabytes, print_json, table
from sim.commands.words import counted, say

if TYPE_CHECKING:
    from pydantic import BaseModel

    from sim.response import Wish
    from sim.scenario import Scenario
    from sim.town import Town

HASH_DIGITS = 16


def check(scenarios: Sequence[str], settings: Sequence[str], as_json: bool) -> int:
    """Check scenarios and show what they would build; the mistakes of all of them are told together."""
    from sim import load
    from sim.scenario import ScenarioError
    from sim.town import TownError

    built: list[dict[str, Any]] = []
    mistakes: list[dict[str, Any]] = []
    refused = 0
    for given in scenarios:
        try:
            built.append(description(load(given, *settings)))
        except ScenarioError as problem:
            refused += 1
            mistakes += [{**vars(one), "text": str(one)} for one in problem.mistakes]
        except TownError as problem:
            refused += 1
            mistakes += [{**vars(one), "text": str(one)} for one in problem.problems]
    if as_json:
        print_json({"scenarios": built, "mistakes": mistakes})
    else:
        for one in built:
            show(one)
        for mistake in mistakes:
            console(errors=True).print(mistake["text"], soft_wrap=True)
    if mistakes:
        counts = counted("mistake", len(mistakes)), counted("scenario", refused)
        complain(say("check.refused", mistakes=counts[0], scenarios=counts[1]))
    return BAD_INPUT if mistakes else DONE


def description(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario would build, as plain figures.

    Raises:
        TownError: the files of its road network or its log cannot be used, or it names nodes that there are not.
    """
    from sim.scenario import (
        canonical,
        estimate_bytes,
        expected_rows,
        parameter_table,
        parameter_values,
        scenario_hash,
        untaken_categories,
    )

    rows = {name: round(count) for name, count in expected_rows(scenario).items()}
    table_, values = parameter_table(), parameter_values(scenario)
    town, log = things_read(scenario)
    return {
        "name": scenario.name,
        "title": scenario.title,
        "hash": scenario_hash(scenario),
        "scenario": canonical(scenario),
        "town": town_figures(scenario, rows, town),
        **staff_figures(scenario, rows),
        **response_figures(scenario, rows["nodes"] if town is None else len(town.roads), log),
        "expected_disputes": rows["disputes"],
        "memory_bytes": estimate_bytes(scenario),
        "assumptions": list(scenario.assumptions),
        "untaken_categories": untaken_categories(scenario),
        "parameters_without_source": sum(one.status == "N" and one.id in values for one in table_.values()),
        "parameters": len(table_),
        "uncovered_hours": uncovered(scenario, ()),
        "uncovered_hours_under_policy": uncovered(scenario, timing_levers(scenario)),
        "set_in_scenario": switched_on(scenario),
        "mediation_notes": mediation_notes(scenario),
        "policy": [policy_words(lever) for lever in scenario.interventions],
        "policy_too_late": too_late(scenario),
    }


def staff_figures(scenario: Scenario, rows: dict[str, int]) -> dict[str, int]:
    """Return how many homes, grids and staff there are; none where nobody lives."""
    from sim.scenario import grid_count, worker_count

    if not scenario.people.residents:
        return dict.fromkeys(("households", "grids", "workers", "mediators", "offices"), 0)
    grids = grid_count(scenario, rows["households"])
    return {
        "households": rows["households"],
        "grids": grids,
        "workers": worker_count(scenario, grids),
        "mediators": scenario.mediation.mediator_count,
        "offices": rows["offices"],
    }


def town_figures(scenario: Scenario, rows: dict[str, int], town: Town | None) -> dict[str, Any]:
    """Return the size of the town; a network of files was read, since only then its mistakes are known."""
    if scenario.town.kind == "synthetic" or town is None:
        return {"nodes": rows["nodes"], "arcs": None, "area_km2": getattr(scenario.town, "area_km2", None), "notes": []}
    return {
        "nodes": len(town.roads.node_ids),
        "arcs": len(town.roads.tail),
        "area_km2": scenario.town.area_km2 if scenario.town.kind == "plane" else town.statistics().area_km2,
        "notes": list(town.notes),
    }


def timing_levers(scenario: Scenario) -> list[Wish]:
    """Return what the scenario's policy wishes of the crews' hours."""
    from sim.interventions import PatrolTiming

    levers = [lever for lever in scenario.interventions if isinstance(lever, PatrolTiming) and lever.enabled]
    return [lever.wish for lever in levers]


def uncovered(scenario: Scenario, wishes: Sequence[Wish]) -> list[tuple[float, float]]:
    """Return the parts of a week that no crew covers, from the start or once the policy's wishes hold."""
    from sim.response import uncovered_hours
    from sim.scenario import parameters_record

    return uncovered_hours(scenario, parameters_record(scenario.parameters)[0], wishes)


def too_late(scenario: Scenario) -> list[str]:
    """Return a line for each intervention that begins only when the run is over."""
    from sim.scenario import intervention_name

    days = scenario.calendar.days
    levers = [(lever, float(getattr(lever, "from_day", 0.0))) for lever in scenario.interventions]
    return [
        say("check.too_late", name=scenario.name, lever=intervention_name(lever), day=day, days=days)
        for lever, day in levers
        if day >= days and getattr(lever, "enabled", True)
    ]


def warn_of_late_policies(scenario: Scenario) -> None:
    """Say on standard error which interventions never act."""
    for line in too_late(scenario):
        console(errors=True).print(line, soft_wrap=True)


def policy_words(lever: BaseModel) -> str:
    """Return an intervention in a line: its name, its settings and its dates."""
    from sim.scenario import intervention_name

    fields = lever.model_dump(mode="json")
    start, end, enabled = (fields.pop(name, None) for name in ("from_day", "until_day", "enabled"))
    settings = ", ".join(f"{name} {setting_words(value)}" for name, value in fields.items() if value is not None)
    words = f"{intervention_name(lever)}: {settings}" if settings else intervention_name(lever)
    if enabled is False:
        return say("check.policy_off", lever=words)
    dates = [say("check.from", day=start)] if start is not None else []
    dates += [say("check.until", day=end)] if end is not None else []
    return say("check.policy_dates", lever=words, dates=", ".join(dates)) if dates else words


def setting_words(value: object) -> str:
    """Return a setting's value in a few letters."""
    if isinstance(value, list):
        return "[" + ", ".join(setting_words(one) for one in value) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def show(one: dict[str, Any]) -> None:
    """Print what a scenario would build."""
    from rich.text import Text

    lines = console()
    lines.print(Text.assemble((one["name"], "bold"), f"  {one['title']}" if one["title"] else ""))
    rows = table(narrow=True)
    rows.show_header = False
    rows.add_column(no_wrap=True, style="dim", min_width=10)
    rows.add_column(ratio=1)
    for head, text in facts(one):
        rows.add_row(head, text)
    for text in warnings(one):
        rows.add_row(Text(say("check.warning"), "bold yellow not dim"), text)
    lines.print(rows)
    lines.print()


def facts(one: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the lines about what would be built, each with its head."""
    tree, network = one["scenario"], one["town"]
    town, calendar = tree["town"], tree["calendar"]
    key = "check.town_synthetic" if town["kind"] == "synthetic" else "check.town_loaded"
    sizes = {"area": network["area_km2"], "nodes": network["nodes"], "arcs": network["arcs"], "kind": town["kind"]}
    areas = {
        many: counted(thing, town[many])
        for many, thing in (("counties", "county"), ("townships", "township"), ("communities", "community"))
    }
    peopled = tree["people"]["residents"] > 0
    expected = {"disputes": round_number(one["expected_disputes"]), "calls": round_number(one["expected_calls"])}
    run = say("check.run_line" if peopled else "check.run_calls", memory=gigabytes(one["memory_bytes"]), **expected)
    days = counted("day", calendar["days"])
    return [
        (say("check.town"), say(key, **sizes)),
        (say("check.administration"), say("check.administration_line", **areas)),
        *(people_facts(one) if peopled else [(say("check.people"), say("check.people_none"))]),
        (say("check.calls"), calls_words(one)),
        (say("check.response"), groups_words(one)),
        (say("check.load"), load_words(one)),
        (say("check.policy"), "\n".join(measures(one))),
        (say("check.calendar"), say("check.calendar_line", days=days, start=calendar["start_date"])),
        (say("check.run"), run),
        (say("check.hash"), one["hash"][:HASH_DIGITS]),
    ]


def measures(one: dict[str, Any]) -> list[str]:
    """Return a line for each intervention, and one for what the scenario itself switches on."""
    made = one["set_in_scenario"]
    lines = [*one["policy"]] or [say("check.policy_none")]
    return [*lines, say("check.set", what=", ".join(made))] if made else lines


def untaken_words(one: dict[str, Any]) -> list[str]:
    """Return a warning where disputes of some category find no office to mediate them."""
    untaken = one["untaken_categories"]
    return [say("check.untaken", categories=", ".join(untaken))] if untaken else []


def level_words(offices: Any) -> str:
    """Return at which levels the offices are: one word, or the names and levels of a list of groups."""
    if isinstance(offices, str):
        return offices
    return ", ".join(f"{group['name']}: {group['level']}" for group in offices)


def people_facts(one: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the lines about residents and those who look after their disputes."""
    tree = one["scenario"]
    people = tree["people"]
    homes = {"residents": people["residents"], "households": one["households"], "merchants": people["merchants"]}
    mediators, offices = counted("mediator", one["mediators"]), counted("office", one["offices"])
    mediation = {"mediators": mediators, "offices": offices, "level": level_words(tree["mediation"]["offices"])}
    # How many households there are is drawn, so what is counted by them is known about only.
    grids_drawn = tree["grid"]["grids"] is None
    workers_drawn = grids_drawn and tree["grid"]["workers"] is None
    grids = say("check.drawn" if grids_drawn else "check.stated", n=one["grids"])
    workers = say("check.drawn" if workers_drawn else "check.stated", n=one["workers"])
    return [
        (say("check.people"), say("check.people_line", **homes)),
        (say("check.grid"), say("check.grid_line", grids=grids, workers=workers)),
        (say("check.mediation"), say("check.mediation_line", **mediation)),
    ]


def round_number(count: int) -> int:
    """Return an expected count with two significant digits, since it is no more than that."""
    return int(float(f"{count:.1e}"))


def warnings(one: dict[str, Any]) -> list[str]:
    """Return what the user should know before trusting a run."""
    found = [*one["town"]["notes"], *log_notes(one), *one["policy_too_late"], *overload_words(one)]
    found += [*one["mediation_notes"], *untaken_words(one)]
    if one["uncovered_hours"]:
        found.append(say("check.uncovered", hours=hours_words(one["uncovered_hours"])))
    if one["uncovered_hours_under_policy"] and one["uncovered_hours_under_policy"] != one["uncovered_hours"]:
        found.append(say("check.uncovered_policy", hours=hours_words(one["uncovered_hours_under_policy"])))
    marked = counted("assumption", len(one["assumptions"]))
    numbers = {"unsourced": one["parameters_without_source"], "parameters": one["parameters"]}
    return [*found, say("check.assumptions", marked=marked, **numbers)]
