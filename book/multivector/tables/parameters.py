"""Checks what the parameters of rules and choices name: acts, states, series, and more.

Parameters are JSON.  Which name refers to what stands in one small table; what a rule
does with them is no matter here.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from .checking import Tables
from .problems import Problem
from .values import nearest, sentence

#: Names of parameters, by what they refer to.
NAMES = {
    "act": "deal declaration visit softening act mark blow on_peers unrest",
    "period": "until",
    "leader": "leader",
    "payment": "rents grant loan debt_relief",
    "state": "compared others peers partner",
    "vector": "vector gained kept more less",
    "series": "series other on also cause effect",
    "edition": "edition",
}
#: Kinds of series that tell partners apart, and the table of each; vectors may follow.
SERIES = {
    "gap": "un_votes",
    "net gap": "un_votes",
    "tilt": "events",
    "news": "machine_events",
    "trade": "trade",
    "exercises": "exercises",
    "arms": "arms",
    "aid-flows": "aid_flows",
    "memberships": "memberships",
}
#: Where a table of these series names the state; without a row of it the series is empty.
_HOLDERS = {
    "machine_events": ("source", "target"),
    "trade": ("iso3",),
    "aid_flows": ("iso3",),
    "memberships": ("iso3",),
}
#: Outside series by partner, as the essay draws them.
BY_PARTNER = (
    "un-agreement un-distance trade-4 trade-3 imports-4 exports-4 aid-flows "
    "aid-commitments exercises arms news-cooperation news-conflict obligations "
    "memberships missions"
).split()
_MEANT = {name: what for what, names in NAMES.items() for name in names.split()}
_TABLES = {
    "act": ("events", "id"),
    "period": ("periods", "id"),
    "leader": ("leaders", "id"),
    "payment": ("payments", "id"),
    "vector": ("vectors", "vector"),
    "edition": ("trade", "edition"),
}


def check(tables: Tables, name: str) -> Iterator[Problem]:
    """Problems of the parameters of one table, ``"rules"`` or ``"choices"``."""
    known = _Known(tables)
    for i, text in tables[name]["parameters"].dropna().items():
        try:
            found = json.loads(text)
            if not isinstance(found, dict):
                raise ValueError("no object in braces")
        except (ValueError, RecursionError) as error:
            curly = any(sign in text for sign in "\u201c\u201d\u201e")
            remedy = "Mend it at that place"
            if curly:
                remedy = "Write straight quotation marks, not curly ones"
            wrong = f"not valid JSON ({error})"
            yield Problem(name, i, "parameters", text[:60], wrong, remedy)
            continue
        for key, value in _named(found):
            for one in value if isinstance(value, list) else [value]:
                fault = known.fault(_MEANT[key], one)
                if fault:
                    wrong, remedy = fault
                    yield Problem(name, i, "parameters", one, f"{key} {wrong}", remedy)


def _named(found: Any) -> Iterator[tuple[str, Any]]:
    """(name, value) of every parameter that refers to something, however deep it stands."""
    if isinstance(found, dict):
        for key, value in found.items():
            if key in _MEANT and not isinstance(value, dict):
                yield key, value
            yield from _named(value)
    elif isinstance(found, list):
        for one in found:
            yield from _named(one)


class _Known:
    """What there is in a case that a parameter can name; each list is made once."""

    def __init__(self, tables: Tables) -> None:
        actors, votes = tables["actors"], tables["un_votes"]
        own = actors.loc[actors["kind"] == "self", "actor"].dropna()
        self.state = own.iloc[0] if len(own) == 1 else ""
        self.peers = actors["peer"].fillna(False).any()
        self.leaders = dict(
            zip(tables["leaders"].get("id", ()), tables["leaders"]["iso3"])
        )
        self.ids = {
            what: set(tables[table][column].dropna())
            for what, (table, column) in _TABLES.items()
            if table in tables and column in tables[table]
        }
        self.states = set(votes.columns) | set(actors["actor"].dropna())
        if "partners" in tables and "iso3" in tables["partners"]:
            self.states |= set(tables["partners"]["iso3"].dropna())
        self.empty = {
            table
            for table, columns in _HOLDERS.items()
            if table in tables
            and not any(
                tables[table][column].eq(self.state).any()
                for column in columns
                if column in tables[table]
            )
        }
        self.measures = None
        if "measures" in tables and "id" in tables["measures"]:
            self.measures = set(tables["measures"]["id"].dropna())

    def fault(self, what: str, value: Any) -> tuple[str, str] | None:
        """What is wrong with one value, and what would be right; None if nothing is."""
        if isinstance(value, (dict, list)):  # looked at by themselves
            return None
        if what == "series":
            return self.series(value)
        if what == "state":
            return self.another_state(value)
        if what not in self.ids or (what == "period" and _is_day(value)):
            return None
        if value not in self.ids[what]:
            table = _TABLES[what][0]
            return _not_in(f"names what is not in {table}.csv", value, self.ids[what])
        if what == "leader" and self.leaders[value] != self.state:
            return (
                f"names a leader of {self.leaders[value]}",
                f"Name one of {self.state}, the state under study",
            )
        return None

    def series(self, value: Any) -> tuple[str, str] | None:
        """A measure of the state, or a kind with one vector or more behind a colon."""
        if self.measures is None:
            return None
        kind, colon, vectors = str(value).partition(":")
        if kind not in SERIES and value not in self.measures:
            return _not_in("names no series", value, self.measures | set(SERIES))
        if SERIES.get(kind) in self.empty:
            wrong = f"names a series without a row of {self.state}"
            return wrong, f"Add rows to {SERIES[kind]}.csv, or name another series"
        for vector in vectors.split("|") if colon else ():
            if vector not in self.ids["vector"]:
                wrong = "names what is not in vectors.csv"
                return _not_in(wrong, vector, self.ids["vector"])
        if value == "net gap" and not self.peers:
            return "is net of peers, and no state is one", "Mark peers in actors.csv"
        return None

    def another_state(self, value: Any) -> tuple[str, str] | None:
        """A state that some table knows, and not the one under study."""
        if value == self.state:
            return (
                "compares the state under study with itself",
                "Take it out, or name another state",
            )
        if value not in self.states:
            wrong = "names a state that neither votes nor partners have"
            return wrong, "Use an ISO3 code that they have"
        return None


def _not_in(wrong: str, value: Any, known: Iterable[Any]) -> tuple[str, str]:
    meant = nearest(value, known) if isinstance(value, str) else None
    return wrong, sentence(meant or "use one that is there, or add it")


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and not pd.isna(
        pd.to_datetime(value, format="%Y-%m-%d", errors="coerce")
    )
