"""Outside series, one shown at a time: lines, holes, breaks and names."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from ..alignment import stretches
from ..data import Missing
from ..language import _
from .grammar import (
    Span,
    either,
    hover,
    inline,
    menu,
    panel,
    picker,
    plot,
    quoted,
    reading,
    time_x,
    tinted,
)
from .theme import ACCENT, GRID, MUTED, TEXT


def series_chart(
    rows: pd.DataFrame, who: str, years: tuple[int, int], series: list[Any], picked: str
) -> alt.Chart:
    """Rows of the picked series, as lean as they can be; years without a value keep their null."""
    rows = rows[rows["year"].between(*years)]
    lean = pd.DataFrame(
        {
            "series": rows["series"],
            "part": rows["part"].astype(int),
            "year": rows["year"].astype(int),
            who: rows[who].astype(str),
            "value": [None if pd.isna(v) else float(f"{v:.4g}") for v in rows["value"]],
            "n": rows["n"].astype(int),
        }
    )
    return (
        plot(lean)
        .transform_calculate(ms="utc(datum.year, 6, 1)")
        .transform_filter(f"datum.series == {picked}")
        .transform_lookup("series", citations(series), ["unit", "source"])
    )


def in_language(series: list[Any]) -> list[Any]:
    """The same series, with label and unit in the language of the book."""
    return [one._replace(label=_(one.label), unit=_(one.unit)) for one in series]


def citations(series: list[Any]) -> alt.LookupData:
    """Unit and source of each series, to be looked up by its label."""
    rows = pd.DataFrame(
        {
            "series": [s.label for s in series],
            "unit": [s.unit for s in series],
            "source": [s.rows["source"].iloc[0] for s in series],
        }
    )
    return alt.LookupData(inline(rows), "series", ["unit", "source"])


def untold(rows: pd.DataFrame, years: tuple[int, int]) -> pd.DataFrame:
    """Rows (series, year) of the years in which a series has no value."""
    told = rows.dropna(subset="value").groupby("series")["year"].agg(set)
    return pd.DataFrame(
        [
            {"series": s, "year": year}
            for s in dict.fromkeys(rows["series"])
            for year in range(years[0], years[1] + 1)
            if year not in told.get(s, set())
        ],
        columns=["series", "year"],
    )


def series_holes(
    rows: pd.DataFrame, picked: str, x: alt.X, years: tuple[int, int]
) -> list[alt.Chart]:
    """Years in which the chosen series tells nothing."""
    empty = untold(rows, years)
    if empty.empty:
        return []
    return [
        plot(empty)
        .transform_filter(f"datum.series == {picked}")
        .transform_calculate(
            ms="utc(datum.year, 0, 1)", end="utc(datum.year + 1, 0, 1)"
        )
        .mark_rect(color=GRID, opacity=0.7, clip=True)
        .encode(x, x2="end:Q", tooltip=hover("year:Q d = no observation in"))
    ]


def series_parts(series: list[Any]) -> pd.DataFrame:
    """The rows of all series, with their labels and with the unbroken part that each row belongs to."""
    return pd.concat(
        s.rows.assign(series=s.label, part=stretches(s.rows["year"], s.breaks))
        for s in series
    )


def series_breaks(series: list[Any], picked: str, x: alt.X) -> list[alt.Chart]:
    """A rule at each break of the chosen series, with what happens there."""
    rows = [
        {"series": s.label, "year": year, "note": note}
        for s in series
        for year, note in s.breaks.items()
    ]
    if not rows:
        return []
    base = (
        plot(pd.DataFrame(rows))
        .transform_filter(f"datum.series == {picked}")
        .transform_calculate(ms="utc(datum.year, 0, 1)")
    )
    place = {"angle": 270, "align": "left", "baseline": "bottom", "dx": 4, "dy": -3}
    return [
        base.mark_rule(strokeDash=[2, 3], clip=True).encode(
            x, tooltip=hover("note:N = break in the source", "year:Q d = from")
        ),
        base.mark_text(**place, fontSize=11, y=alt.expr("height"), clip=True).encode(
            x, text=alt.value(_("break in the source"))
        ),
    ]


def series_name(series: list[Any], picked: str) -> alt.Chart:
    """Name and unit of the chosen series above its panel; where that is narrow the unit has a line of its own."""
    rows = {"series": [s.label for s in series], "unit": [s.unit for s in series]}
    chosen = plot(rows).transform_filter(f"datum.series == {picked}")
    narrow = "width < 420"
    words = f"{narrow} ? [datum.series, datum.unit] : datum.series + ', ' + datum.unit"
    # A long name begins further left, so that it ends with the panel.
    length = "max(length(datum.series), length(datum.unit))"
    place = {
        "align": "left",
        "baseline": "bottom",
        "x": alt.expr(f"min(0, width - 6 * {length})"),
        "y": alt.expr(f"{narrow} ? -19 : -5"),
    }
    style = {"fontSize": 11, "fontWeight": "bold", "lineHeight": 14}
    return reading(chosen, words, **place, **style)


def states_over_time(
    series: list[Any], names: Mapping[str, str], span: Span, beside: str = ""
) -> alt.LayerChart:
    """Yearly measures of a state among others, one measure at a time; a year without a value interrupts its line.

    Parameters
    ----------
    series : list of alignment.Series
        The first is shown at the start.
    names : dict of str to str
        ISO3 code to name; the state under study comes first.
    span : pair of dates
    beside : str, optional
        ISO3 code of the state that is marked at the start; by default the second.
    """
    if not series:
        raise Missing("series is empty; allowed: one measure or more")
    series = in_language(series)
    own, *others = names.values()
    years = pd.Timestamp(span[0]).year, pd.Timestamp(span[1]).year
    rows = series_parts(series)
    rows = rows.assign(state=rows["state"].map(names)).dropna(subset="state")
    x = time_x(span, grid=False)
    rest = quoted(_("others"))
    who = f"datum.state == {quoted(own)} ? {quoted(own)} : datum.state == beside ? 'beside' : {rest}"
    base = (
        series_chart(rows, "state", years, series, "measure")
        .transform_calculate(who=who)
        .encode(
            x,
            alt.Y("value:Q", title=None, scale=alt.Scale(zero=True)),
            tinted(
                "who",
                {own: ACCENT, "beside": TEXT, _("others"): MUTED},
                columns=3,
                labelExpr="datum.value == 'beside' ? beside : datum.label",
                symbolType="stroke",
                columnPadding=8,
                offset=38,
            ),
            alt.Detail(["state:N", "part:N"]),
            opacity=either(f"datum.who == {rest}", 0.55, 1),
        )
    )
    tip = hover("year:Q d", "state:N", "value:Q .3~g", "unit:N", "source:N")
    size = either(f"datum.who == {rest}", 14, 40)
    return panel(
        *series_holes(rows[rows["state"] == own], "measure", x, years),
        base.mark_line(clip=True),
        base.mark_point(filled=True, clip=True).encode(size=size, tooltip=tip),
        series_name(series, "measure"),
        height=230,
        name="states",
    ).add_params(
        picker("measure", series, _("Measure")),
        menu("beside", _("Beside it"), others, names.get(beside)),
    )
