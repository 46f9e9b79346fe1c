import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sim.codes import Channel
from sim.outcomes import TABLES, Records, StoreError, outcomes, read_records, staged_folder, write_records


def some_records(hand: Any) -> Records:
    taken: Records = hand.records(
        disputes=[hand.settled(Channel.GRID, 1.0, 5.0), {"born": 2.0}],
        cases=[{"opened": 3.0, "acted": 4.0, "closed": 5.0, "true_settled": 1, "recorded_settled": 1}],
        calls=[hand.answered(2.0 + day) for day in range(30)],
    )
    return taken


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_is_read_is_what_was_written(hand: Any, tmp_path: Path) -> None:
    taken = some_records(hand)
    write_records(taken, tmp_path / "deep" / "run")
    again = read_records(tmp_path / "deep" / "run")
    for name in TABLES:
        assert again[name].to_pylist().__repr__() == taken[name].to_pylist().__repr__(), name
    assert str(outcomes(again)) == str(outcomes(taken))


def test_equal_records_give_equal_bytes_also_in_another_process(hand: Any, tmp_path: Path) -> None:
    write_records(some_records(hand), tmp_path / "one")
    write_records(some_records(hand), tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    script = (
        "import sys; from pathlib import Path; from sim.outcomes import read_records, write_records;"
        "write_records(read_records(Path(sys.argv[1])), Path(sys.argv[2]))"
    )
    for run, hash_seed in (("three", "1"), ("four", "2")):
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "one"), str(tmp_path / run)],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
        )
    assert contents(tmp_path / "three") == contents(tmp_path / "four")


def test_writing_again_replaces_the_whole(hand: Any, tmp_path: Path) -> None:
    write_records(hand.records(), tmp_path / "run")
    write_records(some_records(hand), tmp_path / "run")
    assert read_records(tmp_path / "run")["disputes"].num_rows == 2
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_folder_with_other_files_is_not_touched(hand: Any, tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(StoreError, match=r"holds other files \(precious.txt\)"):
        write_records(hand.records(), tmp_path)
    assert contents(tmp_path) == {"precious.txt": b"mine"}
    assert not list(tmp_path.parent.glob(f".{tmp_path.name}.*"))


def test_a_full_disk_leaves_what_was_there(hand: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_records(hand.records(), tmp_path / "run")
    before = contents(tmp_path / "run")
    written: list[int] = []

    def full(table: Any, file: Any, **_: Any) -> None:
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(file.write(b"half"))

    monkeypatch.setattr(pq, "write_table", full)
    with pytest.raises(StoreError, match="disk is full: free some space"):
        write_records(some_records(hand), tmp_path / "run")
    assert contents(tmp_path / "run") == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_really_full_device_is_reported(hand: Any, tmp_path: Path) -> None:
    target = tmp_path / "run"

    def fill() -> None:
        with staged_folder(target), Path("/dev/full").open("wb", buffering=0) as file:
            file.write(b"x")

    with pytest.raises(StoreError, match="disk is full"):
        fill()
    assert not target.exists()


def test_no_right_to_write_is_reported(hand: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**_: Any) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "mkdtemp", refused)
    with pytest.raises(StoreError, match="you may not write there"):
        write_records(hand.records(), tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_reported(hand: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match=r"a part of the path is a file|something else is in its place"):
        write_records(hand.records(), tmp_path / "file" / "run")
    with pytest.raises(StoreError):
        write_records(hand.records(), tmp_path / "file")
    assert (tmp_path / "file").read_text() == "x"


def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    def begin() -> None:
        with staged_folder(tmp_path / "run") as staged:
            (staged / "half").write_text("x")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begin()
    assert list(tmp_path.iterdir()) == []


def test_missing_and_damaged_tables_are_named(hand: Any, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"disputes\.parquet"):
        read_records(tmp_path / "nowhere")
    write_records(hand.records(), tmp_path / "run")
    (tmp_path / "run" / "calls.parquet").write_bytes(b"PAR1 this is not")
    with pytest.raises(StoreError, match=r"calls\.parquet: it is no Parquet file, or damaged"):
        read_records(tmp_path / "run")
