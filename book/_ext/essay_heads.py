"""One style sheet and words for who searches in the head of a page, scripts that wait for it."""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html._assets import _JavaScript

#: The one style sheet of every page (essay_weight.py writes it).
SHEET = "essay-book.css"
#: Longer descriptions are cut by those who show them.
DESCRIPTION = 300
#: Scripts of extensions that only some pages need, and what those pages hold.
NEEDED_WHERE = {
    "design-tabs.js": r"sd-tab-",
    "togglebutton.js": r'class="(?:[^"]* )?toggle\b|admonition dropdown|dropdown admonition',
    "copybutton.js": r'class="highlight\b',
    "clipboard.min.js": r'class="highlight\b',
}
#: Lines that the theme writes into every page; both say what holds without them.
IDLE_LINES = (
    "DOCUMENTATION_OPTIONS.pagename",
    "DOCUMENTATION_OPTIONS.search_as_you_type = false",
)
AFTER_THE_OTHERS = 900


def one_sheet(markup: str) -> str:
    """Markup of a head without its style sheets and what it would load ahead.

    >>> one_sheet('<link href="a.css" rel="stylesheet" /><link rel="icon" href="b.svg"/>')
    '<link rel="icon" href="b.svg"/>'
    """
    return re.sub(r'<link\b[^>]*\brel="(?:stylesheet|preload)"[^>]*>\n?', "", markup)


def deferred(markup: str) -> str:
    """Markup whose scripts run, in their order, when the page has been read.

    >>> deferred('<script src="a.js"></script><script defer src="b.js"></script>')
    '<script defer src="a.js"></script><script defer src="b.js"></script>'
    """
    return re.sub(
        r"<script (?![^>]*\bdefer\b)(?=[^>]*\bsrc=)", "<script defer ", markup
    )


def shortened(text: str, most: int = DESCRIPTION) -> str:
    """Text cut after its last whole sentence, or else its last whole word, that fits.

    >>> shortened("It turned. Then it turned back again.", 20)
    'It turned.'
    """
    if len(text) <= most:
        return text
    start = text[: most + 1]
    sentences = re.match(r".*[.?!](?=\s)", start)
    return sentences[0] if sentences else start[: start.rfind(" ")] + "…"


def description(doctree: nodes.document) -> str:
    """A page in its own words: its answer in short, or else its first paragraph."""
    top = next(doctree.findall(nodes.section), doctree)
    paragraphs = [part for part in top if isinstance(part, nodes.paragraph)]
    if not paragraphs:
        return ""
    answer = next(filter(is_answer, paragraphs), None)
    if answer is None:
        return shortened(" ".join(paragraphs[0].astext().split()))
    text = answer.astext().removeprefix(answer[0].astext())
    return shortened(" ".join(text.split()))


def is_answer(paragraph: nodes.paragraph) -> bool:
    """Does a paragraph begin in bold, with a colon: the answer that every chapter gives?"""
    first = paragraph[0] if paragraph.children else None
    return isinstance(first, nodes.strong) and first.astext().endswith(":")


def needed(name: str, body: str) -> bool:
    """Does a page with this body need a script of that name?"""
    return re.search(NEEDED_WHERE.get(name, ""), body) is not None


def fill_head(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Let the scripts of a page wait until it is read, and describe it."""
    scripts = context["script_files"]
    body = context.get("body", "")
    scripts[:] = [script for script in scripts if stays(script, body)]
    for script in scripts:
        if script.filename:
            script.attributes.setdefault("defer", "defer")
    words = description(doctree) if doctree else ""
    title = context.get("title") or context.get("theme_search_bar_text", "")
    context["essay_description"] = words or f"{title}. {app.config.project}"


def stays(script: _JavaScript, body: str) -> bool:
    """Does a page with this body need this script?"""
    if script.filename:
        return needed(Path(script.filename).name, body)
    return not script.attributes.get("body", "").startswith(IDLE_LINES)


def add_filters(app: Sphinx) -> None:
    """Give the templates `one_sheet` and `deferred`."""
    if app.builder.format == "html":
        filters = app.builder.templates.environment.filters
        filters["one_sheet"] = one_sheet
        filters["deferred"] = deferred


def setup(app: Sphinx) -> None:
    """Register the events."""
    app.connect("builder-inited", add_filters)
    app.connect("html-page-context", fill_head, priority=AFTER_THE_OTHERS)
