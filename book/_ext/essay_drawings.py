"""Draws charts as SVG, each once: a page that is built again takes the drawing of before.

A drawing is kept beside the build, under a name made from its whole specification.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import vl_convert
from sphinx.application import Sphinx

VEGA_LITE = "6.4"
# More drawings than these are not kept; those go first that were not asked for longest.
MOST = 1500
FOLDER: Path | None = None
VARIABLE = re.compile(r"var\(--[\w-]+,\s*([^()]*)\)")


def draw(spec: dict[str, Any]) -> str:
    """SVG of a Vega-Lite specification, drawn unless it was before."""
    return drawn_once(spec, "svg", lambda: as_svg(spec).encode()).decode()


def picture(svg: str) -> bytes:
    """PNG of a drawing, for who does not show SVG."""
    return drawn_once(
        svg, "png", lambda: vl_convert.svg_to_png(without_variables(svg), 1.25)
    )


def without_variables(svg: str) -> str:
    """SVG in which every colour is the one that holds where no style sets another.

    >>> without_variables('<path fill="var(--a, var(--b, #fff))">')
    '<path fill="#fff">'
    """
    while (plain := VARIABLE.sub(r"\1", svg)) != svg:
        svg = plain
    return svg


def as_svg(spec: dict[str, Any]) -> str:
    """SVG, drawn now; nothing is asked of another host."""
    return vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])


def drawn_once(of: Any, kind: str, made: Callable[[], bytes]) -> bytes:
    """A drawing from where it is kept, or made and kept."""
    words = [vl_convert.__version__, VEGA_LITE, of]
    name = hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()
    kept = FOLDER / f"{name[:24]}.{kind}" if FOLDER else None
    if kept and kept.is_file():
        os.utime(kept)
        return kept.read_bytes()
    drawn = made()
    if kept:
        unfinished = kept.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(drawn)
        unfinished.replace(kept)
    return drawn


def choose_folder(app: Sphinx) -> None:
    """Keep the drawings of this project beside its build."""
    global FOLDER
    FOLDER = Path(app.outdir).parent / ".drawings"
    FOLDER.mkdir(parents=True, exist_ok=True)


def make_room(app: Sphinx, exception: Exception | None) -> None:
    """Let go of drawings that no page has had for long."""
    by_age = sorted(FOLDER.iterdir(), key=lambda kept: kept.stat().st_mtime)
    for old in by_age[:-MOST]:
        old.unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    """Register the events."""
    app.connect("builder-inited", choose_folder)
    app.connect("build-finished", make_room)
