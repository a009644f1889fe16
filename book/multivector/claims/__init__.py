"""The ledger: every claim of the paper, its rule, and the verdict that the data give.

Section 7 of the essay's method.  What a rule is about (years, partners, thresholds) stands in the case's
tables; the files of this room hold what the rules name.  ``evidence`` and ``states`` are what a rule looks
at; ``methods`` say which way it falls, by kind of evidence; ``severity`` and ``chances`` ask what chance
alone would have done; ``judging`` turns what was found into a verdict; ``entries`` keep the ledger and its
history; ``peers`` and ``choices`` run the rules again over what could have been chosen otherwise.  No verdict
is written down anywhere: it comes out of :func:`evaluate`.
"""

from . import chances, methods
from .beside import among_all, beside_others
from .choices import multiverse, settings, stability
from .entries import before_and_now, history, ledger, scoreboard
from .evidence import Look, kept
from .finding import METHODS, Found
from .judging import (
    COLUMNS,
    FIXED,
    ILLUSTRATIONS,
    VERDICT_COLUMNS,
    VERDICTS,
    evaluate,
    verdicts,
)
from .methods.acts import (
    both_positive,
    index_rises,
    insurer,
    moves_after_threats,
    opened_and_kept,
)
from .methods.among import (
    alike_and_together,
    changes_among_all,
    jump_among_states_and_years,
    jump_among_years,
    jumps_among_states_and_years,
)
from .methods.models import (
    agency_weight,
    best_number,
    better_model,
    bids_rise,
    careers,
    coefficient,
    each_ablation_worse,
    hedge_pays,
    loser_is_paid,
    share_of_block,
    share_signed,
    weight_of_private_rent,
)
from .methods.others import (
    above_others,
    deeds_over_words,
    leans_and_votes,
    leans_on,
    share_of_years_first,
    within_band,
)
from .methods.outside import (
    above_trend,
    blocks_rise,
    break_at,
    break_between_leaders,
    changes,
    changes_of_office,
    equal_before_and_after,
    falls_after_years,
    leads,
    means_rise,
    named_years,
    response_to_shocks,
    rising,
)
from .methods.record import (
    after_the_visit,
    days_after,
    exit_of_leader,
    moved_at_home,
    moved_by_office,
    peers_spared,
    votes_against,
    votes_that_bind,
)
from .peers import nets_over_peers, over_peers, peer_candidates, peer_sets
from .severity import CHANCES, Chance, chance

__all__ = [
    "CHANCES",
    "COLUMNS",
    "Chance",
    "FIXED",
    "Found",
    "ILLUSTRATIONS",
    "Look",
    "METHODS",
    "VERDICTS",
    "VERDICT_COLUMNS",
    "above_others",
    "above_trend",
    "after_the_visit",
    "agency_weight",
    "alike_and_together",
    "among_all",
    "before_and_now",
    "beside_others",
    "best_number",
    "better_model",
    "bids_rise",
    "blocks_rise",
    "both_positive",
    "break_at",
    "break_between_leaders",
    "careers",
    "chance",
    "chances",
    "changes",
    "changes_among_all",
    "changes_of_office",
    "coefficient",
    "days_after",
    "deeds_over_words",
    "each_ablation_worse",
    "equal_before_and_after",
    "evaluate",
    "exit_of_leader",
    "falls_after_years",
    "hedge_pays",
    "history",
    "index_rises",
    "insurer",
    "jump_among_states_and_years",
    "jump_among_years",
    "jumps_among_states_and_years",
    "kept",
    "leads",
    "leans_and_votes",
    "leans_on",
    "ledger",
    "loser_is_paid",
    "means_rise",
    "methods",
    "moved_at_home",
    "moved_by_office",
    "moves_after_threats",
    "multiverse",
    "named_years",
    "nets_over_peers",
    "opened_and_kept",
    "over_peers",
    "peer_candidates",
    "peer_sets",
    "peers_spared",
    "response_to_shocks",
    "rising",
    "scoreboard",
    "settings",
    "share_of_block",
    "share_of_years_first",
    "share_signed",
    "stability",
    "verdicts",
    "votes_against",
    "votes_that_bind",
    "weight_of_private_rent",
    "within_band",
]
