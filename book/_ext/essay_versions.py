"""The whole book in its other version: the same notebooks run on the other coding.

Where the paper and the public record differ, the case holds both. `essay_runs` runs the
notebooks on the other coding as well; what comes out differently is written into the page:
numbers of the text as attributes, charts as a second specification. `essay-versions.js`
lets the reader change over, in a figure that differs, at the first number that does, and
where a page has a `{versions}`.
"""

from __future__ import annotations

import contextlib
import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

from docutils import nodes
from docutils.parsers.rst import Directive
from myst_nb.core.variables import RetrievalError
from myst_nb.ext.glue.roles import PasteTextRole
from myst_nb.ext.glue.utils import glue_warning, retrieve_glue_data
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from essay_charts import (
    OTHER,
    chart_id,
    embedded,
    static_svg,
    with_minus_signs,
)
from essay_runs import FAILURES, NOTHING, VERSIONS, other_version, own_version
from essay_specs import unpacked
from essay_words import _, glued

LOGGER = logging.getLogger(__name__)
NUMBER = re.compile(
    r'<span class="pasted-text">([^<]*)</span><!--essay-number (\S+) (\S+) (\S*)-->'
)
#: Bytes, as sent, of a second drawing for narrow columns that is worth them.
HEAVIEST = 6000
CHART = re.compile(r"<!--essay-chart (\S+)-->")
ANSWER = re.compile(r'data-answer="([^"]*)" data-answer-of="(\S+) (\S+)"')


@contextlib.contextmanager
def notebook_at_hand(document: nodes.document) -> Iterator[None]:
    """Lend a sentence of a translation, which is read as a page of its own, its notebook."""
    kept = document.settings.env.temp_data
    lent = "nb_renderer" not in document and "essay_notebook" in kept
    if lent:
        document["nb_renderer"] = kept["essay_notebook"]
    elif "nb_renderer" in document:
        kept["essay_notebook"] = document["nb_renderer"]
    try:
        yield
    finally:  # a page that keeps it cannot be written down
        if lent:
            del document["nb_renderer"]


class NumberRole(PasteTextRole):
    """`{glue:text}`: a number, a word or a date, written as the language of the book does.

    The form after the colon is that of `multivector.forms.formatted`. The role leaves
    behind which value stands there.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The value, and a mark that no other builder than HTML sees."""
        key, _, form = self.text.partition(":")
        try:
            with notebook_at_hand(self.document):
                plain = retrieve_glue_data(self.document, key).data["text/plain"]
            language = self.document.settings.env.config.language
            text = glued(plain, form, language)
        except (RetrievalError, KeyError, ValueError) as error:
            return [], [glue_warning(f"{key}: {error}", self.document, self.line)]
        node = nodes.inline(text, text, classes=["pasted-text"])
        self.set_source_info(node)
        docname = self.document.settings.env.docname
        mark = f"<!--essay-number {docname} {key} {quote(form, safe='.,+%')}-->"
        return [node, nodes.raw("", mark, format="html")], []


class VersionsBlock(Directive):
    """`{versions}`: the switch between the two, with what it moves on the page."""

    def run(self) -> list[nodes.Node]:
        """A place that the script fills."""
        place = '<div class="essay-versions"></div>'
        return [nodes.raw("", place, format="html")]


def result_of(app: Sphinx, docname: str) -> dict[str, dict[str, Any]]:
    """What a page says in the other version; nothing, and a warning, if it fails there."""
    if not (app.config.essay_both_versions and app.essay_runs.path(docname)):
        return NOTHING
    try:
        return app.essay_runs.other(docname).result()
    except FAILURES as error:
        # The build must not pass over it.
        LOGGER.warning(
            "does not run in the version of %s: %s",
            VERSIONS[other_version()],
            str(error)[-600:],
            location=docname,
        )
        return NOTHING


# --- the pages ------------------------------------------------------------------------------------


def number(match: re.Match[str], said: dict[str, Any], language: str) -> str:
    """A number of the text, with its other version where that differs."""
    text, _, key, form = match.groups()
    other = said["numbers"].get(key)
    shown = text
    if other is not None:
        shown = html.escape(glued(other, unquote(form), language))
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
        # It stands in the figure of the first drawing, whose words name both.
        drawn = static_svg(other, chart_id(match[1], own[match[1]]), HEAVIEST)
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
        name: html.escape(_("Drawn after {version}.", version=_(VERSIONS[name])))
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
        found[1]: unpacked(found[2])
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
    body = NUMBER.sub(
        lambda found: number(found, said(found[2]), app.config.language), body
    )
    body = ANSWER.sub(lambda found: answer(found, said(found[2])), body)
    context["body"] = CHART.sub(
        lambda found: chart(found, said(found[1].partition("#")[0]), own), body
    )


def name_versions(app: Sphinx, config: Config) -> None:
    """Give the script the names of the versions."""
    versions = {name: _(VERSIONS[name]) for name in (own_version(), other_version())}
    app.add_js_file(
        "essay-versions.js",
        loading_method="defer",
        **{"data-versions": json.dumps(versions)},
    )


def setup(app: Sphinx) -> None:
    """Register the role, the events and the script."""
    app.connect("html-page-context", write_versions)
    app.setup_extension(
        "myst_nb"
    )  # the domain of its roles must be there before one is replaced
    app.add_role_to_domain("glue", "text", NumberRole(), override=True)
    app.connect("config-inited", name_versions)
    app.add_directive("versions", VersionsBlock)
