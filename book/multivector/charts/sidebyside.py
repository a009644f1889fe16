"""Two states on the same scales: series year by year, and where each breaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from ..forms import listed
from ..language import _
from .grammar import (
    ABOVE,
    either,
    hover,
    menu,
    panel,
    plot,
    quoted,
    reading,
    slider,
    tinted,
    year_axis,
)
from .theme import ACCENT, GRID, MUTED, TEXT


def two_over_time(
    rows: pd.DataFrame,
    states: Sequence[str],
    years: tuple[int, int],
    year: int,
    form: str = ".1f",
) -> alt.VConcatChart:
    """Series of two states, each series in a panel that both share, with a year of the reader's choice read off.

    Parameters
    ----------
    rows : DataFrame
        Rows (series, state, year, value, source), and ``most`` where a series runs from 1 to so many; NaN
        where nothing was observed.  A series that one state lacks says so.
    states : pair of str
        Their names; the first is coloured.
    years : pair of int
        First and last year drawn and offered by the slider.
    year : int
        Where the slider starts.
    form : str
        How a value is written.
    """
    inside = rows[rows["year"].between(*years)]
    names = list(dict.fromkeys(inside["series"]))
    panels = [
        _panel_of_two(inside[inside["series"] == name], states, years, form, i, names)
        for i, name in enumerate(names)
    ]
    return (
        alt.vconcat(*panels, spacing=10)
        .resolve_scale(x="shared", y="independent", color="shared")
        .add_params(slider("read_year", _("Read off the year"), *years, year))
    )


def _panel_of_two(
    rows: pd.DataFrame,
    states: Sequence[str],
    years: tuple[int, int],
    form: str,
    place: int,
    names: Sequence[str],
) -> alt.LayerChart:
    """One series: a line for each state, and both values in the chosen year."""
    x = year_axis("year", *years)
    if place < len(names) - 1:
        x = x.axis(labels=False, ticks=False, domain=False, grid=False)
    y, zero = _scale_of(rows)
    shades = dict(zip(states, (ACCENT, TEXT)))
    lean = rows[["state", "year", "value", "source"]].round({"value": 4})
    base = plot(lean).encode(x, y, tinted("state", shades, columns=2))
    tip = hover("state:N", "year:Q d", f"value:Q {form}", "source:N")
    at = "datum.year == read_year"
    return panel(
        *zero,
        _year_rule(years).encode(x),
        base.mark_line(strokeWidth=2),
        base.mark_point(size=30, opacity=1).encode(tooltip=tip),
        base.transform_filter(at).mark_point(size=110, opacity=1).encode(tooltip=tip),
        _both_values(rows, states, form),
        height=110,
        name=f"two_{place}" if place else "two",
        heading=_heading(rows, states),
    )


def _scale_of(rows: pd.DataFrame) -> tuple[alt.Y, list[alt.Chart]]:
    """The axis of a series, and a rule at nought where values lie on both sides of it."""
    if "most" in rows and rows["most"].notna().any():
        most = int(rows["most"].max())
        scale = alt.Scale(domain=[1, most], nice=False)
        axis = alt.Axis(values=[1, most], format="d")
        return alt.Y("value:Q", title=None, scale=scale, axis=axis), []
    y = alt.Y(
        "value:Q", title=None, scale=alt.Scale(nice=True), axis=alt.Axis(tickCount=4)
    )
    zero = plot({"value": [0]}).mark_rule(color=MUTED).encode(y=y)
    return y, [zero]


def _heading(rows: pd.DataFrame, states: Sequence[str]) -> str:
    """Name of a series, and which state has none of it."""
    told = set(rows.dropna(subset="value")["state"])
    none = [state for state in states if state not in told]
    name = str(rows["series"].iloc[0])
    if not none:
        return name
    return _("{series}; nothing of {states}", series=name, states=listed(none))


def _year_rule(years: tuple[int, int]) -> alt.Chart:
    """A thin rule at the chosen year."""
    every = plot({"year": list(range(years[0], years[1] + 1))})
    return every.transform_filter("datum.year == read_year").mark_rule(color=GRID)


def _both_values(rows: pd.DataFrame, states: Sequence[str], form: str) -> alt.Chart:
    """The chosen year and the value of each state in it, above the panel."""
    wide = rows.pivot(index="year", columns="state", values="value")
    wide = wide.reindex(columns=list(states)).set_axis(["a", "b"], axis=1)
    chosen = plot(wide.reset_index().round(4)).transform_filter(
        "datum.year == read_year"
    )
    none = quoted(_("no value"))
    parts = [
        f"{quoted(state + ' ')} + (isValid(datum.{name})"
        f" ? format(datum.{name}, {quoted(form)}) : {none})"
        for name, state in zip("ab", states)
    ]
    words = f"read_year + ': ' + {parts[0]} + ', ' + {parts[1]}"
    return reading(chosen, words, **ABOVE, y=-4)


def two_breaks(
    rows: pd.DataFrame, states: Sequence[str], years: tuple[int, int], level: float
) -> alt.LayerChart:
    """The strongest break of each series in two states, strong where its p is small.

    Parameters
    ----------
    rows : DataFrame
        Rows (kind, series, state, year, p, n, source); one kind is shown at a time, the first at the start.
    states : pair of str
    years : pair of int
        First and last year drawn.
    level : float
        Where the slider of the p starts.
    """
    kinds = list(dict.fromkeys(rows["kind"]))
    shades = dict(zip(states, (ACCENT, TEXT)))
    columns = ["kind", "series", "state", "year", "p", "n", "source"]
    base = plot(rows[columns].round({"p": 4})).transform_filter("datum.kind == kind")
    order = list(dict.fromkeys(rows["series"]))
    y = alt.Y("series:N", sort=order, title=None, axis=None)
    strong = "datum.p <= level"
    tip = hover(
        "series:N", "state:N", "year:Q d = from", "p:Q .3f", "n:Q = years", "source:N"
    )
    links = (
        base.transform_aggregate(a="min(year)", b="max(year)", groupby=["series"])
        .mark_rule(color=GRID, strokeWidth=1.5)
        .encode(year_axis("a", *years), y, x2="b:Q")
    )
    dots = base.mark_point(filled=True, size=110).encode(
        year_axis("year", *years),
        y,
        tinted("state", shades, columns=2),
        alt.Shape(
            "state:N",
            scale=alt.Scale(domain=list(states), range=["circle", "diamond"]),
            legend=None,
        ),
        opacity=either(strong, 1, 0.25),
        tooltip=tip,
    )
    place: dict[str, Any] = {"align": "left", "baseline": "bottom", "x": 2, "dy": -6}
    place["fontSize"] = 10  # the longest name fits on a phone
    names = (
        base.transform_aggregate(groupby=["series"])
        .mark_text(**place, limit=alt.expr("width - 2"))
        .encode(y, text="series:N")
    )
    return panel(links, dots, names, height=alt.Step(30), name="breaks").add_params(
        menu("kind", _("Series"), kinds),
        slider("level", _("Strong where p is at most"), 0.01, 1, level, 0.01),
    )
