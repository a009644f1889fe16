"""The book of the second case: built with warnings as errors, and true of its state."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, once, shared

from multivector import data
from multivector.cases import building, composing

CASE = ROOT / "cases" / "uzbekistan"
#: What stands where a number was not had, or a place was not filled.
UNFILLED = re.compile(r"\bnan\b|\bNaN\b|\bNone\b(?! of)|\{glue|\{chart|\bNaT\b|<NA>")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the other book; what fell by an error fails here, and not only what is missing."""
    room = shared(tmp_path_factory) / "other"

    def build() -> None:
        case = data.open_case(CASE)
        done = composing.composed(case, room / building.SOURCE, outputs=True)
        assert done.faults == []
        made = building.built(case, room)
        assert made.code == 0, building.warnings(made.said)
        assert made.failed == {}

    once(tmp_path_factory, "other-book", build)
    return room


def pages(built: Path) -> dict[str, BeautifulSoup]:
    folder = built / "_build" / "html" / "book"
    return {
        path.stem: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in sorted(folder.glob("*.html"))
    }


def words(page: BeautifulSoup) -> str:
    """What a reader reads of a page: no code, no drawing."""
    article = page.select_one("article")
    for part in article.select("svg, script, style, .cell_input, template"):
        part.decompose()
    return re.sub(r"\s+", " ", article.get_text(" "))


def test_it_has_its_chapters_and_says_what_it_leaves_out(built: Path) -> None:
    found = pages(built)
    first = (f"0{n}-" for n in range(1, 7))
    assert all(any(name.startswith(one) for name in found) for one in first)
    left_out = words(found[composing.LEFT_OUT])
    for name in found:
        for line in re.findall(r"This section needs[^.]*\.", words(found[name])):
            if name != composing.LEFT_OUT:
                assert line[:40] in left_out, (name, line)


def test_no_sentence_speaks_of_the_other_case(built: Path) -> None:
    case, first = data.open_case(CASE), data.open_case()
    theirs = {
        *first.leaders.loc[first.leaders["iso3"] == first.state, "leader"],
        *first.periods.loc[first.periods["kind"] != "span", "label"],
    } - {*case.periods["label"]}
    theirs |= {"the paper", "The paper", "the paper’s"}
    known = re.compile(rf"\b({'|'.join(map(re.escape, sorted(theirs)))})\b")
    for name, page in pages(built).items():
        if name not in ("references", "a13-two-cases"):  # those speak of both
            assert known.findall(words(page)) == [], name


def test_no_number_is_lacking_in_a_sentence(built: Path) -> None:
    for name, page in pages(built).items():
        assert UNFILLED.findall(words(page)) == [], name


def test_something_stands_under_every_heading(built: Path) -> None:
    for name, page in pages(built).items():
        for section in page.select("article section"):
            heading = section.find(["h1", "h2", "h3", "h4"], recursive=False)
            under = section.get_text(" ", strip=True)
            assert len(under) > len(heading.get_text(" ", strip=True)), (name, heading)


def test_every_figure_is_drawn(built: Path) -> None:
    found = [
        figure
        for page in pages(built).values()
        for figure in page.select("figure.essay-chart")
    ]
    assert len(found) > 20
    assert all(figure.select("svg") for figure in found)


def test_the_first_page_carries_the_name_of_the_state(built: Path) -> None:
    heading = pages(built)["index"].select_one("article h1")
    assert data.open_case(CASE).name in heading.get_text()


# What lies beside its pages ----------------------------------------------------------


def told(built: Path, *words: str) -> str:
    """What a command says in the folder of the other book, with no case named."""
    variables = {k: v for k, v in os.environ.items() if k != "MULTIVECTOR_CASE"}
    done = subprocess.run(
        [sys.executable, *words],
        cwd=built / building.SOURCE / "book",
        env=variables,
        text=True,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_its_cells_open_its_own_case_wherever_they_are_run(built: Path) -> None:
    code = "from multivector import data; print(data.open_case().state)"
    assert told(built, "-c", code).strip() == "UZB"


def test_a_chapter_is_lifted_and_taught_from_the_build_beside_it(
    built: Path, tmp_path: Path
) -> None:
    for command in ("lift", "teach"):
        out = tmp_path / f"{command}.zip"
        told(built, "-m", "multivector", command, "02-theoretical-framework", str(out))
        with zipfile.ZipFile(out) as archive:
            names = archive.namelist()
            texts = [
                archive.read(name).decode() for name in names if name.endswith(".md")
            ]
        assert names and not any("MULTIVECTOR_CODING" in text for text in texts)
        assert not any("essay.py" in text for text in texts)


def test_how_to_cite_it_names_its_own_state_and_no_paper(built: Path) -> None:
    text = (built / building.SOURCE / "CITATION.cff").read_text(encoding="utf-8")
    assert "Uzbekistan" in text
    assert not re.search(r"Kyrgyz|Sari\b|the paper", text)
