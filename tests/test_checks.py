"""What makes no sense is refused by name, and what makes sense comes back as it is."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector import checks

NAN, INF = math.nan, math.inf
SHARES = pd.DataFrame({"year": [2000], "value": [1.0]})


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_a_number_is_refused_just_where_it_lies_beyond(value: float) -> None:
    for allowed, within in (
        (checks.UNIT, 0 <= value <= 1),
        (checks.SHARE, 0 < value <= 1),
        (checks.INSIDE, 0 < value < 1),
        (checks.AMOUNT, 0 <= value < INF),
        (checks.POSITIVE, 0 < value < INF),
        (checks.FINITE, -INF < value < INF),
    ):
        if within:
            assert checks.number("x", value, allowed) == value
            assert checks.numbers("x", [value], allowed).tolist() == [value]
            continue
        for check, given_value in ((checks.number, value), (checks.numbers, [value])):
            with pytest.raises(ValueError) as refused:
                check("x", given_value, allowed)
            assert str(refused.value) == f"x is {value!r}; allowed: {allowed.words}"


@pytest.mark.parametrize("value", [True, None, "1", [0.5], 1j])
def test_what_is_no_number_is_no_number(value: object) -> None:
    with pytest.raises(ValueError, match="^x is .*; allowed: from 0 to 1$"):
        checks.number("x", value, checks.UNIT)


@pytest.mark.parametrize(
    ("value", "least", "good"),
    [
        (1, 1, True),
        (np.int64(3), 1, True),
        (0, 0, True),
        (0, 1, False),
        (2.0, 1, False),
        (True, 1, False),
        ("2", 1, False),
        (None, 1, False),
    ],
)
def test_a_whole_number_is_told_from_others(
    value: object, least: int, good: bool
) -> None:
    if good:
        assert checks.whole("n", value, least) == value
        return
    words = f"^n is .*; allowed: a whole number of {least} or more$"
    with pytest.raises(ValueError, match=words):
        checks.whole("n", value, least)


def test_a_message_names_argument_value_and_what_is_allowed() -> None:
    for call, message in (
        (
            lambda: checks.one_of("flow", "x", ("both", "in")),
            "flow is 'x'; allowed: 'both', 'in'",
        ),
        # A number of numpy looks like any other, a Series like its values.
        (
            lambda: checks.number("p", np.float64(2), checks.UNIT),
            "p is 2.0; allowed: from 0 to 1",
        ),
        (
            lambda: checks.numbers("p", pd.Series(["a"]), checks.UNIT),
            "p is ['a']; allowed: from 0 to 1",
        ),
        (
            lambda: checks.numbers("p", [0.5, 7, NAN], checks.UNIT),
            "p is 7.0; allowed: from 0 to 1",
        ),
        (
            lambda: checks.columns("rows", SHARES, ("year", "n", "a")),
            "rows lacks the columns ['a', 'n']",
        ),
        (
            lambda: checks.as_many("b", [1], "a", 2),
            "b has 1 values; allowed: as many as a, 2",
        ),
        (
            lambda: checks.not_empty("b", {}, "state"),
            "b is empty; allowed: one state or more",
        ),
    ):
        with pytest.raises(ValueError) as refused:
            call()
        assert str(refused.value) == message


def test_what_makes_sense_comes_back() -> None:
    assert checks.one_of("flow", "in", {"both": 1, "in": 2}) == "in"
    checks.columns("rows", SHARES, ("year",))
    checks.as_many("b", [1, 2], "a", 2)
    checks.not_empty("b", [0], "state")
    days = checks.as_days("2009-02-03")
    assert days.dtype == "datetime64[D]" and days.tolist() == [
        pd.Timestamp("2009-02-03").date()
    ]
    assert len(checks.as_days(["2009-02-03", "2010-04-07"])) == 2
