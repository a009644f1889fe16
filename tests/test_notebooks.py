"""Every notebook: stored clean, small cells, and explains its charts."""

from __future__ import annotations

import ast
import re
import statistics
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, chapters, soup

from essay_specs import unpacked, views
from multivector import cases, data

NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]
# As formatted: what a student can read aloud.
LONGEST_LINES = 25
MEDIAN_CHARACTERS = 180
NINE_IN_TEN_CHARACTERS = 600
KINDS = {"coded", "outside", "both", "model"}
# One figure, in which a score and a state are chosen: a slider would have nothing to move.
WITHOUT_SLIDER = {"a12-offices"}


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_all_notebooks_are_chapters() -> None:
    assert {f"book/{name}" for name in NAMES} == set(chapters())


# As stored -------------------------------------------------------------------


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_notebook_is_stored_clean(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in code_cells(notebook):
        assert cell.outputs == [] and cell.execution_count is None, cell.source
    assert "widgets" not in notebook.metadata
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        assert not {"execution", "ExecuteTime"} & set(cell.metadata), cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_no_cell_is_long(path: Path) -> None:
    for cell in code_cells(nbformat.read(path, as_version=4)):
        assert len(cell.source.splitlines()) <= LONGEST_LINES, cell.source


def test_cells_are_short() -> None:
    lengths = sorted(
        len(cell.source)
        for path in NOTEBOOKS
        for cell in code_cells(nbformat.read(path, as_version=4))
    )
    assert statistics.median(lengths) <= MEDIAN_CHARACTERS, lengths
    assert lengths[len(lengths) * 9 // 10] <= NINE_IN_TEN_CHARACTERS, lengths


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_no_sentence_stands_in_a_code_cell(path: Path) -> None:
    """Words stand in the text: a string of seven words or more is one of them."""
    for cell in code_cells(nbformat.read(path, as_version=4)):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.JoinedStr):
                parts = [
                    p.value if isinstance(p, ast.Constant) else "" for p in node.values
                ]
                said = "".join(map(str, parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                said = node.value
            else:
                continue
            assert len(said.split()) < 7, said


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_each_block_has_its_cell_and_each_cell_its_block(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = "\n".join(cell.source for cell in code_cells(notebook))
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    shown = re.findall(r'\bshow\(\s*"([^"]+)"', code)
    placed = re.findall(r"^`{3,}\{(?:chart|rows)\} (\S+)$", text, re.MULTILINE)
    assert sorted(shown) == sorted(set(placed)) and len(placed) == len(set(placed))


def handed_over(source: str) -> list[tuple[str, set[str]]]:
    """Calls of `say` and `show` in a cell, in their order, with the names that they give."""
    calls = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("say", "show")
    ]
    return [
        (
            call.func.id,
            {key.arg for key in call.keywords if key.arg}
            if call.func.id == "say"
            else {part.value for part in call.args if isinstance(part, ast.Constant)},
        )
        for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset))
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_what_a_figure_says_is_known_when_it_is_shown(path: Path) -> None:
    """A live session fills in the words of a figure at once."""
    notebook = nbformat.read(path, as_version=4)
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    blocks = dict(re.findall(r"^```\{chart\} (\S+)\n(.*?)^```$", text, re.M | re.S))
    said: set[str] = set()
    for cell in code_cells(notebook):
        for call, names in handed_over(cell.source):
            if call == "say":
                said |= names
            for block in names & set(blocks) if call == "show" else ():
                used = re.findall(r"\{glue:text\}`([^`:.]+)", blocks[block])
                assert set(used) <= said, (block, sorted(set(used) - said))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_names_of_blocks_are_unique_on_a_page(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    names = re.findall(r"^`{3,}(\{(?:chart|rows|bet|quiz)\} \S+)$", text, re.MULTILINE)
    assert len(names) == len(set(names)) > 0, sorted(names)


# The charts ------------------------------------------------------------------


def specs_of(book: Path, name: str) -> list[dict]:
    """Specifications of a chapter's charts, as the build got them from the notebook."""
    page = soup(book, f"book/{name}")
    scripts = page.select(".essay-chart script[type='application/json']")
    return [unpacked(script.string) for script in scripts]


def bound_parameters(spec: object) -> list[dict]:
    """Parameters with an input, wherever in a specification they stand."""
    return [
        param
        for view in views(spec)
        for param in view.get("params", [])
        if isinstance(param.get("bind"), dict)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_charts_explain_themselves(name: str, book: Path) -> None:
    figures = soup(book, f"book/{name}").select("figure.essay-chart")
    for figure, spec in zip(figures, specs_of(book, name), strict=True):
        if spec["usermeta"]["essay"].get("explorer"):
            # It is one cell's own output, for who runs it, and carries its words itself.
            assert spec["title"]["text"] and len(spec["description"].split()) >= 8
            continue
        title = figure.select_one(".essay-chart__title").get_text().strip()
        assert title and figure.select_one(".essay-chart__reading").get_text().strip()
        # A reader who does not see the chart learns more than its title says.
        assert len(figure.select_one(".essay-chart__said").get_text().split()) >= 8
        # The caption says what is drawn to one who does not see it, in a sentence.
        caption = figure.select_one(".essay-chart__caption").get_text()
        assert 8 <= len(caption.split()) <= 60, caption
        # The words stand in the text, and not in the chart as well.
        assert "title" not in spec and "description" not in spec, title
        essay = spec["usermeta"]["essay"]
        assert essay["kind"] in KINDS and essay["source"].strip(), title


@pytest.mark.parametrize("name", NAMES)
def test_every_source_line_comes_from_the_descriptor(name: str, book: Path) -> None:
    """What is left of a source line without the citations of the case is the signs between them."""
    told = {
        case.cite(table)
        for case in map(data.open_case, cases.folders())
        for table in case.tables
    }
    citations = sorted(told, key=len, reverse=True)
    for spec in specs_of(book, name):
        line = spec["usermeta"]["essay"]["source"]
        for citation in citations:
            line = line.replace(citation, "")
        # Rows that an explorer has from its reader have no other source.
        if spec["usermeta"]["essay"].get("explorer"):
            line = line.replace("rows of your own", "")
        assert line.strip("; ") == "", line


@pytest.mark.parametrize("name", NAMES)
def test_every_page_has_a_control_and_all_but_one_a_slider(
    name: str, book: Path
) -> None:
    inputs = [
        param["bind"].get("input")
        for spec in specs_of(book, name)
        for param in bound_parameters(spec)
    ]
    assert inputs
    assert ("range" in inputs) != (name in WITHOUT_SLIDER), inputs
