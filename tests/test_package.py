"""What a script gets from ``sim`` itself."""

from __future__ import annotations

import pytest

import sim
from sim.model import TownModel
from sim.scenario import ScenarioError


def test_load_takes_a_name_and_overrides() -> None:
    assert sim.load("classroom").people.residents == 5000
    assert sim.load("classroom", "people.residents=4000").people.residents == 4000


def test_load_refuses_what_is_not_there() -> None:
    with pytest.raises(ScenarioError, match="classroom"):
        sim.load("clasroom")


def test_model_is_reached_from_the_package() -> None:
    assert sim.TownModel is TownModel
    assert set(sim.__all__) == {"TownModel", "load"}


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = sim.nonsense
