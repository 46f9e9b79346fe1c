"""Groups of units in a scenario: what contradicts itself is refused, and rows are counted for all that levers ask."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.scenario import Mistake, Scenario, expected_rows, group_rows, post_count, unit_rows

Load = Callable[..., Scenario]
Find = Callable[..., list[Mistake]]

GROUP = "response.groups=[{name: foot, units: 3, %s}]"


def test_the_rows_that_levers_need(load: Load, valid: str) -> None:
    def rows(*levers: str) -> tuple[int, ...]:
        scenario = load(valid, f"interventions=[{', '.join(levers)}]")
        return tuple(group_rows(scenario, scenario.response.all_groups()[0]))

    weekend = "{name: patrol_timing, profile: flat, weekday_weights: [1, 1, 1, 1, 1, 2, 2]%s}"
    assert rows() == (9, 0)
    assert rows(weekend % "") == (9 * 14 // 9 + 1, 0)
    assert rows(weekend % ", share: 0") == (9, 0)
    assert rows("{name: patrol_timing, profile: flat, weekday_weights: [2, 2, 2, 2, 2, 2, 2]}") == (9, 0)
    assert rows("{name: patrol_surge, factor: 1.5}", "{name: patrol_surge, factor: 2}") == (9, 18)
    assert rows("{name: patrol_surge, factor: 5, enabled: false}") == (9, 0)


def test_rows_and_posts_of_all_groups_are_counted(load: Load, valid: str) -> None:
    shifts = "shifts: [{units: 3, start_hour: 8, hours: 8, weekdays: [sat, sun]}]"
    scenario = load(valid, GROUP % shifts, "response.posts=4")
    foot = scenario.response.all_groups()[1]
    assert unit_rows(scenario) == 12
    assert post_count(foot, 2) == 2, "one on duty on average at most, but one a township"
    assert post_count(foot, 1) == 1
    assert expected_rows(scenario)["posts"] == 6
    assert expected_rows(scenario)["units"] == 12
    named = load(valid, GROUP % "post_nodes: [a, b, c]", "response.posts=4")
    assert expected_rows(named)["posts"] == 7


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("shifts: [{units: 2, start_hour: 8, hours: 8}]", "shifts whose units add up"),
        ("posts: 2, post_nodes: [a]", "one of posts, post_nodes and aid.nodes"),
        ("post_nodes: [a], aid: {delay_minutes: 3, nodes: [b]}", "one of posts, post_nodes and aid.nodes"),
        ("hot_spots: {spots: 3}", "hot_spots only with mode hot_spots"),
        ("duty: {from_hour: 9, until_hour: 8}", "until_hour later than from_hour"),
        ("patrol_timing: {weekday_weights: [0, 0, 0, 0, 0, 0, 0]}", "weekday_weights of which one is more than 0"),
        ("patrol_timing: {profile: weights}", "24 weights, since the profile is weights"),
    ],
)
def test_contradictions_are_refused(mistakes: Find, valid: str, fields: str, told: str) -> None:
    found = mistakes(valid, GROUP % fields)
    assert any(told in str(one) for one in found), [str(one) for one in found]


def test_levers_on_groups_and_dates_that_are_not_there_are_refused(mistakes: Find, load: Load, valid: str) -> None:
    lever = "interventions=[{name: patrol_surge, factor: 2, groups: [patrol, fot], holidays: true}]"
    found = mistakes(valid, GROUP % "mode: random", lever)
    assert [one.field for one in found] == ["interventions.0.groups", "interventions.0.holidays"]
    assert found[0].nearest == "foot"
    right = lever.replace("fot", "foot")
    assert load(valid, GROUP % "mode: random", right, "calendar.holidays=[2023-05-01]").interventions
