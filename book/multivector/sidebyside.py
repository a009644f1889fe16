"""Two cases side by side: the same numbers of each, on the same scales.

What a case lacks is told as lacking: a series without a value has no row, and :func:`holes`
names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from . import alignment, breaks, claims, engagement
from .data import Case, Missing
from .language import N_, _

#: Outside series by partner over which the balance of a state can be told.
SPREAD = ("trade-4", "exercises", "aid-commitments", "news-cooperation")
#: What is counted as rare.
LEVEL = 0.05
_CODED = N_("Coded acts")
_GAP, _NET = N_("Gap in UN votes"), N_("Gap in UN votes, net of peers")


def beside(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of several states in one table, each with the name of its state.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Name of a state and its rows, in their order.
    """
    named = [rows.assign(state=state) for state, rows in tables.items()]
    return pd.concat(named, ignore_index=True)


def holes(rows: pd.DataFrame, states: Sequence[str]) -> pd.DataFrame:
    """Series that one state has and another lacks.

    Parameters
    ----------
    rows : DataFrame
        Rows (series, state, value).
    states : sequence of str

    Returns
    -------
    DataFrame
        Rows (series, state) of what is lacking.
    """
    told = rows.dropna(subset="value")
    has = set(zip(told["series"], told["state"]))
    every = [(one, state) for one in rows["series"].unique() for state in states]
    return pd.DataFrame(
        [pair for pair in every if pair not in has], columns=["series", "state"]
    )


class Shared(NamedTuple):
    """A series in the last year that two states share."""

    series: str
    year: int
    one: float
    other: float


def last_shared(rows: pd.DataFrame, states: Sequence[str], series: str = "") -> Shared:
    """A series in the last year in which both states have a value.

    Parameters
    ----------
    rows : DataFrame
        Rows (series, state, year, value).
    states : pair of str
    series : str, optional
        By default the first that both have.

    Raises
    ------
    data.Missing
        If no series has a year with both.
    """
    both = _wide(rows, states)
    if series:
        both = both[both.index.get_level_values("series") == series]
    if both.empty:
        raise Missing("the two states share no year of a series")
    name = both.index[0][0]
    year = both.loc[name].index.max()
    one, other = both.loc[(name, year)][list(states)].to_numpy(dtype=float)
    return Shared(str(name), int(year), float(one), float(other))


def means(rows: pd.DataFrame, states: Sequence[str]) -> pd.DataFrame:
    """Each series of both states over the years that they share.

    Parameters
    ----------
    rows : DataFrame
        Rows (series, state, year, value).
    states : pair of str

    Returns
    -------
    DataFrame
        Rows (series, one, other, apart, alike, n): the means, the mean distance in a year, the rank correlation
        of the two over the years, and the years.
    """
    found = []
    for name, both in _wide(rows, states).groupby("series", sort=False):
        one, other = (both[state] for state in states)
        alike = one.corr(other, method="spearman", min_periods=3)
        apart = (one - other).abs().mean()
        found.append((name, one.mean(), other.mean(), apart, alike, len(both)))
    columns = ["series", "one", "other", "apart", "alike", "n"]
    return pd.DataFrame(found, columns=columns)


def _wide(rows: pd.DataFrame, states: Sequence[str]) -> pd.DataFrame:
    """Values of both states by series and year, where both have one, series in their order."""
    order = list(dict.fromkeys(rows["series"]))
    wide = rows.pivot(index=["series", "year"], columns="state", values="value")
    wide = wide.reindex(columns=list(states)).dropna()
    return wide.reindex(order, level="series")


# --- balance -----------------------------------------------------------------------------------


def balances(case: Case, half_life: float = 730.0) -> pd.DataFrame:
    """The balance of a state year by year, in its coded acts and in each outside series.

    Parameters
    ----------
    case : data.Case
    half_life : float
        Of the acts, in days.

    Returns
    -------
    DataFrame
        Rows (series, kind, year, value, most, source): effective number of partners, of ``most``; a series
        of which the case has nothing has no row.
    """
    parts = [*_coded(case, half_life), *_outside(case)]
    columns = ["series", "kind", "year", "value", "most", "source"]
    return pd.concat(parts, ignore_index=True)[columns]


def _coded(case: Case, half_life: float) -> Iterator[pd.DataFrame]:
    """The balance of the acts at the end of each year; nothing without acts."""
    if case.events["vector"].isna().all():
        return
    ends = pd.date_range(*case.span(), freq="YE")
    held = engagement.engagement(case.events, ends, half_life)
    rows = engagement.indices(held, case.poles)
    told = {"series": _(_CODED), "kind": "coded", "source": case.cite("events")}
    rows = rows.assign(year=rows["date"].dt.year, value=rows["effective_vectors"])
    yield rows.assign(most=len(case.vectors), **told)


def _outside(case: Case) -> Iterator[pd.DataFrame]:
    known = {one.id: one for one in alignment.vector_series(case)}
    for name in SPREAD:
        if name in known:
            one = known[name]
            rows = alignment.effective_vectors(one.rows)
            told = {"series": _(one.label), "kind": "outside"}
            yield rows.assign(most=rows["vectors"], source=case.cite(one.table), **told)


# --- votes -------------------------------------------------------------------------------------


def gaps(case: Case) -> pd.DataFrame:
    """The gap between the poles in the votes of a state, as it is and net of its peers.

    Returns
    -------
    DataFrame
        Rows (series, year, value, n, source), ``n`` the roll calls; without peers only the first series.
    """
    votes, years = case.table("un_votes"), alignment.years_of(case)
    near, far = (str(case.iso3(pole)) for pole in case.poles)
    found = alignment.gap(votes, case.state, near, far)
    parts = [found.assign(series=_(_GAP), value=found["gap"])]
    if case.peers:
        found = alignment.gap_net_of_peers(votes, case.state, near, far, case.peers)
        parts.append(found.assign(series=_(_NET), value=found["net"]))
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["year"].isin(years)].assign(source=case.cite("un_votes"))
    return rows[["series", "year", "value", "n", "source"]].reset_index(drop=True)


# --- breaks ------------------------------------------------------------------------------------


def free_breaks(case: Case, draws: int = 499, seed: int = 1) -> pd.DataFrame:
    """The strongest break of every outside series of a state that is long enough for one.

    Parameters
    ----------
    case : data.Case
    draws, seed : int
        Of the null, a series that persists; as for :func:`breaks.sup_f`.

    Returns
    -------
    DataFrame
        Rows (kind, series, year, f, p, n, source): ``kind`` "partners" for the gaps in votes and what each source
        tells of the two poles, "state" for its own measures; ``year`` is the first after the break, ``n`` the
        years observed.
    """
    rows = []
    for kind, name, values, source in _yearly(case):
        try:
            found = breaks.sup_f(values, "ar1", draws, seed)
        except Missing:
            continue
        if found.location is not None:
            told = (found.location, found.statistic, found.p, found.n)
            rows.append((kind, name, *told, source))
    columns = ["kind", "series", "year", "f", "p", "n", "source"]
    return pd.DataFrame(rows, columns=columns)


def _yearly(case: Case) -> Iterator[tuple[str, str, pd.Series, str]]:
    """Kind, name, values by year and citation of each series."""
    for name, rows in gaps(case).groupby("series", sort=False):
        values = rows.set_index("year")["value"]
        yield "partners", str(name), values, case.cite("un_votes")
    for one in alignment.vector_series(case):
        for pole in case.poles:
            rows = one.rows[one.rows["vector"] == pole]
            name = f"{_(one.label)}: {pole}"
            values = rows.set_index("year")["value"]
            yield "partners", name, values, case.cite(one.table)
    for one in alignment.state_series(case):
        rows = one.rows[one.rows["state"] == case.state]
        values = rows.set_index("year")["value"]
        yield "state", _(one.label), values, case.cite(one.table)


def together(
    rows: pd.DataFrame, states: Sequence[str], within: int = 1
) -> pd.DataFrame:
    """The series that both states have, and how near their strongest breaks are.

    Parameters
    ----------
    rows : DataFrame
        Rows (series, state, year, p) of both states.
    states : pair of str
    within : int
        Years that two breaks may lie apart and still count as near.

    Returns
    -------
    DataFrame
        Rows (series, year_one, p_one, year_other, p_other, near).
    """
    one, other = (
        rows[rows["state"] == state].set_index("series")[["year", "p"]]
        for state in states
    )
    both = one.add_suffix("_one").join(other.add_suffix("_other"), how="inner")
    near = (both["year_one"] - both["year_other"]).abs() <= within
    columns = ["series", "year_one", "p_one", "year_other", "p_other", "near"]
    return both.assign(near=near).reset_index()[columns]


def near_by_chance(rows: pd.DataFrame, within: int = 1) -> float:
    """Share of all pairs of a break of one state and a break of the other that are near.

    What would be seen if each series of one state were laid beside any series of the other.

    Parameters
    ----------
    rows : DataFrame
        Of :func:`together`.
    within : int
        As there.
    """
    one, other = rows["year_one"].to_numpy(), rows["year_other"].to_numpy()
    if len(rows) == 0:
        return float("nan")
    return float((np.abs(one[:, None] - other[None, :]) <= within).mean())


# --- claims ------------------------------------------------------------------------------------


def verdicts(case: Case, origin: Case) -> pd.DataFrame:
    """What the general claims of a case come to on a case, which may be that case itself.

    Parameters
    ----------
    case : data.Case
    origin : data.Case
        Whose claims they are.

    Returns
    -------
    DataFrame
        Rows (id, claim, verdict, outcome, by_order, reading, p).

    Raises
    ------
    data.Missing
        If the origin has no general claim.
    """
    ids = list(claims.general_rules(origin)["id"])
    if not ids:
        raise Missing("no claim here is about small states as such")
    if case.state == origin.state:
        found = claims.verdicts(case, only=ids)
    else:
        found = claims.general(case, origin)
    columns = "id claim verdict outcome by_order reading p".split()
    return found[columns].reset_index(drop=True)
