"""The words of the text, for a live session: blocks of the chapters and their numbers."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .forms import formatted

_NUMBER = re.compile(r"\{glue:text\}`([^`:]+)(?::([^`]+))?`")
_MARKUP = re.compile(
    r"\{[a-z:]+\}`(?:([^`<]+?)\s*<[^`>]*>|([^`]+))`|[*_]{1,2}(?=\S)|(?<=\S)[*_]{1,2}"
)
#: What stands where a number has not been computed yet.
UNKNOWN = "…"


def block(kind: str, name: str, folder: str | Path = ".") -> list[str]:
    """Paragraphs of a block of the text.

    Parameters
    ----------
    kind : str
        ``"chart"``, ``"rows"``, ``"bet"`` or ``"quiz"``.
    name : str
        Name of the block, unique in the book.
    folder : path
        Where the chapters lie.

    Returns
    -------
    list of str
        Empty if no chapter has such a block.

    Examples
    --------
    >>> block("chart", "no such chart")
    []
    """
    start = re.compile(
        rf"^(`{{3,}}|:{{3,}})\{{{kind}\}} {re.escape(name)}\n(.*?)^\1\s*$", re.M | re.S
    )
    for text in _texts(Path(folder)):
        if found := start.search(text):
            content = re.sub(r"^:\w+:.*\n", "", found[2], flags=re.M)
            parts = re.split(r"\n\s*\n", content.strip())
            return [" ".join(part.split()) for part in parts]
    return []


def filled(text: str, said: Mapping[str, Any]) -> str:
    """Text with its numbers, and without the marks of Markdown.

    Parameters
    ----------
    text : str
    said : mapping
        Name and value of what was said so far.

    Examples
    --------
    >>> filled("A {term}`game <two-level game>` of {glue:text}`n`, {glue:text}`p:.0%`.", {"p": 0.5})
    'A game of …, 50%.'
    """

    def number(found: re.Match[str]) -> str:
        if found[1] not in said:
            return UNKNOWN
        return formatted(said[found[1]], found[2] or "")

    def plain(found: re.Match[str]) -> str:
        return (found[1] or found[2] or "").strip()

    return _MARKUP.sub(plain, _NUMBER.sub(number, text))


def _texts(folder: Path) -> Iterator[str]:
    """Markdown of the chapters, a cell or a file at a time."""
    for path in sorted(folder.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                yield "".join(cell["source"])
    for path in sorted(folder.glob("*.md")):
        yield path.read_text(encoding="utf-8")
