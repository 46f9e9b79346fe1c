"""Grid workers: their grids, rounds and cases; and who helps them."""

from sim.grid.arrivals import on_case_due, on_case_for_grid, on_case_listed
from sim.grid.cases import note_case, on_joint_handled
from sim.grid.helpers import HelperParty, hire_helpers, on_helper_free, post_helpers
from sim.grid.layout import draw_grids, hire_workers, post_workers
from sim.grid.order import lay_visit_order
from sim.grid.redraw import clocks_to_set, redraw, restart_clocks, wake_workers
from sim.grid.rounds import on_follow_up_due, on_worker_free
from sim.grid.sectors import draw_sectors
from sim.grid.settings import HEARING, LAYOUTS, LISTING, ROUNDS, GridSettings, lay_regimes, settings_of, write_settings
from sim.grid.visits import finish_visit
from sim.grid.volunteers import listen, listen_for, still_told

__all__ = [
    "HEARING",
    "LAYOUTS",
    "LISTING",
    "ROUNDS",
    "GridSettings",
    "HelperParty",
    "clocks_to_set",
    "draw_grids",
    "draw_sectors",
    "finish_visit",
    "hire_helpers",
    "hire_workers",
    "lay_regimes",
    "lay_visit_order",
    "listen",
    "listen_for",
    "note_case",
    "on_case_due",
    "on_case_for_grid",
    "on_case_listed",
    "on_follow_up_due",
    "on_helper_free",
    "on_joint_handled",
    "on_worker_free",
    "post_helpers",
    "post_workers",
    "redraw",
    "restart_clocks",
    "settings_of",
    "still_told",
    "wake_workers",
    "write_settings",
]
