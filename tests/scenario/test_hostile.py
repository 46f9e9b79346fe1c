"""Malformed scenarios: whatever is thrown at the loader, it answers with a scenario or a ScenarioError."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sim.scenario import Scenario, ScenarioError, from_canonical, load_scenario

RELAXED = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
WORDS = [
    "extends", "name", "calendar", "town", "people", "grid", "mediation", "response", "records", "parameters", "days",
    "interventions", "kind", "synthetic", "csv", "graphml", "osm", "plane", "lattice", "area_km2", "residents", "grids",
    "units", "mediators",
    "nodes_file", "file", "grid_density", "factor", "patrol_timing", "weights", "profile", "discovery_probability",
    "start_date", "communities", "townships", "climb_per_day", "enabled", "until_day",
]  # fmt: skip
PIECES = [*WORDS, ":", ": ", "- ", "\n", "\n  ", "{", "}", "[", "]", ",", "&a", "*a", "!!x", "|", ">", "'", '"', "#",
          "?", "%", "@", "`", "\t", "---", "...", "<<", "~", "1", "-1", "1e400", ".nan", "0x1F", "true", "\0", "é",
          "\ufeff", "\u2028", "../..", "/dev/zero"]  # fmt: skip


def answer(path: Path, catalogue: Any, *overrides: str) -> Scenario | ScenarioError:
    """Return the loader's answer; any other exception fails the test."""
    try:
        return load_scenario(path, catalogue=catalogue, overrides=overrides)
    except ScenarioError as error:
        found = error
    assert found.mistakes
    assert all(mistake.file and mistake.allowed and mistake.given for mistake in found.mistakes)
    assert str(found)
    return found


@RELAXED
@given(data=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(data=b"")
@example(data=b"\xff")
@example(data=b"a: 'x\n")
def test_any_bytes(tmp_path: Path, catalogue: Any, data: bytes) -> None:
    path = tmp_path / "town.yaml"
    path.write_bytes(data)
    assert isinstance(answer(path, catalogue), ScenarioError)


@RELAXED
@given(text=st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_pieces_of_yaml(tmp_path: Path, catalogue: Any, text: str) -> None:
    path = tmp_path / "town.yaml"
    path.write_text(text, encoding="utf-8")
    answer(path, catalogue)


@RELAXED
@given(data=st.data())
def test_damaged_valid_files(tmp_path: Path, catalogue: Any, valid: str, data: st.DataObject) -> None:
    text = valid
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        text = text[:start] + data.draw(st.sampled_from(PIECES) | st.text(max_size=3)) + text[end:]
    path = tmp_path / "town.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    answer(path, catalogue)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.sampled_from(WORDS) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=4), inner),
    max_leaves=15,
)


def paths_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for name, item in inner for found in paths_in(item, (*path, name)))]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(copy[path[0]], path[1:], new)
    return copy


@RELAXED
@given(data=st.data())
def test_any_value_at_any_place(tmp_path: Path, catalogue: Any, valid: str, data: st.DataObject) -> None:
    tree = yaml.safe_load(valid)
    where = data.draw(st.sampled_from(paths_in(tree)))
    tree = replaced(tree, where, data.draw(VALUES))
    path = tmp_path / "town.yaml"
    path.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8", errors="replace")
    answer(path, catalogue)


@RELAXED
@given(tree=st.dictionaries(st.sampled_from(WORDS), VALUES))
def test_any_tree_as_a_record(catalogue: Any, tree: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError):
        from_canonical(tree, catalogue=catalogue)


@RELAXED
@given(
    overrides=st.lists(
        st.lists(st.sampled_from([*WORDS, "0", "1", "9"]), max_size=4)
        .map(".".join)
        .flatmap(lambda path: st.sampled_from([*PIECES, "3", "[1, 2]", "{a: 1}"]).map(lambda value: f"{path}={value}"))
        | st.text(max_size=20),
        max_size=4,
    )
)
def test_any_override(tmp_path: Path, catalogue: Any, valid: str, overrides: list[str]) -> None:
    path = tmp_path / "town.yaml"
    path.write_text(valid, encoding="utf-8")
    answer(path, catalogue, *overrides)


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 200_000,
        "a: " + "{a: " * 60_000,
        "- " * 100_000,
        "? " * 100_000,
        "a: '" + "x" * 200_000,
        "a: " + "9" * 200_000,
        "a: 0." + "9" * 200_000,
        "a: &a [" + "&b *a," * 30_000,
        "\n".join(f"k{row}: {row}" for row in range(19_000)),
        "a: [" + "[], " * 30_000,
        "a: |\n" + "  x\n" * 60_000,
    ],
)
def test_no_text_takes_long(tmp_path: Path, catalogue: Any, text: str) -> None:
    path = tmp_path / "town.yaml"
    path.write_text(text, encoding="utf-8")
    before = time.process_time()
    assert isinstance(answer(path, catalogue), ScenarioError)
    assert time.process_time() - before < 20, "bounded work, far above what it takes"


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/null", "/", "."])
def test_things_that_are_no_files(catalogue: Any, name: str) -> None:
    assert isinstance(answer(Path(name), catalogue), ScenarioError)
