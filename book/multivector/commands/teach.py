"""Make a lesson of a chapter: slides, a handout, solutions, and its notebook twice.

The folder, or zip, holds slides with speaker's notes, a sheet for students without
solutions, one with them (both as PDF too, if there is a Chromium), and the chapter as a
notebook without solutions and with them. The book must be built.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from multivector import data, lift


def describe(parser: argparse.ArgumentParser) -> None:
    """Tell the parser the arguments."""
    parser.add_argument("chapter", help="name of its notebook")
    parser.add_argument("path", type=Path, help="a new folder, or a new file NAME.zip")


def run(options: argparse.Namespace) -> int:
    """Make the lesson; the exit code."""
    from multivector import teach  # reads pages: only a book needs what that needs

    name = Path(options.chapter).name.removesuffix(".ipynb")
    found = teach.files(name, Path(data.own_folder()), lift.BUILD / "html")
    lift.write(name, found, options.path)
    size = sum(map(len, found.values())) / 1e6
    print(f"{options.path}: {len(found)} files, {size:.1f} MB")
    return 0
