"""How a township's grids work, as the scenario and its levers say it, and writing that into the table of regimes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.codes import CATEGORIES, NOBODY, Category, Layout, Rounds
from sim.scenario import GridPart
from sim.world import REGIMES, Table, empty_table

NEVER = np.inf
LAYOUTS = {"all_in_one": Layout.ALL_IN_ONE, "sectors": Layout.SECTORS}
ROUNDS = {"rota": Rounds.ROTA, "risk_first": Rounds.RISK_FIRST, "random": Rounds.RANDOM}


@dataclass(frozen=True)
class GridSettings:
    """What the levers on grids set for a township; fields as in the table of regimes.

    Attributes:
        layout: all in one, or sectors.
        rounds: the order of visits.
        activity_rate: share of working days that a worker works, 0..1.
        overtime_hours_most: hours after closing within which a waiting case is still begun.
        campaign_share: share of today's hours that a campaign takes, 0 where there is none.
        micro_grid_households: households of a volunteer.
        hear_per_day: rate at which a volunteer hears of a dispute of theirs, 0 without volunteers.
        list_after_days: age at which an open case is listed, infinite without a list.
        whistles_most: joint handlings at one time, 0 without whistle.
    """

    layout: Layout
    rounds: Rounds
    activity_rate: float
    overtime_hours_most: float
    campaign_share: float
    micro_grid_households: int
    hear_per_day: float
    list_after_days: float
    whistles_most: int


Townships = np.ndarray[Any, np.dtype[np.bool_]]

FIELDS = tuple(GridSettings.__dataclass_fields__)
HEARING = ("hear_per_day", "micro_grid_households")  # for which events of volunteers wait
LISTING = ("list_after_days",)  # for which events of the list wait


def settings_of(part: GridPart) -> GridSettings:
    """Return the settings of a scenario's part ``grid``, before any lever."""
    return GridSettings(
        layout=LAYOUTS[part.layout],
        rounds=ROUNDS[part.rounds],
        activity_rate=part.activity_rate,
        overtime_hours_most=part.overtime_hours_most,
        campaign_share=0.0,
        micro_grid_households=1 if part.micro_grids is None else part.micro_grids.households,
        hear_per_day=0.0 if part.micro_grids is None else part.micro_grids.hear_per_day,
        list_after_days=NEVER if part.list_after_days is None else part.list_after_days,
        whistles_most=0 if part.whistle is None else part.whistle.at_once_per_township,
    )


def lay_regimes(part: GridPart, communities: Table) -> Table:
    """Return the regimes of all townships at the start, a row each; no layers are drawn yet."""
    townships = int(communities["township"].max()) + 1
    regimes = empty_table(REGIMES, townships)
    regimes["first_grid"] = NOBODY
    for township in range(townships):
        mine = communities["township"] == township
        regimes["first_household"][township] = communities["first_household"][mine].min(initial=2**31 - 1)
        regimes["end_household"][township] = communities["end_household"][mine].max(initial=0)
    empty = regimes["end_household"] <= regimes["first_household"]
    regimes["first_household"][empty] = regimes["end_household"][empty] = 0
    regimes["sectors"] = len(part.sectors)
    for row, sector in enumerate(part.sectors):
        regimes["sector_share"][:, row] = sector.share
        regimes["sector_of"][:, [Category[name.upper()] for name in sector.categories]] = row
    write_settings(regimes, [settings_of(part)] * townships)
    return regimes


def write_settings(regimes: Table, settings: Sequence[GridSettings]) -> dict[str, Townships]:
    """Write each township's settings and return in which townships each field has changed."""
    changed = {}
    for name in FIELDS:
        wanted = np.array([getattr(one, name) for one in settings], dtype=regimes.dtype[name])
        changed[name] = np.asarray(regimes[name] != wanted)
        regimes[name] = wanted
    return changed


def sector_shares(regime: Any, layers: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the shares of the first ``layers`` sectors, those beyond added to the layers that take them along."""
    shares = np.zeros(layers)
    for sector in range(min(int(regime.sectors), CATEGORIES)):
        shares[sector % layers] += regime.sector_share[sector]
    return shares
