"""A comparison on the terminal: what differs, by how much, how sure that is, and how to read it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.check import policy_words
from sim.commands.figures import console, decimals, figure, place, signed, table, unit_words
from sim.commands.words import counted, say

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from sim.study import Comparison, Effect, Failure

PLACES = {"better": 0, "worse": 0, "different": 0, "undefined": 1, "no difference seen": 2}
STYLES = {"better": "green", "worse": "red", "different": "bold"}
BETWEEN_COLUMNS = 2
OUTCOME_WIDTH = 20  # least columns for an outcome's title beside the figures
MOST_CHANGES = 6
MOST_NEEDED = 3
MOST_GAIN = 10_000.0  # a larger gain is that of two runs which differ in next to nothing


def show(made: Comparison, written: dict[str, Path]) -> None:
    """Print a comparison: a table for each option, what the tables say in words, failures, and where the files are."""
    from rich.text import Text

    lines = console()
    heading = say("compare.heading", options=", ".join(made.options), base=made.base)
    runs = counted("replication", len(made.seeds))
    lines.print(Text(heading, "bold"))
    seeds = say("compare.seeds" if len(made.seeds) > 1 else "compare.seed", first=made.seeds[0], last=made.seeds[-1])
    lines.print(say("compare.replications", replications=runs, seeds=seeds))
    for option in made.options:
        show_option(made, option, lines)
    lines.print()
    lines.print(Text(say("compare.short"), "bold"))
    for option in made.options:
        lines.print(bullet(summary(option, effects_of(made, option))))
    lines.print()
    lines.print(Text(say("note.heading"), "bold"))
    for note in notes(made):
        lines.print(bullet(note))
    if made.failures:
        show_failures(made.failures, len(made.seeds) * len(made.scenarios), lines)
    if written:
        lines.print()
    for name, key in (("folder", "compare.tables"), ("report", "compare.report")):
        if name in written:
            lines.print(say(key, place=place(written[name])), soft_wrap=True)


def bullet(note: str) -> object:
    """Return a note with a mark before its first line and all others in line with it."""
    from rich.table import Table

    row = Table.grid(padding=(0, 1))
    row.add_row("-", note)
    return row


def effects_of(made: Comparison, option: str) -> list[Effect]:
    """Return an option's effects on the outcomes shown."""
    shown = set(made.shown)
    return [effect for effect in made.effects if effect.option == option and effect.outcome in shown]


def show_option(made: Comparison, option: str, lines: Console) -> None:
    """Print an option's differences from the base: those seen, those not seen, what never differed, what has none."""
    from rich.text import Text

    lines.print()
    lines.print(Text(made.scenarios[option].title or option, "bold"))
    lines.print(Text(say("compare.option", option=option, base=made.base), "dim"))
    for change in changes_words(made, option):
        lines.print(bullet(change))
    lines.print()
    effects = effects_of(made, option)
    undefined = [effect for effect in effects if math.isnan(effect.difference)]
    same = [effect for effect in effects if effect.is_same]
    moved = [effect for effect in effects if effect not in (*same, *undefined)]
    if moved:
        lines.print(effect_table(moved, lines.width))
    for found, words in ((same, say("compare.same")), (undefined, say("compare.undefined"))):
        if found:
            lines.print(Text.assemble("\n" if moved else "", (words, "bold"), " ", titles(found)))


def titles(effects: Sequence[Effect]) -> str:
    """Return the titles of effects' outcomes side by side."""
    from sim.outcomes import CATALOGUE

    return "; ".join(CATALOGUE[effect.outcome].title for effect in effects)


def effect_table(effects: Sequence[Effect], width: int) -> Table:
    """Return a table of effects: those seen first. On a narrow terminal an interval stands below its difference."""
    from rich.text import Text

    ordered = sorted(effects, key=lambda one: PLACES[one.verdict])
    cells = [(figure(one.base_mean), *difference_words(one), verdict_words(one).plain) for one in ordered]
    heads = (say("column.base"), say("column.difference"), say("column.interval"), say("column.verdict"))
    widths = [OUTCOME_WIDTH, *(max(map(len, column)) for column in zip(heads, *cells, strict=True))]
    narrow = sum(widths) + BETWEEN_COLUMNS * len(widths) > width
    rows = table(narrow=True)
    rows.add_column(say("column.outcome"), min_width=0 if narrow else OUTCOME_WIDTH)
    rows.add_column(heads[0], justify="right", no_wrap=True)
    for head in ["\n".join(heads[1:3])] if narrow else heads[1:3]:
        rows.add_column(head, justify="left" if head == heads[2] else "right", no_wrap=not narrow)
    rows.add_column(heads[3], no_wrap=True)
    unseen = False
    for effect, (base, difference, interval, _) in zip(ordered, cells, strict=True):
        if effect.verdict == "no difference seen" and not unseen:
            unseen = True
            rows.add_row(Text(say("compare.unseen"), "bold"))
        said = [f"{difference}\n{interval}"] if narrow else [difference, interval]
        rows.add_row(outcome_words(effect.outcome), base, *said, verdict_words(effect))
    return rows


def outcome_words(id_: str) -> Text:
    """Return an outcome's title with its unit."""
    from rich.text import Text

    from sim.outcomes import CATALOGUE

    return Text.assemble(CATALOGUE[id_].title, (f" ({unit_words(CATALOGUE[id_].unit)})", "dim"))


def changes_words(made: Comparison, option: str) -> list[str]:
    """Return in a line each how an option's scenario differs from the base's; policies in words."""
    changes = [one for one in made.changes[option] if not one.path.startswith("interventions")]
    words = [
        say("compare.change", path=one.path, base=value_words(one.base), option=value_words(one.option))
        for one in changes[:MOST_CHANGES]
    ]
    if len(changes) > MOST_CHANGES:
        words.append(counted("further_field", len(changes) - MOST_CHANGES))
    ours, theirs = (
        [policy_words(lever) for lever in made.scenarios[name].interventions] for name in (option, made.base)
    )
    words += [say("compare.with", lever=lever) for lever in ours if lever not in theirs]
    words += [say("compare.without", lever=lever) for lever in theirs if lever not in ours]
    return words or [say("compare.no_changes")]


def value_words(value: object) -> str:
    """Return a field's value in a few letters, of a list its ends."""
    if value is None:
        return say("none")
    if isinstance(value, list) and len(value) > 4:
        return f"[{value[0]}, {value[1]}, ..., {value[-1]}]"
    return str(value)


def difference_words(effect: Effect) -> tuple[str, str]:
    """Return a difference and its interval, with as many decimals as its uncertainty leaves meaning to."""
    half = (effect.high - effect.low) / 2.0
    if math.isnan(half):
        return signed(effect.difference, decimals(effect.difference)), say("none")
    if half == 0.0:
        return signed(effect.difference, decimals(effect.difference)), say("compare.every_pair")
    places = decimals(half, digits=2)
    interval = say("compare.interval", low=signed(effect.low, places), high=signed(effect.high, places))
    return signed(effect.difference, places), interval


def verdict_words(effect: Effect) -> Text:
    """Return the verdict: an arrow the way the number goes and a word; colour only repeats the word.

    A degree sign marks a difference whose own interval leaves out zero, though it does not survive the correction.
    """
    from rich.text import Text

    if effect.verdict == "no difference seen":
        return Text(say("verdict.hint" if effect.is_hint else "verdict.none_arrow"), "dim")
    if effect.verdict == "undefined":
        return Text(say("verdict.undefined"), "dim")
    arrow = say("verdict.higher_arrow" if effect.difference > 0 else "verdict.lower_arrow")
    return Text(f"{arrow} {say(f'verdict.{effect.verdict}')}", STYLES[effect.verdict])


def summary(option: str, effects: Sequence[Effect]) -> str:
    """Return in a sentence what became of an option's outcomes."""
    counts = {word: sum(one.verdict == word for one in effects) for word in ("better", "worse", "different")}
    same = sum(one.verdict == "no difference seen" for one in effects)
    undefined = sum(one.verdict == "undefined" for one in effects)
    key = "compare.summary_different" if counts["different"] else "compare.summary"
    words = [say(key, option=option, same=same, all=len(effects), **counts)] if undefined < len(effects) else []
    if undefined:
        words.append(say("compare.undefined_too", option=option, undefined=undefined, all=len(effects)))
    return "\n".join(words)


def notes(made: Comparison) -> list[str]:
    """Return what a reader of the tables should know."""
    effects = [effect for option in made.options for effect in effects_of(made, option)]
    tested = sum(not math.isnan(effect.p_value) for effect in effects)
    found = [say("note.verdict", comparisons=counted("comparison", tested))] if tested else []
    if any(effect.verdict == "no difference seen" for effect in effects):
        found.append(say("note.no_difference"))
    if any(effect.is_hint for effect in effects):
        found.append(say("note.hint"))
    if len(made.seeds) == 1:
        found.append(say("note.one_replication"))
    else:
        found += [*precision_note(made, effects), *pairing_note(effects)]
    return found + kind_notes(made.shown)


def precision_note(made: Comparison, effects: Sequence[Effect]) -> list[str]:
    """Return how many replications the stated precision needs, where more than were made."""
    known = [effect for effect in effects if not math.isnan(effect.replications_needed)]
    precision = f"{100 * made.provenance['precision']:g} %"
    lacking = sorted(
        (effect for effect in known if effect.replications_needed > effect.replications),
        key=lambda effect: -effect.replications_needed,
    )
    if not known:
        return []
    if not lacking:
        return [say("note.enough", precision=precision)]
    from sim.outcomes import CATALOGUE

    needed = ", ".join(
        say(
            "note.needed_one",
            count=f"{one.replications_needed:,.0f}"
            if math.isfinite(one.replications_needed)
            else say("note.needed_many"),
            outcome=CATALOGUE[one.outcome].title,
            option=one.option,
        )
        for one in lacking[:MOST_NEEDED]
    )
    if len(lacking) > MOST_NEEDED:
        others = counted("other", len(lacking) - MOST_NEEDED)
        needed += ", " + say("note.needed_more", replications=len(made.seeds), others=others)
    return [say("note.needed", precision=precision, needed=needed, replications=len(made.seeds))]


def pairing_note(effects: Sequence[Effect]) -> list[str]:
    """Return how much shared luck gained over separate runs."""
    ratios = [effect.variance_ratio for effect in effects if math.isfinite(effect.variance_ratio)]
    if not ratios:
        return []
    middle, low, high = (
        say("note.gain_over", most=f"{MOST_GAIN:,.0f}") if one > MOST_GAIN else figure(one)
        for one in (statistics.median(ratios), min(ratios), max(ratios))
    )
    return [say("note.pairing", median=middle, low=low, high=high)]


def kind_notes(shown: Sequence[str]) -> list[str]:
    """Return which of the outcomes shown say what happened, and which what the books say."""
    from sim.outcomes import CATALOGUE

    found = []
    for kind in ("true", "recorded"):
        titles = [CATALOGUE[id_].title for id_ in shown if CATALOGUE[id_].kind == kind]
        if titles:
            found.append(say(f"note.{kind}", outcomes="; ".join(titles)))
    if any(CATALOGUE[id_].kind == "neutral" for id_ in shown):
        found.append(say("note.neutral"))
    return found


def show_failures(failures: Sequence[Failure], runs: int, lines: Console) -> None:
    """Print each failed replication, of so many made, with the command that makes it again."""
    from rich.text import Text

    lines.print()
    lines.print(Text(say("failure.heading", failed=len(failures), all=counted("run", runs)), "bold red"))
    for one in failures:
        message = one.message.splitlines()[0] if one.message else ""
        lines.print(say("failure.one", scenario=one.scenario, seed=one.seed, type=one.type, message=message))
        lines.print(say("failure.replay", command=one.command), soft_wrap=True)
