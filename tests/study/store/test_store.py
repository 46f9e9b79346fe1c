import errno
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.outcomes import StoreError
from sim.study import Store

Put = Callable[..., str]


@pytest.mark.parametrize("kind", ["local", "memory"])
def test_a_run_comes_back_as_it_was_written(tmp_path: Path, put: Put, kind: str) -> None:
    address = str(tmp_path / "s") if kind == "local" else f"memory://{tmp_path.name}"
    store = Store(address)
    store.prepare()
    name = put(store, 7)
    again = Store(address)
    assert again.id == store.id
    assert again.finished() == {name}
    assert again.has(name)
    record = again.record(name)
    assert record["outcomes"]["calls"] == 7.0
    assert math.isnan(record["outcomes"]["queued_share"])
    outcomes = pq.read_table(pa.BufferReader(again.place.read(f"{again.folder_of(name)}/outcomes.parquet")))
    assert outcomes["outcome"].to_pylist() == ["calls", "queued_share"]
    frame = again.connect().sql("select run, calls, queued_share from outcomes").fetchall()
    assert frame[0][:2] == (name, 7.0)


def test_a_run_that_exists_is_not_written_again(store: Store, put: Put) -> None:
    name = put(store, 1)
    before = store.place.read(f"{store.folder_of(name)}/run.json")
    put(store, 1, seconds=9.0)
    assert store.place.read(f"{store.folder_of(name)}/run.json") == before


@pytest.mark.parametrize("kind", ["local", "memory"])
def test_an_empty_record_is_no_run_and_is_written_again(tmp_path: Path, put: Put, kind: str) -> None:
    store = Store(str(tmp_path / "s") if kind == "local" else f"memory://{tmp_path.name}-empty")
    store.prepare()
    name = put(store, 1)
    store.place.write(f"{store.folder_of(name)}/run.json", b"")  # as after a power failure
    assert not store.has(name)
    assert store.finished() == set()
    put(store, 1, {"run": pa.table({"days": [30]})})
    assert store.has(name, tables=True)
    assert store.record(name)["outcomes"]["calls"] == 1.0


@pytest.mark.parametrize("kind", ["local", "memory"])
@pytest.mark.parametrize("content", [b"{", b"[]", b"{}", b'{"outcomes": 1}', b'{"outcomes": {}}', b"\xff\xfe"])
def test_a_damaged_record_is_no_run_and_is_written_again(tmp_path: Path, put: Put, kind: str, content: bytes) -> None:
    store = Store(str(tmp_path / "s") if kind == "local" else f"memory://{tmp_path.name}-damaged")
    store.prepare()
    name, other = put(store, 1), put(store, 2)
    store.place.write(f"{store.folder_of(name)}/run.json", content)
    assert [store.has(one) for one in (name, other)] == [False, True]
    assert store.rebuild() == 1
    put(store, 1)
    assert store.has(name)
    assert store.record(name)["outcomes"]["calls"] == 1.0
    assert store.rebuild() == 2


def test_a_record_that_cannot_be_read_is_told_and_not_taken_for_damaged(
    store: Store, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = put(store, 1)

    def fails(_: Path) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Path, "read_bytes", fails)
    with pytest.raises(StoreError, match=r"run\.json"):
        store.has(name)


def test_two_who_make_a_store_at_once_where_nothing_can_be_renamed_know_it_by_one_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"memory://{tmp_path.name}-both"
    one, other = Store(address), Store(address)  # neither sees a store
    one.prepare()
    first = one.id
    other.prepare()
    assert one.id == other.id == Store(address).id == first
    # A file system that cannot refuse to write over a file: the last one wins, and both know it.
    files = type(one.place.fs)
    whole = files.pipe_file
    monkeypatch.setattr(files, "pipe_file", lambda self, path, value, **_: whole(self, path, value))
    third, fourth = Store(f"{address}-again"), Store(f"{address}-again")
    third.prepare()
    before = third.id
    fourth.prepare()
    assert third.id == fourth.id == Store(f"{address}-again").id != before


def test_tables_are_added_to_a_run_that_had_none(store: Store, put: Put) -> None:
    name = put(store, 1)
    assert store.finished(tables=True) == set()
    put(store, 1, {"calls": pa.table({"call": [1]}), "run": pa.table({"days": [30]})})
    assert store.finished(tables=True) == {name}
    assert store.has(name, tables=True)
    assert "calls.parquet" in store.place.names(store.folder_of(name))


def test_a_store_of_a_newer_version_is_refused(store: Store) -> None:
    about = json.loads(store.place.read("store.json"))
    store.place.write("store.json", json.dumps({**about, "format": 99, "made_by": "9.0"}).encode())
    with pytest.raises(StoreError, match=r"newer gridtown \(9.0, format 99; this one knows 1\): bring gridtown up to"):
        Store(store.address)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"format": "1"}'])
def test_a_damaged_store_is_refused(store: Store, content: bytes) -> None:
    store.place.write("store.json", content)
    with pytest.raises(StoreError, match=r"store\.json"):
        Store(store.address)


def test_a_folder_of_other_things_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("all of it")
    with pytest.raises(StoreError, match=r"holds other things \(thesis.docx\): choose another --store"):
        Store(str(tmp_path)).prepare()


def test_reading_where_nothing_was_stored_says_what_to_do(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "nowhere"))
    assert not store.is_there
    with pytest.raises(StoreError, match="there is no store: run `gridtown experiment` first"):
        store.connect()
    assert not (tmp_path / "nowhere").exists()


def test_a_full_disk_is_told_and_leaves_nothing_half_written(
    store: Store, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = put(store, 1)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("sim.study.store.place.os.fsync", full)
    with pytest.raises(StoreError, match="the disk is full: free some space or choose another folder"):
        put(store, 2)
    monkeypatch.undo()
    assert store.finished() == {kept}
    assert list((Path(store.address) / ".staging").iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_really_full_disk(tmp_path: Path, put: Put) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mount.returncode:
        pytest.skip("this system lets nobody mount")
    try:
        store = Store(str(small / "store"))
        store.prepare()
        written: list[str] = []
        with pytest.raises(StoreError, match="the disk is full"):  # noqa: PT012 (how many fit is the disk's affair)
            for number in range(200):
                written.append(put(store, number, note="x" * 20_000))  # noqa: PERF401 (those before the error count)
        assert written
        assert Store(store.address).finished() == set(written)
        assert all(store.record(name)["outcomes"]["calls"] >= 0 for name in written)
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_a_read_only_store_is_read_and_not_written(store: Store, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, 1)

    def refuses(*_: Any, **__: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("sim.study.store.place.tempfile.mkdtemp", refuses)
    monkeypatch.setattr("sim.engine.files.tempfile.mkstemp", refuses)
    again = Store(store.address)
    assert again.connect().sql("select count(*) from runs").fetchall() == [(1,)]
    assert again.catalogue.shards() == []  # it could not be written, and was not needed
    with pytest.raises(StoreError, match="that file system is read-only: choose another folder"):
        again.prepare()
    with pytest.raises(StoreError, match="read-only"):
        put(again, 2)


def test_a_failure_is_kept_with_its_scenario_and_forgotten_when_the_run_succeeds(store: Store, put: Put) -> None:
    name = f"{3:032x}"
    store.write_failure(name, {"type": "ValueError", "seed": 3, "lasting": True}, {"name": "made-up"})
    assert store.failures()[name]["scenario"] == {"name": "made-up"}
    assert store.connect().sql("select run, type, seed from failures").fetchall() == [(name, "ValueError", 3)]
    assert store.failure(name) is not None
    store.write(name, store.record(put(store, 3)))
    assert store.failures() == {}
    assert store.failure(name) is None
    assert store.place.names("failures") == []


WRITES = """
import sys
from sim.study import Store
sys.path.insert(0, {tests!r})
from made_up_runs import name_of, record_of
import pyarrow as pa
store = Store({address!r})
store.prepare()
for number in range(30):
    store.write(name_of(number), record_of(number), {{"series": pa.table({{"day": [number]}})}})
    if number % 10 == 9:
        store.catalogued([name_of(one) for one in range(number - 9, number + 1)])
print(store.id)
"""


def test_two_commands_on_one_store_both_end_well(tmp_path: Path) -> None:
    program = WRITES.format(tests=str(Path(__file__).parents[2] / "kit"), address=str(tmp_path / "store"))
    both = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [one.communicate(timeout=60) for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert said[0][0] == said[1][0]  # one of them made the store, both use it
    store = Store(str(tmp_path / "store"))
    assert len(store.finished()) == 30
    counted = "select count(*), count(distinct run), sum(calls) from runs join outcomes using (run)"
    assert store.connect().sql(counted).fetchall() == [(30, 30, 435.0)]
