"""Where disputes come from, in a scenario: what cannot be is refused with place and remedy; rates add up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from sim.codes import Category
from sim.scenario import (
    CATEGORY_NAMES,
    Mistake,
    Scenario,
    category_rates,
    days_from_lunar_new_year,
    default,
    dispute_rate,
    estimate_bytes,
    expected_rows,
    parameters_record,
    run_parameters,
)

Load = Callable[..., Scenario]
Find = Callable[..., list[Mistake]]


@pytest.mark.parametrize(
    ("override", "field", "told"),
    [
        ("disputes.categories={neighbour: {}}", "disputes.categories.neighbour.rate_per_1000_per_year", "given"),
        ("disputes.categories={neighbour: {rate_per_1000_per_year: -1}}", "disputes.categories.neighbour", "0"),
        ("disputes.categories={neighbor: {rate_per_1000_per_year: 1}}", "disputes.categories.neighbor", "neighbour"),
        ("parameters={category_share: [0.5, 0.5, 0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}", "category_share", "sum"),
        ("disputes.contagion={kernel_metres: 0}", "disputes.contagion.kernel_metres", "0"),
        ("disputes.contagion={decay_per_day: 0}", "disputes.contagion.decay_per_day", "0"),
        ("disputes.contagion={branching_ratio: 1}", "disputes.contagion.branching_ratio", "0.99"),
        ("disputes.contagion={branching_ratio: -0.1}", "disputes.contagion.branching_ratio", "0"),
        ("parameters={contagion_branching_ratio: 0.3}", "parameters.contagion_branching_ratio", "disputes.contagion"),
        ("disputes.organisations={firms_per_community: -1}", "disputes.organisations.firms_per_community", "0"),
        ("disputes.collective=true", "disputes", "firms_per_community of 1 or more"),
        ("calendar={start_date: 1940-01-01, days: 10}", "calendar.start_date", "1951 to 2099"),
    ],
)
def test_what_cannot_be_is_refused_with_place_and_remedy(
    mistakes: Find, valid: str, override: str, field: str, told: str
) -> None:
    overrides = [override] + (["disputes.lunar_new_year=true"] if "start_date" in override else [])
    found = mistakes(valid, *overrides)
    assert any(field in one.field and told in str(one) for one in found), [str(one) for one in found]


@pytest.mark.parametrize("name", ["month_weights", "weekday_weights", "hour_weights"])
def test_profiles_without_weight_are_refused(mistakes: Find, valid: str, name: str) -> None:
    length = {"month_weights": 12, "weekday_weights": 7, "hour_weights": 24}[name]
    part = f"{{rate_per_1000_per_year: 1, {name}: {[0] * length}}}"
    found = mistakes(valid, f"disputes.categories={{school: {part}}}")
    assert any(f"{name} of which one is more than 0" in str(one) for one in found)


def test_frictions_at_an_hour_that_has_none_in_general_are_refused(mistakes: Find, valid: str) -> None:
    part = f"{{rate_per_1000_per_year: 1, hour_weights: {[1] * 24}}}"
    general = f"parameters={{friction_hour_weight: {[0] + [1] * 23}}}"
    found = mistakes(valid, f"disputes.categories={{school: {part}}}", general)
    assert [one.field for one in found] == ["disputes.categories.school.hour_weights"]


def test_names_are_those_of_the_codes() -> None:
    assert tuple(category.name.lower() for category in Category) == CATEGORY_NAMES


def test_rates_of_categories_stand_beside_the_shares(load: Load, valid: str) -> None:
    plain = load(valid)
    assert dispute_rate(plain) == default("dispute_rate_per_1000_per_year")
    assert run_parameters(plain).tobytes() == parameters_record({}).tobytes()
    own = load(valid, "disputes.categories={wages_labour: {rate_per_1000_per_year: 60}}")
    rates = category_rates(own)
    assert rates[Category.WAGES_LABOUR] == 60
    assert rates[Category.NEIGHBOUR] == pytest.approx(default("category_share")[0] * 250.0)
    record = run_parameters(own)[0]
    assert record.dispute_rate_per_1000_per_year == pytest.approx(sum(rates)) == pytest.approx(250 * 0.93 + 60)
    assert record.category_share.sum() == pytest.approx(1.0)
    assert record.category_share[Category.WAGES_LABOUR] * sum(rates) == pytest.approx(60)
    assert expected_rows(own)["disputes"] > expected_rows(plain)["disputes"]


def test_what_a_scenario_adds_is_counted_beforehand(load: Load, valid: str) -> None:
    firms = "{firms_per_community: 3, property_managers_per_community: 0, hospitals_per_county: 2}"
    parts = ("disputes.contagion={}", "disputes.collective=true", f"disputes.organisations={firms}")
    scenario, plain = load(valid, *parts), load(valid)
    found = expected_rows(scenario)
    assert found["organisations"] == 5 * 3 + 2 * 2 + 2
    assert found["contagion"] == 1
    assert found["causes"] == pytest.approx(0.05)
    assert found["disputes"] == pytest.approx(expected_rows(plain)["disputes"] + 40 * 0.05)
    assert estimate_bytes(scenario) > estimate_bytes(plain)


def test_days_are_counted_from_the_nearest_lunar_new_year() -> None:
    # 22 January 2023, 10 February 2024, 29 January 2025, 17 February 2026: as the State Council announced the holidays.
    assert days_from_lunar_new_year(date(2023, 1, 20), 4) == [-2, -1, 0, 1]
    assert days_from_lunar_new_year(date(2024, 2, 9), 2) == [-1, 0]
    assert days_from_lunar_new_year(date(2025, 1, 29), 1) == [0]
    assert days_from_lunar_new_year(date(2026, 2, 18), 1) == [1]
    year = days_from_lunar_new_year(date(2023, 1, 22), 384)
    assert year.index(0) == 0
    assert max(year) - min(year) in (383, 384, 385)
