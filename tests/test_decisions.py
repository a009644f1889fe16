"""The home table: contested deals, their count, the two claims that rest on it, and the chart."""

import doctest
import json
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from multivector import charts, claims, data, decisions

LASTING = ["stopped", "changed", "reversed later"]
ALL = [*LASTING, "delayed"]
method = SimpleNamespace(**claims.METHODS)
RULE = {"line": 1 / 3, "level": 0.95, "bases": True, "sure": "any"}


@pytest.fixture(scope="module")
def case():
    return data.open_case(coding="record")


@pytest.fixture(scope="module")
def deals(case):
    return case.table("decisions")


def of(*rows, partners=None):
    """Deals from (outcome, level two, who could block, who moved, sure)."""
    columns = ["outcome", "level_two", "who_could_block", "who_moved", "sure"]
    deals = pd.DataFrame(rows, columns=columns)
    names = [f"deal {place}" for place in range(len(rows))]
    return deals.assign(
        label=names,
        vector=partners or "near",
        kind="loan",
        start=pd.Timestamp("2001-02-26"),
        source="a paper",
    )


def votes_of(*rows):
    """Votes of parliament from (effect, what those at home did)."""
    votes = pd.DataFrame(rows, columns=["effect", "level_two"])
    names = [f"vote {place}" for place in range(len(rows))]
    votes = votes.assign(label=names, vector="far", source="a paper")
    return votes.assign(start=pd.Timestamp("2009-02-19"))


def counted(inside_moved, inside, outside_moved, outside):
    """Contested decisions, so many of them moved with partners far and near."""
    hits = [k < inside_moved for k in range(inside)]
    hits += [k < outside_moved for k in range(outside)]
    movers = ["court" if hit else "" for hit in hits]
    outcome = ["stopped" if hit else "went through" for hit in hits]
    partner = ["far"] * inside + ["near"] * outside
    label = [str(place) for place in range(len(hits))]
    rows = {"label": label, "partner": partner, "outcome": outcome, "movers": movers}
    return pd.DataFrame(rows)


class Fixed(claims.Look):
    """A look whose tables are given; a table that is not given is not in the case."""

    def __init__(self, case, **tables):
        super().__init__(case)
        self.tables = tables
        self.case = self

    def has(self, name):
        return name in self.tables

    def table(self, name):
        return self.tables[name]


# --- the table ----------------------------------------------------------------------------------


def test_every_deal_says_who_says_so_and_where(deals):
    assert deals["source"].str.len().gt(10).all()
    for addresses in deals["url"]:
        for address in addresses.split("; "):
            assert re.fullmatch(r"https?://[^\s;]+", address), address


def test_no_date_is_sharper_than_its_source(deals, case):
    for deal in deals.itertuples():
        assert case.span()[0] <= deal.start <= deal.end <= case.span()[1], deal.id
        first, last = deal.start, deal.end
        if deal.start_precision in ("month", "year"):
            assert first.day == 1, deal.id
        if deal.start_precision == "year":
            assert first.month == 1, deal.id
        if deal.end_precision in ("month", "year"):
            assert last.is_month_end, deal.id
        if deal.end_precision == "year":
            assert last.month == 12, deal.id


def test_there_are_deals_of_both_kinds_outside_the_bases(deals, case):
    assert len(deals) >= 8
    found = deals["level_two"].value_counts()
    assert found["moved"] >= 1 and found["tried in vain"] >= 1
    assert not deals["matter"].str.contains("Manas|Kant|air base").any()
    assert set(deals["kind"]) >= {"land", "loan", "treaty", "concession"}
    assert set(deals["vector"]) <= set(case.vectors["vector"])


def test_outcome_and_course_of_a_deal_agree(deals):
    allowed = {
        "moved": set(ALL),
        "tried in vain": {"went through"},
        "did not try": {"went through"},
        "unclear": {*ALL, "went through", "not found"},
    }
    for deal in deals.itertuples():
        assert deal.outcome in allowed[deal.level_two], deal.id
        assert (deal.who_moved == "nobody") == (deal.level_two == "did not try"), (
            deal.id
        )
        assert (deal.how == "none") == (deal.who_moved == "nobody"), deal.id


def test_a_deal_that_rests_on_two_reports_names_two(deals):
    several = deals[deals["sure"] == "two or more"]
    assert several["url"].str.contains("; ").all()
    assert several["source"].str.contains("; ").all()


def test_the_table_passes_no_verdict(deals):
    words = "proves?|refute|supports?|contradict|weak|strong"
    text = deals.select_dtypes("string").agg(" ".join, axis=1).str.lower()
    assert not text.str.contains(rf"\b(?:{words})\b").any()


def test_dates_agree_with_what_the_case_tells_elsewhere(deals, case):
    debt = deals.set_index("label").loc["Debt relief (HIPC)"]
    told = case.table("differences").set_index("id").loc["R08"]
    assert "refused by the government on 20 February 2007" in told["record"]
    assert debt["end"] == pd.Timestamp("2007-02-20")
    assert "December 2006" in told["left_open"] and debt["start"] == pd.Timestamp(
        "2006-12-01"
    )
    russian = deals.set_index("label").loc["Russian package"]
    assert "signatures on 3 February" in case.table("differences").set_index("id").loc[
        "R01", "left_open"
    ] and russian["start"] == pd.Timestamp("2009-02-03")


def test_the_search_is_told():
    package = json.loads((ROOT / "data/datapackage.json").read_text(encoding="utf-8"))
    told = next(r for r in package["resources"] if r["name"] == "decisions")
    assert "queries" in told["filter"] and "stored copies" in told["filter"]
    assert any("Looked for without" in caveat for caveat in told["caveats"])


# --- the count ----------------------------------------------------------------------------------


def test_an_unclear_deal_is_not_counted_and_a_vain_one_has_no_movers():
    rows = decisions.contested(
        of(
            ("stopped", "moved", "parliament", "parliament; street", "one"),
            ("went through", "tried in vain", "parliament", "parliament", "one"),
            ("not found", "unclear", "parliament", "street", "one"),
        )
    )
    assert rows["movers"].tolist() == ["parliament; street", ""]


def test_a_vote_on_a_base_counts_by_its_effect():
    votes = votes_of(("none", "did not try"), ("delayed", "moved"))
    rows = decisions.contested(of(), votes)
    assert rows.drop(columns=["label", "partner", "start", "source"]).to_dict(
        "list"
    ) == {
        "about": ["base", "base"],
        "outcome": ["went through", "delayed"],
        "did": ["did not try", "moved"],
        "could": ["parliament", "parliament"],
        "movers": ["", "parliament"],
    }


def test_a_voice_raised_in_vain_is_an_attempt_in_votes_as_in_deals(case, deals):
    """To try is to object in public: where a vote has a voice against, or a note tells of one."""
    rows = decisions.contested(of(), votes_of(("none", "tried in vain")))
    assert rows["did"].tolist() == ["tried in vain"] and rows["movers"].tolist() == [""]
    votes = case.table("base_votes")
    assert (votes.query("against > 0").level_two != "did not try").all()
    spoke = votes[votes.note.str.contains("spoke against")]
    assert len(spoke) and (spoke.level_two != "did not try").all()


def test_partners_and_names_come_with_the_decisions():
    deals = of(("stopped", "moved", "court", "court", "one"), partners=["near"])
    rows = decisions.contested(deals, votes_of(("none", "did not try")))
    assert rows["partner"].tolist() == ["near", "far"]
    assert rows["label"].tolist() == ["deal 0", "vote 0"]
    assert list(rows) == decisions.COLUMNS


def test_only_rows_with_two_reports_can_be_asked_for():
    rows = of(
        ("stopped", "moved", "court", "court", "one"),
        ("stopped", "moved", "court", "court", "two or more"),
    )
    assert len(decisions.contested(rows)) == 2
    assert len(decisions.contested(rows, sure="two or more")) == 1


def test_an_office_is_named_as_a_whole_word():
    rows = pd.DataFrame(
        {"outcome": ["stopped"] * 2, "movers": ["parliament; street", "court"]}
    )
    assert decisions.moved(rows, ["stopped"], "parliament").tolist() == [True, False]
    assert decisions.moved(rows, ["stopped"], "parl").tolist() == [False, False]
    assert decisions.moved(rows, ["stopped"]).tolist() == [True, True]
    assert decisions.moved(rows, ["delayed"]).tolist() == [False, False]


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.floats(0.05, 0.95))
def test_an_interval_is_that_of_scipy_and_holds_the_share(moved, line):
    found = decisions.share(moved, line)
    low, high = stats.binomtest(sum(moved), len(moved)).proportion_ci(
        0.95, method="exact"
    )
    assert (found.low, found.high) == (low, high)
    assert found.low <= found.value <= found.high
    assert found.p == stats.binomtest(sum(moved), len(moved), line).pvalue


@given(st.integers(1, 40), st.data())
def test_the_interval_is_that_of_clopper_and_pearson(n, draw):
    k = draw.draw(st.integers(0, n))
    found = decisions.share([True] * k + [False] * (n - k))
    low = stats.beta.ppf(0.025, k, n - k + 1) if k else 0.0
    high = stats.beta.ppf(0.975, k + 1, n - k) if k < n else 1.0
    assert (found.low, found.high) == pytest.approx((low, high))


@given(st.integers(1, 40), st.floats(0.05, 0.95))
def test_few_decisions_cannot_clear_a_line(n, line):
    below, above = decisions.clearing(n, line)
    for k in range(n + 1):
        found = decisions.share([True] * k + [False] * (n - k), line)
        assert (found.high < line) == (below is not None and k <= below)
        assert (found.low > line) == (above is not None and k >= above)


def test_what_clears_a_third_by_hand():
    assert decisions.clearing(20, 1 / 3) == (2, 12)
    assert decisions.clearing(3, 1 / 3) == (None, None)


@given(st.integers(1, 40), st.floats(0.05, 0.95))
def test_a_line_is_cleared_by_accident_less_often_than_the_level_allows(n, line):
    below, above = decisions.chances(n, line, line)
    assert below <= 0.025 + 1e-12 and above <= 0.025 + 1e-12


def test_chances_by_hand():
    """Of 20 coins of chance .5, 12 or more heads 263950 times in 2^20; two or fewer 211 times."""
    below, above = decisions.chances(20, 0.5, 1 / 3)
    assert (below, above) == pytest.approx((211 / 2**20, 263950 / 2**20))
    assert decisions.chances(3, 0.9, 1 / 3) == (0.0, 0.0)


@given(st.integers(1, 40), st.floats(0.05, 0.95))
def test_a_share_that_is_seen_is_seen_as_often_as_asked(n, line):
    for side, value in enumerate(decisions.share_seen(n, line)):
        if not np.isnan(value):
            assert decisions.chances(n, value, line)[side] == pytest.approx(0.8)


def test_the_examples_of_the_room_are_true():
    ran = doctest.testmod(decisions)
    assert ran.attempted >= 6 and ran.failed == 0


def test_no_decision_has_no_share():
    with pytest.raises(ValueError, match="moved is empty; allowed: one decision"):
        decisions.share([])


# --- two groups of partners ----------------------------------------------------------------------


def test_two_groups_by_hand():
    """Of the 77520 ways to choose 7 moves among 20 decisions 1716 leave out all 7 of the group; as rare are
    those with 5, 6 or 7 moves inside."""
    found = decisions.by_group(counted(0, 7, 7, 13), ["far"])
    rare = 1716 + 21 * 78 + 7 * 13 + 1
    assert (found.inside.moved, found.inside.n) == (0, 7)
    assert (found.outside.moved, found.outside.n, found.n) == (7, 13, 20)
    assert found.p == pytest.approx(rare / 77520)
    assert found.smallest_p == pytest.approx(1 / 77520)
    assert found.null == decisions.NULL


def test_three_decisions_cannot_part_two_groups():
    """With 3 inside, 11 outside and 7 moved, none or all inside are alike rare: 330 of 3432 ways each."""
    found = decisions.by_group(counted(0, 3, 7, 11), ["far"])
    assert found.p == found.smallest_p == pytest.approx(660 / 3432)


groups = st.tuples(
    st.integers(1, 12), st.integers(1, 12), st.integers(0, 12), st.integers(0, 12)
).map(lambda n: (min(n[2], n[0]), n[0], min(n[3], n[1]), n[1]))


@given(groups)
def test_groups_are_those_of_plain_counting(numbers):
    found = decisions.by_group(counted(*numbers), ["far"])
    inside_moved, inside, outside_moved, outside = numbers
    k, n = inside_moved + outside_moved, inside + outside
    chance = stats.hypergeom(n, k, inside)
    ways = range(max(0, k - outside), min(k, inside) + 1)
    each = [chance.pmf(way) for way in ways]
    seen = chance.pmf(inside_moved) * (1 + 1e-7)
    assert found.p == pytest.approx(sum(part for part in each if part <= seen))
    assert found.smallest_p == pytest.approx(
        min(sum(p for p in each if p <= one * (1 + 1e-7)) for one in each)
    )
    assert found.smallest_p <= found.p <= 1 + 1e-12


@given(groups)
def test_the_groups_may_change_places(numbers):
    rows = counted(*numbers)
    one, other = decisions.by_group(rows, ["far"]), decisions.by_group(rows, ["near"])
    assert (one.inside, one.outside) == (other.outside, other.inside)
    assert one.p == pytest.approx(other.p)


@given(groups.filter(lambda n: n[1] > 1 and n[3] > 1))
def test_one_row_left_out_or_turned_is_the_count_without_it(numbers):
    rows = counted(*numbers)
    told = decisions.one_row(rows, ["far"])
    assert told["label"].tolist() == rows["label"].tolist()
    for place, one in enumerate(told.itertuples()):
        left = decisions.by_group(rows.drop(index=place), ["far"])
        assert one.without == pytest.approx(left.p)
        turned = rows.copy()
        hit = rows["movers"][place] == ""
        turned.loc[place, "movers"] = "court" if hit else ""
        turned.loc[place, "outcome"] = "stopped" if hit else "went through"
        assert one.turned == pytest.approx(decisions.by_group(turned, ["far"]).p)


@pytest.mark.parametrize("partners", [["nowhere"], [], ["far", "near"]])
def test_a_group_needs_decisions_inside_and_outside(partners):
    with pytest.raises(ValueError, match="partners is .*; allowed: partners of some"):
        decisions.by_group(counted(0, 2, 1, 2), partners)


def test_what_counts_as_moved_can_be_narrowed():
    rows = counted(0, 2, 2, 2)
    rows.loc[2, "outcome"] = "delayed"
    assert decisions.by_group(rows, ["far"], ["stopped"]).outside.moved == 1


def test_great_powers_are_a_column_of_the_case(case):
    vectors = case.vectors.set_index("vector")["great_power"]
    assert case.great_powers == tuple(vectors.index[vectors])
    assert set(case.poles) <= set(case.great_powers) < set(vectors.index)


def test_the_finding_from_the_files(case, deals):
    """By plain loops over the two tables, without the functions under test."""
    great, rest = [], []
    for deal in deals.itertuples():
        if deal.level_two != "unclear":
            group = great if deal.vector in case.great_powers else rest
            group.append(deal.level_two == "moved")
    for vote in case.table("base_votes").itertuples():
        group = great if vote.vector in case.great_powers else rest
        group.append(vote.effect != "none")
    rows = decisions.contested(deals, case.table("base_votes"))
    found = decisions.by_group(rows, case.great_powers)
    assert (found.inside.moved, found.inside.n) == (sum(great), len(great))
    assert (found.outside.moved, found.outside.n) == (sum(rest), len(rest))


# --- the claims ---------------------------------------------------------------------------------


def test_the_count_by_hand(case, deals):
    """From the files, without the functions under test."""
    votes = case.table("base_votes")
    known = deals[deals["level_two"].isin(["moved", "tried in vain", "did not try"])]
    moved = sum(deal.level_two == "moved" for deal in known.itertuples())
    bound = sum(effect != "none" for effect in votes["effect"])
    ours = [d for d in known.itertuples() if "parliament" in d.who_could_block]
    by_parliament = sum(
        d.level_two == "moved"
        and "parliament" in d.who_moved
        and d.outcome != "delayed"
        for d in ours
    )
    rules = data.latest_versions(case.table("rules")).set_index("id")
    found = {
        name: claims.METHODS[rules.loc[name, "method"]](
            claims.Look(case), **rules.loc[name, "parameters"]
        )
        for name in ("C02", "C12")
    }
    n = len(known) + len(votes)
    assert found["C02"].n == n
    assert found["C02"].statistic == pytest.approx((moved + bound) / n)
    n = len(ours) + len(votes)
    assert found["C12"].n == n
    assert found["C12"].statistic == pytest.approx(by_parliament / n)


def moved_and_not(k, n, outcome="stopped"):
    return of(
        *[(outcome, "moved", "parliament", "parliament", "one")] * k,
        *[("went through", "did not try", "parliament", "nobody", "one")] * (n - k),
    )


@pytest.mark.parametrize(
    ("k", "n", "at_home", "by_office"),
    [
        # 12 of 20: .3605 to .8088, above a third; 2 of 20: .0123 to .3170, below; 7 of 20: .1539 to .5922
        (12, 20, "supported", "against"),
        (2, 20, "against", "supported"),
        (7, 20, "mixed", "mixed"),
        # three deals can show nothing, whatever came of them
        (3, 3, "mixed", "mixed"),
        (0, 3, "mixed", "mixed"),
    ],
)
def test_the_rules_fall_both_ways(case, k, n, at_home, by_office):
    look = Fixed(case, decisions=moved_and_not(k, n))
    options = {**RULE, "bases": False, "outcomes": ALL}
    found = method.moved_at_home(look, **options)
    assert found.outcome == at_home and found.n == n
    assert found.statistic == pytest.approx(k / n)
    found = method.moved_by_office(look, office="parliament", **options)
    assert found.outcome == by_office


def test_a_delay_counts_for_home_and_not_for_parliament(case):
    look = Fixed(case, decisions=moved_and_not(12, 20, "delayed"))
    options = {**RULE, "bases": False}
    assert method.moved_at_home(look, outcomes=ALL, **options).statistic == 0.6
    found = method.moved_by_office(
        look, office="parliament", outcomes=LASTING, **options
    )
    assert found.statistic == 0 and found.outcome == "supported"


def test_parliament_is_judged_only_where_it_had_a_say(case):
    deals = of(
        ("stopped", "moved", "court", "court", "one"),
        ("stopped", "moved", "parliament; court", "parliament", "one"),
    )
    look = Fixed(case, decisions=deals)
    options = {**RULE, "bases": False, "outcomes": LASTING}
    found = method.moved_by_office(look, office="parliament", **options)
    assert (found.n, found.statistic) == (1, 1.0)
    assert method.moved_at_home(look, **options).n == 2


@pytest.mark.parametrize("bases", [True, False])
@pytest.mark.parametrize(
    "tables", [{}, {"decisions": of()}], ids=["no table", "an empty one"]
)
def test_without_deals_nothing_is_decided(case, tables, bases):
    votes = pd.DataFrame({"effect": ["none"] * 6})
    look = Fixed(case, base_votes=votes, **tables)
    options = {**RULE, "bases": bases, "outcomes": ALL}
    for found in (
        method.moved_at_home(look, **options),
        method.moved_by_office(look, office="parliament", **options),
    ):
        assert found.outcome == "not testable" and np.isnan(found.statistic)
        assert "list of contested decisions" in found.reading


def test_both_claims_have_a_new_version_with_a_reason(case):
    rows = case.table("claims").query("id in ['C02', 'C12']")
    for _, versions in rows.groupby("id"):
        old, new = versions.sort_values("version").itertuples()
        assert (old.version, new.version) == (1, 2)
        assert "in sight" in new.reason and old.operational != new.operational


# --- the chart ----------------------------------------------------------------------------------


SAID = {"moved": "moved", "tried in vain": "in vain", "did not try": "nobody"}


@pytest.fixture(scope="module")
def rows(deals, case):
    return decisions.contested(deals, case.table("base_votes"))


@pytest.fixture(scope="module")
def groups(case):
    great = set(case.great_powers)
    return {"Great": great, "Rest": set(case.vectors["vector"]) - great}


@pytest.fixture(scope="module")
def spec(rows, groups, case):
    return charts.powers.contested(rows, groups, SAID, case.span()).to_dict()


def drawn(spec):
    rows = next(rows for rows in spec["datasets"].values() if rows and "did" in rows[0])
    return pd.DataFrame(rows).set_index("label")


def test_every_decision_is_drawn_as_it_was_counted(spec, rows, groups):
    marks = drawn(spec)
    assert set(marks.index) == set(rows["label"])
    for row in rows.itertuples():
        mark = marks.loc[row.label]
        assert mark["did"] == row.did and mark["outcome"] == row.outcome
        assert mark["ms"] == int(row.start.timestamp() * 1000)
        assert row.partner in groups[mark["group"]]
    assert len(json.dumps(spec)) < 40_000


def test_lanes_are_in_order_of_time_under_the_name_of_their_group(spec):
    scale = spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
    marks = drawn(spec)
    second = scale.index("Rest")
    assert scale[0] == "Great" and len(scale) == len(marks) + 2
    for name, lanes in (("Great", scale[1:second]), ("Rest", scale[second + 1 :])):
        assert set(marks["group"][lanes]) == {name}
        assert marks["ms"][lanes].is_monotonic_increasing


def test_the_legend_speaks_in_the_words_of_the_page(spec):
    marks = spec["layer"][0]["encoding"]
    for channel in ("color", "shape"):
        said = marks[channel]["legend"]["labelExpr"]
        assert all(f"{json.dumps(word)}" in said for word in SAID.values())
        assert marks[channel]["scale"]["domain"] == list(charts.powers.DID)


def test_dates_in_words_are_no_sharper_than_known(deals):
    told = charts.powers.deals(deals).set_index("id")
    assert told.loc["D01", ["signed", "until"]].tolist() == ["Dec 1992", "Dec 1993"]
    assert told.loc["D02", ["signed", "until"]].tolist() == ["1996", "26 Feb 2003"]
    assert told.loc["D04", ["signed", "until"]].tolist() == [
        "27 Sep 2000",
        "no date was found",
    ]


def test_names_fit_a_narrow_screen(spec):
    """A name runs to the right in the first half and to the left in the second: 23 letters fit either way."""
    rows = drawn(spec)
    assert rows.index.str.len().max() <= 23
    middle = (
        rows["ms"].where(~rows["late"]).max(),
        rows["ms"].where(rows["late"]).min(),
    )
    assert middle[0] <= middle[1]


def test_what_has_no_colour_or_no_group_is_refused(rows, groups, case):
    with pytest.raises(ValueError, match="did is 'perhaps'; allowed: 'moved'"):
        charts.powers.contested(rows.assign(did="perhaps"), groups, SAID, case.span())
    with pytest.raises(ValueError, match="partner is 'Mars'; allowed: "):
        charts.powers.contested(rows.assign(partner="Mars"), groups, SAID, case.span())
