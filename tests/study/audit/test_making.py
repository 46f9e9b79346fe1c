"""Audits of tiny towns: counts are scaled to the city and the claim's time, sweeps move what they should."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.study import Audit, AuditError, audit, claims
from sim.study.audit.making import SWEEP_REPLICATIONS, chosen

DAYE = """\
name: daye
calendar: {days: 5}
town: {kind: synthetic, area_km2: 0.5, townships: 1, communities: 2, road_nodes: 40}
people: {residents: 400}
grid: {grids: 4}
mediation: {mediators: 2}
response: {units: 3}
parameters: {dispute_rate_per_1000_per_year: 6000, background_calls_per_1000_per_year: 0, discovery_probability: 0.5}
"""
DAYS = 15


@pytest.fixture(scope="module")
def daye(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("audit") / "small.yaml"
    file.write_text(DAYE, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def made(daye: Path) -> Audit:
    return audit([daye], replications=2, jobs=1, days=DAYS)


def test_only_claims_about_the_city_are_answered(made: Audit) -> None:
    assert {one.claim.scenario for one in made.findings} == {"daye"}
    assert {one.claim.id for one in made.findings} == {claim.id for claim in claims() if claim.scenario == "daye"}
    assert not made.failures


def test_counts_are_those_of_the_claims_time(made: Audit) -> None:
    found = {one.claim.id: one for one in made.findings}
    few, many = found["DY-06a"].recorded, found["DY-06a"].true
    assert few is not None
    assert many is not None
    # In a town of 400 with 6 disputes a head and year, some 7,200 happen in three years.
    assert many.mean == pytest.approx(7200.0, rel=0.35)
    assert 0.0 < few.mean < many.mean
    per_run = few.mean * DAYS / 1095.0 * 2
    assert per_run == pytest.approx(round(per_run)), "two runs' counts, scaled by time alone"
    settled, share = found["DY-06b"].recorded, found["DY-06c"].recorded
    assert settled is not None
    assert share is not None
    assert 0.0 < settled.mean <= few.mean
    assert 0.0 <= share.low <= share.mean <= share.high <= 1.0


def test_sweeps_move_the_recorded_figure(made: Audit) -> None:
    found = {one.claim.id: one for one in made.findings}
    by_parameter = {one.parameter: one for one in found["DY-06a"].sweeps}
    assert by_parameter["discovery_probability"].low < by_parameter["discovery_probability"].high
    assert by_parameter["discovery_probability"].status == "N"
    gloss = {one.parameter: one for one in found["DY-06c"].sweeps}["gloss_probability"]
    true = found["DY-06c"].true
    assert true is not None
    assert gloss.low <= gloss.high
    swept = {one for claim in claims() if claim.scenario == "daye" for one in claim.sweeps}
    assert made.runs == 2 + 2 * SWEEP_REPLICATIONS * len(swept)


def test_a_count_that_the_preset_lacks_is_said_so(made: Audit) -> None:
    (communities,) = [one for one in made.findings if one.claim.id == "DY-02"]
    assert (communities.verdict, communities.given) == ("input_differs", 2)


def test_a_large_city_is_scaled_down_and_its_counts_up(daye: Path) -> None:
    found = {one.claim.id: one for one in audit([daye], 2, 1, days=DAYS, residents=200, sweep=False).findings}
    size, true = found["DY-06a"].size, found["DY-06a"].true
    assert size is not None
    assert (size.residents, size.simulated, size.days) == (400, 200, DAYS)
    assert size.unsourced < size.parameters
    assert true is not None
    assert true.mean == pytest.approx(7200.0, rel=0.5)


def test_a_scenario_without_claims_is_refused() -> None:
    with pytest.raises(AuditError, match="claims about: jincheng"):
        chosen(["classroom"])


def test_all_presets_hold_the_articles_counts() -> None:
    asked, trees = chosen([])
    assert len(asked) == len(claims())
    assert set(trees) == {"jincheng", "changsha", "zigong", "daye", "shaoyang", "chaoyang-street"}
