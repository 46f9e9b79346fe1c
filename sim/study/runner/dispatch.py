"""Handing orders to workers: a few bundles in flight, the next when one comes back, and what killed workers leave."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from queue import Empty, SimpleQueue
from typing import Any

from sim.study.runner.cluster import Crew, SchedulerError
from sim.study.runner.orders import Made, Order

TICK_SECONDS = 0.25
SPARE = 2  # bundles handed over beyond two for each worker, so that none waits for its next
LEAST_IN_FLIGHT = 4  # of a cluster without workers yet, which may start some once there is work
BUNDLE_SECONDS = 1.0  # of work handed over at once; against it, the 15 ms that each hand-over takes are little

MOST_IN_BUNDLE = 1000

Call = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


def caller() -> Call:
    """Return what a worker is handed.

    A function within a function travels by value, and with plain data to and fro a scheduler need not have gridtown:
    one that cannot read what it passes on would let everybody wait for ever.
    """

    def call(orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
        from sim.study.runner.work import answers

        return answers(orders)

    return call


CALL = caller()


class Pace:
    """How many orders go to a worker at once.

    Args:
        orders: how many there are in all.
        most: at once, whatever their time.
    """

    def __init__(self, orders: int, most: int = MOST_IN_BUNDLE) -> None:
        self.left = orders
        self.most = most
        self._runs = 0
        self._seconds = 0.0

    def took(self, made: Made) -> None:
        """Take how long a run took; one that was there already says nothing."""
        if made.seconds > 0:
            self._runs += 1
            self._seconds += made.seconds

    def bundle(self, room: int) -> int:
        """Return how many orders to hand over next: a second's work, and towards the end less, so that all end at once.

        Until a first run has come back nobody knows how long they take, and each goes alone.
        """
        second = int(BUNDLE_SECONDS * self._runs / self._seconds) if self._runs else 1
        return max(1, min(second, self.left // room, self.most))


@dataclass
class Dispatch:
    """Works off orders.

    Attributes:
        crew: who works.
        take: called with each order and the worker's answer.
        lost: called with an order whose worker was killed each time, the last time with nothing else running.
        defect: called with an order and what a worker raised after all, such as a module that it lacks.
        idle: called while nothing comes back, with how many workers there are.
    """

    crew: Crew
    take: Callable[[Order, Made], None]
    lost: Callable[[Order], None]
    defect: Callable[[Order, BaseException], None]
    idle: Callable[[int], None]

    def __post_init__(self) -> None:
        """Begin to count what is handed over."""
        self._number = itertools.count()

    def work_off(self, orders: Iterator[Order], count: int) -> None:
        """Work off so many orders. Those that a killed worker had are tried again at the end.

        First each for itself beside the others, since most had only bad company; then, of those that were hit again,
        each with nothing else running.

        Raises:
            SchedulerError: the scheduler has gone.
        """
        company: list[Order] = []
        suspects: list[Order] = []
        self._through(orders, Pace(count), self._room, company.extend)
        self._through(iter(company), Pace(len(company), most=1), self._room, suspects.extend)
        for suspect in suspects:
            self._through(iter([suspect]), Pace(1), lambda: 1, lambda again: self.lost(*again))

    def _room(self) -> int:
        """Return how many bundles may be in flight."""
        return max(LEAST_IN_FLIGHT, 2 * self.crew.count() + SPARE)

    def _through(
        self, orders: Iterator[Order], pace: Pace, room: Callable[[], int], hit: Callable[[list[Order]], None]
    ) -> None:
        """Work off orders, so many bundles in flight at most; ``hit`` is called with those whose worker was killed."""
        back: SimpleQueue[Any] = SimpleQueue()
        in_flight: dict[str, tuple[Any, list[Order]]] = {}
        try:
            while True:
                while len(in_flight) < room():
                    bundle = list(itertools.islice(orders, pace.bundle(room())))
                    if not bundle:
                        break
                    pace.left -= len(bundle)
                    future = self._hand_over(bundle)
                    in_flight[future.key] = (future, bundle)
                    future.add_done_callback(back.put)
                if not in_flight:
                    return
                try:
                    future = back.get(timeout=TICK_SECONDS)
                except Empty:
                    self.idle(self.crew.count())
                    continue
                _, bundle = in_flight.pop(future.key)
                self._answer(future, bundle, pace, hit)
                future.release()
        finally:
            for future, _ in in_flight.values():
                future.release()

    def _hand_over(self, bundle: list[Order]) -> Any:
        """Give orders to the scheduler."""
        # One name for all, but for the digits: the scheduler keeps statistics of every name for ever.
        key = f"run-{bundle[0].run}-{next(self._number)}"
        return self.crew.client.submit(CALL, [asdict(order) for order in bundle], key=key, pure=False)

    def _answer(self, future: Any, bundle: list[Order], pace: Pace, hit: Callable[[list[Order]], None]) -> None:
        """Take what came back of a bundle.

        Raises:
            SchedulerError: the scheduler has gone, or the workers lack gridtown.
        """
        from distributed import CancelledError
        from distributed.scheduler import KilledWorker

        try:
            answers = [Made(**answer) for answer in future.result()]
        except KilledWorker:
            hit(bundle)
        except CancelledError as problem:
            raise self.crew.lost() from problem
        except ImportError as problem:
            raise SchedulerError(
                f"the workers at {self.crew.name} lack what a run needs ({problem}): install the same gridtown there"
            ) from problem
        except Exception as problem:  # noqa: BLE001 (what a worker raises can be anything, and is told of its run)
            if len(bundle) > 1:
                hit(bundle)  # which of them it was shows when each is tried alone
            else:
                self.defect(bundle[0], problem)
        else:
            # After a refusal a worker leaves the rest, which ``take`` then raises for.
            for order, made in zip(bundle, answers, strict=False):
                pace.took(made)
                self.take(order, made)
