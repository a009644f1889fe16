"""Who held an office, and for how long, where the sources give a day or only a span of days."""

from collections.abc import Collection
from typing import NamedTuple

import pandas as pd

from .data import Missing

_YEAR = 365.25


class Leader(NamedTuple):
    """A leader who came after another.

    Attributes
    ----------
    name, followed : str
        The leader, and the one before.
    start, end : Timestamp
        First and last day in office, as far as it lies in the study.
    years : dict of str to (int, int)
        "before" and "under": the first and last whole year of the study before the leader came,
        and of the time in office.
    """

    name: str
    followed: str
    start: pd.Timestamp
    end: pd.Timestamp
    years: dict[str, tuple[int, int]]


def last_leader(periods: pd.DataFrame) -> Leader:
    """The last leader who came after another and stayed for a whole year of the study at least.

    Parameters
    ----------
    periods : DataFrame
        ``case.periods``.

    Returns
    -------
    Leader

    Raises
    ------
    Missing
        If no leader of the case is of that kind.
    """
    span = periods[periods["kind"] == "span"].iloc[0]
    terms = periods[periods["kind"] == "presidency"].sort_values("start")
    terms = terms.assign(followed=terms["label"].shift())
    came = terms[terms["followed"].notna() & (terms["start"] > span["start"])]
    came = came.assign(end=came["end"].clip(upper=span["end"]))
    # A year is whole if it ends on the last day in office or before.
    last = (came["end"] + pd.Timedelta(days=1)).dt.year - 1
    whole = came[last > came["start"].dt.year]
    if whole.empty:
        raise Missing(
            "the table of periods has no change of leader within the study with a whole year after it"
        )
    one = whole.iloc[-1]
    year = one["start"].year
    years = {
        "before": (span["start"].year, year - 1),
        "under": (year + 1, int(last[one.name])),
    }
    return Leader(one["label"], one["followed"], one["start"], one["end"], years)


def stays(spells: pd.DataFrame) -> pd.DataFrame:
    """How long each holder stayed, in the middle between the longest and the shortest that the sources allow.

    Parameters
    ----------
    spells : DataFrame
        ``start`` and ``end`` (earliest start, latest end), ``start_latest`` and ``end_earliest``.

    Returns
    -------
    DataFrame
        The rows with ``longest``, ``shortest`` (0 or more) and ``stay`` in years of 365.25 days, and ``middle``,
        the day in the middle of the longest.
    """
    longest = spells["end"] - spells["start"]
    shortest = spells["end_earliest"] - spells["start_latest"]
    most, least = longest.dt.days / _YEAR, shortest.dt.days.clip(lower=0) / _YEAR
    return spells.assign(
        longest=most,
        shortest=least,
        stay=(longest.dt.days + shortest.dt.days.clip(lower=0)) / 2 / _YEAR,
        middle=spells["start"] + longest / 2,
    )


def changes(spells: pd.DataFrame, by: str = "iso3") -> pd.Series:
    """Times that an office changed hands, by state, the fewest first: one less than its holders."""
    return (spells.groupby(by).size() - 1).sort_values()


def within(
    spells: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp
) -> pd.DataFrame:
    """Spells that share a day with a span."""
    return spells[(spells["start"] <= last) & (spells["end"] >= first)]


def first_to_stay(
    periods: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, years: float = 5.0
) -> pd.Series | None:
    """The first presidency of which so many years lie in a span.

    Parameters
    ----------
    periods : DataFrame
        Rows (kind, label, start, end) of a case.
    first, last : date
        The span.
    years : float
        Of 365.25 days.

    Returns
    -------
    Series or None
        Its row, with ``start`` and ``end`` inside the span; None if nobody stayed so long.
    """
    led = periods[periods["kind"] == "presidency"].sort_values("start")
    start, end = led["start"], led["end"]
    led = led.assign(
        start=start.mask(start < first, first), end=end.mask(end > last, last)
    )
    long = led[(led["end"] - led["start"]).dt.days >= years * _YEAR]
    return None if long.empty else long.iloc[0]


def first_years(spells: pd.DataFrame, state: str, among: Collection[int]) -> list[int]:
    """Years in which somebody new came into the office of a state, of those that are asked about."""
    begun = spells.loc[spells["iso3"] == state, "start"].dt.year
    return sorted(set(begun) & set(among))
