"""The words of a report, from one catalogue for each language; templates and figures hold none of their own."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "words"
FALLBACK = "en"
LABEL_LENGTH = 60  # characters of a scenario's name in figures and table heads
DIRECTION_MARKS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


class UnknownLanguageError(ValueError):
    """There is no catalogue of words for a language; the message lists those that there are."""


class Words:
    """Sentences and labels by dotted key; ``{fields}`` in them are filled in.

    Attributes:
        language: as the page's ``lang`` attribute says it, such as ``en``.
    """

    def __init__(self, language: str, entries: Mapping[str, str]) -> None:
        self.language = language
        self.entries = dict(entries)

    def __call__(self, key: str, **fields: Any) -> str:
        """Return the words of a key with its fields filled in.

        Raises:
            KeyError: the catalogue lacks the key, or the words name a field that was not given.
        """
        return self.entries[key].format(**fields)

    def maybe(self, key: str, otherwise: str) -> str:
        """Return the words of a key, or others where the catalogue has none: a translation of what lies elsewhere."""
        return self.entries.get(key, otherwise)

    def plural(self, key: str, count: int, **fields: Any) -> str:
        """Return the words of ``key.one`` or ``key.other``, whichever the count asks for; ``{count}`` is the count."""
        return self(f"{key}.{'one' if count == 1 else 'other'}", count=count, **fields)

    def listing(self, items: Sequence[str]) -> str:
        """Return things side by side as a sentence has them: "a, b and c"; "a, b; and c" where one holds a comma."""
        if len(items) < 2:
            return "".join(items)
        comma = self("list.comma")
        if any(comma in item for item in items):
            return self("list.last_clause", first=self("list.semicolon").join(items[:-1]), last=items[-1])
        return self("list.last", first=comma.join(items[:-1]), last=items[-1])


def flat(tree: Mapping[str, Any], path: str = "") -> dict[str, str]:
    """Return the leaves of nested mappings as text by dotted key."""
    leaves: dict[str, str] = {}
    for name, value in tree.items():
        key = f"{path}.{name}" if path else str(name)
        leaves |= flat(value, key) if isinstance(value, dict) else {key: str(value)}
    return leaves


def languages() -> list[str]:
    """Return the languages that have a catalogue."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load_words(language: str = FALLBACK) -> Words:
    """Return a language's catalogue; what it lacks is said in English.

    Raises:
        UnknownLanguageError: there is no catalogue for the language.
    """
    if language not in languages():
        raise UnknownLanguageError(f"no words for language {language!r}; there are: {', '.join(languages())}")
    entries: dict[str, str] = {}
    for one in (FALLBACK, language):
        entries |= flat(yaml.safe_load((FOLDER / f"{one}.yaml").read_text(encoding="utf-8")))
    return Words(language, entries)


def tidy(text: str) -> str:
    """Return a user's text on one line, without control characters and marks that turn the direction of writing."""
    kept = "".join(
        " " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign
        for sign in text
        if unicodedata.bidirectional(sign) not in DIRECTION_MARKS and unicodedata.category(sign) != "Cs"
    )
    return " ".join(kept.split())


def shortened(text: str, length: int = LABEL_LENGTH) -> str:
    """Return a text cut to a length, with an ellipsis where something was cut."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
