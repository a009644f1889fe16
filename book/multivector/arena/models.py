"""The model, its ablations and their priors."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .. import checks
from ..data import Missing
from .stages import COEFFICIENTS, INPUTS, OUTCOMES, UNIT

#: Mean and standard deviation by the name of a coefficient or a leader.
Prior = Mapping[str, tuple[float, float]]

#: Prior mean and standard deviation of each coefficient.  Weak, and informed about the sign only:
#: each slope has the sign of the paper with probability .75, and may be large or nothing.
PRIOR = {
    "intercept": (0.0, 1.5),
    "significance": (1.0, 1.5),
    "commitment": (1.0, 1.5),
    "threat": (1.0, 1.5),
}
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


def ordinal_prior(
    ranks: Mapping[str, float], step: float = 0.5, sd: float = 0.5
) -> dict[str, tuple[float, float]]:
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
        checks.refuse("ranks", ranks, "one leader or more")
    step = float(checks.numbers("step", step, checks.AMOUNT))
    sd = checks.number("sd", sd, checks.POSITIVE)
    given = checks.numbers("ranks", list(ranks.values()), checks.FINITE)
    order = pd.Series(given).rank(method="dense").to_numpy()
    return {
        name: (float(step * (r - order.mean())), sd) for name, r in zip(ranks, order)
    }


class Problem(NamedTuple):
    """A model with its coefficients and their priors, and the episodes that it is fitted to.

    ``columns`` are those of the logit, (n, p), where the threat is already negative; in the reverse order the
    column of the threat is 0, since there the threat is not in the logit.  ``seen`` holds the place of each
    outcome in :data:`OUTCOMES`, and ``cut`` says whether the last coefficient is that of the cut points.
    """

    model: Model
    names: list[str]
    mean: np.ndarray
    sd: np.ndarray
    columns: np.ndarray
    threat: np.ndarray
    seen: np.ndarray
    cut: bool


def problem_of(
    episodes: pd.DataFrame,
    model: str,
    prior: Prior | None,
    leaders: Prior | None,
    fewest: int,
    why: str = "since fewer cannot move four coefficients",
) -> Problem:
    """The model, its terms, its inputs and the outcomes, all checked."""
    terms_of(model, prior, leaders, False)  # so that a bad model or prior is told first
    chosen = MODELS[model]
    told = leaders if chosen.leaders else None
    needed = {*chosen.inputs, "external"} | (set() if told is None else {"leader"})
    checks.columns("episodes", episodes, needed)
    if len(episodes) < fewest:
        raise Missing(
            f"episodes has {len(episodes)} rows; allowed: {fewest} or more, {why}"
        )
    values = {
        name: checks.numbers(f"episodes.{name}", episodes[name], UNIT)
        for name in chosen.inputs
    }
    seen = _seen(episodes["external"])
    cut = any_undecided(episodes)
    n = len(episodes)
    threat = values["threat"] if "threat" in values else np.zeros(n)
    sign = {"threat": 0.0 if chosen.internal_first else -1.0}
    columns: list[np.ndarray] = [
        np.ones(n),
        *(sign.get(name, 1.0) * values[name] for name in chosen.inputs),
    ]
    if told is not None:
        names = episodes["leader"].astype(str)
        if unknown := sorted(set(names) - set(told)):
            known = ", ".join(map(repr, told))
            raise ValueError(
                f"episodes names the leader {unknown[0]!r}; allowed: {known}"
            )
        columns += [(names == name).to_numpy(float) for name in told]
    terms = terms_of(model, prior, leaders, cut)
    mean, sd = (np.array(part) for part in zip(*terms.values()))
    stacked = np.column_stack(columns)
    return Problem(chosen, list(terms), mean, sd, stacked, threat, seen, cut)


def _seen(external: pd.Series) -> np.ndarray:
    """The place of each outcome in their order."""
    numbers = checks.numbers("episodes.external", external, UNIT)
    places = numbers / 0.5
    if (places % 1 > 0).any():
        wrong = numbers[places % 1 > 0][0]
        allowed = "0 (inward), 0.5 (undecided) or 1 (outward)"
        checks.refuse("episodes.external", wrong, allowed)
    return places.astype(int)


def any_undecided(episodes: pd.DataFrame) -> bool:
    """Does the account leave an episode undecided?"""
    return bool((episodes["external"] == OUTCOMES["undecided"]).any())


def terms_of(
    model: str, prior: Prior | None, leaders: Prior | None, cut: bool
) -> dict[str, tuple[float, float]]:
    """Mean and standard deviation of the prior of each coefficient of a model, by its name."""
    checks.one_of("model", model, MODELS)
    known = (*COEFFICIENTS, CUT)
    if unknown := sorted(set(prior or {}) - set(known)):
        raise ValueError(
            f"prior names {unknown[0]!r}; allowed: {', '.join(map(repr, known))}"
        )
    if leaders is not None and not leaders:
        checks.refuse("leaders", leaders, "one leader or more, or None")
    priors = {**PRIOR, CUT: CUT_PRIOR, **(prior or {})}
    named = {name: priors[name] for name in ("intercept", *MODELS[model].inputs)}
    if leaders is not None and MODELS[model].leaders:
        named |= {f"leader {name}": pair for name, pair in leaders.items()}
    if cut:
        named[CUT] = priors[CUT]
    return {name: _normal(name, pair) for name, pair in named.items()}


def _normal(name: str, pair: Any) -> tuple[float, float]:
    """Mean and standard deviation of a prior."""
    try:
        mean, sd = pair
    except (TypeError, ValueError):
        raise ValueError(
            f"prior of {name} is {pair!r}; allowed: a mean and a standard deviation"
        ) from None
    return (
        checks.number(f"mean of the prior of {name}", mean, checks.FINITE),
        checks.number(f"sd of the prior of {name}", sd, checks.POSITIVE),
    )
