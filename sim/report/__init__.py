"""Reports: a comparison as one self-contained page, and a dispute told in sentences."""

from sim.report.search_page import render_search, write_search
from sim.report.study_page import render_analysis, told_findings, write_analysis
from sim.report.telling import Chapter, told
from sim.report.wording import UnknownLanguageError, Words, load_words
from sim.report.writing import write_report

__all__ = [
    "Chapter",
    "UnknownLanguageError",
    "Words",
    "load_words",
    "render_analysis",
    "render_search",
    "told",
    "told_findings",
    "write_analysis",
    "write_report",
    "write_search",
]
