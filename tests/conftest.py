"""What the tests share: the built book, a server for it, a browser and a watch on its pages, drafts of other states."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import http.server
import importlib.util
import json
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import hypothesis
import pypdf
import pytest
import yaml
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from multivector import store
from multivector.commands import main

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "_build" / "html"
BUILD = ("build", ".", "-W", "-n", "--keep-going")
# Pages that Sphinx adds to those of _toc.yml.
GENERATED = ("index", "licences", "search")
# Seconds after which a test gives up waiting for a state that does not come: enough for a
# processor that is slow, or busy with something else.
PATIENCE = 240

# How many times slower pages run in the browser: a slow machine, on a fast one.
THROTTLE = os.environ.get("ESSAY_THROTTLE")

# The same cases on every run, no time limit that a slow machine would break, no files.
hypothesis.settings.register_profile(
    "essay", derandomize=True, deadline=None, database=None
)
hypothesis.settings.load_profile("essay")

# A kernel that a test starts draws for a live session unless the test says otherwise, and
# starts without what the tests alone have installed (tests/lean/).
os.environ.pop("MULTIVECTOR_RENDERER", None)
os.environ["PYTHONPATH"] = str(ROOT / "tests" / "lean")


@pytest.fixture(scope="session", autouse=True)
def switched_on() -> None:
    """Charts that a test draws have the look of the essay, as in a live session."""
    from multivector import charts

    charts.switch_on()


# Files of tests that take half a minute and more; the longest first. Two processes that take
# them in this order end at nearly one time.
LONGEST = (
    "test_rebuild",
    "test_pages",
    "test_translation",
    "test_live",
    "test_pack",
    "test_hostile",
    "test_policy",
    "test_controls",
    "test_everyone",
    "test_notebooks",
    "test_spoiled_tables",
    "test_play",
    "test_views",
    "test_claims",
    "test_names",
    "test_teach",
    "test_weight",
    "test_jumps",
    "test_types",
    "test_bad_cases",
    "test_versions",
)


# Random order ----------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--random-order`."""
    parser.addoption(
        "--random-order",
        metavar="SEED",
        help="shuffle the files, and the tests in each; the same seed, the same order",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Shuffle on demand; tests of one file stay together, so that they share what is costly."""
    seed = config.getoption("--random-order")
    if seed is None:
        # What takes longest begins first, so that no processor waits for it at the end.
        order = {name: place for place, name in enumerate(LONGEST)}
        items.sort(key=lambda item: order.get(item.path.stem, len(order)))
        return
    chance = random.Random(seed)
    tests: dict[Path, list[pytest.Item]] = {}
    for item in items:
        tests.setdefault(item.path, []).append(item)
    files = sorted(tests)
    chance.shuffle(files)
    for file in files:
        chance.shuffle(tests[file])
    items[:] = [item for file in files for item in tests[file]]


# The book --------------------------------------------------------------------


def settings() -> dict:
    """What _config.yml says."""
    return yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))


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


def build(
    root: Path, builder: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Build the book in `root` with the command of the README's first line.

    A `builder` of Sphinx makes something else than pages of it.
    """
    custom = ["--builder", "custom", "--custom-builder", builder] if builder else []
    return subprocess.run(
        [Path(sys.executable).with_name("jupyter-book"), *BUILD, *custom],
        cwd=root,
        env=os.environ | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )


def shared(factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole run, whichever process asks."""
    room = factory.getbasetemp()
    return room.parent if "PYTEST_XDIST_WORKER" in os.environ else room


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[], None]) -> None:
    """Do something in one of the processes that run tests at one time; the others wait for it.

    Where it fails the next one tries again, and fails for itself.
    """
    room = shared(factory)
    done = room / f"{name}.done"
    with (room / f"{name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not done.exists():
            make()
            done.touch()


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the built pages; the build is brought up to date first, whatever lies there."""

    def bring_up_to_date() -> None:
        result = build(ROOT)
        said = f"the book does not build:\n{result.stdout[-4000:]}"
        assert result.returncode == 0, said

    once(tmp_path_factory, "book", bring_up_to_date)
    return HTML


@functools.cache
def soup(book: Path, page: str) -> BeautifulSoup:
    """A built page as it was written; all tests share it, so that none may change it."""
    text = (book / f"{page}.html").read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser")


@contextlib.contextmanager
def kept_results() -> Iterator[None]:
    """Take what a build has computed from where it keeps it: found by arguments and code.

    Only for what a test takes as given. What it puts in the place of a part of the module,
    or into a `look`, does not count there.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(store.VARIABLE, str(ROOT / "_build" / ".results"))
        yield


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


# The two commands ------------------------------------------------------------


def essay(path: Path = ROOT / "essay.py") -> ModuleType:
    """The script behind the two commands, as a module."""
    spec = importlib.util.spec_from_file_location("essay", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def program(root: Path, name: str, lines: str, by: str | Path = "/bin/sh") -> None:
    """Write a program of the environment of a project, read by `by`."""
    path = root / ".venv" / "bin" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{by}\n{lines}\n")
    path.chmod(0o755)


def furnish(root: Path) -> None:
    """Give a project, a copy of this one, an environment in which all seems installed.

    Its programs are those that run the tests.
    """
    own = Path(sys.executable)
    for name, path in {
        "python": own,
        "jupyter-book": own.with_name("jupyter-book"),
    }.items():
        program(root, name, f'exec {shlex.quote(str(path))} "$@"')
    script = essay(root / "essay.py")
    stamp = {
        "python": script.running_version(),
        "requirements.txt": script.digest(root / "requirements.txt"),
    }
    (root / ".venv" / "essay-stamp.json").write_text(json.dumps(stamp))


def command(
    root: Path, *arguments: str, cwd: Path | None = None, **variables: str
) -> subprocess.Popen[str]:
    """One of the two commands as a process; what it says comes through one pipe.

    It ends with the test, whatever came of it, and so does all that it started.
    """
    process = subprocess.Popen(
        [sys.executable, root / "essay.py", *arguments],
        cwd=cwd or root,
        env=os.environ | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    STARTED.append(process)
    return process


STARTED: list[subprocess.Popen[str]] = []


def end(process: subprocess.Popen[str]) -> None:
    """End a command and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(autouse=True)
def nothing_is_left_running() -> Iterator[None]:
    """End the commands that a test has started."""
    yield
    while STARTED:
        process = STARTED.pop()
        end(process)
        process.wait()


def heard(process: subprocess.Popen[str], words: str) -> str:
    """Read what a command says until a line has these words; that line."""
    lines = []
    limit = threading.Timer(PATIENCE, end, [process])
    limit.start()
    for line in process.stdout:
        lines.append(line)
        if words in line:
            limit.cancel()
            return line
    limit.cancel()
    pytest.fail(f"never said {words!r}:\n{''.join(lines)}")


def until(is_so: Callable[[], bool], otherwise: str) -> None:
    """Wait for something outside the browser; the only wait that looks at the clock."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > end:
            pytest.fail(otherwise)
        time.sleep(0.05)


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
        running = playwright.chromium.launch(
            executable_path=chromium(), args=options, timeout=PATIENCE * 1000
        )
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
    context.set_default_timeout(PATIENCE * 1000)
    seen = Watch(context.new_page())
    if THROTTLE:
        session = context.new_cdp_session(seen.page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": float(THROTTLE)})

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
    try:
        with frames_come(seen.page):
            yield seen
    finally:
        context.close()


@contextlib.contextmanager
def frames_come(page: Page) -> Iterator[None]:
    """Whatever Playwright waits for, it cannot come where nothing is drawn any more."""
    try:
        yield
    except TimeoutError as error:
        if frames_go_on(page):
            raise
        page.context.close()
        raise BrowserStalled("waited in vain, and no frame comes") from error


# Two frames after a step the page has seen it: styles, sizes and what came near the screen.
TWO_FRAMES = """() => new Promise((seen) => {
    requestAnimationFrame(() => requestAnimationFrame(seen));
})"""
SCROLL_TO_END = f"""async () => {{
    const root = document.scrollingElement;
    for (let y = 0; y < root.scrollHeight; y += innerHeight * 0.7) {{
        scrollTo({{ top: y, behavior: 'instant' }});
        await ({TWO_FRAMES})();
    }}
    scrollTo({{ top: root.scrollHeight, behavior: 'instant' }});
    await window.essayCharts?.drawAll();
}}"""
# What a page reports of its charts (book/_static/essay-charts.js); one without has no script.
SETTLED = f"() => (window.essayCharts?.settled ?? ({TWO_FRAMES}))()"
# A script that waits for the page, and gives up if that does not come. Timers go on where a
# browser has stopped drawing, which Chromium without a window does now and then beside a
# busy processor, whatever the page: then nothing on it can be seen, and nothing learned.
AT_MOST = """async ([limit, stall, script]) => {
    let last = performance.now();
    let on = true;
    const tick = () => { last = performance.now(); if (on) requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
    let watch;
    const stalled = new Promise((seen) => { watch = setInterval(
        () => { if (performance.now() - last > stall) seen('no frames'); }, 1000); });
    const late = new Promise((seen) => { setTimeout(() => seen('no rest'), limit); });
    const found = await Promise.race([eval(script)().then(() => ''), stalled, late]);
    on = false;
    clearInterval(watch);
    return found;
}"""
# Seconds without a frame after which a browser counts as one that draws no more.
STALL = 60


class BrowserStalled(Exception):
    """The browser draws no more; a test that meets this is run again (pyproject.toml)."""


def frames_go_on(page: Page) -> bool:
    """Does the browser still draw this page?"""
    nothing = "() => new Promise((seen) => { requestAnimationFrame(seen); })"
    return not page.evaluate(AT_MOST, [PATIENCE * 1000, STALL * 1000, nothing])


def settled(page: Page, after: str = "") -> None:
    """Wait until a page reports that nothing is under way: no chart loads, draws or runs."""
    for script in filter(None, (after, SETTLED)):
        found = page.evaluate(AT_MOST, [PATIENCE * 1000, STALL * 1000, script])
        if found == "no frames":
            page.context.close()
            raise BrowserStalled(f"no frame for {STALL} s")
        assert not found, "the page does not come to rest"


# A page without words that leads on to another as soon as it is there.
LEADS_ON = "document.querySelector('meta[http-equiv=refresh i]')"


def arrive(page: Page, address: str) -> None:
    """Open an address, follow where it leads on, and wait until that page has come to rest."""
    page.goto(address)
    page.wait_for_function(f"() => !{LEADS_ON}")
    page.wait_for_load_state()
    settled(page)


def printed(page: Page) -> pypdf.PdfReader:
    """A page on paper. One that is about to be left cannot be printed: see `arrive`."""
    settled(page)
    return pypdf.PdfReader(BytesIO(page.pdf(format="A4")))


def scroll_to_end(page: Page) -> None:
    """Read a page to its end and point at each chart, then wait until it has come to rest.

    A chart that does not come to life is left for the test to name.
    """
    settled(page, after=SCROLL_TO_END)


def choose_theme(page: Page, theme: str) -> None:
    """Change a page over to light or dark, and wait until it says so."""
    page.emulate_media(color_scheme=theme)
    page.wait_for_function(
        "(theme) => document.documentElement.dataset.theme === theme", arg=theme
    )
    settled(page)


# --- cases of other states ---------------------------------------------------------------------


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a case of a state, made once; `invented` is the one that is made up."""
    folder = tmp_path_factory.mktemp("cases")

    def make(state: str) -> Path:
        path = folder / state
        if not path.exists():
            words = [] if state == "invented" else ["--state", state]
            assert main(["new", str(path), *words]) == 0
        return path

    return make


@pytest.fixture
def copied(made: Callable[[str], Path], tmp_path: Path) -> Callable[[str], Path]:
    """A copy of a case that a test may spoil."""
    return lambda state: shutil.copytree(made(state), tmp_path / state)


def checked(
    folder: Path, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str]:
    """Exit code and words of a check."""
    capsys.readouterr()
    code = main(["check", str(folder), *(words or ("--quick",))])
    captured = capsys.readouterr()
    return code, captured.out + captured.err
