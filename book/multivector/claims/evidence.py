"""What a rule looks at: series by name and acts by date, each computed once."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from .. import alignment, checks, data, engagement
from ..data import Missing
from ..language import N_, Sentence
from ..tables import opened

Made = TypeVar("Made")


def kept(function: Callable[..., Made]) -> Callable[..., Made]:
    """Compute each value of a function of a look once; the key is the function with all its arguments.

    No key is written by hand, so that none can leave an argument out.
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def once(look: Look, *given: Any, **named: Any) -> Made:
        bound = signature.bind(look, *given, **named)
        bound.apply_defaults()
        _, *arguments = bound.arguments.values()
        key = (function.__module__, function.__qualname__, *map(_hashable, arguments))
        if key not in look.values:
            with opened.listening() as tables:
                look.values[key] = function(look, *given, **named)
            look.opened[key] = tables
        opened.note(*look.opened[key])
        return look.values[key]

    return once


def _hashable(value: Any) -> Any:
    return tuple(map(_hashable, value)) if isinstance(value, (list, tuple)) else value


#: Words by which rules call series, models, steps and indices; a reading says them.
CALLED = (
    *(N_("gap"), N_("net gap"), N_("tilt"), N_("exercises"), N_("arms")),
    *(N_("news"), N_("trade"), N_("hedge"), N_("balance"), N_("words over deeds")),
    *(N_("internal only"), N_("external only"), N_("no leader"), N_("neither")),
    *(N_("stopped"), N_("changed"), N_("delayed"), N_("reversed later")),
    *(N_("not testable"), N_("illustrated only"), N_("internal"), N_("external")),
)

#: Ways of reading a series, as they are where none is named.
USUAL: dict[str, Any] = {
    "peers": None,
    "fewest": 1,
    "edition": "4.0",
    "direction": "both",
}
#: Ways that matter to a kind of series; to the others none does.
_MATTERING = {
    "gap": ("fewest",),
    "net gap": ("peers", "fewest"),
    "trade": ("edition",),
    "news": ("direction",),
}


#: First and last day on which something may have happened.
Days = tuple[pd.Timestamp, pd.Timestamp]


class Look:
    """A case as the methods see it: series by name and indices by date, each computed once.

    Parameters
    ----------
    case : data.Case

    Attributes
    ----------
    values : dict
        What was computed, by function and arguments.
    opened : dict
        Tables that it was computed from, by the same.
    """

    def __init__(self, case: data.Case) -> None:
        self.case = case
        self.values: dict[Any, Any] = {}
        self.opened: dict[Any, set[str]] = {}

    @kept
    def table(self, name: str) -> pd.DataFrame:
        """A table of the case."""
        return self.case.table(name)

    @kept
    def coded(self, coding: str | None = None) -> data.Case:
        """The case in a coding; None is its own.

        "record", "paper", "second" (the second coder's), or "unrevised" (the record before it was revised).
        """
        if coding in (None, self.case.coding):
            return self.case
        if coding == "second":
            return self.case.coded_by("second")
        if coding == "unrevised":
            return self.case.following("record").undone()
        return self.case.following(coding)

    @kept
    def events(self, coding: str | None = None, whole: bool = False) -> pd.DataFrame:
        """Acts shared out among vectors; ``whole`` gives all of an organisation to its largest share."""
        case = self.coded(coding)
        if not whole:
            return case.events
        largest = (
            case.splits.sort_values("share", kind="stable")
            .drop_duplicates("actor", keep="last")
            .assign(share=1.0)
        )
        return data.share_out(case.acts, largest)

    @kept
    def engaged(
        self,
        day: Any,
        half_life: float,
        direction: str,
        coding: str | None = None,
        whole: bool = False,
        without: Collection[str] = (),
    ) -> pd.DataFrame:
        """Remembered cooperation and conflict on a day, or on several, by vector."""
        events = self.events(coding, whole)
        events = events[~events["id"].isin(without)]
        return engagement.engagement(events, day, half_life, direction=direction)

    @kept
    def tilt(self, day: Any, *read: Any) -> float:
        """Tilt between the poles on a day, by the acts remembered as :meth:`engaged` reads them."""
        tilt = engagement.indices(self.engaged(day, *read), self.case.poles)["tilt"]
        return needed_number(
            tilt.iloc[0],
            Sentence("acts with a pole that {day} remembers", day=day),
        )

    @kept
    def _gap_rows(self, state: str, peers: Collection[str] | None) -> pd.DataFrame:
        votes = self.table("un_votes")
        poles = [str(self.case.iso3(pole)) for pole in self.case.poles]
        if peers is None:
            return alignment.gap(votes, state, *poles)
        alignment.check_peers(state, peers)
        own, *others = (self._gap_rows(name, None) for name in (state, *peers))
        return alignment.net_of(own, others)

    def gap(
        self, state: str, peers: Collection[str] | None = None, fewest: int = 1
    ) -> pd.Series:
        """Rows of the gap between the poles of a state, net of peers if there are any; thin years left out."""
        rows = self._gap_rows(state, peers).set_index("year")
        rows = rows.mask(rows["n"] < fewest)
        return rows["gap" if peers is None else "net"].rename("value")

    def series(self, name: str, **ways: Any) -> pd.Series:
        """A yearly series by its name.

        "gap" and "net gap" of the votes; "news:…", "trade:…", "exercises:…", "aid-flows:…", "memberships:…"
        with one vector or several (joined by "|") behind the colon; "exercises" and "arms" with all partners; else one
        of the case's measures of the state.  Ways of reading it are those of :data:`USUAL`.
        """
        return self._series(name, self.ways(name, **ways))

    def ways(self, name: str, **given: Any) -> tuple[tuple[str, Any], ...]:
        """Of the ways in which a series can be read, those that matter to this one, as pairs."""
        mattering = _MATTERING.get(name.partition(":")[0], ())
        return tuple((way, given.get(way, USUAL[way])) for way in mattering)

    @kept
    def _series(self, name: str, ways: Any) -> pd.Series:
        given = dict(ways)
        if name == "gap":
            return self.gap(self.case.state, None, given["fewest"])
        if name == "net gap":
            peers = self.case.peers if given["peers"] is None else given["peers"]
            return self.gap(self.case.state, peers, given["fewest"])
        if name.partition(":")[2] or name in ("exercises", "arms"):
            return self._partnered(name, **given)
        return self.measured(name)

    @kept
    def measures_by_id(self) -> dict[str, pd.DataFrame]:
        """Rows of every measure, by its id."""
        return {s.id: s.rows for s in alignment.state_series(self.case)}

    def measured(self, name: str, state: str | None = None) -> pd.Series:
        """A yearly measure of a state, by default the one under study."""
        known = self.measures_by_id()
        if name not in known:
            allowed = f"{', '.join(known)}, or a series by partner"
            raise Missing(f"series is {name!r}; allowed: {allowed}")
        own = known[name]["state"] == (state or self.case.state)
        return known[name][own].set_index("year")["value"]

    def _partnered(self, name: str, **ways: Any) -> pd.Series:
        kind, _, vectors = name.partition(":")
        partners = self.case.partner_vectors()
        if vectors:  # several vectors count as one, so that what is shared with two of them is not counted twice
            partners = partners.where(~partners.isin(vectors.split("|")), vectors)
        else:
            partners = partners.where(partners.isna(), "")
        makers: dict[str, tuple[str, Callable[..., pd.DataFrame]]] = {
            "news": ("machine_events", alignment.cooperation_shares),
            "trade": ("trade", alignment.trade_shares),
            "exercises": ("exercises", alignment.exercises_by_vector),
            "arms": ("arms", alignment.arms_by_vector),
            "aid-flows": ("aid_flows", alignment.aid_by_vector),
            "memberships": ("memberships", alignment.shared_memberships),
        }
        if kind not in makers:
            checks.refuse("series", name, f"{', '.join(makers)} with a vector")
        table, maker = makers[kind]
        if kind == "trade" and ways["edition"] == "4.0":
            ways["totals"] = self.table("trade_totals")
        if kind == "memberships":
            first, last = self.case.span()
            ways["years"] = range(first.year, last.year + 1)
        rows = maker(self.table(table), self.case.state, partners, "", **ways)
        return rows[rows["vector"] == vectors].set_index("year")["value"]

    def dated(self, ids: Sequence[str], coding: str | None = None) -> Days | None:
        """First and last possible day of the acts with these ids that the coding has; None if it has none.

        An act that the case has in no coding is missing; a coding that leaves it out says that there was none.
        """
        self.known_acts(ids)
        acts = self.coded(coding).acts
        rows = acts[acts["id"].isin(ids)]
        return None if rows.empty else (rows["start"].min(), rows["end"].max())

    def first_dated(self, ids: Sequence[str], coding: str | None = None) -> Days | None:
        """As :meth:`dated`, of the one among these acts that may have happened first."""
        days = [self.dated([one], coding) for one in ids]
        return min((both for both in days if both is not None), default=None)

    def known_acts(self, ids: Sequence[str]) -> None:
        """Refuse acts that the case does not have, in any coding; one of a revision that was undone is known."""
        known = set(self.table("events")["id"])
        if self.case.has("revised_acts"):
            known |= set(self.table("revised_acts")["id"])
        if lost := sorted(set(ids) - known):
            raise Missing(
                Sentence(
                    "Needs the acts {acts}, which the case has not.",
                    acts=", ".join(lost),
                )
            )


def needed_number(value: Any, what: str) -> float:
    """A number; where there is none, the claim needs it."""
    if pd.isna(value):
        raise Missing(Sentence("Needs {what}.", what=what))
    return float(value)


def in_year(series: Any, year: int) -> float:
    """The value of one year."""
    return needed_number(
        series.get(year, np.nan),
        Sentence("{series} in {year}", series=series.name or N_("a value"), year=year),
    )


def whole_spell(series: Any, first: int, last: int) -> pd.Series:
    """The values of a spell, none of them missing."""
    values = series.reindex(range(first, last + 1))
    if holes := values.index[values.isna()].tolist():
        raise Missing(
            Sentence(
                "Needs {series} in {years}.",
                series=series.name or "values",
                years=", ".join(map(str, holes)),
            )
        )
    return values


def mean_of(series: pd.Series, years: Sequence[int]) -> float:
    """Mean of a spell, over the years that were observed."""
    when, values = series.index.to_numpy(), series.to_numpy(float, na_value=np.nan)
    values = values[(years[0] <= when) & (when <= years[1]) & ~np.isnan(values)]
    if not len(values):
        raise Missing(
            Sentence(
                "Needs {series} in some year from {first} to {last}.",
                series=series.name or "values",
                first=years[0],
                last=years[1],
            )
        )
    return float(values.mean())


def amounts_of(look: Look, names: Sequence[str]) -> list[float]:
    """Amounts of some payments, in their order."""
    payments = look.table("payments")
    return [float(row_of(payments, name, "amount")["amount"]) for name in names]


def row_of(table: pd.DataFrame, name: str, *columns: str) -> pd.Series:
    """The row with an id, with a value in each of some columns."""
    rows: Any = table.set_index("id")
    if name not in rows.index or rows.loc[name, list(columns)].isna().any():
        raise Missing(
            Sentence(
                "Needs {columns} of {name}.", columns=", ".join(columns), name=name
            )
        )
    return rows.loc[name]
