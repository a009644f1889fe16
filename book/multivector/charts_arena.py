"""Charts of the two arenas: which one speaks, what episodes can tell, and what lies beside them.

A room of ``charts``: data in, ``alt.Chart`` out, finished by :func:`charts.finish`.  Nothing is
computed here; models are laid out on the lattice of their sliders by ``arena`` and ``alignment``.
"""

import altair as alt
import pandas as pd

from .charts import (
    ACCENT,
    GRID,
    LEVELS,
    MUTED,
    PAGE,
    TEXT,
    _css,
    _holes,
    _renamed,
    _values,
    _year_axis,
    _year_bars,
    _year_chart,
    quoted,
    slider,
)

#: How the models of ``arena.MODELS`` read on the page, where no other words are given.
MODEL_WORDS = {
    "both": "both arenas",
    "internal only": "internal arena only",
    "external only": "external arena only",
    "no leader": "both, no leaders",
    "neither": "only how often",
}
#: Height of the panel of acts, in pixels; the rules of its breaks reach beyond it.
ACTS_HEIGHT = 200
#: Lines of text above a panel.
_ABOVE = {"align": "left", "baseline": "bottom", "x": 0, "fontSize": 11}


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
    pick = alt.param(
        name="set",
        value=names[0],
        bind=alt.binding_select(options=names, name="Coefficients"),
    )
    place = slider(
        "commitment",
        "Commitment from outside",
        commitments[0],
        commitments[-1],
        commitment,
        round(commitments[1] - commitments[0], 4),
    )
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
        alt.Chart(alt.InlineData(values=packed))
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
    shade = alt.Color(
        "speaks:N",
        scale=alt.Scale(
            domain=["internal", "external", "both"],
            range=[LEVELS[level] for level in ("internal", "external", "both")],
        ),
        legend=alt.Legend(
            columns=3,
            title="Dots: arena, as coded",
            titleLimit=260,
            offset=38 + 14 * len(notes),
        ),
    )
    tip = [
        alt.Tooltip("pi:Q", format=".2f", title="weight of the external arena"),
        alt.Tooltip("significance:Q", format=".2f"),
        alt.Tooltip("threat:Q", format=".2f"),
        alt.Tooltip("commitment:Q", format=".2f"),
        alt.Tooltip("set:N", title="coefficients"),
        alt.Tooltip("from_:N", title="source"),
    ]
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
        alt.Chart(_values(pd.DataFrame({"text": [text]})))
        .mark_text(**_ABOVE, y=-26 - 14 * i)
        .encode(text="text:N")
        for i, text in enumerate(reversed(notes))
    ]
    return (
        alt.layer(ground, *_ground_key(), *said, *_episode_dots(episodes, x, y, shade))
        .properties(height=340, width="container", name="surface")
        .add_params(pick, place)
    )


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
    strip = alt.Chart(_values(rows.round(2))).mark_rect(
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
        alt.Chart(_values(pd.DataFrame({"text": [text]})))
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
        [
            "label",
            "name",
            "began",
            "speaks",
            "a",
            "b",
            "commitment",
            "external",
            "external_why",
            "source",
            "push",
            "drop",
        ]
    ].round(3)
    base = alt.Chart(_values(rows)).transform_calculate(
        of_slider="abs(datum.commitment - commitment) < 1e-6"
    )
    tip = [
        alt.Tooltip("label:N", title="episode"),
        alt.Tooltip("began:N", title="from"),
        alt.Tooltip("a:Q", format=".2f", title="significance"),
        alt.Tooltip("b:Q", title="threat"),
        "commitment:Q",
        alt.Tooltip("speaks:N", title="coded as"),
        alt.Tooltip("external_why:N", title="because"),
        "source:N",
    ]
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
        opacity=alt.condition("datum.of_slider", alt.value(1), alt.value(0.3)),
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
            alt.param(
                name="model",
                value=models[0],
                bind=alt.binding_select(
                    options=models,
                    labels=[MODEL_WORDS.get(m, m) for m in models],
                    name="Model",
                ),
            ),
            slider(
                "prior_sd",
                "How vague the belief is at first (standard deviation)",
                widths[0],
                widths[-1],
                width,
                round(widths[1] - widths[0], 4),
            ),
        ]
    )
    before, after = "before the episodes", "after them"
    rows = (
        summaries.astype({"source": object, "coefficient": object})
        .round(3)
        .replace({"source": {"prior": before, "posterior": after}})
    )
    base = alt.Chart(_values(rows))
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
    shade = alt.Color(
        "source:N",
        scale=alt.Scale(domain=[before, after], range=[MUTED, ACCENT]),
        legend=alt.Legend(columns=2),
    )
    tip = [
        "coefficient:N",
        "source:N",
        *(alt.Tooltip(f"{c}:Q", format="+.2f") for c in ("mean", "lower", "upper")),
        alt.Tooltip("sd:Q", format=".2f", title="standard deviation"),
        alt.Tooltip("positive:Q", format=".0%", title="probability of a positive sign"),
        alt.Tooltip("model:N", title="model (fit of this essay)"),
    ]
    zero = alt.Chart(_values(pd.DataFrame({"mean": [0]}))).mark_rule().encode(x=x)
    bars = base.mark_rule(strokeWidth=4, opacity=0.7).encode(
        _renamed(x, "lower"), y, x2="upper:Q", yOffset=lane, color=shade, tooltip=tip
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
    return (
        alt.layer(zero, bars, dots, *words)
        .properties(height=52 * len(order), width="container", name="coefficients")
        .add_params(*controls)
    )


def models_compared(comparison, scores, coin=None, names=None):
    """Held-out log score of each model less the best, and each episode as the others foretell it.

    Parameters
    ----------
    comparison : DataFrame
        Rows (model, log_score, difference, error, n) of ``arena.compare``.
    scores : DataFrame
        Rows (model, label, external, predicted, log_score, source) of ``arena.leave_one_out``.
    coin : float, optional
        Log score of a coin, drawn as a line.
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
    pick = alt.param(
        name="model",
        value=models[0],
        bind=alt.binding_select(options=models, name="Episodes foretold by"),
    )
    errors = slider("errors", "Standard errors drawn to either side", 1, 4, 2, 1)
    rows = comparison[["model", "log_score", "difference", "error", "n"]].round(3)
    base = alt.Chart(_values(rows)).transform_calculate(
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
    tip = [
        "model:N",
        *(
            alt.Tooltip(f"{c}:Q", format=".2f")
            for c in ("log_score", "difference", "error")
        ),
        alt.Tooltip("n:Q", title="episodes"),
    ]
    zero = (
        alt.Chart(_values(pd.DataFrame({"difference": [0]})))
        .mark_rule(strokeDash=[4, 3])
        .encode(x=x)
    )
    shade = alt.condition("datum.model == model", alt.value(ACCENT), alt.value(MUTED))
    reach = base.mark_rule(strokeWidth=3, opacity=0.6).encode(
        _renamed(x, "low"), y, x2="high:Q", color=shade, tooltip=tip
    )
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(
        x, y, color=shade, tooltip=tip
    )
    lines = [zero]
    if coin is not None:
        tossed = alt.Chart(
            _values(
                pd.DataFrame(
                    {
                        "difference": [
                            round(coin - float(comparison["log_score"].max()), 3)
                        ],
                        "text": ["a coin"],
                    }
                )
            )
        ).encode(x=x)
        lines += [
            tossed.mark_rule(
                strokeDash=[2, 2], strokeWidth=2, color=_css("kind-1", "#b3400e")
            ),
            tossed.mark_text(
                align="left", baseline="bottom", dx=-2, y=-4, fontSize=11
            ).encode(text="text:N"),
        ]
    top = alt.layer(*lines, reach, dots).properties(
        height=24 * len(order), width="container", name="models"
    )
    return alt.vconcat(top, _foretold(scores, episodes), spacing=16).add_params(
        pick, errors
    )


def _foretold(scores, episodes):
    """What the account says of each episode, and what the others foretell."""
    rows = scores[
        ["model", "label", "external", "predicted", "log_score", "source"]
    ].round(3)
    base = alt.Chart(_values(rows)).transform_filter("datum.model == model")
    scale = alt.Scale(domain=[-0.03, 1.03], nice=False)
    x, y = (
        alt.X(
            "predicted:Q",
            title="weight of causes abroad, 0 to 1",
            scale=scale,
            axis=alt.Axis(values=[0, 0.5, 1]),
        ),
        alt.Y("label:N", sort=episodes, title=None, axis=alt.Axis(labelLimit=130)),
    )
    tip = [
        alt.Tooltip("label:N", title="episode"),
        alt.Tooltip("external:Q", title="coded"),
        alt.Tooltip("predicted:Q", format=".2f", title="foretold by the others"),
        alt.Tooltip("log_score:Q", format=".2f", title="log score"),
        "model:N",
        alt.Tooltip("source:N", title="coded from"),
    ]
    domain = ["coded", "foretold from the others"]
    shade = alt.Color(
        "what:N",
        scale=alt.Scale(domain=domain, range=[TEXT, ACCENT]),
        legend=alt.Legend(columns=2),
    )
    coin = (
        alt.Chart(_values(pd.DataFrame({"predicted": [0.5]})))
        .mark_rule(strokeDash=[4, 3])
        .encode(x=x)
    )
    miss = base.mark_rule(color=MUTED, strokeWidth=2).encode(
        x, y, x2="external:Q", tooltip=tip
    )
    coded = (
        base.transform_calculate(what=quoted(domain[0]))
        .mark_point(shape="diamond", filled=True, size=90, opacity=1)
        .encode(_renamed(x, "external"), y, color=shade, tooltip=tip)
    )
    told = (
        base.transform_calculate(what=quoted(domain[1]))
        .mark_point(filled=True, size=80, opacity=1)
        .encode(x, y, color=shade, tooltip=tip)
    )
    return alt.layer(coin, miss, coded, told).properties(
        height=21 * len(episodes), width="container", name="episodes"
    )


def significance_over_time(region, own, measures, first_year, last_year):
    """Significance of the region outside the state, and the same measures of the state itself.

    Parameters
    ----------
    region, own : DataFrame
        Rows (year, significance, n, one column a measure), as ``alignment.region_significance`` gives them.
    measures : DataFrame
        Rows (id, label, why, source) of the measures.
    """
    names = {
        "significance": "all measures, mean rank",
        **dict(zip(measures["id"], measures["label"])),
    }
    sources = dict(zip(measures["id"], measures["source"]))
    sources["significance"] = "; ".join(dict.fromkeys(sources.values()))
    who = {"the other states": region, "the state itself": own}
    long = pd.concat(
        [
            frame.melt(["year", "n"], list(names), "id", "value").assign(who=name)
            for name, frame in who.items()
        ]
    )
    long = long[long["year"].between(first_year, last_year)].assign(
        measure=lambda r: r["id"].map(names)
    )
    long["n"] = (
        long["n"]
        .where(long["id"] == "significance", long["value"].notna().astype(int))
        .astype(int)
    )
    pick = alt.param(
        name="measure",
        value=names["significance"],
        bind=alt.binding_select(options=list(names.values()), name="Measure"),
    )
    sourced = alt.LookupData(
        _values(
            pd.DataFrame(
                {"measure": list(names.values()), "source": [sources[i] for i in names]}
            )
        ),
        "measure",
        ["source"],
    )
    base = (
        _year_chart(
            long[["year", "who", "measure", "value", "n"]]
            .astype({"value": float})
            .round(3),
            first_year,
            last_year,
        )
        .transform_filter("datum.measure == measure")
        .transform_lookup("measure", sourced)
    )
    seen = base.transform_calculate(rank="datum.year >= since ? datum.value : null")
    y = alt.Y(
        "rank:Q",
        title=["average rank among", "the years, 1 = highest"],
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(values=[0, 0.5, 1]),
    )
    shade = alt.Color(
        "who:N",
        scale=alt.Scale(domain=list(who), range=[ACCENT, MUTED]),
        legend=alt.Legend(columns=2),
    )
    tip = [
        alt.Tooltip("year:Q", format="d"),
        "who:N",
        "measure:N",
        alt.Tooltip("rank:Q", format=".2f"),
        alt.Tooltip("n:Q", title="measures"),
        "source:N",
    ]
    hole = _named_holes(
        region[region["year"].between(first_year, last_year)],
        first_year,
        last_year,
        "no measure",
    )
    line = seen.mark_line().encode(
        y=y,
        color=shade,
        strokeWidth=alt.condition(
            "datum.who == 'the other states'", alt.value(2.5), alt.value(1.5)
        ),
    )
    return (
        alt.layer(
            *hole,
            line,
            seen.mark_point(size=55, opacity=1).encode(y=y, color=shade, tooltip=tip),
        )
        .properties(height=220, width="container", name="significance")
        .add_params(
            pick,
            slider("since", "From the year", first_year, last_year - 5, first_year),
        )
    )


def _named_holes(rows, first_year, last_year, word):
    """Years without any observation, as a grey band with a word."""
    layers = _holes(rows, first_year, last_year)
    if layers:
        empty = rows.loc[rows["n"] == 0, "year"]
        middle = alt.Chart(_values(pd.DataFrame({"year": [float(empty.mean())]})))
        layers = [
            layers[0].encode(
                tooltip=[alt.Tooltip("year:Q", format="d", title=f"{word} for")]
            ),
            middle.mark_text(
                text=word,
                angle=270,
                align="left",
                fontSize=11,
                dx=6,
                y=alt.expr("height"),
            ).encode(x=_year_axis("year", first_year, last_year)),
        ]
    return layers


def beyond_trend(series, lines, unit, last, told):
    """A yearly series and the straight line through its first years, drawn on; the last year of the line can be changed.

    Parameters
    ----------
    series : DataFrame
        Rows (year, value, source).
    lines : dict of int to alignment.Trend
        Last year of the line and the line.
    last : int
        Where the slider starts.
    told : pair of int
        Years that are compared with the line.
    """
    first_year, last_year = int(series["year"].min()), int(series["year"].max())
    rows = series.assign(told=series["year"].between(*told))[
        ["year", "value", "told", "source"]
    ]
    drawn = (
        pd.concat(
            [
                pd.DataFrame(
                    {
                        "last": year,
                        "year": t.line.index,
                        "line": t.line.to_numpy(),
                        "low": t.line.to_numpy() - t.spread,
                        "high": t.line.to_numpy() + t.spread,
                    }
                )
                for year, t in lines.items()
            ]
        )
        .astype({"year": int})
        .round(3)
    )
    top = 1.08 * max(
        float(series["value"].max()),
        max(float(drawn.loc[drawn["last"] == year, "line"].max()) for year in lines),
    )  # no bar touches the frame
    y = alt.Y(
        "value:Q", title=unit, scale=alt.Scale(domain=[0, round(top, 2)], nice=False)
    )
    tip = [
        alt.Tooltip("year:Q", format="d"),
        alt.Tooltip("value:Q", title=unit),
        "source:N",
    ]
    bars = (
        _year_bars(alt.Chart(_values(rows)), first_year, last_year)
        .mark_rect()
        .encode(
            y=y,
            tooltip=tip,
            color=alt.condition("datum.told", alt.value(ACCENT), alt.value(MUTED)),
        )
    )
    base = (
        alt.Chart(_values(drawn))
        .transform_filter("datum.last == line_to")
        .encode(x=_year_axis("year", first_year, last_year))
    )
    band = base.mark_area(opacity=0.25, color=TEXT, clip=True).encode(
        y=alt.Y("low:Q", title=unit), y2="high:Q"
    )
    on = base.mark_line(strokeDash=[6, 4], clip=True).encode(
        y=alt.Y("line:Q", title=unit)
    )
    through = (
        base.transform_filter("datum.year <= line_to")
        .mark_line(strokeWidth=3, clip=True)
        .encode(
            y=alt.Y("line:Q", title=unit),
            tooltip=[
                alt.Tooltip("year:Q", format="d"),
                alt.Tooltip("line:Q", format=".1f", title="on the line"),
            ],
        )
    )
    mean = (
        alt.Chart(_values(rows))
        .transform_filter("datum.told")
        .transform_aggregate(mean="mean(value)", first="min(year)", last="max(year)")
        .transform_calculate(a="datum.first - 0.45", b="datum.last + 0.45")
        .mark_rule(strokeWidth=2.5, color=TEXT)
        .encode(
            x=_year_axis("a", first_year, last_year),
            x2="b:Q",
            y=alt.Y("mean:Q", title=unit),
            tooltip=[
                alt.Tooltip(
                    "mean:Q", format=".1f", title=f"mean {told[0]} to {told[1]}"
                )
            ],
        )
    )
    nothing = (
        _year_chart(rows[rows["value"] == 0], first_year, last_year)
        .mark_text(baseline="bottom", fontSize=11)
        .encode(y=y, text=alt.value("0"), tooltip=tip)
    )
    words = [
        "grey band: how far the line's own years",
        "lie from it, as a rule; no forecast",
    ]
    said = [
        alt.Chart(_values(pd.DataFrame({"text": [text]})))
        .mark_text(**_ABOVE, y=-6 - 14 * (len(words) - 1 - i))
        .encode(text="text:N")
        for i, text in enumerate(words)
    ]
    return (
        alt.layer(bars, band, on, through, mean, nothing, *said)
        .properties(height=220, width="container", name="trend")
        .add_params(
            slider("line_to", "Last year of the line", min(lines), max(lines), last)
        )
    )


def levels_by_year(counts, breaks, threats, series, span):
    """Coded acts by level and year over shocks and threats, and an outside series of threat below.

    Parameters
    ----------
    counts : DataFrame
        Rows (within, year, level, acts): acts whose date is known to within so many years, spread over
        their intervals, as ``alignment.acts_by_year`` gives them.
    breaks, threats : DataFrame
        Rows (start, label, source) of the named breaks, and of threats at home.
    series : list of alignment.Series
        Outside series of the state alone; one is shown at a time.
    span : pair of int
        First and last year.
    """
    levels = ["internal", "both", "external"]
    first, last = span
    packed = [
        {
            "within": int(within),
            "level": level,
            "acts": part.sort_values("year")["acts"].round(2).tolist(),
        }
        for (within, level), part in counts.groupby(["within", "level"])
    ]
    base = (
        alt.Chart(alt.InlineData(values=packed))
        .transform_filter("datum.within == within_years")
        .transform_calculate(
            k=f"sequence({last - first + 1})",
            order=f"indexof({quoted(levels)}, datum.level)",
        )
        .transform_flatten(["acts", "k"])
        .transform_calculate(
            year=f"datum.k + {first}",
            a=f"datum.k + {first - 0.35}",
            b=f"datum.k + {first + 0.35}",
        )
        .transform_stack(
            stack="acts",
            as_=["y0", "y1"],
            groupby=["year"],
            sort=[alt.SortField("order")],
        )
    )
    shade = alt.Color(
        "level:N",
        scale=alt.Scale(domain=levels, range=[LEVELS[level] for level in levels]),
        legend=alt.Legend(columns=3, offset=8),
    )
    tip = [
        alt.Tooltip("year:Q", format="d"),
        "level:N",
        alt.Tooltip("acts:Q", format=".1f", title="acts, spread over their dates"),
        alt.Tooltip("from:N", title="source"),
    ]
    bars = (
        base.transform_calculate(**{"from": "'our coding, table of events'"})
        .mark_rect()
        .encode(
            _bare(_year_axis("a", first, last)),
            alt.Y(
                "y0:Q", title=["coded acts a year; one", "of several years is split"]
            ),
            x2="b:Q",
            y2="y1:Q",
            color=shade,
            tooltip=tip,
        )
    )
    top = alt.layer(bars, *_shocks(breaks, threats, span)).properties(
        height=ACTS_HEIGHT, width="container", name="acts"
    )
    return alt.vconcat(top, _threat_series(series, span), spacing=10).add_params(
        alt.param(
            name="threat_series",
            value=series[0].label,
            bind=alt.binding_select(
                options=[s.label for s in series], name="Outside series"
            ),
        ),
        slider(
            "within_years",
            "Acts dated to within (years)",
            int(counts["within"].min()),
            int(counts["within"].max()),
            int(counts["within"].max()),
        ),
    )


def _bare(x):
    """The same channel without its axis."""
    copy = x.copy()
    copy.axis = alt.Axis(labels=False, ticks=False, title=None, grid=False)
    return copy


def _part_of_year(days):
    """A day as a number on an axis on which a year's bar is centred at the year."""
    return [day.year - 0.5 + (day.day_of_year - 1) / 366 for day in days]


def _shocks(breaks, threats, span):
    """Named breaks as rules and threats as diamonds above the bars."""
    rows = pd.concat(
        [breaks.assign(kind="named break"), threats.assign(kind="threat at home")]
    )
    rows = rows.assign(
        year=_part_of_year(rows["start"]), when=rows["start"].dt.strftime("%-d %b %Y")
    )[["year", "when", "label", "kind", "source"]].round(3)
    base = alt.Chart(_values(rows)).encode(
        x=_bare(_year_axis("year", *span)),
        tooltip=["kind:N", "label:N", alt.Tooltip("when:N", title="date"), "source:N"],
    )
    first, last = span
    # Names stand above the frame, in turn on three lines, on the side with more room; a threat in the year of a break goes by its name.
    year, broken = rows["year"].round(), rows["kind"] == "named break"
    named = rows[
        broken | ~(year.isin(year[broken]) | year.where(~broken).duplicated())
    ].sort_values("year")
    named = named.assign(
        lift=[-6 - 14 * (i % 3) for i in range(len(named))],
        early=named["year"] < (first + last) / 2 - 3,
    )
    words = alt.Chart(
        _values(named[["year", "label", "kind", "lift", "early"]])
    ).encode(x=_bare(_year_axis("year", *span)))
    texts = [
        words.transform_filter(f"{'' if early else '!'}datum.early")
        .mark_text(
            align="left" if early else "right",
            dx=-2 if early else 2,
            y=alt.expr("datum.lift"),
            baseline="bottom",
            fontSize=11,
            **halo,
        )
        .encode(text="label:N")
        for early in (True, False)
        for halo in ({"stroke": PAGE, "strokeWidth": 3}, {})
    ]
    return [
        words.transform_filter("datum.kind == 'named break'").mark_rule(
            strokeDash=[3, 3], strokeWidth=1.5, y=alt.expr("datum.lift"), y2=ACTS_HEIGHT
        ),
        base.transform_filter("datum.kind != 'named break'").mark_point(
            shape="diamond",
            size=75,
            filled=True,
            opacity=1,
            color=TEXT,
            stroke=PAGE,
            strokeWidth=1,
            y=5,
        ),
        *texts,
    ]


def _threat_series(series, span):
    first, last = span
    rows = pd.concat([s.rows.assign(series=s.label, unit=s.unit) for s in series])
    rows = rows[rows["year"].between(*span)]
    base = (
        alt.Chart(
            _values(
                rows[["series", "year", "value"]].astype({"year": int, "value": float})
            )
        )
        .transform_filter("datum.series == threat_series")
        .transform_lookup(
            "series",
            alt.LookupData(
                _values(
                    pd.DataFrame(
                        {
                            "series": [s.label for s in series],
                            "unit": [s.unit for s in series],
                            "source": [s.rows["source"].iloc[0] for s in series],
                        }
                    )
                ),
                "series",
                ["unit", "source"],
            ),
        )
    )
    tip = [
        alt.Tooltip("year:Q", format="d"),
        alt.Tooltip("value:Q"),
        "unit:N",
        "source:N",
    ]
    y = alt.Y("value:Q", title="number a year", axis=alt.Axis(tickMinStep=1))
    bars = (
        _year_bars(base, first, last).mark_rect(color=ACCENT).encode(y=y, tooltip=tip)
    )
    told = {s.label: set(s.rows.dropna(subset="value")["year"]) for s in series}
    empty = pd.DataFrame(
        [
            {"series": s, "year": year}
            for s, years in told.items()
            for year in range(first, last + 1)
            if year not in years
        ],
        columns=["series", "year"],
    )
    empty = empty.assign(a=empty["year"] - 0.5, b=empty["year"] + 0.5)
    hole = (
        alt.Chart(_values(empty))
        .transform_filter("datum.series == threat_series")
        .mark_rect(color=GRID, opacity=0.8)
        .encode(
            x=_year_axis("a", first, last),
            x2="b:Q",
            tooltip=[alt.Tooltip("year:Q", format="d", title="no observation for")],
        )
    )
    units = pd.DataFrame(
        {
            "series": [s.label for s in series],
            "text": [f"{s.label} ({s.unit})" for s in series],
        }
    )
    name = (
        alt.Chart(_values(units))
        .transform_filter("datum.series == threat_series")
        .mark_text(**_ABOVE, y=-4, fontWeight="bold")
        .encode(text="text:N")
    )
    return alt.layer(hole, bars, name).properties(
        height=110, width="container", name="threats"
    )
