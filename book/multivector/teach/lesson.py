"""A built chapter, read as a lesson.

What is what, the blocks of the page tell: a bet, a quiz, a figure, a table of claims, and
what a slide says of the paragraphs that follow (``essay-slide``). A fold of the text is a
solution, unless its class says that it is for teachers alone (``essay-note``) or a form that
students fill in (``essay-form``).
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.formatter import HTMLFormatter
from markupsafe import Markup

from ..language import _

#: The page that has a note on each chapter, and the plan of a session on some.
NOTES_PAGE = "teaching"
#: Places on that page: the plan of a session, and what a class is told beforehand.
SESSION = "session-{name}"
BEFOREHAND = "what-a-class-is-told-beforehand"
#: Pages of which a lesson takes along what the chapter needs: words and works.
TAKEN_ALONG = ("glossary.html", "references.html")
#: Id of the section of a chapter that is for its teacher.
FOR_TEACHERS = "for-teachers"
#: The lines of the folds that tell an answer.
ANSWERS = (
    ".essay-bet summary, .essay-quiz__question summary, details.essay-note > summary"
)
#: Of the folds that tell the solution of an exercise.
SOLVED = "details.sd-dropdown:not(.essay-form, .essay-note) > summary"
LETTERS = "abcdefgh"
SENTENCE = re.compile(r"(?<=[.?!])[\"”’)]*\s+(?=[\"“‘(]?[A-Z])")
MOST_POINTS = 4
BLOCKS = ("essay-bet", "essay-quiz", "essay-chart", "essay-table", "essay-squares")
NOT_FOR_READING = (
    ".headerlink, .essay-times, .essay-versions, .cell_input, details.hide, button"
)


@dataclass
class Question:
    """A question with its options, and what the sheet of solutions says."""

    asked: Markup
    options: list[Markup]
    answer: Markup
    letter: str = ""


@dataclass
class Slide:
    """One slide: its kind, what it shows, and the speaker's notes."""

    kind: str
    heading: str = ""
    points: list[str] = field(default_factory=list)
    shown: Markup = Markup("")
    question: Question | None = None
    notes: list[Markup] = field(default_factory=list)
    by_hand: bool = False  #: its points are written, not the beginnings of paragraphs

    @property
    def said(self) -> str:
        """A slide in a line, for who plans with it."""
        shown = self.question.asked if self.question else self.heading
        text = BeautifulSoup(shown or self.shown, "html.parser")
        title = text.select_one(".essay-chart__title, caption, li, p")
        return plain(title or text)


@dataclass
class Lesson:
    """All that a chapter gives to a lesson.

    Attributes
    ----------
    title, question, short
        The heading, the question and the answer in one sentence.
    slides
        In the order of the page.
    bets, quiz
        The questions.
    exercises, solutions, forms
        What to try, what comes out, and what is filled in on paper, with its title.
    on_paper, paper_forms
        Of the exercises those that need a pencil alone, and the forms that belong to them.
    figures, claims
        The figures, and the table of the claims that the chapter examines.
    notes
        For the teacher: the chapter's own, and that of the page for teachers.
    session, beforehand
        The plan of a session on the chapter, if there is one, and what a class is told before.
    terms, works
        The terms that the chapter uses with their meanings, and what it cites.
    answers
        The lines that open what students are not to see before they have tried.
    solved
        Of these lines, those that open a solution of an exercise.
    teachers_heading
        Of the section that is for teachers.
    book
        The title of the whole book.
    """

    name: str
    title: str = ""
    question: Markup = Markup("")
    short: Markup = Markup("")
    goals: Markup = Markup("")
    slides: list[Slide] = field(default_factory=list)
    bets: list[Question] = field(default_factory=list)
    quiz: list[Question] = field(default_factory=list)
    exercises: list[Markup] = field(default_factory=list)
    solutions: list[Markup] = field(default_factory=list)
    forms: list[tuple[str, Markup]] = field(default_factory=list)
    on_paper: list[Markup] = field(default_factory=list)
    paper_forms: list[tuple[str, Markup]] = field(default_factory=list)
    figures: list[Markup] = field(default_factory=list)
    claims: list[list[list[Markup]]] = field(default_factory=list)
    notes: list[Markup] = field(default_factory=list)
    session: Markup = Markup("")
    beforehand: Markup = Markup("")
    terms: dict[str, str] = field(default_factory=dict)
    works: list[str] = field(default_factory=list)
    answers: set[str] = field(default_factory=set)
    solved: set[str] = field(default_factory=set)
    teachers_heading: str = ""
    book: str = ""


# --- reading the page --------------------------------------------------------------------


def article(name: str, built: Path) -> Tag:
    """The text of a built page, without what only the page itself can use.

    Parameters
    ----------
    name : str
        Of the chapter.
    built : Path
        Folder of the built book.

    Raises
    ------
    ValueError
        If the page was not built.
    """
    page = built / "book" / f"{name}.html"
    if not page.is_file():
        raise ValueError(
            f"{name} was not built; build it first: python3 essay.py serve, or "
            "jupyter-book build . beside the folder book"
        )
    text = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    found = text.select_one("article section")
    if found is None:
        raise ValueError(f"{page.name} has no text; allowed: a built chapter")
    for part in found.select(NOT_FOR_READING):
        part.decompose()
    last = found.select("p")[-1:]
    for part in last:
        if begins_bold(part):  # it sends on to the next chapter
            part.decompose()
    return found


def without_pages(text: Tag) -> None:
    """Make words of the links to other pages of the book, which do not lie beside a lesson."""
    for link in text.select("a"):
        place = str(link.get("href", ""))
        if place.startswith("http"):
            continue
        page = place.partition("#")[0]
        # A bare "C07" is a name, and no invitation to read on.
        bare = link.find_parent("table") or link.find_parent(class_="essay-squares")
        invites = " " in plain(link) and not bare
        if page.endswith(".html") and page not in TAKEN_ALONG and invites:
            link.append(f" {_('(in the book)')}")
        link.attrs.pop("href", None)
        link.attrs.pop("title", None)


def explained(text: Tag, page: str) -> list[Tag]:
    """The links to a page that say on hover what stands there."""
    return text.select(f'a[href^="{page}#"][title]')


def terms_of(text: Tag, glossary: Tag) -> dict[str, str]:
    """The terms that a text uses, with their meanings, in the order of the alphabet.

    Of a term the link itself tells the first sentence alone, the glossary all.
    """
    found: dict[str, str] = {}
    for link in explained(text, TAKEN_ALONG[0]):
        anchor = str(link["href"]).partition("#")[2]
        term = glossary.find(id=anchor)
        meaning = term.find_next("dd") if isinstance(term, Tag) else None
        if isinstance(term, Tag) and isinstance(meaning, Tag):
            found[plain(term).rstrip("#").strip()] = plain(meaning)
        else:
            found[plain(link)] = str(link["title"])
    return dict(sorted(found.items(), key=lambda pair: pair[0].casefold()))


def works_of(text: Tag) -> list[str]:
    """What a text cites, in the order of the alphabet."""
    found = {str(link["title"]) for link in explained(text, TAKEN_ALONG[1])}
    return sorted(found, key=str.casefold)


class AsItStands(HTMLFormatter):
    """Writes attributes in their own order, which the scripts of the book read."""

    def attributes(self, tag: Tag) -> Any:
        """The attributes, not sorted."""
        return tag.attrs.items()


def inner(tag: Tag | None) -> Markup:
    """What stands in an element."""
    if tag is None:
        return Markup("")
    return Markup(tag.decode_contents(formatter=AsItStands()).strip())


def outer(tag: Tag) -> Markup:
    """An element as it stands."""
    return Markup(tag.decode(formatter=AsItStands()))


def plain(tag: Tag) -> str:
    """The words of an element in one line."""
    return " ".join(tag.get_text().split())


def first_sentence(tag: Tag) -> str:
    """The first sentence of a paragraph: what a slide says of it."""
    return SENTENCE.split(plain(tag), maxsplit=1)[0]


def is_of(part: Tag, *names: str) -> bool:
    """Has an element one of these classes?"""
    return bool(set(names) & set(part.get("class") or []))


def begins_bold(part: Tag) -> bool:
    """Does a paragraph begin with bold words?"""
    first = next(iter(part.children), None)
    return isinstance(first, Tag) and first.name == "strong"


def bet(block: Tag) -> Question:
    """The question of a bet."""
    options = [inner(item) for item in block.select(":scope > ol > li")]
    answer = block.select_one("details")
    told = [part for part in tags(answer) if part.name != "summary"]
    asked = inner(block.select_one(".essay-bet__question"))
    return Question(asked, options, joined(told))


def asked_of(block: Tag) -> list[Question]:
    """The questions of a quiz."""
    found = []
    for one in block.select(".essay-quiz__question"):
        options = [inner(item) for item in one.select("ol > li")]
        asked = inner(one.select_one(".essay-quiz__asked"))
        reason = inner(one.select_one(".essay-quiz__reason"))
        letter = LETTERS[int(str(one["data-right"]))]
        found.append(Question(asked, options, reason, letter))
    return found


def tags(tag: Tag | None) -> list[Tag]:
    """The elements right in an element."""
    return [] if tag is None else [c for c in tag.children if isinstance(c, Tag)]


def joined(parts: list[Tag]) -> Markup:
    """Several elements as they stand."""
    return Markup("\n").join(outer(part) for part in parts)


# --- the lesson --------------------------------------------------------------------------


def lesson(name: str, built: Path) -> Lesson:
    """A chapter read as a lesson.

    Parameters
    ----------
    name : str
        Of the chapter.
    built : Path
        Folder of the built book.
    """
    text = article(name, built)
    glossary = built / "book" / TAKEN_ALONG[0]
    known = glossary.read_text(encoding="utf-8") if glossary.is_file() else ""
    terms = terms_of(text, BeautifulSoup(known, "html.parser"))
    works = works_of(text)
    without_pages(text)
    sections = [part for part in tags(text) if part.name == "section"]
    opening = [part for part in tags(text) if part.name not in ("section", "h1")]
    made = Lesson(name, title=plain(text.select_one("h1") or text))
    made.terms, made.works = terms, works
    teaching = for_teachers(name, built)
    noted, own = note_of_page(name, teaching), own_note(sections)
    made.notes = [*noted, *own]
    without_pages(teaching)
    made.session = at_place(teaching, SESSION.format(name=name))
    made.beforehand = at_place(teaching, BEFOREHAND)
    made.solved = {plain(line) for line in text.select(SOLVED)}
    made.answers = made.solved | {plain(line) for line in text.select(ANSWERS)}
    for section in sections:
        if section.get("id") == FOR_TEACHERS:
            made.teachers_heading = plain(section.select_one("h2") or section)
    begin(made, opening)
    for part in (one for tag in opening for one in opened(tag)):
        if is_of(part, *BLOCKS):
            block(made, part)
    for section in sections:
        if section.get("id") != FOR_TEACHERS:
            add(made, section)
    for part in text.select(f"#{FOR_TEACHERS} .essay-slide"):
        made.slides.append(written(part, made.teachers_heading))
    for slide in made.slides:
        slide.notes = slide.notes or own or [Markup.escape(slide.heading)]
    # What is to be discussed stands last in a note, and so in the deck.
    made.slides.append(
        Slide("end", shown=made.short, notes=[*noted[-1:], *own] or [made.short])
    )
    return made


def own_note(sections: list[Tag]) -> list[Markup]:
    """The note for teachers at the end of a chapter."""
    own = [
        one
        for section in sections
        if section.get("id") == FOR_TEACHERS
        for one in parts(section)
    ]
    told = [part for part in own if not is_of(part, "essay-slide")]
    return [outer(one) for part in told for one in unfolded(part)]


def unfolded(part: Tag) -> list[Tag]:
    """What stands in a fold, without its line; anything else as it is."""
    if part.name != "details":
        return [part]
    return [
        one
        for inside in tags(part)
        if inside.name != "summary"
        for one in parts(inside)
    ]


def for_teachers(name: str, built: Path) -> Tag:
    """The page for teachers; nothing if a book has none, or if it is the chapter itself."""
    there = (built / "book" / f"{NOTES_PAGE}.html").is_file()
    if name == NOTES_PAGE or not there:
        return BeautifulSoup("", "html.parser")
    return article(NOTES_PAGE, built)


def at_place(teaching: Tag, place: str) -> Markup:
    """What the page for teachers says at a place, without its heading; nothing if it has no such."""
    found = teaching.find(id=place)
    if not isinstance(found, Tag):
        return Markup("")
    section = found if found.name == "section" else found.find_parent("section")
    told = [part for part in tags(section) if part.name not in ("h2", "span")]
    return joined(told)


def note_of_page(name: str, teaching: Tag) -> list[Markup]:
    """The note on a chapter that the page for teachers has."""
    for fold in teaching.select("details.essay-note"):
        if link := fold.select_one(f'a[href^="{name}.html"]'):
            link.decompose()
            told = [outer(part) for part in fold.select("p")]
            # The brackets around the link were its own.
            return [Markup(part.replace(" ()", "")) for part in told]
    return []


def begin(made: Lesson, opening: list[Tag]) -> None:
    """The first slides: the title with the notes, and the scene with the question."""
    words = [part for part in opening if part.name == "p"]
    by_hand = next((part for part in opening if is_of(part, "essay-slide")), None)
    bold = [part for part in words if begins_bold(part)]
    scene = [part for part in words if part not in bold]
    made.question, made.short = (outer(p) for p in (*bold, *words, *words)[:2])
    goals = next((part for part in opening if is_of(part, "essay-goals")), None)
    made.goals = joined([p for p in tags(goals) if not is_of(p, "admonition-title")])
    told = [outer(part) for part in scene] or [made.question]
    points = [first_sentence(part) for part in scene][:MOST_POINTS]
    if by_hand is not None:
        points = written(by_hand, "").points
    made.slides.append(Slide("title", made.title, notes=made.notes or told))
    asked = Slide("question", points=points, shown=made.question, notes=told)
    asked.by_hand = by_hand is not None
    made.slides.append(asked)


def opened(part: Tag) -> Iterator[Tag]:
    """A paragraph, list, fold or block; of a cell or a section all that it holds."""
    if part.name in ("div", "section") and not is_of(part, *BLOCKS, "admonition"):
        yield from parts(part)
    elif part.name not in ("h2", "h3", "h4", "pre"):
        yield part


def parts(tag: Tag) -> Iterator[Tag]:
    """What stands in a section, one after the other."""
    for part in tags(tag):
        yield from opened(part)


def add(made: Lesson, section: Tag) -> None:
    """Add a section of a chapter: a slide with its points, and one for each block."""
    heading = plain(section.select_one("h2") or section)
    first = Slide("section", heading)
    made.slides.append(first)
    waiting: list[Tag] = []
    for part in parts(section):
        if is_solution(part):
            exercise(made, waiting, part)
            waiting = []
        elif is_of(part, "essay-slide"):
            made.slides.append(written(part, heading))
        elif is_of(part, "essay-form") and any(
            pencil(task) for asked in waiting for task in items(asked)
        ):
            made.paper_forms.append(titled(part))
        elif part.name in ("p", "ol"):
            waiting.append(part)
            say_on(made.slides[-1], part)
        else:
            block(made, part)
    if lists := [part for part in waiting if part.name == "ol"]:
        exercise(made, lists, None)
    first.points = first.points[:MOST_POINTS]
    if not first.points:
        made.slides.remove(first)


def written(part: Tag, heading: str) -> Slide:
    """A slide whose points somebody wrote, under a heading of its own or of the section."""
    # Words in a template are no words of a page, until they are read anew.
    part = BeautifulSoup(part.decode_contents(), "html.parser")
    own = part.select_one(".essay-slide__heading")
    points: list[str] = []
    for item in part.select("ul > li:not(li li)"):
        only = tags(item)
        points.append(inner(only[0] if [p.name for p in only] == ["p"] else item))
    heading = plain(own) if own else heading
    return Slide("section", heading, points, by_hand=True)


def is_solution(part: Tag) -> bool:
    """Is a part a fold of the text that tells what comes out of an exercise?"""
    fold = part.name == "details" and is_of(part, "sd-dropdown")
    return fold and not is_of(part, "essay-note", "essay-form")


def say_on(slide: Slide, part: Tag) -> None:
    """Words of the text: the speaker says them, and a section shows how they begin."""
    if slide.kind == "section" and part.name == "p" and not slide.by_hand:
        slide.points.append(first_sentence(part))
    slide.notes.append(outer(part))


def exercise(made: Lesson, waiting: list[Tag], fold: Tag | None) -> None:
    """A slide with what is to be tried; its solution is in the notes."""
    lists = [part for part in waiting if part.name == "ol"]
    shown = joined(lists or waiting)
    told = joined([part for part in tags(fold) if part.name != "summary"])
    if shown:
        others = [tasks(part, on_paper=False) for part in lists]
        made.exercises.append(joined(list(filter(items, others))) if lists else shown)
        made.on_paper += [outer(one) for one in map(tasks, lists) if items(one)]
    if told:
        made.solutions.append(told)
    if not shown:  # a second answer to what was asked before
        made.slides[-1].notes.append(told)
        return
    made.slides.append(Slide("exercise", shown=shown, notes=[told or shown]))


def items(part: Tag) -> list[Tag]:
    """The tasks of a list."""
    return [item for item in tags(part) if item.name == "li"]


def pencil(item: Tag) -> bool:
    """Does a task need a pencil alone? It begins so, in italics."""
    first = item.find(True)
    if isinstance(first, Tag) and first.name == "p":
        first = first.find(True)
    if not isinstance(first, Tag) or first.name != "em":
        return False
    return plain(item).startswith(plain(first))


def tasks(part: Tag, on_paper: bool = True) -> Tag:
    """A list with those of its tasks that need a pencil alone, or the others; each keeps its number."""
    kept = copy.copy(part)
    for number, item in enumerate(items(kept), 1):
        item["value"] = str(number)
        if pencil(item) != on_paper:
            item.decompose()
    return kept


def block(made: Lesson, part: Tag) -> None:
    """A bet, a quiz, a figure, a table or a form: a slide of its own."""
    if is_of(part, "essay-bet"):
        made.bets.append(bet(part))
        ask(made, "bet", made.bets[-1])
    elif is_of(part, "essay-quiz"):
        for asked in asked_of(part):
            made.quiz.append(asked)
            ask(made, "quiz", asked)
    elif is_of(part, "essay-chart"):
        said = part.select_one(".essay-chart__said")
        made.figures.append(outer(part))
        made.slides.append(Slide("figure", shown=outer(part), notes=[inner(said)]))
    elif is_of(part, "essay-examined"):
        made.claims.append([[inner(c) for c in row] for row in cells(part)])
        made.slides.append(Slide("claims", shown=outer(part), notes=[captioned(part)]))
    elif is_of(part, "essay-table") or part.name == "table":
        made.slides.append(Slide("table", shown=outer(part), notes=[captioned(part)]))
    elif is_of(part, "essay-squares"):
        lead = inner(part.select_one(".essay-squares__lead"))
        made.slides.append(Slide("squares", shown=outer(part), notes=[lead]))
    elif is_of(part, "essay-form"):
        form(made, part)
    elif is_of(part, "essay-note"):
        made.notes.append(outer(part))
    elif part.name == "ul":
        made.slides[-1].notes.append(outer(part))


def ask(made: Lesson, kind: str, asked: Question) -> None:
    """A slide with a question; its answer comes at the next step."""
    notes = [Markup.escape(asked.letter), asked.answer]
    made.slides.append(Slide(kind, question=asked, notes=[n for n in notes if n]))


def form(made: Lesson, part: Tag) -> None:
    """What students fill in: the questions of a test, or a table with empty rows."""
    for quiz in part.select(".essay-quiz"):
        block(made, quiz)
    if not part.select(".essay-quiz"):
        made.forms.append(titled(part))


def titled(part: Tag) -> tuple[str, Markup]:
    """The title of a form, and its tables."""
    return plain(part.select_one("summary") or part), joined(part.select("table"))


def cells(table: Tag) -> list[list[Tag]]:
    """Cells of a table, row by row; the first row holds the headings."""
    return [list(row.select("th, td")) for row in table.select("tr")]


def captioned(table: Tag) -> Markup:
    """What a table says of itself."""
    return inner(table.select_one("caption")) or Markup.escape(plain(table)[:80])
