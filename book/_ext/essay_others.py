"""A page of what is shipped that others have made: name, version, licence, copyright.

It is made from what lies among the static files when all is written. What a package says of
itself comes from its metadata and its licence; what it carries of others, from the banners
in the files. The script of the charts has its parts from vl-convert, which names each with
its version; their licences were read in their packages, as were the headers of what some of
them have taken over from others (`PARTS`).
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import vl_convert
from sphinx.application import Sphinx

from essay_drawings import VEGA_LITE
from essay_words import _

PAGE = "licences"
AFTER_WHAT_CUTS = 900
SCRIPTS = "theme/pydata_sphinx_theme/static/scripts"


class Other(NamedTuple):
    """Work of somebody else: what it is called, on what terms it is, and its files here."""

    name: str
    version: str
    licence: str
    copyright: str
    address: str
    files: tuple[str, ...]


#: The files that packages of Python ship among ours. The short sheet has a part of each.
SHEET = "essay-book*.css"
PACKAGES = {
    "Sphinx": (
        "basic.css", "doctools.js", "documentation_options.js", "searchtools.js",
        "sphinx_highlight.js", "language_data.js", "translations.js",
        "file.png", "minus.png", "plus.png", SHEET,
    ),
    "pydata-sphinx-theme": (
        "scripts/pydata-sphinx-theme.js*", "styles/theme.css",
        "styles/pydata-sphinx-theme.css*", "webpack-macros.html", SHEET,
    ),
    "sphinx-book-theme": (
        "scripts/sphinx-book-theme.js*", "styles/sphinx-book-theme.css*",
        "sbt-webpack-macros.html", "images/logo_*", "locales/*", SHEET,
    ),
    "sphinx-copybutton": (
        "copybutton.js", "copybutton_funcs.js", "copybutton.css", "check-solid.svg",
        "copy-button.svg", SHEET,
    ),
    "sphinx-togglebutton": ("togglebutton.js", "togglebutton.css", SHEET),
    "sphinx-design": ("design-tabs.js", "sphinx-design.min.css", SHEET),
    "myst-nb": ("mystnb.*.css", SHEET),
    "Pygments": ("pygments.css", SHEET),
    "vl-convert-python": ("vega-*.js",),
}  # fmt: skip
#: Whose banner stands in which file of the theme or of an extension, and their files here.
BANNERS = (
    (
        "Bootstrap", "pydata-sphinx-theme", f"{SCRIPTS}/bootstrap.js.LICENSE.txt",
        "https://getbootstrap.com", ("scripts/bootstrap.js*", "styles/pydata-*", SHEET),
    ),
    (
        "Font Awesome Free", "pydata-sphinx-theme", f"{SCRIPTS}/fontawesome.js.LICENSE.txt",
        "https://fontawesome.com",
        ("vendor/fontawesome/*", "scripts/fontawesome.js*", SHEET),
    ),
    (
        "clipboard.js", "sphinx-copybutton", "_static/clipboard.min.js",
        "https://clipboardjs.com", ("clipboard.min.js",),
    ),
)  # fmt: skip
#: What is bundled without a banner that names it.
BUNDLED = (
    Other("Popper", "", "MIT", "Federico Zivolo", "https://popper.js.org", ("scripts/bootstrap.js",)),
    Other("semver", "", "ISC", "Isaac Z. Schlueter and contributors", "https://github.com/npm/node-semver", ("vega-*.js",)),
    Other("fast-json-patch", "", "MIT", "Joachim Wester", "https://github.com/Starcounter-Jack/JSON-Patch", ("vega-*.js",)),
)  # fmt: skip
#: Licence, holder and address of a part of the script of the charts, by its name; the first that fits.
PARTS = (
    ("vega-expression", "BSD-3-Clause", "University of Washington Interactive Data Lab; Ariya Hidayat and others (Esprima, BSD-2-Clause)", "https://github.com/vega"),
    ("vega-geo", "BSD-3-Clause", "University of Washington Interactive Data Lab; Mike Bostock (d3-contour, ISC)", "https://github.com/vega"),
    ("vega-schema-url-parser", "BSD-3-Clause", "Vega", "https://github.com/vega"),
    ("vega-statistics", "BSD-3-Clause", "University of Washington Interactive Data Lab; Harry Stevens (d3-regression, BSD-3-Clause); Tom Alexander (regression-js, MIT)", "https://github.com/vega"),
    ("vega-tooltip", "BSD-3-Clause", "Interactive Data Lab and contributors", "https://github.com/vega"),
    ("vega-wordcloud", "BSD-3-Clause", "University of Washington Interactive Data Lab; Jason Davies (d3-cloud, BSD-3-Clause)", "https://github.com/vega"),
    ("vega*", "BSD-3-Clause", "University of Washington Interactive Data Lab", "https://github.com/vega"),
    ("d3-delaunay", "ISC", "Observable, Inc.; Mapbox", "https://github.com/d3/d3-delaunay"),
    ("d3-geo", "ISC", "Mike Bostock; Charles Karney (MIT)", "https://github.com/d3/d3-geo"),
    ("d3-geo-projection", "ISC", "Mike Bostock; Ricky Reusser (MIT)", "https://github.com/d3/d3-geo-projection"),
    ("d3-scale-chromatic", "ISC", "Mike Bostock; Cynthia Brewer, Mark Harrower, The Pennsylvania State University (Apache-2.0)", "https://github.com/d3/d3-scale-chromatic"),
    ("d3-*", "ISC", "Mike Bostock", "https://github.com/d3"),
    ("internmap", "ISC", "Mike Bostock", "https://github.com/mbostock/internmap"),
    ("topojson-client", "ISC", "Michael Bostock", "https://github.com/topojson/topojson-client"),
    ("delaunator", "ISC", "Mapbox", "https://github.com/mapbox/delaunator"),
    ("robust-predicates", "Unlicense", "Vladimir Agafonkin (public domain)", "https://github.com/mourner/robust-predicates"),
    ("clone", "MIT", "Paul Vorbach", "https://github.com/pvorb/clone"),
    ("fast-deep-equal", "MIT", "Evgeny Poberezkin", "https://github.com/epoberezkin/fast-deep-equal"),
    ("fast-json-stable-stringify", "MIT", "Evgeny Poberezkin; James Halliday", "https://github.com/epoberezkin/fast-json-stable-stringify"),
    ("json-stringify-pretty-compact", "MIT", "Simon Lydell", "https://github.com/lydell/json-stringify-pretty-compact"),
    ("lodash.debounce", "MIT", "jQuery Foundation and other contributors; Jeremy Ashkenas, DocumentCloud and Investigative Reporters & Editors (Underscore.js)", "https://lodash.com"),
)  # fmt: skip


# What is known of each ----------------------------------------------------------------


def copyright_of(text: str) -> str:
    r"""Who holds a copyright, after the first line of a licence that says so.

    >>> copyright_of("MIT License Copyright (c) 2023 Somebody\n\nPermission is hereby …")
    '2023 Somebody'
    >>> copyright_of("Licensed MIT © Somebody")
    'Somebody'
    """
    found = re.search(r"(?:Copyright(?: \(c\)| ©)?|©)\s+(\S[^\n]*)", text, re.I)
    held = found.group(1) if found else ""
    return re.sub(r"\s*(\(https?:.*|All rights reserved\.?|\*/)\s*$", "", held).strip()


def licence_of(about: metadata.PackageMetadata, text: str) -> str:
    """Name of a licence, as a package states it; of the two BSD licences, the one it gives."""
    said = about.get("License-Expression") or about.get("License") or ""
    if not said or len(said) > 60:
        kinds = [
            one.rpartition(" :: ")[2]
            for one in about.get_all("Classifier") or []
            if one.startswith("License")
        ]
        said = "; ".join(kinds)
    if said == "BSD License":
        return "BSD-3-Clause" if "endorse or promote" in text else "BSD-2-Clause"
    return said.removesuffix(" License")


def address_of(about: metadata.PackageMetadata) -> str:
    """Where a package says that it is at home."""
    urls = [one.partition(", ") for one in about.get_all("Project-URL") or []]
    named = {name.lower(): url for name, _comma, url in urls}
    known = [named[key] for key in ("homepage", "source", "repository") if key in named]
    return about.get("Home-page") or (known[0] if known else "")


def packages() -> Iterator[Other]:
    """What packages of Python ship of their own."""
    for name, files in PACKAGES.items():
        package = metadata.distribution(name)
        about = package.metadata
        texts = [
            Path(str(package.locate_file(path))).read_text(encoding="utf-8")
            for path in package.files or []
            if re.search(r"\.dist-info/.*LICEN[CS]E", str(path))
        ]
        holders = [held for held in map(copyright_of, texts) if held]
        yield Other(
            name,
            package.version,
            licence_of(about, " ".join(" ".join(texts).split())),
            holders[0] if holders else about.get("Author", ""),
            address_of(about),
            files,
        )


def banners() -> Iterator[Other]:
    """What packages ship of others with a banner: its version and terms stand there."""
    for name, package, path, address, files in BANNERS:
        found = [
            one
            for one in metadata.distribution(package).files or []
            if str(one).endswith(path)
        ]
        text = Path(str(found[0].locate())).read_text(encoding="utf-8")[:1000]
        version = re.search(r"\bv?(\d+\.\d+\.\d+)", text)
        terms = re.search(r"\(((?:Icons|Fonts): [^)]*)\)", text)
        yield Other(
            name,
            version.group(1) if version else "",
            terms.group(1) if terms else "MIT",
            copyright_of(text),
            address,
            files,
        )


@cache
def carried() -> tuple[tuple[str, str], ...]:
    """Name and version of each part that vl-convert has of the script of the charts."""
    folder = Path(vl_convert.__file__).parent
    found: set[tuple[str, str]] = set()
    part = re.compile(rb"Original file: /npm/([\w.-]+)@([\w.-]+)/")
    for binary in (one for one in folder.iterdir() if one.suffix in (".so", ".pyd")):
        with (
            binary.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
        ):
            found |= {
                (name.decode(), version.decode())
                for name, version in part.findall(content)
            }
    # Of Vega-Lite it carries several, and the bundle takes one.
    return tuple(
        sorted(
            (name, version)
            for name, version in found
            if name != "vega-lite" or version.startswith(f"{VEGA_LITE}.")
        )
    )


def parts() -> Iterator[Other]:
    """The parts of the script of the charts, those on the same terms together."""
    together: dict[tuple[str, str, str], list[str]] = {}
    for name, version in carried():
        for pattern, *terms in PARTS:
            if fnmatch(name, pattern):
                together.setdefault(tuple(terms), []).append(f"{name} {version}")
                break
        else:
            raise LookupError(f"whose is {name}, which vl-convert carries? (PARTS)")
    for (licence, held, address), names in together.items():
        yield Other(", ".join(names), "", licence, held, address, ("vega-*.js",))


@cache
def others() -> tuple[Other, ...]:
    """All work of others that may be shipped."""
    return (*packages(), *banners(), *BUNDLED, *parts())


# What is shipped ----------------------------------------------------------------------


def shipped(static: Path) -> list[str]:
    """Static files of a built book, as seen from their folder."""
    return sorted(
        path.relative_to(static).as_posix()
        for path in static.rglob("*")
        if path.is_file()
    )


def is_ours(name: str) -> bool:
    """Is a static file this book's own, or made by its extensions of nothing else?"""
    own = Path(__file__).resolve().parent.parent / "_static"
    made = name.startswith("essay-") and not fnmatch(name, SHEET)
    return (own / name).is_file() or made


def of(other: Other, names: list[str]) -> list[str]:
    """Those of the files that are somebody's."""
    return [name for name in names if any(fnmatch(name, one) for one in other.files)]


def write_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page, with a row for all that may be shipped."""
    if app.builder.name == "html":
        said = {
            "title": _("Work of others"),
            "intro": _(
                "These pages carry scripts, styles and icons that others have made, each "
                "on the terms that its row names. Nothing of it is fetched from elsewhere. "
                "Numbers and their licences stand with each figure and on the page of the "
                "sources."
            ),
            "heads": [_("Work"), _("Version"), _("Licence"), _("Copyright")],
            "others": others(),
        }
        yield PAGE, said, f"{PAGE}.html"


def leave_what_is_shipped(app: Sphinx, exception: Exception | None) -> None:
    """Take the rows away of which no file is shipped, now that all is written and cut."""
    path = Path(app.outdir) / f"{PAGE}.html"
    if exception or not path.is_file():
        return
    names = shipped(Path(app.outdir) / "_static")
    known = others()

    def row(found: re.Match[str]) -> str:
        return found[0] if of(known[int(found[1])], names) else ""

    page = path.read_text(encoding="utf-8")
    told = re.sub(r' *<tr data-other="(\d+)">.*?</tr>\n', row, page, flags=re.DOTALL)
    if told != page:
        path.write_text(told, encoding="utf-8")


def lead_there(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """A link to the page below every page."""
    if app.builder.name == "html" and "pathto" in context:
        link = f'<a href="{context["pathto"](PAGE)}">{_("Work of others in these pages")}</a>'
        said = context.get("theme_extra_footer") or ""
        context["theme_extra_footer"] = f"{said}<p>{link}</p>"


def setup(app: Sphinx) -> None:
    """Register the events."""
    app.connect("html-collect-pages", write_page)
    app.connect("html-page-context", lead_there)
    app.connect("build-finished", leave_what_is_shipped, priority=AFTER_WHAT_CUTS)
