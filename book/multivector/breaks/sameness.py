"""Is a difference small enough to be called none?"""

import itertools

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from ..data import Missing
from .persistence import fitted, neighbours, residuals, simulated
from .results import PAIRS, TIE, Equivalence
from .series import observed_years, two_sides

NOISES = ("independent", "ar1")


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
    times, values, side, holes = two_sides(before, after)
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
        phi = fitted(times, values, side, "before and after together").corrected
        t = _ratios(
            simulated(
                phi,
                residuals(phi, times, values, side),
                times,
                draws,
                np.random.default_rng(seed),
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
    times, values, side, _ = two_sides(before, after)
    return (
        "ar1" if len(neighbours(times, values, side)[2]) >= 2 * PAIRS else "independent"
    )


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
    whole = pd.Series(*reversed(observed_years(series)))
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
    observed, values = observed_years(series)
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
    phi = fitted(observed, values, one, "series").corrected
    chosen = np.isin(observed, named)
    drawn = simulated(
        phi,
        residuals(phi, observed, values, one),
        observed,
        draws,
        np.random.default_rng(seed),
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


def _verdict(lower, upper, margin):
    if -margin < lower and upper < margin:
        return "inside"
    return "outside" if lower > margin or upper < -margin else "overlaps"
