"""JupyterLab with no network: charts draw there too, and the explorer answers."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PATIENCE, ROOT, chapters, until, watch
from playwright.sync_api import Browser, Page

from multivector import store

WIDGET = "application/vnd.jupyter.widget-view+json"
NOWHERE = "http://127.0.0.1:9"  # a proxy that nobody runs: what goes out fails at once


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def without_network(home: Path) -> dict[str, str]:
    """Environment of a session that has neither network nor settings of the user.

    What takes long to compute it takes from the build, where there was one.
    """
    proxies = dict.fromkeys(
        ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), NOWHERE
    )
    own = {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        store.VARIABLE: str(ROOT / "_build" / ".results"),
        "no_proxy": "127.0.0.1,localhost",
        "NO_PROXY": "127.0.0.1,localhost",
    }
    return os.environ | proxies | own


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a JupyterLab over a copy of the project."""
    folder = tmp_path_factory.mktemp("lab")
    project = folder / "project"
    ignored = shutil.ignore_patterns(".git", ".venv", "_build", "__pycache__")
    shutil.copytree(ROOT, project, ignore=ignored)
    port = free_port()
    log = folder / "log.txt"
    command = [
        Path(sys.executable).with_name("jupyter-lab"),
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ip=127.0.0.1",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={project}",
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    with log.open("w") as output:
        server = subprocess.Popen(
            command,
            cwd=project,
            env=without_network(folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    home = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{home}/api/status", server, log)
        yield home
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    """Wait until a server answers, or fail with what it said."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def answers() -> bool:
        with contextlib.suppress(urllib.error.URLError, OSError):
            opener.open(address, timeout=PATIENCE).close()
            return True
        return server.poll() is not None  # no use to wait any longer

    until(answers, f"JupyterLab does not answer:\n{log.read_text()[-3000:]}")
    assert server.poll() is None, f"JupyterLab ended:\n{log.read_text()[-3000:]}"


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
        open_notebook(page, lab, chapters()[0])
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
        open_notebook(
            page,
            lab,
            next(
                name
                for name in chapters()
                if "BalanceExplorer"
                in (ROOT / f"{name}.ipynb").read_text(encoding="utf-8")
            ),
        )
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
