"""What the charts, series and explorers of the last chapters do on a case that lacks much."""

from __future__ import annotations

import pandas as pd
import pytest

from multivector import alignment, charts, data, engagement, explorers
from multivector.commands import main


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> data.Case:
    """A case just drawn up: outside series, no act, no claim, no named break."""
    folder = tmp_path_factory.mktemp("cases") / "TJK"
    assert main(["new", str(folder), "--state", "TJK"]) == 0
    return data.open_case(folder)


def series(name: str, **values: list[float | None]) -> alignment.Series:
    rows = [
        (year, state, value)
        for state, line in values.items()
        for year, value in enumerate(line, 2000)
    ]
    frame = pd.DataFrame(rows, columns=["year", "state", "value"])
    frame = frame.assign(n=frame["value"].notna().astype(int), source="here")
    return alignment.Series(name, name, "unit", "table", frame, {})


# --- series of a state ------------------------------------------------------------------------


def test_the_ends_of_a_measure_are_those_of_its_own_state() -> None:
    one = series("one", AAA=[None, 3, 9, 5, None], BBB=[1, 2, 3, 4, 50])
    found = alignment.ends(one, "AAA")
    assert (found.first_year, found.first) == (2001, 3)
    assert (found.last_year, found.last) == (2003, 5)
    assert (found.most_year, found.most, found.n) == (2002, 9, 3)
    with pytest.raises(data.Missing, match="CCC"):
        alignment.ends(one, "CCC")


def test_the_highest_beside_is_another_state_in_the_last_year_told() -> None:
    one = series("one", AAA=[9, 9, 9], BBB=[8, 1, None], CCC=[1, 2, None])
    assert alignment.highest_beside(one, "AAA") == "CCC"
    assert alignment.highest_beside(series("one", AAA=[1, 2]), "AAA") == ""


def test_each_measure_takes_one_largest_step_in_the_tally() -> None:
    found = alignment.largest_steps(
        [
            series("up", AAA=[1, 2, 9, 10], BBB=[0, 99, 0, 0]),
            series("down", AAA=[5, 4, -7, -7]),
            series("late", AAA=[1, 1, 1, 4]),
            series("still", AAA=[1, 1, 1, 1]),
            series("alone", AAA=[None, None, 3, None]),
        ],
        "AAA",
    )
    assert found.to_dict() == {2002: 2, 2003: 1}
    with pytest.raises(data.Missing):
        alignment.largest_steps([series("still", AAA=[1, 1])], "AAA")


def test_a_series_that_only_this_case_lacks_is_missing(bare: data.Case) -> None:
    with pytest.raises(data.Missing, match="Tajikistan"):
        alignment.series_of(bare, "missions")
    both = alignment.measures_of(bare, "no-such", "remittances")
    assert [one.id for one in both] == ["remittances"]
    with pytest.raises(data.Missing, match="no-such"):
        alignment.measures_of(bare, "no-such")


def test_a_series_without_any_value_is_none(bare: data.Case) -> None:
    found = alignment.vector_series(bare) + alignment.state_series(bare)
    assert found and all(one.rows["value"].notna().any() for one in found)


# --- charts -----------------------------------------------------------------------------------


def timeline(case: data.Case, **other: object) -> dict:
    """The timeline of a case, with something else in the place of what is named."""
    names = case.actors.set_index("actor")["name"].to_dict()
    names = {case.state: names[case.state], **names}
    none = pd.DataFrame(columns=["start", "label", "kind", "source"])
    given = {
        "acts": case.acts,
        "marks": none,
        "leaders": case.leaders.assign(source="here"),
        "vector_series": alignment.vector_series(case),
        "state_series": alignment.state_series(case),
        "vectors": case.vectors,
        "names": names,
        "span": case.span(),
    }
    return charts.evidence_over_time(**given | other).to_dict()


def test_the_timeline_has_a_lane_for_what_is_there(bare: data.Case) -> None:
    whole, fewer = timeline(bare), timeline(bare, state_series=[])
    assert len(whole["vconcat"]) == 3 and len(fewer["vconcat"]) == 2
    controls = [one["name"] for one in fewer["params"]]
    assert "partner_series" in controls
    assert not {"state_series", "rows"} & set(controls)
    assert str(whole).count("'brush'") and str(fewer).count("'brush'")
    # The lowest row has the years, whichever it is.
    assert all("'%Y'" in str(one["vconcat"][-1]) for one in (whole, fewer))


def test_of_nothing_there_is_no_timeline(bare: data.Case) -> None:
    none = bare.leaders.iloc[:0].assign(source="here")
    with pytest.raises(data.Missing):
        timeline(bare, leaders=none, vector_series=[], state_series=[])


def test_without_an_act_there_is_no_balance(bare: data.Case) -> None:
    months = pd.date_range(*bare.span(), freq="YE")
    with pytest.raises(data.Missing, match="no act"):
        engagement.bands(bare.events, months)
    with pytest.raises(data.Missing, match="no act"):
        charts.balance_over_time(
            bare.events, bare.vectors, bare.span(), bare.periods.iloc[:0]
        )


def test_each_act_is_taken_away_once() -> None:
    day = pd.Timestamp("2001-01-01")
    events = pd.DataFrame(
        {
            "id": ["one", "one", "two", "three"],
            "vector": pd.Categorical(["A", "B", "A", None], categories=["A", "B"]),
            "start": day,
            "end": day,
            "goldstein": [4.0, 4.0, 4.0, 1.0],
            "weight": [0.5, 0.5, 1.0, 1.0],
            "direction": "by",
        }
    )
    found = engagement.without_each(events, day, ("A", "B")).set_index("id")
    # Without the one all is with A; without the other both have the same.
    assert found["without"].to_dict() == {"one": 1.0, "two": pytest.approx(2.0)}
    assert found["change"].abs().is_monotonic_decreasing
    with pytest.raises(data.Missing, match="no act"):
        engagement.without_each(events.iloc[3:], day, ("A", "B"))


# --- explorers --------------------------------------------------------------------------------


def test_explorers_of_models_need_nothing_of_a_case(bare: data.Case) -> None:
    text = "label,significance,commitment,threat,external\n"
    text += "a,0.9,1,0.1,1\nb,0.1,1,0.1,0\nc,0.7,1,0.5,1\nd,0.3,1,0.5,0\n"
    episodes = explorers.EpisodesExplorer(bare, draws=100)
    for explorer in (
        episodes.at(text=text),
        explorers.GameExplorer(bare),
        explorers.BidsExplorer(bare),
    ):
        assert explorer.figure(**explorer.start).to_dict()
    assert episodes.rows(text)["source"].eq("a row of your own").all()
    assert episodes.controls()["text"].value == text


def test_without_a_named_break_the_middle_year_is_named(bare: data.Case) -> None:
    explorer = explorers.BreakYearsExplorer(bare)
    first, last = (day.year for day in bare.span())
    assert explorer.named == [(first + last + 1) // 2]
    assert explorer.figure(draws=19).to_dict()


def test_an_explorer_of_acts_says_that_it_needs_them(bare: data.Case) -> None:
    with pytest.raises(data.Missing, match="no act"):
        explorers.BalanceExplorer(bare, draws=10).figure()
