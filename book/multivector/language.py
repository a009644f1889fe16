"""What our words are in the language of the book: one catalogue a language.

English stands in the code and is the name of a word in the catalogue, as usual with
gettext. A word or sentence of a chart, a control, a template or a script is wrapped in
``_``; what is looked up later is marked by ``N_``; a number in a sentence has a place in
braces, ``_("{n} of {all} acts", n=3, all=12)``. Whoever translates writes
``locale/LANGUAGE/LC_MESSAGES/multivector.po``, which is read as it is.
"""

import ast
import functools
import io
import json
import string
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

import pandas as pd
from babel.messages.pofile import read_po

from .forms import formatted, in_force

#: Where the catalogues lie, a folder a language.
FOLDER = Path(__file__).parent.parent / "locale"


def _(message: str, **values: Any) -> str:
    """A word or a sentence in the language of the book, its places filled.

    Parameters
    ----------
    message : str
        In English, as the code has it. Where the catalogue has no other, it stands.
    **values
        What goes into each place, written as the language does: ``{share:.0%}``.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If a translation has a place that nothing fills.

    Examples
    --------
    >>> _("{n} of {all:,} acts", n=3, all=1200)
    '3 of 1,200 acts'
    """
    text = catalogue(in_force()).get(message, message)
    if not values:
        return text
    try:
        return _PLACES.vformat(text, (), values)
    except KeyError as place:
        allowed = ", ".join(values)
        raise ValueError(
            f"{text!r} has the place {place}; allowed: {allowed}"
        ) from None


def N_(message: str) -> str:
    """Mark a word that is looked up later; it comes back as it is."""
    return message


class Sentence(str):
    """A sentence that is made now, in English, and told later, in any language.

    What is computed once and kept for all languages holds such sentences; `told` says
    them in the language of the book.

    Parameters
    ----------
    message : str
        In English, with places in braces.
    **values
        What goes into each place; may be sentences themselves.

    Examples
    --------
    >>> Sentence("{n} of {all:,} acts", n=3, all=1200)
    '3 of 1,200 acts'
    """

    message: str
    values: dict[str, Any]

    def __new__(cls, message: str, /, **values: Any) -> "Sentence":
        """Make it, in English."""
        made = super().__new__(cls, message.format(**values) if values else message)
        made.message, made.values = message, values
        return made


def joined(parts: Iterable[Any], by: str = ", ", end: str = "") -> Sentence:
    """Sentences, words or numbers in a row, without those that are empty.

    A word that stands between them is marked by ``N_``.

    Examples
    --------
    >>> joined(["one", "", Sentence("{n} acts", n=2)], "; ", ".")
    'one; 2 acts.'
    """
    values = {f"part_{place}": part for place, part in enumerate(parts) if part != ""}
    places = "{by}".join(f"{{{name}}}" for name in values)
    return Sentence(places + "{end}", **values, by=by, end=end)


def told(said: Any) -> Any:
    """A sentence or a word that the catalogue has, in the language of the book; else as it is."""
    if isinstance(said, Sentence):
        return _(said.message, **{name: told(one) for name, one in said.values.items()})
    return _(said) if isinstance(said, str) else said


Asked = TypeVar("Asked", bound=Callable[..., "pd.DataFrame"])


def spoken(*columns: str) -> Callable[[Asked], Asked]:
    """Have some columns of the table that a function makes told in the language of the book.

    Parameters
    ----------
    *columns : str
        Those that hold sentences; what the table does not have is passed over.
    """

    def speaking(function: Asked) -> Asked:
        @functools.wraps(function)
        def spoken_of(*given: Any, **named: Any) -> pd.DataFrame:
            rows = function(*given, **named)
            worded = [name for name in columns if name in rows]
            return rows.assign(**{name: rows[name].map(told) for name in worded})

        return cast(Asked, spoken_of)

    return speaking


class _Places(string.Formatter):
    """Fills places as the language of the book writes numbers and dates."""

    def format_field(self, value: Any, form: str) -> str:
        return formatted(value, form)


_PLACES = _Places()


@functools.cache
def catalogue(language: str) -> dict[str, str]:
    """What a language has for our words; nothing for what nobody has translated.

    Parameters
    ----------
    language : str
        Code of a language, as its folder is called.

    Returns
    -------
    dict
        The English words to those of the language.
    """
    file = FOLDER / language / "LC_MESSAGES" / "multivector.po"
    if not file.is_file():
        return {}
    with file.open("rb") as written:
        messages = read_po(written)
    return {
        str(message.id): str(message.string)
        for message in messages
        if message.id and message.string and not message.fuzzy
    }


# For who makes the catalogue ----------------------------------------------------------


def hovered(line: str) -> str:
    """The words of a line of ``hover``: what stands after ``=``, or the field alone.

    >>> hovered("value:Q .2f = effective vectors"), hovered("leader:N")
    ('effective vectors', 'leader')
    """
    field, _equals, title = line.partition(" = ")
    return title or field.partition(":")[0]


def extract(file: Any, keywords: Any, tags: Any, options: Any) -> Iterator[Any]:
    """Find the words in a file of Python: in calls, and in calls inside those.

    Babel calls this (``locale/babel.cfg``), and knows what comes and goes.
    """
    calls = [
        node for node in ast.walk(ast.parse(file.read())) if isinstance(node, ast.Call)
    ]
    for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        for message in _WORDED.get(name, lambda words: [])(_texts(call)):
            yield call.lineno, None, message, []


def _texts(call: ast.Call) -> list[str]:
    """Texts that are given to a call by their place."""
    given = [one.value for one in call.args if isinstance(one, ast.Constant)]
    return [text for text in given if isinstance(text, str)]


def extract_notebook(
    file: Any, keywords: Any, tags: Any, options: Any
) -> Iterator[Any]:
    """Find the words in the code cells of a chapter."""
    cells = json.load(file)["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    yield from extract(io.BytesIO("\n".join(code).encode()), keywords, tags, options)


#: Calls that say words, with what of their arguments is words: a message, lines of a
#: hover, label and unit of an outside series.
_WORDED: dict[str, Callable[[list[str]], list[str]]] = {
    **dict.fromkeys(("_", "N_", "Sentence"), lambda texts: texts[:1]),
    "hover": lambda lines: [hovered(line) for line in lines if line],
    "_named": lambda words: words,
}
