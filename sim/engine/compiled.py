"""Compilation of the rules, with a disk cache that can never be stale.

Numba's own cache looks only at a function's own file; a rule that calls a changed rule in another file would
run the old one. The cache therefore lives in a folder named by a hash of every source file of the package.
"""

from __future__ import annotations

import functools
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any, cast

import numba
from numba import types

from sim.engine.files import cache_home

PACKAGE = Path(__file__).resolve().parent.parent
# What no rule imports: a change there leaves the compiled code and the course of a run as they are.
BESIDE_THE_RULES = {"app", "cli.py", "commands", "outcomes", "processes.py", "report", "study"}


def source_hash() -> str:
    """Return 16 hexadecimal digits that change whenever a source file changes that can change a run's course."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.relative_to(PACKAGE).parts[0] in BESIDE_THE_RULES:
            continue
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Return the folder for compiled code: below ``GRIDTOWN_CACHE``, ``XDG_CACHE_HOME`` or ``~/.cache``.

    Where none of them can be written, a folder below the system's temporary one serves.
    """
    folder = cache_home() / "gridtown" / "compiled" / source_hash()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"gridtown-{os.getuid()}" / source_hash()
        folder.mkdir(parents=True, exist_ok=True)
        return folder


if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(cache_folder())


def widened(kind: Any) -> Any:
    """Return the one type that stands for all of its kind: enumerations and signed integers, truth values, floats.

    Without this a rule would be compiled once for a row number from a 32-bit column, again for one from a loop and
    again for a code written as an enumeration's member.
    """
    if isinstance(kind, types.IntEnumMember) or (isinstance(kind, types.Integer) and kind.signed):
        return types.int64
    if isinstance(kind, types.Boolean):
        return types.boolean
    return types.float64 if isinstance(kind, types.Float) else kind


def _accept_widened(dispatcher: Any) -> Any:
    """Let a compiled function be typed with widened arguments wherever compiled code calls it."""
    if not hasattr(dispatcher, "get_call_template"):
        return dispatcher  # plain Python, with the JIT disabled
    template = dispatcher.get_call_template

    def get_call_template(args: Any, kws: Any) -> Any:
        return template(tuple(widened(arg) for arg in args), {name: widened(arg) for name, arg in kws.items()})

    dispatcher.get_call_template = get_call_template
    return dispatcher


def compiled[Function: Callable[..., object]](function: Function) -> Function:
    """Compile a function with Numba, cached on disk; with ``NUMBA_DISABLE_JIT=1`` it stays plain Python.

    The two must give identical records, so ``fastmath`` stays off. Python may call the result. A function over the
    whole world is a ``rule`` instead. Neither may make arrays or lists: they are compiled without the counting of
    references, which a call with the world's tables would otherwise pay for every one of them.
    """
    options = {"cache": True, "nogil": True, "no_cfunc_wrapper": True, "_nrt": False}
    return cast("Function", _accept_widened(numba.njit(**options)(function)))


def allocating[Function: Callable[..., object]](function: Function) -> Function:
    """Compile a function as ``compiled`` does that makes arrays or lists of its own."""
    return cast("Function", _accept_widened(numba.njit(cache=True, nogil=True, no_cfunc_wrapper=True)(function)))


def rule[Function: Callable[..., object]](function: Function) -> Function:
    """Compile a function over the world's tables that compiled code calls.

    It has no wrapper for calls from Python: unpacking the world's tables for each of a hundred rules would double
    the time of compilation. Python calls it through ``from_python``.
    """
    return _without_wrapper(function, forceinline=False)


def inner_rule[Function: Callable[..., object]](function: Function) -> Function:
    """Compile a rule of an innermost loop, whose code is put wherever it is called.

    The search for the nearest unit asks some rules of every unit; calling them took a tenth of the search's time.
    """
    return _without_wrapper(function, forceinline=True)


def _without_wrapper[Function: Callable[..., object]](function: Function, *, forceinline: bool) -> Function:
    """Compile a function over the world's tables that Python cannot call."""
    options = {"cache": True, "nogil": True, "no_cfunc_wrapper": True, "no_cpython_wrapper": True, "_nrt": False}
    made = numba.njit(forceinline=forceinline, **options)(function)
    return cast("Function", _refuse_python(_accept_widened(made)))


def _refuse_python(dispatcher: Any) -> Any:
    """Let a call from Python to a function without a wrapper raise, instead of ending the interpreter."""
    if not hasattr(dispatcher, "get_call_template"):
        return dispatcher  # plain Python, with the JIT disabled

    def keep(result: Any) -> None:
        # Without Numba's own entry into its table of what Python may call.
        dispatcher.overloads[tuple(result.signature.args)] = result

    def refuse(*_args: Any, **_kws: Any) -> None:
        raise TypeError(
            f"{dispatcher.py_func.__name__} is a rule: call it as from_python({dispatcher.py_func.__name__})"
        )

    dispatcher.add_overload = keep
    dispatcher._compile_for_args = refuse
    return dispatcher


@functools.cache
def _with_wrapper(made: Any) -> Any:
    """Return a compiled rule's function compiled once more, with a wrapper for calls from Python."""
    plain = made.py_func
    copy = FunctionType(plain.__code__, plain.__globals__, plain.__name__, plain.__defaults__, plain.__closure__)
    copy.__module__ = plain.__module__
    copy.__doc__ = plain.__doc__
    # Numba's cache goes by this name, and must not hand out the form without a wrapper.
    copy.__qualname__ = f"{plain.__qualname__}_from_python"
    return compiled(copy)


def from_python[Function: Callable[..., object]](function: Function) -> Function:
    """Return a rule in a form that Python may call; it is compiled at the first call."""
    if not hasattr(function, "py_func"):
        return function  # plain Python, with the JIT disabled
    return cast("Function", _with_wrapper(function))
