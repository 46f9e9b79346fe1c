"""Cover moves on a line of posts, by a compliance table and by coverage."""

from __future__ import annotations

import numpy as np
from playing import at, call, line, play, stage

from sim.codes import Status

TABLE = {1: [2], 2: [1, 3], 3: [1, 2, 3]}


def posts_at(minute: float, cover: dict[str, object] | None, calls: list[dict[str, object]]) -> list[int]:
    """Return the posts (1 first) that free units man, or drive to, at a minute."""
    model = stage(line(21), [at(0, 10, 20)], calls, cover=cover or {})
    model.run_until(minute / 1440)
    free = np.isin(model.world.units["status"], [Status.AT_POST, Status.RETURNING])
    return sorted((model.world.units["post"][free] + 1).tolist())


def test_without_a_rule_posts_stay_bare() -> None:
    assert posts_at(5, None, [call(0, 0, scene=60), call(1, 10, scene=60)]) == [3]


def test_the_last_unit_moves_to_the_middle_as_the_table_says() -> None:
    table = {"rule": "table", "table": TABLE, "longest_move_minutes": 30}
    assert posts_at(5, table, [call(0, 0, scene=60), call(1, 10, scene=60)]) == [2]
    assert posts_at(5, table, [call(0, 10, scene=60)]) == [1, 3]


def test_no_unit_moves_farther_than_allowed() -> None:
    table = {"rule": "table", "table": TABLE, "longest_move_minutes": 5}
    assert posts_at(5, table, [call(0, 0, scene=60), call(1, 10, scene=60)]) == [3]


def test_a_unit_that_covered_goes_home_after_its_next_call() -> None:
    table = {"rule": "table", "table": {1: [2], 2: [1, 3]}, "longest_move_minutes": 30}
    calls = [call(0, 0, scene=50), call(1, 10, scene=40), call(20, 11, scene=5)]
    day = play(line(21), [at(0, 10, 20)], calls, cover=table)
    assert day.calls.unit_node[2] == 10  # from the post that it had moved to
    assert (day.units["post"] == day.units["home_post"]).sum() >= 1


def test_coverage_fills_the_largest_gap() -> None:
    # Three minutes around a post hold 4 nodes at an end of the line and 7 in its middle.
    rule = {"rule": "coverage", "minutes": 3, "longest_move_minutes": 30}
    assert posts_at(5, rule, [call(0, 0, scene=60), call(1, 10, scene=60)]) == [2]
    assert posts_at(5, rule, []) == [1, 2, 3]


def test_coverage_moves_nobody_without_a_gain() -> None:
    rule = {"rule": "coverage", "minutes": 30, "longest_move_minutes": 30}
    model = stage(line(21), [at(0, 10, 20)], [call(0, 10, scene=60)], cover=rule)
    model.run_until(0.5)
    assert model.world.units["spent"][[0, 2], Status.RETURNING].tolist() == [0.0, 0.0]


def test_a_unit_that_mans_a_wanted_post_alone_is_not_to_spare() -> None:
    # The crew of post 2 is nearer to post 3, but the table wants both: the one from post 1 moves.
    table = {"rule": "table", "table": {2: [2, 3], 3: [1, 2, 3]}, "longest_move_minutes": 30}
    assert posts_at(5, table, [call(0, 20, scene=60)]) == [2, 3]


def test_nobody_moves_to_a_post_that_is_manned() -> None:
    table = {"rule": "table", "table": {2: [1], 3: [1, 2, 3]}, "longest_move_minutes": 30}
    assert posts_at(5, table, [call(0, 20, scene=60)]) == [1, 2]


def test_coverage_moves_nobody_farther_than_allowed() -> None:
    rule = {"rule": "coverage", "minutes": 3, "longest_move_minutes": 5}
    assert posts_at(5, rule, [call(0, 0, scene=60), call(1, 10, scene=60)]) == [3]


def test_the_nearest_unit_to_spare_moves() -> None:
    table = {"rule": "table", "table": {2: [1], 3: [1, 2, 3]}, "longest_move_minutes": 30}
    assert posts_at(5, table, [call(0, 0, scene=60)]) == [1, 3]


AID = {"name": "aid", "units": 1, "post_nodes": ["n20"], "shift_hours": 24, "aid": {"delay_minutes": 5}}
COVERAGE = {"rule": "coverage", "minutes": 3, "longest_move_minutes": 30}


def test_nobody_covers_for_a_neighbour() -> None:
    day = play(line(21), [at(0, 0), AID], [call(0, 3, scene=60)], cover=COVERAGE)
    assert day.units["home_post"].tolist() == day.units["post"].tolist()
    assert day.units["spent"][1, Status.RETURNING] == 0.0


def test_no_neighbour_covers_for_the_town() -> None:
    day = play(line(21), [at(10), AID], [call(0, 10, scene=60)], cover=COVERAGE)
    assert day.units["post"].tolist() == [0, 1]


def test_what_a_unit_leaves_counts_only_where_no_other_reaches() -> None:
    # The crew at node 13 leaves one node to nobody and brings four; that at node 12 is too far away.
    cover = COVERAGE | {"longest_move_minutes": 7.5}
    model = stage(line(21), [at(12, 13, 20)], [call(0, 20, scene=60)], cover=cover)
    model.run_until(5 / 1440)
    assert model.world.units["post"].tolist() == [0, 2, 2]


def test_home_is_the_post_that_a_unit_had_before_it_covered() -> None:
    table = {"rule": "table", "table": {1: [2]}, "longest_move_minutes": 30}
    calls = [call(0, 10, scene=20), call(15, 11, scene=10)]
    day = play(line(12), [at(0, 10)], calls, cover=table)
    assert day.calls.unit_node.tolist() == [10, 10]
    assert day.units["post"].tolist() == day.units["home_post"].tolist()
    assert day.units["node"].tolist() == [0, 10]


def test_a_unit_that_comes_free_may_let_another_go_back() -> None:
    # Alone, the crew of post 3 has moved to post 2, whose own is free again soon after: the ends are then wanted.
    table = {"rule": "table", "table": {1: [2], 2: [1, 3]}, "longest_move_minutes": 30}
    assert posts_at(12, table, [call(0, 0, scene=60), call(1, 10, scene=5)]) == [1, 3]


def test_a_crew_on_its_duty_mans_no_post() -> None:
    duty = {"places": ["n6"], "from_hour": 0, "until_hour": 24, "weekdays": ["sun"]}
    table = {"rule": "table", "table": {1: [1], 2: [1, 2]}, "longest_move_minutes": 30}
    model = stage(line(11), [at(0, duty=duty), at(10, name="cars")], [call(5, 10, scene=5)], cover=table)
    model.run_until(60 / 1440)
    assert model.world.units["post"].tolist() == [0, 0]
    assert model.world.units["node"].tolist() == [6, 0]


def test_the_largest_gap_is_filled_first() -> None:
    # Two crews at node 16; node 3 reaches seven further nodes, node 18 one. With one gone, the other stays.
    posts = [f"n{node}" for node in (16, 16, 18, 3)]
    group = {"name": "patrol", "units": 2, "post_nodes": posts, "shift_hours": 24}
    model = stage(line(21), [group], [], cover=COVERAGE)
    model.run_until(1 / 1440)
    assert model.world.units["post"].tolist() == [3, 1]
