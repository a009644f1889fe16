"""Engagement: the worked example of the method, and what must hold for any acts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector import data, engagement

NAMES = ["Russia", "United States", "China"]
POLES = ("Russia", "United States")
DAY = pd.Timestamp("2010-01-01")


def events(*rows):
    return pd.DataFrame(rows, columns=["date", "vector", "goldstein"]).assign(
        date=lambda e: pd.to_datetime(e["date"])
    )


def ago(days):
    return DAY - pd.Timedelta(days=days)


EXAMPLE = events(
    (DAY, "Russia", 8.0),
    (ago(365), "Russia", 4.0),
    (ago(365), "United States", 8.0),
    (ago(730), "China", 4.0),
    (DAY, "United States", -4.0),
)


def test_the_worked_example():
    found = engagement.engagement(EXAMPLE, DAY, 365, vectors=NAMES)
    assert found["cooperation"].round(12).tolist() == [10, 4, 1] and found[
        "conflict"
    ].tolist() == [0, 4, 0]
    row = engagement.indices(found, POLES).iloc[0]
    expected = {
        "entropy": 0.7312,
        "herfindahl": 0.72,
        "tilt": 0.5556,
        "returns": 0.5714,
        "hedge": 0.4286,
    }
    assert {name: round(row[name], 4) for name in expected} == expected
    assert (
        row["effective_vectors"] == pytest.approx(3 ** row["entropy"])
        and row["undefined"] == ""
    )


def test_equal_cooperation_without_conflict_is_half_a_hedge():
    found = engagement.engagement(
        events((DAY, "Russia", 5.0), (DAY, "United States", 5.0)), DAY, vectors=NAMES
    )
    assert engagement.indices(found, POLES)["hedge"].iloc[0] == pytest.approx(0.5)


def test_equal_conflict_with_both_is_a_whole_hedge():
    found = engagement.engagement(
        events(*[(DAY, v, g) for v in POLES for g in (5.0, -5.0)]), DAY, vectors=NAMES
    )
    assert engagement.indices(found, POLES)["hedge"].iloc[0] == pytest.approx(1.0)


# --- intervals -------------------------------------------------------------------------------


@given(
    start=st.integers(-900, 900),
    length=st.integers(1, 800),
    half_life=st.floats(30, 5000),
)
def test_the_closed_form_is_the_mean_over_the_days(start, length, half_life):
    days = np.arange(start, start + length)  # ages would be negative for days after t
    each = np.where(days <= 0, 2.0 ** (days / half_life), 0.0)
    first, last = (np.datetime64("2010-01-01") + int(d) for d in (days[0], days[-1]))
    found = engagement.decay([first], [last], ["2010-01-01"], half_life)
    assert found[0, 0] == pytest.approx(each.mean(), rel=1e-9, abs=1e-12)


def test_a_day_is_an_interval_of_one_day():
    spans = EXAMPLE.rename(columns={"date": "start"}).assign(end=EXAMPLE["date"])
    pd.testing.assert_frame_equal(
        engagement.engagement(spans, DAY, 365, NAMES),
        engagement.engagement(EXAMPLE, DAY, 365, NAMES),
    )


def test_without_forgetting_memory_sums_up():
    found = engagement.engagement(EXAMPLE, DAY, np.inf, NAMES)
    assert found["cooperation"].tolist() == [12, 8, 4] and found[
        "conflict"
    ].tolist() == [0, 4, 0]


# --- properties ------------------------------------------------------------------------------

act = st.tuples(
    st.integers(0, 3000),
    st.sampled_from(NAMES),
    st.floats(-10, 10).filter(lambda g: g == 0 or abs(g) > 1e-6),
)
acts = st.lists(act, min_size=1, max_size=12).map(
    lambda rows: events(*[(ago(d), v, g) for d, v, g in rows])
)
half_lives = st.sampled_from([180.0, 730.0, 1825.0, np.inf])


def measured(rows, half_life=730.0, poles=POLES):
    return engagement.indices(
        engagement.engagement(rows, DAY, half_life, NAMES), poles
    ).iloc[0]


@given(acts, half_lives)
def test_indices_stay_in_their_ranges_or_are_undefined(rows, half_life):
    row = measured(rows, half_life)
    for name, low, high in (
        ("entropy", 0, 1),
        ("herfindahl", 0, 1),
        ("effective_vectors", 1, 3),
        ("tilt", -1, 1),
        ("returns", 0, 1),
        ("hedge", 0, 1),
    ):
        assert np.isnan(row[name]) or low - 1e-9 <= row[name] <= high + 1e-9
    assert row[list(engagement.INDICES)].isna().any() == bool(row["undefined"])


@given(acts, st.floats(0.05, 1))
def test_scaling_all_acts_changes_no_index(rows, factor):
    scaled = rows.assign(goldstein=rows["goldstein"] * factor)
    pd.testing.assert_series_equal(
        measured(rows), measured(scaled), check_exact=False, rtol=1e-6, atol=1e-9
    )


@given(acts, st.randoms(use_true_random=False))
def test_the_order_of_acts_does_not_matter(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    pd.testing.assert_series_equal(
        measured(rows),
        measured(rows.iloc[order]),
        check_exact=False,
        rtol=1e-9,
        atol=1e-12,
    )


@given(acts)
def test_tilt_changes_its_sign_with_the_poles(rows):
    here, there = measured(rows)["tilt"], measured(rows, poles=POLES[::-1])["tilt"]
    assert (np.isnan(here) and np.isnan(there)) or here == pytest.approx(-there)


@given(acts, half_lives)
def test_shares_come_from_what_is_not_negative(rows, half_life):
    found = engagement.engagement(rows, DAY, half_life, NAMES)
    assert (
        len(found) == len(NAMES)
        and (found[["cooperation", "conflict"]] >= 0).all().all()
    )


@given(acts, half_lives)
def test_shares_sum_to_one_or_are_undefined(rows, half_life):
    found = engagement.shares(engagement.engagement(rows, DAY, half_life, NAMES))[
        "share"
    ]
    assert found.isna().all() or (
        found.between(0, 1).all() and found.sum() == pytest.approx(1)
    )
    assert found.isna().all() == (rows["goldstein"] <= 0).all()


@given(acts)
def test_a_memory_without_end_is_a_cumulative_sum(rows):
    days = [ago(2000), ago(500), DAY]
    found = engagement.engagement(rows, days, np.inf, NAMES).set_index(
        ["date", "vector"]
    )
    for day in days:
        seen = rows[rows["date"] <= day]
        for name in NAMES:
            values = seen.loc[seen["vector"] == name, "goldstein"]
            assert found.loc[(day, name), "cooperation"] == pytest.approx(
                values.clip(lower=0).sum()
            )
            assert found.loc[(day, name), "conflict"] == pytest.approx(
                (-values).clip(lower=0).sum()
            )


@given(acts, half_lives, st.sampled_from([730.0, 3650.0]))
def test_a_longer_memory_never_holds_less(rows, half_life, longer):
    short, long = (
        engagement.engagement(rows, DAY, h, NAMES)["cooperation"]
        for h in sorted([half_life, longer])
    )
    assert (long >= short - 1e-9).all()


# --- vectors, direction, what is left out ---------------------------------------------------------


def test_a_vector_without_acts_has_a_row_of_zeros_and_counts_in_k():
    two = engagement.indices(engagement.engagement(EXAMPLE, DAY, 365, NAMES), POLES)[
        "entropy"
    ].iloc[0]
    eight = engagement.engagement(EXAMPLE, DAY, 365, [*NAMES, "a", "b", "c", "d", "e"])
    assert (
        len(eight) == 8
        and (eight[eight["vector"] == "a"][["cooperation", "conflict"]] == 0)
        .all()
        .all()
    )
    assert engagement.indices(eight, POLES)["entropy"].iloc[0] == pytest.approx(
        two * np.log(3) / np.log(8)
    )


def test_the_table_of_vectors_serves_as_their_list():
    case = data.open_case()
    listed = engagement.engagement(
        case.events, DAY, vectors=list(case.vectors["vector"])
    )
    pd.testing.assert_frame_equal(
        engagement.engagement(case.events, DAY, vectors=case.vectors), listed
    )
    assert len(listed) == 8


def test_direction_tells_acts_by_the_state_from_acts_toward_it():
    case = data.open_case()
    by, toward, both = (
        engagement.engagement(case.events, "2010-12-31", direction=d)["cooperation"]
        for d in ("by", "toward", "both")
    )
    assert (
        np.allclose(by + toward, both)
        and (toward > 0).any()
        and not np.allclose(by, both)
    )


def test_context_is_never_summed():
    case = data.open_case()
    bare = case.events[case.events["vector"].notna()]
    months = ["2000-12-31", "2010-12-31"]
    pd.testing.assert_frame_equal(
        engagement.engagement(case.events, months), engagement.engagement(bare, months)
    )


def test_undefined_stays_undefined_and_says_why():
    row = measured(events((DAY, "China", -3.0)))
    assert row[list(engagement.INDICES)].isna().all()
    assert (
        "no cooperation with any vector" in row["undefined"]
        and "no act with Russia" in row["undefined"]
    )


# --- moves after a threat ----------------------------------------------------------------------


def test_moves_count_the_part_of_an_interval_that_falls_into_the_window():
    rows = pd.DataFrame(
        {
            "start": [ago(10), ago(-1)],
            "end": [ago(-10), ago(-1)],
            "vector": "Russia",
            "goldstein": [4.2, 2.0],
            "direction": "by",
        }
    )
    found = (
        engagement.moves(rows, [DAY], 5, vectors=NAMES)
        .set_index("vector")
        .loc["Russia"]
    )
    assert found["before"] == pytest.approx(4.2 * 5 / 21) and found[
        "after"
    ] == pytest.approx(4.2 * 5 / 21 + 2)


def test_a_window_beyond_the_coding_is_a_hole():
    rows = EXAMPLE.assign(direction="by")
    found = engagement.moves(rows, [ago(365), DAY], 180, vectors=NAMES, until=DAY)
    assert (
        found.loc[found["date"] == DAY, "move"].isna().all()
        and found.loc[found["date"] == ago(365), "move"].notna().all()
    )


def test_the_acts_behind_a_move_are_those_that_reach_into_its_window():
    rows = pd.DataFrame(
        {
            "id": ["over", "before", "on the day", "gone", "to us"],
            "start": [ago(10), ago(3), DAY, ago(9), ago(1)],
            "end": [ago(-10), ago(2), DAY, ago(6), ago(1)],
            "vector": "Russia",
            "goldstein": [4.2, -2.0, 9.0, 9.0, 9.0],
            "weight": [1.0, 0.5, 1.0, 1.0, 1.0],
            "direction": ["by"] * 4 + ["toward"],
        }
    )
    found = engagement.behind(rows, DAY, 5, vectors=NAMES).set_index("id")
    assert list(found.index) == ["over", "before"]
    assert list(found.before) == pytest.approx([4.2 * 5 / 21, -1.0])
    assert list(found.after) == pytest.approx([4.2 * 5 / 21, 0.0])
    assert list(found.inside) == pytest.approx([10 / 21, 1.0])


@pytest.mark.parametrize("window", [30, 180, 365])
def test_the_acts_behind_a_move_add_up_to_it(window):
    case = data.open_case()
    for day in case.threats()["start"].unique():
        parts = engagement.behind(case.events, day, window)
        summed = parts.groupby("vector", observed=False)[["before", "after"]].sum()
        whole = engagement.moves(case.events, [day], window).set_index("vector")
        wanted = whole[["before", "after"]].reindex(summed.index)
        assert summed.to_numpy() == pytest.approx(wanted.to_numpy())
    assert len(parts) and parts["inside"].between(0, 1).all()


# --- bands -------------------------------------------------------------------------------------

MONTHS = pd.date_range("2009-01-31", periods=12, freq="ME")


def test_bands_are_reproducible_and_ordered():
    case = data.open_case()
    one = engagement.bands(case.events, MONTHS, 730.0, 100, 3, poles=case.poles)
    pd.testing.assert_frame_equal(
        one, engagement.bands(case.events, MONTHS, 730.0, 100, 3, poles=case.poles)
    )
    assert (one["lower"] <= one["upper"]).all() and set(one["index"]) == set(
        engagement.INDICES
    )
    assert not one.equals(
        engagement.bands(case.events, MONTHS, 730.0, 100, 4, poles=case.poles)
    )


def test_without_doubt_the_band_is_the_line():
    case = data.open_case()
    flat = engagement.bands(
        case.events,
        MONTHS,
        730.0,
        5,
        1,
        poles=case.poles,
        resample=False,
        sample_dates=False,
        perturb=0,
    )
    assert np.allclose(flat["lower"], flat["value"]) and np.allclose(
        flat["upper"], flat["value"]
    )


def test_with_known_days_sampling_dates_changes_nothing():
    rows = EXAMPLE[EXAMPLE["goldstein"] > 0]
    flat = engagement.bands(
        rows,
        [DAY, ago(200)],
        365.0,
        4,
        1,
        vectors=NAMES,
        resample=False,
        sample_dates=True,
        perturb=0,
    )
    assert np.allclose(flat["lower"], flat["value"]) and np.allclose(
        flat["upper"], flat["value"]
    )


@pytest.mark.parametrize("switch", ["resample", "sample_dates", "perturb"])
def test_each_doubt_alone_widens_the_band(switch):
    case = data.open_case()
    settings = {"resample": False, "sample_dates": False, "perturb": 0} | {
        switch: 1.5 if switch == "perturb" else True
    }
    band = engagement.bands(case.events, MONTHS, 730.0, 60, 1, **settings)
    assert (band["upper"] - band["lower"]).max() > 1e-3


CONFUSED = pd.DataFrame(
    {
        "value": [5.0, 5.0, 8.0],
        "other": [5.0, 2.0, 8.0],
        "probability": [0.25, 0.75, 1.0],
    }
)


def test_codes_are_drawn_as_the_coders_confuse_them():
    rows = events(
        (DAY, "Russia", 5.0), (DAY, "United States", 8.0), (DAY, "China", 3.0)
    )
    settings = {
        "vectors": NAMES,
        "resample": False,
        "sample_dates": False,
        "poles": POLES,
        "level": 0.98,
    }
    band = engagement.bands(
        rows, [DAY], np.inf, 400, 1, perturb=CONFUSED, **settings
    ).set_index("index")
    tilts = [
        (g - 8) / (g + 8) for g in (2.0, 5.0)
    ]  # 3 is not in the table and stays; China is no pole
    assert band.loc["tilt", ["lower", "upper"]].tolist() == pytest.approx(tilts)
    sure = engagement.bands(
        rows,
        [DAY],
        np.inf,
        50,
        1,
        perturb=CONFUSED.assign(other=[5.0, 5.0, 8.0]),
        **settings,
    )
    assert np.allclose(sure["lower"], sure["upper"])


def test_sampled_dates_remember_what_each_draw_would():
    """The recursion over dates against memory computed act by act, draw by draw."""
    case = data.open_case()
    acts, vectors = engagement._acts(case.events, None, "both")
    one, share = engagement._one_row_an_act(acts, vectors)
    days = MONTHS.to_numpy().astype("datetime64[D]")
    rng = np.random.default_rng(5)
    start, end = (
        one[c].to_numpy().astype("datetime64[D]").astype(int) for c in ("start", "end")
    )
    chosen = rng.integers(len(one), size=(3, len(one)))
    day = rng.integers(start[chosen], end[chosen] + 1)
    value = one["goldstein"].to_numpy()[chosen]
    found = engagement._remember(
        value, *engagement._parts(share, chosen), day, days, 500.0, len(vectors)
    )
    age = days.astype(int)[None, :, None] - day[:, None, :]
    left = np.where(age >= 0, 2.0 ** (-np.maximum(age, 0) / 500.0), 0.0)
    for sign, memory in zip((1, -1), found):
        expected = np.einsum(
            "dtn,dn,dnk->dtk", left, np.maximum(sign * value, 0), share[chosen]
        )
        assert np.allclose(memory, expected)


def test_rows_of_one_act_are_drawn_together():
    shared = pd.DataFrame(
        {
            "id": "a",
            "start": DAY,
            "end": DAY,
            "vector": NAMES[:2],
            "goldstein": 6.0,
            "weight": 0.5,
        }
    )
    band = engagement.bands(shared, [DAY], 365.0, 50, 1, vectors=NAMES, perturb=0)
    assert band.loc[
        band["index"] == "effective_vectors", ["lower", "upper"]
    ].to_numpy() == pytest.approx(2.0)


# --- bad arguments ---------------------------------------------------------------------------

BAD = [
    (lambda: engagement.engagement(EXAMPLE, DAY, 0, NAMES), "half_life is 0"),
    (
        lambda: engagement.engagement(EXAMPLE, DAY, float("nan"), NAMES),
        "half_life is nan",
    ),
    (
        lambda: engagement.engagement(EXAMPLE, DAY, vectors=["Russia"]),
        "events names the vector 'China'",
    ),
    (
        lambda: engagement.engagement(EXAMPLE, DAY, vectors=[*NAMES, "China"]),
        "each once",
    ),
    (
        lambda: engagement.engagement(EXAMPLE, DAY, direction="sideways"),
        "direction is 'sideways'",
    ),
    (
        lambda: engagement.engagement(EXAMPLE, DAY, direction="by"),
        "lacks the columns \\['direction'\\]",
    ),
    (lambda: engagement.engagement(EXAMPLE, []), "at is \\[\\]"),
    (
        lambda: engagement.engagement(EXAMPLE, DAY, vectors=["China"]),
        "events names the vector",
    ),
    (lambda: engagement.engagement(EXAMPLE.assign(goldstein=np.nan), DAY), "goldstein"),
    (
        lambda: engagement.engagement(EXAMPLE.assign(goldstein=11.0), DAY),
        "from -10 to 10",
    ),
    (
        lambda: engagement.engagement(EXAMPLE.assign(weight=0.0), DAY),
        "above 0 and at most 1",
    ),
    (
        lambda: engagement.indices(
            engagement.engagement(EXAMPLE, DAY, vectors=NAMES), ("Russia", "Mars")
        ),
        "poles names 'Mars'",
    ),
    (
        lambda: engagement.indices(
            engagement.engagement(events((DAY, "Russia", 1.0)), DAY), POLES
        ),
        "K > 1",
    ),
    (lambda: engagement.bands(EXAMPLE, DAY, 365.0, 0), "draws is 0"),
    (lambda: engagement.bands(EXAMPLE, DAY, 365.0, 5, level=1.0), "level is 1.0"),
    (lambda: engagement.bands(EXAMPLE, DAY, 365.0, 5, perturb=-1), "perturb is -1"),
    (
        lambda: engagement.bands(
            EXAMPLE, DAY, 365.0, 5, perturb=CONFUSED.drop(columns="other")
        ),
        "perturb lacks the columns \\['other'\\]",
    ),
    (
        lambda: engagement.bands(
            EXAMPLE, DAY, 365.0, 5, perturb=CONFUSED.assign(probability=0.4)
        ),
        "do not sum to 1",
    ),
    (
        lambda: engagement.bands(
            EXAMPLE, DAY, 365.0, 5, perturb=CONFUSED.assign(other=11.0)
        ),
        "outside \\[-10, 10\\]",
    ),
    (lambda: engagement.moves(EXAMPLE.assign(direction="by"), [DAY], 0), "window is 0"),
]


@pytest.mark.parametrize("call, message", BAD, ids=[m for _, m in BAD])
def test_arguments_without_sense_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- the difference of two spells -----------------------------------------------------------------


@pytest.fixture(scope="module")
def case():
    return data.open_case()


def test_a_difference_without_doubt_is_that_of_the_indices(case):
    before, after = (
        pd.date_range("2000-09-30", "2001-08-31", freq="ME"),
        pd.date_range("2002-01-31", "2002-12-31", freq="ME"),
    )
    found = engagement.difference(
        case.events,
        before,
        after,
        "hedge",
        draws=3,
        poles=case.poles,
        resample=False,
        sample_dates=False,
        perturb=0,
    )
    mean = [
        engagement.indices(engagement.engagement(case.events, spell), case.poles)[
            "hedge"
        ].mean()
        for spell in (before, after)
    ]
    assert (found["before"], found["after"]) == pytest.approx(tuple(mean))
    assert [found["value"], found["lower"], found["upper"]] == pytest.approx(
        [mean[1] - mean[0]] * 3
    )


def test_what_both_spells_share_does_not_widen_the_band(case):
    months = pd.date_range("2002-01-31", "2002-12-31", freq="ME")
    near = engagement.difference(
        case.events, months[:6], months[6:], "entropy", draws=400
    )
    single = (
        engagement.bands(case.events, months[:1], draws=400)
        .query("index == 'entropy'")
        .iloc[0]
    )
    assert near["upper"] - near["lower"] < single["upper"] - single["lower"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"index": "tilt", "poles": None}, "index is 'tilt'"),
        ({"after": ["2001-01-31"]}, "share a day"),
    ],
)
def test_a_difference_of_nothing_is_refused(case, change, message):
    arguments = {
        "before": ["2001-01-31"],
        "after": ["2002-01-31"],
        "index": "entropy",
        **change,
    }
    with pytest.raises(ValueError, match=message):
        engagement.difference(case.events, draws=2, **arguments)
