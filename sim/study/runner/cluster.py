"""Workers: some processes on this machine, or whatever stands behind a Dask scheduler."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sim.processes import begin_fork_server, interrupts_held

CONNECT_SECONDS = 15.0
CLOSE_SECONDS = 5.0
COUNT_SECONDS = 5.0  # after which the workers of a cluster, which may grow, are counted again

SETTINGS: dict[str, Any] = {
    # A run whose worker was killed comes back at once: who tries it again, and how, is the runner's affair.
    "distributed.scheduler.allowed-failures": 0,
    # There is nothing to move: a run needs no other's result, and no worker has more than two waiting.
    "distributed.scheduler.work-stealing": False,
    "distributed.scheduler.active-memory-manager.start": False,
    # Looking at the stack every 10 ms makes imports in a worker several times as slow.
    "distributed.worker.profile.enabled": False,
    # What is logged of each run stays in memory.
    "distributed.admin.low-level-log-length": 100,
    "distributed.admin.log-length": 100,
    "distributed.admin.system-monitor.log-length": 100,
    "distributed.logging.distributed": "critical",
    # One process imports everything once; workers, those that take a killed one's place too, are forked from it.
    "distributed.worker.multiprocessing-method": "forkserver",
}


class SchedulerError(RuntimeError):
    """The Dask scheduler or its workers cannot be used; the message says why and what to do. No run is lost."""


class Crew:
    """The workers, and the client that speaks to them.

    Attributes:
        client: of Dask.
        name: by which a message calls the cluster.
    """

    def __init__(self, client: Any, cluster: Any | None, address: str) -> None:
        self.client = client
        self.name = address
        self._cluster = cluster
        self._counted = -COUNT_SECONDS
        self._count = 0

    @property
    def is_local(self) -> bool:
        """Whether the workers are this process's own."""
        return self._cluster is not None

    def count(self) -> int:
        """Return how many runs can be made at once; of a cluster that grows and shrinks as of a few seconds ago."""
        if time.monotonic() - self._counted > COUNT_SECONDS:
            try:
                self._count = sum(self.client.nthreads().values())
            except (OSError, TimeoutError) as problem:
                raise self.lost() from problem
            self._counted = time.monotonic()
        return self._count

    def lost(self) -> SchedulerError:
        """Return the error for a scheduler that has gone."""
        return SchedulerError(
            f"the scheduler at {self.name} is gone; every finished run is in the store: start the scheduler again, "
            "then the same command, which goes on where it stopped"
        )

    def drop(self) -> None:
        """End this process's own workers at once, whatever they are doing; runs on others go on to their end."""
        for nanny in () if self._cluster is None else self._cluster.workers.values():
            nanny.auto_restart = False
            with suppress(ProcessLookupError, AttributeError, TypeError):
                os.kill(nanny.pid, signal.SIGKILL)


@contextmanager
def crew(scheduler: str | None, workers: int) -> Iterator[Crew]:
    """Give the workers at a scheduler's address, or so many of this process's own.

    Raises:
        SchedulerError: the scheduler cannot be reached.
    """
    import dask
    import distributed

    library: Any = distributed  # half of it is untyped
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    cluster: Any | None = None
    client: Any | None = None
    if scheduler is not None:
        refuse_unknown_kind(scheduler)
    with dask.config.set(SETTINGS):
        try:
            # Workers inherit the hold, and never see a Ctrl-C, which is this process's to act on.
            with interrupts_held():
                if scheduler is None:
                    begin_fork_server()
                    cluster = library.LocalCluster(
                        n_workers=workers,
                        threads_per_worker=1,
                        processes=True,
                        dashboard_address=None,
                        # The little that it serves without a dashboard takes any free port.
                        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                        memory_limit=0,
                        silence_logs=logging.CRITICAL,
                    )
                client = connected(library.Client, scheduler or cluster)
            yield Crew(client, cluster, scheduler or "this machine")
        finally:
            with interrupts_held(), suppress(OSError, TimeoutError):
                if client is not None:
                    client.close(timeout=CLOSE_SECONDS)
                if cluster is not None:
                    cluster.close(timeout=CLOSE_SECONDS)


def workers_at(scheduler: str) -> int:
    """Return how many runs a cluster can make at once by now; 0 where it has no workers yet.

    Raises:
        SchedulerError: the scheduler cannot be reached.
    """
    with crew(scheduler, 0) as hired:
        return hired.count()


def refuse_unknown_kind(scheduler: str) -> None:
    """Make sure that an address is of a kind that Dask knows; its client would make much noise of another.

    Raises:
        SchedulerError: it is not.
    """
    from distributed.comm import addressing, registry

    library: Any = registry  # untyped
    try:
        scheme, place = addressing.parse_address(scheduler)
        library.get_backend(scheme)
        addressing.parse_host_port(place)
    except ValueError as problem:
        raise SchedulerError(
            f"{scheduler} is no address of a Dask scheduler ({problem}): it looks like tcp://host:8786; nothing was run"
        ) from None


def connected(client: Any, scheduler: Any) -> Any:
    """Return a client of a scheduler.

    Raises:
        SchedulerError: it cannot be reached.
    """
    try:
        return client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError) as problem:
        raise SchedulerError(
            f"no Dask scheduler answers at {scheduler} within {CONNECT_SECONDS:g} s ({problem}): look at the address "
            "(tcp://host:8786), at the scheduler, and at the firewall between; nothing was run"
        ) from problem
