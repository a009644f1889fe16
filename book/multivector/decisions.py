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
from .data import Missing

COLUMNS = [
    "label",
    "partner",
    "about",
    "start",
    "outcome",
    "did",
    "could",
    "movers",
    "source",
]
#: The outcome of a decision that nobody moved.
UNMOVED = "went through"
#: Outcomes of a decision that somebody moved.
MOVES = ("stopped", "changed", "delayed", "reversed later")
#: Against what the difference between two groups is tested.
NULL = "the decisions that were moved fall among all decisions by chance"


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


class Groups(NamedTuple):
    """What was moved in one group of decisions and in the rest, and how often chance parts them so far.

    Attributes
    ----------
    inside, outside : Share
        Decisions with the partners of the group, and with all others.
    n : int
        Decisions in both.
    p : float
        Fisher's exact test, two-sided.
    smallest_p : float
        The smallest that so many decisions, of which so many were moved, could give.
    null : str
    """

    inside: Share
    outside: Share
    n: int
    p: float
    smallest_p: float
    null: str


def contested(
    deals: pd.DataFrame, votes: pd.DataFrame | None = None, sure: str = "any"
) -> pd.DataFrame:
    """Contested decisions of which it is known what those at home did.

    Parameters
    ----------
    deals : DataFrame
        Rows (label, vector, kind, start, outcome, level_two, who_could_block, who_moved, sure, source);
        offices are joined by "; ".
    votes : DataFrame, optional
        Rows (label, vector, start, effect, level_two, source): decisions on which parliament was asked, and
        is the one who may have moved.
    sure : str
        "any", or the value of ``sure`` that a deal must have.

    Returns
    -------
    DataFrame
        Rows (label, partner, about, start, outcome, did, could, movers, source); about is the kind of the
        deal or "base"; no movers where nobody moved it.
    """
    known = deals[deals["level_two"] != "unclear"]
    if sure != "any":
        known = known[known["sure"] == sure]
    rows = pd.DataFrame(
        {
            "label": known["label"],
            "partner": known["vector"],
            "about": known["kind"],
            "start": known["start"],
            "outcome": known["outcome"],
            "did": known["level_two"],
            "could": known["who_could_block"],
            "movers": known["who_moved"].where(known["level_two"] == "moved", ""),
            "source": known["source"],
        }
    )
    if votes is None:
        return rows
    return pd.concat([rows, _asked(votes)], ignore_index=True)


def _asked(votes: pd.DataFrame) -> pd.DataFrame:
    """Votes of parliament in the shape of contested decisions."""
    moved = votes["effect"] != "none"
    return pd.DataFrame(
        {
            "label": votes["label"],
            "partner": votes["vector"],
            "about": "base",
            "start": votes["start"],
            "outcome": votes["effect"].where(moved, UNMOVED),
            "did": votes["level_two"],
            "could": "parliament",
            "movers": moved.map({True: "parliament", False: ""}),
            "source": votes["source"],
        }
    )


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


def by_group(
    rows: pd.DataFrame, partners: Collection[str], outcomes: Collection[str] = MOVES
) -> Groups:
    """What those at home moved toward some partners, and toward all others.

    Parameters
    ----------
    rows : DataFrame
        Of :func:`contested`.
    partners : sequence of str
        The partners of the group.
    outcomes : sequence of str
        What counts as moved.

    Returns
    -------
    Groups

    Raises
    ------
    Missing
        If no decision, or every decision, is one with these partners.

    Examples
    --------
    None of three decisions moved in the group, three of three outside; of the 20 ways in which three moves
    can fall on six decisions, two part the groups so far.

    >>> rows = pd.DataFrame({"partner": list("aaabbb"), "movers": [""] * 3 + ["court"] * 3})
    >>> rows["outcome"] = ["went through"] * 3 + ["stopped"] * 3
    >>> found = by_group(rows, ["a"])
    >>> found.inside.moved, found.outside.moved, found.n, round(found.p, 4)
    (0, 3, 6, 0.1)
    """
    inside = rows["partner"].isin(list(partners))
    if inside.all() or not inside.any():
        told = f"partners is {list(partners)!r}"
        raise Missing(f"{told}; allowed: partners of some decisions, not of all")
    hits = moved(rows, outcomes)
    first, rest = share(hits[inside]), share(hits[~inside])
    p = _fisher(first.moved, first.n, rest.moved, rest.n)
    smallest = _smallest(first.moved + rest.moved, first.n, rest.n)
    return Groups(first, rest, len(rows), p, smallest, NULL)


def _fisher(moved: int, n: int, others_moved: int, others: int) -> float:
    """Two-sided p of Fisher's exact test for two shares."""
    table = [[moved, n - moved], [others_moved, others - others_moved]]
    return float(stats.fisher_exact(table).pvalue)


def _smallest(moved: int, n: int, others: int) -> float:
    """The smallest p of all ways in which the moves can fall on the two groups."""
    ways = range(max(0, moved - others), min(moved, n) + 1)
    return min(_fisher(k, n, moved - k, others) for k in ways)


def one_row(rows: pd.DataFrame, partners: Collection[str]) -> pd.DataFrame:
    """The p of :func:`by_group` without each decision in turn, and had that one come out the other way.

    Parameters
    ----------
    rows : DataFrame
        Of :func:`contested`.
    partners : sequence of str

    Returns
    -------
    DataFrame
        Rows (label, without, turned), one a decision.
    """
    found = by_group(rows, partners)
    inside = rows["partner"].isin(list(partners))
    counts = {True: found.inside, False: found.outside}
    told = []
    for label, group, hit in zip(rows["label"], inside, moved(rows, MOVES)):
        mine, rest = counts[group], counts[not group]
        other = mine.moved - 1 if hit else mine.moved + 1
        without = _fisher(mine.moved - int(hit), mine.n - 1, rest.moved, rest.n)
        turned = _fisher(other, mine.n, rest.moved, rest.n)
        told.append((label, without, turned))
    return pd.DataFrame(told, columns=["label", "without", "turned"])


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
