"""The page of an experiment: each kind of design has its pictures, sentences and tables, and nothing is fetched."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample
from scipy.stats import qmc

from sim.outcomes import StoreError
from sim.report import load_words, render_analysis, told_findings, write_analysis
from sim.report.study_option_figures import in_order
from sim.report.study_tables import factor_rows
from sim.report.study_words import shared_levels
from sim.report.wording import Words
from sim.study import Analysis, Study, StudyFactor, analyse, point_frame

LEVELS = [StudyFactor("grids", levels=[4, 8, 16]), StudyFactor("patrol", levels=["random", "beat"])]
RANGES = [StudyFactor("grids", 4, 16, whole=True), StudyFactor("rate", 20, 400, scale="log"), StudyFactor("x", 0, 1)]
UNIT = {"num_vars": 3, "names": ["grids", "rate", "x"], "bounds": [[0.0, 1.0]] * 3}
SHOWN = ["response_minutes_p90", "recorded_found_share"]


def town(points: Sequence[Sequence[Any]], factors: Sequence[StudyFactor], kind: str, seeds: int = 4) -> Study:
    draws = np.random.Generator(np.random.Philox(key=1))
    rows = []
    for number, values in enumerate(points):
        grids, other = float(values[0]), float(values[1] == "beat") if isinstance(values[1], str) else 0.0
        for seed in range(seeds):
            luck = draws.normal(size=2)
            rows.append(
                {"experiment": kind, "point": number, "replication": seed, "seed": seed, "run": f"{number}-{seed}"}
                | {factor.name: value for factor, value in zip(factors, values, strict=True)}
                | {SHOWN[0]: 12.0 - 0.2 * grids - 2.0 * other + 0.3 * luck[0]}
                | {SHOWN[1]: 0.3 + 0.02 * grids + 0.02 * luck[1]}
            )
    experiment = {
        "name": kind,
        "base": "classroom",
        "description": "What do <grids> do?",
        "factors": [
            {"name": "grids", "field": "grid.grids"},
            {"name": "patrol", "field": "mode", "intervention": "way"},
        ],
    }
    design = {"kind": kind, "second_order": False}
    return Study(pd.DataFrame(rows), list(factors), design, SHOWN, kind, f"A {kind} study", 0, experiment)


def paired_town() -> Study:
    """A second-order sample of x * y and no more: all variance of the factors is of the pair and of each alone."""
    factors = [StudyFactor("x", 0, 1), StudyFactor("y", 0, 1), StudyFactor("idle", 0, 1)]
    problem = {"num_vars": 3, "names": ["x", "y", "idle"], "bounds": [[0.0, 1.0]] * 3}
    unit = sobol_sample.sample(problem, 256, calc_second_order=True, seed=1)
    rows = [
        {"experiment": "pairs", "point": number, "replication": seed, "seed": seed, "run": f"{number}-{seed}"}
        | {"x": x, "y": y, "idle": idle, SHOWN[0]: (x - 0.5) * (y - 0.5) + 0.3 * x}
        for number, (x, y, idle) in enumerate(unit)
        for seed in range(2)
    ]
    design = {"kind": "saltelli", "second_order": True}
    return Study(pd.DataFrame(rows), factors, design, SHOWN[:1], "pairs", "Pairs")


def scaled(unit: Any) -> list[tuple[Any, ...]]:
    return [(round(4 + 12 * a), 20.0 * 20.0**b, c) for a, b, c in unit]


MAKERS: dict[str, Callable[[], Study]] = {
    "factorial": lambda: town(list(itertools.product([4, 8, 16], ["random", "beat"])), LEVELS, "factorial"),
    "one-at-a-time": lambda: town([(8, "random"), (4, "random"), (8, "beat")], LEVELS, "one-at-a-time"),
    "table": lambda: town([(8, "random"), (4, "beat")], LEVELS, "table"),
    "morris": lambda: town(scaled(morris_sample.sample(UNIT, 6, 4, seed=1)), RANGES, "morris"),
    "saltelli": lambda: town(
        scaled(sobol_sample.sample(UNIT, 16, calc_second_order=False, seed=1)), RANGES, "saltelli"
    ),
    "latin-hypercube": lambda: town(scaled(qmc.LatinHypercube(3, rng=1).random(24)), RANGES, "latin-hypercube", 2),
}
PICTURES = {
    "factorial": ("variance-title", f"main-{SHOWN[0]}-title", f"difference-{SHOWN[0]}-title"),
    "one-at-a-time": (f"difference-{SHOWN[0]}-title",),
    "table": (f"difference-{SHOWN[0]}-title",),
    "morris": (f"morris-{SHOWN[0]}-title",),
    "saltelli": (f"sobol-{SHOWN[0]}-title", f"scatter-{SHOWN[0]}-title"),
    "latin-hypercube": (f"scatter-{SHOWN[0]}-title", f"map-{SHOWN[0]}-title", f"box-{SHOWN[0]}-title"),
}


@pytest.fixture(scope="module")
def analyses() -> dict[str, Analysis]:
    return {kind: analyse(make()) for kind, make in MAKERS.items()}


@pytest.fixture(scope="module")
def pages(analyses: dict[str, Analysis]) -> dict[str, str]:
    words = load_words()
    return {kind: render_analysis(analysis, words) for kind, analysis in analyses.items()}


@pytest.mark.parametrize("kind", MAKERS)
def test_each_design_has_its_pictures(kind: str, pages: dict[str, str]) -> None:
    page = pages[kind]
    assert all(f'id="{key}"' in page for key in PICTURES[kind])
    assert f"A {kind} study" in page
    assert "What do &lt;grids&gt; do?" in page
    assert page.count("<main>") == page.count("</main>") == 1
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_pairs_of_factors_are_told_where_the_design_can_tell(pages: dict[str, str]) -> None:
    analysis = analyse(paired_town())
    page = render_analysis(analysis, load_words())
    (told,) = (one for _, said in told_findings(analysis) for one in said if "pairs of factors" in one)
    assert told.startswith("Of it, pairs of factors make together, beyond what each makes alone: x and y makes")
    assert page.count('<th scope="row">x and idle</th>') == 1
    assert "Pairs of factors" not in pages["saltelli"]


def test_a_table_names_its_values_and_what_it_is_compared_with(pages: dict[str, str]) -> None:
    assert "<dt>Compared with</dt><dd>grids 8, patrol random</dd>" in pages["table"]
    assert "Compared with" not in pages["morris"]
    study = MAKERS["table"]()
    bare = [StudyFactor("grids"), StudyFactor("patrol")]
    rows = factor_rows(bare, study.experiment, point_frame(study), load_words())
    assert [row[2] for row in rows] == ["4, 8", "random, beat"]


def test_a_page_says_what_is_missing_how_long_runs_are_and_what_is_changed_throughout() -> None:
    study = MAKERS["factorial"]()
    whole = render_analysis(analyse(study), load_words())
    assert "is not finished" not in whole
    asked = {**study.experiment, "set": {"calendar.days": 60}}
    part = render_analysis(analyse(replace(study, missing=3, days=(60.0,), experiment=asked)), load_words())
    assert "not finished: 3 of its runs are missing" in part
    assert "60 in each run" in part
    assert "calendar.days: 60" in part


def test_one_run_a_point_tells_no_luck_and_says_so() -> None:
    study = town(list(itertools.product(*(one.levels or () for one in LEVELS))), LEVELS, "factorial", seeds=1)
    for _, sentences in told_findings(analyse(study)):
        assert "With one run a point luck cannot be told from what the factors do; run at least four." in sentences
        assert not any("luck makes" in one for one in sentences)


def test_factors_say_what_they_set(pages: dict[str, str]) -> None:
    assert "<code>grid.grids</code>" in pages["factorial"]
    assert "<code>intervention way: mode</code>" in pages["factorial"]


def test_many_points_that_may_be_best_are_told_by_what_they_share() -> None:
    study = MAKERS["factorial"]()
    assert shared_levels(study, [2, 3], load_words()) == ["grids 8"]
    assert shared_levels(study, [1, 3, 5], load_words()) == ["patrol beat"]
    assert shared_levels(study, [0, 2], load_words()) == ["grids 4 or 8", "patrol random"]
    assert shared_levels(study, range(6), load_words()) == []


def test_lines_go_through_numbers_ascending_and_through_names_as_they_stand() -> None:
    assert in_order(["240", "480", "120"]) == [2, 0, 1]
    assert in_order([2, 1, 4.5]) == [1, 0, 2]
    assert in_order(["random", "beat", "4"]) == [0, 1, 2]


@pytest.mark.parametrize("kind", MAKERS)
def test_nothing_is_fetched(kind: str, pages: dict[str, str]) -> None:
    page = pages[kind]
    assert "default-src 'none'" in page
    assert not re.findall(r'(?:src|href)="(?!#|data:)', page)
    assert not re.findall(r"url\((?!#|data:)", page)


def test_sentences_say_what_was_put_in(analyses: dict[str, Analysis]) -> None:
    said = {kind: dict(told_findings(analysis)) for kind, analysis in analyses.items()}
    minutes = {kind: " ".join(next(iter(found.values()))) for kind, found in said.items()}
    assert "From grids 4 to 16 it changes by −2.4" in minutes["factorial"].replace("−2.3", "−2.4")
    assert "From patrol random to beat it changes by −2" in minutes["factorial"].replace("−1.9", "−2")
    assert "minutes" in minutes["factorial"]
    assert minutes["morris"].startswith("Influential: grids.")
    assert "rate" in minutes["morris"].split("Not told from luck:")[1]
    assert "interactions: grids" in minutes["saltelli"]
    assert "Luck makes" in minutes["saltelli"]
    assert "at points that it has not seen" in minutes["latin-hypercube"]
    assert "grids" in minutes["latin-hypercube"]
    assert "pp" in " ".join(said["factorial"]["Disputes found [recorded]"])


def test_every_word_comes_from_the_catalogue(analyses: dict[str, Analysis]) -> None:
    english = load_words()
    marked = Words("en", {key: f"⟦{text}⟧" for key, text in english.entries.items()})
    page = render_analysis(analyses["factorial"], marked)
    text = re.sub(
        r"<style.*?</style>|<details>.*?</details>|<pre>.*?</pre>|<code>.*?</code>", " ", page, flags=re.DOTALL
    )
    text = re.sub(r"<section aria-labelledby=\"(definitions|again)\">.*?</section>", " ", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", text)
    while re.search(r"⟦[^⟦⟧]*⟧", text):
        text = re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
    left = set(re.findall(r"[^\W\d_]{3,}", text.lower()))
    assert left <= {"grids", "patrol", "random", "beat", "factorial", "study", "classroom", "what"} | {
        word for id_ in SHOWN for word in re.findall(r"[a-z]+", title(id_).lower())
    }


def title(id_: str) -> str:
    from sim.study import outcome_of

    return f"{outcome_of(id_).title} {outcome_of(id_).unit} th"


def test_a_page_is_written_whole(analyses: dict[str, Analysis], tmp_path: Path) -> None:
    path = write_analysis(analyses["table"], tmp_path / "deep" / "page.html")
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot write"):
        write_analysis(analyses["table"], tmp_path / "file" / "page.html")
