"""The two arenas: which one speaks, what episodes can tell, and which model predicts best.

Nothing is computed here; models are laid out on the lattice of their sliders by ``arena``.
"""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from ..language import _
from .grammar import (
    ABOVE,
    HALO,
    QUARTERS,
    day_text,
    either,
    haloed,
    hover,
    menu,
    panel,
    plot,
    quoted,
    renamed,
    sentence,
    slider,
    stepped,
    tinted,
)
from .theme import ACCENT, LEVELS, MUTED, PAGE, TEXT, WARN

#: How the models of ``arena.MODELS`` read on the page.
MODEL_WORDS = {
    "both": _("both arenas"),
    "internal only": _("internal arena only"),
    "external only": _("external arena only"),
    "internal first": _("internal first"),
    "no significance": _("no significance"),
    "no commitment": _("no commitment"),
    "no threat": _("no threat"),
    "no leader": _("both, no leaders"),
    "neither": _("only how often"),
}
#: How outcomes read on the page, and the level whose colour they have.
OUTCOME_WORDS = {
    "inward": (_("home alone"), "internal"),
    "undecided": (_("both"), "both"),
    "outward": (_("abroad alone"), "external"),
}


#: How far below a dot its name stands; above it where there is no room below.
_DROP = "datum.b < 0.2 ? -datum.drop : datum.drop"


def coefficient(name: str) -> str:
    """How a coefficient of the model of arenas reads on the page.

    >>> coefficient("leader A"), coefficient("intercept")
    ('leader A', 'intercept')
    """
    kind, _space, leader = name.partition(" ")
    if kind == "leader" and leader:
        return _("leader {name}", name=leader)
    return {"intercept": _("intercept"), "cut": _("cut")}.get(name) or _(name)


# Significance and threat ----------------------------------------------------------


def arena_surface(
    lattice: Mapping[str, pd.DataFrame],
    episodes: pd.DataFrame,
    commitment: float = 1.0,
    source: str = "",
) -> alt.LayerChart:
    """Weight of the external arena over significance and threat, with episodes as dots.

    Sliders set the commitment and the coefficients.  Full dots are the episodes with the commitment
    of the slider; the others are pale, since the surface is not theirs.

    Parameters
    ----------
    lattice : dict of str to DataFrame
        Name of a set of coefficients and its rows (commitment, threat, significance, pi), as
        ``arena.surface`` gives them, all on one lattice; the first set is shown first.
    episodes : DataFrame
        Rows (label, start, significance, commitment, threat, external, external_why, source).
    commitment : float
        Where the slider starts.
    source : str
        Words of the tooltip on where the surface comes from.
    """
    whole = next(iter(lattice.values()))
    ticks = sorted(whole["significance"].unique())
    size, step = len(ticks), ticks[1] - ticks[0]
    x, y = (
        channel(
            f"{field}:Q",
            title=title,
            scale=alt.Scale(domain=[-step / 2, 1 + step / 2], nice=False),
            axis=alt.Axis(values=QUARTERS, format=".2~f", grid=False),
        )
        for channel, field, title in (
            (alt.X, "a", _("significance of the region, outside the state")),
            (alt.Y, "b", _("threat at home")),
        )
    )
    shade = tinted(
        "speaks",
        {level: LEVELS[level] for level in ("internal", "external", "both")},
        columns=3,
    )
    ground = _ground(_cells(lattice, size, step, source), x, y, shade)
    dots = _episode_dots(episodes, x, y, shade)
    layers = [ground, *dots]
    return panel(*layers, height=340, name="surface").add_params(
        menu("set", _("Coefficients"), list(lattice)),
        stepped(
            "commitment", _("Commitment from outside"), whole["commitment"], commitment
        ),
    )


def _cells(
    lattice: Mapping[str, pd.DataFrame], size: int, step: float, source: str
) -> alt.Chart:
    """A tile for each pair of values, from one packed row for each setting."""
    order = ["threat", "significance"]
    packed = [
        {
            "set": name,
            "commitment": round(float(part["commitment"].iloc[0]), 4),
            "pi": [round(v, 3) for v in part.sort_values(order)["pi"]],
        }
        for name, rows in lattice.items()
        for _, part in rows.groupby("commitment")
    ]
    home, abroad = quoted(_("internal")), quoted(_("external"))
    return (
        plot(packed)
        .transform_filter(
            "datum.set == set && abs(datum.commitment - commitment) < 1e-6"
        )
        .transform_calculate(k=f"sequence({size * size})")
        .transform_flatten(["pi", "k"])
        .transform_calculate(
            significance=f"(datum.k % {size}) * {step}",
            threat=f"floor(datum.k / {size}) * {step}",
            speaks=f"datum.pi >= 0.5 ? {abroad} : {home}",
            strength="abs(datum.pi - 0.5) * 1.7",
            from_=quoted(source),
        )
        .transform_calculate(
            a=f"datum.significance - {step / 2}",
            a2=f"datum.significance + {step / 2}",
            b=f"datum.threat - {step / 2}",
            b2=f"datum.threat + {step / 2}",
        )
    )


def _ground(cells: alt.Chart, x: alt.X, y: alt.Y, shade: alt.Color) -> alt.Chart:
    """Tiles in the colour of the arena that speaks, the deeper the surer."""
    unit = alt.Scale(domain=[0, 1], range=[0, 1])
    return cells.mark_rect(strokeWidth=0).encode(
        x,
        y,
        x2="a2:Q",
        y2="b2:Q",
        color=shade,
        opacity=alt.Opacity("strength:Q", scale=unit, legend=None),
        tooltip=hover(
            "pi:Q .2f = weight of the external arena",
            "significance:Q .2f",
            "threat:Q .2f",
            "commitment:Q .2f",
            "set:N = coefficients",
            "from_:N = source",
        ),
    )


def _episode_dots(
    episodes: pd.DataFrame, x: alt.X, y: alt.Y, shade: alt.Color
) -> list[alt.Chart]:
    """Episodes on the surface; those that share a place stand side by side."""
    base = plot(_placed(episodes)).transform_calculate(
        of_slider="abs(datum.commitment - commitment) < 1e-6"
    )
    dots = base.mark_point(
        filled=True,
        size=110,
        shape="circle",
        stroke=TEXT,
        strokeWidth=1.3,
        xOffset=alt.expr("datum.push"),
    ).encode(
        x,
        y,
        color=shade,
        opacity=either("datum.of_slider", 1, 0.3),
        tooltip=hover(
            "label:N = episode",
            "began:N = from",
            "a:Q .2f = significance",
            "b:Q = threat",
            "commitment:Q",
            "speaks:N = coded as",
            "external_why:N = because",
            "source:N",
        ),
    )
    place: dict[str, Any] = {"baseline": "middle", "fontSize": 11}
    place["yOffset"] = alt.expr(_DROP)
    of_slider = base.transform_filter("datum.of_slider")
    words = of_slider.encode(x, y, text="name:N")
    # The dots have the colours; words in them could not be read on the ground.
    halo = {**HALO, "strokeOpacity": 0.9}
    named = [
        text
        for test, weight in (("!datum.shared", "normal"), ("datum.shared", "bold"))
        for text in haloed(
            words.transform_filter(test), halo, **place, fontWeight=weight
        )
    ]
    return [_leads(of_slider), dots, *named]


def _leads(dots: alt.Chart) -> alt.Chart:
    """A thin line from each dot to its name."""
    return (
        dots.transform_calculate(end="datum.b")
        .mark_rule(
            color=TEXT,
            strokeWidth=0.8,
            xOffset=alt.expr("datum.push"),
            x2Offset=0,
            y2Offset=alt.expr(_DROP),
        )
        .encode(alt.X("a:Q"), alt.Y("b:Q"), x2="a:Q", y2="end:Q")
    )


def _placed(episodes: pd.DataFrame) -> pd.DataFrame:
    """Episodes with their names, and with how far dots and names are moved off one another."""
    rows = episodes.assign(
        speaks=[
            _("internal") if v < 0.5 else _("external") if v > 0.5 else _("both")
            for v in episodes["external"]
        ],
        a=episodes["significance"],
        b=episodes["threat"],
        began=day_text(episodes["start"]),
    )
    same, shown = rows.groupby(["a", "b"]), rows.groupby(["commitment", "b"])
    rows["push"] = (same.cumcount() - (same["label"].transform("size") - 1) / 2) * 13
    rows["shared"] = rows.duplicated(["a", "b", "commitment"], keep=False)
    # Names of one row and one commitment stand under one another.
    rank = shown["a"].rank(method="first").sub(1)
    rows["drop"] = (17 + 14 * rank).astype(int)
    # The year tells apart what the name alone does not; a row of the reader's own has none.
    years = rows["start"].dt.strftime("%Y")
    rows["name"] = [
        label if pd.isna(year) or year in label else f"{label} {year}"
        for label, year in zip(rows["label"], years)
    ]
    columns = "label name began speaks a b commitment external external_why source"
    places = {"a": 3, "b": 3, "commitment": 3, "push": 3}
    return rows[[*columns.split(), "push", "drop", "shared"]].round(places)


# Coefficients before and after --------------------------------------------------------


def prior_and_posterior(
    summaries: pd.DataFrame, width: float, still: bool = False
) -> alt.LayerChart:
    """Each coefficient before and after the episodes; the model and the width of the prior can be changed.

    Parameters
    ----------
    summaries : DataFrame
        Rows (model, width, source, coefficient, mean, sd, lower, upper, positive, ratio) of ``arena.widths``.
    width : float
        Where the slider of the prior's standard deviation starts.
    still : bool
        Show the one model and width there is, without controls.
    """
    order = list(dict.fromkeys(summaries["coefficient"]))
    shades = {_("before the episodes"): MUTED, _("after them"): ACCENT}
    before, after = shades
    rows = (
        summaries.astype({"source": object, "coefficient": object})
        .round(3)
        .replace({"source": {"prior": before, "posterior": after}})
    )
    order = [coefficient(name) for name in order]
    rows["coefficient"] = rows["coefficient"].map(coefficient)
    rows["fitted"] = [MODEL_WORDS.get(name, name) for name in rows["model"]]
    base = plot(rows)
    if not still:
        base = base.transform_filter(
            "datum.model == model && abs(datum.width - prior_sd) < 1e-6"
        )
    ends = [float(summaries["lower"].min()), float(summaries["upper"].max())]
    x = alt.X(
        "mean:Q",
        title=_("coefficient; above 0 pulls abroad (threat: home)"),
        scale=alt.Scale(domain=ends, nice=True),
        axis=alt.Axis(labelOverlap="greedy", labelSeparation=8),
    )
    room = alt.Scale(paddingInner=0.35, paddingOuter=0.3)
    lane = base.encode(
        alt.Y("coefficient:N", sort=order, title=None, axis=None, scale=room),
        yOffset=alt.YOffset("source:N", sort=[before, after]),
        color=tinted("source", shades, columns=2),
        tooltip=hover(
            "coefficient:N",
            "source:N",
            *(f"{column}:Q +.2f" for column in ("mean", "lower", "upper")),
            "sd:Q .2f = standard deviation",
            "positive:Q .0% = probability of a positive sign",
            "fitted:N = model (fit of this essay)",
        ),
    )
    bars = lane.mark_rule(strokeWidth=4, opacity=0.7)
    layers = [
        plot({"mean": [0]}).mark_rule().encode(x=x),
        bars.encode(renamed(x, "lower"), x2="upper:Q"),
        lane.mark_point(filled=True, size=80, opacity=1).encode(x),
        *_learned(base.transform_filter(f"datum.source == {quoted(after)}"), order),
    ]
    chart = panel(*layers, height=52 * len(order), name="coefficients")
    return chart if still else chart.add_params(*_prior_controls(summaries, width))


def _learned(after: alt.Chart, order: list[str]) -> list[alt.Chart]:
    """How much of its spread each coefficient has left."""
    words = sentence(
        _("{coefficient}: {share} of the spread is left"),
        coefficient="datum.coefficient",
        share="format(datum.ratio, '.0%')",
    )
    left = after.transform_calculate(text=words).encode(
        alt.Y("coefficient:N", sort=order, bandPosition=0), text="text:N"
    )
    place = {**ABOVE, "x": 2, "dy": -1, "fontWeight": "bold", "fontSize": 11}
    return haloed(left, **place, limit=alt.expr("width"))


def _prior_controls(summaries: pd.DataFrame, width: float) -> list[alt.Parameter]:
    models = list(dict.fromkeys(summaries["model"]))
    words = [MODEL_WORDS.get(model, model) for model in models]
    vague = _("How vague the belief is at first (standard deviation)")
    return [
        menu("model", _("Model"), models, labels=words),
        stepped("prior_sd", vague, summaries["width"], width),
    ]


# Models compared ------------------------------------------------------------------------


def models_compared(
    comparison: pd.DataFrame, scores: pd.DataFrame, equal: float | None = None
) -> alt.VConcatChart:
    """Held-out log score of each model less the best, and the chances that the others give to each episode.

    Parameters
    ----------
    comparison : DataFrame
        Rows (model, log_score, difference, error, n) of ``arena.compare``.
    scores : DataFrame
        Rows (model, label, external, inward, undecided, outward, log_score, source) of ``arena.leave_one_out``.
    equal : float, optional
        Log score of three equal chances, drawn as a line.
    """
    comparison, scores = (
        frame.assign(model=[MODEL_WORDS.get(name, name) for name in frame["model"]])
        for frame in (comparison, scores)
    )
    order, models = list(comparison["model"]), list(dict.fromkeys(scores["model"]))
    columns = ["model", "log_score", "difference", "error", "n"]
    x = alt.X(
        "difference:Q",
        title=_("log score less that of the best model; right is better"),
        axis=alt.Axis(tickCount=6, labelSeparation=8, labelOverlap="greedy"),
    )
    base = (
        plot(comparison[columns].round(3))
        .transform_calculate(
            low="datum.difference - errors * datum.error",
            high="datum.difference + errors * datum.error",
        )
        .encode(
            alt.Y("model:N", sort=order, title=None, axis=alt.Axis(labelLimit=130)),
            color=either("datum.model == model", ACCENT, MUTED),
            tooltip=hover(
                "model:N",
                *(f"{column}:Q .2f" for column in columns[1:4]),
                "n:Q = episodes",
            ),
        )
    )
    reach = base.mark_rule(strokeWidth=3, opacity=0.6)
    zero = plot({"difference": [0]}).mark_rule(strokeDash=[4, 3]).encode(x=x)
    best = float(comparison["log_score"].max())
    tossed = [] if equal is None else _tossed(round(equal - best, 3), x)
    top = panel(
        zero,
        *tossed,
        reach.encode(renamed(x, "low"), x2="high:Q"),
        base.mark_point(filled=True, size=90, opacity=1).encode(x),
        height=24 * len(order),
        name="models",
    )
    return alt.vconcat(top, _predicted(scores), spacing=16).add_params(
        menu("model", _("Episodes predicted by"), models),
        slider("errors", _("Standard errors drawn to either side"), 1, 4, 2, 1),
    )


def _tossed(score: float, x: alt.X) -> list[alt.Chart]:
    """What equal chances would score."""
    base = plot({"difference": [score], "text": [_("equal chances")]}).encode(x=x)
    place = {"align": "right", "baseline": "bottom", "dx": 2, "y": -4, "fontSize": 11}
    return [
        base.mark_rule(strokeDash=[2, 2], strokeWidth=2, color=WARN),
        base.mark_text(**place).encode(text="text:N"),
    ]


def _predicted(scores: pd.DataFrame) -> alt.LayerChart:
    """The chances that the other episodes give to each outcome, and what the account says."""
    outcomes = list(OUTCOME_WORDS)
    shades = {word: LEVELS[level] for word, level in OUTCOME_WORDS.values()}
    home, both, abroad = words = list(shades)
    columns = ["model", "label", "external", *outcomes, "log_score", "source"]
    episodes = list(dict.fromkeys(scores["label"]))
    base = (
        plot(scores[columns].round(3))
        .transform_filter("datum.model == model")
        .transform_calculate(
            seen=f"datum.external == 0 ? {quoted(home)} : datum.external == 1 ? {quoted(abroad)} : {quoted(both)}",
            turn="1 - datum.outward",
            middle="datum.external == 0 ? datum.inward / 2 : datum.external == 1 ? 1 - datum.outward / 2 : (datum.inward + 1 - datum.outward) / 2",
        )
        .encode(
            alt.Y("label:N", sort=episodes, title=None, axis=alt.Axis(labelLimit=130)),
            tooltip=hover(
                "label:N = episode",
                "seen:N = coded",
                *(f"{name}:Q .0% = {word}" for name, word in zip(outcomes, words)),
                "log_score:Q .2f = log score",
                "model:N",
                "source:N = coded from",
            ),
        )
    )
    x = alt.X(
        "begin:Q",
        title=_("chance, from the other episodes"),
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(values=QUARTERS, format=".0%"),
    )
    ends = {
        home: ("0", "datum.inward"),
        both: ("datum.inward", "datum.turn"),
        abroad: ("datum.turn", "1"),
    }
    bars = [
        base.transform_calculate(begin=begin, end=end, outcome=quoted(word))
        .mark_bar(height=14, stroke=PAGE, strokeWidth=1)
        .encode(x, x2="end:Q", color=tinted("outcome", shades, columns=3))
        for word, (begin, end) in ends.items()
    ]
    coded = base.mark_point(
        shape="diamond", filled=True, size=85, opacity=1, color=TEXT, stroke=PAGE
    ).encode(renamed(x, "middle"))
    return panel(*bars, coded, height=21 * len(episodes), name="episodes")
