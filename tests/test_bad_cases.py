"""What is left when something fails: a page that can be read and tells the truth."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, settled, soup, watch
from playwright.sync_api import Browser, Page, Route

import essay_policy

PAGE = "book/01-introduction"
FORMULAS = "book/a9-auction"
DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}}
# What can be read of a page: its words, and its drawings.
READ = """() => {
    const seen = (part) => part.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const main = document.querySelector('.bd-article');
    return {
        words: main.innerText.split(/\\s+/).length,
        title: seen(main.querySelector('h1')),
        drawings: [...main.querySelectorAll('figure.essay-chart')]
            .map((figure) => [...figure.querySelectorAll('svg')].some(seen)),
        bet: ['.essay-bet__question', '.essay-bet details, .essay-bet form']
            .every((one) => seen(main.querySelector(one))),
        check: ['.essay-quiz p', '.essay-quiz ol, .essay-quiz form'].every((one) => seen(main.querySelector(one))),
    };
}"""
# Works of the scripts on that page: is each done?
DONE = {
    "bets": "Boolean(document.querySelector('.essay-bet form'))",
    "versions": "Boolean(document.querySelector('.essay-version'))",
    "code": "Boolean(document.querySelector('button.essay-code:enabled'))",
    "charts": "Boolean(window.essayCharts)",
    "theme": "['light', 'dark'].includes(document.documentElement.dataset.theme)",
}
# The scripts that each work needs (by their names, without `essay-`).
NEEDS = {
    "bets": {"words", "guesses", "bets"},
    "versions": {"words", "views", "versions"},
    "code": {"code"},
    "charts": {"words", "views", "numbers", "charts"},
    "theme": set(),
}


def readable(page: Page, whole: dict) -> None:
    """A page is as readable as it was when all went well."""
    found = page.evaluate(READ)
    assert found["title"] and found["bet"] and found["check"], found
    assert all(found["drawings"]) and len(found["drawings"]) == len(whole["drawings"])
    assert found["words"] > 0.9 * whole["words"], (found, whole)


def works(page: Page) -> dict[str, bool]:
    return {name: page.evaluate(script) for name, script in DONE.items()}


# Scripts -----------------------------------------------------------------------------


def throws(route: Route) -> None:
    """Answer with a script that ends at once."""
    route.fulfill(content_type="text/javascript", body="throw new Error('broken')")


def test_a_script_that_fails_takes_only_its_own_work_with_it(
    browser: Browser, site: str, book: Path
) -> None:
    sources = [one["src"] for one in soup(book, PAGE).select("script[src*='/essay-']")]
    names = [Path(source.partition("?")[0]).stem for source in sources]
    assert {f"essay-{name}" for needs in NEEDS.values() for name in needs} <= set(names)
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{PAGE}.html")
        settled(page)
        whole = page.evaluate(READ)
        assert all(works(page).values()) and all(whole["drawings"])
        for place, name in enumerate(names):
            # Every second one is had, and throws.
            page.route(f"**/{name}.js*", throws if place % 2 else refuses)
            page.goto(f"{site}/{PAGE}.html")
            settled(page)
            readable(page, whole)
            wanted = {
                work: name.removeprefix("essay-") not in needs
                for work, needs in NEEDS.items()
            }
            assert works(page) == wanted, name
            page.unroute(f"**/{name}.js*")


def test_without_scripts_no_control_pretends(browser: Browser, site: str) -> None:
    for look in (DESK, PHONE):
        with watch(browser, site, java_script_enabled=False, **look) as seen:
            page = seen.page
            page.goto(f"{site}/{PAGE}.html")
            read = page.evaluate(READ)
            assert read["bet"] and read["check"] and all(read["drawings"])
            for part in page.locator("button, input, select").all():
                if part.is_visible():
                    # The one that is left opens the downloads, by style alone.
                    assert part.evaluate("(one) => one.matches('.dropdown > button')")
            # The other chapters are in reach, on a phone as well.
            assert page.locator(".bd-sidebar-primary a.internal:visible").count() > 10
            assert (
                page.evaluate("document.scrollingElement.scrollWidth")
                <= (look["viewport"]["width"])
            )
            page.goto(f"{site}/search.html")
            assert page.locator("noscript .admonition").count() == 1
            assert not page.locator("main form").is_visible()


def refuses(route: Route) -> None:
    """Answer with nothing."""
    route.abort()


# Memory ------------------------------------------------------------------------------

FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
DENIED = """for (const name of ['localStorage', 'sessionStorage']) {
    Object.defineProperty(window, name, { get() { throw new DOMException('refused', 'SecurityError'); } });
}"""


def visit_without_memory(page: Page, frame, site: str) -> None:
    """Choose colours, a version, a bet and words to search for; all hold for the visit."""
    root = "document.documentElement.dataset"
    frame.goto(f"{site}/{PAGE}.html")
    frame.locator(".theme-switch-button:visible").first.click()
    mode = frame.evaluate(f"{root}.mode")
    assert mode != "auto" and frame.evaluate(f"{root}.memory") == "tab"
    frame.check(".essay-version input[value=paper]")
    bet = frame.locator(".essay-bet").first
    number = "low" in json.loads(bet.get_attribute("data-bet"))
    bet.locator("input").first.press("ArrowRight" if number else "Space")
    bet.get_by_role("button", name="Place the bet").click()
    assert bet.locator("p[role=status]").inner_text().startswith("You bet on ")
    # On another page of the same visit.
    frame.goto(f"{site}/book/your-bets.html")
    said = frame.locator(".essay-bets__score").inner_text()
    assert "You have placed 1 of" in said and "when you close this tab" in said
    assert frame.evaluate(f"{root}.mode") == mode
    assert frame.evaluate(f"{root}.version") == "paper"
    frame.goto(f"{site}/book/a2-multiverse.html")
    frame.locator(".essay-chosen select").first.select_option(index=1)
    assert frame.locator(".essay-chosen__choice--changed").count() == 1
    frame.goto(f"{site}/search.html?q=hedging")
    frame.locator("ul.search li").first.wait_for()


@pytest.mark.parametrize("how", [FULL, DENIED], ids=["full", "denied"])
def test_without_a_memory_choices_hold_for_the_visit(
    how: str, browser: Browser, site: str
) -> None:
    with watch(browser, site, **DESK) as seen:
        seen.page.add_init_script(how)
        visit_without_memory(seen.page, seen.page, site)
        assert seen.errors == []


def test_a_frame_without_an_origin_reads_and_bets(browser: Browser, site: str) -> None:
    sandboxed = '<iframe sandbox="allow-scripts allow-forms" width="1270" height="880"'
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        page.route(
            f"{site}/frame.html",
            lambda route: route.fulfill(
                content_type="text/html",
                body=f'{sandboxed} src="{PAGE}.html"></iframe>',
            ),
        )
        page.goto(f"{site}/frame.html")
        visit_without_memory(page, page.frames[1], site)
        assert seen.errors == []


# Browsers and copies -----------------------------------------------------------------


def test_a_browser_that_draws_no_formulas_shows_their_source(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{FORMULAS}.html")
        rules = page.evaluate("""() => {
            const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
            const apart = rules.filter((rule) => /^not/.test(rule.conditionText ?? '') && /math/.test(rule.conditionText));
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(apart.flatMap((rule) => [...rule.cssRules]).map((rule) => rule.cssText).join(' '));
            document.adoptedStyleSheets.push(sheet);
            return apart.length;
        }""")
        assert rules == 1
        told = page.evaluate("""() => [...document.querySelectorAll('.essay-math')].map((formula) => {
            const box = formula.matches('[data-source]') ? formula : formula.querySelector('[data-source]');
            return [formula.querySelector('math').checkVisibility(),
                getComputedStyle(box, '::before').content.length - 2, box.dataset.source.length];
        })""")
        assert told
        for drawn, shown, source in told:
            assert not drawn and shown >= source > 0


def test_a_page_that_was_saved_alone_is_read(
    browser: Browser, site: str, book: Path, tmp_path: Path
) -> None:
    with watch(browser, site, **DESK) as seen:
        seen.page.goto(f"{site}/{PAGE}.html")
        settled(seen.page)
        whole = seen.page.evaluate(READ)
        session = seen.page.context.new_cdp_session(seen.page)
        kept = session.send("Page.captureSnapshot", {"format": "mhtml"})["data"]
    (tmp_path / "page.mhtml").write_bytes(kept.encode("utf-8"))
    shutil.copy(book / f"{PAGE}.html", tmp_path / "page.html")
    for name in ("page.mhtml", "page.html"):
        home = (tmp_path / name).as_uri()
        with watch(browser, home, **DESK) as seen:
            seen.page.goto(home)
            readable(seen.page, whole)


# Disks -------------------------------------------------------------------------------

SMALL = 2000  # bytes that a file may have


def limited() -> None:
    """Let no file grow: what a full disk does, without one."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL))
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def test_a_full_disk_leaves_the_seals_as_they_were(tmp_path: Path) -> None:
    case = tmp_path / "data"
    shutil.copytree(ROOT / "data", case)
    before = (case / "datapackage.json").read_bytes()
    with (case / "vectors.csv").open("a", encoding="utf-8") as table:
        table.write("\n")
    for command in ([ROOT / ".ci" / "seal.py"], ["-m", "multivector", "seal"]):
        done = subprocess.run(
            [sys.executable, *command, case],
            cwd=ROOT / "book",
            preexec_fn=limited,
            capture_output=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert done.returncode == 1 and "File too large" in done.stderr, done.stderr
        assert done.stderr.count("\n") == 1, "one line, no traceback"
        assert (case / "datapackage.json").read_bytes() == before
        assert [path.name for path in case.glob("*.part")] == []


def test_a_full_disk_leaves_a_page_whole_or_none(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("as it was", encoding="utf-8")
    script = (
        "import sys, essay_policy; from pathlib import Path;"
        f"essay_policy.write_whole(Path(sys.argv[1]), 'x' * {2 * SMALL})"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", script, page],
        cwd=ROOT / "book" / "_ext",
        preexec_fn=limited,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 1 and "File too large" in done.stderr
    assert page.read_text(encoding="utf-8") == "as it was"
    assert list(tmp_path.iterdir()) == [page]
    essay_policy.write_whole(page, "as it is")
    assert page.read_text(encoding="utf-8") == "as it is"
