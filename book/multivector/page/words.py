"""The words of the text, for a live session: blocks of the chapters and their numbers."""

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ..forms import formatted

_NUMBER = re.compile(r"\{glue:text\}`([^`:]+)(?::([^`]+))?`")
_MARKUP = re.compile(
    r"\{[a-z:]+\}`(?:([^`<]+?)\s*<[^`>]*>|([^`]+))`|[*_]{1,2}(?=\S)|(?<=\S)[*_]{1,2}"
)
#: The blocks of a chapter that was lifted out of the book; its notebook has none.
_LIFTED = "blocks.json"
#: What stands where a number has not been computed yet.
UNKNOWN = "…"


def lifted(folder: str | Path = ".") -> bool:
    """Does a chapter lie here that was lifted out of the book?"""
    return (Path(folder) / _LIFTED).is_file()


def block(
    kind: str, name: str, folder: str | Path = ".", ran: Collection[str] = ()
) -> list[str]:
    """Paragraphs of a block of the text.

    Names are unique on a page only; of several pages that of the running session counts.

    Parameters
    ----------
    kind : str
        ``"chart"``, ``"rows"``, ``"bet"`` or ``"quiz"``.
    name : str
        Name of the block.
    folder : path
        Where the chapters lie.
    ran : collection of str
        Cells that the session has run: the chapter that holds most of them is its own.

    Returns
    -------
    list of str
        Empty if no chapter has such a block.

    Examples
    --------
    >>> block("chart", "no such chart")
    []
    """
    if lifted(folder):
        kept = json.loads((Path(folder) / _LIFTED).read_text(encoding="utf-8"))
        return list(kept.get(f"{kind}/{name}", []))
    start = re.compile(
        rf"^(`{{3,}}|:{{3,}})\{{{kind}\}} {re.escape(name)}\n(.*?)^\1\s*$", re.M | re.S
    )
    found = []
    for path in sorted(Path(folder).glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        texts = {"markdown": "", "code": ""}
        for cell in cells:
            texts[cell["cell_type"]] += "".join(cell["source"]) + "\n\n"
        if block := start.search(texts["markdown"]):
            own = sum(bool(cell.strip()) and cell in texts["code"] for cell in ran)
            found.append((own, block[2]))
    if not found:
        return []
    return paragraphs(max(found, key=lambda one: one[0])[1])


def paragraphs(content: str) -> list[str]:
    r"""Paragraphs of what stands in a block, without its options.

    Examples
    --------
    >>> paragraphs(":fold:\n\nOne\nline.\n\nTwo.")
    ['One\nline.', 'Two.']
    """
    parts = re.split(r"\n\s*\n", re.sub(r"^:\w+:.*\n", "", content, flags=re.M).strip())
    return ["\n".join(line.strip() for line in part.splitlines()) for part in parts]


def columns(listed: str) -> dict[str, tuple[str, str]]:
    r"""Columns of a table, as their list in a block gives them.

    Returns
    -------
    dict
        Name of the column to its form, which may be empty, and its heading.

    Examples
    --------
    >>> columns("- `state`: State\n- `share:.0%`: Share of the vote")
    {'state': ('', 'State'), 'share': ('.0%', 'Share of the vote')}
    """
    found = re.findall(r"^[-*] `([^`:]+):?([^`]*)`:? *(.*)$", listed, re.M)
    return {name: (form, heading) for name, form, heading in found}


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

    return " ".join(_MARKUP.sub(plain, _NUMBER.sub(number, text)).split())
