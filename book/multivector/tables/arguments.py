"""Reads a table whose rows have parameters: a file of TOML, with a table for each row.

The head is the key of the row: ``[C07.2]`` is version 2 of the rule of claim C07. What under it
has the name of a column of the descriptor is a cell; all else are the parameters of the row.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
import pandas as pd

from . import seals
from .cells import Sheet
from .descriptor import Table
from .problems import DESCRIPTOR, Problem
from .values import clean

_HEADER = re.compile(r"\[[^\[\]]+\]")
_KEY = re.compile(r"([A-Za-z0-9_-]+)\s*=")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


class Parameters(dict):
    """The parameters of one row, and where they stand.

    Attributes
    ----------
    file : str
    line : int
        Of the head of the table.
    lines : dict
        Of each parameter, by its name.
    """

    def __init__(
        self, found: Any = (), file: str = "", line: int | None = None, lines: Any = ()
    ) -> None:
        super().__init__(found)
        self.file, self.line, self.lines = file, line, dict(lines)

    def problem(self, name: str, value: Any, wrong: str, remedy: str) -> Problem:
        """What is wrong with one of them."""
        line = self.lines.get(name, self.line)
        value = str(value) if isinstance(value, (dict, list)) else value
        return Problem(self.file, line, name, value, wrong, remedy)


def read(folder: Traversable, table: Table) -> tuple[Sheet | None, list[Problem]]:
    """The rows of one table and their parameters.

    Parameters
    ----------
    folder : Path or zipfile.Path
    table : descriptor.Table
        Of the form "toml".

    Returns
    -------
    tuple
        A :class:`cells.Sheet`, its lines those of the heads, or None if the table cannot be
        read; a list of problems.
    """
    text = ""
    try:
        content = (folder / table.path).read_bytes()
        text = content.decode("utf-8-sig")
        tree = tomllib.loads(text.replace("\r\n", "\n"))
    except (OSError, ValueError) as error:
        return None, [_unread(table.path, error, text)]
    found, problems = _tables(table.path, tree, text, len(table.keys[0]))
    if not found and not table.empty:
        remedy = "Give the table at least one row"
        problems.append(Problem(table.path, None, None, None, "no rows", remedy))
    rows = []
    for key, given in found.items():
        row, wrong = _cells(given, key, table)
        rows.append(row)
        problems += wrong
    if problems:
        return None, problems
    columns = {}
    for field in table.fields:
        place, texts = pd.factorize(
            np.array([*(row[field.name] for row in rows), None])
        )
        columns[field.name] = place[:-1], list(texts)
    changed = table.checksum is not None and not seals.holds(content, table.checksum)
    lines = np.array([given.line for given in found.values()], dtype=int)
    return Sheet(columns, lines, changed, list(found.values())), problems


def _cells(
    given: Parameters, key: tuple[str, ...], table: Table
) -> tuple[dict[str, str | None], list[Problem]]:
    """The cells of a row, taken out of what is given under its head; what is no cell."""
    row: dict[str, str | None] = dict(zip(table.keys[0], key))
    problems = []
    for field in table.fields:
        name = field.name
        if name in row and name in given:
            wrong = "stands in the head of the table already"
            problems.append(given.problem(name, given[name], wrong, "Take it out here"))
        value = given.pop(name, None)
        row.setdefault(name, _text(value))
        if value is not None and _text(value) is None:
            remedy = "Write a text in straight quotation marks, or a list of texts"
            problems.append(given.problem(name, value, "is no text", remedy))
    return row, problems


def _text(value: Any) -> str | None:
    """What a cell says: a text without blanks around it, or several with "; " between them."""
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in texts):
        return None
    return clean("; ".join(texts)) or None


def _unread(path: str, error: Exception, text: str) -> Problem:
    """Why a file of TOML cannot be read."""
    if isinstance(error, FileNotFoundError):
        remedy = f"Add it, or name another in {DESCRIPTOR}"
        return Problem(path, None, None, None, "missing file", remedy)
    if isinstance(error, OSError):
        wrong = f"cannot be read: {error.strerror}"
        return Problem(path, None, None, None, wrong, "Put a file in its place")
    if isinstance(error, UnicodeDecodeError):
        wrong = "not encoded in UTF-8"
        return Problem(path, None, None, None, wrong, "Save the file as UTF-8")
    told, _, place = str(error).partition(" (at ")
    number = re.match(r"line (\d+)", place)
    line = int(number[1]) if number else None
    value = text.splitlines()[line - 1].strip() if line else None
    remedy = "Mend it at that place"
    if value and any(sign in value for sign in "\u201c\u201d\u201e"):
        remedy = "Write straight quotation marks, not curly ones"
    return Problem(path, line, None, value, f"not valid TOML: {told}", remedy)


def _tables(
    path: str, tree: dict[str, Any], text: str, depth: int
) -> tuple[dict[tuple[str, ...], Parameters], list[Problem]]:
    """What stands under each head, with its places; what is no table so deep is a problem."""
    places = _places(text)
    found: dict[tuple[str, ...], Parameters] = {}
    problems: list[Problem] = []

    def walk(value: Any, key: tuple[str, ...]) -> None:
        if not isinstance(value, dict):
            line = places.get(key)
            wrong = "stands outside the table of a row"
            remedy = "Put it under a head such as " + _head(("name",) * depth)
            problems.append(Problem(path, line, None, key[-1], wrong, remedy))
        elif len(key) == depth:
            lines = {name: places.get((*key, name)) for name in value}
            found[key] = Parameters(value, path, places.get(key), lines)
        else:
            for name, inner in value.items():
                walk(inner, (*key, name))

    walk(tree, ())
    return found, problems


def _places(text: str) -> dict[tuple[str, ...], int]:
    """Line of each head and of each name under it, by their keys."""
    found: dict[tuple[str, ...], int] = {}
    head: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if mark := _HEADER.match(line):
            try:
                head = _path(tomllib.loads(mark[0]))
            except tomllib.TOMLDecodeError:  # a list on a line of its own
                continue
            found[head] = number
        elif mark := _KEY.match(line):
            found[(*head, mark[1])] = number
    return found


def _path(tree: dict[str, Any]) -> tuple[str, ...]:
    """Names from the outside in, of a table that holds nothing else."""
    path = []
    while tree:
        [(name, tree)] = tree.items()
        path.append(name)
    return tuple(path)


def _head(key: tuple[str, ...]) -> str:
    """The head of a table as it is written."""
    return f"[{'.'.join(n if _BARE.fullmatch(n) else repr(n) for n in key)}]".replace(
        "'", '"'
    )
