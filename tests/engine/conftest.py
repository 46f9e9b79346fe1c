"""What the engine's tests share: the plain Python form of a compiled function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture(scope="session")
def plain() -> Callable[[Any], Callable[..., Any]]:
    """Return a function that gives the plain Python form of a compiled one (itself where the JIT is disabled)."""
    return lambda function: getattr(function, "py_func", function)
