"""Acts, their codings, and the story that is told with them."""

from collections.abc import Iterator

from .checking import Tables, check, found, plain, state_of, strangers
from .problems import Problem
from .values import nearest

# --- acts and their codings ------------------------------------------------------------------


@check("events", "cameo.cameo cameo.goldstein")
def _codes(tables: Tables) -> Iterator[Problem]:
    events = tables["events"]
    yield from _other_value(tables, "events")
    yield from found(
        "events",
        events[
            events["dyadic"].fillna(False).astype(bool) & events["goldstein"].isna()
        ],
        "goldstein",
        "an act between the state and an outside party has no value",
        "Code it, or mark it as context (dyadic false)",
    )
    if "weight" in events and events["weight"].dtype.kind in "fi":
        yield from found(
            "events",
            events[~((events["weight"] > 0) & (events["weight"] <= 1)).fillna(False)],
            "weight",
            "outside (0, 1]",
            "Give a weight above 0 and at most 1",
        )


@check("codings", "cameo.cameo cameo.goldstein")
def _codes_of_coders(tables: Tables) -> Iterator[Problem]:
    yield from _other_value(tables, "codings")


def _other_value(tables: Tables, name: str) -> Iterator[Problem]:
    """The value of an act is that of its code."""
    rows = tables[name]
    values = tables["cameo"].drop_duplicates("cameo").set_index("cameo")["goldstein"]
    value = rows["cameo"].map(values)
    both = rows["goldstein"].notna() & value.notna()
    for i in rows.index[both & ((rows["goldstein"] - value).abs() > 1e-9)]:
        code, given = rows.loc[i, "cameo"], rows.loc[i, "goldstein"]
        zero = values.get(f"0{code}") == given
        lost = f" (or is it 0{code}, whose leading zero was lost?)" if zero else ""
        yield Problem(
            name,
            i,
            "goldstein",
            given,
            f"contradicts code {code}",
            f"The code's value is {value[i]}{lost}",
        )
    yield from found(
        name,
        rows[rows["goldstein"].notna() & rows["cameo"].isna()],
        "cameo",
        "a value without a code",
        "Name the CAMEO code",
    )


@check(
    "events",
    "actors.actor actors.kind actors.vector splits.actor splits.vector splits.share",
)
def _parties(tables: Tables) -> Iterator[Problem]:
    """A dyadic act joins the state and an outside party, and carries that party's vector."""
    events, actors, state = tables["events"], tables["actors"], state_of(tables)
    if not state:
        return
    own = actors.drop_duplicates("actor").set_index("actor")["vector"]
    marked = events["dyadic"].fillna(False).astype(bool)
    dyadic = events[marked]
    apart = (dyadic["actor"] == state) ^ (dyadic["target"] == state).fillna(False)
    yield from found(
        "events",
        dyadic[~apart],
        "target",
        "a dyadic act must join the state and one outside party",
        f"Make {state} the actor or the target, not both",
    )
    party = dyadic["target"].where(dyadic["actor"] == state, dyadic["actor"])[apart]
    largest = (
        tables["splits"]
        .sort_values("share", ascending=False, kind="stable")
        .drop_duplicates("actor")
        .set_index("actor")["vector"]
    )
    expected = party.map(own).fillna(party.map(largest))
    given = dyadic.loc[party.index, "vector"]
    for i in party.index[(given != expected).fillna(True)]:
        yield Problem(
            "events",
            i,
            "vector",
            plain(given[i]),
            f"is not the vector of {party[i]}",
            f"Write {plain(expected[i])}",
        )
    yield from found(
        "events",
        events[~marked & events["dyadic"].notna() & events["vector"].notna()],
        "vector",
        "context carries a vector",
        "Leave the vector empty, or mark the act as dyadic",
    )


@check("events")
def _matters(tables: Tables) -> Iterator[Problem]:
    """No act is lost between the two versions of a contested matter.

    The record is what follows it and what nobody contests.  So a row of the paper with a
    word that no row of the record shares would be in neither version of the record.
    """
    events = tables["events"]
    record = events[events["follows"] == "record"]
    told = set(record["alternative"].dropna())
    paper = events[(events["follows"] == "paper") & events["alternative"].notna()]
    lone = paper[~paper["alternative"].isin(told)]
    few = lone["alternative"].nunique() <= 5
    for i, word in lone["alternative"].items():
        meant = nearest(word, told) if few else None
        yield Problem(
            "events",
            i,
            "alternative",
            word,
            "no row that follows the record has this word, so the act would be lost",
            "Leave the cell empty if nothing is contested, or spell the word as its "
            "other version does" + (f" ({meant})" if meant else ""),
        )
    yield from found(
        "events",
        record[record["alternative"].isna()],
        "alternative",
        "a row that follows the record names no contested matter",
        "Write the word of the matter, or let the row follow the paper",
    )


@check("events", "differences.alternative")
def _told_matters(tables: Tables) -> Iterator[Problem]:
    """Each contested matter is told in the table of differences."""
    told = tables["differences"]["alternative"].dropna().str.split().explode()
    yield from strangers(
        "events",
        "alternative",
        tables["events"]["alternative"].dropna(),
        "differences",
        "alternative",
        told,
    )


@check("codings", "events.id events.start events.end")
def _same_acts(tables: Tables) -> Iterator[Problem]:
    """An act has one id in the codings and in the events, and its days meet."""
    events = tables["events"].drop_duplicates("id").set_index("id")
    rows = tables["codings"]
    start, end = rows["id"].map(events["start"]), rows["id"].map(events["end"])
    apart = (rows["start"] > end) | (rows["end"] < start)
    yield from found(
        "codings",
        rows[apart.fillna(False)],
        "start",
        "the act with this id is of other days in events.csv",
        "Give the two rows one id only if they tell of one act, or mend the dates",
    )
    first = rows[rows["coder"] == rows["coder"].iloc[0]]
    yield from strangers(
        "codings", "act", rows["act"].dropna(), "codings", "id", first["id"]
    )


@check("adjudications", "codings.id codings.coder codings.act")
def _decided(tables: Tables) -> Iterator[Problem]:
    """A decision is about a row of each coder that tell of one act."""
    rows = tables["adjudications"]
    codings = tables["codings"].drop_duplicates("id").set_index("id")
    for column in ("first", "second"):
        coder = rows[column].map(codings["coder"])
        yield from found(
            "adjudications",
            rows[coder.notna() & (coder != column).fillna(False)],
            column,
            "is a row of the other coder",
            f"Name a row of the {column} coder",
        )
    act = rows["second"].map(codings["act"])
    both = rows["first"].notna() & rows["second"].isin(codings.index)
    yield from found(
        "adjudications",
        rows[both & (act != rows["first"]).fillna(True)],
        "second",
        "tells of another act than the row of the first coder",
        "Name the two rows that tell of one act",
    )
    yield from found(
        "adjudications",
        rows[rows["first"].isna() & rows["second"].isna()],
        "first",
        "a decision about no row",
        "Name the row of one coder at least",
    )


# --- the story: episodes, bases, payments, places ---------------------------------------------


@check("episodes", "periods.id periods.kind periods.start periods.end")
def _episodes(tables: Tables) -> Iterator[Problem]:
    rows = tables["episodes"]
    years = rows["start"].dt.year, rows["end"].dt.year
    outside = (rows["year"] < years[0]) | (rows["year"] > years[1])
    yield from found(
        "episodes",
        rows[outside.fillna(False)],
        "year",
        "lies outside the episode",
        "Write a year from its start to its end",
    )
    periods = tables["periods"].drop_duplicates("id").set_index("id")
    kind = rows["leader"].map(periods["kind"])
    yield from found(
        "episodes",
        rows[kind.notna() & (kind != "presidency").fillna(False)],
        "leader",
        "is no presidency",
        "Name a period of the kind 'presidency'",
    )
    start, end = (
        rows["leader"].map(periods["start"]),
        rows["leader"].map(periods["end"]),
    )
    apart = (rows["start"] > end) | (rows["end"] < start)
    yield from found(
        "episodes",
        rows[apart.fillna(False)],
        "leader",
        "was not in office in the episode",
        "Name the leader of those days, or mend the dates",
    )


@check("episodes", "events.id events.start")
def _acts_of_episodes(tables: Tables) -> Iterator[Problem]:
    """An episode cannot rest on an act that comes after it."""
    starts = tables["events"].drop_duplicates("id").set_index("id")["start"]
    words = tables["episodes"]["events"].dropna().str.split().explode()
    late = words[words.map(starts) > tables["episodes"]["end"].reindex(words.index)]
    for i, word in late.items():
        yield Problem(
            "episodes",
            i,
            "events",
            word,
            "begins after the end of the episode",
            "Name an act of the episode or before it, or mend the dates",
        )


@check("base_votes", "places.name")
def _bases_voted_on(tables: Tables) -> Iterator[Problem]:
    bases = tables["base_votes"]["base"].dropna()
    yield from strangers(
        "base_votes", "base", bases, "places", "name", tables["places"]["name"]
    )


@check("places", "borders.iso3 borders.longitude borders.latitude")
def _places(tables: Tables) -> Iterator[Problem]:
    """A place lies between the borders of its state, in its outermost four directions."""
    rows, borders = tables["places"], tables["borders"].groupby("iso3")
    for column in ("longitude", "latitude"):
        least = rows["iso3"].map(borders[column].min())
        most = rows["iso3"].map(borders[column].max())
        yield from found(
            "places",
            rows[(rows[column] < least) | (rows[column] > most)],
            column,
            "lies outside the borders of its state",
            "Mend it; longitude and latitude may stand in each other's place",
        )


@check("payments", "payments.id payments.kind payments.payer")
def _payments(tables: Tables) -> Iterator[Problem]:
    rows = tables["payments"]
    for low, high in (("amount", "amount_high"), ("grace_years", "loan_years")):
        yield from found(
            "payments",
            rows[(rows[high] < rows[low]).fillna(False)],
            high,
            f"is less than {low}",
            "Exchange the two, or mend the wrong one",
        )
    inside = rows.drop_duplicates("id").set_index("id")
    kind = rows["rent_inside"].map(inside["kind"])
    payer = rows["rent_inside"].map(inside["payer"])
    yield from found(
        "payments",
        rows[
            kind.notna() & ((kind != "rent") | (payer != rows["payer"])).fillna(False)
        ],
        "rent_inside",
        "is no rent of the same payer",
        "Name the rent that the amount includes",
    )
