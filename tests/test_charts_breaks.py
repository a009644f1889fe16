"""Charts of breaks: what the page shows is what the functions compute, at every setting; and the functions behind them."""

import json
import math
import re

import numpy as np
import pandas as pd
import pytest
import vl_convert

from multivector import alignment, breaks, charts, data, explorers

NAMED = [2001, 2005, 2010]


@pytest.fixture(scope="module")
def case():
    return data.open_case()


@pytest.fixture(scope="module")
def gap(case):
    found = alignment.gap_net_of_peers(
        case.table("un_votes"), case.state, *map(case.iso3, case.poles), case.peers
    )
    return found[found["year"].between(1992, 2010)]


def yearly(*values, first=2000):
    return pd.Series(values, index=range(first, first + len(values)), dtype=float)


WAVE = yearly(0, 1, 1, 4, 4, 3, 5, 9, 8, 6, 2, 1)


def rows_with(spec, *columns):
    """The rows of a chart that have these columns."""
    return next(
        pd.DataFrame(rows)
        for rows in spec["datasets"].values()
        if set(columns) <= set(rows[0])
    )


def drawn(spec, **settings):
    """Texts of a chart as the page draws it with these settings of its controls."""
    spec = json.loads(json.dumps(spec))
    for param in spec.get("params", []):
        if param["name"] in settings:
            param["value"] = settings.pop(param["name"])
    assert not settings, f"no control is called {settings}"
    spec = charts.render.fixed_width(spec)
    spec.setdefault("width", 640)
    if spec["width"] == "container":
        spec["width"] = 640
    return re.findall(r">([^<>]+)</(?:text|tspan)>", vl_convert.vegalite_to_svg(spec))


def line(texts, start):
    """The one line that starts so."""
    found = {text for text in texts if text.startswith(start)}
    assert len(found) == 1, (start, texts)
    return found.pop()


# Ranks of all sets ---------------------------------------------------------------------------


@pytest.mark.parametrize("k", [1, 2, 3])
def test_the_rank_of_a_set_is_its_p(k):
    found = breaks.triples(WAVE.drop(2004), k)
    for row in found.sample(10, random_state=1).itertuples(index=False):
        tested = breaks.named_years(WAVE.drop(2004), list(row[:k]))
        assert row.rank / len(found) == pytest.approx(
            tested.p
        ) and row.mean == pytest.approx(tested.statistic)


def test_equal_sets_share_their_rank():
    """Steps of .1 that differ in their last digit."""
    assert set(breaks.triples(yearly(0.1, 0.2, 0.3, 0.4, 0.5, 0.6), 2)["rank"]) == {10}


# Quantiles of a null -------------------------------------------------------------------------


@pytest.mark.parametrize("null", breaks.NULLS)
def test_p_is_small_just_where_f_lies_above_the_quantile(null, gap):
    levels = np.arange(0.02, 0.995, 0.02)
    for column in ("gap", "net", "peers"):
        series = gap[["year", column]]
        found = breaks.sup_f(series, null, draws=199, seed=3)
        reached = breaks.null_quantiles(series, null, 199, 3, levels)
        assert (
            reached["level"].tolist() == pytest.approx(levels.tolist())
            and reached["f"].is_monotonic_increasing
        )
        small = found.p <= 1 - levels + 1e-9
        assert (
            small == (found.statistic > reached["f"] * (1 + 1e-9))
        ).all() and 0 < small.sum() < len(levels) + (found.p <= 0.02)


def test_quantiles_of_shuffles_are_those_of_all_orders():
    """6 values have 10 ways to be halved, each as likely: F = 24 of the best, and its complement, is reached by a tenth."""
    reached = breaks.null_quantiles(
        yearly(0, 1, 2, 4, 5, 6), "permutation", 9999, 1, [0.85, 0.95]
    )["f"]
    assert reached[1] == pytest.approx(24) and reached[0] < 24


@pytest.mark.parametrize("series", [WAVE, WAVE.drop(2003)])
def test_by_null_is_sup_f_three_times(series):
    found = breaks.by_null(series, 99, 5).set_index("null")
    assert list(found.index) == list(breaks.NULLS) and math.isnan(
        found.loc["permutation", "persistence"]
    )
    assert (
        found.loc["ar1", "persistence"],
        found.loc["ar1-corrected", "persistence"],
    ) == breaks.ar1(series)[:2]
    for null in breaks.NULLS:
        one = breaks.sup_f(series, null, 99, 5)
        assert tuple(
            found.loc[
                null, ["statistic", "p", "smallest_p", "n", "draws", "seed", "location"]
            ]
        ) == (one.statistic, one.p, one.smallest_p, one.n, 99, 5, one.location)


# Windows ------------------------------------------------------------------------------------


def test_every_window_is_one_test(gap):
    net = gap.set_index("year")["net"]
    found = breaks.equivalence_by_window(
        net, 2005, [1992, 1996], [2009, 2010], 0.1, draws=199
    )
    assert found[["first", "last"]].to_numpy().tolist() == [
        [1992, 2009],
        [1992, 2010],
        [1996, 2009],
        [1996, 2010],
    ]
    assert found["noise"].tolist() == [
        "independent",
        "ar1",
        "independent",
        "independent",
    ]  # only one has 12 pairs of neighbours
    for row in found.itertuples():
        one = breaks.equivalence(
            net.loc[row.first : 2004],
            net.loc[2006 : row.last],
            0.1,
            noise=row.noise,
            draws=199,
        )
        assert (
            row.statistic,
            row.lower,
            row.upper,
            row.verdict,
            row.p,
            row.smallest_p,
            row.n,
        ) == (
            one.statistic,
            one.lower,
            one.upper,
            one.verdict,
            one.p,
            one.smallest_p,
            one.n,
        )
    free = breaks.equivalence_by_window(
        gap[["year", "net"]], 2005, [1992], [2010], 0.1, noise="independent"
    )
    assert (
        free["noise"].tolist() == ["independent"]
        and free["lower"].item() > found["lower"][1]
    )


BAD = [
    (lambda: breaks.null_quantiles(WAVE, "random"), "null is 'random'"),
    (lambda: breaks.null_quantiles(WAVE, "ar1", draws=0), "draws is 0"),
    (
        lambda: breaks.null_quantiles(WAVE, "ar1", 99, 1, [0.5, 1]),
        "levels has 1; allowed: above 0 and at most 0.99",
    ),
    (
        lambda: breaks.null_quantiles(WAVE, "ar1", 9, 1, 0.95),
        "levels has 0.95; allowed: above 0 and at most 0.9, which 9 draws can tell",
    ),
    (lambda: breaks.null_quantiles(WAVE, "ar1", 9, 1, 0), "levels has 0"),
    (
        lambda: breaks.null_quantiles(yearly(*[2] * 9), "ar1"),
        "series is constant; allowed: values that differ",
    ),
    (
        lambda: breaks.null_quantiles(yearly(1, 2, 3), "permutation"),
        "series has 3 observed years",
    ),
    (
        lambda: breaks.equivalence_by_window(WAVE, 2005, [2005], [2010], 1),
        "firsts and lasts give 2005 to 2010; allowed: a first year before 2005",
    ),
    (
        lambda: breaks.equivalence_by_window(
            WAVE, 2005, [2000], [2010], 1, noise="white"
        ),
        "noise is 'white'",
    ),
]


@pytest.mark.parametrize("call, message", BAD, ids=[m for _, m in BAD])
def test_arguments_without_sense_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# Triples ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def triples(gap):
    columns = {"gap": "gap", "net": "net"}
    steps = pd.concat(
        [
            alignment.steps(gap, c).assign(series=s, source="UN")
            for s, c in columns.items()
        ]
    )
    return steps, pd.concat(
        [breaks.triples(gap[["year", c]]).assign(series=s) for s, c in columns.items()]
    )


@pytest.fixture(scope="module")
def triples_spec(triples):
    return charts.breaks.triples_by_mean(*triples, NAMED).to_dict()


def test_the_chart_holds_every_triple_of_both_series(triples, triples_spec):
    rows = rows_with(triples_spec, "a", "b", "c", "s")
    assert len(rows) == 2 * 560
    assert (
        rows["mean"].tolist() == pytest.approx(triples[1]["mean"].tolist(), abs=5.1e-5)
        and rows["rank"].tolist() == triples[1]["rank"].tolist()
    )


@pytest.mark.parametrize("series", ["gap", "net"])
@pytest.mark.parametrize(
    "years",
    [
        NAMED,
        [1993, 2000, 2003],
        [2010, 1995, 1996],
        [1999, 2001, 2009],
        [1996, 2000, 2002],
    ],
)
def test_the_sliders_name_a_triple_and_read_its_p(triples_spec, gap, series, years):
    texts = drawn(
        triples_spec,
        series=series,
        **{f"named_{i}": year for i, year in enumerate(years, 1)},
    )
    found = breaks.named_years(gap[["year", series]], years)
    assert (
        line(texts, "Your years")
        == f"Your years: {', '.join(map(str, sorted(found.details['year'])))}"
    )
    assert f"{round(found.p * 560)} of 560 moved" in texts
    assert f"as much or more (p = {found.p:.3f})" in texts
    assert not any(text.startswith("Two of") for text in texts)


@pytest.mark.parametrize("named", [[2005], [2001, 2005], [1996, 1998, 2005, 2010]])
def test_any_few_years_can_be_named(gap, named):
    steps = alignment.steps(gap, "gap").assign(series="gap", source="UN")
    sets = breaks.triples(gap[["year", "gap"]], len(named)).assign(series="gap")
    spec = charts.breaks.triples_by_mean(steps, sets, named).to_dict()
    found = breaks.named_years(gap[["year", "gap"]], named)
    texts = drawn(spec)
    assert f"{round(found.p * len(sets))} of {len(sets)} moved" in texts
    assert f"as much or more (p = {found.p:.3f})" in texts


@pytest.mark.parametrize("years", [[2005, 2005, 2010], [2001, 2002, 2010]])
def test_years_that_share_a_step_are_no_triple(triples_spec, gap, years):
    texts = drawn(
        triples_spec, **{f"named_{i}": year for i, year in enumerate(years, 1)}
    )
    assert line(texts, "Two of these years share one step") and not any(
        text.startswith("Your years") for text in texts
    )
    with pytest.raises(ValueError):
        breaks.named_years(gap[["year", "gap"]], years)


def test_a_year_without_a_step_is_named(triples):
    spec = charts.breaks.triples_by_mean(*triples, NAMED, hole="no vote").to_dict()
    assert line(drawn(spec), "2001:") == "2001: no vote, 2002 stands for it."
    assert not any("stands for it" in text for text in drawn(spec, named_1=2003))


def marks_of(item):
    """All marks of a scene, with the place of their group added."""

    def walk(item, x, y):
        for one in item.get("items", []):
            if "items" in one:
                yield from walk(one, x + one.get("x", 0), y + one.get("y", 0))
            elif "x" in one:
                yield item.get("marktype"), x + one["x"], y + one.get("y", 0), one

    return list(walk(item, 0, 0))


@pytest.mark.parametrize("years", [NAMED, [1995, 2000, 2003], [1996, 2000, 2002]])
def test_the_rule_stands_between_larger_and_smaller_sets(triples_spec, years):
    spec = json.loads(json.dumps(charts.render.fixed_width(triples_spec)))
    for param in spec["params"]:
        param["value"] = dict(zip(("named_1", "named_2", "named_3"), years)).get(
            param["name"], param.get("value")
        )
    scene = vl_convert.vegalite_to_scenegraph(spec)["scenegraph"]
    marks = marks_of(scene)
    rule = [
        x
        for kind, x, _, one in marks
        if kind == "rule"
        and one.get("stroke", "").startswith("var(--chart-text")
        and one.get("strokeWidth") == 1.5
    ]
    side = {
        colour: [
            x
            for kind, x, _, one in marks
            if kind == "symbol"
            and colour in one.get("fill", "")
            and one.get("size") in (16, 26)
        ]
        for colour in ("--chart-accent", "--chart-muted")
    }
    assert (
        len(set(rule)) == 1
        and len(side["--chart-accent"]) + len(side["--chart-muted"]) == 560
    )
    assert max(side["--chart-muted"]) < rule[0] < min(side["--chart-accent"])


def test_triples_refuse_what_the_sliders_cannot_show(triples):
    steps, sets = triples
    with pytest.raises(
        ValueError,
        match=r"named is \[\]; allowed: years from 1993 to 2010",
    ):
        charts.breaks.triples_by_mean(steps, sets, [])
    with pytest.raises(data.Missing, match="more than 4 years are named"):
        charts.breaks.triples_by_mean(steps, sets, range(1993, 1998))
    with pytest.raises(ValueError, match="named is"):
        charts.breaks.triples_by_mean(steps, sets, [1992, 2005, 2010])
    with pytest.raises(ValueError, match="steps gives the series different years"):
        charts.breaks.triples_by_mean(
            steps[(steps["year"] != 1995) | (steps["series"] == "gap")], sets, NAMED
        )


# Scan ---------------------------------------------------------------------------------------

LEVELS = [0.8, 0.9, 0.95, 0.99]


@pytest.fixture(scope="module")
def scan(gap):
    values, scans, quantiles, tests = [], [], [], []
    for name in ("gap", "net"):
        rows = gap[["year", name]].set_axis(["year", "value"], axis=1)
        best = breaks.locate(rows)
        values.append(rows.assign(series=name, source="UN"))
        scans.append(breaks.scan(rows).assign(series=name))
        tests.append(
            breaks.by_null(rows, 499).assign(
                series=name,
                location=best.years[0],
                before=best.means[0],
                after=best.means[1],
            )
        )
        quantiles += [
            breaks.null_quantiles(rows, null, 499, levels=LEVELS).assign(
                series=name, null=null
            )
            for null in breaks.NULLS
        ]
    return [pd.concat(one) for one in (values, scans, quantiles, tests)]


@pytest.mark.parametrize("null", breaks.NULLS)
@pytest.mark.parametrize(
    "series, level", [("gap", 0.95), ("gap", 0.8), ("net", 0.99), ("net", 0.9)]
)
def test_the_scan_shows_what_chance_reaches(scan, gap, series, null, level):
    alarms = round(100 - 100 * level)
    texts = drawn(
        charts.breaks.break_scan(*scan).to_dict(),
        scanned=series,
        chance=null,
        alarms=alarms,
    )
    reached = breaks.null_quantiles(gap[["year", series]], null, 499, levels=level)[
        "f"
    ].item()
    assert (
        line(texts, "dashed")
        == f"dashed: by chance, {alarms} of 100 exceed {reached:.1f}"
    )
    found = breaks.sup_f(gap[["year", series]], null, 499)
    why = (
        "years shuffled"
        if null == "permutation"
        else f"persistence {found.null.split()[-1]}"
    )
    assert (
        line(texts, "Best break")
        == f"Best break (blue): {breaks.locate(gap[['year', series]]).years[0]}, p = {found.p:.3f}"
        and line(texts, "chance: ") == f"chance: {why}"
    )


def test_the_scan_keeps_holes(scan):
    rows = rows_with(charts.breaks.break_scan(*scan).to_dict(), "value", "series")
    assert sorted(set(rows.loc[rows["value"].isna(), "year"])) == [1999, 2001]


# Sameness -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def windows(gap):
    net = gap.set_index("year")["net"]
    return pd.concat(
        [
            breaks.equivalence_by_window(
                net,
                2005,
                range(1992, 1999),
                range(2008, 2011),
                0.1,
                noise=noise,
                draws=199,
            ).assign(measure="votes", assumed=noise, source="UN")
            for noise in breaks.NOISES
        ]
    )


@pytest.mark.parametrize("noise", breaks.NOISES)
@pytest.mark.parametrize("margin", [0.02, 0.1, 0.12, 0.2])
def test_the_margin_decides_in_the_chart_as_in_the_test(windows, gap, noise, margin):
    spec = charts.breaks.sameness_by_window(
        windows, {"votes": (0.1, 0.01, 0.2, 0.01)}, (1992, 2009)
    ).to_dict()
    net = gap.set_index("year")["net"]
    verdicts = breaks.equivalence_by_window(
        net, 2005, range(1992, 1999), range(2008, 2011), margin, noise=noise, draws=199
    )["verdict"]
    shown = drawn(spec, margin_0=margin, noise=noise)
    assert f"{(verdicts == 'inside').sum()} of 21" in shown
    assert (
        line(shown, "votes: ")
        == f"votes: inside ±{margin:.2f}; {(verdicts == 'outside').sum()} outside"
    )


def test_every_window_has_a_cell_with_its_interval_and_one_is_marked(windows):
    rows = rows_with(
        charts.breaks.sameness_by_window(
            windows, {"votes": (0.1, 0.01, 0.2, 0.01)}, (1992, 2009)
        ).to_dict(),
        "first",
        "main",
    )
    one = rows[rows["assumed"] == "ar1"]
    assert not one.duplicated(["first", "last"]).any() and len(one) == 21
    assert one.loc[one["main"], "window"].tolist() == ["1992 to 2009"]
    shown = drawn(
        charts.breaks.sameness_by_window(
            windows, {"votes": (0.1, 0.01, 0.2, 0.01)}, (1992, 2009)
        ).to_dict()
    )
    for row in one.itertuples():
        ends = f"{row.lower:+.2f} to {row.upper:+.2f}".replace("0.", ".").replace(
            "-", "\u2212"
        )
        assert ends + ("*" if row.used == "persistent" else "") in shown
    assert rows.loc[rows["used"] == "persistent", "window"].tolist() == ["1992 to 2010"]


def test_each_measure_needs_its_margin(windows):
    with pytest.raises(
        ValueError, match=r"margins does not fit the measures: \['acts', 'votes'\]"
    ):
        charts.breaks.sameness_by_window(
            windows, {"acts": (0.2, 0.1, 1, 0.1)}, (1992, 2009)
        )


# Peers --------------------------------------------------------------------------------------


def test_every_set_of_peers_has_a_dot_and_ours_a_diamond():
    sets = pd.DataFrame(
        {
            "names": ["A, B", "A, C", "B, C"],
            "own": [False, True, False],
            "difference": [0.02, 0.08, 0.2],
            "lower": [-0.01, 0.05, 0.15],
            "upper": [0.05, 0.12, 0.25],
            "verdict": ["inside", "overlaps", "outside"],
            "p": [0.02, 0.31, 0.2],
            "source": "UN",
        }
    )
    spec = charts.breaks.tests_by_peers(sets, 0.1).to_dict()
    rows = rows_with(spec, "difference", "p").drop_duplicates("names")
    assert len(rows) == 3 and set(rows["verdict"]) == set(charts.breaks.VERDICTS)
    assert "our peers" in set(drawn(spec))
    with pytest.raises(ValueError, match="rows marks 2 sets as own; allowed: one"):
        charts.breaks.tests_by_peers(sets.assign(own=[True, True, False]), 0.1)


# Any years, any series ----------------------------------------------------------------------


def test_of_many_sets_some_are_drawn_and_the_named_one_always():
    steps = alignment.steps(
        WAVE.rename("value").rename_axis("year").reset_index(), "value"
    ).assign(series="x", source="y")
    sets, scan = breaks.triples(WAVE, 5), breaks.scan(WAVE)
    few = charts.breaks.years_tested(
        steps, sets, [2001, 2002, 2003, 2004, 2005], scan, 0.95, 9.0
    ).to_dict()
    assert len(rows_with(few, "years", "rank")) == len(sets) == 462
    long = pd.Series(np.sin(np.arange(20)) * np.arange(20), index=range(1990, 2010))
    sets, scan = breaks.triples(long, 5), breaks.scan(long)
    steps = alignment.steps(
        long.rename("value").rename_axis("year").reset_index(), "value"
    ).assign(series="x", source="y")
    named = sets.iloc[77, :5].tolist()
    rows = rows_with(
        charts.breaks.years_tested(steps, sets, named, scan, 0.95, 9.0).to_dict(),
        "years",
        "rank",
    )
    assert len(rows) <= charts.breaks.DOTS + 1 and rows.loc[
        rows["named"], "years"
    ].tolist() == [", ".join(str(int(y)) for y in named)]
    assert rows["mean"].mean() == pytest.approx(sets["mean"].mean(), rel=0.01)
    with pytest.raises(
        ValueError, match=r"named is \[1991\]; allowed: one of the sets"
    ):
        charts.breaks.years_tested(steps, sets, [1991], scan, 0.95, 9.0)


@pytest.fixture(scope="module")
def explorer(case):
    return explorers.BreakYearsExplorer(case)


def test_the_explorer_shows_what_the_functions_compute(explorer, gap):
    spec = explorer.figure(
        "UN gap net of peers", [2003, 2001], "ar1-corrected", 99, 7
    ).to_dict()
    found = breaks.named_years(gap[["year", "net"]], [2001, 2003])
    free = breaks.sup_f(gap[["year", "net"]], "ar1-corrected", 99, 7)
    said = json.dumps(spec["title"], ensure_ascii=False).replace('", "', " ")
    assert (
        f"Gap in UN votes, net of the peers: {explorer.told(found)}" in said
        and f"{free.location} on, p = {free.p:.3f}" in said
    )
    assert "2002 stands for 2001" in said and "99 draws, seed 7" in said
    texts = drawn({**spec, "params": []})
    assert f"{round(found.p * 120)} of 120 moved" in texts
    assert f"as much or more (p = {found.p:.3f})" in texts
    assert line(texts, "Named years") == "Named years: 2002, 2003" and not any(
        "our years" in text for text in texts
    )
    reached = breaks.null_quantiles(gap[["year", "net"]], "ar1-corrected", 99, 7, 0.95)[
        "f"
    ].item()
    assert rows_with(spec, "f", "text")["f"].item() == pytest.approx(reached, abs=0.006)
    assert rows_with(spec, "f", "year")["f"].tolist() == pytest.approx(
        free.details["f"].tolist(), abs=0.006
    )


def test_a_title_says_whether_chance_can_be_ruled_out(explorer):
    def result(p, smallest):
        return breaks.Result(1.0, p, smallest, 8, 70, None, "", None, None, "")

    assert (
        explorer.told(result(25 / 70, 1 / 70))
        == "25 of 70 sets of years moved as much as the named ones or more (p = 0.36)"
    )
    assert (
        explorer.told(result(2 / 70, 1 / 70))
        == "2 of 70 sets of years moved as much as the named ones or more (p = 0.029)"
    )
    assert "no result could rule out chance" in explorer.told(result(1.0, 0.2))


def test_a_title_has_no_name_of_a_source(explorer):
    assert set(explorer.words) == set(explorer.series) and not any(
        "(" in words for words in explorer.words.values()
    )


def test_the_explorer_offers_the_outside_series_of_the_case(explorer, case):
    series = {
        f"{s.label}: {v}"
        for s in alignment.vector_series(case)
        for v in s.rows["vector"].unique()
    }
    assert set(explorer.series) == series | {"UN gap", "UN gap net of peers"}
    for rows, table, _ in explorer.series.values():
        assert (
            list(rows) == ["year", "value"]
            and rows["year"].between(1991, 2010).all()
            and case.cite(table)
        )


def test_the_explorer_names_a_break_of_the_source(explorer, case):
    pole = case.poles[0]
    label = alignment.series_of(case, "trade-4").label
    assert "breaks in 2009" in " ".join(
        explorer.figure(f"{label}: {pole}").title.subtitle
    )
    assert "breaks in" not in " ".join(explorer.figure("UN gap").title.subtitle)


def test_the_controls_recompute_and_show_what_is_wrong(explorer):
    series, years, null, draws, seed, message, plot = explorer.widget().children
    before = plot.spec
    years.value = (1995, 2000)
    assert (
        plot.spec != before
        and "dots of 120 sets of 2 years" in json.dumps(plot.spec)
        and message.value == ""
    )
    for control, value in (
        (series, "UN gap net of peers"),
        (null, "permutation"),
        (draws, 199),
        (seed, 4),
    ):
        before = plot.spec
        control.value = value
        assert plot.spec != before and message.value == ""
    kept = plot.spec
    years.value = (1992, 2005)
    assert "years names 1992, which has no step" in message.value and plot.spec == kept
    years.value = (2001, 2002)
    assert "share the step of 2002" in message.value
    years.value = ()
    assert "no year was named" in message.value and plot.spec == kept
    years.value = (2005,)
    assert message.value == "" and plot.spec != kept


def test_the_explorer_refuses_a_series_it_does_not_know(explorer):
    with pytest.raises(ValueError, match="series is 'rain'; allowed: UN gap, "):
        explorer.figure("rain")


def test_the_explorer_leaves_a_figure_on_the_page(case, monkeypatch):
    shown = []
    monkeypatch.setenv("MULTIVECTOR_RENDERER", "book")
    monkeypatch.setattr(explorers.explorer, "display", shown.append)
    explorers.BreakYearsExplorer(case).at(years=[2005])._ipython_display_()
    note, figure = shown
    assert "essay-run" in note.data and " ".join(figure.title.text).startswith(
        "Gap in UN votes: "
    )
