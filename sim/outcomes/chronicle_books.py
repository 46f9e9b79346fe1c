"""What is said of a dispute after its course: how it was sorted and graded, what the books say, and the sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.codes import ALERT, Colour
from sim.outcomes.moments import Facts, Moment, Row, has_come, is_another_time, with_whom
from sim.outcomes.words import words_of

COLOURS = words_of(Colour)


def readings(about: Row, day: float) -> Iterator[Moment]:
    """Tell for what a dispute was taken when it was last sorted and graded, and what it was."""
    affair, true_affair = about["recorded_affair"], about["true_affair"]
    if affair != "none":
        key = "sorted_right" if affair == true_affair else "sorted_wrong"
        yield Moment(day, key, {"affair": affair, "true_affair": true_affair})
    colour, true_colour = about["recorded_colour"], about["true_colour"]
    if colour != "none":
        yield Moment(day, f"graded_{grading_of(colour, true_colour)}", {"colour": colour, "true_colour": true_colour})


def grading_of(colour: str, true_colour: str) -> str:
    """Return whether a colour is right, and if not, whether an alarm was missed or false."""
    seen, so = (COLOURS.index(one) >= ALERT for one in (colour, true_colour))
    if colour == true_colour:
        return "right"
    return "wrong" if seen == so else "missed" if so else "false"


def around_the_books(about: Row, cases: Sequence[Row], day: float) -> Iterator[Moment]:
    """Tell how often a dispute that was known was kept out of the books, for the sake of a target.

    The records do not say when; where there are cases as well, it was at another time than theirs.
    """
    other = "_at_another_time" if cases else ""
    for key, name in (("advised", "recorded_advice"), ("not_booked", "true_not_booked")):
        if about[name]:
            yield Moment(day, f"{key}{other}", {"count": int(about[name])})


def is_concluded(case: Row) -> bool:
    """Decide whether the books hold a result of a case: grid or an office closed it as its own, or it was put down
    as settled before its time.
    """
    if case["true_closed_early"]:
        return True
    others = case["withdrawn"] or case["passed_up"] or case["lost"] or case["refused"] or case["channel"] == "court"
    return has_come(case["recorded_closed_day"]) and not others


def books(about: Row, cases: Sequence[Row], day: float) -> Iterator[Moment]:
    """Tell whether the books say of the dispute what became of it."""
    concluded = [case for case in cases if is_concluded(case)]
    ruled = any(case["channel"] == "court" and case["recorded_closed_day"] == about["true_ended_day"] for case in cases)
    if not cases:
        yield without_a_case(about, day)
    elif ruled and about["true_end_channel"] == "court":
        yield Moment(day, "books_ruled", {})
    elif concluded:
        yield what_they_say(about, concluded, day)
    elif any(not has_come(case["recorded_closed_day"]) for case in cases):
        yield Moment(day, "books_open", {})
    else:
        yield Moment(day, "books_no_result", {})
    settled = [case for case in concluded if case["recorded_settled"]]
    if settled and has_come(about["true_ended_day"]):
        yield from another_end(about, settled[-1], day)


def what_they_say(about: Row, concluded: Sequence[Row], day: float) -> Moment:
    """Return whether the books have a dispute settled and whether it was, and by which case where that is a question.

    A case that the books have settled early, or gloss, is not made true by a later agreement.
    """
    settled = [case for case in concluded if case["recorded_settled"]]
    if not settled:
        return Moment(day, f"books_say_unsettled_was_{'settled' if about['true_settled'] else 'unsettled'}", {})
    if not about["true_settled"]:
        return Moment(day, "books_say_settled_was_unsettled", {})
    truly = [case for case in settled if case["true_settled"]]
    if not truly:
        return Moment(day, "books_say_settled_was_later", with_whom(settled[-1]))
    if len(concluded) > 1:
        return Moment(day, "books_say_settled_by_case", with_whom(truly[-1]))
    return Moment(day, "books_say_settled_was_settled", {})


def without_a_case(about: Row, day: float) -> Moment:
    """Return what the books say of a dispute of which no case was made."""
    if about["recorded_calls"]:
        return Moment(day, "books_calls", {"count": about["recorded_calls"]})
    if about["recorded_advice"]:
        return Moment(day, "books_advice", {})
    return Moment(day, "books_ended" if has_come(about["recorded_found_day"]) else "books_nothing", {})


def another_end(about: Row, case: Row, day: float) -> Iterator[Moment]:
    """Tell where the books have a dispute end at another time, or with another channel, than it did."""
    closed, ended = float(case["recorded_closed_day"]), float(about["true_ended_day"])
    if case["channel"] != about["true_end_channel"]:
        facts: Facts = {**with_whom(case), "end": about["true_end_channel"]}
        yield Moment(day, "books_elsewhere", facts)
    if is_another_time(closed, ended):
        key = "books_later" if closed > ended else "books_sooner"
        yield Moment(day, key, {"apart_days": abs(closed - ended)})


def sums(about: Row, cases: Sequence[Row], day: float) -> Iterator[Moment]:
    """Tell what a dispute took in all, where that was more than one thing."""
    suits = [case for case in cases if case["channel"] == "court"]
    facts: Facts = {
        "cases": len(cases) - len(suits),
        "filings": sum(suit["passed_from"] < 0 for suit in suits),  # one that comes back is the same filing
        "sessions": sum(int(case["sessions"]) for case in cases),
        "calls": int(about["recorded_calls"]),
    }
    if sum(int(fact) for fact in facts.values()) > 1:
        yield Moment(day, "sums", facts)
