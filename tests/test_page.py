"""What code gives to the text: values by name, and markup in which every value is escaped."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections import namedtuple

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from multivector import page
from multivector.page import values

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


# Bets and checks -------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"options": ["a", "b"], "answer": "c"}, "answer is 'c'; allowed: a, b"),
        (
            {"low": 0, "high": 1, "answer": 2.0},
            "answer is 2.0; allowed: a number from 0 to 1",
        ),
        ({"answer": 2.0}, "answer is 2.0"),
    ],
)
def test_a_bet_that_nobody_can_win_is_refused(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        page.bet("name", "What?", told="It is so.", **arguments)


def test_a_check_without_a_right_answer_is_refused() -> None:
    with pytest.raises(
        ValueError, match="right is 2 in question 1; allowed: a place from 0 to 1"
    ):
        page.quiz("name", [("What?", ["a", "b"], 2, "So.")])


def test_a_bet_holds_its_words_as_they_are(shown: list[str]) -> None:
    options = [f"0{AWKWARD}", f"1{AWKWARD}"]
    page.bet(
        f"n{AWKWARD}",
        f"q{AWKWARD}",
        options[1],
        options=options,
        told=f"t{AWKWARD}",
    )
    soup = BeautifulSoup(shown[0], "html.parser")
    bet = soup.select_one(".essay-bet")
    assert bet["data-name"] == f"n{AWKWARD}"
    assert json.loads(bet["data-bet"]) == {"options": options, "answer": options[1]}
    assert bet.select_one(".essay-bet__question").text == f"q{AWKWARD}"
    assert bet.select_one("details p").text == f"t{AWKWARD}"
    assert not soup.find("script")


def test_a_check_holds_its_words_as_they_are(shown: list[str]) -> None:
    options = [f"0{AWKWARD}", f"1{AWKWARD}"]
    page.quiz(f"n{AWKWARD}", [(f"q{AWKWARD}", options, 1, f"w{AWKWARD}")])
    soup = BeautifulSoup(shown[0], "html.parser")
    question = soup.select_one(".essay-quiz > .essay-quiz__question")
    assert question["data-right"] == "1"
    assert question["data-name"] == f"n{AWKWARD}-1"
    assert question.find("p").text == f"1. q{AWKWARD}"
    assert [option.text for option in question.select("ol > li")] == options
    assert question.select_one("details p").text == f"b. w{AWKWARD}"
    assert not soup.find("script")
