"""A real Jupyter server with no network: lifted chapters say what their pages say, and answer."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import ROOT, chapters, soup, watch
from playwright.sync_api import Browser, Page
from server import Kernel, serving

from essay_specs import unpacked

WIDGET = "application/vnd.jupyter.widget-view+json"
NAMES = [page.rpartition("/")[2] for page in chapters()]
LABORATORY = "laboratory"
# What a chapter may carry to the browser while it is run: its charts and tables, and the
# script that draws them (0.95 MB) once.
MOST_BYTES = 3_000_000


# The server ------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lifted chapters as their zips unpack, and beside them a copy of the project."""
    root = tmp_path_factory.mktemp("live")
    for name in NAMES:
        with zipfile.ZipFile(book / "lift" / f"{name}.zip") as archive:
            archive.extractall(root)
    ignored = shutil.ignore_patterns(".git", ".venv", "_build", "__pycache__")
    shutil.copytree(ROOT, root / "project", ignore=ignored)
    return root


@pytest.fixture(scope="module")
def lab(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a JupyterLab over them."""
    with serving(folder, tmp_path_factory.mktemp("home")) as address:
        yield address


# Every chapter through the kernel's protocol ---------------------------------

# What the whole case has computed counts for one that lacks the tables that nobody asks
# for: results are found by the case, and these are those of the build.
AS_THE_WHOLE = """
import hashlib as _hashlib, json as _json
from multivector import data as _data
_whole = _data.open_case({whole!r})
def _fingerprint(case, names=_whole._tables, package=_whole._package):
    tables = {{n: _data._digest(case._tables.get(n, t)) for n, t in names.items()}}
    parts = [case.coding, sorted(case.changed), tables, package]
    return _hashlib.sha256(_json.dumps(parts).encode()).hexdigest()
_data.Case.fingerprint = _fingerprint
"""


def run(lab: str, folder: Path, name: str) -> dict[str, Any]:
    """Run a lifted chapter from top to bottom; what it says, draws and carries."""
    path = folder / name / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    with Kernel(lab, f"{name}/{name}.ipynb") as kernel:
        kernel.run(AS_THE_WHOLE.format(whole=str(ROOT / "data")))
        outputs = {
            index: kernel.run(cell.source)
            for index, cell in enumerate(notebook.cells)
            if cell.cell_type == "code"
        }
        told = "__import__('multivector.page').page.said()"
        found = {
            "said": kernel.value(told),
            "module": kernel.value("__import__('multivector').__file__"),
            "tables": kernel.value("_data.open_case().tables"),
            "changed": kernel.value("sorted(_data.open_case().changed)"),
            "charts": charts(kernel),
            "outputs": outputs,
            "carried": kernel.carried,
        }
        if name == LABORATORY:
            found["moved"] = moved(kernel)
        return found


@pytest.fixture(scope="module")
def live(lab: str, folder: Path) -> dict[str, dict[str, Any] | BaseException]:
    """All of them, two at a time."""

    def tried(name: str) -> dict[str, Any] | BaseException:
        try:
            return run(lab, folder, name)
        except BaseException as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(NAMES, pool.map(tried, NAMES), strict=True))


def of(live: dict[str, Any], name: str) -> dict[str, Any]:
    """What a chapter came to, or its failure."""
    if isinstance(live[name], BaseException):
        raise live[name]
    return live[name]


def charts(kernel: Kernel) -> list[dict[str, Any]]:
    """Specifications of the charts that a kernel shows as widgets."""
    states = kernel.widgets.values()
    return [state["spec"] for state in states if isinstance(state.get("spec"), dict)]


def numbers_of(spec: dict[str, Any]) -> list[str]:
    """Numbers that a chart draws, whatever its data sets are called; 40 is 40.0."""
    sets = json.loads(json.dumps(spec.get("datasets", {})), parse_int=float)
    return sorted(json.dumps(rows, sort_keys=True) for rows in sets.values())


def specs_of(book: Path, name: str) -> list[dict[str, Any]]:
    """Specifications of a page's charts."""
    scripts = soup(book, f"book/{name}").select(
        ".essay-chart script[type='application/json']"
    )
    return [unpacked(script.string) for script in scripts]


def glued(name: str) -> dict[str, str]:
    """What the run for the pages said, by name, as Python writes it."""
    file = ROOT / "_build" / "jupyter_execute" / "book" / f"{name}.glue.json"
    kept = json.loads(file.read_text(encoding="utf-8"))
    return {
        key: value["data"]["text/plain"]
        for key, value in kept.items()
        if not key.startswith(("chart/", "rows/"))
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_lifted_chapter_says_what_its_page_says(
    name: str, live: dict, folder: Path
) -> None:
    found = of(live, name)
    assert Path(found["module"]).is_relative_to(folder / name), "its own module"
    assert found["changed"] == [], "its tables are as they were sealed"
    said = {key: repr(value) for key, value in found["said"].items()}
    page = glued(name)
    # A fit may end in another last digit where other work shares its processor.
    odd = [key for key in said if key in page and not alike(said[key], page[key])]
    assert said.keys() == page.keys() and odd == []


def alike(one: str, other: str) -> bool:
    """Are two values that were said the same, but for the last digits of a number?"""
    if one == other:
        return True
    try:
        return float(one) == pytest.approx(float(other), rel=1e-9)
    except ValueError:
        return False


@pytest.mark.parametrize("name", NAMES)
def test_a_lifted_chapter_draws_what_its_page_draws(
    name: str, live: dict, book: Path
) -> None:
    found = of(live, name)
    drawn = sorted(numbers_of(spec) for spec in found["charts"])
    assert drawn == sorted(numbers_of(spec) for spec in specs_of(book, name)) != []
    shown = [out for outputs in found["outputs"].values() for out in outputs]
    assert sum(WIDGET in output["data"] for output in shown) >= len(drawn)


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_does_not_carry_what_draws_it(name: str, live: dict) -> None:
    assert of(live, name)["carried"] < MOST_BYTES


@pytest.mark.parametrize("name", NAMES)
def test_text_uses_the_values_it_is_given_and_no_others(name: str, live: dict) -> None:
    """Of a whole result the text uses what it wants, and one part at least."""
    given = set(of(live, name)["said"])
    stored = nbformat.read(ROOT / "book" / f"{name}.ipynb", as_version=4)
    text = "\n".join(c.source for c in stored.cells if c.cell_type == "markdown")
    used = set(re.findall(r"\{glue:\w+\}`([^`:]+)", text))
    used |= set(re.findall(r"^:(?:answer|low|high): ([a-z]\S*)$", text, re.MULTILINE))
    assert used <= given
    assert {name.partition(".")[0] for name in given} == {
        name.partition(".")[0] for name in used
    }


# Its explorers ---------------------------------------------------------------


def panels(kernel: Kernel) -> list[list[str]]:
    """The parts of each explorer: a box with a chart in it, by the ids of their models."""
    boxes = [
        [child.removeprefix("IPY_MODEL_") for child in state["children"]]
        for state in kernel.widgets.values()
        if state.get("_model_name") == "VBoxModel"
    ]
    return [box for box in boxes if any("spec" in kernel.widgets[part] for part in box)]


def moved(kernel: Kernel) -> list[dict[str, Any]]:
    """Move the first slider of each explorer and move it back; what its chart drew."""
    found = []
    for parts in panels(kernel):
        states = {part: kernel.widgets[part] for part in parts}
        chart = next(part for part in parts if "spec" in states[part])
        slider = next(part for part in parts if "step" in states[part])
        start = states[slider]["value"]
        step = states[slider]["step"] * (1 if start < states[slider]["max"] else -1)
        drew = [numbers_of(kernel.widgets[chart]["spec"])]
        for value in (start + step, start):
            kernel.move(slider, value)
            drew.append(numbers_of(kernel.widgets[chart]["spec"]))
        words = [
            state["value"]
            for state in states.values()
            if state.get("_model_name") == "HTMLModel"
        ]
        found.append({"drew": drew, "said": words[-1], "of": states[slider]})
    return found


def test_each_explorer_answers_and_comes_back(live: dict, book: Path) -> None:
    found = of(live, LABORATORY)["moved"]
    on_page = [numbers_of(spec) for spec in specs_of(book, LABORATORY)]
    assert len(found) == len(on_page) == 5
    for explorer, still in zip(found, on_page, strict=True):
        start, other, back = explorer["drew"]
        assert start == back == still != other, explorer["of"]["description"]
        assert explorer["said"] == "", "no complaint"


# In a browser ----------------------------------------------------------------

RUN_ALL = "async () => { await jupyterapp.commands.execute('notebook:run-all-cells'); }"
# Run what stands above a cell, and the cell itself.
RUN_TO = """async (index) => {
    const notebook = jupyterapp.shell.currentWidget.content;
    for (const command of ['notebook:run-all-above', 'notebook:run-cell']) {
        notebook.activeCellIndex = index;
        await jupyterapp.commands.execute(command);
    }
}"""
READY = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel != null"
CELLS = """() => [...jupyterapp.shell.currentWidget.model.cells].map((cell, index) => ({
    index,
    code: cell.type === 'code',
    ran: cell.type === 'code' && cell.executionCount !== null,
    outputs: (cell.type === 'code' ? cell.outputs.toJSON() : []).map((output) => ({
        type: output.output_type,
        text: [output.name, ...(output.traceback ?? [])].join('\\n'),
        mimes: Object.keys(output.data ?? {}),
    })),
}))"""
# JupyterLab draws the cells near the screen only, so it is led to each in turn.
SHOW = """async (index) => {
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = index;
    await notebook.scrollToItem(index, 'start');
}"""
CHARTS = """(index) => {
    const cell = jupyterapp.shell.currentWidget.content.widgets[index].node;
    return [...cell.querySelectorAll('.vega-embed svg.marks, .vega-embed canvas.marks')].filter((chart) => {
        const { width, height } = chart.getBoundingClientRect();
        const drawn = chart.localName === 'canvas' || chart.querySelectorAll('.role-mark *').length > 0;
        return width > 200 && height > 80 && drawn;
    }).length;
}"""


def is_chart(output: dict) -> bool:
    """Is this output a chart: a widget, with a picture for where no widget can be?"""
    return WIDGET in output["mimes"] and "image/svg+xml" in output["mimes"]


def open_notebook(page: Page, lab: str, name: str) -> None:
    """Open a notebook in JupyterLab."""
    page.goto(f"{lab}/lab/tree/{name}.ipynb?reset")
    page.wait_for_function(READY)


def test_charts_draw_in_jupyterlab(lab: str, browser: Browser) -> None:
    with watch(browser, lab, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        open_notebook(page, lab, f"project/{chapters()[0]}")
        page.evaluate(RUN_ALL)
        cells = page.evaluate(CELLS)
        outputs = [output for cell in cells for output in cell["outputs"]]
        assert all(cell["ran"] for cell in cells if cell["code"])
        assert [
            out["text"]
            for out in outputs
            if out["type"] == "error" or "stderr" in out["text"]
        ] == []
        expected = {
            cell["index"]: sum(map(is_chart, cell["outputs"])) for cell in cells
        }
        assert any(expected.values()), "no output of the first chapter is a live chart"
        for index, count in expected.items():
            if count:
                page.evaluate(SHOW, index)
                page.wait_for_function(
                    f"([index, count]) => ({CHARTS})(index) >= count",
                    arg=[index, count],
                )
        assert seen.outside == []
        assert [error for error in seen.errors if error.startswith("page:")] == []


EXPLORED = """() => {
    const cells = jupyterapp.shell.currentWidget.content.widgets;
    return cells.findIndex((cell) => cell.model.type === 'code' && cell.model.sharedModel.source.includes('BalanceExplorer'));
}"""
TITLE = """(index) => jupyterapp.shell.currentWidget.content.widgets[index].node
    .querySelector('.vega-embed svg.marks .role-title-subtitle')?.textContent ?? ''"""


def test_the_explorer_answers_in_jupyterlab(lab: str, browser: Browser) -> None:
    with watch(browser, lab, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        open_notebook(page, lab, f"{LABORATORY}/{LABORATORY}")
        index = page.evaluate(EXPLORED)
        page.evaluate(RUN_TO, index)
        page.evaluate(SHOW, index)
        page.wait_for_function(
            f"(index) => ({TITLE})(index).includes('730')", arg=index
        )
        # The number beside the slider can be typed over, as a reader would.
        number = page.locator(".widget-slider .widget-readout").first
        number.fill("365")
        number.press("Enter")
        page.wait_for_function(
            f"(index) => ({TITLE})(index).includes('365')", arg=index
        )
        assert page.evaluate(CHARTS, index) == 1
        assert seen.outside == []
