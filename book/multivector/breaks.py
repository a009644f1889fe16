"""Breaks in short yearly series, tests of no break, and moves after threats.

Section 6 of the essay's method.  The series are short (n below 25), so that every null is a
rearrangement or a resampling of the data at hand, no table of asymptotic quantiles is used,
and each result says how small its p could have become.
"""

import functools
import itertools
import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from .data import Missing

#: Share of the years at either end in which no break is looked for (Andrews 1993), and the fewest years a side.
TRIM, SIDE = 0.15, 3
#: Pairs of neighbouring years that an AR(1) coefficient needs, for each mean taken out.
PAIRS = 6
#: The largest coefficient used, on either side of 0; a random walk has no mean to break.
LARGEST = 0.99
#: Numbers closer than this, relative to the largest value at hand, are equal.
TIE = 1e-12
#: Sets beyond which an exact test is refused.
MOST_SETS = 2_000_000
NULLS = ("permutation", "ar1", "ar1-corrected")
NOISES = ("independent", "ar1")
_DAY = np.timedelta64(1, "D")


class Result(NamedTuple):
    """What a test found.

    Attributes
    ----------
    statistic : float
    p : float
        Share of the arrangements under the null that are at least as extreme, in (0, 1].
    smallest_p : float
        The smallest p that this n and these draws allow.
    n : int
        Steps, years or threats that entered; the function says which.
    draws : int
        Arrangements compared: all of them if the test is exact, else random draws.
    seed : int or None
        Seed of the random draws; None if the test is exact.
    null : str
        What is supposed, in a sentence.
    location : int or None
        First year after the break, where one is located.
    details : DataFrame or None
        The numbers behind the statistic; the function says which.
    note : str
        What a reader of p must know besides; may be empty.
    """

    statistic: float
    p: float
    smallest_p: float
    n: int
    draws: int
    seed: int | None
    null: str
    location: int | None = None
    details: Any = None
    note: str = ""


class Equivalence(NamedTuple):
    """What :func:`equivalence` or :func:`mean_of_years` found.

    Attributes
    ----------
    statistic : float
        Mean after less mean before.
    p : float
        The larger p of the two one-sided tests.
    smallest_p : float
        The p of a difference of exactly 0 with the same noise and n: if it is above
        (1 - level)/2, no difference whatever could have been found inside the margin.
    n : int
        Observations on both sides together.
    draws, seed : int or None
        Of the bootstrap; None without one.
    null : str
        What is supposed, in a sentence.
    lower, upper : float
        Interval of the difference.
    verdict : {"inside", "overlaps", "outside"}
        Where the interval lies with respect to [-margin, margin]; of :func:`mean_of_years`, "above", "below" or
        "around" 0.
    note : str
    """

    statistic: float
    p: float
    smallest_p: float
    n: int
    draws: int | None
    seed: int | None
    null: str
    lower: float
    upper: float
    verdict: str
    note: str = ""


class Segments(NamedTuple):
    """What :func:`locate` found: first years after the breaks, means between them, share of variation explained in [0, 1]."""

    years: list
    means: list
    explained: float


class AR1(NamedTuple):
    """A first-order autoregression: least-squares coefficient, the same less its bias, the pairs of years behind them."""

    phi: float
    corrected: float
    n: int


# --- named years ---------------------------------------------------------------------------------


def named_years(series, years, per_root_year=False):
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
    observed, values = _observed(series)
    steps = _steps(observed, values)
    if per_root_year:
        steps["step"] /= np.sqrt(steps["year"] - steps["since"])
    details = _represented(years, observed, steps)
    many, k = len(steps), len(details)
    if many <= k:
        raise Missing(
            f"series has {many} step(s); allowed: {k + 1} or more for {k} named year(s), which takes {k + 2} observed years"
        )
    means = _means(steps, k)[1]
    statistic = float(details["step"].mean())
    p = float((means >= statistic - TIE * np.abs(values).max()).mean())
    stand = [
        f"{row.year} stands for {row.named}, which was not observed"
        for row in details.itertuples()
        if row.year != row.named
    ]
    null = f"the {k} named year(s) are like any others: each set of {k} of the {many} years with a step is as likely"
    return Result(
        statistic,
        p,
        1 / len(means),
        many,
        len(means),
        None,
        null,
        details=details,
        note="; ".join(stand),
    )


def triples(series, k=3):
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
    observed, values = _observed(series)
    steps = _steps(observed, values)
    k = _whole("k", k)
    if len(steps) < k:
        raise Missing(
            f"series has {len(steps)} step(s); allowed: {k} or more, which takes {k + 1} observed years"
        )
    sets, means = _means(steps, k)
    years = steps["year"].to_numpy()[sets]
    rank = len(means) - np.searchsorted(
        np.sort(means), means - TIE * np.abs(values).max()
    )
    return pd.DataFrame(
        {
            **{f"year_{i + 1}": years[:, i] for i in range(k)},
            "mean": means,
            "rank": rank,
        }
    )


# --- a free break --------------------------------------------------------------------------------


def scan(series):
    """F of a shift of the mean, for every year in which one may begin.

    F compares one mean with two (Chow 1960); it is the square of the pooled t of the two
    sides.  Holes are skipped: sides are counted in observed years.

    Parameters
    ----------
    series : Series or DataFrame
        As for :func:`named_years`; 6 observed years or more.

    Returns
    -------
    DataFrame
        Rows (year, f, before, after): ``year`` the first after the break, the means on both sides.  ``f`` is
        0 where nothing changes and inf where each side is constant and they differ.
    """
    years, values = _observed(series)
    explained = _explained(values[None, :], _least_side(len(values)))[0]
    return _scanned(years, values, explained)


def sup_f(series, null, draws=1999, seed=1):
    """The largest F of a shift of the mean in an unknown year.

    The sup-F statistic of Andrews (1993) with 15 % of the years, and at least 3, kept free at
    either end.  The permutation null takes the years as exchangeable, which a trend or any
    persistence is not: it then finds breaks that are none.  The AR(1) null keeps the
    persistence; it is a residual bootstrap (Davison and Hinkley 1997) with ``phi`` of
    :func:`ar1`, estimated as if there were no break.  A true break looks like persistence to it
    (Perron 1989), so that in short series it finds few.  Of simulated series of 17 years
    without a break, at 5 % the permutation rejects 46 % where phi is .7 and 72 % where it is .9, "ar1" 5 and
    12 %, and "ar1-corrected" (``corrected`` of :func:`ar1`) 2 and 3 %.

    Parameters
    ----------
    series : Series or DataFrame
        As for :func:`named_years`; 6 observed years or more, and 6 pairs of neighbouring
        observed years but for "permutation".
    null : {"permutation", "ar1", "ar1-corrected"}
    draws : int
        Random draws, 1 or more.
    seed : int
        The same seed gives the same p.

    Returns
    -------
    Result
        ``statistic`` F (inf where each side is constant); ``p`` = (1 + draws at least as large) / (draws + 1); ``n``
        the observed years; ``location`` the first year after the break, the first of equals;
        ``details`` the rows of :func:`scan`.  A constant series has statistic 0, p 1 and no location.

    Raises
    ------
    ValueError
        If the series is too short, and then for the number needed, or an argument makes no sense.
    """
    draws = _whole("draws", draws)
    years, values = _observed(series)
    n, least = len(values), _least_side(len(values))
    phi = _persistence(years, values, null)
    explained = _explained(values[None, :], least)[0]
    details = _scanned(years, values, explained)
    sentence = (
        "the years are exchangeable: each order of the values is as likely"
        if phi is None
        else f"one mean throughout, with first-order persistence of {phi:.2f}"
    )
    smallest = 1 / (draws + 1)
    if (
        phi is None
    ):  # of all orders, those that only shuffle within two halves, or swap these, keep its F
        smallest = max(smallest, 2 / math.comb(n, n // 2))
    if _constant(values):
        return Result(
            0.0,
            1.0,
            smallest,
            n,
            draws,
            seed,
            sentence,
            None,
            details,
            "the series is constant",
        )
    drawn = _drawn(years, values, phi, draws, seed)
    top = explained.max()
    p = (1 + int((_explained(drawn, least).max(axis=1) >= top - TIE).sum())) / (
        draws + 1
    )
    best = np.flatnonzero(explained >= top - TIE)
    tied = (
        f"the years {', '.join(str(details['year'][i]) for i in best)} have the same F"
        if len(best) > 1
        else ""
    )
    return Result(
        float(details["f"].max()),
        p,
        smallest,
        n,
        draws,
        seed,
        sentence,
        int(details["year"][best[0]]),
        details,
        tied,
    )


def null_quantiles(series, null, draws=1999, seed=1, levels=(0.9, 0.95, 0.99)):
    """How large the largest F becomes by chance alone: quantiles of the null of :func:`sup_f`.

    Parameters
    ----------
    series, null, draws, seed
        As for :func:`sup_f`; the draws are the same.
    levels : sequence of float
        In (0, 1), each with at least one draw above it: at most 1 - 1/(draws + 1).

    Returns
    -------
    DataFrame
        Rows (level, f): the p of :func:`sup_f` is 1 - level or less just where its statistic lies above ``f``.

    Raises
    ------
    ValueError
        As :func:`sup_f`, and for a level outside its range or a constant series, which has no null.
    """
    draws = _whole("draws", draws)
    years, values, phi = _under(series, null)
    least = _least_side(len(values))
    levels = np.atleast_1d(np.asarray(levels, dtype=float))
    # The draw that may still be beaten: (1 + draws at least as large)/(draws + 1) is 1 - level or less above it.
    place = np.floor((1 - levels) * (draws + 1) + 1e-9)
    if (bad := levels[~((levels > 0) & (place >= 1))]).size:
        raise ValueError(
            f"levels has {bad[0]:g}; allowed: above 0 and at most {draws / (draws + 1):.6g}, which {draws} draws can tell"
        )
    if _constant(values):
        raise ValueError(
            "series is constant; allowed: values that differ, since nothing else has a largest F"
        )
    top = np.sort(
        _explained(_drawn(years, values, phi, draws, seed), least).max(axis=1)
    )
    return pd.DataFrame(
        {"level": levels, "f": _as_f(top[draws - place.astype(int)], len(values))}
    )


def redrawn(series, null, draws=1999, seed=1):
    """Series as a null would have them: what :func:`sup_f` compares with, laid open.

    Parameters
    ----------
    series, null, draws, seed
        As for :func:`sup_f`.

    Returns
    -------
    DataFrame
        One row a draw, one column an observed year.
    """
    years, values, phi = _under(series, null)
    return pd.DataFrame(
        _drawn(years, values, phi, _whole("draws", draws), seed), columns=years
    )


def by_null(series, draws=1999, seed=1):
    """:func:`sup_f` under each of its nulls, to show how much of a p is the null's.

    Returns
    -------
    DataFrame
        Rows (null, statistic, p, smallest_p, n, draws, seed, location, persistence), one a null; ``persistence`` is the
        coefficient that the null supposes, NaN where it takes the years as exchangeable.
    """
    rows = []
    for null in NULLS:
        found = sup_f(series, null, draws, seed)
        persistence = _under(series, null)[2]
        rows.append(
            (
                null,
                found.statistic,
                found.p,
                found.smallest_p,
                found.n,
                found.draws,
                found.seed,
                found.location,
                np.nan if persistence is None else persistence,
            )
        )
    return pd.DataFrame(
        rows,
        columns=[
            "null",
            "statistic",
            "p",
            "smallest_p",
            "n",
            "draws",
            "seed",
            "location",
            "persistence",
        ],
    )


def ar1(series):
    """How much of a year's deviation from the mean is left in the next.

    Least squares of each observed year on the year before, in closed form, over the pairs of
    neighbouring years that were both observed (``AutoReg`` of ``statsmodels`` has no place for holes;
    without holes it gives the same).  In short series that is too low by about (1 + 3 phi)/n
    (Kendall 1954), which ``corrected`` makes up for.

    Parameters
    ----------
    series : Series or DataFrame
        As for :func:`named_years`; 6 pairs of neighbouring observed years or more.

    Returns
    -------
    AR1
        ``phi`` and ``corrected``, both kept within [-.99, .99], and 0 for a constant series; ``n`` the pairs.
    """
    years, values = _observed(series)
    return _ar1(years, values, np.zeros(len(years), dtype=int), "series")


def locate(series, number=1, least=None):
    """The breaks in the mean that leave the least variation around the means between them.

    Dynamic programming over all partitions, as Bai and Perron (2003), done by ``ruptures`` (Truong, Oudre and Vayatis 2020).
    It always finds as many breaks as it is asked for; whether there is one is for :func:`sup_f`.

    Parameters
    ----------
    series : Series or DataFrame
        As for :func:`named_years`.
    number : int
        Breaks to find, 1 or more.
    least : int, optional
        Observed years between breaks, 1 or more; by default 15 % and at least 3.

    Returns
    -------
    Segments
        ``years`` the first after each break; ``explained`` 0 and ``years`` empty for a constant series.
    """
    import ruptures  # here, since it takes a second to load and no other function needs it

    years, values = _observed(series)
    number, n = _whole("number", number), len(values)
    least = (
        max(SIDE, math.ceil(TRIM * n - 1e-9))
        if least is None
        else _whole("least", least)
    )
    if n < (number + 1) * least:
        raise Missing(
            f"series has {n} observed years; allowed: {(number + 1) * least} or more for {number} break(s), {least} on each side of one"
        )
    if _constant(values):
        return Segments([], [float(values[0])], 0.0)
    cuts = (
        ruptures.Dynp(model="l2", min_size=least, jump=1)
        .fit(values)
        .predict(n_bkps=number)[:-1]
    )
    parts = np.split(values, cuts)
    left = sum(((part - part.mean()) ** 2).sum() for part in parts)
    return Segments(
        [int(years[c]) for c in cuts],
        [float(part.mean()) for part in parts],
        float(1 - left / ((values - values.mean()) ** 2).sum()),
    )


# --- no break ------------------------------------------------------------------------------------


def equivalence(
    before, after, margin, level=0.9, noise="independent", draws=1999, seed=1
):
    """Is the difference of two means small enough to be called none?

    Two one-sided tests (Schuirmann 1987), with Welch's t (1947) for unequal variances.  That nothing
    was found to differ is no evidence of sameness; an interval inside the margin is.  With
    "ar1" the quantiles of t come from a bootstrap of one AR(1) process over both sides, since persistence makes
    neighbouring years tell less than their number says (bootstrap-t, Efron and Tibshirani 1993); the
    coefficient is ``corrected`` of :func:`ar1`, fitted around the mean of each side; simulated intervals of 90 % then
    cover 85 to 91 %, with Welch's t alone 40 % where phi is .9.

    Parameters
    ----------
    before, after : sequence of float, or Series or DataFrame by year
        Observations of each side, a hole as NaN; by year as for :func:`named_years`.  A plain sequence is in order of
        time, and ``after`` follows at once on ``before``.
    margin : float
        The largest difference that counts as none, above 0, in the unit of the observations.
    level : float
        Of the interval, in (0, 1); .9 goes with two tests at 5 %.
    noise : {"independent", "ar1"}
    draws, seed : int
        Of the bootstrap, with "ar1" only.

    Returns
    -------
    Equivalence

    Raises
    ------
    ValueError
        If a side has fewer than 2 observations, if "ar1" has fewer than 12 pairs of neighbouring years, or if
        neither side has any spread: a difference without noise has no interval.
    """
    if not 0 < margin < np.inf:
        raise ValueError(f"margin is {margin!r}; allowed: a number above 0")
    if not 0 < level < 1:
        raise ValueError(f"level is {level!r}; allowed: above 0 and below 1")
    if noise not in NOISES:
        raise ValueError(f"noise is {noise!r}; allowed: {', '.join(map(repr, NOISES))}")
    times, values, side, holes = _two_sides(before, after)
    n = len(values)
    difference, error, freedom = (float(x[0]) for x in _welch(values[None, :], side))
    if error <= TIE * np.abs(values).max():
        raise Missing(
            "before and after have no spread; allowed: at least one side with values that differ"
        )
    if noise == "independent":
        draws = seed = None
        below = stdtr(
            freedom,
            [
                (difference - margin) / error,
                -(difference + margin) / error,
                -margin / error,
            ],
        )
        reach = [stdtrit(freedom, (1 + level) / 2)] * 2
        sentence = (
            f"the means differ by {margin:g} or more; the observations are independent"
        )
    else:
        draws = _whole("draws", draws)
        phi = _ar1(times, values, side, "before and after together").corrected
        t = _ratios(
            _simulated(
                phi,
                _residuals(phi, times, values, side),
                times,
                draws,
                seed,
            ),
            side,
        )
        below = [
            (1 + (t <= (difference - margin) / error).sum()) / (draws + 1),
            (1 + (t >= (difference + margin) / error).sum()) / (draws + 1),
            (1 + max((t <= -margin / error).sum(), (t >= margin / error).sum()))
            / (draws + 1),
        ]
        reach = [np.quantile(t, (1 + level) / 2), -np.quantile(t, (1 - level) / 2)]
        sentence = f"the means differ by {margin:g} or more; first-order persistence of {phi:.2f}"
    lower, upper = (
        difference - float(reach[0]) * error,
        difference + float(reach[1]) * error,
    )
    return Equivalence(
        difference,
        float(max(below[:2])),
        float(below[2]),
        n,
        draws,
        seed,
        sentence,
        lower,
        upper,
        _verdict(lower, upper, margin),
        f"{holes} hole(s) left out" if holes else "",
    )


def fitting_noise(before, after):
    """``"ar1"`` where both sides together have the pairs of neighbouring years that :func:`equivalence` needs for it, else ``"independent"``."""
    times, values, side, _ = _two_sides(before, after)
    return "ar1" if len(_pairs(times, values, side)[2]) >= 2 * PAIRS else "independent"


def equivalence_by_window(
    series, year, firsts, lasts, margin, level=0.9, noise="ar1", draws=1999, seed=1
):
    """:func:`equivalence` before and after a year, for every choice of the first and the last year compared.

    Parameters
    ----------
    series : Series or DataFrame
        As for :func:`named_years`.
    year : int
        The year in question; it is on neither side.
    firsts, lasts : sequence of int
        First years of the side before and last years of the side after.
    margin, level, draws, seed
        As for :func:`equivalence`.
    noise : {"independent", "ar1"}
        With "ar1", windows with too few pairs of neighbouring years for it are taken as independent, and say so.

    Returns
    -------
    DataFrame
        Rows (first, last, noise, statistic, lower, upper, verdict, p, smallest_p, n), one a window.
    """
    if noise not in NOISES:
        raise ValueError(f"noise is {noise!r}; allowed: {', '.join(map(repr, NOISES))}")
    whole = pd.Series(*reversed(_observed(series)))
    rows = []
    for first, last in itertools.product(firsts, lasts):
        if not first < year < last:
            raise ValueError(
                f"firsts and lasts give {first} to {last}; allowed: a first year before {year} and a last one after it"
            )
        sides = whole.loc[first : year - 1], whole.loc[year + 1 : last]
        used = noise if noise == "independent" else fitting_noise(*sides)
        found = equivalence(*sides, margin, level, used, draws, seed)
        rows.append(
            (
                first,
                last,
                used,
                found.statistic,
                found.lower,
                found.upper,
                found.verdict,
                found.p,
                found.smallest_p,
                found.n,
            )
        )
    return pd.DataFrame(
        rows,
        columns=[
            "first",
            "last",
            "noise",
            "statistic",
            "lower",
            "upper",
            "verdict",
            "p",
            "smallest_p",
            "n",
        ],
    )


def mean_of_years(series, years, level=0.9, draws=1999, seed=1):
    """The mean of some years of a series, and how far chance alone could have moved it.

    The interval is that of the basic bootstrap (Davison and Hinkley 1997): the named
    years are drawn anew from an AR(1) process about one mean, fitted to the whole series with
    ``corrected`` of :func:`ar1`.

    Parameters
    ----------
    series : Series or DataFrame
        As for :func:`named_years`; 6 pairs of neighbouring observed years or more.
    years : sequence of int
        Observed years, each once.
    level : float
        Of the interval, in (0, 1).
    draws, seed : int

    Returns
    -------
    Equivalence
        ``statistic`` the mean of the named years, ``lower`` and ``upper`` its interval, ``n`` the years of
        the series; ``verdict`` "above", "below" or "around" 0, by the interval; ``p`` two-sided, of a mean at least
        as far from 0 under the null of one mean of 0 throughout.

    Raises
    ------
    ValueError
        If a year was not observed, or the series is too short.
    """
    if not 0 < level < 1:
        raise ValueError(f"level is {level!r}; allowed: above 0 and below 1")
    draws = _whole("draws", draws)
    observed, values = _observed(series)
    named = list(years)
    if (
        not named
        or len(set(named)) != len(named)
        or not set(named) <= set(observed.tolist())
    ):
        raise ValueError(
            f"years is {named!r}; allowed: observed years ({', '.join(map(str, observed))}), one or more, each once"
        )
    one = np.zeros(len(observed), dtype=int)
    phi = _ar1(observed, values, one, "series").corrected
    chosen = np.isin(observed, named)
    drawn = _simulated(
        phi,
        _residuals(phi, observed, values, one),
        observed,
        draws,
        seed,
    )[:, chosen].mean(axis=1)
    mean = float(values[chosen].mean())
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    p = (1 + int((np.abs(drawn) >= abs(mean) - TIE * np.abs(values).max()).sum())) / (
        draws + 1
    )
    lower, upper = mean - float(high), mean - float(low)
    where = "above" if lower > 0 else "below" if upper < 0 else "around"
    return Equivalence(
        mean,
        p,
        1 / (draws + 1),
        len(values),
        draws,
        seed,
        f"the mean is 0 throughout; first-order persistence of {phi:.2f}",
        lower,
        upper,
        where,
    )


# --- threats and moves ---------------------------------------------------------------------------


def lead_lag(threats, moves, window=180, span=None, draws=None, seed=1):
    """Do moves change after threats, more than after any other days?

    For each threat, the moves of the ``window`` days after it less those of the days before it;
    the day itself is on neither side.  The null shifts all threats together round the span,
    closed to a circle, which keeps their spacing and that of the moves (Lotwick and Silverman
    1982).  By default all shifts are compared.  The last day and the first are no neighbours: p is
    exact for moves on a circle, while on a line the seam can make it too small where the moves drift
    over the span (Harris 2020 therefore proposes shifts that do not wrap, at half the power).

    A threat whose window runs past the span is dropped and named in the note: the days beyond were not coded, and a window
    that wrapped would count the first years' moves as answers to a threat of the last.  Under the
    shifts the windows do wrap.

    Parameters
    ----------
    threats : sequence of dates
        Different days in the span.
    moves : DataFrame
        ``date``, or ``start`` and ``end`` (the end included), and ``value``, signed and weighted.  A
        move over an interval is spread evenly over its days; the days outside the span do not count.
    window : int
        Days on each side, 1 or more.
    span : pair of dates
        First and last day, both included; by default from the first day of a move to the last.
    draws : int, optional
        Random shifts, 1 or more; by default every shift of 0, 1, ... days once.
    seed : int
        Of the random shifts.

    Returns
    -------
    Result
        ``statistic`` the mean over the threats, in the unit of ``value``; ``p`` two-sided; ``n`` the threats
        kept.  ``details`` rows (threat, before, after, move, statistic, p), one a threat kept: the last two
        are those of the test without it, NaN where it is the only one.  Without any move in the span
        statistic is 0 and p is 1.

    Raises
    ------
    ValueError
        If the span is shorter than a window, the day and a window; if no threat is left; or if dates or values are missing.
    """
    window = _whole("window", window)
    daily, first = _daily(moves, span)
    days, kept, note = _threat_days(threats, window, len(daily), first)
    before, after = _windows(daily, window)
    change = after - before
    if draws is not None:
        draws = _whole("draws", draws)
        drawn = np.random.default_rng(seed).integers(len(daily), size=draws)
    else:
        drawn, seed = None, None

    def tested(chosen):
        around = _shifted(change, chosen)
        tie = TIE * np.abs(daily).sum()
        extreme = (
            np.abs(around if drawn is None else around[drawn]) >= abs(around[0]) - tie
        )
        return float(around[0]), float(
            extreme.mean() if drawn is None else (1 + extreme.sum()) / (draws + 1)
        )

    statistic, p = tested(days)
    without = [
        tested(np.delete(days, i)) if len(days) > 1 else (np.nan, np.nan)
        for i in range(len(days))
    ]
    details = pd.DataFrame(
        {
            "threat": kept,
            "before": before[days],
            "after": after[days],
            "move": change[days],
            "statistic": [s for s, _ in without],
            "p": [q for _, q in without],
        }
    )
    count = len(daily) if drawn is None else draws
    smallest = 1 / len(daily) if drawn is None else max(1 / (draws + 1), 1 / len(daily))
    apart = f"shifts by fewer than {2 * window + 1} days share days; about {len(daily) / (2 * window + 1):.0f} of the {len(daily)} do not"
    return Result(
        statistic,
        p,
        smallest,
        len(days),
        count,
        seed,
        f"threats and moves have nothing to do with each other: the {len(days)} threat(s) could all have come any number of days later",
        details=details,
        note="; ".join([*note, apart]),
    )


def shifts(threats, moves, window=180, span=None):
    """The statistic of :func:`lead_lag` for every shift of the threats, for a chart of its null.

    Returns
    -------
    DataFrame
        Rows (shift, statistic), shift in days, 0 being what was observed; the statistics sum to 0.
    """
    window = _whole("window", window)
    daily, first = _daily(moves, span)
    days, _, _ = _threat_days(threats, window, len(daily), first)
    before, after = _windows(daily, window)
    return pd.DataFrame(
        {"shift": np.arange(len(daily)), "statistic": _shifted(after - before, days)}
    )


def leave_one_out(test, items):
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
    rows = []
    for i, item in enumerate(items):
        found = test(items[:i] + items[i + 1 :])
        rows.append(
            (
                item,
                found.statistic,
                found.p,
                found.smallest_p,
                found.n,
                getattr(found, "location", None),
            )
        )
    return pd.DataFrame(
        rows, columns=["without", "statistic", "p", "smallest_p", "n", "location"]
    )


# --- sums, on arrays -----------------------------------------------------------------------------


def _means(steps, k):
    """Every set of k steps, as positions of shape (sets, k), and their means."""
    count = math.comb(len(steps), k)
    if count > MOST_SETS:
        raise ValueError(
            f"series has {len(steps)} steps, which makes {count} sets of {k}; allowed: {MOST_SETS} sets or fewer"
        )
    sets = _sets(len(steps), k)
    return sets, steps["step"].to_numpy()[sets].mean(axis=1)


@functools.lru_cache(maxsize=8)
def _sets(n, k):
    """Every set of k out of n positions, one a row."""
    count = math.comb(n, k)
    flat = itertools.chain.from_iterable(itertools.combinations(range(n), k))
    sets = np.fromiter(flat, dtype=np.intp, count=count * k).reshape(count, k)
    sets.flags.writeable = False
    return sets


def _explained(values, least):
    """Share of the variation that two means explain: values (draws, n) to (draws, cuts), in [0, 1]; 0 where nothing varies.

    F rises with it, and unlike F it has no poles: draws are compared by it.
    """
    n = values.shape[1]
    apart = values - values.mean(axis=1, keepdims=True)
    total = (apart**2).sum(axis=1, keepdims=True)
    cuts = np.arange(least, n - least + 1)
    between = np.cumsum(apart, axis=1)[:, cuts - 1] ** 2 * n / (cuts * (n - cuts))
    varies = total > (TIE * np.abs(values).max(axis=1, keepdims=True)) ** 2 * n
    return np.where(
        varies, np.minimum(between / np.where(varies, total, 1.0), 1.0), 0.0
    )


def _under(series, null):
    """Observed years and values, and the persistence that a null supposes: None where the years are exchangeable."""
    years, values = _observed(series)
    return years, values, _persistence(years, values, null)


def _persistence(years, values, null):
    if null not in NULLS:
        raise ValueError(f"null is {null!r}; allowed: {', '.join(map(repr, NULLS))}")
    if null == "permutation":
        return None
    fit = _ar1(years, values, np.zeros(len(years), dtype=int), "series")
    return fit.phi if null == "ar1" else fit.corrected


def _drawn(years, values, phi, draws, seed):
    """Series as a null would have them, of shape (draws, n): any order, or persistence phi around one mean."""
    if phi is None:
        whole = np.broadcast_to(values, (draws, len(values)))
        return np.random.default_rng(seed).permuted(whole, axis=1)
    one = np.zeros(len(years), dtype=int)
    return _simulated(phi, _residuals(phi, years, values, one), years, draws, seed)


def _scanned(years, values, explained):
    """Rows of :func:`scan`, from the share of the variation that two means explain."""
    n, least = len(values), (len(values) - len(explained) + 1) // 2
    cuts = np.arange(least, n - least + 1)
    before = np.cumsum(values)[cuts - 1]
    return pd.DataFrame(
        {
            "year": years[cuts],
            "f": _as_f(explained, n),
            "before": before / cuts,
            "after": (values.sum() - before) / (n - cuts),
        }
    )


def _as_f(explained, n):
    """F with 1 and n - 2 degrees of freedom; inf where nothing is left to explain."""
    full = explained >= 1 - TIE
    return np.where(
        full, np.inf, (n - 2) * explained / np.where(full, 1.0, 1 - explained)
    )


def _welch(values, side):
    """Difference of means, its standard error and Welch's degrees of freedom, each of shape (draws,)."""
    parts = [values[:, side == s] for s in (0, 1)]
    mean = [part.mean(axis=1) for part in parts]
    share = [part.var(axis=1, ddof=1) / part.shape[1] for part in parts]
    total = share[0] + share[1]
    with np.errstate(
        invalid="ignore", divide="ignore"
    ):  # no spread: the caller refuses it
        freedom = total**2 / sum(
            s**2 / (part.shape[1] - 1) for s, part in zip(share, parts)
        )
    return mean[1] - mean[0], np.sqrt(total), freedom


def _ratios(drawn, side):
    """Welch's t of every draw."""
    difference, error, _ = _welch(drawn, side)
    return difference / error


def _windows(daily, window):
    """Sums of the days before and after each day of the circle, shape (L,) each."""
    size = len(daily)
    total = np.concatenate(
        [[0.0], np.cumsum(np.concatenate([daily[-window:], daily, daily[:window]]))]
    )
    day = np.arange(size) + window
    return total[day] - total[day - window], total[day + window + 1] - total[day + 1]


def _shifted(change, days):
    """Mean change over the threats, for every shift of all of them together; shape (L,)."""
    return np.mean([np.roll(change, -day) for day in days], axis=0)


# --- persistence ---------------------------------------------------------------------------------


def _ar1(years, values, side, name):
    """AR(1) around one mean a side; pairs do not cross from side to side."""
    now, then, of = _pairs(years, values, side)
    sides, n = len(np.unique(side)), len(of)
    if n < PAIRS * sides:
        raise Missing(
            f"{name} has {n} pairs of neighbouring observed years; allowed: {PAIRS * sides} or more for an AR(1) coefficient"
        )
    if _constant(now, np.abs(values).max()):
        return AR1(0.0, 0.0, n)
    x, y = _around_means(now, of), _around_means(then, of)
    phi = float(x @ y / (x @ x))
    each = (
        n / sides
    )  # a mean a side is estimated, and each makes the coefficient too low
    return AR1(
        *(
            float(np.clip(c, -LARGEST, LARGEST))
            for c in (phi, (each * phi + 1) / (each - 3))
        ),
        n,
    )


def _pairs(years, values, side):
    """Values of neighbouring observed years, now and then, and the side they are on."""
    near = (np.diff(years) == 1) & (np.diff(side) == 0)
    return values[:-1][near], values[1:][near], side[1:][near]


def _residuals(phi, years, values, side):
    """What is left of each year after its mean and the year before, centred on each side."""
    now, then, of = _pairs(years, values, side)
    left = _around_means(then - phi * now, of)
    if _constant(left, np.abs(values).max()):
        raise Missing(
            "series is an AR(1) without noise; allowed: residuals that differ, since the bootstrap draws from them"
        )
    return left


def _around_means(values, side):
    """Values less the mean of their side."""
    count = np.bincount(side)
    return values - (np.bincount(side, values) / np.maximum(count, 1))[side]


def _simulated(phi, residuals, years, draws, seed):
    """Stationary AR(1) series with resampled residuals, seen in the observed years only; shape (draws, n)."""
    at = years - years[0]
    # The start is forgotten to a thousandth before the first year.
    ahead = 0 if phi == 0 else math.ceil(math.log(1e-3) / math.log(abs(phi)))
    rows = ahead + int(at[-1]) + 1
    # Rows are picked one after another: a longer list begins with the same ones, and is kept.
    picks = _picks(seed, len(residuals), draws, 1 << rows.bit_length())
    shocks = residuals[picks[:rows]]
    for t in range(1, len(shocks)):
        shocks[t] += phi * shocks[t - 1]
    return shocks[ahead + at].T


@functools.lru_cache(maxsize=8)
def _picks(seed, of, draws, rows):
    """Which of some residuals each draw takes in each year: what ``Generator.choice`` picks with this seed."""
    return np.random.default_rng(seed).integers(of, size=(rows, draws))


# --- arguments -----------------------------------------------------------------------------------


def _whole(name, value, least=1):
    if isinstance(value, bool) or not (
        isinstance(value, (int, np.integer)) and value >= least
    ):
        raise ValueError(
            f"{name} is {value!r}; allowed: a whole number, {least} or more"
        )
    return int(value)


def _constant(values, size=None):
    """Do the values differ by no more than rounding?"""
    return bool(
        np.ptp(values) <= TIE * (np.abs(values).max() if size is None else size)
    )


def _yearly(series, name):
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
        series.index.to_numpy(dtype=float, na_value=np.nan),
        series.to_numpy(dtype=float, na_value=np.nan),
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


def _observed(series, name="series"):
    """Observed years in order and their values."""
    years, values = _yearly(series, name)
    seen = ~np.isnan(values)
    if not seen.any():
        raise Missing(f"{name} has no observed year; allowed: one or more")
    return years[seen], values[seen]


def _steps(years, values):
    """Absolute steps between neighbouring observed years, as :func:`alignment.steps` has them."""
    step = np.abs(np.diff(values))
    return pd.DataFrame({"year": years[1:], "since": years[:-1], "step": step})


def _represented(years, observed, steps):
    """Rows (named, year, since, step) of the named years."""
    named = list(years) if np.iterable(years) else [years]
    if not named or len(set(named)) != len(named):
        raise ValueError(f"years is {named!r}; allowed: one year or more, each once")
    rows = []
    for year in sorted(named):
        at = np.searchsorted(observed, year)
        if not 0 < at < len(observed):
            span = (
                f"{observed[0] + 1} to {observed[-1]}" if len(observed) > 1 else "none"
            )
            raise Missing(f"years names {year}, which has no step; allowed: {span}")
        rows.append((year, *steps.iloc[at - 1]))
    found = pd.DataFrame(rows, columns=["named", "year", "since", "step"]).astype(
        {"year": int, "since": int}
    )
    if (same := found["year"].duplicated(keep=False)).any():
        one, two = found.loc[same, "named"].iloc[:2]
        raise Missing(
            f"years names {one} and {two}, which share the step of {found.loc[same, 'year'].iloc[0]}; allowed: one of them"
        )
    return found


def _least_side(n):
    """Fewest observed years on either side of a break."""
    if n < 2 * SIDE:
        raise Missing(
            f"series has {n} observed years; allowed: {2 * SIDE} or more, {SIDE} on each side of a break"
        )
    return max(
        SIDE, math.ceil(TRIM * n - 1e-9)
    )  # less rounding, so that 15 % of 20 is 3


def _two_sides(before, after):
    """Times, values, side (0 before, 1 after) of both sides in one, and the number of holes."""
    by_year = [isinstance(part, (pd.Series, pd.DataFrame)) for part in (before, after)]
    if by_year[0] != by_year[1]:
        raise ValueError(
            "before and after are of different kinds; allowed: both by year, or both plain sequences"
        )
    if not by_year[0]:
        before, after = (
            pd.Series(np.asarray(before, dtype=float)),
            pd.Series(np.asarray(after, dtype=float)),
        )
        after.index += len(before)
    parts = [
        _yearly(part, name) for part, name in ((before, "before"), (after, "after"))
    ]
    for name, (_, values) in zip(("before", "after"), parts):
        if (seen := int((~np.isnan(values)).sum())) < 2:
            raise Missing(f"{name} has {seen} observation(s); allowed: 2 or more")
    if parts[0][0][-1] >= parts[1][0][0]:
        raise ValueError(
            f"before runs to {parts[0][0][-1]} and after begins in {parts[1][0][0]}; allowed: all of before earlier"
        )
    times, values = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    side = np.repeat([0, 1], [len(part[0]) for part in parts])
    seen = ~np.isnan(values)
    return times[seen], values[seen], side[seen], int((~seen).sum())


def _verdict(lower, upper, margin):
    if -margin < lower and upper < margin:
        return "inside"
    return "outside" if lower > margin or upper < -margin else "overlaps"


def _date_array(values, name):
    days = pd.DatetimeIndex(np.atleast_1d(pd.to_datetime(values)))
    if days.isna().any() or len(days) == 0:
        raise ValueError(
            f"{name} has {int(days.isna().sum())} of {len(days)} dates missing; allowed: one date or more, none missing"
        )
    return days.to_numpy().astype("datetime64[D]")


def _daily(moves, span):
    """Value of the moves on each day of the span, and its first day."""
    needed = ({"date"} if "date" in moves else {"start", "end"}) | {"value"}
    if missing := needed - set(moves.columns):
        raise ValueError(f"moves lacks the columns {sorted(missing)}")
    if moves.empty:
        raise Missing("moves has no row; allowed: one move or more")
    start, end = (
        _date_array(moves[c if c in needed else "date"], f"moves.{c}")
        for c in ("start", "end")
    )
    value = moves["value"].to_numpy(dtype=float, na_value=np.nan)
    if (bad := ~np.isfinite(value)).any():
        raise ValueError(
            f"moves has the value {value[bad][0]} in {int(bad.sum())} row(s); allowed: a number"
        )
    if (end < start).any():
        raise ValueError(
            f"moves has the end {end[end < start][0]} before its start; allowed: a day not before the start"
        )
    first, last = (start.min(), end.max()) if span is None else _span(span)
    size = (last - first) // _DAY + 1
    begin, stop = ((edge - first) // _DAY for edge in (start, end))
    a_day = value / (stop - begin + 1)
    inside = (stop >= 0) & (begin < size)
    change = np.zeros(size + 1)  # what is added to the daily value on each day
    np.add.at(change, np.maximum(begin[inside], 0), a_day[inside])
    np.add.at(change, np.minimum(stop[inside] + 1, size), -a_day[inside])
    return np.cumsum(change)[:-1], first


def _span(span):
    days = _date_array(list(span), "span")
    if len(days) != 2 or days[0] > days[1]:
        raise ValueError(
            f"span is {tuple(str(d) for d in days)}; allowed: a first day and a last day not before it"
        )
    return days


def _threat_days(threats, window, size, first):
    """Positions of the threats whose windows lie in the span, their dates, and notes on the others."""
    dates = np.sort(_date_array(threats, "threats"))
    if size < 2 * window + 1:
        raise ValueError(
            f"span has {size} days; allowed: {2 * window + 1} or more for a window of {window} on each side of a day"
        )
    if (twice := dates[1:][np.diff(dates) == 0 * _DAY]).size:
        raise ValueError(f"threats has {twice[0]} twice; allowed: once")
    days = (dates - first) // _DAY
    if (out := dates[(days < 0) | (days >= size)]).size:
        raise ValueError(
            f"threats has {out[0]}; allowed: {first} to {first + (size - 1) * _DAY}"
        )
    whole = (days >= window) & (days < size - window)
    if not whole.any():
        raise Missing(
            f"threats has none whose window of {window} days lies in the span; allowed: one or more"
        )
    note = (
        [
            f"dropped, since the window runs past the span: {', '.join(map(str, dates[~whole]))}"
        ]
        if not whole.all()
        else []
    )
    return days[whole].astype(int), pd.DatetimeIndex(dates[whole]), note
