"""Verification: textbook cases set up as scenarios, whose published figures a simulated response must reproduce."""

from sim.study.verification.cases import Case, Reference, all_cases
from sim.study.verification.exact import Check, exact_checks
from sim.study.verification.network import has_manhattan, manhattan
from sim.study.verification.properties import property_checks
from sim.study.verification.verify import REPLICATIONS, Row, Verification, run_cases

__all__ = [
    "REPLICATIONS",
    "Case",
    "Check",
    "Reference",
    "Row",
    "Verification",
    "all_cases",
    "exact_checks",
    "has_manhattan",
    "manhattan",
    "property_checks",
    "run_cases",
]
