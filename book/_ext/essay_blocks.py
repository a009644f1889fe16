"""Places in the text for what code hands over: `{chart}`, `{rows}`, `{bet}`, `{quiz}`.

A notebook hands over charts, tables and numbers by name; the words around them stand in
Markdown, where they can be read, edited and translated without touching code::

    ```{chart} levels
    Title, with {glue:text}`share:.0%` as in any sentence.

    How to read it, and what the reader can do.

    What is drawn: the caption.

    Its range and main shape, for a reader who cannot see it.
    ```

All words become paragraphs of the page, so that numbers in them follow the version of
the book and a catalogue of messages finds them.
"""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from myst_nb.core.variables import RetrievalError
from myst_nb.ext.glue.utils import glue_warning, retrieve_glue_data
from myst_nb.ext.utils import DirectiveBase
from sphinx.application import Sphinx

from essay_charts import (
    MIME,
    ROWS,
    anchor,
    chart_id,
    drawing,
    kind_and_source,
    licence,
    problems,
    view_names,
)
from essay_licences import of_case
from essay_words import _, formatted

RIGHT = re.compile(r"^(\s*[-*] )\[[xX]\] ")
WRONG = re.compile(r"^(\s*[-*] )\[ \] ")
LETTERS = "abcdefgh"


class essay_element(nodes.General, nodes.Element):
    """An element of the page with a tag and attributes; what stands in it are nodes."""


def element(tag: str, *children: nodes.Node, **attributes: str) -> essay_element:
    """A node that becomes an element; `class_` is its class, `_` in names a hyphen.

    >>> element("p", class_="note", data_name="x")["attributes"]
    {'class': 'note', 'data-name': 'x'}
    """
    named = {
        key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()
    }
    return essay_element("", *children, tag=tag, attributes=named)


def visit(writer: Any, node: essay_element) -> None:
    """Open the element; a heading stands one level below that of its section."""
    attributes = dict(node["attributes"])
    if attributes.get("role") == "heading":
        attributes["aria-level"] = str(min(writer.section_level + 1, 6))
    said = "".join(
        f' {name}="{html.escape(value)}"' for name, value in attributes.items()
    )
    writer.body.append(f"<{node['tag']}{said}>")


def depart(writer: Any, node: essay_element) -> None:
    """Close the element."""
    writer.body.append(f"</{node['tag']}>")


def pass_over(_writer: Any, node: nodes.Element) -> None:
    """Other builders take what stands in the element, if anybody sees it."""
    if node.get("tag") == "template":
        raise nodes.SkipNode


def raw(text: str) -> nodes.raw:
    """HTML that is written as it is."""
    return nodes.raw("", text, format="html")


def fold(
    summary: str | nodes.Node, *children: nodes.Node, class_: str = "essay-fold"
) -> nodes.Node:
    """Something that opens on a click on its line."""
    line = nodes.Text(summary) if isinstance(summary, str) else summary
    return element("details", element("summary", line), *children, class_=class_)


def unbalanced(wanted: str, found: list[nodes.Node]) -> str:
    """What is wrong with the parts of a block."""
    kinds = ", ".join(type(node).__name__.replace("_", " ") for node in found)
    return f"expected {wanted}; found {kinds or 'nothing'}"


class Block(DirectiveBase):
    """A block with a name; its content is Markdown."""

    required_arguments = 1
    has_content = True

    @property
    def called(self) -> str:
        """What the block shows."""
        return self.arguments[0]

    @property
    def page(self) -> str:
        """Page that the block stands on."""
        return self.document.settings.env.docname

    @property
    def root(self) -> Path:
        """Folder of the whole book."""
        return Path(self.document.settings.env.srcdir)

    @property
    def language(self) -> str:
        """Language of the book."""
        return self.document.settings.env.config.language

    def problem(self, text: str) -> list[nodes.Node]:
        """A warning with the place of the block, and nothing on the page."""
        return [glue_warning(f"{self.called}: {text}", self.document, self.line)]

    def parsed(self, lines: Iterable[str] | None = None) -> list[nodes.Node]:
        """What stands in the block, as nodes."""
        content = self.content
        if lines is not None:
            content = type(content)(list(lines), items=content.items)
        box = nodes.Element()
        self.state.nested_parse(content, self.content_offset, box)
        return list(box.children)

    def handed_over(self, key: str, mime: str) -> Any:
        """What a cell has handed over under a name."""
        return retrieve_glue_data(self.document, key).data[mime]

    def value(self, key: str) -> Any:
        """A number or a word that a cell has said."""
        return ast.literal_eval(self.handed_over(key, "text/plain"))


class ChartBlock(Block):
    """`{chart}`: title, reading aid, caption and description of one chart."""

    def run(self) -> list[nodes.Node]:
        """The figure."""
        try:
            spec = self.handed_over(f"chart/{self.called}", MIME)
        except (RetrievalError, KeyError):
            return self.problem("no cell of this page shows a chart of this name")
        words = self.parsed()
        if len(words) < 3 or not all(isinstance(w, nodes.paragraph) for w in words):
            wanted = "paragraphs: title, reading aid, caption, perhaps a description"
            return self.problem(unbalanced(wanted, words))
        for found in problems(spec, words=False):
            glue_warning(found, self.document, self.line)
        place = f"{self.page}#{self.called}"
        uid = chart_id(place, spec)
        try:
            view = drawing(spec, uid, place)
        except ValueError as error:
            return self.problem(
                f"cannot be drawn: {' '.join(str(error).split())[:300]}"
            )
        return [self.figure(spec, uid, view, *words)]

    def named_once(self, names: list[str]) -> list[str]:
        """Those of the names under which no earlier figure of the page can be found."""
        taken = self.document.settings.env.temp_data.setdefault("figures_named", set())
        fresh = [n for n in dict.fromkeys(names) if n not in taken] or names[:1]
        taken.update(fresh)
        return fresh

    def figure(
        self,
        spec: dict[str, Any],
        uid: str,
        view: str,
        title: nodes.paragraph,
        reading: nodes.paragraph,
        caption: nodes.paragraph,
        *description: nodes.paragraph,
    ) -> nodes.Element:
        """The words around the drawing."""
        heading = element(
            "div",
            title,
            class_="essay-chart__title",
            role="heading",
            id=f"{uid}-title",
        )
        reading["classes"].append("essay-chart__reading")
        caption["classes"].append("essay-chart__caption")
        said = element(
            "div",
            caption.deepcopy(),
            *description,
            class_="essay-chart__said",
            id=f"{uid}-said",
        )
        said[0]["classes"].remove("essay-chart__caption")
        extras = element(
            "div",
            fold(_("Describe this chart"), said, class_="essay-chart__description"),
            class_="essay-chart__extras",
        )
        names = self.named_once([self.called, *view_names(spec)])
        figure = element(
            "figure",
            raw("".join(anchor(name) for name in names)),
            heading,
            reading,
            raw(view),
            element("figcaption", caption, raw(kind_and_source(spec)), extras),
            class_="essay-chart",
            id=uid,
            data_licence=licence(spec, of_case(self.root)),
        )
        figure["figure_names"] = names
        return figure


class RowsBlock(Block):
    """`{rows}`: caption and headings of one table.

    The first paragraph is the caption; a list gives the columns in their order, each as
    its name (and format) in code and the heading::

        - `state`: State
        - `share:.0%`: Share of the vote

    With `:fold:` the first paragraph is the line that opens the table, and the second its
    caption; with `:cards:` each row is a card on a wide screen too.
    """

    option_spec = {"fold": directives.flag, "cards": directives.flag}

    def run(self) -> list[nodes.Node]:
        """The table."""
        try:
            given = self.handed_over(f"rows/{self.called}", ROWS)
        except (RetrievalError, KeyError):
            return self.problem("no cell of this page shows rows of this name")
        parts = self.parsed()
        folded = "fold" in self.options
        kinds = [nodes.paragraph] * (2 if folded else 1) + [nodes.bullet_list]
        if [type(part) for part in parts] != kinds:
            wanted = "the line of the fold, " if folded else ""
            return self.problem(
                unbalanced(f"{wanted}the caption, and a list of columns", parts)
            )
        columns = {}
        for item in parts[-1]:
            words = item[0]
            if not isinstance(words[0], nodes.literal):
                return self.problem(f"a column begins with its name: {item.astext()!r}")
            name, _, form = words[0].astext().partition(":")
            if name not in given["columns"]:
                known = ", ".join(given["columns"])
                return self.problem(f"no column {name!r}; the rows have {known}")
            columns[name] = (form, heading_of(words))
        table = self.table(given, parts[-2], columns)
        return [fold(inline(parts[0]), table) if folded else table]

    def table(
        self,
        given: dict[str, Any],
        caption: nodes.paragraph,
        columns: dict[str, tuple[str, nodes.paragraph]],
    ) -> nodes.Element:
        """Caption, head, rows and source."""
        head = element("tr")
        for _form, heading in columns.values():
            head += element("th", heading, scope="col")
        body = element("tbody")
        for row in zip(*(given["columns"][name] for name in columns), strict=True):
            line = element("tr")
            for value, (name, (form, heading)) in zip(
                row, columns.items(), strict=True
            ):
                inside = cell(value, form, name in given["links"], self.language)
                line += element("td", raw(inside), data_label=spoken(heading))
            body += line
        cards = " essay-table--cards" if "cards" in self.options else ""
        source = element("p", nodes.Text(given["source"]), class_="essay-chart__source")
        inner = element(
            "table", element("caption", inline(caption)), element("thead", head), body
        )
        made = element("div", inner, source, class_=f"essay-table{cards}")
        made["rows_name"] = self.called
        return made


def inline(words: nodes.paragraph) -> nodes.paragraph:
    """A paragraph that stands in a line: it stays one, so that it can be translated."""
    words["classes"].append("essay-inline")
    return words


def spoken(words: nodes.Node) -> str:
    """What is read of some words, without what only a script finds in them."""
    texts = words.findall(nodes.Text)
    return "".join(t.astext() for t in texts if not isinstance(t.parent, nodes.raw))


def heading_of(words: nodes.paragraph) -> nodes.paragraph:
    """A column's heading: its paragraph without the name that it begins with."""
    del words[0]
    if words.children and isinstance(words[0], nodes.Text):
        words[0] = nodes.Text(words[0].astext().lstrip(": "))
    words.rawsource = re.sub(r"^`[^`]+`:\s*", "", words.rawsource)
    return inline(words)


def cell(value: Any, form: str, link: bool, language: str) -> str:
    """HTML of one value of a table; several addresses stand with "; " between them."""
    if value is None:
        return ""
    if link:
        return " ".join(
            f'<a href="{html.escape(address)}">'
            f"{html.escape(address.split('/')[2].removeprefix('www.'))}</a>"
            for address in str(value).split("; ")
            if address.startswith(("https://", "http://"))
        )
    return html.escape(formatted(value, form, language) if form else str(value))


class BetBlock(Block):
    """`{bet}`: a guess before the answer is shown.

    Question, options as a list (none for a number), and the sentence that gives the
    answer. `:answer:` names what a cell has said: the place of the right option, from 1,
    or a number between `:low:` and `:high:`, which are numbers or names of numbers said.
    With `:interval:` a number is bet on with two ends that should hold it.
    """

    option_spec = {
        "answer": directives.unchanged_required,
        "low": directives.unchanged_required,
        "high": directives.unchanged_required,
        "step": float,
        "form": directives.unchanged_required,
        "unit": directives.unchanged,
        "interval": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """The bet."""
        key = self.options.get("answer", "")
        try:
            answer = self.value(key)
        except (RetrievalError, KeyError):
            return self.problem(f"no cell of this page says {key!r}, the answer")
        parts = self.parsed()
        chosen = [p for p in parts if isinstance(p, nodes.bullet_list)]
        said = [p for p in parts if isinstance(p, nodes.paragraph)]
        if len(said) < 2 or len(said) + len(chosen) != len(parts) or len(chosen) > 1:
            wanted = "a question, options as a list or none, and the answer"
            return self.problem(unbalanced(wanted, parts))
        try:
            low, high = self.end("low"), self.end("high")
        except (RetrievalError, KeyError) as error:
            return self.problem(f"no cell of this page says an end: {error}")
        last = len(chosen[0]) if chosen else high
        first = 1 if chosen else low
        if first is None or last is None or not first <= answer <= last:
            return self.problem(f"answer is {answer!r}; allowed: {first} to {last}")
        if chosen and "interval" in self.options:
            return self.problem("interval is for a number, and here are options")
        question, *told = said
        question["classes"].append("essay-bet__question")
        listed = [choices(chosen[0])] if chosen else []
        bet = element(
            "div",
            question,
            *listed,
            fold(_("The answer"), *told),
            id=f"bet-{self.called}",
            class_="essay-bet",
            data_name=self.called,
            data_bet=json.dumps({} if chosen else self.scale(low, high)),
            data_answer=repr(answer),
            data_answer_of=f"{self.page} {key}",
        )
        return [bet]

    def end(self, name: str) -> float | None:
        """An end of the slider: a number, or one that a cell has said."""
        given = self.options.get(name)
        if given is None:
            return None
        try:
            return float(given)
        except ValueError:
            return float(self.value(given))

    def scale(self, low: float, high: float) -> dict[str, Any]:
        """How a number is asked for and written."""
        form = self.options.get("form", "g")
        digits = re.search(r"\.(\d+)", form)
        return {
            "low": low,
            "high": high,
            "step": self.options.get("step", 1.0),
            "digits": int(digits[1]) if digits else 0,
            "percent": form.endswith("%"),
            "unit": self.options.get("unit", ""),
            "interval": "interval" in self.options,
        }


def choices(found: nodes.bullet_list) -> nodes.Element:
    """Options as a list with letters."""
    items = [element("li", inline(item[0])) for item in found]
    return element("ol", *items, type="a")


class QuizBlock(Block):
    """`{quiz}`: questions, each with options, the right one marked, and the reason.

    ::

        1. Question?
           - [ ] wrong
           - [x] right

           Why it is right.
    """

    def run(self) -> list[nodes.Node]:
        """The self-check."""
        lines = list(self.content)
        parts = self.parsed(RIGHT.sub(r"\1", WRONG.sub(r"\1", line)) for line in lines)
        if [type(part) for part in parts] != [nodes.enumerated_list]:
            return self.problem(unbalanced("a numbered list of questions", parts))
        marks = [
            bool(RIGHT.match(x)) for x in lines if RIGHT.match(x) or WRONG.match(x)
        ]
        quiz = element("div", class_="essay-quiz")
        for number, item in enumerate(parts[0], 1):
            if [type(p) for p in item] != [
                nodes.paragraph,
                nodes.bullet_list,
                nodes.paragraph,
            ]:
                wanted = f"in question {number} a paragraph, options, and the reason"
                return self.problem(unbalanced(wanted, list(item)))
            question, options, reason = item.children
            own, marks = marks[: len(options)], marks[len(options) :]
            if own.count(True) != 1:
                return self.problem(f"question {number} needs one option marked [x]")
            quiz += self.question(number, question, options, own.index(True), reason)
        return [quiz]

    def question(
        self,
        number: int,
        question: nodes.paragraph,
        options: nodes.bullet_list,
        right: int,
        reason: nodes.paragraph,
    ) -> nodes.Element:
        """One question, its answer in a fold."""
        counted = element(
            "span", nodes.Text(f"{number}. "), class_="essay-quiz__number"
        )
        letter = element("b", nodes.Text(f"{LETTERS[right]}. "))
        question["classes"].append("essay-quiz__asked")
        reason["classes"].append("essay-quiz__reason")
        return element(
            "div",
            counted,
            question,
            choices(options),
            fold(_("The answer"), letter, reason),
            class_="essay-quiz__question",
            data_right=str(right),
            data_name=f"{self.called}-{number}",
        )


class SlideBlock(Block):
    """`{slide}`: what a slide says of the paragraphs that follow it.

    A list, after a line with a heading if the slide is to have another than its section.
    The page does not show it; a lesson takes it from there, with the paragraphs as the
    speaker's notes.
    """

    required_arguments = 0

    def run(self) -> list[nodes.Node]:
        """The list, where only a lesson finds it."""
        parts = self.parsed()
        kinds = [type(part) for part in parts]
        if kinds[-1:] != [nodes.bullet_list] or kinds[:-1] not in (
            [],
            [nodes.paragraph],
        ):
            wrong = unbalanced("perhaps a heading, and a list", parts)
            return [glue_warning(f"slide: {wrong}", self.document, self.line)]
        for heading in parts[:-1]:
            heading["classes"].append("essay-slide__heading")
        return [element("template", *parts, class_="essay-slide")]


def setup(app: Sphinx) -> None:
    """Register the blocks."""
    app.add_node(
        essay_element,
        html=(visit, depart),
        latex=(pass_over, pass_over),
        text=(pass_over, pass_over),
    )
    app.add_directive("chart", ChartBlock)
    app.add_directive("rows", RowsBlock)
    app.add_directive("bet", BetBlock)
    app.add_directive("quiz", QuizBlock)
    app.add_directive("slide", SlideBlock)
