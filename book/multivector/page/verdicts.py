"""Claims of the ledger as a reader sees them: whole entries, or a table of some."""

import re
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from ..checks import refuse
from .render import show_filled
from .tables import cited

#: A row of the ledger, with None where it has no value.
Row = dict[Hashable, Any]


def ledger(
    rows: pd.DataFrame,
    history: pd.DataFrame,
    beside: pd.Series,
    stable: pd.DataFrame,
    source_line: str | Sequence[str],
    peers: pd.DataFrame | None = None,
) -> None:
    """Show the ledger: a fold a claim, its verdict on the fold and its evidence inside.

    A script of the page adds filters by section, type, verdict and evidence; without it
    all claims are shown.

    Parameters
    ----------
    rows : DataFrame
        ``claims.ledger`` of the case.
    history : DataFrame
        Every version of every rule with its verdict (``claims.history``).
    beside : Series
        Outcome of each claim, by id, in the case's other coding.
    stable : DataFrame
        ``claims.stability``, by id.
    source_line : str or sequence of str
        Citations, as ``case.cite`` gives them.
    peers : DataFrame, optional
        ``claims.over_peers``: what the claims that compare with peers come to over every
        set of them.

    Raises
    ------
    ValueError
        If a figure of a claim is no place in a page.
    """
    verdicts = rows.set_index("id")["verdict"]
    sets = peers if peers is not None else pd.DataFrame({"id": [], "outcome": []})
    entries = [
        {
            "row": row,
            "beside": beside[row["id"]],
            "stable": stable.loc[row["id"]],
            "sets": _counted(sets[sets["id"] == row["id"]]),
            "opposed": _with_verdicts(row["opposed"], verdicts),
            "same_series": _with_verdicts(row["same_series"], verdicts),
            **_versions(row, history[history["id"] == row["id"]]),
            **_place(row["figure"]),
        }
        for row in plain(rows)
    ]
    show_filled("ledger.html", entries=entries, source=cited(source_line))


def examined(
    rows: pd.DataFrame, ids: Sequence[str], source_line: str | Sequence[str]
) -> None:
    """Show what came of some claims.

    Each with the question that its rule asks, of which evidence, the verdict, and how
    often chance would do as well.

    Parameters
    ----------
    rows : DataFrame
        ``claims.ledger`` of the case.
    ids : sequence of str
        Claims, in the order in which they are shown.
    source_line : str or sequence of str
        Citations, as ``case.cite`` gives them.

    Raises
    ------
    ValueError
        If a claim is not in the ledger, or stands twice.
    """
    known = {row["id"]: row for row in plain(rows)}
    unknown = [name for name in ids if name not in known]
    twice = [name for name in ids if list(ids).count(name) > 1]
    if wrong := dict.fromkeys(unknown + twice):
        allowed = f"each claim of the ledger once, and not {', '.join(wrong)}"
        refuse("ids", list(ids), allowed)
    show_filled(
        "examined.html",
        rows=[known[name] for name in ids],
        source=cited(source_line),
    )


def plain(rows: pd.DataFrame) -> list[Row]:
    """Rows with None where they have no value."""
    return [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        for row in rows.to_dict("records")
    ]


def _versions(row: Row, history: pd.DataFrame) -> dict[str, Any]:
    """Why the latest version of a rule was written, and the older ones."""
    versions = plain(history)
    latest = max(versions, key=lambda version: version["version"])
    older = [one for one in versions if one["version"] < row["version"]]
    return {"reason": latest["reason"], "older": older}


def _place(figure: str) -> dict[str, str]:
    """Page and place of a figure, and the page's name in words."""
    page, _, place = figure.partition("#")
    if not re.fullmatch(r"[\w-]+", page):
        refuse("figure", figure, "a page, or page#place")
    chapter = page.partition("-")[2].replace("-", " ")
    return {"page": page, "place": place, "chapter": chapter}


def _with_verdicts(
    ids: str, verdicts: Mapping[str, str] | pd.Series
) -> list[tuple[str, str]]:
    """Claims, given with commas, each beside its verdict."""
    return [(name, verdicts[name]) for name in ids.split(", ") if name]


def _counted(rows: pd.DataFrame) -> dict[Hashable, int]:
    """How many sets of peers come to each outcome."""
    return rows["outcome"].value_counts().to_dict()
