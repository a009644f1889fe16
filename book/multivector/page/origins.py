"""Where the tables of a case come from."""

from collections.abc import Sequence
from typing import Any

from ..data import Case
from .render import show_filled


def sources(case: Case, names: Sequence[str]) -> None:
    """Show what the descriptor says of some tables.

    Scope, origin, rows kept, licence and traps, in a fold for each.

    Parameters
    ----------
    case : data.Case
    names : sequence of str
        Tables, in the order in which they are shown.

    Raises
    ------
    ValueError
        If an address of a source is none.
    """
    show_filled("sources.html", entries=[_entry(case, name) for name in names])


def _entry(case: Case, name: str) -> dict[str, Any]:
    """What the page tells of one table."""
    about, rows = case.about(name), case.table(name)
    return {
        "name": name,
        "about": about,
        "cited": case.cite(name),
        "rows": len(rows),
        "columns": len(rows.columns),
        "addresses": [one["path"] for one in about["sources"] if one.get("path")],
    }
