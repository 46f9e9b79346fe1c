"""``gridtown experiments``: the library of experiments."""

from __future__ import annotations

from typing import Any

from sim.commands.ending import DONE
from sim.commands.figures import console, print_json, table
from sim.commands.words import say


def experiments(as_json: bool) -> int:
    """List the library of experiments with their titles, bases and designs."""
    from sim.scenario import ScenarioError
    from sim.study import experiments as shipped
    from sim.study import load_experiment

    found: list[dict[str, Any]] = []
    for name in shipped():
        about: dict[str, Any] = {"name": name, "title": None, "base": None, "design": None}
        try:
            plan = load_experiment(name)
            about |= {"title": plan.title, "base": plan.base, "design": plan.design.kind}
        except ScenarioError:
            # A city may be too large for this machine's memory; that is no reason to hide what is asked of it.
            about["title"] = say("experiments.unusable", name=name)
        found.append(about)
    if as_json:
        print_json({"experiments": found})
        return DONE
    rows = table()
    rows.add_column(say("column.name"), no_wrap=True, style="bold")
    rows.add_column(say("column.design"), no_wrap=True)
    rows.add_column(say("column.title"), ratio=1)
    for one in found:
        rows.add_row(one["name"], one["design"] or say("none"), one["title"])
    console().print(rows)
    console().print("\n" + say("experiments.foot"))
    return DONE
