"""Builds the book on a case, in a folder of its own, and says which notebooks fail."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ..data import Case
from .composing import ROOT, Composed
from .running import COLOURS

#: Folder in which the chapters of a case are written.
SOURCE = "source"
#: Variables that would have the book built on something else, or kept somewhere else.
_ASTRAY = ("MULTIVECTOR_CODING", "MULTIVECTOR_STORE", "MULTIVECTOR_ASKED")


#: A warning with its file and line, without what the builder calls its kind.
_PLACED = re.compile(
    r"(.+\.(?:ipynb|md)):(\d+): (?:WARNING|ERROR): (.*?)(?: \[[\w.]+\])?$"
)
_A_CELL = 10_000


class Built(NamedTuple):
    """What came of a build."""

    pages: Path  #: folder of the pages
    failed: dict[str, str]  #: notebooks that fail, with the last line of why
    code: int  #: what the builder ended with
    said: str


def place_of(case: Case, out: Path | None) -> Path:
    """The folder that a build goes into: never that of this book, nor one with other things in it.

    Raises
    ------
    ValueError
        If it is one of those.
    """
    beside = case.path.with_name(f"{case.path.stem}-book")
    folder = (out or beside).expanduser().resolve()
    own = folder == ROOT or folder.is_relative_to(ROOT / "_build")
    inside = folder.is_relative_to(case.path) or case.path.is_relative_to(folder)
    if own or inside:
        raise ValueError(
            f"'{folder}' is the book's own folder or the case's; name another"
        )
    held = {one.name for one in folder.iterdir()} if folder.is_dir() else set()
    if not held <= {"_build", SOURCE}:
        raise ValueError(f"'{folder}' holds other things; name a folder of its own")
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"'{folder}' is a file; name a folder")
    return folder


def command_of(folder: Path) -> list[str]:
    """The command that builds the book into a folder, warnings being faults."""
    run = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]
    return [
        *run,
        "build",
        str(folder / SOURCE),
        "--path-output",
        str(folder),
        "-W",
        "-n",
        "--keep-going",
    ]


def built(case: Case, folder: Path, command: Sequence[str] = ()) -> Built:
    """Build the book that was composed for a case.

    Parameters
    ----------
    case : data.Case
    folder : Path
        Of :func:`place_of`.
    command : sequence of str, optional
        What to run in place of :func:`command_of`.
    """
    variables = {k: v for k, v in os.environ.items() if k not in _ASTRAY}
    variables["MULTIVECTOR_CASE"] = str(case.path)
    variables["MULTIVECTOR_RAN"] = "1"  # while they were composed
    tools = str(Path(sys.executable).parent)  # the builder calls others by name
    variables["PATH"] = os.pathsep.join([tools, variables.get("PATH", "")])
    (folder / SOURCE).mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        command or command_of(folder),
        cwd=folder / SOURCE,
        env=variables,
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    pages = folder / "_build" / "html"
    return Built(pages, failures(pages), done.returncode, done.stdout)


def tell(done: Composed) -> None:
    """Print what a composed book leaves out, and which sections fell by an error."""
    for name, lost in done.lost.items():
        for one in lost:
            kind = "FAULT " if one.fault else ""
            print(f"{kind}{name}: {one.heading or name!r} is left out: {one.why}")
    for name, lines in done.unfit.items():
        for line in lines:
            print(f"FAULT {name}, {line}")
    if done.gone:
        print(f"chapters left out whole: {', '.join(done.gone)}")


def warnings(said: str) -> list[str]:
    """What a builder warned of; its last lines if it warned of nothing."""
    lines = [COLOURS.sub("", line) for line in said.splitlines()]
    found = [line for line in lines if re.search(r"\b(WARNING|ERROR)\b", line)]
    return found or lines[-20:]


def reason(done: Built, source: Path) -> str:
    """Why a book did not build, in one line: the first notebook or warning, with its place."""
    more = len(done.failed)
    if done.failed:
        name, why = next(iter(done.failed.items()))
        first = f"{name}: {why}"
    else:
        lines = warnings(done.said) or [f"the builder ended with {done.code}"]
        more = sum(" WARNING" in line or " ERROR" in line for line in lines)
        first = placed(lines[0], source)
    rest = f" (and {more - 1} more)" if more > 1 else ""
    return f"the book did not build: {first}{rest}"


def placed(line: str, source: Path) -> str:
    """A warning with its place in words of the source: the chapter and the cell, or the line.

    Parameters
    ----------
    line : str
        As a builder says it. A line of a notebook counts ten thousand for each cell.
    source : Path
        The folder of the book.
    """
    found = _PLACED.match(line.strip())
    if not found:
        return line.strip()
    path, number, what = Path(found[1]), int(found[2]), found[3]
    if path.suffix != ".ipynb":
        return f"{path.name}, line {number}: {what}"
    try:
        text = (source / "book" / path.name).read_text(encoding="utf-8")
        cell = json.loads(text)["cells"][number // _A_CELL - 1]["id"]
    except (OSError, ValueError, LookupError):
        return f"{path.stem}: {what}"
    return f"{path.stem}, cell '{cell}': {what}"


def failures(pages: Path) -> dict[str, str]:
    """Notebooks whose cells failed in the last build, and the last line of why."""
    found = {}
    for report in sorted((pages / "reports").rglob("*.err.log")):
        text = COLOURS.sub("", report.read_text(encoding="utf-8", errors="replace"))
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        faults = [line for line in lines if re.match(r"[\w.]*(Error|Missing)\b", line)]
        why = (faults or lines or [""])[-1].partition("; known:")[0]
        found[report.name.removesuffix(".err.log")] = why
    return found
