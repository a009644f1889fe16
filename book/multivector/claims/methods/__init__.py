"""Methods that a rule can name, by the kind of evidence that each reads."""

from . import acts, among, models, others, outside, record

__all__ = ["acts", "among", "models", "others", "outside", "record"]
