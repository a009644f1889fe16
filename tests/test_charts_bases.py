"""Charts of the bidding for a base, their table of payments, and the explorer."""

import json
import re

import pandas as pd
import pytest

from multivector import bases, charts, data, explorers

VALUES = range(0, 161, 10)


@pytest.fixture(scope="module")
def case():
    return data.open_case(coding="record")


@pytest.fixture(scope="module")
def payments(case):
    return case.table("payments")


def rows_with(chart, *columns):
    """All inline rows of a chart that have these columns."""
    spec, found = chart.to_dict(), []

    def walk(part):
        if isinstance(part, list):
            for one in part:
                walk(one)
        elif isinstance(part, dict):
            values = (
                part.get("data", {}).get("values")
                if isinstance(part.get("data"), dict)
                else None
            )
            if (
                isinstance(values, list)
                and values
                and set(columns) <= set(values[0])
                and values not in found
            ):
                found.append(values)
            for one in part.values():
                walk(one)

    walk(spec)
    for values in spec.get("datasets", {}).values():
        if values and set(columns) <= set(values[0]):
            found.append(values)
    assert found, f"no rows with {columns}"
    return pd.DataFrame(found[0])


def names_of(chart):
    return {param["name"] for param in chart.to_dict()["params"] if "bind" in param}


# The table ---------------------------------------------------------------------------------------


def test_every_payment_has_a_source_and_an_address(payments):
    assert payments["source"].str.len().min() > 5
    for urls in payments["url"]:
        assert all(
            re.fullmatch(r"https?://[^\s;]+\.[^\s;]+", url) for url in urls.split("; ")
        )


def test_dates_are_in_order_and_no_sharper_than_said(payments):
    days = (payments["end"] - payments["start"]).dt.days
    assert (days >= 0).all()
    assert (days[payments["precision"] == "day"] == 0).all() and (
        days[payments["precision"] != "day"] > 0
    ).all()
    months = payments[payments["precision"] == "month"]
    assert (months["start"].dt.day == 1).all() and (
        months["end"] + pd.Timedelta(days=1)
    ).dt.day.eq(1).all()
    years = payments[payments["precision"] == "year"]
    assert (years["start"].dt.strftime("%m-%d") == "01-01").all() and (
        years["end"].dt.strftime("%m-%d") == "12-31"
    ).all()


def test_amounts_are_there_except_for_terms(payments):
    term = payments["kind"] == "term"
    assert (
        payments.loc[~term, ["amount", "per"]].notna().all().all()
        and payments.loc[term, ["amount", "per"]].isna().all().all()
    )
    wide = payments.dropna(subset="amount_high")
    assert len(wide) and (wide["amount_high"] > wide["amount"]).all()
    assert not payments.loc[
        term | payments["status"].isin(["alleged"]), "counted"
    ].any()


def test_only_loans_with_known_terms_have_terms_of_a_loan(payments):
    given = payments[payments["loan_rate"].notna()]
    assert (given["kind"] == "loan").all() and given[
        ["loan_years", "grace_years", "terms"]
    ].notna().all().all()
    assert (
        given["terms"].str.contains("assumption").all()
    )  # the grace was not found in a source


def test_the_rents_of_the_three_deals(payments):
    rents = payments[payments["counted"] & (payments["kind"] == "rent")].set_index(
        "deal"
    )["amount"]
    assert rents[["host 2001", "host 2006", "host 2009"]].tolist() == [2, 17.4, 60]


# Packages ------------------------------------------------------------------------------------------


def test_each_sum_of_a_deal_counts_once(payments):
    one, five = (bases.deal_parts(payments, "host 2006", years) for years in (1, 5))
    assert one["amount"].sum() == pytest.approx(150) and five[
        "amount"
    ].sum() == pytest.approx(150 + 4 * 17.4)
    assert bases.deal_parts(payments, "host 2009")["amount"].sum() == pytest.approx(
        60 + 36.6 + 30 + 20 + 21 + 10
    )
    assert (
        bases.deal_parts(payments, "rival 2009", 3)["amount"]
        == bases.deal_parts(payments, "rival 2009")["amount"]
    ).all()


def test_a_deal_that_is_not_there_or_holds_too_much_rent_is_refused(payments):
    with pytest.raises(ValueError, match="deal is 'host 1999'"):
        bases.deal_parts(payments, "host 1999")
    with pytest.raises(ValueError, match="years is 0"):
        bases.deal_parts(payments, "host 2006", 0)
    wrong = payments.assign(
        amount=payments["amount"].where(payments["id"] != "P07", 10.0)
    )
    with pytest.raises(ValueError, match="amount is 10.0; allowed: at least the rent"):
        bases.deal_parts(wrong, "host 2006")


def test_what_was_announced_adds_its_face_and_nothing_else():
    rows = bases.package_by_discount(
        [0.0, 0.1], 150, 300, 0.0075, 40, 7, 180, announced=1700
    )
    wide = rows.set_index(["discount", "counts", "part"])
    for rate in (0.0, 0.1):
        assert wide.loc[(rate, False, "total"), "value"] == pytest.approx(
            bases.present_value(150, 300, 0.0075, 40, 7, 180, rate)
        )
        assert wide.loc[(rate, True, "total"), "value"] - wide.loc[
            (rate, False, "total"), "value"
        ] == pytest.approx(1700)
        assert (rate, False, "announced") not in wide.index
    assert (
        wide.loc[(0.0, False, "loan"), "value"]
        < 0
        < wide.loc[(0.1, False, "loan"), "value"]
    )
    with pytest.raises(ValueError, match="announced is -1"):
        bases.package_by_discount([0.1], 1, 1, 0, 2, 0, 0, announced=-1)
    with pytest.raises(ValueError, match="discounts is -1"):
        bases.package_by_discount([-1], 1, 1, 0, 2, 0, 0)


def test_the_package_is_drawn_as_computed():
    rows = bases.package_by_discount(
        [i / 200 for i in range(31)], 150, 300, 0.0075, 40, 7, 180, announced=1700
    )
    chart = charts.payments.package_value(rows, 10)
    drawn = rows_with(chart, "percent", "counts", "amount")
    drawn = drawn[drawn["as"] == charts.payments.TODAY].set_index(
        ["percent", "counts", "part"]
    )["amount"]
    assert len(drawn) == len(rows)
    for row in rows.itertuples():
        assert drawn[
            (round(row.discount * 100, 2), row.counts, row.part)
        ] == pytest.approx(row.value, abs=0.051)
    assert names_of(chart) == {"discount_rate", "announced_counts"}


def test_rent_and_package_are_drawn_as_computed(payments):
    parts = pd.concat(
        [
            bases.deal_parts(payments, d, n).assign(years=n, part=lambda r: r["kind"])
            for n in (1, 2)
            for d in ("host 2006", "host 2009")
        ]
    )
    drawn = rows_with(
        charts.payments.rent_beside_package(parts, 1), "deal", "rent", "amount"
    )
    assert drawn.groupby(["years", "rent"])["amount"].sum().to_dict() == pytest.approx(
        {
            (1, "rent"): 77.4,
            (2, "rent"): 154.8,
            (1, "around it"): 250.2,
            (2, "around it"): 250.2,
        }
    )
    assert set(drawn["part"]) == {
        "rent",
        "all kinds, rent aside",
        "investment",
        "grant",
    }


# The map ----------------------------------------------------------------------------------------------


def implied(settings, prices=(2, 17.4, 60)):
    return pd.DataFrame(
        [
            {
                "label": f"{p:g}",
                "price": p,
                "rival_credibility": d,
                "cost": k,
                "rival_value": bases.implied_rival(p, k, 1.0, d) if p >= k else None,
            }
            for d, k in settings
            for p in prices
        ]
    )


def test_the_phase_map_is_drawn_as_computed():
    settings = [(d, k) for d in bases.CREDIBILITIES for k in (0, 2, 4)]
    lattice = pd.concat(
        [
            bases.phase(VALUES, VALUES, k, 1.0, d).assign(rival_credibility=d, cost=k)
            for d, k in settings
        ]
    )
    border = pd.DataFrame(
        [
            {
                "rival_credibility": d,
                "cost": k,
                "host_value": v,
                "rival_value": bases.implied_rival(v, k, 1.0, d),
            }
            for d, k in settings
            for v in (k, 160)
        ]
    )
    chart = charts.bases.phase_map(lattice, border, implied(settings), 0.5, 2)
    for row in rows_with(
        chart, "d", "k", "host", "rival"
    ).itertuples():  # on the border a tie hosts, a little beyond it the base goes
        near = row.rival + 0.5
        assert (
            bases.menu_auction(
                row.host + 0.06, max(row.rival - 0.06, 0), row.k, 1.0, row.d
            ).outcome
            == "host"
        )
        assert bases.menu_auction(row.host, near, row.k, 1.0, row.d).outcome == "evict"
    packed = rows_with(chart, "d", "k", "price", "outcome")
    assert len(packed) == len(settings)
    for row in packed.itertuples():
        assert len(row.price) == len(row.outcome) == len(VALUES) ** 2
        for cell in range(0, len(row.price), 7):
            found = bases.menu_auction(
                VALUES[cell // len(VALUES)],
                VALUES[cell % len(VALUES)],
                row.k,
                1.0,
                row.d,
            )
            assert row.outcome[cell] == found.outcome[0] and row.price[
                cell
            ] == pytest.approx(found.price, abs=0.051)
    points = rows_with(chart, "label", "p", "v")
    assert points[points["k"] > points["p"]]["v"].isna().all()
    for row in points[points["v"].notna()].itertuples():
        assert row.v == pytest.approx(
            bases.implied_rival(row.p, row.k, 1.0, row.d), abs=0.051
        )
        assert bases.menu_auction(
            row.p + 50, bases.implied_rival(row.p, row.k, 1.0, row.d), row.k, 1.0, row.d
        ).price == pytest.approx(row.p)
    assert len(json.dumps(chart.to_dict())) < 100_000


def test_private_weights_are_drawn_as_computed():
    worth, weights = bases.dollar_worth, [0, 0.5, 0.75, 1]
    lines = pd.DataFrame(
        [
            {
                "deal": "60",
                "weight": w,
                "host_ceiling": h,
                "rival_ceiling": r,
                "rival_value": bases.implied_rival(60, 0, worth(w, h), worth(w, r)),
            }
            for h in (0.2, 0.6)
            for r in (0.2, 0.6)
            for w in weights
        ]
    )
    drawn = rows_with(
        charts.bases.private_weights(lines, 0.2, 0.6), "h", "r", "weight", "v"
    )
    for row in drawn.itertuples():
        for w, value in zip(row.weight, row.v):
            rent = bases.menu_auction(
                1000, value, 0, rents=bases.Rents(w, row.h, row.r)
            )
            assert rent.outcome == "host" and rent.price == pytest.approx(60, abs=0.3)
        assert (
            row.v[0] == row.v[1] == 60
        )  # up to one half private money changes nothing


def test_regions_are_drawn_as_computed_and_meet():
    deals = {"stays": "host", "goes": "evict"}
    regions = pd.concat(
        [
            bases.rival_region(o, 60, k).assign(deal=d, cost=k)
            for d, o in deals.items()
            for k in (0, 70)
        ]
    )
    drawn = rows_with(
        charts.bases.rival_regions(regions, 400, 1.0, 0), "deal", "lo", "hi"
    )
    assert drawn["hi"].max() == 400 and len(drawn) == len(regions)
    free = drawn[drawn["k"] == 0].set_index(["deal", "h", "r"])
    for (_, h, r), row in free.loc[["goes"]].iterrows():
        edge = bases.implied_rival(60, 0, h, r)
        assert row["lo"] == pytest.approx(edge, abs=0.051) and free.loc[
            ("stays", h, r), "hi"
        ] == pytest.approx(min(edge, 400), abs=0.051)
    assert (
        drawn[(drawn["k"] == 70) & (drawn["deal"] == "stays")]["lo"].isna().all()
    )  # a price below the cost


def test_no_line_of_the_year_runs_through_the_name_of_another(case):
    acts = case.acts[case.acts["start"].dt.year == 2009]
    marks = acts.tail(3)[["start", "end"]].assign(label=["a", "b", "c"]).iloc[::-1]
    drawn = rows_with(
        charts.payments.year_by_day(
            {"acts": charts.payments.acts_as_rows(acts, {})}, marks, case.vectors, 2009
        ),
        "label",
        "lift",
    )
    assert (
        drawn.sort_values("from")["lift"].is_monotonic_increasing
        and drawn["lift"].is_unique
    )


# The year and the order ---------------------------------------------------------------------------------


@pytest.mark.parametrize("coding", data.CODINGS)
def test_the_year_draws_every_act_from_its_first_to_its_last_day(coding, payments):
    opened = data.open_case(coding=coding)
    acts = opened.acts[opened.acts["start"].dt.year == 2009]
    lanes = {
        "acts": charts.payments.acts_as_rows(acts, {}),
        "money": charts.payments.payments_as_rows(
            payments[payments["start"].dt.year == 2009]
        ),
    }
    marks = acts.head(3)[["start", "end"]].assign(label="mark")
    drawn = rows_with(
        charts.payments.year_by_day(lanes, marks, opened.vectors, 2009),
        "from",
        "to",
        "y",
    )
    assert len(drawn) == sum(map(len, lanes.values()))
    assert (drawn["from"] < drawn["to"]).all() and drawn["source"].str.len().min() > 0
    widths = sorted(((acts["end"] - acts["start"]).dt.days + 1).tolist())
    assert sorted(drawn[drawn["what"].isin(acts["description"])]["days"]) == widths
    for _, row in drawn.groupby("y"):  # bars of one row do not cover one another
        row = row.sort_values("from")
        assert (row["from"].iloc[1:].to_numpy() >= row["to"].iloc[:-1].to_numpy()).all()


def test_the_signature_lies_before_the_election_in_the_record_only():
    days = {}
    for coding in data.CODINGS:
        acts = data.open_case(coding=coding).acts
        rows = pd.concat(
            [
                acts.query(
                    "alternative == 'transit-2009' and dyadic and direction == 'by'"
                ).assign(payer="deal"),
                acts.query(
                    "alternative == 'election-2009' and office == 'public'"
                ).assign(payer="vote"),
            ]
        ).assign(what="")
        days[coding] = bases.order_of_payments(rows).iloc[0]
    assert (
        days["record"].relation == "before"
        and days["record"].least_days == days["record"].most_days == 31
    )
    assert (
        days["paper"].relation == "overlap"
        and days["paper"].least_days < 0 < days["paper"].most_days
    )


def test_who_came_first_is_what_the_dates_tell(case, payments):
    rows = payments[
        payments["deal"].isin(["host 2009", "rival 2009"])
        & (payments["kind"] != "term")
    ]
    found = {
        status: dict(
            zip(
                *bases.first_payer(rows[rows["status"] == status])[["payer", "first"]]
                .to_numpy()
                .T
            )
        )
        for status in ("announced", "agreed", "paid")
    }
    rival, host = case.poles
    assert found["announced"] == found["agreed"] == {rival: "certainly", host: "no"}
    assert found["paid"] == {rival: "perhaps", host: "perhaps"}
    firsts = pd.DataFrame({"status": list(found), "text": list(found)})
    marks = rows.query("status == 'agreed'").head(2).assign(label=["first", "second"])
    drawn = rows_with(
        charts.payments.who_came_first(
            rows, firsts, marks, case.vectors, ("2008-12-01", "2010-08-01")
        ),
        "payer",
        "status",
        "from",
    )
    assert drawn["from"].min() >= pd.Timestamp("2008-12-01").timestamp() * 1000 and len(
        drawn
    ) == len(rows)


def test_an_amount_is_told_with_its_status_and_range(payments):
    words = dict(
        zip(payments["id"], charts.payments.payments_as_rows(payments)["what"])
    )
    assert words["P14"].startswith("agreed: 180 to 193 million dollars.") and words[
        "P20"
    ].startswith("agreed: 60 million dollars a year.")
    assert "million" not in words["P18"]


# The explorer ---------------------------------------------------------------------------------------------


def test_the_explorer_shows_what_the_functions_compute(case):
    explorer = explorers.BidsExplorer(case)
    spec = explorer.figure(
        host_value=100, rival_value=30, cost=2, rival_credibility=0.5
    ).to_dict()
    assert spec["title"]["text"] == [
        "The base stays, and the patron pays 17.0 million dollars a year"
    ]
    rows = bases.grid_equilibria(bases.bid_game(100, 30, 2, 1.0, 0.5))
    assert (
        f"finds {len(rows)} pairs from which neither would move, at a price of 17"
        in " ".join(spec["title"]["subtitle"])
    )
    drawn = rows_with(
        explorer.figure(40, 90, 5, 0.8, 0.6, 0.9, 0.7, 0.1),
        "host",
        "rival",
        "price",
        "outcome",
    )
    for row in drawn.iloc[::11].itertuples():
        found = bases.menu_auction(
            row.host, row.rival, 5, 0.8, 0.6, bases.Rents(0.9, 0.7, 0.1)
        )
        assert (row.outcome, row.price) == (
            charts.bases.OUTCOMES[found.outcome],
            pytest.approx(found.price, abs=0.051),
        )


def test_the_bidders_have_the_names_that_are_given(case):
    spec = (
        explorers.BidsExplorer(case, "the north", "the south")
        .figure(host_value=10, rival_value=150, rival_credibility=1.0)
        .to_dict()
    )
    said = json.dumps(spec)
    assert " ".join(spec["title"]["text"]).startswith(
        "The base goes, and the south pays"
    )
    assert (
        "worth to the north," in said
        and "worth to the south, million" in said
        and "the patron" not in said
        and "the rival" not in said
    )


def test_the_explorer_says_why_it_does_not_search(case):
    explorer = explorers.BidsExplorer(case)
    assert explorer.equilibria(500, 500, 2).startswith("No search: more than")
    assert "worth nothing" in explorer.equilibria(10, 10, 2, 1, 1, bases.Rents(1.0))
    assert "worth nothing" in " ".join(
        explorer.figure(private_weight=1.0).to_dict()["title"]["subtitle"]
    )


def test_the_explorer_redraws_when_a_slider_moves(case):
    *sliders, plot = explorers.BidsExplorer(case).widget().children
    before = plot.spec
    sliders[1].value = 160
    sliders[4].value = 1.0
    assert plot.spec != before and "The base goes" in json.dumps(plot.spec)
