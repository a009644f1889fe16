"""Addresses that bring another reader to the same view, and the numbers behind each chart."""

from __future__ import annotations

import csv
import doctest
import io
import itertools
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
import vega_rows
from conftest import chapters, settled, soup, watch
from playwright.sync_api import Browser, Locator, Page

import essay_licences
from essay_specs import unpacked
from multivector import data

CLAIMS = len(data.open_case().claims)
DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}}
LEDGER = "book/a1-ledger"
TILT, TILT_PAGE = "#figure-tilt", "book/04-akayev"
VOTES, VOTES_PAGE = "#figure-agreement", "book/04-akayev"
RESERVED = {"view", "version"}
DRAW = "essayCharts.drawAll()"


def charts(book: Path, page: str) -> list[Any]:
    """Figures of a page, as they were written."""
    return list(soup(book, page).select("figure.essay-chart"))


def spec_of(figure: Any) -> dict:
    """Specification of a figure."""
    return unpacked(figure.select_one("script[type='application/json']").string)


def figure(page: Page, name: str) -> Locator:
    """A figure of an open page, by its place or its id."""
    return page.locator(f"figure.essay-chart:is({name}, :has({name}))")


def told_by(place: Locator) -> str:
    """The address that a place tells."""
    place.get_by_role("button", name="Link to this").press("Enter")
    address = place.locator(".essay-link input").input_value()
    assert address
    return address


# What a figure stands at: its controls, and all words that its drawing says.
STANDS = """(figure) => [
    Object.fromEntries([...figure.querySelectorAll('.vega-bindings [name]')]
        .filter((input) => input.type !== 'radio' || input.checked)
        .map((input) => [input.name, input.type === 'checkbox' ? input.checked : input.value])),
    [...figure.querySelectorAll('svg text')].map((text) => text.textContent).filter(Boolean).sort(),
]"""
# Move every control of a figure by hand.
MOVE = """(figure) => {
    const inputs = [...figure.querySelectorAll('.vega-bindings [name]')];
    for (const input of inputs) {
        if (input.type === 'checkbox') { input.click(); continue; }
        if (input.type === 'radio') { if (!input.checked) input.click(); continue; }
        if (input.options) input.selectedIndex = (input.selectedIndex + 1) % input.options.length;
        else input.value = Number(input.value) < Number(input.max) ? Number(input.value) + Number(input.step) : input.min;
        for (const sign of ['input', 'change']) input.dispatchEvent(new Event(sign, { bubbles: true }));
    }
    return inputs.length;
}"""
REMEMBERED = "Object.keys(localStorage).filter((key) => key.startsWith('essay'))"
# What a page keeps for the way back comes a moment after the last move.
KEPT = "(name) => history.state?.essay?.[name]"


# Views -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", chapters())
def test_a_link_brings_another_reader_to_the_same_view(
    name: str, browser: Browser, site: str, book: Path
) -> None:
    ids = [
        one["id"]
        for one in charts(book, name)
        if any("bind" in param for param in vega_rows.params(spec_of(one)))
    ]
    for uid in ids:
        with watch(browser, site, **DESK) as seen:
            seen.page.goto(f"{site}/{name}.html")
            seen.page.evaluate(DRAW)
            moved = figure(seen.page, f"#{uid}")
            assert moved.evaluate(MOVE)
            settled(seen.page)
            wanted = moved.evaluate(STANDS)
            address = told_by(moved)
            assert seen.page.url == address, "a bookmark keeps what the link says"
            assert seen.errors == []
        assert urlsplit(address).query, uid
        with watch(browser, site, **DESK) as seen:
            seen.page.goto(address)
            opened = figure(seen.page, f"#{uid}")
            live = f"document.getElementById('{uid}').dataset.state === 'live'"
            seen.page.wait_for_function(live)
            settled(seen.page)
            assert opened.evaluate(STANDS) == wanted, address
            top = "(figure) => figure.getBoundingClientRect().top"
            assert 0 <= opened.evaluate(top) < 400, "the figure is in sight"
            notice = opened.locator(".essay-chart__moved")
            assert notice.count() == 1 and "hold for the start" in notice.inner_text()
            assert seen.page.evaluate(REMEMBERED) == []
            assert seen.errors == [] and seen.outside == []


def test_no_control_is_called_as_a_word_of_the_address(book: Path) -> None:
    for name in chapters():
        for one in charts(book, name):
            called = {param["name"] for param in vega_rows.params(spec_of(one))}
            assert not called & RESERVED, one["id"]


def test_moves_leave_address_and_history_alone(browser: Browser, site: str) -> None:
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{TILT_PAGE}.html")
        page.evaluate(DRAW)
        address, length = page.url, page.evaluate("history.length")
        figure(page, TILT).locator("input[name=half_life]").press("ArrowRight")
        page.wait_for_function(KEPT, arg="tilt")
        assert page.url == address and page.evaluate("history.length") == length
        # Asked for, the address follows, and still there is no way back to press through.
        told_by(figure(page, TILT))
        figure(page, TILT).locator("input[name=half_life]").press("ArrowRight")
        page.wait_for_function("location.search.includes('half_life=740')")
        assert page.evaluate("history.length") == length
        field = figure(page, TILT).locator(".essay-link input")
        assert field.input_value() == page.url, "a link that is shown is never old"
        figure(page, TILT).get_by_role("button", name="Back to the start").click()
        page.wait_for_function("location.search === ''")
        assert seen.errors == []


def test_the_way_back_leads_to_what_was_left(browser: Browser, site: str) -> None:
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{TILT_PAGE}.html")
        page.evaluate(DRAW)
        figure(page, TILT).evaluate(MOVE)
        figure(page, VOTES).evaluate(MOVE)
        page.wait_for_function(KEPT, arg="agreement")
        settled(page)
        left = [figure(page, name).evaluate(STANDS) for name in (TILT, VOTES)]
        page.goto(f"{site}/{LEDGER}.html?view=claims&section=Bakiyev")
        assert page.locator(".essay-claim[hidden]").count()
        page.go_back()
        page.evaluate(DRAW)
        assert [figure(page, name).evaluate(STANDS) for name in (TILT, VOTES)] == left
        page.go_forward()
        assert (
            page.locator(".essay-filters select[name=section]").input_value()
            == "Bakiyev"
        )
        page.goto(f"{site}/{TILT_PAGE}.html")
        page.evaluate(DRAW)
        assert page.locator(".essay-chart__moved").count() == 0, "a new visit is new"
        assert seen.errors == []


@pytest.mark.parametrize("scripts", [True, False])
def test_an_anchor_leads_where_it_led(
    scripts: bool, browser: Browser, site: str
) -> None:
    with watch(browser, site, java_script_enabled=scripts, **DESK) as seen:
        page = seen.page
        for query in ("", "?view=tilt&half_life=365"):
            page.goto(f"{site}/{TILT_PAGE}.html{query}{TILT}")
            box = page.locator(f"figure.essay-chart:has({TILT})").bounding_box()
            assert box["y"] < 900, "the figure is in sight"
        page.goto(f"{site}/{LEDGER}.html#c12")
        if scripts:
            assert page.locator("#c12").get_attribute("open") is not None
        else:
            assert page.get_by_role("button", name="Link to this").count() == 0
            assert page.locator(".essay-numbers").count() == 0


HOSTILE = [
    "view=tilt&half_life=99999",
    "view=tilt&half_life=731",
    "view=tilt&half_life=1e3",
    "view=tilt&half_life=NaN",
    "view=tilt&half_life=",
    f"view=tilt&left_out={quote('<img src=x onerror=alert(1)>')}",
    f"view=tilt&half_life={quote('730);alert(1')}",
    "view=tilt&__proto__=1&constructor=2&toString=3",
    "view=tilt&width=5&background=red&tooltip=1&direction=both",
    "view=tilt&half_life=" + "9" * 5000,
]
IGNORED = [
    "view=nothing&half_life=365",
    f"view={quote('tilt</script><script>alert(1)</script>')}&half_life=365",
    "half_life=365",
    f"version={quote('<b>paper</b>')}",
    "%%%&&&===",
    f"view={quote('a] , *')}",
]
PARTS = "document.querySelectorAll('.bd-article *').length"
AT_START = "(names) => JSON.stringify(names.map((name) => document.querySelector('figure:has(#figure-tilt)').vegaView.signal(name)))"


def test_an_address_that_makes_no_sense_does_nothing(
    browser: Browser, site: str
) -> None:
    names = ["half_life", "left_out", "direction", "width", "background"]
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        dialogs: list[str] = []
        page.on("dialog", lambda one: (dialogs.append(one.message), one.dismiss()))
        page.goto(f"{site}/{TILT_PAGE}.html")
        page.evaluate(DRAW)
        start = page.evaluate(AT_START, names)
        parts = page.evaluate(PARTS)
        for query in [*HOSTILE, *IGNORED]:
            page.goto(f"{site}/{TILT_PAGE}.html?{query}{TILT}")
            page.evaluate(DRAW)
            assert page.evaluate(AT_START, names) == start, query
            said = page.locator(".essay-chart__moved").count()
            aloud = query in HOSTILE and len(query) < 2000
            assert said == aloud, "one polite line, where a figure was meant"
            assert page.evaluate(PARTS) == parts + said, query
            assert page.evaluate("document.documentElement.dataset.version") is None
        assert dialogs == [] and seen.errors == [] and seen.outside == []


NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
DENIED = """Object.defineProperty(navigator, 'clipboard', { value: {
    writeText: () => Promise.reject(new DOMException('denied', 'NotAllowedError')) } });"""


@pytest.mark.parametrize("refusal", [NO_CLIPBOARD, DENIED], ids=["none", "denied"])
def test_an_address_can_be_copied_by_hand(
    refusal: str, browser: Browser, site: str
) -> None:
    with watch(browser, site, **PHONE) as seen:
        page = seen.page
        page.add_init_script(refusal)
        page.goto(f"{site}/{TILT_PAGE}.html")
        page.evaluate(DRAW)
        link = figure(page, TILT).locator(".essay-link")
        link.get_by_role("button").press("Enter")
        status = link.get_by_role("status")
        page.wait_for_function("document.activeElement.matches('.essay-link input')")
        assert status.inner_text() == "Copy this address."
        chosen = page.evaluate("String(getSelection())")
        assert chosen == link.locator("input").input_value() == page.url
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
        assert seen.errors == []


def test_a_view_opens_from_a_file_and_without_a_memory(
    browser: Browser, book: Path
) -> None:
    home = book.as_uri()
    refused = """for (const name of ['localStorage', 'sessionStorage']) {
        Object.defineProperty(window, name, { get() { throw new DOMException('refused', 'SecurityError'); } });
    }"""
    with watch(browser, home, **DESK) as seen:
        page = seen.page
        page.add_init_script(refused)
        page.goto(f"{home}/{TILT_PAGE}.html?view=tilt&half_life=365{TILT}")
        page.evaluate(DRAW)
        slider = figure(page, TILT).locator("input[name=half_life]")
        assert slider.input_value() == "365"
        slider.press("ArrowRight")
        settled(page)
        address = told_by(figure(page, TILT))
        assert dict(parse_qsl(urlsplit(address).query))["half_life"] == "370"
        assert seen.errors == []


def differing(book: Path) -> str:
    """A page on which a number of the text differs between the two versions."""
    for name in chapters():
        page = soup(book, name)
        if page.select_one("script[data-version]") and page.select_one(
            "p .essay-moves"
        ):
            return name
    raise AssertionError("no page differs")


def test_an_address_has_a_version_for_one_visit(
    browser: Browser, site: str, book: Path
) -> None:
    name = differing(book)
    version = "document.documentElement.dataset.version ?? 'record'"
    kept = "localStorage.getItem('essay-version')"
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{name}.html")
        page.locator(".essay-version input[value=paper]").first.check()
        page.locator(".essay-version").get_by_role("button").first.press("Enter")
        address = page.locator(".essay-version .essay-link input").first.input_value()
        assert urlsplit(address).query == "version=paper"
        page.locator(".essay-version input[value=record]").first.check()
        page.wait_for_function("location.search === '?version=record'")
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        page.goto(address)
        assert page.evaluate(version) == "paper" and page.evaluate(kept) is None
        number = page.locator("p .essay-moves").first
        assert number.text_content() == number.get_attribute("data-paper")
        page.goto(f"{site}/{name}.html")
        assert page.evaluate(version) == "record"
        # The reader's own choice, also of what the address has set.
        page.goto(address)
        page.locator(".essay-version input[value=paper]").first.click()
        page.goto(f"{site}/{name}.html")
        assert page.evaluate(version) == "paper"
        page.goto(address.replace("paper", "record"))
        assert page.evaluate(version) == "record" and page.evaluate(kept) == "paper"
        assert seen.errors == []


SHOWN = "[...document.querySelectorAll('.essay-claim')].filter((claim) => !claim.hidden).map(({ id }) => id)"


def test_a_filter_of_the_ledger_has_an_address_and_a_way_back(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, **PHONE) as seen:
        page = seen.page
        page.goto(f"{site}/{LEDGER}.html")
        filters = page.locator(".essay-filters")
        everything = filters.get_by_role("button", name="All claims")
        assert not everything.is_visible()
        filters.locator("select[name=verdict]").select_option("mixed")
        filters.locator("select[name=section]").select_option("Bakiyev")
        found = page.evaluate(SHOWN)
        address = told_by(filters)
        everything.press("Enter")
        assert len(page.evaluate(SHOWN)) == CLAIMS and not everything.is_visible()
        page.wait_for_function("location.search === ''")
        assert page.evaluate("document.activeElement.tagName") == "SELECT"
    with watch(browser, site, **PHONE) as seen:
        page = seen.page
        page.goto(address)
        assert page.evaluate(SHOWN) == found and 0 < len(found) < CLAIMS
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
        odd = quote("<b>mixed</b>")
        page.goto(f"{site}/{LEDGER}.html?view=claims&verdict={odd}&colour=red")
        assert len(page.evaluate(SHOWN)) == CLAIMS
        said = page.locator(".essay-filters > [role=status]").inner_text()
        assert said.startswith(f"{CLAIMS} of {CLAIMS} claims. Part of the address")
        assert seen.errors == []


# Numbers -------------------------------------------------------------------------------

READ = """(figure) => [...figure.querySelectorAll('.essay-numbers table')].map((table) => ({
    caption: table.caption.textContent,
    head: [...table.tHead.rows[0].cells].map((cell) => cell.textContent),
    rows: [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent)),
}))"""
OPEN = "(figure) => { figure.querySelector('.essay-numbers').open = true; }"
# What a press on the button gives away, without a file on the disk.
SAVED = """async (button) => {
    const real = URL.createObjectURL;
    let blob;
    URL.createObjectURL = (given) => { blob = given; return 'data:text/plain,'; };
    const clicked = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = () => {};
    button.click();
    HTMLAnchorElement.prototype.click = clicked;
    URL.createObjectURL = real;
    return await blob.text();
}"""
FILLED = "(id) => document.getElementById(id).querySelector('.essay-numbers > div > :last-child')"


def parsed(text: str) -> tuple[list[str], list[str], list[list[str]]]:
    """What a file says of itself, its head and its rows."""
    rows = io.StringIO(text, newline="")
    about = list(itertools.takewhile(lambda line: line.startswith("# "), rows))
    table = list(csv.reader(io.StringIO("".join(text.splitlines(True)[len(about) :]))))
    return [line[2:].strip() for line in about], table[0], table[1:]


def as_shown(content: str) -> str:
    """A field of a file as the page writes it."""
    if not content:
        return "no data"
    if re.fullmatch(r"-?\d[\d.e+-]*", content):
        return content.replace("-", "\u2212", 1) if content[0] == "-" else content
    return re.sub(r"^'(?=[=+\-@])", "", content)


@pytest.mark.parametrize("name", chapters())
def test_every_figure_shows_its_numbers_and_gives_them_away(
    name: str, browser: Browser, site: str, book: Path
) -> None:
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{name}.html")
        page.evaluate(DRAW)
        page.evaluate(
            "document.querySelectorAll('.bd-article details').forEach((fold) => { fold.open = true; })"
        )
        for written in charts(book, name):
            uid = written["id"]
            one = figure(page, f"#{uid}")
            one.evaluate(OPEN)
            page.wait_for_function(FILLED, arg=uid)
            settled(page)
            tables = one.evaluate(READ)
            assert tables, uid
            assert len({table["caption"] for table in tables}) == len(tables), uid
            buttons = one.get_by_role("button", name="Save as CSV")
            assert buttons.count() == len(tables)
            for table, button in zip(tables, buttons.all(), strict=True):
                assert table["rows"], uid
                assert all(re.search(r"[^\W\d_]", head) for head in table["head"]), uid
                assert "undefined" not in str(table) and "[object" not in str(table)
                about, head, rows = parsed(button.evaluate(SAVED))
                assert head == table["head"], uid
                assert len(rows) >= len(table["rows"])
                written_rows = [[as_shown(cell) for cell in row] for row in rows[:500]]
                assert written_rows == table["rows"], uid
                said = "\n".join(about)
                for word in ("Figure: ", "Essay: ", "Page: ", "View: ", "Source: "):
                    assert f"{word}" in said, uid
                assert f"Licence: {written['data-licence']}" in said
                assert len(written["data-licence"]) > 5, uid
            one.evaluate("(figure) => figure.querySelector('.essay-numbers').open = false")  # fmt: skip
        assert seen.errors == [] and seen.outside == []


def rows_of(page: Page, name: str) -> list[dict[str, str]]:
    """Rows of the largest table of a figure, by column."""
    one = figure(page, name)
    one.evaluate(OPEN)
    page.wait_for_function(FILLED, arg=one.get_attribute("id"))
    table = one.evaluate(READ)[0]
    return [dict(zip(table["head"], row, strict=True)) for row in table["rows"]]


def test_numbers_are_those_of_the_data_and_follow_the_controls(
    browser: Browser, site: str, book: Path
) -> None:
    [written] = [one for one in charts(book, VOTES_PAGE) if one.select_one(VOTES)]
    data = max(spec_of(written)["datasets"].values(), key=len)
    known = {(row["year"], row["who"]): row for row in data}
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{VOTES_PAGE}.html")
        page.evaluate(DRAW)
        rows = rows_of(page, VOTES)
        assert {(int(row["year"]), row["who"]) for row in rows} == set(known)
        for row in rows:
            given = known[int(row["year"]), row["who"]]["value"]
            if given is None:
                assert row["agreement"] == "no data", "a hole is no zero"
            else:
                assert float(row["agreement"]) == pytest.approx(given, rel=1e-5)
        assert any(row["agreement"] == "no data" for row in rows)
        order = [(row["year"], row["who"]) for row in rows]
        assert order == sorted(order)
        # The table stays open, and tells what is drawn now.
        slider = figure(page, VOTES).locator("input[name=fewest]")
        most = int(slider.get_attribute("max"))
        slider.fill(str(most))
        settled(page)
        told = {
            (int(row["year"]), row["who"])
            for row in rows_of(page, VOTES)
            if row["agreement"] != "none in this view"
        }
        assert 0 < len(told) < len(known)
        assert told == {key for key, row in known.items() if row["n"] >= most}


def test_numbers_are_saved_as_a_file(browser: Browser, site: str) -> None:
    with watch(browser, site, accept_downloads=True, **DESK) as seen:
        page = seen.page
        page.goto(f"{site}/{VOTES_PAGE}.html")
        page.evaluate(DRAW)
        rows = rows_of(page, VOTES)
        button = figure(page, VOTES).get_by_role("button", name="Save as CSV").first
        with page.expect_download() as download:
            button.press("Enter")
        assert download.value.suggested_filename == "agreement-1.csv"
        text = Path(download.value.path()).read_bytes().decode("utf-8")
        assert len(parsed(text)[2]) == len(rows)
        assert seen.errors == []


def test_a_hole_is_told_as_a_hole(browser: Browser, site: str) -> None:
    with watch(browser, site, **DESK) as seen:
        seen.page.goto(f"{site}/book/a7-timeline.html")
        seen.page.evaluate(DRAW)
        one = figure(seen.page, "#figure-timeline")
        one.evaluate(OPEN)
        seen.page.wait_for_function(FILLED, arg=one.get_attribute("id"))
        holes = [
            row
            for table in one.evaluate(READ)
            if "value" in table["head"]
            for row in (dict(zip(table["head"], cells)) for cells in table["rows"])
            if row["value"] == "no data"
        ]
        assert {row["year"] for row in holes} >= {"1991"}, "no vote is no zero"


def test_a_field_is_no_formula_and_no_second_row(browser: Browser, site: str) -> None:
    cells = ["=1+1", "+1", "-1", "@x", 'a "b", c', "two\nlines", "plain", "\t=1", "−2"]
    with watch(browser, site, **DESK) as seen:
        seen.page.goto(f"{site}/{TILT_PAGE}.html")
        text = seen.page.evaluate(
            "(cells) => essayNumbers.csv(['one\\n=2', '=3'], { columns: cells, rows: [cells, [-1, 0.5, null, ...cells.slice(3)]] })",
            cells,
        )
    about, head, [same, numbers] = parsed(text)
    assert about == ["one =2", "=3"]
    assert head == same == ["'=1+1", "'+1", "'-1", "'@x", *cells[4:7], "'\t=1", "−2"]
    assert numbers[:3] == ["-1", "0.5", ""]


def test_numbers_open_by_keyboard_and_fit_a_phone(browser: Browser, site: str) -> None:
    for look in ("light", "dark"):
        with watch(browser, site, color_scheme=look, **PHONE) as seen:
            page = seen.page
            page.goto(f"{site}/{VOTES_PAGE}.html")
            page.evaluate(DRAW)
            one = figure(page, VOTES)
            assert one.locator("table").count() == 0, "nothing is made unasked"
            one.locator(".essay-numbers summary").focus()
            page.keyboard.press("Enter")
            page.wait_for_function(FILLED, arg=one.get_attribute("id"))
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.getAttribute('role')") == (
                "region"
            )
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.textContent") == "Save as CSV"
            assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
            page.emulate_media(media="print")
            assert not one.locator(".essay-numbers").is_visible()
            assert not one.locator(".essay-link").is_visible()
            assert seen.errors == []


def test_numbers_are_there_where_a_chart_cannot_be_drawn(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, **DESK) as seen:
        page = seen.page
        page.route("**/vega-lite-*.js*", lambda route: route.abort())
        page.goto(f"{site}/{VOTES_PAGE}.html")
        rows = rows_of(page, VOTES)
        assert rows and {"year", "who", "agreement"} <= set(rows[0])
        assert figure(page, VOTES).get_attribute("data-state") == "static"


# Licences --------------------------------------------------------------------------------


def test_licences_are_those_of_the_tables_that_are_cited() -> None:
    tried = doctest.testmod(essay_licences)
    assert tried.attempted and not tried.failed


def test_a_descriptor_that_says_nothing_gives_no_licence() -> None:
    assert essay_licences.licences("a model", {}) == ""
    nameless = {"resources": [{"name": "a", "citation": "", "licenses": []}]}
    assert essay_licences.licences("a model", nameless) == ""
