"""Writing an analysis as one page: whole or not at all, with nothing in it that a browser would have to fetch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.outcomes import CATALOGUE
from sim.report.drawing import Picture
from sim.report.numbers import Numbers
from sim.report.pages import put, rendered
from sim.report.study_findings import findings
from sim.report.study_index_figures import morris_picture, sobol_picture
from sim.report.study_option_figures import differences, interaction, main_effects, variance
from sim.report.study_space_figures import box_picture, scatter, surface_map
from sim.report.study_tables import factor_rows, tables_of
from sim.report.study_words import level_text, outcome_title, point_labels
from sim.report.tables import definition_rows
from sim.report.wording import Words, load_words, tidy
from sim.study import Analysis, Study, point_frame, provenance

MAKERS = (main_effects, interaction, differences, morris_picture, sobol_picture, scatter, surface_map, box_picture)
SHOWN_PROVENANCE = ("analysed", "command", "model_version", "source_hash", "platform", "processor")


def pictures(analysis: Analysis, outcome: str, words: Words) -> list[Picture]:
    """Return the pictures of one outcome, those that its design has."""
    made = [make(analysis, outcome, words) for make in MAKERS]
    return [one for one in made if one is not None]


def kind_words(analysis: Analysis, words: Words) -> str:
    """Return what kind of design a study has, and how its pictures are read."""
    said = {
        "factorial": words("study.kind_factorial"),
        "one-at-a-time": words("study.kind_one"),
        "latin-hypercube": words("study.kind_latin"),
        "sobol-sequence": words("study.kind_sequence"),
        "saltelli": words("study.kind_saltelli"),
        "morris": words("study.kind_morris"),
    }
    return said.get(analysis.kind, words("study.kind_table"))


def reading_words(analysis: Analysis, words: Words) -> list[str]:
    """Return how to read the pictures of a kind of design."""
    said = {
        "factorial": [words("study.read_factorial"), words("study.read_difference")],
        "one-at-a-time": [words("study.read_difference")],
        "table": [words("study.read_difference")],
        "morris": [words("study.read_morris")],
        "saltelli": [words("study.read_sobol"), words("study.read_space")],
    }
    return said.get(analysis.kind, [words("study.read_space")])


def content(analysis: Analysis, words: Words) -> dict[str, Any]:
    """Return all that the template shows, by name."""
    study, numbers = analysis.study, Numbers(words)
    outcomes = list(dict.fromkeys(analysis.tables["points"]["outcome"]))
    about = provenance(study)
    counts = study.frame.groupby("point").size()
    few, many = int(counts.min()), int(counts.max())
    shares = variance(analysis, outcomes, words)
    return {
        "title": tidy(study.title) or study.name,
        "study": study,
        "kind": kind_words(analysis, words),
        "reading": reading_words(analysis, words),
        "points": numbers.whole(len(counts)),
        "runs": numbers.whole(len(study.frame)),
        "days": words.listing([numbers.whole(one) for one in study.days]),
        "settings": [f"{name}: {level_text(value, words)}" for name, value in settings_of(study).items()],
        "missing": numbers.whole(study.missing) if study.missing else "",
        "each": numbers.whole(few) if few == many else words("study.few_to_many", few=few, many=many),
        "base": tidy(str(study.experiment.get("base", ""))),
        "compared": point_labels(study, words).get(study.base_point, "") if "base" in analysis.tables else "",
        "question": tidy(str(study.experiment.get("description", "") or "")),
        "factors": factor_rows(study.factors, study.experiment, point_frame(study), words),
        "findings": [(one, outcome_title(one, words), findings(analysis, one, words)) for one in outcomes],
        "shares": shares,
        "parts_shown": [
            (one, outcome_title(one, words), pictures(analysis, one, words), tables_of(analysis, one, words))
            for one in outcomes
        ],
        "notes": [
            (part, words.listing([outcome_title(one, words) for one in concerned]), reason)
            for part, concerned, reason in analysis.gathered_notes()
        ],
        "definitions": definition_rows([one for one in outcomes if one in CATALOGUE], words),
        "about": [(words(f"provenance.study_{name}"), str(about[name])) for name in SHOWN_PROVENANCE if about[name]],
        "versions": words("list.comma").join(
            words("provenance.version", name=name, version=version) for name, version in about["versions"].items()
        ),
        "file": json.dumps(study.experiment, indent=1, ensure_ascii=False, default=str) if study.experiment else "",
    }


def told_findings(analysis: Analysis, language: str = "en") -> list[tuple[str, list[str]]]:
    """Return what an analysis says of each outcome, its title first, in the page's sentences.

    Raises:
        UnknownLanguageError: there are no words in the language.
    """
    words = load_words(language)
    outcomes = dict.fromkeys(str(one) for one in analysis.tables["points"]["outcome"])
    return [(outcome_title(one, words), findings(analysis, one, words)) for one in outcomes]


def render_analysis(analysis: Analysis, words: Words) -> str:
    """Return the page of an analysis."""
    return rendered("study.html.j2", lambda: content(analysis, words), words)


def write_analysis(analysis: Analysis, path: Path, language: str = "en") -> Path:
    """Write an analysis as one self-contained HTML page.

    Args:
        analysis: what to show.
        path: of the page; missing folders are made, an older page is replaced as a whole.
        language: of the words, by the name of their catalogue.

    Returns:
        The path.

    Raises:
        StoreError: the file system refuses; what was there before is still there.
        UnknownLanguageError: there are no words in the language.
    """
    return put(Path(path), render_analysis(analysis, load_words(language)))


def settings_of(study: Study) -> dict[str, Any]:
    """Return what the experiment changes in its base at every point."""
    return dict(study.experiment.get("set") or {})
