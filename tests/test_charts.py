"""Charts outside the browser: finish, theme, renderers, and the explorer."""

import ast
import functools
import json
import re
import subprocess
import sys

import altair as alt
import essay_assets
import pandas as pd
import pytest
import vl_convert
from conftest import ROOT

from multivector import (
    alignment,
    charts,
    data,
    engagement,
    explorers,
    geography,
    reliability,
)

GIVEN = {
    "title": "A title",
    "description": "What is seen",
    "source": "Somebody (2000)",
    "kind": "coded",
}


@pytest.fixture(scope="module")
def case():
    return data.open_case()


def bare():
    return (
        alt.Chart(alt.Data(values=[{"a": 1}]))
        .mark_point()
        .encode(x="a:Q")
        .properties(width="container")
    )


def test_a_finished_chart_has_all_that_a_chart_must_have():
    spec = charts.finish(bare(), **GIVEN, subtitle="Units").to_dict()
    assert spec["title"]["text"] == ["A title"] and spec["title"]["subtitle"] == [
        "Units"
    ]
    assert spec["description"] == "What is seen" and spec["usermeta"]["essay"] == {
        "kind": "coded",
        "source": "Somebody (2000)",
        "caption": "What is seen",
    }


STATE = (
    "alt.theme.active, alt.renderers.active, alt.theme.names(), alt.renderers.names()"
)


@pytest.mark.parametrize(
    "also, moved",
    [("", "False"), ("; multivector.charts.switch_on()", "True")],
)
def test_only_switching_on_changes_how_altair_draws(also, moved):
    code = f"import altair as alt; before = {STATE}; import multivector.charts{also}; print(before != ({STATE}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT / "book",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == moved


def test_a_line_of_the_hover_has_a_format_and_a_title_if_they_are_given():
    lines = charts.grammar.hover("a:N", "b:Q .2f", "c:Q = in words", "d:Q d = x = 1")
    found = [line.to_dict() for line in lines]
    assert [line["field"] for line in found] == list("abcd")
    assert [line.get("format") for line in found] == [None, ".2f", None, "d"]
    assert [line.get("title") for line in found] == [None, None, "in words", "x = 1"]


def test_a_legend_is_left_out_if_it_is_none():
    plain, bare, worded = (
        charts.grammar.tinted("a", {"x": "red", "y": "blue"}, **legend).to_dict()
        for legend in ({}, {"legend": None}, {"columns": 2})
    )
    assert plain["scale"] == {"domain": ["x", "y"], "range": ["red", "blue"]}
    assert "legend" not in plain and bare["legend"] is None
    assert worded["legend"] == {"columns": 2}


def private_imports(text):
    """Private names that a file takes from another one of its package."""
    return [
        alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.level
        for alias in node.names
        if alias.name.startswith("_") and alias.name != "_"  # gettext
    ]


def test_a_topic_takes_nothing_private_from_another():
    files = sorted((ROOT / "book" / "multivector" / "charts").glob("*.py"))
    taken = {f.name: private_imports(f.read_text(encoding="utf-8")) for f in files}
    assert len(files) > 15 and not any(taken.values()), taken
    assert private_imports("from .acts import _packed, acts_by_office") == ["_packed"]


def test_sources_are_named_once_each():
    spec = charts.finish(bare(), **GIVEN | {"source": ["B", "A", "B"]}).to_dict()
    assert spec["usermeta"]["essay"]["source"] == "B; A"


@pytest.mark.parametrize(
    "change, message",
    [
        ({"title": " "}, "title is empty"),
        ({"description": ""}, "description is empty"),
        ({"source": ""}, "source is empty"),
        ({"kind": "true"}, "kind is 'true'"),
    ],
)
def test_an_unfinished_chart_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        charts.finish(bare(), **GIVEN | change)


def test_every_colour_of_the_theme_follows_the_page():
    """A colour that is no variable would be unreadable in dark mode."""
    config = json.dumps(charts.theme.theme())
    assert "transparent" in config and not re.search(r'"#[0-9a-fA-F]{3,6}"', config)


def test_a_vector_has_the_same_colour_everywhere(case):
    shades = charts.theme.colours(case.vectors)
    assert list(shades) == list(case.vectors["vector"])
    first, second = case.vectors["vector"][:2]
    shade = f"var(--vector-united-states, {case.vectors['colour'][1]})"
    assert shades[second] == shade
    assert charts.theme.colours(case.vectors, [second, first])[second] == shade
    assert charts.theme.present(case.vectors, [second, first]) == [first, second]


def test_words_in_a_vectors_colour_can_be_read(case):
    rows = [
        {key: str(cell) for key, cell in row.items()}
        for row in case.vectors.to_dict("records")
    ]
    light, dark = essay_assets.colour_rules(rows).split("@media screen")
    for rules, ground in ((light, "#ffffff"), (dark, essay_assets.DARK_GROUND)):
        marks = re.findall(r"--vector-([\w-]+(?<!-text)): (#\w{6});", rules)
        words = dict(re.findall(r"--vector-([\w-]+)-text: (#\w{6});", rules))
        assert len(marks) == len(words) == len(rows)
        assert all(essay_assets.contrast(one, ground) >= 5.5 for one in words.values())
        readable = [n for n, one in marks if essay_assets.contrast(one, ground) >= 5.5]
        assert readable and all(dict(marks)[name] == words[name] for name in readable)


def test_words_have_the_colour_for_words(case):
    shade = charts.theme.colours(case.vectors)["Russia"]
    words = charts.theme.for_words(shade)
    assert words == shade.replace("--vector-russia", "--vector-russia-text")
    assert charts.theme.for_words(charts.theme.MUTED) == charts.theme.MUTED
    rows = alignment.agreement(case.table("un_votes"), "KGZ", "RUS")
    rows = rows.rename(columns={"agreement": "value"}).assign(who="w", source="s")
    spec = charts.agreement_over_time(
        rows,
        {"w": shade},
        (1992, 2004),
        {"w": (1996, "left", 0)},
        case.periods.query("kind == 'named break'"),
    ).to_dict()
    texts = [
        layer["encoding"]["color"]
        for layer in spec["layer"]
        if "text" in layer["encoding"] and "color" in layer["encoding"]
    ]
    assert texts and all(colour == {"value": words} for colour in texts)


def test_a_level_has_no_vectors_colour(case):
    fallbacks = {
        re.search(r"#\w{6}", colour)[0] for colour in charts.theme.LEVELS.values()
    }
    assert len(fallbacks) == 3 and not fallbacks & set(case.vectors["colour"])


def test_the_first_figure_labels_its_highest_and_lowest_number(case):
    spec = charts.balance_over_time(
        case.events,
        case.vectors,
        case.span(),
        case.periods.query("kind == 'named break'"),
    ).to_dict()
    top = spec["vconcat"][0]["layer"]
    (scale,) = {
        json.dumps(layer["encoding"]["y"]["scale"])
        for layer in top
        if layer["encoding"].get("y", {}).get("field") == "effective"
    }
    assert json.loads(scale)["domain"] == [1, len(case.vectors)]
    assert (
        sum(
            layer["encoding"].get("text", {}).get("field") == "effective"
            for layer in top
        )
        == 4  # each with its halo
    )


def test_before_the_first_act_there_is_no_number(case):
    late = case.events[case.events["start"] >= "1999-01-01"]
    breaks = case.periods.query("kind == 'named break'")
    chart = charts.balance_over_time(late, case.vectors, case.span(), breaks)
    svg = vl_convert.vegalite_to_svg(charts.render.fixed_width(chart.to_dict()))
    told = re.findall(r"<text[^>]*font-weight=\"bold\"[^>]*>([^<]*)</text>", svg)
    months = pd.date_range("1999-12-31", case.span()[1], freq="ME")
    kept = engagement.engagement(late, months)
    number = engagement.indices(kept, case.poles)["effective_vectors"]
    assert f"{number.max():.1f}" in told
    first = late["end"].min() - pd.Timedelta(days=40)
    before = engagement.indices(engagement.engagement(late, [first]), case.poles)
    assert before["effective_vectors"].isna().all() and "1.0" not in told


def test_the_word_in_the_band_keeps_clear_of_its_numbers():
    months = pd.Series(pd.date_range("1991-01-31", "2010-12-31", freq="ME"))
    place = charts.balance._clear_of(months, [])
    beside = charts.balance._clear_of(months, [months[place + 2]])
    assert place == 75 and abs(beside - place) > 36


def test_a_line_has_its_band_at_the_start_alone(case):
    months = pd.date_range(*case.span(), freq="QE")
    bands = engagement.bands(case.events, months, 365, 20)
    marked = [months[30], months[70]]
    spec = charts.balance_in_one_line(
        case.events, case.vectors, case.poles, bands, marked, case.span(), 365
    ).to_dict()
    top, below = spec["vconcat"]
    at_start = "half_life == 365 && on_0 && on_1"
    tests = [
        step["filter"]
        for layer in top["layer"]
        for step in layer.get("transform", [])
        if "half_life ==" in str(step.get("filter"))
    ]
    assert set(tests) == {at_start, f"!({at_start})"}
    (gone,) = {
        layer["mark"]["text"]
        for layer in top["layer"]
        if "band was drawn" in str(layer["mark"].get("text"))
    }
    assert "365 days" in gone
    banded = [layer for layer in top["layer"] if "y2" in layer.get("encoding", {})]
    drawn = [spec["datasets"][layer["data"]["name"]] for layer in banded]
    own = bands[bands["index"] == "effective_vectors"].set_index("date")
    assert [row["upper"] for row in drawn[0]] == pytest.approx(
        own["upper"].tolist(), abs=6e-4
    )
    assert [(row["lower"], row["upper"]) for row in drawn[1]] == [
        tuple(own.loc[month, ["lower", "upper"]].round(3)) for month in marked
    ]
    areas = below["layer"][0]["encoding"]["color"]["scale"]["domain"]
    assert areas == [*case.poles, "all others"]
    # A reader can switch the poles off, and nothing else.
    named = [p["bind"]["name"] for p in spec["params"] if "bind" in p]
    assert named[1:] == list(case.poles)


def test_a_story_told_twice_has_a_line_for_each_act_and_a_gap_between(case):
    acts = case.acts.iloc[:5].assign(
        telling=["One", "One", "Other", "Other", "Other"],
        label=list("abcde"),
        turning=[True, False, False, True, False],
    )
    spec = charts.told_twice(acts, case.vectors, ("1991-01-01", "1999-12-31")).to_dict()
    rows = next(r for r in spec["datasets"].values() if "turning" in r[0])
    assert [row["label"] for row in rows] == list("abcde")
    assert [row["line"] for row in rows] == [1.5, 2.5, 5, 6, 7]
    heads = next(
        r for r in spec["datasets"].values() if set(r[0]) == {"line", "telling"}
    )
    assert [(row["telling"], row["line"]) for row in heads] == [
        ("One", 0.5),
        ("Other", 4),
    ]


def test_a_map_without_a_span_of_years_stands_still(case):
    land = geography.outlines(case.table("borders"))
    bases = case.table("places").query("kind == 'base'")
    near = geography.distances(bases).iloc[:0]
    still, moving = (
        charts.bases_on_map(
            land, bases, {}, case.vectors, near, span, 2004, case.state
        ).to_dict()
        for span in (None, (2000, 2010))
    )
    assert still["params"] == [{"name": "map_year", "value": 2004}]
    assert moving["params"][0]["bind"]["min"] == 2000


def gaps(case):
    poles = [case.iso3(pole) for pole in case.poles]
    return alignment.gap_net_of_peers(
        case.table("un_votes"), case.state, *poles, case.peers
    ).assign(source="Somebody (2000)")


def test_the_peers_are_named_and_banded_if_they_are_given(case):
    bare = json.dumps(
        charts.gap_over_time(
            gaps(case).drop(columns=["lowest", "highest"]), case.poles, 1992, 2010
        ).to_dict()
    )
    assert "lowest" not in bare and "mean of the peers" in bare
    named = json.dumps(
        charts.gap_over_time(
            gaps(case), case.poles, 1992, 2010, state="Home", peers=["One", "Two"]
        ).to_dict()
    )
    assert (
        "mean of One, Two; band: lowest to|highest" in named
        and '"y2": {"field": "highest"' in named
        and 'datum.who != \\"Home\\"' in named
    )


def drawn(chart):
    """What a reader sees: the texts of the picture."""
    svg = vl_convert.vegalite_to_svg(
        chart.to_dict(), vl_version="6.4", allowed_base_urls=[]
    )
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_who_came_first_is_named_once_a_run(case):
    rows = pd.DataFrame(
        {
            "year": range(2000, 2006),
            "first": ["Chad", "Peru", "Peru", "Peru", "Chad", "Peru"],
            "vector": ["China", "Russia", "Russia", "Russia", "China", "Russia"],
            "value": 5.0,
            "place": [2, 1, 1, 1, 3, 1],
            "own": 4.0,
            "source": "s",
        }
    )
    chart = charts.first_by_year(rows, charts.theme.colours(case.vectors), "Peru")
    texts = drawn(chart)
    assert [text for text in texts if text in ("Chad", "Peru")] == [
        *("Chad", "Peru", "Chad", "Peru")
    ]
    assert [text for text in texts if len(text) == 1] == ["2", "1", "1", "1", "3", "1"]
    runs = chart.layer[1].data.values
    # The first year has no room on its left; a single year has none inside.
    assert [run["align"] for run in runs] == ["left", *["center"] * 3]
    assert [run["lift"] < 0 for run in runs] == [True, False, True, True]
    assert [run["year"] for run in runs] == [1999.5, 2002, 2004, 2005]


def test_lines_have_their_names_along_them(case):
    codings = {"this": case.events, "that": case.events.head(40)}
    tilt = functools.partial(
        charts.tilt_over_time, codings, case.poles, case.span(), case.periods.head(0)
    )
    names = {"this": ("one", "1995-06", -9), "that": ("two", "1999-02-03", 9)}
    assert {"one", "two"} <= set(drawn(tilt(names=names)))
    assert {"one", "two"}.isdisjoint(drawn(tilt()))
    assert "this’s dates" in drawn(tilt()), "without a place they stand in a legend"
    rows = pd.DataFrame({"year": [2000, 2001, 2002], "value": [0.5, None, 0.6]})
    rows = rows.assign(who="us", n=[9, 0, 9], source="s")
    at = {"us": (2002, "right", -9)}
    base = {"start": [pd.Timestamp("2001-12-16")], "label": "base", "source": "s"}
    votes = charts.agreement_over_time(
        rows, {"us": "red"}, (2000, 2002), at, pd.DataFrame(base)
    )
    assert {"us", "no vote", "base"} <= set(drawn(votes))


def test_no_threat_has_a_date_sharper_than_known(case):
    paper = data.open_case(coding="paper")
    threats = paper.threats().drop_duplicates("start")
    until = paper.period("bakiyev")[1]
    chart = charts.around_threats(
        paper.events, threats, paper.poles, paper.vectors, until
    )
    texts = drawn(chart)
    rows = next(r for r in chart.to_dict()["datasets"].values() if "wrapped" in r[0])
    heads = [row["threat"].partition(": ")[0] for row in rows]
    assert heads == ["Aug 1999", "Mar 2005", "Apr 2010"]
    assert "coding ends before the window does" in texts
    # No legend: each pole has its name at its longest bar, and what is hardly a move is called so.
    assert all(texts.count(pole) == 1 for pole in paper.poles)
    assert any(text.startswith("hardly (") for text in texts)


def test_a_base_has_a_shape_for_its_user(case):
    land = geography.outlines(case.table("borders"))
    bases = case.table("places").query("kind == 'base'")
    near = geography.distances(bases).iloc[:0]
    for span in (None, (2000, 2010)):
        spec = charts.bases_on_map(
            land, bases, {}, case.vectors, near, span, 2004, case.state
        ).to_dict()
        (shape,) = [
            layer["encoding"]["shape"]
            for layer in spec["layer"]
            if "shape" in layer.get("encoding", {})
        ]
        scale = shape["scale"]
        assert set(scale["domain"]) == set(bases["vector"])
        assert len(set(scale["range"])) == len(scale["domain"])
        assert (shape["legend"] is None) == (span is None)


def test_a_frame_is_drawn_straight():
    square = {"type": "Polygon", "coordinates": [[(0, 0), (0, 4), (9, 4), (0, 0)]]}
    (ring,) = charts.maps._in_pieces(square)["coordinates"]
    steps = [max(abs(a - c), abs(b - d)) for (a, b), (c, d) in zip(ring, ring[1:])]
    assert ring[0] == ring[-1] and max(steps) <= 0.5 and (9, 4) in ring


def test_a_countrys_name_stands_inside_its_outline():
    horseshoe = [[0, 0], [9, 0], [9, 6], [6, 6], [6, 2], [3, 2], [3, 6], [0, 6], [0, 0]]
    place = charts.maps._label_of(
        {"name": "U", "geometry": {"coordinates": [horseshoe]}}
    )
    assert (
        charts.maps._room((place["longitude"], place["latitude"]), horseshoe)
        > 0
        > charts.maps._room((4.5, 4), horseshoe)
    )
    assert place["size"] == 9 * 6 - 3 * 4


def test_the_bar_of_the_map_is_as_long_as_it_says(case):
    (bar,) = charts.maps._scale_bar(geography.outlines(case.table("borders")), 200)[
        0
    ].data.values
    ends = pd.DataFrame(
        {
            "name": ["west", "east"],
            "longitude": [bar["west"], bar["east"]],
            "latitude": [bar["lat"]] * 2,
        }
    )
    assert geography.distances(ends)["kilometres"].item() == pytest.approx(
        200, abs=0.05
    )


def test_missing_cells_become_null():
    spec = charts.grammar.inline(
        pd.DataFrame({"a": [1.0, float("nan")], "b": ["x", None]})
    ).to_dict()
    assert spec["values"] == [{"a": 1.0, "b": "x"}, {"a": None, "b": None}]


def test_bars_of_one_lane_do_not_cover_one_another(case):
    rows = case.acts.sort_values(["level", "start", "end"])
    rows = rows.assign(lane=charts.acts._packed(rows))
    for _, lane in rows.groupby("lane"):
        assert (
            lane["start"].iloc[1:].to_numpy() > lane["end"].iloc[:-1].to_numpy()
        ).all() and lane["level"].nunique() == 1


def test_the_book_gets_the_specification_under_a_key_that_notebooks_accept():
    import nbformat

    bundle = charts.render.for_book(charts.finish(bare(), **GIVEN).to_dict())
    assert set(bundle) == {charts.render.MIME, "text/plain"}
    nbformat.validate(
        nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_code_cell(
                    outputs=[nbformat.v4.new_output("display_data", bundle)]
                )
            ]
        )
    )


def test_a_session_gets_a_widget_and_a_picture_with_the_source():
    bundle = charts.render.for_session(charts.finish(bare(), **GIVEN).to_dict())
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert (
        "coded: Somebody (2000)" in bundle["image/svg+xml"]
        and "<svg" in bundle["image/svg+xml"]
    )


def test_what_draws_is_sent_once_in_a_session_and_not_with_each_chart(monkeypatch):
    import comm

    from ipywidgets import Widget

    from multivector.charts import widget as session_widget

    sent = []

    class Line(comm.DummyComm):
        def publish_msg(self, msg_type, data=None, **rest):
            sent.append(len(json.dumps(data, default=str)))

    monkeypatch.setattr(comm, "create_comm", Line)
    session_widget.script.cache_clear()
    spec = charts.finish(bare(), **GIVEN).to_dict()
    plots = [session_widget.plot(spec) for _ in range(3)]
    assert sum(size > 100_000 for size in sent) == 1
    assert len({plot.script.model_id for plot in plots}) == 1
    assert all(isinstance(plot.script, Widget) and plot.spec == spec for plot in plots)
    session_widget.script.cache_clear()


def test_the_explorer_recomputes(case):
    explorer = explorers.BalanceExplorer(case, draws=20)
    widget = explorer.widget()
    half_life, vectors, removed, doubts, seed, direction, shares, message, plot = (
        widget.children
    )
    before = plot.spec
    half_life.value = 365
    assert "365 days" in json.dumps(plot.spec) and plot.spec != before
    before = plot.spec
    removed.value = tuple(i for _, i in removed.options[:5])
    assert plot.spec != before and message.value == ""
    before = plot.spec
    seed.value = 7
    assert plot.spec != before and "seed 7" in json.dumps(plot.spec)
    for doubt in doubts.children:
        doubt.value = False
    assert "drawn anew: nothing" in json.dumps(plot.spec)
    before = plot.spec
    direction.value = "by"
    assert plot.spec != before and message.value == ""
    before = plot.spec
    shares.children[0].value = 1.0
    assert plot.spec != before and message.value == ""
    before = plot.spec
    vectors.value = tuple(case.poles)
    assert plot.spec != before
    vectors.value = ()
    assert "no act with a vector" in message.value  # and the last figure stays


def test_the_explorer_shows_what_the_function_computes(case):
    explorer = explorers.BalanceExplorer(case, draws=20)
    spec = explorer.figure(half_life=400, off=["China"]).to_dict()
    drawn = next(rows for rows in spec["datasets"].values() if "lower" in rows[0])
    months = pd.date_range(*case.span(), freq="ME")
    others = case.events[case.events["vector"] != "China"]
    expected = engagement.indices(
        engagement.engagement(others, months, 400), case.poles
    )["effective_vectors"]
    assert [r["value"] for r in drawn] == pytest.approx(expected.tolist())


def test_the_explorer_confuses_codes_as_the_two_coders_do(case):
    explorer = explorers.BalanceExplorer(case, draws=30)
    spec = explorer.figure(doubts=("codes",), seed=3).to_dict()
    drawn = pd.DataFrame(
        next(rows for rows in spec["datasets"].values() if "lower" in rows[0])
    )
    months = pd.date_range(*case.span(), freq="ME")
    bands = engagement.bands(
        case.events,
        months,
        730,
        30,
        3,
        resample=False,
        sample_dates=False,
        perturb=reliability.doubt(case),
    )
    assert drawn["upper"].to_numpy() == pytest.approx(
        bands[bands["index"] == "effective_vectors"]["upper"].to_numpy()
    )


def test_the_explorer_shares_an_organisation_out_anew(case):
    table = data.shared_anew(case.splits, {"OSCE": 0.8})
    own = table[table["actor"] == "OSCE"].set_index("vector")["share"]
    before = case.splits[case.splits["actor"] == "OSCE"].set_index("vector")["share"]
    assert own.iloc[0] == 0.8 and own.sum() == pytest.approx(1)
    assert own.iloc[1] / own.iloc[2] == pytest.approx(before.iloc[1] / before.iloc[2])
    assert set(
        data.shared_anew(case.splits, {"SCO": 1.0}).query("actor == 'SCO'")["vector"]
    ) == {case.splits.query("actor == 'SCO'")["vector"].iloc[0]}
    with pytest.raises(ValueError, match="shares gives 'SCO' the share 1.2"):
        explorers.BalanceExplorer(case, draws=5).figure(shares={"SCO": 1.2})


def test_a_map_shows_no_date_sharper_than_its_source(case):
    places = case.table("places").set_index("name")
    words = dict(zip(places.index, charts.maps._in_use(case.table("places"))))
    assert (
        words["Manas"] == "from Dec 2001 to 3 Jun 2014"
        and words["Kant"] == "from 23 Oct 2003 on"
        and words["Osh"] == ""
    )


def test_the_explorer_leaves_a_figure_on_the_page(case, monkeypatch):
    shown = []
    monkeypatch.setenv("MULTIVECTOR_RENDERER", "book")
    monkeypatch.setattr(explorers.explorer, "display", shown.append)
    explorers.BalanceExplorer(case, draws=5)._ipython_display_()
    note, figure = shown
    assert "essay-run" in note.data and isinstance(figure, alt.LayerChart)
