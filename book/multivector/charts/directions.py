"""Who acts on whom: events by a state and toward it."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from ..language import N_, _
from .grammar import (
    haloed,
    hover,
    menu,
    panel,
    plot,
    renamed,
    sentence,
    slider,
    tinted,
)
from .theme import RULE, TEXT

#: What a reader calls each kind of event.
KIND_WORDS = {
    "material_cooperation": N_("friendly deeds"),
    "verbal_cooperation": N_("friendly words"),
    "material_conflict": N_("hostile deeds"),
    "verbal_conflict": N_("hostile words"),
}


#: What a dot says when it is hovered.
TOOLTIP = hover(
    "vector:N",
    "share:Q .0% = by the state",
    "by:Q = events by the state",
    "toward:Q = events toward it",
    "low:Q .0% = from (years drawn anew)",
    "high:Q .0% = to",
    "p:Q .3f = p if years are tossed",
    "smallest_p:Q .3f = smallest p possible",
    "years:Q",
    "source:N",
)


def sent_and_received(rows: pd.DataFrame, shades: Mapping[str, str]) -> alt.LayerChart:
    """Share of the events with each vector in which the state acts, with its interval; the kind can be chosen.

    Parameters
    ----------
    rows : DataFrame
        Rows (kind, vector, by, toward, share, low, high, p, smallest_p, years, source) of ``alignment.initiative``.
    shades : dict of str to str
        Colour of each vector, in the order in which they are drawn.
    """
    kinds = [kind for kind in KIND_WORDS if kind in set(rows["kind"])]
    order = [vector for vector in shades if vector in set(rows["vector"])]
    numbers = dict.fromkeys(("share", "low", "high", "p", "smallest_p"), 3)
    words = dict(zip(kinds, (_(KIND_WORDS[kind]) for kind in kinds)))
    axis = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    x = alt.X(
        "share:Q",
        title=_("share of the events in which the state acts"),
        scale=alt.Scale(domain=[0, 1]),
        axis=axis,
    )
    y = alt.Y("vector:N", sort=order, title=None, axis=alt.Axis(labelLimit=130))
    base = (
        plot(rows.round(numbers).assign(kind=rows["kind"].map(words)))
        .transform_filter("datum.kind == kind")
        .transform_filter("datum.by + datum.toward >= fewest")
        .encode(
            y=y,
            color=tinted("vector", {v: shades[v] for v in order}, legend=None),
            tooltip=TOOLTIP,
        )
    )
    counts = sentence(
        _("{by} of {all}"), by="datum.by", all="(datum.by + datum.toward)"
    )
    told = base.transform_calculate(text=counts).encode(
        x, text="text:N", color=alt.value(TEXT)
    )
    even = plot({"share": [0.5]}).encode(x)
    return panel(
        even.mark_rule(strokeDash=[4, 3], color=RULE),
        base.mark_rule(strokeWidth=4, opacity=0.45).encode(
            renamed(x, "low"), x2="high:Q"
        ),
        base.mark_point(filled=True, opacity=1, size=110).encode(x),
        *haloed(told, dy=-13, fontSize=11),
        height=40 * len(order),
        name="directions",
    ).add_params(
        menu("kind", _("Kind of event"), list(words.values())),
        slider("fewest", _("Leave out partners with fewer events than"), 0, 200, 0, 10),
    )
