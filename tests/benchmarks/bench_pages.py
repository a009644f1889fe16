"""How fast pages are there: Lighthouse's mobile phone, a slow line, beside a default book.

    python tests/benchmarks/bench_pages.py [PAGE …]

measures the built book in _build/html, all pages or those named (book/index). Lighthouse is
fetched by npx, in the version named here, or is the program that ESSAY_LIGHTHOUSE names. The
numbers depend on what else the machine does; the default book, measured in the same run,
tells by how much. Limits: performance 90, all else 100, 150 ms of blocking, 5 s on the line.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.server
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup
from playwright.sync_api import Browser, sync_playwright
from timing import ROOT

from essay_specs import unpacked

LIGHTHOUSE = "12.8.2"
#: Milliseconds until the first byte, and bytes a second.
LINE = {"latency": 800, "downloadThroughput": 35_000, "uploadThroughput": 35_000}
PATIENCE = 300_000
#: Page of the default book, and the page whose charts and words it takes.
DEFAULT, MODEL = "default", "book/index"
CHROMIUM = os.environ.get("ESSAY_CHROMIUM") or shutil.which("chromium")
#: Notes when the first words are painted and when the first drawing is in the page.
WATCH = """
const drawing = '.essay-chart svg, .vega-embed svg';
const look = () => {
    if (!document.querySelector(drawing)) return requestAnimationFrame(look);
    requestAnimationFrame(() => { window.drawnAt = performance.now(); });
};
requestAnimationFrame(look);
"""
SEEN = """() => [
    performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
    window.drawnAt ?? null,
]"""


def handler() -> type[http.server.SimpleHTTPRequestHandler]:
    """What `essay.py serve` answers with."""
    spec = importlib.util.spec_from_file_location("essay", ROOT / "essay.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Pages


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Address of a folder, served as `essay.py serve` does."""
    pages = functools.partial(handler(), directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def default_book(folder: Path, html: Path) -> Path:
    """Build a default Jupyter Book: one page with the words and the charts of ours."""
    page = BeautifulSoup((html / f"{MODEL}.html").read_text("utf-8"), "html.parser")
    found = page.select(".essay-chart script[type='application/json']")
    specs = [json.dumps(unpacked(script.string)) for script in found]
    words = [p.get_text(" ", strip=True) for p in page.select("article p, article h2")]
    bundle = next((html / "_static").glob("vega-lite-*.js"))
    shutil.copy(bundle, folder / "vega.js")
    charts = "".join(
        f'<div id="v{n}"></div><script>vegaEmbed("#v{n}", {spec},'
        ' {"renderer": "svg"});</script>\n'
        for n, spec in enumerate(specs)
    )
    raw = f'```{{raw}} html\n<script src="_static/vega.js"></script>\n{charts}```\n'
    text = "# A default book\n\n" + raw + "\n\n".join(words) + "\n"
    (folder / f"{DEFAULT}.md").write_text(text, encoding="utf-8")
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: {DEFAULT}\n")
    (folder / "_config.yml").write_text(
        "title: A default book\nsphinx:\n  config:\n    html_static_path: [vega.js]\n"
    )
    command = Path(sys.executable).with_name("jupyter-book")
    subprocess.run([command, "build", "."], cwd=folder, check=True, capture_output=True)
    return folder / "_build" / "html"


def lighthouse(address: str) -> dict:
    """Lighthouse's report of a page, on its telephone."""
    named = os.environ.get("ESSAY_LIGHTHOUSE")
    program = [named] if named else ["npx", "--yes", f"lighthouse@{LIGHTHOUSE}"]
    flags = "--headless=new --no-sandbox --disable-background-networking"
    options = ["--quiet", "--output=json", f"--chrome-flags={flags}"]
    done = subprocess.run(
        [*program, address, *options],
        capture_output=True,
        text=True,
        env={**os.environ, "CHROME_PATH": CHROMIUM},
    )
    if done.returncode:
        sys.exit(f"Lighthouse ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def on_a_slow_line(browser: Browser, address: str) -> tuple[float, float]:
    """Seconds until the first words and the first drawing; NaN for what never comes."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {"offline": False, **LINE})
    page.goto(address, timeout=PATIENCE)
    if page.query_selector(".essay-chart, #v0"):
        page.wait_for_function("window.drawnAt", timeout=PATIENCE)
    words, drawing = page.evaluate(SEEN)
    context.close()
    nothing = float("nan")
    return tuple((t / 1000 if t is not None else nothing) for t in (words, drawing))


def row(browser: Browser, name: str, address: str) -> list[str]:
    """All that is measured of one page, as cells of the table."""
    report = lighthouse(address)
    scores = [100 * part["score"] for part in report["categories"].values()]
    audits = report["audits"]
    times = (
        "first-contentful-paint",
        "largest-contentful-paint",
        "total-blocking-time",
    )
    shift = audits["cumulative-layout-shift"]["numericValue"]
    line = on_a_slow_line(browser, address)
    return [
        name,
        *(f"{score:.0f}" for score in scores),
        *(f"{audits[key]['numericValue']:.0f}" for key in times),
        f"{shift:.3f}",
        *(f"{seconds:.1f}" for seconds in line),
    ]


HEAD = [
    "page",
    "perf",
    "access",
    "best",
    "seo",
    "FCP",
    "LCP",
    "TBT",
    "CLS",
    "words",
    "drawn",
]


def show(cells: list[str]) -> None:
    """One row of the table (milliseconds, but seconds on the slow line)."""
    print(f"{cells[0]:32}" + "".join(f"{cell:>8}" for cell in cells[1:]), flush=True)


def main() -> None:
    """Measure the pages, then the default book."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", nargs="*", help="book/index and the like; all if none")
    parser.add_argument("--html", type=Path, default=ROOT / "_build" / "html")
    asked = parser.parse_args()
    html = asked.html.resolve()
    found = sorted(p.stem for p in (html / "book").glob("*.html"))
    names = asked.page or [f"book/{name}" for name in found]
    with contextlib.ExitStack() as stack:
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        stack.callback(browser.close)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        home = stack.enter_context(served(html))
        other = stack.enter_context(served(default_book(folder, html)))
        show(HEAD)
        for name in names:
            show(row(browser, name, f"{home}/{name}.html"))
        show(row(browser, "a default Jupyter Book", f"{other}/{DEFAULT}.html"))


if __name__ == "__main__":
    main()
