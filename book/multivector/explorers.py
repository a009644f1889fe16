"""Explorers: ipywidgets over the functions and charts of the other rooms; no logic of their own.

Where a kernel runs, an explorer recomputes.  On the page of the book it leaves a
figure and a line on how to run it.
"""

import html
import io
import os
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

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
    checks,
    controls,
    data,
    engagement,
    game,
    page,
    reliability,
)
from .data import Case
from .hints import rows_of


class Explorer:
    """What explorers share: the line that stands on the page, and controls that redraw a chart.

    ``figure`` is the whole of an explorer; its widgets only call it.
    """

    #: What a live session adds, for the line on the page.
    ADDS = ""
    STANDS = "stands still on this page"

    def figure(self) -> Any:
        """The chart for one setting; without arguments the one of the page."""
        raise NotImplementedError

    def widget(self) -> widgets.Widget:
        """Controls and chart, for a live session."""
        raise NotImplementedError

    def connect(self, panel: Any, read: Callable[..., Any]) -> tuple[widgets.HTML, Any]:
        """A line for messages and a chart that follows the controls.

        Parameters
        ----------
        panel : sequence of Widget
        read : function
            Gives the arguments of ``figure``, by name.

        Returns
        -------
        widgets.HTML, JupyterChart
        """
        plot, message = charts.live(self.figure()), widgets.HTML()

        def redraw(_: object) -> None:
            try:
                # The same chart was checked when it was first drawn, and checking takes
                # longer than computing.
                with debug_mode(False):
                    charts.exchange(plot, self.figure(**read()))
                message.value = ""
            except ValueError as error:  # the last figure stays
                message.value = html.escape(str(error))

        for control in panel:
            control.observe(redraw, names="value")
        return message, plot

    def follow(self, panel: Mapping[str, widgets.Widget]) -> tuple[widgets.HTML, Any]:
        """As :meth:`connect`, with controls by the argument of ``figure`` that each sets."""
        return self.connect(
            panel.values(),
            lambda: {name: control.value for name, control in panel.items()},
        )

    def _ipython_display_(self) -> None:
        if os.environ.get("MULTIVECTOR_RENDERER") == "book":
            display(HTML(page.fill("run.html", stands=self.STANDS, adds=self.ADDS)))
            figure = self.figure()
            # Its views have the names of views of the page.
            figure.usermeta["essay"]["explorer"] = True
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

    def __init__(self, case: Case, draws: int = 500) -> None:
        self.case, self.draws, self.doubt = case, draws, reliability.doubt(case)
        self.months = pd.date_range(*case.span(), freq="ME")

    def figure(
        self,
        half_life: float = 730,
        off: Collection[str] = (),
        removed: Collection[str] = (),
        doubts: Collection[str] = DOUBTS,
        seed: int = 1,
        direction: str = "both",
        shares: Mapping[str, float] | None = None,
    ) -> Any:
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
        kept = self.kept(off, removed, shares or {})
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
        named = self.case.periods.query("kind == 'named break'")
        chart = charts.balance_with_bands(
            bands, self.case.span(), named, len(self.case.vectors)
        )
        drawn = ", ".join(d for d in DOUBTS if d in doubts) or "nothing"
        low = (
            ". The band lies low: a redraw can lose a partner, never win one"
            if "acts" in doubts
            else ""
        )
        return self.finished(
            chart,
            bands,
            f"Half-life {half_life:g} days, {kept['id'].nunique()} acts, {self.draws} draws, seed {seed}; drawn anew: {drawn}{low}",
        )

    def finished(self, chart: Any, bands: pd.DataFrame, subtitle: str) -> Any:
        """The chart with what its band says as a title."""
        told = bands[bands["index"] == "effective_vectors"]
        last, widest = told.iloc[-1], told.iloc[told["value"].argmax()]
        return charts.finish(
            chart,
            title=f"Most partners, {widest.value:.1f}, in {widest.date:%B %Y}, where nine draws in ten give {widest.lower:.1f} to {widest.upper:.1f}; at the end {last.value:.1f}, {last.lower:.1f} to {last.upper:.1f}",
            subtitle=subtitle,
            description=(
                f"Effective number of partners in the coded acts by month, {self.months[0]:%Y} to {self.months[-1]:%Y}, with its 90 percent band. The number runs from "
                f"{told.value.min():.1f} to {told.value.max():.1f}. "
                "The band lies lower than the line where resampling loses a vector that few acts carry."
            ),
            source=self.case.cite("events"),
            kind="coded",
        )

    def kept(
        self,
        off: Collection[str],
        removed: Collection[str],
        shares: Mapping[str, float],
    ) -> pd.DataFrame:
        """The acts that count, shared out among vectors."""
        events = data.share_out(self.case.acts, self.splits(shares))
        return events[
            events["vector"].notna()
            & ~events["id"].isin(list(removed))
            & ~events["vector"].isin(list(off))
        ]

    def splits(self, shares: Mapping[str, float]) -> pd.DataFrame:
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

    def widget(self) -> widgets.Widget:
        """Controls and chart, for a live session."""
        known = list(self.case.vectors["vector"])
        half_life = controls.steps(
            "Half-life (days)", 730, *charts.grammar.HALF_LIVES, 5
        )
        vectors = controls.several("Vectors", known, known)
        removed = controls.several("Take away", self.options(), width="60em")
        doubts = {name: controls.switch(f"draw {name} anew") for name in DOUBTS}
        seed = controls.seed()
        ways = {"both ways": "both", "by the state": "by", "toward it": "toward"}
        direction = controls.buttons("Acts that count", ways, "both")
        shares = self.sliders()

        def read() -> dict[str, Any]:
            return {
                "half_life": half_life.value,
                "off": [vector for vector in known if vector not in vectors.value],
                "removed": removed.value,
                "doubts": [name for name, control in doubts.items() if control.value],
                "seed": seed.value,
                "direction": direction.value,
                "shares": {actor: control.value for actor, control in shares.items()},
            }

        single = (half_life, vectors, removed, seed, direction)
        message, plot = self.connect(
            (*single, *shares.values(), *doubts.values()), read
        )
        switches = widgets.HBox(list(doubts.values()))
        sliders = widgets.VBox(list(shares.values()))
        return widgets.VBox(
            [*single[:3], switches, seed, direction, sliders, message, plot]
        )

    def options(self) -> list[tuple[str, str]]:
        """Acts that can be taken away: what the list shows, and the id of each."""
        acts = self.case.acts[self.case.acts["vector"].notna()]
        return [
            (f"{i}  {d:%Y-%m-%d}  {t}", i)
            for i, d, t in zip(acts["id"], acts["start"], acts["description"])
        ]

    def sliders(self) -> dict[str, widgets.FloatSlider]:
        """A slider for each organisation: the share of its first vector."""
        first = self.case.splits.drop_duplicates("actor")
        return {
            row.actor: controls.slider(
                f"{row.actor}: share of {row.vector}", row.share, 0, 1, 0.05, "14em"
            )
            for row in rows_of(first)
        }


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

    def __init__(
        self, case: Case, patron: str = "the patron", rival: str = "the rival"
    ) -> None:
        self.case, self.patron, self.rival = case, patron, rival

    def figure(
        self,
        host_value: float = 100,
        rival_value: float = 30,
        cost: float = 2,
        host_credibility: float = 1.0,
        rival_credibility: float = 0.5,
        private_weight: float = 0.0,
        host_ceiling: float = 0.0,
        rival_ceiling: float = 0.0,
    ) -> Any:
        """The chart for one setting; arguments as for ``bases.menu_auction_with_rents``."""
        ceilings = (private_weight, host_ceiling, rival_ceiling)
        rest = (cost, *ceilings, host_credibility, rival_credibility)
        found = bases.menu_auction_with_rents(host_value, rival_value, *rest)
        rows = self.lattice(rest)
        count = self.equilibria(host_value, rival_value, *rest)
        hosted = found.outcome == "host"
        stays = "The base stays" if hosted else "The base goes"
        payer = self.patron if hosted else self.rival
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
            title=f"{stays}, and {payer} pays {found.price:.1f} million dollars a year",
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

    def lattice(self, rest: tuple[float, ...]) -> Any:
        """Outcome and price over the map's axes, the other arguments held."""
        rows = [
            {
                "host_value": h,
                "rival_value": r,
                **bases.menu_auction_with_rents(h, r, *rest)._asdict(),
            }
            for h in self.AXIS
            for r in self.AXIS
        ]
        return pd.DataFrame(rows)

    def equilibria(
        self,
        host_value: float,
        rival_value: float,
        cost: float,
        private_weight: float = 0.0,
        host_ceiling: float = 0.0,
        rival_ceiling: float = 0.0,
        host_credibility: float = 1.0,
        rival_credibility: float = 1.0,
    ) -> str:
        """What the search among whole bids finds, in words."""
        worth = (
            host_credibility * float(bases.dollar_worth(private_weight, host_ceiling)),
            rival_credibility
            * float(bases.dollar_worth(private_weight, rival_ceiling)),
        )
        if min(worth) <= 0:
            return "No search: one patron's dollars are worth nothing to the leader"
        if (host_value + 1) * (rival_value + 1) > self.PAIRS:
            return f"No search: more than {self.PAIRS} pairs of bids"
        rows = bases.grid_equilibria(
            bases.bid_game(host_value, rival_value, cost, worth[0], worth[1])
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

    def widget(self) -> widgets.Widget:
        """Controls and chart, for a live session."""
        patron, rival = self.patron, self.rival
        private = "Weight of private money"
        sliders = {
            name: controls.slider(label, value, low, high, step, "18em")
            for name, label, value, low, high, step in (
                ("host_value", f"Worth to {patron} (million a year)", 100, 0, 160, 1),
                ("rival_value", f"Its end to {rival} (million a year)", 30, 0, 160, 1),
                ("cost", "Cost of hosting (million a year)", 2, 0, 50, 1),
                ("host_credibility", f"How far {patron} is believed", 1, 0.05, 1, 0.05),
                (
                    "rival_credibility",
                    f"How far {rival} is believed",
                    0.5,
                    0.05,
                    1,
                    0.05,
                ),
                ("private_weight", private, 0, 0, 1, 0.05),
                ("host_ceiling", f"Private share, {patron}", 0, 0, 1, 0.05),
                ("rival_ceiling", f"Private share, {rival}", 0, 0, 1, 0.05),
            )
        }
        return widgets.VBox([*sliders.values(), *self.follow(sliders)])


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

    def __init__(
        self,
        case: Case,
        series: str | None = None,
        years: Collection[int] | None = None,
    ) -> None:
        self.case = case
        self.words: dict[str, str] = {}
        self.series: dict[str, tuple[pd.DataFrame, str, dict[int, str]]] = {}
        first, last = (day.year for day in case.span())
        if case.has("un_votes"):
            first_pole, second_pole = (str(case.iso3(pole)) for pole in case.poles)
            gap = alignment.gap_net_of_peers(
                case.table("un_votes"), case.state, first_pole, second_pole, case.peers
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
                table,
                cuts,
            )
            for name, (rows, table, cuts) in self.series.items()
        }
        named = case.periods.query("kind == 'named break'")["start"].dt.year
        self.start = (
            series or next(iter(self.series)),
            list(named) if years is None else list(years),
        )

    def figure(
        self,
        series: str | None = None,
        years: Collection[int] | None = None,
        null: str = "ar1",
        draws: int = 1999,
        seed: int = 1,
    ) -> Any:
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
            checks.refuse("series", series, ", ".join(self.series))
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
    def told(found: breaks.Result) -> str:
        """What a test of named years says, as a title does: how often chance does as much, and no verdict on the years."""
        if found.smallest_p > 0.05:
            return f"with {found.draws} sets of years to compare, no result could rule out chance"
        return f"{round(found.p * found.draws)} of {found.draws} sets of years moved as much as the named ones or more (p = {found.p:.{3 if found.p < 0.1 else 2}f})"

    def widget(self) -> widgets.Widget:
        """Controls and chart, for a live session."""
        first, last = (day.year for day in self.case.span())
        years, named = range(first, last + 1), tuple(self.start[1])
        nulls = [(label, name) for name, label in charts.breaks.NULLS.items()]
        panel = {
            "series": controls.one(
                "Series", list(self.series), self.start[0], width="36em"
            ),
            "years": controls.several("Named years", years, named, "18em"),
            "null": controls.one("Chance gives", nulls, "ar1", width="24em"),
            "draws": controls.whole("Draws", 1999, 19, 99_999),
            "seed": controls.seed(),
        }
        return widgets.VBox([*panel.values(), *self.follow(panel)])


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

    def __init__(self, case: Case, draws: int = 4000) -> None:
        self.case, self.draws = case, draws
        self.episodes = alignment.episodes(case).dropna(subset="significance")
        self.text = self.episodes[list(self.COLUMNS)].round(3).to_csv(index=False)

    def rows(self, text: str) -> pd.DataFrame:
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

    def figure(
        self,
        text: str | None = None,
        model: str = "both",
        prior_sd: float = 1.5,
        commitment: float = 1.0,
    ) -> Any:
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
        lattice = self.lattice(found, model)
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

    @staticmethod
    def lattice(found: Any, model: str) -> Any:
        """The weight of the external arena at the mean coefficients, before and after the episodes."""
        means = found.pivot(index="coefficient", columns="source", values="mean")
        reverse = arena.MODELS[model].internal_first
        order = arena.arena_internal_first if reverse else arena.arena
        return {
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

    def widget(self) -> widgets.Widget:
        """Controls and chart, for a live session."""
        panel = {
            "text": controls.lines("Episodes", self.text, "48em", "17em"),
            "model": controls.one("Model", list(self.CHOICES), "both"),
            "prior_sd": controls.slider("Sd of the prior", 1.5, 0.25, 4, 0.25),
        }
        return widgets.VBox([*panel.values(), *self.follow(panel)])


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

    def __init__(self, case: Case) -> None:
        self.case = case

    def groups(self, text: str) -> pd.DataFrame:
        """The groups that a text names, one a line: name, ideal, weight, and if need be cost, salience, transfer.

        Raises
        ------
        ValueError
            Names the line.
        """
        rows: list[dict[str, Any]] = []
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
        groups: str = GROUPS,
        reversion: float = 0.3,
        threshold: float = 0.5,
        constraint: float = 1.0,
        home_ideal: float = 0.5,
        foreign_ideal: float = 1.0,
        home_cost: float = 0.04,
        foreign_cost: float = 0.0,
        power: float = 0.5,
        target: float = 0.8,
    ) -> Any:
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
        played = (ideals, weights, reversion)
        won = game.win_set(*played, threshold, costs, salience, transfers, constraint)
        deal = game.bargain(
            home_ideal, foreign_ideal, reversion, won, home_cost, foreign_cost, power
        )
        bought = game.cheapest_coalition(
            *played, target, threshold, costs, salience, constraint
        )
        prices = self.prices(rows, reversion, target)
        chart = charts.game.board(
            self.lanes(rows, reversion, bought, prices),
            won,
            deal,
            reversion,
            home_ideal,
            foreign_ideal,
            charts.game.ends(self.case.poles),
            target,
            self.bill(rows, bought, prices, target),
        )
        ranges = [f"{low:.2f} to {high:.2f}" for low, high in won]
        parts = " and ".join(ranges) or "nothing"
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

    @staticmethod
    def prices(rows: pd.DataFrame, reversion: float, target: float) -> list[float]:
        """What each group by itself asks for the agreement."""
        return [
            game.cheapest_coalition(
                [row.ideal], [1.0], reversion, target, 1.0, row.cost, row.salience
            ).cost
            for row in rows_of(rows)
        ]

    @staticmethod
    def lanes(
        rows: pd.DataFrame,
        reversion: float,
        bought: game.Coalition,
        prices: list[float],
    ) -> pd.DataFrame:
        """The groups with what each accepts, and how it joins the coalition."""
        accepted = [
            game.acceptance(row.ideal, reversion, row.cost, row.salience, row.transfer)
            or (float("nan"),) * 2
            for row in rows_of(rows)
        ]
        notes = [
            ""
            if i not in bought.members
            else f": joins for {price:.3f}"
            if price
            else ": joins unpaid"
            for i, price in enumerate(prices)
        ]
        return rows.assign(
            low=[low for low, _ in accepted],
            high=[high for _, high in accepted],
            note=notes,
        )

    @staticmethod
    def bill(
        rows: pd.DataFrame, bought: game.Coalition, prices: list[float], target: float
    ) -> str:
        """What the coalition costs, and whom it pays, in words."""
        paid = [rows["group"][i] for i in bought.members if prices[i]]
        if not paid:
            return f"{target:.2f} passes without payment"
        whom = " and ".join(paid) if len(paid) < 3 else f"{len(paid)} groups"
        return f"to pass {target:.2f}, {whom} must be paid {bought.cost:.3f}"

    def widget(self) -> widgets.Widget:
        """Controls and chart, for a live session."""
        text = controls.lines("Groups", GROUPS, "44em", "8em", "12em")
        hint = widgets.HTML(
            "One group a line: name, ideal, weight, and if need be cost of no agreement, salience, transfer. Weights have the sum 1."
        )
        sliders = {
            name: controls.slider(label, value, 0, 1, 0.01, "12em")
            for name, value, label in (
                ("reversion", 0.3, "Reversion point"),
                ("threshold", 0.5, "Threshold R"),
                ("constraint", 1.0, "Constraint c"),
                ("home_ideal", 0.5, "Home ideal"),
                ("foreign_ideal", 1.0, "Foreign ideal"),
                ("home_cost", 0.04, "Home cost"),
                ("foreign_cost", 0.0, "Foreign cost"),
                ("power", 0.5, "Power of the home side"),
                ("target", 0.8, "Coalition for x ="),
            )
        }
        message, plot = self.follow({"groups": text, **sliders})
        column = widgets.VBox(list(sliders.values()))
        return widgets.VBox([hint, text, column, message, plot])
