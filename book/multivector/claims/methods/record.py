"""Methods that read the record: votes, decisions, dated acts and the ends of leaders."""

from __future__ import annotations

import pandas as pd

from ... import decisions
from ...data import Missing
from ...language import N_, Sentence, joined
from ..evidence import Days, Look, row_of
from ..finding import Found, Rule, met_or_mixed, method


@method
def exit_of_leader(look: Look, rule: Rule) -> Found:
    """How did a leader leave office, by the exit code of the source?"""
    code = row_of(look.table("leaders"), rule.leader, "exit_code")["exit_code"]
    said, denied = (words in code.lower() for words in (rule.says, rule.denies))
    outcome = "not supported" if denied else met_or_mixed(said, True)
    reading = Sentence(
        "Exit code: {code}. What experts believed, no source here measures.", code=code
    )
    return Found(outcome, float(said), reading, 1)


def votes_of_parliament(look: Look, *columns: str) -> pd.DataFrame:
    """Votes of parliament on the bases, each with what is asked of it."""
    if not look.case.has("base_votes") or (votes := look.table("base_votes")).empty:
        raise Missing(N_("Needs a sourced list of votes of parliament."))
    if votes[list(columns)].isna().any(axis=None):
        raise Missing(
            Sentence(
                "Needs {columns} of every vote of parliament.",
                columns=joined(columns, N_(" and ")),
            )
        )
    return votes


@method
def votes_that_bind(look: Look, rule: Rule) -> Found:
    """Did votes of parliament change, or delay, what the president had signed?"""
    effects = votes_of_parliament(look, "effect")["effect"]
    one, two = (
        int(effects.isin(names).sum()) for names in (rule.changed, rule.delayed)
    )
    reading = Sentence(
        "Of {n} decisions found, {one} changed what had been signed and {two} kept it waiting.",
        n=len(effects),
        one=one,
        two=two,
    )
    outcome = met_or_mixed(one > 0, two > 0)
    return Found(outcome, float(one + two), reading, len(effects))


@method
def votes_against(look: Look, rule: Rule) -> Found:
    """How many votes of parliament went against what the president had signed, whatever came of them?"""
    votes = votes_of_parliament(look, "outcome", "president")
    signed = votes.loc[votes["president"] == "signed", "outcome"]
    against = int(signed.isin(rule.outcomes).sum())
    outcome = met_or_mixed(against == 0, against < rule.many)
    reading = Sentence(
        "{against} of {n} decisions found went against what the president had signed.",
        against=against,
        n=len(votes),
    )
    return Found(outcome, float(against), reading, len(votes))


def _contested(look: Look, rule: Rule) -> pd.DataFrame:
    if not look.case.has("decisions") or look.table("decisions").empty:
        raise Missing(N_("Needs a sourced list of contested decisions."))
    votes = votes_of_parliament(look) if rule.bases else None
    return decisions.contested(look.table("decisions"), votes, rule.sure)


def _against_a_line(moved: pd.Series, rule: Rule, few: bool, who: str) -> Found:
    """Which way a rule falls by where the interval of a share lies: above the line, below it, or across."""
    if len(moved) == 0:
        raise Missing(N_("Needs a sourced list of contested decisions."))
    line, level = rule.line, rule.level
    found = decisions.share(moved, line, level)
    above, below = found.low > line, found.high < line
    met, against = (below, above) if few else (above, below)
    outcome = met_or_mixed(met, not against)
    reading = Sentence(
        "{who} moved ({outcomes}) {moved} of {n} contested decisions found, a share of {share:.2f} with an exact interval of {level:.0%} from {low:.2f} to {high:.2f}; the line is {line:.2f}.",
        who=who,
        outcomes=joined(rule.outcomes),
        moved=found.moved,
        n=found.n,
        share=found.value,
        level=level,
        low=found.low,
        high=found.high,
        line=line,
    )
    null = Sentence(
        "each contested decision is moved with chance {line:.2f}", line=line
    )
    return Found(outcome, found.value, reading, found.n, found.p, null)


@method
def moved_at_home(look: Look, rule: Rule) -> Found:
    """Does somebody at home move more contested decisions than the line says?"""
    moved = decisions.moved(_contested(look, rule), rule.outcomes)
    return _against_a_line(moved, rule, few=False, who=N_("Somebody at home"))


@method
def moved_by_office(look: Look, rule: Rule) -> Found:
    """Does an office move fewer of the decisions on which it had a say than the line says?"""
    rows = _contested(look, rule)
    rows = rows[decisions.names(rows["could"], rule.office)]
    moved = decisions.moved(rows, rule.outcomes, rule.office)
    return _against_a_line(moved, rule, few=True, who=rule.office.capitalize())


def _told(days: Days) -> Sentence:
    """A day, or the first and the last that it may have been."""
    return joined(
        (Sentence("{day:%-d %b %Y}", day=day) for day in dict.fromkeys(days)),
        N_(" to "),
    )


@method
def after_the_visit(look: Look, rule: Rule) -> Found:
    """Did a stance soften after a visit, or before it?

    ``illustrates`` says that one sequence can show no more than what the claim means: a wrong order
    still contradicts it, a right one, or days that overlap, only illustrate.
    """
    said, came = (look.dated(a, rule.coding) for a in (rule.declaration, rule.visit))
    soft = look.first_dated(rule.softening, rule.coding)
    if said is None or came is None or soft is None:
        needs = N_("the declaration, the visit and the softening")
        raise Missing(Sentence("Needs {needs}, each with a date.", needs=needs))
    least = (soft[0] - came[0]).days
    if all((last - first).days < rule.known_days for first, last in (came, soft)):
        outcome = met_or_mixed(least >= 0, False)
    else:
        outcome = met_or_mixed(soft[0] > came[1], soft[1] >= came[0])
    reading = Sentence(
        "Declaration {said}, visit {came}, softer terms {soft}.",
        said=_told(said),
        came=_told(came),
        soft=_told(soft),
    )
    if rule.illustrates:
        if outcome == "mixed":
            reading = joined([reading, N_("The possible days overlap.")], " ")
        told = N_(
            "By order alone either of two acts comes first 1 time in 2; of one sequence there is no null."
        )
        reading = joined([reading, told], " ")
        outcome = "against" if outcome == "against" else "illustrated only"
    return Found(outcome, float(least), reading, 3)


@method
def days_after(look: Look, rule: Rule) -> Found:
    """How long after a day was something signed?"""
    signed, day = (look.dated(acts, rule.coding) for acts in (rule.act, rule.mark))
    if signed is None or day is None:
        raise Missing(N_("Needs both, each with a date."))
    least, most = (signed[0] - day[1]).days, (signed[1] - day[0]).days
    outcome = met_or_mixed(least > rule.near, most >= -rule.near, "contradicted")
    span = (
        Sentence("{least} days after", least=least)
        if least == most
        else Sentence("{least} days after, at most {most}", least=least, most=most)
    )
    before = N_(" (below 0: before)") if least < 0 else ""
    reading = Sentence(
        "Signed {signed}; the other day is {day}: {span}{before}.",
        signed=_told(signed),
        day=_told(day),
        span=span,
        before=before,
    )
    return Found(outcome, float(least), reading, 2)


@method
def peers_spared(look: Look, rule: Rule) -> Found:
    """Was a blow dealt to the state alone, and before the unrest?"""
    acts = rule.blow, rule.on_peers, rule.unrest
    own, others, riot = (look.dated(ids, rule.coding) for ids in acts)
    if own is None or riot is None:
        raise Missing(N_("Needs the blow and the unrest, each with a date."))
    if others is not None and others[0] > pd.Timestamp(rule.until):
        others = None
    spared = others is None or others[0] > own[1]
    before = own[0] <= riot[1]
    days = 0 if others is None else (others[0] - own[0]).days
    later = (
        N_("on no neighbour that the coding has")
        if others is None
        else Sentence("{days} days later on a neighbour too", days=days)
    )
    outcome = met_or_mixed(before and others is None, before and spared)
    reading = Sentence(
        "On the state {own}, {later}; the unrest {riot}.",
        own=_told(own),
        later=later,
        riot=_told(riot),
    )
    return Found(outcome, float(days), reading, 2 if others is None else 3)
