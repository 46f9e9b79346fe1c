"""What a study says, in sentences: one short paragraph for each outcome, by kind of design."""

from __future__ import annotations

import math
from typing import Any

from sim.report.numbers import Numbers, scale
from sim.report.study_space_figures import condition_words
from sim.report.study_words import change, level_text, point_labels, quantity, shared_levels
from sim.report.wording import Words
from sim.study import Analysis, Box, SobolIndices, coded, outcome_of

FEW = 4  # names in one sentence
NEAR_THE_END = 0.03  # of a factor's range
NOTABLE = 0.02  # shares of variance below are not told
TINY = 0.001
ALMOST_ALL = 0.99  # where two digits would make it all


def findings(analysis: Analysis, outcome: str, words: Words) -> list[str]:
    """Return what an analysis says of an outcome, a sentence each; empty where it says nothing."""
    said = [*of_options(analysis, outcome, words), *of_variance(analysis, outcome, words)]
    said += [*of_morris(analysis, outcome, words), *of_sobol(analysis, outcome, words)]
    return [*said, *of_space(analysis, outcome, words)]


def some(names: list[str], words: Words) -> str:
    """Return a few names as a list, and how many more there are."""
    if len(names) <= FEW:
        return words.listing(names)
    return words("study.and_more", names=words("list.comma").join(names[:FEW]), count=len(names) - FEW)


def of_variance(analysis: Analysis, outcome: str, words: Words) -> list[str]:
    """Return what makes the variance of single runs, and what the strongest factor does from end to end."""
    rows = analysis.rows("variance", outcome)
    known = [row for row in rows if row["order"] > 0 and row["share"] >= NOTABLE and not row["p_value"] >= 0.05]
    known.sort(key=lambda row: -float(row["share"]))
    said = []
    luck = math.fsum(float(row["share"]) for row in rows if row["order"] == 0 and not math.isnan(row["share"]))
    if any(row["order"] == 0 and row["freedom"] == 0 for row in rows):
        said.append(words("study.variance_unknown"))
    elif rows and known:
        terms = [words("study.term_share", term=row["term"], share=rough(row["share"], words)) for row in known]
        said.append(words("study.variance_told", terms=some(terms, words), luck=rough(luck, words)))
    elif rows:
        said.append(words("study.variance_none", luck=rough(luck, words)))
    contrasts = [row for row in analysis.rows("contrasts", outcome) if row["order"] == 1 and row["p_holm"] < 0.05]
    strongest = sorted(contrasts, key=lambda row: -abs(float(row["effect"])))[:FEW]
    return said + [
        words(
            "study.contrast",
            factor=row["term"],
            first=stated(row["first"], words),
            last=stated(row["last"], words),
            effect=change(row["effect"], outcome_of(outcome), words),
            interval=interval(row, outcome, words),
        )
        for row in strongest
    ]


def stated(level: str, words: Words) -> str:
    """Return a level that a table holds as text as the page has it elsewhere."""
    return level_text({"True": True, "False": False}.get(level, level), words)


def rough(share: float, words: Words) -> str:
    """Return a share of variance in two digits, as far as it is known; a tiny one as tiny."""
    if 0.0 < share < TINY:
        return words("study.tiny_share")
    return Numbers(words).percent(share, digits=3 if share > ALMOST_ALL else 2)


def interval(row: dict[str, Any], outcome: str, words: Words) -> str:
    """Return a row's interval as text."""
    factor, numbers = scale(outcome_of(outcome)), Numbers(words)
    low, high = (factor * float(row[name]) for name in ("low", "high"))
    return words("number.interval", low=numbers.plain(low, signed=True), high=numbers.plain(high, signed=True))


def of_options(analysis: Analysis, outcome: str, words: Words) -> list[str]:
    """Return how many points differ from the base, which differs most, and which may be the best."""
    rows = analysis.rows("base", outcome)
    if not rows:
        return []
    labels = point_labels(analysis.study, words)
    told = [row for row in rows if row["verdict"] in ("better", "worse", "different")]
    said = [words("study.options_none", count=len(rows), base=base_value(rows, outcome, words))]
    if told:
        most = max(told, key=lambda row: abs(float(row["difference"])))
        said = [
            words(
                "study.options",
                told=len(told),
                count=len(rows),
                base=base_value(rows, outcome, words),
                point=labels[int(most["point"])],
                change=change(most["difference"], outcome_of(outcome), words),
                interval=interval(most, outcome, words),
            )
        ]
    best = analysis.best.get(outcome, [])
    if len(best) == 1:
        said.append(words("study.best_one", point=labels[best[0]]))
    elif 1 < len(best) <= len(rows):
        said.append(best_words(analysis, best, [labels[one] for one in best], words))
    return said


def base_value(rows: list[dict[str, Any]], outcome: str, words: Words) -> str:
    """Return the base's own mean, over as many seeds as any comparison with it has."""
    widest = max(rows, key=lambda row: int(row["replications"]))
    return quantity(float(widest["base_mean"]), outcome_of(outcome), words)


def best_words(analysis: Analysis, best: list[int], labels: list[str], words: Words) -> str:
    """Return which points may be the best: each by its name, or, of many, what sets them apart."""
    if len(best) <= FEW:
        return words("study.best_some", count=len(best), points=words.listing(labels))
    shared = shared_levels(analysis.study, best, words)
    if shared:
        return words("study.best_sharing", count=len(best), levels=words.listing(shared))
    return words("study.best_any", count=len(best))


def of_morris(analysis: Analysis, outcome: str, words: Words) -> list[str]:
    """Return which factors matter and which cannot be told from luck."""
    rows = analysis.rows("morris", outcome)
    if not rows:
        return []
    matter = [str(row["factor"]) for row in rows if row["influential"] is True]
    not_told = [str(row["factor"]) for row in rows if row["influential"] is False]
    if not matter and not not_told:
        return [words("study.morris_one_seed")]
    said = [words("study.morris_matter", names=some(matter, words))] if matter else [words("study.morris_none")]
    return said + ([words("study.morris_luck", names=words.listing(not_told))] if not_told and matter else [])


def of_sobol(analysis: Analysis, outcome: str, words: Words) -> list[str]:
    """Return which factors make the variance, what they do together, and how much is luck."""
    one = analysis.sobol.get(outcome)
    if one is None:
        return []
    rows = [row for row in one.factors.to_dict(orient="records") if row["total_low"] > 0.0]
    terms = [
        words(
            "study.sobol_term",
            factor=row["factor"],
            total=rough(row["total"], words),
            first=rough(max(float(row["first"]), 0.0), words),
        )
        for row in rows
    ]
    said = [words("study.sobol_told", terms=some(terms, words))] if terms else [words("study.sobol_none")]
    said += of_pairs(one, words)
    if not math.isnan(one.noise_share):
        said.append(words("study.sobol_noise", share=rough(one.noise_share, words)))
    return said


def of_pairs(one: SobolIndices, words: Words) -> list[str]:
    """Return which pairs of factors make variance together, where the design can tell."""
    if not len(one.pairs):
        return []
    known = one.pairs[one.pairs["low"] > 0.0].sort_values("index", ascending=False).to_dict(orient="records")
    terms = [
        words(
            "study.term_share",
            term=words("study.pair", first=row["first_factor"], second=row["second_factor"]),
            share=rough(row["index"], words),
        )
        for row in known
    ]
    return [words("study.pairs_told", terms=some(terms, words)) if terms else words("study.pairs_none")]


def of_space(analysis: Analysis, outcome: str, words: Words) -> list[str]:
    """Return whether a surface fits, and where what is looked for is found."""
    said, numbers = [], Numbers(words)
    surface = analysis.surfaces.get(outcome)
    if surface is not None:
        share = surface.explained if math.isnan(surface.explained_of_signal) else surface.explained_of_signal
        error = change(surface.error, outcome_of(outcome), words).lstrip("+")
        told = {"method": words("study.gaussian") if surface.method.startswith("g") else words("study.quadratic")}
        if surface.fits:
            said.append(words("study.fits", **told, share=numbers.percent(share), error=error))
        elif "luck" in surface.verdict:
            said.append(words("study.no_signal"))
        else:
            said.append(words("study.no_fit", **told, share=numbers.percent(max(share, 0.0))))
    found = analysis.discoveries.get(outcome)
    if found is not None and found.boxes:
        said.append(box_words(analysis, found.boxes[0], condition_words(found, words), found.share, words))
    elif found is not None:
        said.append(words("study.no_box", condition=condition_words(found, words)))
    return said


def box_words(analysis: Analysis, box: Box, condition: str, share: float, words: Words) -> str:
    """Return a box in words."""
    numbers = Numbers(words)
    return words(
        "study.box",
        condition=condition,
        limits=words.listing([limit_words(analysis, row, words) for row in box.limits.to_dict(orient="records")]),
        density=numbers.percent(box.density, digits=2),
        held_out=numbers.percent(box.held_out_density, digits=2),
        coverage=numbers.percent(box.coverage, digits=2),
        share=numbers.percent(share, digits=2),
    )


def limit_words(analysis: Analysis, row: Any, words: Words) -> str:
    """Return one limit of a box in words: an end that is as good as the range's own is none."""
    if row["levels"] is not None:
        return words("study.limit_levels", factor=row["factor"], levels=words.listing(list(row["levels"])))
    factor = next(one for one in analysis.study.factors if one.name == row["factor"])
    low, high = (level_text(float(f"{row[end]:.3g}"), words) for end in ("low", "high"))
    places = coded(factor, [row["low"], row["high"]])
    if places[0] <= NEAR_THE_END:
        return words("study.limit_high", factor=row["factor"], high=high)
    if places[1] >= 1.0 - NEAR_THE_END:
        return words("study.limit_low", factor=row["factor"], low=low)
    return words("study.limit", factor=row["factor"], low=low, high=high)
