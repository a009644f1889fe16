"""Is a difference small enough to be called none?"""

import itertools
from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from .. import checks
from ..data import Missing
from ..hints import ByYear
from ..language import N_, Sentence, joined
from .persistence import fitted, neighbours, one_side, residuals, simulated
from .results import PAIRS, TIE, Equivalence
from .series import Sides, observed_years, two_sides

NOISES = ("independent", "ar1")


def equivalence(
    before: Sides,
    after: Sides,
    margin: float,
    level: float = 0.9,
    noise: str = "independent",
    draws: int = 1999,
    seed: int = 1,
) -> Equivalence:
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
    margin = checks.number("margin", margin, checks.POSITIVE)
    level = checks.number("level", level, checks.INSIDE)
    checks.one_of("noise", noise, NOISES)
    times, values, side, holes = two_sides(before, after)
    difference, error, freedom = (float(x[0]) for x in _welch(values[None, :], side))
    if error <= TIE * np.abs(values).max():
        raise Missing(
            "before and after have no spread; allowed: at least one side with values that differ"
        )
    null = Sentence("the means differ by {margin:g} or more", margin=margin)
    used: tuple[int | None, int | None] = (None, None)
    if noise == "independent":
        null = joined([null, N_("the observations are independent")], "; ")
        tails = _welch_tails(difference, error, freedom, margin, level)
    else:
        draws = checks.whole("draws", draws)
        used = draws, seed
        phi = fitted(times, values, side, "before and after together").corrected
        null = joined(
            [null, Sentence("first-order persistence of {phi:.2f}", phi=phi)], "; "
        )
        left = residuals(phi, times, values, side)
        t = _ratios(simulated(phi, left, times, draws, seed), side)
        tails = _drawn_tails(t, difference, error, margin, level)
    ends = difference - tails.below * error, difference + tails.above * error
    told = difference, tails.p, tails.smallest_p, len(values), *used, null, *ends
    note = Sentence("{holes} hole(s) left out", holes=holes) if holes else ""
    return Equivalence(*told, _verdict(*ends, margin), note)


class _Tails(NamedTuple):
    """The larger p of two one-sided tests, the p of no difference, and standard errors down and up to the interval's ends."""

    p: float
    smallest_p: float
    below: float
    above: float


def _welch_tails(
    difference: float, error: float, freedom: float, margin: float, level: float
) -> _Tails:
    """By Welch's t."""
    at = [difference - margin, -difference - margin, -margin]
    one, other, none = stdtr(freedom, np.array(at) / error)
    reach = float(stdtrit(freedom, (1 + level) / 2))
    return _Tails(float(max(one, other)), float(none), reach, reach)


def _drawn_tails(
    t: np.ndarray, difference: float, error: float, margin: float, level: float
) -> _Tails:
    """By Welch's t of drawn series."""
    edge, many = margin / error, len(t) + 1
    one = (t <= (difference - margin) / error).sum()
    other = (t >= (difference + margin) / error).sum()
    none = max((t <= -edge).sum(), (t >= edge).sum())
    return _Tails(
        float((1 + max(one, other)) / many),
        float((1 + none) / many),
        float(np.quantile(t, (1 + level) / 2)),
        float(-np.quantile(t, (1 - level) / 2)),
    )


def fitting_noise(before: Sides, after: Sides) -> str:
    """``"ar1"`` where both sides together have the pairs of neighbouring years that :func:`equivalence` needs for it, else ``"independent"``."""
    times, values, side, _ = two_sides(before, after)
    pairs = len(neighbours(times, values, side)[2])
    return "ar1" if pairs >= 2 * PAIRS else "independent"


def equivalence_by_window(
    series: ByYear,
    year: int,
    firsts: Collection[int],
    lasts: Collection[int],
    margin: float,
    noise: str = "ar1",
    **drawing: int,
) -> pd.DataFrame:
    """:func:`equivalence` before and after a year, for every choice of the first and the last year compared.

    Parameters
    ----------
    series : Series or DataFrame
        As for :func:`named_years`.
    year : int
        The year in question; it is on neither side.
    firsts, lasts : sequence of int
        First years of the side before and last years of the side after.
    margin : float
        As for :func:`equivalence`.
    noise : {"independent", "ar1"}
        With "ar1", windows with too few pairs of neighbouring years for it are taken as independent, and say so.
    **drawing
        ``draws`` and ``seed``, as for :func:`equivalence`.

    Returns
    -------
    DataFrame
        Rows (first, last, noise, statistic, lower, upper, verdict, p, smallest_p, n), one a window.
    """
    checks.one_of("noise", noise, NOISES)
    whole = pd.Series(*reversed(observed_years(series)))
    told = ["statistic", "lower", "upper", "verdict", "p", "smallest_p", "n"]
    rows = []
    for first, last in itertools.product(firsts, lasts):
        if not first < year < last:
            raise ValueError(
                f"firsts and lasts give {first} to {last}; allowed: a first year before {year} and a last one after it"
            )
        sides = whole.loc[first : year - 1], whole.loc[year + 1 : last]
        used = noise if noise == "independent" else fitting_noise(*sides)
        found = equivalence(*sides, margin, noise=used, **drawing)
        rows.append((first, last, used, *(getattr(found, name) for name in told)))
    return pd.DataFrame(rows, columns=["first", "last", "noise", *told])


def windows_around(year: int, first: int, last: int) -> tuple[range, range]:
    """First and last years of the windows in which the time before a year is set beside the time after.

    Parameters
    ----------
    year : int
        Of :func:`with_room`.
    first, last : int
        Years of the study, in the first of which the state joined.

    Returns
    -------
    (range, range)
        Up to seven first years, five years or more before the year in question if the study
        goes back so far, and up to three last ones.

    Examples
    --------
    >>> windows_around(2005, 1991, 2010)
    (range(1992, 1999), range(2008, 2011))
    """
    latest = max(first + 2, min(first + 8, year - 5))
    return range(first + 1, latest), range(max(last - 2, year + 3), last + 1)


def mean_of_years(
    series: ByYear,
    years: Collection[int],
    level: float = 0.9,
    draws: int = 1999,
    seed: int = 1,
) -> Equivalence:
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
    level = checks.number("level", level, checks.INSIDE)
    draws = checks.whole("draws", draws)
    observed, values = observed_years(series)
    named = list(years)
    apart = len(set(named)) == len(named)
    if not (named and apart and set(named) <= set(observed.tolist())):
        known = ", ".join(map(str, observed))
        allowed = f"observed years ({known}), one or more, each once"
        checks.refuse("years", named, allowed)
    side = one_side(observed)
    phi = fitted(observed, values, side, "series").corrected
    left = residuals(phi, observed, values, side)
    chosen = np.isin(observed, named)
    drawn = simulated(phi, left, observed, draws, seed)[:, chosen].mean(axis=1)
    mean = float(values[chosen].mean())
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    lower, upper = mean - float(high), mean - float(low)
    as_far = np.abs(drawn) >= abs(mean) - TIE * np.abs(values).max()
    p, least = (1 + int(as_far.sum())) / (draws + 1), 1 / (draws + 1)
    null = Sentence(
        "the mean is 0 throughout; first-order persistence of {phi:.2f}", phi=phi
    )
    where = "above" if lower > 0 else "below" if upper < 0 else "around"
    found = mean, p, least, len(values), draws, seed, null, lower, upper
    return Equivalence(*found, where)


def _welch(
    values: np.ndarray, side: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Difference of means, its standard error and Welch's degrees of freedom, each of shape (draws,)."""
    parts = [values[:, side == s] for s in (0, 1)]
    mean = [part.mean(axis=1) for part in parts]
    share = [part.var(axis=1, ddof=1) / part.shape[1] for part in parts]
    total = share[0] + share[1]
    each = [s**2 / (part.shape[1] - 1) for s, part in zip(share, parts)]
    # Where there is no spread, the caller refuses it.
    with np.errstate(invalid="ignore", divide="ignore"):
        freedom = total**2 / sum(each)
    return mean[1] - mean[0], np.sqrt(total), freedom


def _ratios(drawn: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Welch's t of every draw."""
    difference, error, _ = _welch(drawn, side)
    return difference / error


def _verdict(lower: float, upper: float, margin: float) -> str:
    if -margin < lower and upper < margin:
        return "inside"
    return "outside" if lower > margin or upper < -margin else "overlaps"
