"""A comparison's words: differences with their uncertainty, verdicts, and notes."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, cast

import pytest

from sim.commands.figures import console
from sim.commands.verdicts import (
    MOST_CHANGES,
    changes_words,
    difference_words,
    kind_notes,
    notes,
    pairing_note,
    precision_note,
    show,
    show_option,
    summary,
    value_words,
    verdict_words,
)
from sim.study import Change, Comparison, Effect


def effect(**changed: Any) -> Effect:
    made: dict[str, Any] = {
        "outcome": "response_minutes_mean",
        "option": "new",
        "base_mean": 3.0,
        "option_mean": 2.5,
        "difference": -0.5123,
        "low": -0.6234,
        "high": -0.4012,
        "p_value": 0.001,
        "p_holm": 0.01,
        "variance_ratio": 8.0,
        "replications": 10,
        "verdict": "better",
        "replications_needed": 7.0,
    }
    return Effect(**{**made, **changed})


def made(precision: float = 0.05, replications: int = 10) -> Comparison:
    return cast(
        "Comparison", SimpleNamespace(provenance={"precision": precision}, seeds=list(range(1, replications + 1)))
    )


def test_decimals_follow_the_uncertainty() -> None:
    assert difference_words(effect()) == ("-0.51", "-0.62 to -0.40")
    assert difference_words(effect(difference=212764.1, low=212260.4, high=213267.8)) == (
        "+212,764",
        "+212,260 to +213,268",
    )


def test_what_never_varies_has_no_interval() -> None:
    assert difference_words(effect(difference=72000.0, low=72000.0, high=72000.0)) == ("+72,000", "in every pair")
    assert difference_words(effect(low=math.nan, high=math.nan)) == ("-0.512", "-")


@pytest.mark.parametrize(
    ("verdict", "difference", "words"),
    [
        ("better", -0.5, "\N{DOWNWARDS ARROW} better"),
        ("worse", 0.5, "\N{UPWARDS ARROW} worse"),
        ("different", 0.5, "\N{UPWARDS ARROW} different"),
        ("no difference seen", 0.5, "=\N{DEGREE SIGN}"),
        ("undefined", 0.5, "unjudged"),
    ],
)
def test_a_verdict_is_read_without_colour(verdict: str, difference: float, words: str) -> None:
    assert verdict_words(effect(verdict=verdict, difference=difference)).plain == words


def test_an_interval_beside_zero_is_marked_and_explained() -> None:
    hint = effect(verdict="no difference seen")
    assert verdict_words(hint).plain == "=\N{DEGREE SIGN}"
    about = SimpleNamespace(
        options=["new"], effects=[hint], shown=[hint.outcome], seeds=[1, 2], provenance={"precision": 0.05}
    )
    said = notes(cast("Comparison", about))
    assert any(note.startswith("\N{DEGREE SIGN} The interval leaves out zero") for note in said)
    assert "over the one comparison shown (Holm)" in said[0]
    about.effects = [hint, hint, effect(verdict="undefined", p_value=math.nan)]
    assert "over all 2 comparisons shown together (Holm)" in notes(cast("Comparison", about))[0]
    about.effects = [effect(verdict="no difference seen", low=-1.0, high=1.0)]
    assert not any("\N{DEGREE SIGN}" in note for note in notes(cast("Comparison", about)))


LARGE = {"difference": -212_764.1, "low": -1_212_260.4, "high": 213_267.8, "base_mean": 12_345_678.0}


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_table_keeps_its_verdicts_however_narrow_the_terminal(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    ids = ("recorded_found_in_30_days_share", "cost_total_yuan", "response_minutes_mean", "response_p90_gap")
    verdicts = ("different", "worse", "no difference seen", "undefined")
    effects = [effect(outcome=id_, verdict=word) for id_, word in zip(ids, verdicts, strict=True)]
    effects[1] = effect(outcome="cost_total_yuan", verdict="worse", **LARGE)
    plan = SimpleNamespace(title="New", interventions=())
    about = SimpleNamespace(
        options=["new"],
        base="old",
        effects=effects,
        shown=list(ids),
        scenarios={"new": plan, "old": plan},
        changes={"new": []},
    )
    show_option(cast("Comparison", about), "new", console())
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line.rstrip()) for line in lines) <= width
    text = "\n".join(lines)
    for word in ("verdict", "different", "worse", "=\N{DEGREE SIGN}", "unjudged", "-212,764", "12,345,678"):
        assert word in text, word
    assert text.count("-0.62 to -0.40") == 3


def test_what_no_run_defines_is_named_below_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    nan = math.nan
    nothing = effect(outcome="tension_mean", verdict="undefined", difference=nan, low=nan, high=nan, base_mean=nan)
    plan = SimpleNamespace(title="New", interventions=())
    about = SimpleNamespace(
        base="old",
        effects=[effect(), nothing],
        shown=["tension_mean", "response_minutes_mean"],
        scenarios={"new": plan, "old": plan},
        changes={"new": []},
    )
    show_option(cast("Comparison", about), "new", console())
    text = capsys.readouterr().out
    assert "Not defined in these runs: Tension over the run" in text
    assert "unjudged" not in text
    assert "The same in every pair" not in text


@pytest.mark.parametrize(("seeds", "words"), [([4], "1 replication of each, seed 4;"), ([4, 5], "seeds 4 to 5;")])
def test_one_seed_is_no_range(seeds: list[int], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    about = made(replications=len(seeds))
    vars(about).update(options=[], base="old", scenarios={"old": None}, seeds=seeds, effects=[], shown=[], failures=[])
    show(about, {})
    assert words in " ".join(capsys.readouterr().out.split())


def test_one_field_is_no_plural() -> None:
    changes = [Change(f"people.field_{number}", 1, 2) for number in range(MOST_CHANGES + 1)]
    plan = SimpleNamespace(interventions=())
    about = SimpleNamespace(changes={"new": changes}, base="old", scenarios={"new": plan, "old": plan})
    assert changes_words(cast("Comparison", about), "new")[-1] == "1 field more"
    about.changes["new"].append(Change("people.last", 1, 2))
    assert changes_words(cast("Comparison", about), "new")[-1] == "2 fields more"


def test_summary_counts_every_row() -> None:
    effects = [effect(), effect(verdict="worse"), effect(verdict="no difference seen"), effect(verdict="undefined")]
    words = summary("new", effects)
    assert "better in 1, worse in 1, no difference seen in 1 of 4" in words
    assert "1 of 4 cannot be judged" in words
    assert "different without" in summary("new", [effect(verdict="different")])


def test_replications_needed() -> None:
    assert precision_note(made(), [effect()]) == ["Every difference shown is known to within 5 % of its base mean."]
    (note,) = precision_note(made(), [effect(replications_needed=40.0), effect(replications_needed=math.inf)])
    assert "over a million for Response time, mean (new), 40 for Response time, mean (new)" in note
    (many,) = precision_note(made(), [effect(replications_needed=40.0)] * 5)
    assert "and more than 10 for 2 others" in many
    assert precision_note(made(), [effect(replications_needed=math.nan)]) == []


def test_gain_of_shared_luck() -> None:
    (note,) = pairing_note([effect(variance_ratio=ratio) for ratio in (2.0, 8.0, 1e12, math.nan)])
    assert "8.00 times smaller" in note
    assert "2.00 to over 10,000" in note
    assert pairing_note([effect(variance_ratio=math.nan)]) == []


def test_true_and_recorded_are_told_apart() -> None:
    notes = kind_notes(["true_settled_share", "recorded_found_share", "response_minutes_mean"])
    assert notes[0] == "True, what happened: Disputes truly settled."
    assert notes[1] == "Recorded, what the books say: Disputes found."
    assert len(notes) == 3


def test_long_lists_are_cut() -> None:
    assert value_words([1, 2, 3, 4, 5, 6]) == "[1, 2, ..., 6]"
    assert value_words(None) == "-"
