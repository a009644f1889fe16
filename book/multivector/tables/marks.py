"""Rows, years and names that the chapters of a case point at, each under a name of its own.

A cell of a chapter names no year, act or partner: it asks the case for a mark, so that
another case can point at others of its own, and a section whose mark is not there gives way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from . import shape
from .checking import Tables, check
from .problems import Problem
from .values import nearest

#: What a mark can be, and what one of that kind looks like.
KINDS = shape.MARKS


def value_of(kind: str, text: str) -> Any:
    """What a mark stands for.

    Parameters
    ----------
    kind : str
        One of :data:`KINDS`.
    text : str
        The value as it is written; what is several has blanks between.

    Returns
    -------
    int, float, str, Timestamp, or a list of them

    Raises
    ------
    ValueError
        If the text is no value of that kind.

    Examples
    --------
    >>> value_of("years", "2005 2001"), value_of("span", "2001 2005"), value_of("row", "E001")
    ([2005, 2001], [2001, 2005], 'E001')
    """
    if kind == "word":
        return text
    if kind == "span":
        return _span(text)
    one = {"year": int, "day": pd.Timestamp, "number": float, "row": str}
    several = kind.removesuffix("s")
    if kind.endswith("s"):
        return [one[several](part) for part in text.split()]
    if len(text.split()) != 1:
        raise ValueError(f"{text!r} is not one {kind}")
    return one[kind](text)


def _span(text: str) -> list[int]:
    """The first year and the last."""
    years = [int(part) for part in text.split()]
    if len(years) != 2 or years[0] > years[1]:
        raise ValueError(f"{text!r} is not a first year and a last")
    return years


@check("marks")
def _values(tables: Tables) -> Iterator[Problem]:
    for i, mark in tables["marks"].iterrows():
        kind, text = mark["kind"], mark["value"]
        if kind not in KINDS:
            continue  # told as a value that is not allowed
        try:
            value_of(kind, text)
        except ValueError:
            remedy = f"Write it as in {KINDS[kind]!r}"
            remedy += ", the first year before the last" if kind == "span" else ""
            yield Problem("marks", i, "value", text, f"is no {kind}", remedy)


@check("marks")
def _rows(tables: Tables) -> Iterator[Problem]:
    marks = tables["marks"]
    for i, mark in marks[marks["kind"].isin(["row", "rows"])].iterrows():
        table = mark["table"]
        if table in shape.NEEDED_FOR and table not in tables:
            continue  # a chapter that was lifted out takes along what it opens
        if pd.isna(table) or table not in tables:
            remedy = "Name the table whose rows are meant"
            told = None if pd.isna(table) else table
            yield Problem("marks", i, "table", told, "is no table of the case", remedy)
            continue
        rows = tables[table]
        known = list(rows[rows.columns[0]].dropna().astype(str).unique())
        for name in set(mark["value"].split()) - set(known):
            meant = nearest(name, known)
            remedy = "Name a row by the first column of the table"
            remedy += f" ({meant})" if meant else ""
            yield Problem(
                "marks", i, "value", name, f"is not in {shape.file_of(table)}", remedy
            )
