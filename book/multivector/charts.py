"""Theme, chart grammar and renderer: data in, ``alt.Chart`` out.

Charts compute no results.  Where one repeats a formula of ours inside the page, so that
a reader without a kernel can move a slider (the memory of ``engagement``), a browser
test compares its numbers with the Python function.

Every chart is finished by :func:`finish`, which gives it what every chart of the essay
has: a title, a description for those who cannot see it, a source line, and the mark of
what it is made from (coded, outside, both, model).
"""

import json
import math
import os
import re
import textwrap

import altair as alt
import pandas as pd

from .geography import RADIUS

KINDS = ("coded", "outside", "both", "model")
#: Half-lives that the slider offers, in days.
HALF_LIVES = (180, 1825)
MIME = "application/vnd.vegalite.v6+json"


def quoted(value):
    """A name, or a list or mapping of names, as an expression of a chart can hold it.

    A state may be called Côte d'Ivoire: names never go into an expression between bare
    quotation marks.

    >>> print("datum.state == " + quoted("Côte d'Ivoire"))
    datum.state == "Côte d'Ivoire"
    """
    return json.dumps(value, ensure_ascii=False)


def _css(name, light, *session):
    """A colour of the page; a live session that lacks it falls back to its own, then to ``light``."""
    for other in reversed(session):
        light = f"var(--{other}, {light})"
    return f"var(--chart-{name}, {light})"


TEXT = _css("text", "#1f2328", "jp-content-font-color1", "vscode-editor-foreground")
RULE = _css("rule", "#6b7280", "jp-border-color0")
GRID = _css("grid", "#e5e7eb", "jp-border-color3")
PAGE = _css("background", "#ffffff", "jp-layout-color0", "vscode-editor-background")
ACCENT = _css("accent", "#0b62c4")
MUTED = _css("muted", "#8a929c")
#: Colours of the levels of the game.  None is the colour of a vector, and the three stay apart for the colour-blind.
LEVELS = {
    "internal": _css("level-internal", "#9a7b00"),
    "external": _css("level-external", "#7a4fd6"),
    "both": _css("level-both", "#00594c"),
}
#: A real family first: Vega measures text on a canvas, which knows no "inherit".
FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
)


@alt.theme.register("multivector", enable=True)
def theme():
    """Colours as CSS variables, so that dark mode and print need no second drawing."""
    axis = {
        "labelColor": TEXT,
        "titleColor": TEXT,
        "tickColor": RULE,
        "domainColor": RULE,
        "gridColor": GRID,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    return alt.theme.ThemeConfig(
        {
            "config": {
                "background": "transparent",
                "font": FONT,
                "view": {"stroke": None},
                "axis": axis,
                "title": {
                    "color": TEXT,
                    "subtitleColor": TEXT,
                    "fontSize": 15,
                    "subtitleFontSize": 12,
                    "anchor": "start",
                    "offset": 12,
                    "lineHeight": 19,
                    "subtitleLineHeight": 16,
                },
                "legend": {
                    "labelColor": TEXT,
                    "titleColor": TEXT,
                    "labelFontSize": 12,
                    "titleFontSize": 12,
                    "orient": "top",
                    "columns": 4,
                    "symbolType": "square",
                    "title": None,
                },
                "text": {"color": TEXT, "fontSize": 12},
                "rule": {"color": RULE},
                "line": {"color": TEXT, "strokeWidth": 2},
                "point": {"filled": True, "color": TEXT},
            }
        }
    )


# --- renderer -------------------------------------------------------------------------------------


def _in_book(spec, **_):
    """The book turns the specification into a static picture and a live chart."""
    return {MIME: spec, "text/plain": f"Chart: {spec.get('description', '')}"}


def _in_session(spec, **_):
    """JupyterLab, VS Code, Binder: Altair's own widget, offline; else a picture."""
    import vl_convert

    spec = _fixed_width(_with_source(spec))
    bundle = live(alt.Chart.from_dict(spec))._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    return {
        **data,
        "image/svg+xml": vl_convert.vegalite_to_svg(spec),
        "text/plain": f"Chart: {spec.get('description', '')}",
    }


def live(chart):
    """A chart as a widget, drawn without a network; :func:`exchange` puts another one in its place."""
    from altair.jupyter import JupyterChart

    JupyterChart.enable_offline()
    return JupyterChart(
        alt.Chart.from_dict(_fixed_width(_with_source(chart.to_dict())))
    )


def exchange(plot, chart):
    """Show another chart in a widget of :func:`live`.

    The specification alone is exchanged: to build Altair's chart from it again, and to check it
    against the schema, takes several times as long as to compute it.
    """
    plot.spec = _fixed_width(_with_source(chart.to_dict(validate=False)))


def _with_source(spec):
    """Outside the book the source line stands under the title."""
    essay = spec.get("usermeta", {}).get("essay")
    if not essay:
        return spec
    title = dict(spec["title"])
    title["subtitle"] = [
        *title.get("subtitle", []),
        *textwrap.wrap(f"{essay['kind']}: {essay['source']}", 90),
    ]
    return {**spec, "title": title, "usermeta": {}}  # the source stands once


def _fixed_width(spec, width=640):
    """Outside the book a container may have no width yet."""
    if isinstance(spec, list):
        return [_fixed_width(s, width) for s in spec]
    if not isinstance(spec, dict):
        return spec
    return {
        k: width
        if k == "width" and v == "container"
        else _fixed_width(v, width)
        if k.endswith("concat")
        else v
        for k, v in spec.items()
    }


alt.renderers.register("book", _in_book)
alt.renderers.register("session", _in_session)
alt.renderers.enable(
    "book" if os.environ.get("MULTIVECTOR_RENDERER") == "book" else "session"
)


# --- grammar ---------------------------------------------------------------------------------------


def finish(chart, title, description, source, kind, subtitle=""):
    """Give a chart what every chart of the essay has.

    Parameters
    ----------
    chart : alt.Chart
    title : str
        A finding, computed, or a question.
    description : str
        What is plotted, its range and main shape, for a reader who cannot see it. Its first sentence stands
        under the figure as its caption, so it says what is drawn to one who has not looked.
    source : str or list of str
        Citations, as ``case.cite`` gives them.
    kind : {"coded", "outside", "both", "model"}
        What the chart is made from.
    subtitle : str
        Units, period, what the reader can do.

    Raises
    ------
    ValueError
        If a text is empty or the kind unknown.
    """
    source = source if isinstance(source, str) else "; ".join(dict.fromkeys(source))
    for name, text in (
        ("title", title),
        ("description", description),
        ("source", source),
    ):
        if not text.strip():
            raise ValueError(f"{name} is empty; allowed: a sentence")
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; allowed: {', '.join(map(repr, KINDS))}")
    heading = alt.Title(textwrap.wrap(title, 66), subtitle=textwrap.wrap(subtitle, 90))
    given = {} if chart.usermeta is alt.Undefined else chart.usermeta.get("essay", {})
    essay = {
        **given,
        "kind": kind,
        "source": source,
        "caption": first_sentence(description),
    }
    return chart.properties(
        title=heading, description=description, usermeta={"essay": essay}
    )


def first_sentence(text):
    """Text up to the first full stop that a capital or a digit follows.

    >>> first_sentence("Bars for 3 of 5.5 threats. The mean is 2. And so on.")
    'Bars for 3 of 5.5 threats.'
    """
    return re.split(r"(?<=[.?!])\s+(?=[A-Z0-9])", text.strip(), maxsplit=1)[0]


def slug(text):
    """Lower case with hyphens, as in the names of the page's colours."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def colours(vectors):
    """Colour scale of the vectors, the same in every figure."""
    shades = [
        f"var(--vector-{slug(v)}, {c})"
        for v, c in zip(vectors["vector"], vectors["colour"])
    ]
    return alt.Scale(domain=list(vectors["vector"]), range=shades)


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


def _time(span, **axis):
    """Axis with a tick at each new year.

    Time is drawn as a number (milliseconds, UTC): the page's memory needs arithmetic on it, and a
    temporal field would be shifted into the reader's time zone.
    """
    years = range(pd.Timestamp(span[0]).year, pd.Timestamp(span[1]).year + 1)
    return alt.Axis(
        title=None,
        values=[_stamp(f"{year}-01-01") for year in years],
        labelExpr="utcFormat(datum.value, '%Y')",
        labelOverlap="greedy",
        labelSeparation=8,
        labelFlush=False,
        **axis,
    )


def _years(span):
    """Scale over a span of days."""
    return alt.Scale(
        domain=[_stamp(day) for day in span], nice=False, zero=False, clamp=True
    )


def _stamp(day):
    return int(pd.Timestamp(day).timestamp() * 1000)


def _days(frame, **names):
    """Dates as day numbers, which the page's memory needs for arithmetic."""
    return frame.assign(
        **{
            new: frame[old].astype("datetime64[s]").astype("int64") // 86400
            for new, old in names.items()
        }
    )


def _when(acts):
    """How an act's date reads: a day, or the first and last possible day."""
    first, last = (
        acts["start"].dt.strftime("%-d %b %Y"),
        acts["end"].dt.strftime("%-d %b %Y"),
    )
    return first.where(acts["start"] == acts["end"], first + " to " + last)


def _act_rows(acts):
    """Acts as charts need them: text for the hover, milliseconds for the axis."""
    rows = acts.assign(
        when=_when(acts),
        from_ms=acts["start"].map(_stamp),
        to_ms=(acts["end"] + pd.Timedelta(days=1)).map(_stamp),
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


def _values(rows):
    """Rows as inline data; missing cells are null, which a chart leaves out (NaN is no JSON)."""
    columns = {c: [None if pd.isna(v) else v for v in rows[c].tolist()] for c in rows}
    return alt.InlineData(
        values=[dict(zip(columns, row)) for row in zip(*columns.values())]
    )


#: Under a text, so that no line strikes it.
_HALO = {"stroke": PAGE, "strokeWidth": 4, "strokeJoin": "round"}
ACT_TOOLTIP = [
    alt.Tooltip("description:N", title="act"),
    alt.Tooltip("when:N", title="date"),
    alt.Tooltip("actor:N", title="by"),
    alt.Tooltip("target:N", title="toward"),
    alt.Tooltip("value:Q", title="Goldstein value"),
    alt.Tooltip("source:N", title="source"),
]


def _breaks(breaks, span, labels=True):
    """Vertical rules at the breaks that the paper names; neighbouring labels stand on two lines."""
    breaks = breaks[breaks["start"].between(*map(pd.Timestamp, span))]
    middle = pd.Timestamp(span[0]) + (pd.Timestamp(span[1]) - pd.Timestamp(span[0])) / 2
    rows = pd.DataFrame(
        {
            "ms": breaks["start"].map(_stamp),
            "label": breaks["label"],
            "source": breaks["source"],
            "early": breaks["start"] < middle,
            "lift": [-7 - 14 * (i % 2) for i in range(len(breaks))],
        }
    )
    base = alt.Chart(_values(rows)).encode(x=alt.X("ms:Q", scale=_years(span)))
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


# --- memory, recomputed in the page -----------------------------------------------------------------

#: What is left of an act at day t; the closed form of ``engagement.decay``.
_SEEN = "max(0, min(datum.last, datum.t) - datum.first + 1)"
_LEFT = (
    "pow(2, -max(0, datum.t - datum.last) / half_life) * (1 - pow(2, -datum.seen / half_life))"
    " / (1 - pow(2, -1 / half_life)) / (datum.last - datum.first + 1)"
)


#: Acts that count by the direction that the reader chooses.
_DIRECTED = "direction == 'both' || datum.direction == direction"


def direction_choice():
    """Radio buttons for acts by the state, acts toward it, or both."""
    return alt.param(
        name="direction",
        value="both",
        bind=alt.binding_radio(
            options=["both", "by", "toward"],
            labels=["both ways", "by the state", "toward it"],
            name="Acts that count",
        ),
    )


def _memory_rows(events):
    """Dyadic acts as the page's memory needs them."""
    acts = events[events["vector"].notna()]
    rows = pd.DataFrame(
        {
            "vector": acts["vector"].astype(str),
            "k": acts["vector"].cat.codes.astype(int),
            "cooperation": acts["goldstein"].clip(lower=0) * acts["weight"],
            "conflict": (-acts["goldstein"]).clip(lower=0) * acts["weight"],
            "start": acts["start"],
            "end": acts["end"],
        }
    )
    rows = _days(rows, first="start", last="end").drop(columns=["start", "end"])
    rows["direction"] = acts["direction"]
    # Memory is linear: acts with one interval, vector and direction may be summed beforehand.
    return rows.groupby(
        ["vector", "k", "first", "last", "direction"], as_index=False
    ).sum()


def _aged(rows, span, directed=False):
    """Every act at every month's end ``ms`` of the span, with what is left of it in ``left``; those of the chosen direction only."""
    first, last = (pd.Timestamp(day) for day in span)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    chart = alt.Chart(_values(rows))
    return (
        (chart.transform_filter(_DIRECTED) if directed else chart)
        .transform_calculate(month=f"sequence({months})")
        .transform_flatten(["month"])
        .transform_calculate(ms=f"utc({first.year}, {first.month} + datum.month, 0)")
        .transform_calculate(t="datum.ms / 864e5")
        .transform_calculate(seen=_SEEN)
        .transform_calculate(left=_LEFT)
    )


def balance_over_time(events, vectors, span, breaks, half_life=730):
    """Balance, shares and acts on one time axis; half-life and vectors can be changed.

    Parameters
    ----------
    events : DataFrame
        Acts shared among vectors (``case.events``).
    vectors : DataFrame
        ``case.vectors``: names and colours, K rows.
    span : pair of dates
        First and last day drawn.
    breaks : DataFrame
        Rows (label, start, source) drawn as vertical rules.
    half_life : float
        Where the slider starts, in days.
    """
    names = list(vectors["vector"])
    switches = [
        alt.param(name=f"on_{i}", value=True, bind=alt.binding_checkbox(name=name))
        for i, name in enumerate(names)
    ]
    switch = f"[{', '.join(s.name for s in switches)}][datum.k] ? 1 : 0"
    share = (
        _aged(_memory_rows(events), span, directed=True)
        .transform_calculate(c=f"datum.cooperation * datum.left * ({switch})")
        .transform_aggregate(c="sum(c)", groupby=["ms", "vector"])
        .transform_joinaggregate(total="sum(c)", groupby=["ms"])
        .transform_calculate(share="datum.total > 0 ? datum.c / datum.total : null")
    )
    x = alt.X("ms:Q", scale=_years(span), axis=_time(span))
    bare = alt.X(
        "ms:Q",
        scale=_years(span),
        axis=_time(span, labels=False, ticks=False, domain=False),
    )
    balance = (
        share.transform_calculate(
            part="datum.share > 0 ? -datum.share * log(datum.share) : 0"
        )
        .transform_aggregate(h="sum(part)", total="max(total)", groupby=["ms"])
        .transform_calculate(
            balance=f"datum.total > 0 ? datum.h / log({len(names)}) : null",
            effective="pow(%d, datum.balance)" % len(names),
        )
    )
    tip = [
        alt.Tooltip("month_name:N", title="month"),
        alt.Tooltip("balance:Q", format=".2f", title="balance"),
        alt.Tooltip("effective:Q", format=".1f", title="effective vectors"),
    ]
    line = balance.transform_calculate(month_name="utcFormat(datum.ms, '%B %Y')")
    y = alt.Y(
        "effective:Q",
        title=["effective number", "of partners"],
        scale=alt.Scale(domain=[1, len(names)], nice=False),
        axis=alt.Axis(values=[1, *range(2, len(names) + 1, 2)], format="d"),
    )
    dots = line.mark_point(opacity=0, size=90).encode(bare, y, tooltip=tip)
    top = alt.layer(
        *_breaks(breaks, span),
        line.mark_line().encode(bare, y),
        *_extremes(line, bare, y),
        dots,
    ).properties(height=130, width="container", name="balance")
    colour = alt.Color("vector:N", scale=colours(vectors))
    area = (
        share.transform_lookup(
            "vector",
            alt.LookupData(
                _values(pd.DataFrame({"vector": names, "order": range(len(names))})),
                "vector",
                ["order"],
            ),
        )
        .mark_area(stroke=PAGE, strokeWidth=0.6)
        .encode(
            bare,
            alt.Y(
                "share:Q",
                stack="zero",
                title="share of cooperation",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
            ),
            colour,
            alt.Order("order:Q"),
            tooltip=[alt.Tooltip("vector:N", title="vector")],
        )
    )
    middle = alt.layer(area, *_breaks(breaks, span, labels=False)).properties(
        height=210, width="container", name="shares"
    )
    lanes = _lanes(
        events[events["vector"].notna()].drop_duplicates(["id", "vector"]),
        x,
        alt.Y("vector:N", sort=names, title=None, axis=None),
        colour,
    ).properties(
        height=len(names) * 13,
        width="container",
        name="acts",
        title=_heading(
            "A strip: an act, from its first to its last possible day; darker: acts overlap"
        ),
    )
    chart = (
        alt.vconcat(top, middle, lanes, spacing=6)
        .resolve_scale(x="shared", color="shared")
        .add_params(half_life_slider(half_life), direction_choice(), *switches)
    )
    controls = {
        s.name: {"label": name, "colour": f"var(--vector-{slug(name)}, {c})"}
        for s, name, c in zip(switches, names, vectors["colour"])
    }
    return chart.properties(usermeta={"essay": {"controls": controls}})


def _extremes(line, x, y):
    """Highest and lowest month of the line, with its number; of several equal ones the first."""
    parts = []
    for order, place in (
        ("descending", {"align": "left", "dx": 7, "dy": -1}),
        ("ascending", {"dy": 11}),
    ):
        end = (
            line.transform_filter("isValid(datum.effective)")
            .transform_window(
                place="row_number()",
                sort=[alt.SortField("effective", order=order), alt.SortField("ms")],
            )
            .transform_filter("datum.place == 1")
        )
        parts += [
            end.mark_point(size=45, opacity=1).encode(x, y),
            end.mark_text(**place, fontWeight="bold").encode(
                x, y, text=alt.Text("effective:Q", format=".1f")
            ),
        ]
    return parts


def _lanes(acts, x, y, colour):
    """Acts as bars from their first to their last possible day; known days are ticks."""
    rows = _act_rows(acts)
    base = (
        alt.Chart(_values(rows))
        .transform_filter(_DIRECTED)
        .encode(x, y, colour, tooltip=ACT_TOOLTIP)
    )
    long = (
        base.transform_filter("datum.to_ms - datum.from_ms > 40 * 864e5")
        .mark_bar(height=9, opacity=0.35, cornerRadius=2)
        .encode(x=_renamed(x, "from_ms"), x2="to_ms:Q")
    )
    short = (
        base.transform_filter("datum.to_ms - datum.from_ms <= 40 * 864e5")
        .mark_tick(thickness=2, height=11, opacity=1)
        .encode(x=_renamed(x, "from_ms"))
    )
    return alt.layer(long, short)


def _renamed(channel, field):
    copy = channel.copy()
    copy.shorthand = field + channel.shorthand[-2:]
    return copy


def balance_with_bands(bands, span, breaks, most):
    """Effective number of vectors with its percentile band, as computed in Python; stands still.

    ``bands`` holds rows (date, index, value, lower, upper) of ``engagement.bands``; ``most`` is the number of vectors.
    """
    rows = bands[bands["index"] == "effective_vectors"].assign(
        ms=lambda b: b["date"].map(_stamp),
        month=lambda b: b["date"].dt.strftime("%B %Y"),
    )
    x = alt.X("ms:Q", scale=_years(span), axis=_time(span))
    scale = alt.Scale(domain=[1, most])
    base = alt.Chart(_values(rows[["ms", "month", "value", "lower", "upper"]])).encode(
        x=x
    )
    band = base.mark_area(opacity=0.25, color=ACCENT).encode(
        alt.Y("lower:Q", title="effective number of partners", scale=scale),
        y2="upper:Q",
    )
    tip = [
        "month:N",
        *(alt.Tooltip(f"{c}:Q", format=".2f") for c in ("value", "lower", "upper")),
    ]
    dots = base.mark_point(opacity=0, size=90).encode(
        y=alt.Y("value:Q", scale=scale), tooltip=tip
    )
    return alt.layer(
        *_breaks(breaks, span),
        band,
        base.mark_line(color=ACCENT).encode(y=alt.Y("value:Q", scale=scale)),
        dots,
    ).properties(height=200, width="container", name="bands")


def tilt_over_time(codings, poles, span, breaks, half_life=730):
    """Tilt between two poles as memory makes it, one line a coding; half-life can be changed.

    Parameters
    ----------
    codings : dict of str to DataFrame
        Name of the coding and its events.
    poles : pair of str
        1 on the axis means all engagement is with the first, -1 with the second.
    """
    rows = pd.concat(
        [
            _memory_rows(e[e["vector"].isin(poles)]).assign(coding=name)
            for name, e in codings.items()
        ]
    )
    rows["sign"] = rows["vector"].map({poles[0]: 1, poles[1]: -1})
    line = (
        _aged(rows, span, directed=True)
        .transform_calculate(
            net="datum.sign * (datum.cooperation - datum.conflict) * datum.left",
            all="(datum.cooperation + datum.conflict) * datum.left",
        )
        .transform_aggregate(net="sum(net)", all="sum(all)", groupby=["ms", "coding"])
        .transform_calculate(
            tilt="datum.all > 0 ? datum.net / datum.all : null",
            month_name="utcFormat(datum.ms, '%B %Y')",
        )
    )
    x = alt.X("ms:Q", scale=_years(span), axis=_time(span))
    y = alt.Y(
        "tilt:Q",
        title=[f"tilt: −1 all with {poles[1]},", f"+1 all with {poles[0]}"],
        scale=alt.Scale(domain=[-1, 1]),
        axis=alt.Axis(values=[-1, -0.5, 0, 0.5, 1]),
    )
    tip = [
        alt.Tooltip("month_name:N", title="month"),
        "coding:N",
        alt.Tooltip("tilt:Q", format="+.2f"),
    ]
    legend = (
        None
        if len(codings) == 1
        else alt.Legend(symbolType="stroke", labelExpr="datum.label + '’s dates'")
    )
    dash = alt.StrokeDash(
        "coding:N",
        scale=alt.Scale(domain=list(codings), range=[[1, 0], [6, 4]][: len(codings)]),
        legend=legend,
    )
    colour = alt.Color(
        "coding:N",
        scale=alt.Scale(domain=list(codings), range=[TEXT, ACCENT][: len(codings)]),
        legend=legend,
    )
    zero = alt.Chart(_values(pd.DataFrame({"tilt": [0]}))).mark_rule().encode(y=y)
    layers = [
        *_breaks(breaks, span),
        zero,
        line.mark_line().encode(x, y, colour, dash),
        line.mark_point(opacity=0, size=90).encode(x, y, tooltip=tip),
    ]
    return (
        alt.layer(*layers)
        .properties(height=240, width="container", name="tilt")
        .add_params(half_life_slider(half_life), direction_choice())
    )


# --- acts ------------------------------------------------------------------------------------------


def acts_over_time(acts, span):
    """All acts by level of the game; a slider hides those that are dated too widely."""
    rows = acts.sort_values(["level", "start", "end"]).assign(
        days=lambda a: (a["end"] - a["start"]).dt.days + 1
    )
    rows["lane"] = _packed(rows)
    text = _act_rows(rows)
    text["days"] = rows["days"]
    x = alt.X("from_ms:Q", scale=_years(span), axis=_time(span))
    base = (
        alt.Chart(_values(text))
        .transform_filter("datum.days <= widest")
        .encode(
            y=alt.Y(
                "lane:O",
                axis=alt.Axis(
                    title="rows only keep the acts apart",
                    labels=False,
                    ticks=False,
                    domain=False,
                    grid=False,
                ),
            )
        )
    )
    shade = alt.Color(
        "level:N", scale=alt.Scale(domain=list(LEVELS), range=list(LEVELS.values()))
    )
    long = (
        base.transform_filter("datum.days > 31")
        .mark_bar(height={"band": 0.8}, cornerRadius=2, opacity=0.75, clip=True)
        .encode(x, x2="to_ms:Q", color=shade, tooltip=ACT_TOOLTIP)
    )
    short = (
        base.transform_filter("datum.days <= 31")
        .mark_point(shape="diamond", size=55, opacity=1, clip=True)
        .encode(x, color=shade, tooltip=ACT_TOOLTIP)
    )
    facets = alt.layer(long, short).properties(
        height=7 * (max(rows["lane"]) + 1), width="container", name="levels"
    )
    first, last = (pd.Timestamp(day) for day in span)
    days, years = (last - first).days + 1, last.year - first.year + 1
    return facets.add_params(
        slider(
            "widest",
            f"Show acts dated to within (days; {days} are all {years} years)",
            1,
            days,
            days,
        )
    )


def _packed(rows):
    """Lane of each bar, so that bars do not cover one another; the levels keep apart."""
    lanes, ends, offset, level = [], [], 0, None
    for start, end, current in zip(rows["start"], rows["end"], rows["level"]):
        if current != level:
            offset, ends, level = offset + len(ends) + (1 if level else 0), [], current
        room = start - pd.Timedelta(days=60)
        free = next((i for i, last in enumerate(ends) if last < room), len(ends))
        ends[free : free + 1] = [max(end, start + pd.Timedelta(days=31))]
        lanes.append(offset + free)
    return lanes


#: How the legend reads the event scheme's classes "material conflict", "verbal cooperation" and so on.
_DEEDS_AND_WORDS = "split(datum.label, ' ')[1] + (split(datum.label, ' ')[0] == 'verbal' ? ' in words' : ' in deeds')"


def acts_by_office(acts, span):
    """Acts of the state by the office that acts and the kind of act; the years can be narrowed."""
    rows = _act_rows(acts)
    rows["first"], rows["last"] = acts["start"].dt.year, acts["end"].dt.year
    first, last = (pd.Timestamp(day).year for day in span)
    kinds = [
        "material conflict",
        "verbal conflict",
        "verbal cooperation",
        "material cooperation",
    ]
    rows = rows[rows["kind"].isin(kinds)].assign(
        order=rows["kind"].map({k: i for i, k in enumerate(kinds)})
    )
    shades = [
        _css("kind-1", "#b3400e"),
        _css("kind-2", "#f5a36b"),
        _css("kind-3", "#6fb1ff"),
        _css("kind-4", "#1f62b5"),
    ]
    bars = (
        alt.Chart(_values(rows))
        .transform_filter("datum.last >= from_year && datum.first <= to_year")
        .mark_bar()
        .encode(
            alt.X("count():Q", title="acts", axis=alt.Axis(tickMinStep=1)),
            alt.Y(
                "office:N",
                sort="-x",
                title=None,
                axis=alt.Axis(
                    labelExpr="datum.label == 'not told' ? 'author not named' : datum.label"
                ),
            ),
            alt.Color(
                "kind:N",
                scale=alt.Scale(domain=kinds, range=shades),
                legend=alt.Legend(labelExpr=_DEEDS_AND_WORDS),
            ),
            alt.Order("order:Q"),
            tooltip=["office:N", "kind:N", alt.Tooltip("count():Q", title="acts")],
        )
    )
    return bars.properties(
        height=26 * rows["office"].nunique(), width="container", name="offices"
    ).add_params(
        slider("from_year", "From the year", first, last, first),
        slider("to_year", "To the year", first, last, last),
    )


def around_threats(events, threats, poles, vectors, until, window=180):
    """Acts by the state after less before each threat, pole by pole; the window can be changed.

    A window that runs past ``until``, the last day that the coding covers, is not drawn but named.
    """
    acts = events[events["vector"].isin(poles) & (events["direction"] == "by")]
    rows = _memory_rows(acts)
    rows["net"] = rows["cooperation"] - rows["conflict"]
    marks = _days(
        pd.DataFrame(
            {
                "threat": [
                    f"{d:%-d %b %Y}: {t.split(';')[0]}"
                    for d, t in zip(threats["start"], threats["description"])
                ],
                "start": threats["start"],
            }
        ),
        day="start",
    ).drop(columns="start")
    rows = rows.merge(marks, how="cross")
    end = int(pd.Timestamp(until).timestamp() // 86400)
    share = "max(0, min(datum.last, {b}) - max(datum.first, {a}) + 1) / (datum.last - datum.first + 1)"
    moves = (
        alt.Chart(_values(rows))
        .transform_calculate(
            after=share.format(a="datum.day + 1", b="datum.day + window_days"),
            before=share.format(a="datum.day - window_days", b="datum.day - 1"),
        )
        .transform_calculate(move="datum.net * (datum.after - datum.before)")
        .transform_aggregate(move="sum(move)", groupby=["threat", "vector", "day"])
        .transform_calculate(seen=f"datum.day + window_days <= {end}")
    )
    order = list(marks["threat"])
    y = alt.Y(
        "threat:N",
        sort=order,
        title=None,
        axis=None,
        scale=alt.Scale(paddingInner=0.4, paddingOuter=0.35),
    )
    # Room at both ends for the values; a grid would strike the headings.
    x = alt.X(
        "move:Q",
        title="points on the Goldstein scale, after minus before",
        scale=alt.Scale(padding=38, nice=False),
        axis=alt.Axis(grid=False),
    )
    bars = (
        moves.transform_filter("datum.seen")
        .mark_bar()
        .encode(
            x,
            y,
            yOffset=alt.YOffset("vector:N", sort=list(poles)),
            color=alt.Color("vector:N", scale=_pole_colours(vectors, poles)),
            tooltip=["threat:N", "vector:N", alt.Tooltip("move:Q", format="+.1f")],
        )
    )
    worded = moves.transform_calculate(
        words="format(datum.move, abs(datum.move) < 0.1 ? '+.2f' : '+.1f')"
    )
    values = [
        worded.transform_filter(f"datum.seen && {side}")
        .mark_text(align=align, dx=dx, fontSize=11)
        .encode(
            x,
            y,
            yOffset=alt.YOffset("vector:N", sort=list(poles), bandPosition=0.5),
            text="words:N",
        )
        for side, align, dx in (
            ("datum.move >= 0", "left", 4),
            ("datum.move < 0", "right", -4),
        )
    ]
    zero = (
        alt.Chart(_values(pd.DataFrame({"move": [0]})))
        .mark_rule(color=TEXT, strokeWidth=1.5)
        .encode(x)
    )
    hole = (
        moves.transform_filter("!datum.seen")
        .transform_aggregate(n="count()", groupby=["threat"])
        .mark_text(align="left", dx=4, fontStyle="italic")
        .encode(
            y=y,
            x=alt.datum(0),
            text=alt.value("the coding ends before the window does"),
        )
    )
    names = [
        alt.Chart(_values(marks))
        .mark_text(
            align="left",
            baseline="bottom",
            dy=-5,
            x=0,
            fontWeight="bold",
            limit=alt.expr("width"),
            **under,
        )
        .encode(y=alt.Y("threat:N", sort=order, bandPosition=0), text="threat:N")
        for under in (_HALO, {})
    ]
    return (
        alt.layer(bars, zero, *values, hole, *names)
        .properties(height=72 * len(order), width="container", name="moves")
        .add_params(slider("window_days", "Window (days)", 30, 365, window, 5))
    )


def threats_shifted(shifted, tests, source, window=180):
    """Where the moves after threats stand among all shifts of the threats round the span; the window can be chosen.

    Parameters
    ----------
    shifted : DataFrame
        Rows (window, statistic), as ``breaks.shifts`` gives them: one for each shift.
    tests : dict of int to breaks.Result
        ``breaks.lead_lag`` for each window, in days.
    source : str
        Citation of the acts, for the hover.
    window : int
        Where the choice starts, in days.
    """
    fields = ["statistic", "p", "smallest_p", "n", "draws"]
    rows = [
        [days, *(getattr(test, field) for field in fields), source]
        for days, test in tests.items()
    ]
    without = pd.concat(
        [
            test.details.assign(
                window=days,
                source=source,
                threat=test.details["threat"].dt.strftime("%-d %b %Y"),
            )
            for days, test in tests.items()
        ]
    )
    # Threats without which the result is nearly the same stand on one another, so that each can be seen.
    without = without.assign(
        near=without["statistic"].div(shifted["statistic"].abs().max() / 20).round()
    )
    without["lift"] = 7 + 13 * without.groupby(["window", "near"]).cumcount()
    without, tests = (
        without[["window", "threat", "statistic", "p", "source", "lift"]],
        pd.DataFrame(rows, columns=["window", *fields, "source"]),
    )
    rows = shifted[["window", "statistic"]].merge(
        tests[["window", "statistic", "source"]],
        on="window",
        suffixes=("", "_seen"),
        validate="many_to_one",
    )
    # Equal but for rounding is as far: what was observed is one of the shifts.
    rows = rows.assign(
        low=rows["statistic"].round(9).floordiv(1),
        far=rows["statistic"].abs() >= rows["statistic_seen"].abs() - 1e-9,
    )
    bins = rows.groupby(["window", "low", "far", "source"], as_index=False).agg(
        shifts=("statistic", "size")
    )
    bins = bins.sort_values(["window", "low", "far"], ascending=[True, True, False])
    share = bins["shifts"] / bins.groupby("window")["shifts"].transform("sum")
    top = share.groupby([bins["window"], bins["low"]]).cumsum()
    names = ["as large as observed, either way", "smaller"]
    bins = bins.assign(
        top=top.round(5),
        bottom=(top - share).round(5),
        high=bins["low"] + 1,
        far=bins["far"].map({True: names[0], False: names[1]}),
    )
    choice = alt.param(
        name="window_days",
        value=window,
        bind=alt.binding_select(
            options=sorted(int(w) for w in tests["window"]),
            name="Window on either side (days)",
        ),
    )
    here, edge = "datum.window == window_days", math.ceil(rows["statistic"].abs().max())
    x = alt.X(
        "low:Q",
        title="mean move, points on the Goldstein scale, after minus before",
        scale=alt.Scale(domain=[-edge, edge], nice=False),
    )
    y = alt.Y(
        "top:Q",
        title="share of shifts",
        scale=alt.Scale(zero=True),
        axis=alt.Axis(format="%", tickCount=4),
    )
    bars = (
        alt.Chart(_values(bins))
        .transform_filter(here)
        .mark_rect(stroke=PAGE, strokeWidth=0.5)
        .encode(
            x,
            y,
            x2="high:Q",
            y2="bottom:Q",
            color=alt.Color(
                "far:N",
                scale=alt.Scale(domain=names, range=[ACCENT, MUTED]),
                legend=alt.Legend(offset=24, labelLimit=300),
            ),
            tooltip=[
                "far:N",
                alt.Tooltip("low:Q", title="move from"),
                alt.Tooltip("high:Q", title="to"),
                alt.Tooltip("shifts:Q", format=",d"),
                "source:N",
            ],
        )
    )
    seen = (
        alt.Chart(_values(tests.round(5)))
        .transform_filter(here)
        .transform_calculate(
            label="'observed ' + format(datum.statistic, '+.1f') + ', p = ' + format(datum.p, '.2f') + ', n = ' + datum.n"
        )
    )
    tip = [
        alt.Tooltip("statistic:Q", format="+.2f", title="observed"),
        alt.Tooltip("p:Q", format=".3f"),
        alt.Tooltip("smallest_p:Q", format=".5f", title="smallest possible p"),
        alt.Tooltip("n:Q", title="threats"),
        alt.Tooltip("draws:Q", format=",d", title="shifts"),
        "source:N",
    ]
    at = alt.X("statistic:Q", scale=alt.Scale(domain=[-edge, edge], nice=False))
    line = seen.mark_rule(strokeWidth=2.5).encode(at, tooltip=tip)
    words = seen.mark_text(
        align="left", baseline="bottom", x=0, y=-5, fontWeight="bold"
    ).encode(text="label:N")
    left = (
        alt.Chart(_values(without.round(5)))
        .transform_filter(here)
        .mark_point(
            shape="triangle-up",
            size=90,
            filled=True,
            color=TEXT,
            stroke=PAGE,
            opacity=1,
            y=alt.expr("height - datum.lift"),
        )
        .encode(
            at,
            tooltip=[
                alt.Tooltip("threat:N", title="left out"),
                alt.Tooltip("statistic:Q", format="+.2f", title="then observed"),
                alt.Tooltip("p:Q", format=".3f", title="then p"),
                "source:N",
            ],
        )
    )
    return (
        alt.layer(bars, line, left, words)
        .properties(height=230, width="container", name="shifts")
        .add_params(choice)
    )


def _pole_colours(vectors, poles):
    scale = colours(vectors)
    return alt.Scale(
        domain=list(poles), range=[scale.range[scale.domain.index(p)] for p in poles]
    )


# --- outside sources --------------------------------------------------------------------------------


def agreement_over_time(series, vectors, first_year, last_year):
    """Agreement with each vector year by year; years without a vote stay empty.

    ``series`` holds rows (year, vector, value, n, source) for every year.
    """
    names = [v for v in vectors["vector"] if v in set(series["vector"])]
    rows = series[series["year"].between(first_year, last_year)]
    base = _year_chart(rows, first_year, last_year).encode(
        color=alt.Color("vector:N", scale=_pole_colours(vectors, names))
    )
    y = alt.Y(
        "shown:Q",
        title="agreement in UN votes (0 to 1)",
        scale=alt.Scale(domain=[0, 1]),
    )
    tip = [
        alt.Tooltip("year:Q", format="d"),
        "vector:N",
        alt.Tooltip("shown:Q", format=".2f", title="agreement"),
        alt.Tooltip("n:Q", title="roll calls"),
        "source:N",
    ]
    # A field of its own: one that is written over would be lost when the slider goes back.
    dots = base.transform_calculate(shown="datum.n >= fewest ? datum.value : null")
    line = dots.mark_line().encode(y=y)
    layers = [
        *_holes(rows, first_year, last_year),
        line,
        dots.mark_point(size=60).encode(y=y, tooltip=tip),
    ]
    return (
        alt.layer(*layers)
        .properties(height=240, width="container", name="agreement")
        .add_params(
            slider("fewest", "Leave out years with fewer roll calls than", 1, 60, 1)
        )
    )


def gap_over_time(
    series, poles, first_year, last_year, marked=(), state="the state", peers=()
):
    """Gap in agreement between the poles, the state and its peers; years without a vote stay empty.

    Parameters
    ----------
    series : DataFrame
        Rows (year, gap, peers, net, n, n_peers, source) for every year; if there are columns ``lowest`` and
        ``highest``, a pale band lies between these gaps of the peers.
    poles : pair of str
    first_year, last_year : int
    marked : sequence of int
        Years that get large dots.
    state : str
        Name of the state in the legend.
    peers : sequence of str, optional
        Names of the peers for the legend.
    """
    rows = series[series["year"].between(first_year, last_year)].assign(
        marked=lambda r: r["year"].isin(list(marked))
    )
    banded = {"lowest", "highest"} <= set(rows)
    mean = "mean of the peers"
    long = rows.melt(
        ["year", "n", "n_peers", "source", "marked"], ["gap", "peers"], "who", "value"
    ).replace({"who": {"gap": state, "peers": mean}})
    base = _year_chart(long, first_year, last_year).transform_calculate(
        shown=f"datum.who != {quoted(state)} || datum.n >= fewest ? datum.value : null"
    )
    y = alt.Y(
        "shown:Q",
        title=["gap in UN votes: agreement with", f"{poles[0]} minus {poles[1]}"],
        scale=alt.Scale(zero=True),
    )
    # A legend cannot break a line by itself, and a phone has no room for all names in one.
    key = "|".join(
        textwrap.wrap(
            (f"mean of {', '.join(peers)}" if peers else mean)
            + ("; band: lowest to highest" if banded else ""),
            40,
        )
    )
    colour = alt.Color(
        "who:N",
        scale=alt.Scale(domain=[state, mean], range=[ACCENT, MUTED]),
        legend=alt.Legend(
            columns=1,
            labelLimit=300,
            labelExpr=f"datum.value == {quoted(mean)} ? split({quoted(key)}, '|') : datum.label",
        ),
    )
    tip = [
        alt.Tooltip("year:Q", format="d"),
        "who:N",
        alt.Tooltip("shown:Q", format="+.2f", title="gap"),
        alt.Tooltip("n:Q", title="roll calls of the state"),
        "source:N",
    ]
    size = alt.condition(
        f"datum.marked && datum.who == {quoted(state)}",
        alt.value(150),
        alt.value(45),
    )
    band = (
        [
            _year_chart(rows[["year", "lowest", "highest"]], first_year, last_year)
            .mark_area(color=MUTED, opacity=0.2)
            .encode(alt.Y("lowest:Q"), y2="highest:Q")
        ]
        if banded
        else []
    )
    layers = [
        *_holes(rows, first_year, last_year),
        *band,
        base.mark_line().encode(y=y, color=colour),
        base.mark_point(opacity=1).encode(y=y, color=colour, size=size, tooltip=tip),
    ]
    return (
        alt.layer(*layers)
        .properties(height=220, width="container", name="gap")
        .add_params(
            slider("fewest", "Leave out years with fewer roll calls than", 1, 60, 1)
        )
    )


def _year_chart(rows, first_year, last_year):
    return alt.Chart(_values(rows)).encode(x=_year_axis("year", first_year, last_year))


def _year_axis(field, first_year, last_year):
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


def _year_bars(chart, first_year, last_year):
    """Bars that leave a gap between years, whatever the width of the page."""
    return chart.transform_calculate(
        a="datum.year - 0.35", b="datum.year + 0.35"
    ).encode(x=_year_axis("a", first_year, last_year), x2="b:Q", y2=alt.datum(0))


def _holes(rows, first_year, last_year):
    """Years in which the state cast no vote, hatched by name."""
    empty = pd.DataFrame(
        {"year": sorted(set(rows.loc[rows["n"] == 0, "year"].astype(int)))},
        dtype="Int64",
    )
    if empty.empty:
        return []
    empty = empty.assign(a=empty["year"] - 0.45, b=empty["year"] + 0.45).astype(float)
    base = alt.Chart(_values(empty))
    return [
        base.mark_rect(color=GRID, opacity=0.7).encode(
            x=_year_axis("a", first_year, last_year),
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
        ).encode(x=_year_axis("year", first_year, last_year)),
    ]


def attendance_over_time(series, names):
    """Share of roll calls in which a state voted; another state can be laid beside it.

    ``series`` holds rows (year, state, cast, calls, share, source); the first of ``names`` is the state
    under study.
    """
    own, others = names[0], list(names[1:])
    first, last = int(series["year"].min()), int(series["year"].max())
    pick = alt.param(
        name="peer",
        value=others[0],
        bind=alt.binding_select(options=others, name="Beside it"),
    )
    base = _year_chart(series, first, last)
    y = alt.Y(
        "share:Q",
        title="share of roll calls voted",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%"),
    )
    tip = [
        alt.Tooltip("year:Q", format="d"),
        "state:N",
        alt.Tooltip("cast:Q", title="votes cast"),
        alt.Tooltip("calls:Q", title="roll calls"),
        "source:N",
    ]
    # The legend names the state that is laid beside it, whichever the reader has chosen.
    key = alt.Legend(
        labelExpr="datum.value == 'peer' ? peer + ' (line)' : datum.label + ' (bars)'"
    )
    shade = alt.Color(
        "key:N",
        scale=alt.Scale(domain=[own, "peer"], range=[ACCENT, MUTED]),
        legend=key,
    )
    bars = (
        _year_bars(
            base.transform_filter(f"datum.state == {quoted(own)}")
            .transform_filter("datum.year >= since")
            .transform_calculate(key="datum.state"),
            first,
            last,
        )
        .mark_rect()
        .encode(y=y, color=shade, tooltip=tip)
    )
    zero = (
        base.transform_filter(f"datum.state == {quoted(own)}")
        .transform_filter("datum.cast == 0 && datum.year >= since")
        .mark_text(dy=-8, fontWeight="bold")
        .encode(y=y, text=alt.value("0"), tooltip=tip)
    )
    peer = (
        base.transform_filter("datum.state == peer")
        .transform_filter("datum.year >= since")
        .transform_calculate(key="'peer'")
    )
    return (
        alt.layer(
            bars,
            zero,
            peer.mark_line().encode(y=y, color=shade),
            peer.mark_point(size=45).encode(y=y, color=shade, tooltip=tip),
        )
        .properties(height=220, width="container", name="attendance")
        .add_params(pick, slider("since", "From the year", first, last - 1, first))
    )


def balances_over_time(rows, first_year, last_year, year):
    """The balance of a state by every source side by side, with a year of the reader's choice read off.

    Parameters
    ----------
    rows : DataFrame
        Rows (series, kind, year, value, vectors, lower, upper, part, source), years ascending: effective
        vectors, ``kind`` "coded" or "outside", ``vectors`` the most that the value could be; ``lower`` and
        ``upper`` hold nine draws in ten and are NaN where no band is known, ``part`` told apart on the two sides of a break in the source.
    first_year, last_year : int
        Years drawn and offered by the slider.
    year : int
        Where the slider starts.
    """
    if unknown := set(rows["kind"]) - {"coded", "outside"}:
        raise ValueError(f"kind is {sorted(unknown)[0]!r}; allowed: 'coded', 'outside'")
    names, inside = (
        list(dict.fromkeys(rows["series"])),
        rows[rows["year"].between(first_year, last_year)],
    )
    panels = [
        _balance_panel(
            inside[inside["series"] == name],
            first_year,
            last_year,
            name == names[-1],
            "balances" if i == 0 else f"balances_{i}",
        )
        for i, name in enumerate(names)
    ]
    return (
        alt.vconcat(*panels, spacing=8)
        .resolve_scale(x="shared", y="independent")
        .add_params(
            slider("balance_year", "Read off the year", first_year, last_year, year)
        )
    )


def _balance_panel(rows, first_year, last_year, lowest, name):
    """One source: its line, its band, its ceiling, its breaks, and the value of the chosen year above it."""
    one, most, banded = (
        rows.iloc[0],
        int(rows["vectors"].max()),
        rows["lower"].notna().any(),
    )
    shade = {"coded": ACCENT, "outside": TEXT}[one["kind"]]
    x = (
        _year_axis("year", first_year, last_year)
        if lowest
        else _year_axis("year", first_year, last_year).axis(
            labels=False, ticks=False, domain=False, grid=False
        )
    )
    scale = alt.Scale(domain=[1, most], nice=False)
    y = alt.Y(
        "value:Q", title=None, scale=scale, axis=alt.Axis(values=[1, most], format="d")
    )
    # Every year has a row, so that a year without a value can be said to have none.
    every = pd.DataFrame({"year": range(first_year, last_year + 1)}).merge(
        rows[["year", "value", "part", *(["lower", "upper"] if banded else [])]],
        on="year",
        how="left",
    )
    every = every.assign(
        part=every["part"].ffill().bfill().astype(int), source=one["source"]
    ).round({"value": 3, "lower": 3, "upper": 3})
    base = alt.Chart(_values(every))
    tip = [
        alt.Tooltip("year:Q", format="d"),
        alt.Tooltip("value:Q", format=".1f", title="effective vectors"),
        *(alt.Tooltip(f"{c}:Q", format=".1f") for c in ("lower", "upper") if banded),
        "source:N",
    ]
    band = (
        [
            base.mark_area(opacity=0.2, color=shade).encode(
                x, alt.Y("lower:Q", scale=scale), y2="upper:Q"
            )
        ]
        if banded
        else []
    )
    broken = rows.loc[rows["part"].diff() > 0, ["year", "source"]]
    cut = (
        [
            alt.Chart(_values(broken))
            .transform_calculate(at="datum.year - 0.5")
            .mark_rule(strokeDash=[2, 3])
            .encode(
                _renamed(x, "at"),
                tooltip=[
                    alt.Tooltip(
                        "year:Q", format="d", title="break in the source, from"
                    ),
                    "source:N",
                ],
            )
        ]
        if len(broken)
        else []
    )
    heading = [
        f"{one['series']} ({one['kind']})",
        *(["band: nine draws in ten"] if banded else []),
        *(["dotted: the source changes"] if cut else []),
    ]
    picked = base.transform_filter("datum.year == balance_year")
    words = (
        picked.transform_calculate(
            text="balance_year + ': ' + (isValid(datum.value) ? format(datum.value, '.1f') : 'no value')"
        )
        .mark_text(
            align="right",
            baseline="bottom",
            x=alt.expr("width"),
            y=-5,
            fontWeight="bold",
        )
        .encode(text="text:N")
    )
    layers = [
        *band,
        picked.mark_rule(strokeWidth=1, opacity=0.5).encode(x),
        *cut,
        base.mark_line(color=shade, strokeWidth=1.8).encode(x, y, detail="part:O"),
        base.mark_point(color=shade, size=32, opacity=1).encode(x, y, tooltip=tip),
        picked.mark_point(color=shade, size=110, opacity=1).encode(x, y, tooltip=tip),
        words,
    ]
    return alt.layer(*layers).properties(
        height=66, width="container", name=name, title=_heading("; ".join(heading))
    )


# --- all evidence on one axis -------------------------------------------------------------------------

#: First and last moment that the two sliders of the timeline leave in sight.
_EARLY, _LATE = (
    "utc(min(from_year, to_year), 0, 1)",
    "utc(max(from_year, to_year) + 1, 0, 1)",
)


def evidence_over_time(
    acts, marks, leaders, vector_series, state_series, vectors, names, span
):
    """Leaders, shocks, acts and outside series on one time axis, zoomed by sliders and brushed together.

    Parameters
    ----------
    acts : DataFrame
        ``case.acts``; acts without a vector stand in a row of their own.
    marks : DataFrame
        Rows (start, label, kind, source) of shocks and threats.
    leaders : DataFrame
        Rows (iso3, leader, start, end, exit_code, source).
    vector_series, state_series : list of alignment.Series
        Outside series by partner, and of the state and its region; one of each is shown at a time.
    vectors : DataFrame
        ``case.vectors``.
    names : dict of str to str
        ISO3 code to name, for leaders and states; the state under study comes first.
    span : pair of dates
    """
    first, last = (pd.Timestamp(day).year for day in span)
    # A scale in UTC, whose ticks follow the sliders; a local one would shift with the reader's time zone.
    scale = alt.Scale(
        type="utc",
        domain=alt.ExprRef(f"[{_EARLY}, {_LATE}]"),
        nice=False,
        zero=alt.Undefined,
        clamp=True,
    )
    axis = alt.Axis(
        title=None,
        format="%Y",
        tickCount="year",
        labelOverlap="greedy",
        labelSeparation=8,
        labelFlush=False,
        grid=False,
    )
    x, bare = (alt.X("ms:T", scale=scale, axis=a) for a in (axis, None))
    brush = alt.selection_interval(name="brush", encodings=["x"])
    faded = alt.condition(brush, alt.value(1), alt.value(0.15))
    parts = [
        _leader_lanes(leaders, names, bare, faded),
        _shock_lanes(marks, bare, faded),
        _act_lanes(acts, vectors, bare, faded),
        _vector_lines(vector_series, vectors, bare, faded, (first, last)),
        _state_lines(state_series, names, x, faded, (first, last), brush),
    ]
    pickers = [
        _picker("partner_series", vector_series, "Series by partner"),
        _picker("state_series", state_series, "Series of the state"),
        slider("from_year", "From the year", first, last, first),
        slider("to_year", "To the year", first, last, last),
        alt.param(
            name="rows",
            value="vector",
            bind=alt.binding_radio(options=["vector", "level"], name="Rows of acts by"),
        ),
    ]
    return (
        alt.vconcat(*parts, spacing=8)
        .resolve_scale(color="independent")
        .add_params(*pickers)
    )


def _picker(name, series, label):
    return alt.param(
        name=name,
        value=series[0].label,
        bind=alt.binding_select(options=[s.label for s in series], name=label),
    )


def _mid(start, end):
    return (start.map(_stamp) + end.map(_stamp)) // 2


def _leader_lanes(leaders, names, x, faded):
    rows = leaders[leaders["iso3"].isin(list(names))]
    rows = rows.assign(
        state=rows["iso3"].map(names),
        from_ms=rows["start"].map(_stamp),
        to_ms=rows["end"].map(_stamp),
        ms=_mid(rows["start"], rows["end"]),
        since=rows["start"].dt.strftime("%-d %b %Y"),
        until=rows["end"].dt.strftime("%-d %b %Y"),
    )
    order = [n for n in names.values() if n in set(rows["state"])]
    rows = rows[
        [
            "state",
            "leader",
            "from_ms",
            "to_ms",
            "ms",
            "since",
            "until",
            "exit_code",
            "source",
        ]
    ]
    base = alt.Chart(_values(rows)).encode(
        _renamed(x, "from_ms"), alt.Y("state:N", sort=order, title=None)
    )
    bars = base.mark_bar(
        height={"band": 0.75}, stroke=PAGE, strokeWidth=2, fillOpacity=0.45, clip=True
    ).encode(
        x2="to_ms:Q",
        opacity=faded,
        color=alt.condition(
            f"datum.state == {quoted(order[0])}", alt.value(ACCENT), alt.value(MUTED)
        ),
        tooltip=[
            "leader:N",
            "state:N",
            "since:N",
            "until:N",
            alt.Tooltip("exit_code:N", title="left office"),
            "source:N",
        ],
    )
    # A name is written where its bar is wide enough for it, even on a narrow screen.
    text = (
        base.transform_filter(
            f"(min(datum.to_ms, {_LATE}) - max(datum.from_ms, {_EARLY})) / ({_LATE} - {_EARLY}) * 200 > 6 * length(datum.leader)"
        )
        .mark_text(align="left", dx=5, fontSize=11, clip=True)
        .encode(text="leader:N")
    )
    return alt.layer(bars, text).properties(
        height=20 * len(order),
        width="container",
        name="leaders",
        title=_heading("Leaders"),
    )


def _shock_lanes(marks, x, faded):
    rows = marks.assign(
        ms=marks["start"].map(_stamp), when=marks["start"].dt.strftime("%-d %b %Y")
    )[["ms", "when", "label", "kind", "source"]]
    points = (
        alt.Chart(_values(rows))
        .mark_point(size=80, shape="diamond", opacity=1, clip=True, color=TEXT)
        .encode(
            x,
            alt.Y("kind:N", title=None, sort=list(dict.fromkeys(marks["kind"]))),
            opacity=faded,
            tooltip=["label:N", alt.Tooltip("when:N", title="date"), "source:N"],
        )
    )
    return points.properties(
        height=22 * rows["kind"].nunique(),
        width="container",
        name="shocks",
        title=_heading("Shocks and threats"),
    )


def _act_lanes(acts, vectors, x, faded):
    rows = _act_rows(acts)
    rows = rows.assign(
        ms=_mid(acts["start"], acts["end"]).to_numpy(),
        vector=acts["vector"]
        .astype(object)
        .where(acts["vector"].notna(), "context")
        .to_numpy(),
    )
    names = [*vectors["vector"], "context"]
    scale = colours(vectors)
    colour = alt.Color(
        "vector:N",
        scale=alt.Scale(domain=names, range=[*scale.range, MUTED]),
        legend=None,
    )
    base = (
        alt.Chart(_values(rows))
        .transform_calculate(row="rows == 'vector' ? datum.vector : datum.level")
        .encode(
            y=alt.Y("row:N", title=None, sort=[*names, "internal", "external", "both"]),
            color=colour,
            opacity=faded,
            tooltip=ACT_TOOLTIP,
        )
    )
    long = (
        base.transform_filter("datum.to_ms - datum.from_ms > 40 * 864e5")
        .mark_bar(height={"band": 0.6}, cornerRadius=2, fillOpacity=0.4, clip=True)
        .encode(_renamed(x, "from_ms"), x2="to_ms:Q")
    )
    short = (
        base.transform_filter("datum.to_ms - datum.from_ms <= 40 * 864e5")
        .mark_tick(thickness=2, size=14, clip=True)
        .encode(_renamed(x, "from_ms"))
    )
    return alt.layer(long, short).properties(
        height=17 * len(names),
        width="container",
        name="acts",
        title=_heading("Coded acts"),
    )


def _vector_lines(series, vectors, x, faded, years):
    rows = pd.concat([s.rows.assign(series=s.label, part=_parts(s)) for s in series])
    base = (
        _series_chart(rows, "vector", years)
        .transform_filter("datum.series == partner_series")
        .transform_lookup("series", _citations(series), ["unit", "source"])
    )
    tip = [
        alt.Tooltip("year:Q", format="d"),
        "vector:N",
        alt.Tooltip("value:Q", format=".3~g"),
        "unit:N",
        alt.Tooltip("n:Q", title="observations"),
        "source:N",
    ]
    colour = alt.Color("vector:N", scale=colours(vectors), legend=alt.Legend(columns=4))
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True))
    layers = [
        *_series_holes(rows, "partner_series", x, years),
        *_series_breaks(series, "partner_series", x),
        base.mark_line(strokeWidth=2, clip=True).encode(x, y, colour, detail="part:O"),
        base.mark_point(size=30, clip=True).encode(
            x, y, colour, opacity=faded, tooltip=tip
        ),
        _series_name(series, "partner_series"),
    ]
    return alt.layer(*layers).properties(
        height=150,
        width="container",
        name="partners",
        title=_heading("Outside series, partner by partner"),
    )


def _state_lines(series, names, x, faded, years, brush):
    rows = pd.concat([s.rows.assign(series=s.label, part=_parts(s)) for s in series])
    own = next(iter(names.values()))
    rows = rows.assign(state=rows["state"].map(names))
    base = (
        _series_chart(rows, "state", years)
        .transform_filter("datum.series == state_series")
        .transform_lookup("series", _citations(series), ["unit", "source"])
    )
    tip = [
        alt.Tooltip("year:Q", format="d"),
        "state:N",
        alt.Tooltip("value:Q", format=".3~g"),
        "unit:N",
        alt.Tooltip("n:Q", title="rows of the source"),
        "source:N",
    ]
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True))
    shade = alt.Color(
        "who:N",
        scale=alt.Scale(domain=[own, "the other states"], range=[ACCENT, MUTED]),
        legend=alt.Legend(columns=2),
    )
    who = base.transform_calculate(
        who=f"datum.state == {quoted(own)} ? datum.state : 'the other states'"
    )
    thick = alt.condition(
        f"datum.state == {quoted(own)}", alt.value(2.5), alt.value(1.2)
    )
    layers = [
        *_series_holes(rows[rows["state"] == own], "state_series", x, years),
        *_series_breaks(series, "state_series", x),
        who.mark_line(clip=True).encode(
            x, y, shade, detail=["state:N", "part:O"], strokeWidth=thick
        ),
        who.mark_point(size=26, clip=True)
        .encode(x, y, shade, detail="state:N", opacity=faded, tooltip=tip)
        .add_params(brush),
        _series_name(series, "state_series"),
    ]
    return alt.layer(*layers).properties(
        height=150,
        width="container",
        name="states",
        title=_heading("Outside series, the state and the others of its region"),
    )


def _heading(text):
    return alt.Title(
        text, fontSize=12, fontWeight="normal", anchor="start", frame="group", offset=4
    )


def _series_chart(rows, who, years):
    """Rows of many series, as lean as they can be; years without a value keep their null."""
    rows = rows[rows["year"].between(*years)]
    lean = pd.DataFrame(
        {
            "series": rows["series"],
            "part": rows["part"].astype(int),
            "year": rows["year"].astype(int),
            who: rows[who].astype(str),
            "value": rows["value"].map(
                lambda v: None if pd.isna(v) else float(f"{v:.4g}")
            ),
            "n": rows["n"].astype(int),
        }
    )
    return alt.Chart(_values(lean)).transform_calculate(ms="utc(datum.year, 6, 1)")


def _citations(series):
    rows = pd.DataFrame(
        {
            "series": [s.label for s in series],
            "unit": [s.unit for s in series],
            "source": [s.rows["source"].iloc[0] for s in series],
        }
    )
    return alt.LookupData(_values(rows), "series", ["unit", "source"])


def _series_holes(rows, picked, x, years):
    """Years in which the chosen series tells nothing."""
    told = rows.dropna(subset="value").groupby("series")["year"].agg(set)
    empty = pd.DataFrame(
        [
            {"series": s, "year": y}
            for s in dict.fromkeys(rows["series"])
            for y in range(years[0], years[1] + 1)
            if y not in told.get(s, set())
        ],
        columns=["series", "year"],
    )
    if empty.empty:
        return []
    base = (
        alt.Chart(_values(empty))
        .transform_filter(f"datum.series == {picked}")
        .transform_calculate(
            ms="utc(datum.year, 0, 1)", end="utc(datum.year + 1, 0, 1)"
        )
    )
    return [
        base.mark_rect(color=GRID, opacity=0.7, clip=True).encode(
            x,
            x2="end:Q",
            tooltip=[alt.Tooltip("year:Q", format="d", title="no observation in")],
        )
    ]


def _parts(series):
    """Which unbroken part of a series each row belongs to."""
    return (
        sum((series.rows["year"] >= year).astype(int) for year in series.breaks)
        if series.breaks
        else 0
    )


def _series_breaks(series, picked, x):
    """A rule at each break of the chosen series, with what happens there."""
    rows = pd.DataFrame(
        [
            {"series": s.label, "year": year, "note": note}
            for s in series
            for year, note in s.breaks.items()
        ],
        columns=["series", "year", "note"],
    )
    if rows.empty:
        return []
    base = (
        alt.Chart(_values(rows))
        .transform_filter(f"datum.series == {picked}")
        .transform_calculate(ms="utc(datum.year, 0, 1)")
    )
    return [
        base.mark_rule(strokeDash=[2, 3], clip=True).encode(
            x,
            tooltip=[
                alt.Tooltip("note:N", title="break in the source"),
                alt.Tooltip("year:Q", format="d", title="from"),
            ],
        ),
        base.mark_text(
            angle=270,
            align="left",
            baseline="bottom",
            dx=4,
            dy=-3,
            fontSize=11,
            y=alt.expr("height"),
            clip=True,
        ).encode(x, text=alt.value("break in the source")),
    ]


def _series_name(series, picked):
    """Name, unit and source of the chosen series, inside its panel."""
    rows = pd.DataFrame(
        {
            "series": [s.label for s in series],
            "text": [f"{s.label}, {s.unit}" for s in series],
        }
    )
    place = {
        "align": "left",
        "baseline": "top",
        "x": 4,
        "y": 2,
        "fontSize": 11,
        "fontWeight": "bold",
        "limit": alt.expr("width - 8"),
    }
    return alt.Chart(_values(rows)).transform_filter(
        f"datum.series == {picked}"
    ).mark_text(**place, stroke=PAGE, strokeWidth=3, strokeOpacity=0.9).encode(
        text="text:N"
    ) + alt.Chart(_values(rows)).transform_filter(
        f"datum.series == {picked}"
    ).mark_text(**place).encode(text="text:N")


# --- geography ----------------------------------------------------------------------------------------

#: Names of towns and distances stand on a wide map only; on a narrow one they are in the tooltips.
_WIDE = alt.expr("width < 420 ? 0 : 0.8")
#: Bases at one airport are drawn apart by this many degrees, since each would hide the other.
_BESIDE = 0.8


def bases_on_map(features, places, names, vectors, distance, span, year):
    """Bases among the borders of a region, in the year that a slider names.

    Parameters
    ----------
    features : list of dict
        Outlines as ``geography.outlines`` gives them.
    places : DataFrame
        Rows (name, kind, longitude, latitude, vector, start, start_precision, end, end_precision, source);
        an ``end`` that is missing goes on.
    names : dict of str to str
        ISO3 code to name.
    distance : DataFrame
        Rows (first, second, kilometres) of pairs whose line is drawn while both are in use.
    span : pair of int
        Years of the slider.
    year : int
        Where it starts.
    """
    land = [{**f, "name": names.get(f["iso3"], f["iso3"])} for f in features]
    projection = alt.Projection(type="mercator")
    ground = (
        alt.Chart(alt.InlineData(values=land, format=alt.JsonDataFormat(type="json")))
        .mark_geoshape(fill=GRID, fillOpacity=0.55, stroke=RULE, strokeWidth=0.8)
        .encode(tooltip=[alt.Tooltip("name:N", title="country")])
    )
    labels = (
        pd.DataFrame([_label_of(f) for f in land])
        .sort_values("size", ascending=False)
        .drop_duplicates("name")
        .query("size > 3")
    )
    names_of_countries = alt.Chart(_values(labels)).encode(
        longitude="longitude:Q", latitude="latitude:Q", text="name:N"
    )
    text = [
        names_of_countries.mark_text(
            fontSize=alt.expr("width < 420 ? 9 : 12"),
            opacity=0.8,
            fontStyle="italic",
            **under,
        )
        for under in (_HALO, {})
    ]
    spots = places.assign(
        when=_in_use(places),
        lon=places["longitude"],
        lat=places["latitude"],
        first=places["start"].dt.year,
        final=places["end"].dt.year.fillna(9999).where(places["start"].notna()),
    )
    at_base = spots["kind"] == "base"
    shared = spots.groupby(["kind", "longitude", "latitude"])
    turn, many = shared.cumcount(), shared["name"].transform("size")
    spots["lon"] += _BESIDE * (turn - (many - 1) / 2)
    own, edge = spots[at_base], min(x for x, _ in _points(land))
    spots["side"] = [
        "above"
        if lon - edge < 4.5
        else "left"
        if last > 0 or ((own["lon"] > lon) & (own["lon"] - lon < 0.5)).any()
        else "right"
        for lon, last in zip(spots["lon"], many - 1 - turn)
    ]
    # A name is "base, town"; on a narrow map the town alone stands, once.
    names_of = spots["name"].str.split(", ")
    spots["label"] = names_of.str[0]
    alias = spots["label"].str.extract(r"\((.+)\)")[0]
    spots["short"] = alias.fillna(names_of.str[-1].where(turn == many - 1, ""))
    spots["crowded"] = [
        bool(((own["longitude"] == x) & (own["latitude"] == y)).any())
        for x, y in zip(spots["longitude"], spots["latitude"])
    ]
    spots = spots[
        [
            "name",
            "kind",
            "lon",
            "lat",
            "vector",
            "first",
            "final",
            "when",
            "source",
            "side",
            "label",
            "short",
            "crowded",
        ]
    ]
    town = alt.Chart(_values(spots[spots["kind"] == "city"])).encode(
        longitude="lon:Q", latitude="lat:Q"
    )
    dots = town.mark_point(size=14, color=TEXT, opacity=0.8).encode(tooltip=["name:N"])
    town_names = [
        town.transform_filter(f"{'' if crowded else '!'}datum.crowded")
        .mark_text(
            align="center" if crowded else "left",
            dx=0 if crowded else 5,
            dy=17 if crowded else 1,
            fontSize=11,
            opacity=_WIDE,
            **under,
        )
        .encode(text="name:N")
        for crowded in (True, False)
        for under in (_HALO, {})
    ]
    base = (
        alt.Chart(_values(spots[spots["kind"] == "base"]))
        .transform_filter("datum.first <= map_year && datum.final >= map_year")
        .encode(longitude="lon:Q", latitude="lat:Q")
    )
    shade = alt.Color(
        "vector:N",
        scale=_pole_colours(vectors, list(dict.fromkeys(spots["vector"].dropna()))),
        legend=alt.Legend(symbolType="triangle-up", symbolSize=130),
    )
    mark = base.mark_point(
        size=160,
        shape="triangle-up",
        opacity=1,
        stroke=PAGE,
        strokeWidth=1,
    ).encode(
        color=shade,
        tooltip=[
            "name:N",
            alt.Tooltip("vector:N", title="used by"),
            alt.Tooltip("when:N", title="in use"),
            "source:N",
        ],
    )
    # Of two bases side by side the western one has its name on the left; at the edge of the map it stands above.
    sides = {
        "left": ("right", -9, -6),
        "right": ("left", 9, -6),
        "above": ("center", 0, -17),
    }
    base_names = [
        base.transform_filter(f"datum.side == {quoted(side)}")
        .transform_calculate(text="width < 420 ? datum.short : datum.label")
        .mark_text(align=align, dx=dx, dy=dy, fontWeight="bold", **under)
        .encode(text="text:N")
        for side, (align, dx, dy) in sides.items()
        for under in (_HALO, {})
    ]
    pairs = distance.merge(
        spots.rename(columns=lambda c: f"{c}_1"), left_on="first", right_on="name_1"
    ).merge(
        spots.rename(columns=lambda c: f"{c}_2"), left_on="second", right_on="name_2"
    )
    pairs = pairs.assign(
        begin=pairs[["first_1", "first_2"]].max(axis=1),
        stop=pairs[["final_1", "final_2"]].min(axis=1),
        label=[f"{k:.0f} km" for k in pairs["kilometres"]],
        mid_lon=(pairs["lon_1"] + pairs["lon_2"]) / 2,
        mid_lat=(pairs["lat_1"] + pairs["lat_2"]) / 2,
    )
    lines = alt.Chart(
        _values(
            pairs[
                [
                    "lon_1",
                    "lat_1",
                    "lon_2",
                    "lat_2",
                    "begin",
                    "stop",
                    "label",
                    "mid_lon",
                    "mid_lat",
                    "first",
                    "second",
                ]
            ]
        )
    ).transform_filter("datum.begin <= map_year && datum.stop >= map_year")
    rule = lines.mark_rule(color=TEXT, strokeDash=[4, 3], strokeWidth=1.2).encode(
        longitude="lon_1:Q",
        latitude="lat_1:Q",
        longitude2="lon_2:Q",
        latitude2="lat_2:Q",
        tooltip=["first:N", "second:N", alt.Tooltip("label:N", title="distance")],
    )
    length = lines.mark_text(
        align="center", baseline="top", dy=12, fontSize=11, opacity=_WIDE
    ).encode(longitude="mid_lon:Q", latitude="mid_lat:Q", text="label:N")
    return (
        alt.layer(
            ground,
            *text,
            *_scale_bar(features),
            rule,
            dots,
            *town_names,
            mark,
            *base_names,
            length,
        )
        .project(type=projection.type)
        .properties(
            height=340,
            width="container",
            name="map",
            usermeta={"essay": {"aspect": 1.75}},
        )
        .add_params(slider("map_year", "In the year", *span, year))
    )


def _in_use(places):
    """From when to when, no sharper than it is known."""
    forms = {"day": "%-d %b %Y", "month": "%b %Y", "year": "%Y"}

    def text(day, precision):
        return "" if pd.isna(day) else day.strftime(forms[precision])

    return [
        f"from {text(a, p)} " + (f"to {text(b, q)}" if pd.notna(b) else "on")
        if pd.notna(a)
        else ""
        for a, p, b, q in zip(
            places["start"],
            places["start_precision"],
            places["end"],
            places["end_precision"],
        )
    ]


def _scale_bar(features, kilometres=200):
    """A length at the western edge, half-way up: a Mercator map has no one scale, and is true there along the parallel."""
    longitudes, latitudes = zip(
        *(point for f in features for point in f["geometry"]["coordinates"][0])
    )
    middle = (min(latitudes) + max(latitudes)) / 2
    west = min(longitudes) + (max(longitudes) - min(longitudes)) / 40
    degrees = kilometres / (math.tau * RADIUS / 360 * math.cos(math.radians(middle)))
    bar = alt.Chart(
        _values(
            pd.DataFrame(
                {
                    "lat": [middle],
                    "west": [west],
                    "east": [west + degrees],
                    "label": [f"{kilometres} km"],
                }
            )
        )
    ).encode(longitude="west:Q", latitude="lat:Q")
    return [
        bar.mark_rule(color=TEXT, strokeWidth=2).encode(
            longitude2="east:Q", latitude2="lat:Q"
        ),
        bar.mark_text(align="left", dy=-8, fontSize=11).encode(text="label:N"),
    ]


def _points(features):
    """All points of the outlines."""
    for feature in features:
        for ring in feature["geometry"]["coordinates"]:
            yield from ring


def _label_of(feature, steps=24):
    """Where a country's name stands: the place in its outline with most room for a line of text, and how large the outline is."""
    ring = feature["geometry"]["coordinates"][0]
    x, y = zip(*ring)
    size = abs(sum(a * d - c * b for a, b, c, d in zip(x, y, x[1:], y[1:]))) / 2
    lattice = [
        (min(x) + (max(x) - min(x)) * i / steps, min(y) + (max(y) - min(y)) * j / steps)
        for i in range(1, steps)
        for j in range(1, steps)
    ]
    longitude, latitude = max(lattice, key=lambda place: _room(place, ring))
    return {
        "name": feature["name"],
        "size": size,
        "longitude": longitude,
        "latitude": latitude,
    }


def _room(place, ring, stretch=3.0):
    """How far a place lies from an outline, below 0 outside it; a text is ``stretch`` times as wide as high, and so is its room."""
    x, y = place
    inside, nearest = False, math.inf
    for (a, b), (c, d) in zip(ring, ring[1:]):
        if (b > y) != (d > y) and x < a + (y - b) / (d - b) * (c - a):
            inside = not inside
        dx, dy, px, py = (c - a) / stretch, d - b, (x - a) / stretch, y - b
        along = min(1.0, max(0.0, (px * dx + py * dy) / ((dx * dx + dy * dy) or 1.0)))
        nearest = min(nearest, math.hypot(px - along * dx, py - along * dy))
    return nearest if inside else -nearest


# --- coders, versions and sources ---------------------------------------------------------------------


def coders_compared(matched, tolerance=1.0):
    """Goldstein values of two coders for the same acts; a slider sets which difference still counts as the same.

    ``matched`` holds rows (description, first, second, first_code, second_code).
    """
    rows = matched.groupby(["first", "second"], as_index=False).agg(
        acts=("description", "size"),
        examples=("description", lambda d: "; ".join(d.head(3))),
    )
    base = alt.Chart(_values(rows)).transform_calculate(
        near="abs(datum.first - datum.second) <= tolerance + 1e-9 ? 'counted as the same' : 'counted as different'"
    )
    scale = alt.Scale(domain=[-10.5, 10.5], nice=False)
    shade = alt.Color(
        "near:N",
        scale=alt.Scale(
            domain=["counted as the same", "counted as different"],
            range=[ACCENT, _css("kind-1", "#b3400e")],
        ),
    )
    dots = base.mark_point(opacity=0.85, filled=True).encode(
        alt.X("first:Q", title="value by the first coder", scale=scale),
        alt.Y("second:Q", title="value by the second coder", scale=scale),
        shade,
        size=alt.Size("acts:Q", scale=alt.Scale(range=[40, 500]), legend=None),
        tooltip=[
            alt.Tooltip("first:Q", title="first coder"),
            alt.Tooltip("second:Q", title="second coder"),
            "acts:Q",
            alt.Tooltip("examples:N", title="for example"),
        ],
    )
    line = (
        alt.Chart(_values(pd.DataFrame({"v": [-10, 10]})))
        .mark_line(color=MUTED, strokeDash=[4, 3], strokeWidth=1)
        .encode(x=alt.X("v:Q", scale=scale), y=alt.Y("v:Q", scale=scale))
    )
    share = (
        base.transform_calculate(
            same="datum.near == 'counted as the same' ? datum.acts : 0"
        )
        .transform_aggregate(same="sum(same)", all="sum(acts)")
        .transform_calculate(text="datum.same + ' of ' + datum.all + ' acts agree'")
        .mark_text(align="left", baseline="top", x=8, y=6, fontWeight="bold")
        .encode(text="text:N")
    )
    return (
        alt.layer(line, dots, share)
        .properties(height=320, width="container", name="coders")
        .add_params(
            slider(
                "tolerance",
                "Values count as the same up to a difference of",
                0,
                4,
                tolerance,
                0.1,
            )
        )
    )


def balance_by_doubt(lattice, span, breaks):
    """Balance with its band for every combination of three doubts, as computed in Python.

    ``lattice`` holds rows (date, value, lower, upper, resample, dates, codes), the last three true or false.
    """
    rows = lattice.assign(
        ms=lattice["date"].map(_stamp),
        month=lattice["date"].dt.strftime("%B %Y"),
        key=lattice["resample"].astype(int)
        + 2 * lattice["dates"].astype(int)
        + 4 * lattice["codes"].astype(int),
    )
    switches = [
        alt.param(
            name=f"doubt_{name}", value=True, bind=alt.binding_checkbox(name=label)
        )
        for name, label in (
            ("resample", "Acts drawn anew"),
            ("dates", "Dates drawn anew"),
            ("codes", "Codes confused as the coders do"),
        )
    ]
    base = alt.Chart(
        _values(rows[["ms", "month", "value", "lower", "upper", "key"]].round(4))
    ).transform_filter(
        "datum.key == (doubt_resample ? 1 : 0) + (doubt_dates ? 2 : 0) + (doubt_codes ? 4 : 0)"
    )
    x, scale = (
        alt.X("ms:Q", scale=_years(span), axis=_time(span)),
        alt.Scale(domain=[0, 1]),
    )
    band = base.mark_area(opacity=0.25, color=ACCENT).encode(
        x, alt.Y("lower:Q", title="balance (0 to 1)", scale=scale), y2="upper:Q"
    )
    line = base.mark_line(color=ACCENT).encode(x, alt.Y("value:Q", scale=scale))
    dots = base.mark_point(opacity=0, size=90).encode(
        x,
        alt.Y("value:Q", scale=scale),
        tooltip=[
            "month:N",
            *(alt.Tooltip(f"{c}:Q", format=".2f") for c in ("value", "lower", "upper")),
        ],
    )
    return (
        alt.layer(*_breaks(breaks, span), band, line, dots)
        .properties(height=230, width="container", name="doubts")
        .add_params(*switches)
    )


def effect_of_matters(effects, half_lives, start):
    """How far each matter on which paper and record differ moves an index; the half-life can be changed.

    ``effects`` holds rows (matter, half_life, index, effect, when, source) for each of ``half_lives``, in days.
    """
    names = list(dict.fromkeys(effects["index"]))
    pick = alt.param(
        name="index",
        value=names[0],
        bind=alt.binding_select(options=names, name="Index"),
    )
    place = slider(
        "place",
        "Half-life: "
        + ", ".join(f"{i + 1} = {h} days" for i, h in enumerate(half_lives)),
        1,
        len(half_lives),
        start + 1,
    )
    rows = effects.assign(
        place=effects["half_life"].map({h: i + 1 for i, h in enumerate(half_lives)})
    )
    order = list(
        rows[(rows["index"] == names[0]) & (rows["place"] == start + 1)].sort_values(
            "effect", ascending=False
        )["matter"]
    )
    base = alt.Chart(_values(rows.round(4))).transform_filter(
        "datum.place == place && datum.index == index"
    )
    bars = base.mark_bar(color=ACCENT).encode(
        alt.X("effect:Q", title="mean change"),
        alt.Y("matter:N", sort=order, title=None, axis=alt.Axis(labelLimit=200)),
        tooltip=[
            "matter:N",
            "index:N",
            alt.Tooltip("effect:Q", format=".4f", title="mean change"),
            alt.Tooltip("when:N", title="largest in"),
            "half_life:Q",
            "source:N",
        ],
    )
    return bars.properties(
        height=24 * len(order), width="container", name="matters"
    ).add_params(pick, place)


def coverage(tables, first_year, last_year, year):
    """Which years each outside table covers; a slider counts the tables that speak in a year.

    ``tables`` holds rows (table, title, year, rows, source), one for every year with a row.
    """
    order = list(tables.groupby("title")["year"].min().sort_values(kind="stable").index)
    x = alt.X("year:O", title=None, axis=alt.Axis(labelOverlap="parity", labelAngle=0))
    base = alt.Chart(
        _values(
            tables[["title", "year", "rows", "source"]].astype(
                {"year": int, "rows": int}
            )
        )
    )
    cells = base.mark_rect(stroke=PAGE, strokeWidth=1).encode(
        x,
        alt.Y("title:N", sort=order, title=None, axis=alt.Axis(labelLimit=230)),
        color=alt.condition(
            "datum.year == covered_year", alt.value(ACCENT), alt.value(MUTED)
        ),
        tooltip=["title:N", "year:O", alt.Tooltip("rows:Q", title="rows"), "source:N"],
    )
    count = (
        base.transform_filter("datum.year == covered_year")
        .transform_aggregate(tables="count()")
        .transform_calculate(text="covered_year + ': ' + datum.tables + ' tables'")
        .mark_text(
            align="right",
            baseline="bottom",
            x=alt.expr("width"),
            y=-6,
            fontWeight="bold",
        )
        .encode(text="text:N")
    )
    return (
        alt.layer(cells, count)
        .properties(height=17 * len(order), width="container", name="coverage")
        .add_params(
            slider("covered_year", "Mark the year", first_year, last_year, year)
        )
    )


def partners_by_rank(ranks, names, vectors, vector_of, year, many=8, words=None):
    """The largest trade partners of the year that a slider names; more than ``many`` where the last place is shared.

    Parameters
    ----------
    ranks : DataFrame
        Rows (year, partner, value, rank, source) in millions.
    names, vector_of : Series
        Name and vector of each partner.
    vectors : DataFrame
        ``case.vectors``.
    year : int
        Where the slider starts.
    many : int
        Partners shown.
    words : dict of str to str, optional
        What the legend says for a vector, where its name alone would mislead about the partners in it.
    """
    rows = ranks[ranks["rank"] <= many].assign(
        name=lambda r: r["partner"].map(names),
        vector=lambda r: r["partner"].map(vector_of),
    )
    present = [v for v in vectors["vector"] if v in set(rows["vector"])]
    base = alt.Chart(
        _values(
            rows[["year", "name", "vector", "value", "rank", "source"]].astype(
                {"year": int, "rank": int}
            )
        )
    ).transform_filter("datum.year == trade_year")
    bars = base.mark_bar().encode(
        alt.X("value:Q", title="imports and exports, million current US dollars"),
        alt.Y(
            "name:N",
            sort=alt.EncodingSortField("value", op="max", order="descending"),
            title=None,
        ),
        alt.Color(
            "vector:N",
            scale=_pole_colours(vectors, present),
            legend=alt.Legend(
                labelExpr=f"{quoted(words or {})}[datum.label] || datum.label"
            ),
        ),
        tooltip=[
            "name:N",
            "vector:N",
            "year:O",
            alt.Tooltip("value:Q", format=",.0f", title="million dollars"),
            "rank:Q",
            "source:N",
        ],
    )
    first, last = int(rows["year"].min()), int(rows["year"].max())
    return bars.properties(
        height=26 * many, width="container", name="partners"
    ).add_params(slider("trade_year", "In the year", first, last, year))
