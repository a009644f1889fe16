"""Values under a name for the text of the book; a live session has no use for them."""

import os
from typing import Any


def in_book() -> bool:
    """Is the book being built, and no live session?"""
    return os.environ.get("MULTIVECTOR_RENDERER") == "book"


def glue(name: str, value: Any, display: bool = False) -> None:
    """Keep a value under a name where the build picks it up."""
    if in_book():
        from myst_nb import glue as keep

        keep(name, value, display=display)
