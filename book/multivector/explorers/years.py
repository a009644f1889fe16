"""Named years and a free break, for any set of years and any outside series."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import ipywidgets as widgets
import pandas as pd

from .. import alignment, breaks, charts, checks
from ..data import Case
from ..forms import formatted, listed
from ..language import N_, _, told
from . import controls
from .explorer import Explorer


class BreakYearsExplorer(Explorer):
    """Named years and a free break, for any set of years and any outside series of the case.

    Parameters
    ----------
    case : data.Case
        Gives the series and the years of the named breaks.

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

    def __init__(self, case: Case) -> None:
        self.case = case
        self.labels: dict[str, str] = {}
        self.words: dict[str, str] = {}
        self.series: dict[str, tuple[pd.DataFrame, str, dict[int, str]]] = {}
        span = alignment.years_of(case)
        for name, label, words, rows, table, cuts in self.offered():
            rows = rows[rows["year"].isin(span)].set_axis(["year", "value"], axis=1)
            self.series[name] = (rows.reset_index(drop=True), table, cuts)
            self.labels[name], self.words[name] = label, words
        self.named = self.years_named()

    def years_named(self) -> list[int]:
        """The years of the named breaks; without any, the one in the middle."""
        span = alignment.years_of(self.case)
        return self.case.named_breaks() or [span[len(span) // 2]]

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
        series : str, optional
            A name in ``self.series``; by default the first.
        years : sequence of int, optional
            The named years; by default the named breaks of the case.
        null, draws, seed
            Of the free break, as for ``breaks.sup_f``.
        """
        series = series or next(iter(self.series))
        years = self.named if years is None else list(years)
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
        first = self.default("series") or next(iter(self.series))
        years, named = alignment.years_of(self.case), self.default("years")
        nulls = [(label, name) for name, label in charts.breaks.NULLS.items()]
        offered = [(label, name) for name, label in self.labels.items()]
        return {
            "series": controls.one(_("Series"), offered, first, width="36em"),
            "years": controls.several(
                _("Named years"), years, named or self.named, "18em"
            ),
            "null": controls.one(
                _("Chance gives"), nulls, self.default("null"), width="24em"
            ),
            "draws": controls.whole(_("Draws"), self.default("draws"), 19, 99_999),
            "seed": controls.seed(self.default("seed")),
        }
