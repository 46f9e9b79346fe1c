"""How a scenario builds on another, and how the command line changes one.

Mappings merge field by field; lists and scalars of the later file replace those of the earlier one. Where two fields
say the same thing in two ways (``grids`` and ``households_per_grid``) the later file's way replaces the earlier one's.
"""

from __future__ import annotations

from sim.scenario.mistakes import Mistake, Place, mistake_at
from sim.scenario.schema import TOWN_KINDS
from sim.scenario.text import Node, parse

ALTERNATIVES = {
    "grid.grids": "households_per_grid",
    "grid.households_per_grid": "grids",
    "grid.workers": "workers_per_grid",
    "grid.workers_per_grid": "workers",
}
TOWN_FIELDS = {kind: set(model.model_fields) for kind, model in TOWN_KINDS.items()}
LONGEST_PATH = 12


def still_meant(earlier: dict[str, Node], later: dict[str, Node], path: tuple[str, ...]) -> dict[str, Node]:
    """Return the earlier fields that the later ones leave in force."""
    kept = dict(earlier)
    for name, node in later.items():
        other = ALTERNATIVES.get(".".join((*path, name)))
        if other and other not in later and node.content is not None:
            kept.pop(other, None)
    kind = later.get("kind")
    if path == ("town",) and kind is not None and str(kind.content) in TOWN_FIELDS:
        fields = TOWN_FIELDS[str(kind.content)]
        if "kind" in earlier and earlier["kind"].content != kind.content:
            kept = {name: node for name, node in kept.items() if name in fields}
    return kept


def merged(earlier: Node, later: Node, path: tuple[str, ...] = ()) -> Node:
    """Return the later tree laid over the earlier one; each value keeps the place where it was written."""
    if not isinstance(earlier.content, dict) or not isinstance(later.content, dict):
        return later
    fields = still_meant(earlier.content, later.content, path)
    for name, node in later.content.items():
        fields[name] = merged(fields[name], node, (*path, name)) if name in fields else node
    return Node(fields, later.place)


def parse_override(text: str) -> tuple[tuple[str, ...], Node | None, list[Mistake]]:
    """Return the path and the value of ``path=value``, and what is wrong with it."""
    place = Place(f"--set {text}"[:120])
    name, equals, value = text.partition("=")
    path = tuple(name.strip().split("."))
    if not equals or not all(path) or len(path) > LONGEST_PATH:
        wanted = "path=value, as grid.households_per_grid=200 or interventions.0.factor=3"
        return (), None, [mistake_at(place, "", text, wanted)]
    node, mistakes = parse(value, place)
    return path, node, [Mistake(m.file, 0, name.strip(), m.given, m.allowed, m.nearest) for m in mistakes]


def with_value(
    root: Node, path: tuple[str, ...], value: Node, done: tuple[str, ...] = ()
) -> tuple[Node, list[Mistake]]:
    """Return the tree with a value put at a path, making mappings on the way, and what stood in its way."""
    if not path:
        return (merged(root, value, done) if isinstance(value.content, dict) else value), []
    name, rest = path[0], path[1:]
    field = ".".join((*done, name))
    if isinstance(root.content, list):
        count = len(root.content)
        if not (name.isascii() and name.isdecimal() and len(name) < 6 and int(name) <= count):
            return root, [mistake_at(value.place, field, name, f"a number from 0 to {count} ({count} adds one)")]
        items = [*root.content, Node({}, value.place)] if int(name) == count else list(root.content)
        items[int(name)], mistakes = with_value(items[int(name)], rest, value, (*done, name))
        return Node(items, root.place), mistakes
    if root.content is not None and not isinstance(root.content, dict):
        return root, [
            mistake_at(value.place, field, name, f"no field within {'.'.join(done)}, which is a single value")
        ]
    fields = dict(root.content or {})
    inner, mistakes = with_value(fields.get(name, Node(None, value.place)), rest, value, (*done, name))
    if mistakes:
        return root, mistakes
    return Node({**still_meant(fields, {name: inner}, done), name: inner}, root.place), []


def overridden(root: Node, overrides: list[str] | tuple[str, ...]) -> tuple[Node, list[Mistake]]:
    """Return the tree with the command line's values, and what is wrong with them."""
    found: list[Mistake] = []
    for text in overrides:
        path, value, mistakes = parse_override(text)
        if value is not None and not mistakes:
            root, mistakes = with_value(root, path, value)
        found += mistakes
    return root, found
