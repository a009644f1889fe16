"""Claims named in the text (C08) lead to the ledger, and say on hover what they claim."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

LEDGER = "book/a1-ledger"
CLAIM = re.compile(r"\bC\d\d\b")
#: In these a claim's id is not prose, or a link already.
NOT_PROSE = (
    nodes.literal,
    nodes.literal_block,
    nodes.reference,
    nodes.title,
    nodes.raw,
)


def claims(app: Sphinx) -> dict[str, str]:
    """Claims by id, out of the case's table; the last version of a row counts."""
    table = Path(app.srcdir) / "data" / "claims.csv"
    if not table.is_file():
        return {}
    with table.open(encoding="utf-8", newline="") as rows:
        return {row["id"]: row["claim"] for row in csv.DictReader(rows)}


def is_prose(node: nodes.Node) -> bool:
    """Does a text stand in running text?"""
    while isinstance(node.parent, nodes.Element):
        node = node.parent
        # What code has glued in may be another text in the other version: it stays plain.
        if isinstance(node, NOT_PROSE) or "pasted-text" in node.get("classes", ()):
            return False
    return True


def linked(text: nodes.Text, known: dict[str, str], address: str) -> list[nodes.Node]:
    """A text with each known claim made a link."""
    parts, end = [], 0
    for found in CLAIM.finditer(text):
        if found[0] not in known:
            continue
        parts.append(nodes.Text(text[end : found.start()]))
        link = nodes.reference(
            "", found[0], refuri=f"{address}#{found[0].lower()}", internal=True
        )
        link["reftitle"] = known[found[0]]
        parts.append(link)
        end = found.end()
    return [*parts, nodes.Text(text[end:])]


def link_claims(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link the claims of a page."""
    if LEDGER not in app.env.found_docs or app.builder.format != "html":
        return
    known, address = claims(app), app.builder.get_relative_uri(docname, LEDGER)
    for text in list(doctree.findall(nodes.Text)):
        if CLAIM.search(text) and is_prose(text):
            text.parent.replace(text, linked(text, known, address))


def setup(app: Sphinx) -> None:
    """Register the event."""
    app.connect("doctree-resolved", link_claims)
