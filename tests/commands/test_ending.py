"""Every end of a command has its code, and a mistake one clear message."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.commands.ending import (
    BAD_INPUT,
    DONE,
    GREATEST_SEED,
    INTERRUPTED,
    SOME_FAILED,
    RequestError,
    attempt,
    make_sure_of_file,
    make_sure_of_folder,
    make_sure_of_seeds,
)
from sim.outcomes import StoreError, UnknownOutcomeError
from sim.scenario import Mistake, ScenarioError


def raising(problem: BaseException) -> Callable[[], int]:
    def act() -> int:
        raise problem

    return act


@pytest.mark.parametrize(
    ("problem", "code", "words"),
    [
        (RequestError("ask otherwise"), BAD_INPUT, "ask otherwise"),
        (ScenarioError([Mistake("a.yaml", 3, "people", "1", "more")]), BAD_INPUT, "a.yaml:3: people: given 1"),
        (StoreError("cannot write x: the disk is full"), BAD_INPUT, "the disk is full"),
        (UnknownOutcomeError("there is no outcome 'x'"), BAD_INPUT, "no outcome 'x'"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "f"), BAD_INPUT, "cannot use f: No space left"),
        (MemoryError(), SOME_FAILED, "memory"),
        (KeyboardInterrupt(), INTERRUPTED, "interrupted"),
    ],
)
def test_ends(problem: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert attempt(raising(problem)) == code
    message = capsys.readouterr().err
    assert message.startswith("gridtown: ")
    assert words in message
    assert message.count("\n") == 1


def test_a_defect_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        attempt(raising(ZeroDivisionError()))


def test_a_code_is_passed_on() -> None:
    assert attempt(lambda: DONE) == DONE


def test_a_folder_is_made_before_the_work(tmp_path: Path) -> None:
    make_sure_of_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="something else is in its place"):
        make_sure_of_folder(tmp_path / "file")
    with pytest.raises(StoreError, match="Is a directory"):
        make_sure_of_file(tmp_path / "a")


def test_a_closed_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(StoreError, match="you may not write there"):
        make_sure_of_folder(tmp_path)


def test_seeds_have_an_end() -> None:
    make_sure_of_seeds(GREATEST_SEED)
    for first, replications in ((-1, 1), (GREATEST_SEED, 2)):
        with pytest.raises(RequestError, match="--seed"):
            make_sure_of_seeds(first, replications)
