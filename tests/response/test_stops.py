"""What patrols leave behind: the dose of a stop as long as it was, of a pass a little."""

from __future__ import annotations

import pytest
from playing import at, call, line, stage

from sim.engine.clock import MINUTE
from sim.town import dose_of_stop


@pytest.mark.parametrize(("calls", "minutes"), [([], 10.0), ([call(4, 3)], 4.0)])
def test_a_stop_leaves_the_dose_of_its_minutes_whether_it_ends_as_planned_or_not(
    calls: list[dict[str, object]], minutes: float
) -> None:
    spots = {"nodes": ["n0", "n6"], "dwell_minutes": 10}
    group = at(0, mode="hot_spots", hot_spots=spots, presence=0.5)
    model = stage(line(7), [group], calls, parameters={"presence_effect": 0.3})
    model.run_until(minutes * MINUTE - 1e-6)
    assert model.world.nodes[0].presence == 0.0
    model.run_until(minutes * MINUTE + 1e-6)
    optimum = float(model.world.parameters[0].presence_optimum_minutes)
    assert model.world.nodes[0].presence == pytest.approx(0.5 * dose_of_stop(minutes, optimum))


def test_a_pass_leaves_a_part_of_a_dose() -> None:
    group = at(1, mode="random", presence=0.5)
    model = stage(line(3), [group], [], parameters={"presence_effect": 0.3, "presence_drive_by": 0.1})
    model.run_until(1e-6)
    assert model.world.nodes[1].presence == pytest.approx(0.5 * 0.1)
