"""Explorers: ipywidgets over the functions and charts of the other rooms; no logic of their own.

Where a kernel runs, an explorer recomputes.  On the page of the book it leaves a
figure and a line on how to run it.
"""

import html
import io
import os
import re

import altair as alt
import ipywidgets as widgets
import pandas as pd
from altair.utils.schemapi import debug_mode
from IPython.display import HTML, display

from . import (
    alignment,
    arena,
    bases,
    breaks,
    charts,
    data,
    engagement,
    game,
    page,
    reliability,
)


class Explorer:
    """What explorers share: the line that stands on the page, and controls that redraw a chart.

    ``figure`` is the whole of an explorer; its widgets only call it.
    """

    #: What a live session adds, for the line on the page.
    ADDS = ""
    STANDS = "stands still on this page"

    def figure(self):
        """The chart for one setting; without arguments the one of the page."""
        raise NotImplementedError

    def widget(self):
        """Controls and chart, for a live session."""
        raise NotImplementedError

    def connect(self, controls, read):
        """A line for messages and a chart that follows the controls.

        Parameters
        ----------
        controls : sequence of Widget
        read : function
            Gives the arguments of ``figure``, by name.

        Returns
        -------
        widgets.HTML, JupyterChart
        """
        plot, message = charts.live(self.figure()), widgets.HTML()

        def redraw(_):
            try:
                with debug_mode(
                    False
                ):  # the same chart was checked when it was first drawn; checking takes longer than computing
                    charts.exchange(plot, self.figure(**read()))
                message.value = ""
            except ValueError as error:  # the last figure stays
                message.value = html.escape(str(error))

        for control in controls:
            control.observe(redraw, names="value")
        return message, plot

    def _ipython_display_(self):
        if os.environ.get("MULTIVECTOR_RENDERER") == "book":
            display(HTML(page.fill("run.html", stands=self.STANDS, adds=self.ADDS)))
            figure = self.figure()
            figure.usermeta["essay"]["explorer"] = (
                True  # its views have the names of views of the page
            )
            display(figure)
        else:
            display(self.widget())


#: What the bands can draw anew.
DOUBTS = ("acts", "dates", "codes")


class BalanceExplorer(Explorer):
    """The balance with its band, for any half-life, set of vectors and set of acts.

    Parameters
    ----------
    case : data.Case
        Gives events, poles, span and breaks.
    draws : int
        Draws behind the band.

    """

    ADDS = "change the half-life or the shares of organisations, switch vectors or doubts off, draw with another seed or take single acts away"

    def __init__(self, case, draws=500):
        self.case, self.draws, self.doubt = case, draws, reliability.doubt(case)
        self.months = pd.date_range(*case.span(), freq="ME")

    def figure(
        self,
        half_life=730,
        off=(),
        removed=(),
        doubts=DOUBTS,
        seed=1,
        direction="both",
        shares=None,
    ):
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
        kept = events[
            events["vector"].notna()
            & ~events["id"].isin(list(removed))
            & ~events["vector"].isin(list(off))
        ]
        bands = engagement.bands(
            kept,
            self.months,
            half_life,
            self.draws,
            seed,
            resample="acts" in doubts,
            sample_dates="dates" in doubts,
            perturb=self.doubt if "codes" in doubts else 0,
            direction=direction,
        )
        told = bands[bands["index"] == "effective_vectors"]
        last, widest = told.iloc[-1], told.loc[told["value"].idxmax()]
        chart = charts.balance_with_bands(
            bands,
            self.case.span(),
            self.case.periods.query("kind == 'named break'"),
            len(self.case.vectors),
        )
        return charts.finish(
            chart,
            title=f"Most partners, {widest.value:.1f}, in {widest.date:%B %Y}, where nine draws in ten give {widest.lower:.1f} to {widest.upper:.1f}; at the end {last.value:.1f}, {last.lower:.1f} to {last.upper:.1f}",
            subtitle=f"Half-life {half_life:g} days, {kept['id'].nunique()} acts, {self.draws} draws, seed {seed}; drawn anew: {', '.join(d for d in DOUBTS if d in doubts) or 'nothing'}"
            + (
                ". The band lies low: a redraw can lose a partner, never win one"
                if "acts" in doubts
                else ""
            ),
            description=(
                f"Effective number of partners in the coded acts by month, {self.months[0]:%Y} to {self.months[-1]:%Y}, with its 90 percent band. The number runs from "
                f"{told.value.min():.1f} to {told.value.max():.1f}. "
                "The band lies lower than the line where resampling loses a vector that few acts carry."
            ),
            source=self.case.cite("events"),
            kind="coded",
        )

    def splits(self, shares):
        """The case's table of shares with some organisations shared out anew."""
        table = self.case.splits
        for actor, share in shares.items():
            own = table["actor"] == actor
            if not (own.any() and 0 <= share <= 1):
                raise ValueError(
                    f"shares gives {actor!r} the share {share!r}; allowed: an organisation of the case and a number from 0 to 1"
                )
            rest = table.loc[own, "share"].iloc[1:]
            table.loc[own, "share"] = [share, *(rest / rest.sum() * (1 - share))]
        return table[table["share"] > 0]

    def widget(self):
        """Controls and chart, for a live session."""
        wide = {"description_width": "9em"}
        half_life = widgets.IntSlider(
            730,
            *charts.grammar.HALF_LIVES,
            5,
            description="Half-life (days)",
            continuous_update=False,
            style=wide,
            layout={"width": "36em"},
        )
        vectors = widgets.SelectMultiple(
            options=list(self.case.vectors["vector"]),
            value=list(self.case.vectors["vector"]),
            description="Vectors",
            style=wide,
            layout={"width": "36em", "height": "11em"},
        )
        acts = self.case.acts[self.case.acts["vector"].notna()]
        options = [
            (f"{i}  {d:%Y-%m-%d}  {t}", i)
            for i, d, t in zip(acts["id"], acts["start"], acts["description"])
        ]
        removed = widgets.SelectMultiple(
            options=options,
            description="Take away",
            style=wide,
            layout={"width": "60em", "height": "11em"},
        )
        doubts = {
            name: widgets.Checkbox(
                True,
                description=f"draw {name} anew",
                indent=False,
                layout={"width": "11em"},
            )
            for name in DOUBTS
        }
        seed = widgets.BoundedIntText(
            1,
            min=0,
            max=2**31 - 1,
            description="Seed",
            continuous_update=False,
            style=wide,
            layout={"width": "18em"},
        )
        direction = widgets.ToggleButtons(
            options={"both ways": "both", "by the state": "by", "toward it": "toward"},
            value="both",
            description="Acts that count",
            style=wide,
        )
        first = self.case.splits.drop_duplicates("actor").set_index("actor")
        shares = {
            actor: widgets.FloatSlider(
                row.share,
                min=0,
                max=1,
                step=0.05,
                description=f"{actor}: share of {row.vector}",
                continuous_update=False,
                style={"description_width": "14em"},
                layout={"width": "36em"},
            )
            for actor, row in first.iterrows()
        }

        def read():
            return {
                "half_life": half_life.value,
                "off": [
                    v for v in self.case.vectors["vector"] if v not in vectors.value
                ],
                "removed": removed.value,
                "doubts": [name for name in DOUBTS if doubts[name].value],
                "seed": seed.value,
                "direction": direction.value,
                "shares": {actor: control.value for actor, control in shares.items()},
            }

        message, plot = self.connect(
            (
                half_life,
                vectors,
                removed,
                seed,
                direction,
                *shares.values(),
                *doubts.values(),
            ),
            read,
        )
        return widgets.VBox(
            [
                half_life,
                vectors,
                removed,
                widgets.HBox(list(doubts.values())),
                seed,
                direction,
                widgets.VBox(list(shares.values())),
                message,
                plot,
            ]
        )


class BidsExplorer(Explorer):
    """The bidding for a base, for any values, credibilities, cost and private money.

    Parameters
    ----------
    case : data.Case
        Gives the source line.
    patron, rival : str
        Names of the two bidders, in words.

    """

    ADDS = "set values, credibilities, cost and private money yourself and let the computer look for equilibria among whole bids"

    #: Values of the map's two axes.
    AXIS = tuple(range(0, 161, 10))
    #: Bids that the search for equilibria looks at, at most.
    PAIRS = 40_000

    def __init__(self, case, patron="the patron", rival="the rival"):
        self.case, self.patron, self.rival = case, patron, rival

    def figure(
        self,
        host_value=100,
        rival_value=30,
        cost=2,
        host_credibility=1.0,
        rival_credibility=0.5,
        private_weight=0.0,
        host_ceiling=0.0,
        rival_ceiling=0.0,
    ):
        """The chart for one setting; arguments as for ``bases.menu_auction_with_rents``."""
        rest = (
            cost,
            private_weight,
            host_ceiling,
            rival_ceiling,
            host_credibility,
            rival_credibility,
        )
        found = bases.menu_auction_with_rents(host_value, rival_value, *rest)
        rows = pd.DataFrame(
            [
                {
                    "host_value": h,
                    "rival_value": r,
                    **bases.menu_auction_with_rents(h, r, *rest)._asdict(),
                }
                for h in self.AXIS
                for r in self.AXIS
            ]
        )
        count = self.equilibria(host_value, rival_value, *rest)
        stays = "The base stays" if found.outcome == "host" else "The base goes"
        share = rows["outcome"].eq("host").mean()
        chart = charts.bases.own_point(
            rows,
            (host_value, rival_value),
            f"{charts.bases.OUTCOMES[found.outcome]}, {found.price:.1f}",
            self.patron,
            self.rival,
        )
        return charts.finish(
            chart,
            title=f"{stays}, and {self.patron if found.outcome == 'host' else self.rival} pays {found.price:.1f} million dollars a year",
            subtitle=(
                f"The dot: worth {host_value:g} to {self.patron}, its end {rival_value:g} to {self.rival}; hosting costs {cost:g}; {self.patron} believed to {host_credibility:g}, {self.rival} to {rival_credibility:g}; "
                f"weight of private money {private_weight:g}. {count}"
            ),
            description=(
                f"Whether the base stays or goes in the auction, and at what price, for values of the base and of its end from 0 to {self.AXIS[-1]} million dollars a year, as a coloured grid with the reader's own point. The stronger the colour, the higher the price. The base stays in {share:.0%} of the cells, above a rising border. "
                f"The own point lies at {rival_value:g} for {self.rival} and {host_value:g} for {self.patron}."
            ),
            source=self.case.cite("claims"),
            kind="model",
        )

    def equilibria(
        self,
        host_value,
        rival_value,
        cost,
        private_weight=0.0,
        host_ceiling=0.0,
        rival_ceiling=0.0,
        host_credibility=1.0,
        rival_credibility=1.0,
    ):
        """What the search among whole bids finds, in words."""
        worth = (
            host_credibility * bases.dollar_worth(private_weight, host_ceiling),
            rival_credibility * bases.dollar_worth(private_weight, rival_ceiling),
        )
        if min(worth) <= 0:
            return "No search: one patron's dollars are worth nothing to the leader"
        if (host_value + 1) * (rival_value + 1) > self.PAIRS:
            return f"No search: more than {self.PAIRS} pairs of bids"
        rows = bases.grid_equilibria(
            bases.bid_game(host_value, rival_value, cost, *worth)
        )
        if rows.empty:
            return (
                "A search among whole bids finds no pair from which neither would move"
            )
        low, high = rows["price"].min(), rows["price"].max()
        return (
            f"A search among whole bids finds {len(rows)} pairs from which neither would move, at a price of {low:g}"
            + ("" if low == high else f" to {high:g}")
        )

    def widget(self):
        """Controls and chart, for a live session."""
        wide, room = (
            {"description_width": "18em"},
            {"layout": {"width": "36em"}, "continuous_update": False},
        )
        sliders = {
            name: widgets.FloatSlider(
                value,
                min=low,
                max=high,
                step=step,
                description=label,
                style=wide,
                **room,
            )
            for name, label, value, low, high, step in (
                (
                    "host_value",
                    f"Worth to {self.patron} (million a year)",
                    100,
                    0,
                    160,
                    1,
                ),
                (
                    "rival_value",
                    f"Its end to {self.rival} (million a year)",
                    30,
                    0,
                    160,
                    1,
                ),
                ("cost", "Cost of hosting (million a year)", 2, 0, 50, 1),
                (
                    "host_credibility",
                    f"How far {self.patron} is believed",
                    1,
                    0.05,
                    1,
                    0.05,
                ),
                (
                    "rival_credibility",
                    f"How far {self.rival} is believed",
                    0.5,
                    0.05,
                    1,
                    0.05,
                ),
                ("private_weight", "Weight of private money", 0, 0, 1, 0.05),
                ("host_ceiling", f"Private share, {self.patron}", 0, 0, 1, 0.05),
                ("rival_ceiling", f"Private share, {self.rival}", 0, 0, 1, 0.05),
            )
        }
        message, plot = self.connect(
            sliders.values(),
            lambda: {name: control.value for name, control in sliders.items()},
        )
        return widgets.VBox([*sliders.values(), message, plot])


class BreakYearsExplorer(Explorer):
    """Named years and a free break, for any set of years and any outside series of the case.

    Parameters
    ----------
    case : data.Case
    series : str, optional
        The series in which the explorer starts; by default the first of ``self.series``.
    years : sequence of int, optional
        The years in which it starts; by default the named breaks of the case.

    Attributes
    ----------
    series : dict of str to (DataFrame, str, dict)
        Each series as rows (year, value), with the table it comes from and the breaks of that source.
    words : dict of str to str
        Each series as a title calls it, without the name of its source.
    """

    ADDS = "name any set of years, choose any outside series, another null, more draws or another seed"

    def __init__(self, case, series=None, years=None):
        self.case, self.series, self.words = case, {}, {}
        first, last = (day.year for day in case.span())
        if case.has("un_votes"):
            gap = alignment.gap_net_of_peers(
                case.table("un_votes"),
                case.state,
                *map(case.iso3, case.poles),
                case.peers,
            )
            for column, label, words in (
                ("gap", "UN gap", "Gap in UN votes"),
                ("net", "UN gap net of peers", "Gap in UN votes, net of the peers"),
            ):
                self.words[label] = words
                self.series[label] = (
                    gap[["year", column]].set_axis(["year", "value"], axis=1),
                    "un_votes",
                    {},
                )
        for one in alignment.vector_series(case):
            for vector, rows in one.rows.groupby("vector", sort=False):
                self.series[f"{one.label}: {vector}"] = (
                    rows[["year", "value"]],
                    one.table,
                    one.breaks,
                )
                self.words[f"{one.label}: {vector}"] = (
                    f"{vector}, {one.label[0].lower()}{re.sub(r' [(].*[)]$', '', one.label[1:])}"
                )
        self.series = {
            name: (
                rows[rows["year"].between(first, last)].reset_index(drop=True),
                *other,
            )
            for name, (rows, *other) in self.series.items()
        }
        named = case.periods.query("kind == 'named break'")["start"].dt.year
        self.start = (
            series or next(iter(self.series)),
            list(named) if years is None else list(years),
        )

    def figure(self, series=None, years=None, null="ar1", draws=1999, seed=1):
        """The chart for one setting.

        Parameters
        ----------
        series : str
            A name in ``self.series``.
        years : sequence of int
            The named years.
        null, draws, seed
            Of the free break, as for ``breaks.sup_f``.
        """
        series, years = (
            series or self.start[0],
            self.start[1] if years is None else list(years),
        )
        if series not in self.series:
            raise ValueError(f"series is {series!r}; allowed: {', '.join(self.series)}")
        rows, table, cuts = self.series[series]
        found, free = (
            breaks.named_years(rows, years),
            breaks.sup_f(rows, null, draws, seed),
        )
        reached = breaks.null_quantiles(rows, null, draws, seed, [0.95])["f"].item()
        stands = list(found.details["year"])
        steps = alignment.steps(rows, "value").assign(
            series=series, source=self.case.cite(table)
        )
        chart = charts.breaks.years_tested(
            steps, breaks.triples(rows, len(years)), stands, free.details, 0.95, reached
        )
        return charts.finish(
            chart,
            title=f"{self.words[series]}: {self.told(found)}",
            subtitle=(
                f"Best break: a new mean from {free.location} on, p = {free.p:.3f}, where chance gives {charts.breaks.NULLS[null]} ({draws:,} draws, seed {seed}, {free.n} years). Years near an end have too few beside them for a break"
                + (f". {found.note}" if found.note else "")
                + (
                    f". The source itself breaks in {', '.join(map(str, cuts))}"
                    if cuts
                    else ""
                )
            ),
            description=(
                f"Yearly steps of one series ({series}) as bars, the mean step of every possible set of {len(stands)} years as dots, and the strength of a break in each year. The {found.n} steps are dark in {', '.join(map(str, stands))}; dots of {found.draws} sets of {len(stands)} years by mean step, where the named set has "
                f"{found.statistic:.3g} and {round(found.p * found.draws)} sets are as large or larger (p = {found.p:.3f}, smallest possible {found.smallest_p:.4f}); F of a new mean from {free.details['year'].min()} to {free.details['year'].max()}, "
                f"largest in {free.location} at {free.statistic:.1f}, where chance exceeds {reached:.1f} in 5 of 100."
            ),
            source=self.case.cite(table),
            kind="outside",
        )

    @staticmethod
    def told(found):
        """What a test of named years says, as a title does: how often chance does as much, and no verdict on the years."""
        if found.smallest_p > 0.05:
            return f"with {found.draws} sets of years to compare, no result could rule out chance"
        return f"{round(found.p * found.draws)} of {found.draws} sets of years moved as much as the named ones or more (p = {found.p:.{3 if found.p < 0.1 else 2}f})"

    def widget(self):
        """Controls and chart, for a live session."""
        wide = {"description_width": "9em"}
        first, last = (day.year for day in self.case.span())
        series = widgets.Dropdown(
            options=list(self.series),
            value=self.start[0],
            description="Series",
            style=wide,
            layout={"width": "36em"},
        )
        years = widgets.SelectMultiple(
            options=range(first, last + 1),
            value=tuple(self.start[1]),
            description="Named years",
            style=wide,
            layout={"width": "18em", "height": "11em"},
        )
        null = widgets.Dropdown(
            options=[(label, name) for name, label in charts.breaks.NULLS.items()],
            value="ar1",
            description="Chance gives",
            style=wide,
            layout={"width": "24em"},
        )
        draws = widgets.BoundedIntText(
            1999,
            min=19,
            max=99_999,
            description="Draws",
            continuous_update=False,
            style=wide,
            layout={"width": "18em"},
        )
        seed = widgets.BoundedIntText(
            1,
            min=0,
            max=2**31 - 1,
            description="Seed",
            continuous_update=False,
            style=wide,
            layout={"width": "18em"},
        )
        message, plot = self.connect(
            (series, years, null, draws, seed),
            lambda: {
                "series": series.value,
                "years": years.value,
                "null": null.value,
                "draws": draws.value,
                "seed": seed.value,
            },
        )
        return widgets.VBox([series, years, null, draws, seed, message, plot])


class EpisodesExplorer(Explorer):
    """The two-stage model for episodes that the reader writes down.

    Parameters
    ----------
    case : data.Case
        Gives the episodes to start from; those whose significance is not measured are left out.
    draws : int
        Draws behind prior and posterior.
    """

    ADDS = "write episodes of your own and choose the model and the width of the prior"
    STANDS = "stands still on this page but for its commitment"

    COLUMNS = ("label", *arena.INPUTS, "external")
    #: Models that need no leaders; "no leader" and "no threat" are "both" and "external only" then.
    CHOICES = tuple(
        name for name in arena.MODELS if name not in ("no leader", "no threat")
    )

    def __init__(self, case, draws=4000):
        self.case, self.draws = case, draws
        self.episodes = alignment.episodes(case).dropna(subset="significance")
        self.text = self.episodes[list(self.COLUMNS)].round(3).to_csv(index=False)

    def rows(self, text):
        """Episodes out of lines of comma-separated values, the first of which names the columns."""
        try:
            rows = pd.read_csv(io.StringIO(text.strip()), skipinitialspace=True)
        except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise ValueError(
                f"text is no table of comma-separated values: {error}"
            ) from None
        if missing := [name for name in self.COLUMNS if name not in rows]:
            raise ValueError(
                f"text lacks the columns {missing}; allowed: a first line with {','.join(self.COLUMNS)}"
            )
        known = self.episodes.drop_duplicates("label").set_index("label")
        rows["label"] = rows["label"].astype(str)
        told = {
            name: rows["label"].map(known[name]).astype(object)
            for name in ("start", "external_why", "source")
        }
        return rows.assign(
            start=pd.to_datetime(told["start"]),
            **{
                name: told[name].where(told[name].notna(), "a row of your own")
                for name in ("external_why", "source")
            },
        )

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
        order = (
            arena.arena_internal_first
            if arena.MODELS[model].internal_first
            else arena.arena
        )
        lattice = {
            words: arena.surface(
                [float(means[source].get(name, 0)) for name in arena.COEFFICIENTS],
                [0, 0.25, 0.5, 0.75, 1],
                order=order,
            )
            for source, words in (
                ("posterior", "after the episodes"),
                ("prior", "assumed before them"),
            )
        }
        surface = charts.arena.arena_surface(
            lattice, rows, commitment, "fit of this essay to the rows of the reader"
        )
        chart = alt.vconcat(
            surface,
            charts.arena.prior_and_posterior(found, prior_sd, still=True),
            spacing=14,
        ).resolve_scale(color="independent")
        left = found.loc[found["source"] == "posterior", "ratio"]
        still = (
            f"{left.min():.0%}"
            if left.min() == left.max()
            else f"{left.min():.0%} to {left.max():.0%}"
        )
        return charts.finish(
            chart,
            title=f"After {len(rows)} episodes the spread of the coefficients is still {still} of what it was before",
            subtitle=f"Model: {charts.arena.MODEL_WORDS.get(model, model)}, without a starting point for each leader; standard deviation at first {prior_sd:g}; {self.draws:,} draws. Above the weight of causes abroad, below each coefficient, with 90 percent intervals",
            description=(
                f"Weight of the external arena by significance and threat, as a heat map with {len(rows)} episodes as dots, and what is believed of {found['coefficient'].nunique()} coefficients before and after them, as 90 percent intervals. After: "
                + "; ".join(
                    f"{r.coefficient} {r.mean:+.2f}, spread {r.ratio:.0%} of the prior"
                    for r in found[found["source"] == "posterior"].itertuples()
                )
                + "."
            ),
            source=[
                self.case.cite(name)
                for name in ("episodes", *self.case.table("significance")["table"])
            ],
            kind="model",
        )

    def widget(self):
        """Controls and chart, for a live session."""
        wide = {"description_width": "9em"}
        text = widgets.Textarea(
            self.text,
            description="Episodes",
            continuous_update=False,
            style=wide,
            layout={"width": "48em", "height": "17em"},
        )
        model = widgets.Dropdown(
            options=list(self.CHOICES), value="both", description="Model", style=wide
        )
        prior_sd = widgets.FloatSlider(
            1.5,
            min=0.25,
            max=4,
            step=0.25,
            description="Sd of the prior",
            continuous_update=False,
            style=wide,
            layout={"width": "36em"},
        )
        message, plot = self.connect(
            (text, model, prior_sd),
            lambda: {
                "text": text.value,
                "model": model.value,
                "prior_sd": prior_sd.value,
            },
        )
        return widgets.VBox([text, model, prior_sd, message, plot])


#: The groups that the explorer starts with: the worked example.
GROUPS = "group 1, 0.2, 0.4, 0.04\ngroup 2, 0.5, 0.35, 0.04\ngroup 3, 0.9, 0.25, 0.04"
#: What a line of the explorer's text holds after the group's name, and what stands for a number that is left out.
COLUMNS = {"ideal": None, "weight": None, "cost": 0.0, "salience": 1.0, "transfer": 0.0}


class GameExplorer(Explorer):
    """The two-level game for any number of groups: what they accept, ratify and agree on, and what a coalition costs.

    Parameters
    ----------
    case : data.Case
        Names the poles and the source of the figure.

    """

    ADDS = "play with any number of groups, each with its ideal, weight, cost, salience and transfer, and find the cheapest coalition"

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
            if (
                not name
                or not 2 <= len(numbers) <= len(COLUMNS)
                or len(given) != len(numbers)
            ):
                raise ValueError(
                    f"groups has the line {line!r}; allowed: a name, then ideal, weight and if need be cost, salience and transfer, with commas between them"
                )
            if name in [row["group"] for row in rows]:
                raise ValueError(f"groups has {name!r} twice; allowed: each name once")
            rows.append({"group": name, **COLUMNS, **given})
        return pd.DataFrame(rows, columns=["group", *COLUMNS])

    def figure(
        self,
        groups=GROUPS,
        reversion=0.3,
        threshold=0.5,
        constraint=1.0,
        home_ideal=0.5,
        foreign_ideal=1.0,
        home_cost=0.04,
        foreign_cost=0.0,
        power=0.5,
        target=0.8,
    ):
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
        ideals, weights, costs, salience, transfers = (
            rows[column].tolist() for column in COLUMNS
        )
        won = game.win_set(
            ideals,
            weights,
            reversion,
            threshold,
            costs,
            salience,
            transfers,
            constraint,
        )
        deal = game.bargain(
            home_ideal, foreign_ideal, reversion, won, home_cost, foreign_cost, power
        )
        bought = game.cheapest_coalition(
            ideals, weights, reversion, target, threshold, costs, salience, constraint
        )
        accepted = [
            game.acceptance(p, reversion, k, s, t) or (float("nan"),) * 2
            for p, k, s, t in zip(ideals, costs, salience, transfers)
        ]
        prices = [
            game.cheapest_coalition([p], [1.0], reversion, target, 1.0, k, s).cost
            for p, k, s in zip(ideals, costs, salience)
        ]
        notes = [
            ""
            if i not in bought.members
            else f": joins for {prices[i]:.3f}"
            if prices[i]
            else ": joins unpaid"
            for i in range(len(rows))
        ]
        paid = [rows["group"][i] for i in bought.members if prices[i]]
        bill = (
            f"to pass {target:.2f}, {' and '.join(paid) if len(paid) < 3 else f'{len(paid)} groups'} must be paid {bought.cost:.3f}"
            if paid
            else f"{target:.2f} passes without payment"
        )
        board = rows.assign(
            low=[low for low, _ in accepted],
            high=[high for _, high in accepted],
            note=notes,
        )
        chart = charts.game.board(
            board,
            won,
            deal,
            reversion,
            home_ideal,
            foreign_ideal,
            charts.game.ends(self.case.poles),
            target,
            bill,
        )
        parts = (
            " and ".join(f"{low:.2f} to {high:.2f}" for low, high in won) or "nothing"
        )
        agreed = f"{deal.x:.2f} is agreed" if deal else "there is no deal"
        return charts.finish(
            chart,
            title=f"Ratified: {parts}; {agreed}; the cheapest coalition for {target:.2f} costs {bought.cost:.3f}",
            subtitle=f"Reversion point {reversion:.2f}, needed weight {constraint * threshold:.2f}, home ideal {home_ideal:.2f}, foreign ideal {foreign_ideal:.2f}, bargaining power of the home side {power:.2f}",
            description=(
                f"What each of {len(rows)} groups accepts, what can be ratified and what is agreed, as lanes on a line of possible agreements from 0 to 1. Ratified can be {parts}, and {agreed}. The cheapest coalition for {target:.2f} has {len(bought.members)} members, named in their lanes."
            ),
            source=self.case.cite("claims"),
            kind="model",
        )

    def widget(self):
        """Controls and chart, for a live session."""
        wide, style = {"width": "36em"}, {"description_width": "12em"}
        text = widgets.Textarea(
            GROUPS,
            description="Groups",
            continuous_update=False,
            style=style,
            layout={"width": "44em", "height": "8em"},
        )
        hint = widgets.HTML(
            "One group a line: name, ideal, weight, and if need be cost of no agreement, salience, transfer. Weights have the sum 1."
        )
        places = {
            "reversion": (0.3, "Reversion point"),
            "threshold": (0.5, "Threshold R"),
            "constraint": (1.0, "Constraint c"),
            "home_ideal": (0.5, "Home ideal"),
            "foreign_ideal": (1.0, "Foreign ideal"),
            "home_cost": (0.04, "Home cost"),
            "foreign_cost": (0.0, "Foreign cost"),
            "power": (0.5, "Power of the home side"),
            "target": (0.8, "Coalition for x ="),
        }
        sliders = {
            name: widgets.FloatSlider(
                value,
                min=0,
                max=1,
                step=0.01,
                description=label,
                continuous_update=False,
                style=style,
                layout=wide,
            )
            for name, (value, label) in places.items()
        }
        message, plot = self.connect(
            (text, *sliders.values()),
            lambda: {
                "groups": text.value,
                **{name: control.value for name, control in sliders.items()},
            },
        )
        return widgets.VBox(
            [hint, text, widgets.VBox(list(sliders.values())), message, plot]
        )
