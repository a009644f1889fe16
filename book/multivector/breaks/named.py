"""Did more change in the named years than in any others?"""

import functools
import itertools
import math
from collections.abc import Callable, Collection
from typing import Any

import numpy as np
import pandas as pd

from .. import checks
from ..data import Missing
from ..hints import ByYear
from ..language import Sentence, joined
from .results import TIE, Result
from .series import observed_years, steps_of

#: Sets beyond which an exact test is refused.
MOST_SETS = 2_000_000


def named_years(
    series: ByYear,
    years: Collection[int] | int,
    per_root_year: bool = False,
) -> Result:
    """Did more change in the named years than in any other years?

    The change of a year is the absolute step from the last observed year before it.  A step
    over a hole stands at the first observed year after the hole, and a named year that was
    not observed is represented by that year.  Exact permutation test (Fisher 1935; Good 2005):
    the mean step of the named years against that of every set of as many years.

    Parameters
    ----------
    series : Series or DataFrame
        Values indexed by year, or the columns ``year`` and one other; a hole is NaN or no row.
    years : sequence of int
        The named years, one or more.
    per_root_year : bool
        Divide each step by the square root of the years that it spans, by which the steps of a random walk grow.

    Returns
    -------
    Result
        ``statistic`` the mean step of the named years, in the unit of the series; ``p`` the share of
        the sets with a mean at least as large (ties count); ``n`` the steps, ``draws`` the sets;
        ``details`` rows (named, year, since, step), ``year`` the year that stands for the named
        one.  ``note`` tells which years stand for others.  A series without any change has
        statistic 0 and p 1.  A step over a hole spans several years, which tends to make it
        larger; ``since`` shows it.

    Raises
    ------
    ValueError
        If a named year has no step, two share one, there are not more steps than named
        years, a year is there twice, or a value is infinite.
    """
    observed, values = observed_years(series)
    steps = steps_of(observed, values)
    if per_root_year:
        steps["step"] /= np.sqrt(steps["year"] - steps["since"])
    details = _represented(years, observed, steps)
    many, k = len(steps), len(details)
    if many <= k:
        raise Missing(
            f"series has {many} step(s); allowed: {k + 1} or more for {k} named year(s), which takes {k + 2} observed years"
        )
    means = _means(steps, k)[1]
    sets, statistic = len(means), float(details["step"].mean())
    p = float((means >= statistic - TIE * np.abs(values).max()).mean())
    moved = details[details["year"] != details["named"]]
    notes = [
        Sentence(
            "{year} stands for {named}, which was not observed", year=year, named=named
        )
        for year, named in zip(moved["year"], moved["named"])
    ]
    null = Sentence(
        "the named years ({k}) are like any others: each set of {k} of the {many} years with a step is as likely",
        k=k,
        many=many,
    )
    found = Result(statistic, p, 1 / sets, many, sets, None, null)
    return found._replace(details=details, note=joined(notes, "; "))


def with_room(years: Collection[int], first: int, last: int, least: int = 4) -> int:
    """The last of some years with so many years on either side; the middle if there is none.

    Parameters
    ----------
    years : sequence of int
    first, last : int
        Years of the study.
    least : int
        Years wanted before it and after it.

    Returns
    -------
    int

    Examples
    --------
    >>> with_room([2001, 2005, 2010], 1991, 2010), with_room([], 1991, 2010)
    (2005, 2000)
    """
    roomy = [year for year in years if min(year - first, last - year) >= least]
    return max(roomy, default=(first + last) // 2)


def triples(series: ByYear, k: int = 3) -> pd.DataFrame:
    """The mean step of every set of k years, for a chart of all of them.

    Parameters
    ----------
    series : Series or DataFrame
        As for :func:`named_years`.
    k : int
        Years in a set, 1 or more.

    Returns
    -------
    DataFrame
        Rows (year_1, ..., year_k, mean, rank), one for each set of k of the years with a step, years in order.  ``rank``
        counts the sets with a mean at least as large, the set itself among them (ties count): divided by the number
        of rows it is the p that :func:`named_years` gives the set.
    """
    observed, values = observed_years(series)
    steps = steps_of(observed, values)
    k = checks.whole("k", k)
    if len(steps) < k:
        raise Missing(
            f"series has {len(steps)} step(s); allowed: {k} or more, which takes {k + 1} observed years"
        )
    sets, means = _means(steps, k)
    years = steps["year"].to_numpy()[sets]
    tie = TIE * np.abs(values).max()
    rank = len(means) - np.searchsorted(np.sort(means), means - tie)
    found = pd.DataFrame(years, columns=[f"year_{i + 1}" for i in range(k)])
    return found.assign(mean=means, rank=rank)


def leave_one_out(
    test: Callable[[list[Any]], Any], items: Collection[Any]
) -> pd.DataFrame:
    """A test over and over, without each of its items in turn.

    Parameters
    ----------
    test : function
        From a list of items to a :class:`Result`, e.g. ``lambda years: named_years(series, years)``.
    items : sequence
        Two or more.

    Returns
    -------
    DataFrame
        Rows (without, statistic, p, smallest_p, n, location).
    """
    items = list(items)
    if len(items) < 2:
        raise ValueError(
            f"items has {len(items)} item(s); allowed: 2 or more, since one is left out"
        )
    told = ["statistic", "p", "smallest_p", "n", "location"]
    rows = []
    for i, item in enumerate(items):
        found = test(items[:i] + items[i + 1 :])
        rows.append((item, *(getattr(found, name, None) for name in told)))
    return pd.DataFrame(rows, columns=["without", *told])


def _means(steps: pd.DataFrame, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Every set of k steps, as positions of shape (sets, k), and their means."""
    count = math.comb(len(steps), k)
    if count > MOST_SETS:
        raise ValueError(
            f"series has {len(steps)} steps, which makes {count} sets of {k}; allowed: {MOST_SETS} sets or fewer"
        )
    sets = _sets(len(steps), k)
    return sets, steps["step"].to_numpy()[sets].mean(axis=1)


@functools.lru_cache(maxsize=8)
def _sets(n: int, k: int) -> np.ndarray:
    """Every set of k out of n positions, one a row."""
    every = itertools.combinations(range(n), k)
    sets = np.fromiter(every, dtype=(np.intp, k), count=math.comb(n, k))
    sets.flags.writeable = False
    return sets


def _represented(
    years: Collection[int] | int, observed: np.ndarray, steps: pd.DataFrame
) -> pd.DataFrame:
    """Rows (named, year, since, step) of the named years."""
    named = list(years) if np.iterable(years) else [years]
    if not named:
        raise Missing("no year was named before looking")
    if len(set(named)) != len(named):
        raise ValueError(f"years is {named!r}; allowed: each year once")
    rows = []
    for year in sorted(named):
        at = np.searchsorted(observed, year)
        if not 0 < at < len(observed):
            known = len(observed) > 1
            span = f"{observed[0] + 1} to {observed[-1]}" if known else "none"
            raise Missing(f"years names {year}, which has no step; allowed: {span}")
        rows.append((year, *steps.iloc[at - 1]))
    found = pd.DataFrame(rows, columns=["named", "year", "since", "step"])
    found = found.astype({"year": int, "since": int})
    if (same := found["year"].duplicated(keep=False)).any():
        one, two = found.loc[same, "named"].iloc[:2]
        raise Missing(
            f"years names {one} and {two}, which share the step of {found.loc[same, 'year'].iloc[0]}; allowed: one of them"
        )
    return found
