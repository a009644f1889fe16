"""Acts and payments around a base: a year day by day, packages, and who paid first."""

import altair as alt
import pandas as pd

from .grammar import (
    act_rows,
    checkbox,
    dated,
    hover,
    menu,
    panel,
    plot,
    slider,
    stamp,
    stepped,
    tinted,
)
from .theme import ACCENT, COOL, GRID, MUTED, PAGE, TEXT, WARM, WARN, colours


#: The two ways in which a package is counted.
FACE, TODAY = "nominal sum", "worth as a gift today"
#: Height of a row of bars in the year, in pixels.
ROW = 15


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
            "when": dated(rows),
            "source": rows["source"],
            "y": rows["y"],
            "label": rows["label"] if "label" in rows else "",
            "vector": rows["vector"]
            .astype(object)
            .where(rows["vector"].notna(), "context"),
            "from": rows["start"].map(stamp),
            "to": (rows["end"] + pd.Timedelta(days=1)).map(stamp),
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
    colour = tinted(
        "vector",
        dict(
            zip(
                [*names, "context"],
                [*(palette.range[palette.domain.index(n)] for n in names), MUTED],
            )
        ),
        columns=3,
        offset=8 + 13 * len(marks),
    )
    tip = hover("what:N = what", "when:N = date", "who:N = by", "source:N")
    seen = f"datum.to > {first} && datum.from < {last}"
    base = plot(shown).transform_filter(seen).encode(y=y, color=colour, tooltip=tip)
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
            "when": dated(marks),
            "from": marks["start"].map(stamp),
            "to": (marks["end"] + pd.Timedelta(days=1)).map(stamp),
            "days": (marks["end"] - marks["start"]).dt.days + 1,
        }
    ).sort_values("from")
    # The earlier the line, the higher its name: no line runs through the name of another.
    lines["lift"] = [-6 - 13 * (len(lines) - 1 - i) for i in range(len(lines))]
    ruled = (
        plot(lines)
        .transform_filter(seen)
        .encode(tooltip=hover("label:N = mark", "when:N = date"))
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
        plot(pd.DataFrame(headings))
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
    return panel(
        bands, rules, bars, points, *labels, *words, heads, height=height, name="year"
    ).add_params(
        slider("from_month", "From the month (1 to 12)", 1, 12, 1),
        slider("to_month", "To the month (1 to 12)", 1, 12, 12),
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
    rows = act_rows(acts)
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
        WARM,
        COOL,
        WARN,
    ]
    base = plot(rows).transform_filter("datum.years == rent_years")
    y = alt.Y("deal:N", sort=order, title=None)
    bars = base.mark_bar(stroke=PAGE, strokeWidth=1).encode(
        alt.X("amount:Q", title="million US dollars", stack="zero"),
        y,
        tinted("kind", dict(zip(kinds, shades[: len(kinds)])), columns=2),
        alt.Order("order:Q"),
        tooltip=hover(
            "deal:N", "part:N", "what:N", "amount:Q ,.1f = million dollars", "source:N"
        ),
    )
    total = (
        base.transform_aggregate(total="sum(amount)", groupby=["deal"])
        .mark_text(align="left", dx=4)
        .encode(alt.X("total:Q"), y, text=alt.Text("total:Q", format=",.1f"))
    )
    most = int(rows["years"].max())
    return panel(bars, total, height=40 * len(order), name="around").add_params(
        slider("rent_years", "Years of rent that are counted", 1, most, years)
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
        plot(long)
        .transform_filter(
            "abs(datum.percent - discount_rate) < 0.01 && datum.counts == announced_counts"
        )
        .transform_calculate(**{"from": "'bases.package'"})
    )
    y, offset = (
        alt.Y("part:N", sort=order, title=None),
        alt.YOffset("as:N", sort=[FACE, TODAY]),
    )
    tip = hover(
        "part:N", "as:N = counted at", "amount:Q ,.1f = million dollars", "from:N"
    )
    # Room for the number behind the longest bar, on a phone too.
    ends = 1.2 * long.groupby("counts")["amount"].max()
    end = f"announced_counts ? {ends.iloc[-1]:.0f} : {ends.iloc[0]:.0f}"
    scale = alt.Scale(domainMax=alt.expr(end), nice=False)
    bars = base.mark_bar().encode(
        alt.X("amount:Q", title="million US dollars", scale=scale),
        y,
        offset,
        color=tinted("as", {FACE: MUTED, TODAY: ACCENT}),
        tooltip=tip,
    )
    text = base.mark_text(align="left", dx=4, fontSize=11).encode(
        alt.X("amount:Q"), y, offset, text=alt.Text("amount:Q", format=",.0f")
    )
    step = sorted(long["percent"].unique())
    return panel(bars, text, height=230, name="package").add_params(
        stepped("discount_rate", "Discount rate, per cent a year", step, rate),
        checkbox("announced_counts", "Count the announced investment", False),
    )


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
            "when": dated(rows),
            "source": rows["source"],
            "from": rows["start"].map(stamp),
            "to": (rows["end"] + pd.Timedelta(days=1)).map(stamp),
            "days": (rows["end"] - rows["start"]).dt.days + 1,
        }
    )
    payers = [v for v in vectors["vector"] if v in set(shown["payer"])]
    palette = colours(vectors)
    colour = tinted(
        "payer",
        dict(zip(payers, [palette.range[palette.domain.index(p)] for p in payers])),
    )
    scale = alt.Scale(
        type="utc",
        domain=alt.ExprRef(f"[{stamp(span[0])}, {stamp(span[1])}]"),
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
    tip = hover("what:N", "when:N = date", "payer:N = by", "source:N")
    picked = "which == 'all' || datum.status == which"
    base = (
        plot(shown)
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
        plot(firsts[["status", "text"]])
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
    pick = menu("which", "Compare what was", ["all", *order])
    note = (
        plot({"text": ["darker: bars overlap; a mark may hold several"]})
        .mark_text(
            align="right", baseline="bottom", x=alt.expr("width"), y=-4, fontSize=11
        )
        .encode(text="text:N")
    )
    return panel(
        bars, points, heads, note, height=66 * len(order), name="first"
    ).add_params(pick)
