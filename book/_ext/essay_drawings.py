"""Draws charts as SVG, each once: a page that is built again takes the drawing of before.

A drawing is kept beside the build, under a name made from its whole specification.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import vl_convert
from sphinx.application import Sphinx

VEGA_LITE = "6.4"
# More drawings than these are not kept; those go first that were not asked for longest.
MOST = 1500
FOLDER: Path | None = None
SIGNATURE = b"\x89PNG\r\n\x1a\n"
VARIABLE = re.compile(r"var\(--[\w-]+,\s*([^()]*)\)")


def draw(spec: dict[str, Any]) -> str:
    """SVG of a Vega-Lite specification, drawn unless it was before."""
    return drawn_once(spec, "svg", lambda: as_svg(spec).encode()).decode()


def picture(svg: str) -> bytes:
    """PNG of a drawing, for who does not show SVG."""

    def made() -> bytes:
        return lighter(vl_convert.svg_to_png(without_variables(svg), 1.5))

    return drawn_once(svg, "tight.png", made)


def lighter(png: bytes) -> bytes:
    """The same picture packed as tightly as can be: a fifth of what vl-convert makes."""
    place, kept, pixels = len(SIGNATURE), [SIGNATURE], b""
    while place < len(png):
        (size,) = struct.unpack(">I", png[place : place + 4])
        kind, content = png[place + 4 : place + 8], png[place + 8 : place + 8 + size]
        if kind == b"IDAT":
            pixels += content
        else:
            if kind == b"IEND":
                kept.append(part_of(b"IDAT", zlib.compress(zlib.decompress(pixels), 9)))
            kept.append(part_of(kind, content))
        place += size + 12
    return b"".join(kept)


def part_of(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG file: its size, its kind, and a checksum over both."""
    checked = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checked


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
    return numbered_anew(
        vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    )


def numbered_anew(svg: str) -> str:
    """SVG whose numbered ids count from nought.

    Vega counts on through all that a process draws, so that a drawing would depend on those
    before it, and no two builds would give the same.

    >>> numbered_anew('<clipPath id="clip41"/><g clip-path="url(#clip41)"/>')
    '<clipPath id="clip0"/><g clip-path="url(#clip0)"/>'
    """
    numbers: dict[str, int] = {}

    def own(found: re.Match[str]) -> str:
        number = numbers.setdefault(found[2] + found[3], len(numbers))
        return f"{found[1]}{found[2]}{number}"

    return re.sub(r'(\bid="|url\(#|href="#)([a-z_]+)(\d+)(?=[")])', own, svg)


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
