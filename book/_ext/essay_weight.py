"""The last pass over the written site: one short style sheet, few icons, nothing unasked for."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
from pathlib import Path

import pydata_sphinx_theme
from sphinx.application import Sphinx

from essay_heads import SHEET
from essay_icons import faces
from essay_sheets import addressed, cut, knows, parse, words_of_page, words_of_script

#: Builders whose pages load scripts and styles.
BUILDERS = ("html", "dirhtml", "singlehtml")
#: Sheets that the theme's layout links by itself, with the one that the first imports.
THEME = "styles/pydata-sphinx-theme.css"
THEME_SHEETS = ("basic.css", THEME)
#: Ours: short, but whole.
OWN = re.compile(r"essay[\w-]*\.css")
OWN_SCRIPT = re.compile(r"essay[\w-]*\.js")
#: The name of a script that a page loads.
LOADED = re.compile(r'src="(?:[^"?]*/)?_static/([^"?]+\.js)')
#: Lines that only comment, of either kind.
COMMENTS = re.compile(r"^[ \t]*(?://.*|/\*(?:.|\n)*?\*/[ \t]*)\n", re.MULTILINE)
FONTS = "theme/pydata_sphinx_theme/static/vendor/fontawesome/webfonts"
#: Folder beside the pages for our own sheets, whole.
KEPT = ".sheets"
#: Folders that the theme and extensions fill, whatever this book needs of it.
FILLED = ("_static", "_sources")
AFTER_THE_PAGES = 800
# It tells every table of a font that it cuts.
logging.getLogger("fontTools").setLevel(logging.WARNING)


def sheets_of(app: Sphinx) -> list[str]:
    """The style sheets of every page, in the order in which they were linked."""
    sheets = sorted(app.builder._css_files, key=lambda sheet: sheet.priority)
    names = [str(sheet.filename).removeprefix("_static/") for sheet in sheets]
    return list(dict.fromkeys([*THEME_SHEETS, *names]))


def read_pages(folder: Path) -> dict[Path, str]:
    """Text of every written page (a theme leaves templates among its static files)."""
    return {
        path: path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.html"))
        if "_static" not in path.relative_to(folder).parts
    }


def names_asked(markup: str) -> set[str]:
    """Names of the files that a page links, loads or tells its scripts of.

    >>> sorted(names_asked('<a href="b/c.html#d"></a><script src="e.js?v=1" data-x="f.js">'))
    ['c.html', 'e.js', 'f.js']
    """
    values = re.findall(r'(?:href|src|data-[\w-]+)="([^"#?]{1,200})', markup)
    return {os.path.basename(value) for value in values if "." in value}


def names_told(text: str) -> set[str]:
    """Names of files that a script or a style sheet mentions.

    >>> sorted(names_told('a { background: url("b/c.svg?d") }'))
    ['c.svg']
    """
    return set(re.findall(r"[\w-][\w.-]*\.(?!map\b)[a-z0-9]{2,5}\b", text))


def key_of(static: Path, sheets: list[str], words: set[str]) -> str:
    """Digest of all that the short sheet comes from."""
    digest = hashlib.sha256(json.dumps(sorted(words)).encode())
    for place in [
        Path(__file__).parent / "essay_sheets.py",
        Path(__file__).parent / "essay_icons.py",
        *map(static.joinpath, sheets),
    ]:
        digest.update(place.read_bytes())
    return digest.hexdigest()[:12]


def write_sheet(static: Path, sheets: list[str], words: set[str]) -> None:
    """Write what pages use of all style sheets as one, and the icons that it names."""
    known = knows(words)
    short = ""
    for name in sheets:
        text = (static / name).read_text(encoding="utf-8")
        test = (lambda _: True) if OWN.fullmatch(name) else known
        short += addressed(cut(parse(text), test), os.path.dirname(name))
    theme = (static / THEME).read_text(encoding="utf-8")
    fonts = Path(pydata_sphinx_theme.__file__).parent / FONTS
    icons = faces(theme, short, words, fonts)
    (static / SHEET).write_text(f'@charset "UTF-8";{icons}{short}\n', encoding="utf-8")


def keep_own(static: Path, sheets: list[str], folder: Path) -> None:
    """Leave our own sheets beside the build, for slides and sheets that the theme has no part in."""
    folder.mkdir(exist_ok=True)
    for name in filter(OWN.fullmatch, sheets):
        shutil.copyfile(static / name, folder / name)


def without_comments(script: str) -> str:
    r"""A script without the lines that only comment; the repository keeps them.

    >>> without_comments("// Why.\nlet a = 1;  // one\n/* And\n   how. */\n")
    'let a = 1;  // one\n'
    """
    return COMMENTS.sub("", script)


def lighten_scripts(static: Path, names: set[str]) -> dict[str, str]:
    """Take the comments out of our scripts, and give the text of all that pages load."""
    texts = {}
    for name in sorted(names):
        text = (static / name).read_text(encoding="utf-8")
        texts[name] = without_comments(text) if OWN_SCRIPT.fullmatch(name) else text
        if texts[name] != text:
            (static / name).write_text(texts[name], encoding="utf-8")
    return texts


def link_sheet(pages: dict[Path, str], version: str) -> None:
    """Name the version of the sheet in every page: a browser keeps no old one."""
    for path, text in pages.items():
        linked = re.sub(rf"{SHEET}(\?v=\w+)?", f"{SHEET}?v={version}", text)
        if linked != text:
            path.write_text(linked, encoding="utf-8")


def prune(folder: Path, asked: set[str]) -> None:
    """Delete what no page asks for from the folders that themes and extensions fill."""
    for name in FILLED:
        for path in sorted((folder / name).rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path.name not in asked:
                path.unlink()


def lighten(app: Sphinx, exception: Exception | None) -> None:
    """Cut the styles and the icons to what pages use, then delete what no page asks for."""
    if exception or app.builder.name not in BUILDERS:
        return
    static = Path(app.outdir) / "_static"
    sheets = sheets_of(app)
    if not all((static / name).is_file() for name in sheets):
        # No page was written, so all is as the last build left it but for what some
        # extensions write at the start of each.
        for name in sheets:
            (static / name).unlink(missing_ok=True)
        return
    keep_own(static, sheets, Path(app.outdir).parent / KEPT)
    pages = read_pages(Path(app.outdir))
    loaded = set().union(*map(LOADED.findall, pages.values()))
    scripts = lighten_scripts(static, loaded).values()
    words = set().union(
        *map(words_of_page, pages.values()), *map(words_of_script, scripts)
    )
    kept = Path(app.doctreedir) / "essay-sheet.key"
    key = key_of(static, sheets, words)
    if not (static / SHEET).is_file() or not kept.is_file() or kept.read_text() != key:
        write_sheet(static, sheets, words)
        kept.write_text(key)
    sheet = (static / SHEET).read_text(encoding="utf-8")
    link_sheet(pages, hashlib.sha256(sheet.encode()).hexdigest()[:8])
    asked = set().union(*map(names_asked, pages.values()))
    asked = asked.union(*map(names_told, [*scripts, sheet]))
    prune(Path(app.outdir), asked.difference(map(os.path.basename, sheets)))


def setup(app: Sphinx) -> None:
    """Register the events."""
    app.connect("build-finished", lighten, priority=AFTER_THE_PAGES)
