"""One place for checks of arguments.

What makes no sense is refused with a ValueError that names the argument, its value and what
is allowed; NaN is never silently a number.
"""

import sys
from collections.abc import Iterable, Sized
from numbers import Real
from typing import Any, NamedTuple, NoReturn, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .hints import Dates

Kind = TypeVar("Kind")


class Range(NamedTuple):
    """Numbers from ``low`` to ``high``, and how a message calls them; an open end is left out."""

    low: float
    high: float
    words: str
    open_low: bool = False
    open_high: bool = False

    def holds(self, numbers: Any) -> Any:
        """Whether a number, or each of an array, lies within; NaN never does."""
        above = numbers > self.low if self.open_low else numbers >= self.low
        below = numbers < self.high if self.open_high else numbers <= self.high
        return above & below


#: The largest number that is finite.
MOST = sys.float_info.max
UNIT = Range(0, 1, "from 0 to 1")
SHARE = Range(0, 1, "above 0 and at most 1", open_low=True)
INSIDE = Range(0, 1, "above 0 and below 1", open_low=True, open_high=True)
AMOUNT = Range(0, MOST, "a number of 0 or more")
POSITIVE = Range(0, MOST, "a number above 0", open_low=True)
FINITE = Range(-MOST, MOST, "a finite number")


def refuse(name: str, value: object, allowed: str) -> NoReturn:
    """Raise the error that names an argument, its value and what is allowed."""
    shown = value.item() if isinstance(value, np.generic) else value
    raise ValueError(f"{name} is {shown!r}; allowed: {allowed}")


def one_of(name: str, value: object, known: Iterable[Kind]) -> Kind:
    """The value, which must be one of those that are known."""
    known = list(known)
    if value not in known:
        refuse(name, value, ", ".join(map(repr, known)))
    return value


def whole(name: str, value: Any, least: int = 1) -> int:
    """A whole number of ``least`` or more; True and False are none."""
    good = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not (good and value >= least):
        refuse(name, value, f"a whole number of {least} or more")
    return int(value)


def number(name: str, value: Any, allowed: Range) -> float:
    """A finite number of a range; True and False are none."""
    # The first two are what Real nearly always is, and are told more quickly.
    good = isinstance(value, (float, int, Real)) and not isinstance(value, bool)
    if not (good and allowed.holds(value)):
        refuse(name, value, allowed.words)
    return float(value)


def numbers(name: str, values: Any, allowed: Range) -> NDArray[np.float64]:
    """Finite numbers of a range as an array; a message names the first that is none."""
    # A message shows the values alone, not how a Series prints them.
    values = values.tolist() if isinstance(values, pd.Series) else values
    try:
        found = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        refuse(name, values, allowed.words)
    good = allowed.holds(found)
    if not good.all():
        refuse(name, found[~good].flat[0], allowed.words)
    return found


def columns(name: str, table: pd.DataFrame, needed: Iterable[str]) -> None:
    """Refuse a table that lacks columns."""
    if missing := sorted(set(needed) - set(table.columns)):
        raise ValueError(f"{name} lacks the columns {missing}")


def as_days(values: Dates) -> np.ndarray:
    """Dates as an array of days; a single date is a list of one."""
    found: Any = pd.to_datetime(values)
    return pd.DatetimeIndex(np.atleast_1d(found)).to_numpy().astype("datetime64[D]")


def as_many(name: str, values: Sized, other: str, many: int) -> None:
    """Refuse values that are not as many as those of another argument."""
    if len(values) != many:
        raise ValueError(
            f"{name} has {len(values)} values; allowed: as many as {other}, {many}"
        )


def not_empty(name: str, values: Sized, what: str) -> None:
    """Refuse an argument that holds nothing; ``what`` is what it needs one of."""
    if len(values) == 0:
        raise ValueError(f"{name} is empty; allowed: one {what} or more")
