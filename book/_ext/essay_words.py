"""The language of the book: the functions of the shared module, and words for the scripts."""

from __future__ import annotations

import ast
import html
import json
import os
import sys
from pathlib import Path

from babel.messages.extract import extract_from_file
from sphinx.application import Sphinx
from sphinx.config import Config

sys.path.append(str(Path(__file__).resolve().parent.parent))

from multivector.forms import VARIABLE, formatted, typeset
from multivector.language import FOLDER, N_, _

__all__ = ["N_", "_", "formatted", "glued", "typeset"]

SCRIPTS = Path(__file__).resolve().parent.parent / "_static"


def glued(plain: str, form: str, language: str) -> str:
    """Write a value that a notebook has glued, given as its plain text.

    >>> glued("-0.25", ".0%", "en"), glued("'record'", "", "en"), glued("2009", "", "de")
    ('\u221225%', 'record', '2009')
    """
    try:
        value = ast.literal_eval(plain)
    except (SyntaxError, ValueError):
        value = plain
    if isinstance(value, (int, float)) and form == "":
        return typeset(str(value))
    return formatted(value, form, language)


def catalogues(language: str) -> dict[str, Path]:
    """File that the words of a language come from, if it has one, by name."""
    path = FOLDER / language / "LC_MESSAGES" / "multivector.po"
    return {path.name: path} if path.is_file() else {}


def words_of_scripts() -> dict[str, str]:
    """The words that the scripts say, where the language has others."""
    said = {}
    for script in sorted(SCRIPTS.glob("*.js")):
        for _line, message, *_rest in extract_from_file("javascript", script):
            said[message] = _(message)
    return {english: other for english, other in said.items() if english != other}


def choose_language(app: Sphinx, config: Config) -> None:
    """Tell the language of the book to the kernels, which inherit it, and to the scripts."""
    os.environ[VARIABLE] = config.language
    config.nb_code_prompt_show = _("Show code cell source")
    config.nb_code_prompt_hide = _("Hide code cell source")
    config.togglebutton_hint = _("Click to show")
    config.togglebutton_hint_hide = _("Click to hide")
    words = json.dumps(words_of_scripts(), ensure_ascii=False)
    app.add_js_file(
        "essay-words.js",
        loading_method="defer",
        priority=150,
        **{"data-language": config.language, "data-words": words},
    )


def speak(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object
) -> None:
    """Words of others in a page, for which they have no catalogue."""
    if body := context.get("body"):
        shown = 'aria-label="Toggle hidden content"'  # myst-nb, of folded code
        hidden = html.escape(_("Toggle hidden content"))
        context["body"] = body.replace(shown, f'aria-label="{hidden}"')


def setup(app: Sphinx) -> None:
    """Register the events."""
    app.connect("config-inited", choose_language, priority=200)
    app.connect("html-page-context", speak)
