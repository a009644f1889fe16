"""Time that a chart takes to follow its controls, on the pages as they are built.

    .venv/bin/python tests/benchmarks/bench_redraw.py [PAGE ...]

Every slider of every chart goes through its range, by steps of a hand. From the move to the
frame in which it can be seen: the median and the 95th percentile in milliseconds. Nothing here
passes or fails.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys

from playwright.sync_api import sync_playwright
from timing import ROOT

HTML = ROOT / "_build" / "html"
MOVES = 60  # places of a slider, from end to end and back
# Set an input, and wait until the chart has followed and a frame was drawn.
SWEEP = """async ([id, name, moves]) => {
    const figure = document.getElementById(id);
    const slider = figure.querySelector(`input[type=range][name="${CSS.escape(name)}"]`);
    const [low, high, step] = [slider.min, slider.max, slider.step].map(Number);
    const steps = Math.round((high - low) / step);
    const found = [];
    for (let move = 0; move < moves; move += 1) {
        const part = Math.abs(1 - 2 * move / moves);
        const before = Number(figure.dataset.drawn);
        const start = performance.now();
        slider.value = low + step * Math.round(part * steps);
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        while (Number(figure.dataset.drawn) === before) await new Promise((go) => setTimeout(go));
        figure.getBoundingClientRect();
        found.push(performance.now() - start);
        await new Promise((go) => requestAnimationFrame(go));
    }
    return found;
}"""
SLIDERS = """() => [...document.querySelectorAll('figure.essay-chart')].flatMap((figure) =>
    [...figure.querySelectorAll('input[type=range]')].map((one) => [figure.id, one.name,
        figure.querySelector('[id^="figure-"]')?.id.slice(7) ?? figure.id]))"""


def percentile(times: list[float], part: int) -> float:
    """The value below which so many percent of the times lie."""
    return statistics.quantiles(times, n=100)[part - 1]


def report(pages: list[str]) -> None:
    """Print a line for each slider."""
    browser_path = os.environ.get("ESSAY_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path,
            args=["--no-sandbox", "--disable-background-networking"],
        )
        print(f"{'page':26} {'chart':18} {'slider':18} {'p50':>6} {'p95':>6}")
        for name in pages:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto((HTML / "book" / f"{name}.html").as_uri())
            page.evaluate("essayCharts.drawAll()")
            for identifier, slider, chart in page.evaluate(SLIDERS):
                times = page.evaluate(SWEEP, [identifier, slider, MOVES])
                p50, p95 = statistics.median(times), percentile(times, 95)
                print(f"{name:26} {chart:18} {slider:18} {p50:6.0f} {p95:6.0f}")
            page.close()
        browser.close()


if __name__ == "__main__":
    every = sorted(path.stem for path in (HTML / "book").glob("*.html"))
    report(sys.argv[1:] or every)
