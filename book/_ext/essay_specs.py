"""A chart's specification: one walk through its views, and how a page carries it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

#: Keys under which a Vega-Lite specification holds other views, alone or in a list.
PARTS = ("layer", "concat", "hconcat", "vconcat", "spec")
#: Beside `datasets` in a page: those that stand there by columns.
COLUMNS = "columns"


def views(spec: Any) -> Iterator[dict[str, Any]]:
    """All views of a specification, a view before those that it holds.

    >>> [view.get("name") for view in views({"name": "a", "layer": [{"name": "b"}]})]
    ['a', 'b']
    """
    if isinstance(spec, list):
        for part in spec:
            yield from views(part)
    elif isinstance(spec, dict):
        yield spec
        for key in PARTS:
            yield from views(spec.get(key))


def packed(spec: dict[str, Any]) -> dict[str, Any]:
    """A specification as a page carries it: rows that have all fields stand by columns.

    A column's values are alike, rows are not: they take less room and time.

    >>> packed({"datasets": {"a": [{"x": 1, "y": 2}, {"x": 3, "y": 4}], "b": [{}]}})
    {'datasets': {'b': [{}]}, 'columns': {'a': {'x': [1, 3], 'y': [2, 4]}}}
    """
    datasets = spec.get("datasets", {})
    columns = {name: by_columns(rows) for name, rows in datasets.items()}
    found = {name: fields for name, fields in columns.items() if fields}
    if not found:
        return spec
    others = {name: rows for name, rows in datasets.items() if name not in found}
    return {**spec, "datasets": others, COLUMNS: found}


def by_columns(rows: Any) -> dict[str, list[Any]]:
    """Rows as columns; nothing if they are no rows, or have not all the same fields."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return {}
    fields = list(rows[0]) if rows else []
    if any(set(row) != set(fields) for row in rows):
        return {}
    return {field: [row[field] for row in rows] for field in fields}


def unpacked(text: str) -> dict[str, Any]:
    """The specification that a page carries as text, all its rows as rows.

    >>> unpacked('{"datasets": {"b": []}, "columns": {"a": {"x": [1, 3], "y": [2, 4]}}}')
    {'datasets': {'b': [], 'a': [{'x': 1, 'y': 2}, {'x': 3, 'y': 4}]}}
    """
    spec = json.loads(text)
    columns = spec.pop(COLUMNS, {})
    if columns:
        spec["datasets"] |= {name: by_rows(fields) for name, fields in columns.items()}
    return spec


def by_rows(fields: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Columns of equal length as rows."""
    rows = zip(*fields.values(), strict=True)
    return [dict(zip(fields, row, strict=True)) for row in rows]
