"""Every control of every chart, moved to five places, alone and with each other one.

The controls are found in the specifications, so that a new chart is tested by being in
the book. What is drawn is compared with rows computed in Python (`vega_rows`).
"""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pypdf
import pytest
from conftest import HTML, Watch, chapters, frames_come, settled, soup, watch
from playwright.sync_api import Browser, Page, Route

import vega_rows
from essay_specs import unpacked
from vega_rows import Chart, TooLarge, Unit

PLACES = 5
SLACK = 2  # px that a mark may stand out of its plot by, or a word out of the drawing
PATHS = ("line", "area", "trail")
Place = dict[str, Any]


# Controls and their places ---------------------------------------------------------


def controls(spec: dict) -> dict[str, dict]:
    """Parameters that a reader can move, by name."""
    found = {
        param["name"]: param for param in vega_rows.params(spec) if "bind" in param
    }
    for param in found.values():
        kinds = ("range", "select", "radio", "checkbox")
        assert param["bind"].get("input") in kinds, f"no test for {param}"
    return found


def evenly(values: list, most: int = PLACES) -> list:
    """At most so many of the values, the first and the last among them.

    >>> evenly([1, 2, 3, 4, 5, 6, 7, 8, 9])
    [1, 3, 5, 7, 9]
    """
    if len(values) <= most:
        return values
    return [values[round(i * (len(values) - 1) / (most - 1))] for i in range(most)]


def positions(param: dict) -> list:
    """Where a control can stand; of a slider five places."""
    bind = param["bind"]
    if bind["input"] == "checkbox":
        return [True, False]
    if bind["input"] in ("select", "radio"):
        return bind["options"]
    low, high, step = bind["min"], bind["max"], bind.get("step", 1)
    steps = round((high - low) / step)
    return [round(low + step * place, 10) for place in evenly(list(range(steps + 1)))]


def walk(spec: dict) -> list[Place]:
    """Places to go to, one after the other: each control alone, then each two together.

    Up and down: what a move takes away the way back must bring again.
    """
    found = controls(spec)
    named = {param["name"]: param for param in vega_rows.params(spec)}
    start = {name: param["value"] for name, param in named.items() if "value" in param}
    alone = [
        {**start, name: value}
        for name, param in found.items()
        for value in reversed(positions(param))
    ]
    together = [
        {**start, one: first, other: second}
        for turn, (one, other) in enumerate(itertools.combinations(found, 2))
        for first, second in pairs(
            evenly(positions(found[one])), evenly(positions(found[other])), turn
        )
    ]
    return [start, *alone, *together, start]


def pairs(first: list, second: list, turn: int) -> list[tuple]:
    """Each value of either list at least once, another pairing at every turn."""
    most = max(len(first), len(second))
    return [
        (first[i % len(first)], second[(i * 2 + turn) % len(second)])
        for i in range(most)
    ]


# What is drawn ---------------------------------------------------------------------

# Move the controls of a chart from place to place. Gives for each place and each mark that
# is asked for the rows behind it, and the bars of stacks; and whatever lies where no mark
# should lie.
VISIT = """async ([id, places, wanted, stacked, measured]) => {
    const view = document.getElementById(id).vegaView;
    const odd = [];
    const bad = (value) => typeof value === 'number' && !Number.isFinite(value);
    const look = (mark, group, rows, bars) => {
        if (mark.marktype === 'group') {
            for (const inner of mark.items) for (const next of inner.items ?? []) look(next, inner, rows, bars);
            return;
        }
        if (mark.role !== 'mark') return;
        if (mark.name in rows) {
            for (const { datum } of mark.items) {
                rows[mark.name].push(Object.fromEntries(Object.entries(datum).filter(([, v]) => typeof v !== 'object' || v === null || Array.isArray(v))));
            }
        }
        if (stacked.includes(mark.name)) bars[mark.name] = mark.items.map(({ x, y, width, height }) => [x, y, width, height]);
        for (const one of mark.items) {
            if (one.defined === false) continue;
            const place = [one.x, one.y, one.x2, one.y2, one.width, one.height, one.size];
            if (place.some(bad)) odd.push([mark.name, 'no number', place.map(String)]);
            const shown = (one.opacity ?? 1) > 0 && mark.marktype !== 'text' && mark.marktype !== 'shape' && !mark.clip;
            if (!shown || group.width == null) continue;
            const ends = ['line', 'area', 'symbol', 'trail'].includes(mark.marktype) ? [one.x, one.y, one.x, one.y]
                : [one.x, one.y, one.x2 ?? (one.x + (one.width ?? 0)), one.y2 ?? (one.y + (one.height ?? 0))];
            const [left, right] = [ends[0], ends[2]].sort((a, b) => a - b);
            const [top, bottom] = [ends[1], ends[3]].sort((a, b) => a - b);
            const { x, y } = measured[mark.name] ?? {};
            if ((x && (left < -SLACK || right > group.width + SLACK)) || (y && (top < -SLACK || bottom > group.height + SLACK))) {
                odd.push([mark.name, 'outside', ends.map((value) => Math.round(value)), [group.width, group.height]]);
            }
        }
    };
    // Words that the edge of the drawing cuts.
    const cut = () => {
        const svg = document.getElementById(id).querySelector('.essay-chart__canvas svg');
        const edge = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].filter((text) => text.textContent && text.getAttribute('opacity') !== '0').filter((text) => {
            const { left, top, right, bottom, width } = text.getBoundingClientRect();
            return width && (left < edge.left - SLACK || right > edge.right + SLACK || top < edge.top - SLACK || bottom > edge.bottom + SLACK);
        }).map((text) => ['cut', text.textContent]);
    };
    const seen = [];
    for (const place of places) {
        for (const [name, value] of Object.entries(place)) view.signal(name, value);
        await view.runAsync();
        const rows = Object.fromEntries(wanted.map((name) => [name, []]));
        const bars = {};
        const before = odd.length;
        look(view.scenegraph().root, null, rows, bars);
        seen.push({ rows, bars, odd: [...odd.splice(before), ...cut()] });
    }
    return JSON.stringify(seen);
}""".replace("SLACK", str(SLACK))


def specs(page: str) -> Iterator[tuple[str, dict]]:
    """Identifiers and specifications of the charts of a page that can be moved."""
    for figure in soup(HTML, page).select("figure.essay-chart"):
        script = figure.select_one("script[type='application/json']")
        spec = unpacked(script.string)
        if controls(spec):
            yield figure["id"], spec


# What should be drawn --------------------------------------------------------------


def invalid(value: Any) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def is_drawn(unit: Unit, row: Mapping) -> bool:
    """Does Vega-Lite draw a row? Not where a measured channel has no value."""
    if unit.mark in PATHS:
        return True
    measured = [
        definition["field"]
        for channel, definition in unit.encoding.items()
        if channel in ("x", "y", "x2", "y2", "size", "color", "opacity")
        and isinstance(definition, dict)
        and "field" in definition
        and definition.get("type") in ("quantitative", "temporal")
    ]
    return not any(invalid(row.get(name)) for name in measured)


def counts_itself(unit: Unit) -> bool:
    """Are rows made in the encoding, where they have no name?"""
    definitions = [
        part
        for given in unit.encoding.values()
        for part in (given if isinstance(given, list) else [given])
    ]
    return any(set(part) & {"aggregate", "bin", "timeUnit"} for part in definitions)


def plain(value: Any) -> Any:
    """A value of Python as JSON and JavaScript have it."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, bool) or isinstance(other, bool) or isinstance(one, str):
        return one == other or (
            one in (True, False) and other in (0, 1) and one == bool(other)
        )
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def key(row: Mapping) -> list[tuple]:
    """Sorts rows; numbers that differ by rounding alone stand together."""
    return [
        (
            str(type(v).__name__ == "str"),
            v if isinstance(v, str) else "",
            round(v, 6) if isinstance(v, (int, float)) else 0,
        )
        for _, v in sorted(row.items())
    ]


def differences(expected: list[dict], drawn: list[dict]) -> str | None:
    """How the rows that are drawn differ from those that should be."""
    if len(expected) != len(drawn):
        return f"{len(drawn)} rows drawn, {len(expected)} expected"
    if not expected:
        return None
    names = [n for n, v in expected[0].items() if not isinstance(v, dict)]
    names = [
        n for n in names if not any(isinstance(row.get(n), dict) for row in expected)
    ]
    one = sorted(({n: plain(row.get(n)) for n in names} for row in expected), key=key)
    other = sorted(({n: row.get(n) for n in names} for row in drawn), key=key)
    for a, b in zip(one, other, strict=True):
        wrong = [n for n in names if not alike(a[n], b[n])]
        if wrong:
            return f"{ {n: b[n] for n in wrong} } drawn, { {n: a[n] for n in wrong} } expected"
    return None


def gaps(bars: list[list[float]]) -> list[str]:
    """Where bars of one stack lie over each other, or leave a hole."""
    found = []
    for across, along, wide, long in ((0, 1, 2, 3), (1, 0, 3, 2)):
        stacks: dict[tuple, list] = {}
        for bar in bars:
            stacks.setdefault((round(bar[across], 1), round(bar[wide], 1)), []).append(
                bar
            )
        wrong = []
        for place, stack in stacks.items():
            ends = sorted(
                (min(b[along], b[along] + b[long]), max(b[along], b[along] + b[long]))
                for b in stack
            )
            for (_, before), (after, _) in itertools.pairwise(ends):
                if abs(after - before) > 0.6:
                    wrong.append(
                        f"at {place}: one ends at {before:.1f}, the next begins at {after:.1f}"
                    )
        found.append(wrong)
    return min(found, key=len)


# The tests -------------------------------------------------------------------------


def opened(page: Page, address: str) -> None:
    page.goto(address)
    assert set(page.evaluate("essayCharts.drawAll()")) <= {"live"}


@pytest.fixture(scope="module", params=chapters())
def reopened(
    request: pytest.FixtureRequest, browser: Browser, site: str
) -> Iterator[Callable[[], Watch]]:
    """Gives a chapter with all its charts drawn; opens it anew where it was closed."""
    with contextlib.ExitStack() as stack:
        windows: list[Watch] = []

        def window() -> Watch:
            if not windows or windows[-1].page.is_closed():
                size = {"width": 1280, "height": 900}
                seen = stack.enter_context(watch(browser, site, viewport=size))
                opened(seen.page, f"{site}/{request.param}.html")
                windows.append(seen)
            return windows[-1]

        yield window


BACK = """async () => {
    await essayCharts.settled();
    for (const notice of document.querySelectorAll('.essay-chart__moved button')) notice.click();
    await essayCharts.settled();
}"""


@pytest.fixture
def live(reopened: Callable[[], Watch]) -> Watch:
    """A chapter that several tests share; each finds its figures as they are at the start."""
    seen = reopened()
    seen.page.evaluate(BACK)
    return seen


def name_of(seen: Watch) -> str:
    """Name of the page that a window shows."""
    return urlsplit(seen.page.url).path.strip("/").removesuffix(".html")


def test_what_is_drawn_is_what_python_computes(live: Watch) -> None:
    wrong: list[str] = []
    for identifier, spec in specs(name_of(live)):
        wrong += problems(live.page, identifier, spec)
    assert wrong[:20] == []
    assert live.errors == []


ROOM = """(id) => {
    try {
        return document.getElementById(id).vegaView.signal('width');
    } catch {
        return null;  // several views have a width each
    }
}"""


def problems(page: Page, identifier: str, spec: dict) -> list[str]:
    """What is wrong with one chart, at any of its places."""
    chart, places = Chart(spec), walk(spec)
    # A label may depend on the room that the page gives.
    room = {"width": page.evaluate(ROOM, identifier)}
    names = [unit.name for unit in chart.units]
    assert len(set(names)) == len(names), f"marks of {identifier} share names"
    stacked = [unit.name for unit in chart.units if is_stacked(unit)]
    compared = [
        unit.name
        for unit in chart.units
        if comparable(chart, unit, {**room, **places[0]})
    ]
    measured = {unit.name: by_data(unit) for unit in chart.units}
    seen = json.loads(
        page.evaluate(VISIT, [identifier, places, compared, stacked, measured])
    )
    found = []
    kept: dict = {}
    for place, drawn in zip(places, seen, strict=True):
        where = f"{identifier} {place}"
        found += [f"{where}: {odd}" for odd in drawn["odd"][:3]]
        found += [
            f"{where}: {mark}: {gap}"
            for mark, bars in drawn["bars"].items()
            for gap in gaps(bars)[:2]
        ]
        for unit in chart.units:
            if unit.name not in compared:
                continue
            expected = [
                row
                for row in chart.rows(unit, {**room, **place}, kept)
                if is_drawn(unit, row)
            ]
            if difference := differences(expected, drawn["rows"][unit.name]):
                found.append(f"{where}: {unit.name}: {difference}")
    return found


def comparable(chart: Chart, unit: Unit, place: Place) -> bool:
    """Can the rows of a mark be computed here, in good time?"""
    try:
        chart.rows(unit, place, {})
    except TooLarge:
        return False
    return not counts_itself(unit)


def by_data(unit: Unit) -> dict[str, bool]:
    """Is the place of a mark measured across, and up? If not, it may stand beside the plot."""
    return {
        channel: all(
            "value" not in unit.encoding.get(end, {}) and end not in unit.options
            for end in (channel, channel + "2")
        )
        for channel in ("x", "y")
    }


def is_stacked(unit: Unit) -> bool:
    explicit = any("stack" in step for step in unit.steps)
    implied = any(
        isinstance(part, dict) and part.get("stack") in ("zero", True)
        for part in unit.encoding.values()
    )
    return unit.mark in ("bar", "rect") and (explicit or implied)


def test_nearly_every_mark_is_compared(book: Path) -> None:
    """What is too large for Python here is held by `test_hero`."""
    found, compared, moved = 0, 0, 0
    for page in chapters():
        for _, spec in specs(page):
            chart, start = Chart(spec), {"width": 600, **walk(spec)[0]}
            moved += len(controls(spec))
            found += len(chart.units)
            compared += sum(comparable(chart, unit, start) for unit in chart.units)
    assert moved >= 60
    assert compared / found > 0.9


# Transforms that forget ------------------------------------------------------------


def forgetful(spec: dict) -> list[str]:
    """Transforms of a chart that lose rows, or old values, when a control moves.

    Vega changes rows in place: a calculation that writes over what it reads has lost it
    when the control goes back. And it sorts rows into new groups of a window only when a
    field of the sort changes.
    """
    found = []
    for unit in vega_rows.units(spec):
        fresh = False  # a flattened row is made anew at each move
        for step in unit.steps:
            fresh = fresh or "flatten" in step or "fold" in step
            if (
                "calculate" in step
                and not fresh
                and re.search(rf"\bdatum\.{re.escape(step['as'])}\b", step["calculate"])
            ):
                found.append(f"{unit.name} writes over {step['as']}")
            if "window" in step:
                sorted_by = {part["field"] for part in step.get("sort", [])}
                if not set(step.get("groupby", [])) <= sorted_by:
                    found.append(f"{unit.name} does not sort by its groups")
    return found


@pytest.mark.parametrize("name", chapters())
def test_no_transform_forgets(name: str, book: Path) -> None:
    assert [odd for _, spec in specs(name) for odd in forgetful(spec)] == []


def test_transforms_that_forget_are_seen() -> None:
    unit = {"mark": "point", "data": {"values": []}, "name": "one"}
    over = {"calculate": "datum.year >= since ? datum.value : null", "as": "value"}
    window = {"window": [{"op": "row_number", "as": "n"}], "groupby": ["column"]}
    assert forgetful({**unit, "transform": [over]}) == ["one_marks writes over value"]
    assert forgetful({**unit, "transform": [window]}) != []
    assert forgetful({**unit, "transform": [{**over, "as": "shown"}]}) == []


# Back to the start ------------------------------------------------------------------

# Move each control of each figure by hand, then ask for the start: what the figure said.
AND_BACK = """async () => {
    const found = [];
    for (const figure of document.querySelectorAll('figure.essay-chart')) {
        const form = () => figure.querySelector('.vega-bindings');
        const names = [...new Set([...(form()?.elements ?? [])].map((input) => input.name).filter(Boolean))];
        const values = () => JSON.stringify(names.map((name) => figure.vegaView.signal(name)));
        const start = values();
        for (const name of names) {
            const inputs = [...form().querySelectorAll(`[name="${CSS.escape(name)}"]`)];
            const [input] = inputs;
            if (input.type === 'checkbox') input.click();
            else if (input.type === 'radio') inputs.find((one) => !one.checked).click();
            else {
                const options = input.options && [...input.options].map((one) => one.value);
                input.value = options ? options.find((one) => one !== input.value)
                    : input.value === input.min ? input.max : input.min;
                input.dispatchEvent(new Event('input', { bubbles: true }));
                input.dispatchEvent(new Event('change', { bubbles: true }));
            }
            await essayCharts.settled();
            const notice = figure.querySelector('.essay-chart__moved');
            const moved = values();
            notice?.querySelector('button').click();
            await essayCharts.settled();
            found.push({
                control: `${figure.id} ${name}`, moved: moved !== start, said: Boolean(notice),
                back: values() === start, quiet: !figure.querySelector('.essay-chart__moved'),
            });
        }
    }
    return found;
}"""


def test_a_figure_that_was_moved_says_so_and_leads_back(live: Watch) -> None:
    """A title is written for the start: whatever control is moved, the figure says so."""
    found = live.page.evaluate(AND_BACK)
    assert found
    wrong = [one for one in found if not all(one.values())]
    assert wrong == [] and live.errors == []


# By keyboard, by touch -------------------------------------------------------------

# Values of all data sets of a chart after their transforms, and its marks.
STATE = """(chart) => {
    const view = chart.vegaView;
    const sets = Object.keys(view.getState({ data: () => true, signals: () => false }).data)
        .filter((name) => /^(source|data)/.test(name));
    const marks = [...chart.querySelectorAll('svg .role-mark')].map((mark) => mark.outerHTML);
    return [JSON.stringify(sets.map((name) => view.data(name))), marks.join('')];
}"""
CHANGED = f"([chart, old]) => {{ const now = ({STATE})(chart); return now[0] !== old[0] || now[1] !== old[1]; }}"
HEARD = "([chart, name, old]) => chart.vegaView.signal(name) !== old"


def step_slider(page, chart, slider) -> None:
    """One arrow key on a slider; the chart must hear of it."""
    name = slider.get_attribute("name")
    old = chart.evaluate("(chart, name) => chart.vegaView.signal(name)", name)
    at_end = slider.evaluate("(input) => Number(input.value) >= Number(input.max)")
    slider.focus()
    page.keyboard.press("ArrowLeft" if at_end else "ArrowRight")
    page.wait_for_function(HEARD, arg=[chart, name, old])


def swing_slider(page, chart, slider) -> bool:
    """A slider to its farther end, by one key; the drawing must change. Do the data?"""
    before = chart.evaluate(STATE)
    in_upper_half = (
        "(input) => 2 * Number(input.value) > Number(input.min) + Number(input.max)"
    )
    page.keyboard.press("Home" if slider.evaluate(in_upper_half) else "End")
    page.wait_for_function(CHANGED, arg=[chart, before])
    settled(page)
    return chart.evaluate(STATE)[0] != before[0]


def test_sliders_work_by_keyboard(live: Watch) -> None:
    changed = []
    with frames_come(live.page):
        for chart in live.page.query_selector_all(".essay-chart"):
            for slider in chart.query_selector_all("input[type=range]"):
                step_slider(live.page, chart, slider)
                changed.append(swing_slider(live.page, chart, slider))
    given = [
        param
        for _, spec in specs(name_of(live))
        for param in controls(spec).values()
        if param["bind"]["input"] == "range"
    ]
    assert len(changed) == len(given), "each slider of the charts stands on the page"
    assert any(changed) or not given, "no slider changes the data of its chart"
    assert live.errors == []


KEYS = {
    "range": "ArrowRight",
    "select": "ArrowDown",
    "radio": "ArrowRight",
    "checkbox": "Space",
}


@pytest.mark.parametrize("kind", KEYS)
def test_one_control_of_each_kind_is_moved_by_keyboard(
    kind: str, browser: Browser, site: str
) -> None:
    page_name, identifier, name = next(
        (page, identifier, name)
        for page in chapters()
        for identifier, spec in specs(page)
        for name, param in controls(spec).items()
        if param["bind"]["input"] == kind
    )
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        opened(page, f"{site}/{page_name}.html")
        signal = f"document.getElementById('{identifier}').vegaView.signal('{name}')"
        drawn = f"Number(document.getElementById('{identifier}').dataset.drawn)"
        before, count = page.evaluate(signal), page.evaluate(drawn)
        field = page.locator(f"#{identifier} [name='{name}']").first
        field.focus()
        page.keyboard.press(KEYS[kind])
        page.evaluate("essayCharts.settled()")
        assert page.evaluate(signal) != before
        assert page.evaluate(drawn) > count
        assert seen.errors == []


TIP = "#vg-tooltip-element.visible"
PHONE = {
    "viewport": {"width": 390, "height": 780},
    "has_touch": True,
    "is_mobile": True,
}
# The middle of a mark that has a tooltip and that nothing covers.
MARK = """() => {
    for (const part of document.querySelectorAll('.essay-chart svg .role-mark :is(path, rect)')) {
        const item = [].concat(part.__data__ ?? [])[0];
        if (item?.tooltip == null) continue;
        part.scrollIntoView({ block: 'center', behavior: 'instant' });
        const { left, top, width, height } = part.getBoundingClientRect();
        const [x, y] = [left + width / 2, top + height / 2];
        if (width > 2 && document.elementFromPoint(x, y) === part) return [x, y, width];
    }
    throw new Error('no mark with a tooltip');
}"""


@pytest.mark.parametrize("name", ["book/04-akayev", "book/03-policy-in-general"])
def test_a_tap_gives_the_tooltip_that_a_mouse_gets(
    name: str, browser: Browser, site: str
) -> None:
    with watch(browser, site, **PHONE) as seen:
        page = seen.page
        opened(page, f"{site}/{name}.html")
        x, y, width = page.evaluate(MARK)
        page.mouse.move(x, y)
        page.wait_for_selector(TIP)
        by_mouse = page.inner_text(TIP)
        page.mouse.move(1, 1)
        page.wait_for_selector(TIP, state="detached")
        page.touchscreen.tap(x, y)
        page.wait_for_selector(TIP)
        assert page.inner_text(TIP) == by_mouse and by_mouse.strip()
        page.touchscreen.tap(3, y - 300)
        page.wait_for_selector(TIP, state="detached")
        # A finger that misses the mark by a hair's breadth still means it.
        page.touchscreen.tap(x + width / 2 + 6, y)
        page.wait_for_selector(TIP)
        assert seen.errors == []


# The two versions ------------------------------------------------------------------

VEGA = re.compile(r"/vega-lite-[^/]*\.js")
# What each figure of both versions shows and says.
SAID = """() => [...document.querySelectorAll('figure.essay-chart:has(template):has(.essay-chart__title)')].map((figure) => {
    const svg = figure.querySelector('.essay-chart__view svg');
    const note = figure.querySelector('.essay-chart__version');
    const title = figure.querySelector('.essay-chart__title');
    return {
        shows: figure.dataset.shows,
        state: figure.dataset.state,
        title: title.textContent.replace(/\\s+/g, ' ').trim(),
        named: svg.getAttribute('aria-labelledby') === title.id,
        numbers: [...figure.querySelectorAll('.essay-moves')]
            .map((number) => [number.dataset[figure.dataset.shows], number.textContent]),
        note: note.textContent,
        chosen: figure.querySelector('.essay-version input:checked').value,
    };
})"""
VERSIONED = ["book/index", "book/02-theoretical-framework", "book/a10-breaks"]
NOTE = {"record": "Drawn after the public record.", "paper": "Drawn after the paper."}


def agree(figures: list[dict], version: str | None = None) -> None:
    """Does each figure speak of the version that it draws, and of no other?"""
    assert figures
    for figure in figures:
        assert version in (None, figure["shows"])
        assert figure["named"]
        assert all(found == expected for expected, found in figure["numbers"])
        assert figure["note"] == NOTE[figure["shows"]]


def choose(page: Page, version: str) -> list[dict]:
    """Change over; what the figures say in the very moment, before anything was drawn."""
    return page.evaluate(
        f"() => {{ document.querySelector('.essay-version input[value={version}]').click(); return ({SAID})(); }}"
    )


#: The page on paper and record asks for the switch itself.
BOTH = "book/a8-paper-and-record"
# Which figures have two drawings and how many switches each; numbers that differ beside them;
# switches below numbers, and where a page asks.
MOVES = """() => ({
    figures: [...document.querySelectorAll('figure.essay-chart')].map((figure) => [
        Boolean(figure.querySelector('script[data-version]')),
        figure.querySelectorAll('.essay-version').length,
    ]),
    numbers: [...document.querySelectorAll('.essay-moves')].filter((number) =>
        !number.closest('figure.essay-chart:has(script[data-version]), details, .essay-bet, .essay-quiz')).length,
    below: document.querySelectorAll('.essay-version p[data-says=numbers]').length,
    asked: document.querySelectorAll('.essay-versions > .essay-version').length,
})"""


def test_a_switch_stands_where_something_moves_and_nowhere_else(live: Watch) -> None:
    """In each figure with two drawings, and once below the first number that differs."""
    found = live.page.evaluate(MOVES)
    assert all(moves == many for moves, many in found["figures"])
    asked = name_of(live) == BOTH
    assert found["asked"] == asked
    assert found["below"] == (found["numbers"] > 0 and not asked)


@pytest.mark.parametrize("name", VERSIONED)
def test_a_figure_speaks_of_the_version_that_it_draws(
    name: str, browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        opened(page, f"{site}/{name}.html")
        for version in ("paper", "record"):
            agree(choose(page, version))
            page.evaluate("essayCharts.settled()")
            said = page.evaluate(SAID)
            agree(said, version)
            assert {figure["state"] for figure in said} == {"live"}
            assert any(figure["numbers"] for figure in said), "words that can differ"
        assert seen.errors == []


@pytest.mark.parametrize("name", VERSIONED)
def test_without_vega_the_other_version_is_drawn_all_the_same(
    name: str, browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.route(VEGA, lambda route: route.abort())
        page.goto(f"{site}/{name}.html")
        for version in ("paper", "record", "paper"):
            agree(choose(page, version), version)
        page.evaluate("essayCharts.drawAll()")
        said = page.evaluate(SAID)
        agree(said, "paper")
        assert {figure["chosen"] for figure in said} == {"paper"}
        assert {figure["state"] for figure in said} == {"static"}


def test_on_a_slow_line_the_still_changes_first(browser: Browser, site: str) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page, held = seen.page, []
        page.route(VEGA, lambda route: held.append(route))
        page.goto(f"{site}/{VERSIONED[0]}.html", wait_until="domcontentloaded")
        agree(choose(page, "paper"), "paper")
        page.evaluate("void essayCharts.drawAll()")
        page.wait_for_function("() => document.querySelector('script[src*=vega-lite]')")
        agree(page.evaluate(SAID), "paper")
        agree(choose(page, "record"), "record")
        agree(choose(page, "paper"), "paper")
        for route in held:
            route.continue_()
        page.evaluate("essayCharts.drawAll()")
        said = page.evaluate(SAID)
        agree(said, "paper")
        assert {figure["state"] for figure in said} == {"live"}


def test_a_specification_that_cannot_be_drawn_leaves_its_still(
    browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.goto(f"{site}/{VERSIONED[0]}.html")
        page.evaluate(
            """document.querySelector('script[data-version=paper]').textContent = '{"vconcat": 1}'"""
        )
        page.evaluate("essayCharts.drawAll()")
        page.check(".essay-version input[value=paper]")
        page.evaluate("essayCharts.settled()")
        first = page.locator("figure.essay-chart:has(script[data-version])").first
        assert first.get_attribute("data-shows") == "paper"
        assert first.get_attribute("data-state") == "static"
        for number in first.locator(".essay-chart__title .essay-moves").all():
            assert number.inner_text() == number.get_attribute("data-paper")


@pytest.mark.parametrize("blocked", [False, True], ids=["live", "without Vega"])
def test_paper_names_the_version_and_shows_its_drawing(
    blocked: bool, browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        if blocked:
            page.route(VEGA, lambda route: route.abort())
        page.goto(f"{site}/{VERSIONED[2]}.html")
        page.evaluate("essayCharts.drawAll()")
        for version, told in (("paper", "the paper"), ("record", "the public record")):
            # Printed at once: a drawing that is under way comes too late.
            said = choose(page, version)
            sheets = pypdf.PdfReader(BytesIO(page.pdf(format="A4")))
            text = " ".join("".join(s.extract_text() for s in sheets.pages).split())
            assert f"Dates and facts as told by {told}." in text
            both = page.locator("figure.essay-chart:has(template)").count()
            assert text.count(NOTE[version]) == both >= len(said) > 0
            titles = [figure["title"] for figure in page.evaluate(SAID)]
            for title in titles:
                assert title.replace(" ", "") in text.replace(" ", "")


def test_paper_does_not_wait_for_a_drawing(browser: Browser, site: str) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        opened(page, f"{site}/{VERSIONED[1]}.html")
        said = page.evaluate(
            f"""() => {{
                document.querySelector('.essay-version input[value=paper]').click();
                window.dispatchEvent(new Event('beforeprint'));
                return ({SAID})();
            }}"""
        )
        agree(said, "paper")
        page.evaluate("essayCharts.settled()")
        said = page.evaluate(SAID)
        agree(said, "paper")
        assert {figure["state"] for figure in said} == {"live"}


# A line that fails, a memory that fails --------------------------------------------


@pytest.mark.parametrize("sign", ["pointer", "focus", "button"])
def test_a_download_that_failed_is_tried_again(
    sign: str, browser: Browser, site: str
) -> None:
    with watch(browser, site, viewport={"width": 1280, "height": 900}) as seen:
        page, tries = seen.page, []

        def once(route: Route) -> None:
            if route.request.resource_type != "script":  # fetched ahead, not run
                route.abort()
                return
            tries.append(route.request.url)
            if len(tries) == 1:
                route.abort()
            else:
                route.continue_()

        page.route(VEGA, once)
        page.goto(f"{site}/book/04-akayev.html")
        first = page.locator("figure.essay-chart").first
        page.evaluate("essayCharts.wake(document.querySelector('figure.essay-chart'))")
        page.evaluate("essayCharts.settled()")
        assert first.get_attribute("data-state") == "static" and len(tries) == 1
        assert first.locator(":is(input, select):not(:disabled)[name]").count() == 0
        assert first.locator(".essay-chart__failed").count() == 1
        if sign == "pointer":
            first.locator("svg").first.hover()
        elif sign == "focus":
            first.locator("summary").first.focus()
        else:
            first.get_by_role("button", name="Try again").press("Enter")
        page.wait_for_selector("figure.essay-chart[data-state=live]")
        assert len(tries) == 2
        assert first.locator(".essay-chart__failed").count() == 0
        assert first.locator(".vega-bindings :disabled").count() == 0
