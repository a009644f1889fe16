"""A shift of the mean in an unknown year."""

import math

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .. import checks
from ..data import Missing
from ..hints import ByYear
from ..language import N_, Sentence, joined
from .persistence import fitted, one_side, residuals, simulated
from .results import TIE, Result, Segments
from .series import constant, least_side, observed_years, share_of

NULLS = ("permutation", "ar1", "ar1-corrected")


def scan(series: ByYear) -> pd.DataFrame:
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
    years, values = observed_years(series)
    explained = _explained(values[None, :], least_side(len(values)))[0]
    return _scanned(years, values, explained)


def sup_f(series: ByYear, null: str, draws: int = 1999, seed: int = 1) -> Result:
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
    draws = checks.whole("draws", draws)
    years, values = observed_years(series)
    n, least = len(values), least_side(len(values))
    explained = _explained(values[None, :], least)[0]
    details = _scanned(years, values, explained)
    phi = _persistence(years, values, null)
    smallest, null = _smallest(phi, n, draws), _supposed(phi)
    found = Result(0.0, 1.0, smallest, n, draws, seed, null, details=details)
    if constant(values):
        return found._replace(note=N_("the series is constant"))
    drawn = _drawn(years, values, phi, draws, seed)
    top = explained.max()
    larger = int((_explained(drawn, least).max(axis=1) >= top - TIE).sum())
    p, statistic = (1 + larger) / (draws + 1), float(details["f"].max())
    best = details["year"][np.flatnonzero(explained >= top - TIE)].tolist()
    note = Sentence("the years {years} have the same F", years=joined(best))
    return found._replace(
        statistic=statistic, p=p, location=best[0], note=note if len(best) > 1 else ""
    )


def _supposed(phi: float | None) -> str:
    """What a null supposes, in a sentence."""
    if phi is None:
        return N_("the years are exchangeable: each order of the values is as likely")
    return Sentence(
        "one mean throughout, with first-order persistence of {phi:.2f}", phi=phi
    )


def _smallest(phi: float | None, n: int, draws: int) -> float:
    """The smallest p that so many years and draws allow.

    Of all orders, those that only shuffle within two halves, or swap these, keep their F.
    """
    orders = 0.0 if phi is not None else 2 / math.comb(n, n // 2)
    return max(1 / (draws + 1), orders)


def null_quantiles(
    series: ByYear,
    null: str,
    draws: int = 1999,
    seed: int = 1,
    levels: ArrayLike = (0.9, 0.95, 0.99),
) -> pd.DataFrame:
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
    draws = checks.whole("draws", draws)
    years, values, phi = _under(series, null)
    least = least_side(len(values))
    levels = np.atleast_1d(np.asarray(levels, dtype=float))
    # The draw that may still be beaten: (1 + draws at least as large)/(draws + 1) is 1 - level or less above it.
    place = np.floor((1 - levels) * (draws + 1) + 1e-9)
    if (bad := levels[~((levels > 0) & (place >= 1))]).size:
        raise ValueError(
            f"levels has {bad[0]:g}; allowed: above 0 and at most {draws / (draws + 1):.6g}, which {draws} draws can tell"
        )
    if constant(values):
        raise ValueError(
            "series is constant; allowed: values that differ, since nothing else has a largest F"
        )
    drawn = _drawn(years, values, phi, draws, seed)
    top = np.sort(_explained(drawn, least).max(axis=1))[draws - place.astype(int)]
    return pd.DataFrame({"level": levels, "f": _as_f(top, len(values))})


def redrawn(
    series: ByYear, null: str, draws: int = 1999, seed: int = 1
) -> pd.DataFrame:
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
    draws = checks.whole("draws", draws)
    return pd.DataFrame(_drawn(years, values, phi, draws, seed), columns=years)


def by_null(series: ByYear, draws: int = 1999, seed: int = 1) -> pd.DataFrame:
    """:func:`sup_f` under each of its nulls, to show how much of a p is the null's.

    Returns
    -------
    DataFrame
        Rows (null, statistic, p, smallest_p, n, draws, seed, location, persistence), one a null; ``persistence`` is the
        coefficient that the null supposes, NaN where it takes the years as exchangeable.
    """
    told = ["statistic", "p", "smallest_p", "n", "draws", "seed", "location"]
    rows = []
    for null in NULLS:
        found = sup_f(series, null, draws, seed)
        persistence = _under(series, null)[2]
        values = [getattr(found, name) for name in told]
        rows.append((null, *values, np.nan if persistence is None else persistence))
    return pd.DataFrame(rows, columns=["null", *told, "persistence"])


def locate(series: ByYear, number: int = 1) -> Segments:
    """The breaks in the mean that leave the least variation around the means between them, 15 % of the years and at least 3 apart.

    Dynamic programming over all partitions, as Bai and Perron (2003), done by ``ruptures`` (Truong, Oudre and Vayatis 2020).
    It always finds as many breaks as it is asked for; whether there is one is for :func:`sup_f`.

    Parameters
    ----------
    series : Series or DataFrame
        As for :func:`named_years`.
    number : int
        Breaks to find, 1 or more.

    Returns
    -------
    Segments
        ``years`` the first after each break; ``explained`` 0 and ``years`` empty for a constant series.
    """
    import ruptures  # here, since it takes a second to load and no other function needs it

    years, values = observed_years(series)
    number, n = checks.whole("number", number), len(values)
    least = share_of(n)
    if n < (number + 1) * least:
        raise Missing(
            f"series has {n} observed years; allowed: {(number + 1) * least} or more for {number} break(s), {least} on each side of one"
        )
    if constant(values):
        return Segments([], [float(values[0])], 0.0)
    search = ruptures.Dynp(model="l2", min_size=least, jump=1).fit(values)
    cuts = search.predict(n_bkps=number)[:-1]
    parts = np.split(values, cuts)
    left = sum(((part - part.mean()) ** 2).sum() for part in parts)
    explained = float(1 - left / ((values - values.mean()) ** 2).sum())
    means = [float(part.mean()) for part in parts]
    return Segments([int(years[c]) for c in cuts], means, explained)


def _explained(values: np.ndarray, least: int) -> np.ndarray:
    """Share of the variation that two means explain: values (draws, n) to (draws, cuts), in [0, 1]; 0 where nothing varies.

    F rises with it, and unlike F it has no poles: draws are compared by it.
    """
    n = values.shape[1]
    apart = values - values.mean(axis=1, keepdims=True)
    total = (apart**2).sum(axis=1, keepdims=True)
    cuts = np.arange(least, n - least + 1)
    between = np.cumsum(apart, axis=1)[:, cuts - 1] ** 2 * n / (cuts * (n - cuts))
    varies = total > (TIE * np.abs(values).max(axis=1, keepdims=True)) ** 2 * n
    share = between / np.where(varies, total, 1.0)
    return np.where(varies, np.minimum(share, 1.0), 0.0)


def _scanned(
    years: np.ndarray, values: np.ndarray, explained: np.ndarray
) -> pd.DataFrame:
    """Rows of :func:`scan`, from the share of the variation that two means explain."""
    n, least = len(values), (len(values) - len(explained) + 1) // 2
    cuts = np.arange(least, n - least + 1)
    before = np.cumsum(values)[cuts - 1]
    after, f = (values.sum() - before) / (n - cuts), _as_f(explained, n)
    return pd.DataFrame(
        {"year": years[cuts], "f": f, "before": before / cuts, "after": after}
    )


def _under(series: ByYear, null: str) -> tuple[np.ndarray, np.ndarray, float | None]:
    """Observed years and values, and the persistence that a null supposes: None where the years are exchangeable."""
    years, values = observed_years(series)
    return years, values, _persistence(years, values, null)


def _persistence(years: np.ndarray, values: np.ndarray, null: str) -> float | None:
    checks.one_of("null", null, NULLS)
    if null == "permutation":
        return None
    fit = fitted(years, values, one_side(years), "series")
    return fit.phi if null == "ar1" else fit.corrected


def _drawn(
    years: np.ndarray, values: np.ndarray, phi: float | None, draws: int, seed: int
) -> np.ndarray:
    """Series as a null would have them, of shape (draws, n): any order, or persistence phi around one mean."""
    if phi is None:
        whole = np.broadcast_to(values, (draws, len(values)))
        return np.random.default_rng(seed).permuted(whole, axis=1)
    left = residuals(phi, years, values, one_side(years))
    return simulated(phi, left, years, draws, seed)


def _as_f(explained: np.ndarray, n: int) -> np.ndarray:
    """F with 1 and n - 2 degrees of freedom; inf where nothing is left to explain."""
    full = explained >= 1 - TIE
    left = np.where(full, 1.0, 1 - explained)
    return np.where(full, np.inf, (n - 2) * explained / left)
