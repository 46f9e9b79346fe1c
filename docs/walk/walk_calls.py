"""The profile of a call log: how many calls come at which hour and weekday, and how few places make most of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, stats

type Values = np.ndarray[Any, np.dtype[np.float64]]
type Rows = np.ndarray[Any, np.dtype[np.int64]]

# Dispute-like natures of the Milwaukee log, and those among them that are urgent: blows are falling.
QUARRELS = ("TRBL W/SUBJ", "FAMILY TROUBLE", "FIGHT", "TRBL W/JUV", "BATTERY", "NOISE NUISANCE")
URGENT = ("FIGHT", "BATTERY")
# Natures that the police begin by themselves or that are their own business. The log does not say who began a row, so
# this list is a judgement by the words alone.
BEGUN_BY_POLICE = tuple(
    """TRAFFIC STOP;BUSINESS CHECK;RETURN STATION;FOLLOW UP;PATROL;SPECIAL ASSIGN;POLICE ADMIN;PARK AND WALK;
    OUT OF SERVICE;ASSIGNMENT;SUBJ STOP;PROBATION/PAROLE;TS TARGETED;COURT DUTY;CITIZEN CONTACT;BUS INVESTIGATIO;
    PRISONER TRANS;TAVERN CHECK;CONVEY PROPERTY;NON PURSUIT NO P;VEHICLE MAINT;INVESTIGATION;REPORTS;SUBJ WANTED;
    PROPERTY PICKUP;SCHL MONITORING;ADDL INFO;MEET GOVT AGENCY;TRAFFIC LASER;COMMUNITY MTNG;VACANT HOUSE CHK;
    NOTIFICATION;MEET MFD;VEHICLE PURSUIT;NETWORK CRIMINAL;CITIZEN CONVEY;HOSPITAL GUARD;NON PURSUIT;POLICE ACADEMY;
    FOOT PURSUIT;SEARCH WARRANT;REPORT TO 10-22;HOME VISIT DV;SCHL PERIMETER;JUV CONVEY;ESCORT;CAR CHANGE;GAME PLAN;
    PD/OTHER IN MKE;MAIL RUN;BOAT STOP;PROB_PAROL_CK_RQ;PICKUP PARTNER;PAB;PRISONER BOOKING;PHOTO ASSIGN;
    ESP TARGET ESCOR;CST ASSIGNMENT;SCHL PRESENTATIO;PLANT CAR;MPD MON ALARM;TAVERN VIOLATION;HOSPITAL TO MCMH;
    ASSIST OFFICER""".replace("\n    ", "").split(";")
)
KINDS = ("quarrels", "others")

LEAST_OF_MEDIAN = 0.75  # a day with fewer rows than this share of the median day's is incomplete
FARTHEST_DEGREES = 0.25  # from the median place; what lies farther is a mistake of the log's
CELL_DECIMALS = 3  # of degrees, as the log has them: cells of some 100 m
# Points of the standard normal distribution over which the law of places is averaged.
QUADRATURE = np.linspace(-6.0, 6.0, 601)
SIGMA_BOUNDS = (0.05, 4.0)


@dataclass(frozen=True)
class Log:
    """A call log, read.

    Attributes:
        rows: of whole days: ``kind`` (quarrels, others, police), ``nature``, ``hour``, ``weekday`` and ``day``.
        all_rows: number of rows in the file.
        days_left_out: incomplete days as text, with their numbers of rows.
        median_day: rows on the median day.
        misplaced: rows without a place in the city.
        places: rows of all days with a place, by ``cell`` (a number) and ``kind``.
        cells: number of cells with any row.
    """

    rows: pd.DataFrame
    all_rows: int
    days_left_out: dict[str, int]
    median_day: float
    misplaced: int
    places: pd.DataFrame
    cells: int

    @property
    def whole_days(self) -> int:
        """Number of days that are complete."""
        return int(self.rows["day"].nunique())

    def of(self, kind: str) -> pd.DataFrame:
        """Return the rows of a kind on whole days."""
        return self.rows.loc[self.rows["kind"] == kind]

    def counts(self, kind: str) -> Rows:
        """Return the calls of a kind in each cell, over all days, shape (cells,)."""
        chosen = self.places.loc[self.places["kind"] == kind, "cell"].to_numpy()
        return np.bincount(chosen, minlength=self.cells)


def kind_of(nature: pd.Series) -> pd.Series:
    """Return the kind of each row: quarrels, police, or others."""
    kinds = np.where(nature.isin(QUARRELS), "quarrels", np.where(nature.isin(BEGUN_BY_POLICE), "police", "others"))
    return pd.Series(kinds, index=nature.index)


def read_log(folder: Path) -> Log:
    """Return the Milwaukee log of a folder (``calls.csv.gz``: id, time, latitude, longitude, nature).

    Raises:
        OSError: the file cannot be read.
        ValueError: it lacks a column, or a time is none.
    """
    table = pd.read_csv(folder / "calls.csv.gz", usecols=["time", "latitude", "longitude", "nature"])
    time = pd.to_datetime(table["time"])
    rows = pd.DataFrame(
        {
            "kind": kind_of(table["nature"]),
            "nature": table["nature"],
            "hour": time.dt.hour,
            "weekday": time.dt.day_of_week,
            "day": time.dt.strftime("%Y-%m-%d"),
        }
    )
    by_day = rows["day"].value_counts().sort_index()
    short = by_day[by_day < LEAST_OF_MEDIAN * by_day.median()]
    north, east = table["latitude"], table["longitude"]
    placed = (abs(north - north.median()) < FARTHEST_DEGREES) & (abs(east - east.median()) < FARTHEST_DEGREES)
    cell = pd.factorize(cells_of(east[placed].to_numpy(), north[placed].to_numpy()))[0]
    return Log(
        rows=rows[~rows["day"].isin(short.index)],
        all_rows=len(rows),
        days_left_out={str(day): int(count) for day, count in short.items()},
        median_day=float(by_day.median()),
        misplaced=int((~placed).sum()),
        places=pd.DataFrame({"cell": cell, "kind": rows.loc[placed, "kind"].to_numpy()}),
        cells=int(cell.max()) + 1,
    )


def cells_of(east: Values, north: Values) -> Rows:
    """Return a number for the cell of each place in degrees, equal for places of one cell."""
    scale = 10**CELL_DECIMALS
    columns, rows = np.rint(east * scale).astype(np.int64), np.rint(north * scale).astype(np.int64)
    return np.asarray(columns * (1_000 * scale) + rows)


def hour_weights(rows: pd.DataFrame) -> list[float]:
    """Return the calls of each hour of the day over the mean hour's, hour 0 first."""
    counts = np.bincount(rows["hour"], minlength=24)
    return [round(float(one), 3) for one in counts / counts.mean()]


def weekday_weights(rows: pd.DataFrame) -> list[float]:
    """Return the mean calls of each weekday over the mean weekday's, Monday first.

    A weekday's mean is over its whole days only, so that an incomplete day makes no weekday look quiet.
    """
    days = rows.groupby("weekday")["day"].nunique().reindex(range(7)).to_numpy()
    per_day = np.bincount(rows["weekday"], minlength=7) / days
    return [round(float(one), 3) for one in per_day / per_day.mean()]


def half_share(counts: Any) -> float:
    """Return the least share of places that makes half of the calls."""
    found = np.sort(np.asarray(counts, dtype=np.float64))[::-1]
    return float(np.searchsorted(np.cumsum(found), 0.5 * found.sum()) + 1) / len(found)


def concentration(counts: Any, points: Values) -> Values:
    """Return the share of calls that each share of places makes, the places with most calls first."""
    found = np.sort(np.asarray(counts, dtype=np.float64))[::-1]
    shares = np.concatenate(([0.0], np.cumsum(found) / found.sum()))
    return np.interp(points, np.linspace(0.0, 1.0, len(shares)), shares)


def normal_points(count: int) -> Values:
    """Return the middles of ``count`` equally likely parts of the standard normal distribution, rising."""
    return np.asarray(stats.norm.ppf((np.arange(count) + 0.5) / count), dtype=np.float64)


def fitted_sigma(counts: Any) -> float:
    """Return how unequal places are, beyond chance: the sigma of a lognormal rate whose Poisson counts fit best.

    Maximum likelihood of the Poisson-lognormal law with the mean of the counts.
    """
    found = np.asarray(counts)
    seen = np.bincount(found)
    weights = stats.norm.pdf(QUADRATURE)
    weights /= weights.sum()

    def surprise(sigma: float) -> float:
        rates = found.mean() * np.exp(sigma * QUADRATURE - 0.5 * sigma**2)
        chance = stats.poisson.pmf(np.arange(len(seen))[:, None], rates[None, :]) @ weights
        return -float((seen * np.log(np.maximum(chance, 1e-300))).sum())

    return float(optimize.minimize_scalar(surprise, bounds=SIGMA_BOUNDS, method="bounded").x)
