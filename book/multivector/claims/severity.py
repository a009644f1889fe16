"""What chance alone would do by a rule, and what the rule could have seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..data import Missing
from .evidence import Look
from .finding import lack_told

#: Worlds in which nothing happened, and those in which something did, for each size of it.
WORLDS, WORLDS_OF_AN_EFFECT, CHANCE_SEED = 499, 99, 1


#: A test is said to see what it finds in so large a share of worlds.
SEEN = 0.8


class Chance(NamedTuple):
    """What a rule would have said if nothing had happened.

    Attributes
    ----------
    severity : float
        How often it would have been met, in [0, 1]; NaN where ``null`` says why there is none.
    as_well : float
        How often it would have come at least as far as it did: met, or mixed where it came out mixed.
    null : str
        What "nothing happened" means, in words.
    power : float
        The smallest effect that would have met the rule in four worlds of five; NaN where ``effect`` says
        why there is none.
    effect : str
        What ``power`` measures, in words.
    """

    severity: float
    as_well: float
    null: str
    power: float = np.nan
    effect: str = ""


CHANCES = {}


def chance_of(*methods: Any) -> Callable[..., Any]:
    """Enter a function as what chance alone would do by the rules of some methods.

    It takes the look, the outcome that was found and the parameters of the rule, and gives a :class:`Chance`.
    """

    def enter(function: Callable[..., Any]) -> Any:
        CHANCES.update(dict.fromkeys(methods, function))
        return function

    return enter


RANK = {"supported": 2, "mixed": 1}


def how_often(outcomes: Iterable[str], found: Any) -> tuple[float, float]:
    """How often a rule was met, and how often it came as far as it was found."""
    ranks = np.array([RANK.get(outcome, 0) for outcome in outcomes])
    return float((ranks == 2).mean()), float((ranks >= RANK.get(found, 0)).mean())


def share_met(outcomes: Iterable[str]) -> float:
    """How often a rule was met."""
    return np.mean([outcome == "supported" for outcome in outcomes])


def smallest_seen(met: Any, largest: Any, found: Any, steps: Any = 6) -> float:
    """The smallest effect that meets a rule often enough: halving between none and ``largest``; NaN beyond it.

    It is asked only where the rule was not met at all.
    """
    low, high = 0.0, float(largest)
    if found in RANK or met(high) < SEEN:
        return np.nan
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (low, middle) if met(middle) >= SEEN else (middle, high)
    return high


class Supposed(Look):
    """A look in which some series, and the tilt, are as a world would have them in which nothing happened."""

    def __init__(
        self, look: Look, series: Any, tilt: dict[str, float] | None = None
    ) -> None:
        super().__init__(look.case)
        self.look, self.supposed, self.tossed = look, series, tilt

    def series(self, name: str, **options: Any) -> pd.Series:
        """The series as it is supposed; others as the look has them."""
        return (
            self.supposed[name]
            if name in self.supposed
            else self.look.series(name, **options)
        )

    def tilt(self, day: Any, *given: Any, **named: Any) -> float:
        """Tilt between the poles on a day, by the acts that are remembered."""
        if self.tossed is None:
            return self.look.tilt(day, *given, **named)
        return self.tossed[str(day)]


#: Arguments of a rule that say how a series is read.
_READING = ("peers", "fewest", "edition", "direction")


def observed_series(
    look: Look, names: Any, parameters: dict[str, Any]
) -> dict[str, pd.Series]:
    """Observed years of some series to the end of the study, as a rule reads them."""
    options = {k: v for k, v in parameters.items() if k in _READING}
    last = look.case.span()[1].year
    observed = {}
    for name in names:
        values = look.series(name, **options).astype(float).dropna().loc[:last]
        # Plain numbers: thousands of worlds are made of them.
        observed[name] = values.set_axis(values.index.to_numpy(dtype=int))
    return observed


def series_named(parameters: dict[str, Any]) -> list[str]:
    """Names of the series in the parameters of a rule, wherever they stand."""
    found = []

    def walk(value: Any, key: Any = None) -> Any:
        if isinstance(value, dict):
            for inner, part in value.items():
                walk(part, inner)
        elif isinstance(value, list):
            for part in value:
                walk(part, key)
        elif key in ("series", "cause", "effect", "on", "also", "other"):
            found.append(value)

    walk(parameters)
    return list(dict.fromkeys(name for name in found if name != "tilt"))


def chance(look: Look, rule: Any, found: Any, verdict: str) -> Chance:
    """What chance alone would have done by one rule.

    Parameters
    ----------
    look : Look
    rule : namedtuple
        A row of claims with their rules.
    found : Found
    verdict : str

    Returns
    -------
    Chance
        Without a severity where the verdict claims nothing that chance could have done.
    """
    if verdict in ("not testable", "illustrated only"):
        return Chance(np.nan, np.nan, f"none: {verdict}", effect="none")
    if rule.method not in CHANCES:
        return Chance(
            np.nan,
            np.nan,
            f"none was written for the method {rule.method}",
            effect="none",
        )
    parameters = rule.parameters
    try:
        told = CHANCES[rule.method](look, rule.method, found.outcome, parameters)
    except Missing as lack:  # enough for a verdict, too little to ask what chance is
        return Chance(np.nan, np.nan, f"none: {lack_told(lack)}", effect="none")
    if verdict in ("supported", "mixed"):
        return told._replace(power=np.nan, effect="asked only where nothing was found")
    return told
