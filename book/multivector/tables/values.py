"""What the text of one cell says, and why it may not say it.

Blanks around a text, of whatever kind, are no part of it; a text of blanks is empty.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .descriptor import Field

#: Signs that show nothing: blanks of every width, joiners, marks of byte order.
BLANKS = "".join(chr(n) for n in range(0x3001) if chr(n).isspace()) + (
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
)
#: What programs write for an empty cell or for a formula that failed.
MARKS = frozenset(
    "NA N/A #N/A #N/D #NV NaN nan -nan NaT <NA> NULL None NIL #REF! #NAME? #VALUE! "
    "#DIV/0! #NUM! #NULL!".split()
)
FORMS = {
    "number": "a number such as 2.5",
    "integer": "a whole number",
    "date": "a date as YYYY-MM-DD",
    "boolean": "true or false",
    "string": "text",
}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WHOLE = re.compile(r"[+-]?\d{1,15}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TRUTH = {
    **dict.fromkeys(("true", "True", "TRUE", "1"), 1.0),
    **dict.fromkeys(("false", "False", "FALSE", "0"), 0.0),
}
_MONTH = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
#: A day or month as spreadsheets write it over what was something else.
MANGLED = re.compile(
    rf"{_MONTH}[- ]\d{{2,4}}|\d{{1,2}}[- ]{_MONTH}([- ]\d{{2,4}})?"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?"
)
_POWER = re.compile(r"[+-]?\d([.,]\d+)?[eE]\+?\d+")


def clean(text: str) -> str:
    """The text without the blanks around it."""
    return text.strip(BLANKS)


def value_of(field: Field, text: str) -> Any:
    """What a text says, or None if it does not have the form of its field."""
    if field.kind == "string":
        return text
    if field.kind == "boolean":
        return _TRUTH.get(text)
    if field.kind == "date":
        return _day(text)
    if field.kind == "integer":
        return int(text) if _WHOLE.fullmatch(text) and text.isascii() else None
    value = float(text) if _NUMBER.fullmatch(text) and text.isascii() else None
    return None if value is None or math.isinf(value) else value


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:  # no such day
        return None


def why_not(field: Field, text: str) -> str:
    """What a program or a hand may have done to a text that has not the form of its field."""
    for sign, name in (
        ("\u00a0", "a no-break space"),
        ("\u202f", "a narrow space"),
        ("\u2212", "a typographical minus"),
        ("\u2013", "a dash"),
        ("\ufffd", "a letter that was lost"),
    ):
        if sign in text:
            return f"it holds {name}"
    if any(sign in text for sign in "\u201c\u201d\u201e\u2018\u2019"):
        return "it holds curly quotation marks, write straight ones"
    if any(sign in text for sign in BLANKS[-7:]):
        return "it holds a sign of no width"
    if text.casefold() in ("total", "totals", "sum", "grand total", "average"):
        return "take out rows of totals"
    if field.kind in ("number", "integer"):
        return _not_a_number(field, text)
    if field.kind == "date":
        return _not_a_day(text)
    if field.kind == "boolean":
        return "some programs write it in their own language" if text.isalpha() else ""
    return mangled(text)


def _not_a_number(field: Field, text: str) -> str:
    if field.kind == "integer" and re.fullmatch(r"[+-]?\d+\.0*", text):
        return "without the point, which pandas adds to columns with empty cells"
    if re.fullmatch(r"[+-]?\d{1,3}([,' ]\d{3})+(\.\d+)?|[+-]?\d{1,3}(\.\d{3})+", text):
        return "leave out thousands separators"
    if re.fullmatch(r"[+-]?[\d.]*,\d+([eE][+-]?\d+)?", text):
        return "a decimal comma: write a point"
    if _POWER.fullmatch(text):
        return "powers of ten drop digits: show all of them before saving"
    if re.search(r"[%\u20ac$\u00a3]", text):
        return "leave out units"
    if MANGLED.fullmatch(text):
        return "a spreadsheet took it for a date"
    return ""


def _not_a_day(text: str) -> str:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}[ T]00:00(:00)?(\.0+)?(Z|\+00:00)?", text):
        return "leave out the time of day"
    if re.fullmatch(r"[34]\d{4}(\.0+)?", text):
        days = timedelta(days=int(float(text)))
        return f"a spreadsheet counts days from 1900, here {date(1899, 12, 30) + days}"
    if MANGLED.fullmatch(text):
        return "a spreadsheet has changed it: show dates as YYYY-MM-DD before saving"
    return ""


def mangled(text: str) -> str:
    """What a spreadsheet or a frame has made of an id, or nothing."""
    if MANGLED.fullmatch(text):
        return "a spreadsheet took an id for a date: import the column as text"
    if "E+" in text and _POWER.fullmatch(text):
        return "a spreadsheet took a long id for a number: import the column as text"
    return ""


def nearest(text: str, allowed: Iterable[Any]) -> str | None:
    """The allowed text that one must have meant, and why it is another; or None.

    Parameters
    ----------
    text : str
    allowed : iterable of str
    """
    allowed = [one for one in allowed if isinstance(one, str)]
    if text.isdigit():
        for zeros in ("0", "00"):
            if zeros + text in allowed:
                return f"write {zeros + text}: its leading zero was lost"
    for one in allowed:
        if one in (f"{text}.0", f"0{text}") or text == f"{one}.0":
            return f"write {one}: it is no number"
    alike = {_letters(one): one for one in allowed}
    if _letters(text) in alike:
        return f"write {alike[_letters(text)]}"
    close = difflib.get_close_matches(text, allowed, 1, 0.85)
    return f"did you mean {close[0]}?" if close else None


def sentence(text: str) -> str:
    """The text with a capital letter at its beginning, the others as they are."""
    return text[:1].upper() + text[1:]


def _letters(text: str) -> str:
    """A text without case, blanks, and signs that show nothing."""
    return "".join(c for c in text.casefold() if c not in BLANKS and c not in "_-")
