"""The leader who balances threats, and the agencies as a rival account."""

import math
from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import stdtr

from .. import checks
from ..checks import INSIDE, UNIT
from ..hints import Numbers, plain
from .numbers import TOLERANCE, groups, inside_unit, listed


def leader_ideal(
    state_ideal: float,
    personal_ideal: float,
    baseline: float,
    threat: float,
) -> float:
    """Where a leader who balances threats to the state and to the regime wants to be (omnibalancing, David 1991).

    The x* that maximises -(1 - w)(x - p_s)^2 - w (x - p_L)^2 with w = w0 + (1 - w0) th: the mean of both
    ideals, weighed by 1 - w and w.  Aid to the state and rent to the person do not depend on x, and so do
    not move it.

    Parameters
    ----------
    state_ideal, personal_ideal : float
        Ideal points p_s of the state and p_L of the leader in person, in [0, 1].
    baseline : float
        Weight w0 of the person where nothing threatens from inside, in [0, 1].
    threat : float
        Internal threat th, in [0, 1].

    Returns
    -------
    float
        x*, in [0, 1].  The leader accepts what a group with this ideal accepts.
    """
    state = checks.number("state_ideal", state_ideal, UNIT)
    person = checks.number("personal_ideal", personal_ideal, UNIT)
    baseline = checks.number("baseline", baseline, UNIT)
    threat = checks.number("threat", threat, UNIT)
    share = baseline + (1 - baseline) * threat
    mean = (1 - share) * state + share * person
    # Rounding must not pass an ideal.
    return min(max(mean, min(state, person)), max(state, person))


def resultant(ideals: Collection[float], weights: Collection[float]) -> float:
    """The outcome of bargaining among agencies: x_B = sum om_b p_b (bureaucratic politics, Allison 1971).

    Parameters
    ----------
    ideals, weights : sequence of float, length N
        Ideal points in [0, 1], and weights of 0 or more with the sum 1.

    Returns
    -------
    float
        In [0, 1].
    """
    points, shares, *_ = groups(ideals, weights, 0.0, 1.0)
    return min(1.0, math.fsum(w * p for w, p in zip(shares, points)))


def mixture(weight: ArrayLike, resultant: ArrayLike, leader: ArrayLike) -> Numbers:
    """Between the agencies and the leader: b x_B + (1 - b) x*.

    Parameters
    ----------
    weight : float or array
        Weight b of the agencies, in [0, 1].
    resultant, leader : float or array
        x_B and x*, in [0, 1].

    Returns
    -------
    float or ndarray
        In [0, 1].
    """
    weight = inside_unit("weight", weight)
    agencies, leader = (
        inside_unit("resultant", resultant),
        inside_unit("leader", leader),
    )
    low, high = np.minimum(agencies, leader), np.maximum(agencies, leader)
    return plain(np.clip(leader + weight * (agencies - leader), low, high))


def mixture_profile(
    outcomes: ArrayLike,
    resultants: ArrayLike,
    leaders: ArrayLike,
    grid: ArrayLike | None = None,
    level: float = 0.9,
) -> pd.DataFrame:
    """What outcomes tell about the weight of the agencies: the whole profile of b, not its best value.

    The errors y - (b x_B + (1 - b) x*) are taken as normal, independent and of one variance, which is
    maximised out; the log likelihood of b is -n/2 (ln(2 pi sse/n) + 1).

    Few observations tell little, and this says how little.  Each case speaks only as loudly as x_B and
    x* lie apart: where they are equal the profile is flat and every b is inside.  ``inside`` is the
    likelihood-ratio set with its exact limit for small n (an F test with 1 and n - 1 degrees of freedom);
    the usual chi-square limit would be far too narrow: with 3 outcomes its sets at a level of .9 hold the
    true b in 77 of 100 repetitions.  The limit is measured from the best b on the whole line;
    so the set can be empty, which speaks against any mixture, and not for the b with the smallest sse.
    A set that covers most of [0, 1] means that the cases do not tell, not that b lies in the middle.

    Parameters
    ----------
    outcomes, resultants, leaders : sequence of float, length n
        Observed x, x_B and x* of each case, in [0, 1]; 3 cases or more.
    grid : sequence of float, optional
        Values of b, in [0, 1]; by default 0, .01, …, 1.
    level : float
        Share of repetitions in which the set holds the true b, above 0 and below 1.

    Returns
    -------
    DataFrame
        Rows (weight, sse, loglik, inside); ``loglik`` is inf where the fit is perfect.

    Raises
    ------
    ValueError
        With fewer than 3 outcomes: one is used up by b and one by the variance.  Else it names the
        argument, the value and what is allowed.
    """
    outcomes = inside_unit("outcomes", outcomes).ravel()
    agencies = inside_unit("resultants", resultants).ravel()
    leaders, n = inside_unit("leaders", leaders).ravel(), len(outcomes)
    if n < 3:
        raise ValueError(
            f"outcomes has {n} values; allowed: 3 or more, as b and the variance use up two"
        )
    checks.as_many("resultants", agencies, "outcomes", n)
    checks.as_many("leaders", leaders, "outcomes", n)
    level = checks.number("level", level, INSIDE)
    grid = np.linspace(0, 1, 101) if grid is None else grid
    weights = inside_unit("grid", grid).ravel()
    apart, rest = agencies - leaders, outcomes - leaders
    apart = np.where(np.abs(apart) <= TOLERANCE, 0.0, apart)
    spread = apart @ apart
    best = apart @ rest / spread if spread > 0 else 0.0
    least = np.sum((rest - best * apart) ** 2)
    # What the sum of squares has beyond the least: a square, so that rounding cannot make it negative.
    excess = spread * (weights - best) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        loglik = -n / 2 * (np.log(2 * np.pi * (least + excess) / n) + 1)
        t = np.sqrt((n - 1) * excess / least)
    # The best b is inside, even of a perfect fit.
    t = np.where(excess > 0, t, 0.0)
    inside = 2 * stdtr(n - 1, t) - 1 <= level
    return pd.DataFrame(
        {"weight": weights, "sse": least + excess, "loglik": loglik, "inside": inside}
    )


def mixtures(
    state_ideal: float,
    personal_ideal: float,
    baselines: Collection[float],
    threats: Collection[float],
    agencies: float,
    weights: Collection[float],
) -> pd.DataFrame:
    """The leader alone and mixed with the agencies, over a range of threats, for every baseline and weight.

    Parameters
    ----------
    state_ideal, personal_ideal : float
        As for :func:`leader_ideal`.
    baselines, threats, weights : sequence of float
        Weights w0 of the leader's person, internal threats and weights b of the agencies, in [0, 1].
    agencies : float
        Their outcome x_B, in [0, 1] (:func:`resultant`).

    Returns
    -------
    DataFrame
        Rows (baseline, weight, leader, mixed): two lists, one number for each threat.
    """
    rows = []
    for baseline in listed("baselines", baselines):
        leader = [
            leader_ideal(state_ideal, personal_ideal, baseline, threat)
            for threat in listed("threats", threats)
        ]
        for weight in listed("weights", weights):
            mixed = np.asarray(mixture(weight, agencies, leader)).tolist()
            rows.append((baseline, weight, leader, mixed))
    return pd.DataFrame(rows, columns=["baseline", "weight", "leader", "mixed"])
