"""The narrative is our own: no run of nine words is shared with the paper.

The paper itself is not in the repository. What is kept of it is a list of hashes, one for each run of
nine words; a text can be checked against them and not be read out of them.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT

RUN = 9
HASHES = frozenset(
    (ROOT / "tests" / "paper-runs.txt").read_text(encoding="ascii").split()
)
#: The paper's title may be named.
TITLE = "Foreign Policy of Kyrgyzstan under Askar Akayev and Kurmanbek Bakiyev"
TEXTS = sorted(
    [
        *(ROOT / "book").glob("*.ipynb"),
        *(ROOT / "book").glob("*.md"),
        *ROOT.glob("*.md"),
        *(ROOT / "data").glob("*.md"),
    ]
)
#: Tables with sentences of our own.
TABLES = [
    ROOT / "data" / f"{name}.csv"
    for name in (
        "events",
        "codings",
        "claims",
        "differences",
        "episodes",
        "episode_codings",
        "adjudications",
    )
]


def words(text: str) -> list[str]:
    """Words in lower case; numbers are left out, since the marks of notes stand among them."""
    return re.findall(r"[a-z]+", text.lower())


def shared(text: str, known: frozenset[str] = HASHES) -> list[str]:
    """Runs of nine words whose hash is known."""
    said = words(text)
    runs = [" ".join(said[i : i + RUN]) for i in range(len(said) - RUN + 1)]
    return [run for run in runs if hashed(run) in known]


def hashed(run: str) -> str:
    return hashlib.blake2b(run.encode(), digest_size=5).hexdigest()


def prose(path: Path) -> str:
    """The text of a page, code and its comments and descriptions included."""
    if path.suffix != ".ipynb":
        return path.read_text(encoding="utf-8")
    return "\n\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)


@pytest.mark.parametrize("path", [*TEXTS, *TABLES], ids=lambda path: path.name)
def test_nothing_is_copied(path: Path) -> None:
    assert shared(prose(path).replace(TITLE, "")) == []


def test_a_copied_run_would_be_found() -> None:
    run = "one two three four five six seven eight nine"
    assert shared(
        f"Zero, {run.replace('five', 'Five')}. Ten!", frozenset([hashed(run)])
    ) == [run]
    assert shared(run.replace("five", "six"), frozenset([hashed(run)])) == []
    assert 5_000 < len(HASHES) < 15_000 and all(
        re.fullmatch(r"[0-9a-f]{10}", one) for one in HASHES
    )
