"""``gridtown query``: SQL over the store of runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.ending import DONE, RequestError, make_sure_of_file
from sim.commands.figures import console, finite, place, print_json, short, table
from sim.commands.words import say

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 200  # that a terminal is shown
WIDEST = 60  # letters of a column; longer texts go on below
ENDLESS = 100_000


def query(sql: str, store: str | None, out: Path | None, as_json: bool) -> int:
    """Answer a query.

    Raises:
        RequestError: the query or the file's kind cannot be used.
        StoreError: there is no store, or a file cannot be written.
    """
    import duckdb

    from sim.study import DEFAULT_STORE, Store

    if out is not None:
        if out.suffix not in (".csv", ".parquet"):
            raise RequestError(say("wrong.query_out", given=out))
        make_sure_of_file(out)
    with Store(store or DEFAULT_STORE).connect() as connection:
        try:
            answer: Any = connection.sql(sql)  # None of a statement that gives no rows
            frame = None if answer is None else answer.df()
        except duckdb.Error as problem:
            raise RequestError(say("wrong.sql", problem=str(problem).strip())) from problem
    if frame is None:
        return DONE
    if out is not None:
        write(frame, out)
        console().print(say("query.written", place=place(out), rows=len(frame)), soft_wrap=True)
    elif as_json:
        print_json(frame.astype(object).where(frame.notna(), None).to_dict("records"), plain)
    else:
        show(frame)
    return DONE


def write(frame: pd.DataFrame, out: Path) -> None:
    """Write all rows to a file, whole or not at all.

    Raises:
        StoreError: it cannot be written.
    """
    from sim.engine.files import replacing
    from sim.outcomes import store_error

    try:
        with replacing(out) as file:
            if out.suffix == ".csv":
                frame.to_csv(file, index=False)
            else:
                frame.to_parquet(file, index=False)
    except OSError as problem:
        raise store_error("write", out, problem) from problem


def show(frame: pd.DataFrame) -> None:
    """Print the first rows."""
    from rich.measure import Measurement

    rows = table()
    for name in frame.columns:
        numeric = frame[name].dtype.kind in "iuf"
        rows.add_column(str(name), justify="right" if numeric else "left", overflow="fold", max_width=WIDEST)
    for values in frame.head(MOST_ROWS).itertuples(index=False):
        rows.add_row(*(cell(value) for value in values))
    lines = console()
    # Wider than a terminal where it must be: numbers in pieces nobody can read, nor can a program.
    wanted = Measurement.get(lines, lines.options.update(max_width=ENDLESS), rows).maximum
    lines.width = max(lines.width, wanted)
    lines.print(rows)
    if len(frame) > MOST_ROWS:
        lines.print("\n" + say("query.rows", shown=MOST_ROWS, all=len(frame)))


def plain(value: Any) -> Any:
    """Return a value of a query that JSON does not know: lists as they are, moments and all else as text."""
    return finite(value.tolist()) if hasattr(value, "tolist") else str(value)


def cell(value: Any) -> str:
    """Return a value as a table shows it: numbers to six significant digits, nothing as a dash."""
    import pandas as pd

    if not isinstance(value, list | tuple | dict) and not hasattr(value, "shape") and pd.isna(value):
        return say("none")
    return short(float(value)) if isinstance(value, float) else str(value)
