"""Chapters lifted out of the book: plain, whole, small, and the same bytes each time."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, chapters, settings, soup
from sphinx_book_theme.header_buttons.launch import add_launch_buttons

from essay_lift import launched
from essay_pages import repository_options
from essay_plain import begun, escaped, marked, tabled
from multivector import data, lift
from multivector.commands import main
from multivector.tables import opened, shape

NAMES = [page.rpartition("/")[2] for page in chapters()]
SMALL = "a12-offices"
# Syntax that MyST alone understands.
MYST = re.compile(
    r"\{[a-z:]+\}`|^\s*(?:`{3,}|:{3,})\{|^:{3,}|^\+\+\+|^\([\w-]+\)=|\]\(#|<!--", re.M
)
UNDONE = re.compile(r"\\([\\`*_\[\]<>$|~#.)+=-])")


@pytest.fixture(scope="module")
def zips(book: Path) -> dict[str, dict[str, bytes]]:
    """Files of each zip that the pages hand out, by chapter."""
    found = {}
    for name in NAMES:
        with zipfile.ZipFile(book / "lift" / f"{name}.zip") as archive:
            assert {place.partition("/")[0] for place in archive.namelist()} == {name}
            found[name] = {
                place.partition("/")[2]: archive.read(place)
                for place in archive.namelist()
            }
    return found


def notebook_of(files: dict[str, bytes], name: str) -> nbformat.NotebookNode:
    return nbformat.reads(files[f"{name}.ipynb"].decode(), as_version=4)


def words_of(notebook: nbformat.NotebookNode) -> str:
    return "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")


# The notebook ----------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_notebook_is_plain(name: str, zips: dict) -> None:
    notebook = notebook_of(zips[name], name)
    nbformat.validate(notebook)
    words = words_of(notebook)
    prose = re.sub(r"^```.*?^```$|`[^`]*`", "", words, flags=re.M | re.S)
    assert MYST.findall(prose) == []
    assert "{glue" not in words and "{chart}" not in words
    for cell in notebook.cells:
        assert cell.cell_type != "markdown" or cell.source.strip()
    # Folds are shut again, and leave room for Markdown in them.
    assert words.count("<details>") == words.count("</details>")
    assert not re.search(r"</summary>\n(?!\n)|(?<!\n)\n</details>", words)


@pytest.mark.parametrize("name", NAMES)
def test_the_code_is_that_of_the_book(name: str, zips: dict) -> None:
    stored = nbformat.read(ROOT / "book" / f"{name}.ipynb", as_version=4)
    own = [c.source for c in stored.cells if c.cell_type == "code"]
    lifted = notebook_of(zips[name], name)
    assert [c.source for c in lifted.cells if c.cell_type == "code"] == own


def plainly(text: str) -> str:
    """Letters and digits of a text: what no mark of Markdown is."""
    return re.sub(r"[\W_]+", " ", text).strip()


@pytest.mark.parametrize("name", NAMES)
def test_each_paragraph_of_the_page_stands_in_it(
    name: str, zips: dict, book: Path
) -> None:
    """Numbers and all, in the order of the page."""
    words = UNDONE.sub(r"\1", words_of(notebook_of(zips[name], name)))
    words = re.sub(r"\]\(https?://[^)\s]*\)", "]", words)
    text = plainly(BeautifulSoup(words, "html.parser").get_text(" "))
    article = soup(book, f"book/{name}").select_one("article.bd-article")
    paragraphs = [
        paragraph
        for paragraph in article.select("section p")
        if not paragraph.find_parent(class_="cell")
        and not paragraph.find_parent(["table", "form"])
        and not paragraph.find("math")  # formulas are LaTeX there
        and not set(paragraph.get("class", []))
        & {"essay-times", "essay-chart__version", "essay-chart__source"}
    ]
    assert len(paragraphs) > 5
    lost = [
        paragraph.get_text()
        for paragraph in paragraphs
        if plainly(paragraph.get_text(" ")).replace(" ", "")
        not in text.replace(" ", "")
    ]
    assert lost == []


@pytest.mark.parametrize("name", NAMES)
def test_figures_have_their_words_and_a_picture(
    name: str, zips: dict, book: Path
) -> None:
    notebook = notebook_of(zips[name], name)
    words = words_of(notebook)
    figures = soup(book, f"book/{name}").select("figure.essay-chart")
    pictures = [
        output
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "image/png" in output.data
    ]
    assert len(pictures) == len(figures) > 0
    for number in soup(book, f"book/{name}").select(".essay-chart__number"):
        if number.find_parent("figure").select_one(".essay-chart__title"):
            assert f"**{number.get_text().strip()}. " in words


def test_answers_of_questions_are_folded_away(zips: dict) -> None:
    for name in NAMES:
        words = words_of(notebook_of(zips[name], name))
        stored = nbformat.read(ROOT / "book" / f"{name}.ipynb", as_version=4)
        source = words_of(stored)
        asked = len(re.findall(r"^\s+[-*] \[x\]", source, re.M))
        asked += len(re.findall(r"^`{3,}\{bet\}", source, re.M))
        assert words.count("<summary>The answer</summary>") == asked


def test_terms_works_and_claims_are_told_at_the_end(zips: dict) -> None:
    words = words_of(
        notebook_of(zips["02-theoretical-framework"], "02-theoretical-framework")
    )
    text, _, end = words.partition("## Words used here")
    assert r"Radnitz \[2010\]" in text and "Radnitz" in end
    assert "**win-set**: " in end and "- **C07**: " in end


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (escaped("a_b [c] $5 | d"), r"a\_b \[c\] \$5 \| d"),
        (begun("1994. A year"), r"1994\. A year"),
        (begun("- 3"), r"\- 3"),
        (begun("2009 was"), "2009 was"),
        (marked("**", " so "), " **so** "),
        (marked("*", " "), " "),
        (tabled([["a", "b"], ["1", "2"]]), "| a | b |\n| --- | --- |\n| 1 | 2 |"),
    ],
)
def test_small_parts_of_markdown(made: str, wanted: str) -> None:
    assert made == wanted


# The folder ------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_folder_holds_what_it_needs_and_no_more(name: str, zips: dict) -> None:
    files = zips[name]
    assert {"README.md", "LICENSE", "requirements.txt", f"{name}.ipynb"} <= set(files)
    assert files["LICENSE"] == (ROOT / "LICENSE").read_bytes()
    package = json.loads(files["data/datapackage.json"])
    named = {one["path"] for one in package["resources"]}
    tables = {
        place.removeprefix("data/") for place in files if place.startswith("data/")
    }
    assert tables == named | {"datapackage.json", "LICENCES.md"}
    for resource in package["resources"]:
        assert f"`{resource['path']}`" in files["data/LICENCES.md"].decode()
    module = ROOT / "book" / "multivector"
    for place, content in files.items():
        if place.startswith("multivector/"):
            assert content == (module / place.partition("/")[2]).read_bytes()
    assert not [place for place in files if "__pycache__" in place]


def test_a_chapter_takes_fewer_tables_than_the_case_has(zips: dict) -> None:
    every = [p for p in (ROOT / "data").iterdir() if p.suffix in (".csv", ".toml")]
    taken = {
        name: sum(place.endswith((".csv", ".toml")) for place in files)
        for name, files in zips.items()
    }
    assert taken["a4-sources"] == len(every), "it lists all"
    assert taken["a6-arena"] < len(every) / 2
    assert all(len(shape.REQUIRED) <= n for n in taken.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_cut_case_opens_without_a_problem(
    name: str, zips: dict, tmp_path: Path
) -> None:
    for place, content in zips[name].items():
        if place.startswith("data/"):
            (tmp_path / place.removeprefix("data/")).write_bytes(content)
    case = data.open_case(tmp_path)
    assert case.changed == frozenset()
    table = next(iter(shape.REQUIRED))
    (tmp_path / f"{table}.csv").write_text("spoiled\n1\n")
    with pytest.raises(data.CaseError):
        data.open_case(tmp_path)


def test_the_pins_are_those_of_the_book_and_no_builder(zips: dict) -> None:
    book = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for files in zips.values():
        own = files["requirements.txt"].decode()
        lines = [line for line in own.splitlines() if not line.startswith("#")]
        assert all(line in book for line in lines)
        named = {re.match(r"[\w.-]*", line)[0] for line in lines}
        assert {"ipykernel", "pandas", "altair", "anywidget", "jinja2"} <= named
        assert not {"sphinx", "jupyter-book", "myst-nb"} & named


def test_packing_twice_gives_the_same_bytes(zips: dict) -> None:
    files = zips[SMALL]
    backward = dict(reversed(files.items()))
    assert lift.packed(SMALL, files) == lift.packed(SMALL, backward)
    with zipfile.ZipFile(io.BytesIO(lift.packed(SMALL, files))) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


# The command -----------------------------------------------------------------


def test_the_command_writes_what_the_page_hands_out(
    zips: dict, book: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "multivector", "lift", SMALL, tmp_path / "out.zip"],
        cwd=ROOT / "book",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.zip").read_bytes() == (
        book / "lift" / f"{SMALL}.zip"
    ).read_bytes()
    assert main(["lift", f"{SMALL}.ipynb", str(tmp_path / "out")]) == 0
    written = {
        path.relative_to(tmp_path / "out").as_posix(): path.read_bytes()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    assert written == zips[SMALL]


def test_all_chapters_have_a_page_to_start_from(book: Path, tmp_path: Path) -> None:
    assert main(["lift", "all", str(tmp_path / "lifted")]) == 0
    start = nbformat.read(tmp_path / "lifted" / lift.START, as_version=4)
    links = re.findall(r"\]\(([^)]+)\)", start.cells[0].source)
    assert [Path(link).stem for link in links] == NAMES, "in the order of the book"
    assert all((tmp_path / "lifted" / link).is_file() for link in links)


def test_nothing_is_overwritten(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out.zip").write_text("mine")
    for path in (tmp_path, tmp_path / "out.zip"):
        assert main(["lift", SMALL, str(path)]) == 1
        assert "exists" in capsys.readouterr().err
    assert (tmp_path / "out.zip").read_text() == "mine"


def test_an_unknown_chapter_is_refused_and_the_known_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lift", "07-nowhere", str(tmp_path / "out")]) == 1
    told = capsys.readouterr().err
    assert all(name in told for name in NAMES)
    assert not (tmp_path / "out").exists()


def test_a_book_that_is_not_built_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="build it first"):
        lift.built(SMALL, tmp_path)
    (tmp_path / f"{SMALL}.json").write_text('{"source": "of another day"}')
    with pytest.raises(ValueError, match="build it first"):
        lift.built(SMALL, tmp_path)


# Which tables ----------------------------------------------------------------


def test_what_is_asked_of_a_case_is_noted(tmp_path: Path, monkeypatch) -> None:
    case = data.open_case()
    trace = tmp_path / "trace"
    monkeypatch.setenv(opened.VARIABLE, str(trace))
    with opened.listening() as heard:
        case.table("trade")
        case.cite("arms")
        assert case.has("coups") and not case.has("nothing")
        with pytest.raises(data.Missing):
            case.table("nothing")
    assert heard == {"trade", "arms", "coups"}
    assert set(trace.read_text().split()) == heard
    case.table("events")
    assert heard == {"trade", "arms", "coups"}, "nobody listens any more"


def test_a_result_that_was_kept_tells_its_tables_again(
    tmp_path: Path, monkeypatch
) -> None:
    from multivector import store

    monkeypatch.setenv(store.VARIABLE, str(tmp_path))

    @store.stored
    def counted(case: data.Case) -> int:
        return len(case.table("coups"))

    case = data.open_case()
    for _ in range(2):
        with opened.listening() as heard:
            counted(case)
        assert heard == {"coups"}


# The page and Binder ---------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_button_gives_the_zip_and_says_what_it_is(name: str, book: Path) -> None:
    page = soup(book, f"book/{name}")
    button = page.select_one(".btn-download-lifted-button")
    assert (book / "book" / button["href"]).resolve() == book / "lift" / f"{name}.zip"
    assert "plain notebook" in button["title"]
    assert page.select(".btn-download-source-button") == []
    assert len(page.select(".btn-download-pdf-button")) == 1


def test_binder_installs_what_the_chapters_need_and_no_builder() -> None:
    own = (ROOT / ".binder" / "requirements.txt").read_text(encoding="utf-8")
    code = "\n".join(
        cell.source
        for name in NAMES
        for cell in nbformat.read(ROOT / "book" / f"{name}.ipynb", as_version=4).cells
        if cell.cell_type == "code"
    )
    pins = lift.pins(code, (ROOT / "requirements.txt").read_text(encoding="utf-8"))
    assert own.splitlines()[1:] == pins.splitlines()[1:]


def test_binder_knows_what_to_build() -> None:
    """A dry run: what the image would be made by, without making it."""
    told = subprocess.run(
        [
            Path(sys.executable).with_name("jupyter-repo2docker"),
            "--no-build",
            "--debug",
            ROOT,
        ],
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr[-2000:]
    made = told.stdout + told.stderr
    assert "python=3.12" in made
    assert '-r ".binder/requirements.txt"' in made
    assert ".binder/postBuild" in made


def launch_of(page: str, address: str) -> list[str]:
    """Where the theme's launch buttons lead on a page, with the address of a repository set."""
    said = settings()
    given = {"repository_url": address, "launch_buttons": said["launch_buttons"]}
    options = repository_options(given | {"repository_branch": "main"})
    host, owner, name = address.rsplit("/", 2) if address else ("", "", "")
    context = {"pagename": page, "sourcename": f"{page}.ipynb", "header_buttons": []}
    context |= {"github_url": host, "github_user": owner, "github_repo": name}
    env = SimpleNamespace(
        doc2path=lambda page: f"{page}.ipynb", metadata={page: {"kernelspec": {}}}
    )
    app = SimpleNamespace(env=env, config={"html_theme_options": options})
    add_launch_buttons(app, page, "page.html", context, None)
    buttons = [one for group in context["header_buttons"] for one in group["buttons"]]
    return [launched(one["url"], page.rpartition("/")[2]) for one in buttons]


def test_a_launch_leads_to_a_chapter_that_binder_has(zips: dict) -> None:
    script = (ROOT / ".binder" / "postBuild").read_text(encoding="utf-8")
    assert "multivector lift all ../lifted" in script, "what Binder serves"
    for name, files in zips.items():
        [address] = launch_of(f"book/{name}", "https://github.com/owner/name")
        begin = "https://mybinder.org/v2/gh/owner/name/main?urlpath=lab/tree/lifted/"
        assert address.startswith(begin)
        folder, _, file = address.removeprefix(begin).partition("/")
        assert folder == name and file in files


def test_without_an_address_there_is_nothing_to_launch() -> None:
    assert launch_of(f"book/{SMALL}", "") == []
