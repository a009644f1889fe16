"""Figures have numbers, and the text can point to one: {chart}`triples`, {chart}`06-conclusion#triples`.

A figure is named as its view is. The number is that of the chapter and of the figure in it.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from essay_words import _

LOGGER = logging.getLogger(__name__)
FIGURE = '<figure class="essay-chart"'
UID = re.compile(r' id="([^"]+)"')
ANCHOR = re.compile(r'<span id="figure-([^"]+)"></span>')


class chart_reference(nodes.Inline, nodes.TextElement):
    """A place in the text that points to a figure, until its number is known."""


class ChartRole(SphinxRole):
    """The role `chart`."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """A node that is filled in when all figures have their numbers."""
        page, _, name = self.text.rpartition("#")
        node = chart_reference(
            page=f"book/{page}" if page else self.env.docname, figure=name
        )
        self.set_source_info(node)
        return [node], []


def chapter_of(docname: str) -> str:
    """Number of a chapter or letter of an appendix, out of the name of its file; empty for others.

    >>> chapter_of("book/06-conclusion"), chapter_of("book/a1-ledger"), chapter_of("book/index")
    ('6', 'A1', '')
    """
    found = re.match(r"(a?)0?(\d+)-", docname.rpartition("/")[2])
    return f"{found[1].upper()}{found[2]}" if found else ""


def figure_name(number: str) -> str:
    """How the text calls a figure."""
    return _("Figure {number}", number=number)


def numbered(number: str, uid: str) -> str:
    """What a caption begins with; the figure is called so, since its title names the drawing."""
    kind = "essay-chart__number"
    return f'<span class="{kind}" id="{uid}-number">{figure_name(number)}</span> '


def number_figures(app: Sphinx, doctree: nodes.document) -> None:
    """Write the numbers into a page that was read, and keep them."""
    env, known = app.env, {}
    chapter = chapter_of(env.docname)
    for count, node in enumerate(list(doctree.findall(is_figure)), 1):
        number = f"{chapter}.{count}" if chapter else str(count)
        if isinstance(node, nodes.raw):
            text = node.astext()
            uid = UID.search(text)[1]
            names = ANCHOR.findall(text)
            label = numbered(number, uid)
            text = text.replace("<figcaption>", f"<figcaption>{label}", 1)
            text = text.replace(FIGURE, f'{FIGURE} aria-labelledby="{uid}-number"', 1)
            node.replace_self(
                nodes.raw("", text, format="html", classes=node["classes"])
            )
        else:
            names = node["figure_names"]
            uid = node["attributes"]["id"]
            label = numbered(number, uid)
            node["attributes"]["aria-labelledby"] = f"{uid}-number"
            caption = next(c for c in node if c.get("tag") == "figcaption")
            caption.insert(0, nodes.raw("", label, format="html"))
        known |= dict.fromkeys(names, number)
    figures(env)[env.docname] = known


def is_figure(node: nodes.Node) -> bool:
    """Is this a chart: as one piece of HTML, or with its words as nodes?"""
    if isinstance(node, nodes.raw):
        return node.astext().startswith(FIGURE)
    return isinstance(node, nodes.Element) and node.hasattr("figure_names")


def figures(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    """Numbers of all figures, by page and name."""
    if not hasattr(env, "essay_figures"):
        env.essay_figures = {}
    return env.essay_figures


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """A page is read anew."""
    figures(env).pop(docname, None)


def merge(
    app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
) -> None:
    """Pages were read by another process."""
    figures(env).update(
        {name: figures(other)[name] for name in docnames if name in figures(other)}
    )


def point(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fill in the references of a page."""
    for node in list(doctree.findall(chart_reference)):
        page, name = node["page"], node["figure"]
        number = figures(app.env).get(page, {}).get(name)
        if number is None:
            LOGGER.warning("no figure %r on page %r", name, page, location=node)
            node.replace_self(nodes.Text(f"figure {name}"))
            continue
        address = "" if page == docname else app.builder.get_relative_uri(docname, page)
        node.replace_self(
            nodes.reference(
                "",
                figure_name(number),
                refuri=f"{address}#figure-{name}",
                internal=True,
            )
        )


def setup(app: Sphinx) -> None:
    """Register the role and the events."""
    app.add_node(chart_reference)
    app.add_role("chart", ChartRole())
    app.connect("doctree-read", number_figures)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("doctree-resolved", point)
