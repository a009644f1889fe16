"""Terms of the glossary say on hover what they mean, and a chapter says how long it takes."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx_design.dropdown import dropdown_main

from essay_blocks import essay_element
from essay_words import _, formatted

GLOSSARY = "book/glossary"
CHAPTER = re.compile(r"book/0\d-")
#: The end of a page's heading, with the line below it that says how long the page takes.
HEADING = re.compile(r'</h1>(<p class="essay-times">[^<]*</p>)?')
#: Words a minute of a careful reader.
PACE = 200


def definitions(app: Sphinx) -> dict[str, str]:
    """First sentence of each definition, by the id of its term."""
    if GLOSSARY not in app.env.found_docs:
        return {}
    found = {}
    for item in app.env.get_doctree(GLOSSARY).findall(nodes.definition_list_item):
        meaning = (
            next(item.findall(nodes.definition)).astext().strip().replace("\n", " ")
        )
        for term in item.findall(nodes.term):
            found |= {
                name: re.split(r"(?<=\.)\s", meaning, maxsplit=1)[0]
                for name in term["ids"]
            }
    return found


def explain(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give every reference to a term its meaning as a title."""
    if docname == GLOSSARY:
        return
    meanings = None
    for link in doctree.findall(nodes.reference):
        address, _, name = link.get("refuri", "").partition("#")
        if not name.startswith("term-"):
            continue
        meanings = definitions(app) if meanings is None else meanings
        if name in meanings:
            link["reftitle"] = meanings[name]
            link["classes"] = [*link["classes"], "essay-term"]


def minutes(doctree: nodes.document) -> int:
    """Minutes that the running text takes to read."""
    words = sum(
        len(text.split()) for text in doctree.findall(nodes.Text) if running(text)
    )
    return max(1, round(words / PACE))


def running(text: nodes.Text) -> bool:
    """Is this a part of what one reads from top to bottom: no code, no figure, no fold?"""
    node: nodes.Node | None = text.parent
    while node is not None:
        if isinstance(node, (nodes.literal_block, nodes.raw, nodes.comment)):
            return False
        if isinstance(node, (essay_element, dropdown_main)):
            return False
        node = node.parent
    return True


def tell_times(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict,
    doctree: nodes.document | None,
) -> None:
    """Say under a chapter's heading how long it takes to read."""
    if not (CHAPTER.match(pagename) and doctree is not None and context.get("body")):
        return
    # How long the notebook runs would be another number on each machine, and at each build.
    many = _("# minute|# minutes")
    told = _("About {read} to read.", read=formatted(minutes(doctree), many))
    line = f'<p class="essay-times">{told}</p>'
    context["body"] = context["body"].replace("</h1>", f"</h1>{line}", 1)


def place_switch(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict,
    doctree: nodes.document | None,
) -> None:
    """Give the switch of the code its place under the heading; essay-code.js brings it to life."""
    body = context.get("body") or ""
    if "cell_input" not in body:
        return
    switch = (
        '<button type="button" class="essay-code" aria-pressed="false" disabled>'
        f"{_('Show the code')}</button>"
    )
    context["body"] = re.sub(HEADING, rf"\g<0>{switch}", body, count=1)


def setup(app: Sphinx) -> None:
    """Register the events."""
    app.connect("doctree-resolved", explain)
    app.connect("html-page-context", tell_times)
    app.connect("html-page-context", place_switch)
