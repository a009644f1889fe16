"""Theme, chart grammar and renderer: data in, ``alt.Chart`` out.

Charts compute no results.  Where one repeats a formula of ours inside the page, so that
a reader without a kernel can move a slider (the memory of ``engagement``), a browser
test compares its numbers with the Python function.

Every chart is finished by :func:`finish`, which gives it what every chart of the essay
has: a title, a description for those who cannot see it, a source line, and the mark of
what it is made from (coded, outside, both, model).
"""

import os
import re
import textwrap

import altair as alt
import pandas as pd

KINDS = ("coded", "outside", "both", "model")
#: Half-lives that the slider offers, in days.
HALF_LIVES = (180, 1825)
MIME = "application/vnd.vegalite.v6+json"


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
#: A real family first: Vega measures text on a canvas, which knows no "inherit".
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


@alt.theme.register("multivector", enable=True)
def theme():
    """Colours as CSS variables, so that dark mode and print need no second drawing."""
    axis = {"labelColor": TEXT, "titleColor": TEXT, "tickColor": RULE, "domainColor": RULE, "gridColor": GRID,
            "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    return alt.theme.ThemeConfig({"config": {
        "background": "transparent", "font": FONT, "view": {"stroke": None}, "axis": axis,
        "title": {"color": TEXT, "subtitleColor": TEXT, "fontSize": 15, "subtitleFontSize": 12, "anchor": "start", "offset": 12, "lineHeight": 19, "subtitleLineHeight": 16},
        "legend": {"labelColor": TEXT, "titleColor": TEXT, "labelFontSize": 12, "titleFontSize": 12, "orient": "top", "columns": 4, "symbolType": "square", "title": None},
        "text": {"color": TEXT, "fontSize": 12}, "rule": {"color": RULE}, "line": {"color": TEXT, "strokeWidth": 2}, "point": {"filled": True, "color": TEXT},
    }})


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
    return {**data, "image/svg+xml": vl_convert.vegalite_to_svg(spec), "text/plain": f"Chart: {spec.get('description', '')}"}


def live(chart):
    """A chart as a widget whose ``chart`` can be exchanged, drawn without a network."""
    from altair.jupyter import JupyterChart

    JupyterChart.enable_offline()
    return JupyterChart(alt.Chart.from_dict(_fixed_width(_with_source(chart.to_dict()))))


def _with_source(spec):
    """Outside the book the source line stands under the title."""
    essay = spec.get("usermeta", {}).get("essay")
    if not essay:
        return spec
    title = dict(spec["title"])
    title["subtitle"] = [*title.get("subtitle", []), *textwrap.wrap(f"{essay['kind']}: {essay['source']}", 90)]
    return {**spec, "title": title, "usermeta": {}}  # the source stands once


def _fixed_width(spec, width=640):
    """Outside the book a container may have no width yet."""
    if isinstance(spec, list):
        return [_fixed_width(s, width) for s in spec]
    if not isinstance(spec, dict):
        return spec
    return {k: width if k == "width" and v == "container" else _fixed_width(v, width) if k.endswith("concat") else v for k, v in spec.items()}


alt.renderers.register("book", _in_book)
alt.renderers.register("session", _in_session)
alt.renderers.enable("book" if os.environ.get("MULTIVECTOR_RENDERER") == "book" else "session")


# --- grammar ---------------------------------------------------------------------------------------

def finish(chart, title, description, source, kind, subtitle=""):
    """Give a chart what every chart of the essay has.

    Parameters
    ----------
    chart : alt.Chart
    title : str
        A finding, computed, or a question.
    description : str
        What is plotted, its range and main shape, for a reader who cannot see it.
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
    for name, text in (("title", title), ("description", description), ("source", source)):
        if not text.strip():
            raise ValueError(f"{name} is empty; allowed: a sentence")
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; allowed: {', '.join(map(repr, KINDS))}")
    heading = alt.Title(textwrap.wrap(title, 66), subtitle=textwrap.wrap(subtitle, 90))
    given = {} if chart.usermeta is alt.Undefined else chart.usermeta.get("essay", {})
    essay = {**given, "kind": kind, "source": source}
    return chart.properties(title=heading, description=description, usermeta={"essay": essay})


def slug(text):
    """Lower case with hyphens, as in the names of the page's colours."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def colours(vectors):
    """Colour scale of the vectors, the same in every figure."""
    shades = [f"var(--vector-{slug(v)}, {c})" for v, c in zip(vectors["vector"], vectors["colour"])]
    return alt.Scale(domain=list(vectors["vector"]), range=shades)


def slider(name, label, low, high, value, step=1):
    """A slider that works in the page without a kernel."""
    return alt.param(name=name, value=value, bind=alt.binding_range(min=low, max=high, step=step, name=label, debounce=20))


def half_life_slider(value=730):
    """Slider for the half-life of memory, in days."""
    return slider("half_life", "Half-life of memory (days)", *HALF_LIVES, value, 5)


def _time(span, **axis):
    """Axis with a tick at each new year.

    Time is drawn as a number (milliseconds, UTC): the page's memory needs arithmetic on it, and a
    temporal field would be shifted into the reader's time zone.
    """
    years = range(pd.Timestamp(span[0]).year, pd.Timestamp(span[1]).year + 1)
    return alt.Axis(title=None, values=[_stamp(f"{year}-01-01") for year in years], labelExpr="utcFormat(datum.value, '%Y')",
                    labelOverlap="greedy", labelSeparation=8, labelFlush=False, **axis)


def _years(span):
    """Scale over a span of days."""
    return alt.Scale(domain=[_stamp(day) for day in span], nice=False, zero=False, clamp=True)


def _stamp(day):
    return int(pd.Timestamp(day).timestamp() * 1000)


def _days(frame, **names):
    """Dates as day numbers, which the page's memory needs for arithmetic."""
    return frame.assign(**{new: frame[old].astype("datetime64[s]").astype("int64") // 86400 for new, old in names.items()})


def _when(acts):
    """How an act's date reads: a day, or the first and last possible day."""
    first, last = acts["start"].dt.strftime("%-d %b %Y"), acts["end"].dt.strftime("%-d %b %Y")
    return first.where(acts["start"] == acts["end"], first + " to " + last)


def _act_rows(acts):
    """Acts as charts need them: text for the hover, milliseconds for the axis."""
    rows = acts.assign(when=_when(acts), from_ms=acts["start"].map(_stamp), to_ms=(acts["end"] + pd.Timedelta(days=1)).map(_stamp))
    rows["value"] = rows["goldstein"]
    keep = ["id", "description", "when", "source", "level", "office", "actor", "target", "kind", "from_ms", "to_ms", "value"]
    rows = rows[keep + [c for c in ("vector", "direction", "lane") if c in rows]].astype({"kind": object})
    return rows


def _values(rows):
    """Rows as inline data; missing cells are null, which a chart leaves out (NaN is no JSON)."""
    columns = {c: [None if pd.isna(v) else v for v in rows[c].tolist()] for c in rows}
    return alt.InlineData(values=[dict(zip(columns, row)) for row in zip(*columns.values())])


ACT_TOOLTIP = [alt.Tooltip("description:N", title="act"), alt.Tooltip("when:N", title="date"), alt.Tooltip("actor:N", title="by"),
               alt.Tooltip("target:N", title="toward"), alt.Tooltip("value:Q", title="Goldstein value"), alt.Tooltip("source:N", title="source")]


def _breaks(breaks, span, labels=True):
    """Vertical rules at the breaks that the paper names; neighbouring labels stand on two lines."""
    breaks = breaks[breaks["start"].between(*map(pd.Timestamp, span))]
    middle = pd.Timestamp(span[0]) + (pd.Timestamp(span[1]) - pd.Timestamp(span[0])) / 2
    rows = pd.DataFrame({"ms": breaks["start"].map(_stamp), "label": breaks["label"], "source": breaks["source"], "early": breaks["start"] < middle,
                         "lift": [-7 - 14 * (i % 2) for i in range(len(breaks))]})
    base = alt.Chart(_values(rows)).encode(x=alt.X("ms:Q", scale=_years(span)))
    rule = base.mark_rule(strokeDash=[3, 3]).encode(tooltip=[alt.Tooltip("label:N", title="named break"), "source:N"])
    if not labels:
        return [rule]
    lift = alt.expr("datum.lift")
    return [rule, base.transform_filter("datum.early").mark_text(align="left", dx=-2, y=lift, fontSize=11).encode(text="label:N"),
            base.transform_filter("!datum.early").mark_text(align="right", dx=2, y=lift, fontSize=11).encode(text="label:N")]


# --- memory, recomputed in the page -----------------------------------------------------------------

#: What is left of an act at day t; the closed form of ``engagement.decay``.
_SEEN = "max(0, min(datum.last, datum.t) - datum.first + 1)"
_LEFT = ("pow(2, -max(0, datum.t - datum.last) / half_life) * (1 - pow(2, -datum.seen / half_life))"
         " / (1 - pow(2, -1 / half_life)) / (datum.last - datum.first + 1)")


def _memory_rows(events):
    """Dyadic acts as the page's memory needs them."""
    acts = events[events["vector"].notna()]
    rows = pd.DataFrame({"vector": acts["vector"].astype(str), "k": acts["vector"].cat.codes.astype(int),
                         "cooperation": acts["goldstein"].clip(lower=0) * acts["weight"], "conflict": (-acts["goldstein"]).clip(lower=0) * acts["weight"],
                         "start": acts["start"], "end": acts["end"]})
    rows = _days(rows, first="start", last="end").drop(columns=["start", "end"])
    # Memory is linear: acts with one interval and one vector may be summed beforehand.
    return rows.groupby(["vector", "k", "first", "last"], as_index=False).sum()


def _aged(rows, span):
    """Every act at every month's end ``ms`` of the span, with what is left of it in ``left``."""
    first, last = (pd.Timestamp(day) for day in span)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return (
        alt.Chart(_values(rows))
        .transform_calculate(month=f"sequence({months})").transform_flatten(["month"])
        .transform_calculate(ms=f"utc({first.year}, {first.month} + datum.month, 0)").transform_calculate(t="datum.ms / 864e5")
        .transform_calculate(seen=_SEEN).transform_calculate(left=_LEFT)
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
    switches = [alt.param(name=f"on_{i}", value=True, bind=alt.binding_checkbox(name=name)) for i, name in enumerate(names)]
    switch = f"[{', '.join(s.name for s in switches)}][datum.k] ? 1 : 0"
    share = (_aged(_memory_rows(events), span)
             .transform_calculate(c=f"datum.cooperation * datum.left * ({switch})")
             .transform_aggregate(c="sum(c)", groupby=["ms", "vector"])
             .transform_joinaggregate(total="sum(c)", groupby=["ms"])
             .transform_calculate(share="datum.total > 0 ? datum.c / datum.total : null"))
    x = alt.X("ms:Q", scale=_years(span), axis=_time(span))
    bare = alt.X("ms:Q", scale=_years(span), axis=_time(span, labels=False, ticks=False, domain=False))
    balance = (share.transform_calculate(part="datum.share > 0 ? -datum.share * log(datum.share) : 0")
               .transform_aggregate(h="sum(part)", total="max(total)", groupby=["ms"])
               .transform_calculate(balance=f"datum.total > 0 ? datum.h / log({len(names)}) : null", effective="pow(%d, datum.balance)" % len(names)))
    tip = [alt.Tooltip("month_name:N", title="month"), alt.Tooltip("balance:Q", format=".2f", title="balance"), alt.Tooltip("effective:Q", format=".1f", title="effective vectors")]
    line = balance.transform_calculate(month_name="utcFormat(datum.ms, '%B %Y')")
    y = alt.Y("balance:Q", title="balance (0 to 1)", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(values=[0, .5, 1]))
    top = alt.layer(*_breaks(breaks, span), line.mark_line().encode(bare, y), line.mark_point(opacity=0, size=90).encode(bare, y, tooltip=tip)).properties(height=130, width="container", name="balance")
    colour = alt.Color("vector:N", scale=colours(vectors))
    area = share.transform_lookup("vector", alt.LookupData(_values(pd.DataFrame({"vector": names, "order": range(len(names))})), "vector", ["order"])).mark_area(stroke=PAGE, strokeWidth=0.6).encode(
        bare, alt.Y("share:Q", stack="zero", title="share of cooperation", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", values=[0, .25, .5, .75, 1])),
        colour, alt.Order("order:Q"), tooltip=[alt.Tooltip("vector:N", title="vector")])
    middle = alt.layer(area, *_breaks(breaks, span, labels=False)).properties(height=210, width="container", name="shares")
    lanes = _lanes(events[events["vector"].notna()].drop_duplicates(["id", "vector"]), x, alt.Y("vector:N", sort=names, title=None, axis=None), colour).properties(height=len(names) * 13, width="container", name="acts")
    chart = alt.vconcat(top, middle, lanes, spacing=6).resolve_scale(x="shared", color="shared").add_params(half_life_slider(half_life), *switches)
    controls = {s.name: {"label": name, "colour": f"var(--vector-{slug(name)}, {c})"} for s, name, c in zip(switches, names, vectors["colour"])}
    return chart.properties(usermeta={"essay": {"controls": controls}})


def _lanes(acts, x, y, colour):
    """Acts as bars from their first to their last possible day; known days are ticks."""
    rows = _act_rows(acts)
    base = alt.Chart(_values(rows)).encode(x, y, colour, tooltip=ACT_TOOLTIP)
    long = base.transform_filter("datum.to_ms - datum.from_ms > 40 * 864e5").mark_bar(height=9, opacity=0.35, cornerRadius=2).encode(x=_renamed(x, "from_ms"), x2="to_ms:Q")
    short = base.transform_filter("datum.to_ms - datum.from_ms <= 40 * 864e5").mark_tick(thickness=2, height=11, opacity=1).encode(x=_renamed(x, "from_ms"))
    return alt.layer(long, short)


def _renamed(channel, field):
    copy = channel.copy()
    copy.shorthand = f"{field}:Q"
    return copy


def balance_with_bands(bands, span, breaks):
    """Balance with its percentile band, as computed in Python; stands still.

    ``bands`` holds rows (date, index, value, lower, upper) of ``engagement.bands``.
    """
    rows = bands[bands["index"] == "entropy"].assign(ms=lambda b: b["date"].map(_stamp), month=lambda b: b["date"].dt.strftime("%B %Y"))
    x = alt.X("ms:Q", scale=_years(span), axis=_time(span))
    scale = alt.Scale(domain=[0, 1])
    base = alt.Chart(_values(rows[["ms", "month", "value", "lower", "upper"]])).encode(x=x)
    band = base.mark_area(opacity=0.25, color=ACCENT).encode(alt.Y("lower:Q", title="balance (0 to 1)", scale=scale), y2="upper:Q")
    tip = ["month:N", *(alt.Tooltip(f"{c}:Q", format=".2f") for c in ("value", "lower", "upper"))]
    dots = base.mark_point(opacity=0, size=90).encode(y=alt.Y("value:Q", scale=scale), tooltip=tip)
    return alt.layer(*_breaks(breaks, span), band, base.mark_line(color=ACCENT).encode(y=alt.Y("value:Q", scale=scale)), dots).properties(
        height=200, width="container", name="bands")


def tilt_over_time(codings, poles, span, breaks, half_life=730):
    """Tilt between two poles as memory makes it, one line a coding; half-life can be changed.

    Parameters
    ----------
    codings : dict of str to DataFrame
        Name of the coding and its events.
    poles : pair of str
        1 on the axis means all engagement is with the first, -1 with the second.
    """
    rows = pd.concat([_memory_rows(e[e["vector"].isin(poles)]).assign(coding=name) for name, e in codings.items()])
    rows["sign"] = rows["vector"].map({poles[0]: 1, poles[1]: -1})
    line = (_aged(rows, span)
            .transform_calculate(net="datum.sign * (datum.cooperation - datum.conflict) * datum.left", all="(datum.cooperation + datum.conflict) * datum.left")
            .transform_aggregate(net="sum(net)", all="sum(all)", groupby=["ms", "coding"])
            .transform_calculate(tilt="datum.all > 0 ? datum.net / datum.all : null", month_name="utcFormat(datum.ms, '%B %Y')"))
    x = alt.X("ms:Q", scale=_years(span), axis=_time(span))
    y = alt.Y("tilt:Q", title=f"tilt ({poles[1]} −1, {poles[0]} +1)", scale=alt.Scale(domain=[-1, 1]), axis=alt.Axis(values=[-1, -.5, 0, .5, 1]))
    tip = [alt.Tooltip("month_name:N", title="month"), "coding:N", alt.Tooltip("tilt:Q", format="+.2f")]
    dash = alt.StrokeDash("coding:N", scale=alt.Scale(domain=list(codings), range=[[1, 0], [6, 4]][: len(codings)]), legend=None if len(codings) == 1 else alt.Legend(symbolType="stroke"))
    colour = alt.Color("coding:N", scale=alt.Scale(domain=list(codings), range=[TEXT, ACCENT][: len(codings)]), legend=None if len(codings) == 1 else alt.Legend(symbolType="stroke"))
    zero = alt.Chart(_values(pd.DataFrame({"tilt": [0]}))).mark_rule().encode(y=y)
    layers = [*_breaks(breaks, span), zero, line.mark_line().encode(x, y, colour, dash), line.mark_point(opacity=0, size=90).encode(x, y, tooltip=tip)]
    return alt.layer(*layers).properties(height=240, width="container", name="tilt").add_params(half_life_slider(half_life))


# --- acts ------------------------------------------------------------------------------------------

def acts_over_time(acts, span):
    """All acts by level of the game; a slider hides those that are dated too widely."""
    rows = acts.sort_values(["level", "start", "end"]).assign(days=lambda a: (a["end"] - a["start"]).dt.days + 1)
    rows["lane"] = _packed(rows)
    text = _act_rows(rows)
    text["days"] = rows["days"]
    x = alt.X("from_ms:Q", scale=_years(span), axis=_time(span))
    base = alt.Chart(_values(text)).transform_filter("datum.days <= widest").encode(y=alt.Y("lane:O", axis=None))
    shade = alt.Color("level:N", scale=alt.Scale(domain=["internal", "external", "both"], range=[_css("level-internal", "#b10867"), _css("level-external", "#0e7acd"), _css("level-both", "#633405")]))
    long = base.transform_filter("datum.days > 31").mark_bar(height={"band": 0.8}, cornerRadius=2, opacity=0.75, clip=True).encode(x, x2="to_ms:Q", color=shade, tooltip=ACT_TOOLTIP)
    short = base.transform_filter("datum.days <= 31").mark_point(shape="diamond", size=55, opacity=1, clip=True).encode(x, color=shade, tooltip=ACT_TOOLTIP)
    facets = alt.layer(long, short).properties(height=7 * (max(rows["lane"]) + 1), width="container", name="levels")
    return facets.add_params(slider("widest", "Show acts dated to within (days)", 1, 7305, 7305))


def _packed(rows):
    """Lane of each bar, so that bars do not cover one another; the levels keep apart."""
    lanes, ends, offset, level = [], [], 0, None
    for start, end, current in zip(rows["start"], rows["end"], rows["level"]):
        if current != level:
            offset, ends, level = offset + len(ends) + (1 if level else 0), [], current
        room = start - pd.Timedelta(days=60)
        free = next((i for i, last in enumerate(ends) if last < room), len(ends))
        ends[free:free + 1] = [max(end, start + pd.Timedelta(days=31))]
        lanes.append(offset + free)
    return lanes


def acts_by_office(acts, span):
    """Acts of the state by the office that acts and the kind of act; the years can be narrowed."""
    rows = _act_rows(acts)
    rows["first"], rows["last"] = acts["start"].dt.year, acts["end"].dt.year
    first, last = (pd.Timestamp(day).year for day in span)
    kinds = ["material conflict", "verbal conflict", "verbal cooperation", "material cooperation"]
    rows = rows[rows["kind"].isin(kinds)].assign(order=rows["kind"].map({k: i for i, k in enumerate(kinds)}))
    shades = [_css("kind-1", "#b3400e"), _css("kind-2", "#f5a36b"), _css("kind-3", "#6fb1ff"), _css("kind-4", "#1f62b5")]
    bars = (alt.Chart(_values(rows)).transform_filter("datum.last >= from_year && datum.first <= to_year")
            .mark_bar().encode(alt.X("count():Q", title="acts", axis=alt.Axis(tickMinStep=1)), alt.Y("office:N", sort="-x", title=None),
                               alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=shades)), alt.Order("order:Q"),
                               tooltip=["office:N", "kind:N", alt.Tooltip("count():Q", title="acts")]))
    return bars.properties(height=26 * rows["office"].nunique(), width="container", name="offices").add_params(
        slider("from_year", "From the year", first, last, first), slider("to_year", "To the year", first, last, last))


def around_threats(events, threats, poles, vectors, until, window=180):
    """Acts by the state after less before each threat, pole by pole; the window can be changed.

    A window that runs past ``until``, the last day that the coding covers, is not drawn but named.
    """
    acts = events[events["vector"].isin(poles) & (events["direction"] == "by")]
    rows = _memory_rows(acts)
    rows["net"] = rows["cooperation"] - rows["conflict"]
    marks = _days(pd.DataFrame({"threat": [f"{d:%-d %b %Y}: {t.split(';')[0]}" for d, t in zip(threats["start"], threats["description"])], "start": threats["start"]}), day="start").drop(columns="start")
    rows = rows.merge(marks, how="cross")
    end = int(pd.Timestamp(until).timestamp() // 86400)
    share = "max(0, min(datum.last, {b}) - max(datum.first, {a}) + 1) / (datum.last - datum.first + 1)"
    moves = (alt.Chart(_values(rows))
             .transform_calculate(after=share.format(a="datum.day + 1", b="datum.day + window_days"), before=share.format(a="datum.day - window_days", b="datum.day - 1"))
             .transform_calculate(move="datum.net * (datum.after - datum.before)")
             .transform_aggregate(move="sum(move)", groupby=["threat", "vector", "day"])
             .transform_calculate(seen=f"datum.day + window_days <= {end}"))
    order = list(marks["threat"])
    y = alt.Y("threat:N", sort=order, title=None, axis=None, scale=alt.Scale(paddingInner=0.4, paddingOuter=0.35))
    bars = moves.transform_filter("datum.seen").mark_bar().encode(
        alt.X("move:Q", title="Goldstein points, after less before"), y, yOffset=alt.YOffset("vector:N", sort=list(poles)),
        color=alt.Color("vector:N", scale=_pole_colours(vectors, poles)), tooltip=["threat:N", "vector:N", alt.Tooltip("move:Q", format="+.1f")])
    hole = moves.transform_filter("!datum.seen").transform_aggregate(n="count()", groupby=["threat"]).mark_text(align="left", dx=4, fontStyle="italic").encode(
        y=y, x=alt.datum(0), text=alt.value("the coding ends before the window does"))
    names = alt.Chart(_values(marks)).mark_text(align="left", baseline="bottom", dy=-5, x=0, fontWeight="bold", limit=alt.expr("width")).encode(
        y=alt.Y("threat:N", sort=order, bandPosition=0), text="threat:N")
    return alt.layer(bars, hole, names).properties(height=72 * len(order), width="container", name="moves").add_params(slider("window_days", "Window (days)", 30, 365, window, 5))


def _pole_colours(vectors, poles):
    scale = colours(vectors)
    return alt.Scale(domain=list(poles), range=[scale.range[scale.domain.index(p)] for p in poles])


# --- outside sources --------------------------------------------------------------------------------

def agreement_over_time(series, vectors, first_year, last_year):
    """Agreement with each vector year by year; years without a vote stay empty.

    ``series`` holds rows (year, vector, value, n, source) for every year.
    """
    names = [v for v in vectors["vector"] if v in set(series["vector"])]
    rows = series[series["year"].between(first_year, last_year)]
    base = _year_chart(rows, first_year, last_year).encode(color=alt.Color("vector:N", scale=_pole_colours(vectors, names)))
    y = alt.Y("value:Q", title="agreement (0 to 1)", scale=alt.Scale(domain=[0, 1]))
    tip = [alt.Tooltip("year:Q", format="d"), "vector:N", alt.Tooltip("value:Q", format=".2f", title="agreement"), alt.Tooltip("n:Q", title="roll calls"), "source:N"]
    dots = base.transform_calculate(value="datum.n >= fewest ? datum.value : null")
    line = dots.mark_line().encode(y=y)
    layers = [*_holes(rows, first_year, last_year), line, dots.mark_point(size=60).encode(y=y, tooltip=tip)]
    return alt.layer(*layers).properties(height=240, width="container", name="agreement").add_params(slider("fewest", "Leave out years with fewer roll calls than", 1, 60, 1))


def gap_over_time(series, poles, first_year, last_year, marked=()):
    """Gap in agreement between the poles, the state and its peers; years without a vote stay empty.

    ``series`` holds rows (year, gap, peers, net, n, n_peers, source) for every year; years in ``marked``
    get large dots.
    """
    rows = series[series["year"].between(first_year, last_year)].assign(marked=lambda r: r["year"].isin(list(marked)))
    long = rows.melt(["year", "n", "n_peers", "source", "marked"], ["gap", "peers"], "who", "value").replace({"who": {"gap": "the state", "peers": "mean of the peers"}})
    base = _year_chart(long, first_year, last_year).transform_calculate(value="datum.who != 'the state' || datum.n >= fewest ? datum.value : null")
    y = alt.Y("value:Q", title=[f"agreement with {poles[0]}", f"less with {poles[1]}"], scale=alt.Scale(zero=True))
    colour = alt.Color("who:N", scale=alt.Scale(domain=["the state", "mean of the peers"], range=[ACCENT, MUTED]))
    tip = [alt.Tooltip("year:Q", format="d"), "who:N", alt.Tooltip("value:Q", format="+.2f", title="gap"), alt.Tooltip("n:Q", title="roll calls of the state"), "source:N"]
    size = alt.condition("datum.marked && datum.who == 'the state'", alt.value(150), alt.value(45))
    layers = [*_holes(rows, first_year, last_year), base.mark_line().encode(y=y, color=colour), base.mark_point(opacity=1).encode(y=y, color=colour, size=size, tooltip=tip)]
    return alt.layer(*layers).properties(height=220, width="container", name="gap").add_params(slider("fewest", "Leave out years with fewer roll calls than", 1, 60, 1))


def _year_chart(rows, first_year, last_year):
    return alt.Chart(_values(rows)).encode(x=_year_axis("year", first_year, last_year))


def _year_axis(field, first_year, last_year):
    scale = alt.Scale(domain=[first_year - 0.5, last_year + 0.5], nice=False, zero=False)
    return alt.X(f"{field}:Q", title=None, scale=scale, axis=alt.Axis(format="d", tickMinStep=1, grid=False, labelOverlap="greedy", labelSeparation=8))


def _year_bars(chart, first_year, last_year):
    """Bars that leave a gap between years, whatever the width of the page."""
    return chart.transform_calculate(a="datum.year - 0.35", b="datum.year + 0.35").encode(x=_year_axis("a", first_year, last_year), x2="b:Q", y2=alt.datum(0))


def _holes(rows, first_year, last_year):
    """Years in which the state cast no vote, hatched by name."""
    empty = pd.DataFrame({"year": sorted(set(rows.loc[rows["n"] == 0, "year"].astype(int)))}, dtype="Int64")
    if empty.empty:
        return []
    empty = empty.assign(a=empty["year"] - 0.45, b=empty["year"] + 0.45).astype(float)
    base = alt.Chart(_values(empty))
    return [base.mark_rect(color=GRID, opacity=0.7).encode(x=_year_axis("a", first_year, last_year), x2="b:Q", tooltip=[alt.Tooltip("year:Q", format="d", title="no vote cast in")]),
            base.mark_text(text="no vote", angle=270, align="left", baseline="middle", fontSize=11, dx=4, y=alt.expr("height")).encode(x=_year_axis("year", first_year, last_year))]


def attendance_over_time(series, names):
    """Share of roll calls in which a state voted; another state can be laid beside it.

    ``series`` holds rows (year, state, cast, calls, share, source); the first of ``names`` is the state
    under study.
    """
    own, others = names[0], list(names[1:])
    first, last = int(series["year"].min()), int(series["year"].max())
    pick = alt.param(name="peer", value=others[0], bind=alt.binding_select(options=others, name="Beside it"))
    base = _year_chart(series, first, last)
    y = alt.Y("share:Q", title="share of roll calls voted", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))
    tip = [alt.Tooltip("year:Q", format="d"), "state:N", alt.Tooltip("cast:Q", title="votes cast"), alt.Tooltip("calls:Q", title="roll calls"), "source:N"]
    bars = _year_bars(base.transform_filter(alt.datum.state == own).transform_filter("datum.year >= since"), first, last).mark_rect(color=ACCENT).encode(y=y, tooltip=tip)
    zero = base.transform_filter(alt.datum.state == own).transform_filter("datum.cast == 0 && datum.year >= since").mark_text(dy=-8, fontWeight="bold").encode(y=y, text=alt.value("0"), tooltip=tip)
    peer = base.transform_filter("datum.state == peer").transform_filter("datum.year >= since")
    return alt.layer(bars, zero, peer.mark_line(color=MUTED).encode(y=y), peer.mark_point(color=MUTED, size=45).encode(y=y, tooltip=tip)).properties(
        height=220, width="container", name="attendance").add_params(pick, slider("since", "From the year", first, last - 1, first))


def tenures(leaders, names, span):
    """Who led each state when; a slider reads off who was in office and for how long."""
    leaders = leaders[leaders["iso3"].isin(list(names))]
    rows = leaders.assign(state=leaders["iso3"].map(names), from_ms=leaders["start"].map(_stamp), to_ms=leaders["end"].map(_stamp),
                          since=leaders["start"].dt.strftime("%-d %b %Y"), until=leaders["end"].dt.strftime("%-d %b %Y"))
    rows = rows[["state", "leader", "from_ms", "to_ms", "since", "until", "exit_code", "source"]]
    y = alt.Y("state:N", sort=list(names.values()), title=None)
    x = alt.X("from_ms:Q", scale=_years(span), axis=_time(span))
    tip = ["leader:N", "state:N", "since:N", "until:N", alt.Tooltip("exit_code:N", title="left office"), "source:N"]
    own = list(names.values())[0]
    bars = alt.Chart(_values(rows)).mark_bar(height={"band": 0.55}, stroke=PAGE, strokeWidth=2).encode(
        x, y, x2="to_ms:Q", tooltip=tip, color=alt.condition(alt.datum.state == own, alt.value(ACCENT), alt.value(MUTED)))
    now = "utc(in_year, 0, 1)"
    rule = alt.Chart(_values(pd.DataFrame({"one": [1]}))).transform_calculate(ms=now).mark_rule(color=TEXT, strokeWidth=2).encode(x=alt.X("ms:Q", scale=_years(span)))
    read = (alt.Chart(_values(rows)).transform_filter(f"datum.from_ms <= {now} && datum.to_ms > {now}")
            .transform_calculate(text=f"datum.leader + ', ' + format(({now} - datum.from_ms) / (365.25 * 864e5), '.1f') + ' years in office'")
            .mark_text(align="left", baseline="bottom", dy=-9, x=2).encode(y=y, text="text:N"))
    return alt.layer(bars, rule, read).properties(height=46 * len(names), width="container", name="tenures").add_params(
        slider("in_year", "On 1 January of", pd.Timestamp(span[0]).year + 1, pd.Timestamp(span[1]).year, pd.Timestamp(span[0]).year + 10))


def steps_by_year(steps, named):
    """Yearly steps of one series or another; the reader may name three years of their own.

    ``steps`` holds rows (year, since, step, series, source); ``named`` are the years in which the sliders start.
    """
    first, last = int(steps["year"].min()), int(steps["year"].max())
    names = list(dict.fromkeys(steps["series"]))
    pick = alt.param(name="series", value=names[0], bind=alt.binding_select(options=names, name="Series"))
    picks = [slider(f"named_{i}", f"Named year {i + 1}", first, last, int(year)) for i, year in enumerate(named)]
    chosen = " || ".join(f"datum.year == {p.name}" for p in picks)
    base = _year_chart(steps, first, last).transform_filter("datum.series == series").transform_calculate(chosen=chosen)
    y = alt.Y("step:Q", title="absolute change from the year before")
    tip = [alt.Tooltip("year:Q", format="d"), alt.Tooltip("since:Q", format="d", title="counted from"), alt.Tooltip("step:Q", format=".3f"), "series:N", "source:N"]
    bars = _year_bars(base, first, last).mark_rect().encode(y=y, tooltip=tip, color=alt.condition("datum.chosen", alt.value(ACCENT), alt.value(MUTED)))
    mean = (alt.Chart(_values(steps)).transform_filter("datum.series == series").transform_calculate(chosen=chosen).transform_aggregate(mean="mean(step)", groupby=["chosen"])
            .transform_calculate(label="(datum.chosen ? 'named years: mean ' : 'other years: mean ') + format(datum.mean, '.3f')"))
    shade = alt.condition("datum.chosen", alt.value(ACCENT), alt.value(TEXT))
    rule = mean.mark_rule(strokeWidth=2, strokeDash=[5, 3]).encode(y="mean:Q", color=shade)
    place = {"align": "right", "baseline": "bottom", "dy": -3, "x": alt.expr("width")}
    halo = mean.mark_text(**place, stroke=PAGE, strokeWidth=4).encode(y="mean:Q", text="label:N")
    text = mean.mark_text(**place).encode(y="mean:Q", text="label:N")
    return alt.layer(bars, rule, halo, text).properties(height=220, width="container", name="steps").add_params(pick, *picks)
