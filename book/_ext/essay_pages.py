"""What stands around the text: buttons that have somewhere to lead, scripts that are used."""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

import essay_words  # noqa: F401  finds the shared module
from multivector.page.render import environment

#: The page with source and licence of each table.
SOURCES = "book/a4-sources"
REPOSITORY_BUTTONS = (
    "use_repository_button",
    "use_issues_button",
    "use_edit_page_button",
)


def repository_options(options: dict) -> dict:
    """Theme options with buttons only if there is a repository to lead to.

    >>> repository_options({"repository_url": "", "launch_buttons": {"thebe": False}})[
    ...     "launch_buttons"
    ... ]
    {}
    """
    known = bool(options.get("repository_url"))
    buttons = dict.fromkeys(REPOSITORY_BUTTONS, known)
    launch = options.get("launch_buttons", {}) if known else {}
    return options | buttons | {"launch_buttons": launch}


def without_scripts(markup: str, *names: str) -> str:
    """Markup without the script elements (and preloads) that load one of the files.

    >>> without_scripts('<script src="a/b.js?x"></script><script src="c.js"></script>', "b.js")
    '<script src="c.js"></script>'
    """
    for name in names:
        markup = re.sub(
            rf'<script[^>]*src="[^"]*\b{re.escape(name)}(\?[^"]*)?"[^>]*>\s*</script>',
            "",
            markup,
        )
    return markup


def configure(app: Sphinx, config: Config) -> None:
    """Settle buttons and templates before the theme reads them."""
    config.html_theme_options = repository_options(config.html_theme_options)
    config.templates_path = [
        *config.templates_path,
        str(Path(__file__).parent / "templates"),
    ]


def add_filter(app: Sphinx) -> None:
    """Give the templates `without_scripts`."""
    if app.builder.format == "html":
        app.builder.templates.environment.filters["without_scripts"] = without_scripts


def tell_reuse(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict,
    doctree: nodes.document | None,
) -> None:
    """Let the foot of each page say how it may be reused."""
    known = SOURCES in app.env.found_docs and pagename in app.env.found_docs
    sources = context["pathto"](SOURCES) if known else ""
    filled = environment().get_template("reuse.html").render(sources=sources)
    context["essay_reuse"] = filled


def raise_single_page(app: Sphinx, exception: Exception | None) -> None:
    """Move the one page of a `singlehtml` build to where its assets are looked for.

    The root document lies in book/, but that builder writes all addresses as seen from
    the output folder.
    """
    page = Path(app.outdir) / f"{app.config.root_doc}.html"
    if exception or app.builder.name != "singlehtml" or not page.is_file():
        return
    text = page.read_text(encoding="utf-8")
    own = f'href="{app.config.root_doc}.html#'
    (Path(app.outdir) / "index.html").write_text(
        text.replace(own, 'href="#'), encoding="utf-8"
    )
    page.unlink()


def setup(app: Sphinx) -> None:
    """Register events."""
    app.connect("build-finished", raise_single_page)
    app.connect("config-inited", configure)
    app.connect("builder-inited", add_filter)
    app.connect("html-page-context", tell_reuse)
