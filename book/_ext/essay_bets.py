"""All bets of the book on one page: `{bets}`, gathered from the chapters that hold them.

The block stands where the list shall stand; what it holds is told where no script runs.
Question, options and answer are those of the chapter's own block; nothing is kept twice::

    ```{bets}
    What a reader without scripts is told.
    ```

An answer is not in sight: it lies where a bet in a chapter has it, in an attribute.
"""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from myst_nb.ext.utils import DirectiveBase
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from essay_blocks import element, essay_element, pass_over
from essay_words import _

#: What of a bet the script asks for, beside its answers.
CARRIED = ("data-name", "data-bet", "data-answer", "data-answer-of")


class all_bets(nodes.General, nodes.Element):
    """The place of the list, until all pages are read."""


class BetsBlock(DirectiveBase):
    """`{bets}`: the list of all bets."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """The place, with what is told where no script runs."""
        env = self.document.settings.env
        pages_with_lists(env).add(env.docname)
        without = element("div", class_="essay-bets__without")
        self.state.nested_parse(self.content, self.content_offset, without)
        place = all_bets(page=env.docname)
        return [element("div", without, place, class_="essay-bets")]


def pages_with_lists(env: BuildEnvironment) -> set[str]:
    """Pages that list all bets."""
    if not hasattr(env, "essay_bets_pages"):
        env.essay_bets_pages = set()
    return env.essay_bets_pages


def is_bet(node: nodes.Node) -> bool:
    """Is this a bet of a chapter?"""
    return (
        isinstance(node, essay_element)
        and node["attributes"].get("class") == "essay-bet"
    )


def in_order(env: BuildEnvironment, page: str) -> Iterator[str]:
    """A page, and all pages below it in the order of the table of contents."""
    yield page
    for below in env.toctree_includes.get(page, []):
        yield from in_order(env, below)


class GatherBets(SphinxPostTransform):
    """Fill the list; references in a question are resolved after that."""

    default_priority = 5
    formats = ("html",)

    def run(self) -> None:
        """Put the bets of all pages in the place of the list."""
        for place in list(self.document.findall(all_bets)):
            items = [
                self.item(bet, page, place["page"])
                for page in in_order(self.env, self.config.root_doc)
                for bet in self.env.get_doctree(page).findall(is_bet)
            ]
            place.replace_self(element("ol", *items, class_="essay-bets__list"))

    def item(self, bet: essay_element, page: str, here: str) -> essay_element:
        """One bet: its question and options, and the way to its place."""
        asked = [
            part.deepcopy()
            for part in bet
            if isinstance(part, nodes.paragraph) or part["tag"] == "ol"
        ]
        for part in asked:
            for reference in part.findall(addnodes.pending_xref):
                reference["refdoc"] = here
        attributes = bet["attributes"]
        address = self.app.builder.get_relative_uri(here, page)
        title = self.env.titles[page].astext()
        link = nodes.reference(
            "",
            _("In “{title}”", title=title),
            refuri=f"{address}#{attributes['id']}",
            internal=True,
        )
        return element(
            "li",
            *asked,
            nodes.paragraph("", "", link, classes=["essay-bets__place"]),
            class_="essay-guess",
            **{name: attributes[name] for name in CARRIED},
        )


def lead_to_list(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Tell each bet where the list of all is, if the book has one."""
    for page in sorted(pages_with_lists(app.env)):
        for bet in doctree.findall(is_bet):
            address = app.builder.get_relative_uri(docname, page)
            bet["attributes"]["data-all"] = address


def remember_reading(app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
    """Keep in mind whether any page is read in this build."""
    app.essay_pages_read = bool(names)


def write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Any page may have another bet now."""
    return sorted(pages_with_lists(env)) if app.essay_pages_read else []


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """A page is read anew."""
    pages_with_lists(env).discard(docname)


def merge(
    app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
) -> None:
    """Pages were read by another process."""
    pages_with_lists(env).update(pages_with_lists(other) & set(docnames))


def setup(app: Sphinx) -> None:
    """Register the block, the transform and the events."""
    app.add_node(
        all_bets,
        html=(pass_over, pass_over),
        latex=(pass_over, pass_over),
        text=(pass_over, pass_over),
    )
    app.add_directive("bets", BetsBlock)
    app.add_post_transform(GatherBets)
    app.connect("doctree-resolved", lead_to_list)
    app.connect("env-before-read-docs", remember_reading)
    app.connect("env-updated", write_again)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
