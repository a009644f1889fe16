"""The pages for who reads by ear, by keyboard, with large letters or in forced colours."""

from __future__ import annotations

import doctest
import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import choose_theme, pages, settled, soup, watch
from playwright.sync_api import Browser, Page

import essay_landmarks

PAGES = [*pages(), "licences", "search"]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}

# ---- What axe-core finds ---------------------------------------------------------

TAGS = "wcag2a wcag2aa wcag21a wcag21aa wcag22a wcag22aa best-practice".split()
# Still on trial there, and asked for all the same: a name begins with what one sees.
MORE = ["label-content-name-mismatch"]
AXE = """async ([tags, more, only]) => {
    const rules = Object.fromEntries(more.map((rule) => [rule, { enabled: true }]));
    const asked = only ? { runOnly: { type: 'rule', values: only } }
        : { runOnly: { type: 'tag', values: tags }, rules };
    const { violations } = await axe.run(document, { resultTypes: ['violations'], preload: false, ...asked });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`));
}"""
# Whatever can be opened is, and what can be answered.
ANSWER = """() => {
    for (const form of document.querySelectorAll('.essay-bet form, .essay-quiz form')) {
        const input = form.querySelector('input');
        if (input.type === 'radio') input.click();
        else input.dispatchEvent(new Event('input', { bubbles: true }));
        form.querySelector('button[type=submit]')?.click();
    }
}"""
OPEN = "() => { for (const fold of document.querySelectorAll('details')) fold.open = true; }"
# A row of a long table is as the others: three are read.
THIN = """() => {
    for (const row of document.querySelectorAll('tbody tr:nth-child(n + 4)')) row.remove();
    for (const claim of document.querySelectorAll('.essay-claim:nth-of-type(n + 9)')) claim.remove();
}"""

# ---- What fits -------------------------------------------------------------------

SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
    " word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"
)
# Width and height of the window, and what the reader's own style sheet says.
LOOKS = {
    "letters twice as large on a phone": (360, 740, "html { font-size: 200% }"),
    "letters twice as large": (1280, 900, "html { font-size: 200% }"),
    "a window at 200 %": (640, 450, ""),
    "a narrow phone": (280, 650, ""),
    "text set wide": (360, 740, SPACING),
}
RESTYLE = """(rules) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets = [sheet];
}"""
# What stands beyond the edge and cannot be scrolled to in a box of its own, and what is cut.
LOST = """() => {
    const boxed = (element) => {
        for (let at = element; at !== document.documentElement; at = at.parentElement) {
            const style = getComputedStyle(at);
            if (style.clipPath !== 'none') return true;
            if (/auto|scroll/.test(style.overflowX) && at.scrollWidth > at.clientWidth + 1) return at.tabIndex >= 0 || at.querySelector('a, button');
        }
        return false;
    };
    const called = (element) => `${element.tagName}.${element.getAttribute('class') ?? ''}: ${element.textContent.trim().slice(0, 40)}`;
    const found = [];
    if (document.scrollingElement.scrollWidth > innerWidth) found.push(`the page is ${document.scrollingElement.scrollWidth} wide`);
    for (const element of document.querySelectorAll('body *:not(svg *, math *)')) {
        if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('.essay-chart__stage')) continue;
        const { right, width, height } = element.getBoundingClientRect();
        if (!width || !height || boxed(element)) continue;
        if (right > innerWidth + 1) found.push(`beyond the edge: ${called(element)}`);
        if (/hidden|clip/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1) found.push(`cut: ${called(element)}`);
    }
    return found;
}"""

# ---- What shows where the keyboard is ----------------------------------------------

UNSEEN = """() => {
    const unseen = [];
    for (const element of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')) {
        if (element.disabled || !element.checkVisibility({ visibilityProperty: true })) continue;
        element.focus({ preventScroll: true });
        if (document.activeElement !== element) continue;
        const shown = element.closest('.essay-version label') ?? element;
        const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(shown);
        const seen = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && !/^rgba\\(.*, 0\\)$/.test(outlineColor);
        if (!seen) unseen.push(element.outerHTML.slice(0, 120));
    }
    return unseen;
}"""


def axe(page: Page, *only: str) -> list[str]:
    """What axe-core finds on a page as it stands, of all rules or of some."""
    if not page.evaluate("'axe' in window"):
        # No need to import the package: it carries the script that we ask for.
        folder = importlib.util.find_spec("axe_playwright_python").origin
        script = Path(folder).with_name("axe.min.js").read_text(encoding="utf-8")
        page.evaluate(script)
    return page.evaluate(AXE, [TAGS, MORE, list(only) or None])


@dataclass
class Visit:
    """What was found on one page."""

    faults: dict[str, list[str]]
    lost: dict[str, list[str]]
    unseen: list[str]
    errors: list[str]


@pytest.fixture(scope="module", params=PAGES)
def visit(request: pytest.FixtureRequest, browser: Browser, site: str) -> Visit:
    """One page in all its states; the tests below share the reading."""
    options = {"color_scheme": "light", "reduced_motion": "reduce"}
    with watch(browser, site, viewport=DESK, **options) as seen:
        page = seen.page
        page.goto(f"{site}/{request.param}.html")
        settled(page)
        faults = {"still and shut": axe(page)}
        page.keyboard.press("Tab")
        unseen = page.evaluate(UNSEEN)
        page.evaluate(ANSWER)
        page.evaluate(OPEN)
        lost = {}
        for name, (width, height, rules) in LOOKS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(RESTYLE, rules)
            settled(page)
            lost[name] = page.evaluate(LOST)
        # A colour on its way from one theme to the other is neither.
        page.evaluate(RESTYLE, "* { transition: none !important }")
        page.set_viewport_size(PHONE)
        page.evaluate("window.essayCharts?.drawAll()")
        choose_theme(page, "dark")
        page.evaluate(THIN)
        faults["alive, open, answered, dark, on a phone"] = axe(page)
        choose_theme(page, "light")
        faults["the same in the light"] = axe(page, "color-contrast")
        return Visit(faults, lost, unseen, seen.errors)


# The pages as read -----------------------------------------------------------------


def test_nothing_is_found_in_any_state(visit: Visit) -> None:
    assert {state: found for state, found in visit.faults.items() if found} == {}


def test_large_letters_and_small_screens_lose_nothing(visit: Visit) -> None:
    assert {look: found for look, found in visit.lost.items() if found} == {}


def test_the_keyboard_shows_where_it_is(visit: Visit) -> None:
    assert visit.unseen == [] and visit.errors == []


def test_a_fault_would_be_found(browser: Browser, site: str) -> None:
    with watch(browser, site, viewport=PHONE) as seen:
        page = seen.page
        page.goto(f"{site}/search.html")
        assert page.evaluate(LOST) == []
        page.evaluate(
            """() => {
                const button = document.createElement('button');
                button.style.cssText = 'width: 900px; outline: none !important';
                document.querySelector("main").append(button);
            }"""
        )
        assert any(fault.startswith("button-name") for fault in axe(page))
        assert any("wide" in fault for fault in page.evaluate(LOST))
        page.keyboard.press("Tab")
        assert len(page.evaluate(UNSEEN)) == 1


# The markup ------------------------------------------------------------------------


def test_the_examples_of_the_landmarks_hold() -> None:
    tried = doctest.testmod(essay_landmarks)
    assert tried.attempted and not tried.failed


@pytest.mark.parametrize(
    "having", [having for having, _wanted in essay_landmarks.PARTS]
)
def test_the_theme_still_calls_its_parts_so(having: str, book: Path) -> None:
    """A part of another name would be left without one, and nothing would say so."""
    wanted = dict(essay_landmarks.PARTS)[having]
    tags = [
        tag
        for name in ("book/index", "book/01-introduction")
        for tag in re.findall(
            r"<[a-z][^<>]*>", (book / f"{name}.html").read_text("utf-8")
        )
        if having in tag
    ]
    if having == 'role="doc-biblioentry"':
        works = soup(book, "book/references").select(".citation")
        assert tags == [] and works and all(w["role"] == "listitem" for w in works)
        return
    assert tags
    for tag in tags:
        given = dict(essay_landmarks.attributes(tag))
        assert {key: given.get(key) for key in wanted} == wanted, tag


@pytest.mark.parametrize("name", PAGES)
def test_headings_follow_one_another_and_ids_are_unique(name: str, book: Path) -> None:
    page = soup(book, name)
    text = page.select_one("article") or page.select_one(".bd-search-container")
    levels = [
        int(part.get("aria-level") or part.name[1])
        for part in text.select(":is(h1, h2, h3, h4, h5, h6, [role=heading])")
    ]
    assert levels[:1] == [1] and levels.count(1) == 1
    steps = [after - before for before, after in zip(levels, levels[1:])]
    assert max(steps, default=0) <= 1, levels
    ids = [
        part["id"] for part in page.select("[id]") if not part.find_parent("template")
    ]
    assert sorted(ids) == sorted(set(ids))
    assert page.select("[tabindex]:not([tabindex='0'], [tabindex='-1'])") == []


# Buttons, dialogs and hints ------------------------------------------------------------

FOCUSED = "(part) => document.activeElement === part"
CHAPTER = "book/04-akayev"


def test_the_search_opens_tells_and_gives_the_focus_back(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport=DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{CHAPTER}.html")
        settled(page)
        button = page.get_by_role("button", name=re.compile("^Search"))
        button.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="Search")
        assert dialog.is_visible() and axe(page) == []
        page.keyboard.press("Escape")
        assert not dialog.is_visible() and button.evaluate(FOCUSED)


@pytest.mark.parametrize("name", ["Chapters", "On this page"])
def test_a_sidebar_opens_tells_and_gives_the_focus_back(
    name: str, browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport=PHONE) as seen:
        page = seen.page
        page.goto(f"{site}/{CHAPTER}.html")
        settled(page)
        button = page.get_by_role("button", name=name)
        assert button.get_attribute("aria-expanded") == "false"
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog[open]")
        assert axe(page) == []
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog[open]", state="detached")
        assert button.get_attribute("aria-expanded") == "false"
        assert button.evaluate(FOCUSED)
        page.set_viewport_size(DESK)
        wide = page.locator(".primary-toggle")
        assert wide.get_attribute("aria-expanded") == "true"
        wide.press("Enter")
        assert wide.get_attribute("aria-expanded") == "false"


def test_the_colours_say_what_they_stand_at(browser: Browser, site: str) -> None:
    with watch(browser, site, viewport=DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{CHAPTER}.html")
        button = page.locator(".theme-switch-button:visible")
        said = [button.get_attribute("aria-label")]
        for _turn in range(2):
            button.press("Enter")
            page.wait_for_function(
                "([button, before]) => button.getAttribute('aria-label') !== before",
                arg=[button.element_handle(), said[-1]],
            )
            said.append(button.get_attribute("aria-label"))
            assert button.evaluate(FOCUSED)
        assert len(set(said)) == 3 and all(one.startswith("Colours: ") for one in said)


def test_a_term_says_what_it_means_on_focus_and_hover(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport=DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{CHAPTER}.html")
        settled(page)
        term, hint = page.locator("a.essay-term").first, page.locator(".essay-hint")
        page.keyboard.press("Tab")
        term.focus()
        assert hint.inner_text() == term.get_attribute("aria-description")
        page.keyboard.press("Escape")
        assert hint.is_hidden() and term.evaluate(FOCUSED)
        page.evaluate("document.activeElement.blur()")
        term.hover()
        hint.wait_for(state="visible")
        hint.hover()
        assert hint.is_visible()
        page.mouse.move(2, 2)
        hint.wait_for(state="hidden")


# Whoever is told of a change is told once, and stays where the change was asked for.
LISTEN = """() => {
    window.told = new Set();
    new MutationObserver((changes) => {
        for (const { target } of changes) {
            const region = (target.closest ? target : target.parentElement)?.closest('[role=status], [aria-live=polite], output:not([aria-hidden])');
            if (region?.textContent.trim()) window.told.add(region);
        }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""


def test_after_a_bet_the_reader_is_where_the_bet_was(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport=DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{CHAPTER}.html")
        settled(page)
        bet = page.locator(".essay-bet").first
        veiled = page.get_by_role("heading", name="is hidden until you bet")
        assert veiled.count() == 1
        bet.locator("input").first.press("ArrowRight")
        page.evaluate(LISTEN)
        bet.get_by_role("button", name="Place the bet").press("Enter")
        assert bet.get_by_role("button", name="Bet again").evaluate(FOCUSED)
        assert veiled.count() == 0
        assert page.evaluate("window.told.size") == 1
        question = page.locator(".essay-quiz__question").first
        page.evaluate(LISTEN)
        question.locator("input").first.press("Space")
        assert question.locator("input").first.evaluate(FOCUSED)
        assert page.evaluate("window.told.size") == 1


@pytest.mark.parametrize("name", ["book/index", "book/a10-breaks"])
def test_a_change_of_version_is_said_once(
    name: str, browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport=DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{name}.html")
        settled(page)
        page.evaluate(LISTEN)
        choice = page.locator(".essay-version input[value=paper]").first
        choice.press("Space")
        settled(page)
        assert choice.evaluate(FOCUSED)
        assert page.evaluate("window.told.size") == 1


# Forced colours ---------------------------------------------------------------------

# Colours of words and lines of the drawings, beside that of the page.
PAINTED = """() => {
    const page = document.createElement('div');
    page.style.backgroundColor = 'Canvas';
    document.body.append(page);
    const ground = getComputedStyle(page).backgroundColor;
    const drawn = [...document.querySelectorAll('.essay-chart svg text, .essay-chart svg .mark-line path')]
        .filter((part) => part.checkVisibility({ visibilityProperty: true }));
    return [ground, drawn.map((part) => {
        const { fill, stroke } = getComputedStyle(part);
        return part.tagName === 'text' ? fill : stroke;
    })];
}"""


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize("kept", ["light", "dark"])
def test_forced_colours_are_seen_whatever_theme_is_kept(
    system: str, kept: str, browser: Browser, site: str
) -> None:
    from test_pages import contrast

    options = {"forced_colors": "active", "color_scheme": system, "viewport": DESK}
    with watch(browser, site, **options) as seen:
        page = seen.page
        page.add_init_script(
            f"for (const key of ['mode', 'theme']) localStorage.setItem(key, '{kept}');"
        )
        page.goto(f"{site}/{CHAPTER}.html")
        settled(page)
        assert page.evaluate("document.documentElement.dataset.theme") == kept
        ground, drawn = page.evaluate(PAINTED)
        assert len(drawn) > 20
        pale = {one for one in drawn if one != "none" and contrast(one, ground) < 3}
        assert pale == set()
        page.keyboard.press("Tab")
        assert page.evaluate(UNSEEN) == []
