import html.parser
import json
import re
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from sim.outcomes import CATALOGUE, HEADLINE, StoreError
from sim.report import write_report
from sim.report.pages import TEMPLATES
from sim.report.wording import UnknownLanguageError, Words, load_words
from sim.report.writing import render
from sim.study import Comparison, Failure

VOID = {"meta", "link", "br", "img", "hr", "input", "col"}
FETCHING = {"src", "srcset", "href", "xlink:href", "data", "action", "formaction", "poster", "background", "cite"}


class Page(html.parser.HTMLParser):
    """A page's tags with their attributes, its headings, its ids and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(self.open), data))

    def text(self) -> str:
        shown = [data for place, data in self.texts if not {"style", "script"} & set(place)]
        return " ".join(" ".join(shown).split())


def page_of(comparison: Comparison) -> Page:
    return Page(render(comparison, load_words()))


@pytest.fixture(scope="module")
def usual_text(usual: Comparison) -> str:
    return render(usual, load_words())


@pytest.fixture(scope="module")
def usual_page(usual_text: str) -> Page:
    return Page(usual_text)


def test_the_file_is_written_whole_and_the_path_returned(build: Any, scenario: Any, tmp_path: Path) -> None:
    comparison = build([scenario("more", 2.0)])
    target = tmp_path / "new" / "report.html"
    assert write_report(comparison, target) == target
    first = target.read_bytes()
    assert first.startswith(b"<!DOCTYPE html>")
    assert write_report(comparison, target).read_bytes() == first
    assert [path.name for path in target.parent.iterdir()] == ["report.html"]


def test_a_file_that_cannot_be_written_is_said_and_the_old_one_stays(build: Any, scenario: Any, tmp_path: Path) -> None:
    comparison = build([scenario("more", 2.0)])
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="something else is in its place"):
        write_report(comparison, tmp_path / "file" / "report.html")
    taken = tmp_path / "taken"
    taken.mkdir()
    with pytest.raises(StoreError, match="cannot write"):
        write_report(comparison, taken)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "taken"]
    with pytest.raises(UnknownLanguageError, match="there are: en"):
        write_report(comparison, tmp_path / "report.html", language="xx")


def test_nothing_is_fetched(usual_text: str, usual_page: Page) -> None:
    for tag, attributes in usual_page.tags:
        assert tag not in {"script", "iframe", "object", "embed", "base", "img"}
        for name, value in attributes.items():
            assert not name.startswith("on"), f"{tag} {name}"
            if name in FETCHING:
                assert (value or "").startswith(("#", "data:")), f"{tag} {name}={value}"
            assert not re.search(r"url\((?!#)", value or ""), f"{tag} {name}={value}"
    style = "".join(data for place, data in usual_page.texts if "style" in place)
    assert "@import" not in style
    assert all(found.startswith("data:") for found in re.findall(r"url\(([^)]*)", style))
    policy = next(one["content"] for tag, one in usual_page.tags if one.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "http" not in re.sub(r"http-equiv", "", usual_text)


def test_a_title_is_never_taken_for_a_place_in_the_page(build: Any, scenario: Any, tmp_path: Path) -> None:
    title = "/*fonts*/ {{ style }} <style> \u6731"
    text = write_report(build([scenario("more", 2.0, title=title)]), tmp_path / "report.html").read_text()
    assert text.count("@font-face") == 2
    assert text.index("@font-face") < text.index("</style>") < text.index("<body")
    assert escape(title) in text
    assert "/*fonts*/" not in text[: text.index("</style>")].replace(str(escape(title)), "")


def test_one_file_is_small_enough_to_be_mailed(usual_text: str) -> None:
    assert len(usual_text.encode()) < 700_000


def test_ids_are_unique_and_every_link_has_its_end(usual_page: Page) -> None:
    ids = [one["id"] for _, one in usual_page.tags if "id" in one]
    assert len(ids) == len(set(ids))
    links = {href[1:] for _, one in usual_page.tags if (href := one.get("href") or "").startswith("#")}
    pointed = {one["aria-labelledby"] for _, one in usual_page.tags if "aria-labelledby" in one}
    assert links
    assert links | pointed <= set(ids)


def test_a_reader_who_cannot_see_is_told(usual_page: Page) -> None:
    assert usual_page.tags[0] == ("html", {"lang": "en"})
    levels = [int(tag[1]) for tag, _ in usual_page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False))
    assert all(one.get("scope") in {"col", "row", "rowgroup"} for tag, one in usual_page.tags if tag == "th")
    pictures = [one for tag, one in usual_page.tags if tag == "svg" and one.get("aria-hidden") != "true"]
    assert pictures
    assert all(one.get("role") == "img" and one.get("aria-labelledby") for one in pictures)


def test_every_outcome_shown_is_there_with_its_definition(usual_page: Page) -> None:
    text = usual_page.text()
    for id_ in HEADLINE:
        assert " ".join(CATALOGUE[id_].title.split()) in text
        assert " ".join(CATALOGUE[id_].definition.split()) in text
        assert any(one.get("aria-labelledby", "") == f"seeds{HEADLINE.index(id_)}-title" for _, one in usual_page.tags)
    for group in ("Burden", "Cost", "Equity"):
        assert group in text


def test_the_answer_names_gains_losses_and_nothing_seen(usual_page: Page) -> None:
    text = usual_page.text()
    assert "One of 2 options differs from the base" in text
    assert "Better on 2 and worse on 2 of 17 outcomes: a trade, not a gain." in text
    assert "Better: Disputes found [recorded]: +20.0" in text
    assert "Who loses: people who call for help and whoever pays." in text
    assert "All that got better is what the books say" not in text
    assert "No difference seen: all 17 outcomes are exactly the same as in the base, in every replication." in text
    assert "These do not differ from the base in anything that a run depends on: B · Unchanged." in text


def test_gains_in_the_books_only_are_called_that(build: Any, scenario: Any) -> None:
    page = page_of(build([scenario("more", 2.0)], {"more": {"recorded_found_share": 0.2}}))
    assert "All that got better is what the books say" in page.text()


def test_what_it_rests_on_and_how_to_make_it_again_is_there(usual: Comparison, usual_page: Page) -> None:
    text = usual_page.text()
    for one in usual.parameters:
        assert one.id in text
        if one.status != "N":
            assert " ".join(one.source.split()) in text
    assert "Every count is made up." in text
    assert text.count("Every count is made up.") == 1
    assert "Every run starts on day 0 with no open dispute and no backlog" in text
    assert "gridtown compare street more --replications 4" in text
    for digest in usual.provenance["scenario_hashes"].values():
        assert digest in text
    assert "mediators (from_day 0, factor 2)" in text
    trees = [data for place, data in usual_page.texts if place[-2:] == ("details", "pre")]
    assert [json.loads(data)["people"]["residents"] for data in trees] == [900, 900, 900]


HOSTILE = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7*7 }} $\\frac{a}{b}$ </title>&amp;\u202e 城市 \x07"
)


def test_a_hostile_title_is_text(build: Any, scenario: Any) -> None:
    base = scenario(title=HOSTILE, description=HOSTILE, assumptions=(HOSTILE,), sources=(HOSTILE,))
    option = scenario("more", 2.0, title=HOSTILE + " more", description=HOSTILE)
    failure = Failure("more", 2, "<b>Type</b>", HOSTILE, HOSTILE, HOSTILE)
    comparison = build([option], {"more": {"cost_total_yuan": 0.1}}, base=base, failures=[failure])
    comparison.districts["name"] = comparison.districts["name"] + HOSTILE
    page = page_of(comparison)
    assert not {tag for tag, _ in page.tags} & {"script", "img", "frac"}
    assert not [one for _, one in page.tags if "onerror" in one]
    text = page.text()
    assert "<script>alert(1)</script>" in text
    assert "{{ 7*7 }}" in text
    assert "$\\frac{a}{b}$" in text
    assert "城市" in text
    assert "\u202e" not in "".join(data for place, data in page.texts if "pre" not in place)


def test_an_undefined_outcome_is_said_to_be_so(build: Any, scenario: Any) -> None:
    text = page_of(build([scenario("more", 2.0)], undefined=["settlement_gap"])).text()
    assert "Not defined in these runs, 1: Recorded minus true settlement." in text
    assert "Not defined in any run: Recorded minus true settlement." in text
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)


def test_one_dispute_is_told_where_there_is_one(build: Any, scenario: Any) -> None:
    comparison = build([scenario("more", 2.0)])
    text = " ".join(page_of(comparison).text().split())
    assert "On Wednesday 4 January 2023 at 12:00, a resident of North and a neighbour fell out over" in text
    assert "of the base's run with seed 1" in text
    untold = " ".join(page_of(replace(comparison, story=None)).text().split())
    assert "fell out" not in untold
    assert "No run of the base has a dispute that was ever handled." in untold


def test_failures_are_shown_with_their_replay(build: Any, scenario: Any) -> None:
    failure = Failure(
        "more", 2, "ZeroDivisionError", "a planted defect", "Traceback: line 1", "gridtown run more --seed 2"
    )
    text = page_of(build([scenario("more", 2.0)], failures=[failure])).text()
    assert "1 of 8 runs failed; all figures rest on the others." in text
    for part in ("ZeroDivisionError", "a planted defect", "Traceback: line 1", "gridtown run more --seed 2"):
        assert part in text


def test_a_comparison_of_which_every_run_failed_still_has_a_page(build: Any, scenario: Any) -> None:
    import pandas as pd

    failures = [
        Failure(name, seed, "MemoryError", "no memory", "", "") for name in ("street", "more") for seed in (1, 2)
    ]
    comparison: Comparison = build([scenario("more", 2.0)], replications=2, failures=failures)
    for name in ("calls", "series", "districts", "unit_time"):
        object.__setattr__(comparison, name, pd.DataFrame(columns=["scenario", "seed"]))
    object.__setattr__(comparison, "roads", {})
    text = page_of(comparison).text()
    assert "These runs allow no statement" in text
    assert text.count("There are no calls to draw.") == 4
    assert "Fewer than two districts have the 100 answered calls" in text
    assert "4 of 4 runs failed" in text


def test_a_town_in_which_nobody_lives_has_a_page(build: Any, scenario: Any) -> None:
    base = scenario()
    empty = base.model_copy(update={"people": base.people.model_copy(update={"residents": 0})})
    option = empty.model_copy(update={"name": "more", "title": "More units"})
    of_people = [id_ for id_, one in CATALOGUE.items() if one.group in {"disputes", "people"}]
    comparison = build([option], base=empty, undefined=of_people, shown=HEADLINE)
    comparison.series[["true_born", "recorded_found", "true_settled", "visits"]] = 0.0
    page = page_of(comparison)
    text = page.text()
    assert "nobody lives there" in text
    assert "Disputes born [true], a day" not in text
    assert "Calls to the police, a day" in text
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)


def test_one_replication_says_that_it_has_no_interval(build: Any, scenario: Any) -> None:
    text = page_of(build([scenario("more", 2.0)], {"more": {"cost_total_yuan": 0.1}}, replications=1)).text()
    assert "With one replication there are no intervals and no tests" in text
    assert "Seen in a single pair of runs" in text
    assert "not tested" in text
    assert "1 run of each scenario (seed 1)" in text
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)


def test_identical_scenarios_show_no_difference(build: Any, scenario: Any) -> None:
    text = page_of(build([scenario("same")])).text()
    assert "No difference was seen between any option and the base on any of 4 outcomes." in text
    assert "The scenarios do not differ in anything that a run depends on." in text
    assert "better on" not in text


def test_many_options_get_tables_that_fit(build: Any, scenario: Any) -> None:
    options = [scenario(f"option-{number}", 1.0 + number) for number in range(1, 10)]
    page = page_of(build(options, replications=2))
    text = page.text()
    assert "Outcomes, options A, B, C and D" in text
    assert "Outcomes, options I" in text
    assert sum(1 for _, one in page.tags if str(one.get("aria-labelledby", "")).startswith("forest-")) == 9


def test_every_figure_of_an_outcome_says_whose_it_is(build: Any, scenario: Any) -> None:
    options = [scenario(f"option-{number}", 1.0 + number) for number in range(1, 6)]
    comparison = build(options, replications=2)
    page = page_of(comparison)
    heads = [str(one["data-of"]) for _, one in page.tags if "data-of" in one]
    base, count = load_words()("outcomes.base"), len(comparison.shown)
    assert heads == [base, "A", "B", "C", "D"] * count + [base, "E"] * count


def test_another_set_of_outcomes_is_shown_as_chosen(build: Any, scenario: Any) -> None:
    page = page_of(build([scenario("more", 2.0)], {"more": {"calls": 0.1}}, shown=["calls"]))
    assert "Different, without a better direction: Calls [recorded]: +0.1" in page.text()
    assert [one for _, one in page.tags if one.get("aria-labelledby") == "seeds0-title"]


def test_a_report_takes_seconds(usual: Comparison) -> None:
    """Some 2.5 s on an idle machine; the bound leaves room for a busy one and finds what grows out of hand."""
    words = load_words()
    before = time.process_time()
    render(usual, words)
    assert time.process_time() - before < 15.0


def bare_words(template: str) -> list[str]:
    """Return what a template says in words of its own: letters outside of tags, of attributes for people, of Jinja."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", template, flags=re.DOTALL)
    spoken = re.findall(r'\b(?:aria-label|title|alt|placeholder|summary)="([^"]*)"', text)
    return [one for one in (*re.sub(r"<[^>]*>", " ", text).split(), *spoken) if re.search(r"[^\W\d_]", one)]


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.j2")), ids=lambda path: path.name)
def test_templates_hold_no_words(path: Path) -> None:
    assert bare_words(path.read_text(encoding="utf-8")) == []


def test_bare_words_are_found() -> None:
    assert bare_words('<p aria-label="Words">{{ w("a") }} and {% if a > 2 %}more{% endif %}</p>') == [
        "and",
        "more",
        "Words",
    ]


def known_words(comparison: Comparison) -> set[str]:
    """Return the words that a report may say without its catalogue: those of the comparison and of the outcomes."""
    said = [
        repr(list(comparison.scenarios.values())),
        repr([(one.title, one.definition, one.unit, one.id) for one in CATALOGUE.values()]),
        repr(comparison.parameters),
        repr(comparison.provenance),
        repr(comparison.changes),
        " ".join(sorted(set(comparison.districts["name"]))),
    ]
    return set(re.findall(r"[^\W\d_]+", " ".join(said).lower()))


def test_every_word_comes_from_the_catalogue(usual: Comparison) -> None:
    """A catalogue whose sentences bear marks: outside of marks stands only what the comparison itself says."""
    english = load_words()
    marked = Words("en", {key: f"⟦{text}⟧" for key, text in english.entries.items()})
    page = Page(render(usual, marked))
    text = page.text()
    spoken = [str(one[name]) for _, one in page.tags for name in ("aria-label", "title") if one.get(name)]
    left = " ".join([text, *spoken])
    while re.search(r"⟦[^⟦⟧]*⟧", left):
        left = re.sub(r"⟦[^⟦⟧]*⟧", " ", left)
    codes = {"a", "b", "n", "m", "d", "f", "true", "false", "null", "name", "factor", "interventions"}
    without_canonical = re.sub(r"\{ \".*?\} (?=\}|$)", " ", left)
    assert set(re.findall(r"[^\W\d_]+", without_canonical.lower())) - known_words(usual) - codes == set()


def test_the_catalogue_says_nothing_in_vain() -> None:
    """Every key is named in the code or a template, or belongs to a part whose keys are put together there."""
    files = [path for path in TEMPLATES.parent.rglob("*") if path.suffix in {".py", ".j2"}]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    put_together = "kind|unit|direction|verdict|group|loser|provenance|precision|asked|answer|equity|course|curves"
    put_together += "|readings|load|status|story|levels"
    rings = r"containment\.(township|county|edge)$"
    unused = [
        key
        for key in load_words().entries
        if f'"{re.sub(r"[.](one|other)$", "", key)}"' not in source
        and not re.match(rf"({put_together})\.|{rings}|.*\.heading$|headline\.(none|different)$", key)
    ]
    assert unused == []


@pytest.fixture
def browser() -> str:
    """The Chromium of this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("there is no Chromium on this machine")
    return found


@pytest.mark.slow
def test_no_option_lies_beside_a_narrow_page(usual_text: str, browser: str, tmp_path: Path) -> None:
    free = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", usual_text)
    measure = "one => one.parentElement.scrollWidth - one.parentElement.clientWidth"
    script = f"document.title = 'beside ' + [...document.querySelectorAll('.outcomes')].map({measure})"
    (tmp_path / "narrow.html").write_text(
        free.replace("</body>", f"<script>{script}</script></body>"), encoding="utf-8"
    )
    options = ["headless", "no-sandbox", "disable-gpu", f"user-data-dir={tmp_path / 'profile'}", "window-size=500,2000"]
    command = [browser, *(f"--{option}" for option in options), "--dump-dom", (tmp_path / "narrow.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert "<title>beside 0</title>" in done.stdout, done.stderr


@pytest.mark.slow
def test_a_real_browser_shows_it_without_asking_anybody(usual: Comparison, browser: str, tmp_path: Path) -> None:
    page = write_report(usual, tmp_path / "report.html")
    log = tmp_path / "net.json"
    options = ["headless", "no-sandbox", "disable-gpu", "disable-background-networking", "no-first-run"]
    options += ["host-resolver-rules=MAP * ~NOTFOUND", f"user-data-dir={tmp_path / 'profile'}", f"log-net-log={log}"]
    options += ["enable-logging=stderr", f"screenshot={tmp_path / 'page.png'}", "window-size=1000,2000"]
    command = [browser, *(f"--{option}" for option in options), page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (tmp_path / "page.png").stat().st_size > 20_000, done.stderr
    assert not re.search(r"Refused to|Content Security Policy|CONSOLE.*[Ee]rror", done.stderr), done.stderr
    asked = set(re.findall(r'"url":"((?:https?|wss?)://[^"]*)', log.read_text(encoding="utf-8", errors="replace")))
    own = re.compile(r"https?://[^/]*(?:google|gvt1|gstatic|chrome)[^/]*\.com/")
    assert not {url for url in asked if not own.match(url)}
