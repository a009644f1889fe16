"""What a reader takes along: the built book as one zip, and as one PDF.

`python3 essay.py pack` calls this with the Python of the environment. Nothing is run again:
both are made from the written pages.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

import essay_zip
from essay_words import _

ROOT = Path(__file__).resolve().parent.parent.parent
CASE = os.environ.get("MULTIVECTOR_CASE") or ROOT / "data"


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
    def name(self) -> str:
        """Of the files, without an ending: the title and the version."""
        words = re.findall(r"\w+", f"{self.title}".lower())
        return "-".join([*words, *filter(None, [self.version])])


def edition(book: Path) -> Edition:
    """What is built in a folder, by the project's settings."""
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    table = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    described = json.loads((Path(CASE) / "datapackage.json").read_text("utf-8"))
    footer = settings.get("html", {}).get("extra_footer", "")
    return Edition(
        book=book,
        pages=[table["root"], *(entry["file"] for entry in table["chapters"])],
        title=settings["title"],
        subtitle=re.sub(r"<[^>]+>", "", footer).strip(),
        author=settings.get("author", ""),
        version=described.get("version", ""),
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


def told(path: Path) -> None:
    """Say what was made, and how large it is."""
    print(
        f"essay: {path.relative_to(ROOT)} ({path.stat().st_size / 1e6:.1f} MB)",
        flush=True,
    )


def main(arguments: list[str]) -> int:
    """Make the zip, and with a Chromium the PDF."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("book", type=Path)
    parser.add_argument("--chromium")
    parser.add_argument("--coding", default="record")
    given = parser.parse_args(arguments)
    packed = edition(given.book)
    target = given.book.parent / f"{packed.name}.zip"
    told(essay_zip.write_zip(given.book, target, read_me(packed)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
