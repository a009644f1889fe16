"""Reads the file of a table and checks its cells one column at a time.

A column is read and checked once for each value that occurs in it, not once a cell.
"""

import csv
import io
import re
from collections.abc import Callable
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from . import seals, shape
from .descriptor import LINK, Field, Table
from .problems import DESCRIPTOR, Problem
from .values import (
    BLANKS,
    FORMS,
    MARKS,
    clean,
    mangled,
    nearest,
    sentence,
    value_of,
    why_not,
)

csv.field_size_limit(2**24)  # a cell may hold a long text

_CSV = "Save it as 'CSV UTF-8', with commas"
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)
_MISREAD = re.compile("\u00c3[\u0080-\u00bf\u2018-\u203a\u0192]|\u00e2\u20ac|\ufffd")


class Sheet(NamedTuple):
    """The cells of a file: places and texts of each column, and the lines of its rows."""

    columns: dict  #: name to (place of each row among the texts, or -1; the texts)
    lines: np.ndarray
    changed: bool  #: another content than the checksum in the descriptor says
    parameters: list | None = None  #: those of each row, where rows have them

    def line(self, row: int, column: str | None) -> int:
        """On which a cell stands; that of the row where cells share it."""
        if self.parameters is not None:
            return self.parameters[row].lines.get(column, self.parameters[row].line)
        return int(self.lines[row])


class _Unreadable(Exception):
    """A file of which nothing can be said but this: what is wrong, the remedy, row and value."""


def read(folder: Traversable, table: Table) -> tuple[Sheet | None, list[Problem]]:
    """The cells of one table.

    Returns
    -------
    tuple
        A :class:`Sheet`, or None if the table cannot be read; a list of problems.
    """
    problems = []

    def problem(
        wrong: str,
        remedy: str,
        row: int | None = None,
        value: Any = None,
        column: str | None = None,
    ) -> None:
        problems.append(Problem(table.path, row, column, value, wrong, remedy))

    try:
        content = _content(folder, table)
        text = _decoded(content)
        _refuse_conflicts(text)
        header, rows, lines = _split(text, table)
    except _Unreadable as fault:
        problem(*fault.args)
        return None, problems
    _even(header, rows, lines, problem)
    names = _names(header, rows, lines, table, problem)
    if not rows and not table.empty:
        problem("no rows", "Give the table at least one row")
    if problems:
        return None, problems
    cells = np.array(rows, dtype=object).reshape(len(rows), len(header))
    missing = {field.name: field.missing for field in table.fields}
    columns = {
        name: _column(cells[:, place], missing[name]) for name, place in names.items()
    }
    changed = table.checksum is not None and not seals.holds(content, table.checksum)
    return Sheet(columns, np.array(lines), changed), problems


def _content(folder: Traversable, table: Table) -> bytes:
    try:
        return (folder / table.path).read_bytes()
    except FileNotFoundError:
        wrong, remedy = "missing file", f"Add the table, or take it out of {DESCRIPTOR}"
    except OSError as error:
        wrong, remedy = f"cannot be read: {error.strerror}", "Put a file in its place"
    raise _Unreadable(wrong, remedy)


def _decoded(content: bytes) -> str:
    """The text of a file, its lines ended by line feeds."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:200]
    try:
        if wide:
            raise UnicodeDecodeError("utf-8", content, 0, 1, "UTF-16")
        return re.sub("\r\n?", "\n", content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        looks = "UTF-16" if wide else "Windows-1252 or another one-byte encoding"
        fault: list[Any] = [
            "not encoded in UTF-8",
            f"It looks like {looks}: save it as UTF-8 (in spreadsheets 'CSV UTF-8')",
        ]
        if not wide:
            before = seals.with_line_feeds(content[: error.start])
            word = content[max(error.start - 12, 0) : error.start + 12].splitlines()
            shown = b" ".join(word).decode("cp1252", "replace")
            fault += [before.count(b"\n") + 1, shown]
    raise _Unreadable(*fault)


def _refuse_conflicts(text: str) -> None:
    found = list(_CONFLICT.finditer(text))
    if {"<" * 7, ">" * 7} <= {mark[1] for mark in found}:
        rows = [text.count("\n", 0, mark.start()) + 1 for mark in found]
        lines = ", ".join(map(str, rows))
        remedy = f"Keep one version and take out the lines {lines}"
        wrong = "marks of a conflict between two versions"
        raise _Unreadable(wrong, remedy, rows[0])


def _split(text: str, table: Table) -> tuple[list[str], list[list[str]], list[int]]:
    """Header, rows and the lines on which they stand; rows of blanks say nothing."""
    found, line = [], 0
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for line, row in enumerate(reader, 1):
            said = not (table.comments and row and row[0].startswith("#"))
            if said and any(map(str.strip, row)):
                found.append((line, row))
    except csv.Error as error:
        wrong = f"not a readable table: {error}"
        remedy = "Close every quotation mark; quote cells with commas; look whether the file has been cut off"
        raise _Unreadable(wrong, remedy, line + 1) from None
    if not found:
        raise _Unreadable("empty file", "Give it a header and at least one row")
    lines, rows = [line for line, _ in found[1:]], [row for _, row in found[1:]]
    header = [clean(name) for name in found[0][1]]
    _refuse_separators(text, header, table)
    return header, rows, lines


def _refuse_separators(text: str, header: list[str], table: Table) -> None:
    """A file with another sign between its cells is one problem, not one for each row."""
    described = {field.name for field in table.fields}
    if 2 * len(described & set(header)) >= len(described):
        return
    first, _, rest = text.partition("\n")
    if first.casefold().startswith("sep="):
        first = rest.partition("\n")[0]
    for sign, name in _SEPARATORS.items():
        cells = {clean(cell).strip('"') for cell in first.split(sign)}
        if 2 * len(described & cells) >= len(described):
            raise _Unreadable(f"its cells are separated by {name}, not by commas", _CSV)


def _even(
    header: list[str],
    rows: list[list[str]],
    lines: list[int],
    problem: Callable[..., None],
) -> None:
    """What is wrong with the lengths of rows; empty cells beyond the header say nothing."""
    width = len(header)
    uneven = [i for i, row in enumerate(rows) if len(row) != width]
    for i in list(uneven):
        if len(rows[i]) > width and not "".join(rows[i][width:]).strip(BLANKS):
            rows[i] = rows[i][:width]
            uneven.remove(i)
    if len(uneven) == len(rows) and rows and {len(row) for row in rows} == {width + 1}:
        wrong = f"every row has {width + 1} cells under {width} columns"
        remedy = "If the first ones number the rows, save without them (in R row.names = FALSE)"
        problem(wrong, remedy, value=",".join(rows[0])[:60])
        uneven = []
    for i in uneven:
        text = ",".join(rows[i])
        why = "quote cells with commas"
        if any(sign in text for sign in "\u201c\u201d\u201e"):
            why = "quote cells with straight quotation marks, not with curly ones"
        elif i == len(rows) - 1 and len(rows[i]) < width:
            why = "the last row looks as if the file had been cut off"
        remedy = f"Give every row as many cells as the header; {why}"
        wrong = f"{len(rows[i])} cells under {width} columns"
        problem(wrong, remedy, lines[i], text[:60])


def _names(
    header: list[str],
    rows: list[list[str]],
    lines: list[int],
    table: Table,
    problem: Callable[..., None],
) -> dict[str, int]:
    """Place of each described column; what is wrong with the header."""
    described = [field.name for field in table.fields]
    wanted = dict.fromkeys([*described, *shape.REQUIRED.get(table.name, {})])
    places, renamed = {}, set()
    letters = {_letters(name): name for name in wanted if name not in header}
    for place, name in enumerate(header):
        if name in described:
            if name in places:
                wrong = "stands more than once in the header"
                problem(wrong, "Keep one of the columns", column=name)
            places[name] = place
        elif name not in wanted and (meant := letters.get(_letters(name))):
            renamed.add(meant)
            wrong, remedy = "is not the name of a column", f"Write {meant}"
            problem(wrong, remedy, column=name, value=name)
        elif name not in wanted:
            cells = [clean(row[place]) if place < len(row) else "" for row in rows]
            _refuse_column(name, cells, lines, problem)
    for name in wanted:
        if name not in header and name not in renamed:
            remedy = "Add the column; leave its cells empty where nothing is known"
            problem("missing column", remedy, column=name)
        elif name in header and name not in described:
            remedy = f"Describe it in {DESCRIPTOR}"
            problem("column is not described", remedy, column=name)
    return places


def _letters(name: str) -> str:
    """A name without blanks, signs and case."""
    return re.sub(r"[\W_]", "", name).casefold()


def _refuse_column(
    name: str, cells: list[str], lines: list[int], problem: Callable[..., None]
) -> None:
    """A column that nobody described; without name and content it is passed over."""
    remedy = f"Describe it in {DESCRIPTOR}, or remove it"
    if cells in ([str(i) for i in range(n, n + len(cells))] for n in (0, 1, 2)):
        remedy = "It numbers the rows: save without it (in pandas index=False, in R row.names = FALSE)"
    if name and not re.fullmatch(r"Unnamed: ?\d+", name):
        problem("unknown column", remedy, column=name)
        return
    for line, cell in zip(lines, cells):
        if cell:
            wrong = "a column without a name"
            problem(wrong, remedy, line, cell[:60], name or None)
            return


def _column(raw: np.ndarray, missing: frozenset[str]) -> tuple[np.ndarray, list[str]]:
    """(place of each row among the texts, the texts), blanks taken off; -1 is empty."""
    place, texts = pd.factorize(raw)
    kept: list[Any] = [clean(text) for text in texts]
    kept = [None if not text or text in missing else text for text in kept]
    if None not in kept and len(set(kept)) == len(kept):
        return place, kept
    again, texts = pd.factorize(np.array([*kept, None], dtype=object)[:-1])
    return again[place], list(texts)


# --- checks of single cells ------------------------------------------------------------------


def typed(sheet: Sheet, table: Table) -> tuple[pd.DataFrame, list[Problem]]:
    """The table in its kinds, and the problems of all its cells.

    Returns
    -------
    tuple
        A frame (Int64, float, bool, datetime64, text); a list of problems.
    """
    found, problems = {}, []

    def cell(i: Any, column: str, value: Any, wrong: str, remedy: str) -> Problem:
        return Problem(table.path, sheet.line(i, column), column, value, wrong, remedy)

    for field in table.fields:
        name, (place, texts) = field.name, sheet.columns[field.name]
        values = [value_of(field, text) for text in texts]
        if field.rules.get("required"):
            problems += [
                cell(i, name, None, "empty cell", "A value is required here")
                for i in np.flatnonzero(place < 0)
            ]
        faults = {
            number: fault
            for number, (text, value) in enumerate(zip(texts, values))
            if (fault := _fault(field, text, value, table.plain))
        }
        problems += [
            cell(i, name, texts[place[i]], *faults[place[i]])
            for i in np.flatnonzero(np.isin(place, list(faults)))
        ]
        found[name] = _in_kind(field.kind, values, place)
    frame = pd.DataFrame(found)
    if sheet.parameters is not None:
        frame["parameters"] = pd.Series(sheet.parameters, frame.index, object)
    unique = [(field.name,) for field in table.fields if field.rules.get("unique")]
    for key in dict.fromkeys([*table.keys, *unique]):
        for i, remedy in _repeated(frame, list(key)):
            cells = [sheet.columns[name] for name in key]
            value = ", ".join(texts[place[i]] for place, texts in cells)
            wrong = "stands more than once"
            problems.append(cell(i, ", ".join(key), value, wrong, remedy))
    return frame, problems


def _beyond(rules: dict[str, Any], value: Any) -> tuple[str, str] | None:
    """What is wrong with a value that lies beyond a bound, or None."""
    if "minimum" in rules and value < rules["minimum"]:
        return "below the minimum", f"Allowed: {rules['minimum']} or more"
    if "maximum" in rules and value > rules["maximum"]:
        return "above the maximum", f"Allowed: {rules['maximum']} or less"
    return None


def _fault(field: Field, text: str, value: Any, plain: bool) -> tuple[str, str] | None:
    """What is wrong with one text, and what would be right; None if nothing is."""
    rules, allowed = field.rules, field.rules.get("enum")
    if text in MARKS and not (field.kind == "string" and allowed and text in allowed):
        remedy = f"Leave the cell empty, or add {text} to missingValues in {DESCRIPTOR}"
        return "is what programs write for an empty cell", remedy
    if value is None:
        form = FORMS[field.kind]
        return f"not {form}", _because(f"Write {form}", why_not(field, text))
    if beyond := _beyond(rules, value):
        return beyond
    if allowed and value not in allowed:
        close = nearest(text, allowed) if field.kind == "string" else None
        told = f"Allowed: {', '.join(map(str, allowed))}"
        return "not an allowed value", _because(told, close or why_not(field, text))
    if field.kind != "string":
        return None
    if "pattern" in rules and not rules["pattern"].fullmatch(text):
        why = why_not(field, text)
        if text.isdigit() and rules["pattern"].fullmatch(f"0{text}"):
            why = "its leading zero was lost"
        remedy = f"It must match {rules['pattern'].pattern}"
        return "of the wrong form", _because(remedy, why)
    if field.is_id and not allowed and "pattern" not in rules and mangled(text):
        return "does not look like an id", sentence(mangled(text))
    if field.link and not all(LINK.fullmatch(one) for one in text.split("; ")):
        remedy = "Write https:// or http:// addresses, '; ' between them"
        return "not an address that a reader can follow", remedy
    if plain and _MISREAD.search(text):
        remedy = "Write them anew, or read the file as UTF-8"
        return "letters were read in a wrong encoding", remedy
    return None


def _because(remedy: str, why: str) -> str:
    return f"{remedy} ({why})" if why else remedy


def _in_kind(kind: str, values: list[Any], place: np.ndarray) -> pd.Series:
    """The values at their places, typed; a place of -1 is an empty cell."""
    if kind == "string":
        return pd.Series(np.array([*values, None], dtype=object)[place], dtype="str")
    if kind == "date":
        return pd.Series(np.array([*values, None], dtype="datetime64[us]")[place])
    numbers = pd.Series(np.array([*values, None], dtype=float)[place])
    if kind == "integer":
        return numbers.astype("Int64")
    if kind == "boolean":
        return numbers.astype("boolean" if numbers.isna().any() else bool)
    return numbers


def _repeated(frame: pd.DataFrame, key: list[str]) -> list[tuple[Any, str]]:
    """Rows whose key stands in a row before, with the remedy; a key with an empty part is none."""
    again = frame.duplicated(key) & frame[key].notna().all(axis=1)
    if not again.any():
        return []
    twice, whole = "The whole row is there twice: remove one", frame.duplicated()
    return [
        (i, twice if whole[i] else "Give each row its own value")
        for i in np.flatnonzero(again)
    ]
