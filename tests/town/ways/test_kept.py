"""Tables kept on disk: read again, made anew where damaged, made once by many processes, and never in the way."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.town import Roads
from sim.town.ways import Ways, driving, kept, traffic_patterns, ways_of
from sim.town.ways.build import network_of, ways_over

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of kept tables, in a cache of the test's own."""
    monkeypatch.setenv("GRIDTOWN_CACHE", str(tmp_path))
    return tmp_path / "gridtown" / "ways"


@pytest.fixture
def roads(chequered: Callable[..., Roads]) -> Roads:
    return chequered(4, 3)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by one whenever tables are made."""
    times: list[int] = []

    def counted(network: Any) -> Ways:
        times.append(network.nodes)
        return ways_over(network)

    monkeypatch.setattr(kept, "ways_over", counted)
    return times


def equal(one: Ways, other: Ways) -> bool:
    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(one, other, strict=True))


def only_file(folder: Path) -> Path:
    (path,) = folder.glob("*.tables")
    return path


@pytest.mark.usefixtures("folder")
def test_a_second_call_reads_what_the_first_kept(roads: Roads, made: list[int]) -> None:
    first, second = (ways_of(roads, traffic_patterns(roads)) for _ in range(2))
    assert len(made) == 1
    assert equal(first, second)
    assert equal(first, ways_over(network_of(roads, roads.seconds[None])))
    assert driving(*second, 0, 11) == (50_000, 500.0)


def test_tables_may_be_written_without_changing_the_file(folder: Path, roads: Roads) -> None:
    ways = ways_of(roads, traffic_patterns(roads))
    before = only_file(folder).read_bytes()
    ways.out_labels["ticks"] = 7
    assert only_file(folder).read_bytes() == before


@pytest.mark.usefixtures("folder")
def test_what_the_tables_follow_from_decides_which_file_is_read(roads: Roads, made: list[int]) -> None:
    ways_of(roads, traffic_patterns(roads))
    slower = roads.seconds.copy()
    slower[5] += 0.001
    longer = roads.metres.copy()
    longer[5] += 1.0
    changed = [
        replace(roads, seconds=slower),
        replace(roads, metres=longer),
        replace(roads, tail=roads.head, head=roads.tail),
    ]
    for other in changed:
        ways_of(other, traffic_patterns(other))
    two_patterns = replace(traffic_patterns(roads), seconds=np.vstack((roads.seconds, slower)))
    assert len(ways_of(roads, two_patterns).ways) == 24
    assert len(made) == 5
    ways_of(replace(roads, node_ids=["other"] * 12, seconds=roads.seconds + 0.0001), traffic_patterns(roads))
    assert len(made) == 5


def test_another_builder_reads_no_old_file(folder: Path, roads: Roads, monkeypatch: pytest.MonkeyPatch) -> None:
    network = network_of(roads, roads.seconds[None])
    before = kept.key_of(network)
    monkeypatch.setattr(kept, "makers_digest", lambda: b"changed")
    assert kept.key_of(network) != before
    assert {path.stem for path in Path(kept.__file__).parent.glob("*.py")} == {
        *kept.MAKERS,
        "__init__",
        "lookup",
        "straight",
        "traffic",
    }
    assert not folder.exists()


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: flip(path, -1),
        lambda path: flip(path, kept.BLOCK + 3),
        lambda path: flip(path, 12),
        lambda path: path.write_bytes(path.read_bytes()[:-16]),
        lambda path: path.write_bytes(path.read_bytes() + b"more"),
        lambda path: path.write_bytes(path.read_bytes()[:100]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"[]".ljust(2 * kept.BLOCK)),
    ],
    ids=["last byte", "first table", "header", "truncated", "too long", "no tables", "empty", "another's"],
)
def test_a_damaged_file_is_made_anew(
    folder: Path, roads: Roads, made: list[int], damage: Callable[[Path], object]
) -> None:
    first = ways_of(roads, traffic_patterns(roads))
    copy = Ways(*(table.copy() for table in first))
    damage(only_file(folder))
    with pytest.warns(UserWarning, match="made anew"):
        again = ways_of(roads, traffic_patterns(roads))
    assert equal(again, copy)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert equal(ways_of(roads, traffic_patterns(roads)), copy)
    assert len(made) == 2


def test_where_no_folder_can_be_made_only_the_keeping_is_lost(
    tmp_path: Path, roads: Roads, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("GRIDTOWN_CACHE", str(tmp_path / "file"))
    with pytest.warns(UserWarning, match="cannot be kept") as warned:
        ways = ways_of(roads, traffic_patterns(roads))
    assert len(warned) == 1
    assert driving(*ways, 0, 11) == (50_000, 500.0)


def test_on_a_full_disk_only_the_keeping_is_lost(folder: Path, roads: Roads, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.warns(UserWarning, match="No space left"):
        ways = ways_of(roads, traffic_patterns(roads))
    assert driving(*ways, 0, 11) == (50_000, 500.0)
    assert {path.suffix for path in folder.iterdir()} == {".lock"}


def test_without_locks_tables_are_made_but_not_kept(
    folder: Path, roads: Roads, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.warns(UserWarning, match="No locks"):
        ways = ways_of(roads, traffic_patterns(roads))
    assert driving(*ways, 0, 11) == (50_000, 500.0)
    assert not list(folder.glob("*.tables"))


def test_beyond_the_bound_the_files_used_longest_ago_go(
    folder: Path, roads: Roads, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of(pace: float) -> Roads:
        return replace(roads, seconds=roads.seconds * pace)

    def use(pace: float) -> set[str]:
        ways_of(of(pace), traffic_patterns(of(pace)))
        return {path.stem for path in folder.glob("*.tables")}

    (first,) = use(1.0)
    size = only_file(folder).stat().st_size
    monkeypatch.setattr(kept, "MOST_BYTES", 2 * size + size // 2)
    (second,) = use(2.0) - {first}
    for age, name in ((50, first), (40, second)):
        then = (folder / f"{name}.tables").stat().st_mtime - age
        os.utime(folder / f"{name}.tables", (then, then))
    left_behind = folder / ".killed.tables.x.part"
    left_behind.write_bytes(bytes(size))
    os.utime(left_behind, (1, 1))
    use(1.0)  # now the first is the one used last
    files_now = use(3.0)
    assert first in files_now
    assert second not in files_now
    assert len(files_now) == 2
    assert not left_behind.exists()
    assert {path.stem for path in folder.glob("*.lock")} == files_now
    monkeypatch.setattr(kept, "MOST_BYTES", 1)
    assert len(use(4.0)) == 1, "the one just made stays"


# A process that makes the tables of a small network, and says so in a file; it waits where it is told to.
PROGRAM = """
import os, sys, time
from pathlib import Path
import numpy as np
from sim.town import Roads
from sim.town.ways import kept, traffic_patterns

said, hang = Path(sys.argv[1]), sys.argv[2] == "hang"
make, sync = kept.ways_over, os.fsync

def slowly(network):
    with said.open("a") as log:
        log.write("made\\n")
    time.sleep(0.4)
    return make(network)

def never(number):
    said.write_text("writing")
    time.sleep(600)

kept.ways_over = slowly
if hang:
    os.fsync = never
node = np.arange(5, dtype=np.int32)
roads = Roads(
    node_ids=list("abcde"), x_metres=node * 1.0, y_metres=node * 0.0, lon=None, lat=None,
    open_to_access=np.ones(5, dtype=bool), tail=node, head=(node + 1) % 5, seconds=np.full(5, 10.0),
    metres=np.full(5, 100.0), road_class=np.zeros(5, dtype=np.int8),
)
print("ready", flush=True)
sys.stdin.readline()
ways = kept.ways_of(roads, traffic_patterns(roads))
print(ways.out_labels["ticks"].sum(), flush=True)
"""


@pytest.fixture
def start(folder: Path, tmp_path: Path) -> Any:
    """Return a function that starts the program; what still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT), "GRIDTOWN_CACHE": str(tmp_path)}

    def begin(said: Path, mode: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "error", "-c", PROGRAM, str(said), mode]
        pipe = subprocess.PIPE
        running.append(subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True))
        return running[-1]

    yield begin
    for process in running:
        process.kill()
        process.communicate()
    assert folder.exists()


def go(process: subprocess.Popen[str]) -> None:
    """Let a process that is ready begin."""
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("\n")
    process.stdin.flush()


def test_of_many_processes_one_makes_the_tables(tmp_path: Path, start: Any) -> None:
    said = tmp_path / "said"
    together = [start(said, "go on") for _ in range(4)]
    for process in together:
        go(process)
    answers = {process.communicate(timeout=120)[0] for process in together}
    assert len(answers) == 1
    assert all(process.returncode == 0 for process in together)
    assert said.read_text() == "made\n"


def test_a_killed_builder_holds_nobody_up(tmp_path: Path, folder: Path, start: Any) -> None:
    said = tmp_path / "said"
    first, second = start(said, "hang"), start(tmp_path / "second", "go on")
    go(first)
    while not said.exists() or said.read_text() != "writing":
        assert first.poll() is None
    go(second)
    assert len(list(folder.glob(".*.part"))) == 1
    first.send_signal(signal.SIGKILL)
    answer, _ = second.communicate(timeout=120)
    assert second.returncode == 0
    assert int(answer) > 0
    assert not list(folder.glob(".*.part"))
    assert kept.read(only_file(folder)) is not None
