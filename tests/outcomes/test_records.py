from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from sim.codes import NOBODY, Category, Channel, Leg, Reason, Source, State, Status, Tie, Tier
from sim.engine.clock import HOUR
from sim.engine.queue import push
from sim.events import Kind
from sim.outcomes import CATALOGUE, TABLES, outcomes, read_records, records, records_of, write_records
from sim.outcomes.words import encode, places_of, says, words_of
from sim.scenario import MediationPart, TargetsPart
from sim.scenario.calls import CallStream
from sim.scenario.response import ResponsePart, UnitGroup
from sim.world import DTYPES, empty_table

PARTS = ("call_taking", "queue", "turn_out", "travel")


def test_words_are_those_of_the_codes() -> None:
    assert words_of(Category)[Category.LAND_HOUSING] == "land_housing"
    assert words_of(State) == ("hidden", "in_grid", "in_mediation", "left_alone", "ended", "in_court")
    column = encode(np.array([2, 0, 2]), words_of(Channel))
    assert column.to_pylist() == ["grid", "none", "grid"]
    assert says(column, "grid", "police").tolist() == [True, False, True]


def test_says_does_not_depend_on_the_order_of_the_dictionary() -> None:
    column = pa.array(["police", "grid", "police"]).dictionary_encode()
    assert says(column, "grid").tolist() == [False, True, False]
    assert says(column, "court").tolist() == [False, False, False]
    assert places_of(column, ("grid", "police")).tolist() == [1, 0, 1]
    assert places_of(column, ("grid",)).tolist() == [-1, 0, -1]


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
    world.units["spent"][:, Status.AT_POST] = [2.0, 1.0, 0.0]
    world.units["spent"][:, Status.OFF_DUTY] = [3.0, 4.5, 4.0]
    world.units["spent"][:, Status.DWELLING] = [0.0, 0.0, 5.0]
    world.units["since"] = [5.0, 5.5, 9.0]
    units = records_of(world, hand.calendar, 10.0)["units"].to_pandas()
    ledger = units[[f"{status}_hours" for status in words_of(Status)]]
    assert ledger.sum(axis=1).tolist() == pytest.approx([240.0] * 3)
    assert units["at_post_hours"].tolist() == pytest.approx([7.0 * 24, 24.0, 0.0])
    assert units["on_scene_hours"].tolist() == pytest.approx([0.0, 4.5 * 24, 0.0])
    assert units["officers"].tolist() == [2, 2, 3]


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


def test_records_of_a_model_use_its_clock_and_names(hand: Any) -> None:
    class Administration:
        township_names = ("East street", "West street")

    class Part:
        district = "township"
        administration = Administration()
        streams = (CallStream(name="alarms", per_day=1.0),)

    class Plan:
        records = Part()
        calls = Part()
        mediation = MediationPart()
        response = ResponsePart(
            units=2, groups=(UnitGroup(name="reserve", units=1),), targets=TargetsPart(by_priority=(2.0, 7.0))
        )

    class Log:
        types = ("fight",)
        recorded_response_minutes = np.array([6.0])

    calls = [{"stream": 3, "source": Source.STREAM}, {"stream": 2, "source": Source.LOG, "address": 7}]
    table = empty_table(DTYPES["log"], 1)
    table["address"] = 7

    class Model:
        world = hand.world(calls=calls, streams=4)._replace(log=table)
        log = Log()
        calendar = hand.calendar
        plan = Plan()
        town = Part()
        time = 12

    taken = records(Model())
    assert taken.fact("elapsed_days") == 12.0
    assert taken["districts"].column("name").to_pylist() == ["East street", "West street"]
    assert taken.words("units", "group") == ["patrol", "patrol", "reserve"]
    assert taken.words("calls", "type") == ["alarms", "fight"]
    assert taken.column("calls", "recorded_response_minutes")[1] == 6.0
    priorities = taken["targets"].to_pandas().query("reading == 'priority'")
    assert priorities["minutes"].tolist() == [2.0] + [7.0] * 8


def test_no_record_says_more_of_a_person_than_a_row_number(hand: Any) -> None:
    taken = hand.records(disputes=[hand.settled(Channel.GRID, 1.0, 5.0)])
    people = {name for name in taken["disputes"].column_names if name.startswith("party")}
    assert people == {"party_a", "party_b", "party_a_migrant"}
    assert NOBODY not in taken.column("disputes", "party_a")


def test_a_call_says_who_came_from_where_and_why(hand: Any) -> None:
    call = hand.answered(
        1.0,
        node=1,
        x_metres=310.0,
        y_metres=20.0,
        unit=2,
        unit_node=0,
        reason=Reason.OWN_SECTOR,
        tier=Tier.DISTRICT,
        queue_met=4,
    )
    row, waiting = hand.records(calls=[call, {"received": 2.0}])["calls"].to_pylist()
    assert (row["unit"], row["unit_node"], row["reason"], row["tier"]) == (2, 0, "own_sector", "district")
    assert (row["x_metres"], row["y_metres"], row["sector"], row["place_class"]) == (310.0, 20.0, 1, "country")
    assert (row["type"], row["queue_met"]) == ("background", 4)
    assert (waiting["reason"], waiting["tier"]) == ("none", "none")


def test_every_unit_sent_has_a_row_of_its_own(hand: Any) -> None:
    sent = [
        {"call": 0, "unit": 1, "leg": Leg.REDIRECTED, "dispatched": 1.0, "cleared": 1.5, "metres": 700.0},
        {
            "call": 0,
            "unit": 2,
            "leg": Leg.ON_SCENE,
            "dispatched": 1.6,
            "arrived": 1.7,
            "reason": Reason.AID,
            "number": 1,
        },
    ]
    first, second = hand.records(calls=[hand.answered(1.0)], dispatches=sent)["dispatches"].to_pylist()
    assert (first["leg"], first["cleared_day"], first["metres"]) == ("redirected", 1.5, 700.0)
    assert (second["leg"], second["reason"], second["number"], second["arrived_day"]) == ("on_scene", "aid", 1, 1.7)
    assert np.isnan(first["arrived_day"])


def test_a_run_without_residents_has_records_and_no_outcomes_of_people(hand: Any) -> None:
    calls = [hand.answered(1.0 + number, travel=3.0, source=Source.STREAM, stream=3) for number in range(5)]
    world = hand.deserted(calls=calls, streams=4)
    taken = records_of(world, hand.calendar, 120.0, targets=TargetsPart())
    assert tuple(taken.tables) == TABLES
    values = outcomes(taken)
    assert values["response_minutes_mean"] == pytest.approx(4.5)
    assert values["calls"] == 5.0
    undefined = {id_ for id_, value in values.items() if np.isnan(value)}
    assert {id_ for id_, one in CATALOGUE.items() if one.group in {"disputes", "people"}} <= undefined
    assert {"cost_per_resident_yuan", "visits_per_household", "found_share_gap"} <= undefined
    assert values["cost_total_yuan"] == values["cost_police_yuan"] > 0.0


def test_a_run_without_residents_survives_being_written(hand: Any, tmp_path: Path) -> None:
    taken = records_of(hand.deserted(), hand.calendar, 3.0)
    write_records(taken, tmp_path / "run")
    assert str(outcomes(read_records(tmp_path / "run"))) == str(outcomes(taken))
