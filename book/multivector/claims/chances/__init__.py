"""What chance alone would do by the rules of each method, by the kinds of evidence."""

from . import among, others, outside, record

__all__ = ["among", "others", "outside", "record"]
