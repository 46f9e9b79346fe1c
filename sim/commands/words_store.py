"""What the commands around the store of runs say."""

STORE: dict[str, str] = {
    "help.query": "Ask the store of runs in SQL; print a table, or write a file.",
    "help.results": "List the store's experiments and searches; of one, its points with the means of its outcomes.",
    "example.query": 'Example: gridtown query "select point, avg(calls) from results group by point order by point"',
    "example.results": "Example: gridtown results density-mediators-patrol --outcomes response_minutes_p90",
    "option.sql": "A query over runs, outcomes, experiments, points, replications, results and failures; `describe "
    "results` lists columns.",
    "option.store": "Folder or address of the store, such as s3://bucket/studies. (default: results/store)",
    "option.query_out": "File to write all rows to, .csv or .parquet, instead of printing.",
    "option.experiment_stored": "An experiment in the store. (default: a list of all)",
    "option.results_outcomes": "Outcomes to show, as id,id. (default: those the experiment names, else the headline)",
    "option.model_version": "Version of the model whose runs are shown. (default: the present one, or the newest that "
    "has finished runs)",
    "option.failures": "Show failed runs with the commands that make them again.",
    "option.stored_scenario": "Print the scenario of a stored or failed run, as a file for `gridtown run`.",
    "option.rebuild": "Make the store's catalogue anew from the runs' files.",
    "wrong.version_of_all": "--version is of the runs of one experiment: name it, as `gridtown results NAME --version "
    "VERSION`",
    "wrong.sql": "the query cannot be answered: {problem}",
    "wrong.query_out": "--out is {given}; allowed: a file that ends in .csv or .parquet",
    "wrong.no_run": 'the store has no run {given}, neither finished nor failed; `gridtown query "select run from '
    'runs"` lists them',
    "query.rows": "{shown} of {all} rows; --out FILE.csv writes all.",
    "query.written": "rows     {place} ({rows:,})",
    "results.none": "The store {place} has no experiment yet, and {runs}.",
    "results.experiment": "experiment",
    "results.kind": "kind",
    "results.state": "state",
    "results.done": "done",
    "results.open": "open",
    "results.points": "points",
    "results.asked": "runs",
    "results.finished": "finished",
    "results.failed": "failed",
    "results.older": "older",
    "results.title": "title",
    "results.point": "point",
    "results.foot": "{runs} in {place}. `gridtown results NAME` shows one experiment, `gridtown analyse NAME` what it "
    "says.",
    "results.of_search": "A point's means are over the search's runs and, of a finalist, the fresh ones too; `gridtown "
    "analyse {name}` keeps them apart and says what was found.",
    "results.heading": "{name}: {finished} of {asked} runs finished at {points}",
    "results.older_foot": "{older} made under other rules than those of this gridtown ({version}): still readable, and "
    "never mixed with new ones, for an experiment that is run again runs anew.",
    "results.means": "Means over a point's finished runs, with the standard error of the mean.",
    "results.versions": "It was run under the versions {versions} of the model, oldest first; --version VERSION shows "
    "one of them.",
    "results.more": "{shown} of {all} points shown; gridtown query or --json gives all.",
    "results.mean": "{mean} \N{PLUS-MINUS SIGN} {error}",
    "results.rebuilt": "catalogue made anew from the files: {runs}",
    "results.left_out": "{runs} left out, with a damaged record; their experiments make them again.",
    "results.no_failures": "No run has failed.",
    "count.failed_run": "1 run failed|{n:,} runs failed",
    "count.point": "1 point|{n:,} points",
    "progress.connecting": "connecting to the scheduler at {scheduler}",
    "progress.waiting": "waiting for workers",
}
