"""What chapters point at: marks of a case, and words that hold for any number."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from multivector import data
from multivector.page import readings
from multivector.tables import marks


@pytest.mark.parametrize("kind", marks.KINDS)
def test_each_kind_is_read_as_its_example_shows(kind: str) -> None:
    value = marks.value_of(kind, marks.KINDS[kind])
    assert isinstance(value, list) == (kind.endswith("s") or kind == "span")
    with pytest.raises(ValueError):
        marks.value_of("year", "2001 2005")


def test_every_mark_is_there_and_an_unknown_one_is_missing() -> None:
    case = data.open_case()
    for mark in case.table("marks").mark:
        assert case.mark(mark) is not None
    with pytest.raises(data.Missing, match="'no-such-mark'"):
        case.mark("no-such-mark")


def test_a_spoiled_mark_is_told_with_its_row(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    shutil.copytree(ROOT / "data", folder)
    rows = pd.read_csv(folder / "marks.csv", dtype=str)
    bad = pd.DataFrame(
        [
            {"mark": "a", "kind": "year", "value": "20x1", "why": "spoiled"},
            {"mark": "b", "kind": "row", "value": "E001", "why": "spoiled"},
            {"mark": "c", "kind": "row", "table": "events", "value": "E9", "why": "x"},
            {"mark": "d", "kind": "moon", "value": "full", "why": "spoiled"},
        ]
    )
    pd.concat([rows, bad]).to_csv(folder / "marks.csv", index=False)
    with pytest.raises(data.CaseError) as told:
        data.open_case(folder)
    said = str(told.value)
    for part in ("20x1", "is no year", "is no table of the case", "'E9'", "'moon'"):
        assert part in said, said


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1e3))
def test_readings_agree_with_the_order_of_the_numbers(a, b, margin) -> None:
    turned, moved = readings.turned(a, b, margin), readings.moved(a, b, margin)
    if abs(b - a) <= margin:
        assert turned == moved == "stays as it was"
    else:
        assert (turned, moved) == (
            ("widens", "rises") if b > a else ("narrows", "falls")
        )
    low, high = sorted((a, b))
    where = readings.against(margin, low, high)
    assert where == (
        "below" if margin < low else "above" if margin > high else "within"
    )


@given(st.floats(0, 99), st.floats(0, 99))
def test_a_span_whose_ends_are_written_alike_is_one_number(a: float, b: float) -> None:
    low, high = sorted((a, b))
    told = readings.spanned(low, high)
    alike = f"{low:.0f}" == f"{high:.0f}"
    assert told == (f"{low:.0f}" if alike else f"{low:.0f} to {high:.0f}")


@given(st.integers(1, 30), st.integers(1, 30))
def test_a_place_is_one_of_the_order(place: int, of: int) -> None:
    if place > of:
        with pytest.raises(ValueError, match="place"):
            readings.placed(place, of)
    else:
        assert str(of) in readings.placed(place, of)
