"""Handing orders to workers: a few in flight, the next when one comes back, and what to do about killed workers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from sim.study.runner.cluster import Crew, SchedulerError
from sim.study.runner.orders import Made, Order
from sim.study.runner.work import make_run

TICK_SECONDS = 0.25
SPARE = 2  # orders handed over beyond two for each worker, so that none waits for its next
LEAST_IN_FLIGHT = 4  # of a cluster without workers yet, which may start some once there is work


@dataclass
class Dispatch:
    """Works off orders.

    Attributes:
        crew: who works.
        take: called with each order and the worker's answer.
        lost: called with an order whose worker was killed twice, the second time with nothing else running.
        defect: called with an order and what a worker raised after all, such as a module that it lacks.
        idle: called while nothing comes back, with how many workers there are.
    """

    crew: Crew
    take: Callable[[Order, Made], None]
    lost: Callable[[Order], None]
    defect: Callable[[Order, BaseException], None]
    idle: Callable[[int], None]
    _number: Iterator[int] = field(default_factory=itertools.count)

    def work_off(self, orders: Iterator[Order]) -> None:
        """Work off all orders. Those in flight when a worker was killed are tried again at the end, each alone.

        Raises:
            SchedulerError: the scheduler has gone.
        """
        suspects: list[Order] = []
        self._through(orders, self._room, suspects.append)
        for suspect in suspects:
            self._through(iter([suspect]), lambda: 1, self.lost)

    def _room(self) -> int:
        """Return how many orders may be in flight."""
        return max(LEAST_IN_FLIGHT, 2 * self.crew.count() + SPARE)

    def _through(self, orders: Iterator[Order], room: Callable[[], int], hit: Callable[[Order], None]) -> None:
        """Work off orders, so many in flight at most; ``hit`` is called with those whose worker was killed."""
        back: SimpleQueue[Any] = SimpleQueue()
        in_flight: dict[str, tuple[Any, Order]] = {}
        try:
            while True:
                for order in itertools.islice(orders, max(0, room() - len(in_flight))):
                    future = self._hand_over(order)
                    in_flight[future.key] = (future, order)
                    future.add_done_callback(back.put)
                if not in_flight:
                    return
                try:
                    future = back.get(timeout=TICK_SECONDS)
                except Empty:
                    self.idle(self.crew.count())
                    continue
                _, order = in_flight.pop(future.key)
                self._answer(future, order, hit)
                future.release()
        finally:
            for future, _ in in_flight.values():
                future.release()

    def _hand_over(self, order: Order) -> Any:
        """Give an order to the scheduler."""
        # One name for all, but for the digits: the scheduler keeps statistics of every name for ever.
        key = f"run-{order.run}-{next(self._number)}"
        return self.crew.client.submit(make_run, order, key=key, pure=False)

    def _answer(self, future: Any, order: Order, hit: Callable[[Order], None]) -> None:
        """Take what came back of an order.

        Raises:
            SchedulerError: the scheduler has gone, or the workers lack gridtown.
        """
        from distributed import CancelledError
        from distributed.scheduler import KilledWorker

        try:
            made: Any = future.result()
        except KilledWorker:
            hit(order)
        except CancelledError as problem:
            raise self.crew.lost() from problem
        except ImportError as problem:
            raise SchedulerError(
                f"the workers at {self.crew.name} lack what a run needs ({problem}): install the same gridtown there"
            ) from problem
        except Exception as problem:  # noqa: BLE001 (what a worker raises can be anything, and is told of its run)
            self.defect(order, problem)
        else:
            self.take(order, made)
