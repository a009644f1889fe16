"""Every chart of the book with names that end a text or a tag too early.

A state may be called Côte d'Ivoire, a vector "the West". The calls that the notebooks
make of the charts are recorded and made again with such names.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import altair as alt
import nbformat
import pandas as pd
import pytest
import vl_convert
from conftest import ROOT, chapters, kept_results

from multivector import charts, data, page

TOPICS = [
    importlib.import_module(f"multivector.charts.{topic.name}")
    for topic in pkgutil.iter_modules(charts.__path__)
    if topic.name not in ("grammar", "render", "theme")
]
# Pages that judge every claim; their charts hold its number, not names of states.
SLOW = ("book/a1-ledger", "book/a2-multiverse")
AWKWARD = 'Côte d\'Ivoire "{}" \\ <é>'


def awkward(name: str) -> str:
    return AWKWARD.format(name)


@pytest.fixture(scope="module")
def names() -> set[str]:
    """Names of vectors, states and people of the case."""
    case = data.open_case()
    columns = {"vector", "label", "state", "name", "leader", "minister", "actor"}
    people = ("vectors", "partners", "leaders", "ministers", "actors")
    found = {
        str(name)
        for table in people
        for column in columns & set(case.table(table))
        for name in case.table(table)[column].dropna()
    }
    return found | {case.name} | set(case.peers) | set(case.poles)


# The calls that the notebooks make -------------------------------------------------


@dataclasses.dataclass
class Call:
    """A chart function, and what a notebook gave it."""

    function: Callable
    given: tuple
    named: dict


def code_of(name: str) -> str:
    notebook = nbformat.read(ROOT / f"{name}.ipynb", as_version=4)
    return "\n".join(c.source for c in notebook.cells if c.cell_type == "code")


def recorded(function: Callable, calls: dict[str, Call], depth: list[int]) -> Callable:
    """The same function, which keeps the first call that a notebook makes of it."""

    @functools.wraps(function)
    def wrapper(*given: Any, **named: Any) -> Any:
        depth[0] += 1
        try:
            made = function(*given, **named)
        finally:
            depth[0] -= 1
        if not depth[0] and isinstance(made, alt.TopLevelMixin):
            key = f"{function.__module__}.{function.__name__}"
            calls.setdefault(key, Call(function, given, named))
        return made

    return wrapper


def public(module: ModuleType) -> Iterator[tuple[str, Callable]]:
    for name, value in vars(module).items():
        own = inspect.isfunction(value) and value.__module__ == module.__name__
        if own and not name.startswith("_"):
            yield name, value


@pytest.fixture(scope="module")
def calls() -> Iterator[dict[str, Call]]:
    """The first call of each chart function in the book."""
    found: dict[str, Call] = {}
    with pytest.MonkeyPatch.context() as patch, kept_results():
        patch.chdir(ROOT / "book")
        # What a chapter shows is made, and not drawn.
        patch.setattr(page, "show", lambda *given, **named: None)
        depth = [0]
        for module in TOPICS:
            for name, function in list(public(module)):
                kept = recorded(function, found, depth)
                patch.setattr(module, name, kept)
                if getattr(charts, name, None) is function:
                    patch.setattr(charts, name, kept)
        for name in (name for name in chapters() if name not in SLOW):
            exec(compile(code_of(name), name, "exec"), {"__name__": "__main__"})
    yield found


def spoiled(value: Any, names: set[str]) -> Any:
    """A copy in which every name is an awkward one."""
    rename = functools.partial(spoiled, names=names)
    if isinstance(value, str):
        return awkward(value) if value in names else value
    if isinstance(value, pd.DataFrame):
        copy = value.rename(columns=rename) if value.columns.dtype != int else value
        for place, column in enumerate(copy.columns):
            if not pd.api.types.is_numeric_dtype(copy.dtypes.iloc[place]):
                copy = copy.assign(**{column: copy.iloc[:, place].map(rename)})
        return copy
    if isinstance(value, pd.Series):
        return value.map(rename).rename(index=rename)
    if isinstance(value, dict):
        return {rename(key): rename(part) for key, part in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(rename, value))
    if isinstance(value, (list, tuple, set)):
        return type(value)(map(rename, value))
    return value


def shapes(spec: dict) -> int:
    """How many shapes are drawn; raises if an expression cannot be read."""
    svg = vl_convert.vegalite_to_svg(spec, vl_version="6.4", allowed_base_urls=[])
    return svg.count("<path")


def test_every_chart_can_be_drawn_with_awkward_names(
    calls: dict[str, Call], names: set[str]
) -> None:
    assert len(calls) >= 35
    wrong, changed = [], 0
    for key, call in calls.items():
        given, named = spoiled(call.given, names), spoiled(call.named, names)
        try:
            # The schema, which asks nothing of names, was looked at when they were made.
            as_it_was, made = (
                call.function(*given, **named).to_dict(validate=False)
                for given, named in ((call.given, call.named), (given, named))
            )
            if shapes(made) < shapes(as_it_was):
                wrong.append(f"{key}: marks are lost")
            changed += "Ivoire" in str(made)
        except Exception as error:
            wrong.append(f"{key}: {type(error).__name__}: {str(error)[-200:]}")
    assert wrong == []
    assert changed >= 15, "names were replaced in too few charts to tell"


# The way that they are written -----------------------------------------------------


def bare(path: Path) -> list[str]:
    """Places of a module where a value stands between bare quotation marks in a text."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.JoinedStr):
            continue
        for before, value, after in zip(node.values, node.values[1:], node.values[2:]):
            texts = all(isinstance(n, ast.Constant) for n in (before, after))
            if texts and isinstance(value, ast.FormattedValue):
                ends = str(before.value)[-1:], str(after.value)[:1]
                if ends in (("'", "'"), ('"', '"')):
                    found.append(f"{path.name}:{node.lineno}")
    return found


def test_no_value_stands_between_bare_quotation_marks() -> None:
    modules = sorted((ROOT / "book" / "multivector").glob("charts/*.py"))
    assert modules
    assert [place for path in modules for place in bare(path)] == []


def test_bare_quotation_marks_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "charts_spoiled.py"
    path.write_text("def f(x):\n    return f\"datum.a == '{x}'\"\n")
    assert bare(path) == ["charts_spoiled.py:2"]
