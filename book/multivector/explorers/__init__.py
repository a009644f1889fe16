"""Explorers: ipywidgets over the functions and charts of the other rooms; no logic of their own.

Where a kernel runs, an explorer recomputes.  On the page of the book it leaves a
figure and a line on how to run it.
"""

from .balance import BalanceExplorer
from .bids import BidsExplorer
from .episodes import EpisodesExplorer
from .explorer import Explorer
from .groups import GameExplorer
from .years import BreakYearsExplorer
