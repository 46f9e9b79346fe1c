"""What ``gridtown check`` says of offices and of what a scenario switches on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from typer.testing import Result

Command = Callable[..., Result]
WAY = ("--set", "mediation.hand_over.grid={delay_days: 1}")


def said(gridtown: Command, *settings: str, offices: str | None = None) -> str:
    """Return what is said of the tiny town with a list of offices."""
    groups = () if offices is None else ("--set", "mediation={mediators: 0, offices: [" + offices + "]}")
    done = gridtown("check", "tiny.yaml", *groups, *settings)
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def test_offices_without_a_mediator_are_told(gridtown: Command) -> None:
    group = "{{name: village, level: community, mediators: {n}}}"
    assert "village: 1 of 2 offices without a mediator" in said(gridtown, offices=group.format(n=1))
    assert "without a mediator" not in said(gridtown, offices=group.format(n=2))
    assert "There are no mediators" in said(gridtown, offices=group.format(n=0))
    assert "There are no mediators" not in said(gridtown)


def test_an_office_of_the_court_without_a_court_is_told(gridtown: Command) -> None:
    offices = "{name: platform, level: city, kind: online, mediators: 1}, {name: town, level: township, mediators: 1}"
    note = "platform takes cases from the court only"
    assert note in said(gridtown, offices=offices)
    told = said(gridtown, "--set", "mediation.court={pre_litigation_share: 0.5}", offices=offices)
    assert note not in told
    assert "set in the scenario: court (50% of filings to mediation first)" in told


@pytest.mark.parametrize("kind", ["one_stop", "police_station"])
def test_offices_with_no_way_to_save_are_told(gridtown: Command, kind: str) -> None:
    offices = f"{{name: centre, level: township, kind: {kind}, mediators: 1}}"
    note = "centre: hand-over to them takes no time"
    assert note in said(gridtown, offices=offices)
    assert note not in said(gridtown, *WAY, offices=offices)
    assert note not in said(gridtown, offices="{name: centre, level: township, mediators: 1}")


@pytest.mark.parametrize(
    ("more", "cut"),
    [
        ("start_hour: 20, hours: 8", "of 8 hours from 20:00 only the 4 before midnight count"),
        ("start_hour: 22", "of 4 hours from 22:00 only the 2 before midnight count"),
        ("start_hour: 16, hours: 8", None),
        ("kind: online, start_hour: 22", None),
    ],
)
def test_hours_after_midnight_are_told(gridtown: Command, more: str, cut: str | None) -> None:
    told = said(gridtown, offices=f"{{name: late, level: township, mediators: 1, {more}}}")
    assert (cut in told) if cut else ("midnight" not in told)


def test_what_the_scenario_itself_switches_on_is_told(gridtown: Command) -> None:
    assert "policy no intervention calendar" in said(gridtown)
    on = (
        *("--set", "grid.micro_grids={households: 20}", "--set", "grid.whistle={at_once_per_township: 2}"),
        *("--set", "grid.list_after_days=5", "--set", "triage={three_affairs: true, grading: {categories: [medical]}}"),
        *("--set", "books.targets=[{kind: cut, size: 0.3}]"),
    )
    assert (
        "set in the scenario: micro-grids of 20 households, whistle (2 at once in a township), list of cases after 5 "
        "days, three-affairs triage, five colours (medical), target cut of size 0.3"
    ) in said(gridtown, *on)
