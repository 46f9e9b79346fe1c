"""How a command ends: an exit code, and one clear message instead of a traceback for what a user can mend."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from sim.commands.figures import console
from sim.commands.words import say

DONE, SOME_FAILED, BAD_INPUT, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141

# The errors whose messages are written for the user. Looked up among what is imported already: an error cannot come
# from a module that is not, and importing them all would make a typing mistake wait for the compiler.
FOR_USERS = (
    ("sim.scenario", "ScenarioError"),
    ("sim.interventions", "CatalogueError"),
    ("sim.town", "TownError"),
    ("sim.outcomes", "StoreError"),
    ("sim.outcomes", "UnknownOutcomeError"),
    ("sim.outcomes", "NoDisputeError"),
    ("sim.report", "UnknownLanguageError"),
    ("sim.saving", "SavedStateError"),
    ("sim.study", "ComparisonError"),
    ("sim.study", "AuditError"),
    ("sim.study", "AnalysisError"),
    ("sim.study", "SearchError"),
    ("sim.study", "SchedulerError"),
)


GREATEST_SEED = 2**63 - 1


class RequestError(Exception):
    """What the options ask for makes no sense; the message says what would."""


def for_users() -> tuple[type[BaseException], ...]:
    """Return the errors whose messages are for the user."""
    loaded = [(sys.modules[module], name) for module, name in FOR_USERS if module in sys.modules]
    return (RequestError, *(getattr(module, name) for module, name in loaded if hasattr(module, name)))


def complain(message: str) -> None:
    """Say on standard error what is wrong."""
    from rich.text import Text

    lines = console(errors=True)
    lines.print(Text.assemble((say("wrong.prefix"), "bold red"), message), soft_wrap=True)


def attempt(act: Callable[[], int]) -> int:
    """Return the exit code of a command, which says itself whether all went well; mistakes are told in a message."""
    try:
        code = act()
        sys.stdout.flush()
    except KeyboardInterrupt:
        complain(say("wrong.interrupted"))
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read has seen enough; without this, Python complains when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except MemoryError:
        complain(say("wrong.memory"))
        return SOME_FAILED
    except for_users() as problem:
        complain(str(problem))
        return BAD_INPUT
    except OSError as problem:
        complain(file_problem(problem))
        return BAD_INPUT
    return code


def file_problem(problem: OSError) -> str:
    """Return in words what the file system refused."""
    words = problem.strerror or str(problem)
    named = problem.filename
    return say("wrong.file_named", file=named, problem=words) if named else say("wrong.file", problem=words)


def make_sure_of_seeds(first: int, replications: int = 1) -> None:
    """Make sure that the seeds of some replications exist.

    Raises:
        RequestError: one of them does not.
    """
    if not 0 <= first <= GREATEST_SEED - replications + 1:
        raise RequestError(say("wrong.seed", given=first, most=GREATEST_SEED - replications + 1))


def make_sure_of_folder(folder: Path) -> None:
    """Make a folder that will be written to, before anything is run.

    Raises:
        StoreError: it cannot be made, or may not be written.
    """
    from sim.outcomes import store_error

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise store_error("write", folder, problem) from problem
    if not os.access(folder, os.W_OK | os.X_OK):
        raise store_error("write", folder, PermissionError(13, os.strerror(13)))


def make_sure_of_file(file: Path) -> None:
    """Make sure that a file can be written later, and make its folder.

    Raises:
        StoreError: it cannot.
    """
    from sim.outcomes import store_error

    make_sure_of_folder(file.parent)
    if file.is_dir():
        raise store_error("write", file, IsADirectoryError(21, os.strerror(21)))
    if file.exists() and not os.access(file, os.W_OK):
        raise store_error("write", file, PermissionError(13, os.strerror(13)))
