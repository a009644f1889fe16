"""Says what is doubtful in a case that opens, and which chapters and rules can run on it.

What is wrong is found when a case is opened; what is told here may be as it should be, and
a reader decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from .. import alignment, claims
from ..data import Case
from ..hints import rows_of
from . import composing

#: Years that may lack a vote at either end before it is asked whether a name has changed.
_EDGE = 3
_NO_MEMBER = 9


class Report(NamedTuple):
    """What was found in a case that opens."""

    doubts: list[str]
    chapters: (
        composing.Composed | None
    )  #: what each leaves out; None if that was not tried
    rules: dict[str, str]  #: verdict of each claim, or what its rule lacks
    general: dict[str, str]  #: the same of the general claims of the case of this book
    faults: list[
        str
    ]  #: what is wrong: own words for cells that are not there, failing rules, bad blocks
    unmarked: list[str]  #: marks that the chapters ask for, and the case does not have


def examined(case: Case, origin: Case, judged: bool = True) -> Report:
    """Look at a case.

    Parameters
    ----------
    case : data.Case
    origin : data.Case
        The case of this book: what a table may have been left as.
    judged : bool
        Whether chapters and rules are run, which takes some minutes.
    """
    rules, faults = _judged(case) if judged else ({}, [])
    faults = [*composing.problems(case), *faults]
    general = {}
    if judged and case.state != origin.state:
        tried = claims.general(case, origin)
        general = {row.id: _told(row) for row in rows_of(tried)}
    chapters = composing.tried(case) if judged and not faults else None
    for name, lines in (chapters.unfit if chapters else {}).items():
        faults += [f"{name}, {line}" for line in lines]
    unmarked = composing.unmarked(case, origin) if case.state != origin.state else []
    doubts = list(_doubts(case, origin))
    return Report(doubts, chapters, rules, general, faults, unmarked)


def _told(row: Any) -> str:
    """A verdict, or what is lacking for one."""
    return row.reading if row.verdict == "not testable" else row.verdict


def _judged(case: Case) -> tuple[dict[str, str], list[str]]:
    """The verdict on each claim, or what its rule lacks; and rules that fail."""
    if not case.has("claims", "rules"):
        return {}, []
    found, faults = {}, []
    look = claims.Look(case)
    for name in case.claims["id"]:
        try:
            row = claims.verdicts(case, look, [name]).iloc[0]
            found[name] = _told(row)
        except (ValueError, KeyError) as fault:
            faults.append(f"the rule of {name} fails: {fault}")
    return found, faults


# --- doubts -----------------------------------------------------------------------------------


def _doubts(case: Case, origin: Case) -> Iterator[str]:
    for look in (_seals, _unchanged, _empty, _silent, _names, _spans, _series):
        yield from look(case, origin)


def _seals(case: Case, _: Case) -> Iterator[str]:
    """Tables that are not as they were sealed."""
    for name in case.tables:
        if name in case.changed:
            yield f"{name}: changed since it was sealed, and every figure says so; seal the case"


def _unchanged(case: Case, origin: Case) -> Iterator[str]:
    """Our own tables that are those of another state."""
    if case.state == origin.state:
        return
    for name in case.tables:
        if case.scope(name) != "coded" or not origin.has(name):
            continue
        rows = case.table(name)
        if "iso3" in rows and case.state in set(rows["iso3"]):
            continue  # it has rows of this state, and the others are there to compare
        if rows.equals(origin.table(name)):
            yield f"{name}: as in the case of {origin.name}, row by row; code it for {case.name}"


def _empty(case: Case, _: Case) -> Iterator[str]:
    """What somebody still has to code."""
    if case.acts.empty:
        yield "events: no act yet, so that balance, tilt and hedge are empty"
    else:
        used = set(case.events["vector"].dropna())
        for vector in case.vectors["vector"]:
            if vector not in used:
                yield f"events: no act with {vector}"
    if not case.peers:
        yield "actors: no peer, so that nothing is net of peers"
    kinds = set(case.periods["kind"])
    if "presidency" not in kinds:
        yield "periods: no presidency"
    if "named break" not in kinds:
        yield "periods: no break is named, so that none can be looked for"
    named = case.periods[case.periods["kind"] == "named break"]
    for row in named[~named["start"].dt.year.isin(case.named_breaks())].itertuples():
        yield (
            f"periods: {row.label}, {row.start:%-d %B %Y}, is asked of the year after: "
            "little of its own year was left to move"
        )


def _silent(case: Case, _: Case) -> Iterator[str]:
    """Years without a vote; where a state ends or begins midway, another name may be why."""
    votes = case.table("un_votes")
    first, last = case.span()
    votes = votes[votes["year"].between(first.year, last.year)]
    for state in (case.state, *case.peers):
        cast = set(votes.loc[votes[state].isin(alignment.votes.SCORE), "year"])
        there = set(votes.loc[votes[state] != _NO_MEMBER, "year"])
        if not cast:
            yield f"un_votes: {state} casts no vote in the span"
            continue
        begins, ends = min(cast), max(cast)
        if begins - first.year > _EDGE or (last.year - ends > _EDGE):
            yield (
                f"un_votes: {state} votes from {begins} to {ends} only; if the state was "
                "renamed, put its rows under one code"
            )
        if lost := sorted(year for year in there - cast if begins < year < ends):
            told = ", ".join(map(str, lost))
            yield f"un_votes: {state} casts no vote in {told}: a hole in its series"


def _names(case: Case, _: Case) -> Iterator[str]:
    """One code with two names, or one name with two codes: a state may have been renamed."""
    partners = case.table("partners")
    actors = case.actors[case.actors["kind"].isin(["self", "state"])]
    both = actors.merge(partners, left_on="actor", right_on="iso3")
    if "name" not in partners:
        return
    for row in both[both["name_x"] != both["name_y"]].itertuples():
        yield f"actors: {row.actor} is {row.name_x}, and {row.name_y} in partners"
    for name, rows in partners.groupby("name"):
        if len(rows) > 1:
            codes = ", ".join(rows["iso3"])
            yield f"partners: {name} stands under {codes}; one state, one code"


def _spans(case: Case, _: Case) -> Iterator[str]:
    """Acts and years without a leader."""
    first, last = case.span()
    outside = case.acts[(case.acts["end"] < first) | (case.acts["start"] > last)]
    if len(outside):
        yield f"events: {len(outside)} acts lie outside the span of the study"
    leaders = case.leaders[case.leaders["iso3"] == case.state].sort_values("start")
    leaders = leaders[(leaders["end"] >= first) & (leaders["start"] <= last)]
    if leaders.empty:
        yield f"leaders: none of {case.name} in the years of the study"
        return
    gaps = leaders["start"].iloc[1:].to_numpy() - leaders["end"].iloc[:-1].to_numpy()
    for gap, start in zip(pd.to_timedelta(gaps), leaders["start"].iloc[1:]):
        if gap > pd.Timedelta(days=31):
            yield f"leaders: nobody leads {case.name} in the {gap.days} days to {start.date()}"


def _series(case: Case, _: Case) -> Iterator[str]:
    """Series in which the state has no value at all."""
    first, last = case.span()
    if not case.has("measures"):
        return
    for series in alignment.state_series(case):
        rows = series.rows[series.rows["state"] == case.state]
        within = rows["year"].between(first.year, last.year)
        if rows.loc[within, "value"].notna().sum() == 0:
            yield f"measures: {series.id} has no value of {case.name} in the span"


# --- what is said of it -----------------------------------------------------------------------


def told(case: Case, report: Report) -> Iterator[str]:
    """The report, line by line."""
    yield f"{case.name} ({case.state}): {len(case.tables)} tables, {len(case.acts)} acts"
    yield ""
    if report.faults:
        yield f"Wrong ({len(report.faults)}):"
        yield from (f"- {one}" for one in report.faults)
        yield ""
    yield (
        f"Doubtful ({len(report.doubts)}):" if report.doubts else "Nothing is doubtful."
    )
    yield from (f"- {one}" for one in report.doubts)
    yield ""
    if report.unmarked:
        yield f"Marks that chapters ask for, and marks.csv does not have ({len(report.unmarked)}):"
        yield from (f"- {one}" for one in report.unmarked)
        yield ""
    yield from _of_chapters(report.chapters)
    yield ""
    yield from _of_rules(case, report)
    if report.general:
        yield ""
        yield f"General claims of the case of this book, tried here ({len(report.general)}):"
        yield from (f"- {name}: {one}" for name, one in report.general.items())


def _of_chapters(done: composing.Composed | None) -> Iterator[str]:
    """Each chapter with the sections that it leaves out, and why."""
    if done is None:
        yield "Chapters: not run."
        return
    whole = [name for name, lost in done.lost.items() if not lost]
    yield f"Chapters: {len(whole)} of {len(done.lost)} run whole."
    for name, lost in done.lost.items():
        if not lost:
            yield f"- {name}: runs whole"
        elif name in done.gone:
            yield f"- {name}: left out whole: {lost[0].why}"
        else:
            yield f"- {name}: {len(lost)} of {done.sections[name]} sections left out:"
            for one in lost:
                kind = "an error: " if one.fault else ""
                yield f"  - {one.heading}: {kind}{one.why}"


def _of_rules(case: Case, report: Report) -> Iterator[str]:
    """Each claim with its verdict, or what its rule lacks."""
    if not case.has("claims", "rules"):
        yield "Rules: the case has no claims of its own."
        return
    if not report.rules:
        yield "Rules: not run."
        return
    yield f"Rules ({len(report.rules)}):"
    yield from (f"- {name}: {one}" for name, one in report.rules.items())
