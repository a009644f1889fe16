"""The fit, and what it foretells."""

import itertools
from collections.abc import Collection, Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import checks
from .likelihood import log_posterior, systematic, tries_of, weights_of
from .models import CUT, PRIOR, Prior, problem_of

FEWEST = 4


class Fit(NamedTuple):
    """A fit: ``draws`` (prior and posterior, tidy), ``summary``, ``diagnostics`` and the name of the model."""

    draws: pd.DataFrame
    summary: pd.DataFrame
    diagnostics: dict
    model: str


def fit(
    episodes: pd.DataFrame,
    prior: Prior | None = None,
    draws: int = 4000,
    seed: int = 1,
    *,
    model: str = "both",
    leaders: Prior | None = None,
) -> Fit:
    """Posterior of the coefficients, with the prior beside it.

    Parameters
    ----------
    episodes : DataFrame
        One row an episode, four or more: ``significance``, ``commitment``, ``threat`` in [0, 1] and
        ``external``, what was seen: 0 (inward), .5 (undecided) or 1 (outward).  Inputs that the
        model does not use need not be there; ``leader`` is needed where ``leaders`` is given.
    prior : dict of str to (float, float), optional
        Mean and standard deviation of coefficients; those not named keep :data:`PRIOR`, and
        :data:`CUT` keeps :data:`CUT_PRIOR`.
    draws : int
        Draws to return, 100 or more.
    seed : int
        Seed of the random numbers; the same seed gives the same fit.
    model : str
        One of :data:`MODELS`.
    leaders : dict of str to (float, float), optional
        Prior mean and standard deviation of each leader's shift of the intercept, e.g. from
        :func:`ordinal_prior`.

    Returns
    -------
    Fit
        ``draws``: rows (source, draw, coefficient, value), source "prior" or "posterior".
        ``summary``: rows (source, coefficient, mean, sd, lower, upper, positive), the central 90 % and
        the probability of a positive sign.  ``diagnostics``: n, tries, effective (sample size of the
        weighted tries), largest_weight, enough (``effective`` is at least ``draws``).

    Raises
    ------
    ValueError
        If a column is missing, a value out of range, a prior has no sense, or there are fewer than
        four episodes.

    Notes
    -----
    Likelihood: the chance of the outcome seen (:func:`outcomes`), one trial an episode; several acts
    within one episode are not several trials.  Where at least one episode is undecided, the cut is one coefficient
    more, :data:`CUT`; where none is, nothing lies between the cut points, k is 1, and the model is
    the plain logit.  Posterior: importance sampling from a mixture of the prior and a t distribution about the
    posterior mode, which bounds the weights (Hesterberg 1995), then systematic resampling.

    Twelve episodes tell little.  One label of two carries at most one bit, and there are four
    coefficients: in simulations from the prior the posterior standard deviation of a slope is
    still .83 to .89 of the prior's, that of the intercept .68.  What is seen is mostly the prior: show both, and read
    a sign as learned only where its probability has moved.  A strong pattern in every episode can
    move the intercept and one slope; an interaction, or the order of the arenas, it cannot settle.
    """
    draws = checks.whole("draws", draws, 100)
    problem = problem_of(episodes, model, prior, leaders, FEWEST)
    rng = np.random.default_rng(seed)
    tries, proposal = tries_of(problem, draws, rng)
    weights = weights_of(log_posterior(problem, tries) - proposal)
    kept = tries[systematic(weights, draws, rng)]
    before = problem.mean + problem.sd * rng.standard_normal(kept.shape)
    both = {"prior": before, "posterior": kept}
    tidy = pd.concat(
        [_tidy(source, problem.names, values) for source, values in both.items()],
        ignore_index=True,
    )
    effective = float(1 / (weights**2).sum())
    diagnostics = {
        "n": len(problem.seen),
        "tries": len(weights),
        "effective": effective,
        "largest_weight": float(weights.max()),
        "enough": effective >= draws,
    }
    return Fit(tidy, _summary(tidy), diagnostics, model)


def widths(
    episodes: pd.DataFrame,
    sds: Iterable[float],
    models: Collection[str] = ("both",),
    draws: int = 4000,
    seed: int = 1,
    *,
    leaders: Prior | None = None,
) -> pd.DataFrame:
    """Prior and posterior for priors that are wider or narrower.

    Parameters
    ----------
    episodes, draws, seed, leaders
        As for :func:`fit`.
    sds : sequence of float
        Standard deviation given to each coefficient of :data:`PRIOR`, whose means stay as they are there.
    models : sequence of str
        Names out of :data:`MODELS`.

    Returns
    -------
    DataFrame
        Rows (model, width, source, coefficient, mean, sd, lower, upper, positive, ratio): the summaries of
        the fits; ``ratio`` is the posterior standard deviation over the prior's, 1 where nothing was learned.
        The cut is left out, since it pulls neither way.

    Raises
    ------
    ValueError
        As for :func:`fit`.
    """
    rows = []
    for model, sd in itertools.product(models, sds):
        prior = {name: (mean, sd) for name, (mean, _) in PRIOR.items()}
        found = fit(episodes, prior, draws, seed, model=model, leaders=leaders)
        told = found.summary[found.summary["coefficient"].ne(CUT)]
        told = told.astype({"coefficient": object})
        spread = told.pivot(index="coefficient", columns="source", values="sd")
        left = spread["posterior"] / spread["prior"]
        ratio = told["coefficient"].map(left).astype(float)
        rows.append(told.assign(model=model, width=float(sd), ratio=ratio))
    return pd.concat(rows, ignore_index=True)


def _tidy(source: str, coefficients: list[str], values: np.ndarray) -> pd.DataFrame:
    """Draws of all coefficients, shape (draws, p), one a row."""
    draws, p = values.shape
    names = pd.Categorical(np.tile(coefficients, draws), categories=list(coefficients))
    number = np.repeat(np.arange(draws), p)
    return pd.DataFrame(
        {
            "source": source,
            "draw": number,
            "coefficient": names,
            "value": values.ravel(),
        }
    )


def _summary(draws: pd.DataFrame) -> pd.DataFrame:
    """Mean, spread, central 90 % and sign of each coefficient."""
    value = draws.groupby(["source", "coefficient"], sort=False, observed=True)["value"]
    table = value.agg(mean="mean", sd="std")
    table["lower"], table["upper"] = value.quantile(0.05), value.quantile(0.95)
    table["positive"] = value.agg(lambda v: float((v > 0).mean()))
    return table.reset_index()
