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


def levels(comparison: Comparison, everyone: Sequence[Player], words: Words) -> list[Picture]:
    """Return a drawing for each scenario in which any dispute ended."""
    drawn = []
    for player in everyone:
        shares = {side: level_shares(comparison, player, side) for side in SIDES}
        if any(share > 0.0 for share in shares["true"].values()):
            drawn.append(level_bars(player, shares, words))
    return drawn


def level_bars(player: Player, shares: dict[str, dict[str, float]], words: Words) -> Picture:
    """Return a scenario's shares of endings by level, a pair of bars for each level where anything ends."""
    used = [level for level in LEVELS if max(shares[side][level] for side in SIDES) > 0.0]
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
        axes.set_xlim(left=0.0)
        axes.set_xlabel(words("levels.axis"))
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
    size = (460, 80 + ROW * len(used))
    return picture(
        f"levels-{player.code}", caption, size, draw, words("levels.told", caption=caption, levels=" ".join(told))
    )
