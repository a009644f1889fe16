"""All evidence on one time axis."""

import altair as alt
import pandas as pd

from .grammar import (
    ACT_TOOLTIP,
    act_rows,
    either,
    hover,
    midway,
    panel,
    panel_title,
    picker,
    plot,
    quoted,
    radio,
    renamed,
    slider,
    stamp,
    tinted,
)
from .series import (
    citations,
    series_breaks,
    series_chart,
    series_holes,
    series_name,
    series_parts,
)
from .theme import ACCENT, MUTED, PAGE, TEXT, colours


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
    faded = either(brush, 1, 0.15)
    parts = [
        _leader_lanes(leaders, names, bare, faded),
        _shock_lanes(marks, bare, faded),
        _act_lanes(acts, vectors, bare, faded),
        _vector_lines(vector_series, vectors, bare, faded, (first, last)),
        _state_lines(state_series, names, x, faded, (first, last), brush),
    ]
    pickers = [
        picker("partner_series", vector_series, "Series by partner"),
        picker("state_series", state_series, "Series of the state"),
        slider("from_year", "From the year", first, last, first),
        slider("to_year", "To the year", first, last, last),
        radio("rows", "Rows of acts by", ["vector", "level"]),
    ]
    return (
        alt.vconcat(*parts, spacing=8)
        .resolve_scale(color="independent")
        .add_params(*pickers)
    )


def _leader_lanes(leaders, names, x, faded):
    rows = leaders[leaders["iso3"].isin(list(names))]
    rows = rows.assign(
        state=rows["iso3"].map(names),
        from_ms=rows["start"].map(stamp),
        to_ms=rows["end"].map(stamp),
        ms=midway(rows["start"], rows["end"]),
        since=rows["start"].dt.strftime("%-d %b %Y"),
        until=rows["end"].dt.strftime("%-d %b %Y"),
    )
    order = [n for n in names.values() if n in set(rows["state"])]
    rows = rows["state leader from_ms to_ms ms since until exit_code source".split()]
    base = plot(rows).encode(
        renamed(x, "from_ms"), alt.Y("state:N", sort=order, title=None)
    )
    bars = base.mark_bar(
        height={"band": 0.75}, stroke=PAGE, strokeWidth=2, fillOpacity=0.45, clip=True
    ).encode(
        x2="to_ms:Q",
        opacity=faded,
        color=either(f"datum.state == {quoted(order[0])}", ACCENT, MUTED),
        tooltip=hover(
            "leader:N",
            "state:N",
            "since:N",
            "until:N",
            "exit_code:N = left office",
            "source:N",
        ),
    )
    # A name is written where its bar is wide enough for it, even on a narrow screen.
    text = (
        base.transform_filter(
            f"(min(datum.to_ms, {_LATE}) - max(datum.from_ms, {_EARLY})) / ({_LATE} - {_EARLY}) * 200 > 6 * length(datum.leader)"
        )
        .mark_text(align="left", dx=5, fontSize=11, clip=True)
        .encode(text="leader:N")
    )
    return panel(bars, text, height=20 * len(order), name="leaders", heading="Leaders")


def _shock_lanes(marks, x, faded):
    rows = marks.assign(
        ms=marks["start"].map(stamp), when=marks["start"].dt.strftime("%-d %b %Y")
    )[["ms", "when", "label", "kind", "source"]]
    points = (
        plot(rows)
        .mark_point(size=80, shape="diamond", opacity=1, clip=True, color=TEXT)
        .encode(
            x,
            alt.Y("kind:N", title=None, sort=list(dict.fromkeys(marks["kind"]))),
            opacity=faded,
            tooltip=hover("label:N", "when:N = date", "source:N"),
        )
    )
    return points.properties(
        height=22 * rows["kind"].nunique(),
        width="container",
        name="shocks",
        title=panel_title("Shocks and threats"),
    )


def _act_lanes(acts, vectors, x, faded):
    rows = act_rows(acts)
    rows = rows.assign(
        ms=midway(acts["start"], acts["end"]).to_numpy(),
        vector=acts["vector"]
        .astype(object)
        .where(acts["vector"].notna(), "context")
        .to_numpy(),
    )
    names = [*vectors["vector"], "context"]
    scale = colours(vectors)
    colour = tinted("vector", dict(zip(names, [*scale.range, MUTED])), legend=None)
    base = (
        plot(rows)
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
        .encode(renamed(x, "from_ms"), x2="to_ms:Q")
    )
    short = (
        base.transform_filter("datum.to_ms - datum.from_ms <= 40 * 864e5")
        .mark_tick(thickness=2, size=14, clip=True)
        .encode(renamed(x, "from_ms"))
    )
    return panel(long, short, height=17 * len(names), name="acts", heading="Coded acts")


def _vector_lines(series, vectors, x, faded, years):
    rows = pd.concat(
        [s.rows.assign(series=s.label, part=series_parts(s)) for s in series]
    )
    base = (
        series_chart(rows, "vector", years)
        .transform_filter("datum.series == partner_series")
        .transform_lookup("series", citations(series), ["unit", "source"])
    )
    tip = hover(
        "year:Q d",
        "vector:N",
        "value:Q .3~g",
        "unit:N",
        "n:Q = observations",
        "source:N",
    )
    colour = alt.Color("vector:N", scale=colours(vectors), legend=alt.Legend(columns=4))
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True))
    layers = [
        *series_holes(rows, "partner_series", x, years),
        *series_breaks(series, "partner_series", x),
        base.mark_line(strokeWidth=2, clip=True).encode(x, y, colour, detail="part:O"),
        base.mark_point(size=30, clip=True).encode(
            x, y, colour, opacity=faded, tooltip=tip
        ),
        series_name(series, "partner_series"),
    ]
    return panel(
        *layers,
        height=150,
        name="partners",
        heading="Outside series, partner by partner",
    )


def _state_lines(series, names, x, faded, years, brush):
    rows = pd.concat(
        [s.rows.assign(series=s.label, part=series_parts(s)) for s in series]
    )
    own = next(iter(names.values()))
    rows = rows.assign(state=rows["state"].map(names))
    base = (
        series_chart(rows, "state", years)
        .transform_filter("datum.series == state_series")
        .transform_lookup("series", citations(series), ["unit", "source"])
    )
    tip = hover(
        "year:Q d",
        "state:N",
        "value:Q .3~g",
        "unit:N",
        "n:Q = rows of the source",
        "source:N",
    )
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True))
    shade = tinted("who", {own: ACCENT, "the other states": MUTED}, columns=2)
    who = base.transform_calculate(
        who=f"datum.state == {quoted(own)} ? datum.state : 'the other states'"
    )
    thick = either(f"datum.state == {quoted(own)}", 2.5, 1.2)
    layers = [
        *series_holes(rows[rows["state"] == own], "state_series", x, years),
        *series_breaks(series, "state_series", x),
        who.mark_line(clip=True).encode(
            x, y, shade, detail=["state:N", "part:O"], strokeWidth=thick
        ),
        who.mark_point(size=26, clip=True)
        .encode(x, y, shade, detail="state:N", opacity=faded, tooltip=tip)
        .add_params(brush),
        series_name(series, "state_series"),
    ]
    return panel(
        *layers,
        height=150,
        name="states",
        heading="Outside series, the state and the others of its region",
    )
