"""The whole book in another language: what a reader sees and hears, no word of it stays English.

The language is made up: every word of both catalogues in Greek letters, with the places for
numbers, roles and tags as they were. What is left in Latin letters on a page is code, data,
a name or a reference - or a word that nobody marked for the catalogue.
"""

from __future__ import annotations

import csv
import functools
import http.server
import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from babel.messages import pofile
from bs4 import BeautifulSoup, Tag
from conftest import ROOT, QuietPages, build, furnish, pages, settled, watch

from essay_specs import PARTS, unpacked

LANGUAGE = "el"
LATIN = "abcdefghijklmnopqrstuvwxyz"
GREEK = "αβξδεφγηικκλμνοπθρστυωχψζς"
LETTERS = str.maketrans(LATIN + LATIN.upper(), GREEK + GREEK.upper())
# What stays as it is in a translation: places, roles, code, addresses, tags, formulas.
KEPT = re.compile(
    r"(\{[\w:-]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)|<[^>]*>|&\w+;|\$[^$]*\$"
    r"|https?://\S+|%\(\w+\)s|\{[^{}]*\}|\bC\d\d\b)"
)
# A plural stands within the role of its number: its words are translated with the sentence.
PLURAL = re.compile(r"(\{glue:text\}`[^`:]+:)([^`]*\|[^`]*)(`)")


def foreign(text: str) -> str:
    """A sentence in Greek letters, its places as they were.

    >>> foreign("See *it* at {glue:text}`n` of {all:.1f}")
    'Σεε *ιτ* ατ {glue:text}`n` οφ {all:.1f}'
    """
    parts = KEPT.split(text)
    parts[::2] = [words.translate(LETTERS) for words in parts[::2]]
    parts[1::2] = [
        PLURAL.sub(lambda role: role[1] + role[2].translate(LETTERS) + role[3], kept)
        for kept in parts[1::2]
    ]
    return "".join(parts)


def fill(template: Path, catalogue: Path) -> None:
    """Write the catalogue of the language that is made up."""
    with template.open("rb") as file:
        messages = pofile.read_po(file, locale=LANGUAGE)
    for message in messages:
        if message.id:
            message.string = foreign(message.id)
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    with catalogue.open("wb") as file:
        pofile.write_po(file, messages)


def words_of_the_code(template: Path) -> None:
    """Extract them by the command of CONTRIBUTING.md."""
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    command = re.search(r"-m (babel\S+ extract .*)$", told, re.M)[1]
    command = command.replace("locale/multivector.pot", str(template))
    done = subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=ROOT / "book",
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr


# Written into a page after the catalogue was made: the check must find it.
PLANTED, PLANTED_ON = "Nobody has put this into another language", "book/references"


@pytest.fixture(scope="module")
def translated(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the book's pages in the other language."""
    root = tmp_path_factory.mktemp("translation") / "book"
    left_out = shutil.ignore_patterns(
        ".git", ".venv", "_build", "__pycache__", "tests", ".pytest_cache"
    )
    shutil.copytree(ROOT, root, ignore=left_out)
    furnish(root)
    # What is computed, and what the chapters say and draw in English, is taken from the book.
    for kept in (".results", ".jupyter_cache", ".drawings"):
        shutil.copytree(ROOT / "_build" / kept, root / "_build" / kept)
    said = build(root, builder="gettext")
    assert said.returncode == 0, said.stdout[-4000:]
    words_of_the_code(root / "multivector.pot")
    catalogues = root / "book" / "locale" / LANGUAGE / "LC_MESSAGES"
    fill(root / "_build" / "gettext" / "book.pot", catalogues / "book.po")
    fill(root / "multivector.pot", catalogues / "multivector.po")
    with (root / f"{PLANTED_ON}.md").open("a", encoding="utf-8") as file:
        file.write(f"\n\n{PLANTED}\n")
    shutil.rmtree(root / "_build" / ".doctrees")
    config = root / "_config.yml"
    settings = config.read_text(encoding="utf-8").replace(
        "    language: en\n",
        f"    language: {LANGUAGE}\n    essay_both_versions: false\n",
    )
    config.write_text(settings, encoding="utf-8")
    said = build(root)
    assert said.returncode == 0, said.stdout[-4000:]
    return root / "_build" / "html"


# What may be in Latin letters --------------------------------------------------------------


def plain(text: str) -> str:
    """A text as it is compared: letters, digits and single spaces."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


class Data(NamedTuple):
    """What the case says: all of its text, and its cells."""

    text: str
    cells: frozenset[str]


@pytest.fixture(scope="session")
def data() -> Data:
    """The tables of the case, and the references."""
    files = [
        path
        for path in sorted((ROOT / "data").rglob("*"))
        if path.suffix in (".csv", ".toml", ".json")
    ]
    texts = {
        cell
        for path in files
        if path.suffix == ".csv"
        for row in csv.reader(path.open(encoding="utf-8-sig", newline=""))
        for cell in row
        if re.search("[A-Za-z]{2}", cell)  # tables of numbers would slow every search
    }
    rules = [
        found[1] or found[2]
        for path in files
        if path.suffix == ".toml"
        for found in re.finditer(
            r'"([^"]+)"|^\[[\w-]+\.([\w-]+)\]', path.read_text(encoding="utf-8"), re.M
        )
    ]
    cells = {
        plain(part)
        for cell in (*texts, *rules)
        for part in cell.split("; ")
        if len(part) < 60
    }
    texts |= {
        path.read_text(encoding="utf-8")
        for path in (*files, ROOT / "book" / "references.bib")
        if path.suffix != ".csv"
    }
    return Data(f" {plain(' | '.join(sorted(texts)))} ", frozenset(cells))


# Parts of a page that hold code, formulas, citations, or words of other catalogues.
LEFT_OUT = (
    "script, style, pre, code, math, .cell_input, .headerlink,"
    # References, and the sources of tables as their makers want to be cited.
    ".bibtex, .bibtex-citation, .citation, .essay-source dd,"
    ".essay-chart__source > p, p.essay-chart__source,"
    # Roles that point somewhere stay as they are in a made-up translation.
    "a.essay-term"
)
RUN = re.compile(r"(?<!\w)[A-Za-z][\w'’&-]*(?: +[A-Za-z0-9][A-Za-z0-9'’&-]*)*")
CODE = re.compile(
    r"\w+[._]\w+(?:[._]\w+)*|\w+\(\)|https?://\S+"
    # Ids of claims and acts, and series with a partner, as rules name them.
    r"|\b[A-Z]\d+\b|\b[a-z-]+:(?=[A-Z])"
)
SYMBOLS = {"svg", "png", "km", "vs"}


def left_in_english(text: str, data: Data) -> list[str]:
    """Runs of Latin words in a text that are neither code nor stand in the data.

    A run of one or two words without a capital could stand in the data by chance: it
    counts as English unless it is a cell of its own.

    >>> left_in_english("Ριγητ years, China Daily", Data(" x china daily said ", set()))
    ['years']
    """
    found = []
    # The id of a claim before it, and a word that a drawing has cut short.
    text = re.sub(r"^[A-Z]\d+[.:]? |\S*…$", "", text)
    if said(text, data) or plain(text) in data.cells:
        return []
    whole = [text]
    # A sentence of the data may have brackets or colons of its own.
    for mark in (r"[.?!|] ", r"; ", r" [(]|[)],? ", r": "):
        whole = [
            part
            for longer in whole
            for part in re.split(mark, longer)
            if not said(part, data)
        ]
    for run in RUN.findall(CODE.sub(" ", "; ".join(whole))):
        words = [word for word in plain(run).split() if len(word) > 1]
        bare = [word for word in words if word not in SYMBOLS and not word[0].isdigit()]
        if bare and not known(run, data):
            found.append(run)
    return found


def said(text: str, data: Data) -> bool:
    """Does a text of several words stand in the data as it is?"""
    words = plain(text)
    return words.count(" ") > 1 and f" {words} " in data.text


def known(run: str, data: Data) -> bool:
    """Does a run of words stand in the data, and not by chance?"""
    bare = re.sub(r"(?: +\d\S*)+$", "", run)  # a number after a name may be ours
    return any(
        (run[:1].isupper() and f" {plain(one)} " in data.text)
        or plain(one) in data.cells
        or said(one, data)
        for one in (run, bare)
    )


def texts(article: Tag) -> Iterator[tuple[str, str]]:
    """What a page says, each text with where it stands."""
    for chart in article.select('figure script[type="application/json"]'):
        name = chart.find_parent("figure").get("id", "")
        spec = unpacked(chart.string)
        for place, text in (*spoken(spec), *shown(spec, spec.get("datasets", {}))):
            yield f"{name} {place}", text
    for part in article.select(LEFT_OUT):
        part.decompose()
    for element in article.find_all(True):
        for name in ("aria-label", "title", "alt", "aria-valuetext", "placeholder"):
            # The title of a verdict is the word that the data has for it.
            if element.get(name) and "essay-verdict" not in element.get("class", []):
                yield f"@{name}", str(element[name])
    # A sentence of a drawing that is broken into lines is one.
    for line in article.select("svg text"):
        yield "text", line.get_text(" ", strip=True)
        line.decompose()
    for text in article.find_all(string=True):
        if text.strip():
            kind = " ".join(text.parent.get("class", [])) or text.parent.name
            yield kind, str(text)


#: Fields of rows that hold citations.
NO_WORDS = ("source",)
#: Keys of a specification under which words stand.
WORDED = ("title", "text", "subtitle", "name", "labels", "description")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"|\'((?:[^\'\\]|\\.)*)\'')


def spoken(spec: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Words of a specification: titles, labels, controls, and sentences of expressions."""
    if isinstance(spec, list):
        for part in spec:
            yield from spoken(part, at)
    if not isinstance(spec, dict):
        return
    for key, value in spec.items():
        if key in ("datasets", "data", "usermeta", "config"):
            continue
        if key in ("calculate", "labelExpr"):
            for one, other in QUOTED.findall(value):
                if " " in (one or other):
                    yield f"{at} {key}", one or other
        elif key == "name" and at != "bind":
            continue  # of a view or a signal
        elif key in WORDED:
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str):
                    yield f"{at} {key}", text
        yield from spoken(value, key)


def shown(
    view: dict[str, Any], sets: dict[str, Any], rows: Any = ()
) -> Iterator[tuple[str, str]]:
    """Words in the rows of a view that its marks show, or say when hovered."""
    if data := view.get("data"):
        rows = data.get("values") or sets.get(data.get("name"), ())
    # What the page computes itself, expressions show (above).
    computed = [step.get("as") for step in view.get("transform", [])]
    for name, channel in view.get("encoding", {}).items():
        if name in ("xOffset", "yOffset", "detail", "order", "key"):
            continue
        for one in channel if isinstance(channel, list) else [channel]:
            field = one.get("field") if isinstance(one, dict) else None
            if not field or one.get("type") not in ("nominal", "ordinal"):
                continue
            if field in (*NO_WORDS, *computed) or one.get("axis", "there") is None:
                continue
            # A row that keeps its English code has no colour in a legend of other words.
            domain = (one.get("scale") or {}).get("domain")
            if isinstance(domain, list):
                for row in rows if isinstance(rows, list) else ():
                    if (
                        isinstance(row, dict)
                        and row.get(field, domain[0]) not in domain
                    ):
                        yield f"scale of {field}", f"no colour for {row[field]}"
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict) and isinstance(row.get(field), str):
                    yield f"row {field}", row[field]
    for part in PARTS:
        inner = view.get(part, [])
        for one in inner if isinstance(inner, list) else [inner]:
            yield from shown(one, sets, rows)


def english(article: Tag, data: Data) -> set[str]:
    """What is left in English on a page, with where it stands."""
    return {
        f"{place}: {run}"
        for place, text in texts(article)
        for run in left_in_english(text, data)
    }


def page_in_english(translated: Path, page: str, data: Data) -> set[str]:
    """What is left in English on a page as it was written."""
    html = (translated / f"{page}.html").read_text(encoding="utf-8")
    return english(BeautifulSoup(html, "html.parser").select_one("article"), data)


@pytest.mark.parametrize("page", pages())
def test_no_word_of_a_page_stays_english(translated, data, page):
    found = page_in_english(translated, page, data)
    if page == PLANTED_ON:
        found = {one for one in found if PLANTED not in one}
    assert not found, f"{len(found)}: " + "; ".join(sorted(found)[:40])


def test_a_sentence_without_translation_is_found(translated, data):
    found = page_in_english(translated, PLANTED_ON, data)
    assert [one for one in found if PLANTED in one]


@pytest.fixture(scope="module")
def home(translated: Path) -> Iterator[str]:
    """Address of the translated book."""
    handler = functools.partial(QuietPages, directory=str(translated))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


# What Vega names itself, in a chart that is drawn.
VEGA = 'svg.marks [aria-label], [role^="graphics"], [aria-label="Vega visualization"]'


@pytest.mark.parametrize("page", ["book/01-introduction", "book/a1-ledger"])
def test_no_word_of_a_script_stays_english(browser, home, data, page):
    with watch(browser, home) as seen:
        seen.page.goto(f"{home}/{page}.html")
        seen.page.evaluate("essayCharts.drawAll()")
        settled(seen.page)
        article = BeautifulSoup(seen.page.content(), "html.parser").select_one(
            "article"
        )
        # Vega says axes, legends and marks in English, whatever the language of the page.
        for part in article.select(VEGA):
            part.attrs.pop("aria-label", None)
        found = english(article, data)
        assert not found, f"{len(found)}: " + "; ".join(sorted(found)[:40])
        assert seen.errors == []


# Could the test fail? -----------------------------------------------------------------------

FIGURE = """<article><figure id="chart"><div aria-label="Ετικετα {label}"><svg><text>{drawn}</text></svg></div>
<button>{control}</button><script type="application/json">{spec}</script></figure></article>"""
SPEC = {
    "layer": [
        {
            "data": {"name": "rows"},
            "encoding": {
                "tooltip": [{"field": "a", "title": "ετη"}],
                "text": {"field": "who", "type": "nominal"},
            },
            "transform": [{"calculate": 'datum.n + " ετη "', "as": "text"}],
        }
    ],
    "datasets": {"rows": [{"who": "λεξη", "code": "not shown"}]},
    "params": [{"name": "least", "bind": {"name": "Ελαχιστο", "input": "range"}}],
}


@pytest.mark.parametrize(
    "broken",
    [
        "label",
        "drawn",
        "control",
        "tooltip",
        "calculate",
        "bind",
        "row",
        "colour",
        "nothing",
    ],
)
def test_one_english_word_is_found_wherever_it_stands(broken):
    spec = json.loads(json.dumps(SPEC))
    view, param = spec["layer"][0], spec["params"][0]
    if broken == "tooltip":
        view["encoding"]["tooltip"][0]["title"] = "years"
    if broken == "calculate":
        view["transform"][0]["calculate"] = 'datum.n + " years on"'
    if broken == "colour":
        view["encoding"]["color"] = {
            "field": "who",
            "type": "nominal",
            "scale": {"domain": ["αλλη"]},
        }
    if broken == "row":
        spec["datasets"]["rows"][0]["who"] = "others"
    if broken == "bind":
        param["bind"]["name"] = "Least years"
    words = dict.fromkeys(("label", "drawn", "control"), "λεξη")
    words |= {broken: "years"} if broken in words else {}
    html = FIGURE
    for name, word in (words | {"spec": json.dumps(spec)}).items():
        html = html.replace("{" + name + "}", word)
    found = english(
        BeautifulSoup(html, "html.parser").article, Data(" russia ", frozenset())
    )
    assert bool(found) == (broken != "nothing"), found
