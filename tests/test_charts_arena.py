"""The two arenas drawn: every chart shows what the functions compute, over the whole lattice of its sliders."""

import json

import numpy as np
import pandas as pd
import pytest
from statsmodels.regression.linear_model import OLS
from statsmodels.tools import add_constant
from test_hero import (  # noqa: F401 - two fixtures and helpers
    ROWS,
    opened,
    pages_of_tests,
    rows,
    turn,
)

from multivector import alignment, arena, charts, data, explorers

TICKS = [0, 0.25, 0.5, 0.75, 1]
EXAMPLE = (-2, 4, 1, 2)


@pytest.fixture(scope="module")
def case():
    return data.open_case()


@pytest.fixture(scope="module")
def known(case):
    return alignment.episodes(case).dropna(subset="significance").reset_index(drop=True)


@pytest.fixture(scope="module")
def leaders(known):
    return arena.ordinal_prior(dict.fromkeys(known["leader"], 0))


def inline(chart, *fields):
    """The first inline or named data set of a chart whose rows have these fields."""
    spec = charts.finish(
        chart, title="t", description="d", source="s", kind="model"
    ).to_dict()
    found = list(spec.get("datasets", {}).values())

    def look(part):
        if isinstance(part, dict):
            if (
                isinstance(part.get("values"), list)
                and part["values"]
                and isinstance(part["values"][0], dict)
            ):
                found.append(part["values"])
            for value in part.values():
                look(value)
        if isinstance(part, list):
            for value in part:
                look(value)

    look(spec)
    return pd.DataFrame(
        next(table for table in found if table and set(fields) <= set(table[0]))
    )


# --- the surface ------------------------------------------------------------------------------


def test_the_surface_is_the_model_at_every_corner():
    surface = arena.surface(EXAMPLE, TICKS, steps=10)
    assert len(surface) == 5 * 11 * 11
    assert surface["pi"].to_numpy() == pytest.approx(
        arena.arena(
            surface["significance"], surface["commitment"], surface["threat"], EXAMPLE
        )
    )
    spot = surface[
        np.isclose(surface["significance"], 0.2)
        & np.isclose(surface["threat"], 0.2)
        & (surface["commitment"] == 0.5)
    ]
    assert spot["pi"].round(4).tolist() == [0.2497]  # the worked example of the method
    other = arena.surface(EXAMPLE, [0.5], steps=4, order=arena.arena_internal_first)
    assert other["pi"].to_numpy() == pytest.approx(
        arena.arena_internal_first(other["significance"], 0.5, other["threat"], EXAMPLE)
    )


@pytest.mark.parametrize(
    "change, message",
    [
        ({"steps": 0}, "steps is 0"),
        ({"steps": 2.5}, "steps is 2.5"),
        ({"commitments": [1.2]}, "commitment is 1.2"),
        ({"coefficients": (1, 2)}, "coefficients has the shape"),
    ],
)
def test_a_surface_without_sense_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        arena.surface(**{"coefficients": EXAMPLE, "commitments": TICKS} | change)


def test_the_chart_holds_the_surface_for_every_commitment_and_set(known):
    lattice = {
        "example": arena.surface(EXAMPLE, TICKS),
        "prior": arena.surface((0, 1, 1, 1), TICKS),
    }
    drawn = inline(charts.arena.arena_surface(lattice, known), "set", "pi")
    assert len(drawn) == 10
    for row in drawn.itertuples():
        place = np.arange(21 * 21)
        assert row.pi == pytest.approx(
            arena.arena(
                place % 21 / 20,
                row.commitment,
                place // 21 / 20,
                {"example": EXAMPLE, "prior": (0, 1, 1, 1)}[row.set],
            ),
            abs=6e-4,
        )


def test_every_episode_is_a_dot_and_none_covers_another(known):
    dots = inline(
        charts.arena.arena_surface({"example": arena.surface(EXAMPLE, TICKS)}, known),
        "push",
        "drop",
    )
    assert dots["label"].tolist() == known["label"].tolist() and dots[
        "a"
    ].tolist() == pytest.approx(known["significance"].tolist(), abs=1e-3)
    years = known["start"].dt.year.astype(str)
    assert all(
        name.startswith(label) and year in name
        for name, label, year in zip(dots["name"], known["label"], years)
    )
    assert (
        not dots.duplicated(["a", "b", "push"]).any()
        and not dots.duplicated(["commitment", "b", "drop"]).any()
    )
    assert (dots.groupby(["a", "b"])["push"].sum() == 0).all()
    assert dots.set_index("label")["speaks"].to_dict() == dict(
        zip(
            known["label"],
            known["external"].map({0: "internal", 0.5: "both", 1: "external"}),
        )
    )


def test_the_page_draws_the_surface_of_the_slider(opened, known):  # noqa: F811 - the fixture
    page = opened("a6-arena")
    has = "[...document.querySelectorAll('.essay-chart')].map(f => { try { return f.vegaView.signal('commitment') !== undefined; } catch { return false; } })"
    number = page.evaluate(has).index(True)
    for commitment in (0, 0.75):
        turn(page, [number, "Commitment", commitment])
        drawn = rows(page, number, "significance", "threat", "pi", "commitment")
        assert len(drawn) == 441 and set(drawn["commitment"]) == {commitment}
        prior = [arena.PRIOR[name][0] for name in arena.COEFFICIENTS]
        assert drawn["pi"].tolist() == pytest.approx(
            arena.arena(
                drawn["significance"].round(6),
                commitment,
                drawn["threat"].round(6),
                prior,
            ).tolist(),
            abs=6e-4,
        )


# --- prior and posterior --------------------------------------------------------------------------


def test_widths_are_fits_with_that_prior(known, leaders):
    found = arena.widths(
        known, [0.5, 2.0], ["both", "internal first"], draws=500, leaders=leaders
    )
    for (model, width), part in found.groupby(["model", "width"]):
        fit = arena.fit(
            known,
            {name: (mean, width) for name, (mean, _) in arena.PRIOR.items()},
            500,
            model=model,
            leaders=leaders,
        ).summary.query("coefficient != @arena.CUT")
        assert (
            part["mean"].tolist() == fit["mean"].tolist()
            and part["sd"].tolist() == fit["sd"].tolist()
        )
        sds = part.pivot(index="coefficient", columns="source", values="sd")
        assert part.drop_duplicates("coefficient").set_index("coefficient")[
            "ratio"
        ].to_dict() == pytest.approx((sds["posterior"] / sds["prior"]).to_dict())
    slopes = (
        found[(found["model"] == "both") & found["coefficient"].isin(arena.INPUTS)]
        .groupby("width", observed=True)["ratio"]
        .mean()
    )
    assert slopes[0.5] > slopes[2.0]  # a narrow belief learns less


def test_the_chart_holds_every_width_and_model(known, leaders):
    found = arena.widths(
        known, [0.5, 1.5], ["both", "no leader"], draws=200, leaders=leaders
    )
    drawn = inline(charts.arena.prior_and_posterior(found, 1.5), "ratio", "width")
    assert len(drawn) == len(found) and drawn["mean"].tolist() == pytest.approx(
        found["mean"].tolist(), abs=6e-4
    )
    assert set(drawn["width"]) == {0.5, 1.5} and set(drawn["model"]) == {
        "both",
        "no leader",
    }


def test_the_chart_says_before_and_after_in_words(known, leaders):
    found = arena.widths(known, [0.5, 1.5], ["both"], draws=200, leaders=leaders)
    drawn = inline(charts.arena.prior_and_posterior(found, 1.5), "ratio", "width")
    assert (
        drawn["source"].tolist()
        == found["source"]
        .astype(object)
        .map({"prior": "before the episodes", "posterior": "after them"})
        .tolist()
    )


# --- models compared ----------------------------------------------------------------------------


def test_the_chart_holds_scores_and_what_is_predicted(known, leaders):
    compared = arena.compare(
        known, ["both", "neither", "no leader"], draws=300, leaders=leaders
    )
    scores = pd.concat(
        [
            arena.leave_one_out(known, name, draws=300, leaders=leaders).assign(
                label=known["label"], source=known["source"]
            )
            for name in compared["model"]
        ]
    )
    chart = charts.arena.models_compared(compared, scores)
    assert inline(chart, "difference", "error")["difference"].tolist() == pytest.approx(
        compared["difference"].tolist(), abs=6e-4
    )
    words = charts.arena.MODEL_WORDS
    assert inline(chart, "difference", "error")["model"].tolist() == [
        words[name] for name in compared["model"]
    ]
    own = charts.arena.models_compared(compared, scores, equal=-9.0)
    assert inline(own, "difference", "text")["difference"].item() == pytest.approx(
        -9 - compared["log_score"].max(), abs=6e-4
    )
    told = inline(chart, "outward", "label")
    assert len(told) == 3 * len(known)
    for name in arena.OUTCOMES:
        assert told[name].tolist() == pytest.approx(scores[name].tolist(), abs=6e-4)
    assert set(charts.arena.OUTCOME_WORDS) == set(arena.OUTCOMES)


def test_the_page_draws_the_chances_end_to_end(opened):  # noqa: F811 - the fixture
    """Three bars side by side from 0 to 1, and the diamond in the middle of the one that was seen."""
    page = opened("a6-arena")
    has = "[...document.querySelectorAll('.essay-chart')].map(f => { try { return f.vegaView.signal('errors') !== undefined; } catch { return false; } })"
    number = page.evaluate(has).index(True)
    for model in ("both", "neither"):
        page.evaluate(
            "([n, model]) => document.querySelectorAll('.essay-chart')[n].vegaView.signal('model', model).runAsync().then(() => true)",
            [number, charts.arena.MODEL_WORDS[model]],
        )
        fields = ["label", "outcome", "begin", "end", "middle"]
        values = ["external", *arena.OUTCOMES]
        tables = page.evaluate(ROWS, [number, fields + values])
        drawn = pd.DataFrame(sum(tables, []), columns=fields + values).drop_duplicates()
        assert drawn.groupby("label").size().eq(3).all() and len(drawn) > 30
        for _, part in drawn.groupby("label"):
            part = part.sort_values("begin")
            seen = part.iloc[0]
            ends = [0, seen["inward"], 1 - seen["outward"], 1]
            assert [*part["begin"], part["end"].iloc[-1]] == pytest.approx(ends)
            place = int(2 * seen["external"])
            middle = (ends[place] + ends[place + 1]) / 2
            assert part["middle"].tolist() == pytest.approx([middle] * 3)


def test_no_model_tells_apart_what_has_the_same_inputs(known):
    """The two deals of 2009, on which the account names opposite arenas."""
    pair = known["id"].isin(["package", "transit"])
    assert known.loc[pair, [*arena.INPUTS, "leader"]].nunique().eq(
        1
    ).all() and known.loc[pair, "external"].tolist() == [1, 0]


# --- significance, trends and acts by year -----------------------------------------------------------


def test_the_chart_of_significance_keeps_the_hole(case):
    region, own = (
        alignment.region_significance(case),
        alignment.region_significance(case, own=True),
    )
    measures = case.table("significance").assign(source="s")
    chart = charts.levels.significance_over_time(
        region, own, measures, 1991, 2010, "Home"
    )
    drawn = inline(chart, "who", "measure")
    shown = drawn[
        (drawn["who"] == "the other states") & drawn["measure"].str.startswith("all")
    ].set_index("year")["value"]
    assert shown[[1991, 1992, 1993]].isna().all() and shown.loc[
        1994:
    ].tolist() == pytest.approx(
        region.set_index("year")["significance"].loc[1994:].tolist(), abs=6e-4
    )
    assert inline(chart, "a", "b", "year")["year"].tolist() == [
        1991,
        1992,
        1993,
    ]  # the grey band


def test_the_state_itself_is_measured_by_its_own_rows(case):
    own, arms = (
        alignment.region_significance(case, own=True).set_index("year"),
        case.table("arms").query("iso3 == @case.state and supplier == 'RUS'"),
    )
    assert own["arms"].idxmax() == arms.loc[arms["tiv"].idxmax(), "year"]


LINE = pd.DataFrame(
    {"year": range(2000, 2010), "value": [1.0, 3, 5, 7, 9, 20, 20, 20, 20, 20]}
)


def test_a_trend_goes_on_as_it_went():
    found = alignment.trend(LINE, (2000, 2004), [2004, 2006])
    assert (
        found.line.tolist() == pytest.approx([9, 13])
        and found.spread == pytest.approx(0)
        and found.mean == 5
    )
    bent = alignment.trend(
        LINE.assign(value=[0, 1, 0, 0, 0, 0, 0, 0, 0, 0]), (2000, 2002), [2001]
    )
    assert bent.line[2001] == pytest.approx(1 / 3) and bent.spread == pytest.approx(
        np.sqrt(2 / 3)
    )  # residuals -1/3, 2/3, -1/3, one degree of freedom


def test_a_trend_skips_holes_and_needs_three_years():
    holed = LINE.assign(value=LINE["value"].where(LINE["year"] != 2001))
    assert alignment.trend(holed, (2000, 2004), [2005]).line.tolist() == pytest.approx(
        [11]
    )
    assert alignment.trend(holed, (2000, 2004), [2005]).years == tuple(
        holed.dropna().query("year <= 2004").year
    )
    with pytest.raises(ValueError, match=r"years is \(2000, 2002\), with 2 observed"):
        alignment.trend(holed, (2000, 2002), [2005])


@pytest.mark.parametrize("year", [2005, 2009, 1998])
def test_the_error_of_a_forecast_is_that_of_least_squares(year):
    """For one year it is the standard error of a new observation, as statsmodels has it."""
    rows = LINE.assign(value=[0.0, 1, 0, 3, 1, 9, 9, 9, 9, 9])
    fitted = OLS(rows["value"][:5], add_constant(rows["year"][:5].astype(float))).fit()
    told = fitted.get_prediction([[1.0, year]]).se_obs.item()
    line = alignment.trend(rows, (2000, 2004), [2004])
    assert alignment.forecast_error(line, [year]) == pytest.approx(told)
    assert alignment.forecast_error(line, [year, year]) < alignment.forecast_error(
        line, [year]
    )


@pytest.mark.parametrize("years", [[], [2004, 2005]])
def test_a_forecast_is_for_years_outside_the_line(years):
    with pytest.raises(ValueError, match="one or more years that are not among"):
        alignment.forecast_error(alignment.trend(LINE, (2000, 2004), [2004]), years)


def test_the_chart_holds_every_line():
    lines = {
        last: alignment.trend(LINE, (2000, last), range(2000, 2008))
        for last in (2003, 2004, 2005)
    }
    drawn = inline(
        charts.levels.beyond_trend(
            LINE.assign(source="s"), lines, "things", 2004, (2005, 2007)
        ),
        "line",
        "low",
    )
    for last, part in drawn.groupby("last"):
        assert part["line"].tolist() == pytest.approx(
            lines[last].line.tolist(), abs=6e-4
        )
        assert (part["high"] - part["low"]).tolist() == pytest.approx(
            [2 * lines[last].spread] * 8, abs=2e-3
        )


ACTS = pd.DataFrame(
    {
        "start": pd.to_datetime(["2000-03-01", "2000-12-31", "2000-01-01"]),
        "end": pd.to_datetime(["2000-03-01", "2001-01-01", "2003-12-31"]),
        "level": ["internal", "external", "external"],
    }
)


def test_acts_are_spread_over_their_days():
    found = alignment.acts_by_year(ACTS, "level", (2000, 2003)).set_index(
        ["year", "level"]
    )["acts"]
    assert found[2000, "internal"] == 1 and found[2001, "internal"] == 0
    assert found[2000, "external"] == pytest.approx(0.5 + 366 / 1461) and found[
        2003, "external"
    ] == pytest.approx(365 / 1461)
    assert found.sum() == pytest.approx(3)
    assert alignment.acts_by_year(ACTS, "level", (2000, 2003), within=1)[
        "acts"
    ].sum() == pytest.approx(2)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"by": "mood"}, "by is 'mood'"),
        ({"span": (2003, 2000)}, "span is"),
        (
            {"acts": ACTS.assign(end=pd.Timestamp("1999-01-01"))},
            "an end before its start in 3 row",
        ),
    ],
)
def test_acts_without_sense_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        alignment.acts_by_year(
            **{"acts": ACTS, "by": "level", "span": (2000, 2003)} | change
        )


def test_the_chart_of_levels_holds_every_width_of_dates(case):
    counts = pd.concat(
        [
            alignment.acts_by_year(case.acts, "level", (1991, 2010), n).assign(within=n)
            for n in (1, 5, 20)
        ]
    )
    lone = [
        s._replace(rows=s.rows[s.rows["state"] == case.state])
        for s in alignment.state_series(case)
        if s.id in ("protests", "conflict")
    ]
    nothing = pd.DataFrame(
        {"start": pd.to_datetime(["2001-09-11"]), "label": ["x"], "source": ["s"]}
    )
    chart = charts.levels.levels_by_year(counts, nothing, nothing, lone, (1991, 2010))
    drawn = inline(chart, "within", "acts")
    assert len(drawn) == 9
    for row in drawn.itertuples():
        part = counts[
            (counts["within"] == row.within) & (counts["level"] == row.level)
        ].sort_values("year")
        assert row.acts == pytest.approx(part["acts"].tolist(), abs=6e-3)
    assert inline(chart, "series", "text")["text"].tolist() == [
        f"{s.label} ({s.unit})" for s in lone
    ]
    series = inline(chart, "series", "value")
    assert (
        series[series["series"] == lone[0].label]["value"].tolist()
        == lone[0].rows["value"].astype(float).tolist()
    )


def years_of(case, breaks, threats):
    """The figure of acts by year with these breaks and threats, each (day, label) or (day, label, name)."""

    def rows(*given):
        frame = pd.DataFrame(given, columns=["start", "label", "name"][: len(given[0])])
        return frame.assign(start=pd.to_datetime(frame["start"]), source="s")

    counts = alignment.acts_by_year(case.acts, "level", (1991, 2010), 20)
    lone = [
        s._replace(rows=s.rows[s.rows["state"] == case.state])
        for s in alignment.state_series(case)
        if s.id == "protests"
    ]
    return charts.levels.levels_by_year(
        counts.assign(within=20), rows(*breaks), rows(*threats), lone, (1991, 2010)
    )


def test_a_threat_in_the_year_of_a_break_goes_by_its_name(case):
    threats = [
        ("1999-08-06", "first"),
        ("1999-08-22", "second"),
        ("2005-03-24", "crowd"),
    ]
    chart = years_of(case, [("2005-03-24", "fall")], threats)
    named = inline(chart, "label", "lift")
    assert named["label"].tolist() == ["first", "fall"] and named["lift"].is_unique
    assert len(inline(chart, "label", "when")) == 4  # all of them are marked


def test_a_threat_is_called_by_its_short_name_once(case):
    threats = [
        ("1999-08-06", "a long description of it", "place"),
        ("2000-08-22", "another long description", "place"),
    ]
    chart = years_of(case, [("2005-03-24", "fall")], threats)
    assert inline(chart, "label", "lift")["label"].tolist() == ["place", "fall"]
    marked = inline(chart, "label", "when")["label"].tolist()
    assert marked == ["fall", *(label for _, label, _ in threats)]


def test_a_threat_without_a_short_name_goes_by_its_month(case):
    threats = [
        ("1999-08-06", "armed men cross the mountains and take villages"),
        ("2000-08-22", "armed men cross the mountains for a second time"),
        ("2008-03-17", "a crowd takes the seat of government by force"),
    ]
    chart = years_of(case, [("2005-03-24", "fall")], threats)
    named = inline(chart, "label", "lift")["label"].tolist()
    assert named == ["Aug 1999", "Mar 2008", "fall"]  # the second is too near the first
    marked = inline(chart, "label", "when")["label"].tolist()
    assert marked == ["fall", *(label for _, label in threats)]


# --- the explorer ------------------------------------------------------------------------------------

OWN = "label,significance,commitment,threat,external\n" + "".join(
    f"e{i},{i / 7:.3f},0.5,{1 - i / 7:.3f},{int(i > 3)}\n" for i in range(8)
)


@pytest.fixture(scope="module")
def explorer(case):
    return explorers.EpisodesExplorer(case, draws=300)


def test_the_explorer_shows_what_the_functions_compute(explorer):
    drawn = inline(explorer.figure(OWN, "external only", 2.0), "ratio", "coefficient")
    expected = arena.widths(explorer.rows(OWN), [2.0], ["external only"], 300)
    assert drawn["mean"].tolist() == pytest.approx(
        expected["mean"].tolist(), abs=6e-4
    ) and set(drawn["coefficient"]) == {"intercept", "significance", "commitment"}
    surface = inline(
        explorer.figure(OWN, "internal first", 1.0), "set", "pi"
    ).set_index(["set", "commitment"])["pi"]
    means = (
        arena.widths(explorer.rows(OWN), [1.0], ["internal first"], 300)
        .query("source == 'posterior'")
        .set_index("coefficient")["mean"]
    )
    expected = arena.surface(
        [means[name] for name in arena.COEFFICIENTS],
        [0.25],
        order=arena.arena_internal_first,
    )["pi"]
    assert surface["after the episodes", 0.25] == pytest.approx(
        expected.tolist(), abs=6e-4
    )


def test_the_explorer_starts_from_the_case(explorer, known):
    rows_of_text = explorer.rows(explorer.text)
    assert (
        rows_of_text["label"].tolist() == known["label"].tolist()
        and rows_of_text["source"].tolist() == known["source"].tolist()
    )
    assert rows_of_text["significance"].tolist() == pytest.approx(
        known["significance"].tolist(), abs=6e-4
    )


def test_clear_episodes_teach_more_than_those_of_the_case(explorer):
    """The explorer's own lesson: a strong pattern moves a slope."""
    strong = OWN + OWN.split("\n", 1)[1] * 3
    found = (
        arena.widths(explorer.rows(strong), [1.5], ["both"], 2000)
        .query("source == 'posterior'")
        .set_index("coefficient")
    )
    case_rows = (
        arena.widths(explorer.episodes, [1.5], ["both"], 2000)
        .query("source == 'posterior'")
        .set_index("coefficient")
    )
    assert (
        found.loc["significance", "positive"]
        > 0.95
        > case_rows.loc["significance", "positive"]
    )


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "text is no table"),
        ("a,b\n1,2", r"text lacks the columns \['label'"),
        (OWN.replace(",0.5,", ",1.5,"), "episodes.commitment is 1.5"),
        (OWN.replace(",0.5,", ",much,"), "episodes.commitment is"),
        ("\n".join(OWN.split("\n")[:3]), "episodes has 2 rows"),
        ("label,significance\n1,2\n1,2,3,4", "text is no table"),
    ],
)
def test_bad_episodes_are_refused_in_words(explorer, text, message):
    with pytest.raises(ValueError, match=message):
        explorer.figure(text)


def test_the_widget_recomputes_and_says_what_is_wrong(explorer):
    text, model, prior_sd, message, plot = explorer.widget().children
    for control, value in ((prior_sd, 3.0), (model, "neither"), (text, OWN)):
        before = plot.spec
        control.value = value
        assert plot.spec != before and message.value == ""
    before = plot.spec
    text.value = OWN.replace(",0.5,", ",<b>,")
    assert "episodes.commitment" not in message.value  # "neither" uses no input
    model.value = "both"
    assert (
        "&lt;b&gt;" in message.value
        and "allowed: a number from 0 to 1" in message.value
    )


def test_the_explorer_leaves_a_figure_on_the_page(explorer, monkeypatch):
    shown = []
    monkeypatch.setenv("MULTIVECTOR_RENDERER", "book")
    monkeypatch.setattr(explorers.explorer, "display", shown.append)
    explorer._ipython_display_()
    note, figure = shown
    assert "essay-run" in note.data and "13 episodes" in json.dumps(
        figure.to_dict()["title"]
    )
