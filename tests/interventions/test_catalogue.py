"""The catalogue: the project's own interventions, and those that an installed package brings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from sim.interventions import CatalogueError, GridDensity, Intervention, Mediators, PatrolTiming, catalogue
from sim.model import TownModel
from sim.scenario import Scenario


class Campaign(Intervention):
    """An intervention of another package: mediators on loan."""

    name: ClassVar[str] = "campaign"
    mediators: int = 3

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        lent = sum(lever.mediators for lever in model.active(cls))
        model.set_mediator_factor((model.base_mediators + lent) / model.base_mediators)


class Impostor(Campaign):
    """An intervention that takes a name in use."""

    name: ClassVar[str] = "mediators"


class Nothing:
    """What is no intervention."""


class Entry:
    """An entry point that gives an object, or raises it."""

    def __init__(self, name: str, found: Any) -> None:
        self.name = name
        self.value = f"package:{name}"
        self.found = found

    def load(self) -> Any:
        """Return the object."""
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that makes objects look like entry points of installed packages."""

    def make(**found: Any) -> None:
        def entry_points(*, group: str) -> list[Entry]:
            assert group == "gridtown.interventions"
            return [Entry(name, one) for name, one in found.items()]

        monkeypatch.setitem(catalogue.__globals__, "entry_points", entry_points)

    return make


def test_the_projects_own_interventions() -> None:
    known = catalogue()
    assert known["grid_density"] is GridDensity
    assert known["mediators"] is Mediators
    assert known["patrol_timing"] is PatrolTiming


def test_a_package_adds_one_that_then_works(install: Callable[..., None], tiny_scenario: Any) -> None:
    install(campaign=Campaign)
    assert catalogue()["campaign"] is Campaign
    scenario: Scenario = tiny_scenario(levers=[("campaign", {"from_day": 3, "mediators": 5})])
    model = TownModel(scenario)
    model.run_until(3)
    assert model.world.mediators["active"].sum() == 7


@pytest.mark.parametrize("found", [Nothing, Nothing(), "text", Campaign()])
def test_what_is_no_intervention_is_refused(install: Callable[..., None], found: Any) -> None:
    install(odd=found)
    with pytest.raises(CatalogueError, match=r"entry point 'odd'.*no subclass of Intervention"):
        catalogue()


@pytest.mark.parametrize("problem", [ImportError("no module named x"), AttributeError("no attribute y")])
def test_what_cannot_be_loaded_is_refused(install: Callable[..., None], problem: Exception) -> None:
    install(odd=problem)
    with pytest.raises(CatalogueError, match=rf"entry point 'odd'.*cannot be loaded: {problem}"):
        catalogue()


def test_an_intervention_without_a_name_is_refused(install: Callable[..., None]) -> None:
    class Nameless(Intervention):
        pass

    install(odd=Nameless)
    with pytest.raises(CatalogueError, match=r"entry point 'odd'.*has no name"):
        catalogue()


@pytest.mark.parametrize("names", [{"one": Impostor}, {"one": Campaign, "other": Campaign}])
def test_a_name_in_use_is_refused(install: Callable[..., None], names: dict[str, Any]) -> None:
    install(**names)
    with pytest.raises(CatalogueError, match="which is in use"):
        catalogue()
