"""How the tests wait: for the page, and not for a browser that has stopped drawing."""

import conftest
import pytest
from conftest import BrowserStalled, settled, watch

HOME = "http://localhost:1"
NO_FRAMES = "window.requestAnimationFrame = () => 0"
NO_REST = "window.essayCharts = { settled: () => new Promise(() => {}) }"


@pytest.fixture
def soon(monkeypatch):
    """Give up after a second or two."""
    monkeypatch.setattr(conftest, "STALL", 1)
    monkeypatch.setattr(conftest, "PATIENCE", 3)


def test_a_page_at_rest_is_waited_for(browser, soon):
    with watch(browser, HOME) as seen:
        settled(seen.page)
        assert not seen.page.is_closed()


def test_a_page_without_rest_fails_and_has_no_second_chance(browser, soon):
    with watch(browser, HOME) as seen:
        seen.page.evaluate(NO_REST)
        with pytest.raises(AssertionError, match="does not come to rest"):
            settled(seen.page)


def test_a_browser_that_draws_no_more_is_named_and_its_page_closed(browser, soon):
    with watch(browser, HOME) as seen:
        seen.page.evaluate(NO_FRAMES)
        with pytest.raises(BrowserStalled):
            settled(seen.page)
        assert seen.page.is_closed()


@pytest.mark.parametrize(
    "script, error", [(NO_FRAMES, BrowserStalled), ("", conftest.TimeoutError)]
)
def test_what_a_test_waits_for_in_vain_is_told_apart(browser, soon, script, error):
    with pytest.raises(error), watch(browser, HOME) as seen:
        seen.page.evaluate(f"() => {{ {script} }}")
        seen.page.set_default_timeout(500)
        seen.page.wait_for_function("false")
