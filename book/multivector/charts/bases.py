"""The bidding for a base: a phase map, private weights and rival regions.

Prices, borders and regions come from ``multivector.bases``, laid out on the lattice of the sliders.
"""

import altair as alt
import pandas as pd

from .grammar import Rows, hover, panel, plot, quoted, stepped, tinted
from .theme import ACCENT, PAGE, TEXT, WARN


HOST, EVICT = ACCENT, WARN
#: Outcomes of the auction and how they read on the page.
OUTCOMES = {"host": "base stays", "evict": "base goes"}
#: How much of its colour a tile shows, from price nought to the highest; the least can be told apart in the dark too.
DEPTH = (0.2, 0.95)


def phase_map(
    lattice, border, deals, credibility, cost, patron="the patron", rival="the rival"
):
    """Outcome and price over the values of both patrons; credibility and cost can be changed.

    Parameters
    ----------
    lattice : DataFrame
        Rows of ``bases.phase`` on one square lattice for each (rival_credibility, cost).
    border : DataFrame
        Rows (rival_credibility, cost, host_value, rival_value), two for each setting, between which hosting and
        evicting are worth the same to the leader.
    deals : DataFrame
        Rows (label, price, rival_credibility, cost, rival_value) of ``bases.implied_rival``; the value is missing
        where no rival explains the price.
    credibility, cost : float
        Where the sliders start.
    patron, rival : str
        Names of the two bidders, in words.
    """
    values = sorted(lattice["host_value"].unique())
    top, step = values[-1], values[1] - values[0]
    packed = [
        {
            "d": float(d),
            "k": float(k),
            "price": [_short(p) for p in rows["price"]],
            "outcome": "".join("h" if o == "host" else "e" for o in rows["outcome"]),
        }
        for (d, k), rows in lattice.groupby(["rival_credibility", "cost"])
    ]
    here = "abs(datum.d - credibility) < 0.001 && abs(datum.k - cost) < 0.001"
    n, (stays, goes) = len(values), OUTCOMES.values()
    scale = alt.Scale(domain=[-step / 2, top + step / 2], nice=False, zero=False)
    x, y = (
        (
            lambda field: alt.X(
                f"{field}:Q", title=_worth_of_the_end(rival), scale=scale
            )
        ),
        (
            lambda field: alt.Y(
                f"{field}:Q", title=_worth_of_the_base(patron), scale=scale
            )
        ),
    )
    cells = (
        alt.Chart(Rows(values=packed))
        .transform_filter(here)
        .transform_calculate(cell=f"sequence({n * n})")
        .transform_flatten(["cell", "price"])
        .transform_calculate(
            host=f"floor(datum.cell / {n}) * {step}",
            rival=f"(datum.cell % {n}) * {step}",
            outcome=f"substring(datum.outcome, datum.cell, datum.cell + 1) == 'h' ? {quoted(stays)} : {quoted(goes)}",
        )
        .transform_calculate(
            x1=f"datum.rival - {step / 2}",
            x2=f"datum.rival + {step / 2}",
            y1=f"datum.host - {step / 2}",
            y2=f"datum.host + {step / 2}",
        )
    )
    most = float(lattice["price"].max())
    rects = (
        cells.mark_rect(strokeWidth=0)
        .encode(
            x("x1"),
            y("y1"),
            x2="x2:Q",
            y2="y2:Q",
            color=_outcomes(),
            opacity=alt.Opacity(
                "price:Q",
                scale=alt.Scale(domain=[0, most], range=list(DEPTH)),
                legend=None,
            ),
            tooltip=hover(
                f"host:Q = worth to {patron}",
                f"rival:Q = worth to {rival}",
                "outcome:N",
                "price:Q .1f = price, million a year",
                "from:N = from",
            ),
        )
        .transform_calculate(**{"from": "'menu auction, bases.phase'"})
    )
    rows = pd.DataFrame(
        {
            "label": deals["label"],
            "p": deals["price"],
            "d": deals["rival_credibility"],
            "k": deals["cost"],
            "v": deals["rival_value"].round(1),
            "i": deals.groupby(["rival_credibility", "cost"]).cumcount(),
        }
    )
    points = plot(rows).transform_filter(here)
    inside = points.transform_filter(f"isValid(datum.v) && datum.v <= {top}")
    told = hover(
        "label:N = deal",
        "p:Q = rent, million a year",
        "v:Q .1f = implied value to the rival",
    )
    rule = (
        inside.transform_calculate(top=str(top))
        .mark_rule(color=TEXT, strokeWidth=2.5)
        .encode(x("v"), y("p"), y2="top:Q", tooltip=told)
    )
    foot = inside.mark_point(color=TEXT, size=80, opacity=1, stroke=PAGE).encode(
        x("v"), y("p"), tooltip=told
    )
    names = [
        inside.transform_filter(f"datum.v {'<=' if left else '>'} {top * 0.7}")
        .mark_text(
            align="left" if left else "right",
            dx=6 if left else -6,
            dy=1,
            fontSize=12,
            fontWeight="bold",
            stroke=PAGE if halo else None,
            strokeWidth=halo,
            y=alt.expr("10 + datum.i * 15"),
        )
        .encode(x("v"), text="label:N")
        for left in (True, False)
        for halo in (3, 0)
    ]
    outside = points.transform_filter(
        f"!isValid(datum.v) || datum.v > {top}"
    ).transform_calculate(
        text="datum.label + (isValid(datum.v) ? ': rival value ' + format(datum.v, '.0f') + ', off the map' : ': below the cost, no rival value fits')"
    )
    notes = [
        outside.mark_text(
            align="right",
            baseline="bottom",
            x=alt.expr("width - 6"),
            y=alt.expr("height / 2 + datum.i * 15"),
            fontSize=11,
            fontWeight="bold",
            stroke=PAGE if halo else None,
            strokeWidth=halo,
        ).encode(text="text:N")
        for halo in (3, 0)
    ]
    d, k = (
        sorted(lattice["rival_credibility"].unique()),
        sorted(lattice["cost"].unique()),
    )
    edges = pd.DataFrame(
        {
            "d": border["rival_credibility"],
            "k": border["cost"],
            "host": border["host_value"],
            "rival": border["rival_value"].round(1),
        }
    )
    edge = (
        plot(edges)
        .transform_filter(here)
        .mark_line(color=TEXT, strokeDash=[4, 3], strokeWidth=1.5, clip=True)
        .encode(x("rival"), y("host"), order="host:Q")
    )
    told = ["dashed: to the leader both", "outcomes are worth the same"]
    key = [
        plot({"text": [text]})
        .mark_text(
            align="right",
            baseline="bottom",
            x=alt.expr("width - 6"),
            y=alt.expr(f"height - {6 + 14 * i}"),
            fontSize=11,
            stroke=PAGE if halo else None,
            strokeWidth=halo,
        )
        .encode(text="text:N")
        for i, text in enumerate(reversed(told))
        for halo in (3, 0)
    ]
    return panel(
        rects,
        edge,
        rule,
        foot,
        *key,
        *names,
        *notes,
        *_price_key(most),
        height=330,
        name="phase",
    ).add_params(
        stepped("credibility", f"How far {rival} is believed, 0 to 1", d, credibility),
        stepped("cost", "What hosting costs, million dollars a year", k, cost),
    )


def _short(number):
    """One decimal, and none where it is nought: the map holds many numbers."""
    number = round(float(number), 1)
    return int(number) if number == int(number) else number


def _outcomes():
    return tinted(
        "outcome",
        dict(zip(list(OUTCOMES.values()), [HOST, EVICT])),
        title=None,
        offset=28,
    )


def _worth_of_the_end(rival):
    return f"what the base's end is worth to {rival}, million dollars a year"


def _worth_of_the_base(patron):
    return [f"what the base is worth to {patron},", "million dollars a year"]


def _price_key(most):
    """What the depth of the colour means: the price from 0 to the most, above the frame."""
    rows = pd.DataFrame(
        [
            {
                "left": 42 + 9 * i,
                "top": top,
                "fill": fill,
                "depth": round(DEPTH[0] + (DEPTH[1] - DEPTH[0]) * i / 7, 3),
            }
            for i in range(8)
            for top, fill in ((-20, HOST), (-14, EVICT))
        ]
    )
    strip = plot(rows).mark_rect(
        x=alt.expr("datum.left"),
        x2=alt.expr("datum.left + 9"),
        y=alt.expr("datum.top"),
        y2=alt.expr("datum.top + 6"),
        fill=alt.expr("datum.fill"),
        fillOpacity=alt.expr("datum.depth"),
        strokeWidth=0,
    )
    words = pd.DataFrame(
        {"left": [0, 118], "text": ["price: 0", f"{most:.0f} million a year"]}
    )
    return [
        strip,
        plot(words)
        .mark_text(
            align="left",
            baseline="middle",
            fontSize=11,
            x=alt.expr("datum.left"),
            y=-14,
        )
        .encode(text="text:N"),
    ]


def own_point(map_rows, point, label, patron="the patron", rival="the rival"):
    """A phase map with one point of one's own; ``map_rows`` holds rows (host_value, rival_value, outcome, price) of a square lattice.

    ``patron`` and ``rival`` name the two bidders, in words.
    """
    values = sorted(map_rows["host_value"].unique())
    step, top = values[1] - values[0], values[-1]
    scale = alt.Scale(domain=[-step / 2, top + step / 2], nice=False, zero=False)
    rows = pd.DataFrame(
        {
            "host": map_rows["host_value"],
            "rival": map_rows["rival_value"],
            "outcome": map_rows["outcome"].astype(str).map(OUTCOMES),
            "price": map_rows["price"].round(1),
        }
    )
    rows = rows.assign(
        x1=rows["rival"] - step / 2,
        x2=rows["rival"] + step / 2,
        y1=rows["host"] - step / 2,
        y2=rows["host"] + step / 2,
    )
    tip = hover(
        f"host:Q = worth to {patron}",
        f"rival:Q = worth to {rival}",
        "outcome:N",
        "price:Q .1f = price",
    )
    most = max(1.0, float(rows["price"].max()))
    rects = (
        plot(rows)
        .mark_rect(strokeWidth=0)
        .encode(
            alt.X("x1:Q", title=_worth_of_the_end(rival), scale=scale),
            alt.Y("y1:Q", title=_worth_of_the_base(patron), scale=scale),
            x2="x2:Q",
            y2="y2:Q",
            color=_outcomes(),
            opacity=alt.Opacity(
                "price:Q",
                scale=alt.Scale(domain=[0, most], range=list(DEPTH)),
                legend=None,
            ),
            tooltip=tip,
        )
    )
    own = plot(
        {
            "host": [point[0]],
            "rival": [point[1]],
            "label": [label],
            "right": [point[1] > top * 0.6],
        }
    )
    dot = own.mark_point(
        size=150, color=TEXT, stroke=PAGE, strokeWidth=2, opacity=1
    ).encode(
        alt.X("rival:Q", scale=scale), alt.Y("host:Q", scale=scale), tooltip=["label:N"]
    )
    words = [
        own.transform_filter(f"{'' if right else '!'}datum.right")
        .mark_text(
            align="right" if right else "left",
            dx=-10 if right else 10,
            fontWeight="bold",
            stroke=PAGE if halo else None,
            strokeWidth=halo,
        )
        .encode(
            alt.X("rival:Q", scale=scale), alt.Y("host:Q", scale=scale), text="label:N"
        )
        for right in (True, False)
        for halo in (3, 0)
    ]
    return panel(rects, dot, *words, *_price_key(most), height=330, name="bids")


def private_weights(
    lines, host_ceiling, rival_ceiling, patron="the patron", rival="the rival"
):
    """The rival's value that each rent implies, by the weight of private money; both ceilings can be changed.

    ``lines`` holds rows (deal, weight, host_ceiling, rival_ceiling, rival_value) of ``bases.implied_rival``; ``patron`` and
    ``rival`` name the two bidders, in words.
    """
    ceilings, weights = (
        sorted(lines["host_ceiling"].unique()),
        sorted(lines["weight"].unique()),
    )
    packed = [
        {
            "deal": deal,
            "h": float(h),
            "r": float(r),
            "weight": weights,
            "v": [
                round(float(v), 1) for v in rows.sort_values("weight")["rival_value"]
            ],
        }
        for (deal, h, r), rows in lines.groupby(
            ["deal", "host_ceiling", "rival_ceiling"], sort=False
        )
    ]
    names = list(dict.fromkeys(lines["deal"]))
    base = (
        alt.Chart(Rows(values=packed))
        .transform_filter(
            "abs(datum.h - host_ceiling) < 0.001 && abs(datum.r - rival_ceiling) < 0.001"
        )
        .transform_flatten(["weight", "v"])
        .transform_calculate(**{"from": "'menu auction, bases.implied_rival'"})
    )
    x = alt.X(
        "weight:Q",
        title="weight the leader gives to private money, 0 to 1",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2~f"),
    )
    y = alt.Y(
        "v:Q",
        title=[
            "what the base's end must be worth",
            f"to {rival}, million dollars a year",
        ],
        scale=alt.Scale(zero=True),
    )
    dash = alt.StrokeDash(
        "deal:N",
        scale=alt.Scale(domain=names, range=[[2, 3], [7, 3], [1, 0]][: len(names)]),
        legend=None,
    )
    tip = hover("deal:N", "weight:Q .2f", "v:Q .1f = implied value", "from:N")
    named = base.transform_filter("datum.weight == 0").encode(x, y, text="deal:N")
    names = [
        named.mark_text(
            align="left",
            baseline="bottom",
            dx=6,
            dy=-3,
            fontWeight="bold",
            stroke=PAGE if halo else None,
            strokeWidth=halo,
        )
        for halo in (3, 0)
    ]
    return panel(
        base.mark_line(color=ACCENT).encode(x, y, dash),
        *names,
        base.mark_point(opacity=0, size=90).encode(x, y, tooltip=tip),
        height=220,
        name="private",
    ).add_params(
        *(
            stepped(name, label, ceilings, value)
            for name, label, value in (
                (
                    "host_ceiling",
                    f"Share that {patron} can pay in private",
                    host_ceiling,
                ),
                (
                    "rival_ceiling",
                    f"Share that {rival} can pay in private",
                    rival_ceiling,
                ),
            )
        )
    )


def rival_regions(
    regions, highest, credibility, cost, patron="the patron", rival="the rival"
):
    """The rival's values that each deal allows, by the rival's credibility; the host's credibility and the cost can be changed.

    Parameters
    ----------
    regions : DataFrame
        Rows of ``bases.rival_region`` with (deal, cost).
    highest : float
        Where the axis ends; a region without an upper end runs off it.
    credibility, cost : float
        Where the sliders start.
    patron, rival : str
        Names of the two bidders, in words.
    """
    rows = pd.DataFrame(
        {
            "deal": regions["deal"],
            "k": regions["cost"],
            "h": regions["host_credibility"],
            "r": regions["rival_credibility"],
            "lo": regions["lower"].round(1),
            "hi": regions["upper"].clip(upper=highest).round(1),
            "open": regions["upper"] == float("inf"),
        }
    )
    names = list(dict.fromkeys(rows["deal"]))
    base = (
        plot(rows)
        .transform_filter(
            "abs(datum.h - host_credibility) < 0.001 && abs(datum.k - cost) < 0.001 && isValid(datum.lo)"
        )
        .transform_calculate(
            a="datum.r - 0.04",
            b="datum.r + 0.04",
            upto="datum.open ? 'no upper end' : format(datum.hi, '.0f')",
        )
    )
    y = alt.Y(
        "lo:Q",
        title=[f"what the base's end is worth to {rival},", "million dollars a year"],
        scale=alt.Scale(domain=[0, highest], clamp=True),
    )
    bars = base.mark_rect(opacity=0.75, clip=True).encode(
        alt.X(
            "a:Q",
            title=f"how far {rival} is believed, 0 to 1",
            scale=alt.Scale(domain=[0.05, 1.05], nice=False, zero=False),
            axis=alt.Axis(
                values=[i / 10 for i in range(1, 11)], format=".1~f", labelFlush=False
            ),
        ),
        y,
        x2="b:Q",
        y2="hi:Q",
        color=tinted(
            "deal",
            dict(zip(names, [HOST, EVICT][: len(names)])),
            columns=2,
            title="Worth that fits the deal",
            titleLimit=240,
        ),
        tooltip=hover("deal:N", "r:Q = believed", "lo:Q .0f = from", "upto:N = up to"),
    )
    h, k = sorted(rows["h"].unique()), sorted(rows["k"].unique())
    cut = (
        plot({"text": [f"axis cut at {highest:g}"]})
        .mark_text(
            align="right", baseline="bottom", x=alt.expr("width"), y=-4, fontSize=11
        )
        .encode(text="text:N")
    )
    return panel(bars, cut, height=260, name="regions").add_params(
        stepped(
            "host_credibility", f"How far {patron} is believed, 0 to 1", h, credibility
        ),
        stepped("cost", "What hosting costs, million dollars a year", k, cost),
    )
