"""Yearly measures of states, and all outside series that a case has."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from inspect import signature
from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import checks
from ..data import Case, Missing
from ..hints import rows_of
from ..language import Sentence
from ..store import stored
from . import partners as shared
from .shape import STATE_SHAPE, yearly
from .votes import un_agreement
from .years import steps

#: What a year without a row that counts may mean.
ABSENT = ("missing", "zero", "listed")


def measure(
    table: pd.DataFrame,
    where: str,
    value: str,
    states: Collection[str],
    source: str,
    absent: str = "missing",
    since: int | None = None,
    until: int | None = None,
    years: Collection[int] | None = None,
) -> pd.DataFrame:
    """One yearly measure of some states.

    Parameters
    ----------
    table : DataFrame
        ``iso3``, and ``year`` or ``date`` or a spell ``from_year`` to ``to_year``.
    where : str
        Rows that count, as ``column=value|value;column=value``; empty for all.
    value : str
        Column that is summed over the rows of a year, or "rows" to count them.
    states : sequence of str
        ISO3 codes.
    absent : {"missing", "zero", "listed"}
        What a year without a row that counts means: a hole; nothing, in every year from ``since`` to
        ``until``; or nothing, but only where the source lists something else for the state in that
        year, a hole otherwise.  The last condition of ``where`` picks what counts, those before it the
        source.
    since, until : int, optional
        First and last year that can be used.
    years : sequence of int, optional
        Years to cover; by default those of the table.

    Returns
    -------
    DataFrame
        Rows (year, state, value, n, source) for every state and year; ``n`` counts rows.
    """
    checks.one_of("absent", absent, ABSENT)
    rows, listed = _that_count(table, where if isinstance(where, str) else "")
    if value != "rows" and value not in rows:
        allowed = f"'rows' or one of {', '.join(rows.columns)}"
        checks.refuse("value", value, allowed)
    years = _covered_years(table, years)
    rows, listed = _by_year(table, rows, years), _by_year(table, listed, years)
    found = _summed(rows, value, states, years)
    nothing = found["rows"] == 0
    if absent == "listed":
        known = pd.MultiIndex.from_frame(listed[["iso3", "year"]].drop_duplicates())
        nothing &= pd.MultiIndex.from_frame(found[["iso3", "year"]]).isin(known)
    if absent != "missing":
        found["value"] = found["value"].mask(nothing, 0.0)
    first, last = (
        edge if limit is None or pd.isna(limit) else limit
        for limit, edge in ((since, -np.inf), (until, np.inf))
    )
    unusable = ~found["year"].between(first, last)
    found.loc[unusable, "value"], found.loc[unusable, "n"] = float("nan"), 0
    return found.assign(state=found["iso3"], source=source)[STATE_SHAPE]


def _that_count(table: pd.DataFrame, where: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that meet every condition, and those that meet all but the last."""
    rows = listed = table
    for condition in filter(None, where.split(";")):
        column, _, allowed = condition.partition("=")
        if column not in rows:
            known = ", ".join(rows.columns)
            raise ValueError(f"where names the column {column!r}; allowed: {known}")
        listed = rows
        rows = rows[rows[column].isin(allowed.split("|"))]
    return rows, listed


def _dated(table: pd.DataFrame) -> pd.Series:
    """The year of each row of a table without spells."""
    return table["date"].dt.year if "date" in table else table["year"]


def _covered_years(
    table: pd.DataFrame, years: Collection[int] | None
) -> Collection[int]:
    """The years asked for, or all of the table; a table of spells has none of its own."""
    if years is not None:
        return years
    if "from_year" in table:
        allowed = "years to cover, since the table holds spells"
        checks.refuse("years", years, allowed)
    return range(_dated(table).min(), _dated(table).max() + 1)


def _by_year(
    table: pd.DataFrame, rows: pd.DataFrame, years: Collection[int]
) -> pd.DataFrame:
    """Some rows of a table with the year of each; a spell has one row a year."""
    if "from_year" in table:
        return yearly(rows, years)
    return rows.assign(year=_dated(table).reindex(rows.index))


def _summed(
    rows: pd.DataFrame, value: str, states: Collection[str], years: Collection[int]
) -> pd.DataFrame:
    """Rows (iso3, year, value, n, rows) for every state and year: sum, values and rows."""
    rows = rows.assign(_value=1.0 if value == "rows" else rows[value].astype(float))
    grouped = rows.groupby(["iso3", "year"])["_value"]
    grid = pd.MultiIndex.from_product(
        [list(states), list(years)], names=["iso3", "year"]
    )
    return pd.DataFrame(
        {
            "value": grouped.sum(min_count=1, skipna=False).reindex(grid),
            "n": grouped.count().reindex(grid).fillna(0).astype(int),
            "rows": grouped.size().reindex(grid).fillna(0).astype(int),
        }
    ).reset_index()


# --- all that a case has -------------------------------------------------------------------------------


class Series(NamedTuple):
    """One outside series: its name, unit, the table it is cited from, its rows, and its breaks.

    ``breaks`` maps the first year after a break in the source to what happens there; the series
    should not be read across it.
    """

    id: str
    label: str
    unit: str
    table: str
    rows: pd.DataFrame
    breaks: dict


def _named(label: str, unit: str) -> tuple[str, str]:
    """Words of a series; the catalogue finds them here, and a chart looks them up."""
    return label, unit


#: What a reader calls each series, and its unit.
_WORDS = {
    "un-agreement": _named("Agreement in UN votes", "0 to 1"),
    "un-distance": _named("Distance of ideal points in the UN", "points"),
    "trade-4": _named("Share of trade (COW 4.0)", "share of all trade"),
    "trade-3": _named("Share of trade (COW 3.0)", "share of all trade"),
    "imports-4": _named("Share of imports (COW 4.0)", "share of all imports"),
    "exports-4": _named("Share of exports (COW 4.0)", "share of all exports"),
    "aid-flows": _named("Aid received, net (World Bank)", "million current dollars"),
    "aid-commitments": _named("Aid promised (AidData)", "million constant dollars"),
    "exercises": _named("Military exercises together", "exercises a year"),
    "arms": _named("Major arms received", "million, trend indicator"),
    "news-cooperation": _named(
        "Share of friendly events in the news (ICEWS)",
        "share of events",
    ),
    "news-conflict": _named(
        "Share of hostile events in the news (ICEWS)", "share of events"
    ),
    "obligations": _named("Alliance obligations in force", "kinds, 0 to 5"),
    "memberships": _named("Memberships shared", "share of the state's own"),
    "missions": _named("Missions in the capital", "states with a mission"),
}
_trade = partial(shared.trade_shares, edition="4.0")
_hostile = ("verbal_conflict", "material_conflict")
#: Its table, and what makes its rows of that and of those facts of the case that it asks for by name.
_MADE: dict[str, tuple[str, Callable[..., pd.DataFrame]]] = {
    "un-agreement": ("un_votes", un_agreement),
    "un-distance": ("un_ideal_points", shared.ideal_distance),
    "trade-4": ("trade", _trade),
    "trade-3": ("trade", partial(shared.trade_shares, edition="3.0", totals=None)),
    "imports-4": ("trade", partial(_trade, flow="imports")),
    "exports-4": ("trade", partial(_trade, flow="exports")),
    "aid-flows": ("aid_flows", shared.aid_by_vector),
    "aid-commitments": ("aid_commitments", shared.aid_by_vector),
    "exercises": ("exercises", shared.exercises_by_vector),
    "arms": ("arms", shared.arms_by_vector),
    "news-cooperation": ("machine_events", shared.cooperation_shares),
    "news-conflict": (
        "machine_events",
        partial(shared.cooperation_shares, kinds=_hostile),
    ),
    "obligations": ("alliances", shared.obligations),
    "memberships": ("memberships", shared.shared_memberships),
    "missions": ("missions", shared.missions_by_vector),
}
#: Tables that a series needs beside its own.
_NEEDS = {"trade": ("trade", "trade_totals")}


def neighbours(case: Case) -> list[str]:
    """ISO3 codes of the other states of the region."""
    others = case.actors["region"] & (case.actors["kind"] != "self")
    return case.actors.loc[others, "actor"].tolist()


def years_of(case: Case) -> range:
    """The years under study."""
    first, last = case.span()
    return range(first.year, last.year + 1)


@stored
def vector_series(case: Case) -> list[Series]:
    """Every outside series that tells partners apart, of the tables that a case has.

    Parameters
    ----------
    case : data.Case

    Returns
    -------
    list of Series
        Each with rows (year, vector, value, n, source) from the first to the last year of the study
        that its source covers.
    """
    partners = (
        case.partner_vectors() if case.has("partners") else pd.Series(dtype=object)
    )
    facts = {
        "state": case.state,
        "partners": partners,
        "representatives": {
            v: state for v in case.vectors["vector"] if (state := case.iso3(v))
        },
        "years": years_of(case),
        "totals": case.table("trade_totals") if case.has("trade_totals") else None,
    }
    found = []
    for name, (table, make) in _MADE.items():
        told = table.startswith("un_") or len(partners)
        if told and case.has(*_NEEDS.get(table, (table,))):
            asked = set(signature(make).parameters) - set(getattr(make, "keywords", ()))
            given = {fact: facts[fact] for fact in facts if fact in asked}
            rows = make(case.table(table), source=case.cite(table), **given)
            rows = rows[rows["year"].isin(facts["years"])].reset_index(drop=True)
            found.append(Series(name, *_WORDS[name], table, rows, _breaks(case, name)))
    return [one for one in found if one.rows["value"].notna().any()]


def means_by_span(
    case: Case, vectors: Collection[str], spans: Mapping[str, tuple[int, int]]
) -> pd.DataFrame:
    """Means over spans of years of every outside series that tells some partners apart.

    Parameters
    ----------
    case : data.Case
    vectors : sequence of str
    spans : dict of str to pair of int
        First and last year of each.

    Returns
    -------
    DataFrame
        Rows (label, unit, table, vector, one column a span), of the series that were observed in every span.

    Raises
    ------
    Missing
        If none was, or a span is shorter than two years.
    """
    told = ", ".join(f"{first} to {last}" for first, last in spans.values())
    if any(last <= first for first, last in spans.values()):
        raise Missing(f"two years or more are needed in each of these spans: {told}")
    found = []
    for series in vector_series(case):
        for vector in vectors:
            rows = series.rows[series.rows["vector"] == vector]
            means = {
                name: rows.loc[rows["year"].between(*span), "value"].mean()
                for name, span in spans.items()
            }
            about = {"label": series.label, "unit": series.unit, "table": series.table}
            found.append(about | {"vector": vector} | means)
    rows = pd.DataFrame(found, columns=["label", "unit", "table", "vector", *spans])
    rows = rows.dropna(subset=list(spans)).reset_index(drop=True)
    if rows.empty:
        raise Missing(f"no outside series was observed in all of these spans: {told}")
    return rows


def series_of(case: Case, name: str) -> Series:
    """The outside series by partner with this id.

    Raises
    ------
    data.Missing
        If the case has no series with this id.
    """
    known = {s.id: s for s in vector_series(case)}
    if name in _WORDS and name not in known:
        label = Sentence(_WORDS[name][0])
        raise Missing(
            Sentence(
                "{state} has no outside series of this kind: {what}",
                state=case.name,
                what=label,
            )
        )
    if name not in known:
        told = ", ".join(known) or "none"
        raise Missing(f"the case has no series by partner {name!r}; known: {told}")
    return known[name]


def measure_of(case: Case, name: str) -> Series:
    """The yearly measure with this id; of no use unless the state itself has a value in some year."""
    known = {s.id: s for s in state_series(case)}
    if name not in known:
        told = ", ".join(known) or "none"
        raise Missing(f"the case has no yearly measure {name!r}; known: {told}")
    if not _tells_of(known[name], case.state):
        raise Missing(f"the measure {name!r} has no year of {case.name}")
    return known[name]


@stored
def state_series(case: Case) -> list[Series]:
    """Every outside measure of the state and its region, as the case's table of measures lists them.

    Returns
    -------
    list of Series
        Each with rows (year, state, value, n, source); the state under study comes first.
    """
    if not case.has("measures"):
        return []
    years = years_of(case)
    states = [case.state, *neighbours(case)]
    found = []
    for row in rows_of(case.table("measures")):
        if case.has(row.table):
            what = (row.where, row.value, states, case.cite(row.table))
            span = (row.absent, row.since, row.until, years)
            rows = measure(case.table(row.table), *what, *span)
            cuts = _breaks(case, row.id)
            found.append(Series(row.id, row.label, row.unit, row.table, rows, cuts))
    return [one for one in found if one.rows["value"].notna().any()]


def measures_of(case: Case, *names: str) -> list[Series]:
    """The outside measures of the state and its region with these ids, as far as the case has a value of the state itself.

    Raises
    ------
    data.Missing
        If it has none of them.
    """
    known = {one.id: one for one in state_series(case)}
    asked = [known[name] for name in names if name in known]
    found = [one for one in asked if _tells_of(one, case.state)]
    if not found:
        told = ", ".join(names)
        raise Missing(
            Sentence(
                "no measure of {state} has a value: {what}", state=case.name, what=told
            )
        )
    return found


def _tells_of(series: Series, state: str) -> bool:
    """Has a measure a value of a state?"""
    return bool(series.rows.loc[series.rows["state"] == state, "value"].notna().any())


class Ends(NamedTuple):
    """Where a measure of a state begins and ends, and where it is highest."""

    label: str
    unit: str
    first_year: int
    first: float
    last_year: int
    last: float
    most_year: int
    most: float
    n: int  #: years with a value


def ends(series: Series, state: str) -> Ends:
    """First, last and highest value of a measure of a state.

    Raises
    ------
    data.Missing
        If the measure has no value for the state.
    """
    rows = series.rows[series.rows["state"] == state].dropna(subset="value")
    if rows.empty:
        raise Missing(
            Sentence(
                "{state} has no value: {what}", state=state, what=Sentence(series.label)
            )
        )
    values = rows.set_index("year")["value"].sort_index()
    first, last, most = (
        int(str(y)) for y in (values.index[0], values.index[-1], values.idxmax())
    )
    told = (
        first,
        float(values[first]),
        last,
        float(values[last]),
        most,
        float(values[most]),
    )
    return Ends(series.label, series.unit, *told, len(values))


def highest_beside(series: Series, state: str) -> str:
    """The other state that is highest in the last year in which one has a value; "" if none has.

    Examples
    --------
    >>> rows = pd.DataFrame({"year": [2000, 2001, 2001], "state": ["A", "A", "B"]})
    >>> highest_beside(Series("", "", "", "", rows.assign(value=1.0), {}), "A")
    'B'
    """
    rows = series.rows[series.rows["state"] != state].dropna(subset="value")
    if rows.empty:
        return ""
    last = rows[rows["year"] == rows["year"].max()]
    return str(last.loc[last["value"].idxmax(), "state"])


def largest_steps(series: Collection[Series], state: str) -> pd.Series:
    """How many measures of a state take their largest step, up or down, in each year.

    Parameters
    ----------
    series : sequence of Series
        Those with fewer than two values of the state, or without any change, take none.
    state : str

    Returns
    -------
    Series
        Number of measures by year, the most first; of steps of one size the first counts.

    Raises
    ------
    data.Missing
        If none takes any.
    """
    found = []
    for one in series:
        moved = steps(one.rows[one.rows["state"] == state], "value")
        if moved["step"].gt(0).any():
            place = moved["step"].to_numpy().argmax()
            found.append(int(moved["year"].to_numpy()[place]))
    if not found:
        raise Missing(Sentence("no measure of the state changes"))
    return pd.Series(found, dtype=int).value_counts()


def _breaks(case: Case, name: str) -> dict[int, str]:
    if not case.has("series_breaks"):
        return {}
    rows = case.table("series_breaks").query("series == @name")
    return dict(zip(rows["year"].astype(int), rows["note"]))
