"""Outside sources year by year: agreement in votes, attendance, trade."""

import textwrap
from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from ..forms import listed
from ..language import _
from .grammar import (
    either,
    hover,
    menu,
    panel,
    plot,
    quoted,
    slider,
    tinted,
    told,
    view,
    year_bars,
    year_chart,
    year_holes,
)
from .theme import ACCENT, MUTED, colours, present


def _fewest() -> alt.Parameter:
    """Slider for the roll calls below which a year is left out."""
    return slider("fewest", _("Leave out years with fewer roll calls than"), 1, 60, 1)


def agreement_over_time(
    series: pd.DataFrame, vectors: pd.DataFrame, first_year: int, last_year: int
) -> alt.LayerChart:
    """Agreement with each vector year by year; years without a vote stay empty.

    ``series`` holds rows (year, vector, value, n, source) for every year.
    """
    rows = series[series["year"].between(first_year, last_year)]
    shades = colours(vectors, present(vectors, series["vector"]))
    y = alt.Y(
        "shown:Q",
        title=_("agreement in UN votes (0 to 1)"),
        scale=alt.Scale(domain=[0, 1]),
    )
    # A field of its own: one that is written over would be lost when the slider goes back.
    dots = (
        year_chart(rows, first_year, last_year)
        .encode(y=y, color=tinted("vector", shades))
        .transform_calculate(shown="datum.n >= fewest ? datum.value : null")
    )
    tip = hover(
        "year:Q d",
        "vector:N",
        "shown:Q .2f = agreement",
        "n:Q = roll calls",
        "source:N",
    )
    return panel(
        *year_holes(rows, first_year, last_year),
        dots.mark_line(),
        dots.mark_point(size=60).encode(tooltip=tip),
        height=240,
        name="agreement",
    ).add_params(_fewest())


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
        *_band(rows, first_year, last_year),
        base.mark_line(),
        base.mark_point(opacity=1).encode(size=size, tooltip=tip),
        height=220,
        name="gap",
    ).add_params(_fewest())


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
        title=_("share of roll calls voted"),
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%"),
    )
    base = year_chart(series, first, last).encode(y=y)
    ours = base.transform_filter(f"datum.state == {quoted(own)}")
    tip = hover(
        "year:Q d", "state:N", "cast:Q = votes cast", "calls:Q = roll calls", "source:N"
    )
    line = told(_("{state} (line)"), state="peer")
    bar = told(_("{state} (bars)"), state="datum.label")
    # The legend names the state that is laid beside it, whichever the reader has chosen.
    shade = tinted(
        "key",
        {own: ACCENT, "peer": MUTED},
        labelExpr=f"datum.value == 'peer' ? {line} : {bar}",
    )
    seen = ours.transform_filter("datum.year >= since")
    keyed = seen.transform_calculate(key="datum.state")
    bars = year_bars(keyed, first, last).mark_rect().encode(color=shade, tooltip=tip)
    zero = (
        ours.transform_filter("datum.cast == 0 && datum.year >= since")
        .mark_text(dy=-8, fontWeight="bold")
        .encode(text=alt.value("0"), tooltip=tip)
    )
    peer = (
        base.transform_filter("datum.state == peer")
        .transform_filter("datum.year >= since")
        .transform_calculate(key="'peer'")
        .encode(color=shade)
    )
    return panel(
        bars,
        zero,
        peer.mark_line(),
        peer.mark_point(size=45).encode(tooltip=tip),
        height=220,
        name="attendance",
    ).add_params(
        menu("peer", _("Beside it"), others),
        slider("since", _("From the year"), first, last - 1, first),
    )


def partners_by_rank(
    ranks: pd.DataFrame,
    names: pd.Series,
    vectors: pd.DataFrame,
    vector_of: pd.Series,
    year: int,
    many: int = 8,
    words: Mapping[str, str] | None = None,
) -> alt.Chart:
    """The largest trade partners of the year that a slider names; more than ``many`` where the last place is shared.

    Parameters
    ----------
    ranks : DataFrame
        Rows (year, partner, value, rank, source) in millions.
    names, vector_of : Series
        Name and vector of each partner.
    vectors : DataFrame
        ``case.vectors``.
    year : int
        Where the slider starts.
    many : int
        Partners shown.
    words : dict of str to str, optional
        What the legend says for a vector, where its name alone would mislead about the partners in it.
    """
    rows = ranks[ranks["rank"] <= many].assign(
        name=lambda r: r["partner"].map(names),
        vector=lambda r: r["partner"].map(vector_of),
    )
    shades = colours(vectors, present(vectors, rows["vector"]))
    columns = ["year", "name", "vector", "value", "rank", "source"]
    bars = (
        plot(rows[columns].astype({"year": int, "rank": int}))
        .transform_filter("datum.year == trade_year")
        .mark_bar()
        .encode(
            alt.X(
                "value:Q", title=_("imports and exports, million current US dollars")
            ),
            alt.Y(
                "name:N",
                sort=alt.EncodingSortField("value", op="max", order="descending"),
                title=None,
            ),
            tinted(
                "vector",
                shades,
                labelExpr=f"{quoted(dict(words or {}))}[datum.label] || datum.label",
            ),
            tooltip=hover(
                "name:N",
                "vector:N",
                "year:O",
                "value:Q ,.0f = million dollars",
                "rank:Q",
                "source:N",
            ),
        )
    )
    first, last = int(rows["year"].min()), int(rows["year"].max())
    return view(bars, 26 * many, "partners").add_params(
        slider("trade_year", _("In the year"), first, last, year)
    )
