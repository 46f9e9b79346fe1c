"""Times of a log: clocks put forward and back, zones, offsets, and other ways of writing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.response.log_times import EPOCH, LogClock, Reading, WrongTimeError, microseconds, resolved

CHICAGO = LogClock(ZoneInfo("America/Chicago"))  # forward on 2018-03-11 at 2:00, back on 2018-11-04 at 2:00
NINETIES = datetime.fromisoformat("1990-01-01")


def utc(text: str) -> int:
    """Return the microseconds since 1970 of a time in UTC."""
    return microseconds(datetime.fromisoformat(text).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("clock", "text", "expected"),
    [
        (LogClock(None), "2018-03-11 02:30:00", "2018-03-11T02:30"),
        (CHICAGO, "2018-05-01T00:10:28", "2018-05-01T05:10:28"),
        (CHICAGO, "2018-05-01 00:10:28.000001", "2018-05-01T05:10:28.000001"),
        (CHICAGO, "2018-05-01T00:10:28+02:00", "2018-04-30T22:10:28"),
        (CHICAGO, "2018-05-01T00:10:28Z", "2018-05-01T00:10:28"),
        (CHICAGO, "2018-03-11T02:30:00-06:00", "2018-03-11T08:30:00"),
        (LogClock(ZoneInfo("Asia/Shanghai"), form="%d.%m.%Y %H:%M"), "01.05.2018 08:00", "2018-05-01T00:00"),
    ],
)
def test_a_time_is_understood(clock: LogClock, text: str, expected: str) -> None:
    assert clock.read(text).moments == (utc(expected),)


@pytest.mark.parametrize(
    ("clock", "text", "words"),
    [
        (CHICAGO, "2018-03-11 02:00:00", "never on the clock in America/Chicago"),
        (CHICAGO, "2018-03-11 02:59:59.999999", "never on the clock"),
        (CHICAGO, "", "there is no time"),
        (CHICAGO, "yesterday", "no date and time"),
        (CHICAGO, "2018-02-30 10:00", "no date and time"),
        (CHICAGO, "05/01/2018 10:00", "calls.log.time_format"),
        (LogClock(None, form="%d/%m/%Y"), "2018-05-01", "write as %d/%m/%Y"),
        (LogClock(None), "2018-05-01T00:10:28Z", "has a time zone of its own"),
        (CHICAGO, "0001-01-01 00:00", "year that no log has"),
        (CHICAGO, "9999-12-31 23:59", "year that no log has"),
    ],
)
def test_what_is_no_time_of_the_clock_is_told(clock: LogClock, text: str, words: str) -> None:
    with pytest.raises(WrongTimeError, match=words.replace("(", r"\(")):
        clock.read(text)


def test_the_last_moment_before_the_gap_and_the_first_after_it_are_times() -> None:
    before, after = CHICAGO.read("2018-03-11 01:59:59"), CHICAGO.read("2018-03-11 03:00:00")
    assert after.moments[0] - before.moments[0] == 1_000_000


def test_an_hour_that_comes_twice_can_mean_two_moments() -> None:
    reading = CHICAGO.read("2018-11-04 01:30:00")
    assert reading.moments == (utc("2018-11-04T06:30"), utc("2018-11-04T07:30"))
    assert reading.at_or_after(None) == reading.moments[0]
    assert reading.at_or_after(reading.moments[0]) == reading.moments[0]
    assert reading.at_or_after(reading.moments[0] + 1) == reading.moments[1]
    assert reading.at_or_after(reading.moments[1] + 1) == reading.moments[0], "neither fits"
    assert len(CHICAGO.read("2018-11-04 02:00:00").moments) == 1


@pytest.mark.parametrize("newest_first", [False, True])
def test_the_order_of_the_log_tells_the_two_passes_apart(newest_first: bool) -> None:
    texts = ["00:50", "01:10", "01:50", "01:20", "01:40", "02:30", "03:00"]
    expected = [utc(f"2018-11-04T{hour}") for hour in ("05:50", "06:10", "06:50", "07:20", "07:40", "08:30", "09:00")]
    readings = [CHICAGO.read(f"2018-11-04 {text}") for text in texts]
    moments, twice, second = resolved(readings[::-1] if newest_first else readings)
    assert (moments[::-1] if newest_first else moments) == expected
    assert (twice, second) == (4, 2)


def test_rows_without_a_time_keep_their_place() -> None:
    moments, twice, second = resolved([None, Reading((5,)), None, Reading((3, 7))])
    assert (moments, twice, second) == ([None, 5, None, 7], 1, 1)
    assert resolved([]) == ([], 0, 0)


@given(moments=st.lists(st.integers(0, 1000), max_size=30))
def test_times_without_doubt_are_left_as_they_are(moments: list[int]) -> None:
    assert resolved([Reading((moment,)) for moment in moments]) == (moments, 0, 0)


@pytest.mark.parametrize("zone", ["America/Chicago", "Asia/Shanghai", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])
@given(moment=st.datetimes(NINETIES, NINETIES.replace(year=2037)))
def test_every_moment_is_among_those_of_its_own_wall_clock(zone: str, moment: datetime) -> None:
    clock = LogClock(ZoneInfo(zone))
    true = microseconds(moment.replace(tzinfo=UTC))
    wall = (EPOCH + timedelta(microseconds=true)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    reading = clock.read(wall.isoformat())
    assert true in reading.moments
    start = NINETIES.date()
    assert clock.wall_day(true, start) == (wall - NINETIES) / timedelta(days=1)


def test_a_runs_days_are_those_of_the_towns_clock() -> None:
    start = date(2018, 11, 4)
    reading = CHICAGO.read("2018-11-04 01:30:00")
    assert [CHICAGO.wall_day(moment, start) * 24 for moment in reading.moments] == [1.5, 1.5]
    assert CHICAGO.wall_day(CHICAGO.read("2018-11-05 00:00:00").moments[0], start) == 1.0
    abroad = LogClock(ZoneInfo("UTC"), ZoneInfo("Asia/Shanghai"))
    assert abroad.wall_day(abroad.read("2018-11-03 16:00:00").moments[0], start) == 0.0
