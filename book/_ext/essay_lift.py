"""Each chapter as a folder that runs alone, in a zip that its page hands out.

When a page is written, what it says is kept as a plain notebook beside the build, with
the tables that its code opened. `python -m multivector lift` takes it from there, and so
does the end of the build, which packs the zips.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

import essay_drawings
from essay_bets import in_order
from essay_cache import case_folder
from essay_layout import WIDTHS, drawn_at
from essay_plain import Cell, Plain, escaped, hung, output
from essay_terms import GLOSSARY
from essay_words import _

LOGGER = logging.getLogger(__name__)
#: Folder of the zips among the pages.
ZIPS = "lift"
#: Folder of all lifted chapters on Binder (.binder/postBuild).
LIFTED = "lifted"
REFERENCES = "book/references"
BLOCK = re.compile(r"^(`{3,}|:{3,})\{(chart|rows)\} (\S+)\n(.*?)^\1\s*$", re.M | re.S)
LAST = 900


def folder(app: Sphinx) -> Path:
    """Where the plain notebooks lie."""
    return Path(app.outdir).parent / ".lifted"


def is_chapter(app: Sphinx, docname: str) -> bool:
    """Is a page a notebook of a build that lifts them?"""
    return (
        app.builder.name == "html"
        and hasattr(app, "essay_runs")
        and docname in app.env.found_docs
        and app.essay_runs.path(docname) is not None
    )


# --- one chapter -----------------------------------------------------------------------------


def lift(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Keep a page that is about to be written as a plain notebook."""
    if not is_chapter(app, docname):
        return
    path = app.essay_runs.path(docname)
    notebook = nbformat.read(path, as_version=4)
    code = [cell.source if cell.cell_type == "code" else "" for cell in notebook.cells]

    def shows(name: str) -> int | None:
        call = re.compile(rf"\bshow\(\s*[\"']{re.escape(name)}[\"']")
        return next((at for at, text in enumerate(code) if call.search(text)), None)

    plain = Plain(picture, shows, addresses(app, docname))
    plain.walk(doctree.children)
    title = app.env.titles[docname].astext()
    cells = [*plain.page.cells, *ends(app, plain)]
    beneath(cells, app)
    made = {
        "title": title,
        "book": app.config.html_title or app.config.project,
        "address": app.config.html_baseurl,
        "notebook": written(path.stem, cells, code),
        "blocks": blocks(notebook),
    }
    keep(folder(app) / f"{path.stem}.page", json.dumps(made, ensure_ascii=False))


def keep(path: Path, text: str) -> None:
    """Write a file whole, unless it says that already."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def addresses(app: Sphinx, docname: str) -> dict[str, str]:
    """Where the other pages stand in the web, by the link to them; nothing if nobody knows."""
    home = app.config.html_baseurl.rstrip("/")
    if not home:
        return {}
    uri = app.builder.get_relative_uri
    return {
        uri(docname, other): f"{home}/{app.builder.get_target_uri(other)}"
        for other in app.env.found_docs
    }


def picture(spec: dict[str, Any]) -> dict[str, Any]:
    """Output that shows a chart, until a cell is run, as the page does."""
    width = WIDTHS["wide"]
    drawn = essay_drawings.picture(drawn_at(width, spec, essay_drawings.draw))
    data = {
        "image/png": base64.b64encode(drawn).decode() + "\n",
        "text/plain": _("A chart; its words stand below."),
    }
    return output(data, **{"image/png": {"width": width}})


def blocks(notebook: nbformat.NotebookNode) -> dict[str, list[str]]:
    """Words of figures and tables, with the places of their numbers, by kind and name."""
    from multivector.page.words import paragraphs

    text = "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    return {
        f"{found[2]}/{found[3]}": paragraphs(found[4])
        for found in BLOCK.finditer(text + "\n")
    }


def beneath(cells: list[Cell], app: Sphinx) -> None:
    """Say under the heading what this notebook is."""
    from multivector import lift

    book = escaped(app.config.html_title or app.config.project)
    events = lift.inside(case_folder(Path(app.srcdir))) / "events.csv"
    if lift.in_two_versions(events.read_bytes()):
        said = _(
            "A chapter of “{book}”, lifted out to run by itself. Its words and numbers are "
            "those of the book, after the public record; a cell that is run computes anew.",
            book=book,
        )
    else:
        said = _(
            "A chapter of “{book}”, lifted out to run by itself. Its words and numbers are "
            "those of the book; a cell that is run computes anew.",
            book=book,
        )
    first = next((cell for cell in cells if cell.words), Cell())
    first.words.insert(1, f"*{said}*")


def ends(app: Sphinx, plain: Plain) -> list[Cell]:
    """What the page says on hover or elsewhere: terms, claims, works."""
    page, found = plain.page, []
    meant = definitions(app)
    if terms := [meant[name] for name in page.terms if name in meant]:
        lines = [f"- **{name}**: {said}" for name, said in sorted(terms, key=by_word)]
        found.append([f"## {_('Words used here')}", "\n".join(lines)])
    if page.claims:
        told = sorted(page.claims.items())
        lines = [f"- **{escaped(name)}**: {escaped(said)}" for name, said in told]
        found.append([f"## {_('Claims named here')}", "\n".join(lines)])
    known = works(app)
    if cited := [known[name] for name in page.works if name in known]:
        found.append(
            [f"## {_('Works cited here')}", "\n".join(sorted(cited, key=str.casefold))]
        )
    return [Cell(words=words) for words in found]


def by_word(pair: tuple[str, str]) -> str:
    """Order of terms."""
    return pair[0].casefold()


def definitions(app: Sphinx) -> dict[str, tuple[str, str]]:
    """Term and meaning by the id of the term."""
    if not hasattr(app, "essay_defined"):
        plain, found = Plain(picture, lambda name: None, {}), {}
        there = GLOSSARY in app.env.found_docs
        tree = resolved(app, GLOSSARY) if there else nodes.Element()
        for item in tree.findall(nodes.definition_list_item):
            said = " ".join(plain.all(next(item.findall(nodes.definition))))
            for term in item.findall(nodes.term):
                found |= {one: (plain.line(term), said) for one in term["ids"]}
        app.essay_defined = found
    return app.essay_defined


def works(app: Sphinx) -> dict[str, str]:
    """Entries of the list of references by id, each as an item of a list."""
    if not hasattr(app, "essay_works"):
        plain, found = Plain(picture, lambda name: None, {}), {}
        there = REFERENCES in app.env.found_docs
        tree = resolved(app, REFERENCES) if there else nodes.Element()
        for entry in tree.findall(nodes.citation):
            said = " ".join(" ".join(plain.blocks(part)) for part in entry.children[1:])
            found |= {one: hung("- ", said) for one in entry["ids"]}
        app.essay_works = found
    return app.essay_works


def resolved(app: Sphinx, docname: str) -> nodes.document:
    """A page with its references resolved."""
    return app.env.get_and_resolve_doctree(docname, app.builder)


def written(name: str, cells: list[Cell], code: list[str]) -> dict[str, Any]:
    """The notebook, without counts of runs."""
    found = []
    for cell in cells:
        about: dict[str, Any] = {"id": f"{name[:40]}-{len(found) + 1}", "metadata": {}}
        if cell.index is None:
            if cell.words:
                source = "\n\n".join(cell.words)
                found.append(about | {"cell_type": "markdown", "source": source})
            continue
        if cell.hidden:
            about["metadata"] = {"jupyter": {"source_hidden": True}}
        found.append(
            about
            | {"cell_type": "code", "source": code[cell.index]}
            | {"execution_count": None, "outputs": cell.outputs}
        )
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": found, "metadata": about, "nbformat": 4, "nbformat_minor": 5}


# --- all of them -----------------------------------------------------------------------------


def pack(app: Sphinx, exception: Exception | None) -> None:
    """Write the zips of the chapters whose parts have changed."""
    if exception or app.builder.name != "html" or not hasattr(app, "essay_runs"):
        return
    from multivector import lift as lifting

    terms = told(lifting.ROOT / "LICENSE")
    zips = Path(app.outdir) / ZIPS
    zips.mkdir(parents=True, exist_ok=True)
    case, kept = case_folder(Path(app.srcdir)), folder(app)
    in_toc = list(in_order(app.env, app.config.root_doc))
    chapters = {
        app.essay_runs.path(docname).stem: docname
        for docname in app.env.found_docs
        if is_chapter(app, docname)
    }
    for name, docname in sorted(chapters.items()):
        page = kept / f"{name}.page"
        if not page.is_file():
            continue
        place = in_toc.index(docname) if docname in in_toc else len(in_toc)
        source = lifting.source_of(app.essay_runs.path(docname))
        inputs = (told(page), place, source, app.config.essay_inputs, terms)
        key = hashlib.sha256(repr(inputs).encode()).hexdigest()
        if (zips / f"{name}.zip").is_file() and told(kept / f"{name}.key") == key:
            continue
        made = json.loads(told(page)) | {"place": place, "source": source}
        made["tables"] = tables_of(app, docname, lifting.every_table(case))
        keep(kept / f"{name}.json", json.dumps(made, ensure_ascii=False))
        files = lifting.files(name, made, case)
        (zips / f"{name}.zip").write_bytes(lifting.packed(name, files))
        keep(kept / f"{name}.key", key)
    for left in [*zips.glob("*.zip"), *kept.glob("*.*")]:
        if left.stem not in chapters:
            left.unlink()


def told(path: Path) -> str:
    """What a file says; nothing if there is none."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def tables_of(app: Sphinx, docname: str, every: list[str]) -> list[str]:
    """Tables that a chapter opens; all of them where nobody has noted it."""
    found = app.essay_runs.tables(docname)
    return every if found is None else found


def setup(app: Sphinx) -> None:
    """Register the events."""
    app.connect("doctree-resolved", lift, priority=LAST)
    app.connect("html-page-context", offer, priority=LAST)
    app.connect("build-finished", pack)


# --- the button ------------------------------------------------------------------------------


def offer(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict,
    doctree: nodes.document | None,
) -> None:
    """Let the first button of a notebook's downloads give its zip."""
    if not is_chapter(app, pagename) or "header_buttons" not in context:
        return
    name = app.essay_runs.path(pagename).stem
    for group in context["header_buttons"]:
        if group.get("label") == "launch-buttons":
            for button in group["buttons"]:
                button["url"] = launched(button.get("url", ""), name)
        if group.get("label") != "download-buttons":
            continue
        others = [
            b for b in group["buttons"] if b.get("label") == "download-pdf-button"
        ]
        group["buttons"] = [
            {
                "type": "link",
                "url": context["pathto"](f"{ZIPS}/{name}.zip", 1),
                "text": _(".zip: notebook, code and tables"),
                "tooltip": made_of(),
                "icon": "fas fa-download",
                "label": "download-lifted-button",
            },
            *others,
        ]


def launched(address: str, name: str) -> str:
    """Address of a borrowed computer that opens a lifted chapter, and not the book's notebook.

    >>> launched("https://hub/v2/gh/o/r/main?urlpath=lab/tree/book/a.ipynb", "a")
    'https://hub/v2/gh/o/r/main?urlpath=lab/tree/lifted/a/a.ipynb'
    """
    return re.sub(
        rf"(\?urlpath=lab/tree/)\S*/{re.escape(name)}\.ipynb$",
        rf"\1{LIFTED}/{name}/{name}.ipynb",
        address,
    )


def made_of() -> str:
    """What the zip holds."""
    return _(
        "This chapter as a plain notebook, with the code and just the tables that it "
        "needs, the packages to install, and the licences"
    )
