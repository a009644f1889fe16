"""What a reader takes along: the built book as one zip, one EPUB and one PDF.

`python3 essay.py pack` calls this with the Python of the environment. Nothing is run again:
all are made from the written pages.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

import essay_epub
import essay_zip
from essay_cache import case_folder
from essay_licences import of_case
from essay_paper import Paper
from essay_print import NotPrinted, write_pdf
from essay_runs import VERSIONS, own_version
from essay_words import VARIABLE, _

ROOT = Path(__file__).resolve().parent.parent.parent
CASE = case_folder(ROOT)


@dataclass
class Edition:
    """What is packed: the written pages, in their order, and what they are called."""

    book: Path
    pages: list[str]
    title: str
    subtitle: str
    author: str
    version: str

    @property
    def language(self) -> str:
        """In which the pages are written."""
        first = (self.book / "search.html").read_text(encoding="utf-8")
        return re.search(r'<html[^>]*\blang="([^"]+)"', first)[1]

    @property
    def name(self) -> str:
        """Of the files, without an ending: the title and the version."""
        words = re.findall(r"\w+", f"{self.title}".lower())
        return "-".join([*words, *filter(None, [self.version])])


def edition(book: Path) -> Edition:
    """What is built in a folder, by the project's settings."""
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    table = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    footer = settings.get("html", {}).get("extra_footer", "")
    return Edition(
        book=book,
        pages=[table["root"], *(entry["file"] for entry in table["chapters"])],
        title=settings["title"],
        subtitle=re.sub(r"<[^>]+>", "", footer).strip(),
        author=settings.get("author", ""),
        version=of_case(ROOT).get("version", ""),
    )


def read_me(packed: Edition) -> str:
    """The text beside the front page of the zip."""
    lines = [
        f"{packed.title} {packed.version}".strip(),
        packed.subtitle,
        _("Unpack this folder, then open index.html in a browser."),
        _("No network and no other program is needed."),
    ]
    return "\r\n\r\n".join(filter(None, lines)) + "\r\n"


def paper_of(packed: Edition, coding: str) -> tuple[Paper, dict[str, str]]:
    """The book on paper, and the words of its cover."""
    paper = Paper(packed.book, packed.pages, own_version(), coding)
    version = _(VERSIONS[coding])
    words = {
        "language": packed.language,
        "title": packed.title,
        "subtitle": packed.subtitle,
        "author": packed.author,
        "version": packed.version,
        "told_by": _("Dates and facts as told by {version}.", version=version),
        "hint": hint(coding),
    }
    return paper, words


def titles(chapter: dict) -> list[str]:
    """What the bookmarks of a chapter are called."""
    own = f"{chapter['number']} {chapter['title']}".strip()
    return [own, *(section["title"] for section in chapter["sections"])]


def hint(coding: str) -> str:
    """What to know of a book that stands still."""
    hints = [_("Charts that can be moved on a screen show their start here.")]
    if coding != own_version():
        own = _(VERSIONS[own_version()])
        hints.insert(0, _("The sentences were written for {version}.", version=own))
    return " ".join(hints)


def told(path: Path) -> None:
    """Say what was made, and how large it is."""
    size = path.stat().st_size / 1e6
    print(f"essay: {os.path.relpath(path)} ({size:.1f} MB)", flush=True)


def main(arguments: list[str]) -> int:
    """Make the zip and the EPUB, and with a Chromium the PDF."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("book", type=Path)
    parser.add_argument("--chromium")
    parser.add_argument("--coding", default=own_version(), choices=VERSIONS)
    given = parser.parse_args(arguments)
    packed = edition(given.book.absolute())
    os.environ[VARIABLE] = packed.language
    folder = packed.book.parent
    target = folder / f"{packed.name}.zip"
    told(essay_zip.write_zip(packed.book, target, read_me(packed)))
    paper, words = paper_of(packed, given.coding)
    called = [title for chapter in paper.contents() for title in titles(chapter)]
    page = paper.written(CASE, **words)
    ending = "" if given.coding == own_version() else f"-{given.coding}"
    target = folder / f"{packed.name}{ending}.epub"
    told(essay_epub.write_epub(paper, CASE, target, **words))
    if not given.chromium:
        return 0
    said = {"title": packed.title, "author": packed.author, "subject": packed.subtitle}
    try:
        told(
            write_pdf(given.chromium, page, target.with_suffix(".pdf"), called, **said)
        )
    except NotPrinted as why:
        print(f"essay: the PDF is not made: {why}", flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
