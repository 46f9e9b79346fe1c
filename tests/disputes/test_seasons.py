"""When a category's frictions come: own profiles, and the lunar new year; the year's mean stays 1."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.codes import Category
from sim.disputes.seasons import DAYS_A_LUNAR_YEAR, lunar_factors, relative
from sim.scenario import parameters_record
from sim.world import World

Maker = Callable[..., World]


@given(before=st.integers(0, 45), during=st.integers(0, 15), early=st.floats(0, 3), late=st.floats(0, 3))
def test_the_lunar_new_year_leaves_the_years_mean(before: int, during: int, early: float, late: float) -> None:
    values = {"lunar_before_days": before, "lunar_during_days": during}
    factors = {"lunar_before_factor": [early] * 15, "lunar_during_factor": [late] * 15}
    parameters = parameters_record({**values, **factors})[0]
    away = np.arange(-180, 180)
    found = lunar_factors(away, parameters)[:, 0]
    usual = found[0]
    assert found.sum() + usual * (DAYS_A_LUNAR_YEAR - len(away)) == pytest.approx(DAYS_A_LUNAR_YEAR)
    assert found[180 - before : 180] == pytest.approx(early * usual)
    assert found[180 : 180 + during] == pytest.approx(late * usual)


def test_wages_are_claimed_before_it_and_families_quarrel_during_it(tiny_world: Maker) -> None:
    calendar = {"start_date": date(2023, 1, 1), "days": 60}
    world = tiny_world(calendar=calendar, disputes={"lunar_new_year": True})
    plain = tiny_world(calendar=calendar)
    assert (plain.days["category_factor"] == 1.0).all()
    factor = world.days["category_factor"]
    eve, day, later = factor[20], factor[21], factor[59]
    assert eve[Category.WAGES_LABOUR] > later[Category.WAGES_LABOUR] > day[Category.WAGES_LABOUR]
    assert day[Category.MARRIAGE_FAMILY] > later[Category.MARRIAGE_FAMILY]
    assert world.state[0].friction_ratio_bound > plain.state[0].friction_ratio_bound


def test_own_profiles_replace_the_general_ones(tiny_world: Maker) -> None:
    months, weekdays = [1.0] * 6 + [3.0] * 6, [1.0] * 5 + [0.0, 0.0]
    hours = [0.0] * 8 + [1.0] * 16
    part = {"rate_per_1000_per_year": 10, "month_weights": months, "weekday_weights": weekdays, "hour_weights": hours}
    world = tiny_world(
        calendar={"start_date": date(2023, 1, 2), "days": 364}, disputes={"categories": {"school": part}}
    )
    rate = world.days["friction_factor"] * world.days["category_factor"][:, Category.SCHOOL]
    assert rate[:5] == pytest.approx(np.full(5, 0.5 * 1.4))
    assert rate[5:7] == pytest.approx(np.zeros(2))
    assert rate[-5:-3] == pytest.approx(np.full(2, 1.5 * 1.4)) or rate[-6] == pytest.approx(1.5 * 1.4)
    general = np.array(parameters_record({})[0].friction_hour_weight)
    found = world.categories["hour_factor"][Category.SCHOOL] * general / general.mean()
    assert found == pytest.approx(np.array(hours) / np.mean(hours))
    assert (world.categories["hour_factor"][Category.NEIGHBOUR] == 1.0).all()
    assert (world.days["category_factor"][:, Category.NEIGHBOUR] == 1.0).all()


def test_a_profile_over_itself_is_one_and_over_nothing_nothing() -> None:
    assert relative([1.0, 2.0, 0.0], [2.0, 4.0, 0.0]) == pytest.approx([1.0, 1.0, 0.0])


def test_disputes_of_a_category_come_at_its_hours_and_at_its_rate(
    tiny_model: Callable[..., Any], rows: Callable[..., Any], quiet: dict[str, Any]
) -> None:
    hours = [0.0] * 8 + [1.0] * 4 + [0.0] * 12
    part = {"rate_per_1000_per_year": 2000, "hour_weights": hours}
    parameters = {**quiet, "dispute_rate_per_1000_per_year": 2000.0, "tension_per_friction": 0.0}
    model = tiny_model(disputes={"categories": {"school": part}}, parameters=parameters).run()
    born = rows(model, "disputes")
    school = born["category"] == Category.SCHOOL
    hour = born["born"][school] % 1.0 * 24
    assert hour.min() >= 8.0
    assert hour.max() <= 12.0
    expected = 2000 / 1000 / 365 * 500 * 40
    assert abs(school.sum() - expected) < 4 * expected**0.5
    other = 2000 * (1 - 0.009) / 1000 / 365 * 500 * 40
    assert abs((~school).sum() - other) < 4 * other**0.5
