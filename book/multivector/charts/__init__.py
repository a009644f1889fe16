"""Charts of a multi-vector foreign policy: data in, ``alt.Chart`` out.

Charts compute no results.  Where one repeats a formula of ours inside the page, so that a reader
without a kernel can move a slider, a browser test compares its numbers with the Python function.

``theme``, ``render`` and ``grammar`` are shared by all; every other file is a topic.  A session
says :func:`switch_on` once.  Every chart is finished by :func:`finish`, which gives it a title, a
description for those who cannot see it, a source line, and the mark of what it is made from
(coded, outside, both, model).
"""

from . import arena, bases, breaks, claims, game, levels, payments, powers
from .acts import acts_by_office, acts_over_time, told_twice
from .balance import (
    balance_by_doubt,
    balance_in_one_line,
    balance_over_time,
    balance_with_bands,
    balances_over_time,
    tilt_over_time,
)
from .directions import sent_and_received
from .maps import bases_on_map
from .outside import (
    agreement_over_time,
    attendance_over_time,
    first_by_year,
    gap_over_time,
)
from .render import exchange, finish, live, switch_on
from .series import states_over_time
from .sidebyside import two_breaks, two_over_time
from .sources import coders_compared, coverage, effect_of_matters
from .threats import around_threats, threats_shifted
from .timeline import evidence_over_time

__all__ = [
    "acts_by_office",
    "acts_over_time",
    "agreement_over_time",
    "arena",
    "around_threats",
    "attendance_over_time",
    "balance_by_doubt",
    "balance_in_one_line",
    "balance_over_time",
    "balance_with_bands",
    "balances_over_time",
    "bases",
    "bases_on_map",
    "breaks",
    "claims",
    "coders_compared",
    "coverage",
    "effect_of_matters",
    "evidence_over_time",
    "exchange",
    "finish",
    "first_by_year",
    "game",
    "gap_over_time",
    "levels",
    "live",
    "payments",
    "powers",
    "sent_and_received",
    "states_over_time",
    "switch_on",
    "threats_shifted",
    "tilt_over_time",
    "told_twice",
    "two_breaks",
    "two_over_time",
]
