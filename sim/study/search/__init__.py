"""Searching for the cheapest mix of levers that meets targets, and for the frontier of cost against outcomes."""

from sim.study.search.archive import Share
from sim.study.search.checking import Finalist, Gap
from sim.study.search.file import SearchFile, SearchPlan, load_search
from sim.study.search.keeping import SEARCH, Kept, found_in, is_search
from sim.study.search.running import Stopped, search_in
from sim.study.search.searching import Found, Progress, checks_wanting, course, search_for, spread_out, write_points
from sim.study.search.wanted import Asked, Evaluate, Objective, Search, SearchError, Target

__all__ = [
    "SEARCH",
    "Asked",
    "Evaluate",
    "Finalist",
    "Found",
    "Gap",
    "Kept",
    "Objective",
    "Progress",
    "Search",
    "SearchError",
    "SearchFile",
    "SearchPlan",
    "Share",
    "Stopped",
    "Target",
    "checks_wanting",
    "course",
    "found_in",
    "is_search",
    "load_search",
    "search_for",
    "search_in",
    "spread_out",
    "write_points",
]
