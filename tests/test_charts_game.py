"""Charts and explorer of the two-level game: what the page holds is what the functions give, over the whole sliders."""

import itertools
import json
import math

import numpy as np
import pandas as pd
import pytest

from multivector import breaks, charts, data, explorers, game

GROUPS = {"ideals": (0.2, 0.5, 0.9), "weights": (0.4, 0.35, 0.25)}
SIDES = {"home_ideal": 0.5, "foreign_ideal": 1.0}
THREE = pd.DataFrame(
    {
        "group": ["one", "two", "three"],
        "ideal": GROUPS["ideals"],
        "weight": GROUPS["weights"],
    }
)
ENDS = ("all here", "all there")
REVERSIONS, STAKES = (
    np.linspace(0, 1, 21).round(2),
    np.linspace(-0.06, 0.12, 10).round(2),
)
FINE, POWERS = np.linspace(-0.04, 0.12, 17).round(2), np.linspace(0.1, 0.9, 9).round(1)
RULES = np.linspace(0, 1, 21).round(2)
DIALS = np.linspace(0, 1, 21).round(2)
THREATS = [0, 0.25, 0.5, 0.75, 1]
WINDOWS = (90, 180, 365)


@pytest.fixture(scope="module")
def case():
    return data.open_case()


@pytest.fixture(scope="module")
def board():
    levels = game.by_stake(REVERSIONS, STAKES, **GROUPS, **SIDES)
    start = {"reversion": 0.3, "stake": 0.04, "threshold": 0.5, "constraint": 1}
    return charts.game.win_set_board(
        levels,
        game.accepted(GROUPS["ideals"], REVERSIONS, STAKES),
        THREE,
        *SIDES.values(),
        ENDS,
        start,
    ).to_dict()


@pytest.fixture(scope="module")
def curves():
    return game.by_stake([0.3], FINE, POWERS, game.PAYERS, **GROUPS, **SIDES)


@pytest.fixture(scope="module")
def tied(curves):
    return charts.game.tied_hands(
        curves,
        game.tied_by_stake(curves),
        0.5,
        {"stake": -0.03, "power": 0.1, "payer": "groups"},
        ENDS,
    ).to_dict()


def rows_with(spec, field):
    """The rows of a chart that hold a field."""
    return next(rows for rows in spec["datasets"].values() if field in rows[0])


def played(reversion, stake, need, power=0.5, payer="groups"):
    """Win-set and agreement straight from the two functions, for one place of the sliders."""
    won = game.win_set(
        **GROUPS,
        reversion=reversion,
        threshold=need,
        costs=max(stake, 0.0),
        transfers=min(stake, 0.0),
    )
    return won, game.bargain(
        **SIDES,
        reversion=reversion,
        feasible=won,
        home_cost=max(stake, 0.0),
        power=power,
        home_transfer=min(stake, 0.0) if payer == "everybody" else 0.0,
    )


def same(drawn, expected, digits):
    """Is a drawn number, or null, the expected one but for its rounding?"""
    return (
        drawn is None
        if expected is None
        else drawn is not None and abs(drawn - expected) <= 0.51 * 10**-digits
    )


# --- the win-set, over all four sliders -----------------------------------------------------------


def test_every_place_of_the_four_sliders_shows_what_the_functions_give(board):
    """The page picks the row with above < c R <= upto, which every pair of the two rules must find once."""
    settings = {(row["q"], row["k"]): row for row in rows_with(board, "at")}
    assert set(settings) == set(itertools.product(REVERSIONS.tolist(), STAKES.tolist()))
    needs = {float(r * c) for r in RULES for c in RULES}
    for (q, k), row in settings.items():
        expected = {need: None for need in needs}
        for need in needs:
            (drawn,) = (at for at in row["at"] if at[0] + 1e-9 < need <= at[1] + 1e-9)
            won, deal = expected[need] = played(q, k, min(need, 1.0))
            assert len(drawn[2]) == len(won), (q, k, need)
            assert all(
                same(a, b, 4)
                for one, other in zip(drawn[2], won)
                for a, b in zip(one, other)
            ), (q, k, need)
            assert all(same(a, b, 4) for a, b in zip(drawn[3:], deal or (None,) * 3)), (
                q,
                k,
                need,
            )


def test_what_each_group_accepts_is_what_it_accepts(board):
    for row in rows_with(board, "at"):
        for ideal, low, high in zip(GROUPS["ideals"], row["low"], row["high"]):
            expected = game.acceptance(
                ideal, row["q"], cost=max(row["k"], 0), transfer=min(row["k"], 0)
            ) or (None, None)
            assert same(low, expected[0], 4) and same(high, expected[1], 4)


def test_the_page_picks_rows_by_the_product_of_both_rules(board):
    text = json.dumps(board)
    assert (
        "datum.above + 1e-09 < threshold * constraint && threshold * constraint <= datum.upto + 1e-09"
        in text
    )
    assert "abs(datum.q - reversion) < 0.001 && abs(datum.k - stake) < 0.001" in text
    controls = {p["name"]: p["bind"] for p in board["params"] if "bind" in p}
    assert {name: (c["min"], c["max"], c["step"]) for name, c in controls.items()} == {
        "reversion": (0, 1, 0.05),
        "stake": (-0.06, 0.12, 0.02),
        "threshold": (0, 1, 0.05),
        "constraint": (0, 1, 0.05),
    }


def test_the_chapter_tells_where_the_win_set_splits_and_vanishes():
    won, deal = played(0.6, -0.04, 0.25)
    assert len(won) == 2 and deal is None
    assert played(0.6, -0.04, 0.5) == ([], None)


@pytest.mark.parametrize("name", ["board", "tied"])
def test_a_chart_does_not_outweigh_the_page(name, request):
    assert (
        len(json.dumps(request.getfixturevalue(name), separators=(",", ":"))) < 120_000
    )


# --- by need, and tied hands ----------------------------------------------------------------------


def test_ranges_follow_one_another_and_differ():
    rows = game.by_need(
        {"reversion": [0.1, 0.3], "costs": [0.0, 0.04]}, **GROUPS, **SIDES
    )
    for _, own in rows.groupby(["reversion", "costs"]):
        assert own["above"].iloc[0] == -1 and own["upto"].iloc[-1] == 1
        assert own["above"].tolist()[1:] == own["upto"].tolist()[:-1]
        assert all(a != b for a, b in itertools.pairwise(own["intervals"]))
        assert set(own["upto"]) <= {0.0, 0.25, 0.35, 0.4, 0.6, 0.65, 0.75, 1.0}


def test_halves_of_a_group_change_no_range():
    """The exercise of the chapter: more places where something could change, and nothing does."""
    whole = game.by_need([{"reversion": 0.3}], **GROUPS, **SIDES, costs=0.04)
    halved = game.by_need(
        [{"reversion": 0.3}],
        ideals=(0.2, 0.2, 0.5, 0.9),
        weights=(0.2, 0.2, 0.35, 0.25),
        **SIDES,
        costs=0.04,
    )
    pd.testing.assert_frame_equal(whole, halved)
    moved = game.by_need(
        [{"reversion": 0.3}],
        ideals=(0.2, 0.4, 0.5, 0.9),
        weights=(0.2, 0.2, 0.35, 0.25),
        **SIDES,
        costs=0.04,
    )
    assert moved["intervals"].tolist() != whole["intervals"].tolist()


def test_weights_that_meet_by_rounding_are_one_place():
    third = 1 / 3
    rows = game.by_need(
        [{"reversion": 0.3}], ideals=(0.2, 0.5, 0.8), weights=(third,) * 3, **SIDES
    )
    assert len(rows) == 4 and rows["upto"].tolist() == pytest.approx(
        [0, third, 2 * third, 1]
    )


def test_tied_hands_gain_lose_and_break_off():
    """The three places that the chapter names."""
    gains = game.tied_hands(game.by_stake([0.3], [-0.03], [0.1], **GROUPS, **SIDES))
    assert (gains.above, gains.upto, gains.no_deal_above) == (0.25, 0.6, 0.6)
    assert gains.best == pytest.approx(0.03) and gains.free == pytest.approx(0.0175)
    helped = game.tied_hands(game.by_stake([0.3], [0.04], [0.1], **GROUPS, **SIDES))
    assert (
        (helped.above, helped.upto) == (0.6, 1)
        and helped.best > 2 * helped.free
        and math.isnan(helped.no_deal_above)
    )
    hurt = game.tied_hands(game.by_stake([0.3], [0.02], [0.5], **GROUPS, **SIDES))
    assert hurt.best == hurt.free > hurt.least + 0.01 and math.isnan(hurt.no_deal_above)


def test_who_bears_the_levy_decides_whether_tied_hands_help():
    """The opening example: the same levy, borne by the groups alone and by the home side as well."""
    spared, paying = (
        game.tied_hands(
            game.by_stake([0.3], [-0.03], [0.1], [payer], **GROUPS, **SIDES)
        )
        for payer in game.PAYERS
    )
    assert spared.best > spared.free + 0.012
    assert paying.best == paying.free == paying.least == pytest.approx(0.0053, abs=5e-5)
    assert (paying.above, paying.upto, paying.no_deal_above) == (0, 0.6, 0.6)


@pytest.mark.parametrize("power", POWERS)
def test_a_cost_of_no_agreement_is_no_levy(power):
    """At a stake of 0 or more nobody pays, so that it makes no difference who would; tied hands still help there."""
    one, other = (
        game.by_stake([0.3], [0.0, 0.04, 0.12], [power], [payer], **GROUPS, **SIDES)
        for payer in game.PAYERS
    )
    pd.testing.assert_frame_equal(
        one.drop(columns="payer"), other.drop(columns="payer")
    )
    tied = game.tied_by_stake(other).set_index("stake")
    assert (tied["best"] > tied["free"]).loc[0.12] == (power <= 0.7)


@pytest.mark.parametrize("stake", [-0.04, -0.03, -0.01])
@pytest.mark.parametrize("power", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_the_agreement_of_a_home_side_that_pays_is_that_of_a_fine_search(stake, power):
    for need in (0.2, 0.5):
        won, deal = played(0.3, stake, need, power, "everybody")
        x = np.linspace(0, 1, 100001)
        ratified = np.any([(a <= x) & (x <= b) for a, b in won], axis=0)
        home = -((x - 0.5) ** 2) + 0.2**2 + stake
        foreign = -((x - 1) ** 2) + 0.7**2
        possible = ratified & (home >= -1e-12) & (foreign >= 0)
        product = np.where(
            possible,
            np.maximum(home, 0) ** power * np.maximum(foreign, 0) ** (1 - power),
            -1,
        )
        assert deal.home_gain == pytest.approx(home[product.argmax()], abs=2e-5)
        assert (
            product.max()
            <= deal.home_gain**power * deal.foreign_gain ** (1 - power) + 1e-9
        )
    assert played(0.3, -0.05, 0.2, power, "everybody")[1] is None


@pytest.mark.parametrize(
    "stake, power",
    [(-0.03, 0.1), (-0.04, 0.5), (0.0, 0.3), (0.02, 0.5), (0.04, 0.2), (0.12, 0.9)],
)
def test_tied_hands_agree_with_a_fine_search_over_thresholds(stake, power):
    found = game.tied_hands(game.by_stake([0.3], [stake], [power], **GROUPS, **SIDES))
    thresholds = np.linspace(0, 1, 401)
    curve = game.lattice(
        {"threshold": thresholds},
        **GROUPS,
        **SIDES,
        reversion=0.3,
        costs=max(stake, 0),
        transfers=min(stake, 0),
        home_cost=max(stake, 0),
        power=power,
    )
    assert found.best == pytest.approx(
        curve["home_gain"].max()
    ) and found.least == pytest.approx(curve["home_gain"].min())
    best = curve.loc[curve["home_gain"] >= found.best - 1e-12, "threshold"]
    assert found.above <= best.min() <= found.above + 0.0026 and (
        best.max() == pytest.approx(found.upto, abs=0.0026) or found.upto < best.max()
    )
    none = curve.loc[~curve["deal"], "threshold"]
    assert (
        none.empty
        if math.isnan(found.no_deal_above)
        else none.min() == pytest.approx(found.no_deal_above, abs=0.0026)
    )


def test_the_curve_on_the_page_is_that_of_the_functions(tied):
    rows = rows_with(tied, "at")
    settings = [(payer, row["k"], row["p"]) for row in rows for payer in row["b"]]
    assert sorted(settings) == sorted(
        itertools.product(game.PAYERS, FINE.tolist(), POWERS.tolist())
    )
    told = [(row, payer) for row in rows for payer in row["b"]]
    for row, payer in told:
        for threshold in RULES[1:]:
            (drawn,) = (
                at for at in row["at"] if at[0] + 1e-9 < threshold <= at[1] + 1e-9
            )
            won, deal = played(0.3, row["k"], threshold, row["p"], payer)
            assert all(
                same(a, b, 5)
                for one, other in zip(drawn[2], won, strict=True)
                for a, b in zip(one, other)
            )
            assert all(same(a, b, 5) for a, b in zip(drawn[3:], deal or (None,) * 3))
        found = game.tied_hands(
            game.by_stake([0.3], [row["k"]], [row["p"]], [payer], **GROUPS, **SIDES)
        )
        assert (
            same(row["best"], found.best, 5)
            and same(row["free"], found.free, 5)
            and (row["from"], row["to"]) == (found.above, found.upto)
        )
        assert row["no_deal_above"] == (
            None if math.isnan(found.no_deal_above) else found.no_deal_above
        )


def test_the_word_for_a_step_is_never_a_matter_of_rounding(curves):
    """Gains differ from those of free hands by nothing, or by more than the page's threshold."""
    setting = ["payer", "stake", "power"]
    free = curves[curves["above"] == -1].set_index(setting)["home_gain"]
    apart = (
        (
            curves["home_gain"]
            - free.loc[
                list(curves[setting].itertuples(index=False, name=None))
            ].to_numpy()
        )
        .abs()
        .dropna()
    )
    assert ((apart < 1e-12) | (apart > 4e-5)).all() and (apart > 4e-5).any()


BAD = [
    (
        lambda: game.by_need([{"reversion": 0.3}], **GROUPS, **SIDES, threshold=0.5),
        "games names 'threshold'; allowed: ideals",
    ),
    (
        lambda: game.by_need([{"costs": 0.3}], **GROUPS, **SIDES),
        "games lacks reversion; allowed: a value for each of ideals",
    ),
    (
        lambda: game.by_need(
            [{"reversion": 0.3}], ideals=[0.5] * 13, weights=[1 / 13] * 13, **SIDES
        ),
        "ideals has 13 values; allowed: 12 groups or fewer",
    ),
    (
        lambda: game.by_stake([1.3], [0.1], **GROUPS, **SIDES),
        "reversion is 1.3; allowed: from 0 to 1",
    ),
    (
        lambda: game.by_stake([0.3], [0.1], payers=["nobody"], **GROUPS, **SIDES),
        "payers holds 'nobody'; allowed: 'groups', 'everybody'",
    ),
    (
        lambda: game.bargain(0.5, 1, 0.3, [(0, 1)], home_transfer=math.nan),
        "home_transfer is nan; allowed: a finite number",
    ),
    (
        lambda: game.accepted([0.5, 2.0], [0.3], [0.1]),
        "ideal is 2.0; allowed: from 0 to 1",
    ),
    (
        lambda: game.by_stake(0.3, [0.1], **GROUPS, **SIDES),
        "reversions is 0.3; allowed: a sequence",
    ),
    (
        lambda: game.tied_hands(game.by_stake([0.3, 0.4], [0.1], **GROUPS, **SIDES)),
        "rows do not run from -1 to 1 without a gap",
    ),
    (
        lambda: game.mixtures(0.5, 0.1, [0.2], [0, 2], 0.4, [0.5]),
        "threat is 2; allowed: from 0 to 1",
    ),
]


@pytest.mark.parametrize("call, message", BAD, ids=[m for _, m in BAD])
def test_arguments_without_sense_are_refused_by_name(call, message):
    with pytest.raises(ValueError) as refused:
        call()
    assert message in str(refused.value)


def test_tied_hands_need_a_deal():
    rows = pd.DataFrame(
        {"above": [-1.0, 0.0], "upto": [0.0, 1.0], "home_gain": [math.nan] * 2}
    )
    with pytest.raises(ValueError, match="rows hold no deal"):
        game.tied_hands(rows)


def test_the_ends_of_the_policy_are_named(tied):
    title = tied["vconcat"][1]["title"]["text"]
    assert title == "Policy x: 0 all here, 1 all there"


# --- leader and agencies --------------------------------------------------------------------------


def test_leader_and_mixture_on_the_page_are_those_of_the_functions():
    agencies = game.resultant((0.6, 0.4, 0.2), (0.5, 0.3, 0.2))
    lattice = game.mixtures(0.5, 0.1, DIALS, THREATS, agencies, DIALS)
    spec = charts.game.leader_and_agencies(
        lattice, THREATS, agencies, 0.1, {"baseline": 0.2, "weight": 0.5}, ENDS
    ).to_dict()
    rows = rows_with(spec, "mixed")
    assert {(r["baseline"], r["weight"]) for r in rows} == set(
        itertools.product(DIALS.tolist(), DIALS.tolist())
    )
    for row in rows:
        for threat, alone, mixed in zip(
            THREATS, row["leader"], row["mixed"], strict=True
        ):
            leader = game.leader_ideal(0.5, 0.1, row["baseline"], threat)
            assert same(alone, leader, 4) and same(
                mixed, row["weight"] * agencies + (1 - row["weight"]) * leader, 4
            )
    assert next(r["leader"] for r in rows if r["baseline"] == 0.2) == [
        0.42,
        0.34,
        0.26,
        0.18,
        0.1,
    ]
    assert "0.4600" in json.dumps(spec)


# --- threats round the calendar -------------------------------------------------------------------


@pytest.fixture(scope="module", params=data.CODINGS)
def calendar(request):
    """Shifts, tests and chart as the chapter makes them, in one coding."""
    opened = data.open_case(coding=request.param)
    moves = opened.events[
        (opened.events.direction == "by") & opened.events.vector.isin(opened.poles)
    ]
    moves, days = (
        moves.assign(value=moves.goldstein * moves.weight),
        opened.threats()["start"].unique(),
    )
    span = (opened.span()[0], opened.period("bakiyev")[1])
    tests = {w: breaks.lead_lag(days, moves, w, span) for w in WINDOWS}
    shifted = pd.concat(
        [breaks.shifts(days, moves, w, span).assign(window=w) for w in WINDOWS]
    )
    return (
        shifted,
        tests,
        charts.threats_shifted(shifted, tests, "Somebody (2000)").to_dict(),
    )


def test_the_dark_bars_are_p(calendar):
    """All shifts are drawn, and the share of those at least as far from 0 is the p of the test."""
    shifted, tests, spec = calendar
    bars = pd.DataFrame(rows_with(spec, "bottom"))
    for window, own in bars.groupby("window"):
        far = own["far"] == "as large as observed, either way"
        assert (
            own["shifts"].sum()
            == tests[window].draws
            == (shifted["window"] == window).sum()
        )
        assert own.loc[far, "shifts"].sum() / own["shifts"].sum() == pytest.approx(
            tests[window].p, abs=1e-12
        )
        assert (own["top"] - own["bottom"]).to_numpy() == pytest.approx(
            (own["shifts"] / own["shifts"].sum()).to_numpy(), abs=2e-5
        )


def test_bars_stand_on_one_another_and_hold_their_shifts(calendar):
    shifted, _, spec = calendar
    bars = pd.DataFrame(rows_with(spec, "bottom"))
    for (window, low), own in bars.groupby(["window", "low"]):
        own = own.sort_values("bottom")
        assert (
            own["bottom"].iloc[0] == 0
            and own["bottom"].tolist()[1:] == own["top"].tolist()[:-1]
        )
        statistics = shifted.loc[shifted["window"] == window, "statistic"].round(9)
        assert (
            own["shifts"].sum() == ((statistics >= low) & (statistics < low + 1)).sum()
        )


def test_every_threat_left_out_is_drawn(calendar):
    _, tests, spec = calendar
    drawn = pd.DataFrame(rows_with(spec, "threat"))
    for window, test in tests.items():
        own = drawn[drawn["window"] == window]
        assert own["statistic"].to_numpy() == pytest.approx(
            test.details["statistic"].to_numpy(), abs=1e-5
        )
        assert (
            own["p"].to_numpy() == pytest.approx(test.details["p"].to_numpy(), abs=1e-5)
            and len(own) == test.n
        )
        assert (
            not own.assign(at=own["statistic"].round(1))
            .duplicated(["at", "lift"])
            .any()
        ), "one hides another"


def test_a_single_threat_is_drawn_and_none_is_left_out():
    opened = data.open_case(coding="record")
    moves = opened.events[opened.events.direction == "by"]
    moves = moves.assign(value=moves.goldstein * moves.weight)
    days, span = [opened.threats()["start"].iloc[0]], opened.span()
    tests = {180: breaks.lead_lag(days, moves, 180, span)}
    shifted = breaks.shifts(days, moves, 180, span).assign(window=180)
    spec = charts.threats_shifted(shifted, tests, "Somebody (2000)").to_dict()
    told = {name for rows in spec["datasets"].values() for name in (rows or [{}])[0]}
    assert "bottom" in told and not {"threat", "words"} & told


# --- the explorer ---------------------------------------------------------------------------------


def test_the_explorer_draws_what_the_functions_give(case):
    text = "army, .2, .3, .04\ntrade, .5, .2, 0, 2, .1\nvillages, .6, .2, .1\nclans, .8, .3"
    setting = {
        "reversion": 0.1,
        "threshold": 0.8,
        "constraint": 0.9,
        "target": 0.7,
        "power": 0.3,
    }
    spec = explorers.GameExplorer(case).figure(text, **setting).to_dict()
    given = {"costs": (0.04, 0, 0.1, 0), "salience": (1, 2, 1, 1)}
    ideals, weights = (0.2, 0.5, 0.6, 0.8), (0.3, 0.2, 0.2, 0.3)
    won = game.win_set(
        ideals, weights, 0.1, 0.8, **given, transfers=(0, 0.1, 0, 0), constraint=0.9
    )
    deal = game.bargain(0.5, 1.0, 0.1, won, home_cost=0.04, power=0.3)
    (level,) = rows_with(spec, "intervals")
    assert [tuple(piece) for piece in level["intervals"]] == [
        tuple(round(v, 4) for v in piece) for piece in won
    ] and level["x"] == round(deal.x, 4)
    bars = rows_with(spec, "low")
    assert [(b["low"], b["high"]) for b in bars] == [
        tuple(round(v, 4) for v in game.acceptance(p, 0.1, k, s, t))
        for p, k, s, t in zip(ideals, given["costs"], given["salience"], (0, 0.1, 0, 0))
    ]
    bought = game.cheapest_coalition(
        ideals, weights, 0.1, 0.7, 0.8, **given, constraint=0.9
    )
    lanes = rows_with(spec, "label")
    assert [i for i, lane in enumerate(lanes) if ": joins" in lane["label"]] == list(
        bought.members
    )
    assert f"costs {bought.cost:.3f}" in " ".join(spec["title"]["text"])


@pytest.mark.parametrize(
    "setting, bill, joins",
    [
        (
            {},
            "to pass 0.80, group 2 must be paid 0.010",
            ["", ": joins for 0.010", ": joins unpaid"],
        ),
        ({"target": 0.3}, "0.30 passes without payment", [": joins unpaid"] * 3),
    ],
)
def test_the_figure_says_who_must_be_paid(case, setting, bill, joins):
    """Members who accept the agreement as it is cost nothing; the prices of the others make up the whole."""
    spec = explorers.GameExplorer(case).figure(**setting).to_dict()
    assert rows_with(spec, "bill") == [{"bill": bill}]
    assert [
        lane["label"].partition(")")[2] for lane in rows_with(spec, "label")
    ] == joins


def test_a_group_that_accepts_nothing_and_a_game_without_a_deal_are_drawn(case):
    spec = (
        explorers.GameExplorer(case)
        .figure("a, .3, .5, 0, 1, -.1\nb, .9, .5", reversion=0.3, threshold=1.0)
        .to_dict()
    )
    assert rows_with(spec, "low")[0]["low"] is None
    (level,) = rows_with(spec, "intervals")
    assert (
        level["intervals"] == []
        and level["x"] is None
        and "there is no deal" in " ".join(spec["title"]["text"])
    )


def test_the_explorer_says_what_is_wrong_and_keeps_its_figure(case):
    hint, text, *sliders, message, plot = explorers.GameExplorer(case).widget().children
    before = plot.spec
    sliders[0].value = 0.6
    assert plot.spec != before and message.value == ""
    before = plot.spec
    text.value = "a, .2, .4\nb, .5, .4"
    assert (
        "weights is [0.4, 0.4], with the sum 0.8; allowed" in message.value
        and plot.spec == before
    )
    text.value = "a, .2, much"
    assert "groups has the line" in message.value and plot.spec == before
    text.value = "a, .2, .5\n<b>, .5, .5"
    assert message.value == "" and plot.spec != before
    text.value = ""
    assert "ideals is []; allowed: one group or more" in message.value


@pytest.mark.parametrize(
    "text, message",
    [
        ("a, .2", "groups has the line 'a, .2'"),
        (", .2, .5", "groups has the line"),
        ("a, .2, .4, 0, 1, 0, 7", "groups has the line"),
        ("a, .2, .5\na, .3, .5", "groups has 'a' twice"),
        ("a, nan, 1", "ideals is [nan]"),
    ],
)
def test_lines_without_sense_are_named(case, text, message):
    with pytest.raises(ValueError) as refused:
        explorers.GameExplorer(case).figure(text)
    assert message in str(refused.value)


def test_the_explorer_leaves_a_figure_on_the_page(case, monkeypatch):
    shown = []
    monkeypatch.setattr(explorers.explorer, "display", shown.append)
    monkeypatch.setenv("MULTIVECTOR_RENDERER", "book")
    explorers.GameExplorer(case)._ipython_display_()
    note, figure = shown
    assert (
        "essay-run" in note.data
        and "any number of groups" in note.data
        and figure.to_dict()["usermeta"]["essay"]["kind"] == "model"
    )
    monkeypatch.delenv("MULTIVECTOR_RENDERER")
    explorers.GameExplorer(case)._ipython_display_()
    assert len(shown[-1].children) == 13
