"""Breaks in short yearly series, tests of no break, and moves after threats.

Section 6 of the essay's method.  The series are short (n below 25), so that every null is a
rearrangement or a resampling of the data at hand, no table of asymptotic quantiles is used,
and each result says how small its p could have become.
"""

from .answers import OFTEN, Noticed, lead_lag, noticed, shifts
from .free import NULLS, by_null, locate, null_quantiles, redrawn, scan, sup_f
from .named import MOST_SETS, leave_one_out, named_years, triples, with_room
from .persistence import LARGEST, ar1
from .results import AR1, PAIRS, SIDE, TIE, TRIM, Equivalence, Result, Segments
from .sameness import (
    NOISES,
    equivalence,
    equivalence_by_window,
    fitting_noise,
    mean_of_years,
    windows_around,
)
