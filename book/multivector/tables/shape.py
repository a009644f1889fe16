"""What the essay itself asks of the tables that it knows, whatever a descriptor says of them.

A descriptor may say more; it cannot say less.  Kinds, keys and partners of a table stand
here because the code that joins and groups by them could not do without.
"""

import re

#: How the essay tells its two coherent codings.
CODINGS = ("record", "paper")

#: The newest lay-out of a case that this essay reads; a descriptor tells its own.
LAYOUT = 2

_BY_HAND = {
    "vectors": "vector! label! iso3 pole:integer great_power:boolean! colour! colour_dark!",
    "actors": "actor! name! kind! vector peer:boolean! region:boolean!",
    "splits": "actor! vector! share:number!",
    "events": "id! start:date! end:date! precision! actor! target office! vector "
    "dyadic:boolean! level! cameo goldstein:number description! source!",
    "periods": "id! kind! label! start:date! end:date!",
    "partners": "iso3! vector",
}

_SHARED = {
    "cameo": "cameo! quad! goldstein:number!",
    "leaders": "iso3! leader! start:date! end:date! exit_code!",
    "un_votes": "rcid:integer! year:integer!",
    "un_roll_calls": "rcid:integer! year:integer!",
    "un_ideal_points": "iso3! year:integer! ideal_point:number!",
}

#: Columns that a table may have or not, of tables that no case can lack.  A case after a
#: paper tells two versions apart; one without has neither of the first two columns.
_BESIDE = {
    "events": "follows! alternative section! footnote:integer!",
    "claims": "about!",
    "rules": "elsewhere question_elsewhere operational_elsewhere",
}

_OPTIONAL = {
    "claims": "id! claim! section! type! test! support_if! mixed_if! against_if!",
    "codings": "coder! id! act start:date! end:date! precision! cameo goldstein:number",
    "adjudications": "id! first second kept!",
    "differences": "id! alternative bears_on!",
    "rules": "id! version:integer! method! choices",
    "choices": "choice! option!",
    "ministers": "iso3! start:date! start_latest:date! start_precision! "
    "end_earliest:date! end:date! end_precision!",
    "base_votes": "id! start:date! end:date! base",
    "episodes": "id! start:date! end:date! year:integer! leader! events!",
    "episode_codings": "episode!",
    "places": "id! name! kind! iso3! longitude:number! latitude:number!",
    "borders": "iso3! longitude:number! latitude:number!",
    "payments": "id! deal! payer! kind! amount:number amount_high:number rent_inside "
    "start:date! end:date! precision! loan_years:integer grace_years:integer",
    "measures": "id! table! value! where absent! since:integer",
    "marks": "mark! kind! table value! why!",
    "significance": "id! table! partner! powers! value!",
    "series_breaks": "series! year:integer!",
    "trade": "edition! iso3! year:integer! partner! imports:number exports:number",
    "trade_totals": "iso3! year:integer! imports:number exports:number",
    "exercises": "exercise! year:integer! name participant!",
    "alliances": "iso3! partner! obligation! from_year:integer! to_year:integer!",
    "memberships": "iso3! organisation! name! status! from_year:integer! to_year:integer!",
    "ethnic_groups": "iso3! group! from_year:integer! to_year:integer! size:number!",
    "protests": "iso3! year:integer! protests:integer! violent:integer! for_removal:integer!",
    "machine_events": "source! target! year:integer!",
    "disputes": "edition! dispute:integer! iso3! opponent! year:integer!",
    "arms": "iso3! year:integer! supplier",
}

#: What a table that a case can do without would be needed for.
NEEDED_FOR = {
    "claims": "the ledger of claims",
    "rules": "the ledger of claims",
    "choices": "the ledger under other defensible choices",
    "codings": "how far two coders agree",
    "adjudications": "how two codings became one",
    "revisions": "the coding as it stood before it was revised",
    "revised_acts": "the coding as it stood before it was revised",
    "differences": "where a paper and the public record differ",
    "ministers": "votes under one foreign minister and another",
    "powers": "who holds which power under which constitution",
    "base_votes": "what parliament did with agreements on bases",
    "decisions": "how often somebody at home moved a contested deal",
    "episodes": "the model of two arenas",
    "episode_codings": "the model of two arenas by other grades",
    "significance": "how much the region mattered to the powers",
    "places": "the map of bases",
    "borders": "the map",
    "payments": "the auction for a base",
    "measures": "yearly measures of the state",
    "marks": "the rows and years that a text points at",
    "series_breaks": "years in which an outside series breaks",
    "trade": "the partners of trade",
    "trade_totals": "shares of all trade",
    "aid_flows": "aid received, by donor",
    "aid_commitments": "aid promised, by donor",
    "finance": "aid, credit and remittances against income",
    "macro": "the economy in outline",
    "exercises": "military exercises with others",
    "arms": "arms received, by supplier",
    "us_forces": "foreign personnel in the country",
    "machine_events": "friendly and hostile acts in the news",
    "alliances": "obligations of alliances",
    "memberships": "memberships of organisations",
    "missions": "diplomatic missions",
    "regime_scores": "scores of democracy and constraint",
    "regime_types": "types of regime",
    "armed_conflict": "armed conflicts",
    "disputes": "disputes with other states",
    "terrorism": "terrorist incidents",
    "protests": "protests",
    "coups": "coups and plots",
    "ethnic_groups": "groups without power",
    "fractionalisation": "ethnic fractionalisation",
}

#: Columns whose rows must be told apart, table by table.
KEYS = {
    "vectors": ("vector",),
    "actors": ("actor",),
    "splits": ("actor", "vector"),
    "events": ("id",),
    "cameo": ("cameo",),
    "periods": ("id",),
    "un_votes": ("rcid",),
    "un_roll_calls": ("rcid",),
    "claims": ("id", "version"),
    "rules": ("id", "version"),
    "choices": ("choice", "option"),
    "codings": ("id",),
    "differences": ("id",),
    "episodes": ("id",),
    "payments": ("id",),
    "partners": ("iso3",),
    "measures": ("id",),
    "marks": ("mark",),
}

#: Tables of which every row has parameters: files of TOML, all others are CSV.
WITH_PARAMETERS = ("rules", "choices")

#: Columns whose values must stand in a column of another table: (column, table, its column).
PARTNERS = {
    "actors": [("vector", "vectors", "vector")],
    "splits": [("actor", "actors", "actor"), ("vector", "vectors", "vector")],
    "events": [
        ("actor", "actors", "actor"),
        ("target", "actors", "actor"),
        ("vector", "vectors", "vector"),
        ("cameo", "cameo", "cameo"),
    ],
    "codings": [("cameo", "cameo", "cameo")],
    "adjudications": [("first", "codings", "id"), ("second", "codings", "id")],
    "un_votes": [("rcid", "un_roll_calls", "rcid")],
    "un_roll_calls": [("rcid", "un_votes", "rcid")],
    "partners": [("vector", "vectors", "vector")],
    "episodes": [("leader", "periods", "id"), ("id", "episode_codings", "episode")],
    "episode_codings": [("episode", "episodes", "id")],
    "payments": [("payer", "vectors", "vector"), ("rent_inside", "payments", "id")],
    "trade": [("partner", "partners", "iso3")],
}

#: What a mark can be, with what one of that kind looks like.
MARKS = {
    "year": "2001",
    "years": "2001 2005",
    "day": "2001-09-11",
    "days": "2001-09-11 2001-10-07",
    "number": "0.5",
    "numbers": "0.5 1",
    "word": "Base",
    "row": "E001",
    "rows": "E001 E002",
}

#: Values that the code tells apart.
ALLOWED = {
    ("events", "follows"): CODINGS,
    ("claims", "about"): ("general", "state"),
    ("events", "precision"): ("day", "month", "year", "interval"),
    ("actors", "kind"): (
        "self",
        "home",
        "state",
        "organisation",
        "group",
        "armed group",
    ),
    ("periods", "kind"): ("span", "presidency", "named break"),
    ("marks", "kind"): tuple(MARKS),
    ("cameo", "quad"): (
        "verbal cooperation",
        "material cooperation",
        "verbal conflict",
        "material conflict",
    ),
}

#: What may stand for a parameter of a general claim's rule on another case, beside years with
#: blanks between; "own": nothing.
ELSEWHERE = ("peers", "span", "own")
YEARS = re.compile(r"\d{4}( \d{4})*")

#: Columns that hold several names: what stands between them, and where each must stand.
SEVERAL = {
    ("episodes", "events"): (" ", "events", "id"),
    ("differences", "alternative"): (" ", "events", "alternative"),
    ("differences", "bears_on"): (" ", "claims", "id"),
    ("rules", "choices"): (";", "choices", "choice"),
}

#: Columns that are read by name or grouped by, beside keys and partners.
IDS = {
    ("events", "alternative"),
    ("differences", "alternative"),
    ("codings", "act"),
    ("periods", "id"),
    ("leaders", "id"),
    *SEVERAL,
}


def file_of(table: str) -> str:
    """The file of a table as it is called unless a descriptor calls it otherwise."""
    return f"{table}.{'toml' if table in WITH_PARAMETERS else 'csv'}"


def _columns(text: str) -> dict[str, tuple[str, bool]]:
    """Kind of each column, and whether it may be empty, from the short form above."""
    found = {}
    for word in text.split():
        name, _, kind = word.rstrip("!").partition(":")
        found[name] = (kind or "string", word.endswith("!"))
    return found


#: Tables that somebody fills for each case.
BY_HAND = tuple(_BY_HAND)
#: Outside tables that no case can lack; those of one region are shared by its states.
SHARED = tuple(_SHARED)
#: Kind of each column and whether it must be filled, of tables that no case can lack.
REQUIRED = {name: _columns(text) for name, text in (_BY_HAND | _SHARED).items()}
#: The same of the columns that these may have besides.
BESIDE = {name: _columns(text) for name, text in _BESIDE.items()}
#: The same of all tables that the essay knows.
KNOWN = REQUIRED | {name: _columns(text) for name, text in _OPTIONAL.items()}
