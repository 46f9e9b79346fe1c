"""Reports: a comparison as one self-contained page."""

from sim.report.writing import write_report

__all__ = ["write_report"]
