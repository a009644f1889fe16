"""The switch between the public record and the paper: what it changes, on every page, by hand and by keyboard."""

from __future__ import annotations

import copy
import functools
from pathlib import Path

import pandas as pd
from conftest import chapters, printed, scroll_to_end, settled, soup, watch
from playwright.sync_api import Browser, Page

from essay_specs import unpacked
from multivector import data, engagement, reliability

CHAPTERS = chapters()
FIRST = CHAPTERS[0]
#: The page on paper and record asks for the switch itself.
BOTH = "book/a8-paper-and-record"
STATUS = ".essay-versions .essay-version p"
TITLE = """() => [...document.querySelectorAll('.essay-chart__title')].map((title) => title.textContent)"""


def choose(page: Page, version: str) -> None:
    """Change the book over and wait until the charts have followed."""
    page.check(f".essay-version input[value={version}]")
    settled(page)


# What is in the pages ------------------------------------------------------------------


@functools.cache
def widest_and_narrowest(version: str) -> tuple[list[str], list[str]]:
    """Ends of the band of the balance where it is widest and where it is narrowest, as printed."""
    case = data.open_case(coding=version)
    months = pd.date_range(*case.span(), freq="ME")
    bands = engagement.bands(
        case.events, months, 730, 500, perturb=reliability.doubt(case)
    )
    line = bands[bands["index"] == "effective_vectors"].set_index("date")
    most, least = line["lower"].idxmax(), line["value"].idxmin()
    lower, upper = (
        [f"{line.at[month, end]:.1f}" for end in ("lower", "upper")]
        for month in (most, least)
    )
    return lower, upper


def test_numbers_of_the_first_page_are_those_of_the_two_codings(book: Path) -> None:
    """The numbers that the page carries, against the case opened both ways."""
    moving = soup(book, FIRST).select(".essay-moves")
    for version in data.CODINGS:
        wide, narrow = widest_and_narrowest(version)
        found = {element[f"data-{version}"] for element in moving}
        assert {*wide, *narrow} <= found
    assert all(
        element.get_text() == element["data-record"] != element["data-paper"]
        for element in moving
    )


def test_the_second_specification_holds_the_other_coding(book: Path) -> None:
    figure = soup(book, FIRST).select_one(".essay-chart:has(script[data-version])")
    other = unpacked(figure.select_one("script[data-version=paper]").string)
    assert other["datasets"], "the other coding has rows of its own"
    title = copy.copy(figure.select_one(".essay-chart__title"))
    for number in title.select(".essay-moves"):
        number.string = number["data-paper"]
    told = " ".join(title.get_text().split())
    for ends in widest_and_narrowest("paper"):
        assert " to ".join(f"{float(end):.0f}" for end in ends) in told


def test_something_moves_in_the_book_and_no_mark_is_left_behind(book: Path) -> None:
    pages = {name: soup(book, name) for name in CHAPTERS}
    assert sum(bool(page.select(".essay-moves")) for page in pages.values()) >= 4
    assert (
        sum(bool(page.select("script[data-version]")) for page in pages.values()) >= 4
    )
    for name in CHAPTERS:
        text = (book / f"{name}.html").read_text(encoding="utf-8")
        assert "<!--essay-" not in text, name


# What the reader does -------------------------------------------------------------------


def test_the_switch_changes_numbers_and_charts_and_holds_on_the_next_page(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.goto(f"{site}/{FIRST}.html")
        scroll_to_end(page)
        numbers = page.locator(".essay-moves")
        before, titles = numbers.all_text_contents(), page.evaluate(TITLE)
        choose(page, "paper")
        assert all(
            a != b for a, b in zip(before, numbers.all_text_contents(), strict=True)
        )
        assert page.evaluate(TITLE) != titles
        assert page.locator(".essay-version input[value=record]:checked").count() == 0
        figure = page.locator(".essay-chart").first
        named = figure.locator("svg").first.get_attribute("aria-labelledby")
        assert (
            figure.locator(f"#{named}").inner_text() == page.evaluate(TITLE)[0].strip()
        )

        page.goto(f"{site}/{CHAPTERS[1]}.html")
        assert page.is_checked(".essay-version input[value=paper]")
        moved = page.locator(".essay-moves").first
        assert moved.text_content() == moved.get_attribute("data-paper")

        choose(page, "record")
        assert moved.text_content() == moved.get_attribute("data-record")
        page.goto(f"{site}/{FIRST}.html")
        scroll_to_end(page)
        assert numbers.all_text_contents() == before and page.evaluate(TITLE) == titles
        assert seen.errors == []


def test_a_slider_keeps_its_place_when_the_book_changes_over(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.goto(f"{site}/{FIRST}.html")
        scroll_to_end(page)
        slider = page.locator(".essay-chart input[type=range]").first
        slider.focus()
        page.keyboard.press("Home")
        settled(page)
        choose(page, "paper")
        assert (
            page.locator(".essay-chart input[type=range]").first.input_value() == "180"
        )


def test_the_switch_works_by_keyboard_and_has_names(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport={"width": 360, "height": 740}) as seen:
        page = seen.page
        page.goto(f"{site}/{BOTH}.html")
        page.focus(".essay-version input[value=record]")
        page.keyboard.press("ArrowRight")
        assert page.is_checked(".essay-version input[value=paper]")
        group = page.get_by_role("group", name="Dates and facts as told by").first
        assert group.get_by_role("radio", name="By the record").count() == 1
        assert group.get_by_role("radio", name="As the paper tells it").count() == 1
        assert page.get_attribute(STATUS, "aria-live") == "polite"
        assert "written for the public record" in page.inner_text(STATUS)
        page.keyboard.press("ArrowLeft")
        assert page.inner_text(STATUS).startswith("No number and no chart of this")
        assert "written for" not in page.inner_text(STATUS)


def test_the_switches_of_a_page_agree(browser: Browser, site: str) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.goto(f"{site}/book/a10-breaks.html")
        switches = page.locator(".essay-version")
        assert switches.count() > 1
        switches.last.get_by_role("radio", name="As the paper tells it").check()
        for place in range(switches.count()):
            assert switches.nth(place).locator("input[value=paper]").is_checked()
        assert page.locator("html").get_attribute("data-version") == "paper"


def test_without_scripts_there_is_no_dead_switch(browser: Browser, site: str) -> None:
    with watch(browser, site, java_script_enabled=False) as seen:
        seen.page.goto(f"{site}/{FIRST}.html")
        assert seen.page.locator(".essay-version").count() == 0
        moved = seen.page.locator(".essay-moves").first
        assert moved.inner_text() == moved.get_attribute("data-record")


# Tables ----------------------------------------------------------------------------------


def test_tables_have_a_caption_heads_and_a_source(book: Path) -> None:
    tables = [
        table for name in CHAPTERS for table in soup(book, name).select(".essay-table")
    ]
    assert len(tables) >= 3
    for table in tables:
        assert (
            table.caption.get_text().strip()
            and table.select_one(".essay-chart__source").get_text().strip()
        )
        heads = [th.get_text().strip() for th in table.select("thead th[scope=col]")]
        for row in table.select("tbody tr"):
            assert [cell["data-label"] for cell in row.select("td")] == heads


def test_the_sources_page_lists_every_table_with_its_terms(book: Path) -> None:
    case, page = data.open_case(), soup(book, "book/a4-sources")
    for name in case.tables:
        entry = page.select_one(f"#table-{name}")
        assert entry, name
        words = {
            dt.get_text(): dt.find_next_sibling("dd").get_text()
            for dt in entry.select("dt")
        }
        assert {
            "Can say",
            "Cannot say",
            "Rows kept",
            "Cited as",
            "From",
            "Licence",
            "Checksum",
        } <= set(words), name
        assert words["Cited as"] == case.cite(name)


def test_folded_tables_are_printed(browser: Browser, site: str) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        seen.page.goto(f"{site}/book/a4-sources.html")
        paper = printed(seen.page)
    text = " ".join("".join(sheet.extract_text() for sheet in paper.pages).split())
    assert "The Global Terrorism Database may not be passed on" in text


BROKEN = """() => [...document.querySelectorAll('.essay-table:not(.essay-table--cards) td')].filter((cell) => {
    const word = cell.textContent.trim();
    if (!/^[A-Za-z0-9]+$/.test(word)) return false;
    const range = document.createRange();
    range.selectNodeContents(cell);
    return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1;
}).map((cell) => cell.textContent)"""


def test_tables_keep_whole_words_on_paper(browser: Browser, site: str) -> None:
    with watch(
        browser, site, viewport={"width": 718, "height": 1000}
    ) as seen:  # A4 within its margins
        seen.page.goto(f"{site}/book/a3-codebook.html")
        seen.page.evaluate(
            "document.querySelectorAll('.essay-fold').forEach((fold) => { fold.open = true; })"
        )
        seen.page.emulate_media(media="print")
        assert seen.page.locator(".essay-table td:visible").count() > 1000
        assert seen.page.evaluate(BROKEN) == []
        page = seen.page.locator(".essay-table table").last.bounding_box()
        assert page and page["x"] + page["width"] <= 718
