"""Other processes: what workers are forked from, and Ctrl-C, which is this process's to act on.

Nothing of the package is imported here, so that a command can begin with it before anything else.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver, resource_tracker
from pathlib import Path

# What it imports, all workers have. It is named and not imported: only the fork server is to wait for it.
READY_WORKER = "sim.study.runner.preloaded"


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back from this thread for a moment: it comes when the moment is over.

    Processes started meanwhile inherit the hold and never see Ctrl-C, which is this process's to act on.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin_fork_server() -> None:
    """Start the process that workers are forked from, those that take a killed one's place too.

    It imports everything and loads the compiled rules, which takes it seconds; it does so beside this process, which
    need not wait. Where it runs already, nothing happens.
    """
    resource_tracker.ensure_running()  # which would end the hold
    with interrupts_held(), own_path_given():
        multiprocessing.set_forkserver_preload([READY_WORKER])
        forkserver.ensure_running()


@contextmanager
def own_path_given() -> Iterator[None]:
    """Let processes that are started meanwhile import what this one would: the fork server takes no other hint."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(one or str(Path.cwd()) for one in sys.path)
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
