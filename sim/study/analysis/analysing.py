"""From a study to all that its design can tell: every table, and in words what could not be made and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from sim.outcomes import HEADLINE
from sim.study.analysis.discovery import Discovery, discover
from sim.study.analysis.factorial import contrasts, layout, level_effects, variance_shares
from sim.study.analysis.morris import morris
from sim.study.analysis.options import against_base, against_each_other, contenders, point_means
from sim.study.analysis.sobol import SobolIndices, sobol
from sim.study.analysis.study import AnalysisError, Study, kind_of, outcome_of, point_frame, responses
from sim.study.analysis.surface import Surface, response_surface

if TYPE_CHECKING:
    import pandas as pd

OF_OPTIONS = ("factorial", "one-at-a-time", "table")  # designs whose points are options that somebody chose
OF_SPACE = ("latin-hypercube", "sobol-sequence", "saltelli")  # designs that fill the space of the factors
FEW_POINTS = 12  # so many are compared with each other


@dataclass(frozen=True)
class Note:
    """What could not be made, or not from all runs.

    Attributes:
        part: the analysis, such as ``sobol``.
        outcome: id.
        reason: in words, with what to do.
    """

    part: str
    outcome: str
    reason: str


@dataclass(frozen=True)
class Analysis:
    """What a study shows.

    Attributes:
        study: the runs.
        kind: of its design.
        tables: tidy frames by name; every row names its outcome. Those there are depend on the design: ``points``
            always; ``base``, ``pairs``; ``contrasts``, ``levels``, ``variance``; ``morris``; ``sobol``,
            ``sobol_pairs``, ``sobol_noise``; ``surfaces``; ``boxes``.
        surfaces: response surfaces by outcome.
        discoveries: scenario discovery by outcome.
        sobol: indices by outcome.
        best: for each outcome with a direction, the points that may be the best.
        notes: what could not be made, or not from all runs.
    """

    study: Study
    kind: str
    tables: dict[str, pd.DataFrame]
    surfaces: dict[str, Surface] = field(default_factory=dict)
    discoveries: dict[str, Discovery] = field(default_factory=dict)
    sobol: dict[str, SobolIndices] = field(default_factory=dict)
    best: dict[str, list[int]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def rows(self, table: str, outcome: str) -> list[dict[str, Any]]:
        """Return a table's rows of one outcome; none where there is no such table."""
        frame = self.tables.get(table)
        if frame is None:
            return []
        rows: Any = frame[frame["outcome"] == outcome].to_dict(orient="records")
        return list(rows)

    def gathered_notes(self) -> list[tuple[str, list[str], str]]:
        """Return part, outcomes and reason of every note, those of one reason together."""
        gathered: dict[tuple[str, str], list[str]] = {}
        for note in self.notes:
            gathered.setdefault((note.part, note.reason), []).append(note.outcome)
        return [(part, outcomes, reason) for (part, reason), outcomes in gathered.items()]


class Collected:
    """Gathers tables and results of analyses, and what each could not do."""

    def __init__(self) -> None:
        self.frames: dict[str, list[pd.DataFrame]] = {}
        self.notes: list[Note] = []

    def attempt[Made](self, part: str, outcome: str, make: Callable[[], Made]) -> Made | None:
        """Return what an analysis makes, or None and a note."""
        try:
            return make()
        except AnalysisError as problem:
            self.notes.append(Note(part, outcome, str(problem)))
            return None

    def table(self, part: str, outcome: str, make: Callable[[], pd.DataFrame]) -> None:
        """Add the rows that an analysis makes to the table of its name."""
        frame = self.attempt(part, outcome, make)
        if frame is not None and len(frame):
            self.frames.setdefault(part, []).append(frame)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return each table in one piece."""
        import pandas as pd

        return {name: pd.concat(frames, ignore_index=True) for name, frames in self.frames.items()}


def analyse(
    study: Study,
    outcomes: Sequence[str] | None = None,
    limits: dict[str, dict[str, float]] | None = None,
) -> Analysis:
    """Make every analysis that a study's design is made for.

    Args:
        study: the runs.
        outcomes: ids; those that the study shows when left out, or else the headline.
        limits: by outcome, ``{"at_most": x}`` or ``{"at_least": x}``: what scenario discovery looks for.

    Raises:
        AnalysisError: there are no runs, or no such outcome.
    """
    ids, kind = list(outcomes or study.outcomes or told_by(study)), kind_of(study)
    if not ids:
        raise AnalysisError(f"{study.name} names no outcomes to analyse")
    for id_ in ids:
        responses(study, id_)
    made = Collected()
    made.frames["points"] = [point_means(study, ids)]
    best: dict[str, list[int]] = {}
    indices: dict[str, SobolIndices] = {}
    surfaces: dict[str, Surface] = {}
    found: dict[str, Discovery] = {}
    if kind in OF_OPTIONS:
        of_options(study, ids, made, best)
    for id_ in ids:
        if kind == "factorial":
            made.table("contrasts", id_, partial(contrasts, study, id_))
            made.table("levels", id_, partial(level_effects, study, id_))
            made.table("variance", id_, partial(variance_shares, study, id_))
            note_of_dropped(study, id_, made)
        elif kind == "morris":
            made.table("morris", id_, partial(morris, study, id_))
        elif kind == "saltelli":
            keep(indices, id_, made.attempt("sobol", id_, partial(sobol, study, id_)))
        if kind in OF_SPACE:
            limit: dict[str, Any] = dict((limits or {}).get(id_, {}))
            keep(surfaces, id_, made.attempt("surface", id_, partial(response_surface, study, id_)))
            keep(found, id_, made.attempt("discovery", id_, partial(discover, study, id_, **limit)))
    tables = {**made.tables(), **result_tables(indices, surfaces, found)}
    return Analysis(study, kind, tables, surfaces, found, indices, best, tuple(made.notes))


def told_by(study: Study) -> list[str]:
    """Return the outcomes that comparisons show, of an experiment that names none: those that its runs define."""
    return [id_ for id_ in HEADLINE if id_ in study.frame.columns and study.frame[id_].notna().any()]


def keep[Made](kept: dict[str, Made], id_: str, one: Made | None) -> None:
    """Keep what was made, if anything was."""
    if one is not None:
        kept[id_] = one


def of_options(study: Study, ids: Sequence[str], made: Collected, best: dict[str, list[int]]) -> None:
    """Compare the points of a design with the base and, where they are few, with each other."""
    points = study.frame["point"].unique()
    if len(points) < 2:
        made.notes.append(Note("base", ids[0], "there is one point only: nothing to compare"))
        return
    # Holm's correction runs over all outcomes together, so these are no tables of single outcomes.
    made.table("base", ids[0], partial(against_base, study, ids))
    if len(points) <= FEW_POINTS:
        made.table("pairs", ids[0], partial(against_each_other, study, ids))
    else:
        reason = (
            f"{len(points)} points are compared with the base only: beyond {FEW_POINTS} there are so many pairs that "
            "the correction for them hides most differences; for two points of interest make a table design of them"
        )
        made.notes.append(Note("pairs", ids[0], reason))
    for id_ in ids:
        if outcome_of(id_).better != "none":
            keep(best, id_, made.attempt("best", id_, partial(contenders, study, id_)))


def note_of_dropped(study: Study, outcome: str, made: Collected) -> None:
    """Note the seeds that a factorial's effects leave out since some point lacks them."""
    try:
        found = layout(study, outcome)
    except AnalysisError:
        return  # which the effects have noted
    if found.dropped:
        seeds = len(found.seeds)
        reason = (
            f"effects and shares are of the {seeds} of {seeds + found.dropped} seeds that define it at every point; "
        )
        if study.experiment.get("precision"):
            reason += "points were run until their differences were known, each for itself: those use all of its seeds"
        else:
            reason += "finish the experiment, or give all points as many replications, to use the others"
        made.notes.append(Note("contrasts", outcome, reason))


def result_tables(
    indices: dict[str, SobolIndices], surfaces: dict[str, Surface], found: dict[str, Discovery]
) -> dict[str, pd.DataFrame]:
    """Return the tables of analyses whose results hold more than a table."""
    import pandas as pd

    tables: dict[str, list[pd.DataFrame]] = {}
    for one in indices.values():
        tables.setdefault("sobol", []).append(one.factors)
        if len(one.pairs):
            tables.setdefault("sobol_pairs", []).append(one.pairs)
        fields = ("outcome", "variance", "noise_variance", "noise_share", "noise_share_of_mean")
        row = {name: getattr(one, name) for name in (*fields, "blocks", "dropped", "replications")}
        tables.setdefault("sobol_noise", []).append(pd.DataFrame([row]))
    for surface in surfaces.values():
        shown = ("outcome", "method", "points", "error", "noise", "explained", "explained_of_signal", "fits")
        row = {name: getattr(surface, name) for name in (*shown, "verdict")}
        tables.setdefault("surfaces", []).append(pd.DataFrame([row]))
    for discovery in found.values():
        for number, box in enumerate(discovery.boxes, start=1):
            about: dict[str, Any] = {"outcome": discovery.outcome, "condition": discovery.condition, "box": number}
            about |= {name: getattr(box, name) for name in ("coverage", "density", "mass", "held_out_density")}
            names: list[Any] = [None if one is None else ", ".join(one) for one in box.limits["levels"]]
            rows = box.limits.assign(levels=names)
            tables.setdefault("boxes", []).append(pd.DataFrame([about]).merge(rows, how="cross"))
    return {name: pd.concat(frames, ignore_index=True) for name, frames in tables.items()}


def factors_changed(study: Study) -> dict[int, list[str]]:
    """Return for each point which factors have another value than at the base; all of them where it is no point."""
    points = point_frame(study)
    names = [str(name) for name in points.columns]
    if study.base_point not in points.index:
        return {int(one): names for one in points.index}
    base = points.loc[study.base_point]
    return {int(str(number)): [name for name in names if row[name] != base[name]] for number, row in points.iterrows()}
