"""Runs the notebooks: each once for the pages, and once more where the version matters.

What must be run is known before Sphinx reads the first page, so that some notebooks run at
a time while pages are read. A run for the pages goes into the cache in which myst-nb looks
for it; what a run in the other version says is kept beside that cache. A notebook that
never asks which version of the coding to follow says the same in both, and is run once.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from queue import PriorityQueue
from typing import Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

import essay_kernels
from essay_charts import MIME
from essay_words import N_

LOGGER = logging.getLogger(__name__)
VARIABLE = "MULTIVECTOR_CODING"
# Names a file that the shared module makes when it is asked for the version.
TRACE = "MULTIVECTOR_ASKED"
# Names a file that gets the names of the tables that a notebook asks for.
OPENED = "MULTIVECTOR_OPENED"
# Set by who has run the notebooks already and left in them what came of it.
RAN = "MULTIVECTOR_RAN"
VERSIONS = {"record": N_("the public record"), "paper": N_("the paper")}
PREFIX = "application/papermill.record/"
GLUED = f"{PREFIX}text/plain"
NOTHING: dict[str, dict[str, Any]] = {"numbers": {}, "charts": {}}
KERNEL = "python3"
FAILURES = (CellExecutionError, CellTimeoutError)
# One may wait for a result that another computes; the two others keep two processors busy.
AT_ONCE = 3
# Seconds in which the outputs of a cell that has ended must have come.
PATIENCE = 120
# A notebook's run for the pages goes before one in the other version: pages wait for it.
FIRST, LATER = 0, 1


def own_version() -> str:
    """The version that the pages show first."""
    return os.environ.get(VARIABLE) or next(iter(VERSIONS))


def other_version() -> str:
    """The version that the reader can change over to."""
    return next(name for name in VERSIONS if name != own_version())


# --- one notebook --------------------------------------------------------------------------


@dataclass
class Ran:
    """A notebook that was run, how long it took, whether the version mattered, and what it read."""

    notebook: nbformat.NotebookNode
    seconds: float
    asked: bool
    tables: list[str]


def code_of(notebook: nbformat.NotebookNode) -> str:
    """All that a kernel gets to run."""
    return "\0".join(c.source for c in notebook.cells if c.cell_type == "code")


def read(path: Path) -> nbformat.NotebookNode:
    """A notebook, to be run by our kernel whatever name an editor has saved."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.setdefault("kernelspec", {})["name"] = KERNEL
    return notebook


def outcome(notebook: nbformat.NotebookNode) -> dict[str, dict[str, Any]]:
    """What a run notebook says: numbers by name, chart specifications by place."""
    numbers, charts = {}, {}
    for index, cell in enumerate(notebook.cells):
        for position, output in enumerate(cell.get("outputs", [])):
            data = output.get("data", {})
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            if name and GLUED in data:
                numbers[name] = data[GLUED]
            if name and PREFIX + MIME in data:
                charts[name.removeprefix("chart/")] = data[PREFIX + MIME]
            if MIME in data:
                charts[f"{index}.{position}"] = data[MIME]
    return {"numbers": numbers, "charts": charts}


def lines_of(path: Path) -> list[str]:
    """The lines of a file, each once and in order; none where there is no file."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return sorted(set(text.split()))


def write_whole(path: Path, text: str) -> None:
    """Write a file whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


# --- all of them -----------------------------------------------------------------------------


class Runs:
    """The runs of a build, some at a time; each is begun once."""

    def __init__(self, app: Sphinx) -> None:
        self._folder = Path(app.config.nb_execution_cache_path)
        self._seconds = app.config.nb_execution_timeout
        self._place = app.env.doc2path
        self._waiting: PriorityQueue = PriorityQueue()
        self._order = count()
        self._original: essay_kernels.Original | None = None
        self._turn = threading.Lock()
        self._workers: list[threading.Thread] = []
        self._own: dict[str, Future] = {}
        self._other: dict[str, Future] = {}

    def path(self, docname: str) -> Path | None:
        """File of a page that is a notebook, None for another page."""
        path = Path(self._place(docname))
        return path if path.suffix == ".ipynb" else None

    def own(self, docname: str) -> Future | None:
        """The run for the pages, begun if it was not; None where the cache has it."""
        if docname not in self._own:
            notebook = read(self.path(docname))
            if self.cached(notebook) is not None:
                return None
            self._begin(self._own, docname, FIRST, self._run, docname, own_version())
        return self._own[docname]

    def other(self, docname: str) -> Future:
        """What the notebook says in the other version, begun if it was not."""
        if docname not in self._other:
            self._begin(self._other, docname, LATER, self._run_other, docname)
        return self._other[docname]

    def cached(self, notebook: nbformat.NotebookNode) -> dict[str, Any] | None:
        """What the cache says of the run of a notebook, None if it does not have it."""
        try:
            return get_cache(self._folder).match_cache_notebook(notebook).data
        except KeyError:
            return None

    def keep(self, docname: str, ran: Ran) -> None:
        """Put a run into the cache, where myst-nb looks for it."""
        about = {
            "execution_seconds": ran.seconds,
            "asked": ran.asked,
            "tables": ran.tables,
        }
        get_cache(self._folder).cache_notebook_bundle(
            CacheBundleIn(ran.notebook, str(self.path(docname)), data=about),
            check_validity=False,
            overwrite=True,
        )

    def tables(self, docname: str) -> list[str] | None:
        """Tables that a notebook asks for in either version; None where nobody knows."""
        try:
            if docname in self._own:
                told = self._own[docname].result().tables
            else:
                told = (self.cached(read(self.path(docname))) or {}).get("tables")
            if told is None or docname not in self._other:
                return told
            other = self._other[docname].result()
        except FAILURES:
            return None  # told already
        return sorted({*told, *other.get("tables", told)})

    def end(self) -> None:
        """Let the process go of which kernels are copies."""
        if self._original:
            self._original.end()

    def _begin(self, of: dict, docname: str, when: int, what: Any, *given: Any) -> None:
        """Put a run among those that wait."""
        of[docname] = Future()
        self._waiting.put((when, next(self._order), of[docname], what, given))
        if len(self._workers) < AT_ONCE:
            # A daemon: what was not run yet must not hold up a build that is interrupted.
            worker = threading.Thread(target=self._work, daemon=True)
            self._workers.append(worker)
            worker.start()

    def _work(self) -> None:
        """Run one notebook after another, until nothing more can come."""
        while True:
            _, _, future, what, given = self._waiting.get()
            try:
                future.set_result(what(*given))
            except BaseException as error:
                future.set_exception(error)

    def _run(self, docname: str, version: str) -> Ran:
        """Run a notebook from top to bottom in its own folder."""
        path = self.path(docname)
        notebook = read(path)
        if os.environ.get(RAN):
            return Ran(notebook, 0.0, False, notebook.metadata.get("tables", []))
        trace = self._folder / "asked" / f"{path.stem}-{version}"
        trace.parent.mkdir(parents=True, exist_ok=True)
        opened = trace.with_suffix(".tables")
        for left in (trace, opened):
            left.unlink(missing_ok=True)
        client = NotebookClient(
            notebook,
            timeout=self._seconds,
            # Outputs of a busy machine come late; what nobody waits for is lost.
            iopub_timeout=PATIENCE,
            kernel_name=KERNEL,
            record_timing=False,  # would make it another notebook to the cache
            resources={"metadata": {"path": str(path.parent)}},
        )
        if essay_kernels.CAN_COPY:
            client.kernel_manager_class = self._manager(path.parent)
        begun = time.perf_counter()
        variables = {VARIABLE: version, TRACE: str(trace), OPENED: str(opened)}
        client.execute(env=os.environ | variables)
        asked = trace.exists() or VARIABLE in code_of(notebook)
        seconds = time.perf_counter() - begun
        return Ran(notebook, seconds, asked, lines_of(opened))

    def _run_other(self, docname: str) -> dict[str, dict[str, Any]]:
        """What a notebook says in the other version, unless that is kept already."""
        path = self.path(docname)
        if not self._version_matters(docname):
            return NOTHING
        code = hashlib.sha256(code_of(read(path)).encode()).hexdigest()[:16]
        name = f"{path.stem}-{other_version()}-{code}.json"
        kept = self._folder / "versions" / name
        if not kept.is_file():
            ran = self._run(docname, other_version())
            said = outcome(ran.notebook) | {"tables": ran.tables}
            write_whole(kept, json.dumps(said))
        return json.loads(kept.read_text(encoding="utf-8"))

    def _version_matters(self, docname: str) -> bool:
        """Did the run for the pages ask which version to follow?"""
        if docname in self._own:
            try:
                return self._own[docname].result().asked
            except FAILURES:
                return False  # told already, and there is no page to write into
        about = self.cached(read(self.path(docname))) or {}
        return about.get("asked", True)

    def _manager(self, folder: Path) -> type:
        """The managers of our kernels; the process that they copy is started once."""
        with self._turn:
            self._original = self._original or essay_kernels.Original(folder)
        return essay_kernels.manager_of(self._original)


def start(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Begin to run the notebooks that are about to be read."""
    app.essay_runs = Runs(app)
    notebooks = [name for name in sorted(docnames) if app.essay_runs.path(name)]
    for docname in notebooks:
        app.essay_runs.own(docname)
    both = app.config.essay_both_versions and app.builder.format == "html"
    for docname in notebooks if both else ():
        app.essay_runs.other(docname)


def wait(app: Sphinx, docname: str, source: list[str]) -> None:
    """Have a notebook run before it is read; what fails, myst-nb runs again and tells."""
    path = app.essay_runs.path(docname)
    future = app.essay_runs.own(docname) if path else None
    if future is None:
        return
    try:
        ran = future.result()
    except FAILURES:
        return
    app.essay_runs.keep(docname, ran)
    LOGGER.info("%s: Executed notebook in %.2f seconds", path, ran.seconds)


def end(app: Sphinx, exception: Exception | None) -> None:
    """The build has ended."""
    if hasattr(app, "essay_runs"):
        app.essay_runs.end()


def setup(app: Sphinx) -> None:
    """Register the setting and the events."""
    # A translator's draft is built in half the time without the other version.
    app.add_config_value("essay_both_versions", True, "html", [bool])
    app.connect("env-before-read-docs", start)
    app.connect("source-read", wait)
    app.connect("build-finished", end)
