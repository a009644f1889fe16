"""How the tests wait: for the page, and not for a browser that has stopped drawing."""

from types import SimpleNamespace

import conftest
import pytest
from conftest import BrowserStalled, once, settled, watch

HOME = "http://localhost:1"
NO_FRAMES = "window.requestAnimationFrame = () => 0"
NO_REST = "window.essayCharts = { settled: () => new Promise(() => {}) }"


# Each gives up soon on one thing and late on the other, so that a busy processor is taken
# for neither.


@pytest.fixture
def soon_without_frames(monkeypatch):
    """Take a browser for stalled after two seconds."""
    monkeypatch.setattr(conftest, "STALL", 2)


@pytest.fixture
def soon_without_rest(monkeypatch):
    """Give a page up after two seconds."""
    monkeypatch.setattr(conftest, "PATIENCE", 2)


def test_a_page_at_rest_is_waited_for(browser):
    with watch(browser, HOME) as seen:
        settled(seen.page)
        assert not seen.page.is_closed()


def test_a_page_without_rest_fails_and_has_no_second_chance(browser, soon_without_rest):
    with watch(browser, HOME) as seen:
        seen.page.evaluate(NO_REST)
        with pytest.raises(AssertionError, match="does not come to rest"):
            settled(seen.page)


def test_a_browser_that_draws_no_more_is_named_and_its_page_closed(
    browser, soon_without_frames
):
    with watch(browser, HOME) as seen:
        seen.page.evaluate(NO_FRAMES)
        with pytest.raises(BrowserStalled):
            settled(seen.page)
        assert seen.page.is_closed()


@pytest.mark.parametrize(
    "script, stall, error",
    [(NO_FRAMES, 2, BrowserStalled), ("", conftest.STALL, conftest.TimeoutError)],
)
def test_what_a_test_waits_for_in_vain_is_told_apart(
    browser, monkeypatch, script, stall, error
):
    monkeypatch.setattr(conftest, "STALL", stall)
    with pytest.raises(error), watch(browser, HOME) as seen:
        seen.page.evaluate(f"() => {{ {script} }}")
        seen.page.set_default_timeout(500)
        seen.page.wait_for_function("false")


def test_what_is_done_once_is_done_for_all_and_tried_again_where_it_failed(
    tmp_path, monkeypatch
):
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    factory = SimpleNamespace(getbasetemp=lambda: tmp_path)
    did = []

    def fails():
        did.append("failed")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once(factory, "one", fails)
    for _ in range(2):
        once(factory, "one", lambda: did.append("one"))
    once(factory, "other", lambda: did.append("other"))
    assert did == ["failed", "one", "other"]
