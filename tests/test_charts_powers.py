"""Who decides: the tables of ministers, powers and votes, and the charts that draw them."""

import json
import re

import pandas as pd
import pytest

from multivector import alignment, charts, data

TABLES = "ministers", "powers", "base_votes"


@pytest.fixture(scope="module")
def case():
    return data.open_case()


@pytest.fixture(scope="module")
def names(case):
    return case.actors.query("region").set_index("actor")["name"].to_dict()


@pytest.fixture(scope="module")
def scores(case):
    measures = {series.id: series for series in alignment.state_series(case)}
    return [measures[name] for name in ("constraint", "polity", "separation")]


@pytest.fixture(scope="module")
def letter(case, names, scores):
    return charts.powers.scores_over_powers(
        scores, case.table("powers"), "main directions", names, case.span()
    ).to_dict()


@pytest.fixture(scope="module")
def leaders(case):
    return case.leaders.assign(source=case.cite("leaders"))


@pytest.fixture(scope="module")
def tenures(case, names, leaders):
    changes = pd.DataFrame({"leaders": {"KGZ": 2}, "ministers": {"KGZ": 7.0}})
    return charts.powers.leaders_over_ministers(
        leaders, case.table("ministers"), names, changes, case.span()
    ).to_dict()


def rows_with(spec, *fields, only=False):
    """The first data of a chart whose rows have these fields, or these and no others."""
    for rows in spec["datasets"].values():
        if rows and (
            set(rows[0]) == set(fields) if only else set(fields) <= set(rows[0])
        ):
            return rows
    raise AssertionError(f"no data with {fields}")


def stamp(day):
    return int(pd.Timestamp(day).timestamp() * 1000)


# --- the tables -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_who_says_so_and_where(case, name):
    table = case.table(name)
    assert table["source"].str.len().gt(5).all()
    for addresses in table["url"]:
        assert all(
            re.fullmatch(r"https?://[^\s;]+", address)
            for address in addresses.split("; ")
        ), addresses
    assert (table["start"] <= table["end"]).all()


def test_what_is_not_known_of_a_minister_is_as_wide_as_the_precision_says(case):
    ministers = case.table("ministers")
    for first, last, precision in (
        ("start", "start_latest", "start_precision"),
        ("end_earliest", "end", "end_precision"),
    ):
        for row in ministers.itertuples():
            one, other, known = (
                getattr(row, first),
                getattr(row, last),
                getattr(row, precision),
            )
            assert one <= other, row.id
            if known == "day":
                assert one == other, row.id
            if known == "month":
                assert (one.year, one.month) == (other.year, other.month), row.id
            if known == "year":
                assert one.year == other.year, row.id


def test_ministers_of_one_state_follow_one_another_within_their_doubt(case):
    for iso3, own in case.table("ministers").groupby("iso3"):
        own = own.sort_values("start")
        pairs = list(zip(own.itertuples(), own.iloc[1:].itertuples()))
        # A hand-over on one day must be possible: nobody's sure days reach into the successor's.
        assert all(
            before.end_earliest <= after.start_latest for before, after in pairs
        ), iso3
        assert all(before.minister != after.minister for before, after in pairs), iso3
        # And nobody is missing for longer than a year between two.
        assert all((after.start - before.end).days < 366 for before, after in pairs), (
            iso3
        )


def test_the_ministers_of_the_state_cover_the_study(case):
    own = case.table("ministers").query("iso3 == @case.state")
    assert own["start"].min() <= case.span()[0] and own["end"].max() >= case.span()[1]
    assert own["acting"].sum() == 1


def test_versions_of_the_constitution_do_not_overlap(case):
    powers = case.table("powers")
    versions = (
        powers.groupby("constitution")
        .agg(
            starts=("start", "nunique"),
            ends=("end", "nunique"),
            start=("start", "first"),
            end=("end", "first"),
        )
        .sort_values("start")
    )
    assert (versions["starts"] == 1).all() and (versions["ends"] == 1).all()
    assert (
        versions["start"].iloc[1:].to_numpy() > versions["end"].iloc[:-1].to_numpy()
    ).all()
    assert not powers.duplicated(["constitution", "power"]).any()
    assert set(powers["holder"]) <= set(charts.powers.HOLDERS)


def test_votes_agree_with_what_the_case_tells_elsewhere(case):
    votes = case.table("base_votes").set_index("start")
    ratified = votes.loc["2009-06-25"]
    told = case.table("differences").set_index("id").loc["R02", "record"]
    assert (ratified["for"], ratified["against"], ratified["abstaining"]) == (
        75,
        0,
        5,
    ) and "75 to none, 5 abstaining" in told
    closed = case.table("events").query("office == 'parliament' and dyadic")
    assert (
        set(closed["start"]) == {pd.Timestamp("2009-02-19")}
        and votes.loc["2009-02-19", "outcome"] == "denounced"
    )
    assert votes["end"].max() <= case.span()[1] and set(votes["vector"]) <= set(
        case.vectors["vector"]
    )


def test_a_count_of_votes_is_whole_or_missing(case):
    counts = case.table("base_votes")[["for", "against", "abstaining"]]
    assert counts.isna().all(axis=1).eq(counts.isna().any(axis=1)).all()
    # The chamber of 2007 to 2010 had ninety seats.
    assert counts.dropna().sum(axis=1).between(46, 90).all()


# --- scores over powers -----------------------------------------------------------------------------------


def test_scores_drawn_are_those_of_the_table(case, letter, names):
    drawn = pd.DataFrame(rows_with(letter, "series", "year", "value"))
    drawn = (
        drawn[drawn["series"].str.startswith("Constraint")]
        .dropna(subset="value")
        .set_index(["state", "year"])["value"]
    )
    told = (
        case.table("regime_scores")
        .query("variable == 'xconst' and source == 'Polity5'")
        .assign(state=lambda t: t["iso3"].map(names))
        .set_index(["state", "year"])["value"]
    )
    told = told[told.index.get_level_values("year") >= case.span()[0].year]
    assert drawn.to_dict() == told.to_dict()
    assert drawn.between(1, 7).all(), "a special code of the source is no score"


def test_a_year_without_a_score_is_a_hole(case, letter):
    holes = rows_with(letter, "series", "year", only=True)
    assert {row["year"] for row in holes if row["series"].startswith("Constraint")} == {
        2010
    }


def test_powers_drawn_are_those_of_the_table(case, letter):
    drawn = rows_with(letter, "power", "holder", "from_ms")
    told = case.table("powers").query("power == 'main directions'")
    assert [(r["power"], r["holder"], r["from_ms"]) for r in drawn] == [
        (r.power, r.holder, stamp(r.start)) for r in told.itertuples()
    ]
    assert all(r["source"] and r["wording"] for r in drawn)
    assert len(json.dumps(letter)) < 100_000


def test_the_hover_tells_the_powers_in_force(case, letter):
    powers = case.table("powers")
    told = {row["year"]: row["powers"] for row in rows_with(letter, "year", "powers")}
    assert (
        told[1992] == "none was read"
        and "main directions: parliament" in told[1994]
        and "main directions: president" in told[2000]
    )
    assert all(
        told[year] == charts.powers.powers_in_force(powers, f"{year}-07-01")
        for year in told
    )
    assert set(told) == set(range(case.span()[0].year, case.span()[1].year + 1))


def test_score_and_neighbour_can_be_chosen(letter, names, scores):
    bound = {
        param["name"]: param["bind"]["options"]
        for param in letter["params"]
        if "bind" in param
    }
    assert bound == {
        "measure": [series.label for series in scores],
        "beside": list(names.values())[1:],
    }


def test_ends_of_a_scale_can_be_worded(case, names, scores):
    spec = charts.powers.scores_over_powers(
        scores,
        case.table("powers"),
        "impeachment",
        names,
        case.span(),
        {"constraint": "1 free to 7 bound"},
    ).to_dict()
    texts = [row["text"] for row in rows_with(spec, "series", "text")]
    assert texts[0].endswith("|1 free to 7 bound") and texts[1].endswith(
        f"|{scores[1].unit}"
    )
    assert {row["power"] for row in rows_with(spec, "holder", "from_ms")} == {
        "impeachment"
    }


def test_a_score_is_drawn_on_its_own_scale_and_ends_at_a_hole(case, names, scores):
    limits = {"constraint": (1, 7), "separation": (1, 10)}
    powers, power = case.table("powers"), "main directions"
    spec = charts.powers.scores_over_powers(
        scores, powers, power, names, case.span(), limits=limits
    ).to_dict()
    lines = [
        layer
        for layer in spec["vconcat"][0]["layer"]
        if layer["mark"]["type"] == "line"
    ]
    assert len(lines) == len(names)
    for line in lines:
        scale = line["encoding"]["y"]["scale"]["domain"]["expr"]
        ends = json.loads(scale.removesuffix("[measure]"))
        assert ends[scores[0].label] == [1, 7] and ends[scores[2].label] == [1, 10]
        assert ends[scores[1].label] != [0, 10], "what occurs, where no limit is given"
    rows = [
        row
        for row in rows_with(spec, "series", "state", "value")
        if row["series"] == scores[2].label and row["state"] == case.name
    ]
    first, last = (day.year for day in case.span())
    assert [row["year"] for row in rows] == list(range(first, last + 1))
    told = [row["value"] is not None for row in rows]
    assert any(told) and not any(a and b for a, b in zip(told, told[1:]))


def test_years_before_the_count_are_shaded(case, names, leaders):
    changes = pd.DataFrame({"leaders": {"KGZ": 2, "TJK": 1}, "ministers": {"KGZ": 7.0}})
    spec = charts.powers.leaders_over_ministers(
        leaders, case.table("ministers"), names, changes, case.span(), "1995-01-01"
    ).to_dict()
    shaded = rows_with(spec, "from_ms", "to_ms", only=True)
    assert shaded == [{"from_ms": stamp(case.span()[0]), "to_ms": stamp("1995-01-01")}]
    brief = {row["state"]: row["brief"] for row in rows_with(spec, "state", "brief")}
    assert brief[case.name] == f"{case.name}: leader 2, minister 7"
    assert brief[names["TJK"]].endswith("leader 1, minister not found")


def test_every_version_of_the_constitution_has_its_bar(case, letter):
    """Versions of which the power was not read are drawn too: their lane is empty."""
    bars = next(
        rows
        for rows in letter["datasets"].values()
        if "constitution" in rows[0] and "holder" not in rows[0] and "middle" in rows[0]
    )
    told = case.table("powers")["constitution"].drop_duplicates()
    assert [row["constitution"] for row in bars] == told.tolist()


def test_what_cannot_be_drawn_is_refused(case, names, scores):
    powers, power = case.table("powers"), "main directions"
    with pytest.raises(ValueError, match="series is empty"):
        charts.powers.scores_over_powers([], powers, power, names, case.span())
    with pytest.raises(ValueError, match="power is 'war'; allowed: "):
        charts.powers.scores_over_powers(scores, powers, "war", names, case.span())
    with pytest.raises(ValueError, match="holder is 'army'; allowed: 'president'"):
        charts.powers.scores_over_powers(
            scores, powers.assign(holder="army"), power, names, case.span()
        )


# --- leaders over ministers -------------------------------------------------------------------------------


def test_ministers_drawn_are_those_of_the_table(case, tenures):
    drawn = rows_with(tenures, "minister", "sure_from")
    told = case.table("ministers")
    assert [
        (r["minister"], r["from_ms"], r["to_ms"], r["sure_from"], r["sure_to"])
        for r in drawn
    ] == [
        (
            r.minister,
            stamp(r.start),
            stamp(r.end),
            stamp(r.start_latest),
            stamp(r.end_earliest),
        )
        for r in told.itertuples()
    ]
    assert {r["minister"] for r in drawn if r["acting"] == "yes"} == {"Roza Otunbaeva"}


def test_leaders_drawn_are_those_of_the_table(leaders, names, tenures):
    drawn = {
        (r["leader"], r["from_ms"], r["to_ms"])
        for r in rows_with(tenures, "leader", "exit_code")
    }
    assert drawn == {
        (r.leader, stamp(r.start), stamp(r.end))
        for r in leaders[leaders["iso3"].isin(list(names))].itertuples()
    }


def test_years_without_a_known_minister_are_holes(case, tenures, names):
    holes = {
        r["state"]: (r["from_ms"], r["to_ms"])
        for r in rows_with(tenures, "state", "why")
    }
    first, last = map(stamp, case.span())
    assert holes[names["TJK"]] == (first, last)
    assert holes[case.name] == (first, first)
    assert holes[names["UZB"]] == (first, stamp("1993-02-01"))


def test_the_name_of_a_state_tells_how_often_its_offices_changed_hands(tenures, names):
    told = [row["words"] for row in rows_with(tenures, "state", "words")]
    assert told[0] == (f"{names['KGZ']}: leader changed 2 times, foreign minister 7")
    assert len(told) == len(names) and told[1].endswith("minister not found")


def test_a_leader_is_named_within_what_the_axis_shows(case, tenures):
    first, last = map(stamp, case.span())
    for row in rows_with(tenures, "leader", "shown_from"):
        assert row["shown_from"] == max(first, row["from_ms"])
        assert row["shown_to"] == min(last, row["to_ms"])


def test_days_out_of_order_are_refused(case, leaders, names):
    ministers = case.table("ministers").assign(
        start_latest=lambda m: m["start"] - pd.Timedelta(days=1)
    )
    with pytest.raises(ValueError, match="days out of order"):
        charts.powers.leaders_over_ministers(
            leaders, ministers, names, pd.DataFrame(), case.span()
        )


# --- votes ------------------------------------------------------------------------------------------------


def test_decisions_in_words_are_no_sharper_than_known(case):
    shown = charts.powers.decisions(case.table("base_votes")).set_index("id")
    assert (
        shown.loc["V01", "when"] == "6 Dec to 11 Dec 2001"
        and shown.loc["V01", "count"] == "no count was found"
    )
    assert shown.loc["V02", "when"] == "Jan 2002"
    assert (
        shown.loc["V04", "when"] == "19 Feb 2009"
        and shown.loc["V04", "count"] == "78 for, 1 against, 2 abstaining"
    )
