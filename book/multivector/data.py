"""Opens a case: reads, checks, types and cites its tables.

A case is a folder of CSV tables, or a zip of it, with a ``datapackage.json`` (Frictionless Data
Package) that describes every field.  The descriptor is the one place for types,
allowed values and ranges; ``tables`` turns it into checks and adds those that cross
tables; this module opens what has passed them, and reports ALL problems at once.
"""

import copy
import functools
import hashlib
import json
import os
import weakref
from collections.abc import Callable, Collection, Mapping, Sized
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from . import checks
from .tables import (
    archives,
    arguments,
    cells,
    crossing,
    descriptor,
    marks,
    opened,
    shape,
)
from .tables.problems import DESCRIPTOR, CaseError, Problem

__all__ = [
    "CODINGS",
    "REQUIRED",
    "Case",
    "CaseError",
    "Missing",
    "Problem",
    "first_case",
    "latest_versions",
    "open_case",
    "share_out",
    "shared_anew",
    "some",
]

#: Fields without which the essay cannot be computed, table by table.
REQUIRED = {name: list(columns) for name, columns in shape.REQUIRED.items()}
CODINGS = shape.CODINGS
CHANGED = " (changed since sealed)"
ROOT = Path(__file__).resolve().parents[2]
#: Where a chapter that was lifted out of the book has its tables: beside the module.
BESIDE = Path(__file__).resolve().parents[1] / "data"
#: Where the book that was composed for another state has its case: a folder, or a zip.
COMPOSED_FOR = ("case", "case.zip")
#: Names of the files of a case, and what their content comes down to.
_State = tuple[tuple[str, bytes], ...]
_Rows = TypeVar("_Rows", bound=Sized)


class Missing(ValueError):
    """What was asked for is not there: a table, a period, an act, a series, or enough of its years.

    The ledger turns it into "not testable"; every other error is a fault and is not caught.
    """


class Case:
    """The tables of one state's foreign policy, checked and typed.

    Use :func:`open_case`; the constructor takes tables that were checked.

    Attributes
    ----------
    events : DataFrame
        The acts of one coherent coding, shared out among vectors: one row an act and a
        vector, with ``weight`` in (0, 1] (the shares of an act sum to 1), ``direction``
        ("by" or "toward" the state) and ``kind`` of act.  ``vector`` is categorical with
        all K vectors of the case.  Context has no vector and is never summed.
    acts : DataFrame
        The same before sharing: one row an act.
    vectors, leaders, periods, actors, splits : DataFrame
        Tables of the case as described in its ``datapackage.json``.
    claims : DataFrame
        The latest version of the rule of each claim; ``table("claims")`` has the history.
    poles : tuple of str
        The two vectors between which tilt is measured.
    great_powers : tuple of str
        The vectors that the case codes as great powers.
    peers : list of str
        ISO3 codes of the states that UN votes are compared with.
    state, name : str
        ISO3 code and name of the state.
    changed : frozenset of str
        Tables whose content differs from the checksum in the descriptor.
    """

    def __init__(
        self,
        folder: str | Path,
        package: dict[str, Any],
        tables: dict[str, pd.DataFrame],
        coding: str,
        changed: Collection[str] = frozenset(),
    ) -> None:
        self.path, self.coding, self.changed = Path(folder), coding, frozenset(changed)
        self._package, self._tables = package, tables
        actors, vectors = tables["actors"], tables["vectors"]
        own = actors[actors["kind"] == "self"].iloc[0]
        self.state, self.name = own["actor"], own["name"]
        self.poles = tuple(vectors.dropna(subset="pole").sort_values("pole")["vector"])
        self.great_powers = tuple(vectors.loc[vectors["great_power"], "vector"])
        self.peers = list(actors.loc[actors["peer"], "actor"])
        self.acts = _acts(tables, coding, self.state)
        self.events = share_out(self.acts, self.splits)

    def __repr__(self) -> str:
        return f"Case({self.name}, coding={self.coding!r}, {len(self.acts)} acts, {len(self._tables)} tables)"

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name in ("vectors", "leaders", "periods", "actors", "splits"):
            return self.table(name)
        raise AttributeError(
            f"a case has no {name!r}; its tables: {', '.join(self._tables)}"
        )

    def table(self, name: str) -> pd.DataFrame:
        """A copy of one table, typed as its descriptor says; missing cells are NA."""
        return self._tables[self._known(name)].copy()

    def cite(self, name: str) -> str:
        """The citation of one table, as it stands under the figures built on it.

        A table that no longer matches its checksum is cited with a note that says so.
        """
        about = self._resource(name)
        titles = [s["title"] for s in about.get("sources", []) if "title" in s]
        citation = about.get("citation") or "; ".join(titles) or name
        return citation + (CHANGED if name in self.changed else "")

    def scope(self, name: str) -> str:
        """``"coded"`` if the table is our reading, ``"outside"`` if it never saw the paper.

        A table of which the descriptor does not tell it is taken for a reading.
        """
        return self._resource(name).get("scope", "coded")

    def about(self, name: str) -> dict[str, Any]:
        """What the descriptor says of one table, without its fields: origin, filter, licence, limits.

        The traps that matter to this case alone (``here``) stand with the others.
        """
        told = {k: v for k, v in self._resource(name).items() if k != "schema"}
        if here := told.pop("here", None):
            told["caveats"] = [*told.get("caveats", []), *here]
        return told

    def described(self, name: str) -> dict[str, Any]:
        """All that the descriptor says of one table, its fields and all."""
        return copy.deepcopy(self._resource(name))

    def has(self, *names: str) -> bool:
        """Does the case have all of these tables?"""
        return not self.missing(*names)

    def missing(self, *names: str) -> dict[str, str]:
        """What of some tables the case does not have, and what each would be needed for.

        Parameters
        ----------
        *names : str
            Tables; without any, all that the essay knows.

        Returns
        -------
        dict of str to str
            Table and what for, in the order asked; empty if nothing is missing.
        """
        asked = names or tuple(shape.NEEDED_FOR)
        opened.note(*(name for name in asked if name in self._tables))
        lost = dict.fromkeys(name for name in asked if name not in self._tables)
        return {name: shape.NEEDED_FOR.get(name, "") for name in lost}

    @property
    def versions(self) -> tuple[str, ...]:
        """The coherent codings between which a reader can choose; one, if the case tells none apart."""
        told = "follows" in self._tables["events"]
        return CODINGS if told else CODINGS[:1]

    @property
    def tables(self) -> list[str]:
        """Names of all tables, in the order of the descriptor."""
        opened.note(*self._tables)
        return list(self._tables)

    def fingerprint(self) -> str:
        """Changes with the content of any table, with what is said of it, and with the coding."""
        tables = {name: _digest(table) for name, table in self._tables.items()}
        parts = [self.coding, sorted(self.changed), tables, self._package]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def iso3(self, vector: str) -> str | None:
        """ISO3 code of the state that stands for ``vector`` in outside sources, or None."""
        row = self.vectors.set_index("vector")["iso3"]
        return None if pd.isna(row[vector]) else row[vector]

    @property
    def claims(self) -> pd.DataFrame:
        """The claims, each with the latest version of its rule."""
        return latest_versions(self.table("claims"))

    def partner_vectors(self) -> pd.Series:
        """Vector of every state that is a partner in the outside sources, by ISO3 code."""
        partners = self.table("partners").dropna(subset="vector")
        return partners.set_index("iso3")["vector"]

    def span(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First and last day of the years under study."""
        rows = self.periods.query("kind == 'span'")
        return rows["start"].iloc[0], rows["end"].iloc[0]

    def period(self, name: str) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First and last day of the period with this id."""
        rows = self.periods.set_index("id")
        if name not in rows.index:
            raise Missing(
                f"period {name!r} is not in the case; known: {', '.join(rows.index)}"
            )
        return rows["start"][name], rows["end"][name]

    def named_breaks(self) -> list[int]:
        """Years that the case names as those of a break, in order; none if it names none.

        The step of a year is that from the year before.  What fell in its last two weeks
        can hardly have moved it, and is asked of the year after, if the study has one.
        """
        day = self.periods.query("kind == 'named break'")["start"]
        year = day.dt.year + ((day.dt.month == 12) & (day.dt.day > 17))
        return sorted(set(year.clip(upper=self.span()[1].year)))

    def mark(self, name: str) -> Any:
        """What a chapter points at under this name: a row, years, days, a number, a word.

        Parameters
        ----------
        name : str
            A mark of the table ``marks``.

        Returns
        -------
        int, float, str, Timestamp, or a list of them
            By the kind of the mark.

        Raises
        ------
        Missing
            If the case has no such mark.
        """
        rows = self.table("marks").set_index("mark") if self.has("marks") else None
        if rows is None or name not in rows.index:
            raise Missing(f"mark {name!r} is not in the case")
        return marks.value_of(rows["kind"][name], rows["value"][name])

    def threats(self, within: int = 92) -> pd.DataFrame:
        """Acts of home actors and armed groups against the state, in order of their dates.

        Only conflictual acts that begin in the span of the study and are dated to within so
        many days: what is known to a year or more has no before and after.
        """
        acts = self.acts[self.acts["start"].between(*self.span())]
        kind = acts["actor"].map(self.actors.set_index("actor")["kind"])
        at_home = kind.isin(["home", "armed group"]) & (acts["target"] == self.state)
        days = (acts["end"] - acts["start"]).dt.days + 1
        rows = acts[at_home & (acts["goldstein"] < 0) & (days <= within)]
        return rows.sort_values("start", ignore_index=True)

    def swapped(self, matter: str) -> pd.DataFrame:
        """The acts with one contested matter told as the other version has it, shared out among vectors.

        Parameters
        ----------
        matter : str
            A word of ``events.alternative``.
        """
        if "alternative" not in self._tables["events"]:
            raise Missing("the acts of this case are told in one version only")
        matters = set(self._tables["events"]["alternative"].dropna())
        if matter not in matters:
            checks.refuse("matter", matter, ", ".join(sorted(matters)))
        other = _acts(
            self._tables, next(c for c in CODINGS if c != self.coding), self.state
        )
        kept = self.acts[self.acts["alternative"] != matter]
        acts = pd.concat([kept, other[other["alternative"] == matter]])
        return share_out(acts.reset_index(drop=True), self.splits)

    def following(self, coding: str) -> "Case":
        """The same tables in the other coherent coding, ``"record"`` or ``"paper"``; this very case if it is that one."""
        checks.one_of("coding", coding, CODINGS)
        return self if coding == self.coding else self._with(coding)

    def coded_by(self, coder: str) -> "Case":
        """The case with the acts as one coder had them before the codings were compared.

        Coders read the paper only, so that the coding is ``"paper"``.  An act that both found carries
        the id of the first coder's row.
        """
        codings = self.table("codings")
        checks.one_of("coder", coder, codings["coder"].unique())
        rows = codings[codings["coder"] == coder].reset_index(drop=True)
        own = {"follows": "paper", "alternative": None, "source": self.cite("codings")}
        events = rows.assign(id=rows["act"].fillna(rows["id"]), **own)
        return self._with("paper", events.drop(columns=["coder", "act"]))

    def undone(self, *revisions: str) -> "Case":
        """The case with its acts as they stood before revisions of the coding: those named, or all of them.

        Parameters
        ----------
        *revisions : str
            Ids of ``revisions``; the rows as they stood are in ``revised_acts``.
        """
        known = list(self.table("revisions")["id"])
        unknown = [revision for revision in revisions if revision not in known]
        if unknown:
            checks.refuse("revision", unknown[0], ", ".join(known))
        old = self.table("revised_acts")
        old = old[old["revision"].isin(revisions or known)]
        events = self.table("events")
        rows = [events[~events["id"].isin(old["id"])], old.loc[~old["added"]]]
        events = pd.concat(rows)[events.columns].astype(events.dtypes)
        return self._with(self.coding, events.sort_values("id", ignore_index=True))

    def recoded(self, act: str, **cells: Any) -> "Case":
        """The case with one act coded otherwise: to dispute a row and see what it carries.

        Parameters
        ----------
        act : str
            Id of a row of ``events``.
        **cells
            New value by column.  A new ``cameo`` brings the value that the scheme gives it, and
            an act that is no longer ``dyadic`` is context, without vector, code or value.
        """
        events = self.table("events")
        checks.one_of("act", act, list(events["id"]))
        for column in cells:
            checks.one_of("column", column, [c for c in events if c != "id"])
        for column, table in (("cameo", "cameo"), ("vector", "vectors")):
            if column in cells:
                checks.one_of(column, cells[column], list(self.table(table)[column]))
        if "cameo" in cells:
            scale = self.table("cameo").set_index("cameo")["goldstein"]
            cells = {"goldstein": scale[cells["cameo"]]} | cells
        if cells.get("dyadic") is False:
            cells = dict.fromkeys(["vector", "cameo", "goldstein"], pd.NA) | cells
        for day in {"start", "end"} & set(cells):
            cells[day] = pd.Timestamp(cells[day])
        row = events["id"] == act
        for column, value in cells.items():
            events.loc[row, column] = value
        told = events[row].iloc[0]
        if told["start"] > told["end"]:
            checks.refuse("start", f"{told['start']:%Y-%m-%d}", "no later than end")
        return self._with(self.coding, events)

    def with_tables(self, tables: Mapping[str, pd.DataFrame], origin: "Case") -> "Case":
        """The case with tables of another beside its own.

        Parameters
        ----------
        tables : dict of str to DataFrame
        origin : Case
            Whose descriptor tells what these tables are.
        """
        own = [r for r in self._package["resources"] if r["name"] not in tables]
        lent = [origin._resource(name) for name in tables]
        package = self._package | {"resources": [*own, *lent]}
        whole = self._tables | dict(tables)
        return Case(self.path, package, whole, self.coding, self.changed)

    def _with(self, coding: str, events: pd.DataFrame | None = None) -> "Case":
        """The same case in some coding, and with other events."""
        other = {} if events is None else {"events": events}
        tables = self._tables | other
        return Case(self.path, self._package, tables, coding, self.changed)

    def _known(self, name: str) -> str:
        if name not in self._tables:
            known = ", ".join(self._tables)
            needed = shape.NEEDED_FOR.get(name)
            purpose = f" (needed for {needed})" if needed else ""
            raise Missing(f"table {name!r} is not in the case{purpose}; known: {known}")
        opened.note(name)
        return name

    def _resource(self, name: str) -> dict[str, Any]:
        self._known(name)
        return next(r for r in self._package["resources"] if r["name"] == name)


def open_case(
    path: str | os.PathLike[str] | None = None, coding: str | None = None
) -> Case:
    """Open a case, check every table and return it.

    Parameters
    ----------
    path : path-like, optional
        Folder with the tables, or a zip of it; by default what the environment variable
        ``MULTIVECTOR_CASE`` names, else the folder ``data`` beside the module, as in a
        chapter that was lifted out, or beside ``book``.
    coding : {"record", "paper"}, optional
        Where the paper and the public record differ, follow the one or the other whole; by
        default what the environment variable ``MULTIVECTOR_CODING`` says, else "record".

    Returns
    -------
    Case

    Raises
    ------
    CaseError
        With all problems of all tables, each with file, row, column, value and remedy.
    ValueError
        If ``coding`` is neither "record" nor "paper".
    """
    coding = coding or _wanted_coding()
    checks.one_of("coding", coding, CODINGS)
    folder = _folder(path or own_folder())
    package, tables, changed = _checked(folder, _state(folder))
    return Case(folder, package, tables, coding, changed)


def own_folder() -> str | Path:
    """The folder of the case that is opened where none is named."""
    composed = (ROOT / name for name in COMPOSED_FOR)
    held = next((path for path in composed if path.exists()), None)
    return os.environ.get("MULTIVECTOR_CASE") or held or _first_folder()


def first_case() -> Case:
    """The case that this book was written on, whatever the environment names.

    Its general claims are tried on others.

    Raises
    ------
    Missing
        If the book lies here without it.
    """
    folder = _first_folder()
    if not (folder / DESCRIPTOR).is_file():
        raise Missing("the case that this book was written on is not here")
    return open_case(folder)


def _first_folder() -> Path:
    return BESIDE if (BESIDE / DESCRIPTOR).is_file() else ROOT / "data"


def _wanted_coding() -> str:
    """The coding that the environment asks for.

    A build runs a notebook once more in the other coding only if it came here, and so was
    not told which to follow; the trace of that is a file that the build names.
    """
    trace = os.environ.get("MULTIVECTOR_ASKED")
    if trace:
        Path(trace).touch()
    return os.environ.get("MULTIVECTOR_CODING") or CODINGS[0]


def _state(folder: Path) -> _State:
    """Changes with the name and the content of any file of a case."""
    if folder.is_file():
        return ((str(folder), hashlib.blake2b(folder.read_bytes()).digest()),)
    return tuple(
        (str(path), hashlib.blake2b(path.read_bytes()).digest())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and os.access(path, os.R_OK)
    )


@functools.lru_cache(maxsize=4)
def _checked(
    folder: Path, state: _State
) -> tuple[dict[str, Any], dict[str, pd.DataFrame], frozenset[str]]:
    """(descriptor, tables, names of changed tables) of a case without problems.

    Kept for as long as no file of the case changes: notebooks and tests open it often.
    """
    place: Traversable = archives.inside(folder) if folder.is_file() else folder
    package, described, problems = descriptor.described(place)
    tables: dict[str, pd.DataFrame] = {}
    sheets: dict[str, cells.Sheet] = {}
    changed: set[str] = set()
    found: list[Problem] = []
    for table in described:
        reader = arguments if table.form == "toml" else cells
        sheet, unread = reader.read(place, table)
        found += unread
        if sheet is None:
            continue
        frame, wrong = cells.typed(sheet, table)
        found += wrong
        if sheet.changed:
            changed.add(table.name)
        tables[table.name], sheets[table.name] = frame, sheet
    problems += found
    if len(tables) < len(package["resources"]):  # what crosses tables needs them all
        raise CaseError(folder, problems)
    problems += _crossing(tables, described, sheets, found)
    if problems:
        raise CaseError(folder, problems)
    return package, tables, frozenset(changed)


def _folder(path: str | os.PathLike[str]) -> Path:
    """The folder or the zip of a case; a relative path starts where the reader stands."""
    folder = Path(path).expanduser().absolute()
    if folder.is_dir() or (folder.is_file() and folder.suffix.casefold() == ".zip"):
        return folder
    wrong = f"the folder '{folder}' does not exist"
    if folder.exists():
        wrong = f"'{folder}' is a file, no folder and no zip"
    beside = ROOT / Path(path).expanduser()
    remedy = "Name a folder that holds the tables of a case"
    if beside != folder and beside.is_dir():
        remedy += f"; there is one at '{beside}'"
    raise CaseError(folder, [Problem(DESCRIPTOR, None, None, str(path), wrong, remedy)])


def _crossing(
    tables: dict[str, pd.DataFrame],
    described: list[descriptor.Table],
    sheets: dict[str, cells.Sheet],
    problems: list[Problem],
) -> list[Problem]:
    """Problems between tables, without what only follows from a bad cell."""
    paths = {table.name: table.path for table in described}
    names = {path: name for name, path in paths.items()}
    bad = {
        (names[p.file], p.row, column)
        for p in problems
        if p.file in names  # not of the descriptor
        for column in (p.column or "").split(", ")
    }
    rows = {(name, row) for name, row, _ in bad}
    columns = {f"{name}.{column}" for name, _, column in bad}
    partners = [(t.name, *key) for t in described for key in t.partners]
    found = []
    for problem in crossing.crossing(tables, partners, columns):
        if problem.file not in paths:  # of a parameter, which tells its line
            found.append(problem)
            continue
        name, index = problem.file, problem.row
        row = None if index is None else sheets[name].line(index, problem.column)
        whole = row is None and f"{name}.{problem.column}" in columns
        if not (whole or (name, row) in rows):
            found.append(problem._replace(file=paths[name], row=row))
    return list(dict.fromkeys(found))


_DIGESTS: dict[int, tuple[Callable[[], pd.DataFrame | None], str]] = {}


def _digest(table: pd.DataFrame) -> str:
    """Changes with the content of a table of a case, which is never edited: computed once for each."""
    known, digest = _DIGESTS.get(id(table), (lambda: None, ""))
    if known() is not table:
        rows = pd.util.hash_pandas_object(table.astype(str)).to_numpy().tobytes()
        digest = hashlib.sha256(f"{list(table.columns)}".encode() + rows).hexdigest()
        _DIGESTS[id(table)] = weakref.ref(table), digest
    return digest


def some(rows: _Rows, what: str) -> _Rows:
    """Rows that a section of a chapter cannot do without.

    Parameters
    ----------
    rows : DataFrame or list
        What the section is about.
    what : str
        What one of them is, for who reads that there is none.

    Raises
    ------
    Missing
        If there is no row.

    Examples
    --------
    >>> some([1, 2], "number")
    [1, 2]
    """
    if len(rows) == 0:
        raise Missing(f"the case has no {what}")
    return rows


def latest_versions(rows: pd.DataFrame) -> pd.DataFrame:
    """The row with the highest version of each id, in order of ids.

    Parameters
    ----------
    rows : DataFrame
        Columns ``id`` and, unless every row is the only one of its id, ``version``.
    """
    if "version" not in rows:
        return rows
    ordered = rows.sort_values("version", kind="stable")
    latest = ordered.drop_duplicates("id", keep="last")
    return latest.sort_values("id", ignore_index=True)


def shared_anew(splits: pd.DataFrame, shares: Mapping[str, float]) -> pd.DataFrame:
    """Shares of organisations, some of them given to their first vector anew.

    Parameters
    ----------
    splits : DataFrame
        As for :func:`share_out`.
    shares : dict of str to float
        Organisation and the share of its first vector, in [0, 1]; the others keep their proportions.

    Returns
    -------
    DataFrame
        As ``splits``, without vectors that are left with nothing.

    Raises
    ------
    ValueError
        If an organisation is unknown or a share out of range.
    """
    table = splits.copy()
    for actor, share in shares.items():
        own = table["actor"] == actor
        if not (own.any() and 0 <= share <= 1):
            raise ValueError(
                f"shares gives {actor!r} the share {share!r}; allowed: an organisation of the case and a number from 0 to 1"
            )
        rest = table.loc[own, "share"].iloc[1:]
        table.loc[own, "share"] = [share, *(rest / rest.sum() * (1 - share))]
    return table[table["share"] > 0]


def share_out(acts: pd.DataFrame, splits: pd.DataFrame) -> pd.DataFrame:
    """Share each act with an organisation among vectors.

    Parameters
    ----------
    acts : DataFrame
        One row an act: ``id``, ``party`` (the outside actor), ``vector``, ``weight``; what has no
        vector is context and is not shared out.
    splits : DataFrame
        Columns ``actor``, ``vector``, ``share``; the shares of an actor sum to 1.

    Returns
    -------
    DataFrame
        One row an act and a vector; ``weight`` is the act's own times the share.
    """
    shares = splits[["actor", "vector", "share"]]
    shares = shares.rename(columns={"actor": "party", "vector": "_vector"})
    shared = acts.merge(shares, on="party", how="left", sort=False)
    # Context is not shared out.
    twice = shared["vector"].isna() & shared.duplicated("id")
    shared = shared[~twice].reset_index(drop=True)
    whole = shared["share"].isna() | shared["vector"].isna()
    vector = shared["_vector"].where(~whole, shared["vector"].astype(object))
    shared["vector"] = pd.Categorical(vector, categories=acts["vector"].cat.categories)
    shared["weight"] = shared["weight"] * shared["share"].astype(float).mask(whole, 1.0)
    return shared.drop(columns=["_vector", "share"])


def _acts(tables: Mapping[str, pd.DataFrame], coding: str, state: str) -> pd.DataFrame:
    """One coherent coding: rows of the record with the uncontested ones of the paper, or the paper whole."""
    events = tables["events"]
    keep = pd.Series(True, events.index)
    if "follows" in events:  # else the case tells no versions apart
        keep = events["follows"] == coding
        if coding != "paper":
            keep |= events["alternative"].isna()
    acts = events[keep].reset_index(drop=True)
    way = pd.Series("by", acts.index).mask(acts["target"] == state, "toward")
    acts["direction"] = way.where(acts["dyadic"])
    acts["party"] = acts["target"].where(acts["actor"] == state, acts["actor"])
    acts["kind"] = acts["cameo"].map(tables["cameo"].set_index("cameo")["quad"])
    acts["vector"] = pd.Categorical(
        acts["vector"].astype(object), categories=list(tables["vectors"]["vector"])
    )
    if "weight" not in acts:
        acts["weight"] = 1.0
    return acts
