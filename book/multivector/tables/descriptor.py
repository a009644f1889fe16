"""Reads the descriptor of a case: a Data Package, checked key by key.

A table is a file of its own in UTF-8, CSV with commas or, where its rows have parameters,
TOML, and its cells are written in one way.  What the specifications of Data Package, Table Schema and CSV Dialect allow beyond
that is refused by name; whatever else is wrong in the descriptor is told with its place.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple, NoReturn

from . import seals, shape
from .problems import DESCRIPTOR, CaseError, Problem
from .values import value_of

KINDS = ("string", "number", "integer", "boolean", "date")
LINK = re.compile(r"https?://[^\s/]\S*")
_CONSTRAINTS = {
    "required": KINDS,
    "unique": KINDS,
    "enum": KINDS,
    "pattern": ("string",),
    "minimum": ("number", "integer", "date"),
    "maximum": ("number", "integer", "date"),
}
#: What the specifications allow of a table, its schema or a field, and a case does without.
_WITHOUT = {
    "data": "a table is a file of its own",
    "compression": "a table is a file of its own",
    "jsonSchema": "a table is a file of its own",
    "dialect": "cells stand between commas, in quotation marks where they hold one; "
    'only {"commentChar": "#"} may be said of them',
    "fieldsMatch": "all columns are described",
    "uniqueKeys": "a column is unique, or columns are together the primaryKey",
    "trueValues": "write true",
    "falseValues": "write false",
    "decimalChar": "write a point",
    "groupChar": "write digits alone",
    "bareNumber": "write digits alone",
}
#: The one dialect that is read: lines that begin with this sign say nothing.
COMMENTS = {"commentChar": "#"}
#: Values that a key may have, and why no other.
_ONLY = {
    "type": ("table", "every resource is a table"),
    "encoding": ("utf-8", "save the table as UTF-8"),
}

#: Columns, the table that they point to, and its columns.
Reference = tuple[tuple[str, ...], str, tuple[str, ...]]


class Field(NamedTuple):
    """One column as its description has it; ``kind`` is one of five."""

    name: str
    kind: str
    rules: dict
    missing: frozenset
    link: bool = False  #: the column holds addresses
    is_id: bool = False  #: other tables, or rows of this one, are found by it


class Table(NamedTuple):
    """One table as its description has it."""

    name: str
    path: str
    fields: tuple
    keys: tuple  #: tuples of columns that together tell rows apart
    partners: tuple  #: (columns, table, its columns)
    checksum: str | None
    plain: bool  #: our own words: letters read in a wrong encoding are a fault
    form: str = "csv"  #: or "toml", where rows have parameters
    comments: bool = False  #: lines that begin with a hash say nothing
    empty: bool = False  #: it was sealed without rows, so that none are missing


def described(folder: Traversable) -> tuple[dict[str, Any], list[Table], list[Problem]]:
    """The package as it is written, and its tables.

    Returns
    -------
    tuple
        The descriptor as a dict; a list of :class:`Table`, without those whose description
        is wrong; a list of problems.

    Raises
    ------
    CaseError
        If nothing in the folder can be read without the descriptor mended.
    """
    package = _loaded(folder)
    check = _Check()
    resources = check.package(package)
    tables = [check.table(resource, place) for resource, place in resources]
    named = {resource.get("name") for resource, _ in resources}
    for name in shape.REQUIRED:
        if name not in named:
            wrong = "a table of the essay is not described"
            remedy = "Add a resource of that name"
            check.fault(None, name, wrong, remedy)
    sound = [table for table in tables if table is not None]
    sound = check.partners(sound, named)
    if not sound:
        raise CaseError(folder, check.problems)
    return package, sound, check.problems


def _loaded(folder: Traversable) -> dict[str, Any]:
    """The descriptor as JSON has it."""
    file = folder / DESCRIPTOR

    def fail(wrong: str, remedy: str, value: Any = None) -> NoReturn:
        problem = Problem(DESCRIPTOR, None, None, value, wrong, remedy)
        raise CaseError(folder, [problem])

    if not file.is_file():
        fail("missing file", "Describe the tables in it as the case of this book does")
    try:
        package = json.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        fail("not encoded in UTF-8", "Save the file as UTF-8")
    except json.JSONDecodeError as error:
        wrong = f"not valid JSON (line {error.lineno}: {error.msg})"
        fail(wrong, "Mend the file at that line")
    except RecursionError:
        fail("not a data package", "Brackets stand in each other too deep")
    if not isinstance(package, dict) or "resources" not in package:
        remedy = "It needs 'resources', each with 'name', 'path' and 'schema.fields'"
        fail("not a data package", remedy)
    return package


class _Check:
    """Walks through a descriptor and keeps what is wrong with it."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def fault(self, place: str | None, value: Any, wrong: str, remedy: str) -> None:
        self.problems.append(Problem(DESCRIPTOR, None, place, value, wrong, remedy))

    def text(
        self,
        holder: Mapping[str, Any],
        key: str,
        place: str,
        default: str = "",
        empty: bool = False,
    ) -> str:
        """A text of the descriptor; a fault and the default if it is none."""
        value = holder.get(key, default)
        if isinstance(value, str) and (empty or key not in holder or value.strip()):
            return value
        self.fault(f"{place}{key}", value, "not a text", "Write a text")
        return default

    def listed(
        self,
        holder: Mapping[str, Any],
        key: str,
        place: str,
        kind: type = str,
        what: str = "texts",
    ) -> list[Any]:
        """A list of the descriptor; a fault and an empty list if it is none."""
        value = holder.get(key, [])
        good = isinstance(value, list) and all(isinstance(one, kind) for one in value)
        if good:
            return value
        self.fault(f"{place}{key}", value, f"not a list of {what}", f"List {what}")
        return []

    def yes_or_no(
        self, holder: Mapping[str, Any], key: str, place: str, default: bool
    ) -> bool:
        value = holder.get(key, default)
        if isinstance(value, bool):
            return value
        self.fault(f"{place}{key}", value, "not true or false", "Write true or false")
        return default

    def names(
        self, holder: Mapping[str, Any], key: str, place: str
    ) -> tuple[str, ...] | None:
        """Names of fields, given as one text or as a list of texts."""
        value = holder.get(key)
        value = [value] if isinstance(value, str) else value
        texts = isinstance(value, list) and all(isinstance(v, str) for v in value)
        if value and texts and all(value):
            return tuple(value)
        wrong = "not the name of a field, nor a list of names"
        remedy = "Name one field or more"
        self.fault(f"{place}{key}", holder.get(key), wrong, remedy)
        return None

    # --- the package, and what it says of origins ---

    def package(self, package: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
        """The resources with their places."""
        for key in ("name", "title", "description", "version", "created", "profile"):
            self.text(package, key, "", empty=key == "description")
        self.layout(package)
        self.origins(package, "")
        resources = package["resources"]
        if not isinstance(resources, list):
            wrong, remedy = "not a list of tables", "List the tables"
            self.fault("resources", resources, wrong, remedy)
            return []
        tables = self.named(resources, "resources", "table", "table")
        return [(table, f"{table['name']}.") for table in tables]

    def layout(self, package: dict[str, Any]) -> None:
        """A case of a newer lay-out may hold what this essay would read wrongly."""
        value = package.get("layout", shape.LAYOUT)
        if not _is_count(value):
            wrong, remedy = "not a whole number", f"Write {shape.LAYOUT}"
            self.fault("layout", value, wrong, remedy)
        elif value > shape.LAYOUT:
            wrong = f"is newer than the lay-out that is read here, {shape.LAYOUT}"
            remedy = "Open the case with a newer version of the essay"
            self.fault("layout", value, wrong, remedy)

    def named(
        self, things: list[Any], place: str, kind: str, what: str
    ) -> Iterator[dict[str, Any]]:
        """Tables or columns with a name that no other has."""
        names = set()
        for number, thing in enumerate(things):
            at = f"{place}[{number}]"
            if not isinstance(thing, dict):
                self.fault(at, thing, f"not a {kind}", f"Describe a {what}")
                continue
            name = thing.get("name")
            if not isinstance(name, str) or not name.strip():
                self.fault(f"{at}.name", name, "not a name", f"Name the {what}")
            elif name.strip() in names:
                wrong, remedy = "stands more than once", "Rename one of them"
                self.fault(f"{at}.name", name, wrong, remedy)
            else:
                names.add(name.strip())
                yield thing

    def origins(self, holder: Mapping[str, Any], place: str) -> None:
        """Sources, licences and home page, whose addresses are links of the book."""
        for key, needs in (
            ("sources", ("title", "path", "email")),
            ("licenses", ("name", "path", "title")),
            ("contributors", ("title", "path", "email", "givenName", "familyName")),
        ):
            listed = self.listed(holder, key, place, dict, "objects")
            for number, one in enumerate(listed):
                at = f"{place}{key}[{number}]."
                if not any(need in one for need in needs):
                    self.fault(at[:-1], one, "says nothing", f"Give it '{needs[0]}'")
                for part, value in one.items():
                    if part == "path":
                        self.link(value, f"{at}path")
                    elif part != "roles" and not isinstance(value, str):
                        self.fault(f"{at}{part}", value, "not a text", "Write a text")
        if "homepage" in holder:
            self.link(holder["homepage"], f"{place}homepage")

    def link(self, value: Any, place: str) -> None:
        if not isinstance(value, str) or not LINK.fullmatch(value):
            wrong = "not an address that a reader can follow"
            remedy = "Begin it with https:// or http://"
            self.fault(place, value, wrong, remedy)

    # --- one table ---

    def table(self, resource: dict[str, Any], place: str) -> Table | None:
        """The table, or None if what is said of it is wrong."""
        before = len(self.problems)
        self.told(resource, place)
        path, checksum = self.path(resource, place), self.checksum(resource, place)
        self.without(resource, place)
        for key, (only, why) in _ONLY.items():
            if str(resource.get(key, only)).casefold() != only:
                self.refused(f"{place}{key}", resource[key], why)
        name, schema, at = resource["name"], resource.get("schema"), f"{place}schema."
        if not isinstance(schema, dict):
            self.fault(at[:-1], schema, "not an object", "Describe it here")
            return None
        self.without(schema, at)
        missing = self.missing(schema, at)
        fields = self.fields(name, schema, at, missing)
        if not fields:
            return None
        known = {field.name for field in fields}
        keys = self.keys(name, schema, at, known)
        form = self.form(resource, place, keys)
        partners = self.foreign(name, schema, at, known)
        if len(self.problems) > before:
            return None
        return Table(
            name,
            path,
            _with_ids(name, fields, keys, partners),
            keys,
            partners,
            checksum,
            resource.get("scope") == "coded",
            form,
            resource.get("dialect") == COMMENTS,
            resource.get("rows") == 0,
        )

    def form(self, resource: dict[str, Any], place: str, keys: tuple) -> str:
        """How the file is written: TOML where rows have parameters, else CSV."""
        with_parameters = resource["name"] in shape.WITH_PARAMETERS
        needed = "toml" if with_parameters else "csv"
        form, at = resource.get("format", needed), f"{place}format"
        if str(form).casefold() != needed:
            if with_parameters:
                wrong = "is not how rows with parameters are written"
                remedy = f"Write toml, and put the rows into {shape.file_of(resource['name'])}"
                self.fault(at, form, wrong, remedy)
            else:
                self.refused(at, form, "a table is CSV")
        elif with_parameters and not keys:
            wrong, remedy = "has rows without a key", "Name a primaryKey"
            self.fault(f"{place}schema.primaryKey", None, wrong, remedy)
        return needed

    def told(self, resource: dict[str, Any], place: str) -> None:
        """What is said of a table for readers, and of its size."""
        for key in ("title", "description", "citation", "shows", "cannot_show"):
            self.text(resource, key, place, empty=key == "description")
        for key in ("filter", "ask", "profile", "scheme", "mediatype"):
            self.text(resource, key, place)
        for key in ("caveats", "here"):
            self.listed(resource, key, place)
        self.origins(resource, place)
        scope = resource.get("scope", "coded")
        if scope not in ("coded", "outside"):
            wrong, remedy = "not a scope", "Write 'coded' or 'outside'"
            self.fault(f"{place}scope", scope, wrong, remedy)
        for key in ("bytes", "rows"):
            value = resource.get(key, 0)
            if not _is_count(value):
                wrong, remedy = "not a whole number, 0 or more", "Run .ci/seal.py"
                self.fault(f"{place}{key}", value, wrong, remedy)

    def without(self, holder: Mapping[str, Any], place: str) -> None:
        """Refuses what a case does without."""
        for key, why in _WITHOUT.items():
            if key in holder and not (key == "dialect" and holder[key] == COMMENTS):
                self.refused(f"{place}{key}", holder[key], why)

    def refused(self, place: str, value: Any, why: str) -> None:
        self.fault(place, value, "is not read by this essay", f"Leave it out: {why}")

    def path(self, resource: dict[str, Any], place: str) -> Any:
        path = resource.get("path")
        if isinstance(path, list) and path:
            self.refused(f"{place}path", path, "a table is one file, join its parts")
        elif not isinstance(path, str) or not path.strip() or "\0" in path:
            self.fault(f"{place}path", path, "not a path", "Name the file of the table")
        elif LINK.match(path):
            self.refused(f"{place}path", path, "a table lies in the folder of the case")
        elif path.startswith(("/", "~", "\\")) or ".." in re.split(r"[/\\]", path):
            self.fault(
                f"{place}path", path, "leads out of the folder", "Put the table in it"
            )
        return path

    def checksum(self, resource: dict[str, Any], place: str) -> str | None:
        value = self.text(resource, "hash", place)
        if value and not seals.known(value.rpartition(":")[0] or "md5"):
            wrong, remedy = "made in a way that Python does not know", "Run .ci/seal.py"
            self.fault(f"{place}hash", value, wrong, remedy)
        return value or None

    def missing(self, schema: Mapping[str, Any], place: str) -> frozenset[str]:
        """Texts that stand for an empty cell; a cell of blanks always does."""
        return frozenset(
            ["", *map(str.strip, self.listed(schema, "missingValues", place))]
        )

    # --- fields ---

    def fields(
        self, table: str, schema: dict[str, Any], place: str, missing: frozenset[str]
    ) -> list[Field]:
        fields = schema.get("fields")
        if not isinstance(fields, list) or not fields:
            wrong, remedy = "not a list of fields", "Describe each column"
            self.fault(f"{place}fields", fields, wrong, remedy)
            return []
        return [
            self.field(table, field, f"{place}fields[{field['name']!r}].", missing)
            for field in self.named(fields, f"{place}fields", "field", "column")
        ]

    def field(
        self, table: str, field: dict[str, Any], place: str, missing: frozenset[str]
    ) -> Field:
        """One field, with what the essay itself asks of it."""
        self.without(field, place)
        name, kind = field["name"].strip(), field.get("type", "string")
        for key in ("title", "description", "unit", "format"):
            self.text(field, key, place, empty=key == "description")
        if kind not in KINDS:
            wrong = "not a type that this essay reads"
            remedy = f"Allowed: {', '.join(KINDS)}"
            self.fault(f"{place}type", kind, wrong, remedy)
            kind = "string"
        known = shape.KNOWN.get(table, {}) | shape.BESIDE.get(table, {})
        wanted, filled = known.get(name, (kind, False))
        if kind != wanted and (kind, wanted) != ("integer", "number"):
            wrong, remedy = f"the essay needs {wanted} here", f"Write {wanted}"
            self.fault(f"{place}type", field.get("type"), wrong, remedy)
        if "missingValues" in field:
            why = "what stands for an empty cell is one for the whole table"
            self.refused(f"{place}missingValues", field["missingValues"], why)
        form = field.get("format", "default")
        if form not in ("default", "uri" if kind == "string" else "default"):
            self.refused(f"{place}format", form, "cells are read as they stand")
        found = Field(name, kind, {}, missing)
        rules = self.constraints(found, field, place)
        if filled:
            rules["required"] = True
        if (table, name) in shape.ALLOWED:
            allowed = shape.ALLOWED[table, name]
            rules["enum"] = [v for v in rules.get("enum", allowed) if v in allowed]
            if not rules["enum"]:
                wrong = "leaves no value that the essay knows"
                remedy = f"Allowed: {', '.join(allowed)}"
                self.fault(f"{place}constraints.enum", None, wrong, remedy)
        address = name == "url" or name.endswith("_url")
        link = kind == "string" and (address or field.get("format") == "uri")
        return found._replace(rules=rules, link=link)

    def constraints(
        self, field: Field, described: dict[str, Any], place: str
    ) -> dict[str, Any]:
        """The rules of a field; bounds and allowed values in its own kind."""
        rules = described.get("constraints", {})
        at = f"{place}constraints"
        if not isinstance(rules, dict):
            self.fault(at, rules, "not an object", "Name constraints, or leave it out")
            return {}
        found: dict[str, Any] = {}
        for key, value in rules.items():
            if key not in _CONSTRAINTS:
                self.refused(f"{at}.{key}", value, "no such constraint is known")
            elif field.kind not in _CONSTRAINTS[key]:
                wrong = f"says nothing of a field of type {field.kind}"
                remedy = "Leave it out"
                self.fault(f"{at}.{key}", value, wrong, remedy)
            elif key in ("required", "unique"):
                found[key] = self.yes_or_no(rules, key, f"{at}.", False)
            elif key == "pattern":
                try:
                    found[key] = re.compile(value)
                except (re.error, TypeError, RecursionError):
                    wrong = "not a regular expression"
                    remedy = "Write one, or leave it out"
                    self.fault(f"{at}.{key}", value, wrong, remedy)
            else:
                typed = self.typed(field, value if key == "enum" else [value], at, key)
                if typed:
                    found[key] = typed if key == "enum" else typed[0]
        return found

    def typed(self, field: Field, values: Any, place: str, key: str) -> list[Any]:
        """Values of a constraint in the kind of its field."""
        if not isinstance(values, list) or not values:
            self.fault(f"{place}.{key}", values, "not a list", "List values")
            return []
        typed = [_in_kind(field, one) for one in values]
        if None in typed:
            wrong = f"not a value of type {field.kind}"
            remedy = f"Write {field.kind} values"
            self.fault(f"{place}.{key}", values[typed.index(None)], wrong, remedy)
        return typed

    # --- keys ---

    def keys(
        self, table: str, schema: dict[str, Any], place: str, known: set[str]
    ) -> tuple[tuple[str, ...], ...]:
        """Columns that together tell rows apart."""
        keys = []
        if "primaryKey" in schema:
            key = self.names(schema, "primaryKey", place) or ()
            self.among(key, known, f"{place}primaryKey")
            keys.append(key)
        own = shape.KEYS.get(table, ())
        if set(own) <= known and set(own) not in map(set, keys):
            keys.append(own)
        return tuple(filter(None, keys))

    def among(
        self, columns: Collection[str], known: Collection[str], place: str
    ) -> None:
        for column in columns:
            if column not in known:
                wrong, remedy = "is no field of that table", "Name a described field"
                self.fault(place, column, wrong, remedy)

    def foreign(
        self, table: str, schema: dict[str, Any], place: str, known: set[str]
    ) -> tuple[Reference, ...]:
        """(columns, table, its columns) of each reference."""
        found = []
        described = self.listed(schema, "foreignKeys", place, dict, "objects")
        for number, key in enumerate(described):
            at = f"{place}foreignKeys[{number}]."
            columns = self.names(key, "fields", at)
            reference = key.get("reference")
            if not isinstance(reference, dict):
                wrong, remedy = "not an object", "Say where to look"
                self.fault(f"{at}reference", reference, wrong, remedy)
                continue
            fields = self.names(reference, "fields", f"{at}reference.")
            other = self.text(reference, "resource", f"{at}reference.", empty=True)
            if columns is None or fields is None:
                continue
            self.among(columns, known, f"{at}fields")
            if len(columns) != len(fields):
                wrong = f"{len(fields)} fields for {len(columns)}"
                remedy = "Name as many as the key has"
                self.fault(f"{at}reference.fields", ", ".join(fields), wrong, remedy)
            found.append((columns, other or table, fields))
        own = [key for key in _own(table) if set(key[0]) <= known and key not in found]
        return tuple(found + own)

    def partners(self, tables: list[Table], named: set[Any]) -> list[Table]:
        """The tables with those references that lead to a described field of one kind."""
        kinds = {t.name: {f.name: f.kind for f in t.fields} for t in tables}
        found = []
        for table in tables:
            good = []
            for key in table.partners:
                if key[1] not in kinds:  # taken out, or badly described, which is told
                    if key[1] not in named and key not in _own(table.name):
                        at = f"{table.name}.schema.foreignKeys"
                        self.fault(at, key[1], "is no table here", "Name a table")
                elif self.fits(table.name, kinds, key):
                    good.append(key)
            found.append(table._replace(partners=tuple(good)))
        return found

    def fits(
        self, table: str, kinds: dict[str, dict[str, str]], key: Reference
    ) -> bool:
        """Do the two sides of a reference have fields of one kind?"""
        before = len(self.problems)
        at, (columns, other, fields) = f"{table}.schema.foreignKeys", key
        self.among(fields, kinds[other], f"{at} ({other})")
        for one, two in zip(columns, fields):
            mine, theirs = kinds[table][one], kinds[other].get(two)
            if theirs and mine != theirs:
                wrong = f"is {mine}, but '{two}' of {other} is {theirs}"
                remedy = "Give both fields one type"
                self.fault(at, one, wrong, remedy)
        return len(self.problems) == before


def _own(table: str) -> list[Reference]:
    """What the essay itself looks up in other tables."""
    partners = shape.PARTNERS.get(table, [])
    return [((column,), other, (field,)) for column, other, field in partners]


def _with_ids(
    table: str,
    fields: list[Field],
    keys: tuple[tuple[str, ...], ...],
    partners: tuple[Reference, ...],
) -> tuple[Field, ...]:
    """The fields, with those marked by which rows of any table are found."""
    ids = {column for key in keys for column in key}
    ids |= {column for columns, _, _ in partners for column in columns}
    return tuple(
        field._replace(
            is_id=field.kind == "string"
            and (field.name in ids or (table, field.name) in shape.IDS)
        )
        for field in fields
    )


def _is_count(value: Any) -> bool:
    """Is it a whole number, 0 or more?"""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _in_kind(field: Field, value: Any) -> Any:
    """A value of the descriptor in the kind of its field; None if it is not of it."""
    if isinstance(value, bool):
        return float(value) if field.kind == "boolean" else None
    if field.kind in ("number", "integer"):
        if isinstance(value, str):
            return value_of(field, value.strip())
        good = isinstance(value, (int, float)) and abs(value) < float("inf")
        whole = isinstance(value, int) or (good and value.is_integer())
        return value if whole or (good and field.kind == "number") else None
    return value_of(field, value.strip()) if isinstance(value, str) else None
