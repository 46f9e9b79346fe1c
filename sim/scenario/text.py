"""From the text of a scenario file to a tree whose every value knows its line.

The text is YAML, read by PyYAML's safe loader, in the plain part of the language: mappings, lists and scalars as YAML
1.2 reads them (``no`` is a word, ``010`` is ten, ``1e3`` is a number). Anchors, aliases and tags are refused, and so is
everything beyond the bounds below, so that no text takes more time or memory than an honest one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sim.scenario.mistakes import Mistake, Place, mistake_at

MOST_BYTES = 256 * 1024
MOST_VALUES = 20_000
DEEPEST = 16
LONGEST_NUMBER = 40

type Content = dict[str, Node] | list[Node] | str | int | float | bool | None

INTEGER = re.compile(r"[-+]?[0-9]+")
FRACTION = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
WORDS: dict[str, bool | float | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    ".nan": math.nan, ".NaN": math.nan, ".NAN": math.nan,
    ".inf": math.inf, ".Inf": math.inf, ".INF": math.inf, "+.inf": math.inf, "+.Inf": math.inf, "+.INF": math.inf,
    "-.inf": -math.inf, "-.Inf": -math.inf, "-.INF": -math.inf,
}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """A value of a tree with the place where it, or the field that holds it, was written."""

    content: Content
    place: Place


class RefusedText(yaml.YAMLError):
    """The text uses a part of YAML that scenario files do not."""

    def __init__(self, mark: Any, given: str, allowed: str) -> None:
        super().__init__(given)
        self.problem_mark, self.given, self.allowed = mark, given, allowed


class PlainLoader(yaml.SafeLoader):
    """PyYAML's safe loader for plain YAML, used up to its tree of nodes only."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 (PyYAML's own attribute; scalars are read below)

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = self.values = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose one node, refusing what is not plain and what is beyond the bounds."""
        peek: Callable[[], Any] = self.peek_event
        event = peek()
        if isinstance(event, yaml.AliasEvent):
            raise RefusedText(event.start_mark, f"the alias *{event.anchor}", "the value itself (aliases are not used)")
        if event.anchor is not None:
            raise RefusedText(event.start_mark, f"the anchor &{event.anchor}", "plain values (anchors are not used)")
        if getattr(event, "tag", None) is not None:
            raise RefusedText(event.start_mark, f"the tag {event.tag}", "plain values (tags are not used)")
        self.depth += 1
        self.values += 1
        if self.depth > DEEPEST:
            raise RefusedText(event.start_mark, "a deeper nesting", f"at most {DEEPEST} levels")
        if self.values > MOST_VALUES:
            raise RefusedText(event.start_mark, "more values", f"at most {MOST_VALUES:,} values in a file")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def plain_scalar(text: str) -> str | int | float | bool | None:
    """Return an unquoted scalar's value as YAML 1.2 reads it; a number of very many digits stays text."""
    if text in WORDS:
        return WORDS[text]
    if len(text) <= LONGEST_NUMBER:
        if INTEGER.fullmatch(text):
            return int(text)
        if FRACTION.fullmatch(text):
            return whole_if_exact(float(text))
    return text


def whole_if_exact(number: float) -> int | float:
    """Return 1 for 1.0, so that both ways of writing a number are one."""
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def has_control_characters(text: str) -> bool:
    """Decide whether a text holds characters that belong in no name, path or description."""
    return any(
        (letter < " " and letter not in "\n\t") or letter == "\x7f" or "\ud800" <= letter <= "\udfff" for letter in text
    )


def convert(node: yaml.Node, place: Place, field: str, mistakes: list[Mistake]) -> Node:
    """Return our tree of PyYAML's, and note doubled fields, odd keys, and numbers that are none."""
    if isinstance(node, yaml.MappingNode):
        return Node(convert_mapping(node, place, field, mistakes), place)
    if isinstance(node, yaml.SequenceNode):
        items = [
            convert(item, line_of(item, place), joined(field, str(row)), mistakes)
            for row, item in enumerate(node.value)
        ]
        return Node(items, place)
    value = plain_scalar(node.value) if getattr(node, "style", None) is None else node.value
    if isinstance(value, float) and not math.isfinite(value):
        mistakes.append(mistake_at(place, field, value, "a finite number"))
    if isinstance(value, str) and has_control_characters(value):
        mistakes.append(mistake_at(place, field, value, "text without control characters"))
        value = "".join(letter for letter in value if letter.isprintable())
    return Node(value, place)


def convert_mapping(node: yaml.MappingNode, place: Place, field: str, mistakes: list[Mistake]) -> dict[str, Node]:
    """Return the fields of a mapping; of a doubled field the first is kept."""
    fields: dict[str, Node] = {}
    for key, value in node.value:
        here = line_of(key, place)
        if not isinstance(key, yaml.ScalarNode) or has_control_characters(key.value):
            mistakes.append(
                mistake_at(here, field, "something else as a field's name", "a plain word as a field's name")
            )
        elif key.value == "<<":
            mistakes.append(mistake_at(here, field, "<<", "fields by name (to build on another file use extends)"))
        elif key.value in fields:
            first = fields[key.value].place.line
            mistakes.append(mistake_at(here, joined(field, key.value), "a second time", f"once; see line {first}"))
        else:
            fields[key.value] = convert(value, here, joined(field, key.value), mistakes)
    return fields


def line_of(node: yaml.Node, place: Place) -> Place:
    """Return a node's place: its line in a file, or the option of the command line."""
    return Place(place.file, node.start_mark.line + 1, place.folder) if place.line else place


def joined(field: str, name: str) -> str:
    """Return the path of a field within another."""
    return f"{field}.{name}" if field else name


def parse(text: str, place: Place) -> tuple[Node | None, list[Mistake]]:
    """Return the tree of a text and what is wrong with it; no tree where the text is no YAML at all."""
    mistakes: list[Mistake] = []
    loader: PlainLoader | None = None
    try:
        loader = PlainLoader(text)
        node = loader.get_single_node()
    except RefusedText as error:
        line = error.problem_mark.line + 1
        return None, [Mistake(place.file, line if place.line else 0, "", error.given, error.allowed)]
    except yaml.YAMLError as error:
        return None, [broken(error, place)]
    finally:
        if loader is not None:
            loader.dispose()
    if node is None:
        return Node(None, place), []
    return convert(node, place, "", mistakes), mistakes


def broken(error: yaml.YAMLError, place: Place) -> Mistake:
    """Return the mistake of a text that is no YAML, in PyYAML's words without its excerpt."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    words = [getattr(error, "context", None), getattr(error, "problem", None) or getattr(error, "reason", None)]
    said = " ".join(str(word) for word in words if word) or "no YAML"
    if "'\\t'" in said:
        said = "a tab where spaces indent"
    return Mistake(
        place.file, mark.line + 1 if mark and place.line else place.line, "", said, "YAML, indented with spaces"
    )


def read_file(path: Path, place: Place) -> tuple[Node | None, list[Mistake]]:
    """Return the tree of a file and what is wrong with it; no tree where it cannot be read."""
    try:
        if not path.is_file():
            found = "a folder" if path.is_dir() else "no file of this name" if not path.exists() else "no plain file"
            return None, [Mistake(place.file, 0, "", found, "a scenario file")]
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        return None, [Mistake(place.file, 0, "", f"an unreadable file ({error})", "a scenario file")]
    if len(data) > MOST_BYTES:
        return None, [Mistake(place.file, 0, "", "a larger file", f"at most {MOST_BYTES // 1024} kB")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, [Mistake(place.file, line, "", f"the byte 0x{data[error.start]:02x}", "text in UTF-8")]
    return parse(text, place)


def python_tree(node: Node) -> Any:
    """Return a tree's values as plain dicts, lists and scalars."""
    if isinstance(node.content, dict):
        return {name: python_tree(value) for name, value in node.content.items()}
    if isinstance(node.content, list):
        return [python_tree(value) for value in node.content]
    return node.content


def tree_of(value: Any, place: Place, field: str, mistakes: list[Mistake], depth: int = 1) -> Node:
    """Return a tree of plain dicts, lists and scalars, all written at one place, and note what has no place in it."""
    if isinstance(value, dict | list | tuple) and depth > DEEPEST:
        mistakes.append(mistake_at(place, field, "a deeper nesting", f"at most {DEEPEST} levels"))
        return Node(None, place)
    if isinstance(value, dict):
        inner = {str(name): (joined(field, str(name)), item) for name, item in value.items()}
        return Node({name: tree_of(item, place, at, mistakes, depth + 1) for name, (at, item) in inner.items()}, place)
    if isinstance(value, list | tuple):
        items = [tree_of(item, place, joined(field, str(row)), mistakes, depth + 1) for row, item in enumerate(value)]
        return Node(items, place)
    if isinstance(value, float) and not math.isfinite(value):
        mistakes.append(mistake_at(place, field, value, "a finite number"))
    elif isinstance(value, float):
        return Node(whole_if_exact(value), place)
    elif not isinstance(value, str | int | None) or (isinstance(value, str) and has_control_characters(value)):
        mistakes.append(mistake_at(place, field, str(value), "a value of JSON without control characters"))
        return Node(None, place)
    return Node(value, place)


def steps(node: Node, path: Iterator[str]) -> Iterator[Node]:
    """Yield the nodes on a path, as far as it exists, the root first."""
    yield node
    for name in path:
        content = node.content
        if isinstance(content, dict) and name in content:
            node = content[name]
        elif isinstance(content, list) and name.isdecimal() and int(name) < len(content):
            node = content[int(name)]
        else:
            return
        yield node


def place_of(root: Node, path: tuple[str, ...]) -> Place:
    """Return where the value at a path was written, or the nearest thing around it that exists."""
    return list(steps(root, iter(path)))[-1].place
