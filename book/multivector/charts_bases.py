"""Charts of the bidding for a base: a year day by day, a phase map, packages, and who paid first.

Like :mod:`charts`, whose grammar it uses, this room draws and computes nothing: prices, borders, regions
and present values come from :mod:`bases`, laid out on the lattice of the sliders.
"""

import altair as alt
import pandas as pd

from .charts import (
    ACCENT,
    GRID,
    MUTED,
    PAGE,
    TEXT,
    _act_rows,
    _css,
    _stamp,
    _values,
    _when,
    colours,
    quoted,
    slider,
)

HOST, EVICT = ACCENT, _css("kind-1", "#b3400e")
#: Outcomes of the auction and how they read on the page.
OUTCOMES = {"host": "base stays", "evict": "base goes"}
#: The two ways in which a package is counted.
FACE, TODAY = "nominal sum", "worth as a gift today"
#: How much of its colour a tile shows, from price nought to the highest; the least can be told apart in the dark too.
DEPTH = (0.2, 0.95)
#: Height of a row of bars in the year, in pixels.
ROW = 15


# --- a year, day by day ------------------------------------------------------------------------------


def year_by_day(lanes, marks, vectors, year):
    """A year in lanes, one bar or diamond an act or payment; months can be narrowed.

    Parameters
    ----------
    lanes : dict of str to DataFrame
        Heading of a lane and its rows (start, end, what, who, source, vector, and a label if they have one);
        a missing vector is grey.
    marks : DataFrame
        Rows (label, start, end) that run through all lanes: a line where the day is known, else a band.
    vectors : DataFrame
        ``case.vectors``, for the colours.
    year : int
    """
    rows, headings = [], []
    place = 0
    for heading, frame in lanes.items():
        packed = _in_rows(frame.sort_values(["start", "end"]).reset_index(drop=True))
        headings.append({"heading": heading, "y": place * ROW})
        rows.append(packed.assign(y=(place + 1 + packed["row"]) * ROW + ROW / 2))
        place += 2 + (packed["row"].max() if len(packed) else 0) + 0.4
    height, rows = place * ROW, pd.concat(rows, ignore_index=True)
    shown = pd.DataFrame(
        {
            "what": rows["what"],
            "who": rows["who"],
            "when": _when(rows),
            "source": rows["source"],
            "y": rows["y"],
            "label": rows["label"] if "label" in rows else "",
            "vector": rows["vector"]
            .astype(object)
            .where(rows["vector"].notna(), "context"),
            "from": rows["start"].map(_stamp),
            "to": (rows["end"] + pd.Timedelta(days=1)).map(_stamp),
            "days": (rows["end"] - rows["start"]).dt.days + 1,
        }
    )
    first, last = (
        f"utc({year}, min(from_month, to_month) - 1, 1)",
        f"utc({year}, max(from_month, to_month), 1)",
    )
    scale = alt.Scale(
        type="utc",
        domain=alt.ExprRef(f"[{first}, {last}]"),
        nice=False,
        zero=alt.Undefined,
        clamp=True,
    )
    axis = alt.Axis(
        title=None,
        labelExpr="utcFormat(datum.value, abs(to_month - from_month) > 1 ? '%b' : '%-d %b')",
        labelOverlap="greedy",
        labelSeparation=8,
        labelFlush=True,
        tickCount=12,
    )
    y = alt.Y(
        "y:Q",
        axis=None,
        scale=alt.Scale(domain=[0, height], reverse=True, nice=False, zero=False),
    )
    names = [v for v in vectors["vector"] if v in set(shown["vector"])]
    palette = colours(vectors)
    colour = alt.Color(
        "vector:N",
        legend=alt.Legend(columns=3, offset=8 + 13 * len(marks)),
        scale=alt.Scale(
            domain=[*names, "context"],
            range=[*(palette.range[palette.domain.index(n)] for n in names), MUTED],
        ),
    )
    tip = [
        alt.Tooltip("what:N", title="what"),
        alt.Tooltip("when:N", title="date"),
        alt.Tooltip("who:N", title="by"),
        "source:N",
    ]
    seen = f"datum.to > {first} && datum.from < {last}"
    base = (
        alt.Chart(_values(shown))
        .transform_filter(seen)
        .encode(y=y, color=colour, tooltip=tip)
    )
    bars = (
        base.transform_filter("datum.days > 4")
        .mark_rule(strokeWidth=ROW - 5, opacity=0.55, clip=True)
        .encode(alt.X("from:T", scale=scale, axis=axis), x2="to:T")
    )
    points = (
        base.transform_filter("datum.days <= 4")
        .mark_point(shape="diamond", size=90, opacity=1, stroke=PAGE, strokeWidth=0.6)
        .encode(alt.X("from:T", scale=scale, axis=axis))
    )
    lines = pd.DataFrame(
        {
            "label": marks["label"],
            "when": _when(marks),
            "from": marks["start"].map(_stamp),
            "to": (marks["end"] + pd.Timedelta(days=1)).map(_stamp),
            "days": (marks["end"] - marks["start"]).dt.days + 1,
        }
    ).sort_values("from")
    # The earlier the line, the higher its name: no line runs through the name of another.
    lines["lift"] = [-6 - 13 * (len(lines) - 1 - i) for i in range(len(lines))]
    ruled = (
        alt.Chart(_values(lines))
        .transform_filter(seen)
        .encode(
            tooltip=[
                alt.Tooltip("label:N", title="mark"),
                alt.Tooltip("when:N", title="date"),
            ]
        )
    )
    x = alt.X("from:T", scale=scale, axis=axis)
    bands = (
        ruled.transform_filter("datum.days > 4")
        .mark_rect(color=GRID, opacity=0.55, clip=True)
        .encode(x, x2="to:T")
    )
    rules = (
        ruled.transform_filter("datum.days <= 4")
        .mark_rule(
            color=TEXT, strokeDash=[3, 3], y=alt.expr("datum.lift - 8"), y2=height
        )
        .encode(x)
    )
    # A label stands on the side where the year has room for it.
    words = [
        ruled.transform_calculate(
            name="datum.label + (datum.days > 4 ? '' : ', ' + utcFormat(datum.from, '%-d %b'))"
        )
        .transform_calculate(late=f"(datum.from - {first}) / ({last} - {first}) > 0.6")
        .transform_filter(side)
        .mark_text(align=align, dx=dx, y=alt.expr("datum.lift"), fontSize=11)
        .encode(x, text="name:N")
        for side, align, dx in (("!datum.late", "left", 4), ("datum.late", "right", -4))
    ]
    heads = (
        alt.Chart(_values(pd.DataFrame(headings)))
        .mark_text(
            align="left",
            baseline="middle",
            x=2,
            dy=ROW / 2,
            fontWeight="bold",
            fontSize=11,
            limit=alt.expr("width"),
        )
        .encode(y=y, text="heading:N")
    )
    # What a bar is stands on it, as far as there is room.
    room = f"(min(datum.to, {last}) - max(datum.from, {first})) / ({last} - {first}) * width - 8"
    labels = [
        base.transform_filter("datum.days > 4")
        .transform_calculate(
            name="datum.label || datum.what", begins=f"max(datum.from, {first})"
        )
        .mark_text(
            align="left",
            baseline="middle",
            dx=4,
            fontSize=11,
            limit=alt.expr(f"max({room}, 1)"),
            opacity=alt.expr(f"{room} < 70 ? 0 : 1"),
        )
        .encode(
            alt.X("begins:T", scale=scale, axis=axis),
            text="name:N",
            color=alt.value(TEXT),
        )
    ]
    return (
        alt.layer(bands, rules, bars, points, *labels, *words, heads)
        .properties(height=height, width="container", name="year")
        .add_params(
            slider("from_month", "From the month (1 to 12)", 1, 12, 1),
            slider("to_month", "To the month (1 to 12)", 1, 12, 12),
        )
    )


def _in_rows(frame):
    """Row of each bar, so that bars of a lane do not cover one another."""
    ends, row = [], []
    for start, end in zip(frame["start"], frame["end"]):
        free = next(
            (i for i, last in enumerate(ends) if last + pd.Timedelta(days=9) < start),
            len(ends),
        )
        ends[free : free + 1] = [end]
        row.append(free)
    return frame.assign(row=pd.Series(row, dtype=int, index=frame.index))


def acts_as_rows(acts, names):
    """Acts as lanes of a year need them; ``names`` gives the name of an actor."""
    rows = _act_rows(acts)
    return pd.DataFrame(
        {
            "start": acts["start"].to_numpy(),
            "end": acts["end"].to_numpy(),
            "what": rows["description"].to_numpy(),
            "who": [names.get(a, a) for a in acts["actor"]],
            "source": rows["source"].to_numpy(),
            "vector": acts["vector"].astype(object).to_numpy(),
        }
    )


def payments_as_rows(payments):
    """Payments as lanes of a year need them; what lasts has its first words as a label."""
    label = (
        payments["what"]
        .str.split(",")
        .str[0]
        .where(payments["precision"] == "span", "")
        if "precision" in payments
        else ""
    )
    return pd.DataFrame(
        {
            "label": label,
            "start": payments["start"].to_numpy(),
            "end": payments["end"].to_numpy(),
            "what": [_money(r) for r in payments.itertuples()],
            "who": payments["payer"].to_numpy(),
            "source": payments["source"].to_numpy(),
            "vector": payments["payer"].astype(object).to_numpy(),
        }
    )


def _money(row):
    """A payment in words: status, amount, what it is."""
    if pd.isna(row.amount):
        return f"{row.what}"
    amount = f"{row.amount:g}" + (
        "" if pd.isna(row.amount_high) else f" to {row.amount_high:g}"
    )
    return f"{row.status}: {amount} million dollars{' a year' if row.per == 'year' else ''}. {row.what}"


# --- the phase map -----------------------------------------------------------------------------------


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
        alt.Chart(alt.InlineData(values=packed))
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
            tooltip=[
                alt.Tooltip("host:Q", title=f"worth to {patron}"),
                alt.Tooltip("rival:Q", title=f"worth to {rival}"),
                "outcome:N",
                alt.Tooltip("price:Q", title="price, million a year", format=".1f"),
                alt.Tooltip("from:N", title="from"),
            ],
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
    points = alt.Chart(_values(rows)).transform_filter(here)
    inside = points.transform_filter(f"isValid(datum.v) && datum.v <= {top}")
    told = [
        alt.Tooltip("label:N", title="deal"),
        alt.Tooltip("p:Q", title="rent, million a year"),
        alt.Tooltip("v:Q", title="implied value to the rival", format=".1f"),
    ]
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
        alt.Chart(_values(edges))
        .transform_filter(here)
        .mark_line(color=TEXT, strokeDash=[4, 3], strokeWidth=1.5, clip=True)
        .encode(x("rival"), y("host"), order="host:Q")
    )
    told = ["dashed: to the leader both", "outcomes are worth the same"]
    key = [
        alt.Chart(_values(pd.DataFrame({"text": [text]})))
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
    return (
        alt.layer(rects, edge, rule, foot, *key, *names, *notes, *_price_key(most))
        .properties(height=330, width="container", name="phase")
        .add_params(
            slider(
                "credibility",
                f"How far {rival} is believed, 0 to 1",
                d[0],
                d[-1],
                credibility,
                round(d[1] - d[0], 4),
            ),
            slider(
                "cost",
                "What hosting costs, million dollars a year",
                k[0],
                k[-1],
                cost,
                round(k[1] - k[0], 4),
            ),
        )
    )


def _short(number):
    """One decimal, and none where it is nought: the map holds many numbers."""
    number = round(float(number), 1)
    return int(number) if number == int(number) else number


def _outcomes():
    return alt.Color(
        "outcome:N",
        scale=alt.Scale(domain=list(OUTCOMES.values()), range=[HOST, EVICT]),
        legend=alt.Legend(title=None, offset=28),
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
    strip = alt.Chart(_values(rows)).mark_rect(
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
        alt.Chart(_values(words))
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
    tip = [
        alt.Tooltip("host:Q", title=f"worth to {patron}"),
        alt.Tooltip("rival:Q", title=f"worth to {rival}"),
        "outcome:N",
        alt.Tooltip("price:Q", title="price", format=".1f"),
    ]
    most = max(1.0, float(rows["price"].max()))
    rects = (
        alt.Chart(_values(rows))
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
    own = alt.Chart(
        _values(
            pd.DataFrame(
                {
                    "host": [point[0]],
                    "rival": [point[1]],
                    "label": [label],
                    "right": [point[1] > top * 0.6],
                }
            )
        )
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
    return alt.layer(rects, dot, *words, *_price_key(most)).properties(
        height=330, width="container", name="bids"
    )


# --- private rents, regions ----------------------------------------------------------------------------


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
        alt.Chart(alt.InlineData(values=packed))
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
    tip = [
        alt.Tooltip("deal:N"),
        alt.Tooltip("weight:Q", format=".2f"),
        alt.Tooltip("v:Q", title="implied value", format=".1f"),
        "from:N",
    ]
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
    return (
        alt.layer(
            base.mark_line(color=ACCENT).encode(x, y, dash),
            *names,
            base.mark_point(opacity=0, size=90).encode(x, y, tooltip=tip),
        )
        .properties(height=220, width="container", name="private")
        .add_params(
            *(
                slider(
                    name,
                    label,
                    ceilings[0],
                    ceilings[-1],
                    value,
                    round(ceilings[1] - ceilings[0], 4),
                )
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
        alt.Chart(_values(rows))
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
        color=alt.Color(
            "deal:N",
            scale=alt.Scale(domain=names, range=[HOST, EVICT][: len(names)]),
            legend=alt.Legend(
                columns=2, title="Worth that fits the deal", titleLimit=240
            ),
        ),
        tooltip=[
            "deal:N",
            alt.Tooltip("r:Q", title="believed"),
            alt.Tooltip("lo:Q", title="from", format=".0f"),
            alt.Tooltip("upto:N", title="up to"),
        ],
    )
    h, k = sorted(rows["h"].unique()), sorted(rows["k"].unique())
    cut = (
        alt.Chart(_values(pd.DataFrame({"text": [f"axis cut at {highest:g}"]})))
        .mark_text(
            align="right", baseline="bottom", x=alt.expr("width"), y=-4, fontSize=11
        )
        .encode(text="text:N")
    )
    return (
        alt.layer(bars, cut)
        .properties(height=260, width="container", name="regions")
        .add_params(
            slider(
                "host_credibility",
                f"How far {patron} is believed, 0 to 1",
                h[0],
                h[-1],
                credibility,
                round(h[1] - h[0], 4),
            ),
            slider(
                "cost",
                "What hosting costs, million dollars a year",
                k[0],
                k[-1],
                cost,
                round(k[1] - k[0], 4),
            ),
        )
    )


# --- packages -------------------------------------------------------------------------------------------


def rent_beside_package(parts, years):
    """The rent of each deal beside the money around it; the years of rent that are counted can be changed.

    ``parts`` holds rows (deal, part, what, amount, years, source) of ``bases.deal_parts``.
    """
    rows = parts[["deal", "part", "what", "amount", "years", "source"]].assign(
        amount=parts["amount"].round(1),
        rent=(parts["part"] == "rent").map({True: "rent", False: "around it"}),
        years=parts["years"].astype(int),
    )
    rows["kind"] = [
        "rent, each year"
        if part == "rent"
        else f"{'all kinds, rent aside' if part == 'other' else part}, once"
        for part in rows["part"]
    ]
    order = list(dict.fromkeys(rows["deal"]))
    kinds = sorted(
        dict.fromkeys(rows["kind"]), key=lambda kind: kind != "rent, each year"
    )
    rows["order"] = rows["kind"].map(kinds.index)
    shades = [
        ACCENT,
        MUTED,
        _css("kind-2", "#f5a36b"),
        _css("kind-3", "#6fb1ff"),
        _css("kind-1", "#b3400e"),
    ]
    base = alt.Chart(_values(rows)).transform_filter("datum.years == rent_years")
    y = alt.Y("deal:N", sort=order, title=None)
    bars = base.mark_bar(stroke=PAGE, strokeWidth=1).encode(
        alt.X("amount:Q", title="million US dollars", stack="zero"),
        y,
        alt.Color(
            "kind:N",
            scale=alt.Scale(domain=kinds, range=shades[: len(kinds)]),
            legend=alt.Legend(columns=2),
        ),
        alt.Order("order:Q"),
        tooltip=[
            "deal:N",
            "part:N",
            "what:N",
            alt.Tooltip("amount:Q", title="million dollars", format=",.1f"),
            "source:N",
        ],
    )
    total = (
        base.transform_aggregate(total="sum(amount)", groupby=["deal"])
        .mark_text(align="left", dx=4)
        .encode(alt.X("total:Q"), y, text=alt.Text("total:Q", format=",.1f"))
    )
    most = int(rows["years"].max())
    return (
        alt.layer(bars, total)
        .properties(height=40 * len(order), width="container", name="around")
        .add_params(
            slider("rent_years", "Years of rent that are counted", 1, most, years)
        )
    )


def package_value(rows, rate):
    """A package at its face and at its present value; the discount rate and what counts can be changed.

    ``rows`` holds rows (discount, counts, part, face, value) of ``bases.package_by_discount``; ``rate`` is where the
    slider starts, in per cent.
    """
    order = ["grant", "loan", "debt relief", "announced", "total"]
    long = pd.DataFrame(
        {
            "percent": (rows["discount"] * 100).round(2),
            "counts": rows["counts"],
            "part": rows["part"],
            "face": rows["face"].round(1),
            "value": rows["value"].round(1),
        }
    ).melt(["percent", "counts", "part"], var_name="as", value_name="amount")
    long["as"] = long["as"].map({"face": FACE, "value": TODAY})
    base = (
        alt.Chart(_values(long))
        .transform_filter(
            "abs(datum.percent - discount_rate) < 0.01 && datum.counts == announced_counts"
        )
        .transform_calculate(**{"from": "'bases.package'"})
    )
    y, offset = (
        alt.Y("part:N", sort=order, title=None),
        alt.YOffset("as:N", sort=[FACE, TODAY]),
    )
    tip = [
        "part:N",
        alt.Tooltip("as:N", title="counted at"),
        alt.Tooltip("amount:Q", title="million dollars", format=",.1f"),
        "from:N",
    ]
    # Room for the number behind the longest bar, on a phone too.
    ends = 1.2 * long.groupby("counts")["amount"].max()
    end = f"announced_counts ? {ends.iloc[-1]:.0f} : {ends.iloc[0]:.0f}"
    scale = alt.Scale(domainMax=alt.expr(end), nice=False)
    bars = base.mark_bar().encode(
        alt.X("amount:Q", title="million US dollars", scale=scale),
        y,
        offset,
        color=alt.Color(
            "as:N", scale=alt.Scale(domain=[FACE, TODAY], range=[MUTED, ACCENT])
        ),
        tooltip=tip,
    )
    text = base.mark_text(align="left", dx=4, fontSize=11).encode(
        alt.X("amount:Q"), y, offset, text=alt.Text("amount:Q", format=",.0f")
    )
    step = sorted(long["percent"].unique())
    return (
        alt.layer(bars, text)
        .properties(height=230, width="container", name="package")
        .add_params(
            slider(
                "discount_rate",
                "Discount rate, per cent a year",
                step[0],
                step[-1],
                rate,
                round(step[1] - step[0], 4),
            ),
            alt.param(
                name="announced_counts",
                value=False,
                bind=alt.binding_checkbox(name="Count the announced investment"),
            ),
        )
    )


# --- who paid first ---------------------------------------------------------------------------------------


def who_came_first(payments, firsts, vectors, span):
    """Promises, signatures and payments of the payers on one axis, with the payer who came first in each.

    Parameters
    ----------
    payments : DataFrame
        Rows (payer, status, start, end, amount, amount_high, per, what, source).
    firsts : DataFrame
        Rows (status, text): what ``bases.first_payer`` finds for each status.
    vectors : DataFrame
        ``case.vectors``.
    span : pair of dates
    """
    order = list(firsts["status"])
    rows = payments_as_rows(payments).assign(
        status=payments["status"].to_numpy(),
        payer=payments["payer"].astype(str).to_numpy(),
    )
    shown = pd.DataFrame(
        {
            "what": rows["what"],
            "payer": rows["payer"],
            "status": rows["status"],
            "when": _when(rows),
            "source": rows["source"],
            "from": rows["start"].map(_stamp),
            "to": (rows["end"] + pd.Timedelta(days=1)).map(_stamp),
            "days": (rows["end"] - rows["start"]).dt.days + 1,
        }
    )
    payers = [v for v in vectors["vector"] if v in set(shown["payer"])]
    palette = colours(vectors)
    colour = alt.Color(
        "payer:N",
        scale=alt.Scale(
            domain=payers,
            range=[palette.range[palette.domain.index(p)] for p in payers],
        ),
    )
    scale = alt.Scale(
        type="utc",
        domain=alt.ExprRef(f"[{_stamp(span[0])}, {_stamp(span[1])}]"),
        nice=False,
        clamp=True,
        zero=alt.Undefined,
    )
    x = alt.X(
        "from:T",
        scale=scale,
        axis=alt.Axis(
            title=None,
            format="%b %Y",
            labelOverlap="greedy",
            labelSeparation=10,
            labelFlush=True,
            tickCount=6,
        ),
    )
    y, offset = (
        alt.Y(
            "status:N",
            sort=order,
            title=None,
            axis=None,
            scale=alt.Scale(paddingInner=0.45, paddingOuter=0.35),
        ),
        alt.YOffset("payer:N", sort=payers),
    )
    tip = [
        alt.Tooltip("what:N"),
        alt.Tooltip("when:N", title="date"),
        alt.Tooltip("payer:N", title="by"),
        "source:N",
    ]
    picked = "which == 'all' || datum.status == which"
    base = (
        alt.Chart(_values(shown))
        .transform_filter(picked)
        .encode(y=y, yOffset=offset, color=colour, tooltip=tip)
    )
    bars = (
        base.transform_filter("datum.days > 4")
        .mark_bar(opacity=0.55, cornerRadius=2, height=10, clip=True)
        .encode(x, x2="to:T")
    )
    points = (
        base.transform_filter("datum.days <= 4")
        .mark_point(shape="diamond", size=110, opacity=1, stroke=PAGE, strokeWidth=0.6)
        .encode(x)
    )
    heads = (
        alt.Chart(_values(firsts[["status", "text"]]))
        .transform_filter(picked)
        .mark_text(
            align="left",
            baseline="bottom",
            x=2,
            dy=-3,
            fontWeight="bold",
            fontSize=11,
            limit=alt.expr("width"),
        )
        .encode(y=alt.Y("status:N", sort=order, bandPosition=0), text="text:N")
    )
    pick = alt.param(
        name="which",
        value="all",
        bind=alt.binding_select(options=["all", *order], name="Compare what was"),
    )
    note = (
        alt.Chart(
            _values(
                pd.DataFrame(
                    {"text": ["darker: bars overlap; a mark may hold several"]}
                )
            )
        )
        .mark_text(
            align="right", baseline="bottom", x=alt.expr("width"), y=-4, fontSize=11
        )
        .encode(text="text:N")
    )
    return (
        alt.layer(bars, points, heads, note)
        .properties(height=66 * len(order), width="container", name="first")
        .add_params(pick)
    )
