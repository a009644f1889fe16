"""The machine of the checks that cross columns and tables.

A problem names here the table and the number of its row in the frame, and is put into
its file and line where all of them are gathered.  Each check judges one table by columns
of others; it waits where a table is not there, or where those columns hold problems of
their own, since it would only repeat them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from . import shape
from .problems import Problem
from .values import nearest

#: The tables of a case by name.
Tables = Mapping[str, pd.DataFrame]
#: What looks for problems in them.
Check = Callable[[Tables], Iterable[Problem]]
#: (judged table, columns of others, function)
CHECKS: list[tuple[str, tuple[str, ...], Check]] = []


def check(judged: str, by: str = "") -> Callable[[Check], Check]:
    """Enter a function among the checks of a table.

    Parameters
    ----------
    judged : str
        The table in which the problems stand; empty for all tables.
    by : str
        ``table.column`` of what it is judged by, blanks between.
    """

    def enter(function: Check) -> Check:
        CHECKS.append((judged, tuple(by.split()), function))
        return function

    return enter


def any_of(spoiled: Collection[str], table: str, columns: Collection[str]) -> bool:
    """Whether one of these columns has a problem of its own."""
    return any(f"{table}.{column}" in spoiled for column in columns)


def there(tables: Tables, judged: str, by: Collection[str]) -> bool:
    """Has the case the tables of a check, with the columns that it reads?"""
    needed = {tuple(one.split(".")) for one in by}
    if judged:
        needed |= {(judged, column) for column in shape.KNOWN.get(judged, {})}
    return (not judged or judged in tables) and all(
        table in tables and column in tables[table] for table, column in needed
    )


#: A text, or one for each row.
Words = str | pd.Series


def found(
    table: str, rows: pd.DataFrame, column: str, wrong: Words, remedy: Words
) -> list[Problem]:
    """A problem for each row that is passed."""
    if rows.empty:  # a frame without rows would take those of the texts
        return []
    told = rows[[column]].assign(wrong=wrong, remedy=remedy)
    return [
        Problem(table, i, column, plain(value), *words)
        for i, value, *words in told.itertuples()
    ]


def plain(value: Any) -> Any:
    """A cell as a message shows it: a bare number, a day without its time, nothing for a missing one."""
    if pd.isna(value):
        return None
    if isinstance(value, np.generic):
        return value.item()
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else value


def marked(column: pd.Series) -> pd.Series:
    """What holds in each row; it does not where nobody knows."""
    return column.fillna(False).astype(bool)


def absent(rows: pd.DataFrame, columns: Sequence[str], known: pd.DataFrame) -> Any:
    """The rows whose columns, all filled, stand together in no row of another table."""
    filled = rows.dropna(subset=list(columns))
    pairs, there = (pd.MultiIndex.from_frame(t[list(columns)]) for t in (filled, known))
    return filled[~pairs.isin(there)]


# --- what stands in one table must stand in another ----------------------------------------


def partnered(
    tables: Tables,
    table: str,
    columns: Sequence[str],
    other: str,
    fields: Sequence[str],
) -> list[Problem]:
    """Values that point to another table must stand there."""
    rows, known = tables[table], tables[other]
    if len(columns) == 1:
        column, field = columns[0], fields[0]
        cells = rows[column].dropna()
        return strangers(table, column, cells, other, field, known[field])
    named = known[list(fields)].set_axis(list(columns), axis=1)
    lost = absent(rows, columns, named.dropna())[list(columns)]
    remedy = f"Use values of its columns {', '.join(fields)}, or add them there"
    wrong, told = f"is not in {shape.file_of(other)}", ", ".join(columns)
    return [
        Problem(table, i, told, ", ".join(map(str, row)), wrong, remedy)
        for i, *row in lost.itertuples()
    ]


def strangers(
    table: str, column: str, cells: pd.Series, other: str, field: str, known: pd.Series
) -> list[Problem]:
    """A problem for each value that a column of another table does not have."""
    lost = cells[~cells.isin(known)]
    if lost.empty:
        return []
    few = lost.nunique() <= 5  # a look for what was meant takes time
    names = list(known.dropna().unique())
    problems = []
    for i, value in lost.items():
        remedy = f"Use a value of its column '{field}', or add it there"
        meant = nearest(value, names) if few and isinstance(value, str) else None
        if meant:
            remedy += f" ({meant})"
        problems.append(
            Problem(
                table,
                i,
                column,
                plain(value),
                f"is not in {shape.file_of(other)}",
                remedy,
            )
        )
    return problems


def several(tables: Tables, spoiled: Collection[str]) -> Iterator[Problem]:
    """Cells that hold several names; of rules with versions, those of the latest."""
    for (table, column), (between, other, field) in shape.SEVERAL.items():
        if not there(tables, "", (f"{table}.{column}", f"{other}.{field}")):
            continue
        if not any_of(spoiled, other, [field]):
            words = latest(tables[table])[column].dropna().str.split(between).explode()
            words = words.str.strip()
            yield from strangers(
                table, column, words[words != ""], other, field, tables[other][field]
            )


def latest(rows: pd.DataFrame) -> pd.DataFrame:
    """The row with the highest version of each id; all rows where there is no version."""
    if not {"id", "version"} <= set(rows):
        return rows
    rows = rows.dropna(subset=["id", "version"]).sort_values("version", kind="stable")
    return rows.drop_duplicates("id", keep="last").sort_index()


def state_of(tables: Tables) -> str:
    """The state under study, or an empty text if it is not told."""
    actors = tables["actors"]
    own = actors.loc[actors["kind"] == "self", "actor"].dropna()
    return own.iloc[0] if len(own) == 1 else ""
