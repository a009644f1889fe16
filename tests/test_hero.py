"""What the page computes again under the reader's hand equals what Python computes."""

import contextlib
import functools

import pandas as pd
import pytest
from conftest import scroll_to_end, settled, watch

from multivector import alignment, data, engagement, reliability

# All rows of the chart's data that have the fields; numbers as the page has them.
ROWS = """([chart, fields]) => {
    const view = document.querySelectorAll('.essay-chart')[chart].vegaView;
    const tables = Object.keys(view._runtime.data).map((name) => { try { return view.data(name) ?? []; } catch { return []; } });
    const found = tables.filter((rows) => rows.length && fields.every((f) => f in rows[0]));
    return found.map((rows) => rows.map((row) => fields.map((f) => row[f])));
}"""
SET = """([chart, label, value]) => {
    const figure = document.querySelectorAll('.essay-chart')[chart];
    const input = [...figure.querySelectorAll('input')].find((i) => (i.getAttribute('aria-label') || i.closest('label')?.textContent || i.labels?.[0]?.textContent || '').includes(label));
    if (!input) throw new Error('no input ' + label);
    if (input.type === 'checkbox') input.click();
    else { input.value = value; input.dispatchEvent(new Event('input', { bubbles: true })); input.dispatchEvent(new Event('change', { bubbles: true })); }
}"""


def turn(page, control):
    """Give a control a value, [chart, label, value], and wait until the chart has followed."""
    page.evaluate(SET, control)
    settled(page)


@pytest.fixture(scope="module")
def case():
    return data.open_case()


@pytest.fixture(scope="module")
def pages_of_tests(browser, site):
    """Opens a page of the book with all its charts live, once for each test function."""
    pages = {}
    with contextlib.ExitStack() as stack:

        def open_page(test, name):
            if (test, name) not in pages or pages[test, name].is_closed():
                size = {"width": 1280, "height": 900}
                seen = stack.enter_context(watch(browser, site, viewport=size))
                seen.page.goto(f"{site}/book/{name}.html")
                scroll_to_end(seen.page)
                pages[test, name] = seen.page
            return pages[test, name]

        yield open_page


@pytest.fixture
def opened(request, pages_of_tests):
    """Opens a page that all cases of a test share: each sets what it looks at."""
    return functools.partial(pages_of_tests, request.function.__name__)


def rows(page, chart, *fields):
    """The largest table of the chart that has these fields."""
    tables = page.evaluate(ROWS, [chart, list(fields)])
    assert tables, f"no data with {fields}"
    return pd.DataFrame(max(tables, key=len), columns=list(fields))


def by_month(frame):
    frame["date"] = pd.to_datetime(frame.pop("ms"), unit="ms")
    return frame


PLACE = "(name) => [...document.querySelectorAll('.essay-chart')].findIndex((chart) => chart.querySelector(`#figure-${name}`))"


@pytest.mark.parametrize("half_life", [180, 365, 730, 1200, 1825])
@pytest.mark.parametrize("name", ["index", "a7-timeline"])
def test_the_balance_equals_engagement(opened, case, name, half_life):
    page = opened(name)
    place = page.evaluate(PLACE, "balance")
    turn(page, [place, "Half-life", half_life])
    months = pd.date_range(*case.span(), freq="ME")
    remembered = engagement.engagement(case.events, months, half_life)
    expected = engagement.indices(remembered, case.poles)
    drawn = by_month(rows(page, place, "ms", "balance")).sort_values("date")
    assert len(drawn) == len(months) == 240
    assert drawn["date"].dt.normalize().tolist() == months.tolist()
    assert drawn["balance"].tolist() == pytest.approx(
        expected["entropy"].tolist(), abs=1e-9
    )
    shares = by_month(rows(page, place, "ms", "vector", "share")).pivot_table(
        index="date", columns="vector", values="share", aggfunc="first"
    )
    cooperation = remembered.pivot(index="date", columns="vector", values="cooperation")
    wanted = cooperation.div(cooperation.sum(axis=1), axis=0)[shares.columns]
    assert shares.to_numpy() == pytest.approx(wanted.to_numpy(), abs=1e-9)


@pytest.mark.parametrize("direction", ["by", "toward"])
def test_acts_by_the_state_are_told_from_acts_toward_it(opened, case, direction):
    page = opened("a7-timeline")
    place = page.evaluate(PLACE, "balance")
    page.evaluate(PICK, [place, "direction", direction])
    shown = by_month(rows(page, place, "ms", "balance", "effective")).sort_values(
        "date"
    )
    months = pd.date_range(*case.span(), freq="ME")
    expected = (
        engagement.indices(
            engagement.engagement(case.events, months, 730, direction=direction),
            case.poles,
        )
        .set_index("date")["entropy"]
        .dropna()
    )
    found = shown.dropna(subset="balance").set_index("date")["balance"]
    assert found.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9) and len(
        found
    ) == len(expected)


def test_the_slider_changes_the_numbers(opened):
    page = opened("a7-timeline")
    place = page.evaluate(PLACE, "balance")
    before = rows(page, place, "ms", "balance")
    turn(page, [place, "Half-life", 180])
    assert (
        rows(page, place, "ms", "balance")["balance"] - before["balance"]
    ).abs().max() > 0.01


@pytest.mark.parametrize("name", ["index", "a7-timeline"])
def test_a_vector_can_be_switched_off(opened, case, name):
    page = opened(name)
    place = page.evaluate(PLACE, "balance")
    turn(page, [place, "Russia", None])
    months = pd.date_range(*case.span(), freq="ME")
    others = case.events[case.events["vector"] != "Russia"]
    expected = engagement.indices(engagement.engagement(others, months), case.poles)
    drawn = by_month(rows(page, place, "ms", "balance")).sort_values("date")
    assert drawn["balance"].tolist() == pytest.approx(
        expected["entropy"].tolist(), abs=1e-9
    )


@pytest.mark.parametrize("half_life", [180, 730, 1825])
@pytest.mark.parametrize(
    "page_name, codings",
    [("04-akayev", ["record"]), ("05-bakiyev", ["record", "paper"])],
)
def test_the_tilt_equals_engagement(opened, page_name, codings, half_life):
    page = opened(page_name)
    place = page.evaluate(PLACE, "tilt")
    turn(page, [place, "Half-life", half_life])
    drawn = by_month(rows(page, place, "ms", "coding", "tilt")).drop_duplicates(
        ["date", "coding"]
    )
    for coding in codings:
        case = data.open_case(coding=coding)
        line = drawn[drawn["coding"] == coding].sort_values("date")
        months = pd.DatetimeIndex(line["date"].dt.normalize())
        expected = engagement.indices(
            engagement.engagement(case.events, months, half_life), case.poles
        )
        assert len(line) > 60 and line["tilt"].tolist() == pytest.approx(
            expected["tilt"].tolist(), abs=1e-9
        )


@pytest.mark.parametrize("deal", ["help at Batken", "base at Kant"])
def test_a_deal_can_be_left_out_of_the_tilt(opened, case, deal):
    page = opened("04-akayev")
    before = rows(page, 0, "ms", "coding", "tilt")
    page.evaluate(PICK, [0, "left_out", deal])
    drawn = by_month(rows(page, 0, "ms", "coding", "tilt"))
    line = (
        drawn[drawn["coding"] == "record"].drop_duplicates("date").sort_values("date")
    )
    of_deal = {"help at Batken": "batken-help", "base at Kant": "kant"}[deal]
    others = case.events[case.events["alternative"] != of_deal]
    assert len(others) < len(case.events)
    months = pd.DatetimeIndex(line["date"].dt.normalize())
    expected = engagement.indices(engagement.engagement(others, months), case.poles)
    assert len(line) > 60 and line["tilt"].tolist() == pytest.approx(
        expected["tilt"].tolist(), abs=1e-9
    )
    page.evaluate(PICK, [0, "left_out", "nothing"])
    again = rows(page, 0, "ms", "coding", "tilt")
    key = ["coding", "ms"]
    assert again.sort_values(key)["tilt"].tolist() == pytest.approx(
        before.sort_values(key)["tilt"].tolist()
    )


@pytest.mark.parametrize("window", [30, 90, 180, 365])
def test_the_moves_equal_engagement(opened, case, window):
    page = opened("02-theoretical-framework")
    place = page.evaluate(PLACE, "moves")
    turn(page, [place, "Window", window])
    drawn = rows(page, place, "day", "vector", "move", "seen").drop_duplicates(
        ["day", "vector"]
    )
    threats = case.threats()["start"]
    expected = engagement.moves(
        case.events, threats, window, until=case.period("bakiyev")[1]
    )
    expected["day"] = expected["date"].astype("datetime64[s]").astype("int64") // 86400
    both = drawn.merge(expected, on=["day", "vector"], suffixes=("_page", ""))
    assert len(both) == len(threats) * 2
    assert both.loc[both["seen"], "move_page"].tolist() == pytest.approx(
        both.loc[both["seen"], "move"].tolist(), abs=1e-9
    )
    assert both.loc[~both["seen"], "move"].isna().all() and (~both["seen"]).any()


# --- lattices and choices of the other pages --------------------------------------------------------

PICK = """async ([chart, name, value]) => {
    const figure = document.querySelectorAll('.essay-chart')[chart];
    figure.vegaView.signal(name, value);
    await figure.vegaView.runAsync();
}"""


@pytest.mark.parametrize(
    "doubts",
    [
        (True, True, True),
        (True, False, False),
        (False, False, True),
        (False, False, False),
    ],
)
def test_the_bands_of_the_codebook_equal_engagement(opened, case, doubts):
    page = opened("a3-codebook")
    for name, on in zip(("resample", "dates", "codes"), doubts):
        page.evaluate(PICK, [1, f"doubt_{name}", on])
    quarters = pd.date_range(*case.span(), freq="QE")
    bands = engagement.bands(
        case.events,
        quarters,
        730.0,
        500,
        seed=1,
        resample=doubts[0],
        sample_dates=doubts[1],
        perturb=reliability.doubt(case) if doubts[2] else 0,
    )
    expected = bands[bands["index"] == "entropy"]
    key = sum(2**i for i, on in enumerate(doubts) if on)
    tables = [
        pd.DataFrame(t, columns=["ms", "lower", "upper", "key"])
        for t in page.evaluate(ROWS, [1, ["ms", "lower", "upper", "key"]])
    ]
    shown = min((t for t in tables if set(t["key"]) == {key}), key=len).sort_values(
        "ms"
    )
    assert shown["lower"].to_numpy() == pytest.approx(
        expected["lower"].to_numpy(), abs=1e-4
    )
    assert shown["upper"].to_numpy() == pytest.approx(
        expected["upper"].to_numpy(), abs=1e-4
    )


@pytest.mark.parametrize("name", ["trade-4", "exercises", "news-cooperation"])
def test_the_timeline_shows_the_series_that_is_chosen(opened, case, name):
    page = opened("a7-timeline")
    series = alignment.series_of(case, name)
    page.evaluate(PICK, [0, "partner_series", series.label])
    tables = [
        pd.DataFrame(t, columns=["series", "year", "vector", "value", "ms"])
        for t in page.evaluate(ROWS, [0, ["series", "year", "vector", "value", "ms"]])
    ]
    shown = (
        min((t for t in tables if set(t["series"]) == {series.label}), key=len)
        .dropna(subset="value")
        .set_index(["year", "vector"])["value"]
    )
    expected = series.rows.dropna(subset="value").set_index(["year", "vector"])["value"]
    assert shown.sort_index().to_numpy() == pytest.approx(
        expected.sort_index().to_numpy(), rel=2e-3
    )
    assert len(shown) == len(expected)


def test_the_timeline_can_be_narrowed_and_brushed(opened):
    page = opened("a7-timeline")
    page.evaluate(PICK, [0, "from_year", 2005])
    labels = page.evaluate(
        """() => [...document.querySelector('.essay-chart').querySelectorAll('svg .role-axis-label text')].map((t) => t.textContent)"""
    )
    years = {
        int(text)
        for text in labels
        if text.isdigit() and len(text) == 4 and text > "1900"
    }
    assert years and min(years) == 2005
    faded = """() => [...document.querySelectorAll('.essay-chart svg .role-mark path')].filter((p) => p.getAttribute('opacity') === '0.15').length"""
    assert page.evaluate(faded) == 0
    page.evaluate(
        "() => document.querySelector('.essay-chart svg .states_group').scrollIntoView({ block: 'center', behavior: 'instant' })"
    )
    settled(page)
    left, top, width, height = page.evaluate(
        """() => { const b = document.querySelector('.essay-chart svg .states_group path.background').getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; }"""
    )
    page.mouse.move(left + 0.1 * width, top + height / 2)
    page.mouse.down()
    page.mouse.move(left + 0.3 * width, top + height / 2, steps=5)
    page.mouse.up()
    settled(page)
    assert page.evaluate(faded) > 5, "marks outside the brush fade in every row"


TAJIK, ALLIES = "201st", {"French", "Termez (German)"}


@pytest.mark.parametrize(
    "year, bases",
    [
        (2000, {TAJIK}),
        (2002, {"Manas", "Karshi-Khanabad (K2)", TAJIK, *ALLIES}),
        (2004, {"Manas", "Kant", "Karshi-Khanabad (K2)", TAJIK, *ALLIES}),
        (2008, {"Manas", "Kant", TAJIK, *ALLIES}),
    ],
)
def test_the_map_shows_the_bases_of_the_year(opened, year, bases):
    page = opened("04-akayev")
    chart = page.evaluate(
        "() => [...document.querySelectorAll('.essay-chart')].findIndex((c) => c.querySelector('.mark-shape'))"
    )
    page.evaluate(PICK, [chart, "map_year", year])
    texts = page.evaluate(
        "(i) => [...document.querySelectorAll('.essay-chart')[i].querySelectorAll('.mark-text text')].map((t) => t.textContent)",
        chart,
    )
    known = {"Manas", "Kant", "Karshi-Khanabad (K2)", TAJIK, *ALLIES}
    assert set(texts) & known == bases
    # The bar of the scale is always there, the distance only while both bases are in use.
    lengths = {t for t in texts if t.endswith(" km")}
    assert len(lengths) == 1 + ({"Manas", "Kant"} <= bases)
