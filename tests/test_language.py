"""Words of the code in another language: the catalogue, its places, lists."""

from __future__ import annotations

import ast
import io
import json
import pickle
import re

import pandas as pd
import pytest
from conftest import ROOT

from multivector import forms, language
from multivector.language import N_, Sentence, _, joined, spoken, told


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
    with pytest.raises(ValueError, match="place 'loko'; allowed: n, all"):
        _("{loko} of the acts", n=3, all=4)


def test_numbers_and_lists_follow_the_language_of_the_book(esperanto):
    assert forms.formatted(0.5, ".1f") == "0,5"
    assert forms.formatted(0.5, ".1f", "en") == "0.5"
    assert forms.listed(["A", "B", "C"]) == "A, B kaj C"
    assert forms.listed(["A", "B", "C"], "unit", "el") == "A, B, C"


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


def test_words_of_a_chapter_are_found_in_its_code():
    cells = [
        {"cell_type": "markdown", "source": ['_("no code")']},
        {"cell_type": "code", "source": ["x = 1\n", 'name = _("others")']},
    ]
    file = io.BytesIO(json.dumps({"cells": cells}).encode())
    found = list(language.extract_notebook(file, ["_"], [], {}))
    assert [message for _line, _name, message, _note in found] == ["others"]


def test_a_word_in_a_call_inside_of_a_call_is_found():
    code = b'_("{n} of them", n=N_("none")) + Sentence("a {b}", b=_("bad"), c=1)\n'
    found = language.extract(io.BytesIO(code), ["_"], [], {})
    words = [message for _line, _name, message, _note in found]
    assert words == ["{n} of them", "none", "a {b}", "bad"]


def test_a_sentence_is_english_now_and_told_in_another_language_later(esperanto):
    said = Sentence("{n} of {all:,.1f} acts", n=Sentence("{n:+.1f}", n=-3), all=1200)
    assert said == "-3.0 of 1,200.0 acts"
    assert pickle.loads(pickle.dumps(said)).values == said.values
    assert told(said) == "el 1\xa0200,0 agoj −3,0"
    assert told("years") == "jaroj" and told(3) == 3
    assert joined(["years", "", said], "; ", ".") == f"years; {said}."
    assert told(joined(["years", "years"], N_("empty"), ".")) == "jarojemptyjaroj."


def test_columns_of_a_table_are_told_when_it_is_read(esperanto):
    made = pd.DataFrame({"a": [N_("years"), Sentence("{n} x", n=0.5)], "b": "years"})
    rows = spoken("a", "not there")(lambda: made)()
    assert list(rows["a"]) == ["jaroj", "0,5 x"] and list(rows["b"]) == ["years"] * 2
    assert list(made["a"]) == ["years", "0.5 x"]


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


# No sentence of a chart or an explorer is bare ---------------------------------------------

# Calls whose words are marked, or are no words of a page.
MARKED = {"_", "N_", "hover", "refuse", "one_of", "query", "split", "transform_filter"}
WORDS = re.compile(r"[A-Za-z]{2,} [a-z]{2,}|: [a-z]")
# Expressions of Vega, CSS, encodings, and lists of columns that are taken apart.
NO_WORDS = re.compile(r"datum|&&|:[NQOT]\b|utc|var\(|sans-serif|width <|\w_\w| null")
# Names of models, classes and verdicts, which are looked up.
CODES = {
    *("material conflict", "verbal conflict", "verbal cooperation"),
    *("material cooperation", "internal only", "external only", "no leader"),
    *("no significance", "no commitment", "internal first"),
    *("no threat", "not supported", "illustrated only", "not testable"),
    *("tried in vain", "did not try"),
}


def bare(text: str) -> list[str]:
    """Texts of two words or more that stand in no call that marks them.

    >>> bare('slider("x", "Years ahead") + _("Years back")')
    ['Years ahead']
    """
    found: list[str] = []

    def look(node: ast.AST) -> None:
        if isinstance(node, ast.Raise):
            return
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called in MARKED:
                return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return  # a docstring
        if (
            isinstance(node, ast.Assign)
            and getattr(node.targets[0], "id", "") == "columns"
        ):
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if WORDS.search(node.value) and not NO_WORDS.search(node.value):
                found.append(node.value)
            return
        for child in ast.iter_child_nodes(node):
            look(child)

    look(ast.parse(text))
    return found


def test_charts_and_explorers_say_no_sentence_that_is_bare():
    room = ROOT / "book" / "multivector"
    files = [*sorted(room.glob("charts/*.py")), *sorted(room.glob("explorers/*.py"))]
    found = {
        f"{file.parent.name}/{file.name}": words
        for file in files
        if (words := set(bare(file.read_text(encoding="utf-8"))) - CODES)
    }
    assert len(files) > 25 and not found, found
    assert bare('radio("a", "Acts that count")') == ["Acts that count"]
