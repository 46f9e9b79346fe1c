"""The page of a search: what was found, how lucky it was, and what it costs beside; nothing is fetched."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.outcomes import CATALOGUE, StoreError
from sim.report import load_words, render_search, wording, write_search
from sim.report.search_figures import Seen, reach, undominated
from sim.report.search_words import Figures
from sim.study import Estimate, Failure, Kept, Objective, Search, StudyFactor, Target, model_version, search_for
from sim.study.search import Asked

LEVERS = [StudyFactor("grids", 4, 24, whole=True), StudyFactor("way", levels=["old", "new"])]
COST, FOUND = Objective("cost_total_yuan", "minimise"), Objective("recorded_found_share", "maximise")
ENOUGH = Target("recorded_found_share", 0.3, False, 0.8)
TOO_MUCH = Target("recorded_found_share", 0.99, False, 0.8)


def town(asked: Sequence[Asked]) -> list[Mapping[str, float] | None]:
    """Every grid costs 1,000 and finds two in a hundred, the new way 5,000 and ten; visits are the burden."""
    results: list[Mapping[str, float] | None] = []
    for one in asked:
        luck = np.random.Generator(np.random.Philox(key=[one.seed, 3])).normal(size=2)
        grids, new = float(one.factors["grids"]), one.factors["way"] == "new"
        results.append(
            {
                "cost_total_yuan": 1000.0 * grids + 5000.0 * new + 40.0 * luck[0],
                "recorded_found_share": 0.02 * grids + 0.1 * new + 0.02 * luck[1],
                "visits_per_household": 0.5 * grids + 0.01 * luck[0],
                "follow_up_visits": 0.0,
            }
        )
    return results


def fragile(asked: Sequence[Asked]) -> list[Mapping[str, float] | None]:
    return [None if one.factors["grids"] == 5 else made for one, made in zip(asked, town(asked), strict=True)]


def kept(search: Search, evaluate: Any = town, failures: Sequence[Failure] = ()) -> Kept:
    found = search_for(search, evaluate)
    lost = [one.number for one in found.tried if all(run is None for run in one.runs.values())]
    impossible = dict.fromkeys(lost, "grid.grids: given 5; allowed: at most 4")
    factors = [{"name": "grids", "field": "grid.grids"}, {"name": "way", "field": "mode", "intervention": "patrol"}]
    file = {"name": search.name, "base": "classroom", "description": "How many <grids>?", "factors": factors}
    return Kept(found, list(failures), impossible, file, f"{search.name}-01234567", "0123456789abcdef")


def text_of(page: str) -> str:
    page = re.sub(r"<style.*?</style>|<head>.*?</head>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def searches() -> dict[str, Kept]:
    one_point = [StudyFactor("grids", levels=[20]), StudyFactor("way", levels=["new"])]
    crash = Failure("p", 7, "ValueError", "it <broke>", "", "gridtown run x.yaml --seed 7")
    return {
        "sure": kept(Search("sure", LEVERS, [COST], [ENOUGH], runs=300, check=40)),
        "unsure": kept(Search("unsure", LEVERS, [COST], [ENOUGH], runs=200, check=10)),
        "none": kept(Search("none", LEVERS, [COST], [TOO_MUCH], runs=200)),
        "free": kept(Search("free", LEVERS, [COST], [], runs=200)),
        "frontier": kept(Search("frontier", LEVERS, [COST, FOUND], [], runs=300, finalists=6)),
        "point": kept(Search("point", one_point, [COST], [ENOUGH], runs=40, check=20, finalists=1)),
        "failed": kept(Search("failed", LEVERS, [COST], [ENOUGH], runs=300), fragile, [crash] * 14),
    }


@pytest.fixture(scope="module")
def pages(searches: dict[str, Kept]) -> dict[str, str]:
    words = load_words()
    return {name: render_search(one, words) for name, one in searches.items()}


def test_every_page_is_whole_and_fetches_nothing(pages: dict[str, str]) -> None:
    for page in pages.values():
        assert page.count("<main>") == page.count("</main>") == 1
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
        assert "default-src 'none'" in page
        assert not re.findall(r'(?:src|href)="(?!#|data:)', page)
        assert not re.findall(r"url\((?!#|data:)", page)
        assert "How many &lt;grids&gt;?" in page
        assert {"luck-cost_total_yuan-title", "course-cost_total_yuan-title"} <= set(ids)
        assert "nan" not in text_of(page).lower().split()


def test_the_best_is_told_with_its_levers_its_cost_and_its_luck(
    searches: dict[str, Kept], pages: dict[str, str]
) -> None:
    best = searches["sure"].found.best
    assert best is not None
    assert best.is_sure
    text = text_of(pages["sure"])
    grids, way = best.factors["grids"], best.factors["way"]
    assert f"Best, beyond doubt: grids {grids}, way {way}" in text
    assert f"grids: {grids} (of 4 to 24, whole numbers)" in text
    figures = Figures("cost_total_yuan", load_words())
    gap = best.objectives[0]
    assert f"Cost of staff: {figures.told(gap.fresh)}".replace("\u00a0", " ") in text
    told = f"the search saw {figures.mean(gap.searched)}, fresh seeds show {figures.mean(gap.fresh)}"
    assert told.replace("\u00a0", " ") in text
    assert f"kept in {best.fresh[0].kept} of 40 fresh runs" in text
    assert "Intervals of shares hold with 95 % confidence for all finalists together" in text
    assert "(best)" in text
    assert 'id="trade-recorded_found_share-title"' in pages["sure"]
    assert "1 to 12 in the search, 13 to 52 afresh" in text
    assert "can be shown to keep" not in text


def test_burdens_stand_beside_and_what_is_zero_does_not(pages: dict[str, str]) -> None:
    part = pages["sure"].partition('id="beside">')[2].partition("</section>")[0]
    assert CATALOGUE["visits_per_household"].title in part
    assert "Burden" in part
    assert CATALOGUE["follow_up_visits"].title not in part


def test_the_model_version_is_that_of_the_runs(pages: dict[str, str]) -> None:
    text = text_of(pages["sure"])
    assert "0123456789abcdef" in text
    assert model_version() not in text


def test_what_is_not_sure_is_said(searches: dict[str, Kept], pages: dict[str, str]) -> None:
    assert searches["unsure"].found.best is not None
    text = text_of(pages["unsure"])
    assert "Best, but not sure" in text
    assert "With 10 fresh runs of each finalist nothing can be shown" in text


def test_no_winner_is_said_with_the_nearest(searches: dict[str, Kept], pages: dict[str, str]) -> None:
    assert searches["none"].found.best is None
    text = text_of(pages["none"])
    assert "No mix of levers that was run again keeps all targets. Nearest: grids 24, way new" in text
    assert "does not hold" in text
    assert "(best)" not in text


def test_without_targets_nothing_is_said_of_them(pages: dict[str, str]) -> None:
    text = text_of(pages["free"])
    assert "Best: grids 4, way old" in text
    assert "target" not in text.partition("Definitions Exactly")[0]
    assert "trade-" not in pages["free"]


def test_a_frontier_has_no_single_best(searches: dict[str, Kept], pages: dict[str, str]) -> None:
    points = len(searches["frontier"].found.frontier)
    text = text_of(pages["frontier"])
    assert points >= 4
    assert f"Frontier: {points} points that no other beats" in text
    assert "(best)" not in text
    assert f"4 of {len(searches['frontier'].found.finalists)} finalists" in text
    ids = ("luck-recorded_found_share", "course-recorded_found_share", "trade-recorded_found_share")
    assert all(f'id="{id_}-title"' in pages["frontier"] for id_ in ids)


def test_one_point_makes_a_page(pages: dict[str, str]) -> None:
    text = text_of(pages["point"])
    assert "at 1 point, 0 failed; every point was tried" in text
    assert "then 1 finalist is run 20 times" in text


def test_failures_are_listed_with_how_to_make_them_again(searches: dict[str, Kept], pages: dict[str, str]) -> None:
    one = searches["failed"]
    assert one.impossible
    text = text_of(pages["failed"])
    assert f"{one.found.failed} runs failed" in text
    assert re.search(r"since (their|its) values make no scenario: grids 5, way (old|new): grid.grids: given 5", text)
    assert "p, seed 7: ValueError: it &lt;broke&gt;" in text
    assert text.count("gridtown run x.yaml --seed 7") == 12
    assert "2 more are listed" in text
    assert 'id="failed"' not in pages["sure"]


def test_of_many_points_that_cannot_be_some_are_listed(searches: dict[str, Kept]) -> None:
    one = searches["failed"]
    many = dict.fromkeys(range(len(one.found.tried)), "grid.grids: given 5; allowed: at most 4")
    assert len(many) > 7
    text = text_of(render_search(dataclasses.replace(one, impossible=many), load_words()))
    assert text.count("allowed: at most 4") == 6
    assert f"{len(many)} points were not run" in text
    assert f"and {len(many) - 6} more." in text


def test_another_language_is_another_catalogue(
    searches: dict[str, Kept], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped, chinese = wording.FOLDER / "en.yaml", Path(__file__).parent / "search_zh.yaml"
    (tmp_path / "en.yaml").write_bytes(shipped.read_bytes())
    (tmp_path / "zh.yaml").write_bytes(chinese.read_bytes())
    monkeypatch.setattr(wording, "FOLDER", tmp_path)
    english, words = load_words("en"), load_words("zh")
    of_search = {key for key in english.entries if key.startswith("search.")}
    assert all(
        re.search(r"[\u4e00-\u9fff]", words.entries[key]) for key in of_search if not fields_only(english.entries[key])
    )
    assert all(set(fields(english.entries[key])) == set(fields(words.entries[key])) for key in of_search)
    page = render_search(searches["sure"], words)
    assert '<html lang="zh">' in page
    text = text_of(page)
    assert "找到了什么" in text
    assert "按新种子" in text
    said = [
        english.entries[key] for key in of_search if len(english.entries[key]) > 12 and "{" not in english.entries[key]
    ]
    assert said
    assert not [one for one in said if one in text]
    write_search(searches["frontier"], tmp_path / "page.html", "zh")


def fields(text: str) -> list[str]:
    return re.findall(r"{(\w+)}", text)


def fields_only(text: str) -> bool:
    return not re.search(r"[a-z]", re.sub(r"{\w+}", "", text))


def test_a_page_is_written_whole(searches: dict[str, Kept], tmp_path: Path) -> None:
    path = write_search(searches["point"], tmp_path / "deep" / "page.html")
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot write"):
        write_search(searches["point"], tmp_path / "file" / "page.html")


def test_a_point_is_beaten_by_what_is_no_worse_in_both() -> None:
    assert undominated([(3.0, 1.0), (1.0, 3.0), (2.0, 3.0), (2.0, 2.0), (float("nan"), 0.0)]) == [1, 3, 0]


def test_an_axis_does_not_reach_as_far_as_the_interval_of_two_runs() -> None:
    low, high = reach([(Seen(10.0, -900.0, 920.0), Seen(11.0, 10.5, 11.5))])
    assert 9.0 < low < 10.0
    assert 11.5 < high < 13.0
    same = Seen(5.0, 5.0, 5.0)
    assert reach([(same, same)])[0] < 5.0 < reach([(same, same)])[1]


def test_intervals_of_shares_end_where_shares_do() -> None:
    share = Figures("queued_share", load_words())
    assert share.interval(0.3, 1.15) == "30 to 100"
    assert share.interval(-0.2, 0.3, signed=True).startswith("\N{MINUS SIGN}20")
    assert Figures("response_minutes_mean", load_words()).interval(90.0, 115.0) == "90 to 115"


def test_figures_have_the_digits_that_their_intervals_bear_out() -> None:
    cost, share = (Figures(id_, load_words()) for id_ in ("cost_total_yuan", "recorded_found_share"))
    wide = Estimate(20, 668_968.7, 400.0, 668_769.9, 669_167.4)
    assert cost.told(wide).replace("\u00a0", " ") == "668,970 yuan (668,770 to 669,170)"
    assert share.gap(-0.01234, -0.02, -0.004).replace("\u00a0", " ") == "−1.23 pp"
