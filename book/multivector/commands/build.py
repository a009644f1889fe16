"""Build the whole book on a case, in a folder of its own, and say what is left out."""

from __future__ import annotations

import argparse
from pathlib import Path


def describe(parser: argparse.ArgumentParser) -> None:
    """Tell the parser the arguments."""
    parser.add_argument("path", type=Path, help="folder or zip of a case")
    parser.add_argument(
        "--out", type=Path, help="folder for the book; by default beside the case"
    )


def run(options: argparse.Namespace) -> int:
    """Compose and build it, and tell what is left out and what fails; the exit code."""
    from multivector.cases import building, composing
    from multivector.data import open_case

    case = open_case(options.path)
    folder = building.place_of(case, options.out)
    print(f"the book on {case.name} goes into {folder}: some minutes", flush=True)
    composed = composing.composed(case, folder / building.SOURCE, outputs=True)
    building.tell(composed)
    done = building.built(case, folder)
    for name, why in done.failed.items():
        print(f"{name} fails: {why}")
    if done.code and not done.failed:
        print("\n".join(building.warnings(done.said)))
    if done.code or done.failed:
        print(f"what is built is in {done.pages}")
        print(building.reason(done, folder / building.SOURCE))
        return 1
    print(f"the book is in {done.pages}")
    return 0
