"""Compilation: one specialisation for each rule, a cache that follows the sources, rules that Python can call."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from numba import types

from sim.engine import compiled as module
from sim.engine.compiled import PACKAGE, cache_folder, from_python, source_hash, widened
from sim.people import tension_at
from sim.world import World

JIT = not numba.config.DISABLE_JIT

CALLER = """
import numpy as np
from sim.codes import Category
from sim.engine.compiled import compiled

@compiled
def doubled(number, share):
    return number * 2 + share

@compiled
def call_in_many_ways(small, wide, single):
    return (
        doubled(small[0], single[0])
        + doubled(wide[0], 0.25)
        + doubled(Category.LENDING, share=single[0])
        + doubled(len(small), 1.0)
        + doubled(7, 0.5)
    )
"""


@pytest.mark.skipif(not JIT, reason="there are no specialisations with the JIT disabled")
def test_integers_codes_and_floats_share_one_specialisation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A cache of its own: from a warm one the callee would not be compiled at all.
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "caller.py").write_text(CALLER)
    spec = importlib.util.spec_from_file_location("caller", tmp_path / "caller.py")
    assert spec is not None
    assert spec.loader is not None
    caller: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(caller)
    found = caller.call_in_many_ways(np.array([3], "i1"), np.array([5], "i4"), np.array([0.5], "f4"))
    assert found == 6.5 + 10.25 + (2 * 8 + 0.5) + (2 * 1 + 1.0) + 14.5
    assert caller.doubled.signatures == [(types.int64, types.float64)]


def test_only_kinds_that_mean_the_same_are_widened() -> None:
    assert widened(types.int8) == widened(types.int32) == types.int64
    assert widened(types.float32) == types.float64
    assert widened(types.uint64) == types.uint64, "random words are unsigned and stay so"
    array = types.Array(types.int32, 1, "C")
    assert widened(array) is array


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the package whose sources a test may change."""
    copy = tmp_path / "sim"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(module, "PACKAGE", copy)
    return copy


def test_the_hash_follows_every_source_that_can_change_a_run(copied: Path) -> None:
    before = source_hash()
    assert before == source_hash()
    for name in ("people/tension.py", "engine/draws.py", "world/people.py"):
        path = copied / name
        path.write_text(path.read_text() + "\n# changed\n")
        assert source_hash() != before, name
        before = source_hash()
    (copied / "people" / "tension.py").rename(copied / "people" / "mood.py")
    assert source_hash() != before


def test_the_hash_leaves_out_what_stands_beside_the_rules(copied: Path) -> None:
    before = source_hash()
    (copied / "report").mkdir(exist_ok=True)
    (copied / "report" / "more.py").write_text("WIDTH = 3\n")
    (copied / "cli.py").write_text("NAME = 'gridtown'\n")
    (copied / "notes.txt").write_text("no source\n")
    assert source_hash() == before


def test_the_cache_lies_where_it_is_told_and_changes_with_the_sources(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDTOWN_CACHE", str(tmp_path / "chosen"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    before = cache_folder()
    assert before == tmp_path / "chosen" / "gridtown" / "compiled" / source_hash()
    assert before.is_dir()
    (copied / "loop.py").write_text((copied / "loop.py").read_text() + "\n")
    assert cache_folder() != before
    monkeypatch.delenv("GRIDTOWN_CACHE")
    assert cache_folder().is_relative_to(tmp_path / "other")


def test_a_cache_that_cannot_be_written_gives_way_to_a_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("GRIDTOWN_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    folder = cache_folder()
    assert folder == tmp_path / "temporary" / f"gridtown-{os.getuid()}" / source_hash()
    assert folder.is_dir()


def test_a_rule_called_from_python_equals_its_plain_form(
    tiny_world: Callable[..., World], plain: Callable[[Any], Callable[..., float]]
) -> None:
    world = tiny_world()
    callable_form = from_python(tension_at)
    assert callable_form is from_python(tension_at), "it is compiled once"
    for resident in range(0, len(world.residents), 25):
        for now in (0.0, 1.3, 200.0):
            assert callable_form(world, resident, now) == plain(tension_at)(world, resident, now)


def test_plain_functions_pass_through() -> None:
    def simple(number: int) -> int:
        return number + 1

    assert from_python(simple) is simple
