"""``gridtown verify``: a scenario beside its analytic twin, or all textbook cases beside what must come out of them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.ending import DONE, SOME_FAILED, RequestError, make_sure_of_folder, make_sure_of_seeds
from sim.commands.figures import console, finite, place, print_json
from sim.commands.progress import Progress
from sim.commands.verify_cases import cases_content, show_cases
from sim.commands.verify_twin import show_twin, twin_content
from sim.commands.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.study import Case

VERIFICATION_FILE = "verification.json"


@dataclass(frozen=True)
class VerifyRequest:
    """What the user asked to be verified; None where an option was not given.

    Attributes:
        scenario: file or library name; None for the textbook cases.
        replications: runs of each scenario.
        days: instead of a scenario's.
        settings: ``path=value`` each.
        jobs: processes at once.
        data: folder with data that are not shipped.
        out: folder for ``verification.json``.
        as_json: print that instead of tables.
    """

    scenario: str | None
    replications: int
    days: int | None
    settings: Sequence[str]
    jobs: int | None
    data: Path | None
    out: Path | None
    as_json: bool


def verify(asked: VerifyRequest) -> int:
    """Verify a scenario or the textbook cases; the exit code tells whether any case is wrong or any run failed."""
    check_request(asked)
    if asked.out is not None:
        make_sure_of_folder(asked.out)
    return verify_cases(asked) if asked.scenario is None else verify_scenario(asked, asked.scenario)


def check_request(asked: VerifyRequest) -> None:
    """Make sure that the options go together.

    Raises:
        RequestError: they do not.
    """
    if asked.replications < 2:
        raise RequestError(say("wrong.one_replication", given=asked.replications))
    make_sure_of_seeds(1, asked.replications)
    if asked.scenario is not None and asked.data is not None:
        raise RequestError(say("wrong.data_unused"))
    if asked.scenario is None and asked.settings:
        raise RequestError(say("wrong.set_unused"))


def verify_scenario(asked: VerifyRequest, given: str) -> int:
    """Hold a scenario beside its twin and show both.

    Raises:
        ScenarioError: the scenario has mistakes.
        TownError: its road network cannot be used.
    """
    with Progress() as progress:
        from sim import load
        from sim.study import hold_beside_twin, jobs_used

        settings = [*asked.settings, *([f"calendar.days={asked.days}"] if asked.days is not None else [])]
        scenario = load(given, *settings)
        progress.tell(say("progress.town", name=scenario.name))
        jobs = jobs_used(asked.jobs, [scenario], asked.replications)
        named = shlex.join([given, *(word for one in settings for word in ("--set", one))])
        twin = hold_beside_twin(scenario, asked.replications, jobs=jobs, tell=progress.follow, argument=named)
    deliver(asked, twin_content(twin), lambda: show_twin(twin))
    return SOME_FAILED if twin.failures else DONE


def verify_cases(asked: VerifyRequest) -> int:
    """Run the textbook cases and show them beside what must come out.

    Raises:
        RequestError: the folder of data does not hold them.
    """
    with Progress() as progress:
        from sim.study import all_cases, exact_checks, jobs_used, property_checks, run_cases

        cases = [*all_cases(), *cases_with_data(asked.data)]
        jobs = jobs_used(asked.jobs, [case.load(asked.days) for case in cases], asked.replications)
        found = run_cases(cases, asked.replications, asked.days, jobs, progress.follow)
        checks, properties = exact_checks(), property_checks()
    content = cases_content(found, checks, properties)
    deliver(asked, content, lambda: show_cases(found, cases, checks, properties, with_data=asked.data is not None))
    return DONE if content["all_agree"] else SOME_FAILED


def cases_with_data(data: Path | None) -> list[Case]:
    """Return the cases whose data are not shipped, where their folder is given.

    Raises:
        RequestError: it does not hold them.
    """
    from sim.study import has_manhattan, manhattan

    if data is None:
        return []
    if not has_manhattan(data):
        raise RequestError(say("wrong.no_manhattan", given=place(data)))
    return [manhattan(data)]


def deliver(asked: VerifyRequest, content: dict[str, Any], show: Callable[[], None]) -> None:
    """Print what was found, as JSON or as tables, and write it where that is wanted.

    Raises:
        StoreError: the file cannot be written.
    """
    if asked.as_json:
        print_json(content)
    else:
        show()
    if asked.out is None:
        return
    from sim.engine.files import replacing
    from sim.outcomes import store_error

    file = asked.out / VERIFICATION_FILE
    try:
        with replacing(file) as part:
            part.write((json.dumps(finite(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode())
    except OSError as problem:
        raise store_error("write", file, problem) from problem
    console(errors=True).print(say("verify.written", place=place(file)), soft_wrap=True)
