"""A chapter as a lesson: what students get has no solutions, what teachers get has all of them."""

from __future__ import annotations

import ast
import builtins
import functools
import http.server
import re
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, QuietPages, chapters, pages, settled, soup, watch

from multivector import claims, data, lift, teach
from multivector.commands import main
from multivector.teach import folder

NAMES = [page.rpartition("/")[2] for page in chapters()]
SECOND = "02-theoretical-framework"
TEACHING = ROOT / "book" / "teaching.ipynb"


class Made:
    """What is made of a chapter, short of printing it."""

    def __init__(self, name: str, book: Path) -> None:
        self.name, self.page = name, soup(book, f"book/{name}")
        self.lesson = teach.lesson(name, book)
        left = lift.built(name, book.parent / ".lifted")
        self.lesson.book = left["book"]
        sheets = folder.sheets(self.lesson, book)
        self.sheet = {
            file: BeautifulSoup(text, "html.parser") for file, text in sheets.items()
        }
        self.whole = left["notebook"]
        self.students = teach.without_solutions(self.whole, self.lesson)

    def said(self, file: str) -> str:
        return spaced(self.sheet[file].get_text())


@pytest.fixture(scope="module")
def made(book: Path) -> dict[str, Made]:
    return {name: Made(name, book) for name in NAMES}


def spaced(text: str) -> str:
    return " ".join(text.split())


def without_places(text: str) -> str:
    """A text without the words that say that a page stands in the book."""
    return spaced(text.replace(" (in the book)", ""))


def told(markup: str) -> list[str]:
    """The sentences of an answer that are long enough to be known again."""
    text = BeautifulSoup(markup, "html.parser")
    found = [spaced(part.get_text()) for part in text.select("p")]
    return [said for said in found if len(said) > 40]


def words_of(notebook: dict) -> str:
    cells = [c for c in notebook["cells"] if c["cell_type"] == "markdown"]
    return "\n\n".join("".join(cell["source"]) for cell in cells)


# The sheets ------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_solutions_are_on_their_sheet_and_on_no_other(name: str, made: dict) -> None:
    one = made[name]
    answers = [*one.lesson.bets, *one.lesson.quiz]
    given = [*one.lesson.solutions, *(str(asked.answer) for asked in answers)]
    handout, solutions = one.said("handout.html"), one.said("solutions.html")
    plan = one.said("plan.html")
    for said in (said for markup in given for said in told(markup)):
        assert said not in handout and said not in plan
        assert said in solutions
    own = one.page.select("details.sd-dropdown:not(.essay-note):not(.essay-form)")
    assert len(own) == len(one.lesson.solutions)
    for notes in one.page.select("#for-teachers p, details.essay-note p"):
        if len(spaced(notes.get_text())) > 40 and "Next:" not in notes.get_text():
            assert spaced(notes.get_text()) not in handout


@pytest.mark.parametrize("name", NAMES)
def test_no_question_is_lost(name: str, made: dict) -> None:
    one = made[name]
    asked = len(one.page.select(".essay-quiz__question"))
    handout, solutions = one.sheet["handout.html"], one.sheet["solutions.html"]
    assert len(handout.select(".question")) == asked
    assert len(solutions.select(".question .answer")) == asked
    letters = [b.get_text() for b in solutions.select(".question .answer > b")]
    right = [int(q["data-right"]) for q in one.page.select(".essay-quiz__question")]
    assert letters == [f"{'abcdefgh'[place]}." for place in right]
    assert len(one.lesson.bets) == len(one.page.select(".essay-bet"))
    # The handout has every figure, standing still.
    assert len(handout.select("figure svg")) >= len(
        one.page.select("figure.essay-chart")
    )
    assert handout.select("script") == []


@pytest.mark.parametrize("name", NAMES)
def test_every_slide_has_notes_and_every_figure_a_slide(name: str, made: dict) -> None:
    one = made[name]
    slides = one.sheet["slides.html"].select(".slides > section")
    assert len(slides) == len(one.lesson.slides) > 4
    for slide in slides:
        assert len(slide.select_one("aside.notes").get_text().split()) >= 1, slide
        shown = [part for part in slide.children if part.name not in (None, "aside")]
        assert "".join(part.get_text() for part in shown).strip(), slide
    figures = one.page.select("figure.essay-chart")
    assert len(one.sheet["slides.html"].select("figure.essay-chart")) == len(figures)
    for note in one.page.select("#for-teachers > p"):
        if "Next:" not in note.get_text():
            said = without_places(slides[0].aside.get_text())
            assert without_places(note.get_text()) in said


SLIDE = """<template class="essay-slide"><p class="essay-slide__heading">Two tables</p>
<ul><li><p>One <em>abroad</em></p></li><li>one at home<ul><li>in it</li></ul></li></ul>
</template>"""


def test_points_that_somebody_wrote_stand_on_a_slide_and_not_on_the_page() -> None:
    part = BeautifulSoup(SLIDE, "html.parser").template
    assert part is not None
    slide = teach.written(part, "The section")
    assert slide.heading == "Two tables" and len(slide.points) == 2
    assert slide.points[0] == "One <em>abroad</em>"
    again = BeautifulSoup(
        SLIDE.replace('<p class="essay-slide__heading">Two tables</p>', ""),
        "html.parser",
    )
    assert again.template is not None
    assert teach.written(again.template, "The section").heading == "The section"


@pytest.mark.parametrize("name", NAMES)
def test_every_slide_block_is_a_slide_with_its_paragraphs_as_notes(
    name: str, made: dict
) -> None:
    one = made[name]
    blocks = one.page.select("article template.essay-slide")
    by_hand = one.sheet["slides.html"].select(".lesson--section.lesson--by-hand")
    opening = [b for b in blocks if b.find_parent("section").h1 is not None]
    in_sections = [b for b in blocks if len(b.find_parents("section")) > 1]
    assert len(by_hand) == len(in_sections) and len(blocks) - len(in_sections) <= 1
    assert len(opening) >= len(blocks) - len(in_sections)
    for slide in by_hand:
        assert slide.h2.get_text().strip() and slide.select("li")
        assert len(slide.aside.get_text().split()) > 5
    # A reader of the page sees nothing of them.
    visible = BeautifulSoup(str(one.page.select_one("article")), "html.parser")
    for part in visible.select("template"):
        part.decompose()
    assert "essay-slide" not in str(visible)


def test_a_plan_has_the_minutes_and_every_sheet_its_words(made: dict) -> None:
    plan = made[SECOND].sheet["plan.html"]
    minutes = [row.td.get_text() for row in plan.select(".session tbody tr")]
    assert len(minutes) >= 8 and spaced(minutes[-1]).endswith("90")
    assert len(plan.select(".deck > li")) == len(made[SECOND].lesson.slides)
    for sheet in ("plan.html", "handout.html"):
        words = [dt.get_text() for dt in made[SECOND].sheet[sheet].select(".words dt")]
        assert "win-set" in words and "p-value" in words
        assert any(
            "Putnam" in w.get_text()
            for w in made[SECOND].sheet[sheet].select(".works li")
        )
        assert "Akayev" in made[SECOND].said(sheet)
    # Pages that do not lie beside a lesson are not linked from it.
    for one in made.values():
        for text in one.sheet.values():
            for link in text.select("a[href]"):
                assert str(link["href"]).startswith(("http", "#")), link


def test_a_term_is_told_once_and_in_the_order_of_the_alphabet(made: dict) -> None:
    terms = list(made[SECOND].lesson.terms)
    assert terms == sorted(terms, key=str.casefold) and len(set(terms)) == len(terms)


# The notebooks ---------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_students_get_a_notebook_without_solutions(name: str, made: dict) -> None:
    one = made[name]
    whole, students = words_of(one.whole), words_of(one.students)
    nbformat.validate(nbformat.from_dict(one.students))
    for answer in one.lesson.answers:
        line = f"<summary>{answer}</summary>"
        assert line in whole and line not in students
    assert students.count("<details>") == students.count("</details>")
    if one.lesson.teachers_heading:
        assert f"## {one.lesson.teachers_heading}" in whole
        assert f"## {one.lesson.teachers_heading}" not in students
    if not one.lesson.answers and not one.lesson.teachers_heading:
        assert whole == students


def names_missing(notebook: dict) -> set[str]:
    """Names that the cells use and that no cell before them makes."""
    known, missing = set(dir(builtins)) | {"display"}, set()
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                known.add(node.id)
            elif isinstance(node, (ast.FunctionDef, ast.arg)):
                known.add(getattr(node, "name", None) or node.arg)
            elif isinstance(node, ast.alias):
                known.add(node.asname or node.name.partition(".")[0])
        used = {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }
        missing |= used - known
    return missing


@pytest.mark.parametrize("name", NAMES)
def test_what_is_left_needs_nothing_that_was_taken_out(name: str, made: dict) -> None:
    # A function may use a name that a later cell makes.
    one = made[name]
    assert names_missing(one.students) <= names_missing(one.whole)
    before = {"cells": [{"cell_type": "code", "source": "x = y"}]}
    assert names_missing(before) == {"y"}


# The folder ------------------------------------------------------------------


@pytest.fixture(scope="module")
def lesson_folder(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lesson") / "monday"
    assert main(["teach", f"book/{SECOND}.ipynb", str(path)]) == 0
    return path


def test_the_folder_holds_what_a_session_needs(lesson_folder: Path) -> None:
    there = {path.name for path in lesson_folder.iterdir()}
    assert there == {
        "README.md",
        "slides.html",
        "plan.html",
        "plan.pdf",
        "handout.html",
        "handout.pdf",
        "solutions.html",
        "solutions.pdf",
        "notebook-students.zip",
        "notebook-teacher.zip",
        "_static",
        "reveal",
    }
    read = (lesson_folder / "README.md").read_text(encoding="utf-8")
    for file in there - {"README.md", "_static", "reveal"}:
        assert f"`{file}`" in read
    assert "CC BY 4.0" in read and "BSD 3-Clause" in read
    for kind in ("students", "teacher"):
        with zipfile.ZipFile(lesson_folder / f"notebook-{kind}.zip") as archive:
            held = archive.namelist()
            text = archive.read(f"{SECOND}/{SECOND}.ipynb").decode()
        assert f"{SECOND}/multivector/__init__.py" in held
        assert ("Solutions" in text) == (kind == "teacher")


def test_the_folder_asks_nobody_and_overwrites_nothing(
    lesson_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for sheet in lesson_folder.glob("*.html"):
        text = BeautifulSoup(sheet.read_text(encoding="utf-8"), "html.parser")
        asked = [t["src"] for t in text.select("[src]")]
        asked += [t["href"] for t in text.select("link[href]")]
        for address in asked:
            assert (lesson_folder / address.partition("?")[0]).is_file(), address
    before = (lesson_folder / "slides.html").stat().st_mtime_ns
    assert main(["teach", SECOND, str(lesson_folder)]) == 1
    assert "exists" in capsys.readouterr().err
    assert (lesson_folder / "slides.html").stat().st_mtime_ns == before
    assert main(["teach", "no-such-chapter", str(lesson_folder / "x")]) == 1
    assert "no-such-chapter" in capsys.readouterr().err


@pytest.fixture
def served(lesson_folder: Path) -> Iterator[str]:
    pages_of = functools.partial(QuietPages, directory=str(lesson_folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), pages_of)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def test_the_slides_run_with_living_charts(browser, served: str) -> None:
    size = {"width": 1280, "height": 720}
    with watch(browser, served, viewport=size) as seen:
        page = seen.page
        page.goto(f"{served}/slides.html")
        page.wait_for_function("() => window.Reveal?.isReady()")
        place = page.evaluate(
            "() => Reveal.getSlides().findIndex((s) => s.querySelector('figure.essay-chart'))"
        )
        page.evaluate("(place) => Reveal.slide(place)", place)
        figure = page.locator("section.present figure.essay-chart")
        # On a slide as on a page a chart comes to life when a pointer comes to it.
        settled(page)
        assert figure.get_attribute("data-state") == "static"
        figure.hover()
        page.wait_for_function(
            "() => document.querySelector('section.present figure').dataset.state === 'live'"
        )
        settled(page)
        # A control moves the chart of the slide, and the keys of the deck still work.
        slider = figure.locator("input[type=range]").first
        drawn = figure.get_attribute("data-drawn")
        slider.focus()
        slider.press("ArrowRight")
        page.wait_for_function(
            "(drawn) => document.querySelector('section.present figure').dataset.drawn !== drawn",
            arg=drawn,
        )
        assert page.evaluate("() => Reveal.getIndices().h") == place
        assert seen.outside == [] and seen.errors == []
        # A clicker goes on although a control was touched; the next slide begins anew.
        slider.click()
        page.wait_for_function("() => document.activeElement === document.body")
        page.keyboard.press("PageDown")
        page.wait_for_function(
            "(place) => Reveal.getIndices().h === place + 1", arg=place
        )
        # Speaker's notes are in the deck, and answers wait for a step.
        assert page.evaluate("() => Reveal.hasPlugin('notes')")
        assert page.locator("section .fragment.answer").count() >= 3


@pytest.mark.parametrize("size", [(1280, 720), (1024, 768), (1920, 1080)])
def test_all_of_a_slide_is_in_sight(browser, served: str, size: tuple) -> None:
    window = {"width": size[0], "height": size[1]}
    with watch(browser, served, viewport=window) as seen:
        page = seen.page
        page.goto(f"{served}/slides.html")
        page.wait_for_function("() => window.Reveal?.isReady()")
        cut = page.evaluate(
            """() => Reveal.getSlides().map((slide, at) => {
              Reveal.slide(at);
              slide.querySelectorAll('.fragment').forEach((f) => f.classList.add('visible'));
              return [at, slide.scrollHeight - slide.clientHeight, slide.scrollWidth - slide.clientWidth];
            }).filter(([, high, wide]) => high > 1 || wide > 1)"""
        )
        assert cut == []


# The page for teachers -------------------------------------------------------


def markdown_of(path: Path) -> str:
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(c.source for c in cells if c.cell_type == "markdown")


def test_the_minutes_of_the_courses_add_up() -> None:
    text = markdown_of(TEACHING)
    session = text[text.index("## One session") : text.index("## A week")]
    spans = re.findall(r"^\| (\d+)–(\d+) \|", session, re.M)
    ends = [(int(first), int(last)) for first, last in spans]
    assert ends[0][0] == 0 and ends[-1][1] == 90
    assert all(one[1] == other[0] for one, other in zip(ends, ends[1:]))
    rest = text[text.index("## A week") : text.index("## A test before")]
    rows = re.findall(r"^\| [^|]+ \| (\d+) \| ([^|]+) \|", rest, re.M)
    assert len(rows) == 5 + 6
    for minutes, parts in rows:
        assert sum(map(int, re.findall(r"\((\d+)\)", parts))) == int(minutes), parts
    for course in ("## One session", "## A week", "## A methods seminar"):
        part = text[text.index(course) :].partition("\n## ")[2] or text
        part = text[text.index(course) : text.index(course) + len(part)]
        for word in ("*For:*", "*Aim:*", "*Prepare:*", "**Where it may go wrong.**"):
            assert word in part


def test_the_two_tests_are_parallel_and_explain(made: dict) -> None:
    page = made["teaching"].page
    before, after = (
        fold.select(".essay-quiz__question")
        for fold in page.select("details.essay-form")
        if fold.select(".essay-quiz")
    )
    assert 8 <= len(before) == len(after) <= 10
    for one, other in zip(before, after):
        assert len(one.select("li")) == len(other.select("li"))
        for asked in (one, other):
            assert len(asked.select_one(".essay-quiz__reason").get_text().split()) >= 8
    text = markdown_of(TEACHING)
    assert text.count("| criterion | not yet | sound | strong |") == 2


def test_every_chapter_of_the_story_has_a_note(made: dict) -> None:
    for name in NAMES:
        if name[0] == "0":
            notes = spaced(" ".join(made[name].lesson.notes))
            for part in ("They will ask", "It goes wrong", "To discuss"):
                assert part in notes, name


# What the exercises do -------------------------------------------------------


@pytest.fixture(scope="module")
def case() -> data.Case:
    return data.open_case(coding="record")


def test_an_act_can_be_coded_otherwise(case: data.Case) -> None:
    row = case.acts[case.acts.dyadic].iloc[0]
    other = case.recoded(row.id, cameo="190")
    new = other.acts.set_index("id").loc[row.id]
    assert new.cameo == "190" and new.goldstein == -10 != row.goldstein
    rest = case.acts[case.acts.id != row.id].reset_index(drop=True)
    kept = other.acts[other.acts.id != row.id].reset_index(drop=True)
    pd.testing.assert_frame_equal(rest, kept)
    without = case.recoded(row.id, dyadic=False)
    assert row.id not in set(without.events.dropna(subset="vector").id)
    assert case.acts.set_index("id").cameo[row.id] == row.cameo


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        ({"cameo": "999"}, "cameo is '999'"),
        ({"colour": "red"}, "column is 'colour'"),
        ({"vector": "Atlantis"}, "vector is 'Atlantis'"),
        ({"start": "2020-01-01", "end": "2019-01-01"}, "start is '2020-01-01'"),
    ],
)
def test_what_no_coder_could_write_is_refused(
    case: data.Case, cells: dict, named: str
) -> None:
    act = case.acts.id.iloc[0]
    with pytest.raises(ValueError, match=re.escape(named)):
        case.recoded(act, **cells)
    with pytest.raises(ValueError, match="act is 'E000'"):
        case.recoded("E000")


def test_a_multiverse_can_be_one_claim_wide(case: data.Case) -> None:
    found = claims.multiverse(case, only=["C04"])
    assert set(found.id) == {"C04"} and len(found) == 6
    assert found.verdict[0] == claims.verdicts(case, only=["C04"]).verdict[0]


# The foot of the pages -------------------------------------------------------


def test_every_page_says_how_it_may_be_reused(book: Path) -> None:
    for name in pages():
        foot = soup(book, name).select("footer .essay-reuse")
        assert len(foot) == 1, name
        said = spaced(foot[0].get_text())
        assert "CC BY 4.0" in said and "BSD 3-Clause" in said
        links = [link["href"] for link in foot[0].select("a")]
        sources = "#" if name == "book/a4-sources" else "a4-sources.html"
        assert len(links) == 3 and links[2].endswith(sources)
