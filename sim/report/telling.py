"""A story in sentences: the moments of its chronicles in the words of a catalogue, with dates and lengths of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sim.engine.clock import DAY, HOUR, MINUTE
from sim.outcomes import Chronicle, Moment, Story
from sim.report.numbers import Numbers
from sim.report.wording import Words, tidy

UNTOLD = (
    "count",
    "kind",
    "until_day",
    "since",
    "fastest_minutes",
    "slowest_minutes",
)  # facts that are told in another way
LEVELS = ("community", "township", "county", "city")
SHORTEST_IN_DAYS = 2.0 * DAY  # a shorter time is told in hours
SHORTEST_IN_HOURS = 1.5 * HOUR  # and a shorter one in minutes
# Facts that are words of the records, and the part of the catalogue that has them in words.
CODED = {
    **{name: name for name in ("category", "tie", "organisation", "channel", "state", "band", "answer", "end")},
    **{name: colours for colours in ("affair", "colour") for name in (colours, f"true_{colours}")},
}
# Said without a date, as is all that is said of the books.
WITHOUT_A_DATE = (
    "began", "missed", "never_found", "collective", "put_first", "listed", "lost", "lost_to_court", "refused",
    "joined", "joint_open", "joint_too_late", "joint_in_vain", "team",
    "team_missing", "mediator_came", "met_online", "parties_came", "six_steps", "confirmed", "ruled_at_once",
    "sorted_right", "sorted_wrong", "graded_right", "graded_missed", "graded_false", "graded_wrong", "advised",
    "not_booked", "advised_at_another_time", "not_booked_at_another_time", "sums",
)  # fmt: skip


@dataclass(frozen=True)
class Chapter:
    """A dispute of a story, told: its number in the records, a heading, and sentences in the order of time."""

    dispute: int
    heading: str
    sentences: tuple[str, ...]


def told(story: Story, words: Words) -> list[Chapter]:
    """Return a story in sentences, a chapter for the first quarrel and one for each relapse.

    A date is given in full where the year is a new one, and left out where it is the one just said.
    """
    teller = Teller(story.start, words)
    return [
        Chapter(
            chronicle.dispute,
            words("story.first_chapter") if not place else words.plural("story.later_chapter", place),
            teller.sentences(chronicle),
        )
        for place, chronicle in enumerate(story.chapters)
    ]


class Teller:
    """Tells moments one after the other; remembers the date said last.

    Args:
        start: the date of day 0.
        words: the catalogue.
    """

    def __init__(self, start: date, words: Words) -> None:
        self.start = start
        self.words = words
        self.said: date | None = None
        self.year: int | None = None

    def sentences(self, chronicle: Chronicle) -> tuple[str, ...]:
        """Return the sentences of a chronicle."""
        return tuple(self.sentence(moment) for moment in chronicle.moments)

    def sentence(self, moment: Moment) -> str:
        """Return what is said of a moment."""
        if moment.key == "sums":
            return self.sums(moment)
        fields = {name: self.fact(name, value) for name, value in moment.facts.items() if name not in UNTOLD}
        fields |= self.whose(moment)
        if "waited_days" in moment.facts:
            fields["waited_days"] = self.wait(float(moment.facts["waited_days"]), str(moment.facts["since"]))
        if not (moment.key in WITHOUT_A_DATE or moment.key.startswith("books_")):
            fields["when"] = self.when(moment.day)
        key, count = f"story.{moment.key}", moment.facts.get("count")
        if "until_day" in moment.facts:
            until = self.date(float(moment.facts["until_day"]))
            self.said = None  # of several days told, "the same day" would be none
            return self.words(key, **fields, until=until, span=self.span(moment), count=count)
        return self.words(key, **fields) if count is None else self.words.plural(key, int(count), **fields)

    def whose(self, moment: Moment) -> dict[str, str]:
        """Return an office by its kind and level, a level alone, and an organisation without its article."""
        facts = moment.facts
        fields: dict[str, str] = {}
        if "channel" in facts:
            fields |= self.office(str(facts["channel"]), facts.get("kind"))
        if "organisation" in facts:
            fields["organisation_alone"] = self.words(f"story.organisation_alone.{facts['organisation']}")
        return fields

    def office(self, channel: str, kind: Any) -> dict[str, str]:
        """Return a channel, of an office by its kind, the place in which its cases are, and its level alone."""
        level = self.words(f"story.level.{channel}") if channel in LEVELS else ""
        name = self.words(f"story.office.{kind}", level=level) if kind else self.words(f"story.channel.{channel}")
        place = self.words("story.in_grid") if channel == "grid" else self.words("story.with", channel=name)
        return {"level": level, "channel": name, "place": place}

    def sums(self, moment: Moment) -> str:
        """Return the sentence on what a dispute took in all."""
        parts = [
            self.words.plural(f"story.counted_{name}", int(number)) for name, number in moment.facts.items() if number
        ]
        return self.words("story.sums", list=self.words.listing(parts))

    def fact(self, name: str, value: Any) -> str:
        """Return a fact in words: a code by the catalogue, a length of time in its unit, anything else as it is."""
        if name in CODED:
            return self.words(f"story.{CODED[name]}.{value}")
        if name == "team":
            return tidy(str(value).replace("-", " "))
        if name.endswith("_days"):
            return length_of_time(value, self.words)
        if name.endswith("_minutes"):
            return length_of_time(value * MINUTE, self.words)
        return tidy(str(value))

    def wait(self, days: float, since: str) -> str:
        """Return how long a case waited, and since what."""
        if days < MINUTE:
            return self.words("story.at_once")
        return self.words(f"story.waited_since.{since}", length=length_of_time(days, self.words))

    def span(self, moment: Moment) -> str:
        """Return the shortest and the longest time until somebody came, with their unit said once if it is one."""
        ends = [float(moment.facts[name]) * MINUTE for name in ("fastest_minutes", "slowest_minutes")]
        low, high = (length_of_time(end, self.words) for end in ends)
        if low == high:
            return low
        (name, fewest), (other, _) = (unit_and_count(end) for end in ends)
        shown = Numbers(self.words).whole(fewest) if name == other and fewest else low
        return self.words("story.span", low=shown, high=high)

    def when(self, day: float) -> str:
        """Return a moment as a date and a time of day, as much of it as is news."""
        moment = self.moment(day)
        clock = self.words("story.clock", hour=moment.hour, minute=moment.minute)
        if self.said == moment.date():
            return self.words("story.same_day", clock=clock)
        return self.words("story.date_at", date=self.date(day), clock=clock)

    def date(self, day: float) -> str:
        """Return the date of a moment, with the year where it is news; it is the one said last from now on."""
        moment = self.moment(day)
        year = self.year != moment.year
        self.said, self.year = moment.date(), moment.year
        return self.words(
            "story.date_with_year" if year else "story.date",
            weekday=self.words(f"story.weekday.{moment.weekday()}"),
            month=self.words(f"story.month.{moment.month}"),
            day=moment.day,
            year=moment.year,
        )

    def moment(self, day: float) -> datetime:
        """Return a moment of the run as a date and a time of day."""
        return datetime.combine(self.start, time()) + timedelta(days=day)


def length_of_time(days: float, words: Words) -> str:
    """Return a length of time in the unit that suits it, days, hours or minutes, rounded to whole ones."""
    unit, count = unit_and_count(days)
    if not count:
        return words("story.less_than_a_minute")
    return words.plural(f"story.{unit}", count, number=Numbers(words).whole(count))


def unit_and_count(days: float) -> tuple[str, int]:
    """Return the unit that suits a length of time, and how many whole ones it is."""
    unit, size = (
        ("days", DAY)
        if days >= SHORTEST_IN_DAYS
        else ("hours", HOUR)
        if days >= SHORTEST_IN_HOURS
        else ("minutes", MINUTE)
    )
    return unit, round(days / size)
