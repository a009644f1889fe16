"""Under which licences the numbers of a chart stand, after the descriptor of the case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from essay_cache import case_folder


def descriptor(folder: Path) -> dict[str, Any]:
    """What a case says of its tables; nothing if it does not say."""
    path = folder / "datapackage.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def of_case(root: Path) -> dict[str, Any]:
    """Descriptor of the case that the book is built on."""
    return descriptor(case_folder(root))


def terms(about: dict[str, Any]) -> str:
    """Licences of a table, or of all tables, in one line."""
    return "; ".join(one.get("title") or one["name"] for one in about["licenses"])


def licences(source: str, package: dict[str, Any]) -> str:
    """Licences of the tables that a source line cites, each with its tables.

    A line that cites no table tells of numbers that the essay has made: they have the
    licence of the whole.

    Examples
    --------
    >>> ours, theirs = [{"name": "A", "title": "Ours"}], [{"name": "B", "title": "Theirs"}]
    >>> tables = [
    ...     {"name": "votes", "citation": "Roll calls (2009)", "licenses": theirs},
    ...     {"name": "points", "citation": "Points (2017)", "licenses": theirs},
    ... ]
    >>> licences("Roll calls (2009); Points (2017)", {"licenses": ours, "resources": tables})
    'Theirs (votes, points)'
    >>> licences("a model", {"licenses": ours, "resources": tables})
    'Ours'
    """
    named: dict[str, list[str]] = {}
    for table in package.get("resources", []):
        cited = table.get("citation") and table["citation"] in source
        if cited and table.get("licenses"):
            named.setdefault(terms(table), []).append(table["name"])
    if named:
        return "; ".join(f"{term} ({', '.join(each)})" for term, each in named.items())
    return terms(package) if package.get("licenses") else ""
