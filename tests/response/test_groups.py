"""The layout of groups: rows in order, posts where the scenario says, nothing drawn, every wrong name told at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playing import at, line, stage
from squares import square

from sim.codes import NOBODY, Mode, PlaceClass, Status, Tier
from sim.engine.clock import HOUR, MINUTE
from sim.interventions import PatrolMode, PatrolSurge, PatrolTiming
from sim.response.groups import lay_groups
from sim.response.pools import Pools
from sim.response.streets import place_classes
from sim.scenario import Scenario, parameters_record, unit_rows
from sim.town import Town, TownError


def plan(groups: list[dict[str, Any]], levers: Any = (), **response: Any) -> Scenario:
    """Return a scenario of response alone."""
    town = {"kind": "synthetic", "area_km2": 1, "townships": 1, "communities": 1}
    fields = {"name": "plan", "town": town, "response": {"groups": groups, **response}, "interventions": tuple(levers)}
    return Scenario.model_validate(fields)


def laid(town: Town, groups: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    """Return the tables of groups in a town, its lists included."""
    pools = Pools()
    tables = lay_groups(plan(groups, **fields), town, parameters_record({})[0], pools)
    return tables | pools.tables()


def test_groups_follow_each_other_and_say_what_the_scenario_says() -> None:
    tables = laid(
        square(),
        [
            at(3, 7, 9, crew=4, tier="city", own_sector_only=True, priorities=[0, 2]),
            {
                "name": "foot",
                "units": 5,
                "shift_hours": 6,
                "speed_factor": 0.2,
                "presence": 2,
                "break": {"minutes": 30, "after_hours": 2},
                "duty": {"from_hour": 7, "until_hour": 9, "weekdays": ["mon", "fri"], "leave_for": 1},
            },
            {"name": "help", "units": 2, "shift_hours": 24, "aid": {"delay_minutes": 12, "nodes": ["n35"]}},
        ],
    )
    groups, units, posts = tables["groups"], tables["units"], tables["posts"]
    assert groups["first_unit"].tolist() == [0, 3, 8]
    assert groups["end_unit"].tolist() == [3, 8, 10]
    assert (groups[0].crew, groups[0].tier, groups[0].priorities, groups[0].own_sector_only) == (4, Tier.CITY, 0b101, 1)
    assert groups[1].priorities == 511
    assert (groups[1].speed_factor, groups[1].presence) == (0.2, 2.0)
    assert groups[1].break_days / MINUTE == pytest.approx(30)
    assert groups[1].break_after / HOUR == pytest.approx(2)
    assert (groups[1].duty, groups[1].leave_for, groups[1].duty_weekdays) == (1, 1, 0b10001)
    assert (groups["aid"].tolist(), groups[2].aid_delay) == ([0, 0, 1], pytest.approx(12 * MINUTE))
    assert posts["node"][posts["group"] == 0].tolist() == [3, 7, 9], "in the order of the names"
    assert units["post"][:3].tolist() == [0, 1, 2]
    assert posts["node"][units["post"][8:]].tolist() == [35, 35]
    assert (units["status"] == Status.OFF_DUTY).all()
    assert (units["node"] == posts["node"][units["home_post"]]).all()
    assert (units["from_x"] == tables["nodes"]["x_metres"][units["node"]]).all()
    for name in ("call", "dispatch", "flight", "goal"):
        assert (units[name] == NOBODY).all()


def test_crews_near_people_are_spread_over_posts_and_hours() -> None:
    tables = laid(square(), [{"name": "patrol", "units": 11, "posts": 4, "shift_hours": 8}])
    units = tables["units"]
    assert (np.diff(units["shift_start_hour"]) >= 0).all()
    assert np.ptp(np.bincount(units["post"], minlength=4)) <= 1


def test_the_table_says_what_the_scenario_leaves_open() -> None:
    groups = [at(1, mode="hot_spots"), at(2, name="own", mode="hot_spots", hot_spots={"dwell_minutes": 3, "spots": 4})]
    tables = laid(square(), groups)
    assert (tables["groups"]["dwell"] / MINUTE).tolist() == pytest.approx([12.5, 3.0])
    assert (tables["groups"]["interval"] / MINUTE).tolist() == pytest.approx([120.0, 120.0])
    assert tables["groups"]["mode"].tolist() == [Mode.HOT_SPOTS] * 2
    assert tables["spots"]["group"].tolist() == [0] * 10 + [1] * 4
    assert tables["groups"]["found"].tolist() == [1, 1]
    assert (tables["spots"]["node"] == NOBODY).all()


def test_neighbourhoods_are_the_nodes_within_the_radius() -> None:
    town = square()
    tables = laid(town, [at(1, mode="hot_spots", hot_spots={"radius_metres": 290})])
    lists, first = tables["lists"]["row"], int(tables["groups"][0].first_near)
    places = np.column_stack((town.roads.x_metres, town.roads.y_metres))
    for node in range(36):
        near = np.flatnonzero(np.hypot(*(places - places[node]).T) <= 290)
        assert lists[lists[first + node] : lists[first + node + 1]].tolist() == near.tolist()


def test_levers_get_the_rows_that_they_may_ask_for() -> None:
    levers = [
        PatrolTiming(profile="keep", weekday_weights=[1, 1, 1, 1, 1, 2, 2], from_day=9),
        PatrolSurge(factor=1.5, groups=("patrol",)),
        PatrolSurge(factor=9.0, enabled=False),
        PatrolMode(mode="beat", groups=("other",)),
    ]
    groups = [
        {"name": "patrol", "units": 8, "shift_hours": 8},
        {"name": "other", "units": 2, "shifts": [{"units": 2, "start_hour": 8, "hours": 8}]},
    ]
    tables = laid(square(), groups, levers=levers)
    units = tables["units"]
    # 8 crews, 14/9 of them on the heaviest day and one for rounding; 4 for the surge; the others' shifts are stated.
    assert np.bincount(units["group"]).tolist() == [13 + 4, 2]
    assert unit_rows(plan(groups, levers=levers)) == 19
    assert units["surge"].sum() == 4
    assert (units["shift_weekdays"] != 0).sum() == 10, "until a lever asks they work on no day"
    assert (np.diff(units["group"][:10]) >= 0).all(), "crews have the rows that they have without levers"
    without = laid(square(), groups)["units"]
    for name in ("group", "post", "shift_start_hour", "shift_weekdays", "node"):
        assert (units[name][:10] == without[name]).all()
    assert (tables["posts"]["end_stop"] - tables["posts"]["first_stop"] > 1).tolist() == [False] * 3 + [True]


def test_sectors_belong_to_the_nearest_post() -> None:
    tables = laid(line(9), [at(1, 7), at(4, name="second")])
    assert tables["nodes"]["sector"].tolist() == [0, 0, 0, 0, tables["nodes"]["sector"][4], 1, 1, 1, 1]
    assert tables["units"]["sector"].tolist() == [0, 1, tables["nodes"]["sector"][4]]
    own = [tables["lists"]["row"][sector.first : sector.end].tolist() for sector in tables["sectors"]]
    assert sorted(own[0] + own[1]) == [0, 1, 2]
    assert own[0][0] == 0


@pytest.mark.parametrize("level", ["community", "township", "county"])
def test_sectors_by_area(level: str) -> None:
    town = line(6, community=[0, 0, 1, 1, 2, 2])
    fields = {"dispatch": {"policy": "sector_first", "sectors": level}}
    tables = laid(town, [at(0, 3)], **fields)
    expected = [0] * 6 if level == "county" else [0, 0, 1, 1, 2, 2]
    assert tables["nodes"]["sector"].tolist() == expected
    assert tables["units"]["sector"].tolist() == ([0, 0] if level == "county" else [0, 1])
    assert len(tables["sectors"]) == max(expected) + 1


def preference(**lists: list[int]) -> dict[str, Any]:
    """Return orders to send units by these lists."""
    return {"dispatch": {"policy": "preference", "preferences": lists}}


def test_preferences_make_the_sectors() -> None:
    tables = laid(line(4), [at(0, 1, 2)], **preference(n0=[1, 2, 3], n1=[1, 3, 2], n2=[1, 2, 3], n3=[3, 1]))
    assert tables["nodes"]["sector"].tolist() == [0, 1, 0, 2]
    lists = [tables["lists"]["row"][sector.first : sector.end].tolist() for sector in tables["sectors"]]
    assert lists == [[0, 1, 2], [0, 2, 1], [2, 0]]


def test_preferences_know_crews_by_number_and_append_those_called_in() -> None:
    groups = [at(0, 1, 2), at(3, name="second")]
    lists = preference(n0=[4, 1], n1=[2], n2=[4], n3=[1])
    tables = laid(line(4), groups, levers=[PatrolSurge(factor=2.0, groups=("patrol",))], **lists)
    rows = [tables["lists"]["row"][sector.first : sector.end].tolist() for sector in tables["sectors"]]
    assert rows == [[3, 0, 4, 5, 6], [1, 4, 5, 6], [3], [0, 4, 5, 6]]


def test_every_wrong_name_and_list_is_told_at_once() -> None:
    groups = [
        at(0) | {"units": 2, "post_nodes": ["n0", "n00"]},
        {"name": "b", "units": 1, "duty": {"from_hour": 1, "until_hour": 2, "places": ["m1", "n2"]}},
        {"name": "c", "units": 1, "mode": "hot_spots", "hot_spots": {"nodes": ["n0", "x"]}},
        {"name": "d", "units": 1, "aid": {"delay_minutes": 1, "nodes": ["y"]}},
    ]
    lists = preference(n0=[1, 9], n1=[], n2=[2, 2], n9=[1])
    with pytest.raises(TownError) as wrong:
        laid(line(5), groups, **lists)
    text = str(wrong.value)
    for part in (
        'response.groups.0.post_nodes: the town has no node "n00"; did you mean "n0"?',
        'response.groups.1.duty.places: the town has no node "m1"',
        'hot spots of group c: the town has no node "x"',
        'response.groups.3.aid.nodes: the town has no node "y"',
        'node "n0" prefers units [1, 9]',
        'node "n1" prefers units []',
        'node "n2" prefers units [2, 2]',
        'response.dispatch.preferences: the town has no node "n9"',
        "leaves out 2 of 5 nodes: n3, n4",
    ):
        assert part in text
    assert len(wrong.value.problems) == 9


def test_nothing_is_drawn() -> None:
    groups = [{"name": "patrol", "units": 9, "shift_hours": 8, "mode": "beat"}, at(3, name="x", mode="hot_spots")]
    one, other = laid(square(), groups), laid(square(), groups)
    for name, table in one.items():
        assert table.tobytes() == other[name].tobytes()


def test_a_radius_that_takes_in_the_town_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.response.groups.MOST_NEAR", 1000)
    with pytest.raises(TownError, match="radius_metres 9000 is too wide for 36 nodes"):
        laid(square(), [at(1, mode="hot_spots", hot_spots={"radius_metres": 9000})])


@pytest.mark.parametrize("beat_km", [1.0, 2.5, 4.0])
def test_a_beat_has_about_the_length_asked_for(beat_km: float) -> None:
    town = square(15)
    tables = laid(town, [at(112, mode="beat", beat_km=beat_km)])
    post = tables["posts"][0]
    stops = tables["lists"]["row"][int(post.first_stop) : int(post.end_stop)].tolist()
    assert stops[0] == 112
    assert len(set(stops)) == len(stops) > 2
    x, y = town.roads.x_metres, town.roads.y_metres
    driven = sum(abs(x[a] - x[b]) + abs(y[a] - y[b]) for a, b in zip(stops, [*stops[1:], stops[0]], strict=True))
    assert driven / 1000 == pytest.approx(beat_km, rel=0.35)


def test_places_are_centre_town_or_country_by_their_square_kilometre() -> None:
    town = line(41, minutes=1.0)  # 20 km
    weight = np.zeros(41)
    weight[:3], weight[20], weight[40] = 0.3, 0.08, 0.02
    town = Town(town.roads, town.administration, weight)
    parameters = parameters_record({})[0]
    # The street is a strip one metre wide on the map: densities count a cell of 1 km x 1 m.
    classes = place_classes(town, 10, parameters)
    assert classes[0] == PlaceClass.CENTRE
    assert classes[20] == PlaceClass.TOWN
    assert classes[40] == PlaceClass.COUNTRY
    assert classes[10] == PlaceClass.COUNTRY
    assert (place_classes(town, 0, parameters) == PlaceClass.CENTRE).all()
    model = stage(square(), [at(0)], [])
    assert set(model.world.nodes["place_class"].tolist()) == {PlaceClass.TOWN}
