"""What verdicts are called where a page speaks; the formal words stay in data and code."""

from .checks import one_of
from .language import N_, _

#: Formal verdicts, and what a reader is told.
PLAIN = {
    "supported": N_("the evidence fits"),
    "mixed": N_("mixed"),
    "not supported": N_("the evidence does not show it"),
    "contradicted": N_("the evidence points the other way"),
    "illustrated only": N_("only our own coding or model speaks"),
    "not testable": N_("nobody could tell"),
}
#: What contradicts a rule that asks which of some acts came first.
REVERSED = N_("the order is the other way round")
#: Which way a rule falls where only our own coding or model speaks, after that verdict.
AND = {
    "supported": N_("and it fits"),
    "mixed": N_("and it is mixed"),
    "not supported": N_("and it does not show it"),
    "contradicted": N_("and it points the other way"),
}


def plain(verdict: str, by_order: bool = False) -> str:
    """A verdict in words that need no explanation.

    Parameters
    ----------
    verdict : str
        As the ledger has it.
    by_order : bool
        Whether the rule asks which of some acts came first (``by_order`` of the ledger).

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If it is no verdict.

    Examples
    --------
    >>> plain("supported"), plain("contradicted", by_order=True)
    ('the evidence fits', 'the order is the other way round')
    """
    one_of("verdict", verdict, PLAIN)
    turned = by_order and verdict == "contradicted"
    return _(REVERSED if turned else PLAIN[verdict])
