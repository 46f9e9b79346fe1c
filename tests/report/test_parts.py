from dataclasses import replace
from typing import Any

import pytest

from sim.outcomes import HEADLINE
from sim.report.answer import finding, losers, weighed
from sim.report.districts import district_tables
from sim.report.scheme import COLOURS, common_beginning, letters, players, what_is_added
from sim.report.tables import change_rows, outcome_rows, parameter_rows, precision_rows
from sim.report.wording import load_words, shortened, tidy
from sim.study import Comparison, Effect

WORDS = load_words()


def effect(low: float, high: float, verdict: Any = "no difference seen") -> Effect:
    middle = (low + high) / 2.0
    return Effect("calls", "option", 10.0, 10.0 + middle, middle, low, high, 0.04, 0.6, 2.0, 4, verdict)


def test_letters_go_on_after_z() -> None:
    assert [letters(number) for number in (0, 1, 25, 26, 27, 52, 702)] == ["A", "B", "Z", "AA", "AB", "BA", "AAA"]


def test_a_short_name_is_what_the_title_adds() -> None:
    assert what_is_added("Our town, grids half as large", "Our town") == "Grids half as large"
    assert what_is_added("Our town", "Our town") == "Our town"
    assert what_is_added("Elsewhere", "") == "Elsewhere"


def test_titles_share_a_beginning_of_whole_words() -> None:
    assert common_beginning(["Our street as it is", "Our street, grids half as large"]) == "Our street"
    assert common_beginning(["Our street", "Our street, more", "Our streets"]) == "Our"
    assert common_beginning(["Our street", "Elsewhere"]) == ""


def test_every_scenario_looks_different(build: Any, scenario: Any) -> None:
    options = [scenario(f"option-{number}", 1.0 + number) for number in range(1, 10)]
    everyone = players(build(options, replications=2), WORDS)
    assert len({(one.colour, one.sign, one.dashes) for one in everyone}) == len(everyone) == 10
    assert len(COLOURS) == 6


def test_user_text_is_made_tidy() -> None:
    assert tidy("  a\n\tb\x00c\u2028d ") == "a b c d"
    assert tidy("\u202eabc\u2066") == "abc"
    assert tidy("\ud800x") == "x"
    assert shortened("x" * 50, 10) == "x" * 9 + "…"


def test_a_list_is_a_sentence() -> None:
    assert [WORDS.listing(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert WORDS.listing(["a, b", "c"]) == "a, b; and c"


def test_every_outcome_has_one_place_among_the_sentences(usual: Comparison) -> None:
    said = finding(usual, players(usual, WORDS)[1], WORDS)
    assert said.headline.startswith("Better on 2 and worse on 2 of 17")
    assert any(
        sentence == "Exactly the same as in the base in every replication: the 13 other outcomes."
        for sentence in said.sentences
    )


def test_small_differences_are_marked_and_come_last() -> None:
    small = effect(0.05, 0.09, "worse")
    said = weighed([small, effect(-3.0, -1.0, "worse"), effect(0.1, 0.1, "worse")], WORDS).split("; Calls")
    assert [one.endswith("(small: below 1 % of the base)") for one in said] == [False, False, True]
    assert "+0.07" in said[2]
    assert "small" not in weighed([replace(small, base_mean=0.0)], WORDS)


def test_the_card_of_an_option_marks_what_is_small(build: Any, scenario: Any) -> None:
    comparison = build([scenario("more", 2.0)], {"more": {"recorded_found_share": 0.003, "settlement_gap": -0.2}})
    sentence = finding(comparison, players(comparison, WORDS)[1], WORDS).sentences[0]
    assert sentence.index("Recorded minus true settlement") < sentence.index("Disputes found")
    assert sentence.endswith("(small: below 1 % of the base).")
    assert sentence.count("small") == 1


def test_callers_at_the_worst_hours_are_named_as_losers() -> None:
    worse = [replace(effect(1.0, 2.0, "worse"), outcome=id_) for id_ in ("response_hour_gap", "calls", "queued_share")]
    callers, night = "people who call for help", "people who call for help at the worst-served hours of the day"
    assert losers(worse, WORDS) == f"{callers} and {night}"


def test_burdens_costs_and_equity_stand_beside_benefits(usual: Comparison) -> None:
    options = players(usual, WORDS)[1:]
    groups = outcome_rows(usual, usual.shown, options, WORDS)
    assert [group for group, _ in groups] == ["disputes", "response", "people", "burden", "cost", "equity"]
    rows = {row.id: row for _, rows in groups for row in rows}
    assert set(rows) == set(HEADLINE)
    assert [cell.verdict for cell in rows["recorded_found_share"].cells] == ["better", "no difference seen"]
    assert [cell.sign for cell in rows["cost_total_yuan"].cells] == ["✗", "="]
    assert rows["recorded_found_share"].kind == "recorded"


def test_precision_says_what_pairing_gained(usual: Comparison) -> None:
    option = players(usual, WORDS)[1]
    rows = precision_rows(usual, option, ["cost_total_yuan", "calls"], WORDS)
    assert rows[0].p_holm == "< 0.001"
    assert rows[0].gain.endswith("×") or rows[0].gain.startswith(">")
    assert rows[1].gain == "no variance"
    assert (rows[0].pairs, rows[1].p_holm) == ("4", "1.00")


def test_changes_show_every_scenario_side_by_side(build: Any, scenario: Any) -> None:
    fewer = scenario("fewer", people={"residents": 800})
    more = scenario("more", 2.0)
    comparison = build([fewer, more], replications=2)
    rows = dict(change_rows(comparison, players(comparison, WORDS), WORDS))
    assert rows["interventions"] == ["none", "none", "mediators (from_day 0, factor 2)"]
    assert rows["people.residents"] == ["900", "800", "as in the base"]


def test_parameters_are_listed_by_what_they_rest_on(usual: Comparison) -> None:
    unsourced = parameter_rows(usual, "N", WORDS)
    assert len(unsourced) == sum(1 for one in usual.parameters if one.status == "N") > 20
    by_id = {row.id: row for row in parameter_rows(usual, "NMDF", WORDS)}
    assert by_id["tension_half_life_days"].range == "7 to 180"
    assert by_id["climb_per_day"].value.startswith("9 values, 0 to ")
    assert by_id["households_per_grid"].value.startswith("not used by the base")


def test_districts_are_ranked_and_losers_counted(usual: Comparison) -> None:
    slow, found, settled = district_tables(usual, players(usual, WORDS), WORDS)
    assert [(row.name, row.rank) for row in slow.rows] == [("South", "worst"), ("Middle", ""), ("North", "best")]
    assert slow.losing == ["A · Twice the mediators: clearly worse in 3, clearly better in 0 of 3 districts."]
    assert [row.name for row in found.rows] == ["North", "Middle", "South"]
    assert found.losing == ["In no district does any option's interval lie wholly on one side."]
    assert settled.left_out == 0


def test_words_must_be_there() -> None:
    with pytest.raises(KeyError):
        WORDS("no.such.key")
