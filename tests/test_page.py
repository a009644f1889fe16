"""What code gives to the text: values by name, and markup in which every value is escaped."""

from __future__ import annotations

import ast
import dataclasses
import datetime
import doctest
import itertools
import json
import re
import sys
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import altair as alt
import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from multivector import forms, page, progress
from multivector.page import render, values, words

MODULE = ROOT / "book" / "multivector"
TEMPLATES = sorted(path.name for path in render.FOLDER.glob("*.html"))
# Words that would break out of a text, of an attribute or of a script.
AWKWARD = """<script>alert("1 & 2's")</script>"""


@pytest.fixture
def glued(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What `say` gives to the text, by name."""
    given: dict[str, object] = {}

    def glue(name: str, value: object, display: bool) -> None:
        assert not display
        given[name] = value

    monkeypatch.setattr(values, "glue", glue)
    monkeypatch.setattr(values, "_SAID", {})
    return given


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is shown under a cell, as HTML."""
    outputs: list[str] = []
    monkeypatch.setattr(
        "multivector.page.render.display", lambda html: outputs.append(html.data)
    )
    return outputs


# Values ----------------------------------------------------------------------

Deal = namedtuple("Deal", ("x", "gain"))


@dataclasses.dataclass
class Tied:
    best: float
    deal: Deal
    span: tuple[float, float]
    draws: np.ndarray
    frame: pd.DataFrame


TIED = Tied(0.5, Deal(np.float64(0.25), None), (1, 2), np.arange(999), pd.DataFrame())


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (pd.Series([1, 2]).sum(), 3),
        (np.float32(0.5), 0.5),
        (np.array(2), 2),
        (np.bool_(True), True),
        ("a word", "a word"),
        (pd.Timestamp("2009-06-30"), "2009-06-30"),
        (np.datetime64("2009-06-30"), "2009-06-30"),
        (datetime.datetime(2009, 6, 30, 12), "2009-06-30T12:00:00"),
        (pd.NaT, None),
        (pd.NA, None),
        (None, None),
    ],
)
def test_a_plain_value_is_said_as_plain_python(
    value: object, plain: object, glued: dict[str, object]
) -> None:
    page.say(a=value)
    assert glued == {"a": plain} and type(glued["a"]) is type(plain)


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ({"a": 1, 2001: 2}, {"r.a": 1, "r.2001": 2}),
        ({"not supported": 3}, {"r.not-supported": 3}),
        ({"deep": {"er": [4, 5]}}, {"r.deep.er.0": 4, "r.deep.er.1": 5}),
        (Deal(1, 2), {"r.x": 1, "r.gain": 2}),
        (pd.Series({"x": 1.5, "name": "n"}), {"r.x": 1.5, "r.name": "n"}),
        (np.array([0.5, 1.5]), {"r.0": 0.5, "r.1": 1.5}),
        (
            TIED,
            {
                "r.best": 0.5,
                "r.deal.x": 0.25,
                "r.deal.gain": None,
                "r.span.0": 1,
                "r.span.1": 2,
            },
        ),
        (
            next(pd.DataFrame({"a": [1]}).itertuples()),
            {"r.Index": 0, "r.a": 1},
        ),
    ],
)
def test_a_whole_result_is_said_part_by_part(
    value: object, parts: dict[str, object], glued: dict[str, object]
) -> None:
    page.say(r=value)
    assert glued == parts


def test_what_was_said_is_kept(glued: dict[str, object]) -> None:
    page.say(a=1, tied=Deal(2, 3))
    page.say(b="c")
    assert page.said() == glued == {"a": 1, "tied.x": 2, "tied.gain": 3, "b": "c"}
    page.said().clear()
    assert page.said() == glued, "a copy"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (pd.DataFrame({"x": [1, 2]}), "r is DataFrame of 2; allowed: a number"),
        (len, "r is builtin_function_or_method; allowed: a number"),
        (Tied, "r is type; allowed: a number"),
        ({}, "r is dict of 0; allowed: a number"),
        (list(range(99)), "r is list of 99; allowed: .* sequence of up to 24"),
        ({"f": len}, "r is dict of 1; allowed: a number"),
        ({"a:b": 1}, "name is 'r.a:b'; allowed: letters"),
        ({"`": 1}, "name is 'r.`'; allowed: letters"),
        ({"a b": 1, "a-b": 2}, "r.a-b is two parts of r; allowed: one"),
    ],
)
def test_what_a_sentence_cannot_hold_is_refused(
    value: object, message: str, glued: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match=message):
        page.say(before=1, r=value)
    assert glued == page.said() == {}, "all or nothing"


def test_two_values_of_one_name_are_refused(glued: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="gives a.b again; allowed: each name once"):
        page.say(**{"a.b": 1, "a": {"b": 2}})


# Tables, claims and sources --------------------------------------------------


def awkward(name: str) -> str:
    """A value that breaks markup if it is written as it is, and can be told apart."""
    return f"{name} {AWKWARD}"


def holds(html: str, *names: str) -> BeautifulSoup:
    """The page, which holds awkward values as words and nothing of them as markup."""
    soup = BeautifulSoup(html, "html.parser")
    assert not soup.find("script")
    said = soup.get_text(" ")
    for element in soup.find_all(True):
        for attribute, value in element.attrs.items():
            assert re.fullmatch(
                "class|href|id|scope|title|tabindex|aria-[a-z]+|data-[a-z-]+"
                "|hidden|for|name|value|selected|type|role",
                attribute,
            )
            said += "\n" + (value if isinstance(value, str) else " ".join(value))
    assert [name for name in names if awkward(name) not in said] == []
    return soup


#: A claim of the ledger; every word of it is awkward, but those that are one of a few.
CLAIM = {
    "id": awkward("id"),
    "claim": awkward("claim"),
    "question": awkward("question"),
    "verdict": "not supported",
    "outcome": "contradicted",
    "by_order": True,
    "rests_on": "model",
    "reading": awkward("reading"),
    "section": awkward("section"),
    "type": awkward("type"),
    "statistic": -0.25,
    "n": awkward("n"),
    "p": 0.125,
    "null": awkward("null"),
    "severity": 0.001,
    "severity_null": awkward("severity_null"),
    "as_well": 0.5,
    "power": -0.5,
    "power_of": awkward("power_of"),
    "opposed": awkward("id"),
    "same_series": awkward("id"),
    "fixed": awkward("fixed"),
    "left_out": awkward("left_out"),
    "version": 2,
    "operational": awkward("operational"),
    "figure": f"06-some-page#{awkward('place')}",
    "test": awkward("test"),
}
LATEST = {
    "id": awkward("id"),
    "version": 2,
    "verdict": "not supported",
    "by_order": True,
    "as_well": 0.5,
    "dated": "2026-11-05",
    "operational": awkward("operational"),
    "reason": awkward("reason"),
}
OLDER = LATEST | {
    "version": 1,
    "verdict": "contradicted",
    "operational": awkward("older"),
    "reason": "",
}


def show_ledger(told_twice: bool = True, **changed: object) -> None:
    """Show a ledger of one claim; of a case with two versions, or with one."""
    name = awkward("id")
    choices = {"settings": 4, "same": 3, "turned_by": awkward("turned_by")}
    page.ledger(
        pd.DataFrame([CLAIM | changed]),
        pd.DataFrame([OLDER, LATEST]),
        pd.Series({name: "mixed"}) if told_twice else None,
        pd.DataFrame(choices, [name]),
        [awkward("source"), "another", awkward("source")],
        pd.DataFrame({"id": [name, name], "outcome": ["contradicted"] * 2}),
    )


def told(soup: BeautifulSoup) -> dict[str, str]:
    """The definitions of a page."""
    terms, texts = soup.select("dt"), soup.select("dd")
    return {
        term.text: " ".join(text.text.split())
        for term, text in zip(terms, texts, strict=True)
    }


def test_a_ledger_holds_its_words_as_they_are(shown: list[str]) -> None:
    show_ledger()
    fields = [name for name, value in CLAIM.items() if value == awkward(name)]
    more = ("place", "reason", "older", "turned_by", "source")
    soup = holds(shown[0], *(set(fields) - {"id"}), *more)
    entry = soup.select_one("details.essay-claim")
    for name in ("section", "type"):
        assert entry[f"data-{name}"] == awkward(name)
    assert entry["data-verdict"] == "the evidence does not show it"
    assert entry["id"] == awkward("id").lower()
    facts = told(soup)
    assert facts["Statistic"] == (
        f"\u22120.25; n {awkward('n')}; p 0.125; null: {awkward('null')}"
    )
    assert facts["Over the choices"] == (
        f"the same in 3 of 4 settings; turned by {awkward('turned_by')} alone"
    )
    assert (
        facts["What came out"] == "the order is the other way round, by our model alone"
    )
    assert facts["In the data"] == "not supported (contradicted)"
    assert facts["By the paper's dates"] == "mixed"
    assert facts["Over the peers"] == (
        "of 2 sets of peers the order is the other way round in 2"
    )
    assert facts["By chance alone"] == "a rule that chance meets in <1%"
    assert facts["Smallest effect seen"] == f"\u22120.5: {awkward('power_of')}"
    assert facts["Read the other way"] == (
        f"{awkward('id')} (the evidence does not show it)"
    )
    assert facts["Version 1, of 5 November 2026"] == (
        "What came out was “the order is the other way round”, and is now “the evidence "
        "does not show it”. "
        f"Chance would have done as well in 50%. {awkward('older')}"
    )
    assert facts["Figure"] == "in the chapter “some page”"


def test_what_a_claim_has_not_leaves_no_line(shown: list[str]) -> None:
    none = float("nan")
    show_ledger(
        statistic=none,
        severity=none,
        power=none,
        power_of="",
        opposed="",
        left_out=none,
    )
    facts = told(BeautifulSoup(shown[0], "html.parser"))
    assert "Asked" in facts and "Rests on" in facts
    assert not facts.keys() & {
        "Statistic",
        "By chance alone",
        "Smallest effect seen",
        "Read the other way",
    }


@pytest.mark.parametrize("figure", ["javascript:alert(1)//", "//a.org/x", ""])
def test_a_figure_is_a_place_in_a_page(figure: str) -> None:
    with pytest.raises(ValueError, match="figure is .*; allowed: a page, or page#"):
        show_ledger(figure=figure)


def test_claims_examined_hold_their_words_as_they_are(shown: list[str]) -> None:
    other = {"id": "C2", "verdict": "illustrated only", "left_out": None}
    rows = [CLAIM, CLAIM | other]
    page.examined(
        pd.DataFrame(rows), [awkward("id"), "C2"], [awkward("source"), "another"]
    )
    words = (
        "id",
        "claim",
        "question",
        "left_out",
        "reading",
        "severity_null",
        "source",
    )
    soup = holds(shown[0], *words)
    notes = [note.get_text() for note in soup.select("td .essay-note")]
    assert notes == [f"To bear in mind: {awkward('left_out')}"]
    assert soup.select_one("tbody a")["href"] == (
        f"a1-ledger.html#{awkward('id').lower()}"
    )
    assert [rule.text for rule in soup.select(".essay-verdict__rule")] == [
        "and it points the other way"
    ]
    chance = soup.select_one("details.essay-chance").get_text(" ", strip=True)
    assert chance == (
        f"a rule that chance meets in <1% {awkward('reading')} "
        f"If nothing had happened: {awkward('severity_null')}. "
        "Smallest effect that it would have seen four times in five: "
        f"\u22120.5: {awkward('power_of')}."
    )


def test_claims_that_no_text_makes_are_not_the_paper_s(shown: list[str]) -> None:
    rows = pd.DataFrame([CLAIM | {"section": None, "figure": None}])
    page.examined(rows, [CLAIM["id"]], "source")
    page.claims_squares(rows, "source")
    show_ledger(told_twice=False, section=None, figure=None)
    for text in shown:
        assert "aper" not in text.replace(CLAIM["claim"], "")
    entry = BeautifulSoup(shown[-1], "html.parser").select_one(".essay-claim")
    assert "data-section" not in entry.attrs
    assert not {"Section", "Figure"} & {dt.text for dt in entry.select("dt")}


def squares(
    shown: list[str], *verdicts: str, paper: list[str] | None = None
) -> BeautifulSoup:
    """The squares of some claims; the paper may say something else of them."""
    rows = [
        CLAIM | {"id": f"C{place}", "verdict": verdict}
        for place, verdict in enumerate(verdicts)
    ]
    other = [row | {"verdict": word} for row, word in zip(rows, paper or verdicts)]
    page.claims_squares(pd.DataFrame(rows), awkward("source"), pd.DataFrame(other))
    return BeautifulSoup(shown[-1], "html.parser")


def test_a_square_a_claim_in_groups_by_what_came_out(shown: list[str]) -> None:
    soup = squares(shown, "mixed", "supported", "mixed")
    holds(shown[0], "claim", "question", "source")
    groups = [
        (
            group.select_one(".essay-verdict").text,
            [link["href"] for link in group.select(".essay-square > a")],
        )
        for group in soup.select(".essay-squares__group")
    ]
    assert groups == [
        ("the evidence fits", ["a1-ledger.html#c1"]),
        ("mixed", ["a1-ledger.html#c0", "a1-ledger.html#c2"]),
    ]
    assert [p.get_text(" ", strip=True) for p in soup.select("li > p")] == [
        "the evidence fits 1 claim",
        "mixed 2 claims",
    ]
    assert not soup.select("[data-told-by], .essay-moves")


def test_a_reader_s_own_ledger_carries_every_combination(shown: list[str]) -> None:
    rows = [
        CLAIM | {"id": "C1", "verdict": "mixed", "outcome": "mixed"},
        CLAIM | {"id": "C2", "verdict": "illustrated only", "outcome": "supported"},
    ]
    found = pd.DataFrame(
        {
            "id": ["C1", "C2"],
            "choices": [["a", "b"], []],
            "own": [{"a": "x", "b": "z"}, {}],
            "verdicts": [["mixed", "contradicted"] * 2, ["illustrated only"]],
            "outcomes": [["mixed", "contradicted"] * 2, ["supported"]],
        }
    )
    choices = pd.DataFrame(
        {
            "choice": ["a", awkward("choice")],
            "options": [["x", "y"], [awkward("option"), "z"]],
            "reasons": [["r", "s"], ["t", awkward("reason")]],
            "own": ["x", ""],
            "claims": [["C1", "C2"], ["C1"]],
        }
    )
    presets = {"kindest": {"a": "y"}, "hardest": {}}
    page.own_ledger(pd.DataFrame(rows), found, choices, presets, awkward("source"))
    soup = holds(shown[0], "claim", "question", "source", "choice", "option")
    given = {
        name.removeprefix("data-"): json.loads(value)
        for name, value in soup.select_one(".essay-chosen").attrs.items()
        if name != "class"
    }
    assert given["claims"]["C1"]["came"] == "abab"
    assert [given["told"][state]["words"] for state in "abc"] == [
        "mixed",
        "the order is the other way round",
        "only our own coding or model speaks",
    ]
    assert given["told"]["c"]["rule"] == "and it fits"
    assert given["presets"] == {"own": {}, **presets}
    groups = soup.select(".essay-squares__group")
    assert [group.get("hidden") is not None for group in groups] == [False, True, False]
    touching, one = soup.select("select")
    assert [option.text for option in touching.select("option")] == [
        "x",
        "y",
    ]
    assert one.select_one("[selected]")["value"] == "", "the rules differ"
    assert one.find_parent("details") is not None
    with pytest.raises(ValueError, match="allowed: the claims"):
        page.own_ledger(pd.DataFrame(rows[:1]), found, choices, presets, "s")


def test_a_claim_that_the_paper_tells_otherwise_has_a_square_for_each(
    shown: list[str],
) -> None:
    soup = squares(
        shown, "contradicted", "mixed", "mixed", paper=["mixed", "mixed", "supported"]
    )
    told = {
        group.select_one(".essay-verdict").text: (
            group.get("data-told-by"),
            [
                (square.select_one(".essay-number").text, square.get("data-told-by"))
                for square in group.select(".essay-square")
            ],
        )
        for group in soup.select(".essay-squares__group")
    }
    assert told == {
        "the evidence fits": ("paper", [("C2", "paper")]),
        "mixed": (None, [("C0", "paper"), ("C1", None), ("C2", "record")]),
        "the order is the other way round": ("record", [("C0", "record")]),
    }
    assert not soup.select(".essay-moves"), "two mixed claims in either version"
    soup = squares(shown, "mixed", "mixed", paper=["supported", "mixed"])
    count = soup.select_one(".essay-moves")
    assert (count.text, count["data-record"], count["data-paper"]) == (
        "2 claims",
        "2 claims",
        "1 claim",
    )


def test_squares_of_other_claims_are_refused() -> None:
    rows = pd.DataFrame([CLAIM])
    with pytest.raises(ValueError, match="paper is .*; allowed: the claims"):
        page.claims_squares(rows, "", rows.assign(id="C2"))


def test_a_verdict_is_said_in_plain_words() -> None:
    assert page.plain("contradicted") == "the evidence points the other way"
    assert page.plain("contradicted", True) == "the order is the other way round"
    assert page.plain("supported", True) == "the evidence fits"
    with pytest.raises(ValueError, match="verdict is 'true'; allowed: 'supported'"):
        page.plain("true")
    rows = pd.DataFrame(
        {
            "id": ["A", "B", "C"],
            "verdict": ["illustrated only", "illustrated only", "mixed"],
            "outcome": ["not supported", "illustrated only", "supported"],
            "by_order": False,
        }
    )
    assert page.plainly(rows).to_dict() == {
        "A": "only our own coding or model speaks, and it does not show it",
        "B": "only our own coding or model speaks",
        "C": "mixed",
    }


FRAME = pd.DataFrame(
    {
        "word": [awkward("word"), None],
        "number": [-0.5, np.nan],
        "url": ['https://www.a.org/x?a=1&b="><script>; http://b.net/', ""],
    }
)


def test_a_table_holds_its_words_as_they_are(shown: list[str]) -> None:
    page.table(
        FRAME,
        awkward("caption"),
        source_line=[awkward("source"), "another", awkward("source")],
        formats={"number": "+.2f"},
        links=["url"],
        fold=awkward("fold"),
        cards=True,
        word=awkward("heading"),
        number="Number",
        url="Read at",
    )
    soup = holds(shown[0], "caption", "source", "fold", "heading", "word")
    assert soup.select_one("details > summary").text == awkward("fold")
    assert soup.select_one(".essay-table--cards caption").text == awkward("caption")
    assert [cell.text for cell in soup.select("td")] == [
        *(awkward("word"), "\u22120.50", "a.org b.net"),
        *("", "", ""),
    ]
    assert [link["href"] for link in soup.select("a")] == FRAME.url[0].split("; ")
    assert [cell["data-label"] for cell in soup.select("tr:last-child td")] == [
        cell.text for cell in soup.select("th")
    ]
    assert soup.select_one(".essay-chart__source").text == (
        f"{awkward('source')}; another"
    )


def test_a_table_of_columns_that_are_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match=r"columns names \['x'\]; allowed: word, num"):
        page.table(FRAME, "A table", source_line="", x="X")


class FakeCase:
    """A case with one table, of which every word is awkward."""

    def __init__(self, path: str) -> None:
        self.path = path

    def about(self, name: str) -> dict[str, object]:
        words = "title description shows cannot_show filter ask hash".split()
        return {word: awkward(word) for word in words} | {
            "caveats": [awkward("caveat"), "another"],
            "sources": [
                {
                    "title": awkward("origin"),
                    "version": awkward("version"),
                    "path": self.path,
                },
                {"title": "another origin"},
            ],
            "licenses": [{"title": awkward("licence")}, {"title": "another"}],
        }

    def table(self, name: str) -> pd.DataFrame:
        return FRAME

    def cite(self, name: str) -> str:
        return awkward("cited")


def test_sources_hold_their_words_as_they_are(shown: list[str]) -> None:
    case = FakeCase(path='https://www.a.org/"><script>')
    page.sources(case, [awkward("name")])
    words = [word for word, value in case.about("").items() if value == awkward(word)]
    assert len(words) == 7
    more = ("caveat", "origin", "version", "licence", "cited", "name")
    soup = holds(shown[0], *words, *more)
    assert soup.select_one("a")["href"] == case.path
    assert soup.select_one("a").text == "a.org"
    facts = told(soup)
    assert facts["From"] == (
        f"{awkward('origin')}, {awkward('version')}; another origin"
    )
    assert facts["Size"] == "2 rows, 3 columns"
    assert facts["Licence"] == f"{awkward('licence')}; another"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//a.org", "ftp://a.org", "https:///x"],
)
def test_a_link_leads_into_the_web_or_is_refused(address: str) -> None:
    frame = pd.DataFrame({"url": [f"https://a.org; {address}"]})
    with pytest.raises(ValueError, match="allowed: http:// or https://"):
        page.table(frame, "A table", source_line="", links=["url"], url="Read at")
    with pytest.raises(ValueError, match="allowed: http:// or https://"):
        page.sources(FakeCase(path=address), ["events"])


# Templates -------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in TEMPLATES if not n.startswith("_")])
def test_a_template_refuses_to_guess(name: str) -> None:
    with pytest.raises(UndefinedError, match="is undefined"):
        page.fill(name)


def turned(text: str) -> str:
    """A message of a template in a language of which every letter is another."""
    letters = re.compile(r"(%\(\w+\)s)|[^\W\d_]")
    return letters.sub(lambda found: found[1] or "ж", text)


def test_words_of_templates_can_be_translated(
    monkeypatch: pytest.MonkeyPatch, shown: list[str]
) -> None:
    """In another language no word of English is left, whatever a claim comes to."""
    made = render.environment()
    made.install_gettext_callables(turned, lambda one, *_: turned(one), newstyle=True)
    monkeypatch.setattr(render, "_ENVIRONMENT", made)
    claim = {key: "ж" if isinstance(x, str) else x for key, x in CLAIM.items()}
    versions = pd.DataFrame([OLDER, LATEST]).assign(id="ж", reason="ж", operational="ж")
    outcomes = ("supported", "not supported", "illustrated only", "not testable")
    evidence = ("outside", "record", "coded", "model", "both")
    for verdict, rests_on in itertools.product(outcomes, evidence):
        came = {"verdict": verdict, "outcome": "contradicted", "rests_on": rests_on}
        rows = pd.DataFrame([claim | came | {"figure": "1-ж"}])
        page.examined(rows, ["ж"], "ж")
        page.claims_squares(rows, "ж", rows.assign(verdict="mixed"))
        for settings, by in ((1, ""), (4, ""), (4, "ж")):
            page.ledger(
                rows.assign(power=float("nan") if by else 1),
                versions.assign(verdict=verdict if by else "mixed"),
                pd.Series({"ж": "contradicted"}),
                pd.DataFrame({"settings": settings, "same": 1, "turned_by": by}, ["ж"]),
                "ж",
                pd.DataFrame({"id": ["ж"], "outcome": ["mixed"]}),
            )
    page.table(FRAME.assign(word="ж"), "ж", source_line="ж", word="ж")
    assert len(shown) == 4 * 5 * 5 + 1
    for html in [*shown, page.fill("run.html", stands="ж", adds="ж")]:
        soup = BeautifulSoup(html, "html.parser")
        for formal in soup.select("code"):
            formal.decompose()
        text = soup.get_text(" ")
        # "n" is a sign of statistics, the month a value.
        left = set(re.findall(r"[A-Za-z]+", text)) - {"n", "November"}
        assert left == set(), text


def markup(code: str) -> Iterator[str]:
    """Strings of some code, docstrings apart, that hold a tag of HTML."""
    tree = ast.parse(code)
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            tag = re.search(r"</?[a-z]+[\d\s>/]", node.value)
            if tag and id(node) not in told:
                yield node.value


#: Finds folds in the Markdown of a notebook, and writes none.
READS_MARKUP = {"teach/folder.py"}


def test_no_markup_stands_in_code() -> None:
    found = {
        path.relative_to(MODULE).as_posix(): list(markup(path.read_text("utf-8")))
        for path in MODULE.rglob("*.py")
        if path.relative_to(MODULE).as_posix() not in READS_MARKUP
    }
    assert len(found) > 10
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("line", ["'<p>'", "f'<b>{x}</b>'", "f'<a href=\"{x}\">'"])
def test_markup_is_seen(line: str) -> None:
    assert list(markup(f'"""A docstring with <b>."""\nx = {line}'))
    assert not list(markup('"""A docstring with <b>."""\nx = "a < b > c"'))


# Forms -----------------------------------------------------------------------

#: Forms of numbers in the text and in tables of the essay.
NUMBERS = (".2f", ".0%", "+.2f", ".0f", ".1f", ".3f", "+.1f", ".4f", ".4g", ",.0f", ",")


@given(st.floats(-1e15, 1e15), st.sampled_from(NUMBERS))
def test_english_is_what_python_writes_with_a_minus_sign(x: float, form: str) -> None:
    assert page.formatted(x, form) == re.sub("^-", "\u2212", format(x, form))


@pytest.mark.parametrize(
    ("value", "form", "language", "written"),
    [
        (-1234.5, ",.1f", "en", "\u22121,234.5"),
        (-1234.5, ",.1f", "de", "\u22121.234,5"),
        (1234.5, ",.1f", "fr", "1 234,5"),
        (1e-5, "g", "de", "1e-05"),
        (0.25, ".0%", "de", "25 %"),
        (-0.25, "+.1%", "tr", "\u2212%25,0"),
        (2009, "", "de", "2009"),
        (0.5, "", "de", "0,5"),
        ("a word", "", "de", "a word"),
        ("-0.5 to 1-2", "", "en", "\u22120.5 to 1-2"),
        (pd.Timestamp("2009-06-03"), "%-d %B %Y", "en", "3 June 2009"),
        (pd.Timestamp("2009-06-03"), "%-d %b %Y", "en", "3 Jun 2009"),
        (np.datetime64("2009-06-03"), "%B %Y", "en", "June 2009"),
        ("2009-06-03", "%Y", "en", "2009"),
        (datetime.date(2009, 6, 3), "", "en", "2009-06-03"),
        ("2009-03-03", "%-d %B %Y", "de", "3. März 2009"),
        ("2009-06-03", "%-d %B %Y", "es", "3 de junio de 2009"),
        ("2009-06-03", "%B %Y", "ru", "июнь 2009 г."),
        ("2009-06-03", "%Y-%m-%d", "de", "2009-06-03"),
        (1, "# act|# acts", "en", "1 act"),
        (0, "# act|# acts", "en", "0 acts"),
        (1.5, "# Akt|# Akte", "de", "1,5 Akte"),
        (0, "# acte|# actes", "fr", "0 acte"),
        (1_000_000, "# acte|# actes", "fr", "1000000 actes"),
        (21, "# акт|# акта|# актов", "ru", "21 акт"),
        (22, "# акт|# акта|# актов", "ru", "22 акта"),
        (25, "# акт|# акта|# актов", "ru", "25 актов"),
    ],
)
def test_a_value_is_written_as_a_language_does(
    value: object, form: str, language: str, written: str
) -> None:
    # Which of the narrow spaces a language takes does not matter here.
    assert re.sub(r"\s", " ", page.formatted(value, form, language)) == written


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1, ".2f", "no such"), "language is 'no such'; allowed: a code like"),
        ((None, ".2f"), "value is None; allowed: what the form '.2f' can write"),
        (("word", "%Y"), "value is 'word'; allowed: a date"),
        ((pd.NaT, "%Y"), "value is NaT; allowed: a date"),
        ((pd.Timestamp("2009-06-03"), "%A"), "form is '%A'; allowed: for a date %-d"),
        ((pd.Timestamp("2009-06-03"), ".2f"), "form is '.2f'; allowed: for a date %-d"),
    ],
)
def test_what_cannot_be_written_is_refused(arguments: tuple, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        page.formatted(*arguments)


@pytest.mark.parametrize(
    ("share", "written"), [(0, "<1%"), (0.0049, "<1%"), (0.006, "1%"), (0.25, "25%")]
)
def test_a_small_share_is_not_none(share: float, written: str) -> None:
    assert forms.percent(share) == written


@pytest.mark.parametrize("module", [forms, render, values, words])
def test_examples_are_true(module: ModuleType) -> None:
    tried = doctest.testmod(module)
    assert tried.attempted and not tried.failed


# The words of a chart in a live session ---------------------------------------

LEVELS = """```{chart} levels
Title of {glue:text}`n` in {term}`years <year>`

Reading
aid

Caption.
```"""


def chapter(path, code, text):
    cells = [
        {"cell_type": "markdown", "source": [text]},
        {"cell_type": "code", "source": [code]},
    ]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")


def test_a_live_session_finds_the_words_of_its_own_chapter(tmp_path):
    chapter(tmp_path / "01-one.ipynb", "one = 1", LEVELS)
    chapter(tmp_path / "02-two.ipynb", "two = 2", LEVELS.replace("Title", "Other"))
    title, reading, caption = words.block("chart", "levels", tmp_path, ["", "one = 1"])
    assert words.filled(title, {"n": 3}) == "Title of 3 in years"
    assert words.filled(title, {}) == f"Title of {words.UNKNOWN} in years"
    assert words.filled(reading, {}) == "Reading aid" and caption == "Caption."
    other = words.block("chart", "levels", tmp_path, ["", "two = 2", "three"])
    assert other[0].startswith("Other")
    assert words.block("chart", "nothing", tmp_path) == []
    assert words.block("rows", "levels", tmp_path) == []


def test_the_list_of_columns_is_read():
    listed = "- `a`: One\n- `b:.1%`: *Two* of {glue:text}`n`"
    assert words.columns(listed) == {
        "a": ("", "One"),
        "b": (".1%", "*Two* of {glue:text}`n`"),
    }


def test_an_address_that_is_none_is_refused_when_rows_are_shown():
    frame = pd.DataFrame({"link": ["https://a.org", "javascript:alert(1)"]})
    with pytest.raises(ValueError, match="address is 'javascript"):
        page.show("links", frame, source="x", links=["link"])
    with pytest.raises(ValueError, match="links names"):
        page.show("links", frame, source="x", links=["nothing"])
    with pytest.raises(ValueError, match="source is ''"):
        page.show("links", frame, source="")


# How far something long has come ---------------------------------------------


@pytest.mark.parametrize("live", [True, False])
def test_only_who_waits_at_a_kernel_is_told_how_far_it_is(
    live: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []

    def show(line: object, text: str) -> str:
        lines.append(text)
        return "the line"

    monkeypatch.setattr(progress, "_is_live", lambda: live)
    monkeypatch.setattr(progress, "_show", show)
    assert list(progress.told([7, 8, 9], "claims", soon=-1.0)) == [7, 8, 9]
    wanted = [f"{n} of 3 claims …" for n in range(3)] + [""]
    assert lines == (wanted if live else [])


def test_what_is_quick_leaves_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_is_live", lambda: True)
    monkeypatch.setattr(progress, "_show", lambda *_: pytest.fail("a line"))
    assert list(progress.told([1, 2], "claims", soon=float("inf"))) == [1, 2]


def test_a_test_is_no_live_session() -> None:
    assert not progress._is_live()


# A chapter that was lifted out -----------------------------------------------


def test_a_lifted_chapter_takes_its_words_from_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = {"chart/winset": ["Title", "Reading", "Caption"]}
    (tmp_path / "blocks.json").write_text(json.dumps(blocks))
    (tmp_path / "other.ipynb").write_text("no notebook")
    assert words.lifted(tmp_path) and not words.lifted(tmp_path / "nowhere")
    assert words.block("chart", "winset", tmp_path) == blocks["chart/winset"]
    assert words.block("rows", "winset", tmp_path) == []


def test_a_lifted_chart_leaves_its_words_to_the_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = {"chart/a": ["Title {glue:text}`x`", "Reading", "Caption."]}
    (tmp_path / "blocks.json").write_text(json.dumps(blocks))
    monkeypatch.chdir(tmp_path)
    displayed: list[alt.Chart] = []
    room = sys.modules["multivector.page.show"]  # its function has the same name
    monkeypatch.setattr(room, "display", displayed.append)
    chart = alt.Chart(pd.DataFrame({"x": [1]})).mark_point().encode(x="x:Q")
    page.show("a", chart, source="Somebody", kind="coded")
    [spec] = [one.to_dict() for one in displayed]
    assert "title" not in spec and spec["description"] == "Caption."
