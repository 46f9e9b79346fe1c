"""The store's tables as DuckDB sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sim.outcomes import CATALOGUE
from sim.study.store.catalogue import ABOUT, PREFIX
from sim.study.store.experiments import RUN_COLUMNS, VERSION, Experiments, packed

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

FAILURE_COLUMNS = ("run", "scenario_name", "seed", "type", "message", "replay", "at", "model_version", "attempts")


def connect(
    catalogue: pa.Table, experiments: Experiments, failures: Mapping[str, Mapping[str, Any]]
) -> duckdb.DuckDBPyConnection:
    """Return a connection with the store's views; a query can neither read nor write files.

    Views:
        runs: one row for each finished run: name, scenario, seed, model version, moments, seconds.
        outcomes: one row for each finished run, a column for each outcome of this version and of the runs' own.
        experiments, points, replications: what was asked; a replication's run may not be finished. Of an experiment
            that was run under several versions of the model, the replications of the newest that has runs. ``kind`` is
            that of the design, or ``search``; ``ended`` says why a search ended, null while it has not.
        all_replications: those of all versions, with ``model_version``.
        results: one row for each finished replication, with its factors and outcomes; a factor that is named like
            an outcome is ``factor_<name>``.
        failures: one row for each failed run.
    """
    import duckdb

    catalogue = with_outcomes(catalogue)
    names = experiments.names()
    about = [experiments.about(name) for name in names]
    finished = set(catalogue["run"].to_pylist())
    tables = {
        "catalogue": catalogue,
        "experiments": pa.table(
            {
                "experiment": pa.array(names, pa.string()),
                "name": pa.array([one.get("name") for one in about], pa.string()),
                "title": pa.array([one["experiment"].get("title", "") for one in about], pa.string()),
                "kind": pa.array([(one["experiment"].get("design") or {}).get("kind") for one in about], pa.string()),
                "begun": pa.array([one.get("begun") for one in about], pa.string()),
                "ended": pa.array([one["experiment"].get("ended") for one in about], pa.string()),
            }
        ),
        "points": all_points(experiments, names),
        "replications": stacked([experiments.runs(name, finished) for name in names], RUN_COLUMNS),
        "all_replications": stacked([experiments.all_runs(name) for name in names], (*RUN_COLUMNS, VERSION)),
        "failures": failure_table(failures),
    }
    connection = duckdb.connect(":memory:")
    for name, table in tables.items():
        connection.register(name, table)
    runs = [quoted(name) for name in catalogue.column_names if not name.startswith(PREFIX)]
    outcomes = [
        # What is undefined is null: SQL takes NaN for larger than any number, and counts it.
        f"nullif({quoted(name)}, 'nan'::DOUBLE) AS {quoted(name.removeprefix(PREFIX))}"
        for name in catalogue.column_names
        if name.startswith(PREFIX)
    ]
    make_view(connection, "runs", runs, "catalogue")
    make_view(connection, "outcomes", ["run", *outcomes], "catalogue")
    taken = {name.removeprefix(PREFIX).lower() for name in catalogue.column_names} | set(RUN_COLUMNS)
    factors = [
        f"points.{quoted(name)} AS {quoted(f'factor_{name}' if name.lower() in taken else name)}"
        for name in tables["points"].column_names
        if name.lower() not in RUN_COLUMNS
    ]
    make_view(
        connection,
        "results",
        ["replications.*", *factors, "outcomes.* EXCLUDE (run)"],
        "replications JOIN points USING (experiment, point) JOIN outcomes USING (run)",
    )
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def with_outcomes(catalogue: pa.Table) -> pa.Table:
    """Return the catalogue with a column for each outcome, so that a query may name one before any run is finished."""
    known = pa.schema([*ABOUT, *((f"{PREFIX}{id_}", pa.float64()) for id_ in CATALOGUE)])
    return pa.concat_tables([known.empty_table(), catalogue], promote_options="permissive")


def make_view(connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str], tables: str) -> None:
    """Make a view; every name in its columns that is not ours is quoted."""
    connection.execute(f"CREATE VIEW {name} AS SELECT {', '.join(columns)} FROM {tables}")  # noqa: S608


def quoted(name: str) -> str:
    """Return a name as SQL takes any name."""
    return '"' + name.replace('"', '""') + '"'


def all_points(experiments: Experiments, names: list[str]) -> pa.Table:
    """Return the points of all experiments; a factor that an experiment has not is null."""
    tables = []
    spelled: dict[str, str] = {}  # SQL tells no capital letters from small ones: one column, by its first spelling
    for name in names:
        table = packed(experiments.points(name))
        table = table.rename_columns([spelled.setdefault(one.lower(), one) for one in table.column_names])
        tables.append(table.add_column(0, "experiment", pa.array([name] * len(table), pa.string())))
    empty = pa.table({"experiment": pa.array([], pa.string()), "point": pa.array([], pa.int64())})
    return pa.concat_tables([empty, *same_kinds(tables)], promote_options="permissive")


def same_kinds(tables: list[pa.Table]) -> list[pa.Table]:
    """Return tables in which a column that holds one kind of values in one and another in another is text in all."""
    kinds: dict[str, set[str]] = {}
    for table in tables:
        for field in table.schema:
            kinds.setdefault(field.name, set()).add(kind_of(field.type))
    mixed = {name for name, found in kinds.items() if len(found) > 1}
    return [
        table.cast(
            pa.schema([pa.field(one.name, pa.string() if one.name in mixed else one.type) for one in table.schema])
        )
        for table in tables
    ]


def kind_of(type_: pa.DataType) -> str:
    """Return which kind of values a factor's column holds: ``number``, ``bool`` or ``text``."""
    if pa.types.is_boolean(type_):
        return "bool"
    return "number" if pa.types.is_floating(type_) or pa.types.is_integer(type_) else "text"


def stacked(runs: Sequence[pd.DataFrame], columns: Sequence[str]) -> pa.Table:
    """Return the replications of all experiments, finished or not, as one table."""
    words = ("experiment", "run", VERSION)
    kinds = pa.schema([(name, pa.string() if name in words else pa.int64()) for name in columns])
    frames = [pa.Table.from_pandas(one, schema=kinds, preserve_index=False) for one in runs]
    return pa.concat_tables([kinds.empty_table(), *frames])


def failure_table(failures: Mapping[str, Mapping[str, Any]]) -> pa.Table:
    """Return a row for each failed run."""
    rows = [{**record, "run": name} for name, record in failures.items()]
    whole = {"seed": pa.int64(), "attempts": pa.int64()}
    schema = pa.schema([(name, whole.get(name, pa.string())) for name in FAILURE_COLUMNS])
    return pa.Table.from_pylist([{name: row.get(name) for name in FAILURE_COLUMNS} for row in rows], schema=schema)
