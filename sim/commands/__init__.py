"""The commands of ``gridtown``: what each does once its options are read.

Nothing heavy is imported before it is used, so that ``gridtown --help`` answers at once.
"""

from sim.commands.analyse import AnalyseRequest, analyse
from sim.commands.audit import AuditRequest, audit
from sim.commands.books import books
from sim.commands.check import check
from sim.commands.comparing import CompareRequest, compare
from sim.commands.ending import attempt
from sim.commands.experiment import ExperimentRequest, experiment
from sim.commands.experiments import experiments
from sim.commands.lists import outcomes, parameters, scenarios, schema
from sim.commands.query import query
from sim.commands.results import ResultsRequest, results
from sim.commands.run import RunRequest, run
from sim.commands.search import SearchRequest, search
from sim.commands.story import story
from sim.commands.verify import VerifyRequest, verify
from sim.commands.words import say

__all__ = [
    "AnalyseRequest",
    "AuditRequest",
    "CompareRequest",
    "ExperimentRequest",
    "ResultsRequest",
    "RunRequest",
    "SearchRequest",
    "VerifyRequest",
    "analyse",
    "attempt",
    "audit",
    "books",
    "check",
    "compare",
    "experiment",
    "experiments",
    "outcomes",
    "parameters",
    "query",
    "results",
    "run",
    "say",
    "scenarios",
    "schema",
    "search",
    "story",
    "verify",
]
