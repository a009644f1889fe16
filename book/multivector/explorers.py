"""Explorers: ipywidgets over the functions and charts of the other rooms; no logic of their own.

Where a kernel runs, an explorer recomputes.  On the page of the book it leaves a
figure and a line on how to run it.
"""

import os

import ipywidgets as widgets
import pandas as pd
from IPython.display import HTML, display

from . import bases, charts, charts_bases, data, engagement, reliability

RUN = ('<p class="essay-run">The figure below stands still on this page. To change the half-life or the shares of organisations, switch vectors or doubts off, '
       "draw with another seed or take single acts away, open this chapter's notebook in JupyterLab or VS Code and run it: the explorer then "
       "computes balance and band anew.</p>")


#: What the bands can draw anew.
DOUBTS = ("acts", "dates", "codes")


class BalanceExplorer:
    """The balance with its band, for any half-life, set of vectors and set of acts.

    Parameters
    ----------
    case : data.Case
        Gives events, poles, span and breaks.
    draws : int
        Draws behind the band.

    Notes
    -----
    ``figure`` is the whole of it; the widgets only call it.
    """

    def __init__(self, case, draws=500):
        self.case, self.draws, self.doubt = case, draws, reliability.doubt(case)
        self.months = pd.date_range(*case.span(), freq="ME")

    def figure(self, half_life=730, off=(), removed=(), doubts=DOUBTS, seed=1, direction="both", shares=None):
        """The chart for one setting.

        Parameters
        ----------
        half_life : float
            Days.
        off : sequence of str
            Vectors that weigh 0; K stays.
        removed : sequence of str
            Ids of acts that are taken away.
        doubts : sequence of {"acts", "dates", "codes"}
            What is drawn anew.
        seed : int
            Seed of the draws.
        direction : {"both", "by", "toward"}
            Which acts count.
        shares : dict of str to float, optional
            Organisation and the share of its first vector, in [0, 1]; the other vectors keep their proportions.
        """
        events = data.share_out(self.case.acts, self.splits(shares or {}))
        kept = events[events["vector"].notna() & ~events["id"].isin(list(removed)) & ~events["vector"].isin(list(off))]
        bands = engagement.bands(kept, self.months, half_life, self.draws, seed, resample="acts" in doubts, sample_dates="dates" in doubts,
                                 perturb=self.doubt if "codes" in doubts else 0, direction=direction)
        last = bands[bands["index"] == "entropy"].iloc[-1]
        chart = charts.balance_with_bands(bands, self.case.span(), self.case.periods.query("kind == 'named break'"))
        return charts.finish(
            chart,
            title=f"At the end the balance is {last.value:.2f}; nine draws in ten lie between {last.lower:.2f} and {last.upper:.2f}",
            subtitle=f"Half-life {half_life:g} days, {kept['id'].nunique()} acts, {self.draws} draws, seed {seed}; drawn anew: {', '.join(d for d in DOUBTS if d in doubts) or 'nothing'}",
            description=(f"Line of the balance from {self.months[0]:%Y} to {self.months[-1]:%Y} inside its 90 percent band. The balance runs from "
                         f"{bands[bands['index'] == 'entropy'].value.min():.2f} to {bands[bands['index'] == 'entropy'].value.max():.2f}. "
                         "The band lies lower than the line where resampling loses a vector that few acts carry."),
            source=self.case.cite("events"), kind="coded")

    def splits(self, shares):
        """The case's table of shares with some organisations shared out anew."""
        table = self.case.splits
        for actor, share in shares.items():
            own = table["actor"] == actor
            if not (own.any() and 0 <= share <= 1):
                raise ValueError(f"shares gives {actor!r} the share {share!r}; allowed: an organisation of the case and a number from 0 to 1")
            rest = table.loc[own, "share"].iloc[1:]
            table.loc[own, "share"] = [share, *(rest / rest.sum() * (1 - share))]
        return table[table["share"] > 0]

    def widget(self):
        """Controls and chart, for a live session."""
        wide = {"description_width": "9em"}
        half_life = widgets.IntSlider(730, *charts.HALF_LIVES, 5, description="Half-life (days)", continuous_update=False, style=wide, layout={"width": "36em"})
        vectors = widgets.SelectMultiple(options=list(self.case.vectors["vector"]), value=list(self.case.vectors["vector"]), description="Vectors", style=wide, layout={"width": "36em", "height": "11em"})
        acts = self.case.acts[self.case.acts["vector"].notna()]
        options = [(f"{i}  {d:%Y-%m-%d}  {t}", i) for i, d, t in zip(acts["id"], acts["start"], acts["description"])]
        removed = widgets.SelectMultiple(options=options, description="Take away", style=wide, layout={"width": "60em", "height": "11em"})
        doubts = {name: widgets.Checkbox(True, description=f"draw {name} anew", indent=False, layout={"width": "11em"}) for name in DOUBTS}
        seed = widgets.BoundedIntText(1, min=0, max=2**31 - 1, description="Seed", continuous_update=False, style=wide, layout={"width": "18em"})
        direction = widgets.ToggleButtons(options={"both ways": "both", "by the state": "by", "toward it": "toward"}, value="both", description="Acts that count", style=wide)
        first = self.case.splits.drop_duplicates("actor").set_index("actor")
        shares = {actor: widgets.FloatSlider(row.share, min=0, max=1, step=0.05, description=f"{actor}: share of {row.vector}", continuous_update=False, style={"description_width": "14em"}, layout={"width": "36em"})
                  for actor, row in first.iterrows()}
        plot = charts.live(self.figure())
        message = widgets.HTML()

        def redraw(_):
            off = [v for v in self.case.vectors["vector"] if v not in vectors.value]
            try:
                on = [name for name in DOUBTS if doubts[name].value]
                plot.chart = charts.live(self.figure(half_life.value, off, removed.value, on, seed.value, direction.value, {a: s.value for a, s in shares.items()})).chart
                message.value = ""
            except ValueError as error:  # nothing left to draw
                message.value = str(error)

        for control in (half_life, vectors, removed, seed, direction, *shares.values(), *doubts.values()):
            control.observe(redraw, names="value")
        return widgets.VBox([half_life, vectors, removed, widgets.HBox(list(doubts.values())), seed, direction, widgets.VBox(list(shares.values())), message, plot])

    def _ipython_display_(self):
        if os.environ.get("MULTIVECTOR_RENDERER") == "book":
            display(HTML(RUN))
            display(self.figure())
        else:
            display(self.widget())


class BidsExplorer:
    """The bidding for a base, for any values, credibilities, cost and private money.

    Parameters
    ----------
    case : data.Case
        Gives the source line.

    Notes
    -----
    ``figure`` is the whole of it; the widgets only call it.
    """

    RUN = ('<p class="essay-run">The figure below stands still on this page. To set values, credibilities, cost and private money yourself and to let the computer look for '
           "equilibria among whole bids, open this chapter's notebook in JupyterLab or VS Code and run it.</p>")
    #: Values of the map's two axes.
    AXIS = tuple(range(0, 161, 10))
    #: Bids that the search for equilibria looks at, at most.
    PAIRS = 40_000

    def __init__(self, case):
        self.case = case

    def figure(self, host_value=100, rival_value=30, cost=2, host_credibility=1.0, rival_credibility=0.5, private_weight=0.0, host_ceiling=0.0, rival_ceiling=0.0):
        """The chart for one setting; arguments as for ``bases.menu_auction_with_rents``."""
        rest = (cost, private_weight, host_ceiling, rival_ceiling, host_credibility, rival_credibility)
        found = bases.menu_auction_with_rents(host_value, rival_value, *rest)
        rows = pd.DataFrame([{"host_value": h, "rival_value": r, **bases.menu_auction_with_rents(h, r, *rest)._asdict()} for h in self.AXIS for r in self.AXIS])
        count = self.equilibria(host_value, rival_value, *rest)
        stays = "The base stays" if found.outcome == "host" else "The base goes"
        share = rows["outcome"].eq("host").mean()
        chart = charts_bases.own_point(rows, (host_value, rival_value), f"{found.outcome}, {found.price:.1f}")
        return charts.finish(
            chart,
            title=f"{stays}, and the winner pays {found.price:.1f}",
            subtitle=f"{count}. Host's patron {host_value:g}, rival {rival_value:g}, cost {cost:g}, believed {host_credibility:g} and {rival_credibility:g}, private weight {private_weight:g}",
            description=(f"Map of the values of both patrons from 0 to {self.AXIS[-1]}; the stronger the colour, the higher the price. The base stays in {share:.0%} of the cells, above a rising border. "
                         f"The own point lies at {rival_value:g} for the rival and {host_value:g} for the host's patron."),
            source=self.case.cite("claims"), kind="model")

    def equilibria(self, host_value, rival_value, cost, private_weight=0.0, host_ceiling=0.0, rival_ceiling=0.0, host_credibility=1.0, rival_credibility=1.0):
        """What the search among whole bids finds, in words."""
        worth = host_credibility * bases.dollar_worth(private_weight, host_ceiling), rival_credibility * bases.dollar_worth(private_weight, rival_ceiling)
        if min(worth) <= 0:
            return "No search: one patron's dollars are worth nothing to the leader"
        if (host_value + 1) * (rival_value + 1) > self.PAIRS:
            return f"No search: more than {self.PAIRS} pairs of bids"
        rows = bases.grid_equilibria(bases.bid_game(host_value, rival_value, cost, *worth))
        if rows.empty:
            return "No equilibrium among whole bids"
        return f"{len(rows)} equilibria among whole bids, prices {rows['price'].min():g} to {rows['price'].max():g}"

    def widget(self):
        """Controls and chart, for a live session."""
        wide, room = {"description_width": "16em"}, {"layout": {"width": "36em"}, "continuous_update": False}
        sliders = {name: widgets.FloatSlider(value, min=low, max=high, step=step, description=label, style=wide, **room) for name, label, value, low, high, step in (
            ("host_value", "Value to the host's patron", 100, 0, 160, 1), ("rival_value", "Value to the rival", 30, 0, 160, 1), ("cost", "Cost of hosting", 2, 0, 50, 1),
            ("host_credibility", "Host's patron is believed", 1, 0.05, 1, 0.05), ("rival_credibility", "Rival is believed", 0.5, 0.05, 1, 0.05), ("private_weight", "Weight of private money", 0, 0, 1, 0.05),
            ("host_ceiling", "Private share, host's patron", 0, 0, 1, 0.05), ("rival_ceiling", "Private share, rival", 0, 0, 1, 0.05))}
        plot = charts.live(self.figure())

        def redraw(_):
            plot.chart = charts.live(self.figure(**{name: control.value for name, control in sliders.items()})).chart

        for control in sliders.values():
            control.observe(redraw, names="value")
        return widgets.VBox([*sliders.values(), plot])

    def _ipython_display_(self):
        if os.environ.get("MULTIVECTOR_RENDERER") == "book":
            display(HTML(self.RUN))
            display(self.figure())
        else:
            display(self.widget())
