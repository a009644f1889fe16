"""Numbers for the narrative: what code made is glued into the sentences, never typed."""

from myst_nb import glue


def say(**values):
    """Give numbers and words to the text, where ``{glue:text}`name` `` picks them up.

    Parameters
    ----------
    **values
        Name and value; NumPy and pandas scalars become plain Python ones.
    """
    for name, value in values.items():
        glue(name, value.item() if hasattr(value, "item") else value, display=False)
