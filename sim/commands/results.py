"""``gridtown results``: what the store holds."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.ending import DONE, RequestError
from sim.commands.figures import console, figure, place, print_json, table
from sim.commands.query import cell
from sim.commands.words import counted, say

if TYPE_CHECKING:
    import pandas as pd

    from sim.study import Store

MOST_POINTS = 100  # that a terminal is shown


@dataclass(frozen=True)
class ResultsRequest:
    """What the user asked of the store.

    Attributes:
        experiment: in the store; None for a list of all.
        store: address; None for the usual one.
        version: of the model whose runs are shown of an experiment; None for the one that it shows.
        outcomes: ids, with commas between; None for those that the experiment names.
        failures: show failed runs.
        scenario: name of a run whose scenario is to be printed.
        rebuild: make the catalogue anew first.
        as_json: print data instead of tables.
    """

    experiment: str | None
    store: str | None
    version: str | None
    outcomes: str | None
    failures: bool
    scenario: str | None
    rebuild: bool
    as_json: bool


def results(asked: ResultsRequest) -> int:
    """Show what the store holds.

    Raises:
        StoreError: there is no store, or it cannot be read.
        UnknownExperimentError: there is no such experiment.
        UnknownVersionError: the experiment was never asked for under that version.
        UnknownOutcomeError: there is no such outcome.
        RequestError: there is no such run, or a version is given without an experiment.
    """
    from sim.study import DEFAULT_STORE, Store

    if asked.version is not None and asked.experiment is None:
        raise RequestError(say("wrong.version_of_all"))
    store = Store(asked.store or DEFAULT_STORE)
    store.must_exist()
    if asked.scenario is not None:
        return print_scenario(store, asked.scenario)
    if asked.rebuild:
        made = store.rebuild()
        console(errors=True).print(say("results.rebuilt", runs=counted("run", made)))
        left_out = len(store.finished()) - made
        if left_out > 0:
            console(errors=True).print(say("results.left_out", runs=counted("run", left_out)))
    if asked.failures:
        return show_failures(store, asked.experiment, asked.version, asked.as_json)
    if asked.experiment is None:
        return show_all(store, asked.as_json)
    return show_one(store, store.experiments.find(asked.experiment), asked)


def where(store: Store) -> str:
    """Return a store's place as the user would type it here."""
    return store.address if store.place.folder is None else place(Path(store.address))


def print_scenario(store: Store, run: str) -> int:
    """Print the scenario of a finished or a failed run as a scenario file.

    Raises:
        RequestError: there is no such run.
    """
    import json

    if store.has(run):
        record = store.record(run)
        tree = {**record["scenario"], "name": record["scenario_name"], "title": record.get("title", "")}
    else:
        failed = store.failure(run)
        if failed is None:
            raise RequestError(say("wrong.no_run", given=run))
        tree = failed["scenario"]
    # JSON is YAML.
    sys.stdout.write(json.dumps(tree, indent=1, sort_keys=True) + "\n")
    return DONE


def show_failures(store: Store, experiment: str | None, version: str | None, as_json: bool) -> int:
    """Print the failed runs, of one experiment or of all, with the commands that make them again."""
    failures = store.failures()
    if experiment is not None:
        folder = store.experiments.find(experiment)
        store.experiments.must_have(folder, version)
        runs = store.experiments.all_runs(folder) if version is None else store.experiments.runs(folder, (), version)
        own = set(runs["run"])
        failures = {name: record for name, record in failures.items() if name in own}
    if as_json:
        print_json({"failures": list(failures.values())})
        return DONE
    lines = console()
    if not failures:
        lines.print(say("results.no_failures"))
    for record in failures.values():
        told = {name: record.get(name) for name in ("seed", "type", "message")}
        lines.print(say("failure.one", scenario=record.get("scenario_name"), **told), soft_wrap=True)
        lines.print(say("failure.replay", command=record.get("replay")), soft_wrap=True)
    return DONE


def show_all(store: Store, as_json: bool) -> int:
    """Print the list of experiments."""
    from sim.study import experiments_in, model_version, runs_in

    found, (runs, older) = experiments_in(store), runs_in(store)
    if as_json:
        data = found.to_dict("records")
        print_json({"store": store.address, "runs": runs, "older": older, "experiments": data})
        return DONE
    lines = console()
    if not len(found):
        lines.print(say("results.none", place=where(store), runs=counted("run", runs)), soft_wrap=True)
    else:
        names = ("experiment", "kind", "state", "points", "asked", "finished", "failed", "older", "title")
        rows = table(narrow=True)
        for name in names:
            number = name not in ("experiment", "kind", "state", "title")
            rows.add_column(say(f"results.{name}"), justify="right" if number else "left", no_wrap=name != "title")
        states = {"done": say("results.done"), "open": say("results.open")}
        shown = found.assign(state=found["state"].map(states))
        for _, row in shown.iterrows():
            rows.add_row(*(cell(row[name]) for name in names))
        lines.print(rows)
        lines.print("\n" + say("results.foot", runs=counted("run", runs), place=where(store)), soft_wrap=True)
    if older:
        lines.print(say("results.older_foot", older=counted("run", older), version=model_version()), soft_wrap=True)
    return DONE


def show_one(store: Store, folder: str, asked: ResultsRequest) -> int:
    """Print the points of an experiment with the means of some outcomes."""
    from sim.study import SEARCH, experiments_in, point_table

    record = store.experiments.about(folder)
    shown = outcomes_shown(asked.outcomes, record["experiment"])
    points = point_table(store, folder, shown, asked.version)
    row = experiments_in(store, asked.version).set_index("experiment").loc[folder]
    if asked.as_json:
        data = points.astype(object).where(points.notna(), None).to_dict("records")
        about = {"outcomes": shown, "versions": store.experiments.versions(folder), "points": data}
        print_json({"experiment": folder, **row.to_dict(), **about})
        return DONE
    lines = console()
    told = {name: int(str(row[name])) for name in ("finished", "asked", "failed")}
    lines.print(say("results.heading", name=folder, points=counted("point", len(points)), **told), soft_wrap=True)
    if row["title"]:
        lines.print(row["title"], soft_wrap=True)
    lines.print("")
    lines.print(means_table(points, shown))
    lines.print("\n" + say("results.means"))
    if row["kind"] == SEARCH:
        lines.print(say("results.of_search", name=folder), soft_wrap=True)
    if len(points) > MOST_POINTS:
        lines.print(say("results.more", shown=MOST_POINTS, all=len(points)))
    versions = store.experiments.versions(folder)
    if len(versions) > 1:
        told_versions = ", ".join(versions)
        lines.print(say("results.versions", versions=told_versions, name=folder), soft_wrap=True)
    if told["failed"]:
        lines.print(counted("failed_run", told["failed"]) + f": gridtown results {folder} --failures")
    return DONE


def outcomes_shown(given: str | None, experiment: dict[str, Any]) -> list[str]:
    """Return the ids of the outcomes to show.

    Raises:
        UnknownOutcomeError: there is no such outcome.
        RequestError: none is named.
    """
    from sim.outcomes import find_outcome, headline

    if given is None:
        return list(experiment.get("outcomes") or headline(peopled=True))
    ids = [id_.strip() for id_ in given.split(",") if id_.strip()]
    if not ids:
        raise RequestError(say("wrong.no_outcomes"))
    return [find_outcome(id_).id for id_ in ids]


def means_table(points: pd.DataFrame, outcomes: Sequence[str]) -> Any:
    """Return the table of points: factors, finished runs, and each outcome's mean with its standard error."""
    rows = table(narrow=True)
    shown = [id_ for id_ in outcomes if id_ in points.columns]
    plain = [name for name in points.columns if name not in shown and name.removesuffix("_se") not in shown]
    for name in (*plain, *shown):
        header = say("results.point") if name == "point" else say("results.finished") if name == "runs" else str(name)
        rows.add_column(header, justify="right", overflow="fold")
    for _, row in points.head(MOST_POINTS).iterrows():
        means = [say("results.mean", mean=figure(row[id_]), error=figure(row[f"{id_}_se"])) for id_ in shown]
        rows.add_row(*(cell(row[name]) for name in plain), *means)
    return rows
