"""Levers of triage and books: sorting known disputes, grading them, the grid's limit, and targets that press."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sim.disputes import set_grading, set_pressure, set_stage_limit, set_triage
from sim.interventions.base import Intervention
from sim.scenario import Count, GradingPart, TargetPart

if TYPE_CHECKING:
    from sim.model import TownModel


class ThreeAffairs(Intervention):
    """Sorts known disputes: big ones go to government, small ones to the grid, private ones to nobody."""

    name: ClassVar[str] = "three_affairs"

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        """Sort while any intervention is active, or throughout where the scenario says so."""
        set_triage(model.world.handling, model.plan.triage.three_affairs or bool(model.active(cls)))


class ColourGrading(Intervention):
    """Grades known disputes by risk into five colours; each colour brings visits, a place in queues or referral."""

    name: ClassVar[str] = "colour_grading"

    grading: GradingPart = Field(default_factory=GradingPart, description="Categories, and what each colour brings.")

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        """Grade as the last active intervention says, or else as the scenario does."""
        wanted = [lever.grading for lever in model.active(cls)]
        set_grading(model.world.handling, wanted[-1] if wanted else model.plan.triage.grading)


class SmallMatters(Intervention):
    """Moves the limit up to which a matter is a small one, which stays in the grid."""

    name: ClassVar[str] = "small_matters"

    stage_limit: Count = Field(..., ge=1, le=9, description="Highest stage of a matter that the grid handles.")

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        """Set the limit of the last active intervention, or the parameter's."""
        limits = [lever.stage_limit for lever in model.active(cls)]
        usual = float(model.world.parameters[0].grid_stage_limit)
        set_stage_limit(model.world.handling, float(limits[-1]) if limits else usual)


class RecordingTarget(Intervention):
    """Lets a target press on the books for some dates, beside those that the scenario has throughout."""

    name: ClassVar[str] = "recording_target"

    target: TargetPart = Field(..., description="The target: kind, size and ways.")

    @classmethod
    def set_lever(cls, model: TownModel) -> None:
        """Let all active targets press together with the scenario's."""
        set_pressure(model.world.handling, [*model.plan.books.targets, *(one.target for one in model.active(cls))])
