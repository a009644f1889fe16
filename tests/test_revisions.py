"""Revisions of the coding: each can be undone, and like is coded alike."""

import hashlib

import pandas as pd
import pytest

from multivector import claims, data, engagement

#: Checksum of ``events.csv`` as it was sealed before any revision.
BEFORE = "97ad00c3235b571d030fc222a573122ef564d527afc7334b7a341d391d9348bd"


@pytest.fixture(scope="module")
def case():
    return data.open_case()


@pytest.fixture(scope="module")
def before(case):
    return case.undone()


def rows(opened):
    """The events of a case, a text for each."""
    return [tuple(map(str, row)) for row in opened.table("events").to_numpy()]


def changed(one, other):
    """Ids of the events that differ between two cases."""
    return {row[0] for row in set(rows(one)) ^ set(rows(other))}


# --- undoing --------------------------------------------------------------------------------


def test_undoing_all_gives_the_events_as_they_stood(before):
    events = before.table("events")
    assert len(events) == 191 and events["id"].iloc[-1] == "E191"
    events["dyadic"] = events["dyadic"].map({True: "true", False: "false"})
    text = events.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
    assert hashlib.sha256(text.encode()).hexdigest() == BEFORE
    assert len(before.acts) == 153
    assert len(before.following("paper").acts) == 142


def test_undoing_one_changes_its_own_rows_alone(case):
    old = case.table("revised_acts")
    for revision in case.table("revisions")["id"]:
        own = set(old.loc[old["revision"] == revision, "id"])
        assert own and changed(case, case.undone(revision)) == own


def test_the_order_of_undoing_does_not_matter(case, before):
    names = list(case.table("revisions")["id"])
    assert rows(case.undone(*names)) == rows(before)
    assert rows(case.undone(*reversed(names))) == rows(before)


def test_a_case_is_undone_in_its_own_version(case):
    paper = case.following("paper")
    for revision in case.table("revisions")["id"]:
        assert paper.undone(revision).coding == "paper"
        assert case.undone(revision).coding == "record"


def test_an_unknown_revision_is_named(case):
    with pytest.raises(ValueError, match="revision is 'A99'; allowed: A01, A02"):
        case.undone("A01", "A99")


def test_a_row_added_leaves_nothing_but_its_id(case):
    old = case.table("revised_acts").set_index("id")
    added = old[old["added"]].drop(columns=["revision", "added"])
    assert len(added) and added.isna().all(axis=None)
    kept = old[~old["added"]]
    assert (
        kept[["start", "end", "actor", "description", "source"]].notna().all(axis=None)
    )


def test_what_two_coders_wrote_is_not_revised(case, before):
    """A revision touches the events; the codings before the comparison are a record of their own."""
    for name in ("codings", "adjudications"):
        pd.testing.assert_frame_equal(case.table(name), before.table(name))
    assert not set(case.table("codings")["act"].dropna()) - {
        row[0] for row in rows(before)
    }


def test_a_departure_from_a_decision_is_said(case):
    """Where a revision changes the code of an act on which a decision had been made, its reason names the decision."""
    old, decisions = case.table("revised_acts"), case.table("adjudications")
    now = case.table("events").set_index("id")
    codes = decisions[decisions["variable"] == "code"].set_index("first")["id"]
    reasons = case.table("revisions").set_index("id")["reason"]
    for row in old[~old["added"] & old["id"].isin(codes.index)].itertuples():
        if str(now.loc[row.id, "cameo"]) != str(row.cameo):
            first = int(codes[row.id][1:])
            named = {
                number
                for low, high in spans(reasons[row.revision])
                for number in range(low, high + 1)
            }
            assert first in named, f"{row.revision} does not name {codes[row.id]}"


def spans(text):
    """Numbers of decisions that a text names: D054, or D071 to D074."""
    words = text.replace(",", " ").split()
    for i, word in enumerate(words):
        if word.startswith("D") and word[1:].isdigit():
            to = words[i + 2] if words[i + 1 : i + 2] == ["to"] else word
            yield int(word[1:]), int(to[1:])


# --- like is coded alike ----------------------------------------------------------------------


def test_both_bases_have_agreement_and_opening_on_both_sides(case):
    def shape(matter, vector):
        acts = case.acts[
            (case.acts["alternative"] == matter) & (case.acts["vector"] == vector)
        ]
        return sorted(zip(acts["direction"], acts["cameo"], acts["goldstein"]))

    assert shape("manas", case.poles[1]) == shape("kant", case.poles[0])
    assert len(shape("kant", case.poles[0])) == 4


def test_before_the_revision_they_had_not(before):
    value = before.acts.groupby("alternative")["goldstein"].sum()
    assert value["kant"] == pytest.approx(30.8)
    assert value["manas"] == pytest.approx(14.8)


def test_no_act_toward_a_third_party_has_a_vector(case):
    """A dyadic act joins the state and a party with a vector; armed groups and rivals at home have none."""
    kind = case.actors.set_index("actor")["kind"]
    for opened in (case, case.following("paper")):
        dyadic = opened.acts[opened.acts["dyadic"]]
        ends = dyadic[["actor", "target"]]
        assert (ends == case.state).sum(axis=1).eq(1).all()
        assert not ends.isin(kind.index[kind.isin(["armed group", "home"])]).any(
            axis=None
        )
    fought = case.acts.set_index("id").loc["E079"]
    assert fought["target"] == "IMU" and not fought["dyadic"]


def test_declared_lines_are_context_in_both_versions(case):
    lines = ["E012", "E100", *(f"E10{n}" for n in range(1, 8)), "E124", "E188"]
    for opened in (case, case.following("paper")):
        acts = opened.acts.set_index("id").loc[lines]
        assert not acts["dyadic"].any() and acts["goldstein"].isna().all()


def test_no_act_of_a_deal_is_wider_than_its_payments(case):
    """What the table of payments dates to a few days is not a month wide among the acts of the record."""
    payments = case.table("payments").query("counted and kind == 'rent'")
    signed = payments[(payments["end"] - payments["start"]).dt.days < 31]
    agreements = case.acts[
        (case.acts["cameo"] == "057") & (case.acts["vector"] == case.poles[1])
    ]
    for deal in signed[signed["start"] <= case.span()[1]].itertuples():
        near = agreements[
            (agreements["start"] <= deal.end) & (agreements["end"] >= deal.start)
        ]
        if "2010" in deal.deal:  # after the last act that is coded
            continue
        assert len(near) == 2, f"{deal.id}: one act a side"
        assert (near["end"] - near["start"]).max() <= deal.end - deal.start


def test_every_vote_that_is_an_act_has_its_day(case):
    votes = case.table("base_votes")
    days = set(votes.loc[votes["start"] == votes["end"], "start"])
    told = case.acts[case.acts["office"] == "parliament"]
    assert len(told) and (told["start"] == told["end"]).all()
    assert set(told["start"]) <= days


# --- what hangs on it --------------------------------------------------------------------------


def test_the_unrevised_record_is_a_choice_of_the_coding(case, before):
    look = claims.Look(case)
    assert rows(look.coded("unrevised")) == rows(before)
    assert look.coded("unrevised").coding == "record"
    paper = claims.Look(case.following("paper"))
    assert paper.coded("unrevised").coding == "record"


def test_the_first_of_several_acts_counts(case):
    look = claims.Look(case)
    assert look.first_dated(["E119", "E213"]) == look.dated(["E213"])
    assert look.first_dated(["E213", "E119"]) == look.dated(["E213"])
    assert look.first_dated(["E118"]) is None


def test_a_softening_before_the_visit_speaks_against_it(case, before):
    """One version of C31 counts a spokesman's word before the visit; the next, acts of who sets terms."""

    def judged(opened):
        told = claims.history(opened, only=["C31"], chances=False)
        return told.set_index("version")["verdict"].loc[2:4].to_list()

    only = "illustrated only"
    assert judged(case) == [only, "contradicted", only]
    assert judged(before) == [only, only, only]


def acts(*given):
    return pd.DataFrame(given, columns=["date", "vector", "goldstein"]).assign(
        date=lambda e: pd.to_datetime(e["date"])
    )


def test_the_headline_of_a_few_acts():
    """Two acts, a half-life apart, one toward each pole: one vector at first, two when both weigh alike."""
    told = acts(("2000-01-01", "B", 8.0), ("2001-12-31", "A", 4.0))
    days = pd.to_datetime(["2000-06-30", "2001-12-31", "2002-12-31"])
    found = engagement.headline(told, days, ("A", "B"), days[-1:], "2001-12-30")
    assert found.most == pytest.approx(2.0) and found.most_at == days[1]
    assert found.least == pytest.approx(1.0) and found.least_at == days[0]
    assert found.leaning == 1.0 and found.tilt.iloc[0] == pytest.approx(0)


def test_a_headline_without_early_acts_says_so():
    told = acts(("2000-01-01", "A", 8.0), ("2000-01-01", "B", 8.0))
    day = pd.to_datetime(["2001-01-01"])
    with pytest.raises(ValueError, match="at has no date"):
        engagement.headline(told, day, ("A", "B"), day, "1999-12-31")
