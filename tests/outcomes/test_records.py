from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from sim.codes import NOBODY, Category, Channel, State, Tie
from sim.engine.clock import HOUR
from sim.engine.queue import push
from sim.events import Kind
from sim.outcomes import TABLES, records, records_of
from sim.outcomes.words import encode, says, words_of

PARTS = ("call_taking", "queue", "turn_out", "travel")


def test_words_are_those_of_the_codes() -> None:
    assert words_of(Category)[Category.LAND_HOUSING] == "land_housing"
    assert words_of(State) == ("hidden", "in_grid", "in_mediation", "left_alone", "ended")
    column = encode(np.array([2, 0, 2]), words_of(Channel))
    assert column.to_pylist() == ["grid", "none", "grid"]
    assert says(column, "grid", "police").tolist() == [True, False, True]


def test_says_does_not_depend_on_the_order_of_the_dictionary() -> None:
    column = pa.array(["police", "grid", "police"]).dictionary_encode()
    assert says(column, "grid").tolist() == [False, True, False]
    assert says(column, "court").tolist() == [False, False, False]


def test_every_table_is_there_and_unused_rows_are_not(hand: Any) -> None:
    taken = hand.records(disputes=[hand.settled(Channel.GRID, 1.0, 5.0)], calls=[hand.answered(2.0)])
    assert tuple(taken.tables) == TABLES
    assert [taken[name].num_rows for name in ("disputes", "cases", "sessions", "calls")] == [1, 0, 0, 1]


def test_empty_tables_keep_their_columns(hand: Any) -> None:
    taken = hand.records()
    assert taken.column("disputes", "true_born_day").shape == (0,)
    assert taken.says("cases", "channel", "grid").shape == (0,)
    assert taken.column("cases", "withdrawn").dtype == bool


def test_a_dispute_in_words(hand: Any) -> None:
    dispute = hand.settled(
        Channel.TOWNSHIP,
        1.0,
        5.0,
        category=Category.LENDING,
        tie=Tie.KIN,
        address=(1 << 47) + 3,
        party_a=1,
        community=1,
    )
    row = hand.records(disputes=[dispute])["disputes"].to_pylist()[0]
    assert (row["category"], row["tie"], row["true_state"]) == ("lending", "kin", "ended")
    assert (row["true_end_channel"], row["recorded_found_by"]) == ("township", "grid")
    assert row["address"] == (1 << 47) + 3
    assert (row["party_a"], row["party_a_migrant"], row["district"]) == (1, True, 1)
    assert row["true_settled"] is True
    assert np.isnan(row["true_reached_4_day"])


def test_what_lies_after_the_horizon_has_not_come(hand: Any) -> None:
    session = {"case": 0, "mediator": 0, "start": 9.9, "end": 10.1}
    taken = hand.records(10.0, sessions=[session], calls=[hand.answered(9.999)])
    assert np.isnan(taken.column("sessions", "end_day")[0])
    assert np.isnan(taken.column("sessions", "hours")[0])
    assert np.isnan(taken.column("calls", "response_minutes")[0])
    assert hand.records(11.0, sessions=[session]).column("sessions", "hours")[0] == pytest.approx(0.2 / HOUR)


def test_response_time_is_the_sum_of_its_parts(hand: Any) -> None:
    calls = [hand.answered(day + 0.37, queue=day % 3, travel=1.0 + day / 7.0) for day in range(100)]
    taken = hand.records(calls=calls)
    parts = sum(taken.column("calls", f"{part}_minutes") for part in PARTS)
    assert taken.column("calls", "response_minutes") == pytest.approx(parts, abs=1e-6)
    assert (parts > 0).all()
    assert taken.column("calls", "scene_minutes") == pytest.approx(20.0, abs=1e-6)


def test_a_unit_s_ledger_sums_to_the_run_s_length(hand: Any) -> None:
    world = hand.world()
    world.units["at_post_days"] = [2.0, 1.0]
    world.units["off_duty_days"] = [3.0, 4.5]
    world.units["since"] = [5.0, 5.5]
    units = records_of(world, hand.calendar, 10.0, officers=3)["units"].to_pandas()
    ledger = units[[f"{status}_hours" for status in ("off_duty", "at_post", "to_scene", "on_scene", "returning")]]
    assert ledger.sum(axis=1).tolist() == pytest.approx([240.0, 240.0])
    assert units["at_post_hours"].tolist() == pytest.approx([7.0 * 24, 24.0])
    assert units["on_scene_hours"].tolist() == pytest.approx([0.0, 4.5 * 24])
    assert units["officers"].tolist() == [3, 3]


def test_series_have_a_row_for_each_day_begun_and_district(hand: Any) -> None:
    world = hand.world()
    world.series["visits"][: 2 * 4] = np.arange(8)
    world.series["true_tension_sum"][:] = 2.0
    push(world.queue, 4.0, Kind.DAY_ENDS.value, 3, 0)
    series = records_of(world, hand.calendar, 3.5)["series"].to_pandas()
    assert series["day"].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert series["district"].tolist() == [0, 1] * 4
    assert series["date"].iloc[-1] == date(2023, 1, 4)
    assert series["visits"].tolist() == list(range(8))
    # The fourth day is not over, so it has no tension at its end.
    assert series["true_tension_sum"].isna().tolist() == [False] * 6 + [True] * 2


def test_the_last_day_has_its_tension_though_the_loop_has_not_noted_it(hand: Any) -> None:
    world = hand.world()
    push(world.queue, 4.0, Kind.DAY_ENDS.value, 3, 0)
    half_life = float(world.parameters[0].tension_half_life_days)
    series = records_of(world, hand.calendar, 4.0)["series"].to_pandas()
    expected = np.array([1.0, 0.5]) * 0.5 ** (4.0 / half_life)
    assert series["true_tension_sum"].tolist()[-2:] == pytest.approx(expected.tolist())


def test_districts_count_their_people(hand: Any) -> None:
    districts = hand.records()["districts"].to_pandas()
    assert districts["residents"].tolist() == [4, 4]
    assert districts["households"].tolist() == [2, 2]
    assert districts["migrants"].tolist() == [2, 0]
    assert districts["visits"].tolist() == [5, 1]
    assert districts["true_trust_grid_sum"].tolist() == pytest.approx([1.0, 2.6], abs=1e-6)


def test_days_of_employment_go_on_from_what_is_booked(hand: Any) -> None:
    world = hand.world()
    world.workers["employed_days"] = [30.0, 0.0, 30.0]
    world.state["employment_booked"] = 30.0
    taken = records_of(world, hand.calendar, 50.0)
    assert taken.column("workers", "employed_days").tolist() == [50.0, 20.0, 30.0]


def test_working_days_count_a_day_under_way_in_part(hand: Any) -> None:
    assert hand.records(7.0).fact("elapsed_working_days") == 5.0
    assert hand.records(8.25).fact("elapsed_working_days") == 6.25
    assert hand.records(0.0).fact("elapsed_working_days") == 0.0


def test_records_of_a_model_use_its_clock_names_and_crew(hand: Any) -> None:
    class Administration:
        township_names = ("East street", "West street")

    class Part:
        district = "township"
        crew = 3
        administration = Administration()

    class Plan:
        records = Part()
        response = Part()

    class Model:
        world = hand.world()
        calendar = hand.calendar
        plan = Plan()
        town = Part()
        time = 12

    taken = records(Model())
    assert taken.fact("elapsed_days") == 12.0
    assert taken["districts"].column("name").to_pylist() == ["East street", "West street"]
    assert taken.column("units", "officers").tolist() == [3, 3]


def test_no_record_says_more_of_a_person_than_a_row_number(hand: Any) -> None:
    taken = hand.records(disputes=[hand.settled(Channel.GRID, 1.0, 5.0)])
    people = {name for name in taken["disputes"].column_names if name.startswith("party")}
    assert people == {"party_a", "party_b", "party_a_migrant"}
    assert NOBODY not in taken.column("disputes", "party_a")
