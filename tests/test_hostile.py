"""What a reader types, an address carries or a browser has kept is text, whatever it says."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import settled, soup, watch
from playwright.sync_api import Browser, Page

DESK = {"viewport": {"width": 1280, "height": 900}}
CHART = "book/04-akayev", "tilt"
# Pages of each kind: charts, claims, choices, bets, a search, a list.
KINDS = [
    "book/index",
    CHART[0],
    "book/a1-ledger",
    "book/a2-multiverse",
    "book/your-bets",
    "search",
    "licences",
]
MARKUP = [
    "<img src=x id=bait onerror=window.ran=1>",
    "'\"></textarea><script id=bait>window.ran=1</script>",
    "javascript:window.ran=1",
    "</script></title><svg id=bait onload=window.ran=1>",
    "{{constructor.constructor('window.ran=1')()}}${window.ran=1}",
]
ODD = [
    "__proto__",
    "constructor toString hasOwnProperty",
    "(((([[[*\\",
    "\x00\x01\x7f\ufffe",
    "\u202egnihton\u2066\u200b",
    "a b c d e " * 60,
    "x" * 4000,
]
WORDS = [*MARKUP, *ODD]
# Not what `quote` would write: escapes that are none, and names where values stand.
RAW = [
    "view=%E0%A4%A&q=%&highlight=%zz&version=%C0%80",
    "view[__proto__][polluted]=1&__proto__[polluted]=1&constructor.prototype.polluted=1",
    "&&&===&=&q&view&version&highlight#%%%",
]
FILLED = ("q", "view", "version", "highlight", "half_life", "by_alignment", "section")
KEPT = (
    "mode", "theme", "essay-version", "essay-code", "sphinx_highlight_terms",
    "sidebar-scroll-top", "pst_banner_pref",
)  # fmt: skip
SEEN = """() => [
    document.querySelectorAll('#bait, img[src="x"]').length,
    Boolean(window.ran), 'polluted' in {},
]"""
NOTHING = [0, False, False]
NOTE = "addEventListener('securitypolicyviolation', () => { window.ran = true; });"


def addresses(word: str, home: str, name: str) -> list[str]:
    """A page whose address says a word wherever it can."""
    view = f"view={CHART[1]}&half_life={quote(word)}&left_out={quote(word)}"
    filled = "&".join(f"{key}={quote(word)}" for key in FILLED)
    named = f"{quote(word)}={quote(word)}"
    return [f"{home}/{name}.html?{view}&{filled}&{named}#{quote(word)}"]


def at_rest(page: Page) -> None:
    """Wait until a page has done what its address asked for."""
    if page.locator("figure.essay-chart").count():
        settled(page)
    if page.url.partition("?")[0].endswith("search.html"):
        page.wait_for_function(
            "() => !document.querySelector('#search-results h2 span')?.textContent"
            " || document.querySelector('.search-summary')?.textContent"
        )


@pytest.mark.parametrize("name", KINDS)
def test_an_address_says_text(name: str, browser: Browser, site: str) -> None:
    told = [one for word in WORDS for one in addresses(word, site, name)]
    told += [f"{site}/{name}.html?{query}" for query in RAW]
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        page.add_init_script(NOTE)
        page.on("dialog", lambda one: pytest.fail(one.message))
        for address in told:
            page.goto("about:blank")
            page.goto(address)
            at_rest(page)
            assert page.evaluate(SEEN) == NOTHING, address[:300]
            assert seen.errors == [] and seen.outside == [], address[:300]


@pytest.mark.parametrize("name", KINDS)
def test_what_a_browser_has_kept_is_text(
    name: str, browser: Browser, site: str, book: Path
) -> None:
    bets = [
        f"essay-bet-{one['data-name']}" for one in soup(book, name).select("[data-bet]")
    ]
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        page.add_init_script(NOTE)
        page.goto(f"{site}/{name}.html")
        for word in [*WORDS, '{"__proto__": {"polluted": 1}}']:
            page.evaluate(
                """([keys, word]) => {
                    for (const key of keys) {
                        localStorage.setItem(key, word);
                        sessionStorage.setItem(key, word);
                    }
                    window.name = `essay:${word}`;
                }""",
                [[*KEPT, *bets], word],
            )
            page.reload()
            at_rest(page)
            assert page.evaluate(SEEN) == NOTHING, word[:80]
            assert seen.errors == [] and seen.outside == [], word[:80]
        assert page.evaluate("document.documentElement.dataset.mode") == "auto"


def test_what_a_reader_searches_for_is_text(browser: Browser, site: str) -> None:
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        page.add_init_script(NOTE)
        for word in WORDS:
            page.goto(f"{site}/{CHART[0]}.html")
            page.keyboard.press("Control+k")
            field = page.locator("dialog input[name=q]")
            field.fill(word)
            field.press("Enter")
            page.wait_for_url("**/search.html?q=*")
            at_rest(page)
            assert page.locator("main input[name=q]").input_value() == field_text(word)
            assert page.evaluate(SEEN) == NOTHING, word[:80]
            assert seen.errors == [] and seen.outside == [], word[:80]


def field_text(word: str) -> str:
    """What a field of one line holds of a text."""
    return word.replace("\n", "").replace("\r", "")
