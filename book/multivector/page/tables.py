"""Tables as a reader wants them: with a caption, a source, and cards on a narrow screen."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from ..forms import formatted
from .render import show_filled


class Cell(NamedTuple):
    """What one cell shows under its heading: a text, or addresses."""

    heading: str
    text: str
    addresses: Sequence[str] = ()


def table(
    frame: pd.DataFrame,
    caption: str,
    *,
    source_line: str | Sequence[str],
    formats: Mapping[str, str] | None = None,
    links: Collection[str] = (),
    fold: str = "",
    cards: bool = False,
    **columns: str,
) -> None:
    """Show a table; on a narrow screen each row becomes a card.

    Parameters
    ----------
    frame : DataFrame
    caption : str
    source_line : str or sequence of str
        Citations, as ``case.cite`` gives them.
    formats : dict of str to str
        Form of a column's values, as ``formatted`` takes it; others are shown as they
        are.
    links : sequence of str
        Columns whose cells hold addresses, several with "; " between them; they become
        links.
    fold : str
        Words of a line that opens the table; empty for a table that stands open.
    cards : bool
        Show each row as a card on a wide screen too, for rows that hold sentences.
    **columns
        Column of ``frame`` and its heading, in order.

    Raises
    ------
    ValueError
        If a column is not in the frame, or an address is none.
    """
    if missing := set(columns) - set(frame.columns):
        raise ValueError(
            f"columns names {sorted(missing)}; "
            f"allowed: {', '.join(map(str, frame.columns))}"
        )
    forms = formats or {}
    rows = [
        [
            _cell(heading, row[name], forms.get(name, ""), name in links)
            for name, heading in columns.items()
        ]
        for row in frame.to_dict("records")
    ]
    show_filled(
        "table.html",
        caption=caption,
        headings=list(columns.values()),
        rows=rows,
        source=cited(source_line),
        kind="essay-table--cards" if cards else "",
        fold=fold,
    )


def cited(source_line: str | Sequence[str]) -> str:
    """One line of the citations, each of them once."""
    if isinstance(source_line, str):
        return source_line
    return "; ".join(dict.fromkeys(source_line))


def _cell(heading: str, value: Any, form: str, link: bool) -> Cell:
    """One cell; empty where the value is missing."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return Cell(heading, "")
    text = formatted(value, form) if form else str(value)
    return Cell(heading, text, text.split("; ") if link and text else ())
