"""The paper's own model in two stages: which arena speaks, and where it goes.

Section 4 of the essay's method, after Sari (2012, sections 2 and 3): where the region matters to
the great powers, external politics speaks first, otherwise the situation at home.  The weight of
the external arena is a logit of significance G, commitment E and internal threat T; the internal
arena favours the best insurer of the regime (omnibalancing, David 1991).  The reverse order, the
internal arena first, is an ablation here; it takes up Elman (1995, British Journal of Political Science
25), for whom institutions at home, once they stand, shape what a small state does abroad.

What is seen of an episode is one of three things in an order: the account names the arena at home
alone, leaves it undecided between the two, or names the outside alone.  So the outcome is ordinal, with
two cut points about the weight of the external arena; where they fall together, the chance of
"outward" is that weight itself.

The fit is Bayesian, with normal priors, since a case has about twelve episodes; the held-out
score of every ablation says what the episodes can tell apart.
"""

from math import lgamma
from numbers import Real
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import minimize

INPUTS = ("significance", "commitment", "threat")
COEFFICIENTS = ("intercept", *INPUTS)

#: Prior mean and standard deviation of each coefficient.  Weak, and informed about the sign only:
#: each slope has the sign of the paper with probability .75, and may be large or nothing.
PRIOR = {
    "intercept": (0.0, 1.5),
    "significance": (1.0, 1.5),
    "commitment": (1.0, 1.5),
    "threat": (1.0, 1.5),
}
#: What an account can say of an episode, and how ``external`` writes it.
OUTCOMES = {"inward": 0.0, "undecided": 0.5, "outward": 1.0}
#: The coefficient that sets the two cut points, z with k = 1 + exp(z), and its prior: at its mean the
#: cut is 2, and an episode that both arenas pull alike has one chance in three of each outcome.
CUT = "undecided"
CUT_PRIOR = (0.0, 1.0)


class Model(NamedTuple):
    """Which inputs a model uses, whether it knows leaders, and whether the internal arena comes first."""

    inputs: tuple
    leaders: bool = True
    internal_first: bool = False


#: The model and its ablations.  A leader's traits are internal, so that models without an internal block have none.
MODELS = {
    "both": Model(INPUTS),
    "internal only": Model(("threat",)),
    "external only": Model(("significance", "commitment"), leaders=False),
    "no significance": Model(("commitment", "threat")),
    "no commitment": Model(("significance", "threat")),
    "no threat": Model(("significance", "commitment")),
    "no leader": Model(INPUTS, leaders=False),
    "internal first": Model(INPUTS, internal_first=True),
    "neither": Model((), leaders=False),
}

_SAME_WITHOUT_LEADERS = {"no leader", "no threat"}
_TRIES = 4  # weighted tries for each draw that is kept
_DEFENCE = (
    0.2  # share of the tries that come from the prior, so that no weight can be huge
)
_FREEDOM = 5  # of the t distribution of the other tries, whose tails are heavier than the posterior's
_FEWEST = 4


class Fit(NamedTuple):
    """A fit: ``draws`` (prior and posterior, tidy), ``summary``, ``diagnostics`` and the name of the model."""

    draws: pd.DataFrame
    summary: pd.DataFrame
    diagnostics: dict
    model: str


class Chances(NamedTuple):
    """The chance of each outcome; together 1."""

    inward: float
    undecided: float
    outward: float


# --- the two stages ---------------------------------------------------------------------------


def arena(significance, commitment, threat, coefficients):
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
    return _plain(_logistic(e0 + eg * g + ee * e - et * t))


def arena_internal_first(significance, commitment, threat, coefficients):
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
    return _plain(np.exp(-max(et, 0.0) * t) * _logistic(e0 + eg * g + ee * e))


def outcomes(pi, cut=2.0):
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
    pi, k = _numbers("pi", pi, 0, 1), float(_numbers("cut", cut, 1, np.inf))
    outward = pi / (pi + k * (1 - pi))
    inward = (1 - pi) / (1 - pi + k * pi)
    undecided = np.maximum(1 - outward - inward, 0)  # rounding must not pass 0
    return Chances(_plain(inward), _plain(undecided), _plain(outward))


def direction(pi, external, internal):
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
    pi = _numbers("pi", pi, 0, 1)
    there, here = (
        _numbers("external", external, -1, 1),
        _numbers("internal", internal, -1, 1),
    )
    mixed = pi * there + (1 - pi) * here
    return _plain(
        np.clip(mixed, np.minimum(there, here), np.maximum(there, here))
    )  # rounding must not pass an end


def surface(coefficients, commitments, steps=20, order=arena):
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
    ticks = np.linspace(0, 1, _whole("steps", steps, 1) + 1)
    e, t, g = (
        axis.ravel()
        for axis in np.meshgrid(
            np.asarray(commitments, dtype=float), ticks, ticks, indexing="ij"
        )
    )
    return pd.DataFrame(
        {
            "commitment": e,
            "threat": t,
            "significance": g,
            "pi": order(g, e, t, coefficients),
        }
    )


# --- priors -----------------------------------------------------------------------------------


def ordinal_prior(ranks, step=0.5, sd=0.5):
    """Priors of leaders from an ordering of their traits.

    Parameters
    ----------
    ranks : dict of str to float
        Leader to rank; higher is more turned to the outside.  Equal ranks are allowed.
    step : float
        Distance in logits between two neighbouring ranks, 0 or more.
    sd : float
        Standard deviation of each leader about it, above 0.

    Returns
    -------
    dict of str to (float, float)
        Leader to mean and standard deviation; the means sum to 0, so that the intercept keeps its meaning.

    Raises
    ------
    ValueError
        If there is no leader or an argument is out of range.
    """
    if not ranks:
        raise ValueError(f"ranks is {ranks!r}; allowed: one leader or more")
    step, sd = float(_numbers("step", step, 0, np.inf)), _deviation("sd", sd)
    names = list(ranks)
    order = (
        pd.Series(_numbers("ranks", list(ranks.values()), -np.inf, np.inf))
        .rank(method="dense")
        .to_numpy()
    )
    return {
        name: (float(step * (r - order.mean())), sd) for name, r in zip(names, order)
    }


# --- the fit ----------------------------------------------------------------------------------


def fit(episodes, prior=None, draws=4000, seed=1, *, model="both", leaders=None):
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
    draws = _whole("draws", draws, 100)
    problem = _problem(episodes, model, prior, leaders, _FEWEST)
    rng = np.random.default_rng(seed)
    tries, proposal = _tries(problem, draws, rng)
    weights = _weights(_log_posterior(problem, tries) - proposal)
    kept = tries[_systematic(weights, draws, rng)]
    before = problem.mean + problem.sd * rng.standard_normal(kept.shape)
    tidy = pd.concat(
        [
            _tidy(source, problem.names, values)
            for source, values in (("prior", before), ("posterior", kept))
        ],
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
    return Fit(tidy, summarise(tidy), diagnostics, model)


def summarise(draws, level=0.9):
    """Mean, spread and sign of each coefficient.

    Parameters
    ----------
    draws : DataFrame
        Rows (source, draw, coefficient, value) of a :class:`Fit`.
    level : float
        Share of the draws between lower and upper, in (0, 1).

    Returns
    -------
    DataFrame
        Rows (source, coefficient, mean, sd, lower, upper, positive).
    """
    if not (isinstance(level, Real) and 0 < level < 1):
        raise ValueError(f"level is {level!r}; allowed: above 0 and below 1")
    groups = draws.groupby(["source", "coefficient"], sort=False, observed=True)[
        "value"
    ]
    table = groups.agg(mean="mean", sd="std")
    table["lower"], table["upper"] = (
        groups.quantile((1 - level) / 2),
        groups.quantile((1 + level) / 2),
    )
    table["positive"] = groups.agg(lambda v: float((v > 0).mean()))
    return table.reset_index()


def widths(episodes, sds, models=("both",), draws=4000, seed=1, *, leaders=None):
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
    for model in models:
        for sd in sds:
            found = fit(
                episodes,
                {name: (mean, sd) for name, (mean, _) in PRIOR.items()},
                draws,
                seed,
                model=model,
                leaders=leaders,
            )
            summary = found.summary[found.summary["coefficient"].ne(CUT)].assign(
                coefficient=lambda rows: rows["coefficient"].astype(object)
            )
            sds_of = summary.pivot(index="coefficient", columns="source", values="sd")
            rows.append(
                summary.assign(
                    model=model,
                    width=float(sd),
                    ratio=summary["coefficient"]
                    .map(sds_of["posterior"] / sds_of["prior"])
                    .astype(float),
                )
            )
    return pd.concat(rows, ignore_index=True)


def predicted(found, episodes, level=0.9, leaders=None):
    """The weight of the external arena in episodes, before and after seeing the data.

    Parameters
    ----------
    found : Fit
    episodes : DataFrame
        As for :func:`fit`; ``external`` need not be there, and one row is enough.
    level : float
        Share of the draws between lower and upper, in (0, 1).
    leaders : dict, optional
        As for :func:`fit`, where the fit had them.

    Returns
    -------
    DataFrame
        Rows (episode, source, mean, lower, upper), ``episode`` the index of the row.
    """
    if not (isinstance(level, Real) and 0 < level < 1):
        raise ValueError(f"level is {level!r}; allowed: above 0 and below 1")
    cut = CUT in set(found.draws["coefficient"])
    blind = episodes.assign(external=OUTCOMES["undecided"] if cut else 0.0)
    problem = _problem(blind, found.model, None, leaders, 1)
    names = problem.names
    rows = []
    for source, part in found.draws.groupby("source", sort=False, observed=True):
        wide = part.pivot(index="draw", columns="coefficient", values="value")
        if missing := sorted(set(names) ^ set(wide.columns)):
            raise ValueError(
                f"leaders leaves {missing} without a pair; allowed: the leaders of the fit"
            )
        pi = np.exp(_log_weights(problem, wide[names].to_numpy())[0])
        lower, upper = np.quantile(pi, [(1 - level) / 2, (1 + level) / 2], axis=0)
        rows.append(
            pd.DataFrame(
                {
                    "episode": episodes.index,
                    "source": source,
                    "mean": pi.mean(axis=0),
                    "lower": lower,
                    "upper": upper,
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


# --- ablations --------------------------------------------------------------------------------


def leave_one_out(
    episodes, model="both", prior=None, draws=4000, seed=1, *, leaders=None
):
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
    draws = _whole("draws", draws, 100)
    problem = _problem(
        episodes, model, prior, leaders, _FEWEST + 1, "since each fit leaves one out"
    )
    tries, proposal = _tries(problem, draws, np.random.default_rng(seed))
    log_weights = _log_weights(problem, tries)
    logs = _log_chances(problem, tries, log_weights)
    seen = _log_seen(problem, logs)
    log_weight = seen.sum(axis=1) + _log_prior(problem, tries) - proposal
    pi, *chances = (np.exp(part.T, order="C") for part in (log_weights[0], *logs))
    rows = []
    for i, outcome in enumerate(problem.seen):
        weights = _weights(log_weight - seen[:, i])  # the posterior of the others
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


def compare(episodes, models=None, prior=None, draws=4000, seed=1, *, leaders=None):
    """Models side by side by their held-out log score.

    Parameters
    ----------
    episodes, prior, draws, seed, leaders
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
    if models is None:
        models = [
            name
            for name in MODELS
            if leaders is not None or name not in _SAME_WITHOUT_LEADERS
        ]
    models = list(models)
    if not models or len(set(models)) != len(models):
        raise ValueError(
            f"models is {models!r}; allowed: one model or more, each once, of {', '.join(MODELS)}"
        )
    scores = {
        name: leave_one_out(episodes, name, prior, draws, seed, leaders=leaders)[
            "log_score"
        ].to_numpy()
        for name in models
    }
    totals = {name: values.sum() for name, values in scores.items()}
    order = sorted(models, key=lambda name: -totals[name])
    gaps = {name: scores[name] - scores[order[0]] for name in order}
    n = len(episodes)
    return pd.DataFrame(
        {
            "model": order,
            "log_score": [totals[m] for m in order],
            "difference": [gaps[m].sum() for m in order],
            "error": [np.sqrt(n) * gaps[m].std(ddof=1) for m in order],
            "coefficients": [
                len(_terms(m, prior, leaders, _undecided(episodes))) for m in order
            ],
            "n": n,
        }
    )


def dominance(comparison):
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
    gain = (
        np.array(
            [
                (internal - neither) + (both - external),
                (external - neither) + (both - internal),
            ]
        )
        / 2
    )
    defined = bool((gain >= 0).all() and gain.sum() > 0)
    share = gain / gain.sum() if defined else np.full(2, np.nan)
    return pd.DataFrame(
        {
            "block": ["internal", "external"],
            "gain": gain,
            "share": share,
            "undefined": ""
            if defined
            else "a block foretells nothing: its gain is not above 0",
        }
    )


# --- likelihood -------------------------------------------------------------------------------


class _Problem(NamedTuple):
    """A model with its coefficients and their priors, and the episodes that it is fitted to.

    ``columns`` are those of the logit, (n, p), where the threat is already negative; in the reverse order the
    column of the threat is 0, since there the threat is not in the logit.  ``seen`` holds the place of each
    outcome in :data:`OUTCOMES`, and ``cut`` says whether the last coefficient is that of the cut points.
    """

    model: Model
    names: list
    mean: np.ndarray
    sd: np.ndarray
    columns: np.ndarray
    threat: np.ndarray
    seen: np.ndarray
    cut: bool


def _log_weights(problem, values):
    """log pi and log(1 - pi) for every set of coefficients and episode, shape (draws, n)."""
    eta = values[:, : problem.columns.shape[1]] @ problem.columns.T
    rest = np.log1p(
        np.exp(-np.abs(eta))
    )  # one exp and one log serve both, and neither overflows
    log_p, log_q = np.minimum(eta, 0) - rest, -np.maximum(eta, 0) - rest
    if not problem.model.internal_first:
        return log_p, log_q
    place = problem.names.index("threat")
    shut = np.maximum(values[:, place], 0)[:, None] * problem.threat[None, :]
    with np.errstate(divide="ignore"):
        return log_p - shut, np.logaddexp(
            np.log(-np.expm1(-shut)), log_q - shut
        )  # 1 - gs = (1 - g) + g(1 - s)


def _log_chances(problem, values, log_weights):
    """Log chance of each outcome, in their order, each of the shape (draws, n): the logs of :func:`outcomes`."""
    log_p, log_q = log_weights
    if not problem.cut:
        return log_q, np.full_like(log_p, -np.inf), log_p
    z = values[:, -1:]
    log_k = np.logaddexp(0, z)
    more_out = np.logaddexp(log_p, log_k + log_q)  # log(pi + k (1 - pi))
    more_in = np.logaddexp(log_q, log_k + log_p)
    both = z + np.logaddexp(np.log(2), z)  # log(k^2 - 1), since k - 1 = exp(z)
    return log_q - more_in, both + log_p + log_q - more_out - more_in, log_p - more_out


def _log_seen(problem, chances):
    """Log chance of what was seen, shape (draws, n)."""
    inward, undecided, outward = chances
    return np.where(
        problem.seen == 0, inward, np.where(problem.seen == 1, undecided, outward)
    )


def _log_posterior(problem, values):
    """Log likelihood plus log prior (without its constant), shape (draws,); in slices that stay small."""
    slices = max(1, int(2e6 // len(problem.seen)))
    total = np.empty(len(values))
    for start in range(0, len(values), slices):
        part = values[start : start + slices]
        chances = _log_chances(problem, part, _log_weights(problem, part))
        total[start : start + slices] = _log_seen(problem, chances).sum(axis=1)
    return total + _log_prior(problem, values)


def _log_prior(problem, values):
    return -0.5 * (((values - problem.mean) / problem.sd) ** 2).sum(axis=1)


def _mode(problem):
    """Where the posterior is highest, and a covariance from its curvature there; both only steer the first round."""

    def height(values):
        return _log_posterior(problem, values)

    start = problem.mean
    at = minimize(lambda point: -height(point[None, :])[0], start, method="BFGS").x
    step = 1e-3 * np.eye(len(at))
    along, across = step[:, None] + step[None, :], step[:, None] - step[None, :]
    bent = sum(
        sign * height((at + move).reshape(-1, len(at)))
        for sign, move in ((1, along), (-1, across), (-1, -across), (1, -along))
    )
    precision = -bent.reshape(step.shape) / (4 * 1e-3**2)
    values, vectors = np.linalg.eigh(precision)
    least = problem.sd.max() ** -2.0  # no wider than the widest prior
    return at, (vectors / np.maximum(values, least)) @ vectors.T


def _tries(problem, draws, rng):
    """Tries (tries, p), and the log density of each in the proposal.

    A first, smaller round about the mode gives the centre and covariance of the second, since the
    posterior of so few episodes can be far from normal.
    """
    centre, covariance = _mode(problem)
    pilot, proposal = _round(problem, draws, centre, covariance, rng)
    weights = _weights(_log_posterior(problem, pilot) - proposal)
    centre = weights @ pilot
    covariance = ((pilot - centre).T * weights) @ (
        pilot - centre
    ) + 1e-6 * covariance  # never singular
    return _round(problem, _TRIES * draws, centre, covariance, rng)


def _round(problem, many, centre, covariance, rng):
    """One round of tries from the mixture of the prior and a t distribution, and their log densities."""
    mean, sd, p = problem.mean, problem.sd, len(problem.names)
    root, safe = np.linalg.cholesky(covariance), round(_DEFENCE * many)
    normal = rng.standard_normal((many, p))
    tail = np.sqrt(rng.chisquare(_FREEDOM, many - safe) / _FREEDOM)
    tries = np.concatenate(
        [mean + sd * normal[:safe], centre + (normal[safe:] @ root.T) / tail[:, None]]
    )
    prior = _log_prior(problem, tries) - np.log(sd).sum() - p / 2 * np.log(2 * np.pi)
    return tries, np.logaddexp(
        np.log(_DEFENCE) + prior, np.log(1 - _DEFENCE) + _log_t(tries - centre, root)
    )


def _weights(log_weight):
    """Weights that sum to 1."""
    weights = np.exp(log_weight - log_weight.max())
    return weights / weights.sum()


def _log_t(offsets, root):
    """Log density of the t distribution of the tries, with its constant, since it is mixed with the prior."""
    p = offsets.shape[1]
    far = (np.linalg.solve(root, offsets.T) ** 2).sum(axis=0)
    constant = (
        lgamma((_FREEDOM + p) / 2)
        - lgamma(_FREEDOM / 2)
        - p / 2 * np.log(_FREEDOM * np.pi)
        - np.log(np.diag(root)).sum()
    )
    return constant - (_FREEDOM + p) / 2 * np.log1p(far / _FREEDOM)


def _systematic(weights, draws, rng):
    """Positions of equally weighted draws, with less noise than drawing each alone; in random order."""
    marks = (rng.random() + np.arange(draws)) / draws
    return rng.permutation(
        np.minimum(np.searchsorted(np.cumsum(weights), marks), len(weights) - 1)
    )


def _tidy(source, coefficients, values):
    draws, p = values.shape
    return pd.DataFrame(
        {
            "source": source,
            "draw": np.repeat(np.arange(draws), p),
            "coefficient": pd.Categorical(
                np.tile(coefficients, draws), categories=list(coefficients)
            ),
            "value": values.ravel(),
        }
    )


# --- arguments --------------------------------------------------------------------------------


def _problem(
    episodes,
    model,
    prior,
    leaders,
    fewest,
    why="since fewer cannot move four coefficients",
):
    """The model, its terms, its inputs and the outcomes, all checked."""
    _terms(model, prior, leaders, False)  # so that a bad model or prior is told first
    chosen = MODELS[model]
    with_leaders = leaders is not None and chosen.leaders
    needed = {*chosen.inputs, "external"} | ({"leader"} if with_leaders else set())
    if missing := needed - set(episodes.columns):
        raise ValueError(f"episodes lacks the columns {sorted(missing)}")
    if len(episodes) < fewest:
        raise ValueError(
            f"episodes has {len(episodes)} rows; allowed: {fewest} or more, {why}"
        )
    values = {
        name: _numbers(f"episodes.{name}", episodes[name], 0, 1)
        for name in chosen.inputs
    }
    seen = _seen(episodes["external"])
    cut = _undecided(episodes)
    n = len(episodes)
    threat = values["threat"] if "threat" in values else np.zeros(n)
    sign = {"threat": 0.0 if chosen.internal_first else -1.0}
    columns = [
        np.ones(n),
        *(sign.get(name, 1.0) * values[name] for name in chosen.inputs),
    ]
    if with_leaders:
        if unknown := sorted(set(episodes["leader"].astype(str)) - set(leaders)):
            raise ValueError(
                f"episodes names the leader {unknown[0]!r}; allowed: {', '.join(map(repr, leaders))}"
            )
        columns += [
            (episodes["leader"].astype(str) == name).to_numpy(float) for name in leaders
        ]
    terms = _terms(model, prior, leaders, cut)
    mean, sd = (np.array(part) for part in zip(*terms.values()))
    columns = np.column_stack(columns)
    return _Problem(chosen, list(terms), mean, sd, columns, threat, seen, cut)


def _seen(external):
    """The place of each outcome in their order."""
    numbers = _numbers("episodes.external", external, 0, 1)
    places = numbers / 0.5
    if (places % 1 > 0).any():
        wrong = numbers[places % 1 > 0][0]
        raise ValueError(
            f"episodes.external is {wrong}; allowed: 0 (inward), 0.5 (undecided) or 1 (outward)"
        )
    return places.astype(int)


def _undecided(episodes):
    return bool((episodes["external"] == OUTCOMES["undecided"]).any())


def _terms(model, prior, leaders, cut):
    """Mean and standard deviation of the prior of each coefficient of a model, by its name."""
    if model not in MODELS:
        raise ValueError(f"model is {model!r}; allowed: {', '.join(map(repr, MODELS))}")
    known = (*COEFFICIENTS, CUT)
    if unknown := sorted(set(prior or {}) - set(known)):
        raise ValueError(
            f"prior names {unknown[0]!r}; allowed: {', '.join(map(repr, known))}"
        )
    if leaders is not None and not leaders:
        raise ValueError(
            f"leaders is {leaders!r}; allowed: one leader or more, or None"
        )
    priors = {**PRIOR, CUT: CUT_PRIOR, **(prior or {})}
    named = {name: priors[name] for name in ("intercept", *MODELS[model].inputs)}
    if leaders is not None and MODELS[model].leaders:
        named |= {f"leader {name}": pair for name, pair in leaders.items()}
    if cut:
        named[CUT] = priors[CUT]
    return {name: _normal(name, pair) for name, pair in named.items()}


def _normal(name, pair):
    """Mean and standard deviation of a prior."""
    try:
        mean, sd = pair
    except (TypeError, ValueError):
        raise ValueError(
            f"prior of {name} is {pair!r}; allowed: a mean and a standard deviation"
        ) from None
    return float(
        _numbers(f"mean of the prior of {name}", mean, -np.inf, np.inf)
    ), _deviation(f"sd of the prior of {name}", sd)


def _deviation(name, value):
    if not (isinstance(value, Real) and 0 < value < np.inf):
        raise ValueError(f"{name} is {value!r}; allowed: a number above 0")
    return float(value)


def _inputs(significance, commitment, threat):
    return (
        _numbers(name, value, 0, 1)
        for name, value in zip(INPUTS, (significance, commitment, threat))
    )


def _coefficients(coefficients):
    numbers = _numbers("coefficients", coefficients, -np.inf, np.inf)
    if numbers.shape != (4,):
        raise ValueError(
            f"coefficients has the shape {numbers.shape}; allowed: four numbers, {', '.join(COEFFICIENTS)}"
        )
    return numbers


def _numbers(name, values, low, high):
    """Finite numbers of a range, as an array."""
    if high < np.inf:
        allowed = f"a number from {low} to {high}"
    else:
        allowed = "a finite number" if low == -np.inf else f"a number of {low} or more"
    values = (
        values.tolist() if isinstance(values, pd.Series) else values
    )  # so that a message shows values only
    try:
        numbers = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {values!r}; allowed: {allowed}") from None
    good = np.isfinite(numbers) & (low <= numbers) & (numbers <= high)
    if not good.all():
        raise ValueError(f"{name} is {numbers[~good].flat[0]}; allowed: {allowed}")
    return numbers


def _whole(name, value, low):
    if not (
        isinstance(value, (int, np.integer))
        and not isinstance(value, bool)
        and value >= low
    ):
        raise ValueError(
            f"{name} is {value!r}; allowed: a whole number of {low} or more"
        )
    return int(value)


def _logistic(eta):
    """1 / (1 + exp(-eta)), without overflow."""
    return np.exp(-np.logaddexp(0, -eta))


def _plain(numbers):
    """A number where there is one only."""
    return float(numbers) if np.ndim(numbers) == 0 else numbers
