"""A tiny case of a state that there is not, in which every table that a case needs has rows."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..data import Case, first_case
from ..tables import shape
from .drafts import Draft, Shared, Sheet, commented, said_by_hand, with_urls

STATE, NAME = "XLO", "Lowland"
#: The other states: code, name, vector, whether it is a peer.
_STATES = (
    ("XEA", "Eastmark", "Eastmark", False),
    ("XWE", "Westmark", "Westmark", False),
    ("XHI", "Highland", "Neighbours", True),
    ("XMI", "Midland", "Neighbours", True),
)
_VECTORS = (
    ("Eastmark", "XEA", "1", "true", "#ce6d67", "#c12513"),
    ("Westmark", "XWE", "2", "true", "#2272bb", "#1a6beb"),
    ("Neighbours", "", "", "false", "#589401", "#aef79a"),
    ("Institutions", "", "", "false", "#b10867", "#b8098c"),
)
_YEARS = range(1995, 2007)
_CALLS = 8  #: roll calls a year
_LEADERS = (
    ("Alder", "1994-03-01", "2001-06-30"),
    ("Birch", "2001-06-30", "2008-01-31"),
)
#: Month and day, other side, CAMEO code: from year to year acts go from the first pole to the second.
_ACTS = (("03-10", "XEA", "057"), ("06-20", "XHI", "040"), ("09-15", "LEAGUE", "036"))
_LATER = (("04-02", "XWE", "057"), ("08-12", "XEA", "111"))


def invented(origin: Case | None = None) -> Draft:
    """A case to learn on: its state, its votes and its acts are made up.

    Parameters
    ----------
    origin : data.Case, optional
        The case whose descriptions of columns, and whose codes of acts, are taken; by
        default that of this book.
    """
    shared = Shared(origin or first_case())
    found = {
        "vectors": _vectors(),
        "actors": _actors(),
        "splits": _splits(),
        "events": _events(shared),
        "cameo": shared.rows("cameo"),
        "leaders": _leaders(),
        "periods": _periods(),
        "un_votes": _votes(),
        "un_roll_calls": _roll_calls(),
        "un_ideal_points": _ideal_points(),
        "partners": _partners(),
    }
    sheets = {}
    for table, rows in found.items():
        about = shared.about(table)
        if table != "cameo":
            about = said_by_hand(about, NAME, list(rows.columns)) | _made_up(table)
        if table == "events":
            rows, about = with_urls(rows, about)
        if table == "un_votes":
            about["schema"]["fields"] = _fields_of_votes(about, rows)
        comments = ""
        if table in shape.BY_HAND:
            comments = commented(table, STATE, found["vectors"])
        sheets[table] = Sheet(rows, about, comments)
    missing = dict.fromkeys(shape.NEEDED_FOR, "not made up")
    return Draft(STATE, NAME, sheets, missing)


def _made_up(table: str) -> dict[str, Any]:
    """What the descriptor says of a table that is made up."""
    return {
        "description": "Made up, to learn on.",
        "citation": "Made up",
        "scope": "coded" if table in shape.BY_HAND else "outside",
        "shows": "How such a table looks.",
        "cannot_show": "Anything of the world.",
        "sources": [{"title": "Made up"}],
        "licenses": [{"name": "CC0-1.0", "title": "Made up; free for any use"}],
    }


def _fields_of_votes(about: dict[str, Any], rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The fields of the votes, with a column for each state that is made up."""
    told = [f for f in about["schema"]["fields"] if f["name"] in ("rcid", "year")]
    return told + [
        {
            "name": state,
            "type": "integer",
            "description": f"Vote of {state}: 1 yes, 2 abstains, 3 no, 8 absent, 9 no member",
            "constraints": {"enum": [1, 2, 3, 8, 9]},
        }
        for state in rows.columns[2:]
    ]


def _table(rows: Any, columns: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split()).astype(str)


def _vectors() -> pd.DataFrame:
    rows = [(one[0], *one, "Made up") for one in _VECTORS]
    return _table(rows, "vector label iso3 pole great_power colour colour_dark note")


def _actors() -> pd.DataFrame:
    rows = [
        (STATE, NAME, "self", "", "false", "true"),
        (f"{STATE}-OPP", "Opposition at home", "home", "", "false", "false"),
        ("LEAGUE", "A league of states", "organisation", "", "false", "false"),
    ]
    for code, name, vector, peer in _STATES:
        near = "true" if peer else "false"
        rows.append((code, name, "state", vector, near, near))
    return _table(rows, "actor name kind vector peer region")


def _splits() -> pd.DataFrame:
    rows = [
        ("LEAGUE", "Eastmark", "0.5", "Made up"),
        ("LEAGUE", "Neighbours", "0.5", "Made up"),
    ]
    return _table(rows, "actor vector share why")


def _events(shared: Shared) -> pd.DataFrame:
    values = shared.rows("cameo").set_index("cameo")["goldstein"]
    vectors = {code: vector for code, _, vector, _ in _STATES} | {"LEAGUE": "Eastmark"}
    rows: list[tuple[str, ...]] = []
    for year in _YEARS:
        acts = _ACTS if year < 2001 else _ACTS[1:] + _LATER
        for day, other, code in acts:
            date, number = f"{year}-{day}", f"E{len(rows) + 1:03}"
            own = (STATE, other) if len(rows) % 2 else (other, STATE)
            act = "president", vectors[other], "true", "external", code, values[code]
            rows.append((number, date, date, "day", *own, *act, "Made up", "Made up"))
    number, date = f"E{len(rows) + 1:03}", "2001-06-28"
    at_home = f"{STATE}-OPP", STATE, "opposition", "", "false", "internal", "145"
    made = (*at_home, values["145"], "A march on the palace (made up)", "Made up")
    rows.append((number, date, date, "day", *made))
    return _table(
        rows,
        "id start end precision actor target office vector dyadic level cameo goldstein "
        "description source",
    )


def _leaders() -> pd.DataFrame:
    rows = [
        (f"{STATE}-{n}", STATE, name, start, end, "Regular", "Regular", "Regular")
        for n, (name, start, end) in enumerate(_LEADERS, 1)
    ]
    return _table(rows, "id iso3 leader start end entry exit exit_code")


def _periods() -> pd.DataFrame:
    first, last = f"{_YEARS[0]}-01-01", f"{_YEARS[-1]}-12-31"
    rows = [("study", "span", "Years of the study", first, last, "Made up")]
    for name, start, end in _LEADERS:
        rows.append((name.casefold(), "presidency", name, start, end, "Made up"))
    day = "2001-06-30"
    rows.append(("handover", "named break", "Birch for Alder", day, day, "Made up"))
    return _table(rows, "id kind label start end source")


def _calls() -> list[tuple[int, int, int]]:
    """Number, year and place in the year of each roll call."""
    pairs = [(year, call) for year in _YEARS for call in range(_CALLS)]
    return [(n, year, call) for n, (year, call) in enumerate(pairs, 1)]


def _votes() -> pd.DataFrame:
    """The poles vote against each other; the state leaves the first for the second in 2001."""
    rows = []
    for number, year, call in _calls():
        one, two = (1, 3) if call % 2 else (3, 1)
        turned = year >= 2001 and call >= 2
        high = one if (call + year) % 3 else 2
        middle = one if (call + year) % 4 else two
        rows.append((number, year, two if turned else one, one, two, high, middle))
    return _table(rows, "rcid year XLO XEA XWE XHI XMI")


def _roll_calls() -> pd.DataFrame:
    topics = (
        "important middle_east nuclear disarmament human_rights colonialism development"
    )
    rows = [
        (n, year - 1945, year, f"{year}-11-{call + 10}", f"R/{n}", 0, 0, 0, 0, 0, 0, 0, "Made up")
        for n, year, call in _calls()
    ]  # fmt: skip
    return _table(rows, f"rcid session year date resolution {topics} title")


def _ideal_points() -> pd.DataFrame:
    places = {STATE: -0.4, "XEA": -1.0, "XWE": 1.0, "XHI": -0.3, "XMI": 0.1}
    rows = [
        (state, year, round(place + (0.5 if state == STATE and year >= 2001 else 0), 2))
        for state, place in places.items()
        for year in _YEARS
    ]
    return _table(rows, "iso3 year ideal_point")


def _partners() -> pd.DataFrame:
    rows = [(STATE, NAME, "", "true", "false")]
    rows += [(c, n, vector, "true", "false") for c, n, vector, _ in _STATES]
    return _table(rows, "iso3 name vector cis union")
