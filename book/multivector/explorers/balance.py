"""The balance with its band, for any half-life, set of vectors and set of acts."""

from collections.abc import Collection, Mapping
from typing import Any

import ipywidgets as widgets
import pandas as pd

from .. import charts, data, engagement, reliability
from ..data import Case
from ..forms import listed
from ..hints import rows_of
from ..language import N_, _
from . import controls
from .explorer import Explorer

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
        on = [vector for vector in known if vector not in self.default("off")]
        ways = {
            _("both ways"): "both",
            _("by the state"): "by",
            _("toward it"): "toward",
        }
        acts = self.case.acts.dropna(subset="vector")
        named = [f"{a.id}  {a.start:%Y-%m-%d}  {a.description}" for a in rows_of(acts)]
        given, shares = self.default("shares") or {}, {}
        for row in rows_of(self.case.splits.drop_duplicates("actor")):
            label = _("{actor}: share of {vector}", actor=row.actor, vector=row.vector)
            ends = (given.get(row.actor, row.share), 0, 1, 0.05)
            shares[row.actor] = controls.slider(label, *ends, "14em")
        doubts = self.default("doubts")
        anew = {
            doubt: controls.switch(
                _("draw {what} anew", what=_(doubt)), doubt in doubts
            )
            for doubt in DOUBTS
        }
        lives = (self.default("half_life"), *charts.grammar.HALF_LIVES, 5)
        return {
            "half_life": controls.steps(_("Half-life (days)"), *lives),
            "vectors": controls.several(_("Vectors"), known, on),
            "removed": controls.several(
                _("Take away"),
                list(zip(named, acts["id"])),
                self.default("removed"),
                "60em",
            ),
            "doubts": controls.Several(anew, "row"),
            "seed": controls.seed(self.default("seed")),
            "direction": controls.buttons(
                _("Acts that count"), ways, self.default("direction")
            ),
            "shares": controls.Several(shares),
        }

    def setting(self, chosen: dict[str, Any]) -> dict[str, Any]:
        """Arguments of ``figure``: vectors that are off, doubts that are ticked."""
        off = set(self.case.vectors["vector"]) - set(chosen.pop("vectors"))
        doubts = [name for name, ticked in chosen["doubts"].items() if ticked]
        return chosen | {"off": off, "doubts": doubts}
