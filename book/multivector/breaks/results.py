"""What the tests give back, and the numbers that all of them share."""

from typing import Any, NamedTuple

#: Share of the years at either end in which no break is looked for (Andrews 1993), and the fewest years a side.
TRIM, SIDE = 0.15, 3
#: Pairs of neighbouring years that an AR(1) coefficient needs, for each mean taken out.
PAIRS = 6
#: Numbers closer than this, relative to the largest value at hand, are equal.
TIE = 1e-12


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
