"""The zip and the PDF of the whole book: what a reader takes along."""

from __future__ import annotations

import copy
import hashlib
import os
import re
import shutil
import stat
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pypdf
import pytest
from conftest import ROOT, chromium, essay, pages, printed, settled, soup, watch
from playwright.sync_api import Browser

sys.path.append(str(ROOT / "book" / "_ext"))

import essay_pack
import essay_paper
import essay_print
import essay_zip

CHAPTERS = pages()
ANSWERS = (
    ".essay-quiz__reason, .essay-bet details > p, "
    "details.sd-dropdown:not(.essay-form, .essay-note) p.sd-card-text"
)
# Letters are compared without spaces: a PDF knows lines, not words.
A4 = (595, 842)


def squeezed(text: str) -> str:
    """Text without spaces and hyphens, which lines bring, and without ligatures."""
    return re.sub(r"[\s\u00ad\u2010-]", "", text).replace("ﬁ", "fi").replace("ﬂ", "fl")


@pytest.fixture(scope="module")
def packed(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what `pack` makes of the built book, and the page that it prints."""
    folder = tmp_path_factory.mktemp("packed")
    (folder / "html").symlink_to(book)

    def kept(chromium: str, page: str, *rest: object, **words: str) -> Path:
        (folder / "paper.html").write_text(page, encoding="utf-8")
        return essay_print.write_pdf(chromium, page, *rest, **words)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(essay_pack, "write_pdf", kept)
        arguments = [str(folder / "html"), "--chromium", chromium()]
        assert essay_pack.main(arguments) == 0
    return folder


def made(packed: Path, ending: str) -> Path:
    """The one file of a kind; all have the name of the book and its version."""
    (found,) = packed.glob(f"*.{ending}")
    assert found.stem == essay_pack.edition(packed / "html").name
    return found


@pytest.fixture(scope="module")
def paper(packed: Path) -> pypdf.PdfReader:
    """The PDF."""
    return pypdf.PdfReader(made(packed, "pdf"))


@pytest.fixture(scope="module")
def written(paper: pypdf.PdfReader) -> list[tuple[str, list[tuple[str, float, float]]]]:
    """What stands on each page, and each piece of it with where it begins."""
    found = []
    for page in paper.pages:
        pieces: list[tuple[str, float, float]] = []

        def note(text, now, line, *rest, pieces=pieces) -> None:
            if text.strip():
                across = line[4] * now[0] + line[5] * now[2] + now[4]
                up = line[4] * now[1] + line[5] * now[3] + now[5]
                pieces.append((text, across, up))

        found.append((page.extract_text(visitor_text=note), pieces))
    return found


@pytest.fixture(scope="module")
def texts(written: list[tuple[str, list]]) -> list[str]:
    """What stands on each page."""
    return [text for text, _pieces in written]


# The zip ----------------------------------------------------------------------


def test_a_zip_of_the_same_pages_has_the_same_bytes(
    book: Path, packed: Path, tmp_path: Path
) -> None:
    few = tmp_path / "html"
    few.mkdir()
    for name in ("search.html", "index.html", "searchindex.js"):
        shutil.copy(book / name, few / name)
        os.utime(few / name, (1e9, 1e9))
    digests = set()
    for mode, moment in ((0o600, 1e9), (0o755, 1.5e9)):
        for path in few.iterdir():
            path.chmod(mode)
            os.utime(path, (moment, moment))
        packed_up = essay_zip.write_zip(few, tmp_path / "few.zip", "Read me.")
        digests.add(hashlib.sha256(packed_up.read_bytes()).hexdigest())
    assert len(digests) == 1
    with zipfile.ZipFile(tmp_path / "few.zip") as found:
        names = found.namelist()
    assert names == [
        f"few/{name}"
        for name in ("READ ME.txt", "index.html", "search.html", "searchindex.js")
    ]
    assert list(tmp_path.glob("*.part")) == []


def unpacked(packed: Path, folder: Path) -> Path:
    """The zip, unpacked into a folder that nobody may write to."""
    with zipfile.ZipFile(made(packed, "zip")) as found:
        found.extractall(folder)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    return folder / made(packed, "zip").stem


@pytest.fixture
def unfolded(packed: Path, tmp_path: Path) -> Iterator[Path]:
    """The book out of the zip, in a folder whose name is not plain."""
    folder = tmp_path / "Şarı: çok yönlü & 2 столa"
    folder.mkdir()
    yield unpacked(packed, folder)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)


def test_the_zip_is_alive_from_a_disk(unfolded: Path, browser: Browser) -> None:
    home = (unfolded / "index.html").as_uri()
    assert (unfolded / "READ ME.txt").read_text(encoding="utf-8").strip()
    with watch(browser, home, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.page
        page.goto(home)
        page.wait_for_url(f"**/{CHAPTERS[0]}.html")
        page.goto((unfolded / "search.html").as_uri() + "?q=parliament")
        excerpts = page.locator("#search-results .context")
        excerpts.nth(9).wait_for()
        told = excerpts.all_inner_texts()
        assert all(len(text) > 100 for text in told[:10])
        assert sum("parliament" in text.lower() for text in told) > len(told) / 2
        # A link to a view: the version, and a figure that is live once it is pointed at.
        name = next(p for p in CHAPTERS if soup(unfolded, p).select("template"))
        page.goto((unfolded / f"{name}.html").as_uri() + "?version=paper")
        page.wait_for_function("document.documentElement.dataset.version === 'paper'")
        moved = page.locator(".essay-moves:visible").first
        assert moved.inner_text() == moved.get_attribute("data-paper")
        figure = page.locator("figure.essay-chart:has(template)").first
        figure.scroll_into_view_if_needed()
        figure.hover()
        page.wait_for_function(
            "document.querySelector('figure.essay-chart:has(template)').dataset.state === 'live'"
        )
        settled(page)
        assert seen.outside == [] and seen.errors == []


def test_a_text_keeps_the_places_of_its_page() -> None:
    import essay_search

    page = '<section id="a"><h1>On A<a class="headerlink">#</a></h1><p>7 &lt; 8</p>'
    page += '<script>no</script><section id="b"><table><td>1</td><td>2</td></table>'
    text = essay_search.text_of(page + "</section></section>")
    assert '<div id="b">1 2 </div>' in text
    assert "On A 7 &lt; 8" in text and "#" not in text and "no" not in text


# The PDF ----------------------------------------------------------------------


def bookmarks(
    reader: pypdf.PdfReader, found: list | None = None, depth: int = 0
) -> Iterator[tuple[int, str, int]]:
    """Depth, title and page of each bookmark."""
    for item in reader.outline if found is None else found:
        if isinstance(item, list):
            yield from bookmarks(reader, item, depth + 1)
        else:
            page = reader.get_destination_page_number(item)
            yield depth, item.title, page


def headings(book: Path) -> Iterator[tuple[int, str]]:
    """Depth and title of each chapter and section, as the pages have them."""
    for name in CHAPTERS:
        article = soup(book, name).select_one("article.bd-article")
        for heading in article.select("h1, h2"):
            yield int(heading.name[1]) - 1, heading.get_text().removesuffix("#")


def test_bookmarks_are_the_chapters_and_sections(
    book: Path, paper: pypdf.PdfReader
) -> None:
    found = [(depth, title) for depth, title, _page in bookmarks(paper) if depth < 2]
    wanted = list(headings(book))
    own = found[: len(wanted)]
    assert [depth for depth, _title in own] == [depth for depth, _title in wanted]
    for (_, title), (_, heading) in zip(own, wanted, strict=True):
        assert title.endswith(heading)
    ends = [title for depth, title in found[len(wanted) :] if depth == 0]
    assert ends == ["Answers", "The code", "Addresses"]


def test_the_contents_name_the_pages(
    packed: Path, paper: pypdf.PdfReader, texts: list[str]
) -> None:
    listed = "".join(texts[1:4])
    for depth, title, page in bookmarks(paper):
        if depth == 0:
            last = squeezed(title)[-20:]
            assert f"{last}{page + 1}" in squeezed(listed), title
    numbers = [text.strip().splitlines() for text in texts[1:]]
    for place, lines in enumerate(numbers, 2):
        assert str(place) in lines, f"page {place} has no number"
    assert essay_paper.PLACE not in listed


def test_links_lead_somewhere(paper: pypdf.PdfReader) -> None:
    known = {name.removeprefix("/") for name in paper.named_destinations}
    inside, outside = [], []
    for page in paper.pages:
        for annotation in page.get("/Annots", []):
            link = annotation.get_object()
            if "/Dest" in link:
                inside.append(link["/Dest"].removeprefix("/"))
            else:
                outside.append(link["/A"]["/URI"])
    assert len(inside) > 1000 and set(inside) <= known
    assert outside and all(re.match(r"https?://", address) for address in outside)


def test_a_reader_is_told_title_language_and_parts(
    book: Path, paper: pypdf.PdfReader, texts: list[str]
) -> None:
    root = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == soup(book, CHAPTERS[0]).html["lang"]
    edition = essay_pack.edition(book)
    assert paper.metadata.title == edition.title
    assert edition.title.split()[0] in texts[0] and edition.version in texts[0]
    assert "as told by the public record" in " ".join(texts[0].split())


def test_each_drawing_is_described(book: Path, packed: Path) -> None:
    page = (packed / "paper.html").read_text(encoding="utf-8")
    drawn = re.findall(r'<svg role="img"[^>]*>', page)
    figures = sum(
        len(soup(book, name).select("figure.essay-chart")) for name in CHAPTERS
    )
    assert len(drawn) == figures > 50
    for first in drawn:
        assert len(re.search(r'aria-label="([^"]*)"', first)[1]) > 20, first


def test_every_chapter_is_on_paper(book: Path, texts: list[str]) -> None:
    text = squeezed("".join(texts))
    for name in CHAPTERS:
        article = soup(book, name).select_one("article.bd-article")
        # A link out of the book has a number behind it.
        plain = "section > p:not([class]):not(:has(a.external))"
        first = article.select_one(plain)
        assert squeezed(first.get_text())[:60] in text, name
        for title in article.select(".essay-chart__title"):
            assert squeezed(title.get_text()) in text, title.get_text()


def test_answers_stand_at_the_end_and_not_before(
    book: Path, paper: pypdf.PdfReader, texts: list[str]
) -> None:
    starts = {title: page for depth, title, page in bookmarks(paper) if depth == 0}
    begin, end = starts["Answers"], starts["The code"]
    before = squeezed("".join(texts[:begin]))
    answers = squeezed("".join(texts[begin:end]))
    told = 0
    for name in CHAPTERS:
        article = soup(book, name).select_one("article.bd-article")
        for reason in article.select(ANSWERS):
            words = squeezed(reason.get_text())[:50]
            told += 1
            assert words in answers, reason.get_text()
            assert len(words) < 40 or words not in before, reason.get_text()
        for question in article.select(".essay-bet__question, .essay-quiz__asked"):
            assert squeezed(question.get_text())[:50] in before
    assert told > 50


def test_code_is_whole(book: Path, texts: list[str]) -> None:
    text = squeezed("".join(texts))
    for name in CHAPTERS:
        for cell in soup(book, name).select(".cell_input pre"):
            for line in cell.get_text().splitlines():
                assert squeezed(line) in text, line


def test_nothing_stands_beside_the_page(
    paper: pypdf.PdfReader, written: list[tuple[str, list]]
) -> None:
    for number, (page, (_text, pieces)) in enumerate(
        zip(paper.pages, written, strict=True), 1
    ):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == A4
        for text, across, up in pieces:
            assert -1 <= across <= A4[0] and -1 <= up <= A4[1], (number, text)


def test_no_page_is_empty_and_no_drawing_a_picture(
    paper: pypdf.PdfReader, texts: list[str]
) -> None:
    for number, text in enumerate(texts, 1):
        assert len(text.split()) > 5, f"page {number} is empty"
    pictures = [
        item.get_object()
        for item in (paper.get_object(n) for n in range(1, paper.trailer["/Size"]))
        if isinstance(item, pypdf.generic.DictionaryObject)
        and item.get("/Subtype") == "/Image"
    ]
    assert pictures == []


def test_the_pdf_is_no_burden(packed: Path) -> None:
    assert made(packed, "pdf").stat().st_size < 15e6
    assert made(packed, "zip").stat().st_size < 30e6  # with chapters to run
    assert made(packed, "epub").stat().st_size < 2e6


def test_the_other_version_tells_its_numbers(book: Path) -> None:
    name = next(p for p in CHAPTERS if soup(book, p).select("template"))
    paper = essay_paper.Paper(book, [name], "record", "paper")
    body = paper.chapters[0].body
    moved = soup(book, name).select("article .essay-moves[data-paper]")
    # What a figure says to those who cannot see it is the label of its drawing.
    shown = {
        one["data-paper"]
        for one in moved
        if not one.find_parent(class_="essay-chart__extras")
        and not one.find_parent(class_="essay-square__told")
    }
    assert shown <= {one.get_text() for one in body.select(".essay-moves")} | {
        one.get_text() for item in paper.answers[0].items for one in item.select("span")
    }
    lines = [line.get_text() for line in body.select(".essay-chart__version")]
    assert lines and set(lines) == {"Drawn after the paper."}
    figure = soup(book, name).select_one("figure.essay-chart:has(template)")
    other = re.sub(r"<[^>]+>", "", str(figure.select_one("template svg")))
    drawn = body.find(id=f"{paper.chapters[0].place}--{figure['id']}").svg
    kept = paper.drawings[int(drawn["data-drawing"])]
    assert squeezed(re.sub(r"<[^>]+>", "", kept)) == squeezed(other)


def test_no_label_is_cut(packed: Path, browser: Browser) -> None:
    """Each drawing holds all its words, in the letters in which it is printed."""
    home = (packed / "paper.html").as_uri()
    # The width of a sheet within its margins, in pixels.
    with watch(browser, home, viewport={"width": 628, "height": 1000}) as seen:
        seen.page.emulate_media(media="print")
        seen.page.goto(home)
        words, cut = seen.page.evaluate(
            """() => {
                const cut = [];
                let words = 0;
                for (const svg of document.querySelectorAll('figure.essay-chart svg')) {
                    const box = svg.getBoundingClientRect();
                    for (const text of svg.querySelectorAll('text')) {
                        const own = text.getBoundingClientRect();
                        if (!own.width) continue;
                        words += 1;
                        if (own.left < box.left - 1 || own.right > box.right + 1
                            || own.top < box.top - 1 || own.bottom > box.bottom + 1) cut.push(text.textContent);
                    }
                }
                return [words, cut];
            }"""
        )
        wide = seen.page.evaluate(
            """() => [...document.querySelectorAll('table, pre, math, p')].filter(
                (part) => part.getBoundingClientRect().right > document.documentElement.clientWidth + 1
            ).map((part) => part.textContent.slice(0, 60))"""
        )
    assert words > 1000 and cut == [] and wide == []


# The EPUB ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def parts(packed: Path) -> dict[str, bytes]:
    """The files of the EPUB, in their order."""
    with zipfile.ZipFile(made(packed, "epub")) as found:
        first = found.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        return {name: found.read(name) for name in found.namelist()}


def test_each_part_of_the_epub_is_whole_and_listed(parts: dict[str, bytes]) -> None:
    listed = re.findall(
        r'<item [^>]*href="([^"]+)"', parts["book/package.opf"].decode()
    )
    made = {n.removeprefix("book/") for n in parts if n.startswith("book/")}
    assert made == {*listed, "package.opf"}
    for name, text in parts.items():
        if name.endswith((".xhtml", ".opf", ".xml")):
            ElementTree.fromstring(text)  # well-formed
            assert b"<script" not in text and b"var(--" not in text, name


def test_links_of_the_epub_lead_somewhere(parts: dict[str, bytes]) -> None:
    known, asked = set(), set()
    for path, text in parts.items():
        name = path.removeprefix("book/")
        if not name.endswith(".xhtml"):
            continue
        tree = ElementTree.fromstring(text)
        named = [part.get("id") for part in tree.iter() if part.get("id")]
        assert len(named) == len(set(named)), name
        known |= {name, *(f"{name}#{one}" for one in named)}
        asked |= {part.get("href") for part in tree.iter() if part.get("href")}
    inside = {
        address for address in asked if not re.match(r"https?://|book\.css", address)
    }
    assert len(inside) > 300 and inside <= known


def test_the_epub_has_every_chapter_and_drawing(
    book: Path, parts: dict[str, bytes]
) -> None:
    contents = parts["book/contents.xhtml"].decode()
    for name in CHAPTERS:
        place = name.rpartition("/")[2]
        text = parts[f"book/{place}.xhtml"].decode()
        article = soup(book, name).select_one("article.bd-article")
        assert len(re.findall(r'<svg role="img"', text)) == len(
            article.select("figure.essay-chart")
        )
        assert f'href="{place}.xhtml"' in contents
        assert "<details" not in text


# A single page ------------------------------------------------------------------


def test_a_page_is_printed_light_and_with_its_answers_at_the_end(
    book: Path, browser: Browser, site: str
) -> None:
    name = next(
        name
        for name in CHAPTERS
        if soup(book, name).select("template")
        and soup(book, name).select(".essay-quiz__question")
    )
    options = {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}}
    with watch(browser, site, **options) as seen:
        page = seen.page
        page.goto(f"{site}/{name}.html?version=paper")
        page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
        on_paper = printed(page)
        page.emulate_media(media="print", color_scheme="dark")
        ground, ink = page.evaluate(
            """() => { const style = getComputedStyle(document.body);
                       return [style.backgroundColor, style.color]; }"""
        )
        assert not page.locator(".essay-answers").count(), "the screen has no such part"
        assert seen.errors == []
    assert (
        ground == "rgb(255, 255, 255)" and max(map(int, re.findall(r"\d+", ink))) < 60
    )
    text = "".join(sheet.extract_text() for sheet in on_paper.pages)
    assert "as told by the paper" in " ".join(text.split())
    before, _, answers = squeezed(text).rpartition("Answers")
    article = soup(book, name).select_one("article.bd-article")
    for told in article.select(ANSWERS):
        for number in (copied := copy.copy(told)).select("[data-paper]"):
            number.string = number["data-paper"]
        words = squeezed(copied.get_text())[:50]
        assert words in answers and words not in before, copied.get_text()


# The command ------------------------------------------------------------------


def test_pack_makes_the_zip_and_refuses_the_pdf_without_a_browser(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script, ran = essay(), []
    monkeypatch.delenv("ESSAY_CHROMIUM", raising=False)
    monkeypatch.setattr(script, "install", lambda *lists: None)
    monkeypatch.setattr(script, "build", lambda: 0)
    monkeypatch.setattr(script, "run", lambda command: ran.append(command) or 0)
    monkeypatch.setattr(script.shutil, "which", lambda name: None)
    monkeypatch.setattr(script, "right_python", lambda: None)
    assert script.main(["pack"]) == script.NO_PDF
    assert "--chromium" not in ran[0] and len(ran) == 1
    said = capsys.readouterr().out
    assert (
        "zip and EPUB are made, the PDF is not" in said
        and "apt install chromium" in said
    )
    monkeypatch.setattr(script.shutil, "which", lambda name: "/a/chromium")
    assert script.main(["pack", "paper"]) == 0
    assert ran[1][-4:] == ["--chromium", "/a/chromium", "--coding", "paper"]
    assert script.main(["pack", "nonsense"]) == 2 and len(ran) == 2


def test_a_browser_that_does_not_print_is_told(tmp_path: Path) -> None:
    no_browser = tmp_path / "chromium"
    no_browser.write_text("#!/bin/sh\necho no display >&2\nexit 5\n")
    no_browser.chmod(0o755)
    with pytest.raises(essay_print.NotPrinted, match="no display"):
        essay_print.printed(str(no_browser), "<p>", tmp_path / "out.pdf")
