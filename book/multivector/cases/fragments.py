"""Words of a chapter for another case: what replaces the cells that speak of this one.

A cell that holds for one case alone carries the tag ``case``.  For another case it gives
way to a fragment of the same name: the case's own, else that of the frame, else nothing.
A file of fragments is Markdown in which ``+++ NAME`` begins the words for that cell, and
in which a fence ``{code-cell}`` is code.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Any

import nbformat

from ..tables.values import nearest

#: Marks a cell that holds for the case of the notebook alone.
TAG = "case"
#: What begins a fragment, with its name.
_HEAD = re.compile(r"^\+\+\+[ \t]+([\w-]+)[ \t]*$", re.M)
#: A line that opens or closes a fence.
FENCE = re.compile(r"^\s*(`{3,}|:{3,}|~{3,})(.*)$")
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_CODE = re.compile(
    r"^```\{code-cell\}[^\n]*\n((?::[\w-]+:[^\n]*\n)*)(.*?)^```[ \t]*$", re.M | re.S
)
_TAGS = re.compile(r"^:tags:\s*\[([^\]]*)\]", re.M)


@dataclasses.dataclass(frozen=True)
class Piece:
    """A cell of a composed chapter, or what of a cell stands under one heading."""

    name: str
    text: str
    code: bool = False
    tags: tuple[str, ...] = ()
    outputs: tuple[Any, ...] = dataclasses.field(default=(), compare=False)

    @property
    def rank(self) -> int:
        """1 for the title of a chapter, 2 for a section and so on; 0 if it begins none."""
        found = None if self.code else _HEADING.match(heading_line(self.text))
        return len(found[1]) if found else 0

    @property
    def heading(self) -> str:
        """Its heading, without the marks before it; empty if it has none."""
        return heading_line(self.text).lstrip("# ").strip() if self.rank else ""


def heading_line(text: str) -> str:
    """The first line that says something and is no target."""
    lines = (line for line in text.splitlines() if line.strip())
    return next((line for line in lines if not re.match(r"\(.*\)=$", line)), "")


def read(path: Traversable) -> dict[str, str]:
    """The fragments of a file by the names of the cells that they stand for.

    Parameters
    ----------
    path : Path, or a file in a zip

    Returns
    -------
    dict of str to str
        Empty if there is no such file.

    Raises
    ------
    ValueError
        If words stand before the first name, or two fragments have one name.
    """
    if not path.is_file():
        return {}
    before, *parts = _HEAD.split(path.read_text(encoding="utf-8"))
    if before.strip():
        raise ValueError(f"{path.name} has words before the first '+++ NAME'")
    found: dict[str, str] = {}
    for name, words in zip(parts[::2], parts[1::2], strict=True):
        if name in found:
            raise ValueError(f"{path.name} has two fragments for {name!r}")
        found[name] = words.strip()
    return found


def strangers(path: Traversable, notebook: nbformat.NotebookNode) -> list[str]:
    """What is wrong with the names of a file of fragments, a line each."""
    known = [cell["id"] for cell in notebook.cells]
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    told = []
    for name in read(path):
        if name in known:
            continue
        near = nearest(name, known)
        meant = f" ({near})" if near else ""
        heads = (n for n, line in enumerate(lines, 1) if _is_head(line, name))
        told.append(
            f"{path.name}, line {next(heads, 1)}: no cell of that chapter is {name!r}"
            f"{meant}. Write the id of the cell whose place the words take: "
            f"{', '.join(_replaceable(notebook))}"
        )
    return told


def _is_head(line: str, name: str) -> bool:
    found = _HEAD.match(line)
    return found is not None and found[1] == name


def _replaceable(notebook: nbformat.NotebookNode) -> list[str]:
    """Ids of the cells with words; those that another state's book replaces go first."""
    words = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    own = [cell["id"] for cell in words if TAG in cell.metadata.get("tags", ())]
    return own or [cell["id"] for cell in words]


def composed(
    notebook: nbformat.NotebookNode,
    own: Mapping[str, str] | None = None,
    frame: Mapping[str, str] | None = None,
) -> list[Piece]:
    """The pieces of a chapter for another case, in their order.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    own : mapping of str to str, optional
        Fragments of the case; they replace any cell.
    frame : mapping of str to str, optional
        Fragments of the frame; they replace cells with the tag ``case``.

    Returns
    -------
    list of Piece
        Cut so that each heading begins a piece.
    """
    own, frame = own or {}, frame or {}
    found: list[Piece] = []
    for cell in notebook.cells:
        name, tags = cell["id"], tuple(cell.metadata.get("tags", ()))
        if name in own:
            found += _of_fragment(name, own[name])
        elif TAG not in tags:
            code = cell.cell_type == "code"
            found += [Piece(name, cell.source, code, tags)] if code else ()
            found += () if code else _cut(Piece(name, cell.source, tags=tags))
        elif name in frame:
            found += _of_fragment(name, frame[name])
    return _named_once(found)


def _of_fragment(name: str, words: str) -> Iterator[Piece]:
    """The pieces of a fragment: its words, and the code in its fences."""
    end = 0
    for fence in _CODE.finditer(words):
        yield from _cut(Piece(name, words[end : fence.start()].strip()))
        listed = _TAGS.search(fence[1])
        tags = listed[1].replace(",", " ").split() if listed else ["remove-input"]
        yield Piece(name, fence[2].strip(), True, tuple(tags))
        end = fence.end()
    yield from _cut(Piece(name, words[end:].strip()))


def _cut(piece: Piece) -> Iterator[Piece]:
    """A piece of Markdown cut before each heading."""
    part: list[str] = []
    for line, inside, _ends in with_fences(piece.text):
        targets = len(part) and all(re.match(r"\(.*\)=$|\s*$", one) for one in part)
        begins = _HEADING.match(line) or re.match(r"\(.*\)=$", line)
        if part and begins and not inside and not targets:
            yield dataclasses.replace(piece, text="\n".join(part).strip())
            part = []
        part.append(line)
    if "\n".join(part).strip():
        yield dataclasses.replace(piece, text="\n".join(part).strip())


def with_fences(text: str) -> Iterator[tuple[str, bool, bool]]:
    """Every line; whether it stands in a fence, and whether it ends the outermost one."""
    closing: list[str] = []
    for line in text.splitlines():
        fence = FENCE.match(line)
        inside = bool(closing)
        if fence and closing and not fence[2].strip() and _closes(fence[1], closing):
            closing.pop()
        elif fence and (not closing or fence[1][0] == ":"):
            closing.append(fence[1])
            inside = True
        yield line, inside, inside and not closing


def _closes(mark: str, closing: list[str]) -> bool:
    """Does a mark close the innermost fence?"""
    return mark[0] == closing[-1][0] and len(mark) >= len(closing[-1])


def _named_once(pieces: list[Piece]) -> list[Piece]:
    """The pieces of one cell numbered, so that each has a name of its own."""
    count: dict[str, int] = {}
    named = []
    for piece in pieces:
        place = count[piece.name] = count.get(piece.name, 0) + 1
        name = piece.name if place == 1 else f"{piece.name}-{place}"
        named.append(dataclasses.replace(piece, name=name))
    return named


def without_case(text: str) -> str:
    """A page of Markdown without the blocks that carry the tag ``case``.

    A block begins with a line ``+++ {"tags": ["case"]}`` and ends with the next ``+++``.
    """
    first, *blocks = re.split(r"^(\+\+\+[^\n]*)$", text, flags=re.M)
    kept = [first]
    for head, words in zip(blocks[::2], blocks[1::2], strict=True):
        if f'"{TAG}"' not in head:
            kept.append(words)
    return "\n".join(part.strip("\n") for part in kept) + "\n"
