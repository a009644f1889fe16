"""Claims of the ledger as a reader sees them: whole entries, or a table of some."""

import itertools
import re
import string
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from ..checks import refuse
from ..language import _
from ..verdicts import AND, PLAIN, plain
from .render import show_filled
from .tables import cited

#: A row of the ledger, with None where it has no value.
Row = dict[Hashable, Any]


def ledger(
    rows: pd.DataFrame,
    history: pd.DataFrame,
    beside: pd.Series | None,
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
    beside : Series or None
        Outcome of each claim, by id, in the case's other coding, if it has one.
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
    verdicts = rows.set_index("id")[["verdict", "by_order"]]
    sets = peers if peers is not None else pd.DataFrame({"id": [], "outcome": []})
    entries = [
        {
            "row": row,
            "beside": None if beside is None else beside[row["id"]],
            "stable": stable.loc[row["id"]],
            "sets": _counted(sets[sets["id"] == row["id"]]),
            "opposed": _with_verdicts(row["opposed"], verdicts),
            "same_series": _with_verdicts(row["same_series"], verdicts),
            **_versions(row, history[history["id"] == row["id"]]),
            **_place(row["figure"]),
        }
        for row in without_gaps(rows)
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
    known = {row["id"]: row for row in without_gaps(rows)}
    unknown = [name for name in ids if name not in known]
    twice = [name for name in ids if list(ids).count(name) > 1]
    if wrong := dict.fromkeys(unknown + twice):
        allowed = f"each claim of the ledger once, and not {', '.join(wrong)}"
        refuse("ids", list(ids), allowed)
    show_filled(
        "examined.html",
        of_paper=of_paper(rows),
        rows=[known[name] for name in ids],
        source=cited(source_line),
    )


def claims_squares(
    rows: pd.DataFrame,
    source_line: str | Sequence[str],
    paper: pd.DataFrame | None = None,
) -> None:
    """Show all claims as squares, in groups by what came out.

    A square is a link to its entry in the ledger. Pointed at, touched or reached by
    keyboard it tells the claim, what was asked, what came out, and how often chance would
    do as well.

    Parameters
    ----------
    rows : DataFrame
        ``claims.ledger`` of the case.
    source_line : str or sequence of str
        Citations, as ``case.cite`` gives them.
    paper : DataFrame, optional
        The same by the paper's dates (``claims.ledger(case.following("paper"))``): a
        claim of which something else comes out moves with the switch of versions.

    Raises
    ------
    ValueError
        If the two have not the same claims.
    """
    record = without_gaps(rows)
    other = record if paper is None else without_gaps(paper)
    if (wanted := [row["id"] for row in record]) != [row["id"] for row in other]:
        refuse("paper", [row["id"] for row in other], f"the claims {wanted}")
    squares = [
        square for both in zip(record, other, strict=True) for square in _squares(*both)
    ]
    kinds = _kinds({_came_out(row) for row, _told_by in squares})
    show_filled(
        "squares.html",
        of_paper=of_paper(rows),
        groups=[_group(kind, squares) for kind in kinds],
        total=len(record),
        source=cited(source_line),
    )


def of_paper(rows: pd.DataFrame) -> bool:
    """Whether claims are made in sections of a text; those lent by another case are not."""
    return "section" not in rows or bool(rows["section"].notna().any())


def _squares(record: Row, paper: Row) -> list[tuple[Row, str]]:
    """Squares of one claim: one that stands in both versions, or one for each."""
    if _came_out(record) == _came_out(paper):
        return [(record, "")]
    return [(record, "record"), (paper, "paper")]


def _came_out(row: Row) -> tuple[str, bool]:
    """The verdict, and whether it says that an order is turned round."""
    return row["verdict"], bool(row["by_order"]) and row["verdict"] == "contradicted"


def _group(kind: tuple[str, bool], squares: list[tuple[Row, str]]) -> dict[str, Any]:
    """The squares of which one thing came out, and how many there are in each version."""
    inside = [(row, told_by) for row, told_by in squares if _came_out(row) == kind]
    told = [told_by for _row, told_by in inside]
    versions = set(told)
    return {
        "verdict": kind[0],
        "by_order": kind[1],
        "squares": inside,
        "record": len(told) - told.count("paper"),
        "paper": len(told) - told.count("record"),
        "told_by": versions.pop() if len(versions) == 1 else "",
    }


def own_ledger(
    rows: pd.DataFrame,
    found: pd.DataFrame,
    choices: pd.DataFrame,
    presets: Mapping[str, Mapping[str, str]],
    source_line: str | Sequence[str],
) -> None:
    """Show all claims as squares, with the choices that a reader can set for them.

    A script puts each claim where the reader's choices let it come out, from what was
    computed; without it the squares stand as the ledger has them.

    Parameters
    ----------
    rows : DataFrame
        ``claims.ledger`` of the case.
    found : DataFrame
        ``claims.answers``.
    choices : DataFrame
        ``claims.offered``.
    presets : mapping
        ``claims.extremes``: "kindest" and "hardest".
    source_line : str or sequence of str
        Citations, as ``case.cite`` gives them.

    Raises
    ------
    ValueError
        If the two have not the same claims.
    """
    ledger_rows = without_gaps(rows)
    if (wanted := list(found["id"])) != [row["id"] for row in ledger_rows]:
        refuse("rows", [row["id"] for row in ledger_rows], f"the claims {wanted}")
    by_order = {row["id"]: bool(row["by_order"]) for row in ledger_rows}
    came = {
        claim: list(zip(verdicts, outcomes, itertools.repeat(by_order[claim])))
        for claim, verdicts, outcomes in found[["id", "verdicts", "outcomes"]].values
    }
    states = list(dict.fromkeys(itertools.chain.from_iterable(came.values())))
    kinds = _kinds({_came_out(_state(*state)) for state in states})
    letter = dict(zip(states, string.ascii_letters, strict=False))
    told = {letter[state]: _told(_state(*state), kinds) for state in states}
    answers = {
        row["id"]: {
            "choices": row["choices"],
            "own": row["own"],
            "came": "".join(letter[state] for state in came[row["id"]]),
        }
        for row in found.to_dict("records")
    }
    given = {
        "claims": answers,
        "told": told,
        "options": dict(zip(choices["choice"], choices["options"])),
        "presets": {"own": {}, **presets},
    }
    groups = [
        {
            "verdict": kind[0],
            "by_order": kind[1],
            "squares": [row for row in ledger_rows if _came_out(row) == kind],
        }
        for kind in kinds
    ]
    show_filled(
        "chosen.html",
        sets=_sets(choices),
        groups=groups,
        data=given,
        source=cited(source_line),
    )


def _state(verdict: str, outcome: str, by_order: bool) -> Row:
    """A row as far as it says what came out."""
    return {"verdict": verdict, "outcome": outcome, "by_order": by_order}


def _kinds(known: Collection[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """What can come out, in its order: a verdict, and whether an order is turned round."""
    every = [(verdict, by_order) for verdict in PLAIN for by_order in (True, False)]
    return [kind for kind in every if kind in known]


def _told(row: Row, kinds: list[tuple[str, bool]]) -> dict[str, Any]:
    """Where a claim stands of which this came out, and in which words."""
    rule = row["verdict"] == "illustrated only" != row["outcome"]
    return {
        "group": kinds.index(_came_out(row)),
        "verdict": row["verdict"],
        "words": plain(row["verdict"], row["by_order"]),
        "rule": _(AND[row["outcome"]]) if rule else "",
    }


def _sets(choices: pd.DataFrame) -> list[dict[str, Any]]:
    """Choices that touch several claims, and in a fold those that touch one."""
    several = choices["claims"].str.len() > 1
    titled = [
        (_("Choices that touch several claims"), choices[several], False),
        (_("Choices that touch one claim each"), choices[~several], True),
    ]
    return [
        {
            "name": "one" if folded else "several",
            "title": title,
            "folded": folded,
            "choices": [
                {**row, "options": list(zip(row["options"], row["reasons"]))}
                for row in part.to_dict("records")
            ],
        }
        for title, part, folded in titled
        if len(part)
    ]


def plainly(rows: pd.DataFrame) -> pd.Series:
    """What came out of each claim, as a sentence can say it.

    Parameters
    ----------
    rows : DataFrame
        ``claims.ledger`` or ``claims.verdicts`` of a case.

    Returns
    -------
    Series
        Words by id: those of :func:`plain`; where only our own coding or model speaks,
        which way its rule falls stands after a comma.

    Examples
    --------
    >>> row = {"id": "A", "verdict": "illustrated only", "outcome": "mixed"}
    >>> plainly(pd.DataFrame([row | {"by_order": False}])).loc["A"]
    'only our own coding or model speaks, and it is mixed'
    """
    words = {}
    for row in without_gaps(rows):
        words[row["id"]] = plain(row["verdict"], row["by_order"])
        if row["verdict"] == "illustrated only" != row["outcome"]:
            words[row["id"]] += f", {_(AND[row['outcome']])}"
    return pd.Series(words)


def without_gaps(rows: pd.DataFrame) -> list[Row]:
    """Rows with None where they have no value."""
    return [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        for row in rows.to_dict("records")
    ]


def _versions(row: Row, history: pd.DataFrame) -> dict[str, Any]:
    """Why the latest version of a rule was written, and the older ones."""
    versions = without_gaps(history)
    latest = max(versions, key=lambda version: version["version"])
    older = [one for one in versions if one["version"] < row["version"]]
    return {"reason": latest["reason"], "older": older}


def _place(figure: str | None) -> dict[str, str]:
    """Page and place of a figure, and the page's name in words; all empty without one."""
    if figure is None:
        return {"page": "", "place": "", "chapter": ""}
    page, _, place = figure.partition("#")
    if not re.fullmatch(r"[\w-]+", page):
        refuse("figure", figure, "a page, or page#place")
    chapter = page.partition("-")[2].replace("-", " ")
    return {"page": page, "place": place, "chapter": chapter}


def _with_verdicts(ids: str, verdicts: pd.DataFrame) -> list[tuple[str, str, bool]]:
    """Claims, given with commas, each beside its verdict, and whether it is about order."""
    return [(name, *verdicts.loc[name]) for name in ids.split(", ") if name]


def _counted(rows: pd.DataFrame) -> dict[Hashable, int]:
    """How many sets of peers come to each outcome; nothing where there is one set only."""
    return {} if len(rows) == 1 else rows["outcome"].value_counts().to_dict()
