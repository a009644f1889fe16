"""How much of a year is left in the next, and series drawn with as much."""

import functools
import math

import numpy as np

from ..data import Missing
from ..hints import ByYear
from .results import AR1, PAIRS
from .series import constant, observed_years

#: The largest coefficient used, on either side of 0; a random walk has no mean to break.
LARGEST = 0.99


def ar1(series: ByYear) -> AR1:
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
    years, values = observed_years(series)
    return fitted(years, values, one_side(years), "series")


def fitted(years: np.ndarray, values: np.ndarray, side: np.ndarray, name: str) -> AR1:
    """AR(1) around one mean a side; pairs do not cross from side to side."""
    now, then, of = neighbours(years, values, side)
    sides, n = len(np.unique(side)), len(of)
    if n < PAIRS * sides:
        raise Missing(
            f"{name} has {n} pairs of neighbouring observed years; allowed: {PAIRS * sides} or more for an AR(1) coefficient"
        )
    if constant(now, np.abs(values).max()):
        return AR1(0.0, 0.0, n)
    x, y = _around_means(now, of), _around_means(then, of)
    phi = float(x @ y / (x @ x))
    each = n / sides  # a mean a side is estimated, and each makes it too low
    raw, corrected = np.clip([phi, (each * phi + 1) / (each - 3)], -LARGEST, LARGEST)
    return AR1(float(raw), float(corrected), n)


def one_side(years: np.ndarray) -> np.ndarray:
    """Sides of years that are not parted."""
    return np.zeros(len(years), dtype=int)


def neighbours(
    years: np.ndarray, values: np.ndarray, side: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values of neighbouring observed years, now and then, and the side they are on."""
    near = (np.diff(years) == 1) & (np.diff(side) == 0)
    return values[:-1][near], values[1:][near], side[1:][near]


def residuals(
    phi: float, years: np.ndarray, values: np.ndarray, side: np.ndarray
) -> np.ndarray:
    """What is left of each year after its mean and the year before, centred on each side."""
    now, then, of = neighbours(years, values, side)
    left = _around_means(then - phi * now, of)
    if constant(left, np.abs(values).max()):
        raise Missing(
            "series is an AR(1) without noise; allowed: residuals that differ, since the bootstrap draws from them"
        )
    return left


def _around_means(values: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Values less the mean of their side."""
    count = np.bincount(side)
    return values - (np.bincount(side, values) / np.maximum(count, 1))[side]


def simulated(
    phi: float, residuals: np.ndarray, years: np.ndarray, draws: int, seed: int
) -> np.ndarray:
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
def _picks(seed: int, of: int, draws: int, rows: int) -> np.ndarray:
    """Which of some residuals each draw takes in each year: what ``Generator.choice`` picks with this seed."""
    return np.random.default_rng(seed).integers(of, size=(rows, draws))
