"""Organisations as parties, and causes that bring many disputes against one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.codes import NOBODY, Category, OrganisationKind
from sim.model import TownModel
from sim.world import World

Maker = Callable[..., TownModel]
PART = {"firms_per_community": 3, "property_managers_per_community": 1, "hospitals_per_county": 2}


def test_each_area_has_as_many_as_stated_and_they_speak_through_heads(tiny_world: Callable[..., World]) -> None:
    world = tiny_world(disputes={"organisations": PART})
    found = world.organisations
    count = np.bincount(found["kind"], minlength=len(OrganisationKind))
    assert count.tolist() == [6, 2, 2, 1, 1]
    homes = world.residents["household"][found["speaker"]]
    assert np.array_equal(world.households["first_resident"][homes], found["speaker"])
    assert np.array_equal(world.households["community"][homes], found["community"])
    for community, served in enumerate(world.served):
        for kind in OrganisationKind:
            serving = found[served.first[kind] : served.end[kind]]
            assert (serving["kind"] == kind).all()
            if kind in (OrganisationKind.FIRM, OrganisationKind.PROPERTY_MANAGER):
                assert (serving["community"] == community).all()
        assert served.end[OrganisationKind.HOSPITAL] - served.first[OrganisationKind.HOSPITAL] == 2


def test_disputes_are_against_organisations_in_their_share(tiny_model: Maker, quiet: dict[str, Any], rows: Any) -> None:
    share = [0.0, 0.0, 1.0, 0.5] + [0.0] * 11
    shares = [0.4, 0.0, 0.3, 0.3] + [0.0] * 11
    parameters = {**quiet, "dispute_rate_per_1000_per_year": 8000.0, "organisation_share": share}
    parameters |= {"category_share": shares}
    model = tiny_model(disputes={"organisations": PART}, parameters=parameters).run()
    born = rows(model, "disputes")
    against = born["organisation"] != NOBODY
    managed, wages = (born["category"] == one for one in (Category.PROPERTY_MANAGEMENT, Category.WAGES_LABOUR))
    assert not against[born["category"] == Category.NEIGHBOUR].any()
    speakers = set(model.world.organisations["speaker"].tolist())
    assert {int(one) for one in born["party_a"][managed & ~against]} <= speakers, "but who speaks for it quarrels not"
    assert stats.binomtest(int(against[wages].sum()), int(wages.sum()), 0.5).pvalue > 0.001
    named = born[against]
    assert np.array_equal(model.world.organisations["speaker"][named["organisation"]], named["party_b"])
    kinds = model.world.organisations["kind"][named["organisation"]]
    expected = np.where(
        named["category"] == Category.WAGES_LABOUR, OrganisationKind.FIRM, OrganisationKind.PROPERTY_MANAGER
    )
    assert np.array_equal(kinds, expected)
    without = rows(tiny_model(parameters=parameters).run(), "disputes")
    assert set(born["address"].tolist()) & set(without["address"].tolist()), "frictions share their luck"


def test_one_cause_brings_its_parties_over_some_weeks(tiny_model: Maker, quiet: dict[str, Any], rows: Any) -> None:
    law = {"collective_parties_mean": 30.0, "collective_parties_sigma": 0.5, "collective_weeks": 1.0}
    parameters = {**quiet, **law, "collective_causes_per_100000_per_year": 100_000.0 / 500 * 12}
    part = {"organisations": PART, "collective": True}
    model = tiny_model(seed=3, calendar={"days": 120}, disputes=part, parameters=parameters)
    causes = model.world.causes
    assert 1 <= len(causes) < 16
    born = rows(model.run(), "disputes")
    assert (born["category"] == Category.COLLECTIVE_ECONOMIC).all()
    assert (born["cause"] != NOBODY).all()
    assert np.array_equal(born["organisation"], causes["organisation"][born["cause"]])
    assert not (born["party_a"] == born["party_b"]).any()
    over = causes["start"] < 70
    came = np.bincount(born["cause"], minlength=len(causes))
    assert (came <= causes["parties"]).all()
    assert came[over].sum() > 0.8 * causes["parties"][over].sum()
    assert (born["born"] >= causes["start"][born["cause"]]).all()
    assert len(set(born["address"].tolist())) == len(born)


@pytest.mark.parametrize("seed", [1, 2])
def test_causes_are_the_same_under_any_policy(tiny_world: Callable[..., World], seed: int) -> None:
    parameters = {"collective_causes_per_100000_per_year": 10_000.0}
    part = {"organisations": {}, "collective": True}
    few, many = (
        tiny_world(seed, disputes=part, parameters=parameters, mediation={"mediators": count}) for count in (1, 9)
    )
    assert few.causes.tobytes() == many.causes.tobytes()
    assert len(few.causes)
