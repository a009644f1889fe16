"""Steps, counts and straight lines over the years."""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import checks
from ..data import Missing


def steps(series: pd.DataFrame, value: str) -> pd.DataFrame:
    """Absolute change of each year from the last observed year before it.

    A step over a hole stands at the first observed year after the hole.

    Parameters
    ----------
    series : DataFrame
        Rows with ``year`` and the column ``value``; NaN where nothing was observed.
    value : str
        Name of the column.

    Returns
    -------
    DataFrame
        Rows (year, since, step): from the observed year ``since``; one fewer than the
        observed years.
    """
    seen = series.dropna(subset=value).sort_values("year")
    found = pd.DataFrame(
        {
            "year": seen["year"],
            "since": seen["year"].shift(),
            "step": seen[value].diff().abs(),
        }
    )
    return found.dropna(subset="step").reset_index(drop=True)


def acts_by_year(
    acts: pd.DataFrame, by: str, span: tuple[int, int], within: float | None = None
) -> pd.DataFrame:
    """Acts counted by year; an act of which only an interval is known is spread over its days.

    Parameters
    ----------
    acts : DataFrame
        ``start`` and ``end`` (included), and the column ``by``.
    by : str
        Column whose values are told apart.
    span : pair of int
        First and last year; what lies outside is left out.
    within : float, optional
        Leave out acts whose interval is longer than so many years of 365.25 days.

    Returns
    -------
    DataFrame
        Rows (year, ``by``, acts) for every year and value, zeros too; without bounds on the years the
        sum is the number of acts.
    """
    if by not in acts:
        checks.refuse("by", by, ", ".join(acts.columns))
    if span[0] > span[1]:
        checks.refuse("span", span, "a first year and a last one not before it")
    days = (acts["end"] - acts["start"]).dt.days + 1
    if (days < 1).any():
        raise ValueError(
            f"acts has an end before its start in {int((days < 1).sum())} row(s); allowed: a day not before the start"
        )
    kept = acts if within is None else acts[days <= within * 365.25]
    found = []
    for year in range(span[0], span[1] + 1):
        opened, closed = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
        first = kept["start"].where(kept["start"] >= opened, opened)
        last = kept["end"].where(kept["end"] <= closed, closed)
        share = ((last - first).dt.days + 1).clip(lower=0) / days.loc[kept.index]
        found.append(
            share.groupby(kept[by]).sum().rename("acts").reset_index().assign(year=year)
        )
    counts = pd.concat(found).set_index(["year", by])["acts"]
    grid = pd.MultiIndex.from_product(
        [range(span[0], span[1] + 1), sorted(acts[by].dropna().unique())],
        names=["year", by],
    )
    return counts.reindex(grid, fill_value=0.0).reset_index()


class Trend(NamedTuple):
    """A straight line through some years: ``line`` by year, the standard deviation ``spread`` about it, the ``mean`` of its years, and the ``years``."""

    line: pd.Series
    spread: float
    mean: float
    years: tuple


def trend(series: pd.DataFrame, years: tuple[int, int], told: Collection[int]) -> Trend:
    """The straight line through some years of a series, drawn on over others.

    Parameters
    ----------
    series : DataFrame
        Rows (year, value), one a year.
    years : pair of int
        First and last year of the line; three observed years or more.
    told : sequence of int
        Years for which the line is told.

    Returns
    -------
    Trend
        ``spread`` is the residual standard deviation with n - 2 degrees of freedom.  A line through so
        few years is no forecast; it says what going on as before would have meant.
    """
    seen = series[series["year"].between(*years)].dropna(subset="value")
    if len(seen) < 3:
        raise Missing(
            f"years is {tuple(years)!r}, with {len(seen)} observed; allowed: a pair with three observed years or more"
        )
    x, y = seen["year"].to_numpy(float), seen["value"].to_numpy(float)
    slope, start = np.polyfit(x - x.mean(), y, 1)
    spread = float(
        np.sqrt(((y - start - slope * (x - x.mean())) ** 2).sum() / (len(x) - 2))
    )
    told = pd.Index(list(told), name="year")
    return Trend(
        pd.Series(start + slope * (told.to_numpy(float) - x.mean()), told),
        spread,
        float(y.mean()),
        tuple(int(year) for year in x),
    )


def forecast_error(line: Trend, years: Collection[int]) -> float:
    """Standard error with which a line foretells the mean of some years outside its own.

    Parameters
    ----------
    line : Trend
    years : sequence of int
        One or more years that the line does not go through.

    Returns
    -------
    float
        In the unit of the series: the scatter of the years themselves and the doubt about where the line goes,
        if it goes on straight and the years scatter independently (least squares).

    Raises
    ------
    ValueError
        If ``years`` is empty or holds a year of the line.
    """
    years = list(years)
    if not years or set(years) & set(line.years):
        allowed = f"one or more years that are not among {line.years}"
        checks.refuse("years", years, allowed)
    own = np.array(line.years, float)
    reach = (np.mean(years) - own.mean()) ** 2 / ((own - own.mean()) ** 2).sum()
    return float(line.spread * np.sqrt(1 / len(years) + 1 / len(own) + reach))
