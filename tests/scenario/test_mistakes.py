from __future__ import annotations

import pickle

import pytest

from sim.scenario import Mistake, ScenarioError
from sim.scenario.mistakes import nearest_name, one_of, shown


def test_a_mistake_is_one_line() -> None:
    mistake = Mistake("town.yaml", 3, "grid.girds", '"girds"', "one of grids, workers", "grids")
    assert (
        str(mistake) == 'town.yaml:3: grid.girds: given "girds"; allowed: one of grids, workers; did you mean "grids"?'
    )
    assert str(Mistake("--set x", 0, "", "x", "path=value")) == "--set x: given x; allowed: path=value"


def test_an_error_shows_some_and_keeps_all() -> None:
    error = ScenarioError(Mistake("a", line, "b", "c", "d") for line in range(100))
    assert len(error.mistakes) == 100
    assert str(error).splitlines()[-1] == "... and 60 more"
    assert pickle.loads(pickle.dumps(error)).mistakes == error.mistakes


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        (True, "true"),
        ({"a": 1}, "a mapping of 1 fields"),
        ("a\nb\x1b[31m", '"a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}[31m"'),
        (3.5, "3.5"),
    ],
)
def test_values_are_shown_on_one_line(value: object, text: str) -> None:
    assert shown(value) == text
    assert len(shown("x" * 10_000)) <= 80


def test_names() -> None:
    assert nearest_name("Discovery probability", ["discovery_probability", "x"]) == "discovery_probability"
    assert nearest_name("zzz", ["discovery_probability"]) == ""
    assert nearest_name(None, ["nine"]) == ""
    assert one_of(["a"]) == "a"
    assert one_of(["a", "b"]) == "one of a, b"
    assert one_of([f"n{row}" for row in range(30)]).endswith("and 6 more")
