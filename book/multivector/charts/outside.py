"""Outside sources year by year: agreement in votes, attendance, trade."""

import textwrap

import altair as alt

from .grammar import (
    either,
    hover,
    menu,
    panel,
    plot,
    quoted,
    slider,
    tinted,
    year_bars,
    year_chart,
    year_holes,
)
from .theme import ACCENT, MUTED, pole_colours


def agreement_over_time(series, vectors, first_year, last_year):
    """Agreement with each vector year by year; years without a vote stay empty.

    ``series`` holds rows (year, vector, value, n, source) for every year.
    """
    names = [v for v in vectors["vector"] if v in set(series["vector"])]
    rows = series[series["year"].between(first_year, last_year)]
    base = year_chart(rows, first_year, last_year).encode(
        color=alt.Color("vector:N", scale=pole_colours(vectors, names))
    )
    y = alt.Y(
        "shown:Q",
        title="agreement in UN votes (0 to 1)",
        scale=alt.Scale(domain=[0, 1]),
    )
    tip = hover(
        "year:Q d",
        "vector:N",
        "shown:Q .2f = agreement",
        "n:Q = roll calls",
        "source:N",
    )
    # A field of its own: one that is written over would be lost when the slider goes back.
    dots = base.transform_calculate(shown="datum.n >= fewest ? datum.value : null")
    line = dots.mark_line().encode(y=y)
    layers = [
        *year_holes(rows, first_year, last_year),
        line,
        dots.mark_point(size=60).encode(y=y, tooltip=tip),
    ]
    return panel(*layers, height=240, name="agreement").add_params(
        slider("fewest", "Leave out years with fewer roll calls than", 1, 60, 1)
    )


def gap_over_time(
    series, poles, first_year, last_year, marked=(), state="the state", peers=()
):
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
        Name of the state in the legend.
    peers : sequence of str, optional
        Names of the peers for the legend.
    """
    rows = series[series["year"].between(first_year, last_year)].assign(
        marked=lambda r: r["year"].isin(list(marked))
    )
    banded = {"lowest", "highest"} <= set(rows)
    mean = "mean of the peers"
    long = rows.melt(
        ["year", "n", "n_peers", "source", "marked"], ["gap", "peers"], "who", "value"
    ).replace({"who": {"gap": state, "peers": mean}})
    base = year_chart(long, first_year, last_year).transform_calculate(
        shown=f"datum.who != {quoted(state)} || datum.n >= fewest ? datum.value : null"
    )
    y = alt.Y(
        "shown:Q",
        title=["gap in UN votes: agreement with", f"{poles[0]} minus {poles[1]}"],
        scale=alt.Scale(zero=True),
    )
    # A legend cannot break a line by itself, and a phone has no room for all names in one.
    key = "|".join(
        textwrap.wrap(
            (f"mean of {', '.join(peers)}" if peers else mean)
            + ("; band: lowest to highest" if banded else ""),
            40,
        )
    )
    colour = tinted(
        "who",
        {state: ACCENT, mean: MUTED},
        columns=1,
        labelLimit=300,
        labelExpr=f"datum.value == {quoted(mean)} ? split({quoted(key)}, '|') : datum.label",
    )
    tip = hover(
        "year:Q d",
        "who:N",
        "shown:Q +.2f = gap",
        "n:Q = roll calls of the state",
        "source:N",
    )
    size = either(f"datum.marked && datum.who == {quoted(state)}", 150, 45)
    band = (
        [
            year_chart(rows[["year", "lowest", "highest"]], first_year, last_year)
            .mark_area(color=MUTED, opacity=0.2)
            .encode(alt.Y("lowest:Q"), y2="highest:Q")
        ]
        if banded
        else []
    )
    layers = [
        *year_holes(rows, first_year, last_year),
        *band,
        base.mark_line().encode(y=y, color=colour),
        base.mark_point(opacity=1).encode(y=y, color=colour, size=size, tooltip=tip),
    ]
    return panel(*layers, height=220, name="gap").add_params(
        slider("fewest", "Leave out years with fewer roll calls than", 1, 60, 1)
    )


def attendance_over_time(series, names):
    """Share of roll calls in which a state voted; another state can be laid beside it.

    ``series`` holds rows (year, state, cast, calls, share, source); the first of ``names`` is the state
    under study.
    """
    own, others = names[0], list(names[1:])
    first, last = int(series["year"].min()), int(series["year"].max())
    pick = menu("peer", "Beside it", others)
    base = year_chart(series, first, last)
    y = alt.Y(
        "share:Q",
        title="share of roll calls voted",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%"),
    )
    tip = hover(
        "year:Q d", "state:N", "cast:Q = votes cast", "calls:Q = roll calls", "source:N"
    )
    # The legend names the state that is laid beside it, whichever the reader has chosen.
    key = alt.Legend(
        labelExpr="datum.value == 'peer' ? peer + ' (line)' : datum.label + ' (bars)'"
    )
    shade = alt.Color(
        "key:N",
        scale=alt.Scale(domain=[own, "peer"], range=[ACCENT, MUTED]),
        legend=key,
    )
    bars = (
        year_bars(
            base.transform_filter(f"datum.state == {quoted(own)}")
            .transform_filter("datum.year >= since")
            .transform_calculate(key="datum.state"),
            first,
            last,
        )
        .mark_rect()
        .encode(y=y, color=shade, tooltip=tip)
    )
    zero = (
        base.transform_filter(f"datum.state == {quoted(own)}")
        .transform_filter("datum.cast == 0 && datum.year >= since")
        .mark_text(dy=-8, fontWeight="bold")
        .encode(y=y, text=alt.value("0"), tooltip=tip)
    )
    peer = (
        base.transform_filter("datum.state == peer")
        .transform_filter("datum.year >= since")
        .transform_calculate(key="'peer'")
    )
    return panel(
        bars,
        zero,
        peer.mark_line().encode(y=y, color=shade),
        peer.mark_point(size=45).encode(y=y, color=shade, tooltip=tip),
        height=220,
        name="attendance",
    ).add_params(pick, slider("since", "From the year", first, last - 1, first))


def partners_by_rank(ranks, names, vectors, vector_of, year, many=8, words=None):
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
    present = [v for v in vectors["vector"] if v in set(rows["vector"])]
    base = plot(
        rows[["year", "name", "vector", "value", "rank", "source"]].astype(
            {"year": int, "rank": int}
        )
    ).transform_filter("datum.year == trade_year")
    bars = base.mark_bar().encode(
        alt.X("value:Q", title="imports and exports, million current US dollars"),
        alt.Y(
            "name:N",
            sort=alt.EncodingSortField("value", op="max", order="descending"),
            title=None,
        ),
        alt.Color(
            "vector:N",
            scale=pole_colours(vectors, present),
            legend=alt.Legend(
                labelExpr=f"{quoted(words or {})}[datum.label] || datum.label"
            ),
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
    first, last = int(rows["year"].min()), int(rows["year"].max())
    return bars.properties(
        height=26 * many, width="container", name="partners"
    ).add_params(slider("trade_year", "In the year", first, last, year))
