"""Hand charts and tables over to the text, which has the words for them."""

from collections.abc import Collection, Sequence
from typing import Any

import altair as alt
import pandas as pd
from IPython.core.getipython import get_ipython
from IPython.display import display

from .. import charts
from ..charts.render import KINDS
from ..checks import one_of, refuse
from . import values, words
from .gluing import glue, in_book
from .render import web
from .tables import cited, table

#: Rows of a table, by column, for the block ``{rows}``.
ROWS = "application/vnd.essay.rows+json"


def show(
    name: str,
    what: alt.TopLevelMixin | pd.DataFrame,
    *,
    source: str | Sequence[str],
    kind: str | None = None,
    links: Collection[str] = (),
) -> None:
    """Hand a chart or a table over; a block of the text says where it stands.

    In the book the block draws it. In a live session it is drawn here, with the words of
    the block around it.

    Parameters
    ----------
    name : str
        Name of the block, ``{chart}`` or ``{rows}``; unique on a page.
    what : alt.Chart or DataFrame
    source : str or sequence of str
        Citations, as ``case.cite`` gives them.
    kind : {"coded", "outside", "both", "model"}, optional
        What a chart is made from.
    links : sequence of str
        Columns of a table whose cells hold addresses, several with "; " between them.

    Raises
    ------
    ValueError
        If the source is empty, the kind of a chart unknown, or a column not there.
    """
    told = cited(source)
    if not told.strip():
        refuse("source", source, "a citation")
    if isinstance(what, pd.DataFrame):
        _show_rows(name, what, told, links)
    else:
        _show_chart(name, what, told, kind)


def _show_chart(name: str, chart: Any, source: str, kind: str | None) -> None:
    kind = one_of("kind", kind, KINDS)
    if in_book():
        given = {} if chart.usermeta is alt.Undefined else chart.usermeta["essay"]
        about = {**given, "kind": kind, "source": source}
        glue(
            f"chart/{name}", chart.properties(usermeta={"essay": about}), display=False
        )
        return
    spoken = [words.filled(part, values.said()) for part in _block("chart", name)]
    title, reading, *rest = spoken if len(spoken) > 2 else (name, "", name)
    if words.lifted():  # the notebook has the words under the cell
        display(chart.properties(description=" ".join(rest), usermeta={}))
        return
    display(
        charts.finish(
            chart,
            title=title,
            subtitle=reading,
            description=" ".join(rest),
            source=source,
            kind=kind,
        )
    )


def _block(kind: str, name: str) -> list[str]:
    """Paragraphs of a block of the chapter that is run."""
    session = get_ipython()
    return words.block(kind, name, ran=session.user_ns.get("In", ()) if session else ())


def _show_rows(
    name: str, frame: pd.DataFrame, source: str, links: Collection[str]
) -> None:
    if unknown := set(links) - set(frame.columns):
        allowed = ", ".join(map(str, frame.columns))
        raise ValueError(f"links names {sorted(unknown)}; allowed: {allowed}")
    for column in links:
        for cell in frame[column].dropna():
            list(map(web, filter(None, str(cell).split("; "))))
    if in_book():
        given = {
            "columns": {str(column): _plain(frame[column]) for column in frame},
            "source": source,
            "links": list(links),
        }
        glue(f"rows/{name}", _Bundle({ROWS: given}), display=False)
        return
    *said, listed = _block("rows", name) or [name, ""]
    columns = words.columns(listed) or {str(c): ("", str(c)) for c in frame}
    headings: dict[str, Any] = {
        column: words.filled(heading, values.said())
        for column, (_, heading) in columns.items()
    }
    table(
        frame.set_axis(frame.columns.map(str), axis=1),
        words.filled(said[-1], values.said()),
        source_line=source,
        formats={column: form for column, (form, _) in columns.items()},
        links=links,
        **headings,
    )


def _plain(column: pd.Series) -> list[Any]:
    """Values that JSON can hold; None for what is missing."""
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d")
    return [
        None
        if not isinstance(value, str) and pd.isna(value)
        else value.item()
        if hasattr(value, "item")
        else value
        if isinstance(value, (bool, int, float))
        else str(value)
        for value in column
    ]


class _Bundle:
    """Something that shows itself as one piece of JSON."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return self.data
