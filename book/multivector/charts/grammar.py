"""Parts that the charts of several topics share: axes, lanes, bars, bands, rules, holes and controls."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from .theme import GRID, PAGE

#: First and last day that a chart shows.
Span = Sequence[Any]
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


def stepped(name, label, values, start):
    """A slider whose stops are the values of a lattice."""
    stops = sorted(set(values))
    step = round(stops[1] - stops[0], 6)
    return slider(name, label, stops[0], stops[-1], start, step)


def menu(name, label, options, value=None, labels=alt.Undefined):
    """A list to choose from; the first option stands at the start, or ``value``."""
    bind = alt.binding_select(options=options, labels=labels, name=label)
    return alt.param(name=name, value=options[0] if value is None else value, bind=bind)


def radio(name, label, options, labels=alt.Undefined):
    """Buttons of which one is chosen, the first at the start."""
    bind = alt.binding_radio(options=options, labels=labels, name=label)
    return alt.param(name=name, value=options[0], bind=bind)


def checkbox(name, label, value=True):
    """A box to be ticked."""
    return alt.param(name=name, value=value, bind=alt.binding_checkbox(name=label))


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


def day_text(days: pd.Series) -> pd.Series:
    """Days as the essay writes them."""
    return days.dt.strftime("%-d %b %Y")


def time_x(span: Span, field: str = "ms", **axis: Any) -> alt.X:
    """A time axis over a span of days."""
    return alt.X(f"{field}:Q", scale=time_scale(span), axis=time_axis(span, **axis))


def dated(acts: pd.DataFrame) -> pd.Series:
    """How an act's date reads: a day, or the first and last possible day."""
    first, last = day_text(acts["start"]), day_text(acts["end"])
    return first.where(acts["start"] == acts["end"], first + " to " + last)


def act_rows(acts):
    """Acts as charts need them: text for the hover, milliseconds for the axis."""
    rows = acts.assign(
        when=dated(acts),
        from_ms=acts["start"].map(stamp),
        to_ms=(acts["end"] + pd.Timedelta(days=1)).map(stamp),
    )
    rows["value"] = rows["goldstein"]
    keep = (
        "id description when source level office actor target kind from_ms to_ms value"
    ).split()
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


def plot(rows):
    """A chart of rows, or of columns in a dict, that become part of the page."""
    return alt.Chart(inline(pd.DataFrame(rows) if isinstance(rows, dict) else rows))


def panel(*layers, height, name, heading=None):
    """Layers as one view, as wide as the page, with a heading of its own if it has one."""
    title = {} if heading is None else {"title": panel_title(heading)}
    return alt.layer(*layers).properties(
        height=height, width="container", name=name, **title
    )


def hover(*lines):
    """What a mark says when it is hovered: lines ``"field:Q format = title"``, or the field alone."""
    return [_line(line) for line in lines]


def _line(line):
    field, equals, title = line.partition(" = ")
    field, space, form = field.partition(" ")
    given = {"title": title} if equals else {}
    return alt.Tooltip(field, **given, **({"format": form} if space else {}))


def tinted(field, colours, **legend):
    """Colour by a field: the colour of each of its values, in the order of the legend.

    ``legend`` holds settings of the legend; ``legend=None`` leaves it out.
    """
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    if not legend:
        return alt.Color(f"{field}:N", scale=scale)
    key = None if "legend" in legend else alt.Legend(**legend)
    return alt.Color(f"{field}:N", scale=scale, legend=key)


def either(test, yes, no):
    """One value where a test of the page holds, else another."""
    return alt.condition(test, alt.value(yes), alt.value(no))


#: Under a text, so that no line strikes it.
HALO = {"stroke": PAGE, "strokeWidth": 4, "strokeJoin": "round"}
#: Lines of text above a panel, from its left edge or up to its right one.
ABOVE = {"align": "left", "baseline": "bottom", "x": 0}
ABOVE_RIGHT = {"align": "right", "baseline": "bottom", "x": alt.expr("width")}
#: Ticks of a share, from none to all.
QUARTERS = [0, 0.25, 0.5, 0.75, 1]
ACT_TOOLTIP = hover(
    "description:N = act",
    "when:N = date",
    "actor:N = by",
    "target:N = toward",
    "value:Q = Goldstein value",
    "source:N = source",
)


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
    base = plot(rows).encode(x=alt.X("ms:Q", scale=time_scale(span)))
    rule = base.mark_rule(strokeDash=[3, 3]).encode(
        tooltip=hover("label:N = named break", "source:N")
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


def haloed(
    chart: alt.Chart, halo: Mapping[str, Any] = HALO, **style: Any
) -> list[alt.Chart]:
    """A text twice, first with what keeps lines off it."""
    return [chart.mark_text(**style, **under) for under in (halo, {})]


def reading(chart: alt.Chart, words: str, **style: Any) -> alt.Chart:
    """What a chart says in words, which an expression of the page puts together."""
    return (
        chart.transform_calculate(text=words).mark_text(**style).encode(text="text:N")
    )


def note(text: str, **style: Any) -> alt.Chart:
    """A text that stands still."""
    return plot({"text": [text]}).mark_text(**style).encode(text="text:N")


def year_chart(rows, first_year, last_year):
    return plot(rows).encode(x=year_axis("year", first_year, last_year))


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
    base = plot(empty)
    return [
        base.mark_rect(color=GRID, opacity=0.7).encode(
            x=year_axis("a", first_year, last_year),
            x2="b:Q",
            tooltip=hover("year:Q d = no vote cast in"),
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
    """A list of outside series to choose from, by their labels."""
    return menu(name, label, [one.label for one in series])


def midway(start, end):
    return (start.map(stamp) + end.map(stamp)) // 2


def panel_title(text):
    return alt.Title(
        text, fontSize=12, fontWeight="normal", anchor="start", frame="group", offset=4
    )
