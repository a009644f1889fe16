"""The page of what others have made: nothing that is shipped is left out, nothing else is in."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from conftest import pages, soup

import essay_others


def test_every_shipped_file_of_somebody_else_has_a_row(book: Path) -> None:
    names = essay_others.shipped(book / "_static")
    theirs = {
        name for one in essay_others.others() for name in essay_others.of(one, names)
    }
    assert theirs
    assert [n for n in names if n not in theirs and not essay_others.is_ours(n)] == []


def test_a_file_that_nobody_knows_is_no_work_of_ours() -> None:
    assert not essay_others.is_ours("jquery.js")
    assert essay_others.is_ours("essay-settings.js")
    assert not essay_others.is_ours("essay-book.css")


def test_rows_are_those_of_what_is_shipped(book: Path) -> None:
    names = essay_others.shipped(book / "_static")
    wanted = [one for one in essay_others.others() if essay_others.of(one, names)]
    rows = [
        [cell.get_text() for cell in row.select("td")]
        for row in soup(book, essay_others.PAGE).select("tr[data-other]")
    ]
    assert rows == [
        [one.name, one.version, one.licence, one.copyright] for one in wanted
    ]
    for name, _version, licence, holder in rows:
        assert name and licence and holder, name
    told = dict(row[:2] for row in rows)
    assert told["pydata-sphinx-theme"] == metadata.version("pydata-sphinx-theme")


def test_the_script_of_the_charts_is_told_part_by_part() -> None:
    parts = dict(essay_others.carried())
    assert parts["vega"].startswith("6.") and parts["d3-array"] and len(parts) > 50
    named = ", ".join(one.name for one in essay_others.parts())
    assert all(f"{name} {version}" in named for name, version in parts.items())


def test_every_page_leads_there(book: Path) -> None:
    for name in (*pages(), "search"):
        page = soup(book, name)
        up = "../" * name.count("/")
        assert page.select(f"footer a[href='{up}{essay_others.PAGE}.html']"), name
