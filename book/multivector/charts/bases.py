"""The bidding for a base: a phase map, private weights and rival regions.

Prices, borders and regions come from ``multivector.bases``, laid out on the lattice of the sliders.
"""

from collections.abc import Callable
from typing import Any

import altair as alt
import pandas as pd

from ..language import N_, _
from .grammar import (
    ABOVE_RIGHT,
    QUARTERS,
    haloed,
    hover,
    note,
    panel,
    plot,
    quoted,
    renamed,
    sentence,
    stepped,
    tinted,
)
from .theme import ACCENT, PAGE, TEXT, WARN

HOST, EVICT = ACCENT, WARN
#: Outcomes of the auction and how they read on the page.
OUTCOMES = {"host": _("base stays"), "evict": _("base goes")}
#: The two bidders, where they have no names.
PATRON, RIVAL = N_("the patron"), N_("the rival")
#: How much of its colour a tile shows, from price nought to the highest; the least can be told apart in the dark too.
DEPTH = (0.2, 0.95)
#: What keeps a name readable on the coloured ground.
_HALO = {"stroke": PAGE, "strokeWidth": 3}
_COST = _("What hosting costs, million dollars a year")
_HERE = "abs(datum.d - credibility) < 0.001 && abs(datum.k - cost) < 0.001"


def _believed(who: str) -> str:
    return _("How far {who} is believed, 0 to 1", who=_(who))


def _worths(patron: str, rival: str) -> list[str]:
    """Lines of the hover: what the base is worth to each."""
    return [
        f"{field}:Q = " + _("worth to {who}", who=_(who))
        for field, who in (("host", patron), ("rival", rival))
    ]


# Outcome and price over two values ----------------------------------------------


def phase_map(
    lattice: pd.DataFrame,
    border: pd.DataFrame,
    deals: pd.DataFrame,
    credibility: float,
    cost: float,
    patron: str = PATRON,
    rival: str = RIVAL,
) -> alt.LayerChart:
    """Outcome over the values of both patrons, the price in the hover; credibility and cost can be changed.

    Parameters
    ----------
    lattice : DataFrame
        Rows of ``bases.phase`` on one square lattice for each (rival_credibility, cost).
    border : DataFrame
        Rows (rival_credibility, cost, host_value, rival_value), two for each setting, between which hosting and
        evicting are worth the same to the leader; the upper one at the edge of the frame or beyond, which lies
        half a step of the lattice above its highest value.
    deals : DataFrame
        Rows (label, price, rival_credibility, cost, rival_value) of ``bases.implied_rival``; the value is missing
        where no rival explains the price.
    credibility, cost : float
        Where the sliders start.
    patron, rival : str
        Names of the two bidders, in words.
    """
    values = sorted(lattice["host_value"].unique())
    step, top = values[1] - values[0], values[-1]
    x, y = _axes(step, top, patron, rival)
    most = float(lattice["price"].max())
    lines = hover(
        *_worths(patron, rival),
        "outcome:N",
        "price:Q .1f = price, million a year",
        "from:N = from",
    )
    tiles = _tiles(_cells(lattice, len(values), step), x, y, most, lines, legend=None)
    # The tiles are there for the hover alone: two flat sides are seen sooner than a staircase.
    tiles = tiles.encode(opacity=alt.value(0))
    return panel(
        *_two_sides(border, step, top, x, y),
        tiles.transform_calculate(
            **{"from": quoted(_("menu auction, {call}", call="bases.phase"))}
        ),
        _edge(border, x, y),
        *_stems(deals, top, x, y),
        *_areas(deals, top, x),
        *_names_of(deals, top, x, y),
        height=330,
        name="phase",
    ).add_params(
        stepped(
            "credibility", _believed(rival), lattice["rival_credibility"], credibility
        ),
        stepped("cost", _COST, lattice["cost"], cost),
    )


def _axes(
    step: float, top: float, patron: str, rival: str
) -> tuple[Callable[[str], alt.X], Callable[[str], alt.Y]]:
    """Both axes for any field, with half a tile to spare on either side."""
    scale = alt.Scale(domain=[-step / 2, top + step / 2], nice=False, zero=False)
    plain = alt.Axis(grid=False)
    end = _(
        "what the base's end is worth to {rival}, million dollars a year",
        rival=_(rival),
    )
    base = _(
        "what the base is worth to {patron},\nmillion dollars a year",
        patron=_(patron),
    ).splitlines()
    return (
        lambda field: alt.X(f"{field}:Q", title=end, scale=scale, axis=plain),
        lambda field: alt.Y(f"{field}:Q", title=base, scale=scale, axis=plain),
    )


def _cells(lattice: pd.DataFrame, n: int, step: float) -> alt.Chart:
    """A tile for each pair of values, from one packed row for each setting of the sliders."""
    settings: Any = lattice.groupby(["rival_credibility", "cost"])
    packed = [
        {
            "d": float(d),
            "k": float(k),
            "price": [_short(p) for p in rows["price"]],
            "outcome": "".join("h" if o == "host" else "e" for o in rows["outcome"]),
        }
        for (d, k), rows in settings
    ]
    stays, goes = map(quoted, OUTCOMES.values())
    return (
        plot(packed)
        .transform_filter(_HERE)
        .transform_calculate(cell=f"sequence({n * n})")
        .transform_flatten(["cell", "price"])
        .transform_calculate(
            host=f"floor(datum.cell / {n}) * {step}",
            rival=f"(datum.cell % {n}) * {step}",
            outcome=f"substring(datum.outcome, datum.cell, datum.cell + 1) == 'h' ? {stays} : {goes}",
        )
        .transform_calculate(
            x1=f"datum.rival - {step / 2}",
            x2=f"datum.rival + {step / 2}",
            y1=f"datum.host - {step / 2}",
            y2=f"datum.host + {step / 2}",
        )
    )


def _short(number: float) -> float:
    """One decimal, and none where it is nought: the map holds many numbers."""
    number = round(float(number), 1)
    return int(number) if number == int(number) else number


def _tiles(
    cells: alt.Chart,
    x: Callable[[str], alt.X],
    y: Callable[[str], alt.Y],
    most: float,
    lines: list[alt.Tooltip],
    **legend: Any,
) -> alt.Chart:
    """Tiles in the colour of their outcome, the deeper the higher the price; ``legend`` as in ``tinted``."""
    scale = alt.Scale(domain=[0, most], range=list(DEPTH))
    shades = dict(zip(OUTCOMES.values(), [HOST, EVICT]))
    return cells.mark_rect(strokeWidth=0, clip=True).encode(
        x("x1"),
        y("y1"),
        x2="x2:Q",
        y2="y2:Q",
        color=tinted("outcome", shades, **legend),
        opacity=alt.Opacity("price:Q", scale=scale, legend=None),
        tooltip=lines,
    )


def _edge(
    border: pd.DataFrame, x: Callable[[str], alt.X], y: Callable[[str], alt.Y]
) -> alt.Chart:
    """Where hosting and evicting are worth the same to the leader."""
    rows = {
        "d": border["rival_credibility"],
        "k": border["cost"],
        "host": border["host_value"],
        "rival": border["rival_value"].round(1),
    }
    return (
        plot(rows)
        .transform_filter(_HERE)
        .mark_line(color=TEXT, strokeDash=[4, 3], strokeWidth=1.5, clip=True)
        .encode(x("rival"), y("host"), order="host:Q")
    )


def _two_sides(
    border: pd.DataFrame,
    step: float,
    top: float,
    x: Callable[[str], alt.X],
    y: Callable[[str], alt.Y],
) -> list[alt.Chart]:
    """Where the base stays, above the border, and where it goes, below; the border runs on flat at both ends."""
    low, high = -step / 2, top + step / 2
    ends = border.sort_values("host_value").groupby(["rival_credibility", "cost"])
    first = ends.head(1).assign(rival_value=low)
    last = ends.tail(1).assign(rival_value=lambda r: r["rival_value"].clip(lower=high))
    line = pd.concat([first, border, last])
    rows = {
        "d": line["rival_credibility"],
        "k": line["cost"],
        "value": line["host_value"],
        "end": line["rival_value"].round(1),
    }
    side = plot(rows).transform_filter(_HERE).encode(x("end"), y("value"))
    return [
        side.mark_area(color=shade, opacity=0.22, clip=True).encode(y2=alt.datum(edge))
        for shade, edge in ((HOST, high), (EVICT, low))
    ]


def _deals(deals: pd.DataFrame) -> alt.Chart:
    """Real deals of the chosen setting, with the rival's value that each implies."""
    rows = {
        "label": deals["label"],
        "p": deals["price"],
        "d": deals["rival_credibility"],
        "k": deals["cost"],
        "v": deals["rival_value"].round(1),
        "i": deals.groupby(["rival_credibility", "cost"]).cumcount(),
    }
    return plot(rows).transform_filter(_HERE)


def _stems(
    deals: pd.DataFrame,
    top: float,
    x: Callable[[str], alt.X],
    y: Callable[[str], alt.Y],
) -> list[alt.Chart]:
    """Deals on the map: a stem upward from the price, since the patron's value is at least that."""
    inside = _deals(deals).transform_filter(f"isValid(datum.v) && datum.v <= {top}")
    lines = hover(
        "label:N = deal",
        "p:Q = rent, million a year",
        "v:Q .1f = implied value to the rival",
    )
    return [
        inside.transform_calculate(top=str(top))
        .mark_rule(color=TEXT, strokeWidth=2.5)
        .encode(x("v"), y("p"), y2="top:Q", tooltip=lines),
        inside.mark_point(color=TEXT, size=80, opacity=1, stroke=PAGE).encode(
            x("v"), y("p"), tooltip=lines
        ),
    ]


def _names_of(
    deals: pd.DataFrame,
    top: float,
    x: Callable[[str], alt.X],
    y: Callable[[str], alt.Y],
) -> list[alt.Chart]:
    """The name of each deal at its dot; of one off the map, why it is not on it."""
    inside = _deals(deals).transform_filter(f"isValid(datum.v) && datum.v <= {top}")
    # Below the border no stem passes: they run upward from it.  At the right end there is no room.
    below = {"align": "left", "baseline": "top", "dx": 7, "dy": 1}
    above = {"align": "right", "baseline": "bottom", "dx": -7, "dy": -1}
    names = [
        text.encode(x("v"), y("p"), text="label:N")
        for side, place in (("<=", below), (">", above))
        for text in haloed(
            inside.transform_filter(f"datum.v {side} {top * 0.75}"),
            _HALO,
            **place,
            fontWeight="bold",
        )
    ]
    off = sentence(
        _("{deal}: rival value {value}, off the map"),
        deal="datum.label",
        value="format(datum.v, '.0f')",
    )
    under = sentence(
        _("{deal}: below the cost, no rival value fits"), deal="datum.label"
    )
    outside = (
        _deals(deals)
        .transform_filter(f"!isValid(datum.v) || datum.v > {top}")
        .transform_calculate(text=f"isValid(datum.v) ? {off} : {under}")
    )
    place = {**ABOVE_RIGHT, "x": alt.expr("width - 6"), "fontSize": 11}
    place["y"] = alt.expr("height / 2 + datum.i * 15")
    notes = haloed(outside, _HALO, **place, fontWeight="bold")
    return [*names, *(text.encode(text="text:N") for text in notes)]


def _areas(
    deals: pd.DataFrame, top: float, x: Callable[[str], alt.X]
) -> list[alt.Chart]:
    """What each side of the border means, on it: above between two stems, below in the corner."""
    goes = plot({"text": [OUTCOMES["evict"]]})
    between = (
        _deals(deals)
        .transform_filter(f"isValid(datum.v) && datum.v <= {top}")
        .transform_window(nth="row_number()", sort=[alt.SortField("v", "descending")])
        .transform_filter("datum.nth <= 2")
        .transform_aggregate(both="sum(v)")
        .transform_calculate(middle="datum.both / 2", text=quoted(OUTCOMES["host"]))
        .encode(x("middle"))
    )
    style = {"fontWeight": "bold", "fontSize": 13}
    corner = {**ABOVE_RIGHT, "x": alt.expr("width - 8"), "y": alt.expr("height - 8")}
    words = [
        *haloed(between, _HALO, **style, baseline="top", y=10),
        *haloed(goes, _HALO, **style, **corner),
    ]
    return [word.encode(text="text:N") for word in words]


def _price_key(most: float) -> list[alt.Chart]:
    """What the depth of the colour means: the price from 0 to the most, above the frame."""
    rows = [
        {
            "left": 42 + 9 * i,
            "top": top,
            "fill": fill,
            "depth": round(DEPTH[0] + (DEPTH[1] - DEPTH[0]) * i / 7, 3),
        }
        for i in range(8)
        for top, fill in ((-20, HOST), (-14, EVICT))
    ]
    strip = plot(pd.DataFrame(rows)).mark_rect(
        x=alt.expr("datum.left"),
        x2=alt.expr("datum.left + 9"),
        y=alt.expr("datum.top"),
        y2=alt.expr("datum.top + 6"),
        fill=alt.expr("datum.fill"),
        fillOpacity=alt.expr("datum.depth"),
        strokeWidth=0,
    )
    words = plot(
        {
            "left": [0, 118],
            "text": [_("price: 0"), _("{most:.0f} million a year", most=most)],
        }
    )
    place = {"align": "left", "baseline": "middle", "fontSize": 11, "y": -14}
    return [
        strip,
        words.mark_text(**place, x=alt.expr("datum.left")).encode(text="text:N"),
    ]


def own_point(
    map_rows: pd.DataFrame,
    point: tuple[float, float],
    label: str,
    patron: str = PATRON,
    rival: str = RIVAL,
) -> alt.LayerChart:
    """A phase map with one point of one's own; ``map_rows`` holds rows (host_value, rival_value, outcome, price) of a square lattice.

    ``patron`` and ``rival`` name the two bidders, in words.
    """
    values = sorted(map_rows["host_value"].unique())
    step, top = values[1] - values[0], values[-1]
    x, y = _axes(step, top, patron, rival)
    host, other = map_rows["host_value"], map_rows["rival_value"]
    rows = pd.DataFrame(
        {
            "host": host,
            "rival": other,
            "outcome": map_rows["outcome"].astype(str).map(OUTCOMES),
            "price": map_rows["price"].round(1),
            "x1": other - step / 2,
            "x2": other + step / 2,
            "y1": host - step / 2,
            "y2": host + step / 2,
        }
    )
    lines = hover(
        *_worths(patron, rival),
        "outcome:N",
        "price:Q .1f = price",
    )
    most = max(1.0, float(rows["price"].max()))
    own = plot({"host": [point[0]], "rival": [point[1]], "label": [label]})
    own = own.encode(_untitled(x("rival")), _untitled(y("host")))
    dot = own.mark_point(size=150, color=TEXT, stroke=PAGE, strokeWidth=2, opacity=1)
    right = point[1] > top * 0.6
    words = haloed(
        own.encode(text="label:N"),
        _HALO,
        align="right" if right else "left",
        dx=-10 if right else 10,
        fontWeight="bold",
    )
    return panel(
        _tiles(plot(rows), x, y, most, lines, title=None, offset=28),
        dot.encode(tooltip=["label:N"]),
        *words,
        *_price_key(most),
        height=330,
        name="bids",
    )


def _untitled(channel: Any) -> Any:
    """The same channel with the title that another layer gives it."""
    copy = channel.copy()
    copy.title = alt.Undefined
    return copy


# Private money, and what fits a deal -------------------------------------------


def private_weights(
    lines: pd.DataFrame,
    host_ceiling: float,
    rival_ceiling: float,
    patron: str = PATRON,
    rival: str = RIVAL,
) -> alt.LayerChart:
    """The rival's value that each rent implies, by the weight of private money; both ceilings can be changed.

    ``lines`` holds rows (deal, weight, host_ceiling, rival_ceiling, rival_value) of ``bases.implied_rival``; ``patron`` and
    ``rival`` name the two bidders, in words.
    """
    x = alt.X(
        "weight:Q",
        title=_("weight the leader gives to private money, 0 to 1"),
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(values=QUARTERS, format=".2~f"),
    )
    title = _(
        "what the base's end must be worth\nto {rival}, million dollars a year",
        rival=_(rival),
    ).splitlines()
    y = alt.Y("v:Q", title=title, scale=alt.Scale(zero=True))
    base = _by_weight(lines).encode(x, y)
    deals = list(dict.fromkeys(lines["deal"]))
    dashes = alt.Scale(domain=deals, range=[[2, 3], [7, 3], [1, 0]][: len(deals)])
    names = base.transform_filter("datum.weight == 0").encode(text="deal:N")
    place = {"align": "left", "baseline": "bottom", "dx": 6, "dy": -3}
    ends = base.transform_filter("datum.weight == 1").encode(
        text=alt.Text("v:Q", format=".0f")
    )
    tip = hover("deal:N", "weight:Q .2f", "v:Q .1f = implied value", "from:N")
    ceilings = lines["host_ceiling"]
    shares = [
        _("Share that {who} can pay in private", who=_(who)) for who in (patron, rival)
    ]
    return panel(
        base.mark_line(color=ACCENT).encode(
            alt.StrokeDash("deal:N", scale=dashes, legend=None)
        ),
        *haloed(names, _HALO, **place, fontWeight="bold"),
        *haloed(ends, _HALO, **{**place, "align": "right", "dx": -8}),
        base.mark_point(opacity=0, size=90).encode(tooltip=tip),
        height=220,
        name="private",
    ).add_params(
        stepped("host_ceiling", shares[0], ceilings, host_ceiling),
        stepped("rival_ceiling", shares[1], ceilings, rival_ceiling),
    )


def _by_weight(lines: pd.DataFrame) -> alt.Chart:
    """The implied values of each deal for each weight, from one packed row for each setting."""
    weights = sorted(lines["weight"].unique())
    setting, value = ["deal", "host_ceiling", "rival_ceiling"], "rival_value"
    settings: Any = lines.groupby(setting, sort=False)
    packed = [
        {
            "deal": deal,
            "h": float(h),
            "r": float(r),
            "weight": weights,
            "v": [round(float(v), 1) for v in rows.sort_values("weight")[value]],
        }
        for (deal, h, r), rows in settings
    ]
    return (
        plot(packed)
        .transform_filter(
            "abs(datum.h - host_ceiling) < 0.001 && abs(datum.r - rival_ceiling) < 0.001"
        )
        .transform_flatten(["weight", "v"])
        .transform_calculate(
            **{"from": quoted(_("menu auction, {call}", call="bases.implied_rival"))}
        )
    )


def rival_regions(
    regions: pd.DataFrame,
    highest: float,
    credibility: float,
    cost: float,
    patron: str = PATRON,
    rival: str = RIVAL,
) -> alt.LayerChart:
    """The rival's values that each deal allows, by the rival's credibility; the host's credibility and the cost can be changed.

    Parameters
    ----------
    regions : DataFrame
        Rows of ``bases.rival_region`` with (deal, cost).
    highest : float
        Where the axis ends; a region without an upper end runs off it.
    credibility, cost : float
        Where the sliders start.
    patron, rival : str
        Names of the two bidders, in words.
    """
    base = _regions(regions, highest)
    x, y = _region_axes(_(rival), highest)
    deals = list(dict.fromkeys(regions["deal"]))
    shades = dict(zip(deals, [HOST, EVICT]))
    tip = hover("deal:N", "r:Q = believed", "lo:Q .0f = from", "upto:N = up to")
    areas = base.mark_rect(opacity=0.35, clip=True).encode(
        x,
        y,
        x2="b:Q",
        y2="hi:Q",
        color=tinted("deal", shades, legend=None),
        tooltip=tip,
    )
    edge = (
        base.transform_filter(f"!datum.open && datum.hi < {highest}")
        .mark_rule(strokeWidth=2.5, color=TEXT)
        .encode(x, renamed(y, "hi"), x2="b:Q", tooltip=tip)
    )
    below, above = (_("fits “{deal}”", deal=_(deal)) for deal in deals)
    said = [
        *_words(below, align="left", x=10, y=alt.expr("height - 14")),
        *_words(above, align="right", x=alt.expr("width - 10"), y=18),
    ]
    cut = note(
        _("axis cut at {highest:g}", highest=highest), **ABOVE_RIGHT, y=-4, fontSize=11
    )
    layers = [areas, edge, *said, cut]
    return panel(*layers, height=260, name="regions").add_params(
        stepped(
            "host_credibility",
            _believed(patron),
            regions["host_credibility"],
            credibility,
        ),
        stepped("cost", _COST, regions["cost"], cost),
    )


def _region_axes(rival: str, highest: float) -> tuple[alt.X, alt.Y]:
    """How far the rival is believed, and what the end of the base is worth to it."""
    believed = _("how far {rival} is believed, 0 to 1", rival=rival)
    worth = _(
        "what the base's end is worth to {rival},\nmillion dollars a year",
        rival=rival,
    )
    tenths = [i / 10 for i in range(1, 11)]
    x = alt.X(
        "a:Q",
        title=believed,
        scale=alt.Scale(domain=[0.05, 1.05], nice=False, zero=False),
        axis=alt.Axis(values=tenths, format=".1~f", labelFlush=False),
    )
    scale = alt.Scale(domain=[0, highest], clamp=True)
    return x, alt.Y("lo:Q", title=worth.splitlines(), scale=scale)


def _words(text: str, **place: Any) -> list[alt.Chart]:
    """A text that stands still, with what keeps lines off it."""
    base = plot({"text": [text]}).encode(text="text:N")
    return haloed(base, _HALO, **place, fontWeight="bold")


def _regions(regions: pd.DataFrame, highest: float) -> alt.Chart:
    """The regions of the chosen setting, cut where the axis ends."""
    rows = {
        "deal": regions["deal"],
        "k": regions["cost"],
        "h": regions["host_credibility"],
        "r": regions["rival_credibility"],
        "lo": regions["lower"].round(1),
        "hi": regions["upper"].clip(upper=highest).round(1),
        "open": regions["upper"] == float("inf"),
    }
    endless = quoted(_("no upper end"))
    return (
        plot(rows)
        .transform_filter(
            "abs(datum.h - host_credibility) < 0.001 && abs(datum.k - cost) < 0.001 && isValid(datum.lo)"
        )
        .transform_calculate(
            a="datum.r - 0.05",
            b="datum.r + 0.05",
            upto=f"datum.open ? {endless} : format(datum.hi, '.0f')",
        )
    )
