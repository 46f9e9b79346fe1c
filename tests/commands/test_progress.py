"""Progress: nothing within the first second, then lines, a few at most."""

from __future__ import annotations

import time

import pytest

from sim.commands import progress
from sim.commands.progress import Progress, plain_line


def test_what_is_over_at_once_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as shown:
        shown.tell("working", 1, 2)
    assert capsys.readouterr().err == ""


def test_lines_come_now_and_then(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "QUIET_SECONDS", 0.05)
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.4)
    monkeypatch.setattr(progress, "FRAME_SECONDS", 0.02)
    with Progress() as shown:
        for done in range(50):
            shown.tell("days", done, 50)
            time.sleep(0.02)
    lines = capsys.readouterr().err.splitlines()
    assert 2 <= len(lines) <= 4
    assert len(set(lines)) == len(lines)
    assert all(line.startswith("days (") and line.endswith(" of 50)") for line in lines)


def test_the_line_is_cleared_when_the_work_fails() -> None:
    shown = Progress()

    def work() -> None:
        with shown:
            raise ValueError("the work's own")

    with pytest.raises(ValueError, match="the work's own"):
        work()
    assert not shown._thread.is_alive()


def test_plain_lines() -> None:
    assert plain_line("building", 0, 0) == "building"
    assert plain_line("days", 3, 90) == "days (3 of 90)"
