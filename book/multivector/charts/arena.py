"""The two arenas: which one speaks, what episodes can tell, and which model foretells best.

Nothing is computed here; models are laid out on the lattice of their sliders by ``arena``.
"""

import altair as alt
import pandas as pd

from .grammar import (
    ABOVE,
    Rows,
    either,
    hover,
    menu,
    panel,
    plot,
    quoted,
    renamed,
    slider,
    stepped,
    tinted,
)
from .theme import ACCENT, LEVELS, MUTED, PAGE, TEXT, WARN


#: How the models of ``arena.MODELS`` read on the page, where no other words are given.
MODEL_WORDS = {
    "both": "both arenas",
    "internal only": "internal arena only",
    "external only": "external arena only",
    "no leader": "both, no leaders",
    "neither": "only how often",
}
#: How outcomes read on the page, and the level whose colour they have.
OUTCOME_WORDS = {
    "inward": ("home alone", "internal"),
    "undecided": ("both", "both"),
    "outward": ("abroad alone", "external"),
}


def arena_surface(lattice, episodes, commitment=1.0, source=""):
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
    names, whole = list(lattice), next(iter(lattice.values()))
    ticks, commitments = (
        sorted(whole["significance"].unique()),
        sorted(whole["commitment"].unique()),
    )
    size, step = len(ticks), ticks[1] - ticks[0]
    packed = [
        {
            "set": name,
            "commitment": round(float(e), 4),
            "pi": [
                round(v, 3) for v in part.sort_values(["threat", "significance"])["pi"]
            ],
        }
        for name, rows in lattice.items()
        for e, part in rows.groupby("commitment")
    ]
    pick = menu("set", "Coefficients", names)
    place = stepped("commitment", "Commitment from outside", commitments, commitment)
    x, y = (
        (
            channel(
                f"{name}:Q",
                title=title,
                scale=alt.Scale(domain=[-step / 2, 1 + step / 2], nice=False),
                axis=alt.Axis(
                    values=[0, 0.25, 0.5, 0.75, 1], format=".2~f", grid=False
                ),
            )
        )
        for channel, name, title in (
            (alt.X, "a", "significance of the region, outside the state"),
            (alt.Y, "b", "threat at home"),
        )
    )
    cells = (
        alt.Chart(Rows(values=packed))
        .transform_filter(
            "datum.set == set && abs(datum.commitment - commitment) < 1e-6"
        )
        .transform_calculate(k=f"sequence({size * size})")
        .transform_flatten(["pi", "k"])
        .transform_calculate(
            significance=f"(datum.k % {size}) * {step}",
            threat=f"floor(datum.k / {size}) * {step}",
            speaks="datum.pi >= 0.5 ? 'external' : 'internal'",
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
    alone = episodes.drop_duplicates(["significance", "threat"])
    notes = ["touching dots share one place"] * (len(alone) < len(episodes)) + [
        "pale dots: another commitment"
    ] * (episodes["commitment"].nunique() > 1)
    shade = tinted(
        "speaks",
        dict(
            zip(
                ["internal", "external", "both"],
                [LEVELS[level] for level in ("internal", "external", "both")],
            )
        ),
        columns=3,
        title="Dots: arena, as coded",
        titleLimit=260,
        offset=38 + 14 * len(notes),
    )
    tip = hover(
        "pi:Q .2f = weight of the external arena",
        "significance:Q .2f",
        "threat:Q .2f",
        "commitment:Q .2f",
        "set:N = coefficients",
        "from_:N = source",
    )
    ground = cells.mark_rect(strokeWidth=0).encode(
        x,
        y,
        x2="a2:Q",
        y2="b2:Q",
        color=shade,
        opacity=alt.Opacity(
            "strength:Q", scale=alt.Scale(domain=[0, 1], range=[0, 1]), legend=None
        ),
        tooltip=tip,
    )
    said = [
        plot({"text": [text]})
        .mark_text(**ABOVE, fontSize=11, y=-26 - 14 * i)
        .encode(text="text:N")
        for i, text in enumerate(reversed(notes))
    ]
    return panel(
        ground,
        *_ground_key(),
        *said,
        *_episode_dots(episodes, x, y, shade),
        height=340,
        name="surface",
    ).add_params(pick, place)


def _ground_key():
    """What the ground means: its shades from 0 to 1, above the frame."""
    steps = [i / 10 for i in range(11)]
    rows = pd.DataFrame(
        {
            "left": [152 + 7 * i for i in range(11)],
            "strength": [abs(v - 0.5) * 1.7 for v in steps],
            "shade": [LEVELS["external" if v >= 0.5 else "internal"] for v in steps],
        }
    )
    strip = plot(rows.round(2)).mark_rect(
        x=alt.expr("datum.left"),
        x2=alt.expr("datum.left + 7"),
        y=-20,
        y2=-10,
        fill=alt.expr("datum.shade"),
        fillOpacity=alt.expr("datum.strength"),
        stroke=MUTED,
        strokeWidth=0.4,
    )
    words = [
        plot({"text": [text]})
        .mark_text(align=align, baseline="middle", fontSize=11, x=x, y=-15)
        .encode(text="text:N")
        for text, align, x in (
            ("weight of causes abroad: 0", "right", 148),
            ("1", "left", 233),
        )
    ]
    return [strip, *words]


def _episode_dots(episodes, x, y, shade):
    """Episodes on the surface; those that share a place stand side by side."""
    rows = episodes.assign(
        speaks=[
            "internal" if v < 0.5 else "external" if v > 0.5 else "both"
            for v in episodes["external"]
        ],
        a=episodes["significance"],
        b=episodes["threat"],
        began=episodes["start"].dt.strftime("%-d %b %Y"),
    )
    same, shown = rows.groupby(["a", "b"]), rows.groupby(["commitment", "b"])
    rows["push"] = (same.cumcount() - (same["label"].transform("size") - 1) / 2) * 13
    rows["drop"] = (17 + 14 * shown["a"].rank(method="first").sub(1)).astype(
        int
    )  # names of one row and one commitment stand under one another
    # The year tells apart what the name alone does not; a row of the reader's own has none.
    years = rows["start"].dt.strftime("%Y")
    rows["name"] = [
        label if pd.isna(year) or year in label else f"{label} {year}"
        for label, year in zip(rows["label"], years)
    ]
    rows = rows[
        (
            "label name began speaks a b "
            "commitment external external_why source push drop"
        ).split()
    ].round(3)
    base = plot(rows).transform_calculate(
        of_slider="abs(datum.commitment - commitment) < 1e-6"
    )
    tip = hover(
        "label:N = episode",
        "began:N = from",
        "a:Q .2f = significance",
        "b:Q = threat",
        "commitment:Q",
        "speaks:N = coded as",
        "external_why:N = because",
        "source:N",
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
        tooltip=tip,
        opacity=either("datum.of_slider", 1, 0.3),
    )
    place = {
        "baseline": "middle",
        "fontSize": 11,
        "fontWeight": "bold",
        "yOffset": alt.expr("datum.b < 0.2 ? -datum.drop : datum.drop"),
    }
    named = base.transform_filter("datum.of_slider").encode(x, y, text="name:N")
    texts = [
        named.mark_text(
            **place, stroke=PAGE, strokeWidth=4, strokeOpacity=0.9, strokeJoin="round"
        ),
        named.mark_text(**place).encode(color=shade),
    ]
    return [dots, *texts]


def prior_and_posterior(summaries, width, still=False):
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
    models, widths, order = (
        list(dict.fromkeys(summaries["model"])),
        sorted(summaries["width"].unique()),
        list(dict.fromkeys(summaries["coefficient"])),
    )
    controls = (
        []
        if still
        else [
            menu(
                "model", "Model", models, labels=[MODEL_WORDS.get(m, m) for m in models]
            ),
            stepped(
                "prior_sd",
                "How vague the belief is at first (standard deviation)",
                widths,
                width,
            ),
        ]
    )
    before, after = "before the episodes", "after them"
    rows = (
        summaries.astype({"source": object, "coefficient": object})
        .round(3)
        .replace({"source": {"prior": before, "posterior": after}})
    )
    base = plot(rows)
    base = (
        base
        if still
        else base.transform_filter(
            "datum.model == model && abs(datum.width - prior_sd) < 1e-6"
        )
    )
    ends = [float(summaries["lower"].min()), float(summaries["upper"].max())]
    x = alt.X(
        "mean:Q",
        title="coefficient; above 0 pulls abroad (threat: home)",
        scale=alt.Scale(domain=ends, nice=True),
        axis=alt.Axis(labelOverlap="greedy", labelSeparation=8),
    )
    y = alt.Y(
        "coefficient:N",
        sort=order,
        title=None,
        axis=None,
        scale=alt.Scale(paddingInner=0.35, paddingOuter=0.3),
    )
    lane = alt.YOffset("source:N", sort=[before, after])
    shade = tinted("source", {before: MUTED, after: ACCENT}, columns=2)
    tip = hover(
        "coefficient:N",
        "source:N",
        *(f"{c}:Q +.2f" for c in ("mean", "lower", "upper")),
        "sd:Q .2f = standard deviation",
        "positive:Q .0% = probability of a positive sign",
        "model:N = model (fit of this essay)",
    )
    zero = plot({"mean": [0]}).mark_rule().encode(x=x)
    bars = base.mark_rule(strokeWidth=4, opacity=0.7).encode(
        renamed(x, "lower"), y, x2="upper:Q", yOffset=lane, color=shade, tooltip=tip
    )
    dots = base.mark_point(filled=True, size=80, opacity=1).encode(
        x, y, yOffset=lane, color=shade, tooltip=tip
    )
    learned = (
        base.transform_filter(f"datum.source == {quoted(after)}")
        .transform_calculate(
            text="datum.coefficient + ': ' + format(datum.ratio, '.0%') + ' of the spread is left'"
        )
        .encode(alt.Y("coefficient:N", sort=order, bandPosition=0), text="text:N")
    )
    place = {
        "align": "left",
        "baseline": "bottom",
        "dy": -1,
        "x": 2,
        "fontWeight": "bold",
        "fontSize": 11,
        "limit": alt.expr("width"),
    }
    words = [
        learned.mark_text(**place, stroke=PAGE, strokeWidth=4, strokeJoin="round"),
        learned.mark_text(**place),
    ]
    return panel(
        zero, bars, dots, *words, height=52 * len(order), name="coefficients"
    ).add_params(*controls)


def models_compared(comparison, scores, equal=None, names=None):
    """Held-out log score of each model less the best, and the chances that the others give to each episode.

    Parameters
    ----------
    comparison : DataFrame
        Rows (model, log_score, difference, error, n) of ``arena.compare``.
    scores : DataFrame
        Rows (model, label, external, inward, undecided, outward, log_score, source) of ``arena.leave_one_out``.
    equal : float, optional
        Log score of three equal chances, drawn as a line.
    names : dict of str to str, optional
        How models read in the figure; by default :data:`MODEL_WORDS`.
    """
    names = MODEL_WORDS if names is None else names
    comparison, scores = (
        frame.assign(model=frame["model"].map(lambda name: names.get(name, name)))
        for frame in (comparison, scores)
    )
    order, models, episodes = (
        list(comparison["model"]),
        list(dict.fromkeys(scores["model"])),
        list(dict.fromkeys(scores["label"])),
    )
    pick = menu("model", "Episodes foretold by", models)
    errors = slider("errors", "Standard errors drawn to either side", 1, 4, 2, 1)
    rows = comparison[["model", "log_score", "difference", "error", "n"]].round(3)
    base = plot(rows).transform_calculate(
        low="datum.difference - errors * datum.error",
        high="datum.difference + errors * datum.error",
    )
    x, y = (
        alt.X(
            "difference:Q",
            title="log score less that of the best model; right is better",
            axis=alt.Axis(tickCount=6, labelSeparation=8, labelOverlap="greedy"),
        ),
        alt.Y("model:N", sort=order, title=None, axis=alt.Axis(labelLimit=130)),
    )
    tip = hover(
        "model:N",
        *(f"{c}:Q .2f" for c in ("log_score", "difference", "error")),
        "n:Q = episodes",
    )
    zero = plot({"difference": [0]}).mark_rule(strokeDash=[4, 3]).encode(x=x)
    shade = either("datum.model == model", ACCENT, MUTED)
    reach = base.mark_rule(strokeWidth=3, opacity=0.6).encode(
        renamed(x, "low"), y, x2="high:Q", color=shade, tooltip=tip
    )
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(
        x, y, color=shade, tooltip=tip
    )
    lines = [zero]
    if equal is not None:
        tossed = plot(
            {
                "difference": [round(equal - float(comparison["log_score"].max()), 3)],
                "text": ["equal chances"],
            }
        ).encode(x=x)
        lines += [
            tossed.mark_rule(strokeDash=[2, 2], strokeWidth=2, color=WARN),
            tossed.mark_text(
                align="right", baseline="bottom", dx=2, y=-4, fontSize=11
            ).encode(text="text:N"),
        ]
    top = panel(*lines, reach, dots, height=24 * len(order), name="models")
    return alt.vconcat(top, _foretold(scores, episodes), spacing=16).add_params(
        pick, errors
    )


def _foretold(scores, episodes):
    """The chances that the other episodes give to each outcome, and what the account says."""
    outcomes = list(OUTCOME_WORDS)
    rows = scores[
        ["model", "label", "external", *outcomes, "log_score", "source"]
    ].round(3)
    base = plot(rows).transform_filter("datum.model == model")
    y = alt.Y("label:N", sort=episodes, title=None, axis=alt.Axis(labelLimit=130))
    axis = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%")
    x = alt.X(
        "begin:Q",
        title="chance, from the other episodes",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=axis,
    )
    words = [word for word, _ in OUTCOME_WORDS.values()]
    shade = tinted(
        "outcome",
        dict(zip(words, [LEVELS[level] for _, level in OUTCOME_WORDS.values()])),
        columns=3,
    )
    tip = hover(
        "label:N = episode",
        "seen:N = coded",
        *(f"{name}:Q .0% = {word}" for name, word in zip(outcomes, words)),
        "log_score:Q .2f = log score",
        "model:N",
        "source:N = coded from",
    )
    home, both, abroad = words
    base = base.transform_calculate(
        seen=f"datum.external == 0 ? {quoted(home)} : datum.external == 1 ? {quoted(abroad)} : {quoted(both)}",
        turn="1 - datum.outward",
        middle="datum.external == 0 ? datum.inward / 2 : datum.external == 1 ? 1 - datum.outward / 2 : (datum.inward + 1 - datum.outward) / 2",
    )
    ends = {home: ("0", "inward"), both: ("inward", "turn"), abroad: ("turn", "1")}
    bars = [
        base.transform_calculate(
            begin=begin if begin.isdigit() else f"datum.{begin}",
            end=end if end.isdigit() else f"datum.{end}",
            outcome=quoted(word),
        )
        .mark_bar(height=14, stroke=PAGE, strokeWidth=1)
        .encode(x, y, x2="end:Q", color=shade, tooltip=tip)
        for word, (begin, end) in ends.items()
    ]
    coded = base.mark_point(
        shape="diamond", filled=True, size=85, opacity=1, color=TEXT, stroke=PAGE
    ).encode(renamed(x, "middle"), y, tooltip=tip)
    return panel(*bars, coded, height=21 * len(episodes), name="episodes")
