"""Figures of the ledger and of the multiverse: verdicts in, ``alt.Chart`` out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from ..data import Missing
from ..language import _
from ..verdicts import PLAIN
from .grammar import (
    any_of,
    either,
    hover,
    in_words,
    inline,
    menu,
    panel,
    plot,
    quoted,
    slider,
    tinted,
    view,
)
from .theme import ACCENT, GRID, MUTED, PAGE, RULE, TEXT, WARM, css

#: Colour of each verdict; what it is stands in words beside the marks too.
VERDICTS = {
    "supported": css("verdict-supported", "#2268bd"),
    "mixed": css("verdict-mixed", "#8a5300"),
    "not supported": css("verdict-not-supported", "#59616b"),
    "contradicted": css("verdict-contradicted", "#be0069"),
    "illustrated only": css("verdict-illustrated", "#42189a"),
    "not testable": css("verdict-not-testable", "#848c96"),
}
#: What a reader is told.
TOLD = {verdict: _(words) for verdict, words in PLAIN.items()}
#: What a rule says before anything is held back: words and colours of its own, since it is no verdict.
FALLS = {
    "supported": _("met"),
    "mixed": _("partly met"),
    "not supported": _("not met"),
    "contradicted": _("met the other way round"),
    "illustrated only": _("can only illustrate"),
    "not testable": _("cannot be run"),
}
FALLS_SHADES = {
    FALLS["supported"]: css("outcome-met", "#1b2027"),
    FALLS["mixed"]: css("outcome-partly", "#5b636d"),
    FALLS["not supported"]: css("outcome-not-met", "#8d949d"),
    FALLS["contradicted"]: WARM,
    FALLS["illustrated only"]: css("verdict-illustrated", "#42189a"),
    FALLS["not testable"]: GRID,
}
#: Beside a claim of which the ledger holds back what its rule says.
HELD = "○"
#: Squares in a line.
ACROSS = 8


# Verdicts ---------------------------------------------------------------------------


def verdicts_at_a_glance(rows: pd.DataFrame, sections: Sequence[str]) -> alt.LayerChart:
    """Every claim as a numbered square in the row of its verdict; a slider fades those whose outcome hangs on a choice.

    Parameters
    ----------
    rows : DataFrame
        Rows (id, claim, section, verdict, outcome, share, reading): ``share`` of the settings with the ledger's outcome.
    sections : sequence of str
        Sections among which the reader can choose; none if the claims have none.
    """
    lines, first = _lines(rows["verdict"])
    total = sum(lines.values())
    y = _verdict_axis({first[name] + lines[name] / 2: name for name in lines}, total)
    base = (
        plot(in_words(_as_squares(rows, first), "told", "says"))
        .transform_calculate(
            shown="datum.percent >= least && (section == 'all' || indexof(datum.section, section) >= 0)"
        )
        .encode(
            alt.X("x:Q", scale=alt.Scale(domain=[0, ACROSS], nice=False), axis=None),
            y,
            opacity=either("datum.shown", 1, 0.2),
            tooltip=hover(
                "id:N",
                "claim:N",
                "section:N",
                "told:N = what came out",
                "says:N = by its rule alone",
                "percent:Q = % of settings",
                "reading:N = evidence",
            ),
        )
    )
    shades = {TOLD[name]: VERDICTS[name] for name in lines}
    squares = base.mark_point(size=430, opacity=1, filled=True, shape="square")
    number = {"fontSize": 11, "fontWeight": "bold"}
    between = plot({"y": list(first.values())[1:]}).mark_rule(color=RULE, opacity=0.4)
    least = _("Keep claims whose outcome holds in at least (% of settings)")
    choice = any_of("section", _("Section of the text"), sections)
    if not sections:
        choice = alt.param(name="section", value="all")
    return panel(
        between.encode(y=y),
        squares.encode(color=tinted("told", shades, legend=None)),
        base.mark_text(**number, baseline="middle").encode(
            text="number:N",
            # A number on a faded square is dark, so that it can still be read.
            color=either("datum.shown", PAGE, TEXT),
            opacity=alt.value(1),
        ),
        height=26 * total,
        name="verdicts",
    ).add_params(
        choice,
        slider("least", least, 0, 100, 0, 5),
    )


def _as_squares(rows: pd.DataFrame, first: Mapping[str, int]) -> pd.DataFrame:
    """Claims with their places in the rows of their verdicts."""
    place = rows.groupby("verdict").cumcount()
    rows = rows.assign(
        percent=(100 * rows["share"]).round(),
        number=rows["id"].str[1:],
        section=rows["section"].fillna("").astype(str),
        told=rows["verdict"].map(TOLD),
        says=rows["outcome"].map(TOLD),
        x=place % ACROSS + 0.5,
        y=rows["verdict"].map(first) + place // ACROSS + 0.5,
    )
    return rows["id claim section told says percent reading number x y".split()]


def _lines(verdicts: pd.Series) -> tuple[dict[str, int], dict[str, int]]:
    """How many lines of squares each verdict has, and on which line it begins."""
    counts = verdicts.value_counts()
    lines, first, start = {}, {}, 0
    for name in (name for name in VERDICTS if name in counts):
        first[name], lines[name] = start, -(-int(counts[name]) // ACROSS)
        start += lines[name]
    return lines, first


def _verdict_axis(middle: Mapping[float, str], total: int) -> alt.Y:
    """What each verdict says, in the middle of its rows."""
    words = quoted({f"{at:g}": _halved(TOLD[name]) for at, name in middle.items()})
    return alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[total, 0], nice=False),
        title=None,
        axis=alt.Axis(
            values=list(middle),
            grid=False,
            ticks=False,
            domain=False,
            labelExpr=f"{words}[format(datum.value, '~g')]",
            labelFontSize=11,
            labelLimit=160,
            labelOffset=-5,  # two lines stand around the middle
        ),
    )


def _halved(words: str) -> list[str]:
    """Words in two lines of like length, where they are many."""
    if len(words) < 16:
        return [words]
    spaces = [place for place, letter in enumerate(words) if letter == " "]
    middle = min(spaces, key=lambda place: abs(place - len(words) / 2))
    return [words[:middle], words[middle + 1 :]]


# Over all choices -------------------------------------------------------------------


def outcomes_over_choices(
    universe: pd.DataFrame, order: Iterable[str], held: Iterable[str] = ()
) -> alt.Chart:
    """Share of the settings of each claim that end in each outcome of its rule; a slider marks the fragile ones.

    Parameters
    ----------
    universe : DataFrame
        Rows (id, outcome, n, share, own, claim, turned_by), ``n`` settings of ``share``; ``own`` the ledger's outcome.
    order : iterable of str
        Claims from top to bottom.
    held : iterable of str
        Claims of which the ledger holds back what the rule says; a circle marks them.
    """
    rows = universe.assign(
        order=universe["outcome"].map(list(VERDICTS).index),
        outcome=universe["outcome"].map(FALLS),
        own=universe["own"].map(FALLS),
        percent=100 * universe["share"],
    )
    ids = list(order)
    marked = f"indexof({quoted(list(held))}, datum.value) < 0 ? '' : ' {HELD}'"
    axis = alt.Axis(
        labelFontSize=11, labelOverlap=False, labelExpr=f"datum.value + ({marked})"
    )
    bars = (
        plot(in_words(rows, "outcome", "own"))
        .transform_joinaggregate(own_share="max(own_part)", groupby=["id"])
        .transform_calculate(fragile="datum.own_share < under / 100")
        .mark_bar(stroke=PAGE, strokeWidth=0.6)
        .encode(
            alt.X(
                "share:Q",
                title=_("share of the settings"),
                stack="zero",
                axis=alt.Axis(format="%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            alt.Y("id:N", sort=ids, title=None, axis=axis),
            tinted("outcome", _that_occur(rows["outcome"]), columns=4, labelLimit=240),
            alt.Order("order:Q"),
            opacity=either("datum.fragile || under == 0", 1, 0.35),
            tooltip=hover(
                "id:N",
                "claim:N",
                "outcome:N",
                "percent:Q .0f = % of settings",
                "n:Q = settings",
                "own:N = in the ledger",
                "turned_by:N = turned by",
            ),
        )
    )
    fewer = _("Mark claims whose outcome holds in fewer than (% of settings)")
    return view(bars, 17 * len(ids), "outcomes").add_params(
        slider("under", fewer, 0, 100, 0, 5)
    )


def _that_occur(outcomes: pd.Series) -> dict[str, str]:
    """Colours of the outcomes that occur, in their usual order."""
    found = set(outcomes)
    return {words: shade for words, shade in FALLS_SHADES.items() if words in found}


def specification_curve(
    universe: pd.DataFrame,
    options: pd.DataFrame,
    labels: Mapping[str, str],
    start: str,
) -> alt.VConcatChart:
    """All settings of one claim in order of their statistic, and below them which options they are made of.

    Specification curve (Simonsohn, Simmons and Nelson 2020).

    Parameters
    ----------
    universe : DataFrame
        Rows (id, rank, statistic, outcome, own, codes): ``rank`` by statistic from 1, ``own`` the ledger's setting,
        ``codes`` a list of the codes of its options.
    options : DataFrame
        Rows (code, option), ``option`` in words.
    labels : dict of str to str
        Claim by id.
    start : str
        Claim that is shown first.
    """
    shown = list(dict.fromkeys(universe["id"]))
    # NaN is no JSON.
    told = universe.assign(outcome=universe["outcome"].map(FALLS))
    occur = {name: list(_that_occur(of)) for name, of in told.groupby("id")["outcome"]}
    rows = [
        {str(name): None if value != value else value for name, value in row.items()}
        for row in in_words(told, "outcome").to_dict("records")
    ]
    room = alt.Scale(nice=False, zero=False, padding=8)
    chosen = (
        plot(rows)
        .transform_filter("datum.id == claim")
        .encode(alt.X("rank:Q", title=None, axis=None, scale=room))
    )
    key = alt.expr(f"{quoted(occur)}[claim]")
    colour = tinted("outcome", _that_occur(told["outcome"]), columns=4, values=key)
    tip = hover("statistic:Q .4~g", "outcome:N")
    dots = chosen.mark_point(filled=True, opacity=1, size=30).encode(
        alt.Y("statistic:Q", title=_("statistic"), scale=alt.Scale(zero=False)),
        colour,
        tooltip=tip,
    )
    own = (
        chosen.transform_filter("datum.own")
        .mark_point(filled=False, size=170, strokeWidth=2, color=TEXT, opacity=1)
        .encode(alt.Y("statistic:Q"), tooltip=tip)
    )
    words = [f"{i}: {labels[i]}" for i in shown]
    made_of = _made_of(chosen, options, colour)
    low = panel(*made_of, height=alt.Step(28), name="options")
    return (
        alt.vconcat(panel(dots, own, height=180, name="curve"), low, spacing=6)
        .resolve_scale(x="shared", color="shared")
        .add_params(menu("claim", _("Claim"), shown, start, labels=words))
    )


def _made_of(
    chosen: alt.Chart, options: pd.DataFrame, colour: alt.Color
) -> list[alt.Chart]:
    """A row for each option, with a tick for each setting that is made of it."""
    made_of = (
        chosen.transform_flatten(["codes"], ["code"])
        .transform_lookup("code", alt.LookupData(inline(options), "code", ["option"]))
        .encode(alt.Y("option:N", title=None, axis=None))
    )
    ticks = made_of.mark_tick(thickness=2, size=11, yOffset=6).encode(
        colour, tooltip=hover("option:N", "outcome:N")
    )
    # An option stands above its row, so that a long one leaves the ticks their width.
    named = (
        made_of.transform_aggregate(n="count()", groupby=["option"])
        .mark_text(align="left", dy=-7, fontSize=11, limit=alt.expr("width"))
        .encode(x=alt.value(0), text="option:N")
    )
    return [ticks, named]


def choices_that_turn(rows: pd.DataFrame, order: Iterable[str]) -> alt.LayerChart:
    """How often each choice alone turns the outcome of a claim.

    ``rows`` holds (choice, turned, tried, claims): of ``tried`` claims that depend on the choice, ``turned`` have an option that alone turns them.
    """
    if rows.empty:
        raise Missing("Nothing to draw: no choice turns a verdict by itself")
    choices = list(order)
    axis = alt.Axis(labelLimit=180)
    base = plot(rows).encode(
        alt.Y("choice:N", sort=choices, title=None, axis=axis),
        tooltip=hover(
            "choice:N",
            "turned:Q = claims turned",
            "tried:Q = claims that depend on it",
            "claims:N",
        ),
    )
    return panel(
        base.mark_bar(color=MUTED, opacity=0.35).encode(
            alt.X("tried:Q", title=_("claims"), axis=alt.Axis(tickMinStep=1))
        ),
        base.mark_bar(color=ACCENT, height={"band": 0.5}).encode(alt.X("turned:Q")),
        height=22 * len(choices),
        name="turning",
    )


# What a claim names, among all that it could have named ------------------------------


def named_among_all(rows: pd.DataFrame, rare: float = 0.1) -> alt.LayerChart:
    """What some claims name, as a diamond among a stroke for each of all that they could have named.

    A diamond is full, and its name bold, where no larger share than ``rare`` lies as far.

    Parameters
    ----------
    rows : DataFrame
        Rows (id, among, dot, value, spread, named, own, share, n): ``among`` is the row of the figure, ``spread`` the
        place in it, ``dot`` what a stroke is; ``named`` marks one a row, ``own`` those of the state.
    """
    rows = rows.assign(row=(rows["id"] + " " + rows["among"]).str.strip())
    columns = ["row", "dot", "value", "spread", "own"]
    numbers = {"value": 4, "spread": 3}
    named = rows[rows["named"]]
    heads = named[columns].assign(
        rare=named["share"] <= rare,
        text=[
            _("{row}: {some} of {n}", row=row, some=round(share * n), n=n)
            for row, share, n in zip(named["row"], named["share"], named["n"])
        ],
    )
    x = alt.X(
        "spread:Q",
        title=_("from the median, in standard deviations"),
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(tickCount=5),
    )
    order = list(dict.fromkeys(rows["row"]))
    y = alt.Y("row:N", sort=order, title=None, axis=None)
    tip = hover("row:N = row", "dot:N = what", "value:Q +.3f")
    strokes = (
        plot(rows.loc[~rows["named"], columns].round(numbers))
        .mark_tick(thickness=1.5, height=15)
        .encode(
            x,
            y,
            color=either("datum.own", TEXT, MUTED),
            opacity=either("datum.own", 0.75, 0.4),
            tooltip=tip,
        )
    )
    marked = plot(heads.round(numbers)).encode(y=y)
    diamonds = marked.mark_point(
        shape="diamond", filled=True, size=150, opacity=1, stroke=ACCENT, strokeWidth=2
    ).encode(x, tooltip=tip, color=either("datum.rare", ACCENT, PAGE))
    layers = [strokes, diamonds, *_rows_named(marked)]
    return panel(*layers, height=alt.Step(42), name="rare")


def _rows_named(marked: alt.Chart) -> list[alt.Chart]:
    """The name of each row above it, bold where what is named is rare."""
    place: dict[str, Any] = {"align": "left", "baseline": "bottom", "x": 2, "dy": -11}
    place["limit"] = alt.expr("width - 2")
    return [
        marked.transform_filter(test)
        .mark_text(**place, fontWeight=weight)
        .encode(text="text:N")
        for test, weight in (("datum.rare", "bold"), ("!datum.rare", "normal"))
    ]


def beside_others(rows: pd.DataFrame, own: str, others: str) -> alt.LayerChart:
    """A yearly measure of a state beside the mean of others, in a band as wide as the margin.

    Parameters
    ----------
    rows : DataFrame
        Rows (year, own, others, margin), NaN where nothing was observed.
    own, others : str
        Names of the two lines.
    """
    ends = [int(rows["year"].min()), int(rows["year"].max())]
    wide = pd.DataFrame(
        {
            "year": rows["year"],
            "low": rows["others"] - rows["margin"],
            "high": rows["others"] + rows["margin"],
        }
    )
    long = rows.melt("year", ["own", "others"], "who", "value")
    long["who"] = long["who"].map({"own": own, "others": others})
    x = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=ends, nice=False),
        axis=alt.Axis(format="d", tickMinStep=1, tickCount=5),
    )
    band = (
        plot(wide.round(3))
        .mark_area(opacity=0.35, color=RULE)
        .encode(x, alt.Y("low:Q"), y2="high:Q")
    )
    base = plot(long.round({"value": 3})).encode(
        x,
        alt.Y("value:Q", title=_("effective vectors"), scale=alt.Scale(zero=False)),
        tinted("who", {own: ACCENT, others: TEXT}, columns=1),
        tooltip=hover("year:Q d", "who:N", "value:Q .2f"),
    )
    line, dots = base.mark_line(), base.mark_point(opacity=1)
    return panel(band, line, dots, height=200, name="alike")
