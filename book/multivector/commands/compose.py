"""Write the chapters for a case, without building them, and say what is left out."""

from __future__ import annotations

import argparse
from pathlib import Path


def describe(parser: argparse.ArgumentParser) -> None:
    """Tell the parser the arguments."""
    parser.add_argument("path", type=Path, help="folder or zip of a case")
    parser.add_argument("out", type=Path, help="folder for the book; it is emptied")
    parser.add_argument("chapter", nargs="*", help="chapters; by default all")


def run(options: argparse.Namespace) -> int:
    """Compose them, and tell what is left out; the exit code."""
    from multivector.cases import building, composing
    from multivector.data import open_case

    case = open_case(options.path)
    folder = building.place_of(case, options.out)
    done = composing.composed(case, folder / building.SOURCE, options.chapter)
    building.tell(done)
    print(f"the chapters are in {done.folder / 'book'}")
    return 1 if done.faults or any(done.unfit.values()) else 0
