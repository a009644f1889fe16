"""Claims, rules, choices and measures: what they name must be there."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ..hints import rows_of
from . import parameters
from .checking import Tables, check, found, latest, state_of, strangers
from .problems import Problem
from .values import nearest, sentence

# --- claims, rules, measures -------------------------------------------------------------------


@check("rules", "claims.id claims.version")
def _rules(tables: Tables) -> Iterator[Problem]:
    rules, claims = tables["rules"], tables["claims"]
    known = pd.MultiIndex.from_frame(claims[["id", "version"]].dropna())
    rows = rules.dropna(subset=["id", "version"])
    lost = rows[~pd.MultiIndex.from_frame(rows[["id", "version"]]).isin(known)]
    for i, row in lost.iterrows():
        yield Problem(
            "rules",
            i,
            "version",
            f"{row['id']}, {row['version']}",
            "is not in claims.csv",
            "Use an id and version of that table, or add the claim there",
        )


@check("claims", "rules.id rules.version")
def _ruled(tables: Tables) -> Iterator[Problem]:
    """The latest version of each claim has a rule that computes it."""
    claims = tables["claims"]
    if "version" not in claims:
        return
    rules = pd.MultiIndex.from_frame(tables["rules"][["id", "version"]])
    last = latest(claims)
    lost = last[~pd.MultiIndex.from_frame(last[["id", "version"]]).isin(rules)]
    yield from found(
        "claims",
        lost,
        "id",
        "its latest version has no rule",
        "Add a row with this id and version to rules.csv",
    )


check("rules")(parameters.of_rules)
check("choices")(parameters.of_choices)


@check("measures")
def _measures(tables: Tables) -> Iterator[Problem]:
    """A measure reads columns that are there, and has a row of the state to draw."""
    state = state_of(tables)
    for row in rows_of(tables["measures"].dropna(subset=["table", "value"])):
        if row.table not in tables:
            yield from _close_to_a_table(tables, "measures", row)
            continue
        table, lost = tables[row.table], False
        if row.value != "rows" and row.value not in table:
            yield _no_column(
                "measures", row.Index, "value", row.value, row.table, table
            )
            lost = True
        rows, where = table, "" if pd.isna(row.where) else row.where
        for condition in filter(None, where.split(";")):
            column, _, values = condition.partition("=")
            if column not in table:
                yield _no_column(
                    "measures", row.Index, "where", column, row.table, table
                )
                lost = True
                break
            rows = rows[rows[column].astype(str).isin(values.split("|"))]
        if lost or "iso3" not in table:
            continue
        hole = row.absent == "missing"  # else a year without a row is a zero
        told = rows[rows["iso3"] == state] if hole else rows
        if hole and not pd.isna(row.since) and "year" in told:
            told = told[told["year"] >= row.since]
        if told.empty:
            whose = f" of {state}" if hole else ""
            yield Problem(
                "measures",
                row.Index,
                "where" if where else "table",
                where or row.table,
                f"no row{whose} in {row.table}.csv is counted by it",
                "Mend the condition, add the rows, or take the measure out",
            )


@check("significance")
def _significance(tables: Tables) -> Iterator[Problem]:
    for row in rows_of(tables["significance"].dropna()):
        if row.table not in tables:
            yield from _close_to_a_table(tables, "significance", row)
            continue
        table = tables[row.table]
        for column in ("partner", "value"):
            name = getattr(row, column)
            if name not in table:
                yield _no_column(
                    "significance", row.Index, column, name, row.table, table
                )
        if row.partner in table:
            powers = row.powers.split("|")
            if not table[row.partner].isin(powers).any():
                yield Problem(
                    "significance",
                    row.Index,
                    "powers",
                    row.powers,
                    f"none of them stands in {row.table}.csv",
                    "Write ISO3 codes with | between them",
                )
            if state_of(tables) in powers:
                yield Problem(
                    "significance",
                    row.Index,
                    "powers",
                    row.powers,
                    "the state under study is no power over itself",
                    "Take it out",
                )


def _no_column(
    table: str, index: Any, column: str, value: Any, other: str, rows: pd.DataFrame
) -> Problem:
    return Problem(
        table,
        index,
        column,
        value,
        f"is no column of {other}.csv",
        f"Use one of {', '.join(rows.columns)}",
    )


def _close_to_a_table(tables: Tables, name: str, row: Any) -> Iterator[Problem]:
    """A table that a case does not have is no fault, one that it has by another name is."""
    meant = nearest(row.table, tables)
    if meant:
        yield Problem(
            name, row.Index, "table", row.table, "is no table here", sentence(meant)
        )


@check("series_breaks", "measures.id")
def _breaks(tables: Tables) -> Iterator[Problem]:
    rows = tables["series_breaks"]["series"].dropna()
    known = pd.Series([*tables["measures"]["id"].dropna(), *parameters.BY_PARTNER])
    yield from strangers("series_breaks", "series", rows, "measures", "id", known)
