"""Checks the parameters of rules and choices: names, kinds, and what they refer to.

Which name refers to what stands in one small table; what a rule does with them is no
matter here.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from ..hints import rows_of
from . import methods
from .arguments import Parameters
from .checking import Tables, latest
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


def of_rules(tables: Tables) -> Iterator[Problem]:
    """Problems of the methods and parameters of rules."""
    known = _Known(tables)
    rules = tables["rules"].dropna(subset=["method", "parameters"])
    for row in rows_of(rules):
        if row.method not in methods.METHODS:
            wrong, remedy = _not_in("is no method", row.method, methods.METHODS)
            yield Problem("rules", row.Index, "method", row.method, wrong, remedy)
            continue
        yield from _of_method(row.parameters, row.method)
        yield from _of_names(row.parameters, known)


def of_choices(tables: Tables) -> Iterator[Problem]:
    """Problems of what the options of choices change, in the rules that name the choice."""
    known, table = _Known(tables), tables["choices"].dropna(subset=["parameters"])
    rules = _latest_rules(tables)
    for choice, rows in table.groupby("choice", sort=False):
        using = _methods_of(rules, str(choice))
        for found in rows["parameters"]:
            for method in using:
                yield from _of_option(found, method)
            yield from _of_names(found, known)


def _latest_rules(tables: Tables) -> pd.DataFrame:
    """The latest version of each rule; none where no table says how rules judge."""
    if "rules" not in tables or "method" not in tables["rules"]:
        return pd.DataFrame(columns=["method", "choices"])
    return latest(tables["rules"].dropna(subset=["id", "version", "method"]))


def _methods_of(rules: pd.DataFrame, choice: str) -> list[str]:
    """Methods of those of the rules that name a choice."""
    named = (
        rules["choices"]
        .fillna("")
        .map(lambda text: choice in [one.strip() for one in text.split(";")])
    )
    return [m for m in rules.loc[named, "method"].unique() if m in methods.METHODS]


def _of_method(found: Parameters, method: str) -> Iterator[Problem]:
    """A parameter that the method does not take, one that it lacks, one of another kind."""
    taken = methods.taken(methods.METHODS[method])
    meant = set()
    for name, value in found.items():
        if name in taken:
            yield from _of_kind(found, name, taken[name][0], value, name)
            continue
        others = [one for one in taken if one not in found]
        close = nearest(name, others)
        meant |= {one for one in others if close and one in re.findall(r"\w+", close)}
        remedy = sentence(close or f"allowed: {', '.join(taken)}")
        yield found.problem(name, name, "is no parameter of the method", remedy)
    for name, (_, needed) in taken.items():
        if needed and name not in found and name not in meant:
            remedy = f"Add it, since {method} needs it"
            yield found.problem(name, None, "is missing", remedy)


def _of_option(found: Parameters, method: str) -> Iterator[Problem]:
    """What an option changes that the method does not take, or that is of another kind."""
    taken = methods.taken(methods.METHODS[method])
    for name, value in found.items():
        if name in taken:
            yield from _of_kind(found, name, taken[name][0], value, name)
        else:
            wrong = (
                f"is no parameter of {method}, by which a rule with the choice judges"
            )
            remedy = sentence(nearest(name, taken) or f"allowed: {', '.join(taken)}")
            yield found.problem(name, name, wrong, remedy)


def _of_kind(
    found: Parameters, name: str, kind: str, value: Any, inside: str
) -> Iterator[Problem]:
    """What in a value is not of its kind; ``inside`` says where, as "items.from"."""
    if kind.startswith("["):
        if isinstance(value, list):
            for one in value:
                yield from _of_kind(found, name, kind[1:-1], one, inside)
        else:
            remedy = "Write a list in square brackets"
            yield found.problem(name, value, f"{inside} is no list", remedy)
    elif kind.startswith("{"):
        taken = methods.taken(methods.TABLES[kind[1:-1]])
        if not isinstance(value, dict):
            remedy = "Write { " + ", ".join(f"{key} = ..." for key in taken) + " }"
            yield found.problem(name, value, f"{inside} is no table", remedy)
            return
        for key in dict.fromkeys([*value, *taken]):
            if key not in taken:
                wrong = f"is nothing that {inside} takes"
                remedy = sentence(nearest(key, taken) or f"allowed: {', '.join(taken)}")
                yield found.problem(name, key, wrong, remedy)
            elif key not in value:
                wrong = f"{inside} lacks {key}"
                yield found.problem(name, value, wrong, f"Add {key} to it")
            else:
                at = f"{inside}.{key}"
                yield from _of_kind(found, name, taken[key][0], value[key], at)
    elif not methods.KINDS[kind][0](value):
        told = methods.KINDS[kind][1]
        yield found.problem(name, value, f"{inside} is not {told}", f"Write {told}")


def _of_names(found: Parameters, known: "_Known") -> Iterator[Problem]:
    """What names something that is not there."""
    for top, whole in found.items():
        for key, value in _named({top: whole}):
            for one in value if isinstance(value, list) else [value]:
                if fault := known.fault(_MEANT[key], one):
                    wrong, remedy = fault
                    yield found.problem(top, one, f"{key} {wrong}", remedy)


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
