from __future__ import annotations

import pandas as pd
import pytest

from sim.report.containment_figures import NORMAL_975, caught_by_ring, wilson
from sim.report.drawing import drawing_style
from sim.report.wording import load_words

SWEEP = pd.DataFrame(
    [
        {"alarm_delay_minutes": delay, "units": units, "flights": 80, "township": units, "county": 4, "edge": 0}
        for units in (1, 20)
        for delay in (10.0, 0.0, 2.5)
    ]
)


def test_wilsons_interval() -> None:
    square = NORMAL_975**2
    assert wilson(0, 10) == pytest.approx((0.0, square / (10 + square)))
    assert wilson(10, 10) == pytest.approx((10 / (10 + square), 1.0))
    low, high = wilson(50, 100)
    assert (low + high) / 2 == pytest.approx(0.5)
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_drawing_has_a_panel_for_each_number_of_units() -> None:
    words = load_words()
    with drawing_style():
        one, again = (caught_by_ring(SWEEP, words) for _ in range(2))
    assert one.svg == again.svg
    for text in ("1 unit<", "20 units<", "flights caught, %", "township's ring", ">2.5<"):
        assert text in one.svg.replace("&#39;", "'"), text
    assert "80 flights for each bar" in one.caption


def test_bars_stand_in_the_order_of_delays() -> None:
    with drawing_style():
        svg = str(caught_by_ring(SWEEP, load_words()).svg)
    assert svg.index(">0<") < svg.index(">2.5<") < svg.index(">10<")
