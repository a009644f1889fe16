"""Which parts of the model the episodes can tell apart."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from .. import checks
from ..language import N_
from .fitting import FEWEST
from .likelihood import (
    log_chances,
    log_prior,
    log_seen,
    log_weights,
    tries_of,
    weights_of,
)
from .models import MODELS, Prior, any_undecided, problem_of, terms_of
from .stages import OUTCOMES

_SAME_WITHOUT_LEADERS = {"no leader", "no threat"}


def leave_one_out(
    episodes: pd.DataFrame,
    model: str = "both",
    prior: Prior | None = None,
    draws: int = 4000,
    seed: int = 1,
    *,
    leaders: Prior | None = None,
) -> pd.DataFrame:
    """Log score of each episode, foretold from the others.

    Parameters
    ----------
    episodes, model, prior, draws, seed, leaders
        As for :func:`fit`; five episodes or more, since each fit leaves one out.

    Returns
    -------
    DataFrame
        Rows (episode, model, external, predicted, inward, undecided, outward, log_score, effective): ``predicted`` is
        the mean of pi over the posterior of the others, ``inward``, ``undecided`` and ``outward`` are the chances that they give to
        each outcome, and ``log_score`` is the log of the chance of the one seen.  It is 0 for an outcome foretold as
        certain, whichever it is; three equal chances score -1.099 each time, two equal chances -.693.

    Raises
    ------
    ValueError
        As for :func:`fit`.

    Notes
    -----
    The tries are drawn once and weighted anew for the posterior of the others, each of which has
    its own ``effective`` sample size; since the tries come from a proposal and not from the full
    posterior, this is importance sampling of the exact fit without the episode.  Episodes
    follow one another, so that a neighbour may tell of the one left out: the scores flatter every
    model alike.
    """
    draws = checks.whole("draws", draws, 100)
    problem = problem_of(
        episodes, model, prior, leaders, FEWEST + 1, "since each fit leaves one out"
    )
    tries, proposal = tries_of(problem, draws, np.random.default_rng(seed))
    weighed = log_weights(problem, tries)
    logs = log_chances(problem, tries, weighed)
    seen = log_seen(problem, logs)
    log_weight = seen.sum(axis=1) + log_prior(problem, tries) - proposal
    pi, *chances = (np.exp(part.T, order="C") for part in (weighed[0], *logs))
    rows = []
    for i, outcome in enumerate(problem.seen):
        weights = weights_of(log_weight - seen[:, i])  # the posterior of the others
        foretold = [float(weights @ part[i]) for part in chances]
        effective = float(1 / (weights**2).sum())
        told = np.log(foretold[outcome])
        rows.append((float(weights @ pi[i]), *foretold, told, effective))
    names = ["predicted", *OUTCOMES, "log_score", "effective"]
    table = pd.DataFrame(rows, columns=names)
    table.insert(0, "episode", episodes.index)
    table.insert(1, "model", model)
    table.insert(2, "external", episodes["external"].to_numpy(float))
    return table


def compare(
    episodes: pd.DataFrame,
    models: Collection[str] | None = None,
    draws: int = 4000,
    *,
    leaders: Prior | None = None,
) -> pd.DataFrame:
    """Models side by side by their held-out log score.

    Parameters
    ----------
    episodes, draws, leaders
        As for :func:`leave_one_out`.
    models : sequence of str, optional
        Names out of :data:`MODELS`; by default all; "no leader" and "no threat" only where
        ``leaders`` is given, since they are "both" and "external only" otherwise.

    Returns
    -------
    DataFrame
        Rows (model, log_score, difference, error, coefficients, n), the best first: ``log_score``
        the sum over the episodes, ``difference`` to the best (0 or less), ``error`` the standard error of the
        difference from the episodes' own differences, 0 for the best.

    Raises
    ------
    ValueError
        As for :func:`leave_one_out`, and for an unknown, repeated or missing model.

    Notes
    -----
    The error is sqrt(n) times the standard deviation of the n paired differences (Vehtari, Gelman
    and Gabry 2017).  With a dozen episodes it is itself uncertain and rather too small: a
    difference below two errors separates nothing, one above four is worth a second look.
    """
    same = _SAME_WITHOUT_LEADERS if leaders is None else set()
    models = [m for m in MODELS if m not in same] if models is None else list(models)
    if not models or len(set(models)) != len(models):
        raise ValueError(
            f"models is {models!r}; allowed: one model or more, each once, of {', '.join(MODELS)}"
        )
    held = {
        name: leave_one_out(episodes, name, draws=draws, leaders=leaders)
        for name in models
    }
    scores = {name: rows["log_score"].to_numpy() for name, rows in held.items()}
    totals = {name: values.sum() for name, values in scores.items()}
    order = sorted(models, key=lambda name: -totals[name])
    gaps = {name: scores[name] - scores[order[0]] for name in order}
    n, cut = len(episodes), any_undecided(episodes)
    return pd.DataFrame(
        {
            "model": order,
            "log_score": [totals[m] for m in order],
            "difference": [gaps[m].sum() for m in order],
            "error": [np.sqrt(n) * gaps[m].std(ddof=1) for m in order],
            "coefficients": [len(terms_of(m, None, leaders, cut)) for m in order],
            "n": n,
        }
    )


def dominance(comparison: pd.DataFrame) -> pd.DataFrame:
    """How much of the gain over knowing nothing is internal, how much external.

    Parameters
    ----------
    comparison : DataFrame
        Of :func:`compare`, with "both", "internal only", "external only" and "neither".

    Returns
    -------
    DataFrame
        Rows (block, gain, share, undefined) for "internal" and "external": ``gain`` in log score is the mean over
        the two orders of entering (Shapley value; dominance analysis, Budescu 1993).  Held-out gains can
        be negative; the shares are then NaN and ``undefined`` says so.

    Raises
    ------
    ValueError
        If a model is missing.
    """
    needed = ("both", "internal only", "external only", "neither")
    score = comparison.set_index("model")["log_score"]
    if missing := [name for name in needed if name not in score.index]:
        raise ValueError(f"comparison lacks the models {missing}")
    both, internal, external, neither = (float(score[name]) for name in needed)
    orders = [
        (internal - neither) + (both - external),
        (external - neither) + (both - internal),
    ]
    gain = np.array(orders) / 2
    defined = bool((gain >= 0).all() and gain.sum() > 0)
    share = gain / gain.sum() if defined else np.full(2, np.nan)
    why = "" if defined else N_("a block foretells nothing: its gain is not above 0")
    block = ["internal", "external"]
    return pd.DataFrame(
        {"block": block, "gain": gain, "share": share, "undefined": why}
    )
