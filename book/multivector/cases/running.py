"""Runs a composed chapter on a case, and finds the sections that the case cannot fill.

A cell that raises :class:`data.Missing` takes its section with it: all from its heading to
the next heading of the same or a higher rank.  What that section gave to later cells is
taken from them too, so that they go with it.  Any other error is a fault; its section goes
as well, and the fault is told.
"""

from __future__ import annotations

import ast
import dataclasses
import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from ..forms import listed
from ..language import _
from .fragments import Piece

#: Seconds for a cell; none takes long, but machines differ.
PATIENCE = 1800
_UNKNOWN = re.compile(r"name '(\w+)' is not defined")
_ABSENT = re.compile(r"(\w+) '([^']+)' is not in the case(?: \(needed for (.*)\))?$")
#: What a message begins with where a result, and no gap, leaves nothing to be drawn.
_NOTHING = "Nothing to draw: "
#: What a terminal takes for colours.
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Lost(NamedTuple):
    """A section that is left out."""

    heading: str
    why: str
    fault: bool  #: an error that is not just something missing


class Ran(NamedTuple):
    """A chapter that was run: what is left of it, and what is not."""

    pieces: list[Piece]
    lost: list[Lost]


def sections(pieces: Sequence[Piece]) -> list[list[int]]:
    """For each piece the places of the headings that it stands under, the outermost first.

    Examples
    --------
    >>> sections([Piece("a", "# A"), Piece("b", "## B"), Piece("c", "c"), Piece("d", "## D")])
    [[0], [0, 1], [0, 1], [0, 3]]
    """
    under: list[int] = []
    found = []
    for place, piece in enumerate(pieces):
        if piece.rank:
            under = [h for h in under if pieces[h].rank < piece.rank] + [place]
        found.append(list(under))
    return found


def assigned(code: str) -> set[str]:
    """Names that a cell gives to later ones."""
    found: set[str] = set()
    waiting: list[ast.AST] = list(ast.parse(code).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(a.asname or a.name).partition(".")[0] for a in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        inner = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
        if not isinstance(node, inner | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
    return found


def run(
    pieces: Sequence[Piece],
    folder: Path,
    variables: dict[str, str],
    elsewhere: Iterable[str] = (),
) -> Ran:
    """Run the code of a chapter from top to bottom.

    Parameters
    ----------
    pieces : sequence of Piece
    folder : Path
        Where its kernel starts; the module lies there.
    variables : dict of str to str
        For the kernel's environment.
    elsewhere : iterable of str
        Code of cells that hold for another case and are not run: who uses their names is lost.

    Returns
    -------
    Ran
    """
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [cell(piece) for piece in pieces]
    client = NotebookClient(
        notebook,
        timeout=PATIENCE,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )
    gone = {
        name: "the case of this book" for code in elsewhere for name in assigned(code)
    }
    under, lost = sections(pieces), {}
    quiet = subprocess.DEVNULL
    with client.setup_kernel(env=os.environ | variables, stderr=quiet):
        for place, piece in enumerate(pieces):
            if not piece.code or any(heading in lost for heading in under[place]):
                continue
            try:
                client.execute_cell(notebook.cells[place], place)
            except CellExecutionError as error:
                heading = under[place][-1] if under[place] else place
                lost[heading] = _why(error, gone)
                members = [i for i, over in enumerate(under) if heading in (*over, i)]
                names = _names(pieces[i] for i in members if pieces[i].code)
                gone |= dict.fromkeys(names, lost[heading][0])
                _forget(client, names)
    return _result(pieces, notebook, under, lost)


def cell(piece: Piece) -> nbformat.NotebookNode:
    """The piece as a cell."""
    make = nbformat.v4.new_code_cell if piece.code else nbformat.v4.new_markdown_cell
    metadata = {"tags": list(piece.tags)} if piece.tags else {}
    return make(piece.text, id=piece.name, metadata=metadata)


def _names(pieces: Iterable[Piece]) -> set[str]:
    return {name for piece in pieces for name in assigned(piece.text)}


def _why(error: CellExecutionError, gone: dict[str, str]) -> tuple[str, bool]:
    """Why a cell failed, and whether that is a fault."""
    name, told = error.ename, COLOURS.sub("", str(error.evalue)).strip()
    if (
        name == "NoneType"
    ):  # raised while something was shown: only the traceback has it
        name, told = _shown(COLOURS.sub("", error.traceback)) or (name, told)
    unknown = _UNKNOWN.search(told) if name == "NameError" else None
    if unknown and unknown[1] in gone:
        return gone[unknown[1]], False
    if name == "Missing":
        return told.partition("; known:")[0], False
    return f"{name}: {told}", True


def _shown(traceback: str) -> tuple[str, str] | None:
    """The last error that a traceback names: its class and what it says."""
    found = re.findall(r"^(?:\w+\.)*(\w*(?:Error|Missing)): (.+)$", traceback, re.M)
    return found[-1] if found else None


def _forget(client: NotebookClient, names: Iterable[str]) -> None:
    """Take names away from the cells that follow."""
    words = ", ".join(repr(name) for name in sorted(names))
    code = f"for name in [{words}]:\n    globals().pop(name, None)\nglobals().pop('name', None)"
    client.execute_cell(nbformat.v4.new_code_cell(code), 0, store_history=False)


def _result(
    pieces: Sequence[Piece],
    notebook: nbformat.NotebookNode,
    under: list[list[int]],
    lost: dict[int, tuple[str, bool]],
) -> Ran:
    """The pieces that are left, with what they said; a lost section keeps its heading.

    Of lost sections that follow one another and lack the same, the first names the others.
    """
    left: list[Piece] = []
    told: list[Lost] = []
    run: list[Piece] = []
    for place, piece in enumerate(pieces):
        over = [heading for heading in under[place] if heading in lost]
        if not over and place not in lost:
            outputs = tuple(notebook.cells[place].get("outputs", ()))
            left.append(dataclasses.replace(piece, outputs=outputs))
            run = []
        elif place in lost:
            why, fault = lost[place]
            follows = bool(run) and run[0].rank == piece.rank and told[-1].why == why
            told.append(Lost(piece.heading, why, fault))
            if over[:1] in ([], [place]):
                run = [*run, piece] if follows else [piece]
                left = left[:-1] if follows else left
                text = _headed(run, why)
                left.append(dataclasses.replace(run[0], text=text, code=False))
    return Ran(left, told)


def _headed(run: Sequence[Piece], why: str) -> str:
    """The heading of a lost section, the line that says what it lacks, and who lacks the same."""
    lines = run[0].text.splitlines()
    last = next((i for i, line in enumerate(lines) if line.startswith("#")), -1)
    said = needs(why)
    if len(run) > 1:
        named = listed(f"“{piece.heading}”" for piece in run[1:])
        said += " " + _(
            "The same holds for what would follow: {sections}.", sections=named
        )
    return "\n".join([*lines[: last + 1], "", f"*{said}*"])


def needs(why: str, whole: bool = False) -> str:
    """The sentence that stands in the place of a section, or of a whole chapter.

    Examples
    --------
    >>> needs("table 'payments' is not in the case (needed for the auction for a base)")
    'This section needs the table `payments` (for the auction for a base), which this case does not have.'
    >>> needs("mark 'exercises-with' is not in the case")
    'This section needs a choice that this case has not made, `exercises-with`.'
    >>> needs("three years at least are needed")
    'This section cannot be computed on this case: three years at least are needed.'
    >>> needs("Nothing to draw: no choice turns a verdict by itself")
    'Nothing is drawn here, since no choice turns a verdict by itself. That is a result: no table is missing.'
    >>> needs("Needs a list of contested decisions.")
    'This section needs a list of contested decisions.'
    >>> needs("Needs a list of contested decisions.", whole=True)
    'This chapter needs a list of contested decisions.'
    """
    why = why.rstrip(".")
    if found := _ABSENT.match(why):
        kind, name, purpose = found.groups()
        if kind == "mark":
            return _(
                "This section needs a choice that this case has not made, `{name}`.",
                name=name,
            )
        what = f"the {kind} `{name}`" + (f" (for {purpose})" if purpose else "")
        if whole:
            return _(
                "This chapter needs {what}, which this case does not have.", what=what
            )
        return _("This section needs {what}, which this case does not have.", what=what)
    if why.startswith(_NOTHING):
        return _(
            "Nothing is drawn here, since {why}. That is a result: no table is missing.",
            why=why.removeprefix(_NOTHING),
        )
    if why.startswith("Needs "):
        what = why.removeprefix("Needs ")
        if whole:
            return _("This chapter needs {what}.", what=what)
        return _("This section needs {what}.", what=what)
    if whole:
        return _("This chapter cannot be computed on this case: {why}.", why=why)
    return _("This section cannot be computed on this case: {why}.", why=why)
