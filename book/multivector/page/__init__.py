"""What code gives to the text: numbers, tables, claims examined, sources, through templates."""

from .play import bet, quiz
from .render import fill
from .tables import examined, ledger, sources, table
from .show import show
from .values import said, say

__all__ = [
    "bet",
    "examined",
    "fill",
    "ledger",
    "quiz",
    "said",
    "say",
    "show",
    "sources",
    "table",
]
