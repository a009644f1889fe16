"""Names for the types of arguments that several rooms share."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

#: A number, or an array of numbers where arrays were given.
Numbers = float | np.ndarray
#: A day or several, in any form that pandas reads.
Dates = Any
#: A series indexed by year, or the columns ``year`` and one other.
ByYear = pd.Series | pd.DataFrame


def rows_of(table: pd.DataFrame) -> Iterable[Any]:
    """The rows of a table, with its columns as attributes whose kinds only the table knows."""
    return table.itertuples()


def plain(numbers: np.ndarray) -> Numbers:
    """A number where there is one only, else the array."""
    return float(numbers) if np.ndim(numbers) == 0 else numbers
