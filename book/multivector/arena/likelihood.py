"""Likelihood, and draws from the posterior by importance sampling."""

from math import lgamma

import numpy as np
from scipy.optimize import minimize

from .models import Problem

_TRIES = 4  # weighted tries for each draw that is kept
_DEFENCE = (
    0.2  # share of the tries that come from the prior, so that no weight can be huge
)
_FREEDOM = 5  # of the t distribution of the other tries, whose tails are heavier than the posterior's


def log_weights(problem: Problem, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logs of pi and 1 - pi for every set of coefficients and episode, shape (draws, n)."""
    eta = values[:, : problem.columns.shape[1]] @ problem.columns.T
    # One exp and one log serve both, and neither overflows.
    rest = np.log1p(np.exp(-np.abs(eta)))
    log_p, log_q = np.minimum(eta, 0) - rest, -np.maximum(eta, 0) - rest
    if not problem.model.internal_first:
        return log_p, log_q
    place = problem.names.index("threat")
    shut = np.maximum(values[:, place], 0)[:, None] * problem.threat[None, :]
    with np.errstate(divide="ignore"):
        # 1 - gs = (1 - g) + g(1 - s)
        return log_p - shut, np.logaddexp(np.log(-np.expm1(-shut)), log_q - shut)


def log_chances(
    problem: Problem, values: np.ndarray, weights: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log chance of each outcome, in their order, each of the shape (draws, n): the logs of :func:`outcomes`.

    ``weights`` are those of :func:`log_weights` for the same values.
    """
    log_p, log_q = weights
    if not problem.cut:
        return log_q, np.full_like(log_p, -np.inf), log_p
    z = values[:, -1:]
    log_k = np.logaddexp(0, z)
    more_out = np.logaddexp(log_p, log_k + log_q)  # log(pi + k (1 - pi))
    more_in = np.logaddexp(log_q, log_k + log_p)
    both = z + np.logaddexp(np.log(2), z)  # log(k^2 - 1), since k - 1 = exp(z)
    return log_q - more_in, both + log_p + log_q - more_out - more_in, log_p - more_out


def log_seen(problem: Problem, chances: tuple[np.ndarray, ...]) -> np.ndarray:
    """Log chance of what was seen, shape (draws, n)."""
    inward, undecided, outward = chances
    return np.where(
        problem.seen == 0, inward, np.where(problem.seen == 1, undecided, outward)
    )


def log_posterior(problem: Problem, values: np.ndarray) -> np.ndarray:
    """Log likelihood plus log prior (without its constant), shape (draws,); in slices that stay small."""
    slices = max(1, int(2e6 // len(problem.seen)))
    total = np.empty(len(values))
    for start in range(0, len(values), slices):
        part = values[start : start + slices]
        chances = log_chances(problem, part, log_weights(problem, part))
        total[start : start + slices] = log_seen(problem, chances).sum(axis=1)
    return total + log_prior(problem, values)


def log_prior(problem: Problem, values: np.ndarray) -> np.ndarray:
    """Log density of the prior, without its constant, shape (draws,)."""
    return -0.5 * (((values - problem.mean) / problem.sd) ** 2).sum(axis=1)


def _mode(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Where the posterior is highest, and a covariance from its curvature there; both only steer the first round."""

    def height(values: np.ndarray) -> np.ndarray:
        return log_posterior(problem, values)

    start = problem.mean
    at = minimize(lambda point: -height(point[None, :])[0], start, method="BFGS").x
    step = 1e-3 * np.eye(len(at))
    along, across = step[:, None] + step[None, :], step[:, None] - step[None, :]
    heights = [
        sign * height((at + move).reshape(-1, len(at)))
        for sign, move in ((1, along), (-1, across), (-1, -across), (1, -along))
    ]
    precision = -np.sum(heights, axis=0).reshape(step.shape) / (4 * 1e-3**2)
    values, vectors = np.linalg.eigh(precision)
    least = problem.sd.max() ** -2.0  # no wider than the widest prior
    return at, (vectors / np.maximum(values, least)) @ vectors.T


def tries_of(
    problem: Problem, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Tries (tries, p), and the log density of each in the proposal.

    A first, smaller round about the mode gives the centre and covariance of the second, since the
    posterior of so few episodes can be far from normal.
    """
    centre, covariance = _mode(problem)
    pilot, proposal = _round(problem, draws, centre, covariance, rng)
    weights = weights_of(log_posterior(problem, pilot) - proposal)
    centre = weights @ pilot
    apart = pilot - centre
    covariance = (apart.T * weights) @ apart + 1e-6 * covariance  # never singular
    return _round(problem, _TRIES * draws, centre, covariance, rng)


def _round(
    problem: Problem,
    many: int,
    centre: np.ndarray,
    covariance: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """One round of tries from the mixture of the prior and a t distribution, and their log densities."""
    mean, sd, p = problem.mean, problem.sd, len(problem.names)
    root, safe = np.linalg.cholesky(covariance), round(_DEFENCE * many)
    normal = rng.standard_normal((many, p))
    tail = np.sqrt(rng.chisquare(_FREEDOM, many - safe) / _FREEDOM)
    tries = np.concatenate(
        [mean + sd * normal[:safe], centre + (normal[safe:] @ root.T) / tail[:, None]]
    )
    prior = log_prior(problem, tries) - np.log(sd).sum() - p / 2 * np.log(2 * np.pi)
    return tries, np.logaddexp(
        np.log(_DEFENCE) + prior, np.log(1 - _DEFENCE) + _log_t(tries - centre, root)
    )


def weights_of(log_weight: np.ndarray) -> np.ndarray:
    """Weights that sum to 1."""
    weights = np.exp(log_weight - log_weight.max())
    return weights / weights.sum()


def _log_t(offsets: np.ndarray, root: np.ndarray) -> np.ndarray:
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


def systematic(weights: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Positions of equally weighted draws, with less noise than drawing each alone; in random order."""
    marks = (rng.random() + np.arange(draws)) / draws
    return rng.permutation(
        np.minimum(np.searchsorted(np.cumsum(weights), marks), len(weights) - 1)
    )
