"""Travel in the traffic of the hour in which a way begins."""

from __future__ import annotations

from typing import Any

import pytest
from playing import at, call, line, play

SLOW: dict[str, Any] = dict.fromkeys(("trunk", "main", "street", "lane"), 0.5)


@pytest.mark.parametrize(("minute", "takes"), [(479, 4.0), (481, 8.0), (539, 8.0), (541, 4.0)])
def test_a_way_takes_the_time_of_the_hour_in_which_it_begins(minute: float, takes: float) -> None:
    day = play(line(5), [at(0)], [call(minute, 4)], travel={"traffic": [{"hours": [8], **SLOW}]})
    assert day.calls.arrived[0] - day.calls.departed[0] == pytest.approx(takes)


@pytest.mark.parametrize(("day", "takes"), [(0, 4.0), (1, 8.0), (2, 4.0)])
def test_traffic_is_that_of_the_weekday(day: int, takes: float) -> None:
    # The stage begins on a Sunday.
    traffic = [{"hours": list(range(24)), "weekdays": ["mon"], **SLOW}]
    found = play(line(5), [at(0)], [call(1440 * day + 600, 4)], travel={"traffic": traffic}, days=3)
    assert found.calls.arrived[0] - found.calls.departed[0] == pytest.approx(takes)
