"""Explorers: ipywidgets over the functions and charts of the other rooms; no logic of their own.

Where a kernel runs, an explorer recomputes.  On the page of the book it leaves a
figure and a line on how to run it.
"""

import html
import io
import os

import altair as alt
import ipywidgets as widgets
import pandas as pd
from IPython.display import HTML, display

from . import alignment, arena, charts, charts_arena, data, engagement, reliability

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


RUN_EPISODES = ('<p class="essay-run">The figure below stands still on this page but for its commitment. To write episodes of your own, to choose the model and the width of the prior, '
                "open this chapter's notebook in JupyterLab or VS Code and run it: the explorer then fits the model anew.</p>")


class EpisodesExplorer:
    """The two-stage model for episodes that the reader writes down.

    Parameters
    ----------
    case : data.Case
        Gives the episodes to start from; those whose significance is not measured are left out.
    draws : int
        Draws behind prior and posterior.
    """

    COLUMNS = ("label", *arena.INPUTS, "external")
    #: Models that need no leaders; "no leader" and "no threat" are "both" and "external only" then.
    CHOICES = tuple(name for name in arena.MODELS if name not in ("no leader", "no threat"))

    def __init__(self, case, draws=4000):
        self.case, self.draws = case, draws
        self.episodes = alignment.episodes(case).dropna(subset="significance")
        self.text = self.episodes[list(self.COLUMNS)].round(3).to_csv(index=False)

    def rows(self, text):
        """Episodes out of lines of comma-separated values, the first of which names the columns."""
        try:
            rows = pd.read_csv(io.StringIO(text.strip()), skipinitialspace=True)
        except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise ValueError(f"text is no table of comma-separated values: {error}") from None
        if missing := [name for name in self.COLUMNS if name not in rows]:
            raise ValueError(f"text lacks the columns {missing}; allowed: a first line with {','.join(self.COLUMNS)}")
        known = self.episodes.drop_duplicates("label").set_index("label")
        rows["label"] = rows["label"].astype(str)
        told = {name: rows["label"].map(known[name]).astype(object) for name in ("start", "external_why", "source")}
        return rows.assign(start=pd.to_datetime(told["start"]), **{name: told[name].where(told[name].notna(), "a row of your own") for name in ("external_why", "source")})

    def figure(self, text=None, model="both", prior_sd=1.5, commitment=1.0):
        """The chart for one setting.

        Parameters
        ----------
        text : str, optional
            Episodes as comma-separated values; by default those of the case.
        model : str
            One of :attr:`CHOICES`.
        prior_sd : float
            Standard deviation of the prior of each coefficient, above 0.
        commitment : float
            Where the slider of the surface starts, in [0, 1].
        """
        rows = self.rows(self.text if text is None else text)
        found = arena.widths(rows, [prior_sd], [model], self.draws)
        means = found.pivot(index="coefficient", columns="source", values="mean")
        order = arena.arena_internal_first if arena.MODELS[model].internal_first else arena.arena
        lattice = {f"{source} mean": arena.surface([float(means[source].get(name, 0)) for name in arena.COEFFICIENTS], [0, 0.25, 0.5, 0.75, 1], order=order) for source in ("posterior", "prior")}
        surface = charts_arena.arena_surface(lattice, rows, commitment, "fit of this essay to the rows of the reader")
        chart = alt.vconcat(surface, charts_arena.prior_and_posterior(found, prior_sd, still=True), spacing=14).resolve_scale(color="independent")
        least = found[found["source"] == "posterior"].sort_values("ratio").iloc[0]
        return charts.finish(
            chart,
            title=f"{len(rows)} episodes teach most about the {least['coefficient']}: its spread falls to {least['ratio']:.0%} of the prior's",
            subtitle=f"Model: {model}; standard deviation of the prior {prior_sd:g}; {self.draws} draws. Above the weight of the external arena, below each coefficient before and after the episodes",
            description=(f"Heat map of the weight of the external arena over significance and threat, with {len(rows)} episodes as dots, and below it the prior and posterior of {found['coefficient'].nunique()} coefficients as intervals that hold 90 percent. "
                         + "; ".join(f"{r.coefficient} {r.mean:+.2f}, spread {r.ratio:.0%} of the prior" for r in found[found["source"] == "posterior"].itertuples()) + "."),
            source=[self.case.cite(name) for name in ("episodes", *self.case.table("significance")["table"])], kind="model")

    def widget(self):
        """Controls and chart, for a live session."""
        wide = {"description_width": "9em"}
        text = widgets.Textarea(self.text, description="Episodes", continuous_update=False, style=wide, layout={"width": "48em", "height": "17em"})
        model = widgets.Dropdown(options=list(self.CHOICES), value="both", description="Model", style=wide)
        prior_sd = widgets.FloatSlider(1.5, min=0.25, max=4, step=0.25, description="Sd of the prior", continuous_update=False, style=wide, layout={"width": "36em"})
        plot, message = charts.live(self.figure()), widgets.HTML()

        def redraw(_):
            try:
                plot.chart = charts.live(self.figure(text.value, model.value, prior_sd.value)).chart
                message.value = ""
            except ValueError as error:  # the last figure stays
                message.value = html.escape(str(error))

        for control in (text, model, prior_sd):
            control.observe(redraw, names="value")
        return widgets.VBox([text, model, prior_sd, message, plot])

    def _ipython_display_(self):
        if os.environ.get("MULTIVECTOR_RENDERER") == "book":
            display(HTML(RUN_EPISODES))
            display(self.figure())
        else:
            display(self.widget())
