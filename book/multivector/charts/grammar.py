"""Parts that the charts of several topics share: axes, lanes, bars, bands, rules, holes and controls."""

import json

import altair as alt
import pandas as pd

from .theme import GRID, PAGE


#: Half-lives that the slider offers, in days.
HALF_LIVES = (180, 1825)


def quoted(value):
    """A name, or a list or mapping of names, as an expression of a chart can hold it.

    A state may be called Côte d'Ivoire: names never go into an expression between bare
    quotation marks.

    >>> print("datum.state == " + quoted("Côte d'Ivoire"))
    datum.state == "Côte d'Ivoire"
    """
    return json.dumps(value, ensure_ascii=False)


def slider(name, label, low, high, value, step=1):
    """A slider that works in the page without a kernel."""
    return alt.param(
        name=name,
        value=value,
        bind=alt.binding_range(min=low, max=high, step=step, name=label, debounce=20),
    )


def half_life_slider(value=730):
    """Slider for the half-life of memory, in days."""
    return slider(
        "half_life", "Half-life: an act counts half after (days)", *HALF_LIVES, value, 5
    )


def time_axis(span, **axis):
    """Axis with a tick at each new year.

    Time is drawn as a number (milliseconds, UTC): the page's memory needs arithmetic on it, and a
    temporal field would be shifted into the reader's time zone.
    """
    years = range(pd.Timestamp(span[0]).year, pd.Timestamp(span[1]).year + 1)
    return alt.Axis(
        title=None,
        values=[stamp(f"{year}-01-01") for year in years],
        labelExpr="utcFormat(datum.value, '%Y')",
        labelOverlap="greedy",
        labelSeparation=8,
        labelFlush=False,
        **axis,
    )


def time_scale(span):
    """Scale over a span of days."""
    return alt.Scale(
        domain=[stamp(day) for day in span], nice=False, zero=False, clamp=True
    )


def stamp(day):
    return int(pd.Timestamp(day).timestamp() * 1000)


def day_numbers(frame, **names):
    """Dates as day numbers, which the page's memory needs for arithmetic."""
    return frame.assign(
        **{
            new: frame[old].astype("datetime64[s]").astype("int64") // 86400
            for new, old in names.items()
        }
    )


def dated(acts):
    """How an act's date reads: a day, or the first and last possible day."""
    first, last = (
        acts["start"].dt.strftime("%-d %b %Y"),
        acts["end"].dt.strftime("%-d %b %Y"),
    )
    return first.where(acts["start"] == acts["end"], first + " to " + last)


def act_rows(acts):
    """Acts as charts need them: text for the hover, milliseconds for the axis."""
    rows = acts.assign(
        when=dated(acts),
        from_ms=acts["start"].map(stamp),
        to_ms=(acts["end"] + pd.Timedelta(days=1)).map(stamp),
    )
    rows["value"] = rows["goldstein"]
    keep = [
        "id",
        "description",
        "when",
        "source",
        "level",
        "office",
        "actor",
        "target",
        "kind",
        "from_ms",
        "to_ms",
        "value",
    ]
    rows = rows[
        keep + [c for c in ("vector", "direction", "lane") if c in rows]
    ].astype({"kind": object})
    return rows


class Rows(alt.InlineData):
    """Data of a chart. What is put together of charts copies them, but not their thousands of rows."""

    def __deepcopy__(self, memo):
        return Rows(**self._kwds)


def inline(rows):
    """Rows as inline data; missing cells are null, which a chart leaves out (NaN is no JSON)."""
    columns = {c: [None if pd.isna(v) else v for v in rows[c].tolist()] for c in rows}
    return Rows(values=[dict(zip(columns, row)) for row in zip(*columns.values())])


#: Under a text, so that no line strikes it.
HALO = {"stroke": PAGE, "strokeWidth": 4, "strokeJoin": "round"}
#: Lines of text above a panel.
ABOVE = {"align": "left", "baseline": "bottom", "x": 0}
ACT_TOOLTIP = [
    alt.Tooltip("description:N", title="act"),
    alt.Tooltip("when:N", title="date"),
    alt.Tooltip("actor:N", title="by"),
    alt.Tooltip("target:N", title="toward"),
    alt.Tooltip("value:Q", title="Goldstein value"),
    alt.Tooltip("source:N", title="source"),
]


def break_rules(breaks, span, labels=True):
    """Vertical rules at the breaks that the paper names; neighbouring labels stand on two lines."""
    breaks = breaks[breaks["start"].between(*map(pd.Timestamp, span))]
    middle = pd.Timestamp(span[0]) + (pd.Timestamp(span[1]) - pd.Timestamp(span[0])) / 2
    rows = pd.DataFrame(
        {
            "ms": breaks["start"].map(stamp),
            "label": breaks["label"],
            "source": breaks["source"],
            "early": breaks["start"] < middle,
            "lift": [-7 - 14 * (i % 2) for i in range(len(breaks))],
        }
    )
    base = alt.Chart(inline(rows)).encode(x=alt.X("ms:Q", scale=time_scale(span)))
    rule = base.mark_rule(strokeDash=[3, 3]).encode(
        tooltip=[alt.Tooltip("label:N", title="named break"), "source:N"]
    )
    if not labels:
        return [rule]
    lift = alt.expr("datum.lift")
    return [
        rule,
        base.transform_filter("datum.early")
        .mark_text(align="left", dx=-2, y=lift, fontSize=11)
        .encode(text="label:N"),
        base.transform_filter("!datum.early")
        .mark_text(align="right", dx=2, y=lift, fontSize=11)
        .encode(text="label:N"),
    ]


def renamed(channel, field):
    copy = channel.copy()
    copy.shorthand = field + channel.shorthand[-2:]
    return copy


def year_chart(rows, first_year, last_year):
    return alt.Chart(inline(rows)).encode(x=year_axis("year", first_year, last_year))


def year_axis(field, first_year, last_year):
    scale = alt.Scale(
        domain=[first_year - 0.5, last_year + 0.5], nice=False, zero=False
    )
    return alt.X(
        f"{field}:Q",
        title=None,
        scale=scale,
        axis=alt.Axis(
            format="d",
            tickMinStep=1,
            grid=False,
            labelOverlap="greedy",
            labelSeparation=8,
        ),
    )


def year_bars(chart, first_year, last_year):
    """Bars that leave a gap between years, whatever the width of the page."""
    return chart.transform_calculate(
        a="datum.year - 0.35", b="datum.year + 0.35"
    ).encode(x=year_axis("a", first_year, last_year), x2="b:Q", y2=alt.datum(0))


def year_holes(rows, first_year, last_year):
    """Years in which the state cast no vote, hatched by name."""
    empty = pd.DataFrame(
        {"year": sorted(set(rows.loc[rows["n"] == 0, "year"].astype(int)))},
        dtype="Int64",
    )
    if empty.empty:
        return []
    empty = empty.assign(a=empty["year"] - 0.45, b=empty["year"] + 0.45).astype(float)
    base = alt.Chart(inline(empty))
    return [
        base.mark_rect(color=GRID, opacity=0.7).encode(
            x=year_axis("a", first_year, last_year),
            x2="b:Q",
            tooltip=[alt.Tooltip("year:Q", format="d", title="no vote cast in")],
        ),
        base.mark_text(
            text="no vote",
            angle=270,
            align="left",
            baseline="middle",
            fontSize=11,
            dx=4,
            y=alt.expr("height"),
        ).encode(x=year_axis("year", first_year, last_year)),
    ]


def picker(name, series, label):
    return alt.param(
        name=name,
        value=series[0].label,
        bind=alt.binding_select(options=[s.label for s in series], name=label),
    )


def midway(start, end):
    return (start.map(stamp) + end.map(stamp)) // 2


def panel_title(text):
    return alt.Title(
        text, fontSize=12, fontWeight="normal", anchor="start", frame="group", offset=4
    )
