import io
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fontTools.ttLib import TTFont

from sim.report.drawing import drawing_style, picture
from sim.report.effect_figures import CUT, LEAST_RANGE, common_range
from sim.report.fonts import FACES, font_faces, subset
from sim.report.response_figures import LEAST_CALLS, Cells, maps
from sim.report.scheme import players
from sim.report.series_figures import date_ticks, weeks_of
from sim.report.wording import load_words
from sim.study import Comparison, Effect


def effect(difference: float, base: float = 10.0) -> Effect:
    nan = math.nan
    return Effect("calls", "option", base, base + difference, difference, nan, nan, nan, nan, nan, 4, "worse")


def test_the_axis_shows_most_and_cuts_what_is_far() -> None:
    assert common_range([effect(1.0), effect(-2.0)]) == pytest.approx(1.15 * 0.2)
    assert common_range([effect(1.0), effect(100.0)]) == pytest.approx(1.15 * 0.1)
    assert common_range([effect(10.0 * CUT + 0.1)]) == LEAST_RANGE
    assert common_range([effect(math.nan), effect(1.0, base=0.0), effect(0.0)]) == LEAST_RANGE


def test_a_picture_has_ids_of_its_own_and_is_the_same_again() -> None:
    def draw(figure: Any) -> None:
        axes = figure.add_subplot()
        axes.plot([0, 1], [0, 1], "o-")
        axes.set_xlabel("a < b & $x$")

    with drawing_style():
        one, again, other = (picture(key, "Caption <b>", (300, 200), draw) for key in ("one", "one", "other"))
    assert one.svg == again.svg
    assert 'id="one-0"' in one.svg
    assert "one-" not in other.svg
    assert "a &lt; b &amp; $x$" in one.svg
    assert '<title id="one-title">Caption &lt;b&gt;</title>' in one.svg
    assert "xmlns" not in one.svg
    assert one.svg.count("<g") == one.svg.count("</g>")


def test_cells_hold_the_calls_nearest_to_their_centres() -> None:
    luck = np.random.Generator(np.random.Philox(key=1))
    x, y = luck.uniform(100.0, 1100.0, 2000), luck.uniform(-500.0, 100.0, 2000)
    cells = Cells(x, y)
    chosen = cells.of(x, y)
    known = sorted({(int(column), int(row)) for column, row in chosen})
    centres = np.array([cells.centre(cell) for cell in known])
    distances = np.hypot(x[:, None] - centres[:, 0], y[:, None] - centres[:, 1])
    own = np.array([known.index((int(column), int(row))) for column, row in chosen])
    assert distances[np.arange(len(x)), own] == pytest.approx(distances.min(axis=1))
    assert distances.min(axis=1).max() <= cells.side / math.sqrt(3.0) * (1.0 + 1e-9)


def test_cells_with_few_calls_are_left_out() -> None:
    few = pd.DataFrame({"x_metres": 0.0, "y_metres": 0.0, "response_minutes": [1.0] * (LEAST_CALLS - 1)})
    many = pd.DataFrame({"x_metres": 900.0, "y_metres": 900.0, "response_minutes": [2.0, 4.0] * LEAST_CALLS})
    rows = pd.concat([few, many], ignore_index=True)
    cells = Cells(rows["x_metres"].to_numpy(), rows["y_metres"].to_numpy())
    assert list(cells.means(rows).values()) == [3.0]


def test_a_slower_option_s_map_bears_plus_signs(usual: Comparison) -> None:
    words = load_words()
    with drawing_style():
        base, slower, same = maps(usual, players(usual, words), words)
    assert (base.key, slower.key, same.key) == ("map-base", "map-A", "map-B")
    assert "+1" in slower.svg


def test_weeks_are_summed_over_districts_and_a_short_last_one_stays_if_long_enough(usual: Comparison) -> None:
    weeks = weeks_of(usual)
    first = weeks[(weeks.scenario == "street") & (weeks.seed == 1) & (weeks.day == 0)]
    assert first.true_born.tolist() == [33.0]
    assert set(weeks.days) == {7, 4}


@pytest.mark.parametrize(("days", "labels"), [(365, "2023-01"), (20, "01-01"), (1, "01-01"), (3660, "2023-01")])
def test_dates_are_few_and_begin_at_the_start(days: int, labels: str) -> None:
    first = 738521  # 2023-01-01
    places, said = date_ticks(first, first + days - 1)
    assert 1 <= len(places) <= 7
    assert said[0] == labels
    assert len(set(said)) == len(said)


def test_the_font_has_the_signs_of_the_text_and_no_others() -> None:
    from pathlib import Path

    from matplotlib import get_data_path

    data = subset(Path(get_data_path()) / "fonts" / "ttf" / FACES["400"], "ab−✓城")
    font = TTFont(io.BytesIO(data))
    assert font.flavor == "woff2"
    assert set(font.getBestCmap()) == {ord(sign) for sign in "ab−✓"}
    assert font_faces("x") == font_faces("xyz")
