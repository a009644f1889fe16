"""Contested decisions: who at home could block a deal, who moved it, and in what share of the deals that were found.

A two-level game (Putnam 1988) says that ratifiers bind some deals.  Which deals were contested is a matter of record;
this module counts them and says how far the count can be trusted.  A search finds quarrels that left a trace, so every
share here is one of contested decisions that were reported.
"""

from collections.abc import Collection
from typing import NamedTuple

import pandas as pd
from scipy import stats

from . import checks

COLUMNS = ["outcome", "could", "movers"]
#: The outcome of a decision that nobody moved.
UNMOVED = "went through"


class Share(NamedTuple):
    """A share of decisions with its exact interval.

    Attributes
    ----------
    moved, n : int
    value : float
        ``moved`` of ``n``.
    low, high : float
        Interval of Clopper and Pearson (1934).
    p : float
        Two-sided, against the line, if each decision is moved with that chance.
    """

    moved: int
    n: int
    value: float
    low: float
    high: float
    p: float


def contested(
    deals: pd.DataFrame, votes: pd.DataFrame | None = None, sure: str = "any"
) -> pd.DataFrame:
    """Contested decisions of which it is known what those at home did.

    Parameters
    ----------
    deals : DataFrame
        Rows (outcome, level_two, who_could_block, who_moved, sure); offices are joined by "; ".
    votes : DataFrame, optional
        Rows (effect): decisions on which parliament was asked, and is the one who may have moved.
    sure : str
        "any", or the value of ``sure`` that a deal must have.

    Returns
    -------
    DataFrame
        Rows (outcome, could, movers); no movers where nobody moved it.
    """
    known = deals[deals["level_two"] != "unclear"]
    if sure != "any":
        known = known[known["sure"] == sure]
    rows = known.assign(
        could=known["who_could_block"],
        movers=known["who_moved"].where(known["level_two"] == "moved", ""),
    )[COLUMNS]
    if votes is None:
        return rows
    moved, office = votes["effect"] != "none", "parliament"
    asked = pd.DataFrame({"outcome": votes["effect"].where(moved, UNMOVED)})
    asked = asked.assign(could=office, movers=moved.map({True: office, False: ""}))
    return pd.concat([rows, asked], ignore_index=True)


def names(offices: pd.Series, office: str) -> pd.Series:
    """Which of the lists of offices, joined by "; ", name this one.

    >>> names(pd.Series(["court; parliament", "street"]), "parliament").tolist()
    [True, False]
    """
    named = [office in listed.split("; ") for listed in offices]
    return pd.Series(named, offices.index, dtype=bool)


def moved(
    rows: pd.DataFrame, outcomes: Collection[str], office: str | None = None
) -> pd.Series:
    """Which decisions were moved to one of these outcomes, by anybody or by this office.

    Parameters
    ----------
    rows : DataFrame
        Of :func:`contested`.
    outcomes : sequence of str
    office : str, optional

    Returns
    -------
    Series of bool
    """
    by = rows["movers"] != "" if office is None else names(rows["movers"], office)
    return by & rows["outcome"].isin(outcomes)


def share(moved: Collection[bool], line: float = 0.5, level: float = 0.95) -> Share:
    """The share of decisions that were moved, its exact interval, and its p against a line.

    Parameters
    ----------
    moved : sequence of bool
        One decision each.
    line : float
    level : float

    Returns
    -------
    Share

    Raises
    ------
    ValueError
        If there is no decision.

    Examples
    --------
    >>> found = share([True] + [False] * 3, line=0.5)
    >>> found.moved, found.n, round(found.low, 4), round(found.high, 4), found.p
    (1, 4, 0.0063, 0.8059, 0.625)
    """
    checks.not_empty("moved", moved, "decision")
    n, k = len(moved), int(sum(moved))
    tested = stats.binomtest(k, n, line)
    low, high = tested.proportion_ci(level, method="exact")
    return Share(k, n, k / n, float(low), float(high), float(tested.pvalue))


def clearing(n: int, line: float, level: float = 0.95) -> tuple[int | None, int | None]:
    """How many of ``n`` decisions must be moved for the whole interval to lie on one side of the line.

    Parameters
    ----------
    n : int
    line, level : float

    Returns
    -------
    (int or None, int or None)
        The most that lie below, the fewest that lie above; None where no number does.

    Examples
    --------
    >>> clearing(20, 1 / 3)
    (2, 12)
    >>> clearing(3, 1 / 3)
    (None, None)
    """
    found = [share([True] * k + [False] * (n - k), line, level) for k in range(n + 1)]
    below = [each.moved for each in found if each.high < line]
    above = [each.moved for each in found if each.low > line]
    return max(below, default=None), min(above, default=None)


def chances(
    n: int, value: float, line: float, level: float = 0.95
) -> tuple[float, float]:
    """How often the whole interval would lie below the line, and above it, if each decision were moved with this chance.

    At ``value`` equal to the line this is how often a rule is met by accident; elsewhere it is the power to see that value.

    Parameters
    ----------
    n : int
    value, line, level : float

    Returns
    -------
    (float, float)

    Examples
    --------
    >>> [round(chance, 4) for chance in chances(20, 1 / 3, 1 / 3)]
    [0.0176, 0.013]
    """
    below, above = clearing(n, line, level)
    return (
        0.0 if below is None else float(stats.binom.cdf(below, n, value)),
        0.0 if above is None else float(stats.binom.sf(above - 1, n, value)),
    )


def share_seen(
    n: int, line: float, often: float = 0.8, level: float = 0.95
) -> tuple[float, float]:
    """The largest share below the line, and the smallest above it, that would be seen this often.

    Parameters
    ----------
    n : int
    line, often, level : float

    Returns
    -------
    (float, float)
        NaN where no share would be.

    Examples
    --------
    >>> [round(share, 3) for share in share_seen(20, 1 / 3)]
    [0.078, 0.663]
    """
    below, above = clearing(n, line, level)
    beta = stats.beta.ppf
    return (
        float("nan") if below is None else float(beta(1 - often, below + 1, n - below)),
        float("nan") if above is None else float(beta(often, above, n - above + 1)),
    )
