"""The bidding for a base, for any values, credibilities, cost and private money."""

from typing import Any

import ipywidgets as widgets

from .. import bases, charts
from ..data import Case
from ..forms import formatted
from ..language import N_, _
from .explorer import Explorer


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
            source=self.source(),
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
