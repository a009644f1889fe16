"""Tells who waits in a live session how far something long has come; the book shows nothing of it."""

import os
import time
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from .language import Sentence
from .language import told as in_words

One = TypeVar("One")
#: Seconds after which it is worth a line.
SOON = 1.0


def told(items: Sequence[One], what: str, soon: float = SOON) -> Iterator[One]:
    """The items, one after the other, with a line that counts them once it takes long.

    Parameters
    ----------
    items : sequence
    what : str
        What is counted, as a plural that the catalogue may have: "claims".
    soon : float
        Seconds before the line appears.

    Examples
    --------
    >>> list(told([1, 2], "numbers"))
    [1, 2]
    """
    line, begun = None, time.monotonic()
    live = _is_live()
    for done, item in enumerate(items):
        if live and (line or time.monotonic() - begun > soon):
            places = {"done": done, "all": len(items), "what": what}
            line = _show(line, in_words(Sentence("{done} of {all} {what} …", **places)))
        yield item
    if line:
        _show(line, "")


def _is_live() -> bool:
    """Does a reader wait at a kernel, and no build?"""
    from IPython.core.getipython import get_ipython

    in_book = os.environ.get("MULTIVECTOR_RENDERER") == "book"
    return not in_book and hasattr(get_ipython(), "kernel")


def _show(line: Any, text: str) -> Any:
    """Write the line, or write it anew."""
    from IPython.display import DisplayHandle

    data = {"text/plain": text}
    if line:
        line.update(data, raw=True)
        return line
    line = DisplayHandle()
    line.display(data, raw=True)
    return line
