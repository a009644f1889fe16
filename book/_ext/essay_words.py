"""How a language writes what a page is given: the function of the shared module."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))

from multivector.forms import formatted, typeset

__all__ = ["formatted", "glued", "typeset"]


def glued(plain: str, form: str, language: str) -> str:
    """Write a value that a notebook has glued, given as its plain text.

    >>> glued("-0.25", ".0%", "en"), glued("'record'", "", "en"), glued("2009", "", "de")
    ('\u221225%', 'record', '2009')
    """
    try:
        value = ast.literal_eval(plain)
    except (SyntaxError, ValueError):
        value = plain
    if isinstance(value, (int, float)) and form == "":
        return typeset(str(value))
    return formatted(value, form, language)
