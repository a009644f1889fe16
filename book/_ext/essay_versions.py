"""The whole book in its other version: the same notebooks run on the other coding.

Where the paper and the public record differ, the case holds both. The notebooks are run
once more with the other coding in the environment, beside the run that makes the pages.
What comes out differently is written into the page: numbers of the text as attributes,
charts as a second specification. `essay-versions.js` lets the reader change over.
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import threading
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import nbformat
from docutils import nodes
from myst_nb.core.variables import format_plain_text
from myst_nb.ext.glue.roles import PasteTextRole
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from essay_charts import (
    MIME,
    OTHER,
    chart_id,
    embedded,
    static_svg,
    typeset,
    with_minus_signs,
)

LOGGER = logging.getLogger(__name__)
VARIABLE = "MULTIVECTOR_CODING"
VERSIONS = {"record": "the public record", "paper": "the paper"}
PREFIX = "application/papermill.record/"
GLUED = f"{PREFIX}text/plain"
NUMBER = re.compile(
    r'<span class="pasted-text">([^<]*)</span><!--essay-number (\S+) (\S+) (\S*)-->'
)
CHART = re.compile(r"<!--essay-chart (\S+)-->")
ANSWER = re.compile(r'data-answer="([^"]*)" data-answer-of="(\S+) (\S+)"')


def own_version() -> str:
    """The version that the pages show first."""
    return os.environ.get(VARIABLE) or next(iter(VERSIONS))


def other_version() -> str:
    """The version that the reader can change over to."""
    return next(name for name in VERSIONS if name != own_version())


class NumberRole(PasteTextRole):
    """`{glue:text}` that leaves behind which number stands there."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The number, and a mark that no other builder than HTML sees."""
        kept = self.document.settings.env.temp_data
        if "nb_renderer" in self.document:
            kept["essay_notebook"] = self.document["nb_renderer"]
        elif "essay_notebook" in kept:
            # A sentence of a translation is read by itself, as a page of its own.
            self.document["nb_renderer"] = kept["essay_notebook"]
        made, messages = super().run()
        if len(made) == 1 and isinstance(made[0], nodes.inline):
            key, _, spec = self.text.partition(":")
            docname = self.document.settings.env.docname
            made.append(
                nodes.raw(
                    "", f"<!--essay-number {docname} {key} {spec}-->", format="html"
                )
            )
        return made, messages


# --- the other run ---------------------------------------------------------------------------


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


def run(
    path: Path, version: str, kept: Path, seconds: int
) -> dict[str, dict[str, Any]]:
    """Run a notebook in another version, unless that was done before.

    A cell that takes longer than `seconds` ends the run.
    """
    notebook = nbformat.read(path, as_version=4)
    code = "\0".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    result = (
        kept
        / f"{path.stem}-{version}-{hashlib.sha256(code.encode()).hexdigest()[:16]}.json"
    )
    if result.is_file():
        return json.loads(result.read_text(encoding="utf-8"))
    client = NotebookClient(
        notebook,
        timeout=seconds,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    )
    said = outcome(client.execute(env=os.environ | {VARIABLE: version}))
    kept.mkdir(parents=True, exist_ok=True)
    unfinished = result.with_suffix(".part")
    unfinished.write_text(json.dumps(said), encoding="utf-8")
    unfinished.replace(result)  # whole, or not there
    return said


def work(waiting: SimpleQueue) -> None:
    """Run one notebook after another, until nothing more can come."""
    while True:
        future, task = waiting.get()
        try:
            future.set_result(run(*task))
        except BaseException as error:
            future.set_exception(error)


def start_runs(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Run the notebooks that are about to be read, beside the run that makes the pages."""
    app.essay_runs, app.essay_waiting = {}, SimpleQueue()
    # A daemon: what was not run yet must not hold up a build that is interrupted.
    threading.Thread(target=work, args=(app.essay_waiting,), daemon=True).start()
    for docname in sorted(docnames) if app.builder.format == "html" else ():
        said_by(app, docname)


def said_by(app: Sphinx, docname: str) -> Future | None:
    """The other run of a page, begun if it was not; None for a page that is no notebook."""
    path = Path(app.env.doc2path(docname))
    if path.suffix != ".ipynb":
        return None
    if docname not in app.essay_runs:
        kept = Path(app.config.nb_execution_cache_path) / "versions"
        task = (path, other_version(), kept, app.config.nb_execution_timeout)
        app.essay_runs[docname] = Future()
        app.essay_waiting.put((app.essay_runs[docname], task))
    return app.essay_runs[docname]


def result_of(app: Sphinx, docname: str) -> dict[str, dict[str, Any]]:
    """What the other run of a page says; nothing, and a warning, if it failed."""
    future = said_by(app, docname)
    if future is None:
        return {"numbers": {}, "charts": {}}
    try:
        return future.result()
    except CellExecutionError as error:
        # The build must not pass over it; and it is told once.
        LOGGER.warning(
            "does not run in the version of %s: %s",
            VERSIONS[other_version()],
            str(error)[-600:],
            location=docname,
        )
        app.essay_runs[docname] = Future()
        app.essay_runs[docname].set_result({"numbers": {}, "charts": {}})
        return {"numbers": {}, "charts": {}}


# --- the pages ------------------------------------------------------------------------------------


def number(match: re.Match[str], said: dict[str, Any]) -> str:
    """A number of the text, with its other version where that differs."""
    plain, _, key, spec = match.groups()
    other = said["numbers"].get(key)
    text = typeset(plain)
    shown = (
        text
        if other is None
        else typeset(html.escape(format_plain_text(other, html.unescape(spec) or "s")))
    )
    if shown == text:
        return f'<span class="pasted-text">{text}</span>'
    return f'<span class="pasted-text essay-moves" data-{own_version()}="{text}" data-{other_version()}="{shown}">{text}</span>'


def answer(match: re.Match[str], said: dict[str, Any]) -> str:
    """The answer to a bet, with that of the other version where it differs."""
    plain, _, key = match.groups()
    other = html.escape(str(said["numbers"].get(key, plain)))
    moved = f' data-answer-{other_version()}="{other}"' if other != plain else ""
    return f'data-answer="{plain}"{moved}'


def same(one: Any, other: Any) -> bool:
    """Are two specifications alike, whatever names their parts were given?"""

    def plain(spec: Any) -> str:
        text = json.dumps(spec, sort_keys=True)
        for place, name in enumerate(
            dict.fromkeys(re.findall(r'"(view_\d+|param_\d+|data-[0-9a-f]+)"', text))
        ):
            text = text.replace(f'"{name}"', f'"name-{place}"')
        return text

    return plain(one) == plain(other)


def lean(other: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """A specification without the data sets that the first one holds too.

    Outside series stand in both versions of a chart alike; a slow line should carry them once.
    """
    known = own.get("datasets", {})
    kept = {
        name: rows
        for name, rows in other.get("datasets", {}).items()
        if known.get(name) != rows
    }
    return {**other, "datasets": kept}


def chart(match: re.Match[str], said: dict[str, Any], own: dict[str, Any]) -> str:
    """The second drawing and specification of a chart, if they differ from the first.

    The drawing is for who has no Vega (yet), and for paper. It lies in a template, which a
    browser neither shows nor reads out. A line says which version is in sight.
    """
    place = match[1].partition("#")[2]
    other = said["charts"].get(place)
    if other is None or same(other := with_minus_signs(other), own[match[1]]):
        return ""
    version = f'data-version="{other_version()}"'
    try:
        drawn = static_svg(other, chart_id(match[1], other))
    except ValueError as error:
        LOGGER.warning(
            "chart %s cannot be drawn in the version of %s: %s",
            place,
            VERSIONS[other_version()],
            " ".join(str(error).split())[:300],
            location=match[1].partition("#")[0],
        )
        return ""
    spec = embedded(lean(other, own[match[1]]))
    return (
        f"{shown_version()}<template {version}>{drawn}</template>"
        f'<script type="{OTHER}" {version}>{spec}</script>'
    )


def shown_version() -> str:
    """The line under a drawing that says which version it shows; the first, until changed."""
    said = {
        name: f"Drawn after {VERSIONS[name]}."
        for name in (own_version(), other_version())
    }
    carried = " ".join(f'data-{name}="{text}"' for name, text in said.items())
    return f'<p class="essay-chart__version" {carried}>{said[own_version()]}</p>'


def write_versions(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict,
    doctree: nodes.document | None,
) -> None:
    """Put what differs into a page that is about to be written."""
    body = context.get("body")
    if not body or not hasattr(app, "essay_runs"):
        return
    results: dict[str, dict] = {}

    def said(docname: str) -> dict:
        if docname not in results:
            results[docname] = result_of(app, docname)
        return results[docname]

    own = {
        found[1]: json.loads(found[2])
        for found in re.finditer(
            r'<!--essay-chart (\S+)--><script type="application/json">(.*?)</script>',
            body,
            re.DOTALL,
        )
    }
    if pagename in app.env.found_docs:
        said(
            pagename
        )  # a notebook that fails in its other version must fail the build, whatever it shows
    body = NUMBER.sub(lambda found: number(found, said(found[2])), body)
    body = ANSWER.sub(lambda found: answer(found, said(found[2])), body)
    context["body"] = CHART.sub(
        lambda found: chart(found, said(found[1].partition("#")[0]), own), body
    )


def setup(app: Sphinx) -> None:
    """Register the role, the events and the script."""
    app.connect("env-before-read-docs", start_runs)
    app.connect("html-page-context", write_versions)
    app.setup_extension(
        "myst_nb"
    )  # the domain of its roles must be there before one is replaced
    app.add_role_to_domain("glue", "text", NumberRole(), override=True)
    versions = {name: VERSIONS[name] for name in (own_version(), other_version())}
    app.add_js_file(
        "essay-versions.js",
        loading_method="defer",
        **{"data-versions": json.dumps(versions)},
    )
