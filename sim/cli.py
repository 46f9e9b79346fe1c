"""The command ``gridtown``: its options. What the commands do is in ``sim.commands``.

Nothing heavy is imported here, so that ``gridtown --help`` answers at once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from sim import commands
from sim.commands import say

RESULTS = Path("results")

app = typer.Typer(
    name="gridtown",
    help=say("help"),
    epilog=say("codes"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Settings = Annotated[list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help=say("option.set"))]
Days = Annotated[int | None, typer.Option(metavar="NUMBER", help=say("option.days"), min=1)]
ModelVersion = Annotated[str | None, typer.Option("--version", metavar="VERSION", help=say("option.model_version"))]
Json = Annotated[bool, typer.Option("--json", metavar="", help=say("option.json"))]
Out = Annotated[Path, typer.Option(metavar="FOLDER", help=say("option.out"))]
Replace = Annotated[bool, typer.Option("--replace", metavar="", help=say("option.replace"))]


def end(act: Callable[[], int]) -> NoReturn:
    """Do what a command does and leave with its exit code."""
    raise typer.Exit(commands.attempt(act))


def show_version(wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        from importlib.metadata import version

        typer.echo(f"gridtown {version('gridtown')}")
        raise typer.Exit


@app.callback()
def gridtown(
    version: Annotated[
        bool, typer.Option("--version", metavar="", callback=show_version, is_eager=True, help=say("option.version"))
    ] = False,
) -> None:
    """Take the options that belong to no command."""


@app.command(help=say("help.check"), epilog=say("example.check"))
def check(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO", help=say("option.scenarios"))],
    settings: Settings = None,
    as_json: Json = False,
) -> None:
    """Check scenarios."""
    end(lambda: commands.check(scenarios, settings or [], as_json))


@app.command(help=say("help.run"), epilog=say("example.run"))
def run(
    scenario: Annotated[str | None, typer.Argument(metavar="SCENARIO", help=say("option.scenario"))] = None,
    seed: Annotated[int | None, typer.Option(metavar="NUMBER", help=say("option.seed"))] = None,
    days: Days = None,
    settings: Settings = None,
    out: Out = RESULTS,
    everything: Annotated[bool, typer.Option("--all", metavar="", help=say("option.all"))] = False,
    as_json: Json = False,
    until: Annotated[int | None, typer.Option(metavar="DAY", help=say("option.until"))] = None,
    save_state: Annotated[Path | None, typer.Option(metavar="FILE", help=say("option.save_state"))] = None,
    resume: Annotated[Path | None, typer.Option(metavar="FILE", help=say("option.resume"))] = None,
    replace: Replace = False,
) -> None:
    """Run a scenario once."""
    asked = commands.RunRequest(
        scenario, seed, days, settings or [], out, as_json, everything, save_state, until, resume, replace
    )
    end(lambda: commands.run(asked))


@app.command(help=say("help.compare"), epilog=say("example.compare"))
def compare(
    base: Annotated[str, typer.Argument(metavar="BASE", help=say("option.base"))],
    options: Annotated[list[str], typer.Argument(metavar="OPTION", help=say("option.options"))],
    replications: Annotated[int, typer.Option(metavar="NUMBER", help=say("option.replications"), min=1)] = 10,
    seed: Annotated[int, typer.Option(metavar="NUMBER", help=say("option.first_seed"))] = 1,
    jobs: Annotated[int | None, typer.Option(metavar="NUMBER", help=say("option.jobs"), min=1)] = None,
    days: Days = None,
    settings: Settings = None,
    outcomes: Annotated[str | None, typer.Option(metavar="ID,ID", help=say("option.outcomes"))] = None,
    out: Out = RESULTS,
    report: Annotated[Path | None, typer.Option(metavar="FILE", help=say("option.report"))] = None,
    keep_runs: Annotated[bool, typer.Option("--keep-runs", metavar="", help=say("option.keep_runs"))] = False,
    as_json: Json = False,
    replace: Replace = False,
) -> None:
    """Compare options with a base."""
    asked = commands.CompareRequest(
        base,
        options,
        settings or [],
        days,
        replications,
        seed,
        jobs,
        out,
        report,
        outcomes,
        as_json,
        keep_runs,
        replace,
    )
    end(lambda: commands.compare(asked))


@app.command(help=say("help.experiment"), epilog=say("example.experiment"))
def experiment(
    file: Annotated[str, typer.Argument(metavar="EXPERIMENT", help=say("option.experiment"))],
    jobs: Annotated[int | None, typer.Option(metavar="NUMBER", help=say("option.jobs"), min=1)] = None,
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS", help=say("option.scheduler"))] = None,
    resume: Annotated[bool, typer.Option("--resume/--no-resume", help=say("option.resume_store"))] = True,
    retry_failures: Annotated[
        bool, typer.Option("--retry-failures", metavar="", help=say("option.retry_failures"))
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", metavar="", help=say("option.dry_run"))] = False,
    store: Annotated[str | None, typer.Option(metavar="ADDRESS", help=say("option.store"))] = None,
    as_json: Json = False,
) -> None:
    """Run an experiment."""
    asked = commands.ExperimentRequest(file, jobs, scheduler, resume, retry_failures, dry_run, store, as_json)
    end(lambda: commands.experiment(asked))


@app.command(help=say("help.analyse"), epilog=say("example.analyse"))
def analyse(
    name: Annotated[str, typer.Argument(metavar="EXPERIMENT", help=say("option.analysed"))],
    store: Annotated[str | None, typer.Option(metavar="ADDRESS", help=say("option.store"))] = None,
    outcomes: Annotated[str | None, typer.Option(metavar="ID,ID", help=say("option.analysis_outcomes"))] = None,
    find: Annotated[list[str] | None, typer.Option(metavar="ID>=NUMBER", help=say("option.find"))] = None,
    report: Annotated[Path | None, typer.Option(metavar="FILE", help=say("option.analysis_report"))] = None,
    export: Annotated[Path | None, typer.Option(metavar="FILE", help=say("option.export"))] = None,
    version: ModelVersion = None,
    as_json: Json = False,
) -> None:
    """Analyse an experiment."""
    asked = commands.AnalyseRequest(name, store, version, outcomes, find or [], report, export, as_json)
    end(lambda: commands.analyse(asked))


@app.command(help=say("help.search"), epilog=say("example.search"))
def search(
    file: Annotated[str, typer.Argument(metavar="FILE", help=say("option.search_file"))],
    jobs: Annotated[int | None, typer.Option(metavar="NUMBER", help=say("option.jobs"), min=1)] = None,
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS", help=say("option.scheduler"))] = None,
    store: Annotated[str | None, typer.Option(metavar="ADDRESS", help=say("option.store"))] = None,
    report: Annotated[Path | None, typer.Option(metavar="FILE", help=say("option.analysis_report"))] = None,
    export: Annotated[Path | None, typer.Option(metavar="FILE", help=say("option.search_export"))] = None,
    as_json: Json = False,
) -> None:
    """Search for the cheapest mix of levers."""
    asked = commands.SearchRequest(file, jobs, scheduler, store, report, export, as_json)
    end(lambda: commands.search(asked))


@app.command(help=say("help.verify"), epilog=say("example.verify"))
def verify(
    scenario: Annotated[str | None, typer.Argument(metavar="SCENARIO", help=say("option.verify_scenario"))] = None,
    replications: Annotated[int, typer.Option(metavar="NUMBER", help=say("option.verify_replications"))] = 20,
    days: Days = None,
    settings: Settings = None,
    jobs: Annotated[int | None, typer.Option(metavar="NUMBER", help=say("option.jobs"), min=1)] = None,
    data: Annotated[Path | None, typer.Option(metavar="FOLDER", help=say("option.data"))] = None,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help=say("option.verify_out"))] = None,
    as_json: Json = False,
) -> None:
    """Hold a scenario beside queueing theory, or run the textbook cases."""
    end(
        lambda: commands.verify(
            commands.VerifyRequest(scenario, replications, days, settings or [], jobs, data, out, as_json)
        )
    )


@app.command(help=say("help.story"), epilog=say("example.story"))
def story(
    run: Annotated[Path, typer.Argument(metavar="RUN", help=say("option.run"))],
    dispute: Annotated[int | None, typer.Argument(metavar="DISPUTE", help=say("option.dispute"))] = None,
    language: Annotated[str, typer.Option(metavar="CODE", help=say("option.language"))] = "en",
    as_json: Json = False,
) -> None:
    """Tell a dispute."""
    end(lambda: commands.story(run, dispute, language, as_json))


@app.command(help=say("help.audit"), epilog=say("example.audit"))
def audit(
    scenarios: Annotated[
        list[str] | None, typer.Argument(metavar="SCENARIO", help=say("option.audit_scenarios"))
    ] = None,
    replications: Annotated[int, typer.Option(metavar="NUMBER", help=say("option.audit_replications"), min=1)] = 5,
    days: Annotated[int | None, typer.Option(metavar="NUMBER", help=say("option.audit_days"), min=1)] = None,
    residents: Annotated[int, typer.Option(metavar="NUMBER", help=say("option.audit_residents"), min=1)] = 100_000,
    jobs: Annotated[int | None, typer.Option(metavar="NUMBER", help=say("option.jobs"), min=1)] = None,
    no_sweep: Annotated[bool, typer.Option("--no-sweep", metavar="", help=say("option.no_sweep"))] = False,
    page: Annotated[Path | None, typer.Option(metavar="FILE", help=say("option.page"))] = None,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", metavar="", help=say("option.csv"))] = False,
) -> None:
    """Audit the articles' claims."""
    asked = commands.AuditRequest(
        scenarios or [], replications, days, residents, jobs, not no_sweep, page, as_json, as_csv
    )
    end(lambda: commands.audit(asked))


@app.command(help=say("help.schema"), epilog=say("example.schema"))
def schema(
    out: Annotated[Path | None, typer.Option(metavar="FILE", help=say("option.schema_out"))] = None,
    of_experiments: Annotated[
        bool, typer.Option("--experiment", metavar="", help=say("option.schema_experiment"))
    ] = False,
) -> None:
    """Print the JSON Schema of scenario or experiment files."""
    end(lambda: commands.schema(out, of_experiments))


@app.command(help=say("help.scenarios"), epilog=say("example.scenarios"))
def scenarios(as_json: Json = False) -> None:
    """List the library of scenarios."""
    end(lambda: commands.scenarios(as_json))


@app.command(help=say("help.experiments"), epilog=say("example.experiments"))
def experiments(as_json: Json = False) -> None:
    """List the library of experiments."""
    end(lambda: commands.experiments(as_json))


@app.command(help=say("help.outcomes"), epilog=say("example.outcomes"))
def outcomes(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID", help=say("option.ids"))] = None,
    as_json: Json = False,
) -> None:
    """List or define outcomes."""
    end(lambda: commands.outcomes(ids or [], as_json))


@app.command(help=say("help.books"), epilog=say("example.books"))
def books(
    run_folder: Annotated[Path, typer.Argument(metavar="RUN", help=say("option.run_folder"))],
    as_json: Json = False,
) -> None:
    """Show a run's books."""
    end(lambda: commands.books(run_folder, as_json))


@app.command(help=say("help.results"), epilog=say("example.results"))
def results(
    experiment: Annotated[
        str | None, typer.Argument(metavar="EXPERIMENT", help=say("option.experiment_stored"))
    ] = None,
    outcomes: Annotated[str | None, typer.Option(metavar="ID,ID", help=say("option.results_outcomes"))] = None,
    failures: Annotated[bool, typer.Option("--failures", metavar="", help=say("option.failures"))] = False,
    scenario: Annotated[str | None, typer.Option(metavar="RUN", help=say("option.stored_scenario"))] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", metavar="", help=say("option.rebuild"))] = False,
    store: Annotated[str | None, typer.Option(metavar="ADDRESS", help=say("option.store"))] = None,
    version: ModelVersion = None,
    as_json: Json = False,
) -> None:
    """Show what the store of runs holds."""
    end(
        lambda: commands.results(
            commands.ResultsRequest(experiment, store, version, outcomes, failures, scenario, rebuild, as_json)
        )
    )


@app.command(help=say("help.query"), epilog=say("example.query"))
def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help=say("option.sql"))],
    store: Annotated[str | None, typer.Option(metavar="ADDRESS", help=say("option.store"))] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help=say("option.query_out"))] = None,
    as_json: Json = False,
) -> None:
    """Ask the store of runs."""
    end(lambda: commands.query(sql, store, out, as_json))


@app.command(help=say("help.parameters"), epilog=say("example.parameters"))
def parameters(
    scenario: Annotated[str | None, typer.Argument(metavar="SCENARIO", help=say("option.parameters_scenario"))] = None,
    status: Annotated[str | None, typer.Option(metavar="F|D|M|N", help=say("option.status"))] = None,
    as_json: Json = False,
) -> None:
    """List the parameters."""
    end(lambda: commands.parameters(scenario, status, as_json))


def main() -> None:
    """Run the command."""
    app()


if __name__ == "__main__":
    main()
