"""The two-stage model: the worked example, signs, and a fit checked against grids and simulations."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multivector import arena

unit = st.floats(0, 1)
tilt = st.floats(-1, 1)
slope = st.floats(0, 8)
NARROW = {
    "intercept": (0.3, 0.8),
    "significance": (1.0, 0.5),
    "commitment": (0.5, 0.5),
    "threat": (1.0, 0.7),
}


def simulated(n, coefficients, seed, model=arena.arena, cut=1.0):
    """Episodes with known coefficients and cut; at a cut of 1 none is undecided."""
    rng = np.random.default_rng(seed)
    inputs = dict(zip(arena.INPUTS, rng.random((3, n))))
    chances = arena.outcomes(model(**inputs, coefficients=coefficients), cut)
    tossed = rng.random(n)
    outward = tossed < chances.outward
    undecided = ~outward & (tossed < chances.outward + chances.undecided)
    return pd.DataFrame(inputs | {"external": outward + 0.5 * undecided})


def predicted(found, episodes, leader=None):
    """Mean and central 90 % of the weight of the external arena in each episode, prior and posterior."""
    tables = {}
    for source, part in found.draws.groupby("source", observed=True):
        wide = part.pivot(index="draw", columns="coefficient", values="value")
        start = wide["intercept"] + (0 if leader is None else wide[f"leader {leader}"])
        slopes = wide[list(arena.INPUTS)].to_numpy() * [1, 1, -1]
        eta = start.to_numpy()[:, None] + slopes @ episodes[list(arena.INPUTS)].T
        pi = 1 / (1 + np.exp(-eta))
        lower, upper = np.quantile(pi, [0.05, 0.95], axis=0)
        tables[source] = pd.DataFrame(
            {"mean": np.mean(pi, axis=0), "lower": lower, "upper": upper}
        )
    return pd.concat(tables, names=["source"]).reset_index("source")


TWELVE = simulated(12, (-1, 3, 1, 2), 7)
MIXED = simulated(12, (-1, 3, 1, 2), 7, cut=3.0)


# --- the two stages ---------------------------------------------------------------------------


def test_the_worked_example():
    pi = arena.arena(
        significance=0.2, commitment=0.5, threat=0.2, coefficients=(-2, 4, 1, 2)
    )
    assert round(pi, 4) == 0.2497
    assert round(arena.direction(pi, -0.4, 0.6), 4) == 0.3503


@given(unit, unit, unit, unit, st.tuples(st.floats(-5, 5), slope, slope, slope))
def test_the_signs_of_the_inputs(g, e, t, other, coefficients):
    pi = arena.arena(g, e, t, coefficients)
    assert 0 <= pi <= 1
    low, high = sorted((g, other))
    assert (
        arena.arena(low, e, t, coefficients)
        <= arena.arena(high, e, t, coefficients) + 1e-12
    )
    low, high = sorted((e, other))
    assert (
        arena.arena(g, low, t, coefficients)
        <= arena.arena(g, high, t, coefficients) + 1e-12
    )
    low, high = sorted((t, other))
    for order in (arena.arena, arena.arena_internal_first):
        assert order(g, e, low, coefficients) >= order(g, e, high, coefficients) - 1e-12


@pytest.mark.parametrize("place, sign", [(0, 1), (1, 1), (2, -1)])
def test_each_input_moves_the_weight_its_own_way(place, sign):
    low, high = [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]
    low[place], high[place] = 0.2, 0.8
    for order in (arena.arena, arena.arena_internal_first):
        assert np.sign(order(*high, (-2, 4, 1, 2)) - order(*low, (-2, 4, 1, 2))) == sign


@given(unit, tilt, tilt)
def test_direction_lies_between_its_ends(pi, external, internal):
    found = arena.direction(pi, external, internal)
    assert min(external, internal) <= found <= max(external, internal)


def test_direction_at_its_ends_and_arrays():
    assert (
        arena.direction(0, -0.4, 0.6) == 0.6 and arena.direction(1, -0.4, 0.6) == -0.4
    )
    lattice = arena.arena(
        np.linspace(0, 1, 5)[:, None], 0.5, np.linspace(0, 1, 3)[None, :], (-2, 4, 1, 2)
    )
    assert lattice.shape == (5, 3) and isinstance(
        arena.arena(1, 1, 1, (0, 0, 0, 0)), float
    )
    assert arena.direction(lattice, -0.4, 0.6).shape == (5, 3)


def test_coefficients_without_end_do_not_overflow():
    with np.errstate(all="raise", under="ignore"):
        assert (
            arena.arena(1, 1, 0, (1e6, 0, 0, 0)) == 1
            and arena.arena(1, 1, 0, (-1e6, 0, 0, 0)) == 0
        )


@given(unit, unit, unit, st.tuples(st.floats(-5, 5), slope, slope, slope))
def test_the_reverse_order_by_its_definition(g, e, t, coefficients):
    """The orders agree without a threat; with one, nothing outside lifts the reverse above the gate."""
    reverse = arena.arena_internal_first(g, e, t, coefficients)
    assert arena.arena_internal_first(g, e, 0, coefficients) == pytest.approx(
        arena.arena(g, e, 0, coefficients)
    )
    assert reverse <= np.exp(-coefficients[3] * t) + 1e-12
    assert reverse == pytest.approx(
        np.exp(-coefficients[3] * t) * arena.arena(g, e, 0, coefficients)
    )


def test_the_orders_part_where_both_arenas_call():
    loud = (1.0, 1.0, 1.0, (0, 10, 10, 2))
    assert arena.arena(*loud) > 0.99 and arena.arena_internal_first(
        *loud
    ) == pytest.approx(np.exp(-2), rel=1e-4)
    assert arena.arena_internal_first(
        0.5, 0.5, 1, (0, 1, 1, -3)
    ) == arena.arena_internal_first(0.5, 0.5, 0, (0, 1, 1, -3))


# --- the fit ----------------------------------------------------------------------------------


def on_a_grid(episodes, prior, names, chance_of, width=5.0, points=301):
    """Posterior mean and sd of each coefficient, and weights, from a plain grid; nothing of the sampler's."""
    axes = [
        np.linspace(
            prior[k][0] - width * prior[k][1], prior[k][0] + width * prior[k][1], points
        )
        for k in names
    ]
    mesh = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(names))
    logp = sum(
        -0.5 * ((mesh[:, i] - prior[k][0]) / prior[k][1]) ** 2
        for i, k in enumerate(names)
    )
    for row in episodes.itertuples():
        logp = logp + np.log(np.maximum(chance_of(mesh, row), 1e-300))
    weight = np.exp(logp - logp.max())
    weight /= weight.sum()
    mean = weight @ mesh
    return mean, np.sqrt(weight @ (mesh - mean) ** 2), mesh, weight


def logistic(x):
    return 1 / (1 + np.exp(-x))


def two_ways(pi_of):
    """The chance of what was seen where nothing is undecided."""

    def chance_of(mesh, row):
        pi = pi_of(mesh, row)
        return pi if row.external == 1 else 1 - pi

    return chance_of


def three_ways(pi_of):
    """The chance of what was seen by the ordinal logit as a textbook writes it; the last coefficient sets the cut."""

    def chance_of(mesh, row):
        eta = np.log(pi_of(mesh, row)) - np.log1p(-pi_of(mesh, row))
        point = np.log1p(np.exp(mesh[:, -1]))
        below, above = logistic(-point - eta), logistic(point - eta)
        return {0: below, 0.5: above - below, 1: 1 - above}[row.external]

    return chance_of


def often(mesh, row):
    return logistic(mesh[:, 0])


def threat_only(mesh, row):
    return logistic(mesh[:, 0] - mesh[:, 1] * row.threat)


def full(mesh, row):
    return logistic(
        mesh[:, 0]
        + mesh[:, 1] * row.significance
        + mesh[:, 2] * row.commitment
        - mesh[:, 3] * row.threat
    )


def reversed_order(mesh, row):
    return np.exp(-np.maximum(mesh[:, 3], 0) * row.threat) * logistic(
        mesh[:, 0] + mesh[:, 1] * row.significance + mesh[:, 2] * row.commitment
    )


CASES = [
    ("internal only", ("intercept", "threat"), two_ways(threat_only), 301, TWELVE),
    ("both", arena.COEFFICIENTS, two_ways(full), 27, TWELVE),
    ("internal first", arena.COEFFICIENTS, two_ways(reversed_order), 27, TWELVE),
    ("neither", ("intercept", arena.CUT), three_ways(often), 301, MIXED),
    (
        "internal only",
        ("intercept", "threat", arena.CUT),
        three_ways(threat_only),
        81,
        MIXED,
    ),
]


@pytest.mark.parametrize("prior", [arena.PRIOR, NARROW], ids=["weak", "narrow"])
@pytest.mark.parametrize(
    "model, names, chance_of, points, episodes",
    CASES,
    ids=[f"{c[0]}, {len(c[1])}" for c in CASES],
)
def test_the_posterior_is_that_of_a_grid(
    model, names, chance_of, points, episodes, prior
):
    prior = {arena.CUT: arena.CUT_PRIOR, **prior}
    mean, sd, _, _ = on_a_grid(episodes, prior, names, chance_of, points=points)
    found = arena.fit(episodes, prior, draws=20000, model=model)
    table = (
        found.summary.query("source == 'posterior'")
        .set_index("coefficient")
        .loc[list(names)]
    )
    assert found.diagnostics["enough"]
    assert table["mean"].to_numpy() == pytest.approx(mean, abs=0.04) and table[
        "sd"
    ].to_numpy() == pytest.approx(sd, rel=0.04)


@given(st.integers(4, 60), st.floats(0, 1), st.floats(-3, 3), st.floats(0.2, 3))
def test_one_coefficient_lies_between_the_prior_and_the_data(n, observed, centre, sd):
    outward = round(observed * n)
    episodes = pd.DataFrame({"external": [1.0] * outward + [0.0] * (n - outward)})
    found = arena.fit(episodes, {"intercept": (centre, sd)}, draws=500, model="neither")
    mean = found.summary.query("source == 'posterior'")["mean"].iloc[0]
    share = np.clip(outward / n, 1e-12, 1 - 1e-12)
    likeliest = np.log(share / (1 - share))
    # Twelve or sixty labels skew the posterior a little, and draws have noise; both are far below the sd.
    slack = 0.25 * sd
    assert min(centre, likeliest) - slack <= mean <= max(centre, likeliest) + slack


def test_more_data_move_the_mean_from_the_prior_to_the_data():
    means = []
    for n in (5, 50, 500):
        episodes = pd.DataFrame({"external": [1.0, 1.0, 1.0, 1.0, 0.0] * (n // 5)})
        means.append(
            arena.fit(episodes, {"intercept": (-1.0, 0.5)}, model="neither")
            .summary.query("source == 'posterior'")["mean"]
            .iloc[0]
        )
    assert -1 < means[0] < means[1] < means[2] < np.log(4)
    assert means[2] == pytest.approx(np.log(4), abs=0.15)


@pytest.mark.parametrize("cut", [1.5, 2.0, 4.0])
def test_many_undecided_episodes_give_the_cut_back(cut):
    episodes = simulated(3000, (-1, 4, 1, 1.5), 5, cut=cut)
    table = (
        arena.fit(episodes, draws=1000)
        .summary.query("source == 'posterior'")
        .set_index("coefficient")
    )
    for name, value in zip(
        (*arena.COEFFICIENTS, arena.CUT), (-1, 4, 1, 1.5, np.log(cut - 1))
    ):
        row = table.loc[name]
        assert abs(row["mean"] - value) < 3.5 * row["sd"] and row["sd"] < 0.5


@pytest.mark.parametrize(
    "model, order",
    [("both", arena.arena), ("internal first", arena.arena_internal_first)],
)
def test_many_episodes_give_the_coefficients_back(model, order):
    truth = dict(zip(arena.COEFFICIENTS, (-1.0, 4.0, 1.0, 1.5)))
    found = arena.fit(
        simulated(4000, tuple(truth.values()), 5, order), model=model, draws=1000
    )
    table = found.summary.query("source == 'posterior'").set_index("coefficient")
    assert found.diagnostics["enough"]
    for name, value in truth.items():
        assert (
            abs(table.loc[name, "mean"] - value) < 3.5 * table.loc[name, "sd"]
            and table.loc[name, "sd"] < 0.5
        )


def test_intervals_cover_what_the_prior_made():
    """Coefficients drawn from the prior lie in their 90 % intervals nine times in ten (simulation-based calibration)."""
    inside, runs = 0, 150
    for seed in range(runs):
        rng = np.random.default_rng(900 + seed)
        truth = [rng.normal(*arena.PRIOR[name]) for name in arena.COEFFICIENTS]
        table = (
            arena.fit(simulated(12, truth, seed), draws=400)
            .summary.query("source == 'posterior'")
            .set_index("coefficient")
            .loc[list(arena.COEFFICIENTS)]
        )
        inside += ((table["lower"] <= truth) & (truth <= table["upper"])).sum()
    assert inside / (4 * runs) == pytest.approx(0.9, abs=0.035)


def test_twelve_episodes_tell_little():
    """The numbers in the docstring of fit: what is left of the prior's spread."""
    left = []
    for seed in range(60):
        rng = np.random.default_rng(1000 + seed)
        table = arena.fit(
            simulated(
                12,
                [rng.normal(*arena.PRIOR[name]) for name in arena.COEFFICIENTS],
                seed,
            ),
            draws=500,
        ).summary
        sd = table.set_index(["source", "coefficient"])["sd"]
        left.append(
            (sd["posterior"] / sd["prior"])[list(arena.COEFFICIENTS)].to_numpy()
        )
    assert np.median(left, axis=0) == pytest.approx([0.68, 0.83, 0.89, 0.87], abs=0.05)


def test_prior_and_posterior_come_together():
    found = arena.fit(TWELVE, draws=300)
    assert (
        list(found.draws.columns) == ["source", "draw", "coefficient", "value"]
        and len(found.draws) == 2 * 300 * 4
    )
    assert (
        found.draws.groupby(["source", "coefficient"], observed=True)
        .size()
        .eq(300)
        .all()
        and found.draws["value"].notna().all()
    )
    prior = (
        arena.fit(TWELVE, draws=20000)
        .summary.query("source == 'prior'")
        .set_index("coefficient")
    )
    for name, (mean, sd) in arena.PRIOR.items():
        assert prior.loc[name, "mean"] == pytest.approx(mean, abs=0.05) and prior.loc[
            name, "sd"
        ] == pytest.approx(sd, abs=0.05)
    assert prior.loc["threat", "positive"] == pytest.approx(
        0.7475, abs=0.01
    )  # Phi(1 / 1.5), as the docstring says


def test_a_seed_gives_the_same_fit_and_rows_have_no_order():
    one, same, other = (arena.fit(TWELVE, draws=200, seed=s).draws for s in (3, 3, 4))
    pd.testing.assert_frame_equal(one, same)
    assert not one.equals(other)
    shuffled = arena.fit(TWELVE.sample(frac=1, random_state=1), draws=20000).summary[
        "mean"
    ]
    assert shuffled.to_numpy() == pytest.approx(
        arena.fit(TWELVE, draws=20000).summary["mean"].to_numpy(), abs=0.05
    )


def test_labels_that_one_input_splits_do_not_run_away():
    split = TWELVE.assign(
        significance=np.linspace(0, 1, 12),
        external=(np.linspace(0, 1, 12) > 0.5).astype(float),
    )
    for model in ("both", "internal first"):
        found = arena.fit(split, model=model)
        assert (
            found.summary["mean"].abs().max() < 8
            and np.isfinite(found.draws["value"]).all()
            and found.diagnostics["enough"]
        )


def test_what_the_fit_foretells():
    found = arena.fit(TWELVE)
    table = predicted(found, TWELVE)
    assert (
        len(table) == 24
        and (
            (table["lower"] <= table["mean"]) & (table["mean"] <= table["upper"])
        ).all()
    )
    width = (
        table.assign(width=table["upper"] - table["lower"])
        .groupby("source")["width"]
        .mean()
    )
    assert width["posterior"] < width["prior"]
    loss = {
        source: ((part["mean"].to_numpy() - TWELVE["external"]) ** 2).mean()
        for source, part in table.groupby("source")
    }
    assert loss["posterior"] < loss["prior"]


# --- leaders ----------------------------------------------------------------------------------


def test_ordinal_priors_by_hand():
    assert arena.ordinal_prior({"a": 1, "b": 9, "c": 3}, step=0.5, sd=0.4) == {
        "a": (-0.5, 0.4),
        "b": (0.5, 0.4),
        "c": (0.0, 0.4),
    }
    assert arena.ordinal_prior({"a": 2, "b": 2}) == {"a": (0.0, 0.5), "b": (0.0, 0.5)}


def test_a_leader_shifts_the_intercept_and_a_silent_leader_keeps_the_prior():
    episodes = pd.concat(
        [
            TWELVE.assign(leader="a", external=1.0),
            TWELVE.assign(leader="b", external=0.0),
        ],
        ignore_index=True,
    )
    leaders = {"a": (0.0, 1.0), "b": (0.0, 1.0), "c": (0.3, 0.7)}
    table = (
        arena.fit(episodes, leaders=leaders)
        .summary.query("source == 'posterior'")
        .set_index("coefficient")
    )
    assert table.loc["leader a", "mean"] > 0.5 and table.loc["leader b", "mean"] < -0.5
    assert table.loc["leader c", "mean"] == pytest.approx(0.3, abs=0.05) and table.loc[
        "leader c", "sd"
    ] == pytest.approx(0.7, abs=0.05)
    scores = arena.compare(episodes, ["both", "no leader"], leaders=leaders).set_index(
        "model"
    )
    assert scores.index[0] == "both" and scores.loc["no leader", "difference"] < -1
    assert scores["coefficients"].to_dict() == {"both": 7, "no leader": 4}
    first, second = (
        predicted(arena.fit(episodes, leaders=leaders), TWELVE, leader)
        .query("source == 'posterior'")["mean"]
        .mean()
        for leader in ("a", "b")
    )
    assert first > second


# --- ablations --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "episodes, names, way",
    [
        (TWELVE, ("intercept", "threat"), two_ways),
        (MIXED, ("intercept", "threat", arena.CUT), three_ways),
    ],
    ids=["two outcomes", "three outcomes"],
)
def test_held_out_scores_are_those_of_fits_without_the_episode(episodes, names, way):
    found = arena.leave_one_out(episodes, "internal only", draws=20000)
    prior = {**arena.PRIOR, arena.CUT: arena.CUT_PRIOR}
    for i in range(len(episodes)):
        _, _, mesh, weight = on_a_grid(
            episodes.drop(index=i), prior, names, way(threat_only), points=101
        )
        p = weight @ threat_only(mesh, episodes.iloc[i])
        assert found.loc[i, "predicted"] == pytest.approx(p, abs=0.005)
        seen = weight @ way(threat_only)(mesh, episodes.iloc[i])
        assert found.loc[i, "log_score"] == pytest.approx(np.log(seen), abs=0.02)


@pytest.mark.parametrize("episodes", [TWELVE, MIXED], ids=["two", "three"])
def test_chances_add_up_and_the_score_is_the_log_of_what_was_seen(episodes):
    found = arena.leave_one_out(episodes)
    assert found[list(arena.OUTCOMES)].sum(axis=1).to_numpy() == pytest.approx(1.0)
    for row in found.itertuples():
        name = {value: key for key, value in arena.OUTCOMES.items()}[row.external]
        assert row.log_score == pytest.approx(np.log(getattr(row, name)))
    assert (found["undecided"] > 0).any() == (episodes["external"] == 0.5).any()


def test_a_score_of_nothing_can_be_reached_for_every_outcome():
    """What one input orders without a miss is foretold ever better, undecided episodes too."""
    totals = []
    for n in (30, 300):
        place = np.linspace(0, 1, n)
        episodes = pd.DataFrame(
            {"external": np.floor(2.999 * place) / 2, "threat": 1 - place}
        )
        found = arena.leave_one_out(
            episodes,
            "internal only",
            {"threat": (0, 200), "intercept": (0, 200), arena.CUT: (0, 200)},
        )
        middle = found["external"] == 0.5
        totals.append(
            (found["log_score"].mean(), found.loc[middle, "log_score"].mean())
        )
    assert totals[0] < totals[1] and min(totals[1]) > -0.05


@given(unit, st.floats(1, 50))
def test_the_three_outcomes(pi, cut):
    inward, undecided, outward = arena.outcomes(pi, cut)
    assert (
        inward + undecided + outward == pytest.approx(1)
        and min(inward, undecided, outward) >= 0
    )
    turned = arena.outcomes(1 - pi, cut)
    assert (turned.inward, turned.outward) == (
        pytest.approx(outward),
        pytest.approx(inward),
    )
    assert outward <= pi + 1e-12  # a wider middle takes from both sides
    assert arena.outcomes(pi, 1).outward == pytest.approx(pi)


def test_outcomes_by_hand():
    """The worked example, and what its cut points make of it."""
    assert arena.outcomes(0.5, 2) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert arena.outcomes(0.75, 3).outward == pytest.approx(0.5)
    pi = arena.arena(0.2, 0.5, 0.2, (-2, 4, 1, 2))
    assert arena.outcomes(pi, 1) == pytest.approx((1 - pi, 0, pi))
    # ln(k) above and below the logit of the worked example, -1.1
    assert arena.outcomes(pi, np.e) == pytest.approx(
        (logistic(0.1), 1 - logistic(0.1) - logistic(-2.1), logistic(-2.1))
    )
    assert arena.outcomes(np.array([0.0, 1.0]), 4).undecided.tolist() == [0, 0]


@pytest.mark.parametrize("model", list(arena.MODELS))
def test_the_left_out_episode_is_not_looked_at(model):
    """Turning an episode's own outcome round leaves its forecast where it was."""
    turned = TWELVE.assign(
        external=TWELVE["external"].where(TWELVE.index != 4, 1 - TWELVE["external"])
    )
    one, other = (
        arena.leave_one_out(e, model, draws=20000).loc[4] for e in (TWELVE, turned)
    )
    assert (
        one["predicted"] == pytest.approx(other["predicted"], abs=0.01)
        and one["external"] != other["external"]
    )


@pytest.mark.parametrize(
    "dropped, model",
    [
        ("significance", "no significance"),
        ("commitment", "no commitment"),
        ("threat", "no threat"),
        ("threat", "external only"),
        ("all outside", "internal only"),
    ],
)
def test_an_ablation_of_what_is_truly_used_foretells_worse(dropped, model):
    episodes = simulated(250, (-1.5, 4, 4, 4), 11)
    found = arena.compare(episodes, ["both", model], draws=500).set_index("model")
    assert (
        found.index[0] == "both"
        and found.loc[model, "difference"] < -2 * found.loc[model, "error"]
    )


def test_an_ablation_of_what_is_not_used_costs_nothing():
    episodes = simulated(250, (0.5, 4, 0, 0), 12)
    found = arena.compare(episodes, ["both", "no commitment"], draws=500).set_index(
        "model"
    )
    assert (
        abs(found.loc["no commitment", "log_score"] - found.loc["both", "log_score"])
        < 2.5
    )


def test_the_order_that_made_the_episodes_wins_when_there_are_many():
    for model, order in (
        ("both", arena.arena),
        ("internal first", arena.arena_internal_first),
    ):
        episodes = simulated(1500, (0, 5, 4, 4), 13, order)
        assert (
            arena.compare(episodes, ["both", "internal first"], draws=500)[
                "model"
            ].iloc[0]
            == model
        )


def test_the_table_of_models():
    found = arena.compare(TWELVE)
    assert set(found["model"]) == set(arena.MODELS) - {"no leader", "no threat"}
    assert arena.compare(MIXED, ["both"])["coefficients"].item() == 5
    assert (
        found["log_score"].is_monotonic_decreasing
        and found["difference"].iloc[0] == 0
        and found["error"].iloc[0] == 0
    )
    assert found["difference"].to_numpy() == pytest.approx(
        (found["log_score"] - found["log_score"].iloc[0]).to_numpy()
    )
    best, last = (
        arena.leave_one_out(TWELVE, found["model"].iloc[i])["log_score"]
        for i in (0, -1)
    )
    gap = last - best
    assert found["error"].iloc[-1] == pytest.approx(np.sqrt(12 * gap.var()))
    assert found.set_index("model")["coefficients"].to_dict() == {
        "both": 4,
        "internal only": 2,
        "external only": 3,
        "no significance": 3,
        "no commitment": 3,
        "internal first": 4,
        "neither": 1,
    }


def test_who_gains_by_hand():
    table = pd.DataFrame(
        {
            "model": ["both", "internal only", "external only", "neither"],
            "log_score": [-4.0, -7.0, -6.0, -8.0],
        }
    )
    found = arena.dominance(table).set_index("block")
    assert found["gain"].to_dict() == {"internal": 1.5, "external": 2.5} and found[
        "share"
    ].to_dict() == {"internal": 0.375, "external": 0.625}
    useless = arena.dominance(table.assign(log_score=[-9.0, -9.0, -8.0, -8.0]))
    assert useless["share"].isna().all() and (useless["undefined"] != "").all()


# --- nonsense --------------------------------------------------------------------------------

NAN = float("nan")
BAD = [
    (
        lambda: arena.arena(1.2, 0.5, 0.5, (0, 0, 0, 0)),
        "significance is 1.2; allowed: a number from 0 to 1",
    ),
    (
        lambda: arena.arena(0.2, -0.1, 0.5, (0, 0, 0, 0)),
        "commitment is -0.1; allowed: a number from 0 to 1",
    ),
    (
        lambda: arena.arena(0.2, 0.1, NAN, (0, 0, 0, 0)),
        "threat is nan; allowed: a number from 0 to 1",
    ),
    (
        lambda: arena.arena(0.2, [0.1, NAN], 0.5, (0, 0, 0, 0)),
        "commitment is nan; allowed: a number from 0 to 1",
    ),
    (
        lambda: arena.arena(0.2, 0.1, 0.5, (0, 0, 0)),
        r"coefficients has the shape \(3,\); allowed: four numbers, intercept",
    ),
    (
        lambda: arena.arena(0.2, 0.1, 0.5, (0, 0, 0, np.inf)),
        "coefficients is inf; allowed: a finite number",
    ),
    (
        lambda: arena.arena_internal_first(0.2, 0.1, 2, (0, 0, 0, 1)),
        "threat is 2.0; allowed: a number from 0 to 1",
    ),
    (lambda: arena.direction(1.01, 0, 0), "pi is 1.01; allowed: a number from 0 to 1"),
    (
        lambda: arena.direction(0.5, -1.5, 0),
        "external is -1.5; allowed: a number from -1 to 1",
    ),
    (
        lambda: arena.direction(0.5, 0, NAN),
        "internal is nan; allowed: a number from -1 to 1",
    ),
    (
        lambda: arena.fit(TWELVE.head(3)),
        "episodes has 3 rows; allowed: 4 or more, since fewer",
    ),
    (lambda: arena.fit(TWELVE.head(0)), "episodes has 0 rows; allowed: 4 or more"),
    (
        lambda: arena.leave_one_out(TWELVE.head(4)),
        "episodes has 4 rows; allowed: 5 or more, since each fit leaves one out",
    ),
    (
        lambda: arena.fit(TWELVE.drop(columns=["threat", "external"])),
        r"episodes lacks the columns \['external', 'threat'\]",
    ),
    (
        lambda: arena.fit(TWELVE.assign(external=2)),
        "episodes.external is 2.0; allowed: a number from 0 to 1",
    ),
    (
        lambda: arena.fit(TWELVE.assign(external=0.75)),
        r"episodes.external is 0.75; allowed: 0 \(inward\), 0.5 \(undecided\) or 1",
    ),
    (lambda: arena.outcomes(1.5), "pi is 1.5; allowed: a number from 0 to 1"),
    (lambda: arena.outcomes(0.5, 0.9), "cut is 0.9; allowed: a number of 1 or more"),
    (lambda: arena.outcomes(0.5, NAN), "cut is nan; allowed: a number of 1 or more"),
    (
        lambda: arena.fit(TWELVE.assign(threat=NAN)),
        "episodes.threat is nan; allowed: a number from 0 to 1",
    ),
    (lambda: arena.fit(TWELVE.assign(threat="high")), r"episodes.threat is \['high'"),
    (
        lambda: arena.fit(
            TWELVE.astype("Float64").assign(
                threat=pd.array([pd.NA] * 12, dtype="Float64")
            )
        ),
        r"episodes.threat is ",
    ),
    (lambda: arena.fit(TWELVE, model="all"), "model is 'all'; allowed: 'both'"),
    (
        lambda: arena.fit(TWELVE, {"rent": (0, 1)}),
        "prior names 'rent'; allowed: 'intercept'",
    ),
    (
        lambda: arena.fit(TWELVE, {"threat": (0, 0)}),
        "sd of the prior of threat is 0; allowed: a number above 0",
    ),
    (
        lambda: arena.fit(TWELVE, {"threat": (NAN, 1)}),
        "mean of the prior of threat is nan; allowed: a finite number",
    ),
    (
        lambda: arena.fit(TWELVE, {"threat": 1}),
        "prior of threat is 1; allowed: a mean and a standard deviation",
    ),
    (
        lambda: arena.fit(TWELVE, draws=10),
        "draws is 10; allowed: a whole number of 100 or more",
    ),
    (
        lambda: arena.fit(TWELVE, leaders={"a": (0, 1)}),
        r"episodes lacks the columns \['leader'\]",
    ),
    (
        lambda: arena.fit(TWELVE.assign(leader="z"), leaders={"a": (0, 1)}),
        "episodes names the leader 'z'; allowed: 'a'",
    ),
    (
        lambda: arena.fit(TWELVE.assign(leader="z"), leaders={}),
        "leaders is {}; allowed: one leader or more, or None",
    ),
    (lambda: arena.ordinal_prior({}), "ranks is {}; allowed: one leader or more"),
    (lambda: arena.ordinal_prior({"a": NAN}), "ranks is nan; allowed: a finite number"),
    (
        lambda: arena.ordinal_prior({"a": 1}, step=-1),
        "step is -1.0; allowed: a number of 0 or more",
    ),
    (lambda: arena.compare(TWELVE, []), r"models is \[\]; allowed: one model or more"),
    (
        lambda: arena.compare(TWELVE, ["both", "both"]),
        r"models is \['both', 'both'\]; allowed: one model or more, each once",
    ),
    (
        lambda: arena.dominance(pd.DataFrame({"model": ["both"], "log_score": [0.0]})),
        r"comparison lacks the models \['internal only'",
    ),
]


@pytest.mark.parametrize("call, message", BAD, ids=[m for _, m in BAD])
def test_arguments_without_sense_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()
