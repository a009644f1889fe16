"""All evidence on one time axis."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from ..data import Missing
from ..language import _
from .grammar import (
    ACT_TOOLTIP,
    LONG,
    SHORT,
    TENURE_TOOLTIP,
    Span,
    act_rows,
    day_text,
    either,
    hover,
    midway,
    moments,
    panel,
    picker,
    plot,
    quoted,
    radio,
    renamed,
    slider,
    stamp,
    tinted,
    view,
)
from .series import (
    in_language,
    series_breaks,
    series_chart,
    series_holes,
    series_name,
    series_parts,
)
from .theme import ACCENT, MUTED, PAGE, TEXT, colours, present

#: First and last moment that the two sliders of the timeline leave in sight.
_EARLY = "utc(min(from_year, to_year), 0, 1)"
_LATE = "utc(max(from_year, to_year) + 1, 0, 1)"
#: Between a legend and its panel stands the name of the series, on a narrow page in two lines.
_ROOM_FOR_NAME = alt.expr("width < 420 ? 36 : 22")


def evidence_over_time(
    acts: pd.DataFrame,
    marks: pd.DataFrame,
    leaders: pd.DataFrame,
    vector_series: list[Any],
    state_series: list[Any],
    vectors: pd.DataFrame,
    names: Mapping[str, str],
    span: Span,
) -> alt.VConcatChart:
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

    Raises
    ------
    data.Missing
        If there is nothing to be drawn.
    """
    vector_series, state_series = map(in_language, (vector_series, state_series))
    years = (pd.Timestamp(span[0]).year, pd.Timestamp(span[1]).year)
    scale = moments(f"[{_EARLY}, {_LATE}]", clamp=False)
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
    parts = []
    if leaders["iso3"].isin(list(names)).any():
        parts.append(_leader_lanes(leaders, names, bare, faded))
    if len(marks):
        parts.append(_shock_lanes(marks, bare, faded))
    if len(acts):
        parts.append(_act_lanes(acts, vectors, bare, faded))
    if vector_series:
        lines = (vector_series, vectors, bare if state_series else x)
        parts.append(_vector_lines(*lines, faded, years))
    if state_series:
        parts.append(_state_lines(state_series, names, x, faded, years, brush))
    elif parts:
        parts[-1] = parts[-1].add_params(brush)
    if not parts:
        raise Missing(_("there is no leader, act or outside series to be drawn"))
    return (
        alt.vconcat(*parts, spacing=8)
        .resolve_scale(color="independent")
        .add_params(*_controls(vector_series, state_series, len(acts), years))
    )


def _controls(
    vector_series: list[Any], state_series: list[Any], acts: int, years: tuple[int, int]
) -> list[alt.Parameter]:
    """What can be chosen of what is there."""
    first, last = years
    found = []
    if vector_series:
        found.append(picker("partner_series", vector_series, _("Series by partner")))
    if state_series:
        found.append(picker("state_series", state_series, _("Series of the state")))
    found.append(slider("from_year", _("From the year"), first, last, first))
    found.append(slider("to_year", _("To the year"), first, last, last))
    if acts:
        labels = [_("vector"), _("level")]
        rows = radio("rows", _("Rows of acts by"), ["vector", "level"], labels=labels)
        found.append(rows)
    return found


def _leader_lanes(
    leaders: pd.DataFrame, names: Mapping[str, str], x: alt.X, faded: Any
) -> alt.LayerChart:
    rows = leaders[leaders["iso3"].isin(list(names))]
    rows = rows.assign(
        state=rows["iso3"].map(names),
        from_ms=rows["start"].map(stamp),
        to_ms=rows["end"].map(stamp),
        ms=midway(rows["start"], rows["end"]),
        since=day_text(rows["start"]),
        until=day_text(rows["end"]),
    )
    order = [n for n in names.values() if n in set(rows["state"])]
    columns = "state leader from_ms to_ms ms since until exit_code source".split()
    base = plot(rows[columns]).encode(
        renamed(x, "from_ms"), alt.Y("state:N", sort=order, title=None)
    )
    bars = base.mark_bar(
        height={"band": 0.75}, stroke=PAGE, strokeWidth=2, fillOpacity=0.45, clip=True
    ).encode(
        x2="to_ms:Q",
        opacity=faded,
        color=either(f"datum.state == {quoted(order[0])}", ACCENT, MUTED),
        tooltip=TENURE_TOOLTIP,
    )
    # A name is written where its bar is wide enough for it, even on a narrow screen.
    text = (
        base.transform_calculate(begins=f"max(datum.from_ms, {_EARLY})")
        .transform_filter(
            f"(min(datum.to_ms, {_LATE}) - max(datum.from_ms, {_EARLY})) / ({_LATE} - {_EARLY}) * 200 > 6 * length(datum.leader)"
        )
        .mark_text(align="left", dx=5, fontSize=11, clip=True)
        .encode(renamed(x, "begins"), text="leader:N")
    )
    return panel(
        bars, text, height=20 * len(order), name="leaders", heading=_("Leaders")
    )


def _shock_lanes(marks: pd.DataFrame, x: alt.X, faded: Any) -> alt.Chart:
    rows = marks.assign(ms=marks["start"].map(stamp), when=day_text(marks["start"]))
    points = (
        plot(rows[["ms", "when", "label", "kind", "source"]])
        .mark_point(size=80, shape="diamond", opacity=1, clip=True, color=TEXT)
        .encode(
            x,
            alt.Y("kind:N", title=None, sort=list(dict.fromkeys(marks["kind"]))),
            opacity=faded,
            tooltip=hover("label:N", "when:N = date", "source:N"),
        )
    )
    height = 22 * rows["kind"].nunique()
    return view(points, height, "shocks", _("Shocks and threats"))


def _act_lanes(
    acts: pd.DataFrame, vectors: pd.DataFrame, x: alt.X, faded: Any
) -> alt.LayerChart:
    vector = acts["vector"].astype(object).where(acts["vector"].notna(), _("context"))
    rows = act_rows(acts).assign(
        ms=midway(acts["start"], acts["end"]).to_numpy(), vector=vector.to_numpy()
    )
    shades = {**colours(vectors), _("context"): MUTED}
    order = [*shades, _("internal"), _("external"), _("both")]
    base = (
        plot(rows)
        .transform_calculate(row="rows == 'vector' ? datum.vector : datum.level")
        .encode(
            renamed(x, "from_ms"),
            alt.Y("row:N", title=None, sort=order),
            tinted("vector", shades, legend=None),
            opacity=faded,
            tooltip=ACT_TOOLTIP,
        )
    )
    long = (
        base.transform_filter(LONG)
        .mark_bar(height={"band": 0.6}, cornerRadius=2, fillOpacity=0.4, clip=True)
        .encode(x2="to_ms:Q")
    )
    short = base.transform_filter(SHORT).mark_tick(thickness=2, size=14, clip=True)
    return panel(
        long, short, height=17 * len(shades), name="acts", heading=_("Coded acts")
    )


def _vector_lines(
    series: list[Any],
    vectors: pd.DataFrame,
    x: alt.X,
    faded: Any,
    years: tuple[int, int],
) -> alt.LayerChart:
    rows, picked = series_parts(series), "partner_series"
    base = series_chart(rows, "vector", years, series, picked).encode(
        x,
        alt.Y("value:Q", title=None, scale=alt.Scale(zero=True)),
        tinted(
            "vector",
            colours(vectors),
            columns=4,
            values=_told_of(rows, vectors, picked),
            offset=_ROOM_FOR_NAME,
        ),
    )
    tip = hover(
        "year:Q d",
        "vector:N",
        "value:Q .3~g",
        "unit:N",
        "n:Q = observations",
        "source:N",
    )
    return panel(
        *series_holes(rows, picked, x, years),
        *series_breaks(series, picked, x),
        base.mark_line(strokeWidth=2, clip=True).encode(detail="part:O"),
        base.mark_point(size=30, clip=True).encode(opacity=faded, tooltip=tip),
        series_name(series, picked),
        height=150,
        name="partners",
        heading=_("Outside series, partner by partner"),
    )


def _told_of(rows: pd.DataFrame, vectors: pd.DataFrame, picked: str) -> alt.Expr:
    """The vectors that the chosen series tells of, in their usual order."""
    told: Any = rows.dropna(subset="value").groupby("series")["vector"]
    names = {label: present(vectors, of_one) for label, of_one in told}
    return alt.expr(f"{quoted(names)}[{picked}]")


def _state_lines(
    series: list[Any],
    names: Mapping[str, str],
    x: alt.X,
    faded: Any,
    years: tuple[int, int],
    brush: alt.Parameter,
) -> alt.LayerChart:
    rows, picked = series_parts(series), "state_series"
    own = next(iter(names.values()))
    rows = rows.assign(state=rows["state"].map(names))
    is_own = f"datum.state == {quoted(own)}"
    base = (
        series_chart(rows, "state", years, series, picked)
        .transform_calculate(
            who=f"{is_own} ? datum.state : {quoted(_('the other states'))}"
        )
        .encode(
            x,
            alt.Y("value:Q", title=None, scale=alt.Scale(zero=True)),
            tinted(
                "who",
                {own: ACCENT, _("the other states"): MUTED},
                columns=2,
                offset=_ROOM_FOR_NAME,
            ),
        )
    )
    tip = hover(
        "year:Q d",
        "state:N",
        "value:Q .3~g",
        "unit:N",
        "n:Q = rows of the source",
        "source:N",
    )
    return panel(
        *series_holes(rows[rows["state"] == own], picked, x, years),
        *series_breaks(series, picked, x),
        base.mark_line(clip=True).encode(
            detail=["state:N", "part:O"], strokeWidth=either(is_own, 2.5, 1.2)
        ),
        base.mark_point(size=26, clip=True)
        .encode(detail="state:N", opacity=faded, tooltip=tip)
        .add_params(brush),
        series_name(series, picked),
        height=150,
        name="states",
        heading=_("Outside series, the state and the others of its region"),
    )
