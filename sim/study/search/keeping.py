"""A search in the store: it is written down as it goes, and what it found is read again without running anything."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.study.comparison import Failure
from sim.study.experiment import Point, experiment_hash
from sim.study.loading import opened, outcome_frame, study_factor
from sim.study.provenance import version
from sim.study.runner.running import told_of
from sim.study.search.archive import Archive, Tried
from sim.study.search.file import SearchPlan
from sim.study.search.searching import Found, found_of
from sim.study.search.wanted import Asked, Objective, Search, SearchError, Target
from sim.study.store import Store, model_version, run_id
from sim.study.store.experiments import as_text, folder_name

SEARCH = "search"  # the kind of a search among the store's experiments
BY_ITSELF = ("name", "factors", "title")  # of a search, what its record holds in other places


@dataclass(frozen=True)
class Kept:
    """A finished search as the store has it.

    Attributes:
        found: what it found.
        failures: the runs that failed.
        impossible: the points whose values make no scenario, so that nothing was run: numbers, and why they make none.
        file: the search file's fields.
        folder: its name among the store's experiments.
        model_version: under which it was made.
    """

    found: Found
    failures: list[Failure]
    impossible: dict[int, str]
    file: dict[str, Any]
    folder: str
    model_version: str


def search_hash(plan: SearchPlan) -> str:
    """Return the SHA-256 of all that the way of a search depends on.

    The model's version is among it: under other rules other points are tried. So is Optuna's, which proposes them.
    """
    ways = [experiment_hash(plan.experiment), settings(plan.search), model_version(), version("optuna")]
    return hashlib.sha256(json.dumps(ways, sort_keys=True).encode()).hexdigest()


def settings(search: Search) -> dict[str, Any]:
    """Return what a search wants and may take as plain data, but for its factors."""
    kept = {one.name: getattr(search, one.name) for one in dataclasses.fields(search) if one.name not in BY_ITSELF}
    parts = {name: [dataclasses.asdict(one) for one in kept[name]] for name in ("objectives", "targets")}
    return {**kept, **parts}


class Keeper:
    """Writes a search down in a store: what it asks, the points that it tries, and which runs are theirs.

    Its record is made once and then written only when it has ended; the tables of one that has ended, by this process
    or another that makes the same search, are written only when it ends again. So to interrupt it loses nothing.
    """

    def __init__(self, store: Store, plan: SearchPlan) -> None:
        self.store, self.plan, self.hash = store, plan, search_hash(plan)
        self.folder = folder_name(plan.search.name, self.hash)
        self.points: dict[int, dict[str, Any]] = {}
        self.rows: list[tuple[int, int, int, str | None]] = []
        self.impossible: dict[int, str] = {}

    def add(self, asked: Sequence[Asked], points: Sequence[Point | str]) -> None:
        """Write down what is asked for next; a point without a scenario, but with the reason, has runs without a name.

        Raises:
            StoreError: the file system refuses.
        """
        for one, point in zip(asked, points, strict=True):
            self.points[one.point] = {"point": one.point, **one.factors}
            if isinstance(point, str):
                self.impossible[one.point] = point
            run = None if isinstance(point, str) else run_id(point.scenario, one.seed)
            self.rows.append((one.point, one.seed - self.plan.search.seed, one.seed, run))
        if self.folder not in self.store.experiments.names():
            self.store.experiments.begin(self.plan.search.name, self.hash, self.about(None), self.frame())
        if ended(self.store, self.folder) is None:
            self.store.experiments.tell_again(self.folder, self.frame(), self.rows)

    def end(self, found: Found) -> None:
        """Write down that the search has ended.

        Raises:
            StoreError: the file system refuses.
        """
        self.store.experiments.tell_again(self.folder, self.frame(), self.rows)
        self.store.experiments.begin(self.plan.search.name, self.hash, self.about(found.ended), self.frame())

    def frame(self) -> pd.DataFrame:
        """Return a row for each point so far."""
        return pd.DataFrame([self.points[number] for number in sorted(self.points)])

    def about(self, why: str | None) -> dict[str, Any]:
        """Return the record of the search, with why it ended; None while it goes on."""
        search = self.plan.search
        record = {
            **self.plan.file,
            "factors": [one.model_dump(mode="json") for one in self.plan.experiment.factors],
            "design": {"kind": SEARCH},
            "outcomes": search.outcomes,
            "search": settings(search),
            "impossible": {str(number): reason for number, reason in self.impossible.items()},
            "ended": why,
        }
        as_kept: dict[str, Any] = json.loads(as_text(record))
        return as_kept


class Outcomes:
    """The outcomes of finished runs, by the catalogue of a store: what is in it is never run again, so it must do.

    It is read in one go, and again only when it lacks a run that is asked for.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._frame: pd.DataFrame | None = None

    def of(self, runs: Sequence[str | None]) -> list[dict[str, float] | None]:
        """Return the outcomes of each of some runs, None where there is no run or it is not finished.

        Raises:
            StoreError: the store cannot be read.
        """
        asked = {run for run in runs if run is not None}
        if self._frame is None or not asked.issubset(self._frame.index):
            self._frame = outcome_frame(self.store).set_index("run")
        known: dict[Any, Any] = self._frame.loc[self._frame.index.isin(asked)].to_dict("index")
        return [known.get(run) for run in runs]


def ended(store: Store, folder: str) -> str | None:
    """Return why a search in a store ended, None of one that is not finished."""
    why: str | None = store.experiments.about(folder)["experiment"].get("ended")
    return why


def is_search(store: Store | str, name: str) -> bool:
    """Decide whether what a store has under a name is a search.

    Raises:
        StoreError: there is no store, or it cannot be read.
        UnknownExperimentError: it has nothing of that name.
    """
    store = opened(store)
    asked = store.experiments.about(store.experiments.find(name))["experiment"]
    return bool((asked.get("design") or {}).get("kind") == SEARCH)


def found_in(store: Store | str, name: str) -> Kept:
    """Return what a finished search found, from its runs in a store; nothing is run.

    Args:
        store: a store or its address.
        name: of the search, or of its folder in the store; of several of one name the one begun last.

    Raises:
        StoreError: there is no store, or it cannot be read.
        UnknownExperimentError: it has no search of that name.
        SearchError: the search is not finished.
    """
    store = opened(store)
    folder = store.experiments.find(name)
    asked = store.experiments.about(folder)["experiment"]
    why = ended(store, folder)
    if why is None:
        raise SearchError(f"{folder} is not a finished search: run `gridtown search` with its file again to go on")
    search = search_from(asked)
    points, runs = store.experiments.points(folder), store.experiments.all_runs(folder)
    runs["run"] = runs["run"].astype(object).where(runs["run"].notna(), None)
    archive, fresh = Archive(search), dict[int, Tried]()
    for row in points.sort_values("point").drop(columns="point").to_dict("records"):
        archive.add({str(factor): value for factor, value in row.items()})
    outcomes = Outcomes(store).of(list(runs["run"]))
    for number, seed, made in zip(runs["point"], runs["seed"], outcomes, strict=True):
        point = archive.points[number]
        if seed in search.fresh_seeds:
            fresh.setdefault(number, Tried(number, point.factors)).runs[int(seed)] = made
        else:
            archive.take(point, int(seed), made)
    lost = dict.fromkeys(run for run, made in zip(runs["run"], outcomes, strict=True) if run and made is None)
    failed = [store.failure(run) for run in lost]
    reasons: dict[str, Any] = asked.get("impossible") or {}
    return Kept(
        found=found_of(archive, fresh, why),
        failures=[told_of(record) for record in failed if record is not None],
        impossible={int(one): str(reasons.get(str(one), "")) for one in runs.loc[runs["run"].isna(), "point"]},
        file=asked,
        folder=folder,
        model_version=store.experiments.versions(folder)[-1],
    )


def search_from(asked: dict[str, Any]) -> Search:
    """Return a search from its record."""
    kept = dict(asked["search"])
    kept["objectives"] = [Objective(**one) for one in kept["objectives"]]
    kept["targets"] = [Target(**one) for one in kept["targets"]]
    factors = [study_factor(one) for one in asked["factors"]]
    return Search(name=str(asked["name"]), title=str(asked.get("title") or ""), factors=factors, **kept)
