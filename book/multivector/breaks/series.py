"""Short yearly series as arrays: observed years, their values, and the steps between them."""

import math

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..data import Missing
from ..hints import ByYear
from .results import SIDE, TIE, TRIM

#: Both sides of a comparison: by year, or plain observations in order of time.
Sides = ArrayLike | ByYear


def yearly(series: ByYear, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Years in order and their values, NaN in holes that have a row."""
    if isinstance(series, pd.DataFrame):
        others = [column for column in series.columns if column != "year"]
        if "year" not in series or len(others) != 1:
            raise ValueError(
                f"{name} has the columns {list(series.columns)}; allowed: 'year' and one column of values"
            )
        series = series.set_index("year")[others[0]]
    if not isinstance(series, pd.Series):
        raise ValueError(
            f"{name} is a {type(series).__name__}; allowed: a Series indexed by year, or a DataFrame with 'year' and one column"
        )
    for what, holder in (("values", series), ("years", series.index)):
        if not pd.api.types.is_numeric_dtype(holder.dtype):
            raise ValueError(
                f"{name} has {what} of type {holder.dtype}; allowed: numbers"
            )
    if not series.index.is_monotonic_increasing:
        series = series.sort_index()
    years, values = (
        part.to_numpy(dtype=float, na_value=np.nan) for part in (series.index, series)
    )
    for year in years[~np.isfinite(years) | (years % 1 != 0)]:
        raise ValueError(f"{name} has the year {year}; allowed: whole numbers")
    for year in years[1:][np.diff(years) == 0]:
        raise ValueError(f"{name} has the year {year:.0f} twice; allowed: once")
    for year in years[np.isinf(values)]:
        raise ValueError(
            f"{name} is infinite in {year:.0f}; allowed: a number, or NaN for a hole"
        )
    return years.astype(int), values


def observed_years(series: ByYear) -> tuple[np.ndarray, np.ndarray]:
    """Observed years in order and their values."""
    years, values = yearly(series, "series")
    seen = ~np.isnan(values)
    if not seen.any():
        raise Missing("series has no observed year; allowed: one or more")
    return years[seen], values[seen]


def steps_of(years: np.ndarray, values: np.ndarray) -> pd.DataFrame:
    """Rows (year, since, step) of observed years, as :func:`alignment.steps` gives them."""
    step = np.abs(np.diff(values))
    return pd.DataFrame({"year": years[1:], "since": years[:-1], "step": step})


def constant(values: np.ndarray, size: float | None = None) -> bool:
    """Do the values differ by no more than rounding?"""
    size = np.abs(values).max() if size is None else size
    return bool(np.ptp(values) <= TIE * size)


def least_side(n: int) -> int:
    """Fewest observed years on either side of a break."""
    if n < 2 * SIDE:
        raise Missing(
            f"series has {n} observed years; allowed: {2 * SIDE} or more, {SIDE} on each side of a break"
        )
    return share_of(n)


def share_of(n: int) -> int:
    """15 % of so many years, and at least 3; less rounding, so that 15 % of 20 is 3."""
    return max(SIDE, math.ceil(TRIM * n - 1e-9))


def two_sides(
    before: Sides, after: Sides
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Times, values, side (0 before, 1 after) of both sides in one, and the number of holes."""
    by_year = (pd.Series, pd.DataFrame)
    if isinstance(before, by_year) != isinstance(after, by_year):
        raise ValueError(
            "before and after are of different kinds; allowed: both by year, or both plain sequences"
        )
    if isinstance(before, by_year) and isinstance(after, by_year):
        sides: tuple[ByYear, ByYear] = before, after
    else:
        plain = [np.asarray(part, dtype=float) for part in (before, after)]
        first, second = np.split(np.arange(sum(map(len, plain))), [len(plain[0])])
        sides = pd.Series(plain[0], first), pd.Series(plain[1], second)
    parts = [yearly(sides[0], "before"), yearly(sides[1], "after")]
    for name, (_, values) in zip(("before", "after"), parts):
        if (many := int((~np.isnan(values)).sum())) < 2:
            raise Missing(f"{name} has {many} observation(s); allowed: 2 or more")
    if parts[0][0][-1] >= parts[1][0][0]:
        raise ValueError(
            f"before runs to {parts[0][0][-1]} and after begins in {parts[1][0][0]}; allowed: all of before earlier"
        )
    times, values = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    side = np.repeat([0, 1], [len(part[0]) for part in parts])
    seen = ~np.isnan(values)
    return times[seen], values[seen], side[seen], int((~seen).sum())
