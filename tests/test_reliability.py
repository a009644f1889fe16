"""Agreement of coders: published examples, properties, and the two coders of the case."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector import data, reliability


@pytest.fixture(scope="module")
def case():
    return data.open_case()


@pytest.fixture(scope="module")
def both(case):
    return reliability.matched(case.table("codings"))


# Examples A and B of Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability".
def test_alpha_of_two_observers_with_binary_data():
    assert reliability.alpha(
        [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    ) == pytest.approx(0.095, abs=5e-4)


def test_alpha_of_two_observers_with_nominal_data():
    assert reliability.alpha(
        list("aabbdcccedda"), list("babbbcccEddd".lower())
    ) == pytest.approx(0.692, abs=5e-4)


def test_an_empty_cell_is_a_decision_where_names_are_compared():
    assert reliability.alpha(["a", None, "b", None], ["a", None, "b", None]) == 1
    assert reliability.alpha(["a", None, "b", "b"], ["a", "b", "b", None]) < 1


def test_a_missing_number_leaves_its_unit_out():
    pair = [1.0, 5.0, 9.0], [1.0, 4.0, 9.0]
    more = [1.0, 5.0, 9.0, np.nan, 2.0], [1.0, 4.0, 9.0, 3.0, np.nan]
    assert reliability.alpha(*more, "interval") == pytest.approx(
        reliability.alpha(*pair, "interval")
    )


values = st.lists(
    st.sampled_from([-7.0, -2.0, 0.0, 3.5, 7.4, 8.0]), min_size=2, max_size=30
)


@given(st.data(), values)
def test_alpha_knows_no_order_of_coders_and_is_at_most_one(draw, first):
    second = draw.draw(
        st.lists(st.sampled_from(first), min_size=len(first), max_size=len(first))
    )
    for level in reliability.LEVELS:
        here, there = (
            reliability.alpha(first, second, level),
            reliability.alpha(second, first, level),
        )
        assert (np.isnan(here) and np.isnan(there)) or (
            here == pytest.approx(there) and here <= 1 + 1e-12
        )


@given(values)
def test_full_agreement_is_one_or_cannot_be_told(first):
    found = reliability.alpha(first, first, "interval")
    assert np.isnan(found) if len(set(first)) == 1 else found == pytest.approx(1)


@given(st.data(), values)
def test_confusion_counts_both_ways_and_sums_to_one(draw, first):
    second = draw.draw(
        st.lists(st.sampled_from(first), min_size=len(first), max_size=len(first))
    )
    found = reliability.confusion(first, second)
    assert found.groupby("value")["probability"].sum().to_numpy() == pytest.approx(1)
    pairs = set(zip(found["value"], found["other"]))
    assert pairs == {(b, a) for a, b in pairs}
    pd.testing.assert_frame_equal(found, reliability.confusion(second, first))


# The case ----------------------------------------------------------------------------------


def test_the_second_coding_is_as_large_as_the_first_and_keeps_to_the_codes(case):
    codings = case.table("codings")
    count = codings["coder"].value_counts()
    assert count["first"] >= 100 and count["second"] >= 100
    value = case.table("cameo").set_index("cameo")["goldstein"]
    coded = codings.dropna(subset=["cameo", "goldstein"])
    assert (coded["cameo"].map(value) - coded["goldstein"]).abs().max() < 1e-9


def test_recall_is_counted_both_ways(case, both):
    found = reliability.recall(case.table("codings")).set_index("coder")
    assert (found["found"] == len(both)).all()
    assert found.loc["first", "recall"] == pytest.approx(
        len(both) / found.loc["first", "acts"]
    )


def test_a_matched_act_is_matched_once(case):
    codings = case.table("codings")
    twice = (
        codings[codings["coder"] == "second"]
        .dropna(subset="act")
        .head(1)
        .assign(id="S999")
    )
    with pytest.raises(ValueError, match="twice for the coder 'second'"):
        reliability.matched(pd.concat([codings, twice]))


def test_every_disagreement_is_listed_and_decided(case, both):
    """Dates, parties, vector, level and code of matched acts, and acts of one coder alone."""
    decided = case.table("adjudications")
    listed = set(
        zip(
            decided["first"].fillna(""),
            decided["second"].fillna(""),
            decided["variable"],
        )
    )

    def apart(column):
        one, other = both[f"{column}_first"], both[f"{column}_second"]
        return (one != other).fillna(False).astype(bool) & ~(
            one.isna() & other.isna()
        ) | (one.isna() != other.isna())

    differ = {
        "dates": apart("start") | apart("end"),
        "parties": apart("actor") | apart("target"),
        "vector": apart("vector"),
        "level": apart("level"),
        "code": apart("cameo"),
    }
    expected = {
        (a, b, variable)
        for variable, rows in differ.items()
        for a, b in zip(both.loc[rows, "id_first"], both.loc[rows, "id_second"])
    }
    codings = case.table("codings")
    alone = codings[codings["act"].isna()]
    expected |= {
        (i if c == "first" else "", i if c == "second" else "", "act")
        for i, c in zip(alone["id"], alone["coder"])
    }
    assert listed == expected
    assert decided["reason"].str.len().min() > 5


def test_the_events_follow_the_decisions(case, both):
    """Where a decision went to one coder, the row of the paper has that coder's value."""
    events = case.table("events").set_index("id")
    sides = both.set_index("id_first")
    columns = {"level": "level", "vector": "vector"}
    for row in case.table("adjudications").query("variable in @columns").itertuples():
        kept = sides.loc[row.first, f"{row.variable}_{row.kept}"]
        here = events.loc[row.first, columns[row.variable]]
        assert (pd.isna(kept) and pd.isna(here)) or kept == here, row


def test_the_doubt_of_a_case_without_a_second_coder_is_a_number(case):
    class Alone:
        def has(self, *names):
            return False

    assert reliability.doubt(Alone()) == 1.5 and set(reliability.doubt(case)) == {
        "value",
        "other",
        "probability",
    }


BAD = [
    (
        lambda: reliability.alpha([1, 2], [1, 2], "ordinal"),
        "level is 'ordinal'; allowed: 'nominal', 'interval'",
    ),
    (
        lambda: reliability.alpha([1, 2], [1]),
        "second has 1 values; allowed: as many as first, 2",
    ),
    (lambda: reliability.alpha([np.nan], [1.0], "interval"), "no unit in common"),
]


@pytest.mark.parametrize("call, message", BAD, ids=[m for _, m in BAD])
def test_arguments_without_sense_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
