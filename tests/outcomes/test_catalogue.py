import re
from pathlib import Path
from typing import Any

import pytest

from sim.codes import Channel
from sim.outcomes import CATALOGUE, HEADLINE, UnknownOutcomeError, describe, find_outcome, markdown_table, outcomes
from sim.outcomes.catalogue import FAMILIES

GROUPS = {"disputes", "response", "people", "staff", "equity", "burden", "cost"}


def test_every_group_is_there_and_every_id_is_one_outcome() -> None:
    assert {outcome.group for outcome in CATALOGUE.values()} == GROUPS
    assert all(id_ == outcome.id for id_, outcome in CATALOGUE.items())
    titles = [outcome.title for outcome in CATALOGUE.values()]
    assert len(set(titles)) == len(titles)


def test_the_name_says_truth_or_books_where_the_kind_does() -> None:
    for outcome in CATALOGUE.values():
        if outcome.id.startswith("true_"):
            assert outcome.kind == "true", outcome.id
        if outcome.id.startswith("recorded_"):
            assert outcome.kind == "recorded", outcome.id


def test_the_headline_weighs_benefit_against_burden_equity_and_cost() -> None:
    groups = {CATALOGUE[id_].group for id_ in HEADLINE}
    assert {"disputes", "response", "equity", "burden", "cost"} <= groups
    assert len(set(HEADLINE)) == len(HEADLINE)


def test_definitions_are_sentences_with_a_unit() -> None:
    for row in describe():
        assert row["definition"].endswith("."), row["id"]
        assert row["unit"], row["id"]
        assert row["better"] in {"lower", "higher", "none"}


def test_no_word_is_torn_by_the_end_of_a_line_in_the_source() -> None:
    for row in describe():
        for text in (row["definition"], row["title"]):
            assert not re.search(r"\w- |  |\w-$", text), row["id"]


def test_shares_and_indices_are_told_apart_by_their_unit() -> None:
    for outcome in CATALOGUE.values():
        assert outcome.unit != "1", outcome.id
        if outcome.unit == "index":
            assert outcome.id.endswith("gini") or outcome.group == "people", outcome.id
        if outcome.id.endswith("_share"):
            assert outcome.unit == "share", outcome.id


def test_the_headline_pays_nobody_for_disputes_that_break_out(hand: Any) -> None:
    born = [{"born": day / 10.0} for day in range(400)]
    loud = [one | {"found": one["born"] + 1.0, "found_by": Channel.POLICE, "calls": 1} for one in born]
    quiet, known = (outcomes(hand.records(disputes=disputes)) for disputes in (born, loud))
    for id_ in HEADLINE:
        better = known[id_] > quiet[id_] if CATALOGUE[id_].better == "higher" else known[id_] < quiet[id_]
        assert not better, id_


def test_only_quantiles_ask_for_a_bootstrap() -> None:
    chosen = {outcome.id for outcome in CATALOGUE.values() if outcome.quantile}
    assert chosen == {id_ for id_ in CATALOGUE if "_p50" in id_ or "_p90" in id_ or "_p95" in id_}


def test_a_wrong_id_gets_the_nearest() -> None:
    assert find_outcome("calls").unit == "calls"
    with pytest.raises(UnknownOutcomeError, match="response_minutes_p90"):
        find_outcome("reponse_minutes_p90")
    with pytest.raises(UnknownOutcomeError, match=r"no outcome 'zzz'$"):
        find_outcome("zzz")


def test_no_two_outcomes_have_one_id() -> None:
    ids = [outcome.id for family in FAMILIES for outcome in family.OUTCOMES]
    assert len(set(ids)) == len(ids)


def test_every_outcome_is_computed(hand: Any) -> None:
    values = outcomes(hand.records(disputes=[hand.settled(2, 1.0, 5.0)], calls=[hand.answered(2.0)]))
    assert list(values) == list(CATALOGUE)
    assert all(isinstance(value, float) for value in values.values())


def test_the_guide_shows_the_catalogue_as_it_is() -> None:
    page = Path(__file__).parents[2] / "docs" / "outcomes.md"
    assert page.read_text(encoding="utf-8").endswith(markdown_table()), "write the page again from markdown_table()"
