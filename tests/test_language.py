"""Words of the code in another language: the catalogue, its places, lists."""

from __future__ import annotations

import io

import pytest

from multivector import forms, language
from multivector.language import N_, _


@pytest.fixture
def esperanto(tmp_path, monkeypatch):
    """A catalogue of a few words, in force."""
    folder = tmp_path / "eo" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "multivector.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "years"\nmsgstr "jaroj"\n\n'
        'msgid "{n} of {all:,.1f} acts"\nmsgstr "el {all:,.1f} agoj {n}"\n\n'
        '#, fuzzy\nmsgid "guessed"\nmsgstr "divenita"\n\n'
        'msgid "empty"\nmsgstr ""\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    monkeypatch.setenv(forms.VARIABLE, "eo")
    language.catalogue.cache_clear()
    yield
    language.catalogue.cache_clear()


def test_english_stands_where_nothing_else_is_known(esperanto, monkeypatch):
    assert [_("years"), _("guessed"), _("empty"), _("unheard of"), _("")] == [
        "jaroj",
        "guessed",
        "empty",
        "unheard of",
        "",
    ]
    assert N_("years") == "years"
    monkeypatch.delenv(forms.VARIABLE)
    assert _("years") == "years"


def test_places_stand_where_the_language_has_them_and_are_written_as_it_does(esperanto):
    assert _("{n} of {all:,.1f} acts", n=3, all=1200) == "el 1\xa0200,0 agoj 3"
    assert _("no {place} is filled") == "no {place} is filled"


def test_numbers_and_lists_follow_the_language_of_the_book(esperanto):
    assert forms.formatted(0.5, ".1f") == "0,5"
    assert forms.formatted(0.5, ".1f", "en") == "0.5"
    assert forms.listed(["A", "B", "C"]) == "A, B kaj C"


@pytest.mark.parametrize(
    "names, style, joined",
    [
        ([], "standard", ""),
        (["A"], "standard", "A"),
        (["A", "B"], "or", "A or B"),
        (["A", "B", "C"], "standard", "A, B and C"),
        ([2001, 2005], "unit", "2001, 2005"),
    ],
)
def test_names_are_joined_as_english_does(names, style, joined):
    assert forms.listed(names, style) == joined


def test_what_a_hover_says_is_found_as_it_is_looked_up():
    code = b'hover("leader:N", "x:Q .2f = wide steps", f"y:Q = {unit}")\n_("word")\n'
    found = language.extract(io.BytesIO(code), ["_"], [], {})
    assert [message for _line, _name, message, _note in found] == [
        "leader",
        "wide steps",
        "word",
    ]
    for line in ("leader:N", "x:Q .2f = wide steps"):
        assert language.hovered(line) in ("leader", "wide steps")
