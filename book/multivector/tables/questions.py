"""Claims, rules, choices and measures: what they name must be there."""

from collections.abc import Callable, Iterator
from functools import partial

import pandas as pd

from ..hints import rows_of
from . import parameters, shape
from .checking import Tables, absent, check, found, latest, state_of, strangers
from .problems import Problem
from .values import nearest, sentence

# --- claims, rules, measures -------------------------------------------------------------------


@check("rules", "claims.id claims.version")
def _rules(tables: Tables) -> Iterator[Problem]:
    lost = absent(tables["rules"], ["id", "version"], tables["claims"])
    bad = lost.assign(version=lost["id"] + ", " + lost["version"].map(str))
    wrong = "is not in claims.csv"
    remedy = "Use an id and version of that table, or add the claim there"
    yield from found("rules", bad, "version", wrong, remedy)


@check("claims", "rules.id rules.version")
def _ruled(tables: Tables) -> Iterator[Problem]:
    """The latest version of each claim has a rule that computes it."""
    claims = tables["claims"]
    if "version" not in claims:
        return
    bad = absent(latest(claims), ["id", "version"], tables["rules"])
    wrong = "its latest version has no rule"
    heads = "[" + bad["id"] + "." + bad["version"].map(str) + "]"
    remedy = "Add the table " + heads + f" to {shape.file_of('rules')}"
    yield from found("claims", bad, "id", wrong, remedy)


@check("rules")
def _elsewhere(tables: Tables) -> Iterator[Problem]:
    """What stands for a parameter on another case, and whether there is such a parameter."""
    rules = latest(tables["rules"])
    if "elsewhere" not in rules:
        return
    for row in rows_of(rules.dropna(subset=["elsewhere", "parameters"])):
        problem = partial(Problem, "rules", row.Index, "elsewhere")
        for one in filter(None, map(str.strip, row.elsewhere.split(";"))):
            name, _, what = one.partition("=")
            if name not in row.parameters:
                remedy = f"Use one of {', '.join(row.parameters)}"
                yield problem(name, "is no parameter of the rule", remedy)
            elif what not in shape.ELSEWHERE and not shape.YEARS.fullmatch(what):
                remedy = f"Use one of {', '.join(shape.ELSEWHERE)}, or years"
                yield problem(what, "is nothing that another case has", remedy)


check("rules")(parameters.of_rules)
check("choices")(parameters.of_choices)


@check("measures")
def _measures(tables: Tables) -> Iterator[Problem]:
    """A measure reads columns that are there, and has a row of the state to draw."""
    state = state_of(tables)
    for row in rows_of(tables["measures"].dropna(subset=["table", "value"])):
        problem = partial(Problem, "measures", row.Index)
        if row.table not in tables:
            yield from _close_to_a_table(tables, row.table, problem)
            continue
        table, where = tables[row.table], "" if pd.isna(row.where) else row.where
        conditions = [one.partition("=") for one in filter(None, where.split(";"))]
        columns = [("value", row.value)] if row.value != "rows" else []
        columns += [("where", column) for column, _, _ in conditions]
        lost = [(at, name) for at, name in columns if name not in table]
        for at, name in lost:
            yield problem(at, name, *_no_column(row.table, table))
        if not lost and "iso3" in table:
            for column, _, values in conditions:
                table = table[table[column].astype(str).isin(values.split("|"))]
            hole = row.absent == "missing"  # else a year without a row is a zero
            if hole:
                table = table[table["iso3"] == state]
            if hole and not pd.isna(row.since) and "year" in table:
                table = table[table["year"] >= row.since]
            if table.empty:
                whose = f" of {state}" if hole else ""
                yield problem(
                    "where" if where else "table",
                    where or row.table,
                    f"no row{whose} in {shape.file_of(row.table)} is counted by it",
                    "Mend the condition, add the rows, or take the measure out",
                )


@check("significance")
def _significance(tables: Tables) -> Iterator[Problem]:
    state = state_of(tables)
    for row in rows_of(tables["significance"].dropna()):
        problem = partial(Problem, "significance", row.Index)
        if row.table not in tables:
            yield from _close_to_a_table(tables, row.table, problem)
            continue
        table, powers = tables[row.table], row.powers.split("|")
        for column, name in (("partner", row.partner), ("value", row.value)):
            if name not in table:
                yield problem(column, name, *_no_column(row.table, table))
        if row.partner not in table:
            continue
        if not table[row.partner].isin(powers).any():
            wrong = f"none of them stands in {shape.file_of(row.table)}"
            remedy = "Write ISO3 codes with | between them"
            yield problem("powers", row.powers, wrong, remedy)
        if state in powers:
            wrong = "the state under study is no power over itself"
            yield problem("powers", row.powers, wrong, "Take it out")


def _no_column(table: str, rows: pd.DataFrame) -> tuple[str, str]:
    columns = ", ".join(rows.columns)
    return f"is no column of {shape.file_of(table)}", f"Use one of {columns}"


def _close_to_a_table(
    tables: Tables, name: str, problem: Callable[..., Problem]
) -> Iterator[Problem]:
    """A table that a case does not have is no fault, one that it has by another name is."""
    if meant := nearest(name, tables):
        yield problem("table", name, "is no table here", sentence(meant))


@check("series_breaks", "measures.id")
def _breaks(tables: Tables) -> Iterator[Problem]:
    rows = tables["series_breaks"]["series"].dropna()
    known = pd.Series([*tables["measures"]["id"].dropna(), *parameters.BY_PARTNER])
    yield from strangers("series_breaks", "series", rows, "measures", "id", known)
