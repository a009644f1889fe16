"""The shape of the code: formatted, linted, in small functions and files, with hints."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

LONGEST_FUNCTION = 50
LONGEST_FILE = 900
EXCUSE = "# Long because "

# Functions of rooms that are being put in order; these lists may only become shorter.
STILL_LONG: dict[str, set[str]] = {}
# Files of the same rooms.
STILL_LONG_FILES: set[str] = set()


def code() -> Iterator[Path]:
    """Files of the project that hold code and are no tests."""
    for place in ("book/multivector", "book/_ext", ".ci"):
        yield from sorted((ROOT / place).rglob("*.py"))
    yield from sorted(ROOT.glob("*.py"))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring, which may be as long as it needs."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        lines -= docstring.end_lineno - docstring.lineno + 1
    return lines


def excused(function: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> bool:
    """Does the line above a function, or above its decorators, say why it is long?"""
    first = min(node.lineno for node in (function, *function.decorator_list))
    return lines[first - 2].strip().startswith(EXCUSE) if first > 1 else False


def long_functions(text: str) -> list[str]:
    """Names of functions that are longer than they may be, and do not say why."""
    lines = text.splitlines()
    return [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and length(node) > LONGEST_FUNCTION
        and not excused(node, lines)
    ]


def too_long(text: str) -> bool:
    """Is a file longer than it may be, and does its head not say why?"""
    head, _, _ = text.partition("\nimport ")
    return len(text.splitlines()) > LONGEST_FILE and EXCUSE not in head


def room(path: Path) -> str:
    """The room that a file of the module belongs to."""
    return path.relative_to(ROOT / "book" / "multivector").parts[0].removesuffix(".py")


def allowed(path: Path) -> set[str]:
    """Functions of a file that may still be long."""
    if "multivector" not in path.parts:
        return set()
    return STILL_LONG.get(room(path), set())


# Formatter and linter ---------------------------------------------------------


@pytest.mark.parametrize("command", [("format", "--check"), ("check",)])
def test_a_formatter_and_a_linter_decide_the_shape(command: tuple[str, ...]) -> None:
    shape = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--no-cache", "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert shape.returncode == 0, shape.stdout + shape.stderr


# Sizes ------------------------------------------------------------------------


def test_functions_are_short() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in code()
        for name in long_functions(path.read_text(encoding="utf-8"))
        if name not in allowed(path)
    ]
    assert found == []


def test_files_are_short() -> None:
    found = {path.name for path in code() if too_long(path.read_text(encoding="utf-8"))}
    assert found == STILL_LONG_FILES


def test_what_is_no_longer_long_is_off_the_list() -> None:
    long = {
        (room(path), name)
        for path in sorted((ROOT / "book" / "multivector").rglob("*.py"))
        for name in long_functions(path.read_text(encoding="utf-8"))
    }
    listed = {(where, name) for where, names in STILL_LONG.items() for name in names}
    assert sorted(listed - long) == [], "take these off the list"


def function_of(lines: int, above: str = "", docstring: int = 0) -> str:
    """A function of so many lines, with lines above it and in its docstring."""
    body = ["    x = 1"] * (lines - 1)
    told = ['    """Say.', *["    more"] * (docstring - 2), '    """']
    return "\n".join([above, "def f():", *(told if docstring else []), *body])


def test_a_long_function_is_found() -> None:
    assert long_functions(function_of(LONGEST_FUNCTION)) == []
    assert long_functions(function_of(LONGEST_FUNCTION + 1)) == ["f"]
    assert long_functions(function_of(LONGEST_FUNCTION, docstring=9)) == []
    excuse = EXCUSE + "it is a table."
    assert long_functions(function_of(LONGEST_FUNCTION + 1, excuse)) == []
    assert long_functions(function_of(LONGEST_FUNCTION + 1, "# Long.")) == ["f"]


def test_a_long_file_is_found() -> None:
    lines = "\nimport re\n" + "x = 1\n" * LONGEST_FILE
    assert too_long(lines)
    assert not too_long(EXCUSE + "it is a table." + lines)
    assert not too_long("x = 1\n" * LONGEST_FILE)


# Hints ------------------------------------------------------------------------


def without_hints(text: str) -> list[str]:
    """Names of functions of a file that lack the type of an argument or of the result."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            arguments = node.args
            every = [
                *arguments.posonlyargs,
                *arguments.args,
                *arguments.kwonlyargs,
                *filter(None, (arguments.vararg, arguments.kwarg)),
            ]
            bare = [
                one.arg
                for one in every
                if one.annotation is None and one.arg not in ("self", "cls")
            ]
            if bare or node.returns is None:
                found.append(node.name)
    return found


def test_a_function_without_hints_is_found() -> None:
    assert without_hints("def f(a: int) -> int:\n    return a") == []
    assert without_hints("def f(a) -> int:\n    return a") == ["f"]
    assert without_hints("def f(a: int):\n    return a") == ["f"]
    assert without_hints("def f(*a, **b) -> int:\n    return a") == ["f"]
    assert without_hints("class A:\n    def f(self) -> int:\n        return 1") == []


def test_extension_has_hints() -> None:
    """Sphinx has too few of its own for a checker, so that these are only asked for."""
    found = [
        f"{path.name}: {name}"
        for path in sorted((ROOT / "book" / "_ext").glob("*.py"))
        for name in without_hints(path.read_text(encoding="utf-8"))
    ]
    assert found == []
