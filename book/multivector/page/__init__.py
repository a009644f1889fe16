"""What code gives to the text: numbers, tables, claims examined, sources, through templates."""

from ..forms import formatted
from .origins import sources
from .play import bet, quiz
from .render import fill
from .show import show
from .tables import table
from .values import said, say
from .verdicts import examined, ledger

__all__ = [
    "bet",
    "examined",
    "fill",
    "formatted",
    "ledger",
    "quiz",
    "said",
    "say",
    "show",
    "sources",
    "table",
]
