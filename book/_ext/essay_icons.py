"""The theme's icons: of each font the few glyphs that the pages draw."""

from __future__ import annotations

import re
from pathlib import Path

from fontTools import subset

#: The styles of the font, each a file, and the classes that ask for it.
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


def write_subset(font: Path, characters: set[str], target: Path) -> None:
    """Write the characters of a font as WOFF2, the same bytes from the same font."""
    options = subset.Options(flavor="woff2", recalc_timestamp=False)
    with subset.load_font(str(font), options) as whole:
        cutter = subset.Subsetter(options)
        cutter.populate(text="".join(sorted(characters)))
        cutter.subset(whole)
        subset.save_font(whole, str(target), options)


def faces(
    theme: str, sheet: str, words: set[str], fonts: Path, static: Path
) -> dict[str, str]:
    """Write the fonts that some page uses, and give the rules that name them.

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
    static
        Where the small ones go.

    Returns
    -------
    dict
        For the name of each font written, its rule.
    """
    rules = {}
    for match in FACE.finditer(theme):
        style = match[1]
        if not words.intersection(STYLES[style]):
            continue
        name = f"essay-icons-{style}.woff2"
        (whole,) = fonts.glob(f"fa-{style}-*.woff2")
        write_subset(whole, glyphs(sheet), static / name)
        source = f'src:url("{name}") format("woff2")'
        rules[name] = re.sub(r"src:[^}]*", source, match[0])
    return rules
