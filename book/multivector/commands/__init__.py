"""What the module does when it is called by name: ``python -m multivector COMMAND …``.

Each command is a file of this room with a docstring (its first line is the help of the
command), `describe`, which tells the parser its arguments, and `run`, which does it and
gives the exit code.  A fault of the user's (an unknown chapter, a path that is taken) is
a ``ValueError`` or an ``OSError``, and is printed without a traceback.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

#: The commands, each with a file of its own.
COMMANDS: tuple[str, ...] = (
    "new",
    "check",
    "seal",
    "compose",
    "build",
    "lift",
    "teach",
)


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    made = argparse.ArgumentParser(prog="python -m multivector")
    kinds = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        room = importlib.import_module(f"multivector.commands.{name}")
        summary = (room.__doc__ or "").splitlines()[0]
        kind = kinds.add_parser(name, help=summary, description=room.__doc__)
        room.describe(kind)
        kind.set_defaults(run=room.run)
    return made


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words of the command line say.

    Parameters
    ----------
    words : sequence of str, optional
        The command and its arguments; without it, those that Python was started with.

    Returns
    -------
    int
        The exit code: 0 if it was done, 1 if not; wrong arguments end with 2.
    """
    options = parser().parse_args(words)
    try:
        return int(options.run(options))
    except (ValueError, OSError) as fault:
        print(fault, file=sys.stderr)
        return 1
