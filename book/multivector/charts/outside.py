"""Outside sources year by year: agreement in votes, attendance, trade."""

import textwrap
from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from ..forms import listed
from ..language import _
from .grammar import (
    either,
    haloed,
    hover,
    menu,
    note,
    panel,
    part_of_year,
    plot,
    quoted,
    sentence,
    slider,
    tinted,
    year_axis,
    year_bars,
    year_chart,
    year_holes,
)
from .theme import ACCENT, GRID, MUTED, TEXT, for_words


def _fewest() -> alt.Parameter:
    """Slider for the roll calls below which a year is left out."""
    return slider("fewest", _("Leave out years with fewer roll calls than"), 1, 60, 1)


def agreement_over_time(
    series: pd.DataFrame,
    shades: Mapping[str, str],
    years: tuple[int, int],
    names: Mapping[str, tuple[int, str, int]],
    breaks: pd.DataFrame,
) -> alt.LayerChart:
    """Agreement in votes year by year, each line with its name along it; years without a vote stay empty.

    Parameters
    ----------
    series : DataFrame
        Rows (year, who, value, n, source) for every year: who agrees with whom, and over how many roll calls.
    shades : dict of str to str
        Colour of each ``who``.
    years : pair of int
    names : dict of str to (int, str, int)
        Year at which a name is written, its alignment there, and by how many pixels below its line.
    breaks : DataFrame
        Rows (start, label, source) drawn as dashed rules.
    """
    rows = series[series["year"].between(*years)]
    y = alt.Y(
        "shown:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
    )
    # A field of its own: one that is written over would be lost when the slider goes back.
    dots = (
        year_chart(rows, *years)
        .encode(y=y, color=tinted("who", shades, legend=None))
        .transform_calculate(shown="datum.n >= fewest ? datum.value : null")
    )
    tip = hover(
        "year:Q d", "who:N", "shown:Q .2f = agreement", "n:Q = roll calls", "source:N"
    )
    texts = [
        text
        for who, (year, align, below) in names.items()
        for text in haloed(
            dots.transform_filter(
                f"datum.who == {quoted(who)} && datum.year == {year}"
            ).encode(text="who:N", color=alt.value(for_words(shades[who]))),
            align=align,
            dy=below,
            fontWeight="bold",
        )
    ]
    return panel(
        *year_holes(rows, *years),
        *_rules(breaks, years),
        dots.mark_line(),
        dots.mark_point(size=50, opacity=1).encode(tooltip=tip),
        *texts,
        height=240,
        name="agreement",
    ).add_params(_fewest())


def _rules(breaks: pd.DataFrame, years: tuple[int, int]) -> list[alt.Chart]:
    """A dashed rule at each break, with its name above the frame."""
    rows = breaks[["label", "source"]].assign(year=part_of_year(breaks["start"]))
    base = year_chart(rows, *years)
    return [
        base.mark_rule(strokeDash=[3, 3]).encode(tooltip=hover("label:N", "source:N")),
        base.mark_text(y=-7, fontSize=11).encode(text="label:N"),
    ]


def gap_over_time(
    series: pd.DataFrame,
    poles: Sequence[str],
    first_year: int,
    last_year: int,
    marked: Sequence[int] = (),
    state: str = "",
    peers: Sequence[str] = (),
) -> alt.LayerChart:
    """Gap in agreement between the poles, the state and its peers; years without a vote stay empty.

    Parameters
    ----------
    series : DataFrame
        Rows (year, gap, peers, net, n, n_peers, source) for every year; if there are columns ``lowest`` and
        ``highest``, a pale band lies between these gaps of the peers.
    poles : pair of str
    first_year, last_year : int
    marked : sequence of int
        Years that get large dots.
    state : str
        Name of the state in the legend, where that is not "the state".
    peers : sequence of str, optional
        Names of the peers for the legend.
    """
    rows = series[series["year"].between(first_year, last_year)].assign(
        marked=lambda r: r["year"].isin(list(marked))
    )
    state, mean = state or _("the state"), _("mean of the peers")
    long = rows.melt(
        ["year", "n", "n_peers", "source", "marked"], ["gap", "peers"], "who", "value"
    ).replace({"who": {"gap": state, "peers": mean}})
    y = alt.Y(
        "shown:Q",
        title=_(
            "gap in UN votes: agreement with\n{first} minus {second}",
            first=poles[0],
            second=poles[1],
        ).splitlines(),
        scale=alt.Scale(zero=True),
    )
    colour = _peers_key(state, mean, peers, banded={"lowest", "highest"} <= set(rows))
    base = (
        year_chart(long, first_year, last_year)
        .transform_calculate(
            shown=f"datum.who != {quoted(state)} || datum.n >= fewest ? datum.value : null"
        )
        .encode(y=y, color=colour)
    )
    tip = hover(
        "year:Q d",
        "who:N",
        "shown:Q +.2f = gap",
        "n:Q = roll calls of the state",
        "source:N",
    )
    size = either(f"datum.marked && datum.who == {quoted(state)}", 150, 45)
    return panel(
        *year_holes(rows, first_year, last_year),
        *_too_few(rows, first_year, last_year),
        *_band(rows, first_year, last_year),
        base.mark_line(),
        base.mark_point(opacity=1).encode(size=size, tooltip=tip),
        height=220,
        name="gap",
    ).add_params(_fewest())


def _too_few(rows: pd.DataFrame, first_year: int, last_year: int) -> list[alt.Chart]:
    """Years that the slider leaves out, marked by name: a blank would look like a year without a vote."""
    out = (
        plot(rows[["year", "n"]])
        .transform_filter("datum.n > 0 && datum.n < fewest")
        .transform_calculate(a="datum.year - 0.45", b="datum.year + 0.45")
    )
    place = {"angle": 270, "align": "left", "baseline": "middle", "dx": 4}
    return [
        out.mark_rect(color=GRID, opacity=0.35).encode(
            x=year_axis("a", first_year, last_year), x2="b:Q"
        ),
        out.mark_text(text=_("left out"), **place, fontSize=11).encode(
            x=year_axis("year", first_year, last_year), y=alt.value("height")
        ),
    ]


def _peers_key(state: str, mean: str, peers: Sequence[str], banded: bool) -> alt.Color:
    """A legend that names the peers; it cannot break a line by itself, and a phone has no room for all names in one."""
    words = _("mean of {peers}", peers=listed(peers, "unit")) if peers else mean
    words += _("; band: lowest to highest") if banded else ""
    key = quoted("|".join(textwrap.wrap(words, 40)))
    return tinted(
        "who",
        {state: ACCENT, mean: MUTED},
        columns=1,
        labelLimit=300,
        labelExpr=f"datum.value == {quoted(mean)} ? split({key}, '|') : datum.label",
    )


def _band(rows: pd.DataFrame, first_year: int, last_year: int) -> list[alt.Chart]:
    """From the lowest to the highest of the peers, where both are given."""
    if not {"lowest", "highest"} <= set(rows):
        return []
    base = year_chart(rows[["year", "lowest", "highest"]], first_year, last_year)
    return [
        base.mark_area(color=MUTED, opacity=0.2).encode(
            alt.Y("lowest:Q"), y2="highest:Q"
        )
    ]


def attendance_over_time(series: pd.DataFrame, names: Sequence[str]) -> alt.LayerChart:
    """Share of roll calls in which a state voted; another state can be laid beside it.

    ``series`` holds rows (year, state, cast, calls, share, source); the first of ``names`` is the state
    under study.
    """
    own, others = names[0], list(names[1:])
    first, last = int(series["year"].min()), int(series["year"].max())
    y = alt.Y(
        "share:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%"),
    )
    base = year_chart(series, first, last).encode(y=y)
    ours = base.transform_filter(f"datum.state == {quoted(own)}")
    tip = hover(
        "year:Q d", "state:N", "cast:Q = votes cast", "calls:Q = roll calls", "source:N"
    )
    line = sentence(_("{state} (line)"), state="peer")
    bar = sentence(_("{state} (bars)"), state="datum.label")
    # The legend names the state that is laid beside it, whichever the reader has chosen.
    shade = tinted(
        "key",
        {own: ACCENT, "peer": MUTED},
        labelExpr=f"datum.value == 'peer' ? {line} : {bar}",
    )
    keyed = ours.transform_calculate(key="datum.state")
    bars = year_bars(keyed, first, last).mark_rect().encode(color=shade, tooltip=tip)
    silent = series[series["state"] == own].rename(columns={"cast": "n"})
    peer = (
        base.transform_filter("datum.state == peer")
        .transform_calculate(key="'peer'")
        .encode(color=shade)
    )
    return panel(
        *year_holes(silent, first, last),
        bars,
        peer.mark_line(),
        peer.mark_point(size=45).encode(tooltip=tip),
        height=220,
        name="attendance",
    ).add_params(menu("peer", _("Beside it"), others))


def first_by_year(
    rows: pd.DataFrame,
    shades: Mapping[str, str],
    followed: str,
    counted: int | None = None,
) -> alt.LayerChart:
    """Who came first in each year, as a strip with names, and the place of one that is followed.

    Parameters
    ----------
    rows : DataFrame
        Rows (year, first, vector, value, place, own, source): the first, its vector and how much it had;
        the place of the one that is followed, and how much it had.
    shades : dict of str to str
        Colour of each vector.
    followed : str
        Name of the one that is followed.
    counted : int, optional
        The last year of which the title speaks; a rule stands after it, and later years are pale.
    """
    years = (int(rows["year"].min()), int(rows["year"].max()))
    last = years[1] if counted is None else counted
    tip = hover(
        "year:Q d",
        "first:N = came first",
        "value:Q ,.0f = its million dollars",
        "place:Q = " + _("place of {state}", state=followed),
        "own:Q ,.0f = " + _("million dollars of {state}", state=followed),
        "source:N",
    )
    below = _("place of {state}:", state=followed)
    columns = "year first vector value place own source"
    base = plot(rows[columns.split()]).transform_calculate(
        a="datum.year - 0.5", b="datum.year + 0.5"
    )
    x = year_axis("a", *years)
    tiles = base.mark_rect(y=0, y2=30).encode(
        fillOpacity=either(f"datum.year <= {last}", 0.5, 0.18)
    )
    border = plot({"year": [last + 0.5]}).encode(year_axis("year", *years))
    rule = border.mark_rule(strokeDash=[3, 3], color=TEXT, y=32, y2=alt.expr("height"))
    runs = _runs(rows, years[0])
    named = plot(runs[["name", "year", "lift", "align"]]).encode(
        year_axis("year", *years), text="name:N"
    )
    place = {"baseline": "middle", "fontWeight": "bold"}
    place |= {"y": alt.expr("datum.lift"), "align": alt.expr("datum.align")}
    # In a short run of a narrow page a name has little room.
    size = alt.expr("width < 420 && datum.lift > 0 ? 10 : 12")
    return panel(
        tiles.encode(
            x, x2="b:Q", color=tinted("vector", dict(shades), legend=None), tooltip=tip
        ),
        named.mark_text(**place, fontSize=size),
        note(below, align="left", baseline="bottom", x=0, y=50),
        base.mark_text(y=62).encode(
            year_axis("year", *years), text="place:Q", tooltip=tip
        ),
        *([rule] if last < years[1] else []),
        height=76,
        name="partners",
    )


def _runs(rows: pd.DataFrame, first: int) -> pd.DataFrame:
    """Where the name of each run of years stands, and how."""
    # A run of years under one name; a run of one year has no room for it and has it above.
    run = rows["first"].ne(rows["first"].shift()).cumsum()
    runs = rows.groupby(run).agg(
        name=("first", "first"), a=("year", "min"), b=("year", "max")
    )
    alone, edge = runs["a"] == runs["b"], runs["a"] == first
    return runs.assign(
        year=(runs["a"] + runs["b"]).div(2).where(~(alone & edge), first - 0.5),
        lift=alone.map({True: -9, False: 15}),
        align=(alone & edge).map({True: "left", False: "center"}),
    )
