"""Yearly measures of states, and all outside series that a case has."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from .shape import STATE_SHAPE, yearly
from . import partners as told
from .votes import un_agreement


def measure(
    table,
    where,
    value,
    states,
    source,
    absent="missing",
    since=None,
    until=None,
    years=None,
):
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
    if absent not in ("missing", "zero", "listed"):
        raise ValueError(f"absent is {absent!r}; allowed: 'missing', 'zero', 'listed'")
    rows = listed = table
    for condition in filter(None, (where if isinstance(where, str) else "").split(";")):
        column, _, allowed = condition.partition("=")
        if column not in rows:
            raise ValueError(
                f"where names the column {column!r}; allowed: {', '.join(rows.columns)}"
            )
        listed = rows
        rows = rows[rows[column].isin(allowed.split("|"))]
    if value != "rows" and value not in rows:
        raise ValueError(
            f"value is {value!r}; allowed: 'rows' or one of {', '.join(rows.columns)}"
        )
    spells = "from_year" in table
    if not spells:
        dated = table["date"].dt.year if "date" in table else table["year"]
        years = range(dated.min(), dated.max() + 1) if years is None else years
        rows, listed = (
            part.assign(year=dated.reindex(part.index)) for part in (rows, listed)
        )
    elif years is None:
        raise ValueError(
            "years is None; allowed: years to cover, since the table holds spells"
        )
    if spells:
        rows, listed = yearly(rows, years), yearly(listed, years)
    rows = rows.assign(_value=1.0 if value == "rows" else rows[value].astype(float))
    grouped = rows.groupby(["iso3", "year"])["_value"]
    grid = pd.MultiIndex.from_product(
        [list(states), list(years)], names=["iso3", "year"]
    )
    found = pd.DataFrame(
        {
            "value": grouped.sum(min_count=1, skipna=False).reindex(grid),
            "n": grouped.count().reindex(grid).fillna(0).astype(int),
            "rows": grouped.size().reindex(grid).fillna(0).astype(int),
        }
    ).reset_index()
    if absent == "zero":
        found["value"] = found["value"].mask(found["rows"] == 0, 0.0)
    if absent == "listed":
        known = pd.MultiIndex.from_frame(listed[["iso3", "year"]].drop_duplicates())
        nothing = pd.MultiIndex.from_frame(found[["iso3", "year"]]).isin(known)
        found["value"] = found["value"].mask(nothing & (found["rows"] == 0), 0.0)
    first, last = (
        edge if limit is None or pd.isna(limit) else limit
        for limit, edge in ((since, -np.inf), (until, np.inf))
    )
    unusable = ~found["year"].between(first, last)
    found.loc[unusable, "value"], found.loc[unusable, "n"] = float("nan"), 0
    return found.assign(state=found["iso3"], source=source)[STATE_SHAPE]


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


def vector_series(case):
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
    state, poles = (
        case.state,
        {v: case.iso3(v) for v in case.vectors["vector"] if case.iso3(v)},
    )
    years = range(case.span()[0].year, case.span()[1].year + 1)
    partners = (
        case.partner_vectors() if case.has("partners") else pd.Series(dtype=object)
    )

    def table(name):
        return case.table(name)

    makers = [
        (
            "un-agreement",
            "Agreement in UN votes",
            "0 to 1",
            "un_votes",
            lambda c: un_agreement(table("un_votes"), state, poles, c),
        ),
        (
            "un-distance",
            "Distance of ideal points in the UN",
            "points",
            "un_ideal_points",
            lambda c: ideal_distance(table("un_ideal_points"), state, poles, c, years),
        ),
        (
            "trade-4",
            "Share of trade (COW 4.0)",
            "share of all trade",
            "trade",
            lambda c: trade_shares(
                table("trade"), state, partners, c, "4.0", table("trade_totals")
            ),
        ),
        (
            "trade-3",
            "Share of trade (COW 3.0)",
            "share of all trade",
            "trade",
            lambda c: trade_shares(table("trade"), state, partners, c, "3.0"),
        ),
        (
            "imports-4",
            "Share of imports (COW 4.0)",
            "share of all imports",
            "trade",
            lambda c: trade_shares(
                table("trade"),
                state,
                partners,
                c,
                "4.0",
                table("trade_totals"),
                "imports",
            ),
        ),
        (
            "exports-4",
            "Share of exports (COW 4.0)",
            "share of all exports",
            "trade",
            lambda c: trade_shares(
                table("trade"),
                state,
                partners,
                c,
                "4.0",
                table("trade_totals"),
                "exports",
            ),
        ),
        (
            "aid-flows",
            "Aid received, net (World Bank)",
            "million current dollars",
            "aid_flows",
            lambda c: aid_by_vector(table("aid_flows"), state, partners, c),
        ),
        (
            "aid-commitments",
            "Aid promised (AidData)",
            "million constant dollars",
            "aid_commitments",
            lambda c: aid_by_vector(table("aid_commitments"), state, partners, c),
        ),
        (
            "exercises",
            "Military exercises together",
            "exercises a year",
            "exercises",
            lambda c: exercises_by_vector(table("exercises"), state, partners, c),
        ),
        (
            "arms",
            "Major arms received",
            "million, trend indicator",
            "arms",
            lambda c: arms_by_vector(table("arms"), state, partners, c),
        ),
        (
            "news-cooperation",
            "Share of friendly events in the news (ICEWS)",
            "share of events",
            "machine_events",
            lambda c: cooperation_shares(table("machine_events"), state, partners, c),
        ),
        (
            "news-conflict",
            "Share of hostile events in the news (ICEWS)",
            "share of events",
            "machine_events",
            lambda c: cooperation_shares(
                table("machine_events"),
                state,
                partners,
                c,
                ("verbal_conflict", "material_conflict"),
            ),
        ),
        (
            "obligations",
            "Alliance obligations in force",
            "kinds, 0 to 5",
            "alliances",
            lambda c: obligations(table("alliances"), state, partners, c, years),
        ),
        (
            "memberships",
            "Memberships shared",
            "share of the state's own",
            "memberships",
            lambda c: shared_memberships(
                table("memberships"), state, partners, c, years
            ),
        ),
        (
            "missions",
            "Missions in the capital",
            "states with a mission",
            "missions",
            lambda c: missions_by_vector(table("missions"), partners, c),
        ),
    ]
    needs = {"trade": ("trade", "trade_totals")}
    found = []
    for name, label, unit, source, make in makers:
        if case.has(*needs.get(source, (source,))) and (
            source.startswith("un_") or len(partners)
        ):
            rows = make(case.cite(source))
            found.append(
                Series(
                    name,
                    label,
                    unit,
                    source,
                    rows[rows["year"].isin(years)].reset_index(drop=True),
                    _breaks_of(case, name),
                )
            )
    return found


def series_of(case, name):
    """The outside series by partner with this id."""
    known = {s.id: s for s in vector_series(case)}
    if name not in known:
        raise ValueError(f"name is {name!r}; allowed: {', '.join(known)}")
    return known[name]


def state_series(case):
    """Every outside measure of the state and its region, as the case's table of measures lists them.

    Returns
    -------
    list of Series
        Each with rows (year, state, value, n, source); the state under study comes first.
    """
    if not case.has("measures"):
        return []
    years = range(case.span()[0].year, case.span()[1].year + 1)
    states = [
        case.state,
        *case.actors.loc[
            case.actors["region"] & (case.actors["kind"] != "self"), "actor"
        ],
    ]
    found = []
    for row in case.table("measures").itertuples():
        if case.has(row.table):
            rows = measure(
                case.table(row.table),
                row.where,
                row.value,
                states,
                case.cite(row.table),
                row.absent,
                row.since,
                row.until,
                years,
            )
            found.append(
                Series(
                    row.id,
                    row.label,
                    row.unit,
                    row.table,
                    rows,
                    _breaks_of(case, row.id),
                )
            )
    return found


def _breaks_of(case, name):
    if not case.has("series_breaks"):
        return {}
    rows = case.table("series_breaks").query("series == @name")
    return dict(zip(rows["year"].astype(int), rows["note"]))
