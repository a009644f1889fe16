"""Outside sources: agreement, gap, steps and attendance."""

import pandas as pd
import pytest

from multivector import alignment, data

VOTES = pd.DataFrame({"year": [2000, 2000, 2000, 2001, 2001], "AAA": [1, 2, 8, 8, 9], "BBB": [3, 1, 1, 1, 1], "CCC": [1, 2, 3, 1, 2]})


@pytest.fixture(scope="module")
def case():
    return data.open_case()


def test_agreement_counts_only_votes_that_both_cast():
    found = alignment.agreement(VOTES, "AAA", "BBB").set_index("year")
    assert found.loc[2000, "agreement"] == pytest.approx((0 + 0.5) / 2) and found.loc[2000, "n"] == 2
    assert pd.isna(found.loc[2001, "agreement"]) and found.loc[2001, "n"] == 0


def test_agreement_is_symmetric_and_whole_with_oneself(case):
    votes = case.table("un_votes")
    pd.testing.assert_frame_equal(alignment.agreement(votes, "KGZ", "RUS"), alignment.agreement(votes, "RUS", "KGZ"))
    assert (alignment.agreement(votes, "RUS", "RUS")["agreement"].dropna() == 1).all()


def test_years_without_a_vote_stay_a_hole(case):
    found = alignment.agreement(case.table("un_votes"), case.state, "RUS").set_index("year")
    assert found.loc[[1999, 2001], "agreement"].isna().all() and (found.loc[[1999, 2001], "n"] == 0).all()
    assert found.loc[1992, "n"] == 15  # a thin year is kept


def test_the_gap_is_the_difference_of_two_agreements():
    found = alignment.gap(VOTES, "AAA", "CCC", "BBB").set_index("year")
    assert found.loc[2000, "gap"] == pytest.approx(1.0 - 0.25) and pd.isna(found.loc[2001, "gap"])


def test_the_net_gap_takes_the_mean_of_the_peers_away(case):
    votes = case.table("un_votes")
    found = alignment.gap_net_of_peers(votes, case.state, "RUS", "USA", ["KAZ", "ARM"]).set_index("year")
    peers = [alignment.gap(votes, p, "RUS", "USA").set_index("year")["gap"] for p in ("KAZ", "ARM")]
    assert found.loc[2005, "net"] == pytest.approx(found.loc[2005, "gap"] - (peers[0][2005] + peers[1][2005]) / 2)


def test_a_step_over_a_hole_stands_after_the_hole(case):
    gap = alignment.gap(case.table("un_votes"), case.state, "RUS", "USA")
    steps = alignment.steps(gap[gap["year"] <= 2010], "gap").set_index("year")
    assert len(steps) == 16 and steps.loc[2002, "since"] == 2000 and 2001 not in steps.index


def test_attendance_leaves_out_years_before_membership():
    found = alignment.attendance(VOTES.assign(AAA=[9, 9, 9, 1, 8]), "AAA")
    assert found.to_dict("records") == [{"year": 2001, "cast": 1, "calls": 2, "share": 0.5}]


def test_every_partner_comes_in_the_common_shape(case):
    found = alignment.un_agreement(case.table("un_votes"), case.state, {"Russia": "RUS", "China": "CHN"}, case.cite("un_votes"))
    assert list(found.columns) == ["year", "vector", "value", "n", "source"] and set(found["vector"]) == {"Russia", "China"}


@pytest.mark.parametrize("call, message", [
    (lambda: alignment.agreement(VOTES, "AAA", "ZZZ"), "state is 'ZZZ'; allowed: a column of votes \\(AAA, BBB, CCC\\)"),
    (lambda: alignment.agreement(VOTES.drop(columns="year"), "AAA", "BBB"), "lacks the column 'year'"),
    (lambda: alignment.gap_net_of_peers(VOTES, "AAA", "BBB", "CCC", []), "peers is empty"),
])
def test_arguments_without_sense_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
