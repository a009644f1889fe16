"""The rows behind the marks of a Vega-Lite chart, computed in Python and not by Vega.

Only what the charts of the book use is known; anything else raises, so that a chart
cannot pass a test that did not look at it. Expressions follow JavaScript: null counts as
nought, a text added to a number makes a text.
"""

from __future__ import annotations

import datetime as dt
import decimal
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from essay_specs import views

Row = dict[str, Any]
MOST = 20_000  # rows that a flattened table may have here; Vega counts faster


class TooLarge(Exception):
    """A table that would keep Python busy for too long."""


# Values as JavaScript has them ---------------------------------------------------


def truth(value: Any) -> bool:
    if isinstance(value, (list, dict)):
        return True
    return bool(value) and value == value


def either(value: Any, other: Callable[[], Any]) -> Any:
    return value if truth(value) else other()


def both(value: Any, other: Callable[[], Any]) -> Any:
    return other() if truth(value) else value


def number(value: Any) -> float:
    if value is None:
        return 0
    return float(value) if isinstance(value, str) else value


def text(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def plus(a: Any, b: Any) -> Any:
    if isinstance(a, str) or isinstance(b, str):
        return text(a) + text(b)
    return number(a) + number(b)


def over(a: Any, b: Any) -> float:
    a, b = number(a), number(b)
    if b == 0:
        return math.nan if a == 0 or a != a else math.copysign(math.inf, a)
    return a / b


def equal(a: Any, b: Any) -> bool:
    return a == b


def less(a: Any, b: Any) -> bool:
    if isinstance(a, str) and isinstance(b, str):
        return a < b
    return number(a) < number(b)


def at_most(a: Any, b: Any) -> bool:
    return number(a) <= number(b)


def item(value: Any, key: Any) -> Any:
    if isinstance(value, dict):
        return value.get(key)
    if value is None or key is None or not 0 <= key < len(value):
        return None
    return value[int(key)]


def d3_format(value: Any, shape: str) -> str:
    """Half is rounded up, as by JavaScript."""
    value, sign = number(value), ""
    if shape.endswith("%"):
        value, shape, sign = value * 100, shape[:-1] + "f", "%"
    digits = re.search(r"\.(\d+)f$", shape)
    exact = decimal.Decimal(value)
    if digits:
        least = decimal.Decimal(1).scaleb(-int(digits[1]))
        exact = exact.quantize(least, decimal.ROUND_HALF_UP)
    elif shape == "d":
        exact = int(exact)
    return format(exact, shape).replace("-", "\u2212") + sign


def utc(year: int, month: int, day: int = 1) -> float:
    """Milliseconds of a day; months count from 0 and may run over."""
    year, month = int(year + month // 12), int(month % 12)
    start = dt.datetime(year, month + 1, 1, tzinfo=dt.UTC)
    return (start + dt.timedelta(days=int(day) - 1)).timestamp() * 1000


def utc_format(ms: float, shape: str) -> str:
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC).strftime(shape)


FUNCTIONS: dict[str, Callable] = {
    "abs": lambda x: abs(number(x)),
    "floor": lambda x: math.floor(number(x)) if math.isfinite(number(x)) else math.nan,
    "log": lambda x: math.log(x) if number(x) > 0 else -math.inf,
    "pow": lambda a, b: number(a) ** number(b),
    "min": lambda *xs: min(number(x) for x in xs),
    "max": lambda *xs: max(number(x) for x in xs),
    "length": len,
    "sequence": lambda n: list(range(int(n))),
    "indexof": lambda xs, x: (
        xs.find(x) if isinstance(xs, str) else xs.index(x) if x in xs else -1
    ),
    "substring": lambda s, a, b: s[int(a) : int(b)],
    "slice": lambda s, a: s[int(a) :],
    "regexp": lambda pattern, _flags: re.compile(pattern),
    "replace": lambda text, pattern, by: pattern.sub(by, text),
    "isValid": lambda x: x is not None and x == x,
    "format": d3_format,
    "utc": utc,
    "utcFormat": utc_format,
}

# Expressions -----------------------------------------------------------------------

TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d*\.?\d+(?:e[+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)
    |(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<sign>===|!==|==|!=|<=|>=|&&|\|\||[-+*/%<>!?:()\[\]{}.,]))""",
    re.VERBOSE,
)
LEVELS = [("||",), ("&&",), ("==", "===", "!=", "!=="), ("<", "<=", ">", ">=")]
LEVELS += [("+", "-"), ("*", "/", "%")]
PYTHON = {
    "||": "either(L, lambda: R)",
    "&&": "both(L, lambda: R)",
    "==": "equal(L, R)",
    "!=": "(not equal(L, R))",
    "<": "less(L, R)",
    "<=": "at_most(L, R)",
    ">": "less(R, L)",
    ">=": "at_most(R, L)",
    "+": "plus(L, R)",
    "-": "(number(L) - number(R))",
    "*": "(number(L) * number(R))",
    "/": "over(L, R)",
    "%": "math.fmod(L, R)",
}
PYTHON |= {"===": PYTHON["=="], "!==": PYTHON["!="]}
NAMES = {"true": "True", "false": "False", "null": "None", "datum": "datum"}
LITERAL = re.compile(r"number\((\d*\.?\d+)\)")


class Reader:
    """Turns an expression of Vega into one of Python, and names the signals that it reads."""

    def __init__(self, expression: str) -> None:
        self.signals: set[str] = set()
        self.tokens, place, expression = [], 0, expression.strip()
        while place < len(expression):
            found = TOKEN.match(expression, place)
            if not found:
                raise ValueError(f"cannot read {expression[place:]!r}")
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            place = found.end()
        self.tokens.append(("end", ""))

    def take(self, *wanted: str) -> str | None:
        kind, token = self.tokens[0]
        if kind == "sign" and token in wanted:
            self.tokens.pop(0)
            return token
        return None

    def need(self, wanted: str) -> None:
        if not self.take(wanted):
            raise ValueError(f"{wanted} expected before {self.tokens[:5]}")

    def whole(self) -> str:
        made = self.choice()
        if self.tokens[0][0] != "end":
            raise ValueError(f"left over: {self.tokens}")
        return made

    def choice(self) -> str:
        test = self.binary(0)
        if not self.take("?"):
            return test
        yes = self.choice()
        self.need(":")
        return f"({yes} if truth({test}) else {self.choice()})"

    def binary(self, level: int) -> str:
        if level == len(LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while sign := self.take(*LEVELS[level]):
            right = self.binary(level + 1)
            sides = {"L": left, "R": right}
            left = re.sub(r"\b[LR]\b", lambda side: sides[side[0]], PYTHON[sign])
            left = LITERAL.sub(r"\1", left)  # what is written as a number is one
        return left

    def unary(self) -> str:
        if self.take("!"):
            return f"(not truth({self.unary()}))"
        if self.take("-"):
            return f"(-number({self.unary()}))"
        if self.take("+"):
            return f"number({self.unary()})"
        return self.postfix(self.primary())

    def postfix(self, value: str) -> str:
        while sign := self.take(".", "["):
            if sign == ".":
                key = self.tokens.pop(0)[1]
                of_row = value == "datum"
                value = f"datum.get({key!r})" if of_row else f"item({value}, {key!r})"
            else:
                value = f"item({value}, {self.choice()})"
                self.need("]")
        return value

    def several(self, end: str) -> list[str]:
        found: list[str] = []
        while not self.take(end):
            if found:
                self.need(",")
            found.append(self.choice())
        return found

    def primary(self) -> str:
        if self.take("("):
            inner = self.choice()
            self.need(")")
            return f"({inner})"
        if self.take("["):
            return f"[{', '.join(self.several(']'))}]"
        if self.take("{"):
            pairs = []
            while not self.take("}"):
                if pairs:
                    self.need(",")
                kind, key = self.tokens.pop(0)
                key = key if kind == "text" else repr(key)
                self.need(":")
                pairs.append(f"{key}: {self.choice()}")
            return f"{{{', '.join(pairs)}}}"
        kind, token = self.tokens.pop(0)
        if kind == "number" or kind == "text":
            return token
        if kind != "name":
            raise ValueError(f"value expected, found {token!r}")
        if self.take("("):
            if token not in FUNCTIONS:
                raise ValueError(f"unknown function {token}")
            return f"functions[{token!r}]({', '.join(self.several(')'))})"
        if token not in NAMES:
            self.signals.add(token)
        return NAMES.get(token, f"signals[{token!r}]")


@cache
def compiled(expression: str) -> Callable[[Row, Mapping[str, Any]], Any]:
    source = f"lambda datum, signals: {Reader(expression).whole()}"
    return eval(source, {**globals(), "functions": FUNCTIONS})


@cache
def read_by(expression: str) -> frozenset[str]:
    """Names of the signals that an expression reads."""
    reader = Reader(expression)
    reader.whole()
    return frozenset(reader.signals)


# Transforms --------------------------------------------------------------------------


def groups(rows: list[Row], fields: list[str]) -> dict[tuple, list[Row]]:
    found: dict[tuple, list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row.get(name) for name in fields), []).append(row)
    return found


def summary(rows: list[Row], op: str, name: str | None) -> Any:
    if op == "count":
        return len(rows)
    values = [row.get(name) for row in rows]
    values = [value for value in values if value is not None and value == value]
    if op == "sum":
        return sum(values)
    if not values:
        return math.nan  # undefined in JavaScript
    return {"max": max, "min": min, "mean": lambda v: sum(v) / len(v)}[op](values)


def ordered(rows: list[Row], sort: list[Mapping]) -> list[Row]:
    for part in reversed(sort):
        rows = sorted(
            rows,
            key=lambda row: (
                row.get(part["field"]) is not None,
                row.get(part["field"]),
            ),
            reverse=part.get("order") == "descending",
        )
    return rows


def do_filter(rows, step, signals, tables):
    test = compiled(step["filter"])
    return [row for row in rows if truth(test(row, signals))]


def do_calculate(rows, step, signals, tables):
    value = compiled(step["calculate"])
    return [{**row, step["as"]: value(row, signals)} for row in rows]


def do_flatten(rows, step, signals, tables):
    names, given = step["flatten"], step.get("as", [])
    targets = [given[i] if i < len(given) else name for i, name in enumerate(names)]
    made: list[Row] = []
    for row in rows:
        lists = [row.get(name) or [] for name in names]
        for place in range(max(map(len, lists), default=0)):
            parts = [values[place] if place < len(values) else None for values in lists]
            made.append({**row, **dict(zip(targets, parts, strict=True))})
        if len(made) > MOST:
            raise TooLarge
    return made


def do_fold(rows, step, signals, tables):
    key, value = step.get("as", ["key", "value"])
    return [{**row, key: n, value: row.get(n)} for row in rows for n in step["fold"]]


def do_aggregate(rows, step, signals, tables):
    by = step.get("groupby", [])
    return [
        dict(zip(by, key, strict=True))
        | {a["as"]: summary(found, a["op"], a.get("field")) for a in step["aggregate"]}
        for key, found in groups(rows, by).items()
    ]


def do_joinaggregate(rows, step, signals, tables):
    by = step.get("groupby", [])
    wanted = step["joinaggregate"]
    sums = {
        key: {a["as"]: summary(found, a["op"], a.get("field")) for a in wanted}
        for key, found in groups(rows, by).items()
    }
    return [{**row, **sums[tuple(row.get(name) for name in by)]} for row in rows]


def do_window(rows, step, signals, tables):
    (window,) = step["window"]
    if window["op"] not in ("row_number", "min"):
        raise ValueError(f"unknown window {window}")
    made = []
    for found in groups(rows, step.get("groupby", [])).values():
        found = ordered(found, step.get("sort", []))
        for place, row in enumerate(found):
            value = place + 1
            if window["op"] == "min":
                before, after = step["frame"]
                near = found[max(0, place + before) : place + after + 1]
                value = min(other[window["field"]] for other in near)
            made.append({**row, window["as"]: value})
    return made


def do_lookup(rows, step, signals, tables):
    other = step["from"]
    known = {row[other["key"]]: row for row in tables(other["data"])}
    names = other["fields"]
    targets = step.get("as", names)
    return [
        {**row}
        | {
            target: known.get(row.get(step["lookup"]), {}).get(name)
            for target, name in zip(targets, names, strict=True)
        }
        for row in rows
    ]


def do_stack(rows, step, signals, tables):
    low, high = step["as"]
    made = []
    for found in groups(rows, step["groupby"]).values():
        top = 0
        for row in ordered(found, step.get("sort", [])):
            made.append({**row, low: top, high: (top := top + row[step["stack"]])})
    return made


TRANSFORMS = {
    "filter": do_filter,
    "calculate": do_calculate,
    "flatten": do_flatten,
    "fold": do_fold,
    "aggregate": do_aggregate,
    "joinaggregate": do_joinaggregate,
    "window": do_window,
    "lookup": do_lookup,
    "stack": do_stack,
}

# The transforms that read signals: each holds one expression.
EXPRESSIONS = ("filter", "calculate")

# Charts ------------------------------------------------------------------------------


@dataclass
class Unit:
    """One mark of a chart, with what leads to its rows."""

    name: str
    mark: str
    encoding: dict
    data: dict | None
    steps: list[dict] = field(default_factory=list)
    options: dict = field(default_factory=dict)


def units(
    spec: dict, name: str = "", data: dict | None = None, steps=(), encoding=None
) -> Iterator[Unit]:
    """Marks of a specification, named as Vega-Lite names them."""
    name = spec.get("name", name)
    if "data" in spec:
        data, steps = spec["data"], ()
    steps = [*steps, *spec.get("transform", [])]
    encoding = {**(encoding or {}), **spec.get("encoding", {})}
    for kind, word in (("layer", "layer"), ("vconcat", "concat"), ("hconcat", "concat"), ("concat", "concat")):  # fmt: skip
        for place, part in enumerate(spec.get(kind, [])):
            inner = f"{name}_{word}_{place}" if name else f"{word}_{place}"
            given = encoding if kind == "layer" else None
            yield from units(part, inner, data, steps, given)
    if "mark" in spec:
        mark = spec["mark"]
        options = {"type": mark} if isinstance(mark, str) else mark
        full = f"{name}_marks" if name else "marks"
        yield Unit(full, options["type"], encoding, data, steps, options)


class Chart:
    """A specification whose rows can be asked for at any place of its controls."""

    def __init__(self, spec: dict) -> None:
        self.spec = spec
        self.units = list(units(spec))
        self.calculated = {
            param["name"]: param["expr"]
            for param in params(spec)
            if "expr" in param and "bind" not in param
        }

    def table(self, data: dict | None) -> list[Row]:
        if data is None:
            return [{}]
        if "values" in data:
            return data["values"]
        return self.spec["datasets"][data["name"]]

    def rows(self, unit: Unit, values: Mapping[str, Any], kept: dict) -> list[Row]:
        """Rows behind a mark.

        `kept` saves work that marks share, and places: what a step made holds until a
        signal that it reads, or a step before it, has another value.
        """
        signals = dict(values)
        for name, expression in self.calculated.items():
            signals[name] = compiled(expression)({}, signals)
        done, read = (str(unit.data)[:200],), {}
        rows = self.table(unit.data)
        for step in unit.steps:
            kind = next((kind for kind in TRANSFORMS if kind in step), None)
            if kind is None:
                raise ValueError(f"unknown transform {step}")
            done += (str(step),)
            if kind in EXPRESSIONS:
                read = read | {name: signals[name] for name in read_by(step[kind])}
            if done not in kept or kept[done][0] != read:
                made = TRANSFORMS[kind](rows, step, signals, self.table)
                kept[done] = (read, made)
            rows = kept[done][1]
        return rows


def params(spec: Any) -> Iterator[dict]:
    """Parameters of a specification and its views."""
    for view in views(spec):
        yield from view.get("params", [])
