"""Words stand in the text: `{chart}`, `{rows}`, `{bet}`, `{quiz}` and `{bets}` on a small book."""

from __future__ import annotations

import csv
import functools
import http.server
import json
import re
import shutil
import threading
from pathlib import Path

import nbformat
import pytest
from babel.messages import mofile, pofile
from bs4 import BeautifulSoup
from conftest import ROOT, build, furnish, settled, watch

FIRST, SECOND, THIRD = "book/index", "book/wrong", "book/bets"
# What differs between the two versions of the book: a number, a chart, an answer.
CODE = """
import os
import altair as alt
import pandas as pd
from multivector import charts
from multivector.page import say, show
charts.switch_on()
paper = os.environ.get("MULTIVECTOR_CODING") == "paper"
least = alt.param(name="least", value=0, bind=alt.binding_range(min=0, max=8, step=1, name="Least"))
frame = pd.DataFrame({"x": range(9), "y": range(9)})
bars = alt.Chart(frame).mark_bar().encode(x="x:Q", y="y:Q")
bars = bars.transform_filter("datum.y >= least").add_params(least)
frame["y"] += paper
show("bars", bars, kind="model", source="nobody <b>at all</b>")
rows = pd.DataFrame({
    "name": ["<script>alert(1)</script>", "b & b"],
    "share": [0.125, None],
    "link": ["https://example.org/a; http://www.example.com", None],
})
show("rows", rows, source=["one", "two", "one"], links=["link"])
show("folded", rows, source="three")
say(n=12 if paper else 9, share=-0.25, right=2, deal={"x": 0.125, "ends": (0.5, 1)})
say(day="2009-06-30" if paper else "2009-02-03", acts=1, most=20)
"""
WORDS = """
(words)=
# Words

See {chart}`bars`.

```{chart} bars
{glue:text}`n` bars *rise* & shine <i>x</i>

Move the slider, {glue:text}`deal.ends.0:.1f`

Bars for {glue:text}`n` values.

From {glue:text}`share:.0%` up, on {glue:text}`day:%-d %B %Y`, {glue:text}`acts:# act|# acts`.

A second paragraph.
```

```{rows} rows
Two <b>rows</b>

- `name`: Name
- `share:.1%`: *Share*
- `link`: Where
```

```{rows} folded
:fold:
:cards:

All {glue:text}`n`

Folded rows

- `share`: Share
```

```{bet} which
:answer: right

Which of {glue:text}`n`?

- the *first*
- the second, {glue:text}`deal.x:.2f`

It was the second.
```

```{bet} how-many
:answer: n
:low: 0
:high: most
:form: .0f
:unit: bars

How many?

There are {glue:text}`n`.
```

```{bet} between
:answer: deal.x
:low: 0
:high: 1
:step: 0.01
:form: .0%
:interval:

Where do {glue:text}`n` deals lie on {ref}`the line <words>`?

At {glue:text}`deal.x:.3f`.
```

```{quiz} check
1. Question one?
   - [ ] wrong
   - [x] right {glue:text}`n`

   The reason.

2. Question [x] two?
   - [x] yes
   - [ ] no

   Another.
```
"""
BETS = """
# Bets

```{bets}
Nothing without *scripts*.
```
"""
WRONG = {
    "no cell of this page shows a chart": "```{chart} none\nA\n\nB\n\nC\n```",
    "expected paragraphs: title": "```{chart} bars\nA title alone.\n```",
    "no cell of this page shows rows": "```{rows} none\nA\n\n- `x`: X\n```",
    "no column 'z'; the rows have link, name, share": "```{rows} rows\nA\n\n- `z`: X\n```",
    "a column begins with its name": "```{rows} rows\nA\n\n- Name\n```",
    "expected the caption, and a list of columns": "```{rows} rows\n- `name`: X\n```",
    "no cell of this page says 'nothing'": "```{bet} a\n:answer: nothing\n\nA?\n\n- b\n\nC.\n```",
    "answer is 2; allowed: 1 to 1": "```{bet} b\n:answer: right\n\nA?\n\n- b\n\nC.\n```",
    "answer is 9; allowed: 10.0 to 20.0": "```{bet} c\n:answer: n\n:low: 10\n:high: 20\n\nA?\n\nC.\n```",
    "no cell of this page says an end": "```{bet} i\n:answer: n\n:low: 0\n:high: odd\n\nA?\n\nC.\n```",
    "answer is 9; allowed: None to None": "```{bet} d\n:answer: n\n\nA?\n\nC.\n```",
    "expected a question, options": "```{bet} e\n:answer: right\n\nA?\n```",
    "interval is for a number": "```{bet} j\n:answer: acts\n:interval:\n\nA?\n\n- b\n\nC.\n```",
    "expected a numbered list": "```{quiz} f\nA?\n```",
    "question 1 needs one option marked": "```{quiz} g\n1. A?\n   - [ ] b\n   - [ ] c\n\n   Why.\n```",
    "in question 1 a paragraph, options": "```{quiz} h\n1. A?\n   - [x] b\n```",
}


def notebook(path: Path, *sources: tuple[str, str]) -> None:
    """Write a notebook of cells, each with its kind."""
    v4 = nbformat.v4
    make = {"code": v4.new_code_cell, "text": v4.new_markdown_cell}
    cells = [make[kind](source.strip()) for kind, source in sources]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python", "language": "python"}
    made = v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(made, path)


def small_book(root: Path) -> Path:
    """A copy of the project whose pages are two small notebooks."""
    left_out = shutil.ignore_patterns(
        ".git", ".venv", "_build", "__pycache__", "*.ipynb", "tests"
    )
    shutil.copytree(ROOT, root, ignore=left_out)
    (root / "_toc.yml").write_text(
        f"format: jb-book\nroot: {FIRST}\nchapters:\n  - file: {SECOND}\n"
        f"  - file: {THIRD}\n"
    )
    (root / f"{THIRD}.md").write_text(BETS)
    notebook(root / f"{FIRST}.ipynb", ("code", CODE), ("text", WORDS))
    wrong = "# Wrong\n\n" + "\n\n".join(WRONG.values())
    notebook(root / f"{SECOND}.ipynb", ("code", CODE), ("text", wrong))
    furnish(root)
    return root


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Folder of the pages, and what the build said."""
    root = small_book(tmp_path_factory.mktemp("blocks") / "book of blocks")
    said = build(root).stdout
    return root / "_build" / "html", re.sub(r"\x1b\[[0-9;]*m", "", said)


@pytest.fixture(scope="module")
def page(built: tuple[Path, str]) -> BeautifulSoup:
    """The page without mistakes."""
    text = (built[0] / f"{FIRST}.html").read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser").select_one("article")


@pytest.fixture(scope="module")
def home(built: tuple[Path, str]) -> str:
    """Address of the small book."""
    handler = functools.partial(
        http.server.SimpleHTTPRequestHandler, directory=str(built[0])
    )
    handler.func.log_message = lambda *_: None
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def plain(element) -> str:
    """Text of an element, in one line."""
    return " ".join(element.get_text().split())


# What is written -------------------------------------------------------------


def test_a_figure_has_its_words_around_its_drawing(page):
    figure = page.select_one("figure.essay-chart")
    assert plain(figure.select_one(".essay-chart__title")).startswith(
        "9 bars rise & sh"
    )
    assert figure.select_one(".essay-chart__title em").text == "rise"
    assert plain(figure.select_one(".essay-chart__reading")) == "Move the slider, 0.5"
    assert plain(figure.select_one(".essay-chart__caption")) == "Bars for 9 values."
    said = [plain(p) for p in figure.select(".essay-chart__said p")]
    day = "From −25% up, on 3 February 2009, 1 act."
    assert said == ["Bars for 9 values.", day, "A second paragraph."]
    moved = figure.select(".essay-chart__said .essay-moves")[-1]
    assert moved["data-paper"] == "30 June 2009"
    assert plain(figure.select_one("figcaption")).startswith("Figure 1 Bars for 9")


def test_a_figure_is_named_by_its_words_and_reached_by_its_name(page):
    figure = page.select_one("figure.essay-chart")
    drawing = figure.select_one(".essay-chart__view svg")
    for attribute in ("aria-labelledby", "aria-describedby"):
        assert len(figure.select(f"#{drawing[attribute]}")) == 1
    title = figure.select_one(f"#{drawing['aria-labelledby']}")
    assert title["role"] == "heading"
    link = page.select_one("a[href='#figure-bars']")
    assert link.text == "Figure 1" and figure.select_one("#figure-bars")
    assert "nobody <b>at all</b>" in plain(figure.select_one(".essay-chart__source"))


def test_a_table_has_headings_formats_links_and_its_source(page):
    table = page.select(".essay-table")[0]
    assert plain(table.caption).startswith("Two")
    assert [plain(head) for head in table.select("th")] == ["Name", "Share", "Where"]
    assert table.select_one("th em").text == "Share"
    first, second = table.select("tbody tr")
    assert [plain(cell) for cell in first.select("td")] == [
        "<script>alert(1)</script>",
        "12.5%",
        "example.org example.com",
    ]
    assert [plain(cell) for cell in second.select("td")] == ["b & b", "", ""]
    assert [cell["data-label"] for cell in first.select("td")] == [
        "Name",
        "Share",
        "Where",
    ]
    assert plain(table.select_one(".essay-chart__source")) == "one; two"


def test_a_table_can_be_folded_and_laid_out_as_cards(page):
    fold = page.select_one("details.essay-fold:has(.essay-table)")
    assert plain(fold.summary) == "All 9"
    assert "essay-table--cards" in fold.select_one(".essay-table")["class"]


def test_bets_carry_their_answer_in_both_versions(page):
    which, how_many, between = page.select(".essay-bet")
    assert which["data-answer"] == "2" and not which.get("data-answer-paper")
    options = [plain(option) for option in which.select("ol > li")]
    assert options == ["the first", "the second, 0.12"]
    assert how_many["data-answer"] == "9" and how_many["data-answer-paper"] == "12"
    scale = json.loads(how_many["data-bet"])
    assert (scale["low"], scale["high"], scale["unit"]) == (0, 20, "bars")
    assert plain(how_many.select_one("details p")) == "There are 9."
    assert not scale["interval"] and json.loads(between["data-bet"])["interval"]


@pytest.fixture(scope="module")
def listed(built: tuple[Path, str]) -> BeautifulSoup:
    """The page that lists all bets."""
    text = (built[0] / f"{THIRD}.html").read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser").select_one("article")


def test_all_bets_are_listed_as_their_chapters_have_them(page, listed):
    bets, items = page.select(".essay-bet"), listed.select(".essay-guess")
    assert len(bets) == len(items) == 3
    for bet, item in zip(bets, items):
        assert plain(bet.select_one("p")) == plain(item.select_one("p"))
        assert bet.select("ol li") == item.select("ol li")
        for name in ("data-name", "data-bet", "data-answer", "data-answer-paper"):
            assert bet.get(name) == item.get(name)
        link = item.select_one(".essay-bets__place a")
        assert link["href"] == f"{FIRST.split('/')[1]}.html#{bet['id']}"
        assert plain(link) == "In “Words”"
        assert bet["data-all"] == f"{THIRD.split('/')[1]}.html"
    moved = items[0].select_one(".essay-moves")
    assert (moved["data-record"], moved["data-paper"]) == ("9", "12")
    reference = items[2].select_one("p a")
    assert reference["href"].startswith("index.html#words"), "it leads on from here"


def test_no_answer_stands_in_the_list(page, listed):
    for bet in page.select(".essay-bet details p"):
        assert plain(bet) not in plain(listed)


def test_a_check_knows_its_right_options(page):
    one, two = page.select(".essay-quiz__question")
    assert (one["data-right"], two["data-right"]) == ("1", "0")
    assert [plain(o) for o in one.select("li")] == ["wrong", "right 9"]
    assert plain(one.details).endswith("b. The reason.")
    assert plain(two.select_one("p")) == "Question [x] two?"


@pytest.mark.parametrize("problem", WRONG)
def test_what_is_wrong_with_a_block_is_said_with_its_place(built, problem):
    found = [line for line in built[1].splitlines() if problem in line]
    assert len(found) == 1, found
    assert re.search(r"wrong\.ipynb:\d+: WARNING", found[0])


def test_nothing_else_is_wrong(built):
    warnings = [x for x in built[1].splitlines() if ": WARNING: " in x]
    assert len(warnings) == len(WRONG), warnings


# In another language ---------------------------------------------------------

# What stays as it is in a translation: roles, code, addresses, tags, signs.
KEPT = re.compile(r"(\{[\w:]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)|<[^>]*>|&\w+;)")


def foreign(text: str) -> str:
    """A sentence with an accent on every letter, its marks as they were.

    >>> foreign("See *it* at {glue:text}`n`")
    'S\u0301e\u0301e\u0301 *i\u0301t\u0301* a\u0301t\u0301 {glue:text}`n`'
    """
    accented = [
        part if place % 2 else re.sub(r"([A-Za-z])", "\\1\u0301", part)
        for place, part in enumerate(KEPT.split(text))
    ]
    return "".join(accented)


def test_every_sentence_of_a_block_can_be_translated(tmp_path):
    """A catalogue of messages is made, filled with another language, and read back."""
    root = small_book(tmp_path / "book")
    (root / f"{SECOND}.ipynb").unlink()
    (root / "_toc.yml").write_text(f"format: jb-book\nroot: {FIRST}\n")
    config = root / "_config.yml"
    assert build(root, builder="gettext").returncode == 0
    for template in (root / "_build" / "gettext").rglob("*.pot"):
        with template.open("rb") as file:
            messages = pofile.read_po(file, locale="eo")
        for message in messages:
            message.string = foreign(message.id) if message.id else message.string
        place = root / "book" / "locale" / "eo" / "LC_MESSAGES"
        compiled = place / f"{template.stem}.mo"
        compiled.parent.mkdir(parents=True, exist_ok=True)
        with compiled.open("wb") as file:
            mofile.write_mo(file, messages)
    shutil.rmtree(root / "_build" / ".doctrees")
    said = config.read_text(encoding="utf-8")
    config.write_text(
        said.replace("    language: en\n", "    language: eo\n"),
        encoding="utf-8",
    )
    result = build(root)
    assert result.returncode == 0, [
        x for x in result.stdout.splitlines() if "WARNING" in x or "rror:" in x
    ]
    text = (root / "_build" / "html" / f"{FIRST}.html").read_text(encoding="utf-8")
    article = BeautifulSoup(text, "html.parser").select_one("article")
    said = plain(article.select_one(".essay-chart__said"))
    assert "2009-Februaro-03" in said, "a date is written as the language does"
    moved = article.select_one(".essay-chart__title .essay-moves")
    assert (moved.text, moved["data-paper"]) == ("9", "12")
    # Numbers, and the words of a reference, stand within roles, which a sentence keeps.
    for kept in article.select(".pasted-text, .essay-bet__question a"):
        kept.extract()
    for block in (
        ".essay-chart__title, .essay-chart__reading, .essay-chart__said,"
        ".essay-chart__caption, caption, th, .essay-bet__question, .essay-bet li,"
        ".essay-quiz__asked, .essay-quiz li, .essay-quiz__reason"
    ).split(","):
        words = " ".join(plain(part) for part in article.select(block))
        assert words and not re.search(r"[A-Za-z](?!\u0301)", words), words


# What a reader does ----------------------------------------------------------


def test_a_figure_that_was_moved_says_so_and_leads_back(browser, home):
    with watch(browser, home) as seen:
        page = seen.page
        page.goto(f"{home}/{FIRST}.html")
        page.evaluate("essayCharts.drawAll()")
        assert page.locator(".essay-chart__moved").count() == 0
        slider = page.locator("figure.essay-chart input[type=range]")
        place = slider.bounding_box()
        slider.fill("3")
        settled(page)
        assert slider.bounding_box() == place, "what a hand moves stays under it"
        notice = page.locator(".essay-chart__moved")
        assert "hold for the start" in notice.inner_text()
        drawing = page.locator(".essay-chart__canvas").bounding_box()
        place = notice.bounding_box()
        assert place["y"] + place["height"] <= drawing["y"], "near the title"
        weight = "one => getComputedStyle(one).fontWeight"
        title = page.locator(".essay-chart__title").first
        assert title.evaluate(weight) == "400", "a title that may not hold is not bold"
        slider.fill("0")
        settled(page)
        assert notice.count() == 0, "moved back by hand"
        assert title.evaluate(weight) == "600"
        slider.fill("5")
        settled(page)
        page.get_by_role("button", name="Back to the start").click()
        settled(page)
        assert slider.input_value() == "0" and notice.count() == 0
        rows = "document.querySelector('figure').vegaView.scenegraph().root"
        assert page.evaluate(f"() => Boolean({rows})") and seen.errors == []


def test_words_of_a_figure_change_with_its_drawing(browser, home):
    with watch(browser, home) as seen:
        page = seen.page
        page.goto(f"{home}/{FIRST}.html")
        page.evaluate("essayCharts.drawAll()")
        title = page.locator(".essay-chart__title")
        assert title.inner_text().startswith("9 bars")
        # No frame, no drawing: meanwhile the figure keeps its words.
        page.evaluate("""() => {
            window.real = window.vegaEmbed;
            window.vegaEmbed = () => new Promise((go) => { window.go = go; });
        }""")
        page.check(".essay-version input[value=paper]")
        assert title.inner_text().startswith("9 bars")
        page.wait_for_function("() => window.go", polling=50)
        # The drawing fails at last; the still of the version is shown, with its words.
        page.evaluate("() => { window.vegaEmbed = window.real; window.go(null); }")
        settled(page)
        assert page.locator("figure.essay-chart").get_attribute("data-shows") == "paper"
        assert title.inner_text().startswith("12 bars")


def test_an_answer_follows_the_version(browser, home):
    with watch(browser, home) as seen:
        page = seen.page
        page.goto(f"{home}/{FIRST}.html")
        bet = page.locator(".essay-bet").nth(1)
        bet.locator("input").fill("12")
        bet.get_by_role("button", name="Place the bet").click()
        assert "the answer: 9 bars" in bet.inner_text()
        page.check(".essay-version input[value=paper]")
        assert "the answer: 12 bars" in bet.inner_text()
        assert "That is what came out" in bet.get_by_role("status").inner_text()
        choice = page.locator(".essay-bet").nth(0)
        choice.locator("input").nth(0).check()
        choice.get_by_role("button", name="Place the bet").click()
        said = choice.get_by_role("status").inner_text()
        assert said == "You bet on the first. What came out: the second, 0.12."
        page.reload()
        assert choice.get_by_role("status").inner_text() == said
        assert seen.errors == []


def test_where_a_slider_stands_at_first_is_no_guess(browser, home):
    with watch(browser, home) as seen:
        page = seen.page
        page.goto(f"{home}/{FIRST}.html")
        bet = page.locator(".essay-bet").nth(1)
        button = bet.get_by_role("button", name="Place the bet")
        assert bet.locator("output").inner_text() == "not set"
        assert button.is_disabled()
        bet.locator("input").press("ArrowRight")
        assert button.is_enabled()
        assert bet.locator("output").inner_text() != "not set"
        assert seen.errors == []


SURE = ".essay-bet__sure input"


def test_an_interval_is_bet_on_with_two_ends(browser, home):
    with watch(browser, home) as seen:
        page = seen.page
        page.goto(f"{home}/{FIRST}.html")
        bet = page.locator(".essay-bet").nth(2)
        low, high = bet.get_by_label("at least"), bet.get_by_label("at most")
        low.fill("0.6")
        high.fill("0.3")
        assert low.input_value() == "0.3", "one end takes the other with it"
        assert low.get_attribute("aria-valuetext") == "30%"
        bet.get_by_role("button", name="Place the bet").click()
        said = bet.get_by_role("status")
        assert said.inner_text() == (
            "You bet on 30% to 30%. The answer lies outside: 13%."
        )
        bet.get_by_role("button", name="Bet again").click()
        low.fill("0.13")
        bet.get_by_role("button", name="Place the bet").click()
        told = "You bet on 13% to 30%. It holds the answer, 13%."
        assert said.inner_text() == told, "a number is what it rounds to"
        page.reload()
        assert said.inner_text() == told
        assert seen.errors == []


def test_the_list_tells_what_was_bet_on_and_nothing_else(browser, home):
    with watch(browser, home) as seen:
        page = seen.page
        page.goto(f"{home}/{THIRD}.html")
        score = page.locator(".essay-bets__score")
        assert score.inner_text().startswith("You have placed none of the 3 bets yet.")
        assert not page.locator(".essay-bets__tools").is_visible()
        assert page.locator(".essay-bets__told:visible").count() == 0
        page.locator(".essay-bets__place a").first.click()
        bet = page.locator(".essay-bet").first
        bet.locator("input[type=radio]").nth(0).check()
        bet.locator(SURE).fill("80")
        bet.get_by_role("button", name="Place the bet").click()
        said = "You bet on the first, 80% sure. What came out: the second, 0.12."
        assert bet.get_by_role("status").inner_text() == said
        bet.get_by_role("link", name="All your bets").click()
        page.wait_for_url(f"**/{THIRD}.html")
        assert page.locator(".essay-bets__told:visible").all_inner_texts() == [said]
        assert score.inner_text().split("\n\n") == [
            "You have placed 1 of 3 bets.",
            "Of 1 bet on one of several answers, 0 came out; blind guessing would get "
            "about 0.5. Where you said how sure you were (1 case), your Brier score is "
            "1.28: nought is perfect, lower is better, and to call every answer equally "
            "likely would score 0.50.",
        ]
        assert seen.errors == []


def keep(page, **bets: str) -> None:
    """Bets as the browser keeps them."""
    for name, kept in bets.items():
        page.evaluate(
            "([key, kept]) => localStorage.setItem(key, kept)",
            [f"essay-bet-{name.replace('_', '-')}", kept],
        )


def test_intervals_are_counted_against_what_they_promise(browser, home):
    with watch(browser, home) as seen:
        page = seen.page
        page.goto(f"{home}/{THIRD}.html")
        keep(page, between="0.5 0.75", how_many="12", which="2 50")
        page.reload()
        score = page.locator(".essay-bets__score").inner_text()
        assert "Your intervals held 0 of 1 answer; at 90%" in score
        assert "would do no better than that in 10% of such rounds" in score
        assert "covered 25% of the scale" in score
        assert "Your 1 bet on a number missed by 15% of the scale" in score
        assert "your Brier score is 0.50" in score
        page.evaluate("document.documentElement.dataset.version = 'paper'")
        page.evaluate("document.dispatchEvent(new CustomEvent('essay-version'))")
        score = page.locator(".essay-bets__score").inner_text()
        assert "missed by 0% of the scale" in score, "the answer follows the version"
        assert seen.errors == []


@pytest.mark.parametrize(
    "kept", ["", "x", "3", "0", "2 101", "2 20", "1 60 60", "1;DROP"]
)
def test_what_makes_no_sense_is_no_bet(browser, home, kept):
    with watch(browser, home) as seen:
        page = seen.page
        page.goto(f"{home}/{THIRD}.html")
        keep(page, which=kept, how_many="1 2", between="0.7 0.2")
        page.reload()
        assert "none of the 3 bets" in page.locator(".essay-bets__score").inner_text()
        assert seen.errors == []


def test_bets_are_taken_along_and_forgotten(browser, home):
    with watch(browser, home) as seen:
        page = seen.page
        page.goto(f"{home}/{THIRD}.html")
        keep(page, between="0.1 0.2", which="1", how_many="8")
        page.reload()
        with page.expect_download() as taken:
            page.get_by_role("button", name="JSON").click()
        rows = json.loads(Path(taken.value.path()).read_text(encoding="utf-8"))
        assert [(row["bet"], row["guess"], row["right"]) for row in rows] == [
            ("which", "the first", False),
            ("how-many", "8 bars", False),
            ("between", "10% to 20%", True),
        ]
        assert rows[1]["answer"] == 9 and rows[1]["version"] == "record"
        with page.expect_download() as taken:
            page.get_by_role("button", name="CSV").click()
        text = Path(taken.value.path()).read_text(encoding="utf-8")
        table = list(csv.DictReader(text.splitlines()))
        assert [row["question"] for row in table] == [row["question"] for row in rows]
        assert [row["low"] for row in table] == ["", "", "0.1"]
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.get_by_role("button", name="Forget").click()
        assert page.locator(".essay-bets__told:visible").count() == 3
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Forget").click()
        assert page.locator(".essay-bets__told:visible").count() == 0
        assert page.evaluate("localStorage.getItem('essay-bet-which')") is None
        assert seen.errors == []


def test_without_scripts_the_list_is_one_of_questions(browser, home):
    with watch(browser, home, java_script_enabled=False) as seen:
        seen.page.goto(f"{home}/{THIRD}.html")
        said = seen.page.locator(".essay-bets").inner_text()
        assert "Nothing without scripts." in said and said.count("In “Words”") == 3


def test_without_a_memory_the_list_says_so(browser, home):
    with watch(browser, home) as seen:
        page = seen.page
        page.add_init_script("Storage.prototype.setItem = () => { throw new Error(); }")
        page.goto(f"{home}/{THIRD}.html")
        said = page.locator(".essay-bets__score").inner_text()
        assert "none of the 3 bets" in said and "This browser keeps nothing" in said
