"""Which tables of a case were asked for: a chapter that is lifted out takes just these along.

A case reads all its tables; what of it a chapter uses shows only when its code asks. While
the book is built, the names go into a file that an environment variable names.
"""

import contextlib
import os
from collections.abc import Iterator

#: Names a file that gets the name of every table that is asked for, a line each.
VARIABLE = "MULTIVECTOR_OPENED"

_LISTENING: list[set[str]] = []
_WRITTEN: set[tuple[str, str]] = set()


def note(*names: str) -> None:
    """Tell whoever listens that these tables were asked for."""
    for heard in _LISTENING:
        heard.update(names)
    file = os.environ.get(VARIABLE)
    if not file:
        return
    new = {(file, name) for name in names} - _WRITTEN
    if new:
        _WRITTEN.update(new)
        with open(file, "a", encoding="utf-8") as trace:
            trace.writelines(f"{name}\n" for _, name in sorted(new))


@contextlib.contextmanager
def listening() -> Iterator[set[str]]:
    """The tables that are asked for meanwhile.

    Examples
    --------
    >>> with listening() as heard:
    ...     note("events", "splits")
    >>> sorted(heard)
    ['events', 'splits']
    """
    heard: set[str] = set()
    _LISTENING.append(heard)
    try:
        yield heard
    finally:
        # Not by value: two listeners that heard the same are equal.
        _LISTENING[:] = [one for one in _LISTENING if one is not heard]
