"""Words for a number that are true whatever the number is."""

from ..checks import refuse
from ..forms import formatted
from ..language import _


def turned(first: float, last: float, margin: float = 0.0) -> str:
    """Whether a spread narrows or widens from a first number to a last.

    Parameters
    ----------
    first, last : float
        Of one unit.
    margin : float
        The two count as alike up to this difference.

    Returns
    -------
    str

    Examples
    --------
    >>> turned(4.7, 1.4), turned(1.4, 4.7), turned(2.0, 2.1, margin=0.2)
    ('narrows', 'widens', 'stays as it was')
    """
    if abs(last - first) <= margin:
        return _("stays as it was")
    return _("narrows") if last < first else _("widens")


def moved(first: float, last: float, margin: float = 0.0) -> str:
    """Whether a number rises or falls from a first to a last; as :func:`turned`.

    Examples
    --------
    >>> moved(1, 2), moved(2, 1), moved(2, 2)
    ('rises', 'falls', 'stays as it was')
    """
    if abs(last - first) <= margin:
        return _("stays as it was")
    return _("falls") if last < first else _("rises")


def placed(place: int, of: int) -> str:
    """A place in an order.

    Parameters
    ----------
    place : int
        1 for the first, at most ``of``.
    of : int
        How many are in the order.

    Raises
    ------
    ValueError
        If the place is not one of them.

    Examples
    --------
    >>> placed(1, 5), placed(5, 5), placed(3, 5)
    ('first of 5', 'last of 5', 'number 3 of 5')
    """
    if not 1 <= place <= of:
        refuse("place", place, f"1 to {of}")
    if place == 1:
        return _("first of {n}", n=of)
    if place == of:
        return _("last of {n}", n=of)
    return _("number {place} of {n}", place=place, n=of)


def against(value: float, low: float, high: float) -> str:
    """Where a number lies beside an interval.

    Examples
    --------
    >>> against(1, 2, 3), against(2, 2, 3), against(4, 2, 3)
    ('below', 'within', 'above')
    """
    if value < low:
        return _("below")
    return _("above") if value > high else _("within")


def spanned(low: float, high: float, form: str = ".0f") -> str:
    """A span of numbers, or one number where both ends are written alike.

    Examples
    --------
    >>> spanned(4.8, 7.1), spanned(5.6, 6.3), spanned(0.12, 0.34, ".1f")
    ('5 to 7', '6', '0.1 to 0.3')
    """
    ends = formatted(low, form), formatted(high, form)
    if ends[0] == ends[1]:
        return ends[0]
    return _("{low} to {high}", low=ends[0], high=ends[1])
