"""What a page costs its reader: bytes, requests, and nothing published that no page asks for.

Times are no tests: tests/benchmarks/bench_pages.py measures them.
"""

from __future__ import annotations

import base64
import functools
import gzip
import http.server
import importlib
import io
import json
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit

import pydata_sphinx_theme
import pytest
from conftest import GENERATED, ROOT, essay, pages, settled, soup, watch
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

sys.path.insert(0, str(ROOT / "book" / "_ext"))
essay_drawings = importlib.import_module("essay_drawings")
essay_heads = importlib.import_module("essay_heads")
essay_icons = importlib.import_module("essay_icons")
essay_paths = importlib.import_module("essay_paths")
essay_search = importlib.import_module("essay_search")
essay_specs = importlib.import_module("essay_specs")
essay_sheets = importlib.import_module("essay_sheets")
essay_weight = importlib.import_module("essay_weight")

#: All limits: bytes as `essay.py serve` sends them, compressed; files asked for.
MOST = {
    "first visit": 300_000,
    "a chart touched": 560_000,
    "requests of a first visit": 40,
    "style sheet": 40_000,
    "icons": 6_000,
    # The pages' own files apart: pictures, scripts, styles, and Vega (0.9 MB).
    "published beside pages, uncompressed": 2_000_000,
}
# Published for others than readers of the pages: the list of what other books may cite.
FOR_OTHERS = {"objects.inv"}
PAGES = [*pages(), "search"]
CHECKED = ["book/index", "book/04-akayev", "book/a1-ledger", "search"]
ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)""")
FONT = re.compile(r'url\("data:font/woff2;base64,([^"]+)"\)')
VEGA = "vega-lite"


# What a page asks for ----------------------------------------------------------


def parts_of(book: Path, page: str) -> set[str]:
    """Files that a browser loads for a page, from its site's root; Vega is one of them."""
    base = f"/{page}.html"
    markup = soup(book, page)
    named = [part["src"] for part in markup.select("script[src], img[src]")]
    named += [
        part["href"] for part in markup.select("link[rel=stylesheet], link[rel=icon]")
    ]
    named += [f"/_static/{part['data-vega']}" for part in markup.select("[data-vega]")]
    found = {urlsplit(urljoin(base, name)).path.lstrip("/") for name in named}
    sheets = {name for name in found if name.endswith(".css")}
    for sheet in sheets:
        text = (book / sheet).read_text(encoding="utf-8")
        local = [name for name in ADDRESS.findall(text) if not name.startswith("data:")]
        found |= {
            urlsplit(urljoin(f"/{sheet}", name)).path.lstrip("/") for name in local
        }
    return found | {f"{page}.html"}


@functools.cache
def sent(path: Path) -> int:
    """Bytes of a file as `essay.py serve` sends it."""
    script = essay()
    kind = http.server.SimpleHTTPRequestHandler.guess_type(script.Pages, str(path))
    content = path.read_bytes()
    return len(gzip.compress(content, 9)) if script.is_text(kind) else len(content)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_light(page: str, book: Path) -> None:
    parts = parts_of(book, page)
    first = {name for name in parts if VEGA not in name}
    weights = {name: sent(book / name) for name in parts}
    assert sum(weights[name] for name in first) <= MOST["first visit"]
    assert sum(weights.values()) <= MOST["a chart touched"]
    assert len(first) <= MOST["requests of a first visit"]


def test_styles_and_icons_are_cut(book: Path) -> None:
    static = book / "_static"
    assert sent(static / essay_heads.SHEET) <= MOST["style sheet"]
    assert not [*static.rglob("*.woff*"), *static.rglob("*.ttf")]
    fonts = icon_fonts(book)
    assert fonts and sum(map(len, fonts)) <= MOST["icons"]


def test_a_page_waits_for_no_script_but_the_first(book: Path) -> None:
    """Scripts run in their order when the page is read; one settles its colours before."""
    for page in PAGES:
        scripts = soup(book, page).select("script[src]")
        at_once = [s["src"] for s in scripts if not s.has_attr("defer")]
        assert [Path(name.split("?")[0]).name for name in at_once] == ["essay-first.js"]
        sheets = soup(book, page).select("link[rel=stylesheet]")
        assert len(sheets) == 1 and "?v=" in sheets[0]["href"]


def test_no_script_but_the_first_comes_before_the_text(book: Path) -> None:
    """On a slow line what stands before the text takes its time from it."""
    for page in pages():
        markup = (book / f"{page}.html").read_text(encoding="utf-8")
        before, _, after = markup.partition("</article>")
        assert len(re.findall(r"<script[^>]* src=", before)) == 1, page
        assert len(re.findall(r"<script[^>]* src=", after)) > 10, page


@pytest.fixture(scope="module")
def compressed(book: Path) -> Iterator[str]:
    """Address of the book as `essay.py serve` serves it."""
    handler = functools.partial(essay().Pages, directory=str(book))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.mark.parametrize("page", ["book/index", "book/04-akayev"])
def test_a_browser_loads_no_more_than_that(
    page: str, book: Path, compressed: str, browser: Browser
) -> None:
    """The sums above are of what is named; here is what comes, with a chart alive."""
    received: dict[str, int] = {}
    addresses: dict[str, str] = {}
    with watch(browser, compressed) as seen:
        session = seen.page.context.new_cdp_session(seen.page)
        session.send("Network.enable")
        session.on(
            "Network.requestWillBeSent",
            lambda told: addresses.update({told["requestId"]: told["request"]["url"]}),
        )
        session.on(
            "Network.loadingFinished",
            lambda told: received.update(
                {told["requestId"]: told["encodedDataLength"]}
            ),
        )
        seen.page.goto(f"{compressed}/{page}.html")
        seen.page.evaluate("essayCharts.drawAll()")
        settled(seen.page)
        assert sum(received.values()) <= MOST["a chart touched"]
        first = [r for r in received if VEGA not in addresses[r]]
        assert sum(received[r] for r in first) <= MOST["first visit"]
        files = [addresses[r] for r in received if not addresses[r].startswith("data:")]
        loaded = {urlsplit(address).path.lstrip("/") for address in files}
    assert loaded <= parts_of(book, page)


# What is published -------------------------------------------------------------


def asked_for(book: Path) -> set[str]:
    """Files that some page links, loads, or that a script or sheet of one names."""
    files = {p.relative_to(book).as_posix() for p in book.rglob("*") if p.is_file()}
    found: set[str] = set()
    open_ends = {"index.html", "search.html"}
    while open_ends:
        name = open_ends.pop()
        found.add(name)
        if not name.endswith((".html", ".js", ".css")):
            continue
        text = (book / name).read_text(encoding="utf-8")
        told = re.findall(r'(?:href|src|data-[\w-]+|URL)="?([^"#?>]{1,200})', text)
        told += re.findall(r"url=([^\"#?>]+)", text)
        told += ADDRESS.findall(text)
        if not name.endswith(".html"):
            told += re.findall(r"[\w./-]+\.[a-z0-9]{2,5}\b", text)
        near = {
            urljoin(f"/{name}", word).lstrip("/") for word in told if ":" not in word
        }
        near |= {f"_static/{word}" for word in told}
        open_ends |= (near & files) - found
    return found


def test_nothing_is_published_that_no_page_asks_for(book: Path) -> None:
    files = {p.relative_to(book).as_posix() for p in book.rglob("*") if p.is_file()}
    # The search page loads the text of a page that it has found, by the page's name.
    texts = {f"texts/{page}.js" for page in pages()}
    assert files - asked_for(book) - texts - FOR_OTHERS == set()


def test_what_is_published_beside_the_pages_is_little(book: Path) -> None:
    static = [path for path in (book / "_static").rglob("*") if path.is_file()]
    weight = sum(path.stat().st_size for path in static)
    assert weight <= MOST["published beside pages, uncompressed"]
    written = {f"{page}.html" for page in (*pages(), *GENERATED)}
    found = {p.relative_to(book).as_posix() for p in book.rglob("*.html")}
    assert found == written


# Icons and styles --------------------------------------------------------------


def icon_fonts(book: Path) -> list[bytes]:
    """The fonts that stand within the style sheet."""
    sheet = (book / "_static" / essay_heads.SHEET).read_text(encoding="utf-8")
    return [base64.b64decode(one) for one in FONT.findall(sheet)]


def test_every_icon_is_in_the_font(book: Path) -> None:
    sheet = (book / "_static" / essay_heads.SHEET).read_text(encoding="utf-8")
    drawn = set()
    for page in PAGES:
        for icon in soup(book, page).select(".fa-solid, .fas, .far, .fab"):
            # Sizes and styles begin like icons, and draw nothing themselves.
            names = {c for c in icon["class"] if c.startswith("fa-")} - {
                "fa-solid",
                "fa-lg",
            }
            assert len(names) == 1, f"{page}: {icon}"
            drawn |= names
    assert len(drawn) > 8
    (font,) = icon_fonts(book)
    known = TTFont(io.BytesIO(font)).getBestCmap()
    for name in drawn:
        rule = re.search(rf'\.{name}::?before[^{{}}]*{{content:"(.)"', sheet)
        assert rule and ord(rule[1]) in known, name


# Selectors of a sheet, each apart, as a browser reads them.
SELECTORS = r"""(text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    const found = [];
    const walk = (rules, around) => {
        for (const rule of rules) {
            if (rule.selectorText) {
                for (const one of rule.selectorText.split(/,(?![^(\[]*[)\]])/)) found.push(`${around} ${one.trim()}`);
            } else if (rule.cssRules && !(rule instanceof CSSKeyframesRule)) {
                walk(rule.cssRules, `${around}@${rule.conditionText}`);
            }
        }
    };
    walk(sheet.cssRules, '');
    return found;
}"""
# Of those, the ones that match something on the page, in whatever state it may be.
MATCHING = r"""(found) => found.filter((one) => {
    const plain = one.replace(/^(@\S.*?\) )?.*?(?=\S)/, '$1').replace(/^.*@[^@]*?\) (?=[^)]*$)/, '')
        .replace(/::[\w-]+(\([^)]*\))?/g, '')
        .replace(/:(hover|focus-visible|focus-within|focus|active|visited|target|before|after|disabled|checked)(?![\w-])/g, '');
    try { return document.querySelector(plain) !== null; } catch { return false; }
})"""


@pytest.mark.parametrize("page", CHECKED)
def test_no_rule_is_lost_that_matches_a_page(
    page: str, book: Path, site: str, browser: Browser
) -> None:
    theme = (
        Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static"
    )
    whole = (theme / "styles" / "pydata-sphinx-theme.css").read_text(encoding="utf-8")
    short = (book / "_static" / essay_heads.SHEET).read_text(encoding="utf-8")
    with watch(browser, site) as seen:
        seen.page.goto(f"{site}/{page}.html")
        settled(seen.page)
        matching = seen.page.evaluate(MATCHING, seen.page.evaluate(SELECTORS, whole))
        kept = set(seen.page.evaluate(SELECTORS, short))
    assert len(matching) > 150
    assert [one for one in matching if one not in kept] == []


def test_a_rule_stays_only_where_all_its_names_are_known() -> None:
    sheet = """/* no */ .a, .b > i { top: 1px } #c[open]:not(.x) { left: 0 }
    @media print { .a { color: red } .z { color: blue } } @media screen { .z { top: 0 } }
    .side-left { top: 2px } @font-face { font-family: F } @keyframes k { to { top: 0 } }"""
    known = essay_sheets.knows({"a", "c", "open", "side-"})
    assert essay_sheets.cut(essay_sheets.parse(sheet), known) == (
        ".a{top:1px}#c[open]:not(.x){left:0}@media print{.a{color:red}}"
        ".side-left{top:2px}@keyframes k{to { top: 0 }}"
    )


def test_a_word_of_the_page_in_its_head() -> None:
    assert essay_heads.shortened("word " * 100) == " ".join(["word"] * 60) + "…"


def test_every_page_is_described_in_its_own_words(book: Path) -> None:
    described = {}
    for page in PAGES:
        markup = soup(book, page)
        (told,) = [part["content"] for part in markup.select("meta[name=description]")]
        assert 20 <= len(told) <= essay_heads.DESCRIPTION + 1
        described[page] = told
    assert len(set(described.values())) == len(PAGES)


# Drawings and their numbers ----------------------------------------------------

TENTHS = st.integers(-9999, 9999).map(lambda tenths: tenths / 10)
# Commands and how many numbers each takes. Arcs are not among them: how long one is that
# cannot reach its end, no browser says to a tenth.
DRAWN_WITH = {"M": 2, "L": 2, "H": 1, "V": 1, "h": 1, "v": 1, "C": 6, "l": 2, "Z": 0}
# A path as places that a browser comes by, and how it gets there.
WALK = """(path) => {
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    line.setAttribute('d', path);
    const whole = line.getTotalLength();
    const places = [...Array(41).keys()].map((part) => line.getPointAtLength(whole * part / 40));
    return [whole, ...places.flatMap(({ x, y }) => [x, y])];
}"""


@st.composite
def paths(draw: st.DrawFn) -> str:
    """A path as Vega writes them: absolute places for the most part."""
    told = f"M{draw(TENTHS)},{draw(TENTHS)}"
    for letter in draw(st.lists(st.sampled_from(sorted(DRAWN_WITH)), max_size=12)):
        numbers = [draw(TENTHS) for _ in range(DRAWN_WITH[letter])]
        told += letter + ",".join(map(str, numbers))
    return told


def test_a_path_in_steps_goes_the_same_way(browser: Browser) -> None:
    page = browser.new_page()

    @given(paths())
    @settings(max_examples=60)
    def goes_the_same_way(path: str) -> None:
        told = essay_paths.stepwise(path)
        assert page.evaluate(WALK, told) == pytest.approx(
            page.evaluate(WALK, path), abs=0.09, rel=1e-4
        )
        assert essay_paths.stepwise(told) == told

    goes_the_same_way()
    page.close()


def test_an_arc_in_steps_keeps_its_shape() -> None:
    told = essay_paths.stepwise("M5,5A2.5,2.5,0,1,1,0,5.2a1,2,0,0,1,3,4H3L4,9")
    assert told == "m5 5a2.5 2.5 0 1 1-5 .2 1 2 0 0 1 3 4h0l1-.2"


def test_a_path_that_is_none_stays_as_it_is() -> None:
    assert essay_paths.stepwise("MNaN,0L1,1") == "MNaN,0L1,1"


# Of each rectangle of a drawing: is it rounded, and how is its edge drawn?
EDGES = """() => [...document.querySelectorAll('.essay-chart svg .mark-rect.role-mark path')].map(
    (tile) => [/c/i.test(tile.getAttribute('d')), getComputedStyle(tile).shapeRendering])"""


def test_edges_are_smoothed_where_tiles_are_rounded_and_nowhere_else(
    site: str, browser: Browser
) -> None:
    with watch(browser, site) as seen:
        seen.page.goto(f"{site}/book/01-introduction.html")
        still = seen.page.evaluate(EDGES)
        seen.page.evaluate("essayCharts.drawAll()")
        settled(seen.page)
        alive = seen.page.evaluate(EDGES)
    for edges in (still, alive):
        assert {look for rounded, look in edges if rounded} == {"auto"}
        assert {look for rounded, look in edges if not rounded} == {"crispedges"}


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=4)
ROWS = st.lists(st.dictionaries(st.sampled_from("abc"), VALUES), max_size=5)


@given(st.dictionaries(st.text(max_size=3), ROWS | st.just({"type": "Topology"})))
def test_a_page_carries_all_rows(datasets: dict[str, object]) -> None:
    spec = {"mark": "point", "datasets": datasets}
    text = json.dumps(essay_specs.packed(spec))
    assert essay_specs.unpacked(text) == spec


def test_rows_with_the_same_fields_stand_by_columns(book: Path) -> None:
    (script, *_others) = soup(book, "book/a7-timeline").select(
        ".essay-chart script[type='application/json']"
    )
    carried = json.loads(script.string)
    assert len(carried["columns"]) > 5
    whole = json.dumps(essay_specs.unpacked(script.string), separators=(",", ":"))
    assert len(script.string) < 0.7 * len(whole)


# Two builds --------------------------------------------------------------------


def test_a_drawing_does_not_depend_on_those_before_it() -> None:
    """Vega counts the ids of its clip paths on through all that a process draws."""
    spec = {
        "data": {"values": [{"x": 1, "y": 2}, {"x": 2, "y": 1}]},
        "mark": {"type": "line", "clip": True},
        "encoding": {name: {"field": name, "type": "quantitative"} for name in "xy"},
    }
    drawn = [essay_drawings.as_svg(spec) for _ in range(3)]
    assert 'clip-path="url(#clip' in drawn[0]
    assert drawn[0] == drawn[1] == drawn[2]


def test_the_index_forgets_words_that_no_page_has_any_more() -> None:
    index = SimpleNamespace(
        _mapping={"old": set(), "new": {"a"}}, _title_mapping={"old": set()}
    )
    builder = SimpleNamespace(name="html", indexer=index)
    assert list(essay_search.forget_words(SimpleNamespace(builder=builder))) == []
    assert index == SimpleNamespace(_mapping={"new": {"a"}}, _title_mapping={})


def test_each_word_of_the_index_is_on_some_page(book: Path) -> None:
    text = (book / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    for words in (index["terms"], index["titleterms"]):
        assert words and [word for word, found in words.items() if found == []] == []


def test_nothing_of_this_machine_is_published(book: Path) -> None:
    """No path of the folder in which the book was built, and no note of its settings."""
    for path in book.rglob("*"):
        if path.is_file():
            assert str(ROOT).encode() not in path.read_bytes(), path
    assert not (book / ".buildinfo").exists()
