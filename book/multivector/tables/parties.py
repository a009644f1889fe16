"""Vectors, actors and shares; who was in office when; days in their order."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from .checking import Tables, check, found, marked, plain, state_of
from .problems import Problem

_VOTES = (1, 2, 3)  # yes, abstains, no; others say that there was none
_NONE = pd.Timedelta(0)
#: Two sources may differ by days about one change of office.
_NEAR = pd.Timedelta(days=7)

# --- vectors, actors, shares ------------------------------------------------------------------


@check("vectors")
def _vectors(tables: Tables) -> Iterator[Problem]:
    vectors = tables["vectors"]
    if len(vectors) < 2:
        wrong = "a balance needs at least two vectors"
        yield Problem("vectors", None, "vector", len(vectors), wrong, "Add a vector")
    poles = sorted(int(p) for p in vectors["pole"].dropna())
    if poles != [1, 2]:
        told, wrong = ", ".join(map(str, poles)), "tilt needs exactly two poles"
        remedy = "Mark one vector with 1 and another with 2"
        yield Problem("vectors", None, "pole", told, wrong, remedy)
    else:
        bad = vectors[vectors["pole"].notna() & vectors["iso3"].isna()]
        wrong, remedy = "a pole has no state", "Give the ISO3 code of its state"
        yield from found("vectors", bad, "iso3", wrong, remedy)
    states = vectors.dropna(subset="iso3")
    bad = states[~states["iso3"].isin(tables["un_votes"].columns)]
    wrong = "has no column in un_votes.csv"
    remedy = "Add its votes, or leave the cell empty"
    yield from found("vectors", bad, "iso3", wrong, remedy)
    wrong, remedy = "stands for another vector too", "Leave it with one of them"
    bad = states[states["iso3"].duplicated()]
    yield from found("vectors", bad, "iso3", wrong, remedy)


@check("vectors", "actors.actor actors.kind")
def _vector_of_oneself(tables: Tables) -> Iterator[Problem]:
    vectors, state = tables["vectors"], state_of(tables)
    wrong = "is the state under study, which is no vector of its own"
    remedy = "Leave the cell empty, or give another state"
    bad = vectors[marked(vectors["iso3"] == state)]
    yield from found("vectors", bad, "iso3", wrong, remedy)


@check("actors", "splits.actor")
def _actors(tables: Tables) -> Iterator[Problem]:
    actors = tables["actors"]
    yield from _exactly_one(
        "actors", "self", actors, "actor must be the state under study"
    )
    peers, own = marked(actors["peer"]), actors["kind"] == "self"
    yield from _voting(tables, actors[peers | own])
    wrong = "the state under study is among its own peers"
    remedy = "Mark other states as peers"
    yield from found("actors", actors[peers & own], "peer", wrong, remedy)
    yield from _with_one_vector(tables, actors)


def _voting(tables: Tables, compared: pd.DataFrame) -> Iterator[Problem]:
    """States that are compared by their votes have some."""
    votes = tables["un_votes"]
    bad = compared[~compared["actor"].isin(votes.columns)]
    wrong = "has no column in un_votes.csv"
    remedy = "Add its votes, or do not mark it as a peer"
    yield from found("actors", bad, "actor", wrong, remedy)
    silent = [name for name in votes if not votes[name].isin(_VOTES).any()]
    wrong = "never votes in un_votes.csv"
    remedy = "Add its votes (1 yes, 2 abstains, 3 no), or do not mark it as a peer"
    bad = compared[compared["actor"].isin(silent)]
    yield from found("actors", bad, "actor", wrong, remedy)


def _with_one_vector(tables: Tables, actors: pd.DataFrame) -> Iterator[Problem]:
    """An outside actor belongs to one vector, or is shared out among several."""
    split = set(tables["splits"]["actor"].dropna())
    outside = actors["kind"].isin(["state", "organisation", "group"])
    bad = actors[outside & actors["vector"].isna() & ~actors["actor"].isin(split)]
    wrong = "belongs to no vector"
    remedy = "Give it a vector, or share it out in splits.csv"
    yield from found("actors", bad, "actor", wrong, remedy)
    bad = actors[actors["vector"].notna() & actors["actor"].isin(split)]
    wrong = "has both a vector and shares in splits.csv"
    remedy = "Keep the one or the other"
    yield from found("actors", bad, "actor", wrong, remedy)


@check("splits")
def _splits(tables: Tables) -> Iterator[Problem]:
    sums = tables["splits"].groupby("actor")["share"].sum()
    for actor, total in sums[(sums - 1).abs() > 1e-9].items():
        wrong = f"the shares of {actor} do not sum to 1"
        remedy, total = "Change them so that they do", round(float(total), 6)
        yield Problem("splits", None, "share", total, wrong, remedy)


@check("partners", "actors.actor actors.kind actors.vector")
def _partners(tables: Tables) -> Iterator[Problem]:
    """A state that acts in the events has the same vector in the outside sources."""
    actors = tables["actors"]
    states = actors[actors["kind"] == "state"].set_index("actor")["vector"]
    yield from _other_vector("partners", tables["partners"], "iso3", states, "actors")
    rows, state = tables["partners"], state_of(tables)
    bad = rows[marked(rows["iso3"] == state) & rows["vector"].notna()]
    wrong = "the state under study is no partner of itself"
    remedy = "Leave the cell empty"
    yield from found("partners", bad, "vector", wrong, remedy)


@check("partners", "vectors.iso3 vectors.vector")
def _partners_by_vectors(tables: Tables) -> Iterator[Problem]:
    own = _standing(tables)
    yield from _other_vector("partners", tables["partners"], "iso3", own, "vectors")


@check("actors", "vectors.iso3 vectors.vector")
def _actors_by_vectors(tables: Tables) -> Iterator[Problem]:
    """The state that stands for a vector belongs to it."""
    own = _standing(tables)
    yield from _other_vector("actors", tables["actors"], "actor", own, "vectors")


def _standing(tables: Tables) -> pd.Series:
    vectors = tables["vectors"].dropna(subset="iso3").drop_duplicates("iso3")
    return vectors.set_index("iso3")["vector"]


def _other_vector(
    table: str, rows: pd.DataFrame, column: str, own: pd.Series, other: str
) -> Iterator[Problem]:
    expected = rows[column].map(own)
    bad = rows[expected.notna() & (rows["vector"] != expected).fillna(True)]
    wrong = rows[column] + f" has another vector in {other}.csv"
    remedy = "Write " + expected
    yield from found(table, bad, "vector", wrong, remedy)


def _exactly_one(
    table: str, kind: str, rows: pd.DataFrame, must: str
) -> Iterator[Problem]:
    """A problem of the table unless just one of its rows is of a kind."""
    many = int((rows["kind"] == kind).sum())
    if many != 1:
        remedy = f"Mark one {must.partition(' ')[0]} as '{kind}'"
        yield Problem(table, None, "kind", many, f"exactly one {must}", remedy)


# --- dates ------------------------------------------------------------------------------------

_LONGEST = {"day": 1, "month": 31, "year": 366}


@check("")
def _dates(tables: Tables) -> Iterator[Problem]:
    """Ends after starts, and no wider apart than is said to be known."""
    pairs = (
        ("start", "end", "precision"),
        ("from_year", "to_year", None),
        ("start", "start_latest", "start_precision"),
        ("end_earliest", "end", "end_precision"),
    )
    for name, rows in tables.items():
        for start, end, precision in pairs:
            if {start, end} <= set(rows) and _ordered(rows[start], rows[end]):
                wrong = "the end lies before the start"
                remedy = "Exchange the two, or mend the wrong one"
                bad = rows[marked(rows[end] < rows[start])]
                yield from found(name, bad, end, wrong, remedy)
                if precision and precision in rows and rows[start].dtype.kind == "M":
                    days = (rows[end] - rows[start]).dt.days + 1
                    bad = rows[days > rows[precision].map(_LONGEST)]
                    wrong = "the dates are wider apart than the precision says"
                    remedy = "Use a wider precision, or mend the dates"
                    yield from found(name, bad, precision, wrong, remedy)


def _ordered(*columns: pd.Series) -> bool:
    """Are these all days, or all numbers?"""
    kinds = {column.dtype.kind for column in columns}
    return kinds == {"M"} or kinds <= set("if")


@check("periods")
def _periods(tables: Tables) -> Iterator[Problem]:
    periods = tables["periods"]
    yield from _exactly_one(
        "periods", "span", periods, "period must be the span of the study"
    )
    yield from _outside_the_span(periods)
    presidencies = periods[periods["kind"] == "presidency"]
    yield from _overlapping(
        "periods", presidencies, ("start", "end"), "the presidency before", _NEAR
    )


def _outside_the_span(periods: pd.DataFrame) -> Iterator[Problem]:
    """What the study names lies in its years, at least in part."""
    spans = periods[periods["kind"] == "span"]
    if len(spans) != 1:
        return
    first, last = spans["start"].iloc[0], spans["end"].iloc[0]
    bad = periods[marked((periods["end"] < first) | (periods["start"] > last))]
    wrong = "lies outside the span of the study"
    remedy = "Mend the dates, widen the span, or take the period out"
    yield from found("periods", bad, "start", wrong, remedy)


@check("leaders")
def _leaders(tables: Tables) -> Iterator[Problem]:
    yield from _overlapping(
        "leaders", tables["leaders"], ("start", "end"), "another leader"
    )


@check("ministers")
def _ministers(tables: Tables) -> Iterator[Problem]:
    """What is certain of two terms cannot overlap."""
    terms = tables["ministers"].query("start_latest < end_earliest")
    certain = "start_latest", "end_earliest"
    yield from _overlapping("ministers", terms, certain, "another minister")


def _overlapping(
    table: str,
    rows: pd.DataFrame,
    ends: tuple[str, str],
    whom: str,
    allowed: Any = _NONE,
) -> Iterator[Problem]:
    """Rows that begin before an earlier one of the same state has ended.

    The day, or the year, on which one ends and the next begins is of both.
    """
    start, end = ends
    by = rows["iso3"] if "iso3" in rows else pd.Series(0, rows.index)
    rows = rows.assign(by=by).dropna(subset=[*ends]).sort_values(["by", *ends])
    latest = rows.groupby("by")[end].cummax()
    before = latest.groupby(rows["by"]).shift()
    wrong = f"begins while {whom} is still in office"
    remedy = "Mend the start, or the end of the one before"
    bad = rows[marked(before - rows[start] > allowed)]
    yield from found(table, bad, start, wrong, remedy)


@check("periods", "leaders.iso3 leaders.start leaders.end leaders.leader actors.actor")
def _presidencies(tables: Tables) -> Iterator[Problem]:
    """A presidency lies in the time of a leader of the state, and has his name if one."""
    leaders, periods = tables["leaders"], tables["periods"]
    leaders = leaders[leaders["iso3"] == state_of(tables)]
    presidencies = periods[periods["kind"] == "presidency"]
    for row in presidencies.dropna(subset=["start", "end", "label"]).index:
        start, end = periods.loc[row, ["start", "end"]]
        around = leaders[
            (leaders["start"] - _NEAR <= start) & (leaders["end"] + _NEAR >= end)
        ]
        name = periods.loc[row, "label"]
        if around.empty:
            wrong = "no leader of the state in leaders.csv was in office all that time"
            remedy = "Mend the dates here or there; a week apart is allowed"
            yield Problem("periods", row, "start", plain(start), wrong, remedy)
        elif name in set(leaders["leader"]) and name not in set(around["leader"]):
            wrong = "was not in office then, as leaders.csv has it"
            remedy = f"Write {around['leader'].iloc[0]}, or mend the dates"
            yield Problem("periods", row, "label", name, wrong, remedy)
