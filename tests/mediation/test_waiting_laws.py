"""Waiting for mediation by closed forms, and never longer with more mediators under shared luck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.model import TownModel
from sim.response.analytic import erlang_c

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]

ALWAYS = {"weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "start_hour": 0.0, "hours": 24.0}
SEEDS = range(1, 51)


@pytest.mark.parametrize(("servers", "load"), [(2, 1.0), (4, 3.0)])
def test_an_office_that_never_closes_is_a_queue_with_many_servers(
    tiny_model: Maker, quiet: Any, rows: Rows, servers: int, load: float
) -> None:
    # Frictions are a Poisson process; each is reported within minutes, which keeps it one, and has one session.
    hours, days, residents = 12.0, 600, 500
    rate = load * 24.0 / hours
    group = {"name": "open", "level": "city", "mediators": servers, "session_law": "exponential", **ALWAYS}
    flat = {"friction_weekday_weight": [1.0] * 7, "friction_month_weight": [1.0] * 12, "temper_sigma": 0.0}
    parameters = {
        **quiet,
        **flat,
        "dispute_rate_per_1000_per_year": rate * 365.0 / residents * 1000.0,
        "friction_tension_gain": 0.0,
        "report_per_day": [500.0] * 9,
        "first_stage_share": [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        "grid_stage_limit": 3.0,
        "session_hours": hours,
        "sessions_most": 1.0,
        "mediation_settlement_probability": 1.0,
    }
    part = {"mediators": 0, "offices": [group]}
    model = tiny_model(calendar={"days": days}, mediation=part, parameters=parameters).run()
    cases = rows(model, "cases")
    cases = cases[(cases["opened"] > 30) & (cases["opened"] < days - 30)]
    first = cases[np.unique(cases["dispute"], return_index=True)[1]]
    waits = (first["acted"] - first["assigned"]) * 24.0 / hours
    wanted = erlang_c(servers, load)
    # Means of twenty batches, since waits that follow each other are alike.
    batches = np.array_split(waits, 20)
    for values, value in (
        ([float((batch > 1e-9).mean()) for batch in batches], wanted),
        ([float(batch.mean()) for batch in batches], wanted / (servers - load)),
    ):
        error = np.std(values, ddof=1) / np.sqrt(len(values))
        assert abs(np.mean(values) - value) < 3.6 * error
        assert error < 0.2 * value, "precise enough to find a mistake"


@pytest.mark.parametrize("seed", SEEDS)
def test_more_mediators_never_lengthen_the_mean_wait_under_shared_luck(
    offices_only: Maker, rows: Rows, seed: int
) -> None:
    # The wait is that of the first case of each dispute, over the same disputes, cut at the run's end.
    luck = np.random.default_rng(seed)
    few = int(luck.integers(1, 4))
    more = few + int(luck.integers(1, 4))
    days, count = 30, int(luck.integers(30, 70))
    settings = {
        "sessions_most": float(luck.integers(1, 4)),
        "session_hours": float(luck.uniform(1.0, 4.0)),
        "mediation_settlement_probability": float(luck.uniform(0.3, 0.9)),
        "report_per_day": [float(luck.uniform(0.05, 0.4))] * 9,
    }
    offices = str(luck.choice(["community", "township", "county"]))
    waits = []
    for mediators in (few, more):
        model = offices_only(count, mediators, seed=seed, days=days, offices=offices, **settings)
        cases = rows(model.run(), "cases")
        first = cases[np.unique(cases["dispute"], return_index=True)[1]]
        acted = np.where(np.isnan(first["acted"]), float(days), first["acted"])
        waits.append((first["dispute"], acted - first["opened"]))
    assert np.array_equal(waits[0][0], waits[1][0]), "the same disputes are reported"
    assert waits[1][1].mean() <= waits[0][1].mean() + 1e-9
