"""What each chapter asks of a case: the tables that it opens and the rows that it names.

Tables that a chapter opens by way of the module stand in ``needs.toml``, recorded while the
chapters ran; what their cells name (a period, an act, a claim) is read out of the cells.
"""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..data import Case
from ..tables import shape

BOOK = Path(__file__).resolve().parents[2]
NEEDS = Path(__file__).with_name("needs.toml")
#: Columns whose values a cell can name, by table, with what one is called.
NAMED = {
    ("periods", "id"): "period",
    ("vectors", "vector"): "vector",
    ("events", "id"): "act",
    ("claims", "id"): "claim",
    ("payments", "id"): "payment",
    ("measures", "id"): "measure",
}
_GLUED = re.compile(r"\{glue:text\}`([^`]+)`")


class Chapter(NamedTuple):
    """A notebook of the book, and what it asks of a case."""

    name: str
    tables: tuple[str, ...]
    words: frozenset[str]  #: texts that its cells hold


def chapters(book: Path = BOOK) -> list[Chapter]:
    """The notebooks of a book in the order of its table of contents."""
    needs = tomllib.loads(NEEDS.read_text(encoding="utf-8"))
    found = {path.stem: path for path in sorted(book.glob("*.ipynb"))}
    contents = (book.parent / "_toc.yml").read_text(encoding="utf-8")
    order = [name for name in re.findall(r"book/([\w-]+)", contents) if name in found]
    return [
        Chapter(
            name,
            tuple(needs.get(name, {}).get("tables", ())),
            frozenset(words_of(found[name])),
        )
        for name in dict.fromkeys([*order, *found])
    ]


def words_of(notebook: Path) -> Iterator[str]:
    """Every text in the code cells of a notebook, and every name in a place for a number."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value
        else:
            for name in _GLUED.findall(source):
                yield from re.findall(r"\w+", name.partition(":")[0])


def lacking(chapter: Chapter, case: Case, origin: Case) -> dict[str, list[str]]:
    """What a chapter asks for and a case does not have, by kind; nothing if it can run.

    Parameters
    ----------
    chapter : Chapter
    case : data.Case
    origin : data.Case
        The case that the chapter was written on: what of its rows a cell names.

    Returns
    -------
    dict of str to list of str
        "table", "period", "vector", "act", "claim", "payment" or "measure", and ids.
    """
    found = {"table": [name for name in chapter.tables if not case.has(name)]}
    for (table, column), kind in NAMED.items():
        if origin.has(table):
            named = chapter.words & set(origin.table(table)[column])
            own = set(case.table(table)[column]) if case.has(table) else set()
            if case.has(table) or table not in chapter.tables:
                found[kind] = sorted(named - own)
    return {kind: names for kind, names in found.items() if names}


def needed_for(table: str) -> str:
    """What a table is needed for, in a few words."""
    return shape.NEEDED_FOR.get(table, "")
