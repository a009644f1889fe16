"""What holds for any state speaks of none: cells of the frame, and numbers of cells in tables."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import nbformat
import pandas as pd
import pytest
from conftest import ROOT

from multivector import data

NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))
PAGES = [*sorted((ROOT / "book" / "frame").glob("*.md")), *NOTEBOOKS]
#: Tables whose rows a cell must not name, by the column that names them.
NAMED = {
    "events": "id",
    "claims": "id",
    "payments": "id",
    "base_votes": "id",
    "decisions": "id",
    "episodes": "id",
    "periods": "id",
}
#: Words of a call whose numbers are counts, and no years.
COUNTS = {"draws", "n", "seed", "size"}
#: Years that the study, its neighbours in time, and its sources speak of.
YEARS = range(1985, 2020)
#: What is named in every state's book: it belongs to no case.
ANYBODY = {"United Nations"}


@pytest.fixture(scope="module")
def case() -> data.Case:
    return data.open_case(coding="record")


@pytest.fixture(scope="module")
def ids(case: data.Case) -> set[str]:
    return {
        str(one)
        for table, column in NAMED.items()
        for one in case.table(table)[column].dropna()
    }


@pytest.fixture(scope="module")
def names(case: data.Case) -> re.Pattern[str]:
    """States, leaders, places and periods of the case."""
    states = case.actors[case.actors["kind"].isin(["self", "state"])]
    powers = case.vectors.dropna(subset="iso3")
    leaders = case.leaders[case.leaders["iso3"] == case.state]
    found = {
        *states["name"],
        *powers["label"],
        *case.table("places")["name"],
        *leaders["leader"],
        *case.periods.loc[case.periods["kind"] != "span", "label"],
        "the paper",
        "The paper",
    }
    words = sorted((re.escape(one) for one in found - ANYBODY), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(words)})(?![\w])")


def cells(kind: str, path) -> Iterator[nbformat.NotebookNode]:
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == kind:
            yield cell


def constants(code: str) -> Iterator[object]:
    """Numbers and texts of a cell, without numbers that count draws and names of figures."""
    tree = ast.parse(code)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    counts = {
        id(word.value) for call in calls for word in call.keywords if word.arg in COUNTS
    }
    counts |= {
        id(call.args[0])
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "show"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in counts:
            yield node.value


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_cell_holds_a_year_or_names_a_row(path, ids: set[str]) -> None:
    for cell in cells("code", path):
        for value in constants(cell.source):
            if isinstance(value, int) and not isinstance(value, bool):
                assert value not in YEARS, (cell["id"], value)
            if isinstance(value, str):
                assert value not in ids, (cell["id"], value)
                years = map(int, re.findall(r"(?<![\d.])\d{4}(?!\d)", value))
                assert not set(years) & set(YEARS), (cell["id"], value)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_of_the_frame_name_no_state(path, names: re.Pattern[str]) -> None:
    for kind in ("code", "markdown"):
        for cell in cells(kind, path):
            if "case" not in cell.metadata.get("tags", ()):
                found = names.findall(plain(cell.source))
                assert not found, (cell["id"], found)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "book" / "frame").glob("*.md")), ids=lambda path: path.stem
)
def test_words_of_the_frame_name_no_state(path, names: re.Pattern[str]) -> None:
    assert not names.findall(plain(path.read_text(encoding="utf-8")))


def plain(text: str) -> str:
    """A text without addresses, names of numbers, and works that are cited."""
    return re.sub(r"\{(?:glue:text|cite:\w)\}`[^`]*`|\]\([^)]*\)|`[^`]*`", "", text)


def test_the_names_are_found_where_they_stand(names: re.Pattern[str], case) -> None:
    label = case.periods.set_index("kind").loc["presidency", "label"]
    assert names.findall(f"{case.name} under {pd.Series(label).iloc[0]}, the paper")
