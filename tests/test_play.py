"""Figures have numbers, terms their meaning, and readers can bet and check themselves."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import chapters, soup, watch
from playwright.sync_api import Browser

ESSAY = [name for name in chapters() if re.search(r"/0\d-", name)]


# Numbers ---------------------------------------------------------------------


@pytest.mark.parametrize("name", chapters())
def test_figures_are_numbered_in_their_order(name: str, book: Path) -> None:
    figures = soup(book, name).select("figure.essay-chart")
    numbers = [figure.select_one(".essay-chart__number").text for figure in figures]
    found = re.search(r"/(a?)0?(\d+)-", name)
    chapter = f"{found[1].upper()}{found[2]}." if found else ""
    assert numbers == [f"Figure {chapter}{i}" for i in range(1, len(figures) + 1)]


@pytest.mark.parametrize("name", chapters())
def test_a_reference_carries_the_number_of_its_figure(name: str, book: Path) -> None:
    for link in soup(book, name).select("article a[href*='#figure-']"):
        if not link.text.startswith("Figure "):
            continue
        page, _, place = link["href"].partition("#")
        there = (
            soup(book, f"book/{page.removesuffix('.html')}")
            if page
            else soup(book, name)
        )
        figure = there.find(id=place).find_parent("figure")
        assert figure.select_one(".essay-chart__number").text == link.text, link


@pytest.mark.parametrize("name", ESSAY)
def test_the_text_points_to_its_figures(name: str, book: Path) -> None:
    text = soup(book, name).find("article")
    assert (
        len(
            [
                a
                for a in text.select("a[href*='#figure-']")
                if a.text.startswith("Figure ")
            ]
        )
        >= 3
    )
    said = " ".join(p.get_text(" ") for p in text.select("p, li"))
    assert not re.search(
        r"\bthe (first|second|third|fourth|last) figure\b(?! of)", said
    ), "a figure has a number"


# Terms -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ESSAY)
def test_terms_say_what_they_mean(name: str, book: Path) -> None:
    terms = soup(book, name).select("a.essay-term")
    assert len(terms) >= 5
    assert len({term["href"] for term in terms}) == len(terms), (
        "a term is explained once a chapter"
    )
    assert all(len(term["title"].split()) > 3 for term in terms)


def test_every_term_is_alphabetical_and_explained(book: Path) -> None:
    entries = soup(book, "book/glossary").select("dl.glossary dt")
    names = [re.sub(r"[#¶\s]+$", "", entry.get_text()).casefold() for entry in entries]
    assert len(names) > 40 and names == sorted(names)


@pytest.mark.parametrize("name", ESSAY)
def test_a_chapter_says_how_long_it_takes(name: str, book: Path) -> None:
    line = soup(book, name).select_one(".essay-times").text
    assert 3 <= int(re.search(r"About (\d+) minutes", line)[1]) <= 20


# Bets ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ESSAY)
def test_a_chapter_has_a_bet_before_its_figure_and_a_check_at_its_end(
    name: str, book: Path
) -> None:
    page = soup(book, name)
    order = list(page.select(".essay-bet, figure.essay-chart, .essay-quiz"))
    assert "essay-bet" in order[0]["class"], "a bet comes first"
    assert "essay-quiz" in order[-1]["class"], "a check comes last"
    assert 3 <= len(page.select(".essay-quiz__question")) <= 5


def test_names_of_bets_and_checks_are_unique(book: Path) -> None:
    names = [
        part["data-name"]
        for name in chapters()
        for part in soup(book, name).select(".essay-bet, .essay-quiz__question")
    ]
    assert len(names) == len(set(names)) >= 6


BLURRED = "(title) => getComputedStyle(title).filter.startsWith('blur')"
# The title of the first figure after the first bet.
TOLD = "article .essay-bet >> nth=0 >> xpath=following::figure[contains(@class, 'essay-chart')][1]"


@pytest.mark.parametrize("name", ESSAY)
def test_a_title_that_tells_the_answer_is_blurred_until_the_bet_is_placed(
    name: str, browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.goto(f"{site}/{name}.html")
        title = page.locator(TOLD).locator(".essay-chart__title")
        assert title.evaluate(BLURRED)
        bet = page.locator(".essay-bet").first
        given = json.loads(bet.get_attribute("data-bet"))
        bet.locator("input").first.press("ArrowRight" if "low" in given else "Space")
        bet.get_by_role("button", name="Place the bet").click()
        assert not title.evaluate(BLURRED)
        bet.get_by_role("button", name="Bet again").click()
        assert title.evaluate(BLURRED)
        page.locator(TOLD).get_by_role("button", name="Show the title").click()
        assert not title.evaluate(BLURRED)
        page.emulate_media(media="print")
        page.reload()
        assert not title.evaluate(BLURRED), "paper has its titles"
        assert seen.errors == []


@pytest.mark.parametrize("name", ESSAY)
def test_a_bet_is_taken_answered_and_remembered(
    name: str, browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport={"width": 360, "height": 740}) as seen:
        page = seen.page
        page.goto(f"{site}/{name}.html")
        bet = page.locator(".essay-bet").first
        assert not bet.locator("details").is_visible(), (
            "the answer is hidden until the bet is placed"
        )
        given = json.loads(bet.get_attribute("data-bet"))
        first = bet.locator("input").first
        first.focus()
        page.keyboard.press("ArrowRight" if "low" in given else "Space")
        bet.get_by_role("button", name="Place the bet").focus()
        page.keyboard.press("Enter")
        told = bet.get_by_role("status").inner_text()
        assert told.startswith("You bet on ") and bet.locator("details p").is_visible()
        page.reload()
        assert (
            page.locator(".essay-bet").first.get_by_role("status").inner_text() == told
        )
        page.locator(".essay-bet").first.get_by_role("button", name="Bet again").click()
        assert (
            page.locator(".essay-bet")
            .first.get_by_role("button", name="Place the bet")
            .is_visible()
        )
        assert seen.errors == [] and seen.outside == []


def first_bet(book: Path, numeric: bool) -> tuple[str, str, dict]:
    """Page, name and terms of the first bet on a number, or on an option."""
    for name in ESSAY:
        for bet in soup(book, name).select(".essay-bet"):
            given = json.loads(bet["data-bet"])
            if ("low" in given) == numeric:
                return name, bet["data-name"], given
    raise AssertionError("no such bet")


NONSENSE = [
    "",
    "null",
    "{broken",
    "1e999",
    "NaN",
    "-99999",
    '["2001"]',
    "no such option",
]


KEEP = "([key, value]) => localStorage.setItem(key, value)"


@pytest.mark.parametrize("numeric", [True, False], ids=["number", "option"])
def test_a_kept_bet_that_makes_no_sense_is_dropped(
    numeric: bool, browser: Browser, site: str, book: Path
) -> None:
    name, bet_name, given = first_bet(book, numeric)
    key = f"essay-bet-{bet_name}"
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.goto(f"{site}/{name}.html")
        bet = page.locator(f".essay-bet[data-name='{bet_name}']")
        for kept in NONSENSE:
            page.evaluate(KEEP, [key, kept])
            page.reload()
            assert bet.get_by_role("button", name="Place the bet").is_visible(), kept
            assert not bet.locator("details").is_visible(), kept
            assert bet.locator("p[role=status]").inner_text() == "", kept
            left = page.evaluate("(key) => localStorage.getItem(key)", key)
            assert left is None, kept
        # One that does make sense is kept.
        sense = str(given["low"]) if numeric else "1"
        page.evaluate(KEEP, [key, sense])
        page.reload()
        assert bet.locator("p[role=status]").inner_text().startswith("You bet on ")
        assert seen.errors == []


def test_nonsense_about_versions_and_colours_is_as_good_as_nothing(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.goto(f"{site}/{ESSAY[0]}.html")
        page.evaluate(
            """() => {
                for (const key of ['essay-version', 'mode', 'theme']) localStorage.setItem(key, '{"odd');
            }"""
        )
        page.reload()
        assert page.is_checked(".essay-version input[value=record]")
        root = "document.documentElement.dataset"
        assert page.evaluate(f"{root}.mode") == "auto"
        assert page.evaluate(f"{root}.theme") in ("light", "dark")
        assert page.evaluate(f"{root}.version ?? ''") == ""
        assert seen.errors == []


REFUSED = """for (const name of ['localStorage', 'sessionStorage']) {
    Object.defineProperty(window, name, { configurable: true, get() { throw new DOMException('refused', 'SecurityError'); } });
}"""


def test_a_browser_without_memory_reads_and_bets_all_the_same(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.add_init_script(REFUSED)
        page.goto(f"{site}/{ESSAY[0]}.html")
        assert page.evaluate("document.documentElement.dataset.theme") == "light"
        page.check(".essay-version input[value=paper]")
        # Numbers of a figure follow its drawing (tests/test_blocks.py).
        moved = page.locator(".essay-moves:not(figure *)").first
        if moved.count():
            assert moved.text_content() == moved.get_attribute("data-paper")
        bet = page.locator(".essay-bet").first
        number = "low" in json.loads(bet.get_attribute("data-bet"))
        bet.locator("input").first.press("ArrowRight" if number else "Space")
        bet.get_by_role("button", name="Place the bet").click()
        assert bet.locator("p[role=status]").inner_text().startswith("You bet on ")
        assert set(page.evaluate("essayCharts.drawAll()")) == {"live"}
        assert seen.errors == []
        page.goto(f"{site}/book/a1-ledger.html")
        select = page.locator(".essay-filters select").first
        select.select_option(index=1)
        assert page.locator(".essay-claim[hidden]").count() > 0
        assert seen.errors == []


@pytest.mark.parametrize("name", ESSAY)
def test_a_check_answers_at_once(name: str, browser: Browser, site: str) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.goto(f"{site}/{name}.html")
        for question in page.locator(".essay-quiz__question").all():
            right = int(question.get_attribute("data-right"))
            options = question.locator("input")
            options.nth((right + 1) % options.count()).check()
            assert question.get_by_role("status").inner_text().startswith("No.")
            options.nth(right).check()
            said = question.get_by_role("status").inner_text()
            assert said.startswith("Yes. ") and len(said) > 20


@pytest.mark.parametrize("name", ESSAY)
def test_without_scripts_the_answers_stand_in_folds(
    name: str, browser: Browser, site: str
) -> None:
    with watch(browser, site, java_script_enabled=False) as seen:
        seen.page.goto(f"{site}/{name}.html")
        folds = seen.page.locator(".essay-bet details, .essay-quiz details")
        assert folds.count() >= 4
        assert all(fold.is_visible() for fold in folds.all())


# Code ------------------------------------------------------------------------


def test_code_stands_behind_one_switch_that_is_remembered(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport={"width": 360, "height": 740}) as seen:
        page = seen.page
        page.goto(f"{site}/{ESSAY[1]}.html")
        cells = page.locator(".bd-article .cell_input")
        assert cells.count() > 10
        assert not any(cell.is_visible() for cell in cells.all())
        switch = page.get_by_role("button", name="Show the code")
        assert switch.get_attribute("aria-pressed") == "false"
        switch.focus()
        page.keyboard.press("Enter")
        assert switch.get_attribute("aria-pressed") == "true"
        shown = [cell for cell in cells.all() if cell.is_visible()]
        assert len(shown) > 10, "a cell that is folded by itself stays so"
        page.goto(f"{site}/{ESSAY[2]}.html")
        assert page.locator(".bd-article .cell_input").first.is_visible()
        page.get_by_role("button", name="Show the code").click()
        page.reload()
        assert not page.locator(".bd-article .cell_input").first.is_visible()
        assert seen.errors == []


def test_without_scripts_the_code_is_in_sight(browser: Browser, site: str) -> None:
    with watch(browser, site, java_script_enabled=False) as seen:
        seen.page.goto(f"{site}/{ESSAY[1]}.html")
        assert seen.page.locator(".bd-article .cell_input").first.is_visible()
        assert seen.page.get_by_role("button", name="Show the code").count() == 0
