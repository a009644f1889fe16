"""How a language writes numbers, dates and plurals."""

import contextlib
import datetime
import functools
import os
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import get_decimal_symbol, get_group_symbol

from .checks import refuse

MINUS = "\u2212"
#: Names the language of the book; the build sets it for the kernels that it starts.
VARIABLE = "MULTIVECTOR_LANGUAGE"
#: What a form of a date can hold, and the pattern of each part.
_DIRECTIVES = {
    "%-d": "d",
    "%d": "dd",
    "%b": "MMM",
    "%B": "MMMM",
    "%-m": "M",
    "%m": "MM",
    "%Y": "y",
}
_DIRECTIVE = re.compile(r"%-?[a-zA-Z]")
#: Whole dates are written as the language does, whatever the order of the form.
_WHOLE = {("MMMM", "d", "y"): "long", ("MMM", "d", "y"): "medium"}
_PLURALS = ("zero", "one", "two", "few", "many", "other")


def in_force() -> str:
    """Code of the language of the book; English where none is named."""
    return os.environ.get(VARIABLE) or "en"


def formatted(value: Any, form: str = "", language: str = "") -> str:
    """Write a value as a language does.

    Parameters
    ----------
    value : number, str or date
        A date may be given as ISO writes it.
    form : str
        For a number a format specification (``.2f``, ``+.1f``, ``,``, ``.0%``); for a
        date day, month and year (``%-d %B %Y``); for a plural the words for each
        category of the language, with ``#`` for the number (``# claim|# claims``).
        Empty for a value as it is.
    language : str
        Code of a language (``en``, ``de``, ``tr``, ``pt_BR``); empty for that of the
        book.

    Returns
    -------
    str
        In English what ``format`` gives, but a minus sign where that writes a hyphen.

    Raises
    ------
    ValueError
        If nothing is known of the language, or the value cannot be written in the form.

    Examples
    --------
    >>> formatted(1234.5, ",.1f"), formatted(1234.5, ",.1f", "de")
    ('1,234.5', '1.234,5')
    >>> formatted(0.25, ".0%", "tr")
    '%25'
    >>> formatted("2009-06-30", "%-d %B %Y"), formatted("2009-06-30", "%-d %B %Y", "es")
    ('30 June 2009', '30 de junio de 2009')
    >>> formatted(1, "# claim|# claims"), formatted(3.0, "# claim|# claims")
    ('1 claim', '3 claims')
    """
    locale = _locale(language or in_force())
    if "|" in form:
        return _plural(value, form, locale)
    if _DIRECTIVE.search(form):
        return _date(value, form, locale)
    if isinstance(value, datetime.date):
        return _date(value, form or "%Y-%m-%d", locale)
    if isinstance(value, str):
        return typeset(format(value, form))
    return _number(value, form, locale)


def typeset(text: str) -> str:
    """Text whose negative numbers carry a minus sign, and not a hyphen.

    >>> typeset("-0.52 from 2009-06-30 to 1-2")
    '\u22120.52 from 2009-06-30 to 1-2'
    """
    return re.sub(r"(?<![\w-])-(?=\.?\d)", MINUS, text)


def percent(share: float) -> str:
    """A share in whole per cent; what would be written as nothing is less than one."""
    return f"<{formatted(0.01, '.0%')}" if share < 0.005 else formatted(share, ".0%")


def listed(names: Iterable[Any], style: Any = "standard", language: str = "") -> str:
    """Names in a row, as a language joins them.

    Parameters
    ----------
    names : iterable
    style : {"standard", "or", "unit"}
        With "and", with "or", or with commas alone.
    language : str
        Code of a language; empty for that of the book.

    Returns
    -------
    str
        In English without a comma before the last.

    Examples
    --------
    >>> listed(["A", "B", "C"]), listed(["A", "B"], "or"), listed([2001, 2005], "unit")
    ('A, B and C', 'A or B', '2001, 2005')
    >>> listed(["A", "B", "C"], language="de")
    'A, B und C'
    """
    locale = _locale(language or in_force())
    british = locale.language == "en" and not locale.territory
    told = [str(name) for name in names]
    try:
        return format_list(told, style, _locale("en_GB") if british else locale)
    except (
        KeyError
    ):  # a pattern that the language has from its parent, unknown to Babel
        return ", ".join(told)


@functools.cache
def _locale(language: str) -> Locale:
    """What is known of a language."""
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        refuse("language", language, "a code like en, de or pt_BR")


def _number(value: Any, form: str, locale: Locale) -> str:
    """A number with the signs of a language."""
    try:
        text = format(value, form)
    except (TypeError, ValueError):
        refuse("value", value, f"what the form {form!r} can write")
    signs = {".": get_decimal_symbol(locale), ",": get_group_symbol(locale)}
    text = re.sub(r"[.,](?=\d)", lambda found: signs[found[0]], typeset(text))
    if not form.endswith("%"):
        return text
    sign = text[: len(text) - len(text.lstrip(f"+{MINUS} "))]
    around = locale.percent_formats[None]
    bare = text.removeprefix(sign).removesuffix("%")
    return f"{sign}{around.prefix[0]}{bare}{around.suffix[0]}"


def _date(value: Any, form: str, locale: Locale) -> str:
    """A date, with the parts that a form names, in the order of the language."""
    day, named = _day(value), _DIRECTIVE.findall(form)
    if not named or not set(named) <= set(_DIRECTIVES):
        refuse("form", form, f"for a date {', '.join(_DIRECTIVES)}")
    if locale.language == "en" or re.fullmatch(r"%Y-%m(-%d)?", form):
        return _DIRECTIVE.sub(
            lambda found: format_date(day, _DIRECTIVES[found[0]], locale), form
        )
    parts = tuple(sorted(_DIRECTIVES[found] for found in named))
    if parts in _WHOLE:
        return format_date(day, _WHOLE[parts], locale)
    return format_skeleton("".join(reversed(parts)), day, locale=locale)


def _day(value: Any) -> datetime.date:
    """A date, whichever way it was given."""
    day = pd.Timestamp(value) if isinstance(value, np.datetime64) else value
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            day = datetime.datetime.fromisoformat(value)
    if not isinstance(day, datetime.date) or pd.isna(day):
        refuse("value", value, "a date, or one as ISO writes it")
    return day


def _plural(value: Any, form: str, locale: Locale) -> str:
    """The words for a number; the last ones stand for categories that have none."""
    forms = form.split("|")
    known = [name for name in _PLURALS if name in locale.plural_form.tags | {"other"}]
    place = known.index(locale.plural_form(abs(value)))
    whole = int(value) if float(value).is_integer() else value
    return forms[min(place, len(forms) - 1)].replace("#", _number(whole, "", locale))
