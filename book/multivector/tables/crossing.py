"""Checks that cross columns and tables: what two places tell alike must be alike.

A problem names here the table and the number of its row in the frame, and is put into
its file and line where all of them are gathered.  Each check judges one table by columns
of others; it waits where a table is not there, or where those columns hold problems of
their own, since it would only repeat them.
"""

import pandas as pd

from . import parameters, shape
from .problems import Problem
from .values import nearest, sentence

_CHECKS = []
_VOTES = (1, 2, 3)  # yes, abstains, no; others say that there was none
_NONE = pd.Timedelta(0)
#: Two sources may differ by days about one change of office.
_NEAR = pd.Timedelta(days=7)


def crossing(tables, partners, spoiled):
    """All problems between the tables.

    Parameters
    ----------
    tables : dict of str to DataFrame
    partners : list of tuple
        (table, columns, other table, its columns) of every reference of the descriptor.
    spoiled : set of str
        ``table.column`` of every column with a problem of its own.
    """
    problems = []
    for table, columns, other, fields in partners:
        if other in tables and not _any(spoiled, other, fields):
            problems += _partnered(tables, table, columns, other, fields)
    problems += _several(tables, spoiled)
    for judged, by, function in _CHECKS:
        if _there(tables, judged, by) and not spoiled & set(by):
            problems += function(tables)
    return problems


def check(judged, by=""):
    """Enter a function among the checks of a table.

    Parameters
    ----------
    judged : str
        The table in which the problems stand; empty for all tables.
    by : str
        ``table.column`` of what it is judged by, blanks between.
    """

    def enter(function):
        _CHECKS.append((judged, tuple(by.split()), function))
        return function

    return enter


def _any(spoiled, table, columns):
    return any(f"{table}.{column}" in spoiled for column in columns)


def _there(tables, judged, by):
    """Has the case the tables of a check, with the columns that it reads?"""
    needed = {tuple(one.split(".")) for one in by}
    if judged:
        known = {**shape.REQUIRED, **shape.OPTIONAL}.get(judged, {})
        needed |= {(judged, column) for column in known}
    return (not judged or judged in tables) and all(
        table in tables and column in tables[table] for table, column in needed
    )


def _found(table, rows, column, wrong, remedy):
    """A problem for each row that is passed."""
    return [
        Problem(table, i, column, _plain(value), wrong, remedy)
        for i, value in rows[column].items()
    ]


def _plain(value):
    if pd.isna(value):
        return None
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else value


def _whole(table, column, value, wrong, remedy):
    return [Problem(table, None, column, value, wrong, remedy)]


# --- what stands in one table must stand in another ----------------------------------------


def _partnered(tables, table, columns, other, fields):
    """Values that point to another table must stand there."""
    rows, known = tables[table], tables[other]
    if len(columns) == 1:
        cells = rows[columns[0]].dropna()
        return _strangers(table, columns[0], cells, other, fields[0], known[fields[0]])
    filled = rows[list(columns)].dropna()
    pairs = pd.MultiIndex.from_frame(filled)
    lost = filled[~pairs.isin(pd.MultiIndex.from_frame(known[list(fields)].dropna()))]
    return [
        Problem(
            table,
            i,
            ", ".join(columns),
            ", ".join(map(str, row)),
            f"is not in {other}.csv",
            f"Use values of its columns {', '.join(fields)}, or add them there",
        )
        for i, row in zip(lost.index, lost.itertuples(index=False))
    ]


def _strangers(table, column, cells, other, field, known):
    """A problem for each value that a column of another table does not have."""
    lost = cells[~cells.isin(known)]
    if lost.empty:
        return []
    few = lost.nunique() <= 5  # a look for what was meant takes time
    known = list(known.dropna().unique())
    found = []
    for i, value in lost.items():
        remedy = f"Use a value of its column '{field}', or add it there"
        meant = nearest(value, known) if few and isinstance(value, str) else None
        if meant:
            remedy += f" ({meant})"
        found.append(
            Problem(table, i, column, _plain(value), f"is not in {other}.csv", remedy)
        )
    return found


def _several(tables, spoiled):
    """Cells that hold several names."""
    for (table, column), (between, other, field) in shape.SEVERAL.items():
        if _there(tables, "", (f"{table}.{column}", f"{other}.{field}")):
            if _any(spoiled, other, [field]):
                continue
            words = tables[table][column].dropna().str.split(between).explode()
            words = words.str.strip()
            yield from _strangers(
                table, column, words[words != ""], other, field, tables[other][field]
            )


# --- vectors, actors, shares ------------------------------------------------------------------


@check("vectors")
def _vectors(tables):
    vectors = tables["vectors"]
    if len(vectors) < 2:
        yield from _whole(
            "vectors",
            "vector",
            len(vectors),
            "a balance needs at least two vectors",
            "Add a vector",
        )
    poles = sorted(int(p) for p in vectors["pole"].dropna())
    if poles != [1, 2]:
        yield from _whole(
            "vectors",
            "pole",
            ", ".join(map(str, poles)),
            "tilt needs exactly two poles",
            "Mark one vector with 1 and another with 2",
        )
    else:
        yield from _found(
            "vectors",
            vectors[vectors["pole"].notna() & vectors["iso3"].isna()],
            "iso3",
            "a pole has no state",
            "Give the ISO3 code of its state",
        )
    votes = tables["un_votes"].columns
    yield from _found(
        "vectors",
        vectors[vectors["iso3"].notna() & ~vectors["iso3"].isin(votes)],
        "iso3",
        "has no column in un_votes.csv",
        "Add its votes, or leave the cell empty",
    )
    yield from _found(
        "vectors",
        vectors[vectors["iso3"].notna() & vectors["iso3"].duplicated()],
        "iso3",
        "stands for another vector too",
        "Leave it with one of them",
    )


@check("vectors", "actors.actor actors.kind")
def _vector_of_oneself(tables):
    vectors, state = tables["vectors"], _state(tables)
    yield from _found(
        "vectors",
        vectors[vectors["iso3"].eq(state).fillna(False)],
        "iso3",
        "is the state under study, which is no vector of its own",
        "Leave the cell empty, or give another state",
    )


@check("actors", "splits.actor")
def _actors(tables):
    actors = tables["actors"]
    itself = actors[actors["kind"] == "self"]
    if len(itself) != 1:
        yield from _whole(
            "actors",
            "kind",
            len(itself),
            "exactly one actor must be the state under study",
            "Mark one actor as 'self'",
        )
    peers = actors["peer"].fillna(False).astype(bool)
    own = actors["kind"] == "self"
    yield from _found(
        "actors",
        actors[(peers | own) & ~actors["actor"].isin(tables["un_votes"].columns)],
        "actor",
        "has no column in un_votes.csv",
        "Add its votes, or do not mark it as a peer",
    )
    votes = tables["un_votes"]
    silent = [name for name in votes if not votes[name].isin(_VOTES).any()]
    yield from _found(
        "actors",
        actors[(peers | own) & actors["actor"].isin(silent)],
        "actor",
        "never votes in un_votes.csv",
        "Add its votes (1 yes, 2 abstains, 3 no), or do not mark it as a peer",
    )
    yield from _found(
        "actors",
        actors[peers & own],
        "peer",
        "a state is no peer of itself",
        "Write false",
    )
    split = set(tables["splits"]["actor"].dropna())
    outside = actors["kind"].isin(["state", "organisation", "group"])
    yield from _found(
        "actors",
        actors[outside & actors["vector"].isna() & ~actors["actor"].isin(split)],
        "actor",
        "belongs to no vector",
        "Give it a vector, or share it out in splits.csv",
    )
    yield from _found(
        "actors",
        actors[actors["vector"].notna() & actors["actor"].isin(split)],
        "actor",
        "has both a vector and shares in splits.csv",
        "Keep the one or the other",
    )


@check("splits")
def _splits(tables):
    sums = tables["splits"].groupby("actor")["share"].sum()
    for actor, total in sums[(sums - 1).abs() > 1e-9].items():
        yield from _whole(
            "splits",
            "share",
            round(float(total), 6),
            f"the shares of {actor} do not sum to 1",
            "Change them so that they do",
        )


@check("partners", "actors.actor actors.kind actors.vector")
def _partners(tables):
    """A state that acts in the events has the same vector in the outside sources."""
    actors = tables["actors"]
    states = actors[actors["kind"] == "state"].set_index("actor")["vector"]
    yield from _other_vector("partners", tables["partners"], "iso3", states, "actors")
    rows, state = tables["partners"], _state(tables)
    yield from _found(
        "partners",
        rows[rows["iso3"].eq(state).fillna(False) & rows["vector"].notna()],
        "vector",
        "the state under study is no partner of itself",
        "Leave the cell empty",
    )


@check("partners", "vectors.iso3 vectors.vector")
def _partners_by_vectors(tables):
    own = _standing(tables)
    yield from _other_vector("partners", tables["partners"], "iso3", own, "vectors")


@check("actors", "vectors.iso3 vectors.vector")
def _actors_by_vectors(tables):
    """The state that stands for a vector belongs to it."""
    own = _standing(tables)
    yield from _other_vector("actors", tables["actors"], "actor", own, "vectors")


def _standing(tables):
    vectors = tables["vectors"].dropna(subset="iso3").drop_duplicates("iso3")
    return vectors.set_index("iso3")["vector"]


def _other_vector(table, rows, column, own, other):
    expected = rows[column].map(own)
    for i in rows.index[expected.notna() & (rows["vector"] != expected).fillna(True)]:
        yield Problem(
            table,
            i,
            "vector",
            _plain(rows.loc[i, "vector"]),
            f"{rows.loc[i, column]} has another vector in {other}.csv",
            f"Write {expected[i]}",
        )


def _state(tables):
    """The state under study, or an empty text if it is not told."""
    actors = tables["actors"]
    own = actors.loc[actors["kind"] == "self", "actor"].dropna()
    return own.iloc[0] if len(own) == 1 else ""


# --- dates ------------------------------------------------------------------------------------

_LONGEST = {"day": 1, "month": 31, "year": 366}


@check("")
def _dates(tables):
    """Ends after starts, and no wider apart than is said to be known."""
    pairs = (
        ("start", "end", "precision"),
        ("from_year", "to_year", None),
        ("start", "start_latest", "start_precision"),
        ("end_earliest", "end", "end_precision"),
    )
    for name, rows in tables.items():
        for start, end, precision in pairs:
            if {start, end} <= set(rows) and _ordered(rows[start], rows[end]):
                late = (rows[end] < rows[start]).fillna(False).astype(bool)
                yield from _found(
                    name,
                    rows[late],
                    end,
                    "the end lies before the start",
                    "Exchange the two, or mend the wrong one",
                )
                if precision in rows and rows[start].dtype.kind == "M":
                    days = (rows[end] - rows[start]).dt.days + 1
                    yield from _found(
                        name,
                        rows[days > rows[precision].map(_LONGEST)],
                        precision,
                        "the dates are wider apart than the precision says",
                        "Use a wider precision, or mend the dates",
                    )


def _ordered(*columns):
    """Are these all days, or all numbers?"""
    kinds = {column.dtype.kind for column in columns}
    return kinds == {"M"} or kinds <= set("if")


@check("periods")
def _periods(tables):
    periods = tables["periods"]
    spans = periods[periods["kind"] == "span"]
    if len(spans) != 1:
        yield from _whole(
            "periods",
            "kind",
            len(spans),
            "exactly one period must be the span of the study",
            "Mark one period as 'span'",
        )
    presidencies = periods[periods["kind"] == "presidency"]
    yield from _overlapping(
        "periods", presidencies, [], "start", "end", "the presidency before", _NEAR
    )


@check("leaders")
def _leaders(tables):
    yield from _overlapping(
        "leaders", tables["leaders"], ["iso3"], "start", "end", "another leader"
    )


@check("ministers")
def _ministers(tables):
    """What is certain of two terms cannot overlap."""
    yield from _overlapping(
        "ministers",
        tables["ministers"].query("start_latest < end_earliest"),
        ["iso3"],
        "start_latest",
        "end_earliest",
        "another minister",
    )


def _overlapping(table, rows, by, start, end, whom, allowed=_NONE):
    """Rows that begin before an earlier one of the same group has ended.

    The day, or the year, on which one ends and the next begins is of both.
    """
    rows = rows.dropna(subset=[start, end]).sort_values([*by, start, end])
    group = [rows[column] for column in by] or [pd.Series(0, rows.index)]
    latest = rows[end].groupby(group).cummax()
    before = latest.groupby(group).shift()
    early = rows[(before - rows[start] > allowed).fillna(False)]
    yield from _found(
        table,
        early,
        start,
        f"begins while {whom} is still in office",
        "Mend the start, or the end of the one before",
    )


@check("periods", "leaders.iso3 leaders.start leaders.end leaders.leader actors.actor")
def _presidencies(tables):
    """A presidency lies in the time of a leader of the state, and has his name if one."""
    leaders, periods = tables["leaders"], tables["periods"]
    leaders = leaders[leaders["iso3"] == _state(tables)]
    presidencies = periods[periods["kind"] == "presidency"]
    for row in presidencies.dropna(subset=["start", "end", "label"]).index:
        start, end = periods.loc[row, ["start", "end"]]
        around = leaders[
            (leaders["start"] - _NEAR <= start) & (leaders["end"] + _NEAR >= end)
        ]
        name = periods.loc[row, "label"]
        if around.empty:
            yield Problem(
                "periods",
                row,
                "start",
                _plain(start),
                "no leader of the state in leaders.csv was in office all that time",
                "Mend the dates here or there; a week apart is allowed",
            )
        elif name in set(leaders["leader"]) and name not in set(around["leader"]):
            yield Problem(
                "periods",
                row,
                "label",
                name,
                "was not in office then, as leaders.csv has it",
                f"Write {around['leader'].iloc[0]}, or mend the dates",
            )


# --- acts and their codings ------------------------------------------------------------------


@check("events", "cameo.cameo cameo.goldstein")
def _codes(tables):
    events = tables["events"]
    yield from _other_value(tables, "events")
    yield from _found(
        "events",
        events[
            events["dyadic"].fillna(False).astype(bool) & events["goldstein"].isna()
        ],
        "goldstein",
        "an act between the state and an outside party has no value",
        "Code it, or mark it as context (dyadic false)",
    )
    if "weight" in events and events["weight"].dtype.kind in "fi":
        yield from _found(
            "events",
            events[~((events["weight"] > 0) & (events["weight"] <= 1)).fillna(False)],
            "weight",
            "outside (0, 1]",
            "Give a weight above 0 and at most 1",
        )


@check("codings", "cameo.cameo cameo.goldstein")
def _codes_of_coders(tables):
    yield from _other_value(tables, "codings")


def _other_value(tables, name):
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
    yield from _found(
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
def _parties(tables):
    """A dyadic act joins the state and an outside party, and carries that party's vector."""
    events, actors, state = tables["events"], tables["actors"], _state(tables)
    if not state:
        return
    own = actors.drop_duplicates("actor").set_index("actor")["vector"]
    marked = events["dyadic"].fillna(False).astype(bool)
    dyadic = events[marked]
    apart = (dyadic["actor"] == state) ^ (dyadic["target"] == state).fillna(False)
    yield from _found(
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
            _plain(given[i]),
            f"is not the vector of {party[i]}",
            f"Write {_plain(expected[i])}",
        )
    yield from _found(
        "events",
        events[~marked & events["dyadic"].notna() & events["vector"].notna()],
        "vector",
        "context carries a vector",
        "Leave the vector empty, or mark the act as dyadic",
    )


@check("events")
def _matters(tables):
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
    yield from _found(
        "events",
        record[record["alternative"].isna()],
        "alternative",
        "a row that follows the record names no contested matter",
        "Write the word of the matter, or let the row follow the paper",
    )


@check("events", "differences.alternative")
def _told_matters(tables):
    """Each contested matter is told in the table of differences."""
    told = tables["differences"]["alternative"].dropna().str.split().explode()
    yield from _strangers(
        "events",
        "alternative",
        tables["events"]["alternative"].dropna(),
        "differences",
        "alternative",
        told,
    )


@check("codings", "events.id events.start events.end")
def _same_acts(tables):
    """An act has one id in the codings and in the events, and its days meet."""
    events = tables["events"].drop_duplicates("id").set_index("id")
    rows = tables["codings"]
    start, end = rows["id"].map(events["start"]), rows["id"].map(events["end"])
    apart = (rows["start"] > end) | (rows["end"] < start)
    yield from _found(
        "codings",
        rows[apart.fillna(False)],
        "start",
        "the act with this id is of other days in events.csv",
        "Give the two rows one id only if they tell of one act, or mend the dates",
    )
    first = rows[rows["coder"] == rows["coder"].iloc[0]]
    yield from _strangers(
        "codings", "act", rows["act"].dropna(), "codings", "id", first["id"]
    )


@check("adjudications", "codings.id codings.coder codings.act")
def _decided(tables):
    """A decision is about a row of each coder that tell of one act."""
    rows = tables["adjudications"]
    codings = tables["codings"].drop_duplicates("id").set_index("id")
    for column in ("first", "second"):
        coder = rows[column].map(codings["coder"])
        yield from _found(
            "adjudications",
            rows[coder.notna() & (coder != column).fillna(False)],
            column,
            "is a row of the other coder",
            f"Name a row of the {column} coder",
        )
    act = rows["second"].map(codings["act"])
    both = rows["first"].notna() & rows["second"].isin(codings.index)
    yield from _found(
        "adjudications",
        rows[both & (act != rows["first"]).fillna(True)],
        "second",
        "tells of another act than the row of the first coder",
        "Name the two rows that tell of one act",
    )
    yield from _found(
        "adjudications",
        rows[rows["first"].isna() & rows["second"].isna()],
        "first",
        "a decision about no row",
        "Name the row of one coder at least",
    )


# --- votes ------------------------------------------------------------------------------------


@check("un_votes", "un_roll_calls.rcid un_roll_calls.year")
def _years_of_votes(tables):
    calls = tables["un_roll_calls"].drop_duplicates("rcid").set_index("rcid")
    rows = tables["un_votes"]
    year = rows["rcid"].map(calls["year"])
    for i in rows.index[(year != rows["year"]).fillna(False)]:
        yield Problem(
            "un_votes",
            i,
            "year",
            int(rows.loc[i, "year"]),
            "un_roll_calls.csv has another year",
            f"Write {year[i]} here, or mend it there",
        )


@check("un_roll_calls")
def _days_of_votes(tables):
    """Year, session and day of a roll call belong together.

    The General Assembly opens its session in autumn and can vote in it until the next
    one opens; a year more is left, since sources keep resumed sessions with the old one.
    """
    rows = tables["un_roll_calls"]
    if "session" in rows and rows["session"].dtype == "Int64":
        yield from _found(
            "un_roll_calls",
            rows[(rows["session"] + 1945 != rows["year"]).fillna(False)],
            "session",
            "is not the session that opened in the year",
            "Write the year less 1945, or mend the year",
        )
    if "date" in rows and rows["date"].dtype.kind == "M":
        later = rows["date"].dt.year - rows["year"]
        yield from _found(
            "un_roll_calls",
            rows[((later < 0) | (later > 2)).fillna(False)],
            "date",
            "does not lie in the session that opened in the year",
            "Mend the date, or the year",
        )


# --- the story: episodes, bases, payments, places ---------------------------------------------


@check("episodes", "periods.id periods.kind periods.start periods.end")
def _episodes(tables):
    rows = tables["episodes"]
    years = rows["start"].dt.year, rows["end"].dt.year
    outside = (rows["year"] < years[0]) | (rows["year"] > years[1])
    yield from _found(
        "episodes",
        rows[outside.fillna(False)],
        "year",
        "lies outside the episode",
        "Write a year from its start to its end",
    )
    periods = tables["periods"].drop_duplicates("id").set_index("id")
    kind = rows["leader"].map(periods["kind"])
    yield from _found(
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
    yield from _found(
        "episodes",
        rows[apart.fillna(False)],
        "leader",
        "was not in office in the episode",
        "Name the leader of those days, or mend the dates",
    )


@check("episodes", "events.id events.start")
def _acts_of_episodes(tables):
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
def _bases_voted_on(tables):
    bases = tables["base_votes"]["base"].dropna()
    yield from _strangers(
        "base_votes", "base", bases, "places", "name", tables["places"]["name"]
    )


@check("places", "borders.iso3 borders.longitude borders.latitude")
def _places(tables):
    """A place lies between the borders of its state, in its outermost four directions."""
    rows, borders = tables["places"], tables["borders"].groupby("iso3")
    for column in ("longitude", "latitude"):
        least = rows["iso3"].map(borders[column].min())
        most = rows["iso3"].map(borders[column].max())
        yield from _found(
            "places",
            rows[(rows[column] < least) | (rows[column] > most)],
            column,
            "lies outside the borders of its state",
            "Mend it; longitude and latitude may stand in each other's place",
        )


@check("payments", "payments.id payments.kind payments.payer")
def _payments(tables):
    rows = tables["payments"]
    for low, high in (("amount", "amount_high"), ("grace_years", "loan_years")):
        yield from _found(
            "payments",
            rows[(rows[high] < rows[low]).fillna(False)],
            high,
            f"is less than {low}",
            "Exchange the two, or mend the wrong one",
        )
    inside = rows.drop_duplicates("id").set_index("id")
    kind = rows["rent_inside"].map(inside["kind"])
    payer = rows["rent_inside"].map(inside["payer"])
    yield from _found(
        "payments",
        rows[
            kind.notna() & ((kind != "rent") | (payer != rows["payer"])).fillna(False)
        ],
        "rent_inside",
        "is no rent of the same payer",
        "Name the rent that the amount includes",
    )


# --- outside sources ---------------------------------------------------------------------------


@check(
    "trade_totals", "trade.iso3 trade.year trade.imports trade.exports trade.edition"
)
def _totals(tables):
    """Whole trade is near what the partners sum to.

    It need not be equal: partners that did not report are in the total only, and the two
    come from other books.  A flow out of scale, in thousands or with a digit lost, is
    more than twice or less than a twentieth of the total.
    """
    totals = tables["trade_totals"]
    keys = pd.MultiIndex.from_frame(totals[["iso3", "year"]])
    for edition, rows in tables["trade"].groupby("edition"):
        sums = rows.groupby(["iso3", "year"])[["imports", "exports"]].sum(min_count=1)
        for flow in ("imports", "exports"):
            ratio = sums[flow].reindex(keys).to_numpy() / totals[flow]
            yield from _found(
                "trade_totals",
                totals[(ratio > 2) | (ratio < 0.05)],
                flow,
                f"is out of scale with the sum over partners in edition {edition}",
                "Look whether both are in one unit and no digit is lost",
            )


@check("trade", "trade_totals.iso3 trade_totals.year")
def _traders(tables):
    """Every state and year with partners has a total, or its shares would be a hole."""
    totals = pd.MultiIndex.from_frame(tables["trade_totals"][["iso3", "year"]])
    rows = tables["trade"].dropna(subset=["iso3", "year"])
    rows = rows.drop_duplicates(["iso3", "year"])
    lost = rows[~pd.MultiIndex.from_frame(rows[["iso3", "year"]]).isin(totals)]
    for i, row in lost.iterrows():
        yield Problem(
            "trade",
            i,
            "iso3, year",
            f"{row['iso3']}, {row['year']}",
            "has no row in trade_totals.csv",
            "Add the total there",
        )


#: Columns of one thing that tell of it alike in every row.
_ALIKE = {
    "exercises": ("exercise", ("year", "name")),
    "memberships": ("organisation", ("name",)),
}
#: Spells that cannot overlap within a group.
_SPELLS = {
    "alliances": ["iso3", "partner", "obligation"],
    "memberships": ["iso3", "organisation"],
    "ethnic_groups": ["iso3", "group"],
}
#: Two sides of a row, which cannot be one state.
_SIDES = {
    "trade": ("iso3", "partner"),
    "alliances": ("iso3", "partner"),
    "disputes": ("iso3", "opponent"),
    "arms": ("iso3", "supplier"),
    "events": ("actor", "target"),
}


@check("")
def _alike(tables):
    for table, (thing, columns) in _ALIKE.items():
        for column in columns:
            if _there(tables, table, ()):
                rows = tables[table].dropna(subset=[thing, column])
                first = rows.groupby(thing)[column].transform("first")
                yield from _found(
                    table,
                    rows[rows[column] != first],
                    column,
                    f"another row of the same {thing} has another {column}",
                    "Write the same in both",
                )


@check("")
def _spells(tables):
    for table, by in _SPELLS.items():
        if _there(tables, table, ()):
            rows = tables[table].dropna(subset=[*by, "from_year", "to_year"])
            rows = rows.sort_values([*by, "from_year"])
            before = rows.groupby(by)["to_year"].shift()
            yield from _found(
                table,
                rows[(rows["from_year"] <= before).fillna(False)],
                "from_year",
                f"lies in an earlier spell of the same {', '.join(by)}",
                "Join the two spells, or mend the years",
            )


@check("")
def _sides(tables):
    for table, (one, other) in _SIDES.items():
        if _there(tables, table, ()):
            rows = tables[table]
            same = (rows[one] == rows[other]).fillna(False)
            if table == "events":  # groups at home act upon each other
                same &= (rows[one] == _state(tables)).fillna(False)
            yield from _found(
                table,
                rows[same],
                other,
                f"is the {one} too",
                "Name the other side",
            )


@check("protests")
def _protests(tables):
    rows = tables["protests"]
    for part in ("violent", "for_removal"):
        yield from _found(
            "protests",
            rows[(rows[part] > rows["protests"]).fillna(False)],
            part,
            "is more than all protests of the year",
            "Mend the one or the other",
        )


# --- claims, rules, measures -------------------------------------------------------------------


@check("rules", "claims.id claims.version")
def _rules(tables):
    rules, claims = tables["rules"], tables["claims"]
    known = pd.MultiIndex.from_frame(claims[["id", "version"]].dropna())
    rows = rules.dropna(subset=["id", "version"])
    lost = rows[~pd.MultiIndex.from_frame(rows[["id", "version"]]).isin(known)]
    for i, row in lost.iterrows():
        yield Problem(
            "rules",
            i,
            "version",
            f"{row['id']}, {row['version']}",
            "is not in claims.csv",
            "Use an id and version of that table, or add the claim there",
        )


@check("claims", "rules.id rules.version")
def _ruled(tables):
    """The latest version of each claim has a rule that computes it."""
    claims = tables["claims"]
    if "version" not in claims:
        return
    rules = pd.MultiIndex.from_frame(tables["rules"][["id", "version"]])
    latest = claims.dropna(subset=["id", "version"]).sort_values("version")
    latest = latest.drop_duplicates("id", keep="last").sort_index()
    lost = latest[~pd.MultiIndex.from_frame(latest[["id", "version"]]).isin(rules)]
    yield from _found(
        "claims",
        lost,
        "id",
        "its latest version has no rule",
        "Add a row with this id and version to rules.csv",
    )


for _table in ("rules", "choices"):
    check(_table)(lambda tables, name=_table: parameters.check(tables, name))


@check("measures")
def _measures(tables):
    """A measure reads columns that are there, and has a row of the state to draw."""
    state = _state(tables)
    for row in tables["measures"].dropna(subset=["table", "value"]).itertuples():
        if row.table not in tables:
            yield from _close_to_a_table(tables, "measures", row)
            continue
        table, lost = tables[row.table], False
        if row.value != "rows" and row.value not in table:
            yield _no_column(
                "measures", row.Index, "value", row.value, row.table, table
            )
            lost = True
        rows, where = table, "" if pd.isna(row.where) else row.where
        for condition in filter(None, where.split(";")):
            column, _, values = condition.partition("=")
            if column not in table:
                yield _no_column(
                    "measures", row.Index, "where", column, row.table, table
                )
                lost = True
                break
            rows = rows[rows[column].astype(str).isin(values.split("|"))]
        if lost or "iso3" not in table:
            continue
        told = rows if row.absent == "zero" else rows[rows["iso3"] == state]
        if row.absent != "zero" and not pd.isna(row.since) and "year" in told:
            told = told[told["year"] >= row.since]
        if told.empty:
            whose = "" if row.absent == "zero" else f" of {state}"
            yield Problem(
                "measures",
                row.Index,
                "where" if where else "table",
                where or row.table,
                f"no row{whose} in {row.table}.csv is counted by it",
                "Mend the condition, add the rows, or take the measure out",
            )


@check("significance")
def _significance(tables):
    for row in tables["significance"].dropna().itertuples():
        if row.table not in tables:
            yield from _close_to_a_table(tables, "significance", row)
            continue
        table = tables[row.table]
        for column in ("partner", "value"):
            name = getattr(row, column)
            if name not in table:
                yield _no_column(
                    "significance", row.Index, column, name, row.table, table
                )
        if row.partner in table:
            powers = row.powers.split("|")
            if not table[row.partner].isin(powers).any():
                yield Problem(
                    "significance",
                    row.Index,
                    "powers",
                    row.powers,
                    f"none of them stands in {row.table}.csv",
                    "Write ISO3 codes with | between them",
                )
            if _state(tables) in powers:
                yield Problem(
                    "significance",
                    row.Index,
                    "powers",
                    row.powers,
                    "the state under study is no power over itself",
                    "Take it out",
                )


def _no_column(table, index, column, value, other, rows):
    return Problem(
        table,
        index,
        column,
        value,
        f"is no column of {other}.csv",
        f"Use one of {', '.join(rows.columns)}",
    )


def _close_to_a_table(tables, name, row):
    """A table that a case does not have is no fault, one that it has by another name is."""
    meant = nearest(row.table, tables)
    if meant:
        yield Problem(
            name, row.Index, "table", row.table, "is no table here", sentence(meant)
        )


@check("series_breaks", "measures.id")
def _breaks(tables):
    rows = tables["series_breaks"]["series"].dropna()
    known = pd.Series([*tables["measures"]["id"].dropna(), *parameters.BY_PARTNER])
    yield from _strangers("series_breaks", "series", rows, "measures", "id", known)
