"""Breaks in short yearly series, tests of no break, and moves after threats.

Section 6 of the essay's method.  The series are short (n below 25), so that every null is a
rearrangement or a resampling of the data at hand, no table of asymptotic quantiles is used,
and each result says how small its p could have become.
"""

from .answers import (
    lead_lag,
    shifts,
)
from .free import (
    NULLS,
    by_null,
    locate,
    null_quantiles,
    redrawn,
    scan,
    sup_f,
)
from .named import (
    MOST_SETS,
    leave_one_out,
    named_years,
    triples,
)
from .persistence import (
    LARGEST,
    ar1,
)
from .results import (
    AR1,
    PAIRS,
    SIDE,
    TIE,
    TRIM,
    Equivalence,
    Result,
    Segments,
)
from .sameness import (
    NOISES,
    equivalence,
    equivalence_by_window,
    fitting_noise,
    mean_of_years,
)

__all__ = [
    "AR1",
    "Equivalence",
    "LARGEST",
    "MOST_SETS",
    "NOISES",
    "NULLS",
    "PAIRS",
    "Result",
    "SIDE",
    "Segments",
    "TIE",
    "TRIM",
    "ar1",
    "by_null",
    "equivalence",
    "equivalence_by_window",
    "fitting_noise",
    "lead_lag",
    "leave_one_out",
    "locate",
    "mean_of_years",
    "named_years",
    "null_quantiles",
    "redrawn",
    "scan",
    "shifts",
    "sup_f",
    "triples",
]
