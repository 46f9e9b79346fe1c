"""The table of claims is complete, and each claim is answered in one way."""

from __future__ import annotations

import math
import re

import pytest

from sim.outcomes import CATALOGUE
from sim.scenario import library, parameter_table
from sim.study.audit import Claim, claims
from sim.study.audit.measures import MEASURES

# The systems of grids, mediation, one-stop centres and triage that the articles describe.
ROWS = {
    *("JC-01", "JC-02", "JC-03", "CS-01", "CS-02", "ZG-01", "DY-01", "DY-02"),
    *("SY-01", "CS-03", "CS-04", "CS-05", "CS-06", "CS-07", "JC-04", "JC-05", "ZG-02", "ZG-03"),
    *("DY-03", "DY-04", "DY-05", "DY-06", "SY-02", "SY-03", "JC-06", "DY-07", "CS-08"),
    *("JC-07", "ZG-04", "SY-04", "JC-08", "DY-08"),
}
# Figures that they print, by row.
PRINTED = {
    "JC-01": ("23", "6", "84", "2,213", "8,816", "8,857", "2 million", "9,490"),
    "CS-01": ("18,650", "30,805", "1.65"),
    "ZG-01": ("99 %", "1.5 million", "2.35 million"),
    "DY-02": ("383",),
    "SY-01": ("15,450",),
    "CS-03": ("100,000", "3,000", "1,300", "95 %"),
    "CS-04": ("170", "1,611", "1,800"),
    "CS-05": ("180", "799", "100 %"),
    "CS-06": ("435",),
    "ZG-02": ("15", "98 %"),
    "DY-06": ("1,517", "1,411", "94 %", "93.0 %"),
    "JC-06": ("8,135.27", "one visit"),
    "SY-04": ("30 %",),
    "JC-08": ("15", "71", "56"),
    "DY-08": ("18", "87"),
}
TABLE = claims()


def test_every_row_has_an_entry_and_every_figure_is_in_one() -> None:
    assert {claim.row for claim in TABLE} == ROWS
    for row, figures in PRINTED.items():
        said = " ".join(claim.claim for claim in TABLE if claim.row == row)
        assert [figure for figure in figures if figure not in said] == [], row


def test_ids_are_of_their_rows_and_no_two_alike() -> None:
    ids = [claim.id for claim in TABLE]
    assert len(set(ids)) == len(ids)
    for claim in TABLE:
        assert re.fullmatch(rf"{claim.row}[a-z]?", claim.id)


@pytest.mark.parametrize("claim", TABLE, ids=lambda claim: claim.id)
def test_a_claim_is_answered_in_one_way(claim: Claim) -> None:
    assert sum(map(bool, (claim.recorded, claim.setting, claim.reason))) == 1
    assert bool(claim.recorded) == bool(claim.true) == (claim.days > 0)
    assert bool(claim.scenario) == bool(claim.recorded or claim.setting)
    assert claim.source
    if claim.scenario:
        assert claim.scenario in library()
        assert claim.low <= claim.high
        assert claim.unit
    else:
        assert math.isnan(claim.low)
    assert {claim.recorded, claim.true} - {""} <= {*MEASURES, *CATALOGUE}
    assert {*claim.sweeps, *claim.fitted} <= set(parameter_table())
    if claim.is_share:
        assert 0.0 <= claim.low <= claim.high <= 1.0


def test_dayes_own_counts_make_93_percent() -> None:
    by_id = {claim.id: claim for claim in TABLE}
    quotient = by_id["DY-06b"].low / by_id["DY-06a"].low
    assert by_id["DY-06d"].low < quotient < by_id["DY-06d"].high
    assert not by_id["DY-06c"].low <= quotient <= by_id["DY-06c"].high


def test_agreement_of_settlement_rates_is_never_taken_for_evidence() -> None:
    for claim in TABLE:
        if "recorded_settled" in claim.recorded:
            assert "gloss_probability" in claim.fitted, claim.id
            assert "gloss_probability" in claim.sweeps, claim.id
