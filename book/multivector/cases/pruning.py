"""Takes out of composed chapters what speaks of numbers, figures or pages that are not there.

A paragraph, an item of a list, a row of a table or a block is left out whole: half a
sentence would not be true.  What is left out may have been the target of another
paragraph, so that pages are gone over until nothing more falls.
"""

from __future__ import annotations

import ast
import dataclasses
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .fragments import Piece, with_fences

_PREFIX = "application/papermill.record/"
_SAID = f"{_PREFIX}text/plain"
_GLUED = re.compile(r"\{glue:text\}`([^`:]+)(?::[^`]+)?`")
_CHART = re.compile(r"\{chart\}`([^`]+)`")
_TERM = re.compile(r"\{term\}`(?:[^`<]*<)?([^`>]+)>?`")
_LINK = re.compile(r"\]\(([\w-]+)\.(?:ipynb|md)(?:#[\w-]+)?\)")
_NEEDED = re.compile(r"^:(?:answer|low|high):\s*([A-Za-z][\w.+-]*)\s*$", re.M)
_ITEM = re.compile(r"^\s*(?:[-*]|\d+\.)\s|^\s*\|")
_DIRECTIVE = re.compile(r"^\s*[`:~]{3,}\{([\w-]+)\}\s*(\S*)")
#: Directives that hold paragraphs of their own; of others all stands or falls.
_HOLDING = (
    "dropdown",
    "admonition",
    "note",
    "tip",
    "warning",
    "grid",
    "grid-item-card",
    "slide",
)
_SHOWN = {"chart": "chart", "rows": "rows"}


class Known(NamedTuple):
    """What a page can speak of."""

    said: frozenset[str]  #: names of numbers and words
    shown: frozenset[
        str
    ]  #: ``chart/NAME`` and ``rows/NAME`` that a cell has handed over
    places: Mapping[str, frozenset[str]]  #: of each page the figures that it shows
    terms: frozenset[str]
    page: str


def said(pieces: Sequence[Piece]) -> tuple[frozenset[str], frozenset[str]]:
    """Numbers and words that the cells have said, and what they have shown.

    A number that is nothing, or not a number, is not said.
    """
    numbers, shown = set(), set()
    for output in (one for piece in pieces for one in piece.outputs):
        name = output.get("metadata", {}).get("scrapbook", {}).get("name", "")
        if name.startswith(("chart/", "rows/")):
            shown.add(name)
        elif name and not _is_nothing(output["data"].get(_SAID, "None")):
            numbers.add(name)
    return frozenset(numbers), frozenset(shown)


def _is_nothing(text: str) -> bool:
    """Is a value, as it was kept, nothing or no number?"""
    try:
        value: Any = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text in ("nan", "inf", "-inf", "<NA>", "NaT")
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def pruned(
    chapters: Mapping[str, Sequence[Piece]],
    pages: Mapping[str, str],
    terms: frozenset[str],
    keep: Callable[[str, Sequence[Piece]], bool],
    elsewhere: Mapping[str, frozenset[str]] | None = None,
) -> tuple[dict[str, list[Piece]], dict[str, str]]:
    """Chapters and pages without what speaks of what is not there.

    Parameters
    ----------
    chapters : mapping of str to sequence of Piece
        That were run.
    pages : mapping of str to str
        Other pages, in Markdown.
    terms : frozenset of str
        Terms that the glossary explains.
    keep : callable
        Whether a chapter, by its name and what is left of it, is worth a page.
    elsewhere : mapping of str to frozenset of str, optional
        Other pages that can be linked, with their figures.

    Returns
    -------
    tuple
        Chapters and pages that are left.
    """
    left = {name: list(pieces) for name, pieces in chapters.items()}
    texts = dict(pages)
    while True:
        left = {name: pieces for name, pieces in left.items() if keep(name, pieces)}
        places = {name: figures(pieces) for name, pieces in left.items()}
        places |= {name: frozenset() for name in texts} | dict(elsewhere or {})
        before = (left, texts)
        left = {
            name: _without(pieces, Known(*said(pieces), places, terms, name))
            for name, pieces in left.items()
        }
        nothing: frozenset[str] = frozenset()
        texts = {
            name: filtered(text, Known(nothing, nothing, places, terms, name))
            for name, text in texts.items()
        }
        if (left, texts) == before:
            return left, texts


def figures(pieces: Sequence[Piece]) -> frozenset[str]:
    """Names of the figures and tables for which a page has words, and cells a drawing."""
    _numbers, shown = said(pieces)
    texts = [piece.text for piece in pieces if not piece.code]
    return frozenset(
        name for kind, name in worded(texts) if f"{_SHOWN[kind]}/{name}" in shown
    )


def worded(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Kind and name of the figures and tables for which texts have words."""
    lines = (line for text in texts for line in text.splitlines())
    found = (_DIRECTIVE.match(line) for line in lines)
    return [(one[1], one[2]) for one in found if one and one[1] in _SHOWN]


def _without(pieces: Sequence[Piece], known: Known) -> list[Piece]:
    """The pieces of a chapter, cut; a heading with nothing under it goes as well."""
    cut = []
    for piece in pieces:
        text = piece.text if piece.code else filtered(piece.text, known)
        if text.strip():
            cut.append(dataclasses.replace(piece, text=text))
    return [
        piece for place, piece in enumerate(cut) if not _bare(piece, cut[place + 1 :])
    ]


def _bare(piece: Piece, following: Sequence[Piece]) -> bool:
    """Is it a heading alone, with no words and no drawing before the next of its rank?"""
    if piece.rank < 2 or len(piece.text.strip().splitlines()) > _head_lines(piece):
        return False
    for other in following:
        if 0 < other.rank <= piece.rank:
            break
        if not other.code or any(map(_is_seen, other.outputs)):
            return False
    return True


def _head_lines(piece: Piece) -> int:
    """Lines of the piece up to its heading, without blank ones."""
    lines = [line for line in piece.text.strip().splitlines() if line.strip()]
    return next((i + 1 for i, line in enumerate(lines) if line.startswith("#")), 0)


def _is_seen(output: Any) -> bool:
    """Is an output something that the page shows where its cell stands?"""
    return output.get("output_type") in ("display_data", "execute_result") and not (
        output.get("metadata", {}).get("scrapbook", {}).get("name")
    )


# --- one text -----------------------------------------------------------------------------------


def filtered(text: str, known: Known) -> str:
    """A text of Markdown without the blocks that speak of what is not there."""
    kept: list[tuple[str, str]] = []
    for block, gap in blocks(text):
        stands = _standing(block, known)
        if stands:
            kept.append((stands, gap))
    joined = "".join(block + gap for block, gap in kept)
    return joined.rstrip("\n") + ("\n" if text.endswith("\n") else "")


def blocks(text: str) -> Iterator[tuple[str, str]]:
    r"""Paragraphs, items, rows and whole fences, each with the blank lines after it.

    Examples
    --------
    >>> list(blocks("One\ntwo.\n\n- a\n- b"))
    [('One\ntwo.', '\n\n'), ('- a', '\n'), ('- b', '\n')]
    """
    part: list[str] = []
    gap, before, closed = "", False, False
    for line, inside, ends in with_fences(text):
        if not inside and not line.strip():
            gap = "\n\n" if part else ""
            continue
        begins = not before if inside else bool(_ITEM.match(line))
        if part and (gap or begins or closed):
            yield "\n".join(part), gap or "\n"
            part, gap = [], ""
        part.append(line)
        before, closed = inside and not ends, ends
    if part:
        yield "\n".join(part), gap or "\n"


def _standing(block: str, known: Known) -> str:
    """A block as it stands; empty if it speaks of what is not there."""
    found = _DIRECTIVE.match(block)
    kind, name = found.groups() if found else ("", "")
    if kind in _HOLDING:
        first, *inner, last = block.splitlines()
        if not _speaks_truly(first, known):
            return ""
        inside = filtered("\n".join(inner), known)
        says = re.sub(r"^\s*(?::[\w-]+:.*|[`:~]{3,}.*)$", "", inside, flags=re.M)
        return "\n".join([first, inside, last]) if says.strip() else ""
    if kind in _SHOWN and f"{_SHOWN[kind]}/{name}" not in known.shown:
        return ""
    if kind == "bet" and not set(_NEEDED.findall(block)) <= known.said:
        return ""
    return block if _speaks_truly(block, known) else ""


def _speaks_truly(block: str, known: Known) -> bool:
    """Is all there that a block glues, shows and links?"""
    if not set(_GLUED.findall(block)) <= known.said:
        return False
    for name in _CHART.findall(block):
        page, _mark, figure = name.rpartition("#")
        if figure not in known.places.get(page or known.page, ()):
            return False
    if not {name.strip() for name in _TERM.findall(block)} <= known.terms:
        return False
    return set(_LINK.findall(block)) <= known.places.keys()
