"""Searching for the cheapest mix of levers that meets targets, and for the frontier of cost against outcomes."""

from sim.study.search.archive import Share
from sim.study.search.searching import Finalist, Found, Gap, Progress, search_for
from sim.study.search.wanted import Asked, Evaluate, Objective, Search, SearchError, Target

__all__ = [
    "Asked",
    "Evaluate",
    "Finalist",
    "Found",
    "Gap",
    "Objective",
    "Progress",
    "Search",
    "SearchError",
    "Share",
    "Target",
    "search_for",
]
