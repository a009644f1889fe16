"""What a package of grant, loan and debt relief is worth."""

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .. import checks
from ..checks import AMOUNT
from .auctions import axis

_RATE = checks.Range(-1, checks.MOST, "a number above -1", open_low=True)


def repayments(
    loan: float, loan_rate: float, loan_years: int, grace_years: int, discount: float
) -> pd.DataFrame:
    """How a loan is paid back, and what that is worth today.

    Parameters
    ----------
    loan, loan_rate, loan_years, grace_years, discount
        As for :func:`present_value`.

    Returns
    -------
    DataFrame
        Rows (year, outstanding, principal, interest, payment, discounted), one a year from 1 to
        ``loan_years``; ``outstanding`` is what is owed during the year.
    """
    loan = checks.number("loan", loan, AMOUNT)
    rate = checks.number("loan_rate", loan_rate, AMOUNT)
    years = checks.whole("loan_years", loan_years)
    grace = checks.whole("grace_years", grace_years, 0)
    if grace >= years:
        allowed = f"a whole number from 0 to {years - 1}, below loan_years"
        checks.refuse("grace_years", grace, allowed)
    discount = checks.number("discount", discount, _RATE)
    year = np.arange(1, years + 1)
    principal = np.where(year > grace, loan / (years - grace), 0.0)
    outstanding = loan - loan * np.maximum(year - 1 - grace, 0) / (years - grace)
    payment = principal + rate * outstanding
    found = pd.DataFrame({"year": year, "outstanding": outstanding})
    return found.assign(
        principal=principal,
        interest=rate * outstanding,
        payment=payment,
        discounted=payment * (1 + discount) ** -year.astype(float),
    )


def package(
    grant: float,
    loan: float,
    loan_rate: float,
    loan_years: int,
    grace_years: int,
    debt_relief: float,
    discount: float,
) -> pd.DataFrame:
    """The parts of a package at their face and at their present value.

    Parameters
    ----------
    grant, loan, loan_rate, loan_years, grace_years, debt_relief, discount
        As for :func:`present_value`.

    Returns
    -------
    DataFrame
        Rows (part, face, value) for "grant", "loan", "debt relief" and "total"; the value of a
        loan is its grant element.
    """
    grant = checks.number("grant", grant, AMOUNT)
    relief = checks.number("debt_relief", debt_relief, AMOUNT)
    owed = repayments(loan, loan_rate, loan_years, grace_years, discount)
    gift = float(loan - owed["discounted"].sum())
    face, value = [grant, float(loan), relief], [grant, gift, relief]
    parts = ["grant", "loan", "debt relief", "total"]
    return pd.DataFrame(
        {"part": parts, "face": [*face, sum(face)], "value": [*value, sum(value)]}
    )


def present_value(
    grant: float,
    loan: float,
    loan_rate: float,
    loan_years: int,
    grace_years: int,
    debt_relief: float,
    discount: float,
) -> float:
    """What a package of grant, loan and debt relief is worth on the day of signature.

    The grant counts in full, the loan with its grant element (what is lent less the present value
    of what is paid back), debt relief at the debt that is forgiven.

    Parameters
    ----------
    grant : float
        Paid at signature, 0 or more.
    loan : float
        Lent in one sum at signature, 0 or more.
    loan_rate : float
        Yearly interest, 0 or more (.0075 is three quarters of a per cent).
    loan_years : int
        Years until the last repayment, 1 or more.
    grace_years : int
        Years without repayment of principal, from 0 to ``loan_years - 1``.
    debt_relief : float
        Present value of the debt forgiven, 0 or more.
    discount : float
        Yearly discount rate, finite and above -1.

    Returns
    -------
    float
        Can be below 0: a loan dearer than the discount rate is a burden, not a gift.

    Raises
    ------
    ValueError
        Names the argument, the value and what is allowed.

    Notes
    -----
    Repayment is assumed to be yearly and in arrears: interest on what is owed, from the first year,
    grace included; principal in equal parts from the year after grace to the last.  That is
    the pattern of the grant element of the OECD's Development Assistance Committee.  A sum that
    was promised and not paid is worth what it was: leave it out, or lower it, before the call.
    See :func:`package` for the parts.
    """
    terms = (grant, loan, loan_rate, loan_years, grace_years, debt_relief)
    return float(package(*terms, discount)["value"].iloc[-1])


def package_by_discount(
    discounts: ArrayLike,
    grant: float,
    loan: float,
    loan_rate: float,
    loan_years: int,
    grace_years: int,
    debt_relief: float,
    announced: float = 0.0,
) -> pd.DataFrame:
    """A package at its face and its present value over discount rates, with and without a sum that was only announced.

    Parameters
    ----------
    discounts : sequence of float
        Yearly discount rates, finite and above -1.
    grant, loan, loan_rate, loan_years, grace_years, debt_relief
        As for :func:`present_value`.
    announced : float
        A sum at terms that are not known, 0 or more.  Where it counts, it counts at its face, as if
        it were given: an upper end.

    Returns
    -------
    DataFrame
        Rows (discount, counts, part, face, value): four parts where ``counts`` is False, five, "announced"
        before the total, where it is True.
    """
    announced = checks.number("announced", announced, AMOUNT)
    terms = (grant, loan, loan_rate, loan_years, grace_years, debt_relief)
    extra = pd.DataFrame(
        {"part": ["announced"], "face": [announced], "value": [announced]}
    )
    found = []
    for discount in axis("discounts", discounts, _RATE):
        parts = package(*terms, float(discount))
        total = parts.tail(1).copy()
        total[["face", "value"]] += announced
        more = pd.concat([parts.head(3), extra, total])
        found.append(parts.assign(discount=discount, counts=False))
        found.append(more.assign(discount=discount, counts=True))
    columns = ["discount", "counts", "part", "face", "value"]
    return pd.concat(found, ignore_index=True)[columns]


def deal_parts(payments: pd.DataFrame, deal: str, years: int = 1) -> pd.DataFrame:
    """The parts of a deal, each sum once, with its yearly sums counted for some years.

    Parameters
    ----------
    payments : DataFrame
        Columns ``id``, ``deal``, ``kind``, ``amount``, ``per`` ("year" or "once"), ``counted`` (true or false) and
        ``rent_inside`` (id of a row that the amount includes, or missing); more columns are kept.
    deal : str
    years : int
        Years for which what is paid every year is counted, 1 or more.

    Returns
    -------
    DataFrame
        The counted rows of the deal in their order, with ``amount`` less what another row holds (for one
        year: a sum paid once includes one year of rent), times the years where it is paid every year.

    Raises
    ------
    ValueError
        If the deal has no counted row, or a row is worth less than the rent that it includes.
    """
    years = checks.whole("years", years)
    rows = payments[(payments["deal"] == deal) & payments["counted"]]
    if rows.empty:
        known = payments.loc[payments["counted"], "deal"].unique()
        allowed = f"one with a counted row, {', '.join(map(repr, known))}"
        checks.refuse("deal", deal, allowed)
    inside = rows["rent_inside"].map(payments.set_index("id")["amount"]).fillna(0.0)
    left = rows["amount"] - inside
    if (left < 0).any():
        rent = inside[left < 0].iloc[0]
        allowed = f"at least the rent that it includes, {rent}"
        checks.refuse("amount", rows.loc[left < 0, "amount"].iloc[0], allowed)
    amount = left.where(rows["per"] != "year", left * years)
    return rows.assign(amount=amount).reset_index(drop=True)


def deals_by_years(
    payments: pd.DataFrame, deals: Collection[str], years: Collection[int]
) -> pd.DataFrame:
    """The parts of several deals, counted for several numbers of years.

    Parameters
    ----------
    payments : DataFrame
        As for :func:`deal_parts`.
    deals : sequence of str
    years : sequence of int

    Returns
    -------
    DataFrame
        Rows of :func:`deal_parts` with ``years``, the deals running faster.
    """
    parts = [deal_parts(payments, d, n).assign(years=n) for n in years for d in deals]
    return pd.concat(parts, ignore_index=True)


def annuity(value: float, rate: float, years: int) -> float:
    """What a present value is worth as an even sum a year, paid at the end of each year.

    Parameters
    ----------
    value : float
        0 or more.
    rate : float
        Yearly discount rate, above -1.
    years : int
        1 or more.

    Examples
    --------
    >>> round(annuity(100, 0.05, 2), 2), annuity(100, 0.0, 4)
    (53.78, 25.0)
    """
    value = checks.number("value", value, AMOUNT)
    rate = checks.number("rate", rate, _RATE)
    years = checks.whole("years", years)
    return value * rate / (1 - (1 + rate) ** -years) if rate else value / years
