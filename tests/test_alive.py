"""How a chart comes to life: still first, alive when a reader means it, truthful when it cannot."""

from __future__ import annotations

import contextlib
import doctest
from pathlib import Path

import pytest
from conftest import printed, settled, soup, watch
from playwright.sync_api import Browser, Page, Route

import essay_charts
import essay_controls
import essay_layout
from essay_specs import unpacked

DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
PAGE = "book/index"
MOVED = "book/04-akayev"
TILT = "figure.essay-chart:has(#figure-tilt)"
VEGA = "**/vega-lite-*.js*"

# Sizes of what stands in the figures, and how far anything has shifted that no hand moved.
SIZES = """() => [...document.querySelectorAll('.essay-chart__view')]
    .map((view) => view.getBoundingClientRect()).map(({ width, height }) => [width, height])"""
SHIFTS = """new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.shifted = (window.shifted ?? 0) + one.value;
}).observe({ type: 'layout-shift', buffered: true });"""


def test_the_examples_of_the_drawings_hold() -> None:
    for room in (essay_charts, essay_controls, essay_layout):
        tried = doctest.testmod(room)
        assert tried.attempted and not tried.failed, room


def state(page: Page, figure: str = TILT) -> str | None:
    """Is the figure a still, or alive?"""
    return page.locator(figure).get_attribute("data-state")


# Still first -------------------------------------------------------------------


@pytest.mark.parametrize("look", [DESK, PHONE], ids=["desk", "phone"])
def test_a_still_is_there_at_once_and_life_moves_nothing(
    look: dict, browser: Browser, site: str
) -> None:
    with watch(browser, site, **look) as seen:
        page = seen.page
        page.add_init_script(SHIFTS)
        page.goto(f"{site}/{PAGE}.html")
        settled(page)
        drawings = page.locator(".essay-chart svg:visible")
        figures = page.locator("figure.essay-chart").count()
        assert drawings.count() == figures > 0
        assert page.evaluate("typeof vegaEmbed") == "undefined"
        before = page.evaluate(SIZES)
        assert set(page.evaluate("essayCharts.drawAll()")) == {"live"}
        assert drawings.count() == figures, "one drawing in each figure"
        after = page.evaluate(SIZES)
        for one, other in zip(before, after, strict=True):
            assert other == pytest.approx(one, abs=2)
        assert page.evaluate("window.shifted ?? 0") < 0.02
        assert seen.errors == []


def test_words_of_a_still_are_readable_on_a_phone(browser: Browser, site: str) -> None:
    sizes = """() => [...document.querySelectorAll('.essay-chart svg text')].map((text) =>
        parseFloat(getComputedStyle(text).fontSize) * text.ownerSVGElement.getBoundingClientRect().width
        / text.ownerSVGElement.viewBox.baseVal.width)"""
    with watch(browser, site, **PHONE) as seen:
        seen.page.goto(f"{site}/{PAGE}.html")
        settled(seen.page)
        found = seen.page.evaluate(sizes)
        assert len(found) > 20 and min(found) >= 10


def test_a_reader_who_points_wakes_that_chart_and_no_other(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{MOVED}.html")
        page.mouse.move(0, 0)
        settled(page)
        states = "[...document.querySelectorAll('figure.essay-chart')].map((one) => one.dataset.state)"
        assert set(page.evaluate(states)) == {"static"}
        page.locator(f"{TILT} svg").hover()
        page.wait_for_selector(f"{TILT}[data-state=live]")
        settled(page)
        assert page.evaluate(states).count("live") == 1


def test_a_control_moved_on_a_still_moves_the_drawing(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{MOVED}.html")
        slider = page.locator(f"{TILT} input[name=half_life]")
        assert slider.is_enabled() and state(page) == "static"
        slider.evaluate(
            "(one) => { one.value = 365; one.dispatchEvent(new Event('input', { bubbles: true })); }"
        )
        settled(page)
        assert state(page) == "live"
        assert (
            page.locator(TILT).evaluate("(one) => one.vegaView.signal('half_life')")
            == 365
        )
        assert page.locator(f"{TILT} .essay-chart__moved").count() == 1


def test_the_controls_of_the_page_are_those_of_the_specification(book: Path) -> None:
    for figure in soup(book, MOVED).select("figure.essay-chart"):
        spec = unpacked(figure.select_one("script[type='application/json']").string)
        wanted = [param["name"] for param in essay_controls.controls(spec)]
        inputs = figure.select(".vega-bindings [name]")
        assert list(dict.fromkeys(one["name"] for one in inputs)) == wanted
        assert all(one.has_attr("disabled") for one in inputs), (
            "until a script takes them"
        )


# What cannot live tells the truth ------------------------------------------------


def broken_off(route: Route) -> None:
    """A script of which only the beginning arrives."""
    body = route.fetch().text()
    route.fulfill(body=body[: len(body) // 2], content_type="text/javascript")


@pytest.mark.parametrize(
    "trouble", ["blocked", "broken off", "corrupted", "dies", "nonsense"]
)
def test_a_chart_that_cannot_live_keeps_its_still_and_says_so(
    trouble: str, browser: Browser, site: str
) -> None:
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        if trouble == "blocked":
            page.route(VEGA, lambda route: route.abort())
        if trouble == "broken off":
            page.route(VEGA, broken_off)
        page.goto(f"{site}/{MOVED}.html")
        text = {"corrupted": "{", "nonsense": '{"vconcat": 1}'}.get(trouble)
        if text:
            page.locator(TILT).evaluate(
                "(one, text) => { one.querySelector('script:not([data-version])').textContent = text; }",
                text,
            )
        if trouble == "dies":
            page.evaluate("essayCharts.drawAll()")
            page.locator(TILT).evaluate(
                "(one) => { one.vegaView.runAsync = window.vegaEmbed = () => Promise.reject(new Error('died')); }"
            )
            page.locator(f"{TILT} input[name=half_life]").press("ArrowRight")
        else:
            page.locator(f"{TILT} svg").hover()
        page.wait_for_selector(f"{TILT} .essay-chart__failed")
        settled(page)
        assert state(page) == "static"
        assert page.locator(f"{TILT} svg.essay-chart__still:visible").count() == 1
        fields = page.locator(f"{TILT} .vega-bindings :is(input, select)")
        assert fields.count() and all(one.is_disabled() for one in fields.all())
        said = page.locator(f"{TILT} .essay-chart__failed").inner_text()
        assert "cannot be moved" in said
        assert page.locator(f"{TILT} .essay-chart__moved").count() == 1


def test_without_scripts_controls_are_gone_and_a_line_says_so(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, java_script_enabled=False, **DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{MOVED}.html")
        assert page.locator(f"{TILT} svg:visible").count() == 1
        assert page.locator(".vega-bindings :is(input, select):visible").count() == 0
        assert page.locator(f"{TILT} .essay-chart__asleep").is_visible()


# Pictures and paper --------------------------------------------------------------


@pytest.mark.parametrize("alive", [True, False])
def test_a_saved_picture_says_what_it_is(
    alive: bool, browser: Browser, site: str, book: Path
) -> None:
    with watch(browser, site, accept_downloads=True, **DESK) as seen:
        page = seen.page
        if not alive:
            page.route(VEGA, lambda route: route.abort())
        page.goto(f"{site}/{PAGE}.html")
        figure = page.locator("figure.essay-chart:has(script[data-version])").first
        if alive:
            figure.evaluate("(one) => essayCharts.wake(one)")
            figure.locator("input[type=range]").first.press("End")
            settled(page)
        figure.locator(".essay-chart__save summary").press("Enter")
        with page.expect_download() as given:
            figure.get_by_role("button", name="Save as SVG").press("Enter")
        svg = Path(given.value.path()).read_text(encoding="utf-8")
        read = words_of(svg)
        title = figure.locator(".essay-chart__title").inner_text()
        assert squeezed(title) in read
        source = figure.locator(".essay-chart__source").inner_text()
        assert squeezed(source)[-40:] in read
        edition = page.locator("script[data-edition]").get_attribute("data-edition")
        assert squeezed(f"tables {edition}") in read and edition
        assert squeezed("Drawn after the public record.") in read
        assert (squeezed("hold for the start") in read) == alive
        assert "var(" not in svg


def squeezed(text: str) -> str:
    """Text without the places where lines break."""
    return "".join(text.split())


def words_of(svg: str) -> str:
    """All words of a drawing, one after the other."""
    from bs4 import BeautifulSoup

    words = BeautifulSoup(svg, "html.parser").select("text")
    return squeezed("".join(one.get_text() for one in words))


# What stands in the figure on paper, in the moment in which a browser prints.
ON_PAPER = """(figure) => {
    dispatchEvent(new Event('beforeprint'));
    const found = [...figure.querySelectorAll('.essay-chart__view svg')].map((svg) => svg.getAttribute('class'));
    dispatchEvent(new Event('afterprint'));
    return [found, figure.querySelectorAll('.essay-chart__view svg').length];
}"""


def test_paper_has_the_still_unless_a_reader_moved_it(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, color_scheme="dark", **DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{MOVED}.html")
        page.evaluate("essayCharts.drawAll()")
        figure = page.locator(TILT)
        classes, left = figure.evaluate(ON_PAPER)
        assert [one.split("--")[-1] for one in classes] == ["wide", "narrow"]
        assert left == 1 and figure.locator("svg.marks").count() == 1
        figure.locator("input[name=half_life]").press("End")
        settled(page)
        classes, left = figure.evaluate(ON_PAPER)
        assert classes == ["marks"] and left == 1
        sheets = printed(page).pages
        text = squeezed("".join(sheet.extract_text() for sheet in sheets))
        assert squeezed("the drawing shows your choice") in text
        page.emulate_media(media="print")
        with contextlib.suppress(AttributeError):
            page.evaluate("dispatchEvent(new Event('beforeprint'))")
        ink = "(one) => getComputedStyle(one.querySelector('svg text')).fill"
        assert page.locator("figure.essay-chart").nth(1).evaluate(ink) in (
            "rgb(31, 35, 40)",
            "rgb(0, 0, 0)",
        )
