import math
from typing import Any

import pytest

from sim.outcomes import CATALOGUE
from sim.report.numbers import Numbers, is_share
from sim.report.wording import load_words
from sim.study import Effect

NAN = math.nan


@pytest.fixture
def numbers() -> Numbers:
    return Numbers(load_words())


def effect(difference: float, low: float, high: float, base: float = 10.0, **more: Any) -> Effect:
    return Effect("calls", "option", base, base + difference, difference, low, high, NAN, NAN, NAN, 4, "worse", **more)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1736842.0, "1,740,000"),
        (251.04, "251"),
        (2.8312, "2.83"),
        (0.01409, "0.0141"),
        (9.996, "10.0"),
        (999.6, "1,000"),
        (-0.5, "−0.500"),
        (0.0, "0"),
        (NAN, "not defined"),
        (math.inf, "unlimited"),
    ],
)
def test_three_significant_digits(numbers: Numbers, value: float, text: str) -> None:
    assert numbers.plain(value) == text


def test_shares_are_percentages_and_indices_are_not() -> None:
    shares = {id_ for id_, outcome in CATALOGUE.items() if is_share(outcome)}
    assert {"recorded_found_share", "settlement_gap", "found_share_gap", "unit_utilisation"} <= shares
    assert not shares & {"tension_mean", "trust_police_mean", "found_share_gini", "response_minutes_mean", "calls"}
    assert {outcome.unit for outcome in CATALOGUE.values()} >= {"share", "index"}


def test_a_difference_has_the_digits_that_its_interval_bears(numbers: Numbers) -> None:
    said = numbers.difference(effect(1.23456, 0.912, 1.551), CATALOGUE["calls"])
    assert (said.value, said.interval, said.percent) == ("+1.23", "+0.91 to +1.55", "+12.3\u00a0%")
    said = numbers.difference(effect(-212790.0, -213710.0, -211870.0, 1.7e6), CATALOGUE["cost_total_yuan"])
    assert (said.value, said.interval) == ("−213,000", "−214,000 to −212,000")
    said = numbers.difference(effect(0.0522, 0.044, 0.0605, 0.188), CATALOGUE["recorded_found_share"])
    assert (said.value, said.interval) == ("+5.22\u00a0pp", "+4.40 to +6.05")


def test_what_is_no_difference_is_written_so(numbers: Numbers) -> None:
    same = numbers.difference(effect(0.0, 0.0, 0.0), CATALOGUE["calls"])
    assert (same.value, same.interval, same.percent) == ("0", "the same in every replication", "")
    tiny = numbers.difference(effect(1e-12, -1e-12, 3e-12), CATALOGUE["calls"])
    assert (tiny.value, tiny.interval) == ("about 0", "")
    nothing = numbers.difference(effect(NAN, NAN, NAN), CATALOGUE["calls"])
    assert (nothing.value, nothing.interval, nothing.percent) == ("not defined", "", "")
    single = numbers.difference(effect(2.0, NAN, NAN), CATALOGUE["calls"])
    assert (single.value, single.interval, single.percent) == ("+2.00", "", "+20.0\u00a0%")
    without_base = numbers.difference(effect(2.0, 1.0, 3.0, base=0.0), CATALOGUE["calls"])
    assert (without_base.value, without_base.percent) == ("+2.0", "")


def test_settings_are_written_as_given(numbers: Numbers) -> None:
    assert numbers.setting(0.1) == "0.1"
    assert numbers.setting(5000) == "5,000"
    assert numbers.setting(120698.0) == "120,698"
    assert numbers.setting(2.62) == "2.62"
    assert numbers.setting(0.0) == "0"
    assert numbers.setting(1.5e-9) == "0.00000000150"
    assert numbers.setting(NAN) == "not defined"
    assert numbers.setting(True) == "yes"
    assert numbers.setting(None) == "none"
    assert numbers.setting([1, 2.5]) == "1, 2.5"
    assert numbers.setting("flat") == "flat"
