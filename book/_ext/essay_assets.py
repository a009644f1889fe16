"""Write the assets that come out of a package or a table, never out of the repository."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import vl_convert
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from essay_cache import case_folder
from essay_drawings import VEGA_LITE
from essay_licences import of_case
from multivector.tables import archives

LOGGER = logging.getLogger(__name__)
BUNDLE = f"vega-lite-{VEGA_LITE}-{vl_convert.__version__}.js"
COLOURS = "essay-vectors.css"
OWN = Path(__file__).resolve().parent.parent / "_static"
#: Contrast of words with the page; the standard asks 4.5, and lines run behind some of them.
READABLE = 5.5
#: The page in the dark.
DARK_GROUND = "#121212"
#: Colours of charts that are the system's own where it forces them (essay.css).
SYSTEM = frozenset(
    f"--chart-{name}" for name in ("text", "muted", "rule", "grid", "pale", "accent")
)
NOTICE = (
    "/* Vega, Vega-Lite and Vega-Embed with what they need, as bundled by vl-convert "
    f"{vl_convert.__version__}. Vega: BSD-3-Clause, University of Washington Interactive "
    "Data Lab. */\n"
)


def slug(name: str) -> str:
    """Name of a vector as it stands in a CSS variable.

    >>> slug("European Union")
    'european-union'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def luminance(colour: str) -> float:
    """Relative luminance of a colour like #1a2b3c (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21 (WCAG 2.2).

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def legible(colour: str, ground: str, ink: str) -> str:
    """The colour itself, or mixed with as little ink as makes words of it readable on a ground.

    >>> legible("#b3433c", "#ffffff", "#000000")
    '#b3433c'
    """
    ends = [[int(end[at : at + 2], 16) for at in (1, 3, 5)] for end in (colour, ink)]
    for percent in range(0, 101, 2):
        mixed = [round(a + (b - a) * percent / 100) for a, b in zip(*ends)]
        found = "#{:02x}{:02x}{:02x}".format(*mixed)
        if contrast(found, ground) >= READABLE:
            return found
    return ink


def colour_rules(rows: list[dict[str, str]]) -> str:
    """Style sheet with two variables for each vector, light (and paper) and dark: for marks, and for words."""

    def block(column: str, ground: str, ink: str) -> str:
        return "".join(
            f"  --vector-{slug(r['vector'])}: {r[column]};\n"
            f"  --vector-{slug(r['vector'])}-text: {legible(r[column], ground, ink)};\n"
            for r in rows
        )

    light = f"html {{\n{block('colour', '#ffffff', '#000000')}}}\n"
    dark = block("colour_dark", DARK_GROUND, "#ffffff")
    return light + f"@media screen {{\nhtml[data-theme=dark] {{\n{dark}}}\n}}\n"


def variables(sheet: str, theme: str) -> dict[str, str]:
    """Colours that a style sheet gives to charts in a theme, light or dark; not those of the page.

    >>> variables('html { --chart-a: #fff; } html[data-theme="dark"] { --chart-a: #000; }', "dark")
    {'--chart-a': '#000'}
    """
    start = {"light": r"html", "dark": r'html\[data-theme="?dark"?\]'}[theme]
    blocks = re.findall(rf"(?<![\w.]){start} \{{([^}}]*)\}}", sheet)
    pairs = re.findall(r"(--[\w-]+): (#\w+);", "".join(blocks))
    return {name: colour for name, colour in pairs if name not in SYSTEM}


def forced(sheet: str) -> str:
    """The same colours where a system forces its own: those that fit its ground, not the theme kept."""

    def block(theme: str) -> str:
        pairs = "".join(f"{n}: {c};" for n, c in variables(sheet, theme).items())
        return f"html, html[data-theme] {{{pairs}}}"

    dark = "@media (forced-colors: active) and (prefers-color-scheme: dark)"
    return (
        f"@media (forced-colors: active) {{{block('light')}}}\n"
        f"{dark} {{{block('dark')}}}\n"
    )


def colour_problems(rows: list[dict[str, str]]) -> list[str]:
    """What is wrong with the colours of a table of vectors."""
    return [
        f"row {number}, {column}: {row.get(column)!r} is not a colour like #1a2b3c"
        for number, row in enumerate(rows, start=2)
        for column in ("colour", "colour_dark")
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", row.get(column) or "")
    ]


def read_vectors(case: Path) -> list[dict[str, str]]:
    """Rows of the table of vectors of a case, a folder or a zip; none if it is missing or wrong."""
    place = archives.inside(case) if case.is_file() else case
    table = place.joinpath("vectors.csv")
    if not table.is_file():
        LOGGER.warning(
            "no table of vectors, so charts have no vector colours", location=str(case)
        )
        return []
    # A line that begins with a hash only explains.
    lines = table.read_text(encoding="utf-8").removeprefix("\ufeff").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    problems = colour_problems(rows)
    for problem in problems:
        LOGGER.warning(problem, location=str(table))
    return [] if problems else rows


def write_if_new(path: Path, text: str) -> None:
    """Write `text` unless the file holds it already (a rewrite would look like a change)."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def write_assets(app: Sphinx) -> None:
    """Put the Vega bundle and the vector colours among the built static files."""
    if app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    rows = read_vectors(case_folder(Path(app.srcdir)))
    rules = colour_rules(rows)
    own = (OWN / "essay.css").read_text(encoding="utf-8")
    write_if_new(static / COLOURS, rules + forced(own + rules))
    if not (static / BUNDLE).is_file():
        bundle = vl_convert.javascript_bundle(vl_version=VEGA_LITE)
        # A classic script in a scope of its own works from file:// too, a module does not.
        write_if_new(static / BUNDLE, f"{NOTICE}(() => {{{bundle}}})();\n")


def name_numbers(app: Sphinx, config: Config) -> None:
    """Tell the script that saves numbers whose they are."""
    app.add_js_file(
        "essay-numbers.js",
        loading_method="defer",
        priority=450,
        **{
            "data-essay": config.html_title or config.project,
            "data-edition": of_case(Path(app.srcdir)).get("version", ""),
        },
    )


def setup(app: Sphinx) -> None:
    """Register the assets of every page."""
    app.connect("builder-inited", write_assets)
    app.connect("config-inited", name_numbers, priority=300)
    app.add_css_file("essay.css", priority=900)
    app.add_css_file(COLOURS, priority=901)
    # Scripts that others ask come before them.
    # Before Sphinx's own (200): what marks searched words empties the history's memory.
    app.add_js_file("essay-views.js", loading_method="defer", priority=160)
    app.add_js_file("essay-fit.js", loading_method="defer")
    app.add_js_file("essay-ledger.js", loading_method="defer")
    app.add_js_file("essay-guesses.js", loading_method="defer")
    app.add_js_file("essay-print.js", loading_method="defer")
    app.add_js_file("essay-bets.js", loading_method="defer")
    app.add_js_file("essay-score.js", loading_method="defer")
    app.add_js_file("essay-chosen.js", loading_method="defer")
    app.add_js_file("essay-squares.js", loading_method="defer")
    app.add_js_file("essay-code.js", loading_method="defer")
    app.add_js_file("essay-hints.js", loading_method="defer")
    app.add_js_file("essay-charts.js", loading_method="defer", **{"data-vega": BUNDLE})
