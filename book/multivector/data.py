"""Opens a case: reads, checks, types and cites its tables.

A case is a folder of CSV tables with a ``datapackage.json`` (Frictionless Data
Package) that describes every field.  The descriptor is the one place for types,
allowed values and ranges; this module turns it into checks, adds the rules that
cross tables, and reports ALL problems at once.
"""

import csv
import hashlib
import io
import json
import math
import os
import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

csv.field_size_limit(2**24)  # a cell may hold a long text

#: Fields without which the essay cannot be computed, table by table.
REQUIRED = {
    "vectors": ["vector", "label", "iso3", "pole", "colour", "colour_dark"],
    "actors": ["actor", "name", "kind", "vector", "peer", "region"],
    "splits": ["actor", "vector", "share"],
    "events": [
        "id",
        "start",
        "end",
        "precision",
        "actor",
        "target",
        "office",
        "vector",
        "dyadic",
        "level",
        "cameo",
        "goldstein",
        "follows",
        "alternative",
        "section",
        "footnote",
        "description",
        "source",
    ],
    "cameo": ["cameo", "quad", "goldstein"],
    "claims": [
        "id",
        "claim",
        "section",
        "type",
        "test",
        "support_if",
        "mixed_if",
        "against_if",
    ],
    "leaders": ["iso3", "leader", "start", "end", "exit_code"],
    "periods": ["id", "kind", "label", "start", "end"],
    "un_votes": ["rcid", "year"],
    "un_roll_calls": ["rcid", "year"],
}
CODINGS = ("record", "paper")
DESCRIPTOR = "datapackage.json"
CHANGED = " (changed since sealed)"


class Problem(NamedTuple):
    """One thing that is wrong in a case: where, what, and what would be right."""

    file: str
    row: (
        int | None
    )  #: line of the file, the header being line 1; None for the whole file
    column: str | None
    value: object
    wrong: str
    remedy: str

    def __str__(self):
        place = (
            self.file
            + (f", row {self.row}" if self.row else "")
            + (f", column {self.column!r}" if self.column else "")
        )
        value = "" if self.value is None else f" ({self.value!r})"
        return f"{place}: {self.wrong}{value}. {self.remedy}."


class CaseError(ValueError):
    """All problems of a case at once.

    Attributes
    ----------
    problems : tuple of Problem
        File, row, column, value, what is wrong, what would be right.
    """

    def __init__(self, folder, problems):
        self.problems = tuple(problems)
        many = (
            "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        )
        super().__init__(
            "\n".join(
                [
                    f"{many} in the case {Path(folder).name!r}:",
                    *(f"- {p}" for p in self.problems),
                ]
            )
        )


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
    peers : list of str
        ISO3 codes of the states that UN votes are compared with.
    state, name : str
        ISO3 code and name of the state.
    changed : frozenset of str
        Tables whose content differs from the checksum in the descriptor.
    """

    def __init__(self, folder, package, tables, coding, changed=frozenset()):
        self.path, self.coding, self.changed = Path(folder), coding, frozenset(changed)
        self._package, self._tables = package, tables
        actors, vectors = tables["actors"], tables["vectors"]
        self.state, self.name = actors.loc[
            actors["kind"] == "self", ["actor", "name"]
        ].iloc[0]
        self.poles = tuple(vectors.dropna(subset="pole").sort_values("pole")["vector"])
        self.peers = list(actors.loc[actors["peer"], "actor"])
        self.acts = _acts(tables, coding, self.state)
        self.events = share_out(self.acts, self.splits)

    def __repr__(self):
        return f"Case({self.name}, coding={self.coding!r}, {len(self.acts)} acts, {len(self._tables)} tables)"

    def __getattr__(self, name):
        if name in ("vectors", "leaders", "periods", "actors", "splits"):
            return self.table(name)
        raise AttributeError(
            f"a case has no {name!r}; its tables: {', '.join(self._tables)}"
        )

    def table(self, name):
        """A copy of one table, typed as its descriptor says; missing cells are NA."""
        return self._tables[self._known(name)].copy()

    def cite(self, name):
        """The citation of one table, as it stands under the figures built on it.

        A table that no longer matches its checksum is cited with a note that says so.
        """
        return self._resource(name)["citation"] + (
            CHANGED if name in self.changed else ""
        )

    def scope(self, name):
        """``"coded"`` if the table is our reading, ``"outside"`` if it never saw the paper."""
        return self._resource(name)["scope"]

    def about(self, name):
        """What the descriptor says of one table, without its fields: origin, filter, licence, limits."""
        return {
            key: value for key, value in self._resource(name).items() if key != "schema"
        }

    def has(self, *names):
        """Does the case have all of these tables?"""
        return set(names) <= set(self._tables)

    @property
    def tables(self):
        """Names of all tables, in the order of the descriptor."""
        return list(self._tables)

    def iso3(self, vector):
        """ISO3 code of the state that stands for ``vector`` in outside sources, or None."""
        row = self.vectors.set_index("vector")["iso3"]
        return None if pd.isna(row[vector]) else row[vector]

    @property
    def claims(self):
        """The claims, each with the latest version of its rule."""
        return latest_versions(self.table("claims"))

    def partner_vectors(self):
        """Vector of every state that is a partner in the outside sources, by ISO3 code."""
        return (
            self.table("partners").dropna(subset="vector").set_index("iso3")["vector"]
        )

    def span(self):
        """First and last day of the years under study."""
        row = self.periods.query("kind == 'span'").iloc[0]
        return row["start"], row["end"]

    def period(self, name):
        """First and last day of the period with this id."""
        rows = self.periods.set_index("id")
        if name not in rows.index:
            raise Missing(
                f"period {name!r} is not in the case; known: {', '.join(rows.index)}"
            )
        return rows.loc[name, "start"], rows.loc[name, "end"]

    def threats(self, within=92):
        """Acts of home actors and armed groups against the state, in order of their dates.

        Only conflictual acts that are dated to within so many days: what is known to a
        year or more has no before and after.
        """
        kind = self.acts["actor"].map(self.actors.set_index("actor")["kind"])
        days = (self.acts["end"] - self.acts["start"]).dt.days + 1
        hostile = (
            (self.acts["target"] == self.state)
            & kind.isin(["home", "armed group"])
            & (self.acts["goldstein"] < 0)
        )
        return (
            self.acts[hostile & (days <= within)]
            .sort_values("start")
            .reset_index(drop=True)
        )

    def swapped(self, matter):
        """The acts with one contested matter told as the other version has it, shared out among vectors.

        Parameters
        ----------
        matter : str
            A word of ``events.alternative``.
        """
        matters = set(self._tables["events"]["alternative"].dropna())
        if matter not in matters:
            raise ValueError(
                f"matter is {matter!r}; allowed: {', '.join(sorted(matters))}"
            )
        other = _acts(
            self._tables, next(c for c in CODINGS if c != self.coding), self.state
        )
        acts = pd.concat(
            [
                self.acts[self.acts["alternative"] != matter],
                other[other["alternative"] == matter],
            ],
            ignore_index=True,
        )
        acts["vector"] = pd.Categorical(
            acts["vector"].astype(object), categories=list(self.vectors["vector"])
        )
        return share_out(acts, self.splits)

    def following(self, coding):
        """The same tables in the other coherent coding, ``"record"`` or ``"paper"``; this very case if it is that one."""
        if coding not in CODINGS:
            raise ValueError(
                f"coding is {coding!r}; allowed: {', '.join(map(repr, CODINGS))}"
            )
        return (
            self
            if coding == self.coding
            else Case(self.path, self._package, self._tables, coding, self.changed)
        )

    def coded_by(self, coder):
        """The case with the acts as one coder had them before the codings were compared.

        Coders read the paper only, so that the coding is ``"paper"``.  An act that both found carries
        the id of the first coder's row.
        """
        codings = self.table("codings")
        known = list(dict.fromkeys(codings["coder"]))
        if coder not in known:
            raise ValueError(
                f"coder is {coder!r}; allowed: {', '.join(map(repr, known))}"
            )
        rows = codings[codings["coder"] == coder].reset_index(drop=True)
        events = rows.assign(
            id=rows["act"].fillna(rows["id"]),
            follows="paper",
            alternative=pd.NA,
            source=self.cite("codings"),
        ).drop(columns=["coder", "act"])
        return Case(
            self.path,
            self._package,
            {**self._tables, "events": events},
            "paper",
            self.changed,
        )

    def undone(self, *revisions):
        """The case with its acts as they stood before revisions of the coding: those named, or all of them.

        Parameters
        ----------
        *revisions : str
            Ids of ``revisions``; the rows as they stood are in ``revised_acts``.
        """
        known = list(self.table("revisions")["id"])
        unknown = [revision for revision in revisions if revision not in known]
        if unknown:
            raise ValueError(f"revision is {unknown[0]!r}; allowed: {', '.join(known)}")
        old = self.table("revised_acts")
        old = old[old["revision"].isin(revisions or known)]
        events = self.table("events")
        rows = [events[~events["id"].isin(old["id"])], old.loc[~old["added"]]]
        events = pd.concat(rows)[events.columns].astype(events.dtypes)
        events = events.sort_values("id", ignore_index=True)
        tables = {**self._tables, "events": events}
        return Case(self.path, self._package, tables, self.coding, self.changed)

    def _known(self, name):
        if name not in self._tables:
            raise Missing(
                f"table {name!r} is not in the case; known: {', '.join(self._tables)}"
            )
        return name

    def _resource(self, name):
        self._known(name)
        return next(r for r in self._package["resources"] if r["name"] == name)


def open_case(path=None, coding=None):
    """Open a case, check every table and return it.

    Parameters
    ----------
    path : path-like, optional
        Folder with the tables; by default the folder that the environment variable
        ``MULTIVECTOR_CASE`` names, else ``data`` beside ``book``.
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
    coding = coding or os.environ.get("MULTIVECTOR_CODING") or CODINGS[0]
    if coding not in CODINGS:
        raise ValueError(
            f"coding is {coding!r}; allowed: {', '.join(map(repr, CODINGS))}"
        )
    folder = Path(
        path
        or os.environ.get("MULTIVECTOR_CASE")
        or Path(__file__).resolve().parents[2] / "data"
    )
    package = _descriptor(folder)
    problems, tables, changed = [], {}, set()
    for resource in package["resources"]:
        read = _read(folder, resource, problems)
        if read is None:
            continue
        frame, checksum = read
        tables[resource["name"]], found = _check_cells(frame, resource)
        problems += found
        if resource.get("hash", checksum) != checksum:
            changed.add(resource["name"])
    if len(tables) < len(
        package["resources"]
    ):  # rules that cross tables need all tables
        raise CaseError(folder, problems)
    problems += _not_told(
        [p for r in package["resources"] for p in _check_keys(r, tables, package)],
        problems,
    )
    problems += _not_told(_check_rules(tables, {p.file for p in problems}), problems)
    if problems:
        raise CaseError(folder, problems)
    return Case(folder, package, tables, coding, changed)


def latest_versions(rows):
    """The row with the highest version of each id, in order of ids.

    Parameters
    ----------
    rows : DataFrame
        Columns ``id`` and, unless every row is the only one of its id, ``version``.
    """
    if "version" not in rows:
        return rows
    ordered = rows.sort_values("version", kind="stable")
    return ordered.drop_duplicates("id", keep="last").sort_values(
        "id", ignore_index=True
    )


def share_out(acts, splits):
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
    shares = splits[["actor", "vector", "share"]].rename(
        columns={"actor": "party", "vector": "_vector"}
    )
    shared = acts.merge(shares, on="party", how="left", sort=False)
    shared = shared[~(shared["vector"].isna() & shared.duplicated("id"))].reset_index(
        drop=True
    )  # context is not shared out
    whole = shared["share"].isna() | shared["vector"].isna()
    vector = shared["_vector"].where(~whole, shared["vector"].astype(object))
    shared["vector"] = pd.Categorical(vector, categories=acts["vector"].cat.categories)
    shared["weight"] = shared["weight"] * shared["share"].astype(float).mask(whole, 1.0)
    return shared.drop(columns=["_vector", "share"])


def _acts(tables, coding, state):
    """One coherent coding: rows of the record with the uncontested ones of the paper, or the paper whole."""
    events = tables["events"]
    keep = (
        events["follows"] == "paper"
        if coding == "paper"
        else (events["follows"] == "record") | events["alternative"].isna()
    )
    acts = events[keep].reset_index(drop=True)
    acts["direction"] = (
        pd.Series("by", acts.index)
        .mask(acts["target"] == state, "toward")
        .where(acts["dyadic"])
    )
    acts["party"] = acts["target"].where(acts["actor"] == state, acts["actor"])
    acts["kind"] = acts["cameo"].map(tables["cameo"].set_index("cameo")["quad"])
    acts["vector"] = pd.Categorical(
        acts["vector"].astype(object), categories=list(tables["vectors"]["vector"])
    )
    if "weight" not in acts:
        acts["weight"] = 1.0
    return acts


# --- reading --------------------------------------------------------------------------------


def _descriptor(folder):
    """The data package descriptor; without it nothing else can be checked."""
    file = folder / DESCRIPTOR

    def fail(wrong, remedy):
        raise CaseError(folder, [Problem(DESCRIPTOR, None, None, None, wrong, remedy)])

    if not folder.is_dir():
        fail(
            f"the folder {folder.name!r} does not exist",
            "Name a folder that holds the tables of a case",
        )
    if not file.is_file():
        fail("missing file", "Describe the tables in it as the case of this book does")
    try:
        package = json.loads(file.read_text(encoding="utf-8"))
        named = {
            r["name"]
            for r in package["resources"]
            if r["path"] and r["schema"]["fields"]
        }
    except UnicodeDecodeError:
        fail("not encoded in UTF-8", "Save the file as UTF-8")
    except json.JSONDecodeError as error:
        fail(
            f"not valid JSON (line {error.lineno}: {error.msg})",
            "Mend the file at that line",
        )
    except (KeyError, TypeError):
        fail(
            "not a data package",
            "It needs 'resources', each with 'name', 'path' and 'schema.fields'",
        )
    lacking = [name for name in REQUIRED if name not in named]
    if lacking:
        raise CaseError(
            folder,
            [
                Problem(
                    DESCRIPTOR,
                    None,
                    None,
                    name,
                    "a table of the essay is not described",
                    "Add a resource of that name",
                )
                for name in lacking
            ],
        )
    return package


def _read(folder, resource, problems):
    """Cells of one table as text and the checksum of its file; None (and a problem) if it cannot be read."""
    name = resource["path"]

    def problem(wrong, remedy, row=None, column=None, value=None):
        problems.append(Problem(name, row, column, value, wrong, remedy))

    try:
        content = (folder / name).read_bytes()
        rows = list(
            csv.reader(
                io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True
            )
        )
    except FileNotFoundError:
        return problem("missing file", f"Add the table, or take it out of {DESCRIPTOR}")
    except UnicodeDecodeError as error:
        return problem(
            "not encoded in UTF-8",
            "Save the file as UTF-8",
            value=error.object[error.start : error.start + 1],
        )
    except csv.Error as error:
        return problem(
            f"not a readable table: {error}",
            "Close every quotation mark; quote cells with commas",
        )
    if not rows:
        return problem("empty file", "Give it a header and at least one row")
    header, *rows = rows
    while rows and not rows[-1]:  # empty lines at the end say nothing
        rows.pop()
    described = [f["name"] for f in resource["schema"]["fields"]]
    wanted = dict.fromkeys(described + REQUIRED.get(resource["name"], []))
    before = len(problems)
    for column in wanted:
        if column not in header:
            problem(
                "missing column",
                "Add the column; leave its cells empty where nothing is known",
                column=column,
            )
        elif column not in described:
            problem(
                "column is not described", f"Describe it in {DESCRIPTOR}", column=column
            )
        elif header.count(column) > 1:
            problem(
                "stands more than once in the header",
                "Keep one of the columns",
                column=column,
            )
    for column in dict.fromkeys(header):
        if column not in wanted:
            problem(
                "unknown column",
                f"Describe it in {DESCRIPTOR}, or remove it",
                column=column,
            )
    for line, row in enumerate(rows, start=2):
        if len(row) != len(header):
            problem(
                f"{len(row)} cells under {len(header)} columns",
                "Give every row as many cells as the header; quote cells with commas",
                row=line,
                value=",".join(row)[:60],
            )
    if not rows:
        problem("no rows", "Give the table at least one row")
    if len(problems) > before:
        return None
    cells = np.array(rows, dtype=object)
    cells[cells == ""] = None
    return pd.DataFrame(cells, columns=header), "sha256:" + hashlib.sha256(
        content
    ).hexdigest()


# --- checks of single cells, built from the descriptor ------------------------------------------

_FORM = {
    "number": "a number such as 2.5",
    "integer": "a whole number",
    "date": "a date as YYYY-MM-DD",
    "boolean": "true or false",
    "string": "text",
}
_NUMBER, _INTEGER, _DATE = (
    re.compile(p)
    for p in (
        r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?",
        r"[+-]?\d{1,15}",
        r"\d{4}-\d{2}-\d{2}",
    )
)
_BOOLEAN = {"true": 1.0, "false": 0.0}


def _value(kind, text):
    """What a text says, or None if it does not have the form of its kind."""
    if kind == "number":
        value = float(text) if _NUMBER.fullmatch(text) else None
        return None if value is None or math.isinf(value) else value
    if kind == "integer":
        return int(text) if _INTEGER.fullmatch(text) else None
    if kind == "boolean":
        return _BOOLEAN.get(text)
    if kind == "date":
        try:
            return date.fromisoformat(text) if _DATE.fullmatch(text) else None
        except ValueError:  # no such day
            return None
    return text


def _faults(field, texts, values):
    """(which texts are wrong, what is wrong, what would be right) for each rule of one field."""
    kind, rules = field["type"], field.get("constraints", {})
    yield [v is None for v in values], f"not {_FORM[kind]}", f"Write {_FORM[kind]}"
    if "minimum" in rules:
        yield (
            [v is not None and v < rules["minimum"] for v in values],
            "below the minimum",
            f"Allowed: {rules['minimum']} or more",
        )
    if "maximum" in rules:
        yield (
            [v is not None and v > rules["maximum"] for v in values],
            "above the maximum",
            f"Allowed: {rules['maximum']} or less",
        )
    if "enum" in rules:
        allowed = [str(v) for v in rules["enum"]]
        yield (
            [t not in allowed for t in texts],
            "not an allowed value",
            f"Allowed: {', '.join(allowed)}",
        )
    if "pattern" in rules:
        yield (
            [not re.fullmatch(rules["pattern"], t) for t in texts],
            "of the wrong form",
            f"It must match {rules['pattern']}",
        )


def _column(kind, values, place):
    """The values at their places, typed; a place of -1 is an empty cell."""
    if kind == "string":
        return pd.Series(np.array([*values, None], dtype=object)[place], dtype="str")
    if kind == "date":
        return pd.Series(np.array([*values, None], dtype="datetime64[us]")[place])
    numbers = pd.Series(np.array([*values, None], dtype=float)[place])
    if kind == "integer":
        return numbers.astype("Int64")
    if kind == "boolean":
        return (
            numbers.astype("boolean") if numbers.isna().any() else numbers.astype(bool)
        )
    return numbers


def _check_cells(frame, resource):
    """The table in its types (Int64, float, bool, datetime64, text), and the problems of all its cells.

    A column is parsed and checked once for each value that occurs in it, not once a cell.
    """
    typed, problems = {}, []
    for field in resource["schema"]["fields"]:
        name, rules = field["name"], field.get("constraints", {})
        place, texts = pd.factorize(frame[name].to_numpy())
        values = [_value(field["type"], text) for text in texts]
        if rules.get("required"):
            problems += [
                _cell(resource, i, name, None, "empty cell", "A value is required here")
                for i in np.flatnonzero(place < 0)
            ]
        for wrong, what, right in _faults(field, texts, values):
            if any(wrong):
                problems += [
                    _cell(resource, i, name, texts[place[i]], what, right)
                    for i in np.flatnonzero(np.array([*wrong, False])[place])
                ]
        if rules.get("unique") and len(texts) < (place >= 0).sum():
            problems += _repeated(resource, frame, [name])
        typed[name] = _column(field["type"], values, place)
    key = resource["schema"].get("primaryKey", [])
    if len(key) > 1:
        problems += _repeated(resource, frame, key)
    return pd.DataFrame(typed), problems


def _cell(resource, index, column, value, wrong, remedy):
    return Problem(resource["path"], int(index) + 2, column, value, wrong, remedy)


def _repeated(resource, frame, columns):
    again = frame[frame.duplicated(columns) & frame[columns].notna().all(axis=1)]
    return [
        _cell(
            resource,
            i,
            ", ".join(columns),
            ", ".join(map(str, row)),
            "stands more than once",
            "Give each row its own value",
        )
        for i, row in zip(again.index, again[columns].itertuples(index=False))
    ]


# --- rules that cross columns and tables -----------------------------------------------------------


def _check_keys(resource, tables, package):
    """Values that point to another table must stand there."""
    paths = {r["name"]: r["path"] for r in package["resources"]}
    problems = []
    for key in resource["schema"].get("foreignKeys", []):
        (column,), other, (field,) = (
            key["fields"],
            key["reference"]["resource"],
            key["reference"]["fields"],
        )
        cells = tables[resource["name"]][column].dropna()
        for index, value in cells[~cells.isin(tables[other][field])].items():
            problems.append(
                _cell(
                    resource,
                    index,
                    column,
                    value,
                    f"is not in {paths[other]}",
                    f"Use a value of its column '{field}', or add it there",
                )
            )
    return problems


def _not_told(crossing, problems):
    """Without what only follows from a bad cell: problems of a row, or of a column as a whole, that has one."""
    rows = {(p.file, p.row) for p in problems}
    columns = {(p.file, p.column) for p in problems}
    return [
        p
        for p in crossing
        if ((p.file, p.row) not in rows if p.row else (p.file, p.column) not in columns)
    ]


def _check_rules(tables, spoiled):
    """Rules that the descriptor cannot state, each in one function.

    A rule that measures one table by others waits until those hold no problem of their own:
    what it said before would only repeat them.
    """
    rules = {
        _vector_rules: [],
        _actor_rules: ["splits.csv"],
        _split_rules: [],
        _date_rules: [],
        _period_rules: [],
        _code_rules: ["cameo.csv"],
        _party_rules: ["actors.csv", "splits.csv"],
        _partner_rules: ["actors.csv"],
    }
    return [
        p
        for rule, measures in rules.items()
        if not spoiled & set(measures)
        for p in rule(tables)
    ]


def _found(table, rows, column, wrong, remedy):
    """A problem for each row that is passed."""
    return [
        Problem(f"{table}.csv", int(i) + 2, column, _plain(v), wrong, remedy)
        for i, v in rows[column].items()
    ]


def _plain(value):
    return (
        None
        if pd.isna(value)
        else value.date().isoformat()
        if isinstance(value, pd.Timestamp)
        else value
    )


def _whole(table, column, value, wrong, remedy):
    return [Problem(f"{table}.csv", None, column, value, wrong, remedy)]


def _vector_rules(tables):
    vectors = tables["vectors"]
    if len(vectors) < 2:
        yield from _whole(
            "vectors",
            "vector",
            len(vectors),
            "a balance needs at least two vectors",
            "Add a vector",
        )
    poles = sorted(int(p) for p in vectors["pole"].dropna())
    if poles != [1, 2]:
        yield from _whole(
            "vectors",
            "pole",
            ", ".join(map(str, poles)),
            "tilt needs exactly two poles",
            "Mark one vector with 1 and another with 2",
        )
    else:
        yield from _found(
            "vectors",
            vectors[vectors["pole"].notna() & vectors["iso3"].isna()],
            "iso3",
            "a pole has no state",
            "Give the ISO3 code of its state",
        )
    votes = tables["un_votes"].columns
    yield from _found(
        "vectors",
        vectors[vectors["iso3"].notna() & ~vectors["iso3"].isin(votes)],
        "iso3",
        "has no column in un_votes.csv",
        "Add its votes, or leave the cell empty",
    )


def _actor_rules(tables):
    actors = tables["actors"]
    itself = actors[actors["kind"] == "self"]
    if len(itself) != 1:
        yield from _whole(
            "actors",
            "kind",
            len(itself),
            "exactly one actor must be the state under study",
            "Mark one actor as 'self'",
        )
    yield from _found(
        "actors",
        itself[itself["peer"]],
        "peer",
        "the state under study is among its own peers",
        "Mark other states as peers",
    )
    votes = tables["un_votes"].columns
    voters = actors[actors["peer"] | (actors["kind"] == "self")]
    yield from _found(
        "actors",
        voters[~voters["actor"].isin(votes)],
        "actor",
        "has no column in un_votes.csv",
        "Add its votes, or do not mark it as a peer",
    )
    split = set(tables["splits"]["actor"])
    outside = actors["kind"].isin(["state", "organisation", "group"])
    yield from _found(
        "actors",
        actors[outside & actors["vector"].isna() & ~actors["actor"].isin(split)],
        "actor",
        "belongs to no vector",
        "Give it a vector, or share it out in splits.csv",
    )
    yield from _found(
        "actors",
        actors[actors["vector"].notna() & actors["actor"].isin(split)],
        "actor",
        "has both a vector and shares in splits.csv",
        "Keep the one or the other",
    )


def _partner_rules(tables):
    """A state that acts in the events is counted to the same vector in the outside sources."""
    if "partners" not in tables:
        return
    partners, actors = tables["partners"], tables["actors"]
    own = partners["iso3"].map(
        actors[actors["kind"] == "state"].set_index("actor")["vector"]
    )
    for index in partners.index[own.notna() & (partners["vector"] != own)]:
        yield Problem(
            "partners.csv",
            index + 2,
            "vector",
            _plain(partners.loc[index, "vector"]),
            f"{partners.loc[index, 'iso3']} has another vector in actors.csv",
            f"Write {own[index]}",
        )


def _split_rules(tables):
    sums = tables["splits"].groupby("actor")["share"].sum()
    for actor, total in sums[(sums - 1).abs() > 1e-9].items():
        yield from _whole(
            "splits",
            "share",
            round(float(total), 6),
            f"the shares of {actor} do not sum to 1",
            "Change them so that they do",
        )


def _date_rules(tables):
    for name, rows in tables.items():
        for start, end in (("start", "end"), ("from_year", "to_year")):
            if {start, end} <= set(rows.columns):
                late = (rows[end] < rows[start]).fillna(False).astype(bool)
                yield from _found(
                    name,
                    rows[late],
                    end,
                    "the end lies before the start",
                    "Exchange the two, or mend the wrong one",
                )
    events = tables["events"]
    days = (events["end"] - events["start"]).dt.days + 1
    longest = events["precision"].map(
        {"day": 1, "month": 31, "year": 366, "interval": float("inf")}
    )
    yield from _found(
        "events",
        events[days > longest],
        "precision",
        "the dates are wider apart than the precision says",
        "Use a wider precision, or mend the dates",
    )


def _period_rules(tables):
    spans = tables["periods"].query("kind == 'span'")
    if len(spans) != 1:
        yield from _whole(
            "periods",
            "kind",
            len(spans),
            "exactly one period must be the span of the study",
            "Mark one period as 'span'",
        )


def _code_rules(tables):
    events = tables["events"]
    value = events["cameo"].map(tables["cameo"].set_index("cameo")["goldstein"])
    both = events["goldstein"].notna() & value.notna()
    for index, row in events[
        both & ((events["goldstein"] - value).abs() > 1e-9)
    ].iterrows():
        yield Problem(
            "events.csv",
            index + 2,
            "goldstein",
            row["goldstein"],
            f"contradicts code {row['cameo']}",
            f"The code's value is {value[index]}",
        )
    bare = events[events["dyadic"] & events["goldstein"].isna()]
    yield from _found(
        "events",
        bare,
        "goldstein",
        "an act between the state and an outside party has no value",
        "Code it, or mark it as context (dyadic false)",
    )
    yield from _found(
        "events",
        events[events["goldstein"].notna() & events["cameo"].isna()],
        "cameo",
        "a value without a code",
        "Name the CAMEO code",
    )
    if "weight" in events:
        yield from _found(
            "events",
            events[~((events["weight"] > 0) & (events["weight"] <= 1))],
            "weight",
            "outside (0, 1]",
            "Give a weight above 0 and at most 1",
        )


def _party_rules(tables):
    """A dyadic act joins the state and an outside party, and carries that party's vector."""
    events, actors = tables["events"], tables["actors"]
    state = actors.loc[actors["kind"] == "self", "actor"]
    if len(state) != 1:
        return
    state, own = state.iloc[0], actors.set_index("actor")["vector"]
    dyadic = events[events["dyadic"]]
    apart = (dyadic["actor"] == state) ^ (dyadic["target"] == state).fillna(False)
    yield from _found(
        "events",
        dyadic[~apart],
        "target",
        "a dyadic act must join the state and one outside party",
        f"Make {state} the actor or the target, not both",
    )
    party = dyadic["target"].where(dyadic["actor"] == state, dyadic["actor"])[apart]
    largest = (
        tables["splits"]
        .sort_values("share", ascending=False, kind="stable")
        .drop_duplicates("actor")
        .set_index("actor")["vector"]
    )
    expected = party.map(own).fillna(party.map(largest))
    given = dyadic.loc[party.index, "vector"]
    for index in party.index[(given != expected).fillna(True)]:
        yield Problem(
            "events.csv",
            index + 2,
            "vector",
            _plain(given[index]),
            f"is not the vector of {party[index]}",
            f"Write {_plain(expected[index])}",
        )
    yield from _found(
        "events",
        events[~events["dyadic"] & events["vector"].notna()],
        "vector",
        "context carries a vector",
        "Leave the vector empty, or mark the act as dyadic",
    )
