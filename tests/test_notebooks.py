"""Every notebook: stored clean, small cells, runs by itself, and explains its charts."""

from __future__ import annotations

import json
import re
import statistics
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, chapters, settings
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from essay_specs import views
from multivector import data, store

NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]
# As formatted. The cells are longer than a reader should meet; none may grow.
LONGEST_LINES = 46
MEDIAN_CHARACTERS = 325
CELL_SECONDS = settings()["execute"]["timeout"]
WIDGET = "application/vnd.jupyter.widget-view+json"
KINDS = {"coded", "outside", "both", "model"}


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
    lengths = [
        len(cell.source)
        for path in NOTEBOOKS
        for cell in code_cells(nbformat.read(path, as_version=4))
    ]
    assert statistics.median(lengths) <= MEDIAN_CHARACTERS, sorted(lengths)


# As run, outside the build ---------------------------------------------------


def execute(path: Path) -> nbformat.NotebookNode | str:
    """The notebook run from top to bottom in its own folder, or the error that ended it."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        return client.execute()
    except CellExecutionError as error:
        return str(error)


@pytest.fixture(scope="module")
def executed(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, nbformat.NotebookNode | str]:
    """All notebooks as a live session runs them, two at a time.

    What several of them compute alike is computed once.
    """
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.setenv(store.VARIABLE, str(tmp_path_factory.mktemp("results")))
        # In threads of their own: the browser's driver keeps an event loop in the main one.
        return dict(zip(NAMES, pool.map(execute, NOTEBOOKS), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_notebook_runs_in_a_live_session(name: str, executed: dict, book: Path) -> None:
    result = executed[name]
    assert not isinstance(result, str), result
    outputs = [output for cell in code_cells(result) for output in cell.outputs]
    # A chart that cannot be shown leaves a traceback, but does not end the run.
    assert [output for output in outputs if output.output_type == "error"] == []
    assert [output for output in outputs if output.get("name") == "stderr"] == []
    live = [output for output in outputs if WIDGET in output.get("data", {})]
    assert len(live) >= len(specs_of(book, name)) > 0, (
        "a chart of the page is not drawn live"
    )


@pytest.mark.parametrize("name", NAMES)
def test_prose_uses_the_values_it_is_given_and_no_others(
    name: str, executed: dict
) -> None:
    """`say` leaves each name in the outputs, so that names made in loops count too."""
    result = executed[name]
    assert not isinstance(result, str), result
    outputs = [output for cell in code_cells(result) for output in cell.outputs]
    given = {
        output.metadata["scrapbook"]["name"]
        for output in outputs
        if "scrapbook" in output.get("metadata", {})
    }
    prose = "\n".join(
        cell.source for cell in result.cells if cell.cell_type == "markdown"
    )
    assert given == set(re.findall(r"\{glue:\w+\}`([^`:]+)", prose))


# The charts ------------------------------------------------------------------


def specs_of(book: Path, name: str) -> list[dict]:
    """Specifications of a chapter's charts, as the build got them from the notebook."""
    soup = BeautifulSoup(
        (book / "book" / f"{name}.html").read_text(encoding="utf-8"), "html.parser"
    )
    return [
        json.loads(script.string)
        for script in soup.select(".essay-chart script[type='application/json']")
    ]


def text_of(title: object) -> str:
    """Text of a Vega-Lite title, which may be a text, lines or an object."""
    if isinstance(title, dict):
        title = title.get("text")
    return " ".join(title) if isinstance(title, list) else str(title or "")


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
    for spec in specs_of(book, name):
        essay = spec.get("usermeta", {}).get("essay", {})
        assert text_of(spec.get("title")).strip()
        # A reader who does not see the chart learns more than its title says.
        assert len(spec.get("description", "").split()) >= 8, text_of(spec["title"])
        # The caption says what is drawn to one who does not see it, in a sentence.
        assert (
            spec["description"].startswith(essay["caption"])
            and 8 <= len(essay["caption"].split()) <= 60
        ), essay["caption"]
        assert essay.get("kind") in KINDS, text_of(spec["title"])
        assert str(essay.get("source", "")).strip(), text_of(spec["title"])


@pytest.mark.parametrize("name", NAMES)
def test_every_source_line_comes_from_the_descriptor(name: str, book: Path) -> None:
    """What is left of a source line without the citations of the case is the signs between them."""
    case = data.open_case()
    citations = sorted(
        {case.cite(table) for table in case.tables}, key=len, reverse=True
    )
    for spec in specs_of(book, name):
        line = spec["usermeta"]["essay"]["source"]
        for citation in citations:
            line = line.replace(citation, "")
        assert line.strip("; ") == "", text_of(spec["title"])


@pytest.mark.parametrize("name", NAMES)
def test_chapter_has_a_slider(name: str, book: Path) -> None:
    inputs = [
        param["bind"].get("input")
        for spec in specs_of(book, name)
        for param in bound_parameters(spec)
    ]
    assert "range" in inputs, inputs
