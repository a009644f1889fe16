"""What a page may load and run: its own files, and nothing that stands in its markup."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import (
    GENERATED,
    ROOT,
    QuietPages,
    arrive,
    essay,
    pages,
    printed,
    soup,
    watch,
)
from playwright.sync_api import Browser, Page

import essay_policy

WHOLE = [*pages(), *GENERATED]
DESK = {"viewport": {"width": 1280, "height": 900}}
NOTE = """addEventListener('securitypolicyviolation', (event) => {
    (window.violations ??= []).push([event.effectiveDirective, event.blockedURI, event.sourceFile]);
});"""
MOVE_ALL = """() => {
    for (const input of document.querySelectorAll('.vega-bindings [name]')) {
        if (input.type === 'checkbox' || input.type === 'radio') { input.click(); continue; }
        if (input.options) input.selectedIndex = input.options.length - 1;
        else input.value = input.max;
        for (const sign of ['input', 'change']) input.dispatchEvent(new Event(sign, { bubbles: true }));
    }
}"""


# What is written ---------------------------------------------------------------------


def written(book: Path) -> dict[str, BeautifulSoup]:
    """Every page of the built book, the one that leads to the first among them."""
    names = (path.relative_to(book).with_suffix("") for path in book.rglob("*.html"))
    own = (name.as_posix() for name in names if name.parts[0] != "_static")
    return {name: soup(book, name) for name in own}


def said(page: BeautifulSoup) -> list[str]:
    """Policies of a page."""
    found = page.select("head > meta[http-equiv='Content-Security-Policy']")
    found = found or page.select("meta[http-equiv='Content-Security-Policy']")
    return [one["content"] for one in found]


def test_every_page_has_the_policy_before_all_that_loads(book: Path) -> None:
    found = written(book)
    assert set(WHOLE) <= set(found)
    for name, page in found.items():
        policies = said(page)
        assert policies == [essay_policy.policy("")], name
        first = page.find(["meta", "script", "link", "style", "img", "svg"])
        if first.get("charset"):
            first = first.find_next(["meta", "script", "link", "style", "img", "svg"])
        assert first.get("http-equiv") == "Content-Security-Policy", name


def test_no_policy_allows_what_stands_in_markup() -> None:
    for policy in (essay_policy.policy(""), essay_policy.STRICT):
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe-inline" not in policy and "*" not in policy
        assert "http" not in policy
    assert "unsafe" not in essay_policy.STRICT


def test_no_markup_holds_code_or_styles(book: Path) -> None:
    for name, page in written(book).items():
        for one in page.find_all(True):
            here = f"{name}: {str(one)[:120]}"
            handlers = [key for key in one.attrs if key.startswith("on")]
            assert not handlers and "style" not in one.attrs, here
            assert one.name not in ("style", "object", "embed", "iframe", "base"), here
            links = [one.get("href", ""), one.get("action", ""), one.get("src", "")]
            assert not [to for to in links if to.lower().startswith("javascript:")]
        codes = [
            one
            for one in page.select("script:not([src])")
            if one.get("type", "") in essay_policy.RUN
        ]
        assert codes == [], name


def test_code_that_is_left_in_a_page_is_allowed_by_its_hash() -> None:
    page = '<meta charset="utf-8"><script>let a = 1;</script>'
    told = essay_policy.guarded(page)
    # printf 'let a = 1;' | openssl dgst -sha256 -binary | base64
    assert "'sha256-xY6QKfH9PRsQnLz56nj6MBwiK5oHg+im1Jkpdp1x/Ck='" in told
    assert essay_policy.guarded(told) == told, "written twice, the same"


# In a browser ------------------------------------------------------------------------


class StrictPages(QuietPages):
    """As a server has it that forbids evaluation too."""

    def end_headers(self) -> None:
        for name, value in essay_policy.HEADERS.items():
            self.send_header(name, value)
        super().end_headers()


@pytest.fixture(scope="module")
def strict(book: Path) -> Iterator[str]:
    """Address of the book below a folder of a server that is strict."""
    handler = functools.partial(StrictPages, directory=str(book.parent))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/{book.name}"
    server.shutdown()


def violations(page: Page) -> list[list[str]]:
    """What the policy has stopped on a page."""
    return page.evaluate("window.violations ?? []")


def touched(page: Page) -> list[str]:
    """Wake every chart of a page and move all that can be moved; the states of the charts."""
    if not page.locator("figure.essay-chart").count():
        return []
    page.evaluate("essayCharts.drawAll()")
    page.evaluate(MOVE_ALL)
    return page.evaluate("essayCharts.settled()")


def saved(page: Page) -> list[str]:
    """Save the first chart of a page as both kinds of picture; what the files begin with."""
    menu = page.locator(".essay-chart__save").first
    menu.evaluate("(menu) => { menu.open = true; }")
    found = []
    for kind in ("SVG", "PNG"):
        with page.expect_download() as taken:
            menu.get_by_role("button", name=kind).click()
        found.append(Path(taken.value.path()).read_bytes()[:4].decode("latin-1"))
    return found


@pytest.mark.parametrize("name", WHOLE)
def test_all_works_where_a_server_forbids_evaluation(
    name: str, browser: Browser, strict: str
) -> None:
    with watch(browser, strict, **DESK) as seen:
        page = seen.page
        page.add_init_script(NOTE)
        arrive(page, f"{strict}/{name}.html")
        states = touched(page)
        assert set(states) <= {"live"}, states
        if states:
            assert saved(page) == ["<svg", "\x89PNG"]
        assert printed(page).pages
        # The one question whether evaluation is allowed is answered by a violation.
        asked = [one for one in violations(page) if one[:2] == ["script-src", "eval"]]
        assert len(asked) <= 1 and violations(page) == asked, violations(page)
        told = [error for error in seen.errors if "valuat" not in error]
        assert told == [] and seen.outside == []


@pytest.mark.parametrize("kind", ["site", "folder"])
def test_all_works_under_the_policy_of_the_page(
    kind: str, browser: Browser, site: str, book: Path
) -> None:
    home = site if kind == "site" else book.as_uri()
    with watch(browser, home, **DESK) as seen:
        page = seen.page
        page.add_init_script(NOTE)
        page.goto(f"{home}/{pages()[0]}.html")
        assert set(touched(page)) == {"live"}
        assert saved(page) == ["<svg", "\x89PNG"]
        assert printed(page).pages
        page.evaluate("window.print = () => { window.printed = true; }")
        page.locator("[data-does=print]").evaluate("(button) => button.click()")
        assert page.evaluate("window.printed")
        page.keyboard.press("Control+k")
        page.keyboard.type("hedging")
        assert violations(page) == [] and seen.errors == []
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=hedging")
        page.locator("ul.search li").first.wait_for()
        assert violations(page) == []
        # Words marked by a search can be unmarked.
        page.goto(f"{home}/{pages()[0]}.html?highlight=balance")
        hide = page.locator("#searchbox a")
        hide.wait_for(state="attached")
        page.locator(".highlighted").first.wait_for(state="attached")
        hide.evaluate("(link) => link.click()")
        assert page.locator(".highlighted").count() == 0
        assert violations(page) == []


def test_the_policy_stops_what_does_not_belong(browser: Browser, site: str) -> None:
    with watch(browser, site) as seen:
        page = seen.page
        page.add_init_script(NOTE)
        page.goto(f"{site}/{pages()[0]}.html")
        page.evaluate("""() => {
            const code = document.createElement('script');
            code.textContent = 'window.ran = true';
            const style = document.createElement('style');
            const picture = Object.assign(new Image(), { src: 'https://example.org/a.png' });
            const frame = Object.assign(document.createElement('iframe'), { src: location.href });
            document.body.append(code, style, picture, frame);
            document.body.insertAdjacentHTML('beforeend', '<b id="bait" onclick="window.ran = true">a</b>');
            document.getElementById('bait').click();
        }""")
        page.wait_for_function("window.violations?.length >= 5")
        stopped = {directive for directive, *_ in violations(page)}
        assert stopped == {
            "script-src-elem",
            "script-src-attr",
            "style-src-elem",
            "img-src",
            "frame-src",
        }
        assert not page.evaluate("Boolean(window.ran)")


# What is told of it ------------------------------------------------------------------


def test_the_line_for_a_server_is_the_one_that_is_tested() -> None:
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines = re.findall(r"default-src 'none'[^\"\n]*", told)
    assert len(lines) >= 3 and set(lines) == {essay_policy.STRICT}
    script = essay()
    assert script.strict_headers() == essay_policy.HEADERS
