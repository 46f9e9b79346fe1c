"""From scenario files and the command line to one tree: ``extends`` chains and paths of data files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from sim.scenario.library import library
from sim.scenario.merging import merged, overridden
from sim.scenario.mistakes import Mistake, Place, mistake_at, nearest_name
from sim.scenario.text import Node, python_tree, read_file

LONGEST_CHAIN = 16
# Fields that name a data file; * stands for every place of a list.
FILE_FIELDS = (
    "town.nodes_file",
    "town.arcs_file",
    "town.file",
    "calls.log.file",
    "calls.log.scene.file",
    "calls.streams.*.places.file",
    "calls.streams.*.scene.file",
)
NOT_INHERITED = ("name", "extends")


def readable_name(path: Path) -> str:
    """Return a file's name for messages: relative to the working folder where it lies below it."""
    here = os.path.realpath(Path.cwd())
    real = os.path.realpath(path)
    return os.path.relpath(real, here) if real.startswith(here + os.sep) else str(path)


def inside(path: str, folder: Path) -> bool:
    """Decide whether a path, its links followed, lies in a folder's tree."""
    tree = os.path.realpath(folder)
    return path.startswith(tree.rstrip(os.sep) + os.sep)


def parent_file(node: Node, mistakes: list[Mistake]) -> Path | None:
    """Return the file that ``extends`` names: a shipped scenario's name, or a path in the file's own folder tree."""
    given, place = node.content, node.place
    shipped = library()
    if not isinstance(given, str) or not given:
        mistakes.append(mistake_at(place, "extends", python_tree(node), "the name of a shipped scenario, or a file"))
        return None
    folder = place.folder or Path.cwd()
    target = os.path.realpath(folder / given)
    if not Path(target).is_file() and given in shipped:
        return shipped[given]
    if place.folder is not None and not inside(target, folder):
        wanted = "a file in the folder of this file or below, or the name of a shipped scenario"
        mistakes.append(mistake_at(place, "extends", given, wanted))
        return None
    if not Path(target).is_file():
        stem = nearest_name(given, [*shipped, *sorted(path.name for path in Path(folder).glob("*.y*ml"))])
        mistakes.append(mistake_at(place, "extends", given, "a file that exists, or a shipped scenario's name", stem))
        return None
    return Path(target)


def read_chain(path: Path, mistakes: list[Mistake]) -> tuple[Node | None, bool]:
    """Return a file's tree laid over those that it extends, and whether the whole chain could be read."""
    trees: list[Node] = []
    seen: list[str] = []
    next_file: Path | None = path
    whole = True
    while next_file is not None:
        real = os.path.realpath(next_file)
        seen.append(real)
        name = readable_name(next_file)
        tree, found = read_file(next_file, Place(name, 1, Path(real).parent))
        mistakes += found
        if tree is not None and not isinstance(tree.content, dict):
            mistakes.append(mistake_at(tree.place, "", python_tree(tree), "a mapping of fields, one on each line"))
            tree = None
        if tree is None or not isinstance(tree.content, dict):
            whole = False
            break
        trees.append(tree)
        next_file = None
        extends = tree.content.get("extends")
        if extends is not None and extends.content is not None:
            before = len(mistakes)
            next_file = parent_file(extends, mistakes)
            if next_file is not None and os.path.realpath(next_file) in seen:
                wanted = "a file that does not extend this one in turn"
                mistakes.append(mistake_at(extends.place, "extends", extends.content, wanted))
                next_file = None
            elif next_file is not None and len(seen) >= LONGEST_CHAIN:
                wanted = f"a chain of at most {LONGEST_CHAIN} files"
                mistakes.append(mistake_at(extends.place, "extends", extends.content, wanted))
                next_file = None
            whole = whole and len(mistakes) == before
    return (joined_chain(trees) if trees else None), whole


def joined_chain(trees: list[Node]) -> Node:
    """Return the trees of a chain, the youngest first, as one; a parent's name is not the child's."""
    result = without(trees[-1], NOT_INHERITED if len(trees) > 1 else ("extends",))
    for row in range(len(trees) - 2, -1, -1):
        result = merged(result, without(trees[row], NOT_INHERITED if row else ("extends",)))
    return result


def without(tree: Node, names: Sequence[str]) -> Node:
    """Return a tree without some of its fields."""
    fields = tree.content if isinstance(tree.content, dict) else {}
    return Node({name: node for name, node in fields.items() if name not in names}, tree.place)


def with_name(tree: Node, path: Path) -> Node:
    """Return the tree named after its file where it has no name of its own."""
    fields = tree.content if isinstance(tree.content, dict) else {}
    stem = "-".join(part for part in "".join(c if c.isalnum() else " " for c in path.stem.lower()).split())
    name = stem if stem.isascii() and stem else "scenario"
    return tree if "name" in fields else Node({**fields, "name": Node(name[:80], tree.place)}, tree.place)


def with_files(tree: Node, mistakes: list[Mistake]) -> Node:
    """Return the tree with all data files as absolute paths, and note those that may not or cannot be read."""
    for field in FILE_FIELDS:
        tree = with_file(tree, tuple(field.split(".")), (), mistakes)
    return tree


def with_file(node: Node, path: tuple[str, ...], done: tuple[str, ...], mistakes: list[Mistake]) -> Node:
    """Return a part of the tree with the data file at a path below it, where there is one, as an absolute path."""
    content = node.content
    if not path:
        if not isinstance(content, str):
            return node
        return Node(data_file(content, node.place, ".".join(done), mistakes), node.place)
    name, rest = path[0], path[1:]
    if name == "*" and isinstance(content, list):
        places = enumerate(content)
        return Node([with_file(inner, rest, (*done, str(row)), mistakes) for row, inner in places], node.place)
    if isinstance(content, dict) and name in content:
        return Node({**content, name: with_file(content[name], rest, (*done, name), mistakes)}, node.place)
    return node


def data_file(given: str, place: Place, field: str, mistakes: list[Mistake]) -> str:
    """Return a data file's absolute path; files outside the folder tree are for the command line to name."""
    path = os.path.realpath((place.folder or Path.cwd()) / given)
    if place.folder is not None and not inside(path, place.folder):
        wanted = f"a file in the folder of this file or below (any other: --set {field}=PATH)"
        mistakes.append(mistake_at(place, field, given, wanted))
    elif containing_file(Path(path)) is None:
        mistakes.append(mistake_at(place, field, given, "a file that exists, or a member of a zip file that exists"))
    return path


def containing_file(path: Path) -> Path | None:
    """Return the file that holds a path: itself, or the zip file of which it names a member."""
    for candidate in (path, *path.parents):
        try:
            if candidate.is_file():
                return candidate
        except OSError:
            continue
    return None


def read_scenario(path: Path, overrides: Sequence[str], mistakes: list[Mistake]) -> tuple[Node | None, bool]:
    """Return the whole tree of a scenario, and whether everything it builds on could be read."""
    tree, whole = read_chain(path, mistakes)
    if tree is None:
        return None, False
    tree, found = overridden(tree, list(overrides))
    mistakes += found
    return with_files(with_name(tree, path), mistakes), whole
