"""The whole book as one page for paper, joined out of its written pages.

Numbers, figures and both versions stand in the written pages already, so that nothing is run
again. What paper cannot do is put in another way: a fold is open, an answer stands at the
end, code has an appendix, an address a number and a list.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag
from jinja2 import Environment, FileSystemLoader, select_autoescape

from essay_assets import colour_rules, read_vectors
from essay_numbers import chapter_of
from essay_words import _, formatted

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "paper"
SHEETS = HERE.parent / "_static" / "essay.css", TEMPLATES / "paper.css"
SCRIPT = re.compile(r"<script\b.*?</script>|<!--.*?-->", re.DOTALL)
DRAWING = re.compile(r"<svg\b[^>]*>.*?</svg>", re.DOTALL)
# A path without a line, which Vega draws for a mark that is not there.
NO_LINE = re.compile(r"<path(?![^>]* d=)[^>]*?(/>|></path>)")
# What only a screen can use.
SCREEN = (
    ".headerlink, button, form, .essay-slide, .essay-times, .essay-filters, .essay-versions, "
    ".essay-chosen__form, .essay-chosen__without, .essay-square__told, .essay-bets__tools, .essay-run, "
    ".sd-summary-state-marker, .essay-code, .essay-link"
)
# Words that are not shown with the code folded, as the numbers of a chart that a cell names.
PRINTED = ".output.text_plain, .output.stream"
# What has an answer; a fold of another kind has a class that says so.
ASKING = (
    ".essay-bet, .essay-quiz__question, "
    "details.sd-dropdown:not(.essay-form, .essay-note)"
)
# Marks of code that paper/paper.css has a style for.
STYLED = frozenset("k kn kc kd ow s1 s2 sa se si sd c1 cm".split())
PLACE = "000"  # where a page number will stand, as wide as it can become


@dataclass
class Chapter:
    """One written page as a part of the book."""

    page: str
    body: Tag
    title: str
    number: str

    @property
    def place(self) -> str:
        """What the ids of this chapter begin with."""
        return self.page.rpartition("/")[2]

    @property
    def called(self) -> str:
        """Number and title."""
        return f"{self.number} {self.title}".strip()


@dataclass
class Part:
    """Something of a chapter that stands at the end of the book."""

    chapter: Chapter
    items: list[Tag] = field(default_factory=list)


class Paper:
    """The book on paper.

    Parameters
    ----------
    book
        Folder of the written pages.
    pages
        Their names, in order.
    own, coding
        The version that the pages show first, and that which the paper tells.
    """

    def __init__(self, book: Path, pages: list[str], own: str, coding: str) -> None:
        self.book, self.pages = book, pages
        self.own, self.coding = own, coding
        self.drawings: list[str] = []
        self.addresses: dict[str, int] = {}
        self.answers: list[Part] = []
        self.code: list[Part] = []
        self.chapters = [self.chapter(page) for page in pages]

    def chapter(self, page: str) -> Chapter:
        """A page, with what paper cannot do put in another way."""
        text = (self.book / f"{page}.html").read_text(encoding="utf-8")
        text = text[text.index("<article") : text.index("</article>")]
        text = DRAWING.sub(self.set_aside, SCRIPT.sub("", text))
        body = BeautifulSoup(text, "html.parser").select_one("article.bd-article")
        tell(body, self.coding)
        for element in body.select(SCREEN):
            element.decompose()
        heading = body.h1
        made = Chapter(page, body, heading.get_text().strip(), chapter_of(page))
        name_apart(body, made.place)
        self.link(body, made.place)
        describe(body)
        point_guesses(body)
        self.answers.append(Part(made, list(taken_answers(body, made.place))))
        self.code.append(Part(made, list(taken_code(body))))
        opened(body)
        entitle(body)
        body.name, body["class"] = "section", ["chapter", "bd-article"]
        body["id"] = body["data-page"] = made.place
        if made.number:
            heading.insert(0, tag("span", f"{made.number} ", "chapter__number"))
        return made

    def set_aside(self, found: re.Match[str]) -> str:
        """Keep a drawing, which nothing here looks into, and leave its first tag."""
        self.drawings.append(found[0])
        first = found[0][: found[0].index(">") + 1].rstrip("/>")
        return f'{first} data-drawing="{len(self.drawings) - 1}"></svg>'

    def put_back(self, markup: str) -> str:
        """Markup with its drawings, each with the label that its place was given."""

        def drawing(found: re.Match[str]) -> str:
            label = re.search(r' aria-label="[^"]*"', found[0])
            kept = self.drawings[int(found[1])]
            first, _end, rest = kept.partition(">")
            first = re.sub(r' aria-\w+="[^"]*"', "", first)
            rest = NO_LINE.sub("", rest)
            return f"{first}{label[0] if label else ''}>{rest}"

        return re.sub(r'<svg\b[^>]*? data-drawing="(\d+)"[^>]*></svg>', drawing, markup)

    def link(self, part: Tag, place: str) -> None:
        """Make the links of a part lead inside the book, and give those outside a number."""
        for anchor in part.select("a[href]"):
            address = anchor["href"]
            if re.match(r"https?://", address):
                anchor["href"] = address.replace("<", "%3C").replace(">", "%3E")
                self.note(anchor, anchor["href"])
            elif inside := self.inside(address, place):
                anchor["href"] = f"#{inside}"
            else:
                anchor.unwrap()

    def inside(self, address: str, place: str) -> str:
        """The id in the book of an address on one of its pages; empty if it leads elsewhere."""
        page, _sign, name = address.partition("?")[0].partition("#")
        if "?" in address:
            name = address.partition("?")[2].partition("#")[2]
        target = page.removesuffix(".html").rpartition("/")[2] if page else place
        known = {name.rpartition("/")[2] for name in self.pages}
        if target not in known or (page and not page.endswith(".html")):
            return ""
        return f"{target}--{name}" if name else target

    def note(self, anchor: Tag, address: str) -> None:
        """The number of an outside address behind its link."""
        shown = anchor.get_text().strip()
        named = re.sub(r"^(https?://|doi:)", "", shown).rstrip("/")
        if "/" in named and named in unquote(address):
            return  # it says its address itself
        number = self.addresses.setdefault(address, len(self.addresses) + 1)
        anchor.insert_after(
            link(f"#address-{number}", str(number), "address__number", "sup")
        )

    def contents(self) -> list[dict]:
        """Titles of chapters and sections, with their ids, as the headings have them."""
        return [
            {
                "id": chapter.place,
                "number": chapter.number,
                "title": chapter.title,
                "sections": [
                    {"id": section.parent["id"], "title": section.get_text().strip()}
                    for section in chapter.body.select("section > h2")
                ],
            }
            for chapter in self.chapters
        ]

    def written(self, case: Path, **words: str) -> str:
        """The one page."""
        sheets = [sheet.read_text(encoding="utf-8") for sheet in SHEETS]
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape()
        )
        page = environment.get_template("paper.html").render(
            _=_,
            style="\n".join([*sheets, colour_rules(read_vectors(case))]),
            contents=self.contents(),
            chapters=self.chapters,
            answers=[part for part in self.answers if part.items],
            code=[part for part in self.code if part.items],
            addresses=self.addresses,
            place=PLACE,
            quoted=partial(json.dumps, ensure_ascii=False),
            **words,
        )
        return self.put_back(page)


# Small pieces ----------------------------------------------------------------


def tag(name: str, text: str = "", kind: str = "", **attributes: str) -> Tag:
    """A new element."""
    made = BeautifulSoup("", "html.parser").new_tag(name, attrs=attributes)
    if kind:
        made["class"] = kind
    if text:
        made.string = text
    return made


def link(target: str, text: str, kind: str = "", around: str = "") -> Tag:
    """A link, if wanted in another element."""
    made = tag("a", text, "" if around else kind, href=target)
    if not around:
        return made
    outer = tag(around, "", kind)
    outer.append(made)
    return outer


def page_of(target: str) -> Tag:
    """A place for the number of the page on which something stands."""
    made = tag("a", "", "page-of", href=f"#{target}")
    made.append(tag("span", PLACE, "page-number", **{"data-of": target}))
    return made


# What a page says ------------------------------------------------------------


def name_apart(body: Tag, place: str) -> None:
    """Let the ids of a page begin with its name; of two that are alike the first stays."""
    seen = set()
    # The names by which parts are called on a screen are their headings here.
    for part in body.select("[aria-labelledby], [aria-describedby]"):
        del part["aria-labelledby"], part["aria-describedby"]
    for part in body.select("[id]"):
        name = f"{place}--{part['id']}"
        if name in seen:
            del part["id"]
        else:
            part["id"] = name
        seen.add(name)


def tell(body: Tag, coding: str) -> None:
    """Let a page tell one version: its numbers, its words and its drawings."""
    for narrow in body.select(".essay-chart__still--narrow"):
        narrow.decompose()  # the drawing for a phone
    for number in body.select(".essay-moves"):
        number.string = number.get(f"data-{coding}", number.get_text())
    for part in body.select("[data-told-by]"):
        if not part.decomposed and part["data-told-by"] != coding:
            part.decompose()
    for figure in body.select("figure.essay-chart:has(template)"):
        other = figure.select_one(f'template[data-version="{coding}"] svg')
        if other is not None:
            figure.select_one(".essay-chart__view svg").replace_with(other.extract())
    for narrow in body.select(".essay-chart__still--narrow"):
        narrow.decompose()
    for line in body.select(".essay-chart__version"):
        line.string = line.get(f"data-{coding}", line.get_text())
    for hidden in body.select("template"):
        hidden.decompose()


def describe(body: Tag) -> None:
    """Give each drawing its description, and each figure a title that is no chapter of the book."""
    for figure in body.select("figure.essay-chart"):
        drawing = figure.select_one(".essay-chart__view svg")
        said = figure.select_one(".essay-chart__said, .essay-chart__description p")
        title = figure.select_one(".essay-chart__title")
        told = said or title
        if drawing is not None and told is not None:
            del drawing["aria-labelledby"], drawing["aria-describedby"]
            drawing["role"] = "img"
            drawing["aria-label"] = " ".join(told.get_text(" ").split())
        for extras in figure.select(".essay-chart__extras"):
            extras.decompose()
        if title is not None:
            del title["role"], title["aria-level"]


def answer(kind: str, asked: Tag | str, *told: Tag, name: str) -> Tag:
    """An answer for the end of the book, with the way back to what was asked."""
    made = tag("div", "", f"answer answer--{kind}", id=f"answer--{name}")
    head = tag("p", "", "answer__asked")
    if isinstance(asked, str):
        head.string = asked
    else:
        head.extend([copy.copy(child) for child in asked.children])
    made.append(head)
    made.extend(told)
    return made


def pointer(name: str, called: str = "") -> Tag:
    """The line that stands where an answer was, or several, or what is called otherwise."""
    called = called or _("The answer")
    line = tag("p", "", "answer-at", **{"data-called": called})
    line.append(_("{answer}: page", answer=called) + " ")
    line.append(page_of(f"answer--{name}"))
    return line


def taken_answers(body: Tag, place: str) -> Iterator[Tag]:
    """Take the answers out of a page, in their order; what asked for them says where they are."""
    for number, element in enumerate(body.select(ASKING), 1):
        name = element.get("data-name") or f"{place}-solution-{number}"
        if element.name == "details":
            title = element.summary.get_text().strip()
            told = element.select_one(".sd-summary-content")
            opened(told)
            element.replace_with(pointer(name, title))
            yield answer("solution", title, told, name=name)
            continue
        fold = element.select_one("details")
        fold.summary.decompose()
        asked = element.select_one(".essay-bet__question, .essay-quiz__asked")
        told = tag("div", "", "answer__told")
        told.extend(list(fold.children))
        if "data-bet" not in element.attrs:
            kind = "quiz"
            fold.decompose()
            if element.find_next_sibling(class_="essay-quiz__question") is None:
                element.insert_after(pointer(name, _("The answers")))
        else:
            kind = "bet"
            fold.replace_with(pointer(name))
            asked.insert_before(tag("p", _("Your bet"), "asked__kind"))
            if scale := json.loads(element["data-bet"]):
                asked.insert_after(own_bet(scale))
        yield answer(kind, asked, told, name=name)


def point_guesses(body: Tag) -> None:
    """On the page that gathers all bets, say under each where its answer is."""
    for without in body.select(".essay-bets__without"):
        without.decompose()
    for guess in body.select(".essay-guess"):
        guess.append(pointer(guess["data-name"]))


def own_bet(scale: dict) -> Tag:
    """A line for a number: from where to where it may go."""
    form = f",.{scale['digits']}{'%' if scale['percent'] else 'f'}"
    low, high = (formatted(scale[end], form) for end in ("low", "high"))
    unit = f" {scale['unit']}".rstrip()
    line = tag("p", "", "own-bet")
    line.append(_("from {low} to {high}{unit}:", low=low, high=high, unit=unit))
    line.append(tag("span", "", "own-bet__line"))
    return line


def taken_code(body: Tag) -> Iterator[Tag]:
    """Take the code out of a page, by section; what it shows stays."""
    section, made = None, None
    for cell in body.select("div.cell"):
        told = cell.select(".cell_input pre") + cell.select(PRINTED)
        around = cell.find_parent("section")
        if told and (around is not section or made is None):
            if made is not None:
                yield made
            section = around
            made = tag("div", "", "listing")
            title = around.find(re.compile("^h[1-6]$"))
            line = tag("p", "", "listing__section")
            name = around.get("id", "")
            line.append(link(f"#{name}", title.get_text().strip()))
            made.append(line)
        for part in told:
            pre = part if part.name == "pre" else part.select_one("pre")
            pre["class"] = "listing__code" if pre is part else "listing__told"
            thin(pre)
            made.append(pre.extract())
        kept = [
            child
            for output in cell.select(".cell_output > .output")
            for child in list(output.children)
            if output.get_text().strip() or output.select("svg, math")
        ]
        cell.insert_after(*kept) if kept else None
        cell.decompose()
    if made is not None:
        yield made


def entitle(body: Tag) -> None:
    """Put the title of each table before it: a title inside may be cut from its first row."""
    for caption in body.select("table > caption"):
        caption.name, caption["class"] = "div", "table__title"
        caption.parent.insert_before(caption.extract())


def thin(pre: Tag) -> None:
    """Code without the marks that no style shows: each is a thing of its own in a PDF."""
    for token in pre.select("span"):
        if not set(token.get("class", [])) & STYLED:
            token.unwrap()
    pre.smooth()


def opened(part: Tag) -> None:
    """Put what a fold holds into the text, under the line that opened it."""
    for fold in part.select("details"):
        fold.name = "div"
        fold["class"] = ["opened", *fold.get("class", [])]
        summary = fold.find("summary", recursive=False)
        if summary is not None:
            summary.name = "div"
            summary["class"] = "opened__title"
