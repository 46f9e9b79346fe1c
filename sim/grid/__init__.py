"""Grid workers: their grids, rounds and cases."""

from sim.grid.layout import draw_grids, hire_workers, post_workers
from sim.grid.redraw import redraw
from sim.grid.rounds import finish_visit, on_case_for_grid, on_follow_up_due, on_worker_free

__all__ = [
    "draw_grids",
    "finish_visit",
    "hire_workers",
    "on_case_for_grid",
    "on_follow_up_due",
    "on_worker_free",
    "post_workers",
    "redraw",
]
