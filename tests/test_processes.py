"""Workers are forked from one process, and Ctrl-C is not theirs."""

import multiprocessing
import os
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import forkserver
from pathlib import Path

from sim.processes import begin_fork_server, interrupts_held

ROOT = Path(__file__).resolve().parent.parent

# Evaluated in a worker, where nothing need be imported for it: its parent, whether it knows the runner, what it holds.
SEEN = (
    "__import__('os').getppid(), 'sim.study.runner.preloaded' in __import__('sys').modules, "
    "list(__import__('signal').pthread_sigmask(0, ()))"
)


def pid_of_server() -> int:
    return int(vars(forkserver._forkserver)["_forkserver_pid"])


def test_workers_come_ready_from_one_process_and_hold_ctrl_c() -> None:
    begin_fork_server()
    server = pid_of_server()
    begin_fork_server()
    assert pid_of_server() == server
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("forkserver")) as executor:
        assert executor.submit(eval, SEEN).result() == (server, True, [signal.SIGINT])
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_workers_import_the_package_that_their_parent_does(tmp_path: Path) -> None:
    """Also where it is found by a path that only the parent was told of."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "only_here.py").write_text("WORD = 'here'\n")
    code = (
        f"import sys; sys.path[:0] = [{str(tmp_path / 'elsewhere')!r}, {str(ROOT)!r}]\n"
        "from concurrent.futures import ProcessPoolExecutor; import multiprocessing, os\n"
        "from sim.processes import begin_fork_server\n"
        "before = dict(os.environ); begin_fork_server(); assert dict(os.environ) == before\n"
        "with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context('forkserver')) as executor:\n"
        "    print(executor.submit(eval, \"__import__('sim').__file__, __import__('only_here').WORD\").result())\n"
    )
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    ).stdout
    assert said.strip() == str((str(ROOT / "sim" / "__init__.py"), "here"))


def test_an_interrupt_that_was_held_comes_afterwards() -> None:
    came = []
    before = signal.signal(signal.SIGINT, lambda *_: came.append(True))
    try:
        with interrupts_held():
            signal.raise_signal(signal.SIGINT)
            assert came == []
        assert came == [True]
    finally:
        signal.signal(signal.SIGINT, before)


def test_nothing_of_the_package_is_imported_to_begin() -> None:
    code = "import sys, sim.processes; print([name for name in sys.modules if name.startswith('sim.')])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "['sim.processes']"
