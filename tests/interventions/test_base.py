"""What every intervention has: dates, a switch, and a refusal of what makes no sense."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.interventions import GridDensity, Intervention, Mediators, PatrolTiming, catalogue
from sim.model import TownModel

DAYS = st.floats(0, 1000)


@given(DAYS, st.none() | DAYS, DAYS, st.booleans())
def test_it_acts_from_its_first_day_until_its_last(first: float, last: float | None, day: float, enabled: bool) -> None:
    fields = {"factor": 2, "from_day": first, "until_day": last, "enabled": enabled}
    if last is not None and last <= first:
        with pytest.raises(ValidationError):
            GridDensity.model_validate(fields)
        return
    lever = GridDensity.model_validate(fields)
    assert lever.is_active(day) == (enabled and first <= day and (last is None or day < last))
    moments = lever.switch_moments()
    assert moments == ([] if not enabled else [first] if last is None else [first, last])


@given(DAYS, DAYS)
def test_nothing_changes_between_two_switches(first: float, length: float) -> None:
    lever = Mediators(factor=2, from_day=first, until_day=first + length + 1.0)
    moments = sorted({0.0, *lever.switch_moments()})
    for moment, following in zip(moments, [*moments[1:], moments[-1] + 100.0], strict=True):
        if following > moment:
            assert lever.is_active(moment) == lever.is_active((moment + following) / 2)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("grid_density", {}),
        ("grid_density", {"factor": 0}),
        ("grid_density", {"factor": 101}),
        ("grid_density", {"factor": float("nan")}),
        ("grid_density", {"factor": 2, "faktor": 2}),
        ("grid_density", {"factor": 2, "from_day": -1}),
        ("grid_density", {"factor": 2, "until_day": 0}),
        ("grid_density", {"factor": 2, "from_day": 5, "until_day": 5}),
        ("mediators", {"factor": -0.1}),
        ("mediators", {"factor": float("inf")}),
        ("mediators", {"factor": "many"}),
        ("patrol_timing", {"profile": "night"}),
        ("patrol_timing", {"profile": "weights"}),
        ("patrol_timing", {"profile": "demand", "weights": [1.0] * 24}),
        ("patrol_timing", {"profile": "weights", "weights": [1.0] * 23}),
        ("patrol_timing", {"profile": "weights", "weights": [0.0] * 24}),
        ("patrol_timing", {"profile": "weights", "weights": [-1.0] + [1.0] * 23}),
        ("patrol_timing", {"share": 1.1}),
        ("patrol_timing", {"weekday_weights": [1.0] * 6}),
        ("patrol_timing", {"weekday_weights": [0.0] * 7}),
        ("patrol_timing", {"weekday_weights": [-1.0] + [1.0] * 6}),
        ("patrol_surge", {}),
        ("patrol_surge", {"factor": 0.9}),
        ("patrol_surge", {"factor": 2, "dates": []}),
        ("patrol_surge", {"factor": 2, "dates": ["soon"]}),
        ("patrol_surge", {"factor": 2, "groups": []}),
        ("patrol_mode", {}),
        ("patrol_mode", {"mode": "fly"}),
        ("patrol_mode", {"mode": "beat", "hot_spots": {}}),
        ("patrol_mode", {"mode": "hot_spots", "hot_spots": {"spots": 0}}),
    ],
)
def test_what_makes_no_sense_is_refused(name: str, fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        catalogue()[name].model_validate(fields)


def test_what_makes_sense_is_taken() -> None:
    assert Mediators(factor=0).factor == 0
    assert GridDensity(factor=100).factor == 100
    assert PatrolTiming(profile="weights", weights=[0.0] * 23 + [1.0]).share == 1
    assert PatrolTiming().profile == "demand"


def test_an_intervention_is_data_and_cannot_be_changed() -> None:
    lever = Mediators(factor=2)
    with pytest.raises(ValidationError):
        lever.factor = 3
    with pytest.raises(TypeError, match="abstract"):
        Intervention.model_validate({})


def test_every_field_says_what_it_means() -> None:
    for kind in catalogue().values():
        for name, field in kind.model_fields.items():
            assert field.description, f"{kind.name}.{name}"


def test_switches_turn_the_levers_on_their_days(tiny_model: Callable[..., TownModel]) -> None:
    levers = [
        ("mediators", {"factor": 3, "from_day": 5, "until_day": 20}),
        ("mediators", {"factor": 2, "from_day": 10.5}),
        ("mediators", {"factor": 50, "from_day": 1, "enabled": False}),
        ("grid_density", {"factor": 2, "until_day": 15}),
    ]
    model = tiny_model(levers=levers)
    found = []
    for moment in (0.0, 5.0, 10.0, 10.5, 14.75, 15.0, 20.0, 40.0):
        if moment > model.time:
            model.run_until(moment)
        world = model.world
        found.append((moment, int(world.mediators["active"].sum()), len(world.grids)))
    assert found == [
        (0.0, 2, 8),
        (5.0, 6, 8),
        (10.0, 6, 8),
        (10.5, 12, 8),
        (14.75, 12, 8),
        (15.0, 12, 4),
        (20.0, 4, 4),
        (40.0, 4, 4),
    ]
