"""LaTeX to MathML at build time: formulas need neither a script nor a network."""

from __future__ import annotations

import html
import re

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from essay_words import _

LOGGER = logging.getLogger(__name__)


# Sphinx numbers formulas; environments that number their own lines would do so twice.
NUMBERED = re.compile(r"\\(begin|end)\{(align|alignat|equation|gather|multline)\}")
LABEL = re.compile(r"\\label\{[^}]*\}")


def mathml(node: nodes.Element, display: str) -> str:
    """MathML of a node's LaTeX; the source itself, and a warning, if it cannot be read."""
    source = node.astext().strip()
    try:
        return convert(
            NUMBERED.sub(r"\\\1{\2*}", LABEL.sub("", source)), display=display
        )
    except Exception as error:  # the converter has no common base class for its errors
        LOGGER.warning("cannot read formula %r: %r", source, error, location=node)
        return f"<code>{html.escape(source)}</code>"


# A browser that draws no formulas shows their source instead (essay.css).
def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    source = html.escape(node.astext().strip())
    self.body.append(
        f'<span class="essay-math" translate="no" data-source="{source}">'
        f"{mathml(node, 'inline')}</span>"
    )
    raise nodes.SkipNode


def visit_displaymath(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula of its own, with its number if it has one."""
    self.body.append(self.starttag(node, "div", CLASS="essay-math essay-math--block"))
    source = html.escape(node.astext().strip())
    self.body.append(
        f'<div class="essay-math__scroll" data-source="{source}">'
        f"{mathml(node, 'block')}</div>"
    )
    if node.get("number"):
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the renderer; `html_math_renderer: mathml` selects it."""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_displaymath, None))
