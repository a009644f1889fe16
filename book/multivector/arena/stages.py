"""The two stages: which arena speaks, and where it goes."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .. import checks
from ..hints import Numbers, plain

INPUTS = ("significance", "commitment", "threat")
COEFFICIENTS = ("intercept", *INPUTS)
#: What an account can say of an episode, and how ``external`` writes it.
OUTCOMES = {"inward": 0.0, "undecided": 0.5, "outward": 1.0}
#: Ranges of inputs and weights, and of the two poles of the tilt.
UNIT = checks.Range(0, 1, "a number from 0 to 1")
TILT = checks.Range(-1, 1, "a number from -1 to 1")
_CUTS = checks.Range(1, checks.MOST, "a number of 1 or more")


class Chances(NamedTuple):
    """The chance of each outcome; together 1."""

    inward: Numbers
    undecided: Numbers
    outward: Numbers


def arena(
    significance: ArrayLike,
    commitment: ArrayLike,
    threat: ArrayLike,
    coefficients: ArrayLike,
) -> Numbers:
    """Stage 1: the weight of the external arena.

    pi = logit^-1(e0 + eG G + eE E - eT T).

    Parameters
    ----------
    significance, commitment, threat : float or array
        Significance of the region (G), commitment from outside (E), internal threat (T), each in
        [0, 1]; arrays broadcast.
    coefficients : sequence of four floats
        (intercept, significance, commitment, threat), finite; the last is entered positive and subtracted.

    Returns
    -------
    float or ndarray
        pi in [0, 1], rising in G and E and falling in T where the coefficients are positive.

    Raises
    ------
    ValueError
        If an input is outside [0, 1] or a coefficient is not a finite number.
    """
    g, e, t = _inputs(significance, commitment, threat)
    e0, eg, ee, et = _coefficients(coefficients)
    return plain(_logistic(e0 + eg * g + ee * e - et * t))


def arena_internal_first(
    significance: ArrayLike,
    commitment: ArrayLike,
    threat: ArrayLike,
    coefficients: ArrayLike,
) -> Numbers:
    """Stage 1 in Elman's reverse order: the internal arena decides first.

    The threat alone decides how much is left open, exp(-max(eT, 0) T); only of that do significance
    and commitment take their part: pi = exp(-max(eT, 0) T) logit^-1(e0 + eG G + eE E).

    Parameters
    ----------
    significance, commitment, threat, coefficients
        As for :func:`arena`; the same four coefficients, so that neither order has more freedom.

    Returns
    -------
    float or ndarray
        pi in [0, 1].

    Raises
    ------
    ValueError
        As for :func:`arena`.

    Notes
    -----
    The two orders agree where T = 0 or eT = 0.  They differ where both arenas call: in the paper's
    order enough significance outweighs any threat, here nothing outside lifts pi above
    exp(-eT T).  A negative eT leaves all open, since a door cannot be opened further.  The formula is
    this essay's reading of Elman (1995); neither she nor Sari (2012) gives one.
    """
    g, e, t = _inputs(significance, commitment, threat)
    e0, eg, ee, et = _coefficients(coefficients)
    return plain(np.exp(-max(et, 0.0) * t) * _logistic(e0 + eg * g + ee * e))


def outcomes(pi: ArrayLike, cut: float = 2.0) -> Chances:
    """What an account will say of an episode, from the weight of the external arena.

    outward = pi / (pi + k (1 - pi)), inward = (1 - pi) / (1 - pi + k pi), undecided is the rest.  An arena is as likely
    as not to be named alone where it weighs k times as much as the other.

    Parameters
    ----------
    pi : float or array
        Weight of the external arena, in [0, 1], of :func:`arena`.
    cut : float
        k, 1 or more.  At 1 nothing is undecided, and the chance of "outward" is pi itself.

    Returns
    -------
    Chances
        Numbers, or arrays of the shape of ``pi``.

    Raises
    ------
    ValueError
        If an argument is out of its range.

    Notes
    -----
    An ordinal logit (McCullagh 1980) with the cut points -ln k and +ln k about logit(pi).  The two lie
    evenly about the middle, since the intercept of the arena already says to which side episodes lean.
    """
    p, k = checks.numbers("pi", pi, UNIT), checks.number("cut", cut, _CUTS)
    outward = p / (p + k * (1 - p))
    inward = (1 - p) / (1 - p + k * p)
    undecided = np.maximum(1 - outward - inward, 0)  # rounding must not pass 0
    return Chances(plain(inward), plain(undecided), plain(outward))


def direction(pi: ArrayLike, external: ArrayLike, internal: ArrayLike) -> Numbers:
    """Stage 2: where policy goes, D = pi D_ext + (1 - pi) D_int.

    Parameters
    ----------
    pi : float or array
        Weight of the external arena, in [0, 1].
    external, internal : float or array
        Where each arena pulls, in [-1, 1]: the external against the stronger patron, the internal to
        the best insurer of the regime; the ends are the two poles of the tilt.

    Returns
    -------
    float or ndarray
        Between ``external`` and ``internal``.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    """
    weight = checks.numbers("pi", pi, UNIT)
    there = checks.numbers("external", external, TILT)
    here = checks.numbers("internal", internal, TILT)
    mixed = weight * there + (1 - weight) * here
    # Rounding must not pass an end.
    return plain(np.clip(mixed, np.minimum(there, here), np.maximum(there, here)))


def surface(
    coefficients: ArrayLike,
    commitments: ArrayLike,
    steps: int = 20,
    order: Callable[..., Any] = arena,
) -> pd.DataFrame:
    """Weight of the external arena over significance and threat, for some commitments.

    Parameters
    ----------
    coefficients : sequence of four floats
        As for :func:`arena`.
    commitments : sequence of float
        Each in [0, 1].
    steps : int
        Steps from 0 to 1 of significance and of threat, 1 or more.
    order : callable
        :func:`arena`, or :func:`arena_internal_first`.

    Returns
    -------
    DataFrame
        Rows (commitment, threat, significance, pi), significance running fastest.

    Raises
    ------
    ValueError
        As for :func:`arena`, and if ``steps`` is no whole number of 1 or more.
    """
    ticks = np.linspace(0, 1, checks.whole("steps", steps) + 1)
    rows = pd.MultiIndex.from_product(
        [np.asarray(commitments, dtype=float), ticks, ticks],
        names=["commitment", "threat", "significance"],
    ).to_frame(index=False)
    inputs = (rows[name].to_numpy() for name in INPUTS)
    return rows.assign(pi=order(*inputs, coefficients))


def _inputs(
    significance: ArrayLike, commitment: ArrayLike, threat: ArrayLike
) -> Iterator[np.ndarray]:
    return (
        checks.numbers(name, value, UNIT)
        for name, value in zip(INPUTS, (significance, commitment, threat))
    )


def _coefficients(coefficients: ArrayLike) -> np.ndarray:
    numbers = checks.numbers("coefficients", coefficients, checks.FINITE)
    if numbers.shape != (4,):
        raise ValueError(
            f"coefficients has the shape {numbers.shape}; allowed: four numbers, {', '.join(COEFFICIENTS)}"
        )
    return numbers


def _logistic(eta: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-eta)), without overflow."""
    return np.exp(-np.logaddexp(0, -eta))
