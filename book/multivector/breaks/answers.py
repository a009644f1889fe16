"""Do moves change after threats, more than after any other days?"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import checks
from ..data import Missing
from ..hints import Dates
from ..language import Sentence, joined
from .results import TIE, Result

_DAY = np.timedelta64(1, "D")


def lead_lag(
    threats: Dates,
    moves: pd.DataFrame,
    window: int = 180,
    span: Dates | None = None,
    draws: int | None = None,
    seed: int = 1,
) -> Result:
    """Do moves change after threats, more than after any other days?

    For each threat, the moves of the ``window`` days after it less those of the days before it;
    the day itself is on neither side.  The null shifts all threats together round the span,
    closed to a circle, which keeps their spacing and that of the moves (Lotwick and Silverman
    1982).  By default all shifts are compared.  The last day and the first are no neighbours: p is
    exact for moves on a circle, while on a line the seam can make it too small where the moves drift
    over the span (Harris 2020 therefore proposes shifts that do not wrap, at half the power).

    A threat whose window runs past the span is dropped and named in the note: the days beyond were not coded, and a window
    that wrapped would count the first years' moves as answers to a threat of the last.  Under the
    shifts the windows do wrap.

    Parameters
    ----------
    threats : sequence of dates
        Different days in the span.
    moves : DataFrame
        ``date``, or ``start`` and ``end`` (the end included), and ``value``, signed and weighted.  A
        move over an interval is spread evenly over its days; the days outside the span do not count.
    window : int
        Days on each side, 1 or more.
    span : pair of dates
        First and last day, both included; by default from the first day of a move to the last.
    draws : int, optional
        Random shifts, 1 or more; by default every shift of 0, 1, ... days once.
    seed : int
        Of the random shifts.

    Returns
    -------
    Result
        ``statistic`` the mean over the threats, in the unit of ``value``; ``p`` two-sided; ``n`` the threats
        kept.  ``details`` rows (threat, before, after, move, statistic, p), one a threat kept: the last two
        are those of the test without it, NaN where it is the only one.  Without any move in the span
        statistic is 0 and p is 1.

    Raises
    ------
    ValueError
        If the span is shorter than a window, the day and a window; if no threat is left; or if dates or values are missing.
    """
    window = checks.whole("window", window)
    daily, first = _daily(moves, span)
    days, kept, note = _threat_days(threats, window, len(daily), first)
    before, after = _windows(daily, window)
    change = after - before
    tie = TIE * np.abs(daily).sum()
    drawn, used = _drawn_shifts(draws, len(daily), seed)
    statistic, p = _tested(change, days, drawn, tie)
    details = pd.DataFrame({"threat": kept, "before": before[days]})
    details = details.assign(after=after[days], move=change[days])
    if len(days) > 1:
        rest = [np.delete(days, i) for i in range(len(days))]
        without = [_tested(change, others, drawn, tie) for others in rest]
    else:
        without = [(np.nan, np.nan)]
    details[["statistic", "p"]] = without
    size, near = len(daily), 2 * window + 1
    many = size if drawn is None else len(drawn)
    least = 1 / size if drawn is None else max(1 / (many + 1), 1 / size)
    null = Sentence(
        "threats and moves have nothing to do with each other: the threats ({n}) could together have come any number of days later",
        n=len(days),
    )
    apart = Sentence(
        "shifts by fewer than {near} days share days; about {many:.0f} of the {size} do not",
        near=near,
        many=size / near,
        size=size,
    )
    found = Result(statistic, p, least, len(days), many, used, null)
    return found._replace(details=details, note=joined([*note, apart], "; "))


def _drawn_shifts(
    draws: int | None, size: int, seed: int
) -> tuple[np.ndarray | None, int | None]:
    """Random shifts and their seed; None for both where every shift is compared."""
    if draws is None:
        return None, None
    rng = np.random.default_rng(seed)
    return rng.integers(size, size=checks.whole("draws", draws)), seed


def _tested(
    change: np.ndarray, days: np.ndarray, drawn: np.ndarray | None, tie: float
) -> tuple[float, float]:
    """The mean change over some threats, and its p among all shifts or those drawn."""
    around = _shifted(change, days)
    compared = around if drawn is None else around[drawn]
    extreme = np.abs(compared) >= abs(around[0]) - tie
    p = extreme.mean() if drawn is None else (1 + extreme.sum()) / (len(drawn) + 1)
    return float(around[0]), float(p)


def shifts(
    threats: Dates, moves: pd.DataFrame, window: int = 180, span: Dates | None = None
) -> pd.DataFrame:
    """The statistic of :func:`lead_lag` for every shift of the threats, for a chart of its null.

    Returns
    -------
    DataFrame
        Rows (shift, statistic), shift in days, 0 being what was observed; the statistics sum to 0.
    """
    window = checks.whole("window", window)
    daily, first = _daily(moves, span)
    days, _, _ = _threat_days(threats, window, len(daily), first)
    before, after = _windows(daily, window)
    found = pd.DataFrame({"statistic": _shifted(after - before, days)})
    return found.rename_axis("shift").reset_index()


#: Share of cases in which a test should see what it is made for.
OFTEN = 0.8


class Noticed(NamedTuple):
    """What a test of answers could have found.

    Attributes
    ----------
    least : float
        Size of the statistic that chance exceeds once in twenty (at the default level).
    times : float
        The same, in sizes of the statistic that was found; inf where that is 0.
    power : float
        How often a true answer of the size that was found would have reached ``least``.
    enough : float
        Size of a true answer, added to each statistic of chance, that would have reached it
        four times in five.
    """

    least: float
    times: float
    power: float
    enough: float


def noticed(null: pd.Series, statistic: float, level: float = 0.95) -> Noticed:
    """What a test could notice, from the statistics of all shifts.

    Parameters
    ----------
    null : Series
        Statistics of :func:`shifts`.
    statistic : float
        What was found.
    level : float
        Share of the shifts that stay below ``least``, in (0, 1).
    """
    level = checks.number("level", level, checks.INSIDE)
    least = null.abs().quantile(level)
    times = least / abs(statistic) if statistic else np.inf
    power = ((null + statistic).abs() >= least).mean()
    enough = least - null.quantile(1 - OFTEN)
    return Noticed(float(least), float(times), float(power), float(enough))


def _windows(daily: np.ndarray, window: int) -> tuple[np.ndarray, np.ndarray]:
    """Sums of the days before and after each day of the circle, shape (L,) each."""
    size = len(daily)
    circle = np.concatenate([daily[-window:], daily, daily[:window]])
    total = np.concatenate([[0.0], np.cumsum(circle)])
    day = np.arange(size) + window
    return total[day] - total[day - window], total[day + window + 1] - total[day + 1]


def _shifted(change: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Mean change over the threats, for every shift of all of them together; shape (L,)."""
    return np.mean([np.roll(change, -day) for day in days], axis=0)


def _date_array(values: Dates, name: str) -> np.ndarray:
    days = checks.as_days(values)
    missing = int(np.isnat(days).sum())
    if missing or len(days) == 0:
        raise ValueError(
            f"{name} has {missing} of {len(days)} dates missing; allowed: one date or more, none missing"
        )
    return days


def _daily(moves: pd.DataFrame, span: Dates | None) -> tuple[np.ndarray, np.datetime64]:
    """Value of the moves on each day of the span, and its first day."""
    needed = ({"date"} if "date" in moves else {"start", "end"}) | {"value"}
    checks.columns("moves", moves, needed)
    if moves.empty:
        raise Missing("Needs one act or more that is counted; there is none")
    start, end = (
        _date_array(moves[c if c in needed else "date"], f"moves.{c}")
        for c in ("start", "end")
    )
    value = moves["value"].to_numpy(dtype=float, na_value=np.nan)
    if (bad := ~np.isfinite(value)).any():
        raise ValueError(
            f"moves has the value {value[bad][0]} in {int(bad.sum())} row(s); allowed: a number"
        )
    if (end < start).any():
        raise ValueError(
            f"moves has the end {end[end < start][0]} before its start; allowed: a day not before the start"
        )
    first, last = (start.min(), end.max()) if span is None else _span(span)
    size = (last - first) // _DAY + 1
    begin, stop = ((edge - first) // _DAY for edge in (start, end))
    a_day = value / (stop - begin + 1)
    inside = (stop >= 0) & (begin < size)
    change = np.zeros(size + 1)  # what is added to the daily value on each day
    np.add.at(change, np.maximum(begin[inside], 0), a_day[inside])
    np.add.at(change, np.minimum(stop[inside] + 1, size), -a_day[inside])
    return np.cumsum(change)[:-1], first


def _span(span: Dates) -> np.ndarray:
    days = _date_array(list(span), "span")
    if len(days) != 2 or days[0] > days[1]:
        raise ValueError(
            f"span is {tuple(str(d) for d in days)}; allowed: a first day and a last day not before it"
        )
    return days


def _threat_days(
    threats: Dates, window: int, size: int, first: np.datetime64
) -> tuple[np.ndarray, pd.DatetimeIndex, list[Sentence]]:
    """Positions of the threats whose windows lie in the span, their dates, and notes on the others."""
    dates = np.sort(_date_array(threats, "threats"))
    if size < 2 * window + 1:
        raise ValueError(
            f"span has {size} days; allowed: {2 * window + 1} or more for a window of {window} on each side of a day"
        )
    if (twice := dates[1:][np.diff(dates) == 0 * _DAY]).size:
        raise ValueError(f"threats has {twice[0]} twice; allowed: once")
    days = (dates - first) // _DAY
    if (out := dates[(days < 0) | (days >= size)]).size:
        raise ValueError(
            f"threats has {out[0]}; allowed: {first} to {first + (size - 1) * _DAY}"
        )
    whole = (days >= window) & (days < size - window)
    if not whole.any():
        raise Missing(
            f"threats has none whose window of {window} days lies in the span; allowed: one or more"
        )
    dropped = ", ".join(map(str, dates[~whole]))
    note = (
        [
            Sentence(
                "dropped, since the window runs past the span: {dropped}",
                dropped=dropped,
            )
        ]
        if dropped
        else []
    )
    return days[whole].astype(int), pd.DatetimeIndex(dates[whole]), note
