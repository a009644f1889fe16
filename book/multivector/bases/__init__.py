"""Bidding for a base: two patrons make offers, a leader hosts one or evicts it.

Section 5 of the essay's method, after the account of rents and bids in Sari (2012, section 5).
The patron of the base (the host's patron, "host" for short) wants it to stay, the rival wants it
gone.  Each offers money for the outcome that it wants and pays only if it gets it.  In the truthful
equilibrium of this menu auction (Bernheim and Whinston 1986, Quarterly Journal of Economics 101)
the loser offers all that the outcome is worth to it, and the winner just enough to win.

Values, costs and prices are flows in one currency (the essay: millions of dollars a year).  A
credibility is the share of an offered dollar that the leader believes, in (0, 1].
"""

from .auctions import (
    CREDIBILITIES,
    OUTCOMES,
    PUBLIC,
    TIE,
    Auction,
    BidGame,
    Rents,
    bid_game,
    dollar_worth,
    grid_equilibria,
    implied_rival,
    menu_auction,
    phase,
    private_share,
    rival_region,
    second_grant,
)
from .orders import apart, first_payer, order_of_payments, surely_first
from .packages import (
    annuity,
    deal_parts,
    deals_by_years,
    package,
    package_by_discount,
    present_value,
    repayments,
)
from .settings import (
    border,
    implied_by_rents,
    implied_rivals,
    phases,
    rival_regions,
)
