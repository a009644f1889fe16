"""What a method finds, and the list of methods that a rule can name."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..data import Missing
from .evidence import Look


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


METHODS = {}


def method(function: Callable[..., Any]) -> Callable[..., Found]:
    """Enter a function among the methods that a rule can name.

    What a method lacks makes the claim not testable, with the reason: a table, a period, an act or a
    series that is :class:`~multivector.data.Missing`, or a statistic that comes out undefined, since
    a comparison with NaN decides nothing.  Any other error is a fault, and is not caught.
    """

    @functools.wraps(function)
    def judged(look: Look, **parameters: Any) -> Any:
        try:
            found = function(look, **parameters)
        except Missing as lack:
            return Found("not testable", np.nan, lack_told(lack))
        if found.outcome != "not testable" and np.isnan(found.statistic):
            return Found(
                "not testable",
                np.nan,
                f"Needs numbers where there are none. {found.reading}",
                found.n,
            )
        return found

    METHODS[function.__name__] = judged
    return judged


def lack_told(lack: Any) -> str:
    """What is lacking, in words that say what the claim needs."""
    text = str(lack)
    return text if text.startswith("Needs ") else f"Needs what is not there: {text}."


def counted(right: Any, of: Any) -> str:
    """Which way a rule falls that asks so many things."""
    return "supported" if right == of else "mixed" if right else "against"


def with_sign(number: float, digits: int = 3) -> str:
    """A number with its sign, plus or minus."""
    return f"{number:+.{digits}f}"


def share_told(share: float, n: Any, what: str) -> str:
    """A share of all cases, how many these are, and the smallest that so many allow."""
    return f"{round(share * n):,} of {n:,} {what}, {share:.3f} (smallest possible 1 of {n:,})"
