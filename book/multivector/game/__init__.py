"""The two-level game: what can be ratified, what is agreed on, and what it costs.

Section 3 of the essay's method.  The issue x lies in [0, 1] and the reversion point q holds where
nothing is agreed (Putnam 1988).  Domestic groups i have an ideal point p_i, a weight om_i
(together 1), a salience sg_i above 0, a transfer ta_i and a cost of no agreement ka_i of 0 or more;
losses are quadratic.  The paper behind it, Sari (2012), is verbal: the formulas are the essay's.

All is exact up to rounding: end points and weights compare with :data:`TOLERANCE`, and no grid is used.
"""

from .bargaining import Deal, bargain
from .coalitions import Coalition, asking_price, cheapest_coalition
from .lattices import (
    PAYERS,
    TiedHands,
    accepted,
    by_need,
    by_stake,
    lattice,
    tied_by_stake,
    tied_hands,
)
from .leaders import (
    leader_ideal,
    mixture,
    mixture_profile,
    mixtures,
    resultant,
)
from .numbers import SUM_TOLERANCE, TOLERANCE
from .winset import acceptance, intersect, upper_end, width, win_set
