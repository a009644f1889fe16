"""Draws charts as SVG, each once: a page that is built again takes the drawing of before.

A drawing is kept beside the build, under a name made from its whole specification.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import vl_convert
from sphinx.application import Sphinx

VEGA_LITE = "6.4"
# More drawings than these are not kept; those go first that were not asked for longest.
MOST = 600
FOLDER: Path | None = None


def draw(spec: dict[str, Any]) -> str:
    """SVG of a Vega-Lite specification, drawn unless it was before."""
    words = [vl_convert.__version__, VEGA_LITE, spec]
    name = hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()
    kept = FOLDER / f"{name[:24]}.svg" if FOLDER else None
    if kept and kept.is_file():
        os.utime(kept)
        return kept.read_text(encoding="utf-8")
    drawn = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    if kept:
        unfinished = kept.with_suffix(f".{os.getpid()}")
        unfinished.write_text(drawn, encoding="utf-8")
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
