"""A scenario beside its analytic twin on the terminal: load, figures with verdicts, and the assumptions that fail."""

from __future__ import annotations

import math
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from sim.commands.figures import console, table
from sim.commands.verdicts import show_failures
from sim.commands.verify_cases import (
    STYLES,
    columns,
    estimate_content,
    figure_words,
    number_words,
)
from sim.commands.words import counted, say

if TYPE_CHECKING:
    from sim.study import Line, Twin

HOURS_A_DAY = 24
ROUNDING = 1e-6


def twin_content(twin: Twin) -> dict[str, Any]:
    """Return a scenario and its twin as plain data."""
    return {
        "scenario": twin.scenario,
        "seeds": twin.seeds,
        "days": twin.days,
        "warm_up_days": twin.warm_up_days,
        "load": None if twin.load is None else {**vars(twin.load), "service_minutes": twin.load.service_minutes},
        "steady_state": None if twin.load is None else not twin.unsteady,
        "unsteady": [{"id": one.id, "text": say(f"assumption.{one.id}", **one.about)} for one in twin.unsteady],
        "assumptions": [
            {"id": one.id, "text": say(f"assumption.{one.id}", **one.about), "touches": sorted(one.touches)}
            for one in twin.broken
        ],
        "figures": [
            {
                "figure": line.figure.id,
                **line.figure.about,
                "family": line.figure.family,
                "unit": line.figure.unit,
                "twin": line.figure.twin,
                **estimate_content(line.simulated),
                "ratio": line.ratio,
                "verdict": line.verdict,
                "broken": list(line.broken),
            }
            for line in twin.lines
        ],
        "failures": [vars(failure) for failure in twin.failures],
    }


def show_twin(twin: Twin) -> None:
    """Print a scenario and its twin."""
    from rich.text import Text

    lines = console()
    lines.print(Text(say("twin.heading", name=twin.scenario), "bold"))
    made = counted("run", len(twin.seeds))
    warm = {"days": twin.days, "warm": twin.warm_up_days}
    lines.print(say("twin.runs", replications=made, first=twin.seeds[0], last=twin.seeds[-1], **warm) + "\n")
    show_load(twin)
    letters = {one.id: letter_of(number) for number, one in enumerate(twin.broken)}
    if twin.lines:
        lines.print()
        show_lines(twin, letters)
        show_summary(twin)
    elif twin.load is not None:
        lines.print("\n" + say("twin.no_calls"))
    lines.print("\n" + say("twin.notes" if twin.broken else "twin.none_broken"))
    notes = table(narrow=True)
    notes.show_header = False
    notes.add_column(no_wrap=True)
    notes.add_column(ratio=1)
    for one in twin.broken:
        notes.add_row(letters[one.id], say(f"assumption.{one.id}", **one.about))
    if twin.broken:
        lines.print(notes)
    if twin.failures:
        show_failures(twin.failures, len(twin.seeds), lines)


def letter_of(number: int) -> str:
    """Return the letter of a note: a, b, ..., z, aa, ab, ..."""
    first, last = divmod(number, len(ascii_lowercase))
    return (ascii_lowercase[first - 1] if first else "") + ascii_lowercase[last]


def show_load(twin: Twin) -> None:
    """Print calls, units and load, with a warning where there is no steady state."""
    from rich.text import Text

    load, demand = twin.load, twin.demand
    if load is None or demand is None:
        return
    rows = table(narrow=True)
    rows.show_header = False
    rows.add_column(no_wrap=True, style="dim", min_width=10)
    rows.add_column(ratio=1)
    calls = say("twin.demand_line", calls=demand.calls_per_day, service=load.service_minutes)
    parts = say(f"travel.{load.travel_from}", scene=load.scene_minutes, travel=load.travel_minutes)
    rows.add_row(say("twin.demand"), f"{calls}: {parts}")
    same = load.fewest == load.most
    duty = {"fewest": load.fewest, "most": load.most, "servers": load.servers}
    rows.add_row(say("twin.duty"), say("twin.duty_same" if same else "twin.duty_range", **duty))
    rows.add_row(say("twin.load"), say("twin.load_line", offered=load.offered, per_unit=load.per_unit))
    if load.worst_hour > load.per_unit * (1.0 + ROUNDING):
        rows.add_row("", worst_words(load.worst_hour, load.worst_at))
    for one in twin.unsteady:
        warning = say(f"assumption.{one.id}", **one.about)
        rows.add_row(Text(say("check.warning"), "bold yellow not dim"), Text(warning, "bold yellow"))
    if not twin.unsteady and load.worst_hour >= 1.0:
        rows.add_row(Text(say("check.warning"), "bold yellow not dim"), say("twin.unsteady_hours"))
    console().print(rows)


def worst_words(load: float, at: int) -> str:
    """Return at which hour of the week the load is highest."""
    day, hour = divmod(at, HOURS_A_DAY)
    weekday = say("weekdays").split()[day]
    key = "twin.worst" if math.isfinite(load) else "twin.worst_none"
    return say(key, weekday=weekday, hour=hour, load=load)


def show_lines(twin: Twin, letters: dict[str, str]) -> None:
    """Print every figure of the twin beside the simulated one."""
    from rich.text import Text

    rows = columns(say("column.figure"), say("column.twin"))
    rows.add_column(say("column.ratio"), justify="right", no_wrap=True)
    rows.add_column(say("column.verdict"), no_wrap=True, min_width=13)
    for line in twin.lines:
        figure, simulated = line.figure, line.simulated
        half = simulated.half_width
        rows.add_row(
            figure_words(figure.id, figure.unit, figure.about),
            number_words(figure.twin, half) if math.isfinite(figure.twin) else say("none"),
            number_words(simulated.mean, half) if math.isfinite(simulated.mean) else say("none"),
            say("half_width", width=number_words(half, half)) if math.isfinite(half) else say("none"),
            f"{line.ratio:.2f}" if math.isfinite(line.ratio) and line.ratio else say("none"),
            Text(verdict_with_notes(line, letters), STYLES[line.verdict]),
        )
    console().print(rows)


def verdict_with_notes(line: Line, letters: dict[str, str]) -> str:
    """Return a verdict, of a difference with the notes that may explain it; the ratio says how large it is."""
    if line.verdict != "differs":
        return say(f"judged.{line.verdict}")
    notes = "".join(letters[id_] for id_ in line.broken)
    return say("judged.because", notes=notes) if notes else say("judged.unexplained")


def show_summary(twin: Twin) -> None:
    """Print how many figures agree and how many differ."""
    verdicts = [line.verdict for line in twin.lines]
    agrees, differs = verdicts.count("agrees"), verdicts.count("differs")
    others = len(verdicts) - agrees - differs
    lines = console()
    lines.print("\n" + say("twin.summary", agrees=agrees, differs=differs, others=others, all=len(verdicts)))
    if agrees < len(verdicts):
        lines.print(say("twin.letters"))
    if "one_log" in verdicts:
        lines.print(say("twin.one_log"))
    odd = sum(line.verdict == "differs" and not line.broken for line in twin.lines)
    if odd:
        lines.print(say("twin.untouched" if twin.broken else "twin.unexplained", n=odd))
