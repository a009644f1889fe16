"""What code gives to the text: numbers, tables, claims examined, sources, through templates."""

from ..forms import formatted
from ..verdicts import plain
from .origins import sources
from .readings import against, moved, placed, spanned, turned
from .render import fill
from .show import show
from .tables import table
from .values import said, say
from .verdicts import (
    claims_squares,
    examined,
    ledger,
    own_ledger,
    plainly,
)

__all__ = [
    "against",
    "claims_squares",
    "examined",
    "fill",
    "formatted",
    "ledger",
    "moved",
    "own_ledger",
    "placed",
    "plain",
    "plainly",
    "said",
    "say",
    "show",
    "sources",
    "spanned",
    "table",
    "turned",
]
