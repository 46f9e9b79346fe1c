"""``gridtown schema``, ``scenarios``, ``outcomes`` and ``parameters``: what there is to choose from."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.ending import DONE, RequestError, make_sure_of_file
from sim.commands.figures import console, place, print_json, short, table, unit_words
from sim.commands.words import say

if TYPE_CHECKING:
    from sim.study import ParameterUse

TEXTBOOK = "verification"  # folder of the scenarios that `gridtown verify` runs
STATUSES = ("F", "D", "M", "N")


def schema(out: Path | None, of_experiments: bool = False) -> int:
    """Print the JSON Schema of scenario or experiment files, or write it to a file, whole or not at all."""
    made = schema_of(of_experiments)
    if out is None:
        print_json(made)
        return DONE
    make_sure_of_file(out)
    write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n", out)
    console(errors=True).print(say("schema.written", place=place(out)), soft_wrap=True)
    return DONE


def schema_of(of_experiments: bool) -> dict[str, Any]:
    """Return the JSON Schema of experiment files, or of scenario files."""
    if of_experiments:
        from sim.study import experiment_schema

        return experiment_schema()
    from sim.interventions import catalogue
    from sim.scenario import json_schema

    return json_schema(catalogue())


def write_text(text: str, file: Path) -> None:
    """Write a text file, whole or not at all.

    Raises:
        StoreError: the file system refuses.
    """
    from sim.engine.files import replacing
    from sim.outcomes import store_error

    try:
        with replacing(file) as part:
            part.write(text.encode())
    except OSError as problem:
        raise store_error("write", file, problem) from problem


def scenarios(as_json: bool) -> int:
    """List the library of scenarios with their titles and numbers of residents."""
    from sim import load
    from sim.scenario import ScenarioError, library

    found: list[dict[str, Any]] = []
    for name, path in library().items():
        about: dict[str, Any] = {"name": name, "folder": path.parent.name, "title": None, "residents": None}
        try:
            scenario = load(name)
            about |= {"title": scenario.title, "residents": scenario.people.residents}
        except ScenarioError:
            # A prefecture may be too large for this machine's memory; that is no reason to hide it.
            about["title"] = say("scenarios.unusable", name=name)
        found.append(about)
    if as_json:
        print_json({"scenarios": found})
        return DONE
    rows = table()
    rows.add_column(say("column.name"), no_wrap=True, style="bold")
    rows.add_column(say("column.residents"), justify="right")
    rows.add_column(say("column.title"), ratio=1)
    textbook = [one["name"] for one in found if one["folder"] == TEXTBOOK]
    listed = [one for one in found if one["folder"] != TEXTBOOK]
    folder = listed[0]["folder"] if listed else ""
    for one in listed:
        if one["folder"] != folder:
            rows.add_section()
            folder = one["folder"]
        rows.add_row(one["name"], f"{one['residents']:,}" if one["residents"] else say("none"), one["title"])
    console().print(rows)
    console().print("\n" + say("scenarios.textbook", n=len(textbook), names=", ".join(textbook)))
    console().print("\n" + say("scenarios.foot"))
    return DONE


def outcomes(ids: Sequence[str], as_json: bool) -> int:
    """List all outcomes, or define those named.

    Raises:
        UnknownOutcomeError: a name is none.
    """
    from sim.outcomes import HEADLINE, describe, find_outcome

    chosen = {find_outcome(id_).id for id_ in ids}
    found = [{**one, "headline": one["id"] in HEADLINE} for one in describe() if not ids or one["id"] in chosen]
    if as_json:
        print_json({"outcomes": found})
    elif ids:
        for one in found:
            define(one)
    else:
        list_outcomes(found)
    return DONE


def define(one: dict[str, Any]) -> None:
    """Print an outcome with its definition."""
    from rich.padding import Padding
    from rich.text import Text

    lines = console()
    lines.print(Text.assemble((one["id"], "bold"), f"  {one['title']}"))
    better, kind = say(f"outcomes.better_{one['better']}"), say(f"outcomes.kind_{one['kind']}")
    about = say("outcomes.definition", unit=unit_words(one["unit"]), better=better, kind=kind)
    lines.print(Padding(Text(about, "dim"), (0, 0, 0, 2)))
    lines.print(Padding(Text(one["definition"]), (0, 0, 1, 2)))


def list_outcomes(found: Sequence[dict[str, Any]]) -> None:
    """Print a line for each outcome, by group."""
    from rich.text import Text

    rows = table()
    rows.add_column("", no_wrap=True)
    rows.add_column(say("column.outcome"), ratio=1)
    rows.add_column(say("column.unit"), max_width=16)
    rows.add_column(say("column.better"), no_wrap=True)
    rows.add_column(say("column.kind"), no_wrap=True)
    group = ""
    for one in found:
        if one["group"] != group:
            group = one["group"]
            rows.add_row("", Text(say(f"group.{group}"), "bold"))
        name = Text.assemble(one["title"], "\n", (one["id"], "dim"))
        star = "*" if one["headline"] else ""
        better, kind = say(f"better.{one['better']}"), say(f"kind.{one['kind']}")
        rows.add_row(star, name, unit_words(one["unit"]), better, kind)
    console().print(rows)
    console().print("\n" + say("outcomes.foot"))


def parameters(scenario: str | None, status: str | None, as_json: bool) -> int:
    """List the parameters of the model, those of a scenario with its values."""
    wanted = STATUSES if status is None else (status.upper(),)
    if wanted[0] not in STATUSES:
        raise RequestError(say("wrong.status", given=status))
    uses = parameter_uses(scenario)
    found = [one for one in uses if one.status in wanted]
    if as_json:
        print_json({"scenario": scenario, "parameters": [{**vars(one), "changed": is_changed(one)} for one in found]})
        return DONE
    for one in found:
        show_parameter(one)
    counts = {kind: sum(one.status == kind for one in found) for kind in STATUSES}
    console().print(
        say(
            "parameters.foot",
            shown=len(found),
            all=len(uses),
            found=counts["F"],
            derived=counts["D"],
            memory=counts["M"],
            none=counts["N"],
        )
    )
    if scenario is not None:
        console().print(say("parameters.foot_scenario", changed=sum(is_changed(one) for one in found), name=scenario))
    return DONE


def parameter_uses(scenario: str | None) -> list[ParameterUse]:
    """Return every parameter with the scenario's value, or with its default where no scenario is named."""
    from sim import load
    from sim.study import ParameterUse, parameters_used

    if scenario is not None:
        return parameters_used(load(scenario))
    from sim.scenario import parameter_table

    return [
        ParameterUse(
            id=one.id,
            meaning=one.meaning,
            default=listed(one.default),
            value=listed(one.default),
            low=listed(one.low),
            high=listed(one.high),
            unit=one.unit,
            source=one.source,
            status=one.status,
            note=one.note,
        )
        for one in parameter_table().values()
    ]


def listed(value: float | tuple[float, ...]) -> float | list[float]:
    """Return a value of the table as JSON has it."""
    return list(value) if isinstance(value, tuple) else value


def is_changed(one: ParameterUse) -> bool:
    """Decide whether a scenario gives a parameter another value than the table does."""
    return one.value != one.default


def show_parameter(one: ParameterUse) -> None:
    """Print a parameter: id, value and range; what it means; its status and where it comes from."""
    from rich.padding import Padding
    from rich.text import Text

    lines = console()
    unit = "" if one.unit == "1" else one.unit
    value = say("parameters.head", value=parameter_value(one), unit=unit).rstrip()
    lists = isinstance(one.low, list) or isinstance(one.high, list)
    span = "" if lists else say("parameters.range", low=value_words(one.low), high=value_words(one.high))
    lines.print(Text.assemble((one.id, "bold"), "  ", (value, "bold yellow" if is_changed(one) else ""), (span, "dim")))
    lines.print(Padding(Text(one.meaning), (0, 0, 0, 2)))
    lines.print(Padding(Text.assemble((one.status, "bold"), f"  {one.source}", style="dim"), (0, 0, 1, 2)))


def parameter_value(one: ParameterUse) -> str:
    """Return a parameter's value, and its default where the scenario sets another."""
    default = value_words(one.default)
    if not isinstance(one.value, list) and math.isnan(one.value):
        return say("parameters.stated", default=default)
    value = value_words(one.value)
    return say("parameters.overridden", value=value, default=default) if is_changed(one) else value


def value_words(value: float | list[float]) -> str:
    """Return a parameter's value; of a list, from where to where it goes."""
    if isinstance(value, list):
        return say("parameters.list", low=short(min(value)), high=short(max(value)), n=len(value))
    return short(value)
