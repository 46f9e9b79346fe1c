"""A drawing of what the books say and what happened: at which level disputes end, in truth and by the books."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from sim.outcomes import LEVELS
from sim.report.drawing import Picture, picture
from sim.report.numbers import Numbers
from sim.report.scheme import INK, Player
from sim.report.wording import Words
from sim.study import Comparison

SIDES = {"true": 0.85, "recorded": 0.35}  # and how dark each is drawn
BAR = 0.38
ROW = 30  # pixels a level
BY_ITSELF = "self"  # of which no books know
VILLAGE = ("grid", "community")


def level_shares(comparison: Comparison, player: Player, side: str) -> dict[str, float]:
    """Return the mean share of endings at each level over a scenario's runs, 0 where there is none.

    Args:
        comparison: whose runs are read.
        player: the scenario.
        side: ``true`` or ``recorded``.
    """
    rows = comparison.runs[comparison.runs["scenario"] == player.name]
    means = rows.groupby("outcome")["value"].mean()
    shares = {level: float(means.get(f"{side}_ended_{level}_share", np.nan)) for level in LEVELS}
    return {level: 0.0 if np.isnan(share) else share for level, share in shares.items()}


def among_somebody(shares: dict[str, float]) -> dict[str, float]:
    """Return shares of what ended with anybody but the parties, from shares of all endings; 0 where nothing did."""
    known = {level: share for level, share in shares.items() if level != BY_ITSELF}
    total = sum(known.values())
    return {level: share / total if total > 0.0 else 0.0 for level, share in known.items()}


def levels(comparison: Comparison, everyone: Sequence[Player], words: Words) -> list[Picture]:
    """Return a drawing for each scenario in which any dispute ended with somebody."""
    of_all = {one.name: {side: level_shares(comparison, one, side) for side in SIDES} for one in everyone}
    shares = {name: {side: among_somebody(found[side]) for side in SIDES} for name, found in of_all.items()}
    reach = max((share for found in shares.values() for side in SIDES for share in found[side].values()), default=0.0)
    return [
        level_bars(player, shares[player.name], of_all[player.name]["true"][BY_ITSELF], reach, words)
        for player in everyone
        if any(share > 0.0 for share in shares[player.name]["true"].values())
    ]


def level_bars(
    player: Player, shares: dict[str, dict[str, float]], by_itself: float, reach: float, words: Words
) -> Picture:
    """Return a scenario's shares of endings by level, a pair of bars for each level where anything ends.

    Args:
        player: the scenario.
        shares: of what ended with somebody, by side and level.
        by_itself: share of all true endings that ended with nobody.
        reach: greatest share of all scenarios, to which the axis goes.
        words: the catalogue.
    """
    used = [level for level in shares["true"] if max(shares[side][level] for side in SIDES) > 0.0]
    names = [words(f"levels.{level}") for level in used]
    numbers = Numbers(words)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for place, (side, depth) in enumerate(SIDES.items()):
            rows = np.arange(len(used)) + (place - 0.5) * BAR
            values = [100.0 * shares[side][level] for level in used]
            hatch = "" if side == "true" else "///"
            label = words(f"levels.{side}")
            axes.barh(rows, values, BAR, color=player.colour, alpha=depth, hatch=hatch, edgecolor=INK, label=label)
        axes.set_yticks(range(len(used)), names)
        axes.set_ylim(len(used) - 0.4, -0.6)
        axes.set_xlim(0.0, 105.0 * reach)
        axes.set_xlabel(words("levels.axis", share=numbers.percent(1.0 - by_itself, digits=2)))
        axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, frameon=False, fontsize=8.5)

    caption = words("levels.caption", scenario=player.short)
    told = [
        words(
            "levels.told_level",
            level=name,
            true=numbers.percent(shares["true"][level], digits=2),
            recorded=numbers.percent(shares["recorded"][level], digits=2),
        )
        for level, name in zip(used, names, strict=True)
    ]
    village = {side: numbers.percent(sum(shares[side][one] for one in VILLAGE), digits=2) for side in SIDES}
    told += [
        words("levels.told_self", share=numbers.percent(by_itself, digits=2)),
        words("levels.told_village", **village),
    ]
    size = (460, 80 + ROW * len(used))
    return picture(
        f"levels-{player.code}", caption, size, draw, words("levels.told", caption=caption, levels=" ".join(told))
    )
