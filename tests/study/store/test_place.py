import os
import stat
from pathlib import Path

import pytest

from sim.outcomes import StoreError
from sim.study.store.place import STAGING, Place


def test_a_path_is_the_same_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Place("results/store").address == str(tmp_path / "results" / "store")
    assert Place(f"file://{tmp_path}/x").folder == tmp_path / "x"


def test_an_unknown_kind_of_address_is_refused() -> None:
    with pytest.raises(StoreError, match=r"cannot use nonsense://x: .*nonsense"):
        Place("nonsense://x")


@pytest.mark.parametrize("kind", ["local", "memory"])
def test_files_and_folders(tmp_path: Path, kind: str) -> None:
    place = Place(str(tmp_path) if kind == "local" else f"memory://{tmp_path.name}-{kind}")
    assert place.names("a") == []
    assert not place.exists("a/one")
    place.write("a/one", b"1")
    place.write("a/one", b"2")
    assert place.read("a/one") == b"2"
    assert place.write_first("a/one", b"3") == b"2"
    with pytest.raises(FileNotFoundError):
        place.read("a/two")
    place.write_folder(
        "runs/ab/abc", {"mark": lambda file: file.write(b"m"), "x": lambda file: file.write(b"x")}, "mark"
    )
    place.write("runs/ab/unfinished/x", b"x")
    assert list(place.marked("runs", "mark")) == ["abc"]
    assert place.names("runs/ab/abc") == ["mark", "x"]
    place.remove("a/one")
    place.remove("a/one")
    assert not place.exists("a/one")


def test_the_mark_is_written_last_where_folders_cannot_be_renamed() -> None:
    place = Place("memory://marks")

    def fails(_: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="disk is full"):
        place.write_folder("runs/ab/abc", {"mark": lambda file: file.write(b"m"), "x": fails}, "mark")
    assert not place.exists("runs/ab/abc/mark")


def test_nothing_is_left_of_what_could_not_be_written(tmp_path: Path) -> None:
    place = Place(str(tmp_path))

    def fails(_: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="the disk is full: free some space"):
        place.write_folder("runs/ab/abc", {"x": lambda file: file.write(b"x"), "mark": fails}, "mark")
    assert place.names("runs") == []
    assert list((tmp_path / STAGING).iterdir()) == []


def test_a_whole_folder_stays_and_a_damaged_one_is_replaced(tmp_path: Path) -> None:
    place = Place(str(tmp_path))
    first = {"mark": lambda file: file.write(b"first")}
    second = {"mark": lambda file: file.write(b"second")}
    place.write_folder("runs/ab/abc", first, "mark")
    place.write_folder("runs/ab/abc", second, "mark")
    assert place.read("runs/ab/abc/mark") == b"first"
    (tmp_path / "runs/ab/abc/mark").write_bytes(b"")  # as after a power failure
    assert list(place.marked("runs", "mark")) == []
    place.write_folder("runs/ab/abc", second, "mark")
    assert place.read("runs/ab/abc/mark") == b"second"


def test_a_finished_folder_is_as_open_as_any_other(tmp_path: Path) -> None:
    Place(str(tmp_path)).write_folder("runs/ab/abc", {"mark": lambda file: file.write(b"m")}, "mark")
    (tmp_path / "plain").mkdir()
    assert stat.S_IMODE((tmp_path / "runs/ab/abc").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_what_another_process_sweeps_meanwhile_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / STAGING).mkdir()
    gone = [tmp_path / STAGING / "elsewhere~1~a", tmp_path / STAGING / "elsewhere~2~b"]
    whole = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda self: iter(gone) if self.name == STAGING else whole(self))
    Place(str(tmp_path)).sweep()


def test_leftovers_of_dead_processes_are_swept_and_those_of_living_ones_stay(tmp_path: Path) -> None:
    place = Place(str(tmp_path))
    host = os.uname().nodename
    for name in (f"{host}~{os.getpid()}~a", f"{host}~999999999~b", "elsewhere~1~c"):
        (tmp_path / STAGING / name).mkdir(parents=True)
    os.utime(tmp_path / STAGING / "elsewhere~1~c", (0, 0))
    place.sweep()
    assert [left.name for left in (tmp_path / STAGING).iterdir()] == [f"{host}~{os.getpid()}~a"]
