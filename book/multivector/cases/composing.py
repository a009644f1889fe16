"""Writes the book for another case: its chapters composed, run, and cut to what holds.

The folder that is written is a book of its own: chapters, module, extension, settings,
and the tables of this repository, from which general claims and shared tables come.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
import shutil
import tempfile
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

import nbformat

from ..data import COMPOSED_FOR, Case, first_case
from ..language import _
from ..tables import archives
from . import betting, fragments, pointing, pruning, running
from .drafts import BLANK
from .fragments import Piece, heading_line
from .running import Lost, Ran

BOOK = Path(__file__).resolve().parents[2]
ROOT = BOOK.parent
#: Words that hold for any case, a file a chapter.
FRAME = BOOK / "frame"
#: Folder of a case's own words.
WORDS = "text"
#: The page that lists what is left out.
LEFT_OUT = "left-out"
#: Files of the repository that a book needs beside its folder.
_BESIDE = ("_config.yml", "LICENSE", "requirements.txt")
_CITATION = "CITATION.cff"
_PASSED_OVER = shutil.ignore_patterns("__pycache__", ".*", "*.ipynb", "frame")
_GLOSSARY = "glossary"
_TERM = re.compile(r"^(?=\S)([^`:{\n][^\n]*)\n(?=[ \t]+\S)", re.M)
#: Notebooks that run at a time.
_AT_ONCE = 2


class Composed(NamedTuple):
    """A book that was written for a case."""

    folder: Path
    lost: dict[str, list[Lost]]  #: sections left out, by chapter
    gone: list[str]  #: chapters left out
    sections: dict[str, int]  #: how many sections each chapter has
    unfit: dict[str, list[str]]  #: blocks that a builder would refuse, by chapter

    @property
    def faults(self) -> list[tuple[str, Lost]]:
        """Sections that fell by an error, and not by something missing."""
        return [(n, one) for n, all_ in self.lost.items() for one in all_ if one.fault]


def words_of(case: Case) -> Traversable | None:
    """Folder of a case's own words; none where it has none."""
    place = archives.inside(case.path) if case.path.is_file() else case.path
    folder = place.joinpath(WORDS)
    return folder if folder.is_dir() else None


def problems(case: Case) -> list[str]:
    """What is wrong with a case's own words and marks: what is not there, or of no use."""
    folder, told = words_of(case), []
    known = {path.stem for path in BOOK.glob("*.ipynb")}
    listed = list(folder.iterdir()) if folder else []
    for path in sorted(listed, key=lambda one: one.name):
        chapter = path.name.removesuffix(".md")
        if not path.name.endswith(".md"):
            told.append(f"{WORDS}/{path.name}: words are files CHAPTER.md")
        elif chapter not in known:
            told.append(
                f"{WORDS}/{path.name}: no chapter is {chapter!r}; "
                f"chapters: {', '.join(sorted(known))}"
            )
        else:
            notebook = nbformat.read(BOOK / f"{chapter}.ipynb", as_version=4)
            try:
                found = fragments.strangers(path, notebook)
            except ValueError as fault:
                found = [str(fault)]
            told += [f"{WORDS}/{one}" for one in found]
    return [*told, *pointing.problems(case, first_case())]


def composed(
    case: Case, folder: Path, names: Sequence[str] = (), outputs: bool = False
) -> Composed:
    """Write the book for a case.

    Parameters
    ----------
    case : data.Case
    folder : Path
        It is emptied first.
    names : sequence of str, optional
        Chapters to compose; by default all.
    outputs : bool
        Whether chapters keep what came of running them, so that a build need not run them
        again.

    Returns
    -------
    Composed

    Raises
    ------
    ValueError
        If the case's own words name a chapter or a cell that is not there.
    """
    if told := problems(case):
        raise ValueError("\n".join(told))
    laid_out(folder)
    _with_case(case, folder)
    chosen = [name for name in chapters() if not names or name in names]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        ran = dict(zip(chosen, pool.map(lambda name: _run(case, name, folder), chosen)))
    pages = {
        name: fragments.without_case((BOOK / f"{name}.md").read_text(encoding="utf-8"))
        for name in contents()
        if (BOOK / f"{name}.md").is_file()
    }
    lost = {name: one.lost for name, one in ran.items()}
    left, texts = pruning.pruned(
        {name: one.pieces for name, one in ran.items()},
        pages,
        terms_of(pages.get(_GLOSSARY, "")),
        lambda name, pieces: _worth_a_page(pieces, lost[name]),
        {name: _figures(name) for name in chapters() if name not in chosen},
    )
    gone = [name for name in chosen if name not in left]
    for name, pieces in left.items():
        if name == contents()[0]:
            pieces = [_of_state(piece, case) for piece in pieces]
        _write(name, pieces, folder, outputs)
    if listed := told_of(case, lost, gone):
        texts[LEFT_OUT] = listed
    first = contents()[0]
    if first not in left:  # a book needs a first page
        texts[first] = f"# {chapter_title(first, words_of(case))}: {case.name}\n"
    for name, text in texts.items():
        (folder / "book" / f"{name}.md").write_text(text, encoding="utf-8")
    _contents({*left, *texts}, folder)
    _settings(case, folder)
    counted = {
        name: sum(piece.rank > 1 for piece in one.pieces) for name, one in ran.items()
    }
    unfit = {name: list(betting.unfit(pieces)) for name, pieces in left.items()}
    return Composed(folder, lost, gone, counted, unfit)


def unmarked(case: Case, origin: Case) -> list[str]:
    """Marks that the chapters ask for and a case does not have, a line each."""
    return pointing.lacking(case, origin, {n: _pieces(case, n)[0] for n in chapters()})


def chapters() -> list[str]:
    """Pages of this book that are notebooks, in the order of its table of contents."""
    return [name for name in contents() if (BOOK / f"{name}.ipynb").is_file()]


def tried(case: Case, names: Sequence[str] = ()) -> Composed:
    """Compose the book for a case, and keep only what is told of it; as :func:`composed`."""
    with tempfile.TemporaryDirectory() as folder:
        return composed(case, Path(folder) / "source", names)


def laid_out(folder: Path) -> None:
    """Put into a folder what every book needs."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)
    shutil.copytree(BOOK, folder / "book", ignore=_PASSED_OVER)
    shutil.copytree(ROOT / "data", folder / "data")
    for name in _BESIDE:
        if (ROOT / name).is_file():
            shutil.copy2(ROOT / name, folder / name)


def _with_case(case: Case, folder: Path) -> None:
    """Put a case and how to cite it into the folder: its cells open this case, and no other."""
    named = dict(zip(("dir", "file"), COMPOSED_FOR))
    if case.path.is_file():
        shutil.copy2(case.path, folder / named["file"])
    else:
        shutil.copytree(
            case.path, folder / named["dir"], ignore=shutil.ignore_patterns(".*")
        )
    first, last = (day.year for day in case.span())
    text = (BLANK / _CITATION).read_text(encoding="utf-8")
    cited = text.format(name=json.dumps(case.name)[1:-1], first=first, last=last)
    (folder / _CITATION).write_text(cited, encoding="utf-8")


def contents() -> list[str]:
    """Pages of this book, in the order of its table of contents."""
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    return re.findall(r"book/([\w-]+)", toc)


def terms_of(glossary: str) -> frozenset[str]:
    """Terms that a glossary explains."""
    return frozenset(name.strip() for name in _TERM.findall(glossary))


def _figures(name: str) -> frozenset[str]:
    """Figures and tables of a chapter as it stands."""
    notebook = nbformat.read(BOOK / f"{name}.ipynb", as_version=4)
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return frozenset(figure for _kind, figure in pruning.worded(texts))


def _pieces(case: Case, name: str) -> tuple[list[Piece], list[str]]:
    """The pieces of a chapter for a case, and the code that gave way to others."""
    notebook = nbformat.read(BOOK / f"{name}.ipynb", as_version=4)
    own = words_of(case)
    pieces = fragments.composed(
        notebook,
        fragments.read(own.joinpath(f"{name}.md")) if own else {},
        fragments.read(FRAME / f"{name}.md"),
    )
    kept = {piece.text for piece in pieces}
    elsewhere = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.source not in kept
    ]
    return pieces, elsewhere


def _run(case: Case, name: str, folder: Path) -> Ran:
    """Compose one chapter and run it on the case."""
    pieces, elsewhere = _pieces(case, name)
    variables = {
        "MULTIVECTOR_CASE": str(case.path),
        "MULTIVECTOR_RENDERER": "book",
        "MULTIVECTOR_OPENED": str(_opened(folder, name)),
        "MULTIVECTOR_STORE": str(folder.parent / "_build" / ".results"),
    }
    return running.run(pieces, folder / "book", variables, elsewhere)


def _worth_a_page(pieces: Sequence[Piece], lost: Collection[Lost]) -> bool:
    """Has a chapter anything left but headings, and lines that say what is missing?"""
    headings = {one.heading for one in lost}
    return any(
        not piece.code and piece.rank != 1 and piece.heading not in headings
        for piece in pieces
    ) and not any(one.heading == _title(pieces) for one in lost)


def _title(pieces: Sequence[Piece]) -> str:
    return next((piece.heading for piece in pieces if piece.rank == 1), "")


def _write(name: str, pieces: Sequence[Piece], folder: Path, outputs: bool) -> None:
    """Write a chapter as a notebook, with the names of the tables that it has opened."""
    origin = nbformat.read(BOOK / f"{name}.ipynb", as_version=4)
    notebook = nbformat.v4.new_notebook(metadata=origin.metadata)
    for piece in pieces:
        cell = running.cell(piece)
        if outputs and piece.code:
            cell.outputs = list(piece.outputs)
        notebook.cells.append(cell)
    if outputs:
        opened = _opened(folder, name).read_text(encoding="utf-8")
        notebook.metadata["tables"] = sorted(set(opened.split()))
    nbformat.write(notebook, folder / "book" / f"{name}.ipynb")


def _of_state(piece: Piece, case: Case) -> Piece:
    """The title of the whole book, with the name of the state."""
    if piece.rank != 1 or case.name in piece.heading:
        return piece
    named = f"{heading_line(piece.text)}: {case.name}"
    return dataclasses.replace(
        piece, text=piece.text.replace(heading_line(piece.text), named, 1)
    )


def _opened(folder: Path, name: str) -> Path:
    """The file that gets the names of the tables that a chapter opens."""
    return folder / f".{name}.tables"


def told_of(case: Case, lost: dict[str, list[Lost]], gone: Sequence[str]) -> str:
    """The page that lists what the book of a case leaves out; empty if that is nothing."""
    lines = []
    for name, all_ in lost.items():
        title = chapter_title(name, words_of(case))
        for one in all_:
            part = "" if one.heading in ("", title) else f" *{one.heading}*"
            lines.append(
                f"- **{title}**{part}: {running.needs(one.why, whole=not part)}"
            )
        if name in gone and not all_:
            nothing = _("Nothing in it holds for this case.")
            lines.append(f"- **{title}**: {nothing}")
    if not lines:
        return ""
    head = _("What this book leaves out")
    told = _(
        "Chapters and sections for which the case of {name} has no data, or in which its "
        "data leave nothing to show. A chapter is left out whole where nothing of it remains.",
        name=case.name,
    )
    return "\n".join([f"# {head}", "", told, "", *lines, ""])


def chapter_title(name: str, own: Traversable | None = None) -> str:
    """Heading of a chapter: of the case's own words, of the frame, or of this book."""
    for folder in filter(None, (own, FRAME)):
        for text in fragments.read(folder.joinpath(f"{name}.md")).values():
            if found := re.match(r"#\s+(.*)", text):
                return found[1]
    notebook = nbformat.read(BOOK / f"{name}.ipynb", as_version=4)
    cells = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found_here = (re.search(r"^#\s+(.*)$", text, re.M) for text in cells)
    return next((found[1] for found in found_here if found), name)


def _contents(pages: Collection[str], folder: Path) -> None:
    """The table of contents, without pages that are not there."""
    lines = (ROOT / "_toc.yml").read_text(encoding="utf-8").splitlines()
    kept = [
        line
        for line in lines
        if not (named := re.search(r"book/([\w-]+)", line)) or named[1] in pages
    ]
    if LEFT_OUT in pages:
        kept.append(f"  - file: book/{LEFT_OUT}")
    (folder / "_toc.yml").write_text("\n".join(kept) + "\n", encoding="utf-8")


def _settings(case: Case, folder: Path) -> None:
    """The settings, with the case's name in the title."""
    path = folder / "_config.yml"
    text = path.read_text(encoding="utf-8")
    named = re.sub(r"^(title: .*)$", rf"\1 ({case.name})", text, count=1, flags=re.M)
    path.write_text(named, encoding="utf-8")
