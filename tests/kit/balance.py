"""What holds of disputes, cases and counts at every moment of any run."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.codes import NOBODY, Channel, State, Step
from sim.events import Kind

IN_HAND = (State.IN_GRID, State.IN_MEDIATION, State.IN_COURT)


def check_books(world: Any, disputes: Any, cases: Any) -> None:
    """Compare the disputes' states with their cases, their moments and the daily series."""
    ended = disputes["state"] == State.ENDED
    in_hand = np.isin(disputes["state"], IN_HAND)
    assert np.isin(disputes["state"], list(State)).all()
    assert np.array_equal(ended, ~np.isnan(disputes["ended"]))
    assert np.array_equal(ended, disputes["end_channel"] != Channel.NONE)
    assert np.array_equal(in_hand, disputes["case"] != NOBODY)
    assert np.isnan(disputes["found"][disputes["state"] == State.HIDDEN]).all()
    assert not np.isnan(disputes["found"][in_hand]).any()
    assert not (disputes["settled"] & ~ended).any()
    opened = cases[disputes["case"][in_hand]]
    assert np.array_equal(opened["dispute"], np.flatnonzero(in_hand))
    assert np.isnan(opened["closed"]).all()
    for column in ("treatment", "left", "rate"):
        assert not np.isnan(disputes[column]).any(), column
    for column in ("tension", "trust_grid", "trust_mediation", "trust_police"):
        assert np.isfinite(world.residents[column]).all(), column
    unfiled = waiting_to_be_filed(world)
    assert not unfiled & set(disputes["case"].tolist())
    held = set(disputes["case"][in_hand].tolist()) | unfiled
    assert set(np.flatnonzero(np.isnan(cases["closed"])).tolist()) == held, "an open case is that of one dispute"
    assert np.array_equal(np.bincount(cases["dispute"], minlength=len(disputes)), disputes["handlings"])
    for column, count in {
        "true_born": len(disputes),
        "true_ended": ended.sum(),
        "true_settled": disputes["settled"].sum(),
        "true_violence": disputes["violence"].sum(),
        "true_reached_4": (~np.isnan(disputes["reached_4"])).sum(),
        "true_reached_7": (~np.isnan(disputes["reached_7"])).sum(),
        "recorded_found": (~np.isnan(disputes["found"])).sum(),
        "recorded_opened": len(cases),
        "recorded_closed": (~np.isnan(cases["closed"])).sum(),
        "recorded_settled": cases["recorded_settled"].sum(),
    }.items():
        assert world.series[column].sum() == count, column


def waiting_to_be_filed(world: Any) -> set[int]:
    """Return the rows of open cases that their grid is done with, but has not fed back or filed yet."""
    pending = world.queue[1 : int(world.queue[0].row) + 1]
    last_steps = (pending["kind"] == Kind.CASE_STEPS) & np.isin(pending["version"], [Step.FED_BACK, Step.FILED])
    rows = pending["row"][last_steps]
    return set(rows[np.isnan(world.cases["closed"][rows])].tolist())


def check_lists(world: Any, disputes: Any) -> None:
    """Compare the households' lists with the open disputes of their members."""
    homes = world.residents["household"]
    expected: dict[int, set[int]] = {}
    for row in np.flatnonzero(disputes["state"] != State.ENDED).tolist():
        parties = [disputes["party_a"][row], disputes["party_b"][row]]
        # Who speaks for an organisation takes none of its disputes home.
        for party in parties[: 1 if disputes["organisation"][row] != NOBODY else 2]:
            expected.setdefault(int(homes[party]), set()).add(row)
    for household in range(len(world.households)):
        listed = []
        row = int(world.households["first_dispute"][household])
        while row != NOBODY:
            listed.append(row)
            at_a = homes[disputes["party_a"][row]] == household
            row = int(disputes["next_a" if at_a else "next_b"][row])
        assert len(listed) == len(set(listed))
        assert set(listed) == expected.get(household, set())
