"""What happened around the threats, and how far chance would have gone."""

import math

import altair as alt
import pandas as pd

from .grammar import HALO, day_numbers, hover, menu, panel, plot, slider, tinted
from .memory import memory_rows
from .theme import ACCENT, MUTED, PAGE, TEXT, pole_colours


def around_threats(events, threats, poles, vectors, until, window=180):
    """Acts by the state after less before each threat, pole by pole; the window can be changed.

    A window that runs past ``until``, the last day that the coding covers, is not drawn but named.
    """
    acts = events[events["vector"].isin(poles) & (events["direction"] == "by")]
    rows = memory_rows(acts)
    rows["net"] = rows["cooperation"] - rows["conflict"]
    marks = day_numbers(
        pd.DataFrame(
            {
                "threat": [
                    f"{d:%-d %b %Y}: {t.split(';')[0]}"
                    for d, t in zip(threats["start"], threats["description"])
                ],
                "start": threats["start"],
            }
        ),
        day="start",
    ).drop(columns="start")
    rows = rows.merge(marks, how="cross")
    end = int(pd.Timestamp(until).timestamp() // 86400)
    share = "max(0, min(datum.last, {b}) - max(datum.first, {a}) + 1) / (datum.last - datum.first + 1)"
    moves = (
        plot(rows)
        .transform_calculate(
            after=share.format(a="datum.day + 1", b="datum.day + window_days"),
            before=share.format(a="datum.day - window_days", b="datum.day - 1"),
        )
        .transform_calculate(move="datum.net * (datum.after - datum.before)")
        .transform_aggregate(move="sum(move)", groupby=["threat", "vector", "day"])
        .transform_calculate(seen=f"datum.day + window_days <= {end}")
    )
    order = list(marks["threat"])
    y = alt.Y(
        "threat:N",
        sort=order,
        title=None,
        axis=None,
        scale=alt.Scale(paddingInner=0.4, paddingOuter=0.35),
    )
    # Room at both ends for the values; a grid would strike the headings.
    x = alt.X(
        "move:Q",
        title="points on the Goldstein scale, after minus before",
        scale=alt.Scale(padding=38, nice=False),
        axis=alt.Axis(grid=False),
    )
    bars = (
        moves.transform_filter("datum.seen")
        .mark_bar()
        .encode(
            x,
            y,
            yOffset=alt.YOffset("vector:N", sort=list(poles)),
            color=alt.Color("vector:N", scale=pole_colours(vectors, poles)),
            tooltip=hover("threat:N", "vector:N", "move:Q +.1f"),
        )
    )
    worded = moves.transform_calculate(
        words="format(datum.move, abs(datum.move) < 0.1 ? '+.2f' : '+.1f')"
    )
    values = [
        worded.transform_filter(f"datum.seen && {side}")
        .mark_text(align=align, dx=dx, fontSize=11)
        .encode(
            x,
            y,
            yOffset=alt.YOffset("vector:N", sort=list(poles), bandPosition=0.5),
            text="words:N",
        )
        for side, align, dx in (
            ("datum.move >= 0", "left", 4),
            ("datum.move < 0", "right", -4),
        )
    ]
    zero = plot({"move": [0]}).mark_rule(color=TEXT, strokeWidth=1.5).encode(x)
    hole = (
        moves.transform_filter("!datum.seen")
        .transform_aggregate(n="count()", groupby=["threat"])
        .mark_text(align="left", dx=4, fontStyle="italic")
        .encode(
            y=y,
            x=alt.datum(0),
            text=alt.value("the coding ends before the window does"),
        )
    )
    names = [
        plot(marks)
        .mark_text(
            align="left",
            baseline="bottom",
            dy=-5,
            x=0,
            fontWeight="bold",
            limit=alt.expr("width"),
            **under,
        )
        .encode(y=alt.Y("threat:N", sort=order, bandPosition=0), text="threat:N")
        for under in (HALO, {})
    ]
    return panel(
        bars, zero, *values, hole, *names, height=72 * len(order), name="moves"
    ).add_params(slider("window_days", "Window (days)", 30, 365, window, 5))


def threats_shifted(shifted, tests, source, window=180):
    """Where the moves after threats stand among all shifts of the threats round the span; the window can be chosen.

    Parameters
    ----------
    shifted : DataFrame
        Rows (window, statistic), as ``breaks.shifts`` gives them: one for each shift.
    tests : dict of int to breaks.Result
        ``breaks.lead_lag`` for each window, in days.
    source : str
        Citation of the acts, for the hover.
    window : int
        Where the choice starts, in days.
    """
    fields = ["statistic", "p", "smallest_p", "n", "draws"]
    rows = [
        [days, *(getattr(test, field) for field in fields), source]
        for days, test in tests.items()
    ]
    without = pd.concat(
        [
            test.details.assign(
                window=days,
                source=source,
                threat=test.details["threat"].dt.strftime("%-d %b %Y"),
            )
            for days, test in tests.items()
        ]
    )
    # Threats without which the result is nearly the same stand on one another, so that each can be seen.
    without = without.assign(
        near=without["statistic"].div(shifted["statistic"].abs().max() / 20).round()
    )
    without["lift"] = 7 + 13 * without.groupby(["window", "near"]).cumcount()
    without, tests = (
        without[["window", "threat", "statistic", "p", "source", "lift"]],
        pd.DataFrame(rows, columns=["window", *fields, "source"]),
    )
    rows = shifted[["window", "statistic"]].merge(
        tests[["window", "statistic", "source"]],
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
    names = ["as large as observed, either way", "smaller"]
    bins = bins.assign(
        top=top.round(5),
        bottom=(top - share).round(5),
        high=bins["low"] + 1,
        far=bins["far"].map({True: names[0], False: names[1]}),
    )
    choice = menu(
        "window_days",
        "Window on either side (days)",
        sorted(int(w) for w in tests["window"]),
        window,
    )
    here, edge = "datum.window == window_days", math.ceil(rows["statistic"].abs().max())
    x = alt.X(
        "low:Q",
        title="mean move, points on the Goldstein scale, after minus before",
        scale=alt.Scale(domain=[-edge, edge], nice=False),
    )
    y = alt.Y(
        "top:Q",
        title="share of shifts",
        scale=alt.Scale(zero=True),
        axis=alt.Axis(format="%", tickCount=4),
    )
    bars = (
        plot(bins)
        .transform_filter(here)
        .mark_rect(stroke=PAGE, strokeWidth=0.5)
        .encode(
            x,
            y,
            x2="high:Q",
            y2="bottom:Q",
            color=tinted(
                "far", dict(zip(names, [ACCENT, MUTED])), offset=24, labelLimit=300
            ),
            tooltip=hover(
                "far:N", "low:Q = move from", "high:Q = to", "shifts:Q ,d", "source:N"
            ),
        )
    )
    seen = (
        plot(tests.round(5))
        .transform_filter(here)
        .transform_calculate(
            label="'observed ' + format(datum.statistic, '+.1f') + ', p = ' + format(datum.p, '.2f') + ', n = ' + datum.n"
        )
    )
    tip = hover(
        "statistic:Q +.2f = observed",
        "p:Q .3f",
        "smallest_p:Q .5f = smallest possible p",
        "n:Q = threats",
        "draws:Q ,d = shifts",
        "source:N",
    )
    at = alt.X("statistic:Q", scale=alt.Scale(domain=[-edge, edge], nice=False))
    line = seen.mark_rule(strokeWidth=2.5).encode(at, tooltip=tip)
    words = seen.mark_text(
        align="left", baseline="bottom", x=0, y=-5, fontWeight="bold"
    ).encode(text="label:N")
    left = (
        plot(without.round(5))
        .transform_filter(here)
        .mark_point(
            shape="triangle-up",
            size=90,
            filled=True,
            color=TEXT,
            stroke=PAGE,
            opacity=1,
            y=alt.expr("height - datum.lift"),
        )
        .encode(
            at,
            tooltip=hover(
                "threat:N = left out",
                "statistic:Q +.2f = then observed",
                "p:Q .3f = then p",
                "source:N",
            ),
        )
    )
    return panel(bars, line, left, words, height=230, name="shifts").add_params(choice)
