"""Explorers: ipywidgets over the functions and charts of the other rooms; no logic of their own.

Where a kernel runs, an explorer recomputes.  On the page of the book it leaves a
figure and a line on how to run it.
"""
# Long because the explorers of five chapters stand side by side, each with its words.

import html
import inspect
import io
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
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
from .forms import formatted, listed
from .hints import rows_of
from .language import N_, _, told


class Explorer:
    """A figure, the controls that set its arguments, and the line that stands on the page.

    ``figure`` is the whole of an explorer; its controls only call it.
    """

    #: What a live session adds, for the line on the page.
    ADDS = ""
    STANDS = N_("stands still on this page")
    #: What stands above the controls.
    HINT = ""

    def figure(self) -> Any:
        """The chart for one setting; without arguments the one of the page."""
        raise NotImplementedError

    def controls(self) -> dict[str, widgets.Widget]:
        """Controls by the argument of ``figure`` that each sets."""
        raise NotImplementedError

    def setting(self, chosen: dict[str, Any]) -> dict[str, Any]:
        """Arguments of ``figure``, from the values of the controls."""
        return chosen

    def default(self, name: str) -> Any:
        """Where a control starts: at what ``figure`` takes without it."""
        return inspect.signature(self.figure).parameters[name].default

    def sliders(self, room: str, *rows: tuple[Any, ...]) -> dict[str, widgets.Widget]:
        """Sliders out of rows (argument, label, low, high, step); ``room`` is the width of a label."""
        return {
            name: controls.slider(label, self.default(name), low, high, step, room)
            for name, label, low, high, step in rows
        }

    def widget(self) -> widgets.Widget:
        """Controls, a line for messages, and a chart that follows the controls."""
        panel = self.controls()
        plot, message = charts.live(self.figure()), widgets.HTML()

        def redraw(_: object) -> None:
            chosen = {name: control.value for name, control in panel.items()}
            try:
                # The same chart was checked when it was first drawn, and checking takes
                # longer than computing.
                with debug_mode(False):
                    charts.exchange(plot, self.figure(**self.setting(chosen)))
                message.value = ""
            except ValueError as error:  # the last figure stays
                message.value = html.escape(str(error))

        for control in panel.values():
            control.observe(redraw, names="value")
        above = [widgets.HTML(_(self.HINT))] if self.HINT else []
        return widgets.VBox([*above, *panel.values(), message, plot])

    def _ipython_display_(self) -> None:
        if os.environ.get("MULTIVECTOR_RENDERER") == "book":
            display(
                HTML(page.fill("run.html", stands=_(self.STANDS), adds=_(self.ADDS)))
            )
            figure = self.figure()
            # Its views have the names of views of the page.
            figure.usermeta["essay"]["explorer"] = True
            display(figure)
        else:
            display(self.widget())


#: What the bands can draw anew.
DOUBTS = N_("acts"), N_("dates"), N_("codes")


class BalanceExplorer(Explorer):
    """The balance with its band, for any half-life, set of vectors and set of acts.

    Parameters
    ----------
    case : data.Case
        Gives events, poles, span and breaks.
    draws : int
        Draws behind the band.
    """

    ADDS = N_(
        "change the half-life or the shares of organisations, switch vectors or doubts off, draw with another seed or take single acts away"
    )

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
        splits = data.shared_anew(self.case.splits, shares or {})
        kept = data.share_out(self.case.acts, splits).dropna(subset="vector")
        kept = kept[~kept["id"].isin(list(removed)) & ~kept["vector"].isin(list(off))]
        anew: dict[str, Any] = {
            "resample": "acts" in doubts,
            "sample_dates": "dates" in doubts,
            "perturb": self.doubt if "codes" in doubts else 0,
        }
        asked = (self.months, half_life, self.draws, seed)
        bands = engagement.bands(kept, *asked, direction=direction, **anew)
        named = self.case.periods.query("kind == 'named break'")
        chart = charts.balance_with_bands(
            bands, self.case.span(), named, len(self.case.vectors)
        )
        drawn = listed([_(d) for d in DOUBTS if d in doubts], "unit") or _("nothing")
        subtitle = _(
            "Half-life {half_life:g} days, {acts} acts, {draws} draws, seed {seed}; drawn anew: {drawn}",
            half_life=half_life,
            acts=kept["id"].nunique(),
            draws=self.draws,
            seed=seed,
            drawn=drawn,
        )
        if "acts" in doubts:
            subtitle += _(
                ". The band lies low: a redraw can lose a partner, never win one"
            )
        return self.finished(chart, bands, subtitle)

    def finished(self, chart: Any, bands: pd.DataFrame, subtitle: str) -> Any:
        """The chart with what its band says as a title."""
        told = bands[bands["index"] == "effective_vectors"]
        last, widest = told.iloc[-1], told.iloc[told["value"].argmax()]
        return charts.finish(
            chart,
            title=_(
                "Most partners, {widest.value:.1f}, in {widest.date:%B %Y}, where nine draws in ten give {widest.lower:.1f} to {widest.upper:.1f}; at the end {last.value:.1f}, {last.lower:.1f} to {last.upper:.1f}",
                widest=widest,
                last=last,
            ),
            subtitle=subtitle,
            description=_(
                "Effective number of partners in the coded acts by month, {first:%Y} to {last:%Y}, with its 90 percent band. The number runs from {least:.1f} to {most:.1f}. The band lies lower than the line where resampling loses a vector that few acts carry.",
                first=self.months[0],
                last=self.months[-1],
                least=told.value.min(),
                most=told.value.max(),
            ),
            source=self.case.cite("events"),
            kind="coded",
        )

    def controls(self) -> dict[str, widgets.Widget]:
        """Controls by the argument of ``figure``; the vectors are those that are not off."""
        known = list(self.case.vectors["vector"])
        ways = {
            _("both ways"): "both",
            _("by the state"): "by",
            _("toward it"): "toward",
        }
        acts = self.case.acts.dropna(subset="vector")
        named = [f"{a.id}  {a.start:%Y-%m-%d}  {a.description}" for a in rows_of(acts)]
        shares = {}
        for row in rows_of(self.case.splits.drop_duplicates("actor")):
            label = _("{actor}: share of {vector}", actor=row.actor, vector=row.vector)
            ends = (row.share, 0, 1, 0.05)
            shares[row.actor] = controls.slider(label, *ends, "14em")
        anew = {d: controls.switch(_("draw {what} anew", what=_(d))) for d in DOUBTS}
        lives = (self.default("half_life"), *charts.grammar.HALF_LIVES, 5)
        return {
            "half_life": controls.steps(_("Half-life (days)"), *lives),
            "vectors": controls.several(_("Vectors"), known, known),
            "removed": controls.several(
                _("Take away"), list(zip(named, acts["id"])), width="60em"
            ),
            "doubts": controls.Several(anew, "row"),
            "seed": controls.seed(),
            "direction": controls.buttons(_("Acts that count"), ways, "both"),
            "shares": controls.Several(shares),
        }

    def setting(self, chosen: dict[str, Any]) -> dict[str, Any]:
        """Arguments of ``figure``: vectors that are off, doubts that are ticked."""
        off = set(self.case.vectors["vector"]) - set(chosen.pop("vectors"))
        doubts = [name for name, ticked in chosen["doubts"].items() if ticked]
        return chosen | {"off": off, "doubts": doubts}


class BidsExplorer(Explorer):
    """The bidding for a base, for any values, credibilities, cost and private money.

    Parameters
    ----------
    case : data.Case
        Gives the source line.
    patron, rival : str
        Names of the two bidders, in words.
    """

    ADDS = N_(
        "set values, credibilities, cost and private money yourself and let the computer look for equilibria among whole bids"
    )

    #: Values of the map's two axes.
    AXIS = tuple(range(0, 161, 10))
    #: Bids that the search for equilibria looks at, at most.
    PAIRS = 40_000

    def __init__(
        self,
        case: Case,
        patron: str = charts.bases.PATRON,
        rival: str = charts.bases.RIVAL,
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
        """The chart for one setting; arguments as for ``bases.menu_auction`` and ``bases.Rents``."""
        rents = bases.Rents(private_weight, host_ceiling, rival_ceiling)
        terms = (cost, host_credibility, rival_credibility, rents)
        found = bases.menu_auction(host_value, rival_value, *terms)
        rows = bases.phase(self.AXIS, self.AXIS, *terms)
        count = self.equilibria(host_value, rival_value, *terms)
        said = {
            "host_value": host_value,
            "rival_value": rival_value,
            "cost": cost,
            "host_credibility": host_credibility,
            "rival_credibility": rival_credibility,
            "private_weight": private_weight,
            "count": count,
            "share": rows["outcome"].eq("host").mean(),
        }
        chart = charts.bases.own_point(
            rows,
            (host_value, rival_value),
            f"{charts.bases.OUTCOMES[found.outcome]}, {found.price:.1f}",
            self.patron,
            self.rival,
        )
        return charts.finish(
            chart,
            **self.words(found, said),
            source=self.case.cite("claims"),
            kind="model",
        )

    def words(self, found: bases.Auction, said: dict[str, Any]) -> dict[str, str]:
        """Title, subtitle and description for one setting."""
        said |= {"patron": _(self.patron), "rival": _(self.rival), "found": found}
        stays = N_(
            "The base stays, and {patron} pays {found.price:.1f} million dollars a year"
        )
        goes = N_(
            "The base goes, and {rival} pays {found.price:.1f} million dollars a year"
        )
        return {
            "title": _(stays if found.outcome == "host" else goes, **said),
            "subtitle": _(
                "The dot: worth {host_value:g} to {patron}, its end {rival_value:g} to {rival}; hosting costs {cost:g}; {patron} believed to {host_credibility:g}, {rival} to {rival_credibility:g}; weight of private money {private_weight:g}. {count}",
                **said,
            ),
            "description": _(
                "Whether the base stays or goes in the auction, and at what price, for values of the base and of its end from 0 to {highest} million dollars a year, as a coloured grid with the reader's own point. The stronger the colour, the higher the price. The base stays in {share:.0%} of the cells, above a rising border. The own point lies at {rival_value:g} for {rival} and {host_value:g} for {patron}.",
                highest=self.AXIS[-1],
                **said,
            ),
        }

    def equilibria(self, host_value: float, rival_value: float, *terms: Any) -> str:
        """What the search among whole bids finds, in words; arguments as for ``bases.bid_game``."""
        if (host_value + 1) * (rival_value + 1) > self.PAIRS:
            return _("No search: more than {most} pairs of bids", most=self.PAIRS)
        played = bases.bid_game(host_value, rival_value, *terms)
        if min(played.worth) <= 0:
            return _("No search: one patron's dollars are worth nothing to the leader")
        rows = bases.grid_equilibria(played)
        if rows.empty:
            return _(
                "A search among whole bids finds no pair from which neither would move"
            )
        low, high = rows["price"].min(), rows["price"].max()
        price = formatted(low, "g")
        if low != high:
            price = _("{low:g} to {high:g}", low=low, high=high)
        return _(
            "A search among whole bids finds {n} pairs from which neither would move, at a price of {price}",
            n=len(rows),
            price=price,
        )

    def controls(self) -> dict[str, widgets.Widget]:
        """A slider for each argument of ``figure``."""
        named = {"patron": _(self.patron), "rival": _(self.rival)}
        rows = (
            ("host_value", N_("Worth to {patron} (million a year)"), 0, 160, 1),
            ("rival_value", N_("Its end to {rival} (million a year)"), 0, 160, 1),
            ("cost", N_("Cost of hosting (million a year)"), 0, 50, 1),
            ("host_credibility", N_("How far {patron} is believed"), 0.05, 1, 0.05),
            ("rival_credibility", N_("How far {rival} is believed"), 0.05, 1, 0.05),
            ("private_weight", N_("Weight of private money"), 0, 1, 0.05),
            ("host_ceiling", N_("Private share, {patron}"), 0, 1, 0.05),
            ("rival_ceiling", N_("Private share, {rival}"), 0, 1, 0.05),
        )
        worded = ((name, _(label, **named), *ends) for name, label, *ends in rows)
        return self.sliders("18em", *worded)


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
    labels, words : dict of str to str
        Each series as a control calls it, and as a title does, without the name of its source.
    """

    ADDS = N_(
        "name any set of years, choose any outside series, another null, more draws or another seed"
    )

    def __init__(
        self,
        case: Case,
        series: str | None = None,
        years: Collection[int] | None = None,
    ) -> None:
        self.case = case
        self.labels: dict[str, str] = {}
        self.words: dict[str, str] = {}
        self.series: dict[str, tuple[pd.DataFrame, str, dict[int, str]]] = {}
        span = alignment.years_of(case)
        for name, label, words, rows, table, cuts in self.offered():
            rows = rows[rows["year"].isin(span)].set_axis(["year", "value"], axis=1)
            self.series[name] = (rows.reset_index(drop=True), table, cuts)
            self.labels[name], self.words[name] = label, words
        named = case.periods.query("kind == 'named break'")["start"].dt.year
        self.start = (
            series or next(iter(self.series)),
            list(named if years is None else years),
        )

    def offered(
        self,
    ) -> Iterator[tuple[str, str, str, pd.DataFrame, str, dict[int, str]]]:
        """Each series: its name in English, label, how a title calls it, rows (year, value), table, breaks."""
        case = self.case
        if case.has("un_votes"):
            near, far = (str(case.iso3(pole)) for pole in case.poles)
            gap = alignment.gap_net_of_peers(
                case.table("un_votes"), case.state, near, far, case.peers
            )
            raw, net = N_("UN gap"), N_("UN gap net of peers")
            called = _("Gap in UN votes"), _("Gap in UN votes, net of the peers")
            yield raw, _(raw), called[0], gap[["year", "gap"]], "un_votes", {}
            yield net, _(net), called[1], gap[["year", "net"]], "un_votes", {}
        for one in alignment.vector_series(case):
            named = _(one.label)
            bare = re.sub(r" [(].*[)]$", "", named)
            bare = bare[0].lower() + bare[1:]
            for vector, rows in one.rows.groupby("vector", sort=False):
                rows = rows[["year", "value"]]
                names = f"{one.label}: {vector}", f"{named}: {vector}"
                yield *names, f"{vector}, {bare}", rows, one.table, one.breaks

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
        series = series or self.start[0]
        years = self.start[1] if years is None else list(years)
        if series not in self.series:
            checks.refuse("series", series, ", ".join(self.series))
        rows, table, cuts = self.series[series]
        found = breaks.named_years(rows, years)
        free = breaks.sup_f(rows, null, draws, seed)
        reached = breaks.null_quantiles(rows, null, draws, seed, [0.95])["f"].item()
        stands = list(found.details["year"])
        cited = self.case.cite(table)
        label = self.labels[series]
        steps = alignment.steps(rows, "value").assign(series=label, source=cited)
        tested, scanned = breaks.triples(rows, len(years)), free.details
        said = {
            "chance": charts.breaks.NULLS[null],
            "draws": draws,
            "seed": seed,
            "series": label,
            "named": found,
            "free": free,
            "years": listed(stands, "unit"),
            "k": len(stands),
            "as_large": round(found.p * found.draws),
            "first": scanned["year"].min(),
            "last": scanned["year"].max(),
            "reached": reached,
        }
        drawn = (steps, tested, stands, scanned, 0.95, reached)
        return charts.finish(
            charts.breaks.years_tested(*drawn),
            title=f"{self.words[series]}: {self.told(found)}",
            subtitle=self.subtitle(said, cuts),
            description=_(
                "Yearly steps of one series ({series}) as bars, the mean step of every possible set of {k} years as dots, and the strength of a break in each year. The {named.n} steps are dark in {years}; dots of {named.draws} sets of {k} years by mean step, where the named set has {named.statistic:.3g} and {as_large} sets are as large or larger (p = {named.p:.3f}, smallest possible {named.smallest_p:.4f}); F of a new mean from {first} to {last}, largest in {free.location} at {free.statistic:.1f}, where chance exceeds {reached:.1f} in 5 of 100.",
                **said,
            ),
            source=cited,
            kind="outside",
        )

    @staticmethod
    def subtitle(said: dict[str, Any], cuts: Mapping[int, str]) -> str:
        """The best break, what the test notes, and where the source itself breaks."""
        parts = [
            _(
                "Best break: a new mean from {free.location} on, p = {free.p:.3f}, where chance gives {chance} ({draws:,} draws, seed {seed}, {free.n} years)",
                **said,
            ),
            _("Years near an end have too few beside them for a break"),
        ]
        if note := said["named"].note:
            parts.append(told(note))
        if cuts:
            years = listed(cuts, "unit")
            parts.append(_("The source itself breaks in {years}", years=years))
        return ". ".join(parts)

    @staticmethod
    def told(found: breaks.Result) -> str:
        """What a test of named years says, as a title does: how often chance does as much, and no verdict on the years."""
        if found.smallest_p > 0.05:
            return _(
                "with {draws} sets of years to compare, no result could rule out chance",
                draws=found.draws,
            )
        return _(
            "{as_many} of {draws} sets of years moved as much as the named ones or more (p = {p})",
            as_many=round(found.p * found.draws),
            draws=found.draws,
            p=formatted(found.p, ".3f" if found.p < 0.1 else ".2f"),
        )

    def controls(self) -> dict[str, widgets.Widget]:
        """A control for each argument of ``figure``."""
        years, named = alignment.years_of(self.case), tuple(self.start[1])
        nulls = [(label, name) for name, label in charts.breaks.NULLS.items()]
        offered = [(label, name) for name, label in self.labels.items()]
        return {
            "series": controls.one(_("Series"), offered, self.start[0], width="36em"),
            "years": controls.several(_("Named years"), years, named, "18em"),
            "null": controls.one(_("Chance gives"), nulls, "ar1", width="24em"),
            "draws": controls.whole(_("Draws"), self.default("draws"), 19, 99_999),
            "seed": controls.seed(),
        }


class EpisodesExplorer(Explorer):
    """The two-stage model for episodes that the reader writes down.

    Parameters
    ----------
    case : data.Case
        Gives the episodes to start from; those whose significance is not measured are left out.
    draws : int
        Draws behind prior and posterior.
    """

    ADDS = N_(
        "write episodes of your own and choose the model and the width of the prior"
    )
    STANDS = N_("stands still on this page but for its commitment")

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
        rows["label"] = rows["label"].astype(str)
        known = self.episodes.drop_duplicates("label").set_index("label")
        known = known[["start", "external_why", "source"]].astype(object)
        rows = rows.drop(columns=known.columns, errors="ignore")
        rows = rows.join(known, on="label").astype({"start": "datetime64[us]"})
        return rows.fillna(dict.fromkeys(known.columns[1:], _("a row of your own")))

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
            lattice, rows, commitment, _("fit of this essay to the rows of the reader")
        )
        chart = alt.vconcat(
            surface,
            charts.arena.prior_and_posterior(found, prior_sd, still=True),
            spacing=14,
        ).resolve_scale(color="independent")
        return charts.finish(
            chart,
            **self.words(len(rows), found, model, prior_sd),
            source=[
                self.case.cite(name)
                for name in ("episodes", *self.case.table("significance")["table"])
            ],
            kind="model",
        )

    def words(
        self, n: int, found: pd.DataFrame, model: str, prior_sd: float
    ) -> dict[str, str]:
        """Title, subtitle and description for one setting."""
        after = found[found["source"] == "posterior"]
        said = {
            "n": n,
            "k": found["coefficient"].nunique(),
            "still": self.still(after["ratio"]),
            "model": charts.arena.MODEL_WORDS.get(model, model),
            "prior_sd": prior_sd,
            "draws": self.draws,
            "after": "; ".join(
                _(
                    "{coefficient} {one.mean:+.2f}, spread {one.ratio:.0%} of the prior",
                    coefficient=charts.arena.coefficient(one.coefficient),
                    one=one,
                )
                for one in rows_of(after)
            ),
        }
        return {
            "title": _(
                "After {n} episodes the spread of the coefficients is still {still} of what it was before",
                **said,
            ),
            "subtitle": _(
                "Model: {model}, without a starting point for each leader; standard deviation at first {prior_sd:g}; {draws:,} draws. Above the weight of causes abroad, below each coefficient, with 90 percent intervals",
                **said,
            ),
            "description": _(
                "Weight of the external arena by significance and threat, as a heat map with {n} episodes as dots, and what is believed of {k} coefficients before and after them, as 90 percent intervals. After: {after}.",
                **said,
            ),
        }

    @staticmethod
    def still(left: pd.Series) -> str:
        """How much of their spread the coefficients have left, in words."""
        least, most = left.min(), left.max()
        if least == most:
            return formatted(least, ".0%")
        return _("{least:.0%} to {most:.0%}", least=least, most=most)

    @staticmethod
    def lattice(found: pd.DataFrame, model: str) -> dict[str, pd.DataFrame]:
        """The weight of the external arena at the mean coefficients, before and after the episodes."""
        means = found.pivot(index="coefficient", columns="source", values="mean")
        means = means.reindex(list(arena.COEFFICIENTS)).fillna(0.0)
        reverse = arena.MODELS[model].internal_first
        order = arena.arena_internal_first if reverse else arena.arena
        steps = [0, 0.25, 0.5, 0.75, 1]
        after, before = (
            arena.surface(means[source], steps, order=order)
            for source in ("posterior", "prior")
        )
        return {_("after the episodes"): after, _("assumed before them"): before}

    def controls(self) -> dict[str, widgets.Widget]:
        """Controls by the argument of ``figure``."""
        spread = _("Sd of the prior"), 0.25, 4, 0.25
        return {
            "text": controls.lines(_("Episodes"), self.text, "48em", "17em"),
            "model": controls.one(
                _("Model"), list(self.CHOICES), self.default("model")
            ),
            **self.sliders("9em", ("prior_sd", *spread)),
        }


#: The groups that the explorer starts with: the worked example.
GROUPS = "\n".join(
    _("group {i}", i=i) + f", {numbers}"
    for i, numbers in enumerate(
        ("0.2, 0.4, 0.04", "0.5, 0.35, 0.04", "0.9, 0.25, 0.04"), 1
    )
)
#: What a line of the explorer's text holds after the group's name, and what stands for a number that is left out.
COLUMNS = {"ideal": None, "weight": None, "cost": 0.0, "salience": 1.0, "transfer": 0.0}


class GameExplorer(Explorer):
    """The two-level game for any number of groups: what they accept, ratify and agree on, and what a coalition costs.

    Parameters
    ----------
    case : data.Case
        Names the poles and the source of the figure.
    """

    ADDS = N_(
        "play with any number of groups, each with its ideal, weight, cost, salience and transfer, and find the cheapest coalition"
    )
    HINT = N_(
        "One group a line: name, ideal, weight, and if need be cost of no agreement, salience, transfer. Weights have the sum 1."
    )

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
        played, sides = (ideals, weights, reversion), (home_ideal, foreign_ideal)
        won = game.win_set(*played, threshold, costs, salience, transfers, constraint)
        deal = game.bargain(*sides, reversion, won, home_cost, foreign_cost, power)
        bought = game.cheapest_coalition(
            *played, target, threshold, costs, salience, constraint
        )
        prices = [
            game.asking_price(row.ideal, reversion, target, row.cost, row.salience)
            for row in rows_of(rows)
        ]
        lanes = self.lanes(rows, reversion, bought, prices)
        bill = self.bill(rows, bought, prices, target)
        agreed, ends = (won, deal, reversion), charts.game.ends(self.case.poles)
        chart = charts.game.board(lanes, *agreed, *sides, ends, target, bill)
        said = {
            "reversion": reversion,
            "needed": constraint * threshold,
            "home_ideal": home_ideal,
            "foreign_ideal": foreign_ideal,
            "power": power,
            "target": target,
            "n": len(rows),
        }
        return charts.finish(
            chart,
            **self.words(won, deal, bought, said),
            source=self.case.cite("claims"),
            kind="model",
        )

    @staticmethod
    def words(
        won: Sequence[tuple[float, float]],
        deal: game.Deal | None,
        bought: game.Coalition,
        said: dict[str, Any],
    ) -> dict[str, str]:
        """Title, subtitle and description for one setting."""
        ranges = [_("{low:.2f} to {high:.2f}", low=low, high=high) for low, high in won]
        said |= {
            "parts": listed(ranges) or _("nothing"),
            "agreed": _("{deal.x:.2f} is agreed", deal=deal)
            if deal
            else _("there is no deal"),
            "bought": bought,
            "members": len(bought.members),
        }
        return {
            "title": _(
                "Ratified: {parts}; {agreed}; the cheapest coalition for {target:.2f} costs {bought.cost:.3f}",
                **said,
            ),
            "subtitle": _(
                "Reversion point {reversion:.2f}, needed weight {needed:.2f}, home ideal {home_ideal:.2f}, foreign ideal {foreign_ideal:.2f}, bargaining power of the home side {power:.2f}",
                **said,
            ),
            "description": _(
                "What each of {n} groups accepts, what can be ratified and what is agreed, as lanes on a line of possible agreements from 0 to 1. Ratified can be {parts}, and {agreed}. The cheapest coalition for {target:.2f} has {members} members, named in their lanes.",
                **said,
            ),
        }

    @staticmethod
    def lanes(
        rows: pd.DataFrame,
        reversion: float,
        bought: game.Coalition,
        prices: list[float | None],
    ) -> pd.DataFrame:
        """The groups with what each accepts, and how it joins the coalition."""
        accepted = [
            game.acceptance(row.ideal, reversion, row.cost, row.salience, row.transfer)
            or (float("nan"),) * 2
            for row in rows_of(rows)
        ]
        joins = [
            _(": joins for {price:.3f}", price=price) if price else _(": joins unpaid")
            for price in prices
        ]
        notes = [join if i in bought.members else "" for i, join in enumerate(joins)]
        return rows.assign(note=notes).join(
            pd.DataFrame(accepted, columns=["low", "high"])
        )

    @staticmethod
    def bill(
        rows: pd.DataFrame,
        bought: game.Coalition,
        prices: list[float | None],
        target: float,
    ) -> str:
        """What the coalition costs, and whom it pays, in words."""
        paid = [rows["group"][i] for i in bought.members if prices[i]]
        if not paid:
            return _("{target:.2f} passes without payment", target=target)
        whom = listed(paid) if len(paid) < 3 else _("{n} groups", n=len(paid))
        return _(
            "to pass {target:.2f}, {whom} must be paid {cost:.3f}",
            target=target,
            whom=whom,
            cost=bought.cost,
        )

    def controls(self) -> dict[str, widgets.Widget]:
        """The groups, and a slider for each other argument of ``figure``."""
        named = (
            ("reversion", _("Reversion point")),
            ("threshold", _("Threshold R")),
            ("constraint", _("Constraint c")),
            ("home_ideal", _("Home ideal")),
            ("foreign_ideal", _("Foreign ideal")),
            ("home_cost", _("Home cost")),
            ("foreign_cost", _("Foreign cost")),
            ("power", _("Power of the home side")),
            ("target", _("Coalition for x =")),
        )
        return {
            "groups": controls.lines(_("Groups"), GROUPS, "44em", "8em", "12em"),
            **self.sliders("12em", *((*one, 0, 1, 0.01) for one in named)),
        }
