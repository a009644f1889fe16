"""Jumps of short yearly series, set among all the others that there were.

Did a series jump around one year, and by more than is usual?  A test with a variance has
too few years to stand on; but if the jumps of a series are stationary, the year that was
named is as likely as any other to hold the largest one, with persistence, a straight
trend or a random walk as much as without.  So the named jump is ranked among all jumps,
of one state or of several.  Every share below is counted over all cases: no draws, and
hence no seed.
"""

import itertools
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from . import checks

#: Numbers closer than this are equal, and a tie counts for chance.
TIE = 1e-12
#: Jumps that a state needs for a median of its own.
USUAL = 8
#: More changes than this have too many orders to go through all of them.
MOST_CHANGES = 9


class Orders(NamedTuple):
    """Correlation of two lists of changes, and its place among all orders of one of them."""

    correlation: float
    share: float
    orders: int


class Rank(NamedTuple):
    """Place of one among several: 1 is the highest; ``n`` counts it too."""

    rank: int
    n: int


def jump(
    series: pd.Series,
    year: int,
    before: Collection[int],
    after: Collection[int],
    fewest: int,
) -> float:
    """How much higher a series stands after a year than before it.

    Parameters
    ----------
    series : Series
        Values by year; NaN or a missing year where nothing was observed.
    year : int
    before, after : sequence of int
        Years of the two sides, counted from ``year``: (-2, -1) are the two years before it.
    fewest : int
        Observed years that either side needs.

    Returns
    -------
    float
        Mean of the observed years after less mean of those before; NaN if either side has fewer
        than ``fewest``.

    Raises
    ------
    ValueError
        Names the argument, the value and what is allowed.
    """
    _yearly(series)
    _sides(before, after, fewest)
    was, became = (_observed(series, year, side) for side in (before, after))
    if min(len(was), len(became)) < fewest:
        return float("nan")
    return float(became.mean() - was.mean())


def jumps(
    series: pd.Series,
    first: int,
    last: int,
    before: Collection[int],
    after: Collection[int],
    fewest: int,
) -> pd.Series:
    """Jumps around every year whose two sides lie in a span.

    Parameters
    ----------
    series, before, after, fewest
        As for :func:`jump`.
    first, last : int
        Span of the source: no side may reach beyond it.

    Returns
    -------
    Series
        Jumps by year; a year whose jump is a hole is left out.
    """
    _sides(before, after, fewest)
    away = [*before, *after]
    years = range(first - min(away), last - max(away) + 1)
    found = {year: jump(series, year, before, after, fewest) for year in years}
    return pd.Series(found, dtype=float).rename_axis("year").dropna()


def net_of_usual(found: pd.Series, fewest: int = USUAL) -> pd.Series:
    """Jumps of one state less their median, so that a trend of its own ranks it no higher.

    Parameters
    ----------
    found : Series
        Jumps by year, of :func:`jumps`.
    fewest : int
        Jumps that a median needs.

    Returns
    -------
    Series
        Empty if there are fewer.
    """
    if not fewest >= 1:
        checks.refuse("fewest", fewest, "1 or more")
    return found - found.median() if len(found) >= fewest else found.iloc[:0]


def cells(
    series: Mapping[Any, pd.Series],
    first: int,
    last: int,
    before: Collection[int],
    after: Collection[int],
    fewest: int,
    less_usual: bool = False,
) -> pd.Series:
    """Jumps of several states around every year, in one list.

    Parameters
    ----------
    series : dict
        Series by state.
    first, last, before, after, fewest
        As for :func:`jumps`.
    less_usual : bool
        Take each state's median jump off first; a state with too few jumps drops out.

    Returns
    -------
    Series
        Jumps by (state, year).
    """
    checks.not_empty("series", series, "state")
    found = {}
    for state, values in series.items():
        own = jumps(values, first, last, before, after, fewest)
        found[state] = net_of_usual(own) if less_usual else own
    return pd.concat(found, names=["state", "year"])


def share_as_large(own: float, among: ArrayLike) -> float:
    """Share of some numbers that are at least as large as one of them.

    Parameters
    ----------
    own : float
        One of ``among``.
    among : sequence of float
        All numbers, ``own`` too; NaN is a hole and drops out.

    Returns
    -------
    float
        From 1/n to 1: a number that has no equal and no larger gets 1/n.
    """
    among = _with_own(own, among)
    return float((among >= own - TIE).mean())


def share_as_small(own: float, among: ArrayLike) -> float:
    """Share of some numbers that are at most as large as one of them: the mirror of :func:`share_as_large`."""
    among = _with_own(own, among)
    return float((among <= own + TIE).mean())


def within(share: float, limit: float) -> bool:
    """Is a share no larger than a limit?  Never, if it is undefined."""
    return bool(share <= limit + TIE)


def spans(series: pd.Series, length: int, first: int, last: int) -> pd.Series:
    """Changes of a series over every span of some length.

    Parameters
    ----------
    series : Series
        Values by year.
    length : int
        Years from the start of a span to its end.
    first, last : int
        First start and last end.

    Returns
    -------
    Series
        Changes by the year in which the span starts; a span with an unobserved end does not exist.
    """
    _yearly(series)
    if not length >= 1:
        checks.refuse("length", length, "1 or more")
    starts = pd.RangeIndex(first, last - length + 1, name="year")
    ends = series.reindex(starts + length).to_numpy(float)
    return pd.Series(ends - series.reindex(starts).to_numpy(float), starts).dropna()


def mean_of_sets(changes: ArrayLike, size: int) -> np.ndarray:
    """Means of every set of some size, of all different.

    Parameters
    ----------
    changes : sequence of float
    size : int
        From 1 to the number of changes.

    Returns
    -------
    ndarray
        One mean a set: 13 changes have 78 pairs.
    """
    changes = np.asarray(changes, dtype=float)
    if np.isnan(changes).any():
        raise ValueError("changes holds NaN; allowed: observed changes")
    if not 1 <= size <= len(changes):
        checks.refuse("size", size, f"1 to {len(changes)}")
    sets = np.array(list(itertools.combinations(range(len(changes)), size)))
    return changes[sets].mean(axis=1)


def orders(values: ArrayLike) -> np.ndarray:
    """All orders of some values, one a row: n! of them.

    Parameters
    ----------
    values : sequence of float
        9 of them at most.
    """
    values = np.asarray(values, dtype=float)
    if not 1 <= len(values) <= MOST_CHANGES:
        raise ValueError(f"values has {len(values)}; allowed: 1 to {MOST_CHANGES}")
    return np.array(list(itertools.permutations(values)))


def correlation_in_all_orders(one: ArrayLike, other: ArrayLike) -> Orders:
    """Do two series of changes go together more than in almost any other order?

    Parameters
    ----------
    one, other : sequence of float
        Changes of the same years, 3 to 9 of them, in each not all alike.

    Returns
    -------
    Orders
        Pearson's correlation; the share of all orders of ``one`` in which it is as high; the number of
        orders, n!.
    """
    pair = [np.asarray(values, dtype=float) for values in (one, other)]
    many = [len(values) for values in pair]
    if many[0] != many[1] or not 3 <= many[0] <= MOST_CHANGES:
        raise ValueError(
            f"one and other have {many[0]} and {many[1]} changes; allowed: the same number, 3 to {MOST_CHANGES}"
        )
    for name, values in zip(("one", "other"), pair):
        if not np.isfinite(values).all() or np.ptp(values) <= TIE:
            checks.refuse(name, values.tolist(), "numbers that are not all alike")
    first, second = (
        (values - values.mean()) / values.std() / np.sqrt(len(values))
        for values in pair
    )
    own, every = float(first @ second), orders(first) @ second
    return Orders(own, float((every >= own - TIE).mean()), len(every))


def rank_over_common_years(
    own: pd.Series, others: Iterable[pd.Series], fewest: int
) -> Rank:
    """Rank of a series among others, pair by pair over the years that both have.

    Parameters
    ----------
    own : Series
        Values by year.
    others : sequence of Series
    fewest : int
        Common years that a pair needs; the other one drops out with fewer.

    Returns
    -------
    Rank
        1 plus the number of others whose mean over the common years is not lower: a tie counts against.
    """
    _yearly(own)
    if not fewest >= 1:
        checks.refuse("fewest", fewest, "1 or more")
    keys = ["own", "other"]
    pairs = [pd.concat([own, one], axis=1, keys=keys).dropna() for one in others]
    means = [pair.mean() for pair in pairs if len(pair) >= fewest]
    higher = sum(bool(mean["other"] >= mean["own"] - TIE) for mean in means)
    return Rank(1 + higher, 1 + len(means))


# --- helpers ------------------------------------------------------------------------------


def _yearly(series: pd.Series) -> None:
    if twice := int(series.index.duplicated().sum()):
        raise ValueError(f"series has {twice} year(s) twice; allowed: one value a year")


def _sides(before: Collection[int], after: Collection[int], fewest: int) -> None:
    before, after = list(before), list(after)
    if not before or not after or max(before) >= min(after):
        raise ValueError(
            f"before is {before!r} and after {after!r}; allowed: years of both sides, all before earlier"
        )
    most = min(len(before), len(after))
    if not 1 <= fewest <= most:
        checks.refuse("fewest", fewest, f"1 to {most}")


def _observed(series: pd.Series, year: int, side: Collection[int]) -> np.ndarray:
    return series.reindex([year + away for away in side]).dropna().to_numpy(float)


def _with_own(own: float, among: ArrayLike) -> np.ndarray:
    numbers = np.asarray(among, dtype=float)
    numbers = numbers[~np.isnan(numbers)]
    if not len(numbers) or not np.abs(numbers - own).min() <= TIE:
        checks.refuse("own", own, "one of the numbers in among")
    return numbers
