"""Coders, versions and sources compared."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from ..language import _
from .grammar import (
    ABOVE_RIGHT,
    either,
    hover,
    in_words,
    menu,
    panel,
    plot,
    quoted,
    reading,
    sentence,
    slider,
    tinted,
    view,
)
from .theme import ACCENT, MUTED, PAGE, WARN


def coders_compared(matched: pd.DataFrame, tolerance: float = 1.0) -> alt.LayerChart:
    """Goldstein values of two coders for the same acts; a slider sets which difference still counts as the same.

    ``matched`` holds rows (description, first, second, first_code, second_code).
    """
    rows = matched.groupby(["first", "second"], as_index=False).agg(
        acts=("description", "size"),
        examples=("description", lambda d: "; ".join(d.head(3))),
    )
    alike, apart = _("counted as the same"), _("counted as different")
    base = plot(rows).transform_calculate(
        near=f"abs(datum.first - datum.second) <= tolerance + 1e-9 ? {quoted(alike)} : {quoted(apart)}"
    )
    scale = alt.Scale(domain=[-10.5, 10.5], nice=False)
    dots = base.mark_point(opacity=0.85, filled=True).encode(
        alt.X("first:Q", title=_("value by the first coder"), scale=scale),
        alt.Y("second:Q", title=_("value by the second coder"), scale=scale),
        tinted("near", {alike: ACCENT, apart: WARN}),
        size=alt.Size("acts:Q", scale=alt.Scale(range=[40, 500]), legend=None),
        tooltip=hover(
            "first:Q = first coder",
            "second:Q = second coder",
            "acts:Q",
            "examples:N = for example",
        ),
    )
    line = (
        plot({"v": [-10, 10]})
        .mark_line(color=MUTED, strokeDash=[4, 3], strokeWidth=1)
        .encode(x=alt.X("v:Q", scale=scale), y=alt.Y("v:Q", scale=scale))
    )
    counted = base.transform_calculate(
        same=f"datum.near == {quoted(alike)} ? datum.acts : 0"
    ).transform_aggregate(same="sum(same)", all="sum(acts)")
    words = sentence(
        _("{same} of {all} acts agree"), same="datum.same", all="datum.all"
    )
    place = {"align": "left", "baseline": "top", "x": 8, "y": 6}
    share = reading(counted, words, **place, fontWeight="bold")
    same = _("Values count as the same up to a difference of")
    return panel(line, dots, share, height=320, name="coders").add_params(
        slider("tolerance", same, 0, 4, tolerance, 0.1)
    )


def effect_of_matters(
    effects: pd.DataFrame, half_lives: Sequence[int], start: int
) -> alt.Chart:
    """How far each matter on which paper and record differ moves an index; the half-life can be changed.

    ``effects`` holds rows (matter, half_life, index, effect, when, source) for each of ``half_lives``, in days.
    """
    effects = in_words(effects, "index")
    names = list(dict.fromkeys(effects["index"]))
    places = {days: i for i, days in enumerate(half_lives, 1)}
    rows = effects.assign(place=effects["half_life"].map(places))
    shown = rows[(rows["index"] == names[0]) & (rows["place"] == start + 1)]
    order = list(shown.sort_values("effect", ascending=False)["matter"])
    bars = (
        plot(rows.round(4))
        .transform_filter("datum.place == place && datum.index == index")
        .mark_bar(color=ACCENT)
        .encode(
            alt.X("effect:Q", title=_("mean change")),
            alt.Y("matter:N", sort=order, title=None, axis=alt.Axis(labelLimit=200)),
            tooltip=hover(
                "matter:N",
                "index:N",
                "effect:Q .4f = mean change",
                "when:N = largest in",
                "half_life:Q",
                "source:N",
            ),
        )
    )
    stops = ", ".join(
        _("{i} = {days} days", i=i, days=days) for days, i in places.items()
    )
    return view(bars, 24 * len(order), "matters").add_params(
        menu("index", _("Index"), names),
        slider(
            "place", _("Half-life: {stops}", stops=stops), 1, len(places), start + 1
        ),
    )


def coverage(
    tables: pd.DataFrame, first_year: int, last_year: int, year: int
) -> alt.LayerChart:
    """Which years each outside table covers; a slider counts the tables that speak in a year.

    ``tables`` holds rows (table, title, year, rows, source), one for every year with a row.
    """
    order = list(tables.groupby("title")["year"].min().sort_values(kind="stable").index)
    columns = ["title", "year", "rows", "source"]
    base = plot(tables[columns].astype({"year": int, "rows": int}))
    cells = base.mark_rect(stroke=PAGE, strokeWidth=1).encode(
        alt.X("year:O", title=None, axis=alt.Axis(labelOverlap="parity", labelAngle=0)),
        alt.Y("title:N", sort=order, title=None, axis=alt.Axis(labelLimit=230)),
        color=either("datum.year == covered_year", ACCENT, MUTED),
        tooltip=hover("title:N", "year:O", "rows:Q = rows", "source:N"),
    )
    counted = base.transform_filter("datum.year == covered_year").transform_aggregate(
        tables="count()"
    )
    words = sentence(_("{year}: {n} tables"), year="covered_year", n="datum.tables")
    count = reading(counted, words, **ABOVE_RIGHT, y=-6, fontWeight="bold")
    return panel(cells, count, height=17 * len(order), name="coverage").add_params(
        slider("covered_year", _("Mark the year"), first_year, last_year, year)
    )
