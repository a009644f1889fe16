"""Acts, their codings, and the story that is told with them."""

from collections.abc import Iterator

import pandas as pd

from .checking import Tables, Words, check, found, marked, state_of, strangers
from .problems import Problem
from .values import nearest

# --- acts and their codings ------------------------------------------------------------------


@check("events", "cameo.cameo cameo.goldstein")
def _codes(tables: Tables) -> Iterator[Problem]:
    events = tables["events"]
    yield from _other_value(tables, "events")
    bad = events[marked(events["dyadic"]) & events["goldstein"].isna()]
    wrong = "an act between the state and an outside party has no value"
    remedy = "Code it, or mark it as context (dyadic false)"
    yield from found("events", bad, "goldstein", wrong, remedy)
    if "weight" in events and events["weight"].dtype.kind in "fi":
        within = marked((events["weight"] > 0) & (events["weight"] <= 1))
        remedy = "Give a weight above 0 and at most 1"
        yield from found("events", events[~within], "weight", "outside (0, 1]", remedy)


@check("codings", "cameo.cameo cameo.goldstein")
def _codes_of_coders(tables: Tables) -> Iterator[Problem]:
    yield from _other_value(tables, "codings")


def _by(tables: Tables, name: str, key: str) -> pd.DataFrame:
    """A table by one of its columns; of rows that share a key the first."""
    return tables[name].drop_duplicates(key).set_index(key)


def _other_value(tables: Tables, name: str) -> Iterator[Problem]:
    """The value of an act is that of its code."""
    rows, values = tables[name], _by(tables, "cameo", "cameo")["goldstein"]
    code, given = rows["cameo"], rows["goldstein"]
    value = code.map(values)
    zero = ("0" + code).map(values) == given
    lost = (" (or is it 0" + code + ", whose leading zero was lost?)").where(zero, "")
    bad = rows[given.notna() & value.notna() & ((given - value).abs() > 1e-9)]
    wrong: Words = "contradicts code " + code
    remedy: Words = "The code's value is " + value.map(str) + lost
    yield from found(name, bad, "goldstein", wrong, remedy)
    wrong, remedy = "a value without a code", "Name the CAMEO code"
    yield from found(name, rows[given.notna() & code.isna()], "cameo", wrong, remedy)


@check(
    "events",
    "actors.actor actors.kind actors.vector splits.actor splits.vector splits.share",
)
def _parties(tables: Tables) -> Iterator[Problem]:
    """A dyadic act joins the state and an outside party, and carries that party's vector."""
    events, state = tables["events"], state_of(tables)
    if not state:
        return
    dyadic = events[marked(events["dyadic"])]
    apart = (dyadic["actor"] == state) ^ (dyadic["target"] == state).fillna(False)
    wrong: Words = "a dyadic act must join the state and one outside party"
    remedy: Words = f"Make {state} the actor or the target, not both"
    yield from found("events", dyadic[~apart], "target", wrong, remedy)
    dyadic = dyadic[apart]
    party = dyadic["target"].where(dyadic["actor"] == state, dyadic["actor"])
    shares = tables["splits"].sort_values("share", ascending=False, kind="stable")
    largest = shares.drop_duplicates("actor").set_index("actor")["vector"]
    own = _by(tables, "actors", "actor")["vector"]
    expected = party.map(own).fillna(party.map(largest))
    bad = dyadic[(dyadic["vector"] != expected).fillna(True)]
    wrong = "is not the vector of " + party.map(str)
    remedy = "Write " + expected.fillna("None")
    yield from found("events", bad, "vector", wrong, remedy)
    context = ~marked(events["dyadic"]) & events["dyadic"].notna()
    wrong = "context carries a vector"
    remedy = "Leave the vector empty, or mark the act as dyadic"
    bad = events[context & events["vector"].notna()]
    yield from found("events", bad, "vector", wrong, remedy)


@check("events")
def _matters(tables: Tables) -> Iterator[Problem]:
    """No act is lost between the two versions of a contested matter.

    The record is what follows it and what nobody contests.  So a row of the paper with a
    word that no row of the record shares would be in neither version of the record.
    """
    events = tables["events"]
    lost = {"follows", "alternative"} - set(events)
    if len(lost) == 1:
        wrong = f"follows and alternative belong together, and {min(lost)} is missing"
        remedy = "Add the one, or take out both: then no versions are told apart"
        yield Problem("events", None, min(lost), None, wrong, remedy)
    if lost:
        return
    record = events[events["follows"] == "record"]
    told = set(record["alternative"].dropna())
    paper = events[(events["follows"] == "paper") & events["alternative"].notna()]
    lone = paper[~paper["alternative"].isin(told)]
    few = lone["alternative"].nunique() <= 5

    def hint(word: str) -> str:
        meant = nearest(word, told) if few else None
        return f" ({meant})" if meant else ""

    yield from found(
        "events",
        lone,
        "alternative",
        "no row that follows the record has this word, so the act would be lost",
        "Leave the cell empty if nothing is contested, or spell the word as its "
        "other version does" + lone["alternative"].map(hint),
    )
    wrong = "a row that follows the record names no contested matter"
    remedy = "Write the word of the matter, or let the row follow the paper"
    bad = record[record["alternative"].isna()]
    yield from found("events", bad, "alternative", wrong, remedy)


@check("events", "differences.alternative")
def _told_matters(tables: Tables) -> Iterator[Problem]:
    """Each contested matter is told in the table of differences."""
    if "alternative" not in tables["events"]:
        return
    told = tables["differences"]["alternative"].dropna().str.split().explode()
    words = tables["events"]["alternative"].dropna()
    yield from strangers(
        "events", "alternative", words, "differences", "alternative", told
    )


@check("codings", "events.id events.start events.end")
def _same_acts(tables: Tables) -> Iterator[Problem]:
    """An act has one id in the codings and in the events, and its days meet."""
    events, rows = _by(tables, "events", "id"), tables["codings"]
    start, end = rows["id"].map(events["start"]), rows["id"].map(events["end"])
    bad = rows[marked((rows["start"] > end) | (rows["end"] < start))]
    wrong = "the act with this id is of other days in events.csv"
    remedy = "Give the two rows one id only if they tell of one act, or mend the dates"
    yield from found("codings", bad, "start", wrong, remedy)
    first = rows.loc[rows["coder"] == rows["coder"].iloc[0], "id"]
    yield from strangers("codings", "act", rows["act"].dropna(), "codings", "id", first)


@check("adjudications", "codings.id codings.coder codings.act")
def _decided(tables: Tables) -> Iterator[Problem]:
    """A decision is about a row of each coder that tell of one act."""
    rows, codings = tables["adjudications"], _by(tables, "codings", "id")
    for column in ("first", "second"):
        coder = rows[column].map(codings["coder"])
        bad = rows[coder.notna() & marked(coder != column)]
        wrong = "is a row of the other coder"
        remedy = f"Name a row of the {column} coder"
        yield from found("adjudications", bad, column, wrong, remedy)
    act = rows["second"].map(codings["act"])
    both = rows["first"].notna() & rows["second"].isin(codings.index)
    bad = rows[both & (act != rows["first"]).fillna(True)]
    wrong = "tells of another act than the row of the first coder"
    remedy = "Name the two rows that tell of one act"
    yield from found("adjudications", bad, "second", wrong, remedy)
    bad = rows[rows["first"].isna() & rows["second"].isna()]
    wrong, remedy = "a decision about no row", "Name the row of one coder at least"
    yield from found("adjudications", bad, "first", wrong, remedy)


# --- the story: episodes, bases, payments, places ---------------------------------------------


@check("episodes", "periods.id periods.kind periods.start periods.end")
def _episodes(tables: Tables) -> Iterator[Problem]:
    rows = tables["episodes"]
    first, last = rows["start"].dt.year, rows["end"].dt.year
    bad = rows[marked((rows["year"] < first) | (rows["year"] > last))]
    wrong, remedy = "lies outside the episode", "Write a year from its start to its end"
    yield from found("episodes", bad, "year", wrong, remedy)
    periods = _by(tables, "periods", "id")
    kind, start, end = (
        rows["leader"].map(periods[column]) for column in ("kind", "start", "end")
    )
    bad = rows[kind.notna() & marked(kind != "presidency")]
    wrong, remedy = "is no presidency", "Name a period of the kind 'presidency'"
    yield from found("episodes", bad, "leader", wrong, remedy)
    bad = rows[marked((rows["start"] > end) | (rows["end"] < start))]
    wrong = "was not in office in the episode"
    remedy = "Name the leader of those days, or mend the dates"
    yield from found("episodes", bad, "leader", wrong, remedy)


@check("episodes", "events.id events.start")
def _acts_of_episodes(tables: Tables) -> Iterator[Problem]:
    """An episode cannot rest on an act that comes after it."""
    starts, rows = _by(tables, "events", "id")["start"], tables["episodes"]
    words = rows.assign(events=rows["events"].str.split()).explode("events")
    bad = words[words["events"].map(starts) > words["end"]]
    wrong = "begins after the end of the episode"
    remedy = "Name an act of the episode or before it, or mend the dates"
    yield from found("episodes", bad, "events", wrong, remedy)


@check("base_votes", "places.name")
def _bases_voted_on(tables: Tables) -> Iterator[Problem]:
    bases, known = tables["base_votes"]["base"].dropna(), tables["places"]["name"]
    yield from strangers("base_votes", "base", bases, "places", "name", known)


@check("base_votes")
def _moved_votes(tables: Tables) -> Iterator[Problem]:
    """What those at home did and what it did to the deal say the same."""
    rows = tables["base_votes"]
    moved = rows["level_two"] == "moved"
    bad = rows[marked(moved == (rows["effect"] == "none"))]
    wrong = "does not go with the effect of the vote"
    remedy = "Write 'moved' where the vote had an effect, and only there"
    yield from found("base_votes", bad, "level_two", wrong, remedy)


@check("places", "borders.iso3 borders.longitude borders.latitude")
def _places(tables: Tables) -> Iterator[Problem]:
    """A place lies between the borders of its state, in its outermost four directions."""
    rows, borders = tables["places"], tables["borders"]
    for column in ("longitude", "latitude"):
        least, most = _reach(borders, column)
        bad = rows[
            (rows[column] < rows["iso3"].map(least))
            | (rows[column] > rows["iso3"].map(most))
        ]
        wrong = "lies outside the borders of its state"
        remedy = "Mend it; longitude and latitude may stand in each other's place"
        yield from found("places", bad, column, wrong, remedy)


def _reach(borders: pd.DataFrame, column: str) -> tuple[pd.Series, pd.Series]:
    """How far each state reaches along a column, at the least and at the most.

    An outline that runs along its own end, two points or more, was cut there by the window
    of the table: what lies beyond is not known, and the end is left out.
    """
    states, values = borders["iso3"], borders[column]
    along = (values == values.shift()) & (states == states.shift())
    ends = []
    for end in (values.groupby(states).min(), values.groupby(states).max()):
        cut = along & (values == states.map(end))
        ends.append(end[~end.index.isin(states[cut])])
    return ends[0], ends[1]


@check("payments", "payments.id payments.kind payments.payer")
def _payments(tables: Tables) -> Iterator[Problem]:
    rows = tables["payments"]
    for low, high in (("amount", "amount_high"), ("grace_years", "loan_years")):
        wrong, remedy = f"is less than {low}", "Exchange the two, or mend the wrong one"
        bad = rows[marked(rows[high] < rows[low])]
        yield from found("payments", bad, high, wrong, remedy)
    inside = _by(tables, "payments", "id")
    kind, payer = (rows["rent_inside"].map(inside[c]) for c in ("kind", "payer"))
    other = marked((kind != "rent") | (payer != rows["payer"]))
    wrong = "is no rent of the same payer"
    remedy = "Name the rent that the amount includes"
    bad = rows[kind.notna() & other]
    yield from found("payments", bad, "rent_inside", wrong, remedy)
