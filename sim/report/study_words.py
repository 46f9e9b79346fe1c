"""How a page on a study names its outcomes, factors, levels and points."""

from __future__ import annotations

import textwrap
from collections.abc import Collection
from typing import Any

from sim.outcomes import Outcome
from sim.report.numbers import Numbers, scale
from sim.report.wording import Words, shortened, tidy
from sim.study import Study, factors_changed, outcome_of, point_frame

LONGEST_LABEL = 44


def outcome_title(id_: str, words: Words) -> str:
    """Return an outcome's title with what kind of outcome it is."""
    outcome = outcome_of(id_)
    title = words.maybe(f"outcome.{outcome.id}.title", outcome.title)
    return title if outcome.kind == "neutral" else f"{title} [{words(f'kind.{outcome.kind}')}]"


def with_unit(id_: str, words: Words) -> str:
    """Return an outcome's title and unit, as an axis is labelled."""
    unit = Numbers(words).unit(outcome_of(id_))
    title = outcome_title(id_, words)
    return words("study.with_unit", title=title, unit=unit) if unit else title


def difference_unit(outcome: Outcome, words: Words) -> str:
    """Return in what differences of an outcome are told."""
    return words("study.percentage_points") if outcome.unit == "share" else Numbers(words).unit(outcome)


def change(value: float, outcome: Outcome, words: Words) -> str:
    """Return a difference of an outcome with its sign and its unit."""
    number = Numbers(words).plain(scale(outcome) * value, signed=True)
    if outcome.unit == "share":
        return number + words("number.points")
    unit = Numbers(words).unit(outcome)
    return words("study.quantity", number=number, unit=unit) if unit else number


def quantity(value: float, outcome: Outcome, words: Words) -> str:
    """Return an outcome's value with its unit."""
    unit = "" if outcome.unit == "share" else Numbers(words).unit(outcome)
    number = Numbers(words).value(value, outcome)
    return words("study.quantity", number=number, unit=unit) if unit else number


def level_text(value: Any, words: Words) -> str:
    """Return a factor's value as text."""
    return tidy(Numbers(words).setting(value.item() if hasattr(value, "item") else value))


def point_labels(study: Study, words: Words) -> dict[int, str]:
    """Return what each point is called: the values of the factors that it changes; of the base, of all."""
    points, changed = point_frame(study), factors_changed(study)
    labels = {}
    for number, row in points.iterrows():
        key = int(str(number))
        names = changed[key] or [str(name) for name in points.columns]
        said = [words("study.value", factor=name, value=level_text(row[name], words)) for name in names]
        labels[key] = words("list.comma").join(said)
    return labels


def shared_levels(study: Study, chosen: Collection[int], words: Words) -> list[str]:
    """Return for each factor which levels some points have, where those are not all that the study has."""
    points = point_frame(study)
    said = []
    for name in points.columns:
        mine = list(dict.fromkeys(points.loc[list(chosen), name]))
        if len(mine) < points[name].nunique():
            levels = words("list.or").join(level_text(one, words) for one in mine)
            said.append(words("study.value", factor=name, value=levels))
    return said


def wrapped(text: str, width: int = LONGEST_LABEL, lines: int = 3) -> str:
    """Return a label on a few short lines."""
    parts = textwrap.wrap(text, width)
    return "\n".join(
        parts if len(parts) <= lines else [*parts[: lines - 1], shortened(" ".join(parts[lines - 1 :]), width)]
    )
