"""The ledger: every claim of the paper, its rule, and the verdict that the data give.

Section 7 of the essay's method.  What a rule is about (years, partners, thresholds) stands in the case's
tables; the files of this room hold what the rules name.  ``evidence`` and ``states`` are what a rule looks
at; ``methods`` say which way it falls, by kind of evidence; ``severity`` and ``chances`` ask what chance
alone would have done; ``judging`` turns what was found into a verdict; ``entries`` keep the ledger and its
history; ``peers`` and ``choices`` run the rules again over what could have been chosen otherwise.  No verdict
is written down anywhere: it comes out of :func:`evaluate`.
"""

from . import chances, methods
from .anywhere import general, general_rules, lent, with_general
from .beside import among_all, beside_others
from .choices import multiverse, settings, stability, varied
from .chosen import answers, extremes, offered, under
from .entries import before_and_now, history, ledger, rewritten, scoreboard
from .evidence import Look, kept
from .finding import METHODS, Found, Rule
from .judging import COLUMNS, FIXED, VERDICTS, evaluate, verdicts
from .peers import (
    held_over_peers,
    nets_over_peers,
    over_peers,
    peer_candidates,
    peer_sets,
)
from .severity import CHANCES, Chance, chance
