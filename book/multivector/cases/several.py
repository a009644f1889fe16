"""The cases that lie here: that of this book, and those in the folder ``cases`` beside it."""

from __future__ import annotations

from pathlib import Path

from .. import data
from ..data import Case, Missing
from ..tables.problems import DESCRIPTOR

#: Folder beside the case of this book that holds others, each in a folder of its own.
FOLDER = "cases"


def folders(home: Path | None = None) -> list[Path]:
    """Folders of all cases that lie here, that of this book first.

    Parameters
    ----------
    home : Path, optional
        Folder of the case of this book; by default where it is.
    """
    first = home or data.first_case().path
    found = [one.parent for one in first.with_name(FOLDER).glob(f"*/{DESCRIPTOR}")]
    return [first, *sorted(found)]


def another(case: Case, home: Path | None = None) -> Case:
    """The first case that lies here and is of another state.

    Parameters
    ----------
    case : data.Case
    home : Path, optional
        As for :func:`folders`.

    Raises
    ------
    data.Missing
        If there is none.
    """
    for folder in folders(home):
        other = data.open_case(folder, coding=case.coding)
        if other.state != case.state:
            return other
    raise Missing("there is no case of another state to put beside this one")
