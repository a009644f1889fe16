"""Acts and payments around a base: a year day by day, packages, and who paid first."""

import re
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from ..forms import formatted
from ..language import N_, _
from .grammar import (
    HALO,
    act_rows,
    checkbox,
    dated,
    either,
    haloed,
    hover,
    moments,
    panel,
    plot,
    quoted,
    renamed,
    sided,
    slider,
    stamp,
    stepped,
    tinted,
)
from .theme import ACCENT, GRID, MUTED, PAGE, TEXT, colours, present

#: The two ways in which a package is counted.
FACE, TODAY = _("nominal sum"), _("worth as a gift today")
#: What a package is made of, in the order of its bars.
PARTS = (
    N_("grant"),
    N_("loan"),
    N_("debt relief"),
    N_("announced"),
    N_("total"),
)
#: Height of a row of bars in the year, in pixels.
ROW = 15
#: Under words that a line would else strike between two letters.
_WIDE_HALO = {"stroke": PAGE, "strokeWidth": 9, "strokeJoin": "round"}
#: A heading of a lane, as wide as the page.
_HEADING = {
    "align": "left",
    "x": 2,
    "fontWeight": "bold",
    "fontSize": 11,
    "limit": alt.expr("width"),
}


def _stretch(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """First moment, last moment and length in days."""
    return {
        "from": rows["start"].map(stamp),
        "to": (rows["end"] + pd.Timedelta(days=1)).map(stamp),
        "days": (rows["end"] - rows["start"]).dt.days + 1,
    }


# A year, day by day -------------------------------------------------------------


def year_by_day(
    lanes: Mapping[str, pd.DataFrame],
    marks: pd.DataFrame,
    vectors: pd.DataFrame,
    year: int,
    lead: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """A year in lanes, each act or payment a bar or diamond in a row of its own, with its name; months can be narrowed.

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
    lead : DataFrame, optional
        Rows (start, end, days): how long one mark came before another, drawn below all lanes.
    """
    rows, headings, height = _laid_out(lanes)
    ends = height if lead is None else height + 2 * ROW
    first = f"utc({year}, min(from_month, to_month) - 1, 1)"
    last = f"utc({year}, max(from_month, to_month), 1)"
    x = _months(first, last)
    y = _row_axis(ends)
    shades = {**colours(vectors, present(vectors, rows["vector"])), _("context"): MUTED}
    seen = f"datum.to > {first} && datum.from < {last}"
    base = (
        plot(rows)
        .transform_filter(seen)
        .encode(
            y=y,
            color=tinted("vector", shades, columns=3, offset=8 + 13 * len(marks)),
            tooltip=hover("what:N = what", "when:N = date", "who:N = by", "source:N"),
        )
    )
    long = base.transform_filter("datum.days > 4")
    short = base.transform_filter("datum.days <= 4")
    points = short.mark_point(
        shape="diamond", size=90, opacity=1, stroke=PAGE, strokeWidth=0.6
    ).encode(x)
    bands, rules, *words = _marked(marks, seen, x, (first, last), ends)
    heads = _lane_heads(plot(headings).encode(y=y, text="heading:N"))
    names = _on_bars(long, (first, last), x) + _beside(short, (first, last), x)
    # Under the bars, so that a halo keeps the marks off a name but leaves the bars whole.
    halos, texts = names[::2], names[1::2]
    gaps = [] if lead is None else _between(lead, seen, x, height + ROW)
    bars = _on_ground(long, x)
    layers = [bands, rules, *halos, *bars, points, *texts, *words, *gaps, *heads]
    return panel(*layers, height=ends, name="year").add_params(
        slider("from_month", _("From the month (1 to 12)"), 1, 12, 1),
        slider("to_month", _("To the month (1 to 12)"), 1, 12, 12),
    )


def _lane_heads(heads: alt.Chart) -> list[alt.Chart]:
    """Headings in the middle of their rows, off the marks."""
    return haloed(heads, **_HEADING, baseline="middle", dy=ROW / 2)


def _row_axis(ends: float) -> alt.Y:
    """Rows from the top down."""
    scale = alt.Scale(domain=[0, ends], reverse=True, nice=False, zero=False)
    return alt.Y("y:Q", axis=None, scale=scale)


def _on_ground(long: alt.Chart, x: alt.X) -> list[alt.Chart]:
    """Bars pale enough to be read on; a ground of the page keeps the marks off them."""
    bars = long.mark_rule(strokeWidth=ROW - 5, clip=True).encode(x, x2="to:T")
    pale = long.mark_rule(strokeWidth=ROW - 5, clip=True, opacity=0.55)
    return [bars.encode(color=alt.value(PAGE)), pale.encode(x, x2="to:T")]


def _laid_out(
    lanes: Mapping[str, pd.DataFrame],
) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Where each bar and each heading stands, and how high all lanes are together."""
    parts, headings, place = [], [], 0.0
    for heading, frame in lanes.items():
        ordered = frame.sort_values(["start", "end"]).reset_index(drop=True)
        headings.append({"heading": heading, "y": place * ROW})
        parts.append(ordered.assign(y=(place + 1.5 + ordered.index) * ROW))
        place += 1.4 + len(ordered)
    rows = pd.concat(parts, ignore_index=True)
    vector = rows["vector"].astype(object).where(rows["vector"].notna(), _("context"))
    shown = pd.DataFrame(
        {
            **{name: rows[name] for name in ("what", "who", "source", "y")},
            "when": dated(rows),
            "label": rows.get("label", ""),
            "vector": vector,
            **_stretch(rows),
        }
    )
    return shown, pd.DataFrame(headings), place * ROW


def _months(first: str, last: str) -> alt.X:
    """The months that the sliders leave in sight."""
    return alt.X(
        "from:T",
        scale=moments(f"[{first}, {last}]"),
        axis=alt.Axis(
            title=None,
            labelExpr="utcFormat(datum.value, abs(to_month - from_month) > 1 ? '%b' : '%-d %b')",
            labelOverlap="greedy",
            labelSeparation=8,
            labelFlush=True,
            # One label a month, or the days of its weeks: no month is named twice.
            tickCount=alt.expr("abs(to_month - from_month) > 1 ? 'month' : 'week'"),
        ),
    )


def _marked(
    marks: pd.DataFrame, seen: str, x: alt.X, months: tuple[str, str], height: float
) -> list[alt.Chart]:
    """Bands, rules and names of what runs through all lanes."""
    lines = pd.DataFrame(
        {"label": marks["label"], "when": dated(marks), **_stretch(marks)}
    ).sort_values("from")
    # The earlier the line, the higher its name: no line runs through the name of another.
    lines["lift"] = [-6 - 13 * (len(lines) - 1 - i) for i in range(len(lines))]
    ruled = (
        plot(lines)
        .transform_filter(seen)
        .encode(tooltip=hover("label:N = mark", "when:N = date"))
    )
    first, last = months
    named = ruled.transform_calculate(
        name="datum.label + (datum.days > 4 ? '' : ', ' + utcFormat(datum.from, '%-d %b'))"
    ).transform_calculate(late=f"(datum.from - {first}) / ({last} - {first}) > 0.6")
    # A label stands on the side where the year has room for it.
    words = sided(
        named.encode(x, text="name:N"),
        ("!datum.late", "datum.late"),
        4,
        y=alt.expr("datum.lift"),
        fontSize=11,
    )
    above = alt.expr("datum.lift - 8")
    return [
        ruled.transform_filter("datum.days > 4")
        .mark_rect(color=GRID, opacity=0.55, clip=True)
        .encode(x, x2="to:T"),
        ruled.transform_filter("datum.days <= 4")
        .mark_rule(color=TEXT, strokeDash=[3, 3], y=above, y2=height)
        .encode(x),
        *words,
    ]


def _on_bars(long: alt.Chart, months: tuple[str, str], x: alt.X) -> list[alt.Chart]:
    """What a bar is, from its beginning on; where it begins late and is too short for its name, up to its end."""
    first, last = months
    begins, ends = f"max(datum.from, {first})", f"min(datum.to, {last})"
    # A letter is about six pixels wide.
    short = f"({ends} - {begins}) / ({last} - {first}) * width < 6 * length(datum.name)"
    late = f"({begins} - {first}) / ({last} - {first}) > 0.35 && {short}"
    named = long.transform_calculate(
        name="datum.label || datum.what", begins=begins, ends=ends
    )
    return [
        *_written(named.transform_filter(f"!({late})"), "begins", "left", months, x),
        *_written(named.transform_filter(late), "ends", "right", months, x),
    ]


def _beside(short: alt.Chart, months: tuple[str, str], x: alt.X) -> list[alt.Chart]:
    """What a diamond is, on the side where the year has more room for it."""
    first, last = months
    late = f"(datum.from - {first}) / ({last} - {first}) > 0.55"
    named = short.transform_calculate(name="datum.label || datum.what")
    return [
        *_written(named.transform_filter(f"!({late})"), "from", "left", months, x, 9),
        *_written(named.transform_filter(late), "from", "right", months, x, 9),
    ]


def _written(
    named: alt.Chart,
    at: str,
    align: str,
    months: tuple[str, str],
    x: alt.X,
    off: int = 4,
) -> list[alt.Chart]:
    """Names that begin or end at a moment and are cut where the year ends."""
    first, last = months
    room = {"left": f"({last} - datum.{at})", "right": f"(datum.{at} - {first})"}[align]
    return haloed(
        named.encode(renamed(x, at), text="name:N", color=alt.value(TEXT)),
        align=align,
        baseline="middle",
        dx=off if align == "left" else -off,
        fontSize=11,
        limit=alt.expr(f"max({room} / ({last} - {first}) * width - {off}, 1)"),
    )


def _between(lead: pd.DataFrame, seen: str, x: alt.X, y: float) -> list[alt.Chart]:
    """A bracket from one mark to another, while both are in sight, and how many days it spans."""
    rows = {
        "from": lead["start"].map(stamp),
        "to": lead["end"].map(stamp),
        "told": [formatted(days, _("# day|# days")) for days in lead["days"]],
    }
    lane = plot(rows).transform_filter(seen).encode(y=alt.value(y))
    return _bracket(lane, x)


def acts_as_rows(acts: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Acts as lanes of a year need them; ``names`` gives the name of an actor."""
    rows = act_rows(acts)
    return pd.DataFrame(
        {
            # What follows a colon or semicolon stands in the hover.
            "label": [re.split("[;:]", what)[0] for what in rows["description"]],
            "start": acts["start"].to_numpy(),
            "end": acts["end"].to_numpy(),
            "what": rows["description"].to_numpy(),
            "who": [names.get(a, a) for a in acts["actor"]],
            "source": rows["source"].to_numpy(),
            "vector": acts["vector"].astype(object).to_numpy(),
        }
    )


def payments_as_rows(payments: pd.DataFrame) -> pd.DataFrame:
    """Payments as lanes of a year need them; the label says status, sum and the first words of what it is."""
    return pd.DataFrame(
        {
            "label": [_shortly(r) for r in payments.itertuples()],
            "start": payments["start"].to_numpy(),
            "end": payments["end"].to_numpy(),
            "what": [_money(r) for r in payments.itertuples()],
            "who": payments["payer"].to_numpy(),
            "source": payments["source"].to_numpy(),
            "vector": payments["payer"].astype(object).to_numpy(),
        }
    )


def _money(row: Any) -> str:
    """A payment in words: status, amount, what it is."""
    if pd.isna(row.amount):
        return f"{row.what}"
    sums = _sum(row)
    if row.per == "year":
        told = N_("{status}: {sum} million dollars a year. {what}")
    else:
        told = N_("{status}: {sum} million dollars. {what}")
    return _(told, status=_(row.status), sum=sums, what=row.what)


def _shortly(row: Any) -> str:
    """A payment in few words: status, amount, and what it is up to the first stop."""
    what = re.split(r"[,;:(]", row.what)[0].strip()
    if pd.isna(row.amount):
        return what
    if row.per == "year":
        told = N_("{status}: {sum} million a year. {what}")
    else:
        told = N_("{status}: {sum} million. {what}")
    return _(told, status=_(row.status), sum=_sum(row), what=what)


def _sum(row: Any) -> str:
    """An amount, or the lowest and the highest that sources give."""
    low = formatted(row.amount, "g")
    if pd.isna(row.amount_high):
        return low
    return _("{low} to {high:g}", low=low, high=row.amount_high)


# Packages ------------------------------------------------------------------------


def rent_beside_package(parts: pd.DataFrame, years: int) -> alt.LayerChart:
    """The rent of each deal beside the money around it; the years of rent that are counted can be changed.

    ``parts`` holds rows (deal, part, what, amount, years, source) of ``bases.deal_parts``.
    """
    is_rent = parts["part"] == "rent"
    rows = parts[["deal", "part", "what", "amount", "years", "source"]].assign(
        amount=parts["amount"].round(1),
        rent=is_rent.map({True: _("rent"), False: _("around it")}),
        years=parts["years"].astype(int),
        order=(~is_rent).astype(int),
        part=[_of_deal(part) for part in parts["part"]],
    )
    order = list(dict.fromkeys(rows["deal"]))
    base = plot(rows).transform_filter("datum.years == rent_years")
    stacked = base.transform_stack(
        stack="amount",
        as_=["low", "high"],
        groupby=["deal"],
        sort=[alt.SortField("order"), alt.SortField("part"), alt.SortField("what")],
    )
    x = alt.X(
        "low:Q", title=_("million US dollars"), axis=alt.Axis(grid=False, tickCount=6)
    )
    y = alt.Y("deal:N", sort=order, title=None)
    paid_yearly = f"datum.rent == {quoted(_('rent'))}"
    # Rent in colour; what stands around it in grey, since it is no second finding.
    bars = stacked.mark_bar(stroke=PAGE, strokeWidth=1.5).encode(
        x,
        y,
        x2="high:Q",
        color=either(paid_yearly, ACCENT, MUTED),
        opacity=either(paid_yearly, 1, 0.3),
        tooltip=hover(
            "deal:N", "part:N", "what:N", "amount:Q ,.1f = million dollars", "source:N"
        ),
    )
    written = either(paid_yearly, PAGE, TEXT)
    named = _parts_named(stacked).encode(renamed(x, "middle"), y, color=written)
    total = (
        base.transform_aggregate(total="sum(amount)", groupby=["deal"])
        .mark_text(align="left", dx=4)
        .encode(alt.X("total:Q"), y, text=alt.Text("total:Q", format=",.1~f"))
    )
    counted, most = _("Years of rent that are counted"), int(rows["years"].max())
    return panel(bars, named, total, height=40 * len(order), name="around").add_params(
        slider("rent_years", counted, 1, most, years)
    )


def _parts_named(stacked: alt.Chart) -> alt.Chart:
    """The names of parts that are wide enough; a letter is about six pixels wide."""
    return (
        stacked.transform_joinaggregate(longest="max(high)")
        .transform_calculate(middle="(datum.low + datum.high) / 2")
        .transform_filter(
            "(datum.high - datum.low) / datum.longest * 0.85 * width > 6 * length(datum.part) + 8"
        )
        .mark_text(fontSize=11)
        .encode(text="part:N")
    )


def _of_deal(part: str) -> str:
    """A part of a deal, as its bar names it."""
    return _("all kinds, rent aside") if part == "other" else _(part)


def package_value(rows: pd.DataFrame, rate: float) -> alt.LayerChart:
    """A package at its face and at its present value; the discount rate and what counts can be changed.

    ``rows`` holds rows (discount, counts, part, face, value) of ``bases.package_by_discount``; ``rate`` is where the
    slider starts, in per cent.
    """
    long = pd.DataFrame(
        {
            "percent": (rows["discount"] * 100).round(2),
            "counts": rows["counts"],
            "part": rows["part"].astype(str).map(_),
            FACE: rows["face"].round(1),
            TODAY: rows["value"].round(1),
        }
    ).melt(["percent", "counts", "part"], var_name="as", value_name="amount")
    base = (
        plot(long)
        .transform_filter(
            "abs(datum.percent - discount_rate) < 0.01 && datum.counts == announced_counts"
        )
        .transform_calculate(**{"from": "'bases.package'"})
        .encode(
            y=alt.Y(
                "part:N",
                sort=[_(part) for part in PARTS],
                title=None,
            ),
            yOffset=alt.YOffset("as:N", sort=[FACE, TODAY]),
        )
    )
    # Room for the number behind the longest bar, on a phone too.
    ends = 1.2 * long.groupby("counts")["amount"].max()
    end = f"announced_counts ? {ends.iloc[-1]:.0f} : {ends.iloc[0]:.0f}"
    scale = alt.Scale(domainMax=alt.expr(end), nice=False)
    bars = base.mark_bar().encode(
        alt.X("amount:Q", title=_("million US dollars"), scale=scale),
        color=tinted("as", {FACE: MUTED, TODAY: ACCENT}),
        tooltip=hover(
            "part:N", "as:N = counted at", "amount:Q ,.1f = million dollars", "from:N"
        ),
    )
    text = base.mark_text(align="left", dx=4, fontSize=11).encode(
        alt.X("amount:Q"), text=alt.Text("amount:Q", format=",.0f")
    )
    label = _("Discount rate, per cent a year")
    return panel(bars, text, height=230, name="package").add_params(
        stepped("discount_rate", label, long["percent"], rate),
        checkbox("announced_counts", _("Count the announced investment"), False),
    )


# Who paid first ------------------------------------------------------------------


def who_came_first(
    payments: pd.DataFrame,
    firsts: pd.DataFrame,
    marks: pd.DataFrame,
    vectors: pd.DataFrame,
    span: tuple[Any, Any],
    lead: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """Promises, signatures and payments of the payers on one axis, with the payer who came first in each.

    Parameters
    ----------
    payments : DataFrame
        Rows (payer, status, start, end, amount, amount_high, per, what, source, and if they have one a
        label, a shorter one for a phone, ``brief``, and the ``side`` on which it stands: "left", "right" or "on").
    firsts : DataFrame
        Rows (status, text): what ``bases.first_payer`` finds for each status.
    marks : DataFrame
        Rows (label, start, end) that run through all rows.
    vectors : DataFrame
        ``case.vectors``.
    span : pair of dates
    lead : DataFrame, optional
        Rows (payer, status, start, end, days): how long one thing came before another, drawn in the lane of the payer.
    """
    order, shown = list(firsts["status"]), _paid(payments)
    shades = colours(vectors, present(vectors, shown["payer"]))
    height = 72 * len(order)
    x = _months_of(span)
    room = alt.Scale(paddingInner=0.45, paddingOuter=0.35)
    base = plot(shown).encode(
        y=alt.Y("status:N", sort=order, title=None, axis=None, scale=room),
        yOffset=alt.YOffset("payer:N", sort=list(shades)),
        color=tinted("payer", shades, offset=8 + 13 * len(marks)),
        tooltip=hover("what:N", "when:N = date", "payer:N = by", "source:N"),
    )
    wide = base.transform_filter("datum.days > 4").encode(x, x2="to:T")
    # All that is known is the year: nothing was paid on most of these days.
    year, shape = "datum.days > 360", {"cornerRadius": 2, "clip": True}
    bars = [
        wide.transform_filter(f"!({year})").mark_bar(**shape, height=10, opacity=0.8),
        wide.transform_filter(year)
        .mark_bar(**shape, height=17, filled=False, strokeWidth=1.5)
        .encode(fill=alt.value("transparent")),
    ]
    points = (
        base.transform_filter("datum.days <= 4")
        .mark_point(shape="diamond", size=110, opacity=1, stroke=PAGE, strokeWidth=0.6)
        .encode(x)
    )
    sums = _sums(base.transform_filter("datum.label"), x)
    heads = haloed(
        plot(firsts[["status", "text"]]).encode(
            y=alt.Y("status:N", sort=order, bandPosition=0), text="text:N"
        ),
        _WIDE_HALO,
        **_HEADING,
        baseline="bottom",
        dy=-3,
    )
    first, last = (str(stamp(day)) for day in span)
    bands, rules, *words = _marked(marks, "true", x, (first, last), height)
    gaps = [] if lead is None else _ahead(lead, base, x)
    layers = [bands, rules, *bars, points, *sums, *gaps, *heads, *words]
    return panel(*layers, height=height, name="first")


def _sums(told: alt.Chart, x: alt.X) -> list[alt.Chart]:
    """What each mark is, beside it or on it."""
    said = alt.expr("width < 450 ? datum.brief : datum.label")
    style: dict[str, Any] = {"fontSize": 11, "text": said}
    words = told.encode(color=alt.value(TEXT))
    right, ends = "datum.side == 'right'", renamed(x, "to")
    texts = []
    for test, place, halo, align, dx in (
        ("datum.side == 'left'", x, _WIDE_HALO, "right", -8),
        (right, ends, _WIDE_HALO, "left", 8),
        ("datum.side == 'on'", x, HALO, "left", 6),
    ):
        one = words.transform_filter(test).encode(place)
        texts += haloed(one, halo, align=align, dx=dx, **style)
    return texts


def _ahead(lead: pd.DataFrame, base: alt.Chart, x: alt.X) -> list[alt.Chart]:
    """A bracket from one day to another, and behind it how many days it spans."""
    rows = {
        "payer": lead["payer"],
        "status": lead["status"],
        "from": lead["start"].map(stamp),
        "to": lead["end"].map(stamp),
        "told": [formatted(days, _("# day|# days")) for days in lead["days"]],
    }
    return _bracket(
        plot(rows).encode(y=base.encoding.y, yOffset=base.encoding.yOffset), x
    )


def _bracket(lane: alt.Chart, x: alt.X) -> list[alt.Chart]:
    """A line with two ends, and behind it what is told of it."""
    ticks = lane.mark_tick(color=TEXT, size=9, thickness=1.5)
    told = lane.encode(renamed(x, "to"), text="told:N")
    return [
        lane.mark_rule(color=TEXT, strokeWidth=1.5).encode(x, x2="to:T"),
        *(ticks.encode(renamed(x, end)) for end in ("from", "to")),
        *haloed(told, _WIDE_HALO, align="left", dx=7, fontSize=11, fontWeight="bold"),
    ]


def _paid(payments: pd.DataFrame) -> pd.DataFrame:
    """Payments with their status and with what is told of them."""
    rows = payments_as_rows(payments)
    return pd.DataFrame(
        {
            "what": rows["what"],
            "payer": payments["payer"].astype(str).to_numpy(),
            "status": payments["status"].to_numpy(),
            **{
                name: payments.get(name, pd.Series(usual, payments.index)).to_numpy()
                for name, usual in (("label", ""), ("brief", ""), ("side", "left"))
            },
            "when": dated(rows),
            "source": rows["source"],
            **_stretch(rows),
        }
    )


def _months_of(span: tuple[Any, Any]) -> alt.X:
    return alt.X(
        "from:T",
        scale=moments(f"[{stamp(span[0])}, {stamp(span[1])}]"),
        axis=alt.Axis(
            title=None,
            format="%b %Y",
            labelOverlap="greedy",
            labelSeparation=10,
            labelFlush=True,
            tickCount=6,
        ),
    )
