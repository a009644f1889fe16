"""Hand values over to the text, which picks them up by name."""

import dataclasses
import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..checks import refuse
from .gluing import glue

#: A longer sequence is data, and no words for a sentence.
LONGEST = 24
#: What a name in the text can be made of.
_NAME = re.compile(r"[\w.+-]+")
_SAID: dict[str, Any] = {}


def say(**values: Any) -> None:
    """Give numbers, words and whole results to the text.

    The text picks up ``say(years=3)`` with ``{glue:text}`years` ``, and a part of a
    whole result, ``say(tied=tied)``, with a dot: ``{glue:text}`tied.best:.4f` ``. Parts
    of a sequence are named by their place from 0: ``tied.span.0``. A space in the name
    of a part becomes a hyphen. Parts that a sentence cannot hold are left out.

    Parameters
    ----------
    **values
        Name and value: a number, a word, a date (given as an ISO date), or a mapping,
        named tuple, dataclass, row or short sequence of such.

    Raises
    ------
    ValueError
        If a sentence cannot hold a value, or two parts would have one name.

    Examples
    --------
    >>> parts("deal", {"x": 0.5, "ends": (0.2, 0.8)})
    {'deal.x': 0.5, 'deal.ends.0': 0.2, 'deal.ends.1': 0.8}
    """
    given: dict[str, Any] = {}
    for name, value in values.items():
        found = parts(name, value)
        if not found:
            raise ValueError(
                f"{name} is {_kind(value)}; allowed: a number, a word, a date, or a "
                f"mapping, named tuple, dataclass, row or sequence of up to {LONGEST} "
                "of such"
            )
        if twice := given.keys() & found.keys():
            raise ValueError(
                f"{name} gives {min(twice)} again; allowed: each name once"
            )
        given |= found
    for name, value in given.items():
        glue(name, value, display=False)
    _SAID.update(given)


def said() -> dict[str, Any]:
    """All that was said so far, by the name under which the text picks it up."""
    return dict(_SAID)


def parts(name: str, value: Any) -> dict[str, Any]:
    """What the text can pick up of a value, by name.

    Parameters
    ----------
    name : str
    value : object

    Returns
    -------
    dict
        Name, with dots, to a plain number, word or None; empty if a sentence cannot
        hold any of it.

    Raises
    ------
    ValueError
        If a name cannot stand in the text, or two parts would have one.
    """
    if not _NAME.fullmatch(name):
        refuse("name", name, "letters, digits, dots, hyphens and plus signs")
    if _is_plain(value):
        return {name: _plain(value)}
    found: dict[str, Any] = {}
    for key, part in _members(value):
        inner = parts(f"{name}.{re.sub(r' +', '-', str(key))}", part)
        if twice := found.keys() & inner.keys():
            raise ValueError(f"{min(twice)} is two parts of {name}; allowed: one")
        found |= inner
    return found


def _members(value: Any) -> Iterator[tuple[Any, Any]]:
    """Parts of a whole result, by name or place; none of what is too long or no result."""
    if isinstance(value, type):
        return
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield field.name, getattr(value, field.name)
    elif hasattr(value, "_asdict"):
        yield from value._asdict().items()
    elif isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, pd.Series):
        yield from value.items() if len(value) <= LONGEST else ()
    elif isinstance(value, (list, tuple, np.ndarray, pd.Index)):
        yield from enumerate(value) if len(value) <= LONGEST else ()


def _is_plain(value: Any) -> bool:
    """Is it a number, a word, a date or nothing?"""
    return (
        value is None
        or value is pd.NA
        or value is pd.NaT
        or isinstance(value, (str, int, float, np.generic, datetime.date))
        or (isinstance(value, np.ndarray) and value.ndim == 0)
    )


def _plain(value: Any) -> Any:
    """A plain Python number or word; a date as ISO writes it, and None for what is missing."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.datetime64):
        return _plain(pd.Timestamp(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if _midnight(value) else value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value.item() if isinstance(value, (np.generic, np.ndarray)) else value


def _midnight(moment: datetime.datetime) -> bool:
    """Is only the day told?"""
    return moment.time() == datetime.time()


def _kind(value: Any) -> str:
    """What a value is, for a message."""
    size = f" of {len(value)}" if hasattr(value, "__len__") else ""
    return f"{type(value).__name__}{size}"
