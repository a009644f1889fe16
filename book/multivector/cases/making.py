"""Seals a draft of a case and writes it whole or not at all."""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from ..data import Case, open_case
from ..tables import seals, shape
from ..tables.descriptor import COMMENTS
from ..tables.problems import DESCRIPTOR
from .drafts import BLANK, MARKS, Draft, Sheet

README = "README.md"


def files_of(draft: Draft) -> dict[str, bytes]:
    """The files of a case by name, the descriptor sealed."""
    files: dict[str, bytes] = {}
    resources = []
    for table, sheet in draft.sheets.items():
        content, about = _table(sheet), dict(sheet.about)
        if sheet.comments:
            about["dialect"] = COMMENTS
        about |= seals.seal(content, bool(sheet.comments))
        files[f"{table}.csv"] = content
        resources.append(about | {"name": table, "path": f"{table}.csv"})
    package = _package(draft) | {"resources": resources}
    text = json.dumps(package, indent=1, ensure_ascii=False) + "\n"
    return files | {
        DESCRIPTOR: text.encode(),
        README: _readme(draft, resources).encode(),
    }


def _table(sheet: Sheet) -> bytes:
    """The file of a table: its header, the lines that explain, its rows."""
    written = io.StringIO()
    sheet.rows.to_csv(written, index=False, lineterminator="\n")
    header, _, rows = written.getvalue().partition("\n")
    return f"{header}\n{sheet.comments}{rows}".encode()


def _package(draft: Draft) -> dict[str, Any]:
    """What the descriptor says of the whole case."""
    return {
        "profile": "tabular-data-package",
        "name": f"many-vectors-{draft.state.casefold()}",
        "title": f"The case of {draft.name}",
        "description": "Tables of one state's foreign policy.",
        "version": "0.1.0",
        "layout": shape.LAYOUT,
        "licenses": [{"name": "unstated", "title": "Not stated yet"}],
    }


def _readme(draft: Draft, resources: list[dict[str, Any]]) -> str:
    """The words beside the tables: what each is, and what is missing."""
    rows = {one["name"]: one["rows"] for one in resources}
    by_hand = [*shape.BY_HAND, *({MARKS} & rows.keys())]
    hand = {"periods": "the years and the leaders", "partners": "every state"}
    actors = draft.sheets["actors"].rows
    peers = ", ".join(actors.loc[actors["peer"] == "true", "name"])
    told = {
        "hand": [
            f"| `{t}` | {rows[t]} | {hand.get(t, 'a beginning' if rows[t] else 'nothing')} |"
            for t in by_hand
        ],
        "outside": [f"| `{t}` | {n} |" for t, n in rows.items() if t not in by_hand],
        "missing": [
            f"| `{t}` | {why} | {shape.NEEDED_FOR[t]} |"
            for t, why in draft.missing.items()
        ],
    }
    lists = {word: "\n".join(lines) for word, lines in told.items()}
    text = (BLANK / "README.txt").read_text(encoding="utf-8")
    return text.format(
        name=draft.name, state=draft.state, peers=peers or "none", **lists
    )


def written(draft: Draft, folder: Path, force: bool = False) -> Case:
    """Write a case and open it; nothing is left if it cannot be written or opened.

    Parameters
    ----------
    draft : Draft
    folder : Path
        Must not be there, or be empty.
    force : bool
        Put the new case in the place of one that is there; what is no case stays.

    Returns
    -------
    data.Case

    Raises
    ------
    ValueError
        If something stands in the way.
    """
    folder = folder.expanduser().absolute()
    _refuse_taken(folder, force)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in files_of(draft).items():
            (unfinished / name).write_bytes(content)
        open_case(unfinished)
        unfinished.chmod(0o755)
        _put(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return open_case(folder)


def _refuse_taken(folder: Path, force: bool) -> None:
    """Refuse a place that is taken, or that cannot be."""
    if not folder.parent.is_dir():
        raise ValueError(f"the folder '{folder.parent}' does not exist; make it first")
    if not os.path.lexists(folder) or (folder.is_dir() and not any(folder.iterdir())):
        return
    is_case = (folder / DESCRIPTOR).is_file() and not folder.is_symlink()
    if not is_case:
        raise ValueError(f"'{folder}' is there and is no case; name another place")
    if not force:
        raise ValueError(
            f"'{folder}' holds a case; name another place, or replace it with --force"
        )


def _put(made: Path, folder: Path) -> None:
    """Put a folder in the place of one that may be there; the old one stays if that fails."""
    if not folder.exists():
        made.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    folder.rename(old / folder.name)
    try:
        made.rename(folder)
    except OSError:
        (old / folder.name).rename(folder)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
