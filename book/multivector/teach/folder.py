"""The files of a lesson."""

import copy
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from markupsafe import Markup

from .. import lift
from ..forms import in_force
from ..language import _
from ..page.render import FOLDER, environment
from .lesson import Lesson, lesson, outer

BUILT = lift.ROOT / "_build" / "html"
#: Scripts of the page without which no chart is alive.
SCRIPTS = (
    "essay-words.js",
    "essay-views.js",
    "essay-numbers.js",
    "essay-fit.js",
    "essay-charts.js",
    "essay-versions.js",
)
SHEETS = ("essay.css", "essay-vectors.css")
#: Where a build leaves these sheets (book/_ext/essay_weight.py): its pages have one in all.
KEPT = ".sheets"
#: Of our own: how slides and paper look, and what starts the slides.
OWN = ("slides.css", "slides.js", "paper.css")
#: The sheets that are printed.
PAPER = ("plan", "handout", "solutions")
#: The package that carries reveal.js, and what of it a deck needs.
CARRIER = "sphinx_revealjs"
REVEAL = (
    "LICENSE",
    "dist/reset.css",
    "dist/reveal.css",
    "dist/reveal.js",
    "plugin/notes/notes.js",
)
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
#: Seconds that a browser has to print a sheet.
PATIENCE = 300


def files(name: str, case: Path, built: Path = BUILT) -> dict[str, bytes]:
    """All files of the lesson on a chapter, by their place in its folder.

    Parameters
    ----------
    name : str
        Of the chapter.
    case : Path
        Folder of the case.
    built : Path
        Folder of the built book.

    Raises
    ------
    ValueError
        If the book was not built, or lacks what a lesson is made of.
    """
    left = lift.built(name, built.parent / ".lifted")
    made = lesson(name, built)
    made.book = left["book"]
    found = sheets(made, built) | static(name, built) | reveal()
    found |= printed(found)
    for kind, notebook in (
        ("students", without_solutions(left["notebook"], made)),
        ("teacher", left["notebook"]),
    ):
        one = lift.files(name, {**left, "notebook": notebook}, case)
        found[f"notebook-{kind}.zip"] = lift.packed(name, one)
    return {"README.md": read_me(made, found).encode(), **found}


# --- slides and paper --------------------------------------------------------------------


def sheets(made: Lesson, built: Path) -> dict[str, bytes]:
    """Slides, handout and solutions as pages."""
    still = copy.copy(made)
    still.figures = [on_paper(figure) for figure in made.figures]
    still.claims = [
        [[laid_open(cell) for cell in row] for row in table] for table in made.claims
    ]
    scripts = script_elements(made.name, built)
    filled = {"lesson": made, "language": in_force(), "sources": "", "scripts": scripts}
    given = {"slides": made, "plan": still, "handout": still, "solutions": still}
    templates = environment()
    return {
        f"{sheet}.html": templates.get_template(f"{sheet}.html")
        .render(filled | {"lesson": one})
        .encode()
        for sheet, one in given.items()
    }


def on_paper(figure: Markup) -> Markup:
    """A figure as it stands still: the drawing with its words, and nothing that runs."""
    text = BeautifulSoup(figure, "html.parser")
    for part in text.select("script, template, .essay-chart__extras, button, form"):
        part.decompose()
    return outer(text)


def laid_open(markup: Markup) -> Markup:
    """Markup whose folds stand open: nobody can open one on paper."""
    text = BeautifulSoup(markup, "html.parser")
    for fold in text.select("details"):
        fold["open"] = ""
    return outer(text)


def page_of(name: str, built: Path) -> BeautifulSoup:
    """A whole built page."""
    text = (built / "book" / f"{name}.html").read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser")


def script_elements(name: str, built: Path) -> list[Markup]:
    """The scripts of the page that its charts need, with what it tells them."""
    found = []
    for script in page_of(name, built).select("script[src]"):
        file = Path(str(script["src"]).partition("?")[0]).name
        if file in SCRIPTS:
            script["src"] = f"_static/{file}"
            found.append(outer(script))
    return found


def static(name: str, built: Path) -> dict[str, bytes]:
    """Style sheets and scripts, as the book has them."""
    page, folder = page_of(name, built), built / "_static"
    bundles = [str(script["data-vega"]) for script in page.select("script[data-vega]")]
    scripts = [file for file in SCRIPTS if (folder / file).is_file()]
    found = {
        f"_static/{file}": (folder / file).read_bytes() for file in (*scripts, *bundles)
    }
    kept = built.parent / KEPT
    found |= {f"_static/{file}": (kept / file).read_bytes() for file in SHEETS}
    return found | {f"_static/{file}": (FOLDER / file).read_bytes() for file in OWN}


def reveal() -> dict[str, bytes]:
    """The files of reveal.js, out of the package that carries it."""
    package = importlib.util.find_spec(CARRIER)
    if package is None or package.origin is None:
        raise ValueError(
            "the slides need the package sphinx-revealjs; install it: "
            "python -m pip install -r requirements.txt"
        )
    folder = Path(package.origin).parent / "_static" / "revealjs"
    return {f"reveal/{file}": (folder / file).read_bytes() for file in REVEAL}


def printed(found: Mapping[str, bytes]) -> dict[str, bytes]:
    """What is for paper as PDF, if there is a Chromium to print it."""
    named = os.environ.get("ESSAY_CHROMIUM")
    browsers = map(shutil.which, [named] if named else CHROMIUMS)
    browser = next(filter(None, browsers), None)
    if browser is None:
        return {}
    made = {}
    with tempfile.TemporaryDirectory() as room:
        lift.write("", found, Path(room) / "lesson")
        for sheet in PAPER:
            page, paper = (
                Path(room) / "lesson" / f"{sheet}.{e}" for e in ("html", "pdf")
            )
            command = [browser, "--headless", "--disable-gpu", "--no-pdf-header-footer"]
            command += [f"--user-data-dir={room}/profile", f"--print-to-pdf={paper}"]
            if hasattr(os, "geteuid") and os.geteuid() == 0:
                command.append("--no-sandbox")  # the sandbox does not start for root
            subprocess.run(
                [*command, page.as_uri()], capture_output=True, timeout=PATIENCE
            )
            if paper.is_file():
                made[paper.name] = paper.read_bytes()
    return made


# --- the notebook ------------------------------------------------------------------------


def without_solutions(notebook: Mapping[str, Any], made: Lesson) -> dict[str, Any]:
    """A lifted notebook without answers, solutions and the note for teachers.

    Hidden code that stands in a section with solutions only computes their numbers, and
    goes with them.

    Parameters
    ----------
    notebook : mapping
        As :func:`lift.built` gives it.
    made : Lesson
        Of the same chapter.
    """
    cells: list[dict[str, Any]] = []
    solved = sections_with_solutions(notebook["cells"], made.solved)
    section = 0
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            section += headings(source)
            text = without_section(source, made.teachers_heading)
            text = without_folds(text, made.answers).strip()
            if text:
                cells.append({**cell, "source": text})
        elif not (section in solved and cell["metadata"].get("jupyter")):
            cells.append(dict(cell))
    return {**notebook, "cells": cells}


def headings(text: str) -> int:
    """How many sections begin in a text."""
    return len(re.findall(r"^## ", text, re.MULTILINE))


def sections_with_solutions(cells: list[dict[str, Any]], lines: set[str]) -> set[int]:
    """Numbers of the sections in which an exercise is solved."""
    found, section = set(), 0
    for cell in cells:
        if cell["cell_type"] == "markdown":
            for line in "".join(cell["source"]).split("\n"):
                section += line.startswith("## ")
                if summary(line) in lines:
                    found.add(section)
    return found


def summary(line: str) -> str:
    """The words of a line that opens a fold, or nothing."""
    found = re.fullmatch(r"\s*<summary>(.*)</summary>", line)
    return BeautifulSoup(found[1], "html.parser").get_text().strip() if found else ""


def without_folds(text: str, answers: set[str]) -> str:
    r"""Markdown without the folds whose lines are among those of answers.

    Examples
    --------
    >>> fold = "Why?\n<details>\n<summary>The answer</summary>\n\nSo.\n\n</details>\nEnd"
    >>> without_folds(fold, {"The answer"})
    'Why?\nEnd'
    """
    lines, kept, depth = text.split("\n"), [], 0
    for at, line in enumerate(lines):
        opens = line.strip() == "<details>"
        if opens and (depth or summary(lines[at + 1]) in answers):
            depth += 1
        if not depth:
            kept.append(line)
        elif line.strip() == "</details>":
            depth -= 1
    return "\n".join(kept)


def without_section(text: str, heading: str) -> str:
    r"""Markdown without the section under a heading.

    Examples
    --------
    >>> without_section("a\n## For teachers\nb\n## Next\nc", "For teachers")
    'a\n## Next\nc'
    """
    if not heading:
        return text
    return re.sub(
        rf"^## {re.escape(heading)}\n.*?(?=^## |\Z)", "", text, flags=re.M | re.S
    )


# --- the folder --------------------------------------------------------------------------


def read_me(made: Lesson, found: Mapping[str, bytes]) -> str:
    """What the folder is for, what is in it, and in which order it is used."""
    told = {
        "plan": _("for you: the minutes, what to prepare, where it may go wrong"),
        "handout": _(
            "one for each student, in sheets; give the first out alone, before"
        ),
        "slides": _("to show; S opens the speaker’s notes, F fills the screen"),
        "solutions": _("answers and solutions, for afterwards"),
        "notebook-students": _("the chapter to run, with solutions taken out"),
        "notebook-teacher": _("the chapter to run, with them"),
    }
    lines: list[str] = []
    for name, said in told.items():
        forms = [f"{name}.{end}" for end in ("html", "pdf", "zip")]
        files = ", ".join(f"`{form}`" for form in forms if form in found)
        lines.append(f"{len(lines) + 1}. {files}: {said}")
    about = _("A lesson on one chapter of “{book}”.", book=made.book)
    alone = _("It needs no network and nothing else of the book, in this order:")
    larger = _("Slides fill the window; Ctrl and + make what stands on them larger.")
    reuse = environment().get_template("reuse.html").render(sources="")
    words = BeautifulSoup(reuse, "html.parser").get_text().strip()
    begins = [f"# {made.title}", f"{about} {alone}"]
    return "\n\n".join([*begins, "\n".join(lines), larger, words]) + "\n"
