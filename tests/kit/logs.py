"""Logs of calls as tests write them."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

from calling import MONDAY, calendar_of, street_town

from sim.response.call_log import CallLogData, read_call_log
from sim.scenario import CallLog
from sim.town import Town

CAD = {"received": "received", "node": "node", "id": "call", "priority": "prio", "type": "nature", "units": "cars"}
CAD |= {name: name for name in ("dispatched", "enroute", "on_scene", "closed")}
ROW = {
    "call": "1", "received": "2024-01-02 06:00:00", "node": "n1", "prio": "0", "nature": "FIGHT", "cars": "2",
    "dispatched": "2024-01-02 06:01:00", "enroute": "2024-01-02 06:02:00", "on_scene": "2024-01-02 06:07:30",
    "closed": "2024-01-02 06:37:30",
}  # fmt: skip


def text_of(rows: list[dict[str, str]]) -> str:
    """Return rows as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def rows_of(*changes: dict[str, str]) -> list[dict[str, str]]:
    """Return one good row with each of some changes, received a minute apart, all with names of their own."""
    bare = dict.fromkeys(("dispatched", "enroute", "on_scene", "closed"), "")
    return [
        {**ROW, **bare, "call": str(number), "received": f"2024-01-02 06:{number:02d}:00", **change}
        for number, change in enumerate(changes)
    ]


def read_log(
    file: Path,
    rows: list[dict[str, str]] | str,
    *,
    town: Town | None = None,
    days: int = 10,
    start: date = MONDAY,
    **given: Any,
) -> CallLogData:
    """Write rows into a file and read them as a log of Shanghai with the columns of a CAD, unless told otherwise."""
    file.write_text(rows if isinstance(rows, str) else text_of(rows))
    fields = {"columns": CAD, "time_zone": "Asia/Shanghai", "file": file, **given}
    return read_call_log(CallLog.model_validate(fields), town or street_town(), calendar_of(days, start))
