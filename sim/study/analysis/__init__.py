"""What a study's runs say: comparisons, effects, indices, surfaces, boxes, and their tables."""

from sim.study.analysis.analysing import OF_SPACE, Analysis, Note, analyse, factors_changed
from sim.study.analysis.discovery import Box, Discovery, discover
from sim.study.analysis.export import (
    all_tables,
    export,
    made_with,
    provenance,
    provenance_table,
    runs_table,
    units_table,
    write_one,
)
from sim.study.analysis.factorial import contrasts, level_effects, variance_shares
from sim.study.analysis.morris import morris
from sim.study.analysis.options import against_base, against_each_other, contenders, point_means
from sim.study.analysis.sobol import SobolIndices, sobol
from sim.study.analysis.study import (
    AnalysisError,
    FactorLike,
    Responses,
    Study,
    StudyFactor,
    coded,
    decoded,
    is_numeric,
    kind_of,
    outcome_of,
    point_frame,
    responses,
    span,
)
from sim.study.analysis.surface import Surface, response_surface

__all__ = [
    "OF_SPACE",
    "Analysis",
    "AnalysisError",
    "Box",
    "Discovery",
    "FactorLike",
    "Note",
    "Responses",
    "SobolIndices",
    "Study",
    "StudyFactor",
    "Surface",
    "against_base",
    "against_each_other",
    "all_tables",
    "analyse",
    "coded",
    "contenders",
    "contrasts",
    "decoded",
    "discover",
    "export",
    "factors_changed",
    "is_numeric",
    "kind_of",
    "level_effects",
    "made_with",
    "morris",
    "outcome_of",
    "point_frame",
    "point_means",
    "provenance",
    "provenance_table",
    "response_surface",
    "responses",
    "runs_table",
    "sobol",
    "span",
    "units_table",
    "variance_shares",
    "write_one",
]
