"""Draws up a case of a state from what the shared tables of another case hold.

What describes the region is taken over whole, what describes single states by the rows of
this state and of those that it is compared with.  What somebody has to code begins empty
or with what follows from the shared tables; nothing of the other case's own coding is taken.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from .. import alignment
from ..data import Case, first_case
from ..hints import rows_of
from ..tables import shape

BLANK = Path(__file__).parent / "blank"
#: Tables of our own choice that hold for any state, and those with a source in every row.
_MEASURES = "measures"
_SIGNIFICANCE = "significance"
_SOURCED = ("ministers", "places")
#: Tables in which other states stand beside this one, to be compared or as its surroundings.
_BESIDE = ("ministers",)
#: A map has neighbours: their outlines are taken as they are.
_AROUND = "borders"
#: Columns in which a table names the states that its row is about.
_STATES = {"machine_events": ("source", "target"), "exercises": ("participant",)}
#: What a table says of itself that a reader of the new case needs as well.
_TOLD = (
    "name path profile type scheme format mediatype encoding title description citation "
    "scope shows cannot_show caveats sources licenses ask"
).split()
#: Rows, years and names that chapters point at.
MARKS = "marks"
#: What a draft asks of an act beside what the shared table has.
URL = {
    "name": "url",
    "type": "string",
    "description": "Where the source was read: an address that begins with https:// or http://; empty where there is none",
}
_NEIGHBOURS = "Neighbours"
_OTHERS = "Other states"


class Sheet(NamedTuple):
    """A table to be written: its rows as texts, what is said of it, and lines that only explain."""

    rows: pd.DataFrame
    about: dict[str, Any]
    comments: str = ""


class Draft(NamedTuple):
    """A case to be written."""

    state: str
    name: str
    sheets: dict[str, Sheet]
    missing: dict[str, str]  #: tables that it lacks, and why


class Shared:
    """A case as the giver of tables: its rows as they are written, and what is said of them.

    Parameters
    ----------
    case : data.Case
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.votes = case.table("un_votes")
        self.partners = case.table("partners").set_index("iso3")
        names = self.partners["name"].astype(str)
        self.names: dict[str, str] = dict(zip(names.index.astype(str), names))
        self.region = list(case.actors.loc[case.actors["region"], "actor"])

    def rows(self, name: str) -> pd.DataFrame:
        """The rows of a table, every cell as the text that is written."""
        path = self.case.path / self.about(name)["path"]
        return pd.read_csv(path, dtype=str, keep_default_na=False)

    def about(self, name: str) -> dict[str, Any]:
        """What the descriptor says of a table, fields and all."""
        return self.case.described(name)

    def voting(self) -> dict[str, str]:
        """States that vote in the shared tables, with their names."""
        codes = map(str, self.votes.columns)
        return {one: self.names[one] for one in sorted(codes) if one in self.names}


def drafted(state: str, origin: Case | None = None) -> Draft:
    """The case of a state, as far as shared tables can tell it.

    Parameters
    ----------
    state : str
        ISO3 code.
    origin : data.Case, optional
        The case whose shared tables are taken; by default that of this book.

    Returns
    -------
    Draft

    Raises
    ------
    ValueError
        If no state of the shared tables has this code, or it casts no vote in them.
    """
    shared = Shared(origin or first_case())
    _refuse_unknown(state, shared)
    name = shared.names[state]
    vectors = vectors_of(state, shared)
    poles = vectors.loc[vectors["pole"] != ""].sort_values("pole")["iso3"]
    peers = peers_of(state, list(poles), set(vectors["iso3"]), shared)
    kept = {state, *peers, *(shared.region if state in shared.region else ())}
    sheets = _by_hand(state, name, vectors, peers, shared)
    sheets |= {one: _whole(one, shared) for one in shape.SHARED}
    missing = {}
    for table in shape.NEEDED_FOR:
        if not shared.case.has(table):
            missing[table] = "the shared tables have none"
        elif table not in (_MEASURES, _SIGNIFICANCE, MARKS):
            sheet, missing[table] = _optional(table, state, kept, shared)
            sheets |= {table: sheet} if sheet else {}
    measured, missing[_MEASURES] = _measured(state, name, sheets, shared)
    sheets |= measured
    mattered, missing[_SIGNIFICANCE] = _mattered(state, name, sheets, shared)
    sheets |= mattered
    missing = {table: why for table, why in missing.items() if table not in sheets}
    order = {one: sheets[one] for one in shape.KNOWN if one in sheets}
    return Draft(state, name, order | sheets, missing)


def _refuse_unknown(state: str, shared: Shared) -> None:
    """Refuse a state of which no case can be made, with those that may be meant."""
    known = shared.voting()
    if state in known:
        return
    told = ", ".join(f"{code} ({name})" for code, name in known.items())
    if state in shared.names:
        raise ValueError(
            f"state is {state!r} ({shared.partners['name'][state]}), which casts no vote "
            f"in the shared tables; allowed: {told}"
        )
    near = nearest_states(state, known)
    meant = f" (did you mean {' or '.join(near)}?)" if near else ""
    raise ValueError(f"state is {state!r}{meant}; allowed: {told}")


def nearest_states(text: str, known: dict[str, str]) -> list[str]:
    """Codes, with their names, of the states that a text may mean; the best first.

    Parameters
    ----------
    text : str
        A code or a name, well or badly spelled.
    known : dict of str to str
        Codes and names.
    """
    words = {code.casefold(): code for code in known}
    words |= {name.casefold(): code for code, name in known.items()}
    close = difflib.get_close_matches(text.casefold(), words, 3, 0.6)
    codes = dict.fromkeys(words[one] for one in close)
    return [f"{code} ({known[code]})" for code in codes]


# --- what somebody has to code ----------------------------------------------------------------


def vectors_of(state: str, shared: Shared) -> pd.DataFrame:
    """The vectors of the shared tables, without the state itself.

    A pole that is the state itself gives its place to the next great power.
    """
    rows = shared.rows("vectors")
    own = rows["iso3"] == state
    place = rows.loc[own, "pole"]
    rows = rows[~own].reset_index(drop=True)
    free = rows[(rows["great_power"] == "true") & (rows["pole"] == "")]
    if place.any() and len(free):
        rows.loc[free.index[0], "pole"] = place.iloc[0]
    if state not in shared.region:
        rows = rows[rows["vector"] != _NEIGHBOURS]
    notes = {_NEIGHBOURS: "The other states of the region"}
    rows["note"] = rows["vector"].map(notes).fillna("")
    return rows.reset_index(drop=True)


def peers_of(
    state: str, poles: list[str], standing: Collection[str], shared: Shared
) -> list[str]:
    """States like this one that vote often enough to be compared with.

    Like it are those of the same two associations, as ``partners`` has them, that stand for
    no vector.
    """
    rows, groups = shared.partners, ["cis", "union"]
    alike = rows[(rows[groups] == rows.loc[state, groups]).all(axis=1)].index
    first, last = shared.case.span()
    one, other = poles
    years = range(first.year, last.year + 1)
    states = set(alike) - {state, *standing}
    return alignment.peer_candidates(shared.votes, states, one, other, years)


def vector_of(other: str, state: str, vectors: pd.DataFrame, shared: Shared) -> str:
    """The vector to which another state is counted; empty for the state itself."""
    if other == state:
        return ""
    if state in shared.region and other in shared.region:
        return _NEIGHBOURS
    told = shared.partners["vector"][other]
    known = set(vectors["vector"]) - {_NEIGHBOURS}
    return told if told in known else _OTHERS


def _by_hand(
    state: str, name: str, vectors: pd.DataFrame, peers: list[str], shared: Shared
) -> dict[str, Sheet]:
    """The tables that somebody fills, begun with what follows from the shared ones."""
    partners = shared.rows("partners")
    partners["vector"] = [
        vector_of(other, state, vectors, shared) for other in partners["iso3"]
    ]
    found = {
        "vectors": vectors,
        "actors": _actors(state, name, vectors, peers, shared),
        "splits": shared.rows("splits").iloc[:0],
        "events": shared.rows("events").iloc[:0],
        "periods": _periods(state, shared),
        "partners": partners,
    }
    left_out = {"events": set(shape.BESIDE["events"]), "periods": {"outward"}}
    sheets = {}
    for table, rows in found.items():
        own = [
            one for one in map(str, rows.columns) if one not in left_out.get(table, ())
        ]
        about = said_by_hand(shared.about(table), name, own)
        rows = rows[own]
        if table == "events":
            rows, about = with_urls(rows, about)
        sheets[table] = Sheet(rows, about, commented(table, state, vectors))
    if shared.case.has(MARKS):
        rows = shared.rows(MARKS).iloc[:0].drop(columns="elsewhere", errors="ignore")
        about = said_by_hand(shared.about(MARKS), name, list(rows.columns))
        sheets[MARKS] = Sheet(rows, about, commented(MARKS, state, vectors))
    return sheets


def with_urls(
    events: pd.DataFrame, about: dict[str, Any]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Acts, and what is said of them, with a column for where a source was read."""
    schema = about["schema"]
    fields = [one for one in schema["fields"] if one["name"] != URL["name"]]
    told = about | {"schema": schema | {"fields": [*fields, URL]}}
    return events.assign(**{URL["name"]: ""}), told


def commented(table: str, state: str, vectors: pd.DataFrame) -> str:
    """The lines with an example that a table to be filled begins with."""
    poles = vectors[vectors["pole"] != ""].sort_values("pole")
    first, second = rows_of(poles)
    text = (BLANK / f"{table}.txt").read_text(encoding="utf-8")
    return text.format(
        state=state,
        partner=first.iso3,
        vector=first.vector,
        other=second.vector,
    )


def _actors(
    state: str, name: str, vectors: pd.DataFrame, peers: list[str], shared: Shared
) -> pd.DataFrame:
    """The state, those at home, the states that its vectors and peers are, and their clubs."""
    rows = [
        (state, name, "self", "", False),
        (f"{state}-OPP", "Opposition at home", "home", "", False),
        (f"{state}-PUB", "Groups and public at home", "home", "", False),
    ]
    states = [*filter(None, vectors["iso3"]), *shared.region, *peers]
    for other in dict.fromkeys(one for one in states if one != state):
        vector = vector_of(other, state, vectors, shared)
        label = shared.names[other]
        rows.append((other, label, "state", vector, other in peers))
    clubs = shared.rows("actors")
    clubs = clubs[clubs["kind"].isin(["organisation", "group"])]
    for club in rows_of(clubs[clubs["vector"].isin(vectors["vector"])]):
        rows.append((club.actor, club.name, club.kind, club.vector, False))
    made = pd.DataFrame(rows, columns=["actor", "name", "kind", "vector", "peer"])
    made["region"] = made["actor"].isin(shared.region)
    return made.replace({True: "true", False: "false"}).astype(str)


def _periods(state: str, shared: Shared) -> pd.DataFrame:
    """The years of the shared tables, and the leaders of the state in them."""
    first, last = (day.date().isoformat() for day in shared.case.span())
    source = shared.case.cite("leaders")
    reach = "As far as the shared tables reach"
    rows = [("study", "span", "Years of the study", first, last, reach)]
    leaders = shared.rows("leaders")
    leaders = leaders[(leaders["iso3"] == state) & (leaders["start"] <= last)]
    for one in rows_of(leaders[leaders["end"] >= first].sort_values("start")):
        name = _slug(one.leader, [row[0] for row in rows])
        rows.append((name, "presidency", one.leader, one.start, one.end, source))
    columns = ["id", "kind", "label", "start", "end", "source"]
    return pd.DataFrame(rows, columns=columns)


def _slug(name: str, taken: Iterable[str]) -> str:
    """An id made of a name, which none has yet."""
    plain = re.sub(r"\W+", "-", name.casefold()).strip("-")
    many = sum(re.fullmatch(rf"{plain}(-\d+)?", one) is not None for one in taken)
    return f"{plain}-{many + 1}" if many else plain


def said_by_hand(
    about: dict[str, Any], name: str, columns: Collection[str]
) -> dict[str, Any]:
    """What the descriptor says of a table that somebody fills."""
    fields = [f for f in about["schema"]["fields"] if f["name"] in columns]
    schema = {k: v for k, v in about["schema"].items() if k != "fields"}
    told = {
        "scope": "coded",
        "description": "Filled by hand; the README of the case says how.",
        "citation": f"{about['title']}: the case of {name}",
        "shows": "What was coded.",
        "cannot_show": "What was not coded.",
        "filter": "all rows of the case",
        "caveats": [],
        "sources": [{"title": "Shared tables, and what the case names row by row"}],
        "licenses": [{"name": "unstated", "title": "Not stated yet"}],
    }
    kept = {k: v for k, v in about.items() if k in _TOLD}
    return kept | told | {"schema": {"fields": fields, **schema}}


# --- outside tables ---------------------------------------------------------------------------


def _whole(table: str, shared: Shared) -> Sheet:
    """A table of the region, with every row."""
    about = shared.about(table)
    kept = {k: v for k, v in about.items() if k in (*_TOLD, "filter", "schema")}
    return Sheet(shared.rows(table), kept)


def _optional(
    table: str, state: str, kept: Collection[str], shared: Shared
) -> tuple[Sheet | None, str]:
    """Rows of a table about a state and those beside it; or why there are none."""
    about = shared.about(table)
    outside = about.get("scope") == "outside"
    around = about.get("selection") == "state"  # its rows were chosen around one state
    if around and state != shared.case.state:
        return None, "its rows were chosen around another state"
    if not (outside or table in _SOURCED):
        return None, "to be filled by hand"
    if table in _STATES and state not in shared.region:
        return None, "the shared table holds what states of the region did, with others"
    rows = shared.rows(table)
    columns = [c for c in _STATES.get(table, ("iso3",)) if c in rows]
    if around:
        return _whole(table, shared), ""
    looked = kept if table in _BESIDE else {state}
    if not (columns and rows[columns].isin(looked).any(axis=None)):
        return None, f"the shared table has no row of {state}"
    if not (outside or table in _BESIDE):
        kept = {state}
    counted = rows[columns].isin(kept).any(axis=1)
    if table == "exercises":  # whoever took part beside them is told too
        counted = rows["exercise"].isin(set(rows.loc[counted, "exercise"]))
    elif table == _AROUND:
        counted |= True
    found = rows[counted]
    states = set(found[columns].to_numpy().ravel())
    states &= set(shared.names) if table == _AROUND else set(kept)
    told = {k: v for k, v in about.items() if k in (*_TOLD, "schema")}
    told["filter"] = _filter(about, states, shared)
    return Sheet(found.reset_index(drop=True), told), ""


def _filter(about: dict[str, Any], kept: Collection[str], shared: Shared) -> str:
    """Which rows were kept, without what the filter of the shared table says of its own state."""
    names = ", ".join(shared.names[one] for one in sorted(kept))
    parts = [part.strip() for part in about.get("filter", "").split(";")]
    general = [part for part in parts if part and shared.case.name not in part]
    return "; ".join([f"rows of {names}", *general])


def _measured(
    state: str, name: str, sheets: dict[str, Sheet], shared: Shared
) -> tuple[dict[str, Sheet], str]:
    """The yearly measures of which the state has a row; none, no table, and why."""
    if not shared.case.has(_MEASURES):
        return {}, "the shared tables have none"
    rows = shared.rows(_MEASURES)
    kept = [_has_rows(row, state, sheets) for row in rows_of(rows)]
    if not any(kept):
        return {}, f"no shared table has a row of {state} to measure"
    about = said_by_hand(shared.about(_MEASURES), name, list(rows.columns))
    about |= {"description": "Which columns are drawn as yearly measures of the state."}
    return {_MEASURES: Sheet(rows[kept].reset_index(drop=True), about)}, ""


def _mattered(
    state: str, name: str, sheets: dict[str, Sheet], shared: Shared
) -> tuple[dict[str, Sheet], str]:
    """Measures of how much the region matters to the powers; none, no table, and why."""
    if not shared.case.has(_SIGNIFICANCE):
        return {}, "the shared tables have none"
    if state not in shared.region:
        return {}, f"the shared tables know no region of {state}"
    rows, vectors = shared.rows(_SIGNIFICANCE), sheets["vectors"].rows
    great = vectors.loc[vectors["great_power"] == "true", "iso3"]
    rows = rows[rows["table"].isin(list(sheets))].reset_index(drop=True)
    # What follows the first sentence tells of the states of the other case.
    why = rows["why"].str.split(".").str[0] + "."
    rows = rows.assign(powers="|".join(filter(None, great)), why=why)
    about = said_by_hand(shared.about(_SIGNIFICANCE), name, list(rows.columns))
    about |= {"description": "What the region's weight with the powers is measured by."}
    return {_SIGNIFICANCE: Sheet(rows, about)}, ""


def _has_rows(measure: Any, state: str, sheets: dict[str, Sheet]) -> bool:
    """Does the table of a measure hold a row of the state that it counts?"""
    if measure.table not in sheets:
        return False
    rows = sheets[measure.table].rows
    rows = rows[rows["iso3"] == state]
    for condition in filter(None, measure.where.split(";")):
        column, _, values = condition.partition("=")
        if measure.absent == "missing":
            rows = rows[rows[column].isin(values.split("|"))]
    if measure.since and "year" in rows:
        rows = rows[rows["year"].astype(int) >= int(measure.since)]
    return len(rows) > 0
