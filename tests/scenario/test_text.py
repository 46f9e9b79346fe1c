from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.mistakes import Mistake, Place
from sim.scenario.text import DEEPEST, MOST_BYTES, parse, plain_scalar, python_tree, read_file

HERE = Place("town.yaml", 1)


def tree(text: str) -> Any:
    node, mistakes = parse(text, HERE)
    assert node is not None
    assert mistakes == []
    return python_tree(node)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("-3", -3),
        ("1.0", 1),
        ("0.5", 0.5),
        ("1e3", 1000),
        ("010", 10),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("no", "no"),
        ("true", True),
        ("null", None),
        ("", None),
        ("2023-01-01", "2023-01-01"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_scalars_are_read_as_yaml_1_2_has_them(text: str, value: object) -> None:
    found = plain_scalar(text)
    assert found == value
    assert type(found) is type(value)


def test_quoted_numbers_are_text() -> None:
    assert tree("a: '3'") == {"a": "3"}


def test_values_know_their_lines() -> None:
    node, _ = parse("a: 1\nb:\n  c: 2\n  d:\n    - 5\n    - 6\n", HERE)
    assert node is not None
    assert isinstance(node.content, dict)
    inner = node.content["b"].content
    assert isinstance(inner, dict)
    rows = inner["d"].content
    assert isinstance(rows, list)
    assert [node.content["a"].place.line, inner["c"].place.line, rows[1].place.line] == [1, 3, 6]


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("a: &x 1\nb: *x\n", "anchor"),
        ("b: *x\n", "alias"),
        ("a: !!python/object/apply:os.system ['true']\n", "tag"),
        ("a: !!binary aGk=\n", "tag"),
        ("a: " + "[" * (DEEPEST + 1), "nesting"),
        ("a: " + "[" * 100_000, "nesting"),
        ("a:\n\tb: 1\n", "tab"),
        ("a: [1, 2\n", "flow"),
        ("a: 1\n---\nb: 2\n", "document"),
        ("a: [" + "1," * 30_000 + "]", "more values"),
        ("%YAML 9.9\n---\na: 1\n", "version"),
        ("a: \x00\n", "character"),
    ],
)
def test_what_is_not_plain_is_refused_in_one_mistake(text: str, given: str) -> None:
    node, mistakes = parse(text, HERE)
    assert node is None
    assert len(mistakes) == 1
    assert given in mistakes[0].given
    assert mistakes[0].line >= 1


def test_laughs_do_not_multiply() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    assert parse(bomb, HERE)[0] is None


def found(text: str) -> list[Mistake]:
    return parse(text, HERE)[1]


def test_every_doubled_field_is_named_with_both_lines() -> None:
    mistakes = found("a: 1\nb: 2\na: 3\nc:\n  d: 1\n  d: 2\n")
    assert [(mistake.line, mistake.field) for mistake in mistakes] == [(3, "a"), (6, "c.d")]
    assert "line 1" in mistakes[0].allowed


@pytest.mark.parametrize("text", ["a: .nan", "a: .inf", "a: -.INF", "a: 1e999", "a: [1, .NaN]"])
def test_numbers_must_be_finite(text: str) -> None:
    assert [mistake.allowed for mistake in found(text)] == ["a finite number"]


@pytest.mark.parametrize("text", ["? [a, b]\n: 1\n", "{a: 1}: 2\n", "<<: {a: 1}\n"])
def test_fields_have_plain_names(text: str) -> None:
    assert len(found(text)) == 1


@pytest.mark.parametrize("text", ['a: "\\0"', 'a: "\\ud800"', 'a: "\\e[31m"'])
def test_control_characters_are_refused(text: str) -> None:
    assert len(found(text)) == 1


@pytest.mark.parametrize(
    ("data", "line", "allowed"),
    [
        (b"a: 1\nb: \xff\xfe\n", 2, "text in UTF-8"),
        (b"a: 1\n" * MOST_BYTES, 0, "kB"),
        ("a: 1\n".encode("utf-16"), 1, "text in UTF-8"),
    ],
)
def test_bytes_that_are_no_text(write: Callable[..., Path], data: bytes, line: int, allowed: str) -> None:
    node, mistakes = read_file(write(data), HERE)
    assert node is None
    assert (mistakes[0].line, allowed in mistakes[0].allowed) == (line, True)


def test_a_byte_order_mark_is_no_mistake(write: Callable[..., Path]) -> None:
    node, mistakes = read_file(write(b"\xef\xbb\xbfa: 1\n"), HERE)
    assert node is not None
    assert (python_tree(node), mistakes) == ({"a": 1}, [])


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert read_file(tmp_path, HERE)[1][0].given == "a folder"
