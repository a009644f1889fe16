"""Coders, versions and sources compared."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from ..forms import formatted
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
    effects: pd.DataFrame, half_lives: Sequence[int], start: int, least: float = 0.001
) -> alt.LayerChart:
    """How far each matter on which paper and record differ moves an index; index and half-life can be chosen.

    Parameters
    ----------
    effects : DataFrame
        Rows (title, half_life, index, effect, when, source) for each of ``half_lives``, in days.
    half_lives : sequence of int
    start : int
        The half-life at first.
    least : float
        Matters that move the index by less are counted, and not drawn.
    """
    effects = in_words(effects, "index")
    names = list(dict.fromkeys(effects["index"]))
    columns = ["title", "half_life", "index", "effect", "when", "source"]
    chosen = (
        plot(effects[columns].round({"effect": 4}))
        .transform_filter("datum.half_life == half_life && datum.index == index")
        .transform_calculate(drawn=f"datum.effect >= {least}")
    )
    y = alt.Y(
        "title:N",
        sort=alt.EncodingSortField("effect", op="max", order="descending"),
        title=None,
        axis=None,
    )
    rows = chosen.transform_filter("datum.drawn").encode(y=y)
    bars = rows.mark_bar(color=ACCENT, height=9, yOffset=7).encode(
        alt.X("effect:Q", title=_("mean change"), axis=alt.Axis(tickCount=5)),
        tooltip=hover(
            "title:N = matter",
            "index:N",
            "effect:Q .4f = mean change",
            "when:N = largest in",
            "half_life:Q",
            "source:N",
        ),
    )
    told = rows.mark_text(
        align="left", dy=-7, fontSize=11, limit=alt.expr("width")
    ).encode(x=alt.value(0), text="title:N")
    rest = chosen.transform_filter("!datum.drawn").transform_aggregate(n="count()")
    words = sentence(
        _("{n} further matters move it by less than {least}"),
        n="datum.n",
        least=quoted(f"{least:g}"),
    )
    left_out = reading(rest, words, **ABOVE_RIGHT, y=-6, fontSize=11)
    days = [formatted(n, _("# day|# days")) for n in half_lives]
    layers = [bars, told, left_out]
    return panel(*layers, height=alt.Step(32), name="matters").add_params(
        menu("index", _("Index"), names),
        menu("half_life", _("Half-life"), list(half_lives), start, labels=days),
    )


def coverage(
    tables: pd.DataFrame, first_year: int, last_year: int, year: int
) -> alt.LayerChart:
    """Which years each outside table covers; a slider counts the tables that speak in a year.

    ``tables`` holds rows (table, title, year, rows, source), one for every year with a row.
    """
    order = list(tables.groupby("title")["year"].min().sort_values(kind="stable").index)
    columns = ["title", "year", "rows", "source"]
    years = list(range(first_year, last_year + 1))
    x = alt.X(
        "year:O",
        title=None,
        scale=alt.Scale(domain=years),
        axis=alt.Axis(labelOverlap="greedy", labelSeparation=8, labelAngle=0),
    )
    y = alt.Y("title:N", sort=order, title=None, axis=None)
    base = plot(tables[columns].astype({"year": int, "rows": int}))
    # A table is named above its row, so that a long name leaves the years their width.
    named = (
        base.transform_aggregate(rows="sum(rows)", groupby=["title"])
        .mark_text(align="left", dy=-6, fontSize=11, limit=alt.expr("width"))
        .encode(y=y, x=alt.value(0), text="title:N")
    )
    cells = base.mark_bar(stroke=PAGE, strokeWidth=1, height=10, yOffset=7).encode(
        x,
        y,
        color=either("datum.year == covered_year", ACCENT, MUTED),
        opacity=either("datum.year == covered_year", 1, 0.4),
        tooltip=hover("title:N", "year:O", "rows:Q = rows", "source:N"),
    )
    counted = base.transform_filter("datum.year == covered_year").transform_aggregate(
        tables="count()"
    )
    words = sentence(_("{year}: {n} tables"), year="covered_year", n="datum.tables")
    count = reading(counted, words, **ABOVE_RIGHT, y=-6, fontWeight="bold")
    layers = [cells, named, count]
    return panel(*layers, height=28 * len(order), name="coverage").add_params(
        slider("covered_year", _("Mark the year"), first_year, last_year, year)
    )
