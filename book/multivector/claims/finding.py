"""What a method finds, and the list of methods that a rule can name."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .. import checks
from ..data import Missing
from ..language import Sentence
from ..tables.methods import METHODS as TAKEN
from ..tables.methods import taken
from .evidence import USUAL, Look


class Found(NamedTuple):
    """What a method found.

    Attributes
    ----------
    outcome : str
        Which way the rule falls: "supported", "mixed", "against" (the rule says what that is called),
        "not supported", "contradicted", "illustrated only" (of a rule that can do no more) or
        "not testable".
    statistic : float
        The number on which it falls; NaN only where nothing could be computed.
    reading : str
        The numbers in a sentence or two.
    n : int or None
        Observations behind it.
    p : float or None
    null : str
        What p supposes; empty without p.
    without_coded : str
        The outcome without our own coding, where a rule uses both.
    """

    outcome: str
    statistic: float
    reading: str
    n: int | None = None
    p: float | None = None
    null: str = ""
    without_coded: str = ""


#: What stands for a parameter that a rule leaves out.
LEFT_OUT = USUAL | {
    "coded": (),
    "coding": None,
    "drop": "",
    "grades": "first",
    "half_life": 730,
    "holes": False,
    "illustrates": False,
    "otherwise": "against",
    "prior_centre": None,
    "prior_width": 1.0,
    "whole": False,
    "whole_interval": False,
}


class Rule:
    """A method with the parameters of one rule, each of which is an attribute.

    Parameters
    ----------
    method : str
        One of :data:`METHODS`.
    given : dict
        Its parameters; those left out are those of :data:`LEFT_OUT`.  ``tables.methods`` says which there are.
    """

    def __init__(self, method: str, given: dict[str, Any]) -> None:
        checks.one_of("method", method, sorted(METHODS))
        known = taken(TAKEN[method])
        for name in given:
            if name not in known:
                checks.refuse(f"a parameter of {method}", name, ", ".join(known))
        for name, (_, needed) in known.items():
            if needed and name not in given:
                raise ValueError(f"{method} lacks {name}; allowed: all that it needs")
        left_out = {name: LEFT_OUT[name] for name in known if name not in given}
        self.method, self.parameters = method, left_out | given

    def __getattr__(self, name: str) -> Any:
        known = self.__dict__.get("parameters", {})
        if name not in known:
            raise AttributeError(f"a rule has no {name!r}; it has {', '.join(known)}")
        return known[name]

    @property
    def reading(self) -> dict[str, Any]:
        """How the rule reads a series."""
        return {way: self.parameters[way] for way in USUAL if way in self.parameters}

    def judge(self, look: Look, **changed: Any) -> Found:
        """What the rule finds, with some of its parameters changed."""
        return METHODS[self.method](look, **self.parameters | changed)


METHODS: dict[str, Callable[..., Found]] = {}


def method(function: Callable[[Look, Rule], Found]) -> Callable[..., Found]:
    """Enter a function among the methods that a rule can name; the parameters are passed by name.

    What a method lacks makes the claim not testable, with the reason: a table, a period, an act or a
    series that is :class:`~multivector.data.Missing`, or a statistic that comes out undefined, since
    a comparison with NaN decides nothing.  Any other error is a fault, and is not caught.
    """
    name = function.__name__

    @functools.wraps(function)
    def judged(look: Look, **parameters: Any) -> Found:
        rule = Rule(name, parameters)
        try:
            found = function(look, rule)
        except Missing as lack:
            return Found("not testable", np.nan, lack_told(lack))
        if found.outcome != "not testable" and np.isnan(found.statistic):
            reading = Sentence(
                "Needs numbers where there are none. {reading}", reading=found.reading
            )
            return Found("not testable", np.nan, reading, found.n)
        return found

    METHODS[name] = judged
    return judged


def lack_told(lack: Missing) -> str:
    """What is lacking, in words that say what the claim needs."""
    text = lack.args[0]
    if text.startswith("Needs "):
        return text
    return Sentence("Needs what is not there: {text}.", text=text)


def met_or_mixed(met: bool, mixed: bool, otherwise: str = "against") -> str:
    """Which way a rule falls that is met, met in part, or neither."""
    return "supported" if met else "mixed" if mixed else otherwise


def counted(right: int, of: int) -> str:
    """Which way a rule falls that asks so many things."""
    return met_or_mixed(right == of, right > 0)


def judge_interval(
    value: float, lower: float, upper: float, whole_interval: bool = False
) -> str:
    """Which way a rule falls that asks whether a value, and its interval, lie above 0.

    With ``whole_interval`` a value below 0 contradicts the claim only if its whole interval lies there.
    """
    below = "contradicted" if upper < 0 else "not supported"
    otherwise = below if whole_interval else "against"
    return met_or_mixed(lower > 0 and value > 0, value > 0, otherwise)


def with_sign(number: float, digits: int = 3) -> str:
    """A number with its sign, plus or minus."""
    return Sentence(f"{{number:+.{digits}f}}", number=number)


def share_told(share: float, n: int, what: str) -> str:
    """A share of all cases, how many these are, and the smallest that so many allow."""
    return Sentence(
        "{many:,} of {n:,} {what}, {share:.3f} (smallest possible 1 of {n:,})",
        many=round(share * n),
        n=n,
        what=what,
        share=share,
    )
