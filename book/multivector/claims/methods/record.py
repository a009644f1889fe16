"""Methods that read the record: votes, decisions, dated acts and the ends of leaders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from ... import decisions
from ...data import Missing
from ..evidence import Look, row_of
from ..finding import Found, method


@method
def exit_of_leader(look: Look, *, leader: str, says: str, denies: str) -> Found:
    """How did a leader leave office, by the exit code of the source?"""
    code = row_of(look.table("leaders"), leader, "exit_code")["exit_code"]
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


def votes_of_parliament(look: Look, *columns: Any) -> pd.DataFrame:
    """Votes of parliament on the bases, each with what is asked of it."""
    if not look.case.has("base_votes") or (votes := look.table("base_votes")).empty:
        raise Missing("Needs a sourced list of votes of parliament.")
    if votes[list(columns)].isna().any(axis=None):
        raise Missing(f"Needs {' and '.join(columns)} of every vote of parliament.")
    return votes


@method
def votes_that_bind(look: Look, *, changed: list[str], delayed: list[str]) -> Found:
    """Did votes of parliament change, or delay, what the president had signed?"""
    votes = votes_of_parliament(look, "effect")
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
def votes_against(look: Look, *, outcomes: list[str], many: int) -> Found:
    """How many votes of parliament went against what the president had signed, whatever came of them?"""
    votes = votes_of_parliament(look, "outcome", "president")
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


def _contested(look: Look, bases: Any, sure: Any) -> pd.DataFrame:
    if not look.case.has("decisions") or look.table("decisions").empty:
        return pd.DataFrame(columns=decisions.COLUMNS)
    votes = votes_of_parliament(look) if bases else None
    return decisions.contested(look.table("decisions"), votes, sure)


def _against_a_line(
    moved: Any, outcomes: Iterable[str], line: Any, level: Any, few: Any, who: Any
) -> Found:
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
def moved_at_home(
    look: Look,
    *,
    outcomes: list[str],
    line: float,
    level: float,
    bases: bool,
    sure: str,
) -> Found:
    """Does somebody at home move more contested decisions than the line says?"""
    moved = decisions.moved(_contested(look, bases, sure), outcomes)
    who = "Somebody at home"
    return _against_a_line(moved, outcomes, line, level, few=False, who=who)


@method
def moved_by_office(
    look: Look,
    *,
    office: str,
    outcomes: list[str],
    line: float,
    level: float,
    bases: bool,
    sure: str,
) -> Found:
    """Does an office move fewer of the decisions on which it had a say than the line says?"""
    rows = _contested(look, bases, sure)
    rows = rows[decisions.names(rows["could"], office)]
    moved = decisions.moved(rows, outcomes, office)
    who = office.capitalize()
    return _against_a_line(moved, outcomes, line, level, few=True, who=who)


def _days(span: tuple[int, int]) -> str:
    first, last = span
    return (
        f"{first:%-d %b %Y}"
        if first == last
        else f"{first:%-d %b %Y} to {last:%-d %b %Y}"
    )


@method
def after_the_visit(
    look: Look,
    *,
    declaration: list[str],
    visit: list[str],
    softening: list[str],
    known_days: int,
    illustrates: bool = False,
    coding: str | None = None,
) -> Found:
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
def days_after(
    look: Look, *, act: list[str], mark: list[str], near: int, coding: str | None = None
) -> Found:
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
def peers_spared(
    look: Look,
    *,
    blow: list[str],
    on_peers: list[str],
    unrest: list[str],
    until: str,
    coding: str | None = None,
) -> Found:
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
