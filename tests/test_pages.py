"""Every built page, read to its end in Chromium: light, dark, on a phone, on paper, unscripted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import (
    GENERATED,
    arrive,
    chapters,
    choose_theme,
    pages,
    printed,
    scroll_to_end,
    soup,
    watch,
)
from playwright.sync_api import Browser

from essay_specs import unpacked

PAGES = pages()
CHAPTERS = chapters()
# Each is read to its end in one theme, and looked at in the other as well.
LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "color_scheme": "dark",
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
}
CONTRAST = 4.5  # WCAG 2.2, level AA, for text

# What a chart shows, measured in the page. Boxes are [left, top, right, bottom].
MEASURE = """() => {
    const box = (element) => {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        return [left, top, right, bottom];
    };
    const hidden = (style) => style.visibility === 'hidden' || style.display === 'none';
    const opacity = (element) => {
        let product = 1;
        for (let at = element; at instanceof SVGElement; at = at.parentElement) {
            product *= Number(getComputedStyle(at).opacity);
        }
        return product;
    };
    const painted = (element) => {
        const style = getComputedStyle(element);
        const { width, height } = element.getBoundingClientRect();
        const inked = (style.fill !== 'none' && Number(style.fillOpacity) > 0)
            || (style.stroke !== 'none' && Number(style.strokeOpacity) > 0);
        return !hidden(style) && inked && opacity(element) > 0 && width + height > 1;
    };
    const backdrop = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if (!/rgba\\(.*, 0\\)|transparent/.test(colour)) return colour;
        }
        return 'rgb(255, 255, 255)';
    };
    const LABELS = ['axis-label', 'axis-title', 'legend-label', 'legend-title', 'title-text', 'title-subtitle']
        .map((role) => `.role-${role} text`).join(', ');
    return [...document.querySelectorAll('.essay-chart')].map((chart) => {
        const svg = chart.querySelector('svg');
        const shapes = [...svg.querySelectorAll('path, rect, circle, line, text')].filter(painted);
        const marks = shapes.filter((shape) => shape.closest('.role-mark'));
        const texts = [...svg.querySelectorAll('text')].filter(painted);
        // A map has neither axis nor legend: the words on it are its labels.
        const labels = [...svg.querySelectorAll(LABELS)].filter(painted);
        return {
            id: chart.id,
            state: chart.dataset.state,
            figure: box(chart),
            svg: box(svg),
            shapes: shapes.length,
            marks: marks.map(box),
            texts: texts.map((text) => [text.textContent, box(text)]),
            title: box(chart.querySelector('.essay-chart__title') ?? svg.querySelector('.role-title')),
            words: [...chart.querySelectorAll('.essay-chart__title, .essay-chart__reading')]
                .map((part) => [part.textContent, part.scrollWidth - part.clientWidth]),
            labels: (labels.length ? labels : texts)
                .map((text) => [text.textContent, getComputedStyle(text).fill, opacity(text)]),
            backdrop: backdrop(svg),
        };
    });
}"""
# How far things have jumped, as browsers count it (Cumulative Layout Shift, all its parts).
SHIFT = """() => {
    const observer = new PerformanceObserver(() => {});
    observer.observe({ type: 'layout-shift', buffered: true });
    return observer.takeRecords().reduce((sum, entry) => sum + entry.value, 0);
}"""
MOST_SHIFT = 0.02
WIDTH = "() => document.scrollingElement.scrollWidth"
THEME = "() => document.documentElement.dataset.theme"


@dataclass
class Visit:
    """What was seen of one page in one look, first in its theme, then in the other."""

    page: str
    look: str
    charts: list[dict]
    switched: list[dict]
    themes: list[str]
    width: int
    requested: list[str]
    outside: list[str]
    errors: list[str]
    unnamed: list[str]
    shift: float

    @property
    def drawn(self) -> list[dict]:
        """Its charts, in both themes."""
        return [*self.charts, *self.switched]


@pytest.fixture(
    scope="module",
    params=[(page, look) for page in PAGES for look in LOOKS],
    ids="-".join,
)
def visit(request: pytest.FixtureRequest, browser: Browser, site: str) -> Visit:
    """One page, read to its end in one look; the tests below share the reading."""
    name, look = request.param
    with watch(browser, site, **LOOKS[look]) as seen:
        page = seen.page
        page.goto(f"{site}/{name}.html")
        scroll_to_end(page)
        shift = page.evaluate(SHIFT)
        charts, width = page.evaluate(MEASURE), page.evaluate(WIDTH)
        themes = [page.evaluate(THEME)]
        unnamed = nameless_controls(page)
        choose_theme(page, "dark" if themes == ["light"] else "light")
        themes.append(page.evaluate(THEME))
        switched = page.evaluate(MEASURE)
        return Visit(
            name, look, charts, switched, themes, width,
            seen.requested, seen.outside, seen.errors, unnamed, shift,
        )  # fmt: skip


def screen_width(look: str) -> int:
    """Width of the screen; a phone's window widens itself to what overflows, so it tells nothing."""
    return LOOKS[look]["viewport"]["width"]


def nameless_controls(page) -> list[str]:
    """Controls that a screen reader would announce without a name."""
    session = page.context.new_cdp_session(page)
    roles = {
        "slider",
        "checkbox",
        "radio",
        "combobox",
        "textbox",
        "searchbox",
        "spinbutton",
    }
    roles |= {
        "listbox",
        "switch",
        "button",
        "link",
        "menuitem",
        "DisclosureTriangle",
        "img",
        "image",
    }
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [
        f"{node['role']['value']} {node.get('backendDOMNodeId')}"
        for node in nodes
        if not node["ignored"]
        and node["role"]["value"] in roles
        and not node.get("name", {}).get("value", "").strip()
    ]


def static_specs(book: Path, page: str) -> list[dict]:
    """Specifications of the charts on a page, in their order."""
    scripts = soup(book, page).select(".essay-chart script[type='application/json']")
    return [unpacked(script.string) for script in scripts]


def squeezed(text: str) -> str:
    """Text without spaces and ligatures, which breaking lines and printing bring in."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def within(inner: list[float], outer: list[float], slack: float = 1.0) -> bool:
    """Is the box `inner` inside the box `outer`?"""
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


def luminance(colour: tuple[float, ...]) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2)."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def parse_colour(text: str) -> tuple[float, ...]:
    """'rgb(1, 2, 3)' or 'rgba(1, 2, 3, 0.5)' as four numbers from 0 to 1."""
    numbers = [float(n) for n in re.findall(r"[\d.]+", text)]
    assert text.startswith("rgb") and len(numbers) in (3, 4), (
        f"not a plain colour: {text}"
    )
    return (*(n / 255 for n in numbers[:3]), numbers[3] if len(numbers) == 4 else 1.0)


def contrast(colour: str, ground: str, opacity: float = 1.0) -> float:
    """Contrast of a text with what is behind it, from 1 to 21 (WCAG 2.2)."""
    *front, alpha = parse_colour(colour)
    *back, _ = parse_colour(ground)
    share = alpha * opacity
    mixed = tuple(share * f + (1 - share) * b for f, b in zip(front, back, strict=True))
    light, dark = sorted((luminance(mixed), luminance(tuple(back))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(119, 119, 119)", "rgb(255, 255, 255)") == pytest.approx(
        4.48, abs=0.01
    )


# The pages as read -----------------------------------------------------------


def test_no_page_is_left_out(book: Path) -> None:
    built = {
        path.relative_to(book).with_suffix("").as_posix()
        for path in book.rglob("*.html")
    }
    built = {page for page in built if not page.startswith("_static/")}
    assert built == {*PAGES, *GENERATED}


def test_no_request_leaves_the_host(visit: Visit) -> None:
    assert visit.requested and visit.outside == []


def test_nothing_jumps_while_a_page_loads_and_its_charts_come_alive(
    visit: Visit,
) -> None:
    assert visit.shift <= MOST_SHIFT


def test_nothing_goes_wrong_in_the_page(visit: Visit) -> None:
    assert visit.errors == []


def test_chapter_has_charts_and_all_are_live(visit: Visit, book: Path) -> None:
    assert visit.charts or visit.page not in CHAPTERS, (
        "a chapter has at least one chart"
    )
    assert len(visit.charts) == len(static_specs(book, visit.page))
    assert [chart["id"] for chart in visit.charts if chart["state"] != "live"] == []


def test_charts_are_not_blank(visit: Visit) -> None:
    for chart in visit.drawn:
        assert chart["shapes"] > 10, f"{chart['id']} shows {chart['shapes']} shapes"
        assert chart["marks"], f"{chart['id']} has axes but no marks"
        spread = max(box[2] for box in chart["marks"]) - min(
            box[0] for box in chart["marks"]
        )
        width = chart["svg"][2] - chart["svg"][0]
        assert spread > 0.2 * width, (
            f"the marks of {chart['id']} take {spread:.0f} px of {width:.0f}"
        )


def test_charts_fit_their_column(visit: Visit) -> None:
    for chart in visit.drawn:
        assert within(chart["svg"], chart["figure"]), (
            f"{chart['id']} is wider than its figure"
        )
        assert (
            chart["svg"][0] >= -1 and chart["svg"][2] <= screen_width(visit.look) + 1
        ), chart["id"]


def test_no_text_of_a_chart_is_cut(visit: Visit) -> None:
    for chart in visit.drawn:
        outside = [
            text for text, box in chart["texts"] if not within(box, chart["svg"], 2.0)
        ]
        assert outside == [], f"{chart['id']}: text beyond the edge of the drawing"
        assert within(chart["title"], chart["figure"])
        assert [text for text, over in chart["words"] if over > 0] == [], chart["id"]


def test_page_does_not_scroll_sideways(visit: Visit) -> None:
    assert visit.width <= screen_width(visit.look)


def test_chart_text_can_be_read(visit: Visit) -> None:
    first = LOOKS[visit.look]["color_scheme"]
    assert visit.themes == [first, "light" if first == "dark" else "dark"]
    for chart in visit.drawn:
        assert chart["labels"], f"{chart['id']} has no label at all"
        for text, colour, opacity in chart["labels"]:
            ratio = contrast(colour, chart["backdrop"], opacity)
            assert ratio >= CONTRAST, (
                f"{chart['id']}: {text!r} has contrast {ratio:.2f}"
            )


def test_chart_text_follows_the_theme(visit: Visit) -> None:
    for before, after in zip(visit.charts, visit.switched, strict=True):
        pairs = list(zip(before["labels"], after["labels"], strict=True))
        same = [a[0] for a, b in pairs if a[1] == b[1]]
        assert same == [], (
            f"{before['id']}: these labels have one colour in light and dark"
        )


def test_every_control_has_a_name(visit: Visit) -> None:
    assert visit.unnamed == []


def test_chart_script_is_loaded_once(visit: Visit) -> None:
    bundles = [
        url for url in visit.requested if "vega" in Path(urlsplit(url).path).name
    ]
    assert len(bundles) == (1 if visit.charts else 0), bundles


@pytest.mark.parametrize("name", GENERATED)
def test_generated_pages_ask_nobody_else(
    name: str, browser: Browser, site: str
) -> None:
    with watch(browser, site, **LOOKS["phone"]) as seen:
        arrive(seen.page, f"{site}/{name}.html")
        seen.page.wait_for_load_state("networkidle")
        assert seen.requested and not seen.outside and not seen.errors
        assert seen.page.evaluate(WIDTH) <= screen_width("phone")


# Without scripts, without a server, on paper ---------------------------------


# What each drawing of a page is called, how large it is, and of how much it is made.
UNSCRIPTED = """() => [...document.querySelectorAll('.essay-chart svg[role=img]')].map((svg) => {
    const words = svg.getAttribute('aria-labelledby');
    const { width, height } = svg.getBoundingClientRect();
    return {
        named: words ? document.getElementById(words).innerText : svg.getAttribute('aria-label'),
        visible: svg.checkVisibility({ visibilityProperty: true }),
        width,
        height,
        shapes: svg.querySelectorAll('path, rect, circle, line, text').length,
    };
})"""


@pytest.mark.parametrize("name", CHAPTERS)
def test_charts_show_without_scripts(
    name: str, browser: Browser, site: str, book: Path
) -> None:
    with watch(browser, site, java_script_enabled=False, **LOOKS["light"]) as seen:
        seen.page.goto(f"{site}/{name}.html")
        # The style sheet chooses one of two drawings.
        drawings = [one for one in seen.page.evaluate(UNSCRIPTED) if one["visible"]]
        assert len(drawings) == len(static_specs(book, name)) > 0
        for drawing in drawings:
            assert drawing["named"].strip()
            assert drawing["width"] > 200 and drawing["height"] > 80, drawing
            assert drawing["shapes"] > 10, drawing
        assert seen.outside == []


def test_book_works_from_a_folder(browser: Browser, book: Path) -> None:
    home = (book / "index.html").as_uri()
    with watch(browser, home, **LOOKS["light"]) as seen:
        arrive(seen.page, home)
        assert seen.page.url.endswith(f"/{PAGES[0]}.html")
        scroll_to_end(seen.page)
        states = seen.page.eval_on_selector_all(
            ".essay-chart", "(all) => all.map((c) => c.dataset.state)"
        )
        assert states and set(states) == {"live"}
        assert seen.outside == [] and seen.errors == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_charts_are_printed(name: str, browser: Browser, site: str, book: Path) -> None:
    with watch(browser, site, **LOOKS["light"] | {"color_scheme": "dark"}) as seen:
        seen.page.goto(f"{site}/{name}.html")
        paper = printed(seen.page)
    text = squeezed("".join(sheet.extract_text() for sheet in paper.pages))
    assert len(paper.pages) > 1
    for titles, ticks in drawn_texts(book, name):
        # The drawing itself, and the words around it.
        assert [part for part in titles if squeezed(part) not in text] == []
        # A chart that was drawn anew for the sheet may leave every second tick without a label.
        assert sum(squeezed(part) in text for part in ticks) >= len(ticks) / 2, titles
    # What the page folds, paper cannot open: solutions are printed with their exercises.
    for solution in soup(book, name).select(
        "details.sd-dropdown p, details.sd-dropdown li"
    ):
        words = squeezed(solution.get_text())
        assert words[:40] in text and words[-40:] in text, solution.get_text()


def drawn_texts(book: Path, page: str) -> Iterator[tuple[list[str], list[str]]]:
    """Titles (of chart and axes) and labels of axes, for each static drawing of a page."""
    for figure in soup(book, page).select("figure.essay-chart"):
        svg = figure.select_one(".essay-chart__view svg")
        # An explorer's figure, which needs a kernel to be moved, carries its title itself.
        title = figure.select_one(".essay-chart__title") or svg.select_one(
            ".role-title-text"
        )
        titles = [title.get_text()]
        titles += [text.get_text() for text in svg.select(".role-axis-title text")]
        yield titles, [text.get_text() for text in svg.select(".role-axis-label text")]


# Links -----------------------------------------------------------------------


def broken_links(book: Path, name: str) -> list[str]:
    """Links and files of a page that lead nowhere in the book."""
    page, broken = book / f"{name}.html", []
    for element in soup(book, name).select(
        "a[href], link[href], script[src], img[src]"
    ):
        link = element.get("href") or element.get("src")
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            if element.name != "a" and parts.scheme != "data":
                broken.append(f"{link} is loaded from another host")
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        target = target / "index.html" if target.is_dir() else target
        if not target.is_file() or not target.is_relative_to(book):
            broken.append(f"{link}: no such file")
        elif (
            parts.fragment
            and target.suffix == ".html"
            and unquote(parts.fragment) not in anchors(book, target)
        ):
            broken.append(f"{link}: no such place in it")
    return broken


@cache
def anchors(book: Path, file: Path) -> frozenset[str]:
    """Places of a page that a link can lead to."""
    page = soup(book, file.relative_to(book).with_suffix("").as_posix())
    return frozenset(
        [element["id"] for element in page.select("[id]")]
        + [element["name"] for element in page.select("a[name]")]
    )


@pytest.mark.parametrize("name", [*PAGES, *GENERATED])
def test_links_lead_somewhere(name: str, book: Path) -> None:
    assert broken_links(book, name) == []
