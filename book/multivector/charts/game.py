"""Charts of the two-level game: what ``game`` has worked out in, ``alt.Chart`` out.

A model with sliders comes laid out on the lattice of its sliders; the page picks rows and computes nothing.
Ratification needs one row for each range of the needed weight c R, since nothing changes inside such a range
(``game.by_need``).
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from ..language import N_, _
from .grammar import (
    ABOVE,
    QUARTERS,
    haloed,
    hover,
    menu,
    panel,
    plot,
    quoted,
    reading,
    sentence,
    slider,
    stepped,
    tinted,
)
from .theme import ACCENT, GRID, MUTED, PAGE, TEXT, WARN

#: Settings of a slider are compared with this slack, and needed weights with the smaller one.
_NEAR, _SLIGHT = 1e-3, 1e-9
_LANE = 46
#: What a range of the needed weight holds, in the order of the lists that the page gets (names would weigh more than numbers).
_RANGE = ("above", "upto", "intervals", "x", "home_gain", "foreign_gain")
_MODEL = "model:N = " + _("worked out by")
#: What a stricter ratification does, in a word; what differs by less than the rounding is equal.
_EFFECTS = {
    N_("more"): ACCENT,
    N_("as much"): MUTED,
    N_("less"): WARN,
    N_("no deal"): GRID,
}
_MORE, _EQUAL, _LESS, _NO_DEAL = (quoted(_(name)) for name in _EFFECTS)
_EFFECT = f"!isValid(datum.home_gain) ? {_NO_DEAL} : datum.home_gain > datum.free + 2e-5 ? {_MORE} : datum.home_gain < datum.free - 2e-5 ? {_LESS} : {_EQUAL}"
#: What a view says in words, in two lines above it (y is that of the first): a phone has no room for one.
_READ = {**ABOVE, "y": -20, "fontWeight": "bold", "lineBreak": "|"}
_UNIT = alt.Scale(domain=[0, 1], nice=False)
_QUARTERS = alt.Axis(values=QUARTERS, format=".2~f")
_STAKE = _("Cost of no agreement (below 0: a levy)")
#: Who bears a levy, in words.
PAYER_WORDS = {
    "groups": _("the groups alone"),
    "everybody": _("the home side as well"),
}


def ends(poles: Sequence[str]) -> tuple[str, str]:
    """What 0 and 1 on the axis of the issue mean, short enough for a phone."""
    alone = _("{state} alone", state=poles[0])
    return alone, _("full access: {state}", state=poles[1])


# One game: who accepts what ---------------------------------------------------


def win_set_board(
    levels: pd.DataFrame,
    accepted: pd.DataFrame,
    groups: pd.DataFrame,
    home_ideal: float,
    foreign_ideal: float,
    ends: tuple[str, str],
    start: Mapping[str, float],
) -> alt.LayerChart:
    """What groups accept, what can be ratified and what is agreed on; four sliders change the game.

    Parameters
    ----------
    levels : DataFrame
        Rows (reversion, stake, above, upto, intervals, x, home_gain, foreign_gain): ``game.by_stake`` for every
        setting of two sliders, the reversion point and the stake (cost of no agreement; below 0 a levy on agreement).
    accepted : DataFrame
        Rows (reversion, stake, group, low, high), what each group accepts (``game.accepted``); ``group`` is its place in ``groups``.
    groups : DataFrame
        Rows (group, ideal, weight).
    home_ideal, foreign_ideal : float
        In [0, 1].
    ends : pair of str
        What 0 and 1 on the axis mean.
    start : dict of str to float
        Where the sliders ``reversion``, ``stake``, ``threshold`` and ``constraint`` start.
    """
    setting = _drawn(_settings(levels, accepted)).transform_filter(
        f"abs(datum.q - reversion) < {_NEAR} && abs(datum.k - stake) < {_NEAR}"
    )
    bars = setting.transform_calculate(lane=quoted(list(groups["group"])))
    need = "threshold * constraint"
    level = _ranges(setting).transform_filter(
        f"datum.above + {_SLIGHT} < {need} && {need} <= datum.upto + {_SLIGHT}"
    )
    no_deal = _drawn([{"one": 1}]).transform_calculate(place="reversion")
    layers = _board(
        bars.transform_flatten(["lane", "low", "high"]),
        _ideals(groups, _weighted(groups)),
        level,
        no_deal,
        (home_ideal, foreign_ideal),
        list(groups["group"]),
        ends,
    )
    words = sentence(
        _("needed weight: R × c = {R} × {c} = {need}"),
        R="format(threshold, '.2f')",
        c="format(constraint, '.2f')",
        need=f"format({need}, '.2f')",
    )
    asked = reading(no_deal, words, **ABOVE, y=-19)
    point = _("Reversion point q: policy if talks fail")
    share = _("Ratification threshold R: weight needed")
    asks = _("Constraint c: must the leader ask?")
    height = _LANE * (len(groups) + 2)
    return panel(*layers, asked, height=height, name="winset").add_params(
        stepped("reversion", point, levels["reversion"], start["reversion"]),
        stepped("stake", _STAKE, levels["stake"], start["stake"]),
        slider("threshold", share, 0, 1, start["threshold"], 0.05),
        slider("constraint", asks, 0, 1, start["constraint"], 0.05),
    )


def _settings(levels: pd.DataFrame, accepted: pd.DataFrame) -> list[dict[str, Any]]:
    """For each setting of reversion point and stake: what each group accepts, and the ranges of the needed weight."""
    setting = ["reversion", "stake"]
    ends: Any = (
        accepted.sort_values("group").groupby(setting)[["low", "high"]].agg(list)
    )
    return [
        {
            "q": key[0],
            "k": key[1],
            "low": ends["low"][key],
            "high": ends["high"][key],
            "at": ranges[list(_RANGE)].values.tolist(),
        }
        for key, ranges in levels.groupby(setting)
    ]


def board(
    groups: pd.DataFrame,
    won: Sequence[tuple[float, float]],
    deal: Sequence[float] | None,
    reversion: float,
    home_ideal: float,
    foreign_ideal: float,
    ends: tuple[str, str],
    target: float | None = None,
    bill: str = "",
) -> alt.LayerChart:
    """One game as it stands, for any number of groups.

    Parameters
    ----------
    groups : DataFrame
        Rows (group, ideal, weight, low, high, note): what each accepts (NaN for nothing), and a word beside its name.
    won : list of tuple of float
        The win-set.
    deal : game.Deal or None
    reversion, home_ideal, foreign_ideal : float
        In [0, 1].
    ends : pair of str
        What 0 and 1 on the axis mean.
    target : float, optional
        An agreement that a coalition is to be bought for.
    bill : str
        What must be paid to whom, above the lanes.
    """
    labels = [f"{name}{note}" for name, note in zip(_weighted(groups), groups["note"])]
    x, home, foreign = deal or (math.nan,) * 3
    layers = _board(
        _drawn(groups.assign(lane=groups["group"])[["lane", "low", "high"]]),
        _ideals(groups, labels),
        _drawn(
            [{"intervals": won, "x": x, "home_gain": home, "foreign_gain": foreign}]
        ),
        _drawn([{"place": reversion}]),
        (home_ideal, foreign_ideal),
        list(groups["group"]),
        ends,
    )
    bought = [] if target is None else _bought(target, bill)
    height = _LANE * (len(groups) + 2)
    return panel(*bought, *layers, height=height, name="board")


def _bought(target: float, bill: str) -> list[alt.Chart]:
    """The agreement that a coalition is bought for, and the bill."""
    mark = _drawn([{"place": target}]).encode(_policy("place"))
    place = {**ABOVE, "x": 2, "y": -19, "color": WARN, "fontWeight": "bold"}
    return [
        mark.mark_rule(color=WARN, strokeWidth=2).encode(
            tooltip=hover("place:Q .2f = coalition for")
        ),
        _drawn([{"bill": bill or _("coalition for {target:.2f}", target=target)}])
        .mark_text(**place, limit=alt.expr("width"))
        .encode(text="bill:N"),
    ]


def _board(
    bars: alt.Chart,
    ideals: alt.Chart,
    level: alt.Chart,
    no_deal: alt.Chart,
    sides: tuple[float, float],
    names: list[str],
    ends: tuple[str, str],
) -> list[alt.Chart]:
    """Lanes of acceptance, ratification and agreement over the issue, from charts that hold the rows of one setting."""
    lanes = alt.Scale(
        domain=[*names, "(ratified)", "(agreed)"], paddingInner=0, paddingOuter=0
    )
    y = alt.Y("lane:N", scale=lanes, axis=None)
    top = alt.Y("lane:N", scale=lanes, axis=None, bandPosition=0)
    axis = alt.Axis(
        values=QUARTERS,
        labelFlush=True,
        labelOverlap=False,
        domain=True,
        labelExpr=f"datum.value == 0 ? ['0', {quoted(ends[0])}] : datum.value == 1 ? ['1', {quoted(ends[1])}] : format(datum.value, '.2~f')",
    )
    # As wide as a letter, so that the rule of no agreement does not show between two.
    halo = {"stroke": PAGE, "strokeWidth": 9, "strokeJoin": "round"}
    heading = {"align": "left", "baseline": "top", "x": 2, "dy": 1}
    heading["limit"] = alt.expr("width")
    ideals = _from(ideals, _("an assumption"))
    level = _from(
        level, _("{one} and {other}", one="game.win_set", other="game.bargain")
    )
    bold = {**heading, "fontWeight": "bold"}
    named = [haloed(ideals, halo, **heading)]
    named += [haloed(words, halo, **bold) for words in _told(level)]
    under, over = (
        [text.encode(y=top, text="label:N") for text in t] for t in zip(*named)
    )
    # The halo lies on the rule and under the bars, so that it takes nothing off them.
    return [
        *_fallback(no_deal),
        *under,
        *_accepted(_from(bars, "game.acceptance"), y, axis),
        _wished(ideals, y),
        _ratified(level, y, axis),
        *over,
        *_wanted(*sides, y),
        _agreed(level, y),
    ]


def _accepted(bars: alt.Chart, y: alt.Y, axis: alt.Axis) -> list[alt.Chart]:
    """A bar a group from the first to the last policy that it accepts, or a word that there is none."""
    return [
        bars.transform_filter("isValid(datum.low)")
        .mark_bar(height=13, color=MUTED, opacity=0.55, stroke=MUTED, strokeWidth=2)
        .encode(
            _policy("low", axis),
            y,
            x2="high:Q",
            tooltip=hover(
                "lane:N = group", "low:Q .3f = accepts from", "high:Q .3f = to", _MODEL
            ),
        ),
        bars.transform_filter("!isValid(datum.low)")
        .mark_text(align="left", x=2, dy=4, fontStyle="italic")
        .encode(y=y, text=alt.value(_("accepts nothing"))),
    ]


def _wished(ideals: alt.Chart, y: alt.Y) -> alt.Chart:
    """What each group wants."""
    return ideals.mark_tick(thickness=3, size=19, color=TEXT).encode(
        _policy("ideal"),
        y,
        tooltip=hover("lane:N = group", "ideal:Q .2f = wants", _MODEL),
    )


def _ratified(level: alt.Chart, y: alt.Y, axis: alt.Axis) -> alt.Chart:
    """The win-set, a bar an interval."""
    pieces = _pieces(level).transform_calculate(lane="'(ratified)'")
    return pieces.mark_bar(
        height=13, color=ACCENT, stroke=ACCENT, strokeWidth=2
    ).encode(
        _policy("low", axis),
        y,
        x2="high:Q",
        tooltip=hover("low:Q .4f = ratified from", "high:Q .4f = to", _MODEL),
    )


def _fallback(no_deal: alt.Chart) -> list[alt.Chart]:
    """A rule where no agreement leads, and its name on the side with more room."""
    rule = no_deal.encode(_policy("place"))
    return [
        rule.mark_rule(color=TEXT, strokeDash=[4, 3]).encode(
            tooltip=hover("place:Q .2f = where no agreement leads")
        ),
        *(
            rule.transform_filter(f"datum.place {side} .5").mark_text(
                text=_("no agreement"), align=align, baseline="bottom", y=-3
            )
            for side, align in (("<=", "left"), (">", "right"))
        ),
    ]


def _told(level: alt.Chart) -> list[alt.Chart]:
    """What can be ratified and what is agreed on, in words."""
    piece = "format(datum.intervals[{0}][0], '.3f') + '–' + format(datum.intervals[{0}][1], '.3f')"
    many = "length(datum.intervals) >"
    more = quoted(_(" and more"))
    pieces = f"{piece.format(0)} + ({many} 1 ? ', ' + {piece.format(1)} : '') + ({many} 2 ? {more} : '')"
    none, some = quoted(_("nothing can be ratified")), _("can be ratified: {pieces}")
    agreed = sentence(
        _("agreed {x}; gain home {home}, abroad {abroad}"),
        x="format(datum.x, '.2f')",
        home="format(datum.home_gain, '.2f')",
        abroad="format(datum.foreign_gain, '.2f')",
    )
    no_deal = quoted(_("no deal that both sides prefer"))
    return [
        level.transform_calculate(
            lane="'(ratified)'",
            label=f"length(datum.intervals) == 0 ? {none} : {sentence(some, pieces=pieces)}",
        ),
        level.transform_calculate(
            lane="'(agreed)'",
            label=f"isValid(datum.x) ? {agreed} : {no_deal}",
        ),
    ]


def _wanted(home: float, foreign: float, y: alt.Y) -> list[alt.Chart]:
    """Where the two sides would have the policy, each name on the side with room for it."""
    places = {
        _("home ideal"): (home, foreign),
        _("foreign ideal"): (foreign, home),
    }
    sides = _drawn(
        [{"lane": "(agreed)", "x": own[0], "who": who} for who, own in places.items()]
    )
    layers = [
        sides.mark_point(
            shape="triangle-up",
            size=90,
            color=TEXT,
            filled=False,
            strokeWidth=2,
            opacity=1,
        ).encode(_policy("x"), y, tooltip=hover("who:N = mark", "x:Q .2f"))
    ]
    for who, (at, other) in places.items():
        left = at < 0.15 or other < at < 0.75
        place = {"align": "left" if left else "right", "baseline": "top", "dy": 8}
        layers.append(
            sides.transform_filter(f"datum.who == {quoted(who)}")
            .mark_text(**place, dx=0 if at in (0, 1) else -8 if left else 8)
            .encode(_policy("x"), y, text="who:N")
        )
    return layers


def _agreed(level: alt.Chart, y: alt.Y) -> alt.Chart:
    """The agreement, if there is one."""
    return (
        level.transform_filter("isValid(datum.x)")
        .transform_calculate(lane="'(agreed)'")
        .mark_point(size=150, color=ACCENT, stroke=PAGE, strokeWidth=1.5, opacity=1)
        .encode(
            _policy("x"),
            y,
            tooltip=hover(
                "x:Q .4f = agreed x",
                "home_gain:Q .4f = home gain",
                "foreign_gain:Q .4f = foreign gain",
                _MODEL,
            ),
        )
    )


def _ideals(groups: pd.DataFrame, labels: list[str]) -> alt.Chart:
    rows = groups.assign(lane=groups["group"], label=labels)
    return _drawn(rows[["lane", "ideal", "label"]])


def _weighted(groups: pd.DataFrame) -> list[str]:
    return [
        _("{name} (weight {weight:.2g})", name=name, weight=weight)
        for name, weight in zip(groups["group"], groups["weight"])
    ]


# Tied hands -------------------------------------------------------------------


def tied_hands(
    levels: pd.DataFrame,
    summary: pd.DataFrame,
    home_ideal: float,
    start: Mapping[str, Any],
    ends: tuple[str, str],
) -> alt.VConcatChart:
    """Home gain, win-set and agreement against the ratification threshold; stake, payer and power can be changed.

    Parameters
    ----------
    levels : DataFrame
        Rows (payer, stake, power, above, upto, intervals, x, home_gain, foreign_gain): ``game.by_stake`` for every
        setting.
    summary : DataFrame
        Rows (payer, stake, power, free, best, above, upto, least, no_deal_above): ``game.tied_by_stake``.
    home_ideal : float
        In [0, 1].
    start : dict
        Where the sliders ``stake`` and ``power`` and the choice ``payer`` start.
    ends : pair of str
        What 0 and 1 on the axis of the policy mean.
    """
    rows = _drawn(_tied(levels, summary), 5).transform_filter(
        f"indexof(datum.b, payer) >= 0 && abs(datum.k - stake) < {_NEAR} && abs(datum.p - power) < {_NEAR}"
    )
    base = _ranges(rows).transform_calculate(
        begin="max(0, datum.above)", effect=_EFFECT
    )
    base = _from(base, "game.by_need")
    colour = tinted(
        "effect",
        _EFFECTS,
        columns=4,
        title=_("Home gain, against free hands:"),
        titleFontWeight="normal",
        titleLimit=300,
    )
    top = _gains(base, _from(rows, "game.tied_hands"), colour)
    bottom = _agreements(base, colour, home_ideal, ends)
    payers, power = PAYER_WORDS, _("Bargaining power of the home side")
    return (
        alt.vconcat(top, bottom, spacing=8)
        .resolve_scale(x="independent", color="shared")
        .add_params(
            stepped("stake", _STAKE, summary["stake"], start["stake"]),
            menu(
                "payer",
                _("A levy is borne by"),
                list(payers),
                start["payer"],
                labels=list(payers.values()),
            ),
            stepped("power", power, summary["power"], start["power"]),
        )
    )


def _tied(levels: pd.DataFrame, summary: pd.DataFrame) -> list[dict[str, Any]]:
    """For each setting the gain with free hands, the best one, and the ranges of the needed weight."""
    setting = ["payer", "stake", "power"]
    ranges = {
        key: rows[list(_RANGE)].values.tolist()
        for key, rows in levels[levels["upto"] > 0].groupby(setting)
    }
    found: dict[str, dict[str, Any]] = {}
    for row in summary.to_dict("records"):
        same = {
            "k": row["stake"],
            "p": row["power"],
            **{name: row[name] for name in ("free", "best", "least", "no_deal_above")},
            "from": row["above"],
            "to": row["upto"],
            "at": ranges[tuple(row[name] for name in setting)],
        }
        # Without a levy it is the same whoever bears it: one row for all who could.
        found.setdefault(str(same), {"b": [], **same})["b"].append(row["payer"])
    return list(found.values())


#: What a range of the threshold R holds.
_LIMITS = ("begin:Q .2f = " + _("R above"), "upto:Q .2f = " + _("R up to"))
_STEP = hover(
    *_LIMITS,
    "x:Q .3f = agreed x",
    "home_gain:Q .4f = home gain",
    "foreign_gain:Q .4f = foreign gain",
    _MODEL,
)


def _threshold(**axis: Any) -> alt.X:
    return alt.X("begin:Q", scale=_UNIT, **axis)


def _void(base: alt.Chart, x: alt.X, colour: alt.Color) -> alt.Chart:
    """Where there is no deal."""
    return (
        base.transform_filter(f"datum.effect == {_NO_DEAL}")
        .mark_rect(opacity=0.7)
        .encode(x, color=colour, x2="upto:Q", tooltip=hover(*_LIMITS, _MODEL))
    )


def _gains(base: alt.Chart, rows: alt.Chart, colour: alt.Color) -> alt.LayerChart:
    """What the home side gains for each threshold, against its gain with free hands."""
    bare = alt.Axis(values=QUARTERS, labels=False, ticks=False)
    x = _threshold(title=None, axis=bare)
    gain = alt.Y(
        "home_gain:Q",
        title=_("home gain"),
        axis=alt.Axis(tickCount=4, format=".2f"),
        scale=alt.Scale(zero=True),
    )
    steps = (
        base.transform_filter(f"datum.effect != {_NO_DEAL}")
        .mark_rule(strokeWidth=6)
        .encode(x, gain, colour, x2="upto:Q", tooltip=_STEP)
    )
    free = rows.encode(y=alt.Y("free:Q"))
    rule = free.mark_rule(color=TEXT, strokeDash=[4, 3], strokeWidth=1.5).encode(
        tooltip=hover("free:Q .4f = home gain with free hands", _MODEL)
    )
    label = free.mark_text(
        text=_("free hands"), align="right", baseline="bottom", dy=-3
    ).encode(x=alt.value("width"))
    most = sentence(
        _("Most at R from {start} to {end}"),
        start="format(datum.from, '.2f')",
        end="format(datum.to, '.2f')",
    )
    beyond = sentence(_("No deal beyond {R}"), R="format(datum.no_deal_above, '.2f')")
    none, always = quoted(_("No R beats free hands")), quoted(_("Always a deal"))
    read = reading(
        rows,
        f"(datum.best > datum.free + 1e-5 ? {most} : {none}) + '|'"
        f" + (isValid(datum.no_deal_above) ? {beyond} : {always})",
        **_READ,
    )
    # Above the highest step, for its label.
    room = (
        rows.transform_calculate(room="max(datum.best * 1.25, 0.005)")
        .mark_point(opacity=0)
        .encode(y=alt.Y("room:Q", title=_("home gain")))
    )
    layers = [_void(base, x, colour), room, rule, label, steps]
    return panel(*layers, *_named_steps(base, gain), read, height=150, name="gain")


def _named_steps(base: alt.Chart, gain: alt.Y) -> list[alt.Chart]:
    """The gain of each step and the word for none; neighbouring ranges with the same gain have one label between them."""
    middle = base.transform_aggregate(
        begin="min(begin)", upto="max(upto)", groupby=["home_gain", "effect"]
    ).transform_calculate(middle="(datum.begin + datum.upto) / 2")
    x, wide = alt.X("middle:Q", scale=_UNIT), "datum.upto - datum.begin >"
    return [
        middle.transform_filter(f"datum.effect != {_NO_DEAL} && {wide} .12")
        .mark_text(baseline="bottom", dy=-6)
        .encode(x, gain, text=alt.Text("home_gain:Q", format=".3f")),
        middle.transform_filter(f"datum.effect == {_NO_DEAL} && {wide} .15")
        .mark_text(text=_("no deal"), y=135)
        .encode(x),
    ]


def _agreements(
    base: alt.Chart, colour: alt.Color, home_ideal: float, ends: tuple[str, str]
) -> alt.LayerChart:
    """What can be ratified and what is agreed on for each threshold."""
    x = _threshold(title=_("ratification threshold R: weight needed"), axis=_QUARTERS)
    y = alt.Y(
        "low:Q", title=_("policy x"), scale=_UNIT, axis=alt.Axis(values=[0, 0.5, 1])
    )
    band = (
        _pieces(base)
        .mark_bar(color=ACCENT, opacity=0.25, stroke=ACCENT)
        .encode(
            x,
            y,
            x2="upto:Q",
            y2="high:Q",
            tooltip=hover(
                *_LIMITS, "low:Q .3f = ratified from", "high:Q .3f = to", _MODEL
            ),
        )
    )
    agreed = (
        base.transform_filter(f"datum.effect != {_NO_DEAL}")
        .mark_rule(strokeWidth=4, color=TEXT)
        .encode(x, alt.Y("x:Q"), x2="upto:Q", tooltip=_STEP)
    )
    wish = _drawn([{"x": home_ideal}]).encode(y="x:Q")
    name = {"align": "left", "baseline": "top", "x": 3, "dy": 3}
    return panel(
        _void(base, x, colour),
        band,
        wish.mark_rule(strokeDash=[2, 3]),
        wish.mark_text(text=_("home ideal"), **name),
        agreed,
        height=130,
        name="agreed",
        heading=_("Policy x: 0 {left}, 1 {right}", left=ends[0], right=ends[1]),
    )


# Leader and agencies ----------------------------------------------------------


def leader_and_agencies(
    lattice: pd.DataFrame,
    threats: Sequence[float],
    resultant: float,
    hidden: float,
    start: Mapping[str, float],
    ends: tuple[str, str],
) -> alt.VConcatChart:
    """The leader's ideal against the threat at home, alone and mixed with what agencies want; two sliders.

    Parameters
    ----------
    lattice : DataFrame
        Rows (baseline, weight, leader, mixed) of ``game.mixtures``: for each weight w0 of the leader's person and each weight b
        of the agencies the policy of the leader alone, and of both together, one number for each of ``threats``.
    threats : sequence of float
        Threats at home, in ascending order from 0 to 1.
    resultant : float
        What the agencies alone would arrive at, in [0, 1].
    hidden : float
        Swing from no threat to full threat below which the leader cannot be seen, in [0, 1].
    start : dict of str to float
        Where the sliders ``baseline`` and ``weight`` start.
    ends : pair of str
        What 0 and 1 on the axis of the policy mean.
    """
    base = _from(
        _drawn(lattice).transform_filter(f"abs(datum.baseline - baseline) < {_NEAR}"),
        _("{one} and {other}", one="game.leader_ideal", other="game.mixture"),
    )
    chosen = f"abs(datum.weight - weight) < {_NEAR}"
    top = _policies(base.transform_filter(chosen), threats, resultant, ends)
    own = _("Leader's own weight without a threat, w0")
    return (
        alt.vconcat(top, _swings(base, chosen, hidden), spacing=12)
        .resolve_scale(x="independent", y="independent")
        .add_params(
            stepped("baseline", own, lattice["baseline"], start["baseline"]),
            stepped(
                "weight",
                _("Weight of the agencies, b"),
                lattice["weight"],
                start["weight"],
            ),
        )
    )


def _policies(
    lines: alt.Chart, threats: Sequence[float], resultant: float, ends: tuple[str, str]
) -> alt.LayerChart:
    """The policy of the leader, of the agencies and of both, as the threat at home grows."""
    words = {
        "leader": _("leader alone"),
        "agencies": _("agencies alone"),
        "mixed": _("both together"),
    }
    flat = (
        lines.transform_calculate(
            threat=json.dumps([float(t) for t in threats]),
            agencies=f"[{', '.join([f'{resultant:.4f}'] * len(threats))}]",
        )
        .transform_flatten(["threat", "leader", "mixed", "agencies"])
        .transform_fold(["leader", "agencies", "mixed"], as_=["key", "x"])
        .transform_calculate(who=f"{quoted(words)}[datum.key]")
    )
    names = list(words.values())
    shades = dict(zip(names, [MUTED, WARN, ACCENT]))
    colour = tinted("who", shades, symbolType="stroke", columns=2)
    dash = alt.StrokeDash(
        "who:N",
        scale=alt.Scale(domain=names, range=[[6, 3], [2, 2], [1, 0]]),
        legend=alt.Legend(symbolType="stroke", columns=2),
    )
    title = _("threat at home, from none to full")
    x = alt.X("threat:Q", title=title, scale=_UNIT, axis=_QUARTERS)
    y = alt.Y(
        "x:Q",
        title=_(
            "policy x: 0 {left},\n1 {right}", left=ends[0], right=ends[1]
        ).splitlines(),
        scale=alt.Scale(domain=[0, 0.6]),
        axis=alt.Axis(values=[0, 0.2, 0.4, 0.6]),
    )
    tip = hover("who:N", "threat:Q .2f", "x:Q .3f = policy x", _MODEL)
    return panel(
        flat.mark_line(strokeWidth=3).encode(x, y, colour, dash),
        flat.mark_point(size=70, opacity=1).encode(x, y, colour, tooltip=tip),
        reading(lines, _moved(), **_READ),
        height=190,
        name="policy",
    )


def _moved() -> str:
    """How far the policy moves, with the agencies and without, in words."""
    return sentence(
        _("Both together move by {both}|The leader alone moves by {leader}"),
        both="format(datum.mixed[0] - datum.mixed[length(datum.mixed) - 1], '.2f')",
        leader="format(datum.leader[0] - datum.leader[length(datum.leader) - 1], '.2f')",
    )


def _swings(base: alt.Chart, chosen: str, hidden: float) -> alt.LayerChart:
    """How much of the leader's swing still shows, for each weight of the agencies."""
    moves = base.transform_calculate(
        swing="abs(datum.mixed[0] - datum.mixed[length(datum.mixed) - 1])"
    )
    x = alt.X(
        "weight:Q", title=_("weight of the agencies, b"), scale=_UNIT, axis=_QUARTERS
    )
    y = alt.Y(
        "swing:Q",
        title=_("swing that shows"),
        scale=alt.Scale(domain=[0, 0.4]),
        axis=alt.Axis(values=[0, 0.2, 0.4]),
    )
    limit = _drawn([{"swing": hidden}]).encode(y=y)
    # Above its line at the right end, where the swing lies below.
    name = {
        "align": "right",
        "baseline": "bottom",
        "x": alt.expr("width - 3"),
        "dy": -3,
    }
    seen = hover(
        "weight:Q .2f = weight of the agencies",
        "swing:Q .3f = swing that shows",
        _MODEL,
    )
    return panel(
        limit.mark_rule(strokeDash=[4, 3]),
        limit.mark_text(text=_("too small to see"), **name),
        moves.mark_line(color=ACCENT).encode(x, y),
        moves.mark_point(opacity=0, size=60).encode(x, y, tooltip=seen),
        moves.transform_filter(chosen)
        .mark_point(color=ACCENT, size=150, opacity=1)
        .encode(x, y, tooltip=seen),
        height=110,
        name="swing",
    )


# Rows -------------------------------------------------------------------------


def _policy(field: str, axis: Any = alt.Undefined) -> alt.X:
    return alt.X(f"{field}:Q", scale=_UNIT, title=_("policy x"), axis=axis)


def _pieces(level: alt.Chart) -> alt.Chart:
    """One row for each interval of the win-set; none for an empty one."""
    return level.transform_flatten(["intervals"], as_=["piece"]).transform_calculate(
        low="datum.piece[0]", high="datum.piece[1]"
    )


def _ranges(setting: alt.Chart) -> alt.Chart:
    """One row for each range of the needed weight."""
    return setting.transform_flatten(["at"]).transform_calculate(
        **{name: f"datum.at[{i}]" for i, name in enumerate(_RANGE)}
    )


def _from(chart: alt.Chart, model: str) -> alt.Chart:
    """Rows that say which model they come from, for the last line of each tooltip."""
    return chart.transform_calculate(model=quoted(model))


def _drawn(rows: pd.DataFrame | list[dict[str, Any]], digits: int = 4) -> alt.Chart:
    """A chart of rows, lists and all; what is missing is null, and numbers are rounded."""
    records = rows if isinstance(rows, list) else rows.to_dict("records")
    return plot(
        [
            {str(name): _plain(value, digits) for name, value in row.items()}
            for row in records
        ]
    )


def _plain(value: Any, digits: int) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(one, digits) for one in value]
    if isinstance(value, float):
        return None if math.isnan(value) else round(float(value), digits)
    return value
