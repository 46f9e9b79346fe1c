"""The whole chain of nine stages with its exits, against the matrix exponential of its generator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import linalg, stats

from sim.codes import Category, Channel, State
from sim.model import TownModel

COUNT, FIRST_STAGE = 4000, 3
MOMENTS = (2.0, 8.0, 20.0)
LONG = 400  # days after which next to nothing is left
EXITS = (Channel.SELF, Channel.COURT, Channel.PETITION, Channel.POLICE)
RATES = {
    "climb": [0.05, 0.06, 0.07, 0.08, 0.07, 0.06, 0.05, 0.04, 0.0],
    "fall": [0.0, 0.03, 0.04, 0.02, 0.05, 0.02, 0.03, 0.06, 0.04],
    "fade": [0.05, 0.04, 0.03, 0.03, 0.02, 0.02, 0.02, 0.02, 0.02],
    "court": [0.0, 0.01, 0.01, 0.02, 0.03, 0.04, 0.05, 0.05, 0.05],
    "petition": [0.01, 0.01, 0.01, 0.01, 0.02, 0.02, 0.03, 0.03, 0.03],
    "call": [0.01, 0.01, 0.02, 0.02, 0.03, 0.03, 0.04, 0.05, 0.06],
    "violence": [0.0, 0.0, 0.0, 0.01, 0.01, 0.02, 0.02, 0.03, 0.04],
}
# Factors of the one category and the one tie of this test; a mistake in either would move the shares.
FACTORS = {"climb": 1.3, "fall": 0.8, "fade": 1.2, "court": 0.7, "petition": 1.5, "call": 0.6, "violence": 1.4}
CLIMB_TIE, FALL_TIE = 0.9, 1.25

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]


def generator() -> Any:
    """Return the generator over nine stages and the exits, shape (13, 13); the police are reached by a first call."""
    rate = {risk: FACTORS[risk] * np.array(values) for risk, values in RATES.items()}
    rate["climb"], rate["fall"] = CLIMB_TIE * rate["climb"], FALL_TIE * rate["fall"]
    matrix = np.zeros((13, 13))
    for step in range(9):
        if step < 8:
            matrix[step, step + 1] = rate["climb"][step]
        if step > 0:
            matrix[step, step - 1] = rate["fall"][step]
        matrix[step, 9:] = [rate[risk][step] for risk in ("fade", "court", "petition")] + [0.0]
        matrix[step, 12] = rate["call"][step] + rate["violence"][step]
        matrix[step, step] = -matrix[step].sum()
    return matrix


@pytest.fixture(scope="module")
def begun(tiny_model: Maker, quiet: dict[str, Any]) -> Callable[[], TownModel]:
    """Return a function that gives a model in which many disputes of one category and tie have just begun."""

    def begin() -> TownModel:
        rates = {f"{risk}_per_day": values for risk, values in RATES.items()}
        factors: dict[str, Any] = {f"{risk}_category_factor": [1.0] * 15 for risk in FACTORS}
        for risk, factor in FACTORS.items():
            factors[f"{risk}_category_factor"][Category.SCHOOL] = factor
        ties = {"climb_tie_factor": [1.0] * 5 + [CLIMB_TIE], "fall_tie_factor": [1.0] * 5 + [FALL_TIE]}
        model = tiny_model(
            calendar={"days": LONG},
            people={"residents": 600},
            grid={"visits_per_worker_per_day": 0.0},
            parameters={**quiet, **rates, **factors, **ties},
        )
        for number in range(COUNT):
            model.begin_dispute(number % 600, (number * 7 + 301) % 600, Category.SCHOOL, FIRST_STAGE)
        return model

    return begin


def where(disputes: Any) -> Any:
    """Return the state of each dispute: stage - 1, or the exit that it has come to first, shape (disputes,)."""
    state = disputes["stage"].astype(np.int64) - 1
    ended = disputes["state"] == State.ENDED
    for place, channel in enumerate(EXITS[:3]):
        state[ended & (disputes["end_channel"] == channel)] = 9 + place
    state[disputes["found_by"] == Channel.POLICE] = 12
    return state


def test_shares_at_several_moments_and_mean_times_to_each_exit(begun: Callable[[], TownModel], rows: Rows) -> None:
    model, chain = begun(), generator()
    for moment in MOMENTS:
        model.run_until(moment)
        counts = np.bincount(where(rows(model, "disputes")), minlength=13)
        expected = linalg.expm(chain * moment)[FIRST_STAGE - 1]
        assert counts.sum() == COUNT
        for state, (count, share) in enumerate(zip(counts, expected, strict=True)):
            interval = stats.binomtest(int(count), COUNT).proportion_ci(1.0 - 1e-4, method="exact")
            assert interval.low <= share <= interval.high, f"state {state} at day {moment}"
    disputes = rows(model.run(), "disputes")
    state = where(disputes)
    assert (state >= 9).mean() > 0.999
    # Time to absorption by exit: N = (-T)^-1, shares N R, mean times (N N R) / (N R) (Kemeny and Snell 1960).
    stay, leave = np.linalg.inv(-chain[:9, :9]), chain[:9, 9:]
    shares = (stay @ leave)[FIRST_STAGE - 1]
    means = (stay @ stay @ leave)[FIRST_STAGE - 1] / shares
    for place in range(len(EXITS)):
        mine = state == 9 + place
        times = np.where(mine, disputes["found"] if place == 3 else disputes["ended"], np.nan)[mine]
        assert abs(times.mean() - means[place]) < 4.0 * times.std() / len(times) ** 0.5, EXITS[place]
        assert stats.binomtest(int(mine.sum()), COUNT, float(shares[place])).pvalue > 1e-4
