"""What chance alone would do by a rule, and what the rule could have seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .. import breaks
from ..data import Missing
from ..language import N_, Sentence
from .evidence import Look
from .finding import Found, Rule, lack_told

#: Worlds in which nothing happened, and those in which something did, for each size of it.
WORLDS, WORLDS_OF_AN_EFFECT, CHANCE_SEED = 499, 99, 1

#: A test is said to see what it finds in so large a share of worlds.
SEEN = breaks.OFTEN


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


#: What the worlds of an outcome, or of a size of effect, come to.
Outcomes = Callable[[float, int], Iterable[str]]
CHANCES: dict[str, Callable[[Look, Rule, str], Chance]] = {}


def chance_of(*methods: str) -> Callable[..., Callable[[Look, Rule, str], Chance]]:
    """Enter a function as what chance alone would do by the rules of some methods.

    It takes the look, the rule and the outcome that was found, and gives a :class:`Chance`.
    """

    def enter(
        function: Callable[[Look, Rule, str], Chance],
    ) -> Callable[[Look, Rule, str], Chance]:
        CHANCES.update(dict.fromkeys(methods, function))
        return function

    return enter


RANK = {"supported": 2, "mixed": 1}


def how_often(outcomes: Iterable[str], found: str) -> tuple[float, float]:
    """How often a rule was met, and how often it came as far as it was found."""
    ranks = np.array([RANK.get(outcome, 0) for outcome in outcomes])
    return float((ranks == 2).mean()), float((ranks >= RANK.get(found, 0)).mean())


def share_met(outcomes: Iterable[str]) -> float:
    """How often a rule was met."""
    return float(np.mean([outcome == "supported" for outcome in outcomes]))


def reckoned(
    found: str, met: float, either: float, null: str, effect: str, power: float = np.nan
) -> Chance:
    """Chance where it can be told how often a rule is met, and how often met or mixed."""
    as_well = {"supported": met, "mixed": either}.get(found, 1.0)
    return Chance(float(met), float(as_well), null, power, effect)


def over_worlds(
    found: str, outcomes: Outcomes, null: str, largest: float, effect: str
) -> Chance:
    """Chance in worlds in which nothing happened, and power in those with an effect.

    Parameters
    ----------
    found : str
        The outcome of the rule.
    outcomes : callable
        Gives outcomes in worlds with an effect of a size, so many of them where they are drawn.
    null : str
    largest : float
        The largest effect that is looked at.
    effect : str
    """

    def met(size: float) -> float:
        return share_met(outcomes(size, WORLDS_OF_AN_EFFECT))

    often = how_often(outcomes(0.0, WORLDS), found)
    return Chance(*often, null, smallest_seen(met, largest, found), effect)


def smallest_seen(
    met: Callable[[float], float], largest: float, found: str, steps: int = 6
) -> float:
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
        self,
        look: Look,
        series: Mapping[str, pd.Series],
        tilt: dict[str, float] | None = None,
    ) -> None:
        super().__init__(look.case)
        self.look, self.supposed, self.tossed = look, series, tilt

    def series(self, name: str, **ways: Any) -> pd.Series:
        """The series as it is supposed; others as the look has them."""
        known = name in self.supposed
        return self.supposed[name] if known else self.look.series(name, **ways)

    def tilt(self, day: Any, *read: Any) -> float:
        """Tilt between the poles on a day, tossed or by the acts that are remembered."""
        if self.tossed is None:
            return self.look.tilt(day, *read)
        return self.tossed[str(day)]


def observed(look: Look, name: str, rule: Rule) -> pd.Series:
    """Observed years of a series to the end of the study, as a rule reads it."""
    last = look.case.span()[1].year
    values = look.series(name, **rule.reading).astype(float).dropna().loc[:last]
    # Plain numbers: thousands of worlds are made of them.
    return values.set_axis(values.index.to_numpy(dtype=int))


#: Parameters of a rule that name a series.
_SERIES = "series compared_series cause effect on also other".split()


def series_named(parameters: dict[str, Any]) -> list[str]:
    """Names of the series in the parameters of a rule, wherever they stand."""
    found = []

    def walk(value: Any, key: str = "") -> None:
        if isinstance(value, dict):
            for inner, part in value.items():
                walk(part, inner)
        elif isinstance(value, list):
            for part in value:
                walk(part, key)
        elif key in _SERIES:
            found.append(value)

    walk(parameters)
    return list(dict.fromkeys(name for name in found if name != "tilt"))


def chance(look: Look, row: Any, found: Found, verdict: str) -> Chance:
    """What chance alone would have done by one rule.

    Parameters
    ----------
    look : Look
    row : namedtuple
        A row of claims with their rules.
    found : Found
    verdict : str

    Returns
    -------
    Chance
        Without a severity where the verdict claims nothing that chance could have done.
    """
    if verdict in ("not testable", "illustrated only"):
        return without(verdict)
    if row.method not in CHANCES:
        return without(
            Sentence("nobody wrote one for the method {method}", method=row.method)
        )
    try:
        rule = Rule(row.method, row.parameters)
        told = CHANCES[row.method](look, rule, found.outcome)
    except Missing as lack:  # enough for a verdict, too little to ask what chance is
        return without(lack_told(lack))
    if verdict in ("supported", "mixed") and np.isnan(told.power):
        return told._replace(effect=N_("asked only where nothing was found"))
    return told


def without(why: str, effect: str = "none") -> Chance:
    """No chance can be told."""
    return Chance(
        np.nan,
        np.nan,
        Sentence("none: {why}", why=why),
        effect=effect,
    )
