from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from sim.codes import STAGES, Category
from sim.scenario import default, parameter_table, parameters_record
from sim.scenario.parameters import FIELD_OF, INDEX_LENGTHS, Parameter, is_allowed

TABLE = parameter_table()


def numbers(value: float | tuple[float, ...]) -> list[float]:
    return list(value) if isinstance(value, tuple) else [value]


def test_lists_have_the_lengths_of_the_codes() -> None:
    assert INDEX_LENGTHS["category"] == len(Category)
    assert INDEX_LENGTHS["stage"] == STAGES


@pytest.mark.parametrize("one", TABLE.values(), ids=TABLE)
def test_a_row_is_complete(one: Parameter) -> None:
    assert one.meaning
    assert one.unit
    assert one.note
    assert one.status in {"F", "D", "M", "N"}
    assert len(numbers(one.default)) == len(numbers(one.low)) == len(numbers(one.high)) == max(one.length, 1)
    assert isinstance(one.default, tuple) == bool(one.length)
    for low, value, high in zip(numbers(one.low), numbers(one.default), numbers(one.high), strict=True):
        assert low <= value <= high
    assert is_allowed(one, one.default)


@pytest.mark.parametrize("one", TABLE.values(), ids=TABLE)
def test_a_row_says_how_far_it_can_be_trusted(one: Parameter) -> None:
    if one.status == "N":
        assert "no source found" in one.source
        assert "no source found" in one.note
        assert numbers(one.low) != numbers(one.high), "a free parameter is swept"
    elif one.status == "M":
        assert "from memory, to be checked" in one.source
    else:
        assert re.search(r"\b(19|20)\d\d\b|no date given", one.source), "a source has a year"


def test_bounds_of_every_row_may_be_used_in_a_sweep() -> None:
    for one in TABLE.values():
        if not (one.length and one.unit == "share"):
            assert is_allowed(one, one.low), one.id
            assert is_allowed(one, one.high), one.id


def test_shares_sum_to_one() -> None:
    for name in ("category_share", "first_stage_share"):
        assert sum(default(name)) == pytest.approx(1.0, abs=1e-12)


def test_hours_of_background_calls_have_mean_one() -> None:
    assert np.mean(default("call_hour_weight")) == pytest.approx(1.0, abs=0.01)


def test_record_holds_defaults_and_overrides() -> None:
    record = parameters_record({"discovery_probability": 0.1, "climb_per_day": [0.5] * 9})
    assert record.dtype.names == tuple(TABLE)
    assert record.shape == (1,)
    assert record[0].discovery_probability == 0.1
    np.testing.assert_array_equal(record[0].climb_per_day, np.full(9, 0.5))
    np.testing.assert_array_equal(record[0].fade_per_day, default("fade_per_day"))
    assert record[0].sessions_most == default("sessions_most")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("discovery_probability", 1.1),
        ("discovery_probability", True),
        ("discovery_probability", "0.1"),
        ("discovery_probability", [0.1]),
        ("discovery_probability", float("nan")),
        ("turn_out_seconds", -1),
        ("turn_out_seconds", float("inf")),
        ("tension_half_life_days", 0),
        ("walking_speed_kmh", 0),
        ("climb_per_day", 0.1),
        ("climb_per_day", [0.1] * 8),
        ("climb_per_day", [0.1] * 8 + [float("nan")]),
        ("category_share", [0.5] * 15),
        ("call_hour_weight", [0] * 24),
        ("call_hour_weight", [-1] + [1] * 23),
        ("sessions_most", 2.5),
        ("sessions_most", 0),
        ("sessions_most", 61),
        ("sessions_most", 10**400),
        ("urgent_stage", 5.5),
        ("urgent_stage", 0),
        ("grid_stage_limit", 10),
    ],
)
def test_a_value_without_meaning_is_refused(name: str, value: Any) -> None:
    assert not is_allowed(TABLE[name], value)
    with pytest.raises(ValueError, match=name):
        parameters_record({name: value})


def test_values_beyond_the_sweep_are_allowed() -> None:
    assert is_allowed(TABLE["discovery_probability"], 0.99)
    assert is_allowed(TABLE["mediation_stage_slope"], -3)


def test_counts_may_be_written_either_way_and_are_called_whole() -> None:
    assert is_allowed(TABLE["sessions_most"], 60)
    assert is_allowed(TABLE["grid_stage_limit"], 9.0)
    assert TABLE["sessions_most"].allowed == "a whole number from 1 to 60 (sessions)"


def test_unknown_names_are_refused() -> None:
    with pytest.raises(KeyError):
        parameters_record({"no_such_parameter": 1})


def test_fields_of_scenarios_take_their_defaults_from_the_table() -> None:
    assert set(FIELD_OF) <= set(TABLE)
