"""What the tests share: the built book, a server for it, a browser, and a watch on its pages."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
import pytest
import yaml
from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "_build" / "html"
BUILD = ("build", ".", "-W", "-n", "--keep-going")
# Pages that Sphinx adds to those of _toc.yml.
GENERATED = ("genindex", "index", "search")

# The same cases on every run, no time limit that a slow machine would break, no files.
hypothesis.settings.register_profile(
    "essay", derandomize=True, deadline=None, database=None
)
hypothesis.settings.load_profile("essay")

# A kernel that a test starts draws for a live session unless the test says otherwise.
os.environ.pop("MULTIVECTOR_RENDERER", None)


# The book --------------------------------------------------------------------


def pages() -> list[str]:
    """Pages of the book as _toc.yml lists them, the first page first."""
    table = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))

    def files(entry: object) -> Iterator[str]:
        if isinstance(entry, list):
            for part in entry:
                yield from files(part)
        elif isinstance(entry, dict):
            yield from (entry[key] for key in ("root", "file") if key in entry)
            for part in entry.values():
                yield from files(part)

    return list(files(table))


def chapters() -> list[str]:
    """Those of the pages that are notebooks."""
    return [page for page in pages() if (ROOT / f"{page}.ipynb").exists()]


def build(root: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Build the book in `root` with the command of the README's first line."""
    return subprocess.run(
        [Path(sys.executable).with_name("jupyter-book"), *BUILD],
        cwd=root,
        env=os.environ | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )


@pytest.fixture(scope="session")
def book() -> Path:
    """Folder of the built pages; the build is brought up to date first, whatever lies there."""
    result = build(ROOT)
    assert result.returncode == 0, f"the book does not build:\n{result.stdout[-4000:]}"
    return HTML


class QuietPages(http.server.SimpleHTTPRequestHandler):
    """Files without a line of log for each."""

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def site(book: Path) -> Iterator[str]:
    """Address of the book, served on this machine."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(QuietPages, directory=str(book))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


# The browser -----------------------------------------------------------------


def chromium() -> str:
    """Path of the browser; a test without one fails, it is not skipped."""
    named = os.environ.get("ESSAY_CHROMIUM")
    for name in (
        [named]
        if named
        else ["chromium", "chromium-browser", "google-chrome", "chrome"]
    ):
        if path := shutil.which(name):
            return path
    pytest.fail("no Chromium: apt install chromium, or set ESSAY_CHROMIUM to its path")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window, and without requests of its own."""
    options = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--no-sandbox")  # the sandbox does not start for root
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=options)
        yield running
        running.close()


@dataclass
class Watch:
    """A page, and what it did."""

    page: Page
    requested: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextlib.contextmanager
def watch(browser: Browser, home: str, **options: object) -> Iterator[Watch]:
    """An empty page whose requests and errors are recorded; other hosts are not reached.

    Parameters
    ----------
    home
        Address that the page may talk to: everything with another host is outside.
    options
        Of the browser's context: size, colour scheme, scripts on or off.
    """
    own = urlsplit(home).netloc
    context = browser.new_context(**options)
    seen = Watch(context.new_page())

    def is_own(url: str) -> bool:
        return urlsplit(url).scheme in ("data", "blob") or urlsplit(url).netloc == own

    def guard(route) -> None:
        url = route.request.url
        seen.requested.append(url)
        if is_own(url):
            route.continue_()
        else:
            seen.outside.append(url)
            route.abort()

    def on_socket(socket) -> None:
        if not is_own(socket.url):
            seen.outside.append(socket.url)

    def on_console(message) -> None:
        # A chart that could not be drawn says so in a warning, and keeps its static form.
        if message.type == "error" or (
            message.type == "warning" and " stays " in message.text
        ):
            seen.errors.append(f"console: {message.text}")

    def on_response(response) -> None:
        if response.status >= 400:
            seen.errors.append(f"status {response.status}: {response.url}")

    context.route("**/*", guard)
    seen.page.on("websocket", on_socket)
    seen.page.on("console", on_console)
    seen.page.on("pageerror", lambda error: seen.errors.append(f"page: {error}"))
    seen.page.on("response", on_response)
    yield seen
    context.close()


SCROLL_TO_END = """async () => {
    const pause = (ms) => new Promise((done) => setTimeout(done, ms));
    const root = document.scrollingElement;
    for (let y = 0; y < root.scrollHeight; y += innerHeight * 0.7) {
        scrollTo({ top: y, behavior: 'instant' });
        await pause(60);
    }
    scrollTo({ top: root.scrollHeight, behavior: 'instant' });
    await pause(60);
}"""
ALL_LIVE = """() => [...document.querySelectorAll('.essay-chart')]
    .every((chart) => chart.dataset.state === 'live')"""


def scroll_to_end(page: Page, timeout: float = 30_000) -> None:
    """Read a page slowly to its end, then wait until every chart is live.

    A chart that does not come to life is left for the test to name.
    """
    page.evaluate(SCROLL_TO_END)
    with contextlib.suppress(TimeoutError):
        page.wait_for_function(ALL_LIVE, timeout=timeout)
    # A drawing that was out of date when it came is drawn anew within a moment.
    page.wait_for_timeout(250)
