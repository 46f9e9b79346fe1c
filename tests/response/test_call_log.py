"""Reading a recorded log: what it says is taken as it stands, and whatever is wrong is told before anything runs."""

from __future__ import annotations

import gzip
import pickle
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from calling import calendar_of, street_town
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logs import CAD, ROW, read_log, rows_of, text_of

from sim.engine.clock import HOUR, MINUTE
from sim.response.call_log import CallLogData, read_call_log
from sim.response.log_rows import CallLogError
from sim.scenario import CallLog
from sim.town import TownError

Read = Callable[..., CallLogData]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that writes rows into a file and reads them as a log."""
    return lambda rows, **fields: read_log(tmp_path / "calls.csv", rows, **fields)


def test_a_row_is_taken_as_it_stands(read: Read) -> None:
    data = read([ROW])
    (row,) = data.rows
    assert row.received == 1.25
    assert (row.node, row.x_metres, row.y_metres, row.access_metres) == (1, 100.0, 0.0, 0.0)
    assert (row.priority, row.units_wanted, data.types[row.type_]) == (0, 2, "FIGHT")
    assert row.scene_days == pytest.approx(30 * MINUTE, rel=1e-12)
    assert np.isnan(row.taking_days)
    assert data.recorded_response_minutes.tolist() == [7.5]
    assert data.notes == []


def test_little_is_needed(read: Read) -> None:
    data = read("received,node\n2024-01-01,n3\n", columns={"received": "received", "node": "node"})
    (row,) = data.rows
    assert (row.received, row.node, row.priority, row.units_wanted, row.type_) == (0.0, 3, 1, 1, -1)
    assert np.isnan([row.scene_days, row.taking_days, data.recorded_response_minutes[0]]).all()
    assert data.types == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"received": "tomorrow"}, "received: 'tomorrow' is no date and time"),
        ({"received": ""}, "received: there is no time"),
        ({"on_scene": "soon"}, "on_scene: 'soon' is no date"),
        ({"on_scene": "2024-01-02 06:10", "closed": "2024-01-02 06:09"}, "closed is before on_scene"),
        ({"dispatched": "2024-01-02 05:10"}, "dispatched is before received"),
        ({"node": "m1"}, "node 'm1' is no node of the town"),
        ({"node": "n 3"}, 'did you mean "n3"?'),
        ({"node": ""}, "the row has no place"),
        ({"node": "n4"}, "node 'n4' is closed to access"),
        ({"call": "0"}, "call '0' was given before, in line 2"),
        ({"prio": "9"}, "prio is '9'; write one of 0, 1, 2"),
        ({"prio": "high"}, "prio is 'high'"),
        ({"cars": "0"}, "cars is '0'; write a number from 1 to 20"),
        ({"cars": "1.5"}, "cars is '1.5'; write a whole number"),
        ({"cars": "nan"}, "cars is 'nan'"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_with_its_line(read: Read, change: dict[str, str], words: str) -> None:
    rows = rows_of({}, change, {})
    town = street_town(5, closed=(4,))
    with pytest.raises(CallLogError) as caught:
        read(rows, town=town)
    first, *_, last = str(caught.value).splitlines()
    assert f"calls.csv:3: {words}" in first or words in first
    assert "calls.csv:3: " in first
    assert "1 row is wrong" in last
    assert "calls.log.bad_rows: leave_out" in last
    data = read(rows, town=town, bad_rows="leave_out")
    assert len(data.rows) == 2
    assert [note for note in data.notes if "1 of 3 rows left out as wrong, the first: " in note]


def test_all_wrong_rows_are_told_at_once_and_twenty_are_shown(read: Read) -> None:
    rows = rows_of(*[{"node": "nowhere"}] * 15, *[{"prio": "x"}] * 15, {})
    with pytest.raises(CallLogError) as caught:
        read(rows)
    told = str(caught.value).splitlines()
    assert (caught.value.rows, len(caught.value.problems), len(told)) == (30, 30, 22)
    assert told[20] == "... and 10 more"
    assert told[21].startswith("30 rows are wrong")
    assert isinstance(caught.value, TownError)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.rows) == (str(caught.value), 30)


def test_a_row_that_is_too_short_is_wrong(read: Read) -> None:
    text = "received,node\n2024-01-01,n3\n2024-01-01\n2024-01-02,n1\n"
    columns = {"received": "received", "node": "node"}
    with pytest.raises(CallLogError, match=r"calls\.csv:3: has 1 cells"):
        read(text, columns=columns)
    data = read(text, columns=columns, bad_rows="leave_out")
    assert len(data.rows) == 2
    assert "1 of 3 rows" in data.notes[0]


def test_missing_columns_and_empty_files_are_told(read: Read, tmp_path: Path) -> None:
    with pytest.raises(TownError, match=r"no header with the column 'dispatched', .*under calls\.log\.columns"):
        read("call,received,node,prio,nature,cars\n1,2024-01-02,n1,0,A,1\n")
    with pytest.raises(TownError, match="is empty"):
        read("")
    absent = CallLog.model_validate({"columns": CAD, "time_zone": "UTC", "file": tmp_path / "none.csv"})
    with pytest.raises(TownError, match="cannot be read"):
        read_call_log(absent, street_town(), calendar_of(10))
    with pytest.raises(TownError, match="has no row that is right"):
        read(rows_of({"node": "x"}), bad_rows="leave_out")


def test_a_packed_log_is_the_same(read: Read, tmp_path: Path) -> None:
    text = text_of(rows_of({}, {}, {}))
    plain = read(text)
    packed, archive = tmp_path / "packed.csv.gz", tmp_path / "logs.zip"
    packed.write_bytes(gzip.compress(text.encode()))
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("inner/calls2.csv", text)
    for file in (packed, archive / "inner" / "calls2.csv"):
        log = CallLog.model_validate({"columns": CAD, "time_zone": "Asia/Shanghai", "file": file})
        data = read_call_log(log, street_town(), calendar_of(10))
        assert data.rows.tobytes() == plain.rows.tobytes()
    packed.write_bytes(gzip.compress(text.encode())[:-20])
    log = CallLog.model_validate({"columns": CAD, "time_zone": "Asia/Shanghai", "file": packed})
    with pytest.raises(TownError, match="cannot be read"):
        read_call_log(log, street_town(), calendar_of(10))


def test_rows_out_of_order_are_sorted_and_counted(read: Read) -> None:
    data = read(rows_of({}, {"received": "2024-01-03"}, {}, {}))
    assert np.diff(data.rows["received"]).min() > 0.0
    assert data.notes == ["1 of 4 calls stood after one received later; sorted by receipt"]


def test_calls_outside_the_run_are_left_out_and_counted(read: Read) -> None:
    rows = rows_of({"received": "2023-12-31 23:59:59"}, {}, {"received": "2024-01-11 00:00:00"})
    data = read(rows)
    assert len(data.rows) == 1
    assert data.notes == ["2 calls left out: outside the run's days (the log has 2023-12-31 to 2024-01-11)"]
    with pytest.raises(TownError, match=r"its calls are from 2023-12-31 to 2024-01-11; set calendar\.start_date"):
        read(rows, start=date(2030, 1, 1))


def test_mistakes_in_rows_that_are_not_used_do_not_matter(read: Read) -> None:
    outside, other = {"received": "2023-12-31", "node": "nowhere"}, {"nature": "NOISE", "received": "never"}
    data = read(rows_of(outside, {}, other), types=["FIGHT", "THEFT"])
    assert len(data.rows) == 1
    assert "1 of 3 calls left out: of other types than those wanted" in data.notes
    assert "no call is of type 'THEFT'" in data.notes


def test_priorities_are_those_of_words_and_types(read: Read) -> None:
    words = {"P1": 0, "P2": 3, "THEFT": 5}
    rows = rows_of({"prio": "P1"}, {"prio": "P2"}, {"prio": ""}, {"prio": "", "nature": "THEFT"})
    data = read(rows, priorities=words, default_priority=4)
    assert data.rows["priority"].tolist() == [0, 3, 4, 5]
    with pytest.raises(CallLogError, match=r"prio is 'P3'; write one of P1, P2, THEFT, or add it to calls\.log"):
        read(rows_of({"prio": "P3"}), priorities=words)
    columns = {name: column for name, column in CAD.items() if name != "priority"}
    by_type = read(rows_of({"nature": "THEFT"}, {}), columns=columns, priorities=words)
    assert by_type.rows["priority"].tolist() == [5, 1]


def test_a_time_in_the_gap_is_wrong_and_one_in_the_fold_is_noted(read: Read) -> None:
    zone = {"time_zone": "America/Chicago", "start": date(2018, 3, 10), "days": 300}
    with pytest.raises(CallLogError, match=r"calls\.csv:3: received: '2018-03-11 02:30' was never on the clock"):
        read(rows_of({"received": "2018-03-11 01:30"}, {"received": "2018-03-11 02:30"}), **zone)
    day = "2018-11-04"
    rows = rows_of(*({"received": f"{day} {hour}"} for hour in ("00:30", "01:10", "01:50", "01:20", "02:10")))
    rows[3] |= {"on_scene": f"{day} 01:25", "closed": f"{day} 02:25"}
    rows[1] |= {"on_scene": f"{day} 01:05", "closed": f"{day} 02:05"}
    data = read(rows, **zone)
    (note,) = data.notes
    assert note.startswith("3 times of receipt lie in an hour that the clock passed twice: 1 taken as its second pass")
    hours = (data.rows["received"] % 1.0) * 24.0
    assert hours.tolist() == pytest.approx([0.5, 7 / 6, 4 / 3, 11 / 6, 13 / 6])
    assert data.recorded_response_minutes[[1, 2]].tolist() == [55.0, 5.0]
    assert (data.rows["scene_days"][[1, 2]] / HOUR).tolist() == pytest.approx([1.0, 1.0])


def test_the_towns_clock_may_be_another(read: Read) -> None:
    rows = rows_of({"received": "2024-01-02 20:00"}, {"received": "2024-01-02T20:00:00+08:00"})
    data = read(rows, time_zone="UTC", town_time_zone="Asia/Shanghai")
    assert (data.rows["received"] * 24.0).tolist() == pytest.approx([24.0 + 20.0, 48.0 + 4.0])


CELL = st.one_of(
    st.sampled_from([*ROW.values(), "", "n2", "n9", "2024-01-03", "2024-01-02 06:05", "-1", "nan", "1e308", "Ⅷ", ";"]),
    st.text(max_size=6),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.fixed_dictionaries(dict.fromkeys(ROW, CELL)), min_size=1, max_size=8), leave=st.booleans())
def test_no_log_gets_past_the_reader(read: Read, rows: list[dict[str, str]], leave: bool) -> None:
    """Whatever stands in the cells, a log is refused in words, or all its rows are such as a run can bear."""
    told, data = "", None
    try:
        data = read([*rows, ROW], bad_rows="leave_out" if leave else "refuse")
    except TownError as error:
        told = str(error)
    if data is None:
        assert "calls.csv" in told
        return
    found = data.rows
    assert ((found["received"] >= 0.0) & (found["received"] < 10.0)).all()
    assert (np.diff(found["received"]) >= 0.0).all()
    assert ((found["node"] >= 0) & (found["node"] < 5)).all()
    assert ((found["priority"] >= 0) & (found["priority"] < 9)).all()
    assert ((found["units_wanted"] >= 1) & (found["units_wanted"] <= 20)).all()
    assert len(set(found["address"].tolist())) == len(found)
    assert np.isfinite(found["x_metres"]).all()
    assert (found["access_metres"] >= 0.0).all()
    assert not (found["scene_days"] < 0.0).any()


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=60), st.text(alphabet='",;\n\r\t01n-: ', max_size=80).map(str.encode)))
@pytest.mark.parametrize("head", [b"", b"received,node\n2024-01-01,n1\n"])
def test_no_file_breaks_the_reader(tmp_path: Path, head: bytes, content: bytes) -> None:
    file = tmp_path / "calls.csv"
    file.write_bytes(head + content)
    columns = {"received": "received", "node": "node"}
    log = CallLog.model_validate({"columns": columns, "time_zone": "none", "file": file})
    told, data = "", None
    try:
        data = read_call_log(log, street_town(), calendar_of(10))
    except TownError as error:
        told = str(error)
    assert ("calls.csv" in told) == (data is None)
