"""The catalogue of words holds what the commands say, and nothing else."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from sim.commands.books import COLUMNS
from sim.commands.words import ENGLISH, counted, say
from sim.outcomes import ALL, CATALOGUE, OFFICES
from sim.study import all_cases
from sim.study.audit.judging import Verdict as Audited
from sim.study.gathering import Step
from sim.study.twin.judging import Verdict
from sim.study.twin.load import TravelSource
from sim.study.verification import network

ROOT = Path(__file__).resolve().parents[2]
CASES = all_cases()
REFERENCES = {one.id for case in CASES for one in case.references} | {one.id for one in network.REFERENCES}


def first_words(kinds: set[str]) -> set[str]:
    """Return the texts that calls of some names in the analytic twin's source begin with."""
    return {
        node.args[0].value
        for path in (ROOT / "sim" / "study" / "twin").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in kinds
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }


FILES = [ROOT / "sim" / "cli.py", *(ROOT / "sim" / "commands").glob("*.py")]
# Keys made of a prefix and a word of the data.
MADE: dict[str, set[str]] = {
    "results": {"experiment", "kind", "state", "points", "asked", "finished", "failed", "older", "title"},
    "books": {"year", "level", *COLUMNS},
    "level": {*OFFICES, "court", ALL},
    "group": {str(outcome.group) for outcome in CATALOGUE.values()},
    "kind": {str(outcome.kind) for outcome in CATALOGUE.values()},
    "better": {str(outcome.better) for outcome in CATALOGUE.values()},
    "outcomes.better_": {str(outcome.better) for outcome in CATALOGUE.values()},
    "outcomes.kind_": {str(outcome.kind) for outcome in CATALOGUE.values()},
    "verdict": {"better", "worse", "different"},
    "note": {"true", "recorded"},
    "progress": set(get_args(Step)),
    "judged": set(get_args(Verdict.__value__)),
    "audited": set(get_args(Audited.__value__)),
    "assumption": first_words({"Broken"}),
    "figure": first_words({"Figure"}) | {"busiest", "idlest"} | REFERENCES,
    "source": {case.source for case in CASES} | {network.SOURCE},
    "mode": {"at_post", "random", "beat", "hot_spots"},
    "origin": {"background", "dispute", "log"},
    "in": {one.unit for case in CASES for one in case.references},
    "travel": set(get_args(TravelSource.__value__)),
}


def texts_in_source() -> set[str]:
    """Return every text of the source that could be a key."""
    return {
        node.value
        for path in FILES
        if not path.name.startswith("words")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def made_keys() -> set[str]:
    return {f"{prefix}{'' if prefix.endswith('_') else '.'}{word}" for prefix, words in MADE.items() for word in words}


def test_every_key_in_use_has_words() -> None:
    used = {text for text in texts_in_source() if re.fullmatch(r"[a-z]+\.[a-z_]+", text) and text.count(".") == 1}
    prefixes = {key.split(".")[0] for key in ENGLISH}
    missing = {text for text in used if text.split(".")[0] in prefixes - {"sim"}} - ENGLISH.keys()
    assert not {text for text in missing if not text.startswith(("outcomes.kind_", "outcomes.better_"))}
    assert made_keys() <= ENGLISH.keys()


def test_no_words_are_left_over() -> None:
    things = {f"count.{text}" for text in texts_in_source()}
    assert ENGLISH.keys() <= texts_in_source() | made_keys() | things


def test_values_are_filled_in() -> None:
    assert counted("day", 1200) == "1,200 days"
    with pytest.raises(KeyError):
        say("run.heading", name="tiny")
    with pytest.raises(KeyError):
        say("nothing.of_the_kind")


def test_one_and_many() -> None:
    assert counted("office", 1) == "1 office"
    assert counted("office", 1200) == "1,200 offices"
