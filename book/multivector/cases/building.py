"""Builds the book on a case, in a folder of its own, and says which notebooks fail."""

from __future__ import annotations

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
    if own or folder.is_relative_to(case.path):
        raise ValueError(
            f"'{folder}' is the book's own folder or the case's; name another"
        )
    inside = {one.name for one in folder.iterdir()} if folder.is_dir() else set()
    if not inside <= {"_build", SOURCE}:
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
    if done.gone:
        print(f"chapters left out whole: {', '.join(done.gone)}")


def warnings(said: str) -> list[str]:
    """What a builder warned of; its last lines if it warned of nothing."""
    lines = [COLOURS.sub("", line) for line in said.splitlines()]
    found = [line for line in lines if re.search(r"\b(WARNING|ERROR)\b", line)]
    return found or lines[-20:]


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
