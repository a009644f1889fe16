"""What the page computes again under the reader's hand equals what Python computes."""

import pandas as pd
import pytest

from conftest import scroll_to_end, watch
from multivector import data, engagement

# All rows of the chart's data that have the fields; numbers as the page has them.
ROWS = """([chart, fields]) => {
    const view = document.querySelectorAll('.essay-chart')[chart].vegaView;
    const tables = Object.keys(view._runtime.data).map((name) => { try { return view.data(name) ?? []; } catch { return []; } });
    const found = tables.filter((rows) => rows.length && fields.every((f) => f in rows[0]));
    return found.map((rows) => rows.map((row) => fields.map((f) => row[f])));
}"""
SET = """async ([chart, label, value]) => {
    const figure = document.querySelectorAll('.essay-chart')[chart];
    const input = [...figure.querySelectorAll('input')].find((i) => (i.getAttribute('aria-label') || i.closest('label')?.textContent || i.labels?.[0]?.textContent || '').includes(label));
    if (!input) throw new Error('no input ' + label);
    if (input.type === 'checkbox') input.click();
    else { input.value = value; input.dispatchEvent(new Event('input', { bubbles: true })); input.dispatchEvent(new Event('change', { bubbles: true })); }
    await new Promise((done) => setTimeout(done, 150));
    await figure.vegaView.runAsync();
}"""


@pytest.fixture(scope="module")
def case():
    return data.open_case()


@pytest.fixture
def opened(browser, site):
    """Opens a page of the book with all its charts live."""
    contexts = []

    def open_page(name):
        context = watch(browser, site, viewport={"width": 1280, "height": 900})
        contexts.append(context)
        page = context.__enter__().page
        page.goto(f"{site}/book/{name}.html")
        scroll_to_end(page)
        return page

    yield open_page
    for context in contexts:
        context.__exit__(None, None, None)


def rows(page, chart, *fields):
    """The largest table of the chart that has these fields."""
    tables = page.evaluate(ROWS, [chart, list(fields)])
    assert tables, f"no data with {fields}"
    return pd.DataFrame(max(tables, key=len), columns=list(fields))


def by_month(frame):
    frame["date"] = pd.to_datetime(frame.pop("ms"), unit="ms")
    return frame


@pytest.mark.parametrize("half_life", [180, 365, 730, 1200, 1825])
def test_the_first_figure_equals_engagement(opened, case, half_life):
    page = opened("index")
    page.evaluate(SET, [0, "Half-life", half_life])
    months = pd.date_range(*case.span(), freq="ME")
    remembered = engagement.engagement(case.events, months, half_life)
    expected = engagement.indices(remembered, case.poles)
    drawn = by_month(rows(page, 0, "ms", "balance")).sort_values("date")
    assert len(drawn) == len(months) == 240
    assert drawn["date"].dt.normalize().tolist() == months.tolist()
    assert drawn["balance"].tolist() == pytest.approx(expected["entropy"].tolist(), abs=1e-9)
    shares = by_month(rows(page, 0, "ms", "vector", "share")).pivot_table(index="date", columns="vector", values="share", aggfunc="first")
    cooperation = remembered.pivot(index="date", columns="vector", values="cooperation")
    wanted = cooperation.div(cooperation.sum(axis=1), axis=0)[shares.columns]
    assert shares.to_numpy() == pytest.approx(wanted.to_numpy(), abs=1e-9)


def test_the_slider_changes_the_numbers(opened):
    page = opened("index")
    before = rows(page, 0, "ms", "balance")
    page.evaluate(SET, [0, "Half-life", 180])
    assert (rows(page, 0, "ms", "balance")["balance"] - before["balance"]).abs().max() > 0.01


def test_a_vector_can_be_switched_off(opened, case):
    page = opened("index")
    page.evaluate(SET, [0, "Russia", None])
    months = pd.date_range(*case.span(), freq="ME")
    expected = engagement.indices(engagement.engagement(case.events, months, off=["Russia"]), case.poles)
    drawn = by_month(rows(page, 0, "ms", "balance")).sort_values("date")
    assert drawn["balance"].tolist() == pytest.approx(expected["entropy"].tolist(), abs=1e-9)


@pytest.mark.parametrize("half_life", [180, 730, 1825])
@pytest.mark.parametrize("page_name, codings", [("04-akayev", ["record"]), ("05-bakiyev", ["record", "paper"])])
def test_the_tilt_equals_engagement(opened, page_name, codings, half_life):
    page = opened(page_name)
    page.evaluate(SET, [0, "Half-life", half_life])
    drawn = by_month(rows(page, 0, "ms", "coding", "tilt")).drop_duplicates(["date", "coding"])
    for coding in codings:
        case = data.open_case(coding=coding)
        line = drawn[drawn["coding"] == coding].sort_values("date")
        months = pd.DatetimeIndex(line["date"].dt.normalize())
        expected = engagement.indices(engagement.engagement(case.events, months, half_life), case.poles)
        assert len(line) > 60 and line["tilt"].tolist() == pytest.approx(expected["tilt"].tolist(), abs=1e-9)


@pytest.mark.parametrize("window", [30, 90, 180, 365])
def test_the_moves_equal_engagement(opened, case, window):
    page = opened("02-theoretical-framework")
    page.evaluate(SET, [0, "Window", window])
    drawn = rows(page, 0, "day", "vector", "move", "seen").drop_duplicates(["day", "vector"])
    threats = case.threats()["start"]
    expected = engagement.moves(case.events, threats, window, until=case.period("bakiyev")[1])
    expected["day"] = expected["date"].astype("datetime64[s]").astype("int64") // 86400
    both = drawn.merge(expected, on=["day", "vector"], suffixes=("_page", ""))
    assert len(both) == len(threats) * 2
    assert both.loc[both["seen"], "move_page"].tolist() == pytest.approx(both.loc[both["seen"], "move"].tolist(), abs=1e-9)
    assert both.loc[~both["seen"], "move"].isna().all() and (~both["seen"]).any()
