"""Names and roles for what the theme puts around the text, and for its lists of works.

Who cannot see a page hears what its parts are called: the theme leaves some without a name,
names others twice, and gives roles that no reader's program knows any more. The markup is
corrected as it is written, tag by tag; what needs a script is in `essay-landmarks.js`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from sphinx.application import Sphinx

from essay_words import N_, _

#: Attributes that a reader's program says aloud, in the language of the book.
SAID = ("aria-label", "title")
#: What the opening tag of a part has in it, and the attributes that the part gets; None
#: takes one away.
PARTS: tuple[tuple[str, dict[str, str | None]], ...] = (
    # Empty where the theme has nothing to put there.
    ('id="pst-header"', {"hidden": ""}),
    ('class="bd-footer"', {"hidden": ""}),
    # A landmark for each part of the page.
    (
        'id="pst-primary-sidebar"',
        {"role": "complementary", "aria-label": N_("This book")},
    ),
    ('class="bd-links bd-docs-nav"', {"aria-label": N_("Chapters")}),
    ('id="pst-search-dialog"', {"aria-label": N_("Search")}),
    ('id="pst-primary-sidebar-modal"', {"aria-label": N_("This book")}),
    ('id="pst-secondary-sidebar-modal"', {"aria-label": N_("On this page")}),
    ('class="bd-search d-flex align-items-center"', {"role": "search"}),
    # Buttons: one name each, which is what one sees where there are words to be seen.
    (
        'class="sidebar-toggle primary-toggle',
        {
            "title": N_("Chapters"),
            "aria-label": N_("Chapters"),
            "aria-controls": "pst-primary-sidebar",
            "data-bs-toggle": None,
        },
    ),
    (
        'class="sidebar-toggle secondary-toggle',
        {
            "title": N_("On this page"),
            "aria-label": N_("On this page"),
            "aria-controls": "pst-secondary-sidebar",
            "data-bs-toggle": None,
        },
    ),
    (
        'class="btn search-button-field',
        {"title": None, "aria-label": None, "data-bs-toggle": None},
    ),
    ("pst-navbar-icon search-button", {"data-bs-toggle": None}),
    (
        "theme-switch-button",
        {
            "title": N_("Colours"),
            "aria-label": N_("Colours"),
            "data-bs-title": None,
            "data-bs-toggle": None,
        },
    ),
    ('class="theme-switch ', {"title": None}),
    (
        'class="prev-next-area"',
        {"role": "navigation", "aria-label": N_("Previous and next page")},
    ),
    # The arrow beside it says the same.
    ('class="left-prev"', {"title": None}),
    ('class="right-next"', {"title": None}),
    # A work in a list of works; the older role of its own is no item of a list.
    ('role="doc-biblioentry"', {"role": "listitem"}),
)
#: Signs that stand beside words, or within a button that has a name.
ICON = re.compile(r'<(i|span) class="((?:fa|fas|fab|far|theme-switch)[ -][^"]*)"')


def attributes(tag: str) -> Iterator[tuple[str, str]]:
    """Name and value of each attribute of an opening tag, as they are written.

    >>> list(attributes('<p class="a b" hidden>'))
    [('class', 'a b'), ('hidden', '')]
    """
    inside = re.sub(r"^<[\w-]+|/?>$", "", tag)
    yield from re.findall(r'([^\s="]+)(?:\s*=\s*"([^"]*)")?', inside)


def with_attributes(tag: str, wanted: dict[str, str | None]) -> str:
    """An opening tag with other attributes; None takes one away.

    >>> with_attributes('<nav class="a" title="b">', {"title": None, "role": "list"})
    '<nav class="a" role="list">'
    """
    given = dict(attributes(tag))
    for name, value in wanted.items():
        if value is None:
            given.pop(name, None)
        else:
            given[name] = html.escape(_(value)) if name in SAID else value
    name = re.match(r"<([\w-]+)", tag)[1]
    said = "".join(f' {key}="{value}"' for key, value in given.items())
    return f"<{name}{said}{'/>' if tag.endswith('/>') else '>'}"


def named(markup: str) -> str:
    """Markup of a page whose parts have the names and roles of `PARTS`.

    >>> named('<dialog id="pst-search-dialog"><i class="fa-solid fa-list"></i>')
    '<dialog id="pst-search-dialog" aria-label="Search"><i aria-hidden="true" class="fa-solid fa-list"></i>'
    """
    for having, wanted in PARTS:
        markup = re.sub(
            rf"<[a-z][^<>]*{re.escape(having)}[^<>]*>",
            lambda found, wanted=wanted: with_attributes(found[0], wanted),
            markup,
        )
    return ICON.sub(r'<\1 aria-hidden="true" class="\2"', markup)


def add_filter(app: Sphinx) -> None:
    """Give the templates `named`."""
    if app.builder.format == "html":
        app.builder.templates.environment.filters["named"] = named


def setup(app: Sphinx) -> None:
    """Register filter and script."""
    app.connect("builder-inited", add_filter)
    app.add_js_file("essay-landmarks.js", loading_method="defer")
