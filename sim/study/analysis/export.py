"""Tables of a study for other programs: CSV, Parquet, or an Excel workbook with units and provenance."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from sim.engine.files import replacing
from sim.outcomes import CATALOGUE, store_error
from sim.study.analysis.analysing import Analysis
from sim.study.analysis.study import AnalysisError, Study
from sim.study.provenance import command_line, hash_of_source, machine, moment, versions

if TYPE_CHECKING:
    import pandas as pd

FORMATS = (".csv", ".parquet", ".xlsx")
MOST_ROWS = 1_048_575  # of an Excel sheet, below its head
LONGEST_CELL = 32_767
COLUMN_UNITS = {
    "share": "share, 1 is all",
    "first": "share of the variance that the factors make",
    "total": "share of the variance that the factors make",
    "index": "share of the variance that the factors make",
    "p_value": "probability",
    "p_holm": "probability, corrected by Holm",
    "coverage": "share of the runs of interest",
    "density": "share of the runs in the box",
    "mass": "share of all runs",
    "held_out_density": "share of the runs in the box",
    "explained": "share of the variance between points",
    "explained_of_signal": "share of the variance between points, noise taken off",
    "variance": "unit of the outcome, squared",
    "mean_square": "unit of the outcome, squared",
    "noise_variance": "unit of the outcome, squared",
    "replications": "runs",
    "mu": "unit of the outcome, for the factor's whole range",
    "mu_star": "unit of the outcome, for the factor's whole range",
    "sigma": "unit of the outcome, for the factor's whole range",
    "floor": "unit of the outcome, for the factor's whole range",
}


def runs_table(study: Study) -> pd.DataFrame:
    """Return the runs in long form: one row for each run and outcome that is shown, with the factors' values."""
    factors = [factor.name for factor in study.factors]
    shown = [id_ for id_ in study.outcomes if id_ in study.frame.columns]
    keys = [*(name for name in study.frame.columns[:5] if name not in factors), *factors]
    return study.frame.melt(id_vars=keys, value_vars=shown, var_name="outcome", value_name="value")


def units_table(study: Study) -> pd.DataFrame:
    """Return what every column means: outcomes with unit, direction and definition, then figures with their unit."""
    import pandas as pd

    rows = [
        {"column": one.id, "unit": one.unit, "better": one.better, "kind": one.kind, "definition": one.definition}
        for one in CATALOGUE.values()
        if one.id in study.frame.columns
    ]
    rows += [
        {"column": name, "unit": unit, "better": "", "kind": "", "definition": ""}
        for name, unit in COLUMN_UNITS.items()
    ]
    return pd.DataFrame(rows)


def provenance(study: Study) -> dict[str, Any]:
    """Return where a study's figures come from: the experiment, its runs, and what analysed them."""
    return {
        "experiment": study.name,
        "title": study.title,
        "design": study.design,
        "runs": len(study.frame),
        "points": int(study.frame["point"].nunique()),
        "seeds": sorted(int(seed) for seed in study.frame["seed"].unique()),
        **made_with(study.model_version),
        "file": study.experiment,
    }


def made_with(model_version: str) -> dict[str, Any]:
    """Return when, by what command, with what versions and on what machine figures are made.

    Args:
        model_version: of the runs.
    """
    return {
        "analysed": moment(),
        "command": command_line(),
        "model_version": model_version,
        "source_hash": hash_of_source(),
        "versions": versions(),
        **machine(),
    }


def provenance_table(study: Study) -> pd.DataFrame:
    """Return the provenance as rows of name and text."""
    import pandas as pd

    return pd.DataFrame(
        [
            {"name": name, "value": value if isinstance(value, str) else json.dumps(value, default=str)}
            for name, value in provenance(study).items()
        ]
    )


def all_tables(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """Return every table of an analysis: the runs first, then the results, then units and provenance."""
    study = analysis.study
    about = {"units": units_table(study), "provenance": provenance_table(study)}
    return {"runs": study.frame, **analysis.tables, **about}


def export(analysis: Analysis, path: Path) -> list[Path]:
    """Write an analysis in the format that a file's ending names.

    Excel gets one workbook with a sheet for each table. CSV and Parquet hold one table in a file: the runs under the
    name given, every other table beside it as ``<name>-<table>``.

    Returns:
        The files, the one named first. Each is there whole or not at all.

    Raises:
        AnalysisError: the ending names no format, or a table is too long for Excel.
        StoreError: the file system refuses.
    """
    target = Path(path)
    if target.suffix not in FORMATS:
        raise AnalysisError(f"{target.name} ends in none of {', '.join(FORMATS)}, which say in what format to write")
    tables = all_tables(analysis)
    if target.suffix == ".xlsx":
        too_long = [name for name, table in tables.items() if len(table) > MOST_ROWS]
        if too_long:
            raise AnalysisError(
                f"table {too_long[0]} has {len(tables[too_long[0]]):,} rows; a sheet of Excel holds {MOST_ROWS:,}: "
                "export .parquet or .csv"
            )
        return [written(target, partial(write_workbook, tables))]
    files = []
    for name, table in tables.items():
        place = target if name == "runs" else target.with_name(f"{target.stem}-{name}{target.suffix}")
        files.append(written(place, partial(write_table, table, ending=target.suffix)))
    return files


def write_one(table: pd.DataFrame, path: Path, about: pd.DataFrame | None = None) -> Path:
    """Write one table in the format that a file's ending names; Excel gets what it is about as a second sheet.

    Raises:
        AnalysisError: the ending names no format.
        StoreError: the file system refuses.
    """
    target = Path(path)
    if target.suffix not in FORMATS:
        raise AnalysisError(f"{target.name} ends in none of {', '.join(FORMATS)}, which say in what format to write")
    if target.suffix == ".xlsx":
        sheets = {"table": table} if about is None else {"table": table, "about": about}
        return written(target, partial(write_workbook, sheets))
    return written(target, partial(write_table, table, ending=target.suffix))


def written(target: Path, write: Callable[[IO[bytes]], object]) -> Path:
    """Write a file, whole or not at all.

    Raises:
        StoreError: the file system refuses.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as file:
            write(file)
    except OSError as problem:
        raise store_error("write", target, problem) from problem
    return target


def write_table(table: pd.DataFrame, file: IO[bytes], ending: str) -> None:
    """Write one table as CSV or Parquet."""
    if ending == ".parquet":
        plain = table.copy()
        for name in plain.columns:
            if plain[name].dtype == object and plain[name].map(type).astype(str).unique().size > 1:
                plain[name] = plain[name].map(lambda value: None if value is None else str(value))
        plain.to_parquet(file, index=False, compression="zstd")
    else:
        table.to_csv(file, index=False, lineterminator="\n")


def write_workbook(tables: Mapping[str, pd.DataFrame], file: IO[bytes]) -> None:
    """Write tables as the sheets of one Excel workbook: heads in bold and frozen, columns as wide as they need."""
    import pandas as pd
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    with pd.ExcelWriter(cast("BinaryIO", file), engine="openpyxl") as writer:
        for name, table in tables.items():
            cut = table.map(lambda value: value[:LONGEST_CELL] if isinstance(value, str) else value)
            cut.to_excel(writer, sheet_name=name, index=False, inf_rep="")
            sheet = writer.sheets[name]
            sheet.freeze_panes = "A2"
            for number, column in enumerate(cut.columns, start=1):
                head = sheet.cell(1, number)
                head.font, head.alignment = Font(bold=True), Alignment(horizontal="left")
                texts = [str(column), *(f"{value}" for value in cut[column].head(50))]
                sheet.column_dimensions[get_column_letter(number)].width = min(2 + max(map(len, texts)), 60)
            # A text that begins with "=" is a text, never a formula.
            for row in sheet.iter_rows(min_row=2):
                for cell in row:
                    if cell.data_type == "f":
                        cell.data_type = "s"
