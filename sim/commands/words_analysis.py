"""What ``gridtown analyse`` and ``gridtown search`` say: part of the catalogue of ``words``."""

from __future__ import annotations

ANALYSIS: dict[str, str] = {
    "help.analyse": "Say what a finished experiment or search shows: effects, shares of variance, surfaces, boxes, the "
    "best mix of levers; write a page and tables.",
    "help.search": "Look for the cheapest mix of levers that meets targets with a probability, or for the frontier; "
    "finalists are run again with fresh seeds.",
    "example.analyse": "Example: gridtown analyse density-mediators-patrol --report page.html --export tables.xlsx",
    "example.search": "Example: gridtown search my-search.yaml --jobs 4",
    "option.analysed": "An experiment or a finished search in the store, by its name.",
    "option.analysis_outcomes": "Outcomes to analyse, as id,id. (default: those that the experiment names)",
    "option.analysis_report": "HTML file of the page.",
    "option.export": "File for the tables: .xlsx (one workbook), .csv or .parquet (one file for each table).",
    "option.find": "What scenario discovery looks for, as response_minutes_p90>=12; may be repeated. (default: the "
    "worst tenth of the runs)",
    "option.search_file": "Search file.",
    "option.search_export": "File for the points that were tried: .csv, .parquet or .xlsx.",
    "wrong.find": "--find is {given}; allowed: an outcome, <= or >=, and a number, as response_minutes_p90>=12",
    "wrong.find_design": "--find is for designs that fill a space (latin-hypercube, sobol-sequence, saltelli): {name} "
    "is none, leave it out",
    "wrong.of_search": "{name} is a search, which says by itself what it looks for and has one version: leave "
    "--outcomes, --find and --version out",
    "progress.analysing": "{name}: analysing",
    "progress.search": "{name}: searching, {points} points tried",
    "progress.check": "{name}: checking the finalists with fresh seeds",
    "progress.of_search": "{stage}; {text}",
    "analyse.heading": "{name}: {points}, {runs}",
    "analyse.missing": "Not finished: {missing} of it missing, so that all below may change.",
    "analyse.nothing": "nothing could be told",
    "analyse.note": "{outcome}: {reason}",
    "analyse.page": "page     {place}",
    "analyse.tables": "tables   {place}",
    "search.heading": "{name}: {runs}, {points} tried; ended as {ended}",
    "search.budget": "the budget was used",
    "search.everything": "every point was tried",
    "search.best": "Best: {values}",
    "search.best_not_sure": "Best, but not sure: {values}",
    "search.checks": "With {check} fresh runs of each finalist, no point can be shown to keep what is wanted with 95 % "
    "confidence for all finalists together, not even one that always keeps it: that takes replications.check of "
    "{needed} or more.",
    "search.none": "No point that was re-checked keeps all targets with fresh seeds. The nearest is below; more runs, "
    "wider factors or weaker targets may help.",
    "search.frontier": "Frontier: {points} that keep all targets and that no other beats",
    "search.point": "{values}",
    "search.objective": "{outcome}: {fresh} ({low} to {high}) by fresh seeds; the search saw {searched}, "
    "a gap of {gap}",
    "search.target_most": "{outcome} at most {limit}: kept in {kept} of {runs} fresh runs ({low} to {high} % with 95 % "
    "confidence for all finalists together; wanted {wanted} %)",
    "search.target_least": "{outcome} at least {limit}: kept in {kept} of {runs} fresh runs ({low} to {high} % with "
    "95 % confidence for all finalists together; wanted {wanted} %)",
    "search.holds": "holds in these runs, which is not sure",
    "search.sure": "holds beyond doubt",
    "search.fails": "does not hold",
    "search.failed": "{runs} failed; they count as keeping no target.",
    "search.impossible": "{points} not run, since the values make no scenario:",
    "search.impossible_point": "  {values}: {reason}",
    "search.impossible_more": "  ... and {n:,} more",
    "count.point": "1 point|{n:,} points",
}
