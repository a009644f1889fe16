"""One page for paper becomes a PDF: Chromium prints it, and says where everything came to stand."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pypdf
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

PATIENCE = 600  # seconds for one print, on a slow machine
OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    "--export-tagged-pdf",
)
PLACES = re.compile(r'(<span class="page-number" data-of="([^"]+)">)[^<]*(</span>)')
# A PDF says when it was made; two of one book should be alike.
MOMENT = "D:19800101000000Z"


class NotPrinted(Exception):
    """Chromium did not print; the message has what it said."""


def as_root() -> bool:
    """Are we root, for whom the sandbox of Chromium does not start?"""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def printed(chromium: str, markup: str, target: Path) -> None:
    """Let Chromium print a page into a file."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "paper.html"
        page.write_text(markup, encoding="utf-8")
        command = [chromium, *OPTIONS, *(["--no-sandbox"] if as_root() else [])]
        command += [f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}"]
        try:
            done = subprocess.run(
                [*command, page.as_uri()], capture_output=True, timeout=PATIENCE
            )
        except subprocess.TimeoutExpired as error:
            raise NotPrinted(f"nothing came in {PATIENCE} s") from error
    if done.returncode or not target.is_file():
        raise NotPrinted(done.stderr.decode(errors="replace").strip()[-2000:])


def places(pdf: Path) -> dict[str, int]:
    """Page on which each place of a printed page stands, by its id."""
    reader = pypdf.PdfReader(pdf)
    return {
        name.removeprefix("/"): reader.get_destination_page_number(found) + 1
        for name, found in reader.named_destinations.items()
    }


def with_pages(markup: str, known: dict[str, int]) -> str:
    """A page whose empty page numbers are filled in.

    >>> with_pages('<span class="page-number" data-of="a">000</span>', {"a": 7})
    '<span class="page-number" data-of="a">7</span>'
    """
    return PLACES.sub(lambda found: f"{found[1]}{known[found[2]]}{found[3]}", markup)


def with_whole_titles(writer: pypdf.PdfWriter, titles: list[str]) -> None:
    """Give bookmarks the spaces that are lost where a heading turns to its next line."""
    whole = {"".join(title.split()): title for title in titles}
    for item in walk(writer.root_object["/Outlines"]):
        title = "".join(item["/Title"].split())
        item[NameObject("/Title")] = TextStringObject(whole.get(title, item["/Title"]))


def walk(item: DictionaryObject) -> Iterator[DictionaryObject]:
    """All bookmarks below one."""
    below = item.get("/First")
    while below is not None:
        entry = below.get_object()
        yield entry
        yield from walk(entry)
        below = entry.get("/Next")


def finish(pdf: Path, titles: list[str], **words: str) -> None:
    """Give a PDF its title, author and subject, and the same bytes for the same book."""
    writer = pypdf.PdfWriter(clone_from=pdf)
    with_whole_titles(writer, titles)
    said = {f"/{name.capitalize()}": text for name, text in words.items() if text}
    moments = {"/CreationDate": MOMENT, "/ModDate": MOMENT}
    writer.metadata = {"/Producer": "Chromium", **said, **moments}
    writer.write(pdf)


def write_pdf(
    chromium: str, markup: str, target: Path, titles: list[str], **words: str
) -> Path:
    """Print a page with its page numbers; what lies at the target is replaced at the end."""
    unfinished = target.with_suffix(".part.pdf")
    printed(chromium, markup, unfinished)
    known = places(unfinished)
    # Numbers may be narrower than their places; where that moves a page, once more.
    for _round in range(3):
        printed(chromium, with_pages(markup, known), unfinished)
        found = places(unfinished)
        if found == known:
            break
        known = found
    finish(unfinished, titles, **words)
    unfinished.replace(target)
    return target
