"""What ``gridtown check`` says of the response: calls, groups of units, their load, and hours without a crew."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.words import counted, say

if TYPE_CHECKING:
    from sim.response import CallLogData
    from sim.scenario import Scenario, UnitGroup
    from sim.town import Town


def names_places(scenario: Scenario) -> bool:
    """Decide whether a scenario names nodes, or reads places from a log, so that only its town can tell mistakes."""
    calls, response = scenario.calls, scenario.response
    return (
        calls.log is not None
        or response.dispatch.preferences is not None
        or any(stream.places.kind == "weights" for stream in calls.streams)
        or any(
            named is not None
            for group in response.all_groups()
            for named in (
                group.post_nodes,
                group.duty and group.duty.places,
                group.aid and group.aid.nodes,
                group.hot_spots and group.hot_spots.nodes,
            )
        )
    )


def things_read(scenario: Scenario) -> tuple[Town | None, CallLogData | None]:
    """Return the town and the log, as far as building them is needed to find a scenario's mistakes.

    Raises:
        TownError: the network, the log, or a name of a node is wrong.
    """
    if scenario.town.kind == "synthetic" and not names_places(scenario):
        return None, None
    from sim.build import town_of, working_days
    from sim.engine.clock import Calendar
    from sim.response import read_log, refuse_wrong_names
    from sim.scenario import parameters_record

    town = town_of(scenario)
    calendar = Calendar(scenario.calendar.start_date, scenario.calendar.days)
    log = read_log(scenario, town, calendar)
    values = parameters_record(scenario.parameters)[0]
    refuse_wrong_names(scenario, town, parameters=values, days=working_days(calendar, values), log=log)
    return town, log


def response_figures(scenario: Scenario, nodes: int, log: CallLogData | None) -> dict[str, Any]:
    """Return the groups of units, the calls by where they come from, and the load that the calls are.

    Raises:
        TownError: files of observed times on scene cannot be used.
    """
    from sim.response import flows_of, mean_on_duty
    from sim.scenario import FULL, parameters_record, waits_for_ever

    values = parameters_record(scenario.parameters)[0]
    flows = flows_of(scenario, values, log)
    offered, duty = sum(flow.offered for flow in flows), mean_on_duty(scenario, values)
    per_unit = offered / duty if duty > 0.0 else math.inf if offered > 0.0 else 0.0
    groups = [group_figures(scenario, group, nodes) for group in scenario.response.all_groups()]
    return {
        "groups": groups,
        "posts": sum(group["posts"] for group in groups),
        "calls": [vars(flow) for flow in flows],
        "log": None if log is None else {"rows": len(log.rows), "notes": list(log.notes)},
        "expected_calls": round(sum(flow.per_day for flow in flows) * scenario.calendar.days),
        "load": {
            "offered": offered,
            "on_duty": duty,
            "per_unit": per_unit,
            "overloaded": per_unit >= FULL,
            "waits_for_ever": waits_for_ever(scenario),
        },
    }


def group_figures(scenario: Scenario, group: UnitGroup, nodes: int) -> dict[str, Any]:
    """Return what there is to say of a group of units."""
    from sim.scenario import expected_posts

    return {
        "name": group.name,
        "units": group.units,
        "crew": group.crew,
        "tier": group.tier,
        "mode": group.mode,
        "posts": expected_posts(scenario, group, nodes),
        "shift_hours": group.shift_hours if group.shifts is None else None,
        "shifts": None if group.shifts is None else len(group.shifts),
        "aid_minutes": None if group.aid is None else group.aid.delay_minutes,
    }


def groups_words(one: dict[str, Any]) -> str:
    """Return a line for each group of units: how many, how they patrol, their shifts and posts."""
    return "\n".join(group_words(group) for group in one["groups"])


def group_words(group: dict[str, Any]) -> str:
    """Return a group of units in a line."""
    crews, posts = counted("crew", group["units"]), counted("post", group["posts"])
    if group["shifts"] is None:
        shifts = say("check.shifts_alike", hours=group["shift_hours"])
    else:
        shifts = counted("shift", group["shifts"])
    mode = say(f"mode.{group['mode']}")
    words = {"name": group["name"], "crews": crews, "crew": group["crew"], "mode": mode, "shifts": shifts}
    line = say("check.group", posts=posts, **words)
    return line if group["aid_minutes"] is None else say("check.group_aid", group=line, minutes=group["aid_minutes"])


def calls_words(one: dict[str, Any]) -> str:
    """Return a line for each origin of calls: how many a day, how long each takes."""
    lines = []
    for flow in one["calls"]:
        several = "" if flow["units"] == 1.0 else say("check.flow_units", units=flow["units"])
        name = flow["name"] if flow["origin"] == "stream" else say(f"origin.{flow['origin']}")
        lines.append(say("check.flow", name=name, rate=flow["per_day"], minutes=flow["scene_minutes"]) + several)
    if one["log"] is not None:
        file = Path(one["scenario"]["calls"]["log"]["file"]).name
        lines.append(say("check.log", calls=one["log"]["rows"], file=file))
    return "\n".join(lines) or say("check.calls_none")


def load_words(one: dict[str, Any]) -> str:
    """Return the load on the units in a line."""
    load = one["load"]
    return say("check.load_line", offered=load["offered"], duty=load["on_duty"], each=load["per_unit"])


def overload_words(one: dict[str, Any]) -> list[str]:
    """Return a warning where more work comes in than the units on duty can do."""
    load = one["load"]
    if not load["overloaded"]:
        return []
    return [say("check.overload" if load["waits_for_ever"] else "check.overload_lost", load=load["per_unit"])]


def log_notes(one: dict[str, Any]) -> list[str]:
    """Return what the reader of the log has to say."""
    return [] if one["log"] is None else list(one["log"]["notes"])


def hours_words(spans: Sequence[tuple[float, float]]) -> str:
    """Return parts of a week, in hours since Monday 0:00, as spans of time; once where every day has the same."""
    by_day: list[list[tuple[float, float]]] = [[] for _ in range(7)]
    for first, last in spans:
        for day in range(int(first // 24), min(int(-(-last // 24)), 7)):
            by_day[day].append((max(first - 24 * day, 0.0), min(last - 24 * day, 24.0)))
    if all(day == by_day[0] for day in by_day):
        return ", ".join(say("check.hours", first=clock(first), last=clock(last)) for first, last in by_day[0])
    return ", ".join(span_words(first, last) for first, last in spans)


def span_words(first: float, last: float) -> str:
    """Return a part of a week as "Mon 03:00 to 05:00" or "Fri 22:00 to Sat 02:00"."""
    day = first // 24
    same_day = last <= 24 * (day + 1)
    return say("check.span", first=week_clock(first), last=clock(last - 24 * day) if same_day else week_clock(last))


def clock(hour: float) -> str:
    """Return an hour of the day as 07:30."""
    minutes = round(60 * hour)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def week_clock(hour: float) -> str:
    """Return an hour of the week as "Mon 07:30"."""
    minutes = round(60 * hour)
    return f"{say('check.weekdays').split()[minutes // 1440 % 7]} {clock(minutes % 1440 / 60)}"
