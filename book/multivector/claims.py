"""The ledger: every claim of the paper, its rule, and the verdict that the data give.

Section 7 of the essay's method.  What a rule is about (years, partners, thresholds) stands in the case's table
``rules``; this module holds the methods that the rules name.  Each method reads outside series, coded
acts or a model through a :class:`Look`, and says which way the rule falls.  No verdict is written
down anywhere: it comes out of :func:`evaluate`.
"""

import functools
import inspect
import itertools
import json
import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from . import (
    alignment,
    arena,
    bases,
    breaks,
    data,
    decisions,
    engagement,
    game,
    jumps,
    portfolio,
    reliability,
)
from .data import Missing
from .store import stored

VERDICTS = (
    "supported",
    "mixed",
    "not supported",
    "contradicted",
    "illustrated only",
    "not testable",
)
#: Kinds of evidence on which no more than an illustration can rest: our own coding, our own model.
ILLUSTRATIONS = ("coded", "model")
COLUMNS = ["id", "verdict", "statistic", "reading", "figure", "test"]
VERDICT_COLUMNS = COLUMNS + [
    "claim",
    "question",
    "section",
    "type",
    "rests_on",
    "outcome",
    "n",
    "p",
    "null",
    "operational",
    "version",
    "fixed",
]
#: When a rule was fixed.
FIXED = ("before any number", "with numbers in sight")


class Found(NamedTuple):
    """What a method found.

    Attributes
    ----------
    outcome : str
        Which way the rule falls: "supported", "mixed", "against" (the rule says what that is called),
        "not supported", "contradicted", "illustrated only" (of a rule that can do no more) or
        "not testable".
    statistic : float
        The number on which it falls; NaN only where nothing could be computed.
    reading : str
        The numbers in a sentence or two.
    n : int or None
        Observations behind it.
    p : float or None
    null : str
        What p supposes; empty without p.
    without_coded : str
        The outcome without our own coding, where a rule uses both.
    """

    outcome: str
    statistic: float
    reading: str
    n: int | None = None
    p: float | None = None
    null: str = ""
    without_coded: str = ""


METHODS = {}


def method(function):
    """Enter a function among the methods that a rule can name.

    What a method lacks makes the claim not testable, with the reason: a table, a period, an act or a
    series that is :class:`~multivector.data.Missing`, or a statistic that comes out undefined, since
    a comparison with NaN decides nothing.  Any other error is a fault, and is not caught.
    """

    @functools.wraps(function)
    def judged(look, **parameters):
        try:
            found = function(look, **parameters)
        except Missing as lack:
            return Found("not testable", np.nan, _needed(lack))
        if found.outcome != "not testable" and np.isnan(found.statistic):
            return Found(
                "not testable",
                np.nan,
                f"Needs numbers where there are none. {found.reading}",
                found.n,
            )
        return found

    METHODS[function.__name__] = judged
    return judged


def _needed(lack):
    text = str(lack)
    return text if text.startswith("Needs ") else f"Needs what is not there: {text}."


# --- what there is to look at ---------------------------------------------------------------------


def kept(function):
    """Compute each value of a function of a look once; the key is the function with all its arguments.

    No key is written by hand, so that none can leave an argument out.
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def once(look, *given, **named):
        bound = signature.bind(look, *given, **named)
        bound.apply_defaults()
        arguments = tuple(map(_hashable, list(bound.arguments.values())[1:]))
        key = (function.__qualname__, arguments)
        if key not in look.values:
            look.values[key] = function(look, *given, **named)
        return look.values[key]

    return once


def _hashable(value):
    return tuple(map(_hashable, value)) if isinstance(value, (list, tuple)) else value


class Look:
    """A case as the methods see it: series by name and indices by date, each computed once.

    Parameters
    ----------
    case : data.Case

    Attributes
    ----------
    values : dict
        What was computed, by function and arguments.
    """

    def __init__(self, case):
        self.case, self.values = case, {}

    @kept
    def table(self, name):
        return self.case.table(name)

    @kept
    def coded(self, coding=None):
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
    def events(self, coding=None, whole=False):
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
    def engaged(self, day, half_life, direction, coding=None, whole=False, without=()):
        """Remembered cooperation and conflict on a day, by vector."""
        events = self.events(coding, whole)
        return engagement.engagement(
            events[~events["id"].isin(without)], day, half_life, direction=direction
        )

    def tilt(self, day, half_life, direction, coding=None, whole=False):
        rows = engagement.indices(
            self.engaged(day, half_life, direction, coding, whole), self.case.poles
        )
        return _number(rows["tilt"].iloc[0], f"acts with a pole that {day} remembers")

    @kept
    def _gap_rows(self, state, peers):
        votes = self.table("un_votes")
        poles = [self.case.iso3(pole) for pole in self.case.poles]
        if peers is None:
            return alignment.gap(votes, state, *poles)
        alignment.check_peers(state, peers)
        own, *others = (self._gap_rows(name, None) for name in (state, *peers))
        return alignment.net_of(own, others)

    def gap(self, state, peers=None, fewest=1):
        """Rows of the gap between the poles of a state, net of peers if there are any; thin years left out."""
        rows = self._gap_rows(state, peers).set_index("year")
        rows = rows.mask(rows["n"] < fewest)
        return rows["gap" if peers is None else "net"].rename("value")

    @kept
    def series(self, name, *, peers=None, fewest=1, edition="4.0", direction="both"):
        """A yearly series by its name.

        "gap" and "net gap" of the votes; "news:…", "trade:…", "exercises:…", "aid-flows:…", "memberships:…"
        with one vector or several (joined by "|") behind the colon; "exercises" and "arms" with all partners; else one
        of the case's measures of the state.
        """
        if name == "gap":
            return self.gap(self.case.state, None, fewest)
        if name == "net gap":
            return self.gap(
                self.case.state, self.case.peers if peers is None else peers, fewest
            )
        if name.partition(":")[2] or name in ("exercises", "arms"):
            return self._partnered(name, edition, direction)
        return self._measured(name)

    @kept
    def _measures(self):
        return {s.id: s.rows for s in alignment.state_series(self.case)}

    def _measured(self, name, state=None):
        """A yearly measure of a state, by default the one under study."""
        if name not in self._measures():
            raise Missing(
                f"series is {name!r}; allowed: {', '.join(self._measures())}, or a series by partner"
            )
        rows = self._measures()[name]
        state = self.case.state if state is None else state
        return rows[rows["state"] == state].set_index("year")["value"]

    def _partnered(self, name, edition, direction):
        kind, _, vectors = name.partition(":")
        partners, state = self.case.partner_vectors(), self.case.state
        if vectors:  # several vectors count as one, so that what is shared with two of them is not counted twice
            partners = partners.where(~partners.isin(vectors.split("|")), vectors)
        else:
            partners = partners.where(partners.isna(), "")
        years = range(self.case.span()[0].year, self.case.span()[1].year + 1)
        totals = (
            self.table("trade_totals") if kind == "trade" and edition == "4.0" else None
        )
        makers = {
            "news": lambda: alignment.cooperation_shares(
                self.table("machine_events"), state, partners, "", direction=direction
            ),
            "trade": lambda: alignment.trade_shares(
                self.table("trade"), state, partners, "", edition, totals
            ),
            "exercises": lambda: alignment.exercises_by_vector(
                self.table("exercises"), state, partners, ""
            ),
            "arms": lambda: alignment.arms_by_vector(
                self.table("arms"), state, partners, ""
            ),
            "aid-flows": lambda: alignment.aid_by_vector(
                self.table("aid_flows"), state, partners, ""
            ),
            "memberships": lambda: alignment.shared_memberships(
                self.table("memberships"), state, partners, "", years
            ),
        }
        if kind not in makers:
            raise ValueError(
                f"series is {name!r}; allowed: {', '.join(makers)} with a vector"
            )
        rows = makers[kind]()
        return rows[rows["vector"] == vectors].set_index("year")["value"]

    def dated(self, ids, coding=None):
        """First and last possible day of the acts with these ids that the coding has; None if it has none.

        An act that the case has in no coding is missing; a coding that leaves it out says that there was none.
        """
        self.known_acts(ids)
        acts = self.coded(coding).acts
        rows = acts[acts["id"].isin(ids)]
        return None if rows.empty else (rows["start"].min(), rows["end"].max())

    def first_dated(self, ids, coding=None):
        """As :meth:`dated`, of the one among these acts that may have happened first."""
        days = [self.dated([one], coding) for one in ids]
        return min((both for both in days if both is not None), default=None)

    def known_acts(self, ids):
        """Refuse acts that the case does not have, in any coding; one of a revision that was undone is known."""
        known = set(self.table("events")["id"])
        if self.case.has("revised_acts"):
            known |= set(self.table("revised_acts")["id"])
        if lost := sorted(set(ids) - known):
            raise Missing(f"Needs the acts {', '.join(lost)}, which the case has not.")


# --- outside series ---------------------------------------------------------------------------------


def _counted(right, of):
    return "supported" if right == of else "mixed" if right else "against"


def _number(value, what):
    """A number; where there is none, the claim needs it."""
    if pd.isna(value):
        raise Missing(f"Needs {what}.")
    return float(value)


def _at(series, year):
    """The value of one year."""
    return _number(series.get(year, np.nan), f"{series.name or 'a value'} in {year}")


def _whole(series, first, last):
    """The values of a spell, none of them missing."""
    values = series.reindex(range(first, last + 1))
    if holes := values.index[values.isna()].tolist():
        raise Missing(
            f"Needs {series.name or 'values'} in {', '.join(map(str, holes))}."
        )
    return values


def _mean(series, years):
    """Mean of a spell, over the years that were observed."""
    values = series.loc[years[0] : years[1]].dropna()
    if values.empty:
        raise Missing(
            f"Needs {series.name or 'values'} in some year from {years[0]} to {years[1]}."
        )
    return float(values.mean()), len(values)


def _row(table, name, *columns):
    """The row with an id, with a value in each of some columns."""
    rows = table.set_index("id")
    if name not in rows.index or rows.loc[name, list(columns)].isna().any():
        raise Missing(f"Needs {', '.join(columns)} of {name}.")
    return rows.loc[name]


def _signed(number, digits=3):
    return f"{number:+.{digits}f}"


@method
def changes(
    look,
    *,
    items,
    sign,
    coded=(),
    peers=None,
    fewest=1,
    half_life=730,
    direction="both",
    coding=None,
):
    """Do some series move in one direction between two years (or days, for the tilt of the coded acts)?"""
    moved = []
    for item in items:
        if item["series"] == "tilt":
            ends = [
                look.tilt(item[end], half_life, direction, coding)
                for end in ("from", "to")
            ]
        else:
            series = look.series(item["series"], peers=peers, fewest=fewest)
            ends = [float(series.get(item[end], np.nan)) for end in ("from", "to")]
        moved.append((item["series"], item["from"], item["to"], ends[1] - ends[0]))
    reading = "; ".join(
        f"{name} {start} to {end}: {_signed(change)}"
        for name, start, end, change in moved
    )
    if any(np.isnan(change) for *_, change in moved):
        return Found(
            "not testable", np.nan, f"Needs an observation at both ends. {reading}"
        )
    right = [sign * change > 0 for *_, change in moved]
    outside = [ok for ok, (name, *_) in zip(right, moved) if name not in coded]
    return Found(
        _counted(sum(right), len(right)),
        float(np.mean([change for *_, change in moved])),
        reading,
        len(moved),
        without_coded=_counted(sum(outside), len(outside)) if coded else "",
    )


def _excess_steps(look, compared, first, last, fewest):
    """Absolute steps of the state less the mean of those of others."""
    own = look.gap(look.case.state, None, fewest).loc[first - 1 : last]
    others = [look.gap(state, None, fewest) for state in compared]
    steps = alignment.steps(own.reset_index(), "value")
    steps = steps[steps["year"].between(first, last)].astype({"since": int})
    beside = [
        np.mean([abs(other[year] - other[since]) for other in others])
        for year, since in zip(steps["year"], steps["since"])
    ]
    return pd.Series(steps["step"].to_numpy() - beside, index=steps["year"])


def _above_zero(found):
    return (
        "against"
        if found.statistic <= 0
        else "supported"
        if found.lower > 0
        else "mixed"
    )


@method
def response_to_shocks(
    look, *, series, compared, years, first, last, level, draws, seed, fewest=1
):
    """Did the state move more than others in the years of shocks, more than in other years?"""
    excess = _excess_steps(look, compared, first, last, fewest)
    if excess.isna().any() or not set(years) <= set(excess.index):
        raise Missing(
            f"Needs a step of the state and of the others in {', '.join(map(str, years))}."
        )
    found = breaks.mean_of_years(excess, years, level, draws, seed)
    return Found(
        _above_zero(found),
        found.statistic,
        f"Mean excess step {_signed(found.statistic)}, {level:.0%} interval {_signed(found.lower)} to {_signed(found.upper)} ({draws} draws, seed {seed}); mean of {len(years)} steps against {_named(look, compared)}, its chance drawn from {found.n} yearly differences.",
        found.n,
        found.p,
        found.null,
    )


@method
def falls_after_years(look, *, series, years, sign):
    """Does a score move in one direction from the year before to the year after each of some years?"""
    values = look.series(series)
    moved = {year: _at(values, year + 1) - _at(values, year - 1) for year in years}
    right = sum(sign * change > 0 for change in moved.values())
    return Found(
        _counted(right, len(years)),
        float(np.mean(list(moved.values()))),
        f"{series}, year before to year after: "
        + "; ".join(f"{year} {_signed(change)}" for year, change in moved.items()),
        len(years),
    )


def _years_with_a_step(values):
    rows = values.rename_axis("year").rename("value").reset_index()
    years = alignment.steps(rows, "value")["year"].to_numpy()
    if not len(years):
        raise Missing("Needs two years or more with a value.")
    return years


def _years_of_office(look, table, values, first):
    """Years with a step in which somebody new was in an office, or the first of them after that."""
    rows, observed = look.table(table), _years_with_a_step(values)
    starts = pd.to_datetime(rows.loc[rows["iso3"] == look.case.state, "start"]).dt.year
    return sorted(
        {
            int(observed[observed >= year].min())
            for year in starts
            if first < year <= observed.max()
        }
    )


def _offices(quiet, moved, stirred):
    return "supported" if quiet and moved else "against" if stirred else "mixed"


@method
def changes_of_office(look, *, series, first, last, strict, peers=None, fewest=1):
    """Are steps larger in years with a new foreign minister, or with a new head of state, than in others?"""
    if not look.case.has("ministers"):
        return Found(
            "not testable", np.nan, "Needs a sourced list of foreign ministers."
        )
    values = look.series(series, peers=peers, fewest=fewest).loc[first:last]
    observed = _years_with_a_step(values)
    found = {}
    for office, table in (("ministers", "ministers"), ("presidents", "leaders")):
        years = _years_of_office(look, table, values, first)
        if not 0 < len(years) < len(observed):
            return Found(
                "not testable",
                np.nan,
                f"Needs years with and without new {office}; {len(years)} of {len(observed)} years have one.",
            )
        found[office] = breaks.named_years(values, years), years
    (m, m_years), (p, p_years) = found["ministers"], found["presidents"]
    quiet, moved = m.p > strict, p.p < strict
    outcome = _offices(quiet, moved, m.p < strict and not moved)
    reading = (
        f"New ministers stand in {len(m_years)} of {m.n} steps: mean {m.statistic:.3f}, p {m.p:.3f} (smallest possible {m.smallest_p:.4f}). "
        f"New presidents in {', '.join(map(str, p_years))}: mean {p.statistic:.3f}, p {p.p:.3f} (smallest possible {p.smallest_p:.4f})."
    )
    return Found(outcome, m.statistic, reading, m.n, m.p, m.null)


def _first_often(share, half, third):
    return "supported" if share > half else "mixed" if share >= third else "against"


@method
def share_of_years_first(look, *, edition, partner, first, last, half, third):
    """In what share of years is a partner the first of those outside the old union?"""
    partners = look.table("partners")
    outside = set(partners.loc[~partners["cis"], "iso3"])
    ranks = alignment.ranks(
        look.table("trade"), look.case.state, edition, first, last, outside
    )
    leader = ranks[ranks["rank"] == 1].set_index("year")["partner"]
    if holes := sorted(set(range(first, last + 1)) - set(leader.index)):
        raise Missing(f"Needs trade in {', '.join(map(str, holes))}.")
    share = float((leader == partner).mean())
    outcome = _first_often(share, half, third)
    return Found(
        outcome,
        share,
        f"First in {int((leader == partner).sum())} of {len(leader)} years, by edition {edition}: {', '.join(map(str, leader.index[leader == partner])) or 'none'}.",
        len(leader),
    )


@kept
def _news(look, states, first, last, direction, kinds):
    """Events of the news of each state by kind and vector of the partner, over partners that all states have; the states' own pairs left out."""
    events, vectors = look.table("machine_events"), look.case.partner_vectors()
    events = events[events["year"].between(first, last)]
    sides = {
        "by": [("source", "target")],
        "toward": [("target", "source")],
        "both": [("source", "target"), ("target", "source")],
    }[direction]
    rows = pd.concat(
        [
            events.rename(columns={one: "state", other: "partner"})
            for one, other in sides
        ]
    )
    rows = rows[rows["state"].isin(states) & ~rows["partner"].isin(states)]
    shared = set.intersection(
        *(set(rows.loc[rows["state"] == state, "partner"]) for state in states)
    )
    rows = (
        rows[rows["partner"].isin(shared)]
        .assign(vector=lambda r: r["partner"].map(vectors))
        .dropna(subset=["vector"])
    )
    counts = rows[list(kinds)]
    if rows.empty or counts.isna().any(axis=None):
        raise Missing(f"Needs events of the news of {', '.join(states)}, all counted.")
    return rows.groupby(["state", "year", "vector"])[
        list(kinds)
    ].sum().reset_index(), len(shared)


def _of_states(look, measure, states, first, last, direction):
    """A measure of the news for each state, and the number of partners in common."""
    if measure == "effective vectors":
        kinds = ("verbal_cooperation", "material_cooperation")
        rows, shared = _news(look, states, first, last, direction, kinds)
        rows = rows.assign(value=rows[list(kinds)].sum(axis=1))
        share = rows["value"] / rows.groupby(["state", "year"])["value"].transform(
            "sum"
        )
        part = (
            (-share * np.log(share.where(share > 0, 1.0)))
            .groupby([rows["state"], rows["year"]])
            .sum()
        )
        return np.exp(part).groupby("state").mean(), shared
    if measure == "words over deeds":
        rows, shared = _news(
            look,
            states,
            first,
            last,
            direction,
            ("verbal_cooperation", "material_cooperation"),
        )
        total = rows.groupby("state")[
            ["verbal_cooperation", "material_cooperation"]
        ].sum()
        return total["verbal_cooperation"] / total["material_cooperation"], shared
    raise ValueError(
        f"measure is {measure!r}; allowed: 'effective vectors', 'words over deeds'"
    )


def _named(look, states):
    names = look.case.actors.set_index("actor")["name"]
    return ", ".join(names.get(state, state) for state in states)


def _listed(look, values):
    """Values of states by name, the smallest first."""
    names = look.case.actors.set_index("actor")["name"]
    return ", ".join(
        f"{names.get(state, state)} {value:.2f}"
        for state, value in values.sort_values().items()
    )


def _inside(own, band, edge):
    low, high = band.min(), band.max()
    beyond = max(low - own, own - high, 0.0)
    if beyond == 0:
        return "supported"
    return "mixed" if beyond < edge * (high - low) else "against"


def _above(own, band):
    if own > band.max():
        return "supported"
    return "mixed" if own > band.median() else "against"


@method
def within_band(look, *, measure, others, first, last, edge, direction="both"):
    """Does the state lie between the smallest and the largest of some others?"""
    values, shared = _of_states(
        look, measure, [look.case.state, *others], first, last, direction
    )
    own = values[look.case.state]
    return Found(
        _inside(own, values[others], edge),
        float(own),
        f"{measure}, {first} to {last}: {_listed(look, values)}; {shared} partners in common.",
        len(values),
    )


@method
def above_others(look, *, measure, others, first, last, direction="by"):
    """Does the state lie above each of some others, or above their median?"""
    values, shared = _of_states(
        look, measure, [look.case.state, *others], first, last, direction
    )
    own = values[look.case.state]
    return Found(
        _above(own, values[others]),
        float(own),
        f"{measure}, {first} to {last}: {_listed(look, values)}; {shared} partners in common.",
        len(values),
    )


@kept
def _leads_in_news(look, first, last, more, less, direction):
    """Yearly lead of one vector over another in shares of friendly deeds and of friendly words."""
    gaps = {}
    for kind in ("material_cooperation", "verbal_cooperation"):
        rows = alignment.cooperation_shares(
            look.table("machine_events"),
            look.case.state,
            look.case.partner_vectors(),
            "",
            (kind,),
            direction,
        )
        wide = rows[rows["year"].between(first, last)].pivot(
            index="year", columns="vector", values="value"
        )
        sides = wide.reindex(columns=[more, less])
        gaps[kind] = _whole(
            (sides[more] - sides[less]).rename(f"{kind.replace('_', ' ')} with both"),
            first,
            last,
        )
    return gaps["material_cooperation"], gaps["verbal_cooperation"]


def _deeds_lead(deeds, words, most, some):
    positive = int((deeds > 0).sum())
    if positive >= most and deeds.mean() > words.mean():
        return "supported"
    return "mixed" if positive >= some else "against"


@method
def deeds_over_words(look, *, first, last, more, less, most, some, direction="by"):
    """Does one pole lead the other in deeds, and more than in words?"""
    deeds, words = _leads_in_news(look, first, last, more, less, direction)
    positive = int((deeds > 0).sum())
    return Found(
        _deeds_lead(deeds, words, most, some),
        float(deeds.mean()),
        f"Lead of {more} over {less}: in deeds positive in {positive} of {len(deeds)} years, mean {_signed(deeds.mean(), 2)}; in words {_signed(words.mean(), 2)}.",
        len(deeds),
    )


@method
def break_between_leaders(
    look,
    *,
    series,
    before,
    after,
    found,
    strict,
    null,
    draws,
    seed,
    peers=None,
    fewest=1,
):
    """Does the mean differ between two leaders, and does a free break fall where they change?"""
    values = look.series(series, peers=peers, fewest=fewest)
    one, two = values.loc[before[0] : before[1]], values.loc[after[0] : after[1]]
    difference = breaks.equivalence(
        one, two, 0.1, noise=breaks.fitting_noise(one, two), draws=draws, seed=seed
    )
    free = breaks.sup_f(values.loc[before[0] : after[1]], null, draws, seed)
    apart = difference.lower > 0 or difference.upper < 0
    here = (
        free.location is not None
        and found[0] <= free.location <= found[1]
        and free.p < strict
    )
    reading = (
        f"Difference {_signed(difference.statistic)}, 90% interval {_signed(difference.lower)} to {_signed(difference.upper)}; "
        f"free break at {free.location}, F {free.statistic:.1f}, p {free.p:.3f} ({draws} draws, seed {seed})."
    )
    return Found(
        _counted(apart + here, 2),
        difference.statistic,
        reading,
        free.n,
        free.p,
        free.null,
    )


@method
def break_at(
    look, *, series, last, found, strict, loose, null, draws, seed, peers=None, fewest=1
):
    """Does a free break fall in some years?"""
    values = look.series(series, peers=peers, fewest=fewest).loc[:last]
    free = breaks.sup_f(values, null, draws, seed)
    there = free.location is not None and found[0] <= free.location <= found[1]
    if there:
        outcome = (
            "supported"
            if free.p < strict
            else "mixed"
            if free.p <= loose
            else "not supported"
        )
    else:
        outcome = "against" if free.p < loose else "not supported"
    return Found(
        outcome,
        free.statistic,
        f"Largest F {free.statistic:.1f}, the first year after the break is {free.location}; p {free.p:.3f} ({draws} draws, seed {seed}; smallest possible {free.smallest_p:.4f}).",
        free.n,
        free.p,
        free.null,
    )


@method
def equal_before_and_after(
    look, *, series, before, after, margin, level, draws, seed, peers=None, fewest=1
):
    """Is the difference of two spells small enough to be called none?"""
    values = look.series(series, peers=peers, fewest=fewest)
    one, two = values.loc[before[0] : before[1]], values.loc[after[0] : after[1]]
    noise = breaks.fitting_noise(one, two)
    test = breaks.equivalence(one, two, margin, level, noise, draws, seed)
    outcome = {"inside": "supported", "overlaps": "mixed", "outside": "against"}[
        test.verdict
    ]
    how = "AR(1) bootstrap" if noise == "ar1" else "Welch, too few pairs for AR(1)"
    return Found(
        outcome,
        test.statistic,
        f"Difference {_signed(test.statistic)}, {level:.0%} interval {_signed(test.lower)} to {_signed(test.upper)} ({how}), margin {margin:g}.",
        test.n,
        test.p,
        test.null,
    )


def _gathered(p, beside, elsewhere, strict, loose, opposite):
    if p < strict and not elsewhere:
        return "supported"
    if strict <= p <= loose:
        return "mixed"
    return "contradicted" if min(p, beside) >= opposite else "not supported"


@method
def named_years(
    look,
    *,
    series,
    other,
    years,
    last,
    strict,
    loose,
    opposite,
    null,
    draws,
    seed,
    peers=None,
    fewest=1,
):
    """Is change gathered in some named years?"""
    first, second = (
        look.series(name, peers=peers, fewest=fewest).loc[:last]
        for name in (series, other)
    )
    main, beside = breaks.named_years(first, years), breaks.named_years(second, years)
    free = breaks.sup_f(first, null, draws, seed)
    elsewhere = free.p < strict and free.location not in set(main.details["year"])
    outcome = _gathered(main.p, beside.p, elsewhere, strict, loose, opposite)
    reading = (
        f"Mean step of the named years {main.statistic:.3f}, p {main.p:.3f} among {main.draws} sets (smallest possible {main.smallest_p:.4f}); in the {other} p {beside.p:.3f}. "
        f"Free break at {free.location}, p {free.p:.3f}. {main.note}".strip()
    )
    return Found(outcome, main.statistic, reading, main.n, main.p, main.null)


def _yearly_changes(values, first, last):
    """Changes of each year on the year before; NaN over a hole, which is no change of a single year."""
    return values.reindex(range(first, last + 1)).astype(float).diff().to_numpy()[1:]


def _correlations(cause, effects, reach):
    """Correlation of the cause with each of some effects so many years later: (leads, (effects, leads), pairs)."""
    leads, found, pairs = np.arange(-reach, reach + 1), [], []
    for lead in leads:
        early = slice(max(0, -lead), len(cause) - max(0, lead))
        late = slice(max(0, lead), len(cause) - max(0, -lead))
        a, b = cause[early], effects[:, late]
        seen = ~np.isnan(a) & ~np.isnan(b).any(axis=0)
        a, b = a[seen], b[:, seen]
        pairs.append(int(seen.sum()))
        if seen.sum() < 3:
            found.append(np.full(len(effects), np.nan))
            continue
        a, b = a - a.mean(), b - b.mean(axis=1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):  # what never varies: NaN
            found.append((b @ a) / np.sqrt((a @ a) * (b * b).sum(axis=1)))
    return leads, np.stack(found, axis=1), pairs


def _leading(leads, found, enough):
    """Which way the rule falls for each effect, and the place of the lead on which it does."""
    best = found.argmax(axis=1)
    top = found[np.arange(len(found)), best]
    names = np.array(["against", "mixed", "supported"])[np.sign(leads[best]) + 1]
    return np.where(top < enough, "not supported", names), best


@method
def leads(look, *, cause, effect, first, last, reach, enough):
    """Do changes of one series come before changes of another, or after?"""
    a, b = (_yearly_changes(look.series(name), first, last) for name in (cause, effect))
    leads, found, pairs = _correlations(a, b[None, :], reach)
    if np.isnan(found).any():
        raise Missing(f"Needs yearly changes of {cause} and {effect} that vary.")
    outcome, at = (part[0] for part in _leading(leads, found, enough))
    best, r, n = int(leads[at]), float(found[0, at]), int(pairs[at])
    return Found(
        outcome,
        r,
        f"Largest correlation of yearly changes {_signed(r, 2)}, where {cause} leads by {best} year(s), n {n}; at 0 {_signed(found[0, reach], 2)}.",
        n,
    )


@method
def above_trend(look, *, series, trend, years):
    """Does a series rise above the line through earlier years?"""
    values = look.series(series)
    later = _whole(values, *years)
    before = alignment.trend(
        values.rename_axis("year").rename("value").reset_index(), trend, later.index
    )
    rise = float((later - before.line).mean())
    outcome = (
        "supported"
        if rise > before.spread
        else "mixed"
        if later.mean() > before.mean
        else "against"
    )
    reading = f"Mean {later.mean():.2f} a year against {before.line.mean():.2f} on the line of {trend[0]} to {trend[1]} (mean {before.mean:.2f}, residual deviation {before.spread:.2f})."
    return Found(outcome, rise, reading, trend[1] - trend[0] + 1 + len(later))


def _moved(look, item, options):
    """Change of the mean of a series between two spells, and whether it has the sign of the item."""
    series = look.series(item["series"], **options)
    (was, _), (became, _) = _mean(series, item["before"]), _mean(series, item["after"])
    text = f"{item['series']} {was:.3g} ({item['before'][0]} to {item['before'][1]}) to {became:.3g} ({item['after'][0]} to {item['after'][1]})"
    return became - was, item["sign"] * (became - was) > 0, text


@method
def means_rise(
    look,
    *,
    items,
    otherwise="against",
    peers=None,
    fewest=1,
    edition="4.0",
    direction="both",
):
    """Do the means of some series rise between two spells?"""
    options = {
        "peers": peers,
        "fewest": fewest,
        "edition": edition,
        "direction": direction,
    }
    moved = [_moved(look, item, options) for item in items]
    right = sum(ok for _, ok, _ in moved)
    outcome = "supported" if right == len(moved) else "mixed" if right else otherwise
    return Found(
        outcome,
        float(moved[0][0]),
        "; ".join(text for *_, text in moved) + ".",
        len(moved),
    )


@method
def blocks_rise(look, *, blocks):
    """Do blocks of measures rise, each by more than half of its measures?"""
    moved = [[_moved(look, item, {}) for item in block] for block in blocks]
    up = [sum(ok for _, ok, _ in block) * 2 > len(block) for block in moved]
    reading = ". ".join(
        f"Block {i + 1}, {sum(ok for _, ok, _ in block)} of {len(block)} up: "
        + "; ".join(text for *_, text in block)
        for i, block in enumerate(moved)
    )
    return Found(
        _counted(sum(up), len(up)),
        float(sum(ok for block in moved for _, ok, _ in block)),
        reading + ".",
        sum(map(len, moved)),
    )


@method
def rising(look, *, series, first, last, many):
    """Do some series rise over a spell: a line that climbs, and an end above the start?"""
    texts, up = [], 0
    for name in series:
        values = look.series(name).loc[first:last].dropna()
        start, end = _at(values, first), _at(values, last)
        slope = float(np.polyfit(values.index.to_numpy(float), values.to_numpy(), 1)[0])
        rises = slope > 0 and end > start
        up += rises
        texts.append(f"{name} {start:.3g} to {end:.3g}, slope {slope:+.3g} a year")
    outcome = "supported" if up >= many else "mixed" if up else "against"
    return Found(outcome, float(up), "; ".join(texts) + ".", len(series))


@method
def exit_of_leader(look, *, leader, says, denies):
    """How did a leader leave office, by the exit code of the source?"""
    code = _row(look.table("leaders"), leader, "exit_code")["exit_code"]
    outcome = (
        "not supported"
        if denies in code.lower()
        else "supported"
        if says in code.lower()
        else "mixed"
    )
    return Found(
        outcome,
        float(says in code.lower()),
        f"Exit code: {code}. What experts believed, no source here measures.",
        1,
    )


# --- named years among all the others ----------------------------------------------------------------


def _all_cases(draws, seed):
    """The shares of these rules are counted over all cases; a rule that asks for draws is refused."""
    if draws != "all" or seed is not None:
        raise ValueError(
            f"draws is {draws!r} and seed {seed!r}; allowed: 'all' and none, since every case is counted"
        )


@kept
def _gone_through(look, states, name, span, options):
    """A yearly series by its name for each of some states.

    "gap" and "net gap" of the votes; "news:…" and "trade:…" with a vector; "exercises" with partners.
    """
    kind, _, vector = name.partition(":")
    options = dict(options)
    peers, fewest = options.get("peers"), options.get("fewest", 1)
    if kind == "gap":
        return {s: look.gap(s, None, fewest) for s in states}
    if kind == "net gap":
        peers = look.case.peers if peers is None else peers
        return {s: look.gap(s, peers, fewest) for s in states}
    if kind == "news" and vector:
        rows, _ = _friendly_news(look, states, *span, options["direction"])
        shares = rows.div(rows.groupby(["state", "year"]).transform("sum"))
        wide = shares.unstack("vector", fill_value=0.0)
        if vector not in wide:
            raise Missing(f"Needs a partner of {vector} that all of the states have.")
        return {s: wide[vector].xs(s) for s in states if s in wide.index}
    if kind == "trade" and vector:
        return {s: _trade_share(look, s, vector, options["edition"]) for s in states}
    if kind == "exercises" and not vector:
        return {s: _exercises(look, s, options["partners"]) for s in states}
    raise ValueError(
        f"series is {name!r}; allowed: gap, net gap, exercises, and news: or trade: with a vector"
    )


def _friendly_news(look, states, first, last, direction):
    """Friendly events by state, year and vector, and the number of partners in common."""
    kinds = ("verbal_cooperation", "material_cooperation")
    rows, shared = _news(look, states, first, last, direction, kinds)
    friendly = rows.set_index(["state", "year", "vector"])[list(kinds)].sum(axis=1)
    happened = friendly.groupby(["state", "year"]).transform("sum") > 0
    return friendly[happened], shared


def _exercises(look, state, partners):
    """Exercises a year in which a partner took part too; each counts once, and no state is its own partner."""
    partners = pd.Series("", index=[p for p in partners if p != state])
    rows = alignment.exercises_by_vector(look.table("exercises"), state, partners, "")
    return rows.set_index("year")["value"]


def _share(share, n, what):
    """A share of all cases, how many these are, and the smallest that so many allow."""
    return f"{round(share * n):,} of {n:,} {what}, {share:.3f} (smallest possible 1 of {n:,})"


class Spans(NamedTuple):
    """Mean change over some spans, its place among all sets of spans, and that of the state among others."""

    mean: float
    sets: int
    large: float
    small: float
    own: float
    states: int
    large_here: float
    small_here: float


def _spans_placed(changes, others, state, starts):
    """Place of the spans with these starts; ``others`` holds changes by state, the state's own too."""
    sets = jumps.mean_of_sets(changes, len(starts))
    mean = float(changes[starts].mean())
    moved = pd.Series(
        {s: v.reindex(starts).mean(skipna=False) for s, v in others.items()}
    ).dropna()
    if state not in moved:
        return None
    return Spans(
        mean,
        len(sets),
        jumps.share_as_large(mean, sets),
        jumps.share_as_small(mean, sets),
        float(moved[state]),
        len(moved),
        jumps.share_as_large(moved[state], moved),
        jumps.share_as_small(moved[state], moved),
    )


def _spans_judged(placed, pairs_at_most, states_at_most):
    rare = jumps.within(placed.large, pairs_at_most) and placed.mean > 0
    rare_here = jumps.within(placed.large_here, states_at_most)
    rare_down = jumps.within(placed.small, pairs_at_most) and placed.mean < 0
    if rare and rare_here:
        return "supported"
    if rare_down and jumps.within(placed.small_here, states_at_most):
        return "contradicted"
    one = rare + (rare_here and placed.own > 0)
    return "mixed" if one == 1 else "not supported"


@kept
def _spans_read(
    look, series, compared, compared_series, length, first, last, sign, peers, fewest
):
    """Changes of the series over every span, and of the compared one for the state and for each other."""

    def leaning(values):
        return sign * jumps.spans(values, length, first, last)

    states = (look.case.state, *compared)
    others = _gone_through(look, states, compared_series, None, (("fewest", fewest),))
    own = leaning(look.series(series, peers=peers, fewest=fewest))
    return own, {state: leaning(values) for state, values in others.items()}


@method
def changes_among_all(
    look,
    *,
    series,
    spans,
    length,
    first,
    last,
    sign,
    pairs_at_most,
    compared,
    compared_series,
    states_at_most,
    fewest_spans,
    fewest_states,
    draws,
    seed,
    peers=None,
    fewest=1,
):
    """Did a series change over some spans more than over others, and more than in other states?"""
    _all_cases(draws, seed)
    if wrong := [span for span in spans if span[1] - span[0] != length]:
        raise ValueError(f"spans is {wrong!r}; allowed: spans of {length} years")
    starts = [start for start, _ in spans]
    told = " and ".join(f"{start} to {end}" for start, end in spans)

    every, others = _spans_read(
        look,
        series,
        compared,
        compared_series,
        length,
        first,
        last,
        sign,
        peers,
        fewest,
    )
    if not set(starts) <= set(every.index):
        raise Missing(f"Needs the {series} at both ends of {told}.")
    if len(every) < fewest_spans:
        raise Missing(f"Needs {fewest_spans} spans of the {series}; has {len(every)}.")
    found = _spans_placed(every, others, look.case.state, starts)
    if found is None or found.states < fewest_states:
        raise Missing(
            f"Needs the {compared_series} of {fewest_states} states at both ends of {told}; has {found.states if found else 'not that of the state'}."
        )
    of_all = f"sets of {len(starts)} from {len(every)} spans"
    return Found(
        _spans_judged(found, pairs_at_most, states_at_most),
        sign * found.mean,
        f"Mean change of the {series} over {told} {_signed(sign * found.mean)}; as far or further that way in {_share(found.large, found.sets, of_all)}. "
        f"Mean change of the {compared_series} {_signed(sign * found.own)}; as far or further in {_share(found.large_here, found.states, 'states')}.",
        found.sets,
        found.large,
        f"these {len(starts)} spans are like any other {len(starts)}",
    )


@kept
def _beside_others(look, measure, others, first, last, direction):
    """A measure of the state and its mean for some others, in the years that all have; partners in common."""
    if measure != "effective vectors":
        raise ValueError(f"measure is {measure!r}; allowed: 'effective vectors'")
    state = look.case.state
    rows, shared = _friendly_news(look, [state, *others], first, last, direction)
    numbers = pd.DataFrame(
        {
            s: alignment.effective_vectors(
                part.rename("value").reset_index()
            ).set_index("year")["value"]
            for s, part in rows.groupby("state")
        }
    ).reindex(columns=[state, *others], index=range(first, last + 1))
    mean = numbers[list(others)].mean(axis=1, skipna=False)
    both = pd.DataFrame({"own": numbers[state], "others": mean})
    return both.where(both.notna().all(axis=1)), shared


def _alike(apart, margin, years_outside_at_most):
    """Is the distance small on average, and in all but a few years?"""
    beyond = int((apart.abs() > margin + jumps.TIE).sum())
    return bool(
        abs(apart.mean()) <= margin + jumps.TIE and beyond <= years_outside_at_most
    ), beyond


@method
def alike_and_together(
    look,
    *,
    measure,
    others,
    first,
    last,
    direction,
    margin,
    years_outside_at_most,
    together_at_most,
    fewest_changes,
    draws,
    seed,
):
    """Does a measure move with that of some others from year to year, and stand at their level?"""
    _all_cases(draws, seed)
    both, shared = _beside_others(look, measure, others, first, last, direction)
    changes = both.diff().dropna()
    if len(changes) < fewest_changes:
        raise Missing(
            f"Needs {fewest_changes} yearly changes of all {len(others) + 1} states; has {len(changes)}."
        )
    found = jumps.correlation_in_all_orders(changes["own"], changes["others"])
    apart = (both["own"] - both["others"]).dropna()
    together = jumps.within(found.share, together_at_most)
    alike, beyond = _alike(apart, margin, years_outside_at_most)
    outcome = "supported" if together and alike else "mixed" if together else "against"
    both_told = "It moved and stood as the others did, which does not tell what was imposed from what was chosen alike."
    moved_told = "It moved as the others did, at another level."
    stood_told = (
        "A like level without a like movement, and a like level alone earns nothing."
    )
    told = {
        (True, True): both_told,
        (True, False): moved_told,
        (False, True): stood_told,
        (False, False): "Neither a like movement nor a like level.",
    }[together, alike]
    return Found(
        outcome,
        found.correlation,
        f"Correlation of the yearly changes with those of the mean of {_named(look, others)} {_signed(found.correlation, 2)}; as high in {_share(found.share, found.orders, 'orders')}. "
        f"Apart by {_signed(apart.mean(), 2)} on average, by more than {margin:g} in {beyond} of {len(apart)} years; {shared} partners in common. {told}",
        len(changes),
        found.share,
        "the changes of the state have nothing to do with those of the others: every order is as likely",
    )


class Placed(NamedTuple):
    """A jump of the state, and its place among those of all states and years and among its own."""

    jump: float
    net: float
    large: float
    small: float
    n: int
    states: int
    alone: float
    years: int


def _placed(values, state, year, span, sides, less_usual):
    """Place of a jump among those of some states; None where the state has no jump around the year."""
    cells = jumps.cells(values, *span, *sides, less_usual=less_usual)
    if (state, year) not in cells.index:
        return None
    net = float(cells[state, year])
    return Placed(
        jumps.jump(values[state], year, *sides),
        net,
        jumps.share_as_large(net, cells),
        jumps.share_as_small(net, cells),
        len(cells),
        cells.index.unique("state").size,
        jumps.share_as_large(net, cells[state]),
        len(cells[state]),
    )


def _jump_judged(placed, strict, loose):
    if placed.jump > 0 and jumps.within(placed.large, loose):
        return "supported" if jumps.within(placed.large, strict) else "mixed"
    if placed.jump < 0 and jumps.within(placed.small, strict):
        return "contradicted"
    return "not supported"


def _scaled(look, series, states, partners, transform, sign):
    scales = {"sqrt": np.sqrt, "none": np.asarray}
    if transform not in scales:
        raise ValueError(f"transform is {transform!r}; allowed: 'sqrt', 'none'")
    options = (("partners", partners),)
    return {
        s: sign * pd.Series(scales[transform](v), v.index)
        for s, v in _gone_through(look, states, series, None, options).items()
    }


@method
def jump_among_states_and_years(
    look,
    *,
    series,
    states,
    partners,
    transform,
    year,
    before,
    after,
    first,
    last,
    years_at_least,
    sign,
    less_own_median,
    strict,
    loose,
    fewest_cells,
    draws,
    seed,
):
    """Does a series jump around a year by more than those of some states around almost any year?"""
    _all_cases(draws, seed)
    values = _scaled(look, series, states, partners, transform, sign)
    sides = before, after, years_at_least
    found = _placed(
        values, look.case.state, year, (first, last), sides, less_own_median
    )
    if found is None or found.n < fewest_cells:
        raise Missing(
            f"Needs the jump of {series} around {year} among {fewest_cells}; has {found.n if found else 'none there'}."
        )
    outcome = _jump_judged(found, strict, loose)
    usual = f", {_signed(found.net, 2)} net of the state's median jump"
    elsewhere = " Not more than elsewhere; a push common to all shows poorly here."
    return Found(
        outcome,
        sign * found.jump,
        f"Jump around {year} {_signed(sign * found.jump, 2)}{usual if less_own_median else ''}; as large or larger in {_share(found.large, found.n, f'jumps of {found.states} states')}. "
        f"Among the state's own years alone {_share(found.alone, found.years, 'jumps')}, which judges nothing."
        + ("" if outcome in ("supported", "mixed") else elsewhere),
        found.n,
        found.large,
        "the state around this year is like any of the states around any year",
    )


def _year_placed(own, others, year, span, sides):
    """Jump around a year, share of the years with one as large, and the jumps of others; None without one."""
    every = jumps.jumps(own, *span, *sides)
    if year not in every.index:
        return None
    beside = pd.Series(
        {s: jumps.jump(v, year, *sides) for s, v in others.items()}, dtype=float
    ).dropna()
    share = jumps.share_as_large(every[year], every)
    return float(every[year]), share, len(every), beside


def _year_judged(jump, share, above, strict, loose):
    if jump <= 0 or not jumps.within(share, loose):
        return "against"
    if jumps.within(share, strict):
        return "supported" if above else "mixed"
    return "mixed" if above else "against"


def _above_others(jump, beside, fewest):
    return len(beside) >= fewest and jump > beside.median() + jumps.TIE


@method
def jump_among_years(
    look,
    *,
    series,
    year,
    before,
    after,
    first,
    last,
    years_at_least,
    sign,
    strict,
    loose,
    beside,
    beside_fewest,
    fewest_cells,
    draws,
    seed,
):
    """Does a series jump around a year by more than around others, and by more than in neighbours?"""
    _all_cases(draws, seed)
    own, *theirs = (
        sign * look._measured(series, s) for s in (look.case.state, *beside)
    )
    span, sides = (first, last), (before, after, years_at_least)
    found = _year_placed(own, dict(zip(beside, theirs)), year, span, sides)
    if found is None:
        raise Missing(f"Needs the {series} of all years around {year}.")
    jump, p, n, others = found
    if n < fewest_cells:
        raise Missing(
            f"Needs {fewest_cells} years with a jump of the {series}; has {n}. The one around {year} is {_signed(sign * jump, 2)}."
        )
    above = _above_others(jump, others, beside_fewest)
    neighbours = (
        f"In {_named(look, others.index)} the median jump is {_signed(sign * others.median(), 2)}."
        if len(others) >= beside_fewest
        else f"Only {len(others)} of {_named(look, beside)} can be compared."
    )
    return Found(
        _year_judged(jump, p, above, strict, loose),
        sign * jump,
        f"Jump of the {series} around {year} {_signed(sign * jump, 2)}; as large or larger in {_share(p, n, 'years')}. {neighbours}",
        n,
        p,
        "this year is like any other around which the years can be split",
    )


def _measures_read(look, items, states, sign, **options):
    """For each measure its span and the series of every state; a measure that is missing is left out."""
    found = {}
    for item in items:
        name, span = item["series"], (item["first"], item["last"])
        try:
            series = _gone_through(look, states, name, span, tuple(options.items()))
        except Missing:
            continue
        found[name] = span, {s: sign * values for s, values in series.items()}
    return found


def _measures_placed(measures, state, year, sides, less_own_median):
    """Place of the jump of each measure that has one."""
    found = {
        name: _placed(values, state, year, span, sides, name in less_own_median)
        for name, (span, values) in measures.items()
        if state in values
    }
    return {name: placed for name, placed in found.items() if placed}


def _measures_judged(found, fewest_cells, at_most, measures_at_least):
    """The outcome, and the measures that rise rarely; no outcome if too few have enough to compare with."""
    full = [name for name, placed in found.items() if placed.n >= fewest_cells]
    if len(full) < measures_at_least:
        return None, full
    up, down = (
        [name for name in full if jumps.within(getattr(found[name], side), at_most)]
        for side in ("large", "small")
    )
    up = [name for name in up if found[name].jump > 0]
    down = [name for name in down if found[name].jump < 0]
    if len(up) >= measures_at_least and all(m.jump > 0 for m in found.values()):
        return "supported", up
    if len(down) >= measures_at_least:
        return "contradicted", up
    return ("mixed" if up else "not supported"), up


@method
def jumps_among_states_and_years(
    look,
    *,
    items,
    states,
    peers,
    year,
    before,
    after,
    years_at_least,
    fewest_cells,
    less_own_median,
    sign,
    at_most,
    measures_at_least,
    edition,
    direction,
    fewest,
    draws,
    seed,
):
    """Do some measures jump together around a year, and rarely so among states and years?"""
    _all_cases(draws, seed)
    measures = _measures_read(
        look,
        items,
        states,
        sign,
        peers=peers,
        fewest=fewest,
        edition=edition,
        direction=direction,
    )
    sides = before, after, years_at_least
    found = _measures_placed(measures, look.case.state, year, sides, less_own_median)
    outcome, up = _measures_judged(found, fewest_cells, at_most, measures_at_least)
    if outcome is None:
        raise Missing(
            f"Needs {measures_at_least} measures with a jump around {year} among {fewest_cells}; has {len(up)}."
        )

    def told(name, placed):
        share = _share(placed.large, placed.n, "jumps")
        alone = f" ({round(placed.alone * placed.years)} of the state's own {placed.years}, which judges nothing)"
        return (
            f"{name} {_signed(sign * placed.jump)}, as large or larger in {share}"
            + (alone if name in less_own_median else "")
        )

    trend = " A trend of the state's own would do as much, since no median is taken off there."
    return Found(
        outcome,
        float(len(up)),
        f"Jumps around {year}: {'; '.join(itertools.starmap(told, found.items()))}. {len(up)} of {len(found)} are among the largest 1 in {1 / at_most:.0f}; the state in this year is set beside any of {len(states)} states in any year."
        + (trend if len(up) == 1 and up[0] not in less_own_median else ""),
        len(found),
    )


def _all_spans(look, p):
    """Rows (among, dot, value, named, own) of a rule about spans: every set of spans, and every state."""
    starts = [start for start, _ in p["spans"]]
    read = ("compared", "compared_series", "length", "first", "last", "sign")
    changes, others = _spans_read(
        look,
        p["series"],
        *(p[name] for name in read),
        p.get("peers"),
        p.get("fewest", 1),
    )
    for chosen in itertools.combinations(changes.index, len(starts)):
        dot = " and ".join(f"{start} to {start + p['length']}" for start in chosen)
        mean = changes[list(chosen)].mean()
        yield f"{p['series']}, sets of spans", dot, mean, list(chosen) == starts, True
    for state, moved in others.items():
        mean = moved.reindex(starts).mean(skipna=False)
        own = state == look.case.state
        yield f"{p['compared_series']}, states", _named(look, [state]), mean, own, own


def _all_cells(look, name, values, span, sides, less_usual, year):
    cells = jumps.cells(values, *span, *sides, less_usual=less_usual)
    for (state, when), jump in cells.items():
        own = state == look.case.state
        dot = f"{_named(look, [state])}, {when}"
        among = f"{name.replace(':', ' with ')}, states and years"
        yield among, dot, jump, own and when == year, own


def _all_jumps(look, p):
    """The same of a rule about jumps among states and years, or among years alone."""
    sides = p["before"], p["after"], p["years_at_least"]
    if "items" in p:
        options = {k: p[k] for k in ("peers", "fewest", "edition", "direction")}
        measures = _measures_read(look, p["items"], p["states"], p["sign"], **options)
        for name, (span, values) in measures.items():
            less = name in p["less_own_median"]
            yield from _all_cells(look, name, values, span, sides, less, p["year"])
    elif "states" in p:
        read = ("series", "states", "partners", "transform", "sign")
        values = _scaled(look, *(p[name] for name in read))
        span, less = (p["first"], p["last"]), p["less_own_median"]
        yield from _all_cells(look, p["series"], values, span, sides, less, p["year"])
    else:
        own = p["sign"] * look._measured(p["series"])
        for year, jump in jumps.jumps(own, p["first"], p["last"], *sides).items():
            yield f"{p['series']}, years", str(year), jump, year == p["year"], True


def among_all(case, look=None):
    """What some rules name, among all that they could have named.

    Parameters
    ----------
    case : data.Case
    look : Look, optional

    Returns
    -------
    DataFrame
        Rows (id, among, dot, value, spread, named, own, share, n): ``among`` says of which series and
        among what, ``dot`` what one of them is; ``value`` is higher the more it goes as the claim says, and
        ``spread`` the same in standard deviations from the median of all; ``named`` marks what the claim
        names, ``own`` what is the state's; ``share`` of the ``n`` go as far as the named one.
    """
    look = look or Look(case)
    making = {
        "changes_among_all": _all_spans,
        "jump_among_states_and_years": _all_jumps,
        "jump_among_years": _all_jumps,
        "jumps_among_states_and_years": _all_jumps,
    }
    rows = [
        (rule.id, *row)
        for rule in _rules(case).itertuples()
        if rule.method in making
        for row in making[rule.method](look, json.loads(rule.parameters))
    ]
    columns = ["id", "among", "dot", "value", "named", "own"]
    found = pd.DataFrame(rows, columns=columns).dropna(subset="value")
    parts = []
    for _, part in found.groupby(["id", "among"], sort=False):
        if part["named"].any():
            value, named = part["value"], part.loc[part["named"], "value"].iloc[0]
            spread = (value - value.median()) / value.std()
            share = jumps.share_as_large(named, value)
            parts.append(part.assign(spread=spread, share=share, n=len(part)))
    return pd.concat(parts, ignore_index=True)


def beside_others(case, look=None):
    """A measure of the state and that of others, as the rule reads them that asks whether they go together.

    Returns
    -------
    DataFrame
        Rows (id, year, own, others, margin); NaN in a year in which one of them is missing.
    """
    look, rows = look or Look(case), []
    for rule in _rules(case).itertuples():
        if rule.method == "alike_and_together":
            p = json.loads(rule.parameters)
            read = ("measure", "others", "first", "last", "direction")
            both, _ = _beside_others(look, *(p[name] for name in read))
            both = both.rename_axis("year").reset_index()
            rows.append(both.assign(id=rule.id, margin=p["margin"]))
    return pd.concat(rows, ignore_index=True)


@kept
def _whole_trade_share(look, state, partner, edition):
    """Share of one partner in all trade; a year in which a flow of either is not reported is a hole."""
    trade, totals = (
        look.table(name).dropna(subset=["imports", "exports"])
        for name in ("trade", "trade_totals")
    )
    rows = alignment.trade_shares(
        trade, state, pd.Series({partner: ""}), "", edition, totals
    )
    return rows.set_index("year")["value"]


def _ranks_asked(
    look,
    *,
    partner,
    others,
    trade,
    votes,
    edition,
    common_years,
    trade_rank,
    votes_rank,
    chance_at_most,
    fewest,
    **_,
):
    """Ranks in trade and in votes, and the rank in votes that is asked for: fewer states, more is asked."""

    def ranked(series, span):
        own, *theirs = (
            series(state).loc[slice(*span)] for state in (look.case.state, *others)
        )
        return jumps.rank_over_common_years(own, theirs, common_years)

    traded = ranked(lambda s: _whole_trade_share(look, s, partner, edition), trade)
    voted = ranked(lambda s: look.gap(s, None, fewest), votes)
    pairs = traded.n * voted.n
    if not jumps.within(trade_rank * votes_rank / pairs, chance_at_most):
        votes_rank = 1
    if not jumps.within(trade_rank * votes_rank / pairs, chance_at_most):
        raise Missing(
            f"Needs more states with {common_years} common years; has {traded.n} in trade and {voted.n} in votes, the state itself included."
        )
    return traded, voted, votes_rank


@method
def leans_and_votes(
    look,
    *,
    vector,
    partner,
    others,
    trade,
    votes,
    edition,
    common_years,
    trade_rank,
    votes_rank,
    chance_at_most,
    fewest,
    shown,
    draws,
    seed,
):
    """Is the state the first of some in trade with a partner, and among the first in votes with it?"""
    _all_cases(draws, seed)
    state = look.case.state
    traded, voted, votes_rank = _ranks_asked(
        look,
        partner=partner,
        others=others,
        trade=trade,
        votes=votes,
        edition=edition,
        common_years=common_years,
        trade_rank=trade_rank,
        votes_rank=votes_rank,
        chance_at_most=chance_at_most,
        fewest=fewest,
    )
    share = _whole_trade_share(look, state, partner, edition).loc[slice(*trade)]
    gap = look.gap(state, None, fewest).loc[slice(*votes)]
    pairs = traded.n * voted.n
    met = (traded.rank <= trade_rank) + (voted.rank <= votes_rank)
    ranks = alignment.ranks(look.table("trade"), state, edition, *trade)
    places = ranks[ranks["partner"] == partner]["rank"]
    remembered = [
        look.engaged(f"{year}-12-31", shown["half_life"], shown["direction"])
        .set_index("vector")
        .loc[vector]
        for year in range(trade[0], trade[1] + 1)
    ]
    friendly = sum(row["cooperation"] > row["conflict"] for row in remembered)
    return Found(
        _counted(met, 2),
        float(traded.rank),
        f"Rank {traded.rank} of {traded.n} in trade with {vector} (mean share {share.mean():.2f} over {share.notna().sum()} years), {voted.rank} of {voted.n} in votes (mean gap {_signed(gap.mean(), 2)} over {gap.notna().sum()} years). "
        f"Were trade and votes unrelated, ranks like those asked for would come {trade_rank * votes_rank} times in {pairs}. "
        f"Shown, and judging nothing: {vector} was the first partner in {int((places == 1).sum())} of {len(places)} years; remembered net cooperation was positive at the end of {friendly} of {len(remembered)} (coded).",
        pairs,
    )


# --- the record -----------------------------------------------------------------------------------


def _votes(look, *columns):
    """Votes of parliament on the bases, each with what is asked of it."""
    if not look.case.has("base_votes") or (votes := look.table("base_votes")).empty:
        raise Missing("Needs a sourced list of votes of parliament.")
    if votes[list(columns)].isna().any(axis=None):
        raise Missing(f"Needs {' and '.join(columns)} of every vote of parliament.")
    return votes


@method
def votes_that_bind(look, *, changed, delayed):
    """Did votes of parliament change, or delay, what the president had signed?"""
    votes = _votes(look, "effect")
    one, two = (
        int(votes["effect"].isin(changed).sum()),
        int(votes["effect"].isin(delayed).sum()),
    )
    outcome = "supported" if one else "mixed" if two else "against"
    return Found(
        outcome,
        float(one + two),
        f"Of {len(votes)} decisions found, {one} changed what had been signed and {two} kept it waiting.",
        len(votes),
    )


@method
def votes_against(look, *, outcomes, many):
    """How many votes of parliament went against what the president had signed, whatever came of them?"""
    votes = _votes(look, "outcome", "president")
    against = int(
        (votes["outcome"].isin(outcomes) & (votes["president"] == "signed")).sum()
    )
    outcome = "supported" if against == 0 else "mixed" if against < many else "against"
    return Found(
        outcome,
        float(against),
        f"{against} of {len(votes)} decisions found went against what the president had signed.",
        len(votes),
    )


def _contested(look, bases, sure):
    if not look.case.has("decisions") or look.table("decisions").empty:
        return pd.DataFrame(columns=decisions.COLUMNS)
    votes = _votes(look) if bases else None
    return decisions.contested(look.table("decisions"), votes, sure)


def _against_a_line(moved, outcomes, line, level, few, who):
    """Which way a rule falls by where the interval of a share lies: above the line, below it, or across."""
    if len(moved) == 0:
        return Found(
            "not testable", np.nan, "Needs a sourced list of contested decisions."
        )
    found = decisions.share(moved, line, level)
    above, below = found.low > line, found.high < line
    supported, against = (below, above) if few else (above, below)
    return Found(
        "supported" if supported else "against" if against else "mixed",
        found.value,
        f"{who} moved ({', '.join(outcomes)}) {found.moved} of {found.n} contested decisions found, a share of "
        f"{found.value:.2f} with an exact interval of {level:.0%} from {found.low:.2f} to {found.high:.2f}; the line is {line:.2f}.",
        found.n,
        found.p,
        f"each contested decision is moved with chance {line:.2f}",
    )


@method
def moved_at_home(look, *, outcomes, line, level, bases, sure):
    """Does somebody at home move more contested decisions than the line says?"""
    moved = decisions.moved(_contested(look, bases, sure), outcomes)
    who = "Somebody at home"
    return _against_a_line(moved, outcomes, line, level, few=False, who=who)


@method
def moved_by_office(look, *, office, outcomes, line, level, bases, sure):
    """Does an office move fewer of the decisions on which it had a say than the line says?"""
    rows = _contested(look, bases, sure)
    rows = rows[decisions.names(rows["could"], office)]
    moved = decisions.moved(rows, outcomes, office)
    who = office.capitalize()
    return _against_a_line(moved, outcomes, line, level, few=True, who=who)


def _days(span):
    first, last = span
    return (
        f"{first:%-d %b %Y}"
        if first == last
        else f"{first:%-d %b %Y} to {last:%-d %b %Y}"
    )


@method
def after_the_visit(
    look,
    *,
    declaration,
    visit,
    softening,
    known_days,
    illustrates=False,
    coding=None,
):
    """Did a stance soften after a visit, or before it?

    ``illustrates`` says that one sequence can show no more than what the claim means: a wrong order
    still contradicts it, a right one, or days that overlap, only illustrate.
    """
    said, came = (look.dated(ids, coding) for ids in (declaration, visit))
    soft = look.first_dated(softening, coding)
    if None in (said, came, soft):
        return Found(
            "not testable",
            np.nan,
            "Needs the declaration, the visit and the softening, each with a date.",
        )
    known = all((last - first).days < known_days for first, last in (came, soft))
    least = (soft[0] - came[0]).days
    if known:
        outcome = "supported" if least >= 0 else "against"
    else:
        outcome = (
            "supported"
            if soft[0] > came[1]
            else "against"
            if soft[1] < came[0]
            else "mixed"
        )
    reading = (
        f"Declaration {_days(said)}, visit {_days(came)}, softer terms {_days(soft)}."
    )
    if illustrates:
        if outcome == "mixed":
            reading += " The possible days overlap."
        reading += " By order alone either of two acts comes first 1 time in 2; of one sequence there is no null."
        outcome = "against" if outcome == "against" else "illustrated only"
    return Found(outcome, float(least), reading, 3)


@method
def days_after(look, *, act, mark, near, coding=None):
    """How long after a day was something signed?"""
    signed, day = look.dated(act, coding), look.dated(mark, coding)
    if None in (signed, day):
        return Found("not testable", np.nan, "Needs both, each with a date.")
    least, most = (signed[0] - day[1]).days, (signed[1] - day[0]).days
    outcome = (
        "supported" if least > near else "contradicted" if most < -near else "mixed"
    )
    return Found(
        outcome,
        float(least),
        f"Signed {_days(signed)}; the other day is {_days(day)}: {least} days after"
        + ("" if least == most else f", at most {most}")
        + (" (below 0: before)." if least < 0 else "."),
        2,
    )


@method
def peers_spared(look, *, blow, on_peers, unrest, until, coding=None):
    """Was a blow dealt to the state alone, and before the unrest?"""
    own, others, riot = (look.dated(ids, coding) for ids in (blow, on_peers, unrest))
    if own is None or riot is None:
        return Found(
            "not testable", np.nan, "Needs the blow and the unrest, each with a date."
        )
    hit = others is not None and others[0] <= pd.Timestamp(until)
    outcome = (
        "against"
        if own[0] > riot[1]
        else "supported"
        if not hit
        else "mixed"
        if others[0] > own[1]
        else "against"
    )
    later = (
        f"{(others[0] - own[0]).days} days later on a neighbour too"
        if hit
        else "on no neighbour that the coding has"
    )
    return Found(
        outcome,
        float((others[0] - own[0]).days) if hit else 0.0,
        f"On the state {_days(own)}, {later}; the unrest {_days(riot)}.",
        2 + hit,
    )


# --- coded acts ------------------------------------------------------------------------------------


@method
def moves_after_threats(
    look, *, window, until, direction, strict, loose, robust, coding=None
):
    """Do acts toward the poles change after threats, more than after any other days?"""
    case, events = look.coded(coding), look.events(coding)
    moves = events[events["vector"].isin(case.poles)]
    moves = moves if direction == "both" else moves[moves["direction"] == direction]
    moves = moves.assign(value=moves["goldstein"] * moves["weight"])[
        ["start", "end", "value"]
    ]
    span = case.span()[0], case.period(until)[1]
    threats = case.threats()["start"].drop_duplicates()
    inside = threats[
        (threats >= span[0] + pd.Timedelta(days=window))
        & (threats <= span[1] - pd.Timedelta(days=window))
    ]
    if inside.empty:
        return Found(
            "not testable",
            np.nan,
            f"Needs a threat with {window} days of coding on either side; {len(threats)} dated threats have none.",
        )
    test = breaks.lead_lag(threats[threats.between(*span)], moves, window, span)
    without = test.details["p"].dropna()
    if test.p < strict and test.statistic < 0:
        outcome = "contradicted"
    elif test.p < strict:
        outcome = "supported" if len(without) and (without < robust).all() else "mixed"
    else:
        outcome = "mixed" if test.p <= loose else "not supported"
    robustly = (
        f"without one threat p runs from {without.min():.3f} to {without.max():.3f}"
        if len(without)
        else "one threat, so that none can be left out"
    )
    return Found(
        outcome,
        test.statistic,
        f"Mean move {_signed(test.statistic, 1)} points in {window} days, p {test.p:.3f} over {test.draws} circular shifts; {robustly}.",
        test.n,
        test.p,
        test.null,
    )


@method
def opened_and_kept(
    look,
    *,
    before,
    after,
    gained,
    kept,
    deal,
    rise,
    fall,
    half_life,
    direction,
    coding=None,
    whole=False,
):
    """Does cooperation with one pole rise through a deal, while that with the other stays?"""

    look.known_acts(deal)

    def remembered(day, without=()):
        return look.engaged(
            day, half_life, direction, coding, whole, without
        ).set_index("vector")["cooperation"]

    was, became, bare = remembered(before), remembered(after), remembered(after, deal)
    up, without, stays = (
        float(
            now[v]
            / _number(was[v] if was[v] > 0 else np.nan, f"acts with {v} by {before}")
            - 1
        )
        for now, v in ((became, gained), (bare, gained), (became, kept))
    )
    if stays <= -fall:
        outcome = "against"
    else:
        outcome = (
            "supported"
            if up >= rise and without < rise and abs(stays) < fall
            else "mixed"
        )
    return Found(
        outcome,
        up,
        f"{gained} {up:+.0%} ({without:+.0%} without the deal), {kept} {stays:+.0%}, from {before} to {after}.",
        2,
    )


@method
def both_positive(look, *, on, also, first, last, half_life, direction, coding=None):
    """Does remembered cooperation go with two inputs at once?"""
    years = list(range(first, last + 1))
    sums = [
        look.engaged(f"{year}-12-31", half_life, direction, coding)["cooperation"].sum()
        for year in years
    ]
    rows = pd.DataFrame(
        {
            "y": sums,
            "one": look.series(on).reindex(years).to_numpy(),
            "two": sum(look.series(name).reindex(years) for name in also).to_numpy(),
        }
    ).dropna()
    if len(rows) < 4:
        raise Missing(f"Needs four years with {on} and {' and '.join(also)}.")
    slopes = np.linalg.lstsq(
        np.column_stack([np.ones(len(rows)), rows["one"], rows["two"]]),
        rows["y"],
        rcond=None,
    )[0][1:]
    return Found(
        _counted(int((slopes > 0).sum()), 2),
        float(slopes.min()),
        f"Slope on {on} {_signed(slopes[0], 2)}, on {' and '.join(also)} {_signed(slopes[1], 2)}; least squares over {len(rows)} years.",
        len(rows),
    )


@kept
def _doubt(look):
    return reliability.doubt(look.case)


@method
def index_rises(
    look,
    *,
    index,
    before,
    after,
    half_life,
    direction,
    level,
    draws,
    seed,
    coding=None,
    whole=False,
):
    """Does an index rise from one spell to another, beyond the doubt about the coding?"""
    spells = [pd.date_range(*spell, freq="ME") for spell in (before, after)]
    found = engagement.difference(
        look.events(coding, whole),
        *spells,
        index,
        half_life,
        draws,
        seed,
        poles=look.case.poles,
        direction=direction,
        perturb=_doubt(look),
        level=level,
    )
    for name in ("value", "lower", "upper"):
        _number(found[name], f"acts from which the {index} of both spells follows")
    outcome = (
        "against"
        if found["value"] <= 0
        else "supported"
        if found["lower"] > 0
        else "mixed"
    )
    return Found(
        outcome,
        found["value"],
        f"{index.capitalize()} {found['before']:.2f} to {found['after']:.2f}, difference {_signed(found['value'], 2)}, {level:.0%} of {draws} draws from {_signed(found['lower'], 2)} to {_signed(found['upper'], 2)}.",
        draws,
    )


@kept
def _trade_share(look, state, vector, edition):
    rows = alignment.trade_shares(
        look.table("trade"),
        state,
        look.case.partner_vectors(),
        "",
        edition,
        look.table("trade_totals"),
    )
    return rows[rows["vector"] == vector].set_index("year")["value"]


@kept
def _above_median(look, state, others, vector, first, last, edition):
    """Years in which a state trades more with a vector than the median of others; those in which all report."""
    own, *theirs = (
        _trade_share(look, name, vector, edition).loc[first:last]
        for name in (state, *others)
    )
    # The median of the others needs all of them: what some did not report is not below anything.
    beside = pd.concat(theirs, axis=1).median(axis=1, skipna=False)
    years = own.index[own.notna()].intersection(beside.index[beside.notna()])
    if years.empty:
        raise Missing(
            f"Needs a year from {first} to {last} in which all report trade with {vector}."
        )
    return own[years] > beside[years]


@method
def leans_on(
    look, *, vector, others, first, last, edition, half_life, direction, coding=None
):
    """Does the state trade with a partner more than its neighbours do, and are relations friendly?"""

    above = _above_median(look, look.case.state, others, vector, first, last, edition)
    rows = [
        look.engaged(f"{year}-12-31", half_life, direction, coding)
        .set_index("vector")
        .loc[vector]
        for year in range(first, last + 1)
    ]
    friendly = pd.Series([row["cooperation"] - row["conflict"] > 0 for row in rows])
    trades, likes = bool(above.mean() > 0.5), bool(friendly.mean() > 0.5)
    reading = f"Share of {vector} above the median of the others in {int(above.sum())} of {len(above)} years; remembered net cooperation positive at the end of {int(friendly.sum())} of {len(friendly)} (coded)."
    return Found(
        _counted(trades + likes, 2),
        float(above.mean()),
        reading,
        len(above),
        without_coded="supported" if trades else "against",
    )


# --- models -----------------------------------------------------------------------------------------

#: Fewest episodes to which a model can be put.
FEWEST_EPISODES = 4


@kept
def _episodes(look, drop="", coder="first"):
    """Episodes with the significance of the region measured outside; those without a measure are left out."""
    rows = (
        alignment.episodes(look.case)
        .sort_values("start", kind="stable")
        .dropna(subset=["significance"])
        .reset_index(drop=True)
    )
    if len(rows) < FEWEST_EPISODES:
        raise Missing(
            f"Needs {FEWEST_EPISODES} episodes with a measure of the region's significance; the case has {len(rows)}."
        )
    if coder != "first":
        other = look.table("episode_codings").set_index("episode")
        rows = rows.assign(
            **{
                name: rows["id"].map(other[name])
                for name in ("threat", "commitment", "external")
            }
        )
    return rows.iloc[
        {"first": slice(1, None), "last": slice(None, -1)}.get(drop, slice(None))
    ].reset_index(drop=True)


def _prior(width, centre):
    return {
        name: (mean if centre is None or name == "intercept" else centre, sd * width)
        for name, (mean, sd) in arena.PRIOR.items()
    }


def _leaders(look, leaders):
    """Priors of the leaders by the order that the case gives them, or without an order."""
    if leaders not in ("order", "none"):
        raise ValueError(f"leaders is {leaders!r}; allowed: 'order', 'none'")
    ranks = (
        look.case.periods.dropna(subset="outward")
        .set_index("id")["outward"]
        .astype(float)
    )
    return arena.ordinal_prior((ranks if leaders == "order" else 0 * ranks).to_dict())


@kept
def _scores(look, model, leaders, width, centre, drop, coder):
    """Held-out log score of each episode under one model."""
    ranks = _leaders(look, leaders) if arena.MODELS[model].leaders else None
    return arena.leave_one_out(
        _episodes(look, drop, coder), model, _prior(width, centre), leaders=ranks
    )["log_score"].to_numpy()


@kept
def _fitted(look, model, leaders, width, centre, drop, coder):
    return arena.fit(
        _episodes(look, drop, coder),
        _prior(width, centre),
        model=model,
        leaders=_leaders(look, leaders),
    )


def _lead(one, other):
    """Mean paired difference of two scores, and its standard error."""
    gap = one - other
    return float(gap.mean()), float(gap.std(ddof=1) / np.sqrt(len(gap)))


def _no_episodes(look):
    return (
        None
        if look.case.has("episodes", "significance")
        else Found(
            "not testable",
            np.nan,
            "Needs coded episodes and a measure of the region's significance.",
        )
    )


@method
def better_model(
    look,
    *,
    model,
    than,
    leaders,
    prior_width=1.0,
    prior_centre=None,
    drop="",
    grades="first",
):
    """Does one model foretell episodes better than others?"""
    if missing := _no_episodes(look):
        return missing
    full = _scores(look, model, leaders, prior_width, prior_centre, drop, grades)
    found = {
        name: _lead(
            full, _scores(look, name, leaders, prior_width, prior_centre, drop, grades)
        )
        for name in than
    }
    best = all(gap > 0 for gap, _ in found.values())
    outcome = (
        "supported"
        if all(gap > error for gap, error in found.values())
        else "mixed"
        if best
        else "against"
    )
    reading = (
        f"Held-out log score of {model!r} {full.mean():.3f} an episode; lead over "
        + ", ".join(
            f"{name!r} {_signed(gap)} (standard error {error:.3f})"
            for name, (gap, error) in found.items()
        )
        + "."
    )
    return Found(outcome, min(gap for gap, _ in found.values()), reading, len(full))


@method
def each_ablation_worse(
    look,
    *,
    model,
    without,
    leaders,
    prior_width=1.0,
    prior_centre=None,
    drop="",
    grades="first",
):
    """Does the model foretell worse when each of some inputs is taken away?"""
    if missing := _no_episodes(look):
        return missing
    full = _scores(look, model, leaders, prior_width, prior_centre, drop, grades)
    found = {
        name: _lead(
            full, _scores(look, name, leaders, prior_width, prior_centre, drop, grades)
        )
        for name in without
        if name in arena.MODELS
    }
    reading = (
        "Lead in held-out log score an episode: "
        + ", ".join(
            f"over {name!r} {_signed(gap)} (standard error {error:.3f})"
            for name, (gap, error) in found.items()
        )
        + "."
    )
    if absent := [name for name in without if name not in arena.MODELS]:
        return Found(
            "not testable",
            np.nan,
            f"Needs an input that the model has not ({', '.join(absent)}). {reading}",
            len(full),
        )
    worse = sum(gap > 0 for gap, _ in found.values())
    outcome = (
        "supported"
        if worse == len(found)
        else "mixed"
        if worse >= 2
        else "against"
        if worse == 0
        else "not supported"
    )
    return Found(
        outcome,
        float(worse),
        f"{worse} of {len(found)} ablations are worse. {reading}",
        len(full),
    )


@method
def share_of_block(
    look,
    *,
    block,
    high,
    low,
    leaders,
    prior_width=1.0,
    prior_centre=None,
    drop="",
    grades="first",
):
    """How much of what the episodes tell does one block explain?"""
    if missing := _no_episodes(look):
        return missing
    scores = {
        name: float(
            _scores(look, name, leaders, prior_width, prior_centre, drop, grades).sum()
        )
        for name in ("both", "internal only", "external only", "neither")
    }
    rows = arena.dominance(
        pd.DataFrame({"model": list(scores), "log_score": list(scores.values())})
    ).set_index("block")
    n, gains = (
        len(_episodes(look, drop, grades)),
        ", ".join(f"{name} {_signed(gain, 2)}" for name, gain in rows["gain"].items()),
    )
    if rows["undefined"].iloc[0]:
        return Found(
            "not supported",
            float(rows.loc[block, "gain"]),
            f"No share can be given ({rows['undefined'].iloc[0]}). Gains in held-out log score: {gains}.",
            n,
        )
    share = float(rows.loc[block, "share"])
    outcome = "supported" if share > high else "mixed" if share >= low else "against"
    return Found(
        outcome,
        share,
        f"Share of the {block} block {share:.0%}; gains in held-out log score {gains}.",
        n,
    )


@method
def coefficient(
    look,
    *,
    model,
    coefficient,
    leaders,
    prior_width=1.0,
    prior_centre=None,
    drop="",
    grades="first",
):
    """Which sign has a coefficient after the episodes have spoken?"""
    if missing := _no_episodes(look):
        return missing
    episodes = _episodes(look, drop, grades)
    fit = _fitted(look, model, leaders, prior_width, prior_centre, drop, grades)
    rows = fit.summary.set_index(["source", "coefficient"])
    now, then = rows.loc[("posterior", coefficient)], rows.loc[("prior", coefficient)]
    outcome = (
        "against" if now["mean"] <= 0 else "supported" if now["lower"] > 0 else "mixed"
    )
    reading = (
        f"Posterior {_signed(now['mean'], 2)}, 90% interval {_signed(now['lower'], 2)} to {_signed(now['upper'], 2)}; prior {_signed(then['mean'], 2)}, {_signed(then['lower'], 2)} to {_signed(then['upper'], 2)}. "
        f"Its spread is {now['sd'] / then['sd']:.2f} of the prior's."
    )
    return Found(outcome, float(now["mean"]), reading, len(episodes))


@method
def agency_weight(look, *, low, high, level, fewest):
    """What weight do agencies have beside the leader?"""
    n = len(look.table("agency_positions")) if look.case.has("agency_positions") else 0
    if n < fewest:
        return Found(
            "not testable",
            np.nan,
            f"Needs {fewest} episodes or more with sourced positions of agencies; the case has {n}.",
            n,
        )
    rows = look.table("agency_positions")
    inside = game.mixture_profile(
        rows["outcome"], rows["resultant"], rows["leader"], level=level
    ).query("inside")["weight"]
    outcome = (
        "mixed"
        if inside.empty or inside.min() <= low <= inside.max()
        else "supported"
        if inside.max() < low
        else "against"
        if inside.min() > high
        else "mixed"
    )
    return Found(
        outcome,
        float(inside.mean()) if len(inside) else np.nan,
        f"Weights inside the {level:.0%} set: {inside.min():.2f} to {inside.max():.2f}."
        if len(inside)
        else "No weight is inside the set: neither model fits.",
        n,
    )


@method
def share_signed(
    look,
    *,
    ideals,
    weights,
    costs,
    reversion,
    threshold,
    constraint,
    patron_ideal,
    patron_cost,
    values,
    steps,
    limit,
):
    """Does the room for a deal shrink as the patron cares more?"""
    own = game.win_set(
        ideals, weights, reversion, threshold, costs, constraint=constraint
    )
    grid = np.linspace(*values, steps)
    share = [
        sum(
            high - low
            for low, high in game.intersect(
                own,
                game.acceptance(
                    patron_ideal, reversion, patron_cost, salience=float(v)
                ),
            )
        )
        for v in grid
    ]
    if np.ptp(share) <= game.TOLERANCE:
        return Found(
            "not supported",
            0.0,
            f"The share that can be signed is {share[0]:.2f} throughout.",
            steps,
        )
    r = float(pd.Series(share).corr(pd.Series(grid), method="spearman"))
    outcome = "supported" if r <= -limit else "against" if r >= limit else "mixed"
    return Found(
        outcome,
        r,
        f"Share of the issue that can be signed {share[0]:.2f} where the patron cares least, {share[-1]:.2f} where it cares most; rank correlation {_signed(r, 2)}.",
        steps,
    )


def _rents(look, ids):
    """Amounts of the payments with these ids, in their order."""
    payments = look.table("payments")
    return [float(_row(payments, name, "amount")["amount"]) for name in ids]


@method
def weight_of_private_rent(look, *, rents, cost, host_ceiling, rival_ceiling, limit):
    """Which weights of private rent are there under which some rival explains every price?"""
    prices = _rents(look, rents)
    grid = np.linspace(0, 1, 201)
    worth = bases.dollar_worth(grid, host_ceiling)
    fits = np.all([worth * price >= cost for price in prices], axis=0) & (
        bases.dollar_worth(grid, rival_ceiling) > 0
    )
    if not fits.any():
        return Found("not testable", np.nan, "No weight explains the prices.")
    low, high = float(grid[fits].min()), float(grid[fits].max())
    outcome = "supported" if low > limit else "against" if high < limit else "mixed"
    return Found(
        outcome,
        (low + high) / 2,
        f"Every weight from {low:.2f} to {high:.2f} explains all {len(prices)} prices with some rival: the prices do not tell.",
        len(prices),
    )


def _lattice_share(share, high, low):
    return "supported" if share >= high else "mixed" if share >= low else "against"


@method
def best_number(look, *, most, exponents, costs, steps, few, high, low):
    """On what share of a lattice do few vectors pay best?"""
    a, c = np.meshgrid(np.linspace(*exponents, steps), np.linspace(*costs, steps))
    share = float((portfolio.best_number(a, c, most) <= few).mean())
    return Found(
        _lattice_share(share, high, low),
        share,
        f"The best number is {few} or fewer on {share:.0%} of {a.size} combinations of benefit and cost.",
        a.size,
    )


@method
def loser_is_paid(
    look, *, first_value, values, costs, harms, credibilities, steps, high
):
    """On what share of a lattice does the loser of a first deal get a grant of its own?"""
    value, cost, harm, credible = np.meshgrid(
        np.linspace(*values, steps),
        np.linspace(*costs, steps),
        first_value * np.linspace(*harms, steps),
        np.linspace(*credibilities, steps),
    )
    share = float(np.mean(bases.second_grant(value, cost, harm, credible)))
    outcome = "supported" if share >= high else "mixed" if share > 0 else "against"
    return Found(
        outcome,
        share,
        f"The loser gets a grant on {share:.0%} of {value.size} combinations of its value, the cost, the first winner's loss and its credibility.",
        value.size,
    )


@method
def hedge_pays(look, *, value, rivals, credibilities, shares, cost, steps, high, low):
    """On what share of a lattice does a leader keep more with two bidders than with one patron?"""
    r, d, s = (np.linspace(*ends, steps) for ends in (rivals, credibilities, shares))
    hedged = np.array(
        [[portfolio.hedge_payoff(value, value * x, cost, y) for y in d] for x in r]
    )
    alone = np.array([portfolio.exclusive_payoff(value, cost, z) for z in s])
    share = float((hedged[:, :, None] > alone).mean())
    return Found(
        _lattice_share(share, high, low),
        share,
        f"Two bidders leave the leader more on {share:.0%} of {hedged.size * len(s)} combinations of the rival's value, its credibility and what one patron alone would leave.",
        hedged.size * len(s),
    )


@method
def insurer(
    look,
    *,
    state_ideal,
    personal_ideal,
    baseline,
    nearer,
    before,
    after,
    half_life,
    direction,
    coding=None,
):
    """Does a threatened leader lean to the nearer insurer, in the model and in the coded acts?"""
    calm, threatened = (
        game.leader_ideal(state_ideal, personal_ideal, baseline, threat)
        for threat in (0.0, 1.0)
    )
    nears = abs(threatened - nearer) < abs(calm - nearer)
    was, became = (
        look.tilt(before, half_life, direction, coding),
        [look.tilt(day, half_life, direction, coding) for day in after],
    )
    reading = (
        f"Ideal point of the model {calm:.2f} without threat, {threatened:.2f} under full threat; coded tilt {_signed(was, 2)} on {before}, then "
        + ", ".join(f"{_signed(t, 2)} on {day}" for t, day in zip(became, after))
        + "."
    )
    return Found(
        _counted(nears + all(t > was for t in became), 2),
        float(min(became) - was),
        reading,
        len(after),
    )


@method
def bids_rise(
    look, *, rents, cost, grant, loan, debt_relief, relief, discounts, steps, credible
):
    """Do the rival's implied values rise, and could the rival's package have been worth as much?"""
    payments, prices = look.table("payments"), _rents(look, rents)
    implied = bases.implied_rival(prices, cost)
    terms = _row(payments, loan, "amount", "loan_rate", "loan_years", "grace_years")
    forgiven = _row(payments, debt_relief, "amount", "amount_high")
    given = float(_row(payments, grant, "amount")["amount"])
    years = int(terms["loan_years"])
    written_off = {
        "lower": forgiven["amount"],
        "higher": forgiven["amount_high"],
        "none": 0.0,
    }[relief]
    yearly = []
    for rate in np.linspace(*discounts, steps):
        worth = bases.present_value(
            given,
            terms["amount"],
            terms["loan_rate"],
            years,
            int(terms["grace_years"]),
            written_off,
            rate,
        )
        yearly.append(
            worth * rate / (1 - (1 + rate) ** -years)
        )  # spread evenly over the years of the loan
    needed = (min(yearly) + cost) / prices[-1]
    rises = bool((np.diff(implied) > 0).all())
    outcome = (
        "against"
        if not rises
        else "supported"
        if implied[-1] <= min(yearly)
        else "mixed"
    )
    reading = (
        f"Implied values of the rival {', '.join(f'{v:.1f}' for v in implied)} million a year; its package is worth {min(yearly):.0f} to {max(yearly):.0f} million a year at {discounts[0]:.0%} to {discounts[1]:.0%}. "
        + (
            f"At the lowest, a host's dollar may count no more than {needed:.2f}"
            + (f", below {credible:g}." if needed < credible else ".")
            if needed < 1
            else "No discount on the host's dollar is needed."
        )
    )
    return Found(outcome, float(implied[-1]), reading, len(prices))


@method
def careers(look, *, table, fewest):
    """Needs careers of many more leaders than one state has."""
    n = len(look.table(table)) if look.case.has(table) else 0
    return Found(
        "not testable",
        np.nan,
        f"Needs the careers of {fewest} leaders or more, pooled over the region, from a source; the case has {n}.",
        n,
    )


# --- what chance alone would do ----------------------------------------------------------------------

#: Worlds in which nothing happened, and those in which something did, for each size of it.
WORLDS, WORLDS_OF_AN_EFFECT, CHANCE_SEED = 499, 99, 1
#: A test is said to see what it finds in so large a share of worlds.
SEEN = 0.8


class Chance(NamedTuple):
    """What a rule would have said if nothing had happened.

    Attributes
    ----------
    severity : float
        How often it would have been met, in [0, 1]; NaN where ``null`` says why there is none.
    as_well : float
        How often it would have come at least as far as it did: met, or mixed where it came out mixed.
    null : str
        What "nothing happened" means, in words.
    power : float
        The smallest effect that would have met the rule in four worlds of five; NaN where ``effect`` says
        why there is none.
    effect : str
        What ``power`` measures, in words.
    """

    severity: float
    as_well: float
    null: str
    power: float = np.nan
    effect: str = ""


CHANCES = {}


def chance_of(*methods):
    """Enter a function as what chance alone would do by the rules of some methods.

    It takes the look, the outcome that was found and the parameters of the rule, and gives a :class:`Chance`.
    """

    def enter(function):
        CHANCES.update(dict.fromkeys(methods, function))
        return function

    return enter


_RANK = {"supported": 2, "mixed": 1}


def _shares(outcomes, found):
    """How often a rule was met, and how often it came as far as it was found."""
    ranks = np.array([_RANK.get(outcome, 0) for outcome in outcomes])
    return float((ranks == 2).mean()), float((ranks >= _RANK.get(found, 0)).mean())


def _met(outcomes):
    return np.mean([outcome == "supported" for outcome in outcomes])


def _smallest_seen(met, largest, found, steps=6):
    """The smallest effect that meets a rule often enough: halving between none and ``largest``; NaN beyond it.

    It is asked only where the rule was not met at all.
    """
    low, high = 0.0, float(largest)
    if found in _RANK or met(high) < SEEN:
        return np.nan
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (low, middle) if met(middle) >= SEEN else (middle, high)
    return high


class Supposed(Look):
    """A look in which some series, and the tilt, are as a world would have them in which nothing happened."""

    def __init__(self, look, series, tilt=None):
        super().__init__(look.case)
        self.look, self.supposed, self.tossed = look, series, tilt

    def series(self, name, **options):
        return (
            self.supposed[name]
            if name in self.supposed
            else self.look.series(name, **options)
        )

    def tilt(self, day, *given, **named):
        if self.tossed is None:
            return self.look.tilt(day, *given, **named)
        return self.tossed[str(day)]


#: Arguments of a rule that say how a series is read.
_READING = ("peers", "fewest", "edition", "direction")


def _read(look, names, parameters):
    """Observed years of some series to the end of the study, as a rule reads them."""
    options = {k: v for k, v in parameters.items() if k in _READING}
    last = look.case.span()[1].year
    return {
        name: look.series(name, **options).astype(float).dropna().loc[:last]
        for name in names
    }


def _named_series(parameters):
    """Names of the series in the parameters of a rule, wherever they stand."""
    found = []

    def walk(value, key=None):
        if isinstance(value, dict):
            for inner, part in value.items():
                walk(part, inner)
        elif isinstance(value, list):
            for part in value:
                walk(part, key)
        elif key in ("series", "cause", "effect", "on", "also", "other"):
            found.append(value)

    walk(parameters)
    return list(dict.fromkeys(name for name in found if name != "tilt"))


def _reordered(series, rng, years):
    """Values of some series in another order of the years, the same for all that know these years."""
    place = dict(zip(years, rng.random(len(years))))
    found = {}
    for name, values in series.items():
        order = np.argsort([place[year] for year in values.index], kind="stable")
        found[name] = pd.Series(values.to_numpy()[order], values.index, name=name)
    return found


@chance_of("changes", "means_rise", "falls_after_years", "blocks_rise", "rising")
def _by_reordered_years(look, method, found, parameters):
    series = _read(look, _named_series(parameters), parameters)
    years = sorted(set().union(*(values.index for values in series.values())))
    days = [
        item[end]
        for item in parameters.get("items", ())
        if item["series"] == "tilt"
        for end in ("from", "to")
    ]
    rng = np.random.default_rng(CHANCE_SEED)
    outcomes = []
    for _ in range(WORLDS):
        tilt = dict(zip(days, rng.normal(size=len(days)))) or None
        world = Supposed(look, _reordered(series, rng, years), tilt)
        outcomes.append(METHODS[method](world, **parameters).outcome)
    null = "years permuted, in the same way in every series that the rule reads"
    return Chance(
        *_shares(outcomes, found),
        null + (", and the tilt of the coded acts a coin toss" if days else ""),
        effect="the rule asks for signs, not for a size",
    )


@chance_of("leads")
def _by_reordered_changes(look, method, found, parameters):
    first, last = parameters["first"], parameters["last"]
    cause, effect = (
        _yearly_changes(look.series(parameters[key]), first, last)
        for key in ("cause", "effect")
    )
    seen = ~np.isnan(effect)
    pulled = np.append(0.0, np.nan_to_num(cause)[:-1])
    pulled = (pulled - pulled.mean()) / pulled.std() * np.nanstd(effect)

    def outcomes(strength):
        """The effect follows the cause a year later to some strength; else its changes are permuted."""
        rng = np.random.default_rng(CHANCE_SEED)
        drawn = np.tile(effect, (WORLDS, 1))
        drawn[:, seen] = rng.permuted(drawn[:, seen], axis=1)
        drawn = strength * pulled + np.sqrt(1 - strength**2) * drawn
        leads, r, _ = _correlations(cause, drawn, parameters["reach"])
        return _leading(leads, r, parameters["enough"])[0]

    return Chance(
        *_shares(outcomes(0.0), found),
        f"yearly changes of {parameters['effect']} permuted",
        _smallest_seen(lambda size: _met(outcomes(size)), 1.0, found),
        "correlation of the changes, the cause a year ahead",
    )


@chance_of("above_trend")
def _by_a_straight_line(look, method, found, parameters):
    values = look.series(parameters["series"])
    told = [*range(*parameters["trend"]), parameters["trend"][1]]
    told += [*range(*parameters["years"]), parameters["years"][1]]
    line = alignment.trend(
        values.rename_axis("year").rename("value").reset_index(),
        parameters["trend"],
        told,
    )

    later = line.line.index >= parameters["years"][0]

    def outcomes(rise, many):
        rng = np.random.default_rng(CHANCE_SEED)
        for _ in range(many):
            drawn = (
                line.line + rng.normal(scale=line.spread, size=len(told)) + later * rise
            )
            world = Supposed(look, {parameters["series"]: drawn})
            yield METHODS[method](world, **parameters).outcome

    return Chance(
        *_shares(list(outcomes(0.0, WORLDS)), found),
        f"the straight line of {parameters['trend'][0]} to {parameters['trend'][1]} goes on, with the series' own noise of {line.spread:.2f}",
        _smallest_seen(
            lambda size: _met(outcomes(size, WORLDS_OF_AN_EFFECT)),
            20 * line.spread,
            found,
        ),
        "rise above the line, a year",
    )


def _persistent_worlds(look, method, parameters, size, many, since):
    """Outcomes for series that persist as the own one does, without any break but one of a given size."""
    series = parameters["series"]
    values = _read(look, [series], parameters)[series]
    inside = parameters | {"draws": 199}
    shift = size * (values.index >= since)
    for drawn in breaks.redrawn(values, "ar1", many, CHANCE_SEED).to_numpy():
        world = pd.Series(drawn + shift, values.index, name=series)
        yield METHODS[method](Supposed(look, {series: world}), **inside).outcome


@chance_of("break_at", "break_between_leaders")
def _by_persistent_years(look, method, found, parameters):
    since = sum(parameters["found"]) // 2
    values = look.series(parameters["series"])

    def outcomes(size, many):
        return _persistent_worlds(look, method, parameters, size, many, since)

    return Chance(
        *_shares(list(outcomes(0.0, WORLDS)), found),
        "no break: one mean, with the series' own persistence from year to year",
        _smallest_seen(
            lambda size: _met(outcomes(size, WORLDS_OF_AN_EFFECT)),
            8 * values.std(),
            found,
        ),
        f"shift of the mean of the {parameters['series']} from {since} on",
    )


@chance_of("equal_before_and_after")
def _by_a_change_of_the_margin(look, method, found, parameters):
    series, margin = parameters["series"], parameters["margin"]
    values = _read(look, [series], parameters)[series]
    sides = [values.loc[slice(*parameters[side])] for side in ("before", "after")]
    noise = [side - side.mean() for side in sides]
    rng = np.random.default_rng(CHANCE_SEED)
    outcomes = []
    for _ in range(WORLDS):
        drawn = [
            pd.Series(rng.choice(part.to_numpy(), len(part)), part.index)
            for part in noise
        ]
        world = pd.concat([drawn[0], drawn[1] + margin])
        if min(part.std() for part in drawn) > 0:
            outcomes.append(
                METHODS[method](
                    Supposed(look, {series: world}), **parameters | {"draws": 199}
                ).outcome
            )
    return Chance(
        *_shares(outcomes, found),
        f"a change as large as the margin, {margin:g}, had come, with the scatter of each side's own years",
        effect="the rule asks for sameness, not for a change",
    )


@chance_of("named_years")
def _by_other_named_years(look, method, found, parameters):
    series, other = (
        _read(look, [parameters[key]], parameters)[parameters[key]].loc[
            : parameters["last"]
        ]
        for key in ("series", "other")
    )
    many = len(parameters["years"])
    sets, beside = (breaks.triples(values, many) for values in (series, other))
    years = [f"year_{i + 1}" for i in range(many)]
    both = sets.merge(beside, on=years, suffixes=("", "_other"), how="left")
    free = breaks.sup_f(
        series, parameters["null"], parameters["draws"], parameters["seed"]
    )
    limits = [parameters[key] for key in ("strict", "loose", "opposite")]
    outcomes = [
        _gathered(
            row["rank"] / len(sets),
            row["rank_other"] / len(beside),
            free.p < parameters["strict"]
            and free.location not in {row[year] for year in years},
            *limits,
        )
        for row in both.to_dict("records")
    ]
    rows = pd.DataFrame({"year": series.index, "value": series.to_numpy()})
    steps = alignment.steps(rows, "value")["step"].to_numpy()
    chosen = np.array(list(itertools.combinations(range(len(steps)), many)))

    def met(size):
        """How often a set whose steps are larger by so much has a small p."""
        p = []
        for named in chosen:
            moved = steps + size * np.isin(np.arange(len(steps)), named)
            means = moved[chosen].mean(axis=1)
            p.append((means >= moved[named].mean() - breaks.TIE).mean())
        return (np.array(p) < parameters["strict"]).mean()

    return Chance(
        *_shares(outcomes, found),
        f"years exchangeable: every set of {many} years is named in turn",
        _smallest_seen(met, 4 * steps.max(), found),
        f"how much larger the mean step of the named years of the {parameters['series']} would be",
    )


@chance_of("changes_of_office")
def _by_other_years_of_office(look, method, found, parameters):
    series, strict = parameters["series"], parameters["strict"]
    values = _read(look, [series], parameters)[series].loc[
        parameters["first"] : parameters["last"]
    ]
    p = {}
    for table in ("ministers", "leaders"):
        many = len(_years_of_office(look, table, values, parameters["first"]))
        sets = breaks.triples(values, many)
        p[table] = (sets["rank"] / len(sets)).to_numpy()
    ministers, presidents = p.values()
    quiet, stirred = (ministers > strict).mean(), (ministers < strict).mean()
    moved = (presidents < strict).mean()
    met, worst = quiet * moved, stirred * (1 - moved)
    as_well = {"supported": met, "mixed": 1 - worst}.get(found, 1.0)
    return Chance(
        float(met),
        float(as_well),
        "years exchangeable: as many others could have had a new minister, or a new president",
        effect="the rule asks for one effect and for the absence of another",
    )


@chance_of("response_to_shocks")
def _by_exchangeable_states(look, method, found, parameters):
    names = ("compared", "first", "last", "fewest")
    excess = _excess_steps(look, *(parameters.get(name, 1) for name in names))
    named = excess.index.isin(parameters["years"])

    def outcomes(size, many):
        rng = np.random.default_rng(CHANCE_SEED)
        for _ in range(many):
            drawn = excess * rng.choice([-1, 1], len(excess)) + size * named
            yield _above_zero(
                breaks.mean_of_years(
                    drawn, parameters["years"], parameters["level"], 199, CHANCE_SEED
                )
            )

    return Chance(
        *_shares(list(outcomes(0.0, WORLDS)), found),
        "states exchangeable: in each year the step of the state and that of the others could change places",
        _smallest_seen(
            lambda size: _met(outcomes(size, WORLDS_OF_AN_EFFECT)),
            20 * excess.abs().max(),
            found,
        ),
        "how much larger the steps of the named years would be than those of the others",
    )


@chance_of("within_band", "above_others")
def _by_other_states(look, method, found, parameters):
    states = [look.case.state, *parameters["others"]]
    values, _ = _of_states(
        look,
        parameters["measure"],
        states,
        parameters["first"],
        parameters["last"],
        parameters.get("direction", {"within_band": "both"}.get(method, "by")),
    )
    outcomes = [
        _inside(values[state], values.drop(state), parameters["edge"])
        if method == "within_band"
        else _above(values[state], values.drop(state))
        for state in states
    ]
    return Chance(
        *_shares(outcomes, found),
        f"states exchangeable: each of the {len(states)} in the place of the state",
        effect=f"{len(states)} states cannot tell a size",
    )


@chance_of("leans_on")
def _by_other_states_trade(look, method, found, parameters):
    states = [look.case.state, *parameters["others"]]
    names = ("vector", "first", "last", "edition")
    often = [
        _above_median(
            look,
            state,
            tuple(o for o in states if o != state),
            *map(parameters.get, names),
        ).mean()
        > 0.5
        for state in states
    ]
    # The coded half is taken as it was found: our own coding gives no chance.
    outcomes = ["supported" if often_above else "mixed" for often_above in often]
    return Chance(
        *_shares(outcomes, found),
        f"states exchangeable: each of the {len(states)} in the place of the state, for its trade; the coded half as it was found",
        effect=f"{len(states)} states cannot tell a size",
    )


@chance_of("share_of_years_first")
def _by_other_partners(look, method, found, parameters):
    partners = look.table("partners")
    first, last = parameters["first"], parameters["last"]
    ranks = alignment.ranks(
        look.table("trade"),
        look.case.state,
        parameters["edition"],
        first,
        last,
        set(partners.loc[~partners["cis"], "iso3"]),
    )
    large = sorted(set(ranks.loc[ranks["rank"] <= 3, "partner"]))
    leader = ranks[ranks["rank"] == 1].set_index("year")["partner"]
    outcomes = [
        _first_often(
            (leader == partner).mean(), parameters["half"], parameters["third"]
        )
        for partner in large
    ]
    return Chance(
        *_shares(outcomes, found),
        f"partners exchangeable: each of the {len(large)} that was among the first three in some year",
        effect="the rule counts years and knows no size",
    )


@chance_of("deeds_over_words")
def _by_exchangeable_poles(look, method, found, parameters):
    names = ("first", "last", "more", "less")
    deeds, words = _leads_in_news(
        look, *map(parameters.get, names), parameters.get("direction", "by")
    )
    outcomes = [
        _deeds_lead(deeds * sign, words * sign, parameters["most"], parameters["some"])
        for sign in map(np.array, itertools.product([1, -1], repeat=len(deeds)))
    ]
    return Chance(
        *_shares(outcomes, found),
        "coin tosses: in each year the two poles could change places",
        effect="the rule counts years and knows no size",
    )


@chance_of("exit_of_leader")
def _by_other_leaders(look, method, found, parameters):
    leaders = look.table("leaders").dropna(subset="exit_code")
    outcomes = [
        METHODS[method](look, **parameters | {"leader": name}).outcome
        for name in leaders["id"]
    ]
    return Chance(
        *_shares(outcomes, found),
        f"leaders exchangeable: each of the {len(outcomes)} in the table",
        effect="one code of one source has no size",
    )


@chance_of("votes_that_bind", "votes_against")
def _by_tossed_votes(look, method, found, parameters):
    many = len(_votes(look))
    if method == "votes_that_bind":
        met, mixed = 1 - 0.5**many, 0.0
        toss = "each decision as likely to change what was signed as not"
    else:
        ways = np.array([math.comb(many, k) for k in range(many + 1)]) / 2**many
        met, mixed = ways[0], ways[1 : parameters["many"]].sum()
        toss = "each decision as likely to go against what was signed as not"
    as_well = {"supported": met, "mixed": met + mixed}.get(found, 1.0)
    return Chance(
        float(met),
        float(as_well),
        f"coin tosses: {toss}",
        effect="the rule counts decisions and knows no size",
    )


@chance_of("moved_at_home", "moved_by_office")
def _by_the_line(look, method, found, parameters):
    """Each contested decision moved with the chance that the line names."""
    line, level = parameters["line"], parameters["level"]
    n = METHODS[method](look, **parameters).n
    below, above = decisions.chances(n, line, line, level)
    least, most = decisions.share_seen(n, line, SEEN, level)
    if method == "moved_by_office":
        met, missed, seen = below, above, least
    else:
        met, missed, seen = above, below, most
    return Chance(
        met,
        {"supported": met, "mixed": 1 - missed}.get(found, 1.0),
        f"each contested decision moved with chance {line:.2f}",
        np.nan if found in _RANK else seen,
        "the share of decisions moved",
    )


@chance_of("after_the_visit", "days_after")
def _by_the_order_of_two_days(look, method, found, parameters):
    if parameters.get("illustrates"):
        # Two days of one sequence: nothing that could have come out otherwise is known.
        return Chance(
            np.nan,
            np.nan,
            "none: of one sequence there is no null",
            effect="one sequence has no size",
        )
    return Chance(
        0.5,
        0.5 if found in _RANK else 1.0,
        "a coin toss: which of two days came first",
        effect="one sequence has no size",
    )


@chance_of("peers_spared")
def _by_the_order_of_three_days(look, method, found, parameters):
    others = look.dated(parameters["on_peers"], parameters.get("coding"))
    hit = others is not None and others[0] <= pd.Timestamp(parameters["until"])
    # Met without a blow on others if the state's came before the unrest; mixed if it came before both.
    met, mixed = (0.0, 1 / 3) if hit else (0.5, 0.0)
    return Chance(
        met,
        {"supported": met, "mixed": met + mixed}.get(found, 1.0),
        "each order of the days as likely"
        + (": the blow on the state, that on a neighbour, the unrest" if hit else ""),
        effect="one sequence has no size",
    )


def _stepped(series, since, size):
    return series + size * (series.index >= since)


@chance_of("changes_among_all")
def _by_other_spans(look, method, found, parameters):
    read = ("series", "compared", "compared_series", "length", "first", "last", "sign")
    changes, others = _spans_read(
        look,
        *(parameters[name] for name in read),
        parameters.get("peers"),
        parameters.get("fewest", 1),
    )
    many, state = len(parameters["spans"]), look.case.state
    limits = parameters["pairs_at_most"], parameters["states_at_most"]

    def lasting(values, starts, size):
        """A step after each start is in every span that holds the year after it."""
        away = [(start - values.index) for start in starts]
        return values + size * sum(
            (part >= 0) & (part < parameters["length"]) for part in away
        )

    def outcomes(size):
        for chosen in itertools.combinations(changes.index, many):
            starts = list(chosen)
            here = others | {state: lasting(others[state], starts, size)}
            placed = _spans_placed(lasting(changes, starts, size), here, state, starts)
            enough = placed and placed.states >= parameters["fewest_states"]
            yield _spans_judged(placed, *limits) if enough else "not testable"

    return Chance(
        *_shares(list(outcomes(0.0)), found),
        f"spans exchangeable: every {many} of the {len(changes)} are named in turn",
        _smallest_seen(
            lambda size: _met(outcomes(size)), 8 * float(changes.std()), found
        ),
        f"lasting change of the {parameters['series']} at each span",
    )


@chance_of("alike_and_together")
def _by_other_orders(look, method, found, parameters):
    read = ("measure", "others", "first", "last", "direction")
    both, _ = _beside_others(look, *(parameters[name] for name in read))
    seen = both.dropna()
    changes = both.diff().dropna()
    own, other = changes["own"].to_numpy(), changes["others"].to_numpy()
    turned = jumps.orders(other - other.mean())
    at_most, margin = parameters["together_at_most"], parameters["margin"]

    def together(drawn):
        """Do these changes go with those of the others more than in almost any order?"""
        fits = turned @ drawn
        return jumps.within(
            np.mean(fits >= (other - other.mean()) @ drawn - jumps.TIE), at_most
        )

    def alike(drawn):
        """The level that follows from these changes; with a hole in the years it is taken as met."""
        if len(changes) < len(seen) - 1:
            return True
        level = seen["own"].iloc[0] + np.concatenate([[0.0], np.cumsum(drawn)])
        apart = pd.Series(level - seen["others"].to_numpy())
        return _alike(apart, margin, parameters["years_outside_at_most"])[0]

    def outcomes(size, many):
        """Changes in another order, with a correlation of some size with those of the others."""
        rng = np.random.default_rng(CHANCE_SEED)
        pulled = (other - other.mean()) / other.std() * own.std()
        for _ in range(many):
            noise = rng.permutation(own - own.mean())
            drawn = own.mean() + size * pulled + np.sqrt(1 - size**2) * noise
            both_met = together(drawn), alike(drawn)
            yield {(True, True): "supported", (True, False): "mixed"}.get(
                both_met, "against"
            )

    return Chance(
        *_shares(list(outcomes(0.0, WORLDS)), found),
        "orders exchangeable: the state's yearly changes in another order",
        _smallest_seen(
            lambda size: _met(outcomes(size, WORLDS_OF_AN_EFFECT)), 1.0, found
        ),
        "correlation of the yearly changes with those of the others",
    )


@chance_of("jump_among_states_and_years")
def _by_other_states_and_years(look, method, found, parameters):
    read = ("series", "states", "partners", "transform", "sign")
    values = _scaled(look, *(parameters[name] for name in read))
    span = parameters["first"], parameters["last"]
    sides = tuple(parameters[k] for k in ("before", "after", "years_at_least"))
    less = parameters["less_own_median"]
    cells = jumps.cells(values, *span, *sides, less_usual=less)
    limits = parameters["strict"], parameters["loose"]

    def outcomes(size):
        for state, year in cells.index:
            here = values | {state: _stepped(values[state], year, size)}
            placed = _placed(here, state, year, span, sides, less)
            yield _jump_judged(placed, *limits)

    root = "square root of the " if parameters["transform"] == "sqrt" else ""
    return Chance(
        *_shares(list(outcomes(0.0)), found),
        f"states and years exchangeable: each of the {len(cells)} is named in turn",
        _smallest_seen(
            lambda size: _met(outcomes(size)), 8 * float(cells.std()), found
        ),
        f"lasting step of the {root}{parameters['series']} of one state",
    )


@chance_of("jump_among_years")
def _by_other_years(look, method, found, parameters):
    sign, series = parameters["sign"], parameters["series"]
    own = sign * look._measured(series)
    others = {s: sign * look._measured(series, s) for s in parameters["beside"]}
    span = parameters["first"], parameters["last"]
    sides = tuple(parameters[k] for k in ("before", "after", "years_at_least"))
    every = jumps.jumps(own, *span, *sides)

    def outcomes(size):
        for year in every.index:
            jump, share, _, beside = _year_placed(
                _stepped(own, year, size), others, year, span, sides
            )
            above = _above_others(jump, beside, parameters["beside_fewest"])
            yield _year_judged(
                jump, share, above, parameters["strict"], parameters["loose"]
            )

    return Chance(
        *_shares(list(outcomes(0.0)), found),
        f"years exchangeable: each of the {len(every)} is named in turn",
        _smallest_seen(
            lambda size: _met(outcomes(size)), 8 * float(every.std()), found
        ),
        f"lasting step of the {series}",
    )


@chance_of("jumps_among_states_and_years")
def _by_whatever_ties_the_measures(look, method, found, parameters):
    options = {k: parameters[k] for k in ("peers", "fewest", "edition", "direction")}
    states, less = parameters["states"], parameters["less_own_median"]
    measures = _measures_read(
        look, parameters["items"], states, parameters["sign"], **options
    )
    sides = tuple(parameters[k] for k in ("before", "after", "years_at_least"))
    limits = [parameters[k] for k in ("fewest_cells", "at_most", "measures_at_least")]
    cells = {
        name: jumps.cells(values, *span, *sides, less_usual=name in less)
        for name, (span, values) in measures.items()
    }
    rare = [
        np.mean([jumps.within(jumps.share_as_large(c, part), limits[1]) for c in part])
        for part in cells.values()
        if len(part) >= limits[0]
    ]
    # So many of the measures can be rare together at most, whatever ties them (Markov).
    met, mixed = min(1.0, sum(rare) / limits[2]), min(1.0, sum(rare))

    def outcomes(size):
        """A lasting step of so many standard deviations of its jumps in every measure of one state."""
        common = set.intersection(*(set(part.index) for part in cells.values()))
        for state, year in sorted(common):
            here = {
                name: (
                    span,
                    values
                    | {
                        state: _stepped(
                            values[state], year, size * float(cells[name].std())
                        )
                    },
                )
                for name, (span, values) in measures.items()
            }
            placed = _measures_placed(here, state, year, sides, less)
            yield _measures_judged(placed, *limits)[0] or "not testable"

    return Chance(
        float(met),
        {"supported": float(met), "mixed": float(mixed)}.get(found, 1.0),
        "states and years exchangeable in each measure; an upper bound, whatever ties the measures",
        _smallest_seen(lambda size: _met(outcomes(size)), 8.0, found),
        "lasting step in all measures, in standard deviations of their jumps",
    )


@chance_of("leans_and_votes")
def _by_other_ranks(look, method, found, parameters):
    traded, voted, votes_rank = _ranks_asked(look, **parameters)
    one, two = parameters["trade_rank"] / traded.n, votes_rank / voted.n
    met, mixed = one * two, one + two - one * two
    return Chance(
        met,
        {"supported": met, "mixed": mixed}.get(found, 1.0),
        f"states exchangeable: any of the {traded.n} in trade and, apart from that, any of the {voted.n} in votes",
        effect=f"{traded.n} states cannot tell a size",
    )


def chance(look, rule, found, verdict):
    """What chance alone would have done by one rule.

    Parameters
    ----------
    look : Look
    rule : namedtuple
        A row of claims with their rules.
    found : Found
    verdict : str

    Returns
    -------
    Chance
        Without a severity where the verdict claims nothing that chance could have done.
    """
    if verdict in ("not testable", "illustrated only"):
        return Chance(np.nan, np.nan, f"none: {verdict}", effect="none")
    if rule.method not in CHANCES:
        return Chance(
            np.nan,
            np.nan,
            f"none was written for the method {rule.method}",
            effect="none",
        )
    parameters = json.loads(rule.parameters)
    try:
        told = CHANCES[rule.method](look, rule.method, found.outcome, parameters)
    except Missing as lack:  # enough for a verdict, too little to ask what chance is
        return Chance(np.nan, np.nan, f"none: {_needed(lack)}", effect="none")
    if verdict in ("supported", "mixed"):
        return told._replace(power=np.nan, effect="asked only where nothing was found")
    return told


# --- the ledger ------------------------------------------------------------------------------------


def evaluate(case):
    """The verdict on every claim.

    Parameters
    ----------
    case : data.Case

    Returns
    -------
    DataFrame
        Rows (id, verdict, statistic, reading, figure, test), one for each claim, by the latest version of its rule.
        ``verdict`` is one of :data:`VERDICTS`; ``statistic`` is NaN only where the reading says that something is
        needed; ``figure`` is page and figure, ``test`` the file that holds the computation.

    Raises
    ------
    ValueError
        If a claim has no rule for its latest version, a rule names an unknown method, or parameters that the
        method does not have.
    """
    return verdicts(case)[COLUMNS]


@stored
def verdicts(case, look=None, only=None):
    """As :func:`evaluate`, with the claim, its rule and its evidence.

    Parameters
    ----------
    case : data.Case
    look : Look, optional
        What was computed of the case before.
    only : collection of str, optional
        Claims to judge; all by default.

    Returns
    -------
    DataFrame
        Also ``claim``, ``question``, ``section``, ``type``, ``rests_on``, ``outcome`` (which way the rule falls, whatever may rest on it),
        ``n``, ``p``, ``null``, ``operational``, ``version`` and ``fixed``.
    """
    look = look or Look(case)
    return _table(look, _rules(case), only)[VERDICT_COLUMNS]


@stored
def ledger(case, look=None, only=None):
    """As :func:`verdicts`, with what chance alone would have done.

    Returns
    -------
    DataFrame
        Also the fields of :class:`Chance`, ``null`` of which is ``severity_null`` here and ``effect``
        ``power_of``; ``same_series`` and ``opposed``, the claims that read a series of this one, and
        those of them that read the opposite out of it.
    """
    look = look or Look(case)
    rules = _rules(case)
    rows = _table(look, rules, only)
    chances = [
        chance(look, rule, found, verdict)
        for rule, found, verdict in zip(
            rules[rules["id"].isin(rows["id"])].itertuples(),
            rows["found"],
            rows["verdict"],
        )
    ]
    rows["severity"] = [told.severity for told in chances]
    rows["as_well"] = [told.as_well for told in chances]
    rows["severity_null"] = [told.null for told in chances]
    rows["power"] = [told.power for told in chances]
    rows["power_of"] = [told.effect for told in chances]
    beside = _side_by_side(rules).reindex(rows["id"])
    rows["same_series"] = beside["same_series"].to_numpy()
    rows["opposed"] = beside["opposed"].to_numpy()
    return rows.drop(columns="found")


def _table(look, rules, only=None):
    if only is not None:
        rules = rules[rules["id"].isin(only)]
    rows = []
    for rule in rules.itertuples():
        found, outcome, verdict = _judged(look, rule)
        rows.append(
            {
                "id": rule.id,
                "verdict": verdict,
                "statistic": found.statistic,
                "reading": found.reading,
                "figure": rule.figure,
                "test": f"tests/{rule.test}",
                "claim": rule.claim,
                "question": rule.question,
                "section": rule.section,
                "type": rule.type,
                "rests_on": rule.rests_on,
                "outcome": outcome,
                "n": found.n,
                "p": found.p,
                "null": found.null,
                "operational": rule.operational,
                "version": rule.version,
                "fixed": rule.fixed,
                "found": found,
            }
        )
    return pd.DataFrame(rows).astype({"n": "Int64", "p": float})


#: Signs that a rule expects of a series: of items with a sign, of one sign for all, of what must rise.
def _directions(rule):
    """Series of a rule with the sign that would support the claim, 0 where it asks for none."""
    parameters = json.loads(rule.parameters)
    found = dict.fromkeys(_named_series(parameters), 0)
    items = [
        *parameters.get("items", ()),
        *itertools.chain.from_iterable(parameters.get("blocks", ())),
    ]
    for item in items:
        if item["series"] in found:
            found[item["series"]] = item.get("sign", parameters.get("sign", 0))
    if rule.method == "rising":
        found = dict.fromkeys(found, 1)
    if isinstance(parameters.get("series"), str) and "sign" in parameters:
        found[parameters["series"]] = parameters["sign"]
    return found


def _side_by_side(rules):
    """For each claim the others that read a series of it, and those that read the opposite out of it."""
    directions = {rule.id: _directions(rule) for rule in rules.itertuples()}
    rows = []
    for name, own in directions.items():
        shared = {
            other: own.keys() & theirs.keys()
            for other, theirs in directions.items()
            if other != name and own.keys() & theirs.keys()
        }
        opposed = [
            other
            for other, series in shared.items()
            if any(own[key] * directions[other][key] < 0 for key in series)
        ]
        rows.append((name, ", ".join(shared), ", ".join(opposed)))
    return pd.DataFrame(rows, columns=["id", "same_series", "opposed"]).set_index("id")


def scoreboard(rows):
    """How many claims are supported, beside the number that chance alone would give.

    Parameters
    ----------
    rows : DataFrame
        Of :func:`ledger`.

    Returns
    -------
    DataFrame
        Rows (fixed, judged, supported, by_chance, without), for rules fixed before any number, for those
        with numbers in sight, and for all: claims that something other than ourselves can judge, those supported,
        the sum of the severities of all of them, and how many have none.
    """
    judged = rows[~rows["verdict"].isin(["illustrated only", "not testable"])]
    parts = {when: judged[judged["fixed"] == when] for when in FIXED} | {"all": judged}
    return pd.DataFrame(
        [
            (
                when,
                len(part),
                int((part["verdict"] == "supported").sum()),
                float(part["severity"].sum()),
                int(part["severity"].isna().sum()),
            )
            for when, part in parts.items()
        ],
        columns=["fixed", "judged", "supported", "by_chance", "without"],
    )


@stored
def history(case, look=None, only=None, chances=True):
    """The verdict of every version of every rule that was kept.

    Parameters
    ----------
    case : data.Case
    look : Look, optional
    only : collection of str, optional
        Claims whose versions are judged; all by default.
    chances : bool
        Whether to ask of older versions how often chance would have done as well, which takes a while.

    Returns
    -------
    DataFrame
        Rows (id, version, dated, fixed, blind, operational, reason, verdict, outcome, statistic, reading, as_well, changed),
        older versions first; ``as_well`` says of an older version how often chance would have done as well; ``verdict`` is empty where the computable form of a version was not kept, ``changed`` says
        that the verdict differs from that of the latest version.
    """
    look = look or Look(case)
    rules = case.table("claims").merge(
        case.table("rules"), on=["id", "version"], suffixes=("", "_computed")
    )
    rules = _with_its_test(rules)
    if only is not None:
        rules = rules[rules["id"].isin(only)]
    found = _table(look, rules)
    latest = rules.groupby("id")["version"].transform("max")
    found["as_well"] = [
        np.nan
        if rule.version == last or not chances
        else chance(look, rule, row.found, row.verdict).as_well
        for rule, last, row in zip(rules.itertuples(), latest, found.itertuples())
    ]
    told = case.table("claims")[
        ["id", "version", "dated", "fixed", "blind", "operational", "reason"]
    ]
    told = told[told["id"].isin(told["id"] if only is None else only)].merge(
        found[
            ["id", "version", "verdict", "outcome", "statistic", "reading", "as_well"]
        ],
        on=["id", "version"],
        how="left",
    )
    told = told.sort_values(["id", "version"], ignore_index=True)
    for column in ("verdict", "outcome", "reading"):
        told[column] = told[column].fillna("")
    latest = told.drop_duplicates("id", keep="last").set_index("id")["verdict"]
    told["changed"] = (told["verdict"] != "") & (
        told["verdict"] != told["id"].map(latest)
    )
    return told


def before_and_now(versions):
    """The last verdict of each changed rule before the one that counts, and that one.

    Parameters
    ----------
    versions : DataFrame
        Of :func:`history`.

    Returns
    -------
    DataFrame
        Rows (was, now, blind) by id, of the claims of which an earlier version can still be computed;
        ``blind`` says that the one that counts was written without sight of any result.
    """
    computed = versions[versions["verdict"] != ""]
    now = computed.drop_duplicates("id", keep="last")
    was = computed.drop(now.index).drop_duplicates("id", keep="last")
    verdicts = [part.set_index("id")["verdict"] for part in (was, now)]
    both = pd.concat(verdicts, axis=1, keys=["was", "now"], join="inner")
    return both.join(now.set_index("id")["blind"])


def told(rows):
    """Verdicts as a text should tell them: of what only illustrates, which way its rule falls as well.

    Parameters
    ----------
    rows : DataFrame
        Of :func:`ledger`.

    Returns
    -------
    Series
        Words by id, e.g. "illustrated only (its rule: mixed)".
    """
    words = rows["verdict"].where(
        (rows["verdict"] != "illustrated only")
        | (rows["outcome"] == "illustrated only"),
        "illustrated only (its rule: " + rows["outcome"] + ")",
    )
    return words.set_axis(rows["id"])


def _rules(case):
    """Claims with their rules, checked against one another."""
    claims, rules = case.claims, data.latest_versions(case.table("rules"))
    for name, missing in (
        ("rules", set(claims["id"]) - set(rules["id"])),
        ("claims", set(rules["id"]) - set(claims["id"])),
    ):
        if missing:
            raise ValueError(
                f"{name} lacks {', '.join(sorted(missing))}; allowed: one rule for each claim"
            )
    both = claims.merge(rules, on="id", suffixes=("", "_computed"))
    if (old := both["version"] != both["version_computed"]).any():
        row = both[old].iloc[0]
        raise ValueError(
            f"rules computes version {row['version_computed']} of {row['id']}; allowed: the latest, {row['version']}"
        )
    return _with_its_test(both)


def _with_its_test(both):
    """Claims with their rules, ``test`` being the file and not the words."""
    if "test_computed" not in both:
        return both
    return both.drop(columns=["test"]).rename(columns={"test_computed": "test"})


def _apply(look, name, parameters):
    if name not in METHODS:
        raise ValueError(f"method is {name!r}; allowed: {', '.join(sorted(METHODS))}")
    return METHODS[name](look, **parameters)


def _judged(look, rule, changed=None):
    """What a rule found, which way it falls, and the verdict; ``changed`` parameters take the place of the rule's own."""
    found = _apply(
        look, rule.method, {**json.loads(rule.parameters), **(changed or {})}
    )
    outcome = rule.against if found.outcome == "against" else found.outcome
    return found, outcome, _verdict(outcome, found, rule)


def _verdict(outcome, found, rule):
    """What may be called a verdict: our own coding and our own model only illustrate."""
    if outcome == "not testable":
        return outcome
    outside = rule.against if found.without_coded == "against" else found.without_coded
    if rule.rests_on in ILLUSTRATIONS or (
        rule.rests_on == "both" and rule.method == "changes" and outside != outcome
    ):
        return "illustrated only"
    return outcome


# --- every set of peers ------------------------------------------------------------------------------


def peer_candidates(case):
    """States that can be peers, by a written rule.

    A peer can be every state of the old union that the table of partners marks, but the state itself
    and the poles, whose gap in votes is known in three quarters of the years or more.  The case's own
    peers are one set of these.

    Returns
    -------
    list of str
        ISO3 codes.
    """
    partners = case.table("partners")
    union = set(partners.loc[partners["cis"], "iso3"]) - {case.state}
    first, last = (day.year for day in case.span())
    return alignment.peer_candidates(
        case.table("un_votes"),
        sorted(union),
        *(case.iso3(pole) for pole in case.poles),
        range(first + 1, last + 1),  # the state joined in the first
    )


def peer_sets(case, size=None):
    """Every set of peers of one size, by default that of the case's own."""
    size = len(case.peers) if size is None else size
    candidates = peer_candidates(case)
    if not 0 < size <= len(candidates):
        raise ValueError(
            f"size is {size!r}; allowed: 1 to {len(candidates)}, the states that can be peers"
        )
    return list(itertools.combinations(candidates, size))


@stored
def over_peers(case, look=None, only=None):
    """What each claim that compares with peers comes to over every set of them.

    Parameters
    ----------
    case : data.Case
    look : Look, optional
    only : collection of str, optional
        Claims; by default all whose rule names the peers among its choices.

    Returns
    -------
    DataFrame
        Rows (id, peers, own, outcome, statistic), one for each claim and set of as many peers as the case has;
        ``own`` marks the case's set.
    """
    look, rules, rows = look or Look(case), _rules(case), []
    judged = rules["choices"].fillna("").str.split("; ").map(lambda c: "peers" in c)
    for rule in rules[judged].itertuples():
        if only is not None and rule.id not in only:
            continue
        for chosen in peer_sets(case):
            found, outcome, _ = _judged(look, rule, {"peers": list(chosen)})
            own = set(chosen) == set(case.peers)
            rows.append((rule.id, ", ".join(chosen), own, outcome, found.statistic))
    return pd.DataFrame(rows, columns=["id", "peers", "own", "outcome", "statistic"])


def nets_over_peers(case, look=None):
    """The two tests that the choice of peers bears on most, for every set of peers.

    Years and margin are those of the case's rules: of the one that asks whether two spells are the same, and of
    the one that names years.

    Returns
    -------
    DataFrame
        Rows (peers, own, difference, lower, upper, verdict, p): the difference of the spells with its interval and
        where that lies to the margin, and p of the named years in the gap net of these peers.
    """
    look = look or Look(case)
    rules = _rules(case).set_index("method")["parameters"].map(json.loads)
    for name in ("equal_before_and_after", "named_years"):
        if name not in rules:
            raise Missing(f"Needs a rule by the method {name}.")
    same, named = rules["equal_before_and_after"], rules["named_years"]
    rows = []
    for chosen in peer_sets(case):
        net = look.series("net gap", peers=chosen)
        before, after = (net.loc[slice(*same[side])] for side in ("before", "after"))
        test = breaks.equivalence(
            before,
            after,
            same["margin"],
            same["level"],
            breaks.fitting_noise(before, after),
            same["draws"],
            same["seed"],
        )
        p = breaks.named_years(net.loc[: named["last"]], named["years"]).p
        own = set(chosen) == set(case.peers)
        rows.append(
            (
                ", ".join(chosen),
                own,
                test.statistic,
                test.lower,
                test.upper,
                test.verdict,
                p,
            )
        )
    return pd.DataFrame(
        rows,
        columns=["peers", "own", "difference", "lower", "upper", "verdict", "p"],
    )


# --- the multiverse ---------------------------------------------------------------------------------


def settings(case, rule):
    """Every combination of the defensible choices that a rule names.

    Parameters
    ----------
    case : data.Case
    rule : Series or namedtuple
        A row of the table ``rules``.

    Returns
    -------
    list of (dict, dict)
        Options by choice, and the parameters that they change; the ledger's own combination comes first.
    """
    table = case.table("choices")
    parameters = {"coding": case.coding, **json.loads(rule.parameters)}
    sides = []
    for choice in (rule.choices if isinstance(rule.choices, str) else "").split("; "):
        if not choice:
            continue
        options = [
            (row.option, json.loads(row.parameters))
            for row in table[table["choice"] == choice].itertuples()
        ]
        if not options:
            raise ValueError(
                f"choices of {rule.id} names {choice!r}; allowed: {', '.join(table['choice'].unique())}"
            )
        own = next(
            (o for o in options if o[1] and o[1].items() <= parameters.items()),
            options[0],
        )
        sides.append([(choice, *own), *((choice, *o) for o in options if o is not own)])
    return [
        (
            {choice: option for choice, option, _ in picked},
            {k: v for *_, changed in picked for k, v in changed.items()},
        )
        for picked in itertools.product(*sides)
    ]


@stored
def multiverse(case, look=None):
    """Every verdict over the defensible choices.

    Multiverse analysis (Steegen, Tuerlinckx, Gelman and Vanpaemel 2016): the claim is judged again under every combination of
    the choices that its rule names in the table ``choices``.

    Parameters
    ----------
    case : data.Case

    Returns
    -------
    DataFrame
        Rows (id, setting, changed, outcome, verdict, statistic, reading, options): ``setting`` numbers the combinations of a
        claim, 0 being the ledger's own; ``changed`` the choices that differ from it; ``options`` a dict of choice to option.
    """
    look, rows = look or Look(case), []
    for rule in _rules(case).itertuples():
        base = None
        for number, (options, changed) in enumerate(settings(case, rule)):
            found, outcome, verdict = _judged(look, rule, changed)
            base = base or options
            rows.append(
                (
                    rule.id,
                    number,
                    [c for c in options if options[c] != base[c]],
                    outcome,
                    verdict,
                    found.statistic,
                    found.reading,
                    options,
                )
            )
    return pd.DataFrame(
        rows,
        columns=[
            "id",
            "setting",
            "changed",
            "outcome",
            "verdict",
            "statistic",
            "reading",
            "options",
        ],
    )


def stability(universe):
    """How often each outcome holds over the choices, and which choice alone turns it.

    Parameters
    ----------
    universe : DataFrame
        Of :func:`multiverse`.

    Returns
    -------
    DataFrame
        Rows (id, outcome, settings, same, share, turned_by): ``outcome`` that of the ledger, ``same`` the settings with the
        same one, ``turned_by`` the choices of which some option alone turns it.
    """
    rows = []
    for name, part in universe.groupby("id", sort=False):
        own = part.loc[part["setting"] == 0, "outcome"].iloc[0]
        alone = part[part["changed"].str.len() == 1]
        turned = list(
            dict.fromkeys(
                c
                for changed, outcome in zip(alone["changed"], alone["outcome"])
                if outcome != own
                for c in changed
            )
        )
        same = int((part["outcome"] == own).sum())
        rows.append((name, own, len(part), same, same / len(part), ", ".join(turned)))
    return pd.DataFrame(
        rows, columns=["id", "outcome", "settings", "same", "share", "turned_by"]
    )
