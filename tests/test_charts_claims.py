"""Charts of the ledger: what the page draws of the named years is what was counted."""

import re

import numpy as np
import pandas as pd
import vl_convert

from multivector import charts


def drawn(chart):
    """The chart as the page draws it."""
    spec = charts.render.fixed_width(chart.to_dict())
    spec.setdefault("width", 340)
    if spec["width"] == "container":
        spec["width"] = 340
    return vl_convert.vegalite_to_svg(spec)


def words(svg):
    return re.findall(r">([^<>]+)</(?:text|tspan)>", svg)


def among(name, values, named, own):
    part = pd.DataFrame({"value": values}).assign(
        id=name, among="jumps, years", dot=[f"year {i}" for i in range(len(values))]
    )
    value = part["value"].iloc[named]
    return part.assign(
        spread=part["value"] / 2,
        named=part.index == named,
        own=own,
        share=(part["value"] >= value).mean(),
        n=len(part),
    )


def test_a_stroke_for_each_and_a_diamond_for_the_named_one():
    rows = pd.concat(
        [among("A1", [1.0, 2, 3, 4], 2, True), among("B2", [5.0, 6], 0, 0)]
    )
    svg = drawn(charts.claims.named_among_all(rows))
    told = words(svg)
    assert "A1 jumps, years: 2 of 4" in told and "B2 jumps, years: 2 of 2" in told
    ticks = svg.count('aria-roledescription="tick"')
    points = svg.count('aria-roledescription="point"')
    assert (ticks, points) == (len(rows) - 2, 2)


def test_the_two_lines_break_where_a_year_is_missing():
    rows = pd.DataFrame(
        {
            "year": range(2000, 2005),
            "own": [1, 2, np.nan, 3, 2],
            "others": [2, 2, np.nan, 2, 3],
            "margin": 0.5,
        }
    )
    svg = drawn(charts.claims.beside_others(rows, "the state", "the others"))
    assert {"the state", "the others"} <= set(words(svg))
    assert svg.count('aria-roledescription="point"') == 8


def test_a_rule_that_can_only_illustrate_has_its_colour_among_the_outcomes():
    row = dict(id="A1", n=2, share=1.0, own_part=1.0, claim="a", turned_by="")
    rows = pd.DataFrame([{**row, "outcome": "illustrated only", "own": "mixed"}])
    svg = drawn(charts.claims.outcomes_over_choices(rows, ["A1"]))
    assert charts.claims.VERDICTS["illustrated only"] in svg
    assert "can only illustrate" in words(svg)


def test_what_a_rule_says_has_not_the_colour_of_a_verdict():
    verdicts = set(charts.claims.VERDICTS.values())
    shades = charts.claims.FALLS_SHADES
    own = {charts.claims.FALLS["illustrated only"]}
    assert not verdicts & {shade for name, shade in shades.items() if name not in own}
    row = dict(id="A1", n=2, share=1.0, own_part=1.0, claim="a", turned_by="")
    rows = pd.DataFrame([{**row, "outcome": "mixed", "own": "mixed"}])
    svg = drawn(charts.claims.outcomes_over_choices(rows, ["A1"], ["A1"]))
    assert {"partly met", "A1 ○"} <= set(words(svg)) and "met" not in words(svg)
