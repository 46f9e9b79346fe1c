"""The work of these tests is ``eval``: at hand in every process, and able to end one."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from sim.study.pool import Pool

DIES = "__import__('os')._exit(9)"
DIES_ONCE = "__import__('os')._exit(9) if not __import__('os').path.exists({0!r}) and open({0!r}, 'w') else 'alive'"


def work_off(tasks: Any, jobs: int = 2) -> tuple[dict[str, Any], list[str], dict[str, BaseException]]:
    done: dict[str, Any] = {}
    lost: list[str] = []
    defects: dict[str, BaseException] = {}
    Pool[str, Any](eval, jobs, done.__setitem__, lost.append, defects.__setitem__).run(tasks)
    assert multiprocessing.active_children() == []
    return done, lost, defects


def is_gone(group: int, seconds: float) -> bool:
    """Wait until no process of a group is left; the interpreter's own helpers take a moment to end."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_all_tasks_are_done() -> None:
    tasks = [f"{number} * 2" for number in range(20)]
    done, lost, defects = work_off(tasks)
    assert done == {task: 2 * number for number, task in enumerate(tasks)}
    assert (lost, defects) == ([], {})


def test_no_tasks_need_no_process() -> None:
    assert work_off([]) == ({}, [], {})


def test_few_tasks_are_handed_over_before_they_are_needed() -> None:
    begun: list[int] = []
    seen: list[int] = []

    def tasks() -> Any:
        for number in range(12):
            begun.append(number)
            yield "1"

    pool = Pool[str, int](eval, 1, lambda *_: seen.append(len(begun)), lambda _: None, lambda *_: None)
    pool.run(tasks())
    assert all(ahead <= number + 2 for number, ahead in enumerate(seen, start=1))


def test_a_task_that_kills_its_process_is_lost_and_the_others_are_done() -> None:
    tasks = ["1 + 1", DIES, "2 + 2", "3 + 3", "4 + 4"]
    done, lost, defects = work_off(tasks)
    assert lost == [DIES]
    assert sorted(done.values()) == [2, 4, 6, 8]
    assert defects == {}


def test_a_task_whose_process_was_killed_once_gets_a_second_chance(tmp_path: Any) -> None:
    task = DIES_ONCE.format(str(tmp_path / "died"))
    done, lost, _ = work_off([task, "5"])
    assert (done, lost) == ({task: "alive", "5": 5}, [])


def test_what_the_work_raises_is_handed_over() -> None:
    done, lost, defects = work_off(["1 / 0", "7"])
    assert done == {"7": 7}
    assert isinstance(defects["1 / 0"], ZeroDivisionError)
    assert lost == []


def test_a_result_that_cannot_be_sent_is_a_defect_of_that_task_only() -> None:
    done, _, defects = work_off(["(lambda: 1)", "8"])
    assert done == {"8": 8}
    assert list(defects) == ["(lambda: 1)"]


def test_an_interrupt_ends_the_processes_at_once() -> None:
    before = time.monotonic()
    timer = threading.Timer(2.0, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        work_off(["__import__('time').sleep(60)"] * 3)
    timer.cancel()
    assert multiprocessing.active_children() == []
    assert time.monotonic() - before < 30.0


def test_ctrl_c_in_a_terminal_leaves_no_process_and_no_noise(tmp_path: Any) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from sim.study.pool import Pool\n"
        "if __name__ == '__main__':\n"
        "    say = lambda *_: print('begun', flush=True)\n"
        "    tasks = ['1'] + ['__import__(\"time\").sleep(60)'] * 4\n"
        "    try:\n"
        "        Pool(eval, 2, say, say, say).run(tasks)\n"
        "    except KeyboardInterrupt:\n"
        "        print('stopped', flush=True)\n"
    )
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the whole group
    out, err = process.communicate(timeout=30)
    assert (out, err, process.returncode) == ("stopped\n", "", 0)
    assert is_gone(process.pid, seconds=10.0)
