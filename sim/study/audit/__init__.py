"""The audit: what newspaper articles claim of five cities, beside what simulated books and simulated truth say."""

from sim.study.audit.claims import Claim, claims
from sim.study.audit.findings import Audit, Finding, Size, Sweep
from sim.study.audit.judging import Spread, Verdict
from sim.study.audit.making import AuditError, audit

__all__ = ["Audit", "AuditError", "Claim", "Finding", "Size", "Spread", "Sweep", "Verdict", "audit", "claims"]
