"""Make a case of a state from the shared tables, to be filled and read by the book.

With a state it is drawn up from what the tables of this book hold of it; without one the
state is made up, and every table that a case needs has a few rows.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def describe(parser: argparse.ArgumentParser) -> None:
    """Tell the parser the arguments."""
    parser.add_argument("path", type=Path, help="folder to be made")
    parser.add_argument("--state", metavar="ISO3", help="code of the state")
    parser.add_argument(
        "--force", action="store_true", help="replace a case that is there"
    )


def run(options: argparse.Namespace) -> int:
    """Make it, and say what it has and lacks; the exit code."""
    from multivector import cases

    draft = cases.drafted(options.state) if options.state else cases.invented()
    case = cases.written(draft, options.path, options.force)
    rows = sum(len(sheet.rows) for sheet in draft.sheets.values())
    print(f"{case.name} ({case.state}): {len(case.tables)} tables, {rows} rows")
    print(f"missing: {', '.join(draft.missing) or 'nothing'}")
    print(f"README.md in {options.path} says what to fill, and with what")
    return 0
