"""The whole book as an EPUB: the chapters of the paper, for a reader whose pages have no numbers."""

from __future__ import annotations

import re
import uuid
import zipfile
from pathlib import Path

from bs4 import Tag
from jinja2 import Environment, FileSystemLoader, select_autoescape

from essay_assets import colour_rules, read_vectors
from essay_paper import SHEETS, TEMPLATES, Paper, link
from essay_words import _
from essay_zip import MOMENT, READABLE

CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
MODIFIED = "1980-01-01T00:00:00Z"
VARIABLE = re.compile(r"var\((--[\w-]+)(?:,\s*([^()]*(?:\([^()]*\))?[^()]*))?\)")


def colours(case: Path) -> dict[str, str]:
    """Values of the variables that drawings use, in the light."""
    sheets = SHEETS[0].read_text("utf-8") + colour_rules(read_vectors(case))
    known: dict[str, str] = {}
    for name, value in re.findall(r"(--[\w-]+):\s*([^;{}]+);", sheets):
        known.setdefault(name, value)
    return known


def resolved(markup: str, known: dict[str, str]) -> str:
    """Markup without variables: many readers know none.

    >>> resolved('fill="var(--a, #000)" stroke="var(--b, red)"', {"--a": "var(--c, blue)"})
    'fill="blue" stroke="red"'
    """
    for _round in range(4):
        markup = VARIABLE.sub(
            lambda found: known.get(found[1], found[2] or "inherit"), markup
        )
    return markup


def file_of(target: str) -> str:
    """The file of the book that holds an id."""
    place = target.partition("--")[0]
    return {"answer": "answers"}.get(place, place)


def fitted(part: Tag) -> None:
    """Change what is for sheets with numbers: pointers are links, addresses need no list."""
    for number in part.select(".address__number"):
        number.decompose()
    for line in part.select(".answer-at"):
        target = line.select_one("a.page-of")["href"]
        line.clear()
        line.append(link(target, line["data-called"]))
    for anchor in part.select('a[href^="#"]'):
        target = anchor["href"][1:]
        whole = "" if "--" not in target else f"#{target}"
        anchor["href"] = f"{file_of(target)}.xhtml{whole}"
    for named in part.select("[data-page]"):
        del named["data-page"]


def properties(markup: str) -> str:
    """What a package has to say of a part."""
    held = (("svg", "<svg"), ("mathml", "<math"))
    return " ".join(name for name, sign in held if sign in markup)


def bodies(paper: Paper, environment: Environment) -> dict[str, str]:
    """What stands in each file of the book, in their order."""
    template = environment.get_template
    contents = paper.contents()
    ends = {
        "answers": (_("Answers"), paper.answers),
        "code": (_("The code"), paper.code),
    }
    return {
        "cover": template("cover.xhtml").render(),
        "contents": template("contents.xhtml").render(contents=contents),
        **{chapter.place: str(chapter.body) for chapter in paper.chapters},
        **{
            name: template("ends.xhtml").render(
                name=name, called=called, parts=[part for part in parts if part.items]
            )
            for name, (called, parts) in ends.items()
        },
    }


def write_epub(paper: Paper, case: Path, target: Path, **words: str) -> Path:
    """Write the book into one EPUB; `words` are those of the cover.

    The chapters of the paper are changed on the way, so that it cannot be printed after.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["xhtml", "opf"]),
    )
    environment.globals.update(words, _=_)
    known = colours(case)
    ends = [item for part in [*paper.answers, *paper.code] for item in part.items]
    for part in [*(chapter.body for chapter in paper.chapters), *ends]:
        fitted(part)
    files, listed = {}, []
    for name, body in bodies(paper, environment).items():
        whole = resolved(paper.put_back(body), known)
        held = "nav" if name == "contents" else properties(whole)
        listed.append({"name": name, "properties": held})
        files[f"{name}.xhtml"] = environment.get_template("part.xhtml").render(
            body=whole
        )
    files["package.opf"] = environment.get_template("package.opf").render(
        parts=listed,
        identifier=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, target.stem)}",
        moment=MODIFIED,
    )
    files["book.css"] = (TEMPLATES / "epub.css").read_text(encoding="utf-8")
    return zipped(files, target)


def zipped(files: dict[str, str], target: Path) -> Path:
    """The files of a book in one EPUB: the first names the type, and is not compressed."""
    unfinished = target.with_suffix(".part")
    whole = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        **{f"book/{name}": text for name, text in files.items()},
    }
    with zipfile.ZipFile(unfinished, "w") as packed:
        for name, text in whole.items():
            entry = zipfile.ZipInfo(name, MOMENT)
            plain = name == "mimetype"
            entry.compress_type = zipfile.ZIP_STORED if plain else zipfile.ZIP_DEFLATED
            entry.external_attr = READABLE
            entry.create_system = 3
            packed.writestr(entry, text)
    unfinished.replace(target)
    return target
