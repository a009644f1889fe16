"""What happened around the threats, and how far chance would have gone."""

import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from ..forms import formatted
from ..language import _
from .grammar import (
    ABOVE,
    day_numbers,
    day_text,
    haloed,
    hover,
    menu,
    panel,
    plot,
    reading,
    sentence,
    slider,
    tinted,
)
from .memory import memory_rows
from .theme import ACCENT, MUTED, PAGE, PALE, TEXT, colours


def around_threats(
    events: pd.DataFrame,
    threats: pd.DataFrame,
    poles: Sequence[str],
    vectors: pd.DataFrame,
    until: Any,
) -> alt.LayerChart:
    """Acts by the state after less before each threat, pole by pole; the window can be changed.

    A window that runs past ``until``, the last day that the coding covers, is not drawn but named.
    """
    when = map(known, threats["start"], threats["end"])
    names = [
        f"{known}: {re.split('[;,]', text)[0]}"
        for known, text in zip(when, threats["description"])
    ]
    days = day_numbers(threats[["start"]], day="start")["day"]
    marks = pd.DataFrame({"threat": names, "day": days})
    moves = _moves(events[events["vector"].isin(poles)], marks, until)
    # Room at both ends for the values; a grid would strike the headings.
    x = alt.X(
        "move:Q",
        title=_("points on the Goldstein scale, after minus before"),
        scale=alt.Scale(padding=38, nice=False),
        axis=alt.Axis(grid=False),
    )
    room = alt.Scale(paddingInner=0.57, paddingOuter=0.5)
    y = alt.Y("threat:N", sort=names, title=None, axis=None, scale=room)
    lane = alt.YOffset("vector:N", sort=list(poles))
    seen = moves.transform_filter("datum.seen")
    bars = seen.mark_bar().encode(
        x,
        y,
        yOffset=lane,
        color=tinted("vector", colours(vectors, poles), legend=None),
        tooltip=hover("threat:N", "vector:N", "move:Q +.1f"),
    )
    layers = [bars, _zero(names), *_values(moves, x, y, poles), _hole(moves, y)]
    layers += _poles_named(seen, y, lane)
    layers += _heads(marks)
    return panel(*layers, height=64 * len(names), name="moves").add_params(
        slider("window_days", _("Window (days)"), 30, 365, 180, 5)
    )


def known(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """A date no sharper than it is known: a day, a month, or from month to month.

    >>> known(pd.Timestamp("2000-08-11"), pd.Timestamp("2000-09-15"))
    'Aug to Sep 2000'
    """
    if start == end:
        return formatted(start, "%-d %b %Y")
    first, last = formatted(start, "%b %Y"), formatted(end, "%b %Y")
    if first == last:
        return first
    if start.year == end.year:
        first = formatted(start, "%b")
    return _("{first} to {last}", first=first, last=last)


def _poles_named(seen: alt.Chart, y: alt.Y, lane: alt.YOffset) -> list[alt.Chart]:
    """The name of each pole across the nought from its longest bar, instead of a legend."""
    size = alt.SortField("size", order="descending")
    longest = (
        seen.transform_calculate(size="abs(datum.move)")
        .transform_window(
            place="row_number()",
            sort=[alt.SortField("vector"), size],
            groupby=["vector"],
        )
        .transform_filter("datum.place == 1 && datum.size >= 0.1")
    )
    middle = lane.copy()
    middle.bandPosition = 0.5
    return [
        longest.transform_filter(f"datum.move {side} 0")
        .mark_text(align=align, dx=dx, fontSize=11, fontWeight="bold")
        .encode(x=alt.datum(0), y=y, yOffset=middle, text="vector:N")
        for side, align, dx in ((">=", "right", -5), ("<", "left", 5))
    ]


def _zero(names: list[str]) -> alt.Chart:
    """A rule at nought in each row, between the headings, so that none is struck."""
    top = alt.Y("threat:N", sort=names, title=None, axis=None, bandPosition=0)
    rule = plot({"threat": names}).mark_rule(color=TEXT, strokeWidth=1.5)
    return rule.encode(x=alt.datum(0), y=top, y2=alt.Y2("threat:N", bandPosition=1))


def _hole(moves: alt.Chart, y: alt.Y) -> alt.Chart:
    """Words where the coding ends before the window does."""
    return (
        moves.transform_filter("!datum.seen")
        .transform_aggregate(n="count()", groupby=["threat"])
        .mark_text(align="left", dx=4, fontSize=11, color=MUTED)
        .encode(
            y=y, x=alt.datum(0), text=alt.value(_("coding ends before the window does"))
        )
    )


def _heads(marks: pd.DataFrame) -> list[alt.Chart]:
    """The day and the name of each threat, above its bars."""
    y = alt.Y("threat:N", sort=list(marks["threat"]), bandPosition=0)
    # A phone has no room for a long name on one line.
    wrapped = ["|".join(textwrap.wrap(name, 44)) for name in marks["threat"]]
    said = alt.expr("width < 450 ? datum.wrapped : datum.threat")
    raised = alt.expr("width < 450 && indexof(datum.wrapped, '|') > 0 ? -17 : -5")
    place = {**ABOVE, "dy": raised, "fontWeight": "bold", "lineBreak": "|"}
    lines = plot(marks.assign(wrapped=wrapped)).encode(y=y)
    return haloed(lines, **place, text=said, lineHeight=13)


def _moves(events: pd.DataFrame, marks: pd.DataFrame, until: Any) -> alt.Chart:
    """For each threat and pole the acts of the state after less before, within the window."""
    rows = memory_rows(events[events["direction"] == "by"])
    rows["net"] = rows["cooperation"] - rows["conflict"]
    end = int(pd.Timestamp(until).timestamp() // 86400)
    share = "max(0, min(datum.last, {b}) - max(datum.first, {a}) + 1) / (datum.last - datum.first + 1)"
    return (
        plot(rows.merge(marks, how="cross"))
        .transform_calculate(
            after=share.format(a="datum.day + 1", b="datum.day + window_days"),
            before=share.format(a="datum.day - window_days", b="datum.day - 1"),
        )
        .transform_calculate(move="datum.net * (datum.after - datum.before)")
        .transform_aggregate(move="sum(move)", groupby=["threat", "vector", "day"])
        .transform_calculate(seen=f"datum.day + window_days <= {end}")
    )


def _values(
    moves: alt.Chart, x: alt.X, y: alt.Y, poles: Sequence[str]
) -> list[alt.Chart]:
    """The number of each bar, at its end; two that are nought are told once, and what is hardly a move is called so."""
    told = (
        moves.transform_filter("datum.seen")
        .transform_calculate(size="abs(datum.move)")
        .transform_joinaggregate(largest="max(size)", groupby=["threat"])
    )
    hardly = sentence(_("hardly ({move})"), move="format(datum.move, '+.2f')")
    worded = told.transform_filter("datum.largest >= 0.005").transform_calculate(
        words=f"datum.size < 0.005 ? '0' : datum.size < 0.1 ? {hardly} : format(datum.move, '+.1f')"
    )
    still = (
        told.transform_filter("datum.largest < 0.005")
        .transform_aggregate(n="count()", groupby=["threat"])
        .mark_text(text="0", align="left", dx=4, fontSize=11)
        .encode(x=alt.datum(0), y=y)
    )
    lane = alt.YOffset("vector:N", sort=list(poles), bandPosition=0.5)
    ends = [
        worded.transform_filter(f"datum.move {side} 0")
        .mark_text(align=align, dx=dx, fontSize=11)
        .encode(x, y, yOffset=lane, text="words:N")
        for side, align, dx in ((">=", "left", 4), ("<", "right", -4))
    ]
    return [*ends, still]


# Among all shifts ---------------------------------------------------------------


def threats_shifted(
    shifted: pd.DataFrame, tests: Mapping[int, Any], source: str
) -> alt.LayerChart:
    """Where the moves after threats stand among all shifts of the threats round the span; the window can be chosen.

    Parameters
    ----------
    shifted : DataFrame
        Rows (window, statistic), as ``breaks.shifts`` gives them: one for each shift.
    tests : dict of int to breaks.Result
        ``breaks.lead_lag`` for each window, in days.
    source : str
        Citation of the acts, for the hover.
    """
    far = {_("as large as observed, either way"): ACCENT, _("smaller"): PALE}
    edge = math.ceil(shifted["statistic"].abs().max())
    scale = alt.Scale(domain=[-edge, edge], nice=False)
    here, seen = "datum.window == window_days", _observed(tests, source)
    bars = (
        plot(_bins(shifted, seen, list(far)))
        .transform_filter(here)
        .mark_rect(stroke=PAGE, strokeWidth=0.5)
        .encode(
            alt.X(
                "low:Q",
                title=_("mean move, points on the Goldstein scale, after minus before"),
                scale=scale,
            ),
            alt.Y(
                "top:Q",
                title=_("share of shifts"),
                scale=alt.Scale(zero=True),
                axis=alt.Axis(format="%", tickCount=4),
            ),
            x2="high:Q",
            y2="bottom:Q",
            color=tinted("far", far, offset=38, labelLimit=300),
            tooltip=hover(
                "far:N", "low:Q = move from", "high:Q = to", "shifts:Q ,d", "source:N"
            ),
        )
    )
    at = alt.X("statistic:Q", scale=scale)
    left = _left_out(plot(_without(shifted, tests, source)).transform_filter(here), at)
    told = _named_left_out(plot(_farthest(tests)).transform_filter(here), at)
    line, *words = _seen_at(plot(seen.round(5)).transform_filter(here), at)
    windows, label = (
        sorted(int(days) for days in tests),
        _("Window on either side (days)"),
    )
    layers = [bars, line, left, *told, *words]
    return panel(*layers, height=230, name="shifts").add_params(
        menu("window_days", label, windows, 180)
    )


def _observed(tests: Mapping[int, Any], source: str) -> pd.DataFrame:
    """A row for each window: what was observed, and its test."""
    fields = ["statistic", "p", "smallest_p", "n", "draws"]
    rows = [
        [days, *(getattr(test, field) for field in fields), source]
        for days, test in tests.items()
    ]
    return pd.DataFrame(rows, columns=["window", *fields, "source"])


def _without(
    shifted: pd.DataFrame, tests: Mapping[int, Any], source: str
) -> pd.DataFrame:
    """The test without each threat; what is nearly the same stands on one another, so that each can be seen."""
    rows = pd.concat(
        [
            test.details.assign(window=days, threat=day_text(test.details["threat"]))
            for days, test in tests.items()
        ]
    ).assign(source=source)
    rows = rows.dropna(subset=["statistic"])
    near = rows["statistic"].div(shifted["statistic"].abs().max() / 20).round()
    rows["lift"] = 7 + 13 * rows.groupby(["window", near]).cumcount()
    return rows["window threat statistic p source lift".split()].round(5)


def _left_out(rows: alt.Chart, at: alt.X) -> alt.Chart:
    """A triangle where the mean would stand without one threat."""
    return rows.mark_point(
        shape="triangle-up",
        size=90,
        filled=True,
        color=TEXT,
        stroke=PAGE,
        opacity=1,
        y=alt.expr("height - datum.lift"),
    ).encode(
        at,
        tooltip=hover(
            "threat:N = left out",
            "statistic:Q +.2f = then observed",
            "p:Q .3f = then p",
            "source:N",
        ),
    )


def _farthest(tests: Mapping[int, Any]) -> pd.DataFrame:
    """For each window the threat without which the mean would lie farthest off, to name one triangle."""
    rows = []
    for days, test in tests.items():
        apart = (test.details["statistic"] - test.statistic).abs()
        if apart.isna().all():  # a single threat: nothing is left without it
            continue
        one = test.details.loc[apart.idxmax()]
        words = _("without {year}", year=one["threat"].year)
        rows.append([days, round(one["statistic"], 5), words])
    return pd.DataFrame(rows, columns=["window", "statistic", "words"])


def _named_left_out(rows: alt.Chart, at: alt.X) -> list[alt.Chart]:
    """What a triangle stands for, written above one of them."""
    place = {"y": alt.expr("height - 34"), "fontSize": 11}
    return haloed(rows.encode(at, text="words:N"), **place)


def _bins(shifted: pd.DataFrame, seen: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """The shifts in bins one wide, those as far as the observed one apart from the others."""
    rows = shifted[["window", "statistic"]].merge(
        seen[["window", "statistic", "source"]],
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
    return bins.assign(
        top=top.round(5),
        bottom=(top - share).round(5),
        high=bins["low"] + 1,
        far=bins["far"].map(dict(zip((True, False), names))),
    )


def _seen_at(seen: alt.Chart, at: alt.X) -> list[alt.Chart]:
    """A rule at what was observed, its size at its head, and its test in words."""
    line = seen.mark_rule(strokeWidth=3, color=TEXT).encode(
        at,
        tooltip=hover(
            "statistic:Q +.2f = observed",
            "p:Q .3f",
            "smallest_p:Q .5f = smallest possible p",
            "n:Q = threats",
            "draws:Q ,d = shifts",
            "source:N",
        ),
    )
    size = sentence(_("observed {mean}"), mean="format(datum.statistic, '+.1f')")
    test = sentence(_("p = {p}, n = {n}"), p="format(datum.p, '.2f')", n="datum.n")
    place = {"baseline": "bottom", "fontWeight": "bold"}
    return [
        line,
        reading(seen, size, y=-4, **place).encode(at),
        reading(seen, test, **ABOVE, y=-20),
    ]
