"""Outside sources: votes, trade, spells, and what a row of them can say."""

from collections.abc import Iterator

import pandas as pd

from .checking import Tables, absent, check, found, marked, state_of, strangers, there
from .problems import Problem

# --- votes ------------------------------------------------------------------------------------


@check("un_votes", "un_roll_calls.rcid un_roll_calls.year")
def _years_of_votes(tables: Tables) -> Iterator[Problem]:
    calls = tables["un_roll_calls"].drop_duplicates("rcid").set_index("rcid")
    rows = tables["un_votes"]
    year = rows["rcid"].map(calls["year"])
    bad = rows[marked(year != rows["year"])]
    wrong = "un_roll_calls.csv has another year"
    remedy = "Write " + year.map(str) + " here, or mend it there"
    yield from found("un_votes", bad, "year", wrong, remedy)


@check("un_roll_calls")
def _days_of_votes(tables: Tables) -> Iterator[Problem]:
    """Year, session and day of a roll call belong together.

    The General Assembly opens its session in autumn and can vote in it until the next
    one opens; a year more is left, since sources keep resumed sessions with the old one.
    """
    rows = tables["un_roll_calls"]
    if "session" in rows and rows["session"].dtype == "Int64":
        bad = rows[marked(rows["session"] + 1945 != rows["year"])]
        wrong = "is not the session that opened in the year"
        remedy = "Write the year less 1945, or mend the year"
        yield from found("un_roll_calls", bad, "session", wrong, remedy)
    if "date" in rows and rows["date"].dtype.kind == "M":
        later = rows["date"].dt.year - rows["year"]
        bad = rows[marked((later < 0) | (later > 2))]
        wrong = "does not lie in the session that opened in the year"
        remedy = "Mend the date, or the year"
        yield from found("un_roll_calls", bad, "date", wrong, remedy)


# --- outside sources ---------------------------------------------------------------------------


@check(
    "trade_totals", "trade.iso3 trade.year trade.imports trade.exports trade.edition"
)
def _totals(tables: Tables) -> Iterator[Problem]:
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
            bad = totals[(ratio > 2) | (ratio < 0.05)]
            wrong = f"is out of scale with the sum over partners in edition {edition}"
            remedy = "Look whether both are in one unit and no digit is lost"
            yield from found("trade_totals", bad, flow, wrong, remedy)


@check("trade", "trade_totals.iso3 trade_totals.year")
def _traders(tables: Tables) -> Iterator[Problem]:
    """Every state and year with partners has a total, or its shares would be a hole."""
    rows = tables["trade"].drop_duplicates(["iso3", "year"])
    lost = absent(rows, ["iso3", "year"], tables["trade_totals"])
    both = lost["iso3"] + ", " + lost["year"].map(str)
    wrong, remedy = "has no row in trade_totals.csv", "Add the total there"
    bad = lost.assign(**{"iso3, year": both})
    yield from found("trade", bad, "iso3, year", wrong, remedy)


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
def _alike(tables: Tables) -> Iterator[Problem]:
    for table, (thing, columns) in _ALIKE.items():
        for column in columns:
            if there(tables, table, ()):
                rows = tables[table].dropna(subset=[thing, column])
                first = rows.groupby(thing)[column].transform("first")
                wrong = f"another row of the same {thing} has another {column}"
                remedy = "Write the same in both"
                bad = rows[rows[column] != first]
                yield from found(table, bad, column, wrong, remedy)


@check("")
def _spells(tables: Tables) -> Iterator[Problem]:
    for table, by in _SPELLS.items():
        if there(tables, table, ()):
            rows = tables[table].dropna(subset=[*by, "from_year", "to_year"])
            rows = rows.sort_values([*by, "from_year"])
            before = rows.groupby(by)["to_year"].shift()
            bad = rows[marked(rows["from_year"] <= before)]
            wrong = f"lies in an earlier spell of the same {', '.join(by)}"
            remedy = "Join the two spells, or mend the years"
            yield from found(table, bad, "from_year", wrong, remedy)


@check("")
def _sides(tables: Tables) -> Iterator[Problem]:
    for table, (one, other) in _SIDES.items():
        if there(tables, table, ()):
            rows = tables[table]
            same = rows[one] == rows[other]
            if table == "events":  # groups at home act upon each other
                same &= rows[one] == state_of(tables)
            wrong, remedy = f"is the {one} too", "Name the other side"
            yield from found(table, rows[marked(same)], other, wrong, remedy)


@check("", "partners.iso3 actors.actor")
def _states(tables: Tables) -> Iterator[Problem]:
    """A state of any table is known to partners, actors or votes."""
    known = pd.Series(
        [*tables["partners"]["iso3"], *tables["actors"]["actor"], *tables["un_votes"]]
    )
    for table, rows in tables.items():
        if "iso3" in rows and table != "partners":
            yield from strangers(
                table, "iso3", rows["iso3"].dropna(), "partners", "iso3", known
            )


@check("protests")
def _protests(tables: Tables) -> Iterator[Problem]:
    rows = tables["protests"]
    for part in ("violent", "for_removal"):
        wrong = "is more than all protests of the year"
        remedy = "Mend the one or the other"
        bad = rows[marked(rows[part] > rows["protests"])]
        yield from found("protests", bad, part, wrong, remedy)
