"""Marks that the chapters ask another state's case for: which it lacks, and which are of no use.

What a mark is for is told by the case of this book, in the column ``elsewhere`` of its marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ..data import Case
from ..hints import rows_of
from ..tables import marks, shape
from .fragments import Piece

_ASKED = re.compile(r"\.mark\(\s*\"([\w-]+)\"")
_TABLE = "marks"


def asked(chapters: Mapping[str, Sequence[Piece]]) -> dict[str, list[str]]:
    """The marks that composed chapters ask for, each with the chapters that do.

    Examples
    --------
    >>> asked({"a7": [Piece("a", 'case.mark("turn")', code=True)], "a8": []})
    {'turn': ['a7']}
    """
    found: dict[str, list[str]] = {}
    for chapter, pieces in chapters.items():
        for name in (n for p in pieces if p.code for n in _ASKED.findall(p.text)):
            if chapter not in found.setdefault(name, []):
                found[name].append(chapter)
    return found


def lacking(
    case: Case, origin: Case, chapters: Mapping[str, Sequence[Piece]]
) -> list[str]:
    """What a case does not point at and its chapters ask for, a line for each mark."""
    known = _marks(origin)
    own = set(case.table(_TABLE)["mark"]) if case.has(_TABLE) else set()
    told = []
    for name, where in asked(chapters).items():
        if name in own:
            continue
        kind, table, purpose = known.get(name, ("", "", ""))
        if table:
            like = f" ({kind} of {table}, by its first column)"
        else:
            like = f" ({kind}, as in '{shape.MARKS[kind]}')" if kind else ""
        told.append(f"{', '.join(where)}: {name}{like}{purpose and f': {purpose}'}")
    return told


def problems(case: Case, origin: Case) -> Iterator[str]:
    """Marks of a case that cannot stand for what the chapters take them for."""
    if not case.has(_TABLE):
        return
    known = _marks(origin)
    for row in rows_of(case.table(_TABLE)):
        kind, _, purpose = known.get(row.mark, ("", "", ""))
        if not purpose or row.kind == kind:
            continue
        try:
            marks.value_of(kind, row.value)
        except ValueError:
            yield (
                f"{shape.file_of(_TABLE)}, mark '{row.mark}': '{row.value}' is no {kind}. "
                f"Write it as in '{shape.MARKS[kind]}': {purpose}"
            )


def _marks(origin: Case) -> dict[str, tuple[str, str, str]]:
    """Kind, table and purpose in another state's book of each mark of the case of this book."""
    if not origin.has(_TABLE):
        return {}
    rows = origin.table(_TABLE).fillna("")
    if "elsewhere" not in rows:
        return {}
    return {row.mark: (row.kind, row.table, row.elsewhere) for row in rows_of(rows)}
