"""The two-level game, for any number of groups."""

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
import pandas as pd

from .. import charts, game
from ..data import Case
from ..forms import listed
from ..hints import rows_of
from ..language import N_, _
from . import controls
from .explorer import Explorer

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
            source=self.source(),
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
        room = ("44em", "8em", "12em")
        return {
            "groups": controls.lines(_("Groups"), self.default("groups"), *room),
            **self.sliders("12em", *((*one, 0, 1, 0.01) for one in named)),
        }
