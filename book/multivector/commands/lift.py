"""Take a chapter out of the book: a folder, or a zip, that runs alone.

It holds the chapter as a plain notebook, the module, just the tables that it opens, the
pins that these need, and the licences. Every chapter is lifted by the name `all`, with a
page to start from. The book must be built.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from multivector import data, lift


def describe(parser: argparse.ArgumentParser) -> None:
    """Tell the parser the arguments."""
    parser.add_argument("chapter", help="name of its notebook, or: all")
    parser.add_argument("path", type=Path, help="a new folder, or a new file NAME.zip")


def run(options: argparse.Namespace) -> int:
    """Lift a chapter; the exit code."""
    name = Path(options.chapter).name.removesuffix(".ipynb")
    case = Path(data.own_folder())
    every = name == "all"
    found = lift.all_files(case) if every else lift.files(name, lift.built(name), case)
    lift.write(name, found, options.path)
    tables = sum(place.endswith((".csv", ".toml")) for place in found)
    print(f"{options.path}: {len(found)} files, {tables} of them tables")
    return 0
