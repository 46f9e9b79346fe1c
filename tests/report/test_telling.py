"""Stories in sentences: a scene played by hand gives exactly these."""

from __future__ import annotations

import re
from datetime import date
from enum import IntEnum

import numpy as np
import pytest

from sim import TownModel, load
from sim.codes import Affair, Category, Channel, Colour, OfficeKind, OrganisationKind, State, Tie
from sim.outcomes import REASONS, Chronicle, Moment, Story, records, story_of
from sim.outcomes.words import words_of
from sim.report.telling import CODED, LEVELS, WITHOUT_A_DATE, length_of_time, told
from sim.report.wording import load_words

WORDS = load_words()
HOUR = 1.0 / 24.0
MINUTE = HOUR / 60.0
NINE = 9.0 * HOUR


def at(day: float, key: str, **facts: str | float) -> Moment:
    return Moment(day, key, facts)


def test_a_scene_gives_exactly_its_sentences() -> None:
    first = (
        at(2.0 + 20.5 * HOUR, "born", district="Community 3", tie="neighbour", category="land_housing"),
        at(2.0 + 20.5 * HOUR, "began", stage=2, band="both_can_win"),
        at(10.0, "missed", count=3),
        at(10.0 + NINE, "found", channel="grid"),
        at(10.0 + NINE + 10 * MINUTE, "acted", channel="grid", waited_days=10 * MINUTE, since="opened"),
        at(10.0 + NINE + 190 * MINUTE, "passed_up", channel="township"),
        at(
            12.0 + NINE,
            "first_session",
            channel="township",
            waited_days=2.0,
            since="handed_over",
            length_days=1.9 * HOUR,
        ),
        at(16.0 + NINE, "session", channel="township", number=2, length_days=40 * MINUTE),
        at(17.0 + NINE, "closed_glossed", channel="township"),
        at(30.0 + 23 * HOUR, "reached", stage=4, band="one_loses"),
        at(31.0, "violent", count=2),
        at(31.0, "call_calmed", response_minutes=7.6),
        at(40.0, "settled", channel="police", age_days=37.1),
        at(40.0, "books_say_settled_was_settled"),
        at(40.0, "sums", cases=2, sessions=2, calls=1),
    )
    again = (at(400.0, "relapsed", since_days=360.0), at(401.0, "still_open", state="hidden", stage=1))
    story = Story(date(2023, 1, 1), (Chronicle(4, first), Chronicle(9, again)))
    quarrel, relapse = told(story, WORDS)
    assert (quarrel.dispute, quarrel.heading, relapse.dispute, relapse.heading) == (
        4,
        "The first quarrel",
        9,
        "It comes back",
    )
    assert quarrel.sentences == (
        (
            "On Tuesday 3 January 2023 at 20:30, a resident of Community 3 and a neighbour fell out over "
            "land or housing."
        ),
        "It began at stage 2 of nine, at which both can still win.",
        "Before any office knew of it, 3 visits of grid workers to the parties' homes had not noticed it.",
        "On Wednesday 11 January at 09:00, a grid worker learned of it on a visit, and a case was opened in the grid.",
        "The same day at 09:10, 10 minutes after the case was opened, the case was taken in hand by the grid worker.",
        "The same day at 12:10, the case was passed up to the township's mediation office.",
        (
            "On Friday 13 January at 09:00, 2 days after the case was handed over, they sat down with a mediator of "
            "the township's mediation office, for 2 hours."
        ),
        "On Tuesday 17 January at 09:00, they met for session 2 with the township's mediation office, for 40 minutes.",
        (
            "On Wednesday 18 January at 09:00, the case with the township's mediation office was "
            "closed as settled, but it "
            "was not settled."
        ),
        (
            "On Tuesday 31 January at 23:00, it had climbed to stage 4 of nine, at which one can only win if the other "
            "loses."
        ),
        "On Wednesday 1 February at 00:00, it turned violent, the first of 2 times.",
        (
            "The same day at 00:00, the police were called. The first patrol unit was there after 8 "
            "minutes, and calmed it."
        ),
        (
            "On Friday 10 February at 00:00, 37 days after it began, the two came to an agreement, "
            "with the help of the "
            "police."
        ),
        "The books say that it was settled, and so it was.",
        "In all it took 2 cases, 2 sessions and one call to the police.",
    )
    assert relapse.sentences == (
        "On Monday 5 February 2024 at 00:00, 360 days after they had agreed, the quarrel came back.",
        "On Tuesday 6 February at 00:00, when the records end, it was still unknown to every office, at stage 1.",
    )


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (0.0, "less than a minute"),
        (MINUTE, "1 minute"),
        (89.0 * MINUTE, "89 minutes"),
        (91.0 * MINUTE, "2 hours"),
        (1.9, "46 hours"),
        (2.4, "2 days"),
        (1500.0, "1,500 days"),
    ],
)
def test_lengths_of_time_have_the_unit_that_suits_them(days: float, text: str) -> None:
    assert length_of_time(days, WORDS) == text


def test_nothing_waited_is_said_so() -> None:
    story = Story(
        date(2023, 1, 1), (Chronicle(0, (at(0.5, "acted", channel="grid", waited_days=0.0, since="opened"),)),)
    )
    assert told(story, WORDS)[0].sentences == (
        "On Sunday 1 January 2023 at 12:00, without waiting, the case was taken in hand by the grid worker.",
    )


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        *[("category", Category), ("tie", Tie), ("channel", Channel), ("end", Channel), ("state", State)],
        *[("organisation", OrganisationKind), ("organisation_alone", OrganisationKind), ("office", OfficeKind)],
    ],
)
def test_every_code_has_words(name: str, codes: type[IntEnum]) -> None:
    for word in words_of(codes):
        assert WORDS(f"story.{name}.{word}", level="the county")


def test_every_affair_and_every_colour_has_words() -> None:
    for name, codes in {"affair": Affair, "colour": Colour}.items():
        for word in words_of(codes)[1:]:
            assert WORDS(f"story.{name}.{word}")
    assert {WORDS(f"story.level.{level}") for level in LEVELS} == {f"the {level}" for level in LEVELS}
    assert set(CODED.values()) <= {key.split(".")[1] for key in WORDS.entries if key.startswith("story.")}
    assert all(WORDS(f"story.offered.{reason}") for reason in REASONS)


def sentence(key: str, **facts: str | float) -> str:
    """Return the sentence of one moment, on Sunday 1 January 2023 at noon."""
    ((chapter),) = told(Story(date(2023, 1, 1), (Chronicle(0, (at(0.5, key, **facts),)),)), WORDS)
    return chapter.sentences[0]


TOWNSHIP = {"channel": "township", "kind": "one_stop"}
NOON = "On Sunday 1 January 2023 at 12:00"


@pytest.mark.parametrize(
    ("key", "facts", "text"),
    [
        (
            "born_against",
            {"district": "Community 1", "organisation": "lender", "category": "lending"},
            f"{NOON}, a resident of Community 1 fell out with a lender over money lent.",
        ),
        (
            "collective",
            {"count": 12, "organisation": "firm"},
            "It was one of 12 disputes that a single cause brought against the same firm.",
        ),
        (
            "found_volunteer",
            {"channel": "grid"},
            f"{NOON}, a volunteer of the micro-grid told the grid worker of it, and a case was opened in the grid.",
        ),
        (
            "found_seconded",
            {"channel": "city", "kind": "mass_cases"},
            (
                f"{NOON}, somebody seconded to the grid learned of it on a visit, and a case was opened with the "
                "city's reception centre for mass cases."
            ),
        ),
        (
            "arrived",
            {**TOWNSHIP, "delay_days": 3.0},
            f"{NOON}, 3 days after it was handed over, the case reached the township's one-stop centre.",
        ),
        ("lost", {}, "The case was lost on the way and never arrived."),
        (
            "joined",
            {"channel": "township"},
            (
                "It was too much for the grid alone: the grid worker whistled for the departments of the township to "
                "come to the place."
            ),
        ),
        ("team", {"team": "three-chiefs", "count": 3}, '3 others of the team "three chiefs" sat with the mediator.'),
        ("team", {"team": "one-plus-x", "count": 1}, 'One other of the team "one plus x" sat with the mediator.'),
        (
            "referred",
            {"channel": "township", "kind": "police_station"},
            (
                f"{NOON}, as the police were there, a case was opened with the old masters' room in the township's "
                "police station."
            ),
        ),
        (
            "ruled_at_once",
            {"age_days": 40.0},
            "The court gave its ruling at the hearing, 40 days after the quarrel began.",
        ),
        (
            "sorted_wrong",
            {"affair": "private", "true_affair": "big"},
            (
                "When it was last sorted, it was taken for a private matter, one of the parties or the market; in "
                "truth it was a big matter, one of the government."
            ),
        ),
        (
            "graded_missed",
            {"colour": "blue", "true_colour": "red"},
            "Its last colour was blue where its risk was red: the alarm was missed.",
        ),
        ("six_steps", {"length_days": 6.0}, "From report to file, the six steps of the grid took 6 days in the books."),
        (
            "books_elsewhere",
            {**TOWNSHIP, "end": "self"},
            "By the books it ended with the township's one-stop centre; in truth it ended by itself.",
        ),
        ("books_later", {"apart_days": 4.0}, "By the books it ended 4 days later than it did."),
        (
            "calls",
            {"count": 4, "until_day": 3.5, "calmed": 1, "fastest_minutes": 2.0, "slowest_minutes": 5.0},
            (
                f"{NOON} the police were called, and again until Wednesday 4 January, 4 times in all. The first patrol "
                "unit was there after 2 to 5 minutes; it calmed the quarrel on 1 of these calls."
            ),
        ),
    ],
)
def test_what_offices_did_is_told(key: str, facts: dict[str, str | float], text: str) -> None:
    assert sentence(key, **facts) == text


def test_what_follows_several_days_names_its_day() -> None:
    calls = at(10.0, "calls", count=3, until_day=40.0, calmed=1, fastest_minutes=2.0, slowest_minutes=2.2)
    same = (calls, at(40.0 + NINE, "back_to_court"), at(40.0 + 2 * NINE, "confirmed"), at(40.0 + 2 * NINE, "filed"))
    ((chapter),) = told(Story(date(2023, 1, 1), (Chronicle(0, same),)), WORDS)
    assert "there after 2 minutes; it" in chapter.sentences[0]
    assert chapter.sentences[1] == "On Friday 10 February at 09:00, the case went back to the court."
    assert chapter.sentences[3].startswith("The same day at 18:00")


def test_undated_sentences_have_no_date() -> None:
    for key in WITHOUT_A_DATE:
        texts = [text for entry, text in WORDS.entries.items() if re.match(rf"story\.{key}(\.|$)", entry)]
        assert texts or key == "sums"
        assert not any("{when}" in text for text in texts)


MET_IN_FULL = {
    *("born_against", "collective", "found", "found_seconded", "found_volunteer", "heard_by_grid", "heard_by_self"),
    *("filed", "given_by_court", "referred", "petitioned", "put_first", "listed", "passed_up"),
    *("arrived", "assigned", "lost", "joined", "team", "mediator_came", "fed_back", "six_steps", "met_online"),
    *(
        "closed_early",
        "closed_for_court",
        "closed_glossed",
        "closed_withdrawn_on_the_way",
        "taken_back",
        "lost_to_court",
        "brought_again",
        "fed_back_volunteer",
        "fed_back_parties",
        "settled_jointly",
        "confirmed",
    ),
    *(
        "ruled",
        "ruled_at_once",
        "relapsed_breached",
        "sorted_right",
        "sorted_wrong",
        "advised",
        "not_booked_at_another_time",
        "not_booked",
    ),
    *("graded_right", "graded_missed", "graded_false", "graded_wrong", "books_ruled", "books_elsewhere"),
    *("books_later", "books_sooner", "calls", "calls_in_vain"),
}


@pytest.mark.slow
def test_every_dispute_of_the_classroom_in_full_can_be_told() -> None:
    scenario, told_keys = load("classroom-in-full"), set()
    for seed in (1, 2):
        found = records(TownModel(scenario, seed=seed).run())
        for dispute in np.flatnonzero(found.column("disputes", "parent") < 0).tolist():
            story = story_of(found, dispute)
            texts = [text for chapter in told(story, WORDS) for text in chapter.sentences]
            assert all("{" not in text and "  " not in text and text.endswith(".") for text in texts)
            told_keys |= {moment.key for chronicle in story.chapters for moment in chronicle.moments}
    assert MET_IN_FULL - told_keys == set()
