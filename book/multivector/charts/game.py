"""Charts of the two-level game: what ``game`` has worked out in, ``alt.Chart`` out.

Like :mod:`charts`, and finished by its :func:`finish`.  A model with sliders comes laid out on the lattice of
its sliders; the page picks rows and computes nothing.  Ratification needs one row for each range of the needed
weight c R, since nothing changes inside such a range (:func:`game.by_need`).
"""

import json
import math

import altair as alt

from .grammar import Rows, panel_title, quoted, slider
from .theme import ACCENT, GRID, MUTED, PAGE, TEXT, css


_WARN = css("kind-1", "#b3400e")
#: Settings of a slider are compared with this slack, and needed weights with the smaller one.
_NEAR, _SLIGHT = 1e-3, 1e-9
_LANE = 46
#: What a range of the needed weight holds, in the order of the lists that the page gets (names would weigh more than numbers).
_RANGE = ("above", "upto", "intervals", "x", "home_gain", "foreign_gain")
_MODEL = alt.Tooltip("model:N", title="worked out by")
#: What a stricter ratification does, in a word; what differs by less than the rounding is equal.
_EFFECT = "!isValid(datum.home_gain) ? 'no deal' : datum.home_gain > datum.free + 2e-5 ? 'more' : datum.home_gain < datum.free - 2e-5 ? 'less' : 'as much'"
#: What a view says in words, in two lines above it (y is that of the first): a phone has no room for one.
_READ = {
    "align": "left",
    "baseline": "bottom",
    "x": 0,
    "y": -20,
    "fontWeight": "bold",
    "lineBreak": "|",
}
_UNIT = alt.Scale(domain=[0, 1], nice=False)
_QUARTERS = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2~f")
#: Who bears a levy, in words.
PAYER_WORDS = {"groups": "the groups alone", "everybody": "the home side as well"}


def win_set_board(levels, accepted, groups, home_ideal, foreign_ideal, ends, start):
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
    wide = accepted.pivot(
        index=["reversion", "stake"], columns="group", values=["low", "high"]
    )
    ranges = {
        key: levels_of[list(_RANGE)].values.tolist()
        for key, levels_of in levels.groupby(["reversion", "stake"])
    }
    rows = [
        {
            "q": key[0],
            "k": key[1],
            "low": wide.loc[key, "low"].tolist(),
            "high": wide.loc[key, "high"].tolist(),
            "at": at,
        }
        for key, at in ranges.items()
    ]
    setting = alt.Chart(_rows(rows)).transform_filter(
        f"abs(datum.q - reversion) < {_NEAR} && abs(datum.k - stake) < {_NEAR}"
    )
    bars = setting.transform_calculate(
        lane=quoted(list(groups["group"]))
    ).transform_flatten(["lane", "low", "high"])
    ideals = alt.Chart(
        _rows(
            groups.assign(lane=groups["group"], label=_weighted(groups))[
                ["lane", "ideal", "label"]
            ]
        )
    )
    need = "threshold * constraint"
    level = _ranges(setting).transform_filter(
        f"datum.above + {_SLIGHT} < {need} && {need} <= datum.upto + {_SLIGHT}"
    )
    no_deal = alt.Chart(_rows([{"one": 1}])).transform_calculate(place="reversion")
    layers = _board(
        bars,
        ideals,
        level,
        no_deal,
        list(groups["group"]),
        home_ideal,
        foreign_ideal,
        ends,
    )
    asked = (
        no_deal.transform_calculate(
            text=f"'needed weight: R × c = ' + format(threshold, '.2f') + ' × ' + format(constraint, '.2f') + ' = ' + format({need}, '.2f')"
        )
        .mark_text(align="left", baseline="bottom", x=0, y=-19)
        .encode(text="text:N")
    )
    return (
        alt.layer(*layers, asked)
        .properties(height=_LANE * (len(groups) + 2), width="container", name="winset")
        .add_params(
            _steps(
                "reversion",
                "Reversion point q: policy if talks fail",
                levels["reversion"],
                start["reversion"],
            ),
            _steps(
                "stake",
                "Cost of no agreement (below 0: a levy)",
                levels["stake"],
                start["stake"],
            ),
            slider(
                "threshold",
                "Ratification threshold R: weight needed",
                0,
                1,
                start["threshold"],
                0.05,
            ),
            slider(
                "constraint",
                "Constraint c: must the leader ask?",
                0,
                1,
                start["constraint"],
                0.05,
            ),
        )
    )


def board(
    groups, won, deal, reversion, home_ideal, foreign_ideal, ends, target=None, bill=""
):
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
    lanes = groups.assign(
        lane=groups["group"],
        label=[
            f"{label}{note}" for label, note in zip(_weighted(groups), groups["note"])
        ],
    )
    x, home, foreign = deal or (math.nan,) * 3
    level = alt.Chart(
        _rows([{"intervals": won, "x": x, "home_gain": home, "foreign_gain": foreign}])
    )
    layers = _board(
        alt.Chart(_rows(lanes[["lane", "low", "high"]])),
        alt.Chart(_rows(lanes[["lane", "ideal", "label"]])),
        level,
        alt.Chart(_rows([{"place": reversion}])),
        list(groups["group"]),
        home_ideal,
        foreign_ideal,
        ends,
    )
    if target is not None:
        mark = alt.Chart(_rows([{"place": target}])).encode(_x("place"))
        layers = [
            mark.mark_rule(color=_WARN, strokeWidth=2).encode(
                tooltip=[alt.Tooltip("place:Q", format=".2f", title="coalition for")]
            ),
            alt.Chart(_rows([{"bill": bill or f"coalition for {target:.2f}"}]))
            .mark_text(
                baseline="bottom",
                align="left",
                x=2,
                y=-19,
                color=_WARN,
                fontWeight="bold",
                limit=alt.expr("width"),
            )
            .encode(text="bill:N"),
            *layers,
        ]
    return alt.layer(*layers).properties(
        height=_LANE * (len(groups) + 2), width="container", name="board"
    )


def tied_hands(levels, summary, home_ideal, start, ends=None):
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
    ends : pair of str, optional
        What 0 and 1 on the axis of the policy mean.
    """
    rows = [
        {
            "b": row.payer,
            "k": row.stake,
            "p": row.power,
            **{
                name: getattr(row, name)
                for name in ("free", "best", "least", "no_deal_above")
            },
            "from": row.above,
            "to": row.upto,
            "at": levels.loc[
                (levels["payer"] == row.payer)
                & (levels["stake"] == row.stake)
                & (levels["power"] == row.power)
                & (levels["upto"] > 0),
                list(_RANGE),
            ].values.tolist(),
        }
        for row in summary.itertuples()
    ]
    told = alt.Chart(_rows(rows, 4)).transform_filter(
        f"datum.b == payer && abs(datum.k - stake) < {_NEAR} && abs(datum.p - power) < {_NEAR}"
    )
    base = _ranges(told).transform_calculate(
        begin="max(0, datum.above)", effect=_EFFECT
    )
    base = _from(base, "game.by_need")
    r = alt.X(
        "begin:Q",
        scale=_UNIT,
        title="ratification threshold R: weight needed",
        axis=_QUARTERS,
    )
    bare = alt.X(
        "begin:Q",
        scale=_UNIT,
        title=None,
        axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], labels=False, ticks=False),
    )
    # Neighbouring ranges with the same gain have one label between them.
    middle = base.transform_aggregate(
        begin="min(begin)", upto="max(upto)", groupby=["home_gain", "effect"]
    ).transform_calculate(middle="(datum.begin + datum.upto) / 2")
    tip = [
        alt.Tooltip("begin:Q", format=".2f", title="R above"),
        alt.Tooltip("upto:Q", format=".2f", title="R up to"),
        alt.Tooltip("x:Q", format=".3f", title="agreed x"),
        alt.Tooltip("home_gain:Q", format=".4f", title="home gain"),
        alt.Tooltip("foreign_gain:Q", format=".4f", title="foreign gain"),
        _MODEL,
    ]
    gain = alt.Y(
        "home_gain:Q",
        title="home gain",
        axis=alt.Axis(tickCount=4, format=".2f"),
        scale=alt.Scale(zero=True),
    )
    names, shades = ["more", "as much", "less", "no deal"], [ACCENT, MUTED, _WARN, GRID]
    colour = alt.Color(
        "effect:N",
        scale=alt.Scale(domain=names, range=shades),
        legend=alt.Legend(
            columns=4,
            title="Home gain, against free hands:",
            titleFontWeight="normal",
            titleLimit=300,
        ),
    )
    void = [
        base.transform_filter("datum.effect == 'no deal'")
        .mark_rect(opacity=0.7)
        .encode(x, color=colour, x2="upto:Q", tooltip=tip[:2] + tip[-1:])
        for x in (bare, r)
    ]
    deals = base.transform_filter("datum.effect != 'no deal'")
    steps = deals.mark_rule(strokeWidth=6).encode(
        bare, gain, colour, x2="upto:Q", tooltip=tip
    )
    told = _from(told, "game.tied_hands")
    free = told.mark_rule(color=TEXT, strokeDash=[4, 3], strokeWidth=1.5).encode(
        y=alt.Y("free:Q"),
        tooltip=[
            alt.Tooltip("free:Q", format=".4f", title="home gain with free hands"),
            _MODEL,
        ],
    )
    label = told.mark_text(
        text="free hands", align="right", baseline="bottom", dy=-3
    ).encode(x=alt.value("width"), y=alt.Y("free:Q"))
    value = (
        middle.transform_filter(
            "datum.effect != 'no deal' && datum.upto - datum.begin > .12"
        )
        .mark_text(baseline="bottom", dy=-6)
        .encode(
            alt.X("middle:Q", scale=_UNIT),
            gain,
            text=alt.Text("home_gain:Q", format=".3f"),
        )
    )
    read = (
        told.transform_calculate(
            text="(datum.best > datum.free + 1e-5 ? 'Most at R from ' + format(datum.from, '.2f') + ' to ' + format(datum.to, '.2f') : 'No R beats free hands')"
            " + (isValid(datum.no_deal_above) ? '|No deal beyond ' + format(datum.no_deal_above, '.2f') : '|Always a deal')"
        )
        .mark_text(**_READ)
        .encode(text="text:N")
    )
    nothing = (
        middle.transform_filter(
            "datum.effect == 'no deal' && datum.upto - datum.begin > .15"
        )
        .mark_text(text="no deal", y=135)
        .encode(alt.X("middle:Q", scale=_UNIT))
    )
    room = (
        told.transform_calculate(room="max(datum.best * 1.25, 0.005)")
        .mark_point(opacity=0)
        .encode(y=alt.Y("room:Q", title="home gain"))
    )  # above the highest step, for its label
    top = alt.layer(void[0], room, free, label, steps, value, nothing, read).properties(
        height=150, width="container", name="gain"
    )
    y = alt.Y("low:Q", title="policy x", scale=_UNIT, axis=alt.Axis(values=[0, 0.5, 1]))
    band = (
        _pieces(base)
        .mark_bar(color=ACCENT, opacity=0.25, stroke=ACCENT)
        .encode(
            r,
            y,
            x2="upto:Q",
            y2="high:Q",
            tooltip=[
                *tip[:2],
                alt.Tooltip("low:Q", format=".3f", title="ratified from"),
                alt.Tooltip("high:Q", format=".3f", title="to"),
                tip[-1],
            ],
        )
    )
    agreed = deals.mark_rule(strokeWidth=4, color=TEXT).encode(
        r, alt.Y("x:Q"), x2="upto:Q", tooltip=tip
    )
    wish = alt.Chart(_rows([{"x": home_ideal}]))
    wished = [
        wish.mark_rule(strokeDash=[2, 3]).encode(y="x:Q"),
        wish.mark_text(
            text="home ideal", align="left", baseline="top", x=3, dy=3
        ).encode(y="x:Q"),
    ]
    bottom = alt.layer(void[1], band, *wished, agreed).properties(
        height=130,
        width="container",
        name="agreed",
        **(
            {"title": panel_title(f"Policy x: 0 {ends[0]}, 1 {ends[1]}")}
            if ends
            else {}
        ),
    )
    return (
        alt.vconcat(top, bottom, spacing=8)
        .resolve_scale(x="independent", color="shared")
        .add_params(
            _steps(
                "stake",
                "Cost of no agreement (below 0: a levy)",
                summary["stake"],
                start["stake"],
            ),
            alt.param(
                name="payer",
                value=start["payer"],
                bind=alt.binding_select(
                    options=list(PAYER_WORDS),
                    labels=list(PAYER_WORDS.values()),
                    name="A levy is borne by",
                ),
            ),
            _steps(
                "power",
                "Bargaining power of the home side",
                summary["power"],
                start["power"],
            ),
        )
    )


def leader_and_agencies(lattice, threats, resultant, hidden, start, ends=None):
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
    ends : pair of str, optional
        What 0 and 1 on the axis of the policy mean.
    """
    own = f"abs(datum.baseline - baseline) < {_NEAR}"
    base = _from(
        alt.Chart(_rows(lattice)).transform_filter(own),
        "game.leader_ideal and game.mixture",
    )
    lines = base.transform_filter(f"abs(datum.weight - weight) < {_NEAR}")
    flat = (
        lines.transform_calculate(
            threat=json.dumps([float(t) for t in threats]),
            agencies=f"[{', '.join([f'{resultant:.4f}'] * len(threats))}]",
        )
        .transform_flatten(["threat", "leader", "mixed", "agencies"])
        .transform_fold(["leader", "agencies", "mixed"], as_=["key", "x"])
        .transform_calculate(
            who="{leader: 'leader alone', agencies: 'agencies alone', mixed: 'both together'}[datum.key]"
        )
    )
    names = ["leader alone", "agencies alone", "both together"]
    colour = alt.Color(
        "who:N",
        scale=alt.Scale(domain=names, range=[MUTED, _WARN, ACCENT]),
        legend=alt.Legend(symbolType="stroke", columns=2),
    )
    dash = alt.StrokeDash(
        "who:N",
        scale=alt.Scale(domain=names, range=[[6, 3], [2, 2], [1, 0]]),
        legend=alt.Legend(symbolType="stroke", columns=2),
    )
    x = alt.X(
        "threat:Q",
        title="threat at home, from none to full",
        scale=_UNIT,
        axis=_QUARTERS,
    )
    y = alt.Y(
        "x:Q",
        title=["policy x: 0 " + ends[0] + ",", "1 " + ends[1]] if ends else "policy x",
        scale=alt.Scale(domain=[0, 0.6]),
        axis=alt.Axis(values=[0, 0.2, 0.4, 0.6]),
    )
    tip = [
        "who:N",
        alt.Tooltip("threat:Q", format=".2f"),
        alt.Tooltip("x:Q", format=".3f", title="policy x"),
        _MODEL,
    ]
    read = (
        lines.transform_calculate(
            text="'Both together move by ' + format(datum.mixed[0] - datum.mixed[length(datum.mixed) - 1], '.2f') + '|The leader alone moves by ' + format(datum.leader[0] - datum.leader[length(datum.leader) - 1], '.2f')"
        )
        .mark_text(**_READ)
        .encode(text="text:N")
    )
    top = alt.layer(
        flat.mark_line(strokeWidth=3).encode(x, y, colour, dash),
        flat.mark_point(size=70, opacity=1).encode(x, y, colour, tooltip=tip),
        read,
    ).properties(height=190, width="container", name="policy")
    moves = base.transform_calculate(
        swing="abs(datum.mixed[0] - datum.mixed[length(datum.mixed) - 1])"
    )
    b = alt.X(
        "weight:Q", title="weight of the agencies, b", scale=_UNIT, axis=_QUARTERS
    )
    swing = alt.Y(
        "swing:Q",
        title="swing that shows",
        scale=alt.Scale(domain=[0, 0.4]),
        axis=alt.Axis(values=[0, 0.2, 0.4]),
    )
    line = alt.Chart(_rows([{"swing": hidden}]))
    limit = [
        line.mark_rule(strokeDash=[4, 3]).encode(y=swing),
        line.mark_text(
            text="too small to see", align="left", baseline="top", x=3, dy=3
        ).encode(y=swing),
    ]
    seen = [
        alt.Tooltip("weight:Q", format=".2f", title="weight of the agencies"),
        alt.Tooltip("swing:Q", format=".3f", title="swing that shows"),
        tip[-1],
    ]
    bottom = alt.layer(
        *limit,
        moves.mark_line(color=ACCENT).encode(b, swing),
        moves.mark_point(opacity=0, size=60).encode(b, swing, tooltip=seen),
        moves.transform_filter(f"abs(datum.weight - weight) < {_NEAR}")
        .mark_point(color=ACCENT, size=150, opacity=1)
        .encode(b, swing, tooltip=seen),
    ).properties(height=110, width="container", name="swing")
    return (
        alt.vconcat(top, bottom, spacing=12)
        .resolve_scale(x="independent", y="independent")
        .add_params(
            _steps(
                "baseline",
                "Leader's own weight without a threat, w0",
                lattice["baseline"],
                start["baseline"],
            ),
            _steps(
                "weight",
                "Weight of the agencies, b",
                lattice["weight"],
                start["weight"],
            ),
        )
    )


def ends(poles):
    """What 0 and 1 on the axis of the issue mean, short enough for a phone."""
    return f"{poles[0]} alone", f"full access: {poles[1]}"


def _board(bars, ideals, level, no_deal, names, home_ideal, foreign_ideal, ends):
    """Lanes of acceptance, ratification and agreement over the issue, from charts that hold the rows of one setting."""
    lanes = alt.Scale(
        domain=[*names, "(ratified)", "(agreed)"], paddingInner=0, paddingOuter=0
    )
    y, top = (
        alt.Y("lane:N", scale=lanes, axis=None),
        alt.Y("lane:N", scale=lanes, axis=None, bandPosition=0),
    )
    axis = alt.Axis(
        values=[0, 0.25, 0.5, 0.75, 1],
        labelFlush=True,
        labelOverlap=False,
        domain=True,
        labelExpr=f"datum.value == 0 ? ['0', {quoted(ends[0])}] : datum.value == 1 ? ['1', {quoted(ends[1])}] : format(datum.value, '.2~f')",
    )
    halo = {"stroke": PAGE, "strokeWidth": 5, "strokeJoin": "round"}
    heading = {
        "align": "left",
        "baseline": "top",
        "x": 2,
        "dy": 1,
        "limit": alt.expr("width"),
    }
    bars, ideals, level = (
        _from(chart, name)
        for chart, name in (
            (bars, "game.acceptance"),
            (ideals, "an assumption"),
            (level, "game.win_set and game.bargain"),
        )
    )
    rule = no_deal.encode(_x("place"))
    reversion = [
        rule.mark_rule(color=TEXT, strokeDash=[4, 3]).encode(
            tooltip=[
                alt.Tooltip("place:Q", format=".2f", title="where no agreement leads")
            ]
        ),
        rule.transform_filter("datum.place <= .5")
        .mark_text(text="no agreement", align="left", baseline="bottom", y=-3)
        .encode(),
        rule.transform_filter("datum.place > .5")
        .mark_text(text="no agreement", align="right", baseline="bottom", y=-3)
        .encode(),
    ]
    wide = (
        bars.transform_filter("isValid(datum.low)")
        .mark_bar(height=13, color=MUTED, opacity=0.55, stroke=MUTED, strokeWidth=2)
        .encode(
            _x("low", axis),
            y,
            x2="high:Q",
            tooltip=[
                alt.Tooltip("lane:N", title="group"),
                alt.Tooltip("low:Q", format=".3f", title="accepts from"),
                alt.Tooltip("high:Q", format=".3f", title="to"),
                _MODEL,
            ],
        )
    )
    none = (
        bars.transform_filter("!isValid(datum.low)")
        .mark_text(align="left", x=2, dy=4, fontStyle="italic")
        .encode(y=y, text=alt.value("accepts nothing"))
    )
    wish = ideals.mark_tick(thickness=3, size=19, color=TEXT).encode(
        _x("ideal"),
        y,
        tooltip=[
            alt.Tooltip("lane:N", title="group"),
            alt.Tooltip("ideal:Q", format=".2f", title="wants"),
            _MODEL,
        ],
    )
    titles = [
        ideals.mark_text(**heading, **under).encode(y=top, text="label:N")
        for under in (halo, {})
    ]
    pieces = _pieces(level).transform_calculate(lane="'(ratified)'")
    won = pieces.mark_bar(height=13, color=ACCENT, stroke=ACCENT, strokeWidth=2).encode(
        _x("low", axis),
        y,
        x2="high:Q",
        tooltip=[
            alt.Tooltip("low:Q", format=".4f", title="ratified from"),
            alt.Tooltip("high:Q", format=".4f", title="to"),
            _MODEL,
        ],
    )
    piece = "format(datum.intervals[{0}][0], '.2f') + '–' + format(datum.intervals[{0}][1], '.2f')"
    said = level.transform_calculate(
        lane="'(ratified)'",
        label=f"length(datum.intervals) == 0 ? 'nothing can be ratified' : 'can be ratified: ' + {piece.format(0)} + (length(datum.intervals) > 1 ? ', ' + {piece.format(1)} : '') + (length(datum.intervals) > 2 ? ' and more' : '')",
    )
    sides = alt.Chart(
        _rows(
            [
                {"lane": "(agreed)", "x": home_ideal, "who": "home ideal"},
                {"lane": "(agreed)", "x": foreign_ideal, "who": "foreign ideal"},
            ]
        )
    )
    wanted = [
        sides.mark_point(
            shape="triangle-up",
            size=90,
            color=TEXT,
            filled=False,
            strokeWidth=2,
            opacity=1,
        ).encode(
            _x("x"),
            y,
            tooltip=[
                alt.Tooltip("who:N", title="mark"),
                alt.Tooltip("x:Q", format=".2f"),
            ],
        )
    ]
    for who, place, other in (
        ("home ideal", home_ideal, foreign_ideal),
        ("foreign ideal", foreign_ideal, home_ideal),
    ):
        align = "left" if place < 0.15 or (place > other and place < 0.75) else "right"
        wanted.append(
            sides.transform_filter(f"datum.who == {quoted(who)}")
            .mark_text(
                align=align,
                baseline="top",
                dy=8,
                dx=0 if place in (0, 1) else -8 if align == "left" else 8,
            )
            .encode(_x("x"), y, text="who:N")
        )
    deal = (
        level.transform_filter("isValid(datum.x)")
        .transform_calculate(lane="'(agreed)'")
        .mark_point(size=150, color=ACCENT, stroke=PAGE, strokeWidth=1.5, opacity=1)
        .encode(
            _x("x"),
            y,
            tooltip=[
                alt.Tooltip("x:Q", format=".4f", title="agreed x"),
                alt.Tooltip("home_gain:Q", format=".4f", title="home gain"),
                alt.Tooltip("foreign_gain:Q", format=".4f", title="foreign gain"),
                _MODEL,
            ],
        )
    )
    closed = level.transform_calculate(
        lane="'(agreed)'",
        label="isValid(datum.x) ? 'agreed ' + format(datum.x, '.2f') + '; gain home ' + format(datum.home_gain, '.2f') + ', abroad ' + format(datum.foreign_gain, '.2f') : 'no deal that both sides prefer'",
    )
    read = [
        words.mark_text(**heading, fontWeight="bold", **under).encode(
            y=top, text="label:N"
        )
        for words in (said, closed)
        for under in (halo, {})
    ]
    return [wide, none, wish, won, *reversion, *titles, *read, *wanted, deal]


def _x(field, axis=alt.Undefined):
    return alt.X(f"{field}:Q", scale=_UNIT, title="policy x", axis=axis)


def _pieces(level):
    """One row for each interval of the win-set; none for an empty one."""
    return level.transform_flatten(["intervals"], as_=["piece"]).transform_calculate(
        low="datum.piece[0]", high="datum.piece[1]"
    )


def _ranges(setting):
    """One row for each range of the needed weight."""
    return setting.transform_flatten(["at"]).transform_calculate(
        **{name: f"datum.at[{i}]" for i, name in enumerate(_RANGE)}
    )


def _weighted(groups):
    return [
        f"{name} (weight {weight:.2g})"
        for name, weight in zip(groups["group"], groups["weight"])
    ]


def _from(chart, model):
    """Rows that say which model they come from, for the last line of each tooltip."""
    return chart.transform_calculate(model=quoted(model))


def _steps(name, label, values, start):
    """A slider whose stops are the values of a lattice."""
    stops = sorted(set(values))
    return slider(
        name, label, stops[0], stops[-1], start, round(stops[1] - stops[0], 6)
    )


def _rows(rows, digits=4):
    """Rows as inline data, lists and all; what is missing is null, and numbers are rounded."""
    records = rows if isinstance(rows, list) else rows.to_dict("records")
    return Rows(
        values=[
            {name: _plain(value, digits) for name, value in row.items()}
            for row in records
        ]
    )


def _plain(value, digits):
    if isinstance(value, (list, tuple)):
        return [_plain(one, digits) for one in value]
    if isinstance(value, float):
        return None if math.isnan(value) else round(float(value), digits)
    return value
