import io
import math
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from sim.outcomes import ON_DUTY
from sim.report.district_maps import Cells, changed_places, district_numbers, maps
from sim.report.drawing import drawing_style, picture
from sim.report.effect_figures import CUT, LEAST_RANGE, common_range
from sim.report.fonts import FACES, font_faces, subset
from sim.report.response_figures import reached_by
from sim.report.scheme import players
from sim.report.series_figures import date_ticks, weeks_of
from sim.report.unit_figures import MOST_BARS, SHADES, shares, unit_time
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


def test_a_cell_belongs_to_the_district_of_most_of_its_calls() -> None:
    rows = pd.DataFrame({"x_metres": [0.0] * 3 + [900.0] * 2, "y_metres": 0.0, "district": [2, 1, 1, 7, 5]})
    cells = Cells(rows["x_metres"].to_numpy(), rows["y_metres"].to_numpy())
    assert list(cells.districts(rows).values()) == [1, 5]


def test_borders_lie_between_districts_only() -> None:
    cells = Cells(np.array([0.0, 1000.0]), np.array([0.0, 1000.0]))
    alone = cells.borders({(0, 0): 1, (1, 0): 1, (2, 0): 1})
    assert alone == []
    (side,) = cells.borders({(0, 0): 1, (1, 0): 2, (2, 0): 2})
    middle = np.mean(side, axis=0)
    assert middle == pytest.approx(np.mean([cells.centre((0, 0)), cells.centre((1, 0))], axis=0))
    shifted = cells.borders({(0, 0): 1, (0, 1): 2})
    assert np.mean(shifted[0], axis=0) == pytest.approx(np.mean([cells.centre((0, 0)), cells.centre((0, 1))], axis=0))


def test_a_map_for_each_scenario_names_the_worst_and_the_best_district(usual: Comparison) -> None:
    words = load_words()
    with drawing_style():
        base, slower, same = maps(usual, players(usual, words), words)
    assert (base.key, slower.key, same.key) == ("map-Base", "map-A", "map-B")
    assert base.caption == "Base: worst South (7.0 min), best North (5.0 min), gap 2.0 min"
    assert "South: 8.0, worst" in slower.svg
    assert "North: 5.0, best" in same.svg


def test_the_maps_of_all_scenarios_have_one_scale(usual: Comparison) -> None:
    words = load_words()
    with drawing_style():
        pictures = maps(usual, players(usual, words), words)
    scales = [re.findall(r">(\d+(?:\.\d+)?)</text>", one.svg) for one in pictures]
    assert scales[0] == scales[1] == scales[2] != []


def test_districts_with_clearly_later_help_bear_a_sign(usual: Comparison) -> None:
    words = load_words()
    base, slower, same = players(usual, words)
    cells = Cells(usual.calls["x_metres"].to_numpy(), usual.calls["y_metres"].to_numpy())
    districts, rows = cells.districts(usual.calls), district_numbers(usual)
    assert [sign for sign, _ in changed_places(usual, slower, cells, districts, rows)] == ["+"] * 3
    assert changed_places(usual, same, cells, districts, rows) == []
    assert changed_places(usual, base, cells, districts, rows) == []


def test_no_map_is_drawn_of_a_single_district(build: Any, scenario: Any) -> None:
    words = load_words()
    comparison = build([scenario("more", 2.0)], replications=2)
    comparison.districts.loc[comparison.districts["name"] != "South", "response_minutes_p90"] = math.nan
    assert maps(comparison, players(comparison, words), words) == []


def sample(response: list[float], given_up: list[bool], watched: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"response_minutes": response, "given_up": given_up, "watched_minutes": watched})


def test_the_curve_counts_calls_that_nobody_reached() -> None:
    nan = math.nan
    rows = sample([1.0, 4.0, nan, nan], [False, False, True, False], [90.0, 90.0, 90.0, 3.0])
    # The open call is three minutes old: it says nothing of three minutes and more.
    assert reached_by(rows, np.array([0.5, 1.0, 2.9, 3.0, 4.0])).tolist() == pytest.approx(
        [0, 1 / 4, 1 / 4, 1 / 3, 2 / 3]
    )


@given(
    st.lists(
        st.tuples(st.floats(0.0, 20.0) | st.just(math.nan), st.booleans(), st.floats(0.0, 20.0)),
        min_size=1,
        max_size=20,
    ),
    st.floats(0.0, 20.0),
)
def test_the_curve_agrees_with_the_rule_of_the_outcomes(calls: list[tuple[float, bool, float]], limit: float) -> None:
    judged = [(one, gone, age) for one, gone, age in calls if not math.isnan(one) or gone or age > limit]
    expected = sum(one <= limit for one, _, _ in judged) / max(len(judged), 1)
    rows = sample([one for one, _, _ in calls], [gone for _, gone, _ in calls], [age for _, _, age in calls])
    assert reached_by(rows, np.array([limit]))[0] == pytest.approx(expected)


def test_unit_time_has_a_bar_for_each_group_of_each_scenario(usual: Comparison) -> None:
    words = load_words()
    hours = shares(usual, players(usual, words))
    assert [group for _, group in hours.index] == ["patrol", "rounds"] * 3
    assert [name for name, _ in hours.index] == ["street", "street", "more", "more", "same", "same"]
    assert "off_duty" not in hours.columns
    with drawing_style():
        (drawn,) = unit_time(usual, players(usual, words), words)
    assert "Base · patrol: on scene 25" in drawn.svg
    assert "at a check point" not in drawn.svg


def test_too_many_groups_are_put_together(build: Any, scenario: Any) -> None:
    words = load_words()
    comparison = build([scenario("more", 2.0)], replications=1)
    many = [
        {"scenario": name, "seed": 1, "group": f"group-{number}", "status": "at_post", "hours": 1.0}
        for name in ("street", "more")
        for number in range(MOST_BARS)
    ]
    object.__setattr__(comparison, "unit_time", pd.DataFrame(many))
    hours = shares(comparison, players(comparison, words))
    assert list(hours.index) == [("street", ""), ("more", "")]
    assert hours["at_post"].tolist() == [MOST_BARS, MOST_BARS]


def test_a_town_without_units_on_duty_has_no_bars(build: Any, scenario: Any) -> None:
    words = load_words()
    comparison = build([scenario("more", 2.0)], replications=1)
    object.__setattr__(comparison, "unit_time", comparison.unit_time.query("status == 'off_duty'"))
    assert unit_time(comparison, players(comparison, words), words) == []


def test_shades_are_there_for_every_status_on_duty() -> None:
    assert set(SHADES) == set(ON_DUTY)
    assert len(set(SHADES.values())) == len(SHADES)


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
