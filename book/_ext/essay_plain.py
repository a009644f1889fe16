"""Pages as plain Markdown: what any notebook viewer shows, whatever made the page.

Walks a page that Sphinx has resolved: its numbers are filled in, its references have
their words, its figures their numbers. Code cells come out as they stand in the notebook.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx_design.dropdown import dropdown_main

from essay_blocks import essay_element
from essay_specs import unpacked
from essay_words import _

#: What Markdown or a formula would take for a mark of its own.
MARKS = re.compile(r"([\\`*_\[\]<>$|~])")
#: What would begin a list, a heading or a quotation at the start of a line.
BEGINS = re.compile(r"^(\s*)(#|[-+>=](?=\s|$)|\d+[.)](?=\s|$))")
SPEC = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)
#: Nothing of the page stands there for who reads it as plain text.
SILENT = (
    nodes.comment,
    nodes.target,
    nodes.system_message,
    nodes.substitution_definition,
)
#: Elements that stand within a line.
INLINE = ("span", "b", "i", "a", "em", "strong")


def escaped(text: str) -> str:
    r"""Text in which no letter is a mark.

    >>> escaped("2 * 3 < 7 [sic]")
    '2 \\* 3 \\< 7 \\[sic\\]'
    """
    return MARKS.sub(r"\\\1", text)


def begun(line: str) -> str:
    r"""A paragraph that begins no list.

    >>> begun("1994. A year"), begun("# 3")
    ('1994\\. A year', '\\# 3')
    """
    return BEGINS.sub(
        lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", line, count=1
    )


def folded(summary: str, *blocks: str) -> str:
    """Something that opens on a click; the empty lines let Markdown stand in it."""
    body = "\n\n".join(blocks)
    return f"<details>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


@dataclass
class Cell:
    """A cell of the plain notebook: words, or the place of a code cell and what it showed."""

    words: list[str] = field(default_factory=list)
    index: int | None = None
    outputs: list[dict[str, Any]] = field(default_factory=list)
    hidden: bool = False


@dataclass
class Page:
    """What comes out of a page.

    Attributes
    ----------
    cells
        In the order of the page.
    terms, works, claims
        Ids of the terms, works and claims that the text names, in their order.
    """

    cells: list[Cell] = field(default_factory=list)
    terms: dict[str, None] = field(default_factory=dict)
    works: dict[str, None] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)


class Plain:
    """Writes a page as cells of plain Markdown.

    Parameters
    ----------
    picture : callable
        Output of a notebook for the specification of a chart, with its figure's name.
    shows : callable
        Place of the code cell that shows the chart or table of a name, or None.
    """

    def __init__(
        self,
        picture: Callable[[dict[str, Any]], dict[str, Any]],
        shows: Callable[[str], int | None],
        pages: dict[str, str],
    ) -> None:
        self.page = Page()
        self.picture, self.shows, self.pages = picture, shows, pages
        self.level = 0

    # --- cells ---------------------------------------------------------------------------

    def say(self, *words: str) -> None:
        """Add words to the cell that is being written."""
        cells = self.page.cells
        if not cells or cells[-1].index is not None:
            cells.append(Cell())
        cells[-1].words += [word for word in words if word.strip()]

    def output(self, name: str, data: dict[str, Any]) -> bool:
        """Put an output under the code cell that shows it; False if there is none."""
        place = self.shows(name)
        own = [cell for cell in self.page.cells if cell.index is not None]
        for cell in reversed(own):
            if place is None or cell.index == place:
                cell.outputs.append(data)
                return True
        return False

    def walk(self, children: Iterable[nodes.Node]) -> None:
        """Write what stands at the top of a page or a section."""
        for node in children:
            if isinstance(node, nodes.section):
                self.level += 1
                self.walk(node.children)
                self.level -= 1
            elif isinstance(node, nodes.title):
                self.page.cells.append(Cell())
                self.say(f"{'#' * self.level} {self.line(node)}")
            elif (
                isinstance(node, nodes.container)
                and node.get("nb_element") == "cell_code"
            ):
                self.code(node)
            elif isinstance(node, essay_element) and node["tag"] == "figure":
                self.say(*self.figure(node))
            else:
                self.say(*self.blocks(node))

    def code(self, node: nodes.container) -> None:
        """A code cell and what it shows on the page."""
        tags = node["cell_metadata"].get("tags", [])
        hidden = bool({"remove-input", "hide-input", "remove-cell"} & set(tags))
        cell = Cell(index=node["cell_index"], hidden=hidden)
        self.page.cells.append(cell)
        for part in node:
            if "cell_output" in part.get("classes", ()):
                cell.outputs += self.shown(part)

    def shown(self, part: nodes.Element) -> list[dict[str, Any]]:
        """Outputs of a code cell that the page has."""
        found = []
        for raw in part.findall(nodes.raw):
            text = raw.astext()
            if raw["format"] != "html" or not text.strip():
                continue
            spec = SPEC.search(text)
            if spec and "essay-chart__view" in text:
                found.append(self.picture(unpacked(spec[1])))
            else:
                found.append(as_html(plain_html(text)))
        return found

    # --- blocks --------------------------------------------------------------------------

    def blocks(self, node: nodes.Node) -> list[str]:
        """A node as blocks of Markdown."""
        if isinstance(node, nodes.Text) or self.is_inline(node):
            return [begun(self.inline(node).strip())]
        if isinstance(node, SILENT):
            return []
        if isinstance(node, essay_element):
            return self.element(node)
        if isinstance(node, nodes.raw):
            return self.raw(node)
        if isinstance(node, dropdown_main):
            title, body = node.children
            return [folded(html.escape(words_of(title.children[0])), *self.all(body))]
        kind = getattr(self, f"block_{type(node).__name__}", None)
        return kind(node) if kind else self.all(node)

    def all(self, node: nodes.Element) -> list[str]:
        """Blocks of all that stands in a node."""
        return [
            block for child in node.children for block in self.blocks(child) if block
        ]

    def is_inline(self, node: nodes.Node) -> bool:
        """Does a node stand within a line?"""
        if isinstance(node, essay_element):
            return node["tag"] in INLINE
        return isinstance(node, nodes.Inline) and not isinstance(node, nodes.raw)

    def block_paragraph(self, node: nodes.paragraph) -> list[str]:
        """A paragraph."""
        return [begun(self.line(node))]

    block_rubric = block_caption = block_paragraph

    def block_literal_block(self, node: nodes.literal_block) -> list[str]:
        """Code that is not run."""
        language = node.get("language", "")
        return [f"```{'' if language == 'none' else language}\n{node.astext()}\n```"]

    def block_math_block(self, node: nodes.math_block) -> list[str]:
        """A formula of its own."""
        return [f"$$\n{node.astext().strip()}\n$$"]

    def block_block_quote(self, node: nodes.block_quote) -> list[str]:
        """A quotation."""
        return [quoted(self.all(node))]

    def block_admonition(self, node: nodes.admonition) -> list[str]:
        """A box."""
        title, *rest = node.children
        said = [block for child in rest for block in self.blocks(child)]
        return [quoted([f"**{self.line(title)}**", *said])]

    block_note = block_tip = block_warning = block_block_quote

    def block_bullet_list(self, node: nodes.bullet_list) -> list[str]:
        """A list."""
        return [self.listed(node, lambda number: "- ")]

    def block_enumerated_list(self, node: nodes.enumerated_list) -> list[str]:
        """A list with numbers."""
        return [self.listed(node, lambda number: f"{number}. ")]

    def listed(self, node: nodes.Element, mark: Callable[[int], str]) -> str:
        """A list; what belongs to an item stands below its first letter."""
        items = [self.all(item) for item in node.children]
        apart = "\n\n" if any(len(item) > 1 for item in items) else "\n"
        return apart.join(
            hung(mark(number), "\n\n".join(item))
            for number, item in enumerate(items, 1)
        )

    def block_definition_list(self, node: nodes.definition_list) -> list[str]:
        """Terms with their meanings."""
        found = []
        for item in node.children:
            terms = [self.line(term) for term in item.findall(nodes.term)]
            meaning = next(item.findall(nodes.definition))
            found += [f"**{', '.join(terms)}**", *self.all(meaning)]
        return found

    def block_table(self, node: nodes.table) -> list[str]:
        """A table that is written in Markdown."""
        rows = [
            [" ".join(self.all(entry)).replace("\n", " ") for entry in row.children]
            for row in node.findall(nodes.row)
        ]
        return [tabled(rows)]

    def block_compound(self, node: nodes.compound) -> list[str]:
        """The table of contents: the other chapters are not here."""
        return []

    def block_container(self, node: nodes.container) -> list[str]:
        """Something that holds others."""
        if "sd-card-title" in node.get("classes", ()):
            return [f"**{' '.join(self.all(node)).strip('* ')}**"]
        return self.all(node)

    def block_PassthroughTextElement(self, node: nodes.Element) -> list[str]:
        """Words of a card."""
        return [self.line(node)]

    def block_footnote(self, node: nodes.footnote) -> list[str]:
        """A footnote."""
        label, *rest = node.children
        said = [block for child in rest for block in self.blocks(child)]
        return [f"({label.astext()}) {' '.join(said)}"]

    def raw(self, node: nodes.raw) -> list[str]:
        """HTML of the page that stands between its words."""
        text = node.astext()
        if node.get("format") != "html" or text.startswith("<!--"):
            return []
        if 'class="essay-versions"' in text:
            return [quoted([versions()])]
        said = BeautifulSoup(text, "html.parser").get_text(" ", strip=True)
        return [begun(escaped(said))] if said else []

    # --- what this book adds -------------------------------------------------------------

    def element(self, node: essay_element) -> list[str]:
        """An element of the page."""
        kind = node["attributes"].get("class", "")
        if kind.startswith("essay-table"):
            return self.rows(node)
        if kind == "essay-bet":
            return self.bet(node)
        if kind == "essay-quiz__question":
            return self.question(node)
        if node["tag"] == "template":
            return []
        if node["tag"] == "details":
            summary, *rest = node.children
            said = [block for child in rest for block in self.blocks(child)]
            return (
                [folded(html.escape(words_of(summary).strip()), *said)] if said else []
            )
        if node["tag"] == "ol":
            return [self.options(node)]
        if node["tag"] == "figure":
            return self.figure(node)
        return self.all(node)

    def options(self, node: essay_element) -> str:
        """Options of a bet or a question, with letters."""
        letters = (f"{letter}. " for letter in "abcdefgh")
        return "\n".join(
            f"- {letter}{' '.join(self.all(item))}"
            for letter, item in zip(letters, node.children)
        )

    def bet(self, node: essay_element) -> list[str]:
        """A bet: a question, its options, and the answer in a fold."""
        question, *rest = node.children
        said = [block for child in rest for block in self.blocks(child)]
        return [f"**{_('Your bet')}.** {self.line(question)}", *said]

    def question(self, node: essay_element) -> list[str]:
        """A question of a self-check."""
        number, question, options, answer = node.children
        letter, reason = answer.children[1:]
        right = f"**{letter.astext().strip()}** {self.line(reason)}"
        return [
            f"**{escaped(number.astext().strip())}** {self.line(question)}",
            self.options(options),
            folded(html.escape(answer.children[0].astext()), right),
        ]

    def figure(self, node: essay_element) -> list[str]:
        """The words of a figure; its picture goes under the cell that draws it."""
        name = node["figure_names"][0]
        heading = next(part for part in node if is_of(part, "essay-chart__title"))
        reading = next(part for part in node if is_of(part, "essay-chart__reading"))
        drawn = next(
            SPEC.search(part.astext()) for part in node if "<svg" in part.astext()
        )
        legend = next(part for part in node if part.get("tag") == "figcaption")
        self.output(name, self.picture(unpacked(drawn[1])))
        number, caption, source, extras = legend.children
        fold = extras.children[0]
        described = [
            b for part in fold.children[1].children[1:] for b in self.blocks(part)
        ]
        called = BeautifulSoup(number.astext(), "html.parser").get_text().strip()
        return [
            f"**{called}. {self.line(heading.children[0])}**",
            begun(self.line(reading)),
            f"*{self.line(caption)}*",
            *(
                [folded(html.escape(fold.children[0].astext()), *described)]
                if described
                else []
            ),
            *self.source(source.astext()),
        ]

    def source(self, markup: str) -> list[str]:
        """The line of kind and source."""
        found = BeautifulSoup(markup, "html.parser")
        kinds = [kind.extract().get_text() for kind in found.select(".essay-kind")]
        line = found.select_one("p")
        text = escaped(line.get_text().strip())
        return [f"<small>{', '.join(kinds)}: {text}</small>"]

    def rows(self, node: essay_element) -> list[str]:
        """The words of a table that a cell hands over; its rows go under that cell."""
        caption, source = first(node, "caption"), node.children[-1]
        self.output(node["rows_name"], as_html(html_table(node)))
        words = " ".join(self.all(caption))
        return [f"**{words}**", f"<small>{escaped(source.astext())}</small>"]

    # --- within a line -------------------------------------------------------------------

    def line(self, node: nodes.Element) -> str:
        """What stands in a node, as one line."""
        return re.sub(r"\s*\n\s*", " ", self.inside(node)).strip()

    def inside(self, node: nodes.Element) -> str:
        """What stands in a node."""
        return "".join(self.inline(child) for child in node.children)

    def inline(self, node: nodes.Node) -> str:
        """A node within a line."""
        if isinstance(node, nodes.Text):
            return escaped(node.astext())
        if isinstance(node, nodes.raw):
            return "" if node.astext().startswith("<!--") else stripped(node.astext())
        if isinstance(node, nodes.literal):
            return coded(node.astext())
        if isinstance(node, nodes.math):
            return f"${node.astext().strip()}$"
        if isinstance(node, nodes.reference):
            return self.reference(node)
        if isinstance(node, nodes.footnote_reference):
            return f" ({node.astext()})"
        if isinstance(node, SILENT):
            return ""
        said = self.inside(node)
        if isinstance(node, nodes.emphasis):
            return marked("*", said)
        if isinstance(node, nodes.strong) or (
            isinstance(node, essay_element) and node["tag"] == "b"
        ):
            return marked("**", said)
        return said

    def reference(self, node: nodes.reference) -> str:
        """A link that leads somewhere from here, or its words."""
        said = self.inside(node)
        address = node.get("refuri", "")
        place, _, name = address.partition("#")
        if address.startswith(("https://", "http://", "mailto:")):
            return f"[{said}]({address})"
        if name.startswith("term-"):
            self.page.terms[name] = None
        elif place.endswith("references.html") and name:
            self.page.works[name] = None
        elif re.fullmatch(r"c\d\d", name) and node.get("reftitle"):
            self.page.claims[node.astext()] = node["reftitle"]
        elif place in self.pages:
            return f"[{said}]({self.pages[place]}{'#' + name if name else ''})"
        return said


# --- small parts ---------------------------------------------------------------------------


def words_of(node: nodes.Node) -> str:
    """Words of a node, without the marks that the build leaves beside them."""
    found = node.findall(nodes.Text)
    return "".join(text for text in found if not isinstance(text.parent, nodes.raw))


def is_of(node: nodes.Node, kind: str) -> bool:
    """Is a node of a class?"""
    if isinstance(node, essay_element):
        return node["attributes"].get("class") == kind
    return isinstance(node, nodes.Element) and kind in node.get("classes", ())


def every(node: nodes.Element, tag: str) -> list[essay_element]:
    """Elements of a tag below a node."""
    return [one for one in node.findall(essay_element) if one["tag"] == tag]


def first(node: nodes.Element, tag: str) -> essay_element:
    """The first element of a tag below a node."""
    return every(node, tag)[0]


def hung(mark: str, text: str) -> str:
    """Text behind a mark, its other lines below its first letter."""
    return mark + text.replace("\n", "\n" + " " * len(mark)).replace(
        "\n" + " " * len(mark) + "\n", "\n\n"
    )


def quoted(blocks: Iterable[str]) -> str:
    """Blocks as a quotation: the box that plain Markdown has."""
    lines = "\n\n".join(blocks).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def tabled(rows: list[list[str]]) -> str:
    """Rows as a table; the first holds the headings."""
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def marked(mark: str, text: str) -> str:
    """Text between marks, which must touch it.

    >>> marked("*", "so ") + "it is"
    '*so* it is'
    """
    inner = text.strip()
    if not inner:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{mark}{inner}{mark}{after}"


def coded(text: str) -> str:
    """Text as code in a line.

    >>> coded("a"), coded("`a`")
    ('`a`', '`` `a` ``')
    """
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def stripped(markup: str) -> str:
    """Words of HTML in a line; a tag that opens or shuts alone has none."""
    return escaped(BeautifulSoup(markup, "html.parser").get_text())


def html_table(node: essay_element) -> str:
    """Head and rows of a table of the page as HTML."""
    lines = []
    for row in every(node, "tr"):
        cells = [
            f"<th>{html.escape(words_of(cell))}</th>"
            if cell["tag"] == "th"
            else f"<td>{cell.astext()}</td>"  # which is HTML already
            for cell in row.children
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(lines)}</table>"


def plain_html(markup: str) -> str:
    """HTML of the page without what only the page can use: scripts, styles, classes."""
    found = BeautifulSoup(markup, "html.parser")
    for one in found.select("script, style, template, svg, button, input, select"):
        one.decompose()
    for one in found.find_all(True):
        one.attrs = {
            k: v for k, v in one.attrs.items() if k in ("scope", "colspan", "rowspan")
        } | (
            {"href": one["href"]} if str(one.get("href", "")).startswith("http") else {}
        )
        if one.name == "a" and "href" not in one.attrs:
            one.unwrap()
    return str(found).strip()


def as_html(markup: str) -> dict[str, Any]:
    """An output of HTML."""
    text = BeautifulSoup(markup, "html.parser").get_text(" ", strip=True)
    return output({"text/html": markup, "text/plain": text[:200]})


def output(data: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    """An output of a code cell."""
    return {"output_type": "display_data", "data": data, "metadata": metadata}


def versions() -> str:
    """What stands where the page has its switch between the versions."""
    return _(
        "On the page a switch changes over to the version of the paper. Here the words "
        "follow the public record; with MULTIVECTOR_CODING=paper in the environment "
        "the cells follow the paper."
    )
