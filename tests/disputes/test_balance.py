"""Balanced books: at every moment of random towns each dispute is in one state, and counts and lists agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from balance import check_books, check_lists
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.codes import NOBODY, State
from sim.model import TownModel

type Maker = Callable[..., TownModel]

PARTS = st.fixed_dictionaries(
    {},
    optional={
        "contagion": st.fixed_dictionaries({"branching_ratio": st.floats(0.0, 0.8)}),
        "organisations": st.just({}),
        "lunar_new_year": st.booleans(),
        "categories": st.just({"wages_labour": {"rate_per_1000_per_year": 900}}),
    },
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=PARTS,
    seed=st.integers(1, 1000),
    collective=st.booleans(),
    mediators=st.integers(0, 3),
    reports=st.floats(0.0, 0.2),
    relapse=st.floats(0.0, 1.0),
    treatment=st.sampled_from([0.0, 0.1]),
)
def test_books_balance_at_every_moment(
    tiny_model: Maker,
    rows: Any,
    parts: dict[str, Any],
    seed: int,
    collective: bool,
    mediators: int,
    reports: float,
    relapse: float,
    treatment: float,
) -> None:
    disputes = {**parts, "collective": collective and "organisations" in parts}
    parameters = {"report_per_day": [reports] * 9, "relapse_probability": relapse, "relapse_days_mean": 2.0}
    parameters |= {"treatment_trust_gain": treatment, "climb_treatment_gain": treatment}
    parameters |= {"collective_causes_per_100000_per_year": 10_000.0}
    model = tiny_model(
        seed, calendar={"days": 24}, mediation={"mediators": mediators}, disputes=disputes, parameters=parameters
    )
    for moment in (0.5, 3.2, 9.9, 17.0, 24.0):
        model.run_until(moment)
        check_books(model.world, rows(model, "disputes"), rows(model, "cases"))
        check_lists(model.world, rows(model, "disputes"))


def test_the_check_sees_a_dispute_that_is_lost(tiny_model: Maker, rows: Any) -> None:
    model = tiny_model(calendar={"days": 10}).run()
    world, disputes, cases = model.world, rows(model, "disputes"), rows(model, "cases")
    lost = int(np.flatnonzero(disputes["state"] != State.ENDED)[0])
    world.households["first_dispute"][world.residents["household"][disputes["party_a"][lost]]] = NOBODY
    with pytest.raises(AssertionError):
        check_lists(world, disputes)
    world.series["true_born"][0] += 1
    with pytest.raises(AssertionError, match="true_born"):
        check_books(world, disputes, cases)
