"""Who is who in a report: a letter, a short name, a colour, a sign and a kind of line for every scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.report.wording import Words, shortened, tidy
from sim.study import Comparison

BASE_COLOUR = "#000000"
# Okabe and Ito (2008), those that stand out from white first; the yellow, which does not, is left out.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
SIGNS = ("s", "^", "D", "v", "P", "X", "h")
DASHES: tuple[tuple[float, ...], ...] = ((5, 2), (1.5, 1.5), (7, 2, 1.5, 2), (3, 1), (8, 3), (1, 3), (4, 1, 1, 1, 1, 1))
INK, GREY, PALE = "#1f2328", "#59636e", "#c8ccd1"
PUNCTUATION = ",:;–—-"
BETTER, WORSE = "#01665e", "#8c510a"


@dataclass(frozen=True)
class Player:
    """One scenario of a comparison as the report shows it.

    Attributes:
        name: of the scenario, the key of all tables.
        code: ``Base`` or a letter, for where there is little room.
        title: in full, as its file has it, on one line.
        short: what its title adds to the base's, for labels.
        colour: of its lines and points.
        sign: Matplotlib's marker of its points.
        dashes: of its lines; empty for an unbroken one.
    """

    name: str
    code: str
    title: str
    short: str
    colour: str
    sign: str
    dashes: tuple[float, ...]


def letters(number: int) -> str:
    """Return A, B, ... Z, AA, AB, ... for 0, 1, ..."""
    text = ""
    number += 1
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def common_beginning(titles: Sequence[str]) -> str:
    """Return the words with which all titles begin, without punctuation after them: the town's name, as a rule."""
    shared = []
    for words in zip(*(title.split() for title in titles), strict=False):
        bare = {word.rstrip(PUNCTUATION) for word in words}
        if len(bare) > 1:
            break
        shared.append(bare.pop())
        if len(set(words)) > 1:
            break
    return " ".join(shared)


def what_is_added(title: str, beginning: str) -> str:
    """Return what a title says beyond a beginning: "Grids half as large" of "Our town, grids half as large"."""
    rest = title.removeprefix(beginning).lstrip(PUNCTUATION + " ") if beginning else ""
    return rest[:1].upper() + rest[1:] if rest else title


def town_name(comparison: Comparison) -> str:
    """Return how all scenarios' titles begin, or the base's whole title where they have no beginning in common."""
    titles = [tidy(scenario.title) for scenario in comparison.scenarios.values()]
    base = comparison.scenarios[comparison.base]
    return common_beginning(titles) or tidy(base.title) or base.name


def players(comparison: Comparison, words: Words) -> list[Player]:
    """Return the base and the options in their order."""
    titles = {name: tidy(scenario.title) or name for name, scenario in comparison.scenarios.items()}
    base_title, beginning = titles[comparison.base], common_beginning(list(titles.values()))
    everyone = [Player(comparison.base, words("scheme.base"), base_title, shortened(base_title), BASE_COLOUR, "o", ())]
    for number, name in enumerate(comparison.options):
        everyone.append(
            Player(
                name=name,
                code=letters(number),
                title=titles[name],
                short=shortened(what_is_added(titles[name], beginning)),
                colour=COLOURS[number % len(COLOURS)],
                sign=SIGNS[number % len(SIGNS)],
                dashes=DASHES[number % len(DASHES)],
            )
        )
    return everyone


def chunks(options: Sequence[Player], size: int) -> list[list[Player]]:
    """Return options in groups of at most ``size``, so that a table's columns fit on paper."""
    return [list(options[start : start + size]) for start in range(0, len(options), size)]
