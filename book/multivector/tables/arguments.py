"""Reads the parameters of rules and choices: a file of TOML beside their table.

A table of the file belongs to the row with its key: ``[C07.2]`` to version 2 of claim C07.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

import pandas as pd

from . import seals
from .problems import DESCRIPTOR, Problem
from .values import nearest, sentence

if TYPE_CHECKING:
    from .descriptor import Table

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


def read(
    folder: Traversable, table: Table, frame: pd.DataFrame, lines: Iterable[int]
) -> tuple[pd.Series | None, bool, list[Problem]]:
    """The parameters of each row of a table.

    Parameters
    ----------
    folder : Path or zipfile.Path
    table : descriptor.Table
    frame : DataFrame
        Its rows.
    lines : sequence of int
        Lines of its file on which they stand.

    Returns
    -------
    tuple
        A column of :class:`Parameters`, None where a row has none, or None instead of the column if the file
        cannot be read; whether the file is another than it was sealed; a list of problems.
    """
    path, checksum = table.parameters or ("", None)
    try:
        content = (folder / path).read_bytes()
        text = content.decode("utf-8-sig")
        tree = tomllib.loads(text.replace("\r\n", "\n"))
    except (OSError, ValueError) as error:
        return None, False, [_unread(path, error, locals().get("text", ""))]
    changed = checksum is not None and not seals.holds(content, checksum)
    found, problems = _tables(path, tree, text, len(table.keys[0]))
    keys = [tuple(map(str, row)) for row in frame[list(table.keys[0])].to_numpy()]
    for key, line in zip(keys, lines):
        if key not in found:
            told = ", ".join(key)
            wrong, remedy = f"has no parameters in {path}", f"Add {_head(key)} to it"
            column = ", ".join(table.keys[0])
            problems.append(Problem(table.path, int(line), column, told, wrong, remedy))
    for key in [key for key in found if key not in keys]:
        remedy = _meant(key, keys) or f"take it out, or add its row to {table.path}"
        remedy = sentence(remedy)
        wrong = f"belongs to no row of {table.path}"
        problems.append(Problem(path, found[key].line, None, _head(key), wrong, remedy))
    return pd.Series(map(found.get, keys), frame.index, object), changed, problems


def _meant(key: tuple[str, ...], keys: list[tuple[str, ...]]) -> str | None:
    """The name in a head that must have been meant where there is no such one, or None."""
    for depth, name in enumerate(key):
        known = {one[depth] for one in keys if one[:depth] == key[:depth]}
        if name not in known:
            return nearest(name, known)
    return None


def _unread(path: str, error: Exception, text: str) -> Problem:
    """Why a file of parameters cannot be read."""
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
    """Parameters by key, with their places; what is no table so deep is a problem."""
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
