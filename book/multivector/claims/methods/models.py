"""Methods that ask a model: what it foretells, or what it must suppose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ... import alignment, arena, bases, checks, game, portfolio
from ...arena.models import Prior
from ...data import Missing
from ...language import N_, Sentence, joined
from ..evidence import Look, amounts_of, kept, row_of
from ..finding import Found, Rule, judge_interval, met_or_mixed, method

#: Fewest episodes to which a model can be put.
FEWEST_EPISODES = 4


# --- the model of arenas, put to the episodes ---------------------------------------------


def episodes(look: Look, rule: Rule) -> pd.DataFrame:
    """The episodes of a rule, graded by the coder that it names."""
    return _episodes(look, rule.drop, rule.grades)


@kept
def _episodes(look: Look, drop: str, coder: str) -> pd.DataFrame:
    """Episodes with the significance of the region measured outside; those without a measure are left out."""
    if not look.case.has("episodes", "significance"):
        raise Missing(
            N_("Needs coded episodes and a measure of the region's significance.")
        )
    rows = alignment.episodes(look.case).sort_values("start", kind="stable")
    rows = rows.dropna(subset=["significance"]).reset_index(drop=True)
    if len(rows) < FEWEST_EPISODES:
        raise Missing(
            Sentence(
                "Needs {fewest} episodes with a measure of the region's significance; the case has {n}.",
                fewest=FEWEST_EPISODES,
                n=len(rows),
            )
        )
    if coder != "first":
        other = look.table("episode_codings").set_index("episode")
        for name in ("threat", "commitment", "external"):
            rows[name] = rows["id"].map(other[name])
    if drop == "first":
        rows = rows.iloc[1:]
    if drop == "last":
        rows = rows.iloc[:-1]
    return rows.reset_index(drop=True)


def _prior(width: float, centre: float | None) -> Prior:
    return {
        name: (mean if centre is None or name == "intercept" else centre, sd * width)
        for name, (mean, sd) in arena.PRIOR.items()
    }


def _leaders(look: Look, leaders: str) -> Prior:
    """Priors of the leaders by the order that the case gives them, or without an order."""
    checks.one_of("leaders", leaders, ("order", "none"))
    ranks = look.case.periods.dropna(subset="outward").set_index("id")["outward"]
    ordered = {str(k): v * (leaders == "order") for k, v in ranks.astype(float).items()}
    return arena.ordinal_prior(ordered)


def _scores(look: Look, model: str, rule: Rule) -> np.ndarray:
    """Held-out log score of each episode under one model."""
    # One score, whatever is thought of leaders, where the model has none.
    leaders = rule.leaders if arena.MODELS[model].leaders else None
    episodes(look, rule)  # so that what is missing there is told first
    prior = rule.prior_width, rule.prior_centre
    return _held_out(look, model, leaders, prior, rule.drop, rule.grades)


@kept
def _held_out(
    look: Look, model: str, leaders: str | None, prior: Any, drop: str, coder: str
) -> np.ndarray:
    ranks = None if leaders is None else _leaders(look, leaders)
    rows = _episodes(look, drop, coder)
    found = arena.leave_one_out(rows, model, _prior(*prior), leaders=ranks)
    return found["log_score"].to_numpy()


def _leads(
    look: Look, full: np.ndarray, others: Sequence[str], rule: Rule
) -> dict[str, tuple[float, float]]:
    """Mean paired difference of the scores from those of each of some models, and its standard error."""
    found = {}
    for name in others:
        gap = full - _scores(look, name, rule)
        found[name] = float(gap.mean()), float(gap.std(ddof=1) / np.sqrt(len(gap)))
    return found


def _leads_told(found: dict[str, tuple[float, float]], before: str = "") -> str:
    """Leads over each of some models, with their standard errors."""
    return joined(
        Sentence(
            "{before}'{name}' {gap:+.3f} (standard error {error:.3f})",
            before=before,
            name=name,
            gap=gap,
            error=error,
        )
        for name, (gap, error) in found.items()
    )


@method
def better_model(look: Look, rule: Rule) -> Found:
    """Does one model foretell episodes better than others?"""
    full = _scores(look, rule.model, rule)
    found = _leads(look, full, rule.than, rule)
    clear = all(gap > error for gap, error in found.values())
    least = min(gap for gap, _ in found.values())
    reading = Sentence(
        "Held-out log score of '{model}' {score:.3f} an episode; lead over {leads}.",
        model=rule.model,
        score=full.mean(),
        leads=_leads_told(found),
    )
    return Found(met_or_mixed(clear, least > 0), least, reading, len(full))


@method
def each_ablation_worse(look: Look, rule: Rule) -> Found:
    """Does the model foretell worse when each of some inputs is taken away?"""
    full = _scores(look, rule.model, rule)
    known = [name for name in rule.without if name in arena.MODELS]
    found = _leads(look, full, known, rule)
    reading = Sentence(
        "Lead in held-out log score an episode: {leads}.",
        leads=_leads_told(found, N_("over ")),
    )
    if absent := [name for name in rule.without if name not in known]:
        outcome = "not testable"
        reading = Sentence(
            "Needs an input that the model has not ({inputs}). {reading}",
            inputs=", ".join(absent),
            reading=reading,
        )
        return Found(outcome, np.nan, reading, len(full))
    worse = sum(gap > 0 for gap, _ in found.values())
    otherwise = "not supported" if worse else "against"
    outcome = met_or_mixed(worse == len(found), worse >= 2, otherwise)
    reading = Sentence(
        "{worse} of {n} ablations are worse. {reading}",
        worse=worse,
        n=len(found),
        reading=reading,
    )
    return Found(outcome, float(worse), reading, len(full))


@method
def share_of_block(look: Look, rule: Rule) -> Found:
    """How much of what the episodes tell does one block explain?"""
    names = ["both", "internal only", "external only", "neither"]
    scores = [float(_scores(look, name, rule).sum()) for name in names]
    rows = arena.dominance(pd.DataFrame({"model": names, "log_score": scores}))
    rows, n = rows.set_index("block"), len(episodes(look, rule))
    gains = joined(
        Sentence("{name} {gain:+.2f}", name=name, gain=gain)
        for name, gain in rows["gain"].items()
    )
    if rows["undefined"].iloc[0]:
        gain = float(rows.loc[rule.block, "gain"])
        reading = Sentence(
            "No share can be given ({why}). Gains in held-out log score: {gains}.",
            why=rows["undefined"].iloc[0],
            gains=gains,
        )
        return Found("not supported", gain, reading, n)
    share = float(rows.loc[rule.block, "share"])
    outcome = met_or_mixed(share > rule.high, share >= rule.low)
    reading = Sentence(
        "Share of the {block} block {share:.0%}; gains in held-out log score {gains}.",
        block=rule.block,
        share=share,
        gains=gains,
    )
    return Found(outcome, share, reading, n)


@method
def coefficient(look: Look, rule: Rule) -> Found:
    """Which sign has a coefficient after the episodes have spoken?"""
    given, leaders = episodes(look, rule), _leaders(look, rule.leaders)
    prior = _prior(rule.prior_width, rule.prior_centre)
    fit = arena.fit(given, prior, model=rule.model, leaders=leaders)
    rows = fit.summary.set_index(["source", "coefficient"])
    now, then = (rows.loc[(s, rule.coefficient)] for s in ("posterior", "prior"))
    reading = Sentence(
        "Posterior {now_mean:+.2f}, 90% interval {now_lower:+.2f} to {now_upper:+.2f}; prior {then_mean:+.2f}, {then_lower:+.2f} to {then_upper:+.2f}. Its spread is {part:.2f} of the prior's.",
        now_mean=now["mean"],
        now_lower=now["lower"],
        now_upper=now["upper"],
        then_mean=then["mean"],
        then_lower=then["lower"],
        then_upper=then["upper"],
        part=now["sd"] / then["sd"],
    )
    mean, lower, upper = now[["mean", "lower", "upper"]]
    outcome = judge_interval(mean, lower, upper, rule.whole_interval)
    return Found(outcome, float(now["mean"]), reading, len(given))


# --- the other models ---------------------------------------------------------------------


def _lattice(ends: Sequence[float], rule: Rule) -> np.ndarray:
    """Steps of a parameter from one end to the other."""
    low, high = ends
    return np.linspace(low, high, rule.steps)


@method
def agency_weight(look: Look, rule: Rule) -> Found:
    """What weight do agencies have beside the leader?"""
    n = len(look.table("agency_positions")) if look.case.has("agency_positions") else 0
    reading: str
    if n < rule.fewest:
        reading = Sentence(
            "Needs {fewest} episodes or more with sourced positions of agencies; the case has {n}.",
            fewest=rule.fewest,
            n=n,
        )
        return Found("not testable", np.nan, reading, n)
    rows = look.table("agency_positions")
    sides = rows["outcome"], rows["resultant"], rows["leader"]
    profile = game.mixture_profile(*sides, level=rule.level)
    inside = profile.query("inside")["weight"]
    if inside.empty:
        reading = N_("No weight is inside the set: neither model fits.")
        return Found("mixed", np.nan, reading, n)
    least, most = inside.min(), inside.max()
    outcome = met_or_mixed(most < rule.low, least <= rule.high)
    reading = Sentence(
        "Weights inside the {level:.0%} set: {least:.2f} to {most:.2f}.",
        level=rule.level,
        least=least,
        most=most,
    )
    return Found(outcome, float(inside.mean()), reading, n)


@method
def share_signed(look: Look, rule: Rule) -> Found:
    """Does the room for a deal shrink as the patron cares more?"""
    own = game.win_set(
        rule.ideals,
        rule.weights,
        rule.reversion,
        rule.threshold,
        rule.costs,
        constraint=rule.constraint,
    )
    patron = rule.patron_ideal, rule.reversion, rule.patron_cost
    grid = _lattice(rule.values, rule)
    share = []
    for salience in grid:
        accepted = game.acceptance(*patron, salience=float(salience))
        signed = game.intersect(own, accepted)
        share.append(sum(high - low for low, high in signed))
    if np.ptp(share) <= game.TOLERANCE:
        reading = Sentence(
            "The share that can be signed is {share:.2f} throughout.", share=share[0]
        )
        return Found("not supported", 0.0, reading, rule.steps)
    r = float(pd.Series(share).corr(pd.Series(grid), method="spearman"))
    reading = Sentence(
        "Share of the issue that can be signed {least:.2f} where the patron cares least, {most:.2f} where it cares most; rank correlation {r:+.2f}.",
        least=share[0],
        most=share[-1],
        r=r,
    )
    return Found(met_or_mixed(r <= -rule.limit, r < rule.limit), r, reading, rule.steps)


@method
def weight_of_private_rent(look: Look, rule: Rule) -> Found:
    """Which weights of private rent are there under which some rival explains every price?"""
    prices, grid = amounts_of(look, rule.rents), np.linspace(0, 1, 201)
    worth = bases.dollar_worth(grid, rule.host_ceiling) * min(prices)
    rival = bases.dollar_worth(grid, rule.rival_ceiling)
    fits = grid[(worth >= rule.cost) & (rival > 0)]
    if not len(fits):
        raise Missing(N_("Needs a weight that explains the prices."))
    low, high = float(fits.min()), float(fits.max())
    outcome = met_or_mixed(low > rule.limit, high >= rule.limit)
    reading = Sentence(
        "Every weight from {low:.2f} to {high:.2f} explains all {n} prices with some rival: the prices do not tell.",
        low=low,
        high=high,
        n=len(prices),
    )
    return Found(outcome, (low + high) / 2, reading, len(prices))


@method
def best_number(look: Look, rule: Rule) -> Found:
    """On what share of a lattice do few vectors pay best?"""
    a, c = np.meshgrid(*(_lattice(ends, rule) for ends in (rule.exponents, rule.costs)))
    share = float((portfolio.best_number(a, c, rule.most) <= rule.few).mean())
    reading = Sentence(
        "The best number is {few} or fewer on {share:.0%} of {size} combinations of benefit and cost.",
        few=rule.few,
        share=share,
        size=a.size,
    )
    outcome = met_or_mixed(share >= rule.high, share >= rule.low)
    return Found(outcome, share, reading, a.size)


@method
def loser_is_paid(look: Look, rule: Rule) -> Found:
    """On what share of a lattice does the loser of a first deal get a grant of its own?"""
    ranges = rule.values, rule.costs, rule.harms, rule.credibilities
    value, cost, harm, credible = np.meshgrid(
        *(_lattice(ends, rule) for ends in ranges)
    )
    paid = bases.second_grant(value, cost, rule.first_value * harm, credible)
    share = float(np.mean(paid))
    reading = Sentence(
        "The loser gets a grant on {share:.0%} of {size} combinations of its value, the cost, the first winner's loss and its credibility.",
        share=share,
        size=value.size,
    )
    outcome = met_or_mixed(share >= rule.high, share > 0)
    return Found(outcome, share, reading, value.size)


@method
def hedge_pays(look: Look, rule: Rule) -> Found:
    """On what share of a lattice does a leader keep more with two bidders than with one patron?"""
    value, cost = rule.value, rule.cost
    rivals, credibilities, shares = (
        _lattice(ends, rule) for ends in (rule.rivals, rule.credibilities, rule.shares)
    )
    hedged = np.array(
        [
            portfolio.hedge_payoff(value, value * rival, cost, credible)
            for rival in rivals
            for credible in credibilities
        ]
    )
    alone = np.array([portfolio.exclusive_payoff(value, cost, one) for one in shares])
    better = hedged[:, None] > alone
    share = float(better.mean())
    reading = Sentence(
        "Two bidders leave the leader more on {share:.0%} of {size} combinations of the rival's value, its credibility and what one patron alone would leave.",
        share=share,
        size=better.size,
    )
    outcome = met_or_mixed(share >= rule.high, share >= rule.low)
    return Found(outcome, share, reading, better.size)


def _package_a_year(look: Look, rule: Rule, rates: np.ndarray) -> list[float]:
    """What a package is worth a year at each rate, spread evenly over the years of its loan."""
    payments = look.table("payments")
    loan = "amount", "loan_rate", "loan_years", "grace_years"
    terms = row_of(payments, rule.loan, *loan)
    forgiven = row_of(payments, rule.debt_relief, "amount", "amount_high")
    given = float(row_of(payments, rule.grant, "amount")["amount"])
    years, grace = int(terms["loan_years"]), int(terms["grace_years"])
    amounts = {"lower": forgiven["amount"], "higher": forgiven["amount_high"]}
    written_off = (amounts | {"none": 0.0})[rule.relief]
    lent = terms["amount"], terms["loan_rate"], years, grace
    return [
        bases.present_value(given, *lent, written_off, rate)
        * rate
        / (1 - (1 + rate) ** -years)
        for rate in rates
    ]


@method
def bids_rise(look: Look, rule: Rule) -> Found:
    """Do the rival's implied values rise, and could the rival's package have been worth as much?"""
    prices, (low, high) = amounts_of(look, rule.rents), rule.discounts
    implied = np.asarray(bases.implied_rival(prices, rule.cost))
    yearly = _package_a_year(look, rule, _lattice(rule.discounts, rule))
    needed = (min(yearly) + rule.cost) / prices[-1]
    rises = bool((np.diff(implied) > 0).all())
    told = N_("No discount on the host's dollar is needed.")
    if needed < 1:
        below = (
            Sentence(", below {credible:g}", credible=rule.credible)
            if needed < rule.credible
            else ""
        )
        told = Sentence(
            "At the lowest, a host's dollar may count no more than {needed:.2f}{below}.",
            needed=needed,
            below=below,
        )
    reading = Sentence(
        "Implied values of the rival {values} million a year; its package is worth {least:.0f} to {most:.0f} million a year at {low:.0%} to {high:.0%}. {told}",
        values=joined(Sentence("{value:.1f}", value=value) for value in implied),
        least=min(yearly),
        most=max(yearly),
        low=low,
        high=high,
        told=told,
    )
    outcome = met_or_mixed(rises and implied[-1] <= min(yearly), rises)
    return Found(outcome, float(implied[-1]), reading, len(prices))


@method
def careers(look: Look, rule: Rule) -> Found:
    """Needs careers of many more leaders than one state has."""
    n = len(look.table(rule.table)) if look.case.has(rule.table) else 0
    reading = Sentence(
        "Needs the careers of {fewest} leaders or more, pooled over the region, from a source; the case has {n}.",
        fewest=rule.fewest,
        n=n,
    )
    return Found("not testable", np.nan, reading, n)
