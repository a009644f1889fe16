"""Outside sources in one shape, so that one chart grammar draws any of them.

What is told partner by partner has the shape (year, vector, value, n, source), what is
told of the state itself (year, state, value, n, source).  ``n`` says how many
observations stand behind the value; a year without any is kept with NaN and n = 0, so
that a hole in the data is drawn as a hole.  Where a year without a row means that
nothing happened (exercises, arms, incidents), it is a zero, and each function says so
and why; where the source may only be silent (trade, aid), it is NaN.

Partners are single states in the sources; ``partners`` maps each (ISO3) to a vector.
"""

from .initiative import KINDS, initiative
from .measures import (
    Ends,
    Series,
    ends,
    highest_beside,
    largest_steps,
    means_by_span,
    measure,
    measure_of,
    measures_of,
    series_of,
    state_series,
    vector_series,
    years_of,
)
from .partners import (
    aid_by_vector,
    arms_by_vector,
    cooperation_shares,
    effective_vectors,
    exercises_by_vector,
    ideal_distance,
    missions_by_vector,
    obligations,
    ranks,
    shared_memberships,
    trade_shares,
)
from .powers import (
    episodes,
    leaders_outward,
    power_measure,
    region_significance,
    significance,
)
from .shape import SHAPE, STATE_SHAPE
from .votes import (
    SCORE,
    WORDS,
    agreement,
    attendance,
    check_peers,
    gap,
    gap_net_of_peers,
    net_of,
    opposed,
    peer_candidates,
    roll_call_votes,
    un_agreement,
)
from .years import (
    Beyond,
    Same,
    Trend,
    acts_by_year,
    among_years,
    beyond,
    busiest_year,
    compared,
    forecast_error,
    mean_by_span,
    silent_years,
    steps,
    stretches,
    trend,
)
