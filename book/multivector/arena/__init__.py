"""The paper's own model in two stages: which arena speaks, and where it goes.

Section 4 of the essay's method, after Sari (2012, sections 2 and 3): where the region matters to
the great powers, external politics speaks first, otherwise the situation at home.  The weight of
the external arena is a logit of significance G, commitment E and internal threat T; the internal
arena favours the best insurer of the regime (omnibalancing, David 1991).  The reverse order, the
internal arena first, is an ablation here; it takes up Elman (1995, British Journal of Political Science
25), for whom institutions at home, once they stand, shape what a small state does abroad.

What is seen of an episode is one of three things in an order: the account names the arena at home
alone, leaves it undecided between the two, or names the outside alone.  So the outcome is ordinal, with
two cut points about the weight of the external arena; where they fall together, the chance of
"outward" is that weight itself.

The fit is Bayesian, with normal priors, since a case has about twelve episodes; the held-out
score of every ablation says what the episodes can tell apart.
"""

from .ablations import compare, dominance, leave_one_out
from .fitting import Fit, fit, widths
from .models import CUT, CUT_PRIOR, MODELS, PRIOR, Model, ordinal_prior
from .stages import (
    COEFFICIENTS,
    INPUTS,
    OUTCOMES,
    Chances,
    arena,
    arena_internal_first,
    direction,
    outcomes,
    surface,
)
