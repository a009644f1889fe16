"""Texts of the pages for the search page, as scripts, so that a file may read them too.

Sphinx's search fetches each page that it has found, and takes an excerpt out of it. A page
that is opened from a disk may fetch nothing, and the pages are large, for their drawings.
So the text of each page is written beside it as a small script, which the search page
loads (`essay-search.js`), from a server or from a file.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString, Tag
from docutils import nodes
from sphinx.application import Sphinx

FOLDER = "texts"
SCRIPT = "essay-search.js"
# What a reader of the page does not see as text.
UNREAD = re.compile(r"<(svg|script|template|style)\b.*?</\1>|<!--.*?-->", re.DOTALL)
# What an address of a result may point to.
PLACES = ("section", "dt", "span")
# What has a line of its own; a word does not run on into the next.
LINES = ("td", "th", "li", "p", "dt", "dd", "pre", "h1", "h2", "h3", "summary")


def pieces(element: Tag) -> Iterator[str]:
    """Text of an element, as HTML that keeps its places and nothing else."""
    for child in element.children:
        if type(child) is NavigableString:
            yield html.escape(re.sub(r"\s+", " ", child), quote=False)
        elif isinstance(child, Tag) and "headerlink" not in child.get("class", []):
            place = child.get("id") if child.name in PLACES else None
            inner = "".join(pieces(child)) + (" " if child.name in LINES else "")
            if place and inner.strip():
                inner = f'<div id="{html.escape(place)}">{inner}</div>'
            yield inner


def text_of(body: str) -> str:
    """Text of a page in the shape in which Sphinx looks for it.

    >>> text_of('<section id="a"><h1>On <i>A</i></h1><svg><text>7</text></svg></section>')
    '<div role="main"><div id="a">On A </div></div>'
    """
    page = BeautifulSoup(UNREAD.sub("", body), "html.parser")
    return f'<div role="main">{"".join(pieces(page))}</div>'


def write_text(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict,
    doctree: nodes.document | None,
) -> None:
    """Write the text of a page that is about to be written; let the search page read it."""
    if app.builder.name != "html":
        return
    if pagename == "search":
        app.add_js_file(SCRIPT, loading_method="defer")
    if doctree is None or not context.get("body"):
        return
    script = Path(app.outdir) / FOLDER / f"{pagename}.js"
    script.parent.mkdir(parents=True, exist_ok=True)
    told = f"{json.dumps(pagename)}, {json.dumps(text_of(context['body']))}"
    script.write_text(f"essayTexts.tell({told});\n", encoding="utf-8")


def forget_words(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """Take the words out of the index that no page has any more, and give no page.

    Sphinx keeps them from build to build, each without a page, so that a book would not be
    the one that a build from clean gives.
    """
    if app.builder.name == "html":
        index = app.builder.indexer
        for words in (index._mapping, index._title_mapping):
            for word in [word for word, found in words.items() if not found]:
                del words[word]
    return iter(())


def setup(app: Sphinx) -> None:
    """Register the events; a page is read after all that changes its body."""
    app.connect("html-page-context", write_text, priority=900)
    app.connect("html-collect-pages", forget_words)
