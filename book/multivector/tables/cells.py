"""Reads the file of a table and checks its cells one column at a time.

A column is read and checked once for each value that occurs in it, not once a cell.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from . import seals, shape
from .descriptor import Field, Table
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
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas"}
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)
_MISREAD = re.compile("\u00c3[\u0080-\u00bf\u2018-\u203a\u0192]|\u00e2\u20ac|\ufffd")


class Sheet(NamedTuple):
    """The cells of a file: places and texts of each column, and the lines of its rows."""

    columns: dict  #: name to (place of each row among the texts, or -1; the texts)
    lines: np.ndarray
    changed: bool  #: another content than the checksum in the descriptor says


class _Unreadable(Exception):
    """A file of which nothing can be said but this."""


def read(folder: Path, table: Table) -> tuple[Sheet | None, list[Problem]]:
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
        column: str | None = None,
        value: Any = None,
    ) -> None:
        problems.append(Problem(table.path, row, column, value, wrong, remedy))

    try:
        content = _content(folder, table, problem)
        text = _decoded(content, table, problem)
        _refuse_conflicts(text, problem)
        header, rows, lines = _split(text, table, problem)
    except _Unreadable:
        return None, problems
    _even(header, rows, lines, problem)
    names = _names(header, rows, lines, table, problem)
    if not rows:
        problem("no rows", "Give the table at least one row")
    if problems:
        return None, problems
    cells = np.array(rows, dtype=object)
    missing = {field.name: field.missing for field in table.fields}
    columns = {
        name: _column(cells[:, place], missing[name]) for name, place in names.items()
    }
    changed = table.checksum is not None and not seals.holds(content, table.checksum)
    return Sheet(columns, np.array(lines), changed), problems


def _content(folder: Path, table: Table, problem: Callable[..., None]) -> bytes:
    try:
        return (folder / table.path).read_bytes()
    except FileNotFoundError:
        problem("missing file", f"Add the table, or take it out of {DESCRIPTOR}")
    except OSError as error:
        problem(f"cannot be read: {error.strerror}", "Put a file in its place")
    raise _Unreadable


def _decoded(content: bytes, table: Table, problem: Callable[..., None]) -> str:
    """The text of a file, its lines ended by line feeds."""
    encoding = "utf-8-sig" if table.encoding == "utf-8" else table.encoding
    told = "UTF-8" if table.encoding == "utf-8" else table.encoding
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:200]
    try:
        if wide and table.encoding == "utf-8":
            raise UnicodeDecodeError("utf-8", content, 0, 1, "UTF-16")
        return re.sub("\r\n?", "\n", content.decode(encoding))
    except UnicodeDecodeError as error:
        plain = seals.with_line_feeds(content[: error.start])
        word = content[max(error.start - 12, 0) : error.start + 12].splitlines()
        looks = "UTF-16" if wide else "Windows-1252 or another one-byte encoding"
        problem(
            f"not encoded in {told}",
            f"It looks like {looks}: save it as UTF-8 (in spreadsheets 'CSV UTF-8'), "
            f"or name its encoding in {DESCRIPTOR}",
            row=None if wide else plain.count(b"\n") + 1,
            value=None if wide else b" ".join(word).decode("cp1252", "replace"),
        )
    except ValueError as error:  # codecs that are no encodings of text
        problem(f"cannot be read as {told}: {error}", "Name the encoding that it has")
    raise _Unreadable


def _refuse_conflicts(text: str, problem: Callable[..., None]) -> None:
    found = list(_CONFLICT.finditer(text))
    if {"<" * 7, ">" * 7} <= {mark[1] for mark in found}:
        rows = [text.count("\n", 0, mark.start()) + 1 for mark in found]
        problem(
            "marks of a conflict between two versions",
            f"Keep one version and take out the lines {', '.join(map(str, rows))}",
            row=rows[0],
        )
        raise _Unreadable


def _split(
    text: str, table: Table, problem: Callable[..., None]
) -> tuple[list[str], list[list[str]], list[int]]:
    """Header, rows and the lines on which they stand; rows of blanks say nothing."""
    found, line = [], 0
    try:
        for line, row in enumerate(
            csv.reader(io.StringIO(text, newline=""), strict=True, **table.dialect), 1
        ):
            if any(map(str.strip, row)):
                found.append((line, row))
    except csv.Error as error:
        problem(
            f"not a readable table: {error}",
            "Close every quotation mark; quote cells with commas; look whether the "
            "file has been cut off",
            row=line + 1,
        )
        raise _Unreadable from None
    if not found:
        problem("empty file", "Give it a header and at least one row")
        raise _Unreadable
    lines, rows = [line for line, _ in found[1:]], [row for _, row in found[1:]]
    header = [clean(name) for name in found[0][1]]
    _refuse_separators(text, header, table, problem)
    return header, rows, lines


def _refuse_separators(
    text: str, header: list[str], table: Table, problem: Callable[..., None]
) -> None:
    """A file with another sign between its cells is one problem, not one for each row."""
    described = {field.name for field in table.fields}
    if 2 * len(described & set(header)) >= len(described):
        return
    first, _, rest = text.partition("\n")
    if first.casefold().startswith("sep="):
        first = rest.partition("\n")[0]
    for sign, name in _SEPARATORS.items():
        cells = {clean(cell).strip('"') for cell in first.split(sign)}
        if sign != table.dialect["delimiter"] and 2 * len(described & cells) >= len(
            described
        ):
            problem(
                f"its cells are separated by {name}, not by "
                f"{_SEPARATORS.get(table.dialect['delimiter'], 'what is described')}",
                f"{_CSV}, or add {json.dumps({'dialect': {'delimiter': sign}})[1:-1]} "
                f"to its description in {DESCRIPTOR}",
            )
            raise _Unreadable


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
        problem(
            f"every row has {width + 1} cells under {width} columns",
            "If the first ones number the rows, save without them (in R row.names = "
            "FALSE)",
            value=",".join(rows[0])[:60],
        )
        uneven = []
    for i in uneven:
        text = ",".join(rows[i])
        why = "quote cells with commas"
        if any(sign in text for sign in "\u201c\u201d\u201e"):
            why = "quote cells with straight quotation marks, not with curly ones"
        elif i == len(rows) - 1 and len(rows[i]) < width:
            why = "the last row looks as if the file had been cut off"
        problem(
            f"{len(rows[i])} cells under {width} columns",
            f"Give every row as many cells as the header; {why}",
            row=lines[i],
            value=text[:60],
        )


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
    letters = {re.sub(r"[\W_]", "", n).casefold(): n for n in wanted if n not in header}
    for place, name in enumerate(header):
        if name in described:
            if name in places:
                problem(
                    "stands more than once in the header",
                    "Keep one of the columns",
                    column=name,
                )
            places[name] = place
        elif name not in wanted:
            meant = letters.get(re.sub(r"[\W_]", "", name).casefold())
            if meant:
                renamed.add(meant)
            _refuse_column(name, place, meant, rows, lines, problem)
    for name in wanted:
        if name not in header and name not in renamed:
            problem(
                "missing column",
                "Add the column; leave its cells empty where nothing is known",
                column=name,
            )
        elif name in header and name not in described:
            problem(
                "column is not described", f"Describe it in {DESCRIPTOR}", column=name
            )
    return places


def _refuse_column(
    name: str,
    place: int,
    meant: str | None,
    rows: list[list[str]],
    lines: list[int],
    problem: Callable[..., None],
) -> None:
    """A column that nobody described; without name and content it is passed over."""
    cells = [clean(row[place]) if place < len(row) else "" for row in rows]
    filled = next((i for i, cell in enumerate(cells) if cell), None)
    if meant:
        return problem(
            "is not the name of a column", f"Write {meant}", column=name, value=name
        )
    unnamed = not name or re.fullmatch(r"Unnamed: ?\d+", name)
    if unnamed and filled is None:
        return None
    remedy = f"Describe it in {DESCRIPTOR}, or remove it"
    if cells in ([str(i) for i in range(n, n + len(cells))] for n in (0, 1, 2)):
        remedy = (
            "It numbers the rows: save without it (in pandas index=False, in R "
            "row.names = FALSE)"
        )
    if unnamed:
        row = None if filled is None else lines[filled]
        value = None if filled is None else cells[filled][:60]
        return problem("a column without a name", remedy, row, name or None, value)
    return problem("unknown column", remedy, column=name)


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
    for field in table.fields:
        place, texts = sheet.columns[field.name]
        values = [value_of(field, text) for text in texts]
        if field.rules.get("required") and (place < 0).any():
            problems += [
                _cell(table, sheet, i, field.name, None, "empty cell", _FILL)
                for i in np.flatnonzero(place < 0)
            ]
        wrong = _faults(field, texts, values, table.plain)
        if wrong:
            problems += [
                _cell(table, sheet, i, field.name, texts[place[i]], *wrong[place[i]])
                for i in np.flatnonzero(np.isin(place, list(wrong)))
            ]
        found[field.name] = _in_kind(field.kind, values, place)
    frame = pd.DataFrame(found)
    unique = [(field.name,) for field in table.fields if field.rules.get("unique")]
    for key in dict.fromkeys([*table.keys, *unique]):
        problems += _repeated(table, sheet, frame, key)
    return frame, problems


_FILL = "A value is required here"


def _cell(
    table: Table,
    sheet: Sheet,
    index: Any,
    column: str,
    value: Any,
    wrong: str,
    remedy: str,
) -> Problem:
    return Problem(table.path, int(sheet.lines[index]), column, value, wrong, remedy)


def _faults(
    field: Field, texts: list[str], values: list[Any], plain: bool
) -> dict[int, tuple[str, str]]:
    """Number of each text that is wrong, with what is wrong and what would be right."""
    rules, found = field.rules, {}
    allowed = rules.get("enum")
    names = [str(v) for v in allowed] if allowed and field.kind == "string" else []
    for i, (text, value) in enumerate(zip(texts, values)):
        fault = _fault(field, rules, allowed, names, text, value, plain)
        if fault:
            found[i] = fault
    return found


def _beyond(rules: dict[str, Any], value: Any) -> tuple[str, str] | None:
    """What is wrong with a value that lies beyond a bound, or None."""
    if "minimum" in rules and value < rules["minimum"]:
        return "below the minimum", f"Allowed: {rules['minimum']} or more"
    if "maximum" in rules and value > rules["maximum"]:
        return "above the maximum", f"Allowed: {rules['maximum']} or less"
    if "exclusiveMinimum" in rules and value <= rules["exclusiveMinimum"]:
        return "below the minimum", f"Allowed: more than {rules['exclusiveMinimum']}"
    if "exclusiveMaximum" in rules and value >= rules["exclusiveMaximum"]:
        return "above the maximum", f"Allowed: less than {rules['exclusiveMaximum']}"
    return None


def _fault(
    field: Field,
    rules: dict[str, Any],
    allowed: Any,
    names: list[str],
    text: str,
    value: Any,
    plain: bool,
) -> tuple[str, str] | None:
    """What is wrong with one text, or None."""
    if text in MARKS and text not in names:
        return (
            "is what programs write for an empty cell",
            f"Leave the cell empty, or add {text} to missingValues in {DESCRIPTOR}",
        )
    if value is None:
        return f"not {FORMS[field.kind]}", _because(
            f"Write {FORMS[field.kind]}", why_not(field, text)
        )
    if beyond := _beyond(rules, value):
        return beyond
    if allowed and value not in allowed:
        why = (nearest(text, names) if names else "") or why_not(field, text)
        told = ", ".join(map(str, allowed))
        return "not an allowed value", _because(f"Allowed: {told}", why)
    if field.kind != "string":
        return None
    if "pattern" in rules and not rules["pattern"].fullmatch(text):
        why = why_not(field, text)
        if text.isdigit() and rules["pattern"].fullmatch(f"0{text}"):
            why = "its leading zero was lost"
        return "of the wrong form", _because(
            f"It must match {rules['pattern'].pattern}", why
        )
    if not rules.get("minLength", 0) <= len(text) <= rules.get("maxLength", len(text)):
        return "of the wrong length", "Write {} to {} signs".format(
            rules.get("minLength", 0), rules.get("maxLength", "any number of")
        )
    if field.is_id and not allowed and "pattern" not in rules and mangled(text):
        return "does not look like an id", sentence(mangled(text))
    if field.link and not all(_LINK(one) for one in text.split("; ")):
        return (
            "not an address that a reader can follow",
            "Write https:// or http:// addresses, '; ' between them",
        )
    if plain and _MISREAD.search(text):
        return (
            "letters were read in a wrong encoding",
            "Write them anew, or read the file as UTF-8",
        )
    return None


_LINK = re.compile(r"https?://[^\s/]\S*").fullmatch


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
        return (
            numbers.astype("boolean") if numbers.isna().any() else numbers.astype(bool)
        )
    return numbers


def _repeated(
    table: Table, sheet: Sheet, frame: pd.DataFrame, key: Collection[str]
) -> list[Problem]:
    """Rows whose key stands in a row before; a key with an empty part is none."""
    again = frame.duplicated(list(key)) & frame[list(key)].notna().all(axis=1)
    if not again.any():
        return []
    whole = frame.duplicated()
    found = []
    for i in np.flatnonzero(again):
        texts = [sheet.columns[name][1][sheet.columns[name][0][i]] for name in key]
        remedy = "Give each row its own value"
        if whole[i]:
            remedy = "The whole row is there twice: remove one"
        found.append(
            _cell(
                table,
                sheet,
                i,
                ", ".join(key),
                ", ".join(texts),
                "stands more than once",
                remedy,
            )
        )
    return found
