"""The theme's icons: of each font the few glyphs that the pages draw."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

from fontTools import subset

#: The styles of the font, each a font of its own, and the classes that ask for it.
STYLES = {
    "solid": ("fa-solid", "fas"),
    "regular": ("fa-regular", "far"),
    "brands": ("fa-brands", "fab"),
}
FACE = re.compile(r"@font-face\s*\{[^}]*?/fa-(solid|regular|brands)-[^}]*\}")


def glyphs(sheet: str) -> set[str]:
    """The characters that rules write before or after an element.

    >>> sorted(glyphs('.fa-plus:before{content:"+"}.x:after{content:attr(y)}'))
    ['+']
    """
    return set("".join(re.findall(r'content:"([^"]*)"', sheet)))


def part_of(font: Path, characters: set[str]) -> bytes:
    """The characters of a font as WOFF2, the same bytes from the same font."""
    options = subset.Options(flavor="woff2", recalc_timestamp=False)
    written = io.BytesIO()
    with subset.load_font(str(font), options) as whole:
        cutter = subset.Subsetter(options)
        cutter.populate(text="".join(sorted(characters)))
        cutter.subset(whole)
        subset.save_font(whole, written, options)
    return written.getvalue()


def faces(theme: str, sheet: str, words: set[str], fonts: Path) -> str:
    """The fonts that some page uses, within the rules that name them.

    A font of its own would be one more file to wait for, and a page without an origin (in a
    frame that is shut off) would not be given it.

    Parameters
    ----------
    theme
        Style sheet of the theme, with its rules for the fonts.
    sheet
        The rules that pages use.
    words
        Names of classes in pages and scripts.
    fonts
        Folder of the whole fonts.
    """
    rules = ""
    for match in FACE.finditer(theme):
        style = match[1]
        if not words.intersection(STYLES[style]):
            continue
        (whole,) = fonts.glob(f"fa-{style}-*.woff2")
        packed = base64.b64encode(part_of(whole, glyphs(sheet))).decode("ascii")
        source = f'src:url("data:font/woff2;base64,{packed}") format("woff2")'
        rules += re.sub(r"src:[^}]*", source, match[0])
    return rules
