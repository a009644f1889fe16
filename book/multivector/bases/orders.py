"""Who paid first."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .. import checks

COLUMNS = ["payer", "start", "end", "what"]


class Apart(NamedTuple):
    """How two happenings lie to each other, each known to an interval of days.

    Attributes
    ----------
    relation : {"before", "after", "overlap"}
        How the first lies to the second; where the intervals share a day it is not known.
    least, most : int
        Days from the first to the second, at least and at most; below 0 where the second is earlier.
    nearest, furthest : int
        The same without a sign, for "``nearest`` days before"; of an overlap ``nearest`` is 0.
    """

    relation: str
    least: int
    most: int
    nearest: int
    furthest: int


def apart(first: Any, second: Any) -> Apart:
    """Days between two happenings of which only the first and last possible day are known.

    Parameters
    ----------
    first, second : Series, or pair of dates
        With ``start`` and ``end``, or these two; the end is included.

    Examples
    --------
    >>> apart(("2009-06-22", "2009-06-22"), ("2009-07-23", "2009-07-23"))
    Apart(relation='before', least=31, most=31, nearest=31, furthest=31)
    >>> apart(("2009-01-01", "2009-12-31"), ("2009-07-23", "2009-07-23"))
    Apart(relation='overlap', least=-161, most=203, nearest=0, furthest=203)
    """
    spells = [
        (one["start"], one["end"]) if isinstance(one, pd.Series) else one
        for one in (first, second)
    ]
    rows = pd.DataFrame(spells, columns=["start", "end"])
    found = order_of_payments(rows.assign(payer=["first", "second"], what="")).iloc[0]
    ends = int(found["least_days"]), int(found["most_days"])
    near, far = sorted(map(abs, ends))
    near = 0 if found["relation"] == "overlap" else near
    return Apart(str(found["relation"]), *ends, near, far)


def order_of_payments(payments: pd.DataFrame) -> pd.DataFrame:
    """Every two payments or signatures of different payers, and which came first.

    Parameters
    ----------
    payments : DataFrame
        Columns ``payer``, ``start``, ``end`` (first and last day on which it can have happened,
        the last included) and ``what``; one row a payment or signature.

    Returns
    -------
    DataFrame
        Rows (payer, what, other, other_what, relation, first, least_days, most_days).
        ``relation`` is "before" or "after" where the intervals do not share a day, else "overlap";
        ``first`` is the payer who came first, "" where that is not known; the days run from the row's payment to
        the other's, at least and at most, below 0 where the other can have been earlier.

    Raises
    ------
    ValueError
        If a column or value is missing, an end lies before its start, or there is one payer only.

    Notes
    -----
    Two acts on one day overlap: a day has no order.  That one came first says nothing on why.
    """
    rows = _payments(payments)
    i, j = np.triu_indices(len(rows), k=1)
    differ = rows["payer"].to_numpy()[i] != rows["payer"].to_numpy()[j]
    one, other = (rows.iloc[k[differ]].reset_index(drop=True) for k in (i, j))
    when = [one["end"] < other["start"], one["start"] > other["end"]]
    payers = [rows["payer"].astype(object) for rows in (one, other)]
    found = one[["payer", "what"]].assign(
        other=other["payer"], other_what=other["what"]
    )
    return found.assign(
        relation=np.select(when, ["before", "after"], "overlap"),
        first=np.select(when, payers, ""),
        least_days=(other["start"] - one["end"]).dt.days,
        most_days=(other["end"] - one["start"]).dt.days,
    )


def first_payer(payments: pd.DataFrame) -> pd.DataFrame:
    """Which payer made the first payment of all, as far as the dates tell.

    Parameters
    ----------
    payments : DataFrame
        As for :func:`order_of_payments`.

    Returns
    -------
    DataFrame
        Rows (payer, earliest, latest, first): the days between which the payer's first payment lies;
        ``first`` is "certainly" (all others paid later), "no" (another surely paid before) or
        "perhaps".
    """
    by_payer = _payments(payments).groupby("payer", sort=False, observed=True)
    spans = by_payer.agg(earliest=("start", "min"), latest=("end", "min")).reset_index()
    found = []
    for own in spans.itertuples():
        others = spans.drop(index=own.Index)
        certain = own.latest < others["earliest"].min()
        beaten = others["latest"].min() < own.earliest
        found.append("certainly" if certain else "no" if beaten else "perhaps")
    return spans.assign(first=found)


def surely_first(payments: pd.DataFrame, by: str) -> dict[str, str | None]:
    """Who was surely first, for each value of a column; None where the dates do not tell.

    Parameters
    ----------
    payments : DataFrame
        As for :func:`order_of_payments`, with the column ``by``; in the order of its values.
    by : str

    Examples
    --------
    >>> day = dict(start="2009-01-01", end="2009-01-01", what="grant")
    >>> later = day | dict(start="2009-02-01", end="2009-02-01", payer="B")
    >>> rows = pd.DataFrame([{**day, "payer": "A"}, later]).assign(status="paid")
    >>> surely_first(rows, "status")
    {'paid': 'A'}
    """
    found = {}
    for value, rows in payments.groupby(by, sort=False, observed=True):
        spans = first_payer(rows)
        sure = spans.loc[spans["first"] == "certainly", "payer"]
        found[str(value)] = sure.iloc[0] if len(sure) else None
    return found


def _payments(payments: pd.DataFrame) -> pd.DataFrame:
    """Payments with dates, all checked."""
    checks.columns("payments", payments, COLUMNS)
    rows = payments[COLUMNS].reset_index(drop=True)
    rows[["start", "end"]] = rows[["start", "end"]].apply(pd.to_datetime)
    kinds = {"payer": "a name", "start": "a date", "end": "a date", "what": "a text"}
    rules = [(column, rows[column].isna(), kind) for column, kind in kinds.items()]
    late = rows["end"] < rows["start"]
    for column, wrong, allowed in (*rules, ("end", late, "a day not before the start")):
        if wrong.any():
            value = rows.loc[wrong, column].iloc[0]
            raise ValueError(
                f"payments has the {column} {value!s} in {int(wrong.sum())} row(s); allowed: {allowed}"
            )
    if (many := rows["payer"].nunique()) < 2:
        raise ValueError(
            f"payments has {many} payer(s); allowed: 2 or more, since an order needs two"
        )
    return rows
