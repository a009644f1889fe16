"""Outside series, one shown at a time: lines, holes, breaks and names."""

import altair as alt
import pandas as pd

from .grammar import hover, inline, plot
from .theme import GRID, PAGE


def series_chart(rows, who, years):
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
    return plot(lean).transform_calculate(ms="utc(datum.year, 6, 1)")


def citations(series):
    rows = pd.DataFrame(
        {
            "series": [s.label for s in series],
            "unit": [s.unit for s in series],
            "source": [s.rows["source"].iloc[0] for s in series],
        }
    )
    return alt.LookupData(inline(rows), "series", ["unit", "source"])


def series_holes(rows, picked, x, years):
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
        plot(empty)
        .transform_filter(f"datum.series == {picked}")
        .transform_calculate(
            ms="utc(datum.year, 0, 1)", end="utc(datum.year + 1, 0, 1)"
        )
    )
    return [
        base.mark_rect(color=GRID, opacity=0.7, clip=True).encode(
            x,
            x2="end:Q",
            tooltip=hover("year:Q d = no observation in"),
        )
    ]


def series_parts(series):
    """Which unbroken part of a series each row belongs to."""
    return (
        sum((series.rows["year"] >= year).astype(int) for year in series.breaks)
        if series.breaks
        else 0
    )


def series_breaks(series, picked, x):
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
        plot(rows)
        .transform_filter(f"datum.series == {picked}")
        .transform_calculate(ms="utc(datum.year, 0, 1)")
    )
    return [
        base.mark_rule(strokeDash=[2, 3], clip=True).encode(
            x,
            tooltip=hover("note:N = break in the source", "year:Q d = from"),
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


def series_name(series, picked):
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
    return plot(rows).transform_filter(f"datum.series == {picked}").mark_text(
        **place, stroke=PAGE, strokeWidth=3, strokeOpacity=0.9
    ).encode(text="text:N") + plot(rows).transform_filter(
        f"datum.series == {picked}"
    ).mark_text(**place).encode(text="text:N")
