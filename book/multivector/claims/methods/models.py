"""Methods that ask a model: what it foretells, or what it must suppose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ... import alignment, arena, bases, checks, game, portfolio
from ...arena.models import Prior
from ...data import Missing
from ..evidence import Look, amounts_of, kept, row_of
from ..finding import Found, Rule, judge_interval, met_or_mixed, method, with_sign

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
            "Needs coded episodes and a measure of the region's significance."
        )
    rows = alignment.episodes(look.case).sort_values("start", kind="stable")
    rows = rows.dropna(subset=["significance"]).reset_index(drop=True)
    if len(rows) < FEWEST_EPISODES:
        raise Missing(
            f"Needs {FEWEST_EPISODES} episodes with a measure of the region's significance; the case has {len(rows)}."
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
    return ", ".join(
        f"{before}{name!r} {with_sign(gap)} (standard error {error:.3f})"
        for name, (gap, error) in found.items()
    )


@method
def better_model(look: Look, rule: Rule) -> Found:
    """Does one model foretell episodes better than others?"""
    full = _scores(look, rule.model, rule)
    found = _leads(look, full, rule.than, rule)
    clear = all(gap > error for gap, error in found.values())
    least = min(gap for gap, _ in found.values())
    reading = f"Held-out log score of {rule.model!r} {full.mean():.3f} an episode; lead over {_leads_told(found)}."
    return Found(met_or_mixed(clear, least > 0), least, reading, len(full))


@method
def each_ablation_worse(look: Look, rule: Rule) -> Found:
    """Does the model foretell worse when each of some inputs is taken away?"""
    full = _scores(look, rule.model, rule)
    known = [name for name in rule.without if name in arena.MODELS]
    found = _leads(look, full, known, rule)
    reading = f"Lead in held-out log score an episode: {_leads_told(found, 'over ')}."
    if absent := [name for name in rule.without if name not in known]:
        outcome = "not testable"
        reading = (
            f"Needs an input that the model has not ({', '.join(absent)}). {reading}"
        )
        return Found(outcome, np.nan, reading, len(full))
    worse = sum(gap > 0 for gap, _ in found.values())
    otherwise = "not supported" if worse else "against"
    outcome = met_or_mixed(worse == len(found), worse >= 2, otherwise)
    reading = f"{worse} of {len(found)} ablations are worse. {reading}"
    return Found(outcome, float(worse), reading, len(full))


@method
def share_of_block(look: Look, rule: Rule) -> Found:
    """How much of what the episodes tell does one block explain?"""
    names = ["both", "internal only", "external only", "neither"]
    scores = [float(_scores(look, name, rule).sum()) for name in names]
    rows = arena.dominance(pd.DataFrame({"model": names, "log_score": scores}))
    rows, n = rows.set_index("block"), len(episodes(look, rule))
    gains = ", ".join(
        f"{name} {with_sign(gain, 2)}" for name, gain in rows["gain"].items()
    )
    if rows["undefined"].iloc[0]:
        gain = float(rows.loc[rule.block, "gain"])
        reading = f"No share can be given ({rows['undefined'].iloc[0]}). Gains in held-out log score: {gains}."
        return Found("not supported", gain, reading, n)
    share = float(rows.loc[rule.block, "share"])
    outcome = met_or_mixed(share > rule.high, share >= rule.low)
    reading = f"Share of the {rule.block} block {share:.0%}; gains in held-out log score {gains}."
    return Found(outcome, share, reading, n)


@method
def coefficient(look: Look, rule: Rule) -> Found:
    """Which sign has a coefficient after the episodes have spoken?"""
    given, leaders = episodes(look, rule), _leaders(look, rule.leaders)
    prior = _prior(rule.prior_width, rule.prior_centre)
    fit = arena.fit(given, prior, model=rule.model, leaders=leaders)
    rows = fit.summary.set_index(["source", "coefficient"])
    now, then = (rows.loc[(s, rule.coefficient)] for s in ("posterior", "prior"))
    reading = (
        f"Posterior {with_sign(now['mean'], 2)}, 90% interval {with_sign(now['lower'], 2)} to {with_sign(now['upper'], 2)}; prior {with_sign(then['mean'], 2)}, {with_sign(then['lower'], 2)} to {with_sign(then['upper'], 2)}. "
        f"Its spread is {now['sd'] / then['sd']:.2f} of the prior's."
    )
    mean, *ends = now[["mean", "lower", "upper"]]
    outcome = judge_interval(mean, *ends, rule.whole_interval)
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
    if n < rule.fewest:
        reading = f"Needs {rule.fewest} episodes or more with sourced positions of agencies; the case has {n}."
        return Found("not testable", np.nan, reading, n)
    rows = look.table("agency_positions")
    sides = rows["outcome"], rows["resultant"], rows["leader"]
    profile = game.mixture_profile(*sides, level=rule.level)
    inside = profile.query("inside")["weight"]
    if inside.empty:
        reading = "No weight is inside the set: neither model fits."
        return Found("mixed", np.nan, reading, n)
    least, most = inside.min(), inside.max()
    outcome = met_or_mixed(most < rule.low, least <= rule.high)
    reading = f"Weights inside the {rule.level:.0%} set: {least:.2f} to {most:.2f}."
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
        reading = f"The share that can be signed is {share[0]:.2f} throughout."
        return Found("not supported", 0.0, reading, rule.steps)
    r = float(pd.Series(share).corr(pd.Series(grid), method="spearman"))
    reading = f"Share of the issue that can be signed {share[0]:.2f} where the patron cares least, {share[-1]:.2f} where it cares most; rank correlation {with_sign(r, 2)}."
    return Found(met_or_mixed(r <= -rule.limit, r < rule.limit), r, reading, rule.steps)


@method
def weight_of_private_rent(look: Look, rule: Rule) -> Found:
    """Which weights of private rent are there under which some rival explains every price?"""
    prices, grid = amounts_of(look, rule.rents), np.linspace(0, 1, 201)
    worth = bases.dollar_worth(grid, rule.host_ceiling) * min(prices)
    rival = bases.dollar_worth(grid, rule.rival_ceiling)
    fits = grid[(worth >= rule.cost) & (rival > 0)]
    if not len(fits):
        raise Missing("Needs a weight that explains the prices.")
    low, high = float(fits.min()), float(fits.max())
    outcome = met_or_mixed(low > rule.limit, high >= rule.limit)
    reading = f"Every weight from {low:.2f} to {high:.2f} explains all {len(prices)} prices with some rival: the prices do not tell."
    return Found(outcome, (low + high) / 2, reading, len(prices))


@method
def best_number(look: Look, rule: Rule) -> Found:
    """On what share of a lattice do few vectors pay best?"""
    a, c = np.meshgrid(*(_lattice(ends, rule) for ends in (rule.exponents, rule.costs)))
    share = float((portfolio.best_number(a, c, rule.most) <= rule.few).mean())
    reading = f"The best number is {rule.few} or fewer on {share:.0%} of {a.size} combinations of benefit and cost."
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
    reading = f"The loser gets a grant on {share:.0%} of {value.size} combinations of its value, the cost, the first winner's loss and its credibility."
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
    reading = f"Two bidders leave the leader more on {share:.0%} of {better.size} combinations of the rival's value, its credibility and what one patron alone would leave."
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
    told = "No discount on the host's dollar is needed."
    if needed < 1:
        below = f", below {rule.credible:g}" if needed < rule.credible else ""
        told = f"At the lowest, a host's dollar may count no more than {needed:.2f}{below}."
    reading = f"Implied values of the rival {', '.join(f'{v:.1f}' for v in implied)} million a year; its package is worth {min(yearly):.0f} to {max(yearly):.0f} million a year at {low:.0%} to {high:.0%}. {told}"
    outcome = met_or_mixed(rises and implied[-1] <= min(yearly), rises)
    return Found(outcome, float(implied[-1]), reading, len(prices))


@method
def careers(look: Look, rule: Rule) -> Found:
    """Needs careers of many more leaders than one state has."""
    n = len(look.table(rule.table)) if look.case.has(rule.table) else 0
    reading = f"Needs the careers of {rule.fewest} leaders or more, pooled over the region, from a source; the case has {n}."
    return Found("not testable", np.nan, reading, n)
