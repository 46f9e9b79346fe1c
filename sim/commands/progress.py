"""How far a command has come, on standard error: a moving line on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import signal
import sys
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sim.commands.figures import console
from sim.commands.words import say

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from sim.study import Progress as Step

QUIET_SECONDS = 1.0  # what is over by then needs no progress
FRAME_SECONDS = 0.1
LINE_SECONDS = 5.0


class Progress:
    """Shows what is being done, from the first second on; use it as a context.

    A thread of its own draws, so that the work may block for as long as it likes.
    """

    def __init__(self) -> None:
        self.text = ""
        self.done = 0
        self.total = 0
        self._told = ""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def tell(self, text: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done now, and how much of how much is done; a total of 0 counts nothing."""
        self.text, self.done, self.total = text, done, total

    def follow(self, step: Step) -> None:
        """Say how far many runs have come."""
        text = say(f"progress.{step.step}", **step.about)
        text = say("progress.failed", text=text, failed=step.failed) if step.failed else text
        self.tell(text, step.done, step.total)

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Clear the line."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        """Draw until all is over."""
        # Ctrl-C is for the main thread, which may be holding it back for a moment.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        if self._over.wait(QUIET_SECONDS):
            return
        if sys.stderr.isatty():
            self._draw()
        else:
            self._write()

    def _draw(self) -> None:
        """Keep one line of a terminal moving."""
        bar = moving_bar()
        task = bar.add_task(self.text, total=None, count="")
        with bar:
            while True:
                count = f"{self.done:,}/{self.total:,}" if self.total else ""
                bar.update(task, description=self.text, completed=self.done, total=self.total or None, count=count)
                bar.refresh()
                if self._over.wait(FRAME_SECONDS):
                    return

    def _write(self) -> None:
        """Write a line whenever there is something new, every few seconds at most."""
        lines = console(errors=True)
        while True:
            line = plain_line(self.text, self.done, self.total)
            if line != self._told:
                lines.print(line, soft_wrap=True)
                self._told = line
            begun = time.monotonic()
            while time.monotonic() - begun < LINE_SECONDS:
                if self._over.wait(FRAME_SECONDS):
                    return


def plain_line(text: str, done: int, total: int) -> str:
    """Return what is being done as a line of its own."""
    return say("progress.counted", text=text, done=done, total=total) if total else say("progress.line", text=text)


def moving_bar() -> Bar:
    """Return a bar with a spinner, what is being done, how much of it, and the time; it vanishes when all is over."""
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.table import Column

    text = TextColumn("{task.description}", markup=False, table_column=Column(ratio=1, no_wrap=True))
    return Progress(
        SpinnerColumn(),
        text,
        BarColumn(bar_width=16),
        TextColumn("{task.fields[count]}", markup=False),
        TimeElapsedColumn(),
        console=console(errors=True),
        transient=True,
        auto_refresh=False,
        expand=True,
    )
