"""What ``gridtown check`` says of mediation, triage and books: what a scenario switches on, and what does nothing.

A note names a setting that is allowed and acts otherwise than its reader may think.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.commands.check_response import clock
from sim.commands.words import counted, say

if TYPE_CHECKING:
    from sim.scenario import OfficeGroup, Scenario

MIDNIGHT = 24.0


def switched_on(scenario: Scenario) -> list[str]:
    """Return what a scenario itself has in force throughout that an intervention could bring as well, or the court."""
    grid, triage, court = scenario.grid, scenario.triage, scenario.mediation.court
    made = []
    if grid.micro_grids is not None:
        made.append(say("check.set_micro_grids", households=grid.micro_grids.households))
    if grid.whistle is not None and grid.whistle.at_once_per_township:
        made.append(say("check.set_whistle", most=grid.whistle.at_once_per_township))
    if grid.list_after_days is not None:
        made.append(say("check.set_list", days=grid.list_after_days))
    if triage.three_affairs:
        made.append(say("check.set_three_affairs"))
    if triage.grading is not None:
        made.append(say("check.set_grading", categories=", ".join(triage.grading.categories)))
    if court is not None:
        made.append(say("check.set_court", share=court.pre_litigation_share))
    return [*made, *(say("check.set_target", kind=one.kind, size=one.size) for one in scenario.books.targets)]


def mediation_notes(scenario: Scenario) -> list[str]:
    """Return the notes on offices and their staff; none where nobody lives."""
    if not scenario.people.residents:
        return []
    if not scenario.mediation.mediator_count:
        return [say("check.no_mediators")]
    groups = scenario.mediation.all_groups()
    notes = [note for group in groups for note in (*staff_note(scenario, group), *hours_note(scenario, group))]
    if scenario.mediation.court is None:
        notes += [say("check.no_court", group=one.name) for one in groups if set(one.taken_sources) == {"court"}]
    return [*notes, *saving_note(scenario)]


def staff_note(scenario: Scenario, group: OfficeGroup) -> Iterator[str]:
    """Note offices of a group that have no mediator."""
    from sim.scenario import offices_of

    offices = offices_of(scenario.town, group)
    if group.mediators < offices:
        empty = offices - group.mediators
        yield say("check.empty_offices", group=group.name, empty=empty, offices=counted("office", offices))


def hours_note(scenario: Scenario, group: OfficeGroup) -> Iterator[str]:
    """Note hours of a group that would go on after midnight, which its offices do not have."""
    from sim.scenario import parameters_record

    parameters = parameters_record(scenario.parameters)[0]
    # What an online platform's file leaves out is a choice of the model that ends before midnight.
    usual = (
        (None, None)
        if group.kind == "online"
        else (parameters.mediation_start_hour, parameters.mediation_hours_per_day)
    )
    opens, hours = (
        one if given is None else given for given, one in zip((group.start_hour, group.hours), usual, strict=True)
    )
    if opens is not None and hours is not None and opens + hours > MIDNIGHT:
        yield say("check.hours_cut", group=group.name, hours=hours, opens=clock(opens), left=MIDNIGHT - opens)


def saving_note(scenario: Scenario) -> Iterator[str]:
    """Note groups that save the way of a hand-over where none takes time or loses anything."""
    ways = [way for _, way in scenario.mediation.hand_over]
    changed = any(getattr(lever, "name", "") == "hand_over" for lever in scenario.interventions)
    if changed or any(way.delay_days > 0.0 or way.loss > 0.0 for way in ways):
        return
    from sim.scenario import AT_ONCE_KINDS

    names = [group.name for group in scenario.mediation.all_groups() if group.kind in AT_ONCE_KINDS]
    if names:
        yield say("check.nothing_to_save", groups=", ".join(names))
