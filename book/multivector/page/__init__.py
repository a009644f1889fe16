"""What code gives to the text: numbers, tables, claims examined, sources, through templates."""

from ..forms import formatted
from .origins import sources
from .render import fill
from .show import show
from .tables import table
from .values import said, say
from .verdicts import examined, ledger

__all__ = [
    "examined",
    "fill",
    "formatted",
    "ledger",
    "said",
    "say",
    "show",
    "sources",
    "table",
]
