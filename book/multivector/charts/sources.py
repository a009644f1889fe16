"""Coders, versions and sources compared."""

import altair as alt

from .grammar import either, hover, menu, panel, plot, slider, tinted
from .theme import ACCENT, MUTED, PAGE, WARN


def coders_compared(matched, tolerance=1.0):
    """Goldstein values of two coders for the same acts; a slider sets which difference still counts as the same.

    ``matched`` holds rows (description, first, second, first_code, second_code).
    """
    rows = matched.groupby(["first", "second"], as_index=False).agg(
        acts=("description", "size"),
        examples=("description", lambda d: "; ".join(d.head(3))),
    )
    base = plot(rows).transform_calculate(
        near="abs(datum.first - datum.second) <= tolerance + 1e-9 ? 'counted as the same' : 'counted as different'"
    )
    scale = alt.Scale(domain=[-10.5, 10.5], nice=False)
    shade = tinted(
        "near",
        {
            "counted as the same": ACCENT,
            "counted as different": WARN,
        },
    )
    dots = base.mark_point(opacity=0.85, filled=True).encode(
        alt.X("first:Q", title="value by the first coder", scale=scale),
        alt.Y("second:Q", title="value by the second coder", scale=scale),
        shade,
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
    share = (
        base.transform_calculate(
            same="datum.near == 'counted as the same' ? datum.acts : 0"
        )
        .transform_aggregate(same="sum(same)", all="sum(acts)")
        .transform_calculate(text="datum.same + ' of ' + datum.all + ' acts agree'")
        .mark_text(align="left", baseline="top", x=8, y=6, fontWeight="bold")
        .encode(text="text:N")
    )
    return panel(line, dots, share, height=320, name="coders").add_params(
        slider(
            "tolerance",
            "Values count as the same up to a difference of",
            0,
            4,
            tolerance,
            0.1,
        )
    )


def effect_of_matters(effects, half_lives, start):
    """How far each matter on which paper and record differ moves an index; the half-life can be changed.

    ``effects`` holds rows (matter, half_life, index, effect, when, source) for each of ``half_lives``, in days.
    """
    names = list(dict.fromkeys(effects["index"]))
    pick = menu("index", "Index", names)
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
    base = plot(rows.round(4)).transform_filter(
        "datum.place == place && datum.index == index"
    )
    bars = base.mark_bar(color=ACCENT).encode(
        alt.X("effect:Q", title="mean change"),
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
    return bars.properties(
        height=24 * len(order), width="container", name="matters"
    ).add_params(pick, place)


def coverage(tables, first_year, last_year, year):
    """Which years each outside table covers; a slider counts the tables that speak in a year.

    ``tables`` holds rows (table, title, year, rows, source), one for every year with a row.
    """
    order = list(tables.groupby("title")["year"].min().sort_values(kind="stable").index)
    x = alt.X("year:O", title=None, axis=alt.Axis(labelOverlap="parity", labelAngle=0))
    base = plot(
        tables[["title", "year", "rows", "source"]].astype({"year": int, "rows": int})
    )
    cells = base.mark_rect(stroke=PAGE, strokeWidth=1).encode(
        x,
        alt.Y("title:N", sort=order, title=None, axis=alt.Axis(labelLimit=230)),
        color=either("datum.year == covered_year", ACCENT, MUTED),
        tooltip=hover("title:N", "year:O", "rows:Q = rows", "source:N"),
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
    return panel(cells, count, height=17 * len(order), name="coverage").add_params(
        slider("covered_year", "Mark the year", first_year, last_year, year)
    )
