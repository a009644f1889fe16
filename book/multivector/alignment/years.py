"""Steps, counts and straight lines over the years."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

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
    year, step = seen["year"], seen[value].diff().abs()
    found = pd.DataFrame({"year": year, "since": year.shift(), "step": step})
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
    kept: Any = acts if within is None else acts[days <= within * 365.25]
    found = {}
    for year in range(span[0], span[1] + 1):
        first = kept["start"].clip(lower=pd.Timestamp(year, 1, 1))
        last = kept["end"].clip(upper=pd.Timestamp(year, 12, 31))
        share = ((last - first).dt.days + 1).clip(lower=0) / days.loc[kept.index]
        found[year] = share.groupby(kept[by]).sum()
    counts = pd.concat(found, names=["year", by])
    known = sorted(acts[by].dropna().unique())
    grid = pd.MultiIndex.from_product([list(found), known], names=["year", by])
    return counts.reindex(grid, fill_value=0.0).rename("acts").reset_index()


def busiest_year(acts: pd.DataFrame) -> int:
    """The year into which most acts fall with all the days that they may have taken; of several the last.

    Parameters
    ----------
    acts : DataFrame
        ``start`` and ``end``.

    Raises
    ------
    Missing
        If no act is known to its year.

    Examples
    --------
    >>> days = ["2001-02-03", "2001-05-01", "2002-01-01"]
    >>> acts = pd.DataFrame({"start": pd.to_datetime(days), "end": pd.to_datetime(days)})
    >>> busiest_year(acts)
    2001
    """
    years = acts["start"].dt.year
    counts = years[years == acts["end"].dt.year].value_counts()
    if counts.empty:
        raise Missing("no act is coded that is known to its year")
    return int(counts.index[counts == counts.max()].max())


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
    left = y - start - slope * (x - x.mean())
    spread = float(np.sqrt((left**2).sum() / (len(x) - 2)))
    told = pd.Index(list(told), name="year")
    line = pd.Series(start + slope * (told.to_numpy(float) - x.mean()), told)
    return Trend(line, spread, float(y.mean()), tuple(int(year) for year in x))


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


class Beyond(NamedTuple):
    """Some later years beside what a straight line foretells of them.

    Attributes
    ----------
    seen, line : float
        Mean of the years, and of the line over them.
    error : float
        Of :func:`forecast_error`.
    errors : float
        How many errors the years lie above the line.
    """

    seen: float
    line: float
    error: float
    errors: float


def beyond(
    series: pd.DataFrame, years: tuple[int, int], told: Collection[int]
) -> Beyond:
    """How far some years lie above the straight line through earlier ones.

    Parameters
    ----------
    series, years, told
        As for :func:`trend`; none of the told years is one of the line's, and all are observed.
    """
    found = trend(series, years, told)
    seen = series.set_index("year")["value"].reindex(list(told)).mean(skipna=False)
    line, error = found.line.mean(), forecast_error(found, told)
    return Beyond(float(seen), float(line), error, float((seen - line) / error))


class Same(NamedTuple):
    """How far two series agree.

    Attributes
    ----------
    years : int
        Years that both observe.
    equal, zero : int
        Those in which they differ by less than the tolerance, and in which both are 0.
    largest : float
        Largest difference.
    """

    years: int
    equal: int
    zero: int
    largest: float


def compared(one: pd.Series, other: pd.Series, within: float = 0.005) -> Same:
    """How far two series by year agree.

    Examples
    --------
    >>> years = [2000, 2001, 2002]
    >>> compared(pd.Series([0, 1, 2], years), pd.Series([0, 1, 2.5], years))
    Same(years=3, equal=2, zero=1, largest=0.5)
    """
    both = pd.concat([one, other], axis=1, keys=["one", "other"]).dropna()
    gap = (both["one"] - both["other"]).abs()
    zero = (both == 0).all(axis=1).sum()
    return Same(len(both), int((gap < within).sum()), int(zero), float(gap.max()))


def silent_years(acts: pd.DataFrame, years: Collection[int]) -> list[int]:
    """Years of some that no act touches.

    Parameters
    ----------
    acts : DataFrame
        ``start`` and ``end`` (included).
    years : sequence of int
    """
    first, last = acts["start"].dt.year, acts["end"].dt.year
    return [year for year in years if not ((first <= year) & (year <= last)).any()]


def stretches(years: pd.Series, breaks: Collection[int]) -> pd.Series:
    """Number of the stretch of a source in which each year lies, counted from 0.

    >>> stretches(pd.Series([2007, 2008, 2009, 2010]), [2009]).tolist()
    [0, 0, 1, 1]
    """
    counted = np.searchsorted(sorted(breaks), years, side="right")
    return pd.Series(counted, years.index)


def mean_by_span(
    rows: pd.DataFrame, spans: Mapping[str, tuple[int, int]]
) -> pd.DataFrame:
    """Mean of each series over some spans of years.

    Parameters
    ----------
    rows : DataFrame
        Rows (series, year, value).
    spans : dict of str to pair of int
        First and last year of each.

    Returns
    -------
    DataFrame
        A row a series in their order, a column a span; NaN where nothing was observed.
    """
    means = {
        name: rows[rows["year"].between(*span)].groupby("series")["value"].mean()
        for name, span in spans.items()
    }
    return pd.DataFrame(means).reindex(rows["series"].unique())


def among_years(series: Iterable[Any], vector: str, year: int) -> pd.DataFrame:
    """One year of some series among all their years, as far as each tells of a vector.

    Parameters
    ----------
    series : sequence of Series
        Outside series by partner; a higher value means closer to the vector.
    vector : str
    year : int
        Observed in each of them.

    Returns
    -------
    DataFrame
        Rows (among, dot, value, spread, named, share, n), one for each observed year: ``among`` is the label of the
        series, ``dot`` the year, ``spread`` its distance from the median in standard deviations, ``named`` marks the
        one year, and in ``share`` of the ``n`` years the value is as high as in it.
    """
    parts = []
    for one in series:
        rows = one.rows[one.rows["vector"] == vector].dropna(subset="value")
        named, value = rows["year"] == year, rows["value"]
        if not named.any():
            observed = ", ".join(map(str, rows["year"]))
            checks.refuse("year", year, f"an observed year of {one.id} ({observed})")
        part = pd.DataFrame(
            {
                "among": one.label,
                "dot": rows["year"].astype(str),
                "value": value,
                "spread": (value - value.median()) / value.std(),
                "named": named,
                "share": (value >= value[named].iloc[0]).mean(),
                "n": len(rows),
            }
        )
        parts.append(part)
    return pd.concat(parts, ignore_index=True)
