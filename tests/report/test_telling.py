"""Stories in sentences: a scene played by hand gives exactly these."""

from __future__ import annotations

from datetime import date

import pytest

from sim.codes import Category, Channel, State, Tie
from sim.outcomes import Chronicle, Moment, Story
from sim.outcomes.words import words_of
from sim.report.telling import CODED, length_of_time, told
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
        at(10.0 + NINE + 10 * MINUTE, "acted", channel="grid", waited_days=10 * MINUTE),
        at(10.0 + NINE + 190 * MINUTE, "passed_up", channel="township"),
        at(12.0 + NINE, "first_session", channel="township", waited_days=2.0, length_days=1.9 * HOUR),
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
            "On Tuesday 3 January 2023 at 20:30, a resident of Community 3 and a neighbour fell out. "
            "It was about land or housing."
        ),
        "It began at stage 2 of nine, at which both can still win.",
        "Until then, 3 visits of grid workers to the parties' homes had not noticed it.",
        "On Wednesday 11 January at 09:00, a grid worker learned of it on a visit, and a case was opened in the grid.",
        "The same day at 09:10, after waiting for 10 minutes, the case was taken in hand by the grid worker.",
        "The same day at 12:10, the case was passed up to the township's mediation office.",
        (
            "On Friday 13 January at 09:00, after waiting for 2 days, they sat down with a mediator of the township's "
            "mediation office, for 2 hours."
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
    story = Story(date(2023, 1, 1), (Chronicle(0, (at(0.5, "acted", channel="grid", waited_days=0.0),)),))
    assert told(story, WORDS)[0].sentences == (
        "On Sunday 1 January 2023 at 12:00, without waiting, the case was taken in hand by the grid worker.",
    )


def test_every_code_has_words() -> None:
    for name, codes in {"category": Category, "tie": Tie, "channel": Channel, "state": State}.items():
        assert name in CODED
        for word in words_of(codes):
            assert WORDS(f"story.{name}.{word}")
