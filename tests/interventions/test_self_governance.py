"""Self-governance: nothing at size zero, fewer of the same frictions, and an end by itself sooner by its factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.codes import Category
from sim.model import TownModel

type Maker = Callable[..., TownModel]
type Rows = Callable[[TownModel, str], Any]

NAME = "self_governance"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"friction_factor": 0.2, "fade_factor": 3.0, "enabled": False},
        {"friction_factor": 0.2, "fade_factor": 3.0, "townships_share": 0.0},
        {"friction_factor": 0.2, "fade_factor": 3.0, "from_day": 41},
    ],
)
def test_a_size_of_nothing_changes_nothing(tiny_model: Maker, fields: dict[str, Any]) -> None:
    plain, switched = tiny_model().run(), tiny_model(levers=[(NAME, fields)]).run()
    for name, table in plain.world._asdict().items():
        assert getattr(switched.world, name).tobytes() == table.tobytes(), name


def test_rules_keep_some_of_the_same_frictions_from_becoming_disputes(tiny_model: Maker, rows: Rows) -> None:
    calm = {"friction_tension_gain": 0.0, "relapse_probability": 0.0}
    about = ["neighbour", "lending", "consumer"]
    lever = (NAME, {"friction_factor": 0.4, "categories": about})
    plain = rows(tiny_model(parameters=calm).run(), "disputes")
    ruled = rows(tiny_model(parameters=calm, levers=[lever]).run(), "disputes")
    concerned = [np.isin(table["category"], [Category[name.upper()] for name in about]) for table in (plain, ruled)]
    before, after = (
        set(table["address"][part].tolist()) for table, part in zip((plain, ruled), concerned, strict=True)
    )
    assert after < before
    assert stats.binomtest(len(after), len(before), 0.4).pvalue > 1e-6
    others = [table["address"][~part].tolist() for table, part in zip((plain, ruled), concerned, strict=True)]
    assert others[0] == others[1]


@pytest.mark.parametrize("from_day", [0.0, 10.0])
def test_talks_end_open_disputes_sooner_by_their_factor(
    tiny_model: Maker, quiet: dict[str, Any], rows: Rows, from_day: float
) -> None:
    def ends(levers: Any) -> Any:
        model = tiny_model(calendar={"days": 200}, parameters={**quiet, "fade_per_day": [0.05] * 9}, levers=levers)
        for number in range(100):
            model.begin_dispute(number, number + 200, Category.LENDING if number % 2 else Category.SCHOOL, 4)
        return rows(model.run(), "disputes")["ended"]

    plain = ends(None)
    talked = ends([(NAME, {"fade_factor": 2.5, "categories": ["lending"], "from_day": from_day})])
    expected = plain.copy()
    later = (np.arange(100) % 2 == 1) & (plain > from_day)
    expected[later] = from_day + (plain[later] - from_day) / 2.5
    known = ~np.isnan(plain)
    assert known.sum() > 90
    assert talked[known] == pytest.approx(expected[known])


def test_it_acts_in_its_townships_only(tiny_model: Maker, rows: Rows) -> None:
    town = {"counties": 1, "townships": 2, "communities": 4, "road_nodes": 60}
    calm = {"friction_tension_gain": 0.0}
    lever = (NAME, {"friction_factor": 0.0, "townships_share": 0.5})
    model = tiny_model(town=town, parameters=calm, levers=[lever]).run()
    assert (model.world.communities["friction_factor"][:2] == 0.0).all()
    disputes = rows(model, "disputes")
    originals = disputes[disputes["parent"] < 0]
    assert len(originals) > 20
    assert set(model.world.communities["township"][originals["community"]].tolist()) == {1}
