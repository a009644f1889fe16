"""Explorers: ipywidgets over the functions and charts of the other rooms; no logic of their own.

Where a kernel runs, an explorer recomputes.  On the page of the book it leaves a
figure and a line on how to run it.
"""

import html
import os

import ipywidgets as widgets
import pandas as pd
from IPython.display import HTML, display

from . import charts, charts_game, data, engagement, game, reliability

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


RUN_GAME = ('<p class="essay-run">The figure below stands still on this page. To play with groups of your own, open this chapter\'s notebook in JupyterLab or VS Code and run it: '
            "the explorer then takes any number of groups, each with its ideal, weight, cost, salience and transfer, and works out win-set, agreement and the cheapest coalition anew.</p>")

#: The groups that the explorer starts with: the worked example.
GROUPS = "group 1, 0.2, 0.4, 0.04\ngroup 2, 0.5, 0.35, 0.04\ngroup 3, 0.9, 0.25, 0.04"
#: What a line of the explorer's text holds after the group's name, and what stands for a number that is left out.
COLUMNS = {"ideal": None, "weight": None, "cost": 0.0, "salience": 1.0, "transfer": 0.0}


class GameExplorer:
    """The two-level game for any number of groups: what they accept, ratify and agree on, and what a coalition costs.

    Parameters
    ----------
    case : data.Case
        Names the poles and the source of the figure.

    Notes
    -----
    ``figure`` is the whole of it; the widgets only call it.
    """

    def __init__(self, case):
        self.case = case

    def groups(self, text):
        """The groups that a text names, one a line: name, ideal, weight, and if need be cost, salience, transfer.

        Raises
        ------
        ValueError
            Names the line.
        """
        rows = []
        for line in filter(str.strip, text.splitlines()):
            name, *numbers = (part.strip() for part in line.split(","))
            try:
                given = dict(zip(COLUMNS, map(float, numbers), strict=False))
            except ValueError:
                given = {}
            if not name or not 2 <= len(numbers) <= len(COLUMNS) or len(given) != len(numbers):
                raise ValueError(f"groups has the line {line!r}; allowed: a name, then ideal, weight and if need be cost, salience and transfer, with commas between them")
            if name in [row["group"] for row in rows]:
                raise ValueError(f"groups has {name!r} twice; allowed: each name once")
            rows.append({"group": name, **COLUMNS, **given})
        return pd.DataFrame(rows, columns=["group", *COLUMNS])

    def figure(self, groups=GROUPS, reversion=0.3, threshold=0.5, constraint=1.0, home_ideal=0.5, foreign_ideal=1.0, home_cost=0.04, foreign_cost=0.0, power=0.5, target=0.8):
        """The chart for one setting.

        Parameters
        ----------
        groups : str
            As for :meth:`groups`.
        reversion, threshold, constraint
            As for ``game.win_set``.
        home_ideal, foreign_ideal, home_cost, foreign_cost, power
            As for ``game.bargain``.
        target : float
            The agreement that a coalition is bought for, in [0, 1].  Transfers that the groups get already do not count toward its price.
        """
        rows = self.groups(groups)
        ideals, weights, costs, salience, transfers = (rows[column].tolist() for column in COLUMNS)
        won = game.win_set(ideals, weights, reversion, threshold, costs, salience, transfers, constraint)
        deal = game.bargain(home_ideal, foreign_ideal, reversion, won, home_cost, foreign_cost, power)
        bought = game.cheapest_coalition(ideals, weights, reversion, target, threshold, costs, salience, constraint)
        accepted = [game.acceptance(p, reversion, k, s, t) or (float("nan"),) * 2 for p, k, s, t in zip(ideals, costs, salience, transfers)]
        notes = ["; in the coalition" if i in bought.members else "" for i in range(len(rows))]
        board = rows.assign(low=[low for low, _ in accepted], high=[high for _, high in accepted], note=notes)
        chart = charts_game.board(board, won, deal, reversion, home_ideal, foreign_ideal, charts_game.ends(self.case.poles), target)
        parts = " and ".join(f"{low:.2f} to {high:.2f}" for low, high in won) or "nothing"
        agreed = f"{deal.x:.2f} is agreed" if deal else "there is no deal"
        return charts.finish(
            chart,
            title=f"Ratified: {parts}; {agreed}; the cheapest coalition for {target:.2f} costs {bought.cost:.3f}",
            subtitle=f"Reversion point {reversion:.2f}, needed weight {constraint * threshold:.2f}, home ideal {home_ideal:.2f}, foreign ideal {foreign_ideal:.2f}, bargaining power of the home side {power:.2f}",
            description=(f"A lane for each of {len(rows)} groups with what it accepts on an axis from 0 to 1, a lane for what can be ratified ({parts}) and one for the agreement ({agreed}). "
                         f"The cheapest coalition for {target:.2f} has {len(bought.members)} members, named in their lanes."),
            source=self.case.cite("claims"), kind="model")

    def widget(self):
        """Controls and chart, for a live session."""
        wide, style = {"width": "36em"}, {"description_width": "12em"}
        text = widgets.Textarea(GROUPS, description="Groups", continuous_update=False, style=style, layout={"width": "44em", "height": "8em"})
        hint = widgets.HTML("One group a line: name, ideal, weight, and if need be cost of no agreement, salience, transfer. Weights have the sum 1.")
        places = {"reversion": (0.3, "Reversion point"), "threshold": (0.5, "Threshold R"), "constraint": (1.0, "Constraint c"), "home_ideal": (0.5, "Home ideal"),
                  "foreign_ideal": (1.0, "Foreign ideal"), "home_cost": (0.04, "Home cost"), "foreign_cost": (0.0, "Foreign cost"), "power": (0.5, "Power of the home side"), "target": (0.8, "Coalition for x =")}
        sliders = {name: widgets.FloatSlider(value, min=0, max=1, step=0.01, description=label, continuous_update=False, style=style, layout=wide) for name, (value, label) in places.items()}
        plot, message = charts.live(self.figure()), widgets.HTML()

        def redraw(_):
            try:
                plot.chart = charts.live(self.figure(text.value, **{name: control.value for name, control in sliders.items()})).chart
                message.value = ""
            except ValueError as error:  # the last figure stays
                message.value = html.escape(str(error))

        for control in (text, *sliders.values()):
            control.observe(redraw, names="value")
        return widgets.VBox([hint, text, widgets.VBox(list(sliders.values())), message, plot])

    def _ipython_display_(self):
        if os.environ.get("MULTIVECTOR_RENDERER") == "book":
            display(HTML(RUN_GAME))
            display(self.figure())
        else:
            display(self.widget())
